"""What a verdict hangs on: judged ranges set to either end, those that move it most first."""

from __future__ import annotations

from typing import Any

import pytest

from counterpoise.claims import judge_claims, sensitivity, swing_of
from counterpoise.claims._inputs import Inputs, Watched
from counterpoise.claims._measure import Study, tolerances
from counterpoise.claims.checks.figures import at_least
from counterpoise.region import Region, open_region
from tests.support import run_json

DRAWS = 300
# Claims whose checks run no engine: their ranges are tried in a moment.
LIGHT = [
    row.id
    for row in open_region("south-caucasus").rows("claims")
    if row.check in {"acts", "about", "at_least", "all_at_least", "commitments", "honoured", "more_often", "money"}
]
ROAD = "security:technology:vetting_fails:ARM:RUS"


def claim_of(region: Region, name: str) -> Any:
    return next(row for row in region.rows("claims") if row.id == name)


def with_assumption(name: str, **changes: Any) -> Region:
    """A region of one's own, with the range of one assumption changed."""
    region = open_region("south-caucasus")
    rows = region.rows("assumptions")
    at = next(k for k, row in enumerate(rows) if row.id == name)
    rows[at] = rows[at].model_copy(update=changes)
    return region


@pytest.mark.parametrize("claim", LIGHT)
def test_every_verdict_names_what_it_hangs_on_with_the_probability_at_either_end(caucasus: Region, claim: str) -> None:
    found = sensitivity(caucasus, claim_of(caucasus, claim), draws=DRAWS)
    assert 1 <= len(found) <= 2
    assert [one.swing for one in found] == sorted((one.swing for one in found), reverse=True)
    for one in found:
        assert one.input.low < one.input.high
        assert 0 <= one.at_low <= 1
        assert 0 <= one.at_high <= 1
        assert one.label


def test_a_report_is_as_likely_as_the_end_its_credibility_is_set_to(caucasus: Region) -> None:
    """One report of credibility 2: its chance is the middle of the range, and each end at the ends."""
    (one,) = sensitivity(caucasus, claim_of(caucasus, "S000-13"), draws=DRAWS)
    low, high = tolerances()["credibility", "2"]
    assert (one.input.kind, one.input.name) == ("tolerance", "credibility 2")
    assert (one.at_low, one.now, one.at_high) == pytest.approx((low, (low + high) / 2, high))


def test_a_range_set_to_one_end_is_the_check_asked_with_that_end_alone(caucasus: Region) -> None:
    asked: dict[str, Any] = {"quantity": "corruption_perceptions_index", "subject": "ARM", "item": "", "newest": 2}
    asked |= {"below": True, "statement": "s"}
    for value in (43.0, 50.0):
        inputs = Inputs({("reading", "threshold:s"): value})
        pinned = at_least(Study(caucasus, 0, DRAWS, inputs), threshold=[43.0, 50.0], **asked)[0]
        alone = at_least(Study(caucasus, 0, DRAWS), threshold=[value, value], **asked)[0]
        assert pinned.probability == alone.probability


def test_a_wider_assumption_moves_a_verdict_further() -> None:
    narrow = with_assumption(ROAD, low=0.10, mode=None, high=0.11)
    wide = with_assumption(ROAD, low=0.01, mode=None, high=0.95)
    swings = [
        swing_of(region, claim_of(region, "S000-34"), "assumption", ROAD, draws=DRAWS) for region in (narrow, wide)
    ]
    assert swings[0] is not None
    assert swings[1] is not None
    assert swings[0].swing < swings[1].swing


def test_an_assumption_that_a_claim_does_not_use_moves_nothing(caucasus: Region) -> None:
    claim = claim_of(caucasus, "S000-34")
    unused = swing_of(caucasus, claim, "assumption", "transit:value_of_time", draws=DRAWS)
    assert unused is not None
    assert unused.swing == 0
    assert swing_of(caucasus, claim, "assumption", "no:such", draws=DRAWS) is None


def test_a_region_notes_which_assumptions_are_read_and_keeps_the_others_as_they_are(caucasus: Region) -> None:
    inputs = Inputs({("assumption", ROAD): 0.5})
    watched = Watched.over(caucasus, inputs)
    assert not inputs.seen
    rows = {row.id: row for row in watched.rows("assumptions")}
    assert (rows[ROAD].low, rows[ROAD].mode, rows[ROAD].high) == (0.5, 0.5, 0.5)
    assert [name for _, name in inputs.seen] == [ROAD]
    other = "security:technology:guard_fails:ARM:RUS"
    plain = next(row for row in caucasus.rows("assumptions") if row.id == other)
    assert (rows[other].low, rows[other].high) == (plain.low, plain.high)
    assert watched.rows("facts") == caucasus.rows("facts")


def test_judged_rows_among_the_evidence_are_tried_too(caucasus: Region) -> None:
    found = sensitivity(caucasus, claim_of(caucasus, "S003-24"), draws=DRAWS)
    assert found[0].input.kind == "judgement"
    assert found[0].swing > 0.5


def test_the_command_shows_it_for_one_claim_and_leaves_it_out_for_all(capsys: pytest.CaptureFixture[str]) -> None:
    code, document = run_json(capsys, "claims", "south-caucasus", "--claim", "S000-22")
    (row,) = document["claims"]
    assert code == 0
    assert {"assumption", "label", "low", "high", "probability_at_low", "probability_at_high", "swing"} <= set(
        row["sensitivity"][0]
    )
    _, document = run_json(capsys, "claims", "south-caucasus", "--claim", "S000-22", "--no-sensitivity")
    assert document["claims"][0]["sensitivity"] is None


def test_noting_the_ranges_does_not_change_the_verdict(caucasus: Region) -> None:
    inputs = Inputs()
    seen = Watched.over(caucasus, inputs)
    for claim in ("S000-34", "S003-25", "S000-29"):
        plain, watched = (judge_claims(region, claim=claim, draws=DRAWS).verdicts[0] for region in (caucasus, seen))
        assert plain.probability == watched.probability

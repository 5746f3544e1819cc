"""What a verdict hangs on: judged ranges set to either end, those that move it most first."""

from __future__ import annotations

from typing import Any

import pytest

from counterpoise.claims import judge_claims, sensitivity, swing_of
from counterpoise.claims._given import explained, noise_level
from counterpoise.claims._inputs import Inputs, Watched
from counterpoise.claims._measure import Study, tolerances
from counterpoise.claims._ranges import judged_rows, swing_between
from counterpoise.claims._sensitivity import draw_given
from counterpoise.claims.checks.figures import at_least
from counterpoise.region import Region, open_region
from counterpoise.region.draws import uniforms
from tests.support import run_json

DRAWS = 300
# Of the ranges that were not chosen so many are set to their ends as well, spread over all.
MOST_LEFT_OUT = 5
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
    one, *_ = sensitivity(caucasus, claim_of(caucasus, "S000-13"), draws=DRAWS)
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


def test_the_command_shows_it_and_leaves_it_out_where_asked(capsys: pytest.CaptureFixture[str]) -> None:
    code, document = run_json(capsys, "claims", "south-caucasus", "--claim", "S000-22")
    (row,) = document["claims"]
    assert code == 0
    assert {"assumption", "label", "low", "high", "probability_at_low", "probability_at_high", "swing"} <= set(
        row["sensitivity"][0]
    )
    _, document = run_json(capsys, "claims", "south-caucasus", "--claim", "S000-22", "--no-sensitivity")
    assert document["claims"][0]["sensitivity"] is None


@pytest.mark.slow
def test_all_claims_of_the_table_name_their_two_assumptions_in_one_run(caucasus: Region) -> None:
    """Two for every claim, but for those that rest on one report alone or on a yes or no with one range behind it."""
    verdicts = judge_claims(caucasus, draws=DRAWS, sensitivity=True).verdicts
    assert len(verdicts) == 94
    named = {verdict.id: len(verdict.sensitivity or ()) for verdict in verdicts}
    assert all(named.values())
    assert sum(count == 2 for count in named.values()) >= 75
    single = [verdict for verdict in verdicts if named[verdict.id] == 1]
    assert all(len(set().union(*(part.evidence for part in verdict.parts))) > 0 for verdict in single)


@pytest.mark.parametrize(
    "claim",
    [
        "S000-20",
        "S000-34",
        "S000-43",
        "S003-07",
        "S003-22",
        "S003-25",
        "S003-29",
        "S003-30",
        "S003-33",
        "S003-38",
        "S003-39",
        "S003-40",
    ],
)
@pytest.mark.slow
def test_the_two_named_are_those_that_setting_every_range_to_its_ends_finds(caucasus: Region, claim: str) -> None:
    """Given-data weights choose which ranges of an engine are run: no range left out moves the claim clearly more."""
    row = claim_of(caucasus, claim)
    named = sensitivity(caucasus, row)
    given = draw_given(caucasus, row, 0, 400)
    tried = {(one.input.kind, one.input.name) for one in named}
    ranges = [one for one in given.inputs.seen.values() if one.kind == "assumption"] + judged_rows(
        caucasus, given.parts
    )
    for one in ranges[:: max(1, len(ranges) // MOST_LEFT_OUT)]:
        if (one.kind, one.name) in tried:
            continue
        other = swing_between(given.region, row, one, given.parts, 0, 400)
        assert other is None or other.swing <= named[-1].swing + 0.1, (one.name, other.swing)


def test_weights_from_given_draws_are_those_of_a_linear_mean() -> None:
    """Of a sum of two uniform inputs with coefficients 3 and 1 they explain nine tenths and one tenth."""
    first, second, noise = (uniforms(3, name, 20_000) for name in ("a", "b", "c"))
    outcome = 3 * first + second
    assert explained(first, outcome) == pytest.approx(0.9, abs=0.03)
    assert explained(second, outcome) == pytest.approx(0.1, abs=0.01)
    assert explained(noise, outcome) == pytest.approx(0.0, abs=0.002)
    # A range that matters at both ends alike has no trend, and is found all the same.
    assert explained(first, (first - 0.5) ** 2) > 0.8


def test_what_does_nothing_stays_below_the_noise_level_as_often_as_it_says() -> None:
    outcome = uniforms(0, "outcome", 1000) < 0.3
    above = 0
    for trial in range(200):
        weights = [explained(uniforms(trial, f"input {k}", 1000), outcome.astype(float)) for k in range(20)]
        above += max(weights) > noise_level(1000, 20)
    # 5 in 100, give or take the error of 200 trials.
    assert above <= 20


def test_a_region_watched_again_keeps_what_an_engine_built_where_nothing_it_read_differs(caucasus: Region) -> None:
    first = Watched.over(caucasus, Inputs())
    assert [row.low for row in first.part("engine").rows("assumptions") if row.id == ROAD]
    other = "security:technology:guard_fails:ARM:RUS"
    same = Watched.over(caucasus, Inputs({("assumption", other): 0.5}), like=first)
    assert same.part("engine") is first.part("engine")
    differs = Watched.over(caucasus, Inputs({("assumption", ROAD): 0.5}), like=first)
    assert differs.part("engine") is not first.part("engine")
    row = "tests:CT029"
    assert Watched.over(caucasus, Inputs(), {row: {"honoured": 0.9}}, first).part("engine") is first.part("engine")
    first.part("engine").rows("commitment_tests")
    changed = Watched.over(caucasus, Inputs(), {row: {"honoured": 0.9}}, first)
    assert changed.part("engine") is not first.part("engine")
    assert changed.row(row).honoured == 0.9
    assert caucasus.row(row).honoured != 0.9


def test_a_changed_figure_is_the_one_that_a_region_of_changed_rows_has(caucasus: Region) -> None:
    change = {"facts:F027": {"value": 12.5}}
    watched, plain = Watched.over(caucasus, Inputs(), change), caucasus.what_if(change)
    assert watched.figures == plain.figures
    assert watched.find("vote_share", subject="ARM") == plain.find("vote_share", subject="ARM")


def test_reports_of_several_sources_are_worth_their_best_if_one_copied_the_other(caucasus: Region) -> None:
    found = sensitivity(caucasus, claim_of(caucasus, "S000-27"), draws=DRAWS)[0]
    low, high = tolerances()["credibility", "2"]
    assert found.input.kind == "structure"
    assert found.at_low == pytest.approx((low + high) / 2)
    assert found.at_high == pytest.approx(found.now)


def test_where_no_judged_range_moves_a_claim_the_figures_with_the_widest_say_are_told(caucasus: Region) -> None:
    named = sensitivity(caucasus, claim_of(caucasus, "S000-05"), draws=DRAWS)
    assert named
    assert {one.input.kind for one in named} <= {"figure", "tolerance"}


def test_noting_the_ranges_does_not_change_the_verdict(caucasus: Region) -> None:
    inputs = Inputs()
    seen = Watched.over(caucasus, inputs)
    for claim in ("S000-34", "S003-25", "S000-29"):
        plain, watched = (judge_claims(region, claim=claim, draws=DRAWS).verdicts[0] for region in (caucasus, seen))
        assert plain.probability == watched.probability

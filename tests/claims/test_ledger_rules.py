"""What the issue asks of the whole ledger, each with a rule that can fail: break-evens, confidence, tools, days."""

from __future__ import annotations

from typing import Any

import pytest

from counterpoise.claims import Verdict, judge_claims
from counterpoise.claims._measure import Study, reports
from counterpoise.claims.checks.money import money
from counterpoise.claims.checks.rates import more_often
from counterpoise.cli import main
from counterpoise.region import Region

DRAWS = 200
PUBLISHED = "2026-02-12"


@pytest.fixture(scope="module")
def verdicts(caucasus: Region) -> list[Verdict]:
    return judge_claims(caucasus, draws=DRAWS).verdicts


def numeric(verdict: dict[str, Any]) -> list[dict[str, Any]]:
    flips = [part["break_even"] for part in verdict["parts"] if part["break_even"]]
    return [flip for flip in flips if flip["values"] and not isinstance(flip["values"][0], str)]


def test_at_least_75_claims_have_a_verdict_and_recommendations_stand_apart(verdicts: list[Verdict]) -> None:
    computed = [one for one in verdicts if one.verdict != "open" and one.kind != "recommendation"]
    assert len(computed) >= 75
    assert all(one.reason for one in verdicts if one.verdict == "open")


def test_at_least_30_claims_have_a_numeric_break_even_with_its_distance_from_the_present(
    verdicts: list[Verdict],
) -> None:
    rows = [flip for verdict in verdicts for flip in numeric(verdict.to_dict())]
    assert sum(bool(numeric(verdict.to_dict())) for verdict in verdicts) >= 30
    for flip in rows:
        assert flip["unit"]
        assert "nearest" in flip or flip["now"] is None, flip
        if flip["now"] is not None:
            assert flip.get("distance") is not None or flip.get("distance_sd") is not None, flip


def test_every_part_of_a_verdict_has_a_break_even_or_says_that_none_is_in_reach(verdicts: list[Verdict]) -> None:
    for verdict in verdicts:
        for part in verdict.parts:
            assert part.probability is None or part.break_even is not None, (verdict.id, part.statement)


def test_every_computed_verdict_has_confidence_numbers_and_evidence(caucasus: Region, verdicts: list[Verdict]) -> None:
    for verdict in verdicts:
        if verdict.verdict != "open":
            assert verdict.confidence in {"high", "moderate", "low"}
            assert all(part.numbers and part.evidence for part in verdict.parts), verdict.id
            assert all(caucasus.row(name) is not None for part in verdict.parts for name in part.evidence), verdict.id


def test_what_could_be_said_on_the_day_rests_on_nothing_published_later(caucasus: Region) -> None:
    early = caucasus.at(PUBLISHED)
    seen = judge_claims(early, document="S000", draws=50).verdicts
    rows = {name for verdict in seen for part in verdict.parts for name in part.evidence}
    assert rows
    for name in rows:
        row = early.row(name)
        # Standing things (a link, a plant) were there to be seen before the publication that tells of them.
        assert row is not None, name
        assert row.known <= PUBLISHED or row.stands_from is not None, name


def test_recommendations_name_the_tool_that_carries_them_out_and_what_it_found(verdicts: list[Verdict]) -> None:
    advice = {one.id: one for one in verdicts if one.kind == "recommendation"}
    assert set(advice) == {"S000-53", "S000-54"}
    assert advice["S000-53"].parts[0].numbers["tool"]["indicators"] > 0
    for name, tool in (("S000-53", "counterpoise monitor"), ("S000-54", "counterpoise audit")):
        assert any(tool in text for text in advice[name].parts[0].caveats)


def test_two_rows_of_one_source_are_one_report(caucasus: Region) -> None:
    rows = [caucasus.row("events:EV179"), caucasus.row("events:EV180")]
    same = [row.model_copy(update={"source": "one"}) for row in rows]
    apart = [row.model_copy(update={"source": f"s{k}"}) for k, row in enumerate(rows)]
    study = Study(caucasus, 0, DRAWS)
    assert reports(same) == [min(row.credibility for row in rows)]
    assert study.happened(same) < study.happened(apart)
    assert study.happened(same) == study.happened(same[:1])


def test_gaps_in_ships_signals_do_not_prove_a_cargo(verdicts: list[Verdict]) -> None:
    arms = next(one for one in verdicts if one.id == "S000-13")
    assert "facts:C077" not in {name for part in arms.parts for name in part.evidence}


def test_money_that_is_not_on_record_is_not_nought(caucasus: Region) -> None:
    asked: dict[str, Any] = {"stated": 9, "statement": "a", "called": "b", "firm_share": [0.1, 0.5]}
    study = Study(caucasus, 0, DRAWS)
    silent = money(study, project="us_civil_nuclear_package", **asked)[1]
    assert silent.numbers["contracted or disbursed"] is None
    assert 0 < (silent.probability or 0) < 0.1
    told = money(study, project="tripp", **{**asked, "stated": 0.145})[1]
    assert told.numbers["contracted or disbursed"] is not None


def test_rival_explanations_are_held_to_the_same_reading(caucasus: Region) -> None:
    """The pace that counts as quicker after failed tests is the pace that a new government must not reach alone."""
    row = next(row for row in caucasus.rows("claims") if row.id == "S003-03")
    assert row.parameters is not None
    assert row.parameters.count("ratio = [1.5, 3.0]") == 2
    one = {"statement": "s", "acts": {"actors": ["ARM"], "lists": ["steps"]}, "ratio": [1.5, 3.0]}
    one |= {"since": "2013-01-01", "split": "2018-05-09", "until": "2020-09-26"}
    more, less = more_often(Study(caucasus, 0, DRAWS), parts=[one, {**one, "below": True}])
    assert (more.probability or 0) + (less.probability or 0) == pytest.approx(1)


def test_the_command_says_on_stderr_what_it_does(capsys: pytest.CaptureFixture[str]) -> None:
    main(["claims", "south-caucasus", "--claim", "S000-13"])
    told = capsys.readouterr()
    assert "judging S000-13" in told.err
    assert "judging" not in told.out

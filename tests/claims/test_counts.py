"""What the table of all claims holds: verdicts, break-evens with their distance, confidence, evidence on both sides."""

from __future__ import annotations

import math
from typing import Any

import pytest

from counterpoise.claims import judge_claims, weigh_claim
from counterpoise.region import Region
from tests.support import run_json

THEN = "2026-02-12"


@pytest.fixture(scope="module")
def rows(caucasus: Region) -> list[dict[str, Any]]:
    return [verdict.to_dict() for verdict in judge_claims(caucasus).verdicts]


def numeric(part: dict[str, Any]) -> bool:
    """Whether a part has a break-even in numbers, and says how far the present is from it."""
    found = part["break_even"] or {}
    values = [value for value in found.get("values", []) if isinstance(value, int | float)]
    gap = found.get("distance_sd", found.get("distance"))
    return bool(values) and isinstance(gap, int | float) and math.isfinite(gap)


def test_all_94_have_a_computed_verdict_and_the_two_recommendations_are_counted_apart(
    rows: list[dict[str, Any]],
) -> None:
    computed = [row for row in rows if row["verdict"] != "open"]
    assert len(rows) == len(computed) == 94
    assert sum(row["kind"] == "recommendation" for row in rows) == 2


def test_at_least_80_claims_have_a_numeric_break_even_and_the_distance_of_the_present(
    rows: list[dict[str, Any]],
) -> None:
    assert sum(any(numeric(part) for part in row["parts"]) for row in rows) >= 80
    for row in rows:
        for part in row["parts"]:
            found = part["break_even"]
            if found and found.get("values") and "nearest" in found:
                near = [value for value in found["values"] if isinstance(value, int | float)]
                assert not near or found["nearest"] in near, (row["id"], part["statement"])


def test_every_verdict_says_how_much_its_rows_can_bear(rows: list[dict[str, Any]]) -> None:
    assert all(row["confidence"] in {"high", "moderate", "low"} for row in rows)
    assert len({row["confidence"] for row in rows}) == 3
    assert all(row["evidence"] for row in rows)


def test_evidence_on_both_sides_is_told_where_it_is_there(caucasus: Region) -> None:
    """Steps of others and of Armenia's past speak against its acceleration, those of late for it."""
    sides = {row["side"] for row in weigh_claim(caucasus, "S003-04", draws=300).rows}
    assert {"for", "against"} <= sides


def test_what_was_announced_could_be_said_before_it_was_held(caucasus: Region) -> None:
    now = judge_claims(caucasus, claim="S000-37", draws=50, then=THEN).verdicts[0]
    assert now.verdict == "supported"
    assert now.then is not None
    assert now.then["verdict"] == "supported"
    moved = caucasus.at(THEN).what_if({})
    assert judge_claims(moved, claim="S000-37", draws=50).verdicts[0].parts[0].numbers["announced for"] == "2026-06-07"
    assert judge_claims(caucasus.at("2026-01-01"), claim="S000-37", draws=50).verdicts[0].verdict == "open"


def test_on_the_day_of_the_article_most_claims_could_be_judged_and_the_others_say_what_was_missing(
    caucasus: Region,
) -> None:
    verdicts = judge_claims(caucasus.at(THEN), draws=100).verdicts
    unsaid = [verdict for verdict in verdicts if verdict.verdict == "open"]
    assert len(unsaid) <= 16
    assert all((verdict.reason or "").startswith("inputs missing: ") for verdict in unsaid)


@pytest.mark.parametrize("then", ["2026-02-30", "12 February", "2027-01-01", ""])
def test_an_earlier_day_is_a_real_one_before_that_of_the_region(capsys: pytest.CaptureFixture[str], then: str) -> None:
    code, document = run_json(capsys, "claims", "south-caucasus", "--claim", "S000-37", "--then", then)
    assert (code, document["error"]["code"]) == (2, "E204")
    assert document["error"]["faults"][0]["where"] == "--then"


def test_an_earlier_day_lies_before_the_day_asked_about(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ("claims", "south-caucasus", "--claim", "S000-37", "--as-of", THEN, "--then")
    code, document = run_json(capsys, *asked, "2026-05-01")
    assert (code, document["error"]["faults"][0]["where"]) == (2, "--then")
    code, document = run_json(capsys, *asked, "2026-02-10")
    assert code == 0
    assert document["claims"][0]["then"]["as_of"] == "2026-02-10"

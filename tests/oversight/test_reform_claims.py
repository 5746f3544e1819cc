"""Claims on reform: what facts bear out of a recommendation, and that each verdict moves with the facts it lists."""

from __future__ import annotations

from typing import Any

import pytest

from counterpoise.claims import judge_claims
from counterpoise.region import Region, open_region


@pytest.fixture(scope="module")
def region() -> Region:
    return open_region("south-caucasus")


def verdict(region: Region, claim: str, changes: dict[str, Any] | None = None) -> Any:
    return judge_claims(region.what_if(changes) if changes else region, claim=claim).verdicts[0]


@pytest.mark.parametrize(("claim", "tool"), [("S000-53", "counterpoise monitor"), ("S000-54", "counterpoise audit")])
def test_a_recommendation_names_the_tool_that_carries_it_out(region: Region, claim: str, tool: str) -> None:
    found = verdict(region, claim)
    assert found.kind == "recommendation"
    assert any(tool in caveat and "neither true nor false" in caveat for part in found.parts for caveat in part.caveats)


def test_acts_that_become_known_years_later_cannot_be_monitored(region: Region) -> None:
    late = {
        name: {"date": "2021-01-01", "known": "2026-01-01"} for name in verdict(region, "S000-53").parts[0].evidence
    }
    assert verdict(region, "S000-53").verdict == "supported"
    assert verdict(region, "S000-53", late).verdict == "contradicted"


def test_audits_pay_on_much_money_and_not_on_little(region: Region) -> None:
    rows = verdict(region, "S000-54").parts[0].evidence
    for scale, word in ((0.1, "contradicted"), (10.0, "supported")):
        changed = {name: {"value": region.figure(name).value * scale, "low": None, "high": None} for name in rows}  # type: ignore[union-attr]
        assert verdict(region, "S000-54", changed).verdict == word


def test_without_designations_on_record_there_is_no_prospect_of_one(region: Region) -> None:
    part = verdict(region, "S000-51").parts[-1]
    assert part.probability > 0.5
    old = {name: {"date": "1995-01-01"} for name in part.evidence}
    assert verdict(region, "S000-51", old).parts[-1].probability < 0.1
    gone: dict[str, Any] = dict.fromkeys(part.evidence)
    assert verdict(region, "S000-51", gone).verdict == "open"

"""Dated claims: forecasts from what was known on a day, scored by what happened, blind to what came later."""

from __future__ import annotations

import math

import pytest

from counterpoise.claims import judge_claims
from counterpoise.claims._dated import resolve
from counterpoise.region import Region
from tests.support import run_json

THEN = "2026-02-12"
ASKED = ["S000-31", "S003-24", "S003-40"]


def forecasts(region: Region) -> dict[str, dict[str, object]]:
    found = {}
    for claim in ASKED:
        verdicts = judge_claims(region, claim=claim, draws=100).verdicts
        found |= {row["question"]: row for row in resolve(region, verdicts, THEN)["forecasts"]}
    return found


@pytest.fixture(scope="module")
def scored(caucasus: Region) -> dict[str, dict[str, object]]:
    return forecasts(caucasus)


def test_the_election_the_threat_and_the_coercion_of_2026_are_forecast_and_scored(
    scored: dict[str, dict[str, object]],
) -> None:
    assert len(scored) == 3
    for row in scored.values():
        chance, outcome = float(str(row["probability"])), int(str(row["outcome"]))
        assert row["brier"] == pytest.approx((outcome - chance) ** 2)
        assert row["log_score"] == pytest.approx(-math.log(chance if outcome else 1 - chance))
    assert scored["the side that did not govern wins ARM-2026-06-07"]["outcome"] == 0
    assert scored["RUS coerces ARM again"]["outcome"] == 1


def test_a_forecast_does_not_see_what_came_later(caucasus: Region, scored: dict[str, dict[str, object]]) -> None:
    later = {row.id: None for row in caucasus.rows("events") if row.date > THEN and row.id.startswith("coercion:")}
    poisoned = forecasts(caucasus.what_if(later))["RUS coerces ARM again"]
    assert poisoned["probability"] == scored["RUS coerces ARM again"]["probability"]
    assert (poisoned["outcome"], scored["RUS coerces ARM again"]["outcome"]) == (0, 1)


def test_what_is_not_decided_yet_is_not_scored(caucasus: Region) -> None:
    verdicts = judge_claims(caucasus, claim="S000-31", draws=100).verdicts
    early = resolve(caucasus.at("2026-05-01"), verdicts, THEN)
    assert early["forecasts"] == []
    assert early["mean_brier"] is None
    assert early["not_scored"][0]["why"]


def test_the_command_scores_what_could_be_said_then(capsys: pytest.CaptureFixture[str]) -> None:
    code, document = run_json(capsys, "claims", "south-caucasus", "--claim", "S003-24", "--then", THEN)
    assert code == 0
    assert document["scored"]["forecasts"][0]["claims"] == ["S003-24"]
    assert document["claims"][0]["then"]["as_of"] == THEN

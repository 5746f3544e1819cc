"""What a verdict rests on: confidence, the evidence on both sides, and what could be said on an earlier day."""

from __future__ import annotations

import pytest

from counterpoise.claims import judge_claims, weigh_claim
from counterpoise.claims._confidence import confidence
from counterpoise.region import Region
from tests.support import run_json


def test_confidence_follows_sources_credibility_and_judgement(caucasus: Region) -> None:
    assert confidence(caucasus, []) is None
    assert confidence(caucasus, ["events:EV179"]) == "low"
    assert confidence(caucasus, ["events:EV179", "events:EV180", "events:EV162"]) == "high"
    assert confidence(caucasus, ["tests:CT028", "tests:CT029", "events:EV179"]) == "low"


def test_the_row_that_speaks_for_a_claim_and_the_one_against_it_are_told_apart(caucasus: Region) -> None:
    weighed = weigh_claim(caucasus, "S000-02", draws=200)
    sides = {row["row"]: row["side"] for row in weighed.rows}
    assert sides["events:EV197"] in {"against", "carries the check"}
    weighed = weigh_claim(caucasus, "S003-01", draws=200)
    assert {row["side"] for row in weighed.rows} <= {"for", "neither", "against"}


def test_the_heaviest_row_comes_first(caucasus: Region) -> None:
    rows = weigh_claim(caucasus, "S000-03", draws=400).rows
    moved = [abs(row["change"]) for row in rows if row["change"] is not None]
    assert moved == sorted(moved, reverse=True)
    assert rows[0]["side"] in {"for", "against"}


def test_what_could_be_said_then_stands_beside_what_can_be_said_now(caucasus: Region) -> None:
    now = judge_claims(caucasus, claim="S000-39", draws=200, then="2026-02-12").verdicts[0]
    assert now.verdict == "contradicted"
    assert now.then is not None
    assert now.then["verdict"] == "open"
    same = judge_claims(caucasus.at("2026-02-12"), claim="S000-39", draws=200).verdicts[0]
    assert same.verdict == now.then["verdict"]


def test_recommendations_are_counted_apart(caucasus: Region) -> None:
    result = judge_claims(caucasus, document="S000", draws=50)
    kinds = [verdict.kind for verdict in result.verdicts]
    assert sum(result.counts(recommendations=True).values()) == kinds.count("recommendation")
    assert sum(result.counts().values()) == len(kinds) - kinds.count("recommendation")


def test_weighing_asks_for_one_claim(capsys: pytest.CaptureFixture[str]) -> None:
    code, document = run_json(capsys, "claims", "south-caucasus", "--weigh")
    assert (code, document["error"]["code"]) == (2, "E204")
    code, document = run_json(capsys, "claims", "south-caucasus", "--claim", "S000-27", "--weigh")
    assert code == 0
    assert document["rows"]

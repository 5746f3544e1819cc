"""Checks that read a claim more strictly: an opening that transforms, what was left unsaid, a motive."""

from __future__ import annotations

from typing import Any

import pytest

from counterpoise.claims._measure import Study
from counterpoise.claims.checks.acts import unstated
from counterpoise.claims.checks.corridors import neighbours
from counterpoise.claims.checks.prospects import either_shows, undecided
from counterpoise.claims.checks.reactors import cheaper
from counterpoise.claims.checks.sequences import answered_worse_since
from counterpoise.region import Region

ROWS = ["projects:PJ002", "projects:PJ004", "projects:PJ005"]


@pytest.fixture(scope="module")
def study(caucasus: Region) -> Study:
    return Study(caucasus, 1, 500)


def either(study: Study, transforms: list[float]) -> Any:
    asked: dict[str, Any] = {"client": "ARM", "guarantor": "USA", "patron": "USA", "projects": ROWS, "years": 5}
    asked |= {"likely": [0.5, 0.8], "statement": "s", "givers": ["USA", "TUR"], "channels": ["transit"]}
    return either_shows(study, transforms=transforms, **asked)[0]


def test_an_opening_counts_the_less_the_more_it_has_to_be_worth(study: Study) -> None:
    anything, something, much = (either(study, bar) for bar in ([0.0, 0.0], [0.2, 0.6], [50.0, 60.0]))
    shares = [part.numbers["share of draws in which it transforms"] for part in (anything, something, much)]
    assert shares[0] == 1.0
    assert shares[0] > shares[1] > shares[2] == 0.0
    assert anything.probability >= something.probability >= much.probability


def test_a_war_is_less_likely_than_any_attack(study: Study) -> None:
    asked: dict[str, Any] = {"client": "ARM", "years": 5, "settled": [0.05, 0.15]}
    chances = [
        undecided(study, **asked, parts=[{"what": what, "statement": what}])[0].numbers["chance within 5 years"]["p50"]
        for what in ("war", "attack")
    ]
    assert 0 < chances[0] < chances[1] < 1


def test_neighbours_share_a_link_over_land(study: Study) -> None:
    both = neighbours(study, country="IRN", others=["ARM", "AZE"], statement="s")[0]
    assert both.probability is not None
    assert both.probability > 0.9
    assert neighbours(study, country="IRN", others=["ARM", "GEO"], statement="s")[0].probability == 0.0
    none = {row.id: {"control": ("AZE",)} for row in study.region.rows("links") if {"IRN", "ARM"} <= {*row.control}}
    without = Study(study.region.what_if(none), 1, 500)
    assert neighbours(without, country="IRN", others=["ARM"], statement="s")[0].probability == 0.0


def test_a_number_that_a_report_gives_is_not_left_unsaid(study: Study) -> None:
    silent = unstated(study, rows=["fleets:FL022"], field="number", statement="s")[0]
    assert silent.probability is not None
    assert silent.probability > 0.5
    told = Study(study.region.what_if({"fleets:FL022": {"number": 4.0}}), 1, 500)
    assert unstated(told, rows=["fleets:FL022"], field="number", statement="s")[0].probability == 0.0
    assert unstated(study, rows=["fleets:NONE"], field="number", statement="s")[0].lacks == ("fleets:NONE",)


def test_power_is_compared_with_the_cheapest_other_way_and_left_out_with_a_caveat_where_unknown(study: Study) -> None:
    asked: dict[str, Any] = {
        "these": [{"cost": "nuclear:NU055", "capacity": "nuclear:NU201"}],
        "those": [{"cost": "nuclear:NU065", "capacity": "nuclear:NU203"}],
        "below": [0.9, 1.0],
        "statement": "s",
    }
    dear = {"these": ["nuclear:NU056"], "those": ["nuclear:NU069", "nuclear:NU073"], "statement": "p"}
    assert [part.probability for part in cheaper(study, power=dear, **asked)] == [0.0, 0.0]
    turned = cheaper(study, power={**dear, "these": ["nuclear:NU069"], "those": ["nuclear:NU056"]}, **asked)[1]
    assert turned.probability == 1.0
    (alone,) = cheaper(study, power={**dear, "those": ["nuclear:NONE"]}, **asked)
    assert any("nuclear:NONE" in text for text in alone.caveats)


def test_a_word_kept_less_to_some_is_not_kept_less_to_others_and_the_opposite_adds_to_one(study: Study) -> None:
    asked: dict[str, Any] = {"guarantors": ["RUS", "CSTO"], "day": "2022-02-24", "fall": [0.0, 0.1], "statement": "s"}
    far = answered_worse_since(study, protege=["KAZ", "KGZ", "TJK"], **asked)[0]
    opposite = answered_worse_since(study, protege=["KAZ", "KGZ", "TJK"], below=True, **asked)[0]
    assert far.numbers["tests"] == [3, 2]
    assert far.probability is not None
    assert far.probability + (opposite.probability or 0.0) == pytest.approx(1.0)
    assert answered_worse_since(study, protege="MNG", **asked)[0].lacks

"""Checks on what is to come and on influence: small worlds where the answer is known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.special import gammaincinv

from counterpoise.claims import judge_claims
from counterpoise.claims._measure import Study
from counterpoise.claims.checks.influence import outlasts, supplants
from counterpoise.claims.checks.prospects import either_shows, recurs, undecided
from counterpoise.claims.checks.reactors import cheaper, stated_for
from counterpoise.region import Region

LISTED = ["events:EV199", "events:EV200"]
REACH = {"share": [0.5, 1.0], "part_of_hold": [0.25, 0.5], "channels": ["trade", "people"]}


@pytest.fixture(scope="module")
def study(caucasus: Region) -> Study:
    return Study(caucasus, 1, 2000)


def test_an_act_recurs_by_the_gamma_of_its_counts(study: Study) -> None:
    """Two days in `years`: the rate is Gamma(2.5) over the years, the chance in ten years 1 - exp(-10 rate)."""
    part = recurs(study, statement="s", acts=LISTED, since="2010-07-01", horizon_years=10, likely=[0.2, 0.5])[0]
    rate = gammaincinv(2.5, np.linspace(0.005, 0.995, 100)) / part.numbers["years"]
    assert part.numbers["sourced"]["p50"] == pytest.approx(float(np.median(1 - np.exp(-10 * rate))), abs=0.05)


def test_an_act_is_likelier_over_a_longer_time_and_unknown_without_one_on_record(study: Study) -> None:
    asked: dict[str, Any] = {"statement": "s", "since": "2010-07-01", "likely": [0.2, 0.5]}
    short, long = (recurs(study, acts=LISTED, horizon_years=years, **asked)[0].probability for years in (1, 20))
    assert short is not None
    assert long is not None
    assert short < long
    assert recurs(study, acts=["events:none"], horizon_years=5, **asked)[0].probability is None


def test_what_is_certain_or_out_of_reach_is_decided(caucasus: Region) -> None:
    """A hundred years bring an attack for sure; a corridor whose lead time is longer than the wait does not open."""
    asked: dict[str, Any] = {"client": "ARM", "settled": [0.05, 0.15]}
    attack = [{"what": "attack", "statement": "a"}]
    study = Study(caucasus, 0, 500)
    assert undecided(study, years=100, parts=attack, **asked)[0].probability == 0
    opening = [{"what": "opening", "patron": "USA", "rows": ["projects:PJ002"], "statement": "o"}]
    assert undecided(study, years=1, parts=opening, **asked)[0].probability == 0
    assert (undecided(study, years=5, parts=opening, **asked)[0].probability or 0) > 0.9
    nothing = [{"what": "opening", "patron": "USA", "rows": [], "statement": "o"}]
    assert undecided(study, years=5, parts=nothing, **asked)[0].lacks


def test_either_sign_is_at_least_as_likely_as_each(caucasus: Region) -> None:
    part = either_shows(
        Study(caucasus, 0, 500), client="ARM", guarantor="USA", patron="USA", projects=["projects:PJ002"], years=5,
        likely=[0.5, 0.8], statement="s",
    )[0]  # fmt: skip
    for name in ("chance that the route opens", "chance of an attack let pass"):
        assert part.numbers["chance of either"]["p50"] >= part.numbers[name]["p50"]


def test_ties_that_ended_less_often_last_longer(caucasus: Region) -> None:
    kept = {"name": "one", "kept": [f"ownership:OW{k:03d}" for k in (1, 8, 13, 18, 25, 27, 28)], "ended": []}
    ended = {"name": "other", "kept": [], "ended": ["events:EV122", "events:EV125", "events:EV133", "events:EV151"]}
    asked: dict[str, Any] = {"margin": [0.0, 0.2], "statement": "s"}
    study = Study(caucasus, 0, 2000)
    there, back = outlasts(study, one=kept, other=ended, **asked)[0], outlasts(study, one=ended, other=kept, **asked)[0]
    assert (there.probability or 0) > 0.9
    assert back.probability == pytest.approx(0, abs=0.02)
    assert outlasts(study, one=kept, other={"name": "x", "kept": [], "ended": []}, **asked)[0].lacks


def test_a_guarantor_supplants_itself_and_none_that_promises_nothing(caucasus: Region) -> None:
    study = Study(caucasus, 0, 200)
    same = supplants(study, client="ARM", new="RUS", old="RUS", protection="p", reach="r", **REACH)
    assert same[0].numbers["ratio"]["p50"] == 1
    none = supplants(study, client="ARM", new="CHN", old="RUS", protection="p", reach="r", **REACH)
    assert none[0].probability is None
    assert "CHN" in none[0].lacks[0]


def test_a_plant_is_as_dear_as_itself_and_cheaper_than_one_of_twice_its_cost(caucasus: Region) -> None:
    plant = {"cost": "nuclear:NU065", "capacity": "nuclear:NU203"}
    study = Study(caucasus, 0, 500)
    same = cheaper(study, these=[plant], those=[plant], below=[0.9, 1.0], statement="s")[0]
    assert same.numbers["ratio"] == {"p05": 1.0, "p50": 1.0, "p95": 1.0}
    assert same.probability == 0
    # Eleven billion for 2,400 MW is 4,583 dollars for a kilowatt.
    assert same.numbers["these"]["p50"] == pytest.approx(11e9 / 2.4e6, rel=0.02)
    twice = caucasus.what_if({"nuclear:NU066": {"value": 44.0, "low": 44.0, "high": 44.0}})
    other = {"cost": "nuclear:NU066", "capacity": "nuclear:NU204"}
    assert cheaper(Study(twice, 0, 500), these=[plant], those=[other], below=[0.9, 1.0], statement="s")[0].probability
    lost = cheaper(study, these=[{**plant, "times": "energy:none"}], those=[plant], below=[0.9, 1.0], statement="s")[0]
    assert lost.lacks == ("energy:none",)


def test_a_share_is_stated_for_the_city_where_all_live_there_and_it_uses_what_all_do(caucasus: Region) -> None:
    asked: dict[str, Any] = {"output": "generation:GN055", "country": "generation:GN054", "statement": "s"}
    asked |= {"consumption": "generation:GN083", "people": ["facts:D302", "facts:D301"], "heavier_use": [1.0, 1.0]}
    study = Study(caucasus, 0, 500)
    assert stated_for(study, stated=40, **asked)[0].probability == 1
    # 2,709 GWh of the plant over 37 % of 5,915 GWh: a share of about 124 % would be the city's.
    assert stated_for(study, stated=124, **asked)[0].probability == 0


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("S000-19", "contradicted"), ("S000-23", "supported"), ("S000-35", "supported"), ("S000-41", "mixed"),
        ("S000-43", "contradicted"), ("S000-44", "supported"), ("S003-15", "mixed"), ("S003-38", "mixed"),
        ("S003-40", "supported"),
    ],
)  # fmt: skip
def test_the_claims_that_waited_longest_have_a_verdict(caucasus: Region, claim: str, verdict: str) -> None:
    assert judge_claims(caucasus, claim=claim, draws=1000).verdicts[0].verdict == verdict

"""Checks on pace, sequence and record: small worlds where the answer is known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import gamma

from counterpoise._errors import InputError
from counterpoise.claims import judge_claims
from counterpoise.claims._measure import Study
from counterpoise.claims.checks.rates import more_often, outstanding_turn
from counterpoise.claims.checks.sequences import on_record, turned_after
from counterpoise.region import Region, open_region

ARMENIA = {"actors": ["ARM"], "lists": ["steps"]}
SPAN = {"since": "2012-01-01", "split": "2022-06-30", "until": "2026-06-30"}


@pytest.fixture(scope="module")
def study(caucasus: Region) -> Study:
    return Study(caucasus, 1, 4000)


def test_a_ratio_of_rates_is_that_of_two_gammas(study: Study) -> None:
    part = more_often(study, parts=[{"statement": "s", "acts": ARMENIA, "ratio": [0.0, 1e-9], **SPAN}])[0]
    assert part.probability == 1.0
    before, after = part.numbers["acts"]["before"], part.numbers["acts"]["after"]
    rng = np.random.default_rng(0)
    ratio = (gamma(after + 0.5).rvs(100_000, random_state=rng) / 4.0) / (
        gamma(before + 0.5).rvs(100_000, random_state=rng) / 10.49
    )
    # Doubtful acts count less often than surely, so that the median lies at or below that of the whole counts.
    assert part.numbers["ratio of rates"]["p50"] < 1.1 * np.median(ratio)


def test_the_opposite_of_a_pace_has_the_rest_of_the_probability(study: Study) -> None:
    one = {"statement": "s", "acts": ARMENIA, "ratio": [1.0, 1.5], **SPAN}
    more, less = more_often(study, parts=[one, {**one, "below": True}])
    assert more.probability is not None
    assert more.probability + (less.probability or 0.0) == pytest.approx(1.0)


def test_more_acts_of_everybody_take_away_from_the_pace_of_one(study: Study) -> None:
    one = {"statement": "s", "acts": ARMENIA, "ratio": [1.0, 1.5], **SPAN}
    beside = {"actors": ["*"], "not_actors": ["ARM"], "lists": ["events"]}
    plain, corrected = more_often(study, parts=[one, {**one, "beside": beside}])
    drift = corrected.numbers["drift of the list"]["p50"]
    ratios = [part.numbers["ratio of rates"]["p50"] for part in (plain, corrected)]
    assert ratios[0] / ratios[1] == pytest.approx(drift, rel=0.3)


def test_without_acts_a_pace_is_open(study: Study) -> None:
    part = more_often(study, parts=[{"statement": "s", "acts": {"actors": ["XXX"]}, "ratio": [1, 2], **SPAN}])[0]
    assert part.probability is None
    assert part.lacks


def test_a_turn_of_nothing_is_not_outstanding(study: Study) -> None:
    asked = {"actor": "ARM", "towards": ["EU"], "others": ["GEO", "UKR"], "top": [0.8, 0.9], "statement": "s"}
    quiet = outstanding_turn(study, since="2014-01-01", until="2018-01-01", **asked)[0]
    loud = outstanding_turn(study, since="2022-06-30", until="2026-06-30", **asked)[0]
    assert quiet.probability == 0.0
    assert loud.probability == 1.0


def test_steps_after_failed_tests_are_counted_in_their_windows(study: Study) -> None:
    asked = {
        "guarantors": ["RUS", "CSTO"],
        "protege": "ARM",
        "failed_below": 0.35,
        "since": "1999-01-01",
        "until": "2026-06-30",
        "ratio": [1.5, 3.0],
        "statement": "s",
    }
    part = turned_after(study, days=730, **asked)[0]
    assert part.numbers["steps in windows"] <= part.numbers["steps"]
    assert part.numbers["years in windows"] + part.numbers["years outside"] == pytest.approx(27.5, abs=0.1)
    never = turned_after(study, days=730, **{**asked, "failed_below": -1.0})[0]
    assert never.probability == 0.0


def test_an_act_on_record_and_its_absence_add_to_one(study: Study) -> None:
    asked = {"actors": ["USA"], "targets": ["AZE"], "kinds": ["CONSULT"], "words": ["vice president"]}
    found = on_record(study, statement="s", **asked)[0]
    none = on_record(study, statement="s", absent=True, **asked)[0]
    assert found.probability is not None
    assert found.probability + (none.probability or 0.0) == pytest.approx(1.0)
    nothing = on_record(study, statement="s", actors=["USA"], kinds=[], words=["unheard of"])[0]
    assert nothing.probability is None


@pytest.mark.parametrize("parameters", ['parts = [{check = "nothing"}]', 'parts = [{statement = "s"}]', "parts = ["])
def test_several_checks_refuse_one_that_is_not_there(parameters: str) -> None:
    broken = open_region("south-caucasus")
    row = broken.rows("claims")[0].model_copy(update={"check": "all_of", "parameters": parameters})
    broken.rows("claims")[0] = row
    with pytest.raises(InputError, match="E602"):
        judge_claims(broken, claim=row.id)

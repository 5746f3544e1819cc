"""The belief in a guarantor's word: closed forms, bounds, and the tests on record in the South Caucasus."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoise._errors import InputError
from counterpoise.channels.security.belief import Belief, Trial, believe, prior, updated
from counterpoise.channels.security.credibility import credibility, year_of
from counterpoise.channels.shape import Unknown
from counterpoise.region.draws import Assumptions
from tests.channels.security_support import security_region, trial

FIXED = {
    "security:memory": 0.9,
    "security:spillover": 0.25,
    "security:prior_observations": 4.0,
    "security:quiet_weight": 0.1,
}
FAIR = Belief(np.array([1.0, 2.0]), np.array([1.0, 2.0]))


def test_the_belief_is_the_prior_plus_every_test_faded_by_its_age() -> None:
    trials = [Trial(2000.0, 1.0, 0.5), Trial(2010.0, 0.2, 1.0), Trial(2015.5, 0.0, 0.8)]
    found = believe(FAIR, trials, until=2020.0, memory=0.9)
    left = 0.9 ** (2020.0 - np.array([2000.0, 2010.0, 2015.5]))
    kept = (left * [0.5, 0.2, 0.0]).sum()
    broken = (left * [0.0, 0.8, 0.8]).sum()
    np.testing.assert_allclose(found.alpha, FAIR.alpha + kept)
    np.testing.assert_allclose(found.beta, FAIR.beta + broken)


def test_without_forgetting_the_belief_is_the_textbook_count_of_kept_and_broken() -> None:
    trials = [Trial(2000.0 + k, float(k % 2), 1.0) for k in range(10)]
    found = believe(FAIR, trials, until=2030.0, memory=1.0)
    np.testing.assert_allclose(found.credibility, [6 / 12, 7 / 14])
    np.testing.assert_allclose(found.observations, [12.0, 14.0])


def test_after_long_silence_the_belief_is_the_prior_again() -> None:
    found = believe(FAIR, [Trial(1900.0, 0.0, 1.0)], until=2100.0, memory=0.8)
    np.testing.assert_allclose(found.credibility, FAIR.credibility, atol=1e-12)


def test_the_order_in_which_tests_are_given_does_not_matter() -> None:
    trials = [Trial(2001.0, 1.0, 0.3), Trial(2009.0, 0.0, 0.9), Trial(2005.0, 0.5, 0.6)]
    one = believe(FAIR, trials, until=2012.0, memory=0.85)
    other = believe(FAIR, trials[::-1], until=2012.0, memory=0.85)
    np.testing.assert_array_equal(one.alpha, other.alpha)


def test_a_test_that_has_not_happened_yet_is_not_known() -> None:
    found = believe(FAIR, [Trial(2022.7, 0.0, 1.0)], until=2022.0, memory=0.9)
    np.testing.assert_array_equal(found.beta, FAIR.beta)


def test_a_quiet_year_is_no_test_unless_the_other_reading_is_asked_for() -> None:
    trials = [Trial(2012.5, 0.0, 1.0)]
    silent = believe(FAIR, trials, until=2015.0, memory=1.0)
    np.testing.assert_allclose(silent.alpha, FAIR.alpha)
    kept = believe(FAIR, trials, until=2015.0, memory=1.0, quiet="kept", since=2010.0, quiet_weight=0.1)
    # Whole years 2010, 2011, 2013 and 2014 went by without a test.
    np.testing.assert_allclose(kept.alpha, FAIR.alpha + 0.4)
    np.testing.assert_allclose(kept.beta, FAIR.beta + 1.0)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0.01, 1), st.floats(0, 30))
def test_credibility_stays_a_probability_and_moves_towards_the_outcome(
    honoured: float, weight: float, memory: float, years: float
) -> None:
    found = updated(FAIR, FAIR, years=years, memory=memory, honoured=honoured, weight=weight)
    assert ((found.credibility > 0) & (found.credibility < 1)).all()
    assert ((found.credibility - FAIR.credibility) * (honoured - 0.5) >= -1e-12).all()
    assert (found.spread < 0.5).all()


def test_the_prior_mixes_the_published_rates_evenly() -> None:
    start = prior([0.745, 0.5, 0.22], np.arange(900) / 900, np.full(900, 5.0))
    assert np.mean(start.credibility) == pytest.approx((0.745 + 0.5 + 0.22) / 3)
    np.testing.assert_allclose(start.observations, 5.0)


def test_every_argument_out_of_bounds_is_refused_at_once_with_E204() -> None:
    with pytest.raises(InputError) as caught:
        updated(FAIR, FAIR, years=-1.0, memory=0.0, honoured=1.5, weight=-0.1)
    assert [fault.code for fault in caught.value.faults] == ["E204"] * 4
    with pytest.raises(InputError, match="ends left out"):
        prior([0.0, 1.0], 0.5, 3.0)


def test_a_region_by_hand_own_tests_in_full_and_others_by_spillover(lakeland: Path) -> None:
    own, other = trial("x:1", "2020-01-01", "NRT", "LKE", 0.0), trial("x:2", "2020-01-01", "NRT", "STH", 1.0)
    same = trial("x:3", "2020-01-01", "NRT", "LKE", 1.0, separate="no")
    region = security_region(lakeland, tests=(own, other, same), ranges=FIXED)
    found = credibility(region, "NRT", "LKE", date(2022, 1, 1), Assumptions(region, seed=1, count=7))
    assert not isinstance(found, Unknown)
    left = 0.9**2
    np.testing.assert_allclose(found.belief.alpha, 2.0 + 0.25 * left)
    np.testing.assert_allclose(found.belief.beta, 2.0 + left)
    assert (found.own_tests, found.other_tests) == (1, 1)
    assert found.facts == ("x:1", "x:2", "t:rate")


def test_without_ranges_or_published_rates_credibility_is_unknown(lakeland: Path) -> None:
    region = security_region(lakeland, facts=(), ranges={"security:spillover": 0.2})
    found = credibility(region, "NRT", "LKE", None, Assumptions(region, seed=1, count=3))
    assert isinstance(found, Unknown)
    assert found.needs[:2] == ("security:memory", "security:prior_observations")
    assert found.needs[2].startswith("honoured_alliance_rate")


def test_a_day_reads_as_a_year_with_its_fraction() -> None:
    assert year_of(date(2024, 1, 1)) == 2024.0
    assert 2024.99 < year_of(date(2024, 12, 31)) < 2025.0

"""The effect of a guarantor: a judged range and what the dated attacks of a region make of it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterpoise.channels.security.channel import withdraw
from counterpoise.channels.security.effect import EFFECT, effect_draws, guarantor_effect, record_likelihood
from counterpoise.channels.shape import Ask, Effect
from counterpoise.region import Region
from counterpoise.region.draws import Assumptions

VALUES = np.array([0.1, 0.4, 0.8])
ONE = np.ones(1)


def likelihood(hazard: float, cover: list[float], attacked: list[bool], *, worth: float = 6.0) -> np.ndarray:
    """One draw and one pair with the same fitted hazard in every year."""
    years = len(cover)
    chance, covered = np.full((1, 1, years), hazard), np.array(cover)[None, None]
    return record_likelihood(VALUES, chance, worth * ONE, covered, np.array([attacked]), np.ones(years))


def test_quiet_years_by_hand() -> None:
    """m ~ Gamma(a, a), a = 6 x 0.1; all quiet: E exp(-m R) = (a / (a + R))^a with R the rate left over the years."""
    shape, rate = 0.6, -np.log(0.9)
    left = rate * (1 - VALUES * 0.5) + rate
    found = likelihood(0.1, [0.5, 0.0], [False, False])
    np.testing.assert_allclose(found, (shape / (shape + left)) ** shape, rtol=2e-3)


def test_an_attack_by_hand() -> None:
    """One attack in the covered year and one quiet year: (a / (a + Q))^a - (a / (a + Q + A))^a."""
    shape, quiet = 0.6, -np.log(0.9)
    hit = quiet * (1 - VALUES * 0.5)
    expected = (shape / (shape + quiet)) ** shape - (shape / (shape + quiet + hit)) ** shape
    np.testing.assert_allclose(likelihood(0.1, [0.5, 0.0], [True, False]), expected, rtol=2e-3)


def test_without_cover_the_record_says_nothing_of_the_effect() -> None:
    found = likelihood(0.1, [0.0, 0.0, 0.0], [True, False, True])
    np.testing.assert_allclose(found, found[0])


@settings(max_examples=40, deadline=None)
@given(st.floats(0.01, 0.5), st.floats(0.05, 1.0), st.integers(1, 6), st.floats(1, 20))
def test_attacks_under_cover_speak_against_the_effect_and_attacks_without_it_for_it(
    hazard: float, cover: float, years: int, worth: float
) -> None:
    covered, bare = [cover] * years + [0.0] * years, [True] * years + [False] * years
    against = likelihood(hazard, covered, bare, worth=worth)
    favour = likelihood(hazard, covered, bare[::-1], worth=worth)
    assert (np.diff(against / against.sum()) <= 1e-12).all()
    assert (np.diff(favour / favour.sum()) >= -1e-12).all()


def test_a_pair_that_is_more_dangerous_than_fitted_is_hardly_taken_for_a_failed_promise() -> None:
    """Attacks in every year under the same cover: with a hazard known for certain that would speak loudly."""
    certain, doubted = (likelihood(0.05, [0.3] * 6, [True] * 6, worth=worth) for worth in (1e5, 4.0))
    assert 1.0 < doubted[0] / doubted[2] < 3.0 < certain[0] / certain[2]


def test_a_long_clear_record_narrows_the_range() -> None:
    many = np.linspace(0.01, 0.99, 50)
    chance, cover = np.full((1, 4, 40), 0.3), np.tile(np.repeat([0.9, 0.0], 20), (1, 4, 1))
    hits = np.tile(np.r_[np.zeros(20, bool), np.arange(20) % 3 == 0], (4, 1))
    found = record_likelihood(many, chance, 10 * ONE, cover, hits, np.ones(40))
    weights = found / found.sum()
    mean = weights @ many
    assert mean > 0.8
    assert weights @ (many - mean) ** 2 < 0.25 * np.var(many)


def test_the_record_of_the_south_caucasus_hardly_narrows_the_judged_range(caucasus: Region) -> None:
    found = guarantor_effect(caucasus)
    assert found.pair_years == 72
    assert found.attacks == 8
    assert found.label == "prior"
    assert -0.1 < found.contraction < 0.2
    assert 0 <= found.after[0] < found.after[1] < found.after[2] <= 1
    assert {"events:EV072", "events:EV092"} <= set(found.facts)


def test_an_earlier_day_counts_only_what_had_happened(caucasus: Region) -> None:
    early = guarantor_effect(caucasus.at("2020-01-01"))
    assert early.attacks == 1
    assert all(str(row.known) <= "2020-01-01" for row in caucasus.rows("events") if row.id in early.facts)


def test_a_draw_of_the_effect_depends_on_the_seed_and_its_number_alone(caucasus: Region) -> None:
    few, many = (effect_draws(caucasus, Assumptions(caucasus, seed=3, count=count)) for count in (5, 50))
    np.testing.assert_array_equal(few, many[:5])
    prior = Assumptions(caucasus, seed=3, count=50).draw(EFFECT)
    # The record moves every draw the same way: no draw overtakes another.
    assert (np.argsort(prior) == np.argsort(many)).all()


def test_an_answer_shows_the_range_before_and_after_and_the_attacks_behind_it(caucasus: Region) -> None:
    found = withdraw(Ask(caucasus, "RUS", "ARM", "short", Assumptions(caucasus, seed=0, count=20)))
    assert isinstance(found, Effect)
    before, after = (found.physical[f"guarantor_effect_{when}_p50"] for when in ("prior", "posterior"))
    assert before != pytest.approx(after)
    assert found.physical["guarantor_effect_contraction"] == pytest.approx(guarantor_effect(caucasus).contraction)
    assert any("labelled prior" in note for note in found.notes)
    assert "events:EV072" in found.facts

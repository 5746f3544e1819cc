"""The law on the panel is the law of `play`: same kernel, nested models, gradients, and a fit that finds the truth."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoise._errors import SolveError
from counterpoise.history import estimate as fitting
from counterpoise.history import motion
from counterpoise.history.panel import read_panel
from counterpoise.history.predict import law_predictive
from counterpoise.history.targets import make_target
from counterpoise.play import law
from tests.history.synthetic import write_panel


def make_pairs(count: int = 6, seed: int = 0) -> motion.Pairs:
    rng = np.random.default_rng(seed)
    value = rng.normal(0, 0.8, count)
    near = [value + rng.normal(0, 0.1, count) for _ in range(4)]
    logs = [np.log(rng.uniform(0.05, 0.2, count)) for _ in range(3)]
    return motion.Pairs(value, *near, *logs, rng.uniform(0, 0.5, (count, 2)), np.tile([2.5, -0.1], (count, 1)))


THETA = motion.parameters(np.append(motion.PRIOR[:-1, 0], 0.8))


def test_the_step_on_the_lattice_is_the_transition_of_the_law():
    """A year by `weighted_step` is four products with the full matrix of `transition`, pull and reversion included."""
    pairs = make_pairs()
    origin = motion.start(pairs, THETA, 1.0)
    ahead = motion.propagate(origin, 2)
    for place in range(len(pairs.value)):
        matrix = law.transition(origin.walk, origin.log_weight[place][None, :], np.zeros(motion.CELLS), np.zeros(1))
        year = law.year_of(origin.first[place], matrix)
        np.testing.assert_allclose(ahead[0, place], year, atol=1e-13)
        np.testing.assert_allclose(ahead[1, place], law.year_of(year, matrix), atol=1e-13)


def test_the_weights_are_reversion_and_phi_times_the_pull_on_the_scale_itself():
    pairs = make_pairs()
    origin = motion.start(pairs, THETA, 0.0)
    bare = motion.start(fitting.without_ties(pairs), THETA, 0.0)
    positions = origin.centre[:, None] + origin.sigma[:, None] * motion.LATTICE.centres
    mean = THETA.implied_share * pairs.implied + (1 - THETA.implied_share) * pairs.slow
    mean = origin.centre + motion.bounded(mean - origin.centre, pairs)
    told = -THETA.reversion * (positions - mean[:, None]) ** 2
    np.testing.assert_allclose(bare.log_weight, told, atol=1e-10)
    interest = motion.pull(pairs, origin.centre, positions)
    np.testing.assert_allclose(origin.log_weight - bare.log_weight, THETA.phi * interest, atol=1e-12)


def test_without_pull_and_reversion_a_forecast_is_a_random_walk_with_noise():
    pairs = fitting.without_ties(make_pairs())
    theta = THETA._replace(reversion=0.0, nu=60.0, doubt=0.0)
    origin = motion.start(pairs, theta, 0.0)
    forecast = law_predictive(pairs, theta, (4,))[4]
    means, weights, sd = forecast._joined()
    mean = (means * weights).sum(axis=1)
    variance = (weights * (means - mean[:, None]) ** 2).sum(axis=1) + sd[:, 0] ** 2
    quarters = 16 * origin.sigma**2 * 60 / 58
    first = (origin.first * motion.LATTICE.centres**2).sum(axis=1) * origin.sigma**2
    assert mean == pytest.approx(origin.centre, abs=1e-9)
    assert variance == pytest.approx(quarters + first + (origin.noise * origin.sigma) ** 2, rel=0.01)


def test_no_pull_is_the_law_with_phi_nil():
    pairs = make_pairs()
    with_ties = law_predictive(pairs, THETA._replace(phi=0.0), (1,))[1]
    without = law_predictive(fitting.without_ties(pairs), THETA, (1,))[1]
    np.testing.assert_allclose(with_ties.cdf(pairs.value + 0.1), without.cdf(pairs.value + 0.1), atol=1e-12)


def test_a_stronger_tie_to_a_patron_never_moves_the_forecast_away_from_it():
    pairs = make_pairs()
    pairs = pairs._replace(patron=np.tile([40.0, 40.0], (6, 1)))
    base = law_predictive(pairs, THETA, (1,))[1]
    tied = law_predictive(pairs._replace(tie=pairs.tie + 1.0), THETA, (1,))[1]
    for gap in (-0.2, 0.0, 0.2):
        assert (tied.cdf(pairs.value + gap) <= base.cdf(pairs.value + gap) + 1e-12).all()


def test_the_edges_of_the_lattice_hold_little_mass_at_five_years():
    """At the prior's middle; a grid that is too short would pile chance up in its edge cells."""
    ahead = motion.propagate(motion.start(make_pairs(), THETA, 1.0), 5)
    assert law.edge_mass(ahead[-1]).max() < 0.02


def test_both_array_interfaces_give_the_same_densities():
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    pairs = make_pairs()
    later = pairs.value[:, None] + np.array([0.05, 0.1])
    here = motion.log_predictive(pairs, THETA, later, (1, 2))
    there = motion.log_predictive(
        motion.Pairs(*map(jnp.asarray, pairs)), THETA, jnp.asarray(later), (1, 2), xp=jnp, scan=jax.lax.scan
    )
    np.testing.assert_allclose(here, np.asarray(there), atol=1e-10)


@given(gap=st.floats(-5, 5), more=st.floats(1e-6, 5), usual=st.floats(0.01, 0.5))
def test_an_anchor_pulls_in_proportion_when_near_and_never_beyond_its_bound(gap, more, usual):
    """Odd, rising, of slope one at nil, and within `BOUND` mean yearly changes of the state."""
    pairs = make_pairs(1)._replace(log_long=np.log([usual]))
    moved = motion.bounded(np.array([gap]), pairs)
    assert moved == pytest.approx(-motion.bounded(np.array([-gap]), pairs))
    assert abs(moved[0]) <= min(abs(gap), motion.BOUND * usual)
    assert motion.bounded(np.array([gap + more]), pairs)[0] >= moved[0]
    assert motion.bounded(np.array([1e-7]), pairs)[0] == pytest.approx(1e-7, rel=1e-4)


def test_a_session_is_as_uncertain_in_its_spread_as_a_state():
    pairs = fitting.without_ties(make_pairs())
    bare, wide = (law_predictive(pairs, THETA, (1,), session={1: (0.3, v)})[1] for v in (0.0, 0.04))
    for doubt, (_, _, without), (_, _, with_it) in zip(motion.DOUBTS, bare.sides, wide.sides, strict=True):
        np.testing.assert_allclose(with_it**2 - without**2, 0.04 * np.exp(2 * THETA.doubt * doubt))
    np.testing.assert_allclose(wide.sides[0][0], law_predictive(pairs, THETA, (1,))[1].sides[0][0] + 0.3)


def test_older_pairs_weigh_less_and_all_together_as_many_as_they_are(tmp_path):
    target = make_target(read_panel(write_panel(tmp_path), until=2005), "ideal_point")
    client, year, later = fitting.choose_pairs(target, np.random.default_rng(0), 150)
    weight = np.asarray(fitting.padded(target, client, year, later, 160)[2])
    most = weight.max(axis=1) * len(fitting.HORIZONS)
    assert most[:150].sum() == pytest.approx(150)
    assert not most[150:].any()
    place = np.argsort(year)
    ratio = most[place[0]] / most[place[-1]]
    assert ratio == pytest.approx((1 - fitting.FORGETTING) ** (year.max() - year.min()))


def test_too_few_pairs_are_refused(tmp_path):
    target = make_target(read_panel(write_panel(tmp_path), until=1995), "ideal_point")
    with pytest.raises(SolveError) as error:
        fitting.fit_law(target, np.random.default_rng(0))
    assert error.value.code == "E960"


def test_a_fit_that_does_not_flatten_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(fitting, "STEPS", 1)
    target = make_target(read_panel(write_panel(tmp_path), until=2003), "ideal_point")
    with pytest.raises(SolveError) as error:
        fitting.fit_law(target, np.random.default_rng(0), most=120)
    assert error.value.code == "E961"

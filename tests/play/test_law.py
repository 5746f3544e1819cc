"""The law of motion: laws, closed forms, and the same numbers from both array interfaces."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import gammaln
from scipy.stats import t as student

from counterpoise.play import law

GRID = law.make_grid(-2.0, 2.0, 0.06)


def patrons(exposure=(1.0, 0.3), benefit=(0.1, 0.2), position=(-1.0, 1.0)):
    two = np.ones(2)
    return law.Patrons(
        np.array(position),
        np.array(exposure),
        0.3 * two,
        np.array(benefit),
        -1.0 * two,
        2.0 * two,
        1.0 * two,
        0.5 * two,
        two,
    )


def kernel_row(who, cell=120, phi=0.7, g=0.02, grid=GRID, mean=0.1, xp=np):
    walk = law.walk_rows(law.walk_masses(grid, 0.06, 4.0, xp=xp), xp.asarray(cell), xp=xp)
    hazard = law.punishment_hazard(who, grid.centres[cell], grid.centres, xp=xp)
    interest = law.pull(who, hazard, xp.zeros(grid.centres.shape[0]), xp=xp)
    return law.transition(walk, law.reversion(grid, mean, g, xp=xp), interest, phi, xp=xp)


def test_the_cells_are_no_wider_than_a_third_of_sigma():
    assert GRID.width <= 0.02 + 1e-12
    assert GRID.centres[0] - GRID.width / 2 == pytest.approx(-2.0)
    with pytest.raises(ValueError, match="low < high"):
        law.make_grid(1, 0, 0.1)


def test_the_masses_are_those_of_the_t_distribution():
    masses = law.walk_masses(GRID, 0.06, 3.5, shift=0.01)
    n = GRID.centres.size
    edges = (np.arange(-(n - 1), n + 1) - 0.5) * GRID.width - 0.01
    assert np.abs(masses - np.diff(student.cdf(edges / 0.06, 3.5))).max() < 1e-8


def test_log_gamma_is_that_of_scipy():
    x = np.linspace(0.5, 60, 500)
    assert np.abs(law.log_gamma(x) - gammaln(x)).max() < 1e-11


@given(cell=st.integers(0, GRID.centres.size - 1), nu=st.floats(2.2, 30), sigma=st.floats(0.06, 0.3))
@settings(max_examples=40, deadline=None)
def test_rows_of_the_walk_sum_to_one_from_anywhere(cell, nu, sigma):
    row = law.walk_rows(law.walk_masses(GRID, sigma, nu), np.array(cell))
    assert row.sum() == pytest.approx(1, abs=1e-12)
    assert row.min() >= -1e-12


def test_the_matrix_holds_the_rows():
    masses = law.walk_masses(GRID, np.array([0.06, 0.2]), np.array([3.0, 8.0]))
    matrix = law.walk_matrix(masses)
    assert matrix.shape == (2, GRID.centres.size, GRID.centres.size)
    np.testing.assert_array_equal(matrix[1, 17], law.walk_rows(masses[1], np.array(17)))


def test_without_pull_and_reversion_the_kernel_is_its_random_walk():
    walk = law.walk_rows(law.walk_masses(GRID, 0.06, 4.0), np.array(120))
    np.testing.assert_allclose(kernel_row(patrons(), phi=0.0, g=0.0), walk, rtol=0, atol=1e-15)


def test_two_positions_and_one_patron_match_the_closed_form():
    """Two cells, walk (1/2, 1/2): odds of staying near the patron are exp(phi * loss * (h_far - h_near))."""
    near, far = 0.0, 1.0
    grid = law.Grid(np.array([near, far]), 1.0)
    one = np.ones(1)
    who = law.Patrons(np.array([near]), 2.0 * one, 0.5 * one, 0 * one, -1.0 * one, 1.5 * one, 0.5 * one, 0 * one, one)
    hazard = law.punishment_hazard(who, near, grid.centres)
    row = law.transition(np.array([0.5, 0.5]), np.zeros(2), law.pull(who, hazard, np.zeros(2)), 0.8)
    h_near, h_far = 1 / (1 + np.exp(1)), 1 / (1 + np.exp(-1.0))
    assert row[0] / row[1] == pytest.approx(np.exp(0.8 * 2.0 * 0.5 * (h_far - h_near)), rel=1e-12)
    draws = law.draw_cell(np.broadcast_to(row, (200_000, 2)), np.random.default_rng(1).random(200_000))
    assert draws.mean() == pytest.approx(row[1], abs=4 * np.sqrt(row[0] * row[1] / 200_000))


@given(more=st.floats(0, 5), cell=st.integers(40, 160))
@settings(max_examples=40, deadline=None)
def test_more_exposure_to_a_punishing_patron_never_moves_the_client_away(more, cell):
    # The patron stands below the grid, so that every step up is a step away from it.
    base = kernel_row(patrons(position=(-2.5, 2.5)), cell)
    tied = kernel_row(patrons(exposure=(1.0 + more, 0.3), position=(-2.5, 2.5)), cell)
    assert (np.cumsum(tied) >= np.cumsum(base) - 1e-12).all()


@given(extra=st.floats(0, 5))
@settings(max_examples=40, deadline=None)
def test_an_offer_never_lowers_the_value_of_any_position(extra):
    hazard = law.punishment_hazard(patrons(), 0.0, GRID.centres)
    none = np.zeros(GRID.centres.size)
    before = law.pull(patrons(), hazard, none)
    assert (law.pull(patrons(benefit=(0.1, 0.2 + extra)), hazard, none) >= before - 1e-12).all()


def test_relabelling_patrons_changes_nothing():
    swapped = patrons(exposure=(0.3, 1.0), benefit=(0.2, 0.1), position=(1.0, -1.0))
    np.testing.assert_allclose(kernel_row(swapped), kernel_row(patrons()), rtol=0, atol=1e-14)


def test_a_credible_guarantor_takes_away_the_loss_from_attack():
    hazard, loss = np.full((1, 3), 0.05), np.array([4.0])
    effect = np.array([[0.0, 0.5, 1.0]])
    np.testing.assert_allclose(law.attack_loss(hazard, loss, np.array([1.0]), effect), [0.2, 0.1, 0.0])


def test_four_quarters_make_a_year_of_chance():
    assert 1 - (1 - law.quarterly(0.3)) ** 4 == pytest.approx(0.3)
    assert law.discounted_offers(np.array([2.0]), np.array([0.5]), np.array([10.0]), 0.05) == pytest.approx(
        np.exp(-0.5)
    )


def test_what_would_leave_the_grid_is_edge_mass():
    start = np.zeros(GRID.centres.size)
    start[-3] = 1
    year = law.year_of(start, law.walk_matrix(law.walk_masses(GRID, 0.1, 4.0)))
    assert year.sum() == pytest.approx(1)
    assert 0.2 < law.edge_mass(year) < 0.8


def test_both_array_interfaces_agree_to_1e_10():
    jax = pytest.importorskip("jax", reason="the `fit` extra is not installed")
    with jax.enable_x64(True):
        jnp = jax.numpy
        who = law.Patrons(*(jnp.asarray(field) for field in patrons()))
        grid = law.Grid(jnp.asarray(GRID.centres), GRID.width)
        other = kernel_row(who, grid=grid, xp=jnp)
        assert np.abs(np.asarray(other) - kernel_row(patrons())).max() < 1e-10

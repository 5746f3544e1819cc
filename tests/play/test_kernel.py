"""Rows in reach: they lose no mass and are those of the law, and moves drawn by rejection follow them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterpoise.play import _sample, law
from counterpoise.play._block import run_block, run_chunk
from counterpoise.play._chance import Chance
from counterpoise.play._kernel import (
    REACH,
    STEPS,
    cell_of,
    class_of,
    make_table,
    position_of,
    propose,
    reachable,
    row_of,
    shift_class,
    strips,
    walk,
)
from counterpoise.play._members import draw_members
from counterpoise.play._moves import Script
from counterpoise.play._step import client_rows, patrons_of
from tests.play import toy

TABLE = make_table(-1.0, 1.0, (0.02, 0.1), (3.0, 6.0, 30.0))


def test_no_mass_is_lost_in_any_class() -> None:
    assert np.abs(TABLE.masses.sum(axis=-1) - 1).max() < 1e-12
    assert TABLE.masses.min() >= 0
    assert (np.diff(TABLE.offsets, axis=-1) >= 0).all()


def test_cells_in_reach_are_no_wider_than_a_third_of_sigma() -> None:
    middle = TABLE.offsets.shape[1] // 2
    step = (TABLE.offsets[:, middle + 1] - TABLE.offsets[:, middle]) * TABLE.width
    assert (step <= TABLE.sigma / 3 + 1e-12).all()
    assert (step > TABLE.sigma / 6).all()


def test_strips_part_all_steps_without_a_gap() -> None:
    starts = strips()
    assert starts[0] == 0
    assert (np.diff(starts) > 0).all()
    assert set(range(STEPS - REACH, STEPS + REACH + 1)) <= set(starts)
    assert len(starts) == 2 * (len(starts) // 2) + 1


def test_near_masses_are_those_of_the_law_and_the_spread_is_that_of_the_walk() -> None:
    grid = law.make_grid(-1.0, 1.0, 0.02)
    full = law.walk_rows(law.walk_masses(grid, 0.02, 6.0), np.array(150))
    near = walk(TABLE, np.array(0), np.array(1), shift_class(np.array(0.0)))
    middle = len(near) // 2
    assert near[middle - REACH : middle + REACH + 1] == pytest.approx(full[150 - REACH : 150 + REACH + 1], abs=1e-12)
    spread = np.sqrt((near * (TABLE.offsets[0] * TABLE.width) ** 2).sum())
    assert spread == pytest.approx(0.02 * np.sqrt(6 / 4), rel=5e-3)


def test_without_pull_and_reversion_the_moves_are_those_of_the_random_walk() -> None:
    plan = toy.plan(until=2028, phi=0.0, phi_zero=0.0, nu=8.0, sigma__orientation=0.03, reversion__orientation=0.0)

    path = run_chunk(plan, Chance(3, 0, 4000))
    steps = np.diff(path.position[..., 1], axis=0)
    assert abs(steps.mean()) < 4 * 0.03 / np.sqrt(steps.size) * 1.2
    assert steps.std() == pytest.approx(0.03 * np.sqrt(8 / 6), rel=0.02)
    assert path.edge.mean() == 0


def test_members_in_an_edge_cell_are_counted_at_either_end_and_reported() -> None:
    plan = toy.plan(until=2030, phi=0.0, phi_zero=0.0, sigma__orientation=0.4, reversion__orientation=0.0)
    path = run_chunk(plan, Chance(3, 0, 200))
    table = plan.tables[1]
    ends = [position_of(table, np.array(cell)) for cell in (0, table.cells - 1)]
    at_ends = [(path.position[1:, ..., 1] == end) for end in ends]
    assert min(where.any() for where in at_ends)
    assert (path.edge[..., 1] == at_ends[0] | at_ends[1]).all()
    record = run_block(plan, 3, 0, 200)
    assert (record.counts["edge"] == path.edge.sum(axis=1)).all()


def test_what_would_leave_the_scale_stays_in_its_edge_cell() -> None:
    cells = reachable(TABLE, np.array([0, TABLE.cells - 1]), np.array([0, 0]))
    assert cells.min() == 0
    assert cells.max() == TABLE.cells - 1


@given(position=st.floats(-0.99, 0.99))
def test_a_position_is_in_its_cell(position: float) -> None:
    cell = cell_of(TABLE, np.array(position))
    assert abs(position_of(TABLE, cell) - position) <= TABLE.width / 2 + 1e-9


def test_sigma_is_met_within_a_fortieth() -> None:
    sigma = np.linspace(0.02, 0.1, 50)
    assert np.abs(TABLE.sigma[class_of(TABLE, sigma)] / sigma - 1).max() < 0.026


def _rows(plan: object, scale: int, c: int) -> tuple:
    """Rows of the law of one client, the cells, and what `_sample` weighs the same moves by."""
    return _rows_of(plan, scale, c, *_moment(plan))


def _rows_of(
    plan: object, scale: int, c: int, state: Any, params: Any, drive: Any, gain: Any, credibility: Any
) -> tuple:
    who = law.Patrons(
        *(part[:, min(c, part.shape[1] - 1)] for part in patrons_of(params, drive, gain, state.mean, scale))
    )
    table, start = plan.tables[scale], state.cell[:, c, scale]
    sigma = class_of(table, params.sigma[:, c, scale])
    rows, cells = client_rows(state, params, drive, who, credibility, table, scale, c, start, sigma)
    face = _sample.facing(state, params, drive, gain, credibility, scale, len(start) * c + np.arange(len(start)))
    return rows, cells, face, start, sigma, params.nu[:, scale], drive.session[:, scale]


@pytest.mark.parametrize("scale", [0, 1])
def test_moves_that_fall_back_draw_from_the_rows_of_the_law(scale: int) -> None:
    plan = toy.plan(phi=1.7, phi_zero=0.0)
    for c in range(2):
        rows, cells, face, *rest = _rows(plan, scale, c)
        found, there = _sample.exact_rows(plan.tables[scale], face, *rest)
        assert (cells == there).all()
        assert np.abs(found - rows).max() < 1e-12


@settings(max_examples=15, deadline=None)
@given(phi=st.floats(0.1, 5.0), benefit=st.floats(-2.0, 2.0), exposure=st.floats(0.0, 60.0))
def test_no_interest_goes_beyond_its_bounds(phi: float, benefit: float, exposure: float) -> None:
    plan = toy.plan(phi=phi, phi_zero=0.0, base=toy.ground(exposure=exposure))
    state, params, drive, _, credibility = _moment(plan)
    gain = np.full(drive.exposure.shape, benefit)
    limit = _sample.bounds(params, drive, gain, credibility, 1)
    items = np.arange(state.cell[..., 1].size)
    face = _sample.facing(state, params, drive, gain, credibility, 1, items)
    target = np.broadcast_to(np.linspace(-1.3, 1.3, 101), (len(items), 101))
    worth = _sample.interests(face, state.before[..., -1].T.ravel(), target)
    assert (worth <= limit.most.T.ravel()[:, None] + 1e-12).all()
    assert (worth >= (limit.most - limit.spread).T.ravel()[:, None] - 1e-12).all()


@pytest.mark.parametrize("scale", [0, 1])
@pytest.mark.parametrize("tries", [0, 1, 2])
def test_moves_drawn_by_rejection_have_the_law_of_the_rows(
    scale: int, tries: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Chi-square of 60,000 moves of one member against its exact row; strong pulls, so that many tries fail."""
    monkeypatch.setattr(_sample, "TRIES", tries)
    plan = toy.plan(phi=6.0, phi_zero=0.0, reversion=10.0, c0=-0.5, c1=3.0, loss_ratio=0.3, nu=3.0)
    state, params, drive, gain, credibility = _moment(plan)
    count = 60_000

    def many(part: object) -> object:
        return np.repeat(part[:1], count, axis=0) if getattr(part, "ndim", 0) and len(part) == 40 else part

    state = state._replace(mean=state.mean + 0.25)
    rows, cells, *_ = _rows_of(plan, scale, 0, state, params, drive, gain, credibility)
    state = type(state)(*map(many, state))
    params = type(params)(
        tuple(law.Patrons(*map(many, side)) for side in params.patrons), *map(many, tuple(params)[1:])
    )
    drive = type(drive)(*map(many, drive))
    sigma = class_of(plan.tables[scale], params.sigma[..., scale])
    uniform = np.random.default_rng(7).random((count, 2))
    asked = _sample.Asked(state, params, drive, many(gain), many(credibility), uniform, sigma, scale)
    landed, fallen = _sample.move(plan.tables[scale], asked)
    seen = np.array([(landed[:, 0] == cell).sum() for cell in np.unique(cells[0])])
    expected = count * np.array([rows[0][cells[0] == cell].sum() for cell in np.unique(cells[0])])
    common = expected > 20
    assert seen[common].sum() + seen[~common].sum() == count
    score = ((seen - expected)[common] ** 2 / expected[common]).sum()
    # The chi-square of k degrees of freedom has a standard deviation of sqrt(2 k).
    assert abs(score - common.sum()) < 5 * np.sqrt(2 * common.sum())
    assert (fallen == 2 * count) if tries == 0 else (0 < fallen < 2 * count * 0.95**tries)


def test_numbers_counted_on_are_uniform_and_do_not_follow_the_first() -> None:
    first = np.random.default_rng(0).random(100_000)
    drawn = np.stack([first, *(_sample.fresh(first, count) for count in range(1, 6))])
    assert drawn.min() >= 0
    assert drawn.max() < 1
    assert np.abs(np.corrcoef(drawn) - np.eye(6)).max() < 5 / np.sqrt(100_000)
    counts = np.stack([np.histogram(row, 50, (0, 1))[0] for row in drawn])
    assert (((counts - 2000) ** 2 / 2000).sum(axis=1) < 49 + 5 * np.sqrt(98)).all()


def test_a_step_is_proposed_as_its_cumulated_masses_say() -> None:
    row = row_of(TABLE, np.array(3), np.array(1), np.array(9))
    masses = TABLE.masses[3, 1, 9]
    uniform = np.random.default_rng(1).random(500)
    expected = [law.draw_cell(masses, each) for each in uniform]
    assert (propose(TABLE, np.full(500, row), uniform) == expected).all()


def test_jax_gives_the_same_transition_probabilities() -> None:
    jax = pytest.importorskip("jax")
    plan = toy.plan(phi=1.2, phi_zero=0.0)
    state, params, drive, gain, credibility = _moment(plan)

    def rows(xp: object) -> np.ndarray:
        who = law.Patrons(
            *(part[:, min(0, part.shape[1] - 1)] for part in patrons_of(params, drive, gain, state.mean, 1))
        )
        sigma = class_of(plan.tables[1], params.sigma[:, 0, 1])
        start = state.cell[:, 0, 1]
        return np.asarray(
            client_rows(state, params, drive, who, credibility, plan.tables[1], 1, 0, start, sigma, xp=xp)[0]
        )

    with jax.enable_x64(True):
        assert np.abs(rows(jax.numpy) - rows(np)).max() < 1e-10


@settings(max_examples=15, deadline=None)
@given(more=st.floats(0.5, 20.0), phi=st.floats(0.1, 5.0))
def test_more_exposure_to_a_patron_never_moves_the_client_away_from_it(more: float, phi: float) -> None:
    plan = toy.plan(phi=phi, phi_zero=0.0)
    state, params, drive, gain, credibility = _moment(plan)
    harder = drive._replace(exposure=drive.exposure + np.array([more / 10, 0.0]))
    means = []
    for each in (drive, harder):
        who = law.Patrons(
            *(part[:, min(0, part.shape[1] - 1)] for part in patrons_of(params, each, gain, state.mean, 1))
        )
        sigma = class_of(plan.tables[1], params.sigma[:, 0, 1])
        rows, cells = client_rows(
            state, params, each, who, credibility, plan.tables[1], 1, 0, state.cell[:, 0, 1], sigma
        )
        # The patron stands to the left of every cell in reach but for the far strips.
        means.append((rows * np.abs(position_of(plan.tables[1], cells) + 0.8)).sum(axis=-1))
    assert (means[1] <= means[0] + 1e-12).all()


def _moment(plan: object) -> tuple:
    chance = Chance(1, 0, 40)
    members = draw_members(plan.ground, plan.parameters, chance, plan.tables)
    script = Script(plan.ground, plan.parameters, chance, members.draw, (), plan.labels, changes={}, responses={})
    drive = script.drive(1)
    gain = np.full(drive.exposure.shape, 0.3)
    state = members.state
    return state, members.params, drive, gain, state.alpha / (state.alpha + state.beta)

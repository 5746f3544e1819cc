"""The move of `_step.align` for NumPy: the same formula as `law`, evaluated in place and only where interests count.

The law's functions define the numbers and JAX runs them as they stand. Here one array is used over and over while it is
in the cache, the part of `U` that is the same in a whole row is left out (it drops out of the kernel), and members with
`phi = 0` are not asked for their interests. Tests hold the rows to those of `law` within 1e-12.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from counterpoise.play import law
from counterpoise.play._kernel import Table

Array = np.ndarray[Any, np.dtype[Any]]

# Members whose rows fit into the cache together.
SLAB = 256


class Guard(NamedTuple):
    """What promises do for one client: `worth` (m, p) of each if it stands close, `usual` distance, `reach`, `at_risk`.

    `at_risk` (m,) is the expected yearly loss from attack without any promise.
    """

    worth: Array
    usual: Array
    reach: Array
    at_risk: Array


class Walk(NamedTuple):
    """The random walk of one client: classes of sigma, degrees of freedom and common effect, (m,) each."""

    sigma: Array
    nu: Array
    shift: Array


def move(
    table: Table,
    start: Array,
    walk: Walk,
    mean: Array,
    strength: Array,
    phi: Array,
    who: law.Patrons,
    guard: Guard,
    uniform: Array,
) -> Array:
    """The cells that the members of one client move to, (m,)."""
    landed = np.empty_like(start)
    for first in range(0, len(start), SLAB):
        part = slice(first, first + SLAB)
        cells, weights = rows(
            table,
            start[part],
            Walk(*(each[part] for each in walk)),
            mean[part],
            strength[part],
            phi[part],
            law.Patrons(*(each[part] for each in who)),
            Guard(*(each[part] for each in guard)),
        )
        np.cumsum(weights, axis=-1, out=weights)
        goal = uniform[part] * weights[:, -1]
        node = np.minimum((weights <= goal[:, None]).sum(axis=-1), weights.shape[1] - 1)
        landed[part] = cells[np.arange(len(cells)), node]
    return landed


def rows(
    table: Table,
    start: Array,
    walk: Walk,
    mean: Array,
    strength: Array,
    phi: Array,
    who: law.Patrons,
    guard: Guard,
) -> tuple[Array, Array]:
    """The cells within reach and the kernel's weight on each, not yet brought to sum 1, (m, node)."""
    cells = table.offsets[walk.sigma]
    cells += start[:, None]
    np.clip(cells, 0, table.cells - 1, out=cells)
    target = cells * table.width
    target += table.origin + 0.5 * table.width
    weight = target - mean[:, None]
    weight *= weight
    weight *= -strength[:, None]
    moved = np.flatnonzero(phi > 0)
    if len(moved):
        here = table.origin + (start[moved] + 0.5) * table.width
        pulled = interest(target[moved], here, law.Patrons(*(each[moved] for each in who)), guard_of(guard, moved))
        pulled *= phi[moved, None]
        weight[moved] += pulled
    weight -= weight.max(axis=-1, keepdims=True)
    np.exp(weight, out=weight)
    weight *= table.masses[walk.sigma, walk.nu, walk.shift]
    return cells, weight


def guard_of(guard: Guard, members: Array) -> Guard:
    return Guard(*(each[members] for each in guard))


def interest(target: Array, here: Array, who: law.Patrons, guard: Guard) -> Array:
    """`law.pull` at each target (m, to) less what is the same in the whole row."""
    total = np.zeros_like(target)
    shield = np.zeros_like(target)
    distance, other = np.empty_like(target), np.empty_like(target)
    slope = who.c1 + who.c2
    base = who.c0 - who.c1 * np.abs(here[:, None] - who.position) - who.c2 * who.tolerance
    stake = who.bandwidth * (who.benefit + who.loss_ratio * who.exposure)
    guarded = False
    for p in range(who.position.shape[1]):
        np.subtract(target, who.position[:, p, None], out=distance)
        np.abs(distance, out=distance)
        if (stake[:, p] != 0).any():
            np.multiply(distance, -slope[:, p, None], out=other)
            other -= base[:, p, None]
            np.exp(other, out=other)
            other += 1.0
            np.divide(stake[:, p, None], other, out=other)
            total -= other
        if (guard.worth[:, p] > 0).any():
            guarded = True
            scale = guard.worth[:, p] / guard.reach
            np.multiply(distance, -scale[:, None], out=other)
            other += (guard.worth[:, p] + scale * guard.usual[:, p])[:, None]
            np.clip(other, 0.0, guard.worth[:, p, None], out=other)
            shield += other
    if guarded:
        np.minimum(shield, 1.0, out=shield)
        shield *= guard.at_risk[:, None]
        total += shield
    return total

"""Rows of the law of motion for many members at once: cells near the client one by one, those far away in strips.

A full row over a scale has hundreds of cells and nearly all of its mass within a few sigma. A `Table` holds, for each
class of sigma, the offsets of the cells that a member may move to and the mass of the random walk on each: every cell
within `REACH` cells of a third of sigma or less, then strips of growing width out to `STEPS` cells, 50 sigma and more,
each standing at one of its cells. No mass is lost: what lies beyond the last strip is added to it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from counterpoise.play import law

Array = Any  # An array of the interface `xp`.

# Cells to either side that stand for themselves, and the growth of the strips beyond them.
REACH = 20
GROWTH = 1.32
STEPS = 300
# Neighbouring classes of sigma and of the common effect differ by so much.
SIGMA_RATIO = 1.05
SHIFTS = np.arange(-8, 9) * 0.25
# Places of a row in `Table.ladder`: a power of two above the number of nodes.
RUNGS = 64
# Lattice cells in the smallest sigma: a class steps over as many as fit into a third of its own sigma.
FINEST = 12


class Table(NamedTuple):
    """The random walk by class: lattice `origin` and `width`, its `cells`, and where the walk may go.

    `sigma` (class,), `offsets` (class, node) in lattice cells, `masses` (class, nu, shift, node) summing to 1, `nus`.
    `ladder` has the cumulated masses of every row (class, nu, shift) side by side, each padded to `RUNGS`.
    """

    origin: float
    width: float
    cells: int
    sigma: Array
    offsets: Array
    nus: Array
    masses: Array
    ladder: Array


@lru_cache(maxsize=8)
def make_table(low: float, high: float, sigmas: tuple[float, float], nus: tuple[float, ...]) -> Table:
    """The walk on a scale from `low` to `high`: every sigma between the two `sigmas`, each of the `nus`."""
    if not (high > low and 0 < sigmas[0] <= sigmas[1]):
        raise ValueError(f"a table needs low < high and 0 < sigma, not {low}, {high}, {sigmas}")
    width = sigmas[0] / FINEST
    count = int(np.ceil(np.log(sigmas[1] / sigmas[0]) / np.log(SIGMA_RATIO) - 1e-9)) + 1
    sigma = sigmas[0] * SIGMA_RATIO ** np.arange(count)
    strides = np.floor(sigma / (3 * width) + 1e-9).astype(np.int64)
    offsets, masses = [], []
    bounds = strips()
    for scale, stride in zip(sigma, strides, strict=True):
        grid = law.Grid(np.zeros(STEPS + 1), stride * width)
        parts = []
        for nu in nus:
            walk = law.walk_masses(grid, scale, nu, shift=SHIFTS * scale)
            walk[:, 0] += (1.0 - walk.sum(axis=-1)) / 2
            walk[:, -1] += 1.0 - walk.sum(axis=-1)
            walk = np.maximum(walk, 0.0)
            parts.append(np.add.reduceat(walk, bounds, axis=-1))
        # A strip stands at the mean of the heaviest-tailed walk within it, so for strips of one cell at that cell.
        heavy = np.maximum(law.walk_masses(grid, scale, min(nus)), 1e-300)
        centre = np.add.reduceat(heavy * np.arange(-STEPS, STEPS + 1), bounds) / np.add.reduceat(heavy, bounds)
        offsets.append(stride * np.rint(centre).astype(np.int64))
        masses.append(np.stack(parts))
    return Table(
        low,
        width,
        int(np.ceil((high - low) / width)),
        sigma,
        np.stack(offsets),
        np.array(nus),
        np.stack(masses),
        ladder(np.stack(masses)),
    )


def ladder(masses: Array) -> Array:
    """Cumulated masses (..., node) as one flat array of rows of `RUNGS`, infinite from a row's last node on."""
    nodes = masses.shape[-1]
    rungs = np.full((*masses.shape[:-1], RUNGS), np.inf)
    rungs[..., : nodes - 1] = np.cumsum(masses, axis=-1)[..., :-1]
    return rungs.ravel()


def strips() -> np.ndarray:
    """Where the parts of the steps begin: each cell within `REACH` alone, wider and wider strips beyond."""
    edges = [REACH + 1]
    while (following := edges[-1] + round((GROWTH - 1) * edges[-1])) < STEPS:
        edges.append(following)
    right = [STEPS + edge for edge in (*range(-REACH, REACH + 1), *edges)]
    left = [0, *(STEPS - edge + 1 for edge in reversed(edges[1:]))]
    return np.array([*left, *right])


def class_of(table: Table, sigma: Array, *, xp: Any = np) -> Array:
    """The class whose sigma is nearest, by ratio; values outside the table take its ends."""
    place = xp.rint(xp.log(sigma / float(table.sigma[0])) / np.log(SIGMA_RATIO)).astype(int)
    return xp.clip(place, 0, len(table.sigma) - 1)


def shift_class(shift: Array, *, xp: Any = np) -> Array:
    """The class of a common effect given in sigma: the nearest quarter, at most two to either side."""
    return xp.clip(xp.rint(shift / 0.25).astype(int) + len(SHIFTS) // 2, 0, len(SHIFTS) - 1)


def position_of(table: Table, cell: Array) -> Array:
    """The middle of a lattice cell on the scale."""
    return table.origin + (cell + 0.5) * table.width


def cell_of(table: Table, position: Array, *, xp: Any = np) -> Array:
    """The lattice cell that holds a position; positions off the scale take its ends."""
    cell = xp.floor((position - table.origin) / table.width).astype(int)
    return xp.clip(cell, 0, table.cells - 1)


def reachable(table: Table, cell: Array, sigma_class: Array, *, xp: Any = np) -> Array:
    """The lattice cells that a member may move to, (..., node); what would leave the scale stays in its edge cell."""
    return xp.clip(cell[..., None] + xp.asarray(table.offsets)[sigma_class], 0, table.cells - 1)


def row_of(table: Table, sigma_class: Array, nu_class: Array, shift: Array) -> Array:
    """The number of a row of the walk in the table's ladder."""
    _, nus, shifts, _ = table.masses.shape
    return (sigma_class * nus + nu_class) * shifts + shift


def propose(table: Table, row: Array, uniform: Array, *, xp: Any = np) -> Array:
    """The node that a uniform draw picks from a row of the random walk: inverse of the cumulated masses, same shape."""
    rungs = xp.asarray(table.ladder)
    first = row * RUNGS
    place = first
    half = RUNGS // 2
    while half:
        place = place + half * (rungs[place + (half - 1)] <= uniform)
        half //= 2
    return place - first


def walk_to(table: Table, cell: Array, sigma_class: Array, node: Array, *, xp: Any = np) -> Array:
    """The lattice cell of a node; what would leave the scale stays in its edge cell."""
    return xp.clip(cell + xp.asarray(table.offsets)[sigma_class, node], 0, table.cells - 1)


def walk(table: Table, sigma_class: Array, nu_class: Array, shift: Array, *, xp: Any = np) -> Array:
    """The random walk on the reachable cells, (..., node), summing to 1."""
    return xp.asarray(table.masses)[sigma_class, nu_class, shift]

"""Exact equilibria of small games, in fractions: all in pure strategies, all extreme ones of two players.

Two players: every extreme equilibrium is a pair of vertices of the two best-response polytopes that between them
leave no strategy both played and not best (Mangasarian 1964, key `mangasarian1964`). Vertices are screened in floating
point and confirmed in fractions, so that the answer is exact.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, islice, product
from math import comb, prod

import numpy as np
from numpy.typing import NDArray

from counterpoise._errors import SolveError, fault
from counterpoise.bargain.form import Form

Exact = tuple[Fraction, ...]
Profile = tuple[Exact, ...]

MAX_WORK = 1_000_000
MAX_BASES = 30_000
# Up to this many the answer comes well within a second.
QUICK_BASES = 4_000
BLOCK = 4_096
# A basis this far from feasible in floating point is not worth confirming.
SLACK = 1e-6


def can_enumerate_pure(form: Form) -> bool:
    """Whether the game is small enough for its pure equilibria to be listed."""
    return form.asked is None and prod(len(labels) for labels in form.labels) * len(form.exact) <= MAX_WORK


def can_enumerate_mixed(form: Form, *, limit: int = MAX_BASES) -> bool:
    """Whether the game has two players and few enough strategies for all extreme equilibria to be listed."""
    sizes = [len(labels) for labels in form.labels]
    return form.asked is None and len(sizes) == 2 and comb(sum(sizes), max(sizes)) <= limit


def pure_equilibria(form: Form) -> list[Profile]:
    """Every equilibrium in pure strategies. Raises `SolveError` (`E515`) where the game is too large."""
    if not can_enumerate_pure(form):
        raise _too_large("pure equilibria are listed in the strategic form, up to about 1,000 profiles")
    sizes = [len(labels) for labels in form.labels]
    worth = {cell: _payoffs(form, cell) for cell in product(*(range(size) for size in sizes))}
    found = []
    for cell, payoffs in worth.items():
        rivals = (
            (player, (*cell[:player], other, *cell[player + 1 :]))
            for player in range(len(sizes))
            for other in range(sizes[player])
        )
        if all(worth[rival][player] <= payoffs[player] for player, rival in rivals):
            found.append(
                tuple(
                    tuple(Fraction(int(at == pick)) for at in range(size))
                    for size, pick in zip(sizes, cell, strict=True)
                )
            )
    return found


def mixed_equilibria(form: Form) -> list[Profile]:
    """Every extreme equilibrium of two players, pure ones among them. Raises `SolveError` (`E515`) if too large."""
    if not can_enumerate_mixed(form):
        raise _too_large("extreme equilibria are listed for two players with about 16 strategies in all")
    rows, columns = (len(labels) for labels in form.labels)
    cells = {cell: _payoffs(form, cell) for cell in product(range(rows), range(columns))}
    first = [[cells[row, column][0] for column in range(columns)] for row in range(rows)]
    second = [[cells[row, column][1] for row in range(rows)] for column in range(columns)]
    # Labels: a player's own unplayed strategies, and the other's best replies.
    mine = [(point, {*idle, *(rows + best for best in replies)}) for point, idle, replies in _vertices(second)]
    theirs = [(point, {*(rows + at for at in idle), *replies}) for point, idle, replies in _vertices(first)]
    everything = set(range(rows + columns))
    return [(x, y) for x, mine_out in mine for y, theirs_out in theirs if mine_out | theirs_out == everything]


def _payoffs(form: Form, cell: tuple[int, ...]) -> Exact:
    """Exact expected payoffs of a profile of pure strategies."""
    alive = np.ones(len(form.exact), bool)
    for fit, option in zip(form.fits, cell, strict=True):
        alive &= fit[:, option] > 0
    total = [Fraction(0)] * len(form.players)
    for leaf in np.flatnonzero(alive):
        chance, payoffs = form.exact[leaf]
        total = [sum_ + chance * payoff for sum_, payoff in zip(total, payoffs, strict=True)]
    return tuple(total)


def _vertices(replies: list[list[Fraction]]) -> list[tuple[Exact, set[int], set[int]]]:
    """Mixtures at which the other's best reply changes: each with its unplayed strategies and those best replies.

    `replies[reply][strategy]` is what a reply earns its owner against a pure strategy.
    """
    low = min(min(row) for row in replies)
    # Only differences count; with all payoffs at least 1 the mixtures x / sum(x), replies @ x <= 1, are bounded.
    matrix = [[value - low + 1 for value in row] for row in replies]
    size = len(matrix[0])
    sides = [[Fraction(-int(at == own)) for at in range(size)] for own in range(size)] + matrix
    bounds = [Fraction(0)] * size + [Fraction(1)] * len(matrix)
    found: dict[Exact, tuple[set[int], set[int]]] = {}
    for basis in _promising(np.array(sides, float), np.array(bounds, float), size):
        point = _solve([sides[at] for at in basis], [bounds[at] for at in basis])
        if point is None or not any(point) or point in found:
            continue
        heights = [sum(a * b for a, b in zip(side, point, strict=True)) for side in sides]
        if all(height <= bound for height, bound in zip(heights, bounds, strict=True)):
            tight = {at for at, (height, bound) in enumerate(zip(heights, bounds, strict=True)) if height == bound}
            found[point] = ({at for at in tight if at < size}, {at - size for at in tight if at >= size})
    return [(tuple(value / sum(point) for value in point), *labels) for point, labels in found.items()]


def _promising(sides: NDArray[np.float64], bounds: NDArray[np.float64], size: int) -> list[tuple[int, ...]]:
    """Sets of `size` constraints whose common point may satisfy the rest, judged in floating point."""
    every = combinations(range(len(bounds)), size)
    kept: list[tuple[int, ...]] = []
    while block := list(islice(every, BLOCK)):
        index = np.array(block)
        system, goal = sides[index], bounds[index]
        sign, scale = np.linalg.slogdet(system)
        regular = (sign != 0) & (scale > -30.0)
        points = np.linalg.solve(system[regular], goal[regular][..., None])[..., 0]
        slack = (points @ sides.T - bounds).max(axis=1)
        reach = SLACK * (1 + np.abs(points).max(axis=1))
        chosen = np.zeros(len(block), bool)
        chosen[np.flatnonzero(regular)[slack <= reach]] = True
        # What floating point calls singular is left to the fractions.
        chosen |= ~regular & (sign != 0)
        kept += [basis for basis, good in zip(block, chosen, strict=True) if good]
    return kept


def _solve(rows: list[list[Fraction]], goal: list[Fraction]) -> Exact | None:
    """The exact solution of a square system, or None where it has none of its own."""
    size = len(goal)
    grid = [[*row, value] for row, value in zip(rows, goal, strict=True)]
    for column in range(size):
        pivot = next((at for at in range(column, size) if grid[at][column] != 0), None)
        if pivot is None:
            return None
        grid[column], grid[pivot] = grid[pivot], grid[column]
        head = grid[column][column]
        grid[column] = [value / head for value in grid[column]]
        for at in range(size):
            if at != column and (factor := grid[at][column]) != 0:
                grid[at] = [a - factor * b for a, b in zip(grid[at], grid[column], strict=True)]
    return tuple(row[-1] for row in grid)


def _too_large(rule: str) -> SolveError:
    fix = "ask for the quantal-response equilibrium alone"
    return SolveError([fault("E515", where="equilibria", found="a larger game", rule=rule, fix=fix)])

"""Quantal-response equilibrium by following the branch from the centroid: players err, less so for larger stakes.

Logit: each option is chosen with a chance proportional to exp(lambda x its expected payoff), given how all others
choose. Method: McKelvey and Palfrey 1995, 1998 (keys `mckelvey1995`, `mckelvey1998`); the branch is traced by a
predictor and a corrector in log probabilities after Turocy 2005, 2010 (keys `turocy2005`, `turocy2010`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from counterpoise._errors import SolveError, fault
from counterpoise.bargain.form import Form

Array = NDArray[np.float64]

FIRST_STEP, LONGEST_STEP, SHORTEST_STEP = 0.03, 8.0, 1e-9
MAX_STEPS = 5_000
MAX_RATE = 1e6
CLOSE, TURN = 1e-11, 0.97
MAX_OPTIONS = 400


@dataclass(frozen=True, slots=True)
class Branch:
    """The principal branch up to the first crossing of each lambda asked for.

    `mixtures[at][chooser]` are the chances at `lambdas[at]`. `folds` are the lambdas at which the branch turns back
    before the last crossing: between two folds the game has several equilibria. `crossings` are lambdas at which
    another branch crosses it; it is followed straight through. `steps` is the work done.
    """

    lambdas: tuple[float, ...]
    mixtures: tuple[tuple[Array, ...], ...]
    folds: tuple[float, ...]
    crossings: tuple[float, ...]
    steps: int


class _System:
    """The equations of a form in log probabilities `z`, one block per chooser, and their derivatives.

    Payoffs are taken relative to the middle of each player's and in units of the widest range (`scale`), which
    changes lambda by that factor and nothing else.
    """

    def __init__(self, form: Form) -> None:
        self.form = form
        sizes = [len(labels) for labels in form.labels]
        ends = np.cumsum(sizes)
        self.blocks = [slice(end - size, end) for end, size in zip(ends, sizes, strict=True)]
        self.size = int(ends[-1])
        high, low = form.payoffs.max(axis=0), form.payoffs.min(axis=0)
        self.scale = float((high - low).max()) or 1.0
        payoffs = (form.payoffs - (high + low) / 2) / self.scale
        self.stakes = [payoffs[:, player] for player in form.owner]

    def start(self) -> Array:
        return np.concatenate([np.full(len(labels), -np.log(len(labels))) for labels in self.form.labels])

    def values(self, logs: Array) -> tuple[Array, Array]:
        """Expected payoff of each option given the others, `[option]`, and its derivative by log odds."""
        return self._strategic(np.exp(logs)) if self.form.asked is None else self._agents(logs)

    def _strategic(self, odds: Array) -> tuple[Array, Array]:
        form = self.form
        reach = [fit @ odds[block] for fit, block in zip(form.fits, self.blocks, strict=True)]
        # The part that each of the options open at a leaf has in reaching it; 0 where none of them is ever played.
        shares = [
            np.divide(fit * odds[block], at[:, None], out=np.zeros_like(fit), where=at[:, None] > 0)
            for fit, block, at in zip(form.fits, self.blocks, reach, strict=True)
        ]
        share = np.hstack(shares)
        value, slope = np.zeros(self.size), np.zeros((self.size, self.size))
        for chooser, (block, rest) in enumerate(zip(self.blocks, _all_but_one(reach), strict=True)):
            worth = form.chance * rest * self.stakes[chooser]
            value[block] = form.fits[chooser].T @ worth
            slope[block] = (form.fits[chooser] * worth[:, None]).T @ share
            slope[block, block] = 0.0
        return value, slope

    def _agents(self, logs: Array) -> tuple[Array, Array]:
        """Values given that the agent's set is reached. In logs throughout: a set may be all but never reached."""
        form = self.form
        assert form.asked is not None
        odds = np.exp(logs)
        far = np.log(form.chance)
        steps, shares = [], []
        for fit, block, here in zip(form.fits, self.blocks, form.asked, strict=True):
            steps.append(np.where(here, fit @ logs[block], np.log(odds[block].sum())))
            shares.append(np.where(here[:, None], fit, odds[block] / odds[block].sum()))
        share, total = np.hstack(shares), far + sum(steps)
        value, slope = np.zeros(self.size), np.zeros((self.size, self.size))
        for chooser, block in enumerate(self.blocks):
            here = form.asked[chooser]
            if not here.any():
                # Chance never leads here: every action is worth the same.
                continue
            rest = (total - steps[chooser])[here]
            weight = np.exp(rest - rest.max())
            fit, stake, others = form.fits[chooser][here], self.stakes[chooser][here], share[here]
            # Below every action the weights sum to the same: the chance to get to the set.
            base = float(fit[:, 0] @ weight)
            value[block] = fit.T @ (weight * stake) / base
            reached = (fit[:, 0] * weight) @ others / base
            slope[block] = (fit * (weight * stake)[:, None]).T @ others / base - np.outer(value[block], reached)
            slope[block, block] = 0.0
        return value, slope

    def residual(self, point: Array) -> tuple[Array, Array]:
        """How far `(z, lambda)` is from equilibrium, and the matrix of derivatives `[size, size + 1]`."""
        logs, rate = point[:-1], point[-1]
        odds = np.exp(logs)
        value, slope = self.values(logs)
        miss = np.zeros(self.size)
        matrix = np.zeros((self.size, self.size + 1))
        for block in self.blocks:
            first = block.start
            rows = slice(first + 1, block.stop)
            miss[first] = odds[block].sum() - 1.0
            matrix[first, block] = odds[block]
            edge = value[rows] - value[first]
            miss[rows] = logs[rows] - logs[first] - rate * edge
            matrix[rows, :-1] = -rate * (slope[rows] - slope[first])
            matrix[rows, first] -= 1.0
            matrix[np.arange(first + 1, block.stop), np.arange(first + 1, block.stop)] += 1.0
            matrix[rows, -1] = -edge
        return miss, matrix


def _all_but_one(factors: list[Array]) -> list[Array]:
    """For each factor the product of all others, without dividing."""
    ahead = [np.ones_like(factors[0])]
    for factor in factors[:-1]:
        ahead.append(ahead[-1] * factor)
    behind = np.ones_like(factors[0])
    products = []
    for before, factor in zip(reversed(ahead), reversed(factors), strict=True):
        products.append(before * behind)
        behind = behind * factor
    return products[::-1]


def follow(form: Form, lambdas: list[float]) -> Branch:
    """The equilibria at the lambdas, on the branch that starts where all options are equally likely.

    `lambdas` are 0 or more, in the units of one over a payoff. Raises `SolveError` (`E512` too many options, `E513`
    where the branch cannot be followed that far).
    """
    system = _System(form)
    if system.size > MAX_OPTIONS:
        rule, fix = f"a branch is followed over at most {MAX_OPTIONS} options", "use the agent form, or cut it"
        raise SolveError([fault("E512", where="game", found=f"{system.size} options", rule=rule, fix=fix)])
    # Inside, lambda counts in units of the payoffs' range.
    scale = system.scale
    if max(lambdas, default=0.0) > MAX_RATE / scale:
        rule = f"lambda times the payoffs' range is at most {MAX_RATE:g}"
        fix = f"ask for at most {MAX_RATE / scale:g}; choices are as good as certain long before"
        asked = f"lambda {max(lambdas):g}"
        raise SolveError([fault("E513", where="quantal response", found=asked, rule=rule, fix=fix)])
    wanted = sorted({rate * scale for rate in lambdas})
    found: dict[float, Array] = {}
    point = np.append(system.start(), 0.0)
    if wanted and wanted[0] == 0.0:
        found[wanted.pop(0)] = point[:-1]
    folds: list[float] = []
    crossings: list[float] = []
    _, matrix = system.residual(point)
    tangent, turn = _tangent(matrix, np.append(np.zeros(system.size), 1.0))
    step, steps = FIRST_STEP, 0
    while wanted:
        if steps >= MAX_STEPS or step < SHORTEST_STEP:
            raise _lost(point[-1] / scale, wanted[0] / scale, steps)
        steps += 1
        guess = point + step * tangent
        corrected = _correct(system, guess, tangent)
        if corrected is None:
            step /= 2
            continue
        after, matrix, tries = corrected
        ahead, ahead_turn = _tangent(matrix, tangent)
        if ahead @ tangent < TURN or after[-1] < 0:
            step /= 2
            continue
        while wanted and after[-1] >= wanted[0]:
            found[wanted[0]] = _at(system, point, after, wanted[0])
            wanted.pop(0)
        # Past the last crossing asked for, turns are nobody's business.
        if wanted and ahead[-1] * tangent[-1] < 0:
            # The top of the parabola with these slopes at its ends.
            arc = float(np.linalg.norm(after - point))
            folds.append(float(point[-1] + arc * tangent[-1] ** 2 / (2 * (tangent[-1] - ahead[-1]))))
        elif wanted and ahead_turn * turn < 0:
            crossings.append(float(point[-1] + (after[-1] - point[-1]) * turn / (turn - ahead_turn)))
        turn, point, tangent = ahead_turn, after, ahead
        step = min(step * (1.7 if tries <= 3 else 1.0 if tries <= 4 else 0.7), LONGEST_STEP + 0.2 * point[-1])
    return Branch(
        tuple(lambdas),
        tuple(tuple(np.exp(found[rate * scale][block]) for block in system.blocks) for rate in lambdas),
        tuple(rate / scale for rate in folds),
        tuple(rate / scale for rate in crossings),
        steps,
    )


def _tangent(matrix: Array, before: Array) -> tuple[Array, float]:
    """The direction of the branch, onwards from `before`, and a number that is 0 where branches cross."""
    square = np.vstack([matrix, before])
    target = np.zeros(len(before))
    target[-1] = 1.0
    try:
        direction = np.linalg.solve(square, target)
    except np.linalg.LinAlgError:
        direction = np.linalg.svd(matrix)[2][-1]
        direction = direction if direction @ before >= 0 else -direction
    direction = direction / np.linalg.norm(direction)
    sign, size = np.linalg.slogdet(np.vstack([matrix, direction]))
    return np.asarray(direction, np.float64), float(sign * np.exp(np.clip(size, -300.0, 300.0)))


def _correct(system: _System, guess: Array, tangent: Array) -> tuple[Array, Array, int] | None:
    """Newton's method across the direction of travel; None where it does not come home quickly."""
    point = guess.copy()
    last = np.inf
    for tries in range(1, 9):
        miss, matrix = system.residual(point)
        try:
            move = np.linalg.solve(np.vstack([matrix, tangent]), -np.append(miss, tangent @ (point - guess)))
        except np.linalg.LinAlgError:
            return None
        length = float(np.linalg.norm(move))
        if not np.isfinite(length) or length > 0.5 or length > 2 * last:
            return None
        point = point + move
        # Log odds far below zero must not decide: what is that unlikely is as good as never.
        if length < CLOSE * (1 + np.abs(point).max()):
            return point, matrix, tries
        last = length
    return None


def _at(system: _System, before: Array, after: Array, rate: float) -> Array:
    """The log odds at exactly this lambda between two points of the branch."""
    share = (rate - before[-1]) / (after[-1] - before[-1])
    point = before + share * (after - before)
    point[-1] = rate
    for _ in range(50):
        miss, matrix = system.residual(point)
        move = np.linalg.solve(matrix[:, :-1], -miss)
        point[:-1] += move
        if np.linalg.norm(move) < CLOSE * (1 + np.abs(point).max()):
            return point[:-1]
    raise _lost(before[-1] / system.scale, rate / system.scale, 50)


def _lost(reached: float, wanted: float, steps: int) -> SolveError:
    found = f"lambda {reached:.4g} of {wanted:g} after {steps:,} steps"
    rule = "the branch can be followed from lambda 0 to the lambda asked for"
    fix = "ask for a smaller lambda, or scale the payoffs to a range near 1"
    return SolveError([fault("E513", where="quantal response", found=found, rule=rule, fix=fix)])

"""Statements about commitments as shares of draws, with the value of a stake at which each would flip.

A statement compares how the three commitments are played in the same draw; its probability is the share of draws in
which it holds, and its break-even in a stake the values at which that share crosses one half, all other stakes at
their draws.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from counterpoise._errors import InputError, fault
from counterpoise.bargain.ambiguity import Play, Range, Stakes, draw_stakes, play, scales
from counterpoise.bargain.commitment import LAMBDAS, stake_names

Array = NDArray[np.float64]

POINTS = 21

# Name -> (the statement in words, whether it holds in each draw).
STATEMENTS: dict[str, tuple[str, Callable[[dict[str, Play]], NDArray[np.bool_]]]] = {
    "formal_risks_confrontation": (
        "A formal guarantee would draw its giver into more war than the ambiguous commitment does.",
        lambda plays: plays["formal"].joined > plays["ambiguous"].joined,
    ),
    "support_without_pact_deters": (
        "The ambiguous commitment makes a challenge less likely than none would.",
        lambda plays: plays["ambiguous"].pressed < plays["none"].pressed,
    ),
    "no_substitute_for_a_guarantee": (
        "The ambiguous commitment leaves a challenge likelier than a formal guarantee would.",
        lambda plays: plays["ambiguous"].pressed > plays["formal"].pressed,
    ),
    "ambiguity_suits_the_guarantor": (
        "The ambiguous commitment leaves its giver better off than a formal guarantee would.",
        lambda plays: plays["ambiguous"].payoffs[:, 2] > plays["formal"].payoffs[:, 2],
    ),
    "guarantee_emboldens": (
        "A formal guarantee would make the protege bolder than the ambiguous commitment does.",
        lambda plays: plays["formal"].bold > plays["ambiguous"].bold,
    ),
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """The probability of a statement by lambda, and where it flips.

    `shares[lambda]`; `break_even[stake]` lists the stake's values in its range at which the share at `rate` crosses
    one half, none where it cannot flip in range.
    """

    statement: str
    shares: dict[float, float]
    rate: float
    break_even: dict[str, list[float]]


def judge_statement(
    stakes: Stakes,
    name: str,
    *,
    seed: int,
    draws: int = 500,
    rate: float = 5.0,
    lambdas: tuple[float, ...] = LAMBDAS,
) -> Judgement:
    """How likely a named statement is over the stakes' ranges, at each lambda, and what would flip it at `rate`.

    Raises `InputError` (`E204` for a name that is none of `STATEMENTS`).
    """
    if name not in STATEMENTS:
        rule = f"the statements are {', '.join(STATEMENTS)}"
        raise InputError([fault("E204", where="statement", found=repr(name), rule=rule, fix="choose one of them")])
    drawn = draw_stakes(stakes, seed=seed, draws=draws)
    shares = {level: _share(drawn, name, level) for level in lambdas}
    flips: dict[str, list[float]] = {}
    for stake in stake_names():
        found: Range = getattr(stakes, stake)
        if found.high > found.low:
            grid = np.linspace(found.low, found.high, POINTS)
            curve = np.array([_share({**drawn, stake: np.full(draws, value)}, name, rate) for value in grid])
            flips[stake] = _roots(grid, curve - 0.5)
    return Judgement(STATEMENTS[name][0], shares, rate, flips)


def _share(drawn: dict[str, Array], name: str, rate: float) -> float:
    regimes = {"none": np.ones_like(drawn["formal"]), "ambiguous": drawn["ambiguity"], "formal": drawn["formal"]}
    scale = scales(drawn, regimes)
    plays: dict[str, Any] = {kind: play(drawn, level, scale, rate) for kind, level in regimes.items()}
    return float(STATEMENTS[name][1](plays).mean())


def _roots(grid: Array, height: Array) -> list[float]:
    """Where a curve given on a grid crosses 0, by straight lines between its points."""
    roots = []
    for at in range(len(grid) - 1):
        low, high = height[at], height[at + 1]
        if low == 0 or low * high < 0:
            roots.append(float(grid[at] + (grid[at + 1] - grid[at]) * (low / (low - high) if low != high else 0.0)))
    if height[-1] == 0:
        roots.append(float(grid[-1]))
    return roots

"""Statements about commitments as shares of draws, with the value of a stake at which each would flip.

A statement compares how two commitments are played in the same draw; its probability is the share of draws in which
the difference is large enough to count, and its break-even in a stake the values at which that share crosses one
half, all other stakes at their draws.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from counterpoise._errors import Fault, InputError, fault
from counterpoise.bargain.ambiguity import SHARES, Play, Range, Stakes, draw_stakes, payoffs, respond, scales
from counterpoise.bargain.commitment import LAMBDAS, stake_names

Array = NDArray[np.float64]

POINTS = 21
LEVELS = {"p05": 0.05, "p50": 0.5, "p95": 0.95}


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement in words: that there is more of something under commitment `one` as played than under `other`."""

    words: str
    one: str
    other: str
    of: Callable[[Play], Array]

    def difference(self, one: Play, other: Play) -> Array:
        """By how much it holds, by draw: above 0 where it does."""
        return self.of(one) - self.of(other)


def _challenge(play: Play) -> Array:
    return play.pressed


def _war_of_the_guarantor(play: Play) -> Array:
    return play.joined


def _boldness(play: Play) -> Array:
    return play.bold


def _worth_to_protege(play: Play) -> Array:
    return play.payoffs[:, 1]


def _worth_to_guarantor(play: Play) -> Array:
    return play.payoffs[:, 2]


# Besides `none`, `ambiguous` and `formal`: the ambiguous commitment of a guarantor with `slight` or `substantial`
# support, that is with resolve and help at the low or at the high end of their ranges.
STATEMENTS: dict[str, Statement] = {
    "formal_risks_confrontation": Statement(
        "A formal guarantee would draw its giver into more war than the ambiguous commitment does.",
        "formal",
        "ambiguous",
        _war_of_the_guarantor,
    ),
    "support_without_pact_deters": Statement(
        "The ambiguous commitment makes a challenge less likely than none would.",
        "none",
        "ambiguous",
        _challenge,
    ),
    "no_substitute_for_a_guarantee": Statement(
        "The ambiguous commitment leaves a challenge likelier than a formal guarantee would.",
        "ambiguous",
        "formal",
        _challenge,
    ),
    "guarantee_serves_the_protege_better": Statement(
        "A formal guarantee would leave the protege better off than the ambiguous commitment does.",
        "formal",
        "ambiguous",
        _worth_to_protege,
    ),
    "pact_invites_challenge": Statement(
        "A formal guarantee would make a challenge likelier than the ambiguous commitment does.",
        "formal",
        "ambiguous",
        _challenge,
    ),
    "substantial_support_deters": Statement(
        "Substantial support under the ambiguous commitment makes a challenge less likely than slight support.",
        "slight",
        "substantial",
        _challenge,
    ),
    "ambiguity_suits_the_guarantor": Statement(
        "The ambiguous commitment leaves its giver better off than a formal guarantee would.",
        "ambiguous",
        "formal",
        _worth_to_guarantor,
    ),
    "guarantee_emboldens": Statement(
        "A formal guarantee would make the protege bolder than the ambiguous commitment does.",
        "formal",
        "ambiguous",
        _boldness,
    ),
}
SUPPORT = ("resolve", "help")


@dataclass(frozen=True, slots=True)
class Judgement:
    """The probability of a statement by lambda, how large the difference is, and where the statement flips.

    `shares[lambda]`, and `sizes[lambda]` with the 5th, 50th and 95th percentile of the difference (in chances, or for
    payoffs in shares of a player's range). `probability` is the mean of the shares. `break_even[stake]` lists the
    stake's values, from 0 to 1 for a share and in its judged range otherwise, at which the share at `rate` (the mean
    over all lambdas if None) crosses one half; none where it cannot.
    """

    statement: str
    shares: dict[float, float]
    sizes: dict[float, dict[str, float]]
    rate: float | None
    break_even: dict[str, list[float]]

    @property
    def probability(self) -> float:
        return float(np.mean(list(self.shares.values())))


def judge_statement(
    stakes: Stakes,
    name: str | Sequence[str],
    *,
    seed: int,
    draws: int = 500,
    rate: float | None = 5.0,
    lambdas: tuple[float, ...] = LAMBDAS,
    least: tuple[float, float] = (0.0, 0.0),
    flip_draws: int | None = None,
) -> Judgement:
    """How likely a named statement is over the stakes' ranges, at each lambda, and what would flip it at `rate`.

    A difference counts from `least` on, a range from which each draw takes its own bar: at small lambdas nearly all
    is chance, and differences without any weight would decide. Several names ask whether all hold in the same draw;
    the smallest difference is then the one that counts. `flip_draws` (all if None, 0 for none sought) of the draws
    are used for the break-evens. Raises `InputError` (`E204`: a name that is none of `STATEMENTS`, a range out of
    order).
    """
    names = (name,) if isinstance(name, str) else tuple(name)
    rule = f"the statements are {', '.join(STATEMENTS)}"
    unknown = [found for found in names if found not in STATEMENTS] if names else [""]
    faults: list[Fault] = [
        fault("E204", where="statement", found=repr(found), rule=rule, fix="choose one of them") for found in unknown
    ]
    if not 0 <= least[0] <= least[1] or not lambdas or (flip_draws is not None and flip_draws < 0):
        rule = "least is a range from 0 up, there is a lambda, and break-evens take no fewer than 0 draws"
        found = f"least {least}, lambdas {lambdas}, flip_draws {flip_draws}"
        faults.append(fault("E204", where="least", found=found, rule=rule, fix="mend the argument"))
    if faults:
        raise InputError(faults)
    drawn = draw_stakes(stakes, seed=seed, draws=draws)
    bar = least[0] + (least[1] - least[0]) * np.random.default_rng([seed, 1]).random(draws)
    sizes = _smallest(drawn, stakes, names, lambdas)
    return Judgement(
        " ".join(STATEMENTS[found].words for found in names),
        {level: float((row > bar).mean()) for level, row in zip(lambdas, sizes, strict=True)},
        {
            level: dict(zip(LEVELS, np.quantile(row, list(LEVELS.values())).tolist(), strict=True))
            for level, row in zip(lambdas, sizes, strict=True)
        },
        rate,
        _flips(
            drawn,
            bar,
            stakes,
            names,
            lambdas if rate is None else (rate,),
            draws if flip_draws is None else min(flip_draws, draws),
        ),
    )


def _flips(
    drawn: dict[str, Array], bar: Array, stakes: Stakes, names: tuple[str, ...], lambdas: tuple[float, ...], draws: int
) -> dict[str, list[float]]:
    """Each stake's values at which the share of draws, averaged over lambdas, crosses one half."""
    if not draws:
        return {}
    repeated = {stake: np.tile(values[:draws], POINTS) for stake, values in drawn.items()}
    bars = np.tile(bar[:draws], POINTS)
    flips: dict[str, list[float]] = {}
    for stake in stake_names():
        judged: Range = getattr(stakes, stake)
        low, high = (0.0, 1.0) if stake in SHARES else (judged.low, judged.high)
        # What the statement itself sets, or what is fixed, cannot be varied.
        if high <= low or (stake in SUPPORT and any(STATEMENTS[name].one == "slight" for name in names)):
            continue
        grid = np.linspace(low, high, POINTS)
        found = _smallest({**repeated, stake: np.repeat(grid, draws)}, stakes, names, lambdas)
        curve = (found > bars).mean(axis=0).reshape(POINTS, draws).mean(axis=1)
        flips[stake] = _roots(grid, curve - 0.5)
    return flips


def _smallest(drawn: dict[str, Array], stakes: Stakes, names: tuple[str, ...], lambdas: tuple[float, ...]) -> Array:
    """The smallest of the statements' differences by lambda and draw: all hold where it is large enough."""
    found = np.stack([_differences(drawn, stakes, name, lambdas) for name in names])
    smallest: Array = found.min(axis=0)
    return smallest


def _differences(drawn: dict[str, Array], stakes: Stakes, name: str, lambdas: tuple[float, ...]) -> Array:
    """The statement's difference by lambda and draw; lambda means the same for every commitment compared."""
    told = STATEMENTS[name]
    one, other = _faced(drawn, stakes, told.one), _faced(drawn, stakes, told.other)
    base = {"none": np.ones_like(drawn["formal"]), "ambiguous": drawn["ambiguity"], "formal": drawn["formal"]}
    scale = np.maximum(scales(one, base), scales(other, base)) if told.one == "slight" else scales(drawn, base)
    levels = {**base, "slight": base["ambiguous"], "substantial": base["ambiguous"]}
    sides = [
        (payoffs(values, levels[regime]) / scale[:, None, None, None, :], values["resolve"])
        for values, regime in ((one, told.one), (other, told.other))
    ]
    return np.stack([told.difference(*(respond(worth, resolve, rate) for worth, resolve in sides)) for rate in lambdas])


def _faced(drawn: dict[str, Array], stakes: Stakes, regime: str) -> dict[str, Array]:
    """The stakes as a commitment faces them: support at one end of its range where the commitment is about that."""
    if regime not in ("slight", "substantial"):
        return drawn
    end = "low" if regime == "slight" else "high"
    fixed = {name: np.full_like(drawn[name], getattr(getattr(stakes, name), end)) for name in SUPPORT}
    return {**drawn, **fixed}


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

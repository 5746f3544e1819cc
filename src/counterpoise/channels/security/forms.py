"""What protection is worth, in closed form: expected yearly loss from attack, promises, arms that wear out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from counterpoise._errors import Fault, InputError, fault

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True)
class Rival:
    """One rival by draw: the yearly `hazard` of attack if nobody protects the target, and what it would cost.

    `loss` is what an attack costs on average over the rungs it may climb, in per cent of GDP; `catastrophe` the chance
    that an attack takes land or becomes a war, `ruin` its cost.
    """

    name: str
    hazard: Array
    loss: Array
    catastrophe: Array
    ruin: Array


def protection(credibility: ArrayLike, effect: ArrayLike, ambiguity: ArrayLike) -> Array:
    """The share of attacks that one guarantor's promise prevents, in [0, 1].

        credibility x effect x (1 - ambiguity)

    `effect` [0, 1] is what a promise that everyone believed would prevent: never below 0 (a guarantee is not taken to
    invite attack), a judgement. `ambiguity` [0, 1] is 0 for an automatic duty to fight and 1 for words alone.

    >>> float(protection(0.5, 0.5, 0.5))
    0.125
    """
    _refuse(credibility=credibility, effect=effect, ambiguity=ambiguity)
    belief, most, vague = (np.asarray(v, dtype=float) for v in (credibility, effect, ambiguity))
    return np.asarray(belief * most * (1.0 - vague))


def prevented(protections: Sequence[ArrayLike], draws: int) -> Array:
    """The share of attacks that all guarantors prevent together: their sum, never more than all."""
    total = np.zeros(draws)
    for one in protections:
        total = total + np.asarray(one, dtype=float)
    return np.asarray(np.minimum(1.0, total))


def expected_loss(rivals: Sequence[Rival], prevented_by: Mapping[str, Array], worse: ArrayLike = 0.0) -> Array:
    """The expected annual loss from attack in per cent of GDP: hazard x loss x the share not prevented, summed.

    `prevented_by[rival]` [0, 1] is the share of that rival's attacks prevented; `worse` >= 0 raises the loss of every
    attack (arms that do not work). Method: METHODS, law of motion, `L_i`.
    """
    draws = len(rivals[0].hazard)
    more = 1.0 + np.asarray(worse, dtype=float)
    total = np.zeros(draws)
    for rival in rivals:
        total = total + rival.hazard * rival.loss * more * (1.0 - prevented_by[rival.name])
    return total


def catastrophe(rivals: Sequence[Rival], prevented_by: Mapping[str, Array]) -> Array:
    """The chance in a year that some rival takes land or goes to war, over rivals that act apart."""
    spared = np.ones(len(rivals[0].hazard))
    for rival in rivals:
        spared = spared * (1.0 - rival.hazard * rival.catastrophe * (1.0 - prevented_by[rival.name]))
    return np.asarray(1.0 - spared)


def attack_loss(shares: Mapping[str, ArrayLike], losses: Mapping[str, ArrayLike]) -> Array:
    """What an attack costs on average: the cost of each rung times its share. Same unit as the losses."""
    total = sum(np.asarray(shares[rung], dtype=float) * np.asarray(losses[rung], dtype=float) for rung in shares)
    return np.asarray(total)


def stock_share(shares: Sequence[float], kept: ArrayLike, years: float = 5.0) -> Array:
    """A supplier's part in the arms a client still has, from its part in imports by window, newest first.

        sum_k shares_k kept^(k years) / sum_k kept^(k years)

    `shares` [0, 1] by window of `years`; `kept` (0, 1] is what a year leaves of a weapon's use. Every window counts as
    the same volume, since only shares are public.

    >>> float(stock_share([0.0, 1.0], 0.9, 5.0).round(3))
    0.371
    """
    _refuse(shares=shares, kept=kept)
    keep = np.asarray(kept, dtype=float)
    weights = [keep ** (k * years) for k in range(len(shares))]
    whole = np.zeros_like(keep)
    own = np.zeros_like(keep)
    for share, weight in zip(shares, weights, strict=True):
        own, whole = own + share * weight, whole + weight
    return np.asarray(own / whole)


def readiness_lost(
    stock: ArrayLike, decay: Mapping[str, ArrayLike], mix: Mapping[str, ArrayLike], years: float
) -> Array:
    """The part of a client's fighting power that stops working when a supplier ends spare parts, after some years.

        stock x sum_class mix_class (1 - (1 - decay_class)^years)

    `decay` [0, 1] a year without parts and `mix` >= 0 (scaled to sum 1) by class of weapon.

    >>> float(readiness_lost(0.5, {"guns": 0.25, "aircraft": 0.5}, {"guns": 1, "aircraft": 1}, 1.0))
    0.1875
    """
    _refuse(stock=stock, **{f"decay of {name}": value for name, value in decay.items()})
    whole = sum(np.asarray(value, dtype=float) for value in mix.values())
    gone = np.zeros_like(np.asarray(stock, dtype=float))
    for name, rate in decay.items():
        part = np.asarray(mix[name], dtype=float) / whole
        gone = gone + part * (1.0 - (1.0 - np.asarray(rate, dtype=float)) ** years)
    return np.asarray(np.asarray(stock, dtype=float) * gone)


def _refuse(**arguments: ArrayLike | Sequence[float]) -> None:
    """Refuse with `E204` every share out of [0, 1], all at once."""
    faults: list[Fault] = []
    for name, given in arguments.items():
        values = np.asarray(given, dtype=float)
        bad = ~((values >= 0) & (values <= 1))
        if bad.any():
            rule = f"{name} lies between 0 and 1"
            found = f"{values[bad].flat[0]:g}"
            faults.append(fault("E204", where=name, found=found, rule=rule, fix="mend the range it is drawn from"))
    if faults:
        raise InputError(faults)

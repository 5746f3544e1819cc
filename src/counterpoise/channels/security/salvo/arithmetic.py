"""The arithmetic of a missile exchange: Hughes's salvo equations and their stochastic form, over classes and draws."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any, Literal

import numpy as np
from scipy.stats import binom

from counterpoise._errors import SolveError, fault

Array = np.ndarray[Any, np.dtype[Any]]
Allocation = Literal["proportional", "uniform", "worst"]
ALLOCATIONS: tuple[Allocation, ...] = ("proportional", "uniform", "worst")
# The worst allocation tries every set of classes to sink whole: beyond this many of worth it takes too long.
MAX_WORST = 10


@dataclass(frozen=True, slots=True)
class Side:
    """A fleet by class of ship; every array has the shape (class, draw).

    `number` of ships; `salvo` anti-ship missiles a ship fires in one salvo and `hit` the chance that one flies true;
    `defence` tries of a ship to stop missiles in one salvo and `intercept` the chance that a try succeeds; `staying`
    hits that put a ship out of action.
    """

    name: str
    classes: tuple[str, ...]
    number: Array
    salvo: Array
    defence: Array
    staying: Array
    hit: Array
    intercept: Array

    @property
    def value(self) -> Array:
        """Combat value by draw: ships, times missiles fired true and stopped in a salvo, times staying power."""
        power = self.salvo * self.hit + self.defence * self.intercept
        return np.asarray((self.number * power * self.staying).sum(axis=0))

    @property
    def ships(self) -> Array:
        return np.asarray(self.number.sum(axis=0))


@dataclass(frozen=True, slots=True)
class Volley:
    """What one side's fire does to the other in a salvo; arrays are (class, draw), `fired` is (draw,).

    `potential` is the losses before the cap: more than the ships present is overkill.
    """

    fired: Array
    stopped: Array
    potential: Array
    losses: Array


@dataclass(frozen=True, slots=True)
class Round:
    """One exchange: the volley that each side receives (none where the other did not fire) and the sides after it."""

    received: dict[str, Volley]
    after: dict[str, Side]


def fire(attacker: Side, target: Side, allocation: Allocation = "proportional") -> Volley:
    """Losses from one salvo on average: missiles that get through, over staying power, never more than the ships.

        losses of class j = min(n_j, max(0, aimed_j - n_j defence_j intercept_j) / staying_j)

    with `aimed_j` the attacker's missiles that fly true, split over classes by `allocation`. Each class defends
    itself. Method: Hughes 1995 (key `hughes1995`).
    """
    aimed = _true(attacker).sum(axis=0) * shares(target, _true(attacker).sum(axis=0), allocation)
    able = target.number * target.defence * target.intercept
    potential = np.maximum(0.0, aimed - able) / target.staying
    losses = np.minimum(target.number, potential)
    return Volley((attacker.number * attacker.salvo).sum(axis=0), np.minimum(aimed, able), potential, losses)


def fire_by_chance(
    attacker: Side, target: Side, uniform: Callable[[str], Array], allocation: Allocation = "proportional"
) -> Volley:
    """Losses from one salvo by draw: each missile flies true and each try to stop one succeeds by chance.

    `uniform(name)` gives the numbers in [0, 1) behind each chance, shape (draw,). Each hit does the same damage,
    `1 / staying`. Method: Armstrong 2005 (key `armstrong2005`), with binomial offence and defence.
    """
    missiles = np.rint(attacker.number * attacker.salvo)
    true = sum(
        (_binomial(uniform(f"true:{i}"), missiles[i], attacker.hit[i]) for i in range(len(missiles))),
        start=np.zeros(missiles.shape[1]),
    )
    aimed = _split(true, shares(target, _true(attacker).sum(axis=0), allocation), uniform)
    tries = np.rint(target.number * target.defence)
    able = np.array([_binomial(uniform(f"stop:{j}"), tries[j], target.intercept[j]) for j in range(len(tries))])
    potential = np.maximum(0.0, aimed - able) / target.staying
    losses = np.minimum(target.number, potential)
    return Volley(missiles.sum(axis=0), np.minimum(aimed, able), potential, losses)


def battle(
    one: Side,
    other: Side,
    *,
    rounds: int = 1,
    allocation: Allocation = "proportional",
    first: str | None = None,
    uniform: Callable[[str], Array] | None = None,
) -> list[Round]:
    """The exchanges of a battle: both sides fire at once, except that `first` fires alone in the first of them.

    `rounds` is how many salvos each ship carries. Without `uniform` losses are averages, with it they are drawn.
    """
    sides = {one.name: one, other.name: other}
    foe = {one.name: other.name, other.name: one.name}
    fought = []
    for number in range(1, rounds + 1):
        firing = [name for name in sides if number > 1 or first in {None, name}]
        received = {}
        for name in firing:
            if uniform is None:
                received[foe[name]] = fire(sides[name], sides[foe[name]], allocation)
            else:
                chance = _named(uniform, f"{number}:{name}")
                received[foe[name]] = fire_by_chance(sides[name], sides[foe[name]], chance, allocation)
        sides = {
            name: replace(side, number=side.number - received[name].losses) if name in received else side
            for name, side in sides.items()
        }
        fought.append(Round(received, dict(sides)))
    return fought


def shares(target: Side, true: Array, allocation: Allocation) -> Array:
    """How fire is split over the target's classes, shape (class, draw): sums to 1 wherever there is a ship to aim at.

    `proportional`: every ship is as likely to be aimed at. `uniform`: every class that has ships. `worst`: the split
    that destroys most combat value on average, found by trying every set of classes sunk whole.
    """
    present = target.number > 0
    if allocation == "worst":
        return _worst(target, true)
    weight = target.number if allocation == "proportional" else present.astype(float)
    total = weight.sum(axis=0)
    return np.asarray(np.divide(weight, total, out=np.zeros_like(weight, dtype=float), where=total > 0))


def loss_distribution(
    missiles: int, hit: float, tries: int, intercept: float, ships: float, staying: float
) -> tuple[Array, Array]:
    """Ships lost to one salvo and the chance of each number, by enumeration of every hit and every stop.

    >>> lost, chance = loss_distribution(1, 0.5, 0, 0.0, 2, 1.0)
    >>> lost, chance
    (array([0., 1.]), array([0.5, 0.5]))
    """
    arriving = binom.pmf(np.arange(missiles + 1), missiles, hit)
    stopped = binom.pmf(np.arange(tries + 1), tries, intercept)
    through = np.maximum(0, np.arange(missiles + 1)[:, None] - np.arange(tries + 1))
    lost = np.minimum(ships, through / staying)
    values, index = np.unique(lost, return_inverse=True)
    return values, np.bincount(index.ravel(), weights=np.outer(arriving, stopped).ravel(), minlength=len(values))


def _true(side: Side) -> Array:
    """Missiles of a salvo that fly true, by class."""
    return np.asarray(side.number * side.salvo * side.hit)


def _worst(target: Side, true: Array) -> Array:
    """The split that destroys most value: damage by class is flat, then linear, then flat again in the fire on it.

    So at the optimum some classes are sunk whole, at most one in part, and the rest are left alone.
    """
    worth = target.number * (target.salvo * target.hit + target.defence * target.intercept) * target.staying
    # Ships that neither shoot nor defend are worth no missile; if there are no others, every ship is alike.
    aims = [index for index in range(len(worth)) if (worth[index] > 0).any()]
    if not aims:
        return shares(target, true, "proportional")
    if len(aims) > MAX_WORST:
        rule = f"the worst allocation is searched over at most {MAX_WORST} classes of worth in a fleet"
        fix = "join classes that are alike, or use --allocation proportional"
        raise SolveError([fault("E444", where=target.name, found=f"{len(aims)} classes", rule=rule, fix=fix)])
    screen = target.number * target.defence * target.intercept
    whole = screen + target.number * target.staying
    best = np.full(true.shape, -1.0)
    split = np.zeros_like(whole)
    for sunk in (list(group) for size in range(len(aims) + 1) for group in combinations(aims, size)):
        left = true - whole[sunk].sum(axis=0)
        # The last class takes all that is left, be it enough to hurt or not.
        for last in [index for index in aims if index not in sunk] or [sunk[-1]]:
            part = np.clip((left - screen[last]) / np.maximum(whole[last] - screen[last], 1e-300), 0.0, 1.0)
            gain = worth[sunk].sum(axis=0) + (0.0 if last in sunk else part * worth[last])
            better = (left >= 0) & (gain > best)
            best = np.where(better, gain, best)
            fresh = np.zeros_like(whole)
            fresh[sunk] = whole[sunk]
            fresh[last] += np.maximum(left, 0.0)
            split = np.where(better, fresh, split)
    return np.asarray(np.divide(split, true, out=np.zeros_like(split), where=true > 0))


def _split(total: Array, parts: Array, uniform: Callable[[str], Array]) -> Array:
    """Each of `total` missiles picks a class by itself with the chances `parts`: one binomial after the other."""
    aimed = np.zeros_like(parts)
    left, chance_left = total.copy(), np.ones_like(total)
    for j, part in enumerate(parts):
        chance = np.clip(np.divide(part, chance_left, out=np.zeros_like(part), where=chance_left > 1e-12), 0.0, 1.0)
        aimed[j] = _binomial(uniform(f"aim:{j}"), left, chance)
        left = left - aimed[j]
        chance_left = chance_left - part
    return aimed


def _binomial(share: Array, count: Array, chance: Array) -> Array:
    """Binomial draws by the inverse of the distribution function; at a share of 0 the inverse is -1."""
    return np.asarray(np.maximum(0.0, binom.ppf(share, count, chance)))


def _named(uniform: Callable[[str], Array], prefix: str) -> Callable[[str], Array]:
    return lambda name: uniform(f"{prefix}:{name}")

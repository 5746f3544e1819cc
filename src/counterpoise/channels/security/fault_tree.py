"""How a loss can come about: a fault tree with ranges, its minimal cut sets, and which event matters most."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any, Literal

import numpy as np

from counterpoise._errors import InputError, fault

Array = np.ndarray[Any, np.dtype[Any]]
MAX_EVENTS = 18


@dataclass(frozen=True, slots=True)
class Gate:
    """A cause that needs `all` of its parts, or `any` of them; a part is a gate or the name of a basic event."""

    name: str
    kind: Literal["all", "any"]
    parts: tuple[Gate | str, ...]


def events(tree: Gate) -> tuple[str, ...]:
    """The basic events of a tree, each once, in the order in which they stand."""
    found: list[str] = []
    for part in tree.parts:
        found += [part] if isinstance(part, str) else events(part)
    return tuple(dict.fromkeys(found))


def minimal_cut_sets(tree: Gate) -> tuple[frozenset[str], ...]:
    """The smallest sets of basic events that bring the loss about: fewest events first, then by name.

    Sets that hold another one are absorbed. Method: top-down expansion (Vesely et al. 1981, key `vesely1981`).

    >>> tree = Gate("leak", "any", ("a", Gate("both", "all", ("a", "b")), Gate("pair", "all", ("c", "b"))))
    >>> [sorted(cut) for cut in minimal_cut_sets(tree)]
    [['a'], ['b', 'c']]
    """
    _refuse(tree)
    sets = set(_cuts(tree))
    smallest = [cut for cut in sets if not any(other < cut for other in sets)]
    return tuple(sorted(smallest, key=lambda cut: (len(cut), sorted(cut))))


def chance(tree: Gate, chances: Mapping[str, Array]) -> Array:
    """The chance of the loss by draw, exact for events that happen apart from each other, shape (draws,).

    An event that stands in several places is one event. Sums over every state of the basic events.
    """
    _refuse(tree, chances)
    names = events(tree)
    total = np.zeros_like(np.asarray(chances[names[0]], dtype=float))
    for state in product((False, True), repeat=len(names)):
        happens = dict(zip(names, state, strict=True))
        if _holds(tree, happens):
            weight = np.ones_like(total)
            for name in names:
                weight = weight * (chances[name] if happens[name] else 1.0 - np.asarray(chances[name]))
            total = total + weight
    return np.asarray(total)


def importance(tree: Gate, chances: Mapping[str, Array]) -> dict[str, Array]:
    """What the chance of the loss would fall by if an event could not happen, by draw (its risk reduction)."""
    whole = chance(tree, chances)
    return {name: np.asarray(whole - chance(tree, {**chances, name: np.zeros_like(whole)})) for name in events(tree)}


def _cuts(part: Gate | str) -> list[frozenset[str]]:
    if isinstance(part, str):
        return [frozenset({part})]
    below = [_cuts(each) for each in part.parts]
    if part.kind == "any":
        return [cut for cuts in below for cut in cuts]
    return [frozenset().union(*choice) for choice in product(*below)]


def _holds(part: Gate | str, happens: Mapping[str, bool]) -> bool:
    if isinstance(part, str):
        return happens[part]
    found = (_holds(each, happens) for each in part.parts)
    return all(found) if part.kind == "all" else any(found)


def _refuse(tree: Gate, chances: Mapping[str, Array] | None = None) -> None:
    names = events(tree)
    faults = []
    if not 1 <= len(names) <= MAX_EVENTS:
        rule = f"a tree has 1 to {MAX_EVENTS} basic events"
        faults.append(fault("E446", where=tree.name, found=f"{len(names)} events", rule=rule, fix="join events"))
    for name in names if chances is not None else ():
        assert chances is not None
        values = np.asarray(chances.get(name, np.nan), dtype=float)
        if not ((values >= 0) & (values <= 1)).all():
            rule, fix = "each basic event has a chance between 0 and 1", "add or mend its range"
            what = f"{name}: {'no chance' if name not in chances else 'out of bounds'}"
            faults.append(fault("E446", where=tree.name, found=what, rule=rule, fix=fix))
    if faults:
        raise InputError(faults)

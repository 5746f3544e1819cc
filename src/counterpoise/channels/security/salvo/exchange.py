"""Which fleet keeps its own in an exchange of missiles: on a bare file of fleets, or on the fleets of a region."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from counterpoise._errors import Fault, InputError, fault
from counterpoise._result import Meta, Result, hash_file
from counterpoise.channels.security.salvo.arithmetic import ALLOCATIONS, Allocation, Array, Round, Side, battle
from counterpoise.channels.security.salvo.fleets import ShipClass, central, choose_sides, drawn, read_fleets
from counterpoise.region.draws import uniforms

MAX_MEMBERS = 100_000
MAX_ROUNDS = 20
# Classes times members times rounds: some ten microseconds each.
MAX_WORK = 5_000_000
CITES = ("hughes1995", "armstrong2005")


@dataclass
class SalvoResult(Result):
    """An exchange at the middle of every figure, and over draws the chance that each fleet holds its own.

    `survivors`: ships left at the middle of every figure. `win_probability`: the share of draws in which a fleet keeps
    at least half of the combat value that survives on both sides; no fleet does where none survives, both do at an
    even half. A fleet *holds its own* if that share is at least one half.
    """

    before: dict[str, Side]
    fought: list[Round]
    left: dict[str, Array]
    win_probability: dict[str, float]
    settings: dict[str, Any]
    notes: tuple[str, ...] = ()
    meta: Meta = field(default_factory=Meta)

    @property
    def survivors(self) -> dict[str, float]:
        return {name: float(side.ships[0]) for name, side in self.fought[-1].after.items()}

    @property
    def holds_its_own(self) -> dict[str, bool]:
        return {name: chance >= 0.5 for name, chance in self.win_probability.items()}

    def body(self) -> dict[str, Any]:
        ends = {"p05": 0.05, "p50": 0.5, "p95": 0.95}
        return {
            "rounds": [_round(number, fought) for number, fought in enumerate(self.fought, start=1)],
            "survivors": self.survivors,
            "win_probability": self.win_probability,
            "holds_its_own": self.holds_its_own,
            "survivors_drawn": {
                name: {end: float(np.quantile(ships, share)) for end, share in ends.items()}
                for name, ships in self.left.items()
            },
            "classes": self.classes(),
            "settings": self.settings,
            "notes": list(self.notes),
        }

    def classes(self) -> list[dict[str, Any]]:
        """Ships by class before and after, at the middle of every figure."""
        return [
            {"fleet": name, "class": kind, "before": float(start[0]), "after": float(end[0])}
            for name, side in self.before.items()
            for kind, start, end in zip(side.classes, side.number, self.fought[-1].after[name].number, strict=True)
        ]

    def table(self) -> list[dict[str, Any]]:
        return [
            {
                "fleet": name,
                "ships": float(side.ships[0]),
                "left": self.survivors[name],
                "left, drawn (5 to 95 %)": "{:.3g} to {:.3g}".format(*np.quantile(self.left[name], (0.05, 0.95))),
                "keeps half of what survives": self.win_probability[name],
                "holds its own": "yes" if self.holds_its_own[name] else "no",
            }
            for name, side in self.before.items()
        ]


def salvo_from_file(
    path: str | Path,
    *,
    members: int = 1000,
    seed: int = 0,
    rounds: int = 1,
    allocation: Allocation = "proportional",
    first: str | None = None,
    sides: str | None = None,
) -> SalvoResult:
    """Which of two fleets in a file holds its own when both fire their missiles at each other.

    `members` draws (1 to 100,000) run through every range and chance; `rounds` (1 to 20) is how many salvos each ship
    carries; `first` names a fleet that fires one salvo before the other answers; `sides` (`A,B`) picks two fleets of
    a file with more. Raises `InputError`: the codes of `read_fleets`, `E440` for sides, `E204` for arguments.

    Method: Hughes 1995, Armstrong 2005 (keys `hughes1995`, `armstrong2005`).
    """
    check_arguments(members, rounds, allocation)
    target = Path(path)
    classes = read_fleets(target)
    pair = choose_sides(str(target), classes, sides)
    meta = Meta(seed=seed, inputs={str(target): hash_file(target)}, cites=CITES)
    return fight(
        classes, pair, members=members, seed=seed, rounds=rounds, allocation=allocation, first=first, meta=meta
    )


def fight(
    classes: list[ShipClass],
    pair: tuple[str, str],
    *,
    members: int,
    seed: int,
    rounds: int = 1,
    allocation: Allocation = "proportional",
    first: str | None = None,
    notes: tuple[str, ...] = (),
    meta: Meta,
) -> SalvoResult:
    """The exchange between two fleets: once at the middle of every figure, then over draws with chance in every hit."""
    if first is not None and first not in pair:
        rule, fix = f"the fleet that fires first is {pair[0]} or {pair[1]}", "name one of them, or leave it out"
        raise InputError([fault("E440", where="--first", found=repr(first), rule=rule, fix=fix)])
    work = sum(ship.fleet in pair for ship in classes) * members * rounds
    if work > MAX_WORK:
        rule, fix = f"classes x members x rounds are at most {MAX_WORK:,}", "draw fewer members, or join classes"
        raise InputError([fault("E204", where="--members", found=f"{work:,} in all", rule=rule, fix=fix)])
    one, other = (central(classes, name) for name in pair)
    how: dict[str, Any] = {"rounds": rounds, "allocation": allocation, "first": first}
    fought = battle(one, other, **how)
    chance = partial(_chance, seed, members)
    after = battle(*(drawn(classes, name, seed, members) for name in pair), uniform=chance, **how)[-1].after
    value = {name: side.value for name, side in after.items()}
    all_value = value[pair[0]] + value[pair[1]]
    win = {name: float(np.mean((all_value > 0) & (mine >= all_value / 2))) for name, mine in value.items()}
    left = {name: side.ships for name, side in after.items()}
    settings = {"members": members, **how}
    return SalvoResult({one.name: one, other.name: other}, fought, left, win, settings, notes, meta)


def check_arguments(members: int, rounds: int, allocation: str) -> None:
    """Refuse with `E204` a number of members or rounds, or an allocation, that there is not."""
    faults: list[Fault] = []
    for option, value, most in (("--members", members, MAX_MEMBERS), ("--rounds", rounds, MAX_ROUNDS)):
        if not 1 <= value <= most:
            rule, fix = f"{option[2:]} lie between 1 and {most:,}", "leave it out for the default"
            faults.append(fault("E204", where=option, found=str(value), rule=rule, fix=fix))
    if allocation not in ALLOCATIONS:
        rule, fix = f"fire is split {', '.join(ALLOCATIONS)}", "choose one of them"
        faults.append(fault("E204", where="--allocation", found=repr(allocation), rule=rule, fix=fix))
    if faults:
        raise InputError(faults)


def _chance(seed: int, members: int, name: str) -> Array:
    return uniforms(seed, f"salvo:{name}", members)


def _round(number: int, fought: Round) -> dict[str, Any]:
    """One exchange at the middle of every figure; a fleet that was not fired at has zeros."""
    row: dict[str, Any] = {"round": number}
    for what in ("fired_at", "stopped", "potential_losses", "losses"):
        row[what] = {name: _received(fought, name, what) for name in fought.after}
    row["ships"] = {name: float(side.ships[0]) for name, side in fought.after.items()}
    return row


def _received(fought: Round, name: str, what: str) -> float:
    if name not in fought.received:
        return 0.0
    volley = fought.received[name]
    values = {
        "fired_at": volley.fired,
        "stopped": volley.stopped,
        "potential_losses": volley.potential,
        "losses": volley.losses,
    }
    return float(values[what].sum())

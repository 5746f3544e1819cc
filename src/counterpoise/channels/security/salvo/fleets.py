"""Reading a file of fleets: one row per class of ship, every fault of the file at once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from counterpoise._errors import Fault, InputError, fault
from counterpoise.channels.security.salvo.arithmetic import Side
from counterpoise.region._files import Line, read_rows, suggest
from counterpoise.region.draws import triangular, uniforms

MAX_FILE = 4 << 20
MAX_CLASSES = 200
LARGEST = 10_000.0
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")

# Parameter -> (least, most); staying power lies above its least, the others may equal it.
BOUNDS = {
    "number": (0.0, LARGEST),
    "salvo": (0.0, LARGEST),
    "defence": (0.0, LARGEST),
    "staying_power": (0.0, LARGEST),
    "hit": (0.0, 1.0),
    "intercept": (0.0, 1.0),
}
NEEDED = ("number", "salvo", "defence", "staying_power")
CERTAIN = (1.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class ShipClass:
    """A class of ship in a fleet: each parameter as (low, value, high)."""

    fleet: str
    name: str
    ranges: dict[str, tuple[float, float, float]]


def read_fleets(path: Path) -> list[ShipClass]:
    """The classes of a file of fleets, with their ranges.

    Columns `fleet,class,number,salvo,defence,staying_power`, each figure with `_low` and `_high` if it has a range;
    `hit` and `intercept` (with ranges, too) are chances, 1 where left out. Raises `InputError` with all faults: `E201`
    to `E203`, `E441` a range out of order, `E442` a figure out of bounds, `E443` a class that stands twice.
    """
    ends = [f"{name}_{end}" for name in BOUNDS for end in ("low", "high")]
    lines = read_rows(
        path,
        required=("fleet", "class", *NEEDED),
        optional=("hit", "intercept", *ends),
        max_bytes=MAX_FILE,
    )
    faults: list[Fault] = []
    if len(lines) > MAX_CLASSES:
        rule, fix = f"a file holds at most {MAX_CLASSES} classes", "join classes that are alike"
        faults.append(fault("E442", where=str(path), found=f"{len(lines)} rows", rule=rule, fix=fix))
    classes = [_class(path, line, faults) for line in lines]
    seen: dict[tuple[str, str], int] = {}
    for line, found in zip(lines, classes, strict=True):
        first = seen.setdefault((found.fleet, found.name), line.number)
        if first != line.number:
            rule, fix = "a class stands once in a fleet", "add up the ships, or name the classes apart"
            what = f"{found.fleet}, {found.name} again, first on line {first}"
            faults.append(fault("E443", where=f"{path}:{line.number}", found=what, rule=rule, fix=fix))
    if faults:
        raise InputError(faults)
    return classes


def choose_sides(where: str, classes: list[ShipClass], wanted: str | None) -> tuple[str, str]:
    """The two fleets that meet: those of `wanted` (`A,B`), else the only two there are (`E440`)."""
    there = list(dict.fromkeys(ship.fleet for ship in classes))
    named = [name.strip() for name in wanted.split(",")] if wanted is not None else there
    faults = []
    if len(named) != 2 or len(set(named)) != 2:
        rule, fix = "two different fleets meet", "name them: --sides A,B"
        faults.append(fault("E440", where=where, found=", ".join(named) or "no fleet", rule=rule, fix=fix))
    for name in (name for name in named if name not in there):
        rule, fix = f"the fleets are {', '.join(there) or 'none'}", suggest(name, there) or "name one of them"
        faults.append(fault("E440", where="--sides", found=repr(name), rule=rule, fix=fix))
    if faults:
        raise InputError(faults)
    return named[0], named[1]


def central(classes: list[ShipClass], fleet: str) -> Side:
    """A fleet at the values of its figures, one draw."""
    return _side(classes, fleet, lambda ship, name: np.array([ship.ranges[name][1]]))


def drawn(classes: list[ShipClass], fleet: str, seed: int, members: int) -> Side:
    """A fleet with its figures drawn (triangular about the value) and whole ships, shape (class, members)."""

    def pick(ship: ShipClass, name: str) -> np.ndarray:
        share = uniforms(seed, f"salvo:{ship.fleet}:{ship.name}:{name}", members)
        values = triangular(share, *ship.ranges[name])
        return np.rint(values) if name == "number" else values

    return _side(classes, fleet, pick)


def _side(classes: list[ShipClass], fleet: str, pick: object) -> Side:
    assert callable(pick)
    own = [ship for ship in classes if ship.fleet == fleet]
    number, salvo, defence, staying, hit, intercept = (np.array([pick(ship, name) for ship in own]) for name in BOUNDS)
    return Side(fleet, tuple(ship.name for ship in own), number, salvo, defence, staying, hit, intercept)


def _class(path: Path, line: Line, faults: list[Fault]) -> ShipClass:
    where = f"{path}:{line.number}"
    for column in ("fleet", "class"):
        if not line.cells[column]:
            rule, fix = f"each row names its {column}", "add the name, or remove the row"
            faults.append(fault("E203", where=where, found=f"{column} is blank", rule=rule, fix=fix))
    ranges = {name: _range(where, line.cells, name, faults) for name in BOUNDS}
    return ShipClass(line.cells["fleet"], line.cells["class"], ranges)


def _range(where: str, cells: dict[str, str], name: str, faults: list[Fault]) -> tuple[float, float, float]:
    """Low, value and high of one parameter; the faults found are added, and then the value does not matter."""
    before = len(faults)
    given = {end: _figure(where, cells, f"{name}{end}", faults) for end in ("", "_low", "_high")}
    value = given[""]
    if value is None:
        if name in NEEDED and not cells[name]:
            rule, fix = f"each row states {name}", "write a number; 0 where there is none"
            faults.append(fault("E203", where=where, found=f"{name} is blank", rule=rule, fix=fix))
        elif name not in NEEDED and len(faults) == before and any(end is not None for end in given.values()):
            rule, fix = f"a range of {name} has a value in it", f"fill the column {name}"
            faults.append(fault("E203", where=where, found=f"{name} is blank", rule=rule, fix=fix))
        return CERTAIN
    low, high = (value if end is None else end for end in (given["_low"], given["_high"]))
    if len(faults) == before and not low <= value <= high:
        rule, fix = "low <= value <= high", "put the three in order"
        what = f"{name} {value:g}, low {low:g}, high {high:g}"
        faults.append(fault("E441", where=where, found=what, rule=rule, fix=fix))
    return low, value, high


def _figure(where: str, cells: dict[str, str], column: str, faults: list[Fault]) -> float | None:
    text = cells.get(column, "")
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        rule, fix = f"{column} is a plain number", "write digits with a point for decimals"
        faults.append(fault("E203", where=where, found=f"{column} = {text[:40]!r}", rule=rule, fix=fix))
        return None
    name = column.removesuffix("_low").removesuffix("_high")
    least, most = BOUNDS[name]
    value = float(text)
    above = value > least if name == "staying_power" else value >= least
    if not (above and value <= most):
        rule = f"{name} lies {'above' if name == 'staying_power' else 'from'} {least:g} to {most:g}"
        fix = "mend the figure; staying power is the hits that put one ship out of action"
        faults.append(fault("E442", where=where, found=f"{column} = {text[:40]}", rule=rule, fix=fix))
        return None
    return value

"""The table of actors that a bargain starts from: capability, position and salience, with their ranges."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from counterpoise._errors import Fault, InputError, fault
from counterpoise.region._files import Line, read_rows, suggest

Array = NDArray[np.float64]

MAX_ACTORS = 100
MAX_ISSUES = 20
ONLY_ISSUE = ""


@dataclass(frozen=True, slots=True)
class ActorTable:
    """Who bargains, over what, from where and how much it matters to them.

    `capability[actor]` is in units of the analyst's choice, `position[actor, issue]` on the issue's scale and
    `salience[actor, issue]` the share of attention (0 to 1, or 0 to 100 for `ktab-smp`). `low` and `high` hold the
    same three arrays at the ends of the judged ranges; without ranges they equal the values.
    """

    actors: tuple[str, ...]
    issues: tuple[str, ...]
    capability: Array
    position: Array
    salience: Array
    low: tuple[Array, Array, Array]
    high: tuple[Array, Array, Array]

    @property
    def uncertain(self) -> bool:
        """Whether any number comes with a range."""
        ends = zip(self.low, self.high, strict=True)
        return any(low is not high and bool(np.any(low != high)) for low, high in ends)


def make_table(
    actors: Sequence[str],
    capability: Sequence[float] | Array,
    position: Sequence[float] | Array,
    salience: Sequence[float] | Array,
    *,
    issues: Sequence[str] = (ONLY_ISSUE,),
    low: tuple[Array, Array, Array] | None = None,
    high: tuple[Array, Array, Array] | None = None,
) -> ActorTable:
    """A table from arrays; one issue may be given as plain lists.

    >>> make_table(["A", "B"], [1, 2], [0, 1], [0.5, 0.5]).position.shape
    (2, 1)
    """
    shape = (len(actors), len(issues))
    values = (
        np.asarray(capability, float).reshape(len(actors)),
        np.asarray(position, float).reshape(shape),
        np.asarray(salience, float).reshape(shape),
    )
    return ActorTable(tuple(actors), tuple(issues), *values, low or values, high or values)


def read_actors(path: Path) -> ActorTable:
    """The actors of a CSV file: `actor,capability,position,salience`, or `position_NAME,salience_NAME` per issue.

    A column may have companions `..._low` and `..._high`: the range from which draws are taken. `Actor` is as good as
    `actor`; names of issues are kept as written. Raises `InputError`
    with every fault of the header (`E202`), the cells (`E203`) and the set of actors (`E501`, `E503`).
    """
    lines = read_rows(path, required=(), open_ended=True, max_bytes=4 << 20)
    if not lines:
        rule = "a bargain has at least two actors"
        raise InputError([fault("E501", where=str(path), found="no rows", rule=rule, fix="add a row per actor")])
    names = {name: _plain(name) for name in lines[0].cells}
    issues, faults = _issues(path, list(names.values()))
    if faults:
        raise InputError(faults)
    lines = [Line(line.number, {names[name]: cell for name, cell in line.cells.items()}) for line in lines]
    columns = ["capability", *(_column("position", issue) for issue in issues)]
    columns += [_column("salience", issue) for issue in issues]
    value = _numbers(path, lines, columns, faults)
    low = _bounds(path, lines, columns, end="_low", value=value, faults=faults)
    high = _bounds(path, lines, columns, end="_high", value=value, faults=faults)
    faults += _actor_faults(path, lines)
    faults += _range_faults(path, lines, columns, low=low, value=value, high=high)
    if faults:
        raise InputError(faults)
    actors = tuple(line.cells["actor"] for line in lines)
    split = [(array[:, 0], array[:, 1 : 1 + len(issues)], array[:, 1 + len(issues) :]) for array in (value, low, high)]
    return ActorTable(actors, tuple(issues), *split[0], low=split[1], high=split[2])


def check_table(table: ActorTable, *, percent: bool, where: str = "actors") -> None:
    """Refuse numbers that the variant cannot mean: `E501` for the set of actors, `E502` for a value out of range.

    `percent` is the convention of `ktab-smp`: positions and saliences from 0 to 100, no actor without capability, and
    at most 100 of salience over all issues. Otherwise salience is a share, 0 to 1, and capability at least 0.
    """
    faults: list[Fault] = []
    arrays = {"value": (table.capability, table.position, table.salience)}
    if table.uncertain:
        arrays |= {"low": table.low, "high": table.high}
    for label, values in arrays.items():
        faults += _value_faults(table, values, label=label, percent=percent, where=where)
    weight = (table.capability[:, None] * table.salience).sum(axis=0)
    for issue in np.flatnonzero(weight <= 0.0):
        name = table.issues[issue] or "the issue"
        rule = "some actor has both capability and salience"
        faults.append(fault("E501", where=where, found=f"nobody weighs on {name}", rule=rule, fix="give it a weight"))
    if faults:
        raise InputError(faults)


def _value_faults(
    table: ActorTable, arrays: tuple[Array, Array, Array], *, label: str, percent: bool, where: str
) -> list[Fault]:
    capability, position, salience = arrays
    top = 100.0 if percent else 1.0
    faults: list[Fault] = []
    fine = np.minimum.reduce(capability) >= 0 and np.minimum.reduce(salience, axis=None) >= 0
    if fine and not percent and np.maximum.reduce(salience, axis=None) <= top:
        return faults

    def refuse(actor: int, found: str, rule: str, fix: str) -> None:
        place = f"{where}: {table.actors[actor]}"
        faults.append(fault("E502", where=place, found=f"{found} ({label})", rule=rule, fix=fix))

    for actor in range(len(table.actors)):
        if capability[actor] < 0 or (percent and capability[actor] == 0):
            rule = "capability is above 0" if percent else "capability is at least 0"
            refuse(actor, f"capability {capability[actor]:g}", rule, "leave the actor out, or give it a weight")
        for issue, name in enumerate(table.issues):
            suffix = f" on {name}" if name else ""
            if not 0 <= salience[actor, issue] <= top:
                rule = f"salience lies between 0 and {top:g} in this variant"
                fix = "divide or multiply by 100" if not percent else "give salience in per cent"
                refuse(actor, f"salience {salience[actor, issue]:g}{suffix}", rule, fix)
            if percent and not 0 <= position[actor, issue] <= top:
                rule = "positions lie between 0 and 100 in ktab-smp"
                refuse(actor, f"position {position[actor, issue]:g}{suffix}", rule, "rescale the issue to 0-100")
        total = float(salience[actor].sum())
        if percent and (total > 100.0 + 1e-9 or total <= 0):
            rule = "saliences of one actor sum to more than 0 and at most 100: attention cannot exceed itself"
            refuse(actor, f"salience {total:g} in all", rule, "scale the actor's saliences")
    return faults


def _plain(name: str) -> str:
    """A column's name with its first word in small letters: `Position_Policy` is `position_Policy`."""
    first, mark, rest = name.partition("_")
    return first.lower() + mark + (rest.lower() if rest.lower() in ("low", "high") else rest)


def _column(kind: str, issue: str) -> str:
    return f"{kind}_{issue}" if issue else kind


def _issues(path: Path, header: list[str]) -> tuple[list[str], list[Fault]]:
    """The issues a header names, in order of their position columns, and what is wrong with the header."""
    present = set(header)
    bounds = {
        name for name in header for end in ("_low", "_high") if name.endswith(end) and name.removesuffix(end) in present
    }
    plain = [name for name in header if name not in bounds]
    issues = [ONLY_ISSUE] if "position" in plain else []
    named = [name.removeprefix("position_") for name in plain if name.startswith("position_")]
    faults: list[Fault] = []

    def refuse(found: str, rule: str, fix: str) -> None:
        faults.append(fault("E202", where=f"{path}:1", found=found, rule=rule, fix=fix))

    for name in ("actor", "capability"):
        if name not in plain:
            near = suggest(name, plain)
            rule = "the header has actor and capability"
            refuse(f"no column {name!r}", rule, f"rename a column: {near}" if near else f"add {name!r}")
    for name in dict.fromkeys(name for name in header if header.count(name) > 1):
        refuse(f"column {name!r} twice", "each column stands once", "remove one of them")
    if issues and named:
        rule = "one issue has `position`, several have `position_NAME` each"
        refuse("`position` beside " + ", ".join(f"`position_{name}`" for name in named), rule, "name every issue")
    issues += named
    if not issues:
        refuse("no column 'position'", "each issue has its position column", "add `position` or `position_NAME`")
    if len(issues) > MAX_ISSUES:
        refuse(f"{len(issues)} issues", f"a bargain has at most {MAX_ISSUES} issues", "leave issues out")
    known = {"actor", "capability"} | {_column(kind, issue) for kind in ("position", "salience") for issue in issues}
    for issue in issues:
        if (name := _column("salience", issue)) not in plain:
            refuse(f"no column {name!r}", "each position column has its salience column", f"add {name!r}")
    for name in plain:
        if name not in known:
            rule = "the columns are actor, capability, position[_NAME], salience[_NAME] and their _low, _high"
            refuse(f"unknown column {name!r}", rule, "remove the column, or name it like its partner")
    return issues, faults


def _numbers(path: Path, lines: list[Line], columns: list[str], faults: list[Fault]) -> Array:
    value = np.zeros((len(lines), len(columns)))
    for row, line in enumerate(lines):
        for column, name in enumerate(columns):
            value[row, column] = _number(path, line, name, faults)
    return value


def _number(path: Path, line: Line, name: str, faults: list[Fault]) -> float:
    text = line.cells[name]
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if math.isfinite(number) and abs(number) <= 1e12:
        return number
    rule = "a cell of this column is a plain number up to 1e12"
    fix = "write digits with a decimal point; a game cannot be played with an unknown"
    faults.append(fault("E203", where=f"{path}:{line.number}", found=f"{name} {text!r}", rule=rule, fix=fix))
    return 0.0


def _bounds(path: Path, lines: list[Line], columns: list[str], *, end: str, value: Array, faults: list[Fault]) -> Array:
    bound = value.copy()
    for column, name in enumerate(columns):
        if name + end in lines[0].cells:
            for row, line in enumerate(lines):
                # A blank bound means that this one number has no range.
                if line.cells[name + end]:
                    bound[row, column] = _number(path, line, name + end, faults)
    return bound


def _range_faults(
    path: Path, lines: list[Line], columns: list[str], *, low: Array, value: Array, high: Array
) -> list[Fault]:
    faults = []
    for row, column in zip(*np.nonzero((low > value) | (value > high)), strict=True):
        found = f"{columns[column]} {value[row, column]:g} in {low[row, column]:g} to {high[row, column]:g}"
        where, rule = f"{path}:{lines[row].number}", "a value lies within its own range"
        faults.append(fault("E503", where=where, found=found, rule=rule, fix="swap the ends or mend the value"))
    return faults


def _actor_faults(path: Path, lines: list[Line]) -> list[Fault]:
    faults = []
    names = [line.cells["actor"] for line in lines]
    for line in lines:
        name = line.cells["actor"]
        if not name:
            rule = "each actor has an id"
            faults.append(fault("E203", where=f"{path}:{line.number}", found="no actor", rule=rule, fix="name it"))
        elif names.index(name) != lines.index(line):
            rule, fix = "each actor stands once", "merge the rows or rename one"
            faults.append(fault("E501", where=f"{path}:{line.number}", found=f"{name!r} twice", rule=rule, fix=fix))
    if not 2 <= len(lines) <= MAX_ACTORS:
        rule = f"a bargain has 2 to {MAX_ACTORS} actors"
        found = f"{len(lines)} actors"
        faults.append(fault("E501", where=str(path), found=found, rule=rule, fix="add or merge actors"))
    return faults

"""The ranges that a check uses: noted while it runs, and pinned to one end to see what hangs on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np

from counterpoise.region import Region

# Tables whose rows are figures: derived figures are made anew where one of them is changed.
FIGURES = frozenset({"facts", "trade"})
# Engines that read the same ranges whatever is asked of them: the priced network, the forecast of a vote.
SHARED = frozenset({"freight", "election"})
# What a region derives from all rows; the rest of it does not depend on what is watched or changed here.
OF_ROWS = frozenset({"_visible", "_sourced"})
OF_FIGURES = frozenset({"figures", "_by_quantity", "_by_id"})
OWN = frozenset(
    {
        "_folder",
        "settings",
        "as_of",
        "_inputs",
        "_watched",
        "_changes",
        "_like",
        "_parts",
        "_read",
        "_plain",
        "_touched",
    }
)


@dataclass(frozen=True, slots=True)
class Input:
    """One range: `kind` is `reading` (of a word, in the claim's parameters), `tolerance` (this room's table),
    `assumption` (a row of assumptions.csv), `stake` (a table of an engine), `judgement` (a judged row of the region),
    `structure` (how a check puts its evidence together), `figure` (a sourced figure with the width that it has) or
    `grade` (the Admiralty credibility of a report, one step better or worse).
    """

    kind: str
    name: str
    low: float
    high: float
    unit: str = ""


@dataclass(slots=True)
class Inputs:
    """What a run of a check used; `pins` says which inputs (by kind and name) stand at one value instead."""

    pins: Mapping[tuple[str, str], float] = field(default_factory=dict)
    seen: dict[tuple[str, str], Input] = field(default_factory=dict)

    def range(
        self, kind: str, name: str, low: float, mode: float | None, high: float, unit: str = ""
    ) -> tuple[float, float | None, float]:
        """The range as it stands, or three times the value that it is pinned to; notes that it was asked for."""
        if high > low:
            self.seen.setdefault((kind, name), Input(kind, name, low, high, unit))
        value = self.pins.get((kind, name))
        return (low, mode, high) if value is None else (value, value, value)

    def switch(self, name: str, low: float, high: float, now: float) -> float:
        """How a check puts its evidence together: a value `now` between two extremes, or the one it is pinned to."""
        self.seen.setdefault(("structure", name), Input("structure", name, low, high))
        return self.pins.get(("structure", name), now)


class _Row:
    """An assumption that notes when its range is read."""

    __slots__ = ("_inputs", "_row")

    def __init__(self, row: Any, inputs: Inputs) -> None:
        self._row, self._inputs = row, inputs

    def __getattr__(self, name: str) -> Any:
        row = self._row
        if name in ("low", "mode", "high"):
            own = ("assumption", row.id)
            if row.high > row.low:
                self._inputs.seen.setdefault(own, Input(*own, row.low, row.high, row.unit or ""))
            if own in self._inputs.pins:
                return self._inputs.pins[own]
        return getattr(row, name)


class Watched(Region):
    """A region whose assumptions note when they are read, and stand at the values that `inputs` pins them to.

    `changes` are rows with other values (`{"tests:CT028": {"honoured": 0.5}}`), as in `Region.what_if`. What the region
    has derived from its rows is shared with the one it was made from as far as the changes leave it as it is; what
    engines have built is not, since they may have read an assumption for it. `like` is a region that was watched
    before without pins and changes: an engine that read nothing there which differs here gets it again (see `part`).
    """

    _inputs: Inputs
    _watched: list[Any]
    _changes: Mapping[str, Mapping[str, Any]]
    _like: Watched | None
    _parts: dict[str, Watched]
    _read: set[str]
    _plain: Region
    _touched: frozenset[str]

    @classmethod
    def over(
        cls,
        region: Region,
        inputs: Inputs,
        changes: Mapping[str, Mapping[str, Any]] | None = None,
        like: Watched | None = None,
    ) -> Watched:
        changes = changes or {}
        folder, settings, as_of = region.__reduce__()[1]
        tables = _tables_with(region, changes)
        if tables:
            folder = replace(folder, rows={**folder.rows, **tables})
        made = cls(folder, settings, as_of)
        kept = OWN | (OF_ROWS if tables else frozenset()) | (OF_FIGURES if FIGURES & tables.keys() else frozenset())
        made.__dict__.update({name: value for name, value in region.__dict__.items() if name not in kept})
        if FIGURES & tables.keys():
            made.__dict__["figures"] = _figures_with(region, made, changes)
        made._inputs, made._changes, made._like, made._parts = inputs, changes, like, {}
        made._touched = frozenset(tables)
        made._plain = region._plain if isinstance(region, Watched) else region
        made._read = set()
        made._watched = [_Row(row, inputs) for row in Region.rows(region, "assumptions")]
        return made

    def part(self, engine: str) -> Watched:
        """The same region for one engine, which builds its own things on it: what it reads is noted apart.

        The one that was watched before, with what the engine built there, where it read nothing that differs here.
        """
        if engine not in self._parts:
            before = self._like._parts.get(engine) if self._like is not None else None
            if before is None or self._differs(before):
                if engine in SHARED and not self._changes:
                    before = _shared_part(self._plain, engine, tuple(sorted(self._inputs.pins.items())))
                else:
                    before = Watched.over(self, Inputs(self._inputs.pins))
            self._parts[engine] = before
        return self._parts[engine]

    def noted(self) -> dict[tuple[str, str], Input]:
        """The ranges that were read here and in the parts for engines."""
        found = dict(self._inputs.seen)
        for part in self._parts.values():
            found.update(part._inputs.seen)
        return found

    def _differs(self, before: Watched) -> bool:
        """Whether an engine that read what is noted on `before` would read something else here."""
        if any(name in before._inputs.seen for name in self._inputs.pins):
            return True
        # Figures come from what all regions share: which of them were looked at is not noted.
        return bool(self._touched & (FIGURES | before._read) or before._read & self._changes.keys())

    def at(self, as_of: str | date | None) -> Region:
        return self._again(super().at(as_of))

    def what_if(self, changes: Mapping[str, Mapping[str, Any] | None]) -> Region:
        return self._again(super().what_if(changes))

    def _again(self, region: Region) -> Watched:
        made = Watched.over(region, self._inputs)
        made._read = self._read
        return made

    def rows(self, table: str) -> list[Any]:
        self._read.add(table)
        return self._watched if table == "assumptions" else super().rows(table)

    def row(self, name: str) -> Any:
        self._read.add(name)
        return super().row(name)


@lru_cache(maxsize=16)
def _shared_part(region: Region, engine: str, pins: tuple[tuple[tuple[str, str], float], ...]) -> Watched:
    """A region for an engine that reads the same whoever asks: what it builds serves every claim."""
    return Watched.over(region, Inputs(dict(pins)))


def part_of(region: Region, engine: str) -> Region:
    """The region for one engine of several that a check runs: itself, unless it is watched (see `Watched.part`)."""
    return region.part(engine) if isinstance(region, Watched) else region


def _tables_with(region: Region, changes: Mapping[str, Mapping[str, Any]]) -> dict[str, list[Any]]:
    """The tables that hold rows to be changed, with these changed."""
    wanted = {id(row): name for name in changes if (row := region.row(name)) is not None}
    found = {}
    for table in region.__reduce__()[1][0].rows:
        rows = Region.rows(region, table)
        if any(id(row) in wanted for row in rows):
            found[table] = [
                row.model_copy(update=dict(changes[wanted[id(row)]])) if id(row) in wanted else row for row in rows
            ]
    return found


def _figures_with(region: Region, made: Region, changes: Mapping[str, Mapping[str, Any]]) -> tuple[Any, ...]:
    """The figures of a region with those of changed rows made anew."""
    folder, settings, as_of = made.__reduce__()[1]
    few = {name: [row for row in folder.rows[name] if row.id in changes] for name in FIGURES}
    anew = {
        figure.id: figure for figure in Region(replace(folder, rows={**folder.rows, **few}), settings, as_of).figures
    }
    return tuple(anew.get(figure.id, figure) for figure in region.figures)


@dataclass(frozen=True, slots=True)
class Heard:
    """One comparison of a check by draw: whether the statement `holds`, and by how much (`margin`, any scale).

    `drawn` has the draws of ranges, by name, that do not go by a name of their own in the engine. An engine that makes
    fewer draws hands them on in turn: draw n of the comparison is its draw n modulo `every`. `own` names ranges that
    are at the heart of the comparison, to be tried whatever they weigh in so few draws.
    """

    holds: np.ndarray
    margin: np.ndarray
    drawn: Mapping[str, np.ndarray] = field(default_factory=dict)
    every: int | None = None
    own: tuple[str, ...] = ()


_HEARD: ContextVar[list[Heard] | None] = ContextVar("heard", default=None)


@contextmanager
def listening() -> Iterator[list[Heard]]:
    """What checks compare with their thresholds, gathered while they run."""
    heard: list[Heard] = []
    token = _HEARD.set(heard)
    try:
        yield heard
    finally:
        _HEARD.reset(token)


def listened() -> bool:
    """Whether anybody listens to what checks compare."""
    return _HEARD.get() is not None


def overhear(
    holds: np.ndarray,
    margin: np.ndarray,
    *,
    drawn: Mapping[str, np.ndarray] | None = None,
    every: int | None = None,
    own: tuple[str, ...] = (),
) -> None:
    """Let whoever listens have one comparison of a check."""
    heard = _HEARD.get()
    if heard is not None:
        heard.append(Heard(np.asarray(holds, dtype=bool), np.asarray(margin, dtype=float), drawn or {}, every, own))

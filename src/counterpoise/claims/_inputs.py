"""The judged ranges that a check uses: noted while it runs, and pinned to one end to see what hangs on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from counterpoise.region import Region


@dataclass(frozen=True, slots=True)
class Input:
    """One judged range: `kind` is `reading` (of a word, in the claim's parameters), `tolerance` (this room's table),
    `assumption` (a row of assumptions.csv), `stake` (a table of an engine) or `judgement` (a judged row of the region).
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
        self, kind: str, name: str, low: float, mode: float | None, high: float
    ) -> tuple[float, float | None, float]:
        """The range as it stands, or three times the value that it is pinned to; notes that it was asked for."""
        if high > low:
            self.seen.setdefault((kind, name), Input(kind, name, low, high))
        value = self.pins.get((kind, name))
        return (low, mode, high) if value is None else (value, value, value)


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
    """A region whose assumptions note when they are read, and stand at the values that `inputs` pins them to."""

    @classmethod
    def over(cls, region: Region, inputs: Inputs) -> Watched:
        made = cls(*region.__reduce__()[1])
        made._inputs = inputs
        made._watched = [_Row(row, inputs) for row in region.rows("assumptions")]
        return made

    _watched: list[Any]
    _inputs: Inputs

    def at(self, as_of: str | date | None) -> Region:
        return Watched.over(super().at(as_of), self._inputs)

    def what_if(self, changes: Mapping[str, Mapping[str, Any] | None]) -> Region:
        return Watched.over(super().what_if(changes), self._inputs)

    def rows(self, table: str) -> list[Any]:
        return self._watched if table == "assumptions" else super().rows(table)


_HEARD: ContextVar[list[np.ndarray] | None] = ContextVar("heard", default=None)


@contextmanager
def listening() -> Iterator[list[np.ndarray]]:
    """The draws of what checks compare with their thresholds, gathered while they run."""
    heard: list[np.ndarray] = []
    token = _HEARD.set(heard)
    try:
        yield heard
    finally:
        _HEARD.reset(token)


def overhear(draws: np.ndarray) -> None:
    """Let whoever listens have the draws of what a check compares."""
    heard = _HEARD.get()
    if heard is not None:
        heard.append(np.asarray(draws, dtype=float))

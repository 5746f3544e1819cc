"""What is kept of a block of members: counts in bins, sums and dates of first events, which add up over blocks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from counterpoise.play._chance import Array

# Bins of a position on a scale are this wide; quantiles are exact to half of it.
BIN = 0.005
# Other values are binned on asinh(value / bend): fine near zero, where a bin ends, and 5 per cent wide far out.
FINE = 0.05


@dataclass(frozen=True, slots=True)
class Axis:
    """Bins of one quantity: `low` and `width` on its scale, straight (`bend` 0) or bent, and how many."""

    low: float
    width: float
    count: int
    bend: float = 0.0

    def bins(self, values: Array) -> Array:
        place = _bent(values, self.bend) if self.bend else values
        return np.clip(np.floor((place - self.low) / self.width), 0, self.count - 1).astype(np.int64)

    def value(self, place: Array) -> Array:
        """The value at a place counted in bins."""
        straight = self.low + place * self.width
        return np.asarray(self.bend * np.sinh(straight) if self.bend else straight)


def _bent(values: Array, bend: float) -> Array:
    """asinh(value / bend); most losses and gains of a quarter are nil, and need no function to say where they lie."""
    some = values != 0
    if some.mean() > 0.5:
        return np.asarray(np.arcsinh(values / bend))
    place = np.zeros_like(values)
    place[some] = np.arcsinh(values[some] / bend)
    return place


def straight_axis(low: float, high: float) -> Axis:
    return Axis(low, BIN, int(np.ceil((high - low) / BIN)))


# Shares of GDP in per cent, of either sign, to several hundred.
MONEY = Axis(-14.0, FINE, 560, bend=0.001)
# Differences of positions: most members are equal to the last digit, so the bin at zero is narrow.
APART = Axis(-12.0, FINE, 480, bend=0.0001)


@dataclass
class Tally:
    """Counts of members by (series..., bin), with the sums of values and of their squares."""

    axis: Axis
    counts: Array
    total: Array
    squares: Array

    @classmethod
    def empty(cls, axis: Axis, *shape: int) -> Tally:
        return cls(axis, np.zeros((*shape, axis.count), dtype=np.int64), np.zeros(shape), np.zeros(shape))

    @classmethod
    def nil(cls, axis: Axis, members: int, *shape: int) -> Tally:
        """The tally of members that have nought everywhere."""
        tally = cls.empty(axis, *shape)
        tally.counts[..., axis.bins(np.zeros(()))] = members
        return tally

    def nil_like(self, members: int) -> Tally:
        return Tally.nil(self.axis, members, *self.total.shape)

    def replace(self, at: int, values: Array) -> None:
        """Count values (member, series...) into the row `at` in the place of what was counted there."""
        for part in (self.counts, self.total, self.squares):
            part[at] = 0
        self.add(at, values)

    def add(self, at: int, values: Array) -> None:
        """Count values (member, series...) into the row `at` of the first axis."""
        shape, size = values.shape[1:], self.axis.count
        series = int(np.prod(shape))
        # Members come last here, as they lie side by side in memory.
        keys = self.axis.bins(values).T.reshape(series, -1) + size * np.arange(series)[:, None]
        found = np.bincount(keys.ravel(), minlength=series * size).reshape(*shape[::-1], size)
        self.counts[at] += np.moveaxis(found.T, 0, -1)
        self.total[at] += values.sum(axis=0)
        self.squares[at] += (values**2).sum(axis=0)

    def add_all(self, values: Array) -> None:
        """Count values (row, member, series...), one row of the first axis after the other."""
        for t in range(len(values)):
            if t and np.array_equal(values[t], values[t - 1]):
                # What did not change since the row before need not be counted again.
                before = self.counts[t - 1], self.total[t - 1], self.squares[t - 1]
                self.counts[t], self.total[t], self.squares[t] = before
            else:
                self.add(t, values[t])

    def merge(self, other: Tally) -> None:
        self.counts += other.counts
        self.total += other.total
        self.squares += other.squares

    def quantiles(self, *shares: float) -> Array:
        """Quantiles by linear interpolation within a bin, (share, series...)."""
        cumulated = self.counts.cumsum(axis=-1)
        size = cumulated[..., -1:]
        found = []
        for share in shares:
            rank = share * size
            place = np.minimum((cumulated < np.maximum(rank, 1e-9)).sum(axis=-1), self.axis.count - 1)[..., None]
            inside = np.take_along_axis(self.counts, place, axis=-1)
            below = np.take_along_axis(cumulated, place, axis=-1) - inside
            part = (rank - below) / np.maximum(inside, 1)
            found.append(self.axis.value((place + part)[..., 0]))
        return np.stack(found)

    @property
    def mean(self) -> Array:
        return np.asarray(self.total / np.maximum(self.counts.sum(axis=-1), 1))


@dataclass
class Record:
    """Everything kept of some members: tallies by name, counts by name, and how many members there are."""

    members: int = 0
    tallies: dict[str, Tally] = field(default_factory=dict)
    counts: dict[str, Array] = field(default_factory=dict)

    def merge(self, other: Record) -> None:
        """Add the members of another block; blocks are added in the order of their numbers."""
        if not self.members:
            self.members, self.tallies, self.counts = other.members, other.tallies, other.counts
            return
        for name in {**self.tallies, **other.tallies}:
            # A channel through which nobody of a block was given anything has no tally in it.
            found = self.tallies.get(name) or other.tallies[name].nil_like(self.members)
            found.merge(other.tallies.get(name) or found.nil_like(other.members))
            self.tallies[name] = found
        self.members += other.members
        for name, counts in other.counts.items():
            self.counts[name] = self.counts[name] + counts

    def to_arrays(self) -> dict[str, Array]:
        """Plain arrays by name, for one compressed file."""
        found: dict[str, Array] = {"members": np.array(self.members)}
        for name, tally in self.tallies.items():
            axis = tally.axis
            found[f"tally/{name}/axis"] = np.array([axis.low, axis.width, axis.count, axis.bend])
            for part in ("counts", "total", "squares"):
                found[f"tally/{name}/{part}"] = getattr(tally, part)
        return found | {f"count/{name}": counts for name, counts in self.counts.items()}

    @classmethod
    def of_arrays(cls, held: Any) -> Record:
        record = cls(int(held["members"]))
        for key in held:
            kind, _, rest = key.partition("/")
            if kind == "count":
                record.counts[rest] = held[key]
            elif kind == "tally" and rest.endswith("/axis"):
                name = rest.removesuffix("/axis")
                low, width, count, bend = held[key].tolist()
                parts = (held[f"tally/{name}/{part}"] for part in ("counts", "total", "squares"))
                record.tallies[name] = Tally(Axis(low, width, int(count), bend), *parts)
        return record

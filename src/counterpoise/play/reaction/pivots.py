"""Do the two scales of alignment see the turns that everyone saw? Voting position and orientation at dated pivots."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counterpoise._errors import InputError, fault
from counterpoise._result import Meta, Result

if TYPE_CHECKING:
    from counterpoise.region import Region

CITES = ("bailey2017",)
# Two sessions before the year of the pivot against two after it.
SESSIONS = 2
WINDOW_DAYS = 730
# A turn is seen in votes if it leaves the 90 per cent interval of the measurement error of the two means.
HALF_WIDTH = 1.645
# A turn is seen in orientation if steps and commitments of two years weigh this much: one step of middle weight.
LEAST_WEIGHT = 3.0
# What a promise without any ambiguity weighs, in the points of a step's magnitude.
PROMISE = 5.0
WEST = frozenset({"USA", "EU", "NATO", "GBR", "FRA", "DEU", "GRC", "POL"})
MOSCOW = frozenset({"RUS", "CSTO", "BLR"})

# (state, year) -> ideal point with the ends of its 90 per cent interval.
IdealPoints = Mapping[tuple[str, int], tuple[float, float, float]]


@dataclass(frozen=True, slots=True)
class Pivot:
    """A turn that observers agree on; `expected` is 1 towards the West or away from Moscow, -1 the other way."""

    id: str
    state: str
    day: date
    expected: int
    event: str
    label: str


@dataclass(frozen=True, slots=True)
class Sight:
    """What one scale shows of a pivot: `seen`, `not seen`, `against` (the other way), or `no data`, and the figures."""

    verdict: str
    change: float | None
    noise: float | None
    detail: str


@dataclass
class ValidityTable(Result):
    """Each pivot with what voting position and orientation show of it; where a scale is blind, it says so."""

    rows: list[tuple[Pivot, Sight, Sight]]
    meta: Meta = field(default_factory=Meta)

    def body(self) -> dict[str, Any]:
        return {
            "pivots": [
                {
                    "pivot": pivot.id,
                    "label": pivot.label,
                    "expected": pivot.expected,
                    "event": pivot.event,
                    "voting": _sight(voting),
                    "orientation": _sight(orientation),
                }
                for pivot, voting, orientation in self.rows
            ]
        }

    def table(self) -> list[dict[str, Any]]:
        return [
            {
                "pivot": pivot.label,
                "voting position": voting.verdict,
                "change": voting.change,
                "noise": voting.noise,
                "orientation": orientation.verdict,
                "weight": orientation.change,
                "resting on": orientation.detail,
            }
            for pivot, voting, orientation in self.rows
        ]

    @property
    def plot(self) -> Any:
        """The verdicts as a grid of pivot by scale (an Altair chart; the extra `charts`)."""
        import altair as alt

        cells = [
            {"pivot": pivot.label, "scale": scale, "verdict": sight.verdict}
            for pivot, voting, orientation in self.rows
            for scale, sight in (("voting position", voting), ("orientation", orientation))
        ]
        base = alt.Chart(alt.Data(values=cells), title="What each scale shows of a turn")
        return base.mark_rect().encode(x="scale:N", y=alt.Y("pivot:N", sort=None), color="verdict:N")


def validity_table(region: Region, ideal_points: IdealPoints | None = None) -> ValidityTable:
    """What the two scales show of each dated pivot; without ideal points the voting column says `no data`.

    Voting position: mean ideal point of two sessions after the year of the pivot less that of two before it (the year
    itself where none after it is at hand), beside 1.645 standard errors of that difference. Ideal points of one state
    are smoothed over time, so that their errors are less than independent and the noise is an upper bound (key
    `bailey2017`). Orientation: weights of dated steps, plus promises by the West begun less ended, less those by
    Moscow, in the two years from the pivot; five points for a promise without ambiguity.
    """
    rows = [(pivot, _voting(pivot, ideal_points or {}), _orientation(pivot, region)) for pivot in pivots()]
    named = [pivot.event for pivot, _, _ in rows]
    return ValidityTable(rows, region.meta(sources=region.sources_of(named), cites=CITES))


@cache
def pivots() -> tuple[Pivot, ...]:
    """The pivots that ship, in `pivots.csv`."""
    text = (files("counterpoise.play.reaction") / "pivots.csv").read_text(encoding="utf-8")
    return tuple(
        Pivot(
            row["id"], row["state"], date.fromisoformat(row["date"]), int(row["expected"]), row["event"], row["label"]
        )
        for row in csv.DictReader(text.splitlines())
    )


def read_ideal_points(path: Path) -> dict[tuple[str, int], tuple[float, float, float]]:
    """Ideal points of a Parquet file with the columns iso3, year, ideal_point, ip_q05, ip_q95 (`E909` without them)."""
    from pyarrow import parquet

    needed = ["iso3", "year", "ideal_point", "ip_q05", "ip_q95"]
    there = parquet.read_schema(path).names
    if lacking := [name for name in needed if name not in there]:
        rule, fix = f"the file has the columns {', '.join(needed)}", "give a file of ideal points"
        raise InputError([fault("E909", where=str(path), found=f"no {', '.join(lacking)}", rule=rule, fix=fix)])
    columns = parquet.read_table(path, columns=needed).to_pydict()
    return {
        (state, int(year)): (point, low, high)
        for state, year, point, low, high in zip(*(columns[name] for name in needed), strict=True)
        if point is not None and low is not None and high is not None
    }


def _voting(pivot: Pivot, points: IdealPoints) -> Sight:
    year = pivot.day.year
    before = [points[pivot.state, y] for y in range(year - SESSIONS, year) if (pivot.state, y) in points]
    after = [points[pivot.state, y] for y in range(year + 1, year + 1 + SESSIONS) if (pivot.state, y) in points]
    detail = f"sessions of {year + 1} and {year + 2} against {year - 2} and {year - 1}"
    if not after and (pivot.state, year) in points:
        after, detail = [points[pivot.state, year]], f"the session of {year} against {year - 2} and {year - 1}"
    if not before or not after:
        return Sight("no data", None, None, "the ideal points at hand do not cover the years")
    change = sum(p[0] for p in after) / len(after) - sum(p[0] for p in before) / len(before)
    spread = math.sqrt(sum((_error(p) / len(part)) ** 2 for part in (before, after) for p in part))
    return Sight(_verdict(change, HALF_WIDTH * spread, pivot.expected), change, HALF_WIDTH * spread, detail)


def _error(point: tuple[float, float, float]) -> float:
    return (point[2] - point[1]) / (2 * HALF_WIDTH)


def _orientation(pivot: Pivot, region: Region) -> Sight:
    # The pivot itself counts, and so do steps of the weeks that led to it.
    first, last = pivot.day - timedelta(days=30), pivot.day + timedelta(days=WINDOW_DAYS)

    def inside(text: str | None) -> bool:
        return text is not None and first <= date.fromisoformat(text) <= last

    steps = [row for row in region.rows("alignment_steps") if row.state == pivot.state and inside(row.date)]
    weight = sum(row.magnitude for row in steps)
    begun = ended = 0
    for row in region.rows("commitments"):
        side = 1 if WEST & {*row.guarantor} else -1 if MOSCOW & {*row.guarantor} else 0
        if not side or pivot.state not in row.protege or row.ambiguity is None:
            continue
        if inside(row.from_):
            weight, begun = weight + side * PROMISE * (1 - row.ambiguity), begun + 1
        if inside(row.to):
            weight, ended = weight - side * PROMISE * (1 - row.ambiguity), ended + 1
    detail = f"{len(steps)} steps, {begun} promises begun, {ended} ended"
    if not steps and not begun and not ended:
        return Sight("not seen", 0.0, LEAST_WEIGHT, "no step or promise on record")
    return Sight(_verdict(weight, LEAST_WEIGHT, pivot.expected, equal=True), weight, LEAST_WEIGHT, detail)


def _verdict(change: float, noise: float, expected: int, *, equal: bool = False) -> str:
    if abs(change) < noise or (abs(change) == noise and not equal):
        return "not seen"
    return "seen" if change * expected > 0 else "against"


def _sight(sight: Sight) -> dict[str, Any]:
    return {"verdict": sight.verdict, "change": sight.change, "noise": sight.noise, "detail": sight.detail}

"""Facts and events as draws: how wide a printed figure is, how likely a reported act, where a verdict flips."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from operator import attrgetter
from typing import Any

import numpy as np
from scipy.optimize import brentq

from counterpoise.claims._inputs import Inputs, listened, overhear
from counterpoise.region import Figure, Region
from counterpoise.region.draws import triangular, uniforms

GRID = np.geomspace(0.1, 10, 241)
NOW = len(GRID) // 2
# Every so many-th point of the grid is enough to say how far a single draw is from its flip.
COARSE = 6
# Admiralty credibilities in their order; the sixth says that it cannot be judged.
GRADES = range(1, 6)
# The assumption that reports of several sources are separate, as a share: 0 takes all for copies of one.
SEPARATE = "reports of several sources are separate"


@cache
def tolerances() -> dict[tuple[str, str], tuple[float, float]]:
    """The judgement table of this room: (kind, name) -> (low, high)."""
    text = resources.files("counterpoise.claims").joinpath("tolerances.csv").read_text(encoding="utf-8")
    return {
        (row["kind"], row["name"]): (float(row["low"]), float(row["high"])) for row in csv.DictReader(text.splitlines())
    }


@dataclass(frozen=True, slots=True)
class Study:
    """The region a check reads, with the draws it may use; `seed` and `count` fix them.

    `inputs` notes every judged range that the check uses, and may pin some of them (see `sensitivity`); `quick` asks
    for probabilities alone, where what would flip them takes an engine long.
    """

    region: Region
    seed: int
    count: int
    inputs: Inputs = field(default_factory=Inputs)
    quick: bool = False

    def uniforms(self, name: str) -> np.ndarray:
        return uniforms(self.seed, f"claims:{name}", self.count)

    def between(self, name: str, low: float, high: float) -> np.ndarray:
        """Uniform draws of a named threshold, shape (count,)."""
        low, _, high = self.inputs.range("reading", name, low, None, high)
        return low + (high - low) * self.uniforms(name)

    def ends(self, name: str, low: float, high: float) -> tuple[float, float]:
        """The ends of a named range whose middle a check works with."""
        low, _, high = self.inputs.range("reading", name, low, None, high)
        return low, high

    def between_log(self, name: str, low: float, high: float) -> np.ndarray:
        """Log-uniform draws of a named range above 0, shape (count,)."""
        low, _, high = self.inputs.range("reading", name, low, None, high)
        return np.asarray(low * (high / low) ** self.uniforms(name))

    def tolerance(self, kind: str, name: str) -> tuple[float, float]:
        """A range of the table of judgement of this room."""
        low, _, high = self.inputs.range("tolerance", f"{kind} {name}", *_around(tolerances()[kind, name]))
        return low, high

    def credible(self, rank: int) -> float:
        """The chance that an act took place as one report of this Admiralty credibility has it."""
        return sum(self.tolerance("credibility", str(rank))) / 2

    def graded(self, row: Any) -> int:
        """The Admiralty credibility of a report, which one step better or worse would make another."""
        rank = int(row.credibility)
        if rank not in GRADES:
            return rank
        _, pinned, _ = self.inputs.range(
            "grade", str(row.id), max(GRADES[0], rank - 1), None, min(GRADES[-1], rank + 1)
        )
        return rank if pinned is None else round(pinned)

    def figure(self, figure: Figure) -> np.ndarray:
        """Draws of one figure: triangular over its printed range, else over the spread of its credibility, (count,)."""
        share = self.uniforms(figure.id)
        if figure.low is not None and figure.high is not None and figure.high > figure.low:
            ends = self.inputs.range("figure", figure.id, figure.low, figure.value, figure.high, figure.unit)
            low, middle, high = ends
            return triangular(share, low, figure.value if middle is None else middle, high)
        low, high = self.tolerance("spread", str(figure.credibility))
        half = abs(figure.value) * (low + high) / 2
        ends = self.inputs.range("figure", figure.id, figure.value - half, None, figure.value + half, figure.unit)
        if ends[1] is not None:
            return np.full(self.count, ends[1])
        spread = low + (high - low) * self.uniforms(f"{figure.id}:spread")
        return figure.value * (1 + spread * (2 * share - 1))

    def pool(self, figures: Sequence[Figure], name: str) -> np.ndarray:
        """Draws from several figures that describe one thing: each draw takes one, the more credible the more often."""
        weights = np.array([1.0 / figure.credibility for figure in figures])
        which = np.searchsorted(np.cumsum(weights / weights.sum()), self.uniforms(f"{name}:which"), side="right")
        return np.choose(np.minimum(which, len(figures) - 1), [self.figure(figure) for figure in figures])

    def happened(self, rows: Sequence[Any]) -> float:
        """Chance that an act took place as coded, given the rows that report it.

        Reports from one source are one report, as good as the best of them; those of several sources are taken as
        independent, which flatters two papers that copy one agency.
        """
        told = [self.credible(rank) for rank in reports(rows, self.graded)]
        together = 1 - float(np.prod([1 - chance for chance in told]))
        if len(told) < 2:
            return together
        return max(told) + self.inputs.switch(SEPARATE, 0.0, 1.0, 1.0) * (together - max(told))


def reports(rows: Sequence[Any], graded: Callable[[Any], int] = attrgetter("credibility")) -> list[int]:
    """The Admiralty credibilities of the separate reports behind rows: of each source the best."""
    best: dict[str, int] = {}
    for row in rows:
        rank = graded(row)
        best[row.source] = min(rank, best.get(row.source, rank))
    return list(best.values())


def _around(ends: tuple[float, float]) -> tuple[float, None, float]:
    return ends[0], None, ends[1]


def chance(holds: np.ndarray) -> float:
    """The share of draws in which a statement holds."""
    return float(np.mean(holds))


def spread(draws: np.ndarray) -> dict[str, float]:
    """Median and the 5th and 95th percentile of draws."""
    low, middle, high = np.quantile(draws, [0.05, 0.5, 0.95])
    return {"p05": float(low), "p50": float(middle), "p95": float(high)}


def flip_points(
    draws: np.ndarray,
    holds: Callable[[np.ndarray], np.ndarray],
    *,
    name: str,
    unit: str,
    every: int | None = None,
) -> dict[str, Any]:
    """The values of an input at which a statement becomes as likely as not, all those within a factor of ten.

    The draws of the input are scaled, everything else stays; `values` are medians of the scaled input, and
    `distance_sd` says how many standard deviations of the input away the nearest lies. No root in range is said so.
    `every` is the number of draws that the engine made, where it handed them on in turn.
    """
    if listened():
        overhear(*_margin(draws, holds), every=every)

    def excess(scale: float) -> float:
        return chance(holds(draws * scale)) - 0.5

    scores = np.array([excess(scale) for scale in GRID])
    roots = [float(GRID[k]) for k in np.flatnonzero(scores == 0)]
    for k in np.flatnonzero(scores[:-1] * scores[1:] < 0):
        roots.append(float(brentq(excess, GRID[k], GRID[k + 1], xtol=1e-6)))
    middle, deviation = float(np.median(draws)), float(np.std(draws))
    values = sorted(middle * root for root in roots)
    if not values:
        return {"input": name, "unit": unit, "values": [], "note": "cannot flip within a factor of ten"}
    nearest = min(values, key=lambda value: abs(value - middle))
    # A width that is rounding alone is none.
    distance = abs(nearest - middle) / deviation if deviation > 1e-9 * max(1.0, abs(middle)) else None
    return {"input": name, "unit": unit, "values": values, "nearest": nearest, "now": middle, "distance_sd": distance}


def _margin(draws: np.ndarray, holds: Callable[[np.ndarray], np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Whether each draw holds, and the logarithm of the nearest factor at which it alone would flip, negative if not.

    Where no draw flips within the grid, the draws themselves stand for the margin.
    """
    scales = np.log(GRID[NOW % COARSE :: COARSE])
    held = np.stack([holds(draws * scale) for scale in np.exp(scales)])
    now = held[np.argmin(np.abs(scales))]
    away = np.where(held != now, np.abs(scales)[:, None], np.inf).min(axis=0)
    reach = np.log(GRID[-1])
    if not np.isfinite(away).any():
        return now, draws
    return now, np.where(now, 1.0, -1.0) * np.minimum(away, reach)


def credibility_flip(study: Study, rows: Sequence[Any]) -> dict[str, Any]:
    """What would flip a statement that rests on reported acts: the chance per report at which it becomes even.

    `rows` report the act; those of one source count as one report. `distance` is the chance above (or below) that.
    """
    ranks = reports(rows)
    per_report = 1 - 0.5 ** (1 / len(ranks))
    now = float(np.mean([study.credible(rank) for rank in ranks]))
    return {
        "input": "chance that one report is right",
        "unit": "share",
        "values": [per_report],
        "nearest": per_report,
        "now": now,
        "distance": now - per_report,
    }

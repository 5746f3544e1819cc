"""Order statistics as Cardinal computes them, to the last bit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction


def quantile(ordered: Sequence[float], share: float) -> float:
    """The value below which `share` (0-1) of an ascending sample lies; NaN for an empty one.

    Median-unbiased estimate, type 8 of Hyndman and Fan 1996 (key `hyndman1996`), which Cardinal uses.

    >>> round(quantile([0.0, 100.0, 100.0, 100.0, 100.0], 0.25), 4)
    66.6667
    """
    count = len(ordered)
    if not count:
        return math.nan
    place = (count + 1 / 3) * share + 1 / 3
    rank = int(place)
    if rank <= 0 or share == 0:
        return ordered[0]
    if rank >= count or share == 1:
        return ordered[-1]
    below, above = ordered[rank - 1], ordered[rank]
    return below + (place - rank) * (above - below)


def fused(factor: float, times: float, plus: float) -> float:
    """`factor * times + plus` rounded once, so that a value that lies on a fence stays on it."""
    if not all(map(math.isfinite, (factor, times, plus))):
        return factor * times + plus
    return float(Fraction(factor) * Fraction(times) + Fraction(plus))


def quartiles(values: Sequence[float], *, ordered: bool = False) -> tuple[float, float]:
    """The first and the third quartile of a sample, `ordered` if it is ascending already."""
    ascending = values if ordered else sorted(values)
    return quantile(ascending, 0.25), quantile(ascending, 0.75)


def low_fence(first: float, third: float) -> float:
    """Tukey's lower fence, Q1 - 1.5 (Q3 - Q1)."""
    return fused(third - first, -1.5, first)


def high_fence(first: float, third: float) -> float:
    """Tukey's upper fence, Q3 + 1.5 (Q3 - Q1)."""
    return fused(third - first, 1.5, third)

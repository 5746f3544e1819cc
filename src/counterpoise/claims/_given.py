"""Which ranges matter, from the draws already made: how much of an outcome each range explains, beyond noise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import chi2, rankdata

from counterpoise.claims._inputs import Heard, Input
from counterpoise.region.draws import uniforms

# Classes of equal count that the draws of a range are cut into; fewer draws than this in a class say little.
CLASSES, FEWEST = 6, 15
# The chance that, of all ranges looked at, one that does nothing comes out above the level.
FALSE_ALARM = 0.05
# The field of a judged row -> the ends of the names that its draws go by, in this room and in the engines.
STREAMS = {
    "value": ("{}", "claims:{}"),
    "honoured": ("{}:honoured", "claims:{}:honoured", "claims:{}"),
    "weight": ("{}:weight",),
    "ambiguity": ("{}:ambiguity", "claims:{}"),
}


def explained(share: np.ndarray, outcome: np.ndarray, draws: int | None = None, classes: int = CLASSES) -> float:
    """The share of the variance of an outcome that one range explains by itself, at least 0; from given draws.

    `share` are the uniform draws of the range, in [0, 1), `outcome` what came of each draw. The draws are cut into
    classes of equal width by `share`; the share is the variance of the class means over that of the outcome, less what
    pure noise is expected to give. `draws` is how many of them are draws of their own (left out: all). Method: the
    correlation ratio of Pearson as a given-data estimate of the first-order index (key `plischke2013`).

    >>> ladder = np.linspace(0.0, 0.999, 600)
    >>> round(explained(ladder, ladder > 0.4995), 1), explained(ladder, np.ones(600))
    (1.0, 0.0)
    """
    count = draws or len(outcome)
    spread = float(np.var(outcome))
    if spread <= 0 or count < classes * FEWEST:
        return 0.0
    which = (np.asarray(share) * classes).astype(int)
    sizes = np.bincount(which, minlength=classes)
    means = np.bincount(which, weights=outcome, minlength=classes) / np.maximum(sizes, 1)
    between = float(sizes @ (means - np.mean(outcome)) ** 2) / len(outcome)
    return max(0.0, between / spread - (classes - 1) / count)


def noise_level(count: int, ranges: int, classes: int = CLASSES) -> float:
    """The explained share that a range which does nothing exceeds with a chance of 5 in 100 over all `ranges`.

    Under independence `count` times the raw share is near a chi-squared variable with one degree of freedom less than
    there are classes; the level is its quantile, corrected for the number of ranges (Bonferroni) and for the bias.
    """
    return float(chi2.isf(FALSE_ALARM / max(1, ranges), classes - 1) - (classes - 1)) / count


@dataclass(frozen=True, slots=True)
class Weight:
    """How much of a comparison a range explains, and whether that is more than noise among all ranges looked at."""

    explained: float = 0.0
    beyond_noise: bool = False


def weigh_ranges(ranges: Sequence[Input], heard: Sequence[Heard], seed: int) -> dict[Input, Weight]:
    """How much each range explains of any comparison of a check.

    Two outcomes are looked at for each comparison: whether the statement holds, and the rank of the margin by which it
    does; the second still tells ranges apart where the first is the same in every draw.
    """
    found = dict.fromkeys(ranges, Weight())
    for comparison in heard:
        outcomes = [comparison.holds.astype(float), rankdata(comparison.margin)]
        for one in ranges:
            shares, count = _shares(one, comparison, seed)
            level = noise_level(count, len(outcomes) * len(ranges) * len(heard))
            for share in shares:
                weight = max(explained(share, outcome, count) for outcome in outcomes)
                if weight > found[one].explained:
                    found[one] = Weight(weight, weight > level)
    return found


def _shares(one: Input, comparison: Heard, seed: int) -> tuple[list[np.ndarray], int]:
    """Where in the range each draw lies, in [0, 1), and how many draws these are in truth.

    Several where the range may go by several names.
    """
    total = len(comparison.holds)
    if one.name in comparison.drawn:
        return [(rankdata(comparison.drawn[one.name], method="ordinal") - 1) / total], total
    count = total if one.kind == "reading" else min(comparison.every or total, total)
    return [uniforms(seed, name, count)[np.arange(total) % count] for name in _streams(one)], count


def _streams(one: Input) -> tuple[str, ...]:
    """The names that the draws of a range may go by."""
    if one.kind == "reading":
        return (f"claims:{one.name}",)
    if one.kind == "judgement":
        name, _, field = one.name.partition(" ")
        return tuple(text.format(name) for text in STREAMS.get(field, ()))
    return (f"claims:{one.name}",) if one.kind == "figure" else (one.name,)

"""Who bids beside whom more often than chance: pairs of bidders against bidders shuffled within their markets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
# Processes with more bidders than this say little of each pair, and cost their square: they are left out and counted.
MOST_BIDDERS = 30
# A pair met less often than this is no pattern.
FEWEST_MEETINGS = 3


@dataclass(frozen=True, slots=True)
class Slots:
    """Each bid as one entry: its process, its bidder, its market. Sorted by process; processes are numbered from 0."""

    process: Ints
    bidder: Ints
    market: Ints

    @property
    def sizes(self) -> Ints:
        return np.bincount(self.process) if len(self.process) else np.empty(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of bidders that met often: who, how often, how often by chance, and -log10 of the chance of as often."""

    first: Ints
    other: Ints
    meetings: Ints
    expected: Floats
    strength: Floats


def meetings_of(slots: Slots, bidders: int) -> tuple[Ints, Ints]:
    """Each pair that met `FEWEST_MEETINGS` times or more as one number (`first * bidders + other`), and how often."""
    sizes = slots.sizes
    starts = np.concatenate([[0], np.cumsum(sizes)])[:-1]
    keys = []
    for size in range(2, MOST_BIDDERS + 1):
        at = starts[sizes == size]
        if not len(at):
            continue
        table = slots.bidder[at[:, None] + np.arange(size)]
        left, right = np.triu_indices(size, 1)
        one, other = table[:, left].ravel(), table[:, right].ravel()
        low, high = np.minimum(one, other), np.maximum(one, other)
        keys.append((low * bidders + high)[low != high])
    if not keys:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    found, counts = np.unique(np.concatenate(keys), return_counts=True)
    often = counts >= FEWEST_MEETINGS
    return found[often], counts[often]


class Chance:
    """How often two bidders meet by chance: bids of each market dealt out anew, each bidder keeping its number."""

    def __init__(self, slots: Slots, bidders: int) -> None:
        from scipy.sparse import csr_array

        markets = int(slots.market.max()) + 1 if len(slots.market) else 1
        bids = np.bincount(slots.market, minlength=markets).astype(float)
        sizes = slots.sizes.astype(float)
        first = np.concatenate([[0], np.cumsum(slots.sizes)])[:-1]
        open_pairs = np.bincount(slots.market[first], weights=sizes * (sizes - 1), minlength=markets)
        weight = np.sqrt(open_pairs / np.maximum(bids * (bids - 1), 1))
        self.bidders = bidders
        ones = weight[slots.market]
        self.matrix: Any = csr_array((ones, (slots.bidder, slots.market)), shape=(bidders, markets))
        self.matrix.sum_duplicates()

    def pairs(self, keys: Ints, counts: Ints) -> Pairs:
        from scipy.special import gammainc

        first, other = keys // self.bidders, keys % self.bidders
        expected = np.empty(len(keys))
        for begin in range(0, len(keys), 200_000):
            rows = slice(begin, begin + 200_000)
            shared = self.matrix[first[rows]].multiply(self.matrix[other[rows]])
            expected[rows] = np.asarray(shared.sum(axis=1)).ravel()
        # The tail of a Poisson count: P(X >= k) is the regularised lower gamma function of k.
        tail = gammainc(counts.astype(float), np.maximum(expected, 1e-12))
        return Pairs(first, other, counts, expected, -np.log10(np.maximum(tail, 1e-300)))


def shuffled(slots: Slots, rng: np.random.Generator) -> Slots:
    """The same processes with the bidders of each market dealt out anew."""
    order = np.argsort(slots.market, kind="stable")
    mixed = np.lexsort((rng.random(len(order)), slots.market))
    bidder = np.empty_like(slots.bidder)
    bidder[order] = slots.bidder[mixed]
    return Slots(slots.process, bidder, slots.market)


def unusual_pairs(slots: Slots, bidders: int, *, members: int, seed: int) -> tuple[Pairs, Floats]:
    """Pairs that met often, and for each how many pairs meet as unlikely often among shuffled bidders (the mean)."""
    chance = Chance(slots, bidders)
    found = chance.pairs(*meetings_of(slots, bidders))
    innocent = np.zeros(len(found.first))
    for member in range(members):
        mixed = shuffled(slots, np.random.default_rng([seed, member]))
        strength = np.sort(chance.pairs(*meetings_of(mixed, bidders)).strength)
        innocent += len(strength) - np.searchsorted(strength, found.strength, side="left")
    return found, innocent / max(members, 1)

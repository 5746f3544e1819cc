"""The parts of the corruption risk index: what each is, and its cut-offs, calibrated on the file where it allows."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from counterpoise.oversight.procurement._rows import Contract

OPEN = frozenset({"open", "selective"})
RISK_OF_METHOD = {"open": 0.0, "selective": 0.5, "limited": 1.0, "direct": 1.0}
PRICE = frozenset({"priceOnly", "lowestCost", "costOnly"})
RATED = frozenset({"ratedCriteria", "bestProposal", "bestValueToGovernment", "bestValue"})
FREE = frozenset({"qualityOnly", "singleBidOnly"})
# A file with fewer competitive contracts of known bidders than this cannot calibrate cut-offs.
LEAST, LEAST_IN_BIN, BINS = 300, 30, 8
LONGEST = 730
FEWEST_CONTRACTS = 10


@dataclass(frozen=True, slots=True)
class Component:
    """A part of the index: its definition, where its cut-off comes from, and what it cannot see."""

    name: str
    definition: str
    cutoff: str
    blind: str


COMPONENTS = (
    Component(
        "single_bid",
        "one bidder in an open or selective procedure: 1; more: 0; other procedures: unknown",
        "none needed",
        "Sham second bidders; markets with one able supplier.",
    ),
    Component(
        "no_call",
        "no tender document of type tenderNotice: 1; one: 0; unknown in a file that publishes none at all",
        "none needed",
        "Calls published elsewhere.",
    ),
    Component(
        "procedure",
        "open 0, selective 0.5, limited or direct 1; another word or none: unknown",
        "judgement: the order is the literature's, the half is ours",
        "Lawful reasons for direct awards; national procedures behind one word.",
    ),
    Component(
        "advertisement",
        "days from tenderPeriod start to end, in a class in which single bids are more frequent: 1, else 0",
        "calibrated on single bids, else under 15 days (judgement)",
        "Extensions outside the data.",
    ),
    Component(
        "decision",
        "days from tenderPeriod end to award, in a class in which single bids are more frequent: 1, else 0",
        "calibrated on single bids, else under 3 or over 180 days (judgement)",
        "Auctions that decide at once, litigation.",
    ),
    Component(
        "criteria",
        "price or cost alone 0, rated criteria 0.5, quality alone or by design one bidder 1; another word: unknown",
        "judgement: the weight of criteria beside price is not published in OCDS",
        "Tailored specifications in tenders decided by price.",
    ),
    Component(
        "dependence",
        "supplier's share of what the buyer awarded in the year, in the file's main currency",
        "buyers with 10 contracts or more in that year, else unknown",
        "Suppliers under several ids; purchases outside the file.",
    ),
)
NAMES = tuple(component.name for component in COMPONENTS)


@dataclass
class Periods:
    """Days against single bids: how often one bidder came, by length, over competitive contracts."""

    counts: dict[int, list[int]] = field(default_factory=dict)

    def note(self, days: int | None, single: bool) -> None:
        if days is not None and 0 <= days <= LONGEST:
            known = self.counts.setdefault(days, [0, 0])
            known[0] += single
            known[1] += 1

    def classes(self) -> list[dict[str, Any]] | None:
        """Classes of about equal size with their share of single bids; `None` where too few contracts tell.

        A class is risky where single bids exceed those of the other classes by two standard errors and by a tenth.
        """
        total = sum(number for _, number in self.counts.values())
        single = sum(one for one, _ in self.counts.values())
        if total < LEAST or not 0 < single < total:
            return None
        classes: list[dict[str, Any]] = []
        low, ones, many = 0, 0, 0
        for days in sorted(self.counts):
            ones, many = ones + self.counts[days][0], many + self.counts[days][1]
            if many >= max(total / BINS, LEAST_IN_BIN):
                classes.append({"low": low, "high": days, "contracts": many, "single": ones})
                low, ones, many = days + 1, 0, 0
        if many and classes:
            last = classes[-1]
            classes[-1] = {**last, "high": max(self.counts), "contracts": last["contracts"] + many}
            classes[-1]["single"] += ones
        for one in classes:
            others = total - one["contracts"]
            share = one["single"] / one["contracts"]
            rest = (single - one["single"]) / others if others else share
            error = math.sqrt(single / total * (1 - single / total) * (1 / one["contracts"] + 1 / max(others, 1)))
            one["share"], one["risk"] = share, float(share > rest * 1.1 and share - rest > 2 * error)
        return classes


@dataclass
class Calibration:
    """What the first pass over a file learns: classes of periods, who spends how much, whether calls are published."""

    advertisement: Periods = field(default_factory=Periods)
    decision: Periods = field(default_factory=Periods)
    notices: int = 0
    currencies: Counter[str] = field(default_factory=Counter)
    spent: dict[tuple[str, int, str], tuple[int, float]] = field(default_factory=dict)
    sold: dict[tuple[str, int, str, str], float] = field(default_factory=dict)

    @classmethod
    def of(cls, contracts: Iterable[Contract]) -> Calibration:
        found = cls()
        for one in contracts:
            found.notices += one.notice
            single = single_bid(one)
            if single is not None:
                found.advertisement.note(one.advertised, bool(single))
                found.decision.note(one.decided, bool(single))
            if one.currency and one.amount is not None and one.amount > 0:
                found.currencies[one.currency] += 1
                if one.buyer and one.year:
                    key = (one.buyer, one.year, one.currency)
                    count, total = found.spent.get(key, (0, 0.0))
                    found.spent[key] = (count + 1, total + one.amount)
                    if one.supplier:
                        sale = (*key, one.supplier)
                        found.sold[sale] = found.sold.get(sale, 0.0) + one.amount
        return found

    @property
    def currency(self) -> str | None:
        return self.currencies.most_common(1)[0][0] if self.currencies else None


def single_bid(one: Contract) -> float | None:
    return None if one.method not in OPEN or one.bidders is None else float(one.bidders == 1)


def _period(days: int | None, classes: list[dict[str, Any]] | None, usual: Callable[[int], bool]) -> float | None:
    if days is None or days < 0:
        return None
    if classes is None:
        return float(usual(days))
    found = next((one["risk"] for one in classes if days <= one["high"]), classes[-1]["risk"])
    return float(found)


class Scorer:
    """The components of a contract, given what its file taught."""

    def __init__(self, calibration: Calibration) -> None:
        self.calibration = calibration
        self.advertisement = calibration.advertisement.classes()
        self.decision = calibration.decision.classes()
        self.currency = calibration.currency

    def components(self, one: Contract) -> tuple[float | None, ...]:
        """Each component from 0 to 1 in the order of `NAMES`; `None` is unknown and never counts as zero."""
        criteria = one.criteria
        return (
            single_bid(one),
            float(not one.notice) if self.calibration.notices else None,
            RISK_OF_METHOD.get(one.method or ""),
            _period(one.advertised, self.advertisement, lambda days: days < 15),
            _period(one.decided, self.decision, lambda days: days < 3 or days > 180),
            0.0 if criteria in PRICE else 0.5 if criteria in RATED else 1.0 if criteria in FREE else None,
            self._dependence(one),
        )

    def _dependence(self, one: Contract) -> float | None:
        if not (one.buyer and one.year and one.supplier) or one.currency != self.currency or not self.currency:
            return None
        count, total = self.calibration.spent.get((one.buyer, one.year, self.currency), (0, 0.0))
        if count < FEWEST_CONTRACTS or total <= 0:
            return None
        return self.calibration.sold.get((one.buyer, one.year, self.currency, one.supplier), 0.0) / total

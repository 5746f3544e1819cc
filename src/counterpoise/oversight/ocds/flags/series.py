"""Flags of the guide drawn from series of purchases and bids: splitting, first digits, growth, few bidders."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from counterpoise.oversight.dates import day_of
from counterpoise.oversight.ocds.flags._stats import low_fence, quartiles
from counterpoise.oversight.ocds.flags.cardinal import add_fraction
from counterpoise.oversight.ocds.flags.process import CLOSED, Process
from counterpoise.oversight.ocds.flags.settings import Settings
from counterpoise.oversight.ocds.parts import listed, part, price, single

CODES = ("R011", "R019", "R029", "R052")
BENFORD = tuple(math.log10(1 + 1 / digit) for digit in range(1, 10))
Finding = tuple[str, str, str, float]


@dataclass(slots=True)
class Series:
    """What the series flags are drawn from; two series add in any order."""

    bidders: dict[str, list[int]] = field(default_factory=dict)
    digits: dict[str, list[int]] = field(default_factory=dict)
    # (buyer, category) -> day number and amount of each non-competitive purchase
    purchases: dict[tuple[str, str], list[tuple[int, float]]] = field(default_factory=dict)
    # (buyer, supplier) -> first day, its amount; day and amount of the largest award
    growth: dict[tuple[str, str], tuple[int, float, int, float]] = field(default_factory=dict)

    def add(self, other: Series) -> None:
        for name, (top, bottom) in other.bidders.items():
            add_fraction(self.bidders, name, top, bottom)
        for name, counts in other.digits.items():
            held = self.digits.setdefault(name, [0] * 9)
            for place, count in enumerate(counts):
                held[place] += count
        for key, bought in other.purchases.items():
            self.purchases.setdefault(key, []).extend(bought)
        for pair, (first, amount, last, largest) in other.growth.items():
            self.note_award(pair, first, amount)
            self.note_award(pair, last, largest)

    def note_award(self, pair: tuple[str, str], day: int, amount: float) -> None:
        first, start, last, largest = self.growth.get(pair, (day, amount, day, amount))
        first, start = min((first, start), (day, amount))
        if amount > largest:
            last, largest = day, amount
        self.growth[pair] = (first, start, last, largest)


def first_digit(amount: float) -> int | None:
    """The first significant digit of a positive amount."""
    return int(f"{amount:.15e}"[0]) if amount > 0 and math.isfinite(amount) else None


class SeriesJudge:
    """Counts each process into the series of its buyer, and draws the flags at the end."""

    def __init__(self, settings: Settings, codes: frozenset[str]) -> None:
        self.settings = settings
        self.codes = codes & frozenset(CODES)
        self.limit = settings.get("R011", "threshold")

    def fold(self, series: Series, process: Process, is_main: Callable[[str, Settings], bool]) -> None:
        """Count one process; `is_main` says which currency's amounts are compared."""
        entity = part(process.tender, "procuringEntity").get("id")
        count = process.tender.get("numberOfTenderers")
        if "R019" in self.codes and process.competitive and isinstance(entity, str) and type(count) is int:
            add_fraction(series.bidders, entity, max(count, 0), 1)
        buyer = part(process.release, "buyer").get("id")
        if not isinstance(buyer, str):
            return
        if "R029" in self.codes:
            self._count_digits(series, process, buyer)
        if "R011" in self.codes and self.limit is not None and process.method in CLOSED:
            self._note_purchase(series, process, buyer, is_main)
        if "R052" in self.codes:
            for award in process.active_awards:
                supplier, offer, day = single(listed(award, "suppliers")), price(award), day_of(award.get("date"))
                if supplier and offer and day and offer[0] > 0 and is_main(offer[1], self.settings):
                    series.note_award((buyer, supplier), day.toordinal(), offer[0])

    def _count_digits(self, series: Series, process: Process, buyer: str) -> None:
        for bid in process.bids:
            offer = price(bid) if bid.get("status") not in {"invited", "withdrawn"} else None
            digit = first_digit(offer[0]) if offer else None
            if digit is not None:
                series.digits.setdefault(buyer, [0] * 9)[digit - 1] += 1

    def _note_purchase(
        self, series: Series, process: Process, buyer: str, is_main: Callable[[str, Settings], bool]
    ) -> None:
        offer = price(process.tender) or next((paid for one in process.active_awards if (paid := price(one))), None)
        dates: list[Any] = [part(process.tender, "tenderPeriod").get("startDate"), process.release.get("date")]
        day = next((found for date in dates if (found := day_of(date))), None)
        kinds = [part(item, "classification").get("id") for item in listed(process.tender, "items") or []]
        kind = next((kind[:2] for kind in kinds if isinstance(kind, str) and kind), None)
        if offer and day and kind and offer[0] < self.limit and is_main(offer[1], self.settings):
            series.purchases.setdefault((buyer, kind), []).append((day.toordinal(), offer[0]))

    def close(self, series: Series) -> list[Finding]:
        """The flags of buyers, procuring entities and suppliers."""
        return [*self._few_bidders(series), *self._digits(series), *self._splits(series), *self._growth(series)]

    def _few_bidders(self, series: Series) -> list[Finding]:
        least = self.settings.get("R019", "minimum_contracting_processes", 5)
        means = {name: total / count for name, (total, count) in series.bidders.items() if count >= least}
        low = self.settings.get("R019", "threshold")
        if low is None:
            low = low_fence(*quartiles(list(means.values()))) if means else -math.inf
        return [("ProcuringEntity", name, "R019", mean) for name, mean in means.items() if mean <= low]

    def _digits(self, series: Series) -> list[Finding]:
        least = self.settings.get("R029", "minimum_bids", 300)
        limit = self.settings.get("R029", "threshold", 0.015)
        found: list[Finding] = []
        for buyer, counts in series.digits.items():
            total = sum(counts)
            if total >= max(least, 1):
                gaps = [abs(count / total - share) for count, share in zip(counts, BENFORD, strict=True)]
                if sum(gaps) / 9 > limit:
                    found.append(("Buyer", buyer, "R029", sum(gaps) / 9))
        return found

    def _splits(self, series: Series) -> list[Finding]:
        days = self.settings.get("R011", "days", 30)
        largest: dict[str, float] = {}
        for (buyer, _), bought in series.purchases.items():
            bought.sort()
            begin, total = 0, 0.0
            for end, (day, amount) in enumerate(bought):
                total += amount
                while day - bought[begin][0] > days:
                    total -= bought[begin][1]
                    begin += 1
                if end > begin and total >= self.limit:
                    largest[buyer] = max(total, largest.get(buyer, 0.0))
        return [("Buyer", buyer, "R011", total) for buyer, total in largest.items()]

    def _growth(self, series: Series) -> list[Finding]:
        limit = self.settings.get("R052", "threshold", 10.0)
        largest: dict[str, float] = {}
        for (_, supplier), (first, start, last, most) in series.growth.items():
            if last > first and most / start >= limit:
                largest[supplier] = max(most / start, largest.get(supplier, 0.0))
        return [("Tenderer", supplier, "R052", ratio) for supplier, ratio in largest.items()]

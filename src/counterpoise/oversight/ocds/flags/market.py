"""The red flags of the guide that need many processes: shares of buyers, suppliers and item categories."""

from __future__ import annotations

import math
from array import array
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from counterpoise.oversight.dates import day_of
from counterpoise.oversight.ocds.flags._stats import high_fence, low_fence, quartiles
from counterpoise.oversight.ocds.flags.cardinal import add_fraction
from counterpoise.oversight.ocds.flags.process import CLOSED, PRICE_ONLY, Process
from counterpoise.oversight.ocds.flags.settings import Settings
from counterpoise.oversight.ocds.parts import ids, listed, part, price, single

CODES = ("R013", "R016", "R017", "R021", "R027", "R040", "R050", "R051", "R055", "R072")
# A category of which the typical process has fewer bidders misses none when half of them stay away.
TYPICAL = 4
# Two logs of one number are the same within this.
SAME = 1e-9
# (scope, id, code, value)
Finding = tuple[str, str, str, float]


@dataclass(slots=True)
class Market:
    """Sums over processes that the market flags are drawn from; two markets add."""

    fractions: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    contracts: dict[str, dict[str, int]] = field(default_factory=dict)
    direct: dict[tuple[str, str], tuple[int, float]] = field(default_factory=dict)
    sales: dict[str, dict[str, tuple[int, float]]] = field(default_factory=dict)
    estimates: dict[str, array[float]] = field(default_factory=dict)
    currency: str | None = None

    def is_main(self, currency: str, settings: Settings) -> bool:
        """Whether amounts in a currency are compared: the one set, else the first one met."""
        if self.currency is None:
            self.currency = settings.currency or currency
        return self.currency == currency

    def add(self, other: Market) -> None:
        self.currency = self.currency or other.currency
        for code, theirs in other.fractions.items():
            mine = self.fractions.setdefault(code, {})
            for key, (top, bottom) in theirs.items():
                add_fraction(mine, key, top, bottom)
        for buyer, counts in other.contracts.items():
            known = self.contracts.setdefault(buyer, {})
            for supplier, count in counts.items():
                known[supplier] = known.get(supplier, 0) + count
        for pair, (count, amount) in other.direct.items():
            _add_sale(self.direct, pair, count, amount)
        for kind, sales in other.sales.items():
            for supplier, (count, amount) in sales.items():
                _add_sale(self.sales.setdefault(kind, {}), supplier, count, amount)
        for kind, values in other.estimates.items():
            self.estimates.setdefault(kind, array("d")).extend(values)


def _add_sale(sales: dict[Any, tuple[int, float]], key: Any, count: int, amount: float) -> None:
    before, total = sales.get(key, (0, 0.0))
    sales[key] = (before + count, total + amount)


def category(items: list[dict[str, Any]] | None, digits: int) -> str | None:
    """The one category that all classified items share, by the first digits of their codes."""
    kinds: set[str] = {
        kind[:digits]
        for item in items or ()
        if isinstance(kind := part(item, "classification").get("id"), str) and kind
    }
    return next(iter(kinds)) if len(kinds) == 1 else None


class MarketJudge:
    """Counts each process into a market, and draws the flags at the end."""

    def __init__(self, settings: Settings, codes: frozenset[str]) -> None:
        self.settings = settings
        self.codes = codes & frozenset(CODES)
        self.digits = {code: settings.get(code, "digits", 2) for code in ("R016", "R027", "R050")}

    def fold(self, market: Market, process: Process, estimates: dict[str, tuple[str, float]]) -> None:
        """Count one process; its estimate and category go to `estimates`, to be judged when all are known."""
        named = part(process.release, "buyer").get("id")
        buyer: str | None = named if isinstance(named, str) else None
        criteria = process.tender.get("awardCriteria")
        if buyer is not None:
            if "R013" in self.codes and process.method is not None:
                add_fraction(market.fractions.setdefault("R013", {}), buyer, int(process.method in CLOSED), 1)
            if "R021" in self.codes and isinstance(criteria, str):
                add_fraction(market.fractions.setdefault("R021", {}), buyer, int(criteria not in PRICE_ONLY), 1)
            if "R072" in self.codes:
                for award in process.awards:
                    if isinstance(award.get("hasSubcontracting"), bool):
                        step = int(award["hasSubcontracting"])
                        add_fraction(market.fractions.setdefault("R072", {}), buyer, step, 1)
        if (
            "R016" in self.codes
            and (offer := price(process.tender))
            and market.is_main(offer[1], self.settings)
            and offer[0] > 0
        ):
            kind = category(listed(process.tender, "items"), self.digits["R016"])
            if kind is not None:
                market.estimates.setdefault(kind, array("d")).append(offer[0])
                estimates["R016"] = (kind, offer[0])
        if "R027" in self.codes and process.competitive:
            self._note_bidders(market, process, estimates)
        if "R017" in self.codes:
            self._note_unit_prices(market, process, estimates)
        if self.codes & {"R040", "R050", "R051", "R055"}:
            for award in process.active_awards:
                self._count_award(market, process, award, buyer)

    def _note_bidders(self, market: Market, process: Process, estimates: dict[str, tuple[str, float]]) -> None:
        count, kind = (
            process.tender.get("numberOfTenderers"),
            category(listed(process.tender, "items"), self.digits["R027"]),
        )
        if type(count) is int and count > 0 and kind is not None:
            market.estimates.setdefault(f"R027 {kind}", array("d")).append(count)
            estimates["R027"] = (f"R027 {kind}", count)

    def _note_unit_prices(self, market: Market, process: Process, estimates: dict[str, tuple[str, float]]) -> None:
        """Unit prices by class and unit; of one class in a process the first stands, and forty classes at most."""
        for award in process.active_awards:
            for item in listed(award, "items") or []:
                unit = part(item, "unit")
                offer, code = price(unit), part(item, "classification").get("id")
                if (
                    not offer
                    or offer[0] <= 0
                    or not isinstance(code, str)
                    or not market.is_main(offer[1], self.settings)
                ):
                    continue
                kind = f"R017 {code} {str(unit.get('name') or unit.get('id') or '').casefold()}"
                if f"R017 {kind}" not in estimates and len(estimates) < 40:
                    market.estimates.setdefault(kind, array("d")).append(offer[0])
                    estimates[f"R017 {kind}"] = (kind, offer[0])

    def _count_award(self, market: Market, process: Process, award: dict[str, Any], buyer: str | None) -> None:
        suppliers = listed(award, "suppliers")
        if buyer is not None and "R040" in self.codes:
            counts = market.contracts.setdefault(buyer, {})
            for supplier in set(ids(suppliers)):
                counts[supplier] = counts.get(supplier, 0) + 1
        name, offer = single(suppliers), price(award)
        if name is None or offer is None or not market.is_main(offer[1], self.settings):
            return
        if buyer is not None and process.method == "direct" and "R055" in self.codes and self._in_time(award):
            _add_sale(market.direct, (buyer, name), 1, offer[0])
        if self.codes & {"R050", "R051"}:
            kind = category(listed(award, "items"), self.digits["R050"])
            if kind is not None:
                _add_sale(market.sales.setdefault(kind, {}), name, 1, offer[0])

    def _in_time(self, award: dict[str, Any]) -> bool:
        first, last = day_of(self.settings.get("R055", "start_date")), day_of(self.settings.get("R055", "end_date"))
        date = day_of(award.get("date"))
        if first is None and last is None:
            return True
        return date is not None and (first is None or date >= first) and (last is None or date <= last)

    def close(self, market: Market) -> tuple[list[Finding], dict[str, tuple[float, float]]]:
        """The flags of buyers, suppliers and categories; and for each category the amounts outside which R016 holds."""
        findings: list[Finding] = []
        for code, fractions in market.fractions.items():
            findings += self._high_buyers(code, fractions)
        if "R040" in self.codes:
            findings += self._captive_buyers(market)
        if "R055" in self.codes and (limit := self.settings.get("R055", "threshold")) is not None:
            sums: dict[str, float] = {}
            for (buyer, _), (count, amount) in market.direct.items():
                if count >= 2 and amount >= limit:
                    sums[buyer] = max(sums.get(buyer, 0.0), amount)
            findings += [("Buyer", buyer, "R055", amount) for buyer, amount in sums.items()]
        findings += self._concentration(market)
        return findings, self._bounds(market)

    def _high_buyers(self, code: str, fractions: dict[str, list[int]]) -> list[Finding]:
        least = self.settings.get(code, "minimum_contracting_processes", 5)
        ratios = {name: top / bottom for name, (top, bottom) in fractions.items() if bottom >= least}
        high = self.settings.get(code, "threshold")
        if high is None:
            high = high_fence(*quartiles(list(ratios.values()))) if ratios else math.inf
        return [("Buyer", name, code, ratio) for name, ratio in ratios.items() if ratio >= high > 0]

    def _captive_buyers(self, market: Market) -> list[Finding]:
        least = self.settings.get("R040", "minimum_awards", 10)
        limit = self.settings.get("R040", "threshold", 0.5)
        found = []
        for buyer, counts in market.contracts.items():
            total = sum(counts.values())
            share = max(counts.values(), default=0) / total if total else 0.0
            if total >= least and share > limit:
                found.append(("Buyer", buyer, "R040", share))
        return found

    def _concentration(self, market: Market) -> list[Finding]:
        found: list[Finding] = []
        shares_over: dict[str, float] = {}
        for kind, sales in market.sales.items():
            total = sum(amount for _, amount in sales.values())
            count = sum(number for number, _ in sales.values())
            if total <= 0:
                continue
            shares = {name: amount / total for name, (_, amount) in sales.items()}
            if "R051" in self.codes and count >= self.settings.get("R051", "minimum_awards", 10):
                index = sum(share * share for share in shares.values())
                if index > self.settings.get("R051", "threshold", 0.25):
                    found.append(("Category", kind, "R051", index))
            if "R050" in self.codes and count >= self.settings.get("R050", "minimum_awards", 10):
                for name, share in shares.items():
                    if share > self.settings.get("R050", "threshold", 0.5):
                        shares_over[name] = max(share, shares_over.get(name, 0.0))
        return found + [("Tenderer", name, "R050", share) for name, share in shares_over.items()]

    def _bounds(self, market: Market) -> dict[str, tuple[float, float]]:
        least = self.settings.get("R016", "minimum_contracting_processes", 20)
        fewest = self.settings.get("R017", "minimum_items", 20)
        bounds = {}
        for kind, values in market.estimates.items():
            if kind.startswith("R027 "):
                if (few := self._few_bidders(values)) is not None:
                    bounds[kind] = (math.log(few) + SAME, math.inf)
            elif len(values) >= (fewest if kind.startswith("R017 ") else least):
                first, third = quartiles([math.log(value) for value in values])
                if third > first:
                    bounds[kind] = (low_fence(first, third), high_fence(first, third))
        return bounds

    def _few_bidders(self, counts: array[float]) -> float | None:
        """The number of bidders up to which some are missed in a category; `None` where it has too few to say."""
        middle = median(counts)
        if len(counts) < self.settings.get("R027", "minimum_contracting_processes", 20) or middle < TYPICAL:
            return None
        return float(self.settings.get("R027", "threshold", 0.5)) * middle

"""The eleven red flags of the Open Contracting Partnership's Cardinal, value for value.

Definitions: documentation of Cardinal 0.0.6 (key `cardinal2024`). Where its pages are silent, the behaviour of the
published program decides; the two places where page and program part (R038, R048) are named in `docs/engines/audit.md`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from counterpoise.oversight.dates import whole_days
from counterpoise.oversight.ocds.flags._stats import high_fence, low_fence, quantile, quartiles
from counterpoise.oversight.ocds.flags.settings import Settings
from counterpoise.oversight.ocds.parts import Bid, Release, ids, listed, part, read_bids, single

CODES = ("R003", "R018", "R024", "R025", "R028", "R030", "R035", "R036", "R038", "R048", "R058")
PRICED = frozenset({"R024", "R036", "R058"})
NOT_SUBMITTED = frozenset({"invited", "withdrawn"})
# Group -> id -> code -> value, as Cardinal prints it.
Groups = dict[str, dict[str, dict[str, float]]]


@dataclass(slots=True)
class Margin:
    """How far the lowest losing bid of a process lies above the winning one, and who made the two."""

    ratio: float
    winner: str
    runner_up: str


@dataclass(slots=True)
class Tally:
    """What the processes read so far add up to, per organisation; two tallies add."""

    currency: str | None = None
    fixed: dict[str, dict[str, float]] = field(default_factory=dict)
    wins: dict[str, list[int]] = field(default_factory=dict)
    buyers: dict[str, list[int]] = field(default_factory=dict)
    entities: dict[str, list[int]] = field(default_factory=dict)
    tenderers: dict[str, list[int]] = field(default_factory=dict)
    supplies: dict[str, tuple[int, set[str]]] = field(default_factory=dict)

    def add(self, other: Tally) -> None:
        self.currency = self.currency or other.currency
        for code, values in other.fixed.items():
            self.fixed.setdefault(code, {}).update(values)
        for mine, theirs in (
            (self.wins, other.wins),
            (self.buyers, other.buyers),
            (self.entities, other.entities),
            (self.tenderers, other.tenderers),
        ):
            for key, (top, bottom) in theirs.items():
                add_fraction(mine, key, top, bottom)
        for key, (count, codes) in other.supplies.items():
            before, known = self.supplies.get(key, (0, set()))
            self.supplies[key] = (before + count, known | codes)


def add_fraction(fractions: dict[str, list[int]], key: str, top: int, bottom: int) -> None:
    """Add numerators and denominators apart, as a mediant."""
    known = fractions.get(key)
    if known is None:
        fractions[key] = [top, bottom]
    else:
        known[0] += top
        known[1] += bottom


class Cardinal:
    """The indicators that are asked for, applied process by process, then closed over the whole file."""

    def __init__(self, settings: Settings, codes: frozenset[str]) -> None:
        self.settings = settings
        self.codes = codes & frozenset(CODES)
        self.margins = bool(self.codes & {"R024", "R058"})
        get = settings.get
        self.min_days = get("R003", "threshold", 15)
        self.days_by_details: dict[str, int] = get("R003", "procurement_method_details", {})
        self.days_methods: frozenset[str] = get("R003", "procurement_methods", frozenset())
        self.single_methods: frozenset[str] = get("R018", "procurement_methods", frozenset({"open", "selective"}))
        self.min_disqualified = max(get("R035", "threshold", 1), 1)
        self.digits = get("R048", "digits", 2)
        self.needs_bids = bool(self.codes - {"R003", "R018", "R048"}) or self.margins

    def left_out(self, release: Release) -> bool:
        """Whether a process is cancelled or excluded by the settings, for every indicator."""
        tender = part(release, "tender")
        if tender.get("status") == "cancelled":
            return True
        details = tender.get("procurementMethodDetails")
        return isinstance(details, str) and details in self.settings.excluded_details

    def fold(self, tally: Tally, release: Release, found: dict[str, float]) -> Margin | None:
        """Judge one process: findings go to `found`, sums to `tally`; its price margin is returned if it has one."""
        codes = self.codes
        tender = part(release, "tender")
        if "R003" in codes and self._is_short(tender):
            found["R003"] = 1.0
        if "R018" in codes and self._methods_match(tender, self.single_methods):
            count = tender.get("numberOfTenderers")
            if type(count) is int and count == 1:
                found["R018"] = 1.0
        awards = listed(release, "awards")
        if "R048" in codes and awards:
            self._count_supplies(tally, awards)
        details = listed(part(release, "bids"), "details") if self.needs_bids else None
        if details is None:
            return None
        bids = read_bids(details)
        submitted = [bid for bid in bids if bid.status is not None and bid.status not in NOT_SUBMITTED]
        comparable = self._comparable(tender)
        margin = None
        if awards is not None:
            complete = _complete_awards(awards)
            if complete is not None:
                if self.margins and comparable:
                    margin = self._margin(tally, complete, bids)
                if "R025" in codes:
                    _count_wins(tally, complete, bids)
                if "R035" in codes:
                    self._sole_survivor(tally, complete, bids, found)
            if "R030" in codes:
                _late_winner(tally, tender, awards, bids, found)
            if "R036" in codes and comparable:
                self._lowest_out(tally, awards, submitted, found)
        if "R028" in codes and comparable:
            _same_price(tally, submitted, found)
        if "R038" in codes and submitted:
            _count_disqualified(tally, release, tender, submitted)
        return margin

    def _methods_match(self, tender: dict[str, Any], methods: frozenset[str]) -> bool:
        method = tender.get("procurementMethod")
        return not methods or (isinstance(method, str) and method in methods)

    def _comparable(self, tender: dict[str, Any]) -> bool:
        """Whether the prices of the bids of this kind of procedure may be compared."""
        details = tender.get("procurementMethodDetails")
        if not isinstance(details, str):
            return not self.settings.price_comparison
        if self.settings.price_comparison:
            return details in self.settings.price_comparison
        return details not in self.settings.no_price_comparison

    def _is_short(self, tender: dict[str, Any]) -> bool:
        if not self._methods_match(tender, self.days_methods):
            return False
        period = part(tender, "tenderPeriod")
        days = whole_days(period.get("startDate"), period.get("endDate"))
        if days is None:
            return False
        details = tender.get("procurementMethodDetails")
        limit = self.days_by_details.get(details, self.min_days) if isinstance(details, str) else self.min_days
        return days < limit

    def _in_currency(self, tally: Tally, currency: str) -> bool:
        """Whether an amount is in the main currency: the one set, else the first one met."""
        if tally.currency is None:
            tally.currency = self.settings.currency or currency
        return currency == tally.currency

    def _margin(self, tally: Tally, complete: list[Release], bids: list[Bid]) -> Margin | None:
        supplier = single(listed(complete[0], "suppliers")) if len(complete) == 1 else None
        if supplier is None:
            return None
        lowest: dict[bool, tuple[float, str]] = {}
        for bid in bids:
            tenderer, offer = bid.lone, bid.offer
            if bid.status != "valid" or tenderer is None or offer is None or not self._in_currency(tally, offer[1]):
                continue
            side = tenderer == supplier
            if side not in lowest or offer[0] < lowest[side][0]:
                lowest[side] = (offer[0], tenderer)
        if len(lowest) < 2 or lowest[False][0] < lowest[True][0]:
            return None
        won, second = lowest[True][0], lowest[False][0]
        gap = second - won
        # A winning bid of nothing: Cardinal divides all the same, and infinity is an outlier like another.
        ratio = gap / won if won else (math.inf if gap > 0 else math.nan)
        return Margin(ratio, lowest[True][1], lowest[False][1])

    def _sole_survivor(self, tally: Tally, complete: list[Release], bids: list[Bid], found: dict[str, float]) -> None:
        valid = {name for bid in bids if bid.status == "valid" for name in bid.tenderers}
        if len(valid) != 1 or valid != {name for award in complete for name in ids(listed(award, "suppliers"))}:
            return
        out = {name for bid in bids if bid.status == "disqualified" for name in bid.tenderers}
        if len(out - valid) >= self.min_disqualified:
            found["R035"] = float(len(out - valid))
            tally.fixed.setdefault("R035", {})[next(iter(valid))] = 0.0

    def _lowest_out(self, tally: Tally, awards: list[Release], submitted: list[Bid], found: dict[str, float]) -> None:
        if not any(award.get("status") == "active" for award in awards):
            return
        lowest, lowest_is_out, some_valid = math.inf, False, False
        first = True
        for bid in submitted:
            offer = bid.offer
            if offer is None or not self._in_currency(tally, offer[1]):
                continue
            if first or offer[0] < lowest:
                first, lowest, lowest_is_out = False, offer[0], bid.status == "disqualified"
            some_valid = some_valid or bid.status == "valid"
        if some_valid and lowest_is_out:
            found["R036"] = 1.0

    def _count_supplies(self, tally: Tally, awards: list[Release]) -> None:
        seen: set[str] = set()
        for award in awards:
            supplier = single(listed(award, "suppliers")) if award.get("status") == "active" else None
            if supplier is None:
                continue
            for item in listed(award, "items") or ():
                kind = part(item, "classification").get("id")
                if isinstance(kind, str):
                    count, kinds = tally.supplies.get(supplier, (0, set()))
                    kinds.add(kind[: self.digits])
                    tally.supplies[supplier] = (count + (supplier not in seen), kinds)
                    seen.add(supplier)

    def close(
        self, tally: Tally, ratios: Sequence[float]
    ) -> tuple[Groups, dict[str, dict[str, float]], dict[str, float]]:
        """Flags over the whole file: results by organisation, Cardinal's `Meta`, and the fences for R024 and R058.

        A fence is absent from the last where the flag cannot be raised. `ratios` are the margins of all processes, in
        ascending order.
        """
        groups: Groups = {"Buyer": {}, "ProcuringEntity": {}, "Tenderer": {}}
        meta: dict[str, dict[str, float]] = {}
        for code, values in tally.fixed.items():
            for name, value in values.items():
                groups["Tenderer"].setdefault(name, {})[code] = value
        fences = self._margin_fences(ratios, meta) if self.margins else {}
        if "R025" in self.codes:
            self._close_wins(tally, groups, meta)
        if "R038" in self.codes:
            processes = self.settings.get("R038", "minimum_contracting_processes", 2)
            bids = self.settings.get("R038", "minimum_submitted_bids", 2)
            for group, fractions, least in (
                ("Buyer", tally.buyers, processes),
                ("ProcuringEntity", tally.entities, processes),
                ("Tenderer", tally.tenderers, bids),
            ):
                self._close_disqualified(group, fractions, least, groups, meta)
        if "R048" in self.codes:
            self._close_supplies(tally, groups, meta)
        return groups, meta, fences

    def _margin_fences(self, ratios: Sequence[float], meta: dict[str, dict[str, float]]) -> dict[str, float]:
        first, third = quartiles(ratios, ordered=True)
        fences = {}
        low = self.settings.get("R024", "threshold")
        if "R024" in self.codes:
            given = low is not None
            low = low if given else low_fence(first, third)
            meta["R024"] = {"lower_fence": low} if given else {"q1": first, "q3": third, "lower_fence": low}
            if (given or first > 0) and low > 0:
                fences["R024"] = low
        if "R058" in self.codes:
            high = self.settings.get("R058", "threshold")
            given = high is not None
            high = high if given else high_fence(first, third)
            meta["R058"] = {"upper_fence": high} if given else {"q1": first, "q3": third, "upper_fence": high}
            if high > 0:
                fences["R058"] = high
        return fences

    def _close_wins(self, tally: Tally, groups: Groups, meta: dict[str, dict[str, float]]) -> None:
        share = self.settings.get("R025", "percentile", 75) / 100
        top = quantile(sorted(float(bottom) for _, bottom in tally.wins.values()), share)
        low = self.settings.get("R025", "threshold")
        first, seen = 1.0, {}
        if low is None:
            first, third = quartiles([won / bids for won, bids in tally.wins.values()])
            low = low_fence(first, third)
            seen = {"q1": first, "q3": third}
        meta["R025"] = {**seen, "upper_fence": top, "lower_fence": low}
        if first > 0 and low > 0:
            for name, (won, bids) in tally.wins.items():
                if bids >= top and won / bids <= low:
                    groups["Tenderer"].setdefault(name, {})["R025"] = won / bids

    def _close_disqualified(
        self,
        group: str,
        fractions: dict[str, list[int]],
        least: int,
        groups: Groups,
        meta: dict[str, dict[str, float]],
    ) -> None:
        # Cardinal holds its minimum of contracting processes against the number of bids, for buyers too.
        ratios = {name: out / bids for name, (out, bids) in fractions.items() if bids >= least}
        if not ratios:
            return
        high = self.settings.get("R038", "threshold")
        kept = meta.setdefault("R038", {})
        if high is None:
            first, third = quartiles(list(ratios.values()))
            high = high_fence(first, third)
            kept |= {f"{group}_q1": first, f"{group}_q3": third}
        kept[f"{group}_upper_fence"] = high
        if high > 0:
            for name, ratio in ratios.items():
                if ratio >= high:
                    groups[group].setdefault(name, {})["R038"] = ratio

    def _close_supplies(self, tally: Tally, groups: Groups, meta: dict[str, dict[str, float]]) -> None:
        least = self.settings.get("R048", "minimum_contracting_processes", 20)
        varieties = {name: float(len(kinds)) for name, (count, kinds) in tally.supplies.items() if count >= least}
        high = self.settings.get("R048", "threshold")
        seen = {}
        if high is None:
            first, third = quartiles(list(varieties.values()))
            high = high_fence(first, third)
            seen = {"q1": first, "q3": third}
        meta["R048"] = {**seen, "upper_fence": high}
        for name, variety in varieties.items():
            if variety >= high:
                groups["Tenderer"].setdefault(name, {})["R048"] = variety


def _complete_awards(awards: list[Release]) -> list[Release] | None:
    """The active awards, or `None` while any award is not final."""
    complete = []
    for award in awards:
        status = award.get("status")
        if status == "active":
            complete.append(award)
        elif isinstance(status, str) and status not in {"cancelled", "unsuccessful"}:
            return None
    return complete


def _count_wins(tally: Tally, complete: list[Release], bids: list[Bid]) -> None:
    supplier = single(listed(complete[0], "suppliers")) if len(complete) == 1 else None
    if supplier is None:
        return
    for bidder in {bid.lone for bid in bids if bid.status == "valid"}:
        if bidder is not None:
            add_fraction(tally.wins, bidder, int(bidder == supplier), 1)


def _late_winner(
    tally: Tally, tender: dict[str, Any], awards: list[Release], bids: list[Bid], found: dict[str, float]
) -> None:
    deadline = part(tender, "tenderPeriod").get("endDate")
    if not isinstance(deadline, str):
        return
    # Compared as text, as Cardinal does: right as long as a publisher writes all dates in one zone.
    late = [bid for bid in bids if bid.status == "valid" and bid.date is not None and bid.date > deadline]
    active = [award for award in awards if award.get("status") == "active"] if late else []
    suppliers = {name for award in active for name in ids(listed(award, "suppliers"))}
    for bid in late:
        for name in bid.tenderers:
            if name in suppliers:
                found["R030"] = 1.0
                tally.fixed.setdefault("R030", {})[name] = 1.0


def _same_price(tally: Tally, submitted: list[Bid], found: dict[str, float]) -> None:
    offers: dict[tuple[float, str], frozenset[str]] = {}
    for bid in submitted:
        offer, names = bid.offer, frozenset(bid.tenderers)
        if offer is None or not names:
            continue
        other = offers.get(offer)
        if other is not None and other != names:
            found["R028"] = 1.0
            for name in sorted(names | other):
                tally.fixed.setdefault("R028", {})[name] = 1.0
        offers[offer] = names


def _count_disqualified(tally: Tally, release: Release, tender: dict[str, Any], submitted: list[Bid]) -> None:
    out = 0
    for bid in submitted:
        step = int(bid.status == "disqualified")
        out += step
        for name in bid.tenderers:
            add_fraction(tally.tenderers, name, step, 1)
    for fractions, holder in (
        (tally.buyers, part(release, "buyer")),
        (tally.entities, part(tender, "procuringEntity")),
    ):
        key = holder.get("id")
        if isinstance(key, str):
            add_fraction(fractions, key, out, len(submitted))

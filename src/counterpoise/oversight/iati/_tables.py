"""Aid in tables: commitments, disbursements and expenditure by year, by partner, by country and by reporting level."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from counterpoise.oversight.iati._read import Activity, Transaction

COMMITMENT = "2"
KINDS = {COMMITMENT: "commitments", "3": "disbursements", "4": "expenditure"}
PAID = frozenset({"3", "4"})
UNKNOWN = "unknown"
# Beyond this many names a table would fill the memory: the rest of the money goes under `(other)`, and is counted.
MOST_NAMES = 20_000
SHOWN = 200
# currency -> year -> kind -> amount
Sums = dict[str, dict[str, dict[str, float]]]


def add_transaction(sums: Sums, one: Transaction, share: float = 1.0) -> None:
    """Count a transaction, or a share of it; other kinds than promises and payments are passed over."""
    if one.kind not in KINDS:
        return
    year = sums.setdefault(one.currency, {}).setdefault(one.day[:4] if one.day else UNKNOWN, {})
    for name in (KINDS[one.kind], *(("payments",) if one.kind in PAID else ())):
        year[name] = year.get(name, 0.0) + one.amount * share


def add_sums(sums: Sums, more: Sums) -> None:
    """Add the sums of an activity."""
    for currency, years in more.items():
        for year, kinds in years.items():
            held = sums.setdefault(currency, {}).setdefault(year, {})
            for kind, amount in kinds.items():
                held[kind] = held.get(kind, 0.0) + amount


def sums_of(activity: Activity) -> Sums:
    """Commitments, disbursements and expenditure by currency and calendar year; a year not told is `unknown`."""
    sums: Sums = {}
    for one in activity.transactions:
        add_transaction(sums, one)
    return sums


def partner_of(activity: Activity, one: Transaction) -> str:
    """Who the money goes to: the receiver of the transaction, else the only implementing organisation."""
    names = set(filter(None, activity.implementers))
    return one.receiver or (next(iter(names)) if len(names) == 1 else UNKNOWN)


def places_of(activity: Activity, one: Transaction) -> list[tuple[str, float]]:
    """The countries (or regions) of a transaction with their shares; `unknown` for what no share tells."""
    if one.country:
        return [(one.country, 1.0)]
    if len(activity.places) == 1:
        return [(activity.places[0][0], 1.0)]
    told = [(name, share) for name, share in activity.places if share is not None]
    total = sum(share for _, share in told)
    if len(told) < len(activity.places) or abs(total - 1) > 0.001:
        return [(UNKNOWN, 1.0)]
    return told


@dataclass(slots=True)
class Tables:
    """Sums of a file by partner, country and level. Levels report the same money twice: they are never added up."""

    years: Sums = field(default_factory=dict)
    partners: dict[str, Sums] = field(default_factory=dict)
    places: dict[str, Sums] = field(default_factory=dict)
    levels: dict[str, Sums] = field(default_factory=dict)

    def add(self, activity: Activity, sums: Sums) -> None:
        add_sums(self.years, sums)
        add_sums(self.levels.setdefault(activity.hierarchy or "1", {}), sums)
        for one in activity.transactions:
            add_transaction(_entry(self.partners, partner_of(activity, one)), one)
            for name, share in places_of(activity, one):
                add_transaction(_entry(self.places, name), one, share)

    def summary(self) -> dict[str, Any]:
        """The tables as rows, the largest payments first; `left_out` counts rows beyond those shown."""
        partners, places = list(_rows(self.partners, "partner")), list(_rows(self.places, "country"))
        return {
            "by_year": {currency: dict(sorted(years.items())) for currency, years in sorted(self.years.items())},
            "by_partner": partners[:SHOWN],
            "by_country": places[:SHOWN],
            "by_level": list(_rows(self.levels, "level")) if len(self.levels) > 1 else [],
            "rows_left_out": {"by_partner": max(len(partners) - SHOWN, 0), "by_country": max(len(places) - SHOWN, 0)},
        }


def _entry(table: dict[str, Sums], name: str) -> Sums:
    return table.setdefault(name if name in table or len(table) < MOST_NAMES else "(other)", {})


def _rows(table: dict[str, Sums], called: str) -> Iterator[dict[str, Any]]:
    rows: list[dict[str, Any]] = [
        {
            called: name,
            "currency": currency,
            "year": year,
            **{kind: kinds.get(kind) for kind in ("commitments", "disbursements", "expenditure", "payments")},
        }
        for name, sums in table.items()
        for currency, years in sums.items()
        for year, kinds in years.items()
    ]
    return iter(
        sorted(rows, key=lambda row: (-(row["payments"] or 0.0), str(row[called]), row["currency"], row["year"]))
    )

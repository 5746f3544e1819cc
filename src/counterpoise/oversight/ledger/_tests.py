"""The tests of a ledger: each gives the records, payees or gaps that stand out, with how strongly.

A test sees columns only. To learn how often innocent records stand out as much, the same function runs on the same
ledger with one column shuffled (see `_innocent`): whatever it then finds, nobody put there.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from counterpoise.oversight.ledger._read import UNKNOWN, Ledger
from counterpoise.oversight.ledger._settings import WEEK, LedgerSettings

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
BENFORD = np.log10(1 + 1 / np.arange(1, 10))


@dataclass(frozen=True, slots=True)
class Hits:
    """What a test raised: where (a record's place), how strongly (more is rarer), the value told, records concerned."""

    place: Ints
    strength: Floats
    value: Floats
    records: Ints

    @classmethod
    def of(cls, place: Ints, strength: Floats, value: Floats | None = None, records: Ints | None = None) -> Hits:
        ones = np.ones(len(place), dtype=np.int64)
        return cls(place, strength, strength if value is None else value, ones if records is None else records)


def _none() -> Hits:
    return Hits.of(np.empty(0, dtype=np.int64), np.empty(0))


def _runs(*keys: Ints) -> tuple[Ints, Ints, Ints]:
    """Order of the records by the keys (the first decides first), and the starts and sizes of runs of equal ones."""
    order = np.lexsort(keys[::-1])
    changed = np.zeros(len(order), dtype=bool)
    changed[:1] = True
    for key in keys:
        ordered = key[order]
        changed[1:] |= ordered[1:] != ordered[:-1]
    starts = np.flatnonzero(changed)
    return order, starts, np.diff(np.append(starts, len(order)))


def paid_twice(ledger: Ledger, settings: LedgerSettings) -> Hits:
    known = np.flatnonzero((ledger.payee >= 0) & (ledger.day >= 0))
    columns = (ledger.payee, ledger.cents, ledger.day, ledger.reference)
    order, starts, sizes = _runs(*(column[known] for column in columns))
    many = sizes >= 2
    sizes = sizes[many]
    return Hits.of(known[order[starts[many]]], sizes.astype(float), records=sizes)


def paid_again(ledger: Ledger, settings: LedgerSettings) -> Hits:
    known = np.flatnonzero((ledger.payee >= 0) & (ledger.day >= 0))
    order = known[np.lexsort((ledger.day[known], ledger.cents[known], ledger.payee[known]))]
    before, after = order[:-1], order[1:]
    same = (ledger.payee[before] == ledger.payee[after]) & (ledger.cents[before] == ledger.cents[after])
    days = ledger.day[after] - ledger.day[before]
    other = (ledger.reference[before] != ledger.reference[after]) | (days > 0)
    found = same & other & (days <= settings.get("L02", "days"))
    return Hits.of(after[found], -days[found].astype(float), days[found].astype(float))


def reference_again(ledger: Ledger, settings: LedgerSettings) -> Hits:
    known = np.flatnonzero((ledger.payee >= 0) & (ledger.reference >= 0))
    columns = (ledger.payee[known], ledger.reference[known])
    order, starts, sizes = _runs(*columns)
    mark = ledger.cents[known][order] * 1_000_003 + ledger.day[known][order]
    if not len(starts):
        return _none()
    unlike = np.maximum.reduceat(mark, starts) != np.minimum.reduceat(mark, starts)
    found = (sizes >= 2) & unlike
    return Hits.of(known[order[starts[found]]], sizes[found].astype(float), records=sizes[found])


def split(ledger: Ledger, settings: LedgerSettings) -> Hits:
    limit, days = settings.get("L04", "threshold"), settings.get("L04", "days")
    known = np.flatnonzero((ledger.payee >= 0) & (ledger.day >= 0) & (ledger.amount > 0) & (ledger.amount < limit))
    order = known[np.lexsort((ledger.day[known], ledger.payee[known]))]
    if not len(order):
        return _none()
    span = int(ledger.day.max()) + int(days) + 2
    key = ledger.payee[order] * span + ledger.day[order]
    ends = np.searchsorted(key, key + int(days), side="right")
    total = np.concatenate([[0.0], np.cumsum(ledger.amount[order])])
    starts = np.arange(len(order))
    sums, counts = total[ends] - total[starts], ends - starts
    found = np.flatnonzero((counts >= 2) & (sums >= limit))
    if not len(found):
        return _none()
    # The largest window of each payee stands for it.
    best = found[np.lexsort((-sums[found], ledger.payee[order[found]]))]
    lead = np.append(True, ledger.payee[order[best[1:]]] != ledger.payee[order[best[:-1]]])
    best = best[lead]
    return Hits.of(order[best], sums[best], records=counts[best])


def _shares(ledger: Ledger, marked: NDArray[np.bool_], counted: NDArray[np.bool_], least: float) -> Hits:
    """Payees whose share of marked records exceeds that of the ledger by three standard errors."""
    counted = counted & (ledger.payee >= 0)
    names = len(ledger.payees)
    total = np.bincount(ledger.payee[counted], minlength=names)
    hits = np.bincount(ledger.payee[counted & marked], minlength=names)
    share = hits.sum() / max(total.sum(), 1)
    error = np.sqrt(np.maximum(total * share * (1 - share), 1e-12))
    excess = (hits - total * share) / error
    found = np.flatnonzero((total >= least) & (hits >= 3) & (excess >= 3))
    if not len(found):
        return _none()
    first = np.full(names, -1, dtype=np.int64)
    places = np.flatnonzero(counted & marked)[::-1]
    first[ledger.payee[places]] = places
    return Hits.of(first[found], excess[found], hits[found] / total[found], hits[found])


def below_threshold(ledger: Ledger, settings: LedgerSettings) -> Hits:
    limit, margin = settings.get("L05", "threshold"), settings.get("L05", "margin")
    near = (ledger.amount >= limit * (1 - margin)) & (ledger.amount < limit * (1 + margin))
    return _shares(ledger, ledger.amount < limit, near, settings.get("L05", "minimum_records"))


def weekend(ledger: Ledger, settings: LedgerSettings) -> Hits:
    idle = [WEEK.index(name) for name in settings.get("L06", "weekend")]
    # Day 1 of the calendar was a Monday.
    marked = np.isin((ledger.day - 1) % 7, idle)
    given = [day.toordinal() for day in settings.get("L06", "holidays") if isinstance(day, dt.date)]
    if given:
        marked |= np.isin(ledger.day, given)
    return _shares(ledger, marked, ledger.day >= 0, settings.get("L06", "minimum_records"))


def _series(ledger: Ledger, least: float) -> list[Ints]:
    """Places, in order of the number, of each series that is dense: fewer numbers missing than there are."""
    known = np.flatnonzero(ledger.number >= 0)
    order = known[np.lexsort((ledger.number[known], ledger.prefix[known]))]
    prefixes = ledger.prefix[order]
    cuts = np.flatnonzero(prefixes[1:] != prefixes[:-1]) + 1
    found = []
    for places in np.split(order, cuts):
        if len(places) >= least:
            numbers = _once(ledger.number[places])
            if numbers[-1] - numbers[0] + 1 < 2 * len(numbers):
                found.append(places)
    return found


def _once(ordered: Ints) -> Ints:
    """Ascending numbers, each once."""
    return ordered[np.append(True, ordered[1:] != ordered[:-1])]


def gaps(ledger: Ledger, settings: LedgerSettings) -> Hits:
    place, missing = [], []
    for places in _series(ledger, settings.get("L07", "minimum_records")):
        steps = np.diff(ledger.number[places])
        found = np.flatnonzero(steps > 1)
        place.append(places[found])
        missing.append(steps[found] - 1)
    if not place:
        return _none()
    many = np.concatenate(missing)
    return Hits.of(np.concatenate(place), many.astype(float), records=many)


def random_gaps(ledger: Ledger, settings: LedgerSettings) -> Callable[[np.random.Generator], Hits]:
    """Draws gaps where the same series lacks as many numbers, each as likely as any other."""
    series = [_once(ledger.number[places]) for places in _series(ledger, settings.get("L07", "minimum_records"))]
    spans = [(len(numbers), int(numbers[-1] - numbers[0])) for numbers in series]

    def draw(rng: np.random.Generator) -> Hits:
        found = []
        for count, span in spans:
            kept = np.zeros(span + 1, dtype=bool)
            kept[[0, span]] = True
            kept[1 + rng.choice(span - 1, size=count - 2, replace=False, shuffle=False)] = True
            steps = np.diff(np.flatnonzero(kept))
            found.append(steps[steps > 1] - 1)
        many = np.concatenate(found) if found else np.empty(0, dtype=np.int64)
        return Hits.of(np.zeros(len(many), dtype=np.int64), many.astype(float), records=many)

    return draw


def sole_customer(ledger: Ledger, settings: LedgerSettings) -> Hits:
    known = np.flatnonzero((ledger.payee >= 0) & (ledger.day >= 0) & (ledger.number >= 0))
    order = known[np.lexsort((ledger.number[known], ledger.day[known], ledger.payee[known]))]
    if len(order) < 2:
        return _none()
    before, after = order[:-1], order[1:]
    same = (ledger.payee[before] == ledger.payee[after]) & (ledger.prefix[before] == ledger.prefix[after])
    follows = same & (ledger.number[after] - ledger.number[before] == 1)
    total = np.bincount(ledger.payee[after[same]], minlength=len(ledger.payees))
    next_ones = np.bincount(ledger.payee[after[follows]], minlength=len(ledger.payees))
    share = next_ones / np.maximum(total, 1)
    least = settings.get("L08", "minimum_records")
    found = np.flatnonzero((total + 1 >= least) & (share >= settings.get("L08", "share")))
    first = np.full(len(ledger.payees), -1, dtype=np.int64)
    first[ledger.payee[order[::-1]]] = order[::-1]
    # Among full shares the longer chain is the rarer one.
    return Hits.of(first[found], next_ones[found].astype(float), share[found], next_ones[found] + 1)


def round_amounts(ledger: Ledger, settings: LedgerSettings) -> Hits:
    unit = settings.get("L09", "unit")
    marked = np.abs(np.remainder(ledger.amount + unit / 2, unit) - unit / 2) < 0.005
    return _shares(ledger, marked, ledger.amount >= unit, settings.get("L09", "minimum_records"))


def year_end(ledger: Ledger, settings: LedgerSettings) -> Hits:
    days = np.where(ledger.day >= 0, ledger.day, 1)
    # Ordinal 719163 is 1 January 1970, where NumPy's days begin.
    months = (days - 719163).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12 + 1
    marked = months == settings.get("L10", "last_month")
    return _shares(ledger, marked, ledger.day >= 0, settings.get("L10", "minimum_records"))


def first_digits(ledger: Ledger, settings: LedgerSettings) -> Hits:
    known = np.flatnonzero((ledger.payee >= 0) & (ledger.amount > 0))
    exponent = np.floor(np.log10(ledger.amount[known]))
    digit = np.clip((ledger.amount[known] / 10.0**exponent + 1e-12).astype(np.int64), 1, 9)
    names = len(ledger.payees)
    counts = np.bincount(ledger.payee[known] * 9 + digit - 1, minlength=9 * names).reshape(names, 9)
    total = counts.sum(axis=1)
    mad = np.abs(counts / np.maximum(total, 1)[:, None] - BENFORD).mean(axis=1)
    found = np.flatnonzero((total >= settings.get("L11", "minimum_records")) & (mad > 0.015))
    first = np.full(names, -1, dtype=np.int64)
    first[ledger.payee[known[::-1]]] = known[::-1]
    return Hits.of(first[found], mad[found], records=total[found])


Test = Callable[[Ledger, LedgerSettings], Hits]
TESTS: dict[str, Test] = {
    "L01": paid_twice,
    "L02": paid_again,
    "L03": reference_again,
    "L04": split,
    "L05": below_threshold,
    "L06": weekend,
    "L07": gaps,
    "L08": sole_customer,
    "L09": round_amounts,
    "L10": year_end,
    "L11": first_digits,
}
# What a flag names: the record, the payee, or the place in a series.
SCOPE = {
    code: {"L01": "Record", "L02": "Record", "L03": "Record", "L07": "Series"}.get(code, "Payee") for code in TESTS
}


def told(code: str, ledger: Ledger, place: int) -> str:
    """How a flag names what it found: line, payee, or prefix and number."""
    line = f"line {ledger.line[place]}"
    if SCOPE[code] == "Payee":
        return ledger.payees[ledger.payee[place]]
    if SCOPE[code] == "Series" and ledger.prefix[place] != UNKNOWN:
        return f"{ledger.prefixes[ledger.prefix[place]]} after {ledger.number[place]} ({line})"
    return line


def binomial_error(share: float, members: int) -> float:
    """Standard error of a share of simulated members, above zero where none or all were hit (Agresti-Coull)."""
    middle = (share * members + 2) / (members + 4)
    return math.sqrt(middle * (1 - middle) / (members + 4))

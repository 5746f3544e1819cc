"""Aid: what was promised against what was paid, and red flags of IATI activities."""

from __future__ import annotations

import csv
import io
import marshal
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from counterpoise._result import Meta
from counterpoise.oversight._iati_read import Activity, Header, Transaction, read_activities
from counterpoise.oversight.audit import AuditResult, Raised, chosen, inputs, number

COMMITMENT = "2"
PAID = frozenset({"3", "4"})
EVIDENCE = frozenset({"A01", "A07", "A08", "B06", "B07", "B09"})
DECEMBER = "12"
CLOSED = frozenset({"3", "4"})


@lru_cache(maxsize=1)
def iati_catalogue() -> dict[str, dict[str, str]]:
    """Every flag of aid activities by code: title, formula, reference, what it cannot see."""
    text = (Path(__file__).parent / "_iati_flags.csv").read_text(encoding="utf-8")
    return {row["code"]: row for row in csv.DictReader(io.StringIO(text))}


Sums = dict[str, dict[str, dict[str, float]]]


@dataclass(slots=True)
class Account:
    """An activity in figures: sums by currency, then by year, and the flags it raised."""

    title: str
    parents: list[str]
    sums: Sums
    raised: dict[str, float] = field(default_factory=dict)

    def total(self, kind: str) -> dict[str, float]:
        """Commitments or payments of all years, by currency."""
        totals = {
            currency: sum(year.get(kind, 0.0) for year in years.values()) for currency, years in self.sums.items()
        }
        return {currency: amount for currency, amount in totals.items() if amount}

    def pack(self) -> bytes:
        """The account in a tenth of the room that its objects take: a file may hold a million of them."""
        return marshal.dumps((self.title, self.parents, self.sums, self.raised))

    @classmethod
    def unpack(cls, packed: bytes) -> Account:
        return cls(*marshal.loads(packed))


def sums_of(activity: Activity) -> Sums:
    """Commitments, disbursements and expenditure by currency and calendar year; a year not told is `unknown`."""
    sums: Sums = {}
    names = {COMMITMENT: "commitments", "3": "disbursements", "4": "expenditure"}
    for one in activity.transactions:
        if one.kind in names:
            year = sums.setdefault(one.currency, {}).setdefault(one.day[:4] if one.day else "unknown", {})
            name = names[one.kind]
            year[name] = year.get(name, 0.0) + one.amount
            if one.kind in PAID:
                year["payments"] = year.get("payments", 0.0) + one.amount
    return sums


def judge_activity(activity: Activity, account: Account, header: Header) -> dict[str, float]:
    """The flags that an activity raises by itself, each with its value."""
    payments = [one for one in activity.transactions if one.kind in PAID]
    found: dict[str, float | None] = {
        **_against_promises(activity, account),
        "I03": _late_burst(payments),
        "I04": _duplicates(activity.transactions),
        "I05": _round_numbers(payments),
        "I11": _some(1 for one in payments if one.amount < 0),
    }
    if activity.status in {"2", "3", "4"} and not activity.documents:
        found["I06"] = 1.0
    if activity.status in CLOSED:
        kinds = {kind for link in activity.documents for kind in link.split(",")}
        found["I07"] = None if kinds & EVIDENCE else 1.0
    days = [one.day for one in payments if one.day]
    start, end = activity.start, activity.end
    found["I09"] = _some(1 for day in days if (start and day < start) or (end and day > end))
    known = (activity.updated or header.generated or "")[:10]
    found["I10"] = _some(1 for day in days if known and day > known)
    return {code: value for code, value in found.items() if value is not None}


def _some(marks: Iterable[int]) -> float | None:
    """A count, or nothing where it is zero."""
    return float(total) if (total := sum(marks)) else None


def _against_promises(activity: Activity, account: Account) -> dict[str, float | None]:
    promised, paid = account.total("commitments"), account.total("payments")
    found: dict[str, float | None] = {}
    if paid and not promised and sum(paid.values()) > 0:
        found["I02"] = sum(paid.values())
    ratios = [paid.get(currency, 0.0) / amount for currency, amount in promised.items() if amount > 0]
    found["I01"] = max((ratio for ratio in ratios if ratio > 1.01), default=None)
    if activity.status in CLOSED and ratios and set(paid) <= set(promised) and min(ratios) < 0.5:
        found["I13"] = min(ratios)
    budgets: dict[str, float] = defaultdict(float)
    for currency, amount in activity.budgets:
        budgets[currency] += amount
    over = [paid.get(currency, 0.0) / amount for currency, amount in budgets.items() if amount > 0]
    found["I08"] = max((ratio for ratio in over if ratio > 1.1), default=None)
    return found


def _late_burst(payments: list[Transaction]) -> float | None:
    by_year: dict[tuple[str, str], list[Transaction]] = defaultdict(list)
    for one in payments:
        if one.day and one.amount > 0:
            by_year[one.currency, one.day[:4]].append(one)
    shares = [
        sum(one.amount for one in group if (one.day or "")[5:7] == DECEMBER) / sum(one.amount for one in group)
        for group in by_year.values()
        if len(group) >= 4
    ]
    return max((share for share in shares if share >= 0.5), default=None)


def _duplicates(transactions: list[Transaction]) -> float | None:
    groups: dict[tuple[Any, ...], list[str]] = defaultdict(list)
    for one in transactions:
        if one.day:
            groups[one.kind, one.day, one.amount, one.currency, one.provider, one.receiver].append(one.ref)
    # Two that carry different references say that they are two.
    return _some(len(refs) - max(len(set(refs)), 1) for refs in groups.values())


def _round_numbers(payments: list[Transaction]) -> float | None:
    amounts = [one.amount for one in payments if one.amount >= 1000]
    share = sum(1 for amount in amounts if amount % 1000 == 0) / len(amounts) if amounts else 0.0
    return share if len(amounts) >= 10 and share >= 0.8 else None


def judge_levels(accounts: dict[str, bytes]) -> None:
    """Flag the activities whose payments differ from the sum of those of their children in the file."""
    children: dict[str, dict[str, float]] = {}
    for packed in accounts.values():
        account = Account.unpack(packed)
        for parent in set(account.parents) & accounts.keys():
            for currency, amount in account.total("payments").items():
                held = children.setdefault(parent, {})
                held[currency] = held.get(currency, 0.0) + amount
    for name, sums in children.items():
        account = Account.unpack(accounts[name])
        own = account.total("payments")
        ratios = [amount / own[currency] for currency, amount in sums.items() if own.get(currency, 0.0) > 0]
        far = [ratio for ratio in ratios if abs(ratio - 1) > 0.05]
        if far:
            account.raised["I12"] = max(far, key=lambda ratio: abs(ratio - 1))
            accounts[name] = account.pack()


@dataclass
class AidFindings:
    """The flags of a file's activities, drawn as they are asked for."""

    accounts: dict[str, bytes]
    codes: frozenset[str]

    def _raised(self) -> Iterator[tuple[str, dict[str, float]]]:
        for name, packed in self.accounts.items():
            found = Account.unpack(packed).raised
            kept = {code: found[code] for code in sorted(found) if code in self.codes}
            if kept:
                yield name, kept

    def activities(self) -> Iterator[dict[str, Any]]:
        """Each activity with its sums by currency and year."""
        for name, packed in self.accounts.items():
            account = Account.unpack(packed)
            yield {"id": name, "title": account.title, "by_year": account.sums}

    def flags(self) -> Iterator[Raised]:
        for name, found in self._raised():
            for code, value in found.items():
                flag = iati_catalogue()[code]
                yield {
                    "code": code,
                    "scope": "Activity",
                    "id": name,
                    "value": number(value),
                    "explanation": f"{flag['title']}: {value:.6g}. Rule: {flag['formula']}.",
                    "reference": flag["reference"],
                }

    def indicators(self) -> Iterator[tuple[str, Iterator[tuple[str, dict[str, float | None]]]]]:
        if next(self._raised(), None) is not None:
            yield (
                "Activity",
                ((name, {code: number(value) for code, value in found.items()}) for name, found in self._raised()),
            )


def audit_iati(
    path: Path,
    *,
    flags: str | None = None,
    settings: Path | None = None,
    fail_on: str | None = None,
) -> AuditResult:
    """Commitments against payments of each activity by year, and its red flags."""
    from counterpoise._errors import InputError, fault

    if settings is not None:
        rule, fix = "the settings are those of OCDS flags; IATI flags take none", "leave out --settings"
        raise InputError([fault("E204", where="--settings", found=str(settings), rule=rule, fix=fix)])
    known = tuple(iati_catalogue())
    codes = chosen(flags, known)
    failing = chosen(fail_on, known, "--fail-on") if fail_on else frozenset()
    header = Header()
    accounts: dict[str, bytes] = {}
    sums: Sums = {}
    unread: Counter[str] = Counter()
    count = 0
    for activity in read_activities(path, header):
        count += 1
        unread.update(activity.unread)
        name = activity.name if activity.name not in accounts else f"{activity.name} (#{count})"
        account = Account(activity.title, activity.parents, sums_of(activity))
        account.raised = judge_activity(activity, account, header)
        _add(sums, account.sums)
        if account.sums or account.raised:
            accounts[name] = account.pack()
    judge_levels(accounts)
    header.warnings += [f"{times} times unread: {what}" for what, times in sorted(unread.items())]
    findings = AidFindings(accounts, codes)
    counts = Counter(raised["code"] for raised in findings.flags())
    return AuditResult(
        source=findings,
        not_computable=_not_computable(codes, sums),
        summary={
            "standard": "iati",
            "version": header.version,
            "activities": count,
            "flags": sum(counts.values()),
            "raised": dict(sorted(counts.items())),
            "computed": sorted(codes),
            "by_year": {currency: dict(sorted(years.items())) for currency, years in sorted(sums.items())},
            "cannot_see": {code: iati_catalogue()[code]["blind"] for code in sorted(counts)},
            "encoding": header.encoding,
            "warnings": header.warnings,
        },
        meta=Meta(inputs=inputs(path), cites=tuple(sorted({iati_catalogue()[code]["reference"] for code in codes}))),
        fail_on=any(code in failing for code in counts),
    )


def _add(sums: Sums, more: Sums) -> None:
    """Add the sums of an activity; levels that report the same money twice are not told apart."""
    for currency, years in more.items():
        for year, kinds in years.items():
            held = sums.setdefault(currency, {}).setdefault(year, {})
            for kind, amount in kinds.items():
                held[kind] = held.get(kind, 0.0) + amount


def _not_computable(codes: frozenset[str], sums: Sums) -> list[dict[str, Any]]:
    kinds = {kind for years in sums.values() for year in years.values() for kind in year}
    missing: dict[str, list[str]] = {}
    if "payments" not in kinds:
        for code in ("I01", "I02", "I03", "I05", "I08", "I09", "I10", "I11", "I12"):
            missing.setdefault(code, []).append("transaction of type disbursement or expenditure")
    if "commitments" not in kinds:
        for code in ("I01", "I13"):
            missing.setdefault(code, []).append("transaction of type commitment")
    return [{"code": code, "missing": missing[code]} for code in sorted(missing) if code in codes]

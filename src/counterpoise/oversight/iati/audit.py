"""Aid: what was promised against what was paid, and red flags of IATI activities."""

from __future__ import annotations

import csv
import io
import marshal
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from counterpoise._errors import InputError, fault
from counterpoise._result import Meta
from counterpoise.oversight.findings import AuditResult, Raised, chosen, inputs, number
from counterpoise.oversight.iati._read import Activity, Header, Transaction, read_activities
from counterpoise.oversight.iati._tables import PAID, Sums, Tables, sums_of
from counterpoise.oversight.iati.rulesets.read import read_ruleset, standard_rules
from counterpoise.oversight.iati.rulesets.validate import Validation

EVIDENCE = frozenset({"A01", "A07", "A08", "B06", "B07", "B09"})
# Audit reports of an institution and of a country programme; the codelist has none of an activity alone.
AUDITS = frozenset({"B06", "B07"})
DECEMBER = "12"
CLOSED = frozenset({"3", "4"})


@lru_cache(maxsize=1)
def iati_catalogue() -> dict[str, dict[str, str]]:
    """Every flag of aid activities by code: title, formula, reference, what it cannot see."""
    text = (Path(__file__).parent / "flags.csv").read_text(encoding="utf-8")
    return {row["code"]: row for row in csv.DictReader(io.StringIO(text))}


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
        found["I14"] = None if kinds & AUDITS else 1.0
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
    now: datetime | None = None,
) -> AuditResult:
    """Commitments against payments of each activity by year, its red flags, and the rules of the standard it breaks.

    `settings` may be a ruleset in the standard's JSON (`.json`), which then takes the place of ours. `now` is the
    moment against which a date lies in the future.
    """
    if settings is not None and settings.suffix.lower() != ".json":
        rule, fix = "IATI flags take no settings; a ruleset is JSON", "leave out --settings, or name a ruleset .json"
        raise InputError([fault("E204", where="--settings", found=str(settings), rule=rule, fix=fix)])
    rules = standard_rules() if settings is None else read_ruleset(settings)
    known = tuple(iati_catalogue())
    codes = chosen(flags, known)
    failing = chosen(fail_on, (*known, *(rule.code for rule in rules)), "--fail-on") if fail_on else frozenset()
    header = Header()
    validation = Validation(rules, now or datetime.now())
    accounts: dict[str, bytes] = {}
    tables = Tables()
    unread: Counter[str] = Counter()
    count = audited = 0
    for activity in read_activities(path, header, validation):
        count += 1
        audited += any(AUDITS & set(link.split(",")) for link in activity.documents)
        unread.update(activity.unread)
        name = activity.name if activity.name not in accounts else f"{activity.name} (#{count})"
        account = Account(activity.title, activity.parents, sums_of(activity))
        account.raised = judge_activity(activity, account, header)
        tables.add(activity, account.sums)
        if account.sums or account.raised:
            accounts[name] = account.pack()
    judge_levels(accounts)
    header.warnings += [f"{times} times unread: {what}" for what, times in sorted(unread.items())]
    findings = AidFindings(accounts, codes if audited else codes - {"I14"})
    counts = Counter(raised["code"] for raised in findings.flags())
    broken = {outcome.rule.code for outcome in validation.outcomes if outcome.broken}
    return AuditResult(
        source=findings,
        not_computable=_not_computable(codes, tables.years, audited),
        summary={
            "standard": "iati",
            "version": header.version,
            "activities": count,
            "flags": sum(counts.values()),
            "raised": dict(sorted(counts.items())),
            "computed": sorted(codes),
            **tables.summary(),
            "validation": validation.summary("standard" if settings is None else str(settings), header.version),
            "cannot_see": {code: iati_catalogue()[code]["blind"] for code in sorted(counts)},
            "encoding": header.encoding,
            "warnings": header.warnings,
        },
        meta=Meta(
            inputs=inputs(path, settings), cites=tuple(sorted({iati_catalogue()[code]["reference"] for code in codes}))
        ),
        fail_on=any(code in failing for code in counts) or bool(failing & broken),
    )


def _not_computable(codes: frozenset[str], sums: Sums, audited: int) -> list[dict[str, Any]]:
    kinds = {kind for years in sums.values() for year in years.values() for kind in year}
    missing: dict[str, list[str]] = {}
    if "payments" not in kinds:
        for code in ("I01", "I02", "I03", "I05", "I08", "I09", "I10", "I11", "I12"):
            missing.setdefault(code, []).append("transaction of type disbursement or expenditure")
    if "commitments" not in kinds:
        for code in ("I01", "I13"):
            missing.setdefault(code, []).append("transaction of type commitment")
    if not audited:
        missing["I14"] = ["document-link of category B06 or B07 in any activity of the file"]
    return [{"code": code, "missing": missing[code]} for code in sorted(missing) if code in codes]

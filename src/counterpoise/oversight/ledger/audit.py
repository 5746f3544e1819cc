"""An audit of a ledger: what stands out, ranked by how many innocent records would stand out as much."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from counterpoise._result import Meta
from counterpoise.oversight.findings import AuditResult, Raised, chosen, inputs
from counterpoise.oversight.ledger._read import Ledger, read_ledger
from counterpoise.oversight.ledger._settings import TESTS as SETTINGS
from counterpoise.oversight.ledger._settings import LedgerSettings, read_ledger_settings
from counterpoise.oversight.ledger._tests import SCOPE, TESTS, Hits, binomial_error, random_gaps, told

# Shuffles are as many as fit into a second or so, within these bounds.
FEWEST, MOST = 19, 199
WORK = 400_000


@lru_cache(maxsize=1)
def ledger_catalogue() -> dict[str, dict[str, str]]:
    """Every test of a ledger by code: title, formula, columns it needs, what is shuffled, reference, what it misses."""
    text = (Path(__file__).parent / "flags.csv").read_text(encoding="utf-8")
    return {row["code"]: row for row in csv.DictReader(io.StringIO(text))}


@dataclass(frozen=True, slots=True)
class Finding:
    """A flag with the records it concerns and how many innocent ones raise it as strongly in a ledger of this kind."""

    code: str
    scope: str
    name: str
    value: float
    records: int
    innocent: float


@dataclass(frozen=True, slots=True)
class Rate:
    """A test on the whole: records raised, how many of an innocent ledger are, and how often at least as many.

    Where a test raised nothing, or `members` is 0, the innocent are not measured: `None`.
    """

    code: str
    records: int
    innocent: float | None
    chance: float | None
    members: int

    def to_dict(self) -> dict[str, Any]:
        error = binomial_error(self.chance, self.members) if self.chance is not None else None
        return {
            "records": self.records,
            "innocent_records": self.innocent,
            "chance_of_as_many": self.chance,
            "standard_error": error,
            "members": self.members,
        }


@dataclass
class LedgerFindings:
    """The flags of a ledger, the rarest among innocent records first."""

    found: list[Finding]

    def flags(self) -> Iterator[Raised]:
        for one in self.found:
            row = ledger_catalogue()[one.code]
            yield {
                "code": one.code,
                "scope": one.scope,
                "id": one.name,
                "value": one.value,
                "explanation": (
                    f"{row['title']}: {one.value:.6g}. Rule: {row['formula']}. "
                    f"In a ledger without design {one.innocent:.3g} records would raise it as strongly."
                ),
                "reference": row["reference"],
                "records": one.records,
                "innocent_records": one.innocent,
            }

    def indicators(self) -> Iterator[tuple[str, Iterator[tuple[str, dict[str, float | None]]]]]:
        """None: the groups are Cardinal's, for procurement."""
        yield from ()


def innocent(code: str, ledger: Ledger, settings: LedgerSettings) -> Callable[[np.random.Generator], Hits]:
    """Draws what a test raises once the column that would carry the design is shuffled over the records."""
    what = ledger_catalogue()[code]["shuffled"]
    if what == "simulated":
        return random_gaps(ledger, settings)
    # Unknown days stay where they are, so that as many records can be tested as before.
    known = np.flatnonzero(ledger.day >= 0) if what == "day" else np.arange(len(ledger))
    names = ("reference", "prefix", "number") if what == "reference" else (what,)

    def draw(rng: np.random.Generator) -> Hits:
        order, mixed = rng.permutation(known), {}
        for name in names:
            mixed[name] = getattr(ledger, name).copy()
            mixed[name][known] = getattr(ledger, name)[order]
        return TESTS[code](replace(ledger, **mixed), settings)

    return draw


def judge(
    code: str, ledger: Ledger, settings: LedgerSettings, *, members: int, seed: int
) -> tuple[list[Finding], Rate]:
    """One test: its findings, each with the innocent records that raise it as strongly, and its rate on the whole."""
    hits = TESTS[code](ledger, settings)
    members = members if len(hits.place) else 0
    total = int(hits.records.sum())
    beside = np.zeros(len(hits.place))
    as_many = usual = 0.0
    draw = innocent(code, ledger, settings)
    for member in range(members):
        # Member k depends on the seed and k alone.
        chance = draw(np.random.default_rng([seed, int(code[1:]), member]))
        order = np.argsort(chance.strength)
        above = np.append(np.cumsum(chance.records[order][::-1])[::-1], 0)
        beside += above[np.searchsorted(chance.strength[order], hits.strength, side="left")]
        usual += chance.records.sum() / members
        as_many += chance.records.sum() >= total
    ranked = np.lexsort((-hits.strength, beside))
    found = [
        Finding(
            code,
            SCOPE[code],
            told(code, ledger, int(hits.place[k])),
            float(hits.value[k]),
            int(hits.records[k]),
            float(beside[k] / max(members, 1)),
        )
        for k in ranked
    ]
    if not members:
        return found, Rate(code, total, None, None, 0)
    return found, Rate(code, total, usual, (as_many + 1) / (members + 1), members)


def audit_ledger(
    path: Path, *, flags: str | None = None, settings: Path | None = None, fail_on: str | None = None
) -> AuditResult:
    """Test a table of payments: duplicates, splits, weekends, series, round numbers, year ends, first digits.

    Raises `InputError`: `E201`-`E204` the file and the codes, `E811`, `E840` spreadsheets, `E841` settings, `E842` no
    amounts, `E843` too many records.

    Method: tests of Nigrini 2012 (key `nigrini2012`), each calibrated on the ledger's own records, shuffled.
    """
    known = tuple(ledger_catalogue())
    codes = chosen(flags, known)
    failing = chosen(fail_on, known, "--fail-on") if fail_on else frozenset()
    told_settings = read_ledger_settings(settings) if settings is not None else LedgerSettings()
    ledger = read_ledger(path, told_settings)
    missing = {code: lacks for code in sorted(codes) if (lacks := _lacks(code, ledger, told_settings))}
    members = int(told_settings.top.get("members", min(MOST, max(FEWEST, WORK // len(ledger)))))
    seed = int(told_settings.top.get("seed", 0))
    found: list[Finding] = []
    rates: dict[str, Any] = {}
    for code in sorted(codes - missing.keys()):
        findings, rate = judge(code, ledger, told_settings, members=members, seed=seed)
        found += findings
        rates[code] = rate.to_dict()
    found.sort(key=lambda one: (one.innocent, one.code))
    raised = {code: sum(1 for one in found if one.code == code) for code in rates}
    return AuditResult(
        source=LedgerFindings(found),
        not_computable=[{"code": code, "missing": lacks} for code, lacks in missing.items()],
        summary={
            "standard": "ledger",
            "records": len(ledger),
            "payees": len(ledger.payees),
            "sum": float(ledger.amount.sum()),
            "columns": list(ledger.roles),
            "left_out": ledger.left_out,
            "flags": len(found),
            "raised": {code: count for code, count in raised.items() if count},
            "computed": sorted(rates),
            "rates": rates,
            "members": members,
            "cannot_see": {code: ledger_catalogue()[code]["blind"] for code, count in raised.items() if count},
            "warnings": [*ledger.first_left_out, *_warnings(members)],
        },
        meta=Meta(
            seed=seed,
            inputs=inputs(path, settings),
            cites=tuple(sorted({ledger_catalogue()[code]["reference"] for code in codes})),
        ),
        fail_on=any(one.code in failing for one in found),
    )


def _lacks(code: str, ledger: Ledger, settings: LedgerSettings) -> list[str]:
    needs = [role for role in ledger_catalogue()[code]["needs"].split() if role not in ledger.roles]
    unset = [key for key in SETTINGS[code] if settings.get(code, key) is None]
    return [f"column of role {role}" for role in needs] + [f"setting [{code}] {key}" for key in unset]


def _warnings(members: int) -> list[str]:
    return [] if members else ["members = 0: innocent records are not measured, every rank is zero"]

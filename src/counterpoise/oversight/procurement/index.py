"""An index of corruption risk per contract, buyer, supplier and year: a mean of red flags, never a proof of guilt."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from counterpoise._result import Meta, Result
from counterpoise.oversight.findings import inputs
from counterpoise.oversight.ocds.flags.settings import Settings
from counterpoise.oversight.procurement._components import COMPONENTS, NAMES, Calibration, Scorer
from counterpoise.oversight.procurement._rows import Rows, collect

# A contract with fewer known components than this has no index.
FEWEST_KNOWN = 3
FEWEST_CONTRACTS = 10
SHOWN = 200


@dataclass(slots=True)
class Mean:
    """A running mean of the index with its bounds: unknown components all zero, or all one."""

    count: int = 0
    total: float = 0.0
    squares: float = 0.0
    low: float = 0.0
    high: float = 0.0

    def add(self, index: float, low: float, high: float) -> None:
        self.count += 1
        self.total += index
        self.squares += index * index
        self.low += low
        self.high += high

    def to_dict(self, middle: float | None = None) -> dict[str, Any]:
        mean = self.total / self.count
        spread = math.sqrt(max(self.squares / self.count - mean * mean, 0.0))
        error = spread / math.sqrt(self.count) if self.count > 1 else None
        found: dict[str, Any] = {
            "contracts": self.count,
            "index": mean,
            "standard_error": error,
            "low": self.low / self.count,
            "high": self.high / self.count,
        }
        return found if middle is None else {**found, "above_file": mean - middle}


def index_of(components: tuple[float | None, ...]) -> tuple[float, float, float] | None:
    """The mean of the known components, and what it would be were all unknown ones 0, or 1; `None` for too few.

    >>> index_of((1.0, None, 0.5, 0.0, None, None, None))
    (0.5, 0.21428571428571427, 0.7857142857142857)
    """
    known = [value for value in components if value is not None]
    if len(known) < FEWEST_KNOWN:
        return None
    total, size = sum(known), len(components)
    return total / len(known), total / size, (total + size - len(known)) / size


@dataclass
class RiskIndex(Result):
    """The index over a file: its components, how they were calibrated, and means by buyer, supplier and year."""

    rows: Rows
    scorer: Scorer
    overall: Mean
    without: int
    known: dict[str, int]
    sums: dict[str, float]
    buyers: dict[str, Mean]
    suppliers: dict[str, Mean]
    years: dict[int, Mean]
    meta: Meta = field(default_factory=Meta)

    def contracts(self) -> Iterator[dict[str, Any]]:
        """Each contract with its components, its index and the bounds; `null` where too little is known."""
        for row in self.rows:
            if row.contract is not None:
                parts = self.scorer.components(row.contract)
                index = index_of(parts)
                yield {
                    "id": row.ocid,
                    "buyer": row.contract.buyer,
                    "supplier": row.contract.supplier,
                    "year": row.contract.year,
                    "index": index[0] if index else None,
                    "low": index[1] if index else None,
                    "high": index[2] if index else None,
                    **dict(zip(NAMES, parts, strict=True)),
                }

    def body(self) -> dict[str, Any]:
        total = self.overall.count + self.without
        return {
            "contracts": total,
            "without_index": self.without,
            "overall": self.overall.to_dict() if self.overall.count else None,
            "components": [
                {
                    "name": one.name,
                    "definition": one.definition,
                    "cutoff": one.cutoff,
                    "cannot_see": one.blind,
                    "known": self.known[one.name],
                    "unknown": total - self.known[one.name],
                    "mean": self.sums[one.name] / self.known[one.name] if self.known[one.name] else None,
                }
                for one in COMPONENTS
            ],
            "calibration": {"advertisement": self.scorer.advertisement, "decision": self.scorer.decision},
            "currency": self.scorer.currency,
            "years": [{"year": year, **mean.to_dict(self._middle)} for year, mean in sorted(self.years.items())],
            "buyers": self._ranked(self.buyers),
            "suppliers": self._ranked(self.suppliers),
        }

    @property
    def _middle(self) -> float:
        return self.overall.total / max(self.overall.count, 1)

    def _ranked(self, means: dict[str, Mean]) -> list[dict[str, Any]]:
        """Those with enough contracts, the most clearly above the file first."""
        rows = [
            {"id": name, **mean.to_dict(self._middle)} for name, mean in means.items() if mean.count >= FEWEST_CONTRACTS
        ]
        spread = math.sqrt(max(self.overall.squares / max(self.overall.count, 1) - self._middle**2, 1e-12))
        for row in rows:
            # Against the spread of all contracts, so that a buyer whose own contracts are alike is no outlier for it.
            row["standard_errors_above"] = row["above_file"] / (spread / math.sqrt(row["contracts"]))
        return sorted(rows, key=lambda row: -row["standard_errors_above"])[:SHOWN]

    def table(self) -> list[dict[str, Any]]:
        """Buyers, the most clearly above the file first."""
        return self._ranked(self.buyers)


def measure_index(
    path: Path, *, settings: Settings | None = None, encoding: str | None = None, rows: Rows | None = None
) -> RiskIndex:
    """Corruption risk of each contract from 0 to 1, and its mean by buyer, supplier and year.

    The mean of up to seven components, of which at least three are known. Cut-offs of the periods are calibrated on the
    file: a class of lengths is risky where single bids are clearly more frequent. Raises `E801`, `E802` as the audit.

    Method: after Fazekas and Kocsis 2020 (key `fazekas2020`) and Fazekas, Toth and King 2016 (key `fazekas2016`).
    """
    rows = rows or collect(path, settings or Settings(), encoding=encoding)
    scorer = Scorer(Calibration.of(row.contract for row in rows if row.contract is not None))
    result = RiskIndex(
        rows, scorer, Mean(), 0, dict.fromkeys(NAMES, 0), dict.fromkeys(NAMES, 0.0), {}, {}, {},
        Meta(inputs=inputs(path), cites=("fazekas2016", "fazekas2020")),
    )  # fmt: skip
    for row in rows:
        if row.contract is not None:
            _add(result, row.contract.buyer, row.contract.supplier, row.contract.year, scorer.components(row.contract))
    return result


def _add(
    result: RiskIndex, buyer: str | None, supplier: str | None, year: int | None, parts: tuple[float | None, ...]
) -> None:
    for name, value in zip(NAMES, parts, strict=True):
        if value is not None:
            result.known[name] += 1
            result.sums[name] += value
    index = index_of(parts)
    if index is None:
        result.without += 1
        return
    result.overall.add(*index)
    if buyer:
        result.buyers.setdefault(buyer, Mean()).add(*index)
    if supplier:
        result.suppliers.setdefault(supplier, Mean()).add(*index)
    if year:
        result.years.setdefault(year, Mean()).add(*index)

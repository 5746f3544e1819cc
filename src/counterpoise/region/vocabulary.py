"""The vocabulary: every quantity a fact may measure, with its unit, sign, bounds, channel, definition and source."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Quantity:
    """What a fact may measure. `lower` and `upper` are bounds in `unit`, `None` where there is none."""

    id: str
    label: str
    unit: str
    sign: str
    lower: float | None
    upper: float | None
    channel: str
    definition: str
    source: str

    def breaks(self, value: float) -> str:
        """The bound that a value in the quantity's unit breaks, as a rule; empty when it keeps them."""
        if self.lower is not None and value < self.lower:
            return f"{self.id} is at least {self.lower:g} {self.unit}"
        if self.upper is not None and value > self.upper:
            return f"{self.id} is at most {self.upper:g} {self.unit}"
        return ""


@cache
def vocabulary() -> dict[str, Quantity]:
    """Every quantity by id, in the order of `vocabulary.csv`.

    >>> vocabulary()["nuclear_electricity_share"].unit
    '%'
    """
    text = resources.files("counterpoise.region").joinpath("vocabulary.csv").read_text(encoding="utf-8")
    return {row["quantity"]: _quantity(row) for row in csv.DictReader(text.splitlines())}


def _quantity(row: dict[str, str]) -> Quantity:
    lower, upper = (float(row[bound]) if row[bound] else None for bound in ("lower", "upper"))
    if lower is None and row["sign"] == "nonnegative":
        lower = 0.0
    return Quantity(
        row["quantity"],
        row["label"],
        row["unit"],
        row["sign"],
        lower,
        upper,
        row["channel"],
        row["definition"],
        row["source"],
    )

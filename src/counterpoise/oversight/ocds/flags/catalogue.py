"""What each flag is: title, formula, fields, reference, what it cannot see; and the settings that it takes."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Flag:
    """One red flag of procurement: `fields` are the paths that some process must publish for it to be computed."""

    code: str
    title: str
    formula: str
    fields: tuple[str, ...]
    reference: str
    blind: str
    gated: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def catalogue() -> dict[str, Flag]:
    """Every flag that `audit` can raise on OCDS data, by code, from `flags.csv` beside this module."""
    text = (Path(__file__).parent / "flags.csv").read_text(encoding="utf-8")
    return {
        row["code"]: Flag(
            row["code"],
            row["title"],
            row["formula"],
            tuple(row["fields"].split(" ")),
            row["reference"],
            row["blind"],
            tuple(row["gated"].split()),
        )
        for row in csv.DictReader(io.StringIO(text))
    }


FLAGS = tuple(catalogue())

# Code -> key -> kind of value. Those of the eleven are Cardinal's; the others are ours.
SETTINGS: dict[str, dict[str, str]] = {
    "R003": {"threshold": "natural", "procurement_methods": "list", "procurement_method_details": "map"},
    "R018": {"procurement_methods": "list"},
    "R024": {"threshold": "decimal"},
    "R025": {"percentile": "percentage", "threshold": "decimal"},
    "R035": {"threshold": "natural"},
    "R038": {"threshold": "decimal", "minimum_submitted_bids": "natural", "minimum_contracting_processes": "natural"},
    "R048": {"digits": "natural", "threshold": "natural", "minimum_contracting_processes": "natural"},
    "R058": {"threshold": "decimal"},
    "R002": {"threshold": "decimal", "margin": "decimal"},
    "R008": {"threshold": "decimal"},
    "R011": {"threshold": "decimal", "days": "natural"},
    "R019": {"threshold": "decimal", "minimum_contracting_processes": "natural"},
    "R029": {"threshold": "decimal", "minimum_bids": "natural"},
    "R017": {"minimum_items": "natural"},
    "R045": {"list": "list"},
    "R046": {"list": "list"},
    "R052": {"threshold": "decimal"},
    "R013": {"threshold": "decimal", "minimum_contracting_processes": "natural"},
    "R014": {"threshold": "natural"},
    "R015": {"threshold": "natural"},
    "R016": {"minimum_contracting_processes": "natural", "digits": "natural"},
    "R027": {"threshold": "decimal", "minimum_contracting_processes": "natural", "digits": "natural"},
    "R021": {"threshold": "decimal", "minimum_contracting_processes": "natural"},
    "R022": {"threshold": "decimal"},
    "R023": {"tolerance": "decimal"},
    "R031": {"threshold": "decimal"},
    "R040": {"threshold": "decimal", "minimum_awards": "natural"},
    "R049": {"threshold": "decimal", "margin": "decimal"},
    "R050": {"threshold": "decimal", "minimum_awards": "natural", "digits": "natural"},
    "R051": {"threshold": "decimal", "minimum_awards": "natural"},
    "R054": {"threshold": "decimal"},
    "R055": {"threshold": "decimal", "start_date": "text", "end_date": "text"},
    "R059": {"threshold": "decimal"},
    "R060": {"threshold": "natural"},
    "R061": {"threshold": "natural"},
    "R062": {"threshold": "natural"},
    "R071": {"threshold": "decimal"},
    "R072": {"threshold": "decimal", "minimum_contracting_processes": "natural"},
}

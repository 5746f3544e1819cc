"""Handing evidence on and taking it in: follow-the-money, PROV-JSON, ClaimReview, CSL-JSON and BibTeX."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from counterpoise._errors import InputError, fault
from counterpoise._register import load
from counterpoise._result import Meta, Result

# Format -> (function that makes the text of a region, what it holds).
FORMATS = {
    "ftm": ("counterpoise.evidence.exchange._ftm:export_entities", "actors, projects, events and sources as entities"),
    "prov": ("counterpoise.evidence.exchange._prov:export_provenance", "rows, sources and who let them in"),
    "csl": ("counterpoise.evidence.exchange._citations:export_csl", "sources for a reference manager"),
    "bibtex": ("counterpoise.evidence.exchange._citations:export_bibtex", "sources for LaTeX"),
    "claimreview": ("counterpoise.evidence.exchange._claimreview:export_reviews", "claims with their verdicts"),
}


@dataclass(frozen=True, slots=True)
class ExportResult(Result):
    """A text in a format of others, with the number of things in it by kind and what was left out, with the reason."""

    format: str
    text: str
    counts: dict[str, int]
    left_out: dict[str, int]
    meta: Meta = field(default_factory=Meta)

    def body(self) -> dict[str, Any]:
        return {"format": self.format, "counts": self.counts, "left_out": self.left_out, "text": self.text}

    def table(self) -> list[dict[str, Any]]:
        rows = [{"what": name, "count": count} for name, count in self.counts.items()]
        return rows + [{"what": f"left out: {name}", "count": count} for name, count in self.left_out.items()]


def save(text: str, path: Path) -> None:
    """Write a text to a file of one's own choice; `E204` when it cannot be written there."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        rule, fix = "--out names a file in a folder that may be written", "name another file"
        raise InputError([fault("E204", where=str(path), found=str(error.strerror), rule=rule, fix=fix)]) from None


def export_region(region: Any, *, format: str, **given: Any) -> ExportResult:
    """An opened region as a text in one of the formats of `FORMATS`; `E204` for another word.

    Only what the region's as-of day lets see goes out.
    """
    if format not in FORMATS:
        rule, fix = f"a format is one of {', '.join(FORMATS)}", "give --format csl"
        raise InputError([fault("E204", where="--format", found=format, rule=rule, fix=fix)])
    make: Callable[..., ExportResult] = load(FORMATS[format][0])
    return make(region, **given)

"""Sources as others cite them: CSL-JSON for reference managers, BibTeX for LaTeX."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any

from counterpoise._result import Meta
from counterpoise.evidence.exchange import ExportResult

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip


def export_csl(region: Any) -> ExportResult:
    """The sources of a region as CSL-JSON, one item each, in the order of the table."""
    items = [csl_item(row) for row in region.rows("sources")]
    text = json.dumps(items, ensure_ascii=False, indent=1) + "\n"
    return ExportResult("csl", text, {"sources": len(items)}, {}, Meta(as_of=_day(region)))


def export_bibtex(region: Any) -> ExportResult:
    """The sources of a region as BibTeX, one `@misc` each; keys are the ids in plain letters, made unique."""
    taken: set[str] = set()
    entries = [bibtex_entry(row, taken) for row in region.rows("sources")]
    return ExportResult("bibtex", "\n".join(entries), {"sources": len(entries)}, {}, Meta(as_of=_day(region)))


def csl_item(row: Any) -> dict[str, Any]:
    """One source as a CSL item; the first part of a period is its date, and no field is made up."""
    item: dict[str, Any] = {"id": row.id, "type": "webpage" if row.url else "document", "title": row.title}
    if row.publisher:
        item["publisher"] = row.publisher
    if row.published:
        parts = [_numbers(part) for part in row.published.split("/")]
        item["issued"] = {"date-parts": parts}
    if row.read:
        item["accessed"] = {"date-parts": [_numbers(row.read)]}
    if row.url:
        item["URL"] = row.url
    item["note"] = f"reliability {row.reliability} (Admiralty)"
    return item


def bibtex_entry(row: Any, taken: set[str]) -> str:
    """One source as a BibTeX entry; `taken` are the keys in use, to which its own is added."""
    key = base = _plain_key(row.id)
    number = 2
    while key in taken:
        key, number = f"{base}-{number}", number + 1
    taken.add(key)
    fields = {"title": "{" + _escape(row.title) + "}"}
    if row.publisher:
        fields["howpublished"] = _escape(row.publisher)
    if row.published:
        year, *rest = _numbers(row.published.split("/")[0])
        fields["year"] = str(year)
        if rest:
            fields["month"] = _MONTHS[rest[0] - 1]
    if row.url:
        # A percent sign or brace in an address would end the field or start a comment.
        fields["url"] = row.url.replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C")
    if row.read:
        fields["urldate"] = row.read
    fields["note"] = f"Reliability {row.reliability} (Admiralty)"
    lines = [f"  {name} = {value if name == 'month' else '{' + value + '}'}," for name, value in fields.items()]
    return "\n".join([f"@misc{{{key},", *lines, "}"]) + "\n"


def _numbers(day: str) -> list[int]:
    return [int(part) for part in day.split("-")]


def _plain_key(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9_.:-]+", "-", letters).strip("-") or "source"


def _escape(text: str) -> str:
    return "".join(_SPECIAL.get(letter, letter) for letter in " ".join(text.split()))


def _day(region: Any) -> str | None:
    return region.as_of.isoformat() if region.as_of else None

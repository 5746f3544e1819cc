"""The ledger as people see it: each proposal with its place, what it lacks and what became of it."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from counterpoise._errors import InputError, fault
from counterpoise._result import Meta, Result, hash_file
from counterpoise.evidence._document import Document, open_document
from counterpoise.evidence._facts import actor_ids, folder_of
from counterpoise.evidence.ledger._propose import lacking, to_mend
from counterpoise.evidence.ledger._store import ledger_path, read_ledger

STATUSES = ("open", "accepted", "rejected", "all")
SHOWN = 80


@dataclass(frozen=True, slots=True)
class LedgerResult(Result):
    """Proposals with their status; `excerpt` is read from the document at hand and stands in no file of ours."""

    proposals: list[dict[str, Any]]
    counts: dict[str, int]
    meta: Meta = field(default_factory=Meta)

    def body(self) -> dict[str, Any]:
        return {"proposals": self.proposals, "counts": self.counts}

    def table(self) -> list[dict[str, Any]]:
        names = ("id", "status", "table", "needs", "by", "excerpt")
        rows = [{name: item.get(name) for name in names} for item in self.proposals]
        for row, item in zip(rows, self.proposals, strict=True):
            row["needs"] = " ".join(item["needs"])
            row["to mend"] = to_mend(item["needs"], item["lacks"]) if item["status"] == "open" else ""
            row["row"] = ", ".join(f"{name} {value}" for name, value in item["row"].items() if value not in (None, ""))
        return rows


def list_proposals(region: str, *, status: str = "open") -> LedgerResult:
    """The proposals of a region's ledger with a status: open, accepted, rejected or all. `E204` for another word."""
    if status not in STATUSES:
        rule, fix = f"a status is one of {', '.join(STATUSES)}", "give --status open"
        raise InputError([fault("E204", where="--status", found=status, rule=rule, fix=fix)])
    path = ledger_path(folder_of(region))
    ledger = read_ledger(path)
    documents: dict[str, Document | None] = {}
    shown: list[dict[str, Any]] = []
    actors = actor_ids(region)
    tables = {decision["table"] for decision in ledger.decisions.values() if decision["record"] == "accepted"}
    entered = {name: row for table in tables for name, row in _rows_of(path.parent / f"{table}.csv").items()}
    for name, proposal in ledger.proposals.items():
        state = ledger.status(name)
        if status not in {"all", state}:
            continue
        decision = ledger.decisions.get(name, {})
        row = proposal["row"]
        needs, lacks = lacking(proposal["table"], row, actors) if state != "accepted" else ([], [])
        if state == "accepted":
            row = _as_accepted(row, decision, entered)
        shown.append(
            {
                **{key: proposal[key] for key in ("id", "table")},
                "row": row,
                **{key: proposal[key] for key in ("start", "end", "against")},
                "needs": needs,
                "lacks": lacks,
                "status": state,
                "by": decision.get("by", proposal["by"]),
                "at": decision.get("at", proposal["at"]),
                "rows": decision.get("rows", []),
                "why": decision.get("why"),
                "sha256": proposal["document"]["sha256"],
                "path": proposal["document"]["path"],
                "excerpt": _excerpt(proposal, documents),
            }
        )
    counts = Counter(ledger.status(name) for name in ledger.proposals)
    inputs = {str(path): hash_file(path)} if path.exists() else {}
    return LedgerResult(shown, dict(counts), Meta(inputs=inputs))


def _rows_of(path: Path) -> dict[str, dict[str, str]]:
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return {row["id"]: row for row in csv.DictReader(stream) if row.get("id")}


def _as_accepted(row: dict[str, Any], decision: dict[str, Any], entered: dict[str, dict[str, str]]) -> dict[str, Any]:
    """The cells of a proposal as they entered the region, with what was set; numbers stay numbers."""
    stands: dict[str, Any] = next((entered[name] for name in decision["rows"] if name in entered), {})
    names = dict.fromkeys([*row, *decision.get("changed", [])])
    return {name: _alike(row.get(name), stands[name] or "") if name in stands else row.get(name) for name in names}


def _alike(proposed: Any, text: str) -> Any:
    """The text of a cell in the form that the proposal had: a number for a number, `None` for an empty unknown."""
    if isinstance(proposed, int | float):
        try:
            return proposed if abs(float(text) - proposed) <= 1e-11 * abs(proposed) else float(text)
        except ValueError:
            return text
    return text if text or proposed is not None else None


def _excerpt(proposal: dict[str, Any], documents: dict[str, Document | None]) -> str | None:
    """The words at the place of a proposal, if the document is still there with the same hash."""
    name = proposal["document"]["path"]
    if name not in documents:
        try:
            documents[name] = open_document(name)
        except InputError:
            documents[name] = None
    document = documents[name]
    if document is None or document.sha256 != proposal["document"]["sha256"] or document.page is not None:
        return None
    start, end = proposal["start"] - document.lead, proposal["end"] - document.lead
    # A stranger's text must not steer the terminal: control and direction marks are shown as their codes.
    words = " ".join(document.text[start:end].split())
    text = "".join(char if char.isprintable() else f"<U+{ord(char):04X}>" for char in words)
    return text if len(text) <= SHOWN else text[: SHOWN - 3] + "..."

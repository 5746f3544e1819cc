"""From the numbers of a brief back to facts, assumptions and sources."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from counterpoise.channels._shape import Effect, StructuralZero
from counterpoise.claims import ClaimsResult
from counterpoise.leverage import LeverageResult
from counterpoise.region import Region
from counterpoise.region._schema import Event
from counterpoise.region.views import event_row, figure_row


@dataclass(frozen=True, slots=True)
class Provenance:
    """The rows that the numbers of a brief rest on, each once, sorted by id."""

    facts: list[dict[str, Any]]
    assumptions: list[dict[str, Any]]
    sources: list[dict[str, Any]]


def trace(region: Region, leverage: LeverageResult, claims: ClaimsResult) -> Provenance:
    """Every fact, event, assumption and source behind the cells and verdicts."""
    names: set[str] = set()
    assumed: set[str] = set()
    for cell in leverage.cells:
        if isinstance(cell.answer, (Effect, StructuralZero)):
            names |= set(cell.answer.facts)
        if isinstance(cell.answer, Effect):
            assumed |= {*cell.answer.assumptions, *([cell.stake] if cell.stake else [])}
    for verdict in claims.verdicts:
        names |= {name for part in verdict.parts for name in part.evidence}
    facts = [row for name in sorted(names) if (row := _fact(region, name)) is not None]
    assumptions = [row.model_dump(mode="json") for row in region.rows("assumptions") if row.id in assumed]
    used = {row["source"] for row in [*facts, *assumptions] if row.get("source")}
    used |= {verdict.document for verdict in claims.verdicts}
    sources = [row.model_dump(mode="json") for row in region.rows("sources") if row.id in used]
    return Provenance(facts, sorted(assumptions, key=lambda row: row["id"]), sorted(sources, key=lambda row: row["id"]))


def _fact(region: Region, name: str) -> dict[str, Any] | None:
    if (figure := region.figure(name)) is not None:
        return figure_row(figure)
    row = region.row(name)
    if row is None:
        return None
    if isinstance(row, Event):
        return {**event_row(row), "quantity": "event"}
    return {**row.model_dump(mode="json", by_alias=True), "quantity": type(row).table}

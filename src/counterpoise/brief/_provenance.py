"""From the numbers of a brief back to facts, assumptions and sources."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from counterpoise.brief import _words as words
from counterpoise.channels.shape import Effect, StructuralZero
from counterpoise.claims import ClaimsResult
from counterpoise.leverage import LeverageResult
from counterpoise.region import Region
from counterpoise.region._schema import Event
from counterpoise.region._tables_things import Link
from counterpoise.region.views import figure_row


@dataclass(frozen=True, slots=True)
class Provenance:
    """The rows that the numbers of a brief rest on, each once, sorted by id."""

    facts: list[dict[str, Any]]
    assumptions: list[dict[str, Any]]
    sources: list[dict[str, Any]]


def trace(
    region: Region,
    leverage: LeverageResult,
    claims: ClaimsResult,
    *,
    drawn: Iterable[str] = (),
    named: Iterable[str] = (),
) -> Provenance:
    """Every fact, event, assumption and source behind cells and verdicts; `drawn`: sources of the map; `named`: more
    rows that the brief shows."""
    names: set[str] = set(named)
    assumed: set[str] = set()
    for cell in leverage.cells:
        for answer in (cell.answer, cell.offer, cell.counter):
            if isinstance(answer, (Effect, StructuralZero)):
                names |= set(answer.facts)
            if isinstance(answer, Effect):
                assumed |= set(answer.assumptions)
        assumed |= {cell.stake} if cell.stake else set()
    for verdict in claims.verdicts:
        names |= {name for part in verdict.parts for name in part.evidence}
    facts = [row for name in sorted(names) if (row := _fact(region, name)) is not None]
    assumptions = [row.model_dump(mode="json") for row in region.rows("assumptions") if row.id in assumed]
    used = {row["source"] for row in [*facts, *assumptions] if row.get("source")}
    used |= {verdict.document for verdict in claims.verdicts}
    used |= set(drawn)
    sources = [row.model_dump(mode="json") for row in region.rows("sources") if row.id in used]
    return Provenance(facts, sorted(assumptions, key=lambda row: row["id"]), sorted(sources, key=lambda row: row["id"]))


# Where tables other than facts keep who, with whom, and what in words.
WHO = ("actor", "host", "country", "guarantor", "buyer", "owner")
WITH = ("target", "sponsor", "protege", "seller", "owner_country")
WORDS = ("summary", "instrument", "name", "question", "fuel")
WHEN = ("as_of", "date", "election", "field_end", "from_", "commissioned")


def _fact(region: Region, name: str) -> dict[str, Any] | None:
    """Any row as one shape: who, with whom, value or words, when, known, grade, source."""
    if (figure := region.figure(name)) is not None:
        return {**figure_row(figure), "text": None}
    row = region.row(name)
    if row is None:
        return None
    value = getattr(row, "value", getattr(row, "honoured", getattr(row, "capacity_mw", None)))
    return {
        "id": row.id,
        "quantity": "event" if isinstance(row, Event) else type(row).table,
        "subject": _first(row, WHO),
        "object": _first(row, WITH),
        "item": None,
        "value": value,
        "low": getattr(row, "low", None),
        "high": getattr(row, "high", None),
        "unit": getattr(row, "unit", None) or ("MW" if hasattr(row, "capacity_mw") else None),
        "as_of": _first(row, WHEN),
        "known": row.known,
        "known_derived": row.known_derived == "yes",
        "source": row.source,
        "credibility": row.credibility,
        "kind": getattr(row, "kind", None),
        "note": getattr(row, "note", None),
        "text": _between(region, row) or _first(row, WORDS),
    }


def label_row(region: Region, name: str) -> str:
    """A row in words: what, of whom, with whom, how much and when; empty where the row is none of its own."""
    row = _fact(region, name) if name else None
    if row is None:
        return ""
    named = region.actor_names
    who = [
        ", ".join(named.get(one, one) for one in str(row[key]).split(";")) for key in ("subject", "object") if row[key]
    ]
    what = [words.label(row["quantity"]), *who, *([words.label(row["item"])] if row["item"] else [])]
    value = f"{words.figure(row['value'])} {row['unit'] or ''}".strip() if row["value"] is not None else ""
    told = [text for text in (row["text"], value) if text]
    when = f" ({row['as_of']})" if row["as_of"] else ""
    return f"{', '.join(what)}{': ' if told else ''}{', '.join(told)}{when}"


def _between(region: Region, row: Any) -> str | None:
    """A link of the freight network in words: its mode and the places that it joins."""
    if not isinstance(row, Link):
        return None
    names = {place.id: place.name for place in region.rows("places") if place.id in {row.from_, row.to}}
    return f"{row.mode}, {names.get(row.from_, row.from_)} to {names.get(row.to, row.to)}"


def _first(row: Any, names: tuple[str, ...]) -> str | None:
    """The first of several columns that the row has and that is filled; lists joined by `;`."""
    for name in names:
        value = getattr(row, name, None)
        if value:
            return ";".join(value) if isinstance(value, tuple) else str(value)
    return None

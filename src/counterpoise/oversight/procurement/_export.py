"""A network as followthemoney entities, for other tools: organisations, what they share, and why they stand out."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from counterpoise.oversight.procurement.network import NetworkResult

PROPERTY = {"email": "email", "telephone": "phone", "street": "address"}


def write_network(result: NetworkResult, folder: Path) -> list[Path]:
    """Write `entities.ftm.json` and `findings.csv`; the paths written."""
    folder.mkdir(parents=True, exist_ok=True)
    entities, findings = folder / "entities.ftm.json", folder / "findings.csv"
    with entities.open("w", encoding="utf-8") as stream:
        for entity in entities_of(result):
            stream.write(json.dumps(entity.to_dict(), ensure_ascii=False, sort_keys=True) + "\n")
    with findings.open("w", encoding="utf-8", newline="") as table:
        writer = csv.DictWriter(table, ["kind", "members", "processes", "expected", "innocent", "reason"])
        writer.writeheader()
        writer.writerows({**row, "members": _plain(row["members"])} for row in result.table())
    return [entities, findings]


def _plain(text: str) -> str:
    # A cell that begins so would run as a formula in a spreadsheet.
    return f"'{text}" if text[:1] in {"=", "+", "-", "@"} else text


def entities_of(result: NetworkResult) -> Iterator[Any]:
    """Organisations of the findings, owners and ownerships, and a link per finding with its reason."""
    from followthemoney import model

    shared: dict[str, set[str]] = {}
    owners: set[tuple[str, str]] = set()
    for one, other, key in result.links:
        kind = key.partition(":")[0]
        for name in (one, other):
            if kind in {"owner", "person"}:
                owners.add((key, name))
            else:
                shared.setdefault(name, set()).add(key)
    for name in sorted({member for finding in result.findings for member in finding.members}):
        entity = model.make_entity("PublicBody" if name in result.buyers else "Company")
        entity.make_id("organisation", name)
        entity.add("name", result.names.get(name, name))
        entity.add("registrationNumber", name)
        for key in sorted(shared.get(name, ())):
            kind, _, text = key.partition(":")
            entity.add(PROPERTY[kind], text.rstrip(":"))
        yield entity
    for key, name in sorted(owners):
        kind, _, text = key.partition(":")
        person = model.make_entity("LegalEntity")
        person.make_id(kind, text)
        person.add("name", text)
        yield person
        edge = model.make_entity("Ownership" if kind == "owner" else "UnknownLink")
        edge.make_id(kind, text, name)
        ends = ("owner", "asset") if kind == "owner" else ("subject", "object")
        edge.add(ends[0], person.id)
        edge.add(ends[1], _id(model, name))
        edge.add("role", "beneficial owner or shareholder" if kind == "owner" else "contact person")
        yield edge
    for finding in result.findings:
        first = finding.members[0]
        for other in finding.members[1:]:
            link = model.make_entity("UnknownLink")
            link.make_id(finding.kind, first, other)
            link.add("subject", _id(model, first))
            link.add("object", _id(model, other))
            link.add("role", finding.kind)
            link.add("summary", finding.reason)
            yield link


def _id(model: Any, name: str) -> str:
    entity = model.make_entity("LegalEntity")
    entity.make_id("organisation", name)
    return str(entity.id)

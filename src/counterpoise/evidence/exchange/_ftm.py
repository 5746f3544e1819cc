"""Actors, projects, events and sources as followthemoney entities, and entities of others as proposals."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from counterpoise._errors import InputError, fault
from counterpoise._result import Meta
from counterpoise.evidence.exchange import ExportResult
from counterpoise.evidence.ledger._propose import ProposalsResult, lacking, now, source_row

_SCHEMATA = {
    "state": "PublicBody", "former state": "PublicBody", "de facto entity": "PublicBody", "bloc": "Organization",
    "organisation": "Organization", "group": "Organization", "party": "Organization", "firm": "Company",
}  # fmt: skip
# Schema of an entity -> kind of an actor of a region.
_KINDS = {
    "Company": "firm", "Organization": "organisation", "PublicBody": "organisation", "LegalEntity": "organisation",
}  # fmt: skip
MAX_BYTES = 64 << 20
MAX_LINE = 1 << 20


def export_entities(region: Any) -> ExportResult:
    """A region as followthemoney entities, one JSON object a line, in the model of the installed library.

    Actors become PublicBody, Organization or Company; project stages Project with ProjectParticipant; events Event;
    sources Article. Ids are ours with `-` for what the model does not allow. Values that the model refuses are left out
    and counted by property.
    """
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from followthemoney import model

        made = _Entities(model)
        for row in region.rows("sources"):
            made.add("Article", row.id, title=row.title, name=row.title, publisher=row.publisher, sourceUrl=row.url,
                     publishedAt=_first(row.published), retrievedAt=row.read)  # fmt: skip
        for row in region.rows("actors"):
            country = {"country": row.name} if row.kind == "state" else {}
            made.add(_SCHEMATA[row.kind], row.id, name=row.name, alias=list(row.aliases), **country)
        for row in region.rows("projects"):
            amount = None if row.value is None else str(row.value)
            made.add("Project", row.id, name=row.name, projectId=row.project, status=row.stage, amount=amount,
                     currency=row.unit, startDate=_first(row.as_of), proof=entity_id(row.source))  # fmt: skip
            for role, names in (("sponsor", row.sponsor), ("host", row.host)):
                for name in names:
                    made.add("ProjectParticipant", f"{row.id}-{role}-{name}", project=entity_id(row.id),
                             participant=entity_id(name), role=role)  # fmt: skip
        for row in region.rows("events"):
            parties = [entity_id(name) for name in (*row.actor, *row.target)]
            made.add("Event", row.id, name=row.summary, date=row.date, keywords=row.kind, involved=parties,
                     organizer=[entity_id(name) for name in row.actor], proof=entity_id(row.source))  # fmt: skip
    text = "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in made.items)
    day = region.as_of.isoformat() if region.as_of else None
    return ExportResult("ftm", text, dict(made.counts), dict(made.refused), Meta(as_of=day))


class _Entities:
    def __init__(self, model: Any) -> None:
        self.model, self.items = model, list[dict[str, Any]]()
        self.counts, self.refused = Counter[str](), Counter[str]()
        self._taken: set[str] = set()

    def add(self, schema: str, key: str, /, **properties: Any) -> None:
        entity = self.model.make_entity(schema)
        entity.id = entity_id(key)
        if entity.id in self._taken:
            raise ValueError(f"two rows have the entity id {entity.id!r}")
        self._taken.add(entity.id)
        for prop, given in properties.items():
            for value in given if isinstance(given, list) else [given]:
                if value in (None, ""):
                    continue
                before = len(entity.get(prop))
                entity.add(prop, value, cleaned=False)
                if len(entity.get(prop)) == before and value not in entity.get(prop):
                    self.refused[f"{schema}.{prop}"] += 1
        self.items.append(entity.to_dict())
        self.counts[schema] += 1


def entity_id(name: str) -> str:
    """An id in the letters that the entity model allows.

    >>> entity_id("events:EV001"), entity_id("WORLD BANK")
    ('events-EV001', 'WORLD-BANK')
    """
    return re.sub(r"[^0-9A-Za-z.-]+", "-", name.encode("ascii", "ignore").decode()).strip("-.")


def _first(period: str | None) -> str | None:
    return period.split("/")[0] if period else None


def import_entities(path: str | Path, *, region: Any, source: dict[str, str] | None = None) -> ProposalsResult:
    """Entities of a followthemoney file (one JSON object a line) as proposals for actors and events of a region.

    Companies, organisations and public bodies that the region does not name become actors, Events become events
    with the parties that the region knows; other schemata are counted and left. Nothing is entered yet.

    Raises `E201` and `E812`.
    """
    place = Path(path)
    lines, digest = _lines(place)
    known = _names(region)
    actors = {row.id: row.name for row in region.rows("actors")}
    given = source_row(digest, None, place, source or {})
    document = {
        "path": str(place.absolute()), "sha256": digest, "published": None, "offsets": "file", "source": given,
    }  # fmt: skip
    named = {item["id"]: (item["properties"].get("name") or [""])[0] for _, _, item in lines}
    made: list[dict[str, Any]] = []
    left: Counter[str] = Counter()
    for start, end, item in lines:
        row = _row_of(item, known, named)
        if row is None:
            left[item["schema"]] += 1
            continue
        table, cells = row
        label = f"{digest} {table} {item['id']}"
        needs, lacks = lacking(table, cells, actors)
        made.append(
            {
                "record": "proposal",
                "id": hashlib.sha256(label.encode()).hexdigest()[:12],
                "table": table,
                "row": cells,
                "needs": needs,
                "lacks": lacks,
                "start": start,
                "end": end,
                "document": document,
                "against": [],
                "by": "followthemoney",
                "at": now(),
            }
        )
    document_shown = {**document, "left_out": dict(left)}
    return ProposalsResult(made, document_shown, None, 0, Meta(inputs={str(path): digest}))


def _lines(path: Path) -> tuple[list[tuple[int, int, dict[str, Any]]], str]:
    from counterpoise.region._files import read_text

    text = read_text(path, max_bytes=MAX_BYTES)
    found: list[tuple[int, int, dict[str, Any]]] = []
    faults = []
    at = 0
    for number, line in enumerate(text.split("\n"), start=1):
        start, at = at, at + len(line) + 1
        if not line.strip():
            continue
        problem = "" if len(line) <= MAX_LINE else f"{len(line):,} characters in one line"
        item: Any = None
        if not problem:
            try:
                item = json.loads(line)
            except (ValueError, RecursionError) as error:
                problem = f"not JSON: {error}"[:120]
        if not problem and not _is_entity(item):
            problem = "no entity: id, schema and properties (lists of texts) are needed"
        if problem:
            rule = "an entity file has one JSON object a line, in the form that followthemoney writes"
            where, fix = f"{path}:{number}", "export the entities anew"
            faults.append(fault("E812", where=where, found=problem, rule=rule, fix=fix))
            if len(faults) >= 20:
                break
        else:
            found.append((start, start + len(line), item))
    if faults:
        raise InputError(faults)
    return found, hashlib.sha256(path.read_bytes()).hexdigest()


def _is_entity(item: Any) -> bool:
    return (
        isinstance(item, dict)
        and isinstance(item.get("id"), str)
        and isinstance(item.get("schema"), str)
        and isinstance(item.get("properties"), dict)
        and all(isinstance(values, list) for values in item["properties"].values())
        and all(isinstance(value, str) for values in item["properties"].values() for value in values)
    )


def _names(region: Any) -> dict[str, str]:
    known: dict[str, str] = {}
    for row in region.rows("actors"):
        for name in (row.id, entity_id(row.id), row.name, *row.aliases):
            known.setdefault(name.lower(), row.id)
    return known


def _row_of(item: dict[str, Any], known: dict[str, str], named: dict[str, str]) -> tuple[str, dict[str, Any]] | None:
    values = item["properties"]
    name = (values.get("name") or [""])[0]

    def actor(reference: str) -> str | None:
        return known.get(reference.lower()) or known.get(named.get(reference, "").lower())

    if item["schema"] in _KINDS and name:
        if name.lower() in known or item["id"].lower() in known:
            return None
        slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or entity_id(item["id"])
        kind = _KINDS[item["schema"]]
        prefix = "firm:" if kind == "firm" else ""
        aliases = ";".join(value.replace(";", ",") for value in values.get("alias", [])[:10])
        return "actors", {"id": f"{prefix}{slug}", "name": name[:200], "aliases": aliases, "kind": kind}
    if item["schema"] == "Event":
        doers = [code for code in map(actor, values.get("organizer", [])) if code]
        others = [code for code in map(actor, values.get("involved", [])) if code and code not in doers]
        day = next((value[:10] for value in values.get("date", []) if _is_day(value[:10])), None)
        kinds = [word for word in values.get("keywords", []) if word.isupper()]
        return "events", {
            "date": day, "actor": ";".join(doers) or None, "target": ";".join(others) or None,
            "kind": kinds[0] if kinds else None, "summary": None, "known": None,
        }  # fmt: skip
    return None


def _is_day(text: str) -> bool:
    try:
        return len(text) == 10 and date.fromisoformat(text) is not None
    except ValueError:
        return False

"""followthemoney entities, one JSON document a line, as OpenSanctions publishes them: flat or with sanctions nested."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from counterpoise._errors import Fault, InputError, fault
from counterpoise.oversight.screening._lists import MAX_FAULTS, Draft, ListedName, decode_json, text_lines

# Schemata of what can be designated; addresses, passports and ties between entities are not names to screen.
NAMED = frozenset(("Person", "Organization", "Company", "LegalEntity", "PublicBody", "Vessel", "Airplane"))
NAMES = (("name", "name"), ("alias", "alias"), ("previousName", "alias"), ("weakAlias", "weak alias"))
COUNTRIES = ("country", "nationality", "citizenship", "jurisdiction", "mainCountry", "flag", "birthCountry")


def read_lines(path: Path) -> Iterator[Draft]:
    """Entities with a name, each with the programmes of its `Sanction` entities, which may stand anywhere in the file.

    Raises `InputError` `E822` with every line that is no entity, at most 100.
    """
    drafts: dict[str, Draft] = {}
    programmes: dict[str, list[str]] = {}
    faults: list[Fault] = []
    for number, line in enumerate(text_lines(path), start=1):
        if not line.strip():
            continue
        entity = decode_json(line)
        problem = _problem(entity)
        if problem:
            rule = "each line is one entity with the keys id, schema and properties"
            where = f"{path}:{number}"
            faults.append(fault("E822", where=where, found=problem, rule=rule, fix="download the file again"))
            if len(faults) >= MAX_FAULTS:
                break
        elif entity["schema"] == "Sanction":
            for target in _ids(entity["properties"].get("entity")):
                programmes.setdefault(target, []).extend(_programmes(entity["properties"]))
        elif entity["schema"] in NAMED:
            draft = _draft(entity)
            drafts[draft.id] = draft
    if faults:
        raise InputError(faults)
    for draft in drafts.values():
        draft.programmes += programmes.get(draft.id, [])
        yield draft


def _problem(entity: Any) -> str:
    if not isinstance(entity, dict):
        return "no JSON object"
    missing = [key for key, kind in (("id", str), ("schema", str)) if not isinstance(entity.get(key), kind)]
    if not isinstance(entity.get("properties"), dict):
        missing.append("properties")
    return f"an object without {', '.join(missing)}" if missing else ""


def _draft(entity: dict[str, Any]) -> Draft:
    properties = entity["properties"]
    names = [ListedName(text, kind) for key, kind in NAMES for text in _texts(properties.get(key))]
    if not names and isinstance(entity.get("caption"), str):
        names = [ListedName(entity["caption"])]
    nested = [item for item in _items(properties.get("sanctions")) if isinstance(item, dict)]
    programmes = _texts(properties.get("programId"))
    for sanction in nested:
        inner = sanction.get("properties")
        programmes += _programmes(inner) if isinstance(inner, dict) else []
    return Draft(
        entity["id"],
        names,
        entity["schema"],
        _texts(properties.get("birthDate")),
        [text for key in COUNTRIES for text in _texts(properties.get(key))],
        programmes,
    )


def _programmes(properties: dict[str, Any]) -> list[str]:
    """The ids of the programmes of a sanction, or its free text where it has none."""
    return _texts(properties.get("programId")) or _texts(properties.get("program"))


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _texts(value: Any) -> list[str]:
    return [item for item in _items(value) if isinstance(item, str)]


def _ids(value: Any) -> list[str]:
    """Ids of entities, given as texts or, nested, as objects with an id."""
    inner = (item.get("id") if isinstance(item, dict) else item for item in _items(value))
    return [item for item in inner if isinstance(item, str)]

"""`datapackage.json`: the region as a Frictionless Data Package, described from the same models that check it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from counterpoise._errors import RegionError
from counterpoise.region._columns import Row
from counterpoise.region._load import read_folder
from counterpoise.region._schema import TABLES, columns


def describe_package(path: Path) -> dict[str, Any]:
    """The descriptor of a region folder: one resource per table present, with typed fields and keys."""
    folder = read_folder(path)
    if folder.settings is None:
        raise RegionError([item for item in folder.faults if item.code == "E113"])
    return {
        "profile": "tabular-data-package",
        "name": folder.settings.id,
        "title": folder.settings.title,
        "licenses": [{"name": folder.settings.licence}] if folder.settings.licence else [],
        "resources": [_resource(name, model) for name, model in TABLES.items() if (path / f"{name}.csv").exists()],
    }


def write_package(path: Path) -> Path:
    """Write `datapackage.json` into a region folder and return its path."""
    target = path / "datapackage.json"
    text = json.dumps(describe_package(path), indent=1, ensure_ascii=False) + "\n"
    target.write_text(text, encoding="utf-8")
    return target


def _resource(name: str, model: type[Row]) -> dict[str, Any]:
    meta = {info.alias or field: (info.annotation, info.metadata) for field, info in model.model_fields.items()}
    fields = [_field(column, *meta[column]) for column in columns(model)]
    schema = {"fields": fields, "primaryKey": list(model.key), "missingValues": [""]}
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "path": f"{name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    }


def _field(name: str, annotation: Any, metadata: list[Any]) -> dict[str, Any]:
    column = _unwrap(annotation)
    constraints: dict[str, Any] = {}
    if not column.optional and column.base is not tuple:
        constraints["required"] = True
    if column.choices:
        constraints["enum"] = list(column.choices)
    for item in [*metadata, *column.metadata]:
        for part in [item, *getattr(item, "metadata", [])]:
            for bound, word in (("ge", "minimum"), ("le", "maximum")):
                if getattr(part, bound, None) is not None:
                    constraints[word] = getattr(part, bound)
    kind = {float: "number", int: "integer"}.get(column.base, "string")
    return {"name": name, "type": kind, **({"constraints": constraints} if constraints else {})}


@dataclass(slots=True)
class _Column:
    """What an annotation says of a column: may it be blank, which values, which type, which bounds."""

    base: Any = str
    optional: bool = False
    choices: tuple[str, ...] = ()
    metadata: list[Any] = field(default_factory=list)


def _unwrap(annotation: Any) -> _Column:
    origin = get_origin(annotation)
    if origin is Annotated:
        inner, *metadata = get_args(annotation)
        column = _unwrap(inner)
        column.metadata += metadata
        return column
    if origin in (Union, UnionType):
        column = _unwrap(next(item for item in get_args(annotation) if item is not NoneType))
        column.optional = True
        return column
    if origin is Literal:
        return _Column(choices=get_args(annotation))
    return _Column(base=tuple if origin is tuple else annotation)

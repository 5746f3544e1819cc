"""Reading a region folder: every table into rows, every fault of every file collected before anything is raised."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from counterpoise._errors import Fault, InputError, RegionError, fault
from counterpoise.region._columns import Row
from counterpoise.region._files import Line, read_rows, read_text, read_toml, suggest
from counterpoise.region._schema import TABLES, columns
from counterpoise.region._settings import Settings, read_settings

BUILT_IN = {"south-caucasus": "south_caucasus"}
LAW_FILE = "elections.toml"


@dataclass(slots=True)
class Folder:
    """A region as read: rows by table with the line each stands on, settings, laws, and the faults met on the way."""

    path: Path
    settings: Settings | None = None
    rows: dict[str, list[Row]] = field(default_factory=dict)
    lines: dict[str, list[int]] = field(default_factory=dict)
    laws: list[dict[str, Any]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def where(self, table: str, index: int) -> str:
        """`facts.csv:41`, the place of a row for people."""
        return f"{table}.csv:{self.lines[table][index]}"


def locate(region: str | Path) -> Path:
    """The folder of a built-in id or of a path; `E101` when there is none."""
    if str(region) in BUILT_IN:
        return Path(str(resources.files("counterpoise.atlas"))) / BUILT_IN[str(region)]
    path = Path(region)
    if path.is_dir():
        return path
    found = "not a folder" if path.exists() else "no such folder"
    near = suggest(str(region), BUILT_IN)
    fix = near or f"give the path of a region folder, or a built-in id: {', '.join(BUILT_IN)}"
    rule = "REGION is a built-in id or a path to a folder"
    raise RegionError([fault("E101", where=str(region), found=found, rule=rule, fix=fix)])


def read_folder(path: Path) -> Folder:
    """Read every table of a region folder; faults are collected in the result, not raised."""
    folder = Folder(path)
    _check_names(folder)
    folder.settings = read_settings(path, folder.faults)
    for name, model in TABLES.items():
        _read_table(folder, name, model)
    _read_laws(folder)
    _check_package(folder)
    return folder


@cache
def _adapter(model: type[Row]) -> TypeAdapter[list[Row]]:
    return TypeAdapter(list[model])  # type: ignore[valid-type]


def _read_table(folder: Folder, name: str, model: type[Row]) -> None:
    path = folder.path / f"{name}.csv"
    folder.rows[name], folder.lines[name] = [], []
    if not path.exists() and not path.is_symlink():
        if model.needed:
            rule = "a region has sources.csv, actors.csv and facts.csv"
            fix = "add the file; `counterpoise region new` shows a small one"
            folder.faults.append(fault("E102", where=path.name, found="missing", rule=rule, fix=fix))
        return
    try:
        lines = read_rows(path, required=columns(model))
    except InputError as error:
        folder.faults += [_relative(item, folder.path) for item in error.faults]
        return
    try:
        rows = _adapter(model).validate_python([line.cells for line in lines])
    except ValidationError as error:
        folder.faults += [_cell_fault(name, lines, item) for item in error.errors(include_url=False)]
        bad = {item["loc"][0] for item in error.errors(include_url=False)}
        lines = [line for index, line in enumerate(lines) if index not in bad]
        rows = _adapter(model).validate_python([line.cells for line in lines])
    folder.rows[name] = rows
    folder.lines[name] = [line.number for line in lines]


def _cell_fault(table: str, lines: list[Line], error: Any) -> Fault:
    index, *place = error["loc"]
    column = str(place[0]) if place else "row"
    value = lines[index].cells.get(column, "")
    return fault(
        "E105",
        where=f"{table}.csv:{lines[index].number}",
        found=f"{column} = {value[:80]!r}",
        rule=error["msg"].removeprefix("Value error, "),
        fix=f"correct the cell in column {column!r}; leave it blank only where unknown is allowed",
    )


def _read_laws(folder: Folder) -> None:
    path = folder.path / LAW_FILE
    if not path.exists():
        return
    try:
        document = read_toml(path)
    except InputError as error:
        folder.faults += [_relative(item, folder.path) for item in error.faults]
        return
    laws = document.get("law", [])
    if set(document) - {"law"} or not isinstance(laws, list) or not all(isinstance(law, dict) for law in laws):
        rule = "elections.toml is a list of [[law]] tables and nothing else"
        folder.faults.append(fault("E105", where=LAW_FILE, found="another shape", rule=rule, fix="see docs/region.md"))
        return
    folder.laws = laws


def _check_names(folder: Folder) -> None:
    """Links out of the folder and unknown files are faults: a region is data in one place."""
    known = {f"{name}.csv" for name in TABLES} | {"region.toml", "datapackage.json", LAW_FILE, "scenarios", "README.md"}
    for path in sorted(folder.path.iterdir()):
        if path.is_symlink():
            rule = "a region holds its own files, no links to others"
            fix = "put a copy of the file in the folder"
            folder.faults.append(fault("E115", where=path.name, found="a symbolic link", rule=rule, fix=fix))
        elif path.name not in known and not path.name.startswith("."):
            rule = "a region holds the files of its format"
            fix = suggest(path.name, known) or "remove the file"
            folder.faults.append(fault("E103", where=path.name, found="unknown file", rule=rule, fix=fix))


def _check_package(folder: Folder) -> None:
    """`datapackage.json` names each table that is there, by its own file name, and no other."""
    path = folder.path / "datapackage.json"
    rule = "datapackage.json describes each table of the folder (run `counterpoise region describe`)"
    try:
        package = json.loads(read_text(path))
        resources_listed = package["resources"]
        listed = {item["name"]: item["path"] for item in resources_listed}
    except InputError as error:
        folder.faults += [_relative(item, folder.path) for item in error.faults]
        return
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        found = f"{type(error).__name__}: {error}"
        fix = "run `counterpoise region describe PATH`"
        folder.faults.append(fault("E112", where=path.name, found=found, rule=rule, fix=fix))
        return
    present = {name for name in TABLES if (folder.path / f"{name}.csv").exists()}
    for name in sorted(set(listed) | present):
        expected = f"{name}.csv" if name in present else None
        if listed.get(name) != expected:
            found = f"resource {name!r} -> {listed.get(name)!r}, the folder has {expected!r}"
            fix = "run `counterpoise region describe PATH`"
            folder.faults.append(fault("E112", where=path.name, found=found, rule=rule, fix=fix))


def _relative(item: Fault, base: Path) -> Fault:
    return Fault(item.code, item.where.removeprefix(f"{base}/"), item.found, item.rule, item.fix)

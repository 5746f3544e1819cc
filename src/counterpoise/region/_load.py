"""Reading a region folder: every table into rows, every fault of every file collected before anything is raised."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from counterpoise._errors import Fault, InputError, RegionError, fault
from counterpoise.region._columns import Row
from counterpoise.region._election import Election, read_elections
from counterpoise.region._files import MAX_FAULTS, Line, read_rows, read_text, read_toml, suggest
from counterpoise.region._scenario import Scenario
from counterpoise.region._scenario_files import read_scenarios
from counterpoise.region._schema import TABLES, columns
from counterpoise.region._settings import Settings, read_settings

BUILT_IN = {"south-caucasus": "south_caucasus"}
LAW_FILE = "elections.toml"
PACKAGE_FILE = "datapackage.json"
SCENARIOS = "scenarios"
MAX_TABLE_BYTES = 16 << 20
MAX_PACKAGE_BYTES = 4 << 20
# Rows are validated in blocks, so that a file of nothing but faults is not described in full.
BLOCK = 2_000
# Characters that no table needs: they hide text, turn its direction, or command a terminal.
HIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@dataclass(slots=True)
class Folder:
    """A region as read: rows by table with the line each stands on, settings, laws, and the faults met on the way."""

    path: Path
    settings: Settings | None = None
    rows: dict[str, list[Row]] = field(default_factory=dict)
    lines: dict[str, list[int]] = field(default_factory=dict)
    laws: list[dict[str, Any]] = field(default_factory=list)
    elections: dict[str, Election] = field(default_factory=dict)
    scenarios: dict[str, Scenario] = field(default_factory=dict)
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
    folder.scenarios = read_scenarios(path, folder.faults)
    _check_package(folder)
    return folder


@cache
def _adapter(model: type[Row]) -> TypeAdapter[list[Row]]:
    return TypeAdapter(list[model])  # type: ignore[valid-type]


def _read_table(folder: Folder, name: str, model: type[Row]) -> None:
    path = folder.path / f"{name}.csv"
    folder.rows[name], folder.lines[name] = [], []
    if path.is_symlink():
        return  # E115 already; what it points at is none of the region's and is not read.
    if not path.exists():
        if model.needed:
            rule = "a region has sources.csv, actors.csv and facts.csv"
            fix = "add the file; `counterpoise region new` shows a small one"
            folder.faults.append(fault("E102", where=path.name, found="missing", rule=rule, fix=fix))
        return
    try:
        lines = read_rows(path, required=columns(model), max_bytes=MAX_TABLE_BYTES)
        hidden = HIDDEN.search(read_text(path))
    except InputError as error:
        folder.faults += [_relative(item, folder.path) for item in error.faults]
        return
    if hidden:
        rule = "texts hold no control characters and none that turn the direction of writing"
        found = f"the character {hidden[0]!r}"
        line = hidden.string.count("\n", 0, hidden.start()) + 1
        fix = "remove the character"
        folder.faults.append(fault("E105", where=f"{name}.csv:{line}", found=found, rule=rule, fix=fix))
    _validate(folder, name, model, lines)


def _validate(folder: Folder, name: str, model: type[Row], lines: list[Line]) -> None:
    """Keep the rows that fit the model; describe the others until there are too many to read."""
    described = 0
    for start in range(0, len(lines), BLOCK):
        block = lines[start : start + BLOCK]
        try:
            rows = _adapter(model).validate_python([line.cells for line in block])
        except ValidationError as error:
            errors = error.errors(include_url=False)
            folder.faults += [_cell_fault(name, block, item) for item in errors[: MAX_FAULTS - described]]
            bad = {item["loc"][0] for item in errors}
            block = [line for index, line in enumerate(block) if index not in bad]
            rows = _adapter(model).validate_python([line.cells for line in block])
            described += len(errors)
        folder.rows[name] += rows
        folder.lines[name] += [line.number for line in block]
        if described > MAX_FAULTS:
            rule = "each cell holds what its column asks for"
            found = f"more than {MAX_FAULTS} such faults; the rest is not listed"
            fix = "mend those above and check again"
            folder.faults.append(fault("E105", where=f"{name}.csv", found=found, rule=rule, fix=fix))
            return


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
    if path.is_symlink() or not path.exists():
        return
    try:
        document = read_toml(path)
    except InputError as error:
        folder.faults += [_relative(item, folder.path) for item in error.faults]
        return
    lists = [document.get("law", []), document.get("election", [])]
    shaped = all(isinstance(item, list) and all(isinstance(part, dict) for part in item) for item in lists)
    if set(document) - {"law", "election"} or not shaped:
        rule = "elections.toml is a list of [[law]] tables, a list of [[election]] tables and nothing else"
        folder.faults.append(fault("E105", where=LAW_FILE, found="another shape", rule=rule, fix="see docs/region.md"))
        return
    folder.laws = lists[0]
    folder.elections = read_elections(lists[1], LAW_FILE, folder.faults)


def _check_names(folder: Folder) -> None:
    """Links out of the folder and unknown files are faults: a region is data in one place."""
    known = {f"{name}.csv" for name in TABLES} | {"region.toml", PACKAGE_FILE, LAW_FILE, SCENARIOS, "README.md"}
    inside = folder.path / SCENARIOS
    found = sorted(folder.path.iterdir())
    if inside.is_dir() and not inside.is_symlink():
        found += sorted(inside.iterdir())
    for path in found:
        expected = path.suffix == ".toml" if path.parent == inside else path.name in known
        # A name may hold anything; as text for people it is written in plain letters.
        where = ascii(path.relative_to(folder.path).as_posix())[1:-1]
        if path.is_symlink():
            rule = "a region holds its own files, no links to others"
            fix = "put a copy of the file in the folder"
            folder.faults.append(fault("E115", where=where, found="a symbolic link", rule=rule, fix=fix))
        elif not expected and not path.name.startswith("."):
            rule = "a region holds the files of its format"
            fix = suggest(path.name[:80], known) or "remove the file"
            folder.faults.append(fault("E103", where=where, found="unknown file", rule=rule, fix=fix))
        if len(folder.faults) >= MAX_FAULTS:
            return


def _check_package(folder: Folder) -> None:
    """`datapackage.json` names each table that is there, by its own file name, and no other."""
    path = folder.path / PACKAGE_FILE
    if path.is_symlink():
        return
    rule = "datapackage.json describes each table of the folder (run `counterpoise region describe`)"
    try:
        package = json.loads(read_text(path, max_bytes=MAX_PACKAGE_BYTES))
        listed = {str(item["name"]): item["path"] for item in package["resources"]}
    except InputError as error:
        folder.faults += [_relative(item, folder.path) for item in error.faults]
        return
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        found = ascii(f"{type(error).__name__}: {error}")[1:120]
        fix = "run `counterpoise region describe PATH`"
        folder.faults.append(fault("E112", where=path.name, found=found, rule=rule, fix=fix))
        return
    present = {name for name in TABLES if (folder.path / f"{name}.csv").exists()}
    for name in sorted(set(listed) | present)[:MAX_FAULTS]:
        expected = f"{name}.csv" if name in present else None
        if listed.get(name) != expected:
            found = f"resource {name[:80]!r} -> {str(listed.get(name))[:80]!r}, the folder has {expected!r}"
            fix = "run `counterpoise region describe PATH`"
            folder.faults.append(fault("E112", where=path.name, found=found, rule=rule, fix=fix))


def _relative(item: Fault, base: Path) -> Fault:
    return Fault(item.code, item.where.removeprefix(f"{base}/"), item.found, item.rule, item.fix)

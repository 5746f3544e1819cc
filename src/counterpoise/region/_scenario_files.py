"""Reading scenario files and checking what they name against the tables of a region."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from counterpoise._errors import Fault, InputError, fault
from counterpoise.region._files import MAX_FAULTS, read_toml, suggest
from counterpoise.region._scenario import Move, Problem, Scenario, fields_of, shape_problems
from counterpoise.region._schema import TABLES

if TYPE_CHECKING:
    from counterpoise.region._load import Folder
    from counterpoise.region._region import Region

MAX_BYTES = 1 << 20
MAX_FILES = 500
# Assumptions that no table holds: parameters of the law of motion, named in docs/engines/play.md.
PLAY_PREFIX = "play:"
DRAWN = "drawn"


def read_scenarios(folder: Path, faults: list[Fault]) -> dict[str, Scenario]:
    """Every scenario of a region's folder by id, each with the moves of its base in front; faults are appended."""
    inside = folder / "scenarios"
    if not inside.is_dir() or inside.is_symlink():
        return {}
    paths = sorted(path for path in inside.glob("*.toml") if not path.is_symlink())
    if len(paths) > MAX_FILES:
        rule, fix = f"a region has at most {MAX_FILES} scenarios", "take some of them out"
        faults.append(fault("E910", where="scenarios", found=f"{len(paths)} files", rule=rule, fix=fix))
        return {}
    read: dict[str, Scenario] = {}
    for path in paths:
        where = f"scenarios/{ascii(path.name)[1:-1]}"
        scenario = _parse(path, where, faults)
        if scenario is not None and scenario.id != path.stem:
            rule, fix = "a scenario's id is the name of its file", f"set id = {path.stem!r} or rename the file"
            faults.append(fault("E910", where=where, found=f"id = {scenario.id!r}", rule=rule, fix=fix))
        elif scenario is not None:
            read[scenario.id] = scenario
    return {name: _with_base(read, scenario, f"scenarios/{name}.toml", faults) for name, scenario in read.items()}


def read_scenario_file(path: Path, region: Region) -> Scenario:
    """A scenario from a file outside the region, checked against it; `InputError` lists every fault (E910 to E915)."""
    faults: list[Fault] = []
    scenario = _parse(path, str(path), faults)
    if scenario is not None:
        scenario = _with_base({**region.scenarios, scenario.id: scenario}, scenario, str(path), faults)
        names = Names(
            {name: {str(getattr(row, "id", "")) for row in region.rows(name)} for name in TABLES},
            tags=_tags(region.rows("links")),
            elections={*region.elections},
            known=lambda name: getattr(region.row(name), "known", None),
        )
        faults += list(reference_faults(scenario, str(path), names))
    if faults:
        raise InputError(faults)
    assert scenario is not None
    return scenario


class Names:
    """What a scenario may name: ids by table, tags of links, elections, and when each row became known."""

    def __init__(self, ids: dict[str, set[str]], *, tags: set[str], elections: set[str], known: Any) -> None:
        self.ids, self.tags, self.elections, self.known = ids, tags, elections, known
        self.rows = {name for table, names in ids.items() if table not in ("sources", "actors") for name in names}


def names_of(folder: Folder) -> Names:
    """What a scenario may name in a folder that has just been read."""
    ids = {name: {str(getattr(row, "id", "")) for row in rows} for name, rows in folder.rows.items()}
    days = {str(getattr(row, "id", "")): getattr(row, "known", None) for rows in folder.rows.values() for row in rows}
    return Names(ids, tags=_tags(folder.rows["links"]), elections={*folder.elections}, known=days.get)


def reference_faults(scenario: Scenario, where: str, names: Names) -> Iterator[Fault]:
    """Every name in a scenario that the region does not have, and evidence that is newer than its `known` day."""
    for move in scenario.moves:
        part = f"move {move.id}"
        for field, name, known in _references(move, names):
            if name not in known:
                yield _unknown(where, f"{part}: {field} = {name!r}", field, name, known)
        for name in move.evidence:
            day = names.known(name)
            if day and day > scenario.known:
                rule = "a scenario is known no earlier than the rows it names"
                found = f"{part}: {name} became known on {day}, the scenario on {scenario.known}"
                fix = f"set known = {day}, or leave the row out"
                yield fault("E915", where=where, found=found, rule=rule, fix=fix)
    for item in scenario.assume:
        if not item.name.startswith(PLAY_PREFIX) and item.name not in names.ids["assumptions"]:
            yield _unknown(where, f"assume name = {item.name!r}", "assume", item.name, names.ids["assumptions"])
        for name in item.sources:
            if name not in names.ids["sources"]:
                yield _unknown(where, f"assume {item.name}: sources = {name!r}", "sources", name, names.ids["sources"])


def _references(move: Move, names: Names) -> Iterator[tuple[str, str, set[str]]]:
    """(field, name, the names that exist) for everything that a move names."""
    actors = names.ids["actors"]
    for field in ("actor", "supplier"):
        if getattr(move, field) is not None:
            yield field, getattr(move, field), actors
    for name in move.target:
        yield "target", name, actors
    for name in move.links:
        yield "links", name, names.tags if name.startswith("@") else names.ids["links"]
    for name in move.plants:
        yield "plants", name, names.ids["plants"]
    if move.election is not None:
        yield "election", move.election, names.elections
    if move.winner is not None and move.winner != DRAWN:
        yield "winner", move.winner, names.ids["parties"]
    for name in move.evidence:
        yield "evidence", name, names.rows
    for name in move.sources:
        yield "sources", name, names.ids["sources"]


def _unknown(where: str, found: str, field: str, name: str, known: set[str]) -> Fault:
    rule = f"{field!r} names what the region has"
    fix = suggest(name, known) or "name one that it has, or add the row"
    return fault("E911", where=where, found=found, rule=rule, fix=fix)


def _tags(links: Any) -> set[str]:
    return {f"@{tag}" for link in links for tag in link.tags}


def _with_base(read: dict[str, Scenario], scenario: Scenario, where: str, faults: list[Fault]) -> Scenario:
    """The scenario with the moves and assumptions of its base, and of that one's base, in front."""
    chain, current = [scenario], scenario
    while current.base is not None:
        if current.base not in read or any(current.base == link.id for link in chain):
            known = [name for name in read if name != scenario.id]
            problem = "a circle of bases" if current.base in read else f"base = {current.base!r}"
            rule, fix = "a base is another scenario of the region", suggest(current.base, known) or "leave base out"
            faults.append(fault("E911", where=where, found=problem, rule=rule, fix=fix))
            return scenario
        current = read[current.base]
        chain.append(current)
    moves: dict[str, Move] = {}
    assumed: dict[str, Any] = {}
    for link in reversed(chain):
        for name in link.drops:
            if moves.pop(name, None) is None and link is scenario:
                rule, fix = "drops names moves of the base", suggest(name, moves) or "leave it out"
                faults.append(fault("E911", where=where, found=f"drops {name!r}", rule=rule, fix=fix))
        moves |= {move.id: move for move in link.moves}
        assumed |= {item.name: item for item in link.assume}
    return scenario.model_copy(update={"moves": tuple(moves.values()), "assume": tuple(assumed.values())})


def _parse(path: Path, where: str, faults: list[Fault]) -> Scenario | None:
    """A scenario by itself; its faults are appended, and then there is none."""
    try:
        scenario = Scenario.model_validate(read_toml(path, max_bytes=MAX_BYTES))
    except InputError as error:
        faults += [Fault("E910", where, item.found, item.rule, item.fix) for item in error.faults]
        return None
    except ValidationError as error:
        faults += [_shape_fault(where, item) for item in error.errors(include_url=False)[:MAX_FAULTS]]
        return None
    problems: list[Problem] = list(shape_problems(scenario))[:MAX_FAULTS]
    faults += [
        fault(item.code, where=where, found=f"{item.part}: {item.found}", rule=item.rule, fix=item.fix)
        for item in problems
    ]
    return None if problems else scenario


def _shape_fault(where: str, item: Any) -> Fault:
    place = ".".join(str(part) for part in item["loc"])
    top = str(item["loc"][0]) if item["loc"] else ""
    if item["type"] == "extra_forbidden":
        fix = suggest(str(item["loc"][-1]), fields_of(top if len(item["loc"]) > 1 else "")) or "take the key out"
        return fault(
            "E910", where=where, found=f"unknown key {place!r}", rule="the keys are those of docs/scenarios.md", fix=fix
        )
    found = f"{place} = {item['input']!r}"[:120] if item["type"] != "missing" else f"no {place}"
    rule = item["msg"].removeprefix("Value error, ")
    return fault("E910", where=where, found=found, rule=rule, fix=f"set {place!r} as docs/scenarios.md describes")

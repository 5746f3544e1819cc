"""What holds between rows and tables: unique ids, references that resolve, units, bounds, order of low and high."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice

from counterpoise._errors import Fault, fault
from counterpoise.region._columns import Row
from counterpoise.region._dates import bounds
from counterpoise.region._files import MAX_FAULTS, suggest
from counterpoise.region._load import Folder
from counterpoise.region._scenario_files import names_of, reference_faults
from counterpoise.region._schema import TABLES, Fact
from counterpoise.region.units import explain, factor, units
from counterpoise.region.vocabulary import vocabulary

# Faults listed for one folder, all tables together; more help nobody.
MOST_FAULTS = 5 * MAX_FAULTS
# Looking for a near id takes long in a long table, so hints are given for the first misnomers only.
MOST_HINTS = 40

# Columns beyond `refers` that name rows of another table.
EXTRA_REFERENCES: dict[str, dict[str, tuple[str, ...]]] = {
    "facts": {"supersedes": ("facts",)},
    "polls": {"party": ("parties",)},
    "results": {"party": ("parties",)},
    "capacity_groups": {"members": ("links", "places")},
}


def check_folder(folder: Folder) -> list[Fault]:
    """Every fault of a folder: those met while reading it, then those between its rows; a thousand at the most."""
    found = [*folder.faults, *islice(_between_rows(folder), MOST_FAULTS)][:MOST_FAULTS]
    if len(found) == MOST_FAULTS:
        rule = "a region has no faults"
        fix = "mend those above and check again"
        found.append(fault(found[-1].code, where="the region", found="more faults, not listed", rule=rule, fix=fix))
    return found


def _between_rows(folder: Folder) -> Iterator[Fault]:
    targets = _Targets(folder)
    for name, rows in folder.rows.items():
        yield from _repeated(folder, name)
        references: dict[str, tuple[str, ...]] = {column: (table,) for column, table in TABLES[name].refers.items()}
        references |= EXTRA_REFERENCES.get(name, {})
        for index, row in enumerate(rows):
            where = folder.where(name, index)
            yield from _dangling(where, row, references, targets)
            yield from _disordered(where, row)
            if isinstance(row, Fact):
                yield from _fact_faults(where, row)
    yield from _circles(folder, "actors", "member_of")
    yield from _circles(folder, "facts", "supersedes")
    yield from _settings_faults(folder, targets)
    yield from _election_faults(folder, targets)
    names = names_of(folder)
    for scenario in folder.scenarios.values():
        yield from reference_faults(scenario, f"scenarios/{scenario.id}.toml", names)


class _Targets:
    """The ids that a cell may name, and hints for those it misnames; a hint is looked for once per misnomer."""

    def __init__(self, folder: Folder) -> None:
        self._ids = {name: {getattr(row, "id", None) for row in rows} for name, rows in folder.rows.items()}
        self._hints: dict[tuple[str, tuple[str, ...]], str] = {}

    def has(self, name: str, tables: tuple[str, ...]) -> bool:
        return any(name in self._ids[table] for table in tables)

    def hint(self, name: str, tables: tuple[str, ...]) -> str:
        key = (name, tables)
        if key not in self._hints:
            known = [str(other) for table in tables for other in self._ids[table]]
            near = suggest(name, known) if len(self._hints) < MOST_HINTS else ""
            self._hints[key] = near or f"add {name!r} to {tables[0]}.csv"
        return self._hints[key]


def _repeated(folder: Folder, name: str) -> Iterator[Fault]:
    first: dict[tuple[object, ...], int] = {}
    for index, row in enumerate(folder.rows[name]):
        key = tuple(getattr(row, column) for column in TABLES[name].key)
        if key in first:
            label = " ".join(str(part) for part in key)
            found = f"{label!r} again; it stands on line {folder.lines[name][first[key]]} already"
            rule = f"{', '.join(TABLES[name].key)} is unique in {name}.csv"
            yield fault(
                "E106",
                where=folder.where(name, index),
                found=found,
                rule=rule,
                fix="remove the row or give it its own id; a correction is a new row with `supersedes`",
            )
        else:
            first[key] = index


def _circles(folder: Folder, name: str, column: str) -> Iterator[Fault]:
    """Rows that reach themselves through a column: a bloc in itself, a correction of its own correction."""
    ahead: dict[str, tuple[str, ...]] = {}
    place: dict[str, str] = {}
    for index, row in enumerate(folder.rows[name]):
        value = getattr(row, column)
        if value:
            ahead[row.id] = value if isinstance(value, tuple) else (value,)  # type: ignore[attr-defined]
            place[row.id] = folder.where(name, index)  # type: ignore[attr-defined]
    for circle in _loops(ahead):
        rule = f"no row of {name}.csv reaches itself through {column!r}"
        found = " -> ".join([*circle[:8], *(["..."] if len(circle) > 8 else []), circle[0]])
        fix = f"take one of them out of {column!r}"
        yield fault("E114", where=place[circle[0]], found=found, rule=rule, fix=fix)


def _loops(ahead: dict[str, tuple[str, ...]]) -> Iterator[list[str]]:
    """The circles that a walk in depth meets, each once by where it closes; without recursion."""
    done: set[str] = set()
    for start in ahead:
        # The walk's way from `start` to here: each row with what it has still to be followed to.
        way: dict[str, Iterator[str]] = {}
        following: str | None = start
        while following is not None or way:
            if following is not None and following in way:
                names = list(way)
                yield names[names.index(following) :]
            elif following is not None and following in ahead and following not in done:
                way[following] = iter(ahead[following])
            if not way:
                break
            following = next(way[next(reversed(way))], None)
            if following is None:
                done.add(way.popitem()[0])


def _dangling(where: str, row: Row, references: dict[str, tuple[str, ...]], targets: _Targets) -> Iterator[Fault]:
    for column, tables in references.items():
        value = getattr(row, f"{column}_" if column == "from" else column)
        for name in value if isinstance(value, tuple) else (value,):
            # A capacity group marks a place among its members as `place:ID`.
            if name is not None and not targets.has(name.removeprefix("place:"), tables):
                rule = f"{column!r} names a row of {' or '.join(f'{table}.csv' for table in tables)}"
                found = f"{column} = {name!r}"
                yield fault("E107", where=where, found=found, rule=rule, fix=targets.hint(name, tables))


def _disordered(where: str, row: Row) -> Iterator[Fault]:
    for middle, low, high in _ranges(type(row)):
        values = [getattr(row, name) for name in (low, middle, high) if getattr(row, name) is not None]
        if values != sorted(values):
            yield fault(
                "E110",
                where=where,
                found=f"{low}, {middle}, {high} = {', '.join(f'{value:g}' for value in values)}",
                rule=f"{low} <= {middle} <= {high}",
                fix="swap or correct the figures",
            )


def _ranges(model: type[Row]) -> Iterator[tuple[str, str, str]]:
    """The triples (middle, low, high) among the columns of a table."""
    names = set(model.model_fields)
    for middle, low, high in (("value", "low", "high"), ("mode", "low", "high")):
        if {middle, low, high} <= names:
            yield middle, low, high
    for low in (name for name in names if "_low" in name):
        middle, high = low.replace("_low", ""), low.replace("_low", "_high")
        middle = "staying_power" if middle == "staying" else middle
        if middle in names and high in names:
            yield middle, low, high


def _fact_faults(where: str, row: Fact) -> Iterator[Fault]:
    quantity = vocabulary().get(row.quantity)
    if quantity is None:
        near = suggest(row.quantity, vocabulary())
        rule = "quantity is one of region/vocabulary.csv"
        yield fault(
            "E107", where=where, found=f"quantity = {row.quantity!r}", rule=rule, fix=near or "see the vocabulary"
        )
        return
    if row.unit not in units() or explain(row.unit, quantity.unit):
        rule = f"{row.quantity} is measured in {quantity.unit!r} or a unit that converts to it"
        yield fault("E108", where=where, found=f"unit = {row.unit!r}", rule=rule, fix=explain(row.unit, quantity.unit))
        return
    scale = factor(row.unit, quantity.unit)
    for name in ("value", "low", "high"):
        value = getattr(row, name)
        if value is not None and (rule := quantity.breaks(value * scale)):
            fix = "correct the figure or its unit"
            yield fault("E109", where=where, found=f"{name} = {value:g} {row.unit}", rule=rule, fix=fix)
    if row.kind == "measured" and row.as_of and date.fromisoformat(row.known) < bounds(row.as_of)[0]:
        rule = "a measured figure becomes known after its period has begun"
        found = f"known {row.known}, measured over {row.as_of}"
        fix = "correct `known`, or call a plan or forecast `reported`"
        yield fault("E111", where=where, found=found, rule=rule, fix=fix)


def _settings_faults(folder: Folder, targets: _Targets) -> Iterator[Fault]:
    for role in ("clients", "patrons"):
        for actor in getattr(folder.settings, role, ()):
            if not targets.has(actor, ("actors",)):
                rule = f"{role} are actors of the region"
                fix = targets.hint(actor, ("actors",))
                yield fault("E107", where="region.toml", found=f"{role}: {actor!r}", rule=rule, fix=fix)


def _election_faults(folder: Folder, targets: _Targets) -> Iterator[Fault]:
    laws = {str(law.get("id")) for law in folder.laws}
    for election in folder.elections.values():
        where = f"elections.toml, election {election.id}"
        for column, table in (("country", "actors"), ("source", "sources"), ("governs", "parties")):
            name = getattr(election, column)
            if name is not None and not targets.has(name, (table,)):
                rule, fix = f"{column!r} names a row of {table}.csv", targets.hint(name, (table,))
                yield fault("E905", where=where, found=f"{column} = {name!r}", rule=rule, fix=fix)
        if election.law not in laws:
            rule, fix = "'law' names a [[law]] of the file", suggest(election.law, laws) or "add the law"
            yield fault("E905", where=where, found=f"law = {election.law!r}", rule=rule, fix=fix)

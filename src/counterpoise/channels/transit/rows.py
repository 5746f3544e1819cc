"""The rows of a freight network: places, links, dated statuses and shared capacities, from bare files or a region.

A blank cell is unknown, never zero. Every fault of all four files is collected before anything is raised.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counterpoise._errors import Fault, InputError, fault
from counterpoise._result import hash_file
from counterpoise.region._dates import bounds
from counterpoise.region._files import MAX_FAULTS, Line, read_rows, suggest

if TYPE_CHECKING:
    from counterpoise.region import Region

STATUSES = ("open", "restricted", "suspended", "closed", "planned", "under construction")
STATUS_FILE = "link_status.csv"
GROUP_FILE = "capacity_groups.csv"
# Far above any figure of freight, far below where sums lose their cents.
LARGEST = 1e9


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A node: hours and USD per TEU of handling, crossing (its half) and gauge change; the queue in days."""

    id: str
    country: str | None = None
    handling_hours: float | None = None
    handling_usd_teu: float | None = None
    crossing_hours_rail: float | None = None
    crossing_usd_rail: float | None = None
    crossing_hours_road: float | None = None
    crossing_usd_road: float | None = None
    gauge_change_hours: float | None = None
    gauge_change_usd: float | None = None
    queue_days_low: float | None = None
    queue_days_high: float | None = None
    queue_mode: str | None = None
    queue_date: str | None = None
    capacity_mt_year: float | None = None
    capacity_kteu_year: float | None = None
    status: str = "open"
    status_from: str | None = None
    tags: tuple[str, ...] = ()
    known: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class LinkRow:
    """An edge, usable both ways: movement only (km, hours, USD per TEU), its control, cargo and state."""

    id: str
    start: str
    end: str
    mode: str = ""
    distance_km: float | None = None
    hours_moving: float | None = None
    usd_per_teu: float | None = None
    capacity_mt_year: float | None = None
    capacity_kteu_year: float | None = None
    gauge: str | None = None
    cargo: tuple[str, ...] = ()
    control: tuple[str, ...] = ()
    control_de_facto: tuple[str, ...] = ()
    season: str | None = None
    status: str = "open"
    status_from: str | None = None
    tags: tuple[str, ...] = ()
    known: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class StatusRow:
    """A dated change of a link's state; a blank state is a note that changes none."""

    link: str
    state: str | None
    since: str
    known: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One published capacity that several links or places (`place:aktau`) share."""

    id: str
    members: tuple[str, ...]
    capacity_mt_year: float | None = None
    capacity_kteu_year: float | None = None
    source: str | None = None


@dataclass(slots=True)
class Tables:
    """The four tables of a network, with the hashes of the files they came from."""

    places: list[PlaceRow]
    links: list[LinkRow]
    statuses: list[StatusRow] = field(default_factory=list)
    groups: list[GroupRow] = field(default_factory=list)
    inputs: dict[str, str] = field(default_factory=dict)
    as_of: str | None = None


def read_tables(places: Path, links: Path) -> Tables:
    """The network of two bare files, with `link_status.csv` and `capacity_groups.csv` where they lie beside LINKS.

    PLACES needs the column `id`, LINKS the columns `from` and `to`; a LINKS file without `id` gets ids like `a--b`.
    Raises `InputError` with all faults: E201, E202 and E203 of the files, E401 to E404 of what they say together.
    """
    reader = _Reader()
    beside = {name: links.parent / name for name in (STATUS_FILE, GROUP_FILE)}
    found = Tables(
        places=reader.rows(places, ("id",), _place),
        links=reader.rows(links, ("from", "to"), _link),
        statuses=reader.rows(beside[STATUS_FILE], ("link", "state", "since"), _status, needed=False),
        groups=reader.rows(beside[GROUP_FILE], ("id", "members"), _group, needed=False),
    )
    found.links = _named(found.links)
    if not reader.faults:
        reader.faults += _check_ids(found, reader.where)
    if reader.faults:
        raise InputError(_bounded(reader.faults))
    found.inputs = {str(path): hash_file(path) for path in (places, links, *beside.values()) if path.exists()}
    return found


def read_region(region: Region) -> Tables:
    """The network of an opened region, as known on its as-of day (the region's own check has vouched for its rows)."""
    places = [_from_model(row, PlaceRow) for row in region.rows("places")]
    links = [_from_model(row, LinkRow, start="from_", end="to") for row in region.rows("links")]
    seen = {row.id for row in places}
    return Tables(
        places=places,
        # A link to a place that is not known yet is not known either.
        links=[row for row in links if row.start in seen and row.end in seen],
        statuses=[_from_model(row, StatusRow) for row in region.rows("link_status")],
        groups=[_from_model(row, GroupRow) for row in region.rows("capacity_groups")],
        inputs=region.meta().inputs,
        as_of=region.as_of.isoformat() if region.as_of else None,
    )


def _from_model(row: Any, kind: type, **renamed: str) -> Any:
    names = {name: renamed.get(name, name) for name in kind.__dataclass_fields__}  # type: ignore[attr-defined]
    values = {name: getattr(row, source) for name, source in names.items()}
    if "status_from" in values and row.known_derived == "yes":
        # The day an undated map was read says nothing about when the state it shows became known.
        values["known"] = None
    return kind(**values)


class _Cells:
    """One line being read: typed cells, with a fault for each that does not fit."""

    def __init__(self, line: Line, where: str, faults: list[Fault]) -> None:
        self.cells, self.where, self.faults = line.cells, where, faults

    def text(self, name: str) -> str | None:
        return self.cells.get(name) or None

    def needed(self, name: str) -> str:
        value = self.cells.get(name, "")
        if not value:
            self.bad(name, "a blank cell", f"{name} is given on every row", "fill the cell or remove the row")
        return value

    def number(self, name: str) -> float | None:
        text = self.cells.get(name)
        if not text:
            return None
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if 0 <= value <= LARGEST:
            return value
        rule = f"{name} is a number from 0 to {LARGEST:g}, or blank"
        self.bad(name, repr(text[:80]), rule, "correct the cell")
        return None

    def names(self, name: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(part.strip() for part in self.cells.get(name, "").split(";") if part.strip()))

    def status(self, name: str) -> str | None:
        text = self.cells.get(name)
        if not text or text in STATUSES:
            return text or None
        near = suggest(text.lower(), STATUSES) or "use one of them"
        self.bad(name, repr(text[:80]), f"a status is one of {', '.join(STATUSES)}, or blank", near)
        return None

    def period(self, name: str) -> str | None:
        text = self.cells.get(name)
        if not text:
            return None
        try:
            bounds(text)
        except ValueError as error:
            self.bad(name, str(error)[:120], "a date is a year, month, day or a span of them", "write it as 2026-02-09")
            return None
        return text

    def bad(self, name: str, found: str, rule: str, fix: str) -> None:
        self.faults.append(fault("E203", where=self.where, found=f"{name}: {found}", rule=rule, fix=fix))


class _Reader:
    """Reads tables one after another and keeps the faults of all of them."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.where: dict[type, list[str]] = {}

    def rows(
        self, path: Path, required: tuple[str, ...], parse: Callable[[_Cells], Any], *, needed: bool = True
    ) -> list[Any]:
        if not needed and not path.exists():
            return []
        try:
            lines = read_rows(path, required=required, open_ended=True)
        except InputError as error:
            self.faults += error.faults
            return []
        places = [f"{path}:{line.number}" for line in lines]
        rows = [parse(_Cells(line, where, self.faults)) for line, where in zip(lines, places, strict=True)]
        if rows:
            self.where[type(rows[0])] = places
        return rows


def _place(cells: _Cells) -> PlaceRow:
    numbers: dict[str, Any] = {name: cells.number(name) for name in PLACE_NUMBERS}
    low, high = numbers["queue_days_low"], numbers["queue_days_high"]
    if low is not None and high is not None and low > high:
        rule = "queue_days_low is not above queue_days_high"
        cells.bad("queue_days_low", f"{low:g} > {high:g}", rule, "swap or correct the two cells")
    return PlaceRow(
        id=cells.needed("id"),
        country=cells.text("country"),
        queue_mode=cells.text("queue_mode"),
        queue_date=cells.period("queue_date"),
        **_standing(cells),
        **numbers,
    )


def _link(cells: _Cells) -> LinkRow:
    start, end = cells.needed("from"), cells.needed("to")
    numbers: dict[str, Any] = {name: cells.number(name) for name in LINK_NUMBERS}
    if start and start == end:
        cells.bad("to", repr(end), "a link joins two different places", "correct one end or remove the row")
    return LinkRow(
        id=cells.needed("id") if "id" in cells.cells else "",
        start=start,
        end=end,
        mode=cells.text("mode") or "",
        gauge=cells.text("gauge"),
        cargo=cells.names("cargo"),
        control=cells.names("control"),
        control_de_facto=cells.names("control_de_facto"),
        season=cells.text("season"),
        **_standing(cells),
        **numbers,
    )


def _standing(cells: _Cells) -> dict[str, Any]:
    """What places and links have in common: state, since when, tags, and where the row comes from."""
    return {
        "status": cells.status("status") or "open",
        "status_from": cells.period("status_from"),
        "tags": cells.names("tags"),
        "known": cells.period("known"),
        "source": cells.text("source"),
    }


def _status(cells: _Cells) -> StatusRow:
    since = cells.needed("since") and cells.period("since")
    return StatusRow(
        cells.needed("link"), cells.status("state"), since or "", cells.period("known"), cells.text("source")
    )


def _group(cells: _Cells) -> GroupRow:
    return GroupRow(
        id=cells.needed("id"),
        members=cells.names("members"),
        capacity_mt_year=cells.number("capacity_mt_year"),
        capacity_kteu_year=cells.number("capacity_kteu_year"),
        source=cells.text("source"),
    )


PLACE_NUMBERS = [
    *(f"{what}_{name}" for name in ("rail", "road") for what in ("crossing_hours", "crossing_usd")),
    *("handling_hours", "handling_usd_teu", "gauge_change_hours", "gauge_change_usd"),
    *("queue_days_low", "queue_days_high", "capacity_mt_year", "capacity_kteu_year"),
]
LINK_NUMBERS = ["distance_km", "hours_moving", "usd_per_teu", "capacity_mt_year", "capacity_kteu_year"]


def _named(links: list[LinkRow]) -> list[LinkRow]:
    """Links with ids: one without gets its two ends as its name, `#2` on the second between the same places."""
    seen: Counter[str] = Counter()
    named = []
    for link in links:
        name = f"{link.start}--{link.end}"
        seen[name] += not link.id
        named.append(link if link.id else replace(link, id=name if seen[name] == 1 else f"{name}#{seen[name]}"))
    return named


def _check_ids(found: Tables, where: dict[type, list[str]]) -> list[Fault]:
    """What the files say together: each id once, each name known."""
    places, links = {row.id for row in found.places}, {row.id for row in found.links}
    faults = []
    for rows, kind in ((found.places, PlaceRow), (found.links, LinkRow), (found.groups, GroupRow)):
        faults += _repeated([row.id for row in rows], where.get(kind, []))
    for link, at in zip(found.links, where.get(LinkRow, []), strict=True):
        for end in (link.start, link.end):
            if end not in places:
                rule = "each end of a link is an id of the places file"
                fix = suggest(end, places) or "add the place or correct the link"
                faults.append(fault("E401", where=at, found=f"place {end!r}", rule=rule, fix=fix))
    for status, at in zip(found.statuses, where.get(StatusRow, []), strict=True):
        if status.link not in links:
            rule = "a dated status belongs to an id of the links file"
            fix = suggest(status.link, links) or "correct the id or remove the row"
            faults.append(fault("E404", where=at, found=f"link {status.link!r}", rule=rule, fix=fix))
    for group, at in zip(found.groups, where.get(GroupRow, []), strict=True):
        for member in group.members:
            if member.removeprefix("place:") not in (places if member.startswith("place:") else links):
                rule = "a member of a capacity group is a link id, or `place:` and a place id"
                fix = suggest(member, [*links, *(f"place:{name}" for name in places)]) or "correct the member"
                faults.append(fault("E404", where=at, found=f"member {member!r}", rule=rule, fix=fix))
    return faults


def _repeated(ids: list[str], where: list[str]) -> list[Fault]:
    first: dict[str, str] = {}
    faults = []
    for name, at in zip(ids, where, strict=True):
        if name in first:
            rule = "an id stands once in its file"
            found = f"id {name!r}, already at {first[name]}"
            faults.append(fault("E402", where=at, found=found, rule=rule, fix="rename or remove one of them"))
        first.setdefault(name, at)
    return faults


def _bounded(faults: list[Fault]) -> list[Fault]:
    """The first faults and, past the limit, a line that says how many more there are."""
    if len(faults) <= MAX_FAULTS:
        return faults
    more = fault(
        "E203",
        where="the files together",
        found=f"{len(faults) - MAX_FAULTS:,} more faults",
        rule=f"the first {MAX_FAULTS} faults are listed",
        fix="mend those and run again",
    )
    return [*faults[:MAX_FAULTS], more]

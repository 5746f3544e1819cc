"""Lists of designated persons as published: followthemoney lines, OpenSanctions and plain CSV, OFAC's SDN files."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from counterpoise._errors import Fault, InputError, fault
from counterpoise.oversight.screening._particulars import Birth, parse_birth, parse_country, parse_kind, parse_programme

MAX_LINE = 4 << 20
MAX_FAULTS = 100
FORMATS = {
    "followthemoney": "followthemoney, JSON lines",
    "opensanctions": "OpenSanctions simple CSV",
    "sdn-xml": "OFAC SDN, XML",
    "sdn-csv": "OFAC SDN, CSV",
    "csv": "plain CSV",
}


@dataclass(frozen=True, slots=True)
class ListedName:
    """A name of an entry: its main name, an alias, or an alias that the list itself calls weak."""

    text: str
    kind: str = "name"


@dataclass
class Entry:
    """One designated person, organisation or vessel, with what the list says of it."""

    id: str
    names: list[ListedName]
    kind: str = ""
    births: tuple[Birth, ...] = ()
    countries: frozenset[str] = frozenset()
    programmes: tuple[str, ...] = ()


@dataclass
class SanctionList:
    """A list as read: its entries, its format, the files it came from, and what could not be understood."""

    format: str
    entries: list[Entry]
    files: tuple[Path, ...]
    unread_dates: int = 0
    no_name: int = 0

    def programmes(self) -> list[str]:
        return sorted({programme for entry in self.entries for programme in entry.programmes})


@dataclass
class Draft:
    """An entry as texts, before dates, countries and programmes are understood."""

    id: str
    names: list[ListedName] = field(default_factory=list)
    kind: str = ""
    births: list[str] = field(default_factory=list)
    countries: list[str] = field(default_factory=list)
    programmes: list[str] = field(default_factory=list)


def read_list(path: Path) -> SanctionList:
    """A sanction list of any of the five formats, told by its content.

    OFAC's `SDN.CSV` is joined with `ALT.CSV` (aliases) and `ADD.CSV` (countries) where they lie beside it. Raises
    `InputError`: `E201` unreadable, `E203` a broken row, `E820` no known format, `E821` XML that is broken or unsafe,
    `E822` a line that is no JSON entity, `E824` no name in the whole list.
    """
    from counterpoise.oversight.screening import _ftm as ftm
    from counterpoise.oversight.screening import _ofac as ofac

    start = _start(path)
    paths: tuple[Path, ...] = (path,)
    if start.startswith("<"):
        kind, drafts = "sdn-xml", ofac.read_xml(path)
    elif start.startswith("{"):
        kind, drafts = "followthemoney", ftm.read_lines(path)
    elif ofac.is_sdn_csv(start):
        beside = ofac.files_beside(path)
        paths = (path, *beside.values())
        kind, drafts = "sdn-csv", ofac.read_csv(path, beside)
    else:
        kind, drafts = _read_plain(path, start)
    entries, unread, nameless = _understand(drafts)
    if not entries:
        found = f"no entry with a name ({nameless} without)"
        rule = "a list holds at least one entry with a name"
        raise InputError([fault("E824", where=str(path), found=found, rule=rule, fix="check that the file is whole")])
    return SanctionList(kind, entries, paths, unread, nameless)


def _understand(drafts: Iterable[Draft]) -> tuple[list[Entry], int, int]:
    entries, unread, nameless = [], 0, 0
    for draft in drafts:
        names = [name for name in draft.names if name.text.strip()]
        if not names:
            nameless += 1
            continue
        births = [parse_birth(text) for text in dict.fromkeys(draft.births) if text.strip()]
        unread += births.count(None)
        entries.append(
            Entry(
                draft.id,
                list({name.text: name for name in reversed(names)}.values())[::-1],
                parse_kind(draft.kind),
                tuple(birth for birth in births if birth),
                frozenset(parse_country(text) for text in draft.countries if text.strip()),
                tuple(dict.fromkeys(parse_programme(text) for text in draft.programmes if text.strip())),
            )
        )
    return entries, unread, nameless


def _start(path: Path) -> str:
    """The first characters of the file, blanks cut; refuses what is no readable text."""
    try:
        if not path.is_file():
            found = "no such file" if not path.exists() else "not a regular file"
            raise InputError([unreadable(path, found)])
        with path.open("rb") as stream:
            head = stream.read(1 << 16)
    except OSError as error:
        raise InputError([unreadable(path, f"cannot be read: {error.strerror}")]) from None
    if b"\x00" in head:
        raise InputError([unreadable(path, "a NUL byte: a binary file or UTF-16")])
    return head.decode("utf-8-sig", errors="ignore").lstrip()


def unreadable(path: Path, found: str) -> Fault:
    rule = "a list is a readable UTF-8 text file"
    return fault("E201", where=str(path), found=found, rule=rule, fix="check the path, or save the file as UTF-8")


def text_lines(path: Path) -> Iterator[str]:
    """The lines of a UTF-8 file, none longer than 4 MB, so that a file of any size is read in little memory."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            while line := stream.readline(MAX_LINE):
                if len(line) == MAX_LINE and not line.endswith("\n"):
                    raise InputError([unreadable(path, f"a line of more than {MAX_LINE:,} characters")])
                yield line
    except UnicodeDecodeError as error:
        raise InputError([unreadable(path, f"byte {error.start} of a block is not UTF-8")]) from None
    except OSError as error:
        raise InputError([unreadable(path, f"cannot be read: {error.strerror}")]) from None


def csv_rows(path: Path, widths: Iterable[int] | None = None) -> Iterator[tuple[int, list[str]]]:
    """The rows of a CSV file with their line numbers; `E203` for each row of another width, all at once."""
    allowed = set(widths or ())
    faults: list[Fault] = []
    reader = csv.reader(text_lines(path), strict=True)
    try:
        for cells in reader:
            # OFAC's files end with a control character on a line of its own.
            if not cells or (len(cells) == 1 and not cells[0].strip(" \x1a")):
                continue
            allowed = allowed or {len(cells)}
            if len(cells) not in allowed:
                rule = f"each row has {' or '.join(map(str, sorted(allowed)))} cells"
                where, found = f"{path}:{reader.line_num}", f"{len(cells)} cells"
                faults.append(fault("E203", where=where, found=found, rule=rule, fix="quote cells that hold commas"))
                if len(faults) >= MAX_FAULTS:
                    break
            else:
                yield reader.line_num, [cell.strip() for cell in cells]
    except csv.Error as error:
        rule = "a table is comma-separated text with quotes closed"
        where = f"{path}:{reader.line_num}"
        faults.append(fault("E203", where=where, found=str(error), rule=rule, fix="mend the quotes of that line"))
    if faults:
        raise InputError(faults)


def split_cell(cell: str) -> list[str]:
    """The values of a cell that separates them by semicolons, quoted where a value holds one.

    >>> split_cell('Ivan Petrov;"Petrov; Ivan"')
    ['Ivan Petrov', 'Petrov; Ivan']
    """
    if ";" not in cell and '"' not in cell:
        return [cell.strip()] if cell.strip() else []
    try:
        rows = list(csv.reader(io.StringIO(cell), delimiter=";"))
    except csv.Error:
        rows = [cell.split(";")]
    return [value.strip() for row in rows for value in row if value.strip()]


# Columns of plain tables, of lists and of names asked alike, and what they mean.
COLUMNS = {
    "aliases": "aliases", "alias": "aliases",
    "birth_date": "births", "birth_dates": "births", "date_of_birth": "births", "dob": "births",
    "countries": "countries", "country": "countries", "nationality": "countries", "citizenship": "countries",
    "programme": "programmes", "programmes": "programmes", "program": "programmes", "programs": "programmes",
    "program_ids": "programmes", "schema": "kind", "type": "kind", "kind": "kind",
}  # fmt: skip


def _read_plain(path: Path, start: str) -> tuple[str, Iterator[Draft]]:
    header = next(csv.reader(io.StringIO(start.split("\n", 1)[0])), [])
    columns = [name.strip().casefold() for name in header]
    if "name" not in columns:
        found = f"a file that begins {start[:60]!r}"
        rule = "a list is followthemoney JSON lines, SDN.XML, SDN.CSV, or a CSV with a column `name`"
        fix = "give the file as published, or name the column of names `name`"
        raise InputError([fault("E820", where=str(path), found=found, rule=rule, fix=fix)])
    published = {"id", "schema", "aliases", "sanctions", "dataset"} <= set(columns)
    return "opensanctions" if published else "csv", _plain_drafts(path, columns)


def _plain_drafts(path: Path, columns: list[str]) -> Iterator[Draft]:
    rows = csv_rows(path)
    next(rows, None)
    for number, cells in rows:
        row = dict(zip(columns, cells, strict=True))
        draft = Draft(row.get("id") or f"line {number}", [ListedName(row["name"])])
        values: dict[str, Any] = {column: row[column] for column in COLUMNS if row.get(column)}
        for column, text in values.items():
            target = COLUMNS[column]
            if target == "kind":
                draft.kind = text
            elif target == "aliases":
                draft.names += [ListedName(alias, "alias") for alias in split_cell(text)]
            else:
                getattr(draft, target).extend(split_cell(text))
        if not row.get("program_ids"):
            # Older exports name the programme only at the head of the free text.
            draft.programmes += [text.split(" - ")[0] for text in split_cell(row.get("sanctions", ""))]
        yield draft


def decode_json(line: str) -> Any:
    """A line as JSON data, or `None` where it is none, or nested too deep to be an entity."""
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None

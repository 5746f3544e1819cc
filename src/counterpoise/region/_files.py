"""Reading files from strangers: bounded, UTF-8 only, nothing evaluated, every fault of a file at once."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from counterpoise._errors import Fault, InputError, fault

MAX_BYTES = 64 << 20
MAX_CELL = 20_000
MAX_FAULTS = 200
# Rows are kept as dictionaries, which take far more room than their text: this bounds what a file of commas can cost.
MAX_ROWS = 250_000


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a CSV file: its line number (the header is line 1) and its cells, stripped."""

    number: int
    cells: dict[str, str]


def read_text(path: Path, *, max_bytes: int = MAX_BYTES) -> str:
    """The whole file as text; refuses what is missing, no regular file, too large, or not UTF-8 (`E201`)."""
    problem, fix = "", ""
    try:
        if not path.is_file():
            problem, fix = "no such file" if not path.exists() else "not a regular file", "check the path"
        elif (size := path.stat().st_size) > max_bytes:
            problem = f"{size:,} bytes, over the limit of {max_bytes:,}"
            fix = "split the file or leave out what is not needed"
        else:
            text = path.read_bytes().decode("utf-8-sig")
            if "\x00" not in text:
                return text
            problem, fix = "a NUL byte", "save the file as plain UTF-8 text"
    except UnicodeDecodeError as error:
        problem, fix = f"byte {error.start} is not UTF-8", "save the file as UTF-8"
    except OSError as error:
        problem, fix = f"cannot be read: {error.strerror}", "check the path and its permissions"
    rule = "an input is a readable UTF-8 text file within the size limit"
    raise InputError([fault("E201", where=str(path), found=problem, rule=rule, fix=fix)])


def read_rows(
    path: Path,
    *,
    required: Collection[str],
    optional: Collection[str] = (),
    max_bytes: int = MAX_BYTES,
    open_ended: bool = False,
) -> list[Line]:
    """The rows of a CSV file, each with its line number.

    `required` columns must stand in the header, `optional` ones may; any other is a fault, unless `open_ended`, which
    keeps them. Raises `InputError` (`E201` unreadable, `E202` header, `E203` a row with the wrong number of cells).
    """
    text = read_text(path, max_bytes=max_bytes)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    faults: list[Fault] = []
    lines: list[Line] = []
    header: list[str] = []
    try:
        header = [name.strip() for name in next(reader, [])]
        faults += _header_faults(path, header, required, optional, open_ended)
        start = reader.line_num + 1
        for cells in reader:
            number, start = start, reader.line_num + 1
            if not cells or (len(cells) == 1 and not cells[0].strip()):
                continue
            if len(cells) != len(header):
                faults.append(_width_fault(path, number, len(cells), len(header)))
            elif any(len(cell) > MAX_CELL for cell in cells):
                faults.append(_long_fault(path, number))
            else:
                lines.append(Line(number, {name: cell.strip() for name, cell in zip(header, cells, strict=True)}))
            if len(lines) > MAX_ROWS:
                rule = f"a table has at most {MAX_ROWS:,} rows"
                found = "more rows than that"
                faults.append(fault("E201", where=f"{path}:{number}", found=found, rule=rule, fix="split the file"))
                break
            if len(faults) >= MAX_FAULTS:
                break
    except csv.Error as error:
        rule = "a table is comma-separated text with quotes closed"
        where = f"{path}:{reader.line_num}"
        faults.append(fault("E203", where=where, found=str(error), rule=rule, fix="mend the quotes of that line"))
    if faults:
        raise InputError(faults)
    return lines


def read_toml(path: Path, *, max_bytes: int = 1 << 20) -> dict[str, Any]:
    """A TOML file as plain data; `E203` where it does not parse."""
    import tomllib

    try:
        return tomllib.loads(read_text(path, max_bytes=max_bytes))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        rule = "the file is valid TOML 1.0"
        problem = fault("E203", where=str(path), found=str(error), rule=rule, fix="mend the line that is named")
        raise InputError([problem]) from None


def suggest(word: str, known: Iterable[str]) -> str:
    """` (did you mean X?)`, or nothing when no known word is near."""
    import difflib

    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"did you mean {near[0]!r}?" if near else ""


def _header_faults(
    path: Path, header: list[str], required: Collection[str], optional: Collection[str], open_ended: bool
) -> list[Fault]:
    known = list(dict.fromkeys([*required, *optional]))
    where = f"{path}:1"
    faults = []
    for name in (name for name in required if name not in header):
        near = suggest(name, [other for other in header if other not in known])
        rule = f"the header has the columns {', '.join(required)}"
        fix = f"rename a column: {near}" if near else f"add the column {name!r}"
        faults.append(fault("E202", where=where, found=f"no column {name!r}", rule=rule, fix=fix))
    for name in dict.fromkeys(name for name in header if header.count(name) > 1):
        rule = "each column stands once"
        faults.append(fault("E202", where=where, found=f"column {name!r} twice", rule=rule, fix="remove one of them"))
    for name in [] if open_ended else [name for name in header if name not in known]:
        rule = f"the columns are {', '.join(known)}"
        fix = suggest(name, known) or "remove the column"
        faults.append(fault("E202", where=where, found=f"unknown column {name!r}", rule=rule, fix=fix))
    return faults


def _width_fault(path: Path, number: int, found: int, expected: int) -> Fault:
    rule = f"each row has the {expected} cells of the header"
    fix = "quote cells that hold commas; leave unknown cells blank"
    return fault("E203", where=f"{path}:{number}", found=f"{found} cells", rule=rule, fix=fix)


def _long_fault(path: Path, number: int) -> Fault:
    rule = f"a cell has at most {MAX_CELL:,} characters"
    return fault("E203", where=f"{path}:{number}", found="a cell that is too long", rule=rule, fix="shorten the cell")

"""One column of a CSV or XLSX table as exact decimal numbers, read as a stream whatever its size."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from counterpoise._errors import Fault, InputError, fault
from counterpoise.oversight.ledger.cells import is_workbook, lines_of, open_rows, refuse_other_spreadsheets
from counterpoise.region._files import suggest

MAX_FAULTS = 200
# Exponents beyond this are typing errors, and would make a number with billions of digits.
MAX_EXPONENT = 400


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the column: its line in the file and its number, or `None` where the cell is blank."""

    line: int
    number: Decimal | None


def read_numbers(path: Path, column: str) -> Iterator[Cell]:
    """Each cell of a column, in the order of the file, with exact digits.

    Numbers are plain (`1234.50`, `-3`, `1.2e6`). Raises `InputError` after the last row with every fault found, at most
    200: `E201` unreadable, `E202` no such column, `E203` a row of another width or a cell that is no number, `E811` and
    `E840` spreadsheets that are not read.
    """
    _check(path)
    if is_workbook(path):
        yield from _workbook_numbers(path, column)
        return
    faults: list[Fault] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.reader(lines_of(stream, path), strict=True)
            header = [name.strip() for name in next(reader, [])]
            place = _place(path, header, column)
            for cells in reader:
                if not cells or (len(cells) == 1 and not cells[0].strip()):
                    continue
                if len(cells) != len(header):
                    faults.append(_width(path, reader.line_num, len(cells), len(header)))
                else:
                    number = _number(cells[place])
                    if isinstance(number, str):
                        faults.append(_no_number(path, reader.line_num, column, number))
                    else:
                        yield Cell(reader.line_num, number)
                if len(faults) >= MAX_FAULTS:
                    break
    except csv.Error as error:
        where = f"{path}:{reader.line_num}"
        rule = "a table is comma-separated text with quotes closed"
        faults.append(fault("E203", where=where, found=str(error), rule=rule, fix="mend the quotes of that line"))
    except UnicodeDecodeError as error:
        raise InputError([_unreadable(path, f"byte {error.start} is not UTF-8", "save the file as UTF-8")]) from None
    except OSError as error:
        raise InputError([_unreadable(path, f"cannot be read: {error.strerror}", "check the path")]) from None
    if faults:
        raise InputError(faults)


def _check(path: Path) -> None:
    if not path.is_file():
        found = "no such file" if not path.exists() else "not a regular file"
        raise InputError([_unreadable(path, found, "check the path")])
    refuse_other_spreadsheets(path)


def _workbook_numbers(path: Path, column: str) -> Iterator[Cell]:
    """The column of a workbook's first sheet, as stored; a day or a truth is no number."""
    faults: list[Fault] = []
    with open_rows(path) as rows:
        header = ["" if cell is None else str(cell).strip() for cell in next(rows, (0, []))[1]]
        place = _place(path, header, column)
        for line, cells in rows:
            value = cells[place] if place < len(cells) else None
            plain = isinstance(value, (int, float)) and not isinstance(value, bool)
            # The shortest text of a stored number is the one that was typed.
            number = _number("" if value is None else repr(value) if plain else str(value))
            if isinstance(number, str):
                faults.append(_no_number(path, line, column, number))
                if len(faults) >= MAX_FAULTS:
                    break
            else:
                yield Cell(line, number)
    if faults:
        raise InputError(faults)


def _place(path: Path, header: list[str], column: str) -> int:
    count = header.count(column)
    if count == 1:
        return header.index(column)
    where = f"{path}:1"
    if count:
        found = f"column {column!r} {count} times"
        raise InputError([fault("E202", where=where, found=found, rule="each column stands once", fix="rename one")])
    near = suggest(column, header)
    named = ", ".join(header[:20]) or "none"
    fix = near or f"name one of its columns: {named}"
    problem = fault("E202", where=where, found=f"no column {column!r}", rule="the header names the column", fix=fix)
    raise InputError([problem])


def _number(text: str) -> Decimal | str | None:
    """The number in a cell, `None` for a blank one, or the text itself where it is no number."""
    text = text.strip()
    if not text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    if "_" in text or not number.is_finite() or abs(number.adjusted()) > MAX_EXPONENT:
        return text
    return number


def _no_number(path: Path, line: int, column: str, text: str) -> Fault:
    rule = f"a cell of {column!r} is blank or a plain number such as 1234.50"
    fix = "write numbers without thousands separators, signs of currency or words; leave unknown cells blank"
    return fault("E203", where=f"{path}:{line}", found=repr(text[:60]), rule=rule, fix=fix)


def _width(path: Path, line: int, found: int, expected: int) -> Fault:
    rule = f"each row has the {expected} cells of the header"
    return fault("E203", where=f"{path}:{line}", found=f"{found} cells", rule=rule, fix="quote cells that hold commas")


def _unreadable(path: Path, found: str, fix: str) -> Fault:
    return fault("E201", where=str(path), found=found, rule="an input is a readable UTF-8 text file", fix=fix)

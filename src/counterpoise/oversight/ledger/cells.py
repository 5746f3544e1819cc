"""Rows of a CSV or XLSX table as they are stored: streamed, nothing evaluated, nothing expanded beyond a bound."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from counterpoise._errors import InputError, fault

# A line longer than this is no row of a ledger; without the bound one line of 2 GB would fill the memory.
MAX_LINE = 1 << 20
WORKBOOKS = frozenset({".xlsx", ".xlsm"})
OTHER_SPREADSHEETS = frozenset({".xls", ".xlsb", ".ods"})
# Sheets are streamed; the texts that cells share are held, in several times their size.
MOST_SHARED = 48 << 20
MOST_UNPACKED = 4 << 30
MOST_RATIO = 400
MOST_PARTS = 10_000
MOST_COLUMNS = 2_000
Row = tuple[int, list[Any]]


def is_workbook(path: Path) -> bool:
    """Whether a file is a workbook that is read here, by its ending."""
    return path.suffix.lower() in WORKBOOKS


def refuse_other_spreadsheets(path: Path) -> None:
    """Refuse the formats of spreadsheets that no reader is installed for (`E811`)."""
    if path.suffix.lower() in OTHER_SPREADSHEETS:
        rule = "a table is CSV or XLSX; older and other spreadsheets are not read"
        fix = "in the spreadsheet programme save the sheet as XLSX or CSV (UTF-8)"
        raise InputError([fault("E811", where=str(path), found="a spreadsheet", rule=rule, fix=fix)])


@contextmanager
def open_rows(path: Path, sheet: str | None = None) -> Iterator[Iterator[Row]]:
    """The rows of a table with their line numbers, the header first; rows without any value are passed over.

    Cells of CSV are texts. Cells of XLSX are as stored: texts, numbers, days, truths; a formula gives the value that
    the programme saved with it, `None` where it saved none. Raises `E201`, `E203`, `E811`, `E840`.
    """
    refuse_other_spreadsheets(path)
    if is_workbook(path):
        with _workbook(path, sheet) as rows:
            yield rows
        return
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            yield _csv_rows(stream, path)
    except UnicodeDecodeError as error:
        raise _unreadable(path, f"byte {error.start} is not UTF-8", "save the file as UTF-8") from None
    except OSError as error:
        raise _unreadable(path, f"cannot be read: {error.strerror}", "check the path") from None


def _unreadable(path: Path, found: str, fix: str) -> InputError:
    return InputError([fault("E201", where=str(path), found=found, rule="an input is a readable text file", fix=fix)])


def lines_of(stream: TextIO, path: Path) -> Iterator[str]:
    """The lines of a text, none longer than `MAX_LINE` (`E201`)."""
    while line := stream.readline(MAX_LINE):
        if len(line) == MAX_LINE and not line.endswith("\n"):
            raise _unreadable(path, f"a line of more than {MAX_LINE:,} characters", "check that the file is a table")
        yield line


def _csv_rows(stream: TextIO, path: Path) -> Iterator[Row]:
    head = stream.readline(MAX_LINE)
    stream.seek(0)
    marks = {mark: head.count(mark) for mark in (",", ";", "\t")}
    mark = max(marks, key=lambda one: marks[one])
    reader = csv.reader(lines_of(stream, path), strict=True, delimiter=mark)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, cells
    except csv.Error as error:
        rule, fix = "a table is text with quotes closed", "mend the quotes of that line"
        problem = fault("E203", where=f"{path}:{reader.line_num}", found=str(error), rule=rule, fix=fix)
        raise InputError([problem]) from None


def _bad_workbook(path: Path, found: str, fix: str = "save the workbook anew, or as CSV") -> InputError:
    rule = "a workbook is a sound XLSX file that unpacks to a size in proportion and declares no entities"
    return InputError([fault("E840", where=str(path), found=found, rule=rule, fix=fix)])


def check_workbook(path: Path) -> None:
    """Refuse an archive that would unpack to far more than it is, before anything is unpacked (`E840`)."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise _bad_workbook(path, f"no workbook: {error}") from None
    if len(parts) > MOST_PARTS:
        raise _bad_workbook(path, f"{len(parts)} parts")
    total = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts) or 1
    if total > MOST_UNPACKED or (total > (64 << 20) and total / packed > MOST_RATIO):
        raise _bad_workbook(path, f"{total >> 20} MB packed into {packed >> 20} MB")
    for part in parts:
        held = not part.filename.startswith("xl/worksheets/") and part.filename.endswith((".xml", ".rels"))
        if held and part.file_size > MOST_SHARED:
            raise _bad_workbook(path, f"{part.filename} of {part.file_size >> 20} MB", "save the sheet as CSV")


@contextmanager
def _workbook(path: Path, sheet: str | None) -> Iterator[Iterator[Row]]:
    check_workbook(path)
    from defusedxml import DefusedXmlException
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
        try:
            names = book.sheetnames
            if sheet is not None and sheet not in names:
                rule, fix = "the sheet is one of the workbook's", f"its sheets: {', '.join(names[:20])}"
                raise InputError([fault("E202", where=str(path), found=f"no sheet {sheet!r}", rule=rule, fix=fix)])
            chosen = book[sheet or names[0]]
            if not hasattr(chosen, "iter_rows"):
                raise _bad_workbook(path, f"{sheet or names[0]} holds a chart, no cells", "name a sheet with cells")
            # What the file says of its size is not believed: rows are read until they end.
            chosen.reset_dimensions()
            yield _sheet_rows(chosen, path)
        finally:
            book.close()
    except InputError:
        raise
    except DefusedXmlException as error:
        raise _bad_workbook(path, f"refused: {type(error).__name__}", "remove the DOCTYPE with its entities") from None
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, TypeError, SyntaxError, OSError) as error:
        raise _bad_workbook(path, f"broken: {type(error).__name__} {str(error)[:120]}") from None


def _sheet_rows(sheet: Any, path: Path) -> Iterator[Row]:
    for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
        if len(cells) > MOST_COLUMNS:
            raise _bad_workbook(path, f"row {number} has {len(cells)} columns", "save the columns you need as CSV")
        if any(cell is not None and cell != "" for cell in cells):
            yield number, list(cells)

"""Publishers' tables in bounded memory: the header found wherever it stands, columns under our names, faults kept.

A table is CSV (comma, semicolon or tab; UTF-8 or Windows-1252) or an Excel sheet. Rows come in blocks; a file may be
larger than memory. Nothing is repaired: a cell that breaks its rule is a fault with its line, a name that is no state
is counted.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from counterpoise._errors import Fault, InputError, fault

# Rows of a block; lines before the header that a publisher writes at most.
BLOCK, PREAMBLE = 200_000, 60
# Sheets that publishers keep their figures in, where it is not the first.
SHEETS = ("Table 1",)
# How a publisher writes that a figure is not known.
UNKNOWN = ["", "NA", "NaN", "nan", "N/A", "n/a", "..", ".", "-", "NULL"]
# A file with more wrong cells than this in one column has its first ones named and the rest counted.
NAMED = 5
Names = dict[str, tuple[str, ...]]


@dataclass
class Log:
    """What reading found: faults, which stop a build, and what was left out, which is told."""

    faults: list[Fault] = field(default_factory=list)
    left_out: dict[str, Counter[str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    _wrong: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def wrong(self, path: Path, lines: Any, values: Any, column: str, rule: str) -> None:
        """Cells that break a rule: the first few by line, the others counted."""
        for line, value in zip(lines, values, strict=True):
            self._wrong[str(path), column, rule] += 1
            if self._wrong[str(path), column, rule] <= NAMED:
                self.faults.append(
                    fault(
                        "E971",
                        where=f"{path}:{int(line)}",
                        found=f"{column} {str(value)[:60]!r}",
                        rule=rule,
                        fix="download the file again; correct or delete the row if the publisher has it so",
                    )
                )

    def skip(self, source: str, names: Any) -> None:
        """Names that are no state of the panel (regions, armed groups, territories), by how many rows."""
        self.left_out.setdefault(source, Counter()).update(str(name) for name in names)

    def settle(self) -> None:
        """Raise every fault at once, with the number of those not named."""
        for (path, column, rule), count in sorted(self._wrong.items()):
            if count > NAMED:
                self.faults.append(
                    fault("E971", where=path, found=f"{column}: {count - NAMED} more such cells", rule=rule,
                          fix="see the lines named above")
                )  # fmt: skip
        if self.faults:
            raise InputError(self.faults)


@dataclass(frozen=True)
class Table:
    """A table whose header was found: `places` maps our columns to positions, `years` years to their first column."""

    path: Path
    line: int
    separator: str
    encoding: str
    header: tuple[str, ...]
    places: dict[str, int]
    sheet: str | None = None

    @property
    def years(self) -> dict[int, int]:
        """Columns named after a year, the first of each: wide tables repeat them by sex."""
        out: dict[int, int] = {}
        for place, name in enumerate(self.header):
            text = name.removesuffix(".0")
            if len(text) == 4 and text.isdigit():
                out.setdefault(int(text), place)
        return out


def open_table(path: Path, names: Names, *, optional: tuple[str, ...] = ()) -> Table:
    """The table of a file whose header holds every column of `names` but the optional ones.

    Raises `InputError` E970 that names each missing column.
    """
    best: tuple[int, Table | None] = (-1, None)
    for sheet, separator, encoding, lines in _tops(path):
        for number, cells in lines:
            header = tuple(cell.strip().lstrip("\ufeff") for cell in cells)
            lower = {" ".join(name.lower().split()): place for place, name in reversed(list(enumerate(header)))}
            places = {}
            for ours, theirs in names.items():
                place = next((lower[name] for name in theirs if name in lower), None)
                if place is not None:
                    places[ours] = place
            if len(places) > best[0]:
                best = len(places), Table(path, number, separator, encoding, header, places, sheet)
    table = best[1]
    missing = [ours for ours in names if ours not in optional and (table is None or ours not in table.places)]
    if table is None or missing:
        raise InputError([cannot(str(path), "lacks " + ", ".join(" or ".join(names[name]) for name in missing))])
    return table


def blocks(table: Table, log: Log, *, numbers: tuple[str, ...], extra: dict[str, int] | None = None) -> Iterator[Any]:
    """The rows in blocks under our names, `line` the line of each in its file; `numbers` are converted and checked."""
    import pandas as pd

    wanted = {**table.places, **(extra or {})}
    order = sorted(wanted, key=lambda name: wanted[name])
    for frame in _raw_blocks(table, order, wanted, log):
        for name in numbers:
            if name in frame:
                value = pd.to_numeric(frame[name], errors="coerce")
                bad = frame[name].notna() & value.isna()
                if bad.any():
                    log.wrong(table.path, frame.line[bad], frame[name][bad], name, f"{name} is a number or empty")
                frame[name] = value.astype(float)
        yield frame


def cannot(where: str, found: str) -> Fault:
    """E970: a file is missing or is not what its name says."""
    return fault(
        "E970",
        where=where,
        found=found,
        rule="a panel is built from the publishers' files, columns as published",
        fix="see `counterpoise history doctor FOLDER`",
    )


def _raw_blocks(table: Table, order: list[str], wanted: dict[str, int], log: Log) -> Iterator[Any]:
    import pandas as pd

    places = [wanted[name] for name in order]
    if table.sheet is not None:
        yield from _sheet_blocks(table, order, places)
        return
    reader: Any = pd.read_csv(
        table.path,
        sep=table.separator,
        skiprows=table.line - 1,
        usecols=sorted(set(places)),
        dtype=str,
        chunksize=BLOCK,
        encoding=table.encoding,
        encoding_errors="replace",
        keep_default_na=False,
        na_values=UNKNOWN,
        skipinitialspace=True,
        index_col=False,
        skip_blank_lines=False,
    )
    line = table.line + 1
    with reader:
        try:
            for raw in reader:
                position = {place: number for number, place in enumerate(sorted(set(places)))}
                frame = pd.DataFrame({name: raw.iloc[:, position[wanted[name]]].to_numpy() for name in order})
                frame["line"] = range(line, line + len(frame))
                line += len(frame)
                yield frame
        except pd.errors.ParserError as error:
            log.faults.append(cannot(str(table.path), str(error).strip()[:200]))


def _sheet_blocks(table: Table, order: list[str], places: list[int]) -> Iterator[Any]:
    import pandas as pd

    held: list[list[Any]] = []
    for number, cells in _sheet_rows(table.path, table.sheet or None):
        if number <= table.line:
            continue
        cell = [cells[place] if place < len(cells) else None for place in places]
        held.append([*(None if text is None or text.strip() in UNKNOWN else text for text in cell), number])
        if len(held) == BLOCK:
            yield pd.DataFrame(held, columns=[*order, "line"])
            held = []
    if held:
        yield pd.DataFrame(held, columns=[*order, "line"])


def _tops(path: Path) -> Iterator[tuple[str | None, str, str, list[tuple[int, list[str]]]]]:
    """The first lines of a file, split as its sheet or each separator would split them."""
    if path.suffix.lower() in {".xlsx", ".xlsm"}:
        for sheet in (*SHEETS, ""):
            rows = []
            try:
                for number, cells in _sheet_rows(path, sheet or None):
                    if number > PREAMBLE:
                        break
                    rows.append((number, [text or "" for text in cells]))
            except InputError as error:
                if error.code != "E202":
                    raise
            yield sheet, "", "", rows
        return
    encoding = _encoding(path)
    lines = []
    with path.open(encoding=encoding, errors="replace", newline="") as stream:
        for number in range(1, PREAMBLE + 1):
            # A line without an end is cut: no header is this long.
            text = stream.readline(1_000_000)
            if not text:
                break
            lines.append((number, text.rstrip("\r\n")))
    for separator in (",", "\t", ";"):
        yield None, separator, encoding, [(number, _cells(text, separator)) for number, text in lines]


def _cells(text: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([text], delimiter=separator), [])
    except csv.Error:
        return []


def _encoding(path: Path) -> str:
    """UTF-8 where the file's first part is, else Windows-1252, which older exports use."""
    import codecs

    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as stream:
        for _ in range(64):
            block = stream.read(1 << 20)
            if not block:
                break
            try:
                decoder.decode(block)
            except UnicodeDecodeError:
                return "cp1252"
    return "utf-8-sig"


def _sheet_rows(path: Path, sheet: str | None) -> Iterator[tuple[int, list[str | None]]]:
    """The cells of a sheet as texts, by the reader of ledgers: it refuses bombs and entities (`E840`)."""
    from counterpoise.oversight.ledger.cells import open_rows

    with open_rows(path, sheet) as rows:
        for number, cells in rows:
            yield number, [None if cell is None else str(cell) for cell in cells]

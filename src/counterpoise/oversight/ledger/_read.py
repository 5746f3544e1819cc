"""A ledger as arrays: amounts, days, payees and references, with what could not be read counted and named."""

from __future__ import annotations

import datetime as dt
import re
from array import array
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from counterpoise._errors import InputError, fault
from counterpoise.oversight.ledger._settings import LedgerSettings, find_columns
from counterpoise.oversight.ledger.cells import open_rows

# Arrays of this many rows, and the texts of their payees and references, fit into 500 MB.
MOST_ROWS = 1_500_000
MOST_TEXTS = 120 << 20
UNKNOWN = -1
Ints = NDArray[np.int64]


@dataclass
class Ledger:
    """A ledger in columns of equal length; `-1` is unknown, except for amounts, which every record has.

    `cents` are hundredths. `payee`, `prefix` and `unit` are codes into their names; `number` is the digits at the end
    of a reference, `prefix` what stands before them, `reference` a code of the whole.
    """

    line: Ints
    amount: NDArray[np.float64]
    day: Ints
    payee: Ints
    unit: Ints
    reference: Ints
    prefix: Ints
    number: Ints
    payees: list[str]
    prefixes: list[str]
    roles: tuple[str, ...]
    left_out: dict[str, int] = field(default_factory=dict)
    first_left_out: list[str] = field(default_factory=list)

    @property
    def cents(self) -> Ints:
        return np.asarray(np.rint(self.amount * 100), dtype=np.int64)

    def __len__(self) -> int:
        return len(self.line)


_PLAIN = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]*)?").fullmatch
_NUMBERED = re.compile(r"(.*?)([0-9]{1,15})", re.DOTALL).fullmatch
# As many spellings of names, and days, as one file may hold often.
_SEEN = 1 << 16


class _Names:
    """Texts as codes, in the order in which they were met; the case and blanks of a name do not count."""

    def __init__(self) -> None:
        self.codes: dict[str, int] = {}
        self.seen: dict[str, int] = {}
        self.size = 0

    def code(self, text: str) -> int:
        known = self.seen.get(text)
        if known is not None:
            return known
        folded = " ".join(text.casefold().split())
        if not folded:
            return UNKNOWN
        if folded not in self.codes:
            self.size += len(folded)
            self.codes[folded] = len(self.codes)
        if len(self.seen) < _SEEN:
            self.seen[text] = self.codes[folded]
        return self.codes[folded]


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value.strip()
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def amount_of(value: Any, decimal: str = ".") -> float | None:
    """The number in a cell, thousands separated or not; `None` where it is none.

    >>> amount_of("1,234.50"), amount_of("1.234,50", ","), amount_of("n/a"), amount_of("(5)")
    (1234.5, 1234.5, None, None)
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value) if abs(value) < 1e15 else None
    if isinstance(value, str) and decimal == "." and _PLAIN(value):
        return float(value)
    text = re.sub(r"[\s\u00a0']", "", _text(value))
    text = text.replace(".", "").replace(",", ".") if decimal == "," else text.replace(",", "")
    return float(text) if re.fullmatch(r"[+-]?(\d{1,15}(\.\d*)?|\.\d+)", text) else None


def day_number(value: Any, form: str | None = None) -> int | None:
    """The day in a cell as an ordinal, `None` where it is no date."""
    if isinstance(value, dt.datetime):
        return value.date().toordinal()
    if isinstance(value, dt.date):
        return value.toordinal()
    return _day(_text(value), form)


@lru_cache(maxsize=_SEEN)
def _day(text: str, form: str | None) -> int | None:
    try:
        if form is not None:
            return dt.datetime.strptime(text, form).toordinal()
        return dt.date.fromisoformat(text[:10]).toordinal()
    except ValueError:
        return None


def read_ledger(path: Path, settings: LedgerSettings) -> Ledger:
    """The records of a ledger that have an amount; blank days and names stay unknown.

    Raises `InputError`: `E201`, `E202`, `E203`, `E811`, `E840` unreadable, `E842` no column of amounts or no record,
    `E843` more records than are held.
    """
    columns = {name: array("q") for name in ("line", "day", "payee", "unit", "reference", "prefix", "number")}
    amounts = array("d")
    payees, units, references, prefixes = _Names(), _Names(), _Names(), _Names()
    left_out: Counter[str] = Counter()
    first: list[str] = []
    with open_rows(path, settings.top.get("sheet")) as rows:
        header = [_text(cell) for cell in next(rows, (0, []))[1]]
        places = find_columns(header, settings.columns, f"{path}:1")
        for line, cells in rows:
            picked = {role: cells[place] if place < len(cells) else None for role, place in places.items()}
            amount = amount_of(picked["amount"], settings.top.get("decimal", "."))
            if amount is None:
                why = "amount is blank" if not _text(picked["amount"]) else "amount is no number"
                left_out[why] += 1
                first += [f"line {line}: {why}"] if len(first) < 20 else []
                continue
            day = day_number(picked.get("date"), settings.top.get("date_format"))
            if day is None and _text(picked.get("date")):
                left_out["date is not read: the record is kept without it"] += 1
                first += [f"line {line}: date {_text(picked.get('date'))[:30]!r}"] if len(first) < 20 else []
            reference = _text(picked.get("reference"))
            stem, number = _split(reference)
            amounts.append(amount)
            values = {
                "line": line,
                "day": UNKNOWN if day is None else day,
                "payee": payees.code(_text(picked.get("payee"))),
                "unit": units.code(_text(picked.get("unit"))),
                "reference": references.code(reference),
                "prefix": prefixes.code(stem or "(none)") if number is not None else UNKNOWN,
                "number": UNKNOWN if number is None else number,
            }
            for name, value in values.items():
                columns[name].append(value)
            if len(amounts) > MOST_ROWS or payees.size + references.size + units.size > MOST_TEXTS:
                raise _too_many(path)
    if not amounts:
        rule, fix = "a ledger has records with an amount", "check the column of amounts and how its numbers are written"
        raise InputError([fault("E842", where=str(path), found="no record with an amount", rule=rule, fix=fix)])
    arrays = {name: np.frombuffer(values, dtype=np.int64) for name, values in columns.items()}
    return Ledger(
        **arrays,
        amount=np.frombuffer(amounts, dtype=np.float64),
        payees=list(payees.codes),
        prefixes=list(prefixes.codes),
        roles=tuple(places),
        left_out=dict(left_out),
        first_left_out=first,
    )


def _split(reference: str) -> tuple[str, int | None]:
    """What stands before the digits at the end of a reference, and those digits.

    >>> _split("INV-2020/0042"), _split("A7b")
    (('INV-2020/', 42), ('A7b', None))
    """
    found = _NUMBERED(reference)
    return (found.group(1), int(found.group(2))) if found else (reference, None)


def _too_many(path: Path) -> InputError:
    rule = f"a ledger of up to {MOST_ROWS:,} records is held at once"
    fix = "split the ledger by year or unit"
    return InputError([fault("E843", where=str(path), found="more records than that", rule=rule, fix=fix)])

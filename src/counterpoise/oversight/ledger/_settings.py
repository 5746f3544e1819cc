"""What an audit of a ledger may be told: which column is what, how it is written, and the bounds of each test."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from counterpoise._errors import Fault, InputError, fault
from counterpoise.region._files import read_text, suggest

ROLES = ("amount", "date", "payee", "reference", "unit")
# Names under which ledgers keep these columns, tried when no settings name them; lower case, words joined by blanks.
USUAL = {
    "amount": ("amount", "value", "sum", "total", "payment", "amount usd", "amount paid", "net amount", "betrag"),
    "date": ("date", "payment date", "transaction date", "posting date", "paid on", "day", "invoice date"),
    "payee": ("payee", "vendor", "supplier", "vendor name", "supplier name", "recipient", "beneficiary", "vendor id"),
    "reference": (
        "reference",
        "invoice",
        "invoice number",
        "invoice no",
        "voucher",
        "number",
        "document number",
        "ref",
    ),
    "unit": ("unit", "department", "buyer", "agency", "cost centre", "cost center", "office", "entity"),
}
TOP: dict[str, type | tuple[type, ...]] = {
    "sheet": str,
    "decimal": str,
    "date_format": str,
    "members": int,
    "seed": int,
}
# Test -> key -> what holds without it. `None` has to be set for the test to run.
TESTS: dict[str, dict[str, Any]] = {
    "L01": {},
    "L02": {"days": 7},
    "L03": {},
    "L04": {"threshold": None, "days": 30},
    "L05": {"threshold": None, "margin": 0.1, "minimum_records": 20},
    "L06": {"weekend": ["saturday", "sunday"], "minimum_records": 20, "holidays": []},
    "L07": {"minimum_records": 20},
    "L08": {"minimum_records": 5, "share": 0.8},
    "L09": {"unit": 1000.0, "minimum_records": 20},
    "L10": {"last_month": 12, "minimum_records": 20},
    "L11": {"minimum_records": 300},
}
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class LedgerSettings:
    """Columns by role, how numbers and dates are written, and the bounds of each test."""

    columns: dict[str, str] = field(default_factory=dict)
    top: dict[str, Any] = field(default_factory=dict)
    tests: dict[str, dict[str, Any]] = field(default_factory=dict)

    def get(self, code: str, key: str) -> Any:
        return self.tests.get(code, {}).get(key, TESTS[code][key])


def read_ledger_settings(path: Path) -> LedgerSettings:
    """Settings from TOML: `[columns]`, keys for the whole file, and a section per test; `E841` with every fault."""
    try:
        tree = tomllib.loads(read_text(path, max_bytes=1 << 20))
    except tomllib.TOMLDecodeError as error:
        raise InputError([_bad(str(path), str(error), "mend the line")]) from None
    faults: list[Fault] = []
    columns: Any = tree.pop("columns", {})
    top: dict[str, Any] = {}
    tests: dict[str, dict[str, Any]] = {}
    if not isinstance(columns, dict):
        faults.append(_bad(f"{path}: columns", repr(columns)[:60], "write [columns] and a line per role"))
        columns = {}
    for role, name in columns.items():
        if role not in ROLES or not isinstance(name, str):
            faults.append(_bad(f"{path}: [columns] {role}", repr(name)[:60], _near(role, ROLES)))
    for key, value in tree.items():
        if key in TOP and isinstance(value, TOP[key]) and not isinstance(value, bool):
            top[key] = value
        elif key in TESTS and isinstance(value, dict):
            tests[key] = value
            faults += _test_faults(key, value, str(path))
        else:
            faults.append(_bad(f"{path}: {key}", repr(value)[:60], _near(key, ["columns", *TOP, *TESTS])))
    if top.get("decimal", ".") not in {".", ","}:
        faults.append(_bad(f"{path}: decimal", repr(top["decimal"]), 'write "." or ","'))
    members = top.get("members", 0)
    if not isinstance(members, int) or not 0 <= members <= 10_000:
        faults.append(_bad(f"{path}: members", repr(members), "give 0 to 10000"))
    if faults:
        raise InputError(faults)
    return LedgerSettings(columns, top, tests)


def _test_faults(code: str, given: dict[str, Any], where: str) -> list[Fault]:
    faults = []
    for key, value in given.items():
        usual = TESTS[code].get(key, "")
        number = isinstance(value, (int, float)) and not isinstance(value, bool) and value > 0
        if key not in TESTS[code]:
            faults.append(_bad(f"{where}: [{code}] {key}", "unknown key", _near(key, TESTS[code])))
        elif isinstance(usual, list):
            known = key == "holidays" or (isinstance(value, list) and all(one in WEEK for one in value))
            if not isinstance(value, list) or not known:
                faults.append(_bad(f"{where}: [{code}] {key}", repr(value)[:60], "give a list of names of days"))
        elif not number:
            faults.append(_bad(f"{where}: [{code}] {key}", repr(value)[:60], "give a number above zero"))
    return faults


def _near(name: str, known: Any) -> str:
    return suggest(name, known) or f"known: {', '.join(known)}"


def _bad(where: str, found: str, fix: str) -> Fault:
    rule = "the settings of a ledger hold [columns], keys of the whole file and a section per test"
    return fault("E841", where=where, found=found, rule=rule, fix=fix)


def find_columns(header: list[str], told: dict[str, str], where: str) -> dict[str, int]:
    """Role -> place in the header, as told, else by the usual names; no amount is an error (`E842`)."""
    faults, places = [], {}
    for role, name in told.items():
        if header.count(name) == 1:
            places[role] = header.index(name)
        else:
            found = f"column {name!r} {header.count(name)} times"
            fix = suggest(name, header) or f"its columns: {', '.join(header[:20])}"
            faults.append(fault("E202", where=where, found=found, rule="the header names the column once", fix=fix))
    if faults:
        raise InputError(faults)
    plain = [" ".join(name.casefold().replace("_", " ").replace(".", " ").split()) for name in header]
    for role, names in USUAL.items():
        place = next((plain.index(name) for name in names if plain.count(name) == 1), None)
        if role not in places and place is not None and place not in places.values():
            places[role] = place
    if "amount" not in places:
        rule = "a ledger has a column of amounts, told in the settings or called by a usual name"
        fix = f"name it in a settings file, [columns] amount = ...; the columns: {', '.join(header[:20])}"
        raise InputError([fault("E842", where=where, found="no column of amounts", rule=rule, fix=fix)])
    return places

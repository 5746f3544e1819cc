"""The settings of an audit: Cardinal's keys, read from TOML or from Cardinal's own INI."""

from __future__ import annotations

import difflib
import math
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from counterpoise._errors import Fault, InputError, fault
from counterpoise.oversight.ocds.flags.catalogue import FLAGS, SETTINGS

# Read by Cardinal's `prepare` command, not by its indicators: accepted, and named in a warning as not applied.
PREPARE = ("defaults", "redactions", "corrections", "modifications", "codelists")
TOP = {
    "currency": "text",
    "no_price_comparison_procurement_methods": "list",
    "price_comparison_procurement_methods": "list",
}
EXCLUSIONS = {"procurement_method_details": "list"}


@dataclass(frozen=True, slots=True)
class Settings:
    """What an audit may be told: the currency, what to leave out, and the keys of each flag.

    `flags` maps a code to its keys; a code is present if its section stands in the file, even when empty.
    """

    currency: str | None = None
    no_price_comparison: frozenset[str] = frozenset()
    price_comparison: frozenset[str] = frozenset()
    excluded_details: frozenset[str] = frozenset()
    flags: dict[str, dict[str, Any]] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    def get(self, code: str, key: str, default: Any = None) -> Any:
        """A key of a flag, or what holds without it."""
        return self.flags.get(code, {}).get(key, default)


def read_settings(path: Path) -> Settings:
    """The settings in a TOML file (`.toml`) or in Cardinal's INI (any other name).

    Raises `InputError` with every fault: `E201` unreadable, `E800` a key or a value that no flag takes.
    """
    from counterpoise.region._files import read_text

    text = read_text(path, max_bytes=1 << 20)
    if path.suffix.lower() == ".toml":
        try:
            tree: dict[str, Any] = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise InputError([_bad(str(path), str(error), "the file is TOML", "mend the line")]) from error
    else:
        tree = _parse_ini(path, text)
    return settings_from(tree, where=str(path))


def _parse_ini(path: Path, text: str) -> dict[str, Any]:
    """INI as Cardinal reads it: sections, `name = value`, comments on their own lines; case is kept."""
    tree: dict[str, Any] = {}
    section = tree
    faults: list[Fault] = []
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if not line or line[0] in ";#":
            continue
        if line.startswith("[") and line.endswith("]"):
            section = tree
            for name in line[1:-1].strip().split(".", 1):
                section = section.setdefault(name, {})
        elif "=" in line:
            name, _, value = line.partition("=")
            section[name.strip()] = _without_comment(value.strip())
        else:
            rule = "a line is a [section], a `name = value` or a comment"
            faults.append(_bad(f"{path}:{number}", repr(line[:80]), rule, "mend the line"))
    if faults:
        raise InputError(faults)
    return tree


def _without_comment(value: str) -> str:
    # `15 # default` is how Cardinal's own pages write it; a mark inside a name ("Lot #1") is no comment.
    return re.sub(r"\s[;#](\s.*)?$", "", value).strip().strip("\"'")


def settings_from(tree: dict[str, Any], *, where: str = "settings") -> Settings:
    """Settings from a tree of sections, each key checked; raises `InputError` (`E800`) with every fault."""
    faults: list[Fault] = []
    top: dict[str, Any] = {}
    excluded: dict[str, Any] = {}
    flags: dict[str, dict[str, Any]] = {}
    warnings = []
    for name, value in tree.items():
        if name in TOP:
            top[name] = _value(TOP[name], value, f"{where}: {name}", faults)
        elif name == "exclusions" and isinstance(value, dict):
            excluded = _section(value, EXCLUSIONS, f"{where}: [exclusions]", faults)
        elif name in FLAGS and isinstance(value, dict):
            flags[name] = _section(value, SETTINGS.get(name, {}), f"{where}: [{name}]", faults)
        elif name in PREPARE:
            if value:
                warnings.append(f"[{name}] belongs to Cardinal's `prepare` step and is not applied: give prepared data")
        else:
            known = [*TOP, "exclusions", *PREPARE, *FLAGS]
            faults.append(_unknown(f"{where}: {name}", name, known))
    if faults:
        raise InputError(faults)
    if top.get("no_price_comparison_procurement_methods") and top.get("price_comparison_procurement_methods"):
        warnings.append(
            "no_price_comparison_procurement_methods has no effect beside price_comparison_procurement_methods"
        )
    return Settings(
        currency=top.get("currency"),
        no_price_comparison=top.get("no_price_comparison_procurement_methods", frozenset()),
        price_comparison=top.get("price_comparison_procurement_methods", frozenset()),
        excluded_details=excluded.get("procurement_method_details", frozenset()),
        flags=flags,
        warnings=tuple(warnings),
    )


def _section(given: dict[str, Any], known: dict[str, str], where: str, faults: list[Fault]) -> dict[str, Any]:
    kept = {}
    for key, value in given.items():
        if key not in known:
            faults.append(_unknown(f"{where} {key}", key, list(known)))
        else:
            kept[key] = _value(known[key], value, f"{where} {key}", faults)
    return kept


def _natural(value: Any) -> int:
    if isinstance(value, bool) or (number := int(str(value))) < 0:
        raise ValueError
    return number


def _decimal(value: Any) -> float:
    if isinstance(value, bool) or not math.isfinite(number := float(value)):
        raise ValueError
    return number


def _percentage(value: Any) -> int:
    if (number := _natural(value)) > 100:
        raise ValueError
    return number


def _list(value: Any) -> frozenset[str]:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return frozenset(value)
    if not isinstance(value, str):
        raise TypeError
    parts = value.split("|")
    return frozenset(parts[:-1] if parts[-1] == "" else parts)


def _map(value: Any) -> dict[str, int]:
    return {str(key): _natural(item) for key, item in dict(value).items()}


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


# Kind -> (what it is called, how it is read).
KINDS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "natural": ("a natural number", _natural),
    "decimal": ("a decimal number", _decimal),
    "percentage": ("a whole number from 0 to 100", _percentage),
    "list": ("texts separated by |, or a TOML array of texts", _list),
    "map": ("a section of `name = natural number`", _map),
    "text": ("a text", _text),
}


def _value(kind: str, value: Any, where: str, faults: list[Fault]) -> Any:
    called, read = KINDS[kind]
    try:
        return read(value)
    except (TypeError, ValueError):
        faults.append(_bad(where, repr(value)[:80], f"the key takes {called}", "correct the value"))
        return None


def _unknown(where: str, name: str, known: list[str]) -> Fault:
    near = difflib.get_close_matches(name, known, 1)
    fix = f"did you mean {near[0]}?" if near else ("known keys: " + ", ".join(known) if known else "it takes no keys")
    return _bad(where, f"unknown key {name!r}", "a settings file holds Cardinal's keys only", fix)


def _bad(where: str, found: str, rule: str, fix: str) -> Fault:
    return fault("E800", where=where, found=found, rule=rule, fix=fix)

"""Rules of a monitor: what an indicator counts, over which window, and when it is called unusual."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args

from counterpoise._errors import Fault, InputError, fault
from counterpoise.region._columns import PloverKind
from counterpoise.region._files import read_text, suggest

KINDS = frozenset(get_args(PloverKind))
TOP: dict[str, tuple[float, float, float]] = {
    # name: what holds without it, least, most
    "window_days": (180, 1, 3650),
    "baseline_days": (1825, 30, 36500),
    "episode_days": (7, 0, 365),
    "least_episodes": (3, 1, 1000),
    "chance": (0.01, 1e-6, 0.5),
}
KEYS = frozenset({"title", "table", "kinds", "words", "without", "side", "other", "level", "clients"})
TABLES = frozenset({"events", "projects", "elections"})
SIDES = frozenset({"actor", "target", "any"})


@dataclass(frozen=True, slots=True)
class Indicator:
    """What is counted: events of some kinds and words on a side of a client, or stages of projects, or elections."""

    id: str
    title: str
    table: str = "events"
    kinds: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    side: str = "any"
    other: str = ""
    level: bool = True
    clients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rules:
    """The indicators, and when a count is unusual; days, episodes, and the chance of a false alarm per look."""

    indicators: tuple[Indicator, ...]
    window_days: int = 180
    baseline_days: int = 1825
    episode_days: int = 7
    least_episodes: int = 3
    chance: float = 0.01


@lru_cache(maxsize=1)
def usual_rules() -> Rules:
    """The rules that this version ships."""
    return read_rules(Path(__file__).parent / "rules.toml")


def read_rules(path: Path) -> Rules:
    """Rules from TOML; raises `InputError` (`E201`, `E860`) with every fault."""
    try:
        tree = tomllib.loads(read_text(path, max_bytes=1 << 20))
    except tomllib.TOMLDecodeError as error:
        raise InputError([_bad(str(path), str(error), "mend the line")]) from None
    faults: list[Fault] = []
    given = tree.pop("indicator", {})
    top: dict[str, Any] = {}
    for key, value in tree.items():
        if key not in TOP:
            faults.append(_bad(f"{path}: {key}", "unknown key", suggest(key, [*TOP, "indicator"]) or "drop it"))
        elif isinstance(value, bool) or not isinstance(value, (int, float)) or not TOP[key][1] <= value <= TOP[key][2]:
            low, high = TOP[key][1:]
            faults.append(_bad(f"{path}: {key}", repr(value)[:60], f"give a number from {low:g} to {high:g}"))
        else:
            top[key] = value if key == "chance" else int(value)
    if not isinstance(given, dict) or not given:
        faults.append(_bad(str(path), "no indicator", "write [indicator.NAME] with a title for each"))
        given = {}
    indicators = [_indicator(name, body, f"{path}: [indicator.{name}]", faults) for name, body in given.items()]
    if faults:
        raise InputError(faults)
    return Rules(tuple(one for one in indicators if one), **top)


def _indicator(name: str, body: Any, where: str, faults: list[Fault]) -> Indicator | None:
    before = len(faults)
    if not isinstance(body, dict) or not isinstance(body.get("title"), str):
        faults.append(_bad(where, "no title", 'write title = "..." under the section'))
        return None
    for key, value in body.items():
        lists = key in {"kinds", "words", "without", "clients"}
        if key not in KEYS:
            faults.append(_bad(f"{where} {key}", "unknown key", suggest(key, KEYS) or "drop it"))
        elif lists and not (isinstance(value, list) and all(isinstance(one, str) and one for one in value)):
            faults.append(_bad(f"{where} {key}", repr(value)[:60], "give a list of texts"))
        elif key == "level" and not isinstance(value, bool):
            faults.append(_bad(f"{where} {key}", repr(value)[:60], "give true or false"))
        elif key in {"table", "side", "other"} and not isinstance(value, str):
            faults.append(_bad(f"{where} {key}", repr(value)[:60], "give a text"))
    if len(faults) > before:
        return None
    for one in body.get("kinds", ()):
        if one not in KINDS:
            faults.append(
                _bad(f"{where} kinds", repr(one), suggest(one, KINDS) or f"kinds: {', '.join(sorted(KINDS))}")
            )
    for key, known in (("table", TABLES), ("side", SIDES)):
        if body.get(key, next(iter(known))) not in known:
            faults.append(_bad(f"{where} {key}", repr(body[key]), f"one of {', '.join(sorted(known))}"))
    if len(faults) > before:
        return None
    return Indicator(
        name,
        body["title"],
        body.get("table", "events"),
        frozenset(body.get("kinds", ())),
        tuple(one.casefold() for one in body.get("words", ())),
        tuple(one.casefold() for one in body.get("without", ())),
        body.get("side", "any"),
        body.get("other", ""),
        body.get("level", True),
        tuple(body.get("clients", ())),
    )


def _bad(where: str, found: str, fix: str) -> Fault:
    rule = "the rules of a monitor are TOML: keys of the whole, and a section [indicator.NAME] with a title for each"
    return fault("E860", where=where, found=found, rule=rule, fix=fix)

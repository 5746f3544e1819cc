"""An electoral law as data: seats, thresholds, formulas, bonuses, tiers; read from TOML with every fault at once."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from counterpoise._errors import Fault, InputError, fault
from counterpoise.play.elections.methods import METHODS, SAME, TIES
from counterpoise.region._files import read_toml, suggest
from counterpoise.region._load import LAW_FILE, locate

MAX_SEATS = 2_000
MAX_TIERS = 20
# Kinds of list -> the key of the threshold each is held to.
KINDS = {
    "party": "threshold_party",
    "alliance": "threshold_alliance",
    "alliance_2": "threshold_alliance_2",
    "alliance_3": "threshold_alliance_3",
    "independent": "threshold_independent",
    "minority": "threshold_minority",
}
# What other files call the same kinds.
KIND_WORDS = {
    "": "party",
    "list": "party",
    "movement": "party",
    "bloc": "alliance",
    "block": "alliance",
    "coalition": "alliance",
    "electoral bloc": "alliance",
    "alliance of two": "alliance_2",
    "alliance of three": "alliance_3",
    "alliance of three or more": "alliance_3",
    "candidate": "independent",
}
NOT_LISTS = ("turnout", "invalid", "other", "others", "against all", "none")
THRESHOLDS = ("threshold", *KINDS.values())
# Key -> other spellings that mean it.
SPELLINGS = {
    "seats": ("chamber", "size", "chamber_size"),
    "allocation": ("formula", "method"),
    "threshold_alliance": ("threshold_bloc", "threshold_coalition"),
    "minimum_lists": ("min_lists", "minimum_parties"),
    "majority_bonus": ("stable_majority",),
    "opposition_minimum": ("minority_minimum",),
}
NUMBERS = {
    **dict.fromkeys(THRESHOLDS, (0.0, 60.0)),
    "threshold_alliance_3_low": (0.0, 60.0),
    "minimum_lists": (0.0, 100.0),
    "majority_bonus": (50.0, 90.0),
    "majority_bonus_high": (50.0, 90.0),
    "opposition_minimum": (0.0, 0.5),
    "minority_seats": (0.0, 200.0),
    "second_round_days": (0.0, 366.0),
    "coalition_days": (0.0, 366.0),
}
WHOLE = ("minimum_lists", "minority_seats", "second_round_days", "coalition_days")
FORMULAS = ("allocation", "minority_allocation", "extra_allocation")
TEXTS = ("id", "country", "title", "source", "note", "from", "to", "known", "ties")
OTHERS = ("seats", "elections", "known_derived", "credibility", "inferred", "origin", "tier", "mixed")
KEYS = (*TEXTS, *OTHERS, *FORMULAS, *NUMBERS)
MIXED = ("parallel", "compensatory")


@dataclass(frozen=True, slots=True)
class Tier:
    """A part of the seats: shared by a formula over all votes, or won in constituencies and given as counts."""

    name: str
    seats: int
    kind: str = "proportional"
    allocation: str = "dhondt"
    thresholds: dict[str, float] = field(default_factory=dict)
    won: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Law:
    """How votes become seats. Thresholds and the bonus are in per cent, `opposition_minimum` is a share of all seats.

    `tiers` come in order; a plain law has one. `inferred` names the keys whose rule was read off results.
    """

    id: str
    tiers: tuple[Tier, ...]
    minimum_lists: int = 0
    majority_bonus: float | None = None
    opposition_minimum: float | None = None
    minority_seats: int = 0
    minority_allocation: str = "dhondt"
    extra_allocation: str = "floor_then_votes"
    mixed: str = "parallel"
    ties: str = "votes"
    second_round_days: int | None = None
    inferred: tuple[str, ...] = ()
    elections: tuple[str, ...] = ()
    country: str | None = None
    source: str | None = None
    known: str | None = None

    @property
    def seats(self) -> int:
        return sum(tier.seats for tier in self.tiers)

    def threshold(self, kind: str, tier: Tier) -> tuple[float, str]:
        """The threshold in per cent for a kind of list, and what is said of it; 0 where the law has none."""
        own = tier.thresholds
        key = KINDS[kind]
        if key in own:
            return own[key], key
        if kind.startswith("alliance"):
            if "threshold_alliance" in own:
                return own["threshold_alliance"], "threshold_alliance"
            if "threshold_alliance_2" in own:
                # A law that counts members says nothing of an alliance whose members nobody counted.
                return own["threshold_alliance_2"], "threshold_alliance_2, members not given"
        if kind != "minority" and "threshold" in own:
            return own["threshold"], "threshold"
        if kind.startswith("alliance") and "threshold_party" in own:
            return own["threshold_party"], "threshold_party"
        return 0.0, "none"


def find_law(where: str | Path, *, region: str = "south-caucasus") -> Law:
    """The law of a TOML file (`FILE`, or `FILE#ID` where it holds several), or one of a region by its id.

    Ids are compared without case, `-` and `_` being the same: `arm-2021` is `ARM_2021`. Raises `InputError`: `E201`,
    `E203` the file cannot be read, `E902` a fault of the law, `E903` no such law.
    """
    text = str(where)
    path, _, name = text.partition("#")
    if Path(path).is_file() or path.endswith(".toml"):
        return _from_file(Path(path), name)
    laws = read_toml(locate(region) / LAW_FILE).get("law", [])
    found = _by_id(laws, text)
    if found is None:
        known = [str(law["id"]) for law in laws]
        fix = suggest(_plain(text), [_plain(name) for name in known]) or f"give a file, or one of {', '.join(known)}"
        rule = "--law is a TOML file or the id of a law of the region"
        raise InputError([fault("E903", where="--law", found=repr(text), rule=rule, fix=fix)])
    return law_of(found, f"elections.toml, law {found['id']}")


def _from_file(path: Path, name: str) -> Law:
    document = read_toml(path)
    laws = document.get("law")
    if not isinstance(laws, list):
        body = laws if isinstance(laws, dict) and not set(document) - {"law"} else document
        return law_of(body, str(path), default_id=path.stem)
    laws = [law for law in laws if isinstance(law, dict)]
    found = _by_id(laws, name) if name else laws[0] if len(laws) == 1 else None
    if found is None:
        known = ", ".join(str(law.get("id")) for law in laws)
        rule, fix = "the file holds one law, or FILE#ID names one of several", f"add # and one of {known}"
        raise InputError([fault("E903", where=str(path), found=f"{len(laws)} laws", rule=rule, fix=fix)])
    return law_of(found, str(path), default_id=path.stem)


def _plain(name: str) -> str:
    return name.lower().replace("-", "_")


def _by_id(laws: list[dict[str, Any]], name: str) -> dict[str, Any] | None:
    return next((law for law in laws if _plain(str(law.get("id"))) == _plain(name)), None)


def law_of(document: dict[str, Any], where: str, *, default_id: str = "law") -> Law:
    """A law from plain data; `InputError` (`E902`) with every fault: unknown keys, numbers out of bounds, no seats."""
    faults: list[Fault] = []
    data = _spelt(document, KEYS, where, faults)
    numbers = {key: _number(data, key, where, faults) for key in NUMBERS if key in data}
    formulas = {key: formula(data[key], key, where, faults) for key in FORMULAS if key in data}
    thresholds = {key: value for key, value in numbers.items() if key in THRESHOLDS and value is not None}
    tiers = _tiers(data, thresholds, formulas.get("allocation"), where, faults)
    ties = _choice(data, "ties", TIES, where, faults)
    mixed = _choice(data, "mixed", MIXED, where, faults)
    _not_fractions(thresholds, where, faults)
    if faults:
        raise InputError(faults)
    whole = {key: None if numbers.get(key) is None else int(numbers[key] or 0) for key in WHOLE}
    return Law(
        id=str(data.get("id", default_id)),
        tiers=tiers,
        minimum_lists=whole["minimum_lists"] or 0,
        majority_bonus=numbers.get("majority_bonus"),
        opposition_minimum=numbers.get("opposition_minimum"),
        minority_seats=whole["minority_seats"] or 0,
        minority_allocation=formulas.get("minority_allocation") or "dhondt",
        extra_allocation=formulas.get("extra_allocation") or "floor_then_votes",
        mixed=mixed or "parallel",
        ties=ties or "votes",
        second_round_days=whole["second_round_days"],
        inferred=_inferred(data.get("origin")),
        elections=tuple(_day(item) for item in data.get("elections", ())),
        country=data.get("country"),
        source=data.get("source"),
        known=_day(data["known"]) if "known" in data else None,
    )


def formula(word: Any, key: str, where: str, faults: list[Fault]) -> str | None:
    """The name in `METHODS` that a word of a law means."""
    plain = re.sub(r"[^a-z]+", "_", str(word).lower().replace("ë", "e").replace("ü", "u").replace("'", "")).strip("_")
    plain = plain.replace("d_hondt", "dhondt").removesuffix("_method")
    plain = SAME.get(plain, plain)
    if plain in METHODS:
        return plain
    known = sorted({*METHODS, *SAME})
    fix = suggest(plain, known) or f"one of {', '.join(known)}"
    rule = "a formula is one that docs/engines/seats.md names"
    faults.append(fault("E902", where=where, found=f"{key} = {word!r}"[:120], rule=rule, fix=fix))
    return None


def _spelt(document: dict[str, Any], keys: tuple[str, ...], where: str, faults: list[Fault]) -> dict[str, Any]:
    """The document with every key as the format spells it; a [threshold] table becomes flat keys."""
    other = {spelling: key for key, spellings in SPELLINGS.items() for spelling in spellings}
    data: dict[str, Any] = {}
    flat = dict(document)
    nested = flat.pop("threshold", None) if isinstance(flat.get("threshold"), dict) else None
    nested = flat.pop("thresholds", None) if isinstance(flat.get("thresholds"), dict) else nested
    for kind, value in (nested or {}).items():
        flat["threshold_" + KIND_WORDS.get(str(kind).lower(), str(kind).lower())] = value
    for key, value in flat.items():
        name = other.get(key, key)
        if name not in keys:
            fix = suggest(key, [*keys, *other]) or "take the key out"
            rule = "the keys of a law are those of docs/engines/seats.md"
            faults.append(fault("E902", where=where, found=f"unknown key {key!r}", rule=rule, fix=fix))
        elif name in data:
            rule, fix = "a key stands once", f"keep {name!r} and take the other out"
            faults.append(fault("E902", where=where, found=f"{key!r} and {name!r}", rule=rule, fix=fix))
        else:
            data[name] = value
    return data


def _number(data: dict[str, Any], key: str, where: str, faults: list[Fault]) -> float | None:
    value = data[key]
    if isinstance(value, str) and re.fullmatch(r"\d+(\.\d+)?\s*%", value):
        value = float(value.rstrip("% "))
    least, most = NUMBERS[key]
    fits = isinstance(value, (int, float)) and not isinstance(value, bool) and least <= value <= most
    if not fits or (key in WHOLE and value != int(value)):
        rule = f"{key} is a {'whole ' if key in WHOLE else ''}number from {least:g} to {most:g}"
        fix = "correct it; thresholds and the bonus are per cent, opposition_minimum is a share"
        faults.append(fault("E902", where=where, found=f"{key} = {value!r}"[:120], rule=rule, fix=fix))
        return None
    return float(value)


def _not_fractions(thresholds: dict[str, float], where: str, faults: list[Fault]) -> None:
    """Thresholds such as 0.05 are almost surely shares by mistake: a law has 5 per cent, not a twentieth of one."""
    for key, value in thresholds.items():
        if 0 < value < 0.3:
            rule, fix = "thresholds are in per cent", f"write {100 * value:g} for {value:g} of the votes"
            faults.append(fault("E902", where=where, found=f"{key} = {value:g}", rule=rule, fix=fix))


def _choice(data: dict[str, Any], key: str, words: tuple[str, ...], where: str, faults: list[Fault]) -> str | None:
    if key not in data or data[key] in words:
        return data.get(key)
    rule, fix = f"{key} is one of {', '.join(words)}", suggest(str(data[key]), words) or f"write {words[0]}"
    faults.append(fault("E902", where=where, found=f"{key} = {data[key]!r}"[:120], rule=rule, fix=fix))
    return None


def _tiers(
    data: dict[str, Any], thresholds: dict[str, float], allocation: str | None, where: str, faults: list[Fault]
) -> tuple[Tier, ...]:
    tiers = data.get("tier")
    if tiers is None:
        seats = _seats(data.get("seats"), where, faults)
        return (Tier("all", seats, allocation=allocation or "dhondt", thresholds=thresholds),)
    if not isinstance(tiers, list) or not 1 <= len(tiers) <= MAX_TIERS or not all(isinstance(t, dict) for t in tiers):
        rule, fix = f"tiers are 1 to {MAX_TIERS} tables [[tier]]", "write [[tier]] before each"
        faults.append(fault("E902", where=where, found="tier of another shape", rule=rule, fix=fix))
        return ()
    read = tuple(_tier(tier, number, thresholds, allocation, where, faults) for number, tier in enumerate(tiers, 1))
    total = sum(tier.seats for tier in read)
    if "seats" in data and data["seats"] != total:
        rule, fix = "the seats of the tiers add up to those of the chamber", "correct one of them"
        faults.append(fault("E902", where=where, found=f"{total} against {data['seats']!r}", rule=rule, fix=fix))
    return read


def _tier(
    tier: dict[str, Any], number: int, above: dict[str, float], allocation: str | None, where: str, faults: list[Fault]
) -> Tier:
    place = f"{where}, tier {number}"
    keys = ("name", "seats", "kind", "allocation", "won", *THRESHOLDS)
    data = _spelt(tier, keys, place, faults)
    kind = _choice(data, "kind", ("proportional", "constituency"), place, faults) or "proportional"
    own = {key: value for key in THRESHOLDS if key in data and (value := _number(data, key, place, faults)) is not None}
    _not_fractions(own, place, faults)
    won = data.get("won", {})
    if not isinstance(won, dict) or not all(isinstance(n, int) and n >= 0 for n in won.values()):
        rule, fix = "won gives the seats of each list in constituencies", 'write won = { "List" = 30 }'
        faults.append(fault("E902", where=place, found=f"won = {won!r}"[:120], rule=rule, fix=fix))
        won = {}
    if won and kind != "constituency":
        rule, fix = "won belongs to a tier of kind constituency", 'set kind = "constituency"'
        faults.append(fault("E902", where=place, found="won in a proportional tier", rule=rule, fix=fix))
    named = formula(data["allocation"], "allocation", place, faults) if "allocation" in data else allocation
    seats = _seats(data.get("seats"), place, faults)
    return Tier(str(data.get("name", f"tier {number}")), seats, kind, named or "dhondt", {**above, **own}, dict(won))


def _seats(value: Any, where: str, faults: list[Fault]) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MAX_SEATS:
        return value
    found = "no seats" if value is None else f"seats = {value!r}"[:120]
    rule, fix = f"seats is a whole number from 1 to {MAX_SEATS:,}", "write how many seats the chamber (or tier) has"
    faults.append(fault("E902", where=where, found=found, rule=rule, fix=fix))
    return 1


def _inferred(origin: Any) -> tuple[str, ...]:
    if not isinstance(origin, dict):
        return ()
    return tuple(key for key, item in origin.items() if isinstance(item, dict) and item.get("inferred") is True)


def _day(value: Any) -> str:
    return value.isoformat()[:10] if isinstance(value, (date, datetime)) else str(value)

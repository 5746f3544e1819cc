"""What the region knows about a claim: figures of the same thing, dated acts, and the claim it is bound to."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from counterpoise._result import hash_file
from counterpoise.evidence._claims import Claim
from counterpoise.evidence._dates import Moment
from counterpoise.evidence._events import Event
from counterpoise.evidence._gazetteer import Entry
from counterpoise.evidence._quantities import Amount
from counterpoise.evidence._region_names import names_of_region
from counterpoise.evidence._tables import table, words

BUILT_IN = {"south-caucasus": "south_caucasus"}
TOLERANCE = 0.05
TOLERANCE_ABOUT = 0.10
DAYS_APART = 10
_WORD = re.compile(r"[a-z]{3,}|[a-z]+(?=-)")
_DULL = words("dull")
STEM = 6
# Figures this near in score speak to a sentence alike: less than a word of the label, of the item or a party apart.
ALIKE = 0.25
# Units of the reader that the region writes otherwise, with the factor to the region's base.
_TO_REGION = {"m3": ("gas", 1e-6), "persons": ("count", 1.0), "weeks": ("time", 7.0), "barrels": ("oil_barrels", 1e-6)}


@dataclass(frozen=True, slots=True)
class Match:
    """What was found for one claim: ids of facts and events, agreement, both values, the claim it is bound to."""

    facts: tuple[str, ...] = ()
    agreement: str = "no data"
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Series:
    """The rows of one quantity, subject, object and item, with the stems of the item's name."""

    subject: str
    object: str
    thing: frozenset[str]
    rows: list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Known:
    """The rows of a region that reading needs, as text, visible on the as-of day."""

    path: Path
    figures: dict[str, dict[str, list[Series]]]
    events: dict[tuple[str, str], list[dict[str, str]]]
    claims: list[dict[str, str]]
    names: dict[str, frozenset[str]]
    hashes: dict[str, str]


def folder_of(region: str) -> Path:
    """The folder of a region; only a path of a stranger needs the region room's own check (`E101`)."""
    if region in BUILT_IN:
        return Path(str(resources.files("counterpoise.atlas"))) / BUILT_IN[region]
    from counterpoise.region._load import locate

    return locate(region)


@lru_cache(maxsize=8)
def known(region: str, as_of: str | None) -> Known:
    """The facts, events and claims of a region known on a day, read as bare tables for speed.

    Figures are grouped by quantity and subject, acts by (actor, target).
    """
    folder = folder_of(region)
    visible = [row for row in _rows(folder / "facts.csv") if not as_of or row.get("known", "") <= as_of]
    superseded = {row.get("supersedes", "") for row in visible} - {""}
    series: dict[tuple[str, str, str, str], list[dict[str, str]]] = {}
    for row in visible:
        if row["id"] not in superseded:
            series.setdefault((row["quantity"], row["subject"], row["object"], row["item"]), []).append(row)
    figures: dict[str, dict[str, list[Series]]] = {}
    for (quantity, subject, other, item), rows in series.items():
        one = Series(subject, other, stems(item.replace("_", " ")), rows)
        figures.setdefault(quantity, {}).setdefault(subject, []).append(one)
    events: dict[tuple[str, str], list[dict[str, str]]] = {}
    for row in _rows(folder / "events.csv"):
        if as_of and row.get("known", "") > as_of:
            continue
        for actor in row.get("actor", "").split(";"):
            for target in row.get("target", "").split(";"):
                events.setdefault((actor.strip(), target.strip()), []).append(row)
    tables = ("facts.csv", "events.csv", "claims.csv", "actors.csv")
    hashes = {name: hash_file(folder / name) for name in tables if (folder / name).is_file()}
    names = {name: stems(text) for name, text in actor_ids(region).items()}
    return Known(folder, figures, events, _rows(folder / "claims.csv"), names, hashes)


def names_in(region: str) -> dict[str, list[Entry]]:
    """The names of a region's `actors.csv` that the reader's own tables lack."""
    return names_of_region(_rows(folder_of(region) / "actors.csv"))


def actor_ids(region: str) -> dict[str, str]:
    """The ids of a region's actors with their names."""
    return {row["id"]: row.get("name", "") for row in _rows(folder_of(region) / "actors.csv")}


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = csv.reader(stream)
        head = next(rows, [])
        return [dict(zip(head, row, strict=False)) for row in rows if row]


@cache
def _units() -> dict[str, tuple[str, float]]:
    path = resources.files("counterpoise") / "region" / "units.csv"
    with path.open(encoding="utf-8") as stream:
        return {row["unit"]: (row["dimension"], float(row["factor"])) for row in csv.DictReader(stream)}


@cache
def _topics() -> dict[str, tuple[frozenset[str], str]]:
    """For each quantity of the vocabulary: the stems of its label, and the dimension of its unit."""
    path = resources.files("counterpoise") / "region" / "vocabulary.csv"
    with path.open(encoding="utf-8") as stream:
        return {
            row["quantity"]: (stems(row["label"]), _units().get(row["unit"], ("", 1.0))[0])
            for row in csv.DictReader(stream)
        }


def stems(text: str) -> frozenset[str]:
    """The content words of a text, cut to six letters.

    >>> sorted(stems("Nuclear share of electricity"))
    ['electr', 'nuclea']
    """
    return frozenset(word[:STEM].rstrip("s") for word in _WORD.findall(text.lower()) if word not in _DULL)


@cache
def _synonyms() -> dict[str, frozenset[str]]:
    return {row["word"]: stems(row["means"]) for row in table("synonyms")}


def _stems_with_synonyms(text: str) -> frozenset[str]:
    """The content words of a sentence, with what the vocabulary of the region calls the same thing."""
    means = _synonyms()
    found = set(stems(text))
    for word in _WORD.findall(text.lower()):
        found |= means.get(word, frozenset())
    return frozenset(found)


def match_claim(
    claim: Claim, text: str, actors: set[str], amounts: Sequence[Amount], moments: Sequence[Moment],
    acts: Sequence[Event], region: Known,
) -> Match:  # fmt: skip
    """The figures and acts of the region that speak to a sentence.

    A figure speaks to it when its unit fits, a party to it is named, and at least two words of its quantity (or of the
    thing it counts) are there. The newest period not after the date of the sentence is compared, within 5 per cent (10
    with `about`), or within the low and high of the figure. Where several speak to it alike, one that agrees is taken,
    else the nearest, with the others of its quantity in `facts`. Acts need the same parties, kind and month.
    """
    best: tuple[float, Amount, list[Series]] | None = None
    words = _stems_with_synonyms(text[claim.start : claim.end])
    year = max((moment.value[:4] for moment in moments if moment.value), default="")
    for amount in amounts:
        counted = words | {"people"} if amount.unit == "persons" else words
        scored = _speaking(amount, counted, actors, region)
        if scored and (best is None or scored[0] > best[0]):
            best = (scored[0], amount, scored[1])
    if best:
        return _nearest(best[1], best[2], year)
    found = [row["id"] for act in acts for row in _same_act(act, region)]
    return Match(tuple(dict.fromkeys(found)), "agrees" if found else "no data", {})


def _speaking(
    amount: Amount, words: frozenset[str], actors: set[str], region: Known
) -> tuple[float, list[Series]] | None:
    """The best score of any figures for an amount, and all the figures that speak to it alike, best first."""
    dimension = _dimension(amount.unit)[0]
    found: list[tuple[float, int, Series]] = []
    for quantity, by_subject in region.figures.items():
        label, kind = _topics().get(quantity, (frozenset(), ""))
        if kind != dimension:
            continue
        shared = len(label & words)
        for series in [one for actor in sorted(actors) for one in by_subject.get(actor, ())] if shared else []:
            things = len(series.thing & words)
            # "European Union" names a party of the figure; it does not name the European Peace Facility.
            parties = [region.names.get(one, frozenset()) for one in (series.subject, series.object) if one in actors]
            named = len((series.thing & words).difference(*parties))
            score = shared / max(1, len(label)) + shared * 0.5 + 0.6 * named
            score += 0.4 if series.object in actors else (-0.6 if series.object not in {"", "WLD"} else 0.0)
            if shared + things >= 2:
                found.append((score, named, series))
    if not found:
        return None
    found.sort(key=lambda one: -one[0])
    alike = [one for one in found if one[0] >= found[0][0] - ALIKE]
    # A sentence that names no item speaks of the whole where the region has the whole, not of one of its items.
    whole = {_kin(one) for _, _, one in alike if not one.rows[0]["item"]}
    return found[0][0], [one for _, named, one in alike if named or not one.rows[0]["item"] or _kin(one) not in whole]


def _kin(series: Series) -> tuple[str, str, str]:
    return series.rows[0]["quantity"], series.subject, series.object


def _nearest(amount: Amount, alike: list[Series], year: str) -> Match:
    """The figure that agrees, among those that speak alike; else the nearest of the first's quantity and parties."""
    found = [(_kin(series), _compare(amount, series.rows, year)) for series in alike]
    found = [(kin, match) for kin, match in found if match.facts]
    if not found:
        return Match()
    for _, match in found:
        if match.agreement == "agrees":
            return match
    rivals = [match for kin, match in found if kin == found[0][0]]
    rivals.sort(key=lambda match: abs(match.values["difference"]))
    ids = [*(match.facts[0] for match in rivals), *rivals[0].facts[1:]]
    return Match(tuple(ids)[:5], "differs", rivals[0].values)


def _dimension(unit: str) -> tuple[str, float]:
    if unit in _TO_REGION:
        return _TO_REGION[unit]
    return _units().get(unit, ("count" if unit.islower() and unit.isalpha() else unit, 1.0))


def to_region_unit(value: float, unit: str, wanted: str) -> tuple[float, str]:
    """A figure of the reader in a unit of the region; as it stands when the two do not measure the same thing.

    >>> to_region_unit(2.5e9, "m3", "bcm")
    (2.5, 'bcm')
    """
    dimension, factor = _dimension(unit)
    if wanted in _units() and _units()[wanted][0] == dimension:
        return float(f"{value * factor / _units()[wanted][1]:.10g}"), wanted
    return value, unit


def _compare(amount: Amount, rows: list[dict[str, str]], year: str) -> Match:
    def period(row: dict[str, str]) -> str:
        return row["as_of"].rpartition("/")[2] or row["known"]

    rows = sorted((row for row in rows if row["value"] and row["unit"] in _units()), key=period)
    dated = [row for row in rows if not year or period(row)[:4] <= year] or rows
    if not dated:
        return Match()
    stated = amount.value * _dimension(amount.unit)[1]
    newest = dated[-1]
    near = [row for row in dated if period(row)[:4] == period(newest)[:4]]
    agree = [row for row in near if _agrees(amount, stated, row)]
    shown = agree[0] if agree else newest
    factor = _units()[shown["unit"]][1]
    value = float(shown["value"]) * factor / _dimension(amount.unit)[1]
    values = {
        "stated": amount.value, "unit": amount.unit, "qualifier": amount.qualifier, "known": float(f"{value:.10g}"),
        "difference": float(f"{amount.value - value:.10g}"), "quantity": shown["quantity"],
        "as_of": shown["as_of"] or None,
    }  # fmt: skip
    ids = tuple(row["id"] for row in sorted(near, key=lambda row: row is not shown))[:5]
    return Match(ids, "agrees" if agree else "differs", values)


def _agrees(amount: Amount, stated: float, row: dict[str, str]) -> bool:
    factor = _units()[row["unit"]][1]
    value = float(row["value"]) * factor
    low, high = (float(row[side]) * factor if row[side] else value for side in ("low", "high"))
    slack = (TOLERANCE_ABOUT if amount.qualifier == "about" else TOLERANCE) * abs(stated)
    if amount.low is not None and amount.high is not None:
        scale = _dimension(amount.unit)[1]
        return high >= amount.low * scale - slack and low <= amount.high * scale + slack
    if amount.qualifier in {"up to", "less than"}:
        return 0.5 * stated <= high and low <= stated + slack
    if amount.qualifier in {"more than", "at least"}:
        return stated - slack <= high and low <= 2 * stated
    return low - slack <= stated <= high + slack


def _same_act(act: Event, region: Known) -> list[dict[str, str]]:
    if not act.date or len(act.date) < 7 or not act.actor or not act.target:
        return []
    low = date.fromisoformat(f"{act.date[:7]}-01" if len(act.date.split("/")[0]) < 10 else act.date[:10])
    wide = timedelta(days=31 if len(act.date) == 7 else DAYS_APART)
    found = []
    for row in region.events.get((act.actor, act.target), ()):
        if len(row["date"]) >= 10 and row["kind"] == act.kind:
            day = date.fromisoformat(row["date"][:10])
            if low - timedelta(days=DAYS_APART) <= day <= low + wide:
                found.append(row)
    return found

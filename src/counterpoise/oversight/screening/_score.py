"""The score of a pair of names, and the reasons in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from counterpoise.oversight.screening._index import EXACT, EXTRA_WORD_COST, GENDER, SOUND
from counterpoise.oversight.screening._lists import Entry, ListedName
from counterpoise.oversight.screening._names import ParsedName, Token
from counterpoise.oversight.screening._particulars import Birth, compare_births, compare_countries

RUN_TOGETHER = 0.95
WEAK_ALIAS_COST = 0.05
OTHER_KIND_COST = 0.1
# The most that a birth date and a country can add; names that are worse than the threshold less this cannot reach it.
MOST_ADDED = 0.07

Likeness = Mapping[tuple[int, int], float]
Match = tuple[float, int, int]


@dataclass(frozen=True, slots=True)
class Asked:
    """A row of the names to screen: its line, its names as written, and what is known beside them."""

    line: int
    id: str
    names: tuple[str, ...]
    kind: str
    births: tuple[Birth, ...]
    countries: frozenset[str]


def match_words(mine: tuple[int, ...], theirs: tuple[int, ...], alike: Likeness) -> tuple[float, list[Match]]:
    """The score of two names by their words, in [0, 1], and the words matched as (likeness, place, place).

    Words are matched one to one, the likest first, in any order. The score is the mean likeness over the words of the
    shorter name, less 0.06 for each word that only the longer has (a patronymic left out). One word of several is no
    match: a family name alone proves nothing.
    """
    short, long = sorted((len(mine), len(theirs)))
    if not short or (short == 1 and long > 1):
        return 0.0, []
    found: list[Match] = []
    for at, word in enumerate(mine):
        for to, other in enumerate(theirs):
            value = alike.get((word, other))
            if value:
                found.append((value, at, to))
    if len(found) > 1:
        found.sort(key=lambda match: (-match[0], match[1], match[2]))
    ours, others = set(), set()
    matches = []
    for match in found:
        if match[1] not in ours and match[2] not in others:
            ours.add(match[1])
            others.add(match[2])
            matches.append(match)
    total = sum(match[0] for match in matches)
    return max(0.0, total / short - EXTRA_WORD_COST * (long - short)), matches


def context_points(asked: Asked, entry: Entry, listed: ListedName) -> tuple[float, list[str]]:
    """What stands beside the names: points to add to the score of the names, and the reasons."""
    points, reasons = 0.0, []
    for reason, value in (
        compare_births(asked.births, entry.births),
        compare_countries(asked.countries, entry.countries),
    ):
        if reason:
            points += value
            reasons.append(reason)
    if asked.kind and entry.kind and asked.kind != entry.kind:
        points -= OTHER_KIND_COST
        reasons.append(f"asked for {asked.kind}, listed as {entry.kind}")
    if listed.kind == "weak alias":
        points -= WEAK_ALIAS_COST
    return points, reasons


def name_reasons(mine: ParsedName, theirs: ParsedName, listed: ListedName, matches: list[Match]) -> list[str]:
    """Why two names were taken for one, word by word."""
    reasons = []
    pairs = sorted(matches, key=lambda match: match[1])
    if not pairs:
        reasons.append("the letters agree once spaces are ignored")
    for value, at, to in pairs:
        ours, other = mine.tokens[at], theirs.tokens[to]
        if value < EXACT:
            reasons.append(f"{ours.text} ~ {other.text}: {_likeness_in_words(value, ours, other)}")
    if pairs and all(value >= EXACT for value, _, _ in pairs) and len(pairs) == len(mine.tokens) == len(theirs.tokens):
        reasons.insert(0, "every word agrees")
    places = [to for _, _, to in pairs]
    if places != sorted(places):
        reasons.append("the order of the words differs")
    for label, name, used in (("asked", mine, {at for _, at, _ in pairs}), ("listed", theirs, set(places))):
        alone = [token.text for place, token in enumerate(name.tokens) if place not in used]
        if pairs and alone:
            reasons.append(f"only in the name {label}: {' '.join(alone)}")
    if set(mine.scripts) != set(theirs.scripts):
        reasons.append(f"written in {'/'.join(mine.scripts)} and in {'/'.join(theirs.scripts)}")
    if listed.kind != "name":
        reasons.append(f"{listed.kind} of the entry")
    return reasons


def _likeness_in_words(value: float, ours: Token, other: Token) -> str:
    near = round(value, 2)
    if near == SOUND:
        return "another spelling of the same sounds"
    if 1 in (len(ours.text), len(other.text)):
        return "an initial"
    if near == GENDER and abs(len(ours.text) - len(other.text)) == 1 and "a" in (ours.text[-1], other.text[-1]):
        return "a final a, as between man and woman"
    if ours.bare or other.bare:
        return "the same consonants, as far as both scripts write them"
    return f"some letters differ (likeness {near})"

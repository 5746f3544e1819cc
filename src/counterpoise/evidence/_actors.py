"""Who is named in a text: each mention with its place, the state behind it and how it is named."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from counterpoise.evidence._gazetteer import Entry, Gazetteer, Mention, Term, gazetteer
from counterpoise.evidence._people import NO_FIRST_NAMES, TITLE_WORD, learn_names, nameless_bodies

_CANDIDATE = re.compile(r"(?<![^\W_])(?:[^\W\d_a-zà-öø-ÿ][^\W_]*|al(?=-)|el(?=-)|bin(?= )|von(?= der)|de(?= Klerk))")
# A town or a state that is part of a longer name of something else, read from what follows or comes before.
_FOLLOWED_BY_NAME = re.compile(r" (?:Times|Post|Herald|Tribune|Observer|Telegraph|Marathon|University|Street|Avenue)\b")
# "Armenia's Security Council" is its own; without a state before it, the council is that of the United Nations.
_OWN_COUNCIL = re.compile(r"(?:[a-z]'s|(?:ian|ish|ese|ani|akh|bek|gyz|jik|men|eli|aqi)|National) $")
_FIRST_NAME = re.compile(r"(?<![\w'.-])([A-Z][a-z]{2,})(?:-[A-Z][a-z]+)? $")
_COMMON_PARTIES = frozenset(
    [
        *("Republican Party", "Democratic Party", "Communist Party", "Socialist Party", "Labour Party", "Labor Party"),
        *("Liberal Democratic Party", "Liberal Democrats", "Conservative Party", "Liberal Party", "Green Party"),
        *("Democrats", "Republicans"),
    ]
)
# "Xi'an" is a town: the name does not end before a syllable.
_SYLLABLE = re.compile(r"'(?!s\b|ll\b|ve\b|re\b)[a-z]{2}")
_MONEY = re.compile(r"\$|\.\$| \$")


def find_mentions(text: str, more: dict[str, list[Entry]] | None = None) -> list[Mention]:
    """Every mention of an actor in a plain text, in order, none overlapping.

    Names stand in `tables/states.csv`, `gazetteer.csv` and `holders.csv`; the longest name wins, and a phrase of
    `not_actors.csv` shields the name inside it. An office holder whom no table knows is read from the text itself: a
    state, a title and a name; the surname then stands for the state in the rest of the text. `more` are names that a
    region adds.
    """
    names = gazetteer()
    found = _scan(text, names, names.by_word, more)
    local = learn_names(text, found, names)
    if local:
        for word, entries in (more or {}).items():
            local[word] = sorted([*local.get(word, []), *entries], key=lambda entry: -len(entry.name))
        found = _scan(text, names, names.by_word, local)
    found = _home_parties(found)
    bodies = nameless_bodies(text, found)
    return sorted([*found, *bodies], key=lambda mention: mention.start) if bodies else found


def _home_parties(found: list[Mention]) -> list[Mention]:
    """`the Republican Party` in a text that does not name its usual state is that of the state named most."""
    counts = Counter(item.id for item in found if item.sort in {"state", "demonym"})
    topic = max(counts, key=lambda code: counts[code]) if counts else None
    return [
        replace(item, state=topic) if item.text in _COMMON_PARTIES and topic and item.state not in counts else item
        for item in found
    ]


def _scan(
    text: str, names: Gazetteer, index: dict[str, list[Entry]], local: dict[str, list[Entry]] | None = None
) -> list[Mention]:
    found: list[Mention] = []
    reach = 0
    for match in _CANDIDATE.finditer(text):
        start = match.start()
        if start < reach:
            continue
        word = match.group()
        entry = _longest(text, start, index.get(word, ()))
        if local and word in local:
            entry = max((_longest(text, start, local[word]), entry), key=lambda item: len(item.name) if item else 0)
        end = start + len(entry.name) if entry else 0
        if entry is None and len(word) > 3 and word.isupper() and word in names.by_capitals:
            entry, end = _in_capitals(text, start, names.by_capitals[word])
        if entry is None:
            continue
        reach = end
        if entry.sort == "holder" and " " not in entry.name and _is_namesake(text, start, names):
            continue
        if entry.sort == "skip" or _is_else(text, start, end, entry):
            continue
        end = _trim_stop(text, start, end, entry)
        found.append(Mention(entry.id, entry.state, text[start:end], start, end, entry.sort, entry.full))
    return found


def _longest(text: str, start: int, entries: list[Entry] | tuple[()]) -> Entry | None:
    for entry in entries:
        if text.startswith(entry.name, start):
            end = start + len(entry.name)
            if entry.sort == "prefix":
                if text[end : end + 1] == "-" and text[end + 1 : end + 2].isalpha():
                    return entry
            elif not (text[end : end + 1].isalnum() or text[end : end + 1] == "_" or _SYLLABLE.match(text, end)):
                return entry
    return None


def _in_capitals(text: str, start: int, entries: list[Entry]) -> tuple[Entry | None, int]:
    for entry in entries:
        end = start + len(entry.name)
        if text[start:end] == entry.name.upper() and not text[end : end + 1].isalnum():
            return entry, end
    return None, 0


def _is_namesake(text: str, start: int, names: Gazetteer) -> bool:
    """Whether another first name stands before a surname: `Gor Sargsyan` is not the president of that surname."""
    first = _FIRST_NAME.search(text, max(0, start - 24), start)
    if first is None:
        return False
    word = first.group(1)
    else_known = any(entry.sort != "holder" for entry in names.by_word.get(word, ()))
    return word not in NO_FIRST_NAMES and not else_known and not TITLE_WORD.search(word)


def _is_else(text: str, start: int, end: int, entry: Entry) -> bool:
    """Whether the name is here part of something that is no actor: a currency sign, a newspaper, a person's name."""
    if entry.name in {"US", "U.S."} and _MONEY.match(text, end):
        return True
    if entry.name in {"Jordan", "Chad", "Georgia", "Israel", "Paris", "Sofia", "London", "America"} and (
        re.match(r" (?:[A-Z]\. )?(?!and\b)[A-Z][a-z]+(?:son|man|er|ton|ez|ko)\b", text[end : end + 24])
    ):
        return True
    if entry.sort == "capital" and _FOLLOWED_BY_NAME.match(text, end):
        return True
    if entry.name == "Security Council" and re.match(
        r" (?:Deputy )?(?:Secretary|[Cc]hief|[Hh]ead|[Cc]hairman)\b", text[end : end + 20]
    ):
        return True
    if entry.name == "Security Council" and _OWN_COUNCIL.search(text, max(0, start - 14), start):
        return True
    if entry.name == "General Assembly" and re.match(r" of (?!the (?:United|UN)\b)", text[end : end + 16]):
        return True
    if entry.name == "Investigative Committee" and _OWN_COUNCIL.search(text, max(0, start - 14), start):
        return True
    return entry.name == "Georgia" and text[start - 9 : start] == "Atlanta, "


def _trim_stop(text: str, start: int, end: int, entry: Entry) -> int:
    """The end of the bare name; a full stop that closes both abbreviation and sentence stays with the name."""
    return end if entry.name.endswith(".") or text[end - 1] != "." else end - 1


def office_of(mention: Mention, day: str | None) -> Term | None:
    """The office that a person held on a day (ISO), or the last one held before it; `None` for no person."""
    terms = sorted(gazetteer().terms.get(mention.person, ()), key=lambda term: term.start)
    if not terms:
        return None
    if day is None:
        return terms[-1]
    begun = [term for term in terms if term.start <= day]
    return begun[-1] if begun else terms[0]


def in_office(term: Term, day: str | None) -> bool | None:
    """Whether the office was held on that day; `None` when the day or the term is unknown."""
    if day is None or not (term.start or term.end):
        return None
    return term.start <= day and (not term.end or day <= term.end)

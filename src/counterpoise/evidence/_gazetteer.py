"""Every name that the reader knows, found by its first word: states, demonyms, capitals, bodies, firms, leaders."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from counterpoise.evidence._tables import cells, table
from counterpoise.evidence._text import plain

_HEAD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Mention:
    """One mention: `id` is an ISO alpha-3 code, a bloc, a firm or party, or a de facto entity."""

    id: str
    state: str | None
    text: str
    start: int
    end: int
    sort: str
    person: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A name and who it stands for; `sort` says how: state, demonym, capital, prefix, bloc, firm, holder, skip ..."""

    name: str
    id: str
    state: str | None
    sort: str
    full: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """One spell in office: from and to are ISO days, blank when still running."""

    name: str
    state: str
    office: str
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Names by first word, longest first; names in capitals by first word; surnames that need a full name first."""

    by_word: dict[str, list[Entry]]
    by_capitals: dict[str, list[Entry]]
    surnames: dict[str, list[Entry]]
    terms: dict[str, list[Term]]
    states: frozenset[str]


def first_word(name: str) -> str:
    """The leading run of letters and digits of a name, the key by which it is found.

    >>> first_word("U.S. Treasury"), first_word("Nagorno-Karabakh")
    ('U', 'Nagorno')
    """
    if name.isalnum():
        return name
    head = _HEAD.match(name)
    return head.group() if head else ""


@cache
def gazetteer() -> Gazetteer:
    """The names of all tables. Built once, in a few milliseconds."""
    entries: list[Entry] = []
    states: set[str] = set()
    for row in table("states"):
        code = row["iso3"]
        states.add(code)
        for column, sort in (("names", "state"), ("demonyms", "demonym"), ("capitals", "capital")):
            entries += [Entry(plain(name), code, code, sort) for name in cells(row[column])]
        entries += [Entry(name, code, code, "prefix") for name in cells(row["prefixes"])]
    for row in table("gazetteer"):
        state = row["state"] or None
        entries += [Entry(plain(name), row["id"], state, row["kind"]) for name in cells(row["names"])]
    entries += [Entry(plain(row["phrase"]), "", None, "skip") for row in table("not_actors")]
    surnames: dict[str, list[Entry]] = {}
    terms: dict[str, list[Term]] = {}
    for row in table("holders"):
        _add_holder(row, entries, surnames, terms)
    by_word: dict[str, list[Entry]] = {}
    by_capitals: dict[str, list[Entry]] = {}
    for entry in sorted(set(entries), key=lambda entry: (-len(entry.name), entry.name, entry.sort)):
        by_word.setdefault(first_word(entry.name), []).append(entry)
        if entry.sort in {"state", "capital", "demonym", "holder"} and len(entry.name) > 3:
            by_capitals.setdefault(first_word(entry.name).upper(), []).append(entry)
    return Gazetteer(by_word, by_capitals, surnames, terms, frozenset(states))


def _add_holder(
    row: dict[str, str], entries: list[Entry], surnames: dict[str, list[Entry]], terms: dict[str, list[Term]]
) -> None:
    name, holder = plain(row["name"]), row["state"]
    state = holder if holder.isupper() else None
    terms.setdefault(name, []).append(Term(name, holder, row["office"], row["from"], row["to"]))
    aliases = [plain(part) for part in cells(row["aliases"])]
    if name.endswith("yan") and f"{name[:-3]}ian" not in aliases:
        aliases.append(f"{name[:-3]}ian")  # the other usual spelling of Armenian surnames
    for alias in [name, *aliases]:
        entries.append(Entry(alias, holder, state, "holder", name))
    surname = name.rpartition(" ")[2]
    if surname == name:
        return
    if surname.endswith("yan"):
        other = Entry(f"{surname[:-3]}ian", holder, state, "holder", name)
        if row["alone"] == "yes":
            entries.append(other)
        else:
            surnames.setdefault(other.name, []).append(other)
    if row["alone"] == "yes":
        entries.append(Entry(surname, holder, state, "holder", name))
    else:
        # In East Asian order the family name stands first; both ends are tried once the full name has been met.
        for part in {surname, name.partition(" ")[0]} if holder in {"CHN", "KOR", "PRK", "TWN"} else {surname}:
            surnames.setdefault(part, []).append(Entry(part, holder, state, "holder", name))

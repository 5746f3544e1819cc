"""Who of these names may be on that sanction list: scores with reasons, in any script and order of the words."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from counterpoise._errors import Fault, InputError, SolveError, fault
from counterpoise._result import Meta, Result, hash_file
from counterpoise.oversight.screening._lists import (
    COLUMNS,
    FORMATS,
    Entry,
    ListedName,
    SanctionList,
    read_list,
    split_cell,
)
from counterpoise.oversight.screening._names import ParsedName, parse_name
from counterpoise.oversight.screening._particulars import parse_birth, parse_country, parse_kind, same_programme
from counterpoise.oversight.screening._score import (
    MOST_ADDED,
    RUN_TOGETHER,
    Asked,
    context_points,
    match_words,
    name_reasons,
)
from counterpoise.region._files import Line, read_rows, suggest

GLOBAL_MAGNITSKY = "US-GLOMAG"
# More pairs than this are minutes of work, more matches no list that anyone could read; both would fill the memory.
MAX_PAIRS = 20_000_000
MAX_MATCHES = 1_000_000
CITES = ("damerau1964",)


@dataclass(frozen=True, slots=True)
class ScreenMatch:
    """A name asked that may be an entry of the list: the score in [0, 1], of the name alone too, and why."""

    asked: Asked
    entry: Entry
    asked_name: str
    listed_name: ListedName
    score: float
    name_score: float
    reasons: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        return {
            "line": self.asked.line,
            "id": self.asked.id or None,
            "name": self.asked_name,
            "score": round(self.score, 4),
            "name_score": round(self.name_score, 4),
            "reasons": list(self.reasons),
            "entry": {
                "id": self.entry.id,
                "name": self.entry.names[0].text,
                "matched_name": self.listed_name.text,
                "matched_kind": self.listed_name.kind,
                "kind": self.entry.kind or None,
                "birth_dates": [str(birth) for birth in self.entry.births],
                "countries": sorted(self.entry.countries),
                "programmes": list(self.entry.programmes),
                "global_magnitsky": GLOBAL_MAGNITSKY in self.entry.programmes,
            },
        }


@dataclass(frozen=True)
class ScreenResult(Result):
    """Names that may be on a list, the likeliest first within each line."""

    matches: tuple[ScreenMatch, ...]
    asked: int
    entries: int
    source: SanctionList
    threshold: float
    programme: str | None
    meta: Meta

    def body(self) -> dict[str, Any]:
        return {
            "matches": [match.to_dict() for match in self.matches],
            "names": self.asked,
            "names_matched": len({match.asked.line for match in self.matches}),
            "list": {
                "format": FORMATS[self.source.format],
                "entries": len(self.source.entries),
                "entries_screened": self.entries,
                "entries_without_name": self.source.no_name,
                "birth_dates_not_understood": self.source.unread_dates,
                "programmes": self.source.programmes(),
            },
            "programme": self.programme,
            "threshold": self.threshold,
        }

    def table(self) -> list[dict[str, Any]]:
        return [
            {
                "line": match.asked.line,
                "name": match.asked_name,
                "score": match.score,
                "listed": match.listed_name.text,
                "entry": match.entry.id,
                "programmes": ", ".join(match.entry.programmes),
                "why": "; ".join(match.reasons),
            }
            for match in self.matches
        ]


def screen_names(
    names: Path, sanctions: Path, *, programme: str | None = None, threshold: float = 0.85, workers: int = 2
) -> ScreenResult:
    """Which names of a CSV file may be entries of a sanction list, with a score in [0, 1] and the reasons.

    `names` has the column `name` and may have `id`, `aliases`, `birth_date`, `countries` and `kind`; `sanctions` is a
    list in any format that `read_list` knows. With `programme` only entries under it are screened: `US-GLOMAG` is
    Global Magnitsky and never the Magnitsky Act of 2012. A match is a reason to look, no proof of identity.

    Raises `InputError`: `E201`-`E204`, `E820`-`E824` (lists; `E823` a programme that no entry is under); `SolveError`
    `E825` more pairs near the threshold than anyone could read.

    Method: words in Latin letters folded to sounds, optimal string alignment (key `damerau1964`) by rapidfuzz.
    """
    if not (math.isfinite(threshold) and 0.5 <= threshold <= 1):
        rule = "a threshold lies between 0.5 and 1"
        problem = fault("E204", where="--threshold", found=str(threshold), rule=rule, fix="use 0.85")
        raise InputError([problem])
    asked = read_asked(names)
    source = read_list(sanctions)
    entries = _under(programme, source, sanctions)
    matches = match_all(asked, entries, threshold=threshold, workers=workers)
    inputs = {str(path): hash_file(path) for path in (names, *source.files)}
    meta = Meta(inputs=inputs, cites=CITES)
    return ScreenResult(tuple(matches), len(asked), len(entries), source, threshold, programme, meta)


def read_asked(path: Path) -> list[Asked]:
    """The names to screen; raises `InputError` with every missing name and every birth date that is none (`E203`)."""
    faults: list[Fault] = []
    asked = []
    for line in read_rows(path, required=("name",), optional=("id", *COLUMNS), open_ended=True):
        where = f"{path}:{line.number}"
        if not line.cells["name"]:
            rule = "each row has a name"
            faults.append(fault("E203", where=where, found="no name", rule=rule, fix="fill the name or cut the row"))
        for text in _cells(line, "births"):
            if parse_birth(text) is None:
                rule = "a birth date is 1962, 1962-09, 1962-09-25 or 25 Sep 1962"
                found = f"birth date {text[:40]!r}"
                faults.append(fault("E203", where=where, found=found, rule=rule, fix="write it as year-month-day"))
        asked.append(_asked(line))
    if faults:
        raise InputError(faults)
    return asked


def _asked(line: Line) -> Asked:
    births = (parse_birth(text) for text in _cells(line, "births"))
    kinds = [kind for text in _cells(line, "kind") if (kind := parse_kind(text))]
    return Asked(
        line.number,
        line.cells.get("id", ""),
        (line.cells["name"], *_cells(line, "aliases")),
        kinds[0] if kinds else "",
        tuple(birth for birth in births if birth),
        frozenset(parse_country(text) for text in _cells(line, "countries")),
    )


_MEANINGS = {meaning: [name for name, means in COLUMNS.items() if means == meaning] for meaning in COLUMNS.values()}


def _cells(line: Line, meaning: str) -> list[str]:
    """The values of every column of a meaning (births, countries): a list and the names asked share their columns."""
    cells = (line.cells.get(column) for column in _MEANINGS[meaning])
    return [text for cell in cells if cell for text in split_cell(cell)]


def _under(programme: str | None, source: SanctionList, path: Path) -> list[Entry]:
    if programme is None:
        return source.entries
    under = [entry for entry in source.entries if any(same_programme(programme, listed) for listed in entry.programmes)]
    if under:
        return under
    known = source.programmes()
    fix = suggest(programme, known) or f"the list names {', '.join(known[:20]) or 'no programme at all'}"
    rule = "a programme is one that an entry of the list is under"
    found = f"no entry under {programme!r}"
    raise InputError([fault("E823", where=str(path), found=found, rule=rule, fix=fix)])


def match_all(
    asked: list[Asked], entries: list[Entry], *, threshold: float = 0.85, workers: int = 2
) -> list[ScreenMatch]:
    """Every pair of a name asked and an entry whose score reaches the threshold, the best pair of their names each."""
    from counterpoise.oversight.screening._index import Candidates

    ours = _parsed((number, name) for number, row in enumerate(asked) for name in row.names)
    theirs = _parsed((number, name.text) for number, entry in enumerate(entries) for name in entry.names)
    kinds = {(number, name.text): name for number, entry in enumerate(entries) for name in entry.names}
    if not ours or not theirs:
        return []
    index = Candidates([name for _, name in ours], [name for _, name in theirs], workers=workers)
    alike = index.words_alike()
    my_words = [tuple(index.ours.place[token] for token in name.tokens) for _, name in ours]
    their_words = [tuple(index.theirs.place[token] for token in name.tokens) for _, name in theirs]
    best: dict[tuple[int, int], tuple[float, float, int, int]] = {}
    least = threshold - MOST_ADDED
    looked_at = 0
    for pairs in index.pairs(least):
        looked_at += len(pairs.asked)
        if looked_at > MAX_PAIRS or len(best) > MAX_MATCHES:
            raise SolveError([_too_many(len(asked), len(entries))])
        for mine, other in zip(pairs.asked.tolist(), pairs.listed.tolist(), strict=True):
            score, _ = match_words(my_words[mine], their_words[other], alike)
            (row, mine_name), (place, other_name) = ours[mine], theirs[other]
            if score < RUN_TOGETHER and mine_name.joined == other_name.joined and len(mine_name.joined) > 5:
                score = RUN_TOGETHER
            if score < least:
                continue
            entry = entries[place]
            points, _ = context_points(asked[row], entry, kinds[place, other_name.raw])
            total = min(1.0, score + points)
            if total >= threshold - 1e-9 and (total, score) > best.get((row, place), (0.0, 0.0, 0, 0))[:2]:
                best[row, place] = (total, score, mine, other)
    found = []
    for (row, place), (total, score, mine, other) in best.items():
        name, listed = ours[mine][1], kinds[place, theirs[other][1].raw]
        by_words, words = match_words(my_words[mine], their_words[other], alike)
        reasons = name_reasons(name, theirs[other][1], listed, words if by_words >= score - 1e-9 else [])
        reasons += context_points(asked[row], entries[place], listed)[1]
        found.append(ScreenMatch(asked[row], entries[place], name.raw, listed, total, score, tuple(reasons)))
    return sorted(found, key=lambda match: (match.asked.line, -match.score, match.entry.id))


def _too_many(asked: int, entries: int) -> Fault:
    found = (
        f"over {MAX_PAIRS:,} pairs near the threshold or {MAX_MATCHES:,} matches ({asked:,} names, {entries:,} entries)"
    )
    rule = "a screening gives an answer that a person can read"
    fix = "raise --threshold, name a --programme, or split the names"
    return fault("E825", where="names and list", found=found, rule=rule, fix=fix)


def _parsed(names: Iterable[tuple[int, str]]) -> list[tuple[int, ParsedName]]:
    """Names as words, with the number of their owner; those without a readable letter are left out."""
    parsed = ((owner, parse_name(name)) for owner, name in names)
    return [(owner, name) for owner, name in parsed if name.tokens]

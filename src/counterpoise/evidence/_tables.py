"""The reader's rules as tables: every name, unit, verb and cue stands in a CSV file beside the code."""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib import resources


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    """The rows of `tables/NAME.csv` in file order, cells as written."""
    path = resources.files("counterpoise.evidence") / "tables" / f"{name}.csv"
    with path.open(encoding="utf-8") as stream:
        rows = csv.reader(stream)
        head = next(rows)
        return tuple(dict(zip(head, row, strict=True)) for row in rows if row)


def cells(text: str) -> list[str]:
    """The parts of a cell that lists things with `;`.

    >>> cells("Armenia;Republic of Armenia")
    ['Armenia', 'Republic of Armenia']
    """
    return [part.strip() for part in text.split(";") if part.strip()]


@cache
def either(*names: str, capital: bool = False) -> str:
    """Lists of `tables/words.csv` as the alternatives of a pattern, longest first; `_` there stands for a space.

    With `capital` each word may also begin with a capital letter.

    >>> "rights groups" in either("home people"), either("office", capital=True)[:2]
    (True, '[R')
    """
    several = {word.replace("_", " ") for name in names for word in words(name)}
    ordered = sorted(several, key=lambda word: (-len(word), word))
    if not capital:
        return "|".join(re.escape(word).replace(r"\ ", " ") for word in ordered)
    return "|".join(f"[{word[0].upper()}{word[0]}]{re.escape(word[1:])}".replace(r"\ ", " ") for word in ordered)


@cache
def words(name: str) -> frozenset[str]:
    """The words of a list in `tables/words.csv`, such as those that end a phrase."""
    return frozenset(word for row in table("words") if row["list"] == name for word in row["words"].split())

"""Which state a publisher means: Correlates of War numbers, United Nations numbers, names; others are counted apart."""

from __future__ import annotations

import csv
import unicodedata
from functools import cache
from importlib import resources
from math import isfinite
from typing import Any

# The trade statistics' own numbers for economies that the United Nations' list numbers otherwise.
TRADE_NUMBERS = {251: "FRA", 381: "ITA", 380: "ITA", 579: "NOR", 699: "IND", 757: "CHE", 842: "USA", 490: "TWN"}


@cache
def _rows() -> list[dict[str, str]]:
    text = resources.files("counterpoise.history.importers").joinpath("states.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def by_name() -> dict[str, str]:
    """Plain name -> ISO code."""
    return {name: row["iso3"] for row in _rows() for name in row["names"].split(";")}


@cache
def by_number() -> dict[int, str]:
    """United Nations number -> ISO code."""
    return {int(row["m49"]): row["iso3"] for row in _rows()}


@cache
def codes() -> frozenset[str]:
    """The ISO codes of all states."""
    return frozenset(row["iso3"] for row in _rows())


@cache
def by_correlates() -> dict[int, str]:
    """Correlates of War number -> ISO code, of today where a number has had two states."""
    return {int(number): row["iso3"] for row in reversed(_rows()) for number in row["ccode"].split()}


def plain(name: str) -> str:
    """A name without accents, marks and capitals: `Côte d’Ivoire*` and `Cote d'Ivoire` are one.

    >>> plain("Côte d’Ivoire")
    "cote d'ivoire"
    """
    text = unicodedata.normalize("NFKD", name.replace("’", "'"))
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    return " ".join(text.lower().replace("&", " and ").split())


def named(names: Any) -> Any:
    """ISO codes of a column of names or of ISO codes; what is neither stays unknown."""
    known = by_name()

    def one(name: Any) -> str | None:
        if not isinstance(name, str):
            return None
        text = name.strip()
        return text if text in codes() else known.get(plain(text))

    return names.map({name: one(name) for name in names.unique()})


def numbered(numbers: Any, *, trade: bool = False) -> Any:
    """ISO codes of a column of United Nations numbers, or of trade statistics' numbers."""
    known = by_number() | (TRADE_NUMBERS if trade else {})
    return numbers.map(known)


class Correlates:
    """Correlates of War numbers by year: a number that two states have had in turn goes to the one that sat then."""

    def __init__(self, ccode: Any, year: Any, iso3: Any) -> None:
        self.sat = {
            (int(number), int(when)): name
            for number, when, name in zip(ccode, year, iso3, strict=True)
            if isfinite(number)
        }

    def of(self, ccode: Any, year: Any) -> Any:
        """ISO codes of columns of numbers and years; a number that never sat goes by the table of states."""
        import pandas as pd

        table = by_correlates()
        found = [
            None if not (isfinite(number) and isfinite(when))
            else self.sat.get((int(number), int(when)), table.get(int(number)))
            for number, when in zip(ccode, year, strict=True)
        ]  # fmt: skip
        return pd.Series(found, index=ccode.index, dtype=object)

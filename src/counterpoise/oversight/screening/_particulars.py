"""What stands beside a name: birth dates, countries, programmes and kinds, as the published lists write them."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import date
from importlib.resources import files

_MONTH_NAMES = "jan feb mar apr may jun jul aug sep oct nov dec"
MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES.split(), start=1)}
_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:T.*)?$")
_WORDS = re.compile(r"(?:(\d{1,2})\s+)?([a-z]{3})[a-z]*\.?\s+(\d{4})$")
_YEARS = re.compile(r"(?:circa|c\.|ca\.?|between|approximately)?\s*(\d{4})(?:\s*(?:to|-|and)\s*(\d{4}))?$")


@dataclass(frozen=True, slots=True)
class Birth:
    """A birth date as far as it is known: a day, a month, a year, or a span of years given as roughly so."""

    first_year: int
    last_year: int
    month: int | None = None
    day: int | None = None

    def __str__(self) -> str:
        if self.first_year != self.last_year:
            return f"{self.first_year} to {self.last_year}"
        parts = [f"{self.first_year:04}", *(f"{part:02}" for part in (self.month, self.day) if part)]
        return "-".join(parts)


def parse_birth(text: str) -> Birth | None:
    """A birth date, or `None` where the text is none.

    Forms: `1962`, `1962-09-25`, `25 Sep 1962`, `1962 to 1964`; `circa 1962` spans the year before and after.

    >>> str(parse_birth("25 Sep 1962")), str(parse_birth("circa 1962")), parse_birth("25/09/1962")
    ('1962-09-25', '1961 to 1963', None)
    """
    text = " ".join(text.casefold().split())
    if found := _ISO.match(text):
        return _birth(int(found[1]), found[2], found[3])
    if (found := _WORDS.match(text)) and found[2] in MONTHS:
        return _birth(int(found[3]), str(MONTHS[found[2]]), found[1])
    if found := _YEARS.match(text):
        first, last = int(found[1]), int(found[2] or found[1])
        blur = 1 if first == last else 0
        return Birth(first - blur, last + blur) if first <= last else None
    return None


def _birth(year: int, month: str | None, day: str | None) -> Birth | None:
    try:
        date(year, int(month or 1), int(day or 1))
    except ValueError:
        return None
    return Birth(year, year, int(month) if month else None, int(day) if day else None)


def compare_births(asked: tuple[Birth, ...], listed: tuple[Birth, ...]) -> tuple[str, float]:
    """What birth dates say of two names: the reason and the points, the best over all pairs; nothing where one lacks.

    >>> compare_births((parse_birth("1962-09-25"),), (parse_birth("1962"), parse_birth("1970")))
    ('birth year agrees (1962)', 0.02)
    """
    if not asked or not listed:
        return "", 0.0
    return max((_compare(mine, other) for mine in asked for other in listed), key=lambda found: found[1])


def _compare(mine: Birth, other: Birth) -> tuple[str, float]:
    if mine.first_year > other.last_year or other.first_year > mine.last_year:
        apart = max(mine.first_year - other.last_year, other.first_year - mine.last_year)
        # A year's error is common where calendars or age at registration are converted.
        return f"birth dates differ ({mine} / {other})", -0.05 if apart == 1 else -0.2
    one = mine.first_year == mine.last_year and other.first_year == other.last_year
    if not one or not mine.month or not other.month:
        return f"birth year agrees ({max(mine.first_year, other.first_year)})", 0.02
    if mine.month == other.month and (mine.day == other.day or not mine.day or not other.day):
        return f"birth date agrees ({mine})", 0.05
    if mine.day == other.month and mine.month == other.day:
        return f"day and month of birth are swapped ({mine} / {other})", 0.02
    return f"birth year agrees, the day does not ({mine} / {other})", -0.03


def _countries() -> dict[str, str]:
    """ISO 3166 codes and English names of the states that lists name most; any other is compared as written only."""
    text = (files("counterpoise.oversight.screening") / "countries.csv").read_text(encoding="utf-8")
    known: dict[str, str] = {}
    for row in csv.DictReader(text.splitlines()):
        known |= dict.fromkeys([row["alpha2"], row["alpha3"], *row["names"].split(";")], row["alpha2"])
    return known


COUNTRIES = _countries()


def parse_country(text: str) -> str:
    """The ISO 3166 two-letter code of a country, or the text itself in lower case where it is not known.

    >>> parse_country("Iran"), parse_country("ARM"), parse_country("Korea, North"), parse_country("Atlantis")
    ('ir', 'am', 'kp', 'atlantis')
    """
    text = " ".join(text.casefold().split())
    return COUNTRIES.get(text, text)


def compare_countries(asked: frozenset[str], listed: frozenset[str]) -> tuple[str, float]:
    """What countries say of two names: shared, or known and different; nothing where one lacks or is not recognised."""
    if not asked or not listed:
        return "", 0.0
    if shared := asked & listed:
        return f"country agrees ({', '.join(sorted(shared))})", 0.02
    codes = set(COUNTRIES.values())
    if not asked <= codes or not listed <= codes:
        return "", 0.0
    return f"countries differ ({', '.join(sorted(asked))} / {', '.join(sorted(listed))})", -0.03


# The programme that a text names in words. Global Magnitsky (Executive Order 13818) is no part of the Magnitsky Act of
# 2012, which is about Russia alone: the two are told apart here and nowhere confused.
_PHRASES = (
    ("US-GLOMAG", re.compile(r"\bglomag\b|global magnitsky|(?:\be\.?\s?o\.?|executive order)\s*13818")),
    (
        "US-MAGNITSKY",
        re.compile(r"\bmagnit\b|sergei magnitsky|magnitsky rule of law|^us-magnitsky$|^magnitsky sanctions$"),
    ),
)


def parse_programme(text: str) -> str:
    """A programme as an OpenSanctions id where it is one of the two Magnitsky programmes, else its code in capitals.

    >>> parse_programme("GLOMAG"), parse_programme("MAGNIT"), parse_programme("us-glomag"), parse_programme("sdgt")
    ('US-GLOMAG', 'US-MAGNITSKY', 'US-GLOMAG', 'SDGT')
    """
    folded = " ".join(text.casefold().split())
    for programme, pattern in _PHRASES:
        if pattern.search(folded):
            return programme
    return " ".join(text.split()).upper()


def same_programme(asked: str, listed: str) -> bool:
    """Whether a programme asked for is one listed; OFAC's own codes stand with or without `US-`.

    >>> same_programme("US-GLOMAG", "US-MAGNITSKY"), same_programme("US-SDGT", "SDGT")
    (False, True)
    """
    mine, other = (parse_programme(text).removeprefix("US-") for text in (asked, listed))
    return mine == other


KINDS = {
    "individual": "person", "person": "person",
    "entity": "organisation", "organization": "organisation", "organisation": "organisation", "company": "organisation",
    "legalentity": "", "publicbody": "organisation", "vessel": "vessel", "airplane": "aircraft", "aircraft": "aircraft",
}  # fmt: skip


def parse_kind(text: str) -> str:
    """person, organisation, vessel or aircraft; empty where the text does not say.

    >>> parse_kind("Individual"), parse_kind("LegalEntity")
    ('person', '')
    """
    return KINDS.get(text.strip().casefold(), "")

"""Figures whose unit or noun stands elsewhere in the sentence, in words beside them or with the figure before."""

from __future__ import annotations

import re
from functools import cache

from counterpoise.evidence._amounts import Amount, amount_of
from counterpoise.evidence._numbers import NUMBER, number_of
from counterpoise.evidence._tables import table
from counterpoise.evidence._units import noun_after, unit_after

_TALLIES = frozenset({"votes", "seats", "goals"})
_ENDS_NUMBER = re.compile(r"[.,;)]|$| (?:in|of|sits?|is|are|was|were|for|by|from|on|at|and|went|goes|this|last|next)\b")
_OF_THEM = re.compile(r" of (?:them|whom|which|these|those|that (?:number|total|figure))\b")
_LISTED = re.compile(
    r"^(?!.*[.;\n])(?:.{0,60}(?:,| and| while| versus| against))(?: in [A-Z][a-z]+)? "
    r"(?:(?:about|some|nearly|over|around|another|only|more than|up to) )?$"
)
_THE_NUMBER_OF = re.compile(
    r"\b[Nn]umber of (?=[^.;\n]*\b(?:to|by|from|at|was|reached|exceeded|totall?ed|stood)\b[^.;\n]*$)"
)
_TIME_UNITS = frozenset({"years", "months", "weeks", "days", "hours", "km", "km2", "m", "ha"})
_HURT = re.compile(
    r"\b(?:kill|wound|injur|arrest|detain|displac|captur|evacuat|sentenc|free|rescu|execut)(?:ed|ing|e|es|s)? "
    r"(?:(?:at least|more than|about|some|nearly|another|over|around) )?$"
)
_ENDS = re.compile(
    r"[.,;)]|$| (?:in|on|at|and|near|during|after|as|since|by|when|while|who|across|early|late|others)\b"
)
# "10 were injured", "six were servicemen", "132 injured", "another three were captured", "30 others".
_WERE = re.compile(
    r"(?: others?)?(?:,[^,.;]{0,60},)? (?:(?:have|had|has) been |were |was |are |remain )?"
    r"(?:also |still |later |seriously )?"
    r"(?:killed|wounded|injured|hurt|arrested|detained|captured|evacuated|displaced|sentenced|freed|released|missing|"
    r"hospitali[sz]ed|dead|died|fled)\b"
)
_PEOPLE_WERE = re.compile(r" (?:of them |of whom )?(?:were|are|was) ([a-z]+)(?: ([a-z]+))?\b")
_OF_TOTAL = re.compile(rf" (?:out )?of (?:the |its |all |a total of )?(?P<total>{NUMBER})")
_OTHERS = re.compile(r" others?\b(?! \w+s\b)")
_PEOPLE_ACTS = re.compile(
    r"\b(?:kill|wound|injur|hurt|arrest|detain|charg|accus|sentenc|convict|captur|hospitali|missing)\w*"
)
# "550 km through Norway, 215 through Chad": the same preposition after both numbers.
_PARALLEL = re.compile(r" (?:[a-z]+ )?(through|in|to|via|from|for|under|by|on|at|with|against|across|into) ")
_SCALED = re.compile(r"(?:million|billion|trillion)$")
_LARGE = 1e5
# "GDP was $30 billion, population 4 million": the second number is of something else.
_ANEW = re.compile(r"\b(?:population|people|inhabitants|residents|households|homes|users|tourists)\b")
_AGAINST = re.compile(r" (?:against|for|in favou?r|opposed|abstain\w+)\b")
_COMPARED = re.compile(
    r"^,? \(?(?:up|down|compared (?:to|with)|against|versus|and|instead of)(?: from)?(?: only| just| about| some)? $"
)


@cache
def _people() -> frozenset[str]:
    return frozenset(row["noun"] for row in table("persons"))


def same_unit(text: str, match: re.Match[str], before: Amount) -> Amount | None:
    """`210 billion euros, of which 185 billion`, `349 votes to 42`: a number that takes the unit of the one before."""
    raw, start, end = match["number"], match.start("number"), match.end("second" if match["second"] else "number")
    ends = _ENDS_NUMBER.match(text, end) or _OF_THEM.match(text, end) or _AGAINST.match(text, end)
    if not raw or not (ends or _PARALLEL.match(text, end)):
        return None
    low, high = number_of(raw), number_of(match["second"]) if match["second"] else None
    if before.unit == "times" or low is None or (match["second"] and (high is None or high <= low)):
        return None
    between = text[before.end : start]
    counted = (
        before.unit[:1].islower() and before.unit not in _TIME_UNITS and len(between) < 250 and "\n" not in between
    )
    if _OF_THEM.match(text, end):
        fits = counted and low >= 2
    elif high is not None:
        fits = counted and low >= 10 and _LISTED.search(between) is not None
    else:
        large = before.unit[:1].isupper() or before.value >= _LARGE
        scaled = _SCALED.search(raw) is not None and len(between) < 90 and large and not _ANEW.search(between)
        tally = before.unit in _TALLIES and (between == " to " or _AGAINST.match(text, end) is not None)
        listed = counted and "," in raw and _LISTED.search(between) is not None
        told = scaled or tally or listed or _is_parallel(text, raw, before, end, between)
        fits = told and not re.search(r"[.;\n]", between)
    if not fits:
        return None
    if high is None:
        return amount_of(text, low, None, None, before.unit, start, end)
    return amount_of(text, (low + high) / 2, low, high, before.unit, start, end)


def _is_parallel(text: str, raw: str, before: Amount, end: int, between: str) -> bool:
    """`550 km through Norway, 215 through Chad`, `43 per cent, down from 53`: built like the figure before."""
    if not raw[0].isdigit() or (raw.isdigit() and 1900 <= int(raw) <= 2100) or len(between) > 60:
        return False
    if before.unit in {"%", "pp"} and _COMPARED.match(between):
        return True
    first, second = _PARALLEL.match(text, before.end), _PARALLEL.match(text, end)
    listed = re.search(r"(?:,| and) (?:and )?$", between) is not None
    return first is not None and second is not None and first[1] == second[1] and listed


def of_a_total(text: str, end: int) -> tuple[str, float, int] | None:
    """`54 of 105 seats`: the part counts what the total counts; its own span ends with its number."""
    total = _OF_TOTAL.match(text, end)
    found = unit_after(text, total.end(), total["total"]) if total else None
    return (found[0], found[1], end) if found else None


def were(text: str, start: int, end: int) -> tuple[str, float, int] | None:
    """`10 were injured`, `six were servicemen`, `30 others were hurt`: numbers of people without a noun."""
    if text[max(0, start - 7) : start] in {"one in ", "One in "}:
        return None
    others = _OTHERS.match(text, end)
    clause = text[max(0, start - 200) : end + 60]
    if _WERE.match(text, end) or (others and _PEOPLE_ACTS.search(clause)):
        return "persons", 1.0, others.end() if others else end
    people = _PEOPLE_WERE.match(text, end)
    if people and not _people().isdisjoint(people.groups()):
        return "persons", 1.0, end
    return None


def number_of_named(text: str, start: int, end: int) -> tuple[str, float, int] | None:
    """`the number of trains fell to 60`: the noun that the sentence counted before the number came."""
    if not _ENDS_NUMBER.match(text, end):
        return None
    named = _THE_NUMBER_OF.search(text[max(0, start - 140) : start])
    noun = noun_after(text, max(0, start - 140) + named.end() - 1, "2") if named else None
    return (noun[0], noun[1], end) if noun else None


def hurt(text: str, start: int, end: int) -> tuple[str, float, int] | None:
    """`wounding 30`: after such a verb a number without a noun counts people."""
    if _HURT.search(text, max(0, start - 32), start) and _ENDS.match(text, end):
        return "persons", 1.0, end
    return None

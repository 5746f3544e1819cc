"""Figures whose unit or noun stands elsewhere in the sentence, in words beside them or with the figure before."""

from __future__ import annotations

import re
from functools import cache

from counterpoise.evidence._amounts import Amount, amount_of
from counterpoise.evidence._numbers import NUMBER, SCALED, number_of
from counterpoise.evidence._tables import table
from counterpoise.evidence._units import noun_after, unit_after

_TALLIES = frozenset({"votes", "seats", "goals", "mandates"})
_ENDS_NUMBER = re.compile(
    r"[.,;)]|$| or (?=\d)| a (?:year|month|week) (?:earlier|ago|before)\b|"
    r" (?:in|of|sits?|is|are|was|were|for|by|from|on|at|and|went|goes|this|last|next)\b"
)
_OF_THEM = re.compile(r" of (?:them|whom|which|these|those|that (?:number|total|figure))\b")
_LISTED = re.compile(
    r"^(?!.*[.;\n])(?:.{0,60}(?:,| and| while| versus| against))(?: in [A-Z][a-z]+)? "
    r"(?:(?:about|some|nearly|over|around|another|only|more than|up to) )?$"
)
_THE_NUMBER_OF = re.compile(
    r"\b[Nn]umber of (?=[^.;\n]*\b(?:to|by|from|at|was|is|reach|reached|hit|exceeds?|exceeded|"
    r"surpass(?:ed)?|totall?ed|stood|stands)\b[^.;\n]*$)"
)
_BEFALLEN = re.compile(
    r"(?:the |those )?(?:[a-z]+ly )?(?:displaced|killed|dead|wounded|injured|missing|unemployed|arrested|"
    r"detained|poor|infected)\b"
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
    r"(?: others?)?(?:,[^,.;]{0,60},)? (?:(?:have|had|has) been |were |was |are |being |remain |remained )?"
    r"(?:also |still |later |seriously |reported )?"
    r"(?:killed|wounded|injured|hurt|arrested|detained|captured|evacuated|displaced|sentenced|freed|released|missing|"
    r"hospitali[sz]ed|dead|died|fled)\b"
)
_PEOPLE_WERE = re.compile(r" (?:of them |of whom )?(?:were|are|was) ([a-z]+)(?: ([a-z]+))?\b")
_WHO = re.compile(r" who\b")
_THE = re.compile(r"\b(?:[Tt]he|[Aa]ll|[Tt]hose|[Oo]f) $")
_OF_TOTAL = re.compile(rf" (?:out )?of (?:the |its |all |a total of )?(?P<total>{NUMBER})")
_OTHERS = re.compile(r" others?\b(?! \w+s\b)")
_PEOPLE_ACTS = re.compile(
    r"\b(?:kill|wound|injur|hurt|arrest|detain|charg|accus|sentenc|convict|captur|hospitali|missing)\w*"
)
# "550 km through Norway, 215 through Chad": the same preposition after both numbers.
_PARALLEL = re.compile(r" (?:[a-z]+ )?(through|in|to|via|from|for|under|by|on|at|with|against|across|into) ")
_LARGE = 1e5
_CROWD = 1000
# "GDP was $30 billion, population 4 million": the second number is of something else.
_ANEW = re.compile(r"\b(?:population|people|inhabitants|residents|households|homes|users|tourists)\b")
_AGAINST = re.compile(r" (?:against|for|in favou?r|opposed|abstain\w+)\b")
# "43 percent, the opposition 31.4", "3.6 percent this year and 2.7 next year": decimals or tallies in a row.
_IN_A_ROW = re.compile(r"^(?!.*\d)[^.;\n]{0,20}(?:,|;| and| while)[^.;\n]{0,40} $")
# "Of 700 trucks, 230 crossed", "29 million persons and increased by 82,500".
_OUT_OF = re.compile(r"(?:\b[Oo]f|\b[Oo]ut of|\b[Aa]mong)(?: the| those| these| its| their| all| some| about)* $")
_GREW_BY = re.compile(
    r"^,?(?: and| but| or)?(?: it| has| had| have)? (?:increas|grew|grown|rose|risen|fell|fallen|declin|decreas|"
    r"dropp|shr|expand)\w*(?: further)? by (?:(?:about|some|nearly|over|around|another|almost|more than) )?$"
)
_FROM_BEFORE = re.compile(r"^,?(?: up| down)? from (?:(?:the )?(?:previous|earlier|initial)(?:ly reported)? )?$")
_TOLD = (
    r"(?:to|at|of|is|was|are|were|reached|hit|passed|exceeds?|exceeded|topped|stood|now|surpassed|totall?ed|numbered)"
)
_ROUGHLY = r"(?:(?:about|some|nearly|over|around|almost|roughly|at least|more than|up to|just|only|under|below) )*"
_ANY = r"(?:[^.;\n]|\.(?=\d))"
_TOLL = re.compile(rf"\btoll\b{_ANY}{{0,90}}\b{_TOLD} {_ROUGHLY}$")
_POPULATION = re.compile(
    rf"\b[Pp]opulation\b(?! (?:density|growth|census|rate))(?:{_ANY}{{0,70}}\b{_TOLD} {_ROUGHLY}|(?::| -) {_ROUGHLY})$"
)
_OF_THE_HURT = re.compile(
    r"\b[Oo]f (?:those|the) (?:killed|dead|wounded|injured|arrested|detained|displaced|missing|hurt|victims)"
    rf"(?:, | in [A-Z][\w' -]{{2,30}}, ){_ROUGHLY}$"
)
# "Two drones got back and 64 were lost", "106 drones, and another 25 were missing".
_AND_ANOTHER = re.compile(rf"(?: and| while|,)(?: another| a further)? {_ROUGHLY}$")
_DID = re.compile(r" (?:were|was|are|had|have|did|could|remain|remained)\b")
_OF_WHICH = re.compile(rf",? (?:of|among) (?:which|whom|them) {_ROUGHLY}$")
# "Azerbaijan lost 192 troops and Armenia more than 200".
_GAPPED = re.compile(rf",? and (?:the )?[A-Z][a-z]+(?: [A-Z][a-z]+)? {_ROUGHLY}")
_SOMEWHERE = re.compile(r" (?:from|in|on|at) (?:the )?[A-Z]")
_SHARE_IS = re.compile(rf" of (?:the |its |all |all the )?[A-Za-z][\w' -]{{2,50}}(?:,| \(| -|;) ?(?:or )?{_ROUGHLY}")
_VOTES = re.compile(r"\bvotes?\b")
_COMPARED = re.compile(
    r"^,? \(?(?:up|down|compared (?:to|with)|against|versus|and|instead of)(?: from)?(?: only| just| about| some)? $"
)


@cache
def _people() -> frozenset[str]:
    return frozenset(row["noun"] for row in table("persons"))


def same_unit(text: str, match: re.Match[str], before: Amount, *, first: bool = False) -> Amount | None:
    """`210 billion euros, of which 185 billion`, `349 votes to 42`: a number that takes the unit of the one before.

    With `first` only the first of two numbers is looked at (`by 82,500 or 0.3 per cent`).
    """
    second = None if first else match["second"]
    raw, start, end = match["number"], match.start("number"), match.end("second" if second else "number")
    if raw and before.unit == "%" and (share := _share_of(text, raw, start, end, before)):
        return share
    ends = first or any(form.match(text, end) for form in (_ENDS_NUMBER, _OF_THEM, _AGAINST))
    ends = ends or _OF_WHICH.search(text, before.end, start) is not None
    ends = ends or _DID.match(text, end) is not None
    ends = ends or (before.unit == "persons" and _SOMEWHERE.match(text, end) is not None)
    of_total = before.unit[:1].islower() and _OUT_OF.search(text, max(0, before.start - 24), before.start) is not None
    if not raw or not (ends or of_total or _PARALLEL.match(text, end)):
        return None
    low, high = number_of(raw), number_of(second) if second else None
    if before.unit == "times" or low is None or (second and (high is None or high <= low)):
        return None
    between = text[before.end : start]
    if of_total and between == ", ":
        return (
            amount_of(text, low, None, None, before.unit, start, end) if low < before.value and high is None else None
        )
    counted = (
        before.unit[:1].islower() and before.unit not in _TIME_UNITS and len(between) < 250 and "\n" not in between
    )
    if _OF_THEM.match(text, end):
        fits = (counted or before.unit == "km") and 2 <= low < before.value
    elif _OF_WHICH.search(between):
        fits = low <= before.value and (before.unit[:1].islower() or SCALED.search(raw) is not None)
    elif high is not None:
        fits = counted and low >= 10 and _LISTED.search(between) is not None
    else:
        large = before.unit[:1].isupper() or before.value >= _LARGE
        scaled = SCALED.search(raw) is not None and len(between) < 90 and large and not _ANEW.search(between)
        more = counted and low >= 2 and _DID.match(text, end) is not None and _AND_ANOTHER.search(between) is not None
        tally = before.unit in _TALLIES and (between == " to " or _AGAINST.match(text, end) is not None)
        listed = counted and "," in raw and _LISTED.search(between) is not None
        told = scaled or tally or listed or more or _is_parallel(text, raw, before, end, between)
        fits = told and not re.search(r"[.;\n]", between)
    if not fits:
        return None
    if high is None:
        return amount_of(text, low, None, None, before.unit, start, end)
    return amount_of(text, (low + high) / 2, low, high, before.unit, start, end)


def _share_of(text: str, raw: str, start: int, end: int, before: Amount) -> Amount | None:
    """`half of the visitors, some 52,688`, `48.2% (924,733)`: how many that share is."""
    value = number_of(raw)
    of = _SHARE_IS.fullmatch(text, before.end, start)
    if value is None or value < _CROWD or not _ENDS_NUMBER.match(text, end):
        return None
    if of and (noun := noun_after(text, before.end, "2")):
        return amount_of(text, value, None, None, noun[0], start, end)
    in_brackets = text[before.end : start] == " (" and text[end : end + 1] == ")"
    if in_brackets and _VOTES.search(text, max(0, start - 400), end + 200):
        return amount_of(text, value, None, None, "votes", start, end)
    return None


def _is_parallel(text: str, raw: str, before: Amount, end: int, between: str) -> bool:
    """`550 km through Norway, 215 through Chad`, `43 per cent, down from 53`: built like the figure before."""
    if not raw[0].isdigit() or (raw.isdigit() and 1900 <= int(raw) <= 2100) or len(between) > 130:
        return False
    if before.unit in {"%", "pp"} and _COMPARED.match(between) and not SCALED.search(raw):
        return True
    if _GREW_BY.match(between) and before.unit[:1].islower() and before.unit not in {"times", "years"}:
        return True
    if before.unit == "persons" and (
        _FROM_BEFORE.match(between)
        or _GAPPED.fullmatch(between)
        or (between.endswith(" and ") and _SOMEWHERE.match(text, end))
    ):
        return True
    in_a_row = _IN_A_ROW.match(between) is not None and _ENDS_NUMBER.match(text, end) is not None
    if in_a_row and (before.unit in _TALLIES or (before.unit == "%" and "." in raw)):
        return True
    if len(between) > 60:
        return False
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
    if _WHO.match(text, end) and _THE.search(text, max(0, start - 7), start):
        return "persons", 1.0, end
    people = _PEOPLE_WERE.match(text, end)
    if people and not _people().isdisjoint(people.groups()):
        return "persons", 1.0, end
    return None


def people_told(text: str, start: int, end: int, value: float) -> tuple[str, float, int] | None:
    """`the death toll rose to 46`, `a population of 2.9 million`, `of those killed, 34`: people told before."""
    if not (_ENDS_NUMBER.match(text, end) or _OF_THE_HURT.search(text, max(0, start - 70), start)):
        return None
    if _TOLL.search(text, max(0, start - 150), start) or _OF_THE_HURT.search(text, max(0, start - 70), start):
        return "persons", 1.0, end
    if value >= _CROWD and _POPULATION.search(text, max(0, start - 110), start):
        return "persons", 1.0, end
    return None


def number_of_named(text: str, start: int, end: int) -> tuple[str, float, int] | None:
    """`the number of trains fell to 60`: the noun that the sentence counted before the number came."""
    if not _ENDS_NUMBER.match(text, end):
        return None
    named = [found.end() for found in _THE_NUMBER_OF.finditer(text, max(0, start - 140), start)]
    if not named:
        return None
    noun = noun_after(text, named[-1] - 1, "2")
    if not noun and _BEFALLEN.match(text, named[-1]):
        return "persons", 1.0, end
    return (noun[0], noun[1], end) if noun else None


def hurt(text: str, start: int, end: int) -> tuple[str, float, int] | None:
    """`wounding 30`: after such a verb a number without a noun counts people."""
    if _HURT.search(text, max(0, start - 32), start) and _ENDS.match(text, end):
        return "persons", 1.0, end
    return None

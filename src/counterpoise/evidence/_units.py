"""What a number counts: a unit of `tables/units.csv`, a price, or the noun that follows."""

from __future__ import annotations

import re
from functools import cache

from counterpoise.evidence._numbers import CODES
from counterpoise.evidence._tables import cells, table, words

_STOP = words("ends a phrase")
_TIMES = words("unit of time")
_UNCOUNTED = words("not counted")
_IRREGULAR = words("irregular plural")
_TOGETHER = words("counted parties")
# Names of makes and types before the thing counted: JF-17, ATAGS, 200.
_DESIGNATION = re.compile(r"\d+|(?=[\w'-]*\d)[\w'-]+|[A-Z]{3,}[\w'-]*")
SHORT = 3
_PAST = words("irregular past")
_ALONE = frozenset(["overall", "alone", "total", "together", "each", "again", "today", "here", "there", "home"])
_AND_MORE = re.compile(r" (?:and|or)(?= [A-Za-z-]+ )|,(?= (?:[a-z-]+, )*[a-z-]+,? (?:and|or) [a-z-]+ [a-z])")
_ONE_OF = re.compile(r"\b(?:[Oo]ne|[Nn]one|[Ee]ach|[Ee]ither|[Nn]either) of (?:the |its |their |those |these )?$")
# "27 million of metric tons".
_SCALED_OF = re.compile(r"(?:thousand|million|billion|trillion|mln|bln)$")
_INITIALS = re.compile(r"[A-Z]{2,}s")
_CAPITAL_LAST = re.compile(r"[A-Z][\w'-]*$")
_ONE_AS_NUMBER = re.compile(r"(?:in|within|for|by|than|least|most|about|around|every|nearly|almost|lasting) $")
_TOKEN = re.compile(r"[ -]\"?([^\W_][\w'-]*)")
# "4.3 times", "grew three times", "2.4-fold": a factor or a tally; "three times a week" is neither.
_FACTOR = re.compile(r"(?: times|-?fold|(?<=\d)x)\b(?! (?:a|per|each|every)\b)")
# "More than 40 Tajiks injured": the participle ends the phrase.
_DONE = frozenset(
    ["killed", "wounded", "injured", "dead", "missing", "arrested", "detained", "evacuated", "fled", "died"]
)
_GREW = re.compile(
    r"(?:by|grew|rose|nearly|almost|than|increased|multiplied|jumped|expanded|soared|surged|is|was|were|are|about|some|"
    r"over|around|roughly|up|down|fell|dropped|declined|decreased|least) $"
)
# "Three times higher", "five times the size": a factor whatever comes before.
_HIGHER = re.compile(r" times (?:higher|lower|larger|bigger|smaller|greater|more|less|fewer|cheaper|as|the|that|its)\b")
_SMALL = frozenset(["two", "three", "four", "both"])
_SINGLED = re.compile(r"\b(?:only|least|than|another|just) $")
_SINGULARS = {"people": "person", "men": "man", "women": "woman", "children": "child"}


@cache
def _units() -> tuple[re.Pattern[str], dict[str, tuple[str, float]]]:
    rows = [(row["text"], row["unit"], float(row["factor"])) for row in table("units")]
    rows += [(code, code, 1.0) for code in sorted(CODES)]
    known = {form.replace("-", " "): (unit, factor) for form, unit, factor in rows}
    forms = sorted({form for form, _, _ in rows}, key=len, reverse=True)
    body = "|".join(_either_case(form) for form in forms)
    return re.compile(rf"(?:[ -]?)(?P<unit>{body})(?![\w])"), known


def _either_case(form: str) -> str:
    """The pattern of a unit; official texts write `3,780 Megawatts`."""
    escaped = re.escape(form).replace(r"\ ", "[ -]").replace(r"\-", "[ -]")
    return f"[{form[0].upper()}{form[0]}]{escaped[1:]}" if len(form) > SHORT and form.islower() else escaped


@cache
def _demonyms() -> frozenset[str]:
    return frozenset(name for row in table("states") for name in cells(row["demonyms"]) if " " not in name)


@cache
def _persons() -> frozenset[str]:
    return frozenset(row["noun"] for row in table("persons")) | words("people counted")


_PER = re.compile(
    r"(?:(?:[ -]per| for every| for each| for| a| an| every)(?: 1| one)?[ -]|/ ?)"
    r"(?:(?P<thousand>(?:1[, ]?000|(?:a |one )?thousand) (?:cubic met(?:er|re)s?|cu\.? m|m3|m³)|(?:tcm|mcm)\b)|"
    r"(?P<one>cubic[ -]met(?:er|re)|m3|m³|barrel|bbl|metric ton(?:ne)?|ton(?:ne)?|t|kilogram|kg|lit(?:er|re)|gallon|"
    r"(?:troy )?ounce|square met(?:er|re)|hectare|carat|MWh|kWh|kW|MW|(?:kilo|mega)watt[- ]?(?:hour)?))(?![\w-])",
    re.IGNORECASE,
)
_SHORT = {
    "cubic meter": "m3", "cubic metre": "m3", "m³": "m3", "bbl": "barrel", "metric ton": "t", "metric tonne": "t",
    "ton": "t", "tonne": "t", "kilogram": "kg", "liter": "l", "litre": "l", "ounce": "oz", "troy ounce": "oz",
    "square meter": "m2", "square metre": "m2", "mwh": "MWh", "kwh": "kWh", "kw": "kW", "mw": "MW", "kilowatt": "kW",
    "megawatt": "MW", "kilowatthour": "kWh", "megawatthour": "MWh", "kilowatt hour": "kWh", "megawatt hour": "MWh",
}  # fmt: skip
_DENSITY = re.compile(r" (?:per|for every|for each|a) (?:square kilomet(?:er|re)|sq\.? ?km|km2|km²)(?!\w)")


def per_what(text: str, unit: str, end: int) -> tuple[str, int]:
    """A price: dollars per 1,000 cubic metres, per kilowatt-hour or per barrel; people per square kilometre."""
    if unit == "persons" and (match := _DENSITY.match(text, end)):
        return "persons/km2", match.end()
    match = _PER.match(text, end) if unit[:1].isupper() else None
    if not match:
        return unit, end
    if match["thousand"]:
        return f"{unit}/1000 m3", match.end()
    measure = match["one"].lower().replace("-", " ")
    return f"{unit}/{_SHORT.get(measure, measure)}", match.end()


def unit_after(text: str, end: int, raw: str, before: str = "") -> tuple[str, float, int] | None:
    """The unit or noun after a number, as base unit, factor and the place where it ends.

    `raw` is the number as written and `before` what stands before it: `one year` counts only after `in` and the like.
    """
    if text.startswith("-foot equivalent", end) and not text.startswith(" 20", end - 3):
        return None  # "(twenty-foot equivalent unit)" explains the unit before it.
    if text.startswith(") ", end) and text[end - len(raw) - 1] == "(":
        end += 1  # "48.2% (924,733) votes"
    if text.startswith("-strong", end):
        return "persons", 1.0, end + len("-strong")
    single = raw.lower() == "one"
    if single and _ONE_AS_NUMBER.search(before):
        raw = "1"
    pattern, known = _units()
    match = pattern.match(text, end + 3 if _SCALED_OF.search(raw) and text.startswith(" of ", end) else end)
    if match and not (raw.lower() in {"one", "a", "an"} and match["unit"] in _TIMES and text[end] == " "):
        written = match["unit"].replace("-", " ")
        unit, factor = known.get(written) or known[written[0].lower() + written[1:]]
        unit, stop = per_what(text, unit, match.end())
        return unit, factor, stop
    factor_or_tally = _FACTOR.match(text, end)
    if factor_or_tally and (raw[0].isdigit() or _GREW.search(before) or _HIGHER.match(text, end)):
        return "times", 1.0, factor_or_tally.end()
    if before.endswith("factor of "):
        return "times", 1.0, end
    person = _one_person(text, end) if single else None
    return person or (None if raw.lower() in {"one", "a", "an"} else noun_after(text, end, raw))


def _one_person(text: str, end: int) -> tuple[str, float, int] | None:
    """`one soldier`, `one Armenian civilian`: a single person; `one of them` and `one day` are no figures."""
    position = end
    for _ in range(3):
        token = _TOKEN.match(text, position)
        if not token or token[1].lower() in _STOP:
            return None
        position = token.end()
        if token[1].lower() in _one_each():
            more = _TOKEN.match(text, position)
            if more and more[1].lower() in _one_each():
                position = more.end()
            return "persons", 1.0, position
    return None


@cache
def _one_each() -> frozenset[str]:
    plural = (row["noun"].lower() for row in table("persons"))
    return frozenset(_SINGULARS.get(noun, noun[:-1] if noun.endswith("s") else noun) for noun in plural)


def noun_after(text: str, end: int, raw: str) -> tuple[str, float, int] | None:
    """The counted noun: the first plural among the four words that follow, before any word that ends the phrase."""
    position = end
    four_digits = raw.isdigit() and len(raw) == 4 and 1500 <= int(raw) <= 2100
    of = re.match(r" of (?:the |its |his |their )?(?=[a-z])", text[end : end + 16])
    if of and not four_digits:
        position = end + of.end() - 1
    if text[end : end + 1] == "-":
        # "A 155-millimetre gun", "the ten-point plan": the number belongs to the word it is joined to.
        joined = _TOKEN.match(text, end)
        return ("persons", 1.0, joined.end()) if joined and joined[1] in _persons() else None
    named = False
    lower = ""
    for _ in range(8):
        if lower and (joint := _AND_MORE.match(text, position)) and not _is_verb(lower):
            # "Six command and control posts", "200 artillery, missile and mortar launchers": one noun for all.
            position = joint.end()
        token = _TOKEN.match(text, position)
        if not token:
            return None
        word = token[1]
        lower = word.lower()
        if lower in _STOP or (word.isdigit() and not _CAPITAL_LAST.search(text, max(end, position - 24), position)):
            return None
        position = token.end()
        if lower.endswith(("'s", "s'")):
            continue
        if _INITIALS.fullmatch(word):
            return ("persons" if word in _persons() else word), 1.0, position
        if _DESIGNATION.fullmatch(word):
            named = True
            continue
        if named and lower == "fighters":
            return lower, 1.0, position
        begin = end - len(raw)
        if lower in _TOGETHER and raw.lower() in _SMALL and not _SINGLED.search(text, max(0, begin - 9), begin):
            return None
        if word in _demonyms() or (word[-1] == "s" and word[:-1] in _demonyms()):
            several = word[-1] == "s" and word[:-1] in _demonyms() and not _more_follows(text, position, word)
            if several or (word.endswith(("s", "z", "ese", "ish", "ch")) and not _noun_follows(text, position)):
                return "persons", 1.0, position
            continue
        if lower == "police" and (more := _TOKEN.match(text, position)) and more[1].lower().endswith("s"):
            # "Two police posts": an attribute of what is counted.
            continue
        if lower in _IRREGULAR or word in _persons():
            return ("persons" if word in _persons() or lower in _persons() else lower), 1.0, position
        if (
            _is_plural(lower)
            and not (four_digits and word[0].isupper())
            and not _more_follows(text, position, word)
            and not (
                _is_attribute(text, position) and not _ONE_OF.search(text, max(0, end - len(raw) - 16), end - len(raw))
            )
        ):
            return ("persons" if lower in _persons() else lower), 1.0, position
    return None


def _is_plural(lower: str) -> bool:
    return lower.endswith("s") and not lower.endswith(("ss", "us", "is", "ous")) and lower not in _UNCOUNTED


def _is_verb(lower: str) -> bool:
    """`The two met and officials left`: what stands before `and` is no attribute of a noun."""
    return lower.endswith(("ed", "ing", "ly")) or lower in _PAST or lower in _ALONE


def _is_attribute(text: str, position: int) -> bool:
    """`60 customs officers`, `three arms deals`: a plural before another plural is an attribute of it."""
    more = _TOKEN.match(text, position)
    if not more or text[position] != " ":
        return False
    lower = more[1].lower()
    if lower in _STOP or lower in _TIMES or lower.removesuffix("s") in _TIMES or len(lower) < 4:
        return False
    return more[1].islower() and _is_plural(lower)


def _noun_follows(text: str, position: int) -> bool:
    """Whether a word after a demonym goes on with the phrase: `40 Tajik villagers`, but `40 Tajiks were`."""
    token = _TOKEN.match(text, position)
    return token is not None and token[1].lower() not in _STOP and token[1].lower() not in _DONE


def _more_follows(text: str, position: int, word: str) -> bool:
    """Whether a capitalised plural such as `Armenians` is only an attribute of the noun that follows."""
    token = _TOKEN.match(text, position)
    return word[0].isupper() and token is not None and token[1].lower() in _persons()

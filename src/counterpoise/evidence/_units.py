"""What a number counts: a unit of `tables/units.csv`, a price, or the noun that follows."""

from __future__ import annotations

import re
from functools import cache

from counterpoise.evidence._tables import cells, table, words

_STOP = words("ends a phrase")
_TIMES = words("unit of time")
_UNCOUNTED = words("not counted")
_IRREGULAR = words("irregular plural")
_TOGETHER = words("counted parties")
# Names of makes and types before the thing counted: JF-17, ATAGS, 200.
_DESIGNATION = re.compile(r"\d+|(?=[\w'-]*\d)[\w'-]+|[A-Z]{3,}[\w'-]*")
_CAPITAL_LAST = re.compile(r"[A-Z][\w'-]*$")
_ONE_AS_NUMBER = re.compile(r"(?:in|within|for|by|than|least|most|about|around|every|nearly|almost|lasting) $")
_TOKEN = re.compile(r"[ -]\"?([^\W_][\w'-]*)")
# "4.3 times", "grew three times", "2.4-fold": a factor or a tally; "three times a week" is neither.
_FACTOR = re.compile(r"(?: times|-?fold)\b(?! (?:a|per|each|every)\b)")
# "More than 40 Tajiks injured": the participle ends the phrase.
_DONE = frozenset(
    ["killed", "wounded", "injured", "dead", "missing", "arrested", "detained", "evacuated", "fled", "died"]
)
_GREW = re.compile(r"(?:by|grew|rose|nearly|almost|than|increased|multiplied) $")
_SMALL = frozenset(["two", "three", "four", "both"])
_SINGULARS = {"people": "person", "men": "man", "women": "woman", "children": "child"}


@cache
def _units() -> tuple[re.Pattern[str], dict[str, tuple[str, float]]]:
    rows = table("units")
    known = {row["text"].replace("-", " "): (row["unit"], float(row["factor"])) for row in rows}
    forms = sorted((row["text"] for row in rows), key=len, reverse=True)
    body = "|".join(re.escape(form).replace(r"\ ", "[ -]").replace(r"\-", "[ -]") for form in forms)
    return re.compile(rf"(?:[ -]?)(?P<unit>{body})(?![\w])"), known


@cache
def _demonyms() -> frozenset[str]:
    return frozenset(name for row in table("states") for name in cells(row["demonyms"]) if " " not in name)


@cache
def _persons() -> frozenset[str]:
    return frozenset(row["noun"] for row in table("persons"))


def per_what(text: str, unit: str, end: int) -> tuple[str, int]:
    """A price: dollars per 1,000 cubic metres, per kilowatt-hour or per barrel."""
    match = re.match(r" (?:per|for|a) (?:1,?000|thousand) (?:cubic met(?:er|re)s|m3|m³)", text[end : end + 40])
    if match:
        return f"{unit}/1000 m3", end + match.end()
    if match := re.match(r" (?:per|a) (?:cubic met(?:er|re)|m3|m³)\b", text[end : end + 24]):
        return f"{unit}/m3", end + match.end()
    match = re.match(
        r"(?: (?:per|a) |/)(MWh|kWh|barrel|ton|tonne|kilowatt-hour|megawatt-hour|kW)\b", text[end : end + 24]
    )
    if match:
        short = {"kilowatt-hour": "kWh", "megawatt-hour": "MWh", "tonne": "t", "ton": "t"}
        return f"{unit}/{short.get(match[1], match[1])}", end + match.end()
    return unit, end


def unit_after(text: str, end: int, raw: str, before: str = "") -> tuple[str, float, int] | None:
    """The unit or noun after a number, as base unit, factor and the place where it ends.

    `raw` is the number as written and `before` what stands before it: `one year` counts only after `in` and the like.
    """
    single = raw.lower() == "one"
    if single and _ONE_AS_NUMBER.search(before):
        raw = "1"
    pattern, known = _units()
    match = pattern.match(text, end)
    if match and not (raw.lower() in {"one", "a", "an"} and match["unit"] in _TIMES and text[end] == " "):
        unit, factor = known[match["unit"].replace("-", " ")]
        unit, stop = per_what(text, unit, match.end())
        return unit, factor, stop
    factor_or_tally = _FACTOR.match(text, end)
    if factor_or_tally and (raw[0].isdigit() or _GREW.search(before)):
        return "times", 1.0, factor_or_tally.end()
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
    plural = (noun.lower() for noun in _persons())
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
    for _ in range(6):
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
        if _DESIGNATION.fullmatch(word):
            named = True
            continue
        if named and lower == "fighters":
            return lower, 1.0, position
        if lower in _TOGETHER and raw.lower() in _SMALL:
            return None
        if word in _demonyms() or (word[-1] == "s" and word[:-1] in _demonyms()):
            if word.endswith(("s", "z", "ese", "ish", "ch")) and not _noun_follows(text, position):
                return "persons", 1.0, position
            continue
        if lower == "police" and (more := _TOKEN.match(text, position)) and more[1].lower().endswith("s"):
            # "Two police posts": an attribute of what is counted.
            continue
        if lower in _IRREGULAR or word in _persons():
            return ("persons" if word in _persons() or lower in _persons() else lower), 1.0, position
        plural = lower.endswith("s") and not lower.endswith(("ss", "us", "is", "ous")) and lower not in _UNCOUNTED
        if plural and not (four_digits and word[0].isupper()) and not _more_follows(text, position, word):
            return ("persons" if lower in _persons() else lower), 1.0, position
    return None


def _noun_follows(text: str, position: int) -> bool:
    """Whether a word after a demonym goes on with the phrase: `40 Tajik villagers`, but `40 Tajiks were`."""
    token = _TOKEN.match(text, position)
    return token is not None and token[1].lower() not in _STOP and token[1].lower() not in _DONE


def _more_follows(text: str, position: int, word: str) -> bool:
    """Whether a capitalised plural such as `Armenians` is only an attribute of the noun that follows."""
    token = _TOKEN.match(text, position)
    return word[0].isupper() and token is not None and token[1].lower() in _persons()

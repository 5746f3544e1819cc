"""How much: numbers with a unit or a counted noun, in base units, with qualifier and range."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from counterpoise.evidence._numbers import CANDIDATE, CURRENCY, MONEY, NUMBER_WORDS, PARTS, number_of, share_scale
from counterpoise.evidence._tables import table, words

_BAD_BEFORE = re.compile(
    r"(?:\b(?:Article|Articles|Section|Resolution|Chapter|Figure|Table|Page|page|Protocol|No\.|Nos\.|number|Flight|"
    r"Boeing|Airbus|Group of|Channel|Title|Rule|Clause|Annex|Unit|Units|Phase|Round|Track|Top|top|Highway|Route|Item|"
    r"Vol\.|issue|aged?|Big|Covid|COVID|Chapter|Block|Sputnik|Tupolev|Patriot|point|Point) |[A-Za-z]-|#)$"
)
_BETWEEN = re.compile(r"\b[Bb]etween $")
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
_FROM = re.compile(r"\b[Ff]rom $")
_CHANGE = re.compile(
    r"(?i)\b(?:rose|risen|rise|rising|fell|fallen|fall|falling|grew|grown|grow|increas\w+|decreas\w+|declin\w+|dropp\w+|"
    r"drop|jump\w*|surg\w+|cut|reduc\w+|rais\w+|up|down|climb\w+|expand\w+|shr[aiu]nk\w*|went|go|chang\w+|doubl\w+)\b(?:[^.;]|\.(?=\d)){0,60}$"
)
_ORDINAL = re.compile(r"(?:st|nd|rd|th)\b|-(?:st|nd|rd|th)\b")
_STOP = words("ends a phrase")
_TIMES = words("unit of time")
_UNCOUNTED = words("not counted")
_HURT = re.compile(
    r"\b(?:kill|wound|injur|arrest|detain|displac|captur|evacuat|sentenc|free|rescu|execut)(?:ed|ing|e|es|s)? "
    r"(?:(?:at least|more than|about|some|nearly|another|over|around) )?$"
)
_ENDS = re.compile(
    r"[.,;)]|$| (?:in|on|at|and|near|during|after|as|since|by|when|while|who|across|early|late|others)\b"
)
_IRREGULAR = words("irregular plural")
# Names of makes and types before the thing counted: JF-17, ATAGS, 200.
_DESIGNATION = re.compile(r"\d+|(?=[\w'-]*\d)[\w'-]+|[A-Z]{3,}[\w'-]*")
_CAPITAL_LAST = re.compile(r"[A-Z][\w'-]*$")
_ONE_AS_NUMBER = re.compile(r"(?:in|within|for|by|than|least|most|about|around|every|nearly|almost|lasting) $")
_TOKEN = re.compile(r"[ -]\"?([^\W_][\w'-]*)")


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity in its base unit; a range has low and high and its middle as value; the span has no qualifier."""

    value: float
    low: float | None
    high: float | None
    unit: str
    qualifier: str | None
    text: str
    start: int
    end: int
    about: str


@cache
def _units() -> tuple[re.Pattern[str], dict[str, tuple[str, float]]]:
    known = {row["text"]: (row["unit"], float(row["factor"])) for row in table("units")}
    forms = sorted(known, key=len, reverse=True)
    body = "|".join(re.escape(form).replace(r"\ ", " ") for form in forms)
    return re.compile(rf"(?:[ -]?)(?P<unit>{body})(?![\w])"), known


@cache
def _qualifiers() -> tuple[re.Pattern[str], dict[str, str]]:
    known = {row["phrase"]: row["qualifier"] for row in table("qualifiers")}
    body = "|".join(re.escape(form).replace(r"\ ", " ") for form in sorted(known, key=len, reverse=True))
    return re.compile(rf"(?i)(?<!\w)(?P<word>{body}) (?:(?:a|an|the|another|total of|a total of|by) ?)?$"), known


@cache
def _persons() -> frozenset[str]:
    return frozenset(row["noun"] for row in table("persons"))


def find_quantities(text: str, taken: Sequence[tuple[int, int]] = ()) -> list[Amount]:
    """Every number with a unit or a counted noun, in order; `taken` are spans (dates) that hold no quantity."""
    found: list[Amount] = []
    busy = iter(sorted(taken))
    span = next(busy, None)
    reach = 0
    for match in CANDIDATE.finditer(text):
        start, end = match.span()
        while span and span[1] <= start:
            span = next(busy, None)
        in_date = span is not None and span[0] < end and start < span[1] and span[0] <= start + 12
        if start < reach or in_date:
            continue
        amounts = _read(text, match) or []
        if found and not amounts and (same := _same_unit(text, match, found[-1])):
            amounts = [same]
        if found and amounts and (joined := _joined(text, found[-1], amounts[0])):
            found[-1:] = [joined]
            amounts, reach = amounts[1:], joined.end
        found += amounts
        reach = amounts[-1].end if amounts else reach
    return found


def _same_unit(text: str, match: re.Match[str], before: Amount) -> Amount | None:
    """`210 billion euros, of which 185 billion`, `349 votes to 42`: a number that takes the unit of the one before."""
    raw, start, end = match["number"], match.start("number"), match.end("second" if match["second"] else "number")
    if not raw or not (_ENDS_NUMBER.match(text, end) or _OF_THEM.match(text, end)):
        return None
    low, high = number_of(raw), number_of(match["second"]) if match["second"] else None
    if low is None or (match["second"] and (high is None or high <= low)):
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
        scaled = re.search(r"(?:million|billion|trillion)$", raw) is not None and len(between) < 90
        tally = between == " to " and before.unit in _TALLIES
        listed = counted and "," in raw and _LISTED.search(between) is not None
        fits = (scaled or tally or listed) and not re.search(r"[.;\n]", between)
    if not fits:
        return None
    if high is None:
        return _amount(text, low, None, None, before.unit, start, end)
    return _amount(text, (low + high) / 2, low, high, before.unit, start, end)


def _joined(text: str, first: Amount, second: Amount) -> Amount | None:
    """`between 5% and 7%` or `5% to 7%`: two figures that are the ends of one range; a change is not one."""
    link = text[first.end : second.start]
    between = link == " and " and _BETWEEN.search(text[max(0, first.start - 9) : first.start]) is not None
    ends = between or (link in {" to ", "-"} and not _is_change(text, first.start))
    if not ends or first.unit != second.unit or first.low is not None or first.value >= second.value:
        return None
    middle = (first.value + second.value) / 2
    return _amount(text, middle, first.value, second.value, first.unit, first.start, second.end)


def _read(text: str, match: re.Match[str]) -> list[Amount] | None:
    start = match.start()
    if _BAD_BEFORE.search(text[max(0, start - 14) : start]):
        return None
    if match["part"] or match["fraction"]:
        return _fraction(text, match)
    if match["money"]:
        return _money(text, match)
    return _counted(text, match)


def _fraction(text: str, match: re.Match[str]) -> list[Amount]:
    words = re.split(r"[ -]", match["part"] or match["fraction"])
    times = NUMBER_WORDS.get(words[0], 1.0) if len(words) > 1 else 1.0
    share = PARTS[words[-1].rstrip("s") if words[-1] != "half" else "half"] * times
    return [_amount(text, share, None, None, "%", match.start(), match.end())]


def _money(text: str, match: re.Match[str]) -> list[Amount] | None:
    unit = CURRENCY.get(match["money"].strip(), match["money"].strip())
    low = number_of(match["paid"])
    start, end = match.start(), match.end("paid")
    if low is None:
        return None
    if match["paidto"]:
        raw = re.sub(rf"^(?: ?(?:-|to|and|or) ?)(?:{MONEY})? ?", "", match["paidto"])
        joined = re.match(r" ?(?:-|to|and|or)", match["paidto"])
        high = number_of(raw)
        named = re.search(MONEY, match["paidto"]) is not None
        tight = joined is not None and joined.group().strip() in {"-", "to"}
        between = _BETWEEN.search(text[max(0, start - 9) : start]) is not None
        if high is not None and (tight or between) and (named or tight) and not _is_change(text, start):
            low = share_scale(match["paid"], raw, low, high)
            return [_amount(text, (low + high) / 2, low, high, unit, start, match.end())]
    unit, end = _per(text, unit, end)
    alone = [_amount(text, low, None, None, unit, start, end)]
    if match["paidto"]:
        # "from $3.6 billion to $2 billion": two figures; the second is read on its own.
        rest = CANDIDATE.search(text, match.start("paidto"), match.end() + 30)
        alone += (_read(text, rest) or []) if rest else []
    return alone


def _per(text: str, unit: str, end: int) -> tuple[str, int]:
    """A price: dollars per 1,000 cubic metres, per kilowatt-hour or per barrel."""
    match = re.match(r" (?:per|for|a) (?:1,?000|thousand) (?:cubic met(?:er|re)s|m3|m³)", text[end : end + 40])
    if match:
        return f"{unit}/1000 m3", end + match.end()
    match = re.match(
        r"(?: (?:per|a) |/)(MWh|kWh|barrel|ton|tonne|kilowatt-hour|megawatt-hour|kW)\b", text[end : end + 24]
    )
    if match:
        short = {"kilowatt-hour": "kWh", "megawatt-hour": "MWh", "tonne": "t", "ton": "t"}
        return f"{unit}/{short.get(match[1], match[1])}", end + match.end()
    return unit, end


def _is_change(text: str, start: int) -> bool:
    return _FROM.search(text[max(0, start - 6) : start]) is not None and (
        _CHANGE.search(text[max(0, start - 90) : start - 5]) is not None
    )


def _counted(text: str, match: re.Match[str]) -> list[Amount] | None:
    start, end = match.start("number"), match.end("number")
    first, second = match["number"], match["second"]
    if second:
        done = _range(text, match)
        if done is not None:
            return done
    value = number_of(first)
    if value is None or _ORDINAL.match(text, end):
        return None
    meant = "1" if first.lower() == "one" and _ONE_AS_NUMBER.search(text[max(0, start - 9) : start]) else first
    found = _unit_after(text, end, meant) or _people_hurt(text, start, end) or _number_of(text, start, end)
    alone = [_amount(text, value * found[1], None, None, found[0], start, found[2])] if found else []
    if second:
        # "from 5 percent to 9 percent", "20 tanks and 30 guns": two quantities; the second is read on its own.
        rest = CANDIDATE.match(text, match.start("second"))
        alone += (_read(text, rest) or []) if rest else []
    return alone or None


def _number_of(text: str, start: int, end: int) -> tuple[str, float, int] | None:
    """`the number of trains fell to 60`: the noun that the sentence counted before the number came."""
    if not _ENDS_NUMBER.match(text, end):
        return None
    named = _THE_NUMBER_OF.search(text[max(0, start - 140) : start])
    noun = _noun_after(text, max(0, start - 140) + named.end() - 1, "2") if named else None
    return (noun[0], noun[1], end) if noun else None


def _people_hurt(text: str, start: int, end: int) -> tuple[str, float, int] | None:
    """`wounding 30`: after such a verb a number without a noun counts people."""
    if _HURT.search(text, max(0, start - 32), start) and _ENDS.match(text, end):
        return "persons", 1.0, end
    return None


def _range(text: str, match: re.Match[str]) -> list[Amount] | None:
    low, high = number_of(match["number"]), number_of(match["second"])
    start, joint = match.start("number"), match["to"].strip()
    if low is None or high is None or _ORDINAL.match(text, match.end("second")):
        return None
    between = _BETWEEN.search(text[max(0, start - 9) : start]) is not None
    if joint in {"and", "or"} and not (between or (joint == "or" and high == low + 1)):
        return None
    found = _unit_after(text, match.end("second"), match["second"])
    if not found:
        return None
    low = share_scale(match["number"], match["second"], low, high)
    unit, factor, end = found
    falls = low > high and _FROM.search(text[max(0, start - 6) : start]) is not None
    if joint == "to" and (falls or _is_change(text, start)):
        return [
            _amount(text, low * factor, None, None, unit, start, match.end("number")),
            _amount(text, high * factor, None, None, unit, match.start("second"), end),
        ]
    if low >= high:
        return None
    return [_amount(text, (low + high) / 2 * factor, low * factor, high * factor, unit, start, end)]


def _unit_after(text: str, end: int, raw: str) -> tuple[str, float, int] | None:
    pattern, known = _units()
    match = pattern.match(text, end)
    if match and not (raw.lower() in {"one", "a", "an"} and match["unit"] in _TIMES and text[end] == " "):
        unit, factor = known[match["unit"]]
        unit, stop = _per(text, unit, match.end())
        return unit, factor, stop
    if raw.lower() in {"one", "a", "an"}:
        return None
    return _noun_after(text, end, raw)


def _noun_after(text: str, end: int, raw: str) -> tuple[str, float, int] | None:
    """The counted noun: the first plural among the four words that follow, before any word that ends the phrase."""
    position = end
    four_digits = raw.isdigit() and len(raw) == 4 and 1500 <= int(raw) <= 2100
    of = re.match(r" of (?:the |its |his |their )?(?=[a-z])", text[end : end + 16])
    if of and not four_digits:
        position = end + of.end() - 1
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
        if lower in _IRREGULAR or word in _persons():
            return ("persons" if word in _persons() or lower in _persons() else lower), 1.0, position
        plural = lower.endswith("s") and not lower.endswith(("ss", "us", "is", "ous")) and lower not in _UNCOUNTED
        if plural and not (four_digits and word[0].isupper()) and not _more_follows(text, position, word):
            return ("persons" if lower in _persons() else lower), 1.0, position
    return None


def _more_follows(text: str, position: int, word: str) -> bool:
    """Whether a capitalised plural such as `Armenians` is only an attribute of the noun that follows."""
    token = _TOKEN.match(text, position)
    return word[0].isupper() and token is not None and token[1].lower() in _persons()


def _amount(text: str, value: float, low: float | None, high: float | None, unit: str, start: int, end: int) -> Amount:
    return Amount(
        _tidy(value), None if low is None else _tidy(low), None if high is None else _tidy(high), unit,
        _qualifier(text, start, end, unit), text[start:end], start, end, _about(text, end),
    )  # fmt: skip


def _tidy(value: float) -> float:
    return float(f"{value:.12g}")


def _qualifier(text: str, start: int, end: int, unit: str) -> str | None:
    pattern, known = _qualifiers()
    before = text[max(0, start - 28) : start]
    match = pattern.search(before)
    if match:
        word = match["word"].lower()
        time = unit in {"years", "months", "weeks", "days", "hours"}
        lasting = re.search(r"(?:for|lasted|took|after|of|than|in)\s+$", before[: match.start()])
        if not (word == "over" and time and not lasting):
            return known[word]
    after = text[end : end + 12]
    if re.match(r" or more\b|\+|-plus| or higher", after):
        return "at least"
    if re.match(r" or less\b| or fewer", after):
        return "up to"
    return None


_ABOUT = re.compile(r" (?:of|in|for|worth of|on|to) ((?:[\w'-]+ ?){1,4})|-?[ ]?((?:[\w'-]+ ?){1,4})")


def _about(text: str, end: int) -> str:
    """The words after a figure that say what it is of: up to four, cut where the phrase ends."""
    match = _ABOUT.match(text, end)
    if not match:
        return ""
    words: list[str] = []
    for word in (match[1] or match[2] or "").split():
        if word.lower() in _STOP and words:
            break
        if word.lower() not in _STOP:
            words.append(word)
    return " ".join(words)

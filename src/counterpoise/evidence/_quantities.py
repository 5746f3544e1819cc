"""How much: numbers with a unit or a counted noun, in base units, with qualifier and range."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from counterpoise.evidence._tables import table, words

_ONES = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_WORDS: dict[str, float] = {name: number for number, name in enumerate(_ONES.split(), start=1)}
_WORDS |= {
    name: 10 * n
    for n, name in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2)
}
_SCALES: dict[str, float] = {
    "hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "dozen": 12.0,
    "mln": 1e6, "mn": 1e6, "bn": 1e9, "bln": 1e9, "tn": 1e12, "trn": 1e12, "m": 1e6, "k": 1e3, "b": 1e9, "K": 1e3,
    "M": 1e6, "B": 1e9, "crore": 1e7, "lakh": 1e5,
}  # fmt: skip
_PARTS: dict[str, float] = {
    "half": 50.0,
    "third": 100 / 3,
    "quarter": 25.0,
    "fifth": 20.0,
    "tenth": 10.0,
    "fourth": 25.0,
}
_CURRENCY = {
    "$": "USD",
    "US$": "USD",
    "U.S.$": "USD",
    "US $": "USD",
    "€": "EUR",
    "£": "GBP",
    "¥": "JPY",
    "₽": "RUB",
    "C$": "CAD",
    "A$": "AUD",
}
_CODES = {"USD", "EUR", "GBP", "RUB", "AMD", "AZN", "GEL", "MDL", "TRY", "UAH", "KZT", "CNY", "CHF", "CAD"}

_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_WORD = "|".join(sorted(_WORDS, key=len, reverse=True))
_SCALE = (
    r"(?:hundred|thousand|million|billion|trillion|dozen|crore|lakh|mln|bln|mn|bn|tn|trn)\b|(?:[mkbKMB]\b(?![-'.]?\w))"
)
_NUMBER = (
    rf"(?:{_DIGITS})|(?:a|an|half a)(?= (?:hundred|thousand|million|billion|trillion|dozen|decade)\b)|"
    rf"(?:{_WORD})(?:-(?:{_WORD}))?(?![\w])"
)
_MONEY = r"(?:U\.S\.\$|US ?\$|[CA]\$|[$€£¥₽]|(?:" + "|".join(sorted(_CODES)) + r") ?)"
_AMOUNT = rf"(?:{_NUMBER})(?:(?:[ -]|(?<=\d))(?:{_SCALE}))*"
_CANDIDATE = re.compile(
    r"(?<!\w)(?P<part>(?:a |an |one[- ]|two[- ]|three[- ]|four[- ])?(?:half|thirds?|quarters?|fifths?|tenths?)"
    r"(?= of\b| the\b))"
    r"|(?<!\w)(?P<fraction>(?:two|three|one)-(?:thirds?|quarters?|fifths?))"
    rf"|(?<![\w.,/:+-])(?P<money>{_MONEY}) ?(?P<paid>{_AMOUNT})"
    rf"(?P<paidto>(?: ?(?:-|to|and|or) ?)(?:{_MONEY})? ?(?:{_AMOUNT}))?"
    rf"|(?<![\w$€£.,/:+])(?<![\w]-)(?P<number>{_AMOUNT})(?:(?P<to> ?(?:-|to|and|or) ?)(?P<second>{_AMOUNT}))?"
)
_BAD_BEFORE = re.compile(
    r"(?:\b(?:Article|Articles|Section|Resolution|Chapter|Figure|Table|Page|page|Protocol|No\.|Nos\.|number|Flight|"
    r"Boeing|Airbus|Group of|Channel|Title|Rule|Clause|Annex|Unit|Units|Phase|Round|Track|Top|top|Highway|Route|Item|"
    r"Vol\.|issue|aged?|Big|Covid|COVID|Chapter|Block|Sputnik|Tupolev|Patriot|point|Point) |[A-Za-z]-|#)$"
)
_BETWEEN = re.compile(r"\b[Bb]etween $")
_FROM = re.compile(r"\b[Ff]rom $")
_CHANGE = re.compile(
    r"(?i)\b(?:rose|risen|rise|rising|fell|fallen|fall|falling|grew|grown|grow|increas\w+|decreas\w+|declin\w+|dropp\w+|"
    r"drop|jump\w*|surg\w+|cut|reduc\w+|rais\w+|up|down|climb\w+|expand\w+|shr[aiu]nk\w*|went|go|chang\w+|doubl\w+)\b(?:[^.;]|\.(?=\d)){0,60}$"
)
_ORDINAL = re.compile(r"(?:st|nd|rd|th)\b|-(?:st|nd|rd|th)\b")
_STOP = words("ends a phrase")
_TIMES = words("unit of time")
_UNCOUNTED = words("not counted")
_IRREGULAR = words("irregular plural")
_TOKEN = re.compile(r"[ -]([^\W_][\w'-]*)")


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
    for match in _CANDIDATE.finditer(text):
        start, end = match.span()
        while span and span[1] <= start:
            span = next(busy, None)
        in_date = span is not None and span[0] < end and start < span[1] and span[0] <= start + 12
        if start < reach or in_date:
            continue
        amounts = _read(text, match) or []
        if found and amounts and (joined := _joined(text, found[-1], amounts[0])):
            found[-1:] = [joined]
            amounts, reach = amounts[1:], joined.end
        found += amounts
        reach = amounts[-1].end if amounts else reach
    return found


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
    times = _WORDS.get(words[0], 1.0) if len(words) > 1 else 1.0
    share = _PARTS[words[-1].rstrip("s") if words[-1] != "half" else "half"] * times
    return [_amount(text, share, None, None, "%", match.start(), match.end())]


def _money(text: str, match: re.Match[str]) -> list[Amount] | None:
    unit = _CURRENCY.get(match["money"].strip(), match["money"].strip())
    low = _number(match["paid"])
    start, end = match.start(), match.end("paid")
    if low is None:
        return None
    if match["paidto"]:
        raw = re.sub(rf"^(?: ?(?:-|to|and|or) ?)(?:{_MONEY})? ?", "", match["paidto"])
        joined = re.match(r" ?(?:-|to|and|or)", match["paidto"])
        high = _number(raw)
        named = re.search(_MONEY, match["paidto"]) is not None
        tight = joined is not None and joined.group().strip() in {"-", "to"}
        between = _BETWEEN.search(text[max(0, start - 9) : start]) is not None
        if high is not None and (tight or between) and (named or tight) and not _is_change(text, start):
            low = _share_scale(match["paid"], raw, low, high)
            return [_amount(text, (low + high) / 2, low, high, unit, start, match.end())]
    unit, end = _per(text, unit, end)
    alone = [_amount(text, low, None, None, unit, start, end)]
    if match["paidto"]:
        # "from $3.6 billion to $2 billion": two figures; the second is read on its own.
        rest = _CANDIDATE.search(text, match.start("paidto"), match.end() + 30)
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


def _number(raw: str) -> float | None:
    """`1,200`, `2.5 million`, `two hundred thousand`, `twenty-one` as a number.

    >>> _number("2.5 million"), _number("twenty-one"), _number("a dozen")
    (2500000.0, 21.0, 12.0)
    """
    total = 0.0
    parts = [part for part in re.split(r"[ -]|(?<=\d)(?=[A-Za-z])", raw.strip()) if part]
    for part in parts:
        word = part.lower()
        if part[0].isdigit():
            total += float(part.replace(",", ""))
        elif word in _WORDS:
            total += _WORDS[word]
        elif word in {"a", "an"}:
            total = total or 1.0
        elif word == "half":
            total = 0.5
        elif part in _SCALES or word in _SCALES:
            total *= _SCALES.get(part, _SCALES.get(word, 1.0))
        else:
            return None
    return total


def _share_scale(first: str, second: str, low: float, high: float) -> float:
    """`$1.5-2 billion`: the scale of the second number holds for the first, when the first has none."""
    if re.search(r"[A-Za-z]", first):
        return low
    scale = 1.0
    for part in re.findall(r"[A-Za-z]+", second):
        scale *= _SCALES.get(part, _SCALES.get(part.lower(), 1.0))
    return low * scale if low * scale <= high or scale == 1.0 else low


def _counted(text: str, match: re.Match[str]) -> list[Amount] | None:
    start, end = match.start("number"), match.end("number")
    first, second = match["number"], match["second"]
    if second:
        done = _range(text, match)
        if done is not None:
            return done
    value = _number(first)
    if value is None or _ORDINAL.match(text, end):
        return None
    found = _unit_after(text, end, first)
    alone = [_amount(text, value * found[1], None, None, found[0], start, found[2])] if found else []
    if second:
        # "from 5 percent to 9 percent", "20 tanks and 30 guns": two quantities; the second is read on its own.
        rest = _CANDIDATE.match(text, match.start("second"))
        alone += (_read(text, rest) or []) if rest else []
    return alone or None


def _range(text: str, match: re.Match[str]) -> list[Amount] | None:
    low, high = _number(match["number"]), _number(match["second"])
    start, joint = match.start("number"), match["to"].strip()
    if low is None or high is None or _ORDINAL.match(text, match.end("second")):
        return None
    between = _BETWEEN.search(text[max(0, start - 9) : start]) is not None
    if joint in {"and", "or"} and not (between or (joint == "or" and high == low + 1)):
        return None
    found = _unit_after(text, match.end("second"), match["second"])
    if not found:
        return None
    low = _share_scale(match["number"], match["second"], low, high)
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
    for _ in range(5):
        token = _TOKEN.match(text, position)
        if not token:
            return None
        word = token[1]
        lower = word.lower()
        if lower in _STOP or (word.isdigit()):
            return None
        position = token.end()
        if lower.endswith(("'s", "s'")):
            continue
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

"""How much: numbers with a unit or a counted noun, in base units, with qualifier and range."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from counterpoise.evidence._amounts import LOOSE, Amount, amount_of
from counterpoise.evidence._elided import hurt, number_of_named, of_a_total, people_told, same_unit, were
from counterpoise.evidence._numbers import (
    CANDIDATE,
    CURRENCY,
    MONEY,
    NUMBER_WORDS,
    ORDINAL,
    PARTS,
    SCALED,
    number_of,
    share_scale,
)
from counterpoise.evidence._units import per_what, unit_after

_BAD_BEFORE = re.compile(
    r"(?:\b(?:Article|Articles|Section|Resolution|Chapter|Figure|Table|Page|page|Protocol|No\.|Nos\.|number|Flight|"
    r"Boeing|Airbus|Group of|Channel|Title|Rule|Clause|Annex|Unit|Units|Phase|Round|Track|Top|top|Highway|Route|Item|"
    r"Vol\.|issue|aged?|Big|Covid|COVID|Chapter|Block|Sputnik|Tupolev|Patriot|point|Point|per|Per) |[A-Za-z]-|#)$|"
    r"\b[Oo]ne in $"
)
_BETWEEN = re.compile(r"\b[Bb]etween $")
_FROM = re.compile(
    r"\b[Ff]rom (?:(?:about|around|some|roughly|nearly|almost|just|only|over|more than|less than|the|its|their|a|an|"
    r"the current|the present|the previous|its current|current|under|below|above|approximately|at least) )?$"
)
_BY = re.compile(
    r"\bby (?:(?:about|around|some|roughly|nearly|almost|just|only|over|more than|less than|another|a further|a|an|"
    r"as much as|up to|at least) )?$"
)
_SUM = re.compile(r"[A-Z]{3}")
_OVER_TIME = re.compile(
    r" (?:over|in|within|during|across|for|through) (?:a |the )?(?:(?:next|past|last|coming|first) )?"
    r"(?:(?:about|some|around|nearly|almost|more than) )?"
)
_GOES_ON = re.compile(r"(?: period)?(?:,| \(| and| including| with) ?[^.;\n]{0,60}")
# "The first half of February", "the third quarter of the year": a stretch of time, no share.
_STRETCH = re.compile(r"(?i)\b(?:first|second|third|fourth|latter|last|final|this|next|previous|current|early|other) $")
# Weights in pounds stand beside a metric weight.
_WEIGHED = re.compile(r"\b(?:kilogram|kilogramme|kg|kilo|tonne|gram)s?\b")
POUND = 0.00045359237
# "A 180-degree turn", "a 360-degree view": figures of speech.
TURNS = (180.0, 360.0)
_MEASURES = frozenset(
    ["%", "pp", "km", "km2", "m2", "m3", "t", "years", "months", "weeks", "days", "hours", "kV", "mm", "MW", "MWh", "l"]
)
_RESPECTIVELY = re.compile(r"[^.;\n]{0,40}\brespectively\b")
_CHANGE = re.compile(
    r"(?i)\b(?:rose|risen|rise|rising|fell|fallen|fall|falling|grew|grown|grow|increas\w+|decreas\w+|declin\w+|dropp\w+|"
    r"drop|jump\w*|surg\w+|cut|reduc\w+|rais\w+|up|down|climb\w+|expand\w+|shr[aiu]nk\w*|went|go|chang\w+|doubl\w+)\b(?:[^.;]|\.(?=\d)){0,60}$"
)


def find_quantities(text: str, taken: Sequence[tuple[int, int]] = ()) -> list[Amount]:
    """Every number with a unit or a counted noun, in order; `taken` are spans (dates) that hold no quantity."""
    found: list[Amount] = []
    busy = iter(sorted(taken))
    span = next(busy, None)
    reach = position = 0
    while match := CANDIDATE.search(text, position):
        start, end = match.span()
        position = end
        while span and span[1] <= start:
            span = next(busy, None)
        if span and span[0] < end and start < span[1] and span[0] <= start + 12:
            # "3% in 2016 and 5% in 2017": a date is no number, but one may follow within the same match.
            position = span[1] if start < span[1] < end else end
            continue
        if start < reach:
            continue
        amounts = _read(text, match) or []
        if found and not amounts and (same := same_unit(text, match, _shared(text, found, match))):
            amounts = [same]
        elif found and match["second"] and amounts and amounts[0].start >= match.start("second"):
            first = same_unit(text, match, found[-1], first=True)
            amounts = [first, *amounts] if first else amounts
        if found and amounts and amounts[0].unit == "points" and found[-1].unit in {"%", "pp"}:
            # "12.4 per cent, 1.2 points lower": of the percentage just named.
            near = start - found[-1].end < 120 and "\n" not in text[found[-1].end : start]
            amounts = [replace(amounts[0], unit="pp"), *amounts[1:]] if near else amounts
        if found and amounts and (joined := _joined(text, found[-1], amounts[0])):
            found[-1:] = [joined]
            amounts, reach = amounts[1:], joined.end
        found += amounts
        reach = max([reach, *(item.end for item in amounts)])
    return found


def _shared(text: str, found: list[Amount], match: re.Match[str]) -> Amount:
    """`270 million euros over four years, of which 85 million`: a sum goes on beyond its duration."""
    if len(found) < 2 or found[-1].unit not in {"years", "months"} or not _SUM.fullmatch(found[-2].unit):
        return found[-1]
    lasts = _OVER_TIME.fullmatch(text, found[-2].end, found[-1].start)
    goes_on = SCALED.search(match["number"] or "") and _GOES_ON.fullmatch(text, found[-1].end, match.start())
    return found[-2] if lasts and goes_on else found[-1]


def _joined(text: str, first: Amount, second: Amount) -> Amount | None:
    """`between 5% and 7%` or `5% to 7%`: two figures that are the ends of one range; a change is not one."""
    link = text[first.end : second.start]
    between = link == " and " and _BETWEEN.search(text[max(0, first.start - 9) : first.start]) is not None
    change = first.unit == "times" or _is_change(text, first.start) or _moved_by(text, first.start)
    ends = between or (link in {" to ", "-"} and not change)
    if not ends or first.unit != second.unit or first.low is not None or first.value >= second.value:
        return None
    middle = (first.value + second.value) / 2
    return amount_of(text, middle, first.value, second.value, first.unit, first.start, second.end)


def _read(text: str, match: re.Match[str]) -> list[Amount] | None:
    start = match.start()
    if not match["money"] and _BAD_BEFORE.search(text[max(0, start - 14) : start]):
        return None
    if match["part"] or match["fraction"]:
        return _fraction(text, match)
    if match["fold"]:
        return [amount_of(text, NUMBER_WORDS[match["fold"].lower()], None, None, "times", start, match.end())]
    if match["money"]:
        return _money(text, match)
    return _counted(text, match)


def _fraction(text: str, match: re.Match[str]) -> list[Amount]:
    words = re.split(r"[ -]", (match["part"] or match["fraction"]).lower())
    if len(words) == 1 and _STRETCH.search(text, max(0, match.start() - 10), match.start()):
        return []
    if words[1:2] in (["in"], ["out"]):
        share = 100 * NUMBER_WORDS[words[0]] / NUMBER_WORDS[words[-1]]
        return [amount_of(text, share, None, None, "%", match.start(), match.end())]
    times = NUMBER_WORDS.get(words[0], 1.0) if len(words) > 1 else 1.0
    share = PARTS[words[-1].rstrip("s") if words[-1] != "half" else "half"] * times
    return [amount_of(text, share, None, None, "%", match.start(), match.end())]


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
        change = _is_change(text, start) or (
            joined is not None
            and joined.group() == " to"
            and re.search("[a-z]", match["paid"])
            and _moved_by(text, start)
        )
        if high is not None and (tight or between) and (named or tight) and not change:
            low = share_scale(match["paid"], raw, low, high)
            unit, end = per_what(text, unit, match.end())
            return [amount_of(text, (low + high) / 2, low, high, unit, start, end)]
    unit, end = per_what(text, unit, end)
    alone = [amount_of(text, low, None, None, unit, start, end)]
    if match["paidto"]:
        # "from $3.6 billion to $2 billion": two figures; the second is read on its own.
        rest = CANDIDATE.search(text, match.start("paidto"), match.end() + 30)
        more = (_read(text, rest) or []) if rest else []
        if more and more[0].unit.startswith(f"{unit}/") and match["paidto"].startswith(" to"):
            alone = [amount_of(text, low, None, None, more[0].unit, start, end)]
        alone += more
    return alone


def _is_change(text: str, start: int) -> bool:
    lead = _FROM.search(text[max(0, start - 24) : start])
    return lead is not None and _CHANGE.search(text[max(0, start - 100) : start - 5]) is not None


def _moved_by(text: str, start: int) -> bool:
    """`rose by $120 million to $4.1 billion`: by how much, and to what; no range."""
    return _BY.search(text, max(0, start - 28), start) is not None


def _counted(text: str, match: re.Match[str]) -> list[Amount] | None:
    start, end = match.start("number"), match.end("number")
    first, second = match["number"], match["second"]
    if second:
        done = _range(text, match)
        if done is not None:
            return done
    value = number_of(first)
    if value is None or ORDINAL.match(text, end):
        return None
    loose = LOOSE.match(text, end)
    found = (
        unit_after(text, loose.end() if loose else end, first, text[max(0, start - 11) : start])
        or hurt(text, start, end)
        or were(text, start, end)
        or people_told(text, start, end, value)
        or number_of_named(text, start, end)
        or of_a_total(text, end)
    )
    if found and found[0] == "degrees" and value in TURNS:
        return None
    if found and found[0] == "GBP" and _WEIGHED.search(text, max(0, start - 40), found[2] + 30):
        found = ("t", POUND, found[2])
    alone = [amount_of(text, value * found[1], None, None, found[0], start, found[2])] if found else []
    if alone:
        # "Four 440-MW units": a measure stands between the number and the noun.
        inner = CANDIDATE.search(text, end + 1, alone[0].end)
        measure = (
            inner is not None
            and inner["number"]
            and text[end] == " "
            and not text.startswith(("-foot", "-feet"), inner.end())
        )
        inside = _counted(text, inner) if inner and measure else None
        alone += [item for item in inside or [] if item.unit in _MEASURES and item.end < alone[0].end]
    if second and not alone and (pair := _pair(text, match, value)):
        return pair
    if second:
        # "from 5 percent to 9 percent", "20 tanks and 30 guns": two quantities; the second is read on its own.
        rest = CANDIDATE.match(text, match.start("second"))
        alone += (_read(text, rest) or []) if rest else []
    return alone or None


def _pair(text: str, match: re.Match[str], value: float) -> list[Amount] | None:
    """`ranges of 300 and 120 kilometres`: two figures that share the unit written after the second."""
    second = number_of(match["second"])
    year = match["number"].isdigit() and len(match["number"]) == 4
    found = unit_after(text, match.end("second"), match["second"])
    if match["to"] != " and " or second is None or year or not found or ORDINAL.match(text, match.end("second")):
        return None
    unit, factor, end = found
    if not (unit in _MEASURES or unit[:1].isupper() or _RESPECTIVELY.match(text, end)):
        return None
    value = share_scale(match["number"], match["second"], value, second) if second >= value else value
    return [
        amount_of(text, value * factor, None, None, unit, match.start("number"), match.end("number")),
        amount_of(text, second * factor, None, None, unit, match.start("second"), end),
    ]


def _range(text: str, match: re.Match[str]) -> list[Amount] | None:
    low, high = number_of(match["number"]), number_of(match["second"])
    start, joint = match.start("number"), match["to"].strip()
    if low is None or high is None or ORDINAL.match(text, match.end("second")):
        return None
    between = _BETWEEN.search(text[max(0, start - 9) : start]) is not None
    tens = low % 10 == 0 and high == low + 10
    if joint in {"and", "or"} and not (between or (joint == "or" and (high == low + 1 or tens))):
        return None
    found = unit_after(text, match.end("second"), match["second"])
    if not found:
        return None
    low = share_scale(match["number"], match["second"], low, high)
    unit, factor, end = found
    falls = low > high
    if joint == "to" and (falls or _is_change(text, start)):
        return [
            amount_of(text, low * factor, None, None, unit, start, match.end("number")),
            amount_of(text, high * factor, None, None, unit, match.start("second"), end),
        ]
    if low >= high:
        return None
    return [amount_of(text, (low + high) / 2 * factor, low * factor, high * factor, unit, start, end)]

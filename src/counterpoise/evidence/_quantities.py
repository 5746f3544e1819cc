"""How much: numbers with a unit or a counted noun, in base units, with qualifier and range."""

from __future__ import annotations

import re
from collections.abc import Sequence

from counterpoise.evidence._amounts import Amount, amount_of
from counterpoise.evidence._elided import hurt, number_of_named, of_a_total, same_unit, were
from counterpoise.evidence._numbers import (
    CANDIDATE,
    CURRENCY,
    MONEY,
    NUMBER_WORDS,
    ORDINAL,
    PARTS,
    number_of,
    share_scale,
)
from counterpoise.evidence._units import per_what, unit_after

_BAD_BEFORE = re.compile(
    r"(?:\b(?:Article|Articles|Section|Resolution|Chapter|Figure|Table|Page|page|Protocol|No\.|Nos\.|number|Flight|"
    r"Boeing|Airbus|Group of|Channel|Title|Rule|Clause|Annex|Unit|Units|Phase|Round|Track|Top|top|Highway|Route|Item|"
    r"Vol\.|issue|aged?|Big|Covid|COVID|Chapter|Block|Sputnik|Tupolev|Patriot|point|Point) |[A-Za-z]-|#)$|\b[Oo]ne in $"
)
_BETWEEN = re.compile(r"\b[Bb]etween $")
_FROM = re.compile(r"\b[Ff]rom $")
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
        if found and not amounts and (same := same_unit(text, match, found[-1])):
            amounts = [same]
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
    ends = between or (link in {" to ", "-"} and first.unit != "times" and not _is_change(text, first.start))
    if not ends or first.unit != second.unit or first.low is not None or first.value >= second.value:
        return None
    middle = (first.value + second.value) / 2
    return amount_of(text, middle, first.value, second.value, first.unit, first.start, second.end)


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
    words = re.split(r"[ -]", (match["part"] or match["fraction"]).lower())
    if words[1:2] == ["in"]:
        share = 100 * NUMBER_WORDS[words[0]] / NUMBER_WORDS[words[2]]
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
        if high is not None and (tight or between) and (named or tight) and not _is_change(text, start):
            low = share_scale(match["paid"], raw, low, high)
            unit, end = per_what(text, unit, match.end())
            return [amount_of(text, (low + high) / 2, low, high, unit, start, end)]
    unit, end = per_what(text, unit, end)
    alone = [amount_of(text, low, None, None, unit, start, end)]
    if match["paidto"]:
        # "from $3.6 billion to $2 billion": two figures; the second is read on its own.
        rest = CANDIDATE.search(text, match.start("paidto"), match.end() + 30)
        alone += (_read(text, rest) or []) if rest else []
    return alone


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
    if value is None or ORDINAL.match(text, end):
        return None
    found = (
        unit_after(text, end, first, text[max(0, start - 9) : start])
        or hurt(text, start, end)
        or were(text, start, end)
        or number_of_named(text, start, end)
        or of_a_total(text, end)
    )
    alone = [amount_of(text, value * found[1], None, None, found[0], start, found[2])] if found else []
    if second:
        # "from 5 percent to 9 percent", "20 tanks and 30 guns": two quantities; the second is read on its own.
        rest = CANDIDATE.match(text, match.start("second"))
        alone += (_read(text, rest) or []) if rest else []
    return alone or None


def _range(text: str, match: re.Match[str]) -> list[Amount] | None:
    low, high = number_of(match["number"]), number_of(match["second"])
    start, joint = match.start("number"), match["to"].strip()
    if low is None or high is None or ORDINAL.match(text, match.end("second")):
        return None
    between = _BETWEEN.search(text[max(0, start - 9) : start]) is not None
    if joint in {"and", "or"} and not (between or (joint == "or" and high == low + 1)):
        return None
    found = unit_after(text, match.end("second"), match["second"])
    if not found:
        return None
    low = share_scale(match["number"], match["second"], low, high)
    unit, factor, end = found
    falls = low > high and _FROM.search(text[max(0, start - 6) : start]) is not None
    if joint == "to" and (falls or _is_change(text, start)):
        return [
            amount_of(text, low * factor, None, None, unit, start, match.end("number")),
            amount_of(text, high * factor, None, None, unit, match.start("second"), end),
        ]
    if low >= high:
        return None
    return [amount_of(text, (low + high) / 2 * factor, low * factor, high * factor, unit, start, end)]

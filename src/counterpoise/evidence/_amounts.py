"""A figure as read: value, range, base unit, qualifier, and the words that say what it is about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from counterpoise.evidence._tables import table, words

_STOP = words("ends a phrase")


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
def _qualifiers() -> tuple[re.Pattern[str], dict[str, str]]:
    known = {row["phrase"]: row["qualifier"] for row in table("qualifiers")}
    body = "|".join(re.escape(form).replace(r"\ ", " ") for form in sorted(known, key=len, reverse=True))
    return re.compile(rf"(?i)(?<!\w)(?P<word>{body}) (?:(?:a|an|the|another|total of|a total of|by) ?)?$"), known


def amount_of(
    text: str, value: float, low: float | None, high: float | None, unit: str, start: int, end: int
) -> Amount:
    """The figure at a place, its qualifier read before it and its subject after it."""
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

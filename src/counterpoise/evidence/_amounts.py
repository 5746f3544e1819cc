"""A figure as read: value, range, base unit, qualifier, and the words that say what it is about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from counterpoise.evidence._tables import table, words

_STOP = words("ends a phrase")
SIGNS = frozenset("~≈<>≤≥")
_LOOSELY = {
    "or more": "at least", "or higher": "at least", "+": "at least", "plus": "at least", "or less": "up to",
    "or fewer": "up to", "or so": "about", "odd": "about",
}  # fmt: skip
LOOSE = re.compile(r"(?P<loose>\+| or more| or higher| or less| or fewer| or so|-plus|-odd)(?!\w)")


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
def _qualifiers() -> tuple[re.Pattern[str], dict[str, str], frozenset[str]]:
    known = {row["phrase"]: row["qualifier"] for row in table("qualifiers")}
    body = "|".join(re.escape(form).replace(r"\ ", " ") for form in sorted(known, key=len, reverse=True))
    # A sign stands close to its number: "~40", ">5".
    joint = r"(?: (?:(?:a|an|the|another|total of|a total of|by) ?)?|(?<=[~≈<>≤≥]))"
    # Most numbers have none: the word before them tells at once.
    last = {form.rpartition(" ")[2].lower() for form in known} | {"a", "an", "the", "another", "of", "by"}
    return re.compile(rf"(?i)(?<!\w)(?P<word>{body}){joint}$"), known, frozenset(last)


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
    pattern, known, last = _qualifiers()
    before = text[max(0, start - 40) : start]
    beside = before.lower().split()
    likely = bool(beside) and (beside[-1].lstrip("(\"'[") in last or beside[-1][-1] in SIGNS)
    match = pattern.search(before) if likely else None
    if match:
        word = match["word"].lower()
        time = unit in {"years", "months", "weeks", "days", "hours"}
        lasting = re.search(r"(?:for|lasted|took|after|of|than|in)\s+$", before[: match.start()])
        if not (word == "over" and time and not lasting) and not _is_preposition(word, before[: match.start()], unit):
            return known[word]
    # "Five or more people" and "40+ trucks" carry it within, "$5 billion or less" after.
    after = LOOSE.search(text, start, end) or LOOSE.match(text, end)
    return _LOOSELY[after["loose"].strip(" -")] if after else None


# "Handed over four villages", "talks about two prisoners": the word belongs to what stands before.
_OVER = re.compile(
    r"(?:\b(?:hand|turn|pass|sign|carr|cross|fight|argu|quarrel|clash)\w*|t[ao]k(?:e|en|ing|es|eover)|took|fought|fl[ey]w?\w*|"
    r"all|spread|control|sovereignty|power|disputes?|conflicts?|talks|wars?|rows?|tensions?|concerns?|anger|protests?|spat|"
    r"jurisdiction|standoff|negotiations|differences|disagreements?|sanctions) $"
)
_CONCERNING = re.compile(
    r"(?i)\b(?:talk|spoke|speak|spoken|inform|question|ask|complain|worr|report|stor|know|tell|told|data|concern|film|news)"
    r"\w* $"
)
_PLACES = words("one is near them")
_UNDER = words("one is under them")


def _is_preposition(word: str, before: str, unit: str) -> bool:
    if word == "over":
        return _OVER.search(before) is not None
    if word == "about":
        return _CONCERNING.search(before) is not None
    if word == "under":
        return unit in _UNDER or re.search(r"\b(?:liv|lived|kept|held)\w* $", before) is not None
    return word == "near" and unit in _PLACES


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

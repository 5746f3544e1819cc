"""Where the clauses of a sentence begin and end, and which of them tell what did not happen."""

from __future__ import annotations

import re

from counterpoise.evidence._actors import Mention
from counterpoise.evidence._role_forms import AND_OTHER, ASIDE_OPEN, JOINT, VERB_NEXT
from counterpoise.evidence._tables import either
from counterpoise.evidence._text import Sentence
from counterpoise.evidence._triggers import Trigger

# "..., the White House announced Tuesday.": who tells it, not who does it.
_TELLER = re.compile(
    rf", (?:an? |the )?[^,;]{{0,70}}\b(?:{either('says')}|quoted|according to|revealed|confirmed)\b|"
    r",? according to\b"
)
_SUPPOSED_START = re.compile(r"(?i)(?:if|unless|whether|should) ")
_SUPPOSED = re.compile(r"(?i)\b(?:if|unless|whether|once|should) $")
# A clause that such a word opens ends at its comma.
_LEADING = re.compile(r"(?:When|Since|After|As|While|Although|Though|Because|Before|Once|Until) ")

Joint = tuple[int, int]


def joints_of(text: str, sentence: Sentence, triggers: list[Trigger], here: list[Mention]) -> tuple[list[Joint], int]:
    """The joints between the clauses of a sentence, and where its telling ends: `..., the ministry said`."""
    teller = _TELLER.search(text, sentence.start, sentence.end)
    stop = teller.start() if teller and teller.start() > triggers[0].start else sentence.end
    joints = [(match.start(), match.end()) for match in JOINT.finditer(text, sentence.start, stop)]
    return [joint for joint in joints if not _is_list(text, joint, joints, triggers, here)], stop


def clause_around(text: str, sentence: Sentence, trigger: Trigger, joints: list[Joint], stop: int) -> Joint:
    """Where the clause of an act begins and ends."""
    opened = max((end for _, end in joints if end <= trigger.start), default=sentence.start)
    closed = min(
        (
            begin
            for begin, end in joints
            if begin > trigger.end and is_break(text, begin, end) and text[begin:end] != ", whose "
        ),
        default=stop,
    )
    if _LEADING.match(text, sentence.start) and opened < sentence.start + 12:
        comma = text.find(", ", trigger.end, closed)
        closed = comma if comma >= 0 else closed
    quote = text.find(',"', trigger.end, closed)
    if quote >= 0 and text.count('"', sentence.start, trigger.start) % 2:
        # What follows a quotation tells who speaks.
        closed = quote
    return opened, closed


def _is_list(
    text: str, joint: tuple[int, int], joints: list[tuple[int, int]], triggers: list[Trigger], here: list[Mention]
) -> bool:
    """Whether `, and` joins two names rather than two clauses: no act stands between it and the joint before."""
    begin, end = joint
    if text[begin:end] != ", and ":
        return False
    if AND_OTHER.match(text, end):
        return True
    before = max((other for _, other in joints if other <= begin), default=0)
    if not any(before <= trigger.start < begin for trigger in triggers):
        return True
    two = [item for item in here if item.end <= begin][-2:]
    if len(two) == 2 and two[1].end == begin and text[two[0].end : two[1].start] in {", ", ", the "}:
        # "The leaders of Norway, Chad, and Mali signed": one list.
        return True
    following = next((item for item in here if end <= item.start < end + 24), None)
    goes_on = following is not None and VERB_NEXT.match(text, following.end) is None
    return goes_on and (
        any(item.end == begin for item in here) or ASIDE_OPEN.search(text, max(0, begin - 110), begin) is not None
    )


def supposed(text: str, first: int, opened: int) -> bool:
    """Whether a clause begins with `if` or the like: what stands in it did not happen."""
    return (
        _SUPPOSED.search(text[max(first, opened - 9) : opened]) is not None
        or _SUPPOSED_START.match(text, opened) is not None
    )


def is_break(text: str, begin: int, end: int) -> bool:
    """Whether a joint ends the reach of a verb; `that` and `said` do not, a new clause does."""
    return text[begin:end].strip(", ") not in {"that", "said", "says", "told", "reported", "announced", "if", "unless"}

"""What somebody says that others must do, or will suffer: demands and threats that only a modal verb tells."""

from __future__ import annotations

import re

from counterpoise.evidence._actors import Mention
from counterpoise.evidence._groups import code_of, subject_in, unique
from counterpoise.evidence._role_forms import SAYS_BEFORE, SPEAKS
from counterpoise.evidence._tables import either

_MUST = re.compile(r"\b(?:must|should)\b")
_TOLD = re.compile(
    rf"\b(?:{either('says', 'says of itself')}|saying|stating|warning|announcing|emphasi[sz]ed|stressing)\b"
)
# "Norway would have to reassess its ties with Chad", "Chad will face consequences": a threat by whoever says it.
_WOULD_HURT = re.compile(
    r"\b(?:would|could|will|may|might|can)\b(?: \w+ly| also| even)?(?: be| have to| have)?(?: \w+ly)? "
    r"(?:face|suffer|lose|impose|introduce|reimpose|suspend|revise|review|reassess|reconsider|consequences|"
    r"pay|compelled|forced|cost|lead to|result in|bring|entail)\b"
)
_HURT = re.compile(
    r"\b(?:consequences|sanctions|restrictions|limitations|retaliation|price|repercussions|tariffs|trouble|losses|"
    r"(?:financial|economic|serious) (?:problems|hardships?)|relations|relationship|ties|privileges|reassess)\b"
)
_RED_LINE = re.compile(r"\bred lines?\b")
# "In a telephone call with Norway's minister", "during his talks with the president of Chad".
_TALKS_WITH = re.compile(
    r"\b(?:[Ii]n|[Dd]uring|[Ff]ollowing|[Aa]fter) (?:an? |his |her |their |the )?(?:[a-z]+ ){0,3}?"
    r"(?:call|conversation|meeting|talks|negotiations|summit) with (?:the |his |her |its |their )?(?:[A-Za-z]+ ){0,3}$"
)
Told = list[tuple[str, str, str, int, int]]


def told(text: str, low: int, high: int, here: list[Mention]) -> Told:
    """Demands and threats of a sentence as kind, actor, target and place.

    `X said that Y must withdraw` and `Y should withdraw, X said` are demands of X on Y; `X said that Y would face
    consequences` is a threat.
    """
    must = _MUST.search(text, low, high)
    if must:
        return _between(text, (low, high), must, here, "REQUEST")
    line = _RED_LINE.search(text, low, high)
    if line:
        return _between(text, (low, high), line, here, "THREATEN")
    would = _WOULD_HURT.search(text, low, high)
    if would and _HURT.search(text, would.start(), min(high, would.end() + 90)):
        return _between(text, (low, high), would, here, "THREATEN")
    return []


def _between(text: str, bounds: tuple[int, int], modal: re.Match[str], here: list[Mention], kind: str) -> Told:
    low, high = bounds
    teller = _TOLD.search(text, low, modal.start())
    if teller:
        speakers = subject_in(text, low, [item for item in here if item.end <= teller.start()])
        addressed = subject_in(
            text, teller.end(), [item for item in here if teller.end() <= item.start < modal.start()]
        )
    else:
        later = [item for item in here if item.start > modal.end()]
        speakers = [
            item for item in later if SPEAKS.match(text, item.end) or SAYS_BEFORE.search(text, modal.end(), item.start)
        ][:1]
        addressed = subject_in(text, low, [item for item in here if item.end <= modal.start()])
    actors = unique(map(code_of, speakers))
    goals = [code for code in unique(map(code_of, addressed)) if code not in actors]
    if kind == "THREATEN" and not goals and actors:
        stop = high if teller else min([high, *(item.start for item in speakers)])
        goals = [code for item in here if low <= item.start < stop for code in [code_of(item)] if code not in actors][
            :1
        ]
        addressed = [item for item in here if code_of(item) in goals]
    if kind == "REQUEST" and teller and addressed and not goals:
        goals = actors
    return [(kind, actor, goal, modal.start(), modal.end()) for actor in actors for goal in goals if addressed]


def met(text: str, low: int, here: list[Mention], spoken_of: list[Mention]) -> list[tuple[str, str, int, int]]:
    """Talks told in passing, as actor, target and place: `in a call with Norway's minister, she ...`."""
    talks = None
    for item in here:
        if " with " not in text[max(low, item.start - 60) : item.start]:
            continue
        talks = _TALKS_WITH.search(text, max(low, item.start - 110), item.start)
        if talks:
            break
    if not talks:
        return []
    partner = code_of(item)
    free = subject_in(text, low, [other for other in here if code_of(other) != partner])
    actors = unique(map(code_of, free or [other for other in spoken_of if code_of(other) != partner]))
    return [(actors[0], partner, talks.start(), talks.end())] if actors else []

"""Acts told in the passive: who did it, if anybody is named, and who suffered it."""

from __future__ import annotations

import re
from functools import cache

from counterpoise.evidence._actors import Mention
from counterpoise.evidence._context import Context
from counterpoise.evidence._groups import code_of, group, last_pair, people_at, subject_in, unique
from counterpoise.evidence._role_forms import (
    AMONG,
    AT_HOME,
    AT_THE_FRONT,
    BETWEEN,
    BLOW,
    BLOW_BY,
    BROKERED,
    BY_COURT,
    COUNTED,
    IN_A_MOVE,
    IN_PLACE,
    INVERSE,
    MUTUAL,
    ON_WHOM,
    PRONOUN,
    SAID_THAT,
    SENT,
    SIGNED,
    STAGED,
    TAKEN_BEFORE,
    THE_MEN,
    TO,
)
from counterpoise.evidence._tables import cells, table, words
from counterpoise.evidence._text import Sentence
from counterpoise.evidence._triggers import Trigger

_SOMEBODY = words("somebody")


def undergone(
    text: str, sentence: Sentence, trigger: Trigger, clause: tuple[int, int], outer: list[Mention],
    after: list[Mention], subject: list[Mention], context: Context,
) -> tuple[list[Mention], list[Mention]]:  # fmt: skip
    """Doers and sufferers of an act told in the passive."""
    opened, closed = clause
    link = " from " if INVERSE.match(text, trigger.start) else " by "
    by = text.find(link, trigger.end, min(closed, trigger.end + 60))
    actors, targets = group(text, [mention for mention in after if by >= 0 and mention.start >= by]), subject
    if by >= 0 and not actors and context.home and people_at(text, by + 4):
        # "Cordoned off by police".
        return [context.home], [item for item in targets if opened <= item.start] or [context.home]
    if BROKERED.match(text, trigger.start):
        targets = last_pair(text, [item for item in outer if item.end <= trigger.start]) or targets or context.deal
    own = {code_of(item) for item in actors}
    if actors and TAKEN_BEFORE.search(text, max(sentence.start, trigger.start - 40), trigger.start):
        # "Backed this demand rejected by Norway": the demand of whoever spoke before.
        targets = [item for item in context.subject if code_of(item) not in own] or targets
    upon = [item for item in after if ON_WHOM.search(text, trigger.end, item.start) and code_of(item) not in own]
    if actors and upon and trigger.kind in {"SANCTION", "COERCE"}:
        # "Sanctions imposed by Norway on Chad".
        return actors, group(text, upon)
    if actors and IN_A_MOVE.search(text, max(sentence.start, trigger.start - 40), trigger.start):
        # "... in a move hailed by Norway": the move is that of the main clause.
        targets = subject_in(text, sentence.start, outer) or targets
    hurt = trigger.kind in {"ASSAULT", "COERCE"}
    if hurt and SAID_THAT.search(text, max(0, opened - 8), opened) and PRONOUN.match(text, opened):
        # "Sources in Norway said he was killed": the dead do not speak.
        targets = [item for item in context.subject if item not in actors] or targets
    elif hurt and context.hurt and THE_MEN.match(text, opened):
        targets = [item for item in context.hurt if item not in actors] or targets
    if not actors and hurt and not any(opened <= item.start < trigger.start for item in outer):
        # "Two cameras were destroyed, Norway said": things are nobody.
        targets = targets if of_people(text[opened : trigger.start]) else []
        where = next((item for item in after if IN_PLACE.fullmatch(text, trigger.end, item.start)), None)
        if targets and where and not PRONOUN.search(text, opened, trigger.start):
            # "Numerous journalists were detained in Norway".
            targets = [where]
        elif not targets and trigger.kind == "COERCE" and context.home and COUNTED.match(text, opened):
            # "Over 170 people have been detained".
            targets = [context.home]
    if not actors and trigger.kind == "ASSAULT":
        actors = _doer(text, trigger, [item for item in outer if item.start >= trigger.end])
        pronoun = PRONOUN.search(text, opened, trigger.start)
        targets = [item for item in targets if item not in actors] or (context.subject if pronoun else [])
    if actors and not targets and opened - sentence.start < 3:
        # "The decision was condemned by Norway": that of the state which the text is about.
        own = {code_of(item) for item in actors}
        fallback = [*context.subject, *([context.home] if context.home else [])]
        targets = [item for item in fallback if code_of(item) not in own][:1]
    return actors, targets


def of_people(words: str) -> bool:
    """Whether a subject without a name speaks of people, or of what belongs to somebody named before."""
    found = {word.lower() for word in re.findall(r"[A-Za-z]+", words)}
    return not found.isdisjoint(_people() | _SOMEBODY)


@cache
def _people() -> frozenset[str]:
    return frozenset(row["noun"].lower() for row in table("persons"))


def without_doer(
    text: str, sentence: Sentence, trigger: Trigger, after: list[Mention], targets: list[Mention], context: Context
) -> list[tuple[str | None, str | None]]:
    """A passive without `by`: `signed between the two` names both sides, a blow only who suffered it."""
    low, high = sentence.start, sentence.end
    linked = [n for n, item in enumerate(after) if BETWEEN.search(text[max(0, item.start - 12) : item.start])]
    first = linked[0] if linked else None
    sides = unique(map(code_of, group(text, after[first:]))) if first is not None else []
    if trigger.kind in MUTUAL and len(sides) > 1:
        return [(sides[0], side) for side in sides[1:]]
    buyers = [item for item in after if TO.search(text[max(0, item.start - 8) : item.start])]
    if buyers and context.topic and SENT.match(text, trigger.start):
        # "2 bcm of gas were exported to Norway": by the state that the text is about.
        return [(context.topic, code) for code in unique(map(code_of, buyers)) if code != context.topic]
    sufferers = unique(map(code_of, targets))
    if trigger.kind == "SUPPORT" and len(sufferers) > 1 and SIGNED.match(text, trigger.start):
        # "The Norway-Chad treaty was signed".
        return [(first, second) for n, first in enumerate(sufferers) for second in sufferers[n + 1 :]]
    if trigger.kind == "SUPPORT" and not sufferers and SIGNED.match(text, trigger.start):
        couple = unique(map(code_of, context.couple))
        return [(couple[0], couple[1])] if len(couple) == 2 else []
    if trigger.kind == "PROTEST":
        staged = [item for item in after if STAGED.search(text, trigger.end, item.start)]
        place = staged[0] if staged else context.home
        return [(code_of(place), code_of(place))] if place else []
    if trigger.kind == "COERCE" and targets and BY_COURT.match(text, trigger.start):
        return _held_by(text, low, trigger, after, targets, context)
    if trigger.kind in {"COERCE", "SANCTION"} and sufferers:
        by = next((item for item in after if IN_PLACE.fullmatch(text, trigger.end, item.start)), None)
        # "Norwegian fish was banned in Chad".
        return [(code_of(by), code) for code in sufferers] if by and code_of(by) not in sufferers else []
    if trigger.kind != "ASSAULT":
        return []
    pair = unique(map(code_of, context.couple))
    if sufferers and sufferers[0] in pair and AT_THE_FRONT.search(text, low, high):
        # "Two soldiers were killed": at the border of two states by the other one.
        return [(next(code for code in pair if code != sufferers[0]), sufferers[0])] if len(pair) > 1 else []
    if sufferers and AT_HOME.search(text, max(low, trigger.start - 60), trigger.start):
        # "Several protesters were injured": at home.
        return [(sufferers[0], sufferers[0])]
    return [(None, code) for code in sufferers[:1]]


def _held_by(
    text: str, low: int, trigger: Trigger, after: list[Mention], targets: list[Mention], context: Context
) -> list[tuple[str | None, str | None]]:
    """Who arrested or tried somebody where nobody says so: the state of the place, of the text, or their own."""
    sufferers = unique(map(code_of, targets))
    where = [item for item in after[:2] if IN_PLACE.search(text, max(0, item.start - 8), item.start)]
    # "Two Norwegians were among those held at protests in Chad": by those whose town it is.
    if where and not trigger.whole and not AMONG.search(text, low, trigger.start):
        return [(code_of(where[0]), code_of(where[0]))]
    if not where and context.home and code_of(context.home) in sufferers:
        return [(code_of(context.home), code_of(context.home))]
    return [(code_of((where or targets)[0]), code) for code in (sufferers if where else sufferers[:1])]


def _doer(text: str, trigger: Trigger, after: list[Mention]) -> list[Mention]:
    """Who struck, where the blow is told in the passive and the doer in what follows."""
    first = after[:1]
    close = bool(first) and first[0].start - trigger.end < 60
    named = close and BLOW_BY.search(text, trigger.end, first[0].start) and BLOW.match(text, first[0].end)
    return first if named else []


@cache
def _places() -> tuple[re.Pattern[str], dict[str, str]]:
    known = {name: row["state"] for row in table("places") for name in cells(row["places"])}
    body = "|".join(re.escape(name) for name in sorted(known, key=len, reverse=True))
    return re.compile(rf"(?<![\w-])(?:{body})(?![\w])"), known


def place_in(text: str, start: int, end: int) -> str | None:
    """The state of the first town of `tables/places.csv` in a stretch of text; towns are no actors, only where."""
    pattern, known = _places()
    match = pattern.search(text, start, end)
    return known[match.group()] if match else None

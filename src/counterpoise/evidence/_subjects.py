"""Who acts: the name, the couple or the party of an earlier sentence that is the subject of a verb."""

from __future__ import annotations

from counterpoise.evidence._actors import Mention
from counterpoise.evidence._context import Context
from counterpoise.evidence._groups import last_pair, subject_in
from counterpoise.evidence._role_forms import (
    AND_LAST,
    AT_HOME,
    HE_AND,
    IN_PLACE,
    JOINT,
    NEAR_RELATIVE,
    OPENING,
    PLURAL_LAST,
    PRONOUN,
    QUOTED_THEY,
    RELATIVE,
    RESUMED,
    SPEAKS,
    THE_COUNCIL,
    THEY,
    TRAILING,
    TWO,
)
from counterpoise.evidence._text import Sentence
from counterpoise.evidence._triggers import Trigger


def subject_of(
    text: str, sentence: Sentence, opened: int, trigger: Trigger, here: list[Mention], context: Context
) -> list[Mention]:
    """The subject of an act in the clause that begins at `opened`; empty when nothing tells it."""
    stop, passive = trigger.start, trigger.passive
    opening = OPENING.match(text, sentence.start, stop) if opened == sentence.start else None
    if opening and any(opening.end() <= item.start < stop for item in here):
        opened = opening.end()
    inside = [mention for mention in here if opened <= mention.start < stop]
    if trigger.also and len(inside) == 1 and AND_LAST.fullmatch(text, inside[0].end, stop):
        # "He insisted that the alliance did not leave Chad and criticised Mali": the main subject goes on.
        main = subject_in(text, sentence.start, [item for item in here if item.start < inside[0].start])
        if main:
            return main
        if context.subject and PRONOUN.search(text, sentence.start, inside[0].start):
            return context.subject
    relative = RELATIVE.search(text[max(0, opened - 9) : opened]) is not None
    if relative and text[stop - 2 : stop] == ", ":
        # "Norway, which had left the talks, sent an envoy": after the side clause the main subject acts.
        main = subject_in(text, sentence.start, [mention for mention in here if mention.start < opened])
        if main:
            return main
        if context.home and AT_HOME.search(text[sentence.start : sentence.start + 40]):
            return [context.home]
    if not passive and RESUMED.search(text, max(sentence.start, stop - 24), stop):
        # "Norway and Chad, at odds since Mali fell, have suspended talks".
        main = subject_in(text, sentence.start, [mention for mention in here if mention.end < stop - 1])
        if main:
            return main
    if TWO.match(text, opened) and len(context.couple) > 1:
        return context.couple
    if context.bloc and THE_COUNCIL.search(text, opened, stop) and not inside:
        return [context.bloc]
    if context.accused and opened <= sentence.start + 2 and QUOTED_THEY.match(text, sentence.start):
        return context.accused
    if trigger.trails and TRAILING.search(text, max(sentence.start, stop - 24), stop):
        main = subject_in(text, sentence.start, [item for item in here if item.end < stop])
        if main:
            return main
    found = subject_in(text, opened, inside)
    last = inside[-1] if inside else None
    if found and last and last not in found and last.sort == "holder" and text[last.end : stop] in {" ", ", "}:
        # "At the invitation of Norway's minister, the president of Chad, Jane Doe, paid a visit".
        return [last]
    if found:
        if HE_AND.search(text, max(opened, found[0].start - 40), found[0].start):
            other = [mention for mention in here if mention.start < opened][:1] or context.subject
            return [*other, *found]
        return found
    earlier = [mention for mention in here if mention.start < opened]
    if earlier and relative:
        near = opened - earlier[-1].end < NEAR_RELATIVE
        return [earlier[-1]] if near or not PLURAL_LAST.search(text, earlier[-1].end, opened) else []
    if earlier:
        if THEY.match(text, opened) and (couple := last_pair(text, earlier)):
            return couple
        speakers = [item for item in earlier if SPEAKS.match(text, item.end)]
        if speakers and not passive and PRONOUN.match(text, opened):
            return [speakers[-1]]
        joints = [match.end() for match in JOINT.finditer(text, sentence.start, opened - 1)]
        for begin in [*reversed(joints), sentence.start]:
            found = subject_in(text, begin, [mention for mention in earlier if mention.start >= begin])
            if found:
                return found
        return [earlier[0]]
    if TWO.search(text, opened, stop) and context.couple:
        return context.couple
    if context.home and AT_HOME.search(text[opened:stop]):
        # "Protesters stormed the parliament in Oslo": those of that place.
        staged = (item for item in here if IN_PLACE.search(text, max(sentence.start, item.start - 8), item.start))
        return [next(staged, context.home)]
    if len(context.couple) > 1 and len(context.subject) < 2 and THEY.match(text, opened):
        return context.couple
    if PRONOUN.search(text, opened, stop) and context.subject:
        return context.subject
    return inside[:1]

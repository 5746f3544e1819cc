"""Who acts: the name, the couple or the party of an earlier sentence that is the subject of a verb."""

from __future__ import annotations

from counterpoise.evidence._actors import Mention
from counterpoise.evidence._context import Context
from counterpoise.evidence._groups import governed, group, last_pair, people_at, subject_in
from counterpoise.evidence._role_forms import (
    ADDRESSED,
    AND_LAST,
    AT_HOME,
    BESIDE,
    HE_AND,
    HOME_TARGET,
    IN_PLACE,
    JOINT,
    LISTED,
    NEAR_RELATIVE,
    OPENING,
    OTHER_SUBJECT,
    OWN_SUBJECT,
    PLURAL_LAST,
    PRONOUN,
    QUOTED_THEY,
    RELATIVE,
    RESUMED,
    SAYS_BEFORE,
    SIDE_CLAUSE,
    SIDE_OPENED,
    SPEAKS,
    THE_COUNCIL,
    THEY,
    THEY_OR_HE,
    TRAILING,
    TWO,
    WE,
    WITHIN,
)
from counterpoise.evidence._text import Sentence
from counterpoise.evidence._triggers import Trigger


def subject_of(
    text: str, sentence: Sentence, opened: int, trigger: Trigger, here: list[Mention], context: Context
) -> list[Mention]:
    """The subject of an act in the clause that begins at `opened`; empty when nothing tells it."""
    stop = trigger.start
    begin = max(sentence.start, text.rfind("; ", sentence.start, opened) + 1)
    opening = OPENING.match(text, begin, stop)
    if opening and opened < opening.end() and context.home and people_at(text, opening.end()):
        return _of_the_place(text, sentence, here, context.home)
    opened = _after_side_clauses(text, (begin, opened, stop), here, opening.end() if opening else -1)
    inside = [mention for mention in here if opened <= mention.start < stop]
    return (
        _goes_on(text, sentence, (begin, opened), trigger, here, inside, context)
        or _spoken_of(text, sentence, opened, trigger, here, inside, context)
        or _in_clause(text, opened, trigger, here, inside, context)
        or _outside(text, sentence, opened, trigger, here, inside, context)
    )


def _after_side_clauses(text: str, places: tuple[int, int, int], here: list[Mention], opening: int) -> int:
    """Where the clause of the act begins once an opening or a side clause before its subject is left out."""
    begin, opened, stop = places
    if opened < opening and any(opening <= item.start < stop for item in here):
        opened = opening
    side = SIDE_CLAUSE.match(text, opened, stop) if SIDE_OPENED.search(text, max(begin, opened - 9), opened) else None
    if side and any(side.end() == item.start and not LISTED.match(text, item.end) for item in here):
        return side.end()
    return opened


def _goes_on(
    text: str, sentence: Sentence, clause: tuple[int, int], trigger: Trigger, here: list[Mention],
    inside: list[Mention], context: Context,
) -> list[Mention]:  # fmt: skip
    """The main subject, where the verb goes on with it after `and`, after a side clause or as a participle."""
    begin, opened = clause
    stop = trigger.start
    if trigger.also and len(inside) == 1 and AND_LAST.fullmatch(text, inside[0].end, stop):
        # "He insisted that the alliance did not leave Chad and criticised Mali": the main subject goes on.
        main = subject_in(text, sentence.start, [item for item in here if item.start < inside[0].start])
        if main:
            return main
        if context.subject and PRONOUN.search(text, sentence.start, inside[0].start):
            return context.subject
    if RELATIVE.search(text[max(0, opened - 9) : opened]) and text[stop - 2 : stop] == ", ":
        # "Norway, which had left the talks, sent an envoy": after the side clause the main subject acts.
        main = subject_in(text, sentence.start, [mention for mention in here if mention.start < opened])
        if main:
            return main
        if context.home and AT_HOME.search(text[sentence.start : sentence.start + 40]):
            return [context.home]
        if TWO.match(text, sentence.start) and len(context.couple) > 1:
            return context.couple
    if not trigger.passive and RESUMED.search(text, max(sentence.start, stop - 24), stop):
        # "Norway and Chad, at odds since Mali fell, have suspended talks".
        main = subject_in(text, begin, [mention for mention in here if begin <= mention.start < mention.end < stop - 1])
        if main:
            return main
        if context.home and opened == sentence.start and people_at(text, opened):
            return [context.home]
    return []


def _spoken_of(
    text: str, sentence: Sentence, opened: int, trigger: Trigger, here: list[Mention], inside: list[Mention],
    context: Context,
) -> list[Mention]:  # fmt: skip
    """The couple, the council or the speaker that the clause names only by `the two`, `the council` or `we`."""
    stop = trigger.start
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
    return _speaker(text, stop, here) if WE.search(text, opened, stop) else []


def _in_clause(
    text: str, opened: int, trigger: Trigger, here: list[Mention], inside: list[Mention], context: Context
) -> list[Mention]:
    """The name within the clause that acts: the free one beside the verb, else the first free one."""
    stop = trigger.start
    last = inside[-1] if inside else None
    named = last if text.startswith("ing", trigger.end - 3) else None
    if named and not text[named.end : stop].strip() and not text[: named.start].endswith((" to ", " to the ")):
        # "In the face of Norway promising aid".
        return [named]
    if last and BESIDE.fullmatch(text, last.end, stop):
        # The free name right before the verb, with those coupled to it.
        free = [n for n, item in enumerate(inside) if not governed(text, max(opened, item.start - 40), item.start)]
        couple = next((names for n in free for names in [group(text, inside[n:])] if last in names), None)
        if couple:
            return couple
    found = subject_in(text, opened, inside)
    if found and last and last not in found and last.sort == "holder" and text[last.end : stop] in {" ", ", "}:
        # "At the invitation of Norway's minister, the president of Chad, Jane Doe, paid a visit".
        return [last]
    if found and HE_AND.search(text, max(opened, found[0].start - 40), found[0].start):
        other = [mention for mention in here if mention.start < opened][:1] or context.subject
        return [*other, *found]
    return found


def _outside(
    text: str, sentence: Sentence, opened: int, trigger: Trigger, here: list[Mention], inside: list[Mention],
    context: Context,
) -> list[Mention]:  # fmt: skip
    """Who acts in a clause without a free name: a party named before it, at home, or in the sentences before."""
    stop = trigger.start
    earlier = [mention for mention in here if mention.start < opened]
    if earlier and RELATIVE.search(text[max(0, opened - 9) : opened]):
        if THEY_OR_HE.match(text, opened):
            # "Norway's minister held talks, during which he praised Chad".
            return _earlier_subject(text, sentence, opened, trigger, earlier, context)
        if TWO.match(text, opened) or OWN_SUBJECT.match(text, opened):
            # "In Norway, where the envoys agreed": those within the clause, and not the place.
            return context.couple if TWO.match(text, opened) else _anaphor(text, opened, stop, context)
        near = opened - earlier[-1].end < NEAR_RELATIVE
        return [earlier[-1]] if near or not PLURAL_LAST.search(text, earlier[-1].end, opened) else []
    if earlier:
        return _earlier_subject(text, sentence, opened, trigger, earlier, context)
    if TWO.search(text, opened, stop) and context.couple:
        return context.couple
    if context.home and AT_HOME.search(text[opened:stop]):
        return _of_the_place(text, sentence, here, context.home)
    if len(context.couple) > 1 and len(context.subject) < 2 and THEY.match(text, opened):
        return context.couple
    # "The status quo in Norway offered them a chance": a place does not act.
    only = [item for item in inside[:1] if not WITHIN.search(text, opened, item.start)]
    found = _anaphor(text, opened, stop, context) or only
    if not found and context.home and trigger.kind in ADDRESSED and OTHER_SUBJECT.match(text, opened, stop):
        # "Members of the Guild accused the government".
        return [context.home] if HOME_TARGET.search(text, stop, stop + 80) else []
    return found


def _earlier_subject(
    text: str, sentence: Sentence, opened: int, trigger: Trigger, earlier: list[Mention], context: Context
) -> list[Mention]:
    """The party of a clause before, for a clause that has no name of its own."""
    if THEY.match(text, opened) and (couple := last_pair(text, earlier)):
        return couple
    speakers = [item for item in earlier if SPEAKS.match(text, item.end)]
    pronoun = PRONOUN.match(text, opened)
    if speakers and not trigger.passive and pronoun:
        return [speakers[-1]]
    if not trigger.passive and not pronoun and OTHER_SUBJECT.match(text, opened, trigger.start):
        # "When the church called for it": somebody whom no table knows, at home.
        return [context.home] if context.home and trigger.kind in ADDRESSED else []
    joints = [match.end() for match in JOINT.finditer(text, sentence.start, opened - 1)]
    for begin in [*reversed(joints), sentence.start]:
        found = subject_in(text, begin, [mention for mention in earlier if mention.start >= begin])
        if found:
            return found
    return [earlier[0]]


def _of_the_place(text: str, sentence: Sentence, here: list[Mention], home: Mention) -> list[Mention]:
    """`Protesters stormed the parliament in Oslo`: those of that place, else those of the state of the text."""
    staged = (item for item in here if IN_PLACE.search(text, max(sentence.start, item.start - 8), item.start))
    return [next(staged, home)]


def _speaker(text: str, stop: int, here: list[Mention]) -> list[Mention]:
    """Who says `we` in a quotation: the name beside the word that tells it."""
    later = (item for item in here if item.start > stop)
    return [item for item in later if SPEAKS.match(text, item.end) or SAYS_BEFORE.search(text, stop, item.start)][:1]


def _anaphor(text: str, opened: int, stop: int, context: Context) -> list[Mention]:
    """Whom a pronoun or `the ministry` takes up."""
    return context.subject if PRONOUN.search(text, opened, stop) else []

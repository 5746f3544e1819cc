"""Who did it and to whom: subject, target and their couples, read from the names around a verb."""

from __future__ import annotations

import re

from counterpoise.evidence._actors import Mention
from counterpoise.evidence._context import Context
from counterpoise.evidence._groups import code_of, group, subject_ends, subject_in, unique
from counterpoise.evidence._passive import place_in, undergone, without_doer
from counterpoise.evidence._role_forms import (
    ADDRESSED,
    AGAINST,
    APOLOGY,
    AT_A_PLACE,
    BETWEEN,
    BROKERED,
    EACH_OTHER,
    FIGHTS,
    HIM,
    HOME_TARGET,
    INNER,
    IT,
    ITS_OWN,
    LIFTED,
    MUTUAL,
    NEVER_ALONE,
    ON_MARGINS,
    OVER,
    SIGNED,
    STAGE,
    TAKEN_UP,
    THE_BLOC,
    THE_DEAL,
    THEIR_TALKS,
    TO_PLACE,
    TWO,
    VERB_NEXT,
    WHICH,
    WITH,
    WORRIED,
)
from counterpoise.evidence._subjects import subject_of
from counterpoise.evidence._text import Sentence
from counterpoise.evidence._triggers import Trigger

_FAR_OBJECT = 30
Pairs = list[tuple[str | None, str | None]]


def roles(
    text: str, sentence: Sentence, trigger: Trigger, clause: tuple[int, int], here: list[Mention], context: Context
) -> Pairs:
    """Actor and target of an act, once for every pair of parties."""
    opened, closed = clause
    outer = _outside_dashes(text, sentence, trigger.start, here)
    subject = subject_of(text, sentence, opened, trigger, outer, context)
    after = _until_next_subject(text, [item for item in outer if trigger.end <= item.start < closed])
    if trigger.passive:
        actors, targets = undergone(text, sentence, trigger, clause, outer, after, subject, context)
        if not actors:
            return without_doer(text, sentence, trigger, after, targets, context)
    else:
        actors, targets = _active(text, sentence, trigger, closed, outer, after, subject, context)
    codes = unique(code_of(mention) for mention in actors)
    if len(codes) > 1 and EACH_OTHER.search(text, trigger.end, closed):
        others = [goal for goal in unique(map(code_of, targets)) if goal not in codes]
        among = _every_pair(codes, both_ways=trigger.kind not in MUTUAL)
        return [*among, *((actor, goal) for actor in codes for goal in others if trigger.kind in MUTUAL)]
    if not targets and actors and trigger.kind in ADDRESSED:
        own = {code_of(actor) for actor in actors}
        if TAKEN_UP.match(text, trigger.end) or HIM.match(text, trigger.end):
            targets = [item for item in context.subject if code_of(item) not in own]
            if not targets and context.home and code_of(context.home) not in own:
                targets = [context.home]
        elif HOME_TARGET.search(text, trigger.end, closed):
            return [(code, code) for code in unique(map(code_of, actors))]
    if trigger.kind == "SUPPORT" and actors and THE_DEAL.match(text, trigger.end):
        deal = [item for item in context.deal if code_of(item) not in codes]
        targets = targets or deal
    if not targets and actors:
        targets = _unnamed(text, trigger, closed, codes, context)
    goals = unique(code_of(mention) for mention in targets)
    if not goals and actors and trigger.kind in AT_A_PLACE:
        goals = [code for code in [place_in(text, trigger.end, closed)] if code]
    if not codes:
        # "Islamists continued their hunger strike": whoever they are, they act within the state that is named.
        return [(goals[0], goals[0])] if goals and trigger.kind in {"PROTEST", "CONCEDE"} else []
    if actors is context.couple and any(goal in codes for goal in goals) and len(codes) > 1:
        codes = [code for code in codes if code not in goals] or codes
    others = [goal for goal in goals if goal not in codes]
    if BROKERED.match(text, trigger.start) and len(others) >= 2:
        return [(actor, goal) for actor in codes for goal in others]
    if not others:
        return _without_target(text, trigger, closed, here, after, actors, goals, context)
    return [(actor, goal) for actor in codes for goal in others]


def _active(
    text: str, sentence: Sentence, trigger: Trigger, closed: int, outer: list[Mention], after: list[Mention],
    subject: list[Mention], context: Context,
) -> tuple[list[Mention], list[Mention]]:  # fmt: skip
    """Doers and targets of an act told in the active."""
    last = subject[-1] if subject else None
    if trigger.kind == "CONSULT" and last and last.sort == "demonym" and last.text.endswith("s"):
        # "Norwegians travelling to Chad" are no visit of Norway.
        return [], []
    actors = subject
    # "They accused Norway": of the two named before, the one that is not accused.
    either = actors is context.couple and trigger.kind not in MUTUAL
    targets = _targets(text, trigger, after, [] if either else actors)
    if trigger.also and not targets and after and code_of(after[0]) in set(map(code_of, actors)):
        # "... entered the waters of Chad and urged Norway": who speaks is the subject of the sentence.
        main = subject_in(text, sentence.start, [item for item in outer if item.end < trigger.start])
        if main and code_of(main[0]) != code_of(after[0]):
            actors, targets = main, _targets(text, trigger, after, main)
    if trigger.kind in AT_A_PLACE and ITS_OWN.match(text, trigger.end):
        owners = [*subject_in(text, sentence.start, outer), *context.subject]
        targets = [item for item in owners if code_of(item) not in set(map(code_of, actors))][:1] or targets
    if (TWO.match(text, trigger.end + 1) or THEIR_TALKS.match(text, trigger.end)) and context.couple:
        return actors, context.couple
    if trigger.kind in ADDRESSED and IT.match(text, trigger.end):
        return actors, []
    if not targets and len(set(map(code_of, actors))) < 2 and TWO.search(text, trigger.end, closed):
        targets = context.couple
    return actors, targets


def _every_pair(codes: list[str], *, both_ways: bool) -> Pairs:
    pairs: Pairs = [(codes[low], codes[high]) for low in range(len(codes)) for high in range(low + 1, len(codes))]
    return [*pairs, *((second, first) for first, second in pairs)] if both_ways else pairs


def _without_target(
    text: str, trigger: Trigger, closed: int, here: list[Mention], after: list[Mention], actors: list[Mention],
    goals: list[str], context: Context,
) -> Pairs:  # fmt: skip
    """An act whose target no name tells: the parties among themselves, whoever is addressed, or the state itself."""
    codes = unique(map(code_of, actors))
    if len(codes) > 1 and (trigger.kind in MUTUAL | {"SANCTION"} or FIGHTS.match(text, trigger.start)):
        return _every_pair(codes, both_ways=False)
    lifted = trigger.kind in {"CONCEDE", "RETREAT"} and LIFTED.match(text[trigger.end : closed])
    inner = all(INNER.match(text, item.end) for item in actors) or (bool(after) and code_of(after[0]) in codes)
    if trigger.kind == "SUPPORT" and APOLOGY.match(text, trigger.start):
        return [(code, goal) for code in codes for goal in _addressed(text, trigger, here, codes, context)]
    if trigger.kind == "SUPPORT" and context.topic and context.topic not in codes and SIGNED.match(text, trigger.start):
        # "The plant and the Norwegian firm signed an agreement": with the state that the text is about.
        return [(code, context.topic) for code in codes]
    asked = (trigger.kind in ADDRESSED or lifted) and not goals and not inner
    spoken = _addressed(text, trigger, here, codes, context) if asked else []
    if spoken:
        return [(code, goal) for code in codes for goal in spoken]
    if trigger.future and not any(code_of(item) in codes for item in after):
        return []
    if (
        trigger.kind == "THREATEN"
        and text.startswith("warn", trigger.start)
        and not HOME_TARGET.search(text, trigger.end, closed)
    ):
        return []
    if all(item.sort == "bloc" for item in actors):
        # "NATO has sent in reinforcements": to the state that the text speaks of.
        where = context.home if trigger.kind in {"MOBILIZE", "AID"} else None
        return [(code, code_of(where)) for code in codes] if where and not goals else []
    return [] if trigger.kind in NEVER_ALONE or trigger.passive else [(code, code) for code in codes]


def _unnamed(text: str, trigger: Trigger, closed: int, codes: list[str], context: Context) -> list[Mention]:
    """Who is meant where none is named: `the bloc` is the last one, and old foes or partners deal with each other."""
    if context.bloc and THE_BLOC.match(text, trigger.end):
        return [context.bloc]
    if trigger.kind == "SUPPORT" and TAKEN_UP.match(text, trigger.end):
        return [item for item in context.subject if code_of(item) not in codes]
    couple = context.couple
    if trigger.kind == "ASSAULT" and context.foes and codes[:1] in [[code_of(item)] for item in context.foes]:
        couple = context.foes
    pair = unique(map(code_of, couple))
    paired = trigger.kind in {"ASSAULT", "AGREE"} and len(codes) == 1 and len(pair) == 2 and codes[0] in pair
    elsewhere = place_in(text, trigger.end, closed) or HOME_TARGET.search(text, trigger.end, closed)
    if paired and not elsewhere:
        return [item for item in couple if code_of(item) != codes[0]][:1]
    return []


def _until_next_subject(text: str, after: list[Mention]) -> list[Mention]:
    """The names up to one that begins a new clause of its own: `... and Slovakia may do the same`."""
    for index, mention in enumerate(after):
        if text[mention.start - 5 : mention.start].endswith("and ") and VERB_NEXT.match(text, mention.end):
            return after[:index]
    return after


def _addressed(text: str, trigger: Trigger, here: list[Mention], codes: list[str], context: Context) -> list[str]:
    """The nearest other party before a refusal, a demand or a reproach that names none after it."""
    before = [mention for mention in here if mention.start < trigger.start and code_of(mention) not in codes]
    nearest = before[-1] if before else None
    if nearest and WHICH.match(text, nearest.end):
        # "... through Norway, which Chad has demanded".
        return [code_of(nearest)]
    free = subject_ends(text, before)
    best = [mention for mention in before if mention.end in free] or before
    if not best and trigger.kind != "AGREE":
        if context.topic and context.topic not in codes:
            return [context.topic]
        best = [mention for mention in context.subject if code_of(mention) not in codes][:1]
        if not best and trigger.kind in {"THREATEN", "ACCUSE"}:
            # "warned of it, saying that Norwegian firms ...": whom it concerns comes after.
            best = [mention for mention in here if mention.start > trigger.end and code_of(mention) not in codes][:1]
    coupled = [item for item in group(text, subject_in(text, 0, before)) if item in best] if best else []
    return unique(map(code_of, coupled if best and best[-1] in coupled else best[-1:]))


def _outside_dashes(text: str, sentence: Sentence, position: int, here: list[Mention]) -> list[Mention]:
    """The mentions but those in a stretch between dashes that the position itself lies outside of."""
    marks = [match.start() for match in re.finditer(r"[\u2014\u2015]| - ", text[sentence.start : sentence.end])]
    if len(marks) < 2:
        return here
    low, high = sentence.start + marks[0], sentence.start + marks[1]
    if low < position < high:
        return here
    return [mention for mention in here if not low < mention.start < high]


def _targets(text: str, trigger: Trigger, after: list[Mention], actors: list[Mention]) -> list[Mention]:
    own = {code_of(mention) for mention in actors}
    rest = [mention for mention in after if code_of(mention) not in own]
    links = {"CONSULT": (BETWEEN, WITH), "COOPERATE": (BETWEEN, WITH), "SANCTION": (AGAINST,)}
    for link in links.get(trigger.kind, ()):
        for index, item in enumerate(rest):
            if link.search(text[max(0, item.start - 30) : item.start]):
                return group(text, rest[index:])
    if TO_PLACE.match(text, trigger.start) and rest:
        return group(text, rest)
    over = (
        rest[:1] and FIGHTS.match(text, trigger.start) and OVER.search(text, max(0, rest[0].start - 12), rest[0].start)
    )
    if over and len(own) > 1:
        return []
    if (
        rest
        and trigger.kind not in MUTUAL
        and not WORRIED.match(text, trigger.start)
        and BETWEEN.search(text[max(0, rest[0].start - 30) : rest[0].start])
    ):
        # "Condemned the clashes between Norway and Chad": neither is addressed.
        sides = group(text, rest)
        rest = [item for item in rest if item not in sides]
    rest = [item for item in rest if not ON_MARGINS.search(text[max(0, item.start - 40) : item.start])]
    if trigger.kind in MUTUAL and len(own) > 1 and rest and rest[0].start - trigger.end > _FAR_OBJECT:
        # "Norway and Chad signed a treaty on the region of Mali": each other, not whoever is named far behind.
        return []
    while rest and STAGE.search(text[max(0, rest[0].start - 12) : rest[0].start]):
        # "To consumers in Norway, Chad and Mali": a list is staged as a whole.
        here = group(text, rest)
        if len(here) == len(rest):
            return [] if trigger.kind in MUTUAL and len(own) > 1 else here
        later = [item for item in rest if item not in here]
        if all(STAGE.search(text[max(0, item.start - 12) : item.start]) for item in later):
            return [] if trigger.kind in MUTUAL and len(own) > 1 else here
        rest = later
    return group(text, rest)

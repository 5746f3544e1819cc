"""Who did it and to whom: subject, target and their couples, read from the names around a verb."""

from __future__ import annotations

import re

from counterpoise.evidence._actors import Mention
from counterpoise.evidence._context import Context
from counterpoise.evidence._groups import code_of, group, subject_ends, subject_in, unique
from counterpoise.evidence._passive import of_people, place_in, undergone, without_doer
from counterpoise.evidence._role_forms import (
    ABOUT,
    ADDRESSED,
    AFTER_TAKEN,
    AGAINST,
    ANNOUNCED,
    APOLOGY,
    AT_A_PLACE,
    AT_HOME,
    AT_THE_BORDER,
    BETWEEN,
    BETWEEN_THEM,
    BORDERS,
    BROKERED,
    DEALT,
    EACH_OTHER,
    FIGHTS,
    FROM,
    HELD,
    HIM,
    HOME_LAW,
    HOME_TARGET,
    INNER,
    IT,
    ITS_OWN,
    LIFTED,
    MEMBER_IN,
    MUTUAL,
    NEVER,
    NEVER_ALONE,
    ON_BEHALF,
    ON_MARGINS,
    OVER,
    PRAISE,
    SIGNED,
    STAGE,
    STANCE,
    TAKEN_UP,
    THE_BLOC,
    THE_DEAL,
    THEIR_TALKS,
    THING,
    TO_PLACE,
    TWO,
    VERB_NEXT,
    WHICH,
    WITH,
    WITHIN,
    WORRIED,
    YIELDED,
)
from counterpoise.evidence._subjects import subject_of
from counterpoise.evidence._text import Sentence
from counterpoise.evidence._triggers import Trigger

_FAR_OBJECT, _NEXT = 30, 5
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
    if any(THING.match(text, item.end, trigger.start) for item in actors if item.end < trigger.start):
        # "The treaty between them, and Norway's mandate, call for it": what a state has does not act.
        return []
    codes = unique(code_of(mention) for mention in actors)
    if (
        trigger.passive
        and trigger.kind not in MUTUAL
        and context.home in actors
        and set(map(code_of, targets)) <= set(codes)
    ):
        # "Accused by opposition politicians".
        return [(code, code) for code in codes]
    if len(codes) > 1 and EACH_OTHER.search(text, trigger.end, closed):
        others = [goal for goal in unique(map(code_of, targets)) if goal not in codes]
        among = _every_pair(codes, both_ways=trigger.kind not in MUTUAL)
        return [*among, *((actor, goal) for actor in codes for goal in others if trigger.kind in MUTUAL)]
    if not targets and actors and trigger.kind in ADDRESSED:
        own = {code_of(actor) for actor in actors}
        if HOME_LAW.match(text, trigger.end) and context.home and code_of(context.home) in own:
            return [(code, code) for code in unique(map(code_of, actors))]
        if TAKEN_UP.match(text, trigger.end) or HIM.match(text, trigger.end):
            targets = [item for item in context.subject if code_of(item) not in own]
            if not targets and context.home and code_of(context.home) not in own:
                targets = [context.home]
        elif HOME_TARGET.search(text, trigger.end, closed):
            return _at_home(text, actors, context)
    if trigger.kind == "SUPPORT" and actors and THE_DEAL.match(text, trigger.end):
        deal = [item for item in context.deal if code_of(item) not in codes]
        targets = targets or deal
    if not targets and actors and not STANCE.match(text, trigger.start):
        targets = _unnamed(text, trigger, closed, codes, context)
    goals = unique(code_of(mention) for mention in targets)
    if not goals and actors and trigger.kind in AT_A_PLACE:
        goals = [code for code in [place_in(text, trigger.end, closed)] if code]
    if not codes and context.home and trigger.kind == "PROTEST":
        # "The crowd blocked the bridge".
        return [(code_of(context.home), code_of(context.home))]
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
    if context.bloc and THE_BLOC.match(text, trigger.end) and code_of(context.bloc) not in set(map(code_of, actors)):
        return actors, [context.bloc]
    taken = TAKEN_UP.match(text, trigger.end) if trigger.kind in {"SUPPORT", "REJECT"} else None
    if taken and not trigger.also and AFTER_TAKEN.match(text, taken.end()) and len(context.subject) == 1:
        # "Norway has backed these demands, linking them to Mali": those of the party that spoke before.
        spoken = [item for item in context.subject if code_of(item) not in set(map(code_of, actors))]
        if spoken:
            return actors, spoken
    # "They accused Norway": of the two named before, the one that is not accused.
    either = actors is context.couple and trigger.kind not in MUTUAL and not FIGHTS.match(text, trigger.start)
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


def _at_home(text: str, actors: list[Mention], context: Context) -> Pairs:
    """`Condemned the government's acts`: a party of the state does so at home, any other to the state of the text."""
    home = code_of(context.home) if context.home else None
    inner = any(INNER.match(text, item.end) for item in actors)
    return [
        (code, code if inner or not home or item.sort == "party" else home)
        for item in actors
        for code in [code_of(item)]
    ]


def _every_pair(codes: list[str], *, both_ways: bool) -> Pairs:
    pairs: Pairs = [(codes[low], codes[high]) for low in range(len(codes)) for high in range(low + 1, len(codes))]
    return [*pairs, *((second, first) for first, second in pairs)] if both_ways else pairs


def _without_target(
    text: str, trigger: Trigger, closed: int, here: list[Mention], after: list[Mention], actors: list[Mention],
    goals: list[str], context: Context,
) -> Pairs:  # fmt: skip
    """An act whose target no name tells: the parties among themselves, whoever is addressed, or the state itself."""
    codes = unique(map(code_of, actors))
    dealt = trigger.kind == "SANCTION" and DEALT.search(text, trigger.end, closed)
    praised = trigger.kind == "SUPPORT" and PRAISE.match(text, trigger.start) is not None
    praised = praised and not BETWEEN_THEM.search(text, trigger.end, closed)
    if len(codes) > 1 and ((trigger.kind in MUTUAL and not praised) or dealt or FIGHTS.match(text, trigger.start)):
        return _every_pair(codes, both_ways=False)
    lifted = trigger.kind in {"CONCEDE", "RETREAT"} and LIFTED.match(text[trigger.end : closed])
    unnamed = context.home in actors and AT_HOME.search(text, max(0, trigger.start - 60), trigger.start)
    inner = all(item.sort == "party" or INNER.match(text, item.end) for item in actors) or (
        bool(after) and code_of(after[0]) in codes
    )
    inner = inner or bool(unnamed)
    if trigger.kind == "SUPPORT" and APOLOGY.match(text, trigger.start):
        return [(code, goal) for code in codes for goal in _addressed(text, trigger, here, codes, context)]
    if trigger.kind == "SUPPORT" and context.topic and context.topic not in codes and SIGNED.match(text, trigger.start):
        # "The plant and the Norwegian firm signed an agreement": with the state that the text is about.
        return [(code, context.topic) for code in codes]
    asked = (
        (trigger.kind in ADDRESSED or lifted or (praised and len(codes) > 1))
        and not goals
        and not inner
        and not STANCE.match(text, trigger.start)
    )
    spoken = _addressed(text, trigger, here, codes, context) if asked else []
    if spoken:
        return [(code, goal) for code in codes for goal in spoken]
    if STANCE.match(text, trigger.start) and not any(item.end <= trigger.start for item in here):
        return []
    if trigger.kind == "REJECT" and NEVER.search(text, max(0, trigger.start - 12), trigger.start) and len(codes) > 1:
        # "Norway and Chad have never established ties": a standing fact.
        return []
    if ANNOUNCED.match(text, trigger.start) and after and code_of(after[0]) in codes:
        return []
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
    if trigger.kind == "ASSAULT" and not inner and not of_people(text[trigger.start - 60 : closed]):
        return []
    return [] if trigger.kind in NEVER_ALONE or trigger.passive else [(code, code) for code in codes]


def _unnamed(text: str, trigger: Trigger, closed: int, codes: list[str], context: Context) -> list[Mention]:
    """Who is meant where none is named: `the bloc` is the last one, and old foes or partners deal with each other."""
    if trigger.kind == "SUPPORT" and TAKEN_UP.match(text, trigger.end):
        return [item for item in context.subject if code_of(item) not in codes]
    couple = context.couple
    if trigger.kind == "ASSAULT" and context.foes and codes[:1] in [[code_of(item)] for item in context.foes]:
        couple = context.foes
    pair = unique(map(code_of, couple))
    if trigger.kind in AT_THE_BORDER and BORDERS.match(text, trigger.end) and codes[0] in pair:
        return [item for item in couple if code_of(item) != codes[0]][:1]
    owed = trigger.kind == "RETREAT" and YIELDED.match(text, trigger.start)
    held = trigger.kind == "COERCE" and HELD.match(text, trigger.start)
    paired = (
        (trigger.kind in {"ASSAULT", "AGREE"} or owed or held)
        and len(codes) == 1
        and len(pair) == 2
        and codes[0] in pair
    )
    at_home = context.home is not None and AT_HOME.search(text, max(0, trigger.start - 60), trigger.start)
    elsewhere = at_home or place_in(text, trigger.end, closed) or HOME_TARGET.search(text, trigger.end, closed)
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
        several = len(set(map(code_of, context.subject))) > 2
        best = [] if several else [mention for mention in context.subject if code_of(mention) not in codes][:1]
        if not best and trigger.kind in {"THREATEN", "ACCUSE"}:
            # "warned of it, saying that Norwegian firms ...": whom it concerns comes after.
            later = [mention for mention in here if mention.start > trigger.end and code_of(mention) not in codes]
            best = [mention for mention in later if not WITHIN.search(text, trigger.end, mention.start)][:1]
    coupled = [item for item in group(text, subject_in(text, 0, before)) if item in best] if best else []
    return unique(map(code_of, coupled if best and best[-1] in coupled else best[-1:]))


def _is_member(text: str, mention: Mention) -> bool:
    """`Its participation in the bloc`: what one takes part in is no stage."""
    return MEMBER_IN.search(text, max(0, mention.start - 40), mention.start) is not None


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
    if (
        after
        and trigger.kind in {"REQUEST", "ACCUSE"}
        and code_of(after[0]) in own
        and after[0].start - trigger.end < _NEXT
    ):
        # "Demanded Pashinyan's resignation over the lands returned to Norway": it stays at home.
        return []
    rest = [mention for mention in after if code_of(mention) not in own]
    links = {"CONSULT": (BETWEEN, WITH), "COOPERATE": (BETWEEN, WITH), "SANCTION": (AGAINST,)}
    for link in links.get(trigger.kind, ()):
        for index, item in enumerate(rest):
            if link.search(text[max(0, item.start - 30) : item.start]):
                return group(text, rest[index:])
    if TO_PLACE.match(text, trigger.start) and rest:
        return group(text, rest)
    if trigger.governs and text.startswith(" that ", trigger.end):
        # "Warned that the situation in Norway is bad": nobody is warned by name.
        rest = [item for item in rest if not WITHIN.search(text, trigger.end, item.start)]
    if trigger.kind == "PROTEST" and own and rest and FROM.search(text, trigger.end, rest[0].start):
        # "Protests, and criticism from Norway": it is not what they protest against.
        rest = []
    over = rest[:1] and FIGHTS.match(text, trigger.start) and OVER.search(text, trigger.end, rest[0].start)
    about = rest[:1] and trigger.kind in MUTUAL and ABOUT.search(text, trigger.end, rest[0].start)
    if (over or about) and len(own) > 1:
        return []
    if (
        rest
        and trigger.kind not in MUTUAL | {"REQUEST"}
        and not WORRIED.match(text, trigger.start)
        and BETWEEN.search(text[max(0, rest[0].start - 30) : rest[0].start])
    ):
        # "Condemned the clashes between Norway and Chad": neither is addressed.
        sides = group(text, rest)
        rest = [item for item in rest if item not in sides]
    rest = [
        item
        for item in rest
        if not ON_MARGINS.search(text[max(0, item.start - 40) : item.start])
        and not ON_BEHALF.search(text, max(trigger.end, item.start - 60), item.start)
    ]
    if trigger.kind in MUTUAL and len(own) > 1 and rest and rest[0].start - trigger.end > _FAR_OBJECT:
        # "Norway and Chad signed a treaty on the region of Mali": each other, not whoever is named far behind.
        return []
    while rest and STAGE.search(text[max(0, rest[0].start - 12) : rest[0].start]) and not _is_member(text, rest[0]):
        # "To consumers in Norway, Chad and Mali": a list is staged as a whole.
        here = group(text, rest)
        if len(here) == len(rest):
            return [] if trigger.kind in MUTUAL and len(own) > 1 else here
        later = [item for item in rest if item not in here]
        if all(STAGE.search(text[max(0, item.start - 12) : item.start]) for item in later):
            return [] if trigger.kind in MUTUAL and len(own) > 1 else here
        rest = later
    return group(text, rest)

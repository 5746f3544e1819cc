"""Who did it and to whom: subject, target and their couples, read from the names around a verb."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from counterpoise.evidence._actors import Mention
from counterpoise.evidence._role_forms import (
    ADDRESSED,
    AT_A_PLACE,
    AT_HOME,
    BETWEEN,
    BLOW,
    BLOW_BY,
    BROKERED,
    BY_COURT,
    COUPLED,
    FIGHTS,
    HE_AND,
    HIM,
    HOME_TARGET,
    IT,
    JOINT,
    LED,
    LIFTED,
    MUTUAL,
    NEAR_RELATIVE,
    NEVER_ALONE,
    PLURAL_LAST,
    PREPOSITION,
    PRONOUN,
    RELATIVE,
    SENT,
    STAGE,
    TAKEN_UP,
    THE_BLOC,
    THE_DEAL,
    THEY,
    TO,
    TO_PLACE,
    TWO,
    VERB_NEXT,
    WITH,
)
from counterpoise.evidence._tables import cells, table
from counterpoise.evidence._text import Sentence
from counterpoise.evidence._triggers import Trigger


@dataclass(frozen=True, slots=True)
class Context:
    """What earlier sentences hand on: the last subject, for a pronoun, and the last couple, for `the two countries`.

    `deal` is the last couple that dealt with each other; `topic` is the state that the whole text names most; `home` is
    the state in which unnamed people act.
    """

    subject: list[Mention]
    couple: list[Mention]
    topic: str | None
    home: Mention | None = None
    bloc: Mention | None = None
    deal: list[Mention] = field(default_factory=list)


def last_pair(text: str, here: list[Mention]) -> list[Mention]:
    for index in range(len(here) - 1, 0, -1):
        couple = _group(text, here[index - 1 : index + 1])
        if len({code_of(mention) for mention in couple}) == 2:
            return couple
    return []


def roles(
    text: str, sentence: Sentence, trigger: Trigger, clause: tuple[int, int], here: list[Mention], context: Context
) -> list[tuple[str | None, str | None]]:
    opened, closed = clause
    outer = _outside_dashes(text, sentence, trigger.start, here)
    subject = _subject_of(text, sentence, opened, trigger.start, outer, context)
    after = _until_next_subject(text, [item for item in outer if trigger.end <= item.start < closed])
    if trigger.passive:
        actors, targets = _undergone(text, trigger, clause, outer, after, subject, context)
        if not actors:
            return _without_doer(text, trigger, after, targets, context)
    else:
        actors = subject
        targets = _targets(text, trigger, after, actors)
        if TWO.match(text, trigger.end + 1) and context.couple:
            targets = context.couple
        elif trigger.kind in ADDRESSED and IT.match(text, trigger.end):
            targets = []
    codes = unique(code_of(mention) for mention in actors)
    if not targets and TWO.search(text, trigger.end, closed):
        targets = context.couple
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
        goals = [code for code in [_place_in(text, trigger.end, closed)] if code]
    if not codes:
        # "Islamists continued their hunger strike": whoever they are, they act within the state that is named.
        return [(goals[0], goals[0])] if goals and trigger.kind in {"PROTEST", "CONCEDE"} else []
    others = [goal for goal in goals if goal not in codes]
    if BROKERED.match(text, trigger.start) and len(others) >= 2:
        return [(actor, goal) for actor in codes for goal in others]
    if not others:
        if len(codes) > 1 and (trigger.kind in MUTUAL or FIGHTS.match(text, trigger.start)):
            return [(codes[low], codes[high]) for low in range(len(codes)) for high in range(low + 1, len(codes))]
        lifted = trigger.kind in {"CONCEDE", "RETREAT"} and LIFTED.match(text[trigger.end : closed])
        asked = (trigger.kind in ADDRESSED or lifted) and not goals
        spoken = _addressed(text, trigger, here, codes, context) if asked else None
        if spoken:
            return [(code, spoken) for code in codes]
        if trigger.future and not any(code_of(item) in codes for item in after):
            return []
        blocs = all(item.sort == "bloc" for item in actors)
        if (
            trigger.kind == "THREATEN"
            and text.startswith("warn", trigger.start)
            and not HOME_TARGET.search(text, trigger.end, closed)
        ):
            return []
        return [] if trigger.kind in NEVER_ALONE or trigger.passive or blocs else [(code, code) for code in codes]
    return [(actor, goal) for actor in codes for goal in others]


def _undergone(
    text: str, trigger: Trigger, clause: tuple[int, int], outer: list[Mention], after: list[Mention],
    subject: list[Mention], context: Context,
) -> tuple[list[Mention], list[Mention]]:  # fmt: skip
    """Doers and sufferers of an act told in the passive."""
    opened, closed = clause
    by = text.find(" by ", trigger.end, min(closed, trigger.end + 60))
    actors, targets = _group(text, [mention for mention in after if by >= 0 and mention.start >= by]), subject
    if BROKERED.match(text, trigger.start):
        targets = last_pair(text, [item for item in outer if item.end <= trigger.start]) or context.deal or targets
    if not actors and trigger.kind == "ASSAULT":
        actors = _doer(text, trigger, [item for item in outer if item.start >= trigger.end])
        pronoun = PRONOUN.search(text, opened, trigger.start)
        targets = [item for item in targets if item not in actors] or (context.subject if pronoun else [])
    return actors, targets


def _without_doer(
    text: str, trigger: Trigger, after: list[Mention], targets: list[Mention], context: Context
) -> list[tuple[str | None, str | None]]:
    """A passive without `by`: `signed between the two` names both sides, a blow only who suffered it."""
    linked = [n for n, item in enumerate(after) if BETWEEN.search(text[max(0, item.start - 12) : item.start])]
    first = linked[0] if linked else None
    sides = unique(map(code_of, _group(text, after[first:]))) if first is not None else []
    if trigger.kind in MUTUAL and len(sides) > 1:
        return [(sides[0], side) for side in sides[1:]]
    buyers = [item for item in after if TO.search(text[max(0, item.start - 8) : item.start])]
    if buyers and context.topic and SENT.match(text, trigger.start):
        # "2 bcm of gas were exported to Norway": by the state that the text is about.
        return [(context.topic, code) for code in unique(map(code_of, buyers)) if code != context.topic]
    if trigger.kind == "COERCE" and targets and BY_COURT.match(text, trigger.start):
        where = [item for item in after[:1] if text[item.start - 4 : item.start] == " in "]
        return [(code_of((where or targets)[0]), code_of(targets[0]))]
    return [(None, code_of(target)) for target in targets[:1]] if trigger.kind in {"ASSAULT", "COERCE"} else []


def _unnamed(text: str, trigger: Trigger, closed: int, codes: list[str], context: Context) -> list[Mention]:
    """Who is meant where none is named: `the bloc` is the last one, and old foes or partners deal with each other."""
    if context.bloc and THE_BLOC.match(text, trigger.end):
        return [context.bloc]
    if trigger.kind == "SUPPORT" and TAKEN_UP.match(text, trigger.end):
        return [item for item in context.subject if code_of(item) not in codes]
    pair = unique(map(code_of, context.couple))
    paired = trigger.kind in {"ASSAULT", "AGREE"} and len(codes) == 1 and len(pair) == 2 and codes[0] in pair
    elsewhere = _place_in(text, trigger.end, closed) or HOME_TARGET.search(text, trigger.end, closed)
    if paired and not elsewhere:
        return [item for item in context.couple if code_of(item) != codes[0]][:1]
    return []


@cache
def _places() -> tuple[re.Pattern[str], dict[str, str]]:
    known = {name: row["state"] for row in table("places") for name in cells(row["places"])}
    body = "|".join(re.escape(name) for name in sorted(known, key=len, reverse=True))
    return re.compile(rf"(?<![\w-])(?:{body})(?![\w])"), known


def _place_in(text: str, start: int, end: int) -> str | None:
    """The state of the first town of `tables/places.csv` in a stretch of text; towns are no actors, only where."""
    pattern, known = _places()
    match = pattern.search(text, start, end)
    return known[match.group()] if match else None


def _doer(text: str, trigger: Trigger, after: list[Mention]) -> list[Mention]:
    """Who struck, where the blow is told in the passive and the doer in what follows."""
    first = after[:1]
    close = bool(first) and first[0].start - trigger.end < 60
    named = close and BLOW_BY.search(text, trigger.end, first[0].start) and BLOW.match(text, first[0].end)
    return first if named else []


def _until_next_subject(text: str, after: list[Mention]) -> list[Mention]:
    """The names up to one that begins a new clause of its own: `... and Slovakia may do the same`."""
    for index, mention in enumerate(after):
        if text[mention.start - 5 : mention.start].endswith("and ") and VERB_NEXT.match(text, mention.end):
            return after[:index]
    return after


def _addressed(text: str, trigger: Trigger, here: list[Mention], codes: list[str], context: Context) -> str | None:
    """The nearest other party before a refusal, a demand or a reproach that names none after it."""
    before = [mention for mention in here if mention.start < trigger.start and code_of(mention) not in codes]
    free = subject_ends(text, before)
    best = [mention for mention in before if mention.end in free] or before
    if not best and trigger.kind != "AGREE":
        if context.topic and context.topic not in codes:
            return context.topic
        best = [mention for mention in context.subject if code_of(mention) not in codes][:1]
        if not best and trigger.kind in {"THREATEN", "ACCUSE"}:
            # "warned of it, saying that Norwegian firms ...": whom it concerns comes after.
            best = [mention for mention in here if mention.start > trigger.end and code_of(mention) not in codes][:1]
    return code_of(best[-1]) if best else None


def subject_ends(text: str, here: list[Mention]) -> set[int]:
    """Where the names end that no preposition governs: only such a name can be the subject of a verb beside it."""
    return {mention.end for mention in here if not _governed(text, max(0, mention.start - 40), mention.start)}


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
    if trigger.kind in {"CONSULT", "COOPERATE"}:
        for link in (BETWEEN, WITH):
            first = next(
                (n for n, item in enumerate(rest) if link.search(text[max(0, item.start - 30) : item.start])), None
            )
            if first is not None:
                return _group(text, rest[first:])
    if TO_PLACE.match(text, trigger.start) and rest:
        return _group(text, rest)
    over = rest[:1] and FIGHTS.match(text, trigger.start) and re.search(r"\bover (?:the )?$", text[: rest[0].start])
    if over and len(own) > 1:
        return []
    staged = [item for item in rest if not STAGE.search(text[max(0, item.start - 12) : item.start])]
    rest = staged or ([] if trigger.kind in MUTUAL and len(own) > 1 else rest)
    return _group(text, rest)


def _subject_of(
    text: str, sentence: Sentence, opened: int, stop: int, here: list[Mention], context: Context
) -> list[Mention]:
    inside = [mention for mention in here if opened <= mention.start < stop]
    relative = RELATIVE.search(text[max(0, opened - 9) : opened]) is not None
    if relative and text[stop - 2 : stop] == ", ":
        # "Norway, which had left the talks, sent an envoy": after the side clause the main subject acts.
        main = subject_in(text, sentence.start, [mention for mention in here if mention.start < opened])
        if main:
            return main
        if context.home and AT_HOME.search(text[sentence.start : sentence.start + 40]):
            return [context.home]
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
        joints = [match.end() for match in JOINT.finditer(text, sentence.start, opened - 1)]
        for begin in [*reversed(joints), sentence.start]:
            found = subject_in(text, begin, [mention for mention in earlier if mention.start >= begin])
            if found:
                return found
        return [earlier[0]]
    if TWO.search(text, opened, stop) and context.couple:
        return context.couple
    if context.home and AT_HOME.search(text[opened:stop]):
        return [context.home]
    if len(context.couple) > 1 and len(context.subject) < 2 and THEY.match(text, opened):
        return context.couple
    if PRONOUN.search(text, opened, stop) and context.subject:
        return context.subject
    return inside[:1]


def subject_in(text: str, opened: int, mentions: list[Mention]) -> list[Mention]:
    """The first name that no preposition governs, with the names coupled to it."""
    for index, mention in enumerate(mentions):
        if not _governed(text, max(opened, mention.start - 40), mention.start):
            return _group(text, mentions[index:])
    return []


def _governed(text: str, low: int, position: int) -> bool:
    """Whether a preposition governs the name at a position; in `the leaders of Norway` the name itself acts."""
    before = text[low:position]
    return PREPOSITION.search(before) is not None and LED.search(before) is None


def _group(text: str, mentions: list[Mention]) -> list[Mention]:
    """The first mention and those joined to it by commas, `and` or a hyphen."""
    group = mentions[:1]
    for mention in mentions[1:]:
        between = text[group[-1].end : mention.start]
        same = code_of(mention) == code_of(group[-1])
        if "," in between and " and " not in between and text.startswith("'s ", mention.end) and not same:
            break
        if (same and len(between) < 40 and not re.search(r"[;,]", between)) or (
            len(between) < 60 and COUPLED.fullmatch(between)
        ):
            group.append(mention)
        else:
            break
    return group


def code_of(mention: Mention) -> str:
    """The party to an act: the state behind a firm, a party or a holder, else the id itself."""
    return mention.state or mention.id


def unique(codes: object) -> list[str]:
    return list(dict.fromkeys(codes))  # type: ignore[call-overload]

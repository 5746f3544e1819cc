"""Who did what to whom: acts reported in a text, coded to the PLOVER kinds of 2021 with actor and target."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from counterpoise.evidence._actors import Mention
from counterpoise.evidence._clauses import clause_around, is_break, joints_of, supposed
from counterpoise.evidence._context import Context
from counterpoise.evidence._dates import Moment
from counterpoise.evidence._groups import code_of, last_pair, people_at, place_of_people, subject_ends, subject_in
from counterpoise.evidence._role_forms import (
    DEADLY,
    DOCUMENT,
    IT,
    ITS,
    MISHAP,
    MUTUAL,
    NEWS,
    NOBODY,
    OPENING,
    TRAILING,
    UNSURE,
)
from counterpoise.evidence._roles import Pairs, roles
from counterpoise.evidence._tables import words
from counterpoise.evidence._text import Sentence
from counterpoise.evidence._told import met, told
from counterpoise.evidence._triggers import Trigger, find_triggers
from counterpoise.evidence._verbs import tokens

# "A Norwegian-brokered truce": whoever brokered it neither signs nor breaks it.
_COMPOUND = re.compile(
    r"-(?:mediated|brokered|sponsored|made|built|supplied|drafted|facilitated|hosted|registered|flagged|produced|"
    r"designed|proposed|based|born|style|speaking|language|majority|friendly|aligned|"
    r"(?:led|backed|supported|funded|imposed|held|controlled|occupied) "
    r"(?![\w ]{0,20}(?:forces|troops|rebels|separatists|fighters|militants?|militias?|units|army|side|"
    r"soldiers|group)\b))"
)
_FOR_OR_AGAINST = re.compile(r"(?i)\b(?:pro|anti)-$")
_SIGNED = re.compile(r"(?i)(?:sign|ink|reach|conclud|ratif|initial|struck|agree)")
_OFFERS = frozenset({"AGREE", "AID", "REQUEST"})
_HOSTILE = frozenset({"ASSAULT", "COERCE", "ACCUSE", "THREATEN", "MOBILIZE"})
_AGAINST = _HOSTILE | {"SANCTION", "REJECT"}
_STATES = frozenset({"state", "demonym", "capital"})
_REPORTS = words("tells")
# "since 1993" or "by 2030" bounds a time, and dates no act.
_OPEN_END = re.compile(r"(?i)\b(?:since|until|by) $")


@dataclass(frozen=True, slots=True)
class Event:
    """An act as the text reports it; a domestic act has the same state as actor and target."""

    date: str | None
    actor: str | None
    target: str | None
    kind: str
    text: str
    start: int
    end: int
    confidence: float


def find_events(
    text: str, sentences: Sequence[Sentence], mentions: Sequence[Mention], moments: Sequence[Moment]
) -> list[Event]:
    """Every act that the sentences report, one per kind, actor and target (the surest reading is kept).

    Rules, not a model: a verb of `tables/verbs.csv` in the past or perfect, the name that is its subject, and the first
    name that follows it in its clause. A promise is AGREE and a hostile announcement THREATEN, as in the codebook.
    """
    mentions = _parties(text, mentions)
    best: dict[tuple[str, str | None, str | None], Event] = {}
    carried: list[Mention] = []
    pair: list[Mention] = []
    deal: list[Mention] = []
    foes: list[Mention] = []
    hurt: list[Mention] = []
    accused: list[Mention] = []
    counts = Counter(code_of(mention) for mention in mentions)
    topic = max(counts, key=lambda code: counts[code]) if counts else None
    named = {code_of(mention): mention for mention in reversed(mentions)}
    first_of = {code_of(mention): mention for mention in reversed(mentions) if mention.sort in _STATES | {"de facto"}}
    first_state = next(iter(reversed(first_of.values())), None)
    low = late = 0
    home: Mention | None = None
    bloc: Mention | None = None
    for sentence in sentences:
        while low < len(mentions) and mentions[low].start < sentence.start:
            # The last state and the last bloc before the sentence.
            home = mentions[low] if mentions[low].sort in _STATES else home
            bloc = mentions[low] if mentions[low].sort == "bloc" else bloc
            low += 1
        high = low
        while high < len(mentions) and mentions[high].start < sentence.end:
            high += 1
        here = list(mentions[low:high])
        while late < len(moments) and moments[late].start < sentence.start:
            late += 1
        until = late
        while until < len(moments) and moments[until].start < sentence.end:
            until += 1
        days = [
            item
            for item in moments[late:until]
            if item.value and not _OPEN_END.search(text[max(0, item.start - 8) : item.start])
        ]
        if sentence.furniture or not (here or carried):
            continue
        where = place_of_people(text, sentence.start, here) or (first_of.get(topic) if topic else home or first_state)
        context = Context(carried, pair, topic, where, bloc, deal, foes, hurt, accused)
        acts = (
            [] if sentence.heading and sentence.paragraph > 1 else _sentence_events(text, sentence, here, context, days)
        )
        for event in acts:
            key = (event.kind, event.actor, event.target)
            if key not in best or event.confidence > best[key].confidence:
                best[key] = event
        foes, hurt, accused = _quarrel(acts, named, foes, hurt)
        dealing = next((act for act in acts if act.actor != act.target and act.actor and act.target), None)
        first = _first(text, sentence, here, where)
        if first and carried and code_of(first[0]) != code_of(carried[0]):
            pair = [carried[0], first[0]]
        carried = first or carried
        both = [first_of[code] for code in (dealing.actor, dealing.target) if code in first_of] if dealing else []
        coupled = last_pair(text, here)
        deal = coupled or (both if len(both) == 2 and dealing and _SIGNED.match(dealing.text) else deal)
        met = both if len(both) == 2 and dealing and dealing.kind in MUTUAL else []
        pair = met or coupled or (both if len(both) == 2 else pair)
    return sorted(
        _named_once(list(best.values())),
        key=lambda event: (event.start, event.kind, event.actor or "", event.target or ""),
    )


def _parties(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """The names that can be parties to an act: no dateline, no `Norwegian-made`, no news agency of a state."""
    return [
        item
        for item in mentions
        if not (item.sort == "capital" and item.text.isupper() and len(item.text) > 3)
        and not _COMPOUND.match(text, item.end)
        and not _FOR_OR_AGAINST.search(text[max(0, item.start - 5) : item.start])
        and not NEWS.match(text, item.end)
    ]


def _first(text: str, sentence: Sentence, here: list[Mention], home: Mention | None) -> list[Mention]:
    """Whom a pronoun of the next sentence takes up: the subject of this one, unless a mere document is."""
    if DOCUMENT.match(text, sentence.start):
        # "The resolution also called for ...": who made it stays the one spoken of.
        return []
    opening = OPENING.match(text, sentence.start, sentence.end)
    if home and people_at(text, opening.end() if opening else sentence.start):
        return [home]
    return subject_in(text, sentence.start, here)


def _quarrel(
    acts: list[Event], named: dict[str, Mention], foes: list[Mention], hurt: list[Mention]
) -> tuple[list[Mention], list[Mention], list[Mention]]:
    """The last two parties at odds, who was last struck or detained, and who was accused in this sentence."""
    accused: list[Mention] = []
    for act in acts:
        if act.kind in _HOSTILE and act.actor in named and act.target in named:
            foes = foes if act.actor == act.target else [named[act.actor], named[act.target]]
            hurt = [named[act.target]] if act.kind in {"COERCE", "ASSAULT"} else hurt
            accused = accused or ([named[act.target]] if act.kind == "ACCUSE" else [])
    return foes, hurt, accused


def _named_once(events: list[Event]) -> list[Event]:
    """The acts without those that name no doer where another tells who did the like to the same party."""
    told = {(event.kind, event.target) for event in events if event.actor}
    return [event for event in events if event.actor or (event.kind, event.target) not in told]


def _sentence_events(
    text: str, sentence: Sentence, here: list[Mention], context: Context, days: list[Moment]
) -> list[Event]:
    words = tokens(text, sentence.start, sentence.end)
    triggers = find_triggers(words, text, subject_ends(text, here), {item.end for item in here})
    if not triggers:
        return [*_told_to(text, sentence, here), *_met(text, sentence, here, context, days)]
    joints, stop = joints_of(text, sentence, triggers, here)
    found: list[Event] = []
    governed = -1
    reported = not _REPORTS.isdisjoint(token.word for token in words)
    for trigger in triggers:
        if trigger.start >= stop:
            break
        opened, closed = clause_around(text, sentence, trigger, joints, stop)
        if supposed(text, sentence.start, opened) or (trigger.future and not reported):
            continue
        if _is_nobodys(text, sentence, trigger):
            continue
        if (
            governed >= 0
            and not trigger.also
            and not (trigger.passive and trigger.kind in {"COERCE", "ASSAULT"})
            and not (trigger.trails and TRAILING.search(text, max(sentence.start, trigger.start - 24), trigger.start))
            and not any(governed < begin < trigger.start and is_break(text, begin, end) for begin, end in joints)
        ):
            continue
        governed = trigger.start if trigger.governs else -1
        pairs = roles(text, sentence, trigger, (opened, closed), here, context)
        unnamed = not any(opened <= item.start < trigger.start for item in here)
        pairs = _as_before(text, trigger, pairs, found, unnamed=unnamed)
        words_of = text[trigger.start : trigger.end]
        day = _nearest(days, trigger.start)
        found += [
            Event(day, actor, target, trigger.kind, words_of, trigger.start, trigger.end, trigger.confidence)
            for actor, target in pairs
        ]
    return [*(found or _told_to(text, sentence, here)), *_met(text, sentence, here, context, days)]


def _is_nobodys(text: str, sentence: Sentence, trigger: Trigger) -> bool:
    """Whether a war, a crash or a mere possibility is told and no party's act."""
    if UNSURE.search(text, max(sentence.start, trigger.start - 16), trigger.start):
        return True
    if trigger.kind != "ASSAULT":
        return False
    mishap = DEADLY.match(text, trigger.start) and MISHAP.search(text, sentence.start, trigger.start)
    war = NOBODY.search(text, max(sentence.start, trigger.start - 40), trigger.start)
    return war is not None or mishap is not None


def _as_before(text: str, trigger: Trigger, pairs: Pairs, found: list[Event], *, unnamed: bool) -> Pairs:
    """The parties of an act that goes on with those of the act before it in its sentence."""
    if not found:
        return pairs
    last = found[-1]
    same: Pairs = [(act.actor, act.target) for act in found if act.start == last.start]
    at_home = all(actor == target for actor, target in pairs)
    offered = trigger.kind == "REJECT" and last.kind in _OFFERS and last.actor != last.target
    if offered and unnamed and IT.match(text, trigger.end):
        # "Norway offered Chad aid; the local authorities refused it".
        pairs = [(last.target, last.actor)]
    if trigger.also and not trigger.passive and last.target not in {last.actor, None}:
        hostile = {trigger.kind, last.kind} <= _AGAINST
        if ITS.match(text, trigger.end) or (hostile and at_home):
            # "Accused Norway of it and criticised its failure": the same parties.
            return same
    # "raided the office, arresting seven": the same parties as the act before.
    return same if at_home and text.startswith("ing", trigger.end - 3) else pairs


def _met(text: str, sentence: Sentence, here: list[Mention], context: Context, days: list[Moment]) -> list[Event]:
    return [
        Event(_nearest(days, start), actor, goal, "CONSULT", text[start:end], start, end, 0.5)
        for actor, goal, start, end in met(text, sentence.start, here, context.subject)
    ]


def _told_to(text: str, sentence: Sentence, here: list[Mention]) -> list[Event]:
    return [
        Event(None, actor, goal, kind, text[start:end], start, end, 0.6)
        for kind, actor, goal, start, end in told(text, sentence.start, sentence.end, here)
    ]


def _nearest(days: list[Moment], position: int) -> str | None:
    """The date of an act: of the most exact dates of its sentence the nearest one."""
    if not days:
        return None
    return min(days, key=lambda day: (len((day.value or "").split("/")[0]) < 10, abs(day.start - position))).value

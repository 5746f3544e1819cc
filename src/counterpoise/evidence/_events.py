"""Who did what to whom: acts reported in a text, coded to the PLOVER kinds of 2021 with actor and target."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from counterpoise.evidence._actors import Mention
from counterpoise.evidence._context import Context
from counterpoise.evidence._dates import Moment
from counterpoise.evidence._groups import code_of, last_pair, subject_ends, subject_in, unique
from counterpoise.evidence._role_forms import (
    AND_OTHER,
    ASIDE_OPEN,
    IT,
    JOINT,
    NEWS,
    NOBODY,
    TRAILING,
    VERB_NEXT,
)
from counterpoise.evidence._roles import roles
from counterpoise.evidence._tables import either, words
from counterpoise.evidence._text import Sentence
from counterpoise.evidence._triggers import Trigger, find_triggers, tokens

# "..., the White House announced Tuesday.": who tells it, not who does it.
_TELLER = re.compile(
    rf", (?:an? |the )?[^,;]{{0,70}}\b(?:{either('says')}|quoted|according to|revealed|confirmed)\b|"
    r",? according to\b"
)
_SUPPOSED_START = re.compile(r"(?i)(?:if|unless|whether|should) ")
_SUPPOSED = re.compile(r"(?i)\b(?:if|unless|whether|once|should) $")
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
_STATES = frozenset({"state", "demonym", "capital"})
_REPORTS = words("tells")
# "since 1993" or "by 2030" bounds a time, and dates no act.
_OPEN_END = re.compile(r"(?i)\b(?:since|until|by) $")
# A clause that such a word opens ends at its comma.
_LEADING = re.compile(r"(?:When|Since|After|As|While|Although|Though|Because|Before|Once|Until) ")
_MUST = re.compile(r"\b(?:must|should)\b")
_TOLD = re.compile(rf"\b(?:{either('says', 'says of itself')})\b")


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
    # A dateline in capitals says where it was written, not who acts.
    mentions = [
        item
        for item in mentions
        if not (item.sort == "capital" and item.text.isupper() and len(item.text) > 3)
        and not _COMPOUND.match(text, item.end)
        and not _FOR_OR_AGAINST.search(text[max(0, item.start - 5) : item.start])
        and not NEWS.match(text, item.end)
    ]
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
    first_of = {code_of(mention): mention for mention in reversed(mentions) if mention.sort in _STATES}
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
        where = first_of.get(topic) if topic else home or first_state
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
        first = subject_in(text, sentence.start, here)
        if first and carried and code_of(first[0]) != code_of(carried[0]):
            pair = [carried[0], first[0]]
        carried = first or carried
        both = [first_of[code] for code in (dealing.actor, dealing.target) if code in first_of] if dealing else []
        coupled = last_pair(text, here)
        deal = coupled or (both if len(both) == 2 and dealing and _SIGNED.match(dealing.text) else deal)
        pair = coupled or (both if len(both) == 2 else pair)
    return sorted(
        _named_once(list(best.values())),
        key=lambda event: (event.start, event.kind, event.actor or "", event.target or ""),
    )


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
        return _told_to(text, sentence, here)
    teller = _TELLER.search(text, sentence.start, sentence.end)
    stop = teller.start() if teller and teller.start() > triggers[0].start else sentence.end
    joints = [(match.start(), match.end()) for match in JOINT.finditer(text, sentence.start, stop)]
    joints = [joint for joint in joints if not _is_list(text, joint, joints, triggers, here)]
    found: list[Event] = []
    governed = -1
    reported = not _REPORTS.isdisjoint(token.word for token in words)
    for trigger in triggers:
        if trigger.start >= stop:
            break
        opened = max((end for _, end in joints if end <= trigger.start), default=sentence.start)
        if _supposed(text, sentence.start, opened) or (trigger.future and not reported):
            continue
        if trigger.kind == "ASSAULT" and NOBODY.search(text, max(sentence.start, trigger.start - 40), trigger.start):
            continue
        if (
            governed >= 0
            and not trigger.also
            and not (trigger.trails and TRAILING.search(text, max(sentence.start, trigger.start - 24), trigger.start))
            and not any(governed < begin < trigger.start and _is_break(text, begin, end) for begin, end in joints)
        ):
            continue
        governed = trigger.start if trigger.governs else -1
        closed = min(
            (
                begin
                for begin, end in joints
                if begin > trigger.end and _is_break(text, begin, end) and text[begin:end] != ", whose "
            ),
            default=stop,
        )
        if _LEADING.match(text, sentence.start) and opened < sentence.start + 12:
            comma = text.find(", ", trigger.end, closed)
            closed = comma if comma >= 0 else closed
        pairs = roles(text, sentence, trigger, (opened, closed), here, context)
        last = found[-1] if found else None
        if trigger.kind == "REJECT" and last and last.kind in _OFFERS and last.actor != last.target:
            unnamed = not any(opened <= item.start < trigger.start for item in here)
            if unnamed and IT.match(text, trigger.end):
                # "Norway offered Chad aid; the local authorities refused it".
                pairs = [(last.target, last.actor)]
        words_of = text[trigger.start : trigger.end]
        if found and words_of.endswith("ing") and all(actor == target for actor, target in pairs):
            # "raided the office, arresting seven": the same parties as the act before.
            pairs = [(act.actor, act.target) for act in found if act.start == found[-1].start]
        day = _nearest(days, trigger.start)
        found += [
            Event(day, actor, target, trigger.kind, words_of, trigger.start, trigger.end, trigger.confidence)
            for actor, target in pairs
        ]
    return found or _told_to(text, sentence, here)


def _told_to(text: str, sentence: Sentence, here: list[Mention]) -> list[Event]:
    """`X said that Y must withdraw` is a demand of X on Y."""
    must = _MUST.search(text, sentence.start, sentence.end)
    told = _TOLD.search(text, sentence.start, must.start()) if must else None
    if not must or not told:
        return []
    speakers = subject_in(text, sentence.start, [item for item in here if item.end <= told.start()])
    addressed = subject_in(text, told.end(), [item for item in here if told.end() <= item.start < must.start()])
    goals = [code for code in unique(map(code_of, addressed)) if code not in unique(map(code_of, speakers))]
    return [
        Event(None, actor, goal, "REQUEST", must.group(), must.start(), must.end(), 0.6)
        for actor in unique(map(code_of, speakers))
        for goal in goals or [actor]
        if addressed
    ]


def _nearest(days: list[Moment], position: int) -> str | None:
    """The date of an act: of the most exact dates of its sentence the nearest one."""
    if not days:
        return None
    return min(days, key=lambda day: (len((day.value or "").split("/")[0]) < 10, abs(day.start - position))).value


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


def _supposed(text: str, first: int, opened: int) -> bool:
    """Whether a clause begins with `if` or the like: what stands in it did not happen."""
    return (
        _SUPPOSED.search(text[max(first, opened - 9) : opened]) is not None
        or _SUPPOSED_START.match(text, opened) is not None
    )


def _is_break(text: str, begin: int, end: int) -> bool:
    """Whether a joint ends the reach of a verb; `that` and `said` do not, a new clause does."""
    return text[begin:end].strip(", ") not in {"that", "said", "says", "told", "reported", "announced", "if", "unless"}

"""Who did what to whom: acts reported in a text, coded to the PLOVER kinds of 2021 with actor and target."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from counterpoise.evidence._actors import Mention
from counterpoise.evidence._dates import Moment
from counterpoise.evidence._role_forms import JOINT
from counterpoise.evidence._roles import Context, code_of, last_pair, roles, subject_ends, subject_in, unique
from counterpoise.evidence._tables import words
from counterpoise.evidence._text import Sentence
from counterpoise.evidence._triggers import Trigger, find_triggers, tokens

# "..., the White House announced Tuesday.": who tells it, not who does it.
_TELLER = re.compile(
    r", (?:an? |the )?[^,;]{0,70}\b(?:said|says|say|announced|reported|reports|told|quoted|according to|revealed|"
    r"confirmed)\b|,? according to\b"
)
_SUPPOSED_START = re.compile(r"(?i)(?:if|unless|whether|should) ")
_SUPPOSED = re.compile(r"(?i)\b(?:if|unless|whether|once|should) $")
# "A Norwegian-brokered truce": whoever brokered it neither signs nor breaks it.
_COMPOUND = re.compile(
    r"-(?:mediated|brokered|sponsored|made|built|supplied|drafted|facilitated|hosted|registered|flagged|produced|"
    r"designed|proposed|born|style|speaking|language|majority|friendly|aligned|"
    r"(?:led|backed|supported|funded|imposed|held|controlled|occupied) "
    r"(?![\w ]{0,20}(?:forces|troops|rebels|separatists|fighters|militants?|militias?|units|army|side|"
    r"soldiers|group)\b))"
)
_FOR_OR_AGAINST = re.compile(r"(?i)\b(?:pro|anti)-$")
_SIGNED = re.compile(r"(?i)(?:sign|ink|reach|conclud|ratif|initial|struck|agree)")
_STATES = frozenset({"state", "demonym", "capital"})
_REPORTS = words("tells")
# "since 1993" or "by 2030" bounds a time, and dates no act.
_OPEN_END = re.compile(r"(?i)\b(?:since|until|by) $")
# A clause that such a word opens ends at its comma.
_LEADING = re.compile(r"(?:When|Since|After|As|While|Although|Though|Because|Before|Once|Until) ")
_MUST = re.compile(r"\b(?:must|should)\b")
_TOLD = re.compile(r"\b(?:said|says|announced|insisted|stressed|told|declared|warned|stated)\b")


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
    ]
    best: dict[tuple[str, str | None, str | None], Event] = {}
    carried: list[Mention] = []
    pair: list[Mention] = []
    deal: list[Mention] = []
    counts = Counter(code_of(mention) for mention in mentions)
    topic = max(counts, key=lambda code: counts[code]) if counts else None
    first_of = {code_of(mention): mention for mention in reversed(mentions) if mention.sort in _STATES}
    first_state = next(iter(reversed(first_of.values())), None)
    low = late = 0
    for sentence in sentences:
        while low < len(mentions) and mentions[low].start < sentence.start:
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
        home = next((item for item in reversed(mentions[:low]) if item.sort in _STATES), None) or first_state
        bloc = next((item for item in reversed(mentions[:low]) if item.sort == "bloc"), None)
        context = Context(carried, pair, topic, first_of.get(topic) if topic else home, bloc, deal)
        acts = (
            [] if sentence.heading and sentence.paragraph > 1 else _sentence_events(text, sentence, here, context, days)
        )
        for event in acts:
            key = (event.kind, event.actor, event.target)
            if key not in best or event.confidence > best[key].confidence:
                best[key] = event
        dealing = next((act for act in acts if act.actor != act.target and act.actor and act.target), None)
        first = subject_in(text, sentence.start, here)
        if first and carried and code_of(first[0]) != code_of(carried[0]):
            pair = [carried[0], first[0]]
        carried = first or carried
        both = [first_of[code] for code in (dealing.actor, dealing.target) if code in first_of] if dealing else []
        coupled = last_pair(text, here)
        deal = coupled or (both if len(both) == 2 and dealing and _SIGNED.match(dealing.text) else deal)
        pair = coupled or (both if len(both) == 2 else pair)
    return sorted(best.values(), key=lambda event: (event.start, event.kind, event.actor or "", event.target or ""))


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
    joints = [joint for joint in joints if not _is_list(text, joint, joints, triggers)]
    found: list[Event] = []
    governed = -1
    reported = not _REPORTS.isdisjoint(token.word for token in words)
    for trigger in triggers:
        if trigger.start >= stop:
            break
        opened = max((end for _, end in joints if end <= trigger.start), default=sentence.start)
        if _supposed(text, sentence.start, opened) or (trigger.future and not reported):
            continue
        if (
            governed >= 0
            and not trigger.also
            and not any(governed < begin < trigger.start and _is_break(text, begin, end) for begin, end in joints)
        ):
            continue
        governed = trigger.start if trigger.governs else -1
        closed = min(
            (begin for begin, end in joints if begin > trigger.end and _is_break(text, begin, end)), default=stop
        )
        if _LEADING.match(text, sentence.start) and opened < sentence.start + 12:
            comma = text.find(", ", trigger.end, closed)
            closed = comma if comma >= 0 else closed
        pairs = roles(text, sentence, trigger, (opened, closed), here, context)
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


def _is_list(text: str, joint: tuple[int, int], joints: list[tuple[int, int]], triggers: list[Trigger]) -> bool:
    """Whether `, and` joins two names rather than two clauses: no act stands between it and the joint before."""
    begin, end = joint
    if text[begin:end] != ", and ":
        return False
    before = max((other for _, other in joints if other <= begin), default=0)
    return not any(before <= trigger.start < begin for trigger in triggers)


def _supposed(text: str, first: int, opened: int) -> bool:
    """Whether a clause begins with `if` or the like: what stands in it did not happen."""
    return (
        _SUPPOSED.search(text[max(first, opened - 9) : opened]) is not None
        or _SUPPOSED_START.match(text, opened) is not None
    )


def _is_break(text: str, begin: int, end: int) -> bool:
    """Whether a joint ends the reach of a verb; `that` and `said` do not, a new clause does."""
    return text[begin:end].strip(", ") not in {"that", "said", "says", "told", "reported", "announced", "if", "unless"}

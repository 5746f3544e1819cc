"""Who did it and to whom: subject, target and their couples, read from the names around a verb."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from counterpoise.evidence._actors import Mention
from counterpoise.evidence._tables import cells, table
from counterpoise.evidence._text import Sentence
from counterpoise.evidence._triggers import Trigger

# Where one clause ends and another begins. A relative pronoun hands on the nearest name, other joints the subject.
_CONJUNCTIONS = (
    "while|when|after|because|although|though|before|since|until|unless|if|whereas|following|despite|amid|but"
)
_TELLING = "said|says|announced|reported|reports|announces|told|added"
JOINT = re.compile(
    r";|(?<=\w) ?[\u2014\u2015] ?| - | as (?=[A-Z])|, (?:and|as|so|with|saying|adding|who|which|where) "
    rf"|(?:, |\b)(?:{_CONJUNCTIONS}|{_TELLING}|that|who|which|where) "
)
_PLURAL_LAST = re.compile(r"[a-z]{3,}s(?:, )?(?: who| which| where| that)? $")
_RELATIVE = re.compile(r"(?:, )?(?:who|which|where) $")
_PREPOSITION = re.compile(
    r"(?:^|\W)(?:of|to|in|with|from|by|against|between|for|near|at|over|into|on|among|toward|towards|via|through|despite|"
    r"under|after|before|outside|inside|within|around|across|about|since|during)(?: (?:the|a|an|its|their|his|her|"
    r"neighboring|neighbouring|northern|southern|eastern|western|central|both|former|war-torn|several|most|"
    r"all|U\.N\.|\d+)){0,3} $",
    re.I,
)
_LED = re.compile(
    r"(?i)\b(?:leaders?|presidents?|ministers?|governments?|authorities|parliaments?|officials|delegations?|envoys?|"
    r"ambassadors?|heads|troops|forces|army|representatives) of (?:both |the )?$"
)
_LINK = (
    r"(?!(?:of|to|in|with|from|by|against|between|for|near|at|over|into|on|among|via|led|which|who|that|said|"
    r"\w+(?:ed|ing))\b)"
)
_COUPLED = re.compile(
    rf"(?:'s?)?(?: {_LINK}[A-Za-z][\w-]*){{0,4}}?(?:, (?:and )?| and (?:the )?|, and the | & |-|/|"
    rf" as well as (?:the )?| and (?:[a-z]+ )?(?:of|from|with|to|in|between) )(?:{_LINK}[A-Za-z]+ ){{0,3}}"
)
_TWO = re.compile(
    r"(?i)\b(?:(?:the )?two (?:\w+ )?(?:countries|states|nations|sides|neighbou?rs|republics|parties|leaders|"
    r"governments)|(?:the )?two former \w+ states|both (?:countries|states|sides|nations|leaders|governments)|"
    r"(?:the|his|their) (?:warring )?(?:sides|counterparts|rivals|parties|ministers|presidents|leaders|delegations)|"
    r"(?:his|her|their|the) two (?:\w+ )?(?:counterparts|guests|colleagues)|"
    r"(?:both|the two) (?:\w+ )?(?:ministers|presidents|delegations|capitals|men|diplomats))\b"
)
_PRONOUN = re.compile(
    r"(?<!\w)(?:he|she|they|it|the (?:president|prime minister|premier|minister|foreign minister|government|country|"
    r"leader|company|ministry|bloc|alliance|organi[sz]ation|republic|chancellor|ambassador)|"
    r"(?:his|her|its|their) \w+|police|authorities|lawmakers|prosecutors)\b", re.I,
)  # fmt: skip
_THEY = re.compile(r"(?<!\w)[Tt]hey\b")
# People of no named state: they act at home, in the state that the text is about.
_AT_HOME = re.compile(
    r"(?i)(?:^|[\"'(,;] ?|\b(?:the|some|many|hundreds of|thousands of|dozens of|anti-government|riot|local|opposition|"
    r"ruling-party|pro-government|independent|rights|human rights|anti-corruption|state|military) |, )"
    r"(?:protesters|demonstrators|lawmakers|deputies|police|prosecutors|investigators|authorities|"
    r"opposition(?: (?:leaders?|parties|lawmakers|politicians|groups))?|government|parliament|court|activists|critics|"
    r"security (?:forces|services?)|border guards|rights groups|groups|journalists|students|workers|judges?|residents)"
    r"(?= |$)"
)
_HOME_TARGET = re.compile(
    r"(?i)\b(?:the (?:\w+ )?(?:government|opposition|authorities|ruling party|parliament|police|protesters|"
    r"demonstrators|prime minister|president)|(?:new|early|snap|fresh) elections|its own citizens|opposition \w+|"
    r"(?:political )?prisoners|his (?:critics|opponents)|critics|protesters|activists)\b"
)
# What such a noun takes up came from the party that spoke before.
_TAKEN_UP = re.compile(
    r" (?:all |any |both )?(?:the|that|this|these|those|such|his|her|its|their|any such) (?:[a-z]+ ){0,2}?(?:offers?|"
    r"proposals?|demands?|calls?|claims?|allegations?|plans?|requests?|charges?|criticism|accusations?|ultimatum|terms|"
    r"conditions|initiative|suggestion|idea|report|statement|decision|threat|warning|sale)\b"
)
_HIM = re.compile(r" (?:him|her|them|it)\b")
_HE_AND = re.compile(r"(?<!\w)(?:[Hh]e|[Ss]he|[Tt]hey|(?:[Hh]is|[Hh]er|[Ii]ts|[Tt]heir) [a-z ]{3,30}) and (?:the )?$")
_LIFTED = re.compile(r"(?i)^.{0,60}\b(?:restrictions|sanctions|embargo|blockade|ban|tariffs|closure|blockage)\b")
_BROKERED = re.compile(r"(?i)\b(?:broker|mediat|facilitat|host)")
_NEAR_RELATIVE = 30
_ADDRESSED = frozenset({"AGREE", "REJECT", "REQUEST", "ACCUSE", "THREATEN", "SANCTION"})
# Acts that need a second party: without one in reach, nothing is said.
_AT_A_PLACE = frozenset({"ASSAULT", "COERCE", "AID"})
_THE_BLOC = re.compile(r" (?:the|that) (?:\w+ )?(?:bloc|alliance|organi[sz]ation|union)\b")
_NEVER_ALONE = frozenset({"CONSULT", "COOPERATE", "AID", "SUPPORT", "SANCTION"})
_MUTUAL = frozenset({"CONSULT", "AGREE", "SUPPORT", "COOPERATE"})
_BETWEEN = re.compile(r"\bbetween (?:the )?$")
_WITH = re.compile(r"(?:^|(?<!ship)(?<!ties)(?<!deal)) with (?:[a-z]+ |[A-Z][a-z]+ ){0,2}$")
# Where an act takes place, or on whose margins: no target of it.
_STAGE = re.compile(r"(?:\b(?:in|at|near) (?:the )?|(?:margins|sidelines) of (?:an? |the )?|\bof an? )$")
_VERB_NEXT = re.compile(r" (?:may|might|has|have|had|will|would|is|was|were|are|can|could|should|\w+ed)\b")


@dataclass(frozen=True, slots=True)
class Context:
    """What earlier sentences hand on: the last subject, for a pronoun, and the last couple, for `the two countries`.

    `topic` is the state that the whole text names most; `home` is the state in which unnamed people act.
    """

    subject: list[Mention]
    couple: list[Mention]
    topic: str | None
    home: Mention | None = None
    bloc: Mention | None = None


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
        by = text.find(" by ", trigger.end, min(closed, trigger.end + 60))
        doers = [mention for mention in after if by >= 0 and mention.start >= by]
        actors, targets = _group(text, doers), subject
        if _BROKERED.match(text, trigger.start):
            targets = last_pair(text, [item for item in outer if item.end <= trigger.start]) or targets
        if not actors:
            if trigger.kind not in {"ASSAULT", "COERCE"} or not targets:
                return []
            return [(None, code_of(target)) for target in targets[:1]]
    else:
        actors = subject
        targets = _targets(text, trigger, after, actors)
    codes = unique(code_of(mention) for mention in actors)
    if not targets and _TWO.search(text, trigger.end, closed):
        targets = context.couple
    if not targets and actors and trigger.kind in _ADDRESSED:
        own = {code_of(actor) for actor in actors}
        if _TAKEN_UP.match(text, trigger.end) or _HIM.match(text, trigger.end):
            targets = [item for item in context.subject if code_of(item) not in own]
            if not targets and context.home and code_of(context.home) not in own:
                targets = [context.home]
        elif _HOME_TARGET.search(text, trigger.end, closed):
            return [(code, code) for code in unique(map(code_of, actors))]
    if not targets and actors:
        targets = _unnamed(text, trigger, closed, codes, context)
    goals = unique(code_of(mention) for mention in targets)
    if not goals and actors and trigger.kind in _AT_A_PLACE:
        goals = [code for code in [_place_in(text, trigger.end, closed)] if code]
    if not codes:
        # "Islamists continued their hunger strike": whoever they are, they act within the state that is named.
        return [(goals[0], goals[0])] if goals and trigger.kind in {"PROTEST", "CONCEDE"} else []
    others = [goal for goal in goals if goal not in codes]
    if _BROKERED.match(text, trigger.start) and len(others) >= 2:
        return [(actor, goal) for actor in codes for goal in others]
    if not others:
        if trigger.kind in _MUTUAL and len(codes) > 1:
            return [(codes[low], codes[high]) for low in range(len(codes)) for high in range(low + 1, len(codes))]
        lifted = trigger.kind in {"CONCEDE", "RETREAT"} and _LIFTED.match(text[trigger.end : closed])
        asked = (trigger.kind in _ADDRESSED or lifted) and not goals
        spoken = _addressed(text, trigger, here, codes, context) if asked else None
        if spoken:
            return [(code, spoken) for code in codes]
        if trigger.future and not any(code_of(item) in codes for item in after):
            return []
        blocs = all(item.sort == "bloc" for item in actors)
        return [] if trigger.kind in _NEVER_ALONE or trigger.passive or blocs else [(code, code) for code in codes]
    return [(actor, goal) for actor in codes for goal in others]


def _unnamed(text: str, trigger: Trigger, closed: int, codes: list[str], context: Context) -> list[Mention]:
    """Who is meant where none is named: `the bloc` is the last one, and old foes or partners deal with each other."""
    if context.bloc and _THE_BLOC.match(text, trigger.end):
        return [context.bloc]
    if trigger.kind == "SUPPORT" and _TAKEN_UP.match(text, trigger.end):
        return [item for item in context.subject if code_of(item) not in codes]
    pair = unique(map(code_of, context.couple))
    paired = trigger.kind in {"ASSAULT", "AGREE"} and len(codes) == 1 and len(pair) == 2 and codes[0] in pair
    elsewhere = _place_in(text, trigger.end, closed) or _HOME_TARGET.search(text, trigger.end, closed)
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


def _until_next_subject(text: str, after: list[Mention]) -> list[Mention]:
    """The names up to one that begins a new clause of its own: `... and Slovakia may do the same`."""
    for index, mention in enumerate(after):
        if text[mention.start - 5 : mention.start].endswith("and ") and _VERB_NEXT.match(text, mention.end):
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
        for link in (_BETWEEN, _WITH):
            first = next(
                (n for n, item in enumerate(rest) if link.search(text[max(0, item.start - 30) : item.start])), None
            )
            if first is not None:
                return _group(text, rest[first:])
    staged = [item for item in rest if not _STAGE.search(text[max(0, item.start - 12) : item.start])]
    rest = staged or ([] if trigger.kind in _MUTUAL and len(own) > 1 else rest)
    return _group(text, rest)


def _subject_of(
    text: str, sentence: Sentence, opened: int, stop: int, here: list[Mention], context: Context
) -> list[Mention]:
    inside = [mention for mention in here if opened <= mention.start < stop]
    relative = _RELATIVE.search(text[max(0, opened - 9) : opened]) is not None
    if relative and text[stop - 2 : stop] == ", ":
        # "Norway, which had left the talks, sent an envoy": after the side clause the main subject acts.
        main = subject_in(text, sentence.start, [mention for mention in here if mention.start < opened])
        if main:
            return main
        if context.home and _AT_HOME.search(text[sentence.start : sentence.start + 40]):
            return [context.home]
    found = subject_in(text, opened, inside)
    last = inside[-1] if inside else None
    if found and last and last not in found and last.sort == "holder" and text[last.end : stop] in {" ", ", "}:
        # "At the invitation of Norway's minister, the president of Chad, Jane Doe, paid a visit".
        return [last]
    if found:
        if _HE_AND.search(text, max(opened, found[0].start - 40), found[0].start):
            other = [mention for mention in here if mention.start < opened][:1] or context.subject
            return [*other, *found]
        return found
    earlier = [mention for mention in here if mention.start < opened]
    if earlier and relative:
        near = opened - earlier[-1].end < _NEAR_RELATIVE
        return [earlier[-1]] if near or not _PLURAL_LAST.search(text, earlier[-1].end, opened) else []
    if earlier:
        joints = [match.end() for match in JOINT.finditer(text, sentence.start, opened - 1)]
        for begin in [*reversed(joints), sentence.start]:
            found = subject_in(text, begin, [mention for mention in earlier if mention.start >= begin])
            if found:
                return found
        return [earlier[0]]
    if _TWO.search(text, opened, stop) and context.couple:
        return context.couple
    if context.home and _AT_HOME.search(text[opened:stop]):
        return [context.home]
    if len(context.couple) > 1 and len(context.subject) < 2 and _THEY.match(text, opened):
        return context.couple
    if _PRONOUN.search(text, opened, stop) and context.subject:
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
    return _PREPOSITION.search(before) is not None and _LED.search(before) is None


def _group(text: str, mentions: list[Mention]) -> list[Mention]:
    """The first mention and those joined to it by commas, `and` or a hyphen."""
    group = mentions[:1]
    for mention in mentions[1:]:
        between = text[group[-1].end : mention.start]
        same = code_of(mention) == code_of(group[-1])
        if "," in between and " and " not in between and text.startswith("'s ", mention.end) and not same:
            break
        if (same and len(between) < 40 and not re.search(r"[;,]", between)) or (
            len(between) < 60 and _COUPLED.fullmatch(between)
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

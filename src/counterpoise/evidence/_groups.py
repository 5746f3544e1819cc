"""Which names stand together: couples and lists, the name that is a subject, the party that a name stands for."""

from __future__ import annotations

from counterpoise.evidence._actors import Mention
from counterpoise.evidence._role_forms import (
    AFTER_THE_PLACE,
    ASIDE,
    AT_HOME,
    COMMA_OR_SEMICOLON,
    COUPLED,
    IN_THE_PLACE,
    LED,
    OBJECT_OF,
    PREPOSITION,
)

# A couple with titles in between (`the president of Chad Jane Doe and the president of ...`) is no longer than this.
_NEAR, _NEAR_TITLED = 60, 100
_PLACES = frozenset({"state", "demonym", "capital", "de facto"})


def code_of(mention: Mention) -> str:
    """The party to an act: the state behind a firm, a party or a holder, else the id itself."""
    return mention.state or mention.id


def unique(codes: object) -> list[str]:
    """The codes once each, in order."""
    return list(dict.fromkeys(codes))  # type: ignore[call-overload]


def group(text: str, mentions: list[Mention]) -> list[Mention]:
    """The first mention and those joined to it by commas, `and` or a hyphen."""
    found = mentions[:1]
    skip = 0
    for mention in mentions[1:]:
        if mention.start < skip:
            continue
        last = found[-1]
        between = text[last.end : mention.start]
        same = code_of(mention) == code_of(last)
        owned = "," in between and " and " not in between and text.startswith("'s ", mention.end) and not same
        # "Germany's E.ON": the owner belongs to the list when the firm that follows serves it.
        if owned and not _owns_next(mentions, mention):
            break
        near = same and len(between) < _NEAR - 20 and not COMMA_OR_SEMICOLON.search(between)
        if near or (len(between) < _NEAR_TITLED and COUPLED.fullmatch(between)):
            found.append(mention)
            continue
        # "... status to Chad, whose army has been fighting Mali for months, and Niger".
        aside = ASIDE.match(text, last.end)
        if not aside or not any(item.start == aside.end() for item in mentions):
            break
        skip = aside.end()
        if mention.start == skip:
            found.append(mention)
    return found


def _owns_next(mentions: list[Mention], owner: Mention) -> bool:
    following = next((item for item in mentions if item.start == owner.end + 3), None)
    return following is not None and (following.sort == "firm" or code_of(following) == code_of(owner))


def last_pair(text: str, here: list[Mention]) -> list[Mention]:
    """The last two names of different parties that stand together."""
    for index in range(len(here) - 1, 0, -1):
        couple = group(text, here[index - 1 : index + 1])
        if text[here[index - 1].end : here[index].start] == "-":
            # "The Norway-Chad war" is no couple that acts.
            continue
        if len({code_of(mention) for mention in couple}) == 2:
            return couple
    return []


def subject_in(text: str, opened: int, mentions: list[Mention]) -> list[Mention]:
    """The first name that no preposition governs, with the names coupled to it."""
    for index, mention in enumerate(mentions):
        if not governed(text, max(opened, mention.start - 40), mention.start):
            return group(text, mentions[index:])
    return []


def people_at(text: str, start: int) -> bool:
    """Whether unnamed people of a state (`the protesters`, `police`) stand at a place of the text."""
    return AT_HOME.match(text[start : start + 60]) is not None


def place_of_people(text: str, start: int, here: list[Mention]) -> Mention | None:
    """`In Oslo, police detained ten`: the place that opens the sentence of unnamed people, wherever the text is set."""
    for item in here:
        if item.sort not in _PLACES:
            continue
        opening = IN_THE_PLACE.fullmatch(text, start, item.start)
        rest = AFTER_THE_PLACE.match(text, item.end)
        if opening and rest and people_at(text, rest.end()):
            return item
    return None


def subject_ends(text: str, here: list[Mention]) -> set[int]:
    """Where the names end that no preposition governs: only such a name can be the subject of a verb beside it."""
    return {mention.end for mention in here if not governed(text, max(0, mention.start - 40), mention.start)}


def governed(text: str, low: int, position: int) -> bool:
    """Whether a preposition governs the name at a position; in `the leaders of Norway` the name itself acts."""
    before = text[low:position]
    if OBJECT_OF.search(before):
        return True
    return PREPOSITION.search(before) is not None and LED.search(before) is None

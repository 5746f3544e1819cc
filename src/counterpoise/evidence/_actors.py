"""Who is named in a text: each mention with its place, the state behind it and how it is named."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

from counterpoise.evidence._gazetteer import Entry, Gazetteer, Term, first_word, gazetteer
from counterpoise.evidence._tables import table, words


@dataclass(frozen=True, slots=True)
class Mention:
    """One mention: `id` is an ISO alpha-3 code, a bloc, a firm or party, or a de facto entity."""

    id: str
    state: str | None
    text: str
    start: int
    end: int
    sort: str
    person: str = ""


_CANDIDATE = re.compile(r"(?<![^\W_])(?:[^\W\d_a-zà-öø-ÿ][^\W_]*|al(?=-)|el(?=-)|bin(?= )|von(?= der)|de(?= Klerk))")
_TITLES = "|".join(
    re.escape(row["title"]).replace(r"\ ", " ") for row in sorted(table("titles"), key=lambda row: -len(row["title"]))
)
# Any title has one of these in it; a state with none of them close behind it needs no closer look.
_TITLE_WORD = re.compile(
    r"(?:inister|resident|remier|hancellor|ecretary|mbassador|nvoy|pokes|peaker|enator|ongress|overnor|ayor|eneral|"
    r"ommissioner|epresentative|dministrator|eader|mir|King|Prince|fficial|awmaker|iplomat|dvis[eo]r|aide|harg|onsul|hief)"
)
TITLE_REACH = 60
_NAME = r"(?:[A-ZÀ-ÖØ-ÞĀ-Ž][\w'.-]*)(?: (?:al-|el-|bin |ibn |van |von |de |der |da |dos )?[A-ZÀ-ÖØ-ÞĀ-Ž][\w'-]+){0,3}"
# "Estonian Deputy Foreign Minister, Jane Doe": the title that follows a state, and the name that follows the title.
_AFTER_STATE = re.compile(
    r"(?:'s?)?,? (?:(?:[a-z]+(?:-[a-z]+)?|Deputy|Vice|First|Acting|Former|then|ex|Federal|Chief|Special|"
    rf"Senior|Assistant|Permanent|Foreign|Under|Ministry|Presidential|Parliamentary|Vice-|Planning|and) "
    rf"?-?){{0,4}}(?:{_TITLES})\b"
)
_OF_STATE = re.compile(r" (?:to|for|of|in|at) (?:the )?")
_THEN_NAME = re.compile(rf",? ({_NAME})")
# "Jane Doe, Estonia's deputy foreign minister" and "Jane Doe, the foreign minister of Estonia".
_BEFORE_STATE = re.compile(rf"({_NAME}), (?:(?:an?|the) )?(?:[a-z]+ ){{0,4}}$")
# "Transport Minister Jane Doe" without a state beside it: she serves the state that the paragraph named last.
_BARE_TITLE = re.compile(
    r"(?:President|Minister|Ministry (?:spokes(?:man|woman|person))|Prime Minister|Ambassador|Envoy|Representative|"
    rf"Chief of (?:the )?General Staff|Council Secretary|Parliament Speaker|Deputy Speaker) ({_NAME})"
)
_OFFICE_WORD = re.compile(
    r"'s? (?:[a-z-]+ ){0,3}(?:president|minister|ambassador|envoy|spokes\w+|chancellor|premier|speaker|commissioner|"
    r"representative|adviser|advisor|secretary|chief|governor|mayor)\b"
)
_TITLE_BEFORE = re.compile(r"(?:President|Minister|Chancellor|Premier|Secretary|Senator|Chairman|Mr\.?) $")
_NOT_NAMES = words("not a name")
# A town or a state that is part of a longer name of something else, read from what follows or comes before.
_FOLLOWED_BY_NAME = re.compile(r" (?:Times|Post|Herald|Tribune|Observer|Telegraph|Marathon|University|Street|Avenue)\b")
_MONEY = re.compile(r"\$|\.\$| \$")


def find_mentions(text: str) -> list[Mention]:
    """Every mention of an actor in a plain text, in order, none overlapping.

    Names stand in `tables/states.csv`, `gazetteer.csv` and `holders.csv`; the longest name wins, and a phrase of
    `not_actors.csv` shields the name inside it. An office holder whom no table knows is read from the text itself: a
    state, a title and a name; the surname then stands for the state in the rest of the text.
    """
    names = gazetteer()
    found = _scan(text, names, names.by_word)
    local = _local_names(text, found, names)
    if local:
        found = _scan(text, names, names.by_word, local)
    return found


def _scan(
    text: str, names: Gazetteer, index: dict[str, list[Entry]], local: dict[str, list[Entry]] | None = None
) -> list[Mention]:
    found: list[Mention] = []
    reach = 0
    for match in _CANDIDATE.finditer(text):
        start = match.start()
        if start < reach:
            continue
        word = match.group()
        entry = _longest(text, start, index.get(word, ()))
        if local and word in local:
            entry = max((entry, _longest(text, start, local[word])), key=lambda item: len(item.name) if item else 0)
        end = start + len(entry.name) if entry else 0
        if entry is None and len(word) > 3 and word.isupper() and word in names.by_capitals:
            entry, end = _in_capitals(text, start, names.by_capitals[word])
        if entry is None:
            continue
        reach = end
        if entry.sort == "skip" or _is_else(text, start, end, entry):
            continue
        end = _trim_stop(text, start, end, entry)
        found.append(Mention(entry.id, entry.state, text[start:end], start, end, entry.sort, entry.full))
    return found


def _longest(text: str, start: int, entries: list[Entry] | tuple[()]) -> Entry | None:
    for entry in entries:
        if text.startswith(entry.name, start):
            end = start + len(entry.name)
            if entry.sort == "prefix":
                if text[end : end + 1] == "-" and text[end + 1 : end + 2].isalpha():
                    return entry
            elif not (text[end : end + 1].isalnum() or text[end : end + 1] == "_"):
                return entry
    return None


def _in_capitals(text: str, start: int, entries: list[Entry]) -> tuple[Entry | None, int]:
    for entry in entries:
        end = start + len(entry.name)
        if text[start:end] == entry.name.upper() and not text[end : end + 1].isalnum():
            return entry, end
    return None, 0


def _is_else(text: str, start: int, end: int, entry: Entry) -> bool:
    """Whether the name is here part of something that is no actor: a currency sign, a newspaper, a person's name."""
    if entry.name in {"US", "U.S."} and _MONEY.match(text, end):
        return True
    if entry.name in {"Jordan", "Chad", "Georgia", "Israel", "Paris", "Sofia", "London", "America"} and (
        re.match(r" (?:[A-Z]\. )?(?!and\b)[A-Z][a-z]+(?:son|man|er|ton|ez|ko)\b", text[end : end + 24])
    ):
        return True
    if entry.sort == "capital" and _FOLLOWED_BY_NAME.match(text, end):
        return True
    return entry.name == "Georgia" and text[start - 9 : start] == "Atlanta, "


def _trim_stop(text: str, start: int, end: int, entry: Entry) -> int:
    """The end of the bare name; a full stop that closes both abbreviation and sentence stays with the name."""
    return end if entry.name.endswith(".") or text[end - 1] != "." else end - 1


def _local_names(text: str, found: list[Mention], names: Gazetteer) -> dict[str, list[Entry]]:
    """Names that this text introduces with a title, and surnames that a full name or a title has made clear."""
    local: dict[str, list[Entry]] = {}
    starts = {mention.start: mention for mention in found}
    people = {mention.person for mention in found if mention.person}
    for surname, entries in names.surnames.items():
        for entry in entries:
            if entry.full in people or (surname in text and _titled(text, surname)):
                _put(local, entry)
    near_titles = [match.start() for match in _TITLE_WORD.finditer(text)]
    for mention in found:
        if mention.sort in {"holder", "prefix", "firm", "party", "media"}:
            continue
        ahead = bisect_left(near_titles, mention.end)
        if ahead == len(near_titles) or near_titles[ahead] > mention.end + TITLE_REACH:
            continue
        name = _name_after(text, mention, starts) or _name_before(text, mention)
        if not name or (first_word(name) in names.by_word and " " not in name):
            continue
        full = name
        for form in {full, full.rpartition(" ")[2]}:
            if len(form) > 2 and form not in _NOT_NAMES and not _known(form, names):
                _put(local, Entry(form, mention.id, mention.state, "holder", full))
    places = [mention.start for mention in found]
    taken = set(places)
    for title in _BARE_TITLE.finditer(text):
        owner = _state_before(text, found, places, title.start())
        full = _clean(title.group(1))
        if owner and " " in full and title.start(1) not in taken and full not in people:
            for form in (full, full.rpartition(" ")[2]):
                if (
                    len(form) > 2
                    and form not in _NOT_NAMES
                    and not _known(form, names)
                    and form.split(" ")[0] not in local
                ):
                    _put(local, Entry(form, owner.id, owner.state, "holder", full))
    return local


def _state_before(text: str, found: list[Mention], places: list[int], position: int) -> Mention | None:
    """The state named last before a place, if no line break lies between."""
    for mention in reversed(found[bisect_left(places, position - 400) : bisect_left(places, position)]):
        if mention.sort in {"state", "demonym", "capital"}:
            if "\n" not in text[mention.start : position]:
                return mention
            break
    for mention in found[bisect_left(places, position) :][:3]:
        near = mention.start < position + 150 and not re.search(r"[.\n]", text[position : mention.start])
        if near and mention.sort in {"state", "demonym"}:
            return mention
    return None


def _put(local: dict[str, list[Entry]], entry: Entry) -> None:
    bucket = local.setdefault(first_word(entry.name), [])
    if entry not in bucket:
        bucket.append(entry)
        bucket.sort(key=lambda item: -len(item.name))


def _titled(text: str, surname: str) -> bool:
    position = text.find(surname)
    while position >= 0:
        end = position + len(surname)
        alone = not re.match(r" [A-Z][a-z]", text[end : end + 3])
        if alone and _TITLE_BEFORE.search(text, max(0, position - 12), position):
            return True
        position = text.find(surname, position + 1)
    return False


def _known(name: str, names: Gazetteer) -> bool:
    return any(entry.name == name for entry in names.by_word.get(first_word(name), ()))


def _name_after(text: str, mention: Mention, starts: dict[int, Mention]) -> str:
    title = _AFTER_STATE.match(text, mention.end)
    if not title:
        return ""
    end = title.end()
    link = _OF_STATE.match(text, end)
    if link and link.end() in starts:
        end = starts[link.end()].end
    name = _THEN_NAME.match(text, end)
    if not name or name.start(1) in starts:
        return ""
    # A comma, then one capitalised word, is as often the next clause as a name: ask for two words there.
    if text[end] == "," and " " not in name.group(1):
        return ""
    return _clean(name.group(1))


def _name_before(text: str, mention: Mention) -> str:
    if not _OFFICE_WORD.match(text, mention.end):
        return ""
    name = _BEFORE_STATE.search(text, max(0, mention.start - 80), mention.start)
    return _clean(name.group(1)) if name and " " in name.group(1) else ""


def _clean(name: str) -> str:
    words = name.rstrip(".").split(" ")
    while words and words[0] in _NOT_NAMES:
        words.pop(0)
    while words and (words[-1] in _NOT_NAMES or words[-1].endswith("'s")):
        last = words.pop()
        if last.endswith("'s"):
            words.append(last[:-2])
            break
    return " ".join(words)


def office_of(mention: Mention, day: str | None) -> Term | None:
    """The office that a person held on a day (ISO), or the last one held before it; `None` for no person."""
    terms = sorted(gazetteer().terms.get(mention.person, ()), key=lambda term: term.start)
    if not terms:
        return None
    if day is None:
        return terms[-1]
    begun = [term for term in terms if term.start <= day]
    return begun[-1] if begun else terms[0]


def in_office(term: Term, day: str | None) -> bool | None:
    """Whether the office was held on that day; `None` when no day is known."""
    return None if day is None else term.start <= day and (not term.end or day <= term.end)

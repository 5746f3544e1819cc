"""Who serves whom: office holders, party people and state bodies that only the text itself introduces."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter

from counterpoise.evidence._gazetteer import Entry, Gazetteer, Mention, first_word
from counterpoise.evidence._tables import either, table, words

_TITLES = "|".join(
    re.escape(row["title"]).replace(r"\ ", " ") for row in sorted(table("titles"), key=lambda row: -len(row["title"]))
)
# Any title has one of these in it; a state with none of them close behind it needs no closer look.
TITLE_WORD = re.compile(
    r"(?:inister|resident|remier|hancellor|ecretary|mbassador|nvoy|pokes|peaker|enator|ongress|overnor|ayor|eneral|"
    r"ommissioner|epresentative|dministrator|eader|mir|King|Prince|fficial|awmaker|iplomat|dvis[eo]r|aide|harg|onsul|"
    r"hief|eputy|ember|MP|hair|ounder)"
)
TITLE_REACH = 60
_NAME = r"(?:[A-ZÀ-ÖØ-ÞĀ-Ž][\w'.-]*)(?: (?:al-|el-|bin |ibn |van |von |de |der |da |dos )?[A-ZÀ-ÖØ-ÞĀ-Ž][\w'-]+){0,3}"
# Bounded and bound to the beginning of a word: a line of capitals costs no search from each.
_FULL = (
    r"(?:(?<![\w'-])[A-ZÀ-ÖØ-ÞĀ-Ž][\w'-]{1,30})"
    r"(?: (?:[A-Z]\. )?(?:al-|el-|bin |ibn |van |von |de )?[A-ZÀ-ÖØ-ÞĀ-Ž][\w'-]{1,30}){1,3}"
)
# "Estonian Deputy Foreign Minister, Jane Doe": the title that follows a state, and the name that follows the title.
_AFTER_STATE = re.compile(
    r"(?:'s?)?,? (?:(?:[a-z]+(?:-[a-z]+)?|Deputy|Vice|First|Acting|Former|then|ex|Federal|Chief|Special|"
    rf"Senior|Assistant|Permanent|Foreign|Under|Ministry|Presidential|Parliamentary|Vice-|Planning|and) "
    rf"?-?){{0,4}}(?:{_TITLES})\b"
)
_OF_STATE = re.compile(r" (?:to|for|of|in|at) (?:the )?")
_TO_HOME = re.compile(r" (?:to|in) the (?:country|republic|region)")
_THEN_NAME = re.compile(rf",? ({_NAME})")
# "Jane Doe, Estonia's deputy foreign minister" and "Jane Doe, the foreign minister of Estonia".
_BEFORE_STATE = re.compile(rf"({_NAME}), (?:(?:an?|the) )?(?:[a-z]+ ){{0,4}}$")
# "the Minister of Foreign Affairs of Estonia, Jane Doe".
_OFFICE = either("office", capital=True)
_OFFICE_OF = re.compile(
    rf"(?:{_OFFICE}|[Cc]hairman|[Hh]ead)"
    r"(?: (?:of|for|and|the|in|to)| [A-Z][a-z]+){0,8} (?:of|to) (?:the )?$"
)
_OFFICE_THEN = re.compile(rf", (?:(?:H\.E\.|Mr\.?|Ms\.?|Mrs\.?|Dr\.?) )?({_FULL})")
# "the chairman of Estonia's parliamentary foreign-affairs committee, Jane Doe".
_OFFICE_OF_ITS = re.compile(
    rf"'s? (?:[a-z]+(?:-[a-z]+)? |and |[A-Z][a-z]+ ){{1,6}}?"
    rf"(?:[a-z]+|Committee|Service|Agency|Ministry), ({_FULL})(?=,| )"
)
# "Ambassador Jane Doe of Estonia and John Roe of Chad".
_TITLED_OF = re.compile(rf"(?:{_OFFICE}|Mr\.?|Ms\.?|[A-Z][a-z]+ and) ({_FULL}) of (?:the )?$")
_OFFICE_IN = re.compile(
    r"(?:[Cc]hair\w*|[Hh]ead|[Cc]hief|[Dd]irector|[Ss]peaker|[Ss]ecretary|[Ss]pokes\w+|[Mm]ember) (?:of|for) $"
)
# "Transport Minister Jane Doe" without a state beside it: she serves the state that the paragraph named last.
_BARE_TITLE = re.compile(
    rf"(?:{_OFFICE}|(?:Ministry )?(?:{either('spokespeople', capital=True)})|[Ll]awmakers?|MPs?|[Oo]pposition leader|"
    r"party leader|Chief of (?:the )?General Staff|[Cc]hief of staff|[Dd]eputy chairman|"
    rf"[Aa]rchbishop|[Pp]rosecutor(?: [Gg]eneral)?|[Oo]mbudsman),? ({_FULL})"
)
# "Jane Doe, a deputy from the ruling party" and "Jane Doe, its foreign minister".
_NAMED_THEN_TITLE = re.compile(
    rf"({_FULL}), (?:(?:an?|the|its|one|who is|then|the country's) )+(?:[a-z-]+ ){{0,4}}(?:"
    rf"{either('office', 'spokespeople')}|lawmaker|deputy|MP|opposition (?:leader|politician)|leader of the opposition|"
    r"(?:deputy )?(?:head|chair(?:man|woman)?) of (?:the )?"
    r"(?:parliament\w*|security|defen[cs]e|foreign|state|national))\b"
)
_OF_PARTY = re.compile(rf"({_FULL}),? (?:(?:an? )?(?:[a-z-]+ ){{0,3}})?(?:of|from|with) (?:the )?(?:[a-z-]+ ){{0,2}}$")
_PARTY_THEN = re.compile(
    rf"(?:'s? | (?:[a-z-]+ ){{0,2}}(?:leader|chair(?:man|woman)?|lawmaker|deputy|member|MP|"
    rf"head|founder|spokes\w+) )({_FULL})"
)
_OFFICE_WORD = re.compile(rf"'s? (?:[a-z-]+ ){{0,3}}(?:{either('office', 'spokespeople')}|advis[eo]r)\b")
_TITLE_BEFORE = re.compile(r"(?:President|Minister|Chancellor|Premier|Secretary|Senator|Chairman|Mr\.?) $")
_CAPITAL_WORD = re.compile(r"[^\W\d_a-z]\w+")
_NOT_NAMES = words("not a name")
NO_FIRST_NAMES = _NOT_NAMES | words("starts a sentence") | words("no first name")
# State bodies that need no state beside them to be told from others: they serve the state under discussion.
_BODY = re.compile(
    r"(?<![\w'-])(?:(?:Interior|Foreign|Defen[cs]e|Economy|Finance|Energy|Justice|Health|Transport|Infrastructure|"
    r"Agriculture|Trade|Education|Emergencies|Emergency Situations|Ecology|Labou?r|Culture) Ministry|"
    r"Ministry of (?:the )?[A-Z][a-z]+(?: (?:and |of )?[A-Z][a-z]+){0,2}|(?:Central|National) Bank|National Assembly|"
    r"General Staff|Constitutional Court|Prosecutor General's Office|State Security Service|National Security Service|"
    r"Anti-Corruption Committee|State Revenue Committee|State Customs (?:Committee|Service)|Border (?:Guard )?Service|"
    r"(?:State|Federal|National) (?!Bank)[A-Z][a-z]+ (?:[A-Z][a-z]+ )?(?:Service|Committee|Agency|Commission)|"
    r"Central Elections? Commission)(?![\w-])"
)

# "the Anti-Corruption Committee (ACC)": the letters stand for the body from there on.
_SHORT = re.compile(
    r"\b(?:Committee|Commission|Service|Agency|Ministry|Bank|Council|Bureau|Authority|Inspectorate|Administration|"
    r"Office|Assembly|Court|Fund) \(([A-Z]{2,6})\)"
)
_OFFICER = re.compile(
    rf"(?:'s?)? (?:[Cc]hief [Ee]xecutive(?: [Oo]fficer)?|CEO|(?:[Vv]ice[ -])?[Pp]resident|[Hh]ead|"
    rf"[Cc]hair(?:man|woman)?|(?:[Gg]eneral )?[Dd]irector|[Ss]pokes\w+|[Dd]eputy [Hh]ead) "
    rf"({_FULL})"
)
_BY_STATE = frozenset({"state", "demonym", "capital"})
_SORTS_WITH_OFFICES = frozenset({"state", "demonym", "capital", "bloc", "body", "de facto"})


def learn_names(text: str, found: list[Mention], names: Gazetteer) -> dict[str, list[Entry]]:
    """Names that this text introduces with a title or a party, and surnames made clear by a full name or a title."""
    local: dict[str, list[Entry]] = {}
    starts = {mention.start: mention for mention in found}
    people = {mention.person for mention in found if mention.person}
    capitals = set(_CAPITAL_WORD.findall(text))
    for surname in names.surnames.keys() & capitals:
        for entry in names.surnames[surname]:
            if entry.full in people or _titled(text, surname):
                _put(local, entry)
    near_titles = [match.start() for match in TITLE_WORD.finditer(text)]
    for mention in found:
        if mention.sort == "party":
            _learn(local, _of_party(text, mention), mention, names)
        if mention.sort == "firm" and mention.state and (officer := _OFFICER.match(text, mention.end)):
            _learn(local, _clean(officer.group(1)), mention, names)
        if mention.sort not in _SORTS_WITH_OFFICES:
            continue
        ahead = bisect_left(near_titles, mention.end)
        name = ""
        if ahead < len(near_titles) and near_titles[ahead] <= mention.end + TITLE_REACH:
            name = _name_after(text, mention, starts) or _name_before(text, mention)
        if not name and ahead and near_titles[ahead - 1] > mention.start - 2 * TITLE_REACH:
            name = _name_of_office(text, mention)
        if name and not _in_heading(text, mention.start):
            _learn(local, name, mention, names)
    places = [mention.start for mention in found]
    taken = set(places)
    topic = _topic(found)
    for short in _SHORT.finditer(text):
        owner = _state_before(text, found, places, short.start())
        if owner and not _known(short.group(1), names):
            _put(local, Entry(short.group(1), owner.id, owner.state, "body"))
    for pattern in (_BARE_TITLE, _NAMED_THEN_TITLE):
        for title in pattern.finditer(text):
            owner = _state_before(text, found, places, title.start()) or topic
            full = _clean(title.group(1))
            if title.start(1) in taken or full in people or _in_heading(text, title.start()):
                continue
            if owner and " " in full:
                _learn(local, full, owner, names)
    return local


def _learn(local: dict[str, list[Entry]], name: str, owner: Mention, names: Gazetteer) -> None:
    if not name or not _is_person(name, names):
        return
    state = owner.state if owner.sort in {"party", "firm"} else owner.id
    for form in (name, name.rpartition(" ")[2]):
        if len(form) > 2 and form not in _NOT_NAMES and (not _known(form, names) or _is_other(form, name, names)):
            _put(local, Entry(form, state or owner.id, owner.state, "holder", name))


def _is_other(surname: str, name: str, names: Gazetteer) -> bool:
    """Whether a surname that a table knows belongs here to another: the text gives it a first name of its own."""
    known = [item for item in names.by_word.get(first_word(surname), ()) if item.name == surname]
    first = name.partition(" ")[0]
    return (
        " " in name and bool(known) and all(entry.sort == "holder" and entry.full[:2] != first[:2] for entry in known)
    )


def _is_person(name: str, names: Gazetteer) -> bool:
    """Whether no part of a would-be name is a word of something else: a state, a title, a firm."""
    for part in name.split(" "):
        pieces = part.split("-")
        if any(piece in _NOT_NAMES for piece in pieces) or TITLE_WORD.search(part) is not None:
            return False
        if any(_is_actor_word(piece, names) for piece in pieces):
            return False
    return True


def _is_actor_word(word: str, names: Gazetteer) -> bool:
    return any(entry.name == word and entry.sort != "holder" for entry in names.by_word.get(first_word(word), ()))


def _in_heading(text: str, position: int) -> bool:
    """Whether a place lies in a line that ends like a heading: there capitals do not mark names."""
    end = text.find("\n", position)
    begin = text.rfind("\n", 0, position) + 1
    line = text[begin : end if end >= 0 else len(text)].rstrip()
    return len(line) < 160 and not line.endswith((".", "!", "?", '"', "'", ")", ":", ";", ","))


def _topic(found: list[Mention]) -> Mention | None:
    """The state that the text names most, as its first mention."""
    counts = Counter(mention.id for mention in found if mention.sort in _BY_STATE)
    if not counts:
        return None
    code = max(counts, key=lambda name: counts[name])
    return next(mention for mention in found if mention.id == code and mention.sort in _BY_STATE)


def _of_party(text: str, mention: Mention) -> str:
    """`Jane Doe of the Good Party`, `the Good Party's Jane Doe`, `Good Party leader Jane Doe`."""
    after = _PARTY_THEN.match(text, mention.end)
    if after:
        return _clean(after.group(1))
    before = _OF_PARTY.search(text, max(0, mention.start - 70), mention.start)
    return _clean(before.group(1)) if before else ""


def _name_of_office(text: str, mention: Mention) -> str:
    """`the Minister of Energy of Estonia, Jane Doe`."""
    if _OFFICE_IN.search(text, max(0, mention.start - 30), mention.start):
        own = _OFFICE_OF_ITS.match(text, mention.end, mention.end + 120)
        if own:
            return _clean(own.group(1))
    titled = _TITLED_OF.search(text, max(0, mention.start - 90), mention.start)
    if titled:
        return _clean(titled.group(1))
    if not _OFFICE_OF.search(text, max(0, mention.start - 90), mention.start):
        return ""
    name = _OFFICE_THEN.match(text, mention.end)
    return _clean(name.group(1)) if name else ""


def nameless_bodies(text: str, found: list[Mention]) -> list[Mention]:
    """State bodies named without their state (`the Interior Ministry said`), for the state named last before them."""
    bodies: list[Mention] = []
    places = [mention.start for mention in found]
    topic: Mention | None = None
    for match in _BODY.finditer(text):
        start, end = match.span()
        index = bisect_left(places, start)
        before = found[index - 1] if index else None
        after = found[index] if index < len(found) else None
        if (before and before.end > start) or (after and after.start < end):
            continue
        if before and start - before.end <= 3 and before.sort in _SORTS_WITH_OFFICES:
            continue
        if after and _OF_STATE.fullmatch(text, end, after.start):
            continue
        topic = topic or _topic(found)
        owner = _state_before(text, found, places, start) or topic
        if owner:
            bodies.append(Mention(owner.id, owner.state, match.group(), start, end, "body"))
    return bodies


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
    home = _TO_HOME.match(text, end)
    end = home.end() if home else end
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

"""Which words of a sentence report an act, and of what PLOVER kind: the verbs of `tables/verbs.csv` in context."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from itertools import takewhile

from counterpoise.evidence._tables import cells, table, words

_TOKEN = re.compile(r"[^\W_][\w'-]*")
_BE = frozenset(["is", "are", "was", "were", "be", "been", "being", "gets", "got"])
_HAVE = frozenset(["has", "have", "had", "having"])
_MODAL = frozenset(["will", "would", "'ll", "shall"])
_MAYBE = frozenset(["may", "might", "could", "can", "should", "must", "cannot"])
_NOT = frozenset(["not", "never", "n't", "no", "neither", "nor"])
_ADVERBS = words("adverb")
_NO_ADVERBS = frozenset(["supply", "family", "assembly", "monopoly", "anomaly", "resupply", "reply", "multiply"])
_NOUNY = words("before a noun")
_DONE_TO = words("done to")
_PRONOUNS = frozenset(["he", "she", "they", "who", "we"])
_MORE_OFTEN_NOUNS = words("noun in s")
# Standing facts of a text of analysis rather than acts: these verbs count in the past only.
_STANDING = frozenset(["AID", "SUPPORT", "AGREE", "COOPERATE", "REQUEST", "CONSULT"])
COOPERATIVE = frozenset({"AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT"})
# Verbs whose past looks like their base: `Russia cut supplies` is an act, `threatened to cut` is none yet.
_SAME_PAST = frozenset(["cut", "hit", "shut", "put", "set", "quit", "hurt", "shed"])
_BEFORE_BASE = _MODAL | _MAYBE | {"to", "not"}
WINDOW = 14
_WHERE = frozenset(["in", "from", "under", "on", "at", "since"])
_UNDECIDED = frozenset(["draft", "any", "a", "possible", "final", "no", "whether"])
# "Accused of calling for a coup": what somebody is charged with is no act that the text reports.
_CONTENT = frozenset(["of", "for", "without", "about", "from"])
_THEN = frozenset(["during", "for", "near", "after", "when", "while", "as", ""])
# "Leading the ministry to threaten": what somebody was brought to do was done.
_CAUSED = frozenset(["leading", "prompting", "prompted", "led", "causing", "caused", "forcing", "forced"])
_NUMBERS = frozenset(["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "many", "several"])


@dataclass(frozen=True, slots=True)
class Token:
    """A word in lower case with its place in the text."""

    word: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Trigger:
    """A reported act: its kind, its place, whether it is passive and how sure the reading is, in [0, 1].

    `also` marks a second act of the same subject: `denied it and blamed the neighbour`; `whole` is false for a bare
    participle: `those detained in the capital`. `trails` marks a participle after a main clause.
    """

    kind: str
    start: int
    end: int
    passive: bool
    governs: bool
    confidence: float
    future: bool = False
    also: bool = False
    whole: bool = True
    trails: bool = False


@dataclass(frozen=True, slots=True)
class _Rule:
    words: tuple[str, ...]
    form: str
    kind: str
    needs: frozenset[str]
    bars: frozenset[str]
    phrases: tuple[str, ...]
    governs: bool
    follows: frozenset[str]


def tokens(text: str, start: int, end: int) -> list[Token]:
    """The words of a stretch of text in lower case; a possessive ending is cut off."""
    found = []
    for match in _TOKEN.finditer(text, start, end):
        word = match.group().lower()
        found.append(Token(word[:-2] if word.endswith("'s") else word, match.start(), match.end()))
    return found


def _inflect(verb: str) -> dict[str, str]:
    """The forms of a regular verb and what each is: base, s, past, ing.

    >>> _inflect("deny")["denied"], _inflect("urge")["urging"]
    ('past', 'ing')
    """
    if verb.endswith("e"):
        past, ing, third = f"{verb}d", f"{verb[:-1]}ing", f"{verb}s"
    elif verb.endswith("y") and verb[-2] not in "aeiou":
        past, ing, third = f"{verb[:-1]}ied", f"{verb}ing", f"{verb[:-1]}ies"
    else:
        sibilant = verb.endswith(("s", "sh", "ch", "x", "z"))
        past, ing, third = f"{verb}ed", f"{verb}ing", f"{verb}es" if sibilant else f"{verb}s"
    return {verb: "base", third: "s", past: "past", ing: "ing"}


def _form_of(form: str, verb: str) -> str:
    head = form.split(" ", maxsplit=1)[0]
    if form == verb:
        return "base"
    if head.endswith("ing"):
        return "ing"
    return "s" if head.endswith("s") and not head.endswith("ss") else "past"


@cache
def _people() -> frozenset[str]:
    return frozenset(row["noun"].lower() for row in table("persons")) | {"those", "others"}


@cache
def _rules() -> dict[str, list[_Rule]]:
    by_word: dict[str, list[_Rule]] = {}
    for row in table("verbs"):
        verb = row["verb"]
        forms = {form: _form_of(form, verb) for form in cells(row["forms"])}
        if not forms or " " not in verb:
            regular = _inflect(verb) if " " not in verb else {verb: "phrase"}
            forms = {**({verb: "base"} if forms else regular), **forms}
        if " " in verb:
            forms = dict.fromkeys({verb, *forms}, "phrase")
        needs = row["needs"].split("|") if row["needs"] else []
        for form, sort in forms.items():
            words = tuple(form.split(" "))
            by_word.setdefault(words[0], []).append(
                _Rule(
                    words,
                    sort,
                    row["kind"],
                    frozenset(need for need in needs if " " not in need),
                    frozenset(row["bars"].split("|")) if row["bars"] else frozenset(),
                    tuple(need for need in needs if " " in need),
                    row["governs"] == "yes",
                    frozenset(row["next"].split("|")) if row["next"] else frozenset(),
                )
            )
    for rules in by_word.values():
        rules.sort(key=lambda rule: (-len(rule.words), not (rule.needs or rule.phrases or rule.follows)))
    return by_word


def find_triggers(words: list[Token], text: str, actor_ends: set[int], name_ends: set[int]) -> list[Trigger]:
    """The reported acts of a sentence, left to right.

    `name_ends` are where names end, `actor_ends` where names end that can be the subject of a verb beside them.
    """
    rules = _rules()
    found: list[Trigger] = []
    index = 0
    while index < len(words):
        raw = text[words[index].start : words[index].end]
        joined = text[words[index].start - 1 : words[index].start] in {"-", "/"} or (
            raw.isupper() and len(raw) > 1 and not text[words[0].start : words[-1].end].isupper()
        )
        candidates = None if joined else rules.get(words[index].word)
        rule = _match(words, index, candidates) if candidates else None
        if rule and rule.kind == "NONE":
            index += len(rule.words)
            continue
        abroad = any(trigger.kind == "CONSULT" for trigger in found)
        ends = name_ends if rule and rule.form == "ing" else actor_ends
        trigger = _in_context(words, index, rule, ends, abroad) if rule else None
        if trigger:
            found.append(trigger)
        index += len(rule.words) if rule and trigger else 1
    return found


def _still_told(word: str) -> bool:
    """What is said to come (`announced that it would ...`) is no object of the verb before."""
    return word not in {"will", "would"}


def _match(words: list[Token], index: int, rules: list[_Rule]) -> _Rule | None:
    ahead: list[str] | None = None
    for rule in rules:
        size = len(rule.words)
        if size > 1 and tuple(token.word for token in words[index : index + size]) != rule.words:
            continue
        following = words[index + size].word if index + size < len(words) else ""
        if following in rule.bars or (rule.follows and following not in rule.follows):
            continue
        if rule.needs or rule.phrases:
            if ahead is None:
                ahead = list(takewhile(_still_told, (token.word for token in words[index + 1 : index + 1 + WINDOW])))
                told = next(
                    (token.word for token in words[max(0, index - 3) : index][::-1] if not _is_adverb(token.word)), ""
                )
                far = 16 if told in _BE else 4
                behind = [token.word for token in words[max(0, index - far) : index]]
            if not (rule.needs.intersection(ahead) or rule.needs.intersection(behind)) and not any(
                phrase in " ".join(ahead) for phrase in rule.phrases
            ):
                continue
        return rule
    return None


def _in_context(words: list[Token], index: int, rule: _Rule, actor_ends: set[int], abroad: bool) -> Trigger | None:
    """The rule as an act in this place, or `None` where the word is a noun, a wish, a negation or a mere purpose.

    `abroad` says that a visit or a meeting has been told before in the sentence: its purpose then counts as done.
    """
    back = index - 1
    while back >= 0 and _is_adverb(words[back].word):
        back -= 1
    before = words[back].word if back >= 0 else ""
    earlier = [token.word for token in words[max(0, back - 3) : back + 1]]
    after = words[index + len(rule.words)].word if index + len(rule.words) < len(words) else ""
    start, end = words[index].start, words[index + len(rule.words) - 1].end
    behind_actor = back >= 0 and words[back].end in actor_ends
    if after in {"no", "nobody"} and rule.kind != "AGREE":
        return None
    if rule.form == "base" and rule.words[0] in _SAME_PAST and before not in _BEFORE_BASE:
        rule = replace(rule, form="past")
    negated = bool(_NOT.intersection(earlier[-3:])) or any(word.endswith("n't") for word in earlier[-2:])
    passive = rule.form == "past" and (
        bool(_BE.intersection(earlier[-2:])) or after == "by" or (after == "both" and _by_both(words, index))
    )
    passive = passive or (len(rule.words) > 1 and after == "by" and rule.words[0].endswith(("en", "ed")))
    # "Two of the people detained at the rally", "the seven killed in the raid": no verb of theirs.
    undergone = rule.form == "past" and rule.kind in {"COERCE", "ASSAULT"} and after in _WHERE | _THEN
    bare = undergone and not passive and (before in _people() or before.isdigit())
    passive = passive or bare
    # "The declaration signed in Oslo by the two ministers".
    signed_by = rule.form == "past" and rule.kind == "SUPPORT" and not behind_actor and before not in _HAVE | _PRONOUNS
    if signed_by and any(token.word in {"by", "between"} for token in words[index + 1 : index + 8]):
        passive = True
    if passive and rule.words[0] == "met":
        # "The demands were not met".
        return None
    if rule.form == "past" and "be" in earlier[-2:] and (_MODAL | _MAYBE).intersection(earlier):
        # "The exports would be halted": not yet.
        return None
    future = bool(_MODAL.intersection(earlier[-3:])) and rule.form in {"base", "phrase"}
    if negated:
        if rule.form == "base" and {"do", "does"}.intersection(earlier):
            return None
        refused = future or (rule.kind in COOPERATIVE and before in _NOT)
        return Trigger("REJECT", start, end, passive and after == "by", True, 0.5, future) if refused else None
    if future:
        if before == "to":
            # "Would have to ask".
            return None
        hostile = rule.kind if rule.kind in {"REQUEST", "PROTEST", "REJECT"} else "THREATEN"
        return Trigger("AGREE" if rule.kind in COOPERATIVE else hostile, start, end, False, True, 0.5, True)
    if _MAYBE.intersection(earlier[-2:]) and rule.form in {"base", "phrase"}:
        return None
    if before == "to" and rule.form in {"base", "phrase"}:
        done = len(earlier) > 1 and earlier[-2] in _DONE_TO
        caused = any(token.word in _CAUSED for token in words[max(0, back - 8) : back])
        met = abroad and rule.words[0] == "meet"
        resolved = len(earlier) > 1 and earlier[-2] in {"decision", "decided"} and earlier[0] not in _UNDECIDED
        decided = resolved and rule.kind not in COOPERATIVE
        done = done or caused or met or decided
        return Trigger(rule.kind, start, end, False, rule.governs, 0.6) if done else None
    if not _is_verb(rule, before, behind_actor, after) or (
        rule.form in {"s", "base"} and rule.kind in _STANDING and not (rule.kind == "REQUEST" and after == "that")
    ):
        return None
    also = before in {"and", "but", "then"} and rule.form == "past" and not passive
    # "..., demanding that Norway leave": a participle that goes on with the subject of the main clause.
    comma = back >= 0 and words[back + 1].start - words[back].end > 1
    trails = rule.words[0].endswith("ing") and before not in _BE and (comma or not behind_actor)
    return Trigger(
        rule.kind, start, end, passive, rule.governs, 0.9 if rule.form in {"past", "phrase"} else 0.7, False, also,
        not bare, trails,
    )  # fmt: skip


def _is_adverb(word: str) -> bool:
    return word in _ADVERBS or (word.endswith("ly") and len(word) > 5 and word not in _NO_ADVERBS)


def _by_both(words: list[Token], index: int) -> bool:
    """`ignored both by its ally and by its neighbours`."""
    return [token.word for token in words[index + 1 : index + 3]] == ["both", "by"]


def _is_thing(before: str) -> bool:
    """Whether the word before is a plain noun: `materials banned in the country` is no act of the materials."""
    return before.endswith("s") and before not in _PRONOUNS | _HAVE | _BE and len(before) > 3


def _is_verb(rule: _Rule, before: str, behind_actor: bool, after: str) -> bool:
    if rule.form == "phrase":
        return not (rule.words[0].endswith("ing") and before in _CONTENT)
    if rule.form == "past" and rule.kind == "MOBILIZE" and before in _people() and after in _WHERE:
        # "Troops stationed in the north".
        return False
    if rule.form == "past":
        if after in {"since", "during"} and before not in _BE:
            return False
        if before.endswith("ed") and after not in {"by", "the", "a", "an"}:
            return False
        if after in _WHERE and rule.kind in {"COERCE", "SANCTION"} and not behind_actor and _is_thing(before):
            return False
        if before in _NUMBERS or before.isdigit():
            return after == "by"
        return before not in _NOUNY - {"and", "or", "that", "first"} or after == "by"
    if rule.form == "ing":
        return (
            before in _BE
            or before in {"by", "after", "", "been", "while", "before", "despite", *_DONE_TO}
            or behind_actor
            or (before.endswith(("s", "t")) and after in {"the", "a", "up", "to"})
        )
    if rule.form == "s":
        return (
            behind_actor
            and rule.words[0] not in _MORE_OFTEN_NOUNS
            and after not in {"on", "by", "against", "from", "of", "and", "in", "with", ""}
        )
    return before in _PRONOUNS or (
        before.endswith("s")
        and before not in _NOUNY
        and not behind_actor
        and after in {"the", "a", "an", "to", "for", "on", "against"}
    )

"""The verbs of `tables/verbs.csv`: their forms, and which of a verb's rules fits the words around it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from counterpoise.evidence._tables import cells, table, words

_TOKEN = re.compile(r"[^\W_][\w'-]*")
BE = frozenset(["is", "are", "was", "were", "be", "been", "being", "gets", "got"])
_ADVERBS = words("adverb")
_NO_ADVERBS = frozenset(["supply", "family", "assembly", "monopoly", "anomaly", "resupply", "reply", "multiply"])
WINDOW = 14
# What such a word opens (`announced that it would ...`) holds no object of the verb before.
_NEW_CLAUSE = frozenset(
    ["will", "would", "who", "which", "when", "while", "because", "although", "whereas", "if", "unless"]
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word in lower case with its place in the text."""

    word: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Rule:
    """A line of the table for one form of its verb: what it needs after it, and what must or must not come next."""

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
def rules_by_word() -> dict[str, list[Rule]]:
    by_word: dict[str, list[Rule]] = {}
    for row in table("verbs"):
        verb = row["verb"]
        forms = {form: _form_of(form, verb) for form in cells(row["forms"])}
        if not forms or " " not in verb:
            regular = _inflect(verb) if " " not in verb else {verb: "phrase"}
            forms = {**({verb: "base"} if forms else regular), **forms}
        if " " in verb:
            forms = dict.fromkeys({verb, *forms}, "phrase")
        needs = row["needs"].split("|") if row["needs"] else []
        single = frozenset(need for need in needs if " " not in need)
        phrases = tuple(need for need in needs if " " in need)
        bars = frozenset(row["bars"].split("|")) if row["bars"] else frozenset()
        follows = frozenset(row["next"].split("|")) if row["next"] else frozenset()
        for form, sort in forms.items():
            words = tuple(form.split(" "))
            rule = Rule(words, sort, row["kind"], single, bars, phrases, row["governs"] == "yes", follows)
            by_word.setdefault(words[0], []).append(rule)
    for rules in by_word.values():
        rules.sort(key=lambda rule: (-len(rule.words), not (rule.needs or rule.phrases or rule.follows)))
    return by_word


def _ahead(words: list[Token], index: int) -> list[str]:
    """The words after a verb in which what it needs may stand: not beyond a new clause or a verb resumed by a comma."""
    found: list[str] = []
    for last, token in zip(words[index:], words[index + 1 : index + 1 + WINDOW], strict=False):
        if token.word in _NEW_CLAUSE or (token.start - last.end > 1 and token.word.endswith("ed")):
            break
        found.append(token.word)
    return found


def match_rule(words: list[Token], index: int, rules: list[Rule]) -> Rule | None:
    """The rule that fits here: the longest one, and of those with needed words the one whose word stands nearest."""
    ahead: list[str] | None = None
    best: Rule | None = None
    nearest = 0.0
    for rule in rules:
        size = len(rule.words)
        if best and (size < len(best.words) or not (rule.needs or rule.phrases)):
            break
        if size > 1 and tuple(token.word for token in words[index : index + size]) != rule.words:
            continue
        following = words[index + size].word if index + size < len(words) else ""
        if following in rule.bars or (rule.follows and following not in rule.follows):
            continue
        if not (rule.needs or rule.phrases):
            return rule
        if ahead is None:
            ahead = _ahead(words, index)
            told = next(
                (token.word for token in words[max(0, index - 3) : index][::-1] if not is_adverb(token.word)), ""
            )
            far = 16 if told in BE else 4
            behind = [token.word for token in words[max(0, index - far) : index]]
        place = _place_of_need(rule, ahead, behind)
        if place is not None and (best is None or place < nearest):
            best, nearest = rule, place
    return best


def _place_of_need(rule: Rule, ahead: list[str], behind: list[str]) -> float | None:
    """How many words after the verb what the rule needs comes; a need before the verb counts as farther off."""
    found: list[float] = [float(place) for place, word in enumerate(ahead) if word in rule.needs][:1]
    if rule.phrases:
        joined = " ".join(ahead)
        places = (joined.find(phrase) for phrase in rule.phrases)
        # Of two needs in one place the longer one counts: "war games" before "war".
        found += [joined.count(" ", 0, place) - 0.5 for place in places if place >= 0]
    if found:
        return min(found)
    return WINDOW if not rule.needs.isdisjoint(behind) else None


def is_adverb(word: str) -> bool:
    return word in _ADVERBS or (word.endswith("ly") and len(word) > 5 and word not in _NO_ADVERBS)

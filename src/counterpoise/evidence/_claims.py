"""What is claimed: each sentence that asserts something, with its kind and whether it is hedged."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from counterpoise.evidence._tables import table, words
from counterpoise.evidence._text import Sentence

_WORD = re.compile(r"[a-z\u00df-\u00ff]+(?:'[a-z]+)?|\d+%?")
# Inside a sentence a capital makes May a month, and `its will` is a noun: neither is a modal.
_NO_MODAL = re.compile(
    r"(?<=\w )May\b|\bM(?:ay|AY)(?=,? \d)|"
    r"(?<=\w )(?:how|what)\b[^,.;]{0,40}?\b(?:will|would|should)\b|"
    r"(?<=[Nn]either side )may\b|(?<=[Nn]either party )may\b|(?<=[Nn]o party )may\b|(?<=[Nn]o one )may\b|"
    r"(?<=\bits )will\b|(?<=\btheir )will\b|(?<=\bpolitical )will\b|(?<=\bthe )will\b"
)
_MODAL_MARKS = ("May", "MAY", "either", "o party", "o one", "will", "what", "how")
KINDS = ("recommendation", "risk", "forecast", "causal", "judgement", "fact")
# Cues after these words stand in a side clause and weigh less.
_SIDE = frozenset({"which", "who", "whether", "whose"})
# "..., stating that it would face problems": what is added stands in a side clause too.
_ADDING = frozenset({"stating", "saying", "noting", "adding", "arguing", "claiming", "insisting", "assurances", "idea"})
# The only acts among participles in un-: `unparalleled` and `unanswered` are none.
_UNDONE = frozenset(
    ["unveiled", "undermined", "uncovered", "united", "unleashed", "underlined", "underscored", "unified", "unloaded"]
)
# A participle after these describes a noun: `the proposed corridor`.
_DESCRIBES = frozenset(
    [
        "the",
        "a",
        "an",
        "its",
        "their",
        "his",
        "this",
        "that",
        "these",
        "of",
        "by",
        "with",
        "for",
        "in",
        "any",
        "no",
        "such",
    ]
)
SIDE_WEIGHT = 0.5
FACT_WEIGHT = 1.0
_REPORT = words("reports")
_POSSIBLE = frozenset(["could", "may", "might", "would", "can", "if"])
STEM = 5
# A sentence in the present about no number, no act and no dealing between states passes judgement more often than not.
_DEALINGS = words("dealing")
_TELLING = words("telling")
_PAST = words("irregular past")
_STATIVE = frozenset(["is", "are", "was", "were", "be", "been", "being", "am", "isn't", "aren't", "remain", "remains"])
# What was done to somebody is an act, though `was` stands before it: `two were wounded`.
_WAS = frozenset(["was", "were", "been"])
_BEFALLEN = words("befallen")
TIMELESS_WEIGHT = 1.1
_NO_HEDGES = frozenset(
    {
        ("had", "seemed"),
        ("could", "not"),
        ("expected", "from"),
        ("expected", "of"),
        ("the", "potential"),
        ("as", "expected"),
        ("respondents", "believe"),
        ("respondents", "believed"),
        ("than", "expected"),
        ("no", "hope"),
        ("little", "hope"),
        ("of", "potential"),
        ("any", "potential"),
        ("its", "potential"),
        ("their", "potential"),
        ("of", "a", "potential"),
        ("for", "a", "potential"),
        ("to", "a", "potential"),
    }
)
# A side clause between commas, after which the main one goes on.
_ASIDE = re.compile(r", (?:which|who|whose|where) [^,;]{1,120},")
# "..., a scheme Oslo has vowed to block over fears that it could ...": nothing of it is the main proposition.
_REDUCED = re.compile(
    r", an? [a-z]+(?: [a-z]+)? (?:that |which )?(?:[A-Z]\w+|it|he|she|they|the \w+) "
    r"(?:has|have|had|is|are|was|were)\b.*$",
    re.S,
)
# A modal beside a hazard is a risk, more so under a condition; several modals of one sentence count once.
_MODALS = frozenset({"may", "might", "could"})
_HAZARDS = words("hazard")
_IF = frozenset({"if", "otherwise", "unless", "without", "else"})
MODAL_WEIGHT, HAZARD_WEIGHT, HAZARD_IF_WEIGHT = 1.5, 0.8, 0.8
_TRANSPARENT = frozenset(["not", "so", "very", "too", "also", "still", "now", "already", "deeply", "well", "poorly"])
_SHOULD_IT = re.compile(r"\b[Ss]hould (?=(?:it|he|she|they|we|the|a|an|any|another|this|that|such|[A-Z]\w*)\b)")
_BYLINE = re.compile(r"By (?:[A-Z][\w.'-]+,? (?:and )?){1,5}[A-Z][\w.'-]+\.?$")
_QUOTED = re.compile(r"^\W*[\"'].{12,}[\"']")


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence that asserts: its paragraph, its place, its kind and whether its main proposition is hedged."""

    paragraph: int
    start: int
    end: int
    kind: str
    hedged: bool


@dataclass(frozen=True, slots=True)
class _Cues:
    exact: dict[str, list[tuple[tuple[str, ...], str, float]]]
    stems: dict[str, list[tuple[str, str, float]]]
    hedges: dict[str, list[tuple[str, ...]]]


@cache
def _cues() -> _Cues:
    exact: dict[str, list[tuple[tuple[str, ...], str, float]]] = {}
    stems: dict[str, list[tuple[str, str, float]]] = {}
    rows = [(row["cue"], row["kind"], float(row["weight"])) for row in table("claim_cues")]
    hedges: dict[str, list[tuple[str, ...]]] = {}
    for row in table("hedges"):
        phrase = tuple(row["hedge"].split(" "))
        hedges.setdefault(phrase[0], []).append(phrase)
    for cue, kind, weight in rows:
        if cue.endswith("*"):
            stems.setdefault(cue[:STEM], []).append((cue[:-1], kind, weight))
        else:
            words = tuple(cue.split(" "))
            exact.setdefault(words[0], []).append((words, kind, weight))
    return _Cues(exact, stems, hedges)


@cache
def _starts() -> tuple[str, ...]:
    return tuple(row["start"] for row in table("boilerplate"))


def find_claims(text: str, sentences: Sequence[Sentence]) -> list[Claim]:
    """The claims of a text, one per asserting sentence; headings, bylines, questions and page furniture are left out.

    The kind is that of the heaviest cues (`tables/claim_cues.csv`); a sentence without weighty cues is a fact.
    """
    found = []
    for sentence in sentences:
        if sentence.heading or sentence.furniture:
            continue
        raw = text[sentence.start : sentence.end]
        words = _words(raw)
        if len(words) < 3 or raw.startswith(_starts()) or raw.rstrip("\"')").endswith("?") or _BYLINE.match(raw):
            continue
        if words[0] == "should":  # "Should prices rise, ...": a condition
            words[0] = "if"
        main = _ASIDE.sub(" ", raw) if ", wh" in raw else raw
        main = _REDUCED.sub(".", main) if ", a" in main else main
        kind, hedged = weigh(words if main == raw else _words(main), quoted=_QUOTED.search(raw) is not None)
        found.append(Claim(sentence.paragraph, sentence.start, sentence.end, kind, hedged))
    return found


def _words(raw: str) -> list[str]:
    if "hould " in raw:
        raw = _SHOULD_IT.sub("if ", raw)
    if any(mark in raw for mark in _MODAL_MARKS):
        raw = _NO_MODAL.sub("", raw)
    return _WORD.findall(raw.lower().replace(", so ", " therefore "))


def weigh(words: Sequence[str], *, quoted: bool = False) -> tuple[str, bool]:
    """The kind of a sentence given as lower-case words, and whether it is hedged; `quoted` if it is direct speech.

    >>> weigh("the new plant will open by 2030".split())
    ('forecast', False)
    >>> weigh("trade may collapse because of the embargo".split())[1]
    True
    """
    cues = _cues()
    scores = dict.fromkeys(KINDS, 0.0)
    scores["fact"] = FACT_WEIGHT
    factor, index = 1.0, 0
    possible = bool(_POSSIBLE.intersection(words))
    count = len(words)
    side = _side_clause(words)
    while index < count:
        word = words[index]
        factor = SIDE_WEIGHT if index >= side else 1.0
        step = 1
        entries = cues.exact.get(word)
        longest = 0
        if entries:
            longest = max(
                (len(item[0]) for item in entries if tuple(words[index : index + len(item[0])]) == item[0]), default=0
            )
            for phrase, kind, weight in entries:
                if len(phrase) == longest and tuple(words[index : index + longest]) == phrase:
                    scores[kind] += weight * factor
            step = max(1, longest)
        if not longest:
            for stem, kind, weight in cues.stems.get(word[:STEM], ()):
                if word.startswith(stem):
                    scores[kind] += weight * factor
                    break
        index += step
    modals = sum(word in _MODALS for word in words)
    scores["forecast"] -= MODAL_WEIGHT * max(0, modals - 1)
    if modals and _HAZARDS.intersection(words):
        scores["risk"] += HAZARD_WEIGHT + (HAZARD_IF_WEIGHT if _IF.intersection(words) else 0.0)
    if possible:
        scores["risk"] *= 1.4
    else:
        scores["risk"] *= 0.8
    numbered = any(word[0].isdigit() for word in words)
    if _REPORT.intersection(words) and not quoted:
        scores["fact"] += 0.3
    if numbered:
        scores["fact"] += 0.4
    elif _is_timeless(words):
        scores["judgement"] += TIMELESS_WEIGHT
    kind = max(KINDS, key=lambda name: scores[name])
    return kind, is_hedged(words)


def is_hedged(words: Sequence[str]) -> bool:
    """Whether a hedge of `tables/hedges.csv` stands before any side clause (`had seemed` is none)."""
    hedges = _cues().hedges
    for place, word in enumerate(words[: _side_clause(words)]):
        for phrase in hedges.get(word, ()):
            if tuple(words[place : place + len(phrase)]) == phrase and (
                tuple(words[max(0, place - 1) : place + 1]) not in _NO_HEDGES
                and tuple(words[place : place + 2]) not in _NO_HEDGES
                and tuple(words[max(0, place - 2) : place + 1]) not in _NO_HEDGES
            ):
                return True
    return False


def _side_clause(words: Sequence[str]) -> int:
    after = zip(words, [*words[1:], ""], strict=True)
    return next(
        (
            place
            for place, (word, following) in enumerate(after)
            if place > 2 and (word in _SIDE or (following == "that" and word in _ADDING))
        ),
        len(words),
    )


def _is_timeless(words: Sequence[str]) -> bool:
    """Whether a sentence tells of no act: no verb in the past (but those of telling) and no dealing between parties."""
    before = ""
    for word in words:
        if word in _DEALINGS or word in _PAST:
            return False
        past = len(word) > 4 and word.endswith("ed") and word not in _TELLING and before not in _DESCRIBES
        past = past and (not word.startswith("un") or word in _UNDONE)
        if past and (before not in _STATIVE or before == "being" or (before in _WAS and word in _BEFALLEN)):
            return False
        before = before if word in _TRANSPARENT else word
    return True

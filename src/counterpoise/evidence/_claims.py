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
    r"(?<=\w )May\b|\bMay(?= \d)|"
    r"(?<=\bits )will\b|(?<=\btheir )will\b|(?<=\bpolitical )will\b|(?<=\bthe )will\b"
)
KINDS = ("recommendation", "risk", "forecast", "causal", "judgement", "fact")
# Cues after these words stand in a side clause and weigh less.
_SIDE = frozenset({"which", "who", "whether", "whose"})
SIDE_WEIGHT = 0.5
FACT_WEIGHT = 1.0
_REPORT = words("reports")
_NEGATIVE = frozenset({"risk"})
_POSSIBLE = frozenset(["could", "may", "might", "would", "can", "if"])
STEM = 5


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


@cache
def _cues() -> _Cues:
    exact: dict[str, list[tuple[tuple[str, ...], str, float]]] = {}
    stems: dict[str, list[tuple[str, str, float]]] = {}
    rows = [(row["cue"], row["kind"], float(row["weight"])) for row in table("claim_cues")]
    rows += [(row["hedge"], "hedge", 1.0) for row in table("hedges")]
    for cue, kind, weight in rows:
        if cue.endswith("*"):
            stems.setdefault(cue[:STEM], []).append((cue[:-1], kind, weight))
        else:
            words = tuple(cue.split(" "))
            exact.setdefault(words[0], []).append((words, kind, weight))
    return _Cues(exact, stems)


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
        words = _WORD.findall(_NO_MODAL.sub("", raw).lower())
        if len(words) < 4 or raw.startswith(_starts()) or raw.rstrip("\"')").endswith("?"):
            continue
        if words[0] == "should":  # "Should prices rise, ...": a condition
            words[0] = "if"
        kind, hedged = weigh(words)
        found.append(Claim(sentence.paragraph, sentence.start, sentence.end, kind, hedged))
    return found


def weigh(words: Sequence[str]) -> tuple[str, bool]:
    """The kind of a sentence given as lower-case words, and whether it is hedged.

    >>> weigh("the new plant will open by 2030".split())
    ('forecast', False)
    >>> weigh("trade may collapse because of the embargo".split())[1]
    True
    """
    cues = _cues()
    scores = dict.fromkeys(KINDS, 0.0)
    scores["fact"] = FACT_WEIGHT
    hedged, factor, index = False, 1.0, 0
    possible = bool(_POSSIBLE.intersection(words))
    count = len(words)
    while index < count:
        word = words[index]
        if word in _SIDE and index > 2:
            factor = SIDE_WEIGHT
        step = 1
        entries = cues.exact.get(word)
        if entries:
            longest = max(
                (len(item[0]) for item in entries if tuple(words[index : index + len(item[0])]) == item[0]), default=0
            )
            for phrase, kind, weight in entries:
                if len(phrase) == longest and tuple(words[index : index + longest]) == phrase:
                    if kind == "hedge":
                        hedged = hedged or factor == 1.0
                    else:
                        scores[kind] += weight * factor
            step = max(1, longest)
        else:
            for stem, kind, weight in cues.stems.get(word[:STEM], ()):
                if word.startswith(stem):
                    scores[kind] += weight * factor
                    break
        index += step
    if possible:
        scores["risk"] *= 1.4
    else:
        scores["risk"] *= 0.8
    if _REPORT.intersection(words):
        scores["fact"] += 0.3
    if any(word[0].isdigit() for word in words):
        scores["fact"] += 0.4
    kind = max(KINDS, key=lambda name: scores[name])
    return kind, hedged

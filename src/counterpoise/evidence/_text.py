"""Text as the reader sees it: one character for one character, cut into paragraphs and sentences."""

from __future__ import annotations

import re
from dataclasses import dataclass

from counterpoise.evidence._tables import words

# Typographic variants that would hide a name or a number; each maps to ONE character, so offsets never move.
_PLAIN = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u02bc\u00b4\u0060", "'"),
        **dict.fromkeys("\u201c\u201d\u00ab\u00bb\u201e", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-"),
        **dict.fromkeys("\u00a0\u2007\u2009\u200a\u202f\u2002\u2003\t\r\v\f\u2028\u2029", " "),
    }
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Gen|Lt|Col|Maj|Capt|Sgt|Sen|Rep|Gov|Adm|Hon|Rev|St|Jr|Sr|No|Nos|Art|Sec|Fig|vs|etc|cf|"
    r"Inc|Ltd|Co|Corp|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec|approx|ca|al|i\.e|e\.g|a\.m|p\.m)|\b[A-Z](?:\.[A-Z])*)\.$"
)
_STARTERS = words("starts a sentence")
_END = re.compile(r"[.!?\u2026][\"')\]]*\s+(?=[\"'(\[]*[A-Z0-9])")
_LAST = re.compile(r"\S+$")
_SINGLE_BREAK = re.compile(r"(?<!\n)\n(?!\n)")
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")
MAX_SENTENCE = 4_000


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence: its place in the text, the paragraph it stands in (1 is the first) and whether that is a heading."""

    start: int
    end: int
    paragraph: int
    heading: bool
    furniture: bool


def plain(text: str) -> str:
    """The text with plain quotes, dashes and spaces and wrapped lines joined, of the same length, so that offsets hold.

    >>> plain("Armenia\u2019s 2016\u20132020")
    "Armenia's 2016-2020"
    """
    simple = text.translate(_PLAIN)
    return _SINGLE_BREAK.sub(" ", simple) if _is_wrapped(text) else simple


def _is_wrapped(text: str) -> bool:
    """Whether lines are broken at a fixed width, with blank lines between paragraphs."""
    if _BLANK_LINE.search(text) is None:
        return False
    lines = [len(line) for line in text.split("\n") if line.strip()]
    return len(lines) > 3 and max(lines) <= 120


def paragraphs(text: str) -> list[tuple[int, int]]:
    """The paragraphs as (start, end): lines, or runs of lines between blank ones when the text is hard-wrapped."""
    lines = [(match.start(), match.end()) for match in re.finditer(r"[^\n]+", text) if match.group().strip()]
    if not lines:
        return []
    if not _is_wrapped(text):
        return [_trim(text, start, end) for start, end in lines]
    found: list[tuple[int, int]] = []
    for start, end in lines:
        if found and text.count("\n", found[-1][1], start) == 1:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return [_trim(text, start, end) for start, end in found]


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


# Lines after which a page is furniture: boxes and forms around the article, no claims of its author.
_FURNITURE = re.compile(
    r"(?i)^(check also|leave a reply|related (articles|posts|news|stories|reading)|read (more|also|next)|see also|"
    r"share this|comments?|subscribe|sign up|advertisement|more from|about the author|recommended|tags?:|"
    r"your email address|all rights reserved|copyright|©|follow us|newsletter)\b"
)


def sentences(source: str, text: str) -> list[Sentence]:
    """Every sentence of the text (`source` keeps its line breaks, `text` is the plain twin of equal length)."""
    found: list[Sentence] = []
    furniture = False
    for number, (start, end) in enumerate(paragraphs(source), start=1):
        block = text[start:end]
        # Such a box may also stand above an article; only in its later half does it end the article.
        furniture = furniture or (start > len(text) // 2 and len(block) < 80 and _FURNITURE.match(block) is not None)
        tail = block.rstrip("\"')] ")
        heading = not tail.endswith((".", "!", "?", ":", ";", ",", "\u2026")) and len(block) < 160
        for first, last in _split(text, start, end):
            found.append(Sentence(first, last, number, heading, furniture))
    return found


def _split(text: str, start: int, end: int) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    first = start
    for match in _END.finditer(text, start, end):
        stop = match.start() + 1
        word = _LAST.search(text, max(first, stop - 12), stop)
        if text[match.start()] == "." and word and _ABBREVIATION.search(word.group()):
            following = re.match(r"[\"'(\[]*([A-Za-z]+)", text[match.end() : match.end() + 24])
            dotted = "." in word.group()[:-1]
            if not (dotted and following and following.group(1) in _STARTERS):
                continue
        last = match.start() + len(match.group().rstrip())
        spans.append((first, last))
        first = match.end()
    spans.append((first, end))
    return [(low, min(high, low + MAX_SENTENCE)) for low, high in spans if high > low]

"""The article view: a reader's own copy of an article, each sentence that claims marked with what the evidence says."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counterpoise.brief._words import anchor, figure
from counterpoise.evidence import ArticleResult, read_article
from counterpoise.evidence._document import Document, open_document
from counterpoise.region import Region

if TYPE_CHECKING:
    from counterpoise.brief._build import BriefResult

BLANK = re.compile(r"\n[^\S\n]*\n\s*")
LARGE = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))


@dataclass(frozen=True, slots=True)
class Article:
    """A read article with its text, cut into paragraphs of plain and claiming stretches.

    A stretch is `(text, n)`: the n-th of the read claims, or `None` where the text claims nothing.
    """

    name: str
    read: ArticleResult
    paragraphs: list[list[tuple[str, int | None]]]

    @property
    def facts(self) -> set[str]:
        """The rows of the region that the sentences were compared with."""
        return {name for claim in self.read.claims for name in claim["facts"]}

    def body(self) -> dict[str, Any]:
        """The claims with their offsets; the text itself stays in the page alone."""
        return {"name": self.name, "claims": self.read.claims, "unread_characters": self.read.unread}


def open_article(path: Path, region: Region, *, published: str | None = None) -> Article:
    """Read an article against a region: its sentences, the claims they make, the figures that agree or differ.

    Plain text, HTML or PDF; `published` is the ISO day by which bare dates are read. Raises `InputError` (`E201`,
    `E204`, `E830` to `E833`) for a file that is no readable article.
    """
    day = region.as_of.isoformat() if region.as_of else None
    read = read_article(path, region=str(region.path), as_of=day, published=published)
    document = open_document(path)
    text = document.text[: len(document.text) - read.unread]
    spans = [(*_stretch(document, claim), n) for n, claim in enumerate(read.claims)]
    return Article(path.name, read, _paragraphs(text, spans))


def _stretch(document: Document, claim: dict[str, Any]) -> tuple[int, int]:
    """Where a claim stands in the text, from its offsets in the file; offsets grow with the text."""
    places = range(len(document.text) + 1)
    start = bisect_left(places, claim["text_start"], key=lambda place: document.place(place, place)[0])
    end = bisect_left(places, claim["text_end"], key=lambda place: document.place(place, place)[1])
    return start, max(start, end)


def _paragraphs(text: str, spans: list[tuple[int, int, int]]) -> list[list[tuple[str, int | None]]]:
    """The text by blank lines (by lines where it has none), each paragraph as stretches in their order.

    >>> _paragraphs("A b. C d.", [(5, 9, 0)])
    [[('A b. ', None), ('C d.', 0)]]
    """
    breaks = [found.span() for found in (BLANK if BLANK.search(text.strip()) else re.compile(r"\n+")).finditer(text)]
    starts, ends = [0, *(end for _, end in breaks)], [*(start for start, _ in breaks), len(text)]
    paragraphs = []
    for first, last in zip(starts, ends, strict=True):
        at = first
        stretches: list[tuple[str, int | None]] = []
        for start, end, n in spans:
            if not first <= start < last or start < at:
                continue
            stretches += [(text[at:start], None)] if at < start else []
            stretches.append((text[start : min(end, last)], n))
            at = min(end, last)
        stretches += [(text[at:last], None)] if at < last else []
        if any(words.strip() for words, _ in stretches):
            paragraphs.append(stretches)
    return paragraphs


def margin(article: Article, result: BriefResult) -> list[dict[str, Any]]:
    """What stands beside each claiming sentence: verdicts of the claims it makes, figures beside those known."""
    verdicts = {verdict.id: verdict.to_dict() for verdict in result.claims.verdicts}
    notes = []
    for claim in article.read.claims:
        bound = [verdicts[name] for name in claim["bound"] if name in verdicts]
        note = {
            "kind": claim["kind"],
            "hedged": claim["hedged"],
            "bound": [{**row, "anchor": anchor(row["id"], "claim"), "weakest": weakest(row)} for row in bound],
            "verdict": bound[0]["verdict"] if bound else "unbound",
            "agreement": claim["agreement"],
            "facts": claim["facts"],
            "compared": _compared(claim["values"]) if claim["values"] else None,
        }
        notes.append(note)
    return notes


def tally(notes: list[dict[str, Any]]) -> dict[str, Any]:
    """How many sentences claim, how many are bound, how their verdicts fall, how many figures agree and differ."""
    return {
        "sentences": len(notes),
        "bound": sum(1 for note in notes if note["bound"]),
        "verdicts": Counter(row["verdict"] for note in notes for row in note["bound"]),
        "agrees": sum(1 for note in notes if note["agreement"] == "agrees"),
        "differs": sum(1 for note in notes if note["agreement"] == "differs"),
    }


def weakest(row: dict[str, Any]) -> dict[str, Any] | None:
    """The weakest of several parts of a judged claim, whose probability stands for the whole; else `None`."""
    parts = [part for part in row["parts"] if part["probability"] is not None]
    if row["probability"] is None or len(parts) < 2:
        return None
    least: dict[str, Any] = min(parts, key=lambda part: part["probability"])
    return least


def _compared(values: dict[str, Any]) -> dict[str, str]:
    """Both values in words: what the article states, and what the region knows."""
    qualifier = f"{values['qualifier']} " if values["qualifier"] else ""
    period = f" ({values['as_of']})" if values["as_of"] else ""
    return {
        "stated": f"{qualifier}{amount(values['stated'], values['unit'])}",
        "known": f"{amount(values['known'], values['unit'])}{period}",
        "quantity": values["quantity"],
    }


def amount(value: float, unit: str) -> str:
    """A figure with its unit, millions and more in words.

    >>> amount(9e9, "USD"), amount(30.9, "%")
    ('9 billion USD', '30.9 %')
    """
    for size, word in LARGE:
        if abs(value) >= size:
            return f"{value / size:.4g} {word} {unit}"
    return f"{figure(value)} {unit}".strip()

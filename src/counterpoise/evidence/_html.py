"""The words of an HTML page, each character with its place in the file; no tree is built, so depth costs nothing."""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from dataclasses import dataclass

_TAG = re.compile(
    r"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<[!?][^>]*(?:>|\Z)|<(?P<close>/?)(?P<name>[a-zA-Z][a-zA-Z0-9:-]*)(?P<rest>[^<>]*)>?",
    re.S,
)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});?")
# Runs of blanks other than one plain space, which can be copied as it stands.
_BLANKS = re.compile(r"[^\S ]\s*| (?=\s)\s+")
# What no reader sees, and the parts of a page around its article.
_SKIPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "math",
        "head",
        "nav",
        "header",
        "footer",
        "aside",
        "form",
        "button",
        "select",
        "option",
        "iframe",
        "object",
        "textarea",
        "figure",
        "menu",
        "dialog",
        "canvas",
    ]
)
_RAW = frozenset({"script", "style", "textarea", "noscript"})
_INLINE = frozenset(
    [
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "dfn",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "mark",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
        "acronym",
        "del",
        "label",
    ]
)
_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
_META_DAY = re.compile(
    r"<(?:meta|time)\b[^<>]{0,400}?(?:published_time|datePublished|pubdate|publish[-_]?date|DC\.date|\"date\"|datetime)"
    r"[^<>]{0,200}?(\d{4}-\d\d-\d\d)|\"datePublished\"\s*:\s*\"(\d{4}-\d\d-\d\d)",
    re.I,
)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{2,30})", re.I)
_LOOKS = re.compile(r"\s*(?:<!DOCTYPE\s+html|<html\b|<head\b|<body\b|<\?xml[^>]*>\s*<(?:!DOCTYPE\s+)?html|<!--)", re.I)
_HAS_BLOCKS = re.compile(r"<(?:p|div|article|h1|br)\b[^<>]*>", re.I)


# No page of an article has as many tags or pieces of text; beyond them reading stops, and the page is refused.
MOST_TAGS = 1_000_000
MOST_RUNS = 500_000


@dataclass(frozen=True, slots=True)
class Page:
    """The text of a page, and for each run of it where that run begins in the file.

    `whole` is false where reading stopped at a limit: the page is then larger than any article.
    """

    text: str
    starts: tuple[int, ...]
    sources: tuple[int, ...]
    widths: tuple[int, ...]
    whole: bool = True

    def source(self, position: int, *, end: bool = False) -> int:
        """The place in the file of a place in the text; with `end`, of the end of the character before it."""
        if not self.starts:
            return position
        at = position - 1 if end else position
        index = max(0, bisect_right(self.starts, at) - 1)
        width = self.widths[index]
        if width:  # an entity: one character of text, `width` characters of file
            return self.sources[index] + (width if end else 0)
        return self.sources[index] + (at - self.starts[index]) + (1 if end else 0)


def looks_like_html(text: str) -> bool:
    """Whether a file is a web page by its first kilobytes."""
    head = text[:4096]
    return _LOOKS.match(head) is not None or len(_HAS_BLOCKS.findall(head)) >= 2


def declared_charset(raw: bytes) -> str | None:
    """The encoding that a page names in its first two kilobytes."""
    match = _CHARSET.search(raw[:2048])
    return match.group(1).decode("ascii").lower() if match else None


def published_day(source: str) -> str | None:
    """The day of publication that a page states in its head, as ISO text."""
    match = _META_DAY.search(source[:200_000])
    return (match.group(1) or match.group(2)) if match else None


class _Writer:
    """Collects the runs of text; blanks collapse to one, blocks end a line."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.starts: list[int] = []
        self.sources: list[int] = []
        self.widths: list[int] = []
        self.length = 0
        self.blank = True

    def run(self, words: str, source: int, width: int = 0) -> None:
        self.parts.append(words)
        self.starts.append(self.length)
        self.sources.append(source)
        self.widths.append(width)
        self.length += len(words)
        self.blank = words.endswith((" ", "\n"))

    def is_full(self, most: int) -> bool:
        """Whether there is more than any article has."""
        return self.length > most or len(self.parts) > MOST_RUNS

    def line(self, source: int) -> None:
        if self.parts and not self.parts[-1].endswith("\n"):
            self.run("\n", source)
        self.blank = True


def read_page(source: str, *, most: int) -> Page:
    """The visible text of a page in one pass over its tags; unclosed and deep markup cost no more than flat markup.

    Reading stops once there are more than `most` characters of text, or more tags or pieces than any article has.
    """
    out = _Writer()
    skipping: list[str] = []
    position, size, tags = 0, len(source), 0
    while position < size and not out.is_full(most) and tags <= MOST_TAGS:
        tags += 1
        match = _TAG.search(source, position)
        stop = match.start() if match else size
        if stop > position and not skipping:
            _words(out, source, position, stop, most)
        if match is None:
            position = size
            break
        position = match.end()
        name = (match["name"] or "").lower()
        if not name:
            continue
        if name in _RAW and not match["close"]:
            position = _after_raw(source, position, name)
        elif name in _SKIPPED and not (match["rest"] or "").endswith("/"):
            _toggle(skipping, name, bool(match["close"]))
        if name in {"article", "main", "body"} and not match["close"]:
            skipping.clear()
        if name not in _INLINE and not skipping:
            out.line(match.start())
    whole = position >= size and not out.is_full(most)
    return Page("".join(out.parts), tuple(out.starts), tuple(out.sources), tuple(out.widths), whole)


def _toggle(skipping: list[str], name: str, closing: bool) -> None:
    if not closing:
        if len(skipping) < 64:
            skipping.append(name)
    elif name in skipping:
        del skipping[len(skipping) - 1 - skipping[::-1].index(name) :]


def _after_raw(source: str, position: int, name: str) -> int:
    end = re.compile(rf"</{name}\s*>", re.I).search(source, position)
    return end.end() if end else len(source)


def _words(out: _Writer, source: str, start: int, stop: int, most: int) -> None:
    position = start
    for match in _ENTITY.finditer(source, start, stop):
        if out.is_full(most):
            return
        _plain(out, source, position, match.start())
        decoded = html.unescape(match.group())
        if decoded == match.group():
            _plain(out, source, match.start(), match.end())
        elif len(decoded) == 1:
            blank = decoded.isspace()
            if not (blank and out.blank):
                out.run(" " if blank else decoded, match.start(), match.end() - match.start())
        else:
            out.run(decoded[:1], match.start(), match.end() - match.start())
        position = match.end()
    _plain(out, source, position, stop)


def _plain(out: _Writer, source: str, start: int, stop: int) -> None:
    position = start
    for match in _BLANKS.finditer(source, start, stop):
        _run(out, source, position, match.start())
        if not out.blank:
            out.run(" ", match.start())
        position = match.end()
    _run(out, source, position, stop)


def _run(out: _Writer, source: str, start: int, stop: int) -> None:
    """A stretch whose blanks are single spaces already, without the one that would follow another blank."""
    if out.blank and start < stop and source[start] == " ":
        start += 1
    if start < stop:
        out.run(source[start:stop], start)

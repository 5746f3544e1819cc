"""A figure of the brief: its words (claim, unit, interval, source, stamp), its numbers as a table, and a drawing."""

from __future__ import annotations

import csv
import io
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

from markupsafe import Markup

from counterpoise.brief._svg import element, group, short, text, wrap
from counterpoise.brief._theme import on_paper

MARGIN = 12.0
TITLE, SMALL = 15.0, 11.0


@dataclass(frozen=True, slots=True)
class Stamp:
    """What every figure carries: the day of its knowledge in words, the draws and seed if any, the version."""

    as_of: str
    members: int | None
    seed: int | None
    version: str

    def __str__(self) -> str:
        drawn = f"{self.members:,} draws, seed {self.seed} · " if self.members else ""
        return f"{self.as_of} · {drawn}Counterpoise {self.version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure(ABC):
    """A picture with all that must travel with it.

    `title` is a claim in words; `unit` says what is drawn and in what; `interval` what its ranges mean; `source` where
    the numbers come from; `alt` says in a sentence or two what a reader sees. `rows` are the numbers, under `columns`;
    `anchors` lead each row to its facts in the brief (empty: nowhere).
    """

    id: str
    title: str
    unit: str
    interval: str
    source: str
    alt: str
    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    anchors: list[str] = field(default_factory=list)
    kind: str = "chart"
    stamp: Stamp | None = None

    @abstractmethod
    def drawn(self) -> tuple[Markup, float, float]:
        """The picture as SVG in the colours of the page around it, with its width and height."""

    @abstractmethod
    def style(self) -> str:
        """The style sheet that the picture needs on its own."""

    def legend(self) -> tuple[Markup, float]:
        """What stands below the picture when it is saved, and its height; the page writes its own."""
        return Markup(""), 0.0

    def stamped(self, stamp: Stamp) -> Self:
        return replace(self, stamp=stamp)

    def in_page(self) -> Markup:
        """The picture for the page; its frame (title, legend, source) is in it, out of sight, for the download."""
        body, width, height = self.drawn()
        frame, top, bottom = self._frame(width, height)
        full = (0.0, -top, width, height + top + bottom)
        attributes: dict[str, object] = {
            "xmlns": "http://www.w3.org/2000/svg",
            "id": self.id,
            "class": self.kind,
            "viewBox": f"0 0 {short(width)} {short(height)}",
            "data-full": " ".join(short(value) for value in full),
            "role": "img",
            "aria-labelledby": f"{self.id}-title {self.id}-desc",
            "preserveAspectRatio": "xMidYMid slice",
        }
        title = element("title", {"id": f"{self.id}-title"}, self.title)
        return element("svg", attributes, title, element("desc", {"id": f"{self.id}-desc"}, self.alt), frame, body)

    def standalone(self) -> str:
        """The picture as an SVG file of its own, with title, legend, source line and stamp, on light paper."""
        body, width, height = self.drawn()
        frame, top, bottom = self._frame(width, height)
        attributes: dict[str, object] = {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 {short(-top)} {short(width)} {short(height + top + bottom)}",
            "width": width,
            "height": height + top + bottom,
            "class": self.kind,
        }
        style = element("style", {}, Markup(self.style().replace("<", "")))
        said = [element("title", {}, self.title), element("desc", {}, self.alt)]
        drawing = on_paper(str(element("svg", attributes, *said, style, frame, body)))
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{drawing}\n'

    def csv(self) -> str:
        """The numbers of the picture as CSV; a text that a spreadsheet would run as a formula is defused."""
        stream = io.StringIO()
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(self.columns)
        writer.writerows([[defuse(value) for value in row] for row in self.rows])
        return stream.getvalue()

    def _frame(self, width: float, height: float) -> tuple[Markup, float, float]:
        """Paper, title and unit above; legend, source and stamp below; with the height of what is above and below."""
        legend, legend_height = self.legend()
        room = width - 2 * MARGIN
        head = [(words, "frame-title", TITLE) for words in wrap(self.title, room, TITLE)]
        head += [("", "frame-note", SMALL / 3)]
        head += [(words, "frame-note", SMALL) for words in wrap(f"{self.unit} {self.interval}", room, SMALL)]
        tail = [(words, "frame-note", SMALL) for words in wrap(f"{self.source} · {self.stamp or ''}", room, SMALL)]
        top = _height(head) + 2 * MARGIN
        bottom = legend_height + _height(tail) + 2 * MARGIN
        paper = element("rect", {"class": "paper", "x": 0, "y": -top, "width": width, "height": height + top + bottom})
        below = group([legend] if legend else [], transform=f"translate(0 {short(height)})")
        parts = [paper, *_lines(head, MARGIN - top), below, *_lines(tail, height + legend_height + MARGIN)]
        return group(parts, kind="frame"), top, bottom


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing(Figure):
    """A figure drawn by our own hand: its `body` is SVG of `width` by `height` units under the style `sheet`."""

    body: Markup
    width: float
    height: float
    sheet: str
    below: tuple[Markup, float] = (Markup(""), 0.0)

    def drawn(self) -> tuple[Markup, float, float]:
        return self.body, self.width, self.height

    def style(self) -> str:
        return self.sheet

    def legend(self) -> tuple[Markup, float]:
        return self.below


def defuse(value: Any) -> Any:
    """A text that begins like a formula gets an apostrophe before it; anything else stays.

    >>> defuse("=1+1"), defuse(-1.5), defuse("a=b")
    ("'=1+1", -1.5, 'a=b')
    """
    return f"'{value}" if isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t", "\r"} else value


def _height(lines: Sequence[tuple[str, str, float]]) -> float:
    return sum(size * 1.35 for _, _, size in lines)


def _lines(lines: Sequence[tuple[str, str, float]], top: float) -> list[Markup]:
    drawn, y = [], top
    for words, kind, size in lines:
        y += size * 1.35
        drawn += [text(MARGIN, y, words, kind)] if words else []
    return drawn

"""A chart of the brief: its drawing, its words (claim, unit, interval, source, stamp) and its numbers as a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from markupsafe import Markup

from counterpoise.brief._svg import element, group, short, text, wrap

MARGIN = 12.0
TITLE, SMALL = 15.0, 11.0


@dataclass(frozen=True, slots=True)
class Stamp:
    """What every chart carries: the day of its knowledge in words, the draws, the seed and the version."""

    as_of: str
    members: int
    seed: int | None
    version: str

    def __str__(self) -> str:
        return f"{self.as_of} · {self.members} draws, seed {self.seed} · Counterpoise {self.version}"


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing of `width` by `height` units with all that must travel with it.

    `title` is a claim in words; `unit` says what is drawn and in what; `interval` what its ranges mean; `source` where
    the numbers come from; `alt` says in a sentence or two what a reader sees. `rows` are the numbers, under `columns`;
    `anchors` lead each row to its facts in the brief (empty: nowhere). `legend` stands below the drawing when it is
    downloaded; the page has its own.
    """

    id: str
    title: str
    unit: str
    interval: str
    source: str
    alt: str
    width: float
    height: float
    body: Markup
    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    anchors: list[str] = field(default_factory=list)
    legend: Markup | None = None
    legend_height: float = 0.0
    kind: str = "chart"
    stamp: Stamp | None = None

    def stamped(self, stamp: Stamp) -> Figure:
        return replace(self, stamp=stamp)

    def inline(self) -> Markup:
        """The drawing for the page; its frame (title, legend, source) is in it, out of sight, for the download."""
        frame, top, bottom = self._frame()
        full = (0.0, -top, self.width, self.height + top + bottom)
        attributes: dict[str, object] = {
            "xmlns": "http://www.w3.org/2000/svg",
            "id": self.id,
            "class": self.kind,
            "viewBox": f"0 0 {short(self.width)} {short(self.height)}",
            "data-full": " ".join(short(value) for value in full),
            "role": "img",
            "aria-labelledby": f"{self.id}-title {self.id}-desc",
        }
        if self.kind == "map":
            attributes["preserveAspectRatio"] = "xMidYMid slice"
        return element(
            "svg",
            attributes,
            element("title", {"id": f"{self.id}-title"}, self.title),
            element("desc", {"id": f"{self.id}-desc"}, self.alt),
            frame,
            self.body,
        )

    def standalone(self, style: str) -> str:
        """The chart as an SVG file of its own, with title, legend, source line and stamp."""
        frame, top, bottom = self._frame()
        height = self.height + top + bottom
        attributes: dict[str, object] = {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 {short(-top)} {short(self.width)} {short(height)}",
            "width": self.width,
            "height": height,
            "class": self.kind,
        }
        drawn = element(
            "svg",
            attributes,
            element("title", {}, self.title),
            element("desc", {}, self.alt),
            element("style", {}, Markup(style.replace("<", ""))),
            frame,
            self.body,
        )
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{drawn}\n'

    def _frame(self) -> tuple[Markup, float, float]:
        """Paper, title and unit above; legend, source and stamp below; with the height of what is above and below."""
        room = self.width - 2 * MARGIN
        head = [(words, "frame-title", TITLE) for words in wrap(self.title, room, TITLE)]
        head += [("", "frame-note", SMALL / 3)]
        head += [(words, "frame-note", SMALL) for words in wrap(f"{self.unit} {self.interval}", room, SMALL)]
        tail = [(words, "frame-note", SMALL) for words in wrap(f"{self.source} · {self.stamp or ''}", room, SMALL)]
        top = _height(head) + 2 * MARGIN
        bottom = self.legend_height + _height(tail) + 2 * MARGIN
        paper = element(
            "rect", {"class": "paper", "x": 0, "y": -top, "width": self.width, "height": self.height + top + bottom}
        )
        below = self.height + self.legend_height + MARGIN
        legend = group([self.legend] if self.legend else [], transform=f"translate(0 {short(self.height)})")
        parts = [paper, *_lines(head, MARGIN - top), legend, *_lines(tail, below)]
        return group(parts, kind="frame"), top, bottom

    def csv(self) -> str:
        """The numbers of the chart as CSV; a text that a spreadsheet would run as a formula is defused."""
        stream = io.StringIO()
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(self.columns)
        writer.writerows([[defuse(value) for value in row] for row in self.rows])
        return stream.getvalue()


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

"""Writing SVG by hand: elements with every attribute and text escaped, and the few shapes of charts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from markupsafe import Markup, escape

# XML 1.0 allows no other control characters; a stranger's text may hold them.
_FORBIDDEN = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# The mean width of a character of the chart's typeface, as a share of its size; wide enough for most texts.
CHARACTER = 0.56


def element(name: str, attributes: dict[str, object] | None = None, *children: object) -> Markup:
    """One element; texts and attribute values are escaped, children that are markup already are kept.

    >>> str(element("text", {"x": 1.0, "class": "a<b"}, "1 < 2"))
    '<text x="1" class="a&lt;b">1 &lt; 2</text>'
    """
    written = Markup("").join(
        Markup(' {}="{}"').format(key, plain_text(value)) for key, value in (attributes or {}).items()
    )
    inner = Markup("").join(child if isinstance(child, Markup) else escape(plain_text(child)) for child in children)
    return Markup("<{0}{1}>{2}</{0}>").format(name, written, inner) if inner else Markup(f"<{name}{written}/>")


def group(children: Iterable[Markup], **attributes: object) -> Markup:
    """A `g` around some elements; `kind` becomes its class."""
    named = {"class" if key == "kind" else key: value for key, value in attributes.items()}
    return element("g", named, *children)


def plain_text(value: object) -> str:
    """A value as text that XML can hold: numbers to a tenth of a unit, control characters taken out."""
    if isinstance(value, float):
        return short(value)
    return _FORBIDDEN.sub("", str(value))


def short(value: float) -> str:
    """A coordinate to a tenth, without a needless zero.

    >>> short(12.04), short(-0.01), short(3.25)
    ('12', '0', '3.2')
    """
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def text(x: float, y: float, words: str, kind: str, *, anchor: str = "start") -> Markup:
    """A line of text at a place."""
    placed: dict[str, object] = {"x": float(x), "y": float(y), "class": kind}
    if anchor != "start":
        placed["text-anchor"] = anchor
    return element("text", placed, words)


def line(x1: float, y1: float, x2: float, y2: float, kind: str) -> Markup:
    """A straight line."""
    return element("path", {"class": kind, "d": path([(x1, y1), (x2, y2)])})


def path(points: Sequence[tuple[float, float]], *, closed: bool = False) -> str:
    """The `d` of a path through some points.

    >>> path([(0, 0), (10, 0.55)], closed=True)
    'M0 0L10 0.6Z'
    """
    steps = "L".join(f"{short(x)} {short(y)}" for x, y in points)
    return f"M{steps}{'Z' if closed else ''}" if points else ""


# Marks are drawn around (0, 0) and moved into place; each differs in shape, so that colour is never the only cue.
MARKS = {
    "circle": "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0Z",
    "dot": "M-2 0a2 2 0 1 0 4 0a2 2 0 1 0 -4 0Z",
    "square": "M-3.4 -3.4h6.8v6.8h-6.8Z",
    "diamond": "M0 -5.4L5.4 0L0 5.4L-5.4 0Z",
    "triangle": "M0 -4.6L4.4 3.4H-4.4Z",
    "tick": "M-3 -3L3 3M-3 3L3 -3",
    "cross": "M-4.5 -4.5L4.5 4.5M-4.5 4.5L4.5 -4.5",
    "bars": "M-2 -4.5V4.5M2 -4.5V4.5",
    "plus": "M-4.5 0H4.5M0 -4.5V4.5",
    "wedge": "M-4.5 3.5L0 -4.5L4.5 3.5",
}


def mark(shape: str, x: float, y: float, kind: str) -> Markup:
    """One of `MARKS` at a place."""
    return element("path", {"class": kind, "d": MARKS[shape], "transform": f"translate({short(x)} {short(y)})"})


def wrap(words: str, width: float, size: float) -> list[str]:
    """The lines that a text takes in a width, by the mean width of its characters; a word too long stands alone.

    >>> wrap("one two three", 50, 12)
    ['one two', 'three']
    """
    room = max(1, int(width / (CHARACTER * size)))
    lines: list[str] = []
    for word in words.split():
        if lines and len(lines[-1]) + 1 + len(word) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines

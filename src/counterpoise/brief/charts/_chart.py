"""A chart of the brief: a Vega-Lite specification with its words and numbers, drawn by Vega."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from counterpoise.brief._assets import page_file
from counterpoise.brief._figure import MARGIN, SMALL, TITLE, Figure
from counterpoise.brief._svg import plain_text, wrap
from counterpoise.brief._theme import LIGHT, config, paint
from counterpoise.brief.charts._vega import SCHEMA, draw

# The layer of the source line in a specification that stands alone; the page leaves it out and writes its own.
FOOT = "foot"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart(Figure):
    """A chart of Vega-Lite `layers` over one set of axes (`encoding`).

    `width` holds the labels, `height` is that of the plot alone; `left` is the room for labels beside the plot, `gap`
    the room below it for axis and legend.
    """

    width: float
    height: float
    layers: list[dict[str, Any]]
    encoding: dict[str, Any]
    left: float = 0.0
    gap: float = 40.0

    def drawn(self) -> tuple[Markup, float, float]:
        return draw(json.dumps(paint(self._plot(), None), allow_nan=False))

    def style(self) -> str:
        return page_file("frame.css")

    def spec(self) -> dict[str, Any]:
        """The chart as one specification on light paper, with title, unit, source and stamp, for any Vega."""
        # Letters are counted on the safe side for the map's labels; a line of text may be fuller.
        room = 1.1 * (self.width - 2 * MARGIN)
        notes = wrap(plain_text(f"{self.unit} {self.interval}"), room, SMALL)
        mark = {
            "type": "text",
            "text": wrap(plain_text(f"{self.source} · {self.stamp or ''}"), room, SMALL),
            "align": "left",
            "baseline": "top",
            "fontSize": SMALL,
            "color": "$soft",
            "x": {"expr": f"-{self.left:g}"},
            "y": {"expr": f"height + {self.gap:g}"},
        }
        foot = {"name": FOOT, "data": {"values": [{}]}, "mark": mark, "encoding": dict.fromkeys(self.encoding)}
        title = {"text": wrap(plain_text(self.title), room, TITLE), "subtitle": notes}
        plot = self._plot()
        whole = {**plot, "title": title, "padding": MARGIN, "layer": [*plot["layer"], foot]}
        painted: dict[str, Any] = paint(whole, LIGHT)
        return painted

    def json(self) -> str:
        """The specification as a JSON document."""
        return json.dumps(self.spec(), ensure_ascii=False, indent=1, allow_nan=False) + "\n"

    def embedded(self) -> Markup:
        """The specification for a data block of the page: JSON in which no tag can begin or end."""
        text = json.dumps(self.spec(), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))

    def _plot(self) -> dict[str, Any]:
        return {
            "$schema": SCHEMA,
            "description": plain_text(self.alt),
            "width": self.width,
            "height": self.height,
            "autosize": {"type": "fit-x", "contains": "padding"},
            "config": config(),
            "encoding": self.encoding,
            "layer": self.layers,
        }

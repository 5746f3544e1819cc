"""The chart of the claims: each a mark, stacked by verdict over the probability of its weakest part."""

from __future__ import annotations

from typing import Any

from counterpoise.brief._ledger import short
from counterpoise.brief._words import VERDICT_ORDER, anchor, number
from counterpoise.brief.charts._chart import Chart
from counterpoise.claims._verdict import CONTRADICTED_TO, SUPPORTED_FROM

WIDTH = 380.0
# Marks stand in tenths of probability, four beside one another, so that a phone has room for each of them.
TENTHS, BESIDE = 10, 4
# Heights, in units of the drawing: a line of marks, the head of a verdict, the room below it.
LINE, HEAD, BELOW = 9.0, 20.0, 6.0
# So few contradicted claims are named in the chart, each on a line of its own.
NAMED, NAMED_LINE, NAMED_ROOM = 4, 16.0, 54
APART, UNSURE = "mixed: parts disagree", "mixed: undecided"
MARKS = ("contradicted", APART, UNSURE, "supported")
# The shapes differ, so that colour is not the only cue.
SHAPES = ("M-0.8,-0.8L0.8,0.8M0.8,-0.8L-0.8,0.8", "diamond", "diamond", "circle")
FILLS, STROKES = ("$bad", "$mid", "$panel", "$good"), ("$bad", "$mid", "$mid", "$good")
TOLD = (("claim", "claim"), ("statement", "it says"), ("mark", "verdict"), ("shown", "probability"), ("weak", "part"))


def claims_chart(verdicts: list[dict[str, Any]], source: str) -> Chart | None:
    """How the claims fall, verdict by verdict; `None` where no claim could be computed."""
    judged = [row for row in verdicts if row["probability"] is not None]
    if not judged:
        return None
    counts = {name: sum(row["verdict"] == name for row in judged) for name in VERDICT_ORDER}
    said = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    marks, heads, height = _placed(judged)
    waiting = (
        f" {len(verdicts) - len(judged)} of {len(verdicts)} claims are open." if len(judged) < len(verdicts) else ""
    )
    return Chart(
        id="claims-chart",
        title=f"{counts['supported']} of the {len(judged)} claims that could be computed are supported",
        unit=f"Each mark is a claim, over the probability of its weakest part, in tenths.{waiting}",
        interval="Filled diamonds: parts of the claim disagree. Open diamonds: the evidence decides neither way.",
        source=source,
        alt=f"Claims by verdict along the probability of their weakest part from 0 to 1: {said}.",
        width=WIDTH,
        gap=84.0,
        height=height,
        columns=("claim", "verdict", "statement", "part", "part_verdict", "probability"),
        rows=[
            (row["id"], row["verdict"], row["statement"], part["statement"], part["verdict"], part["probability"])
            for row in judged
            for part in row["parts"]
        ],
        anchors=[anchor(row["id"], "claim") for row in judged for _ in row["parts"]],
        encoding=_axes(height),
        layers=_layers(marks, heads),
    )


def _placed(judged: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]], float]:
    """Every mark with its place, the heads of the verdicts with theirs, and the height of all."""
    marks, heads = [], []
    top = 0.0
    for verdict in VERDICT_ORDER:
        mine = sorted(
            (row for row in judged if row["verdict"] == verdict), key=lambda row: (row["probability"], row["id"])
        )
        if not mine:
            continue
        heads.append({"y": top + HEAD / 2, "name": f"{verdict.capitalize()}: {len(mine)}"})
        top += HEAD
        if verdict == "contradicted" and len(mine) <= NAMED:
            for row in mine:
                name = short(row["statement"], NAMED_ROOM)
                marks.append({**_mark(row), "x": row["probability"], "y": top + NAMED_LINE / 2, "name": name})
                top += NAMED_LINE
        else:
            tenths: list[list[dict[str, Any]]] = [[] for _ in range(TENTHS)]
            for row in mine:
                tenths[min(TENTHS - 1, int(row["probability"] * TENTHS))].append(row)
            lines = max(-(-len(rows) // BESIDE) for rows in tenths)
            for tenth, rows in enumerate(tenths):
                for k, row in enumerate(rows):
                    right, up = k % BESIDE, k // BESIDE
                    x = (tenth + (right + 0.5) / BESIDE) / TENTHS
                    marks.append({**_mark(row), "x": round(x, 4), "y": top + (lines - up - 0.5) * LINE})
            top += lines * LINE
        top += BELOW
    return marks, heads, top


def _mark(row: dict[str, Any]) -> dict[str, Any]:
    parts = row["parts"]
    weakest = min(parts, key=lambda part: part["probability"])
    mark = row["verdict"]
    if mark == "mixed":
        mark = APART if len({part["verdict"] for part in parts}) > 1 else UNSURE
    return {
        "claim": row["id"],
        "statement": row["statement"],
        "mark": mark,
        "shown": number(row["probability"]),
        "weak": weakest["statement"] if len(parts) > 1 else "the whole claim",
        "anchor": anchor(row["id"], "claim"),
    }


def _axes(height: float) -> dict[str, Any]:
    return {
        "y": {
            "field": "y",
            "type": "quantitative",
            "scale": {"domain": [height, 0], "nice": False, "zero": False},
            "axis": None,
        },
        "x": {
            "type": "quantitative",
            "scale": {"domain": [0, 1]},
            "axis": {
                "title": "probability that the weakest part of the claim holds",
                "titleAnchor": "start",
                "values": [0, CONTRADICTED_TO, 0.5, SUPPORTED_FROM, 1],
                "format": "~g",
            },
        },
    }


def _layers(marks: list[dict[str, Any]], heads: list[dict[str, Any]]) -> list[dict[str, Any]]:
    scale = {"domain": list(MARKS)}
    legend = {"columns": 2, "columnPadding": 18}
    tip = [{"field": name, "title": title} for name, title in TOLD]
    of_mark = {"field": "mark", "type": "nominal", "legend": legend}
    named = [row for row in marks if "name" in row]
    return [
        _zone(0, CONTRADICTED_TO, "$bad-zone"),
        _zone(SUPPORTED_FROM, 1, "$good-zone"),
        {
            "data": {"values": heads},
            "mark": {"type": "text", "align": "left", "dx": 6, "fontSize": 13, "fontWeight": "bold"},
            "encoding": {"x": {"value": 0}, "text": {"field": "name"}},
        },
        {
            "data": {"values": marks},
            "mark": {
                "type": "point",
                "size": 40,
                "strokeWidth": 1.6,
                "filled": True,
                "opacity": 1,
                "cursor": "pointer",
            },
            "encoding": {
                "x": {"field": "x"},
                "shape": {**of_mark, "scale": {**scale, "range": list(SHAPES)}},
                "fill": {**of_mark, "scale": {**scale, "range": list(FILLS)}},
                "stroke": {**of_mark, "scale": {**scale, "range": list(STROKES)}},
                "tooltip": tip,
            },
        },
        {
            "data": {"values": named},
            "mark": {"type": "text", "align": "left", "dx": 9, "fontSize": 11},
            "encoding": {"x": {"field": "x"}, "text": {"field": "name"}},
        },
    ]


def _zone(start: float, end: float, colour: str) -> dict[str, Any]:
    """The stretch of probabilities that a verdict takes, over all rows."""
    return {
        "data": {"values": [{"start": start, "end": end}]},
        "mark": {"type": "rect", "color": colour},
        "encoding": {"x": {"field": "start"}, "x2": {"field": "end"}, "y": None},
    }

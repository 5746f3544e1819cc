"""The chart of the claims: the probability of each part of each claim that could be computed, claims by verdict."""

from __future__ import annotations

from typing import Any

from counterpoise.brief._words import anchor, number
from counterpoise.brief.charts._chart import Chart
from counterpoise.claims._verdict import CONTRADICTED_TO, SUPPORTED_FROM

WIDTH, STEP, LABELS = 380.0, 14.0, 54.0
# Verdict of a part -> its mark; the shapes differ, so that colour is not the only cue.
VERDICTS = ("supported", "mixed", "contradicted")
SHAPES = ("circle", "diamond", "M-0.8,-0.8L0.8,0.8M0.8,-0.8L-0.8,0.8")
FILLS, STROKES = ("$good", "$panel", "$bad"), ("$good", "$mid", "$bad")


def claims_chart(verdicts: list[dict[str, Any]], counts: dict[str, int], source: str) -> Chart | None:
    """A line per claim from its weakest to its strongest part; `None` where no claim could be computed."""
    judged = [row for row in verdicts if row["probability"] is not None]
    if not judged:
        return None
    groups = {
        verdict: sorted((row for row in judged if row["verdict"] == verdict), key=lambda row: -row["probability"])
        for verdict in VERDICTS
    }
    keys = [
        key
        for verdict, mine in groups.items()
        if mine
        for key in (f"{verdict}|", *(f"{verdict}|{row['id']}" for row in mine))
    ]
    total = sum(counts.values())
    said = ", ".join(f"{count} {verdict}" for verdict, count in counts.items() if verdict != "open")
    rows = [(row["id"], row["verdict"], part["statement"], part["probability"]) for row, part in _parts(judged)]
    return Chart(
        id="claims-chart",
        title=f"{counts['supported']} of the {len(judged)} claims that could be computed are supported",
        unit=f"Each line is a claim, each mark one of its parts. {total - len(judged)} of {total} claims are open.",
        interval="A line reaches from the weakest part to the strongest: where they disagree, the claim is mixed.",
        source=source,
        alt=f"Claims by verdict along the probability of their parts from 0 to 1: {said}.",
        width=WIDTH,
        left=LABELS + 6,
        gap=68.0,
        height=STEP * len(keys),
        columns=("claim", "verdict", "part", "probability"),
        rows=rows,
        anchors=[anchor(row["id"], "claim") for row, _ in _parts(judged)],
        encoding=_axes(keys),
        layers=_layers(groups),
    )


def _parts(judged: list[dict[str, Any]]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    return [(row, part) for row in judged for part in row["parts"]]


def _axes(keys: list[str]) -> dict[str, Any]:
    label = {"labelExpr": "split(datum.label, '|')[1]", "labelFontSize": 10, "labelOverlap": False}
    room = {"minExtent": LABELS, "maxExtent": LABELS, "title": None}
    return {
        "y": {
            "field": "row",
            "type": "nominal",
            "scale": {"domain": keys},
            "sort": None,
            "axis": {**label, **room},
        },
        "x": {
            "type": "quantitative",
            "scale": {"domain": [0, 1]},
            "axis": {
                "title": "probability that a part of the claim holds",
                "titleAnchor": "start",
                "values": [0, CONTRADICTED_TO, 0.5, SUPPORTED_FROM, 1],
                "format": "~g",
            },
        },
    }


def _layers(groups: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    heads = [
        {"row": f"{verdict}|", "name": f"{verdict.capitalize()}: {len(mine)}"}
        for verdict, mine in groups.items()
        if mine
    ]
    spans, parts = [], []
    for verdict, mine in groups.items():
        for row in mine:
            chances = [part["probability"] for part in row["parts"]]
            key = f"{verdict}|{row['id']}"
            spans.append({"row": key, "low": min(chances), "high": max(chances)})
            parts += [
                {
                    "row": key,
                    "claim": row["id"],
                    "part": part["statement"],
                    "verdict": part["verdict"],
                    "probability": part["probability"],
                    "shown": number(part["probability"]),
                    "anchor": anchor(row["id"], "claim"),
                }
                for part in row["parts"]
            ]
    scale = {"domain": list(VERDICTS)}
    tip = [{"field": name, "title": title} for name, title in TOLD]
    return [
        _zone(0, CONTRADICTED_TO, "$bad-zone"),
        _zone(SUPPORTED_FROM, 1, "$good-zone"),
        {
            "data": {"values": heads},
            "mark": {"type": "text", "align": "left", "fontSize": 13, "fontWeight": "bold"},
            "encoding": {"x": {"value": -LABELS - 6}, "text": {"field": "name"}},
        },
        {
            "data": {"values": spans},
            "mark": {"type": "rule", "strokeWidth": 1.2},
            "encoding": {"x": {"field": "low"}, "x2": {"field": "high"}},
        },
        {
            "data": {"values": parts},
            "mark": {
                "type": "point",
                "size": 44,
                "strokeWidth": 1.8,
                "filled": True,
                "opacity": 1,
                "cursor": "pointer",
            },
            "encoding": {
                "x": {"field": "probability"},
                "shape": {"field": "verdict", "type": "nominal", "scale": {**scale, "range": list(SHAPES)}},
                "fill": {"field": "verdict", "type": "nominal", "scale": {**scale, "range": list(FILLS)}},
                "stroke": {"field": "verdict", "type": "nominal", "scale": {**scale, "range": list(STROKES)}},
                "tooltip": tip,
            },
        },
    ]


TOLD = (("claim", "claim"), ("part", "part"), ("verdict", "verdict of the part"), ("shown", "probability"))


def _zone(start: float, end: float, colour: str) -> dict[str, Any]:
    """The stretch of probabilities that a verdict takes, over all rows."""
    return {
        "data": {"values": [{"start": start, "end": end}]},
        "mark": {"type": "rect", "color": colour},
        "encoding": {"x": {"field": "start"}, "x2": {"field": "end"}, "y": None},
    }

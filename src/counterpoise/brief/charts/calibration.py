"""How wrong this has been: the share of outcomes that fell inside intervals of a stated width."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from counterpoise.brief._words import number
from counterpoise.brief.charts._chart import Chart

WIDTH, HEIGHT, LABELS = 380.0, 340.0, 40.0
# Shapes by horizon, so that colour is not the only cue.
SHAPES = ("circle", "square", "diamond", "triangle-up", "cross")
INKS = ("$early", "$loss", "$good", "$mid", "$total")


def calibration_charts(
    rows: Sequence[dict[str, Any]], *, source: str, names: dict[str, str] | None = None
) -> list[Chart]:
    """A chart per target: nominal against measured coverage, a line and a shape per horizon.

    `rows` hold `target` (an id; its words in `names`), `horizon` (in years), `nominal` and `measured` (shares in
    [0, 1]) and `n` (forecasts counted), with `low` and `high` of the measured share where they are known. Empty rows
    give no chart.
    """
    targets = list(dict.fromkeys(row["target"] for row in rows))
    return [
        _chart(target, [row for row in rows if row["target"] == target], source, (names or {}).get(target, target))
        for target in targets
    ]


def _chart(target: str, rows: list[dict[str, Any]], source: str, words: str) -> Chart:
    rows = sorted(rows, key=lambda row: (row["horizon"], row["nominal"]))
    widest = max(row["nominal"] for row in rows)
    held = [row["measured"] for row in rows if row["nominal"] == widest]
    low, high = (f"{100 * end:.0f}" for end in (min(held), max(held)))
    share = low if low == high else f"{low} to {high}"
    bounded = any(row.get("low") is not None for row in rows)
    interval = "Vertical lines: 90 per cent interval of the measured share." if bounded else "Shares of all forecasts."
    said = f"{words[:1].upper()}{words[1:]}"
    return Chart(
        id=f"calibration-{target.replace(' ', '-').lower()}",
        title=f"{said}: intervals meant to hold {100 * widest:.0f} outcomes in 100 held {share}",
        unit="Share of outcomes inside the interval, against the share that it was meant to hold, by years ahead.",
        interval=f"{interval} On the dashed line the two are equal; below it the forecast was too sure.",
        source=source,
        alt=f"Measured against nominal coverage of {words}: " + "; ".join(_said(row) for row in rows) + ".",
        width=WIDTH,
        left=LABELS,
        gap=70.0,
        height=HEIGHT,
        columns=("target", "horizon", "nominal", "measured", "low", "high", "n"),
        rows=[
            (target, row["horizon"], row["nominal"], row["measured"], row.get("low"), row.get("high"), row["n"])
            for row in rows
        ],
        encoding=_axes(),
        layers=_layers(rows),
    )


def _said(row: dict[str, Any]) -> str:
    return f"{_years(row['horizon'])} {row['measured']:.2f} for {row['nominal']:.2f}"


def _years(horizon: float) -> str:
    return f"{number(horizon)} year{'' if horizon == 1 else 's'} ahead"


def _axes() -> dict[str, Any]:
    percent = {"format": ".0%", "grid": True, "tickCount": 5}
    share = {"type": "quantitative", "scale": {"domain": [0, 1]}}
    return {
        "x": {**share, "axis": {**percent, "title": "meant to hold", "titleAnchor": "start"}},
        "y": {**share, "axis": {**percent, "title": None, "minExtent": LABELS, "maxExtent": LABELS}},
    }


def _layers(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    horizons = list(dict.fromkeys(row["horizon"] for row in rows))
    values = [
        {
            **{name: row[name] for name in ("nominal", "measured", "low", "high") if row.get(name) is not None},
            "ahead": _years(row["horizon"]),
            "meant": f"{100 * row['nominal']:.0f} %",
            "held": f"{100 * row['measured']:.1f} %",
            "counted": f"{row['n']:,} forecasts",
        }
        for row in rows
    ]
    scale = {"domain": [_years(horizon) for horizon in horizons]}
    shape = {"field": "ahead", "type": "nominal", "scale": {**scale, "range": list(SHAPES[: len(horizons)])}}
    colour = {"field": "ahead", "type": "nominal", "scale": {**scale, "range": list(INKS[: len(horizons)])}}
    legend = {"columns": 2, "columnPadding": 18}
    shape, colour = shape | {"legend": legend}, colour | {"legend": legend}
    told = (("ahead", "horizon"), ("meant", "meant to hold"), ("held", "held"), ("counted", "counted"))
    bounded = [row for row in values if "low" in row and "high" in row]
    return [
        {
            "data": {"values": [{"nominal": 0, "measured": 0}, {"nominal": 1, "measured": 1}]},
            "mark": {"type": "line", "strokeDash": [4, 3], "color": "$soft", "strokeWidth": 1},
            "encoding": {"x": {"field": "nominal"}, "y": {"field": "measured"}},
        },
        {
            "data": {"values": bounded},
            "mark": {"type": "rule", "strokeWidth": 1},
            "encoding": {"x": {"field": "nominal"}, "y": {"field": "low"}, "y2": {"field": "high"}},
        },
        {
            "data": {"values": values},
            "mark": {"type": "line", "strokeWidth": 1.2},
            "encoding": {"x": {"field": "nominal"}, "y": {"field": "measured"}, "color": colour},
        },
        {
            "data": {"values": values},
            "mark": {"type": "point", "size": 64, "filled": True, "opacity": 1},
            "encoding": {
                "x": {"field": "nominal"},
                "y": {"field": "measured"},
                "shape": shape,
                "color": colour,
                "tooltip": [{"field": name, "title": title} for name, title in told],
            },
        },
    ]

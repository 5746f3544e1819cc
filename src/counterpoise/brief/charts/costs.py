"""The chart of one client: what each patron's withdrawal costs it, channel by channel, with intervals."""

from __future__ import annotations

import math
from typing import Any

from counterpoise.brief._words import anchor_of, bounded, in_sentence, label, spread
from counterpoise.brief.charts._chart import Chart
from counterpoise.leverage import LeverageResult

WIDTH, STEP, LABELS = 380.0, 22.0, 72.0
COLUMNS = ("client", "patron", "channel", "horizon", "state", "p05", "p50", "p95", "unit")
UNIT = "% of GDP a year"
TOGETHER = "together"
# Year five lies above the middle of its row, the first year below.
ABOVE, BELOW = -4.0, 6.0


def cost_charts(leverage: LeverageResult, names: dict[str, str], clients: tuple[str, ...], source: str) -> list[Chart]:
    """One chart per client that has a number; all share one scale, so that bars compare across charts."""
    rows = [cell.to_dict() for cell in leverage.cells]
    ends = [row["exposure"][end] for row in rows if row["state"] == "number" for end in ("p05", "p95")]
    if not ends:
        return []
    scale = (min(0.0, *ends), max(0.1, *ends))
    charts = []
    for client in clients:
        mine = [row for row in rows if row["client"] == client]
        if any(row["state"] == "number" for row in mine):
            charts.append(_chart(mine, names, scale, source))
    return charts


def _chart(rows: list[dict[str, Any]], names: dict[str, str], scale: tuple[float, float], source: str) -> Chart:
    client = names[rows[0]["client"]]
    order = _by_loss(rows)
    channels = [channel for channel in dict.fromkeys(row["channel"] for row in rows) if channel != "total"]
    if len(channels) > 1:
        channels.append("total")
    top = next(row for row in rows if (row["patron"], row["channel"], row["horizon"]) == (order[0], "total", "long"))
    title = f"{client}: no patron's withdrawal could be computed by year five"
    if top["state"] == "number":
        title = f"{client} has most to lose from {in_sentence(names[order[0]])}: {bounded(top)} per cent"
    lines = [(patron, channel) for patron in order for channel in ("", *channels)]
    return Chart(
        id=f"costs-{rows[0]['client']}",
        title=title,
        unit=f"What a full withdrawal costs {client}, by patron and channel, in per cent of its GDP a year.",
        interval="Bar: median by year five; open diamond: in the first year; lines: 5 to 95 per cent of draws. "
        "At least: a figure is missing, so that the loss can only be larger.",
        source=source,
        alt=_alt(client, order, rows, names),
        width=WIDTH,
        left=LABELS + 8,
        height=STEP * len(lines),
        columns=COLUMNS,
        rows=[_numbers(row) for row in rows],
        anchors=[anchor_of(row) for row in rows],
        kind="chart costs",
        encoding=_axes([_key(*line) for line in lines], scale),
        layers=_layers(_heads(rows, order, names), _values(rows, names)),
    )


def _key(patron: str, channel: str) -> str:
    """A row of the axis; what stands after the bar is its label, nothing for the head of a patron."""
    return f"{patron}|{TOGETHER if channel == 'total' else label(channel)}"


def _axes(keys: list[str], scale: tuple[float, float]) -> dict[str, Any]:
    word = "split(datum.label, '|')[1]"
    axis = {
        "title": None,
        "labelExpr": word,
        "labelFontWeight": {"condition": {"test": f"{word} == '{TOGETHER}'", "value": "bold"}, "value": "normal"},
        "minExtent": LABELS,
        "maxExtent": LABELS,
        "labelPadding": 8,
    }
    zero = {"condition": {"test": "datum.value == 0", "value": "$soft"}, "value": "$line"}
    return {
        "y": {"field": "row", "type": "nominal", "scale": {"domain": keys}, "sort": None, "axis": axis},
        "x": {
            "type": "quantitative",
            "scale": {"domain": list(scale), "nice": True},
            "axis": {
                "title": "loss, per cent of its GDP a year",
                "titleAnchor": "start",
                "gridColor": zero,
                "tickCount": 5,
            },
        },
    }


def _heads(rows: list[dict[str, Any]], order: list[str], names: dict[str, str]) -> list[dict[str, Any]]:
    """A head per patron: its name, and its loss over all channels by year five."""
    total = {row["patron"]: row for row in rows if (row["channel"], row["horizon"]) == ("total", "long")}
    return [
        {
            "row": _key(patron, ""),
            "name": names[patron],
            "sum": bounded(total[patron]) if total[patron]["state"] == "number" else "",
        }
        for patron in order
    ]


def _values(rows: list[dict[str, Any]], names: dict[str, str]) -> list[dict[str, Any]]:
    values = []
    for row in rows:
        told = {
            "row": _key(row["patron"], row["channel"]),
            "patron": names[row["patron"]],
            "channel": TOGETHER if row["channel"] == "total" else label(row["channel"]),
            "horizon": row["horizon"],
            "when": label(row["horizon"]),
            "state": row["state"],
            "anchor": anchor_of(row),
        }
        if row["state"] == "number":
            told |= {name: float(f"{row['exposure'][name]:.5g}") for name in ("p05", "p50", "p95")}
            told |= {
                "loss": f"{bounded(row)} % of GDP a year",
                "cost": f"{spread(row['sender_cost'])} % of its own",
            }
        else:
            told["word"] = "none" if row["state"] == "structural zero" else "unknown"
            told["why"] = row["reason"]
        values.append(told)
    return values


def _layers(heads: list[dict[str, Any]], values: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Names first, then what each channel costs: bars with their range, the first year below, words where no number."""
    numbers = [row for row in values if row["state"] == "number"]
    long = {"values": [row for row in numbers if row["horizon"] == "long"]}
    early = {"values": [row for row in numbers if row["horizon"] == "short"]}
    lacking = {"values": [row for row in values if row["state"] != "number" and row["horizon"] == "long"]}
    told = [("patron", "patron"), ("channel", "channel"), ("when", "horizon"), ("loss", "loss")]
    tip = _tooltip([*told, ("cost", "sender pays")])
    middle, range_ = {"x": {"field": "p50"}}, {"x": {"field": "p05"}, "x2": {"field": "p95"}}
    bar = {"type": "bar", "height": 9, "yOffset": ABOVE, "cursor": "pointer", "opacity": 0.85}
    colour = {"condition": {"test": f"datum.channel == '{TOGETHER}'", "value": "$total"}, "value": "$loss"}
    name = {"type": "text", "align": "left", "fontSize": 13, "fontWeight": "bold", "baseline": "middle"}
    total = {"type": "text", "align": "right", "fontWeight": 600}
    # The same words as a band of paper below, so that no line of the grid runs through them.
    band = {"stroke": "$panel", "strokeWidth": 4, "strokeJoin": "round"}
    diamond = {"type": "point", "shape": "diamond", "size": 52, "yOffset": BELOW, "filled": True, "fill": "$panel"}
    word = {"type": "text", "align": "left", "dx": 5, "fontStyle": "italic", "fontSize": 11, "color": "$soft"}
    return [
        *(
            {
                "data": {"values": heads},
                "mark": {**name, **more},
                "encoding": {"x": {"value": -LABELS - 8}, "text": {"field": "name"}},
            }
            for more in (band, {})
        ),
        *(
            {
                "data": {"values": heads},
                "mark": {**total, **more},
                "encoding": {"x": {"value": {"expr": "width"}}, "text": {"field": "sum"}},
            }
            for more in (band, {})
        ),
        {"data": long, "mark": bar, "encoding": {**middle, "x2": {"datum": 0}, "color": colour, "tooltip": tip}},
        {"data": long, "mark": {"type": "rule", "yOffset": ABOVE, "strokeWidth": 1.4}, "encoding": range_},
        {
            "data": early,
            "mark": {"type": "rule", "yOffset": BELOW, "strokeWidth": 1, "color": "$early"},
            "encoding": range_,
        },
        {
            "data": early,
            "mark": {**diamond, "stroke": "$early", "strokeWidth": 1.4, "cursor": "pointer", "opacity": 1},
            "encoding": {**middle, "tooltip": tip},
        },
        {
            "data": lacking,
            "mark": word,
            "encoding": {
                "x": {"datum": 0},
                "text": {"field": "word"},
                "tooltip": _tooltip([*told[:3], ("word", "loss"), ("why", "reason")]),
            },
        },
    ]


def _tooltip(fields: list[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"field": name, "title": title} for name, title in fields]


def _by_loss(rows: list[dict[str, Any]]) -> list[str]:
    """Patrons by median total loss by year five, most first; those without a number last."""
    losses = {
        row["patron"]: -row["exposure"]["p50"] if row["exposure"] else math.inf
        for row in rows
        if row["channel"] == "total" and row["horizon"] == "long"
    }
    return sorted(losses, key=lambda patron: losses[patron])


def _alt(client: str, order: list[str], rows: list[dict[str, Any]], names: dict[str, str]) -> str:
    said = [
        f"{names[row['patron']]} {bounded(row)}"
        for patron in order
        for row in rows
        if (row["patron"], row["channel"], row["horizon"]) == (patron, "total", "long") and row["exposure"]
    ]
    return f"Bars by patron and channel. Loss of {client} by year five over the computed channels: {'; '.join(said)}."


def _numbers(row: dict[str, Any]) -> tuple[Any, ...]:
    values = row["exposure"] or dict.fromkeys(("p05", "p50", "p95"))
    keys = (row[name] for name in ("client", "patron", "channel", "horizon", "state"))
    return (*keys, values["p05"], values["p50"], values["p95"], UNIT)

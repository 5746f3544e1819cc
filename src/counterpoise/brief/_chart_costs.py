"""The chart of one client: what each patron's withdrawal costs it, channel by channel, with intervals."""

from __future__ import annotations

import math
from typing import Any

from markupsafe import Markup

from counterpoise.brief._figure import Figure
from counterpoise.brief._svg import element, line, short, text
from counterpoise.brief._words import in_sentence, label, spread
from counterpoise.leverage import LeverageResult

WIDTH = 380.0
LEFT, RIGHT = 84.0, 12.0
HEAD, ROW, GAP = 20.0, 21.0, 7.0
AXIS, LEGEND = 44.0, 54.0
COLUMNS = ("client", "patron", "channel", "horizon", "state", "p05", "p50", "p95", "unit")
UNIT = "% of GDP a year"


def cost_charts(leverage: LeverageResult, names: dict[str, str], clients: tuple[str, ...], source: str) -> list[Figure]:
    """One chart per client that has a number; all share one scale, so that bars compare across charts."""
    rows = [cell.to_dict() for cell in leverage.cells]
    ends = [row["exposure"][end] for row in rows if row["state"] == "number" for end in ("p05", "p95")]
    if not ends:
        return []
    scale = Scale(min(0.0, *ends), max(0.1, *ends), LEFT, WIDTH - RIGHT)
    charts = []
    for client in clients:
        mine = [row for row in rows if row["client"] == client]
        if any(row["state"] == "number" for row in mine):
            charts.append(_chart(mine, names, scale, source))
    return charts


class Scale:
    """A linear axis with round ticks, from data to units of the drawing."""

    def __init__(self, low: float, high: float, left: float, right: float) -> None:
        rough = (high - low) / 4
        power = 10.0 ** math.floor(math.log10(rough))
        self.step = power * next(step for step in (1, 2, 2.5, 5, 10) if step * power >= rough * 0.999)
        self.low, self.high = low, high
        self.ticks = [self.step * k for k in range(math.ceil(low / self.step), math.floor(high / self.step) + 1)]
        self._left, self._width = left, right - left

    def __call__(self, value: float) -> float:
        return self._left + self._width * (value - self.low) / (self.high - self.low)


def _chart(rows: list[dict[str, Any]], names: dict[str, str], scale: Scale, source: str) -> Figure:
    client = names[rows[0]["client"]]
    order = _by_loss(rows)
    channels = [channel for channel in dict.fromkeys(row["channel"] for row in rows) if channel != "total"]
    if len(channels) > 1:
        channels.append("total")
    body: list[Markup] = []
    y = 4.0
    for patron in order:
        mine = {(row["channel"], row["horizon"]): row for row in rows if row["patron"] == patron}
        body.append(text(0, y + 14, names[patron], "c-name"))
        total = mine["total", "long"]
        if total["state"] == "number":
            body.append(text(WIDTH, y + 14, spread(total["exposure"]), "c-value", anchor="end"))
        y += HEAD
        for channel in channels:
            body += _row(mine, channel, scale, y)
            y += ROW
        y += GAP
    grid = [line(scale(tick), HEAD, scale(tick), y, "c-zero" if tick == 0 else "c-grid") for tick in scale.ticks]
    body += [text(scale(tick), y + 14, f"{tick:g}", "c-tick", anchor="middle") for tick in scale.ticks]
    body.append(text(scale(scale.low), y + 32, "loss, per cent of its GDP a year", "c-tick"))
    top = next(row for row in rows if (row["patron"], row["channel"], row["horizon"]) == (order[0], "total", "long"))
    title = f"{client}: no patron's withdrawal could be computed by year five"
    if top["state"] == "number":
        title = f"{client} has most to lose from {in_sentence(names[order[0]])}: {spread(top['exposure'])} per cent"
    return Figure(
        id=f"costs-{rows[0]['client']}",
        title=title,
        unit=f"What a full withdrawal costs {client}, by patron and channel, in per cent of its GDP a year.",
        interval="Bar and diamond: median; lines: 5 to 95 per cent of draws.",
        source=source,
        alt=_alt(client, order, rows, names),
        width=WIDTH,
        height=y + AXIS + LEGEND - 8,
        body=Markup("").join([*grid, *body, *_legend(y + AXIS)]),
        columns=COLUMNS,
        rows=[_numbers(row) for row in rows],
        anchors=[anchor_of(row) for row in rows],
        kind="chart costs",
    )


def anchor_of(row: dict[str, Any]) -> str:
    """The anchor of a cell's row among all cells."""
    return f"cell-{row['client']}-{row['patron']}-{row['channel']}-{row['horizon']}"


def _by_loss(rows: list[dict[str, Any]]) -> list[str]:
    """Patrons by median total loss by year five, most first; those without a number last."""
    losses = {
        row["patron"]: -row["exposure"]["p50"] if row["exposure"] else math.inf
        for row in rows
        if row["channel"] == "total" and row["horizon"] == "long"
    }
    return sorted(losses, key=lambda patron: losses[patron])


def _row(cells: dict[tuple[str, str], dict[str, Any]], channel: str, scale: Scale, y: float) -> list[Markup]:
    """Year five as a bar above, the first year as an open diamond below, each with its range."""
    kind = " c-total" if channel == "total" else ""
    drawn = [
        text(LEFT - 8, y + 13, "together" if channel == "total" else label(channel), f"c-label{kind}", anchor="end")
    ]
    long, early = cells.get((channel, "long")), cells.get((channel, "short"))
    if long and long["state"] != "number":
        word = "none" if long["state"] == "structural zero" else "unknown"
        drawn.append(text(scale(0) + 5, y + 9, word, "c-unknown"))
    if long and long["state"] == "number":
        values = long["exposure"]
        start, end = sorted((scale(0), scale(values["p50"])))
        box: dict[str, object] = {"x": start, "y": y + 2, "width": max(end - start, 1.0), "height": 9}
        drawn.append(element("rect", {"class": f"c-bar{kind}", **box}))
        drawn += _whisker(scale, values, y + 6.5, "c-range")
    if early and early["state"] == "number":
        drawn.append(
            line(scale(early["exposure"]["p05"]), y + 15.5, scale(early["exposure"]["p95"]), y + 15.5, "c-thin")
        )
        drawn.append(_small_diamond(scale(early["exposure"]["p50"]), y + 15.5))
    return drawn


def _whisker(scale: Scale, values: dict[str, float], y: float, kind: str) -> list[Markup]:
    low, high = scale(values["p05"]), scale(values["p95"])
    drawn = f"M{short(low)} {short(y)}H{short(high)}M{short(low)} {short(y - 3)}v6M{short(high)} {short(y - 3)}v6"
    return [element("path", {"class": kind, "d": drawn})]


def _small_diamond(x: float, y: float) -> Markup:
    return element("path", {"class": "c-early", "d": f"M{short(x)} {short(y - 4)}l4 4l-4 4l-4 -4Z"})


def _legend(y: float) -> list[Markup]:
    scale = Scale(0, 10, 0, 90)
    return [
        element("rect", {"class": "c-bar", "x": 0, "y": y + 2, "width": 40, "height": 9}),
        *_whisker(scale, {"p05": 2.5, "p95": 7}, y + 6.5, "c-range"),
        text(70, y + 11, "year five: median, 5 to 95 per cent", "c-tick"),
        line(18, y + 26, 62, y + 26, "c-thin"),
        _small_diamond(40, y + 26),
        text(70, y + 30, "first year: median, 5 to 95 per cent", "c-tick"),
    ]


def _alt(client: str, order: list[str], rows: list[dict[str, Any]], names: dict[str, str]) -> str:
    said = [
        f"{names[row['patron']]} {spread(row['exposure'])}"
        for patron in order
        for row in rows
        if (row["patron"], row["channel"], row["horizon"]) == (patron, "total", "long") and row["exposure"]
    ]
    return f"Bars by patron and channel. Loss of {client} by year five over the computed channels: {'; '.join(said)}."


def _numbers(row: dict[str, Any]) -> tuple[Any, ...]:
    values = row["exposure"] or dict.fromkeys(("p05", "p50", "p95"))
    keys = (row[name] for name in ("client", "patron", "channel", "horizon", "state"))
    return (*keys, values["p05"], values["p50"], values["p95"], UNIT)

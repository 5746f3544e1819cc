"""Fan charts of what happens next: one per client and scenario, the median among bands of its futures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from counterpoise.brief._words import number
from counterpoise.brief.charts._chart import Chart

WIDTH, HEIGHT, LABELS = 380.0, 230.0, 34.0
QUANTILES = ("p05", "p25", "p50", "p75", "p95")


def fan_charts(
    rows: Sequence[dict[str, Any]],
    *,
    names: dict[str, str],
    measure: str,
    unit: str,
    members: int,
    source: str,
    titles: dict[str, str] | None = None,
) -> list[Chart]:
    """A fan per client and scenario; all fans of a client share one scale.

    `rows` hold `client`, `scenario`, `quarter` (`2027-Q1`) and the quantiles `p05`, `p50` and `p95` of `measure`, with
    `p25` and `p75` where they are known. `names` and `titles` are the words for clients and scenarios. Empty rows give
    no chart. A row without its quantiles is refused by `KeyError`.
    """
    ends: dict[str, list[float]] = {}
    fans: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows:
        fans.setdefault((row["client"], row["scenario"]), []).append(row)
        ends.setdefault(row["client"], []).extend((row["p05"], row["p95"]))
    charts = []
    for (client, scenario), mine in fans.items():
        mine.sort(key=lambda row: row["quarter"])
        scale = (min(ends[client]), max(ends[client]))
        words = (titles or {}).get(scenario, scenario.replace("_", " "))
        charts.append(_chart(mine, scale, names.get(client, client), words, measure, unit, members, source))
    return charts


def _chart(
    rows: list[dict[str, Any]],
    scale: tuple[float, float],
    client: str,
    scenario: str,
    measure: str,
    unit: str,
    members: int,
    source: str,
) -> Chart:
    first, last = rows[0], rows[-1]
    near = all(row.get("p25") is not None and row.get("p75") is not None for row in rows)
    inner = "dark band: 25 to 75 per cent; " if near else ""
    return Chart(
        id=f"fan-{first['client']}-{first['scenario']}",
        title=f"{client}, {scenario}: {_direction(first, last)} by {_said(last['quarter'])}",
        unit=f"{measure[:1].upper()}{measure[1:]}, {unit}, by quarter.",
        interval=f"Line: median of {members:,} futures; {inner}light band: 5 to 95 per cent of them.",
        source=source,
        alt=f"Fan of {measure} of {client} under {scenario}: {_said_at(first)}; {_said_at(last)}.",
        width=WIDTH,
        left=LABELS,
        gap=30.0,
        height=HEIGHT,
        columns=("client", "scenario", "quarter", *QUANTILES),
        rows=[(row["client"], row["scenario"], row["quarter"], *(row.get(name) for name in QUANTILES)) for row in rows],
        encoding=_axes(rows, scale, unit),
        layers=_layers(rows, near=near),
    )


def _direction(first: dict[str, Any], last: dict[str, Any]) -> str:
    """Whether the last interval still holds the first median: a claim no stronger than the fan."""
    if last["p05"] > first["p50"]:
        return "very likely up"
    if last["p95"] < first["p50"]:
        return "very likely down"
    return "no sure direction"


def _said_at(row: dict[str, Any]) -> str:
    return f"{number(row['p50'])} ({number(row['p05'])} to {number(row['p95'])}) in {_said(row['quarter'])}"


def _said(quarter: str) -> str:
    return quarter.replace("-", " ")


def _axes(rows: list[dict[str, Any]], scale: tuple[float, float], unit: str) -> dict[str, Any]:
    quarters = [row["quarter"] for row in rows]
    firsts = [name for name in quarters if name.endswith("Q1")] or quarters[:1]
    shown = firsts[:: max(1, len(firsts) // 6)]
    return {
        "x": {
            "field": "quarter",
            "type": "ordinal",
            "scale": {"domain": quarters, "type": "point", "padding": 0.2},
            "axis": {"title": None, "values": shown, "labelExpr": "slice(datum.label, 0, 4)", "labelAngle": 0},
        },
        "y": {
            "type": "quantitative",
            "scale": {"domain": list(scale), "nice": True, "zero": False},
            "axis": {"title": None, "grid": True, "tickCount": 5, "minExtent": LABELS, "maxExtent": LABELS},
        },
    }


def _layers(rows: list[dict[str, Any]], *, near: bool) -> list[dict[str, Any]]:
    values = [
        {
            **{name: row[name] for name in ("quarter", *QUANTILES) if row.get(name) is not None},
            "when": _said(row["quarter"]),
            "middle": number(row["p50"]),
            "range": f"{number(row['p05'])} to {number(row['p95'])}",
        }
        for row in rows
    ]
    bands = [("p05", "p95", "$band-wide"), *([("p25", "p75", "$band-near")] if near else [])]
    tip = [
        {"field": name, "title": title}
        for name, title in (("when", "quarter"), ("middle", "median"), ("range", "5 to 95 per cent"))
    ]
    # Points as wide as the quarter catch the pointer and the arrow keys; what they tell is the line and the band.
    hit = {"type": "point", "size": 70, "filled": True, "opacity": 0.01, "color": "$early"}
    return [
        *(
            {
                "data": {"values": values},
                "mark": {"type": "area", "color": colour},
                "encoding": {"y": {"field": low}, "y2": {"field": high}},
            }
            for low, high, colour in bands
        ),
        {
            "data": {"values": values},
            "mark": {"type": "line", "color": "$early", "strokeWidth": 2},
            "encoding": {"y": {"field": "p50"}},
        },
        {"data": {"values": values}, "mark": hit, "encoding": {"y": {"field": "p50"}, "tooltip": tip}},
    ]

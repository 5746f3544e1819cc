"""The status of a monitor on one page: opens from disk, no script, nothing fetched."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING, Any

from counterpoise._version import __version__

if TYPE_CHECKING:
    from counterpoise.oversight.monitor.watch import MonitorResult

STYLE = """
body{font:15px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:68rem;padding:0 1rem;color:#1b1f24;background:#fff}
h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:1.6rem 0 .4rem}p{margin:.3rem 0;max-width:60rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top}
th,td{padding:.25rem .6rem .25rem 0;border-bottom:1px solid #d6dae0}
td.d{white-space:nowrap}
td.n{text-align:right;font-variant-numeric:tabular-nums}.alert{font-weight:700}.quiet{color:#4a5260}
small{color:#4a5260}
"""
MARK = {"alert": "▲ alert", "new": "● new", "quiet": "quiet", "too few": "too few", "none": "none"}
SHOWN = 60


def page(result: MonitorResult) -> str:
    """The page: alerts with their days, changes, every indicator with count, base rate and false-alarm rate."""
    alerts, rules = result.alerts(), result.rules
    levels = [one for one in alerts if one["kind"] == "level"]
    acts = [one for one in alerts if one["kind"] == "act"]
    judged = [one for one in alerts if one["kind"] == "judgement"]
    titles = {one.indicator.id: one.indicator.title for one in result.readings}
    parts = [
        f"<h1>{escape(result.title)}: politics on {result.as_of}</h1>",
        f"<p>{len(levels)} indicators stand out and {len(acts)} acts became known since {result.since}.</p>",
        "<h2>Indicators that stand out</h2>",
        _table(("Day", "Client", "What"), ((one["date"], result.label(one["client"]), one["text"]) for one in levels)),
        f"<h2>New since {result.since}</h2>",
        _table(
            ("Day", "Known", "Client", "Indicator", "Act", "Source"),
            tuple(
                (
                    one["date"],
                    one["known"],
                    result.label(one["client"]),
                    titles[one["indicator"]],
                    one["text"],
                    result.label(one["source"]),
                )
                for one in acts[:SHOWN]
            ),
        ),
        f"<p><small>{len(acts) - SHOWN} more in status.json</small></p>" if len(acts) > SHOWN else "",
        "<h2>Judged, not reported</h2><p>Rows of the region that are a coder's reading of the record; none is news.</p>"
        if judged
        else "",
        _table(
            ("Client", "Indicator", "What"),
            ((result.label(one["client"]), titles[one["indicator"]], one["text"]) for one in judged),
        )
        if judged
        else "",
        "<h2>All indicators</h2>",
        _table(
            ("Indicator", "Client", "Status", "Was", "In window", "Expected", "Chance", "False alarms", "New", "Last"),
            (_row(one.to_dict(), result.label(one.client)) for one in result.readings),
        ),
        f"<p><small>Window {rules.window_days} days, baseline {rules.baseline_days} days before it; acts of one kind "
        f"between the same parties within {rules.episode_days} days are one episode; below {rules.least_episodes} "
        f"episodes nothing is called unusual; an alert has a chance under {rules.chance:g}. Expected: what the "
        "baseline leads to expect in the window. False alarms: share of simulated quiet series that alert between "
        "the two days, steady and in bursts. Events are those that were recorded, not all that happened. "
        f"Counterpoise {escape(__version__)}, seed "
        f"{result.meta.seed}.</small></p>",
    ]
    head = f'<meta charset="utf-8"><title>{escape(result.title)} on {result.as_of}</title><style>{STYLE}</style>'
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{"".join(parts)}</body></html>\n'


def _row(one: dict[str, Any], client: str) -> tuple[Any, ...]:
    alarms = one["false_alarm"]
    shares = "" if not alarms else f"{alarms['steady']['share']:.1%} / {alarms['bursts']['share']:.1%}"
    return (
        one["title"],
        client,
        MARK[one["status"]],
        one["status_before"] or "",
        "" if one["episodes"] is None else one["episodes"],
        "" if one["expected"] is None else f"{one['expected']:.2g}",
        "" if one["p"] is None else f"{one['p']:.2g}",
        shares,
        len(one["new"]),
        one["last"] or "",
    )


def _table(head: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> str:
    body = "".join(f"<tr>{''.join(_cell(cell) for cell in row)}</tr>" for row in rows)
    if not body:
        return "<p>none</p>"
    names = "".join(f"<th>{escape(name)}</th>" for name in head)
    return f"<table><thead><tr>{names}</tr></thead><tbody>{body}</tbody></table>"


def _cell(value: Any) -> str:
    text = escape(str(value))
    if len(text) == 10 and text[4:5] == text[7:8] == "-":
        return f'<td class="d">{text}</td>'
    kind = ' class="alert"' if text.startswith("▲") else ' class="n"' if isinstance(value, int) else ""
    return f"<td{kind}>{text}</td>"

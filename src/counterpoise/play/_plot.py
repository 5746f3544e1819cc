"""Charts of a play: fans of positions, who holds what, a raster of events (Altair, extra `charts`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counterpoise._errors import InputError, fault
from counterpoise._version import __version__

if TYPE_CHECKING:
    from counterpoise.play._answer import PlayResult

KINDS = ("fan", "held", "events")


def plot_play(result: PlayResult, kind: str) -> Any:
    """One of the charts of a play, with the number of members, the interval and the version under it."""
    if kind not in KINDS:
        rule, fix = f"a chart is one of {', '.join(KINDS)}", "leave it out for the fan"
        raise InputError([fault("E923", where="plot", found=repr(kind), rule=rule, fix=fix)])
    return {"fan": _fan, "held": _held, "events": _events}[kind](result)


def _foot(result: PlayResult, text: str) -> list[str]:
    return [
        f"{result.titles.get(result.scenario, result.scenario)}; {result.members:,} members; {text}",
        f"Counterpoise {__version__}, run {result.run}; parameters are labelled in the result",
    ]


def _fan(result: PlayResult) -> Any:
    """Where each client may stand: medians and the ranges of half and of nine tenths of members."""
    import altair as alt

    rows = [row | {"year": _year(row["quarter"])} for row in result.quantiles()]
    title = alt.Title("Where alignment may go", subtitle=_foot(result, "bands hold 50 and 90 per cent of members"))
    base = alt.Chart().encode(x=alt.X("year:Q", title=None, axis=alt.Axis(format="d")))
    wide = base.mark_area(opacity=0.2).encode(y=alt.Y("p05:Q", title="position"), y2="p95:Q")
    narrow = base.mark_area(opacity=0.35).encode(y="p25:Q", y2="p75:Q")
    middle = base.mark_line().encode(y="p50:Q")
    layers = alt.layer(wide, narrow, middle, data=alt.Data(values=rows)).properties(width=220, height=150)
    faceted = layers.facet(column=alt.Column("client:N", title=None), row=alt.Row("scale:N", title=None))
    return faceted.resolve_scale(y="independent").properties(title=title)


def _held(result: PlayResult) -> Any:
    """Who holds what: mean gains and exposures by patron, stacked, year by year."""
    import altair as alt

    rows = [
        {"client": row["client"], "patron": row["patron"], "year": int(row["quarter"][:4])}
        | {"what": what, "value": max(0.0, row[what]["mean"])}
        for row in result.held()
        for what in ("gain", "exposure")
    ]
    title = alt.Title("Who holds what", subtitle=_foot(result, "means over members, per cent of GDP a year"))
    chart = alt.Chart(alt.Data(values=rows), width=220, height=150).mark_area()
    encoded = chart.encode(
        x=alt.X("year:Q", title=None, axis=alt.Axis(format="d")),
        y=alt.Y("value:Q", stack=True, title="% GDP a year"),
        color=alt.Color("patron:N"),
        order=alt.Order("patron:N"),
        column=alt.Column("client:N", title=None),
        row=alt.Row("what:N", title=None),
        tooltip=["client:N", "patron:N", "year:Q", "value:Q"],
    )
    return encoded.properties(title=title)


def _events(result: PlayResult) -> Any:
    """The chance that each event has happened by the end of each year, as a raster with its numbers."""
    import altair as alt

    title = alt.Title("What happens by when", subtitle=_foot(result, "share of members in which it has happened"))
    base = alt.Chart(alt.Data(values=result.probabilities())).encode(
        x=alt.X("by:O", title="by the end of"), y=alt.Y("event:N", title=None)
    )
    cells = base.mark_rect().encode(color=alt.Color("p:Q", scale=alt.Scale(domain=[0, 1], scheme="greys")))
    dark = alt.condition("datum.p > 0.5", alt.value("white"), alt.value("black"))
    texts = base.mark_text(fontSize=9).encode(text=alt.Text("p:Q", format=".2f"), color=dark)
    return alt.layer(cells, texts).facet(row=alt.Row("client:N", title=None)).properties(title=title)


def _year(quarter: str) -> float:
    return int(quarter[:4]) + int(quarter[5]) / 4

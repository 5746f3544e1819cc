"""The chart of a leverage result: exposure and sender's cost side by side, with intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counterpoise._version import __version__

if TYPE_CHECKING:
    from counterpoise.leverage._measure import LeverageResult


def plot_leverage(result: LeverageResult) -> Any:
    """An Altair chart: medians as points, the range from 5 to 95 per cent of draws as bars, one row per client."""
    import altair as alt

    rows = []
    for cell in result.cells:
        row = cell.to_dict()
        for name, side in (("exposure", "loss of the client"), ("sender_cost", "cost to the sender")):
            if row["state"] == "number":
                keys = {key: row[key] for key in ("client", "patron", "channel", "horizon")}
                rows.append({**keys, "side": side, **row[name]})
    base = alt.Chart(alt.Data(values=rows)).encode(
        y=alt.Y("patron:N", title=None),
        yOffset="side:N",
        color=alt.Color("side:N", title=None),
        shape=alt.Shape("side:N", title=None),
    )
    bars = base.mark_rule(strokeWidth=3).encode(
        x=alt.X("p05:Q", title="per cent of own GDP a year, 5 to 95 per cent of draws"), x2="p95:Q"
    )
    points = base.mark_point(filled=True, size=70).encode(x="p50:Q")
    as_of = result.meta.as_of or "all knowledge"
    title = alt.Title(
        "What a full withdrawal costs the client and the sender",
        subtitle=f"as of {as_of}; sources: {len(result.meta.sources)}; counterpoise {__version__}",
    )
    return (bars + points).facet(
        row=alt.Row("client:N", title=None), column=alt.Column("horizon:N", title=None), title=title
    )

"""The chart of the claims ledger: how probable each computed claim is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counterpoise._version import __version__
from counterpoise.claims._verdict import CONTRADICTED_TO, SUPPORTED_FROM

if TYPE_CHECKING:
    from counterpoise.claims._judge import ClaimsResult


def plot_claims(result: ClaimsResult) -> Any:
    """An Altair chart: one bar per part of each computed claim, with the two thresholds of a verdict."""
    import altair as alt

    rows = [
        {"claim": verdict.id, "part": part.statement, "probability": part.probability, "verdict": part.verdict}
        for verdict in result.verdicts
        for part in verdict.parts
        if part.probability is not None
    ]
    bars = (
        alt.Chart(alt.Data(values=rows))
        .mark_circle(size=80)
        .encode(
            x=alt.X("probability:Q", scale=alt.Scale(domain=[0, 1])),
            y=alt.Y("claim:N", title=None),
            color="verdict:N",
            shape="verdict:N",
            tooltip=["claim:N", "part:N", "probability:Q"],
        )
    )
    limits = alt.Chart(alt.Data(values=[{"at": CONTRADICTED_TO}, {"at": SUPPORTED_FROM}]))
    subtitle = f"as of {result.meta.as_of or 'all knowledge'}; counterpoise {__version__}"
    title = alt.Title("How probable the evidence makes each claim", subtitle=subtitle)
    return (bars + limits.mark_rule(strokeDash=[4, 4]).encode(x="at:Q")).properties(title=title)

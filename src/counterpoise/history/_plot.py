"""Charts of a back-test."""

from __future__ import annotations

from typing import Any

import numpy as np


def calibration_chart(result: Any) -> Any:
    """How often outcomes fell below each stated chance, by horizon; a calibrated forecast lies on the diagonal."""
    import altair as alt
    import pandas as pd

    stated = np.linspace(0.05, 0.95, 19)
    rows = []
    for place, horizon in enumerate(result.horizons):
        pit = result.scores["law"]["pit"][:, place]
        pit = pit[np.isfinite(pit)]
        rows += [{"stated": s, "measured": float((pit <= s).mean()), "horizon": f"{horizon} y"} for s in stated]
    span = f"origins {result.origins[0]}-{result.origins[-1]}, n {np.isfinite(result.scores['law']['pit']).sum()}"
    diagonal = alt.Chart(pd.DataFrame({"stated": [0, 1], "measured": [0, 1]})).mark_line(
        strokeDash=[4, 4], color="grey"
    )
    lines = alt.Chart(pd.DataFrame(rows)).mark_line(point=True)
    return diagonal.encode(x="stated", y="measured") + lines.encode(
        x=alt.X("stated", title="stated chance of lying below"),
        y=alt.Y("measured", title="share that did"),
        color="horizon",
        strokeDash="horizon",
    ).properties(title=f"How wrong the law has been: {span}")

"""Charts of predictive checks and of ablations."""

from __future__ import annotations

from typing import Any

import numpy as np


def check_chart(result: Any) -> Any:
    """Each statistic's replicates as a histogram, the real past as a line: outside the bars the law lacks something."""
    import altair as alt
    import pandas as pd

    panels = []
    for row in result.rows():
        count, edges = np.histogram(result.replicated[row["statistic"]], bins=20)
        bars = pd.DataFrame({"low": edges[:-1], "high": edges[1:], "share": count / count.sum()})
        title = (
            f"{row['statistic'].replace('_', ' ')}: tail {row['tail_share']:.3f}{', flagged' if row['flagged'] else ''}"
        )
        drawn = alt.Chart(bars).mark_bar(color="#9db4c0").encode(
            x=alt.X("low", title="", scale=alt.Scale(zero=False)), x2="high", y=alt.Y("share", title="of replicates")
        )  # fmt: skip
        seen = alt.Chart(pd.DataFrame({"observed": [row["observed"]]})).mark_rule(color="#b0413e", strokeWidth=2)
        panels.append((drawn + seen.encode(x="observed")).properties(title=title, width=220, height=110))
    span = f"{result.target}, {result.years[0]}-{result.years[1]}, {result.horizon} years ahead, n {result.cases}"
    return alt.concat(*panels, columns=2).properties(title=f"What the law would have made of the past: {span}")


def ablation_chart(result: Any) -> Any:
    """Skill of each question with its 95 per cent interval, a panel a horizon; one over nil measures nothing."""
    import altair as alt
    import pandas as pd

    rows = pd.DataFrame([row for row in result.rows() if row["group"] == "all states"])
    order = list(dict.fromkeys(rows.question))
    base = alt.Chart(rows).encode(y=alt.Y("question", sort=order, title=""))
    spans = base.mark_rule().encode(x=alt.X("low", title="CRPS skill"), x2="high")
    points = base.mark_point(filled=True).encode(x="crps_skill", shape="answer", color="answer")
    nil = alt.Chart(rows).mark_rule(strokeDash=[4, 4], color="grey").encode(x=alt.datum(0.0))
    title = f"What each channel adds: {result.target}, origins {result.origins[0]}-{result.origins[-1]}"
    return (nil + spans + points).properties(width=320).facet(row="horizon").properties(title=title)

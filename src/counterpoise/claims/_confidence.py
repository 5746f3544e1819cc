"""How much the evidence behind a verdict can bear, apart from how probable it makes the claim."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from counterpoise.region import Region

# Admiralty credibility that is at least "probably true".
GOOD = 2


def confidence(region: Region, rows: Sequence[str]) -> str | None:
    """`high`, `moderate` or `low`: how good the rows behind a verdict are, `None` without any.

    High: at least two sources, most rows reported or measured with a credibility of 1 or 2, fewer than a quarter of
    them judgement. Low: one source, or judgement in most rows. Moderate is what lies between. It says nothing of the
    model that a check runs: its caveats do.
    """
    found = [row for name in dict.fromkeys(rows) if (row := region.row(name)) is not None]
    if not found:
        return None
    sources = {row.source for row in found}
    judged = sum(_judged(row) for row in found) / len(found)
    good = sum(not _judged(row) and getattr(row, "credibility", 6) <= GOOD for row in found) / len(found)
    if len(sources) >= 2 and judged < 0.25 and good > 0.5:
        return "high"
    return "low" if len(sources) < 2 or judged > 0.5 else "moderate"


def _judged(row: Any) -> bool:
    return getattr(row, "kind", None) == "judgement" or getattr(row, "credibility", None) == 6

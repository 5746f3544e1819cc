"""Which rows a verdict hangs on: each taken away in turn, those that speak for the claim beside those against it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from counterpoise._errors import CounterpoiseError
from counterpoise._result import Meta, Result
from counterpoise.claims._judge import judge_claims
from counterpoise.region import Region

DRAWS = 1000
MOST_ROWS = 60


@dataclass
class Weighing(Result):
    """A claim with the rows behind it, heaviest first: what its probability would be without each.

    `side` is `for` where taking the row away lowers the probability, `against` where it raises it, `neither` where it
    does not move. `without` is `None` where the claim cannot be computed without the row: it carries the check.
    """

    claim: str
    verdict: str
    probability: float | None
    rows: list[dict[str, Any]]
    left_out: int
    meta: Meta

    def body(self) -> dict[str, Any]:
        return {
            "claim": self.claim,
            "verdict": self.verdict,
            "probability": self.probability,
            "rows": self.rows,
            "left_out": self.left_out,
        }

    def table(self) -> list[dict[str, Any]]:
        return self.rows


def weigh_claim(
    region: Region,
    claim: str,
    *,
    draws: int = DRAWS,
    seed: int = 0,
    report: Callable[[int, int], None] | None = None,
) -> Weighing:
    """The evidence on both sides of one claim: its rows, each left out in turn, by how far that moves the claim.

    At most 60 rows are tried; the rest is counted in `left_out`. Raises `InputError` (`E204`) for an unknown claim.
    `report` hears how many rows are done, of how many.
    """
    judged = judge_claims(region, claim=claim, draws=draws, seed=seed)
    verdict = judged.verdicts[0]
    names = list(dict.fromkeys(name for part in verdict.parts for name in part.evidence))
    # The claim of several parts shows the weakest; the mean of the parts moves with each of them.
    base = _mean(verdict.parts)
    rows: list[dict[str, Any]] = []
    for done, name in enumerate(names[:MOST_ROWS]):
        if report is not None:
            report(done, min(len(names), MOST_ROWS))
        row = region.row(name)
        try:
            other = judge_claims(region.what_if({name: None}), claim=claim, draws=draws, seed=seed).verdicts[0]
            without = _mean(other.parts)
        except CounterpoiseError:
            without = None
        change = None if without is None or base is None else without - base
        rows.append(
            {
                "row": name,
                "side": _side(change),
                "without": without,
                "change": change,
                "credibility": getattr(row, "credibility", None),
                "source": getattr(row, "source", None),
            }
        )
    rows.sort(key=lambda row: -1.0 if row["change"] is None else -abs(row["change"]))
    return Weighing(claim, verdict.verdict, base, rows, max(0, len(names) - MOST_ROWS), judged.meta)


def _mean(parts: Any) -> float | None:
    known = [part.probability for part in parts]
    return None if not known or None in known else sum(known) / len(known)


def _side(change: float | None) -> str:
    if change is None:
        return "carries the check"
    if abs(change) < 1e-3:
        return "neither"
    return "for" if change < 0 else "against"

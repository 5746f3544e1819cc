"""The claims as a reader goes through them: by verdict, least borne out first, a few in sight and the rest folded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from counterpoise.brief._words import VERDICT_ORDER

# Claims of a group that stand in sight; the others are folded behind a line that says how many there are.
IN_SIGHT = 6
# A word that a claim's group carries beside the four verdicts: recommendations are neither true nor false.
ADVICE = "recommendation"
SAID = {
    "contradicted": "Probability of at most 0.1 on the evidence listed.",
    "mixed": "The parts disagree, or the evidence decides neither way.",
    "supported": "Probability of at least 0.9 on the evidence listed.",
    "open": "No verdict: each says what it waits for.",
    ADVICE: "Neither true nor false; judged is what each takes for granted.",
}


def groups(verdicts: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of claims by verdict, recommendations apart; groups without a claim are left out."""
    made = []
    for name in (*VERDICT_ORDER, ADVICE):
        rows = sorted((row for row in verdicts if group_of(row) == name), key=_order)
        if not rows:
            continue
        # Two more lines in sight cost less than a fold that hides so little.
        sight = len(rows) if len(rows) <= IN_SIGHT + 2 else IN_SIGHT
        words = "recommendations" if name == ADVICE else name
        parts = {"count": len(rows), "sight": rows[:sight], "rest": rows[sight:]}
        made.append({"name": name, "words": words, "said": SAID[name], **parts})
    return made


def group_of(row: dict[str, Any]) -> str:
    """Where a claim stands in the ledger: under its verdict, or with the recommendations."""
    return ADVICE if row["kind"] == ADVICE else str(row["verdict"])


def _order(row: dict[str, Any]) -> tuple[float, str]:
    return (-1.0 if row["probability"] is None else row["probability"]), row["id"]


def short(statement: str, room: int) -> str:
    """The beginning of a statement in at most `room` characters, cut between words.

    >>> short("Some forty per cent of Armenian electricity comes from Metsamor.", 40)
    'Some forty per cent of Armenian…'
    >>> short("A short one.", 40)
    'A short one'
    """
    bare = statement.rstrip(".")
    if len(bare) <= room:
        return bare
    return f"{bare[: room - 1].rsplit(' ', 1)[0].rstrip(',;:')}…"

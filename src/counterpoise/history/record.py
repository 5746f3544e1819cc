"""The law's own measured record, as shipped: scores, skill and coverage of its back-tests, for brief and play."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

FILE = "results.json"
KEPT_SCORES = ("model", "horizon", "n", "crps", "mae", "log_score", "coverage50", "coverage90", "pit")
KEPT_SKILL = ("against", "horizon", "crps_skill", "low", "high", "p")


def recorded() -> dict[str, Any]:
    """Back-tests by name (`ideal_point`, `agreement USA`, ...): `origins`, `scores`, `skill`, `pull`, `groups`.

    Skills and coverages are fractions, each skill with its 95 per cent interval; scores are of the years in `origins`,
    fitted at each on earlier rows alone.
    """
    return json.loads(resources.files("counterpoise.history").joinpath(FILE).read_text(encoding="utf-8"))


def condense(document: dict[str, Any]) -> dict[str, Any]:
    """The part of a back-test's document that is shipped: our own numbers, rounded to four digits after the point."""

    def short(row: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
        return {name: _rounded(row[name]) for name in names if name in row}

    return {
        "target": document["target"],
        "patron": document["patron"],
        "origins": document["origins"],
        "scores": [short(row, KEPT_SCORES) for row in document["scores"]],
        "skill": [short(row, KEPT_SKILL) for row in document["skill"]],
        "groups": [short(row, ("group", *KEPT_SKILL, "n")) for row in document["groups"]],
        "pull": [short(row, ("horizon", "crps_skill", "low", "high", "sentence")) for row in document["pull"]],
        "stand_ins": document.get("stand_ins", []),
        "caveats": document["caveats"],
        "inputs": [digest for _, digest in sorted(document["meta"]["inputs"].items())],
        "version": document["meta"]["version"],
    }


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, list):
        return [_rounded(item) for item in value]
    return value

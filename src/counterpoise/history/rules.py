"""Named rules for the known traps of the panel: what each does, and how many values it touched."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

# Sessions with fewer recorded votes of a state than this say little about it.
FEWEST_VOTES = 10
# Pacts that the alliance data carry as defence pacts and nobody reads as guarantees (client, patron), any year.
UNTRUSTED_PACTS = (("AZE", "RUS"), ("GEO", "RUS"))
# An error below this is a rounding of the published quantiles; above it the session says almost nothing.
SMALLEST_ERROR, LARGEST_ERROR = 0.02, 0.8

TOLD = {
    "low_vote_sessions": "a session in which a state cast under 10 votes carries at least twice the median error",
    "error_from_quantiles": "the error of a position is the published 5-95 per cent range over 3.29, within 0.02-0.8",
    "full_sample_smoothing": "published positions were estimated on the full sample: scores on them are optimistic",
    "wits_censoring": "a partner outside the five largest is unknown, at most the smallest of the five; never zero",
    "untrusted_pacts": "Azerbaijan-Russia and Georgia-Russia pacts are not counted as alliances",
}


def low_vote_sessions(panel: Any) -> tuple[Any, int]:
    """A position from a handful of votes is kept, with an error to match."""
    thin = (panel.votes < FEWEST_VOTES) | panel.low
    floor = 2 * np.nanmedian(panel.error) if np.isfinite(panel.error).any() else np.nan
    touched = thin & (panel.error < floor)
    return replace(panel, error=np.where(touched, floor, panel.error)), int(touched.sum())


def error_from_quantiles(panel: Any) -> tuple[Any, int]:
    """Errors within sensible bounds; a position without quantiles takes the median error of its session."""
    known = np.isfinite(panel.position)
    median = np.nanmedian(panel.error) if np.isfinite(panel.error).any() else 0.145
    error = np.where(known & ~np.isfinite(panel.error), median, panel.error)
    bounded = np.clip(error, SMALLEST_ERROR, LARGEST_ERROR)
    touched = known & ((bounded != panel.error) | ~np.isfinite(panel.error))
    return replace(panel, error=bounded), int(touched.sum())


def full_sample_smoothing(panel: Any) -> tuple[Any, int]:
    """Changes nothing: it marks that published positions look ahead; raw agreement beside them does not."""
    return panel, int(np.isfinite(panel.position).sum())


def wits_censoring(panel: Any) -> tuple[Any, int]:
    """A zero in a table of the five largest partners is no measured zero: it becomes unknown."""
    pair, touched = dict(panel.pair), 0
    for name in ("wits_top5_export_share_pct", "wits_top5_import_share_pct"):
        if name in pair:
            zero = pair[name] == 0
            touched += int(zero.sum())
            pair[name] = np.where(zero, np.nan, pair[name])
    return replace(panel, pair=pair), touched


def untrusted_pacts(panel: Any) -> tuple[Any, int]:
    """A pact on paper that nobody would be guarded by counts as no defence pact."""
    if "atop_defense" not in panel.pair:
        return panel, 0
    value, touched = panel.pair["atop_defense"].copy(), 0
    for client, patron in UNTRUSTED_PACTS:
        if client in panel.clients and patron in panel.patrons:
            row = value[panel.patrons.index(patron), panel.clients.index(client)]
            touched += int((row > 0).sum())
            row[row > 0] = 0.0
    return replace(panel, pair={**panel.pair, "atop_defense": value}), touched


RULES: dict[str, Callable[[Any], tuple[Any, int]]] = {
    "low_vote_sessions": low_vote_sessions,
    "error_from_quantiles": error_from_quantiles,
    "full_sample_smoothing": full_sample_smoothing,
    "wits_censoring": wits_censoring,
    "untrusted_pacts": untrusted_pacts,
}


def apply_rules(panel: Any) -> Any:
    """The panel after every rule, with the number of values that each touched in `notes`."""
    notes = {}
    for name, rule in RULES.items():
        panel, notes[name] = rule(panel)
    return replace(panel, notes=notes)

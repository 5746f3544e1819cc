"""Who can hurt and help whom at a glance: one grid of clients by patrons for the whole, and one for each channel."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from counterpoise.brief._words import (
    BOUNDS,
    anchor_of,
    bounded,
    in_sentence,
    in_the_world,
    label,
    listed,
    number,
    spread,
)

if TYPE_CHECKING:
    from counterpoise.brief._build import BriefResult

# Medians, in per cent of the client's GDP a year, at which the shade of a tile deepens.
STEPS = (0.1, 0.5, 1.0, 2.0, 5.0)
# Share of draws in which the sender's cost lies below its stake, from which the mark is half and full.
HALF, FULL = 1 / 3, 2 / 3


def grids(result: BriefResult) -> list[dict[str, Any]]:
    """A grid for all computed channels together and, where there are several, one for each of them."""
    rows = [cell.to_dict() for cell in result.leverage.cells]
    channels = list(dict.fromkeys(row["channel"] for row in rows if row["channel"] != "total"))
    wanted = ["total", *channels] if len(channels) > 1 else ["total"]
    return [_grid(result, [row for row in rows if row["channel"] == channel], channel) for channel in wanted]


def bands() -> list[dict[str, str]]:
    """The steps of the shades in words, for the legend."""
    edges = [number(step) for step in STEPS]
    words = [f"under {edges[0]}", *(f"{low} to {high}" for low, high in pairwise(edges))]
    return [{"kind": f"b{index}", "words": text} for index, text in enumerate([*words, f"{edges[-1]} and more"])]


def _grid(result: BriefResult, rows: list[dict[str, Any]], channel: str) -> dict[str, Any]:
    settings, names = result.region.settings, result.region.actor_names
    cells = {(row["client"], row["patron"], row["horizon"]): row for row in rows}
    horizons = list(dict.fromkeys(row["horizon"] for row in rows))
    lines = [
        {
            "client": client,
            "name": names[client],
            "cells": [_cell(cells, client, patron, horizons, names) for patron in settings.patrons],
        }
        for client in settings.clients
    ]
    covered = rows[0].get("channels", []) if rows else []
    return {"channel": channel, "title": label(channel), "covers": covered, "rows": lines}


def _cell(
    cells: dict[tuple[str, str, str], dict[str, Any]],
    client: str,
    patron: str,
    horizons: list[str],
    names: dict[str, str],
) -> list[dict[str, Any]]:
    """The tiles of one pair, one per horizon; none where client and patron are one."""
    return [
        _tile(cells[client, patron, horizon], names)
        for horizon in sorted(horizons)
        if (client, patron, horizon) in cells
    ]


def _tile(row: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    exposure, cost, credible, offer = row["exposure"], row["sender_cost"], row["credible"], row["offer"]
    tile = {
        "state": row["state"],
        "horizon": row["horizon"],
        "anchor": anchor_of(row),
        "reason": row["reason"],
        "shade": "none" if row["state"] == "structural zero" else "unknown",
        "exposure": exposure,
        "bound": BOUNDS.get(row["bound"] or "", ""),
        "cost": cost,
        "credible": credible,
        "mark": None if credible is None else "full" if credible >= FULL else "half" if credible >= HALF else "empty",
        "offer": offer,
    }
    if row["state"] == "number":
        tile["shade"] = f"b{sum(exposure['p50'] >= step for step in STEPS)}"
    tile["words"] = _words(row, names)
    return tile


def _words(row: dict[str, Any], names: dict[str, str]) -> str:
    """The tile as a sentence, for those who do not see it."""
    client, patron = names[row["client"]], in_sentence(names[row["patron"]])
    head = f"{names[row['patron']]} on {client}, {label(row['channel'])}, {label(row['horizon'])}: "
    if row["state"] == "number":
        said = f"loss {bounded(row)} per cent of GDP a year; cost to {patron} {spread(row['sender_cost'])}"
        if row["credible"] is not None:
            said += f"; credible in {100 * row['credible']:.0f} per cent of draws"
    else:
        said = f"{row['state']}, {row['reason']}"
    if row["offer"] and row["offer"]["p50"]:
        said += f"; expected gain from an offer {spread(row['offer'])}"
    return head + said


def cells_by_client(result: BriefResult) -> dict[str, list[dict[str, Any]]]:
    """Every cell as a row with its anchor, by client.

    `rests`, `counter_rests` and `offer_rests` say on which facts and assumptions its three answers rest, each told once
    in the page (`_rests`). `world` is what a withdrawal does beside money, in words.
    """
    names = {row.id: row.name for row in result.region.rows("plants")} | result.region.actor_names
    rows = [cell.to_dict() for cell in result.leverage.cells]
    known = {anchor_of(row): {**row, "anchor": anchor_of(row)} for row in rows}
    for row in rows:
        row["anchor"] = anchor_of(row)
        row["world"] = [in_the_world(name, value, names) for name, value in (row.get("physical") or {}).items()]
        others = [({**row, "channel": name}, label(name)) for name in row.get("channels", [])]
        if row["channel"] != "total" and row["horizon"] == "long":
            others = [({**row, "horizon": "short"}, label("short"))]
        near = [(known[anchor_of(other)], words) for other, words in others if anchor_of(other) in known]
        row["rests"] = _rests(row, near)
        for answer in ("counter", "offer"):
            if row[answer] and "facts" in row[answer]:
                theirs = [
                    ({**other[answer], "anchor": other["anchor"]}, words) for other, words in near if other[answer]
                ]
                row[f"{answer}_rests"] = _rests(row[answer], [*theirs, (row, "the withdrawal")])
    return {client: [row for row in rows if row["client"] == client] for client in result.region.settings.clients}


def _rests(answer: dict[str, Any], near: list[tuple[dict[str, Any], str]]) -> dict[str, dict[str, Any]]:
    """The facts and assumptions of an answer: `parts` lead to answers beside it that list some, `own` are the others.

    Of all channels the answers beside it are those of each, of year five that of the first year. One is named only
    where this answer rests on all that it rests on, and where it adds to what those before it have told.
    """
    made: dict[str, dict[str, Any]] = {}
    for kind in ("facts", "assumptions"):
        wanted, told, parts = set(answer.get(kind) or ()), set[str](), []
        for other, words in near:
            theirs = set(other.get(kind) or ())
            if theirs <= wanted and theirs - told:
                parts.append({"anchor": other["anchor"], "words": words})
                told |= theirs
        made[kind] = {"parts": parts, "own": [name for name in answer.get(kind) or () if name not in told]}
    return made


def unknown_cells(result: BriefResult) -> list[dict[str, Any]]:
    """Cells that lack figures, by channel and reason: who on whom, why, and what would fill them.

    Ids of the two actors give way to words, so that one reason for many pairs is told once.
    """
    names = result.region.actor_names
    groups: dict[tuple[str, str, tuple[str, ...]], dict[str, dict[str, None]]] = {}
    for cell in result.leverage.cells:
        row = cell.to_dict()
        if row["state"] == "unknown" and row["channel"] != "total":
            reason, *needs = (_roles(text, cell.client, cell.patron) for text in (row["reason"], *row["needs"]))
            clients = groups.setdefault((row["channel"], reason, tuple(needs)), {})
            clients.setdefault(cell.client, {})[in_sentence(names[cell.patron])] = None
    return [
        {
            "channel": channel,
            "reason": reason,
            "needs": list(needs),
            "pairs": [f"{listed(list(patrons))} on {names[client]}" for client, patrons in clients.items()],
            "count": sum(map(len, clients.values())),
        }
        for (channel, reason, needs), clients in groups.items()
    ]


def _roles(text: str, client: str, patron: str) -> str:
    """A text with the ids of client and patron as words.

    >>> _roles("no transfers from RUS to AZE", "AZE", "RUS")
    'no transfers from the patron to the client'
    """
    for actor, words in ((client, "the client"), (patron, "the patron")):
        text = re.sub(rf"\b{re.escape(actor)}\b", words, text)
    return text


def channels_missing(result: BriefResult) -> list[dict[str, str]]:
    """Channels that no cell was computed for, with the reason, once each."""
    reasons = {(row["channel"], row["reason"]) for row in result.leverage.not_computed}
    return [{"channel": channel, "reason": reason} for channel, reason in sorted(reasons)]


def method_notes(result: BriefResult) -> list[dict[str, Any]]:
    """What the channels say of their base years and adjustments, each note once, by channel."""
    notes: dict[str, dict[str, None]] = {}
    for cell in result.leverage.cells:
        row = cell.to_dict()
        if row["channel"] != "total":
            notes.setdefault(row["channel"], {}).update(dict.fromkeys(row.get("notes", [])))
    return [{"channel": channel, "notes": list(texts)} for channel, texts in notes.items() if texts]

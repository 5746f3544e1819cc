"""What became known between two days, and what it moved: cells of the leverage matrix and verdicts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from counterpoise._errors import InputError, fault
from counterpoise._result import Meta, Result
from counterpoise.brief._provenance import label_row
from counterpoise.brief._words import label
from counterpoise.claims import ClaimsResult, judge_claims
from counterpoise.leverage import LeverageResult, measure_leverage
from counterpoise.region import Region
from counterpoise.region._columns import Row, Sourced

# A median that moves by less than this (per cent of GDP) is noise of rounding, not news.
SMALLEST_MOVE = 0.005


@dataclass
class ChangesResult(Result):
    """New rows, and the cells and verdicts that read differently with them."""

    start: str
    end: str
    became_known: list[dict[str, Any]]
    leverage: list[dict[str, Any]]
    claims: list[dict[str, Any]]
    meta: Meta

    def body(self) -> dict[str, Any]:
        return {
            "from": self.start,
            "to": self.end,
            "became_known": self.became_known,
            "moved": {"leverage": self.leverage, "claims": self.claims},
        }

    def table(self) -> list[dict[str, Any]]:
        moved = [{"what": "claim", **row} for row in self.claims]
        moved += [
            {
                "what": "leverage",
                "id": " ".join(row[name] for name in ("client", "patron", "channel", "horizon")),
                "label": row["label"],
                "before": "unknown" if row["before"] is None else row["before"],
                "after": "unknown" if row["after"] is None else row["after"],
                "note": row["note"],
            }
            for row in self.leverage
        ]
        return [*moved, *({"what": row["table"], **row} for row in self.became_known)]


def compare_days(
    region: Region,
    start: str,
    end: str,
    *,
    draws: int = 200,
    seed: int = 0,
    workers: int = 1,
    progress: Callable[[str], None] | None = None,
) -> ChangesResult:
    """What became known after `start` and up to `end`, and what it moved on the same draws.

    `workers` above 1 shares the work among processes, with the same answer; `progress` is told what is being done.

    A median exposure counts as moved from 0.005 per cent of GDP. Raises `InputError` (`E204`) for days that are no ISO
    days or out of order.
    """
    before, after = region.at(start), region.at(end)
    if start >= end:
        rule = "the first day lies before the second"
        raise InputError([fault("E204", where="--from", found=f"{start} to {end}", rule=rule, fix="swap the days")])
    new = [
        {
            "table": name,
            "id": (key := str(getattr(row, "id", ""))),
            "label": label_row(after, key),
            "known": row.known,
            "source": row.source,
        }
        for name in after.tables
        for row in _fresh(after.rows(name), before.rows(name))
    ]
    new.sort(key=lambda row: (row["known"], row["table"], row["id"]))
    sources = [row["source"] for row in new]
    say = progress or (lambda text: None)
    measured, judged = [], []
    for known in (before, after):
        say(f"leverage as it was known on {known.as_of}")
        measured.append(measure_leverage(known, draws=draws, seed=seed, workers=workers))
        say(f"claims as they could be judged on {known.as_of}")
        judged.append(judge_claims(known, seed=seed, workers=workers))
    cells, claims = _moved_cells(after, *measured), _moved_claims(*judged)
    return ChangesResult(start, end, new, cells, claims, after.meta(seed=seed, sources=sources))


def _fresh(later: list[Row], earlier: list[Row]) -> list[Sourced]:
    seen = {id(row) for row in earlier}
    return [row for row in later if isinstance(row, Sourced) and id(row) not in seen]


def _moved_cells(after: Region, first: LeverageResult, second: LeverageResult) -> list[dict[str, Any]]:
    moved = []
    for old, new in zip(first.cells, second.cells, strict=True):
        values = [row["exposure"]["p50"] if row["exposure"] else None for row in (old.to_dict(), new.to_dict())]
        if values[0] is None or values[1] is None:
            same = values[0] is values[1]
        else:
            same = abs(values[1] - values[0]) < SMALLEST_MOVE
        if not same:
            keys = {name: getattr(new, name) for name in ("client", "patron", "channel", "horizon")}
            gained = sorted(set(new.channels) - set(old.channels))
            note = f"{', '.join(gained)} became computable" if gained else None
            names = after.actor_names
            told = f"{names[new.patron]} on {names[new.client]}, {label(new.channel)}, {label(new.horizon)}"
            row = {
                **keys,
                "label": told,
                "before": values[0],
                "after": values[1],
                "unit": "% of GDP a year, median",
                "note": note,
            }
            moved.append(row)
    return moved


def _moved_claims(before: ClaimsResult, after: ClaimsResult) -> list[dict[str, Any]]:
    first, second = ({verdict.id: verdict for verdict in result.verdicts} for result in (before, after))
    return [
        {
            "id": name,
            "label": verdict.statement,
            "before": first[name].verdict,
            "after": verdict.verdict,
            "probability": verdict.probability,
        }
        for name, verdict in second.items()
        if name in first and first[name].verdict != verdict.verdict
    ]

"""From a channel's answer to a cell of the matrix: intervals, dollars, credibility, ranks with their uncertainty."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from counterpoise.channels.shape import Answer, Ask, Effect, StructuralZero, Unknown

QUANTILES = {"p05": 0.05, "p50": 0.5, "p95": 0.95}
# Families of estimates whose medians differ by this factor or more give two answers.
APART = 1.5
NUMBERS = ("exposure", "sender_cost", "leverage", "exposure_usd", "sender_cost_usd")


@dataclass(slots=True)
class Cell:
    """One client, patron, channel and horizon: a number with its draws, a structural zero, or unknown."""

    client: str
    patron: str
    channel: str
    horizon: str
    answer: Answer
    credible: float | None = None
    stake: str | None = None
    rank: dict[str, float] | None = None
    channels: tuple[str, ...] = ()
    counted: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    run: str | None = None
    offer: Answer | None = None
    counter: Answer | None = None
    counter_without: tuple[str, ...] = ()
    # The intervals of each effect told so far: a brief tells every cell several times.
    kept: list[tuple[Effect, dict[str, dict[str, float]]]] = field(default_factory=list, repr=False, compare=False)

    @property
    def state(self) -> str:
        return _state(self.answer)

    def to_dict(self) -> dict[str, Any]:
        """The contract's row. A structural zero has zeros; unknown has nulls, never zeros."""
        row: dict[str, Any] = {
            "client": self.client,
            "patron": self.patron,
            "channel": self.channel,
            "horizon": self.horizon,
            "state": self.state,
        }
        answer = self.answer
        row |= self._numbers(answer)
        row["bound"] = answer.bound if isinstance(answer, Effect) else None
        row["by_family"] = by_family(answer) if isinstance(answer, Effect) else None
        row["offer"] = self._offer()
        row["no_offer"] = self._no_offer()
        row["counter"] = self._counter()
        row["credible"] = self.credible
        row["rank"] = self.rank
        row["reason"] = None if isinstance(answer, Effect) else answer.reason
        row["needs"] = list(answer.needs) if isinstance(answer, Unknown) else []
        row["facts"] = [] if isinstance(answer, Unknown) else list(answer.facts)
        row["assumptions"] = []
        if isinstance(answer, Effect):
            row["assumptions"] = [*answer.assumptions, *([self.stake] if self.stake else [])]
            row["physical"] = dict(answer.physical)
            row["notes"] = list(answer.notes)
        if self.channel == "total":
            row["channels"] = list(self.channels)
            row["without"] = list(self.without)
            row["run"] = self.run
            if self.without and isinstance(answer, Effect):
                row["reason"] = f"a partial sum: without {', '.join(self.without)}, which lack figures"
        return row

    def _offer(self) -> dict[str, Any] | None:
        """The expected gain from the patron's offer in per cent of GDP a year and USD, its chance and lead time."""
        if not isinstance(self.offer, Effect):
            return None
        told = self._intervals(self.offer)
        return {
            **told["exposure"],
            "sender_cost": told["sender_cost"],
            "usd": told["exposure_usd"],
            "sender_cost_usd": told["sender_cost_usd"],
            "chance": self.offer.physical.get("chance"),
            "lead_years": self.offer.physical.get("lead_years"),
            "by_family": by_family(self.offer),
            "facts": list(self.offer.facts),
            "assumptions": list(self.offer.assumptions),
        }

    def _no_offer(self) -> dict[str, Any] | None:
        """Why there is no offer: nothing to offer, with the reason, or unknown with what would fill it."""
        if self.offer is None or isinstance(self.offer, Effect):
            return None
        needs = list(self.offer.needs) if isinstance(self.offer, Unknown) else []
        return {"state": _state(self.offer), "reason": self.offer.reason, "needs": needs}

    def _counter(self) -> dict[str, Any] | None:
        """What the client's own withdrawal costs the patron (`exposure`) and itself (`sender_cost`), each of its GDP.

        A structural zero has zeros and its reason, unknown has nulls and what would fill it.
        """
        if self.counter is None:
            return None
        numbers = self._numbers(self.counter)
        row = {"state": _state(self.counter)} | {name: value for name, value in numbers.items() if name != "leverage"}
        row["reason"] = None if isinstance(self.counter, Effect) else self.counter.reason
        row["needs"] = list(self.counter.needs) if isinstance(self.counter, Unknown) else []
        row["facts"] = [] if isinstance(self.counter, Unknown) else list(self.counter.facts)
        row["assumptions"] = list(self.counter.assumptions) if isinstance(self.counter, Effect) else []
        row["bound"] = self.counter.bound if isinstance(self.counter, Effect) else None
        row["without"] = list(self.counter_without)
        return row

    def _numbers(self, answer: Answer) -> dict[str, Any]:
        if isinstance(answer, Effect):
            return self._intervals(answer)
        zero = dict.fromkeys(QUANTILES, 0.0) if isinstance(answer, StructuralZero) else None
        return {name: dict(zero) if zero else None for name in NUMBERS}

    def _intervals(self, effect: Effect) -> dict[str, dict[str, float]]:
        told = next((told for known, told in self.kept if known is effect), None)
        if told is None:
            values = (
                effect.client,
                effect.sender,
                effect.client - effect.sender,
                effect.client / 100 * effect.client_gdp_usd,
                effect.sender / 100 * effect.sender_gdp_usd,
            )
            told = dict(zip(NUMBERS, (interval(value) for value in values), strict=True))
            self.kept.append((effect, told))
        return {name: dict(ends) for name, ends in told.items()}


def _state(answer: Answer) -> str:
    if isinstance(answer, Effect):
        return "number"
    return "structural zero" if isinstance(answer, StructuralZero) else "unknown"


def interval(draws: np.ndarray) -> dict[str, float]:
    """The 5th, 50th and 95th percentile of draws.

    >>> interval(np.arange(101.0))
    {'p05': 5.0, 'p50': 50.0, 'p95': 95.0}
    """
    values = np.quantile(draws, list(QUANTILES.values()))
    return dict(zip(QUANTILES, (float(value) for value in values), strict=True))


def by_family(effect: Effect) -> dict[str, Any] | None:
    """Exposure and sender's cost by family of estimates; `None` where the effect is drawn from one family.

    `caveat` says so where the medians of exposure differ by half or more: the families then give two answers, and the
    median of all draws falls between them by chance.
    """
    parts = {name: mask for name, mask in effect.families.items() if mask.any()}
    if len(parts) < 2:
        return None
    families = {
        name: {
            "draws": int(mask.sum()),
            "exposure": interval(effect.client[mask]),
            "sender_cost": interval(effect.sender[mask]),
        }
        for name, mask in parts.items()
    }
    medians = {name: float(np.median(effect.client[mask])) for name, mask in parts.items()}
    caveat = None
    high, low = max(medians.values()), min(medians.values())
    if high > 0 and high >= APART * low:
        told = " and ".join(f"{value:.2g} by {name.replace('_', ' ')}" for name, value in medians.items())
        caveat = f"two answers, not one: {told}; the median of all draws mixes them and moves with the seed"
    return {"families": families, "caveat": caveat}


def mixed_bound(bounds: Iterable[str | None]) -> str | None:
    """What several bounds make of a sum.

    >>> mixed_bound([None, "lower"]), mixed_bound(["upper", "lower"]), mixed_bound([None])
    ('lower', 'mixed', None)
    """
    kinds = {bound for bound in bounds if bound}
    return kinds.pop() if len(kinds) == 1 else "mixed" if kinds else None


def judge_credibility(cell: Cell, ask: Ask) -> None:
    """Set the share of draws in which the sender's cost lies below the value of its stake; unknown without a stake."""
    stake = f"stake:{cell.patron}"
    if not isinstance(cell.answer, Effect) or ask.assumptions.missing(stake):
        return
    cell.stake = stake
    cell.credible = float(np.mean(cell.answer.sender < ask.assumptions.draw(stake)))


def rank_cells(cells: list[Cell]) -> None:
    """Rank the patrons of each client, channel and horizon by median exposure; `holds`: the share of draws it is so."""
    groups: dict[tuple[str, str, str], list[Cell]] = {}
    for cell in cells:
        if isinstance(cell.answer, Effect):
            groups.setdefault((cell.client, cell.channel, cell.horizon), []).append(cell)
    for group in groups.values():
        draws = np.array([cell.answer.client for cell in group if isinstance(cell.answer, Effect)])
        by_draw = (-draws).argsort(axis=0, kind="stable").argsort(axis=0, kind="stable") + 1
        overall = (-np.median(draws, axis=1)).argsort(kind="stable").argsort(kind="stable") + 1
        for cell, position, places in zip(group, overall, by_draw, strict=True):
            holds = float(np.mean(places == position))
            cell.rank = {"position": int(position), "of": len(group), "holds": holds}

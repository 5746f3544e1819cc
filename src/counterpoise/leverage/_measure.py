"""Asking every channel about every pair, and adding up what was computed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from counterpoise._errors import InputError, fault
from counterpoise._register import CHANNEL_ENGINES, load
from counterpoise._result import Meta, Result
from counterpoise.channels._shape import HORIZONS, Ask, Effect, StructuralZero, Unknown
from counterpoise.leverage._cells import Cell, judge_credibility, rank_cells
from counterpoise.region import CHANNELS, Region
from counterpoise.region._files import suggest
from counterpoise.region.draws import Assumptions

MAX_DRAWS = 100_000


@dataclass
class LeverageResult(Result):
    """Exposure beside the sender's cost for each client, patron, channel and horizon; what was not computed, apart."""

    cells: list[Cell]
    not_computed: list[dict[str, str]]
    meta: Meta

    def body(self) -> dict[str, Any]:
        return {"leverage": [cell.to_dict() for cell in self.cells], "not_computed": self.not_computed}

    def table(self) -> list[dict[str, Any]]:
        return [_flat(cell) for cell in self.cells]

    def at(self, client: str, patron: str, channel: str, horizon: str) -> Cell | None:
        """One cell of the matrix, `None` if it was not asked for."""
        key = (client, patron, channel, horizon)
        return next((c for c in self.cells if (c.client, c.patron, c.channel, c.horizon) == key), None)

    def plot(self) -> Any:
        """Exposure and sender's cost by patron, one panel per client (needs the extra `charts`)."""
        from counterpoise.leverage._plot import plot_leverage

        return plot_leverage(self)


def measure_leverage(
    region: Region,
    *,
    client: str | None = None,
    patron: str | None = None,
    draws: int = 500,
    seed: int = 0,
) -> LeverageResult:
    """Who can hurt whom: what a withdrawal costs the client beside what it costs the sender.

    Both in per cent of own GDP a year and in dollars, at 5, 50 and 95 per cent over `draws` (1 to 100,000). Their
    difference is an index, not a payoff. `credible` is the share of draws in which the sender's cost lies below its
    stake. Channels that are not built are listed in `not_computed`; cells that lack figures are `unknown`.

    Raises `InputError` (`E204`) for a client or patron that the region does not name, or draws out of range.

    Method: DESIGN of exposure and cost after Hirschman 1945 (key `hirschman1945`); each channel cites its own.
    """
    settings = region.settings
    _check_arguments(region, client, patron, draws)
    assumptions = Assumptions(region, seed=seed, count=draws)
    cells: list[Cell] = []
    for one in [client] if client else settings.clients:
        for other in [patron] if patron else settings.patrons:
            if one != other:
                cells += _pair(region, other, one, assumptions)
    rank_cells(cells)
    return LeverageResult(cells, _not_computed(cells), _meta(region, cells, seed))


def _pair(region: Region, patron: str, client: str, assumptions: Assumptions) -> list[Cell]:
    cells = []
    for horizon in HORIZONS:
        ask = Ask(region, patron, client, horizon, assumptions)
        answered = [Cell(client, patron, name, horizon, load(engine).withdraw(ask)) for name, engine in engines()]
        for cell in [*answered, _total(answered, ask)]:
            judge_credibility(cell, ask)
            cells.append(cell)
    return cells


def engines() -> list[tuple[str, str]]:
    """The channels that are built, in the order of the vocabulary, with their modules."""
    return [(name, CHANNEL_ENGINES[name]) for name in CHANNELS if name in CHANNEL_ENGINES]


def _total(cells: list[Cell], ask: Ask) -> Cell:
    """The computed channels together. With one channel it is that channel; a sum would count interactions twice."""
    numbers = [cell for cell in cells if isinstance(cell.answer, Effect)]
    zeros = [cell for cell in cells if isinstance(cell.answer, StructuralZero)]
    names = tuple(cell.channel for cell in [*numbers, *zeros])
    if len(numbers) == 1:
        answer: Any = numbers[0].answer
    elif zeros and not numbers:
        answer = StructuralZero(
            "; ".join(cell.answer.reason for cell in zeros if isinstance(cell.answer, StructuralZero))
        )
    else:
        needs = tuple(need for cell in cells if isinstance(cell.answer, Unknown) for need in cell.answer.needs)
        answer = Unknown("no channel gives a number", needs)
    return Cell(ask.client, ask.patron, "total", ask.horizon, answer, channels=names)


def _not_computed(cells: list[Cell]) -> list[dict[str, str]]:
    missing = [name for name in CHANNELS if name not in CHANNEL_ENGINES]
    return [
        {
            "client": cell.client,
            "patron": cell.patron,
            "channel": name,
            "horizon": cell.horizon,
            "reason": f"the {name} channel is not built yet",
        }
        for cell in cells
        if cell.channel == "total"
        for name in missing
    ]


def _check_arguments(region: Region, client: str | None, patron: str | None, draws: int) -> None:
    faults = []
    actors = region.actor_names
    for option, actor in (("--client", client), ("--patron", patron)):
        if actor is not None and actor not in actors:
            fix = suggest(actor, actors) or f"clients: {', '.join(region.settings.clients)}"
            rule = "client and patron are actors of the region"
            faults.append(fault("E204", where=option, found=repr(actor), rule=rule, fix=fix))
    if not 1 <= draws <= MAX_DRAWS:
        rule = f"draws lie between 1 and {MAX_DRAWS:,}"
        faults.append(fault("E204", where="--draws", found=str(draws), rule=rule, fix="500 is a good start"))
    if client is not None and client == patron:
        rule = "client and patron differ"
        faults.append(fault("E204", where="--patron", found=repr(patron), rule=rule, fix="name another patron"))
    if faults:
        raise InputError(faults)


def _meta(region: Region, cells: list[Cell], seed: int) -> Meta:
    facts = {name for cell in cells if not isinstance(cell.answer, Unknown) for name in cell.answer.facts}
    sources = [figure.source for figure in region.figures if figure.id in facts]
    sources += [row.source for row in region.rows("trade")] if any(name.startswith("trade:") for name in facts) else []
    cites = [cite for cell in cells if isinstance(cell.answer, Effect) for cite in cell.answer.cites]
    return region.meta(seed=seed, sources=sources, cites=["hirschman1945", *cites])


def _flat(cell: Cell) -> dict[str, Any]:
    row = cell.to_dict()
    flat: dict[str, Any] = {name: row[name] for name in ("client", "patron", "channel", "horizon", "state")}
    for name, label in (("exposure", "exposure %GDP"), ("sender_cost", "sender's cost %GDP")):
        flat[label] = _spread(row[name])
    flat["credible"] = row["credible"]
    flat["reason"] = row["reason"]
    return flat


def _spread(values: dict[str, float] | None) -> str:
    return "unknown" if values is None else f"{values['p50']:.2f} ({values['p05']:.2f} to {values['p95']:.2f})"

"""Asking every channel about every pair, and adding up what was computed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from counterpoise._errors import Fault, InputError, fault
from counterpoise._register import CHANNEL_ENGINES, OFFER_ENGINES, load
from counterpoise._result import Meta, Result
from counterpoise.channels.shape import HORIZONS, Ask, Effect, Unknown
from counterpoise.leverage._cells import Cell, judge_credibility, rank_cells
from counterpoise.leverage._counter import counter_withdrawal
from counterpoise.leverage._crew import Job, share_out
from counterpoise.leverage._total import total
from counterpoise.region import CHANNELS, Region
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
    workers: int = 1,
) -> LeverageResult:
    """Who can hurt whom: what a withdrawal costs the client beside what it costs the sender.

    Both in per cent of own GDP a year and in dollars, at 5, 50 and 95 per cent over `draws` (1 to 100,000). Their
    difference is an index, not a payoff. `credible` is the share of draws in which the sender's cost lies below its
    stake. Channels that are not built are listed in `not_computed`; cells that lack figures are `unknown`.

    `workers` above 1 shares the pairs among so many processes, with the same answer; a script that asks for it keeps
    its own work under `if __name__ == "__main__"` (see `share_out`).

    Beside each threat stand the patron's offer and the client's counter-withdrawal. `total` is the joint run of all
    channels that are numbers, each flow counted once; `bound` marks what can only be larger or smaller, `by_family`
    has the answer of each family of trade elasticities, on which long-run figures depend.

    Raises `InputError`: `E204` for a client or patron that the region does not name, or draws out of range, `E610`
    for an actor that is no client of the region.

    Method: DESIGN of exposure and cost after Hirschman 1945 (key `hirschman1945`); each channel cites its own.
    """
    asked = leverage_jobs(region, client=client, patron=patron, draws=draws, seed=seed)
    return gather_leverage(region, share_out(region, asked, workers), seed)


def leverage_jobs(
    region: Region, *, client: str | None = None, patron: str | None = None, draws: int, seed: int
) -> list[Job]:
    """The pairs to ask about, as jobs that can be shared out; refuses as `measure_leverage` does."""
    check_arguments(region, client, patron, draws)
    settings = region.settings
    return [
        Job(one, measure_pair, (one, other, seed, draws))
        for one in ([client] if client else settings.clients)
        for other in ([patron] if patron else settings.patrons)
        if one != other
    ]


def gather_leverage(region: Region, answers: Sequence[list[Cell]], seed: int) -> LeverageResult:
    """The matrix from the answers to its jobs."""
    cells = [cell for group in answers for cell in group]
    rank_cells(cells)
    return LeverageResult(cells, _not_computed(cells), _meta(region, cells, seed))


def measure_pair(region: Region, client: str, patron: str, seed: int, draws: int) -> list[Cell]:
    """The cells of one pair, every channel and horizon; they depend on the seed and the names of inputs alone."""
    assumptions = Assumptions(region, seed=seed, count=draws)
    cells = []
    for horizon in HORIZONS:
        ask = Ask(region, patron, client, horizon, assumptions)
        answered = [_cell(ask, name, engine) for name, engine in engines()]
        for cell in [*answered, total(answered, ask)]:
            judge_credibility(cell, ask)
            cells.append(cell)
    return cells


def _cell(ask: Ask, channel: str, engine: str) -> Cell:
    cell = Cell(ask.client, ask.patron, channel, ask.horizon, load(engine).withdraw(ask))
    if channel in OFFER_ENGINES:
        cell.offer = load(OFFER_ENGINES[channel]).offer(ask)
    cell.counter = counter_withdrawal(ask, channel, engine, cell.answer)
    return cell


def engines() -> list[tuple[str, str]]:
    """The channels that are built, in the order of the vocabulary, with their modules."""
    return [(name, CHANNEL_ENGINES[name]) for name in CHANNELS if name in CHANNEL_ENGINES]


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


def check_arguments(
    region: Region, client: str | None, patron: str | None, draws: int, *, more: Sequence[Fault] = ()
) -> None:
    """Refuse with every fault at once: names that are no actors, a client that is none, draws out of range."""
    faults = [*more]
    actors = region.actor_names
    clients = region.settings.clients
    if client in actors and client not in clients:
        rule = f"a client is one of those the region studies: {', '.join(clients)}"
        fix = f"name one of {', '.join(clients)}; {client} can be asked about as `--patron`"
        faults.append(fault("E610", where="--client", found=f"{client} ({actors[client]})", rule=rule, fix=fix))
    for option, actor in (("--client", client), ("--patron", patron)):
        if actor is not None and actor not in actors:
            rule, fix = "client and patron are actors of the region", region.suggest_actor(actor)
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
    answers = [answer for cell in cells for answer in (cell.answer, cell.offer, cell.counter) if answer is not None]
    facts = {name for answer in answers if not isinstance(answer, Unknown) for name in answer.facts}
    cites = [cite for answer in answers if isinstance(answer, Effect) for cite in answer.cites]
    return region.meta(seed=seed, sources=region.sources_of(facts), cites=["hirschman1945", *cites])


def _flat(cell: Cell) -> dict[str, Any]:
    row = cell.to_dict()
    flat: dict[str, Any] = {name: row[name] for name in ("client", "patron", "channel", "horizon", "state")}
    for name, label in (("exposure", "exposure %GDP"), ("sender_cost", "sender's cost %GDP")):
        flat[label] = spread(row[name])
    flat["credible"] = row["credible"]
    flat["offer %GDP"] = spread(row["offer"]) if row["offer"] else None
    counter = row["counter"]
    flat["counter %patron's GDP"] = spread(counter["exposure"]) if counter else None
    flat["counter's cost %GDP"] = spread(counter["sender_cost"]) if counter else None
    flat["bound"] = row["bound"]
    flat["two answers"] = _two_answers(row["by_family"])
    flat["reason"] = "; ".join([row["reason"] or "", *row["needs"]]).strip("; ") or None
    return flat


def _two_answers(split: dict[str, Any] | None) -> str | None:
    """The medians of exposure by family of estimates, where these give two answers."""
    if split is None or split["caveat"] is None:
        return None
    return "; ".join(f"{part['exposure']['p50']:.2g} {name}" for name, part in split["families"].items())


def spread(values: dict[str, float] | None) -> str:
    """An interval in words for a table."""
    return "unknown" if values is None else f"{values['p50']:.2g} ({values['p05']:.2g} to {values['p95']:.2g})"

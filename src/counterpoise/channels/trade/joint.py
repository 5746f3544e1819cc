"""One market for what all channels do at once: embargo, dearer freight, transfers that stop and output that is lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from counterpoise._errors import SolveError
from counterpoise.channels.shape import Ask
from counterpoise.channels.trade.channel import LONG_RUN, elasticity, pair_loss
from counterpoise.channels.trade.gravity import solve
from counterpoise.channels.trade.table import TradeTable, base_table
from counterpoise.channels.transit.passage import Passage


@dataclass(frozen=True, slots=True)
class Push:
    """What some channels together do to the market: amounts in USD mn a year by draw, negative where the client gains.

    `embargo` ends the trade of the pair, `passage` makes the client's trade with others dearer, `transfers` no longer
    reach the client and stay with the patron, `output` is no longer produced in the client.
    """

    embargo: bool = False
    passage: Passage | None = None
    transfers: np.ndarray | float = 0.0
    output: np.ndarray | float = 0.0

    def take(self, draws: np.ndarray) -> Push:
        """The same for some of the draws, by number."""
        road = self.passage.take(draws) if self.passage else None
        transfers, output = (_some(amount, draws) for amount in (self.transfers, self.output))
        return Push(self.embargo, road, transfers, output)


@dataclass(frozen=True)
class Market:
    """World trade of a year by draw, with the pair in it; `patron` is `None` where the table does not name it."""

    table: TradeTable
    flows: np.ndarray
    theta: np.ndarray
    client: int
    patron: int | None

    def take(self, draws: np.ndarray) -> Market:
        """The same market for some of the draws, by number."""
        return replace(self, flows=self.flows[draws], theta=self.theta[draws])

    def losses(self, pushes: Sequence[Push]) -> tuple[np.ndarray, np.ndarray] | str:
        """What client and patron lose in USD mn a year, by push and draw, or why there is no answer.

        The equivalent variation: fall of real expenditure times what was spent before. Output lost raises the cost of
        all that the client makes, its sales at home included, which is the same as having so much less of its factor.
        The patron's loss is that of its trade: transfers that stay with it are not counted as its gain.
        """
        count, size = len(self.flows), len(self.table.economies)
        cost = np.ones((len(pushes), count, size, size))
        transfers = np.zeros((len(pushes), count, size))
        made = self.flows[:, self.client, :].sum(axis=1)
        for k, push in enumerate(pushes):
            self._charge(cost[k], push)
            cost[k, :, self.client, :] /= (1.0 - np.broadcast_to(push.output, count) / made)[:, None]
            transfers[k] = self._shares(np.broadcast_to(push.transfers, count))
        try:
            names = self.table.economies
            answer = solve(self.flows, cost, self.theta, deficits="additive", names=names, transfers=transfers)
        except SolveError as error:
            # A withdrawal on all sides can cut an economy off; its deficit then has no one to pay it.
            return error.faults[0].found
        if not answer.ok.all():
            return f"{int(np.sum(~answer.ok.all(axis=0)))} of {count} draws have no equilibrium"
        spent = self.flows.sum(axis=1)
        client = -answer.welfare[..., self.client] / 100 * spent[:, self.client]
        if self.patron is None:
            return client, np.zeros_like(client)
        patron = -answer.welfare[..., self.patron] / 100 * spent[:, self.patron]
        return client, patron + transfers[..., self.patron]

    def _charge(self, cost: np.ndarray, push: Push) -> None:
        """Trade costs of the client, shape (draw, n, n): the pair's trade ends, other partners' freight gets dearer."""
        if push.embargo and self.patron is not None:
            cost[:, self.client, self.patron] = cost[:, self.patron, self.client] = np.inf
        if push.passage is None:
            return
        found = push.passage
        others = [self.table.economies.index(name) for name in found.partners]
        cost[:, self.client, others] *= found.factor(found.sold, self.theta)
        cost[:, others, self.client] *= found.factor(found.bought, self.theta)

    def _shares(self, amount: np.ndarray) -> np.ndarray:
        """Who has more and who less when a transfer to the client stops: the patron keeps it, or all others by size."""
        moved = np.zeros((len(amount), len(self.table.economies)))
        if self.patron is not None:
            moved[:, self.patron] = amount
        else:
            output = self.flows.sum(axis=2)
            output[:, self.client] = 0.0
            moved = amount[:, None] * output / output.sum(axis=1, keepdims=True)
        moved[:, self.client] = -amount
        return moved


def market(ask: Ask) -> Market | None:
    """The market in which a joint withdrawal is run; `None` where the region has no trade table with the client."""
    table = base_table(ask.region)
    if table is None or ask.client not in table.economies or ask.assumptions.missing(*LONG_RUN):
        return None
    _, theta = elasticity(ask.assumptions)
    spots = {name: k for k, name in enumerate(table.economies)}
    return Market(table, table.draws(ask.assumptions), theta, spots[ask.client], spots.get(ask.patron))


def short_pair_loss(ask: Ask, toll: np.ndarray | float = 0.0) -> np.ndarray:
    """What the end of the pair's trade costs within the year, USD mn by draw, with a toll on the way round."""
    found = market(ask)
    assert found is not None
    assert found.patron is not None
    sold, bought = found.flows[:, found.client, found.patron], found.flows[:, found.patron, found.client]
    return pair_loss(ask, sold, toll) + pair_loss(ask, bought, toll)


def _some(amount: np.ndarray | float, draws: np.ndarray) -> np.ndarray | float:
    values = np.asarray(amount, dtype=float)
    return float(values.flat[0]) if values.size == 1 else values[draws]

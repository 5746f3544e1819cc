"""What a patron's closure does to a client's trade costs, partner by partner: what transit hands to the joint run."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from counterpoise.channels.shape import Ask, Unknown
from counterpoise.channels.transit.channel import (
    MOVED,
    PER_TEU,
    VALUE_ADDED,
    closed,
    extra_cost,
    moves,
    ready_for,
)


@dataclass(frozen=True, slots=True)
class Passage:
    """How the client's trade with each third economy is hit; the trade with the patron itself is never in it.

    `sold` and `bought` are the shares of the client's exports to, and imports from, a partner that move as freight;
    `extra` what their way costs more over their value, `inf` where none is left. Arrays have shape (draw, partner).
    """

    partners: tuple[str, ...]
    sold: np.ndarray
    bought: np.ndarray
    extra: np.ndarray

    def take(self, draws: np.ndarray) -> Passage:
        """The same for some of the draws, by number."""
        return Passage(self.partners, self.sold[draws], self.bought[draws], self.extra[draws])

    def factor(self, share: np.ndarray, theta: np.ndarray) -> np.ndarray:
        """The cost factor of a whole flow of which `share` pays `extra` and the rest nothing, shape (draw, partner).

            t^-theta = (1 - share) + share (1 + extra)^-theta

        Exact for goods that substitute among themselves as they do with all others.
        """
        power = theta[:, None]
        left = (1.0 - share) + share * (1.0 + self.extra) ** -power
        with np.errstate(divide="ignore"):
            # Nothing left of a flow is an infinite cost.
            return np.asarray(left ** (-1.0 / power))


def passage(ask: Ask) -> Passage | None:
    """The client's trade costs after the patron shuts its soil and links; `None` where that hits none of its freight.

    Ask only where the transit channel has given a number: figures that are lacking are its business.
    """
    ready = ready_for(ask, (PER_TEU, MOVED))
    if isinstance(ready, Unknown):
        return None
    base = ready[0]
    _, _, after = closed(ask.region, ask.client, ask.horizon, ask.assumptions.seed, ask.patron)
    kept = np.array([name != ask.patron for name in base.partners])
    hit = moves(base.lanes, after) & kept
    if not hit.any():
        return None
    draws = ask.assumptions
    moved = draws.draw(MOVED)[:, None] * kept
    dry = base.dry(ask)
    members = np.arange(draws.count) % len(base.lanes.cost)
    extra = np.where(hit[members], extra_cost(ask, base, after), 0.0) / draws.draw(PER_TEU)[:, None]
    client = base.table.economies.index(ask.client)
    others = [base.table.economies.index(name) for name in base.partners]
    return Passage(base.partners, moved * dry[:, [client]], moved * dry[:, others], extra)


def toll(ask: Ask, found: Passage) -> np.ndarray:
    """What freight with third countries loses on average per unit of its value, at most its value added, by draw."""
    base = ready_for(ask, (PER_TEU, MOVED))
    assert not isinstance(base, Unknown)
    usd, _ = base[0].amounts(ask, np.array([name != ask.patron for name in found.partners]))
    each = np.minimum(found.extra, ask.assumptions.draw(VALUE_ADDED)[:, None])
    return np.asarray((each * usd).sum(axis=1) / usd.sum(axis=1))

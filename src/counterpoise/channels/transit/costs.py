"""What a movement costs: money, time and their draws.

Central figures are those of the rows: a queue counts with the middle of its range (the median, its days being equally
likely), a truck's hours with one driver's rest. Draws vary them within named ranges.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
from scipy.sparse import csr_array

from counterpoise.channels.transit.expanded import PARTS, Expanded
from counterpoise.channels.transit.network import WATER
from counterpoise.region._dates import bounds
from counterpoise.region.draws import triangular, uniforms

# One driver by the AETR rule; two drivers reach 18.
DRIVING_HOURS_PER_DAY = (9.0, 9.0, 18.0)

# Low, most likely and high, relative to the figure of the row. Prices: 0.6-1.6 spans the published rail rates of KAZ,
# AZE, GEO, TUR and CHN (ERAI 2024, CBW 2018); road 1.2-2.5 around 1.89 USD/TEU-km; feeders 0.15-0.35 around 0.22.
# Times: rail 31-53.9 around 38 km/h, road 23.4-42 (CPMM 2022), ships 15-25 around 20; rail crossings 4-51.9 around
# 40.6 h, road 5-13.6 around 9.9; gauge change 6-72 around 24 h. Handling is judgement.
SPREADS = {
    "rail_price": (0.6, 1.0, 1.6),
    "road_price": (0.63, 1.0, 1.32),
    "water_price": (0.68, 1.0, 1.59),
    "other_price": (0.6, 1.0, 1.6),
    "rail_time": (0.70, 1.0, 1.23),
    "road_time": (1.0, 1.0, 1.79),
    "water_time": (0.80, 1.0, 1.33),
    "other_time": (0.7, 1.0, 1.4),
    "handling": (0.5, 1.0, 1.5),
    "gauge": (0.25, 1.0, 3.0),
    "crossing_rail": (0.10, 1.0, 1.28),
    "crossing_road": (0.50, 1.0, 1.37),
}


@dataclass(frozen=True, slots=True)
class ArcCosts:
    """USD per TEU and days of every arc, shape (arc,)."""

    usd: np.ndarray
    days: np.ndarray

    def generalised(self, value_of_time: float) -> np.ndarray:
        """Money plus time at its value, USD per TEU."""
        return self.usd + value_of_time * self.days


class CostModel:
    """The costs of an expanded graph: central ones and draws, with queues as known on the as-of day."""

    def __init__(self, expanded: Expanded, *, as_of: date | None = None) -> None:
        self.expanded = expanded
        network = expanded.network
        self.queue_known = np.array(
            [as_of is None or not row.queue_date or bounds(row.queue_date)[0] <= as_of for row in network.places], bool
        )
        self._kind = np.array([_kind(row.mode) for row in network.links] or [""])
        self._road = (expanded.link >= 0) & (self._kind[expanded.link] == "road")
        holders = [row.control or ("",) for row in network.links]
        self._codes = sorted({code for codes in holders for code in codes} | {""})
        column = {code: index for index, code in enumerate(self._codes)}
        pairs = [(row, column[code], 1 / len(codes)) for row, codes in enumerate(holders) for code in codes]
        rows, columns, weights = np.array(pairs, dtype=float).reshape(-1, 3).T
        shape = (max(1, len(network.links)), max(1, len(self._codes)))
        self._shares = csr_array((weights, (rows.astype(int), columns.astype(int))), shape=shape)

    def central(self) -> ArcCosts:
        """Costs with every figure as its row gives it and queues at their median."""
        ones = dict.fromkeys(SPREADS, 1.0)
        median = (self.expanded.queue_low + self.expanded.queue_high) / 2
        return self._costs(ones, DRIVING_HOURS_PER_DAY[1], median, None, None)

    def draws(self, seed: int, count: int) -> Iterator[ArcCosts]:
        """`count` draws of the costs; draw `k` depends on the seed and `k` alone.

        Rail and road prices and speeds move together within a country and apart between countries (a link held by
        several takes their mean); ships, handling, gauge changes and crossings move together everywhere, each queue by
        itself.
        """
        common = {name: _spread(name, uniforms(seed, f"transit:{name}", count)) for name in SPREADS}
        own = {
            name: np.array([_spread(name, uniforms(seed, f"transit:{name}:{code}", count)) for code in self._codes])
            for name in ("rail_price", "road_price", "rail_time", "road_time")
        }
        driving = triangular(uniforms(seed, "transit:driving_hours", count), *DRIVING_HOURS_PER_DAY)
        expanded = self.expanded
        waits = np.array([uniforms(seed, f"transit:queue:{row.id}", count) for row in expanded.network.places])
        for member in range(count):
            scale = {name: float(values[member]) for name, values in common.items()}
            queue = expanded.queue_low + (expanded.queue_high - expanded.queue_low) * waits[:, member]
            factors = {name: self._shares @ values[:, member] for name, values in own.items()}
            price = self._by_link("price", scale, factors)
            time = self._by_link("time", scale, factors)
            yield self._costs(scale, float(driving[member]), queue, price, time)

    def _by_link(self, what: str, scale: dict[str, float], factors: dict[str, np.ndarray]) -> np.ndarray:
        values = np.ones(len(self._kind))
        for kind in ("rail", "road", "water", "other"):
            mine = self._kind == kind
            name = f"{kind}_{what}"
            values[mine] = factors[name][mine] if name in factors else scale[name]
        return values

    def _costs(
        self,
        scale: dict[str, float],
        driving_hours: float,
        queue: np.ndarray,
        price: np.ndarray | None,
        time: np.ndarray | None,
    ) -> ArcCosts:
        expanded = self.expanded
        usd, hours = expanded.usd.copy(), expanded.hours.copy()
        for column, part in enumerate(PARTS[1:], start=1):
            usd[:, column] *= scale[part] if part == "handling" else 1.0
            hours[:, column] *= scale[part]
        on_link = expanded.link >= 0
        if price is not None and time is not None:
            usd[on_link, 0] *= price[expanded.link[on_link]]
            hours[on_link, 0] *= time[expanded.link[on_link]]
        hours[self._road, 0] *= 24 / driving_hours
        waits = np.where(self.queue_known, queue, 0.0)
        days = hours.sum(axis=1) / 24
        met = expanded.queue >= 0
        days[met] += waits[expanded.queue[met]]
        return ArcCosts(usd.sum(axis=1), days)


def _kind(mode: str) -> str:
    if mode in ("rail", "road"):
        return mode
    return "water" if mode in WATER else "other"


def _spread(name: str, share: np.ndarray) -> np.ndarray:
    return triangular(share, *SPREADS[name])

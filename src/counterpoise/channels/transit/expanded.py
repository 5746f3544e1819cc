"""The mode-expanded graph: a node per place, mode and gauge, and what each movement, transfer and queue takes.

A link carries movement only. Freight that changes between modes at a place is handled there, freight that changes gauge
is reloaded there, freight that crosses a border by rail or road pays half of the crossing at each of the two places.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from counterpoise._errors import InputError, fault
from counterpoise.channels.transit.network import WATER, Network, Usable
from counterpoise.channels.transit.rows import LinkRow, PlaceRow

LAND_CROSSINGS = ("rail", "road")
# River-sea ships sail from the Caspian up the Volga without a transfer.
SHIPS = frozenset({"sea", "river", "canal"})
QUEUE_MODES = {"truck": frozenset({"road"}), "wagon": frozenset({"rail"}), "ship": WATER}

# What a blank cell is taken for where the file gives the same figure elsewhere; each use is listed in the answer.
# Judgement: a terminal's lift and a day's wait; the crossing is half of the CAREC mean of 2022 (as in the data).
ASSUMED = {
    "handling_hours": 24.0,
    "handling_usd_teu": 60.0,
    "gauge_change_hours": 24.0,
    "gauge_change_usd": 100.0,
    "crossing_hours_rail": 20.3,
    "crossing_usd_rail": 108.0,
    "crossing_hours_road": 5.0,
    "crossing_usd_road": 104.0,
}
MAX_CARRIERS = 60
PARTS = ("moving", "handling", "gauge", "crossing_rail", "crossing_road")


@dataclass(frozen=True, slots=True)
class Carrier:
    """How freight stands at a place: its mode, its gauge, and whether the leg crosses a border there."""

    mode: str
    gauge: str | None
    crosses: bool


class Expanded:
    """The directed arcs of the mode-expanded graph, one row per arc.

    `tail`, `head`: nodes. `link`, `place`: the row an arc belongs to (-1 for none). `usd` (USD per TEU) and `hours`
    have one column per part of `PARTS`, before drivers' rest. `queue`: the place whose queue the arc meets, or -1.
    `unknown`: how many figures of the arc's link are blank although other links have them. `km`: NaN where unknown.
    """

    def __init__(self, network: Network) -> None:
        self.network = network
        self.priced = _priced(network)
        # Routes are chosen by money and time; in a file without either by distance; without any by the number of links.
        money_and_time = [name for name in ("usd_per_teu", "hours_moving") if self.priced[name]]
        self.weighed = money_and_time or (["distance_km"] if self.priced["distance_km"] else [])
        self._rows: list[tuple[int, int, int, int, int, int]] = []
        self._usd: list[list[float]] = []
        self._hours: list[list[float]] = []
        self.assumed: dict[int, list[str]] = {}
        self._carriers: list[dict[Carrier, int]] = [{} for _ in network.places]
        self.nodes = 0
        for index, link in enumerate(network.links):
            self._add_link(index, link)
        for index, place in enumerate(network.places):
            self._add_place(index, place)
        rows = np.array(self._rows, dtype=np.int64).reshape(-1, 6)
        self.tail, self.head, self.link, self.place, self.queue, self.unknown = rows.T
        self.usd = np.array(self._usd, dtype=float).reshape(-1, len(PARTS))
        self.hours = np.array(self._hours, dtype=float).reshape(-1, len(PARTS))
        self.sources = self.nodes + np.arange(len(network.places))
        self.sinks = self.sources + len(network.places)
        self.size = self.nodes + 2 * len(network.places)
        self.km = np.array([np.nan if row.distance_km is None else row.distance_km for row in network.links])
        low, high = zip(*map(_queue, network.places), strict=True) if network.places else ((), ())
        self.queue_low, self.queue_high = np.array(low, dtype=float), np.array(high, dtype=float)

    def usable_arcs(self, state: Usable) -> np.ndarray:
        """Mask of the arcs that freight may use."""
        by_link = state.links[self.link] if len(state.links) else np.zeros(len(self.link), bool)
        by_place = state.places[self.place] if len(state.places) else np.zeros(len(self.place), bool)
        return np.where(self.link >= 0, by_link, by_place)

    def queue_met(self, place: int, first: Carrier | None, second: Carrier | None) -> bool:
        """Whether freight that arrives as `first` and leaves as `second` (`None`: starts or ends here) stands in line.

        Trucks and wagons wait where they cross the border or meet a ship; ships where cargo goes on or off them. A
        queue without a mode is met by all through freight, one at a place of no country by all freight of its mode.
        """
        row = self.network.places[place]
        if row.queue_days_low is None and row.queue_days_high is None:
            return False
        if row.queue_mode is None:
            return first is not None and second is not None
        modes = QUEUE_MODES.get(row.queue_mode, frozenset({row.queue_mode}))
        for own, other in ((first, second), (second, first)):
            if own is None or own.mode not in modes:
                continue
            if own.mode in WATER:
                met = other is None or other.mode not in WATER
            else:
                met = own.crosses or (other is not None and (other.mode in WATER or row.country is None))
            if met:
                return True
        return False

    def _add_link(self, index: int, link: LinkRow) -> None:
        network = self.network
        ends = (int(network.start[index]), int(network.end[index]))
        crosses = _crosses(network, link.mode, ends)
        gauge = link.gauge if link.mode == "rail" else None
        nodes = [self._node(end, Carrier(link.mode, gauge, crosses)) for end in ends]
        usd, hours = [0.0] * len(PARTS), [0.0] * len(PARTS)
        usd[0], hours[0] = link.usd_per_teu or 0.0, link.hours_moving or 0.0
        notes: list[str] = []
        if crosses and self.priced[f"crossing_{link.mode}"]:
            part = PARTS.index(f"crossing_{link.mode}")
            for end in ends:
                row = network.places[end]
                usd[part] += _or_assumed(row, f"crossing_usd_{link.mode}", notes)
                hours[part] += _or_assumed(row, f"crossing_hours_{link.mode}", notes)
        unknown = sum(getattr(link, name) is None for name in self.weighed)
        for first, second in ((0, 1), (1, 0)):
            self._arc(nodes[first] + 1, nodes[second], index, -1, -1, unknown, usd, hours, notes)

    def _add_place(self, index: int, place: PlaceRow) -> None:
        if len(self._carriers[index]) > MAX_CARRIERS:
            rule = f"at most {MAX_CARRIERS} kinds of carrier (mode, gauge, crossing or not) meet at a place"
            found = f"{len(self._carriers[index])} at {place.id!r}"
            raise InputError([fault("E408", where="links", found=found, rule=rule, fix="use fewer names of modes")])
        source, sink = -1 - index, -1 - index - len(self.network.places)
        for own, node in self._carriers[index].items():
            start = index if self.queue_met(index, None, own) else -1
            end = index if self.queue_met(index, own, None) else -1
            self._arc(source, node + 1, -1, index, start, 0, None, None, [])
            self._arc(node, sink, -1, index, end, 0, None, None, [])
            for other, other_node in self._carriers[index].items():
                usd, hours, notes = self._transfer(place, own, other)
                queue = index if self.queue_met(index, own, other) else -1
                self._arc(node, other_node + 1, -1, index, queue, 0, usd, hours, notes)

    def _transfer(self, place: PlaceRow, own: Carrier, other: Carrier) -> tuple[list[float], list[float], list[str]]:
        """What passing from one carrier to another takes at a place: nothing, a gauge change or handling."""
        usd, hours = [0.0] * len(PARTS), [0.0] * len(PARTS)
        notes: list[str] = []
        if own.mode != other.mode:
            if self.priced["handling"] and not {own.mode, other.mode} <= SHIPS:
                usd[1] = _or_assumed(place, "handling_usd_teu", notes)
                hours[1] = _or_assumed(place, "handling_hours", notes)
        elif own.gauge and other.gauge and own.gauge != other.gauge and self.priced["gauge"]:
            usd[2] = _or_assumed(place, "gauge_change_usd", notes)
            hours[2] = _or_assumed(place, "gauge_change_hours", notes)
        return usd, hours, notes

    def _node(self, place: int, carrier: Carrier) -> int:
        """The arriving node of a carrier at a place; the leaving one is the next number."""
        if carrier not in self._carriers[place]:
            self._carriers[place][carrier] = self.nodes
            self.nodes += 2
        return self._carriers[place][carrier]

    def _arc(
        self,
        tail: int,
        head: int,
        link: int,
        place: int,
        queue: int,
        unknown: int,
        usd: list[float] | None,
        hours: list[float] | None,
        notes: list[str],
    ) -> None:
        # Ends are numbered from -1 downwards until all carriers are known; nodes of carriers come first.
        tail, head = (node if node >= 0 else self.nodes - 1 - node for node in (tail, head))
        if notes:
            self.assumed[len(self._rows)] = notes
        self._rows.append((tail, head, link, place, queue, unknown))
        self._usd.append(usd or [0.0] * len(PARTS))
        self._hours.append(hours or [0.0] * len(PARTS))


def _crosses(network: Network, mode: str, ends: tuple[int, int]) -> bool:
    countries = {network.places[end].country for end in ends}
    return mode in LAND_CROSSINGS and None not in countries and len(countries) == 2


def _or_assumed(place: PlaceRow, name: str, notes: list[str]) -> float:
    value = getattr(place, name)
    if value is None:
        notes.append(f"{name} at {place.id} = {ASSUMED[name]:g}")
        return ASSUMED[name]
    return float(value)


def _priced(network: Network) -> dict[str, bool]:
    """Which figures the network gives at all: one that no row gives is left out of the answer, not assumed."""

    def any_of(rows: Iterable[PlaceRow | LinkRow], *names: str) -> bool:
        return any(getattr(row, name) is not None for row in rows for name in names)

    return {
        "usd_per_teu": any_of(network.links, "usd_per_teu"),
        "hours_moving": any_of(network.links, "hours_moving"),
        "distance_km": any_of(network.links, "distance_km"),
        "handling": any_of(network.places, "handling_hours", "handling_usd_teu"),
        "gauge": any_of(network.places, "gauge_change_hours", "gauge_change_usd"),
        "crossing_rail": any_of(network.places, "crossing_hours_rail", "crossing_usd_rail"),
        "crossing_road": any_of(network.places, "crossing_hours_road", "crossing_usd_road"),
    }


def _queue(place: PlaceRow) -> tuple[float, float]:
    """The range of a queue in days; where one end is unknown the other stands for both, where none is, no queue."""
    given = [days for days in (place.queue_days_low, place.queue_days_high) if days is not None]
    return (given[0], given[-1]) if given else (0.0, 0.0)

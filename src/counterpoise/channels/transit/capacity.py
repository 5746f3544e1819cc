"""How much freight the published capacities let through: an upper bound, since most links publish none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import coo_array

from counterpoise._errors import SolveError, fault
from counterpoise.channels.transit.network import Network, Usable

UNITS = {"mt_year": "capacity_mt_year", "kteu_year": "capacity_kteu_year"}


@dataclass(frozen=True, slots=True)
class Bound:
    """The most that can pass in a unit; `None` where no published capacity bounds it. `binding`: what fills up."""

    value: float | None
    binding: tuple[str, ...]


def throughput_bound(state: Usable, sources: Sequence[int], targets: Sequence[int], unit: str) -> Bound:
    """The largest flow between the ends that no published capacity forbids, in `mt_year` or `kteu_year`.

    A linear programme of maximum flow: both directions of a link share its capacity, all flow through a place shares
    the place's, and the members of a group share the group's. A capacity that is not published does not bind.
    """
    from scipy.optimize import linprog

    network, figure = state.network, UNITS[unit]
    links = np.flatnonzero(state.links)
    starts = [place for place in sources if state.places[place]]
    ends = [place for place in targets if state.places[place]]
    if not len(links) or not starts or not ends:
        return Bound(0.0, ())
    tail = np.r_[network.start[links], network.end[links], np.full(len(starts), -1), ends]
    head = np.r_[network.end[links], network.start[links], starts, np.full(len(ends), -2)]
    own = np.r_[links, links]
    flow = np.arange(len(tail))
    row_out = np.where(tail >= 0, tail, 0)
    row_in = np.where(head >= 0, head, 0)
    balance = coo_array(
        (
            np.r_[np.where(head >= 0, 1.0, 0.0), np.where(tail >= 0, -1.0, 0.0)],
            (np.r_[row_in, row_out], np.r_[flow, flow]),
        ),
        shape=(len(network.places), len(flow)),
    )
    names, limits, members = _limits(network, figure)
    rows, columns = [], []
    for index, (held_links, held_places) in enumerate(members):
        used = np.r_[np.flatnonzero(np.isin(own, held_links)), np.flatnonzero(np.isin(head, held_places))]
        columns.append(used)
        rows.append(np.full(len(used), index))
    gain = np.zeros(len(flow))
    gain[len(own) : len(own) + len(starts)] = -1.0
    programme: dict[str, Any] = {"A_eq": balance.tocsr(), "b_eq": np.zeros(len(network.places))}
    if names:
        picked = (np.concatenate(rows), np.concatenate(columns))
        matrix = coo_array((np.ones(len(picked[0])), picked), shape=(len(names), len(flow)))
        programme |= {"A_ub": matrix.tocsr(), "b_ub": np.array(limits)}
    answer = linprog(gain, bounds=(0, None), **programme)
    if answer.status == 3:
        return Bound(None, ())
    if answer.status != 0:
        rule = "the linear programme of capacities has a solution"
        problem = fault("E407", where="--capacity", found=answer.message, rule=rule, fix="ask without --capacity")
        raise SolveError([problem])
    prices = answer.ineqlin.marginals if names else []
    binding = tuple(name for name, price in zip(names, prices, strict=True) if price < -1e-9)
    return Bound(float(-answer.fun), binding)


def _limits(network: Network, figure: str) -> tuple[list[str], list[float], list[tuple[np.ndarray, np.ndarray]]]:
    """Every published capacity: its id, its limit, and the link and place rows that share it."""
    names: list[str] = []
    limits: list[float] = []
    members: list[tuple[np.ndarray, np.ndarray]] = []

    def add(name: str, limit: float | None, links: list[int], places: list[int]) -> None:
        if limit is not None:
            names.append(name)
            limits.append(limit)
            members.append((np.array(links, dtype=np.int64), np.array(places, dtype=np.int64)))

    for index, link in enumerate(network.links):
        add(link.id, getattr(link, figure), [index], [])
    for index, place in enumerate(network.places):
        add(place.id, getattr(place, figure), [], [index])
    for group in network.groups:
        links = [network.link_index[name] for name in group.members if name in network.link_index]
        ids = [name.removeprefix("place:") for name in group.members if name.startswith("place:")]
        add(
            group.id,
            getattr(group, figure),
            links,
            [network.place_index[name] for name in ids if name in network.place_index],
        )
    return names, limits, members

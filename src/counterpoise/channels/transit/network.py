"""A freight network as arrays: who holds each place and link, and what is usable when a question shuts the rest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path

import numpy as np

from counterpoise.channels.transit.rows import LinkRow, PlaceRow, StatusRow, Tables, read_region, read_tables
from counterpoise.channels.transit.status import CARRYING, link_state, season_on, state_on

ANY_CARGO = frozenset({"any", "all"})
NO_ROWS = np.empty(0, dtype=np.int64)
WATER = frozenset({"sea", "ferry", "river", "canal", "lake"})


class Network:
    """Places and links with their dated states and control, indexed for closures; read-only once built.

    `codes` are all countries that hold a place or control a link; `places_of[code]` and `links_of[code]` are the rows
    that a country's closure shuts (`links_of_de_facto` adds the links it has shown it can shut).
    """

    def __init__(self, tables: Tables) -> None:
        self.places: list[PlaceRow] = tables.places
        self.links: list[LinkRow] = tables.links
        self.groups = tables.groups
        self.inputs = tables.inputs
        self.as_of = tables.as_of
        self.place_index = {row.id: index for index, row in enumerate(self.places)}
        self.link_index = {row.id: index for index, row in enumerate(self.links)}
        self.start = np.array([self.place_index[row.start] for row in self.links], dtype=np.int64)
        self.end = np.array([self.place_index[row.end] for row in self.links], dtype=np.int64)
        self._changes: dict[str, list[StatusRow]] = {}
        for change in tables.statuses:
            self._changes.setdefault(change.link, []).append(change)
        named = {row.country for row in self.places if row.country}
        for row in self.links:
            named.update(row.control, row.control_de_facto)
        self.codes = frozenset(named)
        self.places_of = _rows_of([(row.country,) if row.country else () for row in self.places])
        self.links_of = _rows_of([row.control for row in self.links])
        self.links_of_de_facto = _rows_of([row.control + row.control_de_facto for row in self.links])

    @cached_property
    def countries(self) -> frozenset[str]:
        """The countries that have a place."""
        return frozenset(row.country for row in self.places if row.country)

    @cached_property
    def place_tags(self) -> dict[str, np.ndarray]:
        return _rows_of([row.tags for row in self.places])

    @cached_property
    def link_tags(self) -> dict[str, np.ndarray]:
        return _rows_of([row.tags for row in self.links])

    @cached_property
    def cargoes(self) -> frozenset[str]:
        """Every cargo class that a link names."""
        return frozenset(name for row in self.links for name in row.cargo) - ANY_CARGO

    def place_state(self, place: int, day: date, as_of: date | None) -> str:
        row = self.places[place]
        return state_on(row.status, row.status_from, row.known, (), day, as_of)

    def link_state(self, link: int, day: date, as_of: date | None) -> str:
        row = self.links[link]
        return link_state(row, self._changes.get(row.id, ()), day, as_of)


def _rows_of(names: list[tuple[str, ...]]) -> dict[str, np.ndarray]:
    """Name -> the rows that carry it."""
    index: dict[str, list[int]] = {}
    for row, own in enumerate(names):
        for name in dict.fromkeys(own):
            index.setdefault(name, []).append(row)
    return {name: np.array(rows, dtype=np.int64) for name, rows in index.items()}


def open_network(places: str | Path, links: str | Path | None = None, *, as_of: str | None = None) -> Network:
    """The freight network of two bare files (PLACES, LINKS), or of a region when only one name is given.

    Raises `InputError` (E201 to E204, E401 to E404) or `RegionError` with every fault at once.
    """
    if links is not None:
        return Network(read_tables(Path(places), Path(links)))
    from counterpoise._errors import InputError, fault
    from counterpoise.region import open_region

    region = open_region(places, as_of=as_of)
    if not region.rows("links"):
        rule = "freight is asked of two files, or of a region with rows in places.csv and links.csv"
        fix = "name PLACES and LINKS, or add both tables to the region"
        raise InputError(
            [fault("E204", where=str(places), found="a region without a freight network", rule=rule, fix=fix)]
        )
    return Network(read_region(region))


@dataclass(frozen=True, slots=True)
class Usable:
    """Which places and links freight may use, and why each other one is shut.

    `places` and `links` are masks over the network's rows; a link is usable only if both of its ends are. `unfit` marks
    the links that do not carry the cargo, or are of another mode, which no opening changes.
    """

    network: Network
    places: np.ndarray
    links: np.ndarray
    place_why: dict[int, str]
    link_why: dict[int, str]
    unfit: np.ndarray
    de_facto: bool

    def closing(self, codes: Iterable[str]) -> Usable:
        """The same with every place of, and every link with any control by, these countries shut as well."""
        network = self.network
        held = network.links_of_de_facto if self.de_facto else network.links_of
        places, links = self.places.copy(), self.links.copy()
        for code in codes:
            places[network.places_of.get(code, NO_ROWS)] = False
            links[held.get(code, NO_ROWS)] = False
        links &= places[network.start] & places[network.end]
        return replace(self, places=places, links=links)

    def without_links(self, links: Iterable[int]) -> Usable:
        """The same with these links shut as well."""
        mask = self.links.copy()
        mask[list(links)] = False
        return replace(self, links=mask)


def usable(
    network: Network,
    *,
    day: date,
    as_of: date | None = None,
    cargo: str = "container",
    modes: frozenset[str] = frozenset(),
    without: Iterable[str] = (),
    avoided: Iterable[int] = (),
    opened_links: Iterable[int] = (),
    opened_places: Iterable[int] = (),
    de_facto: bool = False,
) -> Usable:
    """What freight of a class may use on a day, with some countries shut, links avoided and links opened.

    Only `open` and `restricted` carry freight. Opening a link opens its two ends; it overrides a state and a season,
    not a closed country and not avoidance. No `modes` means every mode.
    """
    opened = set(opened_links)
    places_open = {*opened_places, *(int(end) for link in opened for end in (network.start[link], network.end[link]))}
    place_why: dict[int, str] = {}
    for index in range(len(network.places)):
        state = network.place_state(index, day, as_of)
        if state not in CARRYING and index not in places_open:
            place_why[index] = state
    link_why: dict[int, str] = {}
    unfit = np.zeros(len(network.links), bool)
    for index, row in enumerate(network.links):
        wrong_cargo = row.cargo and cargo not in row.cargo and not ANY_CARGO & set(row.cargo)
        if wrong_cargo or (modes and row.mode not in modes):
            unfit[index] = True
        elif index not in opened:
            state = network.link_state(index, day, as_of)
            if state not in CARRYING:
                link_why[index] = state
            elif season_on(row.season, day).shut:
                link_why[index] = "out of season"
    link_why.update(dict.fromkeys(avoided, "avoided"))
    _why_without(network, frozenset(without), de_facto, place_why, link_why)
    place_mask, link_mask = np.ones(len(network.places), bool), np.ones(len(network.links), bool)
    place_mask[list(place_why)] = False
    link_mask[list(link_why)] = False
    link_mask &= ~unfit & place_mask[network.start] & place_mask[network.end]
    return Usable(network, place_mask, link_mask, place_why, link_why, unfit, de_facto)


def _why_without(
    network: Network, without: frozenset[str], de_facto: bool, place_why: dict[int, str], link_why: dict[int, str]
) -> None:
    """Note the places of, and the links with any control by, the closed countries."""
    for index, place in enumerate(network.places):
        if place.country in without:
            place_why[index] = f"in {place.country}"
    for index, row in enumerate(network.links):
        holders = {*row.control, *(row.control_de_facto if de_facto else ())} & without
        if holders:
            link_why[index] = f"control by {', '.join(sorted(holders))}"

"""What the monthly programme of electricity and gas is made of: plants, links, uses and stores, and their checks.

Units: electricity in GWh, gas in mcm (million m3), money in USD mn; prices in USD/MWh for electricity and in USD per
1000 m3 for gas (both are a thousandth of USD mn per unit), values of unserved energy in USD/kWh and USD/m3 (both are
USD mn per unit). Every number may carry a leading axis of draws; `Case.member` takes one draw.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

import numpy as np

from counterpoise._errors import Fault, InputError, fault

CARRIERS = ("power", "gas")
# A scalar, or one value per draw.
Number = float | np.ndarray


@dataclass(frozen=True, slots=True)
class Plant:
    """A power plant, or with `build_mw` above zero one that may be built.

    `limit` is what it can make in each month in GWh, shape (months,); for one that may be built, GWh per MW. `cost` is
    USD/MWh without gas, `gas` what it burns in mcm per GWh, `yearly` a limit on the year's output in GWh (inf: none).
    `build_mw` is the most that may be built, `build_cost` what a MW costs a year in USD mn. `fuel`, `owner` and
    `supplier` name whose it is and feed no equation.
    """

    name: str
    country: str
    limit: np.ndarray
    cost: Number = 0.0
    gas: Number = 0.0
    yearly: Number = np.inf
    build_mw: Number = 0.0
    build_cost: Number = 0.0
    fuel: str = ""
    owner: str = ""
    supplier: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A one-way road of a carrier from `start` to `end`; an end that is no country of the case is a market.

    `limit` in GWh or mcm a month, shape (months,); the country at `end` pays `price` to the one at `start`. `loss` is
    the share lost on the way, `yearly` a limit on the year. `returns` is the electricity in GWh that `end` delivers
    for each mcm it gets (barter), over the power link named `returns_by`, whose limit it takes up.
    """

    name: str
    carrier: str
    start: str
    end: str
    limit: np.ndarray
    price: Number = 0.0
    loss: Number = 0.0
    yearly: Number = np.inf
    returns: Number = 0.0
    returns_by: str = ""


@dataclass(frozen=True, slots=True)
class Use:
    """A demand: `demand` in GWh or mcm a month, shape (months,), and `value` what a unit not served costs.

    Up to `switch_share` of a gas use can be served by electricity instead, at `switch_power` GWh per mcm and a further
    `switch_cost` in USD/m3 (with `switch_power` 0: another fuel at that cost).
    """

    name: str
    country: str
    carrier: str
    demand: np.ndarray
    value: Number
    switch_share: Number = 0.0
    switch_power: Number = 0.0
    switch_cost: Number = 0.0


@dataclass(frozen=True, slots=True)
class Store:
    """A gas store: `size`, `start` (stock at the beginning) and `rate` (a month, in or out) in mcm.

    What is missing at the end against the start is charged at `refill`, USD per 1000 m3; what is more is credited.
    """

    name: str
    country: str
    size: Number
    start: Number
    rate: Number
    refill: Number


Part = TypeVar("Part", Plant, Link, Use, Store)


@dataclass(frozen=True, slots=True)
class Case:
    """Countries with their plants, links, uses and stores; the members of one draw or of many."""

    countries: tuple[str, ...]
    plants: tuple[Plant, ...] = ()
    links: tuple[Link, ...] = ()
    uses: tuple[Use, ...] = ()
    stores: tuple[Store, ...] = ()

    def member(self, draw: int, first_month: int = 0) -> Case:
        """The case of one draw; months begin with `first_month` (0 is January) and wrap around the year."""
        return replace(
            self,
            plants=tuple(_take(part, draw, first_month) for part in self.plants),
            links=tuple(_take(part, draw, first_month) for part in self.links),
            uses=tuple(_take(part, draw, first_month) for part in self.uses),
            stores=tuple(_take(part, draw, first_month) for part in self.stores),
        )

    def joined(self, other: Case) -> Case:
        """Two cases as one."""
        return Case(
            self.countries + tuple(c for c in other.countries if c not in self.countries),
            self.plants + other.plants,
            self.links + other.links,
            self.uses + other.uses,
            self.stores + other.stores,
        )


def _take(part: Part, draw: int, first_month: int) -> Part:
    changes: dict[str, Any] = {}
    for column in fields(part):
        value = getattr(part, column.name)
        if isinstance(value, np.ndarray):
            changes[column.name] = np.roll(value[draw], -first_month) if value.ndim == 2 else float(value[draw])
    return replace(part, **changes)


def check(case: Case, lead: tuple[int, ...] = ()) -> None:
    """`InputError` (`E430`) with everything inconsistent in a case of one draw, or of several with a `lead` axis."""
    faults: list[Fault] = []
    series = {plant.name: plant.limit for plant in case.plants} | {link.name: link.limit for link in case.links}
    series |= {use.name: use.demand for use in case.uses}
    depth = len(lead)
    months = max((np.shape(values)[-1] for values in series.values() if np.ndim(values) == depth + 1), default=0)
    rule, fix = "a case has one number of months", "give every limit and demand one value a month"
    for name, values in series.items():
        if np.shape(values) != (*lead, months) or months == 0:
            faults.append(_bad(name, f"shape {np.shape(values)[depth:]}, not ({months},)", rule, fix))
        elif not np.all(np.asarray(values) >= 0):
            faults.append(_bad(name, "a negative or missing limit or demand", "limits and demands are 0 or more", fix))
    for name, number, least, most in _numbers(case):
        values, highest = np.broadcast_arrays(number, most)
        if not np.all(fits := (least <= values) & (values <= highest)):
            rule = f"it lies between {least:g} and {highest[~fits].flat[0]:g}"
            faults.append(_bad(name, f"{values[~fits].flat[0]:g}", rule, "mend the figure or the range behind it"))
    parts: list[Plant | Link | Use | Store] = [*case.plants, *case.links, *case.uses, *case.stores]
    names = [part.name for part in parts]
    for name in sorted({name for name in names if names.count(name) > 1}):
        faults.append(_bad(name, "named twice", "names are unique in a case", "rename one"))
    faults += _strays(case)
    if faults:
        raise InputError(faults)


def _numbers(case: Case) -> Iterable[tuple[str, Number, float, Number]]:
    for plant in case.plants:
        for column in ("gas", "yearly", "build_mw", "build_cost"):
            yield f"{plant.name}.{column}", getattr(plant, column), 0.0, np.inf
        yield f"{plant.name}.cost", plant.cost, -1e9, 1e9
    for link in case.links:
        yield f"{link.name}.loss", link.loss, 0.0, 1.0
        yield f"{link.name}.price", link.price, -1e9, 1e9
        for column in ("yearly", "returns"):
            yield f"{link.name}.{column}", getattr(link, column), 0.0, np.inf
    for use in case.uses:
        yield f"{use.name}.switch_share", use.switch_share, 0.0, 1.0
        for column in ("value", "switch_power", "switch_cost"):
            yield f"{use.name}.{column}", getattr(use, column), 0.0, 1e9
    for store in case.stores:
        yield f"{store.name}.start", store.start, 0.0, store.size
        for column in ("size", "rate", "refill"):
            yield f"{store.name}.{column}", getattr(store, column), 0.0, 1e9


def _strays(case: Case) -> list[Fault]:
    faults = []
    known = ", ".join(case.countries) or "none"
    placed: list[Plant | Use | Store] = [*case.plants, *case.uses, *case.stores]
    for part in placed:
        if part.country not in case.countries:
            rule = f"plants, uses and stores lie in a country of the case ({known})"
            faults.append(_bad(part.name, f"country {part.country!r}", rule, "add the country or leave it out"))
    power = {link.name for link in case.links if link.carrier == "power"}
    for link in case.links:
        if link.start not in case.countries and link.end not in case.countries:
            rule = f"a link touches a country of the case ({known})"
            faults.append(_bad(link.name, f"{link.start} to {link.end}", rule, "leave it out"))
        if link.returns_by and link.returns_by not in power:
            rule = "barter returns over a power link of the case"
            faults.append(_bad(link.name, f"returns_by {link.returns_by!r}", rule, "name that link"))
    carried: list[Link | Use] = [*case.links, *case.uses]
    for carrier in carried:
        if carrier.carrier not in CARRIERS:
            rule = "a carrier is power or gas"
            faults.append(_bad(carrier.name, f"carrier {carrier.carrier!r}", rule, "name one of them"))
    return faults


def _bad(where: str, found: str, rule: str, fix: str) -> Fault:
    return fault("E430", where=where, found=found, rule=rule, fix=fix)

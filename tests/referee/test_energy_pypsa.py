"""The energy programme held to PyPSA: the same cases, another library's components, its own model and solver."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from counterpoise.channels.energy.case import FULL, system, withdrawn
from counterpoise.channels.energy.dispatch import solve
from counterpoise.channels.energy.system import Case, Link, Plant, Store, Use
from counterpoise.region import open_region
from tests.channels.energy_support import flat
from tests.channels.test_energy_dispatch import mixed

pytest.importorskip("pypsa", reason="PyPSA is not installed (it is a referee, not a part)")
from tests.referee.energy_pypsa import optimum

CLOSE = 1e-9  # relative: a thousandth of what is asked, and a million times what is measured
BALANCED = 1e-9  # GWh or mcm, where flows are tens to thousands
CLIENTS = ("ARM", "AZE", "GEO")


def held(case: Case) -> None:
    """Our optimum is PyPSA's, and every balance of either closes."""
    ours, theirs = solve(case), optimum(case)
    assert ours.ok
    assert ours.cost == pytest.approx(theirs.cost, rel=CLOSE, abs=1e-9)
    largest = max(float(np.max(use.demand)) for use in case.uses)
    assert ours.residual <= BALANCED * max(1.0, largest)
    assert theirs.residual <= BALANCED * max(1.0, largest)


def small() -> Case:
    """Two countries: gas and water plants, a line, a barter, a store, heat that can switch, and a plant to be built."""
    plants = (
        Plant("thermal", "A", flat(60.0), cost=4.0, gas=0.2),
        Plant("water", "A", np.linspace(10, 50, 12)),
        Plant("reactor", "B", flat(40.0), cost=12.0, yearly=400.0),
        Plant("sun", "B", np.linspace(0.05, 0.2, 12), build_mw=50.0, build_cost=0.08),
        Plant("turbine", "B", flat(0.7), cost=3.0, gas=0.18, build_mw=20.0, build_cost=0.05),
    )
    links = (
        Link("gas", "gas", "S", "A", flat(14.0), 180.0, yearly=150.0),
        Link("transit", "gas", "A", "B", flat(6.0), 20.0, loss=0.02),
        Link("line", "power", "A", "B", flat(15.0), 35.0, loss=0.05),
        Link("abroad", "power", "A", "I", flat(9.0), 30.0),
        Link("swap", "gas", "I", "A", flat(3.0), returns=3.0, returns_by="abroad"),
    )
    uses = (
        Use("power A", "A", "power", np.linspace(70, 55, 12), value=0.6),
        Use("power B", "B", "power", np.linspace(60, 50, 12), value=0.5),
        Use("heat", "A", "gas", np.linspace(12, 1, 12), 1.2, switch_share=0.3, switch_power=8.0, switch_cost=0.1),
        Use("oven", "B", "gas", flat(2.0), 2.0, switch_share=0.5, switch_cost=0.4),
    )
    return Case(("A", "B"), plants, links, uses, (Store("store", "A", 15.0, 6.0, 5.0, 260.0),))


@cache
def regional(country: str, horizon: str) -> Case:
    """The system of a country of the embedded region with its draws."""
    return system(open_region("south-caucasus"), country, 0, 4, horizon).case


def joint(horizon: str, draw: int) -> Case:
    """Armenia, Azerbaijan and Georgia as one plan: a line between two of them, told by both, is told once."""
    case = Case(())
    for country in CLIENTS:
        known = {link.name for link in case.links}
        one = regional(country, horizon)
        case = case.joined(replace(one, links=tuple(link for link in one.links if link.name not in known)))
    return case.member(draw, 9)


def test_the_small_case_has_the_optimum_of_pypsa() -> None:
    held(small())


@pytest.mark.parametrize("seed", [0, *(pytest.param(k, marks=pytest.mark.slow) for k in (1, 2, 3))])
def test_random_cases_with_every_kind_of_part_have_the_optimum_of_pypsa(seed: int) -> None:
    held(mixed(seed))


@pytest.mark.slow
@pytest.mark.parametrize("horizon", ["short", "long"])
@pytest.mark.parametrize("country", CLIENTS)
def test_the_months_of_each_country_have_the_optimum_of_pypsa(country: str, horizon: str) -> None:
    held(regional(country, horizon).member(1, 3))


@pytest.mark.parametrize("horizon", ["short", pytest.param("long", marks=pytest.mark.slow)])
def test_the_three_countries_as_one_plan_have_the_optimum_of_pypsa(horizon: str) -> None:
    held(joint(horizon, 2))


@pytest.mark.slow
def test_armenia_without_anything_russian_has_the_optimum_of_pypsa() -> None:
    found = system(open_region("south-caucasus"), "ARM", 0, 4, "short")
    held(withdrawn(found, "RUS", FULL).member(0, 10))


@pytest.mark.slow
def test_a_case_that_differs_would_be_found() -> None:
    case = small()
    plants = (replace(case.plants[0], cost=4.01), *case.plants[1:])
    assert solve(case).cost != pytest.approx(optimum(replace(case, plants=plants)).cost, rel=CLOSE)

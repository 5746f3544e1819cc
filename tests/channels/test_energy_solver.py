"""Many draws laid out at once, and the direct road to the solver: both must give what one draw and `linprog` give."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest

from counterpoise._errors import InputError
from counterpoise.channels.energy import dispatch, solver
from counterpoise.channels.energy.case import system
from counterpoise.channels.energy.channel import withdraw
from counterpoise.channels.energy.dispatch import Solution, solve, solve_draws
from counterpoise.channels.energy.system import Case, Link, Plant, Store, Use
from counterpoise.channels.shape import HORIZONS, Ask, Effect
from counterpoise.region import Region
from counterpoise.region.draws import Assumptions
from tests.channels.energy_support import flat
from tests.channels.test_energy_dispatch import mixed

DRAWS = 6


def several() -> Case:
    """A case with draws, in some of which a limit of the year, barter, building or switching is not there at all."""
    chance = np.random.default_rng(3)

    def months(size: float) -> np.ndarray:
        return size * chance.uniform(0.5, 1.5, (DRAWS, 12))

    def number(size: float) -> np.ndarray:
        return size * chance.uniform(0.5, 1.5, DRAWS)

    shut = np.array([1.0, 0.0, 1.0, 1.0, 0.0, 1.0])
    plants = (
        Plant("water", "A", months(40.0), number(5.0), yearly=np.where(shut > 0, number(300.0), np.inf)),
        Plant("steam", "A", months(50.0), number(10.0), gas=number(0.2)),
        Plant("new", "A", months(0.3), gas=0.15, build_mw=shut * number(80.0), build_cost=number(0.1)),
    )
    links = (
        Link("line", "power", "A", "B", months(30.0), number(40.0)),
        Link("road", "gas", "S", "A", months(25.0), number(200.0), loss=number(0.02)),
        Link("barter", "gas", "B", "A", months(10.0), returns=shut * number(2.0), returns_by="line"),
    )
    heat = Use("heat", "A", "gas", months(12.0), number(1.0), shut * 0.3, switch_power=number(8.0))
    uses = (Use("light", "A", "power", months(70.0), number(0.8)), heat)
    return Case(
        ("A",), plants, links, uses, (Store("hole", "A", number(40.0), number(15.0), number(9.0), number(250.0)),)
    )


def same(one: Solution, other: Solution) -> None:
    for column in fields(Solution):
        mine, theirs = getattr(one, column.name), getattr(other, column.name)
        if isinstance(mine, dict):
            assert mine.keys() == theirs.keys()
            np.testing.assert_array_equal(list(mine.values()), list(theirs.values()))
        else:
            np.testing.assert_array_equal(mine, theirs)


def test_draws_laid_out_together_are_solved_as_each_alone() -> None:
    case, draws, first = several(), np.array([4, 0, 2, 1, 5]), np.array([0, 3, 11, 7, 3])
    found = solve_draws(case, draws, first)
    for draw, month, one in zip(draws, first, found, strict=True):
        assert one.ok
        same(one, solve(case.member(int(draw), int(month))))


@pytest.mark.parametrize("seed", range(4))
def test_the_direct_road_gives_what_linprog_gives(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    direct = solve(mixed(seed))
    monkeypatch.setattr(dispatch, "optimum", solver.through_linprog)
    public = solve(mixed(seed))
    same(replace(direct, gap=0.0), replace(public, gap=0.0))
    assert max(direct.gap, public.gap) < 1e-9


def test_a_threat_measured_through_linprog_is_the_same_to_the_last_bit(
    caucasus: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = [Ask(caucasus, "RUS", "GEO", horizon, Assumptions(caucasus, seed=2, count=6)) for horizon in HORIZONS]
    direct = [withdraw(ask) for ask in asked]
    roads = []

    def public(programme: solver.Programme) -> solver.Optimum:
        roads.append(programme)
        return solver.through_linprog(programme)

    system.cache_clear()
    monkeypatch.setattr(dispatch, "optimum", public)
    for one, ask in zip(direct, asked, strict=True):
        other = withdraw(ask)
        assert isinstance(one, Effect)
        assert isinstance(other, Effect)
        np.testing.assert_array_equal(one.client, other.client)
        np.testing.assert_array_equal(one.sender, other.sender)
        assert dict(one.physical) == dict(other.physical)
    assert roads
    system.cache_clear()


def test_both_roads_say_alike_that_there_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    endless = flat(np.inf)
    links = (Link("in", "power", "M", "A", endless), Link("out", "power", "A", "N", endless, price=10.0))
    case = Case(("A",), (), links, (Use("use", "A", "power", flat(1.0), value=1.0),))
    direct = solve(case)
    monkeypatch.setattr(dispatch, "optimum", solver.through_linprog)
    same(direct, solve(case))
    assert not direct.ok


def test_a_scipy_with_its_solver_elsewhere_is_asked_through_linprog(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(name: str) -> Any:
        raise ImportError(name)

    with monkeypatch.context() as patch:
        patch.setattr(solver, "import_module", gone)
        solver._highs.cache_clear()
        solver._road.cache_clear()
        assert solver._road() is solver.through_linprog
    solver._highs.cache_clear()
    solver._road.cache_clear()
    assert solver._road() is solver.directly


def test_a_draw_out_of_range_is_refused_with_its_number() -> None:
    case = several()
    plant = replace(case.plants[1], gas=np.array([0.1, 0.1, -0.5, 0.1, 0.1, 0.1]))
    with pytest.raises(InputError, match=r"steam.gas") as refused:
        solve_draws(replace(case, plants=(plant,)), np.arange(DRAWS), np.zeros(DRAWS, dtype=int))
    assert refused.value.code == "E430"
    assert "-0.5" in str(refused.value)

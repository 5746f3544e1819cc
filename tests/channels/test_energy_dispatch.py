"""The programme of electricity and gas: cases by hand, balances, duality, and the same cases formulated otherwise."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from counterpoise._errors import InputError
from counterpoise.channels.energy.dispatch import bill, solve
from counterpoise.channels.energy.system import Case, Link, Plant, Store, Use
from tests.channels.energy_support import flat

DEMAND = Use("use", "A", "power", flat(100.0), value=1.0)


def test_the_cheapest_plant_runs_first_and_the_next_sets_the_price() -> None:
    """Demand 100: 60 GWh at 10 USD/MWh, 40 at 50: 0.6 + 2.0 = 2.6 USD mn a month, 31.2 a year; the price is 50."""
    plants = (Plant("cheap", "A", flat(60.0), cost=10.0), Plant("dear", "A", flat(60.0), cost=50.0))
    found = solve(Case(("A",), plants, uses=(DEMAND,)))
    assert found.cost == pytest.approx(31.2)
    np.testing.assert_allclose(found.output.sum(axis=1), [720.0, 480.0])
    np.testing.assert_allclose(found.price["A", "power"], 50.0)


def test_a_gas_plant_pays_for_what_it_burns() -> None:
    """100 GWh at 0.2 mcm/GWh burn 20 mcm at 200 USD: 4 USD mn a month; the price is 200 x 0.2 = 40 USD/MWh."""
    plant = Plant("gas", "A", flat(100.0), gas=0.2)
    road = Link("road", "gas", "S", "A", flat(50.0), price=200.0)
    found = solve(Case(("A",), (plant,), (road,), (replace(DEMAND, demand=flat(90.0)),)))
    assert found.cost == pytest.approx(0.9 * 48.0)
    np.testing.assert_allclose(found.price["A", "power"], 40.0)
    np.testing.assert_allclose(found.price["A", "gas"], 200.0)


def test_what_cannot_be_served_costs_its_value() -> None:
    """70 of 100 GWh can be made; 30 go unserved at 1 USD/kWh, 30 USD mn a month, and the price is 1000 USD/MWh."""
    found = solve(Case(("A",), (Plant("p", "A", flat(70.0)),), uses=(DEMAND,)))
    assert found.cost == pytest.approx(360.0)
    np.testing.assert_allclose(found.unserved, 30.0)
    np.testing.assert_allclose(found.price["A", "power"], 1000.0)


def test_gas_goes_to_the_use_that_values_it_most() -> None:
    """10 mcm for a heater of 2 USD/m3 and a plant whose GWh (0.2 mcm) is worth 1 USD/kWh, 5 USD/m3: the plant."""
    heat = Use("heat", "A", "gas", flat(10.0), value=2.0)
    power = Use("power", "A", "power", flat(50.0), value=1.0)
    road = Link("road", "gas", "S", "A", flat(10.0))
    found = solve(Case(("A",), (Plant("p", "A", flat(60.0), gas=0.2),), (road,), (heat, power)))
    np.testing.assert_allclose(found.unserved, [flat(10.0), flat(0.0)], atol=1e-9)


def test_heat_switches_to_electricity_up_to_its_share_while_there_is_some() -> None:
    """10 mcm wanted, no gas; 30 per cent may switch at 8 GWh/mcm from a free plant, the other 7 mcm are unserved."""
    heat = Use("heat", "A", "gas", flat(10.0), value=2.0, switch_share=0.3, switch_power=8.0, switch_cost=0.1)
    found = solve(Case(("A",), (Plant("p", "A", flat(100.0)),), uses=(heat,)))
    np.testing.assert_allclose(found.switched, 3.0)
    np.testing.assert_allclose(found.output, 24.0)
    assert found.cost == pytest.approx(12 * (3 * 0.1 + 7 * 2.0))


def test_a_use_is_never_both_switched_and_cut_to_free_gas_for_others() -> None:
    heat = Use("heat", "A", "gas", flat(10.0), value=0.01, switch_share=1.0)
    power = Use("power", "A", "power", flat(80.0), value=1.0)
    road = Link("road", "gas", "S", "A", flat(10.0))
    found = solve(Case(("A",), (Plant("p", "A", flat(90.0), gas=0.2),), (road,), (heat, power)))
    assert (found.unserved[0] + found.switched[0] <= 10.0 + 1e-9).all()
    np.testing.assert_allclose(found.unserved[1], 30.0)


def test_barter_sends_electricity_back_over_its_line() -> None:
    """A mcm comes for 3 GWh; the line carries 12 GWh, so 4 mcm come although 10 could: 20 GWh, of which 12 go back."""
    line = Link("line", "power", "A", "I", flat(12.0))
    swap = Link("swap", "gas", "I", "A", flat(10.0), returns=3.0, returns_by="line")
    plant = Plant("p", "A", flat(100.0), gas=0.2)
    found = solve(Case(("A",), (plant,), (swap, line), (DEMAND,)))
    np.testing.assert_allclose(found.flow[0], 4.0)
    np.testing.assert_allclose(found.unserved[0], 92.0)


def test_a_store_carries_summer_gas_into_winter_and_its_stock_is_charged() -> None:
    """Two months, 10 mcm wanted in the second, none to be had then: the store of 6 is filled in the first."""
    heat = Use("heat", "A", "gas", np.array([0.0, 10.0]), value=2.0)
    road = Link("road", "gas", "S", "A", np.array([50.0, 0.0]), price=200.0)
    store = Store("store", "A", size=6.0, start=1.0, rate=10.0, refill=300.0)
    found = solve(Case(("A",), (), (road,), (heat,), (store,)))
    np.testing.assert_allclose(found.level, [[6.0, 0.0]])
    # 5 mcm bought at 0.2, 4 unserved at 2, and the stock of 1 that is gone at 0.3.
    assert found.cost == pytest.approx(5 * 0.2 + 4 * 2.0 + 0.3)


def test_a_plant_is_built_where_it_pays() -> None:
    """A MW makes 0.5 GWh a month and costs 0.3 a year; it saves 6 GWh at 100 USD/MWh, 0.6: all 20 MW are built."""
    new = Plant("new", "A", flat(0.5), build_mw=20.0, build_cost=0.3)
    old = Plant("old", "A", flat(200.0), cost=100.0)
    found = solve(Case(("A",), (old, new), uses=(DEMAND,)))
    np.testing.assert_allclose(found.built, [0.0, 20.0])
    assert found.cost == pytest.approx(20 * 0.3 + 12 * 90 * 0.1)
    dear = replace(new, build_cost=0.7)
    np.testing.assert_allclose(solve(Case(("A",), (old, dear), uses=(DEMAND,))).built, 0.0)


def test_two_countries_share_a_line_and_their_accounts_add_up_to_the_cost() -> None:
    """A sells B 30 GWh of free output at 20 USD/MWh, a tenth is lost: A gains 0.6 a month, B pays it and lacks 73."""
    uses = (DEMAND, Use("other", "B", "power", flat(100.0), value=1.0))
    line = Link("line", "power", "A", "B", flat(30.0), price=20.0, loss=0.1)
    found = solve(Case(("A", "B"), (Plant("p", "A", flat(140.0)),), (line,), uses))
    np.testing.assert_allclose(found.unserved[1], 73.0)
    assert found.accounts["A"] == pytest.approx(-12 * 0.6)
    assert found.accounts["B"] == pytest.approx(12 * (0.6 + 73.0))
    assert sum(found.accounts.values()) == pytest.approx(found.cost)


def test_yearly_limits_hold_beside_monthly_ones() -> None:
    plant = Plant("p", "A", flat(100.0), yearly=600.0)
    found = solve(Case(("A",), (plant,), uses=(DEMAND,)))
    assert found.output.sum() == pytest.approx(600.0)


def mixed(seed: int) -> Case:
    """A random case of two countries with every kind of part."""
    random = np.random.default_rng(seed)

    def series(most: float) -> np.ndarray:
        return random.uniform(0, most, 4)

    plants = [
        Plant(
            f"p{k}", "AB"[k % 2], series(80), random.uniform(0, 90), 0.2 if k % 3 == 0 else 0.0, 150.0 + 1e9 * (k != 4)
        )
        for k in range(6)
    ]
    plants.append(Plant("new", "A", series(0.6), build_mw=30.0, build_cost=random.uniform(0, 0.4)))
    links = (
        Link("ga", "gas", "S", "A", series(40), random.uniform(100, 300), yearly=60.0),
        Link("gab", "gas", "A", "B", series(20), 10.0, loss=0.05),
        Link("ab", "power", "A", "B", series(40), 30.0, loss=0.1),
        Link("ai", "power", "A", "I", series(20), random.uniform(0, 60)),
        Link("swap", "gas", "I", "A", series(10), returns=3.0, returns_by="ai"),
        Link("ba", "power", "B", "A", series(40), 35.0),
    )
    uses = (
        Use("pa", "A", "power", series(150), value=random.uniform(0.2, 2)),
        Use("pb", "B", "power", series(150), value=random.uniform(0.2, 2)),
        Use("ha", "A", "gas", series(30), 1.5, switch_share=0.4, switch_power=8.0, switch_cost=0.1),
        Use("hb", "B", "gas", series(20), 2.5),
    )
    return Case(("A", "B"), tuple(plants), links, uses, (Store("s", "A", 20.0, 5.0, 8.0, 150.0),))


def by_month_and_name(case: Case) -> float:
    """The least cost of a case written out row by row as a mixed-integer programme without integers."""
    months = len(case.uses[0].demand)
    index: dict[tuple[str, str, int], int] = {}

    def column(kind: str, name: str, month: int) -> int:
        return index.setdefault((kind, name, month), len(index))

    cost: dict[int, float] = {}
    rows: list[tuple[dict[int, float], float, float]] = []
    most: dict[int, float] = {}
    for t in range(months):
        for country in case.countries:
            for carrier in ("power", "gas"):
                row: dict[int, float] = {}

                def add(at: int, value: float, row: dict[int, float] = row) -> None:
                    row[at] = row.get(at, 0.0) + value

                for p in (p for p in case.plants if p.country == country):
                    add(column("g", p.name, t), 1.0 if carrier == "power" else -float(p.gas))
                for link in case.links:
                    at = column("f", link.name, t)
                    if link.carrier == carrier:
                        add(at, (link.end == country) * (1 - float(link.loss)) - (link.start == country))
                    if carrier == "power" and link.end == country:
                        add(at, -float(link.returns))
                for use in (u for u in case.uses if u.country == country):
                    if use.carrier == carrier:
                        add(column("v", use.name, t), 1.0)
                        add(column("e", use.name, t), 1.0)
                    if carrier == "power":
                        add(column("e", use.name, t), -float(use.switch_power))
                for s in (s for s in case.stores if s.country == country and carrier == "gas"):
                    add(column("L", s.name, t), -1.0)
                    if t:
                        add(column("L", s.name, t - 1), 1.0)
                stock = sum(float(s.start) for s in case.stores if s.country == country) * (carrier == "gas" and t == 0)
                need = sum(float(u.demand[t]) for u in case.uses if (u.country, u.carrier) == (country, carrier))
                rows.append((row, need - stock, need - stock))
        for p in case.plants:
            g, b = column("g", p.name, t), column("B", p.name, 0)
            cost |= {g: float(p.cost) / 1000, b: float(p.build_cost)}
            most |= {g: np.inf if p.build_mw else float(p.limit[t]), b: float(p.build_mw)}
            if p.build_mw:
                rows.append(({g: 1.0, b: -float(p.limit[t])}, -np.inf, 0.0))
        for link in case.links:
            f = column("f", link.name, t)
            cost[f] = float(link.price) / 1000 * ((link.end in case.countries) - (link.start in case.countries))
            most[f] = float(link.limit[t])
            if link.returns_by:
                line = next(k for k in case.links if k.name == link.returns_by)
                rows.append(({f: float(link.returns), column("f", line.name, t): 1.0}, -np.inf, float(line.limit[t])))
        for u in case.uses:
            v, e = column("v", u.name, t), column("e", u.name, t)
            cost |= {v: float(u.value), e: float(u.switch_cost)}
            most |= {v: float(u.demand[t]), e: float(u.switch_share) * float(u.demand[t])}
            rows.append(({v: 1.0, e: 1.0}, -np.inf, float(u.demand[t])))
        for s in case.stores:
            level = column("L", s.name, t)
            most[level] = float(s.size)
            change = {level: 1.0} | ({column("L", s.name, t - 1): -1.0} if t else {})
            opening = float(s.start) * (t == 0)
            rows.append((change, opening - float(s.rate), opening + float(s.rate)))
            cost[level] = -float(s.refill) / 1000 * (t == months - 1)
    for part, kind in [(p, "g") for p in case.plants] + [(k, "f") for k in case.links]:
        if np.isfinite(part.yearly):
            rows.append(({column(kind, part.name, t): 1.0 for t in range(months)}, -np.inf, float(part.yearly)))
    matrix = np.zeros((len(rows), len(index)))
    for k, (row, _, _) in enumerate(rows):
        for at, value in row.items():
            matrix[k, at] = value
    low, high = ([row[k] for row in rows] for k in (1, 2))
    answer = milp(
        [cost.get(k, 0.0) for k in range(len(index))],
        constraints=LinearConstraint(matrix, low, high),
        bounds=Bounds(0, [most.get(k, np.inf) for k in range(len(index))]),
    )
    return float(answer.fun) + sum(float(s.start * s.refill) / 1000 for s in case.stores)


@pytest.mark.parametrize("seed", range(12))
def test_the_same_case_written_out_otherwise_costs_the_same(seed: int) -> None:
    case = mixed(seed)
    found = solve(case)
    assert found.ok
    assert found.cost == pytest.approx(by_month_and_name(case), rel=1e-6)


@pytest.mark.parametrize("seed", range(12))
def test_balances_close_and_the_dual_has_the_value_of_the_cost(seed: int) -> None:
    found = solve(mixed(seed))
    assert found.residual < 1e-9
    assert found.gap < 1e-9
    assert sum(found.accounts.values()) == pytest.approx(found.cost)


@pytest.mark.parametrize("seed", range(6))
def test_the_shadow_price_is_what_one_more_unit_costs(seed: int) -> None:
    case, step = mixed(seed), 1e-5
    found = solve(case)
    for k, use in enumerate(case.uses):
        more = replace(use, demand=use.demand + np.array([0.0, step, 0.0, 0.0]))
        less = replace(use, demand=use.demand - np.array([0.0, step, 0.0, 0.0]))
        costs = [solve(replace(case, uses=(*case.uses[:k], u, *case.uses[k + 1 :]))).cost for u in (less, more)]
        slope = [(found.cost - costs[0]) / step * 1000, (costs[1] - found.cost) / step * 1000]
        # At a kink any price between the two slopes is right; a use's own switching moves with its demand.
        if not use.switch_share:
            price = found.price[use.country, use.carrier][1]
            assert min(slope) - 0.5 <= price <= max(slope) + 0.5


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 50), st.floats(0, 300)), min_size=1, max_size=8),
    st.floats(0, 300),
)
def test_one_country_without_gas_is_its_merit_order(stack: list[tuple[float, float]], demand: float) -> None:
    plants = tuple(Plant(f"p{k}", "A", flat(size, 1), cost=cost) for k, (size, cost) in enumerate(stack))
    found = solve(Case(("A",), plants, uses=(Use("u", "A", "power", flat(demand, 1), value=0.4),)))
    left, cost = demand, 0.0
    for size, price in sorted(stack, key=lambda plant: plant[1]):
        made = min(left, size) if price < 400.0 else 0.0
        left, cost = left - made, cost + made * price / 1000
    assert found.cost == pytest.approx(cost + 0.4 * left, abs=1e-7)


def test_a_bill_at_other_prices_is_the_account_of_the_same_operation() -> None:
    case = mixed(3)
    found = solve(case)
    for country in case.countries:
        assert float(bill(case, found, country)) == pytest.approx(found.accounts[country])


def test_members_are_draws_and_months_turn_with_the_first() -> None:
    plant = Plant("p", "A", np.arange(24.0).reshape(2, 12), cost=np.array([1.0, 2.0]))
    member = Case(("A",), (plant,)).member(1, first_month=3).plants[0]
    np.testing.assert_array_equal(member.limit, np.roll(np.arange(12.0, 24.0), -3))
    assert member.cost == 2.0


def test_a_programme_without_an_answer_says_so_and_gives_no_numbers() -> None:
    """A market that pays for electricity bought for nothing elsewhere, without limit: unbounded."""
    endless = flat(np.inf)
    links = (Link("in", "power", "M", "A", endless), Link("out", "power", "A", "N", endless, price=10.0))
    found = solve(Case(("A",), (), links, (DEMAND,)))
    assert found.status in ("unbounded", "infeasible", "numerical trouble")
    assert not found.ok
    assert np.isnan(found.cost)
    assert np.isnan(found.unserved).all()


def test_an_inconsistent_case_is_refused_with_every_fault() -> None:
    """E430 for a plant abroad, a negative limit, a link between markets, a lost return line, a store overfull, ..."""
    case = Case(
        ("A",),
        (Plant("p", "Z", flat(1.0)), Plant("q", "A", -flat(1.0)), Plant("q", "A", flat(1.0, 6))),
        (
            Link("m", "power", "X", "Y", flat(1.0)),
            Link("b", "gas", "X", "A", flat(1.0), loss=2.0, returns_by="gone"),
            Link("c", "steam", "X", "A", flat(1.0)),
        ),
        (DEMAND,),
        (Store("s", "A", size=1.0, start=2.0, rate=1.0, refill=1.0),),
    )
    with pytest.raises(InputError) as caught:
        solve(case)
    assert {fault.code for fault in caught.value.faults} == {"E430"}
    where = {fault.where for fault in caught.value.faults}
    assert {"p", "q", "m", "b", "b.loss", "c", "s.start"} <= where

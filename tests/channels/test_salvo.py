"""Missile exchanges: laws of the arithmetic, hostile files, switches on a region's fleets."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoise._errors import InputError, SolveError
from counterpoise.channels.security.salvo.arithmetic import ALLOCATIONS, Side, fire, fire_by_chance, shares
from counterpoise.channels.security.salvo.exchange import salvo_from_file
from counterpoise.channels.security.salvo.fleets import read_fleets
from counterpoise.channels.security.salvo.navies import boats_to_hold, salvo_from_region
from counterpoise.cli.salvo import salvo
from counterpoise.region.draws import uniforms
from tests.channels.security_support import boats, security_region

HEADER = "fleet,class,number,salvo,defence,staying_power"
CHANCES = {"security:hit_chance": 1.0, "security:intercept_chance": 1.0}


def write(folder: Path, *rows: str, header: str = HEADER) -> Path:
    path = folder / "fleets.csv"
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return path


def side(name: str, *classes: tuple[float, float, float, float]) -> Side:
    """Classes as (number, salvo, defence, staying), one draw, every missile true and every try a stop."""
    number, salvo, defence, staying = (np.array([[row[k]] for row in classes], dtype=float) for k in range(4))
    sure = np.ones_like(number)
    return Side(name, tuple(f"c{k}" for k in range(len(classes))), number, salvo, defence, staying, sure, sure)


FORCE = st.tuples(st.floats(0, 20), st.floats(0, 10), st.floats(0, 5), st.floats(0.2, 4))


@given(st.lists(FORCE, min_size=1, max_size=4), st.lists(FORCE, min_size=1, max_size=4))
def test_losses_never_exceed_the_ships_present_and_fire_is_never_counted_twice(
    mine: list[tuple[float, float, float, float]], theirs: list[tuple[float, float, float, float]]
) -> None:
    one, other = side("A", *mine), side("B", *theirs)
    for allocation in ALLOCATIONS:
        volley = fire(one, other, allocation)
        assert (volley.losses >= 0).all()
        assert (volley.losses <= other.number + 1e-12).all()
        true = (one.number * one.salvo).sum(axis=0)
        assert (volley.losses * other.staying).sum() <= true * (1 + 1e-9) + 1e-9
        assert (shares(other, true, allocation).sum(axis=0) <= 1 + 1e-9).all()


def test_a_salvo_smaller_than_the_defence_does_nothing() -> None:
    assert fire(side("A", (3, 2, 0, 1)), side("B", (2, 0, 3, 1))).losses.item() == 0.0


def test_fire_goes_to_ships_in_proportion_or_to_classes_alike() -> None:
    target = side("B", (9, 0, 0, 1), (1, 0, 0, 1))
    np.testing.assert_allclose(shares(target, np.array([5.0]), "proportional")[:, 0], [0.9, 0.1])
    np.testing.assert_allclose(shares(target, np.array([5.0]), "uniform")[:, 0], [0.5, 0.5])


def test_the_worst_split_is_no_worse_than_any_split_on_a_fine_grid() -> None:
    target = side("B", (2, 8, 2, 1.5), (6, 1, 0, 0.5), (3, 4, 1, 1))
    worth = (target.salvo + target.defence) * target.staying
    for strength in (2, 5, 9, 14, 30):
        attacker = side("A", (1, strength, 0, 1))
        found = float((fire(attacker, target, "worst").losses * worth).sum())
        grid = np.linspace(0, 1, 41)
        tried = 0.0
        for a, b in product(grid, grid):
            if a + b <= 1:
                aimed = strength * np.array([[a], [b], [1 - a - b]])
                lost = np.clip((aimed - target.number * target.defence) / target.staying, 0, target.number)
                tried = max(tried, float((lost * worth).sum()))
        assert found >= tried - 1e-9


def test_too_many_classes_for_the_worst_split_are_refused_with_E444() -> None:
    with pytest.raises(SolveError, match="E444"):
        fire(side("A", (1, 1, 0, 1)), side("B", *[(1, 1, 1, 1)] * 15), "worst")


def test_ships_without_worth_are_aimed_at_only_when_there_are_no_others() -> None:
    attacker, hulks = side("A", (1, 3, 0, 1)), (5, 0, 0, 1)
    assert fire(attacker, side("B", hulks, (2, 1, 0, 1)), "worst").losses[:, 0].tolist() == [0.0, 2.0]
    assert fire(attacker, side("B", hulks), "worst").losses.item() == 3.0
    assert shares(side("B", *[hulks] * 15, (2, 1, 0, 1)), np.array([3.0]), "worst")[-1].item() == 1.0


def test_chance_agrees_with_the_average_where_nothing_is_capped() -> None:
    members = 20_000
    one, other = side("A", (4, 6, 0, 1)), side("B", (20, 0, 0.2, 2), (10, 0, 0, 1))
    wide = {
        s.name: Side(
            s.name,
            s.classes,
            *(np.repeat(a, members, axis=1) for a in (s.number, s.salvo, s.defence, s.staying)),
            np.full((len(s.classes), members), 0.5),
            np.full((len(s.classes), members), 0.5),
        )
        for s in (one, other)
    }
    drawn = fire_by_chance(wide["A"], wide["B"], lambda name: uniforms(3, name, members)).potential
    # 24 missiles, half true: 8 and 4 aimed; 4 tries stop 2 for the first class.
    assert drawn[0].mean() == pytest.approx((8 - 2) / 2, rel=0.02)
    assert drawn[1].mean() == pytest.approx(4.0, rel=0.02)


def test_the_command_prints_rounds_survivors_and_chances(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, "A,destroyer,2,4,4,1", "B,boat,5,4,0,2")
    assert salvo(path, members=50, json=True) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["rounds"][0]["losses"] == {"A": 2.0, "B": 4.0}
    assert found["rounds"][0]["potential_losses"]["A"] == 12.0
    assert found["survivors"] == {"A": 0.0, "B": 1.0}
    assert found["win_probability"] == {"A": 0.0, "B": 1.0}
    assert found["meta"]["cites"] == ["armstrong2005", "hughes1995"]
    assert list(found["meta"]["inputs"]) == [str(path)]


def test_two_alike_fleets_have_alike_chances_and_more_members_change_no_member(tmp_path: Path) -> None:
    header = HEADER + ",hit,intercept,number_low,number_high"
    path = write(tmp_path, "A,boat,6,4,1,1,0.5,0.5,4,8", "B,boat,6,4,1,1,0.5,0.5,4,8", header=header)
    few, many = (salvo_from_file(path, members=members, seed=4) for members in (100, 2000))
    np.testing.assert_array_equal(few.left["A"], many.left["A"][:100])
    assert many.win_probability["A"] == pytest.approx(many.win_probability["B"], abs=0.05)
    again = salvo_from_file(path, members=2000, seed=4)
    assert again.to_json() == many.to_json()


def test_the_fleet_that_fires_first_loses_less(tmp_path: Path) -> None:
    path = write(tmp_path, "A,boat,4,4,1,1", "B,boat,4,4,1,1")
    together, before = salvo_from_file(path), salvo_from_file(path, first="A")
    assert before.survivors["A"] == 4.0 > together.survivors["A"]
    assert before.holds_its_own == {"A": True, "B": False}


def test_every_fault_of_a_file_is_listed_at_once(tmp_path: Path) -> None:
    header = HEADER + ",salvo_low,salvo_high,hit"
    rows = [
        "A,boat,x,4,1,1,,,",  # E203: no number
        "A,boat,-2,4,1,0,,,",  # E442 twice: number below 0, staying power of 0; E443: again
        "B,,1,4,1,1,,,",  # E203: blank class
        "B,frigate,1,4,1,1,5,8,2",  # E441: low above value; E442: chance of 2
        "B,nan,1,NaN,,1e999,,,0.5",  # E203: not a number, blank; E442: infinite
    ]
    with pytest.raises(InputError) as caught:
        read_fleets(write(tmp_path, *rows, header=header))
    codes = [fault.code for fault in caught.value.faults]
    assert sorted(codes) == sorted(["E203", "E442", "E442", "E443", "E203", "E441", "E442", "E203", "E203", "E442"])
    assert all(":" in fault.where for fault in caught.value.faults)


def test_fleets_that_cannot_meet_are_refused_with_E440(tmp_path: Path) -> None:
    path = write(tmp_path, "A,boat,1,1,1,1", "B,boat,1,1,1,1", "C,boat,1,1,1,1")
    with pytest.raises(InputError, match="E440"):
        salvo_from_file(path)
    assert salvo_from_file(path, sides="A,C").survivors.keys() == {"A", "C"}
    with pytest.raises(InputError, match="'D'"):
        salvo_from_file(path, sides="A,D")
    with pytest.raises(InputError, match="E440"):
        salvo_from_file(path, sides="A,C", first="B")
    with pytest.raises(InputError) as caught:
        salvo_from_file(path, members=0, rounds=99, allocation="best")  # type: ignore[arg-type]
    assert [fault.code for fault in caught.value.faults] == ["E204"] * 3
    many = write(tmp_path, *[f"{fleet},boat {k},1,1,1,1" for fleet in "AB" for k in range(30)])
    with pytest.raises(InputError, match="join classes"):
        salvo_from_file(many, members=100_000)


def test_switches_on_a_regions_fleets_move_the_balance(lakeland: Path) -> None:
    fleets = (
        boats("f:1", "LKE", "missile boat", 4, 4, 1, 1),
        boats("f:2", "NRT", "corvette", 4, 4, 1, 1),
        boats("f:3", "NRT", "absent corvette", 0, 8, 2, 1).replace(",0,,,8", ",0,0,3,8"),
    )
    region = security_region(lakeland, fleets=fleets, ranges=CHANCES)
    even = salvo_from_region(region, "LKE", "NRT", members=20)
    assert even.before["NRT"].ships.item() == 4.0
    assert even.survivors["LKE"] == even.survivors["NRT"]
    stronger = salvo_from_region(region, "LKE", "NRT", members=20, reinforce=["f:3"])
    assert stronger.before["NRT"].ships.item() == 7.0
    assert not stronger.holds_its_own["LKE"]
    loaded = salvo_from_region(region, "LKE", "NRT", members=20, land_attack=["f:2"])
    assert loaded.win_probability == {"LKE": 1.0, "NRT": 0.0}
    needed = boats_to_hold(region, "LKE", "NRT", "f:1", members=20, reinforce=["f:3"])
    assert needed is not None
    assert needed > 0
    with pytest.raises(InputError) as caught:
        salvo_from_region(region, "LKE", "STH", reinforce=["f:9"])
    assert {fault.code for fault in caught.value.faults} == {"E440", "E204"}

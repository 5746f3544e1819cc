"""Each kind of move of a scenario has its effect, in its direction, on the client it names and on nobody else."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from counterpoise.play._block import run_chunk
from counterpoise.play._chance import Chance
from counterpoise.region._scenario import NEEDS, Move
from tests.play import toy

MEMBERS = 400
# Kind -> where its effect is tested: here, or in the file that is named.
ELSEWHERE = {
    "carrot": "test_step.py",
    "stick": "test_step.py",
    "election": "test_votes.py",
    "open_link": "test_structures.py",
    "close_link": "test_structures.py",
    "plant_in": "test_structures.py",
    "plant_out": "test_structures.py",
}
HERE = ("commitment", "shock", "visit")


def move(kind: str, **own: Any) -> Move:
    base = {"id": "it", "kind": kind, "date": "2027-02-01", "target": ("AAA",), "judgement": "made up"}
    return Move(**base | own)


def paths(*moves: Move, hazard: float = 0.3, **own: float) -> Any:
    return run_chunk(toy.plan(moves=moves, until=2031, base=toy.ground(hazard=hazard), **own), Chance(6, 0, MEMBERS))


def test_every_kind_of_move_is_tested_somewhere() -> None:
    assert {*ELSEWHERE, *HERE} == set(NEEDS)


def test_a_firm_promise_means_fewer_attacks_and_its_end_more() -> None:
    formal = move("commitment", actor="QQQ", form="formal", size=0.0, unit="ambiguity")
    gone = move("commitment", actor="QQQ", form="withdrawn", size=0.0, unit="ambiguity")
    attacks = [path.events["attacked"].sum(axis=(0, 1)) for path in (paths(formal), paths(), paths(gone))]
    assert attacks[0][0] < attacks[1][0] < attacks[2][0]
    # Through what its own test teaches, a promise to one client changes belief in the word given to others.
    assert attacks[0][1] == pytest.approx(attacks[1][1], rel=0.1)


def test_a_promise_no_firmer_than_the_standing_one_changes_nothing() -> None:
    vague = move("commitment", actor="QQQ", form="political", size=0.9, unit="ambiguity")
    assert (paths(vague).position == paths().position).all()


def test_a_shock_to_income_a_hazard_and_a_volatility_each_hit_what_they_name() -> None:
    plain = paths()
    poorer = paths(move("shock", size=3.0, unit="% GDP"))
    assert poorer.loss[-1, :, 0] - plain.loss[-1, :, 0] == pytest.approx(3.0)
    assert (poorer.loss[..., 1] == plain.loss[..., 1]).all()
    graver = paths(move("shock", size=2.5, unit="hazard factor"))
    assert graver.events["attacked"][..., 0].sum() > 1.5 * plain.events["attacked"][..., 0].sum()
    safer = paths(move("shock", size=0.0, unit="hazard factor"))
    assert not safer.events["attacked"][-4:, :, 0].any()
    wilder = paths(move("shock", size=2.0, unit="volatility factor"))
    spread = [np.std(path.position[-1, ..., 1] - path.position[0, ..., 1], axis=0) for path in (wilder, plain)]
    assert spread[0][0] > 1.3 * spread[1][0]
    assert spread[0][1] == spread[1][1]


def test_a_shock_by_one_rival_leaves_the_hazard_of_others() -> None:
    elsewhere = paths(move("shock", actor="PPP", size=3.0, unit="hazard factor"))
    assert (elsewhere.events["attacked"] == paths().events["attacked"]).all()


def test_a_shock_ends_when_its_time_is_over() -> None:
    short = paths(move("shock", size=3.0, unit="% GDP", lasts_years=1.0))
    extra = short.loss[:, 0, 0] - paths().loss[:, 0, 0]
    assert np.flatnonzero(extra > 1e-9).tolist() == [0, 1, 2, 3]


def test_a_visit_is_a_gain_held_from_the_visitor_that_fades_faster_than_others() -> None:
    visit = move("visit", actor="QQQ", size=4, unit="rank")
    path = paths(visit, visit_gain=0.05, weight__benefit=1.0, decay__visit=0.3, decay__energy=0.05)
    held = path.gain[:, 0, 0, 1]
    first = int(np.flatnonzero(held)[0])
    assert held[first] == pytest.approx(4 * 0.05)
    assert held[first:] == pytest.approx(held[first] * 0.7 ** np.arange(len(held) - first))
    assert (path.gain[:, :, 1] == 0).all()
    assert (path.gain[..., 0] == 0).all()


def test_a_gift_or_a_blow_of_a_power_that_is_no_patron_counts_and_pulls_nowhere() -> None:
    gift = move("carrot", actor="ZZZ", channel="capital", size=2.0, unit="% GDP", lasts_years=50)
    path, plain = paths(gift), paths()
    assert path.loss[-1, :, 0] - plain.loss[-1, :, 0] == pytest.approx(-2.0)
    assert (path.gain == 0).all()
    assert (path.position == plain.position).all()

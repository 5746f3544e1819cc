"""Elections in a run: which come, which side wins, what an operation can turn, and where the client then heads."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterpoise.play._block import run_chunk
from counterpoise.play._chance import Chance
from counterpoise.play._parameters import Parameters
from counterpoise.play._votes import Contest, contests_of, due, turns_of
from counterpoise.region import open_region
from counterpoise.region._scenario import Move
from tests.play import toy


def vote(country: str, date: str) -> SimpleNamespace:
    return SimpleNamespace(country=country, date=date, source="made-up")


def calendar(**elections: SimpleNamespace) -> SimpleNamespace:
    return SimpleNamespace(elections=elections)


def election(**own: object) -> Move:
    base = {"id": "v", "kind": "election", "date": "2027-05-10", "target": ("AAA",), "election": "AAA-2027"}
    return Move(**base | {"winner": "drawn", "judgement": "made up"} | own)


def contest(*, west: bool, before: bool, lead: float, move: Move | None = None) -> Contest:
    return Contest(
        election() if move is None else move,
        0,
        np.full(toy.DRAWS, west),
        np.full(toy.DRAWS, lead),
        np.full(toy.DRAWS, before),
    )


def turns(one: Contest, count: int = 200, **own: float):
    made = toy.plan(**own)
    return turns_of([one], made.parameters, made.ground, Chance(3, 0, count), made.labels)[0]


# --- which elections come ---------------------------------------------------------------------------------------------


def test_elections_after_the_start_come_for_clients_alone_each_on_its_date_and_open() -> None:
    region = calendar(**{"AAA-2027": vote("AAA", "2027-05-10"), "BBB-2028": vote("BBB", "2028-01-01")})
    region.elections |= {"AAA-2020": vote("AAA", "2020-01-01"), "CCC-2027": vote("CCC", "2027-01-01")}
    found = due(region, toy.ground(), ())
    assert [(move.election, move.date, move.winner, move.target) for move in found] == [
        ("AAA-2027", "2027-05-10", "drawn", ("AAA",)),
        ("BBB-2028", "2028-01-01", "drawn", ("BBB",)),
    ]
    assert all(move.sources == ("made-up",) for move in found)


def test_an_election_on_the_day_of_the_start_is_history() -> None:
    assert due(calendar(**{"AAA-NOW": vote("AAA", "2026-11-22")}), toy.ground(), ()) == []


def test_an_election_that_the_scenario_names_does_not_come_a_second_time() -> None:
    region = calendar(**{"AAA-2027": vote("AAA", "2027-05-10")})
    assert due(region, toy.ground(), (election(),)) == []


@given(names=st.permutations(["AAA-1", "AAA-2", "AAA-3"]))
def test_the_order_of_the_calendar_does_not_matter(names: list[str]) -> None:
    region = calendar(**{name: vote("AAA", "2027-05-10") for name in names})
    assert [move.election for move in due(region, toy.ground(), ())] == sorted(names)


# --- what an election does --------------------------------------------------------------------------------------------


def test_the_side_that_comes_in_moves_the_client_its_way_and_one_that_stays_does_not() -> None:
    to_west = turns(contest(west=True, before=False, lead=np.inf))
    to_east = turns(contest(west=False, before=True, lead=-np.inf))
    assert (to_west.shift > 0).all()
    assert (to_east.shift < 0).all()
    assert (turns(contest(west=True, before=True, lead=np.inf)).shift == 0).all()
    assert (to_west.quarter == 2).all()


def test_an_operation_turns_a_close_vote_only() -> None:
    close = turns(contest(west=True, before=True, lead=0.1), interference=-1.0)
    wide = turns(contest(west=True, before=True, lead=9.0), interference=-1.0)
    assert (close.shift < 0).all()
    assert (wide.shift == 0).all()


def test_where_votes_and_seats_disagree_an_operation_decides_nothing() -> None:
    assert (turns(contest(west=True, before=True, lead=-0.1), interference=-5.0).shift == 0).all()


def test_a_winner_whom_the_scenario_names_cannot_be_turned() -> None:
    assert (turns(contest(west=True, before=True, lead=np.inf), interference=-1e6).shift == 0).all()


def test_an_election_that_does_not_come_turns_nobody() -> None:
    never = contest(west=True, before=False, lead=np.inf, move=election(chance=0.0))
    assert (turns(never).quarter == -1).all()


@settings(max_examples=10, deadline=None)
@given(gap=st.floats(0.01, 0.6), part=st.floats(0.0, 1.0))
def test_the_shift_is_its_share_of_the_gap_between_the_sides(gap: float, part: float) -> None:
    found = turns(
        contest(west=True, before=False, lead=np.inf),
        5,
        election_gap=gap,
        election_shift=part,
        election_jump=0.5,
        election_voting=0.25,
    )
    assert found.shift[:, 1, 0] == pytest.approx(part * gap)
    assert found.shift[:, 1, 1] == pytest.approx(0.5 * gap)
    assert found.shift[:, 0] == pytest.approx(0.25 * found.shift[:, 1])


def test_a_turn_at_the_polls_shows_in_the_path_of_its_client_alone() -> None:
    plain = toy.plan(until=2029)
    turned = replace(plain, contests=(contest(west=True, before=False, lead=np.inf),))
    paths = [run_chunk(each, Chance(3, 0, 400)).position for each in (turned, plain)]
    gap = (paths[0] - paths[1]).mean(axis=1)
    assert (gap[:2] == 0).all()
    assert (gap[2:, 0, 1] > 0.01).all()
    assert (gap[:, 1] == 0).all()


def test_a_winner_by_name_governs_in_every_draw_and_shares_its_numbers_with_the_open_vote() -> None:
    region = open_region("south-caucasus")
    ground = replace(toy.ground(), clients=("ARM", "GEO"))
    named = next(move for move in region.scenarios["election-other-side"].moves if move.id == "armenia-2031")
    found = [one for one in contests_of(region, ground, (named,), seed=0) if one.move.election == named.election]
    assert len(found) == 1
    assert np.isinf(found[0].lead).all()
    assert (found[0].west != found[0].incumbent_west).all()
    assert found[0].move.id == named.election.lower()
    assert Parameters(SimpleNamespace(rows=lambda table: [])).find("play:interference") is not None

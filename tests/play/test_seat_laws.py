"""Rules of an electoral law: thresholds, bonus, second round, constituencies, and those of the region."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from counterpoise._errors import InputError, SolveError
from counterpoise.play.elections.law import Law, Tier, find_law, law_of
from counterpoise.play.elections.many import allocate
from counterpoise.play.elections.seats import count_seats
from counterpoise.region import open_region
from tests.play.ballots import code_of, votes_of


def test_nobody_over_the_threshold_is_an_error_and_no_empty_chamber() -> None:
    law = Law("x", (Tier("all", 10, thresholds={"threshold": 50.0}),))
    with pytest.raises(SolveError) as caught:
        count_seats(votes_of([("A", 40, "party"), ("B", 30, "party")]), law)
    assert caught.value.code == "E904"


def test_alliances_are_held_to_the_threshold_of_their_members() -> None:
    law = find_law("ARM_2026")
    rows: list[tuple[str, float | int | str, str]] = [
        ("A", 50, "party"),
        ("B", 9, "alliance_3"),
        ("C", 9, "alliance_2"),
        ("D", 20, "party"),
    ]
    seats = count_seats(votes_of(rows), law).seats
    assert seats["B"] == 0
    assert seats["C"] > 0
    unknown = count_seats(votes_of([*rows[:1], ("B", 9, "alliance"), *rows[2:]]), law)
    assert unknown.seats["B"] > 0
    assert any("members not given" in str(step.get("by")) for step in unknown.steps)


def test_a_bare_majority_is_raised_to_the_stable_one_and_the_least_seats_do_it() -> None:
    law = law_of(
        {"seats": 100, "allocation": "largest_remainder", "majority_bonus": 54, "second_round_days": 28}, "law"
    )
    seats = count_seats(votes_of([("A", 51, "party"), ("B", 49, "party")]), law).seats
    own, other = seats["A"], seats["B"]
    assert own / (own + other) >= 0.54 > (own - 1) / (own - 1 + other)


def test_without_a_majority_the_steps_say_so_and_a_second_round_settles_it() -> None:
    law = law_of(
        {"seats": 100, "allocation": "largest_remainder", "majority_bonus": 54, "second_round_days": 28}, "law"
    )
    votes = votes_of([("A", 45, "party"), ("B", 40, "party"), ("C", 15, "party")])
    first = count_seats(votes, law)
    assert any(step.get("lists") == ["A", "B"] for step in first.steps)
    assert count_seats(votes, law, winner="B").seats["B"] / count_seats(votes, law, winner="B").total >= 0.54
    with pytest.raises(InputError) as caught:
        count_seats(votes, law, winner="Z")
    assert caught.value.code == "E903"


def test_constituencies_given_as_counts_come_on_top_or_are_made_up_for() -> None:
    document: dict[str, Any] = {
        "tier": [
            {"name": "districts", "kind": "constituency", "seats": 30, "won": {"A": 30}},
            {"name": "lists", "seats": 120, "allocation": "hare"},
        ]
    }
    votes = votes_of([("A", 48, "party"), ("B", 52, "party")])
    parallel = count_seats(votes, law_of(document, "law")).seats
    assert parallel == {"A": 30 + 58, "B": 62}
    topped = count_seats(votes, law_of({**document, "mixed": "compensatory"}, "law")).seats
    assert topped == {"A": 72, "B": 78}
    overhang = count_seats(
        votes_of([("A", 10, "party"), ("B", 90, "party")]), law_of({**document, "mixed": "compensatory"}, "law")
    )
    assert overhang.seats == {"A": 30, "B": 120}


def test_constituencies_that_do_not_add_up_are_e901() -> None:
    document = {"tier": [{"kind": "constituency", "seats": 3, "won": {"Z": 4}}, {"seats": 5}]}
    with pytest.raises(InputError) as caught:
        count_seats(votes_of([("A", 60, "party")]), law_of(document, "law"))
    assert {item.code for item in caught.value.faults} == {"E901"}
    assert len(caught.value.faults) == 2


def test_every_law_of_the_region_can_be_read() -> None:
    for law in open_region("south-caucasus").laws():
        assert law_of(law, law["id"]).seats == law["seats"]


def test_a_forecast_over_constituencies_is_refused() -> None:
    law = law_of({"tier": [{"kind": "constituency", "seats": 3}, {"seats": 5}]}, "law")
    assert code_of(lambda: allocate(law, ["party"], np.array([[60.0]])))[0] == "E904"

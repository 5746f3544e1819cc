"""What every formula of apportionment keeps to, textbook cases, and many draws at once beside exact arithmetic."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from counterpoise.play.elections.law import Law, Tier
from counterpoise.play.elections.many import allocate
from counterpoise.play.elections.methods import METHODS, share_seats
from counterpoise.play.elections.seats import count_seats
from counterpoise.play.elections.votes import Ballot, Votes
from tests.play.ballots import names

DIVISORS = ("dhondt", "sainte_lague", "modified_sainte_lague", "imperiali", "danish")
VOTE_LISTS = st.lists(st.integers(1, 10_000), min_size=1, max_size=8)


@settings(max_examples=60, deadline=None)
@given(votes=VOTE_LISTS, seats=st.integers(0, 60), method=st.sampled_from([m for m in METHODS if m != "hare"]))
def test_every_formula_hands_out_exactly_the_seats_there_are(votes: list[int], seats: int, method: str) -> None:
    shared = share_seats(method, names(len(votes)), votes, seats, ties="order")
    assert sum(shared.seats) == seats
    assert min(shared.seats) >= 0


@settings(max_examples=60, deadline=None)
@given(votes=VOTE_LISTS, seats=st.integers(1, 60), method=st.sampled_from([m for m in METHODS if m != "hare"]))
def test_more_votes_never_mean_fewer_seats(votes: list[int], seats: int, method: str) -> None:
    shared = share_seats(method, names(len(votes)), votes, seats, ties="order").seats
    for one in range(len(votes)):
        for other in range(len(votes)):
            if votes[one] > votes[other]:
                assert shared[one] >= shared[other]


@settings(max_examples=40, deadline=None)
@given(votes=VOTE_LISTS, seats=st.integers(0, 40), method=st.sampled_from(DIVISORS))
def test_a_larger_chamber_takes_no_seat_away_under_highest_averages(votes: list[int], seats: int, method: str) -> None:
    small = share_seats(method, names(len(votes)), votes, seats, ties="order").seats
    large = share_seats(method, names(len(votes)), votes, seats + 1, ties="order").seats
    assert all(b >= a for a, b in zip(small, large, strict=True))


@settings(max_examples=40, deadline=None)
@given(votes=VOTE_LISTS, seats=st.integers(1, 60))
def test_dhondt_never_undercuts_the_whole_part_and_remainders_stay_within_one_seat(
    votes: list[int], seats: int
) -> None:
    exact = [Fraction(vote * seats, sum(votes)) for vote in votes]
    dhondt = share_seats("dhondt", names(len(votes)), votes, seats, ties="order").seats
    assert all(got >= int(due) for got, due in zip(dhondt, exact, strict=True))
    rest = share_seats("largest_remainder", names(len(votes)), votes, seats, ties="order").seats
    assert all(abs(got - due) < 1 for got, due in zip(rest, exact, strict=True))


def test_the_alabama_paradox_is_there_under_largest_remainders_as_it_must_be() -> None:
    votes = [6, 6, 2]
    assert share_seats("largest_remainder", names(3), votes, 10, ties="order").seats == (4, 4, 2)
    assert share_seats("largest_remainder", names(3), votes, 11, ties="order").seats == (5, 5, 1)


def test_textbook_shares_of_one_vote_under_four_formulas() -> None:
    """47, 16, 15.9, 12, 6 and 3.1 thousand votes for ten seats: the standard worked example of the formulas."""
    votes = [47_000, 16_000, 15_900, 12_000, 6_000, 3_100]
    assert share_seats("dhondt", names(6), votes, 10).seats == (5, 2, 2, 1, 0, 0)
    assert share_seats("largest_remainder", names(6), votes, 10).seats == (5, 2, 1, 1, 1, 0)
    assert share_seats("droop", names(6), votes, 10).seats == (5, 2, 2, 1, 0, 0)
    assert share_seats("sainte_lague", names(6), [53_000, 24_000, 23_000], 7).seats == (3, 2, 2)


@settings(max_examples=50, deadline=None)
@given(
    votes=st.lists(st.integers(1, 10_000), min_size=2, max_size=7, unique=True),
    method=st.sampled_from(["dhondt", "sainte_lague", "largest_remainder", "floor_then_votes"]),
    lists=st.integers(0, 4),
    third=st.booleans(),
)
def test_many_draws_at_once_get_what_exact_arithmetic_gives(
    votes: list[int], method: str, lists: int, third: bool
) -> None:
    total = sum(votes)
    shares = [Fraction(100 * vote, total) for vote in votes]
    law = Law(
        "x",
        (Tier("all", 101, allocation=method, thresholds={"threshold": 5.0}),),
        minimum_lists=lists,
        majority_bonus=54.0,
        opposition_minimum=1 / 3 if third else None,
        minority_seats=4,
        ties="order",
    )
    ballots = tuple(
        Ballot(name, Fraction(vote), share) for name, vote, share in zip(names(len(votes)), votes, shares, strict=True)
    )
    if not any(share >= 5 for share in shares):
        return
    exact = count_seats(Votes(ballots, "votes"), law).seats
    many = allocate(law, ["party"] * len(votes), np.array([[float(share) for share in shares]] * 3))
    assert many.tolist() == [list(exact.values())] * 3

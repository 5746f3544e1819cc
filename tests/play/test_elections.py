"""Forecasts of votes: laws of the drawing, closed forms, point in time, scores, refusals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterpoise._errors import CounterpoiseError
from counterpoise.play.elections import forecast_election, score_election
from counterpoise.play.elections.errors import Components, combine, fit_components
from counterpoise.play.elections.forecast import OTHER, UNNAMED, WEST, _government
from counterpoise.play.elections.law import find_law
from counterpoise.play.elections.many import allocate, raise_first
from counterpoise.play.elections.polls import Miss, PollTaken, house_of, measure_misses, polls_of
from counterpoise.play.elections.scores import crps_of
from counterpoise.region import Region, open_region

VOTE = "ARM-2026-06-07"


@pytest.fixture(scope="module")
def region() -> Region:
    return open_region("south-caucasus")


def poll(house: str, end: str, **shares: float) -> PollTaken:
    from datetime import date

    return PollTaken("XXX", "2030-01-01", house, house, date.fromisoformat(end), shares, 0.0, 0.1, 1000, (), "s")


# --- laws of the drawing ---------------------------------------------------------------------------------------------


def test_shares_are_compositions_and_chances_add_up(region: Region) -> None:
    made = forecast_election(region, VOTE, as_of="2026-06-01", draws=500)
    assert np.allclose(made.shares.sum(-1), 100)
    assert made.shares.min() >= 0
    assert made.governs[WEST] + made.governs[OTHER] == pytest.approx(1)
    assert made.lists[-1] == UNNAMED
    body = made.to_dict()
    assert sum(body["formed_by"].values()) == pytest.approx(1)
    assert body["meta"]["as_of"] == "2026-06-01"
    assert body["meta"]["sources"]
    assert len(made.table()) == len(made.lists)


def test_member_k_depends_on_the_seed_and_k_alone(region: Region) -> None:
    few = forecast_election(region, VOTE, as_of="2026-06-01", draws=50, seed=3)
    many = forecast_election(region, VOTE, as_of="2026-06-01", draws=200, seed=3)
    assert np.array_equal(few.shares, many.shares[:50])
    other = forecast_election(region, VOTE, as_of="2026-06-01", draws=50, seed=4)
    assert not np.allclose(few.shares, other.shares)


def test_lists_err_together_when_the_governing_list_gains_the_others_lose(region: Region) -> None:
    shares = forecast_election(region, VOTE, as_of="2026-06-01", draws=4000).shares
    assert np.corrcoef(shares[:, 0], shares[:, 1])[0, 1] < -0.2


def test_a_forecast_further_from_the_vote_is_wider(region: Region) -> None:
    early = forecast_election(region, VOTE, as_of="2026-02-12", draws=3000).shares[:, 0]
    late = forecast_election(region, VOTE, as_of="2026-06-01", draws=3000).shares[:, 0]
    assert np.ptp(np.quantile(early, (0.05, 0.95))) > np.ptp(np.quantile(late, (0.05, 0.95)))


# --- closed forms ----------------------------------------------------------------------------------------------------


def test_two_polls_with_independent_errors_are_averaged_by_their_precision() -> None:
    """Without house, vote and mean error two polls of equal spread s give their mean with variance s^2 / 2."""
    point = Components(house=0.0, vote=0.0, poll=0.3, weight=1.0)
    polls = [poll("A", "2029-12-01", x=0.4), poll("B", "2029-12-01", x=0.4)]
    mean, variance = combine(polls, [0.0, 1.0], [0, 0], 0.0, point, by_list=True)
    assert mean == pytest.approx(0.5)
    assert variance == pytest.approx(0.09 / 2)


def test_a_newer_poll_weighs_more_when_opinion_drifts() -> None:
    """Spreads s^2 + d^2 t for leads t of 0 and 100 days, s = 0.1, d = 0.1: weights 1/0.01 and 1/1.01."""
    point = Components(house=0.0, vote=0.0, poll=0.1, weight=1.0)
    polls = [poll("A", "2029-12-31", x=0.4), poll("B", "2029-09-22", x=0.4)]
    mean, _ = combine(polls, [0.0, 1.0], [0, 100], 0.1, point, by_list=True)
    assert mean == pytest.approx((1 / 1.01) / (1 / 0.01 + 1 / 1.01))


def test_a_house_that_missed_by_as_much_before_is_corrected_in_part() -> None:
    point = Components(house=0.5, vote=0.05, poll=0.05, weight=1.0)
    past = [Miss("XXX", "2026-01-01", "A", "x", 0.8), Miss("XXX", "2022-01-01", "A", "x", 0.8)]
    same, _ = combine([poll("A", "2029-12-31", x=0.4)], [0.0], [0], 0.0, point, past=past)
    other, _ = combine([poll("B", "2029-12-31", x=0.4)], [0.0], [0], 0.0, point, past=past)
    assert 0.7 < same < 0.8
    assert 0.2 < other < same


def test_components_without_misses_are_their_prior_and_large_misses_ask_for_large_components() -> None:
    prior = fit_components([], by_list=False)
    assert sum(point.weight for point in prior) == pytest.approx(1)
    large = [Miss("X", str(year), f"H{year}", "x", error) for year, error in enumerate((1.5, -1.4, 1.6, -1.5))]
    fitted = fit_components(large, by_list=False)

    def mean_poll(points: tuple[Components, ...]) -> float:
        return sum(p.weight * (p.poll**2 + p.vote**2 + p.house**2) for p in points)

    assert mean_poll(fitted) > 1.5 * mean_poll(prior)


def test_crps_of_a_point_is_its_distance_and_that_of_a_normal_is_the_closed_form() -> None:
    assert crps_of(np.array([2.0, 2.0]), 5.0) == 3.0
    draws = np.random.default_rng(0).normal(size=200_000)
    assert crps_of(draws, 0.0) == pytest.approx((np.sqrt(2) - 1) / np.sqrt(np.pi), abs=3e-3)


def test_a_majority_governs_alone_else_a_side_together_else_the_run_off() -> None:
    law = find_law("ARM_2026")
    shares = np.array([[60.0, 30, 10], [40, 45, 15], [40, 45, 15], [30, 45, 25]])
    seats = np.array([[60, 30, 10], [40, 45, 15], [45, 40, 15], [30, 45, 25]])
    orientation = np.array([[1.0, -1, -1], [1, -1, -1], [1, -1, 1], [1, 1, -1]])
    west, formed = _government(law, shares, seats, orientation, np.zeros(4))
    assert formed.tolist() == [0, 1, 1, 1]
    assert west.tolist() == [True, False, True, True]
    west, formed = _government(law, shares[1:2], np.array([[48, 40, 12]]), orientation[1:2], np.zeros(1))
    assert (formed[0], west[0]) == (2, False)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 100), min_size=2, max_size=6))
def test_a_raised_list_has_its_share_with_the_fewest_added_seats(seats: list[int]) -> None:
    held = np.array([seats])
    raised = raise_first(held, held.argmax(-1), 0.54)
    own, total = raised[0].max(), raised.sum()
    assert own >= 0.54 * total - 1e-9
    if (raised != held).any():
        assert own - 1 < 0.54 * (total - 1)


def test_ten_thousand_draws_are_shared_out_by_dhondt_as_one_by_one() -> None:
    law = find_law("MDA_2025")
    shares = np.random.default_rng(1).dirichlet([5, 3, 2, 1, 1], 10_000) * 100
    seats = allocate(law, ["party", "alliance", "alliance", "party", "party"], shares)
    assert (seats.sum(-1) == 101).all()
    assert allocate(law, ["party", "alliance", "alliance", "party", "party"], shares[7:8]).tolist() == [
        seats[7].tolist()
    ]


# --- what was known ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", ["2026-02-12", "2026-06-01"])
def test_nothing_that_became_known_after_the_day_is_read(region: Region, day: str) -> None:
    before = forecast_election(region, VOTE, as_of=day, draws=200)
    later = {row.id: {"value": 77.0} for row in region.rows("polls") if row.known > day}
    later |= {row.id: {"share": 1.0} for row in region.rows("results") if row.known > day}
    later |= {
        row.id: {"orientation": -1.0, "orientation_low": -1.0} for row in region.rows("parties") if row.known > day
    }
    assert later
    after = forecast_election(region.what_if(later), VOTE, as_of=day, draws=200)
    assert np.array_equal(before.shares, after.shares)
    assert np.array_equal(before.west, after.west)
    assert all(str(item.end) <= day for item in before.polls)


def test_errors_are_measured_on_earlier_votes_only(region: Region) -> None:
    early = measure_misses(region.at("2026-02-12"))
    assert "ARM 2026-06-07" not in early.elections
    assert early.elections == ("ARM 2017-04-02", "ARM 2021-06-20", "MDA 2025-09-28")
    assert len(measure_misses(region).governing) > len(early.governing)


def test_polls_that_cannot_be_used_are_named_with_the_reason(region: Region) -> None:
    used, left = polls_of(region.at("2026-06-01"), region.elections[VOTE])
    assert {item.reason for item in left} >= {"over 365 days older than the newest"}
    assert any("names 1 lists" in item.reason for item in left)
    assert all(abs(sum(item.shares.values()) + item.rest - 1) < 1e-9 for item in used)


def test_waves_and_clients_of_a_pollster_are_one_house() -> None:
    assert house_of("CBS Research / WatchDog") == house_of("CBS Research / IPP barometer") == "CBS Research"
    assert house_of("MPG (Gallup International)") == "MPG"
    assert house_of("ArmES (EVN Report) wave 2") == "ArmES"


def test_a_vote_without_polls_starts_from_the_vote_before(region: Region) -> None:
    made = forecast_election(region, "GEO-2028-10", draws=500)
    assert any("the vote before" in note for note in made.notes)
    low, high = np.quantile(made.shares[:, 0], (0.05, 0.95))
    assert low < 53.93 < high
    assert high - low > 30
    assert made.turn_reversed == pytest.approx(made.governs[WEST])


# --- scores and refusals ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", ["2026-02-12", "2026-06-01"])
def test_the_vote_of_june_2026_is_scored_against_its_result(region: Region, day: str) -> None:
    score = score_election(region, VOTE, as_of=day, draws=2000)
    assert score.outcome == WEST
    assert score.brier == pytest.approx((1 - score.chance) ** 2)
    assert score.brier < 0.25
    assert score.log_score < np.log(2)
    assert score.within_90["ARM_CIVIL_CONTRACT"]
    assert score.to_dict()["as_of"] == day
    assert score.table()


def code_of(call: object) -> str:
    assert callable(call)
    with pytest.raises(CounterpoiseError) as caught:
        call()
    return caught.value.code


def test_unknown_votes_votes_without_a_result_and_too_many_draws_are_e906(region: Region) -> None:
    assert code_of(lambda: forecast_election(region, "ARM-2026")) == "E906"
    assert code_of(lambda: forecast_election(region, VOTE, as_of="2020-01-01")) == "E906"
    assert code_of(lambda: forecast_election(region, VOTE, draws=0)) == "E906"
    assert code_of(lambda: score_election(region, "GEO-2028-10", as_of="2026-06-01", draws=10)) == "E906"


def test_a_vote_without_polls_or_law_on_the_day_is_e907(region: Region) -> None:
    assert code_of(lambda: forecast_election(region, "MDA-2025-09-28", as_of="2025-09-27", draws=10)) == "E907"
    bare = region.what_if({row.id: None for name in ("polls", "results") for row in region.rows(name)})
    assert code_of(lambda: forecast_election(bare, VOTE, draws=10)) == "E907"


def test_missing_ranges_are_named_together(region: Region) -> None:
    from counterpoise.play.elections.forecast import NEEDED

    bare = Region(region._folder, region.settings, region.as_of)
    bare.rows = lambda table: [] if table == "assumptions" else region.rows(table)  # type: ignore[method-assign]
    bare.at = lambda day: bare  # type: ignore[method-assign]
    with pytest.raises(CounterpoiseError) as caught:
        forecast_election(bare, VOTE, draws=10)
    assert len(caught.value.faults) == len(NEEDED)
    assert caught.value.code == "E601"

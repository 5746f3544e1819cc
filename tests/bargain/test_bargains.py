"""Bargains: laws that hold whatever the numbers, hand-made answers, and what the options change."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterpoise.bargain import CORRECTED, PUBLISHED, make_table, negotiate, simulate
from counterpoise.bargain.rounds import VARIANTS, draw_inputs
from counterpoise.bargain.scholz import chained_medians, median_position, victory

# The emission standards of the published example (Scholz, Calbert and Smith 2011, table of inputs).
NAMES = ["NL", "BE", "LU", "DE", "FR", "IT", "UK", "IE", "DK", "GR"]
CAPABILITY = [0.08, 0.08, 0.03, 0.16, 0.16, 0.16, 0.16, 0.05, 0.05, 0.08]
POSITION = [4, 7, 4, 4, 10, 10, 10, 7, 4, 7]
SALIENCE = [0.8, 0.4, 0.2, 0.8, 0.6, 0.6, 0.9, 0.1, 1.0, 0.7]
EMISSIONS = make_table(NAMES, CAPABILITY, POSITION, SALIENCE)

actors = st.lists(
    st.tuples(st.integers(1, 100), st.integers(0, 100), st.integers(1, 100)), min_size=2, max_size=7
).filter(lambda rows: len({row[1] for row in rows}) > 1)


def table_of(rows, variant: str):
    scale = 1.0 if variant == "ktab-smp" else 0.01
    names = [f"A{at}" for at in range(len(rows))]
    return make_table(names, *([row[0] for row in rows], [row[1] for row in rows], [scale * row[2] for row in rows]))


@settings(max_examples=40, deadline=None)
@given(actors, st.sampled_from(VARIANTS))
def test_nobody_leaves_the_span_of_the_first_positions(rows, variant):
    result = negotiate(table_of(rows, variant), variant=variant, rounds=8)
    first = result.rounds[0].position
    for state in result.rounds:
        # The spatial model rounds bargains to a hundredth of a point.
        assert np.all(state.position >= first.min() - 0.011)
        assert np.all(state.position <= first.max() + 0.011)
        assert np.isfinite(state.risk).all()


@settings(max_examples=25, deadline=None)
@given(actors, st.sampled_from(("scholz2011", "corrected")))
def test_the_scale_of_capability_and_of_the_issue_changes_nothing(rows, variant):
    one = table_of(rows, variant)
    other = make_table(one.actors, 8 * one.capability, 2 * one.position + 16, one.salience)
    ours, theirs = (negotiate(table, variant=variant, rounds=3) for table in (one, other))
    for a, b in zip(ours.rounds, theirs.rounds, strict=True):
        assert np.allclose(2 * a.position + 16, b.position, atol=1e-9)


@settings(max_examples=20, deadline=None)
@given(actors, st.sampled_from(VARIANTS))
def test_a_draw_alone_and_a_draw_among_many_end_alike(rows, variant):
    table = table_of(rows, variant)
    many = simulate(table, seed=1, draws=3, variant=variant, rounds=5)
    alone = negotiate(table, variant=variant, rounds=5)
    last = alone.rounds[-1].position
    assert np.allclose(many.positions[-1], last[None], atol=1e-9)
    assert many.settled.tolist() == [alone.settled] * 3


@settings(max_examples=30, deadline=None)
@given(actors)
def test_the_median_beats_or_ties_every_position(rows):
    table = table_of(rows, "corrected")
    weight = table.capability * table.salience[:, 0]
    place = table.position[:, 0]
    median = median_position(table.capability[None], table.salience.T, place[None])[0]
    for other in place:
        assert (weight * (np.abs(place - other) - np.abs(place - median))).sum() >= -1e-9
    chained = chained_medians(weight, place[None])[0]
    assert (weight * np.abs(place - chained)).sum() == pytest.approx((weight * np.abs(place - median)).sum())


@settings(max_examples=30, deadline=None)
@given(actors)
def test_corrected_chances_of_both_sides_sum_to_one(rows):
    table = table_of(rows, "corrected")
    place = table.position.T
    weight = table.capability[None] * table.salience.T
    chance = victory(weight, place, np.ones_like(place), np.ptp(place, axis=1), CORRECTED)
    apart = place[0][:, None] != place[0][None, :]
    assert np.allclose((chance + chance.transpose(0, 2, 1))[0][apart], 1.0)
    published = victory(weight, place, np.ones_like(place), np.ptp(place, axis=1), PUBLISHED)
    assert (published + published.transpose(0, 2, 1)).max() <= 1.0 + 1e-12


@pytest.mark.parametrize("variant", VARIANTS)
def test_actors_who_agree_have_settled(variant):
    scale = 100.0 if variant == "ktab-smp" else 1.0
    table = make_table(["A", "B", "C"], [1, 2, 3], [5, 5, 5], [0.5 * scale] * 3)
    result = negotiate(table, variant=variant)
    assert result.settled
    assert result.rounds[-1].position[:, 0].tolist() == [5.0, 5.0, 5.0]
    assert result.moves == ()


@pytest.mark.parametrize("variant", VARIANTS)
def test_two_equals_are_neutral_towards_risk(variant):
    scale = 100.0 if variant == "ktab-smp" else 1.0
    table = make_table(["A", "B"], [1, 1], [0, 10], [0.5 * scale] * 2)
    risk = negotiate(table, variant=variant, rounds=1).rounds[1].risk
    assert np.isfinite(risk).all()


def test_zero_rounds_give_the_input_alone():
    result = negotiate(EMISSIONS, rounds=0)
    assert [state.number for state in result.rounds] == [0]
    assert result.settled is False


def test_each_correction_can_be_switched_by_itself():
    base = negotiate(EMISSIONS, rounds=5, options=PUBLISHED).rounds[-1].position
    least = negotiate(EMISSIONS, rounds=5, options=replace(PUBLISHED, compromise="least")).rounds[-1].position
    pair = negotiate(EMISSIONS, rounds=5, options=replace(PUBLISHED, probability="pair")).rounds[-1].position
    assert not np.allclose(base, least)
    assert not np.allclose(base, pair)
    assert negotiate(EMISSIONS, rounds=5, variant="corrected").options == CORRECTED


def test_only_the_corrected_reading_ever_capitulates():
    rng = np.random.default_rng(4)
    kinds = {True: set(), False: set()}
    for _ in range(30):
        table = make_table(list("ABCDE"), rng.uniform(0.1, 1, 5), rng.uniform(0, 1, 5), rng.uniform(0.1, 1, 5))
        for capitulation in kinds:
            result = negotiate(table, rounds=3, options=replace(PUBLISHED, capitulation=capitulation))
            kinds[capitulation] |= {move.kind for move in result.moves}
    assert "capitulation" in kinds[True]
    assert "capitulation" not in kinds[False]


def test_the_least_compromise_is_never_longer_than_the_signed_one():
    signed = negotiate(EMISSIONS, rounds=4)
    fourth = next(move for move in signed.moves if move.round == 4 and move.actor == "BE")
    assert fourth.other == "NL"
    least = negotiate(EMISSIONS, rounds=4, options=replace(PUBLISHED, compromise="least"))
    assert next(move for move in least.moves if move.round == 4 and move.actor == "BE").other != "NL"


def test_ties_of_the_median_go_to_the_lowest_when_corrected():
    table = make_table(["A", "B"], [1, 1], [0, 10], [0.5, 0.5])
    assert negotiate(table, variant="corrected", rounds=0).rounds[0].median[0] == 0.0


def test_several_issues_of_the_published_model_are_games_of_their_own():
    two = make_table(
        NAMES,
        CAPABILITY,
        np.column_stack([POSITION, POSITION[::-1]]),
        np.column_stack([SALIENCE, SALIENCE[::-1]]),
        issues=("x", "y"),
    )
    both, one = negotiate(two, rounds=4), negotiate(EMISSIONS, rounds=4)
    assert np.array_equal(both.rounds[-1].position[:, 0], one.rounds[-1].position[:, 0])
    body = both.body()["rounds"][-1]
    assert len(body["median"]) == len(body["positions"]["NL"]) == len(body["risk"]["NL"]) == 2


def test_moves_say_who_moved_whom_and_from_where_to_where():
    result = negotiate(EMISSIONS, rounds=1)
    move = next(move for move in result.moves if move.actor == "BE")
    assert (move.other, move.kind, move.start) == ("FR", "compromise", 7.0)
    assert move.end == pytest.approx(8.415932315426764)
    assert {row["from"] for row in result.body()["moves"]} == {4.0, 7.0}
    for before, after in zip(result.rounds, result.rounds[1:], strict=False):
        assert {m.actor for m in result.moves if m.round == after.number} == {
            name for name, a, b in zip(NAMES, before.position[:, 0], after.position[:, 0], strict=True) if a != b
        }


def test_a_member_is_the_same_however_many_are_drawn():
    low = tuple(0.8 * values for values in (EMISSIONS.capability, EMISSIONS.position, EMISSIONS.salience))
    table = make_table(NAMES, CAPABILITY, POSITION, SALIENCE, low=low)
    few, many = (simulate(table, seed=9, draws=draws, rounds=3) for draws in (5, 400))
    assert np.array_equal(few.positions, many.positions[:, :5])
    assert not np.array_equal(few.positions, simulate(table, seed=8, draws=5, rounds=3).positions)


def test_draws_stay_in_their_ranges_and_centre_on_the_triangle():
    low = (np.array([1.0, 2.0]), np.array([[0.0], [5.0]]), np.array([[0.1], [0.5]]))
    high = (np.array([4.0, 2.0]), np.array([[3.0], [9.0]]), np.array([[0.7], [0.5]]))
    table = make_table(["A", "B"], [2, 2], [1, 6], [0.4, 0.5], low=low, high=high)
    capability, position, salience = draw_inputs(table, seed=3, draws=40_000)
    assert capability[:, 0].min() >= 1.0
    assert capability[:, 0].max() <= 4.0
    assert capability[:, 0].mean() == pytest.approx((1 + 2 + 4) / 3, abs=0.02)
    assert position[:, 1].mean() == pytest.approx((5 + 6 + 9) / 3, abs=0.02)
    assert np.all(salience[:, 1] == 0.5)


def test_saliences_drawn_beyond_all_attention_are_scaled_back():
    salience = np.array([[60.0, 35.0], [30.0, 30.0]])
    values = (np.array([1.0, 2.0]), np.array([[0.0, 10.0], [90.0, 50.0]]), salience)
    high = (values[0], values[1], np.array([[64.0, 36.0], [40.0, 50.0]]))
    table = make_table(["A", "B"], *values, issues=("x", "y"), low=values, high=high)
    drawn = simulate(table, seed=1, draws=50, variant="ktab-smp", rounds=2)
    assert np.isfinite(drawn.positions).all()


def test_distributions_come_as_bands_with_the_seed_they_were_drawn_with():
    drawn = simulate(EMISSIONS, seed=5, draws=20, rounds=2)
    body = drawn.to_dict()
    assert body["meta"]["seed"] == 5
    assert set(body["rounds"][2]["positions"]["BE"]) == {"p05", "p50", "p95"}
    assert body["moved"][0]["moves_per_draw"] > 0
    assert [row["actor"] for row in drawn.table()] == [*NAMES, "(median)", "(mean)"]
    assert body["ends"]["mean"]["p50"] == pytest.approx(float(np.median(drawn.mean_positions()[-1])))
    assert body["ends"]["median"]["p05"] <= body["ends"]["median"]["p95"]


def test_the_chart_of_a_bargain_says_how_it_ended():
    pytest.importorskip("altair")
    chart = negotiate(EMISSIONS, rounds=2).plot().to_dict()
    assert "does not settle" in str(chart["title"])


def test_many_draws_at_once_vote_bit_for_bit_as_one_draw_does(monkeypatch):
    place = np.random.default_rng(0).uniform(0, 10, (40, 12))
    weight, risk = np.ones_like(place), np.full_like(place, 1.3)
    span = np.ptp(place, axis=1)
    together = victory(weight, place, risk, span, PUBLISHED)
    monkeypatch.setattr("counterpoise.bargain.scholz.SMALL", 10**9)
    assert np.array_equal(together, victory(weight, place, risk, span, PUBLISHED))


def knock_out(weight: list[float], place: list[float], span: float) -> float:
    """The ports' median, vote by vote: a later place of the set unseats the standing one if it wins outright."""
    standing, *others = set(place)
    for other in others:
        votes = 0.0
        for own, at in zip(weight, place, strict=True):
            votes += own * (abs(at - standing) / span - abs(at - other) / span)
        standing = other if votes > 0 else standing
    return standing


def test_medians_of_many_rounds_are_knocked_out_vote_by_vote_ties_included(monkeypatch):
    rng = np.random.default_rng(5)
    place, weight = np.round(rng.uniform(0, 4, (40, 9))), np.round(rng.uniform(0, 1, 9), 1)
    expected = [knock_out(weight.tolist(), row.tolist(), float(np.ptp(place[0]))) for row in place]
    assert chained_medians(weight, place) == expected
    monkeypatch.setattr("counterpoise.bargain.scholz.SMALL", 3 * 9**3)
    assert chained_medians(weight, place) == expected
    # Two even camps: nobody wins outright, and the first place of the set stands.
    for ends in ([8.0, 1.0], [1.0, 8.0], [3.0, 0.0]):
        assert chained_medians(np.ones(2), np.array([ends])) == [next(iter(set(ends)))]


def test_a_chart_counts_who_moved_whom():
    pytest.importorskip("altair")
    chart = negotiate(EMISSIONS, rounds=2).plot_moves().to_dict()
    assert "Who moved whom in 2 rounds" in str(chart)
    assert "'moved': 'BE', 'by': 'FR'" in str(chart)


def test_the_chart_of_draws_shows_every_actor():
    pytest.importorskip("altair")
    chart = simulate(EMISSIONS, seed=5, draws=20, rounds=2).plot().to_dict()
    assert "20 draws" in str(chart)

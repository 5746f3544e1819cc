"""The game of ambiguous commitment: closed form against the general solver, and what each stake must do."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from counterpoise._errors import InputError
from counterpoise.bargain import SMALL_STATE, Range, compare_commitments
from counterpoise.bargain.ambiguity import at_mode, draw_stakes, play, scales, tree
from counterpoise.bargain.commitment import GRID, REGIMES, stake_names
from counterpoise.bargain.form import agent_form, outcome_chances
from counterpoise.bargain.qre import follow


def certain(**changes: float):
    """The small state at its modes, with some stakes fixed elsewhere."""
    point = {name: Range(*[getattr(SMALL_STATE, name).mode] * 3) for name in stake_names()}
    return replace(SMALL_STATE, **{**point, **{name: Range(value, value, value) for name, value in changes.items()}})


def played(rate: float, ambiguity: float, **changes: float):
    values = at_mode(certain(**changes))
    regimes = {"all": np.array([0.0]), "none": np.array([1.0])}
    return play(values, np.array([ambiguity]), scales(values, regimes), rate)


@pytest.mark.parametrize("rate", [0.5, 3.0, 20.0])
def test_solving_backwards_gives_what_the_general_solver_gives(rate):
    values = draw_stakes(SMALL_STATE, seed=5, draws=3)
    scale = scales(values, {"now": values["ambiguity"], "none": np.ones(3)})
    ours = play(values, values["ambiguity"], scale, rate)
    for draw in range(3):
        form = agent_form(tree(values, values["ambiguity"], scale, draw=draw))
        chances = outcome_chances(form, list(follow(form, [rate]).mixtures[0]))
        by_ending: dict[str, float] = {}
        for label, chance in chances:
            policy, _, ending = label.partition(", ")
            by_ending[ending] = by_ending.get(ending, 0.0) + chance
            by_ending[policy] = by_ending.get(policy, 0.0) + chance
        assert by_ending["bold"] == pytest.approx(ours.bold[draw], abs=1e-9)
        assert by_ending["yield"] == pytest.approx(ours.yielded[draw], abs=1e-9)
        assert by_ending["war alone"] == pytest.approx(ours.alone[draw], abs=1e-9)
        assert by_ending["war joined"] == pytest.approx(ours.joined[draw], abs=1e-9)


def test_pure_chance_splits_every_choice_in_half():
    found = played(0.0, 0.5)
    assert found.bold[0] == pytest.approx(0.5)
    assert found.pressed[0] == pytest.approx(0.5)
    assert found.joined[0] == pytest.approx(0.125)


def test_a_firmer_promise_draws_its_giver_into_more_wars_of_those_fought():
    shares = [played(10.0, ambiguity).abandoned[0] for ambiguity in (1.0, 0.6, 0.2, 0.0)]
    assert shares == sorted(shares, reverse=True)


def test_a_firmer_promise_emboldens_the_protege():
    hazard = [played(10.0, ambiguity, provocation=0.0).bold[0] for ambiguity in (1.0, 0.5, 0.0)]
    assert hazard == sorted(hazard)


def test_a_certain_and_strong_guarantor_deters():
    """Joining is cheap and turns the war: the challenger holds, whatever was written."""
    found = played(20.0, 0.5, resolve=1.0, cost_resolute=0.0, help=3.0, win_joined=0.0, affront=0.0)
    assert found.pressed[0] < 0.01


def test_a_guarantor_that_never_comes_does_not_deter():
    found = played(20.0, 1.0, resolve=0.0, cost_irresolute=5.0, stake=0.0)
    assert found.pressed[0] > 0.9
    assert found.joined[0] < 0.01


def test_words_only_is_the_same_as_no_commitment():
    result = compare_commitments(certain(ambiguity=1.0, formal=0.0), seed=1, draws=4)
    for plays in result.plays:
        assert np.array_equal(plays["ambiguous"].pressed, plays["none"].pressed)


def test_the_answer_compares_three_commitments_at_every_lambda():
    result = compare_commitments(SMALL_STATE, seed=2, draws=300)
    body = result.to_dict()
    assert [entry["lambda"] for entry in body["commitments"]] == [0.5, 1.0, 2.0, 5.0, 10.0, 20.0]
    entry = body["commitments"][3]
    assert set(entry["regimes"]) == set(REGIMES)
    assert entry["moral_hazard"]["formal"]["p50"] > entry["moral_hazard"]["ambiguous"]["p50"]
    assert sum(entry["best_for"]["protege"].values()) == pytest.approx(1.0)
    assert len(entry["challenge_by_ambiguity"]) == len(GRID)
    assert entry["fails_when"][0]["stake"] in stake_names()
    assert body["meta"]["seed"] == 2
    assert len(result.table()) == 18


def test_members_do_not_change_when_more_are_drawn():
    few, many = (draw_stakes(SMALL_STATE, seed=3, draws=draws) for draws in (4, 50))
    assert all(np.array_equal(few[name], many[name][:4]) for name in few)


def test_the_chart_of_commitments_shows_a_line_per_lambda():
    pytest.importorskip("altair")
    chart = compare_commitments(SMALL_STATE, seed=2, draws=5, lambdas=[1.0, 5.0]).plot().to_dict()
    assert chart["encoding"]["color"]["field"] == "lambda"


def test_stakes_that_mean_nothing_are_refused_all_at_once():
    stakes = replace(SMALL_STATE, resolve=Range(0.5, 0.9, 1.4), prize=Range(2, 1, 3), upkeep=Range(-1, 0, 1))
    with pytest.raises(InputError) as caught:
        compare_commitments(stakes, seed=1)
    assert [problem.code for problem in caught.value.faults] == ["E514"] * 3


@pytest.mark.parametrize(("draws", "seed", "lambdas"), [(0, 1, [1.0]), (5, -1, [1.0]), (5, 1, []), (5, 1, [-1.0])])
def test_arguments_of_a_comparison_are_checked(draws, seed, lambdas):
    with pytest.raises(InputError) as caught:
        compare_commitments(SMALL_STATE, seed=seed, draws=draws, lambdas=lambdas)
    assert caught.value.code == "E204"

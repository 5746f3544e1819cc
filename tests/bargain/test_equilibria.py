"""Quantal-response and exact equilibria: known answers, laws, and refusals."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterpoise._errors import InputError, SolveError
from counterpoise.bargain.deterrence import deter
from counterpoise.bargain.form import agent_form, strategic_form
from counterpoise.bargain.game import Outcome, Table
from counterpoise.bargain.nash import mixed_equilibria, pure_equilibria
from counterpoise.bargain.qre import follow
from tests.bargain.games import ENTRY_EFG, FOLDED, PENNIES, SEXES, STAG, read_text_game


def make_table(sizes: tuple[int, ...], payoffs: list[tuple[int, ...]]) -> Table:
    players = tuple(f"p{at}" for at in range(len(sizes)))
    strategies = tuple(tuple(str(at + 1) for at in range(size)) for size in sizes)
    outcomes = tuple(Outcome(str(at), tuple(map(Fraction, row))) for at, row in enumerate(payoffs))
    return Table("made", players, strategies, outcomes, tuple(range(len(payoffs))), named=False)


def payoffs_by_hand(table: Table, mixture, player: int) -> np.ndarray:
    """Expected payoff of each strategy of a player, cell by cell."""
    sizes = [len(names) for names in table.strategies]
    value = np.zeros(sizes[player])
    for cell, outcome in enumerate(table.cells):
        picks, rest = [], cell
        for size in sizes:
            rest, pick = divmod(rest, size)
            picks.append(pick)
        chance = np.prod([mixture[other][pick] for other, pick in enumerate(picks) if other != player])
        value[picks[player]] += chance * float(table.outcomes[outcome].payoffs[player])
    return value


games = st.lists(st.integers(2, 3), min_size=2, max_size=3).flatmap(
    lambda sizes: st.lists(
        st.tuples(*[st.integers(0, 9)] * len(sizes)), min_size=int(np.prod(sizes)), max_size=int(np.prod(sizes))
    ).map(lambda rows: make_table(tuple(sizes), rows))
)


@settings(max_examples=40, deadline=None)
@given(games, st.sampled_from([0.3, 1.0, 4.0]))
def test_every_answer_is_a_logit_response_to_itself(table, rate):
    branch = follow(strategic_form(table), [rate])
    for player, odds in enumerate(branch.mixtures[0]):
        weight = rate * payoffs_by_hand(table, branch.mixtures[0], player)
        reply = np.exp(weight - weight.max())
        assert np.max(np.abs(odds - reply / reply.sum())) < 1e-8


@settings(max_examples=25, deadline=None)
@given(games)
def test_shifting_and_scaling_payoffs_only_scales_lambda(table):
    outcomes = tuple(Outcome(o.label, tuple(5 * value - 7 for value in o.payoffs)) for o in table.outcomes)
    other = Table(table.title, table.players, table.strategies, outcomes, table.cells, named=False)
    one, two = follow(strategic_form(table), [2.0]), follow(strategic_form(other), [0.4])
    for ours, theirs in zip(one.mixtures[0], two.mixtures[0], strict=True):
        assert np.max(np.abs(ours - theirs)) < 1e-8


@settings(max_examples=40, deadline=None)
@given(
    st.tuples(st.integers(2, 4), st.integers(2, 4)).flatmap(
        lambda sizes: st.lists(
            st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=sizes[0] * sizes[1], max_size=sizes[0] * sizes[1]
        ).map(lambda rows: make_table(sizes, rows))
    )
)
def test_every_extreme_equilibrium_is_one_and_the_pure_ones_are_among_them(table):
    form = strategic_form(table)
    found = mixed_equilibria(form)
    assert found
    for profile in found:
        for player, odds in enumerate(profile):
            assert sum(odds) == 1
            value = payoffs_by_hand(table, [[float(p) for p in row] for row in profile], player)
            assert all(value[at] > value.max() - 1e-9 for at, chance in enumerate(odds) if chance > 0)
    assert set(pure_equilibria(form)) <= set(found)


def test_matching_pennies_is_even_at_every_lambda(tmp_path):
    form = strategic_form(read_text_game(tmp_path, PENNIES, ".nfg"))
    branch = follow(form, [0.0, 1.0, 100.0])
    for mixture in branch.mixtures:
        assert np.allclose(np.concatenate(mixture), 0.5)
    half = (Fraction(1, 2), Fraction(1, 2))
    assert mixed_equilibria(form) == [(half, half)]
    assert pure_equilibria(form) == []


def test_a_branch_that_folds_back_reports_its_folds_and_takes_the_first_crossing(tmp_path):
    form = strategic_form(read_text_game(tmp_path, FOLDED, ".nfg"))
    branch = follow(form, [0.5, 0.8, 1.0, 3.0])
    assert branch.folds == pytest.approx([0.907, 0.663], abs=5e-3)
    before_the_fold = follow(form, [0.8])
    assert before_the_fold.folds == ()
    for ours, theirs in zip(branch.mixtures[1], before_the_fold.mixtures[0], strict=True):
        assert np.allclose(ours, theirs, atol=1e-8)


def test_a_symmetric_game_stays_symmetric_where_another_branch_crosses(tmp_path):
    branch = follow(strategic_form(read_text_game(tmp_path, SEXES, ".nfg")), [1.0, 2.0])
    assert branch.folds == ()
    assert branch.crossings == pytest.approx([1.372], abs=0.02)
    first, second = branch.mixtures[1]
    assert np.allclose(first, second[::-1])


def test_the_safe_equilibrium_of_the_stag_hunt_is_where_the_branch_ends(tmp_path):
    result = deter(read_text_game(tmp_path, STAG, ".nfg"), rate=30.0)
    assert dict(result.outcomes)["2,2"] > 0.999
    assert result.pure is not None
    assert len(result.pure) == 2
    assert result.mixed is not None
    assert len(result.mixed) == 3


def test_a_dominant_choice_has_its_closed_form(tmp_path):
    """One player, payoffs 1 and 2: the better is taken with chance 1 / (1 + exp(-lambda))."""
    game = read_text_game(tmp_path, 'NFG 1 R "one" { "a" } { 2 }\n\n1 2\n', ".nfg")
    assert deter(game, rate=3.0).strategies[0][1][1] == pytest.approx(1 / (1 + np.exp(-3.0)), abs=1e-10)


def test_the_two_forms_differ_and_agents_solve_backwards(tmp_path):
    """The incumbent's agent only looks at what it faces: 1 / (1 + exp(-2 lambda)) to share."""
    game = read_text_game(tmp_path, ENTRY_EFG, ".efg")
    agents, whole = deter(game, rate=1.0, form="agent"), deter(game, rate=1.0)
    share = dict(agents.behaviour[1][2])["share"]
    assert share == pytest.approx(1 / (1 + np.exp(-2.0)), abs=1e-9)
    assert agents.strategies[1][1][1] == pytest.approx(share)
    assert whole.strategies[1][1][1] < share


def test_agents_below_a_set_that_is_all_but_never_reached_still_choose(tmp_path):
    result = deter(read_text_game(tmp_path, ENTRY_EFG.replace("0, 2", "900, 2"), ".efg"), rate=200.0, form="agent")
    assert dict(result.behaviour[1][2])["share"] > 0.999
    assert dict(result.outcomes)["peace"] == pytest.approx(1.0)


@pytest.mark.parametrize("rate", [-1.0, float("nan"), float("inf")])
def test_a_lambda_that_is_no_precision_is_refused(tmp_path, rate):
    with pytest.raises(InputError) as caught:
        deter(read_text_game(tmp_path, PENNIES, ".nfg"), rate=rate)
    assert caught.value.code == "E204"


def test_a_lambda_beyond_all_meaning_is_refused(tmp_path):
    with pytest.raises(SolveError) as caught:
        deter(read_text_game(tmp_path, PENNIES, ".nfg"), rate=1e300)
    assert caught.value.code == "E513"


def test_an_unknown_form_is_refused(tmp_path):
    with pytest.raises(InputError) as caught:
        deter(read_text_game(tmp_path, PENNIES, ".nfg"), form="mixed")
    assert caught.value.code == "E204"


def test_exact_equilibria_of_a_game_too_large_are_refused_by_name(tmp_path):
    three = make_table((2, 2, 2), [(0, 0, 0)] * 8)
    with pytest.raises(SolveError) as caught:
        mixed_equilibria(strategic_form(three))
    assert caught.value.code == "E515"
    with pytest.raises(SolveError) as caught:
        pure_equilibria(agent_form(read_text_game(tmp_path, ENTRY_EFG, ".efg")))
    assert caught.value.code == "E515"
    assert deter(three).body()["equilibria"]["mixed"] is None


def test_too_many_options_are_refused(monkeypatch):
    wide = make_table((40, 40), [(0, 1)] * 40**2)
    with pytest.raises(InputError) as caught:
        strategic_form(make_table((220, 220), [(0, 1)] * 220**2))
    assert caught.value.code == "E512"
    monkeypatch.setattr("counterpoise.bargain.qre.MAX_OPTIONS", 60)
    with pytest.raises(SolveError) as caught:
        follow(strategic_form(wide), [1.0])
    assert caught.value.code == "E512"


def test_the_tables_and_charts_of_a_game_name_its_likeliest_outcome(tmp_path):
    result = deter(read_text_game(tmp_path, ENTRY_EFG, ".efg"), rate=5.0)
    assert {row["what"] for row in result.table()} == {"entrant plays", "incumbent plays", "outcome"}
    pytest.importorskip("altair")
    assert "shared market" in str(result.plot().to_dict()["title"])

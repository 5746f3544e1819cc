"""Games with judged payoffs, and statements about commitments with their break-evens."""

from __future__ import annotations

import numpy as np
import pytest

from counterpoise._errors import InputError
from counterpoise.bargain import SMALL_STATE, deter, deter_draws, judge_statement, read_game, weigh_backing
from counterpoise.bargain.ambiguity import SHARES
from counterpoise.bargain.game_draws import draw_payoffs
from counterpoise.bargain.regional import BACKING
from counterpoise.bargain.statements import STATEMENTS
from tests.bargain.games import ENTRY_EFG, ENTRY_TOML, read_text_game

RANGED = ENTRY_TOML.replace("incumbent = -1", "incumbent = [-2, -1, 1.5]")


def test_a_range_of_payoffs_keeps_its_mode_in_the_game_itself(tmp_path):
    ranged, plain = (read_text_game(tmp_path, text, ".toml") for text in (RANGED, ENTRY_TOML))
    assert deter(ranged).strategies == deter(plain).strategies
    drawn = draw_payoffs(ranged, seed=1, draws=2_000)
    assert drawn[:, 0, 1].min() >= -2
    assert drawn[:, 0, 1].max() <= 1.5
    assert drawn[:, 0, 1].mean() == pytest.approx(-0.5, abs=0.05)
    assert np.all(drawn[:, 0, 0] == -1)


def test_draws_of_a_game_without_ranges_are_the_game_scaled_to_a_range_of_one(tmp_path):
    game = read_text_game(tmp_path, ENTRY_EFG, ".efg")
    spread = deter_draws(game, seed=1, draws=2, lambdas=[4.0], form="strategic")
    alone = deter(game, rate=4.0 / 3.0)
    assert spread.outcomes == tuple(label for label, _ in alone.outcomes)
    assert np.allclose(spread.chances[:, 0], [[chance for _, chance in alone.outcomes]] * 2)


def test_members_of_a_drawn_game_do_not_change_when_more_are_drawn(tmp_path):
    game = read_text_game(tmp_path, RANGED, ".toml")
    few, many = (deter_draws(game, seed=4, draws=draws, lambdas=[2.0]) for draws in (3, 6))
    assert np.array_equal(few.chances, many.chances[:3])


def test_a_drawn_game_tells_shares_of_statements_and_bands(tmp_path):
    spread = deter_draws(read_text_game(tmp_path, RANGED, ".toml"), seed=4, draws=40, lambdas=[1.0, 10.0])
    assert 0.0 < spread.share(lambda chances: chances["war"] > chances["shared market"], rate=10.0) < 1.0
    body = spread.to_dict()
    assert body["lambdas"][1]["outcomes"][0]["probability"]["p95"] <= 1.0
    assert body["lambdas"][0]["choices"][0]["chooser"] == "entrant: entry"
    assert np.allclose(spread.chances.sum(axis=2), 1.0)


@pytest.mark.parametrize("text", ["[-2, -1]", "[1, 0, 2]", '["a", 0, 1]'])
def test_a_range_that_is_none_is_refused(tmp_path, text):
    with pytest.raises(InputError) as caught:
        read_text_game(tmp_path, ENTRY_TOML.replace("incumbent = -1", f"incumbent = {text}"), ".toml")
    assert caught.value.code == "E510"


@pytest.mark.parametrize("arguments", [{"draws": 0}, {"seed": -1}, {"lambdas": []}, {"form": "mixed"}])
def test_arguments_of_a_drawn_game_are_checked(tmp_path, arguments):
    game = read_text_game(tmp_path, ENTRY_TOML, ".toml")
    with pytest.raises(InputError) as caught:
        deter_draws(game, **{"seed": 1, "draws": 2, **arguments})
    assert caught.value.code == "E204"


def test_ankara_has_a_choice_to_weigh():
    """The packaged game is judgement; it must at least not decide itself."""
    spread = weigh_backing(seed=1, draws=40)
    back = spread.options.index(("Ankara: backing", "back"))
    middle = np.median(spread.choices[:, spread.lambdas.index(5.0), back])
    assert 0.1 < middle < 0.9
    assert spread.meta.inputs
    assert all(outcome.low for outcome in read_game(BACKING).outcomes)


@pytest.mark.parametrize("name", STATEMENTS)
def test_each_statement_has_a_share_at_each_lambda_and_break_evens_in_range(name):
    found = judge_statement(SMALL_STATE, name, seed=1, draws=60)
    assert set(found.shares) == {0.5, 1.0, 2.0, 5.0, 10.0, 20.0}
    assert all(0.0 <= share <= 1.0 for share in found.shares.values())
    for stake, values in found.break_even.items():
        entry = getattr(SMALL_STATE, stake)
        low, high = (0.0, 1.0) if stake in SHARES else (entry.low, entry.high)
        assert all(low <= value <= high for value in values)


def test_the_probability_of_a_statement_is_the_mean_of_its_shares_and_a_bar_lowers_it():
    found = judge_statement(SMALL_STATE, "guarantee_emboldens", seed=1, draws=60, flip_draws=0)
    barred = judge_statement(SMALL_STATE, "guarantee_emboldens", seed=1, draws=60, flip_draws=0, least=(0.02, 0.05))
    assert found.break_even == {}
    assert found.probability == pytest.approx(np.mean(list(found.shares.values())))
    assert barred.probability < found.probability
    assert barred.sizes == found.sizes
    assert found.sizes[5.0]["p05"] <= found.sizes[5.0]["p50"] <= found.sizes[5.0]["p95"]


@pytest.mark.parametrize(("name", "options"), [("peace", {}), ([], {}), ("guarantee_emboldens", {"least": (0.2, 0.1)})])
def test_an_unknown_statement_or_a_bar_out_of_order_is_refused(name, options):
    with pytest.raises(InputError) as caught:
        judge_statement(SMALL_STATE, name, seed=1, **options)
    assert caught.value.code == "E204"


def test_charts_of_draws_are_drawn(tmp_path):
    pytest.importorskip("altair")
    spread = deter_draws(read_text_game(tmp_path, RANGED, ".toml"), seed=4, draws=3, lambdas=[1.0])
    assert "entry" in str(spread.plot().to_dict()["spec"]["title"])

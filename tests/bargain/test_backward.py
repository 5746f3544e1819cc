"""Games in which every move is seen, solved from the end: the same answers as the general solver."""

from __future__ import annotations

import numpy as np
import pytest

from counterpoise.bargain import deter_draws, game_draws, read_game
from counterpoise.bargain.backward import sees_every_move, solve_backwards
from counterpoise.bargain.regional import BACKING
from tests.bargain.games import ENTRY_EFG, ENTRY_TOML, PENNIES, read_text_game

WEATHER = """
title = "weather"
players = ["entrant", "incumbent"]
start = "sky"

[node.sky]
chance = { good = "1/3", bad = "2/3" }
moves = { good = "entry if good", bad = "entry if bad" }

[node."entry if good"]
player = "entrant"
moves = { enter = "answer", "stay out" = "peace" }

[node."entry if bad"]
player = "entrant"
moves = { enter = "war", "stay out" = "peace", wait = "shared market" }

[node.answer]
player = "incumbent"
moves = { fight = "war", share = "shared market" }

[outcome.peace]
payoffs = { entrant = 0, incumbent = [1, 2, 3] }
[outcome.war]
payoffs = { entrant = [-2, -1, 1], incumbent = -1 }
[outcome."shared market"]
payoffs = { entrant = 1, incumbent = [0, 1, 2] }
"""
# What is paid on the way counts too.
TOLL = ENTRY_EFG.replace('"answer" { "fight" "share" } 0', '"answer" { "fight" "share" } 4 "toll" { -1/2, 1/4 }')


@pytest.mark.parametrize(("text", "suffix"), [(WEATHER, ".toml"), (ENTRY_TOML, ".toml"), (TOLL, ".efg")])
def test_solving_from_the_end_agrees_with_the_general_solver(monkeypatch, tmp_path, text, suffix):
    game = read_text_game(tmp_path, text, suffix)
    assert sees_every_move(game)
    quick = deter_draws(game, seed=3, draws=5, lambdas=[0.0, 0.7, 6.0])
    monkeypatch.setattr(game_draws, "sees_every_move", lambda game: False)
    slow = deter_draws(game, seed=3, draws=5, lambdas=[0.0, 0.7, 6.0])
    assert np.allclose(quick.choices, slow.choices, atol=1e-9)
    assert np.allclose(quick.chances, slow.chances, atol=1e-9)


def test_one_choice_is_a_logit_of_its_payoffs(tmp_path):
    """Entry is worth a mixture of war and sharing: with payoffs (-1, 1) and lambda 1 the incumbent shares with
    1 / (1 + exp(-2)); entering is then worth 2 * share - 1, staying out 0."""
    game = read_text_game(tmp_path, ENTRY_TOML, ".toml")
    payoffs = np.array([[[-1.0, -1.0], [1.0, 1.0], [0.0, 2.0]]])
    entry, answer = solve_backwards(game, payoffs, 1.0)
    share = 1 / (1 + np.exp(-2.0))
    assert answer[0, 1] == pytest.approx(share)
    assert entry[0, 0] == pytest.approx(1 / (1 + np.exp(-(2 * share - 1))))


def test_what_a_player_cannot_see_is_left_to_the_general_solver(tmp_path):
    hidden = WEATHER.replace(
        'moves = { enter = "war", "stay out" = "peace", wait = "shared market" }',
        ('information = "sky unknown"\nmoves = { enter = "war", "stay out" = "peace 2" }'),
    ).replace('moves = { enter = "answer"', 'information = "sky unknown"\nmoves = { enter = "answer"')
    hidden += '[outcome."peace 2"]\npayoffs = { entrant = 0, incumbent = 1 }\n'
    assert not sees_every_move(read_text_game(tmp_path, hidden, ".toml"))
    assert not sees_every_move(read_text_game(tmp_path, PENNIES, ".nfg"))
    assert sees_every_move(read_game(BACKING))

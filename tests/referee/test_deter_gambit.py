"""Games held to Gambit: quantal-response chances at given lambdas, exact equilibria, labels and their order."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from counterpoise.bargain.deterrence import read_game
from counterpoise.bargain.form import agent_form, strategic_form
from counterpoise.bargain.nash import mixed_equilibria, pure_equilibria
from counterpoise.bargain.qre import follow
from tests.support import run_json, shared_path

pytestmark = pytest.mark.shared

CASE = "cases/gambit_games"
FILES = {
    "watson_fig29_1_jobmarket_signalling": ".efg",
    "entry_accommodation": ".efg",
    "const_sum_game": ".nfg",
}

# Behaviour strategies of the two trees in agent form, from pygambit 16.7.0 (`logit_solve_lambda` with
# `use_strategic=False`, read by position), sets in the order of the file by player.
WATSON, ENTRY = "watson_fig29_1_jobmarket_signalling", "entry_accommodation"
AGENTS = {
    (WATSON, 1.0): [0.8057, 0.1943, 0.17112, 0.82888, 0.95341, 0.04659, 0.04969, 0.95031],
    (WATSON, 2.0): [0.98186, 0.01814, 0.11831, 0.88169, 0.9997, 0.0003, 0.00041, 0.99959],
    (ENTRY, 1.0): [0.43413, 0.56587, 0.95257, 0.04743, 0.73106, 0.26894, 0.55489, 0.44511],
    (ENTRY, 5.0): [0.60923, 0.39077, 1.0, 0.0, 0.99331, 0.00669, 0.69472, 0.30528],
}


def game_path(name: str) -> Path:
    return shared_path(f"{CASE}/{name}{FILES[name]}")


def expected(name: str) -> dict:
    return json.loads(shared_path(f"{CASE}/expected_pygambit.json").read_text())[name]


@pytest.mark.parametrize("name", FILES)
def test_strategic_quantal_response_is_gambits(name):
    form = strategic_form(read_game(game_path(name)))
    reference = expected(name)["logit_qre_by_lambda"]
    branch = follow(form, [float(rate) for rate in reference])
    for mixture, theirs in zip(branch.mixtures, reference.values(), strict=True):
        for player, labels, odds in zip(form.players, form.labels, mixture, strict=True):
            assert list(labels) == list(theirs[player])
            assert np.max(np.abs(odds - list(theirs[player].values()))) < 1e-4


@pytest.mark.parametrize(("name", "rate"), AGENTS)
def test_agent_quantal_response_is_gambits(name, rate):
    form = agent_form(read_game(game_path(name)))
    mixture = follow(form, [rate]).mixtures[0]
    ours = [mixture[at] for player in range(2) for at, owner in enumerate(form.owner) if owner == player]
    assert np.max(np.abs(np.concatenate(ours) - AGENTS[name, rate])) < 1e-4


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(("solve", "key"), [(pure_equilibria, "enumpure"), (mixed_equilibria, "enummixed")])
def test_exact_equilibria_are_gambits(name, solve, key):
    form = strategic_form(read_game(game_path(name)))
    ours = [
        {
            player: {label: str(chance) for label, chance in zip(labels, odds, strict=True)}
            for player, labels, odds in zip(form.players, form.labels, profile, strict=True)
        }
        for profile in solve(form)
    ]
    theirs = expected(name)[key]["equilibria"]
    assert sorted(map(str, ours)) == sorted(map(str, theirs))


@pytest.mark.parametrize("name", FILES)
def test_the_command_gives_the_contract_for_the_reference_games(name, capsys):
    code, body = run_json(capsys, "deter", str(game_path(name)), "--lambda", "2", "--form", "strategic")
    assert code == 0
    for entry in body["players"]:
        theirs = expected(name)["logit_qre_by_lambda"]["2"][entry["player"]]
        ours = {found["label"]: found["probability"] for found in entry["strategies"]}
        assert ours == pytest.approx(theirs, abs=1e-4)
    assert sum(found["probability"] for found in body["outcomes"]) == pytest.approx(1.0)


def test_the_agent_form_gives_strategies_that_its_behaviour_amounts_to(capsys):
    path = str(game_path("entry_accommodation"))
    code, body = run_json(capsys, "deter", path, "--lambda", "1", "--form", "agent")
    assert code == 0
    stay = {found["label"]: found["probability"] for found in body["players"][0]["strategies"]}
    assert stay["11*"] == pytest.approx(0.43413 * 0.95257, abs=1e-4)
    assert [entry["player"] for entry in body["information_sets"]] == ["1", "2", "1", "1"]

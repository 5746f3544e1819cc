"""The commands `bargain` and `deter`: their documents, their refusals, their exit codes."""

from __future__ import annotations

import pytest

from tests.bargain.games import ENTRY_EFG, ENTRY_TOML
from tests.support import run_json

ACTORS = "actor,capability,position,position_low,position_high,salience\nA,1,0,0,3,0.5\nB,2,10,8,10,0.9\nC,1,4,2,6,1\n"


def test_bargain_prints_rounds_with_every_key_of_the_contract(tmp_path, capsys):
    path = tmp_path / "actors.csv"
    path.write_text(ACTORS)
    code, body = run_json(capsys, "bargain", str(path), "--variant", "corrected")
    assert code == 0
    for number, state in enumerate(body["rounds"]):
        assert state["round"] == number
        assert set(state) >= {"round", "median", "mean", "positions", "risk"}
        assert set(state["positions"]) == set(state["risk"]) == {"A", "B", "C"}
    assert isinstance(body["settled"], bool)
    assert set(body["meta"]) == {"version", "seed", "as_of", "inputs", "sources", "cites"}


def test_bargain_takes_draws_and_single_corrections(tmp_path, capsys):
    path = tmp_path / "actors.csv"
    path.write_text(ACTORS)
    code, body = run_json(capsys, "bargain", str(path), "--draws", "50", "--seed", "3", "--probability", "pair")
    assert code == 0
    assert body["draws"] == 50
    assert body["options"]["probability"] == "pair"
    assert body["options"]["compromise"] == "signed"
    assert 0 <= body["rounds"][0]["positions"]["A"]["p05"] <= 3


def test_deter_prints_players_and_outcomes(tmp_path, capsys):
    path = tmp_path / "game.efg"
    path.write_text(ENTRY_EFG)
    code, body = run_json(capsys, "deter", str(path))
    assert code == 0
    assert [entry["player"] for entry in body["players"]] == ["entrant", "incumbent"]
    assert [row["label"] for row in body["players"][0]["strategies"]] == ["1", "2"]
    assert [row["label"] for row in body["outcomes"]] == ["war", "shared market", "peace"]


def test_deter_takes_draws_from_judged_payoffs(tmp_path, capsys):
    path = tmp_path / "game.toml"
    path.write_text(ENTRY_TOML.replace("entrant = -1", "entrant = [-2, -1, 0]"))
    code, body = run_json(capsys, "deter", str(path), "--form", "agent", "--draws", "5")
    assert code == 0
    assert body["lambdas"][0]["outcomes"][0]["probability"]["p05"] > 0


def test_bargain_takes_an_issue_of_a_region(capsys):
    issue = ["south-caucasus", "--issue", "tripp_terms", "--rounds", "1"]
    code, spread = run_json(capsys, "bargain", *issue)
    assert (code, spread["draws"]) == (0, 300)
    code, body = run_json(capsys, "bargain", *issue, "--draws", "0")
    assert code == 0
    assert body["variant"] == "corrected"
    assert {"AZE", "TUR", "RUS", "USA", "IRN", "EU"} <= set(body["rounds"][0]["positions"])
    assert body["meta"]["sources"]


def test_bargain_over_an_issue_shows_where_it_ends_and_who_moved_whom_over_draws(capsys):
    region = ["south-caucasus", "--issue", "gyumri_base", "--draws", "10", "--rounds", "3", "--leave-out", "USA,CHN"]
    code, body = run_json(capsys, "bargain", *region)
    assert code == 0
    assert body["draws"] == 10
    assert not {"USA", "CHN"} & set(body["rounds"][0]["positions"])
    assert body["ends"]["mean"]["p05"] <= body["ends"]["mean"]["p95"]
    assert body["moved"][0]["moves_per_draw"] > 0
    code, earlier = run_json(capsys, "bargain", *region[:3], "--as-of", "2020-01-01")
    assert (code, earlier["error"]["code"]) == (2, "E504")


@pytest.mark.parametrize(
    ("command", "arguments", "expected"),
    [
        ("bargain", ["nowhere.csv", "--leave-out", "A"], "E204"),
        ("bargain", ["nowhere.csv", "--as-of", "2026-01-01"], "E204"),
        ("bargain", ["."], "E201"),
        ("bargain", ["nowhere", "--issue", "tripp_terms"], "E101"),
        ("bargain", ["south-caucasus", "--issue", "tripp"], "E504"),
        ("bargain", ["south-caucasus", "--issue", "tripp_terms", "--leave-out", "NLD"], "E504"),
        ("bargain", ["nowhere.csv"], "E201"),
        ("deter", ["nowhere.efg"], "E201"),
        ("deter", ["nowhere.txt"], "E204"),
        ("bargain", ["nowhere.csv", "--variant", "best"], "E200"),
        ("deter", ["nowhere.efg", "--lambda", "much"], "E200"),
    ],
)
def test_misuse_ends_with_exit_code_2_and_a_named_error(capsys, command, arguments, expected):
    code, body = run_json(capsys, command, *arguments)
    assert code == 2
    assert body["error"]["code"] == expected

"""The commands `bargain` and `deter`: their documents, their refusals, their exit codes."""

from __future__ import annotations

import subprocess
import sys

import pytest

from counterpoise.cli import main
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


WASHINGTON = ["south-caucasus", "--guarantor", "USA", "--protege", "ARM"]


def test_deter_sets_a_commitment_of_a_region_beside_a_formal_one_and_none(capsys):
    code, body = run_json(capsys, "deter", *WASHINGTON, "--draws", "40", "--lambda", "5")
    assert (code, body["draws"]) == (0, 40)
    (found,) = body["commitments"]
    assert found["lambda"] == 5
    assert set(found["regimes"]) == {"none", "ambiguous", "formal"}
    assert body["facts"]
    assert {"win_alone", "win_joined"} <= set(body["assumed"])
    odds = ["--challenger", "AZE", "--issue", "tripp_terms", "--voice", "ARM_GOV"]
    _, known = run_json(capsys, "deter", *WASHINGTON, "--draws", "40", "--lambda", "5", *odds)
    assert not {"win_alone", "win_joined"} & set(known["assumed"])
    assert set(known["facts"]) > set(body["facts"])
    assert known["stakes"]["win_alone"] != body["stakes"]["win_alone"]


def test_deter_on_a_region_shows_six_lambdas_by_three_commitments_as_a_table(capsys):
    assert main(["deter", *WASHINGTON, "--draws", "20"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1 + 6 * 3


def test_deter_values_every_promise_to_a_protege(capsys):
    code, body = run_json(capsys, "deter", "south-caucasus", "--protege", "ARM", "--draws", "30")
    assert code == 0
    worth = [row["worth"]["p50"] for row in body["promises"]]
    assert worth == sorted(worth, reverse=True)
    by_row = {row["commitment"]: row for row in body["promises"]}
    assert {"RUS", "USA", "EU"} <= {row["guarantor"] for row in by_row.values()}
    # A pact loses less by its wording than words alone do.
    vague = {name: by_row[name]["vagueness_costs"]["p50"] for name in ("commitments:CM008", "commitments:CM014")}
    assert 0 < vague["commitments:CM008"] < vague["commitments:CM014"]
    assert body["meta"]["sources"]


def test_deter_says_what_is_lacking_to_value_promises(capsys, lakeland):
    code, body = run_json(capsys, "deter", str(lakeland), "--protege", "LKE", "--draws", "5")
    assert code == 0
    assert body["promises"] == []
    assert body["reason"]
    assert body["needs"]


@pytest.mark.parametrize(
    ("arguments", "where"),
    [
        (["--protege", "NLD"], ["--protege"]),
        (["--protege", "ARM", "--draws", "0"], ["--draws"]),
        (["--protege", "ARM", "--lambda", "2"], ["--lambda"]),
        (["--protege", "ARM", "--challenger", "AZE", "--issue", "tripp_terms"], ["--guarantor"]),
        (["--guarantor", "USA"], ["--protege"]),
        (["--challenger", "AZE"], ["--guarantor", "--protege"]),
        ([*WASHINGTON[1:], "--form", "strategic"], ["--form"]),
        ([*WASHINGTON[1:], "--challenger", "AZE"], ["--issue"]),
        ([*WASHINGTON[1:], "--voice", "ARM_GOV"], ["--challenger"]),
        ([*WASHINGTON[1:], "--issue", "tripp_terms"], ["--challenger"]),
    ],
)
def test_deter_refuses_half_a_question_about_a_region(arguments, where, capsys):
    code, body = run_json(capsys, "deter", "south-caucasus", *arguments)
    assert code == 2
    assert [entry["where"] for entry in body["error"]["faults"]] == where


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


def test_a_bargain_on_a_file_loads_nothing_that_only_other_commands_need(tmp_path):
    path = tmp_path / "actors.csv"
    path.write_text(ACTORS)
    others = {"scipy", "pandas", "pydantic", "concurrent.futures", "logging", "tomllib", "difflib"}
    program = (
        "import sys; from counterpoise.cli import main; "
        f"main(['bargain', {str(path)!r}]); print(sorted({others!r} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert done.stderr.strip().splitlines()[-1] == "[]"

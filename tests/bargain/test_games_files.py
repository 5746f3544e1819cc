"""Game files: what is read, and what is refused with which code."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counterpoise._errors import CounterpoiseError, InputError
from counterpoise.bargain.deterrence import deter, read_game
from counterpoise.bargain.form import agent_form, strategic_form
from counterpoise.bargain.game import Table, Tree
from tests.bargain.games import ENTRY_EFG, ENTRY_TOML, OUTCOMES, PENNIES, read_text_game
from tests.support import ROOT


def codes(folder, text: str, suffix: str) -> list[str]:
    with pytest.raises(CounterpoiseError) as caught:
        read_text_game(folder, text, suffix)
    return [problem.code for problem in caught.value.faults]


def outcome_of(folder, text: str, suffix: str) -> str:
    try:
        read_text_game(folder, text, suffix)
    except CounterpoiseError as error:
        return error.code
    return "read"


def test_a_table_of_outcomes_is_read_with_its_names_and_null_outcome(tmp_path):
    game = read_text_game(tmp_path, OUTCOMES, ".nfg")
    assert isinstance(game, Table)
    assert game.strategies == (("up", "down"), ("left", "right"))
    assert game.cells == (0, 1, -1, 2)
    assert game.outcomes[1].payoffs == (Fraction(0), Fraction(1, 2))
    assert [entry.label for entry in game.outcomes] == ["good", "bad", "3"]
    found = deter(game, rate=0.0).body()["outcomes"]
    assert {row["label"]: row["probability"] for row in found} == {
        "good": 0.25,
        "bad": 0.25,
        "3": 0.25,
        "(no outcome)": 0.25,
    }


def test_a_table_of_payoffs_names_its_cells_by_their_strategies(tmp_path):
    game = read_text_game(tmp_path, PENNIES, ".nfg")
    assert isinstance(game, Table)
    assert [entry.label for entry in game.outcomes] == ["1,1", "2,1", "1,2", "2,2"]


def test_the_same_game_in_toml_and_in_gambits_format_is_the_same_game(tmp_path):
    one, other = (read_text_game(tmp_path, text, end) for text, end in ((ENTRY_TOML, ".toml"), (ENTRY_EFG, ".efg")))
    assert isinstance(one, Tree)
    assert isinstance(other, Tree)
    assert deter(one, rate=3.0).strategies == deter(other, rate=3.0).strategies
    assert dict(deter(one).outcomes) == pytest.approx(dict(deter(other).outcomes))


def test_an_information_set_may_leave_out_its_actions_after_the_first_node(tmp_path):
    text = """EFG 2 R "x" { "a" "b" }
c "" 1 "" { "h" 1/2 "l" 1/2 } 0
p "" 1 1 "s" { "u" "d" } 0
t "" 1 "one" { 1, 0 }
t "" 2 "two" { 0 1 }
p "" 1 1 0
t "" 1
t "" 2
"""
    game = read_text_game(tmp_path, text, ".efg")
    assert isinstance(game, Tree)
    assert len(game.sets) == 1
    assert strategic_form(game).labels == (("1", "2"), ("*",))


def test_nodes_that_share_information_in_toml_are_one_set(tmp_path):
    text = """
players = ["a", "b"]
start = "n"
[node.n]
chance = { hi = "1/3", lo = "2/3" }
moves = { hi = "x", lo = "y" }
[node.x]
player = "a"
information = "blind"
moves = { go = "won", stop = "lost" }
[node.y]
player = "a"
information = "blind"
moves = { go = "lost", stop = "won" }
[outcome.won]
payoffs = { a = 1, b = 0 }
[outcome.lost]
payoffs = { a = 0, b = 1 }
"""
    game = read_text_game(tmp_path, text, ".toml")
    assert isinstance(game, Tree)
    assert len(game.sets) == 1
    assert deter(game, rate=50.0).payoffs[0] == pytest.approx(2 / 3, abs=1e-6)


def test_the_game_in_the_documentation_is_a_game(tmp_path):
    page = (ROOT / "docs" / "engines" / "deter.md").read_text(encoding="utf-8")
    game = read_text_game(tmp_path, page.split("```toml\n")[1].split("```")[0], ".toml")
    assert isinstance(game, Tree)
    assert len(game.sets) == 2
    assert sum(chance for _, chance in deter(game).outcomes) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("text", "suffix", "code"),
    [
        ("", ".efg", "E510"),
        ("EFG 2 R", ".efg", "E510"),
        ('EFG 2 R "x" { "a" } "open', ".efg", "E510"),
        ('EFG 2 R "x" { "a" }\nt "" 1 "o" { nonsense }\n', ".efg", "E510"),
        ('EFG 2 R "x" { "a" }\nt "" 1 "o" { 1/0 }\n', ".efg", "E510"),
        ('EFG 2 R "x" { "a" }\nt "" 1 "o" { 1e999999999 }\n', ".efg", "E510"),
        ('EFG 2 R "x" { "a" }\np "" 1 1 "" { "l" "r" } 0\nt "" 1 "o" { 1 }\n', ".efg", "E510"),
        ('EFG 2 R "x" { "a" }\nt "" 1 "o" { 1 }\nt "" 1 "o" { 1 }\n', ".efg", "E510"),
        ('EFG 2 R "x" { "a" }\np "" 3 1 "" { "l" "r" } 0\n', ".efg", "E511"),
        ('EFG 2 R "x" { "a" "a" }\nt "" 1 "o" { 1 2 }\n', ".efg", "E511"),
        ('EFG 2 R "x" { "a" }\nc "" 1 "" { "h" 1/2 "l" 1/3 } 0\nt "" 1 "o" { 1 }\nt "" 1\n', ".efg", "E511"),
        ('EFG 2 R "x" { "a" }\nc "" 1 "" { "h" 1/2 "l" 1/2 } 0\nt "" 1 "o" { 1 }\nt "" 1 "o" { 2 }\n', ".efg", "E511"),
        ('NFG 1 R "x" { "a" "b" } { 2 2 }\n1 2 3\n', ".nfg", "E510"),
        ('NFG 1 R "x" { "a" "b" } { 2 }\n1 2 3\n', ".nfg", "E510"),
        ('NFG 1 R "x" { "a" "b" } { 999999 999999 }\n1\n', ".nfg", "E512"),
        ('NFG 1 R "x" { "a" "b" } { 1999 1999 }\n1\n', ".nfg", "E512"),
        ('NFG 1 R "x" { "a" "b" } { { "u" "u" } { "l" } }\n1 2 3 4\n', ".nfg", "E511"),
        ("players = 3", ".toml", "E510"),
        ("players = [", ".toml", "E203"),
        (ENTRY_TOML.replace('"2/2"', '"2/0"'), ".toml", "E510"),
        (ENTRY_TOML.replace('"2/2"', "nan"), ".toml", "E510"),
        (ENTRY_TOML.replace('"2/2"', "0x" + "f" * 6000), ".toml", "E510"),
        (ENTRY_TOML.replace('fight = "war"', 'fight = "entry"'), ".toml", "E511"),
        (ENTRY_TOML.replace('"answer", "stay', '"peace", "stay'), ".toml", "E510"),
    ],
)
def test_a_file_that_is_no_game_is_refused_by_name(tmp_path, text, suffix, code):
    assert code in codes(tmp_path, text, suffix)


def test_every_fault_of_a_toml_game_is_told_at_once(tmp_path):
    text = ENTRY_TOML.replace('player = "incumbent"', 'player = "incumbant"').replace('start = "entry"', 'start = "x"')
    text = text.replace("entrant = -1, ", "")
    assert len(codes(tmp_path, text, ".toml")) >= 3


def test_a_path_that_never_ends_is_refused_without_deep_recursion(tmp_path):
    lines = ['EFG 2 R "deep" { "a" }']
    depth = 5_000
    lines += [f'p "" 1 {number} "" {{ "l" "r" }} 0\nt "" 1 "o" {{ 1 }}' for number in range(1, depth)]
    lines += ['t "" 1', ""]
    assert codes(tmp_path, "\n".join(lines), ".efg") == ["E512"]


def test_a_tree_without_end_in_nodes_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("counterpoise.bargain.efg.MAX_NODES", 2)
    assert codes(tmp_path, ENTRY_EFG, ".efg") == ["E512"]


def test_a_player_with_too_many_plans_is_refused(tmp_path):
    lines = ['EFG 2 R "wide" { "a" "b" }', 'c "" 1 "" { ' + " ".join(f'"{k}" 1/12' for k in range(12)) + " } 0"]
    for number in range(1, 13):
        lines += [f'p "" 1 {number} "" {{ "l" "r" }} 0', 't "" 1 "o" { 1 0 }', 't "" 2 "q" { 0 1 }']
    game = read_text_game(tmp_path, "\n".join(lines) + "\n", ".efg")
    with pytest.raises(InputError) as caught:
        strategic_form(game)
    assert caught.value.code == "E512"
    assert len(agent_form(game).labels) == 12


def test_a_player_who_forgets_having_moved_has_no_agent_form(tmp_path):
    text = """EFG 2 R "driver" { "a" }
p "" 1 1 "turn" { "exit" "on" } 0
t "" 1 "early" { 0 }
p "" 1 1 0
t "" 2 "home" { 4 }
t "" 3 "far" { 1 }
"""
    game = read_text_game(tmp_path, text, ".efg")
    assert strategic_form(game).labels == (("1", "2"),)
    with pytest.raises(InputError) as caught:
        agent_form(game)
    assert caught.value.code == "E511"


def test_a_table_has_no_agent_form_and_an_unknown_suffix_no_reader(tmp_path):
    with pytest.raises(InputError) as caught:
        deter(read_text_game(tmp_path, PENNIES, ".nfg"), form="agent")
    assert caught.value.code == "E204"
    with pytest.raises(InputError) as caught:
        read_game(tmp_path / "game.docx")
    assert caught.value.code == "E204"


def test_a_game_without_a_move_has_no_agent_form(tmp_path):
    game = read_text_game(tmp_path, 'EFG 2 R "still" { "a" "b" }\nt "" 1 "o" { 1 2 }\n', ".efg")
    assert deter(game).outcomes == (("o", 1.0),)
    with pytest.raises(InputError) as caught:
        agent_form(game)
    assert caught.value.code == "E511"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.sampled_from(['"', "{", "}", "p", "c", "t", "0", "1", "2", '""', '"x"', "1/3", "EFG", "R", "\n", "-1", "é"]),
        max_size=40,
    )
)
def test_no_text_breaks_the_tree_reader(tmp_path, pieces):
    assert outcome_of(tmp_path, 'EFG 2 R "x" { "a" "b" } ' + " ".join(pieces), ".efg") in {
        "read",
        "E510",
        "E511",
        "E512",
    }


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(['"', "{", "}", "0", "1", "2", '""', '"x"', "1/3", "NFG", "\n", "-1"]), max_size=40))
def test_no_text_breaks_the_table_reader(tmp_path, pieces):
    assert outcome_of(tmp_path, 'NFG 1 R "x" { "a" "b" } ' + " ".join(pieces), ".nfg") in {
        "read",
        "E510",
        "E511",
        "E512",
    }

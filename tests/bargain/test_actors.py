"""The table of actors: what is read and what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from counterpoise._errors import CounterpoiseError, InputError
from counterpoise.bargain import make_table, negotiate, read_actors, simulate
from counterpoise.bargain.scholz import Options

GOOD = "actor,capability,position,salience\nA,1,0,0.5\nB,2,10,0.9\nC,1,4,1\n"


def write(folder: Path, text: str) -> Path:
    path = folder / "actors.csv"
    path.write_text(text, encoding="utf-8")
    return path


def codes(action) -> list[str]:
    with pytest.raises(CounterpoiseError) as caught:
        action()
    return [problem.code for problem in caught.value.faults]


def test_one_issue_is_read(tmp_path):
    table = read_actors(write(tmp_path, GOOD))
    assert table.actors == ("A", "B", "C")
    assert table.position[:, 0].tolist() == [0.0, 10.0, 4.0]
    assert not table.uncertain


def test_several_issues_are_read_in_the_order_of_their_positions(tmp_path):
    text = "actor,salience_b,position_b,capability,position_a,salience_a\nA,10,20,5,30,40\nB,11,21,6,31,41\n"
    table = read_actors(write(tmp_path, text))
    assert table.issues == ("b", "a")
    assert table.position.tolist() == [[20.0, 30.0], [21.0, 31.0]]
    assert table.salience.tolist() == [[10.0, 40.0], [11.0, 41.0]]


def test_ranges_are_read_and_a_blank_end_means_none(tmp_path):
    text = "actor,capability,capability_low,capability_high,position,salience\nA,2,1,4,0,1\nB,3,,,1,1\n"
    table = read_actors(write(tmp_path, text))
    assert table.uncertain
    assert table.low[0].tolist() == [1.0, 3.0]
    assert table.high[0].tolist() == [4.0, 3.0]


def test_capital_letters_in_the_header_do_no_harm(tmp_path):
    table = read_actors(write(tmp_path, "Actor,Capability,Position_Base,Salience_Base\nA,2,1,1\nB,3,2,1\n"))
    assert table.issues == ("Base",)


def test_an_issue_may_be_named_low(tmp_path):
    text = "actor,capability,position_low,salience_low\nA,2,1,1\nB,3,2,1\n"
    assert read_actors(write(tmp_path, text)).issues == ("low",)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("actor,capability,position,salience\n", "E501"),
        ("actor,capability,position,salience\nA,1,0,1\n", "E501"),
        (GOOD + "A,1,2,0.5\n", "E501"),
        (GOOD + ",1,2,0.5\n", "E203"),
        (GOOD + "D,one,2,0.5\n", "E203"),
        (GOOD + "D,,2,0.5\n", "E203"),
        (GOOD + "D,nan,2,0.5\n", "E203"),
        (GOOD + "D,1e300,2,0.5\n", "E203"),
        ("actor,capability,position\nA,1,0\n", "E202"),
        ("actor,capabilty,position,salience\nA,1,0,1\n", "E202"),
        ("actor,Actor,capability,position,salience\nA,B,1,0,1\n", "E202"),
        ("actor,capability,salience\nA,1,0\n", "E202"),
        ("actor,capability,position,salience,position_x,salience_x\nA,1,0,1,1,1\n", "E202"),
        ("actor,capability,position,salience,postion\nA,1,0,1,1\n", "E202"),
        ("actor,capability,position,salience,position_low,position_high\nA,1,0,1,1,2\nB,1,0,1,0,0\n", "E503"),
    ],
)
def test_a_table_that_is_no_bargain_is_refused(tmp_path, text, code):
    assert code in codes(lambda: read_actors(write(tmp_path, text)))


def test_a_missing_file_is_refused(tmp_path):
    assert codes(lambda: read_actors(tmp_path / "nowhere.csv")) == ["E201"]


def test_every_bad_cell_is_told_at_once(tmp_path):
    text = "actor,capability,position,salience\nA,x,y,z\nB,1,2,w\n"
    assert codes(lambda: read_actors(write(tmp_path, text))) == ["E203"] * 4


def test_too_many_actors_are_refused(tmp_path):
    rows = "".join(f"A{number},1,{number},1\n" for number in range(101))
    assert codes(lambda: read_actors(write(tmp_path, "actor,capability,position,salience\n" + rows))) == ["E501"]


@pytest.mark.parametrize(
    ("numbers", "variant", "code"),
    [
        (([1, 1], [0, 1], [0.5, 1.5]), "scholz2011", "E502"),
        (([1, -1], [0, 1], [0.5, 0.5]), "corrected", "E502"),
        (([0, 0], [0, 1], [0.5, 0.5]), "scholz2011", "E501"),
        (([1, 0], [0, 1], [50, 50]), "ktab-smp", "E502"),
        (([1, 1], [0, 101], [50, 50]), "ktab-smp", "E502"),
        (([1, 1], [0, 1], [50, 0]), "ktab-smp", "E502"),
    ],
)
def test_values_that_a_variant_cannot_mean_are_refused(numbers, variant, code):
    assert code in codes(lambda: negotiate(make_table(["A", "B"], *numbers), variant=variant))


def test_attention_beyond_all_there_is_is_refused_in_several_dimensions():
    table = make_table(["A", "B"], [1, 1], [[0, 1], [2, 3]], [[60, 60], [10, 10]], issues=("x", "y"))
    assert codes(lambda: negotiate(table, variant="ktab-smp")) == ["E502"]


@pytest.mark.parametrize(
    "arguments",
    [
        {"variant": "bdm"},
        {"rounds": -1},
        {"rounds": 10**9},
        {"variant": "ktab-smp", "options": Options()},
        {"options": Options(status_quo=2.0)},
    ],
)
def test_arguments_without_meaning_are_refused(arguments):
    table = make_table(["A", "B"], [1, 1], [0, 1], [0.5, 0.5])
    with pytest.raises(InputError) as caught:
        negotiate(table, **arguments)
    assert caught.value.code == "E204"


def test_draws_without_meaning_are_refused():
    table = make_table(["A", "B"], [1, 1], [0, 1], [0.5, 0.5])
    assert codes(lambda: simulate(table, seed=-1, draws=0)) == ["E204", "E204"]
    assert np.isfinite(simulate(table, seed=0, draws=3).positions).all()

"""The command `seats`: files of votes and of laws, what they may say, and every refusal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from counterpoise._errors import InputError
from counterpoise.play.elections.law import find_law, law_of
from counterpoise.play.elections.seats import seats_from_file
from tests.play.ballots import code_of, write
from tests.support import run_json


def test_the_command_takes_a_law_of_the_region_by_its_id(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, [("CC", 53.91, "party"), ("AA", 21.09, "alliance"), ("IHH", 5.22, "alliance")])
    code, document = run_json(capsys, "seats", str(path), "--law", "arm-2021")
    assert code == 0
    assert document["seats"] == {"CC": 71, "AA": 29, "IHH": 7}
    assert [step["step"] for step in document["steps"]] == list(range(1, len(document["steps"]) + 1))
    assert document["meta"]["inputs"]
    assert document["total"] == 107


def test_the_command_takes_a_law_from_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, [("A", 50.2, "party"), ("B", 24.2, "bloc"), ("C", 6.9, "bloc"), ("D", 5.1, "party")])
    law = tmp_path / "law.toml"
    law.write_text('seats = 101\nallocation = "d\'Hondt"\n[threshold]\nparty = 5\nbloc = "7%"\n', encoding="utf-8")
    _, document = run_json(capsys, "seats", str(path), "--law", str(law))
    assert document["seats"]["C"] == 0
    assert sum(document["seats"].values()) == 101
    quotients = [step["quotient"] for step in document["steps"] if step["rule"] == "highest quotient"]
    assert quotients == sorted(quotients, reverse=True)
    assert len(quotients) == 101


def test_a_file_of_several_laws_is_read_with_the_id_behind_a_hash(tmp_path: Path) -> None:
    laws = tmp_path / "laws.toml"
    laws.write_text('[[law]]\nid = "one"\nseats = 10\n[[law]]\nid = "two"\nseats = 20\n', encoding="utf-8")
    assert find_law(f"{laws}#two").seats == 20
    assert code_of(lambda: find_law(laws))[0] == "E903"
    assert code_of(lambda: find_law("arm-2099"))[0] == "E903"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("seats = 101\nthreshhold = 5", "did you mean 'threshold'?"),
        ("seats = 101\nthreshold = 0.05", "write 5"),
        ("seats = 0", "whole number from 1"),
        ("allocation = 'dhondt'", "no seats"),
        ("seats = 101\nallocation = 'dhond'", "did you mean 'dhondt'?"),
        ("seats = 101\nmajority_bonus = 0.54", "from 50 to 90"),
        ("seats = 101\nties = 'coin'", "ties is one of"),
        ("seats = 100\n[[tier]]\nseats = 60\n[[tier]]\nseats = 50", "110 against 100"),
        ("[[tier]]\nseats = 60\nwon = { A = 3 }", "constituency"),
        ("seats = 101\nchamber = 101", "a key stands once"),
    ],
)
def test_a_law_that_breaks_the_format_is_e902_and_says_how_to_mend_it(tmp_path: Path, text: str, says: str) -> None:
    law = tmp_path / "law.toml"
    law.write_text(text, encoding="utf-8")
    code, told = code_of(lambda: find_law(law))
    assert code == "E902"
    assert says in told


def test_all_faults_of_a_law_are_told_at_once() -> None:
    with pytest.raises(InputError) as caught:
        law_of({"seats": "many", "allocation": "coin", "threshold": 90}, "law")
    assert len(caught.value.faults) == 3


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([("A", 60, "party"), ("B", 55.5, "party")], "add up to 115.5"),
        ([("A", 60, "party"), ("A", 20, "party")], "first on line 2"),
        ([("A", "lots", "party")], "share = 'lots'"),
        ([("A", 60, "partty")], "did you mean 'party'?"),
        ([("", 60, "party")], "party is blank"),
        ([("A", 0, "party")], "no list with votes"),
        ([], "0 rows"),
    ],
)
def test_votes_that_do_not_add_up_are_e901(tmp_path: Path, rows: list[tuple[Any, ...]], says: str) -> None:
    code, told = code_of(lambda: seats_from_file(write(tmp_path, rows), "MDA_2025"))
    assert code == "E901"
    assert says in told


@pytest.mark.parametrize(
    "shares",
    [("50.2", "24.2", "7.96", "6.2", "5.62"), ("0.502", "0.242", "0.0796", "0.062", "0.0562")],
)
def test_fractions_read_as_per_cent_do(tmp_path: Path, shares: tuple[str, ...]) -> None:
    rows = [(name, share, "bloc" if name in "BC" else "party") for name, share in zip("ABCDE", shares, strict=True)]
    assert list(seats_from_file(write(tmp_path, rows), "MDA_2025").seats.values()) == [55, 26, 8, 6, 6]


def test_counts_of_votes_are_told_from_shares_by_their_sum(tmp_path: Path) -> None:
    rows = [
        ("A", 792557, "party"),
        ("B", 381984, "bloc"),
        ("C", 125706, "bloc"),
        ("D", 97852, "party"),
        ("E", 88679, ""),
    ]
    rows += [("rest", 92000, "other"), ("turnout", 1591476, "turnout")]
    result = seats_from_file(write(tmp_path, rows), "MDA_2025")
    assert list(result.seats.values()) == [55, 26, 8, 6, 6]
    assert result.votes.unit == "votes"
    assert any("read as votes" in note for note in result.notes)


def test_exact_counts_beside_rounded_shares_decide_the_seats(tmp_path: Path) -> None:
    rows = [("A", 50, "party", 1001), ("B", 50, "party", 999)]
    law = tmp_path / "law.toml"
    law.write_text("seats = 3", encoding="utf-8")
    result = seats_from_file(write(tmp_path, rows, "party,share,kind,votes"), law)
    assert result.seats == {"A": 2, "B": 1}


def test_a_tie_that_the_law_leaves_open_is_refused_and_a_named_rule_settles_it(tmp_path: Path) -> None:
    votes = write(tmp_path, [("A", 50, "party"), ("B", 50, "party")])
    law = tmp_path / "law.toml"
    law.write_text("seats = 3", encoding="utf-8")
    code, told = code_of(lambda: seats_from_file(votes, law))
    assert code == "E904"
    assert "A, B" in told
    law.write_text('seats = 3\nties = "order"', encoding="utf-8")
    assert seats_from_file(votes, law).seats == {"A": 2, "B": 1}

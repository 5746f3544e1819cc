"""Benford: closed forms, laws, the false-alarm rate, and what is refused."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from counterpoise._errors import InputError, SolveError
from counterpoise.cli.benford import benford as command
from counterpoise.oversight import benford as engine
from counterpoise.oversight.benford import measure_benford
from counterpoise.oversight.benford.law import digit_of, expected_shares


def table(folder: Path, cells: list[str], *, name: str = "ledger.csv") -> Path:
    path = folder / name
    path.write_text("id,amount\n" + "".join(f"{line},{cell}\n" for line, cell in enumerate(cells)), encoding="utf-8")
    return path


def codes(error: InputError | SolveError) -> set[str]:
    return {fault.code for fault in error.faults}


@pytest.mark.parametrize("test", ["first", "first_two", "second"])
def test_the_expected_shares_sum_to_one(test: str) -> None:
    assert sum(expected_shares(test).values()) == pytest.approx(1, abs=1e-12)


def test_the_shares_of_two_digits_add_up_to_those_of_one() -> None:
    pairs = expected_shares("first_two")
    for digit, share in expected_shares("first").items():
        assert sum(pairs[10 * digit + second] for second in range(10)) == pytest.approx(share, abs=1e-12)
    for second, share in expected_shares("second").items():
        assert sum(pairs[10 * digit + second] for digit in range(1, 10)) == pytest.approx(share, abs=1e-12)


@given(st.decimals(min_value="0.0001", max_value="1e12", places=6), st.integers(-20, 20))
def test_the_digits_do_not_change_with_the_unit(number: Decimal, shift: int) -> None:
    for test in ("first", "first_two", "second"):
        assert digit_of(number.scaleb(shift), test) == digit_of(number, test)


@given(st.integers(10, 10**18))
def test_the_digits_are_those_that_are_written(number: int) -> None:
    assert digit_of(Decimal(number), "first_two") == int(str(number)[:2])


def test_digits_are_exact_where_floats_are_not() -> None:
    """0.3 less 0.1 is 0.19999999999999998 as a float, whose first digit is 1; the text says 0.2."""
    assert digit_of(Decimal("0.20"), "first") == 2
    assert digit_of(Decimal("99999999999999999999"), "first_two") == 99


def test_statistics_are_those_by_hand(tmp_path: Path) -> None:
    """Three ones and one nine: shares 0.75 and 0.25.

    MAD is (0.75 - 0.30103 + 0.25 - 0.04576 + the seven other shares, 0.65321) / 9 = 0.145158. Chi-square is
    4 * (sum of observed^2 / expected) - 4 = 4 * (0.5625 / 0.30103 + 0.0625 / 0.0457575) - 4 = 8.93793.
    """
    result = measure_benford(table(tmp_path, ["1", "15", "199.5", "9"]), column="amount")
    assert result.n == 4
    assert result.mad == pytest.approx(0.145158, abs=1e-6)
    assert result.chi2 == pytest.approx(8.9379, abs=1e-3)
    assert result.conformity == "nonconformity"


def test_what_cannot_be_counted_is_left_out_with_its_reason(tmp_path: Path) -> None:
    path = table(tmp_path, ["12", "", "0", "-5", "7", "1.2e6", "0.31"])
    first = measure_benford(path, column="amount").body()
    assert (first["n"], first["left_out"]) == (4, 3)
    pairs = measure_benford(path, column="amount", digits=2).body()
    assert pairs["left_out_why"] == {"blank": 1, "not positive": 2, "too small": 2}
    assert pairs["n"] == 2
    assert measure_benford(path, column="amount", digits=2, least=0).n == 4


@pytest.mark.parametrize(("digits", "second"), [(1, False), (2, False), (1, True)])
def test_powers_of_two_obey_the_law(tmp_path: Path, digits: int, second: bool) -> None:
    """The leading digits of 2^k are equidistributed in the logarithm (Weyl), so they follow Benford's law."""
    path = table(tmp_path, [str(2**power) for power in range(4, 1300)])
    result = measure_benford(path, column="amount", digits=digits, second=second)
    assert result.p > 0.9
    assert result.false_alarm.worse_chi2 > 0.9


def test_invented_uniform_amounts_are_called_nonconformity(tmp_path: Path) -> None:
    draw = random.Random(5)
    path = table(tmp_path, [str(draw.randint(1, 9_999_999)) for _ in range(2000)])
    result = measure_benford(path, column="amount")
    assert result.conformity == "nonconformity"
    assert result.p < 1e-6
    assert result.false_alarm.worse_mad == 0
    assert result.false_alarm.to_dict()["worse_mad"]["standard_error"] > 0


def test_a_small_honest_column_is_often_called_nonconformity() -> None:
    """The classes ignore the size: at 50 numbers nearly every honest column fails them, at 20,000 none does."""
    few = engine.false_alarm(50, "first_two", mad=0.0, chi2=0.0, seed=1, members=500)
    many = engine.false_alarm(20_000, "first", mad=0.0, chi2=0.0, seed=1, members=500)
    assert few.nonconformity > 0.99
    assert many.nonconformity == 0
    assert few.worse_mad == 1


def test_the_five_percent_point_of_chi_square_is_passed_in_five_percent_of_honest_columns() -> None:
    rate = engine.false_alarm(5000, "first", mad=0.0, chi2=0.0, seed=3, members=4000).chi2_at_5_percent
    assert rate == pytest.approx(0.05, abs=4 * (0.05 * 0.95 / 4000) ** 0.5)


def test_the_rate_measured_here_agrees_with_columns_made_from_logarithms() -> None:
    """An independent way to honest columns: ten to the power of a uniform number, digits cut from the text."""
    rng = np.random.default_rng(11)
    shares = np.array(list(expected_shares("first").values()))
    bad = 0
    for _ in range(1500):
        digits = [int(f"{value:.6f}"[0]) for value in 10 ** rng.random(300)]
        counts = np.bincount(digits, minlength=10)[1:] / 300
        bad += np.abs(counts - shares).mean() >= 0.015
    ours = engine.false_alarm(300, "first", mad=0.0, chi2=0.0, seed=2, members=3000).nonconformity
    assert ours == pytest.approx(bad / 1500, abs=0.05)


def test_more_members_never_change_the_earlier_ones(tmp_path: Path) -> None:
    path = table(tmp_path, [str(3**power) for power in range(200)])
    some, same, more = (measure_benford(path, column="amount", seed=4, members=m) for m in (200, 200, 400))
    assert some.to_json() == same.to_json()
    both = [result.false_alarm.worse_mad * result.false_alarm.members for result in (some, more)]
    assert both[0] <= both[1] <= both[0] + 200


def test_a_short_range_and_rare_digits_are_said(tmp_path: Path) -> None:
    notes = " ".join(measure_benford(table(tmp_path, ["100", "150", "180"] * 4), column="amount").notes)
    assert "orders of magnitude" in notes
    assert "under the 5" in notes


def test_every_bad_cell_is_named_at_once(tmp_path: Path) -> None:
    path = table(tmp_path, ["1", "1,2", "n/a", "nan", "1_000", "1e999999", "5"])
    with pytest.raises(InputError) as caught:
        measure_benford(path, column="amount")
    assert [fault.where.rsplit(":", 1)[1] for fault in caught.value.faults] == ["3", "4", "5", "6", "7"]
    assert codes(caught.value) == {"E203"}


def test_a_column_without_a_usable_number_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SolveError) as caught:
        measure_benford(table(tmp_path, ["-1", "0", ""]), column="amount")
    assert caught.value.code == "E810"
    assert "2 not positive" in caught.value.faults[0].found


def test_spreadsheets_without_a_reader_and_broken_ones_are_refused_with_what_to_do(tmp_path: Path) -> None:
    for name, code in (("ledger.ods", "E811"), ("ledger.xlsx", "E840")):
        path = tmp_path / name
        path.write_bytes(b"PK\x03\x04")
        with pytest.raises(InputError) as caught:
            measure_benford(path, column="amount")
        assert caught.value.code == code


@pytest.mark.parametrize(("digits", "second"), [(1, False), (2, False), (1, True)])
def test_a_workbook_gives_what_the_same_numbers_in_csv_give(tmp_path: Path, digits: int, second: bool) -> None:
    numbers = [round(1.037**k, 2) for k in range(1, 400)]
    book = Workbook()
    for row in (["amount"], *([number] for number in numbers), [None]):
        book.active.append(row)
    book.save(tmp_path / "t.xlsx")
    paths = (table(tmp_path, [str(number) for number in numbers]), tmp_path / "t.xlsx")
    first, other = (measure_benford(path, column="amount", digits=digits, second=second).body() for path in paths)
    assert {**first, "left_out": 0, "left_out_why": 0} == {**other, "left_out": 0, "left_out_why": 0}


def test_a_day_in_a_workbook_is_no_number(tmp_path: Path) -> None:
    book = Workbook()
    for row in (["amount"], [5], [date(2021, 1, 1)], [True]):
        book.active.append(row)
    book.save(tmp_path / "t.xlsx")
    with pytest.raises(InputError) as caught:
        measure_benford(tmp_path / "t.xlsx", column="amount")
    assert [fault.code for fault in caught.value.faults] == ["E203", "E203"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"id,amount\n1,\xff\n", "E201"),
        (b"id,amount,amount\n1,2,3\n", "E202"),
        (b"id,amuont\n1,2\n", "E202"),
        (b"", "E202"),
        (b'id,amount\n1,"2\n', "E203"),
        (b"id,amount\n" + b"9" * (2 << 20), "E201"),
    ],
)
def test_broken_files_are_refused(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "broken.csv"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        measure_benford(path, column="amount")
    assert codes(caught.value) == {code}


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "absent.csv", tmp_path):
        with pytest.raises(InputError) as caught:
            measure_benford(path, column="amount")
        assert caught.value.code == "E201"


def test_arguments_of_no_meaning_are_refused_together(tmp_path: Path) -> None:
    path = table(tmp_path, ["1"])
    with pytest.raises(InputError) as caught:
        measure_benford(path, column="amount", digits=3, least=-1, seed=-1, members=5)
    assert codes(caught.value) == {"E204"}
    assert len(caught.value.faults) == 4
    with pytest.raises(InputError):
        measure_benford(path, column="amount", digits=2, second=True)


def test_the_command_prints_one_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import json

    path = table(tmp_path, [str(2**power) for power in range(100)])
    assert command(path, column="amount", json=True) == 0
    document = json.loads(capsys.readouterr().out)
    assert {"n", "left_out", "mad", "chi2", "p", "conformity", "meta"} <= set(document)
    assert document["meta"]["seed"] == 0
    assert command(path, column="amount") == 0
    assert "first digit" in capsys.readouterr().err

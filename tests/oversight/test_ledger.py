"""Ledgers: what was planted is found and ranked first, what is innocent is not; tables, settings, bombs, bounds."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from counterpoise._errors import InputError
from counterpoise.cli import main
from counterpoise.oversight.audit import audit
from counterpoise.oversight.ledger import _read, cells
from counterpoise.oversight.ledger._read import amount_of, read_ledger
from counterpoise.oversight.ledger._settings import TESTS, LedgerSettings
from counterpoise.oversight.ledger._tests import TESTS as FUNCTIONS
from counterpoise.oversight.ledger.audit import ledger_catalogue
from tests.support import run_json

HEADER = ["date", "payee", "reference", "amount"]
LIMITS = "members = 49\n[L04]\nthreshold = 10000\n[L05]\nthreshold = 10000\n"
Rows = list[list[Any]]


def honest(count: int = 1200, payees: int = 12, seed: int = 3) -> Rows:
    """Working days, amounts over three orders of magnitude, one series of numbers."""
    rng = np.random.default_rng(seed)
    days = [day for k in range(365) if (day := dt.date(2021, 1, 1) + dt.timedelta(k)).weekday() < 5]
    return [
        [
            days[int(rng.integers(len(days)))].isoformat(),
            f"Firm {rng.integers(payees)}",
            f"V-{k + 1:05d}",
            round(float(rng.lognormal(6.5, 1.3)), 2),
        ]
        for k in range(count)
    ]


def write(folder: Path, rows: Rows, header: list[str] | None = None) -> Path:
    path = folder / "ledger.csv"
    lines = [",".join(map(str, row)) for row in [header or HEADER, *rows]]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def judge(folder: Path, rows: Rows, flags: str | None = None, settings: str = LIMITS) -> Any:
    told = folder / "settings.toml"
    told.write_text(settings, encoding="utf-8")
    return audit(write(folder, rows), flags=flags, settings=told)


def planted(code: str) -> tuple[Rows, str]:
    """An honest ledger with one design in it, and what the flag should name."""
    rows = honest()
    if code == "L01":
        rows[100] = list(rows[99])
        return rows, "line 101"
    if code == "L02":
        rows[100] = [*rows[99][:2], "V-00101", rows[99][3]]
        return rows, "line 102"
    if code == "L03":
        rows[100] = [rows[100][0], rows[99][1], rows[99][2], rows[99][3] + 5]
        return rows, "line 101"
    if code == "L04":
        for k in range(8):
            rows[200 + k] = [f"2021-05-{10 + k:02d}", "Splitter", f"V-{201 + k:05d}", 9400 + k]
        return rows, "splitter"
    if code == "L05":
        for k in range(40):
            rows[200 + k] = [rows[200 + k][0], "Edge", f"V-{201 + k:05d}", 9800 + k if k < 38 else 10100]
        for k in range(60):
            rows[300 + k][3] = 9100 + 31 * k
        return rows, "edge"
    if code == "L06":
        for k in range(25):
            rows[200 + k][:2] = [f"2021-06-{(5, 6, 12, 13)[k % 4]:02d}", "Weekender"]
        return rows, "weekender"
    if code == "L07":
        return rows[:400] + rows[415:], "v- after 400 (line 401)"
    if code == "L08":
        for k in range(10):
            rows[200 + k][:3] = [f"2021-{k + 1:02d}-05", "Shell", f"S{k + 1}"]
        return rows, "shell"
    if code == "L09":
        for k in range(40):
            rows[200 + k][1:] = ["Rounder", f"V-{201 + k:05d}", 1000 * (k % 7 + 1)]
        return rows, "rounder"
    if code == "L10":
        for k in range(40):
            rows[200 + k][:2] = [f"2021-12-{k % 20 + 1:02d}", "Burst"]
        return rows, "burst"
    rows = honest(4000, 8)
    for k in range(400):
        rows[k][1], rows[k][3] = "Inventor", round(500 + 499 * ((k * 7919) % 400) / 400, 2)
    return rows, "inventor"


@pytest.mark.parametrize("code", sorted(ledger_catalogue()))
def test_a_planted_design_stands_first_and_hardly_an_innocent_record_stands_beside_it(
    code: str, tmp_path: Path
) -> None:
    rows, name = planted(code)
    flags = list(judge(tmp_path, rows, code).flags())
    assert flags[0]["id"] == name
    assert flags[0]["code"] == code
    assert flags[0]["innocent_records"] < flags[0]["records"] / 4


def test_every_test_has_a_page_in_the_catalogue_a_function_and_settings() -> None:
    assert set(ledger_catalogue()) == set(FUNCTIONS) == set(TESTS)
    assert all(row["blind"] and row["formula"] and row["reference"] for row in ledger_catalogue().values())


def test_in_an_honest_ledger_as_many_records_are_raised_as_among_shuffled_ones(tmp_path: Path) -> None:
    """Twenty honest ledgers: the chance of as many by luck is not piled up near zero."""
    chances = []
    for seed in range(20):
        rates = judge(tmp_path, honest(600, 6, seed), "L04,L06,L09,L10").summary["rates"]
        chances += [rate["chance_of_as_many"] for rate in rates.values() if rate["chance_of_as_many"] is not None]
    assert len(chances) >= 20
    assert np.mean(np.array(chances) <= 0.1) < 0.3


def test_ranks_follow_the_innocent_records(tmp_path: Path) -> None:
    rows = honest()
    rows[100] = list(rows[99])
    innocents = [flag["innocent_records"] for flag in judge(tmp_path, rows).flags()]
    assert innocents == sorted(innocents)
    assert innocents[0] == 0


def test_the_same_seed_gives_the_same_ranks(tmp_path: Path) -> None:
    first, second = (judge(tmp_path, honest(), settings=LIMITS + "").to_dict() for _ in range(2))
    assert first == second


def test_what_the_columns_and_settings_do_not_allow_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, [[100, "x"], [200, "y"]], ["Amount", "Note"])
    result = audit(path)
    missing = {entry["code"]: entry["missing"] for entry in result.not_computable}
    assert missing["L01"] == ["column of role payee", "column of role date"]
    assert "setting [L04] threshold" in missing["L04"]
    assert set(missing) == set(ledger_catalogue())


def test_what_cannot_be_read_is_counted_and_named(tmp_path: Path) -> None:
    rows: Rows = [
        ["2021-01-04", "A", "1", "n/a"],
        ["soon", "B", "2", 7],
        ["", "C", "3", ""],
        ["2021-01-05", "D", "4", 8],
    ]
    summary = audit(write(tmp_path, rows)).summary
    assert summary["records"] == 2
    assert summary["left_out"] == {
        "amount is no number": 1,
        "date is not read: the record is kept without it": 1,
        "amount is blank": 1,
    }
    assert any("line 2" in warning for warning in summary["warnings"])


def test_columns_numbers_and_dates_can_be_told(tmp_path: Path) -> None:
    path = tmp_path / "ledger.csv"
    path.write_text('Wer;Wann;Wieviel\nA;05.01.2021;"1.234,50"\nA;06.01.2021;"1.234,50"\n', encoding="utf-8")
    told = tmp_path / "s.toml"
    told.write_text(
        'decimal = ","\ndate_format = "%d.%m.%Y"\n[columns]\npayee = "Wer"\ndate = "Wann"\namount = "Wieviel"\n',
        encoding="utf-8",
    )
    result = audit(path, settings=told, flags="L02")
    assert result.summary["sum"] == 2469
    assert [(flag["id"], flag["value"]) for flag in result.flags()] == [("line 3", 1)]


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ("surprise = 1", "E841"),
        ("[columns]\nprice = 'x'", "E841"),
        ("[L04]\nthreshold = -1", "E841"),
        ("[L04]\nlimit = 1", "E841"),
        ("[L06]\nweekend = ['caturday']", "E841"),
        ("decimal = '#'", "E841"),
        ("members = -1", "E841"),
        ("columns = 3", "E841"),
        ("x = [", "E841"),
        ("[columns]\namount = 'price'", "E202"),
    ],
)
def test_faulty_settings_are_refused(settings: str, code: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        judge(tmp_path, honest(5), settings=settings)
    assert {fault.code for fault in caught.value.faults} == {code}


def test_a_table_without_amounts_is_no_ledger(tmp_path: Path) -> None:
    for rows, header in (([["a", "b"]], ["x", "y"]), ([["2021-01-01", "A", "1", "none"]], None)):
        with pytest.raises(InputError) as caught:
            audit(write(tmp_path, rows, header))
        assert caught.value.code == "E842"


def test_more_records_than_are_held_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_read, "MOST_ROWS", 10)
    with pytest.raises(InputError) as caught:
        audit(write(tmp_path, honest(12)))
    assert caught.value.code == "E843"


@given(st.floats(min_value=-1e14, max_value=1e14, allow_nan=False).map(lambda x: round(x, 2)))
def test_an_amount_is_read_as_it_was_written(amount: float) -> None:
    assert amount_of(f"{amount:.2f}") == pytest.approx(amount)
    assert amount_of(f"{amount:,.2f}") == pytest.approx(amount)


def workbook(folder: Path, rows: Rows) -> Path:
    book = Workbook()
    sheet = book.active
    for row in [HEADER, *rows]:
        sheet.append(row)
    path = folder / "ledger.xlsx"
    book.save(path)
    return path


def test_a_workbook_gives_what_the_same_rows_in_csv_give(tmp_path: Path) -> None:
    rows = honest(60)
    rows[10] = list(rows[9])
    typed = [[dt.date.fromisoformat(row[0]), *row[1:]] for row in rows]
    flags = [[{**flag} for flag in audit(path).flags()] for path in (write(tmp_path, rows), workbook(tmp_path, typed))]
    assert flags[0] == flags[1]
    assert flags[0]


def test_a_formula_is_not_evaluated_and_one_without_a_stored_value_is_blank(tmp_path: Path) -> None:
    path = workbook(tmp_path, [["2021-01-04", "A", "1", "=1+1"], ["2021-01-04", "A", "1", 5]])
    assert audit(path).summary["left_out"] == {"amount is blank": 1}


def test_a_sheet_is_named_or_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path, honest(3))
    with pytest.raises(InputError) as caught:
        read_ledger(path, LedgerSettings(top={"sheet": "Other"}))
    assert caught.value.code == "E202"


def bomb(path: Path, name: str, size: int) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open(name, "w") as part:
        for _ in range(size >> 20):
            part.write(b" " * (1 << 20))
    return path


def test_bombs_and_broken_workbooks_are_refused_before_they_unpack(tmp_path: Path) -> None:
    evil = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb">]><workbook>&b;</workbook>'
    paths = [
        bomb(tmp_path / "a.xlsx", "xl/worksheets/sheet1.xml", 80 << 20),
        bomb(tmp_path / "b.xlsx", "xl/sharedStrings.xml", 50 << 20),
        tmp_path / "c.xlsx",
        tmp_path / "d.xlsx",
        tmp_path / "e.xlsx",
    ]
    paths[2].write_bytes(b"PK\x03\x04")
    good = workbook(tmp_path, honest(3))
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(paths[3], "w") as new, zipfile.ZipFile(paths[4], "w") as cut:
        for part in old.infolist():
            data = old.read(part)
            new.writestr(part, evil if part.filename == "xl/workbook.xml" else data)
            if part.filename != "xl/workbook.xml":
                cut.writestr(part, data)
    for path in paths:
        with pytest.raises(InputError) as caught:
            audit(path)
        assert caught.value.code == "E840", path


def test_other_spreadsheets_and_long_lines_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "old.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0")
    with pytest.raises(InputError) as caught:
        audit(path)
    assert caught.value.code == "E811"
    monkeypatch.setattr(cells, "MAX_LINE", 100)
    for text, code in (("amount\n" + "1" * 200, "E201"), ('amount\n"1', "E203"), ("amount\n\xff", "E201")):
        table = tmp_path / "t.csv"
        table.write_text(text, encoding="latin-1")
        with pytest.raises(InputError) as caught:
            audit(table)
        assert caught.value.code == code


def test_the_command_reads_a_ledger_by_its_ending_and_by_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = honest(60)
    rows[10] = list(rows[9])
    path = write(tmp_path, rows)
    code, document = run_json(capsys, "audit", str(path), "--fail-on", "L01")
    assert (code, document["summary"]["standard"]) == (1, "ledger")
    assert set(document) == {"flags", "not_computable", "summary", "indicators", "meta"}
    other = path.rename(tmp_path / "ledger.txt")
    code, document = run_json(capsys, "audit", str(other), "--standard", "ledger")
    assert (code, json.dumps(document["indicators"])) == (0, "{}")


@pytest.mark.parametrize("ending", ["csv", "xlsx", "json", "xml"])
def test_a_file_of_nothing_but_size_ends_with_one_error_in_little_memory(ending: str, tmp_path: Path) -> None:
    """256 MB of zero bytes, in a process of its own: the same path that a file of 2 GB takes."""
    path = tmp_path / f"large.{ending}"
    with path.open("wb") as stream:
        stream.truncate(256 << 20)
    command = (
        "import pathlib, re, sys\n"
        "from counterpoise.cli import main\n"
        "code = main(['audit', sys.argv[1]])\n"
        # Not `ru_maxrss`: that carries the size of the process that started this one over.
        "peak = re.search(r'VmHWM:\\s+(\\d+)', pathlib.Path('/proc/self/status').read_text())\n"
        "print(int(peak[1]) // 1024)\n"
        "sys.exit(code)\n"
    )
    done = subprocess.run([sys.executable, "-c", command, str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stderr
    assert "error: E" in done.stderr
    assert int(done.stdout.split()[-1]) < 200


def test_tests_that_a_ledger_cannot_have_are_told_in_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "payments.csv"
    path.write_text("payee,amount\nA,100\nB,200\n", encoding="utf-8")
    assert main(["audit", str(path)]) == 0
    said = capsys.readouterr().err
    assert "2 records judged: 0 flags raised." in said
    assert "Not computed, L01, L02, L06, L10: no column of dates." in said
    assert "no setting [L05] threshold" in said

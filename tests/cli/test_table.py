"""A table in a terminal: it fits, numbers stay whole, long texts are cut, what finds no room goes below its row."""

from __future__ import annotations

import fcntl
import os
import re
import struct
import subprocess
import sys
import termios
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from counterpoise.cli._run import print_rows
from counterpoise.cli._table import FEW, Fitted, fit

WORDS = "a sentence of some length about a railway that was closed and is to be opened again, with more behind it"
ROWS = [
    {"id": f"C{k:03}", "loss": f"{k}.5 (1.25 to {k + 20})", "share": k / 7, "statement": WORDS, "reason": WORDS}
    for k in range(20)
]


def width(fitted: Fitted) -> int:
    return sum(column.width for column in fitted.columns) + 2 * (len(fitted.columns) - 1)


def in_terminal(rows: list[dict[str, Any]], columns: int) -> tuple[str, str]:
    """What `print_rows` writes to a terminal of so many columns, and what it says beside it."""
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    code = f"from counterpoise.cli._run import print_rows; print_rows({rows!r}, title='A title')"
    settings = {name: value for name, value in os.environ.items() if name not in {"COLUMNS", "LINES"}}
    with subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=theirs,
        stdout=theirs,
        stderr=subprocess.PIPE,
        env=settings | {"TERM": "xterm", "NO_COLOR": "1"},
    ) as program:
        os.close(theirs)
        written = b""
        try:
            while part := os.read(ours, 65536):
                written += part
        except OSError:  # the other end is shut
            pass
        said = program.communicate()[1].decode()
    os.close(ours)
    return re.sub(r"\x1b\[[0-9;]*m", "", written.decode()).replace("\r", ""), said


@given(
    st.lists(st.lists(st.text(max_size=60), min_size=4, max_size=4), min_size=1, max_size=30),
    st.integers(min_value=60, max_value=200),
)
def test_a_table_of_four_columns_fits_every_terminal_from_sixty_places(rows: list[list[str]], room: int) -> None:
    fitted = fit(["id", "what", "value", "note"], rows, room)
    assert width(fitted) <= room
    for column in fitted.columns:
        if len(rows) > FEW:
            assert all(cell_len(cell) <= column.width for cell in column.cells)
    assert fitted.columns[0].name == "id"


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=20, max_size=40), st.integers(30, 120))
def test_no_number_is_cut_while_texts_give_way(values: list[float], room: int) -> None:
    rows = [["row", f"{value:.4g}", WORDS] for value in values]
    fitted = fit(["id", "value", "text"], rows, room)
    kept = next(column for column in fitted.columns if column.name == "value")
    assert kept.cells == [f"{value:.4g}" for value in values]
    assert kept.width >= max(map(len, kept.cells))


def test_a_terminal_shows_a_line_a_row_and_one_for_what_finds_no_room_and_says_what_was_cut() -> None:
    for columns in (80, 100, 120):
        written, said = in_terminal(ROWS, columns)
        lines = written.rstrip("\n").split("\n")
        assert max(map(len, lines)) <= columns
        assert len(lines) == len(ROWS) * (2 if "reason: " in written else 1) + 3
        assert all(any(line.startswith(row["id"]) and row["loss"] in line for line in lines) for row in ROWS)
        assert "…" in written
        assert "long texts are cut: --json and a pipe give everything" in said


def test_a_narrow_terminal_parts_ranges_then_puts_columns_below_their_row_and_loses_none() -> None:
    rows = [{"id": f"C{k}", **{f"loss {n}": f"{k}.5 (1.25 to {k + 20})" for n in range(8)}} for k in range(20)]
    written, said = in_terminal(rows, 80)
    assert max(map(len, written.split("\n"))) <= 80
    assert said == ""
    assert "(1.25 to 39)" in written
    flat = " ".join(written.split())
    for k, row in enumerate(rows):
        after = flat[flat.index(row["id"]) :]
        assert f"loss 7: {k}.5 (1.25 to {k + 20})" in after
    assert "left" not in in_terminal(rows, 200)[1]


def test_a_short_table_wraps_its_texts_whole() -> None:
    written, said = in_terminal(ROWS[:2], 100)
    assert "…" not in written
    assert said == ""


def test_what_a_terminal_would_obey_is_shown_as_blank() -> None:
    written, _ = in_terminal([{"id": "a", "text": "\x1b]0;owned\x07 \x9b31m red"}], 80)
    assert "\x1b]" not in written
    assert "\x07" not in written
    assert "owned" in written


def test_a_column_without_a_value_takes_no_room() -> None:
    fitted = fit(["id", "item", "value"], [["a", "", "1"], ["b", "", "2"]], 80)
    assert [column.name for column in fitted.columns] == ["id", "value"]
    assert fitted.left_out == []


def test_a_pipe_gets_every_column_whole_between_tabs(capsys: pytest.CaptureFixture[str]) -> None:
    print_rows([{**row, "item": None} for row in ROWS])
    lines = capsys.readouterr().out.rstrip("\n").split("\n")
    assert lines[0] == "id\tloss\tshare\tstatement\treason\titem"
    assert lines[3].split("\t") == ["C002", "2.5 (1.25 to 22)", "0.2857", WORDS, WORDS, ""]

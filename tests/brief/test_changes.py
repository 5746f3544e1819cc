"""What became known between two days, and what it moved."""

from __future__ import annotations

from pathlib import Path

import pytest

from counterpoise._errors import InputError
from counterpoise.brief.changes import compare_days
from counterpoise.region import Region, open_region
from tests.support import run_json


def test_only_rows_known_between_the_days_are_listed(caucasus: Region) -> None:
    result = compare_days(caucasus, "2026-02-12", "2026-03-31", draws=20)
    assert result.became_known
    standing = {"places", "links", "plants", "lines"}
    assert all(
        "2026-02-12" < row["known"] <= "2026-03-31" for row in result.became_known if row["table"] not in standing
    )


def test_a_claim_that_turns_on_a_later_figure_is_listed_as_moved(lakeland: Path) -> None:
    result = compare_days(open_region(lakeland), "2024-01-01", "2024-12-31", draws=20)
    assert [(row["id"], row["before"], row["after"]) for row in result.claims] == [("L1-01", "open", "supported")]
    assert {(row["channel"], row["before"]) for row in result.leverage} >= {("trade", None)}


def test_between_days_without_news_nothing_moves(lakeland: Path) -> None:
    result = compare_days(open_region(lakeland), "2025-01-01", "2025-12-31", draws=20)
    assert (result.became_known, result.leverage, result.claims) == ([], [], [])


def test_days_out_of_order_are_refused(caucasus: Region) -> None:
    with pytest.raises(InputError) as caught:
        compare_days(caucasus, "2026-03-31", "2026-02-12")
    assert caught.value.code == "E204"


def test_the_command_prints_the_document(capsys: pytest.CaptureFixture[str], lakeland: Path) -> None:
    code, document = run_json(capsys, "region", "diff", str(lakeland), "--from", "2024-01-01", "--to", "2024-12-31")
    assert code == 0
    assert {"from", "to", "became_known", "moved", "meta"} <= set(document)


def test_every_change_carries_words_beside_its_id(lakeland: Path) -> None:
    result = compare_days(open_region(lakeland), "2024-01-01", "2024-12-31", draws=20)
    rows = [row for row in result.table() if row["id"]]
    assert rows
    assert all(row["label"] for row in rows), [row for row in rows if not row["label"]]
    assert any("Northland on Lakeland" in row["label"] for row in rows)

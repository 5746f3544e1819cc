"""Competing hypotheses: only inconsistency counts, in closed form and by laws."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counterpoise._errors import CounterpoiseError
from counterpoise.cli import main
from counterpoise.evidence._ach import compare_hypotheses
from counterpoise.region import open_region

MARKS = ["CC", "C", "N", "I", "II", "NA", ""]


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def against(path: Path) -> dict[str, float]:
    return {item["hypothesis"]: item["against"] for item in compare_hypotheses(path).hypotheses}


def test_the_least_contradicted_comes_first_in_closed_form(tmp_path: Path) -> None:
    """A: 0.8*1 (B2 is 0.8*0.8=0.64) + 0 = 0.64; B: 2*0.64 + 1*0.5 (F6 is 0.25) = 1.53."""
    rows = [
        {"evidence": "e1", "reliability": "B", "credibility": "2", "A": "I", "B": "II"},
        {"evidence": "e2", "reliability": "F", "credibility": "6", "A": "CC", "B": "I"},
    ]
    result = compare_hypotheses(write(tmp_path / "t.csv", rows))
    assert against(tmp_path / "t.csv") == {"A": 0.64, "B": pytest.approx(2 * 0.64 + 0.25)}
    assert [item["hypothesis"] for item in result.hypotheses] == ["A", "B"]
    assert result.hypotheses[1]["against_unweighted"] == 3
    assert result.evidence[0]["evidence"] == "e1"
    # Without e1 nothing speaks against A and 0.25 against B; without e2 still 0.64 against 1.28.
    assert result.firm
    assert len(result.limits if hasattr(result, "limits") else result.body()["limits"]) >= 4


def test_one_piece_of_evidence_that_decides_alone_is_shown(tmp_path: Path) -> None:
    rows = [{"evidence": "e1", "A": "N", "B": "I"}, {"evidence": "e2", "A": "C", "B": "C"}]
    result = compare_hypotheses(write(tmp_path / "t.csv", rows))
    assert not result.firm
    assert result.sensitivity[0] == {"without": "e1", "first": ["A", "B"], "changes_first": True}


@given(
    marks=st.lists(st.tuples(st.sampled_from(MARKS), st.sampled_from(MARKS)), min_size=1, max_size=8),
    shift=st.integers(0, 7),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_order_of_rows_and_consistent_evidence_change_no_score(
    tmp_path: Path, marks: list[tuple[str, str]], shift: int
) -> None:
    rows = [{"evidence": f"e{n}", "A": a, "B": b} for n, (a, b) in enumerate(marks)]
    base = against(write(tmp_path / "a.csv", rows))
    turned = rows[shift % len(rows) :] + rows[: shift % len(rows)]
    agreeing = {"evidence": "fits all", "A": "CC", "B": "CC"}
    assert against(write(tmp_path / "b.csv", [*turned, agreeing])) == pytest.approx(base)
    more = against(write(tmp_path / "c.csv", [*rows, {"evidence": "x", "A": "I", "B": "N"}]))
    assert more["A"] == pytest.approx(base["A"] + 1)
    assert more["B"] == pytest.approx(base["B"])


def test_a_region_lends_its_grades(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    region = open_region("south-caucasus")
    fact = region.rows("facts")[0]
    path = write(tmp_path / "t.csv", [{"evidence": fact.id, "A": "I", "B": "N"}, {"evidence": "x", "A": "N", "B": "I"}])
    weights = {item["evidence"]: item["weight"] for item in compare_hypotheses(path, region=region).evidence}
    assert weights["x"] == 1
    assert 0 < weights[fact.id] < 1
    assert main(["evidence", "ach", str(path), "--region", "south-caucasus", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["hypotheses"][0]["hypothesis"] == "A"


def test_every_fault_of_a_table_is_e813_at_once(tmp_path: Path) -> None:
    rows = [
        {"evidence": "", "reliability": "Z", "credibility": "9", "weight": "2", "A": "maybe", "B": "I"},
        {"evidence": "e", "reliability": "", "credibility": "", "weight": "x", "A": "I", "B": "I"},
    ]
    with pytest.raises(CounterpoiseError) as caught:
        compare_hypotheses(write(tmp_path / "t.csv", rows))
    assert {item.code for item in caught.value.faults} == {"E813"}
    assert len(caught.value.faults) == 6
    for text in ("evidence,A\ne,I\n", "A,B\nI,I\n", "evidence,A,B\n"):
        (tmp_path / "u.csv").write_text(text)
        with pytest.raises(CounterpoiseError) as caught:
            compare_hypotheses(tmp_path / "u.csv")
        assert caught.value.code == "E813"

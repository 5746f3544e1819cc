"""Flows and cost changes by label and from files: alignment, faults, the command and its JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from counterpoise._errors import InputError
from counterpoise.channels.trade import counterfactual as trade
from counterpoise.channels.trade import inputs as trade_inputs
from tests.channels.trade_support import random_world
from tests.support import run_json

FLOWS = "exporter,importer,value\nARM,ARM,80\nGEO,ARM,6\nGEO,GEO,90\nRUS,RUS,900\nRUS,ARM,9\nARM,RUS,12\nRUS,GEO,5\n"
CHANGES = "exporter,importer,cost_factor\nRUS,ARM,inf\nARM,RUS,1.5\n"


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    flows, changes = tmp_path / "flows.csv", tmp_path / "changes.csv"
    flows.write_text(FLOWS, encoding="utf-8")
    changes.write_text(CHANGES, encoding="utf-8")
    return flows, changes


def found(files: tuple[Path, Path], **settings: Any) -> list[tuple[str, str]]:
    with pytest.raises(InputError) as caught:
        trade.counterfactual_from_files(*files, **settings)
    return [(fault.code, Path(fault.where).name) for fault in caught.value.faults]


def test_the_command_prints_the_document_of_the_contract(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    flows, changes = files
    code, document = run_json(capsys, "trade", str(flows), "--change", str(changes), "--theta", "4")
    assert code == 0
    for measure in ("welfare", "real_wage", "nominal_wage", "price_index"):
        assert set(document[measure]) == {"ARM", "GEO", "RUS"}
    assert document["residual"] <= 1e-12
    assert document["iterations"] >= 1
    assert document["theta"] == 4.0
    assert document["deficits"] == "additive"
    assert set(document["meta"]["inputs"]) == {str(flows), str(changes)}
    pairs = {(row["exporter"], row["importer"]): (row["before"], row["after"]) for row in document["flows"]}
    assert len(pairs) == 7
    assert pairs["RUS", "ARM"] == (9.0, 0.0)
    assert sum(after for _, after in pairs.values()) == pytest.approx(1102.0)
    bought = sum(after for (_, importer), (_, after) in pairs.items() if importer == "ARM")
    sold = sum(after for (exporter, _), (_, after) in pairs.items() if exporter == "ARM")
    assert bought - sold == pytest.approx(3.0)  # the deficit keeps its value in world output


def test_the_command_prints_a_table_for_people(files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    from counterpoise.cli import main

    assert main(["trade", str(files[0]), "--change", str(files[1])]) == 0
    rows = capsys.readouterr().out.splitlines()
    assert rows[0].split("\t")[:2] == ["economy", "welfare %"]
    assert {row.split("\t")[0] for row in rows[1:]} == {"ARM", "GEO", "RUS"}


def test_the_command_refuses_with_every_fault_and_exit_code_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    flows, changes = tmp_path / "f.csv", tmp_path / "c.csv"
    flows.write_text("exporter,importer,value\nA,A,8\nA,B,-2\nB,A,x\nB,B,8\nA,A,9\n,B,1_0\n", encoding="utf-8")
    changes.write_text("exporter,importer,cost_factor\nA,Bb,inf\nB,A,0\nB,A,nan\n", encoding="utf-8")
    code, document = run_json(capsys, "trade", str(flows), "--change", str(changes), "--theta", "-1")
    assert code == 2
    faults = [(fault["code"], Path(fault["where"]).name) for fault in document["error"]["faults"]]
    assert sorted(faults) == [
        ("E203", "c.csv:4"),
        ("E203", "f.csv:4"),
        ("E203", "f.csv:7"),
        ("E203", "f.csv:7"),
        ("E204", "theta"),
        ("E300", "f.csv:6"),
        ("E301", "f.csv:3"),
        ("E302", "c.csv:3"),
        ("E303", "c.csv:2"),
    ]
    assert any("did you mean 'B'?" in fault["fix"] for fault in document["error"]["faults"])


def test_a_missing_file_and_a_bad_header_are_told_together(files: tuple[Path, Path], tmp_path: Path) -> None:
    files[1].write_text("exporter,importer,factor\nARM,RUS,2\n", encoding="utf-8")
    assert found((tmp_path / "absent.csv", files[1])) == [
        ("E201", "absent.csv"),
        ("E202", "changes.csv:1"),
        ("E202", "changes.csv:1"),
    ]


def test_a_table_without_rows_is_refused(files: tuple[Path, Path]) -> None:
    files[0].write_text("exporter,importer,value\n", encoding="utf-8")
    assert found(files) == [("E304", "flows")]


def test_a_table_without_changes_changes_nothing(files: tuple[Path, Path]) -> None:
    files[1].write_text("exporter,importer,cost_factor\n", encoding="utf-8")
    assert trade.counterfactual_from_files(*files).welfare == pytest.approx(0.0, abs=1e-10)


def test_too_many_economies_are_refused_before_the_matrix_is_made(
    files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trade_inputs, "MOST_ECONOMIES", 2)
    assert found(files) == [("E201", "flows")]


def test_a_change_that_repeats_a_pair_or_overflows_is_refused(files: tuple[Path, Path]) -> None:
    files[1].write_text(CHANGES + "ARM,RUS,2\n", encoding="utf-8")
    assert found(files) == [("E300", "changes.csv:4")]
    files[0].write_text(FLOWS.replace("900", "9e999"), encoding="utf-8")
    assert found(files)[-1] == ("E301", "flows.csv:5")


def test_rows_of_zero_are_listed_and_pairs_left_out_are_zero(files: tuple[Path, Path]) -> None:
    files[0].write_text(FLOWS + "GEO,RUS,0\n", encoding="utf-8")
    rows = trade.counterfactual_from_files(*files).body()["flows"]
    listed = {(row["exporter"], row["importer"]): row["after"] for row in rows}
    assert listed["GEO", "RUS"] == 0.0
    assert ("ARM", "GEO") not in listed


def test_all_kinds_of_labelled_tables_give_one_answer(files: tuple[Path, Path]) -> None:
    """Rows in another order, columns in another order, labels on arrays: alignment is by label, never by position."""
    long, change = pd.read_csv(files[0]), pd.read_csv(files[1])
    expected = trade.counterfactual_from_files(*files, theta=3.0).body()
    square = long.pivot(index="exporter", columns="importer", values="value").fillna(0.0)
    labelled = xr.DataArray(
        square[["RUS", "ARM", "GEO"]].to_numpy().T,
        {"importer": ["RUS", "ARM", "GEO"], "exporter": list(square.index)},
        ("importer", "exporter"),
    )
    mapping = {(row.exporter, row.importer): row.cost_factor for row in change.itertuples()}
    tables = [(long.iloc[::-1], change), (square[["GEO", "RUS", "ARM"]], mapping), (labelled, change.iloc[::-1])]
    for flows, changes in tables:
        body = trade.counterfactual(flows, changes, theta=3.0).body()
        assert body["welfare"] == pytest.approx(expected["welfare"], abs=1e-9)
    ban = xr.DataArray([[np.inf]], {"exporter": ["RUS"], "importer": ["ARM"]}, ("exporter", "importer"))
    partial = trade.counterfactual(square, ban, theta=3.0)
    assert partial.after[partial.economies.index("RUS"), partial.economies.index("ARM")] == 0.0


def test_tables_of_another_kind_and_bad_cells_are_refused() -> None:
    with pytest.raises(InputError) as caught:
        trade.counterfactual([1, 2], {("A", "B"): "much"}, theta=[1.0, 2.0])  # type: ignore[arg-type]
    assert [fault.code for fault in caught.value.faults] == ["E204", "E204", "E203"]
    uneven = pd.DataFrame([[1.0, 2.0]], index=["A"], columns=["A", "B"])
    with pytest.raises(InputError, match="on one side only: B"):
        trade.counterfactual(uneven)
    with pytest.raises(InputError) as caught:
        trade.counterfactual({("A", "A"): 1.0, ("A", "B"): None, ("B", "B"): float("nan")})
    assert [fault.code for fault in caught.value.faults] == ["E203", "E301"]


def test_the_answer_is_labelled_and_serialises_without_nan() -> None:
    names = ["A", "B", "C", "D"]
    flows = pd.DataFrame(random_world(4, 3), names, names)
    result = trade.counterfactual(flows, {("A", "B"): np.inf}, deficits="zero")
    data = result.to_dataset()
    assert float(data.welfare.sel(economy="A")) == result.body()["welfare"]["A"]
    assert float(data.after.sel(exporter="A", importer="B")) == 0.0
    assert data.attrs["deficits"] == "zero"
    assert "NaN" not in json.dumps(result.to_dict(), allow_nan=False)
    assert result.table()[0]["welfare %"] == min(result.body()["welfare"].values())


def test_a_closed_economy_has_no_exports_and_its_row_says_unknown() -> None:
    result = trade.counterfactual({("A", "A"): 5.0, ("B", "B"): 1.0, ("B", "C"): 1.0, ("C", "B"): 1.0, ("C", "C"): 2.0})
    row = next(row for row in result.table() if row["economy"] == "A")
    assert np.isnan(row["exports %"])


def test_the_chart_says_who_is_hit_hardest() -> None:
    pytest.importorskip("altair")
    flows = {("A", "A"): 8.0, ("A", "B"): 2.0, ("B", "A"): 2.0, ("B", "B"): 28.0}
    chart = trade.counterfactual(flows, {("A", "B"): np.inf, ("B", "A"): np.inf}).plot().to_dict()
    assert chart["title"]["text"].startswith("A is hit hardest: -5.4 per cent")


def test_the_python_front_is_reached_from_the_package() -> None:
    import counterpoise as cp

    assert cp.trade.counterfactual is trade.counterfactual

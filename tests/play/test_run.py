"""A run end to end on a small region: JSON, files, ledger, resume, differences, reasons, and every refusal."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from itertools import pairwise
from math import log
from pathlib import Path

import networkx as nx
import numpy as np
import pytest

from counterpoise._errors import InputError
from counterpoise.play import _run, explain, run
from counterpoise.play._arrays import labelled
from counterpoise.play._files import iamc_rows
from counterpoise.play._plan import blocks_of
from counterpoise.play._response import MOST_MOVES, changes_of
from counterpoise.play.ledger import Ledger
from counterpoise.region import CHANNELS, open_region
from counterpoise.region.template import write_template
from tests.support import run_json

PLACES = {"LKE": 0.0, "NRT": -0.8, "STH": 0.9}
SCENARIO = """
id = "gift"
title = "A gift comes"
summary = "The southern power invests."
known = 2026-01-01

[[move]]
id = "works"
kind = "carrot"
date = "2027"
actor = "STH"
target = ["LKE"]
channel = "capital"
size = 5
unit = "% GDP"
lead_years = 1
judgement = "made up"
"""


@pytest.fixture
def lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COUNTERPOISE_HOME", str(tmp_path / "home"))
    folder = tmp_path / "lakeland"
    write_template(folder)
    add(folder, {f"play:position:{s}:{a}": x for s in ("voting", "orientation") for a, x in PLACES.items()})
    add(folder, {"security:guarantor_effect": 0.4, "security:memory": 0.9, "security:spillover": 0.2})
    (folder / "scenarios").mkdir()
    (folder / "scenarios" / "gift.toml").write_text(SCENARIO, encoding="utf-8")
    return folder


def add(folder: Path, values: dict[str, float]) -> None:
    path = folder / "assumptions.csv"
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    blank = dict.fromkeys(rows[0], "")
    for name, value in values.items():
        row = {"id": name, "name": name, "low": value, "high": value, "shape": "uniform", "unit": "1"}
        rows.append(blank | row | {"kind": "judgement", "note": "made up"})
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(blank), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def codes(error: pytest.ExceptionInfo[InputError]) -> set[str]:
    return {fault.code for fault in error.value.faults}


def test_a_run_gives_the_contracts_keys_and_a_line_in_the_ledger(
    lake: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["play", str(lake), "--scenario", "gift", "--against", "baseline", "--until", "2029"]
    code, body = run_json(capsys, *arguments, "--members", "50", "--workers", "1")
    assert code == 0
    assert {"scenario", "against", "quantiles", "probabilities", "meta"} <= set(body)
    row = body["quantiles"][0]
    assert set(row) == {"client", "scale", "quarter", "p05", "p25", "p50", "p75", "p95"}
    assert row["p05"] <= row["p50"] <= row["p95"]
    assert {"client", "event", "by", "p", "low", "high"} == set(body["probabilities"][0])
    assert any(row.get("quantity") and row["mean"] > 0 for row in body["differences"])
    assert body["meta"]["inputs"]
    assert all(label in {"prior", "assumption", "scenario", "fitted"} for label in body["parameters"].values())
    assert any("mixture" in note for note in body["notes"])
    line = Ledger().find(body["run"])
    assert line.state == "done"
    assert json.loads((Path(line.folder) / "result.json").read_text(encoding="utf-8")) == body


def test_files_of_a_run_are_read_by_others(lake: Path) -> None:
    region = open_region(str(lake))
    result = run(region, "gift", until=2028, members=20, keep=True, save_members=True)
    folder = Path(str(result.folder))
    graph = nx.read_graphml(folder / "network.graphml")
    assert set(graph.nodes) == set(PLACES)
    assert graph.nodes["LKE"]["role"] == "client"
    assert graph.edges["STH", "LKE", "STH-LKE"]["exposure_pct_gdp"] >= 0 if graph.is_multigraph() else True
    with (folder / "iamc.csv").open(encoding="utf-8") as stream:
        assert next(csv.reader(stream)) == ["model", "scenario", "region", "variable", "unit", "year", "value"]
    assert {row["unit"] for row in iamc_rows(result)} == {"ideal point", "orientation", "% GDP/yr", "1"}
    parquet = pytest.importorskip("pyarrow.parquet")
    table = parquet.read_table(folder / "quantiles.parquet")
    assert table.column_names == ["scenario", "client", "scale", "quarter", "quantile", "value"]
    members = parquet.read_table(folder / "members" / "000000000.parquet")
    assert members.num_rows == 20 * len(result.labels)


def test_the_arrays_of_a_run_come_back_from_zarr_with_their_labels(lake: Path) -> None:
    pytest.importorskip("zarr")
    import xarray as xr

    result = run(open_region(str(lake)), "gift", against="baseline", until=2028, members=30, zarr=True)
    with xr.open_zarr(Path(str(result.folder)) / "arrays.zarr") as held:
        assert held.identical(labelled(result))
        assert held.attrs["members"] == 30
        assert list(held.scenario.values) == ["gift", "baseline"]
        for row in result.quantiles(against=True):
            where = {name: row[name] for name in ("client", "scale", "quarter")}
            value = held.position.sel(scenario="baseline", quantile=0.5, **where)
            assert float(value) == pytest.approx(row["p50"], abs=1e-5)
        gift = held.gain.sel(quantile=0.5, quarter=result.labels[-1], client="LKE", patron="STH")
        assert float(gift.sel(scenario="gift")) > float(gift.sel(scenario="baseline"))
        assert held.gain.sel(quarter=result.labels[0]).isnull().all()
        by_channel = held.held.sel(quantile=0.5, client="LKE", patron="STH", scenario="gift").isel(
            quarter=slice(1, None)
        )
        assert list(held.channel.values) == [*CHANNELS, "visit"]
        assert float(by_channel.max()) > 0
    # The rest of the gift has an end of its own, which is past in the last quarter: then the channels hold all of it.
    tallies = result.record.tallies
    parts = sum(tally.total for name, tally in tallies.items() if name.startswith("held/"))
    assert (parts <= tallies["gain"].total + 1e-9).all()
    assert np.allclose(parts[-1], tallies["gain"].total[-1], atol=1e-9)
    assert parts[-1].max() > 0
    Ledger().remove(result.run)
    assert not Path(str(result.folder)).exists()


def test_zarr_that_is_not_installed_is_said_before_the_run_begins(
    lake: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "zarr", None)
    code, body = run_json(capsys, "play", str(lake), "--members", "5", "--until", "2027", "--zarr")
    assert code == 2
    assert body["error"]["code"] == "E205"
    assert Ledger().lines() == []


def test_two_processes_write_the_same_result_as_one(lake: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_run, "blocks_of", lambda members, size: blocks_of(members, 10))
    written = []
    for workers in (1, 2):
        result = run(open_region(str(lake)), "gift", until=2028, members=30, keep=True, workers=workers)
        folder = Path(str(result.folder))
        names = ("result.json", "iamc.csv", "network.graphml", *(f"blocks/{k:06d}.npz" for k in range(3)))
        written.append([(folder / name).read_bytes() for name in names])
    assert written[0] == written[1]
    assert "play:capital_return" in result.parameters


def test_a_resumed_run_ends_in_the_same_bytes(lake: Path) -> None:
    region = open_region(str(lake))
    first = run(region, "gift", until=2028, members=30, keep=True)
    folder = Path(str(first.folder))
    before = (folder / "result.json").read_bytes()
    for path in (folder / "blocks").glob("*.npz"):
        path.unlink()
    again = run(region, resume=first.run)
    assert again.run == first.run
    assert (folder / "result.json").read_bytes() == before


@pytest.mark.slow
def test_a_run_killed_from_outside_is_resumed_to_the_bytes_of_one_that_was_not(
    lake: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`kill -9` of the command between two blocks, then `--resume`, beside the same question asked once."""
    asked = ["play", str(lake), "--scenario", "gift", "--members", "20480", "--until", "2036"]
    home = tmp_path / "killed"
    environment = {**os.environ, "COUNTERPOISE_HOME": str(home), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "counterpoise", *asked, "--workers", "2"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 300
    while not list(home.glob("runs/*/blocks/00*.npz")) and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    monkeypatch.setenv("COUNTERPOISE_HOME", str(home))
    line = Ledger().lines()[0]
    assert line.state == "running"
    assert 1 <= len(list(Path(line.folder).glob("blocks/00*.npz"))) < 10
    assert run(open_region(str(lake)), resume=line.id[:8]).run == line.id
    assert Ledger().find(line.id).state == "done"
    monkeypatch.setenv("COUNTERPOISE_HOME", str(tmp_path / "whole"))
    whole = run(open_region(str(lake)), "gift", members=20_480, until=2036, keep=True)
    for name in ("result.json", "iamc.csv", "blocks/000009.npz"):
        assert (Path(line.folder) / name).read_bytes() == (Path(str(whole.folder)) / name).read_bytes()


def test_the_ledger_lists_shows_compares_and_removes(lake: Path, capsys: pytest.CaptureFixture[str]) -> None:
    region = open_region(str(lake))
    one = run(region, "gift", until=2028, members=20, keep=True)
    other = run(region, until=2028, members=20, keep=True)
    assert {line["id"] for line in run_json(capsys, "runs", "list")[1]["runs"]} == {one.run, other.run}
    assert run_json(capsys, "runs", "show", one.run[:6])[1]["run"]["scenario"] == "gift"
    code, body = run_json(capsys, "runs", "diff", one.run, other.run)
    assert code == 1
    assert {"scenario", "inputs"} <= {row["field"] for row in body["inputs"]}
    assert run_json(capsys, "runs", "rm", one.run)[1] == {"removed": one.run}
    assert not Path(str(one.folder)).exists()
    assert [line.id for line in Ledger().lines()] == [other.run]


def test_removing_a_run_leaves_other_files_of_its_folder(lake: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    result = run(open_region(str(lake)), until=2027, members=5, folder=folder)
    Ledger().remove(result.run)
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]


def test_why_gives_the_steps_of_a_member_and_what_pulled_it(lake: Path) -> None:
    result = run(open_region(str(lake)), "gift", until=2028, members=10, keep=True)
    told = explain(result.run, 7)
    steps = [row for row in told.rows if (row["client"], row["scale"]) == ("LKE", "orientation")]
    assert [row["quarter"] for row in steps] == list(result.labels[1:])
    for row in steps:
        assert row["step"] == pytest.approx(row["expected"] + row["walk"] + row["jump"], abs=1e-3)
    for row, after in pairwise(steps):
        assert row["from"] + row["step"] == pytest.approx(after["from"], abs=1e-3)
    with pytest.raises(InputError) as error:
        explain(result.run, 10)
    assert codes(error) == {"E923"}


def test_charts_have_a_title_and_a_version(lake: Path) -> None:
    pytest.importorskip("altair")
    result = run(open_region(str(lake)), until=2028, members=10)
    for kind in ("fan", "held", "events"):
        assert result.run in json.dumps(result.plot(kind).to_dict())


def test_the_questions_are_answered_with_ranges(lake: Path) -> None:
    add(lake, {"play:decay:energy": 0.05, "play:before_turn:LKE": -0.1})
    result = run(open_region(str(lake)), until=2028, members=30, questions=True)
    asked = {row["question"] for row in result.answers}
    assert {"lasting influence per dollar", "cost of a break", "turn reversed"} <= asked
    energy = next(row for row in result.answers if row.get("channel") == "energy" and "half_gone_years" in row)
    assert energy["half_gone_years"]["p50"] == pytest.approx(log(0.5) / log(0.95) / 4, abs=1e-4)
    broken = next(row for row in result.answers if row["question"] == "cost of a break")
    assert broken["client_pct_gdp"]["p05"] <= broken["client_pct_gdp"]["p95"]
    assert json.loads(result.to_json())["answers"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"members": 0}, "E923"),
        ({"until": 2025}, "E923"),
        ({"backend": "abacus"}, "E923"),
        ({"scenario": "gitf"}, "E924"),
        ({"resume": "nothing"}, "E925"),
    ],
)
def test_what_cannot_be_run_is_refused(lake: Path, arguments: dict[str, object], code: str) -> None:
    with pytest.raises(InputError) as error:
        run(open_region(str(lake)), **({"members": 5} | arguments))  # type: ignore[arg-type]
    assert codes(error) == {code}


def test_a_parameter_that_nobody_states_is_named(lake: Path) -> None:
    path = lake / "assumptions.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if "voting:STH" not in line), encoding="utf-8")
    with pytest.raises(InputError, match="play:position:voting:STH") as error:
        run(open_region(str(lake)), members=5)
    assert codes(error) == {"E920"}


def test_a_client_without_gdp_is_refused(lake: Path) -> None:
    path = lake / "facts.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if ",gdp,LKE," not in line), encoding="utf-8")
    with pytest.raises(InputError) as error:
        run(open_region(str(lake)), members=5)
    assert codes(error) == {"E922"}


def test_a_run_does_not_go_on_with_other_inputs(lake: Path) -> None:
    result = run(open_region(str(lake)), "gift", until=2027, members=5, keep=True)
    path = lake / "scenarios" / "gift.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("size = 5", "size = 6"), encoding="utf-8")
    with pytest.raises(InputError) as error:
        run(open_region(str(lake)), resume=result.run)
    assert codes(error) == {"E926"}


def test_too_many_structures_are_refused(lake: Path) -> None:
    from counterpoise.region._scenario import Move

    moves = [
        Move(id=f"link-{k}", kind="open_link", date="2027", links=("@none",), judgement="made up")
        for k in range(MOST_MOVES + 1)
    ]
    with pytest.raises(InputError) as error:
        changes_of(open_region(str(lake)), moves)
    assert codes(error) == {"E921"}


@pytest.mark.slow
def test_every_scenario_of_the_south_caucasus_can_be_played(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTERPOISE_HOME", str(tmp_path))
    region = open_region("south-caucasus")
    assert len(region.scenarios) >= 15
    for name in sorted(region.scenarios):
        result = run(region, name, against="baseline", members=64, until=2035)
        assert result.differences()
        assert result.edge()["orientation"] < 0.05

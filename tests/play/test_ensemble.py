"""Ensembles: member k depends on the seed and on k alone, whoever plays it and however often the run is stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import Future
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from counterpoise.play import _ensemble
from counterpoise.play._block import run_block, run_chunk
from counterpoise.play._chance import Chance, uniforms
from counterpoise.play._ensemble import packed, run_all
from counterpoise.play._plan import blocks_of
from counterpoise.play._record import MONEY, Record, Tally, straight_axis
from counterpoise.region.draws import uniforms as whole_stream
from tests.play import toy
from tests.support import ROOT

SMALL = 40


def same(one: Record, other: Record) -> bool:
    return packed(one.to_arrays()) == packed(other.to_arrays())


@pytest.mark.parametrize("start", [0, 1, 3, 4, 17, 1000])
def test_a_stream_entered_in_the_middle_goes_on_as_it_would_have(start):
    assert (uniforms(7, "name", start, 30) == whole_stream(7, "name", start + 30)[start:]).all()


def test_a_member_is_the_same_in_any_block():
    plan = toy.plan()
    together = run_chunk(plan, Chance(5, 0, 30)).position
    alone = [run_chunk(plan, Chance(5, k, 1)).position[:, 0] for k in (0, 7, 29)]
    for k, path in zip((0, 7, 29), alone, strict=True):
        assert (path == together[:, k]).all()


def test_more_members_never_change_those_before_them():
    plan = toy.plan()
    assert (run_chunk(plan, Chance(5, 0, 8)).position == run_chunk(plan, Chance(5, 0, 20)).position[:, :8]).all()


def test_blocks_add_up_to_the_same_counts_whatever_their_size():
    plan = toy.plan()
    whole = run_all(plan, None, blocks_of(60, 60), seed=1, folder=None)
    parts = run_all(plan, None, blocks_of(60, 13), seed=1, folder=None)
    assert whole.members == parts.members == 60
    for name, tally in whole.tallies.items():
        assert (tally.counts == parts.tallies[name].counts).all()
        assert tally.total == pytest.approx(parts.tallies[name].total)
    for name, counts in whole.counts.items():
        assert (counts == parts.counts[name]).all()


def test_two_processes_give_the_same_bytes_as_one():
    plan = toy.plan()
    blocks = blocks_of(SMALL, 10)
    assert same(
        run_all(plan, None, blocks, seed=1, folder=None), run_all(plan, None, blocks, seed=1, folder=None, workers=2)
    )


def test_no_more_blocks_are_under_way_than_the_workers_need(monkeypatch):
    """A future keeps the record of its block: were all submitted at once, memory would grow with the members."""
    submitted = []

    class Pool:
        def __init__(self, workers, *_):
            self.workers = workers

        def __enter__(self):
            return self

        def __exit__(self, *_):
            return None

        def submit(self, work, seed, first, count, members):
            submitted.append(first)
            done = Future()
            done.set_result(run_block(plan, seed, first, count).to_arrays())
            return done

    plan, blocks = toy.plan(until=2027), [(number, number, 1) for number in range(30)]
    monkeypatch.setattr(_ensemble, "ProcessPoolExecutor", Pool)
    taken = 0
    for _ in _ensemble._results(plan, None, blocks, 1, 2, None, None):
        taken += 1
        assert len(submitted) - taken < _ensemble.AHEAD * 2
    assert taken == len(submitted) == 30


@pytest.mark.slow
def test_a_cluster_gives_the_same_bytes_as_one_process():
    distributed = pytest.importorskip("distributed")
    plan = toy.plan()
    blocks = blocks_of(SMALL, 10)
    alone = run_all(plan, None, blocks, seed=1, folder=None)
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        there = run_all(plan, None, blocks, seed=1, folder=None, cluster=cluster.scheduler_address)
    assert same(alone, there)


def test_a_run_goes_on_from_its_blocks_to_the_same_result(tmp_path):
    plan, blocks = toy.plan(), blocks_of(SMALL, 10)
    folder = tmp_path / "blocks"
    folder.mkdir()
    whole = run_all(plan, None, blocks, seed=1, folder=folder)
    (folder / "000002.npz").unlink()
    (folder / "000003.npz").write_bytes(b"half a file")
    done: list[int] = []
    again = run_all(plan, None, blocks, seed=1, folder=folder, report=lambda now, _: done.append(now))
    assert same(whole, again)
    assert done == [2, 3, 4]


KILLED = """
import sys
from pathlib import Path
from counterpoise.play._ensemble import run_all
from counterpoise.play._plan import blocks_of
from tests.play import toy
run_all(toy.plan(until=2040), None, blocks_of(2000, 100), seed=1, folder=Path(sys.argv[1]))
"""


def test_a_killed_run_loses_no_finished_block(tmp_path):
    folder = tmp_path / "blocks"
    folder.mkdir()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    process = subprocess.Popen([sys.executable, "-c", KILLED, str(folder)], cwd=ROOT, env=environment)
    deadline = time.monotonic() + 60
    while len(list(folder.glob("*.npz"))) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    kept = {path.name: path.read_bytes() for path in folder.glob("*.npz")}
    assert 2 <= len(kept) < 20
    plan = toy.plan(until=2040)
    for name, data in kept.items():
        number = int(name[:6])
        assert packed(run_block(plan, 1, 100 * number, 100).to_arrays()) == data


def test_a_scenario_against_itself_differs_in_nothing():
    plan = toy.plan()
    record = run_block(plan, 1, 0, 30, plan)
    for name in ("difference/position/orientation", "difference/net"):
        assert (record.tallies[name].squares == 0).all()
    assert all(not counts.any() for name, counts in record.counts.items() if name.startswith("only"))


def test_jax_walks_the_same_paths():
    pytest.importorskip("jax")
    plan = toy.plan(until=2028)
    ours = run_chunk(plan, Chance(3, 0, 300)).position
    theirs = run_chunk(replace(plan, backend="jax"), Chance(3, 0, 300)).position
    equal = (np.abs(ours - theirs) < 1e-9).all(axis=(0, 2, 3))
    assert equal.mean() >= 0.9999


@pytest.mark.slow
def test_of_twelve_thousand_paths_on_jax_no_more_than_one_differs():
    """At least 99.99 per cent of paths identical; the others are counted, and one is what the limit leaves."""
    pytest.importorskip("jax")
    plan = toy.plan(until=2028, phi=1.0, phi_zero=0.0)
    count = 12_000
    ours = run_chunk(plan, Chance(4, 0, count)).position
    theirs = run_chunk(replace(plan, backend="jax"), Chance(4, 0, count)).position
    others = int((np.abs(ours - theirs) >= 1e-9).any(axis=(0, 2, 3)).sum())
    assert others <= count * 1e-4


def test_quantiles_of_a_tally_are_those_of_the_values_to_a_bin():
    rng = np.random.default_rng(3)
    values = rng.normal(size=(4000, 2)) * 0.3
    tally = Tally.empty(straight_axis(-2, 2), 1, 2)
    tally.add(0, values)
    expected = np.quantile(values, (0.05, 0.5, 0.95), axis=0)
    assert np.abs(tally.quantiles(0.05, 0.5, 0.95)[:, 0] - expected).max() < 0.005
    assert tally.mean[0] == pytest.approx(values.mean(axis=0))
    bent = Tally.empty(MONEY, 1, 2)
    bent.add(0, values * 50)
    found = bent.quantiles(0.05, 0.95)[:, 0]
    assert found == pytest.approx(np.quantile(values * 50, (0.05, 0.95), axis=0), rel=0.06)


def test_a_record_comes_back_from_its_file(tmp_path):
    record = run_block(toy.plan(), 1, 0, 5)
    path = Path(tmp_path) / "a.npz"
    path.write_bytes(packed(record.to_arrays()))
    from counterpoise.play._ensemble import read_record

    assert same(record, read_record(path))


def test_what_a_channel_holds_adds_up_over_blocks_in_which_nobody_was_given_anything():
    some = Tally.nil(MONEY, 4, 2, 1)
    some.replace(1, np.array([[0.0], [1.0], [2.0], [0.0]]))
    with_gift, without = Record(4, {"held/trade": some}), Record(3)
    one, other = Record(), Record()
    for record, blocks in ((one, (with_gift, without)), (other, (without, with_gift))):
        for block in blocks:
            record.merge(deepcopy(block))
    for record in (one, other):
        tally = record.tallies["held/trade"]
        assert record.members == 7
        assert (tally.counts.sum(axis=-1) == 7).all()
        assert tally.total.ravel().tolist() == [0.0, 3.0]
        assert tally.quantiles(0.5)[0].ravel() == pytest.approx([0, 0], abs=1e-4)
    assert np.array_equal(one.tallies["held/trade"].counts, other.tallies["held/trade"].counts)

"""Bargaining and games: speed beside the published model in plain loops, KTAB's reported time, Gambit, and limits.

The open ports of the published model carry no licence and cannot be shipped. Name one that lies on this machine,
a module file with a class `BDMScholzModel`, by `--port FILE` or the variable `COUNTERPOISE_BDM_PORT`, and it is the
peer: same actors, same rounds, its end positions compared with ours. Without it the peer is the same arithmetic in
plain Python loops in the ports' order of work (every chance to win counts the votes over all pairs of positions anew),
and the row says so.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from counterpoise.bargain import make_table, negotiate, simulate
from counterpoise.bargain.actors import ActorTable
from counterpoise.bargain.ambiguity import SMALL_STATE
from counterpoise.bargain.commitment import compare_commitments
from counterpoise.bargain.deterrence import deter
from counterpoise.bargain.game import Outcome, Table

# Whole-process seconds per scenario of KTAB's own binary, as reported to us; not measured here.
KTAB_SECONDS = {(7, 3): 0.04, (13, 2): 0.32}


def run() -> list[dict[str, Any]]:
    """Every row; about a minute, with a port some four."""
    return [*_published_rows(), _draws_row(), *_ktab_rows(), *_game_rows(), _commitment_row()]


def _published_rows() -> list[dict[str, Any]]:
    """One game, and one game of many drawn ones in a process, beside the port or else beside plain loops."""
    rows = []
    path = os.environ.get("COUNTERPOISE_BDM_PORT")
    for count, rounds, draws in ((10, 10, 20_000), (17, 10, 5_000)):
        table = _random_table(count, 1)
        if path:
            peer, (theirs, end) = "open port", _port_game(Path(path), table, rounds)
            gap = max(abs(end[name] - place) for name, place in zip(table.actors, _end(table, rounds), strict=True))
            note = f"{rounds} rounds, measured; end positions differ by {gap:.0e} at most"
        else:
            # Per round: every actor compares its danger with everyone's, then weighs two challenges per rival.
            chances = count * (count + 1) * (count - 1) + 2 * count * (count - 1)
            theirs = rounds * chances * _median(lambda table=table: _loop_chance(table), 3)
            peer = "plain loops (no port given)"
            note = f"{rounds} rounds; peer from {chances} chances a round, each measured"
        one = _median(lambda table=table, rounds=rounds: negotiate(table, rounds=rounds), 101)
        rows.append(_row(f"scholz2011, {count} actors, one game", one, peer, theirs, note))
        spread = _with_ranges(table)
        many = _median(lambda spread=spread, n=draws, r=rounds: simulate(spread, seed=1, draws=n, rounds=r), 3) / draws
        name = f"scholz2011, {count} actors, per game of {draws:,} in a process"
        rows.append(_row(name, many, peer, theirs, note))
    return rows


def _end(table: ActorTable, rounds: int) -> list[float]:
    return [float(place) for place in negotiate(table, rounds=rounds).rounds[-1].position[:, 0]]


def _with_ranges(table: ActorTable) -> ActorTable:
    low = tuple(0.8 * values for values in (table.capability, table.position, table.salience))
    return make_table(
        table.actors, table.capability, table.position, table.salience, low=low, issues=list(table.issues)
    )


def _draws_row() -> dict[str, Any]:
    spread = _with_ranges(_random_table(10, 1))
    ours = _median(lambda: simulate(spread, seed=1, draws=100_000, rounds=10), 1)
    return _row("100,000 draws of 10 actors, 10 rounds", ours, "limit", 30.0, "scholz2011, 2 threads")


def _ktab_rows() -> list[dict[str, Any]]:
    """One scenario as a whole process, and one of many in a process, beside the reported time of KTAB's binary."""
    rows = []
    for (count, issues), theirs in KTAB_SECONDS.items():
        table = _random_table(count, issues, percent=True)
        rounds = negotiate(table, variant="ktab-smp").rounds[-1].number
        note = f"{rounds} rounds, random actors; the peer's time is reported, whole process"
        name = f"ktab-smp, {count} actors, {issues} issues"
        rows.append(_row(f"{name}, whole process", _process_seconds(table), "KTAB (reported)", theirs, note))
        ours = _median(lambda table=table: negotiate(table, variant="ktab-smp"), 5)
        rows.append(_row(f"{name}, one game in a process", ours, "KTAB (reported)", theirs, note))
        spread = _with_ranges(table)
        many = _median(lambda spread=spread: simulate(spread, seed=1, draws=200, variant="ktab-smp"), 3) / 200
        rows.append(_row(f"{name}, per game of 200 in a process", many, "KTAB (reported)", theirs, note))
    return rows


def _process_seconds(table: ActorTable) -> float:
    """The command on a file of these actors, from the start of Python to its end."""
    issues = [f"position_{name},salience_{name}" for name in table.issues]
    lines = [",".join(["actor", "capability", *issues])]
    for at, actor in enumerate(table.actors):
        cells = np.ravel(np.column_stack([table.position[at], table.salience[at]]))
        lines.append(",".join([actor, repr(float(table.capability[at])), *(repr(float(cell)) for cell in cells)]))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "actors.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        command = [sys.executable, "-m", "counterpoise", "bargain", str(path), "--variant", "ktab-smp", "--json"]
        return _median(lambda: subprocess.run(command, check=True, capture_output=True), 7)


def _game_rows() -> list[dict[str, Any]]:
    rows = []
    for sizes in ((3, 3, 3, 3), (4, 4, 4, 4, 4)):
        game = _random_game(sizes)
        ours = _median(lambda game=game: deter(game, rate=5.0), 3)
        name = f"quantal response, {len(sizes)} players of {sizes[0]} strategies"
        rows.append(_row(name, ours, "limit", 1.0, "lambda 5, payoffs 0-9"))
    if importlib.util.find_spec("pygambit"):
        import pygambit

        game = _random_game((4, 4, 4))
        peer = pygambit.Game.from_arrays(*(_array(game, player) for player in range(3)))
        ours = _median(lambda: deter(game, rate=1.0), 3)
        theirs = _median(lambda: pygambit.qre.logit_solve_lambda(peer, [1.0], use_strategic=True), 3)
        rows.append(_row("quantal response, 3 players of 4 strategies", ours, "pygambit", theirs, "lambda 1"))
    return rows


def _commitment_row() -> dict[str, Any]:
    ours = _median(lambda: compare_commitments(SMALL_STATE, seed=1, draws=10_000), 3)
    return _row("three commitments, 10,000 draws, 6 lambdas", ours, None, None, "agent form, closed backwards")


def _row(name: str, ours: float, peer: str | None, theirs: float | None, note: str) -> dict[str, Any]:
    ratio = None if theirs is None else ours / theirs
    return {"name": name, "ours_s": ours, "peer": peer, "peer_s": theirs, "ratio": ratio, "note": note}


def _median(action: Callable[[], Any], runs: int) -> float:
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def _random_table(count: int, issues: int, *, percent: bool = False) -> ActorTable:
    rng = np.random.default_rng(7)
    top = 100.0 / issues if percent else 1.0
    position = rng.uniform(0, 100, (count, issues))
    salience = rng.uniform(0.2 * top, top, (count, issues))
    names = [f"A{number}" for number in range(count)]
    return make_table(names, rng.uniform(5, 100, count), position, salience, issues=[f"i{at}" for at in range(issues)])


def _random_game(sizes: tuple[int, ...]) -> Table:
    from fractions import Fraction

    rng = np.random.default_rng(3)
    count = int(np.prod(sizes))
    outcomes = tuple(
        Outcome(str(cell), tuple(Fraction(int(value)) for value in rng.integers(0, 10, len(sizes))))
        for cell in range(count)
    )
    strategies = tuple(tuple(str(at + 1) for at in range(size)) for size in sizes)
    players = tuple(f"P{at}" for at in range(len(sizes)))
    return Table("random", players, strategies, outcomes, tuple(range(count)), named=False)


def _array(game: Table, player: int) -> np.ndarray:
    values = [float(outcome.payoffs[player]) for outcome in game.outcomes]
    return np.array(values).reshape([len(names) for names in game.strategies], order="F")


def _loop_chance(table: ActorTable) -> float:
    """One chance to win in plain loops: the votes for a challenger over those on every pair of positions."""
    actors = list(zip(table.capability, table.salience[:, 0], table.position[:, 0], strict=True))
    span = max(place for _, _, place in actors) - min(place for _, _, place in actors)

    def vote(capability: float, salience: float, own: float, one: float, other: float) -> float:
        return capability * salience * ((abs(own - other) / span) ** 1.0 - (abs(own - one) / span) ** 1.0)

    first, second = actors[0][2], actors[1][2]
    support = sum(max(0.0, vote(*actor, first, second)) for actor in actors)
    turnout = sum(abs(vote(*actor, one[2], two[2])) for actor in actors for one in actors for two in actors)
    return support / turnout


def _port_game(path: Path, table: ActorTable, rounds: int) -> tuple[float, dict[str, float]]:
    """Seconds and end positions of a game played by a port that lies on this machine."""
    spec = importlib.util.spec_from_file_location("bdm_port", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{path} is no Python module")
    port = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(port)
    rows = [
        {"Actor": name, "Capability": capability, "Position": position, "Salience": salience}
        for name, capability, position, salience in zip(
            table.actors, table.capability, table.position[:, 0], table.salience[:, 0], strict=True
        )
    ]
    with contextlib.redirect_stdout(io.StringIO()):
        start = time.perf_counter()
        game = port.BDMScholzModel(rows)
        game.run_model(num_rounds=rounds)
        seconds = time.perf_counter() - start
    return seconds, {actor.name: actor.x for actor in game.actors}


if __name__ == "__main__":
    if "--port" in sys.argv:
        os.environ["COUNTERPOISE_BDM_PORT"] = sys.argv[sys.argv.index("--port") + 1]
    for row in run():
        print(row)

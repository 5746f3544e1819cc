"""Bargaining and games: speed beside the published model in plain loops, KTAB's reported time, Gambit, and limits.

The open ports of the published model carry no licence, so the peer here is the same arithmetic in plain Python loops
in the ports' order of work: every chance to win counts the votes over all pairs of positions anew. Set
`COUNTERPOISE_BDM_PORT` to a module file with a class `BDMScholzModel` to time a port itself on 10 actors.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import os
import statistics
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
    """Every row; about a minute."""
    return [*_published_rows(), _draws_row(), *_ktab_rows(), *_game_rows(), _commitment_row()]


def _published_rows() -> list[dict[str, Any]]:
    rows = []
    for count in (10, 17):
        table = _random_table(count, 1)
        ours = _median(lambda table=table: negotiate(table, rounds=10), 5)
        chance = _median(lambda table=table: _loop_chance(table), 3)
        # Per round: every actor compares its danger with everyone's, then weighs two challenges per rival.
        chances = count * (count + 1) * (count - 1) + 2 * count * (count - 1)
        theirs = 10 * chances * chance
        note = f"10 rounds; peer from {chances} chances a round, each measured"
        rows.append(_row(f"scholz2011, {count} actors", ours, "plain loops", theirs, note))
    if port := os.environ.get("COUNTERPOISE_BDM_PORT"):
        table = _random_table(10, 1)
        ours = _median(lambda: negotiate(table, rounds=1), 5)
        rows.append(
            _row("scholz2011, 10 actors, 1 round", ours, "open port", _port_seconds(Path(port), table), "measured")
        )
    return rows


def _draws_row() -> dict[str, Any]:
    table = _random_table(10, 1)
    low = tuple(0.8 * values for values in (table.capability, table.position, table.salience))
    spread = make_table(table.actors, table.capability, table.position, table.salience, low=low)
    ours = _median(lambda: simulate(spread, seed=1, draws=100_000, rounds=10), 1)
    return _row("100,000 draws of 10 actors, 10 rounds", ours, "limit", 30.0, "scholz2011, 2 threads")


def _ktab_rows() -> list[dict[str, Any]]:
    rows = []
    for (count, issues), theirs in KTAB_SECONDS.items():
        table = _random_table(count, issues, percent=True)
        rounds = negotiate(table, variant="ktab-smp").rounds[-1].number
        ours = _median(lambda table=table: negotiate(table, variant="ktab-smp"), 5)
        note = f"{rounds} rounds, random actors; the peer's time is reported, whole process"
        rows.append(_row(f"ktab-smp, {count} actors, {issues} issues", ours, "KTAB (reported)", theirs, note))
    return rows


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


def _port_seconds(path: Path, table: ActorTable) -> float:
    """One round of a port that lies on this machine."""
    spec = importlib.util.spec_from_file_location("bdm_port", path)
    assert spec is not None
    assert spec.loader is not None
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
        port.BDMScholzModel(rows).run_model(num_rounds=1)
        return time.perf_counter() - start


if __name__ == "__main__":
    for row in run():
        print(row)

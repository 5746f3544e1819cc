"""The spatial model in three dimensions: beside a slow second formulation, and beside any reference log at hand.

The one log that ships with the project's cases has two dimensions. Name a folder in `COUNTERPOISE_KTAB_LOGS` that
holds pairs of KTAB's own files, `NAME.csv` (its table of actors) and `NAME.txt` (the log of its run with the reference
settings), and the last tests hold the whole history of each to the decimals it prints.
"""

from __future__ import annotations

import csv
import math
import os
import re
from pathlib import Path

import numpy as np
import pytest

from counterpoise.bargain import make_table, negotiate
from counterpoise.bargain.actors import ActorTable

Point = tuple[float, ...]


class Loops:
    """The model for one game in plain loops over actors: no arrays, no batch, nothing shared with the engine."""

    def __init__(self, power: list[float], place: list[Point], salience: list[Point]) -> None:
        self.power, self.place, self.salience = power, place, salience
        self.everyone = range(len(power))
        self.attention = [sum(parts) for parts in salience]

    def distance(self, actor: int, one: Point, other: Point) -> float:
        parts = [(s * (a - b), s) for s, a, b in zip(self.salience[actor], one, other, strict=True)]
        return math.sqrt(sum(gap * gap for gap, _ in parts) / sum(s * s for _, s in parts))

    def worth(self, actor: int, position: Point, risk: float) -> float:
        far = self.distance(actor, self.place[actor], position)
        return (1 - far) * (1 + min(far, 1.0) * risk)

    def beats(self, worth: list[list[float]], one: int, other: int) -> float:
        """Chance in a vote that option `one` beats `other`; `worth[voter][option]`."""
        gains = [self.power[v] * (worth[v][one] - worth[v][other]) for v in self.everyone]
        pro, con = (1e-8 + sum(max(0.0, sign * gain) for gain in gains) for sign in (1, -1))
        return pro / (pro + con)

    def election(self, worth: list[list[float]], options: list[int]) -> dict[int, float]:
        odds = {a: math.prod(self.beats(worth, a, b) for b in options if b != a) for a in options}
        return {a: chance / sum(odds.values()) for a, chance in odds.items()}

    def attitudes(self) -> list[float]:
        values = [[self.worth(i, self.place[j], 0.0) for j in self.everyone] for i in self.everyone]
        odds = self.election(values, list(self.everyone))
        high, low = max(odds.values()), min(odds.values())
        return [(3 * odds[i] - high - 2 * low) / (2 * (high - low)) for i in self.everyone]

    def seen_by(self, holder: int, risk: list[float]) -> list[list[float]]:
        """What the holder thinks that each position is worth to each actor."""
        return [
            [self.worth(i, self.place[j], (2 * risk[holder] + risk[i]) / 3) for j in self.everyone]
            for i in self.everyone
        ]

    def prevails(self, worth: list[list[float]], i: int, j: int) -> float:
        strength = [self.attention[v] * self.power[v] for v in self.everyone]
        votes = [strength[v] * (worth[v][i] - worth[v][j]) for v in self.everyone]
        pro, con = (1e-10 + max(0.0, s * votes[i]) + max(0.0, s * votes[j]) for s in (1, -1))
        sides = [pro, con]
        for v in self.everyone:
            if v in (i, j):
                continue
            with_i, with_j = pro + max(0.0, votes[v]), con + max(0.0, -votes[v])
            chance = with_i / (with_i + with_j)
            mine, a, b = worth[v][v], worth[v][i], worth[v][j]
            join_i = chance * (2 * a + mine) + (1 - chance) * 3 * b
            join_j = chance * 3 * a + (1 - chance) * (2 * b + mine)
            side = strength[v] * (join_i - join_j)
            sides[0] += max(0.0, side)
            sides[1] += max(0.0, -side)
        return sides[0] / (sides[0] + sides[1])

    def target(self, i: int, worth: list[list[float]]) -> tuple[int, float] | None:
        best, whom = 1e-5, None
        for j in (j for j in self.everyone if j != i):
            chance, fights = self.prevails(worth, i, j), self.attention[j]
            win, lose = 2 * worth[i][i], 2 * worth[i][j]
            gain = (1 - fights) * win + fights * (chance * win + (1 - chance) * lose) - worth[i][i] - worth[i][j]
            if gain > best:
                best, whom = gain, (j, chance)
        return whom

    def between(self, i: int, j: int, chance: float) -> tuple[Point, Point]:
        pairs = []
        for own, other, s, t in zip(self.place[i], self.place[j], self.salience[i], self.salience[j], strict=True):
            a, b = (s * chance) ** 2, (t * (1 - chance)) ** 2
            both = ((a + 1e-6) * own + b * other, a * own + (1e-6 + b) * other)
            pairs.append([math.floor(0.5 + 1e4 * value / (a + b + 1e-6)) / 1e4 for value in both])
        return tuple(pair[0] for pair in pairs), tuple(pair[1] for pair in pairs)

    def step(self) -> list[Point]:
        risk = self.attitudes()
        bargains: dict[int, tuple[int, Point, Point]] = {}
        for i in self.everyone:
            if found := self.target(i, self.seen_by(i, risk)):
                bargains[i] = (found[0], *self.between(i, *found))
        own = [[self.worth(v, self.place[k], risk[v]) for k in self.everyone] for v in self.everyone]
        # Option 0 is the state as it is, 1 + i the state after the bargain of i.
        worth = [[sum(own[v]) / len(own)] + [0.0] * len(own) for v in self.everyone]
        for i, (j, for_i, for_j) in bargains.items():
            for v in self.everyone:
                kept = sum(own[v][k] for k in self.everyone if k not in (i, j))
                new = self.worth(v, for_i, risk[v]) + self.worth(v, for_j, risk[v])
                worth[v][1 + i] = (kept + new) / len(own)
        after = []
        for actor in self.everyone:
            mine = [0, *(1 + i for i, (j, _, _) in bargains.items() if actor in (i, j))]
            odds = self.election(worth, mine)
            chosen = max(mine, key=lambda option, odds=odds: odds[option]) - 1
            offers = bargains.get(chosen)
            after.append(self.place[actor] if offers is None else offers[1 if chosen == actor else 2])
        return after


def game(seed: int, actors: int, issues: int) -> ActorTable:
    random = np.random.default_rng(seed)
    salience = random.uniform(5, 95 / issues, (actors, issues))
    power, place = random.uniform(20, 150, actors), np.round(random.uniform(0, 100, (actors, issues)), 2)
    return make_table(
        [f"a{k}" for k in range(actors)], power, place, salience, issues=[f"issue {k}" for k in range(issues)]
    )


@pytest.mark.parametrize(
    ("seed", "actors", "issues"), [(1, 7, 3), (2, 7, 3), (3, 5, 3), (4, 9, 3), (5, 6, 1), (6, 6, 5)]
)
def test_every_round_is_that_of_plain_loops(seed: int, actors: int, issues: int) -> None:
    table = game(seed, actors, issues)
    played = negotiate(table, variant="ktab-smp", rounds=12)
    place = [tuple(row) for row in table.position / 100]
    salience = [tuple(row) for row in table.salience / 100]
    for state, following in zip(played.rounds[:-1], played.rounds[1:], strict=True):
        slow = Loops(list(table.capability), place, salience)
        np.testing.assert_allclose(state.risk, slow.attitudes(), atol=1e-9)
        place = slow.step()
        np.testing.assert_allclose(following.position, 100 * np.array(place), atol=1e-6)


def logs() -> list[Path]:
    folder = os.environ.get("COUNTERPOISE_KTAB_LOGS")
    return sorted(path for path in Path(folder).glob("*.csv") if path.with_suffix(".txt").exists()) if folder else []


@pytest.mark.parametrize("path", logs() or [None], ids=lambda path: path.stem if path else "none at hand")
def test_other_logs_of_the_reference_are_met_to_their_last_decimal(path: Path | None) -> None:
    if path is None:
        pytest.skip("COUNTERPOISE_KTAB_LOGS names no folder with KTAB's tables and logs")
    with path.open(newline="", encoding="utf-8") as stream:
        lines = [[cell.strip() for cell in line] for line in csv.reader(stream)]
    issues = int(lines[0][3])
    numbers = np.array([[float(cell) for cell in line[2 : 3 + 2 * issues]] for line in lines[2:] if line and line[0]])
    table = make_table(
        [line[0] for line in lines[2:] if line and line[0]],
        numbers[:, 0],
        numbers[:, 1::2],
        numbers[:, 2::2],
        issues=lines[1][3 : 3 + 2 * issues : 2],
    )
    played, log = negotiate(table, variant="ktab-smp"), path.with_suffix(".txt").read_text(encoding="utf-8")
    history = log[log.index("History of actor pos") :]
    rows = re.findall(r"^.*, (prob|[^,:]+)(?: +)?: +([-0-9. ]+)$", history, re.M)
    places = np.array([[float(cell) for cell in row.split()] for name, row in rows if name.strip() != "prob"])
    chances = np.array([[float(cell) for cell in row.split()] for name, row in rows if name.strip() == "prob"])
    assert len(played.rounds) == places.shape[1]
    ours = np.stack([state.position for state in played.rounds], axis=2).reshape(places.shape)
    assert np.max(np.abs(ours - places)) <= 0.05 + 1e-9
    odds = np.stack([state.probability for state in played.rounds], axis=1)
    assert np.max(np.abs(odds - chances)) <= 0.5e-4 + 1e-9

"""The spatial model held to the log of a reference run of KTAB, figure by figure, to the decimals it prints."""

from __future__ import annotations

import gzip
import re
from functools import cache

import numpy as np
import pytest

from counterpoise.bargain import BargainResult, make_table, negotiate
from counterpoise.bargain.smp import meet, opinion, utility
from tests.support import run_json, shared_path

pytestmark = pytest.mark.shared

CASE = "cases/ktab_smp"
HALF_4 = 0.5e-4 + 1e-9


def read_rows() -> list[list[str]]:
    lines = shared_path(f"{CASE}/SOE-Pol-Comp.csv").read_text().splitlines()[2:]
    return [[cell.strip() for cell in line.split(",")] for line in lines if line.strip()]


@cache
def play() -> BargainResult:
    rows = read_rows()
    numbers = np.array([[float(cell) for cell in row[2:7]] for row in rows])
    table = make_table(
        [row[0] for row in rows],
        numbers[:, 0],
        numbers[:, [1, 3]],
        numbers[:, [2, 4]],
        issues=("policy", "competitive"),
    )
    return negotiate(table, variant="ktab-smp")


@cache
def read_log() -> str:
    with gzip.open(shared_path(f"{CASE}/20170530_ref-SOE-Pol-Comp.txt.gz"), "rt") as stream:
        return stream.read()


def blocks(title: str) -> list[np.ndarray]:
    """Every matrix of the log printed under a line that matches the title."""
    found = re.findall(title + r"[^\n]*\n((?: +[-+0-9. ]+\n)+)", read_log())
    return [np.array([[float(cell) for cell in line.split()] for line in block.splitlines()]) for block in found]


def setting():
    rows = read_rows()
    numbers = np.array([[float(cell) for cell in row[2:7]] for row in rows])
    attention = (numbers[:, [2, 4]] / 100.0).sum(axis=1)[None]
    return attention * numbers[None, :, 0], attention


def states():
    return [(at, *detail) for at, detail in enumerate(play().details)]


def test_the_game_stops_where_the_reference_stops():
    assert play().settled
    assert play().rounds[-1].number == read_log().count("Starting Model::run iteration")


def test_positions_follow_the_history_of_the_reference():
    lines = re.findall(r"Position: ((?: *[-0-9.]+ )+)", read_log()[read_log().index("History of actor pos") :])
    history = np.array([[float(cell) for cell in line.split()] for line in lines]).reshape(13, 2, -1)
    ours = np.stack([state.position for state in play().rounds], axis=2)
    assert history.shape == ours.shape
    assert np.max(np.abs(history - ours)) <= 0.05 + 1e-9


def test_winning_probabilities_follow_the_history_of_the_reference():
    lines = re.findall(r", prob : ([-0-9. ]+)", read_log())
    history = np.array([[float(cell) for cell in line.split()] for line in lines])
    ours = np.stack([state.probability for state in play().rounds], axis=1)
    assert np.max(np.abs(history - ours)) <= HALF_4


def test_values_risks_and_utilities_are_those_of_the_reference():
    values, risks = blocks("Raw actor-pos value matrix"), blocks("Inferred risk attitudes")
    objective = blocks("Risk-aware actor-pos utility matrix")
    assert len(values) == len(risks) == len(objective) == len(states())
    for at, seen, _, _ in states():
        assert np.max(np.abs(values[at] - seen.value[0])) <= 0.5e-3 + 1e-9
        assert np.max(np.abs(risks[at][:, 0] - seen.risk[0])) <= 0.5e-3 + 1e-9
        ours = utility(1.0 - seen.value, seen.risk[:, :, None])[0]
        assert np.max(np.abs(objective[at] - ours)) <= HALF_4


def test_every_actor_sees_every_other_as_in_the_reference():
    for actor in range(13):
        logged = blocks(rf"Estimate by {actor} of risk-aware")
        for at, seen, _, _ in states():
            assert np.max(np.abs(logged[at] - seen.estimate[0, actor])) <= HALF_4


def test_every_challenge_and_both_sides_view_of_it_are_those_of_the_reference():
    weight, attention = setting()
    pattern = r"Est by +(\d+) of prob ([0-9.]+) that \[ *(\d+)> *(\d+)\], with expected gain to +(\d+) of ([-+0-9.]+)"
    parts = read_log().split("Starting Model::run iteration ")[1:]
    for (_, seen, chosen, _), part in zip(states()[:-1], parts, strict=True):
        lines = re.findall(pattern, part)
        logged = {(int(line[2]), int(line[3])) for line in lines}
        ours = {(actor, int(target)) for actor, target in enumerate(chosen.target[0]) if target >= 0}
        assert logged == ours
        for holder, chance, i, j, whom, gain in lines:
            seen_chance, gains = opinion(seen, weight, attention, holder=int(holder), i=int(i), j=int(j))
            assert abs(seen_chance - float(chance)) <= HALF_4
            assert abs(gains[int(whom)] - float(gain)) <= HALF_4


def test_every_bargain_is_the_one_that_the_reference_proposes():
    weight, attention = setting()
    pattern = (
        r"Bargain +\[\d+, (\d+):(\d+)\] from (\d+)'s perspective \(brgnIIJ\) \n"
        r" +\d+ proposes \d+ adopt: ([-0-9. ]+)\n +\d+ proposes \d+ adopt: ([-0-9. ]+)\n"
    )
    salience = np.array([[float(row[4]), float(row[6])] for row in read_rows()]) / 100.0
    parts = read_log().split("Starting Model::run iteration ")[1:]
    for (at, seen, _, offers), part in zip(states()[:-1], parts, strict=True):
        place = play().rounds[at].position / 100.0
        proposals = re.findall(pattern, part)
        assert len(proposals) == 2 * int((offers.probability[0].diagonal(offset=1) > 0.0).sum())
        for first, second, holder, own, other in proposals:
            i, j = int(first), int(second)
            logged = np.array([[float(cell) for cell in text.split()] for text in (own, other)])
            if int(holder) == i:
                ours = np.stack([offers.initiator[0, i], offers.receiver[0, i]])
            else:
                # For the target's own proposal (shown, never used) the reference puts its gain in place of the chance.
                _, gains = opinion(seen, weight, attention, holder=j, i=i, j=j)
                ours = np.stack(meet(place[i], place[j], salience[i], salience[j], gains[i]))
            assert np.max(np.abs(100.0 * ours - logged)) <= 1e-6


def test_every_vote_on_bargains_is_that_of_the_reference():
    pattern = r"Probability Opt_i \n((?: +[0-9.]+ +\n)+)Found stable[^\n]*\n(?:done\n)?Chosen bargain[^:]*: *(\d+) "
    parts = read_log().split("Starting Model::run iteration ")[1:]
    for (_, _, _, offers), part in zip(states()[:-1], parts, strict=True):
        votes = re.findall(r"bargains of actor (\d+) \.\.\.(.*?out of)", part, re.S)
        assert len(votes) == 13
        for actor_text, rest in votes:
            found = re.search(pattern, rest + " ")
            assert found
            logged = sorted(float(cell) for cell in found.group(1).split())
            ours = sorted(odds for odds in offers.probability[0, int(actor_text)] if odds > 0.0)
            ours = [0.0] * (len(logged) - len(ours)) + ours
            assert np.max(np.abs(np.array(logged) - ours)) <= HALF_4


def test_the_command_gives_the_contract_for_the_reference_case(tmp_path, capsys):
    rows = read_rows()
    path = tmp_path / "actors.csv"
    header = "actor,capability,position_policy,salience_policy,position_competitive,salience_competitive"
    path.write_text("\n".join([header, *(",".join([row[0], *row[2:7]]) for row in rows)]) + "\n")
    code, body = run_json(capsys, "bargain", str(path), "--variant", "ktab-smp")
    assert code == 0
    assert body["settled"] is True
    assert len(body["rounds"]) == 28
    assert body["rounds"][0]["positions"]["XJ"] == [30.0, 20.0]
    assert body["rounds"][27]["positions"]["LK"] == pytest.approx([43.2, 43.3], abs=0.05)
    assert body["rounds"][0]["risk"]["XJ"] == pytest.approx(1.0)
    assert body["issues"] == ["policy", "competitive"]

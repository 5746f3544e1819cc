"""The published bargaining model held to the full-precision rounds of an open port of it, and to the paper's figure."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest

from counterpoise.bargain import BargainResult, make_table, negotiate
from counterpoise.bargain.scholz import KINDS, PUBLISHED, expected_utilities, risk_exponents, victory
from tests.support import run_json, shared_path

pytestmark = pytest.mark.shared

CASE = "cases/bdm_scholz_eu_emissions"


def read_case():
    with shared_path(f"{CASE}/input_actors.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    columns = [[float(row[name]) for row in rows] for name in ("Capability", "Position", "Salience")]
    expected = json.loads(shared_path(f"{CASE}/expected_jmckib_full.json").read_text())
    return make_table([row["Actor"] for row in rows], *columns), expected


def play() -> tuple[BargainResult, dict]:
    table, expected = read_case()
    return negotiate(table, rounds=10), expected


def close(ours, theirs) -> bool:
    return bool(np.allclose(ours, theirs, rtol=1e-12, atol=0.0))


def test_every_round_has_the_positions_of_the_open_port():
    result, expected = play()
    for state, reference in zip(result.rounds[1:], expected["rounds"], strict=True):
        assert close(state.position[:, 0], [reference["positions"][name] for name in result.actors])


def test_every_round_has_the_risk_exponents_of_the_open_port():
    result, expected = play()
    for state, reference in zip(result.rounds[1:], expected["rounds"], strict=True):
        assert close(state.risk[:, 0], [reference["risk_exponent"][name] for name in result.actors])


def test_every_round_has_the_mean_and_the_condorcet_median_of_the_open_port():
    result, expected = play()
    assert close(result.rounds[0].mean, expected["mean0"])
    assert close(result.rounds[0].median, expected["median0"])
    for state, reference in zip(result.rounds[1:], expected["rounds"], strict=True):
        assert close(state.mean, reference["mean"])
        assert close(state.median, reference["median"])


def test_every_offer_taken_is_the_one_that_the_open_port_takes():
    result, expected = play()
    for offers, reference in zip(result.details, expected["rounds"], strict=True):
        for actor, name in enumerate(result.actors):
            theirs = reference["best_offer"][name]
            kind = KINDS[offers.kind[0, actor]]
            assert (theirs or {"type": "none"})["type"] == kind
            if theirs:
                assert result.actors[offers.other[0, actor]] == theirs["other"]
                ours = [offers.utility[0, actor], offers.other_utility[0, actor], offers.position[0, actor]]
                assert close(ours, [theirs["eu"], theirs["other_eu"], theirs["new_pos"]])


def test_victory_chances_and_expected_utilities_are_those_of_the_open_port():
    table, expected = read_case()
    reference = expected["rounds"][0]
    place, salience = table.position.T, table.salience.T
    weight, span = table.capability[None] * salience, np.array([expected["position_range"]])
    neutral = victory(weight, place, np.ones_like(place), span, PUBLISHED)
    risk = risk_exponents(salience, place, weight, span, PUBLISHED)
    chance = victory(weight, place, risk, span, PUBLISHED)
    ours = expected_utilities(salience, place, risk, span, chance=chance, status_quo=1.0)
    for pair, probability in reference["prob_r1"].items():
        i, j = (table.actors.index(name) for name in pair.split("|"))
        assert close(neutral[0, i, j], probability)
    for pair, utilities in reference["eu_ij_and_ji_own_view"].items():
        i, j = (table.actors.index(name) for name in pair.split("|"))
        # A utility of nothing at all comes out as rounding noise on both sides.
        assert np.allclose([side[0, i, j] for side in ours], utilities, rtol=1e-12, atol=1e-15)


def test_the_means_follow_the_published_figure():
    result, _ = play()
    published = json.loads(shared_path(f"{CASE}/published_scholz_means_read_from_figure.json").read_text())
    ours = [float(state.mean[0]) for state in result.rounds]
    assert np.max(np.abs(np.array(ours) - published["mean_position"])) < 0.07


def test_the_command_gives_the_contract_for_the_published_case(tmp_path, capsys):
    lines = shared_path(f"{CASE}/input_actors.csv").read_text().splitlines()
    path = tmp_path / "actors.csv"
    path.write_text("\n".join([lines[0].lower(), *lines[1:]]) + "\n")
    code, body = run_json(capsys, "bargain", str(path), "--rounds", "10", "--variant", "scholz2011")
    _, expected = read_case()
    assert code == 0
    assert [state["round"] for state in body["rounds"]] == list(range(11))
    last, reference = body["rounds"][-1], expected["rounds"][-1]
    assert body["settled"] is False
    assert last["mean"] == pytest.approx(reference["mean"], rel=1e-12)
    assert last["median"] == pytest.approx(reference["median"], rel=1e-12)
    assert last["positions"] == pytest.approx(reference["positions"], rel=1e-12)
    assert last["risk"] == pytest.approx(reference["risk_exponent"], rel=1e-12)
    assert body["meta"]["inputs"][str(path)]

"""Fitted draws that ship: their names, the rescaling of orientation, and what a run draws from them."""

from __future__ import annotations

import csv
import json
from importlib.resources import files
from types import SimpleNamespace

import numpy as np
import pytest

from counterpoise.play import _posterior
from counterpoise.play._chance import Chance
from counterpoise.play._members import make_tables
from counterpoise.play._parameters import Parameters, priors
from counterpoise.play._posterior import SPAN, Posterior, shipped_posterior
from tests.play import toy

FOLDER = files("counterpoise.play")


def table(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((FOLDER / name).read_text(encoding="utf-8").splitlines()))


def drawn(row: dict[str, str]) -> np.ndarray:
    return np.array([float(value) for key, value in row.items() if key.startswith("draw_")])


@pytest.fixture(scope="module")
def fitted() -> Posterior:
    found = shipped_posterior()
    assert found is not None
    return found


def column(fitted: Posterior, name: str) -> np.ndarray:
    return fitted.draws[:, fitted.names.index(name)]


def test_every_fitted_name_is_one_that_a_run_asks_for(fitted: Posterior) -> None:
    known = set(priors())
    for name in fitted.names:
        parts = name.split(":")
        assert any(":".join(parts[:size]) in known for size in range(len(parts), 1, -1)), name
    assert len(set(fitted.names)) == len(fitted.names)
    assert fitted.draws.shape[1] == len(fitted.names)
    assert np.isfinite(fitted.draws).all()


def test_the_voting_scale_is_taken_over_as_it_is(fitted: Posterior) -> None:
    for row in table("posterior.csv"):
        if row["scale"] == "voting" and row["parameter"] in ("nu", "reversion", "phi"):
            assert column(fitted, f"play:{row['parameter']}:voting") == pytest.approx(drawn(row))


def test_orientation_is_stretched_to_the_span_of_the_play(fitted: Posterior) -> None:
    """From Moscow to Washington a run measures two: lengths times two over the panel's span, g by its square."""
    notes = json.loads((FOLDER / "posterior.json").read_text(encoding="utf-8"))
    stretch = SPAN / notes["span_usa_to_russia"]["orientation"]
    assert stretch != pytest.approx(1.0, abs=0.01)
    rows = {(row["parameter"], row["scale"]): drawn(row) for row in table("posterior.csv")}
    assert column(fitted, "play:reversion:orientation") == pytest.approx(rows["reversion", "orientation"] / stretch**2)
    for name in ("nu", "phi"):
        assert column(fitted, f"play:{name}:orientation") == pytest.approx(rows[name, "orientation"])
    level = rows["level", "orientation"] / rows["level", "orientation"].mean()
    for row in table("posterior_states.csv"):
        if row["scale"] == "orientation":
            found = column(fitted, f"play:sigma:orientation:{row['client']}")
            assert found == pytest.approx(float(row["sigma_quarter"]) * stretch * level)
            assert found.mean() == pytest.approx(float(row["sigma_quarter"]) * stretch)


def test_reversion_in_units_of_the_walk_does_not_depend_on_the_scale(fitted: Posterior) -> None:
    """g sigma^2 has no unit: stretching a scale must leave it as it was fitted."""
    states = [row for row in table("posterior_states.csv") if row["scale"] == "orientation"]
    rows = {(row["parameter"], row["scale"]): drawn(row) for row in table("posterior.csv")}
    level = rows["level", "orientation"] / rows["level", "orientation"].mean()
    before = rows["reversion", "orientation"] * (float(states[0]["sigma_quarter"]) * level) ** 2
    sigma = column(fitted, f"play:sigma:orientation:{states[0]['client']}")
    assert column(fitted, "play:reversion:orientation") * sigma**2 == pytest.approx(before)


def test_no_files_means_no_posterior(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.setattr(_posterior, "files", lambda package: tmp_path)
    assert shipped_posterior.__wrapped__() is None


def test_a_run_draws_whole_rows_so_that_parameters_stay_joint() -> None:
    draws = np.column_stack([np.arange(50.0), 100 + np.arange(50.0)])
    held = Posterior(("play:reversion:voting", "play:reversion:orientation"), draws, {})
    parameters = Parameters(SimpleNamespace(rows=lambda name: []), (), held)
    one, other = (parameters.draw(f"play:reversion:{scale}", Chance(1, 0, 300)) for scale in ("voting", "orientation"))
    assert (other - one == 100).all()
    assert len(set(one)) > 40
    assert parameters.used == {"play:reversion:voting": "fitted", "play:reversion:orientation": "fitted"}
    assert parameters.ends("play:reversion:orientation") == (100, 149)


def test_what_a_scenario_or_the_region_states_goes_before_the_fit_and_the_fit_before_the_prior() -> None:
    held = Posterior(("play:decay:energy",), np.full((4, 1), 0.77), {})
    own = [toy.parameter("play:decay:energy", 0.5)]
    empty, stated = (SimpleNamespace(rows=lambda name, rows=rows: rows) for rows in ([], own))
    assumed = [SimpleNamespace(name="play:decay:energy", low=0.1, mode=None, high=0.1, unit="1", judgement="made up")]
    chance = Chance(1, 0, 3)
    assert (Parameters(empty, (), held).draw("play:decay:energy", chance) == 0.77).all()
    assert (Parameters(stated, (), held).draw("play:decay:energy", chance) == 0.5).all()
    assert (Parameters(stated, assumed, held).draw("play:decay:energy", chance) == 0.1).all()
    assert Parameters(empty).find("play:decay:energy").label == "prior"


def test_the_tables_hold_every_sigma_that_the_fit_can_draw(fitted: Posterior) -> None:
    made = toy.plan()
    region = SimpleNamespace(rows=lambda name: toy.rows() if name == "assumptions" else [])
    table = make_tables(made.ground, Parameters(region, (), fitted))[1]
    general = [name for name in fitted.names if name.startswith("play:sigma:orientation")]
    assert general
    assert table.sigma[0] > 0

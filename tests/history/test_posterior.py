"""Fits that may be used and fits that are refused; the posterior's files; simulation-based calibration."""

from __future__ import annotations

import csv
import os

import numpy as np
import pytest

from counterpoise._errors import InputError, SolveError
from counterpoise.history import estimate as fitting
from counterpoise.history import motion, posterior
from counterpoise.history.diagnose import check_laplace, check_nuts, effective_draws, split_rhat, tail_index
from tests.history.synthetic import write_panel
from tests.history.test_motion import make_pairs
from tests.support import run_json

RNG = np.random.default_rng(11)


def test_chains_that_agree_pass_and_chains_that_do_not_are_refused():
    good = RNG.normal(size=(2, 300, 3))
    told = check_nuts(good, 0, where="here")
    assert told.rhat < 1.02
    assert told.effective > 300
    bad = good + np.array([0.0, 2.0])[:, None, None]
    with pytest.raises(SolveError) as error:
        check_nuts(bad, 200, where="here")
    assert {one.code for one in error.value.faults} == {"E963"}
    assert len(error.value.faults) == 3


def test_effective_draws_of_an_autoregression_are_those_of_the_formula():
    """n (1 - rho) / (1 + rho) for an AR(1)."""
    rho, n = 0.6, 20_000
    noise, chain = RNG.normal(size=(2, n)), np.zeros((2, n))
    for step in range(1, n):
        chain[:, step] = rho * chain[:, step - 1] + noise[:, step]
    assert effective_draws(chain) == pytest.approx(2 * n * (1 - rho) / (1 + rho), rel=0.15)
    assert split_rhat(chain) == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("shape", [0.2, 0.5, 1.0])
def test_the_tail_index_is_that_of_a_pareto(shape):
    draws = np.random.default_rng(4).random(20_000) ** -shape
    assert tail_index(draws) == pytest.approx(shape, abs=0.1)


def test_weights_with_a_heavy_tail_are_refused():
    assert check_laplace(np.exp(0.3 * RNG.normal(size=400)), where="here").tail < 0.7
    with pytest.raises(SolveError) as error:
        check_laplace(RNG.random(400) ** -2.0, where="here")
    assert error.value.code == "E962"


def test_another_sampler_is_named(tmp_path):
    with pytest.raises(InputError) as error:
        posterior.fit(write_panel(tmp_path), sampler="guess")
    assert error.value.code == "E957"


def test_raw_and_natural_parameters_are_inverse():
    raw = np.concatenate([RNG.normal(motion.PRIOR[:, 0], motion.PRIOR[:, 1], (20, len(motion.NAMES)))])
    raw[:, -1] = np.abs(raw[:, -1])
    np.testing.assert_allclose(posterior.to_raw(posterior.to_natural(raw)), raw, atol=1e-10)


@pytest.mark.slow
def test_the_command_fits_and_writes_netcdf_and_the_small_form(capsys, tmp_path, monkeypatch):
    import xarray

    monkeypatch.setattr(posterior, "DRAWS", 100)
    out = tmp_path / "posterior.nc"
    path = write_panel(tmp_path, clients=30)
    code, document = run_json(
        capsys, "history", "fit", str(path), "--until", "2005", "--out", str(out), "--pairs", "120"
    )  # fmt: skip
    assert code == 0
    assert document["years"] == [1991, 2005]
    assert {row["scale"] for row in document["parameters"]} == {"voting", "orientation"}
    assert {row["label"] for row in document["parameters"]} <= {"posterior", "prior"}
    with xarray.open_dataset(out, engine="scipy") as read:
        assert read["voting"].shape == (100, len(motion.NAMES))
        assert read.attrs["last_year"] == 2005


def test_the_shipped_posterior_names_its_years_and_every_parameter():
    import json
    from importlib import resources

    folder = resources.files("counterpoise.play")
    rows = list(csv.DictReader(folder.joinpath("posterior.csv").read_text(encoding="utf-8").splitlines()))
    for scale in ("voting", "orientation"):
        assert [row["parameter"] for row in rows if row["scale"] == scale] == list(motion.NAMES)
    assert all(float(row["p05"]) <= float(row["p50"]) <= float(row["p95"]) for row in rows)
    source = json.loads(folder.joinpath("posterior.json").read_text(encoding="utf-8"))
    assert source["years"][0] < source["years"][1]
    states = list(csv.DictReader(folder.joinpath("posterior_states.csv").read_text(encoding="utf-8").splitlines()))
    assert {"ARM", "AZE", "GEO"} <= {row["client"] for row in states}
    assert all(float(row["sigma_quarter"]) > 0 for row in states)


def simulate_later(pairs: motion.Pairs, theta: motion.Parameters, rng: np.random.Generator) -> np.ndarray:
    """One later value of each pair and horizon, drawn from the law: side of the doubt, cell, then noise."""
    out = np.empty((len(pairs.value), len(fitting.HORIZONS)))
    starts = [motion.start(pairs, theta, doubt) for doubt in motion.DOUBTS]
    aheads = [motion.propagate(one, max(fitting.HORIZONS)) for one in starts]
    for place, horizon in enumerate(fitting.HORIZONS):
        side = rng.integers(0, 2, len(out))
        for which, (one, ahead) in enumerate(zip(starts, aheads, strict=True)):
            below = ahead[horizon - 1].cumsum(axis=1) < rng.random(len(out))[:, None]
            cell = np.minimum(below.sum(axis=1), motion.CELLS - 1)
            noise = motion.measured(one, horizon) + one.noise * rng.standard_normal(len(out))
            drawn = one.centre + one.sigma * (motion.LATTICE.centres[cell] + noise)
            out[:, place] = np.where(side == which, drawn, out[:, place])
    return out


def test_rounds_of_proposals_find_a_posterior_that_the_first_one_missed(monkeypatch):
    """A correlated normal, proposals begun off its middle and half as wide: its mean and spread come back."""
    rng = np.random.default_rng(5)
    n, prior = fitting.PHI, motion.PRIOR[: fitting.PHI]
    mix = np.eye(n) + 0.3 * rng.normal(size=(n, n))
    root = 0.3 * prior[:, 1][:, None] * mix
    true = prior[:, 0] + 0.5 * prior[:, 1]
    inverse = np.linalg.inv(root @ root.T)

    def likelihood(raw, *_):
        gone = raw - true
        return -0.5 * gone @ inverse @ gone + 0.5 * (((raw - prior[:, 0]) / prior[:, 1]) ** 2).sum()

    monkeypatch.setattr(fitting, "_engine", lambda: {"likelihood": likelihood, "hessian": lambda *_: 4 * inverse})
    begin = np.append(true + root @ rng.normal(size=n) / np.sqrt(n), 0.0)
    raw, weights = fitting.draw_about(begin, None, None, None, rng, 400)
    assert check_laplace(weights, where="here").effective > fitting.ENOUGH * 400
    share = weights / weights.sum()
    sd = np.sqrt(np.diag(root @ root.T))
    mean = share @ raw
    assert np.abs((mean - true) / sd).max() < 0.3
    spread = np.sqrt(share @ (raw - mean) ** 2)
    np.testing.assert_allclose(spread / sd, 1, atol=0.25)


def test_hamiltonian_draws_find_a_known_posterior(monkeypatch):
    """A correlated normal, its curvature told twice too wide: mean and spread come back, phi keeps its prior."""
    import jax

    jax.config.update("jax_enable_x64", True)
    rng = np.random.default_rng(7)
    n, prior = fitting.PHI, motion.PRIOR[: fitting.PHI]
    root = 0.3 * prior[:, 1][:, None] * (np.eye(n) + 0.3 * rng.normal(size=(n, n)))
    true = prior[:, 0] + 0.5 * prior[:, 1]
    inverse = np.linalg.inv(root @ root.T)

    def likelihood(raw, phi, *_):
        gone = raw - true
        return -0.5 * gone @ inverse @ gone + 0.5 * (((raw - prior[:, 0]) / prior[:, 1]) ** 2).sum()

    engine = {"full_likelihood": likelihood, "hessian": lambda *_: inverse / 4}
    monkeypatch.setattr(fitting, "_engine", lambda: engine)
    monkeypatch.setattr(fitting, "choose_pairs", lambda *_: (None, None, None))
    monkeypatch.setattr(fitting, "padded", lambda *_: (None, None, None))
    monkeypatch.setattr(fitting, "without_ties", lambda pairs: pairs)
    begin = fitting.Fit(
        np.append(true + root @ rng.normal(size=n) / np.sqrt(n), 0.0), 0.4, 0, 1, 0, 0, 0.0, np.zeros(7)
    )
    chains, divergent = fitting.nuts(None, begin, rng, most=0, seed=1, warm=200, draws=500)
    told = check_nuts(chains, divergent, where="here")
    assert told.effective > 100
    draws = chains.reshape(-1, n + 1)
    sd = np.sqrt(np.diag(root @ root.T))
    assert np.abs((draws[:, :n].mean(axis=0) - true) / sd).max() < 0.3
    np.testing.assert_allclose(draws[:, :n].std(axis=0) / sd, 1, atol=0.25)
    # A likelihood that does not know phi leaves its half-normal prior: mean 0.4, 95 per cent below 0.98.
    assert draws[:, n].mean() == pytest.approx(fitting.PHI_SD * np.sqrt(2 / np.pi), abs=0.06)
    assert (draws[:, n] < 1.96 * fitting.PHI_SD).mean() == pytest.approx(0.95, abs=0.03)


@pytest.mark.slow
def test_simulation_based_calibration_is_uniform():
    """Parameters from a prior, data from the law, draws of the posterior: ranks are uniform (key talts2018).

    One horizon a pair: the likelihood is exact. 6 rounds of 120 pairs, 80 draws each (COUNTERPOISE_ROUNDS=33 for
    the figures of docs/engines/history.md: 200 draws, many minutes). Each parameter's mean rank lies within four
    standard errors of a uniform's, and the pooled ranks pass a chi-square test.
    """
    rounds = int(os.environ.get("COUNTERPOISE_ROUNDS", "6"))
    draws = 200 if rounds >= 20 else 80
    ranks = np.empty((rounds, fitting.PHI))
    array = fitting._engine()["array"]
    for number in range(rounds):
        rng = np.random.default_rng(1000 + number)
        pairs = fitting.without_ties(make_pairs(120, seed=number))
        truth = rng.normal(motion.PRIOR[: fitting.PHI, 0], motion.PRIOR[: fitting.PHI, 1])
        later = simulate_later(pairs, motion.parameters(np.append(truth, 0.0)), rng)
        weight = np.eye(len(fitting.HORIZONS))[rng.integers(0, len(fitting.HORIZONS), 120)]
        ready = motion.Pairs(*map(array, pairs)), array(later), array(weight)
        middle, _, _ = fitting.most_probable(*ready, where="simulation")
        raw, weights = fitting.draw_about(middle, *ready, rng, draws)
        kept = raw[rng.choice(len(raw), draws, p=weights / weights.sum())]
        ranks[number] = (kept < truth).mean(axis=0)
    error = 4 * np.sqrt(1 / 12 / rounds)
    assert np.abs(ranks.mean(axis=0) - 0.5).max() < error, dict(zip(motion.NAMES, ranks.mean(axis=0), strict=False))
    counts = np.histogram(ranks, bins=5, range=(0, 1))[0]
    expected = ranks.size / 5
    # 99.9 per cent point of chi-square with 4 degrees is 18.5; ranks of one round are not independent, hence 30.
    assert ((counts - expected) ** 2 / expected).sum() < 30, counts

"""Scores against closed forms and against scoringrules."""

from __future__ import annotations

import numpy as np
import pytest

from counterpoise.history import baselines, predict
from counterpoise.history.scores import brier, crps_mixture, diebold_mariano, log_score, skill_interval

RNG = np.random.default_rng(5)


def test_brier_and_log_score_by_hand():
    assert brier(np.array([0.8, 0.3]), np.array([1, 0])) == pytest.approx([0.04, 0.09])
    assert log_score(np.array([0.8, 0.25]), np.array([1, 0])) == pytest.approx([-np.log(0.8), -np.log(0.75)])
    assert np.isinf(log_score(0.0, 1))


def test_a_normal_scores_as_scoringrules_says():
    import scoringrules

    mean, sd, outcome = RNG.normal(size=50), RNG.uniform(0.1, 2, 50), RNG.normal(size=50)
    ours = predict.Normal(mean, sd)
    assert ours.crps(outcome) == pytest.approx(scoringrules.crps_normal(outcome, mean, sd), abs=1e-12)
    assert -ours.log_density(outcome) == pytest.approx(scoringrules.logs_normal(outcome, mean, sd), abs=1e-12)


def test_a_sample_scores_as_scoringrules_says():
    import scoringrules

    changes, last, outcome = RNG.normal(size=80), RNG.normal(size=20), RNG.normal(size=20)
    members = last[:, None] + changes
    told = scoringrules.crps_ensemble(outcome, members)
    assert predict.Sample(last, changes).crps(outcome) == pytest.approx(told, abs=1e-10)


def lattice(cases: int = 12):
    steps, sides = np.arange(61) - 30, []
    for width in (0.05, 0.09):
        means = RNG.normal(size=(cases, 1)) * 0.1 + width * steps
        weights = np.exp(-0.5 * (steps / RNG.uniform(3, 7, (cases, 1))) ** 2)
        sides.append((means, weights / weights.sum(axis=1, keepdims=True), RNG.uniform(0.05, 0.1, cases)))
    return predict.Lattice(tuple(sides), 6.0)


def test_the_score_of_a_lattice_is_that_of_its_mixture_of_normals():
    import scoringrules

    ours, outcome = lattice(), RNG.normal(size=12) * 0.5
    means, weights, sd = ours._joined()
    told = scoringrules.crps_mixnorm(outcome, means, sd, weights)
    assert ours.crps(outcome) == pytest.approx(told, abs=2e-5)
    one = predict.Lattice(ours.sides[:1], 6.0)
    told = scoringrules.crps_mixnorm(
        outcome, one.sides[0][0], np.repeat(one.sides[0][2][:, None], 61, 1), one.sides[0][1]
    )
    assert crps_mixture(*one.sides[0], outcome) == pytest.approx(told, abs=1e-10)


def test_the_median_of_a_lattice_halves_its_chance():
    ours = lattice()
    assert ours.cdf(ours.median()) == pytest.approx(0.5, abs=1e-6)
    assert ours.cdf(ours.quantile(0.9)) == pytest.approx(0.9, abs=1e-6)


def test_skill_of_equal_forecasts_is_nil_and_of_halved_errors_one_half():
    theirs = RNG.exponential(size=(10, 40))
    assert skill_interval(theirs, theirs, horizon=2, rng=RNG) == pytest.approx((0, 0, 0))
    assert skill_interval(theirs / 2, theirs, horizon=2, rng=RNG) == pytest.approx((0.5, 0.5, 0.5))


def test_the_skill_interval_covers_nil_nineteen_times_in_twenty():
    """Equal forecasters with errors shared within origins and within states."""
    covered = 0
    for trial in range(200):
        rng = np.random.default_rng(trial)
        noise = [rng.exponential(size=(12, 40)) for _ in range(2)]
        noise = [one + 0.5 * rng.exponential(size=(12, 1)) for one in noise]
        _, low, high = skill_interval(*noise, horizon=1, rng=rng, draws=200)
        covered += low <= 0 <= high
    assert 0.86 <= covered / 200 <= 0.99


def test_diebold_mariano_sees_a_difference_and_not_where_there_is_none():
    better = RNG.exponential(size=(12, 50))
    statistic, p = diebold_mariano(better, better + 0.2 + 0.1 * RNG.normal(size=better.shape), horizon=1)
    assert statistic < -5
    assert p < 0.01
    small = [diebold_mariano(*np.random.default_rng(k).exponential(size=(2, 12, 50)), horizon=2)[1] for k in range(200)]
    assert 0.01 <= np.mean(np.array(small) < 0.05) <= 0.13
    assert np.isnan(diebold_mariano(better[:3], better[:3] + 1, horizon=1)[0])


def test_the_random_walks_are_those_of_the_definition():
    value = np.array([[0.0, 0.1, 0.3, 0.2], [1.0, np.nan, 1.2, 1.6]])
    pooled = np.mean(np.array([0.1, 0.2, -0.1, 0.4]) ** 2)
    walk = baselines.random_walk_pooled(value, (1,))[1]
    assert walk.sd == pytest.approx([np.sqrt(pooled)] * 2)
    own = (0.01 + 0.04 + 0.01 + 10 * pooled) / 13, (0.16 + 10 * pooled) / 11
    assert baselines.random_walk_gaussian(value, (1,))[1].sd ** 2 == pytest.approx(own)
    assert baselines.random_walk_gaussian(value, (1,))[1].mean == pytest.approx([0.2, 1.6])


def test_the_peers_forecast_a_straight_line_straight():
    value = np.array([0.1 * np.arange(15) + 0.001 * np.sin(np.arange(15.0)), np.full(15, np.nan)])
    told = baselines.peers(value, ("auto_ets", "auto_arima"), (1, 2))
    for name in told:
        assert told[name][2].mean[0] == pytest.approx(1.6, abs=0.05), name
        assert np.isnan(told[name][2].mean[1])


def test_a_series_that_a_peer_cannot_fit_is_marked_and_takes_the_random_walk(monkeypatch):
    """A short series, and one on which the model raises: both are marked, and only those."""
    from statsforecast import models

    class Moody:
        def __init__(self, season_length):
            self.season_length = season_length

        def forecast(self, y, h, level):
            if y[0] < 0:
                raise Exception("no model able to be fitted")
            return {"mean": np.full(h, 7.0), "lo-90": np.full(h, 6.0), "hi-90": np.full(h, 8.0)}

    monkeypatch.setattr(models, "AutoETS", Moody)
    value = np.array([[1.0, 1.2, 1.1, 1.3, 1.2], [-1.0, -1.2, -1.1, -1.3, -1.2], [np.nan, np.nan, 0.4, 0.5, 0.3]])
    told = baselines.peers(value, ("auto_ets",), (1, 2))["auto_ets"]
    for horizon in (1, 2):
        assert told[horizon].stand_in.tolist() == [False, True, True]
        assert told[horizon].mean == pytest.approx([7.0, -1.2, 0.3])
        assert told[horizon].sd[1:] == pytest.approx([np.sqrt(baselines.pooled_variance(value, horizon))] * 2)

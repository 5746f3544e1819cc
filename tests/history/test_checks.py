"""Predictive checks: a wrong model is flagged, a right one passes, and the draws are the law's."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from counterpoise._errors import InputError
from counterpoise.history import checks, motion, posterior
from counterpoise.history.checks import STATISTICS, Moves, check_law, compare, draw_moves, moves_of, tail_share
from counterpoise.history.estimate import pairs_of
from counterpoise.history.panel import read_panel
from counterpoise.history.predict import law_predictive
from counterpoise.history.targets import make_target
from tests.history.synthetic import make_rows, write_panel
from tests.support import run_json

STATES, YEARS, TIMES = 60, 20, 300


def world(seed: int, *, nu: float = 4.0, echo: float = -0.3, cluster: float = 0.6, common: float = 0.4) -> Moves:
    """Changes of states with tails, an echo of the last change, sizes that persist, and a part common to a session."""
    rng = np.random.default_rng(seed)
    size, last = np.zeros(STATES), np.zeros(STATES)
    place = np.linspace(-2, 2, STATES)
    out = []
    for year in range(YEARS):
        size = cluster * size + 0.5 * rng.standard_normal(STATES)
        noise = rng.standard_t(nu, STATES) if nu < 100 else rng.standard_normal(STATES)
        change = echo * last + 0.1 * np.exp(size) * noise + 0.1 * common * rng.standard_normal()
        out.append((change, last if year else np.full(STATES, np.nan), place, np.arange(STATES), np.full(STATES, year)))
        place, last = place + change, change
    change, before, side, state, origin = (np.concatenate(part) for part in zip(*out, strict=True))
    return Moves(change, before, np.full(len(change), 0.15), side, state, origin)


def flagged(observed, replicates):
    seen, drawn = compare(observed, iter(replicates))
    return {name for name in STATISTICS if tail_share(seen[name], drawn[name]) < checks.FLAGGED}


def test_the_model_that_made_the_world_passes():
    assert flagged(world(1), [world(100 + seed) for seed in range(TIMES)]) == set()


@pytest.mark.parametrize(
    ("lacks", "options"),
    [
        ("beyond_four_sd", {"nu": 1000.0}),
        ("autocorrelation", {"echo": 0.0}),
        ("volatility_clustering", {"cluster": 0.0}),
        ("common_movement", {"common": 0.0}),
    ],
)
def test_a_model_that_lacks_a_feature_is_flagged_for_it(lacks, options):
    assert lacks in flagged(world(1), [world(100 + seed, **options) for seed in range(TIMES)])


def test_tail_shares_of_a_right_model_are_uniform():
    rng = np.random.default_rng(2)
    shares = np.array([tail_share(rng.standard_normal(), rng.standard_normal(199)) for _ in range(2000)])
    assert shares.mean() == pytest.approx(0.5, abs=0.03)
    # Under 0.05 are four ranks of 200 on either side.
    assert (shares < 0.05).mean() == pytest.approx(0.04, abs=0.015)
    assert tail_share(9.0, rng.standard_normal(199)) == pytest.approx(2 / 200)


def test_statistics_have_their_closed_forms():
    nothing = np.zeros(4)
    moves = Moves(
        np.array([1.0, -1.0, 3.0, -5.0]), np.array([1.0, -1.0, 3.0, -5.0]), np.ones(4), np.array([-0.5, 2.0, 1.0, 1.0]),
        np.arange(4), nothing.astype(int),
    )  # fmt: skip
    assert checks.beyond_two_sd(moves) == 0.5
    assert checks.beyond_four_sd(moves) == 0.25
    assert checks.typical_change(moves) == 2
    assert checks.autocorrelation(moves) == pytest.approx(1)
    assert checks.volatility_clustering(moves) == pytest.approx(1)
    assert checks.crossings(moves) == 0.5
    together = replace(moves, change=np.full(4, 2.0))
    assert checks.common_movement(together) == pytest.approx(1)


@pytest.fixture(scope="module")
def target(tmp_path_factory):
    return make_target(read_panel(write_panel(tmp_path_factory.mktemp("panel"), clients=40)), "ideal_point")


THETA = motion.parameters(motion.PRIOR[:, 0])


def test_draws_follow_the_laws_own_distribution(target):
    observed, client, year = moves_of(target, 2)
    drawn = next(draw_moves(target, observed, 2, THETA, np.random.default_rng(5), 1))
    ahead = law_predictive(pairs_of(target, client, year), THETA, (2,))[2]
    u = np.sort(ahead.cdf(target.features.value[client, year] + drawn.change))
    gap = np.abs(u - (np.arange(len(u)) + 0.5) / len(u)).max()
    # 1.95 is the 99.9 per cent point of Kolmogorov's distribution.
    assert gap < 1.95 / np.sqrt(len(u))


def test_the_law_passes_on_a_past_of_its_own_making_and_fails_on_others(target):
    rng = np.random.default_rng(7)
    observed, _, year = moves_of(target, 1)
    own = next(draw_moves(target, observed, 1, THETA, rng, 1))
    replicates = list(draw_moves(target, own, 1, THETA, rng, TIMES))
    assert flagged(own, replicates) == set()
    shocks = 0.15 * rng.standard_normal(len(target.years))
    assert "common_movement" in flagged(replace(own, change=own.change + shocks[year]), replicates)
    calm = THETA._replace(level=THETA.level / 2, nu=50.0)
    assert {"beyond_two_sd", "typical_change"} <= flagged(own, list(draw_moves(target, own, 1, calm, rng, TIMES)))


def test_agreement_is_drawn_with_its_sessions_effect_in_common(tmp_path):
    panel = read_panel(write_panel(tmp_path, clients=40))
    agreement = make_target(panel, "agreement", "USA")
    observed, _, _ = moves_of(agreement, 1)
    drawn = next(draw_moves(agreement, observed, 1, THETA, np.random.default_rng(1), 1))
    assert np.isfinite(drawn.change).all()
    share = observed.change / agreement.unit
    assert np.abs(share).max() <= 1


def test_too_few_changes_and_impossible_arguments_are_e972(tmp_path):
    path = write_panel(tmp_path, make_rows(clients=8, last=1999))
    with pytest.raises(InputError) as error:
        check_law(path, horizon=5)
    assert error.value.code == "E972"
    with pytest.raises(InputError) as error:
        check_law(path, replicates=3)
    assert error.value.code == "E972"


@pytest.mark.slow
def test_the_command_checks_a_panel_and_draws_its_chart(capsys, tmp_path, monkeypatch):
    monkeypatch.setattr(posterior, "PAIRS", 120)
    path = write_panel(tmp_path, clients=40)
    chart = tmp_path / "check.svg"
    code, document = run_json(capsys, "history", "check", str(path), "--replicates", "300", "--plot", str(chart))
    assert {row["statistic"] for row in document["statistics"]} == set(STATISTICS)
    assert code == int(any(row["flagged"] for row in document["statistics"]))
    assert document["replicates"] == 300
    assert "<svg" in chart.read_text(encoding="utf-8")[:500]

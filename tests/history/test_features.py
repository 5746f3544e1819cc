"""What is known at a session uses that session and earlier ones only."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterpoise.history import features
from counterpoise.history.orientation import measure_orientation, one_factor
from counterpoise.history.panel import read_panel
from counterpoise.history.targets import make_target
from tests.history.synthetic import write_panel


@given(seed=st.integers(0, 1000), cut=st.integers(4, 11))
@settings(max_examples=15, deadline=None)
def test_a_feature_does_not_change_when_the_panel_grows(seed, cut):
    rng = np.random.default_rng(seed)
    value = np.cumsum(rng.normal(0, 0.1, (30, 14)), axis=1)
    value[rng.random(value.shape) < 0.05] = np.nan
    error, agreement = rng.uniform(0.1, 0.2, value.shape), rng.random((4, *value.shape))
    whole = features.measure_features(value, error, agreement)
    part = features.measure_features(value[:, :cut], error[:, :cut], agreement[:, :, :cut])
    for name in features.Features.__dataclass_fields__:
        np.testing.assert_allclose(getattr(whole, name)[:, :cut], getattr(part, name), atol=1e-12, err_msg=name)


def test_relabelling_states_relabels_their_features():
    rng = np.random.default_rng(3)
    value = np.cumsum(rng.normal(0, 0.1, (25, 10)), axis=1)
    error, agreement = np.full(value.shape, 0.1), rng.random((3, *value.shape))
    order = rng.permutation(25)
    there = features.measure_features(value[order], error[order], agreement[:, order])
    here = features.measure_features(value, error, agreement)
    np.testing.assert_allclose(there.neighbours, here.neighbours[order], atol=1e-12)
    np.testing.assert_allclose(there.implied, here.implied[order], atol=1e-9)


def test_a_move_shared_by_neighbours_is_believed_and_a_lone_one_is_not():
    value = np.zeros((20, 6)) + np.arange(20)[:, None] * 1e-4
    value[:, 5] += 0.5
    anchor = features.neighbour_anchor(value)[:, 5]
    assert anchor == pytest.approx(value[:, 5], abs=1e-2)
    value[:, 5] -= 0.5
    value[7, 5] += 0.5
    assert features.neighbour_anchor(value)[7, 5] == pytest.approx(value[7, 4], abs=1e-2)


def test_the_implied_position_leaves_the_state_itself_out():
    rng = np.random.default_rng(1)
    value = rng.normal(0, 1, (40, 1))
    agreement = np.stack([1 / (1 + np.exp(-value)), 1 / (1 + np.exp(value))]) + 0.01 * rng.random((2, 40, 1))
    base = features.implied_position(value, agreement)
    assert np.corrcoef(base[:, 0], value[:, 0])[0, 1] > 0.98
    moved = value.copy()
    moved[5, 0] += 1.0
    after = features.implied_position(moved, agreement)
    assert abs(after[5, 0] - base[5, 0]) < 0.05


def test_volatility_is_drawn_to_that_of_all_states():
    change = np.array([[np.nan, 0.4], [np.nan, 0.2], [np.nan, np.nan]])
    told = features.volatility(change, shrink=1.0, decay=1.0)[:, 1]
    assert told == pytest.approx([(0.4 + 0.3) / 2, (0.2 + 0.3) / 2, 0.3])


def test_one_factor_recovers_its_loadings_with_gaps():
    rng = np.random.default_rng(2)
    truth, factor = np.array([0.9, 0.7, 0.5, 0.3]), rng.standard_normal(4000)
    data = factor[:, None] * truth + np.sqrt(1 - truth**2) * rng.standard_normal((4000, 4))
    data[rng.random(data.shape) < 0.2] = np.nan
    score, error, loading, residual = one_factor(data)
    assert loading == pytest.approx(truth, abs=0.06)
    assert residual == pytest.approx(1 - truth**2, abs=0.06)
    assert np.corrcoef(score, factor)[0, 1] > 0.85
    assert np.mean((score - factor) ** 2) == pytest.approx(np.mean(error**2), rel=0.1)


def test_orientation_uses_no_later_row_and_needs_two_indicators(tmp_path):
    panel = read_panel(write_panel(tmp_path))
    whole = measure_orientation(panel.until(2003))
    assert np.isfinite(whole.value).any()
    del panel.pair["arms_tiv"], panel.pair["atop_defense"], panel.pair["joint_exercises"]
    assert not np.isfinite(measure_orientation(panel).value).any()


def test_agreement_is_forecast_about_the_mean_of_its_session(tmp_path):
    panel = read_panel(write_panel(tmp_path))
    target = make_target(panel, "agreement", "USA")
    np.testing.assert_allclose(np.nanmean(target.features.value, axis=0), 0, atol=1e-12)
    back = (target.features.value + target.session) / target.unit
    np.testing.assert_allclose(back, target.raw, atol=1e-12)
    mean, variance = target.session_ahead(2)
    assert np.isfinite(mean)
    assert variance > 0

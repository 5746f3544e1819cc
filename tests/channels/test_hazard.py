"""The hazard of attack: arithmetic, the shipped parameters, and (with the shared panel) the fit that made them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoise._errors import InputError
from counterpoise.channels.security.hazard import (
    BASELINE,
    FULL,
    KNOTS,
    RUNGS,
    Parameters,
    Threat,
    design,
    draw_coefficients,
    hazard,
    recalibrated,
    rung_shares,
    shipped,
    spline,
)
from counterpoise.channels.security.hazard_fit import Panel, calibration, fit, read_panel, scores, write_parameters
from tests.support import shared_path


def threat(**changed: object) -> Threat:
    fields: dict[str, object] = {
        "land_border": 1.0,
        "sea_border": 0.0,
        "past_disputes": 0.0,
        "past_attacks": 0.0,
        "all_disputes": 0.0,
        "peace_years": 20.0,
        "ratio": 1.0,
        "size": 0.002,
        "attacker_major": 0.0,
        "attacker_active": 0.0,
        "target_attacked": 0.0,
    }
    return Threat(**{**fields, **changed})  # type: ignore[arg-type]


def test_the_spline_is_straight_beyond_its_last_knot_and_smooth_before_it() -> None:
    far = spline(np.array([KNOTS[-1] + 5.0, KNOTS[-1] + 10.0, KNOTS[-1] + 15.0]))
    np.testing.assert_allclose(far[2] - far[1], far[1] - far[0])
    fine = spline(np.linspace(0, 60, 6001))
    assert np.abs(np.diff(fine, axis=0)).max() < 0.02
    assert spline(0.0).tolist() == [0.0] * (len(KNOTS) - 1)


def test_the_shipped_hazard_rises_with_past_disputes_and_falls_with_peace() -> None:
    coefficients, names = shipped().coefficients, shipped().names
    quiet = hazard(threat(), coefficients, names)
    assert hazard(threat(past_disputes=3, all_disputes=8), coefficients, names) > quiet
    assert hazard(threat(peace_years=0.0), coefficients, names) > quiet
    assert hazard(threat(land_border=0.0), coefficients, names) < quiet
    assert hazard(threat(attacker_active=9.0), coefficients, names) > quiet


def test_the_hazard_of_draws_is_a_chance_of_the_right_shape() -> None:
    parameters = shipped()
    normals = np.random.default_rng(3).standard_normal((400, len(FULL)))
    drawn = draw_coefficients(parameters, normals)
    found = hazard(threat(peace_years=np.full(400, 3.0)), drawn, parameters.names)
    assert found.shape == (400,)
    assert ((found > 0) & (found < 1)).all()
    np.testing.assert_allclose(drawn.mean(axis=0), parameters.coefficients, atol=0.05)
    assert design(threat(), BASELINE).shape == (len(BASELINE),)


def test_the_shipped_fit_says_how_good_it_is() -> None:
    parameters = shipped()
    assert parameters.names == FULL
    np.testing.assert_allclose(parameters.covariance, parameters.covariance.T, rtol=1e-6)
    assert parameters.scores["test_rows"] > 10_000
    # The claim of the docs: better than contiguity, past disputes and peace years, with an interval above zero.
    assert parameters.scores["full_log_score"] > parameters.scores["baseline_log_score"]
    assert parameters.scores["gain_low"] > 0


@given(st.floats(0, 1), st.floats(0, 20), st.floats(0.5, 20), st.floats(0, 1))
def test_the_recalibrated_hazard_lies_between_the_fit_and_the_record(
    fitted: float, attacks: float, worth: float, memory: float
) -> None:
    found = float(recalibrated(fitted, attacks=attacks, years=20.0, worth=worth, memory=memory))
    low, high = sorted((fitted, attacks / 20.0))
    assert low - 1e-12 <= found <= high + 1e-12


def test_a_record_that_cannot_be_is_refused_with_E204() -> None:
    with pytest.raises(InputError) as caught:
        recalibrated(1.5, attacks=4, years=3, worth=0, memory=2)
    assert [fault.code for fault in caught.value.faults] == ["E204"] * 4


def test_the_rungs_of_the_ladder_leave_each_other_out_and_sum_to_one() -> None:
    counts = {"territorial": 10.0, "territorial_known": 100.0, "fatal_only": 30.0, "fatal_known": 90.0}
    still = rung_shares(counts)
    assert set(still) == set(RUNGS)
    assert float(still["territorial"]) == pytest.approx(10.5 / 101)
    drawn = rung_shares(counts, np.random.default_rng(1).standard_normal((2, 500)))
    np.testing.assert_allclose(sum(drawn.values()), 1.0)


def made(seed: int = 2) -> tuple[Panel, np.ndarray]:
    """Rows drawn from known coefficients, many enough that they must come back."""
    rng = np.random.default_rng(seed)
    count = 60_000
    x = np.zeros((count, len(FULL)))
    x[:, 0] = 1.0
    x[:, 1] = rng.random(count) < 0.5
    x[:, 2] = rng.random(count)
    truth = np.zeros(len(FULL))
    truth[:3] = [-3.0, 1.0, 0.5]
    y = rng.random(count) < 1 / (1 + np.exp(-(x @ truth)))
    year = np.where(np.arange(count) < 40_000, 1990, 2005)
    rung = np.zeros(count, dtype=np.int8)
    return Panel(year, np.arange(count) // 10, x, y, x[:, 1] > 0, rung, rung), truth


def test_the_fit_finds_the_coefficients_that_made_the_data() -> None:
    panel, truth = made()
    names = FULL[:3]
    found = fit(panel, names, np.ones(len(panel.year), dtype=bool))
    errors = np.sqrt(np.diag(found.covariance))
    assert (np.abs(found.coefficients - truth[:3]) < 4 * errors).all()
    assert (errors < 0.1).all()


def test_missing_tables_of_disputes_are_refused_with_E445(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_panel(tmp_path)
    assert [fault.code for fault in caught.value.faults] == ["E445"] * 3


@pytest.fixture(scope="module")
def panel() -> Panel:
    return read_panel(shared_path("history/cow_mid5_ddyad_disputes_1946_2014.parquet").parent)


@pytest.mark.shared
@pytest.mark.slow
def test_the_panel_gives_the_shipped_parameters_again(panel: Panel, tmp_path: Path) -> None:
    from datetime import date

    target = tmp_path / "again.csv"
    write_parameters(panel, target, date(2026, 11, 22))
    again, there = target.read_text(encoding="utf-8").splitlines(), _shipped_lines()
    assert len(again) == len(there)
    for new, old in zip(again, there, strict=True):
        for a, b in zip(new.split(","), old.split(","), strict=True):
            assert a == b or float(a) == pytest.approx(float(b), rel=1e-4, abs=1e-9)


@pytest.mark.shared
@pytest.mark.slow
def test_out_of_sample_the_full_model_beats_contiguity_past_disputes_and_peace_years(panel: Panel) -> None:
    found = scores(panel)
    assert found["full_log_score"] > found["baseline_log_score"] > found["constant_log_score"]
    assert found["gain_low"] > 0
    assert found["full_auc"] > found["baseline_auc"]
    assert 0.8 < found["full_slope"] < 1.25
    tenths = calibration(panel)
    assert tenths[-1]["frequency"] == pytest.approx(tenths[-1]["chance"], rel=0.3)


@pytest.mark.shared
@pytest.mark.slow
def test_no_row_knows_its_own_year_or_a_later_one(panel: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
    """With every dispute from 2001 on taken away, the rows of 2001 are the same but for what happened."""
    import counterpoise.channels.security.hazard_fit as module

    real = module._tables

    def cut(folder: Path) -> list[dict[str, np.ndarray]]:
        disputes, capability, borders = real(folder)
        keep = disputes["year"] <= 2000
        early = capability["year"] <= 2001
        return [
            {name: values[keep] for name, values in disputes.items()},
            {name: values[early] for name, values in capability.items()},
            dict(borders),
        ]

    monkeypatch.setattr(module, "_tables", cut)
    blind = read_panel(shared_path("history/cow_mid5_ddyad_disputes_1946_2014.parquet").parent)
    # Pairs whose dispute went on into 2001 are not at risk in the whole panel, but nobody knows that beforehand.
    whole = {tuple(row) for row in panel.x[panel.year == 2001].round(9)}
    seen = {tuple(row) for row in blind.x[blind.year == 2001].round(9)}
    assert whole <= seen
    assert not blind.y[blind.year == 2001].any()


def _shipped_lines() -> list[str]:
    from importlib.resources import files

    return (files("counterpoise.channels.security") / "hazard_parameters.csv").read_text(encoding="utf-8").splitlines()


def test_draws_of_coefficients_need_a_covariance_that_is_one() -> None:
    parameters = Parameters(("constant",), np.array([0.0]), np.array([[4.0]]), {}, {})
    np.testing.assert_allclose(draw_coefficients(parameters, np.array([[1.0], [-1.0]])), [[2.0], [-2.0]])

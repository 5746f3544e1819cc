"""The trade engine against published tables and the peer's equilibria: trade without borders, 69 economies, 2006.

The case is application 1 of chapter 2 of Yotov and others 2016. From the raw panel: gravity by Poisson
pseudo-maximum-likelihood, then conditional trade, then the guide's own truncated iteration, each held to the published
tables; then the exact equilibria, held to those of the R package GEGravity.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from counterpoise.channels.trade.conditional import conditional, guide_loop
from counterpoise.channels.trade.gravity import solve
from tests.support import shared_path

CASE = "cases/gravity_ge_wto_trade_without_border"
THETA = 6.0  # sigma = 7 in the guide

pytestmark = pytest.mark.shared


@dataclass(frozen=True)
class Gravity:
    """The fitted world: flows without and with the change of costs, and the levels of the resistances."""

    economies: list[str]
    coefficients: np.ndarray
    flows: np.ndarray
    cost_change: np.ndarray
    outward: np.ndarray  # power -theta, the guide's scaling
    inward: np.ndarray

    @property
    def reference(self) -> int:
        return self.economies.index("DEU")


def scaled_to(seed: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Factors that give the seed these totals: the fixed effects of a Poisson regression, exactly."""
    right = np.ones(len(columns))
    for _ in range(2000):
        left = rows / (seed @ right)
        last, right = right, columns / (left @ seed)
        if np.abs(right / last - 1.0).max() < 1e-15:
            break
    return rows / (seed @ right), right


def estimate(panel: pd.DataFrame) -> tuple[list[str], np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Coefficients of distance, contiguity and border by Newton's method on the concentrated likelihood."""
    economies = sorted(set(panel.exporter))
    names = ["ln_DIST", "CNTG", "INTL_BRDR"]
    trade, *covariates = (
        panel.pivot(index="exporter", columns="importer", values=name).loc[economies, economies].to_numpy()
        for name in ["trade", *names]
    )
    data = np.stack(covariates)
    rows, columns = trade.sum(axis=1), trade.sum(axis=0)
    beta = np.array([-0.8, 0.7, -2.5])
    for _ in range(40):
        seed = np.exp(np.tensordot(beta, data, 1))
        left, right = scaled_to(seed, rows, columns)
        fitted = left[:, None] * seed * right
        score = (data * (trade - fitted)).sum(axis=(1, 2))
        apart = data.copy()
        for _ in range(300):  # the covariates net of both fixed effects, weighted by the fit
            apart -= (apart * fitted).sum(axis=2, keepdims=True) / fitted.sum(axis=1)[:, None]
            apart -= (apart * fitted).sum(axis=1, keepdims=True) / fitted.sum(axis=0)
        step = np.linalg.solve(np.einsum("aij,bij,ij->ab", apart, apart, fitted), score)
        beta = beta + step
        if np.abs(step).max() < 1e-13:
            break
    return economies, beta, np.exp(np.tensordot(beta, data, 1)), trade, data[2]


@pytest.fixture(scope="module")
def gravity() -> Gravity:
    economies, beta, level, trade, border = estimate(
        pd.read_csv(shared_path(f"{CASE}/input_panel_2006_69countries.csv.gz")).replace("ZZZ", "DEU")
    )
    output, spending = trade.sum(axis=1), trade.sum(axis=0)
    left, right = scaled_to(level, output, spending)
    spot = economies.index("DEU")
    left, right = left * right[spot], right / right[spot]
    return Gravity(
        economies,
        beta,
        left[:, None] * level * right,
        np.exp(beta[2] * border / THETA),  # without the border, costs fall by exp(beta / theta)
        output * spending[spot] / left,
        spending / (right * spending[spot]),
    )


@pytest.fixture(scope="module")
def published(gravity: Gravity) -> pd.DataFrame:
    tables = [pd.read_csv(shared_path(f"{CASE}/expected_published_{name}.csv")) for name in ("FULL", "CONS", "PROD")]
    whole = pd.concat([table.set_index("country") for table in tables], axis=1)
    return whole.loc[gravity.economies, ~whole.columns.duplicated()]


def exports(flows: np.ndarray) -> np.ndarray:
    return flows.sum(axis=1) - np.diag(flows)


def test_the_estimated_gravity_is_the_published_one(gravity: Gravity, published: pd.DataFrame) -> None:
    assert gravity.coefficients == pytest.approx([-0.7912879, 0.6736456, -2.47445], abs=5e-6)
    assert gravity.outward == pytest.approx(published.OMR_BLN.to_numpy(), rel=1e-6)
    assert gravity.inward == pytest.approx(published.IMR_BLN.to_numpy(), rel=1e-6)
    assert exports(gravity.flows) == pytest.approx(published.Xi_BLN.to_numpy(), rel=1e-6)


def test_conditional_trade_is_the_published_one_to_1e_5_percentage_points(
    gravity: Gravity, published: pd.DataFrame
) -> None:
    found = conditional(gravity.flows, gravity.cost_change, THETA, reference=gravity.reference)
    assert found.inward == pytest.approx(published.change_IMR_CDL.to_numpy(), abs=1e-5)
    assert found.outward == pytest.approx(published.change_OMR_CDL.to_numpy(), abs=1e-5)
    change = 100 * (exports(found.flows) / exports(gravity.flows) - 1)
    assert change == pytest.approx(published.change_Xi_CDL.to_numpy(), abs=1e-5)
    assert gravity.outward * found.outward_power == pytest.approx(published.OMR_CDL.to_numpy(), rel=1e-6)
    assert gravity.inward * found.inward_power == pytest.approx(published.IMR_CDL.to_numpy(), rel=1e-6)


def test_the_guides_own_stopping_rule_gives_the_published_table_to_1e_4(
    gravity: Gravity, published: pd.DataFrame
) -> None:
    found = guide_loop(gravity.flows, gravity.cost_change, THETA, reference=gravity.reference)
    assert found.iterations == 5
    assert found.price == pytest.approx(published.change_price_FULL.to_numpy(), abs=1e-4)
    assert found.inward == pytest.approx(published.change_IMR_FULL.to_numpy(), abs=1e-4)
    assert found.outward == pytest.approx(published.change_OMR_FULL.to_numpy(), abs=1e-4)
    assert found.exports == pytest.approx(published.change_Xi_FULL.to_numpy(), abs=1e-4)
    assert found.real_output == pytest.approx(published.change_rGDP_FULL.to_numpy(), abs=1e-4)


def test_the_guides_iteration_run_to_its_limit_gives_the_converged_table(gravity: Gravity) -> None:
    limit = pd.read_csv(shared_path(f"{CASE}/expected_converged_limit_of_loop_tol1e-11.csv"))
    limit = limit.set_index("country").loc[gravity.economies]
    flows = fitted_flows(gravity.economies)
    found = guide_loop(*flows, THETA, reference=gravity.reference, tolerance=1e-11)
    assert found.price == pytest.approx(limit.price.to_numpy(), abs=1e-6)
    assert found.inward == pytest.approx(limit.IMR.to_numpy(), abs=1e-6)
    assert found.real_output == pytest.approx(limit.rGDP.to_numpy(), abs=1e-6)
    assert found.exports == pytest.approx(limit.Xi.to_numpy(), abs=1e-6)


def fitted_flows(economies: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """The baseline and the change of costs that the peer was given."""
    table = pd.read_csv(shared_path(f"{CASE}/input_fitted_baseline_flows_and_beta.csv.gz")).replace("ZZZ", "DEU")
    flows, beta = (
        table.pivot(index="e", columns="i", values=name).loc[economies, economies].to_numpy() for name in ("X0", "beta")
    )
    return flows, np.exp(-beta / THETA)


@pytest.mark.parametrize("rule", ["additive", "multiplicative"])
def test_the_exact_equilibrium_is_the_peers_to_1e_6(gravity: Gravity, rule: str) -> None:
    """The peer hides the factor `s` that balances the world in its wage: welfare under that rule is `s` times its."""
    peer = pd.read_csv(shared_path(f"{CASE}/expected_exact_equilibrium_GEGravityR_theta6_{rule}.csv"))
    peer = peer.set_index("country").loc[gravity.economies]
    flows, change = fitted_flows(gravity.economies)
    found = solve(flows, change, THETA, rule)
    assert found.residual <= 1e-12
    assert 1 + found.nominal_wage / 100 == pytest.approx(peer.nom_wage.to_numpy(), abs=1e-6)
    assert 1 + found.real_wage / 100 == pytest.approx(peer.real_wage.to_numpy(), abs=1e-6)
    assert 1 + found.price_index / 100 == pytest.approx(peer.price_index.to_numpy(), abs=1e-6)
    wage, output = 1 + found.nominal_wage / 100, flows.sum(axis=1)
    balance = 1.0
    if rule == "multiplicative":
        balance = (wage * output).sum() / (wage * flows.sum(axis=0)).sum()
        assert balance == pytest.approx(1.0039, abs=1e-4)
    assert (1 + found.welfare / 100) / balance == pytest.approx(peer.welfare.to_numpy(), abs=1e-6)
    change_of_exports = 100 * (exports(found.after) / balance / exports(flows) - 1)
    assert change_of_exports == pytest.approx(peer.change_Xi.to_numpy(), abs=1e-5)

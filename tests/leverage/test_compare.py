"""Published indices beside our ranks: closed forms, blanks, the region, and the panel of all states."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from counterpoise._errors import InputError
from counterpoise.leverage import Comparison, LeverageResult, compare_indices
from counterpoise.leverage._indices import (
    BANDWIDTH,
    DEPENDENCE,
    hirschman_concentration,
    influence_capacity,
    rank_correlation,
)
from counterpoise.region import Region
from tests.support import run_json, shared_path

amounts = arrays(float, st.integers(1, 12), elements=st.floats(0.01, 1e6))


@given(amounts)
def test_concentration_lies_between_equal_partners_and_one_partner(flows: np.ndarray) -> None:
    value = hirschman_concentration(flows)
    assert 100 / np.sqrt(len(flows)) - 1e-9 <= value <= 100 + 1e-9
    assert hirschman_concentration(flows * 3.0) == pytest.approx(value)
    assert hirschman_concentration(flows[::-1]) == pytest.approx(value)


def test_concentration_of_one_and_of_four_equal_partners() -> None:
    assert hirschman_concentration([7.0]) == 100.0
    assert hirschman_concentration([2.0] * 4) == pytest.approx(50.0)


@pytest.mark.parametrize("flows", [[0.0, 0.0], [-1.0, 2.0], [np.nan, 1.0], []])
def test_flows_that_are_none_have_no_concentration(flows: list[float]) -> None:
    with pytest.raises(InputError) as caught:
        hirschman_concentration(flows)
    assert caught.value.code == "E204"


def test_the_weights_of_each_factor_sum_to_one() -> None:
    assert sum(BANDWIDTH.values()) == sum(DEPENDENCE.values()) == 1.0


@given(arrays(float, (4, 3), elements=st.floats(0, 1)), st.floats(0, 1))
def test_capacity_is_bandwidth_times_dependence_and_rises_with_each_part(values: np.ndarray, volume: float) -> None:
    parts = dict(zip(DEPENDENCE, values, strict=True))
    found = influence_capacity({"trade_volume": np.full(3, volume)}, parts)
    np.testing.assert_allclose(found.index, volume * values.mean(axis=0), atol=1e-12)
    more = influence_capacity({"trade_volume": np.full(3, volume)}, parts | {"arms_share": np.ones(3)})
    assert np.all(more.index >= found.index - 1e-12)


def test_a_blank_component_is_left_out_and_never_zero() -> None:
    blank = {"trade_share": [0.4, 0.4], "arms_share": [np.nan, 0.0]}
    found = influence_capacity({"trade_volume": [1.0, 1.0]}, blank)
    np.testing.assert_allclose(found.index, [0.4, 0.2])
    assert found.covered[0] < found.covered[1]


def test_a_component_out_of_range_or_without_weight_is_e204() -> None:
    with pytest.raises(InputError) as caught:
        influence_capacity({"trade_volume": [2.0]}, {"money": [0.1]})
    assert caught.value.code == "E204"


def test_rank_correlation_equals_that_of_scipy() -> None:
    from scipy.stats import spearmanr

    rng = np.random.default_rng(4)
    one, other = rng.integers(0, 6, 40).astype(float), rng.integers(0, 6, 40).astype(float)
    assert rank_correlation(one, other) == pytest.approx(spearmanr(one, other).statistic)
    one[3] = np.nan
    assert rank_correlation(one, other) == pytest.approx(spearmanr(one, other, nan_policy="omit").statistic)
    assert rank_correlation([1.0, 1.0, 1.0], [1.0, 2.0, 3.0]) is None
    assert rank_correlation([1.0, 2.0], [1.0, 2.0]) is None


@pytest.fixture
def region_wide(caucasus: Region, matrix: LeverageResult) -> Comparison:
    return compare_indices(caucasus, result=matrix)


def test_every_pair_has_its_measures_with_ranks_of_its_own_client(region_wide: Comparison) -> None:
    assert len(region_wide.pairs) == 18
    for client in ("ARM", "AZE", "GEO"):
        rows = [row for row in region_wide.pairs if row["client"] == client]
        for name in ("exposure", "trade_share", "capacity"):
            ranks = sorted(row[f"{name}_rank"] for row in rows if row[name] is not None)
            assert ranks == list(range(1, len(ranks) + 1))
    assert all(0 <= row["capacity"] <= 1 for row in region_wide.pairs)


def test_our_ranks_agree_with_the_indices_but_are_not_them(region_wide: Comparison) -> None:
    whole = {(row["one"], row["other"]): row for row in region_wide.correlations if row["client"] == "all"}
    for other in ("trade_share", "capacity"):
        assert 0.5 < whole["exposure", other]["rank_correlation"] < 1.0


def test_the_command_compares_one_client(lakeland: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, document = run_json(capsys, "leverage", str(lakeland), "--compare", "--client", "LKE", "--draws", "5")
    assert code == 0
    assert {row["client"] for row in document["pairs"]} == {"LKE"}
    assert set(document["weights"]) == {"bandwidth", "dependence"}


@pytest.mark.shared
def test_on_the_panel_trade_shares_and_capacity_rank_patrons_alike_but_often_differ_at_the_top() -> None:
    """All states of 2000 to 2014 against 33 patrons; the numbers stand in docs/engines/leverage.md."""
    import pandas as pd

    panel = pd.read_parquet(shared_path("history/dyad_year_1991_2014.parquet"))
    panel = panel[panel["year"].between(2000, 2014)]
    share = ((panel["itpd_export_share"] + panel["itpd_import_share"]) / 2).clip(upper=1)
    arms = (panel["arms_tiv"] / panel["arms_tiv_total"].where(panel["arms_tiv_total"] > 0)).clip(0, 1)
    aid = (panel["oda_net_2022usd_mil"].clip(lower=0) * 1e6 / panel["client_gdp_usd"]).clip(upper=1)
    bodies = panel["shared_igos"] / panel.groupby("year")["shared_igos"].transform("max")
    found = influence_capacity(
        {"security_tie": panel["atop_defense"], "shared_bodies": bodies},
        {"trade_share": share, "arms_share": arms, "aid_to_gdp": aid},
    )
    panel = panel.assign(share=share, capacity=found.index)
    known = panel.dropna(subset=["share", "capacity"])
    rhos = [rank_correlation(rows["share"], rows["capacity"]) for _, rows in known.groupby(["client", "year"])]
    values = np.array([rho for rho in rhos if rho is not None])
    same = [
        rows["patron"][rows["share"].idxmax()] == rows["patron"][rows["capacity"].idxmax()]
        for _, rows in known.groupby(["client", "year"])
    ]
    assert len(values) == pytest.approx(2817, abs=50)
    assert np.median(values) == pytest.approx(0.992, abs=0.01)
    assert np.mean(same) == pytest.approx(0.60, abs=0.03)

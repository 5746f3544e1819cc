"""The look-ahead between two estimates of the same positions."""

from __future__ import annotations

import pandas as pd
import pytest

from counterpoise._errors import InputError
from counterpoise.history.vintages import vintage_gap
from tests.support import shared_path


def test_a_constant_shift_moves_levels_and_no_change(tmp_path):
    rows = [{"iso3": state, "year": year, "ideal_point": (year - 2000) * slope}
            for state, slope in (("A", 0.1), ("B", -0.2)) for year in range(2000, 2010)]  # fmt: skip
    early, late = tmp_path / "early.parquet", tmp_path / "late.parquet"
    pd.DataFrame(rows).to_parquet(early)
    pd.DataFrame(rows).assign(ideal_point=lambda table: table.ideal_point + 0.3).to_parquet(late)
    told = vintage_gap(early, late, first=2000)
    assert told["mean_absolute_gap"] == pytest.approx(0.3)
    assert all(row["mean_absolute_gap"] == pytest.approx(0, abs=1e-12) for row in told["changes"])
    pd.DataFrame(rows).drop(columns="iso3").to_parquet(late)
    with pytest.raises(InputError) as error:
        vintage_gap(early, late, first=2000)
    assert error.value.code == "E951"


@pytest.mark.shared
def test_the_two_published_vintages_differ_by_six_hundredths_for_the_region():
    told = vintage_gap(
        shared_path("history/ideal_points_2020_vintage_1946_2014.parquet"),
        shared_path("history/ideal_points_2026_vintage_1946_2014.parquet"),
        first=1992,
        states=("ARM", "AZE", "GEO"),
    )
    assert told["mean_absolute_gap"] == pytest.approx(0.06, abs=0.015)

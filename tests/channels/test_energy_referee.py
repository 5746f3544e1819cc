"""Armenia's months by source against the programme, which is told demand and the years before."""

from __future__ import annotations

import numpy as np
import pytest

from tests.channels.energy_support import armenian_months, hindcast, hindcast_table
from tests.support import shared_path

MONTHS = "figures/arm_electricity_by_source_monthly.parquet"


@pytest.mark.shared
def test_every_month_of_the_years_told_is_served_and_nothing_is_made_twice() -> None:
    months = armenian_months(shared_path(MONTHS))
    for year in (2020, 2021, 2022, 2023):
        found, now = hindcast(months, year), months[months.index.year == year]
        np.testing.assert_allclose(found.sum(axis=1), now.sum(axis=1))


@pytest.mark.shared
def test_gas_plants_are_told_better_by_the_programme_than_by_their_own_past() -> None:
    table = hindcast_table(shared_path(MONTHS)).set_index(["source", "year"])
    thermal = table.loc["thermal"]
    assert thermal["error"].mean() < thermal["naive"].mean()
    assert (thermal["error"] < 0.35).all()
    # The year as a whole is nearer than its months: when the reactor stops is not told.
    assert ((thermal["computed"] / thermal["actual"] - 1).abs() < 0.20).all()

"""The base table of the trade channel: sales at home must be positive, and the totals reachable."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from counterpoise._errors import SolveError
from counterpoise.channels.trade.table import _balance, base_table
from counterpoise.region import Region, open_region
from counterpoise.region.draws import Assumptions


def test_an_economy_that_sells_nothing_at_home_is_e310(lakeland: Path) -> None:
    flows = lakeland / "trade.csv"
    flows.write_text(flows.read_text(encoding="utf-8").replace("31000,26000,38000", "31000,0,38000"), encoding="utf-8")
    with pytest.raises(SolveError) as caught:
        base_table(open_region(lakeland))
    assert caught.value.code == "E310"
    assert "LKE" in caught.value.faults[0].found


def test_balancing_reaches_the_totals_of_rows_and_columns() -> None:
    seed = np.array([[0.0, 2.0, 3.0], [1.0, 0.0, 4.0], [2.0, 2.0, 0.0]])
    rows, columns = np.array([6.0, 7.0, 5.0]), np.array([5.0, 6.0, 7.0])
    table = _balance(seed, rows, columns)
    np.testing.assert_allclose(table.sum(axis=1), rows)
    np.testing.assert_allclose(table.sum(axis=0), columns)
    assert np.all((table == 0) == (seed == 0))


def test_totals_that_no_scaling_can_reach_are_e311() -> None:
    seed = np.array([[0.0, 1.0], [1.0, 0.0]])
    with pytest.raises(SolveError) as caught:
        _balance(seed, np.array([5.0, 1.0]), np.array([5.0, 1.0]))
    assert caught.value.code == "E311"


def test_the_table_of_the_caucasus_is_carried_forward_net_of_reexports_and_of_gas(caucasus: Region) -> None:
    table = base_table(caucasus)
    assert table is not None
    assert table.year == 2023
    assert any("re-exports" in note for note in table.notes)
    assert any("gas" in note for note in table.notes)
    i, j = (table.economies.index(name) for name in ("ARM", "RUS"))
    assert 0 < table.low[i, j] < table.high[i, j]
    flows = table.draws(Assumptions(caucasus, seed=0, count=50))
    assert np.all(flows >= 0)
    assert np.all(np.diagonal(flows, axis1=1, axis2=2) > 0)
    # What leaves the table as a re-export stays in output: sales at home make up for it in each draw.
    output = flows.sum(axis=2)
    assert np.ptp(output[:, i] / output[:, table.economies.index("GEO")]) < 0.2

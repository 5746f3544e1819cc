"""The whole matrix, measured once for all tests of this room."""

from __future__ import annotations

import pytest

from counterpoise.leverage import LeverageResult, measure_leverage
from counterpoise.region import Region


@pytest.fixture(scope="session")
def matrix(caucasus: Region) -> LeverageResult:
    return measure_leverage(caucasus, draws=100, seed=3)

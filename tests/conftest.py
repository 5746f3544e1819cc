"""Regions that tests share; each is read once per worker."""

from __future__ import annotations

from pathlib import Path

import pytest

from counterpoise.region import Region, open_region
from counterpoise.region.template import write_template


@pytest.fixture(scope="session")
def caucasus() -> Region:
    return open_region("south-caucasus")


@pytest.fixture
def lakeland(tmp_path: Path) -> Path:
    """A copy of the small example region, to break."""
    return write_template(tmp_path / "lakeland")

"""The brief of the embedded region, written once per worker for all tests that only read it."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from counterpoise.brief import BriefResult, write_brief
from counterpoise.region import open_region


@cache
def whole_brief() -> BriefResult:
    """A brief with few draws, in a folder that lives as long as the tests."""
    return write_brief(open_region("south-caucasus"), out=Path(tempfile.mkdtemp(prefix="brief-")), members=40)

"""A region is a valid Frictionless Data Package, checked by frictionless itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from counterpoise.region._load import locate
from counterpoise.region._package import describe_package


@pytest.mark.filterwarnings("ignore")
def test_frictionless_finds_the_embedded_region_valid() -> None:
    from frictionless import Package

    report = Package(str(locate("south-caucasus") / "datapackage.json")).validate()
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "message"])[:20]
    assert report.stats["tasks"] > 15


@pytest.mark.filterwarnings("ignore")
def test_frictionless_sees_a_broken_cell(lakeland: Path) -> None:
    from frictionless import Package

    assert Package(str(lakeland / "datapackage.json")).validate().valid
    facts = lakeland / "facts.csv"
    facts.write_text(facts.read_text(encoding="utf-8").replace(",20,", ",twenty,", 1), encoding="utf-8")
    assert not Package(str(lakeland / "datapackage.json")).validate().valid


def test_the_stored_descriptor_is_the_one_the_models_give() -> None:
    folder = locate("south-caucasus")
    assert json.loads((folder / "datapackage.json").read_text(encoding="utf-8")) == json.loads(
        json.dumps(describe_package(folder))
    )

"""A region is a valid Frictionless Data Package, checked by frictionless itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from counterpoise.region._load import locate
from counterpoise.region._package import describe_package


@pytest.mark.filterwarnings("ignore")
def test_frictionless_finds_the_embedded_region_valid() -> None:
    from frictionless import Package, validate

    report = validate(Package(str(locate("south-caucasus") / "datapackage.json")))
    assert report.valid, report.to_summary()[:2000]


@pytest.mark.filterwarnings("ignore")
def test_frictionless_sees_a_broken_cell(lakeland: Path) -> None:
    from frictionless import Package, validate

    facts = lakeland / "facts.csv"
    facts.write_text(facts.read_text(encoding="utf-8").replace(",20,", ",twenty,", 1), encoding="utf-8")
    assert not validate(Package(str(lakeland / "datapackage.json"))).valid


def test_the_stored_descriptor_is_the_one_the_models_give() -> None:
    folder = locate("south-caucasus")
    assert json.loads((folder / "datapackage.json").read_text(encoding="utf-8")) == json.loads(
        json.dumps(describe_package(folder))
    )

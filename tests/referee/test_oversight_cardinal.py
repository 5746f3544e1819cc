"""The eleven indicators against what Cardinal's own tests and the demonstrations of its documentation expect."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from counterpoise.oversight.audit import audit
from tests.support import shared_path, shared_root

# What the shared fixtures of R028 call NPC and EXC is said in the program's test set-up, not in the files.
COMMON = "no_price_comparison_procurement_methods = NPC\n[exclusions]\nprocurement_method_details = EXC\n"
NAMES = sorted(path.stem for path in (shared_root() / "samples/ocds/cardinal").glob("*.jsonl"))
# The documentation prints these results; the inputs are its examples.
W, V = {"R024": 0.0}, {"R028": 1.0}
DEMONSTRATIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "003": ("settings.ini", {"OCID": {"F": {"R003": 1.0}}}),
    "018": ("settings.ini", {"OCID": {"F": {"R018": 1.0}}}),
    "024": ("R/024.ini", {"OCID": {"F": {"R024": 1.0}}, "Tenderer": {"W": W, "L": W}}),
    "025": ("R/025.ini", {"Tenderer": {"F": {"R025": 0.16666666666666666}}}),
    "028": ("settings.ini", {"OCID": {"F": {"R028": 1.0}}, "Tenderer": {"D": V, "V": V}}),
    "030": ("R/030.ini", {"OCID": {"F": {"R030": 1.0}}, "Tenderer": {"W": {"R030": 1.0}}}),
    "035": ("R/035.ini", {"OCID": {"F": {"R035": 1.0}}, "Tenderer": {"V": {"R035": 0.0}}}),
    "036": ("settings.ini", {"OCID": {"F": {"R036": 1.0}}}),
    "038": ("settings.ini", {"Buyer": {"B": {"R038": 0.5}}}),
    "048": ("R/048.ini", {"Tenderer": {"F": {"R048": 2.0}}}),
    "058": ("settings.ini", {"OCID": {"F": {"R058": 99.0}}, "Tenderer": {"W": {"R058": 0.0}}}),
}


def settings_of(name: str, folder: Path) -> Path:
    """The settings that a fixture's name stands for: code, key, value, or code, key, pairs of a map."""
    code, *rest = name.split("-")
    text = COMMON + f"[{code}]\n"
    if len(rest) == 2:
        text += f"{rest[0]} = {rest[1].replace('+', '|')}\n"
    elif len(rest) > 2:
        pairs = zip(rest[1::2], rest[2::2], strict=True)
        text += f"[{code}.{rest[0]}]\n" + "".join(f"{key} = {value}\n" for key, value in pairs)
    path = folder / "settings.ini"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.shared
@pytest.mark.parametrize("name", NAMES)
def test_each_fixture_of_cardinal_gives_its_expected_file_exactly(name: str, tmp_path: Path) -> None:
    expected = json.loads(shared_path(f"samples/ocds/cardinal/{name}.expected").read_text(encoding="utf-8"))
    path = shared_path(f"samples/ocds/cardinal/{name}.jsonl")
    assert audit(path, settings=settings_of(name, tmp_path)).to_dict()["indicators"] == expected


@pytest.mark.shared
@pytest.mark.parametrize("name", sorted(DEMONSTRATIONS))
def test_each_demonstration_of_the_documentation_comes_out_as_printed(name: str) -> None:
    ini, expected = DEMONSTRATIONS[name]
    path = shared_path(f"samples/ocds/cardinal_doc_examples/R/{name}.jsonl")
    settings = shared_path(f"samples/ocds/cardinal_doc_examples/{ini}")
    assert audit(path, settings=settings).to_dict()["indicators"] == expected


@pytest.mark.shared
@pytest.mark.parametrize("name", sorted(DEMONSTRATIONS))
def test_a_release_package_says_the_same_as_its_lines(name: str, tmp_path: Path) -> None:
    ini, expected = DEMONSTRATIONS[name]
    lines = shared_path(f"samples/ocds/cardinal_doc_examples/R/{name}.jsonl").read_text(encoding="utf-8").split("\n")
    package = tmp_path / "package.json"
    package.write_text(json.dumps({"releases": [json.loads(line) for line in lines if line]}), encoding="utf-16")
    settings = shared_path(f"samples/ocds/cardinal_doc_examples/{ini}")
    assert audit(package, settings=settings).to_dict()["indicators"] == expected

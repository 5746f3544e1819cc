"""`region check` finds every fault at once, each with file, line, rule and fix, and never evaluates anything."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from counterpoise._errors import RegionError
from counterpoise.region import open_region
from counterpoise.region.views import check_region
from tests.support import run_json


def codes(folder: Path) -> list[str]:
    return [item.code for item in check_region(folder).faults]


def append(folder: Path, table: str, *lines: str) -> None:
    path = folder / f"{table}.csv"
    path.write_text(path.read_text(encoding="utf-8") + "".join(f"{line}\n" for line in lines), encoding="utf-8")


def test_the_embedded_region_and_the_example_are_clean(lakeland: Path) -> None:
    assert check_region("south-caucasus").faults == []
    assert check_region(lakeland).faults == []


def test_a_folder_that_is_not_there_is_e101_with_a_hint() -> None:
    with pytest.raises(RegionError) as caught:
        check_region("south-caucasos")
    assert caught.value.code == "E101"
    assert "south-caucasus" in caught.value.faults[0].fix


def test_a_missing_table_is_e102_and_an_unknown_file_e103(lakeland: Path) -> None:
    (lakeland / "facts.csv").unlink()
    (lakeland / "fcats.csv").write_text("id\n", encoding="utf-8")
    assert {"E102", "E103"} <= set(codes(lakeland))


def test_every_fault_of_a_table_is_listed_with_its_line(lakeland: Path) -> None:
    append(
        lakeland,
        "facts",
        "facts:a,gdp,LKE,,,many,,,USD bn,2023,,2024-06-30,no,example_yearbook,2,reported,",
        "facts:gdp_lke,gdp,LKE,,,20,,,USD bn,2023,,2024-06-30,no,example_yearbook,2,reported,",
        "facts:c,gdp,LKF,,,20,,,USD bn,2023,,2024-06-30,no,yearbook,2,reported,",
        "facts:d,gpd,LKE,,,20,,,USD bn,2023,,2024-06-30,no,example_yearbook,2,reported,",
        "facts:e,gdp,LKE,,,20,,,days,2023,,2024-06-30,no,example_yearbook,2,reported,",
        "facts:f,gas_import_share,LKE,NRT,,120,,,%,2023,,2024-06-30,no,example_yearbook,2,reported,",
        "facts:g,gdp,LKE,,,20,25,30,USD bn,2023,,2024-06-30,no,example_yearbook,2,reported,",
        "facts:h,gdp,LKE,,,20,,,USD bn,2023,,2021-06-30,no,example_yearbook,2,measured,",
    )
    found = {(item.code, item.where) for item in check_region(lakeland).faults}
    assert found >= {
        ("E105", "facts.csv:6"),
        ("E106", "facts.csv:7"),
        ("E107", "facts.csv:8"),
        ("E107", "facts.csv:9"),
        ("E108", "facts.csv:10"),
        ("E109", "facts.csv:11"),
        ("E110", "facts.csv:12"),
        ("E111", "facts.csv:13"),
    }
    assert all(item.rule and item.fix and item.found for item in check_region(lakeland).faults)


def test_a_package_that_disagrees_with_the_folder_is_e112(lakeland: Path) -> None:
    package = json.loads((lakeland / "datapackage.json").read_text(encoding="utf-8"))
    package["resources"][0]["path"] = "../../secret.csv"
    (lakeland / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    assert "E112" in codes(lakeland)


def test_settings_that_do_not_parse_or_fit_are_e113(lakeland: Path) -> None:
    settings = lakeland / "region.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("currency_year = 2023", "currency_yaer = 2023"))
    assert codes(lakeland).count("E113") == 2
    settings.write_text("title = ", encoding="utf-8")
    assert "E113" in codes(lakeland)


def test_a_link_out_of_the_folder_is_e115(lakeland: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.csv"
    outside.write_text("id\n", encoding="utf-8")
    (lakeland / "events.csv").symlink_to(outside)
    assert "E115" in codes(lakeland)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"id,quantity\n\xff\xfe", "E201"),
        (b"id\x00,quantity\n", "E201"),
        (b"id,quantity,quantity\n", "E202"),
        (b'id,"quantity\n1,2\n', "E203"),
        (b"", "E202"),
    ],
)
def test_a_file_that_is_no_table_is_a_fault_and_not_a_crash(lakeland: Path, content: bytes, code: str) -> None:
    (lakeland / "facts.csv").write_bytes(content)
    assert code in codes(lakeland)


def test_opening_a_broken_region_raises_all_its_faults_at_once(lakeland: Path) -> None:
    append(lakeland, "actors", "LKE,Again,,state,,,", "XXX,,,state,,,")
    with pytest.raises(RegionError) as caught:
        open_region(lakeland)
    assert {item.code for item in caught.value.faults} == {"E105", "E106"}


def test_the_command_exits_1_on_faults_and_0_when_clean(lakeland: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, document = run_json(capsys, "region", "check", str(lakeland))
    assert (code, document["faults"]) == (0, [])
    assert document["counts"]["facts"] == 4
    append(lakeland, "sources", "again,,,,,,,Z")
    code, document = run_json(capsys, "region", "check", str(lakeland))
    assert code == 1
    assert set(document["faults"][0]) >= {"where", "found", "rule", "fix"}

"""Settings, choice of flags, exit codes and the printed document."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from counterpoise._errors import InputError
from counterpoise.cli.audit import audit as command
from counterpoise.oversight.audit import audit
from counterpoise.oversight.iati.audit import iati_catalogue
from counterpoise.oversight.ocds.flags.catalogue import SETTINGS, catalogue
from counterpoise.oversight.ocds.flags.settings import read_settings
from tests.oversight.audit_support import process, write_lines
from tests.support import ROOT

INI = """
; Cardinal's own form
currency = USD
no_price_comparison_procurement_methods = Random Selection|Sorteo de Obras

[defaults]
; currency = USD

[exclusions]
procurement_method_details = Lot #1|Other

[R003]
threshold = 7 # days
procurement_methods = open|selective

[R003.procurement_method_details]
Licitación de Seguros = 10

[R024]
threshold = 0.05

[R036]
"""
TOML = """
currency = "USD"
no_price_comparison_procurement_methods = ["Random Selection", "Sorteo de Obras"]
[exclusions]
procurement_method_details = "Lot #1|Other"
[R003]
threshold = 7
procurement_methods = "open|selective"
[R003.procurement_method_details]
"Licitación de Seguros" = 10
[R024]
threshold = 0.05
[R036]
"""
SINGLE = process(tender={"numberOfTenderers": 1, "procurementMethod": "open"})


def test_toml_and_ini_say_the_same(tmp_path: Path) -> None:
    (tmp_path / "s.ini").write_text(INI, encoding="utf-8")
    (tmp_path / "s.toml").write_text(TOML, encoding="utf-8")
    ini, toml = read_settings(tmp_path / "s.ini"), read_settings(tmp_path / "s.toml")
    assert ini == toml
    assert ini.flags["R003"]["procurement_method_details"] == {"Licitación de Seguros": 10}
    assert ini.excluded_details == {"Lot #1", "Other"}
    assert list(ini.flags) == ["R003", "R024", "R036"]


@pytest.mark.parametrize(
    ("name", "text", "where"),
    [
        ("s.ini", "[R003]\ntreshold = 1\n[R999]\n", 2),
        ("s.ini", "[R003]\nthreshold = -1\n[R024]\nthreshold = nan\n", 2),
        ("s.ini", "[R036]\nthreshold = 1\n", 1),
        ("s.ini", "[R025]\npercentile = 101\n", 1),
        ("s.ini", "no equals sign\n", 1),
        ("s.toml", "currency = \n", 1),
        ("s.toml", "currency = 3\nR003 = 4\n[exclusions]\nprocurement_method_details = 3\n", 3),
    ],
)
def test_every_fault_of_the_settings_is_named_at_once(name: str, text: str, where: int, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_settings(path)
    assert [fault.code for fault in caught.value.faults] == ["E800"] * where


def test_sections_of_the_preparation_are_named_as_not_applied(tmp_path: Path) -> None:
    settings = tmp_path / "s.ini"
    settings.write_text("[redactions]\namount = 0\n[R018]\n", encoding="utf-8")
    result = audit(write_lines(tmp_path / "d.jsonl", [SINGLE]), settings=settings)
    assert "[redactions]" in result.summary["warnings"][0]
    assert result.summary["computed"] == ["R018"]


def test_flags_may_be_chosen_by_code_and_unknown_ones_are_named(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "d.jsonl", [SINGLE])
    assert audit(path, flags="r018, R003").summary["computed"] == ["R003", "R018"]
    assert len(audit(path).summary["computed"]) == len(audit(path, flags="all").summary["computed"]) == 68
    with pytest.raises(InputError) as caught:
        audit(path, flags="R018,R099,X")
    assert [fault.code for fault in caught.value.faults] == ["E204", "E204"]
    wrongs: list[Any] = [{"standard": "csv"}, {"flags": ","}]
    for wrong in wrongs:
        with pytest.raises(InputError) as caught:
            audit(path, **wrong)
        assert caught.value.code == "E204"


@pytest.mark.parametrize(("fail_on", "code"), [(None, 0), ("any", 1), ("R018", 1), ("R003", 0)])
def test_fail_on_makes_raised_flags_findings(
    fail_on: str | None, code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_lines(tmp_path / "d.jsonl", [SINGLE])
    assert command(path, flags="R018,R003", fail_on=fail_on, json=True) == code
    document = json.loads(capsys.readouterr().out)
    assert document["indicators"] == {"OCID": {"p": {"R018": 1.0}}}
    assert document["flags"][0]["code"] == "R018"
    assert document["meta"]["inputs"][str(path)]


def test_the_printed_document_is_that_of_the_result(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_lines(tmp_path / "d.jsonl", [SINGLE, {**SINGLE, "ocid": "half \ud800 pair"}])
    command(path, json=True)
    document = json.loads(capsys.readouterr().out)
    assert document == audit(path).to_dict()
    assert list(document["indicators"]["OCID"]) == ["p", "half ? pair"]


def test_people_get_rows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_lines(tmp_path / "d.jsonl", [{**SINGLE, "ocid": str(number)} for number in range(300)])
    assert command(path, flags="R018") == 0
    captured = capsys.readouterr()
    assert len(captured.out.splitlines()) == 201
    assert "300 flags, the first 200 shown" in captured.err


def test_the_page_of_the_engine_lists_each_flag_as_the_catalogue_has_it() -> None:
    page = (ROOT / "docs" / "engines" / "audit.md").read_text(encoding="utf-8").replace("\\|", "|")
    for flag in catalogue().values():
        assert f"| {flag.code} | {flag.title} | {flag.formula} |" in page
        assert all(f"`{name}`" in page for name in flag.fields)
        assert flag.blind in page
    for code, row in iati_catalogue().items():
        assert f"| {code} | {row['title']} | {row['formula']} | {row['blind']} |" in page
    for code, keys in SETTINGS.items():
        listed = ", ".join(f"`{key}` ({kind})" for key, kind in keys.items())
        assert f"| {code} | {listed} |" in page


def test_a_file_under_two_megabytes_is_judged_within_a_second(tmp_path: Path) -> None:
    tender = {**SINGLE["tender"], "title": "x" * 1500}
    path = write_lines(tmp_path / "d.jsonl", [process(str(number), tender=tender) for number in range(1200)])
    assert 1_800_000 < path.stat().st_size < 2_000_000
    call = "import sys, pathlib, counterpoise.cli.audit as it; it.audit(pathlib.Path(sys.argv[1]), json=True)"
    took = []
    for _ in range(3):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", call, str(path)], check=True, capture_output=True)
        took.append(time.perf_counter() - start)
    # The best of three: the promise is about the program, not about what else the machine does.
    assert min(took) < 1

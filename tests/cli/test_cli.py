"""The command line: help for every command, exit codes, JSON errors, quick start."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from counterpoise.cli import COMMANDS, main, reference
from tests.support import ROOT, run_json


def test_every_command_has_help_with_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    for name in COMMANDS:
        assert main([name, "--help"]) == 0
        text = capsys.readouterr().out
        assert "Usage" in text, name
        assert "Example:" in text, name


def test_help_and_plain_import_load_nothing_heavy() -> None:
    code = (
        "import sys, counterpoise, counterpoise.cli\n"
        "counterpoise.cli.main(['--help'])\n"
        "heavy = {'numpy', 'scipy', 'pandas', 'xarray', 'pydantic', 'jax', 'altair'} & set(sys.modules)\n"
        "sys.exit(f'loaded {heavy}' if heavy else 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_reference_of_commands_is_the_one_that_the_code_gives() -> None:
    written = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    assert written == reference(), "run `make docs`"


def test_misuse_is_exit_2_with_a_named_error(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["facts"], ["facts", "south-caucasus", "--subjekt", "ARM"], ["nonsense"]):
        code, document = run_json(capsys, *arguments)
        assert code == 2
        assert document["error"]["code"] == "E200"
        assert document["error"]["faults"][0]["fix"]


def test_an_error_without_json_goes_to_stderr_and_leaves_stdout_empty(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["facts", "nowhere"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "E101" in err


def test_our_own_bug_is_exit_3_and_says_so(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*arguments: object, **options: object) -> None:
        raise ZeroDivisionError("planted")

    monkeypatch.setattr("counterpoise.region.open_region", broken)
    code, document = run_json(capsys, "facts", "south-caucasus")
    assert code == 3
    assert document["error"]["code"] == "E999"


def test_a_library_that_the_core_leaves_out_is_named_with_its_extra(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def lacking(*arguments: object, **options: object) -> None:
        raise ModuleNotFoundError("No module named 'rapidfuzz'", name="rapidfuzz")

    monkeypatch.setattr("counterpoise.region.open_region", lacking)
    code, document = run_json(capsys, "facts", "south-caucasus")
    assert code == 2
    assert document["error"]["code"] == "E205"
    assert "oversight" in document["error"]["faults"][0]["rule"]


def test_the_console_script_prints_one_json_document_on_stdout() -> None:
    command = [sys.executable, "-m", "counterpoise", "region", "check", "south-caucasus", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert json.loads(done.stdout)["faults"] == []


def test_a_reader_that_closes_early_is_no_error() -> None:
    command = f"{sys.executable} -m counterpoise facts south-caucasus | head -1"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr


def test_a_new_region_runs_and_never_overwrites(capsys: pytest.CaptureFixture[str], tmp_path) -> None:
    target = tmp_path / "mine"
    assert main(["region", "new", str(target)]) == 0
    capsys.readouterr()
    assert main(["region", "check", str(target)]) == 0
    assert main(["region", "new", str(target)]) == 2
    assert "E204" in capsys.readouterr().err

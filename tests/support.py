"""What the tests share: where the developers' shared data lie, and how to run a command."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent


def shared_root() -> Path:
    """The shared data: `COUNTERPOISE_SHARED`, else `../shared` beside the checkout."""
    return Path(os.environ.get("COUNTERPOISE_SHARED") or ROOT.parent / "shared")


def shared_path(relative: str) -> Path:
    """A path in the shared data; skips the test, with the reason, where it is not there."""
    path = shared_root() / relative
    if not path.exists():
        pytest.skip(f"shared data absent: {relative} (set COUNTERPOISE_SHARED)")
    return path


def run_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any]:
    """Run a command in this process with `--json`; its exit code and its document."""
    from counterpoise.cli import main

    capsys.readouterr()
    code = main([*arguments, "--json"])
    return code, json.loads(capsys.readouterr().out)

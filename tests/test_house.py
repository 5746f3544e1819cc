"""The house stands: rooms import only what the flow allows, errors have pages, texts name nothing they should not."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import ROOT

SOURCE = ROOT / "src" / "counterpoise"

# Room -> rooms it may import (DESIGN section 4). `_errors`, `_result`, `_register`, `_version` stand beside them.
FLOW: dict[str, set[str]] = {
    "region": set(),
    "evidence": {"region"},
    "watch": {"region"},
    "channels": {"region"},
    "oversight": {"region"},
    "bargain": {"region"},
    "leverage": {"region", "channels"},
    "play": {"region", "channels", "leverage", "oversight"},
    "history": {"region", "channels", "leverage", "oversight", "play"},
    "explore": {"region", "channels", "leverage", "oversight", "play"},
    "atlas": set(),
}
FLOW["claims"] = set(FLOW)
FLOW["brief"] = {*FLOW["claims"], "claims"}
FLOW["web"] = FLOW["cli"] = {*FLOW["brief"], "brief"}


def imports_of(path: Path) -> set[str]:
    """Every counterpoise module that a file imports, at the top or inside a function."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name for name in found if name.startswith("counterpoise")}


@pytest.mark.parametrize("room", sorted(FLOW))
def test_a_room_imports_only_the_rooms_above_it(room: str) -> None:
    for path in (SOURCE / room).rglob("*.py"):
        for name in imports_of(path):
            target = name.split(".")[1]
            allowed = target == room or target in FLOW[room] or target.startswith("_")
            assert allowed, f"{path.relative_to(ROOT)} imports {name}: {room} may import {sorted(FLOW[room])}"


def test_every_room_of_the_design_exists_and_says_what_it_is_for() -> None:
    folders = {path.parent.name for path in SOURCE.glob("*/__init__.py")}
    assert folders == set(FLOW)
    for room in folders:
        assert ast.get_docstring(ast.parse((SOURCE / room / "__init__.py").read_text(encoding="utf-8")))


@pytest.mark.parametrize("room", sorted(FLOW))
def test_a_room_imports_alone(room: str) -> None:
    command = [sys.executable, "-W", "error", "-c", f"import counterpoise.{room}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_modules_beside_the_rooms_import_no_room() -> None:
    for path in SOURCE.glob("_*.py"):
        if path.name not in {"__init__.py", "__main__.py"}:
            assert all(name.split(".")[1].startswith("_") for name in imports_of(path)), path.name


def codes_in(folder: Path) -> set[str]:
    texts = (path.read_text(encoding="utf-8") for path in folder.rglob("*.py"))
    return {code for text in texts for code in re.findall(r"\"(E\d{3})\"", text)}


def test_every_error_code_has_a_page_and_a_test_that_provokes_it() -> None:
    used = codes_in(SOURCE)
    pages = {path.stem for path in (ROOT / "docs" / "errors").glob("E*.md")}
    assert used == pages
    tested = {
        code
        for path in (ROOT / "tests").rglob("test_*.py")
        if path.name != "test_house.py"
        for code in re.findall(r"E\d{3}", path.read_text(encoding="utf-8"))
    }
    assert used <= tested, f"no test provokes {sorted(used - tested)}"


def test_every_reference_that_a_method_cites_is_in_the_bibliography() -> None:
    keys = set(re.findall(r"^@\w+\{([\w-]+),", (ROOT / "references.bib").read_text(encoding="utf-8"), re.M))
    texts = "\n".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py"))
    cited = {key for line in re.findall(r"\(keys? (`[^)]*`)\)", texts) for key in re.findall(r"`([\w-]+)`", line)}
    assert cited
    assert cited <= keys, f"not in references.bib: {sorted(cited - keys)}"


def test_source_files_stay_short_enough_to_read() -> None:
    long = {
        str(path.relative_to(ROOT)): count
        for path in [*SOURCE.rglob("*.py"), *(ROOT / "tests").rglob("*.py")]
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > 420
    }
    assert not long


# Written in halves, so that this file does not hold what it looks for.
FORBIDDEN = [
    "files." + "pythonhosted",
    "pypi." + "org/simple",
    "index" + "-url",
    "registry." + "npmjs",
    "deb." + "debian",
    "/wo" + "rk/",
    "/ro" + "ot/",
]


def test_no_file_names_a_registry_host_or_a_path_of_a_build_machine() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in listed.splitlines():
        path = ROOT / name
        if path.is_file() and path.suffix not in {".png", ".gz", ".parquet"}:
            text = path.read_text(encoding="utf-8")
            found = [word for word in FORBIDDEN if word in text]
            assert not found, f"{name} names {found}"


def test_locks_are_pinned_and_hashed() -> None:
    for name in ("requirements-core.txt", "requirements-all.txt"):
        text = (ROOT / name).read_text(encoding="utf-8")
        entries = re.split(r"\n(?=\S)", text.strip())
        assert all("==" in entry and "--hash=sha256:" in entry for entry in entries), name
    core, everything = (
        set(re.findall(r"^(\S+==\S+)", (ROOT / name).read_text(encoding="utf-8"), re.M))
        for name in ("requirements-core.txt", "requirements-all.txt")
    )
    assert core <= everything

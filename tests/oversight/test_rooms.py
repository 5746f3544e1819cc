"""The folders of the room: few modules each, one sentence at the door, and details that stay at home."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.support import ROOT

ROOM = ROOT / "src" / "counterpoise" / "oversight"
HOME = ROOT / "src"


def modules_named(path: Path) -> set[str]:
    """The modules that a file imports from, and what it imports from packages, by dotted name."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return {name for name in names if name.startswith("counterpoise.oversight.")}


def test_a_folder_holds_at_most_ten_modules_and_says_what_it_is() -> None:
    for folder in {path.parent for path in ROOM.rglob("*.py")}:
        assert len([path for path in folder.glob("*.py") if path.name != "__init__.py"]) <= 10, folder
        said = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8")))
        assert said, folder
        assert said.splitlines()[0].endswith("."), folder


def test_a_module_of_detail_is_imported_in_its_own_folder_alone() -> None:
    for path in (HOME / "counterpoise").rglob("*.py"):
        for name in modules_named(path):
            whole = HOME.joinpath(*name.split(".")).with_suffix(".py")
            if whole.is_file() and whole.stem.startswith("_"):
                assert whole.parent in path.parents, f"{path.relative_to(ROOT)} imports {name}"

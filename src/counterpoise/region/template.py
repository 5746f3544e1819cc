"""`region new`: a small runnable region to copy, with every figure in it invented and marked so."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from counterpoise._errors import InputError, fault


def write_template(path: Path) -> Path:
    """Write the example region into a new or empty folder and return it; `E204` if something stands there already."""
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        rule = "a new region goes into a folder that is new or empty"
        fix = "name another folder"
        raise InputError([fault("E204", where=str(path), found="something stands there", rule=rule, fix=fix)])
    path.mkdir(parents=True, exist_ok=True)
    for file in (resources.files("counterpoise.atlas") / "_template").iterdir():
        (path / file.name).write_bytes(file.read_bytes())
    return path

"""The files of the page as they are shipped: templates, style sheets and the script."""

from __future__ import annotations

from functools import cache
from importlib import resources


@cache
def page_file(name: str) -> str:
    """A file of the page as it is shipped."""
    return (resources.files("counterpoise.brief") / "page" / name).read_text(encoding="utf-8")

"""What is known: the schema of a region, loading and checking, the as-of view, units, the vocabulary, draws."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from counterpoise.region._columns import CHANNELS as CHANNELS
    from counterpoise.region._region import RULES as RULES
    from counterpoise.region._region import Figure as Figure
    from counterpoise.region._region import Pick as Pick
    from counterpoise.region._region import Region as Region
    from counterpoise.region._region import open_region as open_region

# Loaded on first use: commands on bare files need this room's readers and not its models.
_PUBLIC = dict.fromkeys(["RULES", "Figure", "Pick", "Region", "open_region"], "counterpoise.region._region")
_PUBLIC["CHANNELS"] = "counterpoise.region._columns"


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module 'counterpoise.region' has no attribute {name!r}")
    from counterpoise._register import load

    return load(f"{_PUBLIC[name]}:{name}")

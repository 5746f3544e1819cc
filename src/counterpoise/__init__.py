"""Counterpoise: who holds leverage over whom, what a move would change, and which claims the evidence bears out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counterpoise._version import __version__ as __version__

if TYPE_CHECKING:
    from counterpoise.region import Region as Region
    from counterpoise.region import open_region as open_region

# Public name -> where it lives. Loaded on first use, so that `import counterpoise` stays instant.
_PUBLIC = {
    "open_region": "counterpoise.region:open_region",
    "Region": "counterpoise.region:Region",
    "trade": "counterpoise.channels.trade.counterfactual",
    "play": "counterpoise.play",
    "history": "counterpoise.history",
}

__all__ = ["__version__", *sorted(_PUBLIC)]  # noqa: PLE0604


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module 'counterpoise' has no attribute {name!r}")
    from counterpoise._register import load

    return load(_PUBLIC[name])

"""How wrong were we: panels, fitting, forecasts, scores, calibration."""

from __future__ import annotations

from typing import Any

__all__ = ["backtest", "fit", "read_panel"]


def __getattr__(name: str) -> Any:
    """The public functions, imported when first asked for: the room itself loads at once."""
    from importlib import import_module

    where = {"backtest": "rolling", "fit": "posterior", "read_panel": "panel"}
    if name not in where:
        raise AttributeError(f"counterpoise.history has no {name!r}")
    return getattr(import_module(f"counterpoise.history.{where[name]}"), name)

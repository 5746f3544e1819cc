"""What every command returns: labelled values, their provenance, JSON without NaN, a table and a plot."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from counterpoise._version import __version__


@dataclass(frozen=True, slots=True)
class Meta:
    """Where a result comes from: version, seed, as-of date, hashes of inputs, sources, method references."""

    seed: int | None = None
    as_of: str | None = None
    inputs: dict[str, str] = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return {
            "version": __version__,
            "seed": self.seed,
            "as_of": self.as_of,
            "inputs": dict(self.inputs),
            "sources": sorted(self.sources),
            "cites": sorted(self.cites),
        }


def hash_file(path: Path) -> str:
    """SHA-256 of a file, read in blocks so that its size does not matter."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def plain(value: Any) -> Any:
    """The value as plain JSON types: NumPy unwrapped, NaN to `null`, infinities as the text `inf`.

    >>> plain({"a": float("nan"), "b": (1, 2.5)})
    {'a': None, 'b': [1, 2.5]}
    """
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    if hasattr(value, "tolist") and not isinstance(value, str):
        return plain(value.tolist())
    if isinstance(value, float):
        if math.isnan(value):
            return None
        return value if math.isfinite(value) else ("inf" if value > 0 else "-inf")
    if value is None or isinstance(value, (str, bool, int)):
        return value
    return str(value)


class Result:
    """A labelled answer. Subclasses give `body()` (the contract's JSON keys) and `table()` (rows for people)."""

    meta: Meta

    def body(self) -> dict[str, Any]:
        raise TypeError(f"{type(self).__name__} gives no body")

    def table(self) -> list[dict[str, Any]]:
        """The answer as rows, for the terminal and for CSV."""
        raise TypeError(f"{type(self).__name__} gives no table")

    def to_dict(self) -> dict[str, Any]:
        return {**plain(self.body()), "meta": plain(self.meta.to_dict())}

    def to_json(self, *, indent: int | None = None) -> str:
        """One JSON document; numbers are plain, unknown is `null`, never NaN."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=indent, allow_nan=False)

    @property
    def exit_code(self) -> int:
        """0 when done, 1 when done with findings."""
        return 0

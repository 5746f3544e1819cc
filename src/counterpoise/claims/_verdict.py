"""Verdicts: parts with probabilities, the rules that turn them into words, and the break-even that would flip them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

SUPPORTED_FROM = 0.9
CONTRADICTED_TO = 0.1


@dataclass(frozen=True, slots=True)
class Part:
    """One separable part of a claim: what it states, how probable the evidence makes it, and what would flip it.

    `probability` lies in [0, 1], or is `None` when inputs are missing (`lacks` then says which). `numbers` hold the
    figures compared, each name with its unit. `break_even` says at which value the probability is one half.
    """

    statement: str
    probability: float | None
    numbers: Mapping[str, Any] = field(default_factory=dict)
    break_even: Mapping[str, Any] | None = None
    evidence: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()

    @property
    def verdict(self) -> str:
        return word(self.probability)


def word(probability: float | None) -> str:
    """The verdict of one probability (METHODS: supported from 0.9, contradicted to 0.1, open without inputs).

    >>> word(0.95), word(0.5), word(None)
    ('supported', 'mixed', 'open')
    """
    if probability is None:
        return "open"
    if probability >= SUPPORTED_FROM:
        return "supported"
    return "contradicted" if probability <= CONTRADICTED_TO else "mixed"


def told(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """A part's numbers, or its break-even with the nearest value and how far the present one is from it.

    >>> told({"values": [3.0, 9.0], "now": 4.0})
    {'values': [3.0, 9.0], 'now': 4.0, 'nearest': 3.0, 'distance': 1.0}
    """
    if not values:
        return None
    found = dict(values)
    roots, now = found.get("values"), found.get("now")
    if roots and isinstance(now, int | float) and all(isinstance(root, int | float) for root in roots):
        found.setdefault("nearest", min(roots, key=lambda root: abs(root - now)))
        found.setdefault("distance", now - found["nearest"])
    return found


def combine(parts: Sequence[Part]) -> tuple[str, float | None]:
    """The verdict of a claim from its parts, and the probability that all of them hold.

    Open if any part lacks inputs; the common verdict if all agree; mixed if separable parts disagree. The probability
    of the whole is bounded by its weakest part, which is what is reported.
    """
    if any(part.probability is None for part in parts):
        return "open", None
    words = {part.verdict for part in parts}
    weakest = min(part.probability for part in parts if part.probability is not None)
    return (words.pop() if len(words) == 1 else "mixed"), weakest


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the evidence makes of a claim; `then` is what it made of it on an earlier day, if that was asked."""

    id: str
    document: str
    kind: str
    statement: str
    verdict: str
    probability: float | None
    parts: tuple[Part, ...]
    reason: str | None
    method: str | None
    sources: tuple[str, ...] = ()
    confidence: str | None = None
    then: Mapping[str, Any] | None = None
    sensitivity: tuple[Mapping[str, Any], ...] | None = None

    def to_dict(self) -> dict[str, Any]:
        """The contract's row; `numbers` and `break_even` are those of the parts, by part where there are several."""
        return {
            "id": self.id,
            "document": self.document,
            "kind": self.kind,
            "statement": self.statement,
            "verdict": self.verdict,
            "probability": self.probability,
            "numbers": self._merged("numbers") or {},
            "break_even": self._merged("break_even"),
            "reason": self.reason,
            "evidence": list(dict.fromkeys(name for part in self.parts for name in part.evidence)),
            "method": self.method,
            "confidence": self.confidence,
            "then": dict(self.then) if self.then else None,
            "sensitivity": None if self.sensitivity is None else [dict(one) for one in self.sensitivity],
            "caveats": list(dict.fromkeys(text for part in self.parts for text in part.caveats)),
            "parts": [
                {
                    "statement": part.statement,
                    "verdict": part.verdict,
                    "probability": part.probability,
                    "numbers": dict(part.numbers),
                    "break_even": told(part.break_even),
                    "evidence": list(part.evidence),
                }
                for part in self.parts
            ],
        }

    def _merged(self, name: str) -> dict[str, Any] | None:
        if len(self.parts) == 1:
            return told(getattr(self.parts[0], name))
        merged = {part.statement: told(getattr(part, name)) for part in self.parts if getattr(part, name)}
        return merged or None

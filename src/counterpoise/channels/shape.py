"""The one shape of a channel: `withdraw` and `offer` answer with an `Effect`, a `StructuralZero` or an `Unknown`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from counterpoise.region import Region
from counterpoise.region.draws import Assumptions

HORIZONS = ("short", "long")


@dataclass(frozen=True, slots=True)
class Ask:
    """One question to a channel: who withdraws from (or offers to) whom, at which horizon, over which draws."""

    region: Region
    patron: str
    client: str
    horizon: str
    assumptions: Assumptions


@dataclass(frozen=True, slots=True)
class Effect:
    """What a withdrawal costs (or an offer brings), in per cent of own GDP a year, one value per draw.

    `client` is the client's loss (for an offer its expected gain) and `sender` the patron's own cost; shape (draws,).
    Negative means the opposite. `facts` and `assumptions` are the ids behind the numbers; `physical` says what happens
    in the world (flows lost, energy unserved) by name with the unit in the name; `notes` state base year and
    adjustments. `bound` is `lower` where something that would add to the client's loss is not on record and left out,
    `upper` where something that would take from it is, `mixed` where both are; `notes` say what. `families` marks the
    draws (bool) of each family of estimates by name, where one number is drawn from estimates of different things.
    """

    client: np.ndarray
    sender: np.ndarray
    client_gdp_usd: np.ndarray
    sender_gdp_usd: np.ndarray
    facts: tuple[str, ...]
    assumptions: tuple[str, ...]
    physical: Mapping[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()
    bound: str | None = None
    families: Mapping[str, np.ndarray] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StructuralZero:
    """There is no such tie, and the reason is known."""

    reason: str
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unknown:
    """Figures are lacking: which ones would fill the cell."""

    reason: str
    needs: tuple[str, ...]


Answer = Effect | StructuralZero | Unknown

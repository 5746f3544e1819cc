"""What ties a state to each patron in a year, read off the panel: reduced forms of the channels, in tenths of GDP.

The panel has shares, not the flows that the channel engines run on, so each channel is one coefficient (`ties.csv`,
judgement, with its range) times one measured share. Energy and transit are not in the panel: unknown, and left out.
"""

from __future__ import annotations

import csv
import warnings
from dataclasses import dataclass
from importlib import resources
from typing import Any

import numpy as np

from counterpoise.history.panel import Panel
from counterpoise.play.law import UNIT_OF_GDP

Array = Any

PATRONS = ("USA", "RUS", "CHN", "EU")
CHANNELS = ("trade", "people", "capital", "security")
# Deliveries and exercises count for as many years.
WINDOW = 5


@dataclass(frozen=True)
class Ties:
    """`strength` (channel, patron, client, year), unknown is NaN; `position` (patron, year); the patrons' names."""

    patrons: tuple[str, ...]
    strength: Array
    position: Array

    def total(self, *, without: str | None = None) -> Array:
        """Strength over all channels, (patron, client, year); an unknown channel takes the patron's median that year.

        `without` leaves a channel out. A channel unknown for all states of a year adds nothing there.
        """
        keep = [place for place, name in enumerate(CHANNELS) if name != without]
        out = np.zeros(self.strength.shape[1:])
        for place in keep:
            value = self.strength[place]
            known = np.isfinite(value)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", RuntimeWarning)  # All states unknown: handled below.
                middle = np.nanmedian(value, axis=1, keepdims=True)
            out += np.where(known, value, np.where(np.isfinite(middle), middle, 0.0))
        return out


def coefficients() -> dict[str, float]:
    """The middle of each row of `ties.csv`."""
    text = resources.files("counterpoise.history").joinpath("ties.csv").read_text(encoding="utf-8")
    return {row["name"]: float(row["mode"]) for row in csv.DictReader(text.splitlines())}


def members_of_the_union(years: tuple[int, ...]) -> dict[str, Array]:
    """Member state -> whether it belonged to the European Union at the end of each year."""
    text = resources.files("counterpoise.history").joinpath("members.csv").read_text(encoding="utf-8")
    when = np.array(years)
    out = {}
    for row in csv.DictReader(text.splitlines()):
        last = int(row["to"]) if row["to"] else 9999
        out[row["state"]] = (when >= int(row["from"])) & (when <= last)
    return out


def measure_ties(panel: Panel) -> Ties:
    """Ties of every client to the United States, Russia, China and the European Union, as far as the panel has them."""
    weight = coefficients()
    belongs = members_of_the_union(panel.years)
    gdp = panel.patron.get("patron_gdp_usd", np.full(panel.patron_position.shape, np.nan))
    here, strength, position = [], [], []
    for patron in PATRONS:
        if patron == "EU":
            inside = np.array([belongs.get(name, np.zeros(len(panel.years), bool)) for name in panel.patrons])
        else:
            inside = np.array([np.full(len(panel.years), name == patron) for name in panel.patrons])
        if not inside.any():
            continue
        here.append(patron)
        position.append(_weighted(panel.patron_position, np.where(inside, gdp, np.nan), inside))
        strength.append(_strength(panel, inside, weight))
    if not here:
        shape = (len(CHANNELS), 0, len(panel.clients), len(panel.years))
        return Ties((), np.zeros(shape), np.zeros((0, len(panel.years))))
    return Ties(tuple(here), np.stack(strength, axis=1), np.stack(position))


def _weighted(position: Array, gdp: Array, inside: Array) -> Array:
    """Mean position of the members of a year by GDP; members without GDP count alike if none has it."""
    known = inside & np.isfinite(position)
    weight = np.where(known & np.isfinite(gdp), gdp, 0.0)
    weight = np.where(weight.sum(axis=0) > 0, weight, known.astype(float))
    total = weight.sum(axis=0)
    mean = (np.where(known, position, 0.0) * weight).sum(axis=0) / np.where(total > 0, total, 1.0)
    return np.where(total > 0, mean, np.nan)


def _strength(panel: Panel, inside: Array, weight: dict[str, float]) -> Array:
    mask = inside[:, None, :]

    def summed(name: str) -> Array:
        if name not in panel.pair:
            return np.full((len(panel.clients), len(panel.years)), np.nan)
        value = np.where(mask, panel.pair[name], np.nan)
        known = np.isfinite(value)
        return np.where(known.any(axis=0), np.where(known, value, 0.0).sum(axis=0), np.nan)

    trade = (summed("itpd_export_share") + summed("itpd_import_share")) / 2 * weight["trade"]
    people = summed("emigrant_share") * weight["people"]
    people = _carry(people)
    gdp = panel.client.get("client_gdp_usd", np.full(trade.shape, np.nan))
    capital = np.maximum(summed("oda_net_2022usd_mil"), 0.0) * 1e6 / gdp * weight["capital"]
    arms, total = _recent(summed("arms_tiv")), _recent(summed("arms_tiv_total") / np.maximum(inside.sum(axis=0), 1))
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(total > 0, np.minimum(arms / total, 1.0), np.where(total == 0, 0.0, np.nan))
    pact = np.minimum(summed("atop_defense"), 1.0)
    drill = np.minimum(_recent(summed("joint_exercises")), 1.0)
    security = weight["arms"] * share + weight["alliance"] * _carry(pact)
    security = security + weight["exercises"] * np.where(np.isfinite(drill), drill, 0.0)
    return np.stack([trade, people, capital, security]) / UNIT_OF_GDP


def _carry(value: Array) -> Array:
    """The last known value of each client: five-yearly stocks and pacts hold until the next count."""
    out = value.copy()
    for year in range(1, value.shape[1]):
        out[:, year] = np.where(np.isfinite(out[:, year]), out[:, year], out[:, year - 1])
    return out


def _recent(value: Array) -> Array:
    """Sum of the last years that are known; unknown where none is."""
    out = np.full(value.shape, np.nan)
    for year in range(value.shape[1]):
        part = value[:, max(0, year - WINDOW + 1) : year + 1]
        known = np.isfinite(part)
        out[:, year] = np.where(known.any(axis=1), np.where(known, part, 0.0).sum(axis=1), np.nan)
    return out

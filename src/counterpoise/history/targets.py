"""What is forecast: published ideal points, raw agreement of votes with a patron, or orientation; each on its scale."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from counterpoise._errors import InputError, fault
from counterpoise.history.features import Features, measure_features
from counterpoise.history.orientation import measure_orientation
from counterpoise.history.panel import Panel
from counterpoise.history.ties import Ties, measure_ties, members_of_the_union

Array = Any

TARGETS = ("ideal_point", "agreement", "orientation")
# The yearly error of the orientation index: its level is uncertain by more, but that does not move from year to year.
ORIENTATION_ERROR = 0.05
# Shares of agreement are multiplied by this, so that one set of priors fits both scales.
AGREEMENT_UNIT = 4.0
# A session's agreement is a share of votes: no share is measured better than this.
SMALLEST_SHARE_ERROR = 0.01
# Prior of the yearly persistence of a session's common effect, and its weight in sessions.
PERSISTENCE, PERSISTENCE_WORTH = 0.8, 5.0


@dataclass(frozen=True)
class Target:
    """Values to forecast (client, year) on the law's scale: `raw = (value + session) / unit`.

    `session` is the effect common to all states of a session (nil for ideal points, whose scale is set anew each
    session); `features` and `ties` are what was known at each.
    """

    name: str
    years: tuple[int, ...]
    clients: tuple[str, ...]
    raw: Array
    session: Array
    unit: float
    features: Features
    ties: Ties

    def session_ahead(self, horizon: int) -> tuple[float, float]:
        """Mean and variance of the session effect so many years after the last year, on the law's scale."""
        known = self.session[np.isfinite(self.session)]
        if not np.any(known):
            return 0.0, 0.0
        mean = known.mean()
        gone = known - mean
        top, bottom = (gone[1:] * gone[:-1]).sum(), (gone[:-1] ** 2).sum()
        worth = PERSISTENCE_WORTH * gone.var()
        rho = float(np.clip((top + PERSISTENCE * worth) / (bottom + worth), 0.0, 1.0))
        now = self.session[-1]
        n = len(gone)
        back = gone[horizon:] - rho**horizon * gone[:-horizon] if n > horizon else gone
        stay = gone[horizon:] - gone[:-horizon] if n > horizon else gone
        # The wider of reverting and staying put, with the allowance for a mean and a persistence read off few sessions.
        variance = max((back**2).mean(), (stay**2).mean()) * (n + 1) / max(n - 3, 1)
        return float(mean + rho**horizon * (now - mean)), float(variance)


def make_target(panel: Panel, name: str, patron: str = "USA") -> Target:
    """The target of a panel that ends at the origin.

    Raises `InputError` E954 (no such target) and E955 (the panel has no such patron).
    """
    if name not in TARGETS:
        raise InputError(
            [
                fault(
                    "E954",
                    where="--target",
                    found=f"{name!r}",
                    rule=f"a target is one of {', '.join(TARGETS)}",
                    fix="name one of them",
                )
            ]
        )
    agreement = panel.pair["agree_3cat"]
    if name == "ideal_point":
        features = measure_features(panel.position, panel.error, agreement)
        nil = np.zeros(len(panel.years))
        return Target(name, panel.years, panel.clients, panel.position, nil, 1.0, features, measure_ties(panel))
    if name == "orientation":
        return _orientation(panel)
    if patron not in panel.patrons:
        raise InputError(
            [
                fault(
                    "E955",
                    where="--patron",
                    found=f"{patron!r}",
                    rule=f"the patron is one of the panel's: {', '.join(panel.patrons)}",
                    fix="name one of them",
                )
            ]
        )
    place = panel.patrons.index(patron)
    share, votes = agreement[place], panel.pair["n_common"][place]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # A session without any vote: its mean stays unknown.
        session = np.nanmean(share, axis=0) * AGREEMENT_UNIT
    session = np.where(np.isfinite(session), session, np.nanmean(session))
    value = share * AGREEMENT_UNIT - session
    error = np.sqrt(np.clip(share * (1 - share), 0.02, 0.25) / np.maximum(votes, 5.0))
    others = np.delete(agreement, place, axis=0)
    features = measure_features(value, np.maximum(error, SMALLEST_SHARE_ERROR) * AGREEMENT_UNIT, others)
    ties = _on_this_scale(measure_ties(panel), panel, value, patron, AGREEMENT_UNIT - session)
    return Target(name, panel.years, panel.clients, share, session, AGREEMENT_UNIT, features, ties)


def _orientation(panel: Panel) -> Target:
    """The index of orientation, its session effect (an indicator that begins or ends moves all states) taken out.

    The West stands where the most western twentieth of states does in a year, Russia and China where the most eastern
    twentieth does.
    """
    index = measure_orientation(panel)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # A year without two indicators: its mean stays unknown.
        session = np.nanmean(index.value, axis=0)
        low, high = np.nanquantile(index.value - session, [0.05, 0.95], axis=0)
    session = np.where(np.isfinite(session), session, 0.0)
    value = index.value - session
    error = np.where(np.isfinite(value), ORIENTATION_ERROR, np.nan)
    ties = measure_ties(panel)
    position = np.array([high if name in {"USA", "EU"} else low for name in ties.patrons])
    position = position.reshape(len(ties.patrons), len(panel.years))
    features = measure_features(value, error, np.zeros((0, *value.shape)))
    return Target(
        "orientation",
        panel.years,
        panel.clients,
        index.value,
        session,
        1.0,
        features,
        replace(ties, position=position),
    )


def _on_this_scale(ties: Ties, panel: Panel, value: Array, patron: str, itself: Array) -> Ties:
    """Ties with each patron placed by its own agreement with `patron`, which agrees with itself in every vote."""
    belongs = members_of_the_union(panel.years)
    place = {name: row for row, name in enumerate(panel.clients)}
    position = []
    for name in ties.patrons:
        states = [state for state in (belongs if name == "EU" else [name]) if state in place or state == patron]
        rows = np.full((len(states), len(panel.years)), np.nan)
        for row, state in enumerate(states):
            inside = belongs[state] if name == "EU" else np.ones(len(panel.years), bool)
            rows[row] = np.where(inside, itself if state == patron else value[place[state]], np.nan)
        known = np.isfinite(rows)
        count = known.sum(axis=0)
        position.append(np.where(count > 0, np.where(known, rows, 0.0).sum(axis=0) / np.maximum(count, 1), np.nan))
    return replace(ties, position=np.array(position).reshape(len(ties.patrons), len(panel.years)))

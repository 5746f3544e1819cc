"""Ablations: what each channel adds to the forecast, and whether geography alone would do as well.

At each origin the law is fitted anew for every variant of its ties, on the same pairs, and every variant is scored on
the same cases. `without trade` leaves a channel out; `trade alone` has no other; `distance` and `contiguity` put
nearness to each patron in place of all channels, with the same mean strength.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from counterpoise._errors import InputError, fault
from counterpoise._result import Meta, Result, hash_file
from counterpoise.history.estimate import MOST_PAIRS, fit_law
from counterpoise.history.groups import contested
from counterpoise.history.origins import forecast_origin, score_origin
from counterpoise.history.panel import Panel, read_panel
from counterpoise.history.scores import diebold_mariano, skill_interval
from counterpoise.history.targets import Target, make_target
from counterpoise.history.ties import CHANNELS, Ties, members_of_the_union

Array = Any

ALL, NO_PULL = "all channels", "no pull"
GEOGRAPHY = ("distance", "contiguity")
# Nearness falls by a factor e every so many kilometres; neighbours share a land border, or nearly.
FALL_KM, TOUCHING_KM = 1_000.0, 10.0
CITES = ("grimit2006", "diebold1995", "harvey1997")


@dataclass(frozen=True)
class Ablation(Result):
    """CRPS of the law with each variant of its ties on identical cases, (origin, horizon, client) each."""

    target: str
    clients: tuple[str, ...]
    horizons: tuple[int, ...]
    origins: tuple[int, ...]
    crps: dict[str, Array]
    phi: dict[str, list[float]]
    contested: Array  # bool (origin, client)
    every: int
    meta: Meta

    def rows(self) -> list[dict[str, Any]]:
        """One row a question and horizon: the skill that the first variant has over the second, with its interval."""
        out = []
        groups = {"all states": np.ones_like(self.contested), "contested small states": self.contested}
        for group, mask in groups.items():
            for ours, theirs, question in self.questions():
                for place, horizon in enumerate(self.horizons):
                    a = np.where(mask, self.crps[ours][:, place], np.nan)
                    b = np.where(mask, self.crps[theirs][:, place], np.nan)
                    rng = np.random.default_rng([self.meta.seed or 0, horizon])
                    # Targets of origins so far apart overlap less: a block is as many origins as overlap.
                    overlap = -(-horizon // self.every)
                    skill, low, high = skill_interval(a, b, horizon=overlap, rng=rng)
                    if not np.isfinite(skill):
                        continue
                    out.append(
                        {
                            "question": question,
                            "group": group,
                            "horizon": horizon,
                            "crps_skill": skill,
                            "low": low,
                            "high": high,
                            "p": diebold_mariano(a, b, horizon=overlap)[1],
                            "n": int((np.isfinite(a) & np.isfinite(b)).sum()),
                            "answer": "adds" if low > 0 else "takes away" if high < 0 else "no measured difference",
                        }
                    )
        return out

    def questions(self) -> list[tuple[str, str, str]]:
        """Which variant is set against which, and what is thereby asked."""
        asked = [(ALL, NO_PULL, "all channels over none")]
        asked += [(ALL, f"without {name}", f"{name}: all over all but it") for name in CHANNELS]
        asked += [(f"{name} alone", NO_PULL, f"{name}: alone over none") for name in CHANNELS]
        asked += [(name, NO_PULL, f"{name} over none") for name in GEOGRAPHY]
        asked += [(ALL, name, f"all channels over {name}") for name in GEOGRAPHY]
        return [one for one in asked if {one[0], one[1]} <= set(self.crps)]

    def body(self) -> dict[str, Any]:
        return {
            "target": self.target,
            "origins": list(self.origins),
            "horizons": list(self.horizons),
            "skill": self.rows(),
            "crps": [
                {"variant": name, "horizon": horizon, "crps": np.nanmean(value[:, place]),
                 "n": int(np.isfinite(value[:, place]).sum())}
                for name, value in self.crps.items()
                for place, horizon in enumerate(self.horizons)
                if np.isfinite(value[:, place]).any()
            ],
            "phi": self.phi,
        }  # fmt: skip

    def table(self) -> list[dict[str, Any]]:
        return self.rows()

    @property
    def plot(self) -> Any:
        """The skill of each question with its interval, a panel a horizon."""
        from counterpoise.history._check_plot import ablation_chart

        return ablation_chart(self)


def ablate(
    path: str | Path,
    *,
    target: str = "ideal_point",
    patron: str = "USA",
    first: int | None = None,
    last: int | None = None,
    horizons: tuple[int, ...] = (1, 2, 5),
    every: int = 1,
    seed: int = 0,
    tell: Callable[[str], None] = lambda _: None,
) -> Ablation:
    """Fit and score the law with each channel left out, with each alone, and with geography in place of all.

    Origins run from `first` (else ten before the last that leaves the longest horizon its target) to the last year
    that leaves the shortest one, `every` so many years. Raises E950-E956 and E960, E961; E956 where nothing is scored.
    """
    panel = read_panel(path, until=last)
    truth = make_target(panel, target, patron)
    end = panel.years[-1]
    start = first if first is not None else end - max(horizons, default=1) - 9
    span = [year for year in panel.years if start <= year <= end - min(horizons, default=1)]
    origins = tuple(span if first is not None else span[:10])[:: max(every, 1)]
    if not origins or not horizons or any(not 1 <= horizon <= 10 for horizon in horizons):
        raise InputError([_nothing(origins, horizons)])
    crps: dict[str, list[Array]] = {}
    phi: dict[str, list[float]] = {}
    warm = None
    # The last origin says which channels there are: earlier, one that is not yet known changes nothing.
    channels = channels_of(make_target(panel.until(origins[-1]), target, patron))
    for year in origins:
        here = make_target(panel.until(year), target, patron)
        for name, variant in variants(panel.until(year), here, channels).items():
            fit = fit_law(variant, np.random.default_rng([seed, year]), warm=warm, most=MOST_PAIRS)
            warm = fit.raw
            forecasts = forecast_origin(variant, fit, horizons, ())
            scored = score_origin(variant, truth, fit, forecasts, horizons).scores
            crps.setdefault(name, []).append(scored["law"]["crps"])
            phi.setdefault(name, []).append(fit.phi)
            if name == ALL:
                crps.setdefault(NO_PULL, []).append(scored["law_no_pull"]["crps"])
            tell(f"origin {year}, {name}: phi {fit.phi:.3g}")
    stacked = {name: np.stack(values) for name, values in crps.items()}
    common = np.all([np.isfinite(value) for value in stacked.values()], axis=0)
    stacked = {name: np.where(common, value, np.nan) for name, value in stacked.items()}
    places = [panel.years.index(year) for year in origins]
    meta = Meta(seed=seed, inputs={str(path): hash_file(Path(path))}, cites=CITES)
    name = f"{target} {patron}" if target == "agreement" else target
    return Ablation(
        name, panel.clients, horizons, origins, stacked, phi, contested(panel)[:, places].T, max(every, 1), meta
    )


def channels_of(here: Target) -> tuple[str, ...]:
    """The channels of which a target knows anything but nil."""
    strength = np.where(np.isfinite(here.ties.strength), here.ties.strength, 0.0)
    return tuple(name for name, value in zip(CHANNELS, strength, strict=True) if (value > 0).any())


def variants(panel: Panel, here: Target, channels: tuple[str, ...] = CHANNELS) -> dict[str, Target]:
    """The target with its ties as they are, less a channel, with one channel, and with geography in their place."""
    ties = here.ties
    out = {ALL: here}
    for name in channels:
        place = CHANNELS.index(name)
        out[f"without {name}"] = _with(here, _keep(ties, [other for other in range(len(CHANNELS)) if other != place]))
        out[f"{name} alone"] = _with(here, _keep(ties, [place]))
    near = nearness(panel, ties)
    if near is not None:
        mean = float(ties.total().mean())
        for name, value in near.items():
            strength = np.zeros_like(ties.strength)
            level = float(np.nanmean(value))
            strength[0] = value * (mean / level) if level > 0 else 0.0
            out[name] = _with(here, replace(ties, strength=strength))
    return out


def nearness(panel: Panel, ties: Ties) -> dict[str, Array] | None:
    """How near each client lies to each patron, (patron, client, year), by distance and by a common border.

    The European Union lies where its nearest member of the year lies. None where the panel has no distances.
    """
    if "min_distance_km" not in panel.pair:
        return None
    belongs = members_of_the_union(panel.years)
    distance = panel.pair["min_distance_km"]
    rows = []
    for name in ties.patrons:
        inside = np.array(
            [
                belongs.get(one, np.zeros(len(panel.years), bool)) if name == "EU"
                else np.full(len(panel.years), one == name)
                for one in panel.patrons
            ]
        )  # fmt: skip
        value = np.where(inside[:, None, :] & np.isfinite(distance), distance, np.inf).min(axis=0)
        rows.append(np.where(np.isfinite(value), value, np.nan))
    away = np.array(rows).reshape(len(ties.patrons), len(panel.clients), len(panel.years))
    touching = np.where(np.isfinite(away), (away <= TOUCHING_KM).astype(float), np.nan)
    return {"distance": np.exp(-away / FALL_KM), "contiguity": touching}


def _keep(ties: Ties, channels: list[int]) -> Ties:
    """Nil, not unknown, for the others: an unknown channel would take its median."""
    strength = np.zeros_like(ties.strength)
    strength[channels] = ties.strength[channels]
    return replace(ties, strength=strength)


def _with(here: Target, ties: Ties) -> Target:
    return replace(here, ties=ties)


def _nothing(origins: tuple[int, ...], horizons: tuple[int, ...]) -> Any:
    return fault(
        "E956",
        where="arguments of the ablation",
        found=f"{len(origins)} origins, horizons {horizons}",
        rule="horizons are 1 to 10 years, and at least one origin has a target",
        fix="change --from, --to or --horizons",
    )

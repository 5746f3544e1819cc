"""Back-test: at each origin fit on what lies before it, forecast, and score against what came."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from counterpoise._errors import InputError, fault
from counterpoise._result import Meta, Result, hash_file
from counterpoise.history import baselines as known_baselines
from counterpoise.history.estimate import Fit, fit_law
from counterpoise.history.origins import MEASURES, OriginScores, PeerProcess, forecast_origin, score_origin
from counterpoise.history.panel import Panel, read_panel
from counterpoise.history.scores import diebold_mariano, skill_interval
from counterpoise.history.targets import Target, make_target

Array = Any

MODELS = ("law", "law_no_pull", *known_baselines.NAMES)
CITES = ("bailey2017", "grimit2006", "diebold1995", "harvey1997", "statsforecast")
SHOWN_BY_GROUP = ("law_no_pull", "random_walk_gaussian", "random_walk_pooled")
# Sessions that must lie before the first origin, unless `--from` says otherwise.
TRAINING = 12
DEFAULT_ORIGINS = 10


@dataclass(frozen=True)
class Backtest(Result):
    """Scores of every model over all origins, and the law's skill over each with intervals."""

    target: str
    patron: str | None
    clients: tuple[str, ...]
    horizons: tuple[int, ...]
    origins: tuple[int, ...]
    scores: dict[str, dict[str, Array]]  # model -> measure -> (origin, horizon, client)
    fits: tuple[Fit, ...]
    meta: Meta
    seed: int = 0
    notes: dict[str, int] = field(default_factory=dict)
    groups: dict[str, Array] = field(default_factory=dict)  # name -> bool (origin, client)
    windows: dict[str, Array] = field(default_factory=dict)  # name -> bool (origin, horizon)
    stand_ins: dict[str, Array] = field(default_factory=dict)  # model -> bool (origin, horizon, client)

    def score_rows(self) -> list[dict[str, Any]]:
        """One row per model and horizon: means over origins and states."""
        rows = []
        for model, measured in self.scores.items():
            for place, horizon in enumerate(self.horizons):
                crps, pit = measured["crps"][:, place], measured["pit"][:, place]
                known = np.isfinite(crps)
                if not known.any():
                    continue
                u = pit[known]
                rows.append(
                    {
                        "model": model,
                        "horizon": horizon,
                        "n": int(known.sum()),
                        "crps": crps[known].mean(),
                        "mae": measured["absolute_error"][:, place][known].mean(),
                        "log_score": measured["log_score"][:, place][known].mean(),
                        "coverage50": ((u > 0.25) & (u < 0.75)).mean(),
                        "coverage90": ((u > 0.05) & (u < 0.95)).mean(),
                        "pit": np.histogram(u, bins=10, range=(0, 1))[0] / len(u),
                    }
                )
        return rows

    def skill_rows(
        self, *, where: Array | None = None, against_only: Collection[str] | None = None
    ) -> list[dict[str, Any]]:
        """CRPS skill of the law over each other model; `where` (origin, horizon, client) picks cases."""
        rows = []
        ours = self.scores["law"]["crps"]
        for against, measured in self.scores.items():
            if against == "law" or (against_only is not None and against not in against_only):
                continue
            for place, horizon in enumerate(self.horizons):
                a, b = ours[:, place], measured["crps"][:, place]
                if where is not None:
                    a, b = np.where(where[:, place], a, np.nan), np.where(where[:, place], b, np.nan)
                rng = np.random.default_rng([self.seed, horizon])
                skill, low, high = skill_interval(a, b, horizon=horizon, rng=rng)
                statistic, p = diebold_mariano(a, b, horizon=horizon)
                if np.isfinite(skill):
                    rows.append(
                        {
                            "against": against,
                            "horizon": horizon,
                            "crps_skill": skill,
                            "low": low,
                            "high": high,
                            "diebold_mariano": statistic,
                            "p": p,
                            "n": int((np.isfinite(a) & np.isfinite(b)).sum()),
                        }
                    )
        return rows

    def group_rows(self) -> list[dict[str, Any]]:
        """Skill within regions, regimes, contested small states, and windows that span a shock."""
        rows = []
        shape = self.scores["law"]["crps"].shape
        picks = {name: np.broadcast_to(mask[:, None, :], shape) for name, mask in self.groups.items()}
        picks |= {name: np.broadcast_to(mask[:, :, None], shape) for name, mask in self.windows.items()}
        for name, where in picks.items():
            rows += [{"group": name, **row} for row in self.skill_rows(where=where, against_only=SHOWN_BY_GROUP)]
        return rows

    def body(self) -> dict[str, Any]:
        return {
            "target": self.target,
            "patron": self.patron,
            "scores": self.score_rows(),
            "skill": self.skill_rows(),
            "groups": self.group_rows(),
            "origins": list(self.origins),
            "pull": self.pull(),
            "fits": [
                {"origin": year, "pairs": fit.pairs, "phi": fit.phi, "phi_low": fit.phi_low, "phi_high": fit.phi_high}
                for year, fit in zip(self.origins, self.fits, strict=True)
            ],
            "rules": self.notes,
            "stand_ins": self.stand_in_rows(),
            "caveats": self.caveats(),
        }

    def stand_in_rows(self) -> list[dict[str, Any]]:
        """How many scored series of each peer, by horizon, the pooled random walk stands in for, of how many."""
        rows = []
        for model, marked in self.stand_ins.items():
            scored = np.isfinite(self.scores[model]["crps"])
            for place, horizon in enumerate(self.horizons):
                count = int((marked[:, place] & scored[:, place]).sum())
                rows.append({"model": model, "horizon": horizon, "series": count, "of": int(scored[:, place].sum())})
        return rows

    def pull(self) -> list[dict[str, Any]]:
        """What the pull of interests adds: skill of `law` over `law_no_pull`, in words."""
        out = []
        for row in self.skill_rows():
            if row["against"] == "law_no_pull":
                nothing = row["low"] <= 0 <= row["high"]
                worse = row["high"] < 0
                words = "exposures add no measured skill" if nothing else "exposures add skill"
                words = "exposures take skill away" if worse else words
                out.append({"horizon": row["horizon"], "crps_skill": row["crps_skill"], "low": row["low"],
                            "high": row["high"], "sentence": words})  # fmt: skip
        return out

    def caveats(self) -> list[str]:
        """What a reader must know beside the numbers."""
        said = ["origins overlap for horizons over one year; intervals resample blocks of origins and states together"]
        if self.target == "ideal_point":
            said.append("published ideal points are estimated on all sessions, later ones included: scores on them are "
                        "optimistic; raw agreement is not affected")  # fmt: skip
        if self.target == "agreement":
            said.append("a session moves the agreement of all states at once: each origin is little more than one "
                        "observation, and coverage over few origins is uncertain by as much")  # fmt: skip
        counts = dict.fromkeys(self.stand_ins, 0)
        for row in self.stand_in_rows():
            counts[row["model"]] += row["series"]
        if any(counts.values()):
            told = ", ".join(f"{name} {count}" for name, count in counts.items())
            said.append("the pooled random walk stands in where a peer could not be fitted to a series, and counts in "
                        f"its scores; forecasts over all horizons: {told}")  # fmt: skip
        return said

    def table(self) -> list[dict[str, Any]]:
        skills = {(row["against"], row["horizon"]): row for row in self.skill_rows()}
        rows = []
        for row in self.score_rows():
            skill = skills.get((row["model"], row["horizon"]))
            shown = {key: value for key, value in row.items() if key != "pit"}
            rows.append(
                {
                    **shown,
                    "law's skill": skill["crps_skill"] if skill else None,
                    "low": skill["low"] if skill else None,
                    "high": skill["high"] if skill else None,
                }
            )
        return rows

    @property
    def plot(self) -> Any:
        """Calibration: how often outcomes fell below each stated chance, by horizon."""
        from counterpoise.history._plot import calibration_chart

        return calibration_chart(self)


def backtest(
    path: str | Path,
    *,
    target: str = "ideal_point",
    patron: str = "USA",
    first: int | None = None,
    last: int | None = None,
    horizons: tuple[int, ...] = (1, 2, 5),
    clients: tuple[str, ...] | None = None,
    baselines: tuple[str, ...] | None = None,
    seed: int = 0,
    without: str | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> Backtest:
    """Fit at each origin on what lies before it, forecast every state, and score the law beside its baselines.

    Origins run from `first` (else the last ten that leave the longest horizon its targets); targets lie at most in
    `last`. Every fit sees all states; `clients` only picks whom the scores count. `without` leaves a channel out.

    Raises `InputError`: faults of the panel (E950-E955), E956 (arguments that leave nothing to score).
    """
    names = known_baselines.NAMES if baselines is None else baselines
    panel = read_panel(path, until=last)
    end = panel.years[-1] if last is None else min(last, panel.years[-1])
    _check(panel, horizons, names, clients)
    start = first if first is not None else max(panel.years[0] + TRAINING, end - max(horizons) - DEFAULT_ORIGINS + 1)
    origins = tuple(
        year
        for year in panel.years
        if start <= year <= end - min(horizons) and (first is not None or year < start + 10)
    )
    if not origins:
        raise InputError([_nothing(f"no origin from {start} with a target by {end}")])
    truth = make_target(panel, target, patron)
    scored = np.array([clients is None or name in clients for name in panel.clients])
    results: list[OriginScores] = []
    warm = None
    with PeerProcess(names) as peers:
        views = [make_target(panel.until(year), target, patron) for year in origins]
        waiting = [peers.ask(view.raw, horizons) for view in views]
        for view, answer in zip(views, waiting, strict=True):
            fit = fit_law(view, np.random.default_rng([seed, view.years[-1]]), warm=warm)
            warm = fit.raw
            forecasts = forecast_origin(view, fit, horizons, names, without=without)
            everyone = np.arange(len(view.clients))
            forecasts |= {name: (everyone, ahead) for name, ahead in answer().items()}
            results.append(score_origin(view, truth, fit, forecasts, horizons))
            tell(f"origin {view.years[-1]}: {fit.pairs} pairs, phi {fit.phi:.3g}")
    return _gather(path, panel, truth, target, patron, scored, horizons, results, seed)


def _gather(
    path: str | Path,
    panel: Panel,
    truth: Target,
    target: str,
    patron: str,
    scored: Array,
    horizons: tuple[int, ...],
    results: list[OriginScores],
    seed: int,
) -> Backtest:
    from counterpoise.history.groups import state_groups, windows

    models = list(results[0].scores)
    stacked = {
        model: {
            measure: np.stack([np.where(scored, at.scores[model][measure], np.nan) for at in results])
            for measure in MEASURES
        }
        for model in models
    }
    # Every model is scored on the same cases.
    common = np.all([np.isfinite(stacked[model]["crps"]) for model in models], axis=0)
    for model in models:
        for measure in MEASURES:
            stacked[model][measure] = np.where(common, stacked[model][measure], np.nan)
    origins = tuple(at.year for at in results)
    return Backtest(
        target,
        patron if target == "agreement" else None,
        truth.clients,
        horizons,
        origins,
        stacked,
        tuple(at.fit for at in results),
        Meta(seed=seed, inputs={str(path): hash_file(Path(path))}, cites=CITES),
        seed,
        panel.notes,
        state_groups(panel, origins),
        windows(origins, horizons),
        {model: np.stack([at.stand_ins[model] for at in results]) for model in results[0].stand_ins},
    )


def _check(panel: Panel, horizons: tuple[int, ...], names: tuple[str, ...], clients: tuple[str, ...] | None) -> None:
    faults = []
    if not horizons or any(not 1 <= h <= 10 for h in horizons):
        faults.append(_nothing(f"horizons {horizons}"))
    faults += [_nothing(f"no baseline {name!r}") for name in names if name not in known_baselines.NAMES]
    faults += [_nothing(f"no client {name!r}") for name in clients or () if name not in panel.clients]
    if faults:
        raise InputError(faults)


def _nothing(found: str) -> Any:
    return fault(
        "E956",
        where="arguments of the back-test",
        found=found,
        rule=f"horizons are 1 to 10 years, baselines are of {', '.join(known_baselines.NAMES)}, clients are in the "
        "panel, and at least one origin has a target",
        fix="change --from, --to, --horizons, --clients or --baselines",
    )


def whole_numbers(text: str) -> tuple[int, ...]:
    """Horizons as a user writes them, `1,2,5`, in rising order."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not all(part.isdigit() for part in parts):
        raise InputError([_nothing(f"horizons {text!r}")])
    return tuple(sorted({int(part) for part in parts}))

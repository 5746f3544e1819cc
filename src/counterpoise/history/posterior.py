"""The posterior of the law: draws, what the panel taught about each parameter, and the files that carry them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from counterpoise._errors import InputError, fault
from counterpoise._result import Meta, Result, hash_file
from counterpoise.history import motion
from counterpoise.history.diagnose import Diagnosis, check_laplace, check_nuts
from counterpoise.history.estimate import PHI, PHI_SD, Fit, fit_law, laplace, nuts
from counterpoise.history.panel import read_panel
from counterpoise.history.targets import make_target

Array = Any

SCALES = {"voting": "ideal_point", "orientation": "orientation"}
CITES = ("bailey2017", "hoffman2014", "vehtari2024", "vehtari2021")
# A parameter about which the panel takes away less than this share of the prior's variance is labelled "prior".
LEARNT = 0.20
DRAWS = 200
PAIRS = 500
NUTS_PAIRS = 400
UNITS = {
    "echo": "share",
    "to_neighbours": "share",
    "to_implied": "share",
    "level": "scale units per quarter",
    "on_long": "elasticity",
    "on_recent": "elasticity",
    "on_error": "elasticity",
    "on_gap": "elasticity",
    "nu": "degrees of freedom",
    "start_error": "ratio",
    "end_error": "ratio",
    "reversion": "1 / scale units squared, per quarter",
    "implied_share": "share",
    "doubt": "log",
    "lag": "share",
    "phi": "per ten per cent of GDP, per quarter",
}


@dataclass(frozen=True)
class Posterior(Result):
    """Draws of every parameter on each scale; `draws[scale]` is (draw, parameter) in the order of `motion.NAMES`."""

    draws: dict[str, Array]
    diagnosis: dict[str, Diagnosis]
    fits: dict[str, Fit]
    years: tuple[int, int]
    sampler: str
    states: list[dict[str, Any]]
    span: dict[str, float]
    meta: Meta

    def rows(self) -> list[dict[str, Any]]:
        """One row per scale and parameter: quantiles, and how much of the prior's variance the panel took away."""
        rows = []
        for scale, draws in self.draws.items():
            raw = to_raw(draws)
            for place, name in enumerate(motion.NAMES):
                prior_sd = PHI_SD * np.sqrt(1 - 2 / np.pi) if name == "phi" else motion.PRIOR[place, 1]
                spread = draws[:, place].std() if name == "phi" else raw[:, place].std()
                contraction = float(1 - (spread / prior_sd) ** 2)
                p05, p50, p95 = np.quantile(draws[:, place], [0.05, 0.5, 0.95])
                rows.append(
                    {
                        "scale": scale,
                        "parameter": name,
                        "unit": UNITS[name],
                        "mean": draws[:, place].mean(),
                        "p05": p05,
                        "p50": p50,
                        "p95": p95,
                        "contraction": contraction,
                        "label": "posterior" if contraction >= LEARNT else "prior",
                    }
                )
        return rows

    def body(self) -> dict[str, Any]:
        return {
            "parameters": self.rows(),
            "years": list(self.years),
            "sampler": self.sampler,
            "diagnosis": {scale: found.to_dict() for scale, found in self.diagnosis.items()},
        }

    def table(self) -> list[dict[str, Any]]:
        return self.rows()

    def write_netcdf(self, path: Path) -> None:
        """The draws as netCDF 3: a variable per scale over (draw, parameter), provenance as attributes."""
        import xarray

        count = min(len(draws) for draws in self.draws.values())
        dataset = xarray.Dataset(
            {scale: (("draw", "parameter"), np.asarray(draws[:count])) for scale, draws in self.draws.items()},
            coords={"parameter": list(motion.NAMES), "draw": np.arange(count)},
            attrs={
                "first_year": self.years[0],
                "last_year": self.years[1],
                "sampler": self.sampler,
                "inputs": ", ".join(f"{Path(name).name} {digest}" for name, digest in self.meta.inputs.items()),
                "version": self.meta.to_dict()["version"],
                "seed": int(self.meta.seed or 0),
            },
        )
        dataset.to_netcdf(path, engine="scipy")

    def write_csv(self, path: Path, *, draws: int = 40) -> None:
        """The small form that `play` ships with: a row per scale and parameter, the same draw in the same column."""
        import csv

        names = [f"draw_{number:02d}" for number in range(draws)]
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(["scale", "parameter", "unit", "label", "contraction", "mean", "p05", "p50", "p95", *names])
            for row in self.rows():
                column = self.draws[row["scale"]][:draws, motion.NAMES.index(row["parameter"])]
                figures = [row[name] for name in ("contraction", "mean", "p05", "p50", "p95")]
                writer.writerow(
                    [row["scale"], row["parameter"], row["unit"], row["label"]]
                    + [f"{float(value):.5g}" for value in [*figures, *column]]
                )

    def write_states(self, path: Path) -> None:
        """The volatility of each state by scale, from the posterior mean, at the last year of the panel."""
        import csv

        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(self.states[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(self.states)


def to_raw(natural: Array) -> Array:
    """Draws of parameters (draw, parameter) back on the scale of the priors."""
    raw = np.array(natural, float)
    for name in ("level", "start_error", "end_error", "reversion", "doubt"):
        place = motion.NAMES.index(name)
        raw[:, place] = np.log(raw[:, place])
    place = motion.NAMES.index("nu")
    raw[:, place] = np.log(raw[:, place] - 2)
    place = motion.NAMES.index("implied_share")
    raw[:, place] = np.log(raw[:, place] / (1 - raw[:, place]))
    return raw


def to_natural(raw: Array) -> Array:
    """Raw draws (draw, parameter) as parameters."""
    return np.stack([np.broadcast_to(part, raw.shape[:1]) for part in motion.parameters(raw.T)], axis=1)


def fit(
    path: str | Path,
    *,
    until: int | None = None,
    out: str | Path | None = None,
    sampler: str = "laplace",
    pairs: int | None = None,
    seed: int = 0,
    tell: Callable[[str], None] = lambda _: None,
) -> Posterior:
    """The posterior of the law on a panel's rows up to `until`, on both scales, with the checks that it passed.

    `laplace`: a normal about the most probable parameters, checked by importance sampling. `nuts`: Hamiltonian draws
    (key `hoffman2014`), checked by R-hat, effective draws and divergences. Raises `InputError` (E950-E957) and
    `SolveError` E960-E963 where a fit may not be used.
    """
    if sampler not in {"laplace", "nuts"}:
        raise InputError(
            [
                fault(
                    "E957",
                    where="--sampler",
                    found=f"{sampler!r}",
                    rule="a posterior is drawn by laplace or by nuts",
                    fix="name one of them",
                )
            ]
        )
    panel = read_panel(path, until=until)
    draws, found, fits, span, states = {}, {}, {}, {}, []
    for place, (scale, name) in enumerate(SCALES.items()):
        target = make_target(panel, name)
        most = pairs or (PAIRS if sampler == "laplace" else NUTS_PAIRS)
        rng = np.random.default_rng([seed, place])
        done = fit_law(target, rng, most=most)
        tell(f"{scale}: {done.pairs} pairs, {done.steps} steps; drawing with {sampler}")
        where = f"fit of the {scale} scale, rows up to {panel.years[-1]}"
        again = np.random.default_rng([seed, place])
        if sampler == "laplace":
            raw, weights = laplace(target, done, again, DRAWS, most=most)
            found[scale] = check_laplace(weights, where=where)
            kept = rng.choice(len(raw), DRAWS, p=weights / weights.sum())
            natural = to_natural(raw[kept])
            natural[:, PHI] = done.draw_phi(rng, DRAWS)
        else:
            chains, divergences = nuts(target, done, again, most=most, seed=seed + place)
            found[scale] = check_nuts(chains, divergences, where=where)
            natural = to_natural(chains.reshape(-1, chains.shape[-1]))
            natural = natural[rng.permutation(len(natural))]
        draws[scale], fits[scale] = natural, done
        states += _states(target, natural, scale)
        span[scale] = _span(target)
    meta = Meta(seed=seed, inputs={str(path): hash_file(Path(path))}, cites=CITES)
    years = (panel.years[0], panel.years[-1])
    posterior = Posterior(draws, found, fits, years, sampler, states, span, meta)
    if out is not None:
        posterior.write_netcdf(Path(out))
    return posterior


def _span(target: Any) -> float:
    """How far the United States stand from Russia on a scale in the last year: its length, for whoever rescales it."""
    place = {name: row for row, name in enumerate(target.ties.patrons)}
    if not {"USA", "RUS"} <= set(place):
        return float("nan")
    return float(target.ties.position[place["USA"], -1] - target.ties.position[place["RUS"], -1])


def _states(target: Any, natural: Array, scale: str) -> list[dict[str, Any]]:
    """Quarterly sigma of each state at the last year it is known, at the posterior mean."""
    from counterpoise.history.estimate import pairs_of

    mean = motion.Parameters(*natural.mean(axis=0))
    known = np.isfinite(target.features.value) & np.isfinite(target.features.long_volatility)
    rows = []
    for client in np.flatnonzero(known.any(axis=1)):
        year = int(np.flatnonzero(known[client])[-1])
        pair = pairs_of(target, np.array([client]), np.array([year]))
        sigma = float(motion.start(pair, mean, 0.0).sigma[0])
        rows.append(
            {"scale": scale, "client": target.clients[client], "year": target.years[year],
             "sigma_quarter": f"{sigma:.4g}"}
        )  # fmt: skip
    return rows


def write_shipped(posterior: Posterior, folder: Path) -> None:
    """The three files that `play` reads as data: parameters with draws, volatility of each state, provenance."""
    import json

    posterior.write_csv(folder / "posterior.csv")
    posterior.write_states(folder / "posterior_states.csv")
    source = {
        "what": "posterior of the law of motion; columns draw_NN of posterior.csv are joint draws",
        "years": list(posterior.years),
        "sampler": posterior.sampler,
        "pairs": {scale: one.pairs for scale, one in posterior.fits.items()},
        "diagnosis": {scale: found.to_dict() for scale, found in posterior.diagnosis.items()},
        "inputs_sha256": sorted(posterior.meta.inputs.values()),
        "span_usa_to_russia": posterior.span,
        "hazard": motion.HAZARD,
        "seed": posterior.meta.seed,
        "version": posterior.meta.to_dict()["version"],
        "cites": list(CITES),
    }
    from counterpoise._result import plain

    (folder / "posterior.json").write_text(json.dumps(plain(source), indent=1) + "\n", encoding="utf-8")

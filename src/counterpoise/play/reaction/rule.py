"""The rule of punishment that ships: posterior draws by the day they may know, and what each parameter rests on."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from counterpoise._errors import SolveError, fault
from counterpoise._result import Meta, Result
from counterpoise.play.reaction.cases import punishment_cases
from counterpoise.play.reaction.fit import CITES, NAMES, PRIORS, Fit, draw_prior, fit_punishment, hazard

if TYPE_CHECKING:
    from counterpoise.region import Region

Array = np.ndarray[Any, np.dtype[Any]]

FILE = "punishment.csv"
SUMMARY = "punishment_summary.csv"
# Days up to which a fit that ships may know: before the war, before the visit of February 2026, and all there is.
FITTED_TO = ("2021-12-31", "2026-02-12", "2026-11-22")
KEPT = 400
# A parameter whose variance the cases cut by less than this is shown as prior.
LEAST_CONTRACTION = 0.2
SENDER = "RUS"


@dataclass
class PunishmentRule(Result):
    """How likely a patron is to punish a step within a year: joint draws of the rule, each parameter with its label.

    `draws` has the columns of `fit.NAMES`. `fitted_to` is the last day the cases know, `None` where the rule is the
    prior: for every patron but Russia, and before the first fit.
    """

    patron: str
    fitted_to: str | None
    draws: Array
    labels: dict[str, str]
    contraction: dict[str, float]
    meta: Meta = field(default_factory=Meta)

    def kernel(self, row: Array, own: Array) -> dict[str, Array]:
        """`c0`, `c1`, `c2` for the kernel, one of each for every member: what holds since 2022.

        `row` and `own` are uniform draws in [0, 1) of each member, (member,): which row of the joint draws it has, and
        how its state differs from others.
        """
        from scipy.special import ndtri

        rows = self.draws[np.minimum((np.asarray(row) * len(self.draws)).astype(int), len(self.draws) - 1)]
        c0, c1, c2, war, spread, _ = rows.T
        return {"c0": c0 + war + spread * ndtri(np.clip(own, 1e-9, 1 - 1e-9)), "c1": c1, "c2": c2}

    def chance(self, magnitude: float, *, before: float = 0.0, war: bool = True) -> dict[str, float]:
        """The chance that a step of a magnitude (1 to 5) is punished within a year, after steps of `before` in all."""
        c0, c1, c2, era, _, scale = self.draws.T
        values = hazard(c0 + era * war, c1, c2, scale, np.array(magnitude), np.array(before + magnitude))
        return dict(zip(("p05", "p50", "p95"), np.quantile(values, (0.05, 0.5, 0.95)).tolist(), strict=True))

    def body(self) -> dict[str, Any]:
        return {
            "patron": self.patron,
            "fitted_to": self.fitted_to,
            "parameters": [
                {
                    "parameter": name,
                    **dict(zip(("p05", "p50", "p95"), np.quantile(column, (0.05, 0.5, 0.95)).tolist(), strict=True)),
                    "contraction": self.contraction.get(name),
                    "label": self.labels[name],
                }
                for name, column in zip(NAMES, self.draws.T, strict=True)
            ],
        }

    def table(self) -> list[dict[str, Any]]:
        return [dict(row) for row in self.body()["parameters"]]

    @property
    def plot(self) -> Any:
        """The chance of punishment by the magnitude of a step (an Altair chart; the extra `charts`)."""
        import altair as alt

        rows = [{"magnitude": size, **self.chance(size)} for size in (0, 1, 2, 3, 4, 5)]
        base = alt.Chart(alt.Data(values=rows), title=f"Chance that {self.patron} punishes a step within a year")
        band = base.mark_area(opacity=0.3).encode(x="magnitude:Q", y=alt.Y("p05:Q", title="chance"), y2="p95:Q")
        return band + base.mark_line().encode(x="magnitude:Q", y="p50:Q")


def punishment_rule(region: Region, patron: str = SENDER) -> PunishmentRule:
    """The rule of a patron as it could be known on the region's as-of day.

    For Russia the newest fit that ships and knows nothing later; for others, and before the first fit, the prior.
    """
    limit = region.as_of or date.max
    usable = [day for day in FITTED_TO if date.fromisoformat(day) <= limit]
    meta = region.meta(cites=CITES)
    if patron != SENDER or not usable:
        draws = draw_prior(np.random.default_rng(0), KEPT)
        return PunishmentRule(patron, None, draws, dict.fromkeys(NAMES, "prior"), {}, meta)
    day = usable[-1]
    contraction = {row["parameter"]: float(row["contraction"]) for row in _table(SUMMARY) if row["fitted_to"] == day}
    labels = {name: "prior" if contraction[name] < LEAST_CONTRACTION else "estimated" for name in NAMES}
    draws = np.array([[float(row[name]) for name in NAMES] for row in _table(FILE) if row["fitted_to"] == day])
    return PunishmentRule(patron, day, draws, labels, contraction, meta)


def write_rule(region: Region, folder: Path) -> list[Path]:
    """Fit the rule at each day of `FITTED_TO` and write draws and summary; returns the two files."""
    draws: list[list[str]] = []
    summary: list[list[str]] = []
    for day in FITTED_TO:
        cases = punishment_cases(region.at(day))
        fit = fit_punishment(cases)
        worst = max(fit.rhat.values())
        if worst > 1.05:
            rule, fix = "chains agree (R-hat at most 1.05)", "run longer chains"
            raise SolveError([fault("E908", where=day, found=f"R-hat {worst:.3f}", rule=rule, fix=fix)])
        rows = fit.draws[np.linspace(0, len(fit.draws) - 1, KEPT).astype(int)]
        draws += [[day, *(f"{value:.4g}" for value in row)] for row in rows]
        summary += [[day, name, *_line(fit, index)] for index, name in enumerate(NAMES)]
    head = ["fitted_to", "parameter", "p05", "p50", "p95", "prior_p05", "prior_p50", "prior_p95"]
    head += ["contraction", "rhat", "cases", "effective_cases", "prior"]
    return [
        _write(folder / FILE, ["fitted_to", *NAMES], draws),
        _write(folder / SUMMARY, head, summary),
    ]


def _line(fit: Fit, index: int) -> list[str]:
    name = NAMES[index]
    ends = (0.05, 0.5, 0.95)
    values = [*np.quantile(fit.draws[:, index], ends), *np.quantile(fit.prior[:, index], ends), fit.contraction(name)]
    shape, first, second = PRIORS[name]
    numbers = [f"{value:.3g}" for value in values]
    return [*numbers, f"{fit.rhat[name]:.3f}", str(fit.cases), f"{fit.effective:.3g}", f"{shape} {first:g} {second:g}"]


def _write(path: Path, head: list[str], rows: list[list[str]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(rows)
    return path


@cache
def _table(name: str) -> tuple[dict[str, str], ...]:
    text = (files("counterpoise.play.reaction") / name).read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))

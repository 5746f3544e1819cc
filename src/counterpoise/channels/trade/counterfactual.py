"""What a change of trade costs does to every economy: embargoes, tariffs, opened borders, in general equilibrium."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from counterpoise._errors import Fault, InputError
from counterpoise._result import Meta, Result, hash_file
from counterpoise.channels.trade.gravity import Equilibrium, embargo, solve
from counterpoise.channels.trade.inputs import Question, align, pairs_of, read_pairs, theta_faults
from counterpoise.channels.trade.shortrun import ShortRun, short_run, short_run_loss, short_run_settings

if TYPE_CHECKING:
    import xarray as xr

Array = np.ndarray[Any, np.dtype[Any]]
Deficits = Literal["additive", "multiplicative", "zero"]

__all__ = [
    "Equilibrium",
    "ShortRun",
    "TradeResult",
    "counterfactual",
    "counterfactual_from_files",
    "embargo",
    "short_run",
    "short_run_loss",
    "short_run_settings",
    "solve",
]

CITES = ("costinot2014", "dekle2007")
MEASURES = ("welfare", "real_wage", "nominal_wage", "price_index")


@dataclass(frozen=True)
class TradeResult(Result):
    """What the change does to each economy, in per cent, and where trade goes.

    `before` and `after` are `[exporter, importer]` in the unit of the flows, world output held.
    """

    economies: tuple[str, ...]
    welfare: Array  # real expenditure, per cent
    real_wage: Array
    nominal_wage: Array
    price_index: Array
    before: Array
    after: Array
    listed: Array
    iterations: int
    residual: float
    theta: float
    deficits: str
    meta: Meta = field(default_factory=Meta)

    def body(self) -> dict[str, Any]:
        percent = {name: dict(zip(self.economies, getattr(self, name).tolist(), strict=True)) for name in MEASURES}
        before, after = self.before.tolist(), self.after.tolist()
        flows = [
            {
                "exporter": self.economies[i],
                "importer": self.economies[j],
                "before": before[i][j],
                "after": after[i][j],
            }
            for i, j in np.argwhere(self.listed | (self.before > 0.0)).tolist()
        ]
        asked = {"theta": self.theta, "deficits": self.deficits}
        return {**percent, "flows": flows, "iterations": self.iterations, "residual": self.residual, **asked}

    def table(self) -> list[dict[str, Any]]:
        """One row per economy, the heaviest loss of welfare first."""
        abroad = ~np.eye(len(self.economies), dtype=bool)
        with np.errstate(divide="ignore", invalid="ignore"):
            exports = 100.0 * ((self.after * abroad).sum(axis=1) / (self.before * abroad).sum(axis=1) - 1.0)
        return [
            {
                "economy": self.economies[spot],
                **{f"{name} %": float(getattr(self, name)[spot]) for name in MEASURES},
                "exports %": float(exports[spot]),
            }
            for spot in np.argsort(self.welfare, kind="stable")
        ]

    def to_dataset(self) -> xr.Dataset:
        """The answer as labelled arrays: the measures by `economy`, flows by `exporter` and `importer`."""
        import xarray as xr

        names = list(self.economies)
        measures = {name: ("economy", getattr(self, name), {"units": "%"}) for name in MEASURES}
        flows = {name: (("exporter", "importer"), getattr(self, name)) for name in ("before", "after")}
        coordinates = {"economy": names, "exporter": names, "importer": names}
        settings = {"theta": self.theta, "deficits": self.deficits, "residual": self.residual}
        return xr.Dataset({**measures, **flows}, coordinates, settings)

    def plot(self) -> Any:
        """Bars of the change in real expenditure; needs the extra `charts`."""
        import altair as alt

        from counterpoise._version import __version__

        rows = self.table()
        first = rows[0]
        title = alt.Title(
            f"{first['economy']} is hit hardest: {first['welfare %']:+.2g} per cent of real expenditure",
            subtitle=f"theta {self.theta:g}, deficits {self.deficits}, n = {len(rows)}, one setting without an "
            f"interval; counterpoise {__version__}",
        )
        return (
            alt.Chart(alt.Data(values=rows), title=title)
            .mark_bar()
            .encode(
                x=alt.X("welfare %:Q", title="change of real expenditure, per cent"),
                y=alt.Y("economy:N", title=None, sort=[row["economy"] for row in rows]),
                tooltip=[alt.Tooltip("economy:N"), *(alt.Tooltip(f"{name} %:Q", format=".3g") for name in MEASURES)],
            )
        )


def counterfactual(
    flows: Any, cost_change: Any = None, *, theta: float = 4.0, deficits: Deficits = "additive"
) -> TradeResult:
    """What a change of trade costs does to welfare, wages, prices and flows of every economy, in per cent.

    `flows` are yearly values by exporter and importer in one currency, sales at home included: a long table
    (`exporter`, `importer`, `value`), a square table by label, a DataArray or a mapping of pairs; pairs left out are
    zero. `cost_change` likewise (`cost_factor`): 1 leaves a cost, `inf` is an embargo, pairs left out are 1. `theta`
    is the trade elasticity `sigma - 1 > 0`. Deficits: `additive` keep their value in world output, which is the
    numeraire; `multiplicative` keeps expenditure over income, balanced over the world; `zero` measures the change
    from the balanced equilibrium.

    Raises `InputError` and `SolveError` (`E203`, `E204`, `E300` to `E309`) with every fault at once.

    Assumes one sector, one factor, no adjustment cost: the long run. Method: keys `dekle2007`, `costinot2014`.

    >>> world = {("A", "A"): 8, ("A", "B"): 2, ("B", "A"): 2, ("B", "B"): 8}
    >>> result = counterfactual(world, {("A", "B"): float("inf"), ("B", "A"): float("inf")}, theta=4)
    >>> {name: round(value, 6) for name, value in result.body()["welfare"].items()}
    {'A': -5.425839, 'B': -5.425839}
    """
    faults = theta_faults(theta)
    pairs = pairs_of(flows, "value", "flows", faults)
    changes = [] if cost_change is None else pairs_of(cost_change, "cost_factor", "cost changes", faults)
    return _answer(align(pairs, changes, faults), float(theta), deficits, Meta(cites=CITES))


def counterfactual_from_files(
    flows_path: str | Path, change_path: str | Path, *, theta: float = 4.0, deficits: Deficits = "additive"
) -> TradeResult:
    """What the cost changes of one CSV file do to the flows of another; see `counterfactual`.

    `flows_path` has the columns `exporter,importer,value`, `change_path` has `exporter,importer,cost_factor`. Faults
    of both files and of `theta` are raised together, with file and line.
    """
    faults: list[Fault] = theta_faults(theta)
    paths = Path(flows_path), Path(change_path)
    pairs = read_pairs(paths[0], "value", faults)
    changes = read_pairs(paths[1], "cost_factor", faults, infinite=True)
    if faults and not pairs:
        raise InputError(faults)
    question = align(pairs, changes, faults)
    meta = Meta(inputs={str(path): hash_file(path) for path in paths}, cites=CITES)
    return _answer(question, float(theta), deficits, meta)


def _answer(question: Question, theta: float, deficits: Deficits, meta: Meta) -> TradeResult:
    found = solve(question.flows, question.cost_change, theta, deficits, names=question.economies)
    return TradeResult(
        economies=question.economies,
        welfare=found.welfare,
        real_wage=found.real_wage,
        nominal_wage=found.nominal_wage,
        price_index=found.price_index,
        before=found.before,
        after=found.after,
        listed=question.listed,
        iterations=int(found.iterations),
        residual=float(found.residual),
        theta=theta,
        deficits=deficits,
        meta=meta,
    )

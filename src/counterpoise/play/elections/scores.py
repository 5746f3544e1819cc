"""Forecasts of votes scored against what happened: Brier and log score of the sides, CRPS of the shares."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from counterpoise._errors import InputError, fault
from counterpoise._result import Meta, Result
from counterpoise.play.elections.forecast import CITES, OTHER, WEST, ElectionForecast, forecast_election
from counterpoise.region.draws import triangular

if TYPE_CHECKING:
    from counterpoise.region import Region

Array = np.ndarray[Any, np.dtype[Any]]
# A chance of nought or one would cost an infinite log score for want of draws.
FLOOR = 1e-4


@dataclass
class ElectionScore(Result):
    """What a forecast said of a vote and what it was worth: lower is better for every score.

    `brier` and `log_score` judge the chance of the side that governs, over two sides; a forecast that knows nothing has
    0.25 and 0.69. `crps` judges the share of each list, in points of the vote. One vote is one trial.
    """

    forecast: ElectionForecast
    as_of: str
    outcome: str
    chance: float
    brier: float
    log_score: float
    crps: dict[str, float]
    within_90: dict[str, bool]
    seats_missed: dict[str, float]
    meta: Meta = field(default_factory=Meta)

    def body(self) -> dict[str, Any]:
        return {
            "election": self.forecast.election.id,
            "as_of": self.as_of,
            "outcome": self.outcome,
            "chance_of_outcome": self.chance,
            "brier": self.brier,
            "log_score": self.log_score,
            "crps": self.crps,
            "within_90": self.within_90,
            "seats_missed": self.seats_missed,
            "turn_reversed": self.forecast.turn_reversed,
        }

    def table(self) -> list[dict[str, Any]]:
        return [
            {
                "list": name,
                "CRPS, points": crps,
                "inside 90 %": self.within_90[name],
                "seats missed": self.seats_missed[name],
            }
            for name, crps in self.crps.items()
        ]

    @property
    def plot(self) -> Any:
        return self.forecast.plot


def score_election(
    region: Region, election: str, *, as_of: str | date, draws: int = 10_000, seed: int = 0
) -> ElectionScore:
    """What the forecast of a vote as of a day was worth, once the result is known.

    The forecast sees only what was known on the day; the result is read from the region as it is. Raises what
    `forecast_election` does, and `InputError` (`E906`) where the vote has no result with seats.
    """
    made = forecast_election(region, election, as_of=as_of, draws=draws, seed=seed)
    vote = made.election
    results = {
        row.party: row
        for row in region.rows("results")
        if (row.country, row.election) == (vote.country, vote.date) and row.party and row.share is not None
    }
    if not any(row.seats for row in results.values()):
        rule, fix = "a forecast is scored against a result with seats", "take an earlier election, or add the result"
        raise InputError([fault("E906", where=vote.id, found="no result on record", rule=rule, fix=fix)])
    side = _side_that_governs(region, results)
    chance = made.governs[WEST] if side else made.governs[OTHER]
    crps, within, missed = {}, {}, {}
    for index, name in enumerate(made.lists):
        if name in results:
            values, truth = made.shares[:, index], results[name].share
            crps[name] = crps_of(values, truth)
            low, high = np.quantile(values, (0.05, 0.95))
            within[name] = bool(low <= truth <= high)
            missed[name] = float(np.median(made.seats[:, index]) - (results[name].seats or 0))
    return ElectionScore(
        forecast=made,
        as_of=str(as_of),
        outcome=WEST if side else OTHER,
        chance=chance,
        brier=(1 - chance) ** 2,
        log_score=-math.log(max(chance, FLOOR)),
        crps=crps,
        within_90=within,
        seats_missed=missed,
        meta=region.meta(seed=seed, sources=made.meta.sources, cites=[*CITES, "gneiting2007"]),
    )


def _side_that_governs(region: Region, results: dict[str, Any]) -> bool:
    """Whether the list with most seats leans West, by the middle of its orientation."""
    first = max(results.values(), key=lambda row: row.seats or 0)
    party = next((row for row in region.rows("parties") if row.id == first.party), None)
    if party is None or party.orientation is None:
        rule, fix = "the list that won has an orientation", "fill it in parties.csv"
        raise InputError([fault("E906", where=first.party, found="no orientation", rule=rule, fix=fix)])
    low = party.orientation if party.orientation_low is None else party.orientation_low
    high = party.orientation if party.orientation_high is None else party.orientation_high
    return bool(triangular(np.array(0.5), low, party.orientation, high) > 0)


def crps_of(values: Array, truth: float) -> float:
    """The continuous ranked probability score of draws for one outcome, in their unit (key `gneiting2007`).

    >>> crps_of(np.array([1.0, 1.0]), 3.0)
    2.0
    """
    ordered = np.sort(np.asarray(values, float))
    count = len(ordered)
    spread = float(((2 * np.arange(1, count + 1) - count - 1) * ordered).sum()) / count**2
    return float(np.abs(ordered - truth).mean() - spread)

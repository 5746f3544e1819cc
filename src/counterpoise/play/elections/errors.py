"""How polls err: house, election and poll components of the error, weighed on a grid by the misses on record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from counterpoise.play.elections.polls import Miss, PollTaken

Array = np.ndarray[Any, np.dtype[Any]]

# Standard deviations that the components may have, in log odds; a half-normal prior weighs them.
GRID = (0.05, 0.15, 0.3, 0.5, 0.75, 1.0)
PRIOR_SCALE = 0.4
# The mean error of the governing list has a normal prior around none.
MEAN_SCALE = 0.4


@dataclass(frozen=True, slots=True)
class Components:
    """One point of the grid: standard deviation of house, of vote (or list in a vote), and of the single poll."""

    house: float
    vote: float
    poll: float
    weight: float


def fit_components(misses: Sequence[Miss], *, by_list: bool) -> tuple[Components, ...]:
    """Grid points with posterior weights (they add up to 1); without misses, the prior.

    `by_list`: the second component belongs to a list in a vote instead of to the vote, and there is no house component:
    the lists of one poll add up, so a house cannot err for all of them.
    """
    houses: tuple[float, ...] = (0.0,) if by_list else GRID
    points = [(house, vote, poll) for house, vote, poll in product(houses, GRID, GRID)]
    logs = np.array([_log_prior(point) + _log_evidence(misses, point, by_list) for point in points])
    weights = np.exp(logs - logs.max())
    weights /= weights.sum()
    return tuple(Components(*point, weight=float(weight)) for point, weight in zip(points, weights, strict=True))


def _log_prior(point: tuple[float, float, float]) -> float:
    return -0.5 * sum((value / PRIOR_SCALE) ** 2 for value in point)


def _covariance(
    houses: Sequence[str], votes: Sequence[str], point: Components | tuple[float, float, float], by_list: bool
) -> Array:
    house, vote, poll = (point.house, point.vote, point.poll) if isinstance(point, Components) else point
    same_house = np.array([[a == b for b in houses] for a in houses], float)
    same_vote = np.array([[a == b for b in votes] for a in votes], float)
    mean = 0.0 if by_list else MEAN_SCALE**2
    return mean + house**2 * same_house + vote**2 * same_vote + poll**2 * np.eye(len(houses))


def _labels(misses: Sequence[Miss], by_list: bool) -> tuple[list[str], list[str]]:
    votes = [f"{m.country} {m.election}{' ' + m.list if by_list else ''}" for m in misses]
    return [f"{m.country} {m.house}" for m in misses], votes


def _log_evidence(misses: Sequence[Miss], point: tuple[float, float, float], by_list: bool) -> float:
    if not misses:
        return 0.0
    cover = _covariance(*_labels(misses, by_list), point, by_list)
    errors = np.array([miss.error for miss in misses])
    _, logdet = np.linalg.slogdet(cover)
    return float(-0.5 * (logdet + errors @ np.linalg.solve(cover, errors)))


def combine(
    polls: Sequence[PollTaken],
    values: Sequence[float],
    leads: Sequence[float],
    drift: float,
    point: Components,
    *,
    past: Sequence[Miss] = (),
    by_list: bool = False,
) -> tuple[float, float]:
    """Mean and variance of the true value on the day of the vote, from polled values and how such polls have erred.

    Errors of the new polls are predicted from past ones of the same house; what changes before the vote adds
    `drift` squared a day, shared by polls as far as their leads overlap. Generalised least squares.
    """
    new_houses = [f"{poll.country} {poll.house}" for poll in polls]
    new_votes = [f"{poll.country} {poll.election}" for poll in polls]
    old_houses, old_votes = _labels(past, by_list)
    cover = _covariance([*old_houses, *new_houses], [*old_votes, *new_votes], point, by_list)
    count = len(past)
    expected = np.zeros(len(polls))
    spread = cover[count:, count:]
    if count:
        across = cover[count:, :count]
        gain = np.linalg.solve(cover[:count, :count], across.T).T
        expected = gain @ np.array([miss.error for miss in past])
        spread = spread - gain @ across.T
    days = np.asarray(leads, float)
    spread = spread + drift**2 * np.minimum(days[:, None], days[None, :])
    precise = np.linalg.solve(spread, np.ones(len(polls)))
    variance = 1 / precise.sum()
    return float(variance * (precise @ (np.asarray(values) + expected))), float(variance)

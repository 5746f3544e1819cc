"""Positions from roll calls alone: a dynamic item response model, so that an origin can have its own estimates.

`P(yes) = Phi(alpha_j + beta_j x_it)`: each vote has a threshold and a slope, each member a position that walks from
session to session. Fitted by variational EM (Imai, Lo and Olmsted 2016, key `imai2016`, after Martin and Quinn 2002,
key `martin2002`): pure functions on arrays, no sampling, no seed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from counterpoise._errors import SolveError, fault

Array = Any

ROUNDS, TOLERANCE = 500, 1e-4
# Prior variance of each vote's threshold and slope.
ITEM_VARIANCE = 1.0


@dataclass(frozen=True)
class IdealPoints:
    """`position` and `sd` (member, session), NaN outside a member's span; `threshold`, `slope` (vote,)."""

    position: Array
    sd: Array
    threshold: Array
    slope: Array
    rounds: int


def estimate_positions(
    member: Array,
    vote: Array,
    yes: Array,
    session: Array,
    *,
    step_variance: float = 0.1,
    prior_mean: Array | None = None,
    prior_variance: Array | None = None,
    anchor: int | None = None,
    span: Array | None = None,
) -> IdealPoints:
    """Positions of members by session from votes cast: `member`, `vote`, `yes` (cast,), `session` (vote,) as places.

    Abstentions are left out by the caller, or counted as no. `prior_mean` and `prior_variance` (member,) hold for a
    member's first session; `span` (member, 2) its first and last, by default those of its votes. `anchor` is a member
    whose mean position is made positive. Only votes given are used, so votes up to an origin give that origin's
    positions.

    Raises `SolveError` E970 (no votes, or it does not settle).
    """
    members, votes, sessions = int(member.max(initial=-1)) + 1, len(session), int(session.max(initial=-1)) + 1
    if len(member) == 0:
        raise _refuse("no votes cast", "each vote cast is a row")
    sign = np.where(yes, 1.0, -1.0)
    when = session[vote]
    first, last = _span(member, when, members, sessions) if span is None else np.asarray(span).T
    start = np.zeros(members) if prior_mean is None else np.asarray(prior_mean, float)
    start_variance = np.ones(members) if prior_variance is None else np.asarray(prior_variance, float)
    cell = member * sessions + when
    live = (np.arange(sessions) >= first[:, None]) & (np.arange(sessions) <= last[:, None])
    position = np.where(live, _first_guess(member, vote, sign, members, votes, start)[:, None], 0.0)
    variance = np.where(live, 1.0, 0.0)

    def one_round(x: Array, v: Array, items: tuple[Array, Array]) -> tuple[Array, Array, tuple[Array, Array]]:
        """Votes given members, then members given votes: positions, variances, and the items' thresholds and slopes."""
        x, v = x.ravel()[cell], v.ravel()[cell]
        threshold, slope, covariance = _items(vote, votes, x, v, sign, items)
        hidden = _truncated_mean(threshold[vote] + slope[vote] * x, sign)
        # Members: a Kalman smoother on the votes of each session.
        square = slope**2 + covariance[:, 1]
        both = threshold * slope + covariance[:, 0]
        precision = np.bincount(cell, square[vote], members * sessions).reshape(members, sessions)
        pull = np.bincount(cell, (slope[vote] * hidden - both[vote]), members * sessions).reshape(members, sessions)
        x, v = _smooth(precision, pull, first, last, start, start_variance, step_variance)
        return x, v, (threshold, slope)

    items = np.zeros(votes), np.zeros(votes)
    rounds, stride = 0, 1.0
    while rounds < ROUNDS:
        # Two plain rounds, then a leap along the way that they went: the scale of positions settles slowly otherwise.
        near, near_variance, items = one_round(position, variance, items)
        far, far_variance, items = one_round(near, near_variance, items)
        rounds += 2
        step, bend = near - position, far - 2 * near + position
        if np.abs(far - near).max() < TOLERANCE:
            position, variance = far, far_variance
            break
        size = np.sqrt((bend**2).sum())
        leap = np.sqrt((step**2).sum()) / size if size > 0 else 1.0
        if leap > 1.0:
            leap = min(leap, stride)
            stride = 4 * stride if leap == stride else stride
            position = np.where(live, position + 2 * leap * step + leap**2 * bend, 0.0)
        else:
            position = far
        variance = far_variance
    else:
        raise _refuse(f"positions still move by over {TOLERANCE} after {ROUNDS} rounds", "the rounds settle")
    threshold, slope = items
    if anchor is not None and position[anchor][live[anchor]].mean() < 0:
        position, slope = -position, -slope
    return IdealPoints(
        np.where(live, position, np.nan), np.where(live, np.sqrt(variance), np.nan), threshold, slope, rounds
    )


def _span(member: Array, when: Array, members: int, sessions: int) -> tuple[Array, Array]:
    """The first and last session in which each member voted."""
    first, last = np.full(members, sessions), np.full(members, -1)
    np.minimum.at(first, member, when)
    np.maximum.at(last, member, when)
    return first, last


def _items(
    vote: Array, votes: int, x: Array, v: Array, sign: Array, items: tuple[Array, Array]
) -> tuple[Array, Array, Array]:
    """Thresholds, slopes, two covariances of each vote: a ridge regression of hidden utilities, `E[x^2] = x^2 + v`."""
    hidden = _truncated_mean(items[0][vote] + items[1][vote] * x, sign)
    s00 = np.bincount(vote, minlength=votes) + 1 / ITEM_VARIANCE
    s01 = np.bincount(vote, x, votes)
    s11 = np.bincount(vote, x * x + v, votes) + 1 / ITEM_VARIANCE
    t0, t1 = np.bincount(vote, hidden, votes), np.bincount(vote, hidden * x, votes)
    determinant = s00 * s11 - s01**2
    threshold, slope = (s11 * t0 - s01 * t1) / determinant, (s00 * t1 - s01 * t0) / determinant
    return threshold, slope, np.stack([-s01 / determinant, s00 / determinant], axis=1)


def _truncated_mean(mean: Array, sign: Array) -> Array:
    """Mean of a unit normal about `mean` that is known to have this sign."""
    from scipy.special import log_ndtr

    z = sign * mean
    return mean + sign * np.exp(-0.5 * z**2 - 0.5 * np.log(2 * np.pi) - log_ndtr(z))


def _first_guess(member: Array, vote: Array, sign: Array, members: int, votes: int, prior: Array) -> Array:
    """The leading direction of who votes with whom, its sign set by the prior means where these differ."""
    table = np.zeros((members, votes), np.float32)
    table[member, vote] = sign
    cast = np.maximum((table != 0).sum(axis=0), 1)
    table = np.where(table != 0, table - table.sum(axis=0) / cast, 0.0)
    together = table @ table.T
    shared = np.maximum((table != 0).astype(np.float32) @ (table != 0).astype(np.float32).T, 1)
    guess = np.linalg.eigh((together / shared).astype(float))[1][:, -1]
    guess = (guess - guess.mean()) / max(guess.std(), 1e-9)
    return -guess if guess @ (prior - prior.mean()) < 0 else guess


def _smooth(
    precision: Array, pull: Array, first: Array, last: Array, start: Array, start_variance: Array, step: float
) -> tuple[Array, Array]:
    """Means and variances of random walks given each session's information, all members at once."""
    members, sessions = precision.shape
    mean, variance = np.zeros((members, sessions)), np.zeros((members, sessions))
    ahead_mean, ahead_variance = np.zeros((members, sessions)), np.ones((members, sessions))
    m, v = start.copy(), start_variance.copy()
    for now in range(sessions):
        inside = (now >= first) & (now <= last)
        begins = now == first
        ahead_mean[:, now] = np.where(begins, start, m)
        ahead_variance[:, now] = np.where(begins, start_variance, v + step)
        v = np.where(inside, 1 / (1 / ahead_variance[:, now] + precision[:, now]), v)
        m = np.where(inside, v * (ahead_mean[:, now] / ahead_variance[:, now] + pull[:, now]), m)
        mean[:, now], variance[:, now] = m, v
    for now in range(sessions - 2, -1, -1):
        inside = (now >= first) & (now < last)
        gain = variance[:, now] / ahead_variance[:, now + 1]
        back = mean[:, now] + gain * (mean[:, now + 1] - ahead_mean[:, now + 1])
        spread = variance[:, now] + gain**2 * (variance[:, now + 1] - ahead_variance[:, now + 1])
        mean[:, now] = np.where(inside, back, mean[:, now])
        variance[:, now] = np.where(inside, spread, variance[:, now])
    outside = (np.arange(sessions) < first[:, None]) | (np.arange(sessions) > last[:, None])
    return np.where(outside, 0.0, mean), np.where(outside, 0.0, variance)


def _refuse(found: str, rule: str) -> SolveError:
    return SolveError(
        [fault("E970", where="roll calls", found=found, rule=rule, fix="check the votes, or leave out empty sessions")]
    )

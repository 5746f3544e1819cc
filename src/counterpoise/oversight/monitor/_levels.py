"""Whether a count is unusual: against the years before, against how much is recorded, and never on a handful."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import numpy as np

from counterpoise.oversight.monitor._rules import Rules


def tail(count: int, total: int, share: float) -> float:
    """P(X >= count) for X binomial with `total` trials of chance `share`.

    >>> round(tail(3, 3, 0.5), 3), tail(0, 7, 0.2)
    (0.125, 1.0)
    """
    if count <= 0:
        return 1.0
    return min(
        1.0, math.fsum(math.comb(total, k) * share**k * (1 - share) ** (total - k) for k in range(count, total + 1))
    )


@dataclass(frozen=True, slots=True)
class Level:
    """A count in the window beside what the baseline leads to expect; `status` is alert, quiet or too few."""

    episodes: int
    expected: float
    per_year: float
    p_time: float
    p_volume: float
    status: str

    @property
    def p(self) -> float:
        return max(self.p_time, self.p_volume)


def level_on(day: date, days: Sequence[date], volume: Sequence[date], rules: Rules) -> Level:
    """The level on a day: episodes of the window against the baseline before it.

    Given the sum of both, the window's count is binomial if the rate has not changed: with the window's share of the
    time, and with its share of all that is recorded, so that denser recording is no alarm. The larger chance counts.
    """
    start = day - timedelta(days=rules.window_days)
    first = start - timedelta(days=rules.baseline_days)
    now, before = _between(days, start, day), _between(days, first, start)
    all_now, all_before = _between(volume, start, day), _between(volume, first, start)
    share = rules.window_days / (rules.window_days + rules.baseline_days)
    recorded = (all_now + 1) / (all_now + all_before + 2)
    p_time, p_volume = tail(now, now + before, share), tail(now, now + before, recorded)
    if now < rules.least_episodes:
        status = "too few"
    else:
        status = "alert" if max(p_time, p_volume) < rules.chance else "quiet"
    expected = before * rules.window_days / rules.baseline_days
    return Level(now, expected, before / rules.baseline_days * 365.25, p_time, p_volume, status)


def _between(days: Sequence[date], after: date, until: date) -> int:
    return bisect_right(days, until) - bisect_right(days, after)


def first_alert(since: date, until: date, days: Sequence[date], volume: Sequence[date], rules: Rules) -> date | None:
    """The first day after `since` on which the level stood at alert; a count can only rise on the day of an act."""
    at, end = bisect_right(days, since), bisect_right(days, until)
    return next((day for day in days[at:end] if level_on(day, days, volume, rules).status == "alert"), None)


@lru_cache(maxsize=512)
def false_alarm(rate_per_year: float, period_days: int, rules: Rules, *, members: int, seed: int) -> dict[str, Any]:
    """How often a quiet series of a rate gives an alert within a period of looks, by simulation.

    Episodes fall independently at one rate (`steady`), or come in bursts of two on average (`bursts`, gaps of a month
    within): what a region in which nothing changes would show. Shares of `members` series with their standard errors.
    """
    span = rules.window_days + rules.baseline_days + period_days
    end = date(2020, 1, 1)
    begin = end - timedelta(days=span)
    alarms = {"steady": 0, "bursts": 0}
    for member in range(members):
        rng = np.random.default_rng([seed, member])
        for kind in alarms:
            mean = rate_per_year * span / 365.25
            if kind == "steady":
                offsets = rng.uniform(0, span, rng.poisson(mean))
            else:
                leaders = rng.uniform(0, span, rng.poisson(mean / 2))
                followers = np.repeat(leaders, rng.poisson(1.0, len(leaders)))
                offsets = np.concatenate([leaders, followers + rng.uniform(0, 30, len(followers))])
            days = sorted(begin + timedelta(days=int(one)) for one in offsets if one < span)
            # All that is recorded: ten times as much, at one rate too.
            volume = sorted(begin + timedelta(days=int(one)) for one in rng.uniform(0, span, rng.poisson(10 * mean)))
            alarms[kind] += first_alert(end - timedelta(days=period_days), end, days, volume, rules) is not None
    return {
        kind: {"share": count / members, "standard_error": _error(count, members)} for kind, count in alarms.items()
    }


def _error(count: int, members: int) -> float:
    middle = (count + 2) / (members + 4)
    return math.sqrt(middle * (1 - middle) / (members + 4))

"""How far a guarantor's word is trusted: a Beta belief that remembers tests, forgets, and learns by scope."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from counterpoise._errors import Fault, InputError, fault

Array = np.ndarray[Any, np.dtype[Any]]

# How a year in which nobody tested the promise is read: as no news, or as a promise that deterred and so was kept.
Quiet = Literal["no_test", "kept"]


@dataclass(frozen=True, slots=True)
class Belief:
    """What is believed of a guarantor's word: `alpha` counts promises kept, `beta` promises broken, by draw."""

    alpha: Array
    beta: Array

    @property
    def credibility(self) -> Array:
        """The chance that the next test is honoured, in (0, 1).

        >>> float(Belief(np.array(3.0), np.array(1.0)).credibility)
        0.75
        """
        return np.asarray(self.alpha / (self.alpha + self.beta))

    @property
    def observations(self) -> Array:
        """How many tests the belief is worth."""
        return np.asarray(self.alpha + self.beta)

    @property
    def spread(self) -> Array:
        """The standard deviation of the belief about one guarantor's rate of honouring."""
        mean, size = self.credibility, self.observations
        return np.asarray(np.sqrt(mean * (1.0 - mean) / (size + 1.0)))


@dataclass(frozen=True, slots=True)
class Trial:
    """One test of a promise: `year` (2022.7), share `honoured` and scope `weight` in [0, 1], each may be drawn."""

    year: float
    honoured: ArrayLike
    weight: ArrayLike


def prior(rates: ArrayLike, pick: ArrayLike, observations: ArrayLike) -> Belief:
    """The belief before any test: one of the published rates by draw, worth so many observations.

    `rates` (rates,) in (0, 1); `pick` in [0, 1) chooses among them with equal chances; `observations` > 0.

    >>> start = prior([0.2, 0.8], [0.1, 0.9], 5.0)
    >>> start.alpha, start.beta
    (array([1., 4.]), array([4., 1.]))
    """
    table, where, size = (np.asarray(values, dtype=float) for values in (rates, pick, observations))
    _refuse(
        ("rates", table, (table > 0) & (table < 1), "published rates lie between 0 and 1, ends left out"),
        ("pick", where, (where >= 0) & (where < 1), "a pick lies in [0, 1)"),
        ("observations", size, (size > 0) & np.isfinite(size), "a prior is worth more than 0 observations"),
    )
    rate = table[(where * len(table)).astype(int)]
    return Belief(np.asarray(rate * size), np.asarray((1.0 - rate) * size))


def updated(
    belief: Belief, start: Belief, *, years: float, memory: ArrayLike, honoured: ArrayLike, weight: ArrayLike
) -> Belief:
    """The belief after `years` of forgetting and then one test.

        alpha_t = alpha_0 + memory^years (alpha - alpha_0) + weight honoured
        beta_t  = beta_0  + memory^years (beta  - beta_0)  + weight (1 - honoured)

    `memory` in (0, 1] is what a year leaves of the evidence; what fades is the evidence, never the prior `start`.
    A `weight` of 0 is no test. Method: METHODS, a discounted Beta-Bernoulli belief.

    >>> start = Belief(np.array(1.0), np.array(1.0))
    >>> after = updated(start, start, years=2.0, memory=0.9, honoured=0.0, weight=1.0)
    >>> float(after.alpha), float(after.beta)
    (1.0, 2.0)
    """
    keep, share, scope = (np.asarray(values, dtype=float) for values in (memory, honoured, weight))
    _refuse(
        ("years", np.asarray(years), np.asarray(years >= 0), "tests are taken in the order of their dates"),
        ("memory", keep, (keep > 0) & (keep <= 1), "memory is above 0 and at most 1"),
        ("honoured", share, (share >= 0) & (share <= 1), "the share honoured lies between 0 and 1"),
        ("weight", scope, (scope >= 0) & (scope <= 1), "a scope weight lies between 0 and 1"),
    )
    left = keep**years
    alpha = start.alpha + left * (belief.alpha - start.alpha) + scope * share
    beta = start.beta + left * (belief.beta - start.beta) + scope * (1.0 - share)
    return Belief(np.asarray(alpha), np.asarray(beta))


def believe(
    start: Belief,
    trials: Iterable[Trial],
    *,
    until: float,
    memory: ArrayLike,
    quiet: Quiet = "no_test",
    since: float = np.inf,
    quiet_weight: ArrayLike = 0.0,
) -> Belief:
    """The belief on a day (`until`, as a year with its fraction), after every earlier trial in the order of dates.

    A quiet year is `no_test`, since only doubted promises get tested; the other reading, `kept`, counts each whole
    year after `since` without a trial as a test that was honoured, of weight `quiet_weight`.
    """
    known = sorted((trial for trial in trials if trial.year <= until), key=lambda trial: trial.year)
    if quiet == "kept":
        known = sorted([*known, *_quiet_years(known, since, until, quiet_weight)], key=lambda trial: trial.year)
    belief, last = start, known[0].year if known else until
    for trial in known:
        belief = updated(
            belief, start, years=trial.year - last, memory=memory, honoured=trial.honoured, weight=trial.weight
        )
        last = trial.year
    return updated(belief, start, years=until - last, memory=memory, honoured=0.0, weight=0.0)


def _quiet_years(known: list[Trial], since: float, until: float, weight: ArrayLike) -> list[Trial]:
    tested = {int(trial.year) for trial in known}
    first = int(np.ceil(min(since, until)))
    return [Trial(year + 1.0, 1.0, weight) for year in range(first, int(until)) if year not in tested]


def _refuse(*checks: tuple[str, Array, Array, str]) -> None:
    """Refuse with `E204` every argument out of its bounds, all at once."""
    faults: list[Fault] = []
    for name, values, fine, rule in checks:
        if not np.all(fine):
            found = f"{np.asarray(values)[~np.asarray(fine)].flat[0]:g}"
            faults.append(fault("E204", where=name, found=found, rule=rule, fix="mend the range it is drawn from"))
    if faults:
        raise InputError(faults)

"""The rule of punishment fitted to its cases: wide priors, many short chains, the kernel's own hazard function."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from counterpoise.play.law import Patrons, punishment_hazard
from counterpoise.play.reaction.cases import Case

Array = np.ndarray[Any, np.dtype[Any]]

# The parameters in the order of a chain's state. `war` raises c0 from February 2022; `spread` is the standard
# deviation of c0 between states; `scale` is the orientation of one point of a step's magnitude.
NAMES = ("c0", "c1", "c2", "war", "spread", "scale")
# Prior: (shape, first, second). Normal mean and deviation; half-normal deviation; uniform ends.
PRIORS: dict[str, tuple[str, float, float]] = {
    "c0": ("normal", -2.5, 1.5),
    "c1": ("half", 0.0, 6.0),
    "c2": ("half", 0.0, 2.5),
    "war": ("normal", 0.0, 1.0),
    "spread": ("half", 0.0, 1.0),
    "scale": ("uniform", 0.02, 0.06),
}
# One reader who knew the outcomes wrote steps and triggers: each case counts half of an independent one.
WEIGHT = 0.5
# The distance of the usual place from the patron; only differences from it enter.
USUAL = 1.0
CHAINS, BURN_IN, KEPT = 48, 800, 1500
THIN = 10
# Gauss-Hermite nodes for what differs between states.
NODES = 7
CITES = ("betancourt2018", "roberts1997")


@dataclass(frozen=True, slots=True)
class Fit:
    """Draws of the posterior (draw, parameter in the order of `NAMES`) and of the prior, and how well it mixed."""

    draws: Array
    prior: Array
    accepted: float
    rhat: dict[str, float]
    cases: int
    effective: float

    def contraction(self, name: str) -> float:
        """1 - posterior variance / prior variance: 0 where the cases say nothing, 1 where they say all."""
        index = NAMES.index(name)
        return float(1 - self.draws[:, index].var() / self.prior[:, index].var())


def fit_punishment(cases: Sequence[Case], *, seed: int = 0, weight: float = WEIGHT) -> Fit:
    """Draws of `c0`, `c1`, `c2` and their company given the cases, by random-walk Metropolis in many chains at once.

    Each case is a Bernoulli trial of the kernel's yearly hazard, weighted; `c0` differs between states by a normal
    effect that is integrated out. Same seed, same draws.

    Method: optimal scaling of the walk after `roberts1997`; contraction after `betancourt2018`.
    """
    rng = np.random.default_rng(seed)
    prior = draw_prior(rng, 20_000)
    study = _Study(cases, weight)
    current = draw_prior(rng, CHAINS)
    level = study.log_posterior(current)
    step = 2.38 / np.sqrt(len(NAMES))
    cover = np.diag(prior.var(0)) * 0.05
    kept, accepted, proposed = [], 0, 0
    for turn in range(BURN_IN + KEPT):
        if turn < BURN_IN and turn and turn % 100 == 0:
            # All chains learn one shape for their steps while they warm up, and keep it afterwards.
            cover = np.cov(current.T) + 1e-6 * np.eye(len(NAMES))
        moved = current + step * rng.standard_normal(current.shape) @ np.linalg.cholesky(cover).T
        there = study.log_posterior(moved)
        take = np.log(rng.random(CHAINS)) < there - level
        current = np.where(take[:, None], moved, current)
        level = np.where(take, there, level)
        if turn >= BURN_IN:
            accepted, proposed = accepted + int(take.sum()), proposed + CHAINS
            if turn % THIN == 0:
                kept.append(current)
    chains = np.stack(kept, axis=1)
    return Fit(
        draws=chains.reshape(-1, len(NAMES)),
        prior=prior,
        accepted=accepted / proposed,
        rhat={name: _rhat(chains[:, :, index]) for index, name in enumerate(NAMES)},
        cases=len(cases),
        effective=weight * sum(case.share for case in cases),
    )


def draw_prior(rng: np.random.Generator, count: int) -> Array:
    """Draws of the prior, shape (count, parameter)."""
    columns = []
    for shape, first, second in PRIORS.values():
        if shape == "uniform":
            columns.append(rng.uniform(first, second, count))
        else:
            values = second * rng.standard_normal(count)
            columns.append(first + values if shape == "normal" else np.abs(values))
    return np.column_stack(columns)


def log_prior(states: Array) -> Array:
    """Log density of the prior up to a constant, shape (chain,); minus infinity outside."""
    total = np.zeros(len(states))
    for index, (shape, first, second) in enumerate(PRIORS.values()):
        value = states[:, index]
        if shape == "uniform":
            total = np.where((value >= first) & (value <= second), total, -np.inf)
        else:
            total = total - 0.5 * ((value - first) / second) ** 2
            total = np.where((value < 0) & (shape == "half"), -np.inf, total)
    return total


class _Study:
    """The cases as arrays, and the log posterior of many parameter sets at once."""

    def __init__(self, cases: Sequence[Case], weight: float) -> None:
        cases = sorted(cases, key=lambda case: case.state)
        # Where the cases of each state begin, for sums over them.
        self.begins = [n for n, case in enumerate(cases) if n == 0 or case.state != cases[n - 1].state]
        self.magnitude = np.array([case.magnitude for case in cases])
        self.excess = np.array([case.excess for case in cases])
        self.war = np.array([case.war for case in cases], float)
        self.punished = np.array([case.punished for case in cases])
        self.weight = weight * np.array([case.share for case in cases])
        nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
        self.nodes, self.log_node = nodes, np.log(weights / weights.sum())

    def log_posterior(self, states: Array) -> Array:
        prior = log_prior(states)
        inside = np.isfinite(prior)
        result = np.full(len(states), -np.inf)
        if inside.any():
            result[inside] = prior[inside] + self._log_likelihood(states[inside])
        return result

    def _log_likelihood(self, states: Array) -> Array:
        c0, c1, c2, war, spread, scale = (states[:, index, None, None] for index in range(len(NAMES)))
        base = c0 + war * self.war[None, :, None] + spread * self.nodes[None, None, :]
        chance = hazard(base, c1, c2, scale, self.magnitude[None, :, None], self.excess[None, :, None])
        told = np.where(self.punished[None, :, None], np.log(chance + 1e-300), np.log1p(-chance + 1e-16))
        told = told * self.weight[None, :, None]
        # Sum over the cases of each state at each node, then over the nodes.
        by_state = np.add.reduceat(told, self.begins, axis=1) + self.log_node
        top = by_state.max(-1, keepdims=True)
        return (top[..., 0] + np.log(np.exp(by_state - top).sum(-1))).sum(-1)


def hazard(c0: Array, c1: Array, c2: Array, scale: Array, magnitude: Array, excess: Array) -> Array:
    """The kernel's yearly hazard for a step of a magnitude that ends `excess` beyond the usual place; same shapes."""
    c0, c1, c2, scale, magnitude, excess = np.broadcast_arrays(c0, c1, c2, scale, magnitude, excess)
    ends = USUAL + scale * excess
    zero, one = np.zeros(c0.shape)[..., None], np.ones(c0.shape)[..., None]
    patron = Patrons(
        position=zero,
        exposure=zero,
        loss_ratio=zero,
        benefit=zero,
        c0=c0[..., None],
        c1=c1[..., None],
        c2=c2[..., None],
        tolerance=USUAL * one,
        bandwidth=one,
    )
    return np.asarray(punishment_hazard(patron, ends - scale * magnitude, ends[..., None, None])[..., 0, 0])


def _rhat(chains: Array) -> float:
    """Split R-hat of one parameter over chains (chain, draw): 1 where chains agree."""
    half = chains.shape[1] // 2
    parts = np.concatenate([chains[:, :half], chains[:, half : 2 * half]])
    within = parts.var(1, ddof=1).mean()
    between = parts.mean(1).var(ddof=1) * half
    return float(np.sqrt(((half - 1) / half * within + between / half) / within))

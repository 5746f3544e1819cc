"""Whether a fit may be used: convergence of chains, and how far a normal stands from the posterior it replaces."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from counterpoise._errors import SolveError, fault

Array = Any

# Limits: Vehtari et al. 2021 for R-hat and effective draws, Vehtari et al. 2024 for the tail of importance weights.
MOST_RHAT, FEWEST_EFFECTIVE, MOST_DIVERGENT, WORST_TAIL = 1.05, 100.0, 0.01, 0.7


@dataclass(frozen=True)
class Diagnosis:
    """What was checked; unknown is NaN where the sampler has no such check."""

    rhat: float
    effective: float
    divergent: float
    tail: float

    def to_dict(self) -> dict[str, float]:
        return asdict(self)


def check_laplace(weights: Array, *, where: str) -> Diagnosis:
    """The tail index of importance weights; over 0.7 the normal is no stand-in for the posterior: E962."""
    tail = tail_index(weights)
    effective = float(weights.sum() ** 2 / (weights**2).sum())
    if not tail < WORST_TAIL:
        raise SolveError(
            [
                fault(
                    "E962",
                    where=where,
                    found=f"tail index {tail:.2f} of the importance weights, {effective:.0f} effective draws",
                    rule=f"a normal may stand for the posterior where the index is under {WORST_TAIL}",
                    fix="draw with --sampler nuts, or fit on more years",
                )
            ]
        )
    return Diagnosis(float("nan"), effective, float("nan"), tail)


def check_nuts(chains: Array, divergences: int, *, where: str) -> Diagnosis:
    """R-hat, effective draws and divergences of chains (chain, draw, parameter); a bad one is refused: E963."""
    rhat = float(np.max([split_rhat(chains[..., place]) for place in range(chains.shape[-1])]))
    effective = float(np.min([effective_draws(chains[..., place]) for place in range(chains.shape[-1])]))
    divergent = divergences / (chains.shape[0] * chains.shape[1])
    bad = []
    if not rhat <= MOST_RHAT:
        bad.append(("R-hat", rhat, f"at most {MOST_RHAT}"))
    if not effective >= FEWEST_EFFECTIVE:
        bad.append(("effective draws", effective, f"at least {FEWEST_EFFECTIVE:.0f}"))
    if not divergent <= MOST_DIVERGENT:
        bad.append(("divergent share", divergent, f"at most {MOST_DIVERGENT}"))
    if bad:
        raise SolveError(
            [
                fault(
                    "E963",
                    where=where,
                    found=f"{name} {value:.3g}",
                    rule=f"{name} is {limit}",
                    fix="draw longer chains, or fit on more years",
                )
                for name, value, limit in bad
            ]
        )
    return Diagnosis(rhat, effective, divergent, float("nan"))


def tail_index(weights: Array) -> float:
    """Shape of a generalised Pareto fitted to the largest fifth of the weights (Zhang and Stephens 2009).

    Key `vehtari2024` for its use; constant weights have no tail and give minus infinity.
    """
    ordered = np.sort(weights)
    count = int(min(0.2 * len(weights), 3 * np.sqrt(len(weights))))
    if count < 5:
        return float("nan")
    excess = ordered[-count:] - ordered[-count - 1]
    if not excess[-1] > 0:
        return float("-inf")
    excess = np.maximum(excess, 1e-12 * excess[-1])
    tries = 30 + int(np.sqrt(count))
    b = 1 - np.sqrt(tries / (np.arange(1, tries + 1) - 0.5))
    b = b / (3 * excess[int(count / 4 + 0.5) - 1]) + 1 / excess[-1]
    k = np.log1p(-b[:, None] * excess).mean(axis=1)
    length = count * (np.log(-(b / k)) - k - 1)
    weight = np.exp(length - length.max())
    best = (b * weight).sum() / weight.sum()
    shape = float(np.log1p(-best * excess).mean())
    # The weak prior of the method's users: ten observations at one half.
    return (shape * count + 0.5 * 10) / (count + 10)


def split_rhat(draws: Array) -> float:
    """Spread between half-chains over spread within, (chain, draw); 1 where all agree (key `vehtari2021`)."""
    half = draws.shape[1] // 2
    parts = np.concatenate([draws[:, :half], draws[:, half : 2 * half]])
    within = parts.var(axis=1, ddof=1).mean()
    between = half * parts.mean(axis=1).var(ddof=1)
    return float(np.sqrt(((half - 1) / half * within + between / half) / within)) if within > 0 else float("nan")


def effective_draws(draws: Array) -> float:
    """How many independent draws the chains (chain, draw) are worth: Geyer's initial positive sequence."""
    chains, n = draws.shape
    centred = draws - draws.mean(axis=1, keepdims=True)
    size = 2 ** int(np.ceil(np.log2(2 * n)))
    spectrum = np.fft.rfft(centred, size, axis=1)
    covariance = np.fft.irfft(spectrum * np.conj(spectrum), size, axis=1)[:, :n].mean(axis=0) / n
    within = draws.var(axis=1, ddof=1).mean()
    total = (n - 1) / n * within + draws.mean(axis=1).var(ddof=1) if chains > 1 else within
    if not total > 0:
        return float("nan")
    rho = 1 - (within - covariance) / total
    tau, lag = 1.0, 1
    while lag + 1 < n and rho[lag] + rho[lag + 1] > 0:
        tau += 2 * (rho[lag] + rho[lag + 1])
        lag += 2
    return float(chains * n / max(tau, 1.0))

"""Fitting the law: the most probable parameters and their spread, from pairs of a panel that ends at the origin."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from counterpoise._errors import SolveError, fault
from counterpoise.history import motion
from counterpoise.history.diagnose import tail_index
from counterpoise.history.targets import Target

Array = Any

HORIZONS = (1, 2, 3, 5)
# Sessions that features need before a pair counts; pairs that a fit at an origin draws from those at hand.
WARM_UP, MOST_PAIRS = 3, 1000
# A pair loses so much of its weight for each year of age: sessions differ in how calm they are.
FORGETTING = 0.1
FEWEST_PAIRS = 100
STEPS = 120
# The largest gradient of the log posterior, in prior standard deviations, that counts as converged.
FLAT = 1.0
# Degrees of freedom of the proposal from which posterior draws are weighted.
TAILS = 8.0
# Rounds of proposals at most; draws whose weights have a tail index under this are good enough, once their effective
# number is this share of one round's.
MOST_ROUNDS, GOOD_TAIL, ENOUGH = 8, 0.65, 0.75
PHI = motion.NAMES.index("phi")
# Half-normal prior of phi, and where its posterior is evaluated.
PHI_SD, PHI_GRID = 0.5, np.array([0.0, 0.1, 0.25, 0.5, 0.9, 1.5, 3.0])


@dataclass(frozen=True)
class Fit:
    """Parameters of the law at an origin: `raw` most probable without pull, `phi` its posterior mean and spread."""

    raw: Array
    phi: float
    phi_low: float
    phi_high: float
    pairs: int
    steps: int
    gradient: float
    phi_likelihood: Array

    def draw_phi(self, rng: np.random.Generator, draws: int) -> Array:
        """Draws of phi from its posterior given the other parameters."""
        fine, weight = phi_posterior(self.phi_likelihood)
        return rng.choice(fine, draws, p=weight)

    @property
    def no_pull(self) -> motion.Parameters:
        return motion.parameters(self.raw)

    @property
    def full(self) -> motion.Parameters:
        return self.no_pull._replace(phi=self.phi)


def pairs_of(target: Target, client: Array, year: Array, *, without: str | None = None) -> motion.Pairs:
    """The law's input for pairs of a state and an origin, by their places; `without` leaves a channel out."""
    known = target.features
    tie = target.ties.total(without=without)[:, client, year].T
    patron = target.ties.position[:, year].T
    # A patron without a position in a year cannot pull then.
    tie, patron = np.where(np.isfinite(patron), tie, 0.0), np.where(np.isfinite(patron), patron, 0.0)
    return motion.Pairs(
        value=known.value[client, year],
        last=known.last[client, year],
        neighbours=known.neighbours[client, year],
        implied=known.implied[client, year],
        slow=known.slow[client, year],
        log_long=np.log(known.long_volatility[client, year]),
        log_recent=np.log(known.recent_volatility[client, year]),
        log_error=np.log(known.error[client, year]),
        tie=tie,
        patron=patron,
    )


def choose_pairs(target: Target, rng: np.random.Generator, most: int = MOST_PAIRS) -> tuple[Array, Array, Array]:
    """Places of clients and years with what came 1, 2, 3 and 5 years later, within the panel: a random part of all."""
    value = target.features.value
    last = value.shape[1] - 1
    client, year = np.nonzero(np.isfinite(value[:, :last]) & np.isfinite(target.features.long_volatility[:, :last]))
    keep = year >= WARM_UP
    client, year = client[keep], year[keep]
    later = np.stack(
        [np.where(year + h <= last, value[client, np.minimum(year + h, last)], np.nan) for h in HORIZONS], axis=1
    )
    some = np.isfinite(later).any(axis=1)
    client, year, later = client[some], year[some], later[some]
    if len(client) < FEWEST_PAIRS:
        raise SolveError(
            [
                fault(
                    "E960",
                    where=f"fit on rows up to {target.years[-1]}",
                    found=f"{len(client)} pairs of a state and an origin",
                    rule=f"a fit needs at least {FEWEST_PAIRS} pairs, {WARM_UP} sessions into the panel",
                    fix="begin the back-test later, or give a longer panel",
                )
            ]
        )
    chosen = rng.permutation(len(client))[:most]
    return client[chosen], year[chosen], later[chosen]


@cache
def _engine() -> dict[str, Any]:
    """Compiled likelihoods on JAX in double precision."""
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    prior = jnp.asarray(motion.PRIOR[:PHI])

    def likelihood(raw: Array, phi: Array, pairs: Any, later: Array, weight: Array) -> Array:
        theta = motion.parameters(jnp.concatenate([raw, jnp.zeros(1)]), xp=jnp)._replace(phi=phi)
        each = motion.log_predictive(pairs, theta, later, HORIZONS, xp=jnp, scan=jax.lax.scan)
        return jnp.sum(jnp.where(weight > 0, each, 0.0) * weight)

    def minus_log_posterior(raw: Array, pairs: Any, later: Array, weight: Array) -> Array:
        prior_part = 0.5 * jnp.sum(((raw - prior[:, 0]) / prior[:, 1]) ** 2)
        return prior_part - likelihood(raw, jnp.zeros(()), pairs, later, weight)

    return {
        "value_and_grad": jax.jit(jax.value_and_grad(minus_log_posterior)),
        "likelihood": jax.jit(likelihood),
        "hessian": jax.jit(jax.hessian(minus_log_posterior)),
        "minus_log_posterior": minus_log_posterior,
        "full_likelihood": likelihood,
        "array": jnp.asarray,
    }


def padded(target: Target, client: Array, year: Array, later: Array, size: int) -> tuple[Any, Any, Any]:
    """Pairs padded to one size, so that every origin runs the same compiled code, and the weight of each horizon.

    The four horizons of a pair share one weight: their outcomes overlap (a composite likelihood). Older pairs weigh
    less; all together weigh as many as they are. Padding weighs nil.
    """
    age = year.max() - year
    worth = (1 - FORGETTING) ** age
    worth = np.concatenate([worth / worth.mean(), np.zeros(max(0, size - len(client)))])
    place = np.concatenate([np.arange(len(client)), np.zeros(max(0, size - len(client)), int)])
    pairs = pairs_of(target, client[place], year[place])
    mask = np.isfinite(later)[place]
    mask[len(client) :] = False
    filled = np.where(mask, later[place], pairs.value[:, None])
    array = _engine()["array"]
    return motion.Pairs(*[array(part) for part in pairs]), array(filled), array(mask * worth[:, None] / len(HORIZONS))


def without_ties(pairs: motion.Pairs) -> motion.Pairs:
    """The same pairs without any patron, so that the pull need not be computed where it is nil."""
    return pairs._replace(tie=pairs.tie[:, :0], patron=pairs.patron[:, :0])


def fit_law(target: Target, rng: np.random.Generator, *, warm: Array | None = None, most: int = MOST_PAIRS) -> Fit:
    """The law's most probable parameters on a panel that ends at the origin, then the posterior of `phi` given them.

    `warm` is a raw vector to start from. Raises `SolveError` E960 (too few pairs) and E961 (did not converge).
    """
    engine = _engine()
    client, year, later = choose_pairs(target, rng, most)
    pairs, filled, weight = padded(target, client, year, later, most)
    raw, steps, steepest = most_probable(
        without_ties(pairs), filled, weight, warm=warm, where=f"fit on rows up to {target.years[-1]}"
    )
    likelihood = np.array([float(engine["likelihood"](raw[:PHI], phi, pairs, filled, weight)) for phi in PHI_GRID])
    fine, chance = phi_posterior(likelihood)
    low, high = np.interp([0.05, 0.95], np.cumsum(chance), fine)
    return Fit(raw, float(chance @ fine), float(low), float(high), len(client), steps, steepest, likelihood)


def most_probable(
    bare: Any, filled: Any, weight: Any, *, where: str, warm: Array | None = None
) -> tuple[Array, int, float]:
    """The raw vector of highest posterior density without pull, the steps taken, and the steepest gradient left."""
    from scipy.optimize import minimize

    engine = _engine()
    prior = motion.PRIOR[:PHI]
    begin = prior[:, 0] if warm is None else np.asarray(warm)[:PHI]

    def objective(scaled: Array) -> tuple[float, Array]:
        value, gradient = engine["value_and_grad"](scaled * prior[:, 1] + prior[:, 0], bare, filled, weight)
        return float(value), np.array(gradient) * prior[:, 1]

    options: Any = {"maxiter": STEPS, "ftol": 1e-8, "gtol": 1e-2}
    scaled: Any = (begin - prior[:, 0]) / prior[:, 1]
    done = minimize(objective, scaled, jac=True, method="L-BFGS-B", options=options)
    raw = np.append(done.x * prior[:, 1] + prior[:, 0], 0.0)
    steepest = float(np.abs(done.jac).max())
    if not (np.isfinite(raw).all() and steepest < FLAT):
        raise SolveError(
            [
                fault(
                    "E961",
                    where=where,
                    found=f"gradient {steepest:.3g} after {done.nit} steps",
                    rule=f"a fit ends where the log posterior is flat (gradient under {FLAT} per prior sd)",
                    fix="report this with the panel's years; a longer panel or other years may do",
                )
            ]
        )
    return raw, int(done.nfev), steepest


def phi_posterior(likelihood: Array) -> tuple[Array, Array]:
    """Values of phi and their chances under its half-normal prior, log likelihood interpolated between the grid's."""
    from scipy.interpolate import PchipInterpolator

    fine = np.linspace(0.0, PHI_GRID[-1], 3001)
    log = PchipInterpolator(PHI_GRID, likelihood)(fine) - 0.5 * (fine / PHI_SD) ** 2
    weight = np.exp(log - log.max())
    return fine, weight / weight.sum()


def laplace(
    target: Target, fit: Fit, rng: np.random.Generator, draws: int, *, most: int = MOST_PAIRS
) -> tuple[Array, Array]:
    """Raw draws (draw, parameter) from the normal about the most probable parameters, and their importance weights.

    `rng` is the fit's own generator anew, so that the same pairs are used. phi is left at nil.
    """
    client, year, later = choose_pairs(target, rng, most)
    pairs, filled, weight = padded(target, client, year, later, most)
    bare = without_ties(pairs)
    raw, weights = draw_about(fit.raw, bare, filled, weight, np.random.default_rng(rng.integers(2**32)), draws)
    return np.concatenate([raw, np.zeros((len(raw), 1))], axis=1), weights


def draw_about(
    middle: Array, bare: Any, filled: Any, weight: Any, rng: np.random.Generator, draws: int
) -> tuple[Array, Array]:
    """Draws about the most probable vector (draw, parameter without phi) and their importance weights.

    Rounds of so many `draws`, each from a t about the weighted draws so far; all count, weighted against the mixture
    of all proposals (adaptive multiple importance sampling, key `cornuet2012`).
    """
    engine = _engine()
    centre, root = middle[:PHI], spread_of(engine, middle, bare, filled, weight)
    raw, target, asked = np.empty((0, PHI)), np.empty(0), []
    while True:
        # A t rather than a normal, so that weights stay bounded.
        wide = np.sqrt(TAILS / rng.chisquare(TAILS, draws))[:, None]
        fresh = centre + (rng.standard_normal((draws, PHI)) * wide) @ root.T
        likely = np.array([float(engine["likelihood"](one, 0.0, bare, filled, weight)) for one in fresh])
        prior_part = 0.5 * (((fresh - motion.PRIOR[:PHI, 0]) / motion.PRIOR[:PHI, 1]) ** 2).sum(axis=1)
        raw, target = np.concatenate([raw, fresh]), np.concatenate([target, likely - prior_part])
        asked.append((centre, root))
        log = target - np.logaddexp.reduce([_log_proposal(raw, *one) for one in asked], axis=0)
        weights = np.exp(log - log.max())
        enough = weights.sum() ** 2 / (weights**2).sum() >= ENOUGH * draws
        if len(asked) == MOST_ROUNDS or (enough and tail_index(weights) < GOOD_TAIL):
            return raw, weights
        # The largest weights are cut for the proposal alone.
        share = np.minimum(weights, np.sort(weights)[-max(draws // 20, 2)])
        share /= share.sum()
        centre = share @ raw
        gone = raw - centre
        root = np.linalg.cholesky(0.75 * (gone * share[:, None]).T @ gone + 0.25 * root @ root.T)


def _log_proposal(raw: Array, centre: Array, root: Array) -> Array:
    """Log density of a multivariate t, but for a constant."""
    step = np.linalg.solve(root, (raw - centre).T)
    return -(TAILS + PHI) / 2 * np.log1p((step**2).sum(axis=0) / TAILS) - np.linalg.slogdet(root)[1]


def spread_of(engine: dict[str, Any], middle: Array, pairs: Any, later: Any, weight: Any) -> Array:
    """A square root of the inverse curvature at the fit, each direction at most as wide as the prior."""
    prior = motion.PRIOR[:PHI]
    curve = np.array(engine["hessian"](middle[:PHI], pairs, later, weight))
    scaled = curve * prior[:, 1] * prior[:, 1][:, None]
    value, vector = np.linalg.eigh((scaled + scaled.T) / 2)
    return (vector / np.sqrt(np.maximum(value, 1.0))) * prior[:, 1][:, None]


def nuts(
    target: Target, fit: Fit, rng: np.random.Generator, *, most: int, seed: int, warm: int = 150, draws: int = 250
) -> tuple[Array, int]:
    """Two chains of Hamiltonian draws (chain, draw, parameter) of all parameters, and the number of divergences.

    The parameters are whitened by the curvature at the fit; phi enters by its logarithm.
    """
    import jax
    import jax.numpy as jnp
    from numpyro.infer import MCMC, NUTS

    engine = _engine()
    client, year, later = choose_pairs(target, rng, most)
    pairs, filled, weight = padded(target, client, year, later, most)
    root = jnp.asarray(spread_of(engine, fit.raw, without_ties(pairs), filled, weight))
    middle = jnp.asarray(fit.raw[:PHI])
    prior = jnp.asarray(motion.PRIOR[:PHI])

    def potential(white: Array) -> Array:
        raw, log_phi = middle + root @ white[:PHI], white[PHI]
        phi = jnp.exp(log_phi)
        likely = engine["full_likelihood"](raw, phi, pairs, filled, weight)
        prior_part = 0.5 * jnp.sum(((raw - prior[:, 0]) / prior[:, 1]) ** 2)
        return prior_part + 0.5 * (phi / PHI_SD) ** 2 - log_phi - likely

    chains, divergent = [], 0
    for chain in range(2):
        begin = jnp.asarray(np.append(rng.standard_normal(PHI), np.log(0.3)))
        sampler = MCMC(NUTS(potential_fn=potential, max_tree_depth=6), num_warmup=warm, num_samples=draws,
                       progress_bar=False)  # fmt: skip
        sampler.run(jax.random.PRNGKey(2 * seed + chain), init_params=begin, extra_fields=("diverging",))
        white = np.array(sampler.get_samples())
        raw = np.asarray(middle) + white[:, :PHI] @ np.asarray(root).T
        chains.append(np.concatenate([raw, np.exp(white[:, PHI:])], axis=1))
        divergent += int(np.sum(sampler.get_extra_fields()["diverging"]))
    return np.stack(chains), divergent

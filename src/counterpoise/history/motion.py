"""The law of motion on the panel: from what was known at a session to the distribution of a later one.

Each pair (state, origin) lives on the same lattice in units of its own quarterly sigma, three cells to a sigma, so all
share one matrix of the random walk; reversion and pull are weights of the target cell. The functions are those of
`counterpoise.play.law`, on NumPy or on JAX.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from counterpoise.play import law

Array = Any

CELLS = 151
# Chance that a state turns up anywhere on the scale, whatever the law says: keeps the log score finite in the far tail.
ANYWHERE, SCALE_WIDTH = 1e-4, 6.0
# Least variance of the noise in cells' units of sigma: a cell's own width keeps a tiny error from falling between.
SMALLEST_NOISE = 0.1
# Smallest sigma of a quarter, so that a state that never moved is not frozen.
SMALLEST_SIGMA = 0.004


class Pairs(NamedTuple):
    """What the law reads at the origin of each pair: (pair,) each, ties and positions of patrons (pair, patron)."""

    value: Array
    last: Array
    neighbours: Array
    implied: Array
    slow: Array
    log_long: Array
    log_recent: Array
    log_error: Array
    tie: Array  # units of ten per cent of GDP
    patron: Array


class Parameters(NamedTuple):
    """The law's parameters on one scale, after their transformations; `NAMES` gives the order of the raw vector."""

    echo: Array
    to_neighbours: Array
    to_implied: Array
    level: Array
    on_long: Array
    on_recent: Array
    on_error: Array
    on_gap: Array
    nu: Array
    start_error: Array
    end_error: Array
    reversion: Array
    implied_share: Array
    doubt: Array
    lag: Array
    phi: Array


NAMES = Parameters._fields
# Raw value -> prior mean and sd. Logs for positive ones; `nu` is 2 + exp(raw); the share of the mean is a logit.
PRIOR = np.array(
    [
        (0.1, 0.15),
        (0.2, 0.2),
        (0.05, 0.1),
        (-2.8, 0.5),
        (0.6, 0.3),
        (0.3, 0.3),
        (0.2, 0.3),
        (0.0, 0.2),
        (0.5, 0.7),
        (-1.0, 0.7),
        (-0.7, 0.7),
        (-1.0, 1.5),
        (0.0, 1.5),
        (-1.0, 0.7),
        (0.1, 0.2),
        (0.0, 0.5),
    ]
)
LATTICE = law.Grid((np.arange(CELLS) - CELLS // 2) / 3.0, 1.0 / 3.0)
# Centres of the log drivers of the volatility: typical values, so that `level` is the log sigma of a typical state.
CENTRE = np.log([0.12, 0.12, 0.145, 0.12])
# A gap between published and implied position under this says no more about volatility.
SMALLEST_GAP = 0.02
# An anchor moves a state by `b` times the gap while that is small, and at most by `b` times so many of the state's own
# mean yearly changes: a large gap is more often a true move than noise. The mean it reverts to is bounded likewise.
BOUND = 2.0
# A state's own volatility is uncertain by `doubt` (sd of its log): two equal chances, that far below and above.
DOUBTS = (-1.0, 1.0)
# The hazard of punishment on the voting scale. Not identified by the panel (no coded acts): prior, labelled so.
HAZARD = {"c0": -2.0, "c1": 1.0, "c2": 1.0, "tolerance": 0.0}


def parameters(raw: Array, *, xp: Any = np) -> Parameters:
    """The parameters that a raw vector stands for."""
    return Parameters(
        raw[0],
        raw[1],
        raw[2],
        xp.exp(raw[3]),
        raw[4],
        raw[5],
        raw[6],
        raw[7],
        2.0 + xp.exp(raw[8]),
        xp.exp(raw[9]),
        xp.exp(raw[10]),
        xp.exp(raw[11]),
        1.0 / (1.0 + xp.exp(-raw[12])),
        xp.exp(raw[13]),
        raw[14],
        xp.abs(raw[15]),
    )


class Start(NamedTuple):
    """A pair on its lattice: `centre` and `sigma` turn cells into positions; `first` is the chance of each cell."""

    centre: Array
    sigma: Array
    first: Array
    log_weight: Array
    walk: Array
    noise: Array
    echo: Array


def bounded(gap: Array, pairs: Pairs, *, xp: Any = np) -> Array:
    """A gap to an anchor, drawn in towards `BOUND` mean yearly changes of the state: `x / (1 + |x| / bound)`."""
    return gap / (1.0 + xp.abs(gap) / (BOUND * xp.exp(pairs.log_long)))


def start(pairs: Pairs, theta: Parameters, doubt: float, *, xp: Any = np) -> Start:
    """Where each pair stands at its origin, and the weights of its kernel, at so many `doubt`s of the volatility."""
    log_gap = xp.log(xp.maximum(xp.abs(pairs.implied - pairs.value), SMALLEST_GAP))
    sigma = theta.level * xp.exp(
        theta.on_long * (pairs.log_long - CENTRE[0])
        + theta.on_recent * (pairs.log_recent - CENTRE[1])
        + theta.on_error * (pairs.log_error - CENTRE[2])
        + theta.on_gap * (log_gap - CENTRE[3])
        + theta.doubt * doubt
    )
    sigma = xp.maximum(sigma, SMALLEST_SIGMA)
    error = xp.exp(pairs.log_error)
    middle = (
        pairs.value
        + theta.to_neighbours * bounded(pairs.neighbours - pairs.value, pairs, xp=xp)
        + theta.to_implied * bounded(pairs.implied - pairs.value, pairs, xp=xp)
    )
    mean = theta.implied_share * pairs.implied + (1 - theta.implied_share) * pairs.slow
    mean = middle + bounded(mean - middle, pairs, xp=xp)
    cells = xp.asarray(LATTICE.centres)
    spread = xp.maximum(theta.start_error * error / sigma, 0.25)
    log_first = -0.5 * (cells / spread[:, None]) ** 2
    first = xp.exp(log_first - xp.max(log_first, axis=-1, keepdims=True))
    first = first / xp.sum(first, axis=-1, keepdims=True)
    # Reversion in units of sigma: g sigma^2 (z' - z_d)^2 is the same number as g (a' - d)^2.
    lattice = law.Grid(cells, LATTICE.width)
    log_weight = law.reversion(lattice, (mean - middle) / sigma, theta.reversion * sigma**2, xp=xp)
    if pairs.tie.shape[-1]:
        target = middle[:, None] + sigma[:, None] * cells
        log_weight = log_weight + theta.phi * pull(pairs, middle, target, xp=xp)
    walk = law.walk_matrix(law.walk_masses(lattice, xp.asarray(1.0), theta.nu, xp=xp), xp=xp)
    noise = xp.sqrt((theta.end_error * error / sigma) ** 2 + SMALLEST_NOISE)
    echo = theta.echo * bounded(pairs.last - pairs.value, pairs, xp=xp) - theta.lag * (middle - pairs.value)
    return Start(middle, sigma, first, log_weight, walk, noise, echo / sigma)


def pull(pairs: Pairs, position: Array, target: Array, *, xp: Any = np) -> Array:
    """Interests at each target cell, (pair, to), with the step measured from where the state stands at the origin."""
    shape = pairs.tie.shape
    whole = xp.ones(shape)
    patrons = law.Patrons(
        position=pairs.patron,
        exposure=pairs.tie,
        loss_ratio=whole,
        benefit=xp.zeros(shape),
        c0=HAZARD["c0"] * whole,
        c1=HAZARD["c1"] * whole,
        c2=HAZARD["c2"] * whole,
        tolerance=HAZARD["tolerance"] * whole,
        bandwidth=whole,
    )
    hazard = law.quarterly(law.punishment_hazard(patrons, position, target[:, None, :], xp=xp))
    return law.pull(patrons, hazard, xp.zeros(target.shape), xp=xp)


def propagate(origin: Start, years: int, *, xp: Any = np, scan: Any = None) -> Array:
    """The distribution over cells after 1 to `years` years: (year, pair, cell). Four quarters of the kernel a year."""

    weight, total = law.prepared(origin.walk, origin.log_weight, xp=xp)

    def year(distribution: Array, _: Any = None) -> tuple[Array, Array]:
        for _quarter in range(4):
            distribution = law.weighted_step(distribution, origin.walk, weight, total, xp=xp)
        return distribution, distribution

    if scan is not None:
        return scan(year, origin.first, None, length=years)[1]
    out, distribution = [], origin.first
    for _ in range(years):
        distribution, _ = year(distribution)
        out.append(distribution)
    return xp.stack(out)


def measured(origin: Start, years: int) -> Array:
    """What the measurement adds to the position after so many years, in sigmas: (pair,).

    Published errors of neighbouring sessions are not independent. One session on, part of the last change is taken
    back (`echo`), and part of the gap to the anchors is still published (`lag`); later sessions feel neither.
    """
    return origin.echo if years == 1 else 0.0 * origin.echo


def log_density(origin: Start, distribution: Array, later: Array, years: int, *, xp: Any = np) -> Array:
    """Log predictive density of a value (pair,) published after so many years, its measurement error included."""
    z = (later - origin.centre) / origin.sigma - measured(origin, years)
    gap = (z[:, None] - xp.asarray(LATTICE.centres)) / origin.noise[:, None]
    kernel = xp.exp(-0.5 * gap**2) / (origin.noise[:, None] * np.sqrt(2 * np.pi))
    density = xp.sum(distribution * kernel, axis=-1) / origin.sigma
    return xp.log((1 - ANYWHERE) * density + ANYWHERE / SCALE_WIDTH)


def log_predictive(pairs: Pairs, theta: Parameters, later: Array, horizons: tuple[int, ...], **engine: Any) -> Array:
    """Log predictive density of later values (pair, horizon), over both doubts of the volatility."""
    xp = engine.get("xp", np)
    sides = []
    for doubt in DOUBTS:
        origin = start(pairs, theta, doubt, xp=xp)
        ahead = propagate(origin, max(horizons), **engine)
        columns = [
            log_density(origin, ahead[years - 1], later[:, place], years, xp=xp) for place, years in enumerate(horizons)
        ]
        sides.append(xp.stack(columns, axis=1))
    low, high = xp.minimum(*sides), xp.maximum(*sides)
    return high + xp.log1p(xp.exp(low - high)) - np.log(2.0)

"""The law of motion: how a state's alignment moves in a quarter. The one kernel that is simulated, fitted and scored.

`p(a' | a) proportional to q(a' | a; sigma, nu) * exp(-g (a' - d)^2) * exp(phi U(a', a))` on the cells of a grid: a
heavy-tailed random walk, reversion to a long-run mean, and the pull of interests (DESIGN, invariant 2). Every function
is pure, batched over leading axes and written against the array interface: pass `xp=numpy` (the definition) or
`xp=jax.numpy`. The last axis is always the cell that is moved to; a patron axis stands before it.

With `phi = 0` the kernel is `law_no_pull`; with `phi = g = 0` it is the random walk, exactly.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

Array = Any  # An array of the interface `xp`: NumPy's or JAX's.

# One unit of `U` is ten per cent of the client's yearly GDP.
UNIT_OF_GDP = 0.10
# Three-point Gauss-Legendre rule on [-1/2, 1/2]: a cell a third of sigma wide is integrated to under 1e-8.
_NODES = (-0.5 * 0.7745966692414834, 0.0, 0.5 * 0.7745966692414834)
_WEIGHTS = (5 / 18, 8 / 18, 5 / 18)


class Grid(NamedTuple):
    """Cells of equal width on a scale of alignment: `centres` (cell,) ascending, and their `width`."""

    centres: Array
    width: float


class Patrons(NamedTuple):
    """What ties a client to each patron. Arrays (..., patron); losses and gains in units of ten per cent of GDP.

    `position` lies on the scale of the grid. `exposure` is the loss from full withdrawal, security left out;
    `loss_ratio` the share of it that an actual act costs, in [0, 1]; `benefit` what stocks and offers bring while
    the patron does not punish. `c0, c1, c2, tolerance` are those of `punishment_hazard`, `bandwidth` is in [0, 1].
    """

    position: Array
    exposure: Array
    loss_ratio: Array
    benefit: Array
    c0: Array
    c1: Array
    c2: Array
    tolerance: Array
    bandwidth: Array


def make_grid(low: float, high: float, sigma: float) -> Grid:
    """The coarsest grid from `low` to `high` whose cells are at most a third of the quarterly `sigma` wide."""
    if not (high > low and sigma > 0):
        raise ValueError(f"a grid needs low < high and sigma > 0, not low {low}, high {high}, sigma {sigma}")
    count = int(np.ceil(3 * (high - low) / sigma))
    width = (high - low) / count
    return Grid(low + width * (np.arange(count) + 0.5), width)


def log_gamma(value: Array, *, xp: Any = np) -> Array:
    """Logarithm of the gamma function for positive values, to about 1e-13 (Lanczos; neither interface carries it)."""
    series = 0.99999999999980993
    for index, term in enumerate(
        (
            676.5203681218851,
            -1259.1392167224028,
            771.32342877765313,
            -176.61502916214059,
            12.507343278686905,
            -0.13857109526572012,
            9.9843695780195716e-6,
            1.5056327351493116e-7,
        )
    ):
        series = series + term / (value + index)
    base = value + 6.5
    return 0.9189385332046727 + (value - 0.5) * xp.log(base) - base + xp.log(series)


def walk_masses(grid: Grid, sigma: Array, nu: Array, *, shift: Array = 0.0, xp: Any = np) -> Array:
    """Chance that a quarter's random walk ends so many cells away: (..., 2 * cell - 1), from far below to far above.

    `sigma` is the quarterly scale of a Student t with `nu` degrees of freedom (both > 0, scalars or (...)), `shift` the
    effect common to all states of a session, in units of the scale. Each mass is the density integrated over the cell.
    """
    cells = grid.centres.shape[0]
    offset = grid.width * xp.arange(-(cells - 1), cells)
    sigma, nu = xp.asarray(sigma)[..., None], xp.asarray(nu)[..., None]
    centre = offset - xp.asarray(shift)[..., None]
    log_scale = log_gamma((nu + 1) / 2, xp=xp) - log_gamma(nu / 2, xp=xp) - 0.5 * xp.log(nu * np.pi) - xp.log(sigma)
    mass = 0.0
    for node, weight in zip(_NODES, _WEIGHTS, strict=True):
        z = (centre + node * grid.width) / sigma
        mass = mass + weight * xp.exp(log_scale - (nu + 1) / 2 * xp.log1p(z * z / nu))
    return mass * grid.width


def walk_rows(masses: Array, cell: Array, *, xp: Any = np) -> Array:
    """Rows of the random walk from given cells: masses (..., 2 n - 1) and cell (...) to (..., n), each summing to 1.

    What would leave the grid stays in its edge cells; half of the mass beyond twice the grid goes to either edge.
    """
    n = (masses.shape[-1] + 1) // 2
    cell = xp.asarray(cell)[..., None]
    masses = xp.broadcast_to(masses, (*cell.shape[:-1], 2 * n - 1))
    total = xp.cumsum(masses, axis=-1)
    beyond = (1.0 - total[..., -1:]) / 2
    rows = xp.take_along_axis(masses, xp.arange(n) - cell + (n - 1), axis=-1)
    lower = xp.take_along_axis(total, n - 1 - cell, axis=-1) + beyond
    upper = 1.0 - xp.take_along_axis(total, 2 * n - 3 - cell, axis=-1) - beyond
    return xp.concat([lower, rows[..., 1:-1], upper], axis=-1)


def walk_matrix(masses: Array, *, xp: Any = np) -> Array:
    """The random walk from every cell to every cell: masses (..., 2 n - 1) to (..., from, to)."""
    n = (masses.shape[-1] + 1) // 2
    return walk_rows(masses[..., None, :], xp.broadcast_to(xp.arange(n), (*masses.shape[:-1], n)), xp=xp)


def punishment_hazard(patrons: Patrons, position: Array, target: Array, *, xp: Any = np) -> Array:
    """Yearly chance that each patron punishes a move: (..., patron, to), in [0, 1].

    `logistic(c0 + c1 * step away from the patron + c2 * (distance after the move - tolerance)) * bandwidth`.
    `position` (...) is where the client stands, `target` (to,) where it might go. With `c1, c2 >= 0` the chance never
    falls as the client moves further away.
    """
    where = patrons.position[..., None]
    distance = xp.abs(target - where)
    step = distance - xp.abs(xp.asarray(position)[..., None, None] - where)
    score = patrons.c0[..., None] + patrons.c1[..., None] * step
    score = score + patrons.c2[..., None] * (distance - patrons.tolerance[..., None])
    return patrons.bandwidth[..., None] / (1 + xp.exp(-score))


def quarterly(yearly: Array) -> Array:
    """The chance in a quarter that gives `yearly` over four: `1 - (1 - h)^(1/4)`."""
    return 1 - (1 - yearly) ** 0.25


def discounted_offers(gain: Array, chance: Array, lead_years: Array, rate: float, *, xp: Any = np) -> Array:
    """What undelivered offers are worth today: `sum pi exp(-r T) G` over the last axis."""
    return xp.sum(chance * xp.exp(-rate * lead_years) * gain, axis=-1)


def attack_loss(hazard: Array, loss: Array, credibility: Array, effect: Array, *, xp: Any = np) -> Array:
    """Expected yearly loss from attack by the client's rivals, at each position it might take: (..., to).

    `sum_r hazard_r(a') * loss_r * (1 - min(1, sum_p credibility_p * effect_p(a')))`: hazard (..., rival, to) per year,
    loss (..., rival) in units of ten per cent of GDP, credibility (..., guarantor) and effect (..., guarantor, to) in
    [0, 1].
    """
    shield = xp.minimum(xp.sum(credibility[..., None] * effect, axis=-2), 1.0)
    return xp.sum(hazard * loss[..., None], axis=-2) * (1.0 - shield)


def pull(patrons: Patrons, hazard: Array, loss_from_attack: Array, *, xp: Any = np) -> Array:
    """The interests that speak for each position: `U(a', a)`, (..., to), in units of ten per cent of GDP a year.

    Punishment feared, benefits kept where no punishment comes, and the expected loss from attack.
    """
    feared = xp.sum(hazard * (patrons.loss_ratio * patrons.exposure)[..., None], axis=-2)
    kept = xp.sum((1 - hazard) * patrons.benefit[..., None], axis=-2)
    return kept - feared - loss_from_attack


def reversion(grid: Grid, mean: Array, strength: Array, *, xp: Any = np) -> Array:
    """Log weight of the long-run mean at each cell: `-g (a' - d)^2`, (..., to)."""
    return -xp.asarray(strength)[..., None] * (grid.centres - xp.asarray(mean)[..., None]) ** 2


def tilt(rows: Array, log_weight: Array, *, xp: Any = np) -> Array:
    """Rows of the walk weighted by `exp(log_weight)` and brought back to sum 1. Equal weights change nothing."""
    weighted = rows * xp.exp(log_weight - xp.max(log_weight, axis=-1, keepdims=True))
    return weighted / xp.sum(weighted, axis=-1, keepdims=True)


def transition(walk: Array, log_reversion: Array, interest: Array, phi: Array, *, xp: Any = np) -> Array:
    """The kernel: `walk * exp(log_reversion) * exp(phi * interest)`, rows summing to 1.

    `walk` comes from `walk_rows` or `walk_matrix`; the weights broadcast against it (put a `from` axis into them, or an
    axis of length 1, for a matrix). `phi >= 0` weighs the pull of interests.
    """
    return tilt(walk, log_reversion + xp.asarray(phi)[..., None] * interest, xp=xp)


def prepared(walk: Array, log_weight: Array, *, xp: Any = np) -> tuple[Array, Array]:
    """What `weighted_step` needs of weights that stay the same for all quarters: the weight and each row's total.

    `walk` (from, to) is shared by a batch; `log_weight` (..., to) is the sum of reversion and `phi` times the pull.
    """
    weight = xp.exp(log_weight - xp.max(log_weight, axis=-1, keepdims=True))
    return weight, xp.matmul(weight, walk.T)


def weighted_step(distribution: Array, walk: Array, weight: Array, total: Array, *, xp: Any = np) -> Array:
    """A distribution (..., cell) after one quarter of the kernel, where the weight depends on the target alone.

    The same as a product with `transition(walk, ...)`, without forming a matrix for each member of a batch; `weight`
    and `total` come from `prepared`.
    """
    return xp.matmul(distribution / total, walk) * weight


def year_of(distribution: Array, matrix: Array, *, xp: Any = np) -> Array:
    """A distribution (..., cell) after four quarters of one kernel (..., from, to)."""
    moved = distribution[..., None, :]
    for _ in range(4):
        moved = xp.matmul(moved, matrix)
    return moved[..., 0, :]


def draw_cell(rows: Array, uniform: Array, *, xp: Any = np) -> Array:
    """The cell that a uniform draw in [0, 1) picks from each row: inverse of the cumulated row, (...)."""
    below = xp.cumsum(rows, axis=-1) <= xp.asarray(uniform)[..., None]
    return xp.minimum(xp.sum(below, axis=-1), rows.shape[-1] - 1)


def edge_mass(distribution: Array, *, xp: Any = np) -> Array:
    """Probability in the two edge cells, where the walk is no longer free: (...). Reported with every run."""
    return distribution[..., 0] + distribution[..., -1]

"""One quarter of the play: stocks, promises, punishments, attacks, leaders, and then the law of motion on both scales.

Pure functions on arrays, written against the interface `xp`: NumPy's run is the definition.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from counterpoise.play import law
from counterpoise.play._kernel import Table, class_of, position_of, reachable, walk
from counterpoise.play._sample import Asked, move, move_whole
from counterpoise.play._state import Drive, Noise, Params, Seen, State, both_scales

Array = Any


def step(
    state: State, params: Params, drive: Drive, noise: Noise, tables: tuple[Table, Table], *, xp: Any = np
) -> tuple[State, Seen]:
    """The state a quarter later, and what was seen in between.

    Order: gains arrive and decay; patrons punish the last step; rivals attack and guarantors answer; leaders go; the
    long-run mean follows; the client moves.
    """
    stock = carry(state.stock, params, drive, xp=xp)
    gain = xp.einsum("mcph,mh->mcp", stock, params.weight) + drive.steady + drive.offered
    here = position_of(tables[1], state.cell[..., 1])
    act_left, acted = punish(state, params, drive, noise, here, xp=xp)
    acts = xp.where(act_left > 0, params.patrons[1].loss_ratio[:, None, :] * drive.exposure, 0.0)
    shield = guard(params, drive, state, here, xp=xp)
    attacked, helped, grave, harm, harm_left, alpha, beta, kept = fight(state, params, drive, noise, shield, xp=xp)
    exited, born, since, moved_mean = succeed(state, params, drive, noise, xp=xp)
    mean = state.mean + drive.mean_shift + moved_mean
    credibility = alpha / (alpha + beta)
    now = state._replace(mean=mean)
    cells = [align(now, params, drive, gain, credibility, noise, tables[k], k, xp=xp) for k in (0, 1)]
    cell = both_scales(cells, xp=xp)
    position = both_scales([position_of(table, found) for table, found in zip(tables, cells, strict=True)], xp=xp)
    keep = params.memory_of_mean[:, None, None]
    after = State(
        cell,
        xp.concat([state.before[..., 1:], here[..., None]], axis=-1),
        keep * mean + (1 - keep) * position,
        stock,
        alpha,
        beta,
        act_left,
        harm_left,
        harm,
        born,
        since,
    )
    ends = zip(tables, cells, strict=True)
    edge = both_scales([(found == 0) | (found == table.cells - 1) for table, found in ends], xp=xp)
    paid = xp.where(harm_left > 0, harm, 0.0)
    seen = Seen(
        position,
        gain,
        acts,
        drive.withheld,
        paid,
        drive.shock,
        credibility,
        attacked,
        helped,
        grave,
        acted,
        exited,
        edge,
        kept,
    )
    return after, seen


def carry(stock: Array, params: Params, drive: Drive, *, xp: Any = np) -> Array:
    """Stocks a quarter later: `K <- (1 - delta) K + inflow (1 - leakage)`, leakage on the part that it touches."""
    kept = stock * (1 - params.decay[:, None, None, :])
    if xp is np and not any(drive.inflow.strides):
        # Zeros without memory of their own (`_moves.Script`): no move brings gifts.
        return kept
    return kept + drive.inflow - params.leakage[:, :, None, None] * drive.leaks


def patrons_of(params: Params, drive: Drive, gain: Array, mean: Array, scale: int, *, xp: Any = np) -> law.Patrons:
    """What ties each client to each patron this quarter, arrays (m, c, p).

    Distances count from the dyad's own usual one: the tolerance is the distance of the long-run mean plus a slack.
    """
    base = params.patrons[scale]
    wide = [part[:, None, :] for part in base]
    usual = xp.abs(mean[..., scale, None] - base.position[:, None, :])
    who = law.Patrons(*wide)
    return who._replace(exposure=drive.exposure, benefit=gain, tolerance=usual + params.slack[:, None, :])


def punish(
    state: State, params: Params, drive: Drive, noise: Noise, here: Array, *, xp: Any = np
) -> tuple[Array, Array]:
    """Which punishments run and which begin: the chance follows the client's step of a year and where it stands.

    The rule counts what follows within a year of a step, so a step counts for four quarters. The chance is at no time
    lower than that of years without a step (`params.quiet`). A patron with other acts running has less bandwidth; one
    without anything to withhold does not punish.
    """
    who = patrons_of(params, drive, xp.zeros_like(drive.exposure), state.mean, 1, xp=xp)
    running = xp.maximum(state.act_left - 1.0, 0.0)
    others = xp.sum(running > 0, axis=1)[:, None, :] - (running > 0)
    who = who._replace(bandwidth=who.bandwidth * xp.maximum(0.0, 1.0 - params.bandwidth_use[:, None, None] * others))
    yearly = law.punishment_hazard(who, state.before[..., 0], here[..., None, None], xp=xp)[..., 0]
    yearly = xp.maximum(yearly, params.quiet[:, None, :] * who.bandwidth)
    begins = (noise.act < law.quarterly(yearly)) & (running <= 0) & (drive.exposure > 0)
    return xp.where(begins, xp.maximum(1.0, xp.rint(params.act_quarters))[:, None, None], running), begins


def guard(params: Params, drive: Drive, state: State, here: Array, *, xp: Any = np) -> Array:
    """Share of attacks on each client that guarantors prevent where it stands, (m, c), on the orientation scale."""
    effect = shields(params, drive, state.mean, here[..., None], 1, xp=xp)[..., 0]
    credible = state.alpha / (state.alpha + state.beta)
    return xp.minimum(1.0, xp.sum(credible * effect, axis=-1))


def shields(params: Params, drive: Drive, mean: Array, target: Array, scale: int, *, xp: Any = np) -> Array:
    """What each guarantor's promise would prevent if believed, at each target: (m, c, p, to).

    Effect times firmness, falling to nothing as the client moves `reach` further from the guarantor than usual.
    """
    where = params.patrons[scale].position[:, None, :]
    usual = xp.abs(mean[..., scale, None] - where)
    further = xp.abs(target[..., None, :] - where[..., None]) - usual[..., None]
    near = xp.clip(1.0 - further / params.reach[:, scale][:, None, None, None], 0.0, 1.0)
    firm = params.effect[:, None, None] * (1.0 - drive.ambiguity) * params.ally
    return firm[..., None] * near


def fight(
    state: State, params: Params, drive: Drive, noise: Noise, shield: Array, *, xp: Any = np
) -> tuple[Array, Array, Array, Array, Array, Array, Array, Array]:
    """Attacks of the quarter, how grave they are, the guarantors' answers, and the beliefs after that.

    Each promise that stands is put to the test by an attack: honoured with the chance that is believed, counted with
    its firmness. Another client's test counts with the spillover.
    """
    yearly = xp.minimum(params.hazard * drive.hazard_factor, 1.0) * (1.0 - shield[..., None])
    chance = law.quarterly(yearly)
    hit = noise.attack < chance
    # The draw that decides on the attack, within its own range, decides on its rung.
    worst = noise.attack < chance * params.grave
    attacked, grave = xp.any(hit, axis=-1), xp.any(worst, axis=-1)
    credible = state.alpha / (state.alpha + state.beta)
    firmness = (1.0 - drive.ambiguity) * params.ally
    tested = attacked[..., None] & (firmness > 0)
    honoured = tested & (noise.honour < credible)
    weight = xp.where(tested, firmness, 0.0)
    keep = (params.memory**0.25)[:, None, None]
    kept = weight * honoured
    alpha = _believed(state.alpha, params.alpha0, keep, kept, params.spillover, xp=xp)
    beta = _believed(state.beta, params.beta0, keep, weight * ~honoured, params.spillover, xp=xp)
    helped = xp.any(honoured, axis=-1)
    raw = xp.sum(xp.where(worst, params.grave_loss, xp.where(hit, params.light_loss, 0.0)), axis=-1)
    fresh = raw * (1.0 - params.honour_saves[:, None] * helped)
    left = xp.maximum(state.harm_left - 1.0, 0.0)
    quarters = xp.maximum(1.0, xp.rint(params.attack_quarters))[:, None]
    # The loss of an attack is a year's income, borne evenly over some quarters.
    harm = xp.where(attacked, fresh * 4.0 / quarters + xp.where(left > 0, state.harm, 0.0), state.harm)
    return attacked, helped, grave, harm, xp.where(attacked, quarters, left), alpha, beta, kept


def _believed(now: Array, start: Array, keep: Array, own: Array, spillover: Array, *, xp: Any = np) -> Array:
    """Discounted evidence and what the quarter's tests add, own ones in full and others' with the spillover."""
    others = xp.sum(own, axis=1, keepdims=True) - own
    return start + keep * (now - start) + own + spillover[:, None, None] * others


def succeed(
    state: State, params: Params, drive: Drive, noise: Noise, *, xp: Any = np
) -> tuple[Array, Array, Array, Array]:
    """Autocrats who die or fall this quarter, their successors, and the shift of the long-run mean that follows."""
    age = drive.year - state.ruler_born
    tenure = drive.year - state.ruler_since
    death = params.mortality[:, None] * 2.0 ** ((age - 60.0) / params.doubling[:, None])
    ouster = params.ouster[:, None] * xp.exp(-params.ouster_tenure[:, None] * tenure)
    yearly = xp.minimum(0.99, death + ouster)
    # Where elections decide there is no ruler (NaN), and no comparison with NaN is true.
    gone = noise.exit < law.quarterly(yearly)
    born = xp.where(gone, drive.year - params.successor_age[:, None], state.ruler_born)
    since = xp.where(gone, drive.year, state.ruler_since)
    # A logistic draw with the spread of a normal one: it needs no special function in either interface.
    share = xp.clip(noise.successor, 1e-12, 1 - 1e-12)
    normal = xp.log(share / (1 - share)) * (3**0.5 / np.pi)
    return gone, born, since, xp.where(gone[..., None], params.exit_shift[:, None, :] * normal, 0.0)


def align(
    state: State,
    params: Params,
    drive: Drive,
    gain: Array,
    credibility: Array,
    noise: Noise,
    table: Table,
    scale: int,
    *,
    xp: Any = np,
) -> Array:
    """New cells of every client on one scale by the law of motion, (m, c); a jump of the quarter on top."""
    sigma = class_of(table, params.sigma[..., scale] * drive.volatility, xp=xp)
    asked = Asked(state, params, drive, gain, credibility, noise.align[..., scale], sigma, scale)
    landed = move(table, asked)[0] if xp is np else move_whole(table, asked, xp=xp)
    jump = xp.rint(drive.jump[..., scale] / table.width).astype(int)
    return xp.clip(landed + jump, 0, table.cells - 1)


def client_rows(
    state: State,
    params: Params,
    drive: Drive,
    who: law.Patrons,
    credibility: Array,
    table: Table,
    scale: int,
    c: int,
    start: Array,
    sigma: Array,
    *,
    xp: Any = np,
) -> tuple[Array, Array]:
    """Rows of the kernel for one client by the functions of `law`, (m, node), and the cells they stand for."""
    cells = reachable(table, start, sigma, xp=xp)
    target = position_of(table, cells)
    masses = walk(table, sigma, params.nu[:, scale], drive.session[:, scale], xp=xp)
    hazard = law.punishment_hazard(who, position_of(table, start), target[:, None, :], xp=xp)
    threat = threat_at(state, params, drive, credibility, target, scale, c, xp=xp)
    interest = law.pull(who, hazard, threat, xp=xp)
    grid = law.Grid(target, table.width)
    back = law.reversion(grid, state.mean[:, c, scale], params.reversion[:, scale], xp=xp)
    rows = law.transition(masses, back, interest, params.phi[:, scale], xp=xp)
    return rows, cells


def threat_at(
    state: State,
    params: Params,
    drive: Drive,
    credibility: Array,
    target: Array,
    scale: int,
    c: int,
    *,
    xp: Any = np,
) -> Array:
    """Expected yearly loss from attack on one client at each target, (m, to)."""
    effect = _shields_of(params, drive, state.mean, target, scale, c, xp=xp)
    hazard = xp.minimum(params.hazard[:, c] * drive.hazard_factor[:, c], 1.0)
    return law.attack_loss(hazard[..., None], params.loss[:, c], credibility[:, c], effect, xp=xp)


def _shields_of(params: Params, drive: Drive, mean: Array, target: Array, scale: int, c: int, *, xp: Any = np) -> Array:
    one = drive._replace(ambiguity=drive.ambiguity[:, c : c + 1])
    alone = params._replace(ally=params.ally[c : c + 1])
    return shields(alone, one, mean[:, c : c + 1], target[:, None, :], scale, xp=xp)[:, 0]

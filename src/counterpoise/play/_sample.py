"""Moves drawn from the law by rejection: a step of the random walk is proposed and taken with the chance of its weight.

The law's row is the walk weighted by `exp(log_weight)`. A step drawn from the walk and taken with the chance
`exp(log_weight - bound)`, `bound` no lower than any weight of the row, has exactly that distribution, and one cell is
weighed instead of a row. Bounds come from what the law's terms cannot exceed: reversion is at most 0, a hazard lies
between 0 and the bandwidth, a shield between 0 and what the promises are worth side by side. The few members that have
taken no step after `TRIES` proposals draw from the exact row; that, too, leaves the distribution as it is.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from counterpoise.play import law
from counterpoise.play._kernel import Table, position_of, propose, reachable, row_of, walk, walk_to
from counterpoise.play._state import Drive, Params, State

Array = Any

# Proposals before the exact row is drawn from.
TRIES = 2
_GOLDEN, _FIRST, _SECOND = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB


class Facing(NamedTuple):
    """What moves on one scale are weighed by, one row for each of n moves; `worth` of a promise that stands close."""

    mean: Array  # (n,)
    strength: Array  # (n,)
    phi: Array  # (n,)
    who: law.Patrons  # (n, p)
    hazard: Array  # (n, r) yearly, of attack
    loss: Array  # (n, r)
    worth: Array  # (n, p)
    reach: Array  # (n,)
    usual: Array  # (n, p)


class Asked(NamedTuple):
    """A move that every member and client makes on one scale: what it faces, its uniform number, its class of sigma."""

    state: State
    params: Params
    drive: Drive
    gain: Array  # (m, c, p)
    credibility: Array  # (m, c, p)
    uniform: Array  # (m, c)
    sigma: Array  # (m, c)
    scale: int


class Bounds(NamedTuple):
    """The most that interests can be anywhere on the scale, and by how much they can fall short of it, (m, c)."""

    most: Array
    spread: Array


def facing(
    state: State,
    params: Params,
    drive: Drive,
    gain: Array,
    credibility: Array,
    scale: int,
    items: Array,
    *,
    xp: Any = np,
) -> Facing:
    """What some moves face on one scale; `items` (n,) numbers clients and, within each, members."""
    count = len(gain)
    members = items % count

    def own(table: Array) -> Array:
        return xp.take(table.T.reshape(*table.shape[:1:-1], -1), items, axis=-1).T

    def of_member(table: Array) -> Array:
        return xp.take(table.T, members, axis=-1).T

    base = params.patrons[scale]
    place, mean = of_member(base.position), own(state.mean)[:, scale]
    usual = xp.abs(mean[:, None] - place)
    who = law.Patrons(
        place,
        own(drive.exposure),
        of_member(base.loss_ratio),
        own(gain),
        of_member(base.c0),
        of_member(base.c1),
        of_member(base.c2),
        usual + of_member(params.slack),
        of_member(base.bandwidth),
    )
    firm = (1.0 - own(drive.ambiguity)) * xp.asarray(params.ally)[items // count] * of_member(params.effect)[:, None]
    return Facing(
        mean,
        of_member(params.reversion)[:, scale],
        of_member(params.phi)[:, scale],
        who,
        xp.minimum(own(params.hazard) * own(drive.hazard_factor), 1.0),
        own(params.loss),
        firm * own(credibility),
        of_member(params.reach)[:, scale],
        usual,
    )


def interests(face: Facing, here: Array, target: Array, *, xp: Any = np) -> Array:
    """`U` at targets (n, to) of moves from `here` (n,), by the functions of `law`."""
    hazard = law.punishment_hazard(face.who, here, target[:, None, :], xp=xp)
    further = xp.abs(target[:, None, :] - face.who.position[..., None]) - face.usual[..., None]
    near = xp.clip(1.0 - further / face.reach[:, None, None], 0.0, 1.0)
    threat = law.attack_loss(face.hazard[..., None], face.loss, face.worth, near, xp=xp)
    return law.pull(face.who, hazard, threat, xp=xp)


def bounds(params: Params, drive: Drive, gain: Array, credibility: Array, scale: int, *, xp: Any = np) -> Bounds:
    """What interests cannot exceed and by how much they can fall short of it, every member and client, (m, c)."""
    base = params.patrons[scale]
    width = base.bandwidth[:, None, :]
    stake = width * (gain + base.loss_ratio[:, None, :] * drive.exposure)
    size = xp.abs(stake)
    worth = params.effect[:, None, None] * (1.0 - drive.ambiguity) * params.ally * credibility
    shield = xp.minimum(1.0, total(worth))
    at_risk = total(xp.minimum(params.hazard * drive.hazard_factor, 1.0) * params.loss)
    # (size - stake) / 2 is what a negative stake can bring at most, and 0 for any other.
    most = total(gain + 0.5 * (size - stake)) - at_risk * (1.0 - shield)
    return Bounds(most, total(size) + at_risk * shield)


def total(parts: Array) -> Array:
    """Sum over the last axis, short as it is, one part after the other: quicker than NumPy's own for a few parts."""
    found = parts[..., 0]
    for index in range(1, parts.shape[-1]):
        found = found + parts[..., index]
    return found


def fresh(uniform: Array, count: int, *, xp: Any = np) -> Array:
    """The `count`-th further uniform number (from 1) of a stream's number: its bits, counted on and mixed.

    The mixer is the finaliser of SplitMix64 (key `steele2014`), the same in both interfaces.
    """
    bits = (uniform * 2.0**53).astype(xp.uint64) * xp.uint64(0x2545F4914F6CDD1D)
    bits = bits + xp.uint64(count * _GOLDEN % 2**64)
    bits = (bits ^ (bits >> xp.uint64(30))) * xp.uint64(_FIRST)
    bits = (bits ^ (bits >> xp.uint64(27))) * xp.uint64(_SECOND)
    bits = bits ^ (bits >> xp.uint64(31))
    return (bits >> xp.uint64(11)).astype(float) * 2.0**-53


def move(table: Table, asked: Asked) -> tuple[Array, int]:
    """The cells that all clients move to on one scale, (m, c), and how many of them drew from the exact row."""
    state, params, drive, gain, credibility, uniform, sigma, scale = asked
    members, clients = uniform.shape
    limit = bounds(params, drive, gain, credibility, scale)
    # One client after the other, as the arrays lie in memory.
    most, spread, drawn, sigma = (each.T.ravel() for each in (*limit, uniform, sigma))
    start, mean = state.cell[..., scale].T.ravel(), state.mean[..., scale].T.ravel()
    nu, session, strength, phi = (
        np.tile(each[:, scale], clients) for each in (params.nu, drive.session, params.reversion, params.phi)
    )
    row = row_of(table, sigma, nu, session)
    here = position_of(table, start)
    landed = np.empty_like(start)
    left = np.arange(len(start))
    for turn in range(TRIES):
        now = left if turn else slice(None)
        number = drawn[now]
        cell = walk_to(table, start[now], sigma[now], propose(table, row[now], fresh_or_own(number, turn)))
        target = position_of(table, cell)
        level = -strength[now] * (target - mean[now]) ** 2
        luck = np.log(np.maximum(fresh(number, 2 * turn + 1), 1e-300))
        taken = luck < level - phi[now] * spread[now]
        # Whatever the interests are, these take the step or leave it; only for the others are they weighed.
        doubt = np.flatnonzero(~taken & (luck < level))
        if len(doubt):
            some = left[doubt]
            face = facing(state, params, drive, gain, credibility, scale, some)
            worth = interests(face, here[some], target[doubt, None])[:, 0]
            taken[doubt] = luck[doubt] < level[doubt] + phi[some] * (worth - most[some])
        landed[left[taken]] = cell[taken]
        left = left[~taken]
        if not len(left):
            return landed.reshape(clients, members).T, 0
    face = facing(state, params, drive, gain, credibility, scale, left)
    rows, cells = exact_rows(table, face, start[left], sigma[left], nu[left], session[left])
    node = law.draw_cell(rows, fresh(drawn[left], 2 * TRIES))
    landed[left] = cells[np.arange(len(left)), node]
    return landed.reshape(clients, members).T, len(left)


def fresh_or_own(number: Array, turn: int, *, xp: Any = np) -> Array:
    """The number of a proposal: the stream's own for the first, so that runs with common numbers propose alike."""
    return fresh(number, 2 * turn, xp=xp) if turn else number


def exact_rows(
    table: Table, face: Facing, start: Array, sigma: Array, nu: Array, session: Array, *, xp: Any = np
) -> tuple[Array, Array]:
    """Rows of the kernel on all cells in reach, (n, node), and these cells."""
    cells = reachable(table, start, sigma, xp=xp)
    target = position_of(table, cells)
    worth = interests(face, position_of(table, start), target, xp=xp)
    back = law.reversion(law.Grid(target, table.width), face.mean, face.strength, xp=xp)
    return law.transition(walk(table, sigma, nu, session, xp=xp), back, worth, face.phi, xp=xp), cells


def move_whole(table: Table, asked: Asked, *, xp: Any) -> Array:
    """`move` without choosing among members, for an interface that compiles: every try is made for all of them."""
    state, params, drive, gain, credibility, uniform, sigma, scale = asked
    members, clients = uniform.shape
    most = bounds(params, drive, gain, credibility, scale, xp=xp).most.T.ravel()
    start, drawn, sigma = state.cell[..., scale].T.ravel(), uniform.T.ravel(), sigma.T.ravel()
    face = facing(state, params, drive, gain, credibility, scale, np.arange(uniform.size), xp=xp)
    nu, session = (xp.tile(each[:, scale], clients) for each in (params.nu, drive.session))
    row, here = row_of(table, sigma, nu, session), position_of(table, start)
    rows, cells = exact_rows(table, face, start, sigma, nu, session, xp=xp)
    node = law.draw_cell(rows, fresh(drawn, 2 * TRIES, xp=xp), xp=xp)
    landed = xp.take_along_axis(cells, node[:, None], axis=-1)[:, 0]
    # From the last try to the first: an earlier one that is taken goes before all later ones.
    for turn in reversed(range(TRIES)):
        cell = walk_to(table, start, sigma, propose(table, row, fresh_or_own(drawn, turn, xp=xp), xp=xp), xp=xp)
        target = position_of(table, cell)
        level = -face.strength * (target - face.mean) ** 2
        worth = interests(face, here, target[:, None], xp=xp)[:, 0]
        luck = xp.log(xp.maximum(fresh(drawn, 2 * turn + 1, xp=xp), 1e-300))
        landed = xp.where(luck < level + face.phi * (worth - most), cell, landed)
    return landed.reshape(clients, members).T

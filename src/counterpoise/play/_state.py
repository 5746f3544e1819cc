"""What changes from quarter to quarter, what does not, what acts on it and what is seen: one field per quantity.

Axes: m member, c client, p patron, r rival, h channel (and visits), s scale. Gains and losses are yearly, in units of
ten per cent of the client's GDP (`law.UNIT_OF_GDP`); scales are `ground.SCALES`. In memory the members of one quantity
lie side by side: an operation then runs over a thousand members at once and not over six patrons a thousand times.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from counterpoise.play import law
from counterpoise.region import CHANNELS

Array = Any

# Where stocks lie: the channels, and visits, which fade fastest.
HELD = (*CHANNELS, "visit")


class State(NamedTuple):
    """Where every member stands at the end of a quarter."""

    cell: Array  # (m, c, s) lattice cell of the client on each scale
    before: Array  # (m, c, 4) orientation of the four quarters before this one, the oldest first
    mean: Array  # (m, c, s) long-run mean
    stock: Array  # (m, c, p, h) delivered gains
    alpha: Array  # (m, c, p) promises kept, as believed
    beta: Array  # (m, c, p) promises broken, as believed
    act_left: Array  # (m, c, p) quarters that a punishment still runs
    harm_left: Array  # (m, c) quarters over which the last attack is still paid for
    harm: Array  # (m, c) yearly loss from it
    ruler_born: Array  # (m, c) year of birth; NaN where elections decide
    ruler_since: Array  # (m, c) year of entry into office


class Params(NamedTuple):
    """What a member keeps for the whole run."""

    patrons: tuple[law.Patrons, law.Patrons]  # by scale, each (m, p); exposure, benefit and tolerance come by quarter
    sigma: Array  # (m, c, s) quarterly scale of the walk
    nu: Array  # (m, s) class of the degrees of freedom
    reversion: Array  # (m, s)
    phi: Array  # (m, s); 0 where exposures do not count
    slack: Array  # (m, p) distance beyond the usual one that a patron bears
    memory_of_mean: Array  # (m,)
    weight: Array  # (m, h) of a delivered gain
    decay: Array  # (m, h) a quarter
    leakage: Array  # (m, c)
    hazard: Array  # (m, c, r) yearly
    loss: Array  # (m, c, r) of an attack, on average over its rungs
    grave: Array  # (m, c, r) share of attacks that are a war or take land
    grave_loss: Array  # (m, c, r) of such a one
    light_loss: Array  # (m, c, r) of any other
    effect: Array  # (m,) of a promise that everyone believes
    reach: Array  # (m, s) distance at which a shield is gone
    ally: Array  # (c, p) whether the patron may guard the client
    memory: Array  # (m,) of beliefs, a year
    spillover: Array  # (m,)
    alpha0: Array  # (m, c, p)
    beta0: Array  # (m, c, p)
    honour_saves: Array  # (m,) share of the loss that help averts
    bandwidth_use: Array  # (m,)
    quiet: Array  # (m, p) yearly chance of a punishment in years without a step
    act_quarters: Array  # (m,)
    attack_quarters: Array  # (m,)
    mortality: Array  # (m,) at sixty
    doubling: Array  # (m,) years
    ouster: Array  # (m,) a year
    ouster_tenure: Array  # (m,) log rate a year
    exit_shift: Array  # (m, s) spread
    successor_age: Array  # (m,)


class Drive(NamedTuple):
    """What the scenario does in a quarter."""

    year: Array  # () the middle of the quarter
    session: Array  # (m, s) common effect of the session, as its class
    inflow: Array  # (m, c, p, h) gains delivered, before leakage
    leaks: Array  # (m, c, p, h) the part of the inflow that leakage touches
    steady: Array  # (m, c, p) gains with an end of their own
    offered: Array  # (m, c, p) worth of what is promised
    exposure: Array  # (m, c, p) loss from full withdrawal of what is not withdrawn yet
    withheld: Array  # (m, c, p) loss from scripted sticks
    shock: Array  # (m, c) loss that nobody chose
    hazard_factor: Array  # (m, c, r)
    volatility: Array  # (m, c)
    ambiguity: Array  # (m, c, p) of the firmest promise
    mean_shift: Array  # (m, c, s)
    jump: Array  # (m, c, s)


class Noise(NamedTuple):
    """Uniform numbers of a quarter."""

    align: Array  # (m, c, s)
    act: Array  # (m, c, p)
    attack: Array  # (m, c, r)
    honour: Array  # (m, c, p)
    exit: Array  # (m, c)
    successor: Array  # (m, c, s)


class Seen(NamedTuple):
    """What a quarter is remembered by."""

    position: Array  # (m, c, s)
    gain: Array  # (m, c, p) weighted gains held
    acts: Array  # (m, c, p) loss from punishments that run
    withheld: Array  # (m, c, p)
    attack_loss: Array  # (m, c)
    shock: Array  # (m, c)
    credibility: Array  # (m, c, p)
    attacked: Array  # (m, c) bool
    helped: Array  # (m, c) bool: attacked and some guarantor came
    grave: Array  # (m, c) bool: an attack that is a war or takes land
    acted: Array  # (m, c, p) bool: a punishment begins
    exited: Array  # (m, c) bool
    edge: Array  # (m, c, s) bool: in an edge cell
    kept: Array  # (m, c, p) firmness of a promise that its guarantor kept under attack; 0: none


def both_scales(parts: Any, *, xp: Any = np) -> Any:
    """One array (m, c, s) of an array (m, c) for each scale, members side by side."""
    return xp.stack([part.T for part in parts]).T


def side_by_side(held: Any) -> Any:
    """The same arrays, laid out with the members of one quantity side by side."""
    if isinstance(held, tuple):
        parts = [side_by_side(part) for part in held]
        return type(held)(*parts) if hasattr(held, "_fields") else tuple(parts)
    return np.asfortranarray(held) if getattr(held, "ndim", 0) > 1 else held

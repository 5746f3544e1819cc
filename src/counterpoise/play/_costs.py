"""What patrons pay: for honouring their word when a client is attacked, and for moves whose cost a scenario states."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from counterpoise.play._chance import Array, Chance
from counterpoise.play._moves import realise
from counterpoise.region.draws import triangular

if TYPE_CHECKING:
    from counterpoise.play._block import Plan

# Cost of honouring a promise once, USD mn: an assumption of the region, labelled as that.
HONOUR = "security:honour_cost_usd_mn"
KINDS = ("honouring promises", "moves")
UNSTATED = f"What honouring a promise costs a patron is not stated ({HONOUR}): left out of its costs."


def is_stated(plan: Plan) -> bool:
    """Whether the region says what honouring a promise costs."""
    return not plan.parameters.missing([HONOUR])


def year_ends(labels: Sequence[str]) -> list[int]:
    """The quarters at which costs are added up, as places in `labels`: every year's last, and the last of the run."""
    return [t for t, label in enumerate(labels) if t and (label.endswith("Q4") or t == len(labels) - 1)]


def costs(plan: Plan, chance: Chance, kept: Array) -> dict[str, Array]:
    """What each patron has paid for each client since the start, USD bn by year's end, (year, member, client, patron).

    `kept` (t, m, c, p) is the firmness of promises that patrons kept under attack: one half meant costs half as much,
    as in the security channel. A move's cost is paid in the quarter in which it takes effect and shared evenly among
    its clients; one without a stated cost is left out.
    """
    ends = np.array(year_ends(plan.labels)) - 1
    found = {}
    if is_stated(plan):
        each = plan.parameters.draw(HONOUR, chance) / 1e3
        found[KINDS[0]] = np.cumsum(kept, axis=0)[ends] * each[:, None, None]
    if any(move.cost_range is not None for move in plan.moves):
        found[KINDS[1]] = _of_moves(plan, chance, ends)
    return found


def _of_moves(plan: Plan, chance: Chance, ends: Array) -> Array:
    clients, patrons = plan.ground.clients, plan.ground.patrons
    paid = np.zeros((len(ends), chance.count, len(clients), len(patrons)))
    for move in plan.moves:
        own = [clients.index(name) for name in move.target if name in clients]
        if move.cost_range is None or move.actor not in patrons or not own:
            continue
        one = realise(move, chance, plan.ground.start, plan.labels[0])
        share = triangular(chance.uniform(f"move:{move.id}:cost"), *move.cost_range) / 1e3 / len(own)
        for k, end in enumerate(ends):
            amount = np.where(one.comes & (one.effect <= end + 1), share, 0.0)
            paid[k][:, own, patrons.index(move.actor)] += amount[:, None]
    return paid

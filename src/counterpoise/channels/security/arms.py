"""A client's dependence on a patron's arms: its part in the stock, in new deliveries, and in what wears out."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from counterpoise.channels.security.forms import readiness_lost, stock_share
from counterpoise.region import Figure, Region
from counterpoise.region.draws import Assumptions, draw_pick

WINDOW = 5
CLASSES = ("aircraft", "air_defence", "armour", "artillery")
DECAY = {name: f"security:decay_{name}" for name in CLASSES}
MIX = {name: f"security:mix_{name}" for name in CLASSES}
REPLACED, KEPT = "security:replaced_share_long", "security:stock_kept"
IMPORTS, PREMIUM, MARGIN = "security:import_share_of_budget", "security:replacement_premium", "security:sales_margin"
ARMS = (*DECAY.values(), *MIX.values(), KEPT, IMPORTS, PREMIUM, MARGIN)
_SPAN = re.compile(r"(\d{4})/(\d{4})")


@dataclass(frozen=True, slots=True)
class Dependence:
    """What ends with a patron's arms, by draw: readiness lost, extra cost and lost sales in per cent of client GDP."""

    stock: np.ndarray
    newest: float
    lost: np.ndarray
    extra_cost: np.ndarray
    sales_lost: np.ndarray
    facts: tuple[str, ...]
    assumptions: tuple[str, ...]
    notes: tuple[str, ...]


def windows(region: Region, client: str, patron: str) -> tuple[list[float], list[Figure]]:
    """The patron's part in the client's arms imports by five-year window, newest first, and the figures used.

    Windows do not overlap. A supplier that the register does not list in a window delivered nothing in it. The parts
    of a bloc are the sums over its members.
    """
    members = {row.id for row in region.rows("actors") if row.kind == "state" and patron in row.member_of}
    suppliers = {patron, *(members if _is_bloc(region, patron) else ())}
    by_span: dict[tuple[int, int], list[Figure]] = {}
    for figure in region.find("arms_import_share", subject=client):
        span = _span(figure)
        if span and not figure.item:
            by_span.setdefault(span, []).append(figure)
    shares: list[float] = []
    used: list[Figure] = []
    earliest = 9999
    for first, last in sorted(by_span, key=lambda span: span[1], reverse=True):
        if last >= earliest:
            continue
        earliest = first
        here = by_span[first, last]
        # Of two figures for one supplier the more credible, then the later known, counts.
        ranked = sorted(here, key=lambda figure: (-figure.credibility, figure.known, figure.id))
        best = {figure.object: figure for figure in ranked if figure.object in suppliers}
        shares.append(min(1.0, sum(figure.value for figure in best.values()) / 100))
        used += list(best.values()) or here[:1]
    return shares, used


def dependence(region: Region, client: str, patron: str, horizon: str, draws: Assumptions) -> Dependence | None:
    """What the end of a patron's arms and spare parts does to a client within a year, or by year five.

    Short: no spare parts for a year and no deliveries, nothing replaced. Long: five years without parts, of which
    others replace part, and the same imports bought elsewhere at a premium. `None` where no window is on record.
    """
    shares, used = windows(region, client, patron)
    if not shares:
        return None
    stock = stock_share(shares, draws.draw(KEPT), WINDOW)
    decay = {name: draws.draw(row) for name, row in DECAY.items()}
    mix = {name: draws.draw(row) for name, row in MIX.items()}
    long = horizon == "long"
    lost = readiness_lost(stock, decay, mix, 5.0 if long else 1.0)
    if long:
        lost = lost * (1.0 - draws.draw(REPLACED))
    pick = region.pick(region.find("military_expenditure_share", subject=client, item=""))
    notes = ["arms windows count alike in volume: only shares are public"]
    facts: tuple[str, ...] = ()
    if pick is None:
        budget = np.zeros(draws.count)
        notes.append(f"no military budget of {client} on record: replacement and lost sales are not counted")
    else:
        budget, facts = draw_pick(pick, draws.seed, draws.count), pick.facts
    bill = budget * draws.draw(IMPORTS) * shares[0]
    extra = bill * draws.draw(PREMIUM) if long else np.zeros(draws.count)
    names = (*ARMS, *((REPLACED,) if long else ()))
    ids = tuple(dict.fromkeys([*(f.id for f in used), *facts]))
    return Dependence(stock, shares[0], lost, extra, bill * draws.draw(MARGIN), ids, names, tuple(notes))


def _is_bloc(region: Region, actor: str) -> bool:
    return any(row.id == actor and row.kind == "bloc" for row in region.rows("actors"))


def _span(figure: Figure) -> tuple[int, int] | None:
    """First and last year of a five-year window; `None` for any other period."""
    found = _SPAN.fullmatch(figure.as_of or "")
    if not found:
        return None
    first, last = int(found[1]), int(found[2])
    return (first, last) if last - first + 1 == WINDOW else None

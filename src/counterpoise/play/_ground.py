"""What a run stands on: the region's figures as arrays by draw, the same for every member and every worker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from counterpoise._errors import InputError, fault
from counterpoise.channels.income import income
from counterpoise.channels.security.channel import EFFECT
from counterpoise.channels.security.credibility import MEMORY, SPILLOVER, Credibility, credibility
from counterpoise.channels.security.promises import firmest, standing
from counterpoise.channels.security.threat import rival_names, threat_names, threats
from counterpoise.play._chance import Array
from counterpoise.play._response import Response, respond
from counterpoise.region import Region
from counterpoise.region.draws import Assumptions

if TYPE_CHECKING:
    from counterpoise.play.reaction import PunishmentRule

SCALES = ("voting", "orientation")


@dataclass(frozen=True)
class Ground:
    """A region as a play sees it. Axes: draw, client, patron, rival; losses in per cent of the client's GDP.

    `hazard` yearly chance of attack (0 beyond a client's rivals), `harm` its loss, `grave` the share that is a war or
    takes land, `grave_loss` the loss from one; `alpha`, `beta` and their priors are the belief in a patron's word;
    `ambiguity` of its firmest promise (1: none stands), `ally` whether it may guard the client at all (a rival of the
    client cannot); `rules` are fitted rules by which a patron punishes, of `reaction`.
    """

    clients: tuple[str, ...]
    patrons: tuple[str, ...]
    rivals: tuple[tuple[str, ...], ...]
    start: date
    gdp_usd_mn: Array
    response: Response
    hazard: Array
    harm: Array
    grave: Array
    grave_loss: Array
    alpha: Array
    beta: Array
    alpha0: Array
    beta0: Array
    ambiguity: Array
    ally: Array
    rules: Mapping[str, PunishmentRule]
    facts: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def draws(self) -> int:
        return len(self.hazard)


def stand(
    region: Region, *, seed: int, draws: int, workers: int = 1, cache: Path | None = None, assumed: Sequence[Any] = ()
) -> Ground:
    """The ground of a region: response surface, rivals, beliefs, promises and incomes, over `draws` draws.

    `assumed` are a scenario's ranges that stand in for rows of the region. A client without figures of the security
    channel plays without rivals, and a note says so; one without GDP is refused (`E922`).
    """
    region = with_assumed(region, assumed)
    clients, patrons = tuple(region.settings.clients), tuple(region.settings.patrons)
    day = region.as_of or date.fromisoformat(region.settings.base_date)
    response = respond(region, seed=seed, draws=draws, workers=workers, cache=cache)
    facts = dict.fromkeys(response.facts)
    notes: list[str] = []
    rivals = tuple(rival_names(region, client) for client in clients)
    most = max(1, *(len(names) for names in rivals))
    hazard, harm, grave, grave_loss = (np.zeros((draws, len(clients), most)) for _ in range(4))
    alpha, beta, alpha0, beta0 = (np.ones((draws, len(clients), len(patrons))) for _ in range(4))
    ambiguity = np.ones((draws, len(clients), len(patrons)))
    ally = np.zeros((len(clients), len(patrons)))
    pool = Assumptions(region, seed=seed, count=draws)
    for c, client in enumerate(clients):
        needs = pool.missing(*dict.fromkeys((MEMORY, SPILLOVER, EFFECT, *threat_names(region, client))))
        if needs or not rivals[c]:
            notes.append(f"{client}: no hazard of attack, for want of {', '.join(needs) or 'rivals'}")
        else:
            found = threats(region, client, day, pool)
            facts |= dict.fromkeys(found.facts)
            for r, rival in enumerate(found.rivals):
                hazard[:, c, r], harm[:, c, r] = rival.hazard, rival.loss
                grave[:, c, r], grave_loss[:, c, r] = rival.catastrophe, rival.ruin
        for p, patron in enumerate(patrons):
            belief = None if patron == client else credibility(region, patron, client, day, pool)
            if not isinstance(belief, Credibility):
                continue
            alpha[:, c, p], beta[:, c, p] = belief.belief.alpha, belief.belief.beta
            alpha0[:, c, p], beta0[:, c, p] = belief.before.alpha, belief.before.beta
            ally[c, p] = float(patron not in rivals[c])
            facts |= dict.fromkeys(belief.facts)
            vague = firmest(standing(region, patron, client, day), pool)
            if vague is not None:
                ambiguity[:, c, p] = vague
    gdp, rows = _incomes(region, clients, day)
    facts |= dict.fromkeys(rows)
    notes += [f"no figure for the exposure {name} (client:patron:channel): left out" for name in response.unknown]
    return Ground(
        clients,
        patrons,
        rivals,
        day,
        gdp,
        response,
        hazard,
        harm,
        grave,
        grave_loss,
        alpha,
        beta,
        alpha0,
        beta0,
        ambiguity,
        ally,
        _rules(region, patrons),
        tuple(facts),
        tuple(notes),
    )


def _rules(region: Region, patrons: Sequence[str]) -> dict[str, PunishmentRule]:
    """The fitted rules of punishment, for the patrons that have one on the region's day."""
    from counterpoise.play.reaction import punishment_rule

    rules = {patron: punishment_rule(region, patron) for patron in patrons}
    return {name: rule for name, rule in rules.items() if rule.fitted_to is not None}


def with_assumed(region: Region, assumed: Sequence[Any]) -> Region:
    """The region with a scenario's ranges in place of its own rows of the same id; parameters of the play are left."""
    own = {item.name: item for item in assumed}
    if not any(row.id in own for row in region.rows("assumptions")):
        return region
    from dataclasses import replace

    rows = []
    for row in region._folder.rows["assumptions"]:
        item = own.get(getattr(row, "id", ""))
        if item is not None:
            shape = "uniform" if item.mode is None else "triangular"
            new = {"low": item.low, "mode": item.mode, "high": item.high, "shape": shape}
            rows.append(row.model_copy(update=new))
        else:
            rows.append(row)
    return Region(
        replace(region._folder, rows={**region._folder.rows, "assumptions": rows}), region.settings, region.as_of
    )


def _incomes(region: Region, clients: Sequence[str], day: date) -> tuple[Array, list[str]]:
    found = [income(region, client, day.year) for client in clients]
    if lacking := [client for client, figure in zip(clients, found, strict=True) if figure is None]:
        rule = "a play measures gains and losses against the client's GDP"
        fix = "add a fact of the quantity gdp"
        raise InputError(
            [fault("E922", where="facts.csv", found=f"no GDP of {n}", rule=rule, fix=fix) for n in lacking]
        )
    figures = [figure for figure in found if figure is not None]
    return np.array([1000.0 * figure.value for figure in figures]), [figure.id for figure in figures]

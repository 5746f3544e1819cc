"""The capital channel on a region: a patron stops investing and giving, and runs what it owns against the client."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from counterpoise.channels._capital import delivery_rate, lost_capital, sudden_stop
from counterpoise.channels._income import income
from counterpoise.channels._shape import Answer, Ask, Effect, StructuralZero, Unknown
from counterpoise.region import Figure, Region
from counterpoise.region._dates import bounds
from counterpoise.region._schema import ProjectStage
from counterpoise.region.units import explain, factor

DEMAND, REPLACED, DECAY = "capital:demand_share", "capital:replaced_share", "capital:decay"
RETURN, PREMIUM = "capital:return", "capital:sender_return_premium"
HOSTILE, ASSET_INCOME = "capital:hostile_loss", "capital:asset_income"
WITHDRAWAL = (DEMAND, REPLACED, DECAY, RETURN, PREMIUM, HOSTILE, ASSET_INCOME)
USD_PER_EUR, OFFER_RATE, OFFER_LEAD = "capital:usd_per_eur", "capital:delivery_rate", "capital:lead_years"
OFFER = (RETURN, USD_PER_EUR, OFFER_RATE, OFFER_LEAD)
# Yearly flows older than this many years before the newest knowledge are no current flow.
FLOW_YEARS = 8
CONTROL = 50.0


@dataclass(frozen=True, slots=True)
class Tie:
    """What a patron puts into a client a year (USD mn) and what it controls there."""

    investment: list[Figure]
    aid: list[Figure]
    assets: list[Figure]

    @property
    def facts(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(figure.id for figure in [*self.investment, *self.aid, *self.assets]))


def withdraw(ask: Ask) -> Answer:
    """What the end of a patron's investment and aid costs, with its assets in the client run against it.

    Short: the sudden stop of both flows, and what hostile operation of controlled assets costs. Long: the return on the
    capital that did not come since, aid that nobody replaces, and the assets that could not be bought out. The sender
    loses the premium it earned there and the income of its assets, and saves its aid, so its cost may be negative.
    """
    tie = _tie(ask.region, ask.patron, ask.client)
    own, other = (income(ask.region, actor, ask.region.settings.currency_year) for actor in (ask.client, ask.patron))
    needs = ask.assumptions.missing(*WITHDRAWAL)
    needs += [f"gdp of {actor}" for actor, gdp in ((ask.client, own), (ask.patron, other)) if gdp is None]
    if not (tie.investment or tie.aid or tie.assets):
        needs.append(f"yearly investment or aid from {ask.patron} in {ask.client}")
    if needs or own is None or other is None:
        return Unknown("figures of the capital channel are lacking", tuple(needs))
    draw = {name: ask.assumptions.draw(name) for name in WITHDRAWAL}
    # Of several recent years the flow is drawn between the smallest and the largest.
    investment, aid = (_between(ask, flows, name) for flows, name in ((tie.investment, "investment"), (tie.aid, "aid")))
    home = own.value * 1e3
    hostile = len(tie.assets) * draw[HOSTILE] / 100 * home
    forgone = len(tie.assets) * draw[ASSET_INCOME] / 100 * home
    if ask.horizon == "short":
        client = sudden_stop(investment, aid, draw[DEMAND]) + hostile
        sender = investment * draw[PREMIUM] + forgone - aid
    else:
        kept = 1 - draw[REPLACED]
        missing = lost_capital(investment, draw[DECAY], draw[REPLACED])
        client = missing * draw[RETURN] + sudden_stop(np.zeros_like(aid), aid, draw[DEMAND]) * kept + hostile * kept
        sender = lost_capital(investment, draw[DECAY], np.zeros_like(aid)) * draw[PREMIUM] + forgone * kept - aid
    gdp = [np.full(ask.assumptions.count, figure.value * 1e9) for figure in (own, other)]
    return Effect(
        100 * client * 1e6 / gdp[0],
        100 * sender * 1e6 / gdp[1],
        gdp[0],
        gdp[1],
        (*tie.facts, own.id, other.id),
        WITHDRAWAL,
        {
            "investment_usd_mn": float(np.median(investment)),
            "aid_usd_mn": float(np.median(aid)),
            "controlled_assets": float(len(tie.assets)),
        },
        _notes(tie, ask.patron),
        # What is not on record could only add to the loss.
        bound=None if tie.investment and tie.aid else "lower",
    )


def offer(ask: Ask) -> Answer:
    """The expected gain from what a patron has announced for the client and not yet paid.

    Pledges not delivered, times the chance that they are (the patron's measured delivery rate where it has one, the
    stated range otherwise), times the return on capital. Nothing arrives within the first year.
    """
    stages: list[ProjectStage] = [
        row
        for row in ask.region.rows("projects")
        if ask.client in row.host and set(row.sponsor) & _members(ask.region, ask.patron)
    ]
    if not stages:
        return StructuralZero("no pledge of the patron to the client is on record")
    own, other = (income(ask.region, actor, ask.region.settings.currency_year) for actor in (ask.client, ask.patron))
    needs = ask.assumptions.missing(*OFFER)
    if needs or own is None or other is None:
        return Unknown("figures of the capital offer are lacking", (*needs, f"gdp of {ask.client} and {ask.patron}"))
    rate = ask.assumptions.draw(USD_PER_EUR)
    pledged, paid, rows = _pledges(stages, rate)
    measured = delivery_rate(float(np.median(pledged)), float(np.median(paid))) if paid.any() else None
    chance = ask.assumptions.draw(OFFER_RATE) if measured is None else np.full(ask.assumptions.count, measured)
    open_sum = np.maximum(0.0, pledged - paid)
    arrives = chance * open_sum if ask.horizon == "long" else np.zeros(ask.assumptions.count)
    gain = arrives * ask.assumptions.draw(RETURN)
    gdp = [np.full(ask.assumptions.count, figure.value * 1e9) for figure in (own, other)]
    note = "delivery rate measured on its own pledges" if measured is not None else "delivery rate assumed"
    return Effect(
        100 * gain * 1e6 / gdp[0],
        100 * arrives * 1e6 / 5 / gdp[1],
        gdp[0],
        gdp[1],
        (*rows, own.id, other.id),
        OFFER,
        {
            "pledged_usd_mn": float(np.median(pledged)),
            "paid_usd_mn": float(np.median(paid)),
            "chance": float(np.median(chance)),
            "lead_years": float(np.median(ask.assumptions.draw(OFFER_LEAD))),
        },
        (note, "a pledge is a ceiling; its cost to the patron is spread over five years"),
    )


def _tie(region: Region, patron: str, client: str) -> Tie:
    members = _members(region, patron)
    plain = ("gross", "net", "")
    investment = [
        f for f in region.find("fdi_inflow", subject=client) if f.object in members and (f.item or "") in plain
    ]
    aid = [f for f in region.find("oda_net", subject=client) if f.object in members and not f.item]
    return Tie(_recent(investment), _recent(aid), _controlled(region, members, client))


def _members(region: Region, patron: str) -> set[str]:
    """The patron and, where it is a bloc of states, its members: their money is counted as its own."""
    rows = region.rows("actors")
    bloc = any(row.id == patron and row.kind == "bloc" for row in rows)
    return {patron} | ({row.id for row in rows if patron in row.member_of} if bloc else set())


def _recent(figures: list[Figure]) -> list[Figure]:
    """Figures of whole calendar years, not older than the span of a current flow."""
    years = [f for f in figures if f.as_of and len(f.as_of) == 4]
    if not years:
        return []
    newest = max(int(f.as_of or 0) for f in years)
    return [f for f in years if newest - int(f.as_of or 0) <= 2 and newest >= f.period_end.year - FLOW_YEARS]


def _controlled(region: Region, members: set[str], client: str) -> list[Figure]:
    """Assets in the client of which the patron's owners hold the control, by their newest figure."""
    newest: dict[str, Figure] = {}
    for figure in region.find("ownership_share", subject=client):
        if figure.item:
            newest[figure.item] = figure
    ended = {name for name, figure in newest.items() if figure.object == client and figure.value == 0}
    return [f for name, f in newest.items() if f.object in members and f.value >= CONTROL and name not in ended]


def _between(ask: Ask, figures: list[Figure], name: str) -> np.ndarray:
    """Draws of a yearly flow between its smallest and largest recent year, summed over a bloc's members."""
    years: dict[str, float] = {}
    for figure in figures:
        years[str(figure.as_of)] = years.get(str(figure.as_of), 0.0) + figure.value
    values = [max(0.0, value) for value in years.values()] or [0.0]
    share = ask.assumptions.uniform(f"capital:{name}:{ask.patron}:{ask.client}")
    return min(values) + (max(values) - min(values)) * share


def _pledges(stages: list[ProjectStage], usd_per_eur: np.ndarray) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    """What was announced and what was paid, USD mn by draw, over projects with an announced or contracted sum."""
    pledged, paid = np.zeros_like(usd_per_eur), np.zeros_like(usd_per_eur)
    rows = []
    for project in sorted({row.project for row in stages}):
        own = [row for row in stages if row.project == project]
        promised = [
            s for s in (_usd_mn(r, usd_per_eur) for r in own if r.stage in ("announced", "contracted")) if s is not None
        ]
        spent = [s for s in (_usd_mn(r, usd_per_eur) for r in own if r.stage == "disbursed") if s is not None]
        if not promised or any(row.stage == "cancelled" for row in own):
            continue
        pledged = pledged + np.max(promised, axis=0)
        paid = paid + (np.max(spent, axis=0) if spent else 0.0)
        rows += [row.id for row in own if row.value is not None]
    return pledged, paid, tuple(rows)


def _usd_mn(row: ProjectStage, usd_per_eur: np.ndarray) -> np.ndarray | None:
    """A stage in USD mn; other units (lengths, years) are no money and give `None`."""
    if row.value is None or not row.unit:
        return None
    if not explain(row.unit, "USD mn"):
        return np.full_like(usd_per_eur, row.value * factor(row.unit, "USD mn"))
    if not explain(row.unit, "EUR mn"):
        return row.value * factor(row.unit, "EUR mn") * usd_per_eur
    return None


def _notes(tie: Tie, patron: str) -> tuple[str, ...]:
    missing = [name for name, rows in (("investment", tie.investment), ("aid", tie.aid)) if not rows]
    notes = (
        [f"lower bound: no yearly {' or '.join(missing)} from {patron} is on record, and none is counted"]
        if missing
        else []
    )
    years = sorted({bounds(f.as_of)[1].year for f in [*tie.investment, *tie.aid] if f.as_of})
    return (*notes, *([f"flows of {years[0]} to {years[-1]}"] if years else []), "aid in constant dollars of 2022")

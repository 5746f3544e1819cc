"""The capital channel on a region: a patron stops investing, giving and lending, and runs what it owns against it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from counterpoise._errors import InputError, fault
from counterpoise.channels.capital.assets import Asset, controlled, present_day
from counterpoise.channels.capital.forms import (
    YEARS_LONG,
    lost_capital,
    refinancing,
    standing,
    sudden_stop,
    unkept_capital,
)
from counterpoise.channels.capital.offers import offer
from counterpoise.channels.capital.pledges import Money, debts, members
from counterpoise.channels.income import income
from counterpoise.channels.shape import Answer, Ask, Effect, Unknown
from counterpoise.region import Figure, Pick, Region
from counterpoise.region._dates import bounds
from counterpoise.region._schema import ProjectStage
from counterpoise.region.draws import draw_pick

__all__ = ["FULL_WITHDRAWAL", "Rules", "offer", "withdraw"]

DEMAND, REPLACED, DECAY = "capital:demand_share", "capital:replaced_share", "capital:decay"
RETURN, PREMIUM = "capital:return", "capital:sender_return_premium"
HOSTILE, ASSET_INCOME = "capital:hostile_loss", "capital:asset_income"
WITHDRAWAL = (DEMAND, REPLACED, DECAY, RETURN, PREMIUM, HOSTILE, ASSET_INCOME)
# What a region may state more closely: an asset's output, the part its owner can spoil, whose word owners obey.
OUTPUT, SPOILED, OWNER_PART = "capital:asset_output", "capital:hostile_share", "capital:owner_income_share"
LEFT, HAND = "capital:exit_share", "capital:hand"
DUE, SPREAD = "capital:debt_due_share", "capital:refinance_spread"
# Yearly flows and debts older than this many years before the newest knowledge are not those of today.
FLOW_YEARS = 8
ASSET_ACTS = ("hostile", "leave", "keep")


@dataclass(frozen=True, slots=True)
class Rules:
    """What a patron does with its money in the client; the default is the full withdrawal, the bound of every real act.

    `flows` [0, 1]: share of investment and aid that stops. `assets`: what owners from the patron do with what they
    control: run it against the client (`hostile`), give it up so that output is lost until others run it (`leave`), or
    nothing (`keep`). `credit`: whether debt is no longer rolled over.
    """

    flows: float = 1.0
    assets: str = "hostile"
    credit: bool = True


FULL_WITHDRAWAL = Rules()


@dataclass(frozen=True, slots=True)
class Tie:
    """What a patron puts into a client a year, what stands there, what it controls and what it is owed."""

    investment: list[Figure]
    aid: list[Figure]
    stock: Pick | None
    assets: list[Asset]
    with_energy: list[Asset]
    debts: list[tuple[ProjectStage, Money]]
    old_debts: list[tuple[ProjectStage, Money]]

    @property
    def facts(self) -> tuple[str, ...]:
        owned = [figure for asset in self.assets for figure in asset.figures]
        named = [figure.id for figure in [*self.investment, *self.aid, *owned]]
        named += [*(self.stock.facts if self.stock else ()), *(row.id for row, _ in self.debts)]
        return tuple(dict.fromkeys(named))

    @property
    def any(self) -> bool:
        return bool(self.investment or self.aid or self.stock or self.assets or self.debts)


def withdraw(ask: Ask, rules: Rules = FULL_WITHDRAWAL) -> Answer:
    """What the end of a patron's investment, aid and credit costs, with its assets in the client run against it.

    Short: the sudden stop of both flows, debt that falls due refinanced at a spread, and what hostile running of
    controlled assets costs. Long: the return on capital that did not come since (or, where a stock and no flow is on
    record, that nobody kept up), aid that nobody replaces, refinanced debt, and the assets that could not be bought
    out. The sender loses the premium it earned there and the income of its assets, and saves its aid, so its cost may
    be negative. Power plants it owns are counted by `energy`, never here.

    Raises `InputError` (`E450`) for rules that are none.
    """
    _check_rules(rules)
    tie = _tie(ask.region, ask.patron, ask.client)
    own, other = (income(ask.region, actor, ask.region.settings.currency_year) for actor in (ask.client, ask.patron))
    names = _names(ask, tie, rules)
    needs = ask.assumptions.missing(*names)
    needs += [f"gdp of {actor}" for actor, gdp in ((ask.client, own), (ask.patron, other)) if gdp is None]
    if not tie.any:
        needs.append(f"yearly investment or aid from {ask.patron} in {ask.client}")
    if needs or own is None or other is None:
        return Unknown("figures of the capital channel are lacking", tuple(needs))
    home = own.value * 1e3
    flows, flows_cost, physical = _flows(ask, tie, rules)
    spoiled, forgone = _assets(ask, tie.assets, rules)
    credit, credit_cost = _credit(ask, tie, rules)
    client = flows + credit + spoiled / 100 * home
    sender = flows_cost + credit_cost + forgone / 100 * home
    gdp = [np.full(ask.assumptions.count, figure.value * 1e9) for figure in (own, other)]
    physical |= {
        "controlled_assets": float(len(tie.assets)),
        "assets_left_to_energy": float(len(tie.with_energy)),
        "asset_loss_pct_gdp": float(np.median(spoiled)),
        "debt_usd_mn": sum(money.value for _, money in tie.debts),
        "refinancing_usd_mn": float(np.median(credit)),
    }
    return Effect(
        100 * client * 1e6 / gdp[0],
        100 * sender * 1e6 / gdp[1],
        gdp[0],
        gdp[1],
        (*tie.facts, own.id, other.id),
        tuple(names),
        physical,
        _notes(ask, tie, rules),
        # What is not on record could only add to the loss.
        bound=None if tie.investment and tie.aid else "lower",
    )


def _flows(ask: Ask, tie: Tie, rules: Rules) -> tuple[np.ndarray, np.ndarray, dict[str, float]]:
    """Loss of the client and cost of the sender from flows that stop, USD mn a year."""
    draw = ask.assumptions.draw
    # Of several recent years the flow is drawn between the smallest and the largest.
    investment, aid = (
        rules.flows * _between(ask, flows, name) for flows, name in ((tie.investment, "investment"), (tie.aid, "aid"))
    )
    physical = {"investment_usd_mn": float(np.median(investment)), "aid_usd_mn": float(np.median(aid))}
    stock = _standing_stock(ask, tie)
    if stock is not None:
        physical["standing_stock_usd_mn"] = float(np.median(stock))
    if ask.horizon == "short":
        return sudden_stop(investment, aid, draw(DEMAND)), investment * draw(PREMIUM) - aid, physical
    kept, nothing = 1 - draw(REPLACED), np.zeros_like(aid)
    missing = lost_capital(investment, draw(DECAY), draw(REPLACED))
    withheld = lost_capital(investment, draw(DECAY), nothing)
    if stock is not None:
        missing = missing + rules.flows * unkept_capital(stock, draw(DECAY), draw(REPLACED))
        withheld = withheld + rules.flows * unkept_capital(stock, draw(DECAY), nothing)
        physical["stock_gone_by_year_five_usd_mn"] = float(np.median(missing))
    loss = missing * draw(RETURN) + sudden_stop(nothing, aid, draw(DEMAND)) * kept
    return loss, withheld * draw(PREMIUM) - aid, physical


def _standing_stock(ask: Ask, tie: Tie) -> np.ndarray | None:
    """What stands today of a stock on record: between worn for want of upkeep since and kept up, where no flow is."""
    if tie.stock is None:
        return None
    then = draw_pick(tie.stock, ask.assumptions.seed, ask.assumptions.count)
    years = max(0.0, (present_day(ask.region) - tie.stock.used[0].period_end).days / 365.25)
    worn = standing(then, ask.assumptions.draw(DECAY), years)
    return np.asarray(worn + (then - worn) * ask.assumptions.uniform(f"capital:upkeep:{ask.patron}:{ask.client}"))


def _assets(ask: Ask, assets: list[Asset], rules: Rules) -> tuple[np.ndarray, np.ndarray]:
    """Output lost through controlled assets and income that their owners forgo, in per cent of the client's GDP."""
    draw, lost, forgone = ask.assumptions.draw, np.zeros(ask.assumptions.count), np.zeros(ask.assumptions.count)
    if rules.assets == "keep":
        return lost, forgone
    for asset in assets:
        output = f"{OUTPUT}:{asset.name}"
        if ask.assumptions.missing(output):
            # No figure of what it produces: a range of the loss itself.
            lost, forgone = lost + draw(HOSTILE), forgone + draw(ASSET_INCOME)
            continue
        share = draw(_closest(ask, SPOILED, asset.name) if rules.assets == "hostile" else LEFT)
        lost = lost + draw(output) * share
        forgone = forgone + draw(output) * draw(OWNER_PART)
    hand = _closest(ask, HAND, ask.patron)
    obeyed = 1.0 if ask.assumptions.missing(hand) else draw(hand)
    kept = 1.0 if ask.horizon == "short" else 1 - draw(REPLACED)
    return lost * obeyed * kept, forgone * obeyed * kept


def _credit(ask: Ask, tie: Tie, rules: Rules) -> tuple[np.ndarray, np.ndarray]:
    """Extra interest of the client, and premium that the creditor forgoes, USD mn a year."""
    nothing = np.zeros(ask.assumptions.count)
    if not tie.debts or not rules.credit:
        return nothing, nothing
    draw = ask.assumptions.draw
    owed = np.sum([money.draws(ask.assumptions.seed, ask.assumptions.count) for _, money in tie.debts], axis=0)
    years = 1 if ask.horizon == "short" else YEARS_LONG
    return refinancing(owed, draw(DUE), draw(SPREAD), years), refinancing(owed, draw(DUE), draw(PREMIUM), years)


def _names(ask: Ask, tie: Tie, rules: Rules) -> list[str]:
    """The assumptions that this question draws."""
    names = list(WITHDRAWAL)
    if rules.assets != "keep":
        for asset in tie.assets:
            output = f"{OUTPUT}:{asset.name}"
            if not ask.assumptions.missing(output):
                share = _closest(ask, SPOILED, asset.name) if rules.assets == "hostile" else LEFT
                names += [output, share, OWNER_PART]
        hand = _closest(ask, HAND, ask.patron)
        names += [hand] if tie.assets and not ask.assumptions.missing(hand) else []
    names += [DUE, SPREAD] if tie.debts and rules.credit else []
    return list(dict.fromkeys(names))


def _closest(ask: Ask, name: str, narrower: str) -> str:
    """The range stated for this asset or patron, else the general one; the answer lists which was used."""
    own = f"{name}:{narrower}"
    return name if ask.assumptions.missing(own) else own


def _tie(region: Region, patron: str, client: str) -> Tie:
    owners = members(region, patron)
    plain = ("gross", "net", "")
    investment = [
        f for f in region.find("fdi_inflow", subject=client) if f.object in owners and (f.item or "") in plain
    ]
    aid = [f for f in region.find("oda_net", subject=client) if f.object in owners and not f.item]
    recent = _recent(investment)
    # A flow pays for upkeep too, so a stock is looked at only where no flow is on record.
    stocks = [f for f in region.find("fdi_stock", subject=client, object=patron) if f.value > 0] if not recent else []
    assets, with_energy = controlled(region, owners, client)
    owed = debts(region, owners, client)
    newest = present_day(region).year
    fresh = [pair for pair in owed if pair[0].as_of and newest - bounds(pair[0].as_of)[1].year <= FLOW_YEARS]
    return Tie(
        recent,
        _recent(aid),
        region.pick(stocks, rule="newest"),
        assets,
        with_energy,
        fresh,
        [pair for pair in owed if pair not in fresh],
    )


def _recent(figures: list[Figure]) -> list[Figure]:
    """Figures of whole calendar years, not older than the span of a current flow."""
    years = [f for f in figures if f.as_of and len(f.as_of) == 4]
    if not years:
        return []
    newest = max(int(f.as_of or 0) for f in years)
    return [f for f in years if newest - int(f.as_of or 0) <= 2 and newest >= f.period_end.year - FLOW_YEARS]


def _between(ask: Ask, figures: list[Figure], name: str) -> np.ndarray:
    """Draws of a yearly flow between its smallest and largest recent year, summed over a bloc's members."""
    years: dict[str, float] = {}
    for figure in figures:
        years[str(figure.as_of)] = years.get(str(figure.as_of), 0.0) + figure.value
    values = [max(0.0, value) for value in years.values()] or [0.0]
    share = ask.assumptions.uniform(f"capital:{name}:{ask.patron}:{ask.client}")
    return min(values) + (max(values) - min(values)) * share


def _notes(ask: Ask, tie: Tie, rules: Rules) -> tuple[str, ...]:
    patron = ask.patron
    missing = [name for name, rows in (("investment", tie.investment), ("aid", tie.aid)) if not rows]
    notes = []
    if missing:
        notes.append(f"lower bound: no yearly {' or '.join(missing)} from {patron} is on record, and none is counted")
    years = sorted({bounds(f.as_of)[1].year for f in [*tie.investment, *tie.aid] if f.as_of})
    notes += [f"flows of {years[0]} to {years[-1]}"] if years else []
    if tie.stock:
        notes.append(f"a stock of {tie.stock.used[0].as_of} stands in for the flow: it wears where nobody keeps it up")
    if tie.with_energy:
        names = ", ".join(asset.name for asset in tie.with_energy)
        notes.append(f"plants under control are counted by the energy channel: {names}")
    if tie.assets and rules.assets != "keep" and ask.assumptions.missing(_closest(ask, HAND, patron)):
        notes.append(f"all owners from {patron} are taken to act as it wishes: a bound")
    if tie.old_debts:
        names = ", ".join(f"{row.project} of {row.as_of}" for row, _ in tie.old_debts)
        notes.append(f"debt on record is too old to be counted: {names}")
    elif not tie.debts:
        notes.append(f"no debt held by {patron} is on record, and none is counted; a total of creditors is never split")
    return (*notes, "aid in constant dollars of 2022")


def _check_rules(rules: Rules) -> None:
    faults = []
    if not 0 <= rules.flows <= 1:
        rule, fix = "flows is a share from 0 to 1", "1 stops all of it"
        faults.append(fault("E450", where="flows", found=f"{rules.flows:g}", rule=rule, fix=fix))
    if rules.assets not in ASSET_ACTS:
        rule, fix = f"assets is one of {', '.join(ASSET_ACTS)}", "leave it out for the full withdrawal"
        faults.append(fault("E450", where="assets", found=repr(rules.assets), rule=rule, fix=fix))
    if faults:
        raise InputError(faults)

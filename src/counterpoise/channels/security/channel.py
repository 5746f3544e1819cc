"""The security channel on a region: a patron takes back its promise, its troops and its arms, or offers a promise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np

from counterpoise.channels.income import income
from counterpoise.channels.security.arms import ARMS, REPLACED, Dependence, dependence, windows
from counterpoise.channels.security.credibility import MEMORY, PRIOR_WORTH, SPILLOVER, Credibility, credibility
from counterpoise.channels.security.effect import EFFECT, GuarantorEffect, effect_draws, guarantor_effect
from counterpoise.channels.security.forms import Array, catastrophe, expected_loss, prevented, protection
from counterpoise.channels.security.hazard import CITES
from counterpoise.channels.security.promises import firmest, standing
from counterpoise.channels.security.threat import Threats, rival_names, threat_names, threats
from counterpoise.channels.shape import Answer, Ask, Effect, StructuralZero, Unknown
from counterpoise.region import Figure, Region
from counterpoise.region._schema import Commitment
from counterpoise.region.draws import Assumptions

WORSE = "security:loss_rise"
TROOP_COST = "security:troop_cost_usd"
HONOUR_COST, LEAD = "security:honour_cost_usd_mn", "security:offer_lead_years"
AMBIGUITY = {"formal": "security:offer_ambiguity_formal", "ambiguous": "security:offer_ambiguity_vague"}
CHANCE = {"formal": "security:offer_chance_formal", "ambiguous": "security:offer_chance_vague"}
BELIEF = (MEMORY, SPILLOVER, PRIOR_WORTH)
FORM = Literal["formal", "ambiguous"]
BELIEF_CITES = ("leeds2000", "berkemeier2018")


@dataclass(frozen=True, slots=True)
class Ground:
    """What withdrawal and offer share: the rivals, who protects the client today and by how much, incomes."""

    threats: Threats
    shield: dict[str, Array]
    credible: Credibility
    ambiguity: Array | None
    effect: GuarantorEffect
    incomes: tuple[Figure, Figure]
    facts: tuple[str, ...]
    assumptions: tuple[str, ...]

    def prevented(self, patron: str, own: Array | None) -> dict[str, Array]:
        """Share of each rival's attacks that guarantors prevent when the patron's part is `own` (`None`: nothing)."""
        found = {}
        draws = len(self.threats.rivals[0].hazard)
        for rival in self.threats.rivals:
            parts = [part for name, part in self.shield.items() if name not in {patron, rival.name}]
            if own is not None and patron != rival.name:
                parts.append(own)
            found[rival.name] = prevented(parts, draws)
        return found


def withdraw(ask: Ask) -> Answer:
    """What it costs the client, in per cent of GDP a year, when a patron ends its promise, its troops and its arms.

    Client: the rise of the *expected* annual loss from attack, plus the dearer arms by year five. The catastrophe tail
    is not in that average alone: `physical` has its yearly chance before and after and its cost. Sender: margin on
    sales lost, less the upkeep of troops and the expected cost of honouring its word that it saves (so often a gain).
    A patron without promise and without arms on record is a structural zero.

    Method: METHODS, security; hazard by our own fit on disputes of 1946 to 2014 (keys `palmer2022`, `beck1998`).
    """
    region, day = ask.region, _day(ask)
    own = standing(region, ask.patron, ask.client, day)
    shares, used = windows(region, ask.client, ask.patron)
    facts = tuple(dict.fromkeys(f.id for f in used))
    if not own and shares and not any(shares):
        return StructuralZero(f"{ask.patron} has promised {ask.client} no protection and sold it no arms", facts)
    if not own and not shares:
        need = f"arms_import_share of {ask.client} by supplier in windows of five years"
        return Unknown("no promise is on record, and no figure of arms by supplier is known", (need,))
    arms_names = (*ARMS, *((REPLACED,) if ask.horizon == "long" else ())) if shares else ()
    ground = _ground(ask, day, (*arms_names, WORSE, TROOP_COST, HONOUR_COST))
    if not isinstance(ground, Ground):
        return ground
    draws = ask.assumptions
    arms = dependence(region, ask.client, ask.patron, ask.horizon, draws)
    worse = arms.lost * draws.draw(WORSE) if arms else np.zeros(draws.count)
    now = ground.prevented(ask.patron, ground.shield.get(ask.patron))
    then = ground.prevented(ask.patron, None)
    rivals = ground.threats.rivals
    before, after = expected_loss(rivals, now), expected_loss(rivals, then, worse)
    by_promise = expected_loss(rivals, then) - before
    client = after - before + (arms.extra_cost if arms else 0.0)
    gdp = [figure.value * 1e9 for figure in ground.incomes]
    troops, bases, base_notes = (
        _troops(region, ask.client, ask.patron, draws) if own else (np.zeros(draws.count), (), ())
    )
    sales = (arms.sales_lost if arms else np.zeros(draws.count)) / 100 * gdp[0]
    saved = troops * draws.draw(TROOP_COST)
    duty = np.zeros(draws.count) if ground.ambiguity is None else ground.credible.draws * (1.0 - ground.ambiguity)
    freed = _called(ground, now, ask.patron) * duty * draws.draw(HONOUR_COST) * 1e6
    sender = 100 * (sales - saved - freed) / gdp[1]
    physical = {
        "expected_loss_before_pct_gdp": float(np.median(before)),
        "expected_loss_after_pct_gdp": float(np.median(after)),
        "loss_by_promise_pct_gdp": float(np.median(by_promise)),
        **_tail(ground, now, then),
        **_protection_figures(ground, ask.patron),
        "troops_withdrawn": float(np.median(troops)),
        "duty_saved_usd_mn": float(np.median(freed) / 1e6),
        "upkeep_saved_usd_mn": float(np.median(saved) / 1e6),
        "arms_margin_lost_usd_mn": float(np.median(sales) / 1e6),
        **_arms_figures(arms),
    }
    used_names = (
        *ground.assumptions,
        WORSE,
        *((TROOP_COST, HONOUR_COST) if own else ()),
        *(arms.assumptions if arms else ()),
    )
    notes = (
        *_notes(own, ground),
        *(arms.notes if arms else ("no arms by supplier known: arms left out",)),
        *base_notes,
    )
    facts = tuple(dict.fromkeys([*(row.id for row in own), *ground.facts, *(arms.facts if arms else ()), *bases]))
    size = [np.full(draws.count, value) for value in gdp]
    return Effect(client, sender, size[0], size[1], facts, used_names, physical, notes, (*BELIEF_CITES, *CITES))


def offer(ask: Ask) -> Answer:
    """The expected gain to the client, in per cent of GDP a year, from a promise that the patron could make.

    A formal guarantee and an ambiguous promise leave each other out; each has its chance and counts only beyond what
    the patron promises today. Sender: chance times the expected cost of honouring it. `physical` has the chance, the
    lead time, and gain and cost of each if given. A patron who is the client's only rival can guard it from nobody.
    """
    region, day = ask.region, _day(ask)
    others = [name for name in rival_names(region, ask.client) if name != ask.patron]
    if rival_names(region, ask.client) and not others:
        return StructuralZero(f"{ask.patron} is the only rival that {ask.client} has: it can guard it from nobody else")
    chances = {form: f"{CHANCE[form]}:{ask.patron}" for form in CHANCE}
    ground = _ground(ask, day, (*AMBIGUITY.values(), *chances.values(), HONOUR_COST, LEAD))
    if not isinstance(ground, Ground):
        return ground
    draws, rivals = ask.assumptions, ground.threats.rivals
    present = ground.shield.get(ask.patron, np.zeros(draws.count))
    now = ground.prevented(ask.patron, present)
    before = expected_loss(rivals, now)
    gdp = [figure.value * 1e9 for figure in ground.incomes]
    gain_all, cost_all, chance_all = (np.zeros(draws.count) for _ in range(3))
    physical: dict[str, float] = {}
    for form, ambiguity in AMBIGUITY.items():
        vague = draws.draw(ambiguity)
        promised = np.maximum(present, protection(ground.credible.draws, effect_draws(region, draws), vague))
        then = ground.prevented(ask.patron, promised)
        gain = before - expected_loss(rivals, then)
        firmer = 1.0 - vague if ground.ambiguity is None else np.maximum(0.0, ground.ambiguity - vague)
        called = _called(ground, then, ask.patron) * ground.credible.draws * firmer
        cost = 100 * called * draws.draw(HONOUR_COST) * 1e6 / gdp[1]
        # The two forms leave each other out: the chance of the second is what the first leaves of it.
        chance = draws.draw(chances[form]) * (1.0 - chance_all)
        gain_all, cost_all, chance_all = gain_all + chance * gain, cost_all + chance * cost, chance_all + chance
        physical |= {
            f"chance_{form}": float(np.median(chance)),
            f"gain_if_{form}_pct_gdp": float(np.median(gain)),
            f"cost_if_{form}_pct_gdp": float(np.median(cost)),
            f"catastrophe_chance_if_{form}": float(np.median(catastrophe(rivals, then))),
        }
    physical |= {
        "chance": float(np.median(chance_all)),
        "lead_years": float(np.median(draws.draw(LEAD))),
        "catastrophe_chance_before": float(np.median(catastrophe(rivals, now))),
        **_protection_figures(ground, ask.patron),
    }
    names = (*ground.assumptions, *AMBIGUITY.values(), *chances.values(), HONOUR_COST, LEAD)
    notes = (
        "expected values: chance times what each form of promise would bring beyond the present one",
        *_notes([], ground),
    )
    size = [np.full(draws.count, value) for value in gdp]
    return Effect(gain_all, cost_all, size[0], size[1], ground.facts, names, physical, notes, (*BELIEF_CITES, *CITES))


def _ground(ask: Ask, day: date, more: tuple[str, ...]) -> Ground | Unknown:
    """Rivals, protection of today and incomes; what is lacking for them, all at once."""
    region, draws = ask.region, ask.assumptions
    needs = draws.missing(*dict.fromkeys((*BELIEF, EFFECT, *threat_names(region, ask.client), *more)))
    if not rival_names(region, ask.client):
        needs = [f"security:all_disputes:{ask.client}:RIVAL for each state that could attack {ask.client}", *needs]
    incomes = [income(region, actor, day.year) for actor in (ask.client, ask.patron)]
    needs += [f"gdp of {actor}" for actor, found in zip((ask.client, ask.patron), incomes, strict=True) if not found]
    own_income, patron_income = incomes
    if needs or own_income is None or patron_income is None:
        return Unknown("figures of the security channel are lacking", tuple(needs))
    shield: dict[str, Array] = {}
    facts: list[str] = list(guarantor_effect(region).facts)
    effect = effect_draws(region, draws)
    credible, vague = None, None
    for guarantor in dict.fromkeys((*region.settings.patrons, ask.patron)):
        promises = standing(region, guarantor, ask.client, day)
        if guarantor == ask.client or not (promises or guarantor == ask.patron):
            continue
        belief = credibility(region, guarantor, ask.client, day, draws)
        if isinstance(belief, Unknown):
            return belief
        ambiguity = firmest(promises, draws)
        if ambiguity is not None:
            shield[guarantor] = protection(belief.draws, effect, ambiguity)
        facts += [*(row.id for row in promises), *belief.facts]
        if guarantor == ask.patron:
            credible, vague = belief, ambiguity
    assert credible is not None
    found = threats(region, ask.client, day, draws)
    ids = tuple(dict.fromkeys([*facts, *found.facts, own_income.id, patron_income.id]))
    names = (*BELIEF, EFFECT, *found.assumptions)
    return Ground(found, shield, credible, vague, guarantor_effect(region), (own_income, patron_income), ids, names)


def _troops(
    region: Region, host: str, sender: str, draws: Assumptions
) -> tuple[Array, tuple[str, ...], tuple[str, ...]]:
    """Troops of a guarantor in the client by draw: the newest figure of each site, plans left out."""
    from counterpoise.region.draws import draw_pick

    figures = [f for f in region.find("troops", subject=host, object=sender) if not (f.item or "").endswith("planned")]
    total, facts, oldest = np.zeros(draws.count), [], []
    for item in sorted({f.item or "" for f in figures}):
        pick = region.pick([f for f in figures if (f.item or "") == item])
        assert pick is not None
        total = total + draw_pick(pick, draws.seed, draws.count)
        facts += list(pick.facts)
        oldest.append(f"{item or 'all'} of {pick.used[0].as_of}")
    return total, tuple(facts), (f"troops: {', '.join(oldest)}",) if oldest else ()


def _called(ground: Ground, prevented_by: dict[str, Array], patron: str) -> Array:
    """How many attacks a year the promise does not prevent, by rivals other than the patron itself."""
    called = np.zeros(len(ground.credible.draws))
    for rival in (rival for rival in ground.threats.rivals if rival.name != patron):
        called = called + rival.hazard * (1.0 - prevented_by[rival.name])
    return called


def _tail(ground: Ground, now: dict[str, Array], then: dict[str, Array]) -> dict[str, float]:
    """The catastrophe apart from the average: its yearly chance before and after, and what it would cost."""
    rivals = ground.threats.rivals
    ruin = rivals[0].ruin
    return {
        "catastrophe_chance_before": float(np.median(catastrophe(rivals, now))),
        "catastrophe_chance_after": float(np.median(catastrophe(rivals, then))),
        "catastrophe_loss_pct_gdp": float(np.median(ruin)),
        "catastrophe_loss_p95_pct_gdp": float(np.quantile(ruin, 0.95)),
    }


def _protection_figures(ground: Ground, patron: str) -> dict[str, float]:
    belief = ground.credible.draws
    figures = {
        "credibility": float(np.median(belief)),
        "credibility_p05": float(np.quantile(belief, 0.05)),
        "credibility_p95": float(np.quantile(belief, 0.95)),
        "attacks_prevented_share": float(np.median(ground.shield.get(patron, np.zeros(1)))),
        **ground.effect.figures(),
    }
    for rival in ground.threats.rivals:
        figures[f"hazard_a_year_{rival.name}"] = float(np.median(rival.hazard))
        figures[f"hazard_fitted_alone_{rival.name}"] = ground.threats.fitted[rival.name]
    return figures


def _arms_figures(arms: Dependence | None) -> dict[str, float]:
    if arms is None:
        return {}
    return {
        "arms_stock_share": float(np.median(arms.stock)),
        "arms_newest_window_share": arms.newest,
        "readiness_lost_share": float(np.median(arms.lost)),
        "replacement_cost_pct_gdp": float(np.median(arms.extra_cost)),
    }


def _notes(own: list[Commitment], ground: Ground) -> tuple[str, ...]:
    credible = ground.credible
    return (
        f"{len(own)} promises stand; the firmest counts" if own else "no promise of protection stands",
        f"credibility rests on {credible.own_tests} tests by this client and {credible.other_tests} by others",
        ground.effect.note(),
    )


def _day(ask: Ask) -> date:
    return ask.region.as_of or date.fromisoformat(ask.region.settings.base_date)

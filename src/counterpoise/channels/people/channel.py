"""The people channel on a region: a patron sends the client's workers home and stops their money, or lets more in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from counterpoise.channels.income import income
from counterpoise.channels.people.forms import (
    FULL_WITHDRAWAL,
    Rules,
    first_year_loss,
    flow_stopped,
    keep_cost,
    lasting_loss,
    offer_cost,
    offer_gain,
    output_beyond_wages,
    returnees,
    sent_home,
    year_between,
)
from counterpoise.channels.shape import Answer, Ask, Effect, StructuralZero, Unknown
from counterpoise.region import Figure, Pick
from counterpoise.region.draws import draw_pick

PERSONAL = "noncommercial"
REFERENCE_YEAR = "people:reference_year"
NATURALISED, NATURALISED_SENDS = "people:naturalised_share", "people:naturalised_sends"
WORK = ("people:remitted_share", "people:labour_share")
REPLACED = {"short": "people:replaced_share_short", "long": "people:replaced_share_long"}
PASS_THROUGH, REDIRECTED = "people:pass_through", "people:redirected_share"
RETURN = ("people:returning_share", "people:jobless_share", "people:returnee_cost_usd")
HOST_COST, FIRST_YEAR, LEAD = "people:host_cost_share", "people:offer_first_year_share", "people:offer_lead_years"
CHANCE, GROWTH = "people:offer_chance", "people:offer_growth"


@dataclass(frozen=True, slots=True)
class Transfers:
    """Personal transfers of a pair in USD mn a year by draw: net and gross are different facts and stay apart."""

    year: int
    net: np.ndarray
    gross: np.ndarray
    facts: tuple[str, ...]
    physical: dict[str, float]
    notes: tuple[str, ...]
    is_net: bool


def withdraw(ask: Ask, rules: Rules = FULL_WITHDRAWAL) -> Answer:
    """What it costs client and patron, in per cent of own GDP a year, when the patron shuts out the client's people.

    Client, short run: net personal transfers that end times their pass-through, and the keep of those who come home
    and find no work (only where a figure of migrants is on record). Long run: what is not redirected. Patron: what
    the workers produced beyond their pay. `rules` narrows the act (who is expelled or naturalised, what money is
    stopped); left out, it is the full withdrawal, a bound. A negative loss is a gain: some clients send more than
    they get. Without transfers by source the answer is `Unknown`; a world total is never split.

    Raises `InputError` (`E204`) for rules, or ranges of the region, that are no shares.
    """
    naturalised = _naturalised(ask)
    names = [REFERENCE_YEAR, naturalised, *WORK, REPLACED[ask.horizon]]
    names += [NATURALISED_SENDS] if rules.naturalised_now > 0 else []
    names += [PASS_THROUGH] if ask.horizon == "short" else [REDIRECTED]
    settled, seasonal = _migrants(ask), _seasonal(ask)
    names += RETURN if (settled or seasonal) and ask.horizon == "short" else []
    found = _ground(ask, names)
    if not isinstance(found, tuple):
        return found
    transfers, incomes = found
    draw = ask.assumptions.draw
    gone = sent_home(rules, draw(naturalised))
    sends = draw(NATURALISED_SENDS) if rules.naturalised_now > 0 else 1.0
    stopped = transfers.net * flow_stopped(rules, draw(naturalised), sends)
    if ask.horizon == "short":
        off = sent_home(rules, 0.0)
        loss, more, notes, facts = _first_year(ask, stopped, (gone, off), (settled, seasonal))
    else:
        redirected = draw(REDIRECTED)
        loss, notes, facts = lasting_loss(stopped, redirected), (), ()
        more = {"share_redirected": float(np.median(redirected))}
    remitted, labour = (draw(name) for name in WORK)
    sender = output_beyond_wages(transfers.gross * gone, remitted, labour, draw(REPLACED[ask.horizon]))
    physical = {**transfers.physical, "net_transfers_stopped_usd_mn": float(np.median(stopped)), **more}
    effect = _effect(ask, (loss, sender), transfers, incomes, physical, tuple(names), facts, notes)
    # Returnees who are not counted would add to the loss; money that goes the other way would take from it.
    bounds = {"lower"} if ask.horizon == "short" and settled is None else set()
    bounds |= set() if transfers.is_net else {"upper"}
    return replace(effect, bound=None if not bounds else bounds.pop() if len(bounds) == 1 else "mixed")


def offer(ask: Ask) -> Answer:
    """The expected gain to the client, in per cent of own GDP a year, when the patron opens its work to more of them.

    `client` is the chance that the patron gives it times the extra money sent home; `sender` is the chance times what
    it costs the patron (services less what the workers add; negative where it gains). `physical` has the medians of
    `chance`, `lead_years` and of gain and cost if given. Short: the first twelve months after it is given; long: when
    people have moved. Chance and growth are stated by patron (`people:offer_chance:EU`, `people:offer_growth:EU`);
    without them, or without transfers to grow from, the answer is `Unknown`.
    """
    chance_of, growth_of = f"{CHANCE}:{ask.patron}", f"{GROWTH}:{ask.patron}"
    names = [REFERENCE_YEAR, *WORK, REPLACED[ask.horizon], HOST_COST, LEAD, chance_of, growth_of]
    names += [FIRST_YEAR] if ask.horizon == "short" else []
    found = _ground(ask, names)
    if isinstance(found, StructuralZero):
        reason = "no personal transfers are on record, so there is nothing that wider access could be scaled from"
        return Unknown(reason, (f"an estimate of what {ask.client}'s workers in {ask.patron} would send",))
    if not isinstance(found, tuple):
        return found
    transfers, incomes = found
    draw = ask.assumptions.draw
    part = draw(FIRST_YEAR) if ask.horizon == "short" else 1.0
    gain = offer_gain(transfers.gross, draw(growth_of), part)
    remitted, labour = (draw(name) for name in WORK)
    cost = offer_cost(gain, remitted, labour, draw(REPLACED[ask.horizon]), draw(HOST_COST))
    chance = draw(chance_of)
    gdp = [figure.value * 1e3 for figure in incomes]
    physical = {
        **transfers.physical,
        "chance": float(np.median(chance)),
        "lead_years": float(np.median(draw(LEAD))),
        "extra_transfers_if_given_usd_mn": float(np.median(gain)),
        "gain_if_given_pct_gdp": float(np.median(100 * gain / gdp[0])),
        "cost_if_given_pct_gdp": float(np.median(100 * cost / gdp[1])),
    }
    note = ("gain and cost are expected values: chance times what an offer would bring once given",)
    return _effect(ask, (chance * gain, chance * cost), transfers, incomes, physical, tuple(names), (), note)


def _first_year(
    ask: Ask,
    stopped: np.ndarray,
    lose_work: tuple[np.ndarray, np.ndarray],
    people: tuple[Pick | None, Pick | None],
) -> tuple[np.ndarray, dict[str, float], tuple[str, ...], tuple[str, ...]]:
    """Loss in USD mn, physical figures, notes and facts of the short run; settled people first, seasonal second."""
    loss = first_year_loss(stopped, ask.assumptions.draw(PASS_THROUGH))
    physical: dict[str, float] = {}
    notes: list[str] = []
    facts: tuple[str, ...] = ()
    idle = np.zeros(ask.assumptions.count)
    for pick, gone, name in zip(people, lose_work, ("migrants", "seasonal_workers"), strict=True):
        if pick is None:
            continue
        heads = draw_pick(pick, ask.assumptions.seed, ask.assumptions.count)
        returning, jobless = (ask.assumptions.draw(one) for one in RETURN[:2])
        # A seasonal worker has a home to go back to: none stays on or goes elsewhere within the year.
        back = returning if name == "migrants" else np.ones_like(returning)
        idle = idle + returnees(heads, gone, back, jobless)
        physical[name] = float(np.median(heads))
        used, left = pick.used[0], len(pick.left)
        year = used.as_of or "an unstated year"
        notes.append(f"{name.replace('_', ' ')} of {year} ({used.item}); {left} other figures left aside")
        facts += pick.facts
    if people[0] is None:
        who = f"{ask.client}'s {'settled ' if people[1] else ''}migrants in {ask.patron}"
        notes.append(f"no figure of {who}: those who return without work are not counted")
    if facts:
        keep = keep_cost(idle, ask.assumptions.draw(RETURN[2]))
        physical["returnees_without_work"] = float(np.median(idle))
        physical["keep_of_returnees_usd_mn"] = float(np.median(keep))
        loss = loss + keep
    return loss, physical, tuple(notes), facts


def _ground(ask: Ask, names: list[str]) -> tuple[Transfers, tuple[Figure, Figure]] | StructuralZero | Unknown:
    """The transfers of the pair and the two incomes, or everything that is lacking at once."""
    needs = ask.assumptions.missing(*names)
    transfers = _transfers(ask)
    if isinstance(transfers, Unknown):
        return Unknown(transfers.reason, (*transfers.needs, *needs))
    client, patron = (income(ask.region, actor, transfers.year) for actor in (ask.client, ask.patron))
    needs += [f"gdp of {who}" for who, figure in ((ask.client, client), (ask.patron, patron)) if figure is None]
    if needs or client is None or patron is None:
        return Unknown("figures of the people channel are lacking", tuple(needs))
    if not transfers.net.any() and not transfers.gross.any():
        return StructuralZero("no personal transfers between them are on record", transfers.facts)
    return transfers, (client, patron)


def _transfers(ask: Ask) -> Transfers | Unknown:
    """Net and gross personal transfers: the newest whole year, ranging to a reference year before the last surge."""
    inflow = _by_year(ask, "remittance_inflow")
    nets = _net_by_year(ask, inflow)
    years = sorted(set(nets) & set(inflow))
    if not years:
        return _no_transfers(ask, only_net=bool(nets))
    newest = years[-1]
    # Stated by the region: the last year before transfers came to carry more than wages (2019 in the South Caucasus).
    stated = not ask.assumptions.missing(REFERENCE_YEAR)
    reference = int(ask.assumptions.ends(REFERENCE_YEAR)[1]) if stated else newest
    spanned = reference in years and reference != newest
    used = [newest, reference] if spanned else [newest]
    draw = ask.assumptions.uniform("people:year")
    levels = [(_level(ask, nets[year]), _level(ask, (inflow[year],))) for year in used]
    flows = [year_between(now, then, draw) for now, then in zip(levels[0], levels[-1], strict=True)]
    facts = [fact for year in used for pick in (*nets[year], inflow[year]) for fact in pick.facts]
    span = f"ranging to {reference}" if spanned else "no other year is in its range"
    physical = {
        "net_personal_transfers_usd_mn": float(np.median(flows[0])),
        "gross_personal_transfers_usd_mn": float(np.median(flows[1])),
    }
    whole = _by_year(ask, "remittance_inflow", item="").get(newest)
    if whole:
        physical["gross_all_transfers_usd_mn"] = whole.value
        facts += whole.facts
    notes = (f"personal transfers of {newest}, {span}; {_basis(nets[newest])}",)
    is_net = len(nets[newest]) > 1 or nets[newest][0].used[0].quantity == "remittance_net_inflow"
    return Transfers(newest, flows[0], flows[1], tuple(dict.fromkeys(facts)), physical, notes, is_net)


def _net_by_year(ask: Ask, inflow: dict[int, Pick]) -> dict[int, tuple[Pick, ...]]:
    """Net transfers as published, else inflow less outflow of the same year; gross only where there is neither."""
    outflow = _by_year(ask, "remittance_outflow")
    nets: dict[int, tuple[Pick, ...]] = {year: (inflow[year], outflow[year]) for year in inflow if year in outflow}
    for year, pick in _by_year(ask, "remittance_net_inflow").items():
        nets[year] = (pick,)
    return nets or {year: (pick,) for year, pick in inflow.items()}


def _basis(picks: tuple[Pick, ...]) -> str:
    """How the net figure came about, in words."""
    if len(picks) > 1:
        return "net as inflow less outflow"
    if picks[0].used[0].quantity == "remittance_net_inflow":
        return "net as published"
    return "gross only, an upper bound: what goes the other way is not on record"


def _by_year(ask: Ask, quantity: str, item: str = PERSONAL) -> dict[int, Pick]:
    """The figures of whole years, one pick for each; months and half-years are not stretched to years."""
    years: dict[int, list[Figure]] = {}
    for figure in ask.region.find(quantity, subject=ask.client, object=ask.patron, item=item):
        if figure.as_of and len(figure.as_of) == 4:
            years.setdefault(int(figure.as_of), []).append(figure)
    picks = {year: ask.region.pick(figures, rule="newest") for year, figures in years.items()}
    return {year: pick for year, pick in picks.items() if pick}


def _level(ask: Ask, picks: tuple[Pick, ...]) -> np.ndarray:
    """Draws of a yearly flow: one figure, or an inflow less an outflow."""
    draws = [draw_pick(pick, ask.assumptions.seed, ask.assumptions.count) for pick in picks]
    return draws[0] - draws[1] if len(draws) > 1 else draws[0]


def _no_transfers(ask: Ask, *, only_net: bool) -> Unknown:
    needs = f"remittance_net_inflow and remittance_inflow of {ask.client} from {ask.patron}, {PERSONAL}, a whole year"
    reason = f"no personal transfers from {ask.patron} to {ask.client} are on record"
    find = ask.region.find
    if only_net:
        reason = f"transfers from {ask.patron} to {ask.client} are on record net, but not gross for the same year"
    elif find("remittance_inflow", subject=ask.client, object=ask.patron):
        reason += " for a whole year; all transfers together would mix in payments for goods"
    elif find("remittance_share_of_gdp", subject=ask.client) or find("remittance_inflow", subject=ask.client):
        reason += "; the total from all countries is, and it is never split"
    return Unknown(reason, (needs,))


def _migrants(ask: Ask) -> Pick | None:
    """The newest figure of settled people whose stay the patron can end; descent and ethnicity do not count."""
    return _heads(ask, lambda item: item.startswith("migrants") or item == "citizens")


def _seasonal(ask: Ask) -> Pick | None:
    """The newest figure of those who come for a season: heads of their own, never part of the settled."""
    return _heads(ask, lambda item: item.startswith("seasonal"))


def _heads(ask: Ask, fits: Callable[[str], bool]) -> Pick | None:
    figures = ask.region.find("diaspora_population", subject=ask.client, object=ask.patron)
    return ask.region.pick([figure for figure in figures if fits(figure.item or "")], rule="newest")


def _naturalised(ask: Ask) -> str:
    """The range stated for this patron, else the general one; the answer lists which was used."""
    own = f"{NATURALISED}:{ask.patron}"
    return NATURALISED if ask.assumptions.missing(own) else own


def _effect(
    ask: Ask,
    amounts: tuple[np.ndarray, np.ndarray],
    transfers: Transfers,
    incomes: tuple[Figure, Figure],
    physical: dict[str, float],
    used: tuple[str, ...],
    more_facts: tuple[str, ...],
    more_notes: tuple[str, ...],
) -> Effect:
    """Amounts in USD mn of client and patron as shares of their GDP."""
    gdp = [np.full(ask.assumptions.count, figure.value * 1e9) for figure in incomes]
    client, sender = (100 * amount * 1e6 / size for amount, size in zip(amounts, gdp, strict=True))
    facts = tuple(dict.fromkeys([*transfers.facts, *more_facts, *(figure.id for figure in incomes)]))
    years = " and ".join(f"{figure.subject} {figure.as_of}" for figure in incomes)
    notes = (*transfers.notes, f"against the GDP of {years}", *more_notes)
    return Effect(client, sender, gdp[0], gdp[1], facts, used, physical, notes)

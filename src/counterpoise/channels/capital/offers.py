"""The offer of the capital channel: what a patron has promised the client and not paid, at its measured word."""

from __future__ import annotations

import numpy as np

from counterpoise.channels.capital.forms import arrived_capital, belief_quantiles
from counterpoise.channels.capital.pledges import (
    USD_PER_EUR,
    Pledge,
    measure_delivery,
    members,
    read_pledges,
)
from counterpoise.channels.income import income
from counterpoise.channels.shape import Answer, Ask, Effect, StructuralZero, Unknown

RETURN, RATE, LEAD = "capital:return", "capital:delivery_rate", "capital:lead_years"
DECAY = "capital:decay"


def offer(ask: Ask) -> Answer:
    """The expected gain from what a patron has announced for the client and not yet paid.

    Open pledges less what was paid, times the share that comes: a draw of the Beta belief that its matured pledges to
    all hosts leave (the stated range where none is measured), paid evenly over the lead time, wearing by the class of
    the project, times the return on capital. Nothing is earned within the first year. Energy projects are left to the
    `energy` channel where that has an offer of the patron's own; doubtful pledges and those past their day are none.

    Method: Beta belief with the prior of Jeffreys (key `jeffreys1946`).
    """
    owners = members(ask.region, ask.patron)
    everywhere = read_pledges(ask.region, owners)
    here = [p for p in everywhere if ask.client in p.host and p.promised]
    # A pledge past its day has shown what it was worth: it is measured, and no offer.
    live = [p for p in here if p.state == "open"]
    elsewhere = [p for p in live if p.sector == "energy" and _energy_offers(ask)]
    pledges = [p for p in live if p not in elsewhere]
    if not pledges:
        return StructuralZero(_why_none(here, elsewhere), tuple(row for p in here for row in p.rows))
    record = measure_delivery(ask.patron, everywhere)
    own, other = (income(ask.region, actor, ask.region.settings.currency_year) for actor in (ask.client, ask.patron))
    names = [RETURN, LEAD, USD_PER_EUR, *(() if record.n else (RATE,))]
    names += list(dict.fromkeys(_decay(ask, pledge.sector) for pledge in pledges))
    needs = ask.assumptions.missing(*names)
    if needs or own is None or other is None:
        lacking = [f"gdp of {who}" for who, gdp in ((ask.client, own), (ask.patron, other)) if gdp is None]
        return Unknown("figures of the capital offer are lacking", (*needs, *lacking))
    draw, count = ask.assumptions.draw, ask.assumptions.count
    chance = (
        draw(RATE)
        if not record.n
        else belief_quantiles(record.belief, ask.assumptions.uniform(f"capital:delivery:{ask.patron}"))
    )
    lead = draw(LEAD)
    promised, open_sum, capital = np.zeros(count), np.zeros(count), np.zeros(count)
    for pledge in pledges:
        sum_of, rest = _sums(ask, pledge)
        promised, open_sum = promised + sum_of, open_sum + rest
        capital = capital + arrived_capital(rest, chance, lead, draw(_decay(ask, pledge.sector)))
    if ask.horizon == "short":
        capital = np.zeros(count)
    gain = capital * draw(RETURN)
    # Paid evenly over the lead time, or over its first year.
    cost = chance * open_sum / np.maximum(1.0, lead)
    gdp = [np.full(count, figure.value * 1e9) for figure in (own, other)]
    return Effect(
        100 * gain * 1e6 / gdp[0],
        100 * cost * 1e6 / gdp[1],
        gdp[0],
        gdp[1],
        tuple(dict.fromkeys((*(row for p in pledges for row in p.rows), *record.rows, own.id, other.id))),
        tuple(names),
        {
            "pledged_usd_mn": float(np.median(promised)),
            "paid_usd_mn": float(np.median(promised - open_sum)),
            "chance": float(np.median(chance)),
            "lead_years": float(np.median(lead)),
            "pledges_measured": float(record.n),
            "pledges_without_figure_of_payment": float(record.unknown),
        },
        _notes(ask, record.n, elsewhere),
        ("jeffreys1946",),
    )


def _why_none(here: list[Pledge], elsewhere: list[Pledge]) -> str:
    if elsewhere:
        return "the patron's open pledges to the client are energy projects, counted by the energy channel"
    if here:
        return "every pledge of the patron to the client on record is past its day or called off"
    return "no pledge of the patron to the client is on record"


def _sums(ask: Ask, pledge: Pledge) -> tuple[np.ndarray, np.ndarray]:
    """What was promised and what of it is still to be paid, USD mn by draw."""
    assert pledge.promised is not None
    seed, count = ask.assumptions.seed, ask.assumptions.count
    promised = pledge.promised.draws(seed, count)
    paid = pledge.disbursed.draws(seed, count) if pledge.disbursed else np.zeros(count)
    return promised, np.maximum(0.0, promised - paid)


def _decay(ask: Ask, sector: str) -> str:
    """Roads wear slowly and equipment fast: the decay stated for the sector, else the general one."""
    own = f"{DECAY}:{sector}"
    return DECAY if ask.assumptions.missing(own) else own


def _energy_offers(ask: Ask) -> bool:
    """Whether the region states an energy offer of this patron to this client, which then counts its projects."""
    return not ask.assumptions.missing(f"energy:offer_chance:{ask.patron}:{ask.client}")


def _notes(ask: Ask, measured: int, elsewhere: list[Pledge]) -> tuple[str, ...]:
    plural = "s" if measured > 1 else ""
    note = f"delivery rate measured on {measured} matured pledge{plural} of {ask.patron}"
    notes = [note if measured else "delivery rate assumed: no matured pledge with a figure of payment"]
    if elsewhere:
        notes.append(f"left to the energy channel: {', '.join(p.project for p in elsewhere)}")
    return (*notes, "a pledge is a ceiling; its cost to the patron is spread over its lead time")

"""What the loss of work abroad costs, and what more of it brings, in closed form; every argument may be drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from counterpoise._errors import Fault, InputError, fault

Array = np.ndarray[Any, np.dtype[Any]]

# The arguments by what they may be: shares from 0 to 1, shares one divides by, amounts of 0 or more.
_SHARES = {"expelled", "transfers_stopped", "naturalised_now", "naturalised_share", "naturalised_sends", "share"}
_SHARES |= {"redirected_share", "returning_share", "jobless_share", "replaced_share", "first_year_share"}
_DIVISORS = {"remitted_share", "labour_share"}
_AMOUNTS = {"pass_through", "migrants", "cost_usd", "gross_flow", "growth", "host_cost_share"}


@dataclass(frozen=True, slots=True)
class Rules:
    """What a patron does to the client's people in it; the default is the full withdrawal, the bound of every real act.

    `expelled` [0, 1]: share of those without its passport who lose the right to work. `transfers_stopped` [0, 1]:
    share of the money of those who stay that no longer gets through. `naturalised_now` [0, 1]: share of those without
    its passport to whom it gives one first: they cannot be expelled, and send less from then on.
    """

    expelled: float = 1.0
    transfers_stopped: float = 1.0
    naturalised_now: float = 0.0


FULL_WITHDRAWAL = Rules()


def year_between(newest: ArrayLike, reference: ArrayLike, draw: ArrayLike) -> Array:
    """A yearly flow between that of the newest year and that of a reference year, likeliest at the newest.

    `draw` is uniform in [0, 1); the answer follows the triangular distribution with its peak at `newest`.

    >>> year_between(100.0, 300.0, [0.0, 0.75])
    array([100., 200.])
    """
    low, high, share = (np.asarray(values, dtype=float) for values in (newest, reference, draw))
    _refuse(share=share)
    return np.asarray(low + (high - low) * (1.0 - np.sqrt(1.0 - share)))


def sent_home(rules: Rules, naturalised_share: ArrayLike) -> Array:
    """The share of the client's people in the patron who lose their work there, in [0, 1].

        (1 - naturalised_share) (1 - naturalised_now) expelled

    `naturalised_share` [0, 1] is the share that already holds the patron's passport.

    >>> float(sent_home(Rules(expelled=0.5), 0.4))
    0.3
    """
    _refuse_rules(rules, naturalised_share=naturalised_share)
    foreign = 1.0 - np.asarray(naturalised_share, dtype=float)
    return np.asarray(foreign * (1.0 - rules.naturalised_now) * rules.expelled)


def flow_stopped(rules: Rules, naturalised_share: ArrayLike, naturalised_sends: ArrayLike = 1.0) -> Array:
    """The share of the patron's transfers to the client that ends, in [0, 1]; all of it in a full withdrawal.

        kept = naturalised_share + (1 - naturalised_share) (m r + (1 - m) (1 - expelled))
        stopped = 1 - (1 - transfers_stopped) kept

    `m` is `naturalised_now`, `r` in [0, 1] is `naturalised_sends`: what a newly naturalised person still sends, over
    what it sent before. Money is shared out by heads: no figure says what the naturalised send.

    >>> float(flow_stopped(Rules(expelled=0.5, transfers_stopped=0.0), 0.5))
    0.25
    """
    _refuse_rules(rules, naturalised_share=naturalised_share, naturalised_sends=naturalised_sends)
    citizens, ratio = (np.asarray(values, dtype=float) for values in (naturalised_share, naturalised_sends))
    now = rules.naturalised_now
    kept = citizens + (1.0 - citizens) * (now * ratio + (1.0 - now) * (1.0 - rules.expelled))
    return np.asarray(1.0 - (1.0 - rules.transfers_stopped) * kept)


def first_year_loss(stopped_flow: ArrayLike, pass_through: ArrayLike) -> Array:
    """The client's loss of income within twelve months when transfers end: the flow times its pass-through.

    `pass_through` >= 0 is income lost per unit of money that no longer comes: 1 for the money itself, more where the
    spending it paid for kept home output busy, less where savings or informal roads fill in. A negative flow (the
    client sends more than it receives) gives a gain.

    >>> float(first_year_loss(200.0, 1.25))
    250.0
    """
    _refuse(pass_through=pass_through)
    return np.asarray(np.asarray(stopped_flow, dtype=float) * np.asarray(pass_through, dtype=float))


def lasting_loss(stopped_flow: ArrayLike, redirected_share: ArrayLike) -> Array:
    """The client's yearly loss by year five: what neither went to work elsewhere nor found another road.

    `redirected_share` [0, 1] of the stopped flow comes again, from other countries or by other ways. Home prices and
    work have adjusted, so the rest counts one for one.

    >>> float(lasting_loss(200.0, 0.4))
    120.0
    """
    _refuse(redirected_share=redirected_share)
    kept = 1.0 - np.asarray(redirected_share, dtype=float)
    return np.asarray(np.asarray(stopped_flow, dtype=float) * kept)


def returnees(migrants: ArrayLike, sent: ArrayLike, returning_share: ArrayLike, jobless_share: ArrayLike) -> Array:
    """How many come home within the year and find no work there: persons, averaged over the year.

    `sent` [0, 1] is the share who lose their work abroad (`sent_home`), of whom `returning_share` come home and
    `jobless_share` of these stay without work.

    >>> float(returnees(100_000, 0.5, 0.4, 0.5))
    10000.0
    """
    _refuse(migrants=migrants, share=sent, returning_share=returning_share, jobless_share=jobless_share)
    people, gone, back, idle = (np.asarray(v, dtype=float) for v in (migrants, sent, returning_share, jobless_share))
    return np.asarray(people * gone * back * idle)


def keep_cost(people: ArrayLike, cost_usd: ArrayLike) -> Array:
    """What the returnees without work cost those at home, in USD mn a year: their keep, at `cost_usd` per person.

    >>> float(keep_cost(10_000, 2_000))
    20.0
    """
    _refuse(migrants=people, cost_usd=cost_usd)
    return np.asarray(np.asarray(people, dtype=float) * np.asarray(cost_usd, dtype=float) / 1e6)


def output_beyond_wages(
    gross_flow: ArrayLike,
    remitted_share: ArrayLike,
    labour_share: ArrayLike,
    replaced_share: ArrayLike,
) -> Array:
    """What workers from the client produce in the patron beyond their own pay, in the unit of the flow.

        gross_flow / remitted_share * (1 / labour_share - 1) * (1 - replaced_share)

    `gross_flow` >= 0 is what the workers send home and `remitted_share` (0, 1] its part in their pay, so the first
    factor is their wage bill. `labour_share` (0, 1] is the part of output that goes to labour, so the second is what
    their employers and the state take of each unit paid. `replaced_share` [0, 1] of their jobs others would do.
    Complements of their work, what they buy and what they cost the state are left out.

    >>> float(output_beyond_wages(300.0, 0.3, 0.5, 0.2))
    800.0
    """
    _refuse(
        gross_flow=gross_flow,
        remitted_share=remitted_share,
        labour_share=labour_share,
        replaced_share=replaced_share,
    )
    flow, sent, labour, replaced = (
        np.asarray(values, dtype=float) for values in (gross_flow, remitted_share, labour_share, replaced_share)
    )
    return np.asarray(flow / sent * (1.0 / labour - 1.0) * (1.0 - replaced))


def offer_gain(gross_flow: ArrayLike, growth: ArrayLike, first_year_share: ArrayLike = 1.0) -> Array:
    """What wider access to the patron's work brings the client a year, in the unit of the flow.

    `growth` >= 0 is the extra money sent home over the present flow once people have moved; `first_year_share`
    [0, 1] of it comes in the first twelve months. Those who leave take their own pay at home with them, so what they
    send is the gain of those who stay.

    >>> float(offer_gain(150.0, 0.4)), float(offer_gain(150.0, 0.4, 0.25))
    (60.0, 15.0)
    """
    _refuse(gross_flow=gross_flow, growth=growth, first_year_share=first_year_share)
    flow, more, part = (np.asarray(values, dtype=float) for values in (gross_flow, growth, first_year_share))
    return np.asarray(flow * more * part)


def offer_cost(
    extra_flow: ArrayLike,
    remitted_share: ArrayLike,
    labour_share: ArrayLike,
    replaced_share: ArrayLike,
    host_cost_share: ArrayLike,
) -> Array:
    """What the new workers cost the patron beyond what they add, in the unit of the flow; negative where it gains.

    Their pay is `extra_flow / remitted_share`; they cost it `host_cost_share` >= 0 of that (services, schooling,
    integration) and add `output_beyond_wages`, less what those they replace would have added.

    >>> float(offer_cost(30.0, 0.3, 0.5, 0.2, 0.1))
    -70.0
    """
    _refuse(host_cost_share=host_cost_share)
    added = output_beyond_wages(extra_flow, remitted_share, labour_share, replaced_share)
    pay = np.asarray(extra_flow, dtype=float) / np.asarray(remitted_share, dtype=float)
    return np.asarray(pay * np.asarray(host_cost_share, dtype=float) - added)


def _refuse_rules(rules: Rules, **more: ArrayLike) -> None:
    _refuse(
        expelled=rules.expelled,
        transfers_stopped=rules.transfers_stopped,
        naturalised_now=rules.naturalised_now,
        **more,
    )


def _refuse(**arguments: ArrayLike) -> None:
    """Refuse with `E204` every argument out of its bounds, all at once."""
    faults = [problem for name, values in arguments.items() if (problem := _out_of_range(name, values))]
    if faults:
        raise InputError(faults)


def _out_of_range(name: str, given: ArrayLike) -> Fault | None:
    values = np.asarray(given, dtype=float)
    if name in _SHARES:
        fine, rule = (values >= 0) & (values <= 1), f"{name} lies between 0 and 1"
    elif name in _DIVISORS:
        fine, rule = (values > 0) & (values <= 1), f"{name} is above 0 and at most 1"
    else:
        assert name in _AMOUNTS
        fine, rule = (values >= 0) & np.isfinite(values), f"{name} is 0 or more"
    if fine.all():
        return None
    return fault(
        "E204", where=name, found=f"{values[~fine].flat[0]:g}", rule=rule, fix="mend the range it is drawn from"
    )

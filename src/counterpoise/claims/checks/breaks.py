"""Checks on turns: how far an opinion or a supply fell, and whether it fell when the claim says."""

from __future__ import annotations

import numpy as np

from counterpoise.claims._measure import Study, chance, flip_points, spread
from counterpoise.claims._verdict import Part
from counterpoise.region import Figure


def broken_confidence(
    study: Study,
    *,
    subject: str,
    object: str,
    item: str,
    war: list[str],
    shattered: list[float],
    then: str,
    later: str,
) -> list[Part]:
    """Did confidence break at an event, or later? Polls before `war` are compared with the first after and the last.

    `shattered` is the range of relative falls (share) that the word could mean, drawn uniformly. `then` states that the
    break came at once, `later` that it came by the end of the series: a claim of cause needs both.
    """
    polls = study.region.find("poll_share", subject=subject, object=object, item=item)
    before = [poll for poll in polls if poll.period_end.isoformat() < war[0]]
    after = [poll for poll in polls if poll.period_end.isoformat() > war[1]]
    if not before or not after:
        return [Part(then, None, lacks=(f"polls of {subject} on {object} ({item}) before and after {war[0]}",))]
    base = study.figure(before[-1])
    bar = study.between(f"shattered:{item}", *shattered)
    lowest = min(after, key=lambda poll: poll.value)
    parts = []
    for statement, poll in ((then, after[0]), (later, lowest)):
        parts.append(_fallen(study, statement, base, before[-1], poll, bar))
    return parts


def _fallen(study: Study, statement: str, base: np.ndarray, before: Figure, poll: Figure, bar: np.ndarray) -> Part:
    now = study.figure(poll)

    def holds(values: np.ndarray) -> np.ndarray:
        return 1 - values / base >= bar

    return Part(
        statement,
        chance(holds(now)),
        {
            "before": spread(base),
            "after": spread(now),
            "relative fall": spread(1 - now / base),
            "needed": spread(bar),
            "unit": "% of respondents; falls as shares",
            "polls": [before.as_of, poll.as_of],
        },
        flip_points(now, holds, name=f"answer in {poll.as_of}", unit="%"),
        (before.id, poll.id),
    )


def supplier_turn(
    study: Study,
    *,
    subject: str,
    supplier: str,
    quantity: str,
    turn: str,
    fall_points: list[float],
    fell: str,
    others: list[str],
    first_by: str,
    at_once: str,
) -> list[Part]:
    """Did a client turn from its main supplier after a date, and did orders from others follow at once?

    `fell`: the supplier's share in windows that begin after `turn` lies below that of the last window before by at
    least `fall_points`. `at_once`: some order from `others` is dated between `turn` and `first_by`.
    """
    shares = study.region.find(quantity, subject=subject, object=supplier)
    before = [share for share in shares if share.period_end.isoformat() <= turn]
    after = [
        share for share in shares if share.as_of and share.as_of[:4] >= turn[:4] and share.period_end.isoformat() > turn
    ]
    orders = [
        order
        for other in others
        for order in study.region.find("arms_contract_value", subject=subject, object=other)
        if order.period_end.isoformat() > turn
    ]
    parts = []
    if before and after:
        was, now = study.figure(before[-1]), study.figure(after[-1])
        bar = study.between(f"fall:{subject}:{supplier}", *fall_points)
        parts.append(
            Part(
                fell,
                chance(was - now >= bar),
                {"before": spread(was), "after": spread(now), "needed fall": spread(bar), "unit": "%"},
                flip_points(now, lambda values: was - values >= bar, name="share after", unit="%"),
                (before[-1].id, after[-1].id),
            )
        )
    else:
        parts.append(Part(fell, None, lacks=(f"{quantity} of {subject} from {supplier} on both sides of {turn}",)))
    parts.append(_ordered(study, at_once, orders, first_by))
    return parts


def _ordered(study: Study, statement: str, orders: list[Figure], first_by: str) -> Part:
    if not orders:
        return Part(statement, None, lacks=("orders from other suppliers",))
    early = [order for order in orders if order.period_end.isoformat() <= first_by]
    ranks = [order.credibility for order in early]
    first = min(orders, key=lambda order: order.period_end)
    return Part(
        statement,
        study.happened(ranks) if ranks else 0.0,
        {"first order on record": first.as_of, "needed by": first_by, "orders by then": len(early)},
        {
            "input": "date by which the first order must stand",
            "unit": "date",
            "values": [first.period_end.isoformat()],
            "nearest": first.period_end.isoformat(),
            "now": first_by,
        },
        tuple(order.id for order in orders),
    )

"""Checks on turns: how far an opinion or a supply fell, and whether it fell when the claim says."""

from __future__ import annotations

import numpy as np

from counterpoise.claims._measure import Study, chance, flip_points, spread
from counterpoise.claims._verdict import Part
from counterpoise.region import Figure
from counterpoise.region._schema import Poll

# Clustered face-to-face and quota samples scatter more than simple random ones.
DESIGN_EFFECT = 1.5


def broken_confidence(
    study: Study,
    *,
    subject: str,
    object: str,
    question: str,
    item: str,
    war: list[str],
    shattered: list[float],
    then: str,
    later: str,
) -> list[Part]:
    """Did confidence break at an event, or later? Polls before `war` are compared with the first after and the lowest.

    Polls are the rows of polls.csv with `question` on `object`, and the facts `poll_share` with `item`. `shattered` is
    the range of relative falls (share) that the word could mean, drawn uniformly. `then` states that the break came at
    once, `later` that it came by the end of the series: a claim of cause needs both.
    """
    facts = study.region.find("poll_share", subject=subject, object=object, item=item)
    rows = [
        row
        for row in study.region.rows("polls")
        if (row.country, row.question, row.item) == (subject, question, object)
    ]
    polls = sorted([*facts, *(_poll(row) for row in rows)], key=lambda poll: poll.period_end)
    before = [poll for poll in polls if poll.period_end.isoformat() < war[0]]
    after = [poll for poll in polls if poll.period_end.isoformat() > war[1]]
    if not before or not after:
        return [Part(then, None, lacks=(f"polls of {subject} on {object} ({question}) before and after {war[0]}",))]
    base = study.figure(before[-1])
    bar = study.between(f"shattered:{question}", *shattered)
    lowest = min(after, key=lambda poll: poll.value)
    parts = [(then, after[0]), (later, lowest)]
    return [_fallen(study, statement, base, before[-1], poll, bar) for statement, poll in parts]


def _poll(row: Poll) -> Figure:
    """A poll as a figure; its range is the sampling error at 90 per cent, with a design effect of 1.5."""
    error = None
    if row.sample_size:
        share = row.value / 100
        error = 164.5 * (DESIGN_EFFECT * max(0.0, share * (1 - share)) / row.sample_size) ** 0.5
    return Figure.of(
        row,
        id=row.id,
        quantity="poll_share",
        subject=row.country,
        object=row.item,
        item=row.question,
        value=row.value,
        low=None if error is None else max(0.0, row.value - error),
        high=None if error is None else min(100.0, row.value + error),
        unit="%",
        as_of=row.field_end,
        stated=(row.value, row.unit),
    )


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
    first = min(orders, key=lambda order: order.period_end)
    return Part(
        statement,
        study.happened(early) if early else 0.0,
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

"""Checks on patrons side by side: who leads, whose stakes meet, whether the near weigh more than the far."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import Any

import numpy as np

from counterpoise._register import CHANNEL_ENGINES, OFFER_ENGINES, load
from counterpoise.channels.shape import Answer, Ask, Effect, Unknown
from counterpoise.claims._inputs import part_of
from counterpoise.claims._measure import Study, chance, flip_points, spread
from counterpoise.claims._verdict import Part
from counterpoise.region import Region
from counterpoise.region.draws import Assumptions

MOST_DRAWS = 1000


def first_among(study: Study, *, parts: list[dict[str, Any]]) -> list[Part]:
    """Was a patron the largest source of something for a state, in most periods on record?

    Each part has `statement quantity subject leader share` (the range of shares of periods that counts) and `since
    until leave_out` where wanted. A period counts if it has a figure of the leader; the leader leads it in a draw if
    no other source on record for the period is larger. Sources that are not on record for a period are not rivals.
    """
    return [_first(study, **part) for part in parts]


def _first(
    study: Study,
    *,
    statement: str,
    quantity: str,
    subject: str,
    leader: str,
    share: list[float],
    since: str | None = None,
    until: str | None = None,
    leave_out: list[str] | None = None,
) -> Part:
    periods: dict[str, list[Any]] = defaultdict(list)
    for figure in study.region.find(quantity, subject=subject, since=since, until=until):
        if figure.object and not figure.item and figure.object not in (leave_out or []):
            periods[str(figure.as_of)].append(figure)
    told = {day: rows for day, rows in periods.items() if {leader} < {row.object for row in rows}}
    if not told:
        return Part(statement, None, lacks=(f"{quantity} of {subject} from {leader} and others",))

    sides = [
        [np.max([study.figure(row) for row in rows if (row.object == leader) == own], axis=0) for own in (True, False)]
        for rows in told.values()
    ]

    def led(scale: float) -> np.ndarray:
        return np.mean([scale * own >= others for own, others in sides], axis=0)

    bar = study.between(f"share:{statement}", share[0], share[1])
    now = led(1.0)
    scales = np.geomspace(0.05, 20, 121)
    chances = np.array([chance(led(scale) >= bar) for scale in scales])
    crossed = np.flatnonzero((chances[:-1] - 0.5) * (chances[1:] - 0.5) <= 0)
    values = [float(scales[k + 1]) for k in crossed]
    flip: dict[str, Any] = {"input": f"figures of {leader}, all multiplied by", "unit": "times", "values": values}
    flip |= {"now": 1.0, "nearest": min(values, key=lambda v: abs(np.log(v)))} if values else {"now": 1.0}
    numbers = {"periods": len(told), "share of periods led": spread(now), "needed": {"low": share[0], "high": share[1]}}
    evidence = tuple(row.id for rows in told.values() for row in rows)
    return Part(statement, chance(now >= bar), numbers, flip, evidence)


def stakes_meet(study: Study, *, client: str, parts: list[dict[str, Any]]) -> list[Part]:
    """Has each of several patrons something at stake in a client: could each hurt or help it by so much?

    Each part has `statement patrons channels least` (per cent of the client's GDP a year, a range) and `offers = true`
    for what they could give in place of what they could withhold. Over the channels named a patron counts with the
    largest; horizon is the first year for withdrawals, the fifth for offers.
    """
    return [_met(study, client, **part) for part in parts]


def _met(
    study: Study, client: str, *, statement: str, patrons: list[str], channels: list[str], least: list[float],
    offers: bool = False,
) -> Part:  # fmt: skip
    bar = study.between(f"least:{statement}", least[0], least[1])[:MOST_DRAWS]
    sizes: dict[str, np.ndarray] = {}
    evidence: list[str] = []
    lacks: list[str] = []
    for patron in patrons:
        largest, facts, missing = _largest(study, patron, client, channels, offers)
        evidence += facts
        if largest is None:
            lacks += missing
        else:
            sizes[patron] = largest
    if lacks:
        return Part(statement, None, lacks=tuple(dict.fromkeys(lacks)))
    weakest = np.min(list(sizes.values()), axis=0)
    numbers = {
        **{patron: spread(values) for patron, values in sizes.items()},
        "unit": "% of the client's GDP a year",
        "needed": {"low": least[0], "high": least[1]},
    }
    flip = flip_points(weakest, lambda values: values >= bar, name="the smallest of these stakes", unit="% of GDP")
    return Part(statement, chance(weakest >= bar), numbers, flip, tuple(dict.fromkeys(evidence)))


def nearer_weigh_more(
    study: Study, *, client: str, near: list[str], far: list[str], channels: list[str], parts: list[dict[str, Any]]
) -> list[Part]:
    """Do near powers weigh more for a client than far ones: in what each could withhold, and in what each could give?

    Each part has a `statement` and `offers` (true or false). The largest stake of any near power is set against the
    largest of any far one, over the channels named.
    """
    return [_nearer(study, client, near, far, channels, **part) for part in parts]


def _nearer(
    study: Study,
    client: str,
    near: list[str],
    far: list[str],
    channels: list[str],
    *,
    statement: str,
    offers: bool = False,
) -> Part:
    sides: list[np.ndarray] = []
    evidence: list[str] = []
    lacks: list[str] = []
    for group in (near, far):
        known: list[np.ndarray] = []
        for patron in group:
            largest, facts, missing = _largest(study, patron, client, channels, offers)
            evidence += facts
            lacks += missing if largest is None else []
            known += [] if largest is None else [largest]
        sides += [np.max(known, axis=0)] if known else []
    if lacks or len(sides) < 2:
        return Part(statement, None, lacks=tuple(dict.fromkeys(lacks)))
    one, two = sides
    numbers = {"near": spread(one), "far": spread(two), "unit": "% of the client's GDP a year"}
    flip = flip_points(two, lambda values: one > values, name="largest stake of a far power", unit="% of GDP")
    return Part(statement, chance(one > two), numbers, flip, tuple(dict.fromkeys(evidence)))


def _largest(
    study: Study, patron: str, client: str, channels: list[str], offers: bool
) -> tuple[np.ndarray | None, list[str], list[str]]:
    """The largest effect of a patron on a client over channels, with its facts; what is lacking if none is known."""
    count = min(study.count, MOST_DRAWS)
    known: list[np.ndarray] = []
    facts: list[str] = []
    missing: list[str] = []
    for channel in channels:
        answer = _answer(part_of(study.region, channel), study.seed, count, patron, client, channel, offers)
        if isinstance(answer, Effect):
            known.append(answer.client)
        if isinstance(answer, Unknown):
            missing += [f"{channel} of {patron}: {need}" for need in answer.needs]
        else:
            facts += answer.facts
            known.append(np.zeros(count))
    return (np.max(known, axis=0) if known else None), facts, missing


def largest_hold(
    study: Study, patron: str, client: str, channels: list[str]
) -> tuple[np.ndarray | None, list[str], list[str]]:
    """The most that a patron could withhold from a client in the first year in any of some channels.

    By draw, per cent of the client's GDP a year, with the facts behind it; `None` and what is lacking if none is known.
    """
    return _largest(study, patron, client, channels, offers=False)


def largest_gift(
    study: Study, patron: str, client: str, channels: list[str]
) -> tuple[np.ndarray | None, list[str], list[str]]:
    """The most that a patron could give a client in any of some channels in the fifth year; as `largest_hold`."""
    return _largest(study, patron, client, channels, offers=True)


@lru_cache(maxsize=64)
def _answer(region: Region, seed: int, count: int, patron: str, client: str, channel: str, offers: bool) -> Answer:
    """What one channel says of a pair, kept: several claims set the same stakes against each other."""
    ask = Ask(region, patron, client, "long" if offers else "short", Assumptions(region, seed=seed, count=count))
    answer: Answer = load(OFFER_ENGINES[channel]).offer(ask) if offers else load(CHANNEL_ENGINES[channel]).withdraw(ask)
    return answer

"""The computed channels together, without counting the same loss twice."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import comb

import numpy as np

from counterpoise.channels._shape import Answer, Ask, Effect, StructuralZero, Unknown
from counterpoise.leverage._cells import Cell


def total(cells: list[Cell], ask: Ask) -> Cell:
    """What all computed channels cost together: each takes its share of the real income that the others leave.

    The composition `1 - prod(1 - loss)` falls short of the plain sum, and the gap is printed beside each channel's
    Shapley share. It is exact where losses are shares of one income; the run of all channels through one set of prices
    is not built yet. Offers add.
    """
    numbers = [cell for cell in cells if isinstance(cell.answer, Effect)]
    zeros = [cell for cell in cells if isinstance(cell.answer, StructuralZero)]
    names = tuple(cell.channel for cell in cells if cell in numbers or cell in zeros)
    answer: Answer
    if numbers:
        counted = tuple(cell.channel for cell in numbers)
        answer = _compose([cell.answer for cell in numbers if isinstance(cell.answer, Effect)], names, counted)
    elif zeros:
        answer = StructuralZero(
            "; ".join(cell.answer.reason for cell in zeros if isinstance(cell.answer, StructuralZero))
        )
    else:
        needs = tuple(need for cell in cells if isinstance(cell.answer, Unknown) for need in cell.answer.needs)
        answer = Unknown("no channel gives a number", needs)
    offers = [cell.offer for cell in cells if isinstance(cell.offer, Effect)]
    offer = _add(offers) if offers else None
    without = tuple(cell.channel for cell in cells if isinstance(cell.answer, Unknown))
    return Cell(ask.client, ask.patron, "total", ask.horizon, answer, channels=names, without=without, offer=offer)


def shapley_shares(losses: np.ndarray) -> np.ndarray:
    """Each channel's fair part of the composed loss: its marginal loss averaged over every order of the channels.

    `losses` are shares of income in [.., 1), shape (channel, draws); the parts, same shape, sum to
    `1 - prod(1 - losses)` in each draw.

    Method: Shapley 1953 (key `shapley1953`), exact over all subsets.

    >>> shapley_shares(np.array([[0.5], [0.5]])).ravel()
    array([0.375, 0.375])
    """
    count = len(losses)
    parts = np.zeros_like(losses)
    for channel in range(count):
        others = [k for k in range(count) if k != channel]
        for size in range(count):
            weight = 1 / (count * comb(count - 1, size))
            for subset in combinations(others, size):
                left = np.prod(1 - losses[list(subset)], axis=0) if subset else 1.0
                parts[channel] += weight * left * losses[channel]
    return parts


def _compose(effects: Sequence[Effect], names: tuple[str, ...], counted: tuple[str, ...]) -> Effect:
    first = effects[0]
    client, sender = (
        100 * (1 - np.prod([1 - getattr(effect, side) / 100 for effect in effects], axis=0))
        for side in ("client", "sender")
    )
    plain = np.sum([effect.client for effect in effects], axis=0)
    physical = {"plain_sum_median": float(np.median(plain)), "gap_median": float(np.median(plain - client))}
    parts = 100 * shapley_shares(np.array([effect.client / 100 for effect in effects]))
    physical |= {f"shapley_{name}": float(np.mean(part)) for name, part in zip(counted, parts, strict=True)}
    notes = (f"covers {', '.join(names)}", *_unique(effects, "notes"))
    return Effect(
        client,
        sender,
        first.client_gdp_usd,
        first.sender_gdp_usd,
        _unique(effects, "facts"),
        _unique(effects, "assumptions"),
        physical if len(effects) > 1 else {},
        notes,
        _unique(effects, "cites"),
    )


def _add(offers: Sequence[Effect]) -> Effect:
    first = offers[0]
    return Effect(
        np.sum([offer.client for offer in offers], axis=0),
        np.sum([offer.sender for offer in offers], axis=0),
        first.client_gdp_usd,
        first.sender_gdp_usd,
        _unique(offers, "facts"),
        _unique(offers, "assumptions"),
        {},
        _unique(offers, "notes"),
        _unique(offers, "cites"),
    )


def _unique(effects: Sequence[Effect], name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item for effect in effects for item in getattr(effect, name)))

"""Seats for many draws of an election at once: the rules of `count_seats`, in floating point over arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from counterpoise._errors import SolveError, fault
from counterpoise.play.elections.law import Law

Array = np.ndarray[Any, np.dtype[Any]]

_DIVISORS: dict[str, tuple[float, float, float]] = {
    # The divisor of a list with s seats is a s + b; `first` is that of a list with none.
    "dhondt": (1.0, 1.0, 1.0),
    "sainte_lague": (2.0, 1.0, 1.0),
    "modified_sainte_lague": (2.0, 1.0, 1.4),
    "imperiali": (0.5, 1.0, 1.0),
    "danish": (3.0, 1.0, 1.0),
}


def allocate(law: Law, kinds: Sequence[str], shares: Array) -> Array:
    """Seats (draw, list) from shares in per cent of all valid votes (draw, list).

    The same rules as `count_seats`: thresholds, minimum number of lists, formulas, minority seats, the stable majority
    of a list that has one, and the minimum of the others. Equal quotients go to the list with more votes, then to the
    one that stands first; a draw without a list over its threshold seats the largest. Laws with constituencies are
    refused (`E904`).
    """
    if any(tier.kind == "constituency" for tier in law.tiers):
        rule, fix = "forecasts draw lists, not constituencies", "use a law whose tiers are all proportional"
        raise SolveError([fault("E904", where=law.id, found="a tier of constituencies", rule=rule, fix=fix)])
    shares = np.asarray(shares, float)
    held = np.zeros(shares.shape, np.int64)
    seated = np.zeros(shares.shape, bool)
    for tier in law.tiers:
        lines = np.array([law.threshold(kind, tier)[0] for kind in kinds])
        seated = (shares >= lines) & (shares > 0)
        rank = _rank(np.where(seated, -np.inf, -shares), shares)
        seated |= (rank < max(law.minimum_lists, 1)) & (shares > 0)
        held += _share(tier.allocation, np.where(seated, shares, 0.0), np.full(len(shares), tier.seats))
    votes = np.where(seated, shares, 0.0)
    if law.minority_seats:
        held += _share(law.minority_allocation, votes, np.full(len(shares), law.minority_seats))
    if law.majority_bonus is not None:
        held = raise_first(held, held.argmax(-1), law.majority_bonus / 100, only_majorities=True)
    if law.opposition_minimum is not None:
        held += _for_the_others(held, votes, law.opposition_minimum, law.extra_allocation)
    return held


def raise_first(held: Array, first: Array, share: float, *, only_majorities: bool = False) -> Array:
    """Seats with the list `first` (draw,) raised to a share of all seats by added ones."""
    rows = np.arange(len(held))
    own, total = held[rows, first], held.sum(-1)
    extra = np.maximum(0, np.ceil((share * total - own) / (1 - share) - 1e-9)).astype(np.int64)
    if only_majorities:
        extra = np.where(2 * own > total, extra, 0)
    raised = held.copy()
    raised[rows, first] += extra
    return raised


def _for_the_others(held: Array, votes: Array, share: float, method: str) -> Array:
    rows = np.arange(len(held))
    first = held.argmax(-1)
    total = held.sum(-1)
    behind = total - held[rows, first]
    extra = np.maximum(0, np.ceil((share * total - behind) / (1 - share) - 1e-9)).astype(np.int64)
    others = votes.copy()
    others[rows, first] = 0.0
    extra = np.where(others.sum(-1) > 0, extra, 0)
    return _share(method, others, extra)


def _share(method: str, votes: Array, seats: Array) -> Array:
    """Seats (draw, list) by a formula for votes (draw, list) and a number of seats for each draw."""
    if method in _DIVISORS:
        return _highest(_DIVISORS[method], votes, seats)
    total = votes.sum(-1, keepdims=True)
    if method == "winner_takes_all":
        taken = np.zeros(votes.shape, np.int64)
        taken[np.arange(len(votes)), votes.argmax(-1)] = seats
        return taken
    # Shares have no whole number of votes: the Droop quota is that of Hagenbach and Bischoff here.
    parts = seats[:, None] + (method in ("droop", "hagenbach_bischoff"))
    with np.errstate(invalid="ignore", divide="ignore"):
        exact = np.where(total > 0, votes * parts / total, 0.0)
    held = np.floor(exact + 1e-12).astype(np.int64)
    keys = votes if method == "floor_then_votes" else np.where(votes > 0, exact - held, -1.0)
    rank = _rank(-keys, votes)
    lists = np.maximum((votes > 0).sum(-1), 1)
    left = seats - held.sum(-1)
    rounds, rest = np.divmod(np.maximum(left, 0), lists)
    held += np.where(votes > 0, rounds[:, None] + (rank < rest[:, None]), 0)
    return held


def _highest(divisor: tuple[float, float, float], votes: Array, seats: Array) -> Array:
    """Highest averages seat by seat, all draws together; d'Hondt starts from whole parts, which it never undercuts."""
    slope, base, first = divisor
    rows = np.arange(len(votes))
    held = np.zeros(votes.shape, np.int64)
    total = votes.sum(-1, keepdims=True)
    if (slope, base, first) == _DIVISORS["dhondt"]:
        with np.errstate(invalid="ignore", divide="ignore"):
            whole = np.where(total > 0, votes * seats[:, None] / total, 0.0)
        held = np.maximum(np.floor(whole - 1e-9), 0).astype(np.int64)
    left = seats - held.sum(-1)
    for number in range(int(left.max(initial=0))):
        divisors = np.where(held > 0, slope * held + base, first)
        quotients = votes / divisors
        # Equal quotients go to the list with more votes, as in exact arithmetic.
        best = quotients.max(-1, keepdims=True)
        level = quotients >= best * (1 - 1e-12)
        chosen = np.where(level, votes, -1.0).argmax(-1)
        held[rows, chosen] += left > number
    return held


def _rank(keys: Array, votes: Array) -> Array:
    """The place of each list by ascending key, then by more votes, then by its place in the row."""
    order = np.lexsort((-votes, keys), axis=-1)
    rank = np.empty_like(order)
    np.put_along_axis(rank, order, np.broadcast_to(np.arange(votes.shape[-1]), votes.shape), axis=-1)
    return rank

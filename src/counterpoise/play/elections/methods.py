"""Formulas that share seats among lists, in exact arithmetic: quotas with remainders and highest averages.

A formula gets votes (whole numbers or exact fractions, all positive) and a number of seats, and returns seats and the
steps it took. Ties at the last seat go by a named rule.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from counterpoise._errors import SolveError, fault

# `votes`: the list with more votes, and a refusal where these are equal, too. `order`: then the list that stands first.
TIES = ("votes", "order")
METHODS = (
    "dhondt",
    "sainte_lague",
    "modified_sainte_lague",
    "imperiali",
    "danish",
    "hare",
    "largest_remainder",
    "hagenbach_bischoff",
    "droop",
    "floor_then_votes",
    "winner_takes_all",
)
# Other names for the same formula, as laws and textbooks have them; spaces, hyphens and apostrophes do not count.
SAME = {
    "jefferson": "dhondt",
    "hondt": "dhondt",
    "saintelague": "sainte_lague",
    "largest_remainders": "largest_remainder",
    "hare_largest_remainders": "largest_remainder",
    "highest_averages": "dhondt",
    "webster": "sainte_lague",
    "hamilton": "largest_remainder",
    "hare_niemeyer": "largest_remainder",
    "hare_quota": "largest_remainder",
    "hare_largest_remainder": "largest_remainder",
    "hare": "largest_remainder",
    "droop_quota": "droop",
    "hagenbach_bischoff_quota": "hagenbach_bischoff",
    "quota_then_votes": "floor_then_votes",
    "bonus": "winner_takes_all",
}
# Divisor methods: the divisor of a list that holds `s` seats already.
_DIVISORS: dict[str, Callable[[int], Fraction]] = {
    "dhondt": lambda s: Fraction(s + 1),
    "sainte_lague": lambda s: Fraction(2 * s + 1),
    "modified_sainte_lague": lambda s: Fraction(2 * s + 1) if s else Fraction(14, 10),
    "imperiali": lambda s: Fraction(s + 2, 2),
    "danish": lambda s: Fraction(3 * s + 1),
}
# Steps of highest averages are listed seat by seat up to here; beyond, only the last awards say anything.
MOST_LISTED = 400


@dataclass(frozen=True, slots=True)
class Shared:
    """Seats by list in the order given, and how they came about."""

    seats: tuple[int, ...]
    steps: tuple[dict[str, Any], ...]


def share_seats(
    method: str, names: Sequence[str], votes: Sequence[Fraction | int], seats: int, *, ties: str = "votes"
) -> Shared:
    """Seats by a formula of `METHODS`; raises `SolveError` (`E904`) on a tie that its rule leaves open.

    >>> share_seats("dhondt", ["A", "B", "C"], [53, 24, 23], 7).seats
    (4, 2, 1)
    """
    weights = [Fraction(vote) for vote in votes]
    if seats == 0 or not weights:
        return Shared((0,) * len(weights), ())
    if method in _DIVISORS:
        return _highest_averages(_DIVISORS[method], names, weights, seats, ties)
    if method == "winner_takes_all":
        first = _ranked(weights, weights, names, ties, 1)[0]
        taken = tuple(seats if index == first else 0 for index in range(len(weights)))
        return Shared(taken, ({"rule": "all seats to the first list", "list": names[first], "seats": seats},))
    return _quota(method, names, weights, seats, ties)


def _highest_averages(
    divisor: Callable[[int], Fraction], names: Sequence[str], votes: list[Fraction], seats: int, ties: str
) -> Shared:
    held = [0] * len(votes)
    steps: list[dict[str, Any]] = []
    quotients = [vote / divisor(0) for vote in votes]
    for number in range(1, seats + 1):
        best = max(quotients)
        level = [index for index, value in enumerate(quotients) if value == best]
        # Equal quotients matter only if there are fewer seats left than lists on the level.
        if len(level) > seats - number + 1:
            chosen = _break_tie(level, votes, names, ties, "the last seats")
        else:
            chosen = level[0]
        held[chosen] += 1
        quotients[chosen] = votes[chosen] / divisor(held[chosen])
        if number <= MOST_LISTED:
            steps.append(
                {
                    "rule": "highest quotient",
                    "seat": number,
                    "list": names[chosen],
                    "quotient": float(best),
                    "divisor": float(divisor(held[chosen] - 1)),
                }
            )
    return Shared(tuple(held), tuple(steps))


def _quota(method: str, names: Sequence[str], votes: list[Fraction], seats: int, ties: str) -> Shared:
    """Whole parts of a quota, the rest by largest remainder or in the order of votes."""
    total = sum(votes, Fraction(0))
    if method == "droop":
        if any(vote.denominator != 1 for vote in votes):
            rule, fix = "the Droop quota is a whole number of votes", "give votes, or use hagenbach_bischoff"
            raise SolveError([fault("E904", where="droop", found="shares", rule=rule, fix=fix)])
        quota = Fraction(int(total) // (seats + 1) + 1)
    else:
        quota = total / (seats + 1 if method == "hagenbach_bischoff" else seats)
    exact = [vote / quota for vote in votes]
    held = [int(value) for value in exact]
    remainders = [value - own for value, own in zip(exact, held, strict=True)]
    steps: list[dict[str, Any]] = [
        {"rule": "whole part of votes over the quota", "list": name, "exact": float(value), "seats": own}
        for name, value, own in zip(names, exact, held, strict=True)
    ]
    left = seats - sum(held)
    if left < 0:
        # Hagenbach-Bischoff may give one seat too many where every quotient is whole: the smallest list gives it back.
        for index in _ranked([-vote for vote in votes], votes, names, ties, -left):
            held[index] -= 1
            steps.append({"rule": "one seat too many: given back", "list": names[index]})
        return Shared(tuple(held), tuple(steps))
    by_votes = method == "floor_then_votes"
    keys = votes if by_votes else remainders
    rule = "one left-over seat in the order of votes" if by_votes else "one left-over seat by the largest remainder"
    while left > 0:
        # More left-over seats than lists happen where quotas are large: another round then.
        for index in _ranked(keys, votes, names, ties, min(left, len(votes))):
            held[index] += 1
            steps.append({"rule": rule, "list": names[index], "remainder": float(remainders[index])})
        left -= min(left, len(votes))
    return Shared(tuple(held), tuple(steps))


def _ranked(
    keys: Sequence[Fraction], votes: Sequence[Fraction], names: Sequence[str], ties: str, count: int
) -> list[int]:
    """The `count` lists with the largest keys, largest first; a tie at the last place goes by the rule."""
    order = sorted(range(len(keys)), key=lambda index: (-keys[index], -votes[index], index))
    last, following = order[count - 1], order[count] if count < len(order) else None
    if following is not None and keys[last] == keys[following] and votes[last] == votes[following] and ties != "order":
        level = [index for index in order if keys[index] == keys[last]]
        _break_tie(level, votes, names, ties, "a left-over seat")
    return order[:count]


def _break_tie(level: list[int], votes: Sequence[Fraction], names: Sequence[str], ties: str, what: str) -> int:
    most = max(votes[index] for index in level)
    ahead = [index for index in level if votes[index] == most]
    if len(ahead) == 1 or ties == "order":
        return ahead[0]
    tied = ", ".join(names[index] for index in ahead)
    rule = "a tie goes to the list with more votes; where votes are equal the law must say how"
    fix = 'set ties = "order" in the law to prefer the list that stands first (for a lot that has been drawn)'
    raise SolveError([fault("E904", where=what, found=f"a tie of {tied}", rule=rule, fix=fix)])

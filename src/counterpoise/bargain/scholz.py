"""One round of expected-utility bargaining on one line, after Bueno de Mesquita as read by Scholz and others.

Method: Bueno de Mesquita 1985, 1994; Scholz, Calbert and Smith 2011 (keys `buenodemesquita1985`,
`buenodemesquita1994`, `scholz2011`). The paper leaves choices open and its open ports settle them in ways that the
paper does not mean; each such choice is a named option here. Arrays carry a leading axis `draw`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# Up to this many votes one pass over all voters is quicker than a loop.
SMALL = 50_000

NONE, CONFRONTATION, COMPROMISE, CAPITULATION = 0, 1, 2, 3
KINDS = ("none", "confrontation", "compromise", "capitulation")


@dataclass(frozen=True, slots=True)
class Options:
    """The choices that the published model leaves open; `PUBLISHED` and `CORRECTED` are the two named sets.

    `probability`: `all-pairs` divides the votes for a challenger by the votes over every pair of positions, so that
    P(i beats j) + P(j beats i) is far below 1; `pair` divides by the votes on that pair, so that they sum to 1.
    `capitulation`: whether an actor that stands to lose more than its rival gains gives in altogether; the ports test
    a condition that never holds. `compromise`: `signed` picks the compromise of the lowest weighted position, as the
    ports do; `least` the one that moves the actor least, as the paper says. `median`: among positions that tie,
    `chain` keeps the one the ports would keep (an accident of their hash order), `lowest` the lowest.
    `status_quo` is the weight of the utility of nothing happening (Q in the papers).
    """

    probability: Literal["all-pairs", "pair"] = "all-pairs"
    capitulation: bool = False
    compromise: Literal["signed", "least"] = "signed"
    median: Literal["chain", "lowest"] = "chain"
    status_quo: float = 1.0


PUBLISHED = Options()
CORRECTED = Options(probability="pair", capitulation=True, compromise="least", median="lowest")


@dataclass(frozen=True, slots=True)
class Offers:
    """The offer each actor takes: its kind, who made it, both expected utilities and where it leads.

    All arrays are `[draw, actor]`; `other` is -1 and the utilities 0 where nobody made an offer worth taking.
    """

    kind: NDArray[np.int64]
    other: NDArray[np.int64]
    utility: Array
    other_utility: Array
    position: Array


def _line(position: Array, span: Array) -> Array:
    """What a round reads off the positions, in shares of the span, before anybody weighs risks: `[3, draw, i, j]`.

    The distance of `i` and `j`, half a span less half of it, and half a span and half of it.
    """
    line = np.empty((3, *position.shape, position.shape[1]))
    apart = np.abs(position[:, :, None] - position[:, None, :], out=line[0])
    half = 0.5 * apart
    scale = span[:, None, None]
    half /= scale
    apart /= scale
    np.maximum(0.5 - half, 0.0, out=line[1])
    np.add(0.5, half, out=line[2])
    return line


def victory(weight: Array, position: Array, risk: Array, span: Array, options: Options) -> Array:
    """Chance that actor `i`'s position beats `j`'s in a vote of all: `[draw, i, j]`, 0 where they are the same.

    `weight[draw, actor]` is capability times salience, `risk` the exponents, `span[draw]` the range of the issue.
    """
    return _chance(weight, _line(position, span)[0] ** risk[:, :, None], options)


def _chance(weight: Array, loss: Array, options: Options) -> Array:
    """The same from each voter's loss at each position, `[draw, voter, position]`."""
    draws, count = weight.shape
    stakes = weight[:, :, None] * loss
    if draws * count**3 <= SMALL:
        votes = stakes[:, :, None, :] - stakes[:, :, :, None]
        support = np.add.reduce(np.maximum(votes, 0.0, out=votes), axis=1)
    else:
        # The same sum in the same order, voter by voter, to stay in the processor's cache.
        support = np.zeros((draws, count, count))
        vote = np.empty_like(support)
        for voter in range(count):
            np.subtract(stakes[:, voter, None, :], stakes[:, voter, :, None], out=vote)
            support += np.maximum(vote, 0.0, out=vote)
    # A vote for one side is a vote against the other, so both sides together are the turnout.
    total = support + support.transpose(0, 2, 1)
    if options.probability == "all-pairs":
        total = np.add.reduce(total, axis=(1, 2), keepdims=True)
    # Where nobody votes, as on equal positions, there is no support either: 0 over 1.
    total += total == 0
    return np.divide(support, total, out=support)


def expected_utilities(
    salience: Array, position: Array, risk: Array, span: Array, *, chance: Array, status_quo: float
) -> tuple[Array, Array]:
    """What `i` expects of challenging `j`, and what it thinks `j` expects of challenging it: `[draw, i, j]` each.

    Both are seen with `i`'s own attitude to risk. A challenged actor resists with a chance equal to its salience.
    """
    exponent = risk[:, :, None]
    challenge, challenged = _utilities(salience, _line(position, span) ** exponent, exponent, chance, status_quo)
    return challenge, challenged


def _utilities(salience: Array, bent: Array, exponent: Array, chance: Array, status_quo: float) -> Array:
    """Both expectations, `[2, draw, i, j]`, from the line bent by each actor's exponent."""
    success, failure = 2 - 4 * bent[1:]
    nothing = status_quo * (2 - 4 * 0.5**exponent)
    resists, wins = np.empty(bent[1:].shape), np.empty(bent[1:].shape)
    resists[0], resists[1] = salience[:, None, :], salience[:, :, None]
    wins[0], wins[1] = chance, chance.transpose(0, 2, 1)
    return _expect(resists, wins, success, failure, nothing)


def _expect(resists: Array, chance: Array, success: Array, failure: Array, nothing: Array | float) -> Array:
    """The worth of a challenge that wins with `chance` if resisted, and surely if not."""
    fought = chance * success
    fought += (1 - chance) * failure
    fought *= resists
    fought += (1 - resists) * success
    fought -= nothing
    return fought


def risk_exponents(salience: Array, position: Array, weight: Array, span: Array, options: Options) -> Array:
    """How each actor bends utilities: 0.5 for the one most in danger, 2 for the safest, `[draw, actor]`.

    Danger is the sum of what the others expect of challenging it, all taken as risk neutral. Where all are in equal
    danger the exponent is 1 (the published formula divides by zero there).
    """
    return _risk(salience, weight, _line(position, span), options)


def _risk(salience: Array, weight: Array, line: Array, options: Options) -> Array:
    # Risk neutral: every exponent is 1, and no power is taken.
    back = _chance(weight, line[0], options).transpose(0, 2, 1)
    success, failure = 2 - 4 * line[1:]
    nothing = options.status_quo * (2 - 4 * 0.5)
    challenged = _expect(salience[:, :, None], back, success, failure, nothing)
    # Rival by rival in the order of the table, as the ports add: along an inner axis, which no pairing reorders.
    rivals = challenged.transpose(0, 2, 1).copy()
    draws, count = weight.shape
    rivals.reshape(draws, -1)[:, :: count + 1] = 0.0
    danger = np.add.reduce(rivals, axis=1)
    high, low = np.maximum.reduce(danger, axis=1, keepdims=True), np.minimum.reduce(danger, axis=1, keepdims=True)
    spread = high - low
    even = spread == 0
    attitude = np.where(even, 0.0, (2 * danger - high - low) / (spread + even))
    return (1 - attitude / 3.0) / (1 + attitude / 3.0)


def best_offers(position: Array, challenge: Array, challenged: Array, options: Options) -> Offers:
    """The offer each actor takes: it yields to a stronger rival before it compromises, and capitulates last.

    `challenge` and `challenged` are the pair from `expected_utilities`. Ties go to the first actor of the table.
    """
    mine, theirs = position[:, :, None], position[:, None, :]
    gap = theirs - mine
    apart, away = np.abs(gap), gap != 0
    hurt = np.abs(challenge)
    exposed = away & (challenged > 0) & (challenge < 0)
    # The kinds in their order of preference; on a pair nobody meets on, the ratio to compromise by is of no account.
    open_to = np.empty((3 if options.capitulation else 2, *hurt.shape), bool)
    price = np.empty(open_to.shape)
    open_to[0], price[0] = away & (challenged > challenge) & (challenge > 0), apart
    meets = np.logical_and(exposed, challenged > hurt, out=open_to[1])
    halfway = mine + gap * (hurt / np.where(meets, challenged, 1.0))
    if options.compromise == "least":
        price[1] = np.abs(mine - halfway)
    else:
        price[1] = (hurt * mine + challenged * theirs) / np.where(meets, hurt + challenged, 1.0)
    if options.capitulation:
        open_to[2], price[2] = exposed & (challenged < hurt), apart
    price[~open_to] = np.inf
    best = price.argmin(axis=3)
    found = np.logical_or.reduce(open_to, axis=3)
    some, first = np.logical_or.reduce(found, axis=0), found.argmax(axis=0)
    count = position.shape[1]
    row, cell = np.arange(0, some.size, count)[:, None], np.arange(some.size).reshape(some.shape)
    other = best.take(first * some.size + cell)
    pick = cell * count + other
    goal = np.where(first == COMPROMISE - 1, halfway.take(pick), position.take(row + other))
    return Offers(
        np.where(some, first + 1, NONE),
        np.where(some, other, -1),
        np.where(some, challenge.take(pick), 0.0),
        np.where(some, challenged.take(pick), 0.0),
        np.where(some, goal, position),
    )


def step(capability: Array, salience: Array, position: Array, span: Array, options: Options) -> tuple[Array, Offers]:
    """One round: the risk exponents and the offers taken, all decided at once on the same positions.

    Shapes `[draw, actor]`, `span[draw]` above 0.
    """
    weight = capability * salience
    line = _line(position, span)
    risk = _risk(salience, weight, line, options)
    exponent = risk[:, :, None]
    bent = line**exponent
    chance = _chance(weight, bent[0], options)
    challenge, challenged = _utilities(salience, bent, exponent, chance, options.status_quo)
    return risk, best_offers(position, challenge, challenged, options)


def mean_position(capability: Array, salience: Array, position: Array) -> Array:
    """The positions' mean weighted by capability times salience, `[draw]`."""
    weight = np.broadcast_to(capability * salience, position.shape)
    # Actor by actor in the order of the table, as the ports add: a running sum, which no pairing reorders.
    return (weight * position).cumsum(axis=1)[:, -1] / weight.cumsum(axis=1)[:, -1]


def median_position(capability: Array, salience: Array, position: Array) -> Array:
    """The position that no other beats in a vote weighted by capability times salience, the lowest if several.

    `[draw]`; the weighted median, since votes grow with distance on one line.
    """
    order = np.argsort(position, axis=1, kind="stable")
    weight = np.take_along_axis(np.broadcast_to(capability * salience, position.shape), order, axis=1)
    below = np.cumsum(weight, axis=1)
    half = below[:, -1:] / 2
    # Half the weight exactly, give or take rounding, counts as half: the lower of two tied positions stands.
    first = (below >= half * (1 - 1e-12)).argmax(axis=1)
    return np.take_along_axis(position, np.take_along_axis(order, first[:, None], axis=1), axis=1)[:, 0]


def chained_medians(weight: Array, position: Array) -> list[float]:
    """The same for each round of one game by the ports' knock-out in the order of a Python set, which decides ties.

    `weight[actor]` and `position[round, actor]`.
    """
    rounds, count = position.shape
    span = np.ptp(position[0]) or 1.0
    block = max(1, SMALL // count**3)
    medians = []
    for start in range(0, rounds, block):
        part = position[start : start + block]
        # What each voter loses if a position wins: `[round, voter, position]`.
        loss = np.abs(part[:, None, :] - part[:, :, None]) / span
        # Votes for the one position over the other, added voter by voter: the last bit may decide a tie.
        votes = weight[:, None, None] * (loss[:, :, None, :] - loss[:, :, :, None])
        lead = np.add.reduce(votes, axis=1).tolist()
        for places, wins in zip(part.tolist(), lead, strict=True):
            actor_at = dict(zip(places, range(count), strict=True))
            standing, *others = [actor_at[place] for place in set(places)]
            for other in others:
                if wins[other][standing] > 0:
                    standing = other
            medians.append(places[standing])
    return medians

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


def victory(weight: Array, position: Array, risk: Array, span: Array, options: Options) -> Array:
    """Chance that actor `i`'s position beats `j`'s in a vote of all: `[draw, i, j]`, 0 where they are the same.

    `weight[draw, actor]` is capability times salience, `risk` the exponents, `span[draw]` the range of the issue.
    """
    apart = np.abs(position[:, :, None] - position[:, None, :]) / span[:, None, None]
    # Tied exponents of 1 are the common case of the first pass and need no power.
    loss = apart if np.all(risk == 1.0) else apart ** risk[:, :, None]
    draws, count = position.shape
    stakes = weight[:, :, None] * loss
    if draws * count**3 <= SMALL:
        votes = stakes[:, :, None, :] - stakes[:, :, :, None]
        support = np.maximum(votes, 0.0, out=votes).sum(axis=1)
    else:
        # The same sum in the same order, voter by voter, to stay in the processor's cache.
        support = np.zeros((draws, count, count))
        vote = np.empty_like(support)
        for voter in range(count):
            np.subtract(stakes[:, voter, None, :], stakes[:, voter, :, None], out=vote)
            support += np.maximum(vote, 0.0, out=vote)
    # A vote for one side is a vote against the other, so both sides together are the turnout.
    turnout = support + support.transpose(0, 2, 1)
    total = turnout if options.probability == "pair" else turnout.sum(axis=(1, 2), keepdims=True)
    return np.divide(support, total, out=np.zeros_like(support), where=(total > 0) & (apart > 0))


def expected_utilities(
    salience: Array, position: Array, risk: Array, span: Array, *, chance: Array, status_quo: float
) -> tuple[Array, Array]:
    """What `i` expects of challenging `j`, and what it thinks `j` expects of challenging it: `[draw, i, j]` each.

    Both are seen with `i`'s own attitude to risk. A challenged actor resists with a chance equal to its salience.
    """
    half = 0.5 * np.abs(position[:, :, None] - position[:, None, :]) / span[:, None, None]
    exponent = risk[:, :, None]
    neutral = bool(np.all(risk == 1.0))
    near, far = np.maximum(0.5 - half, 0.0), 0.5 + half
    success = 2 - 4 * (near if neutral else near**exponent)
    failure = 2 - 4 * (far if neutral else far**exponent)
    nothing = status_quo * (2 - 4 * 0.5**exponent)
    theirs, ours = salience[:, None, :], salience[:, :, None]
    back = chance.transpose(0, 2, 1)
    challenge = theirs * (chance * success + (1 - chance) * failure) + (1 - theirs) * success - nothing
    challenged = ours * (back * success + (1 - back) * failure) + (1 - ours) * success - nothing
    return challenge, challenged


def risk_exponents(salience: Array, position: Array, weight: Array, span: Array, options: Options) -> Array:
    """How each actor bends utilities: 0.5 for the one most in danger, 2 for the safest, `[draw, actor]`.

    Danger is the sum of what the others expect of challenging it, all taken as risk neutral. Where all are in equal
    danger the exponent is 1 (the published formula divides by zero there).
    """
    ones = np.ones_like(position)
    chance = victory(weight, position, ones, span, options)
    _, challenged = expected_utilities(salience, position, ones, span, chance=chance, status_quo=options.status_quo)
    count = position.shape[1]
    challenged[:, np.arange(count), np.arange(count)] = 0.0
    danger = np.zeros_like(position)
    for rival in range(count):
        danger += challenged[:, :, rival]
    high, low = danger.max(axis=1, keepdims=True), danger.min(axis=1, keepdims=True)
    spread = np.where(high > low, high - low, 1.0)
    attitude = np.where(high > low, (2 * danger - high - low) / spread, 0.0)
    return (1 - attitude / 3.0) / (1 + attitude / 3.0)


def best_offers(position: Array, challenge: Array, challenged: Array, options: Options) -> Offers:
    """The offer each actor takes: it yields to a stronger rival before it compromises, and capitulates last.

    `challenge` and `challenged` are the pair from `expected_utilities`. Ties go to the first actor of the table.
    """
    mine, theirs = position[:, :, None], position[:, None, :]
    apart = np.abs(mine - theirs)
    away = apart > 0
    hurt = np.abs(challenge)
    exposed = away & (challenged > 0) & (challenge < 0)
    loses = away & (challenged > challenge) & (challenge > 0)
    meets = exposed & (challenged > hurt)
    yields = exposed & (challenged < hurt) if options.capitulation else np.zeros_like(away)
    ratio = np.divide(hurt, challenged, out=np.zeros_like(hurt), where=meets)
    halfway = mine + (theirs - mine) * ratio
    if options.compromise == "least":
        cost = np.abs(mine - halfway)
    else:
        top = hurt * mine + np.abs(challenged) * theirs
        total = hurt + np.abs(challenged)
        cost = np.divide(top, total, out=np.zeros_like(top), where=total > 0)
    kind = np.zeros(position.shape, np.int64)
    other = np.full(position.shape, -1, np.int64)
    for code, open_to, price in (
        (CAPITULATION, yields, apart),
        (COMPROMISE, meets, cost),
        (CONFRONTATION, loses, apart),
    ):
        found = open_to.any(axis=2)
        best = np.where(open_to, price, np.inf).argmin(axis=2)
        kind, other = np.where(found, code, kind), np.where(found, best, other)
    draws, count = position.shape
    pick = np.arange(draws)[:, None], np.arange(count)[None], np.where(other >= 0, other, 0)

    def taken(values: Array, without: Array | float) -> Array:
        return np.where(other >= 0, values[pick], without)

    goal = np.where((kind == COMPROMISE)[..., None], halfway, np.broadcast_to(theirs, halfway.shape))
    return Offers(kind, other, taken(challenge, 0.0), taken(challenged, 0.0), taken(goal, position))


def step(capability: Array, salience: Array, position: Array, span: Array, options: Options) -> tuple[Array, Offers]:
    """One round: the risk exponents and the offers taken, all decided at once on the same positions.

    Shapes `[draw, actor]`, `span[draw]` above 0.
    """
    weight = capability * salience
    risk = risk_exponents(salience, position, weight, span, options)
    chance = victory(weight, position, risk, span, options)
    challenge, challenged = expected_utilities(
        salience, position, risk, span, chance=chance, status_quo=options.status_quo
    )
    return risk, best_offers(position, challenge, challenged, options)


def mean_position(capability: Array, salience: Array, position: Array) -> Array:
    """The positions' mean weighted by capability times salience, `[draw]`."""
    weight = capability * salience
    top, bottom = weight * position, weight
    mean, total = np.zeros(position.shape[0]), np.zeros(position.shape[0])
    for actor in range(position.shape[1]):
        mean += top[:, actor]
        total += bottom[:, actor]
    return mean / total


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


def chained_median(weight: Array, position: Array, span: float) -> float:
    """The same for one game by the ports' knock-out in the order of a Python set, which decides ties.

    `weight[actor]` and `position[actor]`.
    """
    places = list(set(position.tolist()))
    loss = (np.abs(position[None] - np.array(places)[:, None]) / span).tolist()
    strength, median = weight.tolist(), 0
    for place in range(1, len(places)):
        # Votes for the new place over the standing one, added voter by voter: the last bit may decide a tie.
        votes = 0.0
        for own, there, here in zip(strength, loss[median], loss[place], strict=True):
            votes += own * (there - here)
        if votes > 0:
            median = place
    return float(places[median])

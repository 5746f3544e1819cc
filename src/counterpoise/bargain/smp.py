"""Bargaining in several dimensions with inferred risk attitudes: one round of the spatial model of politics.

The method is that of KTAB's spatial model (Wise, Lester and Efird 2015, key `wise2015`) with its reference settings;
the code is our own. Arrays carry a leading axis `draw`, so that a batch of games costs one pass. Sums run in the
order of the actors, because targets that are equal on paper are told apart by the last bit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

# The reference's small constants: a coalition is never quite empty, a gain below `MIN_GAIN` tempts nobody, and
# positions closer than a tenth of a point count as one.
MIN_COALITION = 1e-8
MIN_CONTEST = 1e-10
MIN_GAIN = 1e-5
MIN_WEIGHT = 1e-6
SAME_POSITION = 1e-3


@dataclass(frozen=True, slots=True)
class View:
    """What a state of the game looks like to each actor.

    `value[draw, i, j]` is the risk-neutral value to `i` of `j`'s position, `risk[draw, i]` the inferred attitude from
    -0.5 (averse) to 1 (seeking), `estimate[draw, h, i, j]` what `h` thinks `j`'s position is worth to `i`.
    """

    value: Array
    risk: Array
    estimate: Array


@dataclass(frozen=True, slots=True)
class Challenges:
    """What each actor `i` expects of challenging each `j`, by its own estimate, and whom it picks.

    `probability[draw, i, j]` that `i` prevails, `gain[draw, i, j]` in utility over the status quo, `target[draw, i]`
    the most advantageous `j`, or -1 where none gains.
    """

    probability: Array
    gain: Array
    target: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Bargains:
    """The offers of one round, one per initiator, and the vote on them.

    `initiator` and `receiver` `[draw, i, issue]` are the positions that `i` proposes for itself and its target.
    `utility[draw, actor, option]` values the state after option 0 (status quo) or option 1 + i (the bargain of `i`);
    `probability[draw, actor, option]` is the chance that the option beats the others open to that actor (0 where it is
    not open); `chosen[draw, actor]` the option taken.
    """

    initiator: Array
    receiver: Array
    utility: Array
    probability: Array
    chosen: NDArray[np.int64]


def utility(distance: Array, risk: Array) -> Array:
    """What a position at a distance is worth: 1 at none, 0 at full distance, curved by the attitude to risk."""
    return (1 - distance) * (1 + np.minimum(distance, 1.0) * risk)


def distances(ideal: Array, position: Array, salience: Array) -> Array:
    """How far position `j` is from actor `i`'s, in `i`'s own salience: `[draw, i, j]`.

    `ideal[draw, i, issue]`, `position[draw, j, issue]` on the unit scale, `salience[draw, i, issue]`.
    """
    squares = np.zeros((*ideal.shape[:2], position.shape[1]))
    total = np.zeros(ideal.shape[:2])
    for issue in range(ideal.shape[2]):
        weight = salience[:, :, issue]
        gap = (ideal[:, :, None, issue] - position[:, None, :, issue]) * weight[:, :, None]
        squares += gap * gap
        total += weight * weight
    return np.sqrt(squares / total[:, :, None])


def in_order(first: Array | float, terms: Array) -> Array:
    """`first` plus the terms along axis 1, added one after another."""
    start = np.broadcast_to(np.asarray(first, float), (terms.shape[0], *terms.shape[2:]))
    total = start.copy()
    for index in range(terms.shape[1]):
        total += terms[:, index]
    return total


def coalitions(votes: Array) -> Array:
    """Strength behind option `a` against option `b`, `[draw, a, b]`, from `votes[draw, voter, a, b]`."""
    return in_order(MIN_COALITION, np.maximum(votes, 0.0))


def victories(weight: Array, worth: Array) -> Array:
    """Chance that option `a` beats `b` in a vote: `[draw, a, b]` from `worth[draw, voter, option]`."""
    votes = weight[:, :, None, None] * (worth[:, :, :, None] - worth[:, :, None, :])
    strength = coalitions(votes)
    return strength / (strength + strength.transpose(0, 2, 1))


def condorcet(victory: Array) -> Array:
    """Chance that an option beats every other, given that one does: `[draw, option]`."""
    chance = np.ones(victory.shape[:2])
    for other in range(victory.shape[2]):
        chance *= victory[:, :, other]
    total = in_order(0.0, chance)
    return chance / total[:, None]


def view(capability: Array, position: Array, salience: Array) -> View:
    """How the actors see a state: values, the risk attitudes these imply, and each one's estimate of every other.

    An actor whose position is likely to win is taken to be risk seeking; the least likely, averse. Where all are
    equally likely the attitude is neutral (the reference divides by zero there). Each actor sees others' attitude one
    third of the way from its own to theirs.
    """
    distance = distances(position, position, salience)
    value = utility(distance, np.zeros_like(distance))
    chance = condorcet(victories(capability, value))
    high, low = chance.max(axis=1, keepdims=True), chance.min(axis=1, keepdims=True)
    spread = np.where(high > low, 2 * (high - low), 1.0)
    risk = np.where(high > low, (3 * chance - (high + 2 * low)) / spread, 0.0)
    seen = (2.0 * risk[:, :, None] + risk[:, None, :]) / 3.0
    return View(value, risk, utility(distance[:, None], seen[..., None]))


def contest(worth_i: Array, worth_j: Array, worth_own: Array, weight: Array, *, is_i: Mask, is_j: Mask) -> Array:
    """Chance that `i` prevails over `j` once third parties have taken sides.

    Voters stand on axis 1: `worth_i[draw, voter, ...]` what `i`'s position is worth to them, `worth_j` and `worth_own`
    likewise; `is_i`, `is_j` mark the principals. A third party weighs a small war of three, in which the side it joins
    may win or lose with it (committed halfway: it keeps its position if its side wins, loses it otherwise).
    """
    vote = weight * (worth_i - worth_j)
    first = np.where(is_i, vote, 0.0).sum(axis=1)
    second = np.where(is_j, vote, 0.0).sum(axis=1)
    for_i = MIN_CONTEST + np.maximum(first, 0.0)
    for_j = MIN_CONTEST - np.minimum(first, 0.0)
    for_i, for_j = for_i + np.maximum(second, 0.0), for_j - np.minimum(second, 0.0)
    with_i = for_i[:, None] + np.maximum(vote, 0.0)
    with_j = for_j[:, None] - np.minimum(vote, 0.0)
    win_i = with_i / (with_i + with_j)
    win_j = 1.0 - win_i
    join_i = win_i * (worth_i + worth_i + worth_own) + win_j * (worth_j + worth_j + worth_j)
    join_j = win_i * (worth_i + worth_i + worth_i) + win_j * (worth_j + worth_j + worth_own)
    third = np.where(is_i | is_j, 0.0, weight * (join_i - join_j))
    for_i = in_order(for_i, np.maximum(third, 0.0))
    for_j = in_order(for_j, np.maximum(-third, 0.0))
    return for_i / (for_i + for_j)


def expected_gain(chance: Array, salience_j: Array, worth_i: Array, worth_j: Array) -> Array:
    """What the challenge of `i` to `j` adds to the status quo for someone who values their positions so."""
    victory, defeat = worth_i + worth_i, worth_j + worth_j
    fought = chance * victory + (1.0 - chance) * defeat
    return (1 - salience_j) * victory + salience_j * fought - (worth_i + worth_j)


def challenges(seen: View, weight: Array, attention: Array) -> Challenges:
    """Whom each actor would challenge: the target of largest expected gain by its own estimate.

    `weight[draw, actor]` is capability times `attention`, the summed salience.
    """
    count = weight.shape[1]
    # own[draw, voter, i, j]: the estimate of challenger i of what j's position is worth to the voter.
    own = seen.estimate.transpose(0, 2, 1, 3)
    mine = np.einsum("dvii->dvi", own)[..., None]
    kept = np.einsum("dviv->dvi", own)[..., None]
    voter = np.arange(count)
    is_i = (voter[:, None, None] == voter[None, :, None])[None]
    is_j = (voter[:, None, None] == voter[None, None, :])[None]
    chance = contest(mine, own, kept, weight[:, :, None, None], is_i=is_i, is_j=is_j)
    worth = np.einsum("diij->dij", seen.estimate)
    gain = expected_gain(chance, attention[:, None, :], np.einsum("dii->di", worth)[..., None], worth)
    gain[:, voter, voter] = -np.inf
    best = gain.argmax(axis=2)
    found = np.take_along_axis(gain, best[..., None], axis=2)[..., 0] > MIN_GAIN
    return Challenges(chance, gain, np.where(found, best, -1))


def meet(mine: Array, other: Array, salience_i: Array, salience_j: Array, chance: Array) -> tuple[Array, Array]:
    """The bargain on one line between two positions, weighted by squared salience and squared chance to win.

    Rounded to 4 decimals as the reference does, which keeps rounding noise from breaking symmetries.
    """
    weight_i = salience_i * salience_i * (chance * chance)
    weight_j = salience_j * salience_j * ((1 - chance) * (1 - chance))
    total = weight_i + MIN_WEIGHT + weight_j
    for_i = ((weight_i + MIN_WEIGHT) * mine + weight_j * other) / total
    for_j = (weight_i * mine + (MIN_WEIGHT + weight_j) * other) / total
    return np.floor(0.5 + for_i * 10000.0) / 10000.0, np.floor(0.5 + for_j * 10000.0) / 10000.0


def bargain(capability: Array, position: Array, salience: Array, seen: View, chosen: Challenges) -> Bargains:
    """The offers that the challenges lead to, and the vote on the offers open to each actor."""
    draws, count = position.shape[:2]
    active = chosen.target >= 0
    other = np.where(active, chosen.target, np.arange(count))
    theirs = np.take_along_axis(position, other[..., None], axis=1)
    their_salience = np.take_along_axis(salience, other[..., None], axis=1)
    chance = np.take_along_axis(chosen.probability, other[..., None], axis=2)
    for_i, for_j = meet(position, theirs, salience, their_salience, chance)
    own = np.einsum("diij->dij", seen.estimate)
    worth_i = utility(distances(position, for_i, salience), seen.risk[..., None])
    worth_j = utility(distances(position, for_j, salience), seen.risk[..., None])
    # after[draw, kept position, bargain, actor]: positions that the bargain of i with j leaves alone.
    index = np.arange(count)
    moved = (index[:, None] == index[None, :])[None] | (index[None, :, None] == other[:, None, :])
    kept = np.where(moved[..., None], 0.0, own.transpose(0, 2, 1)[:, :, None, :])
    after = in_order((worth_i + worth_j).transpose(0, 2, 1), kept) / count
    status_quo = in_order(0.0, own.transpose(0, 2, 1)) / count
    worth = np.concatenate([status_quo[:, :, None], after.transpose(0, 2, 1)], axis=2)
    victory = victories(capability, worth)
    open_to = np.zeros((draws, count, count + 1), bool)
    open_to[:, :, 0] = True
    open_to[:, :, 1:] = active[:, None, :] & (
        (index[:, None] == index[None, :])[None] | (other[:, None, :] == index[None, :, None])
    )
    odds = np.where(open_to, 1.0, 0.0)
    for rival in range(count + 1):
        odds *= np.where(open_to[:, :, rival, None], victory[:, None, :, rival], 1.0)
    odds /= odds.sum(axis=2, keepdims=True)
    return Bargains(for_i, for_j, worth, odds, odds.argmax(axis=2))


def move(position: Array, offers: Bargains) -> Array:
    """Where the actors stand once each has taken the offer most likely to win among those open to it."""
    count = position.shape[1]
    option = offers.chosen - 1
    initiator = np.where(option >= 0, option, 0)
    by_me = option == np.arange(count)
    as_receiver = np.take_along_axis(offers.receiver, initiator[..., None], axis=1)
    taken = np.where(by_me[..., None], offers.initiator, as_receiver)
    return np.where((option >= 0)[..., None], taken, position)


def win_probability(capability: Array, position: Array, seen: View) -> Array:
    """Chance that each actor's position carries the day; equal positions share one chance, so rows may exceed 1."""
    count = position.shape[1]
    gap = position[:, :, None, :] - position[:, None, :, :]
    same = np.sqrt((gap * gap).sum(axis=3)) < SAME_POSITION
    unique = np.ones(position.shape[:2], bool)
    for actor in range(1, count):
        unique[:, actor] = ~(unique[:, :actor] & same[:, :actor, actor]).any(axis=1)
    victory = victories(capability, np.einsum("diij->dij", seen.estimate))
    odds = np.where(unique, 1.0, 0.0)
    for rival in range(count):
        odds *= np.where(unique[:, rival, None], victory[:, :, rival], 1.0)
    odds /= odds.sum(axis=1, keepdims=True)
    # The reference keeps the last of several unique positions within its tolerance.
    matches = same & unique[:, None, :]
    last = count - 1 - matches[:, :, ::-1].argmax(axis=2)
    return np.take_along_axis(odds, last, axis=1)


def travelled(before: Array, after: Array) -> Array:
    """How far all actors moved in all, `[draw]`, on the unit scale."""
    gap = before - after
    return np.sqrt((gap * gap).sum(axis=2)).sum(axis=1)


def opinion(seen: View, weight: Array, attention: Array, *, holder: int, i: int, j: int) -> tuple[float, Array]:
    """What one actor thinks of the challenge of `i` to `j`: the chance that `i` prevails and the gain to each actor.

    For the first draw; `weight` and `attention` as in `challenges`. The gain is `[actor]`, in utility.
    """
    worth = seen.estimate[:1, holder]
    voter = np.arange(weight.shape[1])[None]
    own = np.einsum("dvv->dv", worth)
    chance = contest(worth[:, :, i], worth[:, :, j], own, weight[:1], is_i=voter == i, is_j=voter == j)
    gain = expected_gain(chance[:, None], attention[:1, j, None], worth[:, :, i], worth[:, :, j])
    return float(chance[0]), gain[0]

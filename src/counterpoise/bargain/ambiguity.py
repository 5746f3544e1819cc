"""Deterrence under an ambiguous commitment: a challenger, a protege and a guarantor whose resolve is its own secret.

The protege chooses a bold or a cautious policy, the challenger presses it or holds, the protege resists or yields, and
the guarantor, who alone knows whether it is resolute, joins or abstains. One number says how ambiguous the commitment
is, from 0 (automatic duty) to 1 (words only). A firm promise costs its giver more to break; it also costs upkeep,
provokes the challenger, and may embolden the protege, which is the moral hazard.

Nobody but the guarantor ever learns the resolve before it acts, so that beliefs stay at their prior and the agent
form of the quantal-response equilibrium (McKelvey and Palfrey 1998, Signorino 1999; keys `mckelvey1998`,
`signorino1999`) solves backwards, for all draws at once. `tree` gives one draw as a game for the general solver.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from counterpoise._errors import Fault, InputError, fault
from counterpoise.bargain.game import CHANCE, InformationSet, Node, Outcome, Tree

Array = NDArray[np.float64]

PLAYERS = ("challenger", "protege", "guarantor")
ENDINGS = ("hold", "yield", "war alone", "war joined")
POLICIES = ("cautious", "bold")
TYPES = ("irresolute", "resolute")


@dataclass(frozen=True, slots=True)
class Range:
    """A judged number with its range; draws are triangular over it."""

    low: float
    mode: float
    high: float


@dataclass(frozen=True, slots=True)
class Stakes:
    """What is at stake, as ranges. Values are shares of what the protege would lose by yielding (its loss is 1).

    `resolve`: chance that the guarantor is resolute. `prize`: the challenger's gain if the protege yields.
    `boldness`: the protege's gain from a bold policy if left alone. `affront`: the challenger's loss from it.
    `cost_challenger`, `cost_protege`: their costs of war. `help`: what the guarantor's joining adds to the
    challenger's. `win_alone`, `win_joined`: the challenger's chance to win, 0 to 1. `stake`: the guarantor's loss if
    the protege loses. `cost_resolute`, `cost_irresolute`: the guarantor's cost of joining, by its resolve.
    `reputation`: its cost of abstaining under an automatic duty; `upkeep`: its cost of such a duty in peace;
    `provocation`: what such a duty costs the challenger in peace. The last three shrink with ambiguity in proportion.
    `ambiguity`: of the commitment as it stands, 0 to 1; `formal`: of the formal guarantee it is compared with.
    """

    resolve: Range
    prize: Range
    boldness: Range
    affront: Range
    cost_challenger: Range
    cost_protege: Range
    help: Range
    win_alone: Range
    win_joined: Range
    stake: Range
    cost_resolute: Range
    cost_irresolute: Range
    reputation: Range
    upkeep: Range
    provocation: Range
    ambiguity: Range
    formal: Range


SHARES = ("resolve", "win_alone", "win_joined", "ambiguity", "formal")

# A small state between large ones, in numbers that are judgement and nothing else: wide ranges around even odds.
SMALL_STATE = Stakes(
    resolve=Range(0.1, 0.4, 0.8),
    prize=Range(0.4, 0.8, 1.2),
    boldness=Range(0.05, 0.2, 0.5),
    affront=Range(0.05, 0.2, 0.5),
    cost_challenger=Range(0.1, 0.3, 0.7),
    cost_protege=Range(0.2, 0.5, 1.0),
    help=Range(0.2, 0.6, 1.5),
    win_alone=Range(0.5, 0.75, 0.95),
    win_joined=Range(0.1, 0.3, 0.6),
    stake=Range(0.1, 0.3, 0.7),
    cost_resolute=Range(0.05, 0.2, 0.5),
    cost_irresolute=Range(0.4, 0.8, 1.6),
    reputation=Range(0.2, 0.6, 1.2),
    upkeep=Range(0.01, 0.05, 0.2),
    provocation=Range(0.0, 0.15, 0.5),
    ambiguity=Range(0.65, 0.8, 0.95),
    formal=Range(0.0, 0.1, 0.35),
)


@dataclass(frozen=True, slots=True)
class Play:
    """How one commitment is played, all arrays `[draw]`: chances of what happens and what each player expects.

    `bold` a bold policy; `pressed` a challenge; `yielded`, `alone`, `joined` the ways a challenge ends; `abandoned`
    that the guarantor abstains, given that the protege resists. `payoffs[draw, player]` are on a range of 1.
    """

    bold: Array
    pressed: Array
    yielded: Array
    alone: Array
    joined: Array
    abandoned: Array
    payoffs: Array

    @property
    def war(self) -> Array:
        return self.alone + self.joined


def check_stakes(stakes: Stakes) -> None:
    """Refuse ranges out of order, shares outside 0 to 1 and negative costs, all at once (`E514`)."""
    faults: list[Fault] = []
    for entry in fields(stakes):
        found: Range = getattr(stakes, entry.name)
        text = f"{found.low} to {found.high} around {found.mode}"
        if not (np.isfinite([found.low, found.mode, found.high]).all() and found.low <= found.mode <= found.high):
            faults.append(_stake_fault(entry.name, text, "low, mode and high are finite and in order"))
        elif found.low < 0 or (entry.name in SHARES and found.high > 1):
            rule = "a share lies in 0 to 1" if entry.name in SHARES else "a stake is 0 or more"
            faults.append(_stake_fault(entry.name, text, rule))
    if faults:
        raise InputError(faults)


def draw_stakes(stakes: Stakes, *, seed: int, draws: int) -> dict[str, Array]:
    """Each stake as `[draw]`; member `k` depends on the seed and `k` alone."""
    check_stakes(stakes)
    if not 1 <= draws <= 1_000_000 or seed < 0:
        rule = "draws are 1 to 1,000,000 and the seed is 0 or more"
        found = f"{draws} draws, seed {seed}"
        raise InputError([fault("E204", where="draws", found=found, rule=rule, fix="mend the argument")])
    names = [entry.name for entry in fields(stakes)]
    uniform = np.random.default_rng(seed).random((draws, len(names)))
    values = {}
    for column, name in enumerate(names):
        values[name] = _triangular(uniform[:, column], getattr(stakes, name))
    return values


def at_mode(stakes: Stakes) -> dict[str, Array]:
    """Each stake at its most likely value, as one draw."""
    check_stakes(stakes)
    return {entry.name: np.array([getattr(stakes, entry.name).mode], float) for entry in fields(stakes)}


def payoffs(values: Mapping[str, Array], ambiguity: Array) -> Array:
    """What every ending is worth: `[draw, type, policy, ending, player]`, in units of the protege's loss.

    Types, policies and endings in the order of `TYPES`, `POLICIES` and `ENDINGS`.
    """
    firm = 1.0 - ambiguity
    value = np.zeros((len(ambiguity), 2, 2, 4, 3))
    zero, one = np.zeros_like(firm), np.ones_like(firm)
    lost = {"hold": zero, "yield": one, "war alone": values["win_alone"], "war joined": values["win_joined"]}
    for policy in range(2):
        for ending, name in enumerate(ENDINGS):
            fought, joined = name.startswith("war"), name == "war joined"
            peace = name == "hold"
            challenger = values["prize"] * lost[name] - fought * values["cost_challenger"] - joined * values["help"]
            # What a pact and a bold policy cost the challenger is gone once the protege has lost.
            challenger = challenger - (1 - lost[name]) * (values["provocation"] * firm + policy * values["affront"])
            protege = -lost[name] - fought * values["cost_protege"]
            protege = protege + policy * (1 - lost[name]) * values["boldness"]
            guarantor = -values["stake"] * lost[name] - peace * values["upkeep"] * firm
            guarantor = guarantor - (name == "war alone") * values["reputation"] * firm
            for kind, cost in enumerate(("cost_irresolute", "cost_resolute")):
                value[:, kind, policy, ending, 0] = challenger
                value[:, kind, policy, ending, 1] = protege
                value[:, kind, policy, ending, 2] = guarantor - joined * values[cost]
    return value


def scales(values: Mapping[str, Array], regimes: Mapping[str, Array]) -> Array:
    """Each player's range of payoffs over all regimes, `[draw, player]`: lambda then means the same throughout."""
    every = np.stack([payoffs(values, ambiguity) for ambiguity in regimes.values()])
    spread = every.max(axis=(0, 2, 3, 4)) - every.min(axis=(0, 2, 3, 4))
    return np.where(spread > 0, spread, 1.0)


def play(values: Mapping[str, Array], ambiguity: Array, scale: Array, rate: float) -> Play:
    """The agent quantal-response equilibrium of one commitment at lambda = `rate`, for every draw.

    `ambiguity[draw]`; payoffs are divided by `scale[draw, player]` first.
    """
    return respond(payoffs(values, ambiguity) / scale[:, None, None, None, :], values["resolve"], rate)


def respond(worth: Array, resolve: Array, rate: float) -> Play:
    """The same from what every ending is worth on a range of 1, `[draw, type, policy, ending, player]`."""
    hold, give, alone, joined = (worth[:, :, :, ending] for ending in range(4))
    kind = np.stack([1.0 - resolve, resolve], axis=1)
    # From the end: the guarantor by type and policy, then protege and challenger, who average over its resolve.
    join = choice(joined[..., 2] - alone[..., 2], rate)
    war = join[..., None] * joined + (1.0 - join[..., None]) * alone
    fought = (kind[:, :, None, None] * war).sum(axis=1)
    conceded, quiet = give[:, 0], hold[:, 0]
    resist = choice(fought[..., 1] - conceded[..., 1], rate)
    pressed_worth = resist[..., None] * fought + (1.0 - resist[..., None]) * conceded
    press = choice(pressed_worth[..., 0] - quiet[..., 0], rate)
    policy_worth = press[..., None] * pressed_worth + (1.0 - press[..., None]) * quiet
    bold = choice(policy_worth[:, 1, 1] - policy_worth[:, 0, 1], rate)
    odds = np.stack([1.0 - bold, bold], axis=1)
    joins = (kind[:, :, None] * join).sum(axis=1)
    pressed, resisted = odds * press, odds * press * resist
    wars = resisted.sum(axis=1)
    left = (resisted * (1.0 - joins)).sum(axis=1)
    return Play(
        bold=bold,
        pressed=pressed.sum(axis=1),
        yielded=(pressed * (1.0 - resist)).sum(axis=1),
        alone=left,
        joined=(resisted * joins).sum(axis=1),
        abandoned=np.divide(left, wars, out=np.zeros_like(left), where=wars > 0),
        payoffs=(odds[..., None] * policy_worth).sum(axis=1),
    )


def choice(edge: Array, rate: float) -> Array:
    """The chance to take an option that is better by `edge`, by a chooser of precision `rate`."""
    return 0.5 * (1.0 + np.tanh(0.5 * rate * edge))


def tree(values: Mapping[str, Array], ambiguity: Array, scale: Array, *, draw: int = 0) -> Tree:
    """One draw as a game for the general solver, payoffs on a range of 1 to twelve decimals."""
    worth = payoffs(values, ambiguity)[draw] / scale[draw]
    resolve = Fraction(round(float(values["resolve"][draw]) * 10**12), 10**12)
    sets: list[InformationSet] = [InformationSet(1, "policy", POLICIES)]
    nodes = [Node(-1, 0, CHANCE, (1 - resolve, resolve), -1)]
    outcomes: list[Outcome] = []

    def end(parent: int, action: int, cell: tuple[int, int, int]) -> None:
        value = tuple(Fraction(round(float(number) * 10**12), 10**12) for number in worth[cell])
        outcomes.append(Outcome(f"{POLICIES[cell[1]]}, {ENDINGS[cell[2]]}", value))
        nodes.append(Node(parent, action, -2, (), len(outcomes) - 1))

    def ask(parent: int, action: int, wanted: InformationSet) -> int:
        if wanted not in sets:
            sets.append(wanted)
        nodes.append(Node(parent, action, sets.index(wanted), (), -1))
        return len(nodes) - 1

    for kind, type_name in enumerate(TYPES):
        policy_node = ask(0, kind, sets[0])
        for policy, policy_name in enumerate(POLICIES):
            challenge = ask(policy_node, policy, InformationSet(0, f"challenge if {policy_name}", ("hold", "press")))
            end(challenge, 0, (kind, policy, 0))
            answer = ask(challenge, 1, InformationSet(1, f"answer if {policy_name}", ("yield", "resist")))
            end(answer, 0, (kind, policy, 1))
            label = f"{type_name} guarantor if {policy_name}"
            guard = ask(answer, 1, InformationSet(2, label, ("abstain", "join")))
            end(guard, 0, (kind, policy, 2))
            end(guard, 1, (kind, policy, 3))
    return Tree("Commitment", PLAYERS, tuple(sets), tuple(outcomes), tuple(nodes))


def _triangular(uniform: Array, found: Range) -> Array:
    width = found.high - found.low
    if width <= 0:
        return np.full_like(uniform, found.mode)
    rise = found.low + np.sqrt(uniform * width * (found.mode - found.low))
    fall = found.high - np.sqrt((1 - uniform) * width * (found.high - found.mode))
    return np.where(uniform < (found.mode - found.low) / width, rise, fall)


def _stake_fault(name: str, found: str, rule: str) -> Fault:
    return fault("E514", where=f"stakes: {name}", found=found, rule=rule, fix="mend the range")

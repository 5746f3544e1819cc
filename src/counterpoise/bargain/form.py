"""A game as its solver sees it: who chooses among what, and what each way of ending pays.

Strategic form: each player picks a reduced strategy. Agent form: each information set is an agent that picks an
action for its owner, valuing it on condition that the set is reached. The two are never mixed.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from counterpoise._errors import InputError, fault
from counterpoise.bargain.game import (
    MAX_LEAVES,
    Leaf,
    Outcome,
    Table,
    Tree,
    absent_minded,
    find_leaves,
    reduced_strategies,
    strategy_label,
)

Array = NDArray[np.float64]
Kind = Literal["strategic", "agent"]

# What one evaluation of the equations may cost; a branch takes some hundreds.
MAX_WORK = 200_000_000


@dataclass(frozen=True, slots=True)
class Form:
    """Choosers, their options and the endings of a game.

    `labels[chooser]` names the options; `owner[chooser]` is the player whose payoff counts. `fits[chooser]` is
    `[leaf, option]`: 1 where the option lets the leaf come about (all 1 where the chooser is not asked).
    `payoffs[leaf, player]` and `chance[leaf]` are as written; `asked[chooser]` marks the leaves below the chooser's
    set in the agent form (None in the strategic form).
    """

    kind: Kind
    players: tuple[str, ...]
    owner: tuple[int, ...]
    names: tuple[str, ...]
    labels: tuple[tuple[str, ...], ...]
    fits: tuple[Array, ...]
    payoffs: Array
    chance: Array
    asked: tuple[NDArray[np.bool_], ...] | None
    outcomes: tuple[Outcome, ...]
    met: tuple[tuple[int, ...], ...]
    exact: tuple[tuple[Fraction, tuple[Fraction, ...]], ...]


def strategic_form(game: Tree | Table) -> Form:
    """Players and their reduced strategies. Raises `InputError` (`E512`) where there are too many."""
    return _from_table(game) if isinstance(game, Table) else _from_tree(game)


def agent_form(game: Tree | Table) -> Form:
    """Information sets and their actions. Raises `InputError` (`E204` for a table, `E511` for a forgetful player)."""
    if isinstance(game, Table):
        rule = "the agent form needs a tree; a table shows no moves"
        fix = "ask for the strategic form, or give the game as .efg or .toml"
        raise InputError([fault("E204", where="--form", found="agent form of a table", rule=rule, fix=fix)])
    if forgotten := absent_minded(game):
        rule = "in the agent form no path meets one information set twice"
        where, fix = game.title or "game", "split the set, or ask for the strategic form"
        raise InputError([fault("E511", where=where, found=f"{name} twice", rule=rule, fix=fix) for name in forgotten])
    if not game.sets:
        rule, fix = "in a game somebody moves", "add a move, or read the payoffs off the file"
        raise InputError([fault("E511", where=game.title or "game", found="no move", rule=rule, fix=fix)])
    leaves = find_leaves(game)
    _limit(len(leaves), [len(found.actions) for found in game.sets])
    fits, asked = [], []
    taken = _steps(leaves)
    for number, found in enumerate(game.sets):
        fit = np.ones((len(leaves), len(found.actions)))
        here = np.zeros(len(leaves), bool)
        for action in range(len(found.actions)):
            at = taken.get((number, action), [])
            fit[at] = np.arange(len(found.actions)) == action
            here[at] = True
        fits.append(fit)
        asked.append(here)
    return _form(
        game,
        leaves,
        kind="agent",
        owner=tuple(found.player for found in game.sets),
        names=tuple(found.label or str(number) for number, found in enumerate(game.sets, start=1)),
        labels=tuple(found.actions for found in game.sets),
        fits=fits,
        asked=asked,
    )


def implied_strategies(game: Tree, form: Form, behaviour: list[Array]) -> list[list[tuple[str, float]]]:
    """The mixed strategies that agents' behaviour amounts to, for each player, in the order of the strategic form."""
    leaves = find_leaves(game)
    mixed = []
    for player in range(len(form.players)):
        plans = reduced_strategies(game, leaves, player)
        chances = [float(np.prod([behaviour[at][action] for at, action in plan.items()])) for plan in plans]
        labels = [strategy_label(game, player, plan) for plan in plans]
        mixed.append(list(zip(labels, chances, strict=True)))
    return mixed


def outcome_chances(form: Form, mixture: list[Array]) -> list[tuple[str, float]]:
    """How likely each outcome is when the choosers mix so, in the order of the file; endings without one last."""
    reach = form.chance.copy()
    for fit, odds in zip(form.fits, mixture, strict=True):
        reach = reach * (fit @ odds)
    chances = np.zeros(len(form.outcomes) + 1)
    for leaf, met in enumerate(form.met):
        for outcome in met or (len(form.outcomes),):
            chances[outcome] += reach[leaf]
    rows = [(outcome.label, chance) for outcome, chance in zip(form.outcomes, chances[:-1].tolist(), strict=True)]
    bare = any(not met for met in form.met)
    return [*rows, ("(no outcome)", float(chances[-1]))] if bare else rows


def _from_tree(tree: Tree) -> Form:
    leaves = find_leaves(tree)
    plans = [reduced_strategies(tree, leaves, player) for player in range(len(tree.players))]
    _limit(len(leaves), [len(found) for found in plans])
    fits = []
    taken = _steps(leaves)
    for player, found in enumerate(plans):
        fit = np.ones((len(leaves), len(found)))
        for (number, action), at in taken.items():
            if tree.sets[number].player == player:
                fit[at] *= [plan.get(number) == action for plan in found]
        fits.append(fit)
    return _form(
        tree,
        leaves,
        kind="strategic",
        owner=tuple(range(len(tree.players))),
        names=tree.players,
        labels=tuple(tuple(strategy_label(tree, player, plan) for plan in found) for player, found in enumerate(plans)),
        fits=fits,
        asked=None,
    )


def _form(
    tree: Tree,
    leaves: list[Leaf],
    *,
    kind: Kind,
    owner: tuple[int, ...],
    names: tuple[str, ...],
    labels: tuple[tuple[str, ...], ...],
    fits: list[Array],
    asked: list[NDArray[np.bool_]] | None,
) -> Form:
    return Form(
        kind=kind,
        players=tree.players,
        owner=owner,
        names=names,
        labels=labels,
        fits=tuple(fits),
        payoffs=np.array([[float(value) for value in leaf.payoffs] for leaf in leaves]),
        chance=np.array([float(leaf.chance) for leaf in leaves]),
        asked=None if asked is None else tuple(asked),
        outcomes=tree.outcomes,
        met=tuple(leaf.outcomes for leaf in leaves),
        exact=tuple((leaf.chance, leaf.payoffs) for leaf in leaves),
    )


def _from_table(table: Table) -> Form:
    sizes = [len(names) for names in table.strategies]
    count = int(np.prod(sizes))
    _limit(count, sizes)
    fits = []
    stride = 1
    for size in sizes:
        fits.append(np.eye(size)[(np.arange(count) // stride) % size])
        stride *= size
    zero = (Fraction(0),) * len(table.players)
    payoffs = [table.outcomes[cell].payoffs if cell >= 0 else zero for cell in table.cells]
    return Form(
        kind="strategic",
        players=table.players,
        owner=tuple(range(len(table.players))),
        names=table.players,
        labels=table.strategies,
        fits=tuple(fits),
        payoffs=np.array([[float(value) for value in row] for row in payoffs]),
        chance=np.ones(count),
        asked=None,
        outcomes=table.outcomes,
        met=tuple((cell,) if cell >= 0 else () for cell in table.cells),
        exact=tuple((Fraction(1), row) for row in payoffs),
    )


def _steps(leaves: list[Leaf]) -> dict[tuple[int, int], list[int]]:
    """For each action of each set the leaves that lie beyond it."""
    found: dict[tuple[int, int], list[int]] = {}
    for at, leaf in enumerate(leaves):
        for step in leaf.steps:
            found.setdefault(step, []).append(at)
    return found


def _limit(leaves: int, sizes: list[int]) -> None:
    options = sum(sizes)
    if leaves > MAX_LEAVES or leaves * options**2 > MAX_WORK:
        rule = f"endings times the square of all options are at most {MAX_WORK:,}"
        found = f"{leaves:,} endings, {options:,} options"
        raise InputError([fault("E512", where="game", found=found, rule=rule, fix="use the agent form, or split it")])

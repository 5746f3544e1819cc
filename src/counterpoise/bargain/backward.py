"""Games in which everybody sees every move before: the agent form solved from the end, for all draws at once."""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from counterpoise.bargain.game import CHANCE, Table, Tree

Array = NDArray[np.float64]


def sees_every_move(game: Tree | Table) -> bool:
    """Whether each information set of the game is a single node, so that it can be solved from the end.

    A chance branch that cannot happen is left to the general solver, which drops what lies beyond it.
    """
    if isinstance(game, Table):
        return False
    nodes = Counter(node.information for node in game.nodes if node.information >= 0)
    certain = all(chance > 0 for node in game.nodes for chance in node.chances)
    return certain and all(nodes[number] == 1 for number in range(len(game.sets)))


def solve_backwards(tree: Tree, payoffs: Array, rate: float) -> list[Array]:
    """How each information set chooses at lambda = `rate`: one array `[draw, action]` per set, in the tree's order.

    `payoffs[draw, outcome, player]`. Later moves are expected to be made with the same errors as one's own (agent
    form of the quantal-response equilibrium, key `mckelvey1998`); with every move seen it is unique.
    """
    draws, _, players = payoffs.shape
    branches: list[list[int]] = [[] for _ in tree.nodes]
    for number, node in enumerate(tree.nodes):
        if node.parent >= 0:
            branches[node.parent].append(number)
    worth = np.zeros((len(tree.nodes), draws, players))
    chosen: list[Array] = [np.empty((draws, 0))] * len(tree.sets)
    # Parents stand before their children, so that backwards every branch is known before the node it leaves.
    for number in reversed(range(len(tree.nodes))):
        node = tree.nodes[number]
        if node.outcome >= 0:
            worth[number] = payoffs[:, node.outcome]
        if not branches[number]:
            continue
        ahead = np.stack([worth[child] for child in sorted(branches[number], key=lambda at: tree.nodes[at].action)])
        if node.information == CHANCE:
            odds = np.tile([float(chance) for chance in node.chances], (draws, 1))
        else:
            player = tree.sets[node.information].player
            odds = _softmax(rate * ahead[:, :, player].T)
            chosen[node.information] = odds
        worth[number] += np.einsum("da,adp->dp", odds, ahead)
    return chosen


def _softmax(worth: Array) -> Array:
    """Chances in proportion to the exponentials along the last axis, shifted so that none overflows."""
    powers = np.exp(worth - worth.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))

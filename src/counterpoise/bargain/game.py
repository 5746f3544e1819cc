"""A game in extensive or strategic form: who moves when, knowing what, and what each ending is worth to each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from counterpoise._errors import Fault, InputError, fault

MAX_NODES = 100_000
MAX_DEPTH = 200
MAX_LEAVES = 50_000
MAX_STRATEGIES = 2_000
MAX_PLAYERS = 20
CHANCE = -1


@dataclass(frozen=True, slots=True)
class Outcome:
    """An ending (or a toll on the way) and what it is worth to each player, as exact numbers.

    `low` and `high` are the ends of judged ranges around the payoffs; without ranges they are None.
    """

    label: str
    payoffs: tuple[Fraction, ...]
    low: tuple[Fraction, ...] | None = None
    high: tuple[Fraction, ...] | None = None


@dataclass(frozen=True, slots=True)
class InformationSet:
    """Moves of one player who cannot tell them apart: the same actions at each of its nodes."""

    player: int
    label: str
    actions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Node:
    """One node in the order of the tree: the set it belongs to, or chance probabilities, or neither at an end.

    `parent` is the index of the node before it (-1 at the root), `action` the branch taken there; `outcome` an index
    into the game's outcomes or -1.
    """

    parent: int
    action: int
    information: int
    chances: tuple[Fraction, ...]
    outcome: int


@dataclass(frozen=True, slots=True)
class Tree:
    """A game in extensive form; parents stand before their children, information sets in order of appearance."""

    title: str
    players: tuple[str, ...]
    sets: tuple[InformationSet, ...]
    outcomes: tuple[Outcome, ...]
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A game in strategic form: `strategies[player]` are labels, `cells` the outcome of each profile.

    Profiles run with the first player's strategy varying fastest. `named` says whether outcomes carry names of
    their own (else they are the profiles).
    """

    title: str
    players: tuple[str, ...]
    strategies: tuple[tuple[str, ...], ...]
    outcomes: tuple[Outcome, ...]
    cells: tuple[int, ...]
    named: bool


@dataclass(frozen=True, slots=True)
class Leaf:
    """A way for the game to end: its chance, the payoffs gathered on the way, and what each player has to play.

    `steps` are the (information set, action) pairs on the path, `outcomes` the outcomes met on it.
    """

    chance: Fraction
    payoffs: tuple[Fraction, ...]
    steps: tuple[tuple[int, int], ...]
    outcomes: tuple[int, ...]


def find_leaves(tree: Tree) -> list[Leaf]:
    """Every path through the tree that chance does not rule out."""
    zero = (Fraction(0),) * len(tree.players)
    paths: list[Leaf] = []
    inner = {node.parent for node in tree.nodes}
    ends = []
    for number, node in enumerate(tree.nodes):
        above = paths[node.parent] if node.parent >= 0 else Leaf(Fraction(1), zero, (), ())
        chance, steps = above.chance, above.steps
        if node.parent >= 0:
            before = tree.nodes[node.parent]
            if before.information == CHANCE:
                chance *= before.chances[node.action]
            else:
                steps = (*steps, (before.information, node.action))
        payoffs, met = above.payoffs, above.outcomes
        if node.outcome >= 0:
            gains = tree.outcomes[node.outcome].payoffs
            payoffs = tuple(a + b for a, b in zip(payoffs, gains, strict=True))
            met = (*met, node.outcome)
        path = Leaf(chance, payoffs, steps, met)
        paths.append(path)
        if number not in inner and chance > 0:
            ends.append(path)
    return ends


def reduced_strategies(tree: Tree, leaves: Sequence[Leaf], player: int) -> list[dict[int, int]]:
    """The player's plans, each an action for every information set of its own that the plan itself can reach.

    In the order of the player's sets by first appearance, the last varying fastest; plans that differ only where they
    cannot be told apart are one. Raises `InputError` (`E512`) past the limit.
    """
    own = [number for number, found in enumerate(tree.sets) if found.player == player]
    before = _own_paths(tree, player)
    plans: list[dict[int, int]] = [{}]
    for number in own:
        grown: list[dict[int, int]] = []
        for plan in plans:
            # A step decided later cannot rule the set out yet; with perfect recall there is none.
            if any(all(plan.get(at, act) == act for at, act in path) for path in before[number]):
                grown += [{**plan, number: action} for action in range(len(tree.sets[number].actions))]
            else:
                grown.append(plan)
        plans = grown
        if len(plans) > MAX_STRATEGIES:
            rule = f"a player has at most {MAX_STRATEGIES:,} reduced strategies"
            found = f"{tree.players[player]} has more"
            fix = "use the agent form, or leave out moves"
            raise InputError([fault("E512", where=tree.title or "game", found=found, rule=rule, fix=fix)])
    unique: dict[tuple[tuple[int, int], ...], dict[int, int]] = {}
    for plan in plans:
        kept = {
            number: action
            for number, action in plan.items()
            if any(all(plan.get(at) == act for at, act in path) for path in before[number])
        }
        unique.setdefault(tuple(sorted(kept.items())), kept)
    return list(unique.values())


def strategy_label(tree: Tree, player: int, plan: dict[int, int]) -> str:
    """One figure per information set of the player, `*` where the plan cannot get there: `11*`; `*` for no set."""
    own = [number for number, found in enumerate(tree.sets) if found.player == player]
    return "".join(str(plan[number] + 1) if number in plan else "*" for number in own) or "*"


def _own_paths(tree: Tree, player: int) -> dict[int, list[tuple[tuple[int, int], ...]]]:
    """For each set of the player, the own steps that lead to each of its nodes."""
    paths: list[tuple[tuple[int, int], ...]] = []
    found: dict[int, list[tuple[tuple[int, int], ...]]] = {}
    for node in tree.nodes:
        path: tuple[tuple[int, int], ...] = ()
        if node.parent >= 0:
            path = paths[node.parent]
            at = tree.nodes[node.parent].information
            if at != CHANCE and tree.sets[at].player == player:
                path = (*path, (at, node.action))
        paths.append(path)
        if node.information >= 0 and tree.sets[node.information].player == player:
            found.setdefault(node.information, []).append(path)
    return {number: list(dict.fromkeys(ways)) for number, ways in found.items()}


def check_tree(tree: Tree, where: str) -> None:
    """Refuse a tree that is no game: chances that do not sum to 1 (`E511`), or one too large to solve (`E512`)."""
    faults: list[Fault] = []
    inner = {node.parent for node in tree.nodes}
    for number, node in enumerate(tree.nodes):
        if number in inner and node.information == CHANCE and sum(node.chances) != 1:
            rule = "chances are at least 0 and sum to exactly 1"
            found = f"node {number + 1}: chances sum to {sum(node.chances)}"
            faults.append(fault("E511", where=where, found=found, rule=rule, fix="write them as fractions, like 1/3"))
    depth: list[int] = []
    for node in tree.nodes:
        depth.append(depth[node.parent] + 1 if node.parent >= 0 else 0)
    if max(depth) > MAX_DEPTH:
        found, rule = f"a path of {max(depth):,} moves", f"a path has at most {MAX_DEPTH} moves"
        faults.append(fault("E512", where=where, found=found, rule=rule, fix="shorten the game"))
    leaves = len(tree.nodes) - len(inner - {-1})
    if leaves > MAX_LEAVES:
        found, rule = f"{leaves:,} endings", f"a game has at most {MAX_LEAVES:,} endings"
        faults.append(fault("E512", where=where, found=found, rule=rule, fix="split the game"))
    if faults:
        raise InputError(faults)


def absent_minded(tree: Tree) -> list[str]:
    """Labels of information sets that one path meets twice: the player would forget having moved."""
    seen: list[frozenset[int]] = []
    twice: dict[int, str] = {}
    for node in tree.nodes:
        above: frozenset[int] = frozenset()
        if node.parent >= 0:
            at = tree.nodes[node.parent].information
            above = seen[node.parent] | ({at} if at != CHANCE else frozenset())
        seen.append(above)
        if node.information >= 0 and node.information in above:
            found = tree.sets[node.information]
            twice[node.information] = f"{tree.players[found.player]} {found.label or node.information + 1}"
    return list(twice.values())

"""Reading Gambit's `.efg` files: games as trees.

Format as documented by the Gambit project (key `gambit`); the reader is our own. Trees are read without recursion, so
that depth costs nothing; numbers are exact and bounded; every fault that can be told apart is listed at once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from counterpoise.bargain._tokens import Reader, Stop, Token, open_file, read_head
from counterpoise.bargain.game import CHANCE, MAX_NODES, InformationSet, Node, Outcome, Tree, check_tree


def read_efg(path: Path) -> Tree:
    """The tree of a Gambit `.efg` file. Raises `InputError` (`E510` syntax, `E511` no game, `E512` too large)."""
    reader = open_file(path)
    try:
        title, players = read_head(reader, "EFG", "2")
        if reader.peek().kind == "text":
            reader.next()
        tree = _nodes(reader, title, players)
    except Stop:
        reader.finish()
        raise
    reader.finish()
    check_tree(tree, str(path))
    return tree


@dataclass(slots=True)
class _Growing:
    """A tree while it is read: sets and outcomes by their numbers in the file."""

    sets: list[InformationSet] = field(default_factory=list)
    set_of: dict[tuple[int, int], int] = field(default_factory=dict)
    chances: dict[int, tuple[Fraction, ...]] = field(default_factory=dict)
    outcomes: list[Outcome] = field(default_factory=list)
    outcome_of: dict[int, int] = field(default_factory=dict)
    nodes: list[Node] = field(default_factory=list)
    # Nodes that still lack branches: [node, branches wanted, branches seen].
    open: list[list[int]] = field(default_factory=list)


def _nodes(reader: Reader, title: str, players: tuple[str, ...]) -> Tree:
    grown = _Growing()
    while reader.peek().kind != "end":
        token = reader.next()
        if grown.nodes and not grown.open:
            reader.refuse(token, "the file ends with the last branch of the tree", "remove what follows")
            raise Stop
        if token.kind != "word" or token.value not in ("c", "p", "t"):
            reader.refuse(token, "a node opens with c, p or t", "compare the line with Gambit's format")
            raise Stop
        if len(grown.nodes) >= MAX_NODES:
            reader.note(token.line, "more nodes", f"a tree has at most {MAX_NODES:,} nodes", "split the game", "E512")
            raise Stop
        _node(reader, grown, token, players)
    if grown.open or not grown.nodes:
        missing = sum(want - seen for _, want, seen in grown.open) or 1
        reader.note(reader.peek().line, f"{missing} branches missing", "each action leads to a node", "add the nodes")
        raise Stop
    return Tree(title, players, tuple(grown.sets), tuple(grown.outcomes), tuple(grown.nodes))


def _node(reader: Reader, grown: _Growing, token: Token, players: tuple[str, ...]) -> None:
    parent, action = -1, 0
    if grown.open:
        parent, action = grown.open[-1][0], grown.open[-1][2]
        grown.open[-1][2] += 1
        if grown.open[-1][2] == grown.open[-1][1]:
            grown.open.pop()
    reader.take("text", None, "a node has a label in quotation marks")
    information, branches = -2, 0
    chances: tuple[Fraction, ...] = ()
    if token.value == "c":
        information, chances = CHANCE, _chances(reader, grown)
        branches = len(chances)
    elif token.value == "p":
        information = _information(reader, grown, players)
        branches = len(grown.sets[information].actions)
    outcome = _outcome(reader, grown, len(players))
    grown.nodes.append(Node(parent, action, information, chances, outcome))
    if token.value != "t":
        grown.open.append([len(grown.nodes) - 1, branches, 0])


def _chances(reader: Reader, grown: _Growing) -> tuple[Fraction, ...]:
    rule = "a chance node names its actions with their chances"
    line = reader.peek().line
    number = reader.count("an information set has a number")
    if reader.peek().kind == "text":
        reader.next()
    if reader.peek().value != "{":
        if number not in grown.chances:
            reader.note(line, f"chance set {number} without actions", rule, "add the actions")
            raise Stop
        return grown.chances[number]
    reader.take("brace", "{", rule)
    found = []
    while reader.peek().kind == "text":
        reader.next()
        found.append(reader.number("a chance is a number"))
    reader.take("brace", "}", rule)
    if not found or min(found) < 0:
        reader.note(line, "no actions, or a chance below 0", rule, "mend the chances", "E511")
        raise Stop
    grown.chances[number] = tuple(found)
    return tuple(found)


def _information(reader: Reader, grown: _Growing, players: tuple[str, ...]) -> int:
    line = reader.peek().line
    player, number = reader.count("a player has a number"), reader.count("an information set has a number")
    if not 1 <= player <= len(players):
        reader.note(line, f"player {player}", f"players are 1 to {len(players)}", "mend the number", "E511")
        raise Stop
    label = reader.next().value if reader.peek().kind == "text" else ""
    known = grown.set_of.get((player, number))
    actions: tuple[str, ...] = ()
    if reader.peek().value == "{":
        actions = tuple(reader.texts("actions stand in braces"))
    if known is not None:
        if actions and len(actions) != len(grown.sets[known].actions):
            rule = "the nodes of an information set have the same actions"
            reader.note(line, f"{len(actions)} actions for set {number}", rule, "mend the actions", "E511")
            raise Stop
        return known
    if not actions:
        rule = "an information set names its actions where it first appears"
        reader.note(line, f"set {number} of player {player} without actions", rule, "add the actions")
        raise Stop
    grown.set_of[player, number] = len(grown.sets)
    grown.sets.append(InformationSet(player - 1, label, actions))
    return len(grown.sets) - 1


def _outcome(reader: Reader, grown: _Growing, players: int) -> int:
    line = reader.peek().line
    number = reader.count("an outcome has a number, 0 for none")
    label = reader.next().value if reader.peek().kind == "text" else ""
    if number == 0:
        return -1
    if reader.peek().value == "{":
        payoffs = reader.payoffs(players)
        if number in grown.outcome_of:
            if grown.outcomes[grown.outcome_of[number]].payoffs != payoffs:
                rule = "an outcome has the same payoffs wherever it stands"
                reader.note(line, f"outcome {number} with other payoffs", rule, "give it another number", "E511")
        else:
            grown.outcome_of[number] = len(grown.outcomes)
            grown.outcomes.append(Outcome(label or str(number), payoffs))
    if number not in grown.outcome_of:
        rule = "an outcome gives its payoffs where it first appears"
        reader.note(line, f"outcome {number} without payoffs", rule, "add the payoffs")
        raise Stop
    return grown.outcome_of[number]

"""Games in a TOML file that people can read and write: named nodes, named moves, named outcomes.

    title = "Entry"
    players = ["entrant", "incumbent"]
    start = "entry"

    [node.entry]
    player = "entrant"
    moves = { enter = "answer", "stay out" = "peace" }

    [node.answer]
    player = "incumbent"
    moves = { fight = "war", share = "shared market" }

    [outcome.peace]
    payoffs = { entrant = 0, incumbent = 2 }
    ...

A move leads to a node or to an outcome. A chance node has `chance = { high = "1/3", low = "2/3" }` in place of
`player`. Nodes with the same `information` cannot be told apart by their player. Numbers may be integers, decimals or
fractions in quotation marks; they are taken exactly as written. A payoff may be a judged range, `[low, mode, high]`:
the game itself then has the modes, and draws are taken from the ranges.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

from counterpoise._errors import Fault, InputError, fault
from counterpoise.bargain._tokens import NUMBER
from counterpoise.bargain.game import (
    CHANCE,
    MAX_NODES,
    MAX_PLAYERS,
    InformationSet,
    Node,
    Outcome,
    Tree,
    check_tree,
)
from counterpoise.region._files import read_toml, suggest

TOP = ("title", "players", "start", "node", "outcome")
NODE = ("player", "chance", "information", "moves")


def read_toml_game(path: Path) -> Tree:
    """The tree of a TOML game. Raises `InputError` with every fault (`E510` form, `E511` no game, `E512` size)."""
    found = _Reader(path, read_toml(path))
    tree = found.tree()
    if found.faults or tree is None:
        raise InputError(found.faults)
    check_tree(tree, str(path))
    return tree


class _Reader:
    """Checks a document piece by piece, so that all its faults are told at once."""

    def __init__(self, path: Path, document: dict[str, Any]) -> None:
        self.path = path
        self.faults: list[Fault] = []
        self.document = document
        self._keys("the file", document, TOP)
        self.players = self._players()
        self.nodes = self._tables("node")
        self.raw_outcomes = self._tables("outcome")

    def refuse(self, where: str, found: str, rule: str, fix: str, code: str = "E510") -> None:
        self.faults.append(fault(code, where=f"{self.path}: {where}", found=found, rule=rule, fix=fix))

    def tree(self) -> Tree | None:
        """The tree, walked from the start node without recursion, or None where nothing can be built."""
        outcomes = [self._outcome(name, entry) for name, entry in self.raw_outcomes.items()]
        numbers = {name: number for number, name in enumerate(self.raw_outcomes)}
        for name in sorted(set(numbers) & set(self.nodes)):
            self.refuse(f"[node.{name}]", f"{name!r} is an outcome too", "names are used once", "rename one of them")
        checked = {name: self._node(name, entry) for name, entry in self.nodes.items()}
        start = self.document.get("start")
        if not isinstance(start, str) or start not in self.nodes:
            fix = suggest(str(start), self.nodes) or "name the node at which the game starts"
            self.refuse("start", repr(start), "`start` names a node", fix)
        if self.faults:
            return None
        return self._walk(str(start), checked, outcomes, numbers)

    def _walk(
        self, start: str, checked: dict[str, Any], outcomes: list[Outcome], numbers: dict[str, int]
    ) -> Tree | None:
        sets: list[InformationSet] = []
        set_of: dict[tuple[int, str], int] = {}
        nodes: list[Node] = []
        visited: set[str] = set()
        todo: list[tuple[str, int, int]] = [(start, -1, 0)]
        while todo and len(nodes) <= MAX_NODES:
            name, parent, action = todo.pop()
            if name in numbers:
                nodes.append(Node(parent, action, -2, (), numbers[name]))
                continue
            if name in visited:
                rule, fix = "a node is reached in one way only", "write it twice, with a shared `information`"
                self.refuse(f"[node.{name}]", "reached in two ways", rule, fix, "E511")
                break
            visited.add(name)
            player, chances, information, moves = checked[name]
            number = CHANCE
            if player >= 0:
                known = set_of.setdefault((player, information), len(sets))
                if known == len(sets):
                    sets.append(InformationSet(player, information, tuple(moves)))
                elif sets[known].actions != tuple(moves):
                    rule = "nodes that share `information` have the same moves in the same order"
                    self.refuse(f"[node.{name}]", ", ".join(moves), rule, "mend the moves", "E511")
                number = known
            nodes.append(Node(parent, action, number, chances, -1))
            at = len(nodes) - 1
            # Last in, first out: the first move's branch is walked first, as in a file read from the top.
            todo += [(goal, at, index) for index, goal in reversed(list(enumerate(moves.values())))]
        for name in self.nodes:
            if name not in visited and not self.faults:
                fix = "lead a move to it or remove it"
                self.refuse(f"[node.{name}]", "never reached", "each node belongs to the tree", fix)
        if self.faults:
            return None
        title = str(self.document.get("title", ""))
        return Tree(title, self.players, tuple(sets), tuple(outcomes), tuple(nodes))

    def _players(self) -> tuple[str, ...]:
        players = self.document.get("players")
        good = isinstance(players, list) and all(isinstance(name, str) and name for name in players)
        if not good or not players or len(set(players)) != len(players) or len(players) > MAX_PLAYERS:
            rule = f"`players` is a list of 1 to {MAX_PLAYERS} different names"
            self.refuse("players", repr(players)[:80], rule, "list the players")
            return ()
        return tuple(players)

    def _tables(self, key: str) -> dict[str, dict[str, Any]]:
        entry = self.document.get(key)
        if not isinstance(entry, dict) or not entry or not all(isinstance(item, dict) for item in entry.values()):
            self.refuse(f"[{key}.NAME]", "absent or no tables", f"a game has {key}s as tables", f"add [{key}.NAME]")
            return {}
        if len(entry) > MAX_NODES:
            self.refuse(f"[{key}]", f"{len(entry):,} of them", f"at most {MAX_NODES:,}", "split the game", "E512")
        return entry

    def _keys(self, where: str, entry: dict[str, Any], known: tuple[str, ...]) -> None:
        for name in entry:
            if name not in known:
                fix = suggest(name, known) or "remove it"
                self.refuse(where, f"unknown key {name!r}", f"the keys are {', '.join(known)}", fix)

    def _node(self, name: str, entry: dict[str, Any]) -> tuple[int, tuple[Fraction, ...], str, dict[str, str]]:
        where = f"[node.{name}]"
        self._keys(where, entry, NODE)
        moves = entry.get("moves")
        if not isinstance(moves, dict) or not moves or not all(isinstance(goal, str) for goal in moves.values()):
            self.refuse(where, repr(moves)[:60], "`moves` maps each move to a node or an outcome", "add moves")
            moves = {}
        for move, goal in moves.items():
            if goal not in self.nodes and goal not in self.raw_outcomes:
                fix = suggest(goal, [*self.nodes, *self.raw_outcomes]) or "add the node or the outcome"
                self.refuse(where, f"move {move!r} to {goal!r}", "a move leads to a node or an outcome", fix)
        if ("chance" in entry) == ("player" in entry):
            self.refuse(where, "both or neither", "a node has either `player` or `chance`", "keep one of them")
            return CHANCE, (), "", moves
        if "chance" in entry:
            return CHANCE, self._chances(where, entry["chance"], moves), "", moves
        player = entry["player"]
        if player not in self.players:
            fix = suggest(str(player), self.players) or "add the player"
            self.refuse(where, f"player {player!r}", "a player is one of `players`", fix)
            return 0, (), "", moves
        information = entry.get("information", name)
        if not isinstance(information, str):
            self.refuse(where, repr(information), "`information` is a name", "put it in quotation marks")
        return self.players.index(player), (), str(information), moves

    def _chances(self, where: str, chance: Any, moves: dict[str, str]) -> tuple[Fraction, ...]:
        if not isinstance(chance, dict) or list(chance) != list(moves):
            rule = "`chance` names the moves in their order, each with its chance"
            self.refuse(where, repr(chance)[:60], rule, "give each move its chance")
            return ()
        found = tuple(self._number(where, value) for value in chance.values())
        if min(found, default=Fraction(0)) < 0:
            self.refuse(where, "a chance below 0", "chances are at least 0", "mend the chances", "E511")
        return found

    def _outcome(self, name: str, entry: dict[str, Any]) -> Outcome:
        where = f"[outcome.{name}]"
        self._keys(where, entry, ("payoffs",))
        payoffs = entry.get("payoffs")
        if not isinstance(payoffs, dict) or sorted(payoffs) != sorted(self.players):
            rule = f"`payoffs` has a number for each of {', '.join(self.players)}"
            self.refuse(where, repr(payoffs)[:60], rule, "give each player a payoff")
            return Outcome(name, (Fraction(0),) * len(self.players))
        ends = [self._ends(where, payoffs[player]) for player in self.players]
        low, middle, high = (tuple(end[at] for end in ends) for at in range(3))
        return Outcome(name, middle, low, high) if low != high else Outcome(name, middle)

    def _ends(self, where: str, value: Any) -> tuple[Fraction, Fraction, Fraction]:
        """A payoff as low, mode and high: a lone number is all three."""
        if not isinstance(value, list):
            number = self._number(where, value)
            return number, number, number
        numbers = [self._number(where, entry) for entry in value]
        if len(numbers) != 3 or sorted(numbers) != numbers:
            rule = "a range is [low, mode, high] in order"
            self.refuse(where, str(value)[:60], rule, "give three numbers from low to high")
            return Fraction(0), Fraction(0), Fraction(0)
        return numbers[0], numbers[1], numbers[2]

    def _number(self, where: str, value: Any) -> Fraction:
        huge = isinstance(value, int) and abs(value) >= 10**60
        text = "a very long number" if huge else str(value)
        whole, _, below = text.partition("/")
        if isinstance(value, bool) or len(text) > 60 or not NUMBER.fullmatch(text) or (below and int(below) == 0):
            rule = 'a number is an integer, a decimal or a fraction such as "1/3"'
            self.refuse(where, text[:40], rule, "mend the number")
            return Fraction(0)
        return Fraction(whole) / int(below or 1)

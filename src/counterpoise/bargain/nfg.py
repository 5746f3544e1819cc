"""Reading Gambit's `.nfg` files: games as tables, of payoffs or of named outcomes.

Format as documented by the Gambit project (key `gambit`); the reader is our own.
"""

from __future__ import annotations

from math import prod
from pathlib import Path

from counterpoise.bargain._tokens import Reader, Stop, open_file, read_head
from counterpoise.bargain.game import MAX_LEAVES, MAX_STRATEGIES, Outcome, Table


def read_nfg(path: Path) -> Table:
    """The table of a Gambit `.nfg` file, of payoffs or of outcomes. Raises `InputError` (`E510`, `E512`)."""
    reader = open_file(path)
    try:
        title, players = read_head(reader, "NFG", "1")
        strategies = _strategies(reader, len(players))
        if reader.peek().kind == "text":
            reader.next()
        _limit(reader, strategies)
        table = _outcome_table if reader.peek().value == "{" and reader.peek().kind == "brace" else _payoff_table
        game = table(reader, title, players, strategies)
    except Stop:
        reader.finish()
        raise
    reader.finish()
    return game


def _strategies(reader: Reader, players: int) -> tuple[tuple[str, ...], ...]:
    rule = "strategies follow the players: their numbers, or their names by player, in braces"
    start = reader.take("brace", "{", rule)
    found: list[tuple[str, ...]] = []
    while reader.peek().kind == "word":
        size = reader.count(rule)
        if size > MAX_STRATEGIES:
            reader.note(start.line, f"{size:,} strategies", f"at most {MAX_STRATEGIES:,}", "drop some", "E512")
            raise Stop
        found.append(tuple(str(number + 1) for number in range(size)))
    while reader.peek().value == "{" and reader.peek().kind == "brace":
        names = reader.texts(rule)
        found.append(tuple(name or str(number) for number, name in enumerate(names, start=1)))
    reader.take("brace", "}", rule)
    if twice := [options for options in found if len(set(options)) < len(options)]:
        rule = "strategies of a player differ in name"
        reader.note(start.line, ", ".join(twice[0][:8]), rule, "rename them", "E511")
        raise Stop
    if len(found) != players or not all(found):
        sizes = ", ".join(str(len(names)) for names in found)
        reader.note(start.line, f"strategies for {len(found)} players ({sizes})", rule, "give each player some")
        raise Stop
    return tuple(found)


def _limit(reader: Reader, strategies: tuple[tuple[str, ...], ...]) -> None:
    size = prod(len(names) for names in strategies)
    if size > MAX_LEAVES:
        rule = f"a table has at most {MAX_LEAVES:,} cells"
        reader.note(reader.peek().line, f"{size:,} cells", rule, "leave strategies out", "E512")
        raise Stop


def _payoff_table(
    reader: Reader, title: str, players: tuple[str, ...], strategies: tuple[tuple[str, ...], ...]
) -> Table:
    size = prod(len(names) for names in strategies)
    numbers = []
    start = reader.peek()
    while reader.peek().kind == "word":
        numbers.append(reader.number("a payoff is a number"))
    if reader.peek().kind != "end":
        reader.refuse(reader.peek(), "payoffs are plain numbers", "compare the file with Gambit's format")
    if len(numbers) != size * len(players):
        rule = f"{size} cells of {len(players)} payoffs"
        reader.note(start.line, f"{len(numbers)} payoffs", rule, "add or remove payoffs")
        raise Stop
    outcomes = []
    for cell in range(size):
        label = ",".join(names[index] for names, index in zip(strategies, _profile(cell, strategies), strict=True))
        outcomes.append(Outcome(label, tuple(numbers[cell * len(players) : (cell + 1) * len(players)])))
    return Table(title, players, strategies, tuple(outcomes), tuple(range(size)), named=False)


def _outcome_table(
    reader: Reader, title: str, players: tuple[str, ...], strategies: tuple[tuple[str, ...], ...]
) -> Table:
    size = prod(len(names) for names in strategies)
    rule = "outcomes stand in braces: a name and one payoff per player each"
    reader.take("brace", "{", rule)
    outcomes: list[Outcome] = []
    while reader.peek().value == "{" and reader.peek().kind == "brace":
        reader.next()
        label = reader.take("text", None, rule).value or str(len(outcomes) + 1)
        outcomes.append(Outcome(label, reader.rest_of_payoffs(len(players))))
    reader.take("brace", "}", rule)
    cells = []
    while reader.peek().kind == "word":
        token = reader.peek()
        number = reader.count("a cell is the number of an outcome, 0 for none")
        if number > len(outcomes):
            reader.refuse(token, f"outcomes are 0 to {len(outcomes)}", "mend the number")
        cells.append(number - 1)
    if len(cells) != size or reader.peek().kind != "end":
        reader.note(reader.peek().line, f"{len(cells)} cells", f"one outcome for each of {size} cells", "add or remove")
        raise Stop
    return Table(title, players, strategies, tuple(outcomes), tuple(cells), named=True)


def _profile(cell: int, strategies: tuple[tuple[str, ...], ...]) -> list[int]:
    """The strategies of a cell, the first player's varying fastest."""
    indices = []
    for names in strategies:
        cell, index = divmod(cell, len(names))
        indices.append(index)
    return indices

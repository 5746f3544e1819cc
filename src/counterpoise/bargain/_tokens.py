"""The pieces of Gambit's game files, read one after another with bounded numbers and all faults kept."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from counterpoise._errors import Fault, InputError, fault
from counterpoise.bargain.game import MAX_PLAYERS
from counterpoise.region._files import read_text

MAX_BYTES = 16 << 20
MAX_FAULTS = 100
TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"|([{}])|([^\s{}",]+)|(")', re.S)
NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,2})?(/\d+)?")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the file: `text`, `brace`, `word` or `end`, and the line it stands on."""

    kind: str
    value: str
    line: int


class Stop(Exception):
    """A reader has lost its place; what it found wrong is in its faults."""


@dataclass(slots=True)
class Reader:
    """The tokens of a file, read one after another, and the faults met so far."""

    path: Path
    tokens: list[Token]
    at: int = 0
    faults: list[Fault] = field(default_factory=list)

    def peek(self) -> Token:
        return self.tokens[self.at]

    def next(self) -> Token:
        token = self.tokens[self.at]
        self.at = min(self.at + 1, len(self.tokens) - 1)
        return token

    def refuse(self, token: Token, rule: str, fix: str, code: str = "E510") -> None:
        found = f"{token.value[:40]!r}" if token.kind != "end" else "the end of the file"
        self.note(token.line, found, rule, fix, code)

    def note(self, line: int, found: str, rule: str, fix: str, code: str = "E510") -> None:
        if len(self.faults) < MAX_FAULTS:
            self.faults.append(fault(code, where=f"{self.path}:{line}", found=found, rule=rule, fix=fix))

    def take(self, kind: str, value: str | None, rule: str) -> Token:
        token = self.peek()
        if token.kind != kind or (value is not None and token.value != value):
            self.refuse(token, rule, "compare the line with Gambit's format")
            raise Stop
        return self.next()

    def texts(self, rule: str) -> list[str]:
        """A braced list of quoted texts."""
        self.take("brace", "{", rule)
        found = []
        while self.peek().kind == "text":
            found.append(self.next().value)
        self.take("brace", "}", rule)
        return found

    def number(self, rule: str) -> Fraction:
        token = self.take("word", None, rule)
        if len(token.value) > 60 or not NUMBER.fullmatch(token.value):
            self.refuse(token, rule, "write an integer, a decimal or a fraction such as 1/3")
            return Fraction(0)
        top, _, bottom = token.value.partition("/")
        if bottom and int(bottom) == 0:
            self.refuse(token, "a fraction has a denominator above 0", "mend the number")
            return Fraction(0)
        return Fraction(top) / int(bottom or 1)

    def count(self, rule: str) -> int:
        token = self.take("word", None, rule)
        if len(token.value) > 9 or not token.value.isdecimal():
            self.refuse(token, rule, "write a whole number")
            raise Stop
        return int(token.value)

    def payoffs(self, players: int) -> tuple[Fraction, ...]:
        """A braced list of one number per player; commas are decoration."""
        self.take("brace", "{", "payoffs stand in braces")
        return self.rest_of_payoffs(players)

    def rest_of_payoffs(self, players: int) -> tuple[Fraction, ...]:
        """The same from behind the opening brace."""
        start = self.peek()
        found = []
        while self.peek().kind == "word":
            found.append(self.number("a payoff is a number"))
        self.take("brace", "}", "payoffs stand in braces")
        if len(found) != players:
            self.note(start.line, f"{len(found)} payoffs", f"one payoff for each of {players} players", "add or remove")
            found = [*found, *[Fraction(0)] * players][:players]
        return tuple(found)

    def finish(self) -> None:
        if self.faults:
            raise InputError(self.faults)


def open_file(path: Path) -> Reader:
    text = read_text(path, max_bytes=MAX_BYTES)
    tokens = []
    line, last = 1, 0
    for match in TOKEN.finditer(text):
        line += text.count("\n", last, match.start())
        last = match.start()
        quoted, brace, word, stray = match.groups()
        if stray:
            rule, fix = "every quotation mark has its partner", "close the quotation"
            raise InputError([fault("E510", where=f"{path}:{line}", found="an open quotation", rule=rule, fix=fix)])
        if quoted is not None:
            tokens.append(Token("text", re.sub(r"\\(.)", r"\1", quoted, flags=re.S), line))
        elif brace:
            tokens.append(Token("brace", brace, line))
        else:
            tokens.append(Token("word", word, line))
    return Reader(path, [*tokens, Token("end", "", line + text.count("\n", last))])


def read_head(reader: Reader, kind: str, version: str) -> tuple[str, tuple[str, ...]]:
    rule = f'the file opens with {kind} {version} R "title" and the players in braces'
    reader.take("word", kind, rule)
    reader.take("word", version, rule)
    if reader.peek().value not in ("R", "D"):
        reader.refuse(reader.peek(), rule, "write R for exact numbers")
        raise Stop
    reader.next()
    title = reader.take("text", None, rule).value
    line = reader.peek().line
    players = tuple(reader.texts(rule))
    if not 1 <= len(players) <= MAX_PLAYERS:
        reader.note(line, f"{len(players)} players", f"a game has 1 to {MAX_PLAYERS} players", "name the players")
        raise Stop
    # Players without a name of their own go by their number.
    named = tuple(name or str(number) for number, name in enumerate(players, start=1))
    if len(set(named)) < len(named):
        reader.note(line, ", ".join(named), "players differ in name", "rename them", "E511")
        raise Stop
    return title, named

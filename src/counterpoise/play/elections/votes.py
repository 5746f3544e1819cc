"""Reading a file of votes: lists with shares in per cent, as fractions or as counts; every fault at once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from counterpoise._errors import Fault, InputError, fault
from counterpoise.play.elections.law import KIND_WORDS, KINDS, NOT_LISTS
from counterpoise.region._files import Line, read_rows, suggest

MAX_FILE = 1 << 20
MAX_LISTS = 500
# What rounding of many shares may add up to beyond a hundred.
SLACK = Fraction(1, 2)
_NUMBER = re.compile(r"\d+(\.\d+)?")


@dataclass(frozen=True, slots=True)
class Ballot:
    """A list with its votes, its share of all valid votes in per cent, its kind, and seats won in constituencies.

    `members` is the number of parties of an alliance, where it is known.
    """

    party: str
    votes: Fraction
    share: Fraction
    kind: str = "party"
    won: int = 0


@dataclass(frozen=True, slots=True)
class Votes:
    """The lists of an election in the order of the file, the unit their figures were in, and what to know of them."""

    ballots: tuple[Ballot, ...]
    unit: str
    notes: tuple[str, ...] = ()


def read_votes(path: Path) -> Votes:
    """The votes of a CSV file with the columns `party,share,kind`; `votes`, `members` and `won` may stand beside them.

    Shares are per cent of the valid votes; fractions (sum at most 1) and counts of votes (whole numbers, sum over 100)
    are told apart by their sum. Raises `InputError`: `E201` to `E203`, `E901` what does not add up or stands twice.
    """
    lines = read_rows(
        path, required=("party", "share", "kind"), optional=("votes", "members", "won"), max_bytes=MAX_FILE
    )
    faults: list[Fault] = []
    if not lines or len(lines) > MAX_LISTS:
        rule, fix = f"a file of votes has 1 to {MAX_LISTS:,} lists", "one row per list, as party,share,kind"
        raise InputError([fault("E901", where=str(path), found=f"{len(lines)} rows", rule=rule, fix=fix)])
    rows = [row for line in lines if (row := _row(path, line, faults)) is not None]
    seen: dict[str, int] = {}
    for line, name in ((line, line.cells["party"]) for line in lines):
        first = seen.setdefault(name, line.number)
        if first != line.number:
            rule, fix = "a list stands once", "add its votes up, or name the lists apart"
            found = f"{name!r} again, first on line {first}"
            faults.append(fault("E901", where=f"{path}:{line.number}", found=found, rule=rule, fix=fix))
    if faults:
        raise InputError(faults)
    return votes_of(rows, where=str(path))


@dataclass(frozen=True, slots=True)
class _Row:
    party: str
    share: Fraction
    kind: str
    votes: Fraction | None
    won: int


def votes_of(rows: Sequence[_Row], *, where: str) -> Votes:
    """Votes from rows whose unit is told by their sum; rows that are no lists (turnout, other) are left out."""
    lists = [row for row in rows if row.kind not in NOT_LISTS]
    rest = [row for row in rows if row.kind in NOT_LISTS and row.kind not in ("turnout", "invalid")]
    notes = [f"{row.party}: kind {row.kind!r} gets no seats" for row in rows if row.kind in NOT_LISTS]
    total = sum((row.share for row in [*lists, *rest]), Fraction(0))
    problem, fix = "", ""
    if not lists or not any(row.share for row in lists):
        problem, fix = "no list with votes", "give each list its share of the valid votes"
    whole = all(row.share.denominator == 1 for row in lists)
    if total <= 1 + SLACK / 100:
        unit, scale = "fractions", Fraction(100)
    elif total <= 100 + SLACK:
        unit, scale = "per cent", Fraction(1)
    elif whole and total > 200:
        unit, scale = "votes", Fraction(100) / total
    else:
        unit, scale = "", Fraction(0)
        problem = problem or f"shares that add up to {float(total):g}"
        fix = fix or "shares of the valid votes add up to 100 at most; votes are whole numbers"
    if problem:
        rule = "shares are per cent of all valid votes (or fractions of 1, or counts of votes)"
        raise InputError([fault("E901", where=where, found=problem, rule=rule, fix=fix)])
    share = {row.party: row.share * scale for row in lists}
    if unit == "per cent" and share and total < 50:
        notes.append(f"the shares add up to {float(total):g} per cent: lists that got seats may be missing")
    counted = all(row.votes is not None for row in lists)
    ballots = tuple(
        Ballot(row.party, row.votes if counted and row.votes else row.share, share[row.party], row.kind, row.won)
        for row in lists
    )
    if counted:
        notes.append("seats are shared by the column votes, thresholds are held against the column share")
    elif unit != "per cent":
        notes.append(f"the column share is read as {unit}")
    return Votes(ballots, unit, tuple(notes))


def _row(path: Path, line: Line, faults: list[Fault]) -> _Row | None:
    where = f"{path}:{line.number}"
    before = len(faults)
    cells = line.cells
    if not cells["party"]:
        faults.append(_fault(where, "party is blank", "each row names a list", "add the name, or remove the row"))
    numbers: dict[str, Fraction | None] = {}
    for column in ("share", "votes", "members", "won"):
        text = cells.get(column, "").removesuffix("%").strip()
        numbers[column] = Fraction(Decimal(text)) if _NUMBER.fullmatch(text) and len(text) <= 30 else None
        needed = column == "share" and cells.get("kind", "").lower() not in NOT_LISTS
        if numbers[column] is None and (text or needed):
            found = f"{column} = {text[:40]!r}"
            faults.append(
                _fault(where, found, f"{column} is a number, at least 0", "write digits, a point for decimals")
            )
        if column in ("members", "won") and (value := numbers[column]) is not None and value.denominator != 1:
            faults.append(_fault(where, f"{column} = {text}", f"{column} is a whole number", "correct the figure"))
    kind = _kind(where, cells["kind"], numbers["members"], faults)
    if len(faults) > before:
        return None
    won = numbers["won"]
    return _Row(cells["party"], numbers["share"] or Fraction(0), kind, numbers["votes"], 0 if won is None else int(won))


def _kind(where: str, word: str, members: Fraction | None, faults: list[Fault]) -> str:
    plain = " ".join(word.lower().split())
    kind = KIND_WORDS.get(plain, plain)
    if kind == "alliance" and members is not None:
        return "party" if members <= 1 else "alliance_2" if members == 2 else "alliance_3"
    if kind not in KINDS and kind not in NOT_LISTS:
        known = [*KINDS, *(word for word in KIND_WORDS if word), *NOT_LISTS]
        fix = suggest(plain, known) or f"one of {', '.join(KINDS)}"
        faults.append(_fault(where, f"kind = {word[:40]!r}", f"kind is one of {', '.join(known)}", fix))
    return kind


def _fault(where: str, found: str, rule: str, fix: str) -> Fault:
    return fault("E901", where=where, found=found, rule=rule, fix=fix)

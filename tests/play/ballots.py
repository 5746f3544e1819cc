"""Votes, files of votes and refusals, as the tests of seats share them."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from counterpoise._errors import CounterpoiseError
from counterpoise.play.elections.votes import Ballot, Votes


def names(count: int) -> list[str]:
    return [f"L{number}" for number in range(count)]


def votes_of(shares: list[tuple[str, float | int | str, str]]) -> Votes:
    ballots = tuple(Ballot(name, Fraction(str(share)), Fraction(str(share)), kind) for name, share, kind in shares)
    return Votes(ballots, "per cent")


def write(folder: Path, rows: list[tuple[Any, ...]], header: str = "party,share,kind") -> Path:
    path = folder / "votes.csv"
    path.write_text("\n".join([header, *(",".join(map(str, row)) for row in rows)]) + "\n", encoding="utf-8")
    return path


def code_of(call: Any) -> tuple[str, str]:
    with pytest.raises(CounterpoiseError) as caught:
        call()
    return caught.value.code, str(caught.value)

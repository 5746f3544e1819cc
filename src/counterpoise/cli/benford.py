"""`counterpoise benford`."""

from __future__ import annotations

import sys
from pathlib import Path

from counterpoise.cli._run import show


def benford(
    file: Path,
    /,
    *,
    column: str,
    digits: int = 1,
    second: bool = False,
    least: float | None = None,
    seed: int = 0,
    members: int = 2000,
    json: bool = False,
) -> int:
    """Say how far the digits of a column are from Benford's law, and how often honest numbers would be as far off.

    Example: counterpoise benford payments.csv --column amount --digits 2

    Parameters
    ----------
    file
        CSV with a header. Blank cells, zero and negative numbers are left out and counted.
    column
        The column of numbers.
    digits
        1 counts the first digit, 2 the first two.
    second
        Count the second digit instead.
    least
        Leave out smaller numbers; 10 where a second digit is counted, else 0.
    seed
        The seed of the simulated columns; the same seed gives the same answer.
    members
        How many columns to simulate for the false-alarm rate, 100 to 100,000.
    json
        Print one JSON document.
    """
    from counterpoise.oversight.benford.law import TESTS
    from counterpoise.oversight.benford.measure import measure_benford

    result = measure_benford(file, column=column, digits=digits, second=second, least=least, seed=seed, members=members)
    if not json:
        for line in (result.sentence(), *result.notes):
            print(line, file=sys.stderr)
    return show(result, as_json=json, title=f"{column}: {TESTS[result.test]}")

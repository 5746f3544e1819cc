"""Benford's law on the digits of a column: how far it is off, and how often honest numbers would be as far off."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np

from counterpoise._errors import Fault, InputError, SolveError, fault
from counterpoise._result import Meta, Result, hash_file
from counterpoise.oversight.benford._column import read_numbers
from counterpoise.oversight.benford.chance import Array, FalseAlarm, chi2_tail, distances, false_alarm
from counterpoise.oversight.benford.law import TESTS, conformity, digit_of, expected_shares

# A single written digit has no second one, so tests of two digits start at 10 unless told otherwise.
LEAST = {"first": Decimal(0), "first_two": Decimal(10), "second": Decimal(10)}
CITES = ("benford1938", "nigrini2012")


@dataclass(frozen=True)
class BenfordResult(Result):
    """How the digits of a column stand beside Benford's law."""

    column: str
    test: str
    n: int
    left_out: dict[str, int]
    mad: float
    chi2: float
    p: float
    conformity: str
    false_alarm: FalseAlarm
    observed: dict[int, int]
    least: Decimal
    notes: tuple[str, ...]
    meta: Meta

    def body(self) -> dict[str, Any]:
        return {
            "column": self.column,
            "test": TESTS[self.test],
            "n": self.n,
            "left_out": sum(self.left_out.values()),
            "left_out_why": self.left_out,
            "least": float(self.least),
            "mad": self.mad,
            "chi2": self.chi2,
            "degrees_of_freedom": len(self.observed) - 1,
            "p": self.p,
            "conformity": self.conformity,
            "false_alarm": self.false_alarm.to_dict(),
            "digits": self.table(),
            "notes": list(self.notes),
        }

    def table(self) -> list[dict[str, Any]]:
        """One row per digit: how often it stands, how often it should, and how many standard errors lie between."""
        rows = []
        for digit, share in expected_shares(self.test).items():
            seen = self.observed[digit] / self.n
            error = math.sqrt(share * (1 - share) / self.n)
            rows.append({"digit": digit, "count": self.observed[digit], "share": seen, "expected": share})
            rows[-1]["standard_errors_off"] = (seen - share) / error
        return rows

    def sentence(self) -> str:
        """The answer in one sentence."""
        alarm = self.false_alarm
        figures = f"MAD {self.mad:.5f}, chi-square {self.chi2:.1f}, p {self.p:.2g}"
        honest = (
            f"of columns of this size that obey the law {alarm.nonconformity:.1%} would be called nonconformity "
            f"and {alarm.worse_mad:.1%} lie at least as far off"
        )
        return f"{self.n:,} numbers, {TESTS[self.test]}: {self.conformity} ({figures}); {honest}."


def measure_benford(
    path: Path,
    *,
    column: str,
    digits: int = 1,
    second: bool = False,
    least: float | None = None,
    seed: int = 0,
    members: int = 2000,
) -> BenfordResult:
    """How far the first, second or first two digits of a column are from Benford's law, with the false-alarm rate.

    `digits` is 1 (first digit) or 2 (first two); `second` asks for the second digit instead. Blank cells, zero,
    numbers below zero and numbers below `least` (by default 10 where a second digit is counted) are left out and
    counted. `members` columns of the same size are drawn from the law with `seed` to measure how often it alone gives
    such a result.

    Raises `InputError` (`E201`-`E204`, `E811`) and `SolveError` `E810` when no number is left.

    Method: Nigrini 2012 (key `nigrini2012`), after Benford 1938 (key `benford1938`).
    """
    faults = _argument_faults(digits, second, least, seed, members)
    if faults:
        raise InputError(faults)
    test = "second" if second else ("first", "first_two")[digits - 1]
    floor = LEAST[test] if least is None else Decimal(str(least))
    cells = (cell.number for cell in read_numbers(path, column))
    tally = count_digits(cells, test=test, least=floor)
    n = sum(tally.counts.values())
    if not n:
        why = ", ".join(f"{count} {reason}" for reason, count in tally.left_out.items() if count) or "no rows"
        rule = "the test needs positive numbers; a second digit needs numbers of at least 10 unless --least says less"
        fix = "choose another column, or lower --least for numbers that are written with decimals"
        raise SolveError([fault("E810", where=f"{path}, column {column!r}", found=why, rule=rule, fix=fix)])
    shares = np.array(list(expected_shares(test).values()))
    counts = np.array(list(tally.counts.values()), dtype=float)
    mad, chi2 = (float(value) for value in distances(counts, shares))
    return BenfordResult(
        column=column,
        test=test,
        n=n,
        left_out=tally.left_out,
        mad=mad,
        chi2=chi2,
        p=chi2_tail(chi2, len(shares) - 1),
        conformity=conformity(mad, test),
        false_alarm=false_alarm(n, test, mad=mad, chi2=chi2, seed=seed, members=members),
        observed=tally.counts,
        least=floor,
        notes=_notes(tally, n, shares),
        meta=Meta(seed=seed, inputs={str(path): hash_file(path)}, cites=CITES),
    )


@dataclass
class Tally:
    """Counts by digit, how many cells were left out and why, and the smallest and largest number counted."""

    counts: dict[int, int]
    left_out: dict[str, int]
    low: Decimal | None = None
    high: Decimal | None = None


def count_digits(numbers: Iterable[Decimal | None], *, test: str, least: Decimal) -> Tally:
    """How often each digit stands in the numbers, and how many of them the test cannot use."""
    tally = Tally(dict.fromkeys(expected_shares(test), 0), {"blank": 0, "not positive": 0, "too small": 0})
    for number in numbers:
        if number is None:
            tally.left_out["blank"] += 1
        elif number <= 0:
            tally.left_out["not positive"] += 1
        elif number < least:
            tally.left_out["too small"] += 1
        else:
            tally.counts[digit_of(number, test)] += 1
            tally.low = number if tally.low is None else min(tally.low, number)
            tally.high = number if tally.high is None else max(tally.high, number)
    return tally


def _notes(tally: Tally, n: int, shares: Array) -> tuple[str, ...]:
    notes = []
    rarest = n * float(shares.min())
    if rarest < 5:
        notes.append(
            f"The rarest digit is expected {rarest:.1f} times, under the 5 that the chi-square p needs: "
            "read false_alarm.worse_chi2 instead."
        )
    if tally.low is not None and tally.high is not None:
        orders = float((tally.high / tally.low).log10())
        if orders < 2:
            notes.append(
                f"The numbers span {orders:.1f} orders of magnitude; Benford's law is not to be expected under about "
                "2, so nonconformity says nothing here."
            )
    return tuple(notes)


def _argument_faults(digits: int, second: bool, least: float | None, seed: int, members: int) -> list[Fault]:
    found: list[tuple[str, object, str, str]] = []
    if digits not in (1, 2):
        found.append(("--digits", digits, "1 is the first digit, 2 the first two", "use 1 or 2"))
    if second and digits == 2:
        found.append(("--second", "with --digits 2", "one test at a time", "leave out one of the two"))
    if least is not None and not (math.isfinite(least) and least >= 0):
        found.append(
            ("--least", least, "the smallest number counted is zero or more", "use 0 for all positive numbers")
        )
    if seed < 0:
        found.append(("--seed", seed, "a seed is a whole number of at least 0", "use 0"))
    if not 100 <= members <= 100_000:
        found.append(("--members", members, "100 to 100,000 simulated columns", "use 2000"))
    return [fault("E204", where=where, found=str(value), rule=rule, fix=fix) for where, value, rule, fix in found]

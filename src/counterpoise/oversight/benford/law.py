"""Benford's law: the share of each digit, the digit of a number, and the classes by distance from the law."""

from __future__ import annotations

import math
from decimal import Decimal

TESTS = {"first": "first digit", "first_two": "first two digits", "second": "second digit"}
CLASSES = ("close conformity", "acceptable conformity", "marginally acceptable conformity", "nonconformity")
# Upper bounds of the classes by mean absolute deviation (key `nigrini2012`).
BOUNDS = {
    "first": (0.006, 0.012, 0.015),
    "first_two": (0.0012, 0.0018, 0.0022),
    "second": (0.008, 0.010, 0.012),
}


def expected_shares(test: str) -> dict[int, float]:
    """The share of each digit under Benford's law; the shares sum to 1. `test` is first, first_two or second.

    >>> round(expected_shares("first")[1], 4), round(expected_shares("second")[0], 4), len(expected_shares("first_two"))
    (0.301, 0.1197, 90)
    """
    if test == "first":
        return {digit: math.log10(1 + 1 / digit) for digit in range(1, 10)}
    if test == "first_two":
        return {digits: math.log10(1 + 1 / digits) for digits in range(10, 100)}
    return {second: sum(math.log10(1 + 1 / (10 * first + second)) for first in range(1, 10)) for second in range(10)}


def digit_of(number: Decimal, test: str) -> int:
    """The digit, or two digits, of a positive number that a test counts: exact, whatever the size of the number.

    >>> digit_of(Decimal("0.0307"), "first_two"), digit_of(Decimal("7"), "second"), digit_of(Decimal("7.1"), "first")
    (30, 0, 7)
    """
    digits = number.as_tuple().digits
    first = digits[0]
    if test == "first":
        return first
    second = digits[1] if len(digits) > 1 else 0
    return 10 * first + second if test == "first_two" else second


def conformity(mad: float, test: str) -> str:
    """Nigrini's class of a mean absolute deviation.

    >>> conformity(0.0059, "first"), conformity(0.0022, "first_two")
    ('close conformity', 'nonconformity')
    """
    return CLASSES[sum(mad >= bound for bound in BOUNDS[test])]

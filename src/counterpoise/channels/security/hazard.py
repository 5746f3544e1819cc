"""The yearly hazard of attack by a rival, from parameters fitted on past disputes; pure arithmetic over draws."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from counterpoise._errors import Fault, InputError, fault

Array = np.ndarray[Any, np.dtype[Any]]

# Where the curve over years of peace may bend; beyond the last it is straight.
KNOTS = (0.0, 2.0, 6.0, 15.0, 35.0)
RUNGS = ("onset", "fatal", "territorial")
CITES = ("beck1998", "palmer2022", "singer1972", "stinnett2002")

# What the hazard rests on, in the order of the design; peace years give one straight and three curved columns.
BASELINE = ("constant", "land_border", "past_disputes", *(f"peace_{k}" for k in range(len(KNOTS) - 1)))
FULL = (
    *BASELINE,
    "sea_border",
    "past_attacks",
    "all_disputes",
    "log_ratio",
    "log_size",
    "attacker_major",
    "attacker_active",
    "target_attacked",
)


@dataclass(frozen=True, slots=True)
class Threat:
    """What is known at the start of a year about a rival and its possible target; each may be an array of draws.

    `land_border`, `sea_border` (under 400 miles of water) and `attacker_major` are 0 or 1. `past_disputes` between
    the two began in the last ten years, `all_disputes` since 1946 or independence, `past_attacks` of the last ten
    years begun by the rival. `peace_years` since the last dispute (0: one went on last year). `ratio` is the rival's
    capability over the target's; `size` the sum of both as a share of the world's. `attacker_active` and
    `target_attacked` count what the rival began against others, and what others began against the target, in the
    last five years.
    """

    land_border: ArrayLike
    sea_border: ArrayLike
    past_disputes: ArrayLike
    past_attacks: ArrayLike
    all_disputes: ArrayLike
    peace_years: ArrayLike
    ratio: ArrayLike
    size: ArrayLike
    attacker_major: ArrayLike
    attacker_active: ArrayLike
    target_attacked: ArrayLike


@dataclass(frozen=True)
class Logit:
    """A fitted logit: coefficients of the named columns of the design, and their covariance."""

    names: tuple[str, ...]
    coefficients: Array
    covariance: Array


@dataclass(frozen=True)
class Parameters(Logit):
    """The hazard as the engines use it: the logit of onset, counts of the ladder, and the scores of the fit."""

    counts: Mapping[str, float]
    scores: Mapping[str, float]


def design(threat: Threat, names: tuple[str, ...] = FULL) -> Array:
    """The columns of the hazard model, shape (..., column)."""
    peace = spline(threat.peace_years)
    value = {
        "constant": 1.0,
        "land_border": threat.land_border,
        "past_disputes": np.log1p(np.asarray(threat.past_disputes, dtype=float)),
        **{f"peace_{k}": peace[..., k] for k in range(peace.shape[-1])},
        "sea_border": threat.sea_border,
        "past_attacks": np.log1p(np.asarray(threat.past_attacks, dtype=float)),
        "all_disputes": np.log1p(np.asarray(threat.all_disputes, dtype=float)),
        "log_ratio": np.log(np.asarray(threat.ratio, dtype=float)),
        "log_size": np.log(np.asarray(threat.size, dtype=float)),
        "attacker_major": threat.attacker_major,
        "attacker_active": np.log1p(np.asarray(threat.attacker_active, dtype=float)),
        "target_attacked": np.log1p(np.asarray(threat.target_attacked, dtype=float)),
    }
    columns = np.broadcast_arrays(*(np.asarray(value[name], dtype=float) for name in names))
    return np.stack(columns, axis=-1)


def spline(years: ArrayLike) -> Array:
    """A natural cubic spline over years of peace, straight beyond the knots, shape (..., knots - 1).

    Peace-year splines after Beck, Katz and Tucker 1998 (key `beck1998`). The first column is the years in tens.

    >>> spline([0.0, 10.0]).shape
    (2, 4)
    """
    x = np.asarray(years, dtype=float) / 10.0
    knots = np.array(KNOTS) / 10.0
    last, before = knots[-1], knots[-2]

    def bend(knot: float) -> Array:
        above = np.maximum(x - knot, 0.0) ** 3 - np.maximum(x - last, 0.0) ** 3
        return np.asarray(above / (last - knot))

    return np.stack([x, *(bend(float(knot)) - bend(float(before)) for knot in knots[:-2])], axis=-1)


def hazard(threat: Threat, coefficients: Array, names: tuple[str, ...] = FULL) -> Array:
    """The chance in a year that the rival begins a militarised dispute with the target, given that none goes on.

    `coefficients` (column,) or (draw, column). Values in (0, 1); not symmetric between the two.
    """
    score = (design(threat, names) * coefficients).sum(axis=-1)
    return np.asarray(1.0 / (1.0 + np.exp(-score)))


def recalibrated(
    fitted: ArrayLike, *, attacks: ArrayLike, years: ArrayLike, worth: ArrayLike, memory: ArrayLike = 1.0
) -> Array:
    """The hazard after the rival's own record: the fitted one counts as `worth` years of evidence beside it.

        (worth fitted + memory attacks) / (worth + memory years)

    `attacks` are the years with an attack among `years` watched. `memory` in [0, 1] is the weight of the record,
    below 1 where the cause of the attacks is thought to have passed.

    >>> float(recalibrated(0.02, attacks=6, years=11, worth=5))
    0.38125
    """
    base, seen, span, own, weight = (np.asarray(v, dtype=float) for v in (fitted, attacks, years, worth, memory))
    faults: list[Fault] = []
    for name, values, fine, rule in (
        ("fitted", base, (base >= 0) & (base <= 1), "a hazard lies between 0 and 1"),
        ("attacks", seen, (seen >= 0) & (seen <= span), "years with an attack lie between 0 and the years watched"),
        ("worth", own, own > 0, "the fitted hazard is worth more than 0 years"),
        ("memory", weight, (weight >= 0) & (weight <= 1), "the weight of the record lies between 0 and 1"),
    ):
        if not np.all(fine):
            faults.append(
                fault("E204", where=name, found=f"{np.atleast_1d(values).flat[0]:g}", rule=rule, fix="mend the range")
            )
    if faults:
        raise InputError(faults)
    return np.asarray((own * base + weight * seen) / (own + weight * span))


def draw_coefficients(parameters: Parameters, normals: Array) -> Array:
    """Coefficients by draw, shape (draw, column), from standard normals of that shape."""
    root = np.linalg.cholesky(parameters.covariance)
    return np.asarray(parameters.coefficients + normals @ root.T)


def rung_shares(counts: Mapping[str, float], normals: ArrayLike | None = None) -> dict[str, Array]:
    """Which part of onsets stays without deaths, kills without taking land, or takes land or becomes a war.

    The three rungs leave each other out and sum to 1. `normals` (2, draw) spread the two shares by their sampling
    error; left out, they stand at their fitted values.
    """
    territorial = _share(counts["territorial"], counts["territorial_known"], None if normals is None else 0, normals)
    fatal = _share(counts["fatal_only"], counts["fatal_known"], None if normals is None else 1, normals)
    return {
        "onset": np.asarray((1.0 - territorial) * (1.0 - fatal)),
        "fatal": np.asarray((1.0 - territorial) * fatal),
        "territorial": territorial,
    }


def _share(part: float, whole: float, row: int | None, normals: ArrayLike | None) -> Array:
    """A share with a draw on the log-odds scale, half an event added to each side so that it has a spread."""
    odds = np.log((part + 0.5) / (whole - part + 0.5))
    if row is None:
        return np.asarray(1.0 / (1.0 + np.exp(-odds)))
    spread = np.sqrt(1.0 / (part + 0.5) + 1.0 / (whole - part + 0.5))
    return np.asarray(1.0 / (1.0 + np.exp(-(odds + spread * np.asarray(normals)[row]))))


@cache
def shipped() -> Parameters:
    """The parameters that come with the package: our own fit of 1946 to 2014, in `hazard_parameters.csv`."""
    text = (files("counterpoise.channels.security") / "hazard_parameters.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    fitted = [row for row in rows if row["what"] == "coefficient"]
    names = tuple(row["name"] for row in fitted)
    covariance = np.array([[float(row[name]) for name in names] for row in fitted])
    figures = {
        what: {row["name"]: float(row["value"]) for row in rows if row["what"] == what} for what in ("count", "score")
    }
    coefficients = np.array([float(row["value"]) for row in fitted])
    return Parameters(names, coefficients, covariance, figures["count"], figures["score"])

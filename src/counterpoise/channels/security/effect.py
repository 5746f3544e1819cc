"""What a believed promise prevents: a judged range, updated on the region's dated attacks under promises of the day.

One number for all guarantors. The prior is the range `security:guarantor_effect`, never below zero; the likelihood is
that of the years since 2015 with and without an assault by each rival on each client, given the fitted hazard of the
year (the offset) and how far the client was covered by promises on its first day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from counterpoise.channels.security.credibility import credibility
from counterpoise.channels.security.forms import Array
from counterpoise.channels.security.promises import firmest, standing
from counterpoise.channels.security.threat import RECORD_FROM, WORTH, record, rival_names, threat_names, threats
from counterpoise.channels.shape import Unknown
from counterpoise.region.draws import Assumptions, triangular

if TYPE_CHECKING:
    from counterpoise.region import Region
    from counterpoise.region._schema import Assumption

EFFECT = "security:guarantor_effect"
# The other ranges that the likelihood runs over are summed out with these draws, the same for every run.
SUMMED, SUMMED_SEED = 48, 0
CELLS = 100  # of equal chance, into which the judged range is cut
PRIOR_ONLY = 0.2  # A range that the record narrows by less keeps the name of what it is: a prior.
# How much more or less often than fitted a rival attacks in truth: from one in ten thousand to a hundred times.
TRUTH = np.geomspace(1e-4, 1e2, 80)


@dataclass(frozen=True, slots=True)
class GuarantorEffect:
    """The judged range and what the record makes of it: `weights` over cells of equal chance before.

    `before` and `after` are 5, 50 and 95 per cent; `contraction` is one less the variance after over that before (0:
    nothing learnt, below 0: the record widens the range). `label` is "prior" under a contraction of a fifth.
    """

    weights: Array
    before: tuple[float, float, float]
    after: tuple[float, float, float]
    contraction: float
    pair_years: int
    attacks: int
    facts: tuple[str, ...]

    @property
    def label(self) -> str:
        return "prior" if self.contraction < PRIOR_ONLY else "recalibrated"

    def figures(self) -> dict[str, float]:
        """The range before and after as figures that stand beside an answer."""
        named = {
            f"guarantor_effect_{when}_{name}": value
            for when, values in (("prior", self.before), ("posterior", self.after))
            for name, value in zip(("p05", "p50", "p95"), values, strict=True)
        }
        counts = {
            "guarantor_effect_pair_years": float(self.pair_years),
            "guarantor_effect_attacks": float(self.attacks),
        }
        return {**named, "guarantor_effect_contraction": self.contraction, **counts}

    def note(self) -> str:
        before, after = (
            f"{low:.2f} to {high:.2f} (middle {middle:.2f})" for low, middle, high in (self.before, self.after)
        )
        return (
            f"the effect of a guarantor is a judgement, {before} before and {after} after {self.attacks} years with "
            f"an attack of {self.pair_years} since {RECORD_FROM}: labelled {self.label}"
        )


def effect_draws(region: Region, draws: Assumptions) -> Array:
    """What a promise that all believe would prevent, by draw, after the region's own record: a share in [0, 1]."""
    found = guarantor_effect(region)
    reached = np.concatenate([[0.0], np.cumsum(found.weights)])
    # Where the record says nothing the share is the draw itself, and so is the answer.
    share = np.interp(draws.uniform(EFFECT), reached, np.linspace(0.0, 1.0, CELLS + 1))
    return _quantile(_row(region), share)


@lru_cache(maxsize=8)
def guarantor_effect(region: Region) -> GuarantorEffect:
    """The share of attacks that a promise which all believe prevents: the judged range updated on the region's record.

    Every rival of every client in every year from 2015 to the as-of day (the last one in part) counts. Not identified
    by much: promises go where danger is, so how much more dangerous a rival is than fitted is summed out, and what
    tells is mainly years of one pair under more and under less cover. Attacks outside what a promise covered count.

    Method: METHODS, security; a judged prior, a complementary log-log likelihood with offset, sums over a grid.
    """
    row = _row(region)
    edges = (np.arange(CELLS) + 0.5) / CELLS
    values = _quantile(row, edges)
    flat = np.full(CELLS, 1.0 / CELLS)
    seen = _record(region)
    if seen is None or row.low == row.high:
        return _summary(row, flat, seen)
    likelihood = record_likelihood(values, seen.hazard, seen.worth, seen.cover, seen.attacked, seen.length)
    return _summary(row, likelihood / likelihood.sum(), seen)


def record_likelihood(
    effect: Array, hazard: Array, worth: Array, cover: Array, attacked: Array, length: Array
) -> Array:
    """How well each value of the effect foretells the years with and without an attack, up to a factor, as `effect`.

        chance of an attack in a year = 1 - exp(-m H (1 - min(1, effect x cover)) length),  H = -log(1 - hazard)
        m of a pair ~ Gamma with mean 1 and variance 1 / (worth x mean hazard), summed out

    `hazard` and `cover` (draw, pair, year): the fitted chance of attack if nobody protects, and credibility times
    firmness summed over guarantors; `worth` (draw,) the years of evidence that the fitted hazard counts for; `attacked`
    (pair, year) true or false; `length` (year,) the part of each year watched. The variance is that of a Beta belief in
    the hazard worth so many years.
    """
    from scipy.special import gammainc

    rate = -np.log1p(-np.clip(hazard, 1e-12, 1.0 - 1e-12)) * length
    shape = (worth[:, None] * hazard.mean(axis=2))[..., None]
    edges = np.concatenate([[0.0], np.sqrt(TRUTH[1:] * TRUTH[:-1]), [np.inf]])
    mass = np.diff(gammainc(shape, np.minimum(shape * edges, 1e6)), axis=-1)
    found = np.zeros(len(effect))
    for k, value in enumerate(effect):
        left = rate * (1.0 - np.minimum(1.0, value * cover))
        years = np.exp(-np.where(attacked, 0.0, left).sum(axis=2)[..., None] * TRUTH)
        for pair, year in zip(*np.nonzero(attacked), strict=True):
            years[:, pair] *= -np.expm1(-left[:, pair, year, None] * TRUTH)
        found[k] = (years * mass).sum(axis=2).prod(axis=1).mean()
    return found


@dataclass(frozen=True, slots=True)
class _Seen:
    """What stands on record, as `record_likelihood` takes it."""

    hazard: Array
    worth: Array
    cover: Array
    attacked: Array
    length: Array
    facts: tuple[str, ...]


def _record(region: Region) -> _Seen | None:
    """The years of each pair on record; `None` where the ranges behind hazard or credibility are lacking."""
    day = region.as_of or date.fromisoformat(region.settings.base_date)
    draws = Assumptions(region, seed=SUMMED_SEED, count=SUMMED)
    clients = [client for client in region.settings.clients if rival_names(region, client)]
    years = range(RECORD_FROM, day.year + 1)
    if not clients or not years or any(draws.missing(*threat_names(region, client)) for client in clients):
        return None
    hazard, cover, attacked = [], [], []
    facts: dict[str, None] = {}
    for client in clients:
        names = rival_names(region, client)
        chances: list[list[Array]] = [[] for _ in names]
        covers: list[list[Array]] = [[] for _ in names]
        hits: list[list[bool]] = [[] for _ in names]
        for year in years:
            first = date(year, 1, 1)
            found = threats(region, client, first - timedelta(days=1), draws, own_record=False)
            parts = _covers(region, client, first, draws)
            if parts is None:
                return None
            for k, rival in enumerate(found.rivals):
                chances[k].append(rival.hazard)
                shared = [part for guarantor, part in parts.items() if guarantor != rival.name]
                covers[k].append(sum(shared, np.zeros(SUMMED)))
                seen = record(region, client, rival.name, min(day, date(year, 12, 31)))
                before = record(region, client, rival.name, first - timedelta(days=1))
                hits[k].append(seen.attacked_since_2015 > before.attacked_since_2015)
                facts |= dict.fromkeys(seen.facts)
        hazard += chances
        cover += covers
        attacked += hits
    length = np.ones(len(years))
    length[-1] = ((day - date(day.year, 1, 1)).days + 1) / 366
    chance, covered = (np.moveaxis(np.array(part, dtype=float), 2, 0) for part in (hazard, cover))
    return _Seen(chance, draws.draw(WORTH), covered, np.array(attacked), length, tuple(facts))


def _covers(region: Region, client: str, day: date, draws: Assumptions) -> dict[str, Array] | None:
    """How far each patron's promises covered a client on a day: credibility times firmness, by draw."""
    parts: dict[str, Array] = {}
    for guarantor in region.settings.patrons:
        vague = firmest(standing(region, guarantor, client, day), draws) if guarantor != client else None
        if vague is None:
            continue
        belief = credibility(region, guarantor, client, day, draws)
        if isinstance(belief, Unknown):
            return None
        parts[guarantor] = belief.draws * (1.0 - vague)
    return parts


def _summary(row: Assumption, weights: Array, seen: _Seen | None) -> GuarantorEffect:
    reached = np.concatenate([[0.0], np.cumsum(weights)])
    ends = np.array([0.05, 0.5, 0.95])
    after = _quantile(row, np.interp(ends, reached, np.linspace(0.0, 1.0, CELLS + 1)))
    values = _quantile(row, (np.arange(CELLS) + 0.5) / CELLS)
    mean = float(weights @ values)
    spread = float(np.var(values))
    kept = float(weights @ (values - mean) ** 2) / spread if spread > 0 else 1.0
    before = _quantile(row, ends)
    years, hits = (seen.attacked.size, int(seen.attacked.sum())) if seen else (0, 0)
    return GuarantorEffect(weights, _three(before), _three(after), 1.0 - kept, years, hits, seen.facts if seen else ())


def _three(values: Array) -> tuple[float, float, float]:
    low, middle, high = (float(value) for value in values)
    return low, middle, high


def _row(region: Region) -> Assumption:
    found: Assumption = next(row for row in region.rows("assumptions") if row.id == EFFECT)
    return found


def _quantile(row: Assumption, share: Array) -> Array:
    """The value below which a share of a judged range lies."""
    if row.shape == "loguniform":
        return np.asarray(row.low * (row.high / row.low) ** share)
    if row.shape == "triangular":
        return triangular(share, row.low, (row.low + row.high) / 2 if row.mode is None else row.mode, row.high)
    return np.asarray(row.low + (row.high - row.low) * share)

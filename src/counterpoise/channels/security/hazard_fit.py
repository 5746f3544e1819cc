"""Fitting the hazard of attack on past disputes: reads the panel, scores out of sample, writes the parameters.

Run: python -m counterpoise.channels.security.hazard_fit FOLDER OUT.csv (FOLDER holds the Correlates of War tables).
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from counterpoise._errors import Fault, InputError, fault
from counterpoise.channels.security.hazard import BASELINE, FULL, Array, Logit, Threat, design

FIRST, LAST, TRAIN_UNTIL = 1946, 2014, 2000
RIDGE = 1.0
TABLES = {
    "cow_mid5_ddyad_disputes_1946_2014.parquet": (
        "ccode1",
        "ccode2",
        "year",
        "cowmidongoing",
        "cowmidonset",
        "sidea1",
        "fatality",
        "hiact1",
        "hostlev",
    ),
    "cow_nmc_1946_2014.parquet": ("ccode", "year", "cinc"),
    "cow_contiguity_spells.parquet": ("ccode1", "ccode2", "conttype", "stdate", "enddate"),
}
# Major powers of the Correlates of War project and the year each became one again.
MAJORS = {2: 1946, 200: 1946, 220: 1946, 365: 1946, 710: 1950, 255: 1991, 740: 1991}
# Highest acts that take land or are war: occupation, declaration, weapons of mass destruction, war begun or joined.
TERRITORIAL_ACTS = (14, 18, 19, 20, 21)


@dataclass(frozen=True)
class Panel:
    """Directed pairs at risk by year: politically relevant, no dispute carried over; `x` (row, column), `y` onset."""

    year: Array
    pair: Array
    x: Array
    y: Array
    land: Array
    fatal: Array
    territorial: Array


class Fit(Logit):
    """A logit fitted here, its covariance clustered by pair of states."""

    def chance(self, x: Array) -> Array:
        """Fitted chances for rows of the full design."""
        columns = [FULL.index(name) for name in self.names]
        return _logistic(x[:, columns] @ self.coefficients)


def read_panel(folder: Path) -> Panel:
    """The rows at risk from the Correlates of War tables of a folder (Parquet; needs pyarrow).

    Every covariate of a year rests on earlier years, contiguity on its first day. Raises `InputError` (`E445`) where
    tables or columns are lacking.
    """
    disputes, capability, borders = _tables(folder)
    codes = np.unique(capability["ccode"].astype(int))
    at = {code: k for k, code in enumerate(codes)}
    years = np.arange(FIRST, LAST + 1)
    shape = (len(codes), len(codes), len(years))
    cinc = np.full((len(codes), len(years)), np.nan)
    for code, year, value in zip(capability["ccode"], capability["year"], capability["cinc"], strict=True):
        if FIRST <= year <= LAST:
            cinc[at[int(code)], int(year) - FIRST] = value
    began, carried, going = (np.zeros(shape, dtype=bool) for _ in range(3))
    fatal, territorial = (np.full(shape, -1, dtype=np.int8) for _ in range(2))
    for k, year in enumerate(disputes["year"].astype(int)):
        one, other = at[int(disputes["ccode1"][k])], at[int(disputes["ccode2"][k])]
        here = (one, other, year - FIRST)
        onset = disputes["cowmidonset"][k] == 1
        going[here] = disputes["cowmidongoing"][k] == 1
        carried[here] = not onset
        if onset and disputes["sidea1"][k] == 1:
            began[here] = True
            fatal[here] = -1 if disputes["fatality"][k] < 0 else disputes["fatality"][k] > 0
            territorial[here] = disputes["hiact1"][k] in TERRITORIAL_ACTS or disputes["hostlev"][k] == 5
    land, sea = _contiguity(borders, at, years)
    return _rows(codes, years, cinc, (began, carried, going), (fatal, territorial), (land, sea))


def fit(panel: Panel, names: tuple[str, ...], rows: Array) -> Fit:
    """A logit by Newton's method with a small ridge on standardised columns (not on the constant).

    The covariance is the sandwich clustered by unordered pair of states.
    """
    columns = [FULL.index(name) for name in names]
    x, y = panel.x[rows][:, columns], panel.y[rows].astype(float)
    scale = x.std(axis=0)
    penalty = RIDGE * np.where(scale > 0, scale, 0.0) ** 2
    beta = np.zeros(len(names))
    beta[0] = np.log(y.mean() / (1 - y.mean()))
    for _ in range(60):
        chance = _logistic(x @ beta)
        slope = x.T @ (y - chance) - penalty * beta
        curve = (x * (chance * (1 - chance))[:, None]).T @ x + np.diag(penalty)
        step = np.linalg.solve(curve, slope)
        # A whole step can overshoot where onsets are rare: halve it until the penalised likelihood does not fall.
        while _likelihood(x, y, beta + step, penalty) < _likelihood(x, y, beta, penalty) - 1e-9:
            step = step / 2
        beta = beta + step
        if np.abs(step).max() < 1e-10:
            break
    inverse = np.linalg.inv(curve)
    groups, index = np.unique(panel.pair[rows], return_inverse=True)
    by_pair = np.zeros((len(groups), len(names)))
    np.add.at(by_pair, index, x * (y - chance)[:, None])
    return Fit(names, beta, inverse @ (by_pair.T @ by_pair) @ inverse)


def scores(panel: Panel) -> dict[str, float]:
    """Out-of-sample scores of the full hazard beside the baseline: fitted to 2000, scored on 2001 to 2014.

    `log_score` is the mean log chance given to what happened (higher is better); `gain` the full model's over the
    baseline's in per mille of a nat per row with a 90 per cent interval from resampling pairs; `skill` the share of
    the distance from the constant rate of the training years to certainty; calibration slope and intercept of the
    log-odds (1 and 0 are perfect); `brier`; `auc`.
    """
    train, test = panel.year <= TRAIN_UNTIL, panel.year > TRAIN_UNTIL
    y = panel.y[test]
    found: dict[str, float] = {"train_rows": train.sum(), "train_onsets": panel.y[train].sum()}
    found |= {"test_rows": test.sum(), "test_onsets": y.sum()}
    flat = np.full(len(y), panel.y[train].mean())
    logs = {"constant": _log_score(flat, y)}
    for label, names in (("full", FULL), ("baseline", BASELINE)):
        chance = fit(panel, names, train).chance(panel.x[test])
        logs[label] = _log_score(chance, y)
        found[f"{label}_log_score"] = logs[label].mean()
        found[f"{label}_skill"] = 1 - logs[label].mean() / logs["constant"].mean()
        found[f"{label}_brier"] = np.mean((chance - y) ** 2)
        found[f"{label}_auc"] = _auc(chance, y)
        found[f"{label}_slope"], found[f"{label}_intercept"] = _calibration(chance, y)
        found[f"{label}_expected_onsets"] = chance.sum()
    found["constant_log_score"] = logs["constant"].mean()
    gain = 1000 * (logs["full"] - logs["baseline"])
    low, high = _by_pair(gain, panel.pair[test])
    found |= {"gain_per_mille": gain.mean(), "gain_low": low, "gain_high": high}
    return {name: float(value) for name, value in found.items()}


def calibration(panel: Panel, names: tuple[str, ...] = FULL, groups: int = 10) -> list[dict[str, float]]:
    """Chance and frequency by tenth of the chance, fitted to 2000 and met in 2001 to 2014."""
    train, test = panel.year <= TRAIN_UNTIL, panel.year > TRAIN_UNTIL
    chance, y = fit(panel, names, train).chance(panel.x[test]), panel.y[test]
    return [
        {"rows": float(len(part)), "chance": float(chance[part].mean()), "frequency": float(y[part].mean())}
        for part in np.array_split(np.argsort(chance, kind="stable"), groups)
    ]


def ladder_counts(panel: Panel, rows: Array) -> dict[str, float]:
    """Onsets by rung between states with a land border: how many took land or became war, killed, or neither."""
    began = rows & panel.y & panel.land
    territorial = panel.territorial[began] == 1
    known = ~territorial & (panel.fatal[began] >= 0)
    return {
        "territorial": float(territorial.sum()),
        "territorial_known": float(began.sum()),
        "fatal_only": float((panel.fatal[began] == 1)[known].sum()),
        "fatal_known": float(known.sum()),
    }


def write_parameters(panel: Panel, target: Path, fitted_on: date) -> None:
    """Write coefficients of all years with their covariance, ladder counts, and the scores out of sample."""
    everything = np.ones(len(panel.year), dtype=bool)
    full = fit(panel, FULL, everything)
    train, test = panel.year <= TRAIN_UNTIL, panel.year > TRAIN_UNTIL
    counts = ladder_counts(panel, everything)
    counts |= {f"{name}_to_2000": value for name, value in ladder_counts(panel, train).items()}
    counts |= {f"{name}_from_2001": value for name, value in ladder_counts(panel, test).items()}
    measured = {"rows": float(len(panel.year)), "onsets": float(panel.y.sum()), **scores(panel)}
    with target.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["what", "name", "value", "standard_error", *FULL])
        for name, value, row in zip(FULL, full.coefficients, full.covariance, strict=True):
            error = np.sqrt(row[FULL.index(name)])
            writer.writerow(["coefficient", name, f"{value:.8g}", f"{error:.4g}", *(f"{cell:.8g}" for cell in row)])
        for what, figures in (("count", counts), ("score", measured)):
            for name, value in figures.items():
                writer.writerow([what, name, f"{value:.8g}", "", *[""] * len(FULL)])
        for name, text in (("fitted_on", fitted_on.isoformat()), ("years", f"{FIRST}-{LAST}"), ("ridge", str(RIDGE))):
            writer.writerow(["fit", name, text, "", *[""] * len(FULL)])


def _tables(folder: Path) -> list[Mapping[str, Array]]:
    from pyarrow import parquet

    faults: list[Fault] = []
    tables: list[Mapping[str, Array]] = []
    for name, columns in TABLES.items():
        path = folder / name
        there = parquet.read_schema(path).names if path.is_file() else None
        lacking = list(columns) if there is None else [column for column in columns if column not in there]
        if lacking:
            found = "no such file" if there is None else f"no column {', '.join(lacking)}"
            rule = f"{name} has the columns {', '.join(columns)}"
            faults.append(fault("E445", where=str(path), found=found, rule=rule, fix="see docs/engines/security.md"))
        elif not faults:
            table = parquet.read_table(path, columns=list(columns))
            tables.append({column: np.asarray(table[column].to_pylist()) for column in columns})
    if faults:
        raise InputError(faults)
    return tables


def _contiguity(borders: Mapping[str, Array], at: dict[int, int], years: Array) -> tuple[Array, Array]:
    """Land and sea borders on the first day of each year, shape (state, state, year)."""
    land, sea = (np.zeros((len(at), len(at), len(years)), dtype=bool) for _ in range(2))
    for k, kind in enumerate(borders["conttype"]):
        one, other = int(borders["ccode1"][k]), int(borders["ccode2"][k])
        if kind not in {1, 2, 3, 4, 5} or one not in at or other not in at:
            continue
        start, end = str(borders["stdate"][k]), str(borders["enddate"][k])
        when = (years >= int(start[:4]) + (start[5:] > "01-01")) & (years <= int(end[:4]))
        (land if kind == 1 else sea)[at[one], at[other], when] = True
    return land, sea & ~land


def _rows(
    codes: Array,
    years: Array,
    cinc: Array,
    acts: tuple[Array, ...],
    ends: tuple[Array, ...],
    borders: tuple[Array, ...],
) -> Panel:
    """The design of every pair at risk in every year; loops over years, vectorised over pairs."""
    began, carried, going = acts
    land, sea = borders
    either = began | began.transpose(1, 0, 2)
    fought = going | going.transpose(1, 0, 2)
    last = np.full(land.shape[:2], -1)
    alive = np.isfinite(cinc)
    since = np.where(alive.any(axis=1), alive.argmax(axis=1), 0)
    parts: dict[str, list[Any]] = {name: [] for name in ("year", "pair", "x", "y", "land", "fatal", "territorial")}
    for t in range(1, len(years)):
        last[fought[:, :, t - 1]] = t - 1
        major = np.array([code in MAJORS and years[t] >= MAJORS[code] for code in codes])
        relevant = land[:, :, t] | sea[:, :, t] | major[:, None] | major[None, :]
        there = alive[:, t] & alive[:, t - 1]
        risk = relevant & there[:, None] & there[None, :] & ~(carried[:, :, t] | carried[:, :, t].T)
        np.fill_diagonal(risk, False)
        one, other = np.nonzero(risk)
        recent, five = slice(max(0, t - 10), t), slice(max(0, t - 5), t)
        attacks = began[:, :, five].sum(axis=2)
        start = np.maximum(since[one], since[other]) - 1
        threat = Threat(
            land_border=land[one, other, t],
            sea_border=sea[one, other, t],
            past_disputes=either[one, other, recent].sum(axis=1),
            past_attacks=began[one, other, recent].sum(axis=1),
            all_disputes=either[one, other, :t].sum(axis=1),
            peace_years=t - 1 - np.maximum(last[one, other], start),
            ratio=cinc[one, t - 1] / cinc[other, t - 1],
            size=cinc[one, t - 1] + cinc[other, t - 1],
            attacker_major=major[one],
            attacker_active=attacks.sum(axis=1)[one] - attacks[one, other],
            target_attacked=attacks.sum(axis=0)[other] - attacks[one, other],
        )
        parts["x"].append(design(threat))
        parts["year"].append(np.full(len(one), years[t]))
        parts["pair"].append(np.minimum(one, other) * len(codes) + np.maximum(one, other))
        parts["y"].append(began[one, other, t])
        parts["land"].append(land[one, other, t])
        parts["fatal"].append(ends[0][one, other, t])
        parts["territorial"].append(ends[1][one, other, t])
    return Panel(**{name: np.concatenate(values) for name, values in parts.items()})


def _logistic(score: Array) -> Array:
    return np.asarray(np.exp(-np.logaddexp(0.0, -score)))


def _likelihood(x: Array, y: Array, beta: Array, penalty: Array) -> float:
    score = x @ beta
    return float(y @ score - np.logaddexp(0.0, score).sum() - (penalty * beta**2).sum() / 2)


def _log_score(chance: Array, y: Array) -> Array:
    return np.asarray(np.where(y, np.log(chance), np.log1p(-chance)))


def _auc(chance: Array, y: Array) -> float:
    """The chance that a row with an onset was given a higher chance than one without, ties by half."""
    from scipy.stats import rankdata

    ranks, hits = rankdata(chance), int(y.sum())
    return float((ranks[y].sum() - hits * (hits + 1) / 2) / (hits * (len(y) - hits)))


def _calibration(chance: Array, y: Array) -> tuple[float, float]:
    """Slope and intercept of what happened on the log-odds of the chance, by a logit of two columns."""
    odds = np.log(chance / (1 - chance))
    x, beta = np.column_stack([np.ones_like(odds), odds]), np.array([0.0, 1.0])
    for _ in range(25):
        now = _logistic(x @ beta)
        beta = beta + np.linalg.solve((x * (now * (1 - now))[:, None]).T @ x, x.T @ (y - now))
    return float(beta[1]), float(beta[0])


def _by_pair(gain: Array, pair: Array, resamples: int = 400) -> tuple[float, float]:
    """The 90 per cent interval of a mean when whole pairs of states are drawn anew."""
    groups, index = np.unique(pair, return_inverse=True)
    total, size = np.bincount(index, weights=gain), np.bincount(index)
    rng = np.random.default_rng(1)
    weight = rng.multinomial(len(groups), np.full(len(groups), 1 / len(groups)), size=resamples)
    low, high = np.quantile((weight @ total) / (weight @ size), [0.05, 0.95])
    return float(low), float(high)


if __name__ == "__main__":
    write_parameters(read_panel(Path(sys.argv[1])), Path(sys.argv[2]), date.today())

"""Posterior predictive checks: what the law would have made of the past, beside what the past was.

At every origin the law draws each state's next value from what was known then. Statistics of the drawn changes are set
beside those of the real ones; a statistic in the far tail of its replicates is a feature of the world that the law
does not have (Gelman, Meng and Stern 1996, key `gelman1996`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from counterpoise._errors import InputError, fault
from counterpoise._result import Meta, Result, hash_file
from counterpoise.history.panel import read_panel
from counterpoise.history.predict import law_predictive
from counterpoise.history.targets import Target, make_target

Array = Any

REPLICATES = 400
# Draws of the parameters among which the replicates are shared.
PARAMETER_DRAWS = 40
# A statistic whose two-sided tail share is below this is flagged: seven are looked at, of which one in twenty runs
# would flag one by chance.
FLAGGED = 0.05 / 7
# With fewer no tail share could be small enough to be flagged.
FEWEST_REPLICATES = 300
FEWEST_CASES = 50
CITES = ("gelman1996",)


@dataclass(frozen=True)
class Moves:
    """Changes over a horizon and what was known before them, each (case,): a case is a state at an origin.

    `before` is the change of the year before the origin, `usual` the state's usual change so far (a standard
    deviation), `side` how far it stood from the middle of its session; `state` and `origin` are places.
    """

    change: Array
    before: Array
    usual: Array
    side: Array
    state: Array
    origin: Array


def beyond_two_sd(moves: Moves) -> float:
    """Share of changes over twice the state's usual one."""
    return float((np.abs(moves.change) > 2 * moves.usual).mean())


def beyond_four_sd(moves: Moves) -> float:
    """Share of changes over four times the state's usual one."""
    return float((np.abs(moves.change) > 4 * moves.usual).mean())


def typical_change(moves: Moves) -> float:
    """Median size of a change."""
    return float(np.median(np.abs(moves.change)))


def autocorrelation(moves: Moves) -> float:
    """Correlation of a change with the one before it, both over the state's usual one."""
    known = np.isfinite(moves.before)
    return _correlation(_scaled(moves.change, moves)[known], _scaled(moves.before, moves)[known])


def volatility_clustering(moves: Moves) -> float:
    """Correlation of the sizes of successive changes, in logs: whether a stirred state stays stirred."""
    known = np.isfinite(moves.before)
    now, then = np.log(np.abs(moves.change[known]) + 1e-3), np.log(np.abs(moves.before[known]) + 1e-3)
    return _correlation(now, then)


def common_movement(moves: Moves) -> float:
    """Mean correlation of two states' changes in a session: how much all move together."""
    scaled = np.clip(_scaled(moves.change, moves), -4, 4)
    count = np.bincount(moves.origin)
    total = np.bincount(moves.origin, scaled)
    square = np.bincount(moves.origin, scaled**2)
    pairs = count * (count - 1)
    return float((total**2 - square)[pairs > 0].sum() / pairs[pairs > 0].sum() / (scaled**2).mean())


def crossings(moves: Moves) -> float:
    """Share of changes that carry a state over the middle of its session."""
    return float((np.sign(moves.side + moves.change) * np.sign(moves.side) < 0).mean())


STATISTICS: dict[str, Callable[[Moves], float]] = {
    "beyond_two_sd": beyond_two_sd,
    "beyond_four_sd": beyond_four_sd,
    "typical_change": typical_change,
    "autocorrelation": autocorrelation,
    "volatility_clustering": volatility_clustering,
    "common_movement": common_movement,
    "crossings": crossings,
}


@dataclass(frozen=True)
class Check(Result):
    """Each statistic as it was and as the law would have it; `replicated[name]` is (replicate,)."""

    observed: dict[str, float]
    replicated: dict[str, Array]
    target: str
    horizon: int
    cases: int
    years: tuple[int, int]
    fitted: str
    meta: Meta

    def rows(self) -> list[dict[str, Any]]:
        """One row a statistic: observed, the middle 95 per cent of replicates, and the two-sided tail share."""
        rows = []
        for name, seen in self.observed.items():
            drawn = self.replicated[name]
            low, middle, high = np.quantile(drawn, [0.025, 0.5, 0.975])
            tail = tail_share(seen, drawn)
            rows.append(
                {
                    "statistic": name,
                    "observed": seen,
                    "low": low,
                    "replicated": middle,
                    "high": high,
                    "tail_share": tail,
                    "flagged": bool(tail < FLAGGED),
                    "what": (STATISTICS[name].__doc__ or "").splitlines()[0],
                }
            )
        return rows

    def body(self) -> dict[str, Any]:
        return {
            "target": self.target,
            "horizon": self.horizon,
            "cases": self.cases,
            "years": list(self.years),
            "fitted": self.fitted,
            "replicates": len(next(iter(self.replicated.values()))),
            "statistics": self.rows(),
        }

    def table(self) -> list[dict[str, Any]]:
        return self.rows()

    @property
    def exit_code(self) -> int:
        """1 when some statistic of the past lies in the far tail of what the law would have made."""
        return int(any(row["flagged"] for row in self.rows()))

    @property
    def plot(self) -> Any:
        """Replicates of each statistic with the observed one, a panel each."""
        from counterpoise.history._check_plot import check_chart

        return check_chart(self)


def tail_share(observed: float, drawn: Array) -> float:
    """Two-sided: twice the smaller share of replicates on either side, the observed one counted among them."""
    count = len(drawn) + 1
    above, below = (drawn >= observed).sum() + 1, (drawn <= observed).sum() + 1
    return float(min(1.0, 2 * min(above, below) / count))


def compare(observed: Moves, replicates: Iterator[Moves]) -> tuple[dict[str, float], dict[str, Array]]:
    """Every statistic of the real changes and of each set of drawn ones."""
    seen = {name: measure(observed) for name, measure in STATISTICS.items()}
    drawn: dict[str, list[float]] = {name: [] for name in STATISTICS}
    for moves in replicates:
        for name, measure in STATISTICS.items():
            drawn[name].append(measure(moves))
    return seen, {name: np.array(values) for name, values in drawn.items()}


def moves_of(target: Target, horizon: int) -> tuple[Moves, Array, Array]:
    """The real changes of a target over a horizon, with the places of states and years that they start from."""
    known = target.features
    value = known.value
    last = value.shape[1] - horizon
    ready = np.isfinite(value[:, :last]) & np.isfinite(known.long_volatility[:, :last])
    ready &= np.isfinite(target.raw[:, horizon:]) & (np.arange(last) >= WARM_UP)
    client, year = np.nonzero(ready)
    if len(client) < FEWEST_CASES:
        raise InputError([_too_few(len(client))])
    before = value[client, year] - value[client, year - 1]
    # A mean absolute change is 0.8 of a normal's standard deviation.
    usual = known.long_volatility[client, year] * np.sqrt(np.pi / 2)
    middle = np.nanmedian(value, axis=0)
    change = target.raw[client, year + horizon] * target.unit - (value + target.session)[client, year]
    side = value[client, year] - middle[year]
    return Moves(change, before, usual, side, client, year), client, year


# Sessions before the first origin that is checked: features need a past.
WARM_UP = 3


def draw_moves(
    target: Target, observed: Moves, horizon: int, theta: Any, rng: np.random.Generator, times: int
) -> Iterator[Moves]:
    """Sets of changes that the law draws from each origin with these parameters; a session's effect is common."""
    from counterpoise.history.estimate import pairs_of

    client, year = observed.state, observed.origin
    ahead: Any = law_predictive(pairs_of(target, client, year), theta, (horizon,))[horizon]
    now = target.features.value[client, year]
    effect = {
        int(place): replace(target, session=target.session[: place + 1]).session_ahead(horizon)
        for place in np.unique(year)
    }
    widths = _session_widths(pairs_of(target, client[:1], year[:1]), horizon, theta)
    for _ in range(times):
        side = rng.integers(0, len(ahead.sides), len(client))
        drawn = np.empty(len(client))
        for which, (means, chances, sd) in enumerate(ahead.sides):
            mine = side == which
            level = rng.random(mine.sum())[:, None] * chances[mine].sum(axis=1)[:, None]
            cell = np.minimum((chances[mine].cumsum(axis=1) < level).sum(axis=1), means.shape[1] - 1)
            drawn[mine] = means[mine, :][np.arange(mine.sum()), cell] + sd[mine] * rng.standard_normal(mine.sum())
        common = np.zeros(target.session.shape)
        for place, (mean, variance) in effect.items():
            common[place] = mean - target.session[place]
            common[place] += rng.choice(widths) * np.sqrt(variance) * rng.standard_normal()
        yield replace(observed, change=drawn - now + common[year])


def _session_widths(one: Any, horizon: int, theta: Any) -> list[float]:
    """How wide the law takes a session's effect to be, over its stated spread, at each doubt of the volatility."""
    bare: Any = law_predictive(one, theta, (horizon,))[horizon]
    wide: Any = law_predictive(one, theta, (horizon,), session={horizon: (0.0, 1.0)})[horizon]
    sides = zip(bare.sides, wide.sides, strict=True)
    return [float(np.sqrt(max(with_it[2][0] ** 2 - without[2][0] ** 2, 0.0))) for without, with_it in sides]


def check_law(
    path: str | Path,
    *,
    target: str = "ideal_point",
    patron: str = "USA",
    until: int | None = None,
    horizon: int = 1,
    replicates: int = REPLICATES,
    seed: int = 0,
    tell: Callable[[str], None] = lambda _: None,
) -> Check:
    """Fit the law to a panel's rows up to `until`, and set what it would have made of them beside what they are.

    Parameters are drawn from the posterior by importance sampling and refused where that fails (E962). Raises also
    E950-E956 and E960, E961, E972 (too few changes, or arguments that leave nothing to draw).
    """
    from counterpoise.history import motion
    from counterpoise.history.diagnose import check_laplace
    from counterpoise.history.estimate import fit_law, laplace
    from counterpoise.history.posterior import PAIRS

    if not 1 <= horizon <= 10 or replicates < FEWEST_REPLICATES:
        raise InputError([_arguments(horizon, replicates)])
    panel = read_panel(path, until=until)
    here = make_target(panel, target, patron)
    observed, _, _ = moves_of(here, horizon)
    rng = np.random.default_rng([seed, 0])
    done = fit_law(here, rng, most=PAIRS)
    tell(f"{done.pairs} pairs, {len(observed.change)} changes over {horizon} years")
    raw, weights = laplace(here, done, np.random.default_rng([seed, 0]), 200, most=PAIRS)
    check_laplace(weights, where=f"fit of {target}, rows up to {panel.years[-1]}")
    kept = raw[rng.choice(len(raw), PARAMETER_DRAWS, p=weights / weights.sum())]
    phi = done.draw_phi(rng, PARAMETER_DRAWS)

    def all_moves() -> Iterator[Moves]:
        for place, (one, pull) in enumerate(zip(kept, phi, strict=True)):
            times = replicates // PARAMETER_DRAWS + (place < replicates % PARAMETER_DRAWS)
            theta = motion.parameters(one)._replace(phi=pull)
            yield from draw_moves(here, observed, horizon, theta, rng, times)

    seen, drawn = compare(observed, all_moves())
    meta = Meta(seed=seed, inputs={str(path): hash_file(Path(path))}, cites=CITES)
    fitted = f"{done.pairs} pairs, {PARAMETER_DRAWS} draws of the posterior"
    name = f"{target} {patron}" if target == "agreement" else target
    return Check(seen, drawn, name, horizon, len(observed.change), (panel.years[0], panel.years[-1]), fitted, meta)


def _scaled(change: Array, moves: Moves) -> Array:
    return change / np.maximum(moves.usual, 1e-9)


def _correlation(a: Array, b: Array) -> float:
    return float(np.corrcoef(a, b)[0, 1]) if len(a) > 2 and a.std() > 0 and b.std() > 0 else 0.0


def _too_few(count: int) -> Any:
    return fault(
        "E972",
        where="predictive check",
        found=f"{count} changes",
        rule=f"a check needs at least {FEWEST_CASES} changes of states after {WARM_UP} sessions",
        fix="give a longer panel, or a shorter horizon",
    )


def _arguments(horizon: int, replicates: int) -> Any:
    return fault(
        "E972",
        where="arguments of the check",
        found=f"horizon {horizon}, {replicates} replicates",
        rule=f"a horizon is 1 to 10 years, and there are at least {FEWEST_REPLICATES} replicates",
        fix="change --horizon or --replicates",
    )

"""A game with judged payoffs: how its outcomes spread over draws from the ranges, lambda by lambda."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from counterpoise._errors import InputError, fault
from counterpoise._result import Meta, Result
from counterpoise.bargain.backward import sees_every_move, solve_backwards
from counterpoise.bargain.deterrence import CITES, FORMS
from counterpoise.bargain.form import Form, agent_form, outcome_chances, strategic_form
from counterpoise.bargain.game import Table, Tree
from counterpoise.bargain.qre import follow

Array = NDArray[np.float64]

LEVELS = {"p05": 0.05, "p50": 0.5, "p95": 0.95}
LAMBDAS = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0)
MAX_DRAWS = 10_000


@dataclass(frozen=True)
class GameDraws(Result):
    """Outcomes and choices of a game over draws of its payoffs, each drawn game scaled to a range of 1.

    `chances[draw, lambda, outcome]`; `choices[draw, lambda, option]` in the order of `options` (chooser, option).
    `payoffs[draw, outcome, player]` are the drawn payoffs as they stood in the file's units.
    """

    title: str
    form: str
    lambdas: tuple[float, ...]
    outcomes: tuple[str, ...]
    options: tuple[tuple[str, str], ...]
    chances: Array
    choices: Array
    payoffs: Array
    meta: Meta

    def body(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "form": self.form,
            "draws": len(self.chances),
            "lambdas": [
                {
                    "lambda": rate,
                    "outcomes": [
                        {"label": label, "probability": _band(self.chances[:, at, column])}
                        for column, label in enumerate(self.outcomes)
                    ],
                    "choices": [
                        {"chooser": chooser, "label": label, "probability": _band(self.choices[:, at, column])}
                        for column, (chooser, label) in enumerate(self.options)
                    ],
                }
                for at, rate in enumerate(self.lambdas)
            ],
        }

    def table(self) -> list[dict[str, Any]]:
        return [
            {"lambda": rate, "outcome": label, **_band(self.chances[:, at, column])}
            for at, rate in enumerate(self.lambdas)
            for column, label in enumerate(self.outcomes)
        ]

    def plot(self) -> Any:
        """The chance of each outcome against lambda, with its range; needs the extra `charts`."""
        import altair as alt

        rows = [{**row, "lambda": f"{row['lambda']:g}"} for row in self.table()]
        title = f"{self.title}: outcomes over {len(self.chances):,} draws ({self.form} form)"
        y = alt.Y("lambda:N", sort=None)
        x = alt.X("p05:Q", title="chance, 5 to 95 per cent of draws", scale=alt.Scale(domain=[0, 1]))
        base = alt.Chart().encode(y=y, color="outcome:N")
        bars, ticks = base.mark_bar(size=3).encode(x=x, x2="p95"), base.mark_tick(thickness=2).encode(x="p50:Q")
        return alt.layer(bars, ticks, data=alt.Data(values=rows), title=title).facet(
            row=alt.Row("outcome:N", title=None)
        )

    def share(self, statement: Callable[[dict[str, float]], bool], *, rate: float) -> float:
        """The share of draws in which a statement about the outcomes' chances holds at a lambda."""
        at = self.lambdas.index(rate)
        rows = (dict(zip(self.outcomes, row.tolist(), strict=True)) for row in self.chances[:, at])
        return float(np.mean([statement(row) for row in rows]))


def deter_draws(
    game: Tree | Table,
    *,
    seed: int,
    draws: int,
    lambdas: Sequence[float] = LAMBDAS,
    form: str = "agent",
    meta: Meta | None = None,
) -> GameDraws:
    """How a game is played over draws of its judged payoffs, triangular over their ranges.

    Each drawn game is scaled so that the widest range of a player's payoffs is 1; lambdas count in that range. Member
    `k` depends on the seed and `k` alone. Raises `InputError` (`E204`, `E511`, `E512`) or `SolveError` (`E513`).
    """
    good = lambdas and all(np.isfinite(rate) and rate >= 0 for rate in lambdas)
    if not good or form not in FORMS or seed < 0 or not 1 <= draws <= MAX_DRAWS:
        rule = f"draws are 1 to {MAX_DRAWS:,}, the seed and lambdas 0 or more, the form one of {', '.join(FORMS)}"
        found = f"draws {draws}, seed {seed}, lambdas {list(lambdas)}, form {form}"
        raise InputError([fault("E204", where="draws", found=found[:120], rule=rule, fix="mend the argument")])
    solved = agent_form(game) if form == "agent" else strategic_form(game)
    drawn = draw_payoffs(game, seed=seed, draws=draws)
    met = np.zeros((len(solved.met), len(game.outcomes)))
    for leaf, outcomes in enumerate(solved.met):
        for outcome in outcomes:
            met[leaf, outcome] += 1.0
    scaled = drawn / _spreads(met, drawn)[:, None, None]
    mixed = _mixtures(game, solved, scaled, met, list(lambdas))
    chances = [[[chance for _, chance in outcome_chances(solved, one)] for one in member] for member in mixed]
    choices = [[np.concatenate(one) for one in member] for member in mixed]
    labels = tuple(label for label, _ in outcome_chances(solved, [np.ones(len(found)) for found in solved.labels]))
    known = replace(meta or Meta(), seed=seed, cites=CITES[form])
    return GameDraws(
        title=game.title,
        form=form,
        lambdas=tuple(lambdas),
        outcomes=labels,
        options=tuple(
            (name, label) for name, found in zip(_choosers(solved), solved.labels, strict=True) for label in found
        ),
        chances=np.array(chances),
        choices=np.array(choices),
        payoffs=drawn,
        meta=known,
    )


def draw_payoffs(game: Tree | Table, *, seed: int, draws: int) -> Array:
    """Payoffs `[draw, outcome, player]`, triangular over the judged ranges; the mode where there is none."""
    mode = np.array([[float(value) for value in outcome.payoffs] for outcome in game.outcomes])
    low = np.array([[float(value) for value in outcome.low or outcome.payoffs] for outcome in game.outcomes])
    high = np.array([[float(value) for value in outcome.high or outcome.payoffs] for outcome in game.outcomes])
    uniform = np.random.default_rng(seed).random((draws, *mode.shape))
    width = np.where(high > low, high - low, 1.0)
    rise = low + np.sqrt(uniform * width * (mode - low))
    fall = high - np.sqrt((1 - uniform) * width * (high - mode))
    return np.where(high > low, np.where(uniform < (mode - low) / width, rise, fall), mode)


def _mixtures(game: Tree | Table, solved: Form, scaled: Array, met: Array, lambdas: list[float]) -> list[Any]:
    """How each chooser mixes, as arrays by draw, lambda and chooser."""
    if solved.kind == "agent" and isinstance(game, Tree) and sees_every_move(game):
        by_rate = [solve_backwards(game, scaled, rate) for rate in lambdas]
        return [[[odds[draw] for odds in found] for found in by_rate] for draw in range(len(scaled))]
    forms = (replace(solved, payoffs=met @ payoffs) for payoffs in scaled)
    return [[list(mixture) for mixture in follow(one, lambdas).mixtures] for one in forms]


def _spreads(met: Array, drawn: Array) -> Array:
    """Each draw's widest range of a player's payoffs over the endings, 1 where nothing is at stake."""
    spread = np.ptp(np.einsum("lo,dop->dlp", met, drawn), axis=1).max(axis=1)
    return np.where(spread > 0, spread, 1.0)


def _choosers(form: Form) -> list[str]:
    if form.asked is None:
        return list(form.names)
    return [f"{form.players[owner]}: {name}" for owner, name in zip(form.owner, form.names, strict=True)]


def _band(values: Array) -> dict[str, float]:
    return dict(zip(LEVELS, np.quantile(values, list(LEVELS.values())).tolist(), strict=True))

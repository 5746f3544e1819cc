"""What ambiguity buys and risks: one commitment beside a formal guarantee and beside none, over draws of the stakes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from counterpoise._errors import InputError, fault
from counterpoise._result import Meta, Result
from counterpoise.bargain.ambiguity import PLAYERS, Play, Stakes, at_mode, draw_stakes, play, scales

Array = NDArray[np.float64]

REGIMES = ("none", "ambiguous", "formal")
MEASURES = ("pressed", "war", "joined", "yielded", "abandoned", "bold")
LAMBDAS = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0)
LEVELS = {"p05": 0.05, "p50": 0.5, "p95": 0.95}
GRID = tuple(round(0.05 * step, 2) for step in range(21))
CITES = ("mckelvey1998", "signorino1999")


@dataclass(frozen=True)
class CommitmentResult(Result):
    """How three commitments are played, lambda by lambda; `plays[lambda][regime]` holds the draws.

    `drawn` are the stakes of each draw; `over_ambiguity[lambda]` the chance of a challenge at the stakes' modes for
    the ambiguities in `GRID`. `rows` are the ids of the region's rows that the stakes rest on, `assumed` the stakes
    that are judgement alone.
    """

    lambdas: tuple[float, ...]
    drawn: dict[str, Array]
    plays: tuple[dict[str, Play], ...]
    over_ambiguity: tuple[Array, ...]
    meta: Meta
    rows: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()

    def body(self) -> dict[str, Any]:
        return {
            "commitments": [
                {
                    "lambda": rate,
                    "regimes": {name: _summary(found) for name, found in plays.items()},
                    "ambiguous_minus_formal": _differences(plays["ambiguous"], plays["formal"]),
                    "ambiguous_minus_none": _differences(plays["ambiguous"], plays["none"]),
                    "moral_hazard": {
                        name: _band(plays[name].bold - plays["none"].bold) for name in ("ambiguous", "formal")
                    },
                    "best_for": {player: self.best_for(at, player) for player in PLAYERS},
                    "fails_when": self.fails_when(at),
                    "challenge_by_ambiguity": dict(zip(map(str, GRID), self.over_ambiguity[at], strict=True)),
                }
                for at, (rate, plays) in enumerate(zip(self.lambdas, self.plays, strict=True))
            ],
            "draws": len(self.drawn["resolve"]),
            "stakes": {name: _band(values) for name, values in self.drawn.items()},
            "facts": list(self.rows),
            "assumed": list(self.assumed),
        }

    def table(self) -> list[dict[str, Any]]:
        return [
            {"lambda": rate, "commitment": name, **{key: float(np.median(getattr(found, key))) for key in MEASURES}}
            for rate, plays in zip(self.lambdas, self.plays, strict=True)
            for name, found in plays.items()
        ]

    def best_for(self, at: int, player: str) -> dict[str, float]:
        """The share of draws in which each commitment leaves the player best off."""
        who = PLAYERS.index(player)
        worth = np.stack([self.plays[at][name].payoffs[:, who] for name in REGIMES])
        best = worth.argmax(axis=0)
        return {name: float((best == at_) .mean()) for at_, name in enumerate(REGIMES)}  # fmt: skip

    def fails_when(self, at: int, *, regime: str = "ambiguous") -> list[dict[str, Any]]:
        """Which stakes go with a challenge under the commitment, strongest first.

        Rank correlation of each stake with the chance of a challenge, with the median stake among the draws where a
        challenge is likelier than not (None where there is no such draw).
        """
        pressed = self.plays[at][regime].pressed
        failed = pressed > 0.5
        rows = []
        for name, values in self.drawn.items():
            if np.ptp(values) > 0 and np.ptp(pressed) > 0:
                link = float(np.corrcoef(_ranks(values), _ranks(pressed))[0, 1])
                typical = float(np.median(values[failed])) if failed.any() else None
                rows.append({"stake": name, "rank_correlation": link, "median_when_failed": typical})
        return sorted(rows, key=lambda row: -abs(row["rank_correlation"]))

    def plot(self) -> Any:
        """The chance of a challenge against ambiguity, one line per lambda; needs the extra `charts`."""
        import altair as alt

        rows = [
            {"ambiguity": level, "challenge": float(chance), "lambda": f"{rate:g}"}
            for rate, chances in zip(self.lambdas, self.over_ambiguity, strict=True)
            for level, chance in zip(GRID, chances, strict=True)
        ]
        chart = alt.Chart(alt.Data(values=rows), title="How ambiguity changes the chance of a challenge (modes)")
        x = alt.X("ambiguity:Q", title="ambiguity (0 automatic duty, 1 words only)")
        y = alt.Y("challenge:Q", title="chance of a challenge", scale=alt.Scale(domain=[0, 1]))
        return chart.mark_line().encode(x=x, y=y, color="lambda:N", strokeDash="lambda:N")


def compare_commitments(
    stakes: Stakes, *, seed: int, draws: int = 2_000, lambdas: Sequence[float] = LAMBDAS, meta: Meta | None = None
) -> CommitmentResult:
    """What an ambiguous commitment buys and risks beside a formal guarantee and beside no commitment at all.

    The three face the same draws of the stakes; payoffs are scaled to a range of 1 for each player, and lambdas count
    in that range. Raises `InputError` (`E204` arguments, `E514` stakes).
    """
    if not lambdas or not all(np.isfinite(rate) and 0 <= rate <= 1e4 for rate in lambdas):
        rule = "lambdas are one or more numbers from 0 to 10,000"
        raise InputError([fault("E204", where="lambdas", found=str(list(lambdas))[:60], rule=rule, fix="mend them")])
    drawn = draw_stakes(stakes, seed=seed, draws=draws)
    regimes = {"none": np.ones(draws), "ambiguous": drawn["ambiguity"], "formal": drawn["formal"]}
    scale = scales(drawn, regimes)
    plays = tuple(
        {name: play(drawn, ambiguity, scale, rate) for name, ambiguity in regimes.items()} for rate in lambdas
    )
    middle = at_mode(stakes)
    grid = {str(level): np.array([level]) for level in GRID}
    one = scales(middle, grid)
    curves = tuple(np.array([play(middle, level, one, rate).pressed[0] for level in grid.values()]) for rate in lambdas)
    known = replace(meta or Meta(), seed=seed, cites=CITES)
    return CommitmentResult(tuple(lambdas), drawn, plays, curves, known)


def stake_names() -> tuple[str, ...]:
    """The names of the stakes, in order."""
    return tuple(entry.name for entry in fields(Stakes))


def _summary(found: Play) -> dict[str, Any]:
    bands = {name: _band(getattr(found, name)) for name in MEASURES}
    return {**bands, "payoffs": {player: _band(found.payoffs[:, at]) for at, player in enumerate(PLAYERS)}}


def _differences(one: Play, other: Play) -> dict[str, Any]:
    bands = {name: _band(getattr(one, name) - getattr(other, name)) for name in MEASURES}
    gains = {player: _band(one.payoffs[:, at] - other.payoffs[:, at]) for at, player in enumerate(PLAYERS)}
    return {**bands, "payoffs": gains}


def _band(values: Array) -> dict[str, float]:
    found = np.quantile(values, list(LEVELS.values()))
    return dict(zip(LEVELS, found.tolist(), strict=True))


def _ranks(values: Array) -> Array:
    order = np.empty(len(values))
    order[np.argsort(values, kind="stable")] = np.arange(len(values))
    return order

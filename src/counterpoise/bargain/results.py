"""What a bargain gives back: positions round by round, who moved whom and why, and distributions over draws."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from counterpoise._result import Meta, Result
from counterpoise.bargain.scholz import Options, median_position

Array = NDArray[np.float64]
LEVELS = {"p05": 0.05, "p50": 0.5, "p95": 0.95}


@dataclass(frozen=True, slots=True)
class Round:
    """The state after a round: `position[actor, issue]`, and the centre of it on each issue.

    `risk` is `[actor]`, or `[actor, issue]` where each issue is a game of its own; `probability[actor]` (`ktab-smp`)
    is the chance that the actor's position wins.
    """

    number: int
    median: Array
    mean: Array
    position: Array
    risk: Array
    probability: Array | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """An actor's move in a round: at whose hand, by which kind of offer, from where to where, for what stakes.

    `gain` and `other_gain` are the expected utilities to the mover and to the other as the one who decides sees them.
    """

    round: int
    actor: str
    other: str
    kind: str
    issue: str | None
    start: Any
    end: Any
    gain: float
    other_gain: float


@dataclass(frozen=True)
class BargainResult(Result):
    """Where a bargain leads, round by round, and who moved whom."""

    variant: str
    actors: tuple[str, ...]
    issues: tuple[str, ...]
    rounds: tuple[Round, ...]
    settled: bool
    moves: tuple[Move, ...]
    options: Options | None
    meta: Meta
    details: tuple[Any, ...] = field(default=(), repr=False)

    def body(self) -> dict[str, Any]:
        return {
            "rounds": [self._round(state) for state in self.rounds],
            "settled": self.settled,
            "variant": self.variant,
            "issues": [name for name in self.issues if name],
            "options": None if self.options is None else asdict(self.options),
            "moves": [_plain_move(move) for move in self.moves],
        }

    def table(self) -> list[dict[str, Any]]:
        """The last round beside the first, one row per actor, then the centre."""
        first, last = self.rounds[0], self.rounds[-1]
        rows = []
        for issue, name in enumerate(self.issues):
            label = {"issue": name} if name else {}
            for actor, who in enumerate(self.actors):
                ends = {"start": float(first.position[actor, issue]), "end": float(last.position[actor, issue])}
                rows.append({**label, "actor": who, **ends, "moved by": self._movers(who, name)})
            for centre in ("median", "mean"):
                ends = {"start": float(getattr(first, centre)[issue]), "end": float(getattr(last, centre)[issue])}
                state = "settled" if self.settled else "not settled"
                rows.append({**label, "actor": f"({centre})", **ends, "moved by": f"{state} in {last.number} rounds"})
        return rows

    def plot(self) -> Any:
        """Positions over the rounds, one line per actor; needs the extra `charts`."""
        import altair as alt

        rows = [
            {"round": state.number, "actor": who, "issue": name or "position", "position": float(value)}
            for state in self.rounds
            for issue, name in enumerate(self.issues)
            for who, value in zip(self.actors, state.position[:, issue], strict=True)
        ]
        outcome = "settles" if self.settled else "does not settle"
        title = f"The bargain {outcome} in {self.rounds[-1].number} rounds ({self.variant}, n = {len(self.actors)})"
        return (
            alt.Chart(alt.Data(values=rows), title=title)
            .mark_line(point=True)
            .encode(
                x=alt.X("round:O", title="round"),
                y=alt.Y("position:Q", title="position on the issue's scale", scale=alt.Scale(zero=False)),
                color=alt.Color("actor:N"),
                strokeDash=alt.StrokeDash("actor:N"),
                row=alt.Row("issue:N", title=None),
                tooltip=["actor:N", "issue:N", "round:O", "position:Q"],
            )
        )

    def plot_moves(self) -> Any:
        """Who moved whom: how often each actor moved at each other's hand; needs the extra `charts`."""
        import altair as alt

        rows = [asdict(move) for move in self.moves]
        title = f"Who moved whom in {self.rounds[-1].number} rounds ({self.variant}, {len(rows)} moves)"
        data = alt.Data(values=[{"moved": row["actor"], "by": row["other"], "kind": row["kind"]} for row in rows])
        chart = alt.Chart(data, title=title).mark_rect()
        moved = alt.Y("moved:N", title="moved", sort=list(self.actors))
        by = alt.X("by:N", title="at the hand of", sort=list(self.actors))
        counted = chart.encode(y=moved, x=by, color=alt.Color("count():Q", title="moves"))
        return counted + alt.Chart(data).mark_text().encode(y=moved, x=by, text="count():Q")

    def _round(self, state: Round) -> dict[str, Any]:
        risk = state.risk if state.risk.ndim == 1 else _scalars(state.risk)
        body = {
            "round": state.number,
            "median": _scalars(state.median[None])[0],
            "mean": _scalars(state.mean[None])[0],
            "positions": dict(zip(self.actors, _scalars(state.position), strict=True)),
            "risk": dict(zip(self.actors, risk, strict=True)),
        }
        if state.probability is not None:
            body["probability"] = dict(zip(self.actors, state.probability, strict=True))
        return body

    def _movers(self, who: str, issue: str) -> str:
        mine = [move for move in self.moves if move.actor == who and move.issue in (None, issue)]
        counts: dict[str, int] = {}
        for move in mine:
            counts[move.other] = counts.get(move.other, 0) + 1
        return ", ".join(f"{other} {times}x" for other, times in sorted(counts.items(), key=lambda item: -item[1]))


@dataclass(frozen=True)
class BargainDraws(Result):
    """A bargain over many draws of its inputs: every figure a distribution.

    `positions[round, draw, actor, issue]`, `weight[draw, actor, issue]`, `settled[draw]`, `length[draw]` in rounds;
    `moved[mover, other]` is the number of moves per draw that the mover made at the other's hand.
    """

    variant: str
    actors: tuple[str, ...]
    issues: tuple[str, ...]
    positions: Array
    weight: Array
    settled: NDArray[np.bool_]
    length: NDArray[np.int64]
    moved: Array
    options: Options | None
    meta: Meta

    def mean_positions(self) -> Array:
        """The weighted mean by round, draw and issue."""
        return (self.positions * self.weight).sum(axis=2) / self.weight.sum(axis=1)

    def settled_positions(self) -> dict[str, Array]:
        """Where each draw ends, `[draw, issue]`: the weighted `mean` and the `median` (Condorcet) position."""
        last = self.positions[-1]
        one = np.ones(last.shape[:2])
        medians = [
            median_position(one, self.weight[:, :, issue], last[:, :, issue]) for issue in range(len(self.issues))
        ]
        return {"median": np.stack(medians, axis=1), "mean": self.mean_positions()[-1]}

    def body(self) -> dict[str, Any]:
        means = self.mean_positions()
        rounds = []
        for number, place in enumerate(self.positions):
            quantiles = np.quantile(place, list(LEVELS.values()), axis=0)
            rounds.append(
                {
                    "round": number,
                    "mean": _bands(np.quantile(means[number], list(LEVELS.values()), axis=0)),
                    "positions": {who: _bands(quantiles[:, actor]) for actor, who in enumerate(self.actors)},
                }
            )
        return {
            "rounds": rounds,
            "settled": float(self.settled.mean()),
            "draws": int(self.settled.size),
            "variant": self.variant,
            "issues": [name for name in self.issues if name],
            "options": None if self.options is None else asdict(self.options),
            "moved": self.who_moved_whom(),
            "ends": {
                name: _bands(np.quantile(found, list(LEVELS.values()), axis=0))
                for name, found in self.settled_positions().items()
            },
        }

    def who_moved_whom(self) -> list[dict[str, Any]]:
        """Pairs by moves per draw, most frequent first."""
        pairs = [
            {"actor": who, "other": other, "moves_per_draw": float(self.moved[i, j])}
            for i, who in enumerate(self.actors)
            for j, other in enumerate(self.actors)
            if self.moved[i, j] > 0
        ]
        return sorted(pairs, key=lambda pair: -pair["moves_per_draw"])

    def table(self) -> list[dict[str, Any]]:
        """The end beside the median start, one row per actor with those who moved it most, then the centre."""
        rows = []
        centres = self.settled_positions()
        starts = self.positions[0]
        for issue, name in enumerate(self.issues):
            label = {"issue": name} if name else {}
            for actor, who in enumerate(self.actors):
                bands = _bands(np.quantile(self.positions[-1][:, actor, issue], list(LEVELS.values()))[:, None])
                start = float(np.median(starts[:, actor, issue]))
                rows.append({**label, "actor": who, "start": start, **bands, "moved by": self._movers(actor)})
            first = {
                "median": median_position(np.ones(starts.shape[:2]), self.weight[:, :, issue], starts[:, :, issue]),
                "mean": self.mean_positions()[0][:, issue],
            }
            for centre, found in centres.items():
                bands = _bands(np.quantile(found[:, issue], list(LEVELS.values()))[:, None])
                state = f"settled in {self.settled.mean():.0%} of {self.settled.size:,} draws"
                start = float(np.median(first[centre]))
                rows.append({**label, "actor": f"({centre})", "start": start, **bands, "moved by": state})
        return rows

    def plot(self) -> Any:
        """Where each actor ends, as ranges over draws; needs the extra `charts`."""
        import altair as alt

        rows = [{"issue": "position", **row} for row in self.table()]
        rows = [row for row in rows if not row["actor"].startswith("(")]
        title = f"Where the actors end ({self.variant}, {self.settled.size:,} draws)"
        base = alt.Chart().encode(y=alt.Y("actor:N", sort=None))
        x = alt.X("p05:Q", title="position, 5 to 95 per cent of draws", scale=alt.Scale(zero=False))
        ends = base.mark_bar(size=4).encode(x=x, x2="p95", color=alt.value("#4c78a8"))
        middle, start = (
            base.mark_tick(thickness=2).encode(x="p50:Q"),
            base.mark_point(shape="cross").encode(x="start:Q"),
        )
        return alt.layer(ends, middle, start, data=alt.Data(values=rows), title=title).facet(row="issue:N")

    def _movers(self, actor: int) -> str:
        """The three at whose hand the actor moved most, in moves per draw."""
        counts = self.moved[actor]
        most = [other for other in np.argsort(-counts, kind="stable")[:3] if counts[other] > 0]
        return ", ".join(f"{self.actors[other]} {counts[other]:.2g}x" for other in most)


def _plain_move(move: Move) -> dict[str, Any]:
    row = asdict(move)
    row["from"], row["to"] = row.pop("start"), row.pop("end")
    return row


def _scalars(values: Array) -> list[Any]:
    """Rows as plain numbers where there is one issue, else as lists."""
    return [row[0] if row.size == 1 else row for row in values]


def _bands(quantiles: Array) -> dict[str, Any]:
    """Quantiles `[level, issue]` by name, plain numbers where there is one issue."""
    return {name: _scalars(quantiles[None, at])[0] for at, name in enumerate(LEVELS)}

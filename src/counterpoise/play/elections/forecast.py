"""Who would govern after a vote: polls with measured errors, seats by law, sides by the orientation of lists."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from counterpoise._errors import InputError, SolveError, fault
from counterpoise._result import Meta, Result
from counterpoise.play.elections.errors import Components, combine, fit_components
from counterpoise.play.elections.law import Law, law_of
from counterpoise.play.elections.many import allocate
from counterpoise.play.elections.polls import (
    LEAST_SHARE,
    RESULT,
    LeftOut,
    Misses,
    PollTaken,
    last_result,
    log_odds,
    measure_misses,
    polls_of,
)
from counterpoise.region._files import suggest
from counterpoise.region.draws import Assumptions, triangular, uniforms

if TYPE_CHECKING:
    from counterpoise.region import Region
    from counterpoise.region._election import Election

Array = np.ndarray[Any, np.dtype[Any]]

MAX_DRAWS = 200_000
UNNAMED = "lists that no poll names"
WEST, OTHER = "towards the West", "away from the West"
CITES = ("shirani2018", "aitchison1980")
# The error of a past result as a reading of opinion on its day.
EXACT = Components(house=0.0, vote=0.0, poll=0.01, weight=1.0)
NEEDED = ("elections:drift", "elections:unnamed", "elections:unnamed_per_year", "elections:undecided")


@dataclass
class ElectionForecast(Result):
    """Chance that each side governs, chance of each list, and the distribution of votes and seats, as of a day.

    `turn_reversed` is the chance that the side opposite to the governing list's forms the next government. Sides go by
    the sign of the lists' orientation, drawn in its range; lists without one are drawn evenly from -1 to 1.
    """

    election: Election
    lists: tuple[str, ...]
    shares: Array
    seats: Array
    west: Array
    formed: Array
    incumbent_west: Array
    polls: tuple[PollTaken, ...]
    left_out: tuple[LeftOut, ...]
    misses: Misses
    notes: tuple[str, ...] = ()
    meta: Meta = field(default_factory=Meta)

    @property
    def turn_reversed(self) -> float:
        return float(np.mean(self.west != self.incumbent_west))

    @property
    def governs(self) -> dict[str, float]:
        """The chance that each side forms the government."""
        return {WEST: float(self.west.mean()), OTHER: float(1 - self.west.mean())}

    @property
    def majority(self) -> dict[str, float]:
        """The chance that each list has more than half of the seats before any second round."""
        alone = 2 * self.seats > self.seats.sum(-1, keepdims=True)
        return dict(zip(self.lists, alone.mean(0).tolist(), strict=True))

    def body(self) -> dict[str, Any]:
        ways = ("one list", "coalition", "second round")
        return {
            "election": self.election.id,
            "date": self.election.date,
            "governs": self.governs,
            "turn_reversed": self.turn_reversed,
            "formed_by": {way: float(np.mean(self.formed == number)) for number, way in enumerate(ways)},
            "lists": [
                {
                    "list": name,
                    "share": _quantiles(self.shares[:, index]),
                    "seats": _quantiles(self.seats[:, index]),
                    "majority": self.majority[name],
                }
                for index, name in enumerate(self.lists)
            ],
            "draws": len(self.shares),
            "polls": [
                {"pollster": poll.pollster, "end": poll.end.isoformat(), "facts": list(poll.facts)}
                for poll in self.polls
            ],
            "left_out": [{"pollster": p.pollster, "end": p.end, "reason": p.reason} for p in self.left_out],
            "measured_on": {
                "elections": list(self.misses.elections),
                "misses_governing": len(self.misses.governing),
                "misses_others": len(self.misses.others),
            },
            "notes": list(self.notes),
        }

    def table(self) -> list[dict[str, Any]]:
        text = "{p05:.0f} / {p50:.0f} / {p95:.0f}"
        return [
            {
                "list": row["list"],
                "votes, % (5, 50, 95 %)": text.format(**row["share"]),
                "seats (5, 50, 95 %)": text.format(**row["seats"]),
                "chance of a majority": row["majority"],
            }
            for row in self.body()["lists"]
        ]

    @property
    def plot(self) -> Any:
        """Shares of votes by list with their 5 to 95 per cent interval (an Altair chart; the extra `charts`)."""
        import altair as alt

        rows = [{"list": row["list"], **row["share"]} for row in self.body()["lists"]]
        base = alt.Chart(alt.Data(values=rows), title=f"Votes on {self.election.date}, 5 to 95 per cent")
        bars = base.mark_rule(strokeWidth=6).encode(x=alt.X("p05:Q", title="% of votes"), x2="p95:Q", y="list:N")
        return bars + base.mark_point(filled=True).encode(x="p50:Q", y="list:N")


def _quantiles(values: Array) -> dict[str, float]:
    return dict(zip(("p05", "p50", "p95"), np.quantile(values, (0.05, 0.5, 0.95)).tolist(), strict=True))


def forecast_election(
    region: Region, election: str, *, as_of: str | date | None = None, draws: int = 10_000, seed: int = 0
) -> ElectionForecast:
    """The chance that each side governs after a vote, from what was known on a day and nothing later.

    `as_of` defaults to the region's own day. Raises `InputError` (`E906`: no such election known on the day, or draws
    out of 1 to 200,000) and `SolveError` (`E907`: no poll can be used; `E601` an assumption is missing).

    Method: shares as compositions (key `aitchison1980`), errors of polls in parts shared by votes and houses (after
    `shirani2018`); the components are weighed by the misses of past polls, see docs/engines/seats.md.
    """
    known = region.at(as_of) if as_of is not None else region
    vote = _find(known, election)
    if not 1 <= draws <= MAX_DRAWS:
        rule, fix = f"draws is from 1 to {MAX_DRAWS:,}", "ask for fewer"
        raise InputError([fault("E906", where="draws", found=str(draws), rule=rule, fix=fix)])
    polls, left_out = polls_of(known, vote)
    polls = polls or last_result(known, vote)
    if not polls:
        reasons = "; ".join(f"{item.pollster} {item.end}: {item.reason}" for item in left_out) or "none on record"
        rule = "a forecast rests on a poll that names at least three lists, or on the vote before"
        fix = "take a later day, or add the poll to polls.csv"
        raise SolveError([fault("E907", where=vote.id, found=f"no usable poll ({reasons})", rule=rule, fix=fix)])
    misses = measure_misses(known, before=vote)
    assumed = Assumptions(known, seed=seed, count=draws)
    study = _Study(known, vote, polls, misses, assumed)
    shares = study.shares()
    law = _law(known, vote)
    seats = allocate(law, [*(study.kind(name) for name in study.lists), "party"], shares)
    west, formed = _government(law, shares, seats, study.orientation, study.second_round)
    facts = [*(name for poll in polls for name in poll.facts), *misses.facts]
    return ElectionForecast(
        election=vote,
        lists=(*study.lists, UNNAMED),
        shares=shares,
        seats=seats,
        west=west,
        formed=formed,
        incumbent_west=study.incumbent_west,
        polls=tuple(polls),
        left_out=tuple(left_out),
        misses=misses,
        notes=study.notes,
        meta=known.meta(seed=seed, sources=[*known.sources_of(facts), vote.source], cites=CITES),
    )


def _find(region: Region, name: str) -> Election:
    if name in region.elections:
        return region.elections[name]
    fix = suggest(name, region.elections) or f"one of {', '.join(region.elections)}"
    day = f" on {region.as_of}" if region.as_of else ""
    rule = f"the election is known{day}"
    raise InputError([fault("E906", where="election", found=repr(name), rule=rule, fix=fix)])


def _law(region: Region, vote: Election) -> Law:
    """The law of the vote as known on the day, else the newest earlier one of the country; `E907` without one."""
    laws = {str(law["id"]): law for law in region.laws()}
    earlier = [law for law in laws.values() if law["country"] == vote.country]
    if vote.law not in laws and not earlier:
        rule, fix = "a forecast needs a law known on the day", "take a later day"
        raise SolveError([fault("E907", where=vote.id, found=f"{vote.law} is not known", rule=rule, fix=fix)])
    law = laws.get(vote.law) or max(earlier, key=lambda law: str(law["from"]))
    return law_of(law, f"elections.toml, law {law['id']}")


class _Study:
    """The parts of one forecast: which lists, where they stand, and their shares over draws."""

    def __init__(
        self, region: Region, vote: Election, polls: list[PollTaken], misses: Misses, assumed: Assumptions
    ) -> None:
        lacking = assumed.missing(*NEEDED)
        if lacking:
            rule, fix = "a forecast draws the ranges that the region states", "add the rows to assumptions.csv"
            raise SolveError(
                [fault("E601", where="assumptions.csv", found=f"no {name!r}", rule=rule, fix=fix) for name in lacking]
            )
        self.vote, self.polls, self.misses, self.assumed = vote, polls, misses, assumed
        self.day = date.fromisoformat(vote.date)
        named = [name for poll in polls for name, share in poll.shares.items() if share >= LEAST_SHARE]
        average = {name: np.mean([p.shares[name] for p in polls if name in p.shares]) for name in dict.fromkeys(named)}
        # Where the governing list is not polled, the largest takes its place, without the misses of those.
        self.first = vote.governs if vote.governs in average else max(average, key=lambda name: average[name])
        self.governed = self.first == vote.governs
        others = sorted((name for name in average if name != self.first), key=lambda name: -average[name])
        self.lists = [self.first, *others]
        self.parties = {row.id: row for row in region.rows("parties")}
        self.from_result = polls[0].house == RESULT
        self.seed, self.count = assumed.seed, assumed.count
        unknown = [name for name in self.lists if name not in self.parties or self.parties[name].orientation is None]
        self.notes = tuple(
            [f"no orientation on record, drawn evenly: {', '.join(unknown)}"] * bool(unknown)
            + ["the governing list is not in the polls"] * (not self.governed)
            + ["no poll can be used: the vote before, and what may have changed since"] * self.from_result
            + [f"errors of polls measured on {len(misses.governing)} polls of {len(misses.elections)} votes"]
        )

    def kind(self, name: str) -> str:
        word = self.parties[name].party_kind if name in self.parties else "party"
        return "alliance" if word in ("alliance", "bloc") else "party"

    def uniform(self, name: str) -> Array:
        return uniforms(self.seed, f"{self.vote.id}:{name}", self.count)

    def normal(self, name: str) -> Array:
        from scipy.special import ndtri

        return ndtri(np.clip(self.uniform(name), 1e-12, 1 - 1e-12))

    def shares(self) -> Array:
        """Shares in per cent of the vote (draw, list), the last column being lists that no poll names."""
        drift = self.assumed.draw("elections:drift")
        age = min(poll.lead(self.day) for poll in self.polls) / 365.25
        unnamed = self.assumed.draw("elections:unnamed") + age * self.assumed.draw("elections:unnamed_per_year")
        unnamed = np.clip(unnamed, 0.0, 0.6)
        undecided = float(np.mean([poll.undecided for poll in self.polls]))
        extra = undecided * self.assumed.draw("elections:undecided")
        logit = self._first(drift) + extra * self.normal("undecided") + self._swing()
        own = 1 / (1 + np.exp(-logit))
        logs = np.stack([self._other(name, drift) for name in self.lists[1:]], axis=-1)
        weights = np.exp(logs - logs.max(-1, keepdims=True))
        weights /= weights.sum(-1, keepdims=True)
        # New lists take from all the others; what they take from the governing list is in its measured error.
        rest = (1 - own) * unnamed
        shares = np.column_stack([own, (1 - own - rest)[:, None] * weights, rest])
        return 100 * shares

    def _first(self, drift: Array) -> Array:
        polls = [poll for poll in self.polls if self.first in poll.shares]
        values = [log_odds(poll.shares[self.first]) for poll in polls]
        past = self.misses.governing if self.governed else ()
        points = fit_components(self.misses.governing, by_list=False)
        return self._drawn("first", polls, values, drift, points, past=past)

    def _other(self, name: str, drift: Array) -> Array:
        polls = [poll for poll in self.polls if poll.shares.get(name, 0) >= LEAST_SHARE / 10]
        values = [float(np.log(poll.shares[name] / (1 - poll.shares.get(self.first, 0.0)))) for poll in polls]
        return self._drawn(name, polls, values, drift, self._points_others)

    @property
    def _points_others(self) -> tuple[Components, ...]:
        return fit_components(self.misses.others, by_list=True)

    def _drawn(
        self, name: str, polls: list[PollTaken], values: list[float], drift: Array, points: Any, **more: Any
    ) -> Array:
        """Draws of a polled value on the day of the vote: a point of the grid by its weight, then a normal error."""
        leads = [poll.lead(self.day) for poll in polls]
        if self.from_result:
            points, more = (EXACT,), {}
        chosen = np.searchsorted(np.cumsum([p.weight for p in points]), self.uniform(f"{name}:components"))
        chosen = np.minimum(chosen, len(points) - 1)
        # Drift is one number a draw: solved at three points of its range, interpolated between them.
        settings = self.assumed.ends("elections:drift")
        mean, spread = np.empty(self.count), np.empty(self.count)
        for number in np.unique(chosen):
            here = chosen == number
            solved = [combine(polls, values, leads, float(d), points[number], **more) for d in settings]
            mean[here] = np.interp(drift[here], settings, [part[0] for part in solved])
            spread[here] = np.sqrt(np.interp(drift[here], settings, [part[1] for part in solved]))
        return mean + spread * self.normal(name)

    def _swing(self) -> Array:
        """The shift of the governing list in log odds by votes abroad and influence operations, where ranges stand."""
        total = np.zeros(self.count)
        for part in ("diaspora", "influence"):
            name = f"elections:{part}:{self.vote.country}"
            if not self.assumed.missing(name):
                # Ranges are in points of the vote; near an even vote four points are 0.16 in log odds.
                total += 0.04 * self.assumed.draw(name)
        return total if self.governed else np.zeros(self.count)

    @property
    def orientation(self) -> Array:
        """The side of each list (draw, list), by the sign of its orientation."""
        columns = []
        for name in [*self.lists, UNNAMED]:
            row = self.parties.get(name)
            share = self.uniform(f"{name}:orientation")
            if row is None or row.orientation is None:
                columns.append(2 * share - 1)
            else:
                low = row.orientation if row.orientation_low is None else row.orientation_low
                high = row.orientation if row.orientation_high is None else row.orientation_high
                columns.append(triangular(share, low, row.orientation, high))
        return np.column_stack(columns)

    @property
    def incumbent_west(self) -> Array:
        return self.orientation[:, 0] > 0

    @property
    def second_round(self) -> Array:
        """The error of a run-off between the two largest lists, in log odds: as much as a single poll errs."""
        return 0.3 * self.normal("second round")


def _government(law: Law, shares: Array, seats: Array, orientation: Array, noise: Array) -> tuple[Array, Array]:
    """Which side governs (True: West), and how: 0 one list, 1 a coalition of one side, 2 a second round.

    A list with more than half of the seats governs. Else the lists of one side, if the largest list is of it and they
    hold more than half together; else the law's second round, votes of unseated lists going by side; where the law has
    none, the side with more seats.
    """
    rows = np.arange(len(seats))
    total = seats.sum(-1)
    first = seats.argmax(-1)
    west = orientation > 0
    west_seats = np.where(west, seats, 0).sum(-1)
    alone = 2 * seats[rows, first] > total
    first_west = west[rows, first]
    together = 2 * np.where(first_west, west_seats, total - west_seats) > total
    west_votes = np.where(west, shares, 0).sum(-1) / shares.sum(-1)
    odds = np.log(np.clip(west_votes, 1e-9, 1 - 1e-9) / np.clip(1 - west_votes, 1e-9, 1))
    run_off = odds + noise > 0 if law.second_round_days is not None else 2 * west_seats > total
    side = np.where(alone | together, first_west, run_off)
    return side, np.where(alone, 0, np.where(together, 1, 2))

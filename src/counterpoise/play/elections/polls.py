"""Polls of a coming vote as compositions of lists, and how far past polls were from the votes they asked about."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from counterpoise.region import Region
    from counterpoise.region._election import Election

# A poll can be used if it names this many lists, and these have this share of all it asked.
FEWEST_LISTS = 3
LEAST_NAMED = 20.0
# Errors are measured on polls of the last months before a vote: older ones err by what happened since, too.
FRESH_DAYS = 120
# Polls this much older than the newest one say what lists there were, not where they stand.
STALE_DAYS = 365
# Lists under this share of the decided tell little of a pollster's error.
LEAST_SHARE = 0.01
# The house of a past result that stands in for polls.
RESULT = "result"
UNDECIDED = ("undecided", "refused", "none")


@dataclass(frozen=True, slots=True)
class PollTaken:
    """One poll: the share of each list among those who named one (they add up to 1), and who could not say.

    `undecided` is the share of all asked who would vote and name no list. `facts` are the ids of its rows.
    """

    country: str
    election: str
    house: str
    pollster: str
    end: date
    shares: dict[str, float]
    rest: float
    undecided: float
    sample: int | None
    facts: tuple[str, ...]
    source: str

    def lead(self, day: date) -> int:
        """Days from the end of its field work to a day."""
        return (day - self.end).days


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A poll that is not used, with the reason."""

    pollster: str
    end: str
    reason: str


@dataclass(frozen=True, slots=True)
class Miss:
    """How far a poll was from the result for one list: result minus poll, as log odds or logarithm of shares."""

    country: str
    election: str
    house: str
    list: str
    error: float


@dataclass(frozen=True, slots=True)
class Misses:
    """Errors of past polls: of the list that governed (log odds), and of the others among themselves (logarithm)."""

    governing: tuple[Miss, ...]
    others: tuple[Miss, ...]
    facts: tuple[str, ...]

    @property
    def elections(self) -> tuple[str, ...]:
        return tuple(sorted({f"{miss.country} {miss.election}" for miss in self.governing}))


def house_of(pollster: str) -> str:
    """The pollster without client and wave: `CBS Research / WatchDog` and `CBS Research / IPP` are one house."""
    return re.split(r" [(/]| wave", pollster)[0].strip()


def polls_of(region: Region, election: Election) -> tuple[list[PollTaken], list[LeftOut]]:
    """The polls of a vote that the region knows on its as-of day, oldest first, and those left out with the reason."""
    groups: dict[tuple[str, str, str], list[Any]] = defaultdict(list)
    for row in region.rows("polls"):
        if (row.country, row.election, row.question) == (election.country, election.date, "vote_intention"):
            groups[row.pollster, str(row.field_end), row.known].append(row)
    used, left = [], []
    for (pollster, end, _), rows in sorted(groups.items()):
        taken = _poll(rows, election)
        if isinstance(taken, str):
            left.append(LeftOut(pollster, end, taken))
        else:
            used.append(taken)
    newest = max((poll.end for poll in used), default=date.min)
    stale = [poll for poll in used if (newest - poll.end).days > STALE_DAYS]
    reason = f"over {STALE_DAYS} days older than the newest"
    left += [LeftOut(poll.pollster, poll.end.isoformat(), reason) for poll in stale]
    used = [poll for poll in used if poll not in stale]
    return sorted(used, key=lambda poll: (poll.end, poll.pollster)), left


def _poll(rows: list[Any], election: Election) -> PollTaken | str:
    first = rows[0]
    named = {row.party: row.value for row in rows if row.party}
    rest = sum(row.value for row in rows if row.item in ("other", "others"))
    if first.field_end is None:
        return "no day of field work"
    end = date.fromisoformat(first.field_end)
    if end >= date.fromisoformat(election.date):
        return "taken after the vote"
    total = sum(named.values()) + rest
    if len(named) < FEWEST_LISTS or total < LEAST_NAMED:
        return f"names {len(named)} lists with {total:g} per cent of all asked"
    undecided = sum(row.value for row in rows if row.item in UNDECIDED)
    return PollTaken(
        country=election.country,
        election=election.date,
        house=house_of(first.pollster),
        pollster=first.pollster,
        end=end,
        shares={name: value / total for name, value in named.items()},
        rest=rest / total,
        undecided=undecided / (total + undecided),
        sample=first.sample_size,
        facts=tuple(row.id for row in rows),
        source=first.source,
    )


def last_result(region: Region, election: Election) -> list[PollTaken]:
    """The last known vote of the country before this one, as one reading of opinion on its day; empty without one."""
    earlier = [
        row
        for row in region.rows("results")
        if row.country == election.country and row.election < election.date and row.party and row.share
    ]
    if not earlier:
        return []
    day = max(row.election for row in earlier)
    rows = [row for row in earlier if row.election == day]
    return [
        PollTaken(
            country=election.country,
            election=election.date,
            house=RESULT,
            pollster=f"result of {day}",
            end=date.fromisoformat(day),
            shares={row.party: row.share / 100 for row in rows},
            rest=max(0.0, 1 - sum(row.share for row in rows) / 100),
            undecided=0.0,
            sample=None,
            facts=tuple(row.id for row in rows),
            source=rows[0].source,
        )
    ]


def measure_misses(region: Region, *, before: Election | None = None) -> Misses:
    """Errors of the polls on record against votes whose results the region knows on its as-of day.

    Only votes held before the day of `before`. Shares of the poll are among those who named a list, so that what
    undecided people did is part of the error.
    """
    governing: list[Miss] = []
    others: list[Miss] = []
    facts: list[str] = []
    for election in region.elections.values():
        results = {
            row.party: row
            for row in region.rows("results")
            if (row.country, row.election) == (election.country, election.date) and row.party and row.share
        }
        if not results or (before is not None and election.date >= before.date):
            continue
        day = date.fromisoformat(election.date)
        for poll in (poll for poll in polls_of(region, election)[0] if poll.lead(day) <= FRESH_DAYS):
            found = list(_misses(poll, {name: row.share / 100 for name, row in results.items()}, election.governs))
            governing += [miss for miss in found if miss.list == election.governs]
            others += [miss for miss in found if miss.list != election.governs]
            facts += [*poll.facts, *(row.id for row in results.values())]
    return Misses(tuple(governing), tuple(others), tuple(dict.fromkeys(facts)))


def _misses(poll: PollTaken, results: dict[str, float], governs: str | None) -> Iterable[Miss]:
    own, won = poll.shares.get(governs or "", 0.0), results.get(governs or "", 0.0)
    for name, share in poll.shares.items():
        result = results.get(name)
        if result is None or share < LEAST_SHARE or result <= 0:
            continue
        if name == governs:
            error = log_odds(result) - log_odds(share)
        else:
            error = math.log(result / (1 - won)) - math.log(share / (1 - own))
        yield Miss(poll.country, poll.election, poll.house, name, error)


def log_odds(share: float) -> float:
    return math.log(share / (1 - share))

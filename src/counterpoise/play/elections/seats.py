"""Votes into seats by an electoral law, step by step, in exact arithmetic."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil
from pathlib import Path
from typing import Any

from counterpoise._errors import InputError, SolveError, fault
from counterpoise._result import Meta, Result, hash_file
from counterpoise.play.elections.law import Law, Tier, find_law
from counterpoise.play.elections.methods import share_seats
from counterpoise.play.elections.votes import Ballot, Votes, read_votes

CITES = ("gallagher1991", "balinski2001")


@dataclass
class SeatsResult(Result):
    """Seats by list, and every step from votes to seats: thresholds, quotients, minority seats, bonus, extra seats.

    `steps` name the rule; `inferred` marks a rule that was read off results, not out of the law.
    """

    law: Law
    votes: Votes
    seats: dict[str, int]
    steps: list[dict[str, Any]]
    notes: tuple[str, ...] = ()
    meta: Meta = field(default_factory=Meta)

    @property
    def total(self) -> int:
        return sum(self.seats.values())

    def body(self) -> dict[str, Any]:
        return {
            "seats": self.seats,
            "steps": [{"step": number, **step} for number, step in enumerate(self.steps, start=1)],
            "total": self.total,
            "law": self.law.id,
            "inferred": list(self.law.inferred),
            "notes": list(self.notes),
        }

    def table(self) -> list[dict[str, Any]]:
        return [
            {
                "list": ballot.party,
                "share of votes, %": float(ballot.share),
                "seats": self.seats[ballot.party],
                "share of seats, %": 100 * self.seats[ballot.party] / self.total,
            }
            for ballot in sorted(self.votes.ballots, key=lambda ballot: (-self.seats[ballot.party], -ballot.share))
        ]

    @property
    def plot(self) -> Any:
        """Seats by list as bars beside the share of votes (an Altair chart; the extra `charts`)."""
        import altair as alt

        data = alt.Data(values=[{"list": row["list"], "seats": row["seats"]} for row in self.table()])
        return alt.Chart(data, title=f"Seats under {self.law.id}").mark_bar().encode(x="seats:Q", y="list:N")


def seats_from_file(
    votes: Path, law: str | Path, *, winner: str | None = None, region: str = "south-caucasus"
) -> SeatsResult:
    """Seats of a file of votes under a law (a TOML file, or the id of a law of the region).

    `winner` names the list that won a second round. Raises `InputError` (`E201` to `E203`, `E901` votes, `E902` and
    `E903` law) and `SolveError` (`E904` a tie, or seats that nobody may take).
    """
    found = find_law(law, region=region)
    result = count_seats(read_votes(votes), found, winner=winner)
    inputs = {str(votes): hash_file(votes)}
    path = Path(str(law).partition("#")[0])
    if path.is_file():
        inputs[str(law)] = hash_file(path)
    result.meta = Meta(inputs=inputs, sources=(found.source,) if found.source else (), cites=CITES)
    return result


def count_seats(votes: Votes, law: Law, *, winner: str | None = None) -> SeatsResult:
    """Seats by list under a law; `seats_from_file` says what is raised.

    Method: the formulas of proportional representation (keys `gallagher1991`, `balinski2001`).
    """
    steps: list[dict[str, Any]] = []
    held = {ballot.party: 0 for ballot in votes.ballots}
    seated: list[Ballot] = []
    for tier in law.tiers:
        if tier.kind == "constituency":
            _constituencies(tier, votes, held, steps)
        else:
            seated = _admitted(votes.ballots, law, tier, steps)
            _proportional(tier, law, seated, held, steps)
    if law.minority_seats:
        _add(law.minority_allocation, law.minority_seats, seated, held, steps, law, "minority_allocation")
    _majority(law, seated, held, steps, winner)
    _opposition(law, seated, held, steps)
    return SeatsResult(law, votes, held, steps, votes.notes)


def _constituencies(tier: Tier, votes: Votes, held: dict[str, int], steps: list[dict[str, Any]]) -> None:
    won = {ballot.party: ballot.won for ballot in votes.ballots if ballot.won} | tier.won
    unknown = [name for name in won if name not in held]
    rule, fix = "lists that win constituencies stand in the votes", "add a row, with share 0 if it ran in no other tier"
    faults = [fault("E901", where=tier.name, found=f"won by {name!r}", rule=rule, fix=fix) for name in unknown]
    if not won or sum(won.values()) > tier.seats:
        rule = f"the {tier.seats} seats of constituencies are given as counts"
        fix = 'fill the column won, or write won = { "List" = 30 } in the tier'
        faults.append(fault("E901", where=tier.name, found=f"{sum(won.values())} won", rule=rule, fix=fix))
    if faults:
        raise InputError(faults)
    for name, count in won.items():
        held[name] += count
        steps.append({"rule": "won in constituencies", "tier": tier.name, "list": name, "seats": count})


def _admitted(ballots: tuple[Ballot, ...], law: Law, tier: Tier, steps: list[dict[str, Any]]) -> list[Ballot]:
    """The lists that share in a tier: those over their threshold, then by votes until there are enough of them."""
    seated: list[Ballot] = []
    for ballot in ballots:
        line, key = law.threshold(ballot.kind, tier)
        passes = ballot.share >= Fraction(str(line)) and ballot.votes > 0
        steps.append(
            {
                "rule": "threshold",
                "tier": tier.name,
                "list": ballot.party,
                "share": float(ballot.share),
                "threshold": line,
                "by": key,
                "passes": passes,
            }
        )
        if passes:
            seated.append(ballot)
    waiting = sorted((b for b in ballots if b not in seated and b.votes > 0), key=lambda b: -b.votes)
    while len(seated) < law.minimum_lists and waiting:
        if len(waiting) > 1 and waiting[0].votes == waiting[1].votes and law.ties != "order":
            rule, fix = "lists let in below the threshold differ in votes", 'set ties = "order" in the law'
            found = f"a tie of {waiting[0].party} and {waiting[1].party}"
            raise SolveError([fault("E904", where="minimum_lists", found=found, rule=rule, fix=fix)])
        let_in = waiting.pop(0)
        seated.append(let_in)
        steps.append({"rule": f"at least {law.minimum_lists} lists", "list": let_in.party, "passes": True})
    if not seated:
        rule, fix = "some list passes its threshold", "check the shares: thresholds are per cent of the valid votes"
        raise SolveError([fault("E904", where=tier.name, found="no list passes", rule=rule, fix=fix)])
    return [ballot for ballot in ballots if ballot in seated]


def _proportional(
    tier: Tier, law: Law, seated: list[Ballot], held: dict[str, int], steps: list[dict[str, Any]]
) -> None:
    if law.mixed == "compensatory" and any(part.kind == "constituency" for part in law.tiers):
        _compensate(tier, law, seated, held, steps)
        return
    _add(tier.allocation, tier.seats, seated, held, steps, law, "allocation", tier=tier.name)


def _compensate(tier: Tier, law: Law, seated: list[Ballot], held: dict[str, int], steps: list[dict[str, Any]]) -> None:
    """Seats of the tier fill each list up to its share of all seats; a list that won more keeps what it won."""
    names = {ballot.party for ballot in seated}
    outside = sum(count for name, count in held.items() if name not in names)
    whole = sum(part.seats for part in law.tiers if part.kind == "constituency") + tier.seats - outside
    lists = list(seated)
    while lists:
        due = share_seats(
            tier.allocation, [b.party for b in lists], [b.votes for b in lists], whole, ties=law.ties
        ).seats
        over = [ballot for ballot, count in zip(lists, due, strict=True) if held[ballot.party] > count]
        if not over:
            break
        for ballot in over:
            steps.append(
                {"rule": "won more than its share: keeps it", "list": ballot.party, "seats": held[ballot.party]}
            )
            whole -= held[ballot.party]
        lists = [ballot for ballot in lists if ballot not in over]
    for ballot, count in zip(lists, due, strict=True):
        more = count - held[ballot.party]
        held[ballot.party] = count
        steps.append({"rule": "filled up to its share of all seats", "list": ballot.party, "due": count, "seats": more})


def _add(
    method: str,
    seats: int,
    seated: list[Ballot],
    held: dict[str, int],
    steps: list[dict[str, Any]],
    law: Law,
    key: str,
    **more: Any,
) -> None:
    """Share some seats among lists by a formula and note how."""
    what = {
        "allocation": "seats of the tier",
        "minority_allocation": "minority seats",
        "extra_allocation": "extra seats",
    }
    shared = share_seats(method, [b.party for b in seated], [b.votes for b in seated], seats, ties=law.ties)
    tag = {"inferred": True} if key in law.inferred else {}
    steps.append({"rule": f"{what[key]}: {seats} by {method}", **more, **tag})
    steps += [{**more, **step, **tag} for step in shared.steps]
    for ballot, count in zip(seated, shared.seats, strict=True):
        held[ballot.party] += count
        steps.append({"rule": f"{what[key]}, in all", **more, "list": ballot.party, "seats": count, **tag})


def _majority(
    law: Law, seated: list[Ballot], held: dict[str, int], steps: list[dict[str, Any]], winner: str | None
) -> None:
    """A list with more than half of the seats, or the winner of a second round, is raised to the stable majority."""
    if winner is not None and winner not in held:
        rule, fix = "the winner of a second round is one of the lists", "use the name in the file of votes"
        raise InputError([fault("E903", where="--winner", found=repr(winner), rule=rule, fix=fix)])
    total = sum(held.values())
    first = max(seated, key=lambda ballot: held[ballot.party])
    if 2 * held[first.party] > total:
        winner = first.party
    elif winner is None:
        if law.second_round_days is not None:
            two = sorted(seated, key=lambda ballot: -ballot.votes)[:2]
            names = [ballot.party for ballot in two]
            steps.append(
                {"rule": "no list has more than half of the seats: a coalition, or a second round", "lists": names}
            )
        return
    if law.majority_bonus is None:
        return
    share = Fraction(str(law.majority_bonus)) / 100
    # The fewest added seats x with (own + x) / (total + x) at the bonus.
    extra = max(0, ceil((share * total - held[winner]) / (1 - share)))
    if extra:
        held[winner] += extra
        tag = {"inferred": True} if "majority_bonus" in law.inferred else {}
        steps.append(
            {"rule": f"stable majority of {law.majority_bonus:g} per cent", "list": winner, "seats": extra, **tag}
        )


def _opposition(law: Law, seated: list[Ballot], held: dict[str, int], steps: list[dict[str, Any]]) -> None:
    """Seats are added for the lists behind the first until they hold the share that the law grants them."""
    if law.opposition_minimum is None:
        return
    total = sum(held.values())
    first = max(seated, key=lambda ballot: held[ballot.party])
    others = [ballot for ballot in seated if ballot is not first]
    share = Fraction(law.opposition_minimum).limit_denominator(1000)
    behind = total - held[first.party]
    extra = ceil((share * total - behind) / (1 - share))
    if extra <= 0 or not others:
        return
    steps.append({"rule": f"the lists behind the first get at least {share} of all seats", "seats": extra})
    _add(law.extra_allocation, extra, others, held, steps, law, "extra_allocation")

"""The games of a region: bargains over its issues, and commitments to its small states, from its own rows.

Positions, saliences and capabilities are rows of kind judgement; a commitment's ambiguity is its row's, and the
guarantor's resolve is how often it honoured commitments. What no row gives is taken from `SMALL_STATE`, a judgement.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from counterpoise._errors import InputError, fault
from counterpoise._result import Meta, hash_file
from counterpoise.bargain.actors import ActorTable, make_table
from counterpoise.bargain.ambiguity import SMALL_STATE, Range, Stakes
from counterpoise.bargain.commitment import LAMBDAS, CommitmentResult, compare_commitments
from counterpoise.bargain.game_draws import GameDraws, deter_draws
from counterpoise.bargain.results import BargainDraws, BargainResult
from counterpoise.bargain.rounds import negotiate, simulate
from counterpoise.bargain.scholz import Options
from counterpoise.bargain.tomlgame import read_toml_game
from counterpoise.region._dates import bounds

# Ankara between Baku and Washington, payoffs as judged ranges.
BACKING = Path(__file__).parent / "games" / "backing.toml"
KINDS = ("capability", "position", "salience")
QUANTITIES = {kind: f"bargaining_{kind}" for kind in KINDS}
# One more test honoured and one broken: a record of few tests stays near even odds.
PRIOR_TESTS = 1.0


class Judged(Protocol):
    """A figure of a region, as far as a bargain reads it."""

    @property
    def id(self) -> str: ...
    @property
    def quantity(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def item(self) -> str | None: ...
    @property
    def value(self) -> float: ...
    @property
    def low(self) -> float | None: ...
    @property
    def high(self) -> float | None: ...
    @property
    def known(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Issue:
    """The actors on one issue of a region, and the ids of the facts that say so."""

    name: str
    table: ActorTable
    facts: tuple[str, ...]


def issues_of(figures: Sequence[Judged]) -> list[str]:
    """The issues of a region that can be bargained over, by the items of its judged positions."""
    return sorted({figure.item for figure in figures if figure.quantity == QUANTITIES["position"] and figure.item})


def gather_issue(
    figures: Sequence[Judged], name: str, *, percent: bool = False, leave_out: Collection[str] = ()
) -> Issue:
    """The table of actors on an issue, from figures of bargaining position, salience and capability (0 to 100).

    The newest figure of each kind counts. `percent` keeps salience at 0 to 100, as `ktab-smp` wants it; otherwise it
    becomes a share. Raises `InputError` (`E504`) naming every actor that lacks a figure, those to leave out that the
    issue does not have, or the issue if unknown.
    """
    found: dict[str, dict[str, Judged]] = {}
    absent = set(leave_out)
    for figure in sorted(figures, key=lambda figure: figure.known):
        kind = figure.quantity.removeprefix("bargaining_")
        if figure.item == name and figure.quantity in QUANTITIES.values():
            absent.discard(figure.subject)
            found.setdefault(figure.subject, {})[kind] = figure
    rule = "each actor of an issue has its position, salience and capability"
    if found and absent:
        fix = f"choose among {', '.join(sorted(found))}"
        told = "actors to leave out have a position on the issue"
        raise InputError(
            [fault("E504", where=name, found=f"no actor {who}", rule=told, fix=fix) for who in sorted(absent)]
        )
    found = {who: kinds for who, kinds in found.items() if who not in leave_out}
    missing = [(who, kind) for who, kinds in found.items() for kind in KINDS if kind not in kinds]
    if not found:
        items = sorted({figure.item or "" for figure in figures if figure.quantity in QUANTITIES.values()})
        fix = f"choose one of {', '.join(items)}" if items else "add rows of bargaining_position and its companions"
        raise InputError([fault("E504", where=name, found="no actors", rule=rule, fix=fix)])
    if missing:
        faults = [
            fault("E504", where=f"{name}: {who}", found=f"no {kind}", rule=rule, fix=f"add a row of {QUANTITIES[kind]}")
            for who, kind in missing
        ]
        raise InputError(faults)
    actors = sorted(found)
    scale = {"capability": 1.0, "position": 1.0, "salience": 1.0 if percent else 0.01}

    def column(kind: str, end: str) -> Any:
        values = []
        for who in actors:
            figure = found[who][kind]
            bound = getattr(figure, end)
            values.append((figure.value if bound is None else bound) * scale[kind])
        array = np.array(values)
        return array if kind == "capability" else array[:, None]

    ends = {
        end: (column("capability", end), column("position", end), column("salience", end)) for end in ("low", "high")
    }
    middle = [column(kind, "value") for kind in KINDS]
    table = make_table(actors, *middle, low=ends["low"], high=ends["high"])
    return Issue(name, table, tuple(sorted(figure.id for kinds in found.values() for figure in kinds.values())))


def bargain_over(
    region: Any,
    issue: str,
    *,
    variant: str = "corrected",
    rounds: int | None = None,
    options: Options | None = None,
    leave_out: Collection[str] = (),
) -> BargainResult:
    """Where the positions on an issue of a region go, at the judged values themselves."""
    found = gather_issue(region.figures, issue, percent=variant == "ktab-smp", leave_out=leave_out)
    meta = _meta(region, found.facts)
    return negotiate(found.table, variant=variant, rounds=rounds, options=options, meta=meta)


def bargain_over_draws(
    region: Any,
    issue: str,
    *,
    seed: int,
    draws: int,
    variant: str = "corrected",
    rounds: int | None = None,
    options: Options | None = None,
    leave_out: Collection[str] = (),
) -> BargainDraws:
    """The same over draws from the judged ranges."""
    found = gather_issue(region.figures, issue, percent=variant == "ktab-smp", leave_out=leave_out)
    meta = _meta(region, found.facts)
    return simulate(found.table, seed=seed, draws=draws, variant=variant, rounds=rounds, options=options, meta=meta)


@dataclass(frozen=True, slots=True)
class Promise:
    """A guarantor's commitment to a protege in numbers: the stakes, the rows behind them and what is judgement."""

    stakes: Stakes
    rows: tuple[str, ...]
    assumed: tuple[str, ...]


def gather_promise(
    commitments: Sequence[Any],
    tests: Sequence[Any],
    *,
    guarantor: str,
    protege: str,
    day: date | None = None,
    base: Stakes = SMALL_STATE,
) -> Promise:
    """The stakes of a commitment: ambiguity from its firmest row, resolve from how its guarantor met earlier tests.

    Resolve is the weighted share of tests honoured, with one honoured and one broken added; its range runs over the
    rows' ranges, and widens by the standard error of so few tests. Without a test it keeps the range of `base`.
    A commitment that ended before `day` is left out. Raises `InputError` (`E504`) where none of that guarantor to
    that protege stands.
    """
    found = [
        row
        for row in commitments
        if guarantor in row.guarantor and protege in row.protege and not (day and row.to and bounds(row.to)[1] < day)
    ]
    if not found:
        rule = "a commitment is a row of commitments.csv"
        where = f"{guarantor} to {protege}"
        raise InputError(
            [fault("E504", where=where, found="no commitment", rule=rule, fix="add the row or ask for another")]
        )
    firmest = min(found, key=lambda row: row.ambiguity)
    stakes = replace(base, ambiguity=_range(firmest.ambiguity_low, firmest.ambiguity, firmest.ambiguity_high))
    rows = [firmest.id]
    record = [row for row in tests if guarantor in row.guarantor and row.separate == "yes"]
    if record:
        weight = sum(row.weight for row in record) + 2 * PRIOR_TESTS

        def share(end: str) -> float:
            honoured = (getattr(row, end) for row in record)
            values = [row.honoured if one is None else one for row, one in zip(record, honoured, strict=True)]
            total = sum(row.weight * value for row, value in zip(record, values, strict=True))
            return float((total + PRIOR_TESTS) / weight)

        middle = share("honoured")
        error = float(np.sqrt(middle * (1 - middle) / weight))
        low, high = max(share("honoured_low") - error, 0.0), min(share("honoured_high") + error, 1.0)
        stakes = replace(stakes, resolve=Range(low, middle, high))
        rows += [row.id for row in record]
    given = {"ambiguity", "resolve"} if record else {"ambiguity"}
    return Promise(stakes, tuple(rows), tuple(name for name in Stakes.__slots__ if name not in given))


def gather_region_promise(
    region: Any,
    *,
    guarantor: str,
    protege: str,
    challenger: str | None = None,
    issue: str | None = None,
    voice: str | None = None,
    base: Stakes = SMALL_STATE,
) -> Promise:
    """The stakes of a region's commitment; with a challenger, its odds of winning from capabilities on an issue too.

    A side's odds are its judged capability over that of both sides (as in the bargain's pairwise votes), over the
    judged ranges. `voice` is who stands for the protege on the issue, the protege itself if left out. Raises
    `InputError`: `E504` where rows are lacking, `E204` for a challenger without an issue.
    """
    if challenger is not None and issue is None:
        rule = "a challenger's odds of winning are read off the capabilities on one issue"
        fix = "name both, as in `--challenger AZE --issue tripp_terms`, or neither"
        raise InputError([fault("E204", where="--issue", found="left out", rule=rule, fix=fix)])
    commitments, tests = region.rows("commitments"), region.rows("commitment_tests")
    found = gather_promise(commitments, tests, guarantor=guarantor, protege=protege, day=region.as_of, base=base)
    if challenger is None or issue is None:
        return found
    names = {"challenger": challenger, "protege": voice or protege, "guarantor": guarantor}
    judged = gather_issue(region.figures, issue)
    lacking = sorted(set(names.values()) - set(judged.table.actors))
    if lacking:
        rule = "challenger, protege and guarantor have a capability on the issue"
        fix = f"choose among {', '.join(judged.table.actors)}"
        raise InputError([fault("E504", where=issue, found=f"no actor {who}", rule=rule, fix=fix) for who in lacking])
    at = {role: judged.table.actors.index(who) for role, who in names.items()}
    low, middle, high = (
        {role: float(values[place]) for role, place in at.items()}
        for values in (judged.table.low[0], judged.table.capability, judged.table.high[0])
    )

    def odds(mine: dict[str, float], theirs: dict[str, float], *defenders: str) -> float:
        return mine["challenger"] / (mine["challenger"] + sum(theirs[role] for role in defenders))

    def contest(*defenders: str) -> Range:
        return Range(odds(low, high, *defenders), odds(middle, middle, *defenders), odds(high, low, *defenders))

    stakes = replace(found.stakes, win_alone=contest("protege"), win_joined=contest("protege", "guarantor"))
    facts = tuple(
        figure.id
        for figure in region.figures
        if figure.id in judged.facts
        and figure.quantity == QUANTITIES["capability"]
        and figure.subject in names.values()
    )
    assumed = tuple(name for name in found.assumed if name not in ("win_alone", "win_joined"))
    return Promise(stakes, (*found.rows, *facts), assumed)


def compare_region_commitments(
    region: Any,
    *,
    guarantor: str,
    protege: str,
    seed: int,
    draws: int = 2_000,
    lambdas: Sequence[float] = LAMBDAS,
    **options: Any,
) -> CommitmentResult:
    """A region's commitment beside a formal guarantee and none; options are those of `gather_region_promise`.

    The answer names the rows that it rests on and the stakes that are judgement (`assumed`).
    """
    found = gather_region_promise(region, guarantor=guarantor, protege=protege, **options)
    result = compare_commitments(found.stakes, seed=seed, draws=draws, lambdas=lambdas, meta=_meta(region, found.rows))
    return replace(result, rows=found.rows, assumed=found.assumed)


def weigh_backing(*, seed: int, draws: int) -> GameDraws:
    """Whether Ankara backs pressure by Baku or holds it back, over judged payoffs of all three."""
    return deter_draws(
        read_toml_game(BACKING), seed=seed, draws=draws, meta=Meta(inputs={BACKING.name: hash_file(BACKING)})
    )


def _range(low: float | None, mode: float, high: float | None) -> Range:
    return Range(mode if low is None else low, mode, mode if high is None else high)


def _meta(region: Any, rows: Sequence[str]) -> Meta:
    meta: Meta = region.meta(sources=region.sources_of(rows))
    return meta

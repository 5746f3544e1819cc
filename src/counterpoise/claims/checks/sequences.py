"""Checks on what follows what: steps after broken promises, answers before and after a day, acts that are on record."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
from scipy.special import gammaincinv

from counterpoise.claims._measure import Study, chance, credibility_flip, flip_points, spread
from counterpoise.claims._verdict import Part
from counterpoise.claims.checks.acts import RECORDED
from counterpoise.region._schema import Event
from counterpoise.region.draws import triangular


def turned_after(
    study: Study,
    *,
    guarantors: list[str],
    protege: str,
    failed_below: float,
    days: int,
    since: str,
    until: str,
    ratio: list[float],
    statement: str,
) -> list[Part]:
    """Do a state's steps of alignment come more often after its guarantor failed a test than at other times?

    A test has failed if the drawn share honoured lies below `failed_below`. Windows of `days` after failed tests are
    joined; the rate of steps inside is set against that outside, both Poisson with Jeffreys' prior, over `ratio`.
    """
    tests = [
        row
        for row in study.region.rows("commitment_tests")
        if set(guarantors) & set(row.guarantor) and protege in row.protege and since <= row.date <= until
        and row.honoured is not None
    ]  # fmt: skip
    steps = [
        event
        for event in study.region.rows("events")
        if event.id.startswith("steps:") and protege in event.actor and since <= event.date <= until
    ]
    if not tests or not steps:
        return [Part(statement, None, lacks=(f"tests of {', '.join(guarantors)} and steps of {protege}",))]
    first, last = date.fromisoformat(since), date.fromisoformat(until)
    calendar = np.zeros(((last - first).days + 1, len(tests)), dtype=bool)
    for column, row in enumerate(tests):
        start = (date.fromisoformat(row.date) - first).days
        calendar[max(start, 0) : start + days, column] = True
    failed = np.stack([_honoured(study, row) < failed_below for row in tests])
    inside = calendar @ failed > 0
    when = np.array([(date.fromisoformat(event.date) - first).days for event in steps])
    hits, length = inside[when].sum(axis=0), inside.sum(axis=0) / 365.25
    rest = calendar.shape[0] / 365.25 - length
    one = np.asarray(gammaincinv(hits + 0.5, study.uniforms(f"{statement}:in"))) / np.maximum(length, 1e-9)
    two = np.asarray(gammaincinv(len(steps) - hits + 0.5, study.uniforms(f"{statement}:out"))) / np.maximum(rest, 1e-9)
    # Without a failed test there is nothing to follow: such draws do not bear the statement out.
    ratios = np.where(length > 0, one / two, 0.0)
    bar = study.between(f"ratio:{statement}", ratio[0], ratio[1])
    numbers = {
        "failed tests": float(np.median(failed.sum(axis=0))),
        "steps": len(steps),
        "steps in windows": float(np.median(hits)),
        "years in windows": float(np.median(length)),
        "years outside": float(np.median(rest)),
        "ratio of rates": spread(ratios),
        "needed": {"low": ratio[0], "high": ratio[1]},
    }
    flip = flip_points(ratios, lambda values: values >= bar, name="ratio of the rates of steps", unit="times")
    evidence = tuple(row.id for row in [*tests, *steps])
    caveats = (
        "what follows need not be caused: windows of rival explanations (a new government, a war elsewhere) overlap",
        "tests, steps and shares honoured are one coder's judgement",
    )
    return [Part(statement, chance(ratios >= bar), numbers, flip, evidence, caveats=caveats)]


def answered_worse_since(
    study: Study,
    *,
    guarantors: list[str],
    protege: str | list[str],
    day: str,
    fall: list[float],
    statement: str,
    below: bool = False,
) -> list[Part]:
    """Did a guarantor honour its tests less after a day than before it, by a fall in the range `fall` at least?

    `protege` may be several, taken together: states that the reason given does not touch, or touches alike. With
    `below` the statement is that it did not.
    """
    proteges = {protege} if isinstance(protege, str) else set(protege)
    tests = [
        row
        for row in study.region.rows("commitment_tests")
        if set(guarantors) & set(row.guarantor) and proteges & set(row.protege) and row.honoured is not None
    ]
    sides = [[row for row in tests if (row.date >= day) == late] for late in (False, True)]
    if not all(sides):
        return [Part(statement, None, lacks=(f"tests of {', '.join(guarantors)} on both sides of {day}",))]
    before, after = (_weighted(study, rows) for rows in sides)
    bar = study.between(f"fall:{statement}", fall[0], fall[1])
    numbers = {"before": spread(before), "after": spread(after), "tests": [len(rows) for rows in sides]}

    def holds(values: np.ndarray) -> np.ndarray:
        return (before - values < bar) if below else (before - values >= bar)

    flip = flip_points(after, holds, name="share honoured since", unit="share")
    caveats = ("shares honoured are one coder's judgement; scope weighs each test",)
    evidence = tuple(row.id for row in tests)
    return [Part(statement, chance(holds(after)), numbers, flip, evidence, caveats=caveats)]


def on_record(
    study: Study,
    *,
    statement: str,
    actors: list[str],
    kinds: list[str],
    words: list[str],
    targets: list[str] | None = None,
    since: str = "",
    until: str = "9999",
    absent: bool = False,
    recorded: list[float] | None = None,
    witness: list[str] | None = None,
) -> list[Part]:
    """Is an act of some kind among the events? With `absent` the statement is that there was none.

    An event counts if it is by one of `actors` (on one of `targets`), of one of `kinds`, and one of `words` stands in
    its summary. Not finding one is evidence against it: how strong depends on the chance (`recorded`) that the list
    would hold it, even odds beforehand. `witness` names rows that show the list was kept on this matter.
    """
    found: list[Event] = [
        event
        for event in study.region.rows("events")
        if set(actors) & set(event.actor)
        and (not targets or set(targets) & set(event.target))
        and (not kinds or event.kind in kinds)
        and since <= event.date <= until
        and any(word.lower() in event.summary.lower() for word in words)
    ]
    if found:
        happened = study.happened(found)
        flip = credibility_flip(study, found)
        evidence = tuple(event.id for event in found)
        return [Part(statement, 1 - happened if absent else happened, {"acts found": len(found)}, flip, evidence)]
    known = [name for name in witness or [] if study.region.row(name) is not None]
    if not known:
        return [Part(statement, None, lacks=("rows that show the events were kept on this matter",))]
    low, high = study.ends(f"recorded:{statement}", *(recorded or RECORDED))
    missed = 1 - (low + high) / 2
    happened = missed / (1 + missed)
    flip = {
        "input": "chance that such an act would be recorded",
        "unit": "share",
        "values": [0.0],
        "nearest": 0.0,
        "now": 1 - missed,
    }
    numbers = {"acts found": 0, "chance that one would be recorded": {"low": low, "high": high}}
    caveats = ("an absence in the event list is weaker evidence than a document",)
    return [Part(statement, 1 - happened if absent else happened, numbers, flip, tuple(known), caveats=caveats)]


def ties_last(
    study: Study, *, terms: list[str], years: list[float], statement: str, begun: str, acts: dict[str, Any], kept: str
) -> list[Part]:
    """Do ties bind for decades: how long are the terms agreed, and was an earlier one left in peace for its term?

    `terms` are facts of agreed lengths in years, each to reach the range `years`. `acts` is searched (as in
    `on_record`) for a party asking to end or change a tie since `begun`; `kept` states that none did.
    """
    figures = [figure for figure in study.region.find("term_length") if figure.id in terms]
    if not figures:
        return [Part(statement, None, lacks=("term_length of the concessions",))]
    bar = study.between(f"years:{statement}", years[0], years[1])
    draws = np.min([study.figure(figure) for figure in figures], axis=0)
    flip = flip_points(draws, lambda values: values >= bar, name="shortest term agreed", unit="years")
    first = Part(
        statement,
        chance(draws >= bar),
        {"shortest term": spread(draws), "needed": {"low": years[0], "high": years[1]}, "unit": "years"},
        flip,
        tuple(figure.id for figure in figures),
    )
    return [first, *on_record(study, statement=kept, since=begun, absent=True, **acts)]


def _honoured(study: Study, row: Any) -> np.ndarray:
    low = row.honoured if row.honoured_low is None else row.honoured_low
    high = row.honoured if row.honoured_high is None else row.honoured_high
    return np.asarray(triangular(study.uniforms(f"{row.id}:honoured"), low, row.honoured, high))


def _weighted(study: Study, rows: list[Any]) -> np.ndarray:
    weights = np.array([row.weight if row.weight is not None else 1.0 for row in rows])
    return np.asarray(weights @ np.stack([_honoured(study, row) for row in rows]) / weights.sum())

"""Checks that compare a stated figure, or a word for an amount, with the figures that sources give."""

from __future__ import annotations

from typing import Any

import numpy as np

from counterpoise.claims._measure import Study, chance, flip_points, spread
from counterpoise.claims._verdict import Part
from counterpoise.region import Figure
from counterpoise.region._dates import bounds

FULL_YEAR_DAYS = 360


def about(
    study: Study,
    *,
    quantity: str,
    stated: float,
    subject: str,
    statement: str,
    object: str | None = None,
    item: str | None = None,
    qualifier: str = "about",
    since: str | None = None,
    until: str | None = None,
    whole_years: bool = False,
    leave_out: list[str] | None = None,
) -> list[Part]:
    """Does a stated figure agree with the sourced ones, within the tolerance of its qualifier?

    Figures of the quantity whose period ends between `since` and `until` are pooled, the more credible the more often;
    `whole_years` keeps those that cover a year; `leave_out` names facts that only repeat the claim.
    """
    found = study.region.find(quantity, subject=subject, object=object, item=item, since=since, until=until)
    figures = [figure for figure in found if figure.id not in (leave_out or [])]
    caveats = [
        f"{f.id} ({f.value:g} {f.unit}, grade {f.credibility}) is left out by name" for f in found if f not in figures
    ]
    if whole_years:
        part = [figure for figure in figures if not _covers_year(figure)]
        figures = [figure for figure in figures if _covers_year(figure)]
        caveats += [f"{len(part)} figures for parts of years are left out"] if part else []
    if not figures:
        return [Part(statement, None, lacks=(f"{quantity} of {subject} in the period",))]
    reach = study.tolerance("qualifier", qualifier)[0]
    draws = study.pool(figures, f"{quantity}:{subject}")

    def holds(values: np.ndarray) -> np.ndarray:
        return np.abs(values / stated - 1) <= reach

    unit = figures[0].unit
    return [
        Part(
            statement,
            chance(holds(draws)),
            {"stated": stated, "unit": unit, "sourced": spread(draws), "tolerance": reach, "figures": len(figures)},
            flip_points(draws, holds, name=f"{quantity} of {subject}", unit=unit),
            tuple(figure.id for figure in figures),
            caveats=tuple(caveats),
        )
    ]


def at_least(
    study: Study,
    *,
    quantity: str,
    subject: str,
    threshold: list[float],
    statement: str,
    object: str | None = None,
    item: str | None = None,
    since: str | None = None,
    until: str | None = None,
    divide_by: dict[str, Any] | None = None,
    leave_out: list[str] | None = None,
    only: list[str] | None = None,
    newest: int | None = None,
    below: bool = False,
    untested: list[str] | None = None,
) -> list[Part]:
    """Does an amount reach what the word for it asks ("significant", "partially dependent")?

    `threshold` is the range, low to high, that a reader could fairly mean, drawn uniformly; with `below` the amount
    must stay under it. `divide_by` names a second quantity (`quantity`, `subject` and so on) for a ratio in per cent.
    `newest` keeps so many of the latest figures; `only` names the facts to use, `leave_out` those to pass over;
    `untested` says what of the claim the amount does not speak of.
    """
    where: dict[str, Any] = {"subject": subject, "object": object, "item": item, "since": since, "until": until}
    figures = [f for f in study.region.find(quantity, **where) if f.id not in (leave_out or [])]
    figures = [f for f in figures if only is None or f.id in only][-newest if newest else 0 :]
    base = study.region.find(**divide_by) if divide_by else []
    if not figures or (divide_by and not base):
        lacking = f"{quantity} of {subject}" if not figures else "the amount to compare with"
        return [Part(statement, None, lacks=(lacking,))]
    draws = study.pool(figures, f"{quantity}:{subject}:{object}:{item}")
    unit = figures[0].unit
    if base:
        draws, unit = 100 * draws / study.pool(base, f"{base[0].quantity}:{base[0].subject}"), "%"
    low, high = threshold
    bar = study.between(f"threshold:{statement}", low, high)

    def holds(values: np.ndarray) -> np.ndarray:
        return values < bar if below else values >= bar

    name = f"{quantity} of {subject}" + (f" with {object}" if object else "")
    return [
        Part(
            statement,
            chance(holds(draws)),
            {"sourced": spread(draws), "unit": unit, "threshold": {"low": low, "high": high, "below": below}},
            flip_points(draws, holds, name=name, unit=unit),
            tuple(figure.id for figure in [*figures, *base]),
            caveats=(
                f"the threshold of {low:g} to {high:g} {unit} is a reading of the wording, not a measurement",
                *(untested or []),
            ),
        )
    ]


def all_at_least(study: Study, *, parts: list[dict[str, Any]]) -> list[Part]:
    """Several amounts, each a separable part of one claim; `parts` hold the parameters of `at_least`."""
    return [part for parameters in parts for part in at_least(study, **parameters)]


def shifted(study: Study, *, parts: list[dict[str, Any]]) -> list[Part]:
    """Did a figure fall between two periods by a relative amount? Each part holds the parameters of `_shift`."""
    return [_shift(study, **part) for part in parts]


def _shift(study: Study, *, statement: str, before: str, after: str, fall: list[float]) -> Part:
    """The figure `after` lies below that of `before` by the range of relative falls `fall` at least (ids of facts)."""
    rows = {name: study.region.figure(name) for name in (before, after)}
    lacks = tuple(name for name, row in rows.items() if row is None)
    if lacks:
        return Part(statement, None, lacks=lacks)
    old, new = rows[before], rows[after]
    assert old is not None
    assert new is not None
    was, now = study.figure(old), study.figure(new)
    bar = study.between(f"fall:{statement}", fall[0], fall[1])
    numbers = {"before": spread(was), "after": spread(now), "relative fall": spread(1 - now / was), "unit": new.unit}
    flip = flip_points(now, lambda values: 1 - values / was >= bar, name=f"figure of {new.as_of}", unit=new.unit)
    return Part(statement, chance(1 - now / was >= bar), numbers, flip, (before, after))


def _covers_year(figure: Figure) -> bool:
    if figure.as_of is None:
        return False
    first, last = bounds(figure.as_of)
    return (last - first).days >= FULL_YEAR_DAYS

"""Checks on announced money: is the sum right, and is it what it is called?"""

from __future__ import annotations

import numpy as np

from counterpoise.claims._measure import Study, chance, spread
from counterpoise.claims._verdict import Part
from counterpoise.claims.checks.acts import RECORDED
from counterpoise.region import Figure
from counterpoise.region._schema import ProjectStage
from counterpoise.region.units import factor

UNIT = "USD bn"


def money(
    study: Study, *, project: str, stated: float, statement: str, called: str, firm_share: list[float]
) -> list[Part]:
    """An announced sum has two separable parts: that it was announced, and that it is firm money of that kind.

    `stated` is in USD bn, read as a ceiling ("up to"). The second part holds when at least `firm_share` (a range, share
    of the stated sum) is contracted or disbursed: a ceiling on exports is no investment until someone signs.
    """
    stages: list[ProjectStage] = [row for row in study.region.rows("projects") if row.project == project]
    announced = [_figure(row) for row in stages if row.stage == "announced" and row.value is not None]
    firm = [_figure(row) for row in stages if row.stage in ("contracted", "disbursed") and row.value is not None]
    if not announced:
        return [Part(statement, None, lacks=(f"an announced sum of {project}",))]
    reach = study.tolerance("qualifier", "exact")[0]
    ceiling = max(figure.high or figure.value for figure in announced)
    agrees = abs(ceiling / stated - 1) <= reach
    bar = study.between(f"firm:{project}", *firm_share) * stated
    paid = np.sum([study.figure(figure) for figure in firm], axis=0) if firm else np.zeros(study.count)
    flip = {
        "input": "money contracted or disbursed",
        "unit": UNIT,
        "values": [float(np.median(bar))],
        "nearest": float(np.median(bar)),
        "now": float(np.median(paid)),
    }
    return [
        Part(
            statement,
            study.happened(announced) if agrees else 0.0,
            {"stated": stated, "announced ceiling": ceiling, "unit": UNIT, "tolerance": reach},
            {
                "input": "announced ceiling",
                "unit": UNIT,
                "values": [stated * (1 - reach), stated * (1 + reach)],
                "nearest": stated * (1 - reach if ceiling <= stated else 1 + reach),
                "now": ceiling,
            },
            tuple(figure.id for figure in announced),
        ),
        Part(
            called,
            chance(paid >= bar),
            {"contracted or disbursed": spread(paid), "needed": spread(bar), "unit": UNIT},
            flip,
            tuple(figure.id for figure in [*announced, *firm]),
            caveats=("contracts on record are partial",),
        )
        if firm
        else _unrecorded(study, called, flip, tuple(figure.id for figure in announced)),
    ]


def _unrecorded(study: Study, statement: str, flip: dict[str, object], evidence: tuple[str, ...]) -> Part:
    """No contract and no payment is on record: that is not nought, but evidence as good as the record is.

    Even odds beforehand; firm money of that size would be on record with the chance of any act of note.
    """
    low, high = study.ends(f"recorded:{statement}", *RECORDED)
    missed = 1 - (low + high) / 2
    numbers = {"contracted or disbursed": None, "chance that it would be on record": {"low": low, "high": high}}
    caveats = ("no contract or payment is on record, which is weaker evidence than a statement that there is none",)
    return Part(statement, missed / (1 + missed), numbers, {**flip, "now": None}, evidence, caveats=caveats)


def _figure(row: ProjectStage) -> Figure:
    scale = factor(row.unit or UNIT, UNIT)
    assert row.value is not None
    low, high = (None if bound is None else bound * scale for bound in (row.low, row.high))
    return Figure.of(
        row,
        id=row.id,
        quantity="project_value",
        subject=row.host[0],
        object=row.sponsor[0],
        item=row.project,
        value=row.value * scale,
        low=low,
        high=high,
        unit=UNIT,
        as_of=row.as_of,
        stated=(row.value, row.unit or UNIT),
    )

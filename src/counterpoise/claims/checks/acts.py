"""Checks that rest on reported acts: did they take place, and did what should have followed follow?"""

from __future__ import annotations

from typing import Any

from counterpoise.claims._measure import Study, credibility_flip, reports
from counterpoise.claims._verdict import Part

# The chance that the list would hold an act of note that took place.
RECORDED = (0.9, 0.99)
SEPARATE = "rows of one source count as one report; two sources that copy one agency are weaker than they look"


def acts(study: Study, *, parts: list[dict[str, Any]]) -> list[Part]:
    """Did the named acts take place as stated? Each part has a `statement` and the `rows` (ids) that report it.

    A part may bound the dates of its acts (`since`, `until`); an act outside them does not bear it out.
    """
    return [_reported(study, **part) for part in parts]


def _reported(
    study: Study, *, statement: str, rows: list[str], since: str | None = None, until: str | None = None
) -> Part:
    found = [(name, study.region.row(name)) for name in rows]
    known = [(name, row) for name, row in found if row is not None]
    if not known:
        return Part(statement, None, lacks=tuple(rows))
    fitting = [(name, row) for name, row in known if _within(row, since, until)]
    fitting_rows = [row for _, row in fitting]
    probability = study.happened(fitting_rows) if fitting_rows else 0.0
    return Part(
        statement,
        probability,
        {
            "rows": len(fitting),
            "separate sources": len(reports(fitting_rows)),
            "credibilities": [row.credibility for row in fitting_rows],
            "rows outside the dates": len(known) - len(fitting),
        },
        credibility_flip(study, fitting_rows or [row for _, row in known]),
        tuple(name for name, _ in known),
        caveats=(SEPARATE,) if len(reports(fitting_rows)) > 1 else (),
    )


def _within(row: Any, since: str | None, until: str | None) -> bool:
    day = next(value for name in ("date", "election", "known") if (value := getattr(row, name, None)))
    return (since is None or day >= since) and (until is None or day <= until)


def unstated(study: Study, *, rows: list[str], field: str, statement: str) -> list[Part]:
    """Did the reports of an act leave something unsaid: is a field (`number`) empty in each of the `rows`?

    As probable as that the reports are right as coded, 0 where one of them states it.
    """
    known = [(name, row) for name in rows if (row := study.region.row(name)) is not None and hasattr(row, field)]
    if not known:
        return [Part(statement, None, lacks=tuple(rows))]
    stated = [name for name, row in known if getattr(row, field) is not None]
    reported = [row for _, row in known]
    probability = 0.0 if stated else study.happened(reported)
    numbers = {"reports": len(known), f"reports that state the {field}": len(stated)}
    flip = credibility_flip(study, reported)
    caveats = ("what was said behind closed doors is not on record",)
    return [Part(statement, probability, numbers, flip, tuple(name for name, _ in known), caveats=caveats)]


def agreed_but_not_in_force(study: Study, *, agreed: dict[str, Any], in_force: dict[str, Any], by: str) -> list[Part]:
    """A deal has two separable parts: that parties agreed, and that the agreement is signed and in force.

    `agreed` is a part as in `acts`. `in_force` has a `statement`, the `actors` who would sign, and the `kinds` and
    `words` that an event of signing or ratifying has; it is searched among the events up to the day `by`. Not finding
    a signing is evidence against it: how strong depends on how surely such an act would have been `recorded`.
    """
    wanted, words = set(in_force["actors"]), [text.lower() for text in in_force["words"]]
    found = [
        event
        for event in study.region.rows("events")
        if event.date <= by
        and event.kind in in_force["kinds"]
        and wanted <= {*event.actor, *event.target}
        and any(text in event.summary.lower() for text in words)
    ]
    first = _reported(study, **agreed)
    if found:
        second = Part(
            in_force["statement"],
            study.happened(found),
            {"signings found": len(found)},
            credibility_flip(study, found),
            tuple(event.id for event in found),
        )
        return [first, second]
    low, high = study.ends(f"recorded:{in_force['statement']}", *in_force.get("recorded", RECORDED))
    missed = 1 - (low + high) / 2
    # Even odds beforehand; a signing that took place would have been recorded with the stated chance.
    probability = missed / (1 + missed)
    second = Part(
        in_force["statement"],
        probability,
        {"signings found": 0, "chance that one would be recorded": {"low": low, "high": high}},
        {
            "input": "chance that a signing would have been recorded",
            "unit": "share",
            "values": [0.0],
            "nearest": 0.0,
            "now": 1 - missed,
        },
        first.evidence,
        caveats=("an absence in the event list is weaker evidence than a document",),
    )
    return [first, second]

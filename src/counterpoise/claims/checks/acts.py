"""Checks that rest on reported acts: did they take place, and did what should have followed follow?"""

from __future__ import annotations

from typing import Any

from counterpoise.claims._measure import Study, credibility_flip
from counterpoise.claims._verdict import Part


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
    ranks = [row.credibility for _, row in fitting]
    probability = study.happened(ranks) if ranks else 0.0
    return Part(
        statement,
        probability,
        {"reports": len(fitting), "credibilities": ranks, "reports outside the dates": len(known) - len(fitting)},
        credibility_flip(study, ranks or [row.credibility for _, row in known]),
        tuple(name for name, _ in known),
        caveats=("reports are counted as independent; two that copy one agency are weaker than they look",)
        if len(ranks) > 1
        else (),
    )


def _within(row: Any, since: str | None, until: str | None) -> bool:
    day = next(value for name in ("date", "election", "known") if (value := getattr(row, name, None)))
    return (since is None or day >= since) and (until is None or day <= until)


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
        ranks = [event.credibility for event in found]
        second = Part(
            in_force["statement"],
            study.happened(ranks),
            {"signings found": len(found)},
            credibility_flip(study, ranks),
            tuple(event.id for event in found),
        )
        return [first, second]
    recorded = in_force.get("recorded", [0.9, 0.99])
    missed = 1 - sum(recorded) / 2
    # Even odds beforehand; a signing that took place would have been recorded with the stated chance.
    probability = missed / (1 + missed)
    second = Part(
        in_force["statement"],
        probability,
        {"signings found": 0, "chance that one would be recorded": {"low": recorded[0], "high": recorded[1]}},
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

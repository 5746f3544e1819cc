"""What the region commands return: check, show, facts, events."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from counterpoise._errors import Fault, InputError, fault
from counterpoise._result import Meta, Result
from counterpoise.region._check import check_folder
from counterpoise.region._load import locate, read_folder
from counterpoise.region._region import Figure, Region
from counterpoise.region._schema import Event


@dataclass
class CheckResult(Result):
    """Every fault of a region folder, and how many rows each table holds."""

    faults: list[Fault]
    counts: dict[str, int]
    meta: Meta = field(default_factory=Meta)

    def body(self) -> dict[str, Any]:
        return {"faults": [item.to_dict() for item in self.faults], "counts": self.counts}

    def table(self) -> list[dict[str, Any]]:
        if self.faults:
            return [item.to_dict() for item in self.faults]
        return [{"table": name, "rows": count} for name, count in self.counts.items()]

    @property
    def exit_code(self) -> int:
        return 1 if self.faults else 0


def check_region(region: str | Path) -> CheckResult:
    """Every fault of a region folder at once, with file, line, rule and fix; raises only when there is no folder."""
    folder = read_folder(locate(region))
    counts = {name: len(rows) for name, rows in folder.rows.items() if (folder.path / f"{name}.csv").exists()}
    return CheckResult(check_folder(folder), counts)


@dataclass
class ShowResult(Result):
    """What a region holds on a day."""

    region: Region
    meta: Meta

    def body(self) -> dict[str, Any]:
        settings = self.region.settings
        quantities = Counter(figure.quantity for figure in self.region.figures)
        return {
            "region": settings.model_dump(mode="json"),
            "counts": {name: len(self.region.rows(name)) for name in self.region.tables},
            "quantities": dict(sorted(quantities.items())),
            "actors": [{"id": row.id, "name": row.name, "kind": row.kind} for row in self.region.rows("actors")],
        }

    def table(self) -> list[dict[str, Any]]:
        settings = self.region.settings
        head = [
            {"what": "title", "value": settings.title},
            {"what": "clients", "value": ", ".join(settings.clients)},
            {"what": "patrons", "value": ", ".join(settings.patrons)},
            {"what": "viewpoint", "value": settings.viewpoint},
            {"what": "as of", "value": self.meta.as_of or "everything visible"},
        ]
        counts = [{"what": f"{name} rows", "value": len(self.region.rows(name))} for name in self.region.tables]
        return head + counts


def show_region(region: Region) -> ShowResult:
    """What a region holds: settings, rows by table, facts by quantity."""
    return ShowResult(region, region.meta())


@dataclass
class FactsResult(Result):
    """Sourced, dated figures, conflicting ones side by side."""

    figures: list[Figure]
    meta: Meta

    def body(self) -> dict[str, Any]:
        return {"facts": [figure_row(figure) for figure in self.figures]}

    def table(self) -> list[dict[str, Any]]:
        shown = (
            "id",
            "quantity",
            "subject",
            "object",
            "item",
            "value",
            "unit",
            "as_of",
            "known",
            "source",
            "credibility",
        )
        return [{name: row[name] for name in shown} for row in self.body()["facts"]]


def figure_row(figure: Figure) -> dict[str, Any]:
    """A figure as the contract's row: canonical value and unit, with what the source printed in `stated`."""
    return {
        "id": figure.id,
        "quantity": figure.quantity,
        "subject": figure.subject,
        "object": figure.object,
        "item": figure.item,
        "value": figure.value,
        "low": figure.low,
        "high": figure.high,
        "unit": figure.unit,
        "as_of": figure.as_of,
        "known": figure.known,
        "known_derived": figure.known_derived,
        "source": figure.source,
        "credibility": figure.credibility,
        "kind": figure.kind,
        "stated": {"value": figure.stated[0], "unit": figure.stated[1]},
        "note": figure.note,
    }


def list_facts(
    region: Region, *, subject: str | None = None, object: str | None = None, quantity: str | None = None
) -> FactsResult:
    """The figures of a region that match; an unknown actor or quantity is an error (`E204`), never an empty answer."""
    _check_actors(region, {"--subject": subject, "--object": object})
    if quantity is not None:
        found = region.find(quantity, subject=subject, object=object)
    else:
        found = [
            figure
            for figure in region.figures
            if (subject is None or figure.subject == subject) and (object is None or figure.object == object)
        ]
    return FactsResult(found, region.meta(sources=[figure.source for figure in found]))


@dataclass
class EventsResult(Result):
    """Sourced, dated acts."""

    events: list[Event]
    meta: Meta

    def body(self) -> dict[str, Any]:
        return {"events": [event_row(event) for event in self.events]}

    def table(self) -> list[dict[str, Any]]:
        return [{**event_row(event), "credibility": event.credibility} for event in self.events]


def event_row(event: Event) -> dict[str, Any]:
    """An event as the contract's row; several actors are joined by `;`."""
    return {
        "id": event.id,
        "date": event.date,
        "known": event.known,
        "actor": ";".join(event.actor),
        "target": ";".join(event.target),
        "kind": event.kind,
        "summary": event.summary,
        "source": event.source,
        "credibility": event.credibility,
    }


def list_events(
    region: Region, *, actor: str | None = None, target: str | None = None, kind: str | None = None
) -> EventsResult:
    """The events of a region that match, by date; an unknown actor is an error (`E204`)."""
    _check_actors(region, {"--actor": actor, "--target": target})
    wanted = kind.upper() if kind else None
    found = [
        event
        for event in region.rows("events")
        if (actor is None or actor in event.actor)
        and (target is None or target in event.target)
        and (wanted is None or event.kind == wanted)
    ]
    found.sort(key=lambda event: (event.date, event.id))
    return EventsResult(found, region.meta(sources=[event.source for event in found]))


def _check_actors(region: Region, options: dict[str, str | None]) -> None:
    faults = []
    for option, actor in options.items():
        if actor is not None and actor not in region.actor_names:
            rule, fix = "an actor is one of the region's", region.suggest_actor(actor)
            faults.append(fault("E204", where=option, found=repr(actor), rule=rule, fix=fix))
    if faults:
        raise InputError(faults)

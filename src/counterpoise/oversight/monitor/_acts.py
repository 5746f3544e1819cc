"""What a monitor sees: dated acts from the events, projects and elections of a region and from feed files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from counterpoise._errors import Fault, InputError, fault
from counterpoise.oversight.monitor._rules import KINDS, Indicator
from counterpoise.region import Region
from counterpoise.region._dates import bounds
from counterpoise.region._files import read_rows

FEED = ("date", "actor", "target", "kind")
FEED_OPTIONAL = ("id", "known", "known_derived", "source", "credibility", "magnitude", "summary", "note")


@dataclass(frozen=True, slots=True)
class Act:
    """A dated act with the day on which it became known; `actors` and `targets` are ids.

    What is `judged` was reported by nobody: a coder's reading of the record, which is no news.
    """

    id: str
    day: date
    known: date
    actors: tuple[str, ...]
    targets: tuple[str, ...]
    kind: str
    text: str
    source: str
    table: str = "events"
    judged: bool = False


def acts_of(region: Region) -> Iterator[Act]:
    """Every act that the region knows on its as-of day."""
    for row in region.rows("events"):
        known = date.fromisoformat(row.known)
        yield Act(row.id, date.fromisoformat(row.date), known, row.actor, row.target, row.kind, row.summary, row.source)
    for row in region.rows("projects"):
        known = date.fromisoformat(row.known)
        day = min(bounds(row.as_of)[1], known) if row.as_of else known
        money = "" if row.value is None else f", {row.value:g} {row.unit}"
        text = f"{row.name}: {row.stage.replace('_', ' ')}{money}"
        judged = row.kind == "judgement"
        text += f" ({row.note})" if judged and row.note else ""
        yield Act(row.id, day, known, row.sponsor, row.host, row.stage.upper(), text, row.source, "projects", judged)
    for law in region.laws():
        for day in law.get("elections", ()):
            known, country = date.fromisoformat(str(law["known"])), str(law["country"])
            text, name = f"Election in {country}", f"elections:{country}-{day}"
            yield Act(name, day, known, (country,), (), "ELECTION", text, str(law.get("source", "")), "elections")


def read_feed(path: Path, as_of: date | None) -> tuple[list[Act], int]:
    """The acts of a feed in the region's columns of events that were known on a day, and how many were not yet.

    A blank `known` is the day of the act itself. Raises `InputError`: `E201`-`E203`, `E861` a row that is no event.
    """
    faults: list[Fault] = []
    acts: list[Act] = []
    later = 0
    for line in read_rows(path, required=FEED, optional=FEED_OPTIONAL):
        cells, where = line.cells, f"{path}:{line.number}"
        try:
            day = date.fromisoformat(cells["date"])
            known = date.fromisoformat(cells.get("known") or cells["date"])
        except ValueError as error:
            faults.append(_bad(where, str(error), "write days as 2026-02-09"))
            continue
        if cells["kind"] not in KINDS:
            faults.append(_bad(where, f"kind {cells['kind']!r}", f"kinds: {', '.join(sorted(KINDS))}"))
        elif not _ids(cells["actor"]):
            faults.append(_bad(where, "no actor", "name who acted, several with ; between"))
        elif as_of is not None and known > as_of:
            later += 1
        else:
            name = cells.get("id") or f"{path.stem}:{line.number}"
            text = cells.get("summary") or cells.get("note") or cells["kind"].lower()
            source = cells.get("source") or path.name
            ids = _ids(cells["actor"]), _ids(cells["target"])
            acts.append(Act(name, day, known, *ids, cells["kind"], text, source))
    if faults:
        raise InputError(faults[:200])
    return acts, later


def _ids(text: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in text.split(";") if one.strip())


def _bad(where: str, found: str, fix: str) -> Fault:
    rule = "a row of a feed is an event: date, actor, target, kind (PLOVER), and known, summary, source where told"
    return fault("E861", where=where, found=found, rule=rule, fix=fix)


def counted(indicator: Indicator, client: str, acts: Iterable[Act]) -> list[Act]:
    """The acts that an indicator counts for a client, each id once, in order of days."""
    found = {act.id: act for act in acts if _counts(indicator, client, act)}
    return sorted(found.values(), key=lambda act: (act.day, act.id))


def _counts(indicator: Indicator, client: str, act: Act) -> bool:
    if act.table != indicator.table and not (indicator.table == "elections" and act.table == "events"):
        return False
    if act.table == "projects":
        return client in act.targets
    if act.table == "elections":
        return client in act.actors
    sides = {"actor": act.actors, "target": act.targets, "any": act.actors + act.targets}
    if client not in sides[indicator.side] or (indicator.kinds and act.kind not in indicator.kinds):
        return False
    others = set(act.targets if indicator.side == "actor" else act.actors)
    if indicator.other.startswith("!"):
        banned = client if indicator.other == "!self" else indicator.other[1:]
        if others == {banned}:
            return False
    elif indicator.other and indicator.other not in others:
        return False
    text = act.text.casefold()
    if indicator.words and not any(word in text for word in indicator.words):
        return False
    return not any(word in text for word in indicator.without)


def episodes(acts: Iterable[Act], days: int) -> list[date]:
    """Days on which something new began: acts of the same actors, targets and kind within some days are one episode."""
    last: dict[tuple[tuple[str, ...], tuple[str, ...], str], date] = {}
    found = []
    for act in acts:
        key = (act.actors, act.targets, act.kind)
        before = last.get(key)
        if before is None or (act.day - before).days > days:
            found.append(act.day)
        last[key] = act.day
    return found

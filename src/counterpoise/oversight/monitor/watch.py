"""The state of a region's politics on a day: indicators, dated alerts, and what changed since another day."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from counterpoise._errors import InputError, fault
from counterpoise._result import Meta, Result, hash_file
from counterpoise.oversight.monitor._acts import Act, acts_of, counted, episodes, read_feed
from counterpoise.oversight.monitor._levels import Level, false_alarm, level_on
from counterpoise.oversight.monitor._rules import Indicator, Rules, read_rules, usual_rules
from counterpoise.region import Region

MEMBERS = 400


@dataclass(frozen=True, slots=True)
class Reading:
    """An indicator for a client on a day; `before` is what it read on the day since which changes are told."""

    indicator: Indicator
    client: str
    level: Level | None
    before: Level | None
    alerted: tuple[date, Level] | None
    alarms: dict[str, Any] | None
    new: tuple[Act, ...]
    last: Act | None
    count: int

    @property
    def news(self) -> tuple[Act, ...]:
        """The new acts that somebody reported."""
        return tuple(act for act in self.new if not act.judged)

    @property
    def status(self) -> str:
        """`alert`, `quiet`, `too few` for levels; `new` or `none` for indicators of single acts."""
        if self.level is None:
            return "new" if self.news else "none"
        return "alert" if self.alerted is not None else self.level.status

    def to_dict(self) -> dict[str, Any]:
        level, before = self.level, self.before
        return {
            "id": self.indicator.id,
            "title": self.indicator.title,
            "client": self.client,
            "status": self.status,
            "status_before": before.status if before else None,
            "episodes": level.episodes if level else None,
            "expected": level.expected if level else None,
            "base_rate_per_year": level.per_year if level else None,
            "p": level.p if level else None,
            "p_time": level.p_time if level else None,
            "p_volume": level.p_volume if level else None,
            "alerted_on": self.alerted[0].isoformat() if self.alerted else None,
            "false_alarm": self.alarms,
            "acts": self.count,
            "new": [act.id for act in self.news],
            "judged": [act.id for act in self.new if act.judged],
            "last": self.last.day.isoformat() if self.last else None,
        }


@dataclass
class MonitorResult(Result):
    """Indicators of a region on a day, with alerts and what is new since another day."""

    region: str
    as_of: date
    since: date
    rules: Rules
    readings: list[Reading]
    left_out: int
    meta: Meta
    title: str = ""
    # Ids of actors and sources as people read them.
    labels: dict[str, str] = field(default_factory=dict)

    def label(self, name: str) -> str:
        """How people call an actor or a source; its id where nobody says."""
        return self.labels.get(name, name)

    def alerts(self) -> list[dict[str, Any]]:
        """Everything dated that calls for a look, the newest first: levels that rose, and single acts that are new.

        Rows of the region that are a coder's judgement are told apart (`kind` judgement): nobody reported them.
        """
        found = []
        for one in self.readings:
            if one.alerted is not None:
                day, level = one.alerted
                text = (
                    f"{one.indicator.title}: {level.episodes} in the {self.rules.window_days} days before, "
                    f"{level.expected:.2g} expected (chance {level.p:.2g})"
                )
                found.append(_alert("level", one, day, day, text, ""))
            for act in one.new:
                kind = "judgement" if act.judged else "act"
                found.append(_alert(kind, one, act.day, act.known, act.text, act.source) | {"event": act.id})
        return sorted(found, key=lambda row: (row["date"], row["indicator"], row["client"], row["text"]), reverse=True)

    def changes(self) -> list[dict[str, Any]]:
        """Indicators whose status moved since the day, and those with new acts."""
        return [
            {
                "indicator": one.indicator.id,
                "client": one.client,
                "from": one.before.status if one.before else None,
                "to": one.status,
                "new": len(one.news),
            }
            for one in self.readings
            if one.news or (one.before is not None and one.before.status != one.status)
        ]

    def body(self) -> dict[str, Any]:
        rules = self.rules
        return {
            "region": self.region,
            "as_of": self.as_of.isoformat(),
            "since": self.since.isoformat(),
            "rules": {
                "window_days": rules.window_days,
                "baseline_days": rules.baseline_days,
                "episode_days": rules.episode_days,
                "least_episodes": rules.least_episodes,
                "chance": rules.chance,
            },
            "indicators": [one.to_dict() for one in self.readings],
            "alerts": self.alerts(),
            "changes": self.changes(),
            "not_yet_known": self.left_out,
        }

    def table(self) -> list[dict[str, Any]]:
        """One row per indicator and client: status, count, what is usual, what is new."""
        return [
            {
                "indicator": one.indicator.title,
                "client": one.client,
                "status": one.status,
                "was": one.before.status if one.before else "",
                "in window": one.level.episodes if one.level else None,
                "expected": one.level.expected if one.level else None,
                "chance": one.level.p if one.level else None,
                "new": len(one.news),
                "last": one.last.day.isoformat() if one.last else "",
            }
            for one in self.readings
        ]

    def write(self, folder: Path) -> list[Path]:
        """Write the status page (`status.html`, opens offline) and `status.json` into a folder."""
        from counterpoise.oversight.monitor._page import page

        folder.mkdir(parents=True, exist_ok=True)
        html, document = folder / "status.html", folder / "status.json"
        html.write_text(page(self), encoding="utf-8")
        document.write_text(self.to_json(indent=1), encoding="utf-8")
        return [html, document]


def _alert(kind: str, one: Reading, day: date, known: date, text: str, source: str) -> dict[str, Any]:
    return {
        "date": day.isoformat(),
        "known": known.isoformat(),
        "kind": kind,
        "indicator": one.indicator.id,
        "client": one.client,
        "text": text,
        "source": source,
    }


def watch_region(
    region: Region,
    *,
    since: str | date | None = None,
    rules: Path | None = None,
    feeds: tuple[Path, ...] = (),
    members: int = MEMBERS,
    seed: int = 0,
) -> MonitorResult:
    """Indicators of a region on its as-of day (else its base date), alerts, and what became known since another day.

    `since` is 30 days before unless told. Nothing known later than the as-of day is read; what stood on the day `since`
    is read with the knowledge of that day. Raises `InputError`: `E204` days, `E860` rules, `E861` feeds.
    """
    told = usual_rules() if rules is None else read_rules(rules)
    until = region.as_of or date.fromisoformat(region.settings.base_date)
    start = _since(since, until)
    now = list(acts_of(region))
    left_out = 0
    for path in feeds:
        more, later = read_feed(path, until)
        now += more
        left_out += later
    then = [*acts_of(region.at(start)), *(act for act in now if act.known <= start)]
    readings = [
        _read(indicator, client, now, then, start, until, told, members, seed)
        for indicator in told.indicators
        for client in indicator.clients or region.settings.clients
    ]
    sources = {act.source for one in readings for act in one.new}
    known = {row.id for row in region.rows("sources")}
    meta = region.meta(seed=seed, sources=sorted(sources & known))
    hashes = {str(path): hash_file(path) for path in (*feeds, *((rules,) if rules else ()))}
    meta = Meta(seed, until.isoformat(), {**meta.inputs, **hashes}, meta.sources, meta.cites)
    labels = {**region.source_titles, **region.actor_names}
    return MonitorResult(region.id, until, start, told, readings, left_out, meta, region.settings.title, labels)


def _since(since: str | date | None, until: date) -> date:
    if since is None:
        return until - timedelta(days=30)
    try:
        start = since if isinstance(since, date) else date.fromisoformat(since)
    except ValueError:
        start = None
    if start is None or start > until:
        rule, fix = "the day since which changes are told is an ISO day not after the as-of day", "write 2026-02-09"
        raise InputError([fault("E204", where="--since", found=repr(since), rule=rule, fix=fix)])
    return start


def _read(
    indicator: Indicator,
    client: str,
    now: list[Act],
    then: list[Act],
    start: date,
    until: date,
    rules: Rules,
    members: int,
    seed: int,
) -> Reading:
    acts = counted(indicator, client, now)
    past = counted(indicator, client, then)
    dated = [act for act in acts if act.day <= until]
    # New is what was not known on the day, whenever it happened.
    known = {act.id for act in past}
    new = tuple(act for act in acts if act.id not in known)
    if not indicator.level:
        return Reading(indicator, client, None, None, None, None, new, dated[-1] if dated else None, len(acts))
    level = _level(until, acts, now, client, rules)
    before = _level(start, past, then, client, rules)
    looks = sorted({act.known for act in acts if start < act.known <= until} | {until})
    raised = ((day, _level(day, acts, now, client, rules)) for day in looks)
    alerted = next(((day, found) for day, found in raised if found.status == "alert"), None)
    alarms = None
    if members:
        # Rates are rounded, so that indicators alike share one simulation.
        rate = float(f"{max(level.per_year, 0.2):.1g}")
        alarms = false_alarm(rate, max((until - start).days, 1), rules, members=members, seed=seed)
        alarms = {"rate_per_year": rate, "members": members, **alarms}
    return Reading(indicator, client, level, before, alerted, alarms, new, dated[-1] if dated else None, len(acts))


def _level(day: date, acts: list[Act], everything: list[Act], client: str, rules: Rules) -> Level:
    """The level on a day, from what was known and had happened by then."""
    days = episodes([act for act in acts if act.day <= day and act.known <= day], rules.episode_days)
    # Days of all that is recorded of the client, by which denser recording is told from more acts.
    volume = sorted(
        act.day
        for act in everything
        if act.table == "events" and act.day <= day and act.known <= day and client in act.actors + act.targets
    )
    return level_on(day, days, volume, rules)

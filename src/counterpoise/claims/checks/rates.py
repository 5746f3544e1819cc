"""Checks on pace: do acts of a kind come more often than before, and is a turn large beside others?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
from scipy.special import gammaincinv

from counterpoise.claims._inputs import overhear
from counterpoise.claims._measure import Study, chance, spread
from counterpoise.claims._verdict import Part
from counterpoise.region._schema import Event

DAYS = 365.25


def more_often(study: Study, *, parts: list[dict[str, Any]]) -> list[Part]:
    """Do acts of a kind come more often after a day than before it? Each part holds the parameters of `_more`."""
    return [_more(study, **part) for part in parts]


def _more(
    study: Study,
    *,
    statement: str,
    acts: dict[str, Any],
    since: str,
    split: str,
    until: str,
    ratio: list[float],
    below: bool = False,
    beside: dict[str, Any] | None = None,
) -> Part:
    """The rate of `acts` from `split` to `until` over that from `since` to `split`, against a range of ratios.

    Each act counts if it took place (its credibility); counts are Poisson with Jeffreys' prior. `beside` names acts
    whose own ratio of rates is divided out: a list that is kept more closely of late makes everything seem to quicken.
    With `below` the ratio must stay under the range.
    """
    rows = [event for event in _matching(study, acts) if since <= event.date <= until]
    if not rows:
        return Part(statement, None, lacks=(f"acts of {', '.join(acts['actors'])} between {since} and {until}",))
    spans = (_years(since, split), _years(split, until))
    before, after = [row for row in rows if row.date < split], [row for row in rows if row.date >= split]
    counts = _counted(study, before), _counted(study, after)
    drift = np.ones(study.count)
    if beside:
        others = [event for event in _matching(study, beside) if since <= event.date <= until]
        early = _rate(study, np.full(study.count, sum(o.date < split for o in others)), spans[0], "beside:before")
        late = _rate(study, np.full(study.count, sum(o.date >= split for o in others)), spans[1], "beside:after")
        drift = late / early
    bar = study.between(f"ratio:{statement}", ratio[0], ratio[1])
    base = _rate(study, counts[0], spans[0], f"{statement}:before")

    def ratios(late_counts: np.ndarray) -> np.ndarray:
        return _rate(study, late_counts, spans[1], f"{statement}:after") / base / drift

    def holds(values: np.ndarray) -> np.ndarray:
        return values < bar if below else values >= bar

    now = ratios(counts[1])
    numbers = {
        "acts": {"before": len(before), "after": len(after)},
        "years": {"before": round(spans[0], 2), "after": round(spans[1], 2)},
        "ratio of rates": spread(now),
        "needed": {"low": ratio[0], "high": ratio[1], "below": below},
        "drift of the list": spread(drift) if beside else None,
    }
    values = _even(lambda k: chance(holds(ratios(np.full(study.count, float(k))))), 4 * len(rows) + 4)
    nearest = min(values, key=lambda value: abs(value - len(after))) if values else None
    flip = {"input": "acts after the day", "unit": "acts", "values": values, "nearest": nearest, "now": len(after)}
    caveats = ["the list of acts is kept by hand; what it leaves out counts as not done"]
    caveats += [] if beside else ["how closely the list was kept over time is not corrected for"]
    return Part(
        statement, chance(holds(now)), numbers, flip, tuple(row.id for row in [*before, *after]), caveats=tuple(caveats)
    )


def outstanding_turn(
    study: Study, *, actor: str, towards: list[str], since: str, until: str, others: list[str], top: list[float],
    statement: str,
) -> list[Part]:  # fmt: skip
    """Is a state's turn between two days large beside the turns of others over spans of the same length?

    The size of a turn is the sum of the judged magnitudes (1 to 5) of its dated steps `towards` some actors or away
    from their opposite. It is ranked among all spans of that length of the actor and of `others`, one a year; `top` is
    the range of shares of spans that it has to exceed.
    """
    length = _years(since, until)
    sizes: dict[str, np.ndarray] = {}
    names: list[str] = []
    for who in [actor, *others]:
        steps = [event for event in study.region.rows("events") if event.id.startswith("steps:") and who in event.actor]
        for step in steps:
            found = study.region.find("alignment_step_magnitude", subject=who, item=step.id.removeprefix("steps:"))
            if found:
                sizes[f"{who}:{step.date}:{step.id}"] = study.figure(found[0])
                names += [found[0].id] if who == actor and since <= step.date <= until else []
    if not names:
        return [Part(statement, None, lacks=(f"alignment_step_magnitude of {actor} between {since} and {until}",))]

    def turn(who: str, first: str, last: str) -> np.ndarray:
        own = [value for key, value in sizes.items() if key.split(":")[0] == who and first <= key.split(":")[1] <= last]
        return np.sum(own, axis=0) if own else np.zeros(study.count)

    now = turn(actor, since, until)
    rivals = []
    for who in [actor, *others]:
        for year in range(1999, int(until[:4]) - int(np.ceil(length)) + 1):
            first, last = f"{year}-01-01", f"{year + round(length)}-01-01"
            if not (who == actor and last > since):
                rivals.append(turn(who, first, last))
    bar = study.between(f"top:{statement}", top[0], top[1])
    others_turned = np.stack(rivals)

    def holds(values: np.ndarray) -> np.ndarray:
        return np.mean(others_turned < values, axis=0) >= bar

    smaller = np.mean(others_turned < now, axis=0)
    overhear(smaller >= bar, now)
    scales = np.geomspace(0.05, 2, 2 if study.quick else 81)
    chances = np.array([chance(holds(now * scale)) for scale in scales])
    crossed = np.flatnonzero((chances[:-1] - 0.5) * (chances[1:] - 0.5) <= 0)
    middle = float(np.median(now))
    values = [middle * float(scales[k + 1]) for k in crossed]
    flip = {"input": "summed magnitude of the steps", "unit": "1-5 each", "values": values, "now": middle}
    if values:
        flip["nearest"] = min(values, key=lambda value: abs(value - middle))
    numbers = {
        "summed magnitude": spread(now),
        "steps": len(names),
        "share of other spans that are smaller": spread(smaller),
        "spans compared": len(rivals),
    }
    caveats = ("steps and magnitudes are one coder's judgement; spans overlap",)
    return [Part(statement, chance(holds(now)), numbers, flip, tuple(names), caveats=caveats)]


def _even(odds: Callable[[int], float], most: int) -> list[float]:
    """The whole numbers from 1 to `most` at which a chance that only rises (or only falls) crosses or leaves a half.

    >>> _even(lambda k: k / 10, 8), _even(lambda k: 1 - k / 9, 8), _even(lambda k: 0.1, 8)
    ([5.0, 6.0], [5.0], [])
    """
    rises = odds(most) >= odds(0)

    def beyond(reached: Callable[[float], bool]) -> int:
        """The first number whose chance has got there, `most + 1` if none has."""
        low, high = 0, most + 1
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if reached(odds(middle) - 0.5) else (middle + 1, high)
        return low

    touched = beyond(lambda excess: excess >= 0 if rises else excess <= 0)
    passed = beyond(lambda excess: excess > 0 if rises else excess < 0)
    return [float(k) for k in range(max(touched, 1), min(passed, most) + 1)]


def _matching(study: Study, acts: dict[str, Any]) -> list[Event]:
    """Acts by any of `actors` (and `targets`, `kinds`, id prefixes `lists` where given), none by `not_actors`."""
    wanted, targets = set(acts["actors"]), set(acts.get("targets", []))
    lists = tuple(f"{name}:" for name in acts.get("lists", ["events"]))
    rows: list[Event] = study.region.rows("events")
    return [
        row
        for row in rows
        if row.id.startswith(lists)
        and (wanted & set(row.actor) or "*" in wanted)
        and not set(acts.get("not_actors", [])) & set(row.actor)
        and (not targets or targets & set(row.target))
        and (not acts.get("kinds") or row.kind in acts["kinds"])
        and row.id not in acts.get("leave_out", [])
    ]


def _counted(study: Study, rows: list[Event]) -> np.ndarray:
    """How many of the acts took place, by draw: each with the chance that its credibility gives it."""
    total = np.zeros(study.count)
    for row in rows:
        total += study.uniforms(f"took-place:{row.id}") < study.credible(row.credibility)
    return total


def _rate(study: Study, counts: np.ndarray, years: float, name: str) -> np.ndarray:
    """Draws of a yearly rate given counts: Gamma with shape count + 1/2 (Jeffreys' prior of a Poisson rate)."""
    return np.asarray(gammaincinv(counts + 0.5, study.uniforms(f"rate:{name}"))) / years


def _years(first: str, last: str) -> float:
    return (date.fromisoformat(last) - date.fromisoformat(first)).days / DAYS

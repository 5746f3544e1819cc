"""How dated claims resolved: forecasts made with what was known on an earlier day, scored against what happened."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from typing import Any

import numpy as np
from scipy.special import gammaincinv

from counterpoise._errors import InputError, SolveError
from counterpoise.channels.security.threat import rival_names, threat_names, threats
from counterpoise.claims._run import checks_of
from counterpoise.claims._verdict import Verdict
from counterpoise.play.elections import score_election
from counterpoise.region import Region
from counterpoise.region.draws import Assumptions, uniforms

# A chance of nought or one would cost an infinite log score where it is wrong.
FLOOR = 1e-4
DRAWS = 2000
DAYS_PER_YEAR = 365.25
# Over so many years before the day the pace of coercive acts is read.
LOOK_BACK = 5
# Kinds of act that are an attack.
ATTACKS = frozenset({"ASSAULT"})


def resolve(region: Region, verdicts: Sequence[Verdict], then: str, *, seed: int = 0) -> dict[str, Any]:
    """What could be forecast on the day `then` about the claims that look ahead, scored; and which verdicts stood.

    `forecasts` are the dated questions that the claims' checks put, each with its probability from what was known on
    the day, what happened by the region's own day (1 or 0; what the events do not hold counts as not done), and its
    Brier and log scores (a forecast that knows nothing has 0.25 and 0.69): whether the side that did not govern won an
    election held since; whether a client was attacked; whether a patron coerced it again. `verdicts` tells of each
    claim that rests now on a row which became known after the day what it was then and is now: that is no forecast,
    and carries no score.

    Scores after Brier 1950 (key `brier1950`) and the logarithm of the probability of what happened.
    """
    end = region.as_of or date.fromisoformat(region.settings.base_date)
    asked: dict[str, dict[str, Any]] = {}
    claims = {row.id: row for row in region.rows("claims")}
    for verdict in verdicts:
        for question, make in _questions(claims[verdict.id]):
            if question not in asked:
                asked[question] = {"question": question, "claims": [], **make(region, then, end, seed)}
            asked[question]["claims"].append(verdict.id)
    forecasts = [row for row in asked.values() if row.get("outcome") is not None]
    return {
        "then": then,
        "until": end.isoformat(),
        "forecasts": forecasts,
        "mean_brier": _mean([row["brier"] for row in forecasts]),
        "mean_log_score": _mean([row["log_score"] for row in forecasts]),
        "not_scored": [row for row in asked.values() if row.get("outcome") is None],
        "verdicts": list(_moved(region, verdicts, then)),
    }


def _questions(claim: Any) -> Iterator[tuple[str, Callable[..., dict[str, Any]]]]:
    """The dated questions that a claim's checks put, each with what answers it."""
    for check, given in checks_of(claim):
        if check == "could_turn":
            name = str(given["election"])
            yield f"the side that did not govern wins {name}", partial(_vote, name=name)
        elif check in ("undecided", "either_shows"):
            client = str(given["client"])
            yield f"{client} is attacked", partial(_attack, client=client)
        for part in (given, *given.get("parts", [])) if check in ("at_least", "all_at_least") else ():
            if part.get("quantity") == "punished_step_rate" and part["subject"] != "WLD":
                pair = str(part["object"]), str(part["subject"])
                yield f"{pair[0]} coerces {pair[1]} again", partial(_coercion, patron=pair[0], client=pair[1])


def _vote(region: Region, then: str, end: date, seed: int, name: str) -> dict[str, Any]:
    vote = region.elections.get(name)
    if vote is None or not then < vote.date <= end.isoformat():
        return {"why": "not held between the two days"}
    try:
        scored = score_election(region, name, as_of=then, draws=DRAWS, seed=seed)
    except (InputError, SolveError) as error:
        return {"why": "; ".join(lack.found for lack in error.faults)}
    turned = scored.forecast.turn_reversed
    # The forecast is scored on the side that governs: reversed or not is the same question asked the other way.
    outcome = int(abs(scored.chance - turned) < abs(scored.chance - (1 - turned)))
    return {"probability": turned, "outcome": outcome, **_scores(turned, outcome), "rows": [vote.id]}


def _attack(region: Region, then: str, end: date, seed: int, client: str) -> dict[str, Any]:
    before = region.at(then)
    draws = Assumptions(before, seed=seed, count=DRAWS)
    if not rival_names(before, client) or draws.missing(*threat_names(before, client)):
        return {"why": f"the threats to {client} were not on record"}
    found = threats(before, client, date.fromisoformat(then), draws)
    spared = np.prod([1 - rival.hazard for rival in found.rivals], axis=0)
    chance = float(np.mean(1 - spared ** _years(then, end)))
    rivals = {rival.name for rival in found.rivals}
    happened = [
        row.id
        for row in region.rows("events")
        if then < row.date <= end.isoformat()
        and row.kind in ATTACKS
        and rivals & set(row.actor)
        and client in row.target
    ]
    return {"probability": chance, "outcome": int(bool(happened)), **_scores(chance, bool(happened)), "rows": happened}


def _coercion(region: Region, then: str, end: date, seed: int, patron: str, client: str) -> dict[str, Any]:
    def acts(seen: Region, since: str, until: str) -> list[str]:
        rows = seen.rows("events")
        return [
            row.id
            for row in rows
            if row.id.startswith("coercion:") and patron in row.actor and client in row.target
            if since < row.date <= until
        ]

    start = f"{int(then[:4]) - LOOK_BACK}{then[4:]}"
    rate = (
        gammaincinv(len(acts(region.at(then), start, then)) + 0.5, uniforms(seed, "claims:coercion", DRAWS)) / LOOK_BACK
    )
    chance = float(np.mean(1 - np.exp(-rate * _years(then, end))))
    happened = acts(region, then, end.isoformat())
    return {"probability": chance, "outcome": int(bool(happened)), **_scores(chance, bool(happened)), "rows": happened}


def _moved(region: Region, verdicts: Sequence[Verdict], then: str) -> Iterator[dict[str, Any]]:
    for verdict in verdicts:
        evidence = dict.fromkeys(name for part in verdict.parts for name in part.evidence)
        later = [name for name in evidence if (row := region.row(name)) is not None and row.known > then]
        if later and verdict.then is not None:
            yield {"id": verdict.id, "then": verdict.then["verdict"], "now": verdict.verdict, "later": later}


def _scores(probability: float, outcome: bool | int) -> dict[str, float]:
    """Brier and log score of a probability.

    >>> _scores(0.5, 1)
    {'brier': 0.25, 'log_score': 0.6931471805599453}
    """
    said = probability if outcome else 1 - probability
    return {"brier": (int(outcome) - probability) ** 2, "log_score": -math.log(max(said, FLOOR))}


def _years(then: str, end: date) -> float:
    return (end - date.fromisoformat(then)).days / DAYS_PER_YEAR


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None

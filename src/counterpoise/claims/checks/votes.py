"""Checks on elections: how likely was it, on what was known, that the other side would govern?"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from counterpoise._errors import InputError, SolveError
from counterpoise.claims._inputs import part_of
from counterpoise.claims._measure import Study, chance, credibility_flip
from counterpoise.claims._verdict import Part
from counterpoise.claims.checks.acts import acts
from counterpoise.play.elections.forecast import ElectionForecast, forecast_election
from counterpoise.region import Region

MOST_DRAWS = 2000


def due(study: Study, *, election: str, day: str, statement: str, held: dict[str, Any]) -> list[Part]:
    """Is an election due on a day? Once rows report that it was held (`held`, a part as in `acts`) they answer.

    Before, the announcement does: as probable as its source is credible, 0 where it names another day.
    """
    if any(study.region.row(name) is not None for name in held["rows"]):
        return acts(study, parts=[held])
    vote = study.region.elections.get(election)
    if vote is None:
        return [Part(statement, None, lacks=(f"elections.toml: {election}", *held["rows"]))]
    right = study.credible(vote.credibility) if vote.date == day else 0.0
    flip = credibility_flip(study, [vote])
    numbers = {"announced for": vote.date, "stated": day, "known since": vote.known, "source": vote.source}
    caveats = ("an announced day can still be moved", "the announcement is in elections.toml, not among the rows")
    return [Part(statement, right, numbers, flip, caveats=caveats)]


def could_turn(study: Study, *, election: str, day: str, least: list[float], statement: str) -> list[Part]:
    """Could an election bring the side opposite to the government's to power, with more than a marginal chance?

    The forecast uses what was known on `day` (or on the region's own day if that is earlier); its chance of a reversal
    is set against the range `least` of chances that count, drawn uniformly.
    """
    known = study.region.as_of
    on = min(day, known.isoformat()) if known else day
    try:
        told = _forecast(part_of(study.region, "election"), election, on, min(study.count, MOST_DRAWS), study.seed)
    except (InputError, SolveError) as error:
        if error.code not in {"E906", "E907", "E601"}:
            raise
        return [Part(statement, None, lacks=tuple(lack.found for lack in error.faults))]
    bar = study.between(f"least:{statement}", least[0], least[1])
    turned = told.turn_reversed
    middle = (least[0] + least[1]) / 2
    evidence = tuple(dict.fromkeys(name for poll in told.polls for name in poll.facts))
    caveats = (
        f"forecast as of {on} from {len(told.polls)} polls; its method was written after the result was known",
        "sides are the judged orientation of the lists",
    )
    numbers = {
        "chance that the other side governs": turned,
        "chance that counts": {"low": least[0], "high": least[1]},
        "polls": len(told.polls),
    }
    flip = {
        "input": "chance that the other side governs",
        "unit": "share",
        "values": [middle],
        "nearest": middle,
        "now": turned,
    }
    return [Part(statement, chance(turned >= bar), numbers, flip, evidence, caveats=caveats)]


@lru_cache(maxsize=8)
def _forecast(region: Region, election: str, on: str, draws: int, seed: int) -> ElectionForecast:
    """The forecast, kept: several claims ask how one vote could have gone."""
    return forecast_election(region, election, as_of=on, draws=draws, seed=seed)

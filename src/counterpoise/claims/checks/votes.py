"""Checks on elections: how likely was it, on what was known, that the other side would govern?"""

from __future__ import annotations

from counterpoise._errors import InputError, SolveError
from counterpoise.claims._measure import Study, chance
from counterpoise.claims._verdict import Part
from counterpoise.play.elections import forecast_election

MOST_DRAWS = 2000


def could_turn(study: Study, *, election: str, day: str, least: list[float], statement: str) -> list[Part]:
    """Could an election bring the side opposite to the government's to power, with more than a marginal chance?

    The forecast uses what was known on `day` (or on the region's own day if that is earlier); its chance of a reversal
    is set against the range `least` of chances that count, drawn uniformly.
    """
    known = study.region.as_of
    on = min(day, known.isoformat()) if known else day
    try:
        told = forecast_election(study.region, election, as_of=on, draws=min(study.count, MOST_DRAWS), seed=study.seed)
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

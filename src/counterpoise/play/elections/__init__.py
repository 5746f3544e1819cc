"""Who would govern: votes into seats by a country's own law, and polls into forecasts of both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from counterpoise.play.elections.forecast import forecast_election as forecast_election
    from counterpoise.play.elections.law import Law as Law
    from counterpoise.play.elections.law import find_law as find_law
    from counterpoise.play.elections.scores import score_election as score_election
    from counterpoise.play.elections.seats import count_seats as count_seats
    from counterpoise.play.elections.seats import seats_from_file as seats_from_file
    from counterpoise.play.elections.votes import Ballot as Ballot

_HOME = "counterpoise.play.elections"
_PUBLIC = {
    "Ballot": f"{_HOME}.votes",
    "Law": f"{_HOME}.law",
    "count_seats": f"{_HOME}.seats",
    "find_law": f"{_HOME}.law",
    "forecast_election": f"{_HOME}.forecast",
    "score_election": f"{_HOME}.scores",
    "seats_from_file": f"{_HOME}.seats",
}


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module 'counterpoise.play.elections' has no attribute {name!r}")
    from counterpoise._register import load

    return load(f"{_PUBLIC[name]}:{name}")

"""Who would govern: votes into seats by a country's own law, and polls into forecasts of both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterpoise._register import on_demand

if TYPE_CHECKING:
    from counterpoise.play.elections.forecast import forecast_election as forecast_election
    from counterpoise.play.elections.law import Law as Law
    from counterpoise.play.elections.law import find_law as find_law
    from counterpoise.play.elections.scores import score_election as score_election
    from counterpoise.play.elections.seats import count_seats as count_seats
    from counterpoise.play.elections.seats import seats_from_file as seats_from_file
    from counterpoise.play.elections.votes import Ballot as Ballot

_PUBLIC = {
    "Ballot": "votes",
    "Law": "law",
    "count_seats": "seats",
    "find_law": "law",
    "forecast_election": "forecast",
    "score_election": "scores",
    "seats_from_file": "seats",
}

__getattr__ = on_demand(__name__, _PUBLIC)

"""The promises of protection that stand on a day, and how vague they are."""

from __future__ import annotations

from datetime import date

import numpy as np

from counterpoise.channels.security.forms import Array
from counterpoise.region import Region
from counterpoise.region._schema import Commitment
from counterpoise.region.draws import Assumptions, triangular

# Promises of restraint bind the one who promises; they protect from nobody else.
RESTRAINT = frozenset({"non-aggression"})


def standing(region: Region, guarantor: str | None, protege: str, day: date) -> list[Commitment]:
    """The promises to protect a state that stand on a day, of one guarantor or (`None`) of all; restraint left out."""
    return [
        row
        for row in region.rows("commitments")
        if (guarantor is None or guarantor in row.guarantor)
        and protege in row.protege
        and row.form not in RESTRAINT
        and row.ambiguity is not None
        and (row.from_ is None or row.from_ <= day.isoformat())
        and (row.to is None or row.to > day.isoformat())
    ]


def ambiguity(row: Commitment, draws: Assumptions) -> Array:
    """How vague a promise is by draw: 0 an automatic duty to fight, 1 words alone."""
    assert row.ambiguity is not None
    low = row.ambiguity if row.ambiguity_low is None else row.ambiguity_low
    high = row.ambiguity if row.ambiguity_high is None else row.ambiguity_high
    return np.asarray(triangular(draws.uniform(f"{row.id}:ambiguity"), low, row.ambiguity, high))


def firmest(promises: list[Commitment], draws: Assumptions) -> Array | None:
    """The ambiguity of the firmest of several promises by draw: texts of one guarantor do not add up."""
    return np.min([ambiguity(row, draws) for row in promises], axis=0) if promises else None

"""`counterpoise salvo`: which fleet holds its own in an exchange of missiles, on a bare file of fleets."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from counterpoise.cli._run import show


def salvo(
    fleets: Path,
    /,
    *,
    members: int = 1000,
    allocation: Literal["proportional", "uniform", "worst"] = "proportional",
    rounds: int = 1,
    first: str | None = None,
    sides: str | None = None,
    seed: int = 0,
    json: bool = False,
) -> int:
    """Say which of two fleets holds its own when both fire their missiles, and what is left of each.

    A fleet holds its own if it keeps at least half of the surviving combat value in at least half of the draws.

    Example: counterpoise salvo fleets.csv --members 2000 --first A

    Parameters
    ----------
    fleets
        CSV with the columns fleet,class,number,salvo,defence,staying_power, each with _low and _high if it has a
        range; hit and intercept are chances for a missile and for a try to stop one, 1 where left out.
    members
        Draws over every range and chance, 1 to 100,000.
    allocation
        How fire is split: over ships (proportional), over classes (uniform), or where it destroys most (worst).
    rounds
        Salvos that each ship carries, 1 to 20.
    first
        A fleet that fires one salvo before the other answers.
    sides
        Two fleets, as A,B, when the file has more.
    seed
        Where the draws begin.
    json
        Print one JSON document.
    """
    from counterpoise.channels.security.salvo.exchange import salvo_from_file

    result = salvo_from_file(
        fleets, members=members, seed=seed, rounds=rounds, allocation=allocation, first=first, sides=sides
    )
    return show(result, as_json=json, title="What is left of each fleet")

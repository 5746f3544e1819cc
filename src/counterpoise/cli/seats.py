"""`counterpoise seats`: votes into seats by an electoral law, step by step."""

from __future__ import annotations

from pathlib import Path

from counterpoise.cli._run import show


def seats(votes: Path, /, *, law: str, winner: str | None = None, json: bool = False) -> int:
    """Say how many seats each list gets under an electoral law, with every threshold, quotient and added seat.

    Example: counterpoise seats votes.csv --law ARM_2026

    Parameters
    ----------
    votes
        CSV with the columns party,share,kind: per cent of the valid votes (or fractions, or counts of votes); kind is
        party, alliance (or bloc), alliance_2, alliance_3, independent or minority. Columns votes (exact counts),
        members (parties in an alliance) and won (constituencies) may stand beside them.
    law
        A TOML file, FILE#ID where it holds several laws, or the id of a law of the South Caucasus region.
    winner
        The list that won a second round, where the law holds one.
    json
        Print one JSON document.
    """
    from counterpoise.play.elections.seats import seats_from_file

    return show(seats_from_file(votes, law, winner=winner), as_json=json, title="Seats")

"""The command `bargain`: where positions go when actors bargain."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal


def bargain(
    actors: Path,
    *,
    rounds: int | None = None,
    variant: Literal["scholz2011", "corrected", "ktab-smp"] = "scholz2011",
    draws: int | None = None,
    seed: int = 0,
    probability: Literal["all-pairs", "pair"] | None = None,
    capitulation: bool | None = None,
    compromise: Literal["signed", "least"] | None = None,
    median: Literal["chain", "lowest"] | None = None,
    status_quo: float | None = None,
    json: bool = False,
) -> int:
    """Where positions go when actors bargain: who moves whom, round by round.

    ACTORS is a CSV file with the columns actor, capability, position and salience; for several issues
    position_NAME and salience_NAME for each. Columns ending in _low and _high give ranges to draw from.

    Example: counterpoise bargain actors.csv --variant corrected --rounds 20

    Parameters
    ----------
    actors
        The table of actors.
    rounds
        The most rounds to play (default 10, or 100 for corrected and ktab-smp).
    variant
        scholz2011 (the published model as its open ports read it), corrected, or ktab-smp (positions and salience
        0-100, several issues as one space).
    draws
        Play this many draws from the ranges and show distributions.
    seed
        The seed of the draws.
    probability
        Chance to win: over the votes on all-pairs, or on that pair (scholz2011: all-pairs; corrected: pair).
    capitulation
        Whether an actor that risks more than its rival gains gives in (corrected: yes).
    compromise
        Which compromise to take: the signed key of the ports, or the least move (corrected: least).
    median
        Which of several tied positions is the median: chain as in the ports, or the lowest (corrected: lowest).
    status_quo
        The weight of nothing happening, 0 to 1 (default 1).
    json
        Print one JSON document.
    """
    from dataclasses import replace

    from counterpoise._result import Meta, hash_file
    from counterpoise.bargain import CORRECTED, PUBLISHED, negotiate, read_actors, simulate
    from counterpoise.cli._run import show

    chosen: dict[str, Any] = {
        "probability": probability,
        "capitulation": capitulation,
        "compromise": compromise,
        "median": median,
        "status_quo": status_quo,
    }
    given = {name: value for name, value in chosen.items() if value is not None}
    base = CORRECTED if variant == "corrected" else PUBLISHED
    options = replace(base, **given) if given else None
    table = read_actors(actors)
    meta = Meta(inputs={str(actors): hash_file(actors)})
    title = f"Bargain ({variant})"
    if draws is None:
        result = negotiate(table, variant=variant, rounds=rounds, options=options, meta=meta)
        return show(result, as_json=json, title=title)
    spread = simulate(table, seed=seed, draws=draws, variant=variant, rounds=rounds, options=options, meta=meta)
    return show(spread, as_json=json, title=f"{title}, {draws:,} draws")

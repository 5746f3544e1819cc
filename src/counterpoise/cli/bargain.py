"""The command `bargain`: where positions go when actors bargain."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

REGION_DRAWS = 300


def bargain(
    actors: Path,
    *,
    issue: str | None = None,
    leave_out: list[str] | None = None,
    as_of: str | None = None,
    rounds: int | None = None,
    variant: Literal["scholz2011", "corrected", "ktab-smp"] | None = None,
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
    position_NAME and salience_NAME for each. Columns ending in _low and _high give ranges to draw from. With --issue
    it is a region instead, whose judged positions on that issue are bargained over.

    Example: counterpoise bargain actors.csv --variant corrected --rounds 20
    Example: counterpoise bargain south-caucasus --issue tripp_terms --draws 500

    Parameters
    ----------
    actors
        The table of actors; with --issue the id or folder of a region.
    issue
        The issue of the region.
    leave_out
        Actors of the region to leave out, several separated by commas or by repeating the option.
    as_of
        Use only what was known of the region on this day.
    rounds
        The most rounds to play (default 10, or 100 for corrected and ktab-smp).
    variant
        scholz2011 (the published model as its open ports read it; default for a file), corrected (default for a
        region), or ktab-smp (positions and salience 0-100, several issues as one space).
    draws
        Play this many draws from the ranges and show distributions. A region plays 300 unless told otherwise, 0 plays
        its judged values alone.
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

    from counterpoise.bargain import CORRECTED, PUBLISHED, negotiate, simulate
    from counterpoise.cli._run import show

    chosen: dict[str, Any] = {
        "probability": probability,
        "capitulation": capitulation,
        "compromise": compromise,
        "median": median,
        "status_quo": status_quo,
    }
    given = {name: value for name, value in chosen.items() if value is not None}
    played = variant or ("scholz2011" if issue is None else "corrected")
    base = CORRECTED if played == "corrected" else PUBLISHED
    options = replace(base, **given) if given else None
    if issue is None:
        table, meta = _from_file(actors, leave_out, as_of)
        title = f"Bargain ({played})"
    else:
        table, meta = _from_region(actors, issue, leave_out, as_of, percent=played == "ktab-smp")
        title = f"Bargain over {issue} ({played})"
        # Judged values tie, and ties decide: the single game at them may lie far from all draws around them.
        draws = REGION_DRAWS if draws is None else draws or None
    if draws is None:
        result = negotiate(table, variant=played, rounds=rounds, options=options, meta=meta)
        return show(result, as_json=json, title=title)
    spread = simulate(table, seed=seed, draws=draws, variant=played, rounds=rounds, options=options, meta=meta)
    return show(spread, as_json=json, title=f"{title}, {draws:,} draws")


def _from_file(actors: Path, leave_out: list[str] | None, as_of: str | None) -> tuple[Any, Any]:
    from counterpoise._errors import InputError, fault
    from counterpoise._result import Meta, hash_file
    from counterpoise.bargain import read_actors

    alone = {"--leave-out": leave_out, "--as-of": as_of}
    if unused := [name for name, value in alone.items() if value is not None]:
        rule = "these options choose among the rows of a region"
        fix = "name the region and its --issue, or take the rows out of the file"
        raise InputError([fault("E204", where=name, found="no --issue", rule=rule, fix=fix) for name in unused])
    if not actors.is_file() and _is_region(actors):
        from counterpoise.bargain.regional import issues_of
        from counterpoise.region import open_region

        issues = ", ".join(issues_of(open_region(str(actors)).figures))
        rule = "a region is bargained over one of its issues"
        fix = (
            f"add --issue with one of: {issues}"
            if issues
            else "add rows of bargaining_position, its companions, and their item"
        )
        raise InputError([fault("E204", where=str(actors), found="a region without --issue", rule=rule, fix=fix)])
    return read_actors(actors), Meta(inputs={str(actors): hash_file(actors)})


def _is_region(place: Path) -> bool:
    from counterpoise.region._load import BUILT_IN

    return str(place) in BUILT_IN or (place / "region.toml").is_file()


def _from_region(
    region: Path, issue: str, leave_out: list[str] | None, as_of: str | None, *, percent: bool
) -> tuple[Any, Any]:
    from counterpoise.bargain.regional import gather_issue
    from counterpoise.region import open_region

    opened = open_region(str(region), as_of=as_of)
    names = [name.strip() for text in leave_out or () for name in text.split(",") if name.strip()]
    found = gather_issue(opened.figures, issue, percent=percent, leave_out=names)
    return found.table, opened.meta(sources=opened.sources_of(found.facts))

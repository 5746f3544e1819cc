"""The command `deter`: how a game of deterrence or signalling is likely to be played."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter

PROMISES = "What each promise is worth by itself a year, median (5 to 95 per cent)"


def deter(
    game: Path,
    *,
    rate: Annotated[float | None, Parameter(name="--lambda")] = None,
    form: Literal["strategic", "agent"] | None = None,
    guarantor: str | None = None,
    protege: str | None = None,
    challenger: str | None = None,
    issue: str | None = None,
    voice: str | None = None,
    as_of: str | None = None,
    draws: int | None = None,
    seed: int = 0,
    json: bool = False,
) -> int:
    """How a game of deterrence or signalling is likely to be played, by players who err less the more is at stake.

    GAME is a Gambit .efg or .nfg file, or a .toml file with named nodes and outcomes. The answer is the logit
    quantal-response equilibrium on the branch that starts from pure chance; small games show exact equilibria too.

    With --guarantor and --protege GAME is a region: its commitment, ambiguous as it stands, is set beside a formal
    guarantee and none, over draws of the stakes. Chances of a challenge, war, a guarantor drawn in or standing aside,
    and a protege made bold. With --protege alone: what each promise to it is worth, in per cent of its GDP a year, and
    what its vagueness takes away.

    Example: counterpoise deter game.efg --lambda 2 --form agent
    Example: counterpoise deter south-caucasus --guarantor USA --protege ARM --challenger AZE --issue tripp_terms
    --voice ARM_GOV

    Parameters
    ----------
    game
        The game file, or a region.
    rate
        How precisely players choose: 0 is chance, larger is closer to full rationality; in one over payoffs (of a
        region: over a range of payoffs of 1). Default 1; of a region 0.5, 1, 2, 5, 10 and 20.
    form
        strategic: players choose whole strategies (the default); agent: each information set chooses on its own.
    guarantor
        Who has made the commitment, by its code; left out, every promise to the protege is valued.
    protege
        To whom.
    challenger
        Who may press the protege; its odds of winning then follow from capabilities on --issue.
    issue
        The issue of the region on which capabilities are judged.
    voice
        Who stands for the protege on the issue (default: the protege).
    as_of
        See a region as it was known on this day.
    draws
        Play this many draws from the judged ranges of a .toml game, each scaled to a range of 1; of a region 2,000, of
        promises 500.
    seed
        The seed of the draws.
    json
        Print one JSON document.
    """
    from counterpoise._result import Meta, hash_file
    from counterpoise.bargain import deter as solve
    from counterpoise.bargain import deter_draws, read_game
    from counterpoise.cli._run import show

    of_region: dict[str, Any] = {
        "guarantor": guarantor,
        "protege": protege,
        "challenger": challenger,
        "issue": issue,
        "voice": voice,
    }
    if protege is not None and not any(of_region[name] for name in of_region if name != "protege"):
        return show(_promises(str(game), protege, as_of, rate, form, draws, seed), as_json=json, title=PROMISES)
    if any(value is not None for value in [*of_region.values(), as_of]):
        result = _on_region(str(game), as_of, of_region, rate=rate, form=form, draws=draws, seed=seed)
        title = f"What {guarantor}'s commitment to {protege} does, beside a formal guarantee and none (medians)"
        return show(result, as_json=json, title=title)
    found = read_game(game)
    meta = Meta(inputs={str(game): hash_file(game)})
    level, kind = 1.0 if rate is None else rate, form or "strategic"
    title = f"{found.title} ({kind} form, lambda {level:g})"
    if draws is None:
        return show(solve(found, rate=level, form=kind, meta=meta), as_json=json, title=title)
    spread = deter_draws(found, seed=seed, draws=draws, lambdas=[level], form=kind, meta=meta)
    return show(spread, as_json=json, title=f"{title}, {draws:,} draws")


def _promises(
    region: str, protege: str, as_of: str | None, rate: float | None, form: str | None, draws: int | None, seed: int
) -> Any:
    from counterpoise._errors import InputError, fault
    from counterpoise.channels.security.promise_table import table_of_promises
    from counterpoise.region import open_region

    games = {"--lambda": rate, "--form": form}
    if unused := [name for name, value in games.items() if value is not None]:
        rule, fix = "worth is read off the hazard of attack, not played", "name a --guarantor, or leave it out"
        raise InputError([fault("E204", where=name, found="no --guarantor", rule=rule, fix=fix) for name in unused])
    return table_of_promises(
        open_region(region, as_of=as_of), protege, draws=500 if draws is None else draws, seed=seed
    )


def _on_region(
    region: str,
    as_of: str | None,
    asked: dict[str, Any],
    *,
    rate: float | None,
    form: str | None,
    draws: int | None,
    seed: int,
) -> Any:
    from counterpoise._errors import InputError, fault
    from counterpoise.bargain import compare_region_commitments
    from counterpoise.region import open_region

    faults = []
    for name in ("guarantor", "protege"):
        if asked[name] is None:
            rule, fix = "a commitment of a region has a guarantor and a protege", f"add --{name}, by its code"
            faults.append(fault("E204", where=f"--{name}", found="left out", rule=rule, fix=fix))
    if asked["challenger"] is None and (asked["issue"] or asked["voice"]):
        rule, fix = "an issue gives the odds of a challenger", "add --challenger, by its code, or leave both out"
        faults.append(fault("E204", where="--challenger", found="left out", rule=rule, fix=fix))
    if form == "strategic":
        rule, fix = "the game of a commitment is played in its agent form", "leave --form out"
        faults.append(fault("E204", where="--form", found=form, rule=rule, fix=fix))
    if faults:
        raise InputError(faults)
    options = dict(asked) if rate is None else asked | {"lambdas": [rate]}
    opened = open_region(region, as_of=as_of)
    return compare_region_commitments(opened, seed=seed, draws=2_000 if draws is None else draws, **options)

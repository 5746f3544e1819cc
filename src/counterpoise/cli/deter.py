"""The command `deter`: how a game of deterrence or signalling is likely to be played."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter


def deter(
    game: Path,
    *,
    rate: Annotated[float, Parameter(name="--lambda")] = 1.0,
    form: Literal["strategic", "agent"] = "strategic",
    draws: int | None = None,
    seed: int = 0,
    json: bool = False,
) -> int:
    """How a game of deterrence or signalling is likely to be played, by players who err less the more is at stake.

    GAME is a Gambit .efg or .nfg file, or a .toml file with named nodes and outcomes. The answer is the logit
    quantal-response equilibrium on the branch that starts from pure chance; small games show exact equilibria too.

    Example: counterpoise deter game.efg --lambda 2 --form agent

    Parameters
    ----------
    game
        The game file.
    rate
        How precisely players choose: 0 is chance, larger is closer to full rationality; in one over payoffs.
    form
        strategic: players choose whole strategies; agent: each information set chooses on its own.
    draws
        Play this many draws from the judged ranges of a .toml game, each scaled to a range of 1.
    seed
        The seed of the draws.
    json
        Print one JSON document.
    """
    from counterpoise._result import Meta, hash_file
    from counterpoise.bargain import deter as solve
    from counterpoise.bargain import deter_draws, read_game
    from counterpoise.cli._run import show

    found = read_game(game)
    meta = Meta(inputs={str(game): hash_file(game)})
    title = f"{found.title} ({form} form, lambda {rate:g})"
    if draws is None:
        return show(solve(found, rate=rate, form=form, meta=meta), as_json=json, title=title)
    spread = deter_draws(found, seed=seed, draws=draws, lambdas=[rate], form=form, meta=meta)
    return show(spread, as_json=json, title=f"{title}, {draws:,} draws")

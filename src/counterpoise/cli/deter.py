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
    json
        Print one JSON document.
    """
    from counterpoise._result import Meta, hash_file
    from counterpoise.bargain import deter as solve
    from counterpoise.bargain import read_game
    from counterpoise.cli._run import show

    found = read_game(game)
    result = solve(found, rate=rate, form=form, meta=Meta(inputs={str(game): hash_file(game)}))
    return show(result, as_json=json, title=f"{result.title} ({form} form, lambda {rate:g})")

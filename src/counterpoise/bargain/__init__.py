"""Who moves whom: expected-utility bargaining; deterrence and signalling games."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from counterpoise.bargain.actors import ActorTable as ActorTable
    from counterpoise.bargain.actors import make_table as make_table
    from counterpoise.bargain.actors import read_actors as read_actors
    from counterpoise.bargain.ambiguity import SMALL_STATE as SMALL_STATE
    from counterpoise.bargain.ambiguity import Range as Range
    from counterpoise.bargain.ambiguity import Stakes as Stakes
    from counterpoise.bargain.commitment import CommitmentResult as CommitmentResult
    from counterpoise.bargain.commitment import compare_commitments as compare_commitments
    from counterpoise.bargain.deterrence import DeterResult as DeterResult
    from counterpoise.bargain.deterrence import deter as deter
    from counterpoise.bargain.deterrence import read_game as read_game
    from counterpoise.bargain.game_draws import GameDraws as GameDraws
    from counterpoise.bargain.game_draws import deter_draws as deter_draws
    from counterpoise.bargain.regional import bargain_over as bargain_over
    from counterpoise.bargain.regional import bargain_over_draws as bargain_over_draws
    from counterpoise.bargain.regional import compare_region_commitments as compare_region_commitments
    from counterpoise.bargain.regional import weigh_backing as weigh_backing
    from counterpoise.bargain.results import BargainDraws as BargainDraws
    from counterpoise.bargain.results import BargainResult as BargainResult
    from counterpoise.bargain.rounds import negotiate as negotiate
    from counterpoise.bargain.rounds import simulate as simulate
    from counterpoise.bargain.scholz import CORRECTED as CORRECTED
    from counterpoise.bargain.scholz import PUBLISHED as PUBLISHED
    from counterpoise.bargain.scholz import Options as Options
    from counterpoise.bargain.statements import judge_statement as judge_statement

# Module -> what it offers. Loaded on first use: a file of actors needs no game trees and no regions.
_MODULES = {
    "actors": ("ActorTable", "make_table", "read_actors"),
    "ambiguity": ("SMALL_STATE", "Range", "Stakes"),
    "commitment": ("CommitmentResult", "compare_commitments"),
    "deterrence": ("DeterResult", "deter", "read_game"),
    "game_draws": ("GameDraws", "deter_draws"),
    "regional": ("bargain_over", "bargain_over_draws", "compare_region_commitments", "weigh_backing"),
    "results": ("BargainDraws", "BargainResult"),
    "rounds": ("negotiate", "simulate"),
    "scholz": ("CORRECTED", "PUBLISHED", "Options"),
    "statements": ("judge_statement",),
}
_PUBLIC = {name: f"counterpoise.bargain.{module}:{name}" for module, names in _MODULES.items() for name in names}

__all__ = sorted(_PUBLIC)  # noqa: PLE0605


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module 'counterpoise.bargain' has no attribute {name!r}")
    from counterpoise._register import load

    return load(_PUBLIC[name])

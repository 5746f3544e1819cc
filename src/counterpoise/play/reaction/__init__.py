"""How patrons react: the chance that a step away from them is punished, and what the two scales see of turns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from counterpoise.play.reaction.cases import punishment_cases as punishment_cases
    from counterpoise.play.reaction.fit import fit_punishment as fit_punishment
    from counterpoise.play.reaction.pivots import validity_table as validity_table
    from counterpoise.play.reaction.rule import punishment_rule as punishment_rule

_HOME = "counterpoise.play.reaction"
_PUBLIC = {
    "fit_punishment": f"{_HOME}.fit",
    "punishment_cases": f"{_HOME}.cases",
    "punishment_rule": f"{_HOME}.rule",
    "validity_table": f"{_HOME}.pivots",
}


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module 'counterpoise.play.reaction' has no attribute {name!r}")
    from counterpoise._register import load

    return load(f"{_PUBLIC[name]}:{name}")

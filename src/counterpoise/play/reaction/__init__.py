"""How patrons react: the chance that a step away from them is punished, and what the two scales see of turns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterpoise._register import on_demand

if TYPE_CHECKING:
    from counterpoise.play.reaction.cases import punishment_cases as punishment_cases
    from counterpoise.play.reaction.fit import fit_punishment as fit_punishment
    from counterpoise.play.reaction.pivots import validity_table as validity_table
    from counterpoise.play.reaction.rule import PunishmentRule as PunishmentRule
    from counterpoise.play.reaction.rule import punishment_rule as punishment_rule

_PUBLIC = {
    "PunishmentRule": "rule",
    "fit_punishment": "fit",
    "punishment_cases": "cases",
    "punishment_rule": "rule",
    "validity_table": "pivots",
}

__getattr__ = on_demand(__name__, _PUBLIC)

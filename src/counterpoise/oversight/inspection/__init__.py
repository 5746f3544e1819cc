"""The inspection game: how often to audit whom with a budget, who is deterred, and what leaks all the same.

`leakage` is what the room `play` reads: the share of a programme's money that is lost at a rate of audits.
"""

from __future__ import annotations

from counterpoise.oversight.inspection.leakage import leakage as leakage
from counterpoise.oversight.inspection.leakage import leakage_band as leakage_band

"""Who can hurt whom: exposures beside what they cost the sender, with ranks and their uncertainty."""

from __future__ import annotations

from counterpoise.leverage._measure import LeverageResult as LeverageResult
from counterpoise.leverage._measure import measure_leverage as measure_leverage

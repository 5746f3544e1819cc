"""Who can hurt whom: exposures beside what they cost the sender, with ranks and their uncertainty."""

from __future__ import annotations

from counterpoise.leverage._compare import Comparison as Comparison
from counterpoise.leverage._compare import compare_indices as compare_indices
from counterpoise.leverage._crew import Job as Job
from counterpoise.leverage._crew import share_out as share_out
from counterpoise.leverage._measure import LeverageResult as LeverageResult
from counterpoise.leverage._measure import gather_leverage as gather_leverage
from counterpoise.leverage._measure import leverage_jobs as leverage_jobs
from counterpoise.leverage._measure import measure_leverage as measure_leverage
from counterpoise.leverage._years import LeverageYears as LeverageYears
from counterpoise.leverage._years import leverage_by_year as leverage_by_year
from counterpoise.leverage._years import over_years as over_years

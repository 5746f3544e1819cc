"""Benford's law on the digits of a column, and how often honest numbers would be as far off."""

from __future__ import annotations

from counterpoise.oversight.benford.chance import false_alarm as false_alarm
from counterpoise.oversight.benford.measure import measure_benford as measure_benford

"""The statistical charts of a brief: Vega-Lite specifications as plain data, one module per chart, drawn by Vega."""

from __future__ import annotations

from counterpoise.brief.charts._chart import Chart as Chart
from counterpoise.brief.charts.calibration import calibration_charts as calibration_charts
from counterpoise.brief.charts.claims import claims_chart as claims_chart
from counterpoise.brief.charts.costs import cost_charts as cost_charts
from counterpoise.brief.charts.fans import fan_charts as fan_charts

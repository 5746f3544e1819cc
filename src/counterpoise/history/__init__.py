"""How wrong were we: panels, fitting, forecasts, scores, calibration. Not built yet."""

"""What happens next: state, moves, beliefs, elections, the law of motion, ensembles."""

from __future__ import annotations

from counterpoise.play._answer import PlayResult as PlayResult
from counterpoise.play._run import explain as explain
from counterpoise.play._run import run as run

"""Telling people: the offline HTML brief, its JSON twin and its tables."""

from __future__ import annotations

from counterpoise.brief._build import BriefResult as BriefResult
from counterpoise.brief._build import write_brief as write_brief

"""What is known: the schema of a region, loading and checking, the as-of view, units, the vocabulary, draws."""

from __future__ import annotations

from counterpoise.region._columns import CHANNELS as CHANNELS
from counterpoise.region._region import RULES as RULES
from counterpoise.region._region import Figure as Figure
from counterpoise.region._region import Pick as Pick
from counterpoise.region._region import Region as Region
from counterpoise.region._region import open_region as open_region

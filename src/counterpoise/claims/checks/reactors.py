"""Checks on reactors: does a new one loosen its rival supplier's hold, when, and what does it cost beside others?"""

from __future__ import annotations

import numpy as np

from counterpoise._errors import SolveError
from counterpoise.channels.energy.path import metsamor_path
from counterpoise.claims._measure import Study, chance, flip_points, spread
from counterpoise.claims._verdict import Part

MOST_DRAWS = 200


def frees(
    study: Study, *, client: str, builder: str, plant: str, years: list[int], fall: list[float], soon: str, later: str
) -> list[Part]:
    """Does a new reactor lower the hold of the old one's supplier: in the first of two years (`soon`), in the second?

    Leverage of the supplier (per cent of GDP a year that its withdrawal costs) with the new reactor against without,
    the old one kept while its licence lasts; it has to fall by the range `fall` of shares.
    """
    row = study.region.row(plant)
    if row is None:
        return [Part(text, None, lacks=(plant,)) for text in (soon, later)]
    span = tuple(range(years[0], years[1] + 1))
    draws = min(study.count, MOST_DRAWS)
    try:
        path = metsamor_path(study.region, span, draws, seed=study.seed, client=client, builder=builder)
    except SolveError as error:
        if error.code != "E432":
            raise
        # The figures that the path needs were not all known on the day asked about.
        lacks = tuple(lack.found for lack in error.faults)
        return [Part(text, None, lacks=lacks) for text in (soon, later)]

    def part(text: str, year: int) -> Part:
        at = span.index(year)
        without, fresh = path.leverage["keep"][at], path.leverage["keep and build"][at]
        share = np.where(without > 0, 1 - fresh / np.where(without > 0, without, 1.0), 0.0)
        bar = study.between(f"fall:{text}", fall[0], fall[1])[: len(share)]
        numbers = {
            "year": year,
            "without it, % of GDP a year": spread(without),
            "with it, % of GDP a year": spread(fresh),
            "relative fall": spread(share),
            "runs by then, share of draws": float(np.mean(path.new_runs["keep and build"][at])),
        }
        flip = flip_points(share, lambda drawn: drawn >= bar, name="relative fall of the hold", unit="share")
        return Part(text, chance(share >= bar), numbers, flip, (plant, *path.facts), caveats=tuple(path.notes))

    return [part(soon, years[0]), part(later, years[1])]

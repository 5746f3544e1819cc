"""Competing offers of a new reactor side by side: size, date, cost, and what each does to the old supplier's hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from counterpoise._errors import SolveError, fault
from counterpoise._result import Meta, Result
from counterpoise.channels.energy.ground import Ground
from counterpoise.channels.energy.offers import offer, reactor_offer
from counterpoise.channels.energy.path import ReactorPath, first_year, metsamor_path
from counterpoise.channels.shape import Ask, Effect
from counterpoise.region import Region
from counterpoise.region.draws import Assumptions


@dataclass(frozen=True)
class BuilderOffer:
    """One builder's reactor by draw, and the years with it.

    `mw`; `usd_kw` with the first-of-a-kind `premium` (a factor) in it; `chance` that it is built; `first_year` in which
    it runs if it is; `cost_usd_mn` and `saved_usd_mn` a year once it runs. `path` has the supplier's leverage by year
    with and without it.
    """

    builder: str
    mw: np.ndarray
    usd_kw: np.ndarray
    premium: np.ndarray
    chance: np.ndarray
    first_year: np.ndarray
    cost_usd_mn: np.ndarray
    saved_usd_mn: float
    path: ReactorPath
    assumptions: tuple[str, ...]

    def row(self) -> dict[str, Any]:
        """The offer as 5, 50 and 95 per cent, and the supplier's leverage in the last year with and without it."""
        with_it, without = (self.path.leverage[policy][-1] for policy in ("keep and build", "keep"))
        spreads = {
            "mw": self.mw,
            "usd_kw": self.usd_kw,
            "premium": self.premium,
            "chance": self.chance,
            "first_year": self.first_year,
            "cost_usd_mn_a_year": self.cost_usd_mn,
            "leverage_with_pct_gdp": with_it,
            "leverage_without_pct_gdp": without,
        }
        found = {name: dict(zip(("p05", "p50", "p95"), _ends(values), strict=True)) for name, values in spreads.items()}
        return {"builder": self.builder, **found, "saved_usd_mn_a_year": self.saved_usd_mn, "year": self.path.years[-1]}


@dataclass
class ReactorOffers(Result):
    """The offers of a new reactor to one client, in the order in which the region names the patrons."""

    client: str
    supplier: str
    offers: tuple[BuilderOffer, ...]
    meta: Meta

    def table(self) -> list[dict[str, Any]]:
        return [one.row() for one in self.offers]

    def body(self) -> dict[str, Any]:
        return {"client": self.client, "supplier": self.supplier, "reactor_offers": self.table()}


def compare_reactors(
    region: Region, client: str = "ARM", *, draws: int = 200, seed: int = 0, last_year: int = 2045
) -> ReactorOffers:
    """The reactors that patrons offer a client side by side, on the same draws, with what each leaves of the old hold.

    A reactor of the old supplier brings its fuel and its service with it: what it takes from gas it gives back there.
    Which patrons offer one is read from the region (a capacity or a unit cost with the patron as object).

    Raises `SolveError` (`E432`) where nobody offers one or figures are lacking.
    """
    drawn = Assumptions(region, seed=seed, count=draws)
    ground = Ground(region, drawn)
    builders = [patron for patron in region.settings.patrons if reactor_offer(ground, patron, client) is not None]
    needs = list(ground.needs) or ([] if builders else [f"a reactor that anybody offers {client}"])
    if needs:
        rule, fix = "a comparison of reactors rests on offers of the region", "add them to the region"
        raise SolveError([fault("E432", where="region", found=f"no {need}", rule=rule, fix=fix) for need in needs])
    years = tuple(range(first_year(region), last_year + 1))
    found = tuple(_offered(region, client, builder, drawn, years) for builder in builders)
    supplier = next(row.supplier_country for row in region.rows("plants") if _reactor_of(row, client))
    facts = tuple(dict.fromkeys(name for one in found for name in one.path.facts))
    meta = region.meta(seed=seed, sources=region.sources_of(facts), cites=["huangfu2018"])
    return ReactorOffers(client, supplier, found, meta)


def _reactor_of(row: Any, client: str) -> bool:
    return bool(row.country == client and row.fuel == "uranium" and row.supplier_country)


def _offered(region: Region, client: str, builder: str, drawn: Assumptions, years: tuple[int, ...]) -> BuilderOffer:
    ground = Ground(region, drawn)
    premium = ground.assume("energy:first_of_a_kind", builder)
    thing = reactor_offer(ground, builder, client)
    assert thing is not None
    answer = offer(Ask(region, builder, client, "long", drawn))
    saved = answer.physical["saved_if_given_usd_mn"] if isinstance(answer, Effect) else float("nan")
    lead = ground.assume(f"energy:offer_lead_years:{builder}:{client}")
    chance = ground.assume(f"energy:offer_chance:{builder}:{client}")
    usd_kw = ground.assume("energy:reactor_usd_kw", builder) * premium
    size = ground.assume("energy:reactor_mw", builder, client)
    path = metsamor_path(region, years, drawn.count, seed=drawn.seed, client=client, builder=builder)
    names = tuple(dict.fromkeys((*ground.assumed, *path.assumptions)))
    start = years[0] + np.ceil(lead)
    return BuilderOffer(builder, size, usd_kw, premium, chance, start, thing.cost, saved, path, names)


def _ends(values: np.ndarray) -> tuple[float, float, float]:
    low, middle, high = np.percentile(values, [5, 50, 95])
    return float(low), float(middle), float(high)

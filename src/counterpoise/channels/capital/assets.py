"""Assets in a client that owners from a patron control, and those of them that another channel answers for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from counterpoise.region import Figure, Region
from counterpoise.region._dates import bounds

CONTROL = 50.0
# Published shares of one asset are rounded; above this they are of different days or owners.
WHOLE = 100.5


@dataclass(frozen=True, slots=True)
class Asset:
    """A company or work in the client: per cent held by owners from the patron, and the figures that say so."""

    name: str
    share: float
    figures: tuple[Figure, ...]


def controlled(region: Region, owners: set[str], client: str) -> tuple[list[Asset], list[Asset]]:
    """Assets of which `owners` together hold at least half: those this channel counts, and those `energy` counts.

    A power plant of the table of plants (or a cascade of them) belongs to `energy`, whose programme runs it; networks,
    railways, mines, ports and banks belong here. Holdings of one asset by several owners from one state add up
    (`zcmc.a` and `zcmc.b` are parts of `zcmc`), those from several members of a bloc do not: firms of different states
    have no common hand. A holding whose stated period is over is none.
    """
    plants = [row.id for row in region.rows("plants")]
    ours: list[Asset] = []
    energy: list[Asset] = []
    for name, holdings in _holdings(region, client).items():
        for owner in sorted({str(figure.object) for figure in holdings if figure.object in owners}):
            held = tuple(figure for figure in holdings if figure.object == owner)
            share = sum(figure.value for figure in held)
            if share >= CONTROL:
                (energy if _generates(name, plants) else ours).append(Asset(name, min(share, 100.0), held))
                break
    return ours, energy


def _generates(name: str, plants: list[str]) -> bool:
    """Whether an asset is a plant, or the cascade of plants that are numbered after it (`geo_khrami`)."""
    return any(plant == name or plant.rstrip("0123456789_") == name for plant in plants)


def present_day(region: Region) -> date:
    """The day the region is seen from: its as-of day, else the day the newest figure became known."""
    if region.as_of is not None:
        return region.as_of
    return max((date.fromisoformat(figure.known) for figure in region.figures), default=date.min)


def _holdings(region: Region, client: str) -> dict[str, list[Figure]]:
    """By asset, the newest holding of each owner that still stands."""
    today = present_day(region)
    newest: dict[tuple[str, str | None], Figure] = {}
    for figure in region.find("ownership_share", subject=client):
        over = "/" in (figure.as_of or "") and bounds(str(figure.as_of))[1] < today
        if figure.item and not over:
            newest[figure.item, figure.object] = figure
    assets: dict[str, list[Figure]] = {}
    for (item, _), figure in newest.items():
        assets.setdefault(item.partition(".")[0], []).append(figure)
    return {name: _consistent(figures) for name, figures in assets.items()}


def _consistent(figures: list[Figure]) -> list[Figure]:
    """Holdings that fit into one whole: parts that would break it (of a later stage, say) go first, then the oldest."""
    kept = sorted(figures, key=lambda f: ("." in (f.item or ""), -f.period_end.toordinal(), f.id))
    while sum(figure.value for figure in kept) > WHOLE and len(kept) > 1:
        kept.pop()
    return kept

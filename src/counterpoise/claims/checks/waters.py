"""Checks on whose waters a sea lane crosses, from the coordinates of ports and coastal places."""

from __future__ import annotations

from typing import Any

import numpy as np

from counterpoise.channels.transit.network import Network
from counterpoise.channels.transit.question import ask
from counterpoise.channels.transit.rows import read_region
from counterpoise.claims._measure import Study, chance, spread
from counterpoise.claims._verdict import Part

KM_PER_DEGREE = 111.2
SEA_MILE_KM = 1.852
OFFSETS = np.arange(0.0, 301.0)
STEPS = np.linspace(0.0, 1.0, 80)


def sea_lane(
    study: Study,
    *,
    country: str,
    lanes: list[str],
    coast: list[str],
    cape: str,
    clearance_km: list[float],
    detour_km: list[float],
    zone_sea_miles: float,
    sector: str,
    zone: str,
) -> list[Part]:
    """Do sea lanes cross a country's sector (nearer to its coast than to any other), and its coastal zone?

    `lanes` are links between ports; each draw takes one that is open, passes `cape` at `clearance_km` or where the
    straight way passes it if that is further out, and `detour_km` beyond. `coast` are place ids and `@tags` that stand
    for the coasts. `sector` and `zone` state the two parts; the zone is `zone_sea_miles` wide.

    The median line is that of the listed places, not of the shore between them. Method: equidistance, as in the
    agreements of 1998 to 2003 on the Caspian bed; the zone as in the convention of 2018.
    """
    places = {row.id: row for row in study.region.rows("places")}
    links = {row.id: row for row in study.region.rows("links")}
    wanted = [name for name in coast if not name.startswith("@")]
    tags = {name[1:] for name in coast if name.startswith("@")}
    shore = [row for row in places.values() if row.id in wanted or tags & {*row.tags}]
    lacks = [name for name in lanes if name not in links]
    lacks += [name for name in (cape, *wanted) if name not in places]
    lacks += [] if any(row.country == country for row in shore) else [f"coastal places of {country}"]
    if lacks:
        return [Part(text, None, lacks=tuple(lacks)) for text in (sector, zone)]
    running = [links[name] for name in _open_on_the_day(study, lanes)]
    evidence = (*lanes, *dict.fromkeys(row.id for row in shore))
    if not running:
        none = {"lanes that are open": 0}
        return [Part(text, 0.0, none, _break_even(np.empty(0), 0.0), evidence) for text in (sector, zone)]
    reach = zone_sea_miles * SEA_MILE_KM
    which = np.minimum((study.uniforms("sea_lane:which") * len(running)).astype(int), len(running) - 1)
    clear = study.between("sea_lane:clearance", *clearance_km)
    further = study.between("sea_lane:detour", *detour_km)
    found = [_crossings(places[row.from_], places[row.to], places[cape], shore, country, reach) for row in running]
    straight = np.array([item[0] for item in found])
    offset = np.maximum(clear, straight[which]) + further
    step = np.clip(np.round(offset).astype(int), 0, len(OFFSETS) - 1)
    parts = []
    for kind, text in ((1, sector), (2, zone)):
        crosses = np.array([item[kind] for item in found])
        holds = crosses[which, step]
        leaves = np.array([OFFSETS[row].max(initial=0.0) + 1 for row in crosses])
        numbers: dict[str, Any] = {
            "share of lanes": {
                row.id: chance(holds[which == k]) for k, row in enumerate(running) if (which == k).any()
            },
            "km off the cape": spread(offset),
            "km off the cape at which each lane leaves": {
                row.id: float(value) for row, value in zip(running, leaves, strict=True)
            },
        }
        if kind == 2:
            numbers["zone, sea miles"] = zone_sea_miles
        parts.append(
            Part(
                text,
                chance(holds),
                numbers,
                _break_even(leaves, float(np.median(offset))),
                evidence,
                caveats=(
                    "ports and coastal places stand for the coasts; the shore between them lies nearer",
                    "how far off the cape ships pass is assumed: no tracks are in the region",
                    "beyond 25 sea miles the surface is common by the convention of 2018; the sectors divide the bed",
                    "what the ships carry is not tested",
                ),
            )
        )
    return parts


def _open_on_the_day(study: Study, lanes: list[str]) -> list[str]:
    network = Network(read_region(study.region))
    day = study.region.as_of.isoformat() if study.region.as_of else study.region.settings.base_date
    first = network.links[network.link_index[lanes[0]]]
    state = ask(network, from_=first.start, to=first.end, day=day).usable()
    return [name for name in lanes if state.links[network.link_index[name]]]


def _crossings(
    start: Any, end: Any, cape: Any, shore: list[Any], country: str, reach: float
) -> tuple[float, np.ndarray, np.ndarray]:
    """Where the straight way passes the cape (km off it, eastward), and by offset: in the sector, in the zone."""
    a, b, corner = (_plane(row) for row in (start, end, cape))
    share = (corner[1] - a[1]) / (b[1] - a[1]) if b[1] != a[1] else 0.5
    straight = float(a[0] + share * (b[0] - a[0]) - corner[0])
    points = np.array([_plane(row) for row in shore])
    own = np.array([row.country == country for row in shore])
    turns = corner + OFFSETS[:, None] * np.array([1.0, 0.0])
    first = a + STEPS[None, :, None] * (turns[:, None, :] - a)
    second = turns[:, None, :] + STEPS[None, :, None] * (b - turns[:, None, :])
    lane = np.concatenate([first, second], axis=1)
    gaps = np.linalg.norm(lane[:, :, None, :] - points, axis=3)
    near, other = gaps[:, :, own].min(axis=2), gaps[:, :, ~own].min(axis=2)
    return straight, (near < other).any(axis=1), (near < reach).any(axis=1)


def _plane(row: Any) -> np.ndarray:
    """East and north in km; over a sea of this size a plane is right to about a per cent."""
    lat, lon = float(row.lat), float(row.lon)
    return np.array([lon * KM_PER_DEGREE * np.cos(np.radians(40.5)), lat * KM_PER_DEGREE])


def _break_even(leaves: np.ndarray, now: float) -> dict[str, Any]:
    """How far off the cape half of the lanes would have to pass to stay outside."""
    inside = sorted(float(value) for value in leaves if value < OFFSETS[-1])
    note = {} if len(inside) == len(leaves) > 0 else {"note": "no lane, or one that crosses at any offset up to 300 km"}
    name = "km off the cape at which a lane stays outside"
    return {"input": name, "unit": "km", "values": inside, "now": now, **note}

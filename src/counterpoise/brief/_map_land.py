"""The land of the map: country outlines, and disputed areas in the three ways that a reader can choose among."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from counterpoise.brief._labels import Label
from counterpoise.brief._projection import Point, Window, centre, clip
from counterpoise.brief._svg import element, group, path
from counterpoise.region import Region
from counterpoise.region._tables_things import Outline

# What a disputed area looks like under each choice: hatched, as part of the state that most members of the United
# Nations see there, or as land of whoever administers it.
VIEWS = {
    "disputed": "As disputed: hatched, both sides named",
    "member": "As United Nations membership has it",
    "held": "As administered on the ground",
}

# How far beyond the window land and sea are drawn, for a reader who moves the map.
BEYOND = 400.0


@dataclass(frozen=True, slots=True)
class Area:
    """A country or a disputed area: its rings in longitude and latitude, and whose it is by which view."""

    id: str
    name: str
    disputed: bool
    held_by: str | None
    part_of: str | None
    source: str
    rings: list[list[Point]]


def areas_of(region: Region) -> list[Area]:
    """The areas of `outlines.csv`, countries first, each ring in its order; none where the region has no outlines."""
    rows: dict[str, list[Outline]] = defaultdict(list)
    for row in region.rows("outlines"):
        rows[row.area].append(row)
    found = []
    for name, vertices in rows.items():
        rings: dict[int, list[Outline]] = defaultdict(list)
        for row in vertices:
            rings[row.ring].append(row)
        first = vertices[0]
        points = [
            [(row.lon, row.lat) for row in sorted(ring, key=lambda row: row.order)] for _, ring in sorted(rings.items())
        ]
        title = region.actor_names.get(name, first.name)
        disputed = first.kind == "disputed"
        found.append(Area(name, title, disputed, first.administered_by, first.viewpoint, first.source, points))
    return sorted(found, key=lambda area: area.disputed)


def draw_land(
    areas: list[Area],
    region: Region,
    window: Window,
    *,
    tints: Mapping[str, str] | None = None,
    beyond: float = BEYOND,
) -> Markup:
    """Countries, tinted by role, and each disputed area three times, one for every view; the style shows one.

    With `tints` (actor to class) some are tinted so instead, and the hatch is that of the large map in the same page.
    Land is drawn so far `beyond` the window.
    """

    def tint(name: str | None) -> str:
        return (tints or {}).get(name or "") or _role(name, region)

    wide = {"x": -beyond, "y": -beyond, "width": window.width + 2 * beyond, "height": window.height + 2 * beyond}
    drawn = [_hatch()] if tints is None else []
    drawn.append(element("rect", {"class": "sea", **wide}))
    shapes = {area.id: shape for area in areas if (shape := _shape(area, window, beyond))}
    drawn += [
        element("path", {"class": f"land {tint(area.id)}", "d": shapes[area.id]})
        for area in areas
        if not area.disputed and area.id in shapes
    ]
    for area in areas:
        if area.disputed and area.id in shapes:
            member, held = tint(area.part_of), tint(area.held_by)
            drawn.append(element("path", {"class": "view-disputed hatched", "d": shapes[area.id]}))
            drawn.append(element("path", {"class": f"view-member land {member}", "d": shapes[area.id]}))
            # Where the holder is a party of its own, its border is drawn; else the area melts into the holder's land.
            border = "own" if area.held_by == area.id else "land"
            drawn.append(element("path", {"class": f"view-held {border} {held}", "d": shapes[area.id]}))
    return group(drawn, kind="land-layer")


def _hatch() -> Markup:
    """The pattern of disputed areas."""
    attributes: dict[str, object] = {"id": "hatch", "width": 7, "height": 7}
    attributes |= {"patternUnits": "userSpaceOnUse", "patternTransform": "rotate(45)"}
    ground = element("rect", {"class": "hatch-ground", "width": 7, "height": 7})
    stroke = element("rect", {"class": "hatch-line", "width": 2.2, "height": 7})
    return element("defs", {}, element("pattern", attributes, ground, stroke))


def name_land(areas: list[Area], region: Region, window: Window) -> list[Label]:
    """Labels for what is in view: countries by role, disputed areas with the word that says so."""
    labels = []
    for area in areas:
        spot = _spot(area, window)
        if spot is None:
            continue
        (x, y), room = spot
        role = _role(area.id, region)
        if area.disputed:
            labels.append(Label(area.name, (x, y), "l-disputed", 10.5, 0, centred=True))
        elif role != "other" or room > 0.012 * window.width * window.height:
            size = 15.0 if role == "client" else 12.0
            words = area.name.upper() if role == "client" else area.name
            labels.append(Label(words, (x, y), f"l-country l-{role}", size, 1, centred=True))
    return labels


def _role(name: str | None, region: Region) -> str:
    if name in region.settings.clients:
        return "client"
    return "patron" if name in region.settings.patrons else "other"


def _shape(area: Area, window: Window, beyond: float) -> str:
    """The rings that come near the window as one path, clipped so far beyond it."""
    rings = [_clipped(ring, window, beyond) for ring in area.rings]
    return "".join(path(ring, closed=True) for ring in rings if len(ring) >= 3)


def _clipped(ring: list[Point], window: Window, margin: float) -> list[Point]:
    points = [window.place(lon, lat) for lon, lat in ring]
    shifted = clip([(x + margin, y + margin) for x, y in points], window.width + 2 * margin, window.height + 2 * margin)
    return [(x - margin, y - margin) for x, y in shifted]


def _spot(area: Area, window: Window) -> tuple[Point, float] | None:
    """The middle of the largest part in view, and how large it is in square units."""
    parts = [centre(ring) for ring in (_clipped(ring, window, 0.0) for ring in area.rings) if len(ring) >= 3]
    return max(parts, key=lambda part: part[1]) if parts else None

"""The freight network on the map: links by mode and state, places by kind, and the state of each on the day."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from counterpoise.brief._labels import Label
from counterpoise.brief._projection import Point, Window
from counterpoise.brief._svg import element, group, mark, path
from counterpoise.channels.transit.rows import read_region
from counterpoise.channels.transit.status import link_state, state_on
from counterpoise.region import Region
from counterpoise.region._tables_things import Link, Place

# State -> the mark at the middle of a link that is not plainly open; its stroke differs too.
STATE_MARKS = {
    "restricted": "bars",
    "suspended": "cross",
    "closed": "cross",
    "planned": "plus",
    "under construction": "wedge",
    "not yet open": "plus",
}
MODES = {"rail": "rail", "road": "road", "sea": "water", "ferry": "water", "river": "water", "pipeline": "pipeline"}
LAYERS = {"rail": "Rail", "road": "Road", "water": "Sea, ferry and river", "pipeline": "Pipeline"}
# Kind of place -> its mark; choke points stand out whatever their kind.
PLACE_MARKS = {"city": "circle", "port": "triangle", "terminal": "triangle", "border": "square", "junction": "dot"}
CHOKE = "chokepoint"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A link in view: its row, where it runs, its state on the day and since when."""

    row: Link
    ends: tuple[Place, Place]
    points: tuple[Point, Point]
    state: str
    since: str | None


def links_in_view(region: Region, window: Window) -> list[Drawn]:
    """Every link of which an end lies in or near the window, with its state as known on the as-of day."""
    places = {row.id: row for row in region.rows("places")}
    rows = {row.id: row for row in region.rows("links")}
    tables = read_region(region)
    changes = defaultdict(list)
    for change in tables.statuses:
        changes[change.link].append(change)
    day = region.as_of or date.fromisoformat(region.settings.base_date)
    found = []
    for link in tables.links:
        ends = places[link.start], places[link.end]
        spots = [_spot(place, window) for place in ends]
        if spots[0] is None or spots[1] is None or not any(window.holds(spot, 40) for spot in spots if spot):
            continue
        state = link_state(link, changes[link.id], day, region.as_of)
        dated = [change.since for change in changes[link.id] if change.state == state]
        since = max(dated, default=link.status_from if link.status == state else None)
        found.append(Drawn(rows[link.id], ends, (spots[0], spots[1]), state, since))
    return sorted(found, key=lambda link: (link.state == "open", link.state, link.row.id))


def draw_links(links: list[Drawn]) -> Markup:
    """One path per mode and state, and a mark in the middle of each link that is not plainly open."""
    runs: dict[tuple[str, str], list[str]] = defaultdict(list)
    marks: dict[str, list[Markup]] = defaultdict(list)
    for link in links:
        mode = MODES.get(link.row.mode, "road")
        runs[mode, link.state].append(path(link.points))
        if link.state in STATE_MARKS:
            (x1, y1), (x2, y2) = link.points
            kind = f"state s-{slug(link.state)}"
            marks[mode].append(mark(STATE_MARKS[link.state], (x1 + x2) / 2, (y1 + y2) / 2, kind))
    layers = []
    for mode in reversed(list(LAYERS)):
        paths = [
            element("path", {"class": f"link s-{slug(state)}", "d": "".join(steps)})
            for (other, state), steps in sorted(runs.items())
            if other == mode
        ]
        layers.append(group([*paths, *marks[mode]], kind=f"m-{mode}"))
    return group(layers, kind="links")


def draw_places(region: Region, window: Window) -> Markup:
    """A mark for each place in view; choke points are the largest."""
    drawn = []
    for place in region.rows("places"):
        spot = _spot(place, window)
        if spot and window.holds(spot) and place.kind != "sea":
            shape = "diamond" if CHOKE in place.tags else PLACE_MARKS.get(place.kind, "dot")
            kind = "choke" if CHOKE in place.tags else f"p-{PLACE_MARKS.get(place.kind, 'dot')}"
            open_on_day = state_on(place.status, place.status_from, place.known, (), _day(region), region.as_of)
            drawn.append(mark(shape, *spot, f"place {kind}{'' if open_on_day == 'open' else ' shut'}"))
    return group(drawn, kind="places")


def name_places(region: Region, window: Window) -> list[Label]:
    """Labels of places, choke points and seas first, then the clients' cities, then what room is left for."""
    labels = []
    for place in region.rows("places"):
        spot = _spot(place, window)
        if not spot or not window.holds(spot) or place.kind == "junction":
            continue
        words = place.name.partition(" (")[0]
        mine = place.country in region.settings.clients
        if place.kind == "sea":
            labels.append(Label(words, spot, "l-sea", 12.5, 3, centred=True))
        elif CHOKE in place.tags:
            labels.append(Label(words, spot, "l-choke", 11.5, 2))
        elif place.kind == "city":
            labels.append(Label(words, spot, "l-city", 11.0, 4 if mine else 7))
        elif place.kind in {"port", "border", "terminal"}:
            labels.append(Label(words, spot, "l-small", 9.5, (5 if place.kind == "port" else 6) if mine else 8))
    return labels


def slug(state: str) -> str:
    """A state as a word for a style: `under construction` to `under-construction`."""
    return state.replace(" ", "-")


def _day(region: Region) -> date:
    return region.as_of or date.fromisoformat(region.settings.base_date)


def _spot(place: Place, window: Window) -> Point | None:
    if place.lat is None or place.lon is None:
        return None
    return window.place(place.lon, place.lat)

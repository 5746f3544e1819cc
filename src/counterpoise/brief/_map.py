"""The map of a region: land, disputed areas, the freight network, its choke points, a scale and a legend."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from counterpoise.brief._assets import page_file
from counterpoise.brief._figure import Drawing
from counterpoise.brief._labels import Placed, place_labels
from counterpoise.brief._map_land import Area, areas_of, draw_land, name_land
from counterpoise.brief._map_net import (
    LAYERS,
    STATE_MARKS,
    Drawn,
    draw_links,
    draw_places,
    links_in_view,
    name_places,
    slug,
)
from counterpoise.brief._projection import Point, Window, fit
from counterpoise.brief._svg import element, group, line, mark, text
from counterpoise.brief._theme import paper_style
from counterpoise.brief._words import anchor, count_of
from counterpoise.region import Region

WIDTH, HEIGHT = 960.0, 660.0
# The clients take this part of the width or height; the rest shows their neighbours.
SHARE = 0.42
# How much larger texts are drawn on a phone, where the map shows its middle only (see map.css).
PHONE = 1.35
COLUMNS = ("link", "from", "to", "mode", "state", "since", "controlled by", "corridors", "known", "source")
LEGEND_HEIGHT = 74.0
PLACE_WORDS = {
    "choke": ("diamond", "choke point"),
    "p-circle": ("circle", "city"),
    "p-triangle": ("triangle", "port or terminal"),
    "p-square": ("square", "border crossing"),
    "p-dot": ("dot", "junction"),
}


@dataclass(frozen=True, slots=True)
class RegionMap:
    """The map as a chart, with what the page says around it."""

    figure: Drawing
    disputed: list[dict[str, Any]]
    links: list[dict[str, Any]]
    states: list[str]
    credit: str
    sources: frozenset[str]


def draw_map(region: Region) -> RegionMap | None:
    """The map of a region, fitted to its clients; `None` where it states neither outlines nor places for them."""
    areas = areas_of(region)
    window = fit(frame_of(region, areas), width=WIDTH, height=HEIGHT, share=SHARE)
    if window is None:
        return None
    links = links_in_view(region, window)
    labels = [*name_land(areas, region, window), *name_places(region, window)]
    placed = place_labels(labels, WIDTH, HEIGHT, phone=PHONE)
    body = [
        draw_land(areas, region, window),
        draw_links(links),
        draw_places(region, window),
        group([_written(label) for label in placed], kind="labels"),
        _scale_bar(window),
    ]
    disputed = [_dispute(area, region) for area in areas if area.disputed and _in_view(area, window)]
    credit = credit_of(region, areas)
    counts = Counter(link.state for link in links)
    states = [state for state in ("open", *STATE_MARKS) if counts[state]]
    day = region.as_of.isoformat() if region.as_of else region.settings.base_date
    figure = Drawing(
        id="map",
        title=_claim(counts, len(links)),
        unit=f"Links of the freight network near the region and their state on {day}.",
        interval="Lines join places and are no surveyed routes; disputed areas are hatched and take no side.",
        source=credit,
        alt=_alt(region, counts, disputed),
        width=WIDTH,
        height=HEIGHT,
        body=_framed(body),
        sheet=map_style(),
        columns=COLUMNS,
        rows=[_numbers(link) for link in links],
        anchors=[anchor(link.row.source, "source") for link in links],
        below=(_legend(states), LEGEND_HEIGHT),
        kind="map",
    )
    shown = [{**dict(zip(COLUMNS, _numbers(link), strict=True)), "source": link.row.source} for link in links]
    sources = {link.row.source for link in links} | {area.source for area in areas}
    return RegionMap(figure, disputed, shown, states, credit, frozenset(sources))


def map_style() -> str:
    """The style that the map carries with it, in the page and in its own file."""
    return paper_style() + page_file("frame.css") + page_file("map.css")


def _framed(body: list[Markup]) -> Markup:
    """The drawing cut at its frame, which the page lifts, so that a reader can move beyond it."""
    hole = element("clipPath", {"id": "map-frame"}, element("rect", {"width": WIDTH, "height": HEIGHT}))
    return Markup("").join([element("defs", {}, hole), group(body, kind="framed")])


def frame_of(region: Region, areas: list[Area]) -> list[Point]:
    """What the window must hold: the clients' outlines, else their places, else their capitals."""
    clients = region.settings.clients
    points = [point for area in areas if area.id in clients for ring in area.rings for point in ring]
    if not points:
        rows = [row for row in region.rows("places") if row.country in clients]
        rows = rows or [row for row in region.rows("actors") if row.id in clients and region.rows("links")]
        points = [(row.lon, row.lat) for row in rows if row.lon is not None and row.lat is not None]
    return points


def _in_view(area: Area, window: Window) -> bool:
    return any(window.holds(window.place(lon, lat)) for ring in area.rings for lon, lat in ring)


def _written(placed: Placed) -> Markup:
    kind = placed.label.kind if placed.always else f"{placed.label.kind} minor"
    return text(*placed.at, placed.label.words, kind, anchor=placed.anchor)


def _scale_bar(window: Window) -> Markup:
    """A bar of a round length between a tenth and a quarter of the width."""
    lengths = [step * 10**power for power in range(5) for step in (1, 2, 5)]
    fitting = [length for length in lengths if length * window.units_per_km <= 0.22 * WIDTH]
    length = fitting[-1] if fitting else lengths[0]
    end = 20 + length * window.units_per_km
    y = HEIGHT - 18
    parts = [line(20, y, end, y, "scale"), line(20, y - 5, 20, y + 1, "scale"), line(end, y - 5, end, y + 1, "scale")]
    return group([*parts, text(20, y - 9, f"{length} km", "l-scale")], kind="scale-bar")


def _claim(counts: Counter[str], total: int) -> str:
    shut = counts["closed"] + counts["suspended"]
    coming = counts["planned"] + counts["under construction"]
    if not total:
        return "The region and its neighbours"
    verbs = ["is" if count == 1 else "are" for count in (shut, coming)]
    links = count_of(total, "freight link")
    return f"Of {links} near the region, {shut} {verbs[0]} shut and {coming} {verbs[1]} planned or being built"


def _alt(region: Region, counts: Counter[str], disputed: list[dict[str, Any]]) -> str:
    clients = ", ".join(region.actor_names[name] for name in region.settings.clients)
    states = ", ".join(f"{count} {state}" for state, count in counts.most_common())
    areas = ", ".join(str(row["name"]) for row in disputed) or "none in view"
    links = f"Freight links by state: {states}. " if counts else ""
    return f"Map of {clients} and their neighbours. {links}Disputed areas: {areas}. The table below lists the links."


def _numbers(link: Drawn) -> tuple[Any, ...]:
    row = link.row
    return (
        row.id,
        link.ends[0].name,
        link.ends[1].name,
        row.mode,
        link.state,
        link.since,
        ", ".join(row.control) or None,
        ", ".join(row.tags) or None,
        row.known,
        row.source,
    )


def _dispute(area: Area, region: Region) -> dict[str, Any]:
    def name(actor: str | None) -> str:
        return region.actor_names.get(actor, actor) if actor else "not stated"

    holder = "its own authorities" if area.held_by == area.id else name(area.held_by)
    return {"name": area.name, "held_by": holder, "part_of": name(area.part_of), "source": area.source}


def credit_of(region: Region, areas: list[Area]) -> str:
    """Whose outlines these are, and under which licence."""
    rows = {row.id: row for row in region.rows("sources")}
    drawn = {area.source for area in areas}
    said = [
        f"{rows[name].publisher or rows[name].title}, {rows[name].licence or 'licence not stated'}" for name in drawn
    ]
    outlines = f"Outlines: {'; '.join(sorted(said))}." if said else "No outlines are stated."
    return f"{outlines} Links and places: the region's own rows, each with its source."


def _legend(states: list[str]) -> Markup:
    """The legend of the downloaded file; the page writes its own in HTML."""
    parts, x = [], 16.0
    for state in states:
        parts += [*swatch(state, x, 18.0), text(x + 44, 22, state, "l-legend")]
        x += 60 + 6.4 * len(state)
    x = 16.0
    for layer, words in LAYERS.items():
        drawn = group([line(x, 40, x + 36, 40, "link s-open")], kind=f"m-{layer}")
        parts += [drawn, text(x + 44, 44, words, "l-legend")]
        x += 60 + 6.4 * len(words)
    x = 24.0
    for kind, (shape, words) in PLACE_WORDS.items():
        parts += [mark(shape, x, 60, f"place {kind}"), text(x + 12, 64, words, "l-legend")]
        x += 34 + 6.4 * len(words)
    return group(parts)


def swatch(state: str, x: float, y: float) -> list[Markup]:
    """A sample of how a state is drawn."""
    drawn = [group([line(x, y, x + 36, y, f"link s-{slug(state)}")], kind="m-rail")]
    if state in STATE_MARKS:
        drawn.append(mark(STATE_MARKS[state], x + 18, y, f"state s-{slug(state)}"))
    return drawn


def sample(parts: list[Markup], width: float = 40.0) -> Markup:
    """A tiny drawing for the legend of the page; the words beside it say what it is."""
    attributes: dict[str, object] = {"class": "map swatch", "viewBox": f"0 0 {width:g} 14", "aria-hidden": "true"}
    return element("svg", attributes, *parts)


def page_legend(states: list[str]) -> dict[str, list[tuple[Markup, str]]]:
    """The legend as samples with their words: states of links, modes, kinds of place."""
    modes = [
        (sample([group([line(2, 7, 38, 7, "link s-open")], kind=f"m-{name}")]), words) for name, words in LAYERS.items()
    ]
    places = [(sample([mark(shape, 8, 7, f"place {kind}")], 16), words) for kind, (shape, words) in PLACE_WORDS.items()]
    return {
        "state": [(sample(swatch(state, 2, 7)), state) for state in states],
        "mode": modes,
        "place": places,
    }

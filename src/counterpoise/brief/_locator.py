"""The small map of the first screen: who has how much to lose, from whom, and which ways are shut or being built."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from counterpoise.brief._labels import Label, place_labels
from counterpoise.brief._map import credit_of, frame_of
from counterpoise.brief._map_land import Area, areas_of, draw_land, name_land
from counterpoise.brief._map_net import draw_links, links_in_view
from counterpoise.brief._projection import Window, fit
from counterpoise.brief._svg import element, group, text
from counterpoise.brief._words import BOUNDS, listed, number, top_cell

if TYPE_CHECKING:
    from counterpoise.brief._build import BriefResult

WIDTH, HEIGHT = 520.0, 400.0
# The clients fill the small map but for a margin, which holds the names of their neighbours.
SHARE = 0.86
SHUT = ("closed", "suspended")
COMING = ("planned", "under construction", "not yet open")
# A bound as a sign, where a word would not fit; the words stand in the description and beside the map.
SIGNS = {"lower": "≥", "upper": "≤", "mixed": "≈"}
# Shades between the smallest and the largest loss.
STEPS = 4


@dataclass(frozen=True, slots=True)
class Locator:
    """The small map as SVG, what it says in words, and how many ways it shows as shut and as coming."""

    drawing: Markup
    shut: int
    coming: int
    credit: str


def draw_locator(result: BriefResult) -> Locator | None:
    """The clients shaded by what they have most to lose by year five; `None` for a region without outlines."""
    region = result.region
    areas = areas_of(region)
    if not any(area.id in region.settings.clients for area in areas):
        return None
    window = fit(frame_of(region, areas), width=WIDTH, height=HEIGHT, share=SHARE)
    if window is None:
        return None
    losses = {client: _loss(result, client) for client in region.settings.clients}
    most = max((row["exposure"]["p50"] for row in losses.values() if row), default=0.0) or 1.0
    tints = {client: f"shade t{_step(row['exposure']['p50'] / most)}" for client, row in losses.items() if row}
    links = [link for link in links_in_view(region, window) if link.state in (*SHUT, *COMING)]
    counts = Counter(link.state in SHUT for link in links)
    body = [
        draw_land(areas, region, window, tints=tints, beyond=0.0),
        draw_links(links),
        group(_labels(result, areas, window, losses), kind="labels"),
    ]
    words = _alt(result, losses)
    said = [
        element("title", {"id": "locator-title"}, "Who has most to lose from whom"),
        element("desc", {"id": "locator-desc"}, words),
    ]
    attributes: dict[str, object] = {
        "class": "map locator",
        "viewBox": f"0 0 {WIDTH:g} {HEIGHT:g}",
        "role": "img",
        "aria-labelledby": "locator-title locator-desc",
    }
    drawing = element("svg", attributes, *said, *body)
    return Locator(drawing, counts[True], counts[False], credit_of(region, areas).partition(" Links")[0])


def _step(share: float) -> int:
    """The step of a shade, 1 to `STEPS`, for a loss as a share of the largest."""
    return max(1, ceil(STEPS * share))


def _loss(result: BriefResult, client: str) -> dict[str, Any] | None:
    top = top_cell(result, client)
    return top.to_dict() if top else None


def _labels(
    result: BriefResult, areas: list[Area], window: Window, losses: dict[str, dict[str, Any] | None]
) -> list[Markup]:
    """Each client with its loss and the patron behind it below its name; the names of neighbours where room is left."""
    names = result.region.actor_names
    drawn: list[Markup] = []
    others: list[Label] = []
    for label in name_land(areas, result.region, window):
        client = next(
            (one for one in losses if names[one].upper() == label.words and label.kind.endswith("client")), ""
        )
        if not client:
            others += [label] if "l-disputed" not in label.kind else []
            continue
        x, y = min(max(label.at[0], 70), WIDTH - 70), min(max(label.at[1], 30), HEIGHT - 30)
        drawn.append(text(x, y - 10, label.words, "l-country l-client", anchor="middle"))
        if row := losses[client]:
            loss = f"{SIGNS.get(row['bound'] or '', '')} {number(row['exposure']['p50'])} %".strip()
            drawn.append(text(x, y + 10, loss, "l-loss", anchor="middle"))
            drawn.append(text(x, y + 26, names[row["patron"]], "l-from", anchor="middle"))
    return [*_neighbours(others), *drawn]


def _neighbours(labels: list[Label]) -> list[Markup]:
    placed = place_labels(labels, WIDTH, HEIGHT)
    return [text(*one.at, one.label.words, one.label.kind, anchor=one.anchor) for one in placed]


def _alt(result: BriefResult, losses: dict[str, dict[str, Any] | None]) -> str:
    names = result.region.actor_names
    said = []
    for client, row in losses.items():
        if row:
            loss = f"{BOUNDS.get(row['bound'] or '', '')} {number(row['exposure']['p50'])}".strip()
            said.append(f"{names[client]} {loss} per cent of GDP a year, from {names[row['patron']]}")
    return f"A map shaded by what each client has most to lose by year five: {listed(said)}."

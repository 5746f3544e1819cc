"""Checks on freight corridors: who lies on the way, what hangs on some links, who alone could open a way."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np

from counterpoise.channels.transit.cuts import fewest_openings, is_connected, required_countries
from counterpoise.channels.transit.freight import COST_DRAWS, Freight, lanes
from counterpoise.channels.transit.network import WATER
from counterpoise.channels.transit.question import Question
from counterpoise.claims._measure import Study, chance, credibility_flip, flip_points, spread
from counterpoise.claims._verdict import Part
from counterpoise.claims.checks._ways import freight_for, lacking, spread_out, ways_of


def on_the_way(
    study: Study,
    *,
    origins: list[str],
    destinations: list[str],
    countries: list[str],
    share: list[float],
    shut: list[str],
    all_open: str,
    others_shut: str,
) -> list[Part]:
    """Does freight take the way through some countries, with every way open, and with others shut?

    Two parts: `all_open` and `others_shut` (the countries `shut`). Each holds in a draw where the share of the cheapest
    ways from `origins` to `destinations` that touch `countries` reaches the threshold `share` (a range). The break-even
    is the surcharge on the other ways, USD per TEU, at which half of the freight would change over.
    """
    if lacks := lacking(study, places=[*origins, *destinations]):
        return [Part(text, None, lacks=lacks) for text in (all_open, others_shut)]
    freight = freight_for(study)
    free = ways_of(freight, origins, destinations, countries)
    forced = ways_of(freight, origins, destinations, countries, without=",".join(shut))
    surcharge = np.where(forced.through & forced.moves, forced.cost - np.where(free.moves, free.cost, 0.0), np.inf)
    needed = np.median(surcharge, axis=1)
    known = needed[np.isfinite(needed)]
    bar = study.between(f"threshold:{all_open}", *share)
    surcharged = {
        "input": "surcharge on the ways round these countries at which half of the freight goes through them",
        "unit": "USD/TEU",
        "values": [float(np.median(known))] if len(known) else [],
        "now": 0.0,
    }
    parts = []
    for text, ways, closed in ((all_open, free, []), (others_shut, forced, shut)):
        found = spread_out(study, ways.share)
        flip = flip_points(
            found, lambda values: values >= bar, name="share of the ways", unit="share", every=COST_DRAWS
        )
        parts.append(
            Part(
                text,
                chance(found >= bar),
                {
                    "share of cheapest ways": spread(ways.share),
                    "share without any way": float(1 - ways.moves.mean()),
                    "threshold": {"low": share[0], "high": share[1]},
                    "shut": closed,
                },
                flip if closed else surcharged,
                tuple(dict.fromkeys([*ways.rows, *forced.rows])),
                caveats=(
                    f"containers on {freight.day}; shut: {', '.join(closed) or 'none'}; every way counts alike",
                    "the threshold is a reading of the wording, not a measurement",
                ),
            )
        )
    return parts


def place_lost(
    study: Study,
    *,
    country: str,
    links: str,
    fall: list[float],
    parts: list[dict[str, Any]],
) -> list[Part]:
    """How much of a country's place on freight ways hangs on some links, such as those to its shore?

    Each part has a `statement`, `origins`, `destinations` and perhaps `shut` countries; it holds in a draw where, with
    the country's own links of the tag `links` away, its share of the cheapest ways falls by `fall` (a range, in shares
    of all ways) or more. A country that is on no way has no place to lose.
    """
    places = [name for part in parts for name in (*part["origins"], *part["destinations"])]
    if lacks := lacking(study, places=places):
        return [Part(part["statement"], None, lacks=lacks) for part in parts]
    freight = freight_for(study)
    own = [row.id for row in freight.network.links if links.removeprefix("@") in row.tags and country in row.control]
    if not own:
        return [Part(part["statement"], None, lacks=(f"links {links} of {country}",)) for part in parts]
    return [_place_lost(study, freight, country, own, fall, **part) for part in parts]


def _place_lost(
    study: Study,
    freight: Freight,
    country: str,
    own: list[str],
    fall: list[float],
    *,
    statement: str,
    origins: list[str],
    destinations: list[str],
    shut: Sequence[str] = (),
) -> Part:
    closed = ",".join(shut)
    before = ways_of(freight, origins, destinations, [country], without=closed)
    after = ways_of(freight, origins, destinations, [country], without=closed, avoid_links=",".join(own))
    held, left = spread_out(study, before.share), spread_out(study, after.share)
    lost = held - left
    bar = study.between(f"threshold:{statement}", *fall)

    def holds(values: np.ndarray) -> np.ndarray:
        return values >= bar

    return Part(
        statement,
        chance(holds(lost)),
        {
            "share of cheapest ways": spread(held),
            "share without these links": spread(left),
            "ways that lose their last route": float((before.moves & ~after.moves).mean()),
            "threshold": {"low": fall[0], "high": fall[1]},
        },
        flip_points(lost, holds, name="share of all ways that it loses", unit="share", every=COST_DRAWS),
        tuple(dict.fromkeys([*own, *before.rows])),
        caveats=(
            f"containers on {freight.day}; shut: {', '.join(shut) or 'none'}; every way counts alike",
            "oil and gas by pipeline, which others also seek there, are outside this count",
        ),
    )


def neighbours(study: Study, *, country: str, others: list[str], statement: str) -> list[Part]:
    """Does a country border each of some others, going by links over land that both control?"""
    links = {
        other: [
            row for row in study.region.rows("links") if {country, other} <= {*row.control} and row.mode not in WATER
        ]
        for other in others
    }
    if not study.region.rows("links"):
        return [Part(statement, None, lacks=("links.csv",))]
    found = [row for rows in links.values() for row in rows]
    each = [study.happened(rows) if rows else 0.0 for rows in links.values()]
    numbers = {f"links with {other}": len(rows) for other, rows in links.items()}
    weakest = min(links.values(), key=len)
    flip = credibility_flip(study, weakest) if weakest else None
    return [Part(statement, min(each), numbers, flip, tuple(row.id for row in found))]


def only_way(
    study: Study,
    *,
    origins: str,
    destinations: str,
    avoiding: list[str],
    needed: str,
    parts: list[dict[str, str]],
    cargoes: list[str],
    days: list[str],
) -> list[Part]:
    """Is a country on every way between two sets of places that avoids some others?

    Each part has a `statement` and the links it leaves out (`avoid_links`, "" for none). The answer of the network is
    yes or no; the probability is the share of the settings (every cargo, day, and control in law or in fact) in which
    it is yes. Where no way at all is left the statement does not hold.
    """
    if lacks := lacking(study, places=[*origins.split(","), *destinations.split(",")]):
        return [Part(part["statement"], None, lacks=lacks) for part in parts]
    freight = freight_for(study)
    return [_only_way(freight, origins, destinations, avoiding, needed, cargoes, days, **part) for part in parts]


def _only_way(
    freight: Freight,
    origins: str,
    destinations: str,
    avoiding: list[str],
    needed: str,
    cargoes: list[str],
    days: list[str],
    *,
    statement: str,
    avoid_links: str,
) -> Part:
    holds, always, questions = [], None, []
    entries: dict[str, None] = {}
    for cargo, day, de_facto in product(cargoes, days, (False, True)):
        switches: dict[str, Any] = {"cargo": cargo, "day": day, "de_facto": de_facto, "avoid_links": avoid_links}
        question = freight.ask(origins, destinations, without=",".join(avoiding), **switches)
        state = question.usable()
        found: set[str] = set()
        if is_connected(state, question.sources, question.targets):
            found = set(required_countries(state, question.sources, question.targets))
        holds.append(needed in found)
        always = found if always is None else always & found
        questions.append(question)
        # The links by which the country is entered: shut them, and it cannot be crossed.
        for used, row in zip(state.links, freight.network.links, strict=True):
            if used and needed in row.control and len(row.control) > 1:
                entries[row.id] = None
    first, closed = questions[0], [*avoiding, needed]
    round_it = _witness(freight, freight.ask(origins, destinations, without=",".join(closed), avoid_links=avoid_links))
    through = _witness(freight, first)
    return Part(
        statement,
        chance(np.array(holds)),
        {
            "settings": len(holds),
            "settings in which it holds": int(sum(holds)),
            "on every way in all settings": sorted(always or ()),
            "a way round it": list(round_it),
            "cheapest way": list(through),
        },
        _openings(freight, origins, destinations, closed, avoid_links),
        tuple(dict.fromkeys([*through, *round_it, *entries])),
        caveats=(
            f"links left out: {avoid_links or 'none'}; countries shut: {', '.join(avoiding)}",
            "the network answers yes or no; the probability is over cargoes, days and kinds of control",
        ),
    )


def _witness(freight: Freight, question: Question) -> tuple[str, ...]:
    """The links of the cheapest way at the first cost draw, none where there is no way."""
    state = question.usable()
    if not is_connected(state, question.sources, question.targets):
        return ()
    arcs = lanes(freight, [question], state).arcs[0][0]
    links = freight.expanded.link[list(arcs)]
    return tuple(freight.network.links[link].id for link in links[links >= 0])


def _openings(freight: Freight, origins: str, destinations: str, closed: list[str], avoid_links: str) -> dict[str, Any]:
    """The fewest shut links and places whose opening would make another way, none where there is one already."""
    question = freight.ask(origins, destinations, without=",".join(closed), avoid_links=avoid_links)
    state = question.usable()
    there = is_connected(state, question.sources, question.targets)
    found = [] if there else fewest_openings(state, question.sources, question.targets) or []
    note = "there is a way round already" if there else "what would have to open for a way round"
    return {
        "input": "links opened",
        "unit": "links",
        "values": [len(found)] if found else [],
        "now": 0,
        "opened": [item.id for item in found],
        "note": note,
    }

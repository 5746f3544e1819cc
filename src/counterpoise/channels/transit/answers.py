"""Transit: which routes freight can take, who can cut them, and what a closure or an opening costs.

`cut` and `route` answer on two bare files or on a region; `closure_effect`, `opening_effect`, `betweenness`,
`all_closures` and `protection_value` measure what shutting or opening means for freight.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from counterpoise._errors import InputError, fault
from counterpoise._result import Meta, Result
from counterpoise.channels.transit.capacity import UNITS, Bound, throughput_bound
from counterpoise.channels.transit.costs import CostModel
from counterpoise.channels.transit.cuts import (
    Opening,
    end_countries,
    fewest_openings,
    is_connected,
    minimum_country_cut,
    minimum_place_cut,
    required_countries,
)
from counterpoise.channels.transit.expanded import Expanded
from counterpoise.channels.transit.exposure import (
    Freight,
    all_closures,
    betweenness,
    closure_effect,
    opening_effect,
    protection_value,
)
from counterpoise.channels.transit.network import Network, Usable, open_network
from counterpoise.channels.transit.question import Question, ask
from counterpoise.channels.transit.routes import TIED, Route, Router, Sample, describe_route, sample_routes

__all__ = [
    "Freight",
    "all_closures",
    "ask",
    "betweenness",
    "closure_effect",
    "cut",
    "open_network",
    "opening_effect",
    "protection_value",
    "route",
]

MAX_DRAWS = 100_000
By = Literal["node", "country"]


@dataclass
class CutResult(Result):
    """Whether freight can pass, which countries every route needs, and one smallest cut."""

    connected: bool
    required: list[str]
    end_countries: list[str]
    cut: list[str] | None
    cut_note: str | None
    witness: Route | None
    reason: str | None
    openings: list[Opening]
    capacity: dict[str, Bound] | None
    switches: dict[str, Any]
    meta: Meta

    def body(self) -> dict[str, Any]:
        return {
            "connected": self.connected,
            "required": self.required,
            "end_countries": self.end_countries,
            "cut": self.cut,
            "cut_size": None if self.cut is None else len(self.cut),
            "cut_note": self.cut_note,
            "witness": _route_body(self.witness) if self.witness else None,
            "reason": self.reason,
            "fewest_openings": [{"id": item.id, "why": item.why} for item in self.openings],
            "capacity": None
            if self.capacity is None
            else {
                unit: {"at_most": bound.value, "binding": list(bound.binding)} for unit, bound in self.capacity.items()
            },
            "switches": self.switches,
        }

    def table(self) -> list[dict[str, Any]]:
        body = self.body()
        rows = [{"what": "connected", "value": "yes" if self.connected else "no"}]
        if self.connected:
            by = "countries" if self.switches["by"] == "country" else "places"
            cut = self.cut_note if self.cut is None else f"{', '.join(self.cut)} ({len(self.cut)} {by})"
            rows.append({"what": "countries on every route", "value": ", ".join(self.required) or "none"})
            rows.append({"what": "smallest cut", "value": cut or ""})
        rows += [{"what": "why not", "value": self.reason}] if self.reason else []
        rows += [{"what": "route", "value": _legs(self.witness)}] if self.witness else []
        for unit, bound in (body["capacity"] or {}).items():
            rows.append({"what": f"published capacity, {unit}", "value": bound["at_most"]})
        return rows + _switch_rows(self.switches)


@dataclass
class RouteResult(Result):
    """The cheapest route with its figures, how sure it is over the draws, and what the figures rest on."""

    route: Route | None
    reason: str | None
    openings: list[Opening]
    alternatives: list[tuple[Route, float]]
    share: float | None
    on_route: dict[str, float]
    ranges: dict[str, dict[str, float]] | None
    rests_on: dict[str, Any]
    switches: dict[str, Any]
    meta: Meta = field(default_factory=Meta)

    def body(self) -> dict[str, Any]:
        figures = (
            _route_body(self.route)
            if self.route
            else dict.fromkeys(_FIGURES) | {name: [] for name in ("path", "links", "modes", "countries")}
        )
        return {
            "reachable": self.route is not None,
            **figures,
            "tie": bool(self.alternatives) if self.route and self.share is not None else None,
            "share_of_draws": self.share,
            "alternatives": [{"share_of_draws": share, **_route_body(route)} for route, share in self.alternatives],
            "country_shares": self.on_route,
            "ranges": self.ranges,
            **self.rests_on,
            "reason": self.reason,
            "fewest_openings": [{"id": item.id, "why": item.why} for item in self.openings],
            "switches": self.switches,
        }

    def table(self) -> list[dict[str, Any]]:
        if self.route is None:
            return [{"what": "reachable", "value": "no"}, {"what": "why not", "value": self.reason}]
        body = self.body()
        rows = [{"what": "reachable", "value": "yes"}]
        rows += [{"what": name, "value": body[name]} for name in _FIGURES]
        for name, band in (self.ranges or {}).items():
            rows.append({"what": f"{name}, 5 to 95 % of draws", "value": f"{band['p05']:.4g} to {band['p95']:.4g}"})
        rows.append({"what": "route", "value": _legs(self.route)})
        rows.append({"what": "countries", "value": ", ".join(self.route.countries)})
        for other, share in self.alternatives:
            rows.append({"what": f"tie: cheapest in {share:.0%} of draws", "value": _legs(other)})
        return rows + _switch_rows(self.switches)


_FIGURES = ("cost_usd_per_teu", "days", "distance_km", "generalised_usd_per_teu")


def _route_body(route: Route) -> dict[str, Any]:
    return {
        "cost_usd_per_teu": route.usd,
        "days": route.days,
        "distance_km": route.km,
        "generalised_usd_per_teu": route.generalised,
        "path": list(route.path),
        "links": list(route.links),
        "modes": list(route.modes),
        "countries": list(route.countries),
    }


def _legs(route: Route) -> str:
    """A route for people: places, with the mode wherever it changes."""
    text, mode = route.path[0], None
    for place, own in zip(route.path[1:], route.modes, strict=True):
        text += f" > {place}" if own == mode else f" [{own or 'link'}] > {place}"
        mode = own
    return text


def _switch_rows(switches: dict[str, Any]) -> list[dict[str, Any]]:
    texts = {"date": switches["date"], "cargo": switches["cargo"], **switches["asked"]}
    return [{"what": name, "value": text} for name, text in texts.items() if text]


def cut(
    network: Network,
    *,
    from_: str,
    to: str,
    by: By = "node",
    value_of_time: float = 25.0,
    capacity: bool = False,
    **switches: Any,
) -> CutResult:
    """Whether freight can pass between two sets of places, and the fewest places or countries that could stop it.

    `from_` and `to` name places, countries or `@tags`; `switches` are those of `ask` (`without`, `avoid_links`,
    `open_`, `cargo`, `modes`, `day`, `as_of`, `de_facto`). `required` are the countries whose closure alone leaves no
    route; `cut` is one minimum cut, of places (`node`, ends excluded) or of countries, empty when nothing connects and
    `None` when none exists. `capacity` adds the most that published capacities let through. The witness is the
    cheapest route.
    Raises `InputError` (E204, E403, E405) or `SolveError` (E407).
    """
    if by not in ("node", "country"):
        rule, fix = "a cut is of places or of countries", "use node or country"
        raise InputError([fault("E204", where="--by", found=repr(by), rule=rule, fix=fix)])
    _check_value(value_of_time, 0)
    question = ask(network, from_=from_, to=to, **switches)
    state, sources, targets = question.usable(), question.sources, question.targets
    said = {**question.switches(state), "by": by}
    if not is_connected(state, sources, targets):
        reason, openings = _why_not(question, state)
        bounds_ = {unit: Bound(0.0, ()) for unit in UNITS} if capacity else None
        meta = _meta(question, None, cites=("menger1927",))
        return CutResult(False, [], [], [], None, None, reason, openings, bounds_, said, meta)
    chosen, note = _smallest(network, state, question, by)
    expanded = Expanded(network)
    costs = CostModel(expanded, as_of=question.as_of).central()
    router = Router(expanded, state)
    found = router.cheapest(sources, targets, router.weights(costs, value_of_time))
    assert found is not None, "the mode-expanded graph connects what places and links connect"
    witness = describe_route(expanded, found[1], costs, value_of_time)
    return CutResult(
        connected=True,
        required=required_countries(state, sources, targets),
        end_countries=end_countries(state, sources, targets),
        cut=chosen,
        cut_note=note,
        witness=witness,
        reason=None,
        openings=[],
        capacity={unit: throughput_bound(state, sources, targets, unit) for unit in UNITS} if capacity else None,
        switches=said,
        meta=_meta(question, witness, cites=("menger1927", "dijkstra1959")),
    )


def _smallest(network: Network, state: Usable, question: Question, by: By) -> tuple[list[str] | None, str | None]:
    if by == "country":
        countries = minimum_country_cut(state, question.sources, question.targets)
        note = "no set of countries parts these ends: a route runs through none that could be closed"
        return countries, note if countries is None else None
    places = minimum_place_cut(state, question.sources, question.targets)
    if places is None:
        return None, "an origin and a destination are joined by a link: no set of places between them cuts it"
    return [network.places[place].id for place in places], None


def route(
    network: Network,
    *,
    from_: str,
    to: str,
    value_of_time: float = 25.0,
    draws: int = 200,
    seed: int = 0,
    **switches: Any,
) -> RouteResult:
    """The cheapest way for a TEU: money plus time at its value, with the routes that tie with it over the draws.

    `cost_usd_per_teu` is money alone, `days` includes median queues and drivers' rest, `generalised_usd_per_teu` is
    what was minimised. Loading at the first and unloading at the last place are not charged. A figure that a link of
    the route does not give is `None`; when nothing connects all are. `switches` are those of `ask`. `alternatives` are
    the other routes that are cheapest in at least 5 % of `draws`; 0 draws leave the ranges and ties out.
    """
    _check_value(value_of_time, draws)
    question = ask(network, from_=from_, to=to, **switches)
    state = question.usable()
    said = {**question.switches(state), "value_of_time_usd_per_teu_day": value_of_time, "draws": draws}
    expanded = Expanded(network)
    model = CostModel(expanded, as_of=question.as_of)
    costs = model.central()
    router = Router(expanded, state)
    found = router.cheapest(question.sources, question.targets, router.weights(costs, value_of_time))
    if found is None:
        reason, openings = _why_not(question, state)
        rests: dict[str, Any] = {"queues": [], "assumed": [], "not_priced": []}
        return RouteResult(None, reason, openings, [], None, {}, None, rests, said, _meta(question, None, seed=seed))
    best = describe_route(expanded, found[1], costs, value_of_time)
    sample = None
    if draws:
        drawn = model.draws(seed, draws)
        sample = sample_routes(router, question.sources, question.targets, drawn, value_of_time, best)
    others = [(arcs, share) for arcs, share in (sample.routes if sample else []) if arcs != best.arcs and share >= TIED]
    return RouteResult(
        route=best,
        reason=None,
        openings=[],
        alternatives=[(describe_route(expanded, arcs, costs, value_of_time), share) for arcs, share in others],
        share=dict(sample.routes).get(best.arcs, 0.0) if sample else None,
        on_route=sample.countries if sample else {},
        ranges=_ranges(sample, best, value_of_time) if sample else None,
        rests_on=_rests_on(model, best),
        switches=said,
        meta=_meta(question, best, seed=seed, cites=("dijkstra1959",)),
    )


def _ranges(sample: Sample, best: Route, value_of_time: float) -> dict[str, dict[str, float]]:
    figures = {
        "cost_usd_per_teu": (best.usd, sample.usd),
        "days": (best.days, sample.days),
        "generalised_usd_per_teu": (best.generalised, sample.usd + value_of_time * sample.days),
    }
    quantiles = (("p05", 0.05), ("p50", 0.5), ("p95", 0.95))
    return {
        name: {label: float(np.quantile(values, level)) for label, level in quantiles}
        for name, (central, values) in figures.items()
        if central is not None
    }


def _rests_on(model: CostModel, best: Route) -> dict[str, Any]:
    """The queues met, the blanks that a named assumption filled, and what the files price nowhere."""
    expanded = model.expanded
    met = [int(expanded.queue[arc]) for arc in best.arcs if expanded.queue[arc] >= 0]
    places = expanded.network.places
    return {
        "queues": [
            {
                "place": places[place].id,
                "mode": places[place].queue_mode,
                "days_low": places[place].queue_days_low,
                "days_high": places[place].queue_days_high,
                "date": places[place].queue_date,
                "counted": bool(model.queue_known[place]),
            }
            for place in met
        ],
        "assumed": [note for arc in best.arcs for note in expanded.assumed.get(arc, ())],
        "not_priced": [name for name, given in expanded.priced.items() if not given],
    }


def _why_not(question: Question, state: Usable) -> tuple[str, list[Opening]]:
    """Why nothing connects, in a sentence, and the fewest openings that would change it."""
    for option, places in (("--from", question.sources), ("--to", question.targets)):
        if not any(state.places[place] for place in places):
            whys = sorted({state.place_why[place] for place in places})
            text = f"no route: every place of {option} is shut ({', '.join(whys)})"
            break
    else:
        text = f"no route for {question.cargo} on {question.day.isoformat()} with these closures"
    openings = fewest_openings(state, question.sources, question.targets)
    if openings is None:
        return f"{text}; no link of the network joins these ends for {question.cargo}", []
    return f"{text}; the fewest openings that would give one: {', '.join(item.id for item in openings)}", openings


def _check_value(value_of_time: float, draws: int) -> None:
    faults = []
    if not (np.isfinite(value_of_time) and value_of_time >= 0):
        rule, fix = "the value of time is a number of at least 0, USD per TEU and day", "use a value such as 25"
        faults.append(fault("E204", where="--value-of-time", found=repr(value_of_time), rule=rule, fix=fix))
    if not 0 <= draws <= MAX_DRAWS:
        rule, fix = f"draws lie between 0 and {MAX_DRAWS:,}", "use a number such as 200"
        faults.append(fault("E204", where="--draws", found=str(draws), rule=rule, fix=fix))
    if faults:
        raise InputError(faults)


def _meta(question: Question, best: Route | None, *, seed: int | None = None, cites: tuple[str, ...] = ()) -> Meta:
    """Provenance: the files, and the sources of the rows that the shown route uses."""
    network = question.network
    rows: list[Any] = []
    if best is not None:
        rows += [network.links[network.link_index[link]] for link in best.links]
        rows += [network.places[network.place_index[place]] for place in best.path]
    keys = {key.strip() for row in rows for key in (row.source or "").split(";") if key.strip()}
    as_of = question.as_of.isoformat() if question.as_of else None
    return Meta(seed=seed, as_of=as_of, inputs=network.inputs, sources=tuple(sorted(keys)), cites=cites)

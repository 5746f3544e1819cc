"""What closures and openings mean for freight: extra cost, freight that cannot move, what a guard is worth.

Before and after run on the same draws, so their difference is not their noise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from counterpoise._errors import InputError, fault
from counterpoise.channels.transit.costs import ArcCosts, CostModel
from counterpoise.channels.transit.cuts import holders_of
from counterpoise.channels.transit.expanded import Expanded
from counterpoise.channels.transit.network import Network, Usable
from counterpoise.channels.transit.question import Question, ask
from counterpoise.channels.transit.routes import Route, Router, Weights, describe_route


@dataclass(frozen=True, slots=True)
class Freight:
    """A yearly flow between two sets of places, named as in `--from` and `--to`; it takes the cheapest route of any."""

    origin: str
    destination: str
    teu_year: float


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change of the network does to freight, by draw and flow.

    `extra_usd_per_teu`, shape (draw, flow): generalised cost after less before (negative is a gain); NaN where the
    flow has no route before or after, or none whose figures are all known. `cut_off` and `joined`, shape (flow,): flows
    that lose their last route or gain a first.
    """

    freight: tuple[Freight, ...]
    extra_usd_per_teu: np.ndarray
    cut_off: np.ndarray
    joined: np.ndarray

    @property
    def teu_year(self) -> np.ndarray:
        return np.array([row.teu_year for row in self.freight], dtype=float)

    @property
    def extra_usd_year(self) -> np.ndarray:
        """Yearly extra cost of the freight that still moves, USD, shape (draw,)."""
        return np.nansum(self.extra_usd_per_teu * self.teu_year, axis=1)

    @property
    def cut_off_share(self) -> float:
        """Share of the freight, by TEU, that can no longer move; NaN where there is no freight."""
        total = self.teu_year.sum()
        return float(self.teu_year[self.cut_off].sum() / total) if total > 0 else float("nan")

    @property
    def joined_share(self) -> float:
        """Share of the freight, by TEU, that can move only after the change; NaN where there is no freight."""
        total = self.teu_year.sum()
        return float(self.teu_year[self.joined].sum() / total) if total > 0 else float("nan")


def closure_effect(
    network: Network,
    freight: Sequence[Freight],
    *,
    closed: str = "",
    shut_links: str = "",
    value_of_time: float = 25.0,
    draws: int = 200,
    seed: int = 0,
    **switches: Any,
) -> Effect:
    """What it costs freight when countries shut their soil, or links fall away, against the same day without that.

    `closed` are country codes, `shut_links` link ids or `@tags`; the `switches` of `ask` hold before and after. A
    country's own freight is cut off, not rerouted, when its closure takes all of its places. Raises `InputError` as
    `ask` does, and E406 where the network gives no prices or no times.
    """
    after = {
        **switches,
        "without": _joined_names(switches.get("without", ""), closed),
        "avoid_links": _joined_names(switches.get("avoid_links", ""), shut_links),
    }
    return _compare(network, freight, switches, after, value_of_time, draws, seed)


def opening_effect(
    network: Network,
    freight: Sequence[Freight],
    *,
    opened: str,
    value_of_time: float = 25.0,
    draws: int = 200,
    seed: int = 0,
    **switches: Any,
) -> Effect:
    """What freight gains when links that are planned, suspended or closed open (`opened`: link ids or `@tags`)."""
    after = {**switches, "open_": _joined_names(switches.get("open_", ""), opened)}
    return _compare(network, freight, switches, after, value_of_time, draws, seed)


def _joined_names(*texts: str) -> str:
    return ",".join(text for text in texts if text)


def _compare(
    network: Network,
    freight: Sequence[Freight],
    before: dict[str, Any],
    after: dict[str, Any],
    value_of_time: float,
    draws: int,
    seed: int,
) -> Effect:
    expanded = Expanded(network)
    _check_priced(expanded)
    sides = [
        [ask(network, from_=row.origin, to=row.destination, **side) for row in freight] for side in (before, after)
    ]
    if not freight:
        return Effect((), np.empty((draws, 0)), np.empty(0, bool), np.empty(0, bool))
    routers = [Router(expanded, questions[0].usable()) for questions in sides]
    model = CostModel(expanded, as_of=sides[0][0].as_of)
    cost = np.empty((2, draws, len(freight)))
    for member, costs in enumerate(model.draws(seed, draws)):
        for side, (router, questions) in enumerate(zip(routers, sides, strict=True)):
            cost[side, member] = _cheapest_each(router, questions, router.weights(costs, value_of_time))
    before_moves, after_moves = (np.atleast_1d(~np.isinf(side).any(axis=0)) for side in cost)
    extra = np.full(cost.shape[1:], np.nan)
    both = before_moves & after_moves
    extra[:, both] = cost[1][:, both] - cost[0][:, both]
    return Effect(tuple(freight), extra, before_moves & ~after_moves, ~before_moves & after_moves)


def _cheapest_each(router: Router, questions: Sequence[Question], weights: Weights) -> np.ndarray:
    """The weight of the cheapest route of each question, shape (flow,); one search per set of origins."""
    found: dict[tuple[int, ...], np.ndarray] = {}
    values = np.empty(len(questions))
    for index, question in enumerate(questions):
        if question.sources not in found:
            found[question.sources] = router.distances(question.sources, weights)
        values[index] = found[question.sources][list(question.targets)].min()
    # A route over a link without a figure moves the freight, at a cost that is not known.
    unknown = np.isfinite(values) & (values >= weights.penalty)
    return np.where(unknown, np.nan, values)


def _check_priced(expanded: Expanded) -> None:
    missing = [name for name in ("usd_per_teu", "hours_moving") if not expanded.priced[name]]
    if missing:
        rule = "an effect on freight is measured in money and time"
        found, fix = f"no link gives {' or '.join(missing)}", f"fill the column {missing[0]!r} of the links"
        raise InputError([fault("E406", where="links", found=found, rule=rule, fix=fix)])


@dataclass(frozen=True, slots=True)
class Betweenness:
    """Over draws and freight, by TEU: how often the cheapest route runs through each place, link and country."""

    places: dict[str, float]
    links: dict[str, float]
    countries: dict[str, float]


def betweenness(
    network: Network,
    freight: Sequence[Freight],
    *,
    value_of_time: float = 25.0,
    draws: int = 200,
    seed: int = 0,
    **switches: Any,
) -> Betweenness:
    """Share of the freight that moves whose cheapest route passes each place, link and country, over the draws."""
    expanded = Expanded(network)
    questions = [ask(network, from_=row.origin, to=row.destination, **switches) for row in freight]
    tallies: tuple[dict[str, float], ...] = ({}, {}, {})
    total = 0.0
    if questions:
        router = Router(expanded, questions[0].usable())
        model = CostModel(expanded, as_of=questions[0].as_of)
        for costs in model.draws(seed, draws):
            weights = router.weights(costs, value_of_time)
            for row, question in zip(freight, questions, strict=True):
                found = router.cheapest(question.sources, question.targets, weights)
                if found is None:
                    continue
                total += row.teu_year
                route = describe_route(expanded, found[1], costs, value_of_time)
                for tally, names in zip(tallies, (route.path, route.links, route.countries), strict=True):
                    for name in dict.fromkeys(names):
                        tally[name] = tally.get(name, 0.0) + row.teu_year
    shares = [{name: value / total for name, value in sorted(tally.items())} for tally in tallies]
    return Betweenness(*shares)


@dataclass(frozen=True, slots=True)
class Closure:
    """What closing some countries does to one question.

    `state`: `unaffected`, `reroutes` (at `extra_usd_per_teu`, generalised), `cut`, or `ends closed` when no origin or
    no destination is left.
    """

    closed: tuple[str, ...]
    state: str
    extra_usd_per_teu: float | None
    route: Route | None


def all_closures(question: Question, *, size: int = 2, value_of_time: float = 25.0) -> list[Closure]:
    """Every closure of up to `size` countries and its effect on the cheapest route, at central figures.

    Exact without trying each: closing a country that a cheapest route does not need leaves that route the cheapest.
    """
    expanded = Expanded(question.network)
    costs = CostModel(expanded, as_of=question.as_of).central()
    state = question.usable()
    solved: dict[tuple[str, ...], Closure] = {}
    base = _solve(expanded, question, state, costs, value_of_time, None, ())
    solved[()] = base
    codes = sorted(question.network.codes - set(question.without))
    for count in range(1, size + 1):
        for closed in combinations(codes, count):
            solved[closed] = _reuse(solved, closed, state) or _solve(
                expanded, question, state.closing(closed), costs, value_of_time, base, closed
            )
    return [closure for closed, closure in solved.items() if closed]


def _reuse(solved: dict[tuple[str, ...], Closure], closed: tuple[str, ...], state: Usable) -> Closure | None:
    """The answer of a smaller closure whose route needs nothing of the country that is closed on top."""
    for left_out in range(len(closed)):
        smaller = solved[closed[:left_out] + closed[left_out + 1 :]]
        if smaller.route is not None and closed[left_out] not in holders_of(state, smaller.route):
            return Closure(closed, smaller.state, smaller.extra_usd_per_teu, smaller.route)
    return None


def _solve(
    expanded: Expanded,
    question: Question,
    state: Usable,
    costs: ArcCosts,
    value_of_time: float,
    base: Closure | None,
    closed: tuple[str, ...],
) -> Closure:
    router = Router(expanded, state)
    weights = router.weights(costs, value_of_time)
    found = router.cheapest(question.sources, question.targets, weights)
    if found is None:
        ends = (question.sources, question.targets)
        gone = not all(any(state.places[place] for place in places) for places in ends)
        return Closure(closed, "ends closed" if gone else "cut", None, None)
    route = describe_route(expanded, found[1], costs, value_of_time)
    if base is None:
        return Closure(closed, "unaffected", 0.0, route)
    before = base.route
    extra = None
    if before is not None and before.generalised is not None and route.generalised is not None:
        extra = route.generalised - before.generalised
    return Closure(closed, "reroutes", extra, route)


@dataclass(frozen=True, slots=True)
class Protection:
    """What lower interdiction is worth, USD a year, and the fall in yearly hazard at which a guard pays for itself."""

    usd_year: np.ndarray
    break_even_hazard: np.ndarray


def protection_value(
    *,
    teu_year: float | np.ndarray,
    margin_usd_per_teu: float | np.ndarray,
    hazard_fall: float | np.ndarray,
    cost_usd_year: float | np.ndarray,
) -> Protection:
    """What guarding a corridor is worth: throughput times margin times the fall in the yearly chance of interdiction.

    The margin is what a TEU saves by the corridor over the next best route (`closure_effect`); arguments may be draws
    and broadcast. The break-even is the fall in hazard whose value equals the cost; above 1 no protection pays.
    """
    worth = np.asarray(teu_year, dtype=float) * np.asarray(margin_usd_per_teu, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        break_even = np.where(worth > 0, np.asarray(cost_usd_year, dtype=float) / worth, np.inf)
    return Protection(worth * np.asarray(hazard_fall, dtype=float), break_even)

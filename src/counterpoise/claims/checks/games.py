"""Checks on games: what a promise deters or risks, whether it is left open, and an actor between friend and power."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from counterpoise._errors import InputError
from counterpoise.bargain import GameDraws, Range, bargain_over_draws, judge_statement, read_game, weigh_backing
from counterpoise.bargain.ambiguity import SHARES, choice
from counterpoise.bargain.regional import BACKING, Issue, Promise, gather_issue, gather_region_promise
from counterpoise.bargain.rounds import draw_inputs
from counterpoise.bargain.statements import Judgement
from counterpoise.claims._inputs import listened, overhear
from counterpoise.claims._measure import Study, chance, flip_points, spread
from counterpoise.claims._verdict import Part
from counterpoise.region import Figure
from counterpoise.region.draws import triangular

# Beyond this many draws a share moves by less than two points, while the games take the longer.
MOST_DRAWS = 1_000
FLIP_DRAWS = 80
# Variant of the bargain -> draws: they disagree, so that each has the same say; the slower one gets fewer.
VARIANTS = {"corrected": 600, "ktab-smp": 60}
QUICK = {"corrected": 150, "ktab-smp": 20}
ROUNDS = 10
ONE_SHOT = "one meeting of challenger, protege and guarantor; no reputation carried over, no domestic politics"
BY_LAMBDA = "the probability is the mean over lambda 0.5 to 20, from players near chance to players who hardly err"
BUILT_IN = "that a firmer promise costs more to break, to keep up and to provoke with is built into the game"
BACKING_JUDGED = "the payoffs of Ankara, Baku and Washington are judgement, in bargain/games/backing.toml"
POSITIONS_JUDGED = "positions, saliences and capabilities are one reader's judgement"


def promise_game(
    study: Study,
    *,
    guarantor: str,
    protege: str,
    issue: str,
    voice: str,
    least: list[float],
    parts: list[dict[str, Any]],
) -> list[Part]:
    """What does an open promise deter or risk beside a formal pledge and beside none?

    Each part has `told`, statements of `judge_statement` that all have to hold in the same draw, a `statement` in
    words, and the `challenger`, whose odds of winning come from capabilities on `issue`, where `voice` stands for the
    protege. A difference counts from `least`
    on, in chances or, for what a player expects, in shares of its range of payoffs.
    """
    return [
        _played(study, guarantor=guarantor, protege=protege, issue=issue, voice=voice, least=least, **part)
        for part in parts
    ]


def left_open(
    study: Study,
    *,
    guarantor: str,
    protege: str,
    threshold: list[float],
    statement: str,
    suits: dict[str, str],
    issue: str,
    voice: str,
    least: list[float],
) -> list[Part]:
    """Does a guarantor leave open what it would do (the firmest text), and does that suit it (the game)?"""
    found, lacks = _promise(study, guarantor=guarantor, protege=protege, issue=issue, voice=voice)
    if found is None:
        return [Part(statement, None, lacks=lacks)]
    firmest, judged = found.rows[0], found.stakes.ambiguity
    draws = triangular(study.uniforms(firmest), judged.low, judged.mode, judged.high)
    bar = study.between(f"left open:{firmest}", *threshold)

    def holds(values: np.ndarray) -> np.ndarray:
        return np.minimum(values, 1.0) >= bar

    text = Part(
        statement,
        chance(holds(draws)),
        {"ambiguity": spread(draws), "threshold": {"low": threshold[0], "high": threshold[1]}, "firmest": firmest},
        flip_points(draws, holds, name="ambiguity of the firmest commitment", unit="0 (duty) to 1 (words only)"),
        (firmest,),
        caveats=("how ambiguous a text is, is one reader's judgement; what was meant is not observed",),
    )
    game = {"guarantor": guarantor, "protege": protege, "issue": issue, "voice": voice}
    return [text, _played(study, **game, least=least, told=["ambiguity_suits_the_guarantor"], **suits)]


def torn(
    study: Study,
    *,
    actor: str,
    friend: str,
    power: str,
    issue: str,
    dilemma: str,
    pull: str,
    swing: list[float],
    shift: list[float],
) -> list[Part]:
    """Must an actor weigh backing its friend against friction with a power?

    `dilemma`: it stands nearer to the friend than to the power on `issue`, and in the game of backing it gains by
    backing where the power lets that pass and loses where it does not, its chance to back falling by at least `swing`.
    `pull`: the bargain over the issue draws it off the friend's side towards the power by at least `shift` points.
    """
    places = {who: study.region.find("bargaining_position", subject=who, item=issue) for who in (actor, friend, power)}
    lacks = tuple(f"bargaining_position of {who} on {issue}" for who, found in places.items() if not found)
    if lacks:
        return [Part(dilemma, None, lacks=lacks), Part(pull, None, lacks=lacks)]
    newest = {who: max(found, key=lambda figure: figure.known) for who, found in places.items()}
    return [
        _dilemma(study, newest[actor], newest[friend], newest[power], dilemma, swing),
        _pull(study, actor=actor, friend=friend, power=power, issue=issue, statement=pull, shift=shift),
    ]


def _promise(
    study: Study, *, guarantor: str, protege: str, issue: str, voice: str, challenger: str | None = None
) -> tuple[Promise | None, tuple[str, ...]]:
    """The promise in numbers, or what the region lacks for it on the as-of day."""
    try:
        # Odds of winning are read off an issue only where somebody challenges.
        contest: dict[str, Any] = {"challenger": challenger, "issue": issue, "voice": voice} if challenger else {}
        found = gather_region_promise(study.region, guarantor=guarantor, protege=protege, **contest)
        return _noted(study, found), ()
    except InputError as error:
        if error.code != "E504":
            raise
        return None, tuple(f"{lack.where}: {lack.found}" for lack in error.faults)


def _noted(study: Study, found: Promise) -> Promise:
    """The promise with its judged stakes as the study has them."""
    stakes = {name: getattr(found.stakes, name) for name in found.stakes.__slots__}
    noted = {}
    for name, one in stakes.items():
        low, mode, high = study.inputs.range("stake", name, one.low, one.mode, one.high)
        noted[name] = Range(low, one.mode if mode is None else mode, high)
    return replace(found, stakes=replace(found.stakes, **noted))


def _played(
    study: Study,
    *,
    guarantor: str,
    protege: str,
    issue: str,
    voice: str,
    least: list[float],
    told: list[str],
    statement: str,
    challenger: str,
) -> Part:
    """One statement about one promise, with a challenger whose strength the region states."""
    found, lacks = _promise(
        study, guarantor=guarantor, protege=protege, issue=issue, voice=voice, challenger=challenger
    )
    if found is None:
        return Part(statement, None, lacks=lacks)
    options: dict[str, Any] = {"seed": study.seed, "draws": min(study.count, MOST_DRAWS), "rate": None}
    bar = (least[0], least[1])
    # The break-evens take most of the time.
    flip_draws = 0 if study.quick else FLIP_DRAWS
    judged = judge_statement(found.stakes, told, least=bar, flip_draws=flip_draws, **options)
    # Where several statements have to hold together, each is shown on its own too.
    apart = told if len(told) > 1 and not study.quick else []
    single = [judge_statement(found.stakes, name, least=bar, flip_draws=0, **options) for name in apart] or [judged]
    numbers = {
        "difference by lambda": {one.statement: one.sizes for one in single},
        "share by lambda": {one.statement: one.shares for one in single},
        "share by lambda, all together": judged.shares,
        "least difference that counts": {"low": least[0], "high": least[1]},
    }
    assumed = f"judgement for any small state, no measurement: the stakes {', '.join(found.assumed)}"
    caveats = (assumed, BUILT_IN, ONE_SHOT, BY_LAMBDA)
    return Part(statement, judged.probability, numbers, _flips(judged, found), found.rows, caveats=caveats)


def _flips(judged: Judgement, found: Promise) -> dict[str, Any]:
    """The break-even nearest to its stake's most likely value, and those of every stake."""
    values = {stake: roots for stake, roots in judged.break_even.items() if roots}
    if not values:
        return {"input": "any one stake", "unit": "", "values": [], "note": "cannot flip by one stake in its range"}

    def away(stake: str) -> float:
        judged_range: Range = getattr(found.stakes, stake)
        deviation = _deviation(judged_range)
        nearest = min(abs(root - judged_range.mode) for root in values[stake])
        return nearest / deviation if deviation > 0 else float("inf")

    stake = min(values, key=away)
    mode = getattr(found.stakes, stake).mode
    return {
        "input": stake,
        "unit": "share" if stake in SHARES else "share of what the protege loses by yielding",
        "values": values[stake],
        "nearest": min(values[stake], key=lambda root: abs(root - mode)),
        "now": mode,
        "distance_sd": away(stake) if np.isfinite(away(stake)) else None,
        "of each stake": values,
    }


def _deviation(judged: Range) -> float:
    """The standard deviation of a triangular range."""
    low, mode, high = judged.low, judged.mode, judged.high
    return float(np.sqrt(max(0.0, low**2 + mode**2 + high**2 - low * mode - low * high - mode * high) / 18))


def _dilemma(study: Study, actor: Figure, friend: Figure, power: Figure, statement: str, swing: list[float]) -> Part:
    """Nearer to the friend, and torn in the game of backing: over draws of positions and payoffs, and over lambda."""
    draws = min(study.count, MOST_DRAWS)
    game = read_game(BACKING)
    played = _backing(study.seed, draws)
    own, friends, powers = (study.figure(figure)[:draws] for figure in (actor, friend, power))
    bar = study.between(f"torn:{actor.id}", *swing)[:draws]
    spreads = np.ptp(played.payoffs, axis=1).max(axis=1)
    at = {name: played.outcomes.index(name) for name in played.outcomes}
    worth = {name: played.payoffs[:, column, game.players.index("Ankara")] for name, column in at.items()}
    passed = worth["backed and tolerated"] - worth["restrained and tolerated"]

    def swings(punished: np.ndarray) -> np.ndarray:
        """How far the chance to back falls if Washington is sure to make it pay, `[lambda, draw]`."""
        edges = (passed / spreads, (punished - worth["restrained and punished"]) / spreads)
        let, paid = (np.stack([choice(edge, rate) for rate in played.lambdas]) for edge in edges)
        return let - paid

    def share(punished: np.ndarray, powers: np.ndarray) -> float:
        sides = np.abs(own - friends) < np.abs(own - powers)
        costs = (passed > 0) & (punished < worth["restrained and punished"])
        return float((sides & costs & (swings(punished) >= bar)).mean())

    punished = worth["backed and punished"]
    overhear(np.abs(own - friends) < np.abs(own - powers), np.abs(own - powers) - np.abs(own - friends))
    back = played.options.index(("Ankara: backing", "back"))
    numbers = {
        "points from the friend": spread(np.abs(own - friends)),
        "points from the power": spread(np.abs(own - powers)),
        "fall of the chance to back if it is made to pay": _by_lambda(played.lambdas, swings(punished)),
        "chance to back as played": _by_lambda(played.lambdas, played.choices[:, :, back].T),
        "least fall that counts": {"low": swing[0], "high": swing[1]},
    }
    grid = np.linspace(-1, 1, 2 if study.quick else 41)
    heights = np.array([share(np.full(draws, value), powers) for value in grid]) - 0.5
    flips = {
        "input": "what backing is worth to Ankara if Washington makes it pay",
        "unit": "game scale, best about 1, worst about -1",
        "values": _crossings(grid, heights),
        "now": float(np.median(punished)),
    }
    caveats = (BACKING_JUDGED, POSITIONS_JUDGED, BY_LAMBDA)
    evidence = (actor.id, friend.id, power.id)
    return Part(statement, share(punished, powers), numbers, _nearest(flips, punished), evidence, caveats=caveats)


@lru_cache(maxsize=2)
def _backing(seed: int, draws: int) -> GameDraws:
    """The game of backing, kept: nothing of the region enters it."""
    return weigh_backing(seed=seed, draws=draws)


def _pull(study: Study, *, actor: str, friend: str, power: str, issue: str, statement: str, shift: list[float]) -> Part:
    """Where the actor ends in the bargain beside where it began, both variants having the same say."""
    issue_rows = gather_issue(study.region.figures, issue)
    moved: list[np.ndarray] = []
    shares: list[float] = []
    lacks: list[str] = []
    numbers: dict[str, Any] = {}
    for variant, most in (QUICK if study.quick else VARIANTS).items():
        draws = min(most, study.count)
        try:
            played = bargain_over_draws(
                study.region, issue, seed=study.seed, draws=draws, variant=variant, rounds=ROUNDS
            )
        except InputError as error:
            if error.code != "E502":
                raise
            # A row outside what this variant takes: the part rests on the other, and says so.
            lacks += [f"{variant} on {issue}: {lack.found} ({lack.where})" for lack in error.faults]
            numbers[variant] = {"not played": lacks[-1]}
            continue
        who, other, near = (played.actors.index(name) for name in (actor, power, friend))
        start, end = played.positions[0][:, :, 0], played.positions[-1][:, who, 0]
        way = np.sign(start[:, other] - start[:, near])
        gone = (end - start[:, who]) * way
        bar = study.between(f"pull:{issue}", *shift)[:draws]
        if listened():
            drawn = _drawn(study, issue_rows, draws)
            own = tuple(name for name in drawn if _actor(study, name) in (actor, friend, power))
            overhear(gone >= bar, gone - bar, drawn=drawn, own=own)
        shares.append(chance(gone >= bar))
        moved.append(gone)
        numbers[variant] = {
            "share": shares[-1],
            "points towards the power": spread(gone),
            "position at the end": spread(end),
            "settled": float(played.settled.mean()),
            "moves per draw at the hand of": {
                name: float(played.moved[who, column]) for name, column in ((power, other), (friend, near))
            },
        }
    if not shares:
        return Part(statement, None, lacks=tuple(lacks))
    middles = float(np.quantile(np.concatenate([np.quantile(one, np.linspace(0, 1, 201)) for one in moved]), 0.5))
    flips = {
        "input": "how many points count as drawn away",
        "unit": "points of 100",
        "values": [middles],
        "nearest": middles,
        "now": sum(shift) / 2,
    }
    numbers["points that count"] = {"low": shift[0], "high": shift[1]}
    caveats = (POSITIONS_JUDGED, f"at most {ROUNDS} rounds; the variants of the model disagree, each has the same say")
    return Part(statement, float(np.mean(shares)), numbers, flips, issue_rows.facts, caveats=caveats)


def _actor(study: Study, name: str) -> str | None:
    """Whose position, capability or salience a range is about."""
    figure = study.region.figure(name.partition(" ")[0])
    return None if figure is None else figure.subject


def _drawn(study: Study, issue_rows: Issue, draws: int) -> dict[str, np.ndarray]:
    """The draws of every row of an issue by the name of its range: a bargain draws them from one stream."""
    table = issue_rows.table
    capability, position, salience = draw_inputs(table, seed=study.seed, draws=draws)
    values = {"capability": capability, "position": position[:, :, 0], "salience": salience[:, :, 0]}
    found = [figure for name in issue_rows.facts if (figure := study.region.figure(name)) is not None]
    return {
        f"{figure.id} value": values[figure.quantity.removeprefix("bargaining_")][:, table.actors.index(figure.subject)]
        for figure in found
    }


def _by_lambda(lambdas: Sequence[float], values: np.ndarray) -> dict[float, dict[str, float]]:
    return {rate: spread(row) for rate, row in zip(lambdas, values, strict=True)}


def _crossings(grid: np.ndarray, heights: np.ndarray) -> list[float]:
    """Where a curve on a grid crosses zero, by straight lines."""
    steps = np.flatnonzero(heights[:-1] * heights[1:] < 0)
    width = grid[1] - grid[0]
    return [float(grid[k] + width * heights[k] / (heights[k] - heights[k + 1])) for k in steps]


def _nearest(flips: dict[str, Any], draws: np.ndarray) -> dict[str, Any]:
    """The break-even with its nearest value and how far that lies, or the word that there is none."""
    if not flips["values"]:
        return {**flips, "note": "cannot flip in range"}
    nearest = min(flips["values"], key=lambda value: abs(value - flips["now"]))
    return {**flips, "nearest": nearest, "distance_sd": abs(nearest - flips["now"]) / float(np.std(draws))}

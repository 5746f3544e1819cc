"""Playing a bargain round by round: one game in full, or many draws of it at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from counterpoise._errors import Fault, InputError, fault
from counterpoise._result import Meta
from counterpoise.bargain import scholz, smp
from counterpoise.bargain.actors import ActorTable, check_table
from counterpoise.bargain.results import BargainDraws, BargainResult, Move, Round

Array = NDArray[np.float64]
Variant = Literal["scholz2011", "corrected", "ktab-smp"]

VARIANTS: tuple[str, ...] = get_args(Variant)
DEFAULT_ROUNDS = {"scholz2011": 10, "corrected": 100, "ktab-smp": 100}
CITES = {
    "scholz2011": ("buenodemesquita1985", "buenodemesquita1994", "scholz2011"),
    "corrected": ("buenodemesquita1985", "buenodemesquita1994", "scholz2011"),
    "ktab-smp": ("wise2015",),
}
MAX_ROUNDS = 1_000
MAX_DRAWS = 1_000_000
MAX_CELLS = 50_000_000

# `corrected` settles when nobody moves by more than this share of the issue's range; the published rule has no such
# margin, so there only a round without any move counts.
STILL = 1e-9
# The reference stops, from the second round on, once a round moves the actors by under a fiftieth of the first.
QUIET, FIRST_MOVE = 0.02, 1e-4
# Draws are played in blocks that stay in the processor's cache.
BLOCK_CELLS = 128_000


@dataclass(frozen=True, slots=True)
class Track:
    """A batch of games on one issue or in one space: `[round, draw, actor, issue]` and what led there."""

    positions: list[Array]
    risks: list[Array]
    settled: NDArray[np.bool_]
    length: NDArray[np.int64]
    partners: list[NDArray[np.int64]]
    details: list[Any]


def negotiate(
    table: ActorTable,
    *,
    variant: str = "scholz2011",
    rounds: int | None = None,
    options: scholz.Options | None = None,
    meta: Meta | None = None,
) -> BargainResult:
    """Where the actors' positions go when each challenges, yields or compromises as its odds suggest.

    `rounds` is a maximum; play stops earlier once settled. `options` replaces the variant's reading of the paper
    (not for `ktab-smp`). Risk at a round: the exponent used in that round, 1 at round 0 (`scholz2011`, `corrected`);
    the attitude inferred from that round's positions (`ktab-smp`).

    Raises `InputError` (`E204` arguments, `E501` and `E502` the table).
    """
    limit, options = check_call(table, variant, rounds, options)
    one = (table.capability[None], table.position[None], table.salience[None])
    if variant == "ktab-smp":
        track = play_smp(*one, limit=limit, keep=True)
        states = _smp_rounds(table, track)
        moves = _smp_moves(table, track)
    else:
        track = play_scholz(*one, limit=limit, options=options, keep=True)
        states = _scholz_rounds(table, track, options)
        moves = _scholz_moves(table, track)
    return BargainResult(
        variant=variant,
        actors=table.actors,
        issues=table.issues,
        rounds=tuple(states),
        settled=bool(track.settled[0]),
        moves=tuple(moves),
        options=None if variant == "ktab-smp" else options,
        meta=_cited(meta, variant),
        details=tuple(track.details),
    )


def simulate(
    table: ActorTable,
    *,
    seed: int,
    draws: int,
    variant: str = "scholz2011",
    rounds: int | None = None,
    options: scholz.Options | None = None,
    meta: Meta | None = None,
) -> BargainDraws:
    """The same over draws of capability, position and salience, each triangular over its judged range.

    Member `k` depends on the seed and `k` alone. Every draw of `scholz2011` and `corrected` measures distance in the
    range of its own initial positions. A draw that settles early stays where it settled.
    """
    from concurrent.futures import ThreadPoolExecutor

    limit, options = check_call(table, variant, rounds, options)
    faults = []
    cells = draws * (limit + 1) * table.position.size
    if not 1 <= draws <= MAX_DRAWS or cells > MAX_CELLS:
        rule = f"draws are 1 to {MAX_DRAWS:,}, and draws x rounds x actors x issues at most {MAX_CELLS:,}"
        faults.append(_argument("draws", f"{draws:,} draws of {limit} rounds", rule, "ask for fewer draws or rounds"))
    if seed < 0:
        faults.append(_argument("seed", str(seed), "a seed is 0 or more", "choose another seed"))
    if faults:
        raise InputError(faults)
    inputs = draw_inputs(table, seed=seed, draws=draws)
    if variant == "ktab-smp":
        capability, position, salience = inputs
        # Saliences drawn apart may exceed all attention together: such a draw is scaled back to it.
        total = salience.sum(axis=2, keepdims=True)
        inputs = (capability, position, salience / np.maximum(total / 100.0, 1.0))
    block = max(1, BLOCK_CELLS // (len(table.actors) ** 2 * len(table.issues)))
    spans = [slice(start, min(start + block, draws)) for start in range(0, draws, block)]

    def play(part: slice) -> Track:
        capability, position, salience = (array[part] for array in inputs)
        if variant == "ktab-smp":
            return play_smp(capability, position, salience, limit=limit)
        return play_scholz(capability, position, salience, limit=limit, options=options)

    with ThreadPoolExecutor(max_workers=2) as pool:
        tracks = list(pool.map(play, spans))
    positions = np.stack(
        [np.concatenate([track.positions[min(at, len(track.positions) - 1)] for track in tracks])
         for at in range(max(len(track.positions) for track in tracks))]
    )  # fmt: skip
    return BargainDraws(
        variant=variant,
        actors=table.actors,
        issues=table.issues,
        positions=positions,
        weight=inputs[0][:, :, None] * inputs[2],
        settled=np.concatenate([track.settled for track in tracks]),
        length=np.concatenate([track.length for track in tracks]),
        moved=_moved_by(tracks, len(table.actors)),
        options=None if variant == "ktab-smp" else options,
        meta=replace(_cited(meta, variant), seed=seed),
    )


def check_call(
    table: ActorTable, variant: str, rounds: int | None, options: scholz.Options | None
) -> tuple[int, scholz.Options]:
    """The number of rounds and the options a call means, or `InputError` with all that is wrong with it."""
    faults: list[Fault] = []
    if variant not in VARIANTS:
        rule = f"the variants are {', '.join(VARIANTS)}"
        raise InputError([_argument("variant", repr(variant), rule, "choose one of them")])
    limit = DEFAULT_ROUNDS[variant] if rounds is None else rounds
    if not 0 <= limit <= MAX_ROUNDS:
        rule = f"rounds are 0 to {MAX_ROUNDS:,}"
        faults.append(_argument("rounds", str(limit), rule, "choose a number in that range"))
    if variant == "ktab-smp" and options is not None:
        rule = "the readings of the published model apply to scholz2011 and corrected"
        faults.append(_argument("options", "options with ktab-smp", rule, "leave them out"))
    if options is not None and not (np.isfinite(options.status_quo) and 0 <= options.status_quo <= 1):
        rule = "the weight of the status quo is 0 to 1"
        faults.append(_argument("status_quo", str(options.status_quo), rule, "choose a share"))
    if faults:
        raise InputError(faults)
    check_table(table, percent=variant == "ktab-smp")
    return limit, options or (scholz.CORRECTED if variant == "corrected" else scholz.PUBLISHED)


def draw_inputs(table: ActorTable, *, seed: int, draws: int) -> tuple[Array, Array, Array]:
    """Capability `[draw, actor]`, position and salience `[draw, actor, issue]`, triangular over their ranges.

    Each draw takes one row of uniforms from one stream, so that member `k` is the same however many follow.
    """
    low, mode, high = (
        np.concatenate([np.ravel(array) for array in arrays])
        for arrays in (table.low, (table.capability, table.position, table.salience), table.high)
    )
    uniform = np.random.default_rng(seed).random((draws, mode.size))
    width = np.where(high > low, high - low, 1.0)
    split = (mode - low) / width
    rise = low + np.sqrt(uniform * width * (mode - low))
    fall = high - np.sqrt((1 - uniform) * width * (high - mode))
    value = np.where(high > low, np.where(uniform < split, rise, fall), mode)
    actors, issues = table.position.shape
    cut = actors * issues
    return (
        value[:, :actors],
        value[:, actors : actors + cut].reshape(draws, actors, issues),
        value[:, actors + cut :].reshape(draws, actors, issues),
    )


def play_scholz(
    capability: Array, position: Array, salience: Array, *, limit: int, options: scholz.Options, keep: bool = False
) -> Track:
    """Each issue as a game of its own (the published model has one line): `[draw, actor]`, `[draw, actor, issue]`."""
    draws, actors, issues = position.shape
    strength = np.repeat(capability, issues, axis=0)
    attention, place = (array.transpose(0, 2, 1).reshape(-1, actors) for array in (salience, position))
    span = np.ptp(place, axis=1)
    margin = 0.0 if options.median == "chain" else STILL
    # Actors that agree from the start have nothing to bargain over.
    live = span > 0
    settled, length = ~live, np.zeros(len(place), np.int64)
    safe = np.where(live, span, 1.0)
    track = Track([place], [np.ones_like(place)], settled, length, [], [])
    for at in range(1, limit + 1):
        if not live.any():
            break
        risk, offers = scholz.step(strength, attention, place, safe, options)
        after = offers.position
        if not live.all():
            after = np.where(live[:, None], after, place)
            risk = np.where(live[:, None], risk, track.risks[-1])
        shift = after - place
        quiet = np.maximum.reduce(np.abs(shift), axis=1) <= margin * safe
        track.positions.append(after)
        track.risks.append(risk)
        track.partners.append(np.where(shift != 0, offers.other, -1))
        if keep:
            track.details.append(offers)
        length[live] = at
        settled |= live & quiet
        live &= ~quiet
        place = after
    return _by_issue(track, draws, actors, issues)


def play_smp(capability: Array, position: Array, salience: Array, *, limit: int, keep: bool = False) -> Track:
    """All issues as one space, positions and saliences 0 to 100: `[draw, actor]`, `[draw, actor, issue]`."""
    place, salience = position / 100.0, salience / 100.0
    attention = salience.sum(axis=2)
    weight = attention * capability
    draws = len(place)
    live, settled, length = np.ones(draws, bool), np.zeros(draws, bool), np.zeros(draws, np.int64)
    track = Track([position], [], settled, length, [], [])
    first = np.zeros(draws)
    seen = smp.view(capability, place, salience)
    track.risks.append(seen.risk)
    for at in range(1, limit + 1):
        if not live.any():
            break
        chosen = smp.challenges(seen, weight, attention)
        offers = smp.bargain(capability, place, salience, seen, chosen)
        after = np.where(live[:, None, None], smp.move(place, offers), place)
        distance = smp.travelled(place, after)
        first = distance + FIRST_MOVE if at == 1 else first
        quiet = (distance / first < QUIET) if at >= 2 else np.zeros(draws, bool)
        # Values that come back from the unit scale keep 4 decimals there, so 2 here; the rest is rounding noise.
        track.positions.append(np.where(after == place, track.positions[-1], np.round(100.0 * after, 9)))
        track.partners.append(np.where(live[:, None], _partner(chosen, offers), -1))
        if keep:
            track.details.append((seen, chosen, offers))
        seen = smp.view(capability, after, salience)
        track.risks.append(seen.risk)
        length[live] = at
        settled |= live & quiet
        live &= ~quiet
        place = after
    if keep:
        track.details.append((seen, None, None))
    return track


def _partner(chosen: smp.Challenges, offers: smp.Bargains) -> NDArray[np.int64]:
    """Whose bargain each actor took: the other party of it, or -1 for the status quo."""
    option = offers.chosen - 1
    initiator = np.where(option >= 0, option, 0)
    mine = option == np.arange(option.shape[1])
    return np.where(option < 0, -1, np.where(mine, chosen.target, initiator))


def _by_issue(track: Track, draws: int, actors: int, issues: int) -> Track:
    def fold(array: NDArray[Any]) -> NDArray[Any]:
        return array.reshape(draws, issues, actors).transpose(0, 2, 1)

    return Track(
        [fold(array) for array in track.positions],
        [fold(array) for array in track.risks],
        np.asarray(track.settled.reshape(draws, issues).all(axis=1)),
        track.length.reshape(draws, issues).max(axis=1),
        [fold(array) for array in track.partners],
        track.details,
    )


def _scholz_rounds(table: ActorTable, track: Track, options: scholz.Options) -> list[Round]:
    means, medians = _centres(table, track.positions, chain=options.median == "chain")
    states = zip(medians, means, track.positions, track.risks, strict=True)
    return [Round(at, median, mean, place[0], risk[0]) for at, (median, mean, place, risk) in enumerate(states)]


def _smp_rounds(table: ActorTable, track: Track) -> list[Round]:
    rounds = []
    means, medians = _centres(table, track.positions)
    for at, (place, risk) in enumerate(zip(track.positions, track.risks, strict=True)):
        odds = smp.win_probability(table.capability[None], place / 100.0, track.details[at][0])
        rounds.append(Round(at, medians[at], means[at], place[0], risk[0], odds[0]))
    return rounds


def _centres(table: ActorTable, positions: list[Array], *, chain: bool = False) -> tuple[Array, Array]:
    """Weighted mean and Condorcet position, issue by issue: `[round, issue]` each; ties as the ports do by `chain`."""
    rounds = np.array(positions)[:, 0]
    mean, median = (np.zeros((len(positions), len(table.issues))) for _ in range(2))
    for issue in range(len(table.issues)):
        salience, place = table.salience[:, issue], rounds[:, :, issue]
        mean[:, issue] = scholz.mean_position(table.capability[None], salience[None], place)
        if chain:
            median[:, issue] = scholz.chained_medians(table.capability * salience, place)
        else:
            median[:, issue] = scholz.median_position(table.capability[None], salience[None], place)
    return mean, median


def _scholz_moves(table: ActorTable, track: Track) -> list[Move]:
    moves = []
    before = track.positions[0][0].tolist()
    for at, offers in enumerate(track.details, start=1):
        after, partners = track.positions[at][0].tolist(), track.partners[at - 1][0].tolist()
        taken = [part.tolist() for part in (offers.kind, offers.utility, offers.other_utility)]
        for issue, name in enumerate(table.issues):
            kinds, mine, theirs = (part[issue] for part in taken)
            for actor, who in enumerate(table.actors):
                # A settled issue keeps being offered what it no longer takes.
                if (other := partners[actor][issue]) >= 0:
                    places, gains = (before[actor][issue], after[actor][issue]), (mine[actor], theirs[actor])
                    kind = scholz.KINDS[kinds[actor]]
                    moves.append(Move(at, who, table.actors[other], kind, name or None, *places, *gains))
        before = after
    return moves


def _smp_moves(table: ActorTable, track: Track) -> list[Move]:
    moves = []
    several = len(table.issues) > 1
    for at, (seen, chosen, offers) in enumerate(track.details[:-1], start=1):
        for actor, name in enumerate(table.actors):
            before, after = (track.positions[time][0, actor] for time in (at - 1, at))
            option = int(offers.chosen[0, actor]) - 1
            if option < 0 or np.array_equal(before, after):
                continue
            target = int(chosen.target[0, option])
            other = target if option == actor else option
            gain = float(chosen.gain[0, option, target])
            # What the challenger thinks that its target expects of the same challenge.
            worth = seen.estimate[0, option, target]
            attention = np.asarray(table.salience[target].sum() / 100.0)
            odds = chosen.probability[0, option, target]
            loss = float(smp.expected_gain(odds, attention, worth[option], worth[target]))
            mine, theirs = (gain, loss) if option == actor else (loss, gain)
            kind = "own bargain" if option == actor else "bargain of the other"
            start, end = (before, after) if several else (before[0], after[0])
            moves.append(Move(at, name, table.actors[other], kind, None, start, end, mine, theirs))
    return moves


def _moved_by(tracks: list[Track], actors: int) -> Array:
    """How often each actor moved at the hand of each other, in moves per draw: `[mover, other]`."""
    counts = np.zeros((actors, actors + 1))
    draws = sum(len(track.settled) for track in tracks)
    for track in tracks:
        for partners in track.partners:
            flat = partners if partners.ndim == 3 else partners[:, :, None]
            for actor in range(actors):
                counts[actor] += np.bincount(flat[:, actor].ravel() + 1, minlength=actors + 1)
    return counts[:, 1:] / draws


def _cited(meta: Meta | None, variant: str) -> Meta:
    return replace(meta or Meta(), cites=CITES[variant])


def _argument(name: str, found: str, rule: str, fix: str) -> Fault:
    return fault("E204", where=f"--{name}", found=found, rule=rule, fix=fix)

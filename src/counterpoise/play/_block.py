"""Running one block of members through all quarters, and keeping what the answers need."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

import numpy as np

from counterpoise.play._chance import Array, Chance
from counterpoise.play._costs import costs
from counterpoise.play._ground import Ground
from counterpoise.play._kernel import Table, position_of
from counterpoise.play._members import PER_UNIT, draw_members, make_tables
from counterpoise.play._moves import Script, Turn
from counterpoise.play._parameters import Parameters
from counterpoise.play._record import APART, MONEY, Record, Tally, straight_axis
from counterpoise.play._response import Change, Response, write_whole
from counterpoise.play._state import HELD, Drive, Noise, Params, Seen, State, both_scales
from counterpoise.play._step import step
from counterpoise.play._votes import Contest, turns_of

# Members that pass through the arrays at a time: enough to hide the cost of a call, few enough for little memory.
CHUNK = 2048
MONEYS = ("gain", "acts", "withheld", "attack_loss", "shock")
FLAGS = ("attacked", "helped", "grave", "acted", "exited", "edge", "kept")


@dataclass(frozen=True)
class Plan:
    """One scenario ready to be run: everything that its members have in common."""

    scenario: str
    ground: Ground
    parameters: Parameters
    labels: tuple[str, ...]
    moves: tuple[Any, ...]
    changes: Mapping[str, Change]
    responses: Mapping[frozenset[str], Response]
    contests: tuple[Contest, ...] = ()
    backend: str = "numpy"
    tables: tuple[Table, Table] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "tables", make_tables(self.ground, self.parameters))


@dataclass(frozen=True)
class Moment:
    """One quarter of a chunk of members, as it was."""

    t: int
    before: State
    params: Params
    drive: Drive
    noise: Noise
    seen: Seen
    after: State


def quarters_of(plan: Plan, chance: Chance) -> Iterator[Moment]:
    """Every quarter of the members that `chance` numbers, in turn."""
    members = draw_members(plan.ground, plan.parameters, chance, plan.tables)
    turns: Sequence[Turn] = turns_of(plan.contests, plan.parameters, plan.ground, chance, plan.labels)
    script = Script(
        plan.ground,
        plan.parameters,
        chance,
        members.draw,
        plan.moves,
        plan.labels,
        changes=plan.changes,
        responses=plan.responses,
        turns=turns,
    )
    advance = stepper(plan)
    state = members.state
    for t in range(1, len(plan.labels)):
        drive, noise = script.drive(t), draw_noise(plan, chance, t)
        after, seen = advance(state, members.params, drive, noise)
        yield Moment(t, state, members.params, drive, noise, seen, after)
        state = after


def stepper(plan: Plan) -> Any:
    """The step of the plan's backend; JAX compiles it once (the extra `fit`)."""
    if plan.backend == "jax":
        from counterpoise.play._jax import compiled_step

        return compiled_step(plan.tables)
    return lambda state, params, drive, noise: step(state, params, drive, noise, plan.tables)


def draw_noise(plan: Plan, chance: Chance, t: int) -> Noise:
    """The uniform numbers of a quarter, by the names of what they decide."""
    g, label = plan.ground, plan.labels[t]
    clients, patrons = len(g.clients), len(g.patrons)

    def named(what: str, columns: Sequence[str], *shape: int) -> Array:
        order = np.arange(len(columns)).reshape(shape).ravel(order="F").tolist()
        drawn = chance.table(f"{what}:{label}", [columns[index] for index in order])
        return drawn.reshape(chance.count, *shape, order="F")

    pairs = [f"{client}:{patron}" for client in g.clients for patron in g.patrons]
    most = g.hazard.shape[2]
    foes = [
        f"{client}:{names[r] if r < len(names) else r}"
        for client, names in zip(g.clients, g.rivals, strict=True)
        for r in range(most)
    ]
    scaled = [f"{client}:{scale}" for client in g.clients for scale in ("voting", "orientation")]
    return Noise(
        named("align", scaled, clients, 2),
        named("act", pairs, clients, patrons),
        named("attack", foes, clients, most),
        named("honour", pairs, clients, patrons),
        named("exit", g.clients, clients),
        named("successor", scaled, clients, 2),
    )


def run_block(
    plan: Plan, seed: int, start: int, count: int, other: Plan | None = None, members: FilePath | None = None
) -> Record:
    """The record of members `start` to `start + count - 1`; with `other`, of the paired differences as well.

    `members` names a folder into which every member is written as Parquet (extra `fit`).
    """
    record = Record()
    for first in range(start, start + count, CHUNK):
        size = min(CHUNK, start + count - first)
        record.merge(_chunk(plan, Chance(seed, first, size), other, members))
    return record


def _chunk(plan: Plan, chance: Chance, other: Plan | None, members: FilePath | None) -> Record:
    seen = run_chunk(plan, chance)
    if members is not None:
        from counterpoise.play._files import as_parquet, member_columns

        columns = member_columns(chance.start, plan.ground.clients, plan.labels, seen.position, seen.events)
        write_whole(members / f"{chance.start:09d}.parquet", as_parquet(columns))
    record = _recorded(plan, seen, "")
    if other is not None:
        against = run_chunk(other, chance)
        record_other = _recorded(other, against, "against/")
        record.tallies |= record_other.tallies
        record.counts |= record_other.counts
        _difference(record, seen, against)
    return record


@dataclass(frozen=True)
class Paths:
    """Paths of a chunk of members, quarter by quarter from the start on (axis 0)."""

    position: Array  # (t, m, c, s)
    gain: Array  # (t, m, c, p) % GDP a year
    exposure: Array
    acts: Array
    withheld: Array
    loss: Array  # (t, m, c) attack and shock
    credibility: Array
    events: Mapping[str, Array]  # name -> (t, m, c) bool
    acted: Array  # (t, m, c, p) bool
    edge: Array  # (t, m, c, s) bool
    reference: Array  # (m, c) orientation before the turn; NaN where there was none
    costs: Mapping[str, Array]  # kind -> (year, m, c, p) USD bn paid by the patron since the start
    held: Mapping[str, Tally]  # channel -> worth to the client of what patrons delivered through it, where any did


def run_chunk(plan: Plan, chance: Chance) -> Paths:
    """The paths of a chunk of members, in per cent of GDP a year."""
    seen: dict[str, list[Array]] = {name: [] for name in (*MONEYS, *FLAGS, "exposure", "position", "credibility")}
    held: dict[str, Tally] = {}
    # Only what the record needs outlives its quarter: stocks and scripts of a whole run would fill the memory.
    for moment in quarters_of(plan, chance):
        if not seen["position"]:
            cell = moment.before.cell
            seen["position"].append(both_scales([position_of(plan.tables[k], cell[..., k]) for k in range(2)]))
        for name in (*MONEYS, *FLAGS, "position", "credibility"):
            seen[name].append(np.asarray(getattr(moment.seen, name)))
        seen["exposure"].append(np.asarray(moment.drive.exposure))
        _count_held(held, moment, len(plan.labels) - 1)
    paths = {name: _in_turn(values) for name, values in seen.items()}
    for name in (*MONEYS, "exposure"):
        paths[name] *= PER_UNIT
    reference = _references(plan, chance)
    position = paths["position"]
    events = {
        "attacked": paths["attacked"],
        "attacked without help": paths["attacked"] & ~paths["helped"],
        "war or land lost": paths["grave"],
        "turn reversed": _reversed(position[1:, ..., 1], position[0, ..., 1], reference),
        "leader out": paths["exited"],
    }
    return Paths(
        position,
        paths["gain"],
        paths["exposure"],
        paths["acts"],
        paths["withheld"],
        paths["attack_loss"] + paths["shock"],
        paths["credibility"],
        events,
        paths["acted"],
        paths["edge"],
        reference,
        costs(plan, chance, paths["kept"]),
        held,
    )


def _count_held(held: dict[str, Tally], moment: Moment, quarters: int) -> None:
    """Count what each channel holds at the end of a quarter, at once: by channel the paths would fill the memory."""
    worth = np.asarray(moment.after.stock) * moment.params.weight[:, None, None, :] * PER_UNIT
    members, clients, patrons, _ = worth.shape
    for h, channel in enumerate(HELD):
        if channel not in held and worth[..., h].any():
            held[channel] = Tally.nil(MONEY, members, quarters, clients, patrons)
        if channel in held:
            held[channel].replace(moment.t - 1, worth[..., h])


def _in_turn(quarters: Sequence[Array]) -> Array:
    """Arrays of one quarter each as one (t, m, ...), members side by side."""
    stacked = np.stack([values.T for values in quarters])
    return stacked.transpose(0, *range(stacked.ndim - 1, 0, -1))


def _references(plan: Plan, chance: Chance) -> Array:
    columns = []
    for client in plan.ground.clients:
        name = f"play:before_turn:{client}"
        known = not plan.parameters.missing([name])
        columns.append(plan.parameters.draw(name, chance) if known else np.full(chance.count, np.nan))
    return np.stack(columns, axis=-1)


def _reversed(position: Array, begin: Array, reference: Array) -> Array:
    """Whether a client is back at or beyond where it stood before its turn; never, where there was none."""
    down = reference < begin
    return np.where(down, position <= reference, position >= reference) & ~np.isnan(reference)


def _recorded(plan: Plan, path: Paths, prefix: str) -> Record:
    record = Record(path.position.shape[1])
    quarters, _, clients, _ = path.position.shape
    patrons = path.gain.shape[-1]
    for k, scale in enumerate(("voting", "orientation")):
        table = plan.tables[k]
        axis = straight_axis(table.origin, table.origin + table.cells * table.width)
        tally = Tally.empty(axis, quarters, clients)
        tally.add_all(path.position[..., k])
        record.tallies[f"{prefix}position/{scale}"] = tally
    for name in ("gain", "exposure", "acts", "withheld"):
        tally = Tally.empty(MONEY, quarters - 1, clients, patrons)
        tally.add_all(getattr(path, name))
        record.tallies[f"{prefix}{name}"] = tally
    tally = Tally.empty(MONEY, quarters - 1, clients)
    tally.add_all(path.loss)
    record.tallies[f"{prefix}loss"] = tally
    tally = Tally.empty(straight_axis(0.0, 1.0), quarters - 1, clients, patrons)
    tally.add_all(path.credibility)
    record.tallies[f"{prefix}credibility"] = tally
    for channel, tally in path.held.items():
        record.tallies[f"{prefix}held/{channel}"] = tally
    for name, paid in path.costs.items():
        tally = Tally.empty(MONEY, len(paid), clients, patrons)
        tally.add_all(paid)
        record.tallies[f"{prefix}cost/{name}"] = tally
    for name, happened in path.events.items():
        record.counts[f"{prefix}by/{name}"] = np.logical_or.accumulate(happened).sum(axis=1)
        record.counts[f"{prefix}in/{name}"] = happened.sum(axis=1)
    record.counts[f"{prefix}by/coerced"] = np.logical_or.accumulate(path.acted).sum(axis=1)
    record.counts[f"{prefix}edge"] = path.edge.sum(axis=1)
    return record


def _difference(record: Record, one: Paths, other: Paths) -> None:
    """Paired differences between two scenarios, member by member: positions, gains, losses, first events."""
    quarters, _, clients, _ = one.position.shape
    for k, scale in enumerate(("voting", "orientation")):
        tally = Tally.empty(APART, quarters, clients)
        tally.add_all(one.position[..., k] - other.position[..., k])
        record.tallies[f"difference/position/{scale}"] = tally
    money = Tally.empty(MONEY, quarters - 1, clients)
    for t in range(quarters - 1):
        money.add(t, (_net(one) - _net(other))[t])
    record.tallies["difference/net"] = money
    if one.costs or other.costs:
        more = np.asarray(sum(one.costs.values()) - sum(other.costs.values()))
        record.tallies["difference/cost"] = Tally.empty(MONEY, len(more), clients, one.gain.shape[-1])
        record.tallies["difference/cost"].add_all(more)
    for name in one.events:
        ours, theirs = (np.logical_or.accumulate(path.events[name]) for path in (one, other))
        record.counts[f"only/{name}"] = (ours & ~theirs).sum(axis=1)
        record.counts[f"only against/{name}"] = (theirs & ~ours).sum(axis=1)


def _net(path: Paths) -> Array:
    """Gains less all losses, (t, m, c), per cent of GDP a year."""
    return np.asarray(path.gain.sum(-1) - path.acts.sum(-1) - path.withheld.sum(-1) - path.loss)

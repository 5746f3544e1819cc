"""Drawing what members keep for the whole run, and where they start."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from counterpoise.play import law
from counterpoise.play._chance import Array, Chance
from counterpoise.play._ground import SCALES, Ground
from counterpoise.play._kernel import Table, cell_of, make_table
from counterpoise.play._parameters import Parameters
from counterpoise.play._state import HELD, Params, State, side_by_side

NUS = (3.0, 3.5, 4.0, 5.0, 6.5, 8.0, 12.0, 30.0)
# Room on a scale beyond the outermost actor, and the most by which a shock may stretch sigma in the table.
MARGIN = 0.6
STRETCH = 4.0
ORIENTATION = (-1.3, 1.3)
PER_UNIT = 100 * law.UNIT_OF_GDP


@dataclass(frozen=True)
class Members:
    """A block of members: what they keep, where they start, and which draw of the ground each one has."""

    params: Params
    state: State
    draw: Array


def make_tables(ground: Ground, parameters: Parameters) -> tuple[Table, Table]:
    """The walk on both scales, wide enough for every actor and fine enough for the least sigma."""
    return _table(ground, parameters, "voting"), _table(ground, parameters, "orientation")


def _table(ground: Ground, parameters: Parameters, scale: str) -> Table:
    ends = [parameters.ends(f"play:sigma:{scale}:{client}") for client in ground.clients]
    sigmas = (min(low for low, _ in ends), STRETCH * max(high for _, high in ends))
    if scale == "orientation":
        return make_table(*ORIENTATION, sigmas, NUS)
    actors = (*ground.clients, *ground.patrons)
    places = [parameters.ends(f"play:position:voting:{actor}") for actor in actors]
    return make_table(min(p[0] for p in places) - MARGIN, max(p[1] for p in places) + MARGIN, sigmas, NUS)


def draw_members(ground: Ground, parameters: Parameters, chance: Chance, tables: tuple[Table, Table]) -> Members:
    """The members of a block; each depends on the seed and its own number alone."""
    draw = chance.pick("play:draw", ground.draws)
    params = _params(ground, parameters, chance, draw)
    position = np.stack([_positions(ground.clients, parameters, chance, scale) for scale in SCALES], axis=-1)
    cell = np.stack([cell_of(tables[k], position[..., k]) for k in range(2)], axis=-1)
    shape = (chance.count, len(ground.clients), len(ground.patrons))
    empty = np.zeros(shape[:2])
    state = State(
        cell,
        np.repeat(position[..., 1, None], 4, axis=-1),
        position,
        np.zeros((*shape, len(HELD))),
        ground.alpha[draw],
        ground.beta[draw],
        np.zeros(shape),
        empty,
        empty,
        _ruler("born", ground, parameters, chance),
        _ruler("since", ground, parameters, chance),
    )
    return Members(side_by_side(params), side_by_side(state), draw)


def _params(ground: Ground, parameters: Parameters, chance: Chance, draw: Array) -> Params:
    def one(name: str) -> Array:
        return parameters.draw(name, chance)

    def each(pattern: str, names: tuple[str, ...]) -> Array:
        return np.stack([one(pattern.format(name)) for name in names], axis=-1)

    clients, patrons = ground.clients, ground.patrons
    sides = (_patrons(ground, parameters, chance, SCALES[0]), _patrons(ground, parameters, chance, SCALES[1]))
    counts = chance.uniform("play:phi_zero:which") >= one("play:phi_zero")
    nus = np.stack([_nearest(one(f"play:nu:{scale}")) for scale in SCALES], axis=-1)
    visit = np.ones((chance.count, 1)) * one("play:weight:benefit")[:, None]
    return Params(
        sides,
        np.stack([each("play:sigma:" + scale + ":{}", clients) for scale in SCALES], axis=-1),
        nus,
        each("play:reversion:{}", SCALES),
        each("play:phi:{}", SCALES) * counts[:, None],
        each("play:slack:{}", patrons),
        one("play:mean_memory"),
        np.concatenate([each("play:weight:benefit:{}", HELD[:-1]), visit], axis=-1),
        each("play:decay:{}", HELD),
        each("play:leakage:{}", clients),
        ground.hazard[draw],
        ground.harm[draw] / PER_UNIT,
        ground.grave[draw],
        ground.grave_loss[draw] / PER_UNIT,
        _light(ground)[draw] / PER_UNIT,
        one("security:guarantor_effect"),
        each("play:guard_reach:{}", SCALES),
        ground.ally,
        one("security:memory"),
        one("security:spillover"),
        ground.alpha0[draw],
        ground.beta0[draw],
        one("play:honour_saves"),
        one("play:bandwidth_use"),
        each("play:quiet:{}", patrons),
        one("play:act_quarters"),
        one("play:attack_quarters"),
        one("play:mortality_at_60"),
        one("play:mortality_doubling"),
        one("play:ouster"),
        one("play:ouster_tenure"),
        each("play:exit_shift:{}", SCALES),
        one("play:successor_age"),
    )


def _patrons(ground: Ground, parameters: Parameters, chance: Chance, scale: str) -> law.Patrons:
    def each(name: str) -> Array:
        return np.stack([parameters.draw(f"play:{name}:{patron}", chance) for patron in ground.patrons], axis=-1)

    empty = np.zeros((chance.count, len(ground.patrons)))
    hazard = {name: each(name) for name in ("c0", "c1", "c2")}
    for patron, rule in ground.rules.items():
        if any(f"play:{name}:{patron}" in parameters.own for name in hazard):
            continue
        fitted = rule.kernel(chance.uniform("punishment:row"), chance.uniform(f"punishment:{patron}:state"))
        for name, drawn in fitted.items():
            hazard[name][:, ground.patrons.index(patron)] = drawn
            parameters.used[f"play:{name}:{patron}"] = "prior" if rule.labels[name] == "prior" else "fitted"
    return law.Patrons(
        _positions(ground.patrons, parameters, chance, scale),
        empty,
        each("loss_ratio"),
        empty,
        hazard["c0"],
        hazard["c1"],
        hazard["c2"],
        empty,
        each("bandwidth"),
    )


def _light(ground: Ground) -> Array:
    """What an attack costs that is neither a war nor takes land, so that the average over rungs is kept."""
    return np.asarray(np.maximum(0.0, ground.harm - ground.grave * ground.grave_loss) / (1.0 - ground.grave))


def _positions(actors: tuple[str, ...], parameters: Parameters, chance: Chance, scale: str) -> Array:
    return np.stack([parameters.draw(f"play:position:{scale}:{actor}", chance) for actor in actors], axis=-1)


def _nearest(nu: Array) -> Array:
    """The class of degrees of freedom nearest by ratio."""
    return np.abs(np.log(nu)[:, None] - np.log(np.array(NUS))).argmin(axis=-1)


def _ruler(what: str, ground: Ground, parameters: Parameters, chance: Chance) -> Array:
    """Year of birth or entry of each autocrat by member; NaN where nobody states one, since elections decide there."""
    columns = []
    for client in ground.clients:
        name = f"play:leader_{what}:{client}"
        known = not parameters.missing([name])
        columns.append(parameters.draw(name, chance) if known else np.full(chance.count, np.nan))
    return np.stack(columns, axis=-1)

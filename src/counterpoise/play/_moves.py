"""What a scenario does to a block of members, quarter by quarter: whether, when and how large each move comes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from counterpoise.play._chance import Array, Chance
from counterpoise.play._ground import SCALES, Ground
from counterpoise.play._kernel import shift_class
from counterpoise.play._members import PER_UNIT
from counterpoise.play._parameters import Parameters
from counterpoise.play._quarters import middle, year_of
from counterpoise.play._response import FELT_IN, Change, Response
from counterpoise.play._state import HELD, Drive, side_by_side
from counterpoise.play._structures import by_hand
from counterpoise.region import CHANNELS
from counterpoise.region.draws import triangular

NEVER = 10_000
SECURITY = CHANNELS.index("security")


@dataclass(frozen=True)
class Realised:
    """One move in every member of a block: `stated` and `comes` (bool), quarters of its date, effect and end."""

    move: Any
    stated: Array
    comes: Array
    chance: Array
    size: Array
    date: Array
    effect: Array
    end: Array


@dataclass(frozen=True)
class Turn:
    """An election in every member: the quarter it falls in, and the orientation of the old and the new government."""

    client: int
    quarter: Array
    shift: Array


def realise(move: Any, chance: Chance, start: date, first_label: str) -> Realised:
    """Draws of a move by its id: whether it comes, its size, and when it is announced, takes effect and ends.

    A move dated before `start` is history and does not come: it is in the figures already. One in the rest of the
    first quarter counts from the next.
    """

    def spread(name: str, ends: tuple[float, float, float] | None) -> Array:
        if ends is None:
            return np.zeros(chance.count)
        return np.asarray(triangular(chance.uniform(f"move:{move.id}:{name}"), *ends))

    first, last = year_of(move.first), year_of(move.last) + 1 / 366
    when = first + (last - first) * chance.uniform(f"move:{move.id}:date")
    likely = spread("chance", move.chance_range)
    comes = chance.uniform(f"move:{move.id}:comes") < likely
    stated = when >= year_of(start)
    comes &= stated
    announced = np.maximum(1, np.floor((when - middle(first_label) + 0.125) * 4).astype(np.int64))
    effect = announced + np.rint(4 * spread("lead", move.lead_range)).astype(np.int64)
    end = np.full(chance.count, NEVER)
    if move.lasts_range is not None:
        end = effect + np.maximum(1, np.rint(4 * spread("lasts", move.lasts_range)).astype(np.int64))
    return Realised(move, stated, comes, likely, spread("size", move.size_range), announced, effect, end)


class Script:
    """The scenario of a block: `drive(t)` gives what acts in quarter `t` (1 is the first after the start)."""

    def __init__(
        self,
        ground: Ground,
        parameters: Parameters,
        chance: Chance,
        draw: Array,
        moves: Sequence[Any],
        labels: Sequence[str],
        *,
        changes: Mapping[str, Change],
        responses: Mapping[frozenset[str], Response],
        turns: Sequence[Turn] = (),
    ) -> None:
        self.ground, self.labels, self.draw = ground, labels, draw
        self.turns = turns
        self.changes, self.responses = changes, responses
        self.count = chance.count
        self.known = tuple(moves)
        self.moves = [realise(move, chance, ground.start, labels[0]) for move in moves]
        self.kinds = {move.kind for move in moves}
        self.ambiguity = side_by_side(ground.ambiguity[draw])
        self.still = np.zeros((self.count, len(ground.clients), len(SCALES)), order="F")
        self.returns = parameters.draw("play:capital_return", chance)
        self.discount = parameters.draw("play:discount", chance)
        self.visit_gain = parameters.draw("play:visit_gain", chance)
        self.spread = parameters.draw("play:session_shift", chance)
        self.chance = chance
        self._structure: tuple[tuple[Any, ...], Array] | None = None
        self._together: tuple[Array, Array] | None = None

    def reached(self, one: Realised, t: int) -> Array:
        """Members in which a move takes effect in this quarter."""
        return one.comes & (one.effect == t)

    def stands(self, one: Realised, t: int) -> Array:
        """Members in which a move's effect stands in this quarter."""
        return one.comes & (one.effect <= t) & (t < one.end)

    def drive(self, t: int) -> Drive:
        """What the scenario does in quarter `t`: gains, offers, losses, promises, votes."""
        g, m = self.ground, self.count
        shape = (m, len(g.clients), len(g.patrons))
        gifts, built = ("carrot", "visit"), tuple(FELT_IN)
        inflow, leaks = (self._level(0.0, gifts, *shape, len(HELD)) for _ in range(2))
        steady, offered = (self._level(0.0, (*gifts, *built), *shape) for _ in range(2))
        withheld = self._level(0.0, ("stick", *built), *shape)
        share = self._level(0.0, ("stick",), *shape, len(CHANNELS))
        shock = self._level(0.0, ("shock", "stick", *gifts, *built), *shape[:2])
        volatility = self._level(1.0, ("shock",), *shape[:2])
        hazard = self._level(1.0, ("shock",), m, *g.hazard.shape[1:])
        ambiguity = self.ambiguity.copy("K") if "commitment" in self.kinds else self.ambiguity
        response = self._response(t)
        self._structures(t, steady, offered, withheld, shock)
        for one in self.moves:
            move, on = one.move, self.stands(one, t)
            for c in self._targets(move):
                p = g.patrons.index(move.actor) if move.actor in g.patrons else None
                if move.kind in ("carrot", "visit") and p is not None:
                    self._carrot(one, t, c, p, inflow, leaks, steady, offered)
                elif move.kind in ("carrot", "visit", "stick") and p is None:
                    # A power that is no patron of the region: its gift or blow counts, and pulls nowhere.
                    sign = 1.0 if move.kind == "stick" else -1.0
                    shock[:, c] += np.where(on, sign * self._size(one, c, None), 0.0)
                elif move.kind == "stick":
                    if move.unit == "share":
                        h = CHANNELS.index(move.channel)
                        share[:, c, p, h] = 1 - (1 - share[:, c, p, h]) * (1 - np.where(on, one.size, 0.0))
                    else:
                        withheld[:, c, p] += np.where(on, self._size(one, c, None), 0.0)
                elif move.kind == "commitment" and p is not None:
                    made = 1.0 if move.form == "withdrawn" else one.size
                    held = ambiguity[:, c, p]
                    new = np.ones(m) if move.form == "withdrawn" else np.minimum(held, made)
                    ambiguity[:, c, p] = np.where(on, new, held)
                elif move.kind == "shock":
                    self._shock(one, on, c, shock, hazard, volatility)
        exposure = whole = self._whole(response)
        if share.any():
            exposure = _together(response * (1 - share)) / PER_UNIT
            withheld = withheld + (whole - exposure)
        shift, jump = self._votes(t, shape[:2])
        return Drive(
            np.float64(middle(self.labels[t])),
            self._session(t),
            inflow,
            leaks,
            steady,
            offered,
            exposure,
            withheld,
            shock,
            hazard,
            volatility,
            ambiguity,
            shift,
            jump,
        )

    def _targets(self, move: Any) -> list[int]:
        return [self.ground.clients.index(name) for name in move.target if name in self.ground.clients]

    def _carrot(
        self, one: Realised, t: int, c: int, p: int, inflow: Array, leaks: Array, steady: Array, offered: Array
    ) -> None:
        move = one.move
        h = HELD.index("visit") if move.kind == "visit" else HELD.index(move.channel)
        size = self._size(one, c, (p, h))
        leaky = move.unit in ("USD mn", "USD mn/yr")
        now = self.reached(one, t)
        if move.lasts_range is None:
            inflow[:, c, p, h] += np.where(now, size, 0.0)
            leaks[:, c, p, h] += np.where(now & leaky, size, 0.0)
        else:
            steady[:, c, p] += np.where(self.stands(one, t), size, 0.0)
        offered[:, c, p] += self._announced(one, t, size)

    def _announced(self, one: Realised, t: int, size: Array) -> Array:
        """What an announced offer is worth: its chance, whether it will come or not, since nobody knows before."""
        wait = (one.effect - t) / 4.0
        open_now = one.stated & (one.date <= t) & (t < one.effect)
        return np.where(open_now, one.chance * np.exp(-self.discount * wait) * size, 0.0)

    def _structures(self, t: int, steady: Array, offered: Array, withheld: Array, shock: Array) -> None:
        """What links and plants bring of themselves: gains held from a patron, losses withheld by it, else a shock."""
        for one in self.moves:
            if one.move.id not in self.changes or by_hand(one.move, self.changes[one.move.id].channel, self.known):
                continue
            stands = self.stands(one, t)
            worth = self._brought(one, t)
            for c in range(len(self.ground.clients)):
                now = np.where(stands, worth[:, c], 0.0)
                if one.move.actor not in self.ground.patrons:
                    shock[:, c] -= now
                    continue
                p = self.ground.patrons.index(one.move.actor)
                steady[:, c, p] += np.maximum(now, 0.0)
                withheld[:, c, p] += np.maximum(-now, 0.0)
                offered[:, c, p] += self._announced(one, t, np.maximum(worth[:, c], 0.0))

    def _brought(self, one: Realised, t: int) -> Array:
        """What a change brings each client in the structure of the quarter, (m, c), units of ten per cent of GDP.

        Before it stands: what it brings in the smallest structure that has it. Unknown figures count as nothing here
        and are named in the notes.
        """
        channel = self.changes[one.move.id].channel
        having = sorted((names for names in self.responses if one.move.id in names), key=lambda n: (len(n), sorted(n)))
        if not having:
            return np.zeros((self.count, len(self.ground.clients)))
        own = [each for each in self.moves if each.move.id in self.changes]
        own = [each for each in own if self.changes[each.move.id].channel == channel]
        found = self._part(having[0], one.move.id)[self.draw]
        for names in having[1:]:
            here = np.all([self.stands(each, t) == (each.move.id in names) for each in own], axis=0)
            if here.any():
                found[here] = self._part(names, one.move.id)[self.draw[here]]
        return np.nan_to_num(found) / PER_UNIT

    def _part(self, names: frozenset[str], move: str) -> Array:
        return self.responses[names].brought[..., sorted(names).index(move)]

    def _size(self, one: Realised, c: int, at: tuple[int, int] | None) -> Array:
        """A yearly gain or loss in units of ten per cent of the client's GDP."""
        move, gdp = one.move, self.ground.gdp_usd_mn[c]
        if move.unit == "rank":
            return one.size * self.visit_gain / PER_UNIT
        if move.unit == "USD mn":
            return 100 * one.size / gdp * self.returns / PER_UNIT
        if move.unit == "USD mn/yr":
            return 100 * one.size / gdp / PER_UNIT
        if move.unit == "share" and at is not None and at[1] < len(CHANNELS):
            gain = self.ground.response.gain[self.draw, c, at[0], at[1]]
            return one.size * np.nan_to_num(gain) / PER_UNIT
        return one.size / PER_UNIT

    def _shock(self, one: Realised, on: Array, c: int, shock: Array, hazard: Array, volatility: Array) -> None:
        move = one.move
        if move.unit == "hazard factor":
            for r, rival in enumerate(self.ground.rivals[c]):
                if move.actor in (None, rival):
                    hazard[:, c, r] *= np.where(on, one.size, 1.0)
        elif move.unit == "volatility factor":
            volatility[:, c] *= np.where(on, one.size, 1.0)
        else:
            shock[:, c] += np.where(on, one.size / PER_UNIT, 0.0)

    def _response(self, t: int) -> Array:
        """Loss from full withdrawal by member, client, patron and channel, security left out, per cent of GDP."""
        stand = [one for one in self.moves if one.move.id in self.changes]
        flags = np.array([self.stands(one, t) for one in stand]).reshape(len(stand), self.count)
        key = (tuple(one.move.id for one in stand), flags.tobytes())
        if self._structure is not None and self._structure[0] == key:
            return self._structure[1]
        found = side_by_side(losses(self.ground.response)[self.draw])
        for channel in sorted({self.changes[one.move.id].channel for one in stand}):
            h = CHANNELS.index(channel)
            own = [k for k, one in enumerate(stand) if self.changes[one.move.id].channel == channel]
            codes = (flags[own] * (1 << np.arange(len(own)))[:, None]).sum(axis=0)
            for code in np.unique(codes):
                names = frozenset(stand[k].move.id for bit, k in enumerate(own) if code >> bit & 1)
                if names:
                    here = codes == code
                    found[here, :, :, h] = losses(self.responses[names])[self.draw[here], :, :, h]
        self._structure = (key, found)
        return found

    def _whole(self, response: Array) -> Array:
        """Loss from full withdrawal of all channels together; the same while no structure changes."""
        if self._together is None or self._together[0] is not response:
            self._together = (response, _together(response) / PER_UNIT)
        return self._together[1]

    def _level(self, level: float, kinds: Sequence[str], *shape: int) -> Array:
        """An array at one level for moves of some kinds to change; without memory of its own where there are none."""
        if self.kinds.isdisjoint(kinds):
            return np.broadcast_to(np.float64(level), shape)
        return np.full(shape, level, order="F")

    def _session(self, t: int) -> Array:
        """The common effect of a session on the voting scale, as a class; none on orientation."""
        from scipy.special import ndtri

        share = np.clip(self.chance.uniform(f"session:{self.labels[t]}"), 1e-12, 1 - 1e-12)
        effect = shift_class(self.spread * ndtri(share))
        return np.stack([effect, np.full(self.count, shift_class(np.float64(0.0)))]).T

    def _votes(self, t: int, shape: tuple[int, int]) -> tuple[Array, Array]:
        due = [(turn, turn.quarter == t) for turn in self.turns]
        due = [(turn, here[:, None]) for turn, here in due if here.any()]
        if not due:
            return self.still, self.still
        shift, jump = (np.zeros((*shape, len(SCALES)), order="F") for _ in range(2))
        for turn, here in due:
            shift[:, turn.client] += np.where(here, turn.shift[..., 0], 0.0)
            jump[:, turn.client] += np.where(here, turn.shift[..., 1], 0.0)
        return shift, jump


def losses(response: Response) -> Array:
    """What a withdrawal costs on average over five years, (draw, client, patron, channel), per cent of GDP.

    The mean of a straight path from the first year to year five. Security is in the threat of attack instead and is 0
    here; cells without figures are left out of the sum, 0, and named in the result.
    """
    mean = np.nan_to_num(response.loss.mean(axis=-1))
    mean[..., SECURITY] = 0.0
    return np.asarray(mean)


def _together(parts: Array) -> Array:
    """Losses of several channels at once: each takes its share of what the others leave, per cent of GDP from 0 on."""
    return np.maximum(100 * (1 - np.prod(1 - parts / 100, axis=-1)), 0.0)


def structures(
    ground: Ground, moves: Sequence[Any], changes: Mapping[str, Change], chance: Chance, labels: Sequence[str]
) -> set[frozenset[str]]:
    """The sets of structural moves of one channel that stand together in some quarter of some member."""
    found: set[frozenset[str]] = set()
    for channel in sorted({change.channel for change in changes.values()}):
        own = [realise(move, chance, ground.start, labels[0]) for move in moves if move.id in changes]
        own = [one for one in own if changes[one.move.id].channel == channel]
        for t in range(len(labels)):
            flags = [one.comes & (one.effect <= t) & (t < one.end) for one in own]
            codes = sum(flag.astype(np.int64) << bit for bit, flag in enumerate(flags))
            for code in np.unique(codes):
                found.add(frozenset(one.move.id for bit, one in enumerate(own) if code >> bit & 1))
    return found - {frozenset()}

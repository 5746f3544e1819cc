"""Votes in a run: which side wins, and what that does to where the client heads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from counterpoise.play._chance import Array, Chance
from counterpoise.play._ground import Ground
from counterpoise.play._moves import Turn, realise
from counterpoise.play._parameters import Parameters
from counterpoise.region import Region
from counterpoise.region._scenario import Move


@dataclass(frozen=True)
class Contest:
    """One election: `west` (draw,) whether the side nearer the West governs after it, and which did before.

    `lead` (draw,) is by how many per cent of votes the lists of the West's side are ahead: what an influence operation
    must overcome; infinite where the scenario names the winner.
    """

    move: Any
    client: int
    west: Array
    lead: Array
    incumbent_west: Array


def contests_of(region: Region, ground: Ground, moves: Sequence[Any], *, seed: int) -> tuple[Contest, ...]:
    """The elections of a run: forecast from polls, or won by the list that the scenario names.

    Those that the region has after its day come on their dates, whether the scenario names them or not. A move that
    names an election draws under the election's id, so that two scenarios share its numbers whatever they call it.
    """
    found: list[Contest] = []
    for move in (*moves, *due(region, ground, moves)):
        if move.kind != "election" or move.target[0] not in ground.clients:
            continue
        client = ground.clients.index(move.target[0])
        if move.winner == "drawn":
            from counterpoise.play.elections.forecast import forecast_election

            day = region.as_of or date.fromisoformat(region.settings.base_date)
            forecast = forecast_election(region, move.election, as_of=day, draws=ground.draws, seed=seed)
            west, before = forecast.west, forecast.incumbent_west
            lead = _lead(region, forecast)
        else:
            side = _side(region, move.winner)
            west = np.full(ground.draws, side)
            before = np.full(ground.draws, not side)
            lead = np.full(ground.draws, np.inf if side else -np.inf)
        shared = move.model_copy(update={"id": move.election.lower()})
        found.append(Contest(shared, client, np.asarray(west), lead, np.broadcast_to(before, (ground.draws,))))
    return tuple(found)


def due(region: Region, ground: Ground, moves: Sequence[Any]) -> list[Move]:
    """The elections of the region's clients after the start that no move names, each on its date and open."""
    named = {move.election for move in moves if move.kind == "election"}
    return [
        Move(
            id=name.lower(),
            kind="election",
            date=str(row.date),
            target=(row.country,),
            election=name,
            winner="drawn",
            sources=(row.source,),
        )
        for name, row in sorted(region.elections.items())
        if name not in named and row.country in ground.clients and str(row.date) > ground.start.isoformat()
    ]


def _side(region: Region, party: str) -> bool:
    row = next(row for row in region.rows("parties") if row.id == party)
    return bool((row.orientation or 0.0) > 0)


def _lead(region: Region, forecast: Any) -> Array:
    """Votes for lists of the West's side less those for the others, per cent by draw; lists without a side left out."""
    lean = {row.id: row.orientation for row in region.rows("parties")}
    sides = np.array([np.sign(lean.get(name) or 0.0) for name in forecast.lists])
    return np.asarray((forecast.shares * sides).sum(axis=-1))


def turns_of(
    contests: Sequence[Contest], parameters: Parameters, ground: Ground, chance: Chance, labels: Sequence[str]
) -> list[Turn]:
    """What each election does in every member of a block: a shift of the long-run mean, and a jump."""
    found = []
    for contest in contests:
        one = realise(contest.move, chance, ground.start, labels[0])
        draw = chance.pick(f"move:{contest.move.id}:draw", len(contest.west))
        west, before, lead = contest.west[draw], contest.incumbent_west[draw], contest.lead[draw]
        # A swing takes from one side what it gives to the other; where votes and seats disagree, it decides nothing.
        swung = lead + 2 * parameters.draw("play:interference", chance) > 0
        west = np.where((lead > 0) == west, swung, west)
        gap = parameters.draw("play:election_gap", chance) * (west.astype(float) - before.astype(float))
        shift = parameters.draw("play:election_shift", chance) * gap
        jump = parameters.draw("play:election_jump", chance) * gap
        ratio = parameters.draw("play:election_voting", chance)
        both = np.stack([shift, jump], axis=-1)
        by_scale = np.stack([both * ratio[:, None], both], axis=1)
        quarter = np.where(one.comes, one.effect, -1)
        found.append(Turn(contest.client, quarter, by_scale))
    return found

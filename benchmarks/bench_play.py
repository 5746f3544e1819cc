"""The play's speed: beside the same law written as Mesa agents, and 10,000 members of 60 quarters.

Run as a script for a table; `run()` gives the rows. The Mesa side plays one future at a time, one agent for each
client, with the functions of `play.law` on the cells in reach (a whole row for each move), random numbers from the
model's own generator and Mesa's data collector for the positions. Its time is taken over a few futures and scaled by
the number of members. That both play the same law is checked on futures that are handed our random numbers and draw
with them as we do: their positions are ours. Times are of the processor, since other work on the machine would count
otherwise.
"""

from __future__ import annotations

import os
import resource
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from counterpoise.play import law
from counterpoise.play._block import draw_noise, run_block
from counterpoise.play._chance import Chance
from counterpoise.play._ensemble import run_all
from counterpoise.play._kernel import class_of, position_of, reachable, walk
from counterpoise.play._members import draw_members
from counterpoise.play._moves import Script
from counterpoise.play._plan import BLOCK, Question, blocks_of, prepare
from counterpoise.play._sample import TRIES, bounds, fresh, fresh_or_own
from counterpoise.play._state import Noise, State
from counterpoise.play._step import patrons_of, threat_at
from counterpoise.region import open_region

MEMBERS, FUTURES, UNTIL = 10_000, 3, 2041
CACHE = Path(os.environ.get("COUNTERPOISE_HOME") or Path.home() / ".cache" / "counterpoise-bench") / "responses"


def run() -> list[dict[str, Any]]:
    """One row against Mesa, one against the limit of 15 s on two processes."""
    region = open_region("south-caucasus")
    plan, _ = prepare(
        region, Question("south-caucasus", None, "baseline", None, UNTIL, MEMBERS, 0), "baseline", cache=CACHE
    )
    quarters = len(plan.labels) - 1
    begin = time.process_time()
    run_block(plan, 0, 0, MEMBERS)
    ours = time.process_time() - begin
    rows = [against_mesa(plan, ours, quarters)]
    begin = time.perf_counter()
    run_all(plan, None, blocks_of(MEMBERS, BLOCK), seed=0, folder=None, workers=2)
    spent = time.perf_counter() - begin
    name = f"{MEMBERS:,} members, {quarters} quarters, 3 clients, 2 processes"
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    note = f"largest process {peak:.0f} MB; {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    rows.append({"name": name, "ours_s": spent, "peer": "limit", "peer_s": 15.0, "note": note})
    return rows


def against_mesa(plan: Any, ours: float, quarters: int) -> dict[str, Any]:
    """The same law, the same members: seconds of both in one process."""
    name = f"{MEMBERS:,} members, {quarters} quarters, one process"
    try:
        seconds, equal = mesa_seconds(plan)
    except ModuleNotFoundError:
        return {"name": name, "ours_s": ours, "note": "Mesa is not installed"}
    theirs = seconds / FUTURES * MEMBERS
    note = f"Mesa timed on {FUTURES} futures; {equal:.0%} of their positions equal ours"
    return {"name": name, "ours_s": ours, "peer": "Mesa 3", "peer_s": theirs, "note": note}


def mesa_seconds(plan: Any) -> tuple[float, float]:
    """Seconds that Mesa takes for a few futures, and the share of quarters at which it stands where we stand."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import mesa

    class Client(mesa.Agent):  # type: ignore[misc]
        """One client: it moves by the law on both scales when its turn comes."""

        def __init__(self, model: Any, number: int) -> None:
            super().__init__(model)
            self.number = number

        def step(self) -> None:
            model: Any = self.model
            for scale in (0, 1):
                self.move(model, scale)

        def move(self, model: Any, scale: int) -> None:
            c, table = self.number, plan.tables[scale]
            state, params, drive = model.state, model.params, model.drive
            sigma = class_of(table, params.sigma[..., scale] * drive.volatility)[:, c]
            start = state.cell[:, c, scale]
            cells = reachable(table, start, sigma)
            target = position_of(table, cells)
            who = law.Patrons(*(part[:, min(c, part.shape[1] - 1)] for part in model.who[scale]))
            hazard = law.punishment_hazard(who, position_of(table, start), target[:, None, :])
            threat = threat_at(state, params, drive, model.credibility, target, scale, c)
            interest = law.pull(who, hazard, threat)
            back = law.reversion(law.Grid(target, table.width), state.mean[:, c, scale], params.reversion[:, scale])
            masses = walk(table, sigma, params.nu[:, scale], drive.session[:, scale])
            rows = law.transition(masses, back, interest, params.phi[:, scale])
            number = model.noise.align[:, c, scale]
            if model.noises:
                weight = back + params.phi[:, scale, None] * interest
                limit = bounds(params, drive, model.gain, model.credibility, scale).most[:, c] * params.phi[:, scale]
                node = as_we_draw(masses, weight - limit[:, None], rows, number)
            else:
                node = law.draw_cell(rows, number)
            model.landed[:, c, scale] = np.take_along_axis(cells, node[:, None], axis=-1)[:, 0]

    class World(mesa.Model):  # type: ignore[misc]
        """One future: patrons and rivals act in `step`, then every client moves."""

        def __init__(self, number: int, noises: Any = None) -> None:
            super().__init__(rng=number)
            chance = Chance(0, number, 1)
            members = draw_members(plan.ground, plan.parameters, chance, plan.tables)
            self.state, self.params = members.state, members.params
            parts = (plan.ground, plan.parameters, chance, members.draw, (), plan.labels)
            self.script = Script(*parts, changes={}, responses={})
            self.noises = noises
            self.landed = self.state.cell
            for c in range(len(plan.ground.clients)):
                Client(self, c)
            place = {
                f"{scale}": lambda agent, k=k: float(
                    position_of(plan.tables[k], agent.model.landed[0, agent.number, k])
                )
                for k, scale in enumerate(("voting", "orientation"))
            }
            self.collector = mesa.DataCollector(agent_reporters=place)

        def advance(self, t: int) -> None:
            self.drive = self.script.drive(t + 1)
            self.noise = self.noises[t] if self.noises else self.drawn()
            around(self)
            self.landed = np.empty_like(self.state.cell)
            self.agents.do("step")
            settle(self)
            self.collector.collect(self)

        def drawn(self) -> Noise:
            clients, patrons, rivals = len(plan.ground.clients), len(plan.ground.patrons), plan.ground.hazard.shape[2]
            shapes = ((clients, 2), (clients, patrons), (clients, rivals), (clients, patrons), (clients,), (clients, 2))
            return Noise(*(self.rng.random((1, *shape)) for shape in shapes))

    def around(world: Any) -> None:
        """What patrons and rivals do before the clients move, as in `play._step.step`."""
        from counterpoise.play._step import carry, fight, guard, punish, succeed

        state, params, drive, noise = world.state, world.params, world.drive, world.noise
        world.stock = carry(state.stock, params, drive)
        gain = (world.stock * params.weight[:, None, None, :]).sum(-1) + drive.steady + drive.offered
        world.gain = gain
        world.here = position_of(plan.tables[1], state.cell[..., 1])
        world.act_left, _ = punish(state, params, drive, noise, world.here)
        shield = guard(params, drive, state, world.here)
        fought = fight(state, params, drive, noise, shield)
        _, _, _, world.harm, world.harm_left, world.alpha, world.beta, _ = fought
        _, world.born, world.since, moved = succeed(state, params, drive, noise)
        mean = state.mean + drive.mean_shift + moved
        world.credibility = world.alpha / (world.alpha + world.beta)
        world.state = state._replace(mean=mean)
        world.who = [patrons_of(params, drive, gain, mean, scale) for scale in (0, 1)]

    def settle(world: Any) -> None:
        keep = world.params.memory_of_mean[:, None, None]
        position = np.stack([position_of(plan.tables[k], world.landed[..., k]) for k in (0, 1)], axis=-1)
        mean = keep * world.state.mean + (1 - keep) * position
        before = np.concat([world.state.before[..., 1:], world.here[..., None]], axis=-1)
        stands = (world.landed, before, mean, world.stock, world.alpha, world.beta, world.act_left)
        world.state = State(*stands, world.harm_left, world.harm, world.born, world.since)

    from dataclasses import replace

    from counterpoise.play._block import run_chunk

    quiet = replace(plan, moves=(), contests=())
    equal, seconds = [], 0.0
    for number in range(FUTURES):
        begin = time.process_time()
        world = World(number)
        for t in range(len(plan.labels) - 1):
            world.advance(t)
        seconds += time.process_time() - begin
        world = World(number, [draw_noise(plan, Chance(0, number, 1), t) for t in range(1, len(plan.labels))])
        path = []
        for t in range(len(plan.labels) - 1):
            world.advance(t)
            path.append(world.state.cell[0].copy())
        ours = run_chunk(quiet, Chance(0, number, 1)).position[1:, 0]
        theirs = np.stack([[position_of(plan.tables[k], cell[:, k]) for k in (0, 1)] for cell in path]).transpose(
            0, 2, 1
        )
        equal.append(np.abs(ours - theirs).max(axis=(1, 2)) < 1e-9)
    return seconds, float(np.mean(equal))


def as_we_draw(masses: Any, level: Any, rows: Any, number: Any) -> Any:
    """The node that our sampler takes with a handed number: proposals from the walk, weighed, else the whole row."""
    for turn in range(TRIES):
        node = law.draw_cell(masses, fresh_or_own(number, turn))
        if np.log(max(fresh(number, 2 * turn + 1)[0], 1e-300)) < level[0, node[0]]:
            return node
    return law.draw_cell(rows, fresh(number, 2 * TRIES))


if __name__ == "__main__":
    for row in run():
        print(row)

"""What a run is: its question, everything it rests on, and the two digests that name it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from counterpoise._errors import Fault, InputError, fault
from counterpoise._version import __version__
from counterpoise.play._block import Plan
from counterpoise.play._chance import Chance
from counterpoise.play._ground import stand, with_assumed
from counterpoise.play._moves import structures
from counterpoise.play._parameters import Parameters
from counterpoise.play._posterior import shipped_posterior
from counterpoise.play._quarters import labels
from counterpoise.play._response import changes_of, code_digest, respond_each
from counterpoise.play._votes import contests_of
from counterpoise.region import Region, open_region
from counterpoise.region._files import suggest
from counterpoise.region._scenario import Scenario
from counterpoise.region._scenario_files import read_scenario_file

BASELINE = "baseline"
MOST_MEMBERS = 10_000_000
LATEST = 2100
# Draws of the ground behind the members, and members to a block: fixed, so that they never depend on the machine.
DRAWS = 100
BLOCK = 2048
_AHEAD = 100_000


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked of a run."""

    region: str
    as_of: str | None
    scenario: str
    against: str | None
    until: int
    members: int
    seed: int
    backend: str = "numpy"
    block: int = BLOCK


@dataclass(frozen=True, slots=True)
class Basis:
    """What a run rests on: version, code and the bytes of every input; `id` names the run by all of it."""

    question: Question
    version: str
    code: str
    inputs: str

    @property
    def id(self) -> str:
        return hashlib.sha256(self.to_json().encode()).hexdigest()[:12]

    def to_json(self) -> str:
        return json.dumps(asdict(self), sort_keys=True, indent=1)


def read_basis(path: Path) -> Basis:
    """The basis that a run wrote into its folder; `E926` where there is none or it is not one."""
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        return Basis(Question(**held["question"]), held["version"], held["code"], held["inputs"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        rule, fix = "a run that goes on has its plan.json", "start it anew without --resume"
        raise InputError([fault("E926", where=str(path), found=str(error), rule=rule, fix=fix)]) from error


def check(question: Question) -> None:
    """Refuse what no run can be: members or years out of range (`E923`)."""
    faults: list[Fault] = []
    if not 1 <= question.members <= MOST_MEMBERS:
        rule, fix = f"members lie between 1 and {MOST_MEMBERS:,}", "10,000 is a good start"
        faults.append(fault("E923", where="--members", found=str(question.members), rule=rule, fix=fix))
    if question.backend not in ("numpy", "jax"):
        rule, fix = "the backend is numpy or jax", "leave it out"
        faults.append(fault("E923", where="--backend", found=repr(question.backend), rule=rule, fix=fix))
    if faults:
        raise InputError(faults)


def find_scenario(region: Region, name: str) -> tuple[Scenario, bytes]:
    """A scenario of the region by its id, or a file; the baseline of a region that has none is that nothing is done."""
    if name in region.scenarios:
        path = region.path / "scenarios" / f"{name}.toml"
        return region.scenarios[name], path.read_bytes() if path.is_file() else b""
    path = Path(name)
    if path.suffix == ".toml":
        return read_scenario_file(path, region), path.read_bytes() if path.is_file() else b""
    if name == BASELINE:
        known = (region.as_of or date.fromisoformat(region.settings.base_date)).isoformat()
        text = "No move is made; what stands stands, and chance does the rest."
        return Scenario(id=BASELINE, title="Nothing is done", summary=text, known=known), b""
    rule = "a scenario is one of the region's, or a file ending in .toml"
    fix = suggest(name, region.scenarios) or f"one of {', '.join(sorted(region.scenarios)) or BASELINE}"
    raise InputError([fault("E924", where="--scenario", found=repr(name), rule=rule, fix=fix)])


def basis_of(region: Region, question: Question) -> Basis:
    """The basis of a question as things stand now."""
    check(question)
    digest = hashlib.sha256()
    for name, value in sorted(region.meta().inputs.items()):
        if "/scenarios/" not in name:
            digest.update(f"{name}={value}\n".encode())
    for asked in (question.scenario, question.against):
        if asked is not None:
            scenario, data = find_scenario(region, asked)
            digest.update(data + scenario.model_dump_json().encode())
    code = code_digest("region", "channels", "leverage", "play")
    return Basis(question, __version__, code, digest.hexdigest())


def prepare(
    region: Region, question: Question, name: str, *, workers: int = 1, cache: Path | None = None
) -> tuple[Plan, Scenario]:
    """A scenario ready to be run: ground, structures that its members meet, elections."""
    scenario, _ = find_scenario(region, name)
    parameters = Parameters(region, scenario.assume, shipped_posterior())
    seed = question.seed
    ground = stand(region, seed=seed, draws=DRAWS, workers=workers, cache=cache, assumed=scenario.assume)
    marks = tuple(labels(ground.start, question.until))
    if len(marks) < 2 or question.until > LATEST:
        rule = f"a run ends in a year from {ground.start.year + 1} to {LATEST}"
        fix = "2040 is usual"
        raise InputError([fault("E923", where="--until", found=str(question.until), rule=rule, fix=fix)])
    changes = changes_of(region, scenario.moves)
    met: set[frozenset[str]] = set()
    if changes:
        for first in range(0, question.members, _AHEAD):
            chance = Chance(seed, first, min(_AHEAD, question.members - first))
            met |= structures(ground, scenario.moves, changes, chance, marks)
    own = with_assumed(region, scenario.assume)
    named = sorted(met, key=sorted)
    sets = [tuple(changes[each] for each in sorted(names)) for names in named]
    found = respond_each(own, ground.response, sets, seed=seed, draws=DRAWS, cache=cache, workers=workers)
    responses = dict(zip(named, found, strict=True))
    contests = contests_of(region, ground, scenario.moves, seed=seed)
    plan = Plan(scenario.id, ground, parameters, marks, scenario.moves, changes, responses, contests, question.backend)
    return plan, scenario


def open_for(question: Question) -> Region:
    """The region that a question is about, as of its day."""
    return open_region(question.region, as_of=question.as_of)


def blocks_of(members: int, size: int) -> Sequence[tuple[int, int]]:
    """Where each block starts and how many members it has."""
    return [(first, min(size, members - first)) for first in range(0, members, size)]

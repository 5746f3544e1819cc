"""The public run: prepare, play all members, answer, and keep it on disk with a line in the ledger."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from counterpoise._errors import InputError, fault
from counterpoise._result import Meta
from counterpoise.play._answer import MIXTURE, NO_SKILL, PlayResult
from counterpoise.play._arrays import need_zarr, write_zarr
from counterpoise.play._block import Plan, run_chunk
from counterpoise.play._chance import Chance
from counterpoise.play._costs import UNSTATED, is_stated
from counterpoise.play._ensemble import run_all
from counterpoise.play._plan import BASELINE, Basis, Question, basis_of, blocks_of, open_for, prepare, read_basis
from counterpoise.play._posterior import shipped_posterior
from counterpoise.play._response import unknown_gains, write_whole
from counterpoise.play.ledger import Ledger, Line, home
from counterpoise.region import Region
from counterpoise.region._scenario import Scenario

CITES = ("bailey2017", "salmon2011", "wilson1927")


def run(
    region: Region,
    scenario: str = BASELINE,
    *,
    against: str | None = None,
    until: int = 2040,
    members: int = 10_000,
    seed: int = 0,
    workers: int = 1,
    cluster: str | None = None,
    backend: str = "numpy",
    folder: Path | None = None,
    keep: bool = False,
    resume: str | None = None,
    save_members: bool = False,
    zarr: bool = False,
    questions: bool = False,
    report: Callable[[int, int], None] | None = None,
    tell: Callable[[str], None] | None = None,
) -> PlayResult:
    """Futures of a region under a scenario: quantiles by client and quarter, chances of events by year.

    `scenario` and `against` are ids of the region's scenarios or TOML files; `against` is played on the same random
    numbers and gives paired differences. `until` is the last year, `members` 1 to 10 million. Member `k` depends on
    `(seed, k)` alone. With `keep` (or a `folder`) every finished block is on disk and the run has a line in the
    ledger; `resume` names such a run and goes on where it stopped. `workers` above 1 shares the blocks among so many
    processes, `cluster` (an address) among a Dask cluster (extra `cluster`), both with the same answer.
    `save_members` streams every member to Parquet and `zarr` writes the labelled arrays of `_arrays.labelled` beside
    the tables (both extra `fit`); `questions` adds the answers of `questions.answer`.

    Raises `InputError`: `E920` a parameter nobody states, `E921` too many structural moves, `E922` no GDP, `E923`
    arguments out of range, `E924` no such scenario, `E925` no such run, `E926` a run that can no longer go on.

    Method: METHODS, law of motion; alignment after Bailey, Strezhnev and Voeten 2017 (key `bailey2017`).
    """
    if zarr:
        need_zarr()
    ledger = Ledger()
    asked = Question(
        str(region.path) if not _built_in(region) else region.id,
        region.as_of.isoformat() if region.as_of else None,
        scenario,
        against,
        until,
        members,
        seed,
        backend,
    )
    keep = keep or zarr or folder is not None or resume is not None
    line = ledger.find(resume) if resume is not None else None
    if line is not None:
        folder = Path(line.folder)
        asked = read_basis(folder / "plan.json").question
    basis = basis_of(region, asked)
    if line is not None:
        _refuse_changed(line, basis)
    started, clock = datetime.now(UTC).isoformat(timespec="seconds"), time.monotonic()
    if keep and folder is None:
        folder = home() / "runs" / basis.id
    say = tell or (lambda text: None)
    if keep:
        assert folder is not None
        _begin(folder, basis, fresh=line is None)
        line = _line(basis, folder, "running", line.started if line else started)
        ledger.write(line)
        say(f"run {basis.id} in {folder}; if it stops, --resume {basis.id}")
    cache = home() / "responses"
    say("exposures of the region ...")
    plan, chosen = prepare(region, asked, asked.scenario, workers=workers, cache=cache)
    other = prepare(region, asked, asked.against, workers=workers, cache=cache) if asked.against else None
    record = run_all(
        plan,
        other[0] if other else None,
        blocks_of(asked.members, asked.block),
        seed=asked.seed,
        folder=folder / "blocks" if folder else None,
        workers=workers,
        cluster=cluster,
        save_members=save_members,
        report=report,
    )
    result = PlayResult(
        run=basis.id,
        scenario=plan.scenario,
        against=other[0].scenario if other else None,
        clients=plan.ground.clients,
        patrons=plan.ground.patrons,
        labels=plan.labels,
        record=record,
        titles={one.id: one.title for one in (chosen, *([other[1]] if other else []))},
        parameters=_labels(plan),
        notes=_notes(plan, chosen),
        folder=str(folder) if folder else None,
        meta=_meta(region, plan, chosen, asked),
    )
    if questions:
        from counterpoise.play.questions import answer

        say("questions of the region ...")
        result.answers = answer(region, plan, result, seed=asked.seed)
    if keep and line is not None and folder is not None:
        from counterpoise.play._files import write_files

        write_files(result, folder)
        if zarr:
            write_zarr(result, folder)
        ledger.write(
            replace(
                line,
                state="done",
                finished=datetime.now(UTC).isoformat(timespec="seconds"),
                seconds=round(time.monotonic() - clock, 2),
            )
        )
    return result


def _built_in(region: Region) -> bool:
    return region.path.parent.name == "atlas"


def _begin(folder: Path, basis: Basis, *, fresh: bool) -> None:
    """Make the run's folder; blocks of an earlier run in it are dropped unless this one goes on with them."""
    blocks = folder / "blocks"
    blocks.mkdir(parents=True, exist_ok=True)
    if fresh:
        for path in blocks.glob("*.npz"):
            path.unlink()
    write_whole(folder / "plan.json", basis.to_json().encode())


def _line(basis: Basis, folder: Path, state: str, started: str) -> Line:
    asked = basis.question
    return Line(
        basis.id,
        state,
        asked.region,
        asked.scenario,
        asked.against,
        asked.as_of,
        asked.until,
        asked.members,
        asked.seed,
        basis.version,
        basis.inputs,
        started,
        None,
        None,
        str(folder.resolve()),
    )


def _refuse_changed(line: Line, basis: Basis) -> None:
    if line.id == basis.id:
        return
    rule = "a run goes on with the version, the code and the inputs that it began with"
    found = f"run {line.id} rests on other inputs or another version than those at hand"
    fix = "start it anew without --resume"
    raise InputError([fault("E926", where=line.folder, found=found, rule=rule, fix=fix)])


def _labels(plan: Plan) -> dict[str, str]:
    """Where each parameter that was drawn comes from: prior, fitted, an assumption of the region or of the scenario."""
    # Whoever played the members: names that other processes drew are not known here.
    run_chunk(plan, Chance(0, 0, 1))
    return dict(sorted(plan.parameters.used.items()))


def _notes(plan: Plan, scenario: Scenario) -> tuple[str, ...]:
    posterior = shipped_posterior()
    notes = [MIXTURE]
    if posterior is None:
        notes.append("No fitted posterior ships yet: every parameter of the law is a prior by judgement.")
    elif float(posterior.notes.get("skill_low", "0")) <= 0:
        notes.append(NO_SKILL)
    if not is_stated(plan):
        notes.append(UNSTATED)
    lacking = sorted({name for names, held in plan.responses.items() for name in unknown_gains(names, held)})
    if lacking:
        notes.append(f"Figures lack for what these bring of themselves, which is left out: {', '.join(lacking)}.")
    judged = [move.id for move in scenario.moves if move.is_judgement]
    if judged:
        notes.append(f"Moves whose size, chance or time is judgement: {', '.join(judged)}.")
    start = plan.ground.start
    last: dict[str, Any] = {move.id: move.last for move in scenario.moves}
    past = [name for name, day in last.items() if day < start]
    if past:
        notes.append(f"Moves before the run starts are history and left out: {', '.join(past)}.")
    return (*notes, *plan.ground.notes)


def _meta(region: Region, plan: Plan, scenario: Scenario, asked: Question) -> Meta:
    rests: list[Any] = [*plan.ground.facts, *scenario.rests_on]
    named = {row.id for row in region.rows("sources")} & set(scenario.rests_on)
    sources = (*region.sources_of(rests), *sorted(named))
    return region.meta(seed=asked.seed, sources=sources, cites=CITES)


def explain(run_id: str, member: int) -> Any:
    """The terms of the law that moved one member of a run in the ledger: see `why.Why`.

    Raises `InputError`: `E925` no such run, `E926` the inputs have changed since, `E923` no such member.
    """
    from counterpoise.play.why import why

    line = Ledger().find(run_id)
    asked = read_basis(Path(line.folder) / "plan.json").question
    region = open_for(asked)
    _refuse_changed(line, basis_of(region, asked))
    plan, scenario = prepare(region, asked, asked.scenario, cache=home() / "responses")
    meta = _meta(region, plan, scenario, asked)
    return why(plan, asked.seed, member, members=asked.members, run=line.id, meta=meta)

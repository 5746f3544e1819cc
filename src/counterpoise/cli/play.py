"""`counterpoise play`."""

from __future__ import annotations

from pathlib import Path


def play(
    region: str,
    /,
    *,
    scenario: str = "baseline",
    against: str | None = None,
    until: int = 2040,
    members: int = 10_000,
    seed: int = 0,
    workers: int | None = None,
    cluster: str | None = None,
    backend: str = "numpy",
    out: Path | None = None,
    resume: str | None = None,
    save_members: bool = False,
    zarr: bool = False,
    questions: bool = False,
    as_of: str | None = None,
    json: bool = False,
) -> int:
    """What happens next: an ensemble of futures under a scenario, on disk and in the ledger.

    Example: counterpoise play south-caucasus --scenario baseline --members 1000
    Example: counterpoise play south-caucasus --scenario western-package --against baseline

    Parameters
    ----------
    region
        A built-in id or the path of a folder.
    scenario
        The id of a scenario of the region, or a file ending in .toml.
    against
        Another scenario, played on the same random numbers: paired differences.
    until
        The last year, to 2100.
    members
        How many futures to draw, 1 to 10,000,000.
    seed
        The seed; member k depends on it and on k alone.
    workers
        Processes to share the work among; as many as help if left out.
    cluster
        The address of a Dask scheduler to share the work on instead (extra `cluster`).
    backend
        numpy, or jax (extra `fit`).
    out
        The folder of the run; if left out, one under COUNTERPOISE_HOME (see `counterpoise runs list`).
    resume
        Go on with this run: its id, or enough of the beginning.
    save_members
        Write every member to Parquet beside the result (extra `fit`).
    zarr
        Write the labelled arrays as Zarr beside the tables (extra `fit`).
    questions
        Answer the five questions of docs/engines/play.md with numbers and intervals.
    as_of
        Use only what was known on this day.
    json
        Print one JSON document.
    """
    from counterpoise.cli._run import show
    from counterpoise.cli._run import workers as usual
    from counterpoise.play import run
    from counterpoise.play._progress import progress, tell
    from counterpoise.region import open_region

    opened = open_region(region, as_of=as_of)
    with progress("members played") as report:
        result = run(
            opened,
            scenario,
            against=against,
            until=until,
            members=members,
            seed=seed,
            workers=usual() if workers is None else workers,
            cluster=cluster,
            backend=backend,
            folder=out,
            keep=True,
            resume=resume,
            save_members=save_members,
            zarr=zarr,
            questions=questions,
            report=report,
            tell=tell,
        )
    tell(f"run {result.run}: {result.folder}")
    for note in result.notes[:3]:
        tell(note)
    if questions and not json:
        for row in result.answers:
            tell("; ".join(f"{name}: {value}" for name, value in row.items()))
    return show(result, as_json=json, title=f"{opened.settings.title}: {result.titles[result.scenario]}")

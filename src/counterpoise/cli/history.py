"""`counterpoise history`: fit the law to the panel, and score it on years that it has not seen."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

app = App(
    name="history",
    help="Fit the law of motion to history, and score it on years that it has not seen.\n\n"
    "Example: counterpoise history backtest panel.parquet --horizons 1,2,5",
)


@app.command
def backtest(
    panel: Path,
    /,
    *,
    target: Literal["ideal_point", "agreement", "orientation"] = "ideal_point",
    patron: str = "USA",
    from_: Annotated[int | None, Parameter(name="--from")] = None,
    to: int | None = None,
    horizons: str = "1,2,5",
    clients: str = "ALL",
    baselines: str = "all",
    without: str | None = None,
    seed: int = 0,
    json: bool = False,
) -> int:
    """Fit at each origin on earlier rows alone, forecast every state, and score the law beside its baselines.

    Example: counterpoise history backtest panel.parquet --from 2004 --horizons 1,2,5 --json

    Parameters
    ----------
    panel
        A Parquet file with one row per client, patron and year.
    target
        Published ideal points, or the raw agreement of votes with --patron.
    patron
        The patron whose agreement is forecast.
    from_
        The first origin; without it, ten origins before the last that leave the longest horizon its targets.
    to
        The last year that a target may lie in; later rows are not read.
    horizons
        Years ahead, with commas between.
    clients
        ALL, or codes with commas between: whom the scores count. Every fit sees all states.
    baselines
        all, or names with commas between.
    without
        Leave a channel out of the pull: trade, people, capital or security.
    seed
        The seed of the thinning of pairs and of the intervals.
    json
        Print one JSON document.
    """
    from counterpoise.cli._run import show
    from counterpoise.history.rolling import backtest as score
    from counterpoise.history.rolling import whole_numbers

    result = score(
        panel,
        target=target,
        patron=patron,
        first=from_,
        last=to,
        horizons=whole_numbers(horizons),
        clients=None if clients == "ALL" else tuple(clients.split(",")),
        baselines=None if baselines == "all" else tuple(name for name in baselines.split(",") if name),
        seed=seed,
        without=without,
        tell=lambda line: print(line, file=sys.stderr, flush=True),
    )
    return show(result, as_json=json, title="How wrong the law has been")


@app.command
def fit(
    panel: Path,
    /,
    *,
    until: int | None = None,
    out: Path | None = None,
    sampler: Literal["laplace", "nuts"] = "laplace",
    pairs: int | None = None,
    seed: int = 0,
    json: bool = False,
) -> int:
    """Fit the law on both scales and say, parameter by parameter, what the panel taught.

    Example: counterpoise history fit panel.parquet --until 2012 --out posterior.nc

    Parameters
    ----------
    panel
        A Parquet file with one row per client, patron and year.
    until
        The last year to read.
    out
        Where to write the draws, as netCDF.
    sampler
        laplace, checked by importance sampling; or nuts, checked by R-hat, effective draws and divergences.
    pairs
        How many pairs of a state and an origin to use at most: 500, or 400 with nuts.
    seed
        The seed of the thinning and of the draws.
    json
        Print one JSON document.
    """
    from counterpoise.cli._run import show
    from counterpoise.history.posterior import fit as fit_panel

    result = fit_panel(
        panel,
        until=until,
        out=out,
        sampler=sampler,
        pairs=pairs,
        seed=seed,
        tell=lambda line: print(line, file=sys.stderr, flush=True),
    )
    return show(result, as_json=json, title="What the panel says about the law")


@app.command
def check(
    panel: Path,
    /,
    *,
    target: Literal["ideal_point", "agreement", "orientation"] = "ideal_point",
    patron: str = "USA",
    until: int | None = None,
    horizon: int = 1,
    replicates: int = 400,
    plot: Path | None = None,
    seed: int = 0,
    json: bool = False,
) -> int:
    """Set what the law would have made of the past beside what it was: which features of the world it lacks.

    Example: counterpoise history check panel.parquet --until 2014 --plot check.svg

    Parameters
    ----------
    panel
        A Parquet file with one row per client, patron and year.
    target
        Published ideal points, the raw agreement of votes with --patron, or orientation.
    patron
        The patron whose agreement is checked.
    until
        The last year to read.
    horizon
        Years between a state's value and the one that is drawn.
    replicates
        How many pasts the law draws, among 40 draws of its parameters.
    plot
        Where to write the chart, as SVG.
    seed
        The seed of the thinning and of the draws.
    json
        Print one JSON document.
    """
    from counterpoise.cli._run import show
    from counterpoise.history.checks import check_law

    result = check_law(
        panel,
        target=target,
        patron=patron,
        until=until,
        horizon=horizon,
        replicates=replicates,
        seed=seed,
        tell=lambda line: print(line, file=sys.stderr, flush=True),
    )
    if plot is not None:
        result.plot.save(str(plot), format="svg")
    return show(result, as_json=json, title="What the law would have made of the past")


@app.command
def ablate(
    panel: Path,
    /,
    *,
    target: Literal["ideal_point", "agreement", "orientation"] = "ideal_point",
    patron: str = "USA",
    from_: Annotated[int | None, Parameter(name="--from")] = None,
    to: int | None = None,
    horizons: str = "1,2,5",
    every: int = 1,
    plot: Path | None = None,
    seed: int = 0,
    json: bool = False,
) -> int:
    """Say what each channel adds to the forecast, and whether geography alone would do as well.

    Example: counterpoise history ablate panel.parquet --from 2003 --every 3 --json

    Parameters
    ----------
    panel
        A Parquet file with one row per client, patron and year.
    target
        Published ideal points, the raw agreement of votes with --patron, or orientation.
    patron
        The patron whose agreement is forecast.
    from_
        The first origin; without it, ten origins before the last that leave the longest horizon its targets.
    to
        The last year that a target may lie in; later rows are not read.
    horizons
        Years ahead, with commas between.
    every
        Years between origins.
    plot
        Where to write the chart, as SVG.
    seed
        The seed of the thinning of pairs and of the intervals.
    json
        Print one JSON document.
    """
    from counterpoise.cli._run import show
    from counterpoise.history.ablate import ablate as run
    from counterpoise.history.rolling import whole_numbers

    result = run(
        panel,
        target=target,
        patron=patron,
        first=from_,
        last=to,
        horizons=whole_numbers(horizons),
        every=every,
        seed=seed,
        tell=lambda line: print(line, file=sys.stderr, flush=True),
    )
    if plot is not None:
        result.plot.save(str(plot), format="svg")
    return show(result, as_json=json, title="What each channel adds")


@app.command
def doctor(folder: Path, /, *, json: bool = False) -> int:
    """Say which publishers' files a panel still lacks, and where to get them. Nothing is downloaded.

    Example: counterpoise history doctor downloads

    Parameters
    ----------
    folder
        Where the downloaded files lie.
    json
        Print one JSON document.
    """
    from counterpoise.cli._run import show
    from counterpoise.history.importers import examine

    return show(examine(folder), as_json=json, title="Sources of a panel")


@app.command
def build(
    folder: Path,
    /,
    *,
    out: Path,
    patrons: str = "USA,RUS,CHN,DEU,FRA,GBR,IRN,TUR",
    from_: Annotated[int, Parameter(name="--from")] = 1991,
    to: int,
    json: bool = False,
) -> int:
    """Build a panel from the publishers' files in a folder, and say what each column knows and what was left out.

    Example: counterpoise history build downloads --to 2020 --out panel.parquet

    Parameters
    ----------
    folder
        Where the downloaded files lie; `counterpoise history doctor` says which.
    out
        The Parquet file to write.
    patrons
        Codes with commas between.
    from_
        The first year.
    to
        The last year.
    json
        Print one JSON document.
    """
    from counterpoise.cli._run import show
    from counterpoise.history.importers import build as build_from

    def tell(line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    built = build_from(folder, tuple(patrons.split(",")), from_, to, out=out, tell=tell)
    for line in (*built.notes, *(f"lacks {line}" for line in built.lacking)):
        tell(line)
    return show(built, as_json=json, title=f"{out}: {len(built.rows)} rows")

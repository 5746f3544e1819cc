"""`counterpoise region`, `facts` and `events`: looking at what is known."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from counterpoise.cli._run import busy, show, workers

app = App(
    name="region",
    help="Check, show or start a region folder.\n\nExample: counterpoise region show south-caucasus",
)


@app.command
def check(region: str, /, *, json: bool = False) -> int:
    """List every fault of a region folder at once, with file, line, rule and fix. Exit code 1 if there are any.

    Example: counterpoise region check south-caucasus

    Parameters
    ----------
    region
        A built-in id or the path of a folder.
    json
        Print one JSON document.
    """
    from counterpoise.region.views import check_region

    return show(check_region(region), as_json=json, title=f"{region}: faults, or rows by table")


@app.command(name="show")
def show_(region: str, /, *, as_of: str | None = None, json: bool = False) -> int:
    """Show what a region holds: settings, rows by table, facts by quantity.

    Example: counterpoise region show south-caucasus --as-of 2026-02-13

    Parameters
    ----------
    region
        A built-in id or the path of a folder.
    as_of
        Use only what was known on this day.
    json
        Print one JSON document.
    """
    from counterpoise.region import open_region
    from counterpoise.region.views import show_region

    return show(show_region(open_region(region, as_of=as_of)), as_json=json)


@app.command
def diff(
    region: str,
    /,
    *,
    from_: Annotated[str, Parameter(name="--from")],
    to: str,
    seed: int = 0,
    json: bool = False,
) -> int:
    """List what became known between two days, and which cells and verdicts it moved.

    Example: counterpoise region diff south-caucasus --from 2026-02-12 --to 2026-06-30

    Parameters
    ----------
    region
        A built-in id or the path of a folder.
    from_
        The earlier day.
    to
        The later day.
    seed
        The seed of the draws; both days use the same.
    json
        Print one JSON document.
    """
    from counterpoise.brief.changes import compare_days
    from counterpoise.region import open_region

    with busy(f"comparing {from_} with {to}: about a minute for a whole region") as say:
        found = compare_days(open_region(region), from_, to, seed=seed, workers=workers(), progress=say)
    return show(found, as_json=json)


@app.command
def new(path: Path, /) -> int:
    """Write a small runnable region to copy and change.

    Example: counterpoise region new my-region && counterpoise brief my-region --out my-brief

    Parameters
    ----------
    path
        The folder to make; it must not exist or be empty.
    """
    from counterpoise.region.template import write_template

    print(write_template(path))
    return 0


@app.command
def describe(path: Path, /) -> int:
    """Write datapackage.json from the tables that a region folder holds.

    Example: counterpoise region describe my-region

    Parameters
    ----------
    path
        The region folder.
    """
    from counterpoise.region._load import locate
    from counterpoise.region._package import write_package

    print(write_package(locate(path)))
    return 0


def facts(
    region: str,
    /,
    *,
    subject: str | None = None,
    object: str | None = None,
    quantity: str | None = None,
    as_of: str | None = None,
    json: bool = False,
) -> int:
    """List sourced, dated figures, conflicting ones side by side.

    Example: counterpoise facts south-caucasus --subject ARM --quantity nuclear_electricity_share

    Parameters
    ----------
    region
        A built-in id or the path of a folder.
    subject
        The actor the figure describes, such as ARM.
    object
        The other actor, such as RUS.
    quantity
        A quantity of the vocabulary.
    as_of
        Use only what was known on this day.
    json
        Print one JSON document.
    """
    from counterpoise.region import open_region
    from counterpoise.region.views import list_facts

    opened = open_region(region, as_of=as_of)
    return show(list_facts(opened, subject=subject, object=object, quantity=quantity), as_json=json)


def events(
    region: str,
    /,
    *,
    actor: str | None = None,
    target: str | None = None,
    kind: str | None = None,
    as_of: str | None = None,
    json: bool = False,
) -> int:
    """List sourced, dated acts in order.

    Example: counterpoise events south-caucasus --actor RUS --target ARM --kind SANCTION

    Parameters
    ----------
    region
        A built-in id or the path of a folder.
    actor
        Who acted, such as RUS.
    target
        Whom it was aimed at, such as ARM.
    kind
        A PLOVER kind, such as SANCTION.
    as_of
        Use only what was known on this day.
    json
        Print one JSON document.
    """
    from counterpoise.region import open_region
    from counterpoise.region.views import list_events

    opened = open_region(region, as_of=as_of)
    return show(list_events(opened, actor=actor, target=target, kind=kind), as_json=json)

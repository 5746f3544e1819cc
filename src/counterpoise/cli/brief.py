"""`counterpoise brief`: the main job."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from counterpoise.cli._run import print_rows, workers


def brief(
    region: str,
    /,
    *,
    as_of: str | None = None,
    out: Path = Path("brief"),
    members: int = 400,
    seed: int = 0,
    scenario: Annotated[list[str] | None, Parameter(consume_multiple=True)] = None,
    since: str | None = None,
    article: Path | None = None,
    published: str | None = None,
    json: bool = False,
) -> int:
    """Write the brief of a region: index.html (one file, opens offline), brief.json, data/*.csv and charts/*.

    Example: counterpoise brief south-caucasus --out brief
    Example: counterpoise brief south-caucasus --scenario baseline western-package --since 2026-01-01

    Parameters
    ----------
    region
        A built-in id or the path of a folder.
    as_of
        Use only what was known on this day.
    out
        The folder to write to.
    members
        How many draws of facts and assumptions to run.
    seed
        The seed of the draws; the same seed gives the same brief.
    scenario
        Scenarios of the region to play, for what happens next; without it the brief looks at today alone.
    since
        Tell what became known after this day, and what it moved.
    article
        Your copy of an article (text, HTML or PDF): article.html shows its sentences beside their verdicts.
    published
        With `--article`: the day it was published, such as 2026-02-19, by which dates without a year are read.
    json
        Print brief.json instead of the headline table.
    """
    from counterpoise.brief import write_brief
    from counterpoise.brief._words import headline, partial_sums
    from counterpoise.region import open_region

    opened = open_region(region, as_of=as_of)
    result = write_brief(
        opened,
        out=out,
        members=members,
        seed=seed,
        scenarios=scenario or (),
        since=since,
        article=article,
        published=published,
        workers=workers(),
        progress=lambda text: print(f"  {text}", file=sys.stderr),
    )
    if json:
        print(result.to_json())
        return result.exit_code
    print_rows(result.table(), title=f"{opened.settings.title}: a full withdrawal, by year five")
    for sentence in [*partial_sums(result), *headline(result)]:
        print(sentence)
    print(f"Brief: {result.page.resolve()}")
    if result.article:
        print(f"Article: {result.page.resolve().with_name('article.html')}")
    return result.exit_code

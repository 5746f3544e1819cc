"""`counterpoise read`."""

from __future__ import annotations

import sys

from counterpoise.cli._run import busy, show, workers


def read(
    article: str,
    /,
    *,
    region: str = "south-caucasus",
    as_of: str | None = None,
    published: str | None = None,
    whole: bool = False,
    verdicts: bool = False,
    seed: int = 0,
    json: bool = False,
) -> int:
    """The actors, figures, dates, acts and claims of an article, each claim matched to what the region knows.

    Example: counterpoise read article.txt --published 2026-02-19 --json

    Parameters
    ----------
    article
        A file of plain text, HTML or PDF.
    region
        The region whose facts and claims are compared: a built-in id or the path of a folder.
    as_of
        Compare only what was known on this day (YYYY-MM-DD).
    published
        The day of publication (YYYY-MM-DD), which resolves dates such as "last December".
    whole
        Read a text of over 100,000 characters to its end; takes about half a second for each 100,000.
    verdicts
        Judge the region's claims that sentences are bound to, and show each verdict; takes some seconds.
    seed
        With --verdicts: the seed of the draws.
    json
        Print one JSON document.
    """
    from counterpoise.evidence import read_article

    result = read_article(article, region=region, as_of=as_of, published=published, whole=whole)
    names = result.bound_claims() if verdicts else []
    if names:
        from counterpoise.region import open_region

        with busy(f"judging the {len(names)} claims that sentences are bound to"):
            opened = open_region(region, as_of=as_of)
            documents = {row.document for row in opened.rows("claims") if row.id in names}
            judged = opened.claims(
                document=documents.pop() if len(documents) == 1 else None, seed=seed, workers=workers()
            )
        result = result.with_verdicts(judged.to_dict()["claims"])
    if verdicts and not names:
        print("no sentence is bound to a claim of the region, so no verdict is shown", file=sys.stderr)
    if note := result.unread_note():
        print(note, file=sys.stderr)
    return show(result, as_json=json)

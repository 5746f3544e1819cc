"""`counterpoise read`."""

from __future__ import annotations

from counterpoise.cli._run import show


def read(
    article: str,
    /,
    *,
    region: str = "south-caucasus",
    as_of: str | None = None,
    published: str | None = None,
    whole: bool = False,
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
    json
        Print one JSON document.
    """
    from counterpoise.evidence import read_article

    return show(read_article(article, region=region, as_of=as_of, published=published, whole=whole), as_json=json)

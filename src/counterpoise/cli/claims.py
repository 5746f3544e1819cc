"""`counterpoise claims`."""

from __future__ import annotations

from counterpoise.cli._run import show, workers


def claims(
    region: str,
    /,
    *,
    claim: str | None = None,
    document: str | None = None,
    as_of: str | None = None,
    seed: int = 0,
    json: bool = False,
) -> int:
    """Each claim with its verdict (supported, contradicted, mixed or open), its evidence and its break-even.

    Example: counterpoise claims south-caucasus --claim S000-22 --json

    Parameters
    ----------
    region
        A built-in id or the path of a folder.
    claim
        One claim only, such as S000-22.
    document
        The claims of one document only, such as S000.
    as_of
        Use only what was known on this day.
    seed
        The seed of the draws; the same seed gives the same answer.
    json
        Print one JSON document.
    """
    from counterpoise.claims import judge_claims
    from counterpoise.region import open_region

    opened = open_region(region, as_of=as_of)
    return show(judge_claims(opened, claim=claim, document=document, seed=seed, workers=workers()), as_json=json)

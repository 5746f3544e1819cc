"""`counterpoise claims`."""

from __future__ import annotations

import sys

from counterpoise.cli._run import show, workers


def claims(
    region: str,
    /,
    *,
    claim: str | None = None,
    document: str | None = None,
    as_of: str | None = None,
    then: str | None = None,
    weigh: bool = False,
    sensitivity: bool = True,
    seed: int = 0,
    json: bool = False,
) -> int:
    """Each claim with its verdict (supported, contradicted, mixed or open), its evidence and its break-even.

    Example: counterpoise claims south-caucasus --claim S000-22 --json
    Example: counterpoise claims south-caucasus --document S003 --then 2026-02-12
    Example: counterpoise claims south-caucasus --claim S003-03 --weigh
    Example: counterpoise claims south-caucasus --no-sensitivity --json

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
    then
        An earlier day: show beside each verdict what could be said with what was known on it, and score that against
        what later facts have shown (Brier and log scores in the JSON document).
    weigh
        With --claim: the evidence on both sides, each row left out in turn.
    sensitivity
        With every verdict, the two ranges that move it most, each set to its low and to its high end
        (--no-sensitivity leaves them out, in about a fifth of the time).
    seed
        The seed of the draws; the same seed gives the same answer.
    json
        Print one JSON document.
    """
    from counterpoise._errors import InputError, fault
    from counterpoise.claims import judge_claims, progress, weigh_claim
    from counterpoise.region import open_region

    opened = open_region(region, as_of=as_of)
    if weigh:
        if claim is None or then is not None:
            rule = "--weigh takes one claim apart, as it stands on one day"
            raise InputError(
                [fault("E204", where="--weigh", found="no --claim, or --then", rule=rule, fix="add --claim")]
            )
        with progress(f"weighing the rows behind {claim}") as report:
            weighed = weigh_claim(opened, claim, seed=seed, report=report)
        return show(weighed, as_json=json, title=f"What {claim} rests on")
    told = claim or f"the claims of {document or opened.id}"
    with progress(f"judging {told}{f', as they stand and on {then}' if then else ''}"):
        result = judge_claims(
            opened,
            claim=claim,
            document=document,
            seed=seed,
            workers=workers(),
            then=then,
            sensitivity=sensitivity,
        )
    if result.scored is not None:
        for row in result.scored["forecasts"]:
            outcome = "happened" if row["outcome"] else "did not happen"
            said = f"as of {then}, {row['probability']:.2f}: {row['question']}: {outcome} (Brier {row['brier']:.3f})"
            print(said, file=sys.stderr)
    return show(result, as_json=json)

"""Running the checks that the region's claims name, each with parameters that are data."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from counterpoise._errors import InputError, fault
from counterpoise._register import CHECKS
from counterpoise._result import Meta, Result
from counterpoise.claims._confidence import confidence
from counterpoise.claims._dated import resolve
from counterpoise.claims._measure import Study
from counterpoise.claims._run import run_check
from counterpoise.claims._sensitivity import draw_given
from counterpoise.claims._sensitivity import sensitivity as sensitivity_of
from counterpoise.claims._verdict import Part, Verdict, combine
from counterpoise.leverage import Job, share_out
from counterpoise.region import Region
from counterpoise.region._files import suggest
from counterpoise.region._schema import Claim

DRAWS = 4000


@dataclass
class ClaimsResult(Result):
    """Every claim with its verdict, evidence and break-even."""

    verdicts: list[Verdict]
    meta: Meta
    # How what could be said on an earlier day turned out, where one was asked about.
    scored: dict[str, Any] | None = None

    def body(self) -> dict[str, Any]:
        rows = [verdict.to_dict() for verdict in self.verdicts]
        return {"claims": rows} | ({"scored": self.scored} if self.scored is not None else {})

    def table(self) -> list[dict[str, Any]]:
        return [
            {
                "id": verdict.id,
                "verdict": verdict.verdict,
                "probability": verdict.probability,
                "confidence": verdict.confidence,
                **({"then": verdict.then["verdict"]} if verdict.then else {}),
                "statement": verdict.statement,
                "reason": verdict.reason or _weakest(verdict),
                **({"hangs on": _hangs_on(verdict)} if verdict.sensitivity is not None else {}),
            }
            for verdict in self.verdicts
        ]

    def counts(self, *, recommendations: bool = False) -> dict[str, int]:
        """How many claims have each verdict; recommendations are counted apart, being neither true nor false."""
        wanted = [verdict for verdict in self.verdicts if (verdict.kind == "recommendation") == recommendations]
        tally = Counter(verdict.verdict for verdict in wanted)
        return {word: tally.get(word, 0) for word in ("supported", "contradicted", "mixed", "open")}

    def plot(self) -> Any:
        """Probability of each computed claim, by verdict (needs the extra `charts`)."""
        from counterpoise.claims._plot import plot_claims

        return plot_claims(self)


def _weakest(verdict: Verdict) -> str | None:
    """Whose probability a mixed claim shows: that of its weakest part, while others may hold."""
    if verdict.verdict != "mixed" or len(verdict.parts) < 2:
        return None
    part = min(verdict.parts, key=lambda part: part.probability or 0.0)
    held = sum(1 for one in verdict.parts if one.verdict == "supported")
    told = f"the probability is that of its weakest part ({part.verdict}: {part.statement})"
    return f"{told}; {held} of {len(verdict.parts)} parts hold"


def _hangs_on(verdict: Verdict) -> str:
    """The judged ranges that move a claim most, with the probability at either end."""
    said = [
        f"{one['label']} ({one['low']:g} to {one['high']:g}): "
        f"{one['probability_at_low']:.2f} to {one['probability_at_high']:.2f}"
        for one in verdict.sensitivity or ()
    ]
    return "; ".join(said) or "no judged range"


def judge_claims(
    region: Region,
    *,
    claim: str | None = None,
    document: str | None = None,
    draws: int = DRAWS,
    seed: int = 0,
    workers: int = 1,
    then: str | None = None,
    sensitivity: bool = False,
) -> ClaimsResult:
    """Each claim of the region with a computed verdict, or open with what it waits for.

    `then` is an earlier day: each verdict carries beside it what could be said with what was known on that day, and
    `scored` says how that turned out (see `resolve`). With `sensitivity` each verdict carries the two ranges that move
    it most.

    `workers` above 1 shares the claims among so many processes, with the same answer (see `measure_leverage`).
    `supported` from a probability of 0.9, `contradicted` to 0.1, `mixed` between or where separable parts disagree.
    Raises `InputError`: `E204` for a claim or document that is not there and for a `then` that is no day before the
    region's, `E602` for a check or parameter that is not.
    """
    asked = claims_jobs(region, claim=claim, document=document, draws=draws, seed=seed, sensitivity=sensitivity)
    past = None if then is None else _earlier(region, then)
    verdicts = share_out(region, asked, workers)
    if then is not None and past is not None:
        before = judge_claims(past, claim=claim, document=document, draws=draws, seed=seed, workers=workers).verdicts
        verdicts = [replace(now, then=_as_of(then, old)) for now, old in zip(verdicts, before, strict=True)]
    found = gather_claims(region, verdicts, seed)
    return found if then is None else replace(found, scored=resolve(region, verdicts, then, seed=seed))


def _earlier(region: Region, then: str) -> Region:
    """The region on an earlier day; `E204` where `then` is no day, or not before the one that the region stands at."""
    try:
        day = date.fromisoformat(then) if len(then) == len("2026-02-12") else None
    except ValueError:
        day = None
    end = region.as_of or date.fromisoformat(region.settings.base_date)
    if day is None or day >= end:
        rule = f"--then is a real ISO day before the one that the claims are judged on ({end})"
        fix = "write it as 2026-02-12, and take an earlier day than --as-of"
        raise InputError([fault("E204", where="--then", found=repr(then), rule=rule, fix=fix)])
    return region.at(day)


def claims_jobs(
    region: Region,
    *,
    claim: str | None = None,
    document: str | None = None,
    draws: int = DRAWS,
    seed: int = 0,
    sensitivity: bool = False,
) -> list[Job]:
    """The claims to judge, as jobs that can be shared out; refuses as `judge_claims` does."""
    # Checks of one file build on the same networks, systems and games.
    rows = _select(region, claim, document)
    topics = [CHECKS.get(str(row.check), "").split(":")[0] for row in rows]
    return [Job(topic, _judge_row, (seed, draws, row, sensitivity)) for topic, row in zip(topics, rows, strict=True)]


def gather_claims(region: Region, verdicts: list[Verdict], seed: int) -> ClaimsResult:
    """The result from the answers to its jobs."""
    sources = [name for verdict in verdicts for name in verdict.sources]
    return ClaimsResult(verdicts, region.meta(seed=seed, sources=sources))


def _judge_row(region: Region, seed: int, draws: int, claim: Claim, sensitivity: bool) -> Verdict:
    study = Study(region, seed, draws)
    if not sensitivity or claim.check is None:
        return _judge(study, claim)
    given = draw_given(region, claim, seed, draws)
    swings = sensitivity_of(region, claim, seed=seed, given=given)
    return replace(_judge(study, claim, tuple(given.parts)), sensitivity=tuple(one.to_dict() for one in swings))


def _as_of(day: str, old: Verdict) -> dict[str, Any]:
    return {"as_of": day, "verdict": old.verdict, "probability": old.probability, "reason": old.reason}


def _select(region: Region, claim: str | None, document: str | None) -> list[Claim]:
    rows: list[Claim] = region.rows("claims")
    faults = []
    for option, value, known in (
        ("--claim", claim, [row.id for row in rows]),
        ("--document", document, sorted({row.document for row in rows})),
    ):
        if value is not None and value not in known:
            fix = suggest(value, known) or "see `counterpoise claims REGION`"
            rule = f"{option} names one of the region's claims or documents"
            faults.append(fault("E204", where=option, found=repr(value), rule=rule, fix=fix))
    if faults:
        raise InputError(faults)
    return [row for row in rows if (claim in (None, row.id)) and (document in (None, row.document))]


def _judge(study: Study, claim: Claim, known: tuple[Part, ...] | None = None) -> Verdict:
    """The verdict of one claim, from parts that are `known` already or from a run of its check."""
    if claim.check is None:
        waits = claim.waits_for or "no check is bound to it"
        return _verdict(study, claim, (), "open", None, f"not computed yet: {waits}", None)
    parts = tuple(run_check(study, claim)) if known is None else known
    verdict, probability = combine(parts)
    lacks = dict.fromkeys(item for part in parts for item in part.lacks)
    reason = f"inputs missing: {'; '.join(lacks)}" if verdict == "open" else None
    return _verdict(study, claim, parts, verdict, probability, reason, claim.check)


def _verdict(
    study: Study,
    claim: Claim,
    parts: tuple[Part, ...],
    verdict: str,
    probability: float | None,
    reason: str | None,
    method: str | None,
) -> Verdict:
    names = {name for part in parts for name in part.evidence}
    return Verdict(
        claim.id,
        claim.document,
        claim.kind,
        claim.statement,
        verdict,
        probability,
        parts,
        reason,
        method,
        study.region.sources_of(names),
        confidence(study.region, sorted(names)) if parts else None,
    )

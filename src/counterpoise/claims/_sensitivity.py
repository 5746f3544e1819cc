"""What a verdict's probability hangs on: each judged range a check uses, set to its low and to its high end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any

import numpy as np

from counterpoise._errors import CounterpoiseError
from counterpoise.claims._inputs import Input, Inputs, Watched, listening
from counterpoise.claims._judge import ClaimsResult
from counterpoise.claims._measure import Study
from counterpoise.claims._run import run_check
from counterpoise.claims._verdict import Part
from counterpoise.leverage import Job, share_out
from counterpoise.region import Region
from counterpoise.region._schema import Claim
from counterpoise.region.draws import draw

# Draws of each run with a range at one end: common random numbers make a difference far less noisy than a level.
DRAWS = 400
# Rows of assumptions tried at both ends: those whose draws move most with what the check compares with its threshold.
MOST_ASSUMPTIONS = 5
# Judged rows tried, those with the widest range for their size first.
MOST_JUDGED = 20
# Admiralty credibility of what cannot be judged.
UNKNOWN = 6
# From so many seconds for one run of a check on, the runs are worth sharing among processes.
SLOW = 0.3
WORDS = {
    "tolerance credibility": "chance that a report of credibility {} is right",
    "tolerance spread": "half-width of a figure of credibility {} that is printed without a range",
    "tolerance qualifier": 'distance within which "{}" agrees',
}
# The fields of a judged row that a range is made of: the value, its low and its high.
TRIPLES = (
    ("value", "low", "high"),
    ("honoured", "honoured_low", "honoured_high"),
    ("ambiguity", "ambiguity_low", "ambiguity_high"),
    ("number", "number_low", "number_high"),
    ("salvo", "salvo_low", "salvo_high"),
    ("defence", "defence_low", "defence_high"),
    ("staying_power", "staying_low", "staying_high"),
)


@dataclass(frozen=True, slots=True)
class Swing:
    """One judged range and what the probability of a part of the claim is with it at either end.

    `probability_at_low` and `_at_high` are those of the part that moves most (`part`), `distance_at_low` and `_at_high`
    its distance from the break-even there, in standard deviations of the break-even's input (`None` where it has none).
    """

    input: Input
    label: str
    part: str
    now: float
    at_low: float
    at_high: float
    distance_at_low: float | None
    distance_at_high: float | None

    @property
    def swing(self) -> float:
        """How far the probability moves between the ends of the range, in [0, 1]."""
        return abs(self.at_high - self.at_low)

    def to_dict(self) -> dict[str, Any]:
        return {
            "assumption": self.input.name,
            "label": self.label,
            "kind": self.input.kind,
            "low": self.input.low,
            "high": self.input.high,
            "unit": self.input.unit,
            "part": self.part,
            "probability_now": self.now,
            "probability_at_low": self.at_low,
            "probability_at_high": self.at_high,
            "swing": self.swing,
            "distance_at_low": self.distance_at_low,
            "distance_at_high": self.distance_at_high,
        }


def sensitivity(
    region: Region,
    claim: Claim,
    *,
    seed: int = 0,
    draws: int = DRAWS,
    most: int = 2,
    workers: int = 1,
    report: Callable[[int, int], None] | None = None,
) -> list[Swing]:
    """The judged ranges behind a claim that move its probability most, each set to its low and its high end.

    Tried are the readings of words in the claim's parameters, the tolerances of this room, the tables of the engines it
    plays, judged rows among its evidence and, of the rows of assumptions.csv that it reads, those that move most with
    what it compares. Other inputs keep their draws. Ranges that move nothing are ranked by how far they move the
    distance from the break-even. A claim without a computed verdict has none. `workers` above 1 shares a slow check
    among processes, with the same answer; `report` hears how many ranges are done, of how many.
    """
    if claim.check is None:
        return []
    started = perf_counter()
    base, inputs, heard = _base(region, claim, seed, draws)
    slow = perf_counter() - started > SLOW
    if any(part.probability is None for part in base):
        return []
    tried = _chosen(region, inputs, heard, seed, draws) + judged_rows(region, base)
    if slow and workers > 1:
        jobs = [Job(f"{one.kind} {one.name}", _swing, (claim, one, base, seed, draws)) for one in tried]
        found = share_out(region, jobs, workers)
    else:
        found = []
        for done, one in enumerate(tried):
            found.append(_swing(region, claim, one, base, seed, draws))
            if report is not None:
                report(done + 1, len(tried))
    swings = [swing for swing in found if swing is not None]
    swings.sort(key=lambda swing: (-round(swing.swing, 9), -_moved(swing), swing.input.kind, swing.input.name))
    return swings[:most]


def swing_of(region: Region, claim: Claim, kind: str, name: str, *, seed: int = 0, draws: int = DRAWS) -> Swing | None:
    """The swing of one named range, 0 for an assumption that the claim does not use; `None` for a name of nothing."""
    base, inputs, _ = _base(region, claim, seed, draws)
    known = {
        ("assumption", row.id): Input("assumption", row.id, row.low, row.high) for row in region.rows("assumptions")
    }
    known |= {**inputs.seen, **{(one.kind, one.name): one for one in judged_rows(region, base)}}
    found = known.get((kind, name))
    return None if found is None else _swing(region, claim, found, base, seed, draws)


def _base(region: Region, claim: Claim, seed: int, draws: int) -> tuple[list[Part], Inputs, list[np.ndarray]]:
    inputs = Inputs()
    with listening() as heard:
        base = run_check(Study(Watched.over(region, inputs), seed, draws, inputs), claim)
    return base, inputs, heard


def _chosen(region: Region, inputs: Inputs, heard: list[np.ndarray], seed: int, draws: int) -> list[Input]:
    """All inputs of the check, of its assumptions only those that move most with what it compares."""
    rows = {row.id: row for row in region.rows("assumptions")}
    own = [one for one in inputs.seen.values() if one.kind == "assumption"]
    others = [one for one in inputs.seen.values() if one.kind != "assumption"]
    if len(own) > MOST_ASSUMPTIONS:
        weight = {one.name: _goes_with(draw(rows[one.name], seed, draws), heard) for one in own}
        own = sorted(own, key=lambda one: (-weight[one.name], one.name))[:MOST_ASSUMPTIONS]
    return others + own


def _goes_with(values: np.ndarray, heard: Sequence[np.ndarray]) -> float:
    """The largest absolute rank correlation of an input's draws with anything that the check compared."""
    found = 0.0
    for compared in heard:
        count = min(len(values), len(compared))
        ranks = [np.argsort(np.argsort(part[:count])).astype(float) for part in (values, compared)]
        if count > 2 and np.ptp(compared[:count]) > 0 and np.ptp(values[:count]) > 0:
            found = max(found, abs(float(np.corrcoef(ranks[0], ranks[1])[0, 1])))
    return found


def judged_rows(region: Region, parts: Sequence[Part]) -> list[Input]:
    """The ranges of judged rows among the evidence, as `row field`, the widest for their size first."""
    found = []
    for name in dict.fromkeys(name for part in parts for name in part.evidence):
        row = region.row(name)
        if getattr(row, "kind", None) != "judgement" and getattr(row, "credibility", None) != UNKNOWN:
            continue
        for middle, low, high in TRIPLES:
            values = [getattr(row, field, None) for field in (middle, low, high)]
            known = [float(value) for value in values if value is not None]
            if len(known) == len(values) and known[1] < known[2]:
                unit = getattr(row, "unit", "") or ""
                found.append(Input("judgement", f"{name} {middle}", known[1], known[2], unit))
    return sorted(found, key=lambda one: -(one.high - one.low) / max(abs(one.high + one.low), 1e-9))[:MOST_JUDGED]


def _swing(region: Region, claim: Claim, one: Input, base: Sequence[Part], seed: int, draws: int) -> Swing | None:
    try:
        low, high = (_at(region, claim, one, value, seed, draws) for value in (one.low, one.high))
    except CounterpoiseError:
        # An engine may refuse an end that goes with the rest of the range only.
        return None
    swings = [
        Swing(
            one,
            _label(region, one),
            part.statement,
            part.probability,
            a.probability,
            b.probability,
            _distance(a),
            _distance(b),
        )
        for part, a, b in zip(base, low, high, strict=False)
        if part.probability is not None and a.probability is not None and b.probability is not None
    ]
    return max(swings, key=lambda swing: (swing.swing, _moved(swing))) if swings else None


def _label(region: Region, one: Input) -> str:
    """What an input is, in words."""
    if one.kind == "tolerance":
        kind, _, name = one.name.partition(" ")
        return WORDS[f"tolerance {kind}"].format(name)
    if one.kind == "assumption":
        row = next(row for row in region.rows("assumptions") if row.id == one.name)
        return str(row.name)
    if one.kind == "judgement":
        name, _, field = one.name.partition(" ")
        row = region.row(name)
        said = (getattr(row, name, None) for name in ("summary", "instrument", "quantity", "ship_class"))
        return f"judged row: {next((str(text) for text in said if text), name)}, {field}"
    what, _, about = one.name.partition(":")
    if one.kind == "reading":
        return f"what counts ({what}): {about}" if about else f"range in the claim's parameters: {what}"
    return f"stake: {one.name}"


def _at(region: Region, claim: Claim, one: Input, value: float, seed: int, draws: int) -> list[Part]:
    """The parts of the claim with one input at a value."""
    if one.kind == "judgement":
        name, _, field = one.name.partition(" ")
        names = next(names for names in TRIPLES if names[0] == field)
        region = region.what_if({name: dict.fromkeys(names, value)})
        return run_check(Study(region, seed, draws), claim)
    inputs = Inputs({(one.kind, one.name): value})
    # Only an assumption is read by the engines below: else what they have built for this region serves again.
    seen = Watched.over(region, inputs) if one.kind == "assumption" else region
    return run_check(Study(seen, seed, draws, inputs), claim)


def _distance(part: Part) -> float | None:
    found = (part.break_even or {}).get("distance_sd", (part.break_even or {}).get("distance"))
    return None if found is None else float(found)


def _moved(swing: Swing) -> float:
    if swing.distance_at_low is None or swing.distance_at_high is None:
        return 0.0
    return abs(swing.distance_at_high - swing.distance_at_low)


def add_sensitivity(
    region: Region,
    result: ClaimsResult,
    *,
    seed: int = 0,
    workers: int = 1,
    report: Callable[[int, int], None] | None = None,
) -> ClaimsResult:
    """The same verdicts, each with the two judged ranges that move it most (see `sensitivity`)."""
    rows = {row.id: row for row in region.rows("claims")}
    asked = [rows[verdict.id] for verdict in result.verdicts]
    if len(asked) == 1:
        found = [sensitivity(region, asked[0], seed=seed, workers=workers, report=report)]
    else:
        found = share_out(region, [Job(str(row.check), _sensitivity_of, (row, seed)) for row in asked], workers)
    verdicts = [
        replace(verdict, sensitivity=tuple(one.to_dict() for one in swings))
        for verdict, swings in zip(result.verdicts, found, strict=True)
    ]
    return replace(result, verdicts=verdicts)


def _sensitivity_of(region: Region, claim: Claim, seed: int) -> list[Swing]:
    return sensitivity(region, claim, seed=seed)

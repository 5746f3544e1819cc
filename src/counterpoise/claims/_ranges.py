"""The ranges behind a claim: which there are, what they are called, and the check run with one at a value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from counterpoise._errors import CounterpoiseError
from counterpoise.claims._inputs import Input, Inputs, Watched
from counterpoise.claims._measure import Study
from counterpoise.claims._run import run_check
from counterpoise.claims._verdict import Part
from counterpoise.region import Region
from counterpoise.region._schema import Claim

# Admiralty credibility of what cannot be judged.
UNKNOWN = 6
WORDS = {
    "tolerance credibility": "chance that a report of credibility {} is right",
    "tolerance spread": "half-width of a figure of credibility {} that is printed without a range",
    "tolerance qualifier": 'distance within which "{}" agrees',
}
# The fields of a judged row that a range is made of: the value, its low and its high.
TRIPLES = (
    ("value", "low", "high"),
    ("honoured", "honoured_low", "honoured_high"),
    ("weight", "weight_low", "weight_high"),
    ("ambiguity", "ambiguity_low", "ambiguity_high"),
    ("number", "number_low", "number_high"),
    ("salvo", "salvo_low", "salvo_high"),
    ("defence", "defence_low", "defence_high"),
    ("staying_power", "staying_low", "staying_high"),
)


@dataclass(frozen=True, slots=True)
class Swing:
    """One range and what the probability of a part of the claim is with it at either end.

    `at_low` and `at_high` are the probabilities of the part that moves most (`part`), `distance_at_low` and `_at_high`
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
        """How far the probability moves between the ends of the range, or from either to the present; in [0, 1]."""
        found = (self.at_low, self.at_high, self.now)
        return max(found) - min(found)

    @property
    def moved(self) -> float:
        """How far the distance from the break-even moves between the ends, 0 where there is none."""
        if self.distance_at_low is None or self.distance_at_high is None:
            return 0.0
        return abs(self.distance_at_high - self.distance_at_low)

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
    return sorted(found, key=lambda one: -(one.high - one.low) / max(abs(one.high + one.low), 1e-9))


def swing_between(
    region: Region, claim: Claim, one: Input, base: Sequence[Part], seed: int, draws: int
) -> Swing | None:
    """The claim with one range at its low and at its high end, other inputs keeping their draws.

    Told of the part that moves most; `None` where an engine refuses an end that goes with the rest of the range only.
    """
    try:
        low, high = (_at(region, claim, one, value, seed, draws) for value in (one.low, one.high))
    except CounterpoiseError:
        return None
    swings = [
        Swing(
            one,
            label(region, one),
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
    return max(swings, key=lambda swing: (swing.swing, swing.moved)) if swings else None


def label(region: Region, one: Input) -> str:
    """What a range is, in words."""
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
    if one.kind == "figure":
        return f"figure: {_figure_in_words(region, one.name)}"
    if one.kind == "grade":
        row = region.row(one.name)
        said = (getattr(row, name, None) for name in ("summary", "instrument", "quantity"))
        return f"grade of the report (1 best, 5 worst): {next((str(text) for text in said if text), one.name)}"
    if one.kind == "structure":
        return f"how the evidence is put together: {one.name}"
    what, _, about = one.name.partition(":")
    if one.kind == "reading":
        return f"what counts ({what}): {about}" if about else f"range in the claim's parameters: {what}"
    return f"stake: {one.name}"


def _figure_in_words(region: Region, name: str) -> str:
    row = region.row(name)
    words = [str(getattr(row, field, None) or "") for field in ("quantity", "subject", "object", "item", "as_of")]
    return " ".join(word.replace("_", " ") for word in words if word) or name


def _at(region: Region, claim: Claim, one: Input, value: float, seed: int, draws: int) -> list[Part]:
    """The parts of the claim with one range at a value."""
    like = region if isinstance(region, Watched) else None
    if one.kind == "judgement":
        name, _, field = one.name.partition(" ")
        names = next(names for names in TRIPLES if names[0] == field)
        changed = Watched.over(region, Inputs(), {name: dict.fromkeys(names, value)}, like)
        return run_check(Study(changed, seed, draws, quick=True), claim)
    inputs = Inputs({(one.kind, one.name): value})
    # Only an assumption is read by the engines below: else what they have built for this region serves again.
    seen = Watched.over(region, inputs, like=like) if one.kind == "assumption" else region
    return run_check(Study(seen, seed, draws, inputs, quick=True), claim)


def _distance(part: Part) -> float | None:
    found = (part.break_even or {}).get("distance_sd", (part.break_even or {}).get("distance"))
    return None if found is None else float(found)

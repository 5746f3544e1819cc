"""What a verdict's probability hangs on: the two ranges that move it most, each set to its low and to its high end."""

from __future__ import annotations

from collections.abc import Sequence

from counterpoise.claims._given import weigh_ranges
from counterpoise.claims._inputs import Heard, Input, Inputs, Watched, listening
from counterpoise.claims._measure import Study
from counterpoise.claims._ranges import Swing, judged_rows, swing_between
from counterpoise.claims._run import run_check
from counterpoise.claims._verdict import Part
from counterpoise.region import Region
from counterpoise.region._schema import Claim

# Draws of each run with a range at one end: common random numbers make a difference far less noisy than a level.
DRAWS = 400
# Draws among which the ranges of an engine are weighed, where the verdict's own are not at hand.
GIVEN = 4000
# Up to so many assumptions and judged rows each is set to both ends. Of more those that explain more than noise in the
# draws already made, between so few and so many; twice as many where no engine runs below the check.
EACH, LEAST, MOST = 6, 2, 3
# What an engine reads, and what may be among very many; all others are set to both ends whatever they weigh.
OF_ENGINES = frozenset({"assumption", "judgement"})
# What a source has printed, and how good a report is: told where fewer judged ranges move the claim than asked for.
OF_ROWS = frozenset({"figure", "grade"})


def sensitivity(
    region: Region,
    claim: Claim,
    *,
    seed: int = 0,
    draws: int = DRAWS,
    most: int = 2,
    given: Given | None = None,
) -> list[Swing]:
    """The ranges behind a claim that move its probability most, each set to its low and its high end.

    Looked at are the readings of words in the claim's parameters, the tolerances of this room, the tables of the
    engines it plays, whether reports are separate, every row of assumptions.csv that it reads and every judged row
    among its evidence. Where these last are many, those are set to their ends that explain most of the outcome in the
    draws already made (`weigh_ranges`; `given` holds them where they are at hand). Other inputs keep their draws.

    Ranges that move nothing are ranked by how far they move the distance from the break-even. Where fewer than `most`
    judged ranges move the claim at all, the figures that it reads, each with its own width, and the grades of the
    reports behind it take the places left. A claim without a computed verdict has none.
    """
    if claim.check is None:
        return []
    found = given or draw_given(region, claim, seed, GIVEN)
    if any(part.probability is None for part in found.parts):
        return []
    base = run_check(Study(found.region, seed, draws, quick=True), claim)
    judged = judged_rows(region, base)
    swings = [
        swing
        for one in _to_try(found, judged, seed)
        if (swing := swing_between(found.region, claim, one, base, seed, draws)) is not None
    ]
    ranked = sorted(swings, key=_weight)
    moving = [swing for swing in ranked if swing.swing > 0 or swing.moved > 0][:most]
    if len(moving) < most:
        few = _weightiest([one for one in found.inputs.seen.values() if one.kind in OF_ROWS], found, seed)
        tried = [swing_between(found.region, claim, one, base, seed, draws) for one in few]
        moving += sorted((one for one in tried if one and (one.swing > 0 or one.moved > 0)), key=_weight)
    return sorted((moving + [swing for swing in ranked if swing not in moving])[:most], key=_weight)


class Given:
    """One run of a check: its parts, the ranges it read, and what it compared in every draw."""

    __slots__ = ("heard", "inputs", "parts", "region")

    def __init__(self, region: Watched, parts: Sequence[Part], inputs: Inputs, heard: Sequence[Heard]) -> None:
        self.region, self.parts, self.inputs, self.heard = region, parts, inputs, heard


def draw_given(region: Region, claim: Claim, seed: int, draws: int) -> Given:
    """The check of a claim run once, with everything noted that `sensitivity` needs."""
    # Rows by id are gathered on the first question: asked here, every watched copy shares them.
    region.row("")
    inputs = Inputs()
    watched = Watched.over(region, inputs)
    with listening() as heard:
        parts = run_check(Study(watched, seed, draws, inputs), claim)
    # The notes are taken: what is run on this region from here on is no part of them.
    return Given(watched, parts, Inputs(seen=watched.noted()), heard)


def swing_of(region: Region, claim: Claim, kind: str, name: str, *, seed: int = 0, draws: int = DRAWS) -> Swing | None:
    """The swing of one named range, 0 for an assumption that the claim does not use; `None` for a name of nothing."""
    found = draw_given(region, claim, seed, draws)
    known = {
        ("assumption", row.id): Input("assumption", row.id, row.low, row.high) for row in region.rows("assumptions")
    }
    known |= {**found.inputs.seen, **{(one.kind, one.name): one for one in judged_rows(region, found.parts)}}
    asked = known.get((kind, name))
    return None if asked is None else swing_between(region, claim, asked, found.parts, seed, draws)


def _to_try(found: Given, judged: Sequence[Input], seed: int) -> list[Input]:
    """The ranges to set to both ends: of those that an engine reads, if they are many, the weightiest in the draws."""
    own = [one for one in found.inputs.seen.values() if one.kind not in OF_ENGINES | OF_ROWS]
    many = [*(one for one in found.inputs.seen.values() if one.kind == "assumption"), *judged]
    return own + _weightiest(many, found, seed)


def _weightiest(ranges: Sequence[Input], found: Given, seed: int) -> list[Input]:
    """All of a few ranges; of many those that explain most, and of equal weight the wider for their size."""
    if len(ranges) <= EACH:
        return list(ranges)
    weights = weigh_ranges(ranges, found.heard, seed)
    order = sorted(
        ranges, key=lambda one: (-weights[one].beyond_noise, -weights[one].explained, -_width(one), one.name)
    )
    beyond = sum(weight.beyond_noise for weight in weights.values())
    own = {name for comparison in found.heard for name in comparison.own}
    most = MOST if any(one.kind == "assumption" for one in ranges) else 2 * MOST
    first = order[: LEAST if own else min(max(beyond, LEAST), most)]
    return first + [one for one in order if one.name in own and one not in first]


def _width(one: Input) -> float:
    return (one.high - one.low) / max(abs(one.high + one.low), 1e-9)


def _weight(swing: Swing) -> tuple[float, float, str, str]:
    return -round(swing.swing, 9), -swing.moved, swing.input.kind, swing.input.name

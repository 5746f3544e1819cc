"""Checks on influence: can one guarantor take another's place, which kind of tie lasts, who had more at stake?"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
from scipy.special import betaincinv

from counterpoise.channels.security.credibility import credibility
from counterpoise.channels.security.value import promise_values
from counterpoise.channels.shape import Unknown
from counterpoise.claims._inputs import part_of
from counterpoise.claims._measure import Study, chance, flip_points, spread
from counterpoise.claims._verdict import Part
from counterpoise.claims.checks.patrons import MOST_DRAWS, largest_hold
from counterpoise.region.draws import Assumptions

ENDS = ("kept", "ended")


def supplants(
    study: Study,
    *,
    client: str,
    new: str,
    old: str,
    share: list[float],
    part_of_hold: list[float],
    protection: str,
    reach: str,
    channels: list[str],
) -> list[Part]:
    """Could the defence ties of a new guarantor take the place of what an old patron holds over a client?

    `protection`: the new one's firmest promise takes away at least the range `share` of what the old one's does of the
    expected loss from attack. `reach`: what the old one could withhold in arms and protection is at least the range
    `part_of_hold` of the most that it could withhold in any of `channels`, so that defence reaches its hold.
    """
    count = min(study.count, MOST_DRAWS)
    region = part_of(study.region, "security")
    draws = Assumptions(region, seed=study.seed, count=count)
    values = promise_values(region, client, draws)
    if isinstance(values, Unknown):
        return [Part(text, None, lacks=values.needs) for text in (protection, reach)]
    worth = {who: [value for value in values if value.guarantor == who] for who in (new, old)}
    if lacks := tuple(f"promises of {who} to {client} that stand" for who, found in worth.items() if not found):
        return [Part(protection, None, lacks=lacks), _reach(study, client, old, channels, part_of_hold, reach)]
    best = {who: np.max([value.worth for value in found], axis=0) for who, found in worth.items()}
    ratio = best[new] / np.maximum(best[old], 1e-12)
    bar = study.between(f"share:{protection}", share[0], share[1])[:count]
    day = region.as_of or date.fromisoformat(region.settings.base_date)
    rows = [value.commitment for found in worth.values() for value in found]
    for who in (new, old):
        belief = credibility(region, who, client, day, draws)
        rows += [] if isinstance(belief, Unknown) else belief.facts
    first = Part(
        protection,
        chance(ratio >= bar),
        {
            "worth of the new promise, % of GDP a year": spread(best[new]),
            "worth of the old one, % of GDP a year": spread(best[old]),
            "ratio": spread(ratio),
            "ratio that counts": {"low": share[0], "high": share[1]},
        },
        flip_points(ratio, lambda drawn: drawn >= bar, name="worth of the new promise over the old one", unit="times"),
        tuple(dict.fromkeys(rows)),
        caveats=("tests, shares honoured and the vagueness of promises are one coder's judgement",),
    )
    return [first, _reach(study, client, old, channels, part_of_hold, reach)]


def _reach(study: Study, client: str, old: str, channels: list[str], part_of_hold: list[float], statement: str) -> Part:
    """Is protection a large part of the most that a patron could withhold?"""
    guarded, rows, lacks = largest_hold(study, old, client, ["security"])
    most, more, missing = largest_hold(study, old, client, channels)
    if guarded is None or most is None:
        return Part(statement, None, lacks=(*lacks, *missing))
    part = guarded / np.maximum(np.maximum(most, guarded), 1e-12)
    bar = study.between(f"part:{statement}", part_of_hold[0], part_of_hold[1])[: len(part)]
    numbers = {
        "arms and protection, % of GDP a year": spread(guarded),
        "the most in any channel, % of GDP a year": spread(most),
        "part": spread(part),
        "part that counts": {"low": part_of_hold[0], "high": part_of_hold[1]},
    }
    flip = flip_points(part, lambda values: values >= bar, name="part of the hold that is protection", unit="share")
    caveats = (
        "the expected loss from attack is set against losses of income; a catastrophe weighs more than its mean",
    )
    return Part(statement, chance(part >= bar), numbers, flip, tuple(dict.fromkeys([*rows, *more])), caveats=caveats)


def outlasts(
    study: Study, *, one: dict[str, Any], other: dict[str, Any], margin: list[float], statement: str
) -> list[Part]:
    """Do ties of one kind end less often than those of another, by a margin?

    `one` and `other` each have a `name` and the ids of rows of ties that were `kept` and that `ended`. An ended tie
    counts with the chance that its report is right. Shares of ended ties are drawn from the beta distribution with
    Jeffreys' prior; that of `one` has to lie below that of `other` by the range `margin`.
    """
    shares: list[np.ndarray] = []
    numbers: dict[str, Any] = {}
    rows: list[str] = []
    lacks: list[str] = []
    for side in (one, other):
        known = {word: [row for name in side[word] if (row := study.region.row(name)) is not None] for word in ENDS}
        total = sum(len(found) for found in known.values())
        if not total:
            lacks.append(f"rows of {side['name']}")
            continue
        gone = np.zeros(study.count)
        for row in known["ended"]:
            gone += study.uniforms(f"took-place:{row.id}") < study.credible(row.credibility)
        shares.append(betaincinv(gone + 0.5, total - gone + 0.5, study.uniforms(f"ended:{side['name']}")))
        numbers[side["name"]] = {"ties": total, "ended": len(known["ended"]), "share ended": spread(shares[-1])}
        rows += [row.id for found in known.values() for row in found]
    if lacks:
        return [Part(statement, None, lacks=tuple(lacks))]
    gap = shares[1] - shares[0]
    bar = study.between(f"margin:{statement}", margin[0], margin[1])

    def holds(values: np.ndarray) -> np.ndarray:
        return values - shares[0] >= bar

    numbers |= {
        "difference of the shares": spread(gap),
        "difference that counts": {"low": margin[0], "high": margin[1]},
    }
    flip = flip_points(shares[1], holds, name=f"share of {other['name']} that ended", unit="share")
    caveats = (
        "a handful of ties of one patron with one state, listed by hand; a tie that is contested but stands is kept",
        "how long each would have lasted is not known, and ties of the other kind may have carried them",
    )
    return [Part(statement, chance(holds(shares[1])), numbers, flip, tuple(rows), caveats=caveats)]

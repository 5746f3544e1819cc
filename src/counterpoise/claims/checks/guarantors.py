"""Checks on guarantors: how far they are believed, whether that fell, and how much of the threat they take away."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from counterpoise.channels.security.credibility import credibility
from counterpoise.channels.security.forms import expected_loss, prevented
from counterpoise.channels.security.promises import firmest, standing
from counterpoise.channels.security.threat import rival_names, threat_names, threats
from counterpoise.channels.security.value import promise_values
from counterpoise.channels.shape import Unknown
from counterpoise.claims._inputs import part_of
from counterpoise.claims._measure import Study, chance, flip_points, spread
from counterpoise.claims._verdict import Part
from counterpoise.region.draws import Assumptions

MOST_DRAWS = 1000
ONE_CODER = "tests, shares honoured and the vagueness of promises are one coder's judgement"


def not_assured(
    study: Study, *, guarantors: list[str], protege: str, enough: list[float], statement: str
) -> list[Part]:
    """Is protection by some guarantors short of assured: is the chance that any would act below the range `enough`?

    The chance that one acts is its credibility times what its firmest promise leaves no room to avoid; guarantors are
    taken as independent, which flatters them.
    """
    day, draws = _day(study), _draws(study)
    none = np.ones(draws.count)
    evidence: list[str] = []
    lacks: list[str] = []
    for guarantor in guarantors:
        belief = credibility(study.region, guarantor, protege, day, draws)
        if isinstance(belief, Unknown):
            lacks += belief.needs
            continue
        promises = standing(study.region, guarantor, protege, day)
        vague = firmest(promises, draws)
        evidence += [*(row.id for row in promises), *belief.facts]
        if vague is not None:
            none = none * (1 - belief.draws * (1 - vague))
    if lacks:
        return [Part(statement, None, lacks=tuple(dict.fromkeys(lacks)))]
    acts = 1 - none
    bar = study.between(f"assured:{statement}", enough[0], enough[1])[: draws.count]
    numbers = {"chance that any acts": spread(acts), "would be assured from": {"low": enough[0], "high": enough[1]}}
    flip = flip_points(acts, lambda values: values < bar, name="chance that any guarantor acts", unit="share")
    rows = tuple(dict.fromkeys(evidence))
    return [Part(statement, chance(acts < bar), numbers, flip, rows, caveats=(ONE_CODER,))]


def worth_less(
    study: Study, *, guarantor: str, proteges: list[str], before: str, now: str, fall: list[float], statement: str
) -> list[Part]:
    """Is a guarantor's word worth less to its proteges on one day than on an earlier one, by at least `fall`?

    Credibility with the tests up to either day, the mean over `proteges`; the fall is relative, in shares.
    """
    draws = _draws(study)
    values, evidence, lacks = [], [], []
    for day in (before, now):
        found = [credibility(study.region, guarantor, name, date.fromisoformat(day), draws) for name in proteges]
        lacks += [need for belief in found if isinstance(belief, Unknown) for need in belief.needs]
        known = [belief for belief in found if not isinstance(belief, Unknown)]
        evidence += [name for belief in known for name in belief.facts]
        values.append(np.mean([belief.draws for belief in known], axis=0) if known else None)
    if lacks:
        return [Part(statement, None, lacks=tuple(dict.fromkeys(lacks)))]
    was, is_now = values
    assert was is not None
    assert is_now is not None
    bar = study.between(f"fall:{statement}", fall[0], fall[1])[: draws.count]

    def holds(worth: np.ndarray) -> np.ndarray:
        return 1 - worth / was >= bar

    numbers = {"before": spread(was), "now": spread(is_now), "relative fall": spread(1 - is_now / was)}
    flip = flip_points(is_now, holds, name=f"credibility of {guarantor}", unit="share")
    rows = tuple(dict.fromkeys(evidence))
    return [Part(statement, chance(holds(is_now)), numbers, flip, rows, caveats=(ONE_CODER,))]


def takes_away(study: Study, *, client: str, parts: list[dict[str, Any]]) -> list[Part]:
    """How much of a client's expected loss from attack do a guarantor's promises take away?

    Each part has `guarantor`, `share` (the range of shares that counts), `statement`, and `below` if the statement is
    that they take away less; `as_duty` values them as if they left no room to avoid acting. A guarantor's promises are
    valued one at a time, the best of them counts.
    """
    region = part_of(study.region, "security")
    draws = Assumptions(region, seed=study.seed, count=min(study.count, MOST_DRAWS))
    day = _day(study)
    needs = draws.missing(*threat_names(region, client)) if rival_names(region, client) else ["rivals"]
    values = promise_values(region, client, draws)
    if needs or isinstance(values, Unknown):
        lacks = tuple(needs) or (values.needs if isinstance(values, Unknown) else ())
        return [Part(part["statement"], None, lacks=lacks) for part in parts]
    found = threats(region, client, day, draws)
    alone = {rival.name: prevented([], draws.count) for rival in found.rivals}
    loss = expected_loss(found.rivals, alone)
    judged = []
    for part in parts:
        own = [value for value in values if value.guarantor == part["guarantor"]]
        each = [value.worth + (value.vagueness_costs if part.get("as_duty") else 0.0) for value in own]
        share = np.max(each, axis=0) / loss if each else np.zeros(draws.count)
        bar = study.between(f"share:{part['statement']}", *part["share"])[: draws.count]
        belief = credibility(region, part["guarantor"], client, day, draws)
        tests = () if isinstance(belief, Unknown) else belief.facts
        rows = tuple(dict.fromkeys([*(value.commitment for value in own), *tests, *found.facts]))
        judged.append(_share_taken(part, share, bar, loss, rows))
    return judged


def _share_taken(
    part: dict[str, Any], share: np.ndarray, bar: np.ndarray, loss: np.ndarray, rows: tuple[str, ...]
) -> Part:
    below = bool(part.get("below"))

    def holds(values: np.ndarray) -> np.ndarray:
        return values < bar if below else values >= bar

    numbers = {
        "share of the expected loss taken away": spread(share),
        "expected loss unprotected, % of GDP a year": spread(loss),
        "share that counts": {"low": part["share"][0], "high": part["share"][1], "below": below},
    }
    flip = flip_points(share, holds, name="share of the expected loss taken away", unit="share")
    caveats = (ONE_CODER, "what a guarantor prevents is a judged range, not identified by past disputes")
    return Part(part["statement"], chance(holds(share)), numbers, flip, rows, caveats=caveats)


def _draws(study: Study) -> Assumptions:
    return Assumptions(study.region, seed=study.seed, count=min(study.count, MOST_DRAWS))


def _day(study: Study) -> date:
    return study.region.as_of or date.fromisoformat(study.region.settings.base_date)

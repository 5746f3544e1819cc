"""Checks on what is still to come: does an act recur, is an outcome undecided, will either of two things show?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
from scipy.special import gammaincinv

from counterpoise.channels.security.credibility import credibility
from counterpoise.channels.security.promises import firmest, standing
from counterpoise.channels.security.threat import rival_names, threat_names, threats
from counterpoise.channels.shape import Unknown
from counterpoise.claims._inputs import overhear
from counterpoise.claims._measure import Study, chance, flip_points, spread
from counterpoise.claims._verdict import Part
from counterpoise.claims.checks.patrons import largest_gift
from counterpoise.region.draws import Assumptions

MOST_DRAWS = 1000
DAYS_PER_YEAR = 365.25
JUDGED = (
    "hazards rest on past disputes and on judged ranges, small clashes count as attacks; chance and lead time of "
    "an opening are judgement"
)


def recurs(
    study: Study, *, statement: str, acts: list[str], since: str, horizon_years: float, likely: list[float]
) -> list[Part]:
    """Is an act, going by those on record since a day, likely to come again within some years?

    `acts` are rows; those of one day count once, each with the chance that it took place. The yearly rate is Poisson
    with Jeffreys' prior, over the years from `since` to the day of the region; `likely` is the range of chances within
    `horizon_years` that counts.
    """
    rows = [row for name in acts if (row := study.region.row(name)) is not None and row.date >= since]
    if not rows:
        return [Part(statement, None, lacks=tuple(acts))]
    years = max((_day(study) - date.fromisoformat(since)).days / DAYS_PER_YEAR, 0.5)
    days: dict[str, list[Any]] = {}
    for row in rows:
        days.setdefault(row.date, []).append(row)
    count = np.zeros(study.count)
    for day, reports in days.items():
        count += study.uniforms(f"took-place:{day}") < study.happened(reports)
    rate = gammaincinv(count + 0.5, study.uniforms(f"recurs:{statement}")) / years
    draws = 1 - np.exp(-rate * horizon_years)
    bar = study.between(f"likely:{statement}", likely[0], likely[1])
    return [
        Part(
            statement,
            chance(draws >= bar),
            {
                "sourced": spread(draws),
                "unit": f"chance in {horizon_years:g} years",
                "days on record": len(days),
                "years": round(years, 1),
                "likely enough from": {"low": likely[0], "high": likely[1]},
            },
            flip_points(draws, lambda values: values >= bar, name=f"chance in {horizon_years:g} years", unit="share"),
            tuple(row.id for row in rows),
            caveats=("acts that never became public are in no list; the rate is taken as constant",),
        )
    ]


def undecided(
    study: Study, *, client: str, years: int, settled: list[float], parts: list[dict[str, Any]]
) -> list[Part]:
    """Is it open whether something comes about within some years: is its chance neither slight nor near certain?

    Each part has a `statement` and `what`: `attack` (on the client, by any rival), `war` (an attack that takes land or
    becomes a war) or `opening` (of what the `patron` has offered, as `rows` show), and `untested` for what the part
    leaves out. `settled` is the range of chances below which, or below one less which, a matter counts as decided.
    """
    found = []
    for part in parts:
        answer = _chance_of(study, client, years, part)
        if isinstance(answer, tuple):
            found.append(Part(part["statement"], None, lacks=answer))
            continue
        draws, rows = answer["draws"], answer["rows"]
        bar = study.between(f"settled:{part['statement']}", settled[0], settled[1])[: len(draws)]
        overhear(draws > bar, draws - bar, own=answer.get("means", ()))
        judged = _open_question(part["statement"], draws, bar, years, settled, rows)
        found.append(replace(judged, caveats=(*judged.caveats, *part.get("untested", []))))
    return found


def _open_question(
    statement: str, draws: np.ndarray, bar: np.ndarray, years: int, settled: list[float], rows: tuple[str, ...]
) -> Part:
    def holds(values: np.ndarray) -> np.ndarray:
        return (values > bar) & (values < 1 - bar)

    numbers = {f"chance within {years} years": spread(draws), "decided below": {"low": settled[0], "high": settled[1]}}
    flip = flip_points(draws, holds, name=f"chance within {years} years", unit="share")
    return Part(statement, chance(holds(draws)), numbers, flip, rows, caveats=(JUDGED,))


def either_shows(
    study: Study, *, client: str, guarantor: str, patron: str, projects: list[str], years: int, likely: list[float],
    statement: str, transforms: list[float] | None = None, givers: Sequence[str] = (), channels: Sequence[str] = (),
) -> list[Part]:  # fmt: skip
    """Does one of two signs show within some years: an opening that transforms, or an attack that is let pass?

    The first is the chance that the offered route opens, in draws where what `givers` could open in `channels` would
    together be worth the range `transforms` (per cent of the client's GDP a year; left out: any opening counts).
    The second is the chance of an attack by any rival times the chance that the guarantor does not act (its
    credibility times what its firmest promise leaves no room to avoid, taken from one); the two are taken as
    independent. The statement holds in a draw where the chance of either reaches the range `likely`.
    """
    opened = _chance_of(study, client, years, {"what": "opening", "patron": patron, "rows": projects})
    attacked = _chance_of(study, client, years, {"what": "attack"})
    draws = Assumptions(study.region, seed=study.seed, count=min(study.count, MOST_DRAWS))
    day = _day(study)
    belief = credibility(study.region, guarantor, client, day, draws)
    vague = firmest(promises := standing(study.region, guarantor, client, day), draws)
    lacks = [item for found in (opened, attacked) if isinstance(found, tuple) for item in found]
    lacks += list(belief.needs) if isinstance(belief, Unknown) else []
    lacks += [] if vague is not None else [f"a commitment of {guarantor} to {client}"]
    if lacks or isinstance(opened, tuple) or isinstance(attacked, tuple) or isinstance(belief, Unknown):
        return [Part(statement, None, lacks=tuple(dict.fromkeys(lacks)))]
    assert vague is not None
    worth, facts, missing = _worth_if_open(study, client, givers, channels, draws)
    if missing:
        return [Part(statement, None, lacks=tuple(missing))]
    least = [0.0, 0.0] if transforms is None else transforms
    large = worth >= study.between(f"transforms:{statement}", *least)[: draws.count]
    let_pass = attacked["draws"] * (1 - belief.draws * (1 - vague))
    either = 1 - (1 - opened["draws"] * large) * (1 - let_pass)
    bar = study.between(f"likely:{statement}", likely[0], likely[1])[: draws.count]
    overhear(either >= bar, either - bar, own=opened["means"])
    numbers = {
        "chance that the route opens": spread(opened["draws"]),
        "worth of what then comes, % of GDP a year": spread(worth),
        "transforms from, % of GDP a year": {"low": least[0], "high": least[1]},
        "share of draws in which it transforms": chance(large),
        "chance of an attack let pass": spread(let_pass),
        "chance of either": spread(either),
        "likely enough from": {"low": likely[0], "high": likely[1]},
    }
    flip = flip_points(
        either, lambda values: values >= bar, name=f"chance of either within {years} years", unit="share"
    )
    rows = tuple(
        dict.fromkeys([*attacked["rows"], *belief.facts, *(row.id for row in promises), *opened["rows"], *facts])
    )
    caveats = (JUDGED, "the two signs are dated readings of the words; both, or neither, may come")
    return [Part(statement, chance(either >= bar), numbers, flip, rows, caveats=caveats)]


def _worth_if_open(
    study: Study, client: str, givers: Sequence[str], channels: Sequence[str], draws: Assumptions
) -> tuple[np.ndarray, list[str], list[str]]:
    """What openings by some patrons would be worth together if they came, per cent of GDP a year; rows; what lacks."""
    worth = np.zeros(draws.count)
    facts: list[str] = []
    lacks = draws.missing(*(f"transit:chance_{giver}" for giver in givers))
    for giver in [] if lacks else givers:
        given, rows, missing = largest_gift(study, giver, client, list(channels))
        facts += rows
        lacks += missing if given is None else []
        # What an offer brings is told as expected: the chance that it comes is taken out again.
        worth = worth + (0.0 if given is None else given / np.maximum(draws.draw(f"transit:chance_{giver}"), 1e-9))
    return worth, facts, lacks


def _chance_of(study: Study, client: str, years: int, part: dict[str, Any]) -> dict[str, Any] | tuple[str, ...]:
    """The chance by draw that something comes about within some years, with its rows; or what is lacking."""
    draws = Assumptions(study.region, seed=study.seed, count=min(study.count, MOST_DRAWS))
    if part["what"] == "opening":
        names = [f"transit:{kind}_{part['patron']}" for kind in ("chance", "lead_years")]
        if lacks := draws.missing(*names):
            return tuple(lacks)
        offered, lead = (draws.draw(name) for name in names)
        rows = [name for name in part.get("rows", []) if study.region.row(name) is not None]
        if not rows:
            return (f"rows that show what {part['patron']} has offered",)
        # What takes longer than that opens too, but not within the years asked about.
        # The lead time enters by its mean alone: no draw shows what it does.
        return {"draws": offered * float(np.mean(lead <= years)), "rows": tuple(rows), "means": (names[1],)}
    if not rival_names(study.region, client):
        return (f"states that could attack {client}",)
    if lacks := draws.missing(*threat_names(study.region, client)):
        return tuple(lacks)
    found = threats(study.region, client, _day(study), draws)
    war = part["what"] == "war"
    each = [rival.hazard * (rival.catastrophe if war else 1.0) for rival in found.rivals]
    spared = np.prod([1 - hazard for hazard in each], axis=0)
    return {"draws": 1 - spared**years, "rows": found.facts}


def _day(study: Study) -> date:
    return study.region.as_of or date.fromisoformat(study.region.settings.base_date)

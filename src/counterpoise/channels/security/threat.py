"""The rivals of a client in a region: the fitted hazard of each, set beside its own dated record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from counterpoise.channels.security.forms import Rival, attack_loss
from counterpoise.channels.security.hazard import (
    FULL,
    RUNGS,
    Threat,
    draw_coefficients,
    hazard,
    recalibrated,
    rung_shares,
    shipped,
)
from counterpoise.region import Region
from counterpoise.region._schema import Event
from counterpoise.region.draws import Assumptions

# States that the Correlates of War project counts as major powers.
MAJORS = frozenset({"USA", "GBR", "FRA", "RUS", "CHN", "DEU", "JPN"})
FORCE = frozenset({"ASSAULT", "MOBILIZE"})
RECORD_FROM = 2015
DISPUTES, BORDER = "security:all_disputes", "security:land_border"
CAPABILITY, BEGUN, SUFFERED = "security:capability", "security:attacks_begun", "security:attacks_suffered"
WORTH, RECORD_WEIGHT = "security:fitted_worth_years", "security:record_weight"
LOSSES = {rung: f"security:loss_{rung}" for rung in RUNGS}


@dataclass(frozen=True, slots=True)
class Record:
    """What the events of a region say of a pair: years with force in the last ten, and since the last of them."""

    peace_years: float
    disputes: int
    attacks: int
    attacked_since_2015: int
    watched: int
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Threats:
    """Every rival of a client by draw, with rows and assumptions behind them."""

    rivals: tuple[Rival, ...]
    fitted: dict[str, float]
    facts: tuple[str, ...]
    assumptions: tuple[str, ...]


def rival_names(region: Region, client: str) -> tuple[str, ...]:
    """The states that the region names as possible attackers of a client: those with `security:all_disputes` rows."""
    prefix = f"{DISPUTES}:{client}:"
    return tuple(row.id.removeprefix(prefix) for row in region.rows("assumptions") if row.id.startswith(prefix))


def threat_names(region: Region, client: str) -> tuple[str, ...]:
    """The ranges that the hazards of a client's rivals rest on."""
    rivals = rival_names(region, client)
    names = [WORTH, RECORD_WEIGHT, *LOSSES.values(), f"{CAPABILITY}:{client}", f"{SUFFERED}:{client}"]
    for rival in rivals:
        names += [f"{DISPUTES}:{client}:{rival}", f"{BORDER}:{client}:{rival}"]
        names += [f"{CAPABILITY}:{rival}", f"{BEGUN}:{rival}"]
    return tuple(dict.fromkeys(names))


def threats(region: Region, client: str, day: date, draws: Assumptions, *, own_record: bool = True) -> Threats:
    """The hazard, the cost and the catastrophe of attack by each rival of a client, by draw.

    The hazard fitted on past disputes of all states counts as `security:fitted_worth_years` years of evidence beside
    the years with an assault by that rival since 2015, which count with `security:record_weight`; with `own_record`
    false it stands alone.
    """
    parameters = shipped()
    normals = np.array([_normal(draws, f"security:coefficient:{name}") for name in FULL]).T
    coefficients = draw_coefficients(parameters, normals)
    shares = rung_shares(parameters.counts, np.array([_normal(draws, f"security:rung:{k}") for k in range(2)]))
    losses = {rung: draws.draw(name) for rung, name in LOSSES.items()}
    own, begun_on = draws.draw(f"{CAPABILITY}:{client}"), draws.draw(f"{SUFFERED}:{client}")
    rivals: list[Rival] = []
    facts: list[str] = []
    fitted: dict[str, float] = {}
    for name in rival_names(region, client):
        seen = record(region, client, name, day)
        capability = draws.draw(f"{CAPABILITY}:{name}")
        threat = Threat(
            land_border=draws.draw(f"{BORDER}:{client}:{name}"),
            sea_border=1.0 - draws.draw(f"{BORDER}:{client}:{name}"),
            past_disputes=seen.disputes,
            past_attacks=seen.attacks,
            all_disputes=draws.draw(f"{DISPUTES}:{client}:{name}"),
            peace_years=seen.peace_years,
            ratio=capability / own,
            size=capability + own,
            attacker_major=float(name in MAJORS),
            attacker_active=draws.draw(f"{BEGUN}:{name}"),
            target_attacked=begun_on,
        )
        base = hazard(threat, coefficients, parameters.names)
        fitted[name] = float(np.median(base))
        chance = recalibrated(
            base,
            attacks=seen.attacked_since_2015 if own_record else 0,
            years=seen.watched if own_record else 0,
            worth=draws.draw(WORTH),
            memory=draws.draw(RECORD_WEIGHT),
        )
        loss = attack_loss(shares, losses)
        rivals.append(Rival(name, chance, loss, shares["territorial"], losses["territorial"]))
        facts += seen.facts
    return Threats(tuple(rivals), fitted, tuple(dict.fromkeys(facts)), threat_names(region, client))


def record(region: Region, client: str, rival: str, day: date) -> Record:
    """What the dated acts of force between two states say by a day; years, since one fight is told in many rows."""
    between = [
        event for event in region.rows("events") if event.date <= day.isoformat() and _between(event, client, rival)
    ]
    years = {_year(event) for event in between}
    attacks = {_year(event) for event in between if rival in event.actor and client in event.target}
    assaults = [e for e in between if e.kind == "ASSAULT" and rival in e.actor and client in e.target]
    recent = {year for year in years if day.year - 10 <= year < day.year + 1}
    watched = max(0, day.year - RECORD_FROM + 1)
    hits = {_year(event) for event in assaults if _year(event) >= RECORD_FROM}
    since = max(years) if years else 1991
    facts = tuple(event.id for event in between)
    return Record(float(day.year - since), len(recent), len(attacks & recent), len(hits), watched, facts)


def _between(event: Event, client: str, rival: str) -> bool:
    if event.kind not in FORCE:
        return False
    return (client in event.actor and rival in event.target) or (rival in event.actor and client in event.target)


def _year(event: Event) -> int:
    return int(event.date[:4])


def _normal(draws: Assumptions, name: str) -> np.ndarray:
    """Standard normal draws by name, from the uniform ones."""
    from scipy.special import ndtri

    return np.asarray(ndtri(np.clip(draws.uniform(name), 1e-12, 1.0 - 1e-12)))

"""Checks on reform: is conditional help worth minding, can politics be watched in time, do audits pay for themselves.

A recommendation is neither true nor false. What is judged of it is the part that facts can bear out: that the tool
which carries it out has something to work on. Its caveats say so.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
from scipy.special import betaincinv, gammaincinv

from counterpoise.claims._measure import Study, chance, flip_points, spread
from counterpoise.claims._verdict import Part
from counterpoise.region import Figure
from counterpoise.region.draws import triangular, uniforms

DAYS_PER_YEAR = 365.25
RECOMMENDATION = "a recommendation is neither true nor false: judged is that `{tool}` can carry it out"


def conditional_help(
    study: Study,
    *,
    patron: str,
    clients: list[str],
    help_quantity: str,
    worth: list[float],
    designations: list[str],
    since: str,
    states: int,
    horizon_years: float,
    prospect: list[float],
) -> list[Part]:
    """Is a patron's help worth minding to each client, and is the prospect of a designation there real?

    Help is the newest figure of `help_quantity` in per cent of the client's GDP; `worth` the range that a government
    would mind. The prospect is the chance of a designation within `horizon_years` per state, from the `designations` of
    the patron on record since a day in so many `states` (Poisson, Jeffreys prior); `prospect` the range that deters.
    """
    return [
        *(_worth(study, patron, client, help_quantity, worth) for client in clients),
        _prospect(study, designations, since, states, horizon_years, prospect),
    ]


def _worth(study: Study, patron: str, client: str, quantity: str, worth: list[float]) -> Part:
    statement = f"help from {patron} is of a size that the government of {client} would mind"
    paid = study.region.find(quantity, subject=client, object=patron)[-1:]
    same = paid[0].as_of if paid else None
    output = [figure for figure in study.region.find("gdp", subject=client, item="") if figure.as_of == same][-1:]
    if not paid or not output:
        return Part(statement, None, lacks=(f"{quantity} from {patron} to {client} with GDP of the same year",))
    millions = 1000.0 if output[0].unit == "USD bn" else 1.0
    draws = 100 * study.figure(paid[0]) / (millions * study.figure(output[0]))
    bar = study.between(f"worth:{client}", *worth)

    def holds(values: np.ndarray) -> np.ndarray:
        return values >= bar

    return Part(
        statement,
        chance(holds(draws)),
        {"sourced": spread(draws), "unit": "% of GDP a year", "threshold": {"low": worth[0], "high": worth[1]}},
        flip_points(draws, holds, name=f"help from {patron} to {client}", unit="% of GDP a year"),
        (paid[0].id, output[0].id),
        caveats=(
            f"help at constant prices beside GDP of {same}; military aid and loans by others are not in it",
            "what a government minds is a range of judgement; a threat can weigh more than the help it stops",
        ),
    )


def _prospect(
    study: Study, designations: list[str], since: str, states: int, horizon: float, prospect: list[float]
) -> Part:
    statement = f"a designation of officials within {horizon:g} years is likely enough to be feared"
    rows = [row for name in designations if (row := study.region.row(name)) is not None]
    if not rows:
        return Part(statement, None, lacks=tuple(designations))
    end = study.region.as_of or date.fromisoformat(study.region.settings.base_date)
    years = states * max((end - date.fromisoformat(since)).days / DAYS_PER_YEAR, 0.5)
    count = sum(1 for row in rows if since <= row.date <= end.isoformat())
    # The quantiles of the gamma distribution of a rate, after `count` acts in so many years.
    rate = gammaincinv(count + 0.5, study.uniforms("designations")) / years
    draws = 1 - np.exp(-rate * horizon)
    bar = study.between("prospect", *prospect)

    def holds(values: np.ndarray) -> np.ndarray:
        return values >= bar

    return Part(
        statement,
        chance(holds(draws)),
        {
            "sourced": spread(draws),
            "unit": f"chance in {horizon:g} years per state",
            "designations on record": count,
            "state years": round(years, 1),
        },
        flip_points(draws, holds, name="chance of a designation", unit="share"),
        tuple(row.id for row in rows),
        caveats=("the rate is that of the region as a whole: on record are designations in Georgia alone",),
    )


def monitorable(study: Study, *, actors: list[str], since: str, within_days: int, share: list[float]) -> list[Part]:
    """Do political acts become known soon enough for a monitor to act on them?

    Of the events of the actors since a day whose day of publication is on record, the share known within some days must
    reach the range `share`. The monitor that would carry it out is run, and its count of indicators is told.
    """
    statement = f"acts become known within {within_days} days, so that `counterpoise monitor` can alert on them"
    rows = [
        row
        for row in study.region.rows("events")
        if row.date >= since and row.known_derived == "no" and {*row.actor, *row.target} & set(actors)
    ]
    if not rows:
        return [Part(statement, None, lacks=(f"events of {', '.join(actors)} with a day of publication",))]
    lags = np.array([(date.fromisoformat(row.known) - date.fromisoformat(row.date)).days for row in rows])
    soon = int((lags <= within_days).sum())
    # The quantiles of the beta distribution of a share, after `soon` of all rows.
    draws = betaincinv(soon + 0.5, len(rows) - soon + 0.5, study.uniforms("monitorable"))
    bar = study.between("soon", *share)

    def holds(values: np.ndarray) -> np.ndarray:
        return values >= bar

    return [
        Part(
            statement,
            chance(holds(draws)),
            {
                "sourced": spread(draws),
                "unit": "share of acts",
                "acts": len(rows),
                "median lag in days": float(np.median(lags)),
                "tool": _monitor(study),
            },
            flip_points(draws, holds, name="share of acts known in time", unit="share"),
            tuple(row.id for row in rows),
            caveats=(
                RECOMMENDATION.format(tool="counterpoise monitor"),
                "only acts with a day of publication of their own count; acts that never became known are in no list",
            ),
        )
    ]


def _drawn(study: Study, name: str, row: dict[str, Any]) -> np.ndarray:
    """Draws of one assumption of the inspection game, the same as the game's own."""
    low, mode, high = study.inputs.range("stake", f"inspection {name}", row["low"], row["mode"], row["high"])
    return triangular(
        uniforms(study.seed, f"inspection:{name}", study.count), low, high if mode is None else mode, high
    )


def _monitor(study: Study) -> dict[str, Any]:
    from counterpoise.oversight.monitor.watch import watch_region

    result = watch_region(study.region, members=0)
    return {"indicators": len(result.readings), "alerts": len(result.alerts()), "as_of": result.as_of.isoformat()}


def audit_pays(
    study: Study, *, money: list[dict[str, str]], rate: list[float], audits: list[float], cost_usd_mn: list[float]
) -> list[Part]:
    """Would audits of the money save more than they cost?

    `money` names figures in millions (`quantity`, `subject`, `object`); of each the newest counts. Saved is what leaks
    without audits less what leaks at the rate (the inspection game, over its table of judgement); spent is the number
    of audits times the cost of one, both ranges. The audit that would carry it out is `counterpoise audit`.
    """
    statement = "audits of the money would save more than they cost"
    newest = [(entry, study.region.find(**entry)[-1:]) for entry in money]
    lacks = tuple(f"{entry['quantity']} of {entry['subject']}" for entry, found in newest if not found)
    if lacks:
        return [Part(statement, None, lacks=lacks)]
    figures: list[Figure] = [found[0] for _, found in newest]
    from counterpoise.oversight.inspection.leakage import judgement, leakage

    drawn = {name: _drawn(study, name, row) for name, row in judgement().items()}
    share = leakage(0.0, **drawn) - leakage(study.between("audit rate", *rate), **drawn)
    cost = study.between("audits", *audits) * study.between("cost of an audit", *cost_usd_mn)
    total = np.sum([study.figure(figure) for figure in figures], axis=0)

    def holds(values: np.ndarray) -> np.ndarray:
        return values * share > cost

    return [
        Part(
            statement,
            chance(holds(total)),
            {
                "sourced": spread(total),
                "unit": figures[0].unit,
                "saved": spread(total * share),
                "cost": spread(cost),
                "saved share": spread(share),
            },
            flip_points(total, holds, name="money that is audited", unit=figures[0].unit),
            tuple(figure.id for figure in figures),
            caveats=(
                RECOMMENDATION.format(tool="counterpoise audit"),
                "leakage and its fall rest on ranges of judgement (oversight/inspection/judgement.csv)",
            ),
        )
    ]

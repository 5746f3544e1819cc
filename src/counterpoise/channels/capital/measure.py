"""What outside powers announced, contracted and paid to a client, and how far their word has been good for money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from counterpoise._errors import InputError, fault
from counterpoise._result import Meta, Result
from counterpoise.channels.capital.pledges import (
    MATURE_YEARS,
    STAGES,
    Delivery,
    Money,
    Pledge,
    assistance,
    debts,
    measure_delivery,
    members,
    read_pledges,
)
from counterpoise.region import Figure, Region
from counterpoise.region._schema import ProjectStage

__all__ = ["PledgesResult", "measure_pledges"]

CITES = ("jeffreys1946",)


@dataclass
class PledgesResult(Result):
    """Pledge by pledge and summed by sponsor and host: announced, contracted, disbursed; delivery rates; debts."""

    pledges: list[Pledge]
    delivery: list[Delivery]
    debts: list[tuple[ProjectStage, Money]]
    beside: list[Figure]
    meta: Meta

    def body(self) -> dict[str, Any]:
        return {
            "pledges": [_pledge_row(pledge) for pledge in self.pledges],
            "totals": self.totals(),
            "delivery": [_delivery_row(one) for one in self.delivery],
            "debts": [
                {
                    "creditor": list(row.sponsor),
                    "host": list(row.host),
                    "usd_mn": _range(money),
                    "as_of": row.as_of,
                    "id": row.id,
                }
                for row, money in self.debts
            ],
            "assistance_not_counted": [
                {
                    "id": f.id,
                    "quantity": f.quantity,
                    "sponsor": f.object,
                    "host": f.subject,
                    "item": f.item,
                    "value": f.value,
                    "unit": f.unit,
                    "as_of": f.as_of,
                }
                for f in self.beside
            ],
        }

    def totals(self) -> list[dict[str, Any]]:
        """Sums by sponsor and host in USD mn; a stage with no figure at all is `None`, not zero."""
        groups: dict[tuple[tuple[str, ...], tuple[str, ...]], list[Pledge]] = {}
        for pledge in self.pledges:
            groups.setdefault((pledge.sponsor, pledge.host), []).append(pledge)
        return [
            {
                "sponsor": list(sponsor),
                "host": list(host),
                "pledges": len(group),
                **{stage: _total([getattr(pledge, stage) for pledge in group]) for stage in STAGES},
            }
            for (sponsor, host), group in groups.items()
        ]

    def table(self) -> list[dict[str, Any]]:
        """One row per sponsor and host, then the delivery rate of the sponsor over all hosts."""
        rates = {one.sponsor: one for one in self.delivery}
        rows = []
        for total in self.totals():
            sponsor = ";".join(total["sponsor"])
            rate = rates.get(sponsor)
            rows.append(
                {
                    "sponsor": sponsor,
                    "host": ";".join(total["host"]),
                    "pledges": total["pledges"],
                    **{f"{stage} USD mn": _words(total[stage]) for stage in STAGES},
                    "matured, measured": rate.n if rate else None,
                    "matured, no figure of payment": rate.unknown if rate else None,
                    "paid of promised": _rate_words(rate),
                }
            )
        return rows

    def rate_of(self, sponsor: str) -> Delivery | None:
        """The measured delivery rate of one sponsor, `None` if it has no pledge here."""
        return next((one for one in self.delivery if one.sponsor == sponsor), None)


def measure_pledges(
    region: Region, *, sponsor: str | None = None, host: str | None = None, mature_years: float = MATURE_YEARS
) -> PledgesResult:
    """What was announced, contracted and paid, and the share of matured pledges that was paid, by patron.

    Sums are USD mn with the range that sources and the exchange rate leave; the three stages are never added. A pledge
    matures at its stated end, or `mature_years` (0 to 50) after it was promised, or when it is called off. A bloc
    counts its members, a state its development banks. Delivery rates cover all hosts on record, whatever `host` says.

    Raises `InputError`: `E204` for an actor that the region does not name, `E450` for years out of range.
    Method: a Beta belief with the prior of Jeffreys (key `jeffreys1946`), one observation a pledge.
    """
    _check(region, sponsor, host, mature_years)
    wanted = members(region, sponsor) if sponsor else None
    pledges = read_pledges(region, wanted, host, mature_years)
    everywhere = read_pledges(region, None, None, mature_years)
    delivery = []
    names = [sponsor] if sponsor else _sponsors(region, pledges)
    for name in names:
        own = members(region, name) if name in region.actor_names else set(name.split(";"))
        delivery.append(measure_delivery(name, [p for p in everywhere if own & set(p.sponsor)]))
    owed = debts(region, wanted, host)
    counted = {row for pledge in pledges for row in pledge.rows}
    beside = [figure for figure in assistance(region, wanted, host) if figure.id not in counted]
    used = [*counted, *(row.id for row, _ in owed), *(figure.id for figure in beside)]
    return PledgesResult(pledges, delivery, owed, beside, region.meta(sources=region.sources_of(used), cites=CITES))


def _sponsors(region: Region, pledges: Sequence[Pledge]) -> list[str]:
    """The patrons of the region first, then every other sponsor, so that each row of the table finds its rate."""
    named = {";".join(pledge.sponsor) for pledge in pledges}
    return [*region.settings.patrons, *sorted(named - set(region.settings.patrons))]


def _check(region: Region, sponsor: str | None, host: str | None, mature_years: float) -> None:
    faults = []
    actors = region.actor_names
    for option, actor in (("--sponsor", sponsor), ("--host", host)):
        if actor is not None and actor not in actors:
            rule, fix = "actors are those of the region", region.suggest_actor(actor)
            faults.append(fault("E204", where=option, found=repr(actor), rule=rule, fix=fix))
    if not 0 <= mature_years <= 50:
        rule, fix = "a pledge is due 0 to 50 years after it was made", "leave the option out for two years"
        faults.append(fault("E450", where="--mature-years", found=f"{mature_years:g}", rule=rule, fix=fix))
    if faults:
        raise InputError(faults)


def _pledge_row(pledge: Pledge) -> dict[str, Any]:
    return {
        "sponsor": list(pledge.sponsor),
        "host": list(pledge.host),
        "project": pledge.project,
        "name": pledge.name,
        "sector": pledge.sector,
        **{stage: _range(getattr(pledge, stage)) for stage in STAGES},
        "since": pledge.since,
        "due": pledge.due.isoformat() if pledge.due else None,
        "state": pledge.state,
        "paid_share": pledge.share,
        "promised": _range(pledge.promised),
        "rows": list(pledge.rows),
    }


def _delivery_row(one: Delivery) -> dict[str, Any]:
    row = asdict(one)
    return {**row, "shares": list(one.shares), "rows": list(one.rows)}


def _range(money: Money | None) -> dict[str, float] | None:
    return None if money is None else {"low": money.low, "value": money.value, "high": money.high}


def _total(sums: Sequence[Money | None]) -> dict[str, float] | None:
    found = [one for one in map(_range, sums) if one]
    return {key: sum(one[key] for one in found) for key in ("low", "value", "high")} if found else None


def _words(total: dict[str, float] | None) -> str:
    if total is None:
        return "unknown"
    if total["low"] == total["high"]:
        return f"{total['value']:,.4g}"
    return f"{total['value']:,.4g} ({total['low']:,.4g} to {total['high']:,.4g})"


def _rate_words(rate: Delivery | None) -> str:
    if rate is None or rate.ratio is None:
        return "not measured"
    return f"{rate.ratio:.2f}; next pledge {rate.p50:.2f} ({rate.p05:.2f} to {rate.p95:.2f})"

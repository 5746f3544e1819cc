"""What sponsors announced, contracted and paid, pledge by pledge, and the share of matured pledges that was paid."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from counterpoise.channels.capital.assets import present_day
from counterpoise.channels.capital.forms import belief_quantiles, delivery_belief, delivery_rate
from counterpoise.region import Figure, Region
from counterpoise.region._dates import bounds
from counterpoise.region._schema import ProjectStage
from counterpoise.region.draws import Assumptions, triangular, uniforms
from counterpoise.region.units import explain, factor

USD_PER_EUR = "capital:usd_per_eur"
STAGES = ("announced", "contracted", "disbursed")
# A pledge without a stated end is held to be due after two budget years.
MATURE_YEARS = 2.0
# Admiralty 4 (doubtful), 5 (improbable), 6 (cannot be judged): shown, but neither measured nor taken as an offer.
DOUBTFUL = 4


@dataclass(frozen=True, slots=True)
class Money:
    """A sum in USD mn with the range that its source and the exchange rate leave, and the rows behind it."""

    low: float
    value: float
    high: float
    rows: tuple[str, ...]

    def draws(self, seed: int, count: int) -> np.ndarray:
        """Triangular between low and high around the value, shape (count,)."""
        return triangular(uniforms(seed, ";".join(self.rows), count), self.low, self.value, self.high)


@dataclass(frozen=True, slots=True)
class Pledge:
    """One sponsor's money for one project: three numbers that are never added, `None` where none is on record.

    `promised` is the larger of what was announced and what was contracted, by rows that are not doubtful; `None` where
    there is no such row. `due` is the day by which it should have been paid: the stated end, else two years after it
    was first promised. `state` is `open`, `matured` (due, or called off) or `paid` (no sound promise is on record).
    `share` is paid over promised in [0, 1]; `None` where either is not on record.
    """

    sponsor: tuple[str, ...]
    host: tuple[str, ...]
    project: str
    name: str
    sector: str
    announced: Money | None
    contracted: Money | None
    disbursed: Money | None
    promised: Money | None
    since: str | None
    due: date | None
    state: str
    share: float | None
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a patron paid its matured pledges: `n` measured ones, their shares, and the belief they leave.

    `ratio` is money paid over money promised. `low_bound` and `high_bound` are the same ratio if of every matured
    pledge without a figure of payment (`unknown` of them) nothing, or all, was paid. `p05`, `p50`, `p95` are of the
    Beta belief in the share of a next pledge. All `None` where nothing was measured.
    """

    sponsor: str
    n: int
    unknown: int
    promised_usd_mn: float
    paid_usd_mn: float
    shares: tuple[float, ...]
    ratio: float | None
    low_bound: float | None
    high_bound: float | None
    p05: float | None
    p50: float | None
    p95: float | None
    rows: tuple[str, ...]

    @property
    def belief(self) -> tuple[float, float]:
        return delivery_belief(self.shares)


def members(region: Region, patron: str) -> set[str]:
    """The patron, what belongs to it and, where it is a bloc of states, its members: their money is its own.

    A development bank that the region says belongs to a state (`member_of`) counts as that state's.
    """
    rows = region.rows("actors")
    kinds = {row.id: row.kind for row in rows}
    found = {patron}
    if kinds.get(patron) == "bloc":
        found |= {row.id for row in rows if patron in row.member_of}
    states = {name for name in found if kinds.get(name) == "state"}
    banks = ("organisation", "firm")
    return found | {row.id for row in rows if row.kind in banks and states & set(row.member_of)}


def read_pledges(
    region: Region, sponsors: set[str] | None = None, host: str | None = None, mature_years: float = MATURE_YEARS
) -> list[Pledge]:
    """Every pledge with a sponsor among `sponsors` (all if left out) and this host, from projects and assistance.

    Parts of one project with names of their own add up within a stage; of several figures with one name the newest
    stands. Figures of assistance join the project their item names; those of a sponsor with no project in the host
    make pledges of their own by item; the others restate projects and are left to `beside`.
    """
    found: dict[tuple[str, tuple[str, ...]], list[ProjectStage]] = {}
    for row in region.rows("projects"):
        if (sponsors is None or sponsors & set(row.sponsor)) and (host is None or host in row.host):
            found.setdefault((row.project, tuple(row.sponsor)), []).append(row)
    rate, today = _rate(region), present_day(region)
    made = [_pledge(region, rows, rate, today, mature_years) for rows in found.values()]
    known = {(actor, country) for pledge in made for actor in pledge.sponsor for country in pledge.host}
    made += _from_facts(region, sponsors, host, known, rate, today, mature_years)
    # Only money is a pledge; lengths of road and concessions without a sum are not.
    return sorted(
        (p for p in made if p.announced or p.contracted or p.disbursed), key=lambda p: (p.sponsor, p.host, p.project)
    )


def measure_delivery(sponsor: str, pledges: Iterable[Pledge]) -> Delivery:
    """The delivery rate of one patron over pledges that have matured; unknown payments are no zeros."""
    matured = [p for p in pledges if p.state == "matured" and p.promised and p.promised.value > 0]
    measured = [p for p in matured if p.share is not None]
    blank = [p for p in matured if p.share is None]
    promised, paid, open_sum = _sum(measured), sum(_paid(p) for p in measured), _sum(blank)
    shares = tuple(float(p.share) for p in measured if p.share is not None)
    rows = tuple(row for p in measured for row in p.rows)
    if not measured:
        return Delivery(sponsor, 0, len(blank), 0.0, 0.0, (), None, None, None, None, None, None, ())
    p05, p50, p95 = belief_quantiles(delivery_belief(shares), [0.05, 0.5, 0.95]).tolist()
    whole = promised + open_sum
    ratio, low, high = paid / promised, paid / whole, (paid + open_sum) / whole
    return Delivery(sponsor, len(measured), len(blank), promised, paid, shares, ratio, low, high, p05, p50, p95, rows)


def debts(region: Region, creditors: set[str] | None, host: str | None) -> list[tuple[ProjectStage, Money]]:
    """The newest stock of debt of each host to each creditor, USD mn; a total of all creditors is never split."""
    newest: dict[tuple[str, tuple[str, ...], tuple[str, ...]], ProjectStage] = {}
    for row in region.rows("projects"):
        if row.stage != "stock" or (host is not None and host not in row.host):
            continue
        if creditors is not None and not creditors & set(row.sponsor):
            continue
        key = (row.project, tuple(row.sponsor), tuple(row.host))
        if key not in newest or _end(row) >= _end(newest[key]):
            newest[key] = row
    rate = _rate(region)
    found = [(row, money) for row in newest.values() if (money := _money([row], rate))]
    return sorted(found, key=lambda pair: pair[0].id)


def assistance(region: Region, sponsors: set[str] | None, host: str | None) -> list[Figure]:
    """Figures of assistance promised or paid, as the region states them, whether or not a pledge counts them."""
    figures = [f for quantity in QUANTITIES for f in region.find(quantity, subject=host)]
    return [figure for figure in figures if sponsors is None or figure.object in sponsors]


QUANTITIES = {
    "assistance_pledged": "announced",
    "assistance_pledged_eur": "announced",
    "assistance_disbursed": "disbursed",
    "assistance_disbursed_eur": "disbursed",
}


def _pledge(
    region: Region, rows: Sequence[ProjectStage], rate: tuple[float, float, float], today: date, mature_years: float
) -> Pledge:
    stages = {stage: _stage([row for row in rows if row.stage == stage], rate) for stage in STAGES}
    first = rows[0]
    for figure in assistance(region, set(first.sponsor), None):
        stage = QUANTITIES[figure.quantity]
        if figure.subject in first.host and _same(figure.item, first.project):
            stages[stage] = _widen(stages[stage], _of_figure(figure, rate))
    promises = [row for row in rows if row.stage in ("announced", "contracted") and row.as_of]
    return _judge(
        stages,
        (tuple(first.sponsor), tuple(first.host), first.project, first.name, first.sector),
        [str(row.as_of) for row in promises],
        [str(row.in_service) for row in promises if row.in_service],
        (today, mature_years, any(row.stage == "cancelled" for row in rows)),
        [_stage([r for r in rows if r.stage == s and r.credibility < DOUBTFUL], rate) for s in STAGES[:2]],
    )


def _from_facts(
    region: Region,
    sponsors: set[str] | None,
    host: str | None,
    known: set[tuple[str, str]],
    rate: tuple[float, float, float],
    today: date,
    mature_years: float,
) -> list[Pledge]:
    """Pledges by item of sponsors of whom the region tells no project in that host."""
    groups: dict[tuple[str, str, str], list[Figure]] = {}
    for figure in assistance(region, sponsors, host):
        if figure.object and figure.item and (figure.object, figure.subject) not in known:
            groups.setdefault((figure.object, figure.subject, figure.item), []).append(figure)
    made = []
    for (sponsor, subject, item), figures in groups.items():
        stages: dict[str, Money | None] = dict.fromkeys(STAGES)
        for stage in ("announced", "disbursed"):
            own = [figure for figure in figures if QUANTITIES[figure.quantity] == stage]
            # Figures are in order of their period: the last is the newest.
            stages[stage] = _of_figure(own[-1], rate) if own else None
        promises = [figure for figure in figures if QUANTITIES[figure.quantity] == "announced"]
        made.append(
            _judge(
                stages,
                ((sponsor,), (subject,), item, item, "assistance"),
                [figure.as_of for figure in promises if figure.as_of],
                [],
                (today, mature_years, False),
                [_of_figure(figure, rate) for figure in promises[-1:] if figure.credibility < DOUBTFUL],
            )
        )
    return made


def _judge(
    stages: dict[str, Money | None],
    label: tuple[tuple[str, ...], tuple[str, ...], str, str, str],
    promised_on: list[str],
    ends: list[str],
    clock: tuple[date, float, bool],
    sound: Sequence[Money | None],
) -> Pledge:
    today, mature_years, cancelled = clock
    since = min(promised_on, key=lambda period: bounds(period)[0], default=None)
    due = max((bounds(end)[1] for end in ends), default=None)
    if due is None and since is not None:
        due = date.fromordinal(bounds(since)[1].toordinal() + round(365.25 * mature_years))
    promised = max((money for money in sound if money), key=lambda money: money.value, default=None)
    state = "matured" if cancelled or (due is not None and due <= today) else "open"
    state = state if promised else "paid"
    paid = stages["disbursed"]
    share = None
    if promised and promised.value > 0 and (paid or cancelled):
        # What was called off before money came was not paid; a payment nobody reported is unknown.
        share = delivery_rate(promised.value, paid.value) if paid else 0.0
    rows = tuple(dict.fromkeys(row for money in stages.values() if money for row in money.rows))
    sums = (stages["announced"], stages["contracted"], paid, promised)
    return Pledge(*label, *sums, since, due, state, share, rows)


def _stage(rows: Sequence[ProjectStage], rate: tuple[float, float, float]) -> Money | None:
    """The sum over parts with names of their own, the newest figure of each."""
    parts: dict[str, ProjectStage] = {}
    for row in sorted(rows, key=_end):
        if _money([row], rate):
            parts[row.name] = row
    return _money(list(parts.values()), rate)


def _money(rows: Sequence[ProjectStage], rate: tuple[float, float, float]) -> Money | None:
    """Rows as one sum in USD mn; other units (lengths, shares) are no money."""
    sums = []
    for row in rows:
        scale = _scale(row.unit, rate)
        # A negative sum is money that went back: no payment of a pledge.
        if row.value is None or row.value < 0 or scale is None:
            continue
        low = row.value if row.low is None else row.low
        high = row.value if row.high is None else row.high
        sums.append((low * scale[0], row.value * scale[1], high * scale[2], row.id))
    if not sums:
        return None
    low, value, high = (sum(float(one[k]) for one in sums) for k in range(3))
    return Money(low, value, high, tuple(str(one[3]) for one in sums))


def _of_figure(figure: Figure, rate: tuple[float, float, float]) -> Money | None:
    scale = _scale(figure.unit, rate)
    if scale is None:
        return None
    low = figure.value if figure.low is None else figure.low
    high = figure.value if figure.high is None else figure.high
    return Money(low * scale[0], figure.value * scale[1], high * scale[2], (figure.id,))


def _widen(one: Money | None, other: Money | None) -> Money | None:
    """Two statements of one sum: the first stays likeliest, the range covers both."""
    if one is None or other is None:
        return one or other
    rows = tuple(dict.fromkeys((*one.rows, *other.rows)))
    return Money(min(one.low, other.low), one.value, max(one.high, other.high), rows)


def _scale(unit: str | None, rate: tuple[float, float, float]) -> tuple[float, float, float] | None:
    """Factors to USD mn at the low, middle and high exchange rate; `None` where the unit is no such money."""
    if unit and not explain(unit, "USD mn"):
        return (factor(unit, "USD mn"),) * 3
    if unit and rate[0] > 0 and not explain(unit, "EUR mn"):
        low, middle, high = (factor(unit, "EUR mn") * one for one in rate)
        return low, middle, high
    return None


def _rate(region: Region) -> tuple[float, float, float]:
    """Dollars for a euro; zeros where the region states none, and then sums in euro are left out."""
    stated = Assumptions(region, seed=0, count=1)
    return (0.0, 0.0, 0.0) if stated.missing(USD_PER_EUR) else stated.ends(USD_PER_EUR)


def _end(row: ProjectStage) -> date:
    return bounds(row.as_of)[1] if row.as_of else date.min


def _same(item: str | None, project: str) -> bool:
    return bool(item) and str(item).replace("-", "_") == project


def _sum(pledges: Sequence[Pledge]) -> float:
    return sum(p.promised.value for p in pledges if p.promised)


def _paid(pledge: Pledge) -> float:
    return (pledge.share or 0.0) * (pledge.promised.value if pledge.promised else 0.0)

"""The credibility of a guarantor towards a protege, from the dated tests of a region and published rates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from counterpoise.channels.security.belief import Array, Belief, Quiet, Trial, believe, prior
from counterpoise.channels.shape import Unknown
from counterpoise.region import Region
from counterpoise.region._schema import CommitmentTest
from counterpoise.region.draws import Assumptions, triangular

# The published rates that the prior mixes: before 1945 by treaty terms, all years, and since 1945. The other rates
# of the same studies are subsets of these (by type of treaty or period) and would count one finding twice.
PRIOR_RATES = ("1816-1944-specific-obligations", "all", "from-1945")
MEMORY, SPILLOVER = "security:memory", "security:spillover"
PRIOR_WORTH, QUIET_WEIGHT = "security:prior_observations", "security:quiet_weight"


@dataclass(frozen=True, slots=True)
class Credibility:
    """A belief in a guarantor's word by draw, with the rows and assumptions that it rests on."""

    belief: Belief
    before: Belief
    own_tests: int
    other_tests: int
    facts: tuple[str, ...]
    assumptions: tuple[str, ...]

    @property
    def draws(self) -> Array:
        """The chance that the next test is honoured, shape (draws,)."""
        return self.belief.credibility


def credibility(
    region: Region, guarantor: str, protege: str, on: date | None, draws: Assumptions, *, quiet: Quiet = "no_test"
) -> Credibility | Unknown:
    """How far a protege may trust a guarantor's word on a day, from dated tests and published rates of honouring.

    Every separate test up to `on` (left out: the as-of day, else the base day of the region) counts with its scope
    weight; tests by other proteges count with the spillover on top. Share honoured and weight are drawn between their
    low and high. A quiet year is no test; `quiet="kept"` is the other reading. Without published rates or ranges the
    answer is `Unknown`.

    Method: METHODS, security; prior rates of Leeds, Long and Mitchell 2000, Berkemeier and Fuhrmann 2018 (keys
    `leeds2000`, `berkemeier2018`).
    """
    rates = [figure for name in PRIOR_RATES for figure in region.find("honoured_alliance_rate", item=name)]
    names = (MEMORY, SPILLOVER, PRIOR_WORTH, *((QUIET_WEIGHT,) if quiet == "kept" else ()))
    needs = draws.missing(*names)
    if not rates:
        needs.append("honoured_alliance_rate: a published share of alliances honoured")
    if needs:
        return Unknown("the credibility of a guarantor has no prior", tuple(needs))
    day = on or region.as_of or _day(region.settings.base_date)
    tests = [row for row in _tests(region) if guarantor in row.guarantor and _day(row.date) <= day]
    start = prior([figure.value for figure in rates], draws.uniform("security:prior_rate"), draws.draw(PRIOR_WORTH))
    spill = draws.draw(SPILLOVER)
    belief = believe(
        start,
        [_trial(row, draws, 1.0 if protege in row.protege else spill) for row in tests],
        until=year_of(day),
        memory=draws.draw(MEMORY),
        quiet=quiet,
        since=_since(region, guarantor, protege, day),
        quiet_weight=draws.draw(QUIET_WEIGHT) if quiet == "kept" else 0.0,
    )
    own = sum(protege in row.protege for row in tests)
    facts = (*(row.id for row in tests), *(figure.id for figure in rates))
    return Credibility(belief, start, own, len(tests) - own, facts, names)


def year_of(day: date) -> float:
    """A day as a year with its fraction.

    >>> year_of(date(2023, 1, 1))
    2023.0
    """
    return day.year + (day.timetuple().tm_yday - 1) / 366.0


def _tests(region: Region) -> list[CommitmentTest]:
    """The tests that count: separate ones whose outcome and scope are stated."""
    rows: list[CommitmentTest] = region.rows("commitment_tests")
    return [row for row in rows if row.separate == "yes" and row.honoured is not None and row.weight is not None]


def _trial(row: CommitmentTest, draws: Assumptions, scope: Array | float) -> Trial:
    honoured = _spread(row.honoured, row.honoured_low, row.honoured_high, draws.uniform(f"{row.id}:honoured"))
    weight = _spread(row.weight, row.weight_low, row.weight_high, draws.uniform(f"{row.id}:weight"))
    return Trial(year_of(_day(row.date)), honoured, weight * scope)


def _spread(value: float | None, low: float | None, high: float | None, share: np.ndarray) -> Array:
    assert value is not None
    return np.asarray(triangular(share, value if low is None else low, value, value if high is None else high))


def _since(region: Region, guarantor: str, protege: str, day: date) -> float:
    """The year from which quiet years may count: that of the first promise between the two, else the day itself."""
    starts = [
        year_of(_day(row.from_))
        for row in region.rows("commitments")
        if guarantor in row.guarantor and protege in row.protege and row.from_
    ]
    return min([*starts, year_of(day)])


def _day(text: str | date) -> date:
    return text if isinstance(text, date) else date.fromisoformat(text)

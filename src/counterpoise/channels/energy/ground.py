"""Figures and assumptions of one country, drawn: what was used is remembered, and what is lacking."""

from __future__ import annotations

import numpy as np

from counterpoise.region import Figure, Pick, Region
from counterpoise.region.draws import Assumptions, draw_pick, uniforms

MONTHS = 12
DAYS = np.array([31, 28.25, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
HOURS = 24 * DAYS


class Ground:
    """Draws of figures and assumptions, shape (draws,), with the ids behind them.

    A missing one is NaN and goes to `needs`: the caller builds on, and says everything that is lacking at once.
    `inputs` holds what varies between draws, by name, for the choice of the draws to be solved.
    """

    def __init__(self, region: Region, assumptions: Assumptions) -> None:
        self.region = region
        self.count = assumptions.count
        self._assumptions = assumptions
        self.facts: dict[str, None] = {}
        self.assumed: dict[str, None] = {}
        self.needs: dict[str, None] = {}
        self.inputs: dict[str, np.ndarray] = {}
        self.notes: dict[str, None] = {}

    def fork(self) -> Ground:
        """A copy that remembers on its own from here: a question must not carry the ids of the one before it."""
        other = Ground(self.region, self._assumptions)
        for name in ("facts", "assumed", "needs", "inputs", "notes"):
            getattr(other, name).update(getattr(self, name))
        return other

    @property
    def nothing(self) -> np.ndarray:
        return np.full(self.count, np.nan)

    def has(self, name: str) -> bool:
        return not self._assumptions.missing(name)

    def name(self, name: str, *actors: str) -> str:
        """The most special row stated: `name:A:B`, then `name:A`, then `name`."""
        names = [":".join([name, *actors[:k]]) for k in range(len(actors), 0, -1)]
        return next((one for one in names if self.has(one)), name)

    def assume(self, name: str, *actors: str) -> np.ndarray:
        """Draws of an assumption; the row of its own for these actors goes before the general one."""
        chosen = self.name(name, *actors)
        if not self.has(chosen):
            self.needs[f"assumptions.csv: {chosen}"] = None
            return self.nothing
        self.assumed[chosen] = None
        return self._keep(chosen, self._assumptions.draw(chosen))

    def chance(self, name: str, *actors: str) -> np.ndarray:
        """True in the share of draws that the assumption states, shape (draws,)."""
        event = f"{self.name(name, *actors)}:event"
        happens = self.uniform(event) < self.assume(name, *actors)
        self._keep(event, happens.astype(float))
        return happens

    def uniform(self, name: str) -> np.ndarray:
        """Uniform draws for an event that is no assumption itself, shape (draws,)."""
        return self._assumptions.uniform(name)

    def drawn(self, pick: Pick | None, need: str) -> np.ndarray:
        """Draws of a picked figure, triangular between its bounds."""
        if pick is None:
            self.needs[need] = None
            return self.nothing
        self.facts.update(dict.fromkeys(pick.facts))
        draws = draw_pick(pick, self._assumptions.seed, self.count)
        return self._keep(";".join(pick.facts), draws)

    def between(self, row: str, low: float | None, value: float, high: float | None) -> np.ndarray:
        """Draws of a number that a row gives with bounds, evenly between them (bounds left out: the value)."""
        self.facts[row] = None
        low, high = (value if bound is None else bound for bound in (low, high))
        share = uniforms(self._assumptions.seed, row, self.count)
        return self._keep(row, low + (high - low) * share)

    def whole_year(
        self, quantity: str, subject: str, item: str = "", object: str | None = None, since: str | None = None
    ) -> list[Figure]:
        """Figures of whole years, oldest first."""
        found = self.region.find(quantity, subject=subject, object=object, item=item, since=since)
        return [figure for figure in found if figure.as_of and len(figure.as_of) == 4]

    def newest(self, quantity: str, subject: str, item: str = "", object: str | None = None) -> Pick | None:
        return self.region.pick(self.whole_year(quantity, subject, item, object), rule="newest")

    def newest_of(self, quantity: str, subject: str, object: str) -> Figure | None:
        """The newest figure about two actors, whatever its item and period."""
        pick = self.region.pick(self.region.find(quantity, subject=subject, object=object), rule="newest")
        if pick:
            self.facts.update(dict.fromkeys(pick.facts))
        return pick.used[0] if pick else None

    def mean(self, quantity: str, subject: str, item: str, years: int) -> Pick | None:
        """The mean of the last `years` whole years with the extreme years as bounds; one figure for each year."""
        by_year: dict[str, list[Figure]] = {}
        for figure in self.whole_year(quantity, subject, item):
            by_year.setdefault(str(figure.as_of), []).append(figure)
        picks = [self.region.pick(by_year[year], rule="most_credible") for year in sorted(by_year)[-years:]]
        return self.region.pick([pick.used[0] for pick in picks if pick], rule="mean")

    def profile(self, subject: str, item: str) -> np.ndarray | None:
        """Mean output by calendar month in GWh, shape (12,), `None` unless all months are on record."""
        values = []
        for month in range(1, MONTHS + 1):
            found = self.region.find("monthly_generation_profile", subject=subject, item=f"{item}.m{month:02d}")
            if not found:
                return None
            self.facts[found[-1].id] = None
            values.append(max(found[-1].value, 0.0))
        return np.array(values)

    def season(self, quantity: str, subject: str, item: str = "") -> np.ndarray:
        """Shares of the months in a year, shape (12,), summing to 1.

        From the profile by month where there is one, else from figures of first quarters, half-years and nine months
        that can be set against the year or each other (flat within each part), else by days; the notes say which.
        """
        profile = self.profile(subject, item or "total") if quantity == "electricity_generation" else None
        if profile is not None:
            return profile / profile.sum()
        ends = self._cumulative(quantity, subject, item)
        if len(ends) == 1:
            self.notes[f"{subject}: no figure of the season of {quantity} {item}".rstrip()] = None
        shares = np.zeros(MONTHS)
        last_month, last_share = 0, 0.0
        for month, share in sorted(ends.items()):
            part = slice(last_month, month)
            shares[part] = (share - last_share) * DAYS[part] / DAYS[part].sum()
            last_month, last_share = month, share
        return shares

    def has_season(self, quantity: str, subject: str, item: str = "") -> bool:
        """Whether figures of parts of a year are on record that can be set against the year."""
        return len(self._cumulative(quantity, subject, item)) > 1

    def _cumulative(self, quantity: str, subject: str, item: str) -> dict[int, float]:
        """Share of the year up to the end of a month, chained from the year down: {12: 1.0, 9: 0.79, 3: 0.18}."""
        totals: dict[int, dict[str, Figure]] = {}
        for figure in self.region.find(quantity, subject=subject, item=item):
            period = figure.as_of or ""
            year, month = period[:4], 12 if len(period) == 4 else 0
            for quarter in (3, 6, 9):
                if period == f"{year}-01/{year}-{quarter:02d}":
                    month = quarter
            if month:
                totals.setdefault(month, {})[year] = figure
        shares = {12: 1.0}
        below = 12
        for month in (9, 6, 3):
            years = sorted(set(totals.get(month, {})) & set(totals.get(below, {})))
            if years:
                part, whole = totals[month][years[-1]], totals[below][years[-1]]
                self.facts.update({part.id: None, whole.id: None})
                shares[month] = shares[below] * part.value / whole.value
                below = month
        return shares

    def _keep(self, name: str, draws: np.ndarray) -> np.ndarray:
        if np.ptp(draws) > 0:
            self.inputs[name] = draws
        return draws

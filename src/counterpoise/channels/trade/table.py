"""The base table of the trade channel: who sells what to whom in a year, sales at home included, as draws.

It starts from the latest year for which the region has a whole table (sector `all`). Where the region also has flows
net of re-exports for a later year, and output for both years, the table is carried forward: those pairs take their own
growth, all others that of their economies' output, balanced by RAS. Gas leaves the table: it belongs to energy.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from counterpoise._errors import SolveError, fault
from counterpoise.region import Figure, Region
from counterpoise.region.draws import Assumptions

NET_SECTOR = "goods-net-of-reexports"
OUTPUT_RATIO = "trade:output_ratio"
# What the energy channel counts a seller's gas at, in USD per 1000 m3: its own range for the pair, the seller, or all.
SALE_PRICE = "energy:gas_sale_usd"
# Below this flow in the base year a growth factor says nothing, and the later level is taken as it is (USD mn).
THIN_FLOW = 5.0
RAS_STEPS = 2000
RAS_TOLERANCE = 1e-10


@dataclass(frozen=True, slots=True)
class TradeTable:
    """Flows in USD mn of `year`: `low` and `high` bound what is uncertain and are drawn between, shape (n, n).

    `facts[i, j]` of a pair are the ids of the figures behind it; `notes` say which year, and what was adjusted.
    """

    economies: tuple[str, ...]
    year: int
    low: np.ndarray
    high: np.ndarray
    home_low: np.ndarray
    home_high: np.ndarray
    facts: dict[tuple[str, str], tuple[str, ...]]
    notes: tuple[str, ...]

    def draws(self, assumptions: Assumptions) -> np.ndarray:
        """Draws of the whole table, shape (draws, n, n): re-exports and output ratio vary, the same way for all."""
        flow = assumptions.uniform("trade:reexports")[:, None, None]
        flows = self.low + (self.high - self.low) * flow
        home = self.home_low + (self.home_high - self.home_low) * assumptions.position(OUTPUT_RATIO)[:, None]
        # Sales at home are output less exports: what re-exports leave the table, sales at home gain.
        home = home - (flows.sum(axis=2) - self.high.sum(axis=1))
        diagonal = np.arange(len(self.economies))
        flows[:, diagonal, diagonal] = home
        return flows


def base_table(region: Region) -> TradeTable | None:
    """The table of a region, `None` where it has none whole; refused (`E310`) where sales at home are not positive."""
    return _base_table(region)


@lru_cache(maxsize=8)
def _base_table(region: Region) -> TradeTable | None:
    flows = [f for f in region.find("trade_flow") if f.item == "all" and f.as_of]
    if not flows:
        return None
    year = max(int(f.as_of or 0) for f in flows)
    table = _read(region, [f for f in flows if f.as_of == str(year)], year)
    later = _carry_forward(region, table)
    return _without_gas(region, later or table)


def _read(region: Region, flows: list[Figure], year: int) -> TradeTable:
    economies = tuple(sorted({f.subject for f in flows} | {str(f.object) for f in flows}))
    index = {economy: k for k, economy in enumerate(economies)}
    size = len(economies)
    matrix, low, high = np.zeros((size, size)), np.zeros(size), np.zeros(size)
    facts: dict[tuple[str, str], tuple[str, ...]] = {}
    for flow in flows:
        i, j = index[flow.subject], index[str(flow.object)]
        facts[flow.subject, str(flow.object)] = (flow.id,)
        if i == j:
            low[i] = flow.value if flow.low is None else flow.low
            high[i] = flow.value if flow.high is None else flow.high
        else:
            matrix[i, j] = flow.value
    _refuse_home(economies, low)
    return TradeTable(economies, year, matrix, matrix, low, high, facts, (f"trade of {year}",))


def _carry_forward(region: Region, table: TradeTable) -> TradeTable | None:
    """The table in a later year's dollars, `None` where the region lacks the figures for it."""
    net = [f for f in region.find("trade_flow") if f.item == NET_SECTOR and f.as_of and int(f.as_of) > table.year]
    if not net:
        return None
    year = max(int(f.as_of or 0) for f in net)
    outputs = [_output(region, economy, table.year, year) for economy in table.economies]
    if any(pair is None for pair in outputs):
        return None
    growth = np.array([pair[1].value / pair[0].value for pair in outputs if pair])
    level = _price_level(region, table)
    pairs = {(f.subject, str(f.object)): f for f in net if f.as_of == str(year)}
    sides = [_grown(region, table, growth, level, pairs, side) for side in ("low", "high")]
    facts = dict(table.facts)
    for (exporter, importer), figure in pairs.items():
        before = _reported(region, exporter, importer, table.year)
        names = (figure.id, *([before.id] if before else []))
        facts[exporter, importer] = (*facts.get((exporter, importer), ()), *names)
    for economy, pair in zip(table.economies, outputs, strict=True):
        facts[economy, economy] = (*facts[economy, economy], *(f.id for f in pair or ()))
    exports = sides[1].sum(axis=1)
    output = [(home + table.low.sum(axis=1)) * level * growth for home in (table.home_low, table.home_high)]
    home_low, home_high = (value - exports for value in output)
    _refuse_home(table.economies, home_low)
    notes = (
        f"trade of {table.year} carried to {year}: {len(pairs)} pairs by their own growth net of re-exports, "
        "all others by the growth of output in dollars, balanced by RAS",
    )
    return TradeTable(table.economies, year, sides[0], sides[1], home_low, home_high, facts, notes)


def _grown(
    region: Region,
    table: TradeTable,
    growth: np.ndarray,
    level: float,
    pairs: dict[tuple[str, str], Figure],
    side: str,
) -> np.ndarray:
    """The flows of the later year: known pairs fixed, the rest balanced to the grown totals of their economies."""
    base = table.low * level
    index = {economy: k for k, economy in enumerate(table.economies)}
    fixed = np.zeros_like(base, dtype=bool)
    seed = base.copy()
    for (exporter, importer), figure in pairs.items():
        if exporter not in index or importer not in index:
            continue
        i, j = index[exporter], index[importer]
        later = figure.value if getattr(figure, side) is None else getattr(figure, side)
        before = _reported(region, exporter, importer, table.year)
        thick = before is not None and before.value >= THIN_FLOW
        seed[i, j] = base[i, j] * later / before.value if before and thick else later
        fixed[i, j] = True
    rows = base.sum(axis=1) * growth
    columns = base.sum(axis=0) * growth
    columns *= rows.sum() / columns.sum()
    known = np.where(fixed, seed, 0.0)
    free = _balance(np.where(fixed, 0.0, seed), rows - known.sum(axis=1), columns - known.sum(axis=0))
    return free + known


def _balance(seed: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """RAS: scale rows and columns of `seed` in turn until they sum to their totals; empty ones are left out."""
    active_rows, active_columns = seed.sum(axis=1) > 0, seed.sum(axis=0) > 0
    rows, columns = np.where(active_rows, rows, 0.0), np.where(active_columns, columns, 0.0)
    columns = columns * rows.sum() / columns.sum()
    table = seed
    for _ in range(RAS_STEPS):
        table = table * _ratio(rows, table.sum(axis=1))[:, None]
        table = table * _ratio(columns, table.sum(axis=0))[None, :]
        if np.max(np.abs(table.sum(axis=1) - rows)) <= RAS_TOLERANCE * rows.max():
            return table
    rule = "the totals of the trade table can be reached by scaling its rows and columns"
    found = f"no balance after {RAS_STEPS} steps"
    raise SolveError([fault("E311", where="trade.csv", found=found, rule=rule, fix="check the totals and the zeros")])


def _ratio(target: np.ndarray, now: np.ndarray) -> np.ndarray:
    return np.divide(target, now, out=np.zeros_like(now), where=now > 0)


def _without_gas(region: Region, table: TradeTable) -> TradeTable:
    """Take pipeline gas out where both its volume and its price are on record: what is bought, and what is sold."""
    low, high, facts = table.low.copy(), table.high.copy(), dict(table.facts)
    index = {economy: k for k, economy in enumerate(table.economies)}
    removed, absent = [], []
    for exporter, importer, value, names in [*_gas_bought(region, table.year), *_gas_sold(region, table.year)]:
        if not {exporter, importer} <= set(index) or (exporter, importer) in removed:
            continue
        i, j = index[exporter], index[importer]
        if value > low[i, j]:
            # The recorded flow is smaller than the gas alone: whoever recorded it left the gas out.
            absent.append(f"{importer} from {exporter}")
            continue
        # Some trade always stays.
        left_out = min(value, 0.9 * low[i, j])
        low[i, j] -= left_out
        high[i, j] -= left_out
        facts[exporter, importer] = (*facts.get((exporter, importer), ()), *names)
        removed.append((exporter, importer))
    texts = ", ".join(f"{importer} from {exporter}" for exporter, importer in removed)
    notes = [f"gas is left to the energy channel ({texts}); oil and gas of other pairs are still in the table"]
    notes += [f"gas not in the recorded flow, none taken out: {', '.join(absent)}"] if absent else []
    notes = [*table.notes, *notes] if removed or absent else [*table.notes]
    return TradeTable(table.economies, table.year, low, high, table.home_low, table.home_high, facts, tuple(notes))


GasFlow = tuple[str, str, float, tuple[str, ...]]


def _gas_bought(region: Region, year: int) -> list[GasFlow]:
    """Gas by exporter and importer in USD mn, from the importer's volumes and border prices."""
    found: list[GasFlow] = []
    for exporter, importer in sorted({(str(f.object), f.subject) for f in region.find("gas_imports")}):
        volume = _yearly(region, "gas_imports", importer, exporter, year)
        price = _yearly(region, "gas_border_price", importer, exporter, year)
        if volume and price:
            # A bcm at one dollar per thousand cubic metres is a million dollars.
            found.append((exporter, importer, volume.value * price.value, (volume.id, price.id)))
    return found


def _gas_sold(region: Region, year: int) -> list[GasFlow]:
    """Gas that the clients sell, in USD mn, from their volumes and the price at which the energy channel counts it."""
    prices = {row.id: (row.low + row.high) / 2 for row in region.rows("assumptions") if row.id.startswith(SALE_PRICE)}
    found: list[GasFlow] = []
    for exporter, importer in sorted({(f.subject, str(f.object)) for f in region.find("gas_exports")}):
        names = (f"{SALE_PRICE}:{exporter}:{importer}", f"{SALE_PRICE}:{exporter}", SALE_PRICE)
        price = next((prices[name] for name in names if name in prices), None)
        volume = _yearly(region, "gas_exports", exporter, importer, year)
        if exporter in region.settings.clients and volume and price is not None:
            found.append((exporter, importer, volume.value * price, (volume.id,)))
    return found


def _yearly(region: Region, quantity: str, subject: str, other: str, year: int) -> Figure | None:
    """The newest figure for a whole year not after `year`, plans left out."""
    found = [
        f
        for f in region.find(quantity, subject=subject, object=other, until=str(year))
        if f.as_of and len(f.as_of) == 4 and not (f.item or "").startswith("plan")
    ]
    pick = region.pick(found, rule="newest")
    return pick.used[0] if pick else None


def _output(region: Region, economy: str, first: int, last: int) -> tuple[Figure, Figure] | None:
    figures = {f.as_of: f for f in region.find("gdp", subject=economy)}
    return (figures[str(first)], figures[str(last)]) if {str(first), str(last)} <= set(figures) else None


def _reported(region: Region, exporter: str, importer: str, year: int) -> Figure | None:
    """What the reporting client itself recorded for a pair in the base year, from its exports or imports."""
    sold = [f for f in region.find("exports", subject=exporter, object=importer) if f.as_of == str(year) and not f.item]
    bought = [
        f for f in region.find("imports", subject=importer, object=exporter) if f.as_of == str(year) and not f.item
    ]
    pick = region.pick(sold or bought, rule="most_credible")
    return pick.used[0] if pick else None


def _price_level(region: Region, table: TradeTable) -> float:
    """What one unit of the base table is in dollars of its own year (the 2016 table is in prices of 2010)."""
    names = [row for row in region.rows("assumptions") if row.id.startswith(f"trade:deflator_{table.year}_to_")]
    return 1 / (names[0].mode or (names[0].low + names[0].high) / 2) if names else 1.0


def _refuse_home(economies: tuple[str, ...], home: np.ndarray) -> None:
    bad = [economy for economy, value in zip(economies, home, strict=True) if not value > 0]
    if bad:
        rule = "every economy sells something at home: output exceeds exports"
        fix = "raise the output ratio, or correct the exports"
        raise SolveError([fault("E310", where="trade.csv", found=f"{e}: none", rule=rule, fix=fix) for e in bad])

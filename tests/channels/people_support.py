"""Regions for the tests of offers and of the people channel: the small example region, or a copy, with rows added."""

from __future__ import annotations

import csv
from pathlib import Path

from counterpoise.channels.shape import Ask
from counterpoise.region import Region, open_region
from counterpoise.region.draws import Assumptions

# Every range without width, so that answers can be worked out by hand.
FIXED = {
    "people:reference_year": 2019.0,
    "people:pass_through": 1.1,
    "people:redirected_share": 0.4,
    "people:naturalised_share": 0.4,
    "people:naturalised_sends": 0.5,
    "people:remitted_share": 0.3,
    "people:labour_share": 0.5,
    "people:replaced_share_short": 0.2,
    "people:replaced_share_long": 0.8,
    "people:returning_share": 0.5,
    "people:jobless_share": 0.5,
    "people:returnee_cost_usd": 2000.0,
    "people:host_cost_share": 0.1,
    "people:offer_first_year_share": 0.25,
    "people:offer_lead_years": 2.0,
    "people:offer_chance:NRT": 0.5,
    "people:offer_growth:NRT": 0.4,
}
# id -> quantity, item, value, year; all of Lakeland from Northland.
TRANSFERS = {
    "t:net23": ("remittance_net_inflow", "noncommercial", 300.0, "2023"),
    "t:in23": ("remittance_inflow", "noncommercial", 330.0, "2023"),
    "t:all23": ("remittance_inflow", "", 900.0, "2023"),
}
MIGRANTS = {"t:migrants": ("diaspora_population", "migrants-resident", 50_000.0, "2022")}
OFFER = {
    "trade:offer_cost_factor": 0.9,
    "trade:offer_first_year_share": 0.25,
    "trade:offer_chance:NRT": 0.5,
    "trade:offer_lead_years": 3.0,
}


def people_region(
    folder: Path,
    *,
    facts: dict[str, tuple[str, str, float, str]] | None = None,
    ranges: dict[str, float | tuple[float, float]] | None = None,
    leave_out: tuple[str, ...] = (),
) -> Region:
    """The region in `folder` with these figures of Lakeland and Northland and `FIXED` (as changed by `ranges`)."""
    add_facts(folder, TRANSFERS if facts is None else facts)
    add_assumptions(folder, {k: v for k, v in {**FIXED, **(ranges or {})}.items() if k not in leave_out})
    return open_region(folder)


def add_facts(folder: Path, facts: dict[str, tuple[str, str, float, str]]) -> None:
    lines = []
    for name, (quantity, item, value, year) in facts.items():
        unit = "people" if quantity == "diaspora_population" else "USD mn"
        known = f"{int(year[:4]) + 1}-06-30"
        lines.append(
            f"{name},{quantity},LKE,NRT,{item},{value},,,{unit},{year},,{known},no,example_yearbook,2,reported,invented"
        )
    table = folder / "facts.csv"
    table.write_text(table.read_text(encoding="utf-8") + "\n".join(lines) + "\n", encoding="utf-8")


def add_assumptions(folder: Path, ranges: dict[str, float | tuple[float, float]]) -> None:
    """Write ranges into a region's assumptions, in place of rows of the same id."""
    table = folder / "assumptions.csv"
    with table.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        columns = list(reader.fieldnames or [])
        rows = [row for row in reader if row["id"] not in ranges]
    for name, value in ranges.items():
        low, high = value if isinstance(value, tuple) else (value, value)
        fixed = {"id": name, "channel": name.split(":")[0], "name": "invented", "low": low, "high": high}
        rows.append({**fixed, "shape": "uniform", "unit": "ratio", "kind": "judgement"})
    with table.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)


def ask(region: Region, horizon: str, *, patron: str = "NRT", client: str = "LKE", count: int = 40) -> Ask:
    return Ask(region, patron, client, horizon, Assumptions(region, seed=2, count=count))

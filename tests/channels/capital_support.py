"""The small example region with money in it: figures, projects, and ranges without width for answers by hand."""

from __future__ import annotations

from pathlib import Path

from counterpoise.channels.shape import Ask
from counterpoise.region import Region, open_region
from counterpoise.region._package import write_package
from counterpoise.region.draws import Assumptions
from tests.channels.people_support import add_assumptions

FIXED = {
    "capital:demand_share": 0.5,
    "capital:replaced_share": 0.4,
    "capital:decay": 0.1,
    "capital:return": 0.1,
    "capital:sender_return_premium": 0.05,
    "capital:hostile_loss": 0.2,
    "capital:asset_income": 0.1,
    "capital:usd_per_eur": 1.1,
    "capital:delivery_rate": 0.3,
    "capital:lead_years": 4.0,
}
FLOWS = ["fdi_inflow,LKE,NRT,,100,USD mn,2023", "oda_net,LKE,NRT,,40,USD mn 2022,2022"]
RAILWAY = "ownership_share,LKE,NRT,lake-railway,60,%,2020"
PROJECTS = (
    "id,project,name,sponsor,host,sector,stage,value,low,high,unit,as_of,in_service,life_years,concession_years,"
    "known,known_derived,source,credibility,kind,note"
)


def capital_region(
    folder: Path,
    facts: list[str] | None = None,
    projects: list[str] | None = None,
    ranges: dict[str, float | tuple[float, float]] | None = None,
    leave_out: tuple[str, ...] = (),
) -> Region:
    """The example region with these facts (`quantity,subject,object,item,value,unit,as_of`) and project stages.

    A stage is `project,name,sponsor,stage,value,unit,as_of` with LKE as host; `in_service,credibility,sector` may
    follow.
    """
    lines = []
    for number, line in enumerate(facts or []):
        quantity, subject, other, item, value, unit, as_of = line.split(",")
        lines.append(
            f"t:f{number},{quantity},{subject},{other},{item},{value},,,{unit},{as_of},,2024-06-30,no,"
            "example_yearbook,2,reported,invented"
        )
    table = folder / "facts.csv"
    table.write_text(table.read_text(encoding="utf-8") + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    if projects:
        stages = [PROJECTS]
        for number, line in enumerate(projects):
            project, name, sponsor, stage, value, unit, as_of, *more = line.split(",")
            in_service, credibility, sector = [*more, *("", "2", "transport")[len(more) :]]
            stages.append(
                f"t:p{number},{project},{name},{sponsor},LKE,{sector},{stage},{value},,,{unit},{as_of},{in_service},,,"
                f"2024-06-30,no,example_yearbook,{credibility},reported,invented"
            )
        (folder / "projects.csv").write_text("".join(f"{line}\n" for line in stages), encoding="utf-8")
    add_assumptions(folder, {k: v for k, v in {**FIXED, **(ranges or {})}.items() if k not in leave_out})
    write_package(folder)
    return open_region(folder)


def ask(region: Region, horizon: str = "short", *, patron: str = "NRT", client: str = "LKE", count: int = 40) -> Ask:
    return Ask(region, patron, client, horizon, Assumptions(region, seed=2, count=count))

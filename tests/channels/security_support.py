"""Small regions for the tests of the security channel: the example region with promises, tests, fleets and ranges."""

from __future__ import annotations

from pathlib import Path

from counterpoise.region import Region, open_region
from counterpoise.region._package import write_package
from tests.channels.people_support import add_assumptions

SOURCE = "example_yearbook"
TEST_COLUMNS = "id,date,guarantor,protege,honoured,honoured_low,honoured_high,weight,weight_low,weight_high,separate,"
TEST_COLUMNS += "known,known_derived,source,credibility,kind,note"
PROMISE_COLUMNS = "id,guarantor,protege,instrument,form,from,to,ambiguity,ambiguity_low,ambiguity_high,"
PROMISE_COLUMNS += "known,known_derived,source,credibility,kind,note"
FLEET_COLUMNS = "id,owner,class,number,number_low,number_high,salvo,salvo_low,salvo_high,defence,defence_low,"
FLEET_COLUMNS += "defence_high,staying_power,staying_low,staying_high,known,known_derived,source,credibility,kind,note"
HALF = "t:rate,honoured_alliance_rate,WLD,,all,0.5,,,share,1816/2003,,2018-04-30,no,example_yearbook,2,measured,"


def security_region(
    folder: Path,
    *,
    tests: tuple[str, ...] = (),
    promises: tuple[str, ...] = (),
    fleets: tuple[str, ...] = (),
    facts: tuple[str, ...] = (HALF,),
    ranges: dict[str, float | tuple[float, float]],
) -> Region:
    """The region in `folder` with these rows added, and a world to which published rates belong."""
    for name, columns, rows in (
        ("commitment_tests", TEST_COLUMNS, tests),
        ("commitments", PROMISE_COLUMNS, promises),
        ("fleets", FLEET_COLUMNS, fleets),
    ):
        if rows:
            (folder / f"{name}.csv").write_text("\n".join([columns, *rows, ""]), encoding="utf-8")
    _append(folder / "facts.csv", facts)
    _append(folder / "actors.csv", ("WLD,World,,organisation,,,",))
    add_assumptions(folder, ranges)
    write_package(folder)
    return open_region(folder)


def trial(name: str, day: str, guarantor: str, protege: str, honoured: float, *, separate: str = "yes") -> str:
    """A test of a promise that lay wholly within its scope."""
    return f"{name},{day},{guarantor},{protege},{honoured},,,1,,,{separate},{day},no,{SOURCE},2,judgement,invented"


def promise(
    name: str, guarantor: str, protege: str, ambiguity: float, *, since: str = "2000-01-01", to: str = ""
) -> str:
    """A promise with no range about its ambiguity."""
    known = f"{since},no,{SOURCE},2,judgement,invented"
    return f"{name},{guarantor},{protege},treaty,defence pact,{since},{to},{ambiguity},,,{known}"


def boats(name: str, owner: str, kind: str, number: float, salvo: float, defence: float, staying: float) -> str:
    """A class of ship without ranges."""
    known = f"2020-01-01,no,{SOURCE},2,judgement,invented"
    return f"{name},{owner},{kind},{number},,,{salvo},,,{defence},,,{staying},,,{known}"


def _append(table: Path, rows: tuple[str, ...]) -> None:
    table.write_text(table.read_text(encoding="utf-8") + "".join(f"{row}\n" for row in rows), encoding="utf-8")

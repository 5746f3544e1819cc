"""Leverage by year: each year sees its own figures, and what moved it adds up."""

from __future__ import annotations

from typing import Any

import pytest

from counterpoise._errors import InputError
from counterpoise.leverage import LeverageYears, leverage_by_year, over_years
from counterpoise.leverage._past import CALENDAR, began_in, in_year
from counterpoise.leverage._years import parse_years
from counterpoise.region import Region
from tests.support import run_json


@pytest.fixture(scope="module")
def people(caucasus: Region) -> LeverageYears:
    return leverage_by_year(caucasus, "ARM", "RUS", [2016, 2023], channel="people", draws=30)


def test_a_year_sees_nothing_that_describes_a_later_one(caucasus: Region) -> None:
    seen = in_year(caucasus, 2019)
    assert seen.settings.base_date == "2019-12-31"
    for table in ("facts", "trade", "plants", "link_status", "commitments"):
        years = [began_in(table, row) for row in seen.rows(table)]
        assert all(year is None or year <= 2019 for year in years)
    assert len(seen.rows("facts")) < len(caucasus.rows("facts"))


def test_a_group_may_be_as_late_as_the_later_year_and_the_rest_may_not(caucasus: Region) -> None:
    mixed = in_year(caucasus, 2016, later={"gdp"}, later_year=2023)
    assert max(int(f.as_of[:4]) for f in mixed.find("gdp") if f.as_of) == 2023
    assert max(int(f.as_of[:4]) for f in mixed.find("remittance_inflow") if f.as_of) == 2016
    assert mixed.settings.base_date == "2016-12-31"
    assert in_year(caucasus, 2016, later={CALENDAR}, later_year=2023).settings.base_date == "2023-12-31"


def test_the_exposure_through_transfers_fell_as_they_fell_and_gdp_rose(people: LeverageYears) -> None:
    change = next(row for row in people.changes if row["horizon"] == "short")
    assert (change["from"], change["to"]) == (2016, 2023)
    assert change["points"] < 0
    named = {part["what"]: part for part in change["parts"]}
    assert named["gdp"]["points"] < 0
    assert all(part["facts"]["after"] for part in (named["gdp"], named["remittance_net_inflow"]))


def test_parts_and_what_is_left_add_up_to_the_change(people: LeverageYears) -> None:
    for change in people.changes:
        parts = sum(part["points"] for part in change["parts"])
        assert parts + change["together"] == pytest.approx(change["after"] - change["before"])
        assert change["points"] == pytest.approx(change["after"] - change["before"])


def test_a_year_without_gdp_is_unknown_and_says_what_is_lacking(caucasus: Region) -> None:
    found = leverage_by_year(caucasus, "ARM", "RUS", [2015, 2016], channel="people", draws=10)
    states = {(year, cell.horizon): cell for year, cell in found.cells}
    assert states[2015, "short"].state == "unknown"
    assert "gdp of ARM" in states[2015, "short"].to_dict()["needs"]
    assert states[2016, "short"].state == "number"
    assert not found.changes


def test_the_step_of_the_total_is_split_by_channels(caucasus: Region) -> None:
    found = leverage_by_year(caucasus, "ARM", "IRN", [2022, 2023], channel="total", draws=10)
    assert {cell.channel for _, cell in found.cells} == {"total"}
    for change in found.changes:
        assert {part["what"] for part in change["parts"]} <= {"trade", "energy", "transit", "people", "security"}
        parts = sum(part["points"] for part in change["parts"])
        assert parts + change["together"] == pytest.approx(change["points"])


@pytest.mark.parametrize(("text", "years"), [("2016", (2016,)), ("2016, 2019-2021", (2016, 2019, 2020, 2021))])
def test_years_are_read_from_text(text: str, years: tuple[int, ...]) -> None:
    assert parse_years(text) == years


@pytest.mark.parametrize("text", ["", "twenty", "16", "2016-2018-2020", "2016,,2019"])
def test_other_text_is_no_years(text: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_years(text)
    assert caught.value.code == "E204"


def test_a_state_that_is_no_client_is_e610_with_the_clients_named(
    caucasus: Region, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(InputError) as caught:
        leverage_by_year(caucasus, "TUR", "RUS", [2016])
    assert [fault.code for fault in caught.value.faults] == ["E610"]
    code, document = run_json(capsys, "leverage", "south-caucasus", "--client", "TUR", "--patron", "RUS")
    assert (code, document["error"]["code"]) == (2, "E610")
    assert "ARM, AZE, GEO" in str(document["error"])


def test_years_ahead_are_e611_and_years_out_of_order_e204(caucasus: Region) -> None:
    for years, code in (([2050], "E611"), ([2020, 2016], "E204"), ([], "E204")):
        with pytest.raises(InputError) as caught:
            leverage_by_year(caucasus, "ARM", "RUS", years)
        assert caught.value.code == code
    with pytest.raises(InputError) as caught:
        over_years(caucasus, "ARM", "TUR", "2027-2030", channel="energy")
    assert caught.value.code == "E611"


def test_a_channel_that_is_none_and_a_pair_left_out_are_e204(caucasus: Region) -> None:
    with pytest.raises(InputError) as caught:
        leverage_by_year(caucasus, "ARM", "RUS", [2016], channel="money")
    assert caught.value.code == "E204"
    with pytest.raises(InputError) as caught:
        over_years(caucasus, None, "RUS", "2016")
    assert caught.value.code == "E204"


def test_the_command_gives_years_and_changes(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--client", "ARM", "--patron", "RUS", "--years", "2019,2023", "--channel", "capital", "--draws", "10"]
    code, document = run_json(capsys, "leverage", "south-caucasus", *arguments)
    assert code == 0
    assert {row["year"] for row in document["leverage_by_year"]} == {2019, 2023}
    assert {"from", "to", "channel", "horizon", "points", "parts", "together"} <= set(document["changes"][0])


@pytest.mark.slow
def test_energy_has_a_dated_path_ahead(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--client", "ARM", "--patron", "RUS", "--years", "2026-2028", "--channel", "energy", "--draws", "10"]
    code, document = run_json(capsys, "leverage", "south-caucasus", *arguments)
    assert code == 0
    rows: list[dict[str, Any]] = document["reactor_path"]
    assert {row["year"] for row in rows} == {2026, 2027, 2028}

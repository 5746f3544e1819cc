"""Pledges: announced, contracted and paid are three numbers, unknown is no zero, and what fell due is measured."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from counterpoise._errors import InputError
from counterpoise.channels.capital.measure import measure_pledges
from counterpoise.cli import main
from counterpoise.region import Region
from tests.channels.capital_support import capital_region

BRIDGE = [
    "bridge,Bridge,NRT,announced,200,USD mn,2018-03",
    "bridge,Bridge,NRT,contracted,150,USD mn,2019-01",
    "bridge,Bridge,NRT,disbursed,50,USD mn,2021",
]
PORT = ["port,Port,NRT,announced,100,USD mn,2020-01", "port,Port,NRT,disbursed,0,USD mn,2022"]


def test_the_three_numbers_stand_apart_and_are_never_added(lakeland: Path) -> None:
    found = measure_pledges(capital_region(lakeland, projects=BRIDGE), sponsor="NRT")
    total = found.totals()[0]
    assert [total[stage]["value"] for stage in ("announced", "contracted", "disbursed")] == [200, 150, 50]
    assert found.pledges[0].share == 0.25
    assert found.pledges[0].state == "matured"


def test_the_rate_is_money_paid_over_money_promised_and_the_belief_counts_pledges(lakeland: Path) -> None:
    rate = measure_pledges(capital_region(lakeland, projects=BRIDGE + PORT), sponsor="NRT").rate_of("NRT")
    assert rate is not None
    assert (rate.n, rate.unknown, rate.shares) == (2, 0, (0.25, 0.0))
    assert rate.ratio == pytest.approx(50 / 300)
    assert rate.belief == (0.75, 2.25)
    assert rate.p05 is not None
    assert rate.p95 is not None
    assert rate.p05 < rate.ratio < rate.p95


def test_a_matured_pledge_without_a_figure_of_payment_is_unknown_and_only_widens_the_bounds(lakeland: Path) -> None:
    projects = [*BRIDGE, "road,Road,NRT,announced,100,USD mn,2019"]
    rate = measure_pledges(capital_region(lakeland, projects=projects), sponsor="NRT").rate_of("NRT")
    assert rate is not None
    assert (rate.n, rate.unknown) == (1, 1)
    assert rate.ratio == 0.25
    assert (rate.low_bound, rate.high_bound) == (pytest.approx(50 / 300), pytest.approx(150 / 300))


def test_a_pledge_is_due_at_its_stated_end_or_two_years_after_it_was_made(lakeland: Path) -> None:
    projects = [
        "young,Young,NRT,announced,10,USD mn,2023-01",
        "old,Old,NRT,announced,10,USD mn,2021-01",
        "slow,Slow,NRT,announced,10,USD mn,2015,2030",
        "off,Off,NRT,announced,10,USD mn,2024-01",
        "off,Off,NRT,cancelled,10,USD mn,2024-03",
    ]
    region = capital_region(lakeland, projects=projects)
    state = {p.project: (p.state, p.share) for p in measure_pledges(region).pledges}
    assert state == {
        "young": ("open", None),
        "old": ("matured", None),
        "slow": ("open", None),
        "off": ("matured", 0.0),
    }
    sooner = {p.project: p.state for p in measure_pledges(region, mature_years=1).pledges}
    assert sooner["young"] == "matured"


def test_parts_of_a_project_add_up_and_of_two_figures_of_one_part_the_newest_stands(lakeland: Path) -> None:
    projects = [
        "reactor,Loan,NRT,contracted,270,USD mn,2015",
        "reactor,Grant,NRT,contracted,20,USD mn,2015",
        "reactor,Grant,NRT,contracted,30,USD mn,2016",
        "reactor,Reactor,NRT,disbursed,189,USD mn,2023",
        "reactor,Debt,NRT,disbursed,-40,USD mn,2023",
    ]
    pledge = measure_pledges(capital_region(lakeland, projects=projects)).pledges[0]
    assert pledge.contracted is not None
    assert pledge.contracted.value == 300
    assert pledge.share == pytest.approx(0.63)


def test_lengths_are_no_money_and_a_doubtful_sum_is_shown_and_not_measured(lakeland: Path) -> None:
    projects = [
        "road,Road,NRT,announced,32,km,2015",
        "rumour,Rumour,NRT,announced,900,USD mn,2015,,5",
        "rumour,Rumour,NRT,disbursed,0,USD mn,2020",
    ]
    found = measure_pledges(capital_region(lakeland, projects=projects), sponsor="NRT")
    assert [p.project for p in found.pledges] == ["rumour"]
    assert found.pledges[0].promised is None
    rate = found.rate_of("NRT")
    assert rate is not None
    assert (rate.n, rate.ratio, rate.p50) == (0, None, None)


def test_euro_are_turned_at_the_stated_range_and_left_out_without_one(lakeland: Path) -> None:
    projects = ["bridge,Bridge,NRT,announced,0.1,EUR bn,2018"]
    region = capital_region(lakeland, projects=projects, ranges={"capital:usd_per_eur": (1.0, 1.2)})
    announced = measure_pledges(region).pledges[0].announced
    assert announced is not None
    assert (announced.low, announced.value, announced.high) == pytest.approx((100, 110, 120))


def test_without_an_exchange_rate_a_sum_in_euro_is_left_out(lakeland: Path) -> None:
    projects = ["bridge,Bridge,NRT,announced,100,EUR mn,2018"]
    region = capital_region(lakeland, projects=projects, leave_out=("capital:usd_per_eur",))
    assert measure_pledges(region).pledges == []


def test_assistance_makes_pledges_only_of_a_sponsor_without_projects_there(lakeland: Path) -> None:
    facts = [
        "assistance_pledged,LKE,STH,schools,80,USD mn,2019",
        "assistance_disbursed,LKE,STH,schools,60,USD mn,2022",
        "assistance_pledged,LKE,NRT,bridge,220,USD mn,2018",
        "assistance_pledged,LKE,NRT,again,200,USD mn,2018",
    ]
    found = measure_pledges(capital_region(lakeland, facts, BRIDGE))
    south = found.rate_of("STH")
    assert south is not None
    assert south.shares == (0.75,)
    north = next(p for p in found.pledges if p.sponsor == ("NRT",))
    # The figure that names the project widens its range; the one that does not is left aside and shown.
    assert north.announced is not None
    assert (north.announced.value, north.announced.high) == (200, 220)
    assert [figure.item for figure in found.beside] == ["again"]


def test_debts_are_listed_by_creditor(lakeland: Path) -> None:
    projects = ["debt_nrt,Debt,NRT,stock,1000,USD mn,2022", "debt_nrt,Debt,NRT,stock,900,USD mn,2023"]
    body = measure_pledges(capital_region(lakeland, projects=projects)).body()
    assert [(row["creditor"], row["usd_mn"]["value"]) for row in body["debts"]] == [(["NRT"], 900)]
    assert body["pledges"] == []


def test_an_unknown_actor_and_years_out_of_range_are_named_at_once(caucasus: Region) -> None:
    with pytest.raises(InputError) as refused:
        measure_pledges(caucasus, sponsor="ATL", mature_years=-1)
    assert [one.code for one in refused.value.faults] == ["E204", "E450"]


def test_in_the_south_caucasus_little_of_what_fell_due_has_come(caucasus: Region) -> None:
    found = measure_pledges(caucasus)
    for patron in ("RUS", "USA", "EU"):
        rate = found.rate_of(patron)
        assert rate is not None
        assert rate.n >= 1
        assert rate.ratio is not None
        assert 0 < rate.ratio < 0.6
        assert all(caucasus.row(row) is not None for row in rate.rows)
    china = found.rate_of("CHN")
    assert china is not None
    assert china.ratio is None


def test_a_payment_is_not_seen_before_it_was_known(caucasus: Region) -> None:
    before = measure_pledges(caucasus.at("2023-06-30"), sponsor="EU").rate_of("EU")
    assert before is not None
    assert before.n == 0


def test_the_command_prints_one_document_with_the_three_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pledges", "south-caucasus", "--sponsor", "RUS", "--host", "ARM", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert {"pledges", "totals", "delivery", "debts", "assistance_not_counted", "meta"} <= set(answer)
    assert answer["delivery"][0]["sponsor"] == "RUS"
    assert all({"announced", "contracted", "disbursed"} <= set(row) for row in answer["pledges"])
    assert main(["pledges", "south-caucasus", "--sponsor", "RUS"]) == 0
    assert "next pledge" in capsys.readouterr().out

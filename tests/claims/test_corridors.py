"""Checks on corridors: what they find in the South Caucasus, and that closing or opening links turns them."""

from __future__ import annotations

from typing import Any

import pytest

from counterpoise.claims import Verdict, judge_claims
from counterpoise.claims._measure import Study
from counterpoise.claims._verdict import Part
from counterpoise.claims.checks.corridor_worth import guarded, knits
from counterpoise.claims.checks.corridors import on_the_way, only_way, place_lost
from counterpoise.claims.checks.waters import sea_lane
from counterpoise.region import Region

BOUND = ["S000-09", "S000-11", "S000-12", "S000-14", "S000-17", "S000-47"]
DRAWS = 1000


@pytest.fixture(scope="module")
def parts(caucasus: Region) -> dict[str, tuple[Part, ...]]:
    return {claim: judged(caucasus, claim).parts for claim in BOUND}


def judged(region: Region, claim: str) -> Verdict:
    return judge_claims(region, claim=claim, draws=DRAWS).verdicts[0]


def shut(region: Region, *links: str) -> Region:
    """The region with links closed for good."""
    changes: dict[str, Any] = {name: {"status": "closed"} for name in links}
    changes |= {row.id: None for row in region.rows("link_status") if row.link in links}
    return region.what_if(changes)


def own_caspian_links(region: Region) -> list[str]:
    return [row.id for row in region.rows("links") if "caspian_sea" in row.tags and "AZE" in row.control]


def test_every_part_rests_on_rows_names_its_switches_and_says_what_would_flip_it(
    caucasus: Region, parts: dict[str, tuple[Part, ...]]
) -> None:
    for claim, found in parts.items():
        for part in found:
            assert part.probability is not None, claim
            assert part.break_even is not None
            assert part.caveats
            assert part.evidence
            assert all(caucasus.row(name) is not None for name in part.evidence), claim


def test_western_freight_takes_the_south_caucasus_only_when_russia_and_iran_are_shut(
    parts: dict[str, tuple[Part, ...]],
) -> None:
    free, forced = parts["S000-09"]
    assert (free.verdict, forced.verdict) == ("contradicted", "supported")
    assert free.break_even is not None
    assert 1000 < free.break_even["values"][0] < 2500


def test_azerbaijans_shore_is_worth_its_place_only_while_others_are_avoided(
    parts: dict[str, tuple[Part, ...]],
) -> None:
    avoided, free = parts["S000-11"]
    assert (avoided.verdict, free.verdict) == ("supported", "contradicted")
    assert avoided.numbers["share without these links"]["p95"] == 0


def test_azerbaijan_and_georgia_are_on_every_way_unless_the_ocean_counts(
    parts: dict[str, tuple[Part, ...]],
) -> None:
    land, ocean = parts["S000-12"]
    assert (land.verdict, ocean.verdict) == ("supported", "contradicted")
    assert land.numbers["on every way in all settings"] == ["AZE", "GEO"]
    assert land.numbers["a way round it"] == []
    assert any("malacca" in link for link in ocean.numbers["a way round it"])


def test_without_any_way_left_nobody_is_needed(caucasus: Region) -> None:
    closed = shut(caucasus, *own_caspian_links(caucasus))
    land, _ = judged(closed, "S000-12").parts
    assert land.probability == 0


def test_lanes_from_russia_to_iran_cross_the_sector_but_seldom_the_territorial_waters(
    parts: dict[str, tuple[Part, ...]],
) -> None:
    sector, zone = parts["S000-14"]
    assert sector.verdict == "supported"
    assert zone.probability is not None
    assert zone.probability < 0.3
    assert sector.break_even is not None
    assert zone.break_even is not None
    assert min(sector.break_even["values"]) > max(zone.break_even["values"])


def test_a_lane_that_nobody_sails_crosses_nothing_and_one_unknown_leaves_the_part_open(caucasus: Region) -> None:
    lanes = ["sea_olya_amirabad", "sea_olya_anzali", "sea_astrakhan_amirabad", "sea_astrakhan_anzali"]
    none = judged(shut(caucasus, *lanes), "S000-14")
    assert none.verdict == "contradicted"
    asked: dict[str, Any] = {"country": "AZE", "coast": ["@caspian"], "cape": "dubendi", "clearance_km": [10, 20]}
    asked |= {"detour_km": [0, 10], "zone_sea_miles": 15, "sector": "a", "zone": "b"}
    study = Study(caucasus, 0, DRAWS)
    assert sea_lane(study, lanes=["sea_nowhere"], **asked)[0].lacks == ("sea_nowhere",)


def test_far_enough_from_the_cape_a_lane_stays_outside(caucasus: Region) -> None:
    asked: dict[str, Any] = {"country": "AZE", "coast": ["@caspian"], "cape": "dubendi", "detour_km": [0, 0]}
    asked |= {"zone_sea_miles": 15, "sector": "a", "zone": "b", "lanes": ["sea_olya_amirabad"]}
    study = Study(caucasus, 0, DRAWS)
    near, far = (sea_lane(study, clearance_km=[km, km], **asked) for km in (20, 200))
    assert (near[0].probability, near[1].probability) == (1.0, 0.0)
    assert far[0].probability == 0.0


def test_guarding_the_caspian_leg_pays_from_about_one_per_cent_of_hazard(
    caucasus: Region, parts: dict[str, tuple[Part, ...]]
) -> None:
    (part,) = parts["S000-17"]
    assert part.break_even is not None
    assert 0.005 < part.break_even["values"][0] < 0.03
    assert part.numbers["saved USD/TEU with every way open"]["p95"] == pytest.approx(0)
    closed = judged(shut(caucasus, *own_caspian_links(caucasus)), "S000-17").parts[0]
    assert closed.probability == 0
    assert closed.break_even is not None
    assert closed.break_even["values"] == []


def test_opened_links_make_freight_cheaper_and_barely_move_trade(
    caucasus: Region, parts: dict[str, tuple[Part, ...]]
) -> None:
    cost, trade = parts["S000-47"]
    assert cost.numbers["fall of freight cost within the group"]["p50"] > 0.02
    assert trade.verdict == "contradicted"
    assert 0 < trade.numbers["growth of trade within the group"]["p50"] < 0.02
    tagged = [row.id for row in caucasus.rows("links") if {"tripp", "arm_tur"} & {*row.tags}]
    changes: dict[str, Any] = {name: {"status": "open"} for name in [*tagged, "margara", "alican"]}
    changes |= {row.id: None for row in caucasus.rows("link_status") if row.link in tagged}
    done = judged(caucasus.what_if(changes), "S000-47")
    assert done.parts[0].probability == 0, "what is open already brings nothing more"


def test_checks_on_a_region_without_a_network_are_open(caucasus: Region) -> None:
    bare = caucasus.what_if({row.id: None for row in [*caucasus.rows("links"), *caucasus.rows("places")]})
    study = Study(bare, 0, DRAWS)
    ends: dict[str, Any] = {"origins": ["almaty"], "destinations": ["mersin"]}
    found = on_the_way(study, **ends, countries=["AZE"], share=[0.2, 0.8], shut=["RUS"], all_open="a", others_shut="b")
    found += place_lost(study, country="AZE", links="@caspian_sea", fall=[0.2, 0.8], parts=[{"statement": "c", **ends}])
    found += only_way(
        study,
        origins="almaty",
        destinations="mersin",
        avoiding=["RUS"],
        needed="AZE",
        parts=[{"statement": "d", "avoid_links": ""}],
        cargoes=["container"],
        days=["2026-01-15"],
    )
    found += guarded(
        study,
        links="@caspian_sea",
        country="AZE",
        **ends,
        shut=["RUS"],
        volume={"subject": "TITR", "item": "titr"},
        tonnes_per_teu=[10, 16],
        hazard_fall=[0.001, 0.05],
        cost_usd_mn_year=[2, 10],
        statement="e",
    )
    found += knits(
        study,
        opened="@tripp",
        economies=["ARM", "TUR"],
        cheaper=[0.02, 0.1],
        growth=[0.05, 0.15],
        cost_statement="f",
        trade_statement="g",
    )
    assert [part.statement for part in found] == ["a", "b", "c", "d", "e", "f", "g"]
    assert all(part.verdict == "open" and part.lacks for part in found)

"""The network of Eurasia: what it answers, how far its times are from published ones, and how fast."""

from __future__ import annotations

import time

import pytest
from benchmarks.bench_transit import median_error, published_times

from counterpoise.channels.transit import answers as transit
from tests.channels.transit_support import run_transit
from tests.support import shared_path

DAY = "2026-11-22"
FILES = ("transit/places.csv", "transit/links.csv")


@pytest.fixture(scope="module")
def eurasia():
    return transit.open_network(*map(shared_path, FILES))


@pytest.mark.shared
def test_azerbaijan_is_required_to_the_west_only_where_the_ocean_is_left_out(eurasia):
    ends = {"from_": "@central_asia", "to": "@mediterranean", "day": DAY, "without": "RUS,IRN"}
    by_land = transit.cut(eurasia, avoid_links="@indian_ocean", **ends)
    assert by_land.required == ["AZE", "GEO"]
    assert by_land.cut == ["alat"]
    by_sea = transit.cut(eurasia, **ends)
    assert by_sea.connected
    assert by_sea.required == []
    without_it = transit.cut(eurasia, **{**ends, "without": "RUS,IRN,AZE"})
    assert without_it.required == ["CHN"]
    assert "lianyungang" in without_it.witness.path
    assert not transit.cut(eurasia, **{**ends, "without": "RUS,IRN,AZE"}, avoid_links="@indian_ocean").connected


@pytest.mark.shared
def test_an_oil_pipeline_is_no_way_round_for_containers(eurasia):
    ends = {"from_": "sangachal", "to": "ceyhan", "day": DAY}
    assert transit.route(eurasia, cargo="oil", draws=0, **ends).route.links == ("pipeline_sangachal_ceyhan",)
    assert not transit.cut(eurasia, **ends).connected


@pytest.mark.shared
def test_suez_is_no_way_round_hormuz(eurasia):
    """Umm Qasr has no sea way but Hormuz."""
    ends = {"from_": "ummqasr", "to": "shanghai", "modes": "sea"}
    assert transit.cut(eurasia, day="2026-02-01", **ends).connected
    assert not transit.cut(eurasia, day="2026-02-01", avoid_links="@hormuz", **ends).connected
    assert not transit.cut(eurasia, day="2026-04-01", **ends).connected


@pytest.mark.shared
def test_a_shut_suez_sends_ships_round_the_cape_and_a_shut_ocean_nowhere(eurasia):
    ends = {"from_": "shanghai", "to": "rotterdam", "day": DAY, "modes": "sea", "draws": 0}
    suez, cape = transit.route(eurasia, **ends).route, transit.route(eurasia, avoid_links="@suez", **ends).route
    assert "suez" in suez.path
    assert "cape" in cape.path
    assert cape.km > suez.km
    nowhere = transit.route(eurasia, avoid_links="@suez,@cape", **ends).body()
    assert (nowhere["reachable"], nowhere["distance_km"]) == (False, None)


@pytest.mark.shared
def test_the_open_border_and_the_corridor_bring_armenia_nearer_to_turkey(eurasia):
    freight = [transit.Freight("yerevan", "istanbul", 1000.0), transit.Freight("yerevan", "baku", 1000.0)]
    border = transit.opening_effect(eurasia, freight, opened="@arm_tur", day=DAY, draws=50)
    assert (border.extra_usd_per_teu[:, 0] <= 0).all()
    assert border.extra_usd_per_teu[:, 0].mean() < -100
    assert border.extra_usd_per_teu[:, 1] == pytest.approx(0.0)
    tripp = transit.opening_effect(eurasia, freight, opened="@tripp", day=DAY, draws=50)
    assert (tripp.extra_usd_per_teu[:, 1] <= 0).all()


@pytest.mark.shared
def test_armenia_without_georgia_and_iran_has_no_way_out_until_a_border_opens(eurasia):
    ends = {"from_": "ARM", "to": "@mediterranean", "day": DAY, "without": "GEO,IRN"}
    shut = transit.cut(eurasia, **ends)
    assert not shut.connected
    assert len(shut.openings) == 1
    assert shut.openings[0].why == "closed"
    assert transit.cut(eurasia, open_="@arm_tur", **ends).connected


@pytest.mark.shared
def test_a_suspended_road_is_open_before_and_after(eurasia):
    link = {"from_": "astara_az", "to": "astara_ir", "modes": "road"}
    for day, connected in (("2026-03-04", True), ("2026-03-06", False), ("2026-03-10", True)):
        assert transit.cut(eurasia, day=day, **link).connected is connected
    assert transit.cut(eurasia, day="2026-03-06", as_of="2026-03-04", **link).connected


@pytest.mark.shared
def test_published_times_are_met_within_a_third(eurasia):
    times = published_times(eurasia)
    assert len(times) == 42
    assert sum(row.corridor is not None for row in times) >= 41
    assert median_error(times) < 1 / 3
    assert median_error(times, "free") < 1 / 3


@pytest.mark.shared
def test_all_single_and_double_country_closures_end_within_a_minute(eurasia):
    question = transit.ask(eurasia, from_="@central_asia", to="@mediterranean", day=DAY)
    start = time.perf_counter()
    closures = transit.all_closures(question, size=2)
    assert time.perf_counter() - start < 60
    count = len(eurasia.codes)
    assert len(closures) == count + count * (count - 1) // 2


@pytest.mark.shared
def test_the_command_answers_on_the_files(capsys):
    files = [str(shared_path(name)) for name in FILES]
    code, answer = run_transit(capsys, "route", *files, "--from", "altynkol", "--to", "poti", "--date", "2026-03-10",
                               "--without", "RUS,IRN", "--avoid-links", "@indian_ocean", "--draws", "20")  # fmt: skip
    assert code == 0
    assert answer["countries"] == ["KAZ", "AZE", "GEO"]
    assert answer["path"][0] == "altynkol"
    assert answer["path"][-1] == "poti"
    assert 9 < answer["days"] < 20
    assert set(answer["meta"]["cites"]) == {"dijkstra1959"}


def test_the_built_in_region_has_the_tags_and_answers_like_its_files(caucasus, capsys):
    network = transit.open_network("south-caucasus")
    assert {"central_asia", "mediterranean", "black_sea", "caspian"} <= set(network.place_tags)
    assert {"indian_ocean", "suez", "cape", "bosphorus", "tripp"} <= set(network.link_tags)
    code, answer = run_transit(capsys, "cut", "south-caucasus", "--from", "@central_asia", "--to", "@mediterranean",
                               "--without", "RUS,IRN", "--avoid-links", "@indian_ocean", "--date", DAY)  # fmt: skip
    assert (code, answer["required"], answer["cut_size"]) == (0, ["AZE", "GEO"], 1)
    assert any(name.endswith("links.csv") for name in answer["meta"]["inputs"])
    earlier = transit.open_network("south-caucasus", as_of="2024-01-01")
    assert len(earlier.links) < len(network.links)

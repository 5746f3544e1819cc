"""Cuts on small networks worked out by hand."""

from __future__ import annotations

from datetime import date

import pytest

from counterpoise._errors import InputError
from counterpoise.channels.transit import answers as transit
from counterpoise.channels.transit.rows import LinkRow, PlaceRow
from tests.channels.transit_support import chain, make_network

# Two ways from a to z: through B and C, or through D; the second way needs a link that A shares with E.
TWO_WAYS = {"a": "AAA", "b": "BBB", "c": "CCC", "d": "DDD", "z": "ZZZ"}


def two_ways():
    links = [
        *chain("a", "b", "c", "z"),
        LinkRow(id="a-d", start="a", end="d", control=("AAA", "EEE")),
        *chain("d", "z"),
    ]
    return make_network(TWO_WAYS, links)


def test_a_place_on_every_route_is_the_smallest_cut():
    result = transit.cut(make_network({"a": "AAA", "b": "BBB", "z": "ZZZ"}, chain("a", "b", "z")), from_="a", to="z")
    assert (result.connected, result.cut, result.required) == (True, ["b"], ["BBB"])


def test_two_separate_ways_need_two_places():
    result = transit.cut(two_ways(), from_="a", to="z")
    assert result.body()["cut_size"] == 2
    assert set(result.cut) <= {"b", "c", "d"}
    assert "d" in result.cut


def test_any_country_with_control_of_a_link_can_shut_it():
    result = transit.cut(two_ways(), from_="a", to="z", without="EEE,BBB")
    assert not result.connected
    assert transit.cut(two_ways(), from_="a", to="z", without="EEE").connected


def test_a_country_cut_may_use_the_holder_of_a_link():
    result = transit.cut(two_ways(), from_="a", to="z", by="country")
    assert result.body()["cut_size"] == 2
    assert len({"BBB", "CCC"} & set(result.cut)) == 1
    assert len({"DDD", "EEE"} & set(result.cut)) == 1


def test_the_countries_of_the_ends_are_no_answer():
    result = transit.cut(make_network({"a": "AAA", "b": "AAA", "z": "ZZZ"}, chain("a", "b", "z")), from_="a", to="z")
    assert result.required == []


def test_a_country_that_holds_some_of_the_ends_can_still_be_required():
    places = {"a": "AAA", "b": "BBB", "z": "BBB", "y": "YYY"}
    links = [*chain("a", "b", "y"), *chain("b", "z")]
    result = transit.cut(make_network(places, links), from_="a", to="z,y", by="country")
    assert result.required == ["BBB"]
    assert result.cut == ["BBB"]


def test_places_side_by_side_have_no_cut_of_places_and_the_answer_says_so():
    result = transit.cut(make_network({"a": None, "z": None}, chain("a", "z")), from_="a", to="z")
    assert result.connected
    assert result.cut is None
    assert result.body()["cut_size"] is None
    assert "joined by a link" in result.cut_note


def test_a_route_that_no_country_holds_has_no_country_cut():
    result = transit.cut(
        make_network({"a": None, "b": None, "z": None}, chain("a", "b", "z")), from_="a", to="z", by="country"
    )
    assert result.cut is None
    assert "none that could be closed" in result.cut_note


def test_a_closed_world_says_not_connected_and_why():
    network = make_network({"a": "AAA", "b": "BBB", "z": "ZZZ"}, chain("a", "b", "z"))
    result = transit.cut(network, from_="a", to="z", without="BBB")
    assert (result.connected, result.cut, result.required, result.witness) == (False, [], [], None)
    assert [item.id for item in result.openings] == ["b"]


def test_closing_the_destination_says_that_its_places_are_shut():
    network = make_network({"a": "AAA", "z": "ZZZ"}, chain("a", "z"))
    assert "every place of --to is shut (in ZZZ)" in transit.cut(network, from_="a", to="z", without="ZZZ").reason


def test_a_container_never_takes_a_pipeline():
    links = [LinkRow(id="pipe", start="a", end="z", mode="pipeline", cargo=("oil",))]
    network = make_network({"a": None, "z": None}, links)
    assert not transit.cut(network, from_="a", to="z").connected
    assert transit.cut(network, from_="a", to="z", cargo="oil").connected
    assert "no link of the network joins these ends for container" in transit.cut(network, from_="a", to="z").reason


@pytest.mark.parametrize("state", ["suspended", "closed", "planned", "under construction"])
def test_only_open_and_restricted_links_carry_freight(state):
    links = [LinkRow(id="a-z", start="a", end="z", status=state)]
    network = make_network({"a": None, "z": None}, links)
    assert not transit.cut(network, from_="a", to="z").connected
    assert transit.cut(network, from_="a", to="z", open_="a-z").connected


def test_a_restricted_link_carries_freight():
    network = make_network({"a": None, "z": None}, [LinkRow(id="a-z", start="a", end="z", status="restricted")])
    assert transit.cut(network, from_="a", to="z").connected


def test_opening_a_link_opens_its_shut_border_posts():
    places = [PlaceRow(id="a"), PlaceRow(id="b", status="closed"), PlaceRow(id="z")]
    links = [*chain("a", "b"), LinkRow(id="b-z", start="b", end="z", status="closed", tags=("gate",))]
    network = make_network(places, links)
    assert not transit.cut(network, from_="a", to="z").connected
    assert transit.cut(network, from_="a", to="z", open_="@gate").connected
    assert [item.id for item in transit.cut(network, from_="a", to="z").openings] == ["b", "b-z"]


def test_opening_does_not_override_a_closed_country_or_avoidance():
    links = [LinkRow(id="a-z", start="a", end="z", status="closed", control=("CCC",))]
    network = make_network({"a": None, "z": None}, links)
    assert not transit.cut(network, from_="a", to="z", open_="a-z", without="CCC").connected
    assert not transit.cut(network, from_="a", to="z", open_="a-z", avoid_links="a-z").connected


def test_de_facto_control_counts_only_when_asked():
    links = [LinkRow(id="a-z", start="a", end="z", control_de_facto=("IRN",))]
    network = make_network({"a": None, "z": None}, links)
    assert transit.cut(network, from_="a", to="z", without="IRN").connected
    assert not transit.cut(network, from_="a", to="z", without="IRN", de_facto=True).connected


def test_ends_may_be_countries_tags_and_the_european_union():
    places = [PlaceRow(id="a", country="ARM"), PlaceRow(id="b", country="DEU", tags=("north",)), PlaceRow(id="c")]
    network = make_network(places, chain("a", "b"))
    for end in ("DEU", "@north", "EU", "b"):
        assert transit.cut(network, from_="ARM", to=end).witness.path == ("a", "b")


def test_closing_the_union_closes_its_members_on_that_day():
    network = make_network({"a": None, "b": "GBR", "z": None}, chain("a", "b", "z"))
    assert not transit.cut(network, from_="a", to="z", without="EU", day="2019-01-01").connected
    assert transit.cut(network, from_="a", to="z", without="EU", day="2021-01-01").connected


def test_a_real_country_that_holds_nothing_here_closes_nothing_and_is_named():
    network = make_network({"a": None, "z": None}, chain("a", "z"))
    result = transit.cut(network, from_="a", to="z", without="USA")
    assert result.connected
    assert result.switches["without_nothing_to_close"] == ["USA"]


def test_every_unknown_name_is_listed_at_once_with_a_suggestion():
    network = make_network({"aktau": "KAZ", "poti": "GEO"}, chain("aktau", "poti"))
    with pytest.raises(InputError) as caught:
        transit.cut(
            network, from_="aktua", to="@ports", without="KZA", avoid_links="x", day="2026-02-31", cargo="containr"
        )
    faults = {item.where: item for item in caught.value.faults}
    assert {item.code for item in caught.value.faults} == {"E204", "E403"}
    assert set(faults) == {"--from", "--to", "--without", "--avoid-links", "--date", "--cargo"}
    assert "'aktau'" in faults["--from"].fix
    assert "'KAZ'" in faults["--without"].fix


def test_a_place_that_is_both_origin_and_destination_is_refused():
    network = make_network({"a": "AAA", "b": "AAA"}, chain("a", "b"))
    with pytest.raises(InputError, match="in both: a") as caught:
        transit.cut(network, from_="a", to="AAA")
    assert caught.value.code == "E405"


def test_published_capacities_bound_what_passes():
    places = [PlaceRow(id="a"), PlaceRow(id="b", capacity_mt_year=5.0), PlaceRow(id="c"), PlaceRow(id="z")]
    links = [*chain("a", "b", "z"), LinkRow(id="a-c", start="a", end="c", capacity_mt_year=2.0), *chain("c", "z")]
    result = transit.cut(make_network(places, links), from_="a", to="z", capacity=True)
    assert result.body()["capacity"]["mt_year"] == {"at_most": pytest.approx(7.0), "binding": ["a-c", "b"]}
    assert result.body()["capacity"]["kteu_year"] == {"at_most": None, "binding": []}


def test_the_answer_names_the_switches_it_rests_on():
    network = make_network(
        {"a": None, "z": None}, [LinkRow(id="a-z", start="a", end="z", mode="sea", tags=("caspian",))]
    )
    said = transit.cut(network, from_="a", to="z", day="2026-01-01", by="country").switches
    assert said["date"] == "2026-01-01"
    assert said["by"] == "country"
    assert said["cargo"] == "container"
    assert said["seas_open"] == ["caspian"]


def test_today_is_the_day_when_none_is_given():
    network = make_network({"a": None, "z": None}, chain("a", "z"))
    assert transit.cut(network, from_="a", to="z").switches["date"] == date.today().isoformat()
    assert transit.cut(network, from_="a", to="z", as_of="2020-01-01").switches["date"] == "2020-01-01"

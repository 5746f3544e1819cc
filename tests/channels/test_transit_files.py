"""Bare files: what they may leave out, what is refused, and that every fault is listed at once."""

from __future__ import annotations

import pytest

from counterpoise._errors import InputError
from counterpoise.channels.transit import answers as transit
from tests.channels.transit_support import run_transit, write_csv


def write(path, text):
    path.write_text(text, encoding="utf-8")
    return path


def two_files(tmp_path, places="id\na\nb\nz\n", links="from,to\na,b\nb,z\n"):
    return write(tmp_path / "places.csv", places), write(tmp_path / "links.csv", links)


def faults_of(tmp_path, **texts):
    with pytest.raises(InputError) as caught:
        transit.open_network(*two_files(tmp_path, **texts))
    return [(item.code, item.where.rsplit("/", 1)[-1]) for item in caught.value.faults]


def test_ids_and_ends_are_enough(tmp_path, capsys):
    code, answer = run_transit(capsys, "cut", *two_files(tmp_path), "--from", "a", "--to", "z")
    assert (code, answer["connected"], answer["cut"], answer["cut_size"]) == (0, True, ["b"], 1)
    assert answer["witness"]["links"] == ["a--b", "b--z"]
    assert set(answer["meta"]["inputs"]) == {str(tmp_path / "places.csv"), str(tmp_path / "links.csv")}


def test_links_side_by_side_without_ids_get_ids_apart(tmp_path):
    network = transit.open_network(*two_files(tmp_path, links="from,to\na,b\na,b\n"))
    assert [row.id for row in network.links] == ["a--b", "a--b#2"]


def test_links_work_both_ways(tmp_path, capsys):
    code, answer = run_transit(capsys, "route", *two_files(tmp_path), "--from", "z", "--to", "a")
    assert (code, answer["path"], answer["distance_km"]) == (0, ["z", "b", "a"], None)


def test_columns_that_are_not_known_are_left_alone(tmp_path):
    network = transit.open_network(*two_files(tmp_path, places="id,colour\na,red\nb,blue\nz,\n"))
    assert len(network.places) == 3


def test_every_fault_of_both_files_is_listed_with_its_line(tmp_path):
    found = faults_of(
        tmp_path,
        places="id,status,handling_hours,queue_days_low,queue_days_high\na,opn,,,\nb,,-3,,\nc,,,9,2\n,,,,\n",
        links="id,from,to,distance_km,status_from\nx,a,a,,\ny,a,b,far,\nw,a,b,,2026-02-31\nv,,b,nan,\n",
    )
    assert found == [
        ("E203", "places.csv:2"),
        ("E203", "places.csv:3"),
        ("E203", "places.csv:4"),
        ("E203", "places.csv:5"),
        ("E203", "links.csv:2"),
        ("E203", "links.csv:3"),
        ("E203", "links.csv:4"),
        ("E203", "links.csv:5"),
        ("E203", "links.csv:5"),
    ]


def test_unknown_places_and_repeated_ids_are_listed_together(tmp_path):
    found = faults_of(tmp_path, places="id\na\nb\na\n", links="id,from,to\nx,a,bb\nx,q,b\n")
    assert sorted(found) == [
        ("E401", "links.csv:2"),
        ("E401", "links.csv:3"),
        ("E402", "links.csv:3"),
        ("E402", "places.csv:4"),
    ]


def test_a_misspelt_place_or_status_gets_a_suggestion(tmp_path):
    with pytest.raises(InputError) as caught:
        transit.open_network(*two_files(tmp_path, places="id\naktau\nalat\n", links="from,to\naktua,alat\n"))
    assert caught.value.faults[0].fix == "did you mean 'aktau'?"
    with pytest.raises(InputError) as caught:
        transit.open_network(*two_files(tmp_path, links="from,to,status\na,b,Suspnded\n"))
    assert caught.value.faults[0].fix == "did you mean 'suspended'?"


def test_missing_files_and_missing_columns_are_listed_together(tmp_path):
    places, _ = two_files(tmp_path, places="name\na\n")
    with pytest.raises(InputError) as caught:
        transit.open_network(places, tmp_path / "nowhere.csv")
    assert [item.code for item in caught.value.faults] == ["E202", "E201"]


def test_statuses_beside_the_links_are_read_and_checked(tmp_path):
    files = two_files(tmp_path)
    write_csv(tmp_path / "link_status.csv", [{"link": "a--b", "state": "closed", "since": "2026-01-01", "known": ""}])
    network = transit.open_network(*files)
    assert not transit.cut(network, from_="a", to="z", day="2026-06-01").connected
    assert transit.cut(network, from_="a", to="z", day="2025-06-01").connected
    write_csv(tmp_path / "link_status.csv", [{"link": "a-b", "state": "shut", "since": "soon", "known": ""}])
    write_csv(tmp_path / "capacity_groups.csv", [{"id": "g", "members": "a--b;place:y", "capacity_mt_year": "6"}])
    assert faults_of(tmp_path) == [("E203", "link_status.csv:2")] * 2
    write_csv(tmp_path / "link_status.csv", [{"link": "a-b", "state": "closed", "since": "2026", "known": ""}])
    assert faults_of(tmp_path) == [("E404", "link_status.csv:2"), ("E404", "capacity_groups.csv:2")]


def test_a_capacity_that_several_links_share_binds_once(tmp_path, capsys):
    files = two_files(tmp_path, places="id\na\nb\nc\nz\n", links="id,from,to\nab,a,b\nac,a,c\nbz,b,z\ncz,c,z\n")
    write_csv(tmp_path / "capacity_groups.csv", [{"id": "both", "members": "ab;ac", "capacity_mt_year": "6"}])
    _, answer = run_transit(capsys, "cut", *files, "--from", "a", "--to", "z", "--capacity")
    assert answer["capacity"]["mt_year"] == {"at_most": 6.0, "binding": ["both"]}


def test_a_file_without_links_connects_nothing(tmp_path, capsys):
    files = two_files(tmp_path, links="from,to\n")
    code, answer = run_transit(capsys, "route", *files, "--from", "a", "--to", "z")
    assert (code, answer["reachable"], answer["days"]) == (0, False, None)
    code, answer = run_transit(capsys, "cut", *files, "--from", "a", "--to", "z", "--by", "country")
    assert (code, answer["connected"], answer["cut_size"]) == (0, False, 0)


def test_a_long_list_of_faults_ends_with_how_many_more_there_are(tmp_path):
    links = "from,to\n" + "".join(f"q{index},a\n" for index in range(500))
    with pytest.raises(InputError) as caught:
        transit.open_network(*two_files(tmp_path, links=links))
    assert len(caught.value.faults) == 201
    assert caught.value.faults[-1].found == "300 more faults"


def test_a_question_with_bad_names_ends_with_code_two_and_all_of_them(tmp_path, capsys):
    arguments = ["--from", "aa", "--to", "@ports", "--without", "KAS", "--open", "a-b", "--cargo", "gold"]
    code, answer = run_transit(capsys, "cut", *two_files(tmp_path), *arguments)
    assert code == 2
    assert [item["code"] for item in answer["error"]["faults"]] == ["E403"] * 5


def test_an_empty_name_in_a_list_is_refused(tmp_path, capsys):
    code, answer = run_transit(capsys, "cut", *two_files(tmp_path), "--from", "a,,b", "--to", "")
    assert code == 2
    assert [item["where"] for item in answer["error"]["faults"]] == ["--from", "--to"]
    assert answer["error"]["code"] == "E204"


def test_ids_may_be_free_text(tmp_path, capsys):
    files = two_files(tmp_path, places="id\nPort of Poti (GE)\nБаку\n", links="from,to\nPort of Poti (GE),Баку\n")
    code, answer = run_transit(capsys, "route", *files, "--from", "Port of Poti (GE)", "--to", "Баку")
    assert (code, answer["path"]) == (0, ["Port of Poti (GE)", "Баку"])


def test_the_table_for_people_says_what_the_document_says(tmp_path):
    network = transit.open_network(*two_files(tmp_path, places="id,country\na,\nb,GEO\nz,\n"))
    rows = {row["what"]: row["value"] for row in transit.cut(network, from_="a", to="z").table()}
    assert (rows["connected"], rows["countries on every route"]) == ("yes", "GEO")
    assert rows["route"] == "a [link] > b > z"
    rows = {row["what"]: row["value"] for row in transit.route(network, from_="a", to="z", without="GEO").table()}
    assert rows["reachable"] == "no"

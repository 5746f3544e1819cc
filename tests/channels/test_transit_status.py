"""The state of a link on a day, by what was known, and its seasons."""

from __future__ import annotations

from datetime import date

import pytest

from counterpoise.channels.transit import answers as transit
from counterpoise.channels.transit.rows import LinkRow, StatusRow
from counterpoise.channels.transit.status import Season, link_state, season_on, state_on
from tests.channels.transit_support import make_network

SHUT_AND_REOPENED = [
    StatusRow("x", "suspended", "2026-03-05", "2026-03-05"),
    StatusRow("x", None, "2026-03-06", "2026-03-06"),
    StatusRow("x", "open", "2026-03-09", "2026-03-12"),
]


@pytest.mark.parametrize(
    ("day", "as_of", "state"),
    [
        ("2026-03-04", None, "open"),
        ("2026-03-05", None, "suspended"),
        ("2026-03-08", None, "suspended"),
        ("2026-03-09", None, "open"),
        ("2026-03-10", "2026-03-10", "suspended"),
        ("2026-03-10", "2026-03-12", "open"),
        ("2026-03-06", "2026-03-04", "open"),
    ],
)
def test_the_latest_known_change_holds(day, as_of, state):
    seen = date.fromisoformat(as_of) if as_of else None
    assert state_on("open", None, None, SHUT_AND_REOPENED, date.fromisoformat(day), seen) == state


@pytest.mark.parametrize(
    ("status", "before"),
    [
        ("suspended", "open"),
        ("closed", "open"),
        ("restricted", "open"),
        ("open", "not yet open"),
        ("planned", "not yet open"),
        ("under construction", "not yet open"),
    ],
)
def test_before_its_first_dated_state_a_link_is_what_that_state_implies(status, before):
    assert state_on(status, "2024-08", None, [], date(2024, 7, 31), None) == before
    assert state_on(status, "2024-08", None, [], date(2024, 8, 1), None) == status


def test_a_month_becomes_known_on_its_last_day():
    change = [StatusRow("x", "suspended", "2026-03-01", "2026-03")]
    assert state_on("open", None, None, change, date(2026, 3, 2), date(2026, 3, 30)) == "open"
    assert state_on("open", None, None, change, date(2026, 3, 2), date(2026, 3, 31)) == "suspended"


def test_a_status_without_a_date_holds_where_no_change_is_visible():
    assert state_on("planned", None, None, [], date(2020, 1, 1), None) == "planned"


def test_a_closure_planted_from_the_future_changes_nothing_before_it_was_known():
    link = LinkRow(id="x", start="a", end="z")
    planted = StatusRow("x", "closed", "2020-01-01", "2026-11-01")
    honest = make_network({"a": None, "z": None}, [link])
    leaky = make_network({"a": None, "z": None}, [link], [planted])
    for network in (honest, leaky):
        assert transit.cut(network, from_="a", to="z", as_of="2026-10-31").connected
    assert not transit.cut(leaky, from_="a", to="z", as_of="2026-11-01").connected


def test_a_dated_change_on_the_day_opens_the_route():
    link = LinkRow(id="x", start="a", end="z", status="suspended", status_from="2026-03-01")
    network = make_network({"a": None, "z": None}, [link], [StatusRow("x", "restricted", "2026-06-22", "2026-06-22")])
    assert transit.cut(network, from_="a", to="z", day="2026-02-28").connected
    assert not transit.cut(network, from_="a", to="z", day="2026-03-01").connected
    assert transit.cut(network, from_="a", to="z", day="2026-06-22").connected


@pytest.mark.parametrize(
    ("text", "day", "season"),
    [
        (None, "2026-01-15", Season()),
        ("open about 26 March-3 December (241-259 days)", "2026-03-25", Season(shut=True)),
        ("open about 26 March-3 December (241-259 days)", "2026-03-26", Season()),
        ("26 Mar-3 Dec", "2026-12-03", Season()),
        ("26 Mar-3 Dec", "2026-12-04", Season(shut=True)),
        ("April-November only", "2026-11-30", Season()),
        ("April-November only", "2026-12-01", Season(shut=True)),
        ("before December 2024 April-November only", "2024-01-15", Season(shut=True)),
        ("before December 2024 April-November only", "2025-01-15", Season()),
        ("Apr-Nov until 2024-11, all year from 2024-12", "2024-01-15", Season(shut=True)),
        ("Apr-Nov until 2024-11, all year from 2024-12", "2024-12-01", Season()),
        ("closed November to April", "2026-01-15", Season(shut=True)),
        ("closed November to April", "2026-05-01", Season()),
        ("shut for trucks in snow, November to April; landslides", "2026-01-15", Season(at_risk=True)),
        ("shut for trucks in snow, November to April; landslides", "2026-07-15", Season()),
        ("Nov-Dec: about half the days lost to storms", "2026-11-22", Season(at_risk=True)),
        ("storms", "2026-07-15", Season(at_risk=True)),
    ],
)
def test_a_season_shuts_or_threatens_its_days(text, day, season):
    assert season_on(text, date.fromisoformat(day)) == season


def test_a_link_told_of_an_ended_season_was_open_in_it():
    link = LinkRow(
        id="x", start="a", end="z", status_from="2024-12-01", season="before December 2024 April-November only"
    )
    assert link_state(link, [], date(2020, 7, 1), None) == "open"
    network = make_network({"a": None, "z": None}, [link])
    assert transit.cut(network, from_="a", to="z", day="2020-07-01").connected
    assert not transit.cut(network, from_="a", to="z", day="2020-01-01").connected
    assert transit.cut(network, from_="a", to="z", day="2025-01-01").connected


def test_a_river_freezes_and_a_risky_season_is_named():
    frozen = LinkRow(id="river", start="a", end="z", season="open 26 March-3 December")
    stormy = LinkRow(id="sea", start="a", end="z", season="storms in November-December")
    network = make_network({"a": None, "z": None}, [frozen, stormy])
    assert not transit.cut(network, from_="a", to="z", day="2026-01-15", avoid_links="sea").connected
    assert transit.cut(network, from_="a", to="z", day="2026-12-24").switches["season_at_risk"] == ["sea"]

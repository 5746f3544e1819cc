"""Opening a region: as-of views, figures in canonical units, rules of choice, changes that never touch the files."""

from __future__ import annotations

from pathlib import Path

import pytest

from counterpoise._errors import InputError
from counterpoise.region import RULES, Region, open_region
from counterpoise.region._columns import Sourced
from tests.support import run_json


def test_nothing_known_later_is_visible_in_an_as_of_view(caucasus: Region) -> None:
    day = "2024-06-30"
    view = caucasus.at(day)
    for table in view.tables:
        for row in view.rows(table):
            if isinstance(row, Sourced) and row.stands_from is None:
                assert row.known <= day
    assert 0 < len(view.rows("facts")) < len(caucasus.rows("facts"))


def test_a_fact_planted_in_the_future_changes_nothing_before_it_is_known(lakeland: Path) -> None:
    before = open_region(lakeland, as_of="2025-01-01")
    facts = lakeland / "facts.csv"
    planted = "facts:late,gdp,LKE,,,99,,,USD bn,2024,,2025-06-30,no,example_yearbook,1,measured,\n"
    facts.write_text(facts.read_text(encoding="utf-8") + planted, encoding="utf-8")
    assert open_region(lakeland, as_of="2025-01-01").figures == before.figures
    assert len(open_region(lakeland, as_of="2025-06-30").figures) == len(before.figures) + 1


def test_a_superseding_fact_replaces_the_old_one_only_once_it_is_known(lakeland: Path) -> None:
    facts = lakeland / "facts.csv"
    newer = "facts:gdp_lke2,gdp,LKE,,,21,,,USD bn,2023,facts:gdp_lke,2025-06-30,no,example_yearbook,2,reported,\n"
    facts.write_text(facts.read_text(encoding="utf-8") + newer, encoding="utf-8")
    assert [f.value for f in open_region(lakeland, as_of="2025-01-01").find("gdp", subject="LKE")] == [20]
    assert [f.value for f in open_region(lakeland).find("gdp", subject="LKE")] == [21]


def test_figures_stand_in_the_unit_of_their_quantity_and_keep_what_was_printed(lakeland: Path) -> None:
    facts = lakeland / "facts.csv"
    facts.write_text(facts.read_text(encoding="utf-8").replace("20,,,USD bn", "20000,,,USD mn"), encoding="utf-8")
    figure = open_region(lakeland).find("gdp", subject="LKE")[0]
    assert (figure.value, figure.unit, figure.stated) == (20, "USD bn", (20000, "USD mn"))


def test_rules_choose_by_name_and_say_what_they_left_aside(caucasus: Region) -> None:
    figures = caucasus.find("nuclear_electricity_share", subject="ARM")
    assert len(figures) > 5
    for rule in RULES:
        pick = caucasus.pick(figures, rule=rule)
        assert pick is not None
        assert {*pick.used, *pick.left} == set(figures)
        assert pick.low <= pick.value <= pick.high
    newest = caucasus.pick(figures, rule="newest")
    assert newest is not None
    assert newest.used[0].period_end == max(figure.period_end for figure in figures)
    assert caucasus.pick([]) is None


def test_a_misspelt_quantity_is_an_error_and_never_an_empty_answer(caucasus: Region) -> None:
    with pytest.raises(InputError) as caught:
        caucasus.find("nuclear_share")
    assert caught.value.code == "E204"


def test_what_if_changes_a_copy_and_leaves_the_region_as_it_was(caucasus: Region) -> None:
    figure = caucasus.find("nuclear_electricity_share", subject="ARM")[0]
    changed = caucasus.what_if({figure.id: {"value": 77.0}})
    gone = caucasus.what_if({figure.id: None})
    assert changed.figure(figure.id).value == 77.0  # type: ignore[union-attr]
    assert gone.figure(figure.id) is None
    assert caucasus.figure(figure.id) == figure
    with pytest.raises(InputError):
        caucasus.what_if({"facts:nowhere": None})


def test_facts_and_events_have_the_rows_of_the_contract(capsys: pytest.CaptureFixture[str]) -> None:
    code, document = run_json(capsys, "facts", "south-caucasus", "--subject", "ARM", "--object", "RUS")
    assert code == 0
    keys = {
        "id",
        "quantity",
        "subject",
        "object",
        "value",
        "low",
        "high",
        "unit",
        "as_of",
        "known",
        "source",
        "credibility",
    }
    assert document["facts"]
    assert all(keys <= set(row) and row["subject"] == "ARM" and row["object"] == "RUS" for row in document["facts"])
    code, document = run_json(capsys, "events", "south-caucasus", "--actor", "RUS", "--kind", "sanction")
    keys = {"id", "date", "known", "actor", "target", "kind", "source", "credibility"}
    assert code == 0
    assert all(keys <= set(row) and row["kind"] == "SANCTION" for row in document["events"])
    assert set(document["meta"]) >= {"version", "seed", "as_of", "inputs", "sources", "cites"}


def test_a_bad_day_and_an_unknown_actor_are_misuse(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["--as-of", "2024-02-30"], ["--as-of", "2024"], ["--subject", "ARN"]):
        code, document = run_json(capsys, "facts", "south-caucasus", *arguments)
        assert code == 2
        assert document["error"]["code"] == "E204"


def test_the_region_holds_what_the_foundation_asks(caucasus: Region) -> None:
    least = {
        "facts": 1500,
        "events": 192,
        "claims": 94,
        "sources": 150,
        "places": 259,
        "links": 532,
        "commitments": 48,
        "commitment_tests": 50,
    }
    for table, count in least.items():
        assert len(caucasus.rows(table)) >= count, table
    economies = {row.exporter for row in caucasus.rows("trade") if row.year == 2016}
    assert len(economies) == 23
    staged = {}
    for row in caucasus.rows("projects"):
        staged.setdefault(row.project, set()).add(row.stage)
    assert len(staged) >= 12
    assert any({"announced", "disbursed"} <= stages for stages in staged.values())
    for table in ("plants", "fuel", "lines", "fleets", "parties", "polls", "results"):
        assert caucasus.rows(table), table
    assert caucasus.laws()


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("Russia", "'RUS'"),
        ("armenia", "'ARM'"),
        ("Kremlin", "'RUS'"),
        ("ARN", "'ARM'"),
        ("xyzzy", "clients: ARM, AZE, GEO"),
    ],
)
def test_a_wrong_actor_is_answered_with_the_one_that_was_meant(word: str, hint: str) -> None:
    assert hint in open_region("south-caucasus").suggest_actor(word)

"""Scenarios: those of the region, what a file may say, bases and overrides, points in time, and every refusal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from counterpoise._errors import CounterpoiseError
from counterpoise.region import Region, open_region
from counterpoise.region._scenario import NEEDS, UNITS, Move, Scenario
from counterpoise.region._scenario_files import read_scenario_file

HEAD = """id = "{id}"
title = "A test"
summary = "A test."
known = 2026-02-12
"""
WANTED = [
    "baseline",
    "western-package",
    "full-break",
    "russian-retaliation",
    "strategic-ambiguity",
    "formal-guarantee",
    "election-other-side",
    "peace-treaty-signed",
    "peace-collapse",
    "corridor-open",
    "corridor-delayed",
    "corridor-contested",
    "iran-shock-hormuz-closed",
    "georgia-turned",
    "investment-equal-cost",
    "arms-equal-cost",
    "oversight-strong",
    "oversight-weak",
]


@pytest.fixture(scope="module")
def region() -> Region:
    return open_region("south-caucasus")


def write(folder: Path, body: str, name: str = "x", head: str = HEAD) -> Path:
    path = folder / f"{name}.toml"
    path.write_text(head.format(id=name) + body, encoding="utf-8")
    return path


def faults_of(path: Path, region: Region) -> list[Any]:
    with pytest.raises(CounterpoiseError) as caught:
        read_scenario_file(path, region)
    return list(caught.value.faults)


def stick(**more: Any) -> str:
    fields: dict[str, Any] = {
        "id": "s",
        "kind": "stick",
        "date": "2027",
        "actor": "RUS",
        "target": ["ARM"],
        "channel": "trade",
        "size": 0.2,
        "unit": "share",
        "judgement": "A test.",
    }
    fields |= more
    lines = [f"{key} = {_toml(value)}" for key, value in fields.items() if value is not None]
    return "[[move]]\n" + "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    return str(value) if isinstance(value, (int, float, list)) else f'"{value}"'


# --- the scenarios of the region --------------------------------------------------------------------------------------


def test_the_region_holds_every_scenario_of_the_design_and_more(region: Region) -> None:
    assert set(WANTED) <= set(region.scenarios)
    assert len(region.scenarios) >= 16


def test_every_move_says_what_it_rests_on_and_names_what_the_region_has(region: Region) -> None:
    for scenario in region.scenarios.values():
        for move in scenario.moves:
            assert move.evidence or move.sources or move.judgement
            assert all(region.row(name) is not None for name in move.evidence), (scenario.id, move.id)
            assert set(move.target) <= set(region.actor_names)
        assert scenario.known <= "2026-11-22"


def test_the_same_move_in_two_scenarios_is_the_same_move_unless_one_overrides_it(region: Region) -> None:
    package = {move.id: move for move in region.scenarios["western-package"].moves}
    strong = {move.id: move for move in region.scenarios["oversight-strong"].moves}
    assert package == strong
    assert region.scenarios["oversight-strong"].assume[0].name == "play:leakage"
    base = {move.id: move for move in region.scenarios["baseline"].moves}
    other = {move.id: move for move in region.scenarios["election-other-side"].moves}
    assert set(base) == set(other)
    assert other["armenia-2031"].winner == "ARM_STRONG_ARMENIA"
    assert base["armenia-2031"].winner == "drawn"
    assert other["georgia-2028"] == base["georgia-2028"]


def test_equal_cost_means_the_same_sum_from_the_same_patron(region: Region) -> None:
    investment = next(m for m in region.scenarios["investment-equal-cost"].moves if m.id == "equal-investment")
    arms = next(m for m in region.scenarios["arms-equal-cost"].moves if m.id == "equal-arms")
    assert (investment.cost_range, investment.actor) == (arms.cost_range, arms.actor)
    assert {investment.channel, arms.channel} == {"capital", "security"}


def test_oversight_differs_in_leakage_alone_and_the_strong_range_lies_below(region: Region) -> None:
    strong, weak = (region.scenarios[f"oversight-{name}"].assume[0] for name in ("strong", "weak"))
    assert strong.high < weak.low


def test_a_scenario_is_visible_from_the_day_it_could_have_been_written(region: Region) -> None:
    early, later = region.at("2026-02-12").scenarios, region.at("2026-06-30").scenarios
    assert "western-package" in early
    assert "russian-retaliation" not in early
    assert "russian-retaliation" in later
    assert region.at("2020-01-01").scenarios == {}
    for scenario in early.values():
        for move in scenario.moves:
            assert all(region.at("2026-02-12").row(name) is not None for name in move.evidence)


def test_elections_are_visible_from_the_day_their_date_was_known(region: Region) -> None:
    assert "ARM-2026-06-07" in region.elections
    assert "ARM-2026-06-07" not in region.at("2026-01-01").elections


# --- the format -------------------------------------------------------------------------------------------------------


def test_ranges_come_as_low_middle_high_and_dates_as_days() -> None:
    move = Move(id="a", kind="stick", date="2027/2028-06", size=0.2, low=0.1, lead_years=1.0)
    assert move.size_range == (0.1, 0.2, 0.2)
    assert move.chance_range == (1.0, 1.0, 1.0)
    assert move.lead_range == (1.0, 1.0, 1.0)
    assert move.lasts_range is None
    assert move.cost_range is None
    assert (move.first.isoformat(), move.last.isoformat()) == ("2027-01-01", "2028-06-30")
    assert not move.is_judgement


def test_every_kind_that_has_a_size_says_in_what() -> None:
    assert set(UNITS) <= set(NEEDS)
    assert set(NEEDS) == set(Move.model_fields["kind"].annotation.__args__)  # type: ignore[union-attr]


def test_a_file_outside_the_region_is_read_against_it_with_its_base(region: Region, tmp_path: Path) -> None:
    path = write(tmp_path, 'base = "baseline"\ndrops = ["georgia-2028"]\n' + stick())
    found = read_scenario_file(path, region)
    assert isinstance(found, Scenario)
    assert [move.id for move in found.moves] == ["armenia-2026", "armenia-2031", "s"]
    assert found.rests_on


@pytest.mark.parametrize(
    ("body", "code", "says"),
    [
        (stick(chanse=0.5), "E910", "did you mean 'chance'?"),
        (stick(kind="nudge"), "E910", "move.0.kind"),
        (stick(date="soon"), "E910", "no year, month or day"),
        (stick(chance=1.5), "E910", "less than or equal to 1"),
        ("summery = 'x'\n", "E910", "did you mean 'summary'?"),
        ("move = [", "E910", "valid TOML"),
        (stick(actor="RUSS"), "E911", "did you mean 'RUS'?"),
        (stick(sources=["nobody"]), "E911", "sources = 'nobody'"),
        (stick(evidence=["events:EV99999"]), "E911", "evidence"),
        ('base = "basline"\n' + stick(), "E911", "did you mean 'baseline'?"),
        ('base = "baseline"\ndrops = ["armenia-2032"]\n' + stick(), "E911", "did you mean"),
        (stick(channel=None), "E912", "no channel"),
        (stick(unit="MW"), "E912", "the size of a stick is counted in"),
        (stick(winner="ARM_CIVIL_CONTRACT"), "E912", "winner in a move of kind 'stick'"),
        (stick(size=1.5), "E913", "from 0 to 1"),
        (stick(low=0.5), "E913", "low = 0.5, size = 0.2"),
        (stick(lasts_low=1), "E913", "add lasts_years"),
        (stick() + stick(), "E913", "the id twice"),
        (stick(judgement=None), "E914", "no evidence, source or judgement"),
        (stick(evidence=["events:EV189"]), "E915", "became known on 2026-06-01"),
        ('[[assume]]\nname = "play:leakage"\nlow = 0.1\nhigh = 0.2\nunit = "share"\n', "E914", "assume play:leakage"),
        ('[[assume]]\nname = "nothing"\nlow = 0.1\nhigh = 0.2\nunit = "share"\njudgement = "x"\n', "E911", "nothing"),
    ],
)
def test_a_scenario_that_breaks_the_format_says_where_and_how_to_mend_it(
    region: Region, tmp_path: Path, body: str, code: str, says: str
) -> None:
    found = faults_of(write(tmp_path, body), region)
    assert code in {item.code for item in found}
    assert any(says in str(item) for item in found)


def test_all_faults_of_a_scenario_are_told_at_once(region: Region, tmp_path: Path) -> None:
    body = stick(actor="RUSS", sources=["nobody"], target=["ARM", "AMR"])
    assert len(faults_of(write(tmp_path, body), region)) == 3


@pytest.mark.parametrize(
    ("move", "says"),
    [
        ('kind = "election"\ntarget = ["ARM"]\nelection = "ARM-2099"\nwinner = "drawn"', "election"),
        ('kind = "election"\ntarget = ["ARM"]\nelection = "ARM-2031-06"\nwinner = "ARM_NOBODY"', "winner"),
        ('kind = "open_link"\nlinks = ["@trip"]', "did you mean '@tripp'?"),
        ('kind = "close_link"\nlinks = ["rail_nowhere"]', "links"),
        ('kind = "plant_out"\ntarget = ["ARM"]\nplants = ["arm_metsamr"]', "did you mean 'arm_metsamor'?"),
        ('kind = "plant_in"\ntarget = ["ARM"]', "no plant"),
        ('kind = "plant_in"\ntarget = ["ARM"]\nname = "New"', "without size or fuel"),
    ],
)
def test_structures_and_votes_that_are_not_there_are_named(
    region: Region, tmp_path: Path, move: str, says: str
) -> None:
    body = f'[[move]]\nid = "m"\ndate = "2027"\njudgement = "A test."\n{move}\n'
    assert any(says in str(item) for item in faults_of(write(tmp_path, body), region))


def test_a_circle_of_bases_ends_in_a_fault_and_not_in_a_loop(lakeland: Path) -> None:
    folder = lakeland / "scenarios"
    folder.mkdir()
    for name, base in (("one", "two"), ("two", "one")):
        write(folder, f'base = "{base}"\n', name)
    with pytest.raises(CounterpoiseError) as caught:
        open_region(lakeland)
    assert {item.code for item in caught.value.faults} == {"E911"}
    assert "circle" in str(caught.value)


def test_the_id_is_the_name_of_the_file_and_the_check_of_a_region_finds_it(lakeland: Path) -> None:
    folder = lakeland / "scenarios"
    folder.mkdir()
    (folder / "one.toml").write_text(HEAD.format(id="two"), encoding="utf-8")
    with pytest.raises(CounterpoiseError) as caught:
        open_region(lakeland)
    assert caught.value.code == "E910"
    assert "scenarios/one.toml" in str(caught.value)


def test_an_election_that_breaks_the_format_is_e905(lakeland: Path) -> None:
    (lakeland / "elections.toml").write_text(
        '[[election]]\nid = "A"\ncountry = "NOWHERE"\ndate = 2030-01-01\nlaw = "none"\nknown = 2029-01-01\n'
        'source = "nobody"\ncredibility = 2\nkind = "reported"\n[[election]]\nid = "B"\ndait = 2030-01-01\n',
        encoding="utf-8",
    )
    with pytest.raises(CounterpoiseError) as caught:
        open_region(lakeland)
    assert {item.code for item in caught.value.faults} == {"E905"}
    assert "did you mean 'date'?" in str(caught.value)
    assert "law = 'none'" in str(caught.value)

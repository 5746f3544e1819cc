"""Seats equal the official results given the official votes; rules read off results are tagged so."""

from __future__ import annotations

import csv
import json
from fractions import Fraction
from pathlib import Path

import pytest

from counterpoise.play.elections.law import Law, Tier, find_law
from counterpoise.play.elections.seats import count_seats
from counterpoise.play.elections.votes import Ballot, Votes
from counterpoise.region import open_region
from tests.play.ballots import names, votes_of
from tests.support import shared_path

# Of these, rules inferred from results stand in the laws of Armenia (minority and extra seats: all three votes) and of
# Moldova (the formula: the vote of 2025). Georgia's law was read, so its result is a free test.
ELECTIONS = ["ARM-2018-12-09", "ARM-2021-06-20", "ARM-2026-06-07", "GEO-2024-10-26", "MDA-2025-09-28"]


@pytest.mark.parametrize("name", ELECTIONS)
def test_seats_equal_the_official_result_given_the_official_votes(name: str) -> None:
    region = open_region("south-caucasus")
    election = region.elections[name]
    rows = [
        row
        for row in region.rows("results")
        if (row.country, row.election) == (election.country, election.date) and row.party
    ]
    counted = all(row.votes for row in rows)
    ballots = tuple(
        Ballot(row.party, Fraction(row.votes if counted else str(row.share)), Fraction(str(row.share)), kind)
        for row in rows
        for kind in ["alliance" if row.party_kind in ("alliance", "bloc") else "party"]
    )
    found = count_seats(Votes(ballots, "per cent"), find_law(election.law)).seats
    assert found == {row.party: row.seats for row in rows}


def test_rules_that_were_read_off_results_are_tagged_in_law_and_steps() -> None:
    assert set(find_law("arm-2026").inferred) == {"minority_allocation", "extra_allocation", "minority_seats"} & set(
        find_law("arm-2026").inferred
    )
    assert "minority_allocation" in find_law("arm-2026").inferred
    assert find_law("GEO_2024").inferred == ()
    result = count_seats(
        votes_of([("A", 70.42, "party"), ("B", 8.26, "party"), ("C", 6.37, "party")]), find_law("ARM_2018")
    )
    tagged = [step["rule"] for step in result.steps if step.get("inferred")]
    assert any("minority" in rule for rule in tagged)
    assert result.seats == {"A": 88, "B": 26, "C": 18}


@pytest.mark.shared
def test_every_seat_check_on_record_is_matched_or_contradicted_as_recorded(tmp_path: Path) -> None:
    with shared_path("facts/security/election_seat_checks.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    seen = 0
    for row in rows:
        votes = json.loads(row["inputs"])
        expected = tuple(int(part) for part in row["result"].split("/"))
        case = row["case"]
        if "line 1" in row["method"] or row["method"].startswith("101 by largest"):
            law = find_law("ARM_2018")
        elif "d'Hondt" in row["method"] and case.startswith("MDA"):
            law = Law("m", (Tier("all", 101),), ties="order")
        elif case.startswith("GEO") and "floor" in row["method"]:
            law = Law("g", (Tier("all", 150, allocation="floor_then_votes"),), ties="order")
        elif case.startswith("GEO"):
            law = Law(
                "g", (Tier("all", 150, allocation="dhondt" if "Hondt" in row["method"] else "largest_remainder"),)
            )
        elif case.startswith("MDA"):
            law = Law("m", (Tier("all", 101, allocation="largest_remainder"),))
        else:
            continue
        ballots = tuple(
            Ballot(name, Fraction(str(vote)), Fraction(100))
            for name, vote in zip(names(len(votes)), votes, strict=True)
        )
        assert tuple(count_seats(Votes(ballots, "votes"), law).seats.values()) == expected, case
        seen += 1
    assert seen >= 12

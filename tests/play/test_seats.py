"""Seats: laws of apportionment, official results, files of votes and laws, and every refusal."""

from __future__ import annotations

import csv
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterpoise._errors import CounterpoiseError, InputError, SolveError
from counterpoise.play.elections.law import Law, Tier, find_law, law_of
from counterpoise.play.elections.many import allocate
from counterpoise.play.elections.methods import METHODS, share_seats
from counterpoise.play.elections.seats import count_seats, seats_from_file
from counterpoise.play.elections.votes import Ballot, Votes
from counterpoise.region import open_region
from tests.support import run_json, shared_path

DIVISORS = ("dhondt", "sainte_lague", "modified_sainte_lague", "imperiali", "danish")
VOTE_LISTS = st.lists(st.integers(1, 10_000), min_size=1, max_size=8)


def names(count: int) -> list[str]:
    return [f"L{number}" for number in range(count)]


def votes_of(shares: list[tuple[str, float | int | str, str]]) -> Votes:
    ballots = tuple(Ballot(name, Fraction(str(share)), Fraction(str(share)), kind) for name, share, kind in shares)
    return Votes(ballots, "per cent")


def write(folder: Path, rows: list[tuple[Any, ...]], header: str = "party,share,kind") -> Path:
    path = folder / "votes.csv"
    path.write_text("\n".join([header, *(",".join(map(str, row)) for row in rows)]) + "\n", encoding="utf-8")
    return path


def code_of(call: Any) -> tuple[str, str]:
    with pytest.raises(CounterpoiseError) as caught:
        call()
    return caught.value.code, str(caught.value)


# --- what every formula keeps to -------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(votes=VOTE_LISTS, seats=st.integers(0, 60), method=st.sampled_from([m for m in METHODS if m != "hare"]))
def test_every_formula_hands_out_exactly_the_seats_there_are(votes: list[int], seats: int, method: str) -> None:
    shared = share_seats(method, names(len(votes)), votes, seats, ties="order")
    assert sum(shared.seats) == seats
    assert min(shared.seats) >= 0


@settings(max_examples=60, deadline=None)
@given(votes=VOTE_LISTS, seats=st.integers(1, 60), method=st.sampled_from([m for m in METHODS if m != "hare"]))
def test_more_votes_never_mean_fewer_seats(votes: list[int], seats: int, method: str) -> None:
    shared = share_seats(method, names(len(votes)), votes, seats, ties="order").seats
    for one in range(len(votes)):
        for other in range(len(votes)):
            if votes[one] > votes[other]:
                assert shared[one] >= shared[other]


@settings(max_examples=40, deadline=None)
@given(votes=VOTE_LISTS, seats=st.integers(0, 40), method=st.sampled_from(DIVISORS))
def test_a_larger_chamber_takes_no_seat_away_under_highest_averages(votes: list[int], seats: int, method: str) -> None:
    small = share_seats(method, names(len(votes)), votes, seats, ties="order").seats
    large = share_seats(method, names(len(votes)), votes, seats + 1, ties="order").seats
    assert all(b >= a for a, b in zip(small, large, strict=True))


@settings(max_examples=40, deadline=None)
@given(votes=VOTE_LISTS, seats=st.integers(1, 60))
def test_dhondt_never_undercuts_the_whole_part_and_remainders_stay_within_one_seat(
    votes: list[int], seats: int
) -> None:
    exact = [Fraction(vote * seats, sum(votes)) for vote in votes]
    dhondt = share_seats("dhondt", names(len(votes)), votes, seats, ties="order").seats
    assert all(got >= int(due) for got, due in zip(dhondt, exact, strict=True))
    rest = share_seats("largest_remainder", names(len(votes)), votes, seats, ties="order").seats
    assert all(abs(got - due) < 1 for got, due in zip(rest, exact, strict=True))


def test_the_alabama_paradox_is_there_under_largest_remainders_as_it_must_be() -> None:
    votes = [6, 6, 2]
    assert share_seats("largest_remainder", names(3), votes, 10, ties="order").seats == (4, 4, 2)
    assert share_seats("largest_remainder", names(3), votes, 11, ties="order").seats == (5, 5, 1)


def test_textbook_shares_of_one_vote_under_four_formulas() -> None:
    """47, 16, 15.9, 12, 6 and 3.1 thousand votes for ten seats: the standard worked example of the formulas."""
    votes = [47_000, 16_000, 15_900, 12_000, 6_000, 3_100]
    assert share_seats("dhondt", names(6), votes, 10).seats == (5, 2, 2, 1, 0, 0)
    assert share_seats("largest_remainder", names(6), votes, 10).seats == (5, 2, 1, 1, 1, 0)
    assert share_seats("droop", names(6), votes, 10).seats == (5, 2, 2, 1, 0, 0)
    assert share_seats("sainte_lague", names(6), [53_000, 24_000, 23_000], 7).seats == (3, 2, 2)


@settings(max_examples=50, deadline=None)
@given(
    votes=st.lists(st.integers(1, 10_000), min_size=2, max_size=7, unique=True),
    method=st.sampled_from(["dhondt", "sainte_lague", "largest_remainder", "floor_then_votes"]),
    lists=st.integers(0, 4),
    third=st.booleans(),
)
def test_many_draws_at_once_get_what_exact_arithmetic_gives(
    votes: list[int], method: str, lists: int, third: bool
) -> None:
    total = sum(votes)
    shares = [Fraction(100 * vote, total) for vote in votes]
    law = Law(
        "x",
        (Tier("all", 101, allocation=method, thresholds={"threshold": 5.0}),),
        minimum_lists=lists,
        majority_bonus=54.0,
        opposition_minimum=1 / 3 if third else None,
        minority_seats=4,
        ties="order",
    )
    ballots = tuple(
        Ballot(name, Fraction(vote), share) for name, vote, share in zip(names(len(votes)), votes, shares, strict=True)
    )
    if not any(share >= 5 for share in shares):
        return
    exact = count_seats(Votes(ballots, "votes"), law).seats
    many = allocate(law, ["party"] * len(votes), np.array([[float(share) for share in shares]] * 3))
    assert many.tolist() == [list(exact.values())] * 3


# --- official results ------------------------------------------------------------------------------------------------

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


# --- the command and its files ---------------------------------------------------------------------------------------


def test_the_command_takes_a_law_of_the_region_by_its_id(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, [("CC", 53.91, "party"), ("AA", 21.09, "alliance"), ("IHH", 5.22, "alliance")])
    code, document = run_json(capsys, "seats", str(path), "--law", "arm-2021")
    assert code == 0
    assert document["seats"] == {"CC": 71, "AA": 29, "IHH": 7}
    assert [step["step"] for step in document["steps"]] == list(range(1, len(document["steps"]) + 1))
    assert document["meta"]["inputs"]
    assert document["total"] == 107


def test_the_command_takes_a_law_from_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, [("A", 50.2, "party"), ("B", 24.2, "bloc"), ("C", 6.9, "bloc"), ("D", 5.1, "party")])
    law = tmp_path / "law.toml"
    law.write_text('seats = 101\nallocation = "d\'Hondt"\n[threshold]\nparty = 5\nbloc = "7%"\n', encoding="utf-8")
    _, document = run_json(capsys, "seats", str(path), "--law", str(law))
    assert document["seats"]["C"] == 0
    assert sum(document["seats"].values()) == 101
    quotients = [step["quotient"] for step in document["steps"] if step["rule"] == "highest quotient"]
    assert quotients == sorted(quotients, reverse=True)
    assert len(quotients) == 101


def test_a_file_of_several_laws_is_read_with_the_id_behind_a_hash(tmp_path: Path) -> None:
    laws = tmp_path / "laws.toml"
    laws.write_text('[[law]]\nid = "one"\nseats = 10\n[[law]]\nid = "two"\nseats = 20\n', encoding="utf-8")
    assert find_law(f"{laws}#two").seats == 20
    assert code_of(lambda: find_law(laws))[0] == "E903"
    assert code_of(lambda: find_law("arm-2099"))[0] == "E903"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("seats = 101\nthreshhold = 5", "did you mean 'threshold'?"),
        ("seats = 101\nthreshold = 0.05", "write 5"),
        ("seats = 0", "whole number from 1"),
        ("allocation = 'dhondt'", "no seats"),
        ("seats = 101\nallocation = 'dhond'", "did you mean 'dhondt'?"),
        ("seats = 101\nmajority_bonus = 0.54", "from 50 to 90"),
        ("seats = 101\nties = 'coin'", "ties is one of"),
        ("seats = 100\n[[tier]]\nseats = 60\n[[tier]]\nseats = 50", "110 against 100"),
        ("[[tier]]\nseats = 60\nwon = { A = 3 }", "constituency"),
        ("seats = 101\nchamber = 101", "a key stands once"),
    ],
)
def test_a_law_that_breaks_the_format_is_e902_and_says_how_to_mend_it(tmp_path: Path, text: str, says: str) -> None:
    law = tmp_path / "law.toml"
    law.write_text(text, encoding="utf-8")
    code, told = code_of(lambda: find_law(law))
    assert code == "E902"
    assert says in told


def test_all_faults_of_a_law_are_told_at_once() -> None:
    with pytest.raises(InputError) as caught:
        law_of({"seats": "many", "allocation": "coin", "threshold": 90}, "law")
    assert len(caught.value.faults) == 3


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([("A", 60, "party"), ("B", 55.5, "party")], "add up to 115.5"),
        ([("A", 60, "party"), ("A", 20, "party")], "first on line 2"),
        ([("A", "lots", "party")], "share = 'lots'"),
        ([("A", 60, "partty")], "did you mean 'party'?"),
        ([("", 60, "party")], "party is blank"),
        ([("A", 0, "party")], "no list with votes"),
        ([], "0 rows"),
    ],
)
def test_votes_that_do_not_add_up_are_e901(tmp_path: Path, rows: list[tuple[Any, ...]], says: str) -> None:
    code, told = code_of(lambda: seats_from_file(write(tmp_path, rows), "MDA_2025"))
    assert code == "E901"
    assert says in told


@pytest.mark.parametrize(
    "shares",
    [("50.2", "24.2", "7.96", "6.2", "5.62"), ("0.502", "0.242", "0.0796", "0.062", "0.0562")],
)
def test_fractions_read_as_per_cent_do(tmp_path: Path, shares: tuple[str, ...]) -> None:
    rows = [(name, share, "bloc" if name in "BC" else "party") for name, share in zip("ABCDE", shares, strict=True)]
    assert list(seats_from_file(write(tmp_path, rows), "MDA_2025").seats.values()) == [55, 26, 8, 6, 6]


def test_counts_of_votes_are_told_from_shares_by_their_sum(tmp_path: Path) -> None:
    rows = [
        ("A", 792557, "party"),
        ("B", 381984, "bloc"),
        ("C", 125706, "bloc"),
        ("D", 97852, "party"),
        ("E", 88679, ""),
    ]
    rows += [("rest", 92000, "other"), ("turnout", 1591476, "turnout")]
    result = seats_from_file(write(tmp_path, rows), "MDA_2025")
    assert list(result.seats.values()) == [55, 26, 8, 6, 6]
    assert result.votes.unit == "votes"
    assert any("read as votes" in note for note in result.notes)


def test_exact_counts_beside_rounded_shares_decide_the_seats(tmp_path: Path) -> None:
    rows = [("A", 50, "party", 1001), ("B", 50, "party", 999)]
    law = tmp_path / "law.toml"
    law.write_text("seats = 3", encoding="utf-8")
    result = seats_from_file(write(tmp_path, rows, "party,share,kind,votes"), law)
    assert result.seats == {"A": 2, "B": 1}


def test_a_tie_that_the_law_leaves_open_is_refused_and_a_named_rule_settles_it(tmp_path: Path) -> None:
    votes = write(tmp_path, [("A", 50, "party"), ("B", 50, "party")])
    law = tmp_path / "law.toml"
    law.write_text("seats = 3", encoding="utf-8")
    code, told = code_of(lambda: seats_from_file(votes, law))
    assert code == "E904"
    assert "A, B" in told
    law.write_text('seats = 3\nties = "order"', encoding="utf-8")
    assert seats_from_file(votes, law).seats == {"A": 2, "B": 1}


def test_nobody_over_the_threshold_is_an_error_and_no_empty_chamber() -> None:
    law = Law("x", (Tier("all", 10, thresholds={"threshold": 50.0}),))
    with pytest.raises(SolveError) as caught:
        count_seats(votes_of([("A", 40, "party"), ("B", 30, "party")]), law)
    assert caught.value.code == "E904"


def test_alliances_are_held_to_the_threshold_of_their_members() -> None:
    law = find_law("ARM_2026")
    rows: list[tuple[str, float | int | str, str]] = [
        ("A", 50, "party"),
        ("B", 9, "alliance_3"),
        ("C", 9, "alliance_2"),
        ("D", 20, "party"),
    ]
    seats = count_seats(votes_of(rows), law).seats
    assert seats["B"] == 0
    assert seats["C"] > 0
    unknown = count_seats(votes_of([*rows[:1], ("B", 9, "alliance"), *rows[2:]]), law)
    assert unknown.seats["B"] > 0
    assert any("members not given" in str(step.get("by")) for step in unknown.steps)


def test_a_bare_majority_is_raised_to_the_stable_one_and_the_least_seats_do_it() -> None:
    law = law_of(
        {"seats": 100, "allocation": "largest_remainder", "majority_bonus": 54, "second_round_days": 28}, "law"
    )
    seats = count_seats(votes_of([("A", 51, "party"), ("B", 49, "party")]), law).seats
    own, other = seats["A"], seats["B"]
    assert own / (own + other) >= 0.54 > (own - 1) / (own - 1 + other)


def test_without_a_majority_the_steps_say_so_and_a_second_round_settles_it() -> None:
    law = law_of(
        {"seats": 100, "allocation": "largest_remainder", "majority_bonus": 54, "second_round_days": 28}, "law"
    )
    votes = votes_of([("A", 45, "party"), ("B", 40, "party"), ("C", 15, "party")])
    first = count_seats(votes, law)
    assert any(step.get("lists") == ["A", "B"] for step in first.steps)
    assert count_seats(votes, law, winner="B").seats["B"] / count_seats(votes, law, winner="B").total >= 0.54
    with pytest.raises(InputError) as caught:
        count_seats(votes, law, winner="Z")
    assert caught.value.code == "E903"


def test_constituencies_given_as_counts_come_on_top_or_are_made_up_for() -> None:
    document: dict[str, Any] = {
        "tier": [
            {"name": "districts", "kind": "constituency", "seats": 30, "won": {"A": 30}},
            {"name": "lists", "seats": 120, "allocation": "hare"},
        ]
    }
    votes = votes_of([("A", 48, "party"), ("B", 52, "party")])
    parallel = count_seats(votes, law_of(document, "law")).seats
    assert parallel == {"A": 30 + 58, "B": 62}
    topped = count_seats(votes, law_of({**document, "mixed": "compensatory"}, "law")).seats
    assert topped == {"A": 72, "B": 78}
    overhang = count_seats(
        votes_of([("A", 10, "party"), ("B", 90, "party")]), law_of({**document, "mixed": "compensatory"}, "law")
    )
    assert overhang.seats == {"A": 30, "B": 120}


def test_constituencies_that_do_not_add_up_are_e901() -> None:
    document = {"tier": [{"kind": "constituency", "seats": 3, "won": {"Z": 4}}, {"seats": 5}]}
    with pytest.raises(InputError) as caught:
        count_seats(votes_of([("A", 60, "party")]), law_of(document, "law"))
    assert {item.code for item in caught.value.faults} == {"E901"}
    assert len(caught.value.faults) == 2


def test_every_law_of_the_region_can_be_read() -> None:
    for law in open_region("south-caucasus").laws():
        assert law_of(law, law["id"]).seats == law["seats"]


def test_a_forecast_over_constituencies_is_refused() -> None:
    law = law_of({"tier": [{"kind": "constituency", "seats": 3}, {"seats": 5}]}, "law")
    assert code_of(lambda: allocate(law, ["party"], np.array([[60.0]])))[0] == "E904"

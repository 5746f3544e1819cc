"""What a cell rests on: told once in the page, in links that lead to all of it and to nothing else."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from counterpoise.brief._labels import Label, place_labels
from counterpoise.brief._matrix import cells_by_client
from counterpoise.brief._words import about_claims, money
from tests.brief.support import whole_brief

pytestmark = pytest.mark.xdist_group("brief")
ANSWERS = {"withdrawal": "rests", "counter": "counter_rests", "offer": "offer_rests"}


def reached(cells: dict[str, dict[str, Any]], anchor: str, answer: str, kind: str) -> set[str]:
    """The rows of an answer that a reader gets to by its own links and by those of the cells that it leads to."""
    row = cells[anchor]
    found = set(row[ANSWERS[answer]][kind]["own"])
    for part in row[ANSWERS[answer]][kind]["parts"]:
        found |= reached(cells, part["anchor"], "withdrawal" if part["words"] == "the withdrawal" else answer, kind)
    return found


@pytest.mark.parametrize("kind", ["facts", "assumptions"])
def test_links_from_a_cell_lead_to_exactly_the_rows_that_it_rests_on(kind: str) -> None:
    cells = {row["anchor"]: row for rows in cells_by_client(whole_brief()).values() for row in rows}
    seen = 0
    for anchor, row in cells.items():
        for answer, rests in ANSWERS.items():
            body = row if answer == "withdrawal" else row[answer]
            if body and rests in row:
                assert reached(cells, anchor, answer, kind) == set(body.get(kind) or ()), (anchor, answer)
                seen += bool(body.get(kind))
    assert seen > 100


def test_the_whole_of_a_pair_lists_no_row_that_a_channel_of_it_lists() -> None:
    for rows in cells_by_client(whole_brief()).values():
        for row in rows:
            if row["channel"] == "total" and row["state"] == "number":
                assert row["rests"]["facts"]["own"] == row["rests"]["assumptions"]["own"] == []


def test_a_cell_says_in_words_what_happens_in_the_world() -> None:
    page = whole_brief().page.read_text(encoding="utf-8")
    assert "Russia to Armenia gas lost" in page
    assert "RUS-ARM.gas" not in page
    assert "part due to trade" in page
    assert "shapley" not in page


def test_a_sum_of_dollars_has_two_digits_whatever_its_size() -> None:
    assert [money(value) for value in (2_384_908_408.4, 995_000_000.0, 1500.0, 12.0, None)] == [
        "2.4 billion",
        "0.99 billion",
        "1.5 thousand",
        "12",
        "—",
    ]


def brief_with(supported: int, open_: int, advice: int) -> Any:
    """A brief of which only the counts of its claims are asked."""
    counts = {"supported": supported, "mixed": 0, "contradicted": 0, "open": open_}
    tell = lambda recommendations=False: {"supported": advice} if recommendations else counts  # noqa: E731
    return SimpleNamespace(claims=SimpleNamespace(counts=tell))


def test_where_no_claim_is_open_none_is_said_to_be() -> None:
    assert about_claims(brief_with(2, 0, 1)) == (
        "All 2 claims in the articles read have a computed verdict: 2 supported, 0 mixed, 0 contradicted; "
        "1 recommendation is judged apart."
    )
    assert about_claims(brief_with(1, 0, 0)).startswith("The one claim in the articles read has a computed verdict")
    assert "; 3 wait for evidence." in about_claims(brief_with(2, 3, 0))
    assert "; 1 waits for evidence; 2 recommendations are judged apart." in about_claims(brief_with(2, 1, 2))
    page = whole_brief().page.read_text(encoding="utf-8")
    assert "stand open." not in page
    assert ">0 claims" not in page
    assert " 0 of 9" not in page


def test_a_name_on_its_land_moves_a_little_to_be_read_on_a_phone_too() -> None:
    one = Label("ALPHA", (200.0, 200.0), "client", 15.0, 0, centred=True)
    two = Label("BETA", (200.0, 218.0), "client", 15.0, 1, centred=True)
    placed = place_labels([one, two], 400.0, 400.0, phone=1.35)
    assert [found.always for found in placed] == [True, True]
    assert placed[1].at != (200.0, 223.0)


def test_every_client_has_its_name_on_the_map_of_a_phone() -> None:
    page = whole_brief().page.read_text(encoding="utf-8")
    for name in ("ARMENIA", "AZERBAIJAN", "GEORGIA"):
        assert f'class="l-country l-client" text-anchor="middle">{name}</text>' in page

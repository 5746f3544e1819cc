"""Names, figures and dates: what is found, in which unit, with which qualifier, on which day."""

from __future__ import annotations

from datetime import date

import pytest

from counterpoise.evidence._actors import find_mentions, in_office, office_of
from counterpoise.evidence._dates import byline_day, find_dates
from counterpoise.evidence._gazetteer import gazetteer
from counterpoise.evidence._quantities import find_quantities
from counterpoise.evidence._tables import cells, table
from counterpoise.evidence._text import plain

THURSDAY = date(2026, 2, 19)


def named(text: str) -> list[tuple[str, str]]:
    return [(mention.id, mention.text) for mention in find_mentions(plain(text))]


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("Yerevan and Baku agreed.", [("ARM", "Yerevan"), ("AZE", "Baku")]),
        ("Russo-Iranian interference", [("RUS", "Russo"), ("IRN", "Iranian")]),
        ("U.S.-made drones for Armenia’s army", [("USA", "U.S."), ("ARM", "Armenia")]),
        ("the US$5 million deal with the UN", [("UN", "UN")]),
        ("the Washington Post on the Persian Gulf", []),
        ("Latin American and South Korean firms", [("KOR", "South Korean")]),
        ("South Sudan, not Sudan", [("SSD", "South Sudan"), ("SDN", "Sudan")]),
        ("the Trump Route for International Peace and Prosperity", []),
        ("President Trump met Nikol Pashinyan", [("USA", "Trump"), ("ARM", "Nikol Pashinyan")]),
        ("Gazprom and Georgian Dream", [("firm:gazprom", "Gazprom"), ("party:georgian-dream", "Georgian Dream")]),
        ("Transdniestria’s leader", [("transnistria", "Transdniestria")]),
        ("RUSSIA WARNS ARMENIA", [("RUS", "RUSSIA"), ("ARM", "ARMENIA")]),
        ("Chișinău and Türkiye", [("MDA", "Chișinău"), ("TUR", "Türkiye")]),
        ("in May the mayor said", []),
        ("Prime Minister Theresa May left. May was tired.", [("GBR", "Theresa May"), ("GBR", "May")]),
    ],
)
def test_a_name_stands_for_the_state_behind_it(text: str, due: list[tuple[str, str]]) -> None:
    assert named(text) == due


def test_an_office_holder_in_no_table_is_read_from_the_title_and_stands_for_the_state_from_then_on() -> None:
    text = "Estonian Foreign Minister Jaan Tamme visited Yerevan. Tamme praised the talks."
    assert named(text) == [("EST", "Estonian"), ("EST", "Jaan Tamme"), ("ARM", "Yerevan"), ("EST", "Tamme")]


def test_a_name_before_its_office_is_read_as_well() -> None:
    assert ("GEO", "Lasha Examplidze") in named("Lasha Examplidze, Georgia's deputy foreign minister, agreed.")


def test_an_office_is_dated() -> None:
    mention = find_mentions("Serzh Sargsyan spoke.")[0]
    then, now = office_of(mention, "2010-01-01"), office_of(mention, "2026-01-01")
    assert then is not None
    assert now is not None
    assert (in_office(then, "2010-01-01"), in_office(now, "2026-01-01")) == (True, False)


def test_every_state_has_a_demonym_or_a_reason_and_codes_are_unique() -> None:
    codes = [row["iso3"] for row in table("states")]
    assert len(codes) == len(set(codes)) >= 195
    assert all(len(code) == 3 for code in codes)


def test_no_name_stands_for_two_actors() -> None:
    owners: dict[str, set[str]] = {}
    for entries in gazetteer().by_word.values():
        for entry in entries:
            if entry.sort not in {"skip", "prefix", "holder"}:
                owners.setdefault(entry.name, set()).add(entry.id)
    assert not {name: ids for name, ids in owners.items() if len(ids) > 1}


def test_terms_of_office_begin_before_they_end() -> None:
    for row in table("holders"):
        begun, over = row["from"], row["to"]
        assert not begun or date.fromisoformat(begun)
        assert not over or date.fromisoformat(over)
        assert not (begun and over) or begun < over, row["name"]
        assert row["alone"] in {"yes", "no"}


def test_each_verb_has_a_kind_of_the_2021_codebook() -> None:
    kinds = (
        "AGREE CONSULT SUPPORT CONCEDE COOPERATE AID RETREAT REQUEST ACCUSE REJECT THREATEN PROTEST SANCTION MOBILIZE "
        "COERCE ASSAULT NONE"
    )
    assert {row["kind"] for row in table("verbs")} <= set(kinds.split())
    assert cells("a; b;") == ["a", "b"]


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("up to $9 billion in investment", (9e9, None, None, "USD", "up to", "$9 billion")),
        ("roughly 40 percent of electricity", (40, None, None, "%", "about", "40 percent")),
        ("imported 2.5 bcm of gas", (2.5e9, None, None, "m3", None, "2.5 bcm")),
        ("$165 per 1,000 cubic meters", (165, None, None, "USD/1000 m3", None, "$165 per 1,000 cubic meters")),
        ("more than 6,000 people died", (6000, None, None, "persons", "more than", "6,000 people")),
        ("€270 million of aid", (270e6, None, None, "EUR", None, "€270 million")),
        ("$1.5-2 billion", (1.75e9, 1.5e9, 2e9, "USD", None, "$1.5-2 billion")),
        ("between 5% and 7% of trade", (6, 5, 7, "%", None, "5% and 7%")),
        ("15-20% of trade", (17.5, 15, 20, "%", None, "15-20%")),
        ("between 20 and 30 warships", (25, 20, 30, "warships", None, "20 and 30 warships")),
        ("half of the voters", (50, None, None, "%", None, "half")),
        ("1.2 GW of capacity", (1200, None, None, "MW", None, "1.2 GW")),
        ("over ten years of talks", (10, None, None, "years", None, "ten years")),
        ("for over ten years", (10, None, None, "years", "more than", "ten years")),
        (
            "at least two hundred thousand refugees",
            (2e5, None, None, "persons", "at least", "two hundred thousand refugees"),
        ),
        ("a dozen aircraft", (12, None, None, "aircraft", None, "a dozen aircraft")),
        ("580 million shillings", (580e6, None, None, "shillings", None, "580 million shillings")),
    ],
)
def test_a_quantity_is_in_its_base_unit_with_its_qualifier(text: str, due: tuple[object, ...]) -> None:
    found = find_quantities(plain(text))
    assert len(found) == 1
    item = found[0]
    assert (item.value, item.low, item.high, item.unit, item.qualifier, item.text) == due


def test_a_change_from_one_figure_to_another_is_two_quantities() -> None:
    found = find_quantities("Remittances fell from $3.6 billion to $2 billion, or from 9 to 5 percent.")
    assert [(item.value, item.unit) for item in found] == [(3.6e9, "USD"), (2e9, "USD"), (9.0, "%"), (5.0, "%")]


@pytest.mark.parametrize(
    "text", ["the 102nd base", "an S-400 and an F-16", "Article 5", "the 2020 war", "Resolution 2803"]
)
def test_ordinals_years_and_names_with_numbers_are_no_quantities(text: str) -> None:
    assert find_quantities(text, [(m.start, m.end) for m in find_dates(text, None)]) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("from February 9 to 11", "2026-02-09/2026-02-11"),
        ("in August 2025", "2025-08"),
        ("the end of 2004", "2004-12-31"),
        ("scheduled for June 7", "2026-06-07"),
        ("on Thursday", "2026-02-19"),
        ("on Wednesday", "2026-02-18"),
        ("last December", "2025-12"),
        ("next month", "2026-03"),
        ("two years ago", "2024"),
        ("the first quarter of 2025", "2025-01/2025-03"),
        ("9 November 2020", "2020-11-09"),
        ("2016-2020", "2016/2020"),
        ("yesterday", "2026-02-18"),
        ("this year", "2026"),
        ("late 2024", "2024"),
        ("in May", "2026-05"),
        ("Sept. 19, 2023", "2023-09-19"),
        ("the 1990s", "1990/1999"),
        ("between 2022 and 2024", "2022/2024"),
        ("2024-25", "2024/2025"),
        ("last week", "2026-02-09/2026-02-15"),
    ],
)
def test_a_date_is_resolved_from_the_day_of_publication(text: str, value: str) -> None:
    assert [moment.value for moment in find_dates(text, THURSDAY)] == [value]


def test_a_relative_date_stays_open_without_a_day_of_publication() -> None:
    assert [moment.value for moment in find_dates("last December and in 2020", None)] == [None, "2020"]


def test_two_years_are_two_dates_and_the_year_of_another_paragraph_does_not_carry_over() -> None:
    assert [moment.value for moment in find_dates("in 2022 and 2024", None)] == ["2022", "2024"]
    text = plain("The war came in 2008.\n\nOn February 9 she left.")
    assert [moment.value for moment in find_dates(text, THURSDAY)] == ["2008", "2026-02-09"]


def test_a_day_without_a_year_takes_the_year_just_named() -> None:
    text = "In 2023 the blockade ended when, on September 19, Azerbaijan attacked."
    assert [moment.value for moment in find_dates(text, THURSDAY)] == ["2023", "2023-09-19"]


def test_a_byline_tells_the_day_of_publication() -> None:
    assert byline_day("A title\nBy A. Writer, February 19, 2026\n\nText follows here.") == THURSDAY
    assert byline_day("On February 19, 2026 a long sentence began that goes on and on until it ends.") is None

"""Rules that real agency texts asked for, shown on sentences of our own: figures, dates, acts, kinds, names, hedges."""

from __future__ import annotations

from pathlib import Path

import pytest

from counterpoise.evidence import read_article
from counterpoise.evidence._actors import find_mentions
from counterpoise.evidence._dates import find_dates
from counterpoise.evidence._numbers import number_of
from counterpoise.evidence._quantities import find_quantities
from counterpoise.evidence._region_names import names_of_region
from counterpoise.evidence._text import plain
from tests.evidence.test_rules_of_news import DAY, actors, acts, claim


@pytest.mark.parametrize(
    ("raw", "due"),
    [
        ("three hundred fifty thousand", 350_000),
        ("two thousand five hundred", 2_500),
        ("one hundred and twenty", 120),
        ("seven and a half", 7.5),
        ("one and a half million", 1_500_000),
        ("half a million", 500_000),
    ],
)
def test_spelled_numbers_go_on_after_a_scale_and_end_in_a_half(raw: str, due: float) -> None:
    assert number_of(raw) == due


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("some 4,000 nurses left; about 1,500 of them returned", [(4000, "nurses"), (1500, "nurses")]),
        (
            "about 800,000 citizens work abroad, more than 600,000 of them in Italy and 30,000-50,000 in Greece",
            [(800_000, "persons"), (600_000, "persons"), (40_000, "persons")],
        ),
        ("the number of block trains fell from nearly 60 in winter", [(60, "trains")]),
        ("worth Rs 2,000 crore", [(2e10, "INR")]),
        ('lost two Estonian "strong points"', [(2, "points")]),
        ("only three satisfied Brussels", []),
        ("jailed for eight and a half years", [(8.5, "years")]),
    ],
)
def test_figures_take_their_noun_from_the_sentence_around_them(text: str, due: list[tuple[float, str]]) -> None:
    assert [(item.value, item.unit) for item in find_quantities(plain(text))] == due


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("rose in January-February of this year", ["2026-01/2026-02"]),
        ("in the first quarter 2025 (a record)", ["2025-01/2025-03"]),
        ("in the first half of the current year", ["2026-01/2026-06"]),
        ("from May 2012 to July 2013 he ruled", ["2012-05/2013-07"]),
        ("in August 2025 it sold less than a month earlier", ["2025-08", "2025-07"]),
        ("a truce from 1830 (1430 GMT)", []),
        ("The minister assured in April that all was well", ["2025-04"]),
        ("on December 28, 2024 it said that it would stop from January", ["2024-12-28", "2025-01"]),
    ],
)
def test_dates_as_agencies_write_them(text: str, due: list[str]) -> None:
    assert [item.value for item in find_dates(plain(text), DAY)] == due


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("Latvia announced a Swedish-mediated cease-fire with Estonia.", {("AGREE", "LVA", "EST")}),
        ("It was in a deal signed last week in Oslo between Latvia and Estonia.", {("SUPPORT", "LVA", "EST")}),
        ("Latvia and Estonia fought three wars over Finland.", {("ASSAULT", "LVA", "EST")}),
        ("Latvia and Estonia signed a treaty. Sweden hailed the treaty.", {("SUPPORT", "SWE", "LVA"),
         ("SUPPORT", "SWE", "EST"), ("SUPPORT", "LVA", "EST")}),
        ("The Latvian president has arrived in Sweden to discuss a road linking Estonia.", {("CONSULT", "LVA", "SWE")}),
        ("Five Latvian soldiers were wounded when Estonian units fired.", {("ASSAULT", "EST", "LVA")}),
        ("The energy ministries of Latvia and Estonia signed a plan with Sweden.", {("SUPPORT", "LVA", "SWE"),
         ("SUPPORT", "EST", "SWE")}),
        ("Latvia talks to Sweden. Two bcm of Latvian gas were exported to Sweden.", {("COOPERATE", "LVA", "SWE")}),
        ("The mayor of Riga, Latvia's Janis Testins, was arrested on Monday.", {("COERCE", "LVA", "LVA")}),
        ("Latvian troops struck. Sweden condemned the strike.", {("ACCUSE", "SWE", "LVA")}),
    ],
)  # fmt: skip
def test_acts_as_agencies_tell_them(text: str, due: set[tuple[str, str, str]]) -> None:
    assert due <= acts(text)


@pytest.mark.parametrize(
    "text",
    [
        "Goods banned in Sweden came from Latvia.",
        "Sweden does not guarantee success to Latvia.",
        "Sweden declined to comment on Latvia.",
        "Sweden insisted that its ports were open to Latvia.",
        "The Latvian firm MET Test of Sweden is small.",
    ],
)
def test_standing_facts_and_silence_are_no_acts(text: str) -> None:
    assert acts(text) == set()


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("The chairman of Latvia's foreign-affairs committee, Janis Testins, spoke.", ("LVA", "Janis Testins")),
        ("The Swedish Ambassador to the country, Anna Testsson, came.", ("SWE", "Anna Testsson")),
        ("Latvia's Anti-Fraud Committee (AFC) acted. The AFC accused two men.", ("LVA", "AFC")),
        ("Armenia holds a vote. The Republican Party lost in Armenia.", ("party:republican-party", "Republican Party")),
        ("Mayor Vardan Ghukasyan of Gyumri, Armenia, spoke. Ghukasyan left.", ("ARM", "Ghukasyan")),
        ("Prime Minister Nikol Pashinian of Armenia spoke.", ("ARM", "Nikol Pashinian")),
    ],
)  # fmt: skip
def test_names_as_agencies_introduce_them(text: str, due: tuple[str, str]) -> None:
    assert due in actors(text)


def test_a_party_of_common_name_belongs_to_the_state_of_the_text() -> None:
    found = find_mentions("Armenia holds a vote. The Republican Party lost in Armenia.")
    assert {item.state for item in found if item.text == "Republican Party"} == {"ARM"}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The pact stipulates that two of the roads will be neutral.", "fact"),
        ("The main reasons behind the decline are the weak currency and stricter rules.", "causal"),
        ("It should be noted that the state sold 4 bcm of gas.", "fact"),
        ("Supplies are planned to rise to 11 bcm a year.", "forecast"),
        ("They were accused of smuggling money.", "fact"),
        ("RIGA, MAY 25. The two sides signed a plan.", "fact"),
    ],
)
def test_kinds_of_claims_in_agency_style(text: str, kind: str) -> None:
    assert claim(text).kind == kind


@pytest.mark.parametrize(
    "text",
    [
        "The minister came to Riga, a town Sweden has vowed to rebuild in case it could be damaged.",
        "Only a third of respondents believed him.",
        "The gains that Latvia expected from the union proved small.",
    ],
)
def test_what_others_believe_or_a_side_clause_fears_is_no_hedge(text: str) -> None:
    assert not claim(text).hedged


def test_a_region_adds_names_that_the_reader_lacks_but_no_routes_groups_or_everyday_words(tmp_path: Path) -> None:
    rows = [
        {"id": "ZBL", "name": "Zembla", "aliases": "Zemblan;Onhava", "kind": "state"},
        {"id": "zeta", "name": "Zeta Steelworks", "aliases": "", "kind": "firm"},
        {"id": "WLD", "name": "World", "aliases": "all partners", "kind": "organisation"},
        {"id": "ZED", "name": "Zeda", "aliases": "", "kind": "group"},
        {"id": "RTE", "name": "Zeda Corridor", "aliases": "", "kind": "organisation"},
        {"id": "USA", "name": "United States", "aliases": "", "kind": "state"},
    ]
    more = names_of_region(rows)
    assert sorted(entry.name for entries in more.values() for entry in entries) == [
        "Onhava", "Zembla", "Zemblan", "Zeta Steelworks",
    ]  # fmt: skip
    text = "Zembla and the Zeda Corridor. The Zemblan foreign minister, Charles Testov, met Sweden. Testov left."
    found = [(item.id, item.text) for item in find_mentions(text, more)]
    assert [name for code, name in found if code == "ZBL"] == ["Zembla", "Zemblan", "Charles Testov", "Testov"]


def test_the_names_of_the_region_asked_for_are_read(tmp_path: Path) -> None:
    region = tmp_path / "region"
    region.mkdir()
    (region / "actors.csv").write_text("id,name,aliases,kind\nZBL,Zembla,Zemblan,state\n", encoding="utf-8")
    article = tmp_path / "article.txt"
    article.write_text("Zembla waited. The Zemblan army left Sweden on Monday.", encoding="utf-8")
    assert {"ZBL", "SWE"} == {item["id"] for item in read_article(article, region=str(region)).actors}
    assert {"SWE"} == {item["id"] for item in read_article(article, region=None).actors}

"""Rules that news texts ask for, one sentence each: names, bodies, figures, dates, acts, kinds of claim, hedges."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from counterpoise.evidence._actors import find_mentions
from counterpoise.evidence._claims import find_claims
from counterpoise.evidence._dates import find_dates
from counterpoise.evidence._events import find_events
from counterpoise.evidence._quantities import find_quantities
from counterpoise.evidence._text import plain, sentences

DAY = date(2026, 3, 12)


def actors(text: str) -> list[tuple[str, str]]:
    return [(item.id, item.text) for item in find_mentions(plain(text))]


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("The Minister of Energy of Georgia, Nino Testidze, spoke. Testidze left.", "Testidze"),
        ("Armenia waits. Aram Bramyan, a deputy from the ruling Civil Contract party, agreed.", "Aram Bramyan"),
        ("Georgian Dream's Zaza Bramadze objected.", "Zaza Bramadze"),
        ("Officials met in Kazakhstan. Central bank governor Timur Testov spoke.", "Timur Testov"),
    ],
)
def test_people_are_known_by_the_office_or_party_beside_them(text: str, due: str) -> None:
    assert due in {name for _, name in actors(text)}


def test_a_body_without_its_state_serves_the_state_under_discussion() -> None:
    assert ("GEO", "Interior Ministry") in actors("Georgia stirs. Police acted, the Interior Ministry said.")
    assert ("ARM", "Foreign Ministry") not in actors("The Armenian Foreign Ministry said so.")
    assert ("UN", "Security Council") not in actors("Armenia's Security Council met.")


def test_a_headline_in_capitals_teaches_no_name_and_a_namesake_is_no_leader() -> None:
    assert actors("Armenian Premier Rules Out Leaving Bloc\n\nIt was so.") == [("ARM", "Armenian")]
    assert actors("Nobody came, said Gor Sargsyan, a shopkeeper.") == []


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("a fine of ₾5,000 was set", [(5000, "GEL")]),
        ("shelling killed seven people and wounded 30 in the town", [(7, "persons"), (30, "persons")]),
        ("assets worth 210 billion euros, of which 185 billion sit there", [(2.1e11, "EUR"), (1.85e11, "EUR")]),
        ("passed by 349 votes to 42", [(349, "votes"), (42, "votes")]),
        ("remittances fell by half", [(50, "%")]),
        ("controlled by a third party", []),
        ("three Ground Master 200 radars", [(3, "radars")]),
        ("bought 40 JF-17 fighters", [(40, "fighters")]),
        ("about one week faster", [(1, "weeks")]),
        ("nine-tenths of the water", [(90, "%")]),
    ],
)
def test_figures_as_news_writes_them(text: str, due: list[tuple[float, str]]) -> None:
    assert [(item.value, item.unit) for item in find_quantities(plain(text))] == due


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("before the elections in June, he said", "2026-06"),
        ("He warned on March 10, and a day earlier he had not", "2026-03-09"),
        ("in the second half of the year", "2026-07/2026-12"),
        ("in December last year", "2025-12"),
        ("between January and April", "2026-01/2026-04"),
        ("on Wednesday, March 4, 2020, they met", "2020-03-04"),
        ("signed on 05.02.2026 there", "2026-02-05"),
        ("prices for 2026/27 are set", "2026/2027"),
        ("cut on New Year's Day", "2026-01-01"),
    ],
)
def test_dates_as_news_writes_them(text: str, due: str) -> None:
    assert due in {item.value for item in find_dates(plain(text), DAY)}


def acts(text: str) -> set[tuple[str, str | None, str | None]]:
    text = plain(text)
    found = find_events(text, sentences(text, text), find_mentions(text), find_dates(text, DAY))
    return {(item.kind, item.actor, item.target) for item in found}


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("Georgia is uneasy. Opposition lawmakers accused the government of fraud.", ("ACCUSE", "GEO", "GEO")),
        ("Russia denied the charge and blamed Ukraine for the leak.", ("ACCUSE", "RUS", "UKR")),
        ("The EU made an offer. Tiraspol rejected the offer.", ("REJECT", "transnistria", "EU")),
        ("The leaders of Armenia and Azerbaijan signed an agreement.", ("SUPPORT", "ARM", "AZE")),
        ("Russia, which had recognised the Taliban, sent vehicles to Tajikistan.", ("AID", "RUS", "TJK")),
        ("Russian bombs killed seven people in Zaporizhzhia.", ("ASSAULT", "RUS", "UKR")),
        ("Baku insists that Armenia amend its constitution.", ("REQUEST", "AZE", "ARM")),
    ],
)
def test_acts_as_news_tells_them(text: str, due: tuple[str, str, str]) -> None:
    assert due in acts(text)


@pytest.mark.parametrize(
    "text",
    ["Armenia closed no border.", "The president of Iran struck a softer tone.", "Reserves of Georgia hit a record."],
)
def test_what_is_no_act_is_not_read_as_one(text: str) -> None:
    assert acts(text) == set()


def claim(text: str) -> Any:
    text = plain(text)
    return find_claims(text, sentences(text, text))[0]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("For Yerevan, the bargain is attractive.", "judgement"),
        ("Russia supplies Armenia with natural gas through Georgia.", "fact"),
        ("There is a risk that a single incident will undo the talks.", "risk"),
        ("If the money does not arrive, anger could fester and violence could return.", "risk"),
        ("It would also be prudent to tell Tehran in advance.", "recommendation"),
        ("Ministers should agree now on who pays.", "recommendation"),
        ("He said on 2 May that troops would come should it shoot at crowds.", "forecast"),
        ("The bank expects inflation of 9 percent at the end of 2026.", "forecast"),
        ("Tariffs differ from one railway to the next, so shippers cannot know the price.", "causal"),
        ("By 2024 its share had collapsed to 10 percent.", "fact"),
    ],
)
def test_kinds_of_claims_by_their_cues(text: str, kind: str) -> None:
    assert claim(text).kind == kind


@pytest.mark.parametrize(
    ("text", "hedged"),
    [
        ("The target is unlikely to be met in time.", True),
        ("The central bank is widely expected to hold.", True),
        ("The aid, which might be cut, arrived on Monday.", False),
        ("It protects the route from the potential for sabotage.", False),
        ("He said that prices will rise.", False),
    ],
)
def test_hedges_count_on_the_main_proposition_only(text: str, hedged: bool) -> None:
    assert claim(text).hedged == hedged

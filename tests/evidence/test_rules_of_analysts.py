"""How analysts and the news of a region tell who acts on whom: each rule in a sentence made for the purpose."""

from __future__ import annotations

import pytest

from counterpoise.evidence._actors import find_mentions
from counterpoise.evidence._events import find_events
from counterpoise.evidence._text import plain, sentences


def acts(text: str) -> set[tuple[str, str | None, str | None]]:
    simple = plain(text)
    found = find_events(simple, sentences(simple, simple), find_mentions(simple), [])
    return {(act.kind, act.actor, act.target) for act in found}


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("Special envoys from Chile and Peru met at the pass.", {("CONSULT", "CHL", "PER")}),
        ("Both Chile and Peru accuse Norway of theft.", {("ACCUSE", "CHL", "NOR"), ("ACCUSE", "PER", "NOR")}),
        ("Chile blamed Norway, further accusing Peru of theft.", {("ACCUSE", "CHL", "PER")}),
        (
            "Norway sent monitors to Peru in a move requested and welcomed by Chile.",
            {("REQUEST", "CHL", "NOR"), ("SUPPORT", "CHL", "NOR")},
        ),
        ("Norway's minister confirmed Chile had suspended aid to Peru.", {("SANCTION", "CHL", "PER")}),
        ("When Norway left the cold valley, Chile sent troops to Peru.", {("MOBILIZE", "CHL", "PER")}),
        ("Emboldened by Norway's gift, Chile attacked Peru.", {("ASSAULT", "CHL", "PER")}),
        ("In the face of Chile promising Peru aid, Norway kept silent.", {("AGREE", "CHL", "PER")}),
        ("The vote comes as Chile's foreign minister visits Peru.", {("CONSULT", "CHL", "PER")}),
        ("Chile suspended its participation in NATO.", {("SANCTION", "CHL", "NATO")}),
        ("Norway called for talks between Chile and Peru.", {("REQUEST", "NOR", "CHL"), ("REQUEST", "NOR", "PER")}),
        ("Peruvian fish was banned in Chile.", {("SANCTION", "CHL", "PER")}),
        ('"We call on Peru to pay," Chile\'s president Ana Prat said.', {("REQUEST", "CHL", "PER")}),
        (
            "According to Chile's president Ana Prat, the country's authorities appealed to Peru for help.",
            {("REQUEST", "CHL", "PER")},
        ),
        ("Chile's president Ana Prat defended the raid, accusing reporters of fraud.", {("ACCUSE", "CHL", "CHL")}),
        (
            "Chile joined NATO in 1999. Peru accused the Western military alliance of theft.",
            {("ACCUSE", "PER", "NATO")},
        ),
        (
            "Chile's president Ana Prat paid a visit to Peru. A number of documents on fish were signed.",
            {("SUPPORT", "CHL", "PER")},
        ),
        ("Chile and Peru held talks. Chile then released nine soldiers.", {("RETREAT", "CHL", "PER")}),
        ("Chile and Peru held talks. Chilean forces had occupied the valley.", {("COERCE", "CHL", "PER")}),
        ("Chile held talks with Norway after Chile and Peru warred over fish.", {("ASSAULT", "CHL", "PER")}),
        ("Chile said that Peru would face consequences.", {("THREATEN", "CHL", "PER")}),
    ],
)
def test_acts_as_analysts_tell_them(text: str, due: set[tuple[str, str, str]]) -> None:
    assert due <= acts(text)


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("Chile accused Peru of theft and criticised its failure to pay.", {("ACCUSE", "CHL", "PER")}),
        ("Chile closed its border with Peru and banned all transport.", {("COERCE", "CHL", "PER")}),
        ("Chile and Peru fought two wars over Bolivia.", {("ASSAULT", "CHL", "PER")}),
        ("Norway kept silent while numerous journalists were detained in Chile.", {("COERCE", "CHL", "CHL")}),
        ("Chile's capital is tense. Over 170 people have been detained.", {("COERCE", "CHL", "CHL")}),
        (
            "Chile and Peru held talks. Chile closed its border in 1987 in solidarity with Norway.",
            {("CONSULT", "CHL", "PER"), ("COERCE", "CHL", "PER")},
        ),
        (
            "Chile's capital is calm. Protesters, many waving Norwegian flags, demanded new elections.",
            {("REQUEST", "CHL", "CHL")},
        ),
        ("Chile saw protests. Norway condemned the government's actions.", {("ACCUSE", "NOR", "CHL")}),
        ("Peru is poor, and Peru has no gas. The decision was criticised by Chile.", {("ACCUSE", "CHL", "PER")}),
        (
            "Chile's parliament passed a resolution on fish. The resolution also urged Norway to act.",
            {("REQUEST", "CHL", "NOR")},
        ),
        ("Norway, Chile and Peru triggered the snapback mechanism.", set()),
        ('Chile and Peru spoke of the war. Norway said it was ready "to hold talks".', {("AGREE", "NOR", "NOR")}),
        (
            "Chile and Peru held talks on the Norway-Bolivia war. The two leaders agreed to open the pass.",
            {("CONSULT", "CHL", "PER"), ("AGREE", "CHL", "PER")},
        ),
        (
            "Norway is far. Chile's president Luis Vega held talks with Peru, during which he praised Peru's army.",
            {("CONSULT", "CHL", "PER"), ("SUPPORT", "CHL", "PER")},
        ),
        (
            "Peru has claimed the islands. Norway has backed this demand rejected by Chile.",
            {("SUPPORT", "NOR", "PER"), ("REJECT", "CHL", "PER")},
        ),
        ("Chile's ministers met Peru's envoy. They announced no deals.", {("CONSULT", "CHL", "PER")}),
    ],
)
def test_acts_have_these_parties_and_no_others(text: str, due: set[tuple[str, str, str]]) -> None:
    assert acts(text) == due


ELSEWHERE = "Chile's president Ana Prat told reporters in Santiago that the treaty was ready. "


@pytest.mark.parametrize(
    ("text", "due"),
    [
        (
            "In Peru, police detained 47 protesters and demanded their leaders' surrender.",
            {("COERCE", "PER", "PER"), ("REQUEST", "PER", "PER")},
        ),
        ("In Tbilisi, police detained 47 protesters.", {("COERCE", "GEO", "GEO")}),
        ("In the Georgian capital Tbilisi, police detained 47 protesters.", {("COERCE", "GEO", "GEO")}),
        ("Across Peru, protesters demanded new elections.", {("REQUEST", "PER", "PER")}),
        ("In Peru on Monday, lawmakers accused the government of theft.", {("ACCUSE", "PER", "PER")}),
        ("In neighbouring Peru, at least 47 protesters were detained.", {("COERCE", "PER", "PER")}),
        ("In Peru, Ana Prat accused the opposition of theft.", {("ACCUSE", "CHL", "CHL")}),
        ("Police detained 47 protesters.", {("COERCE", "CHL", "CHL")}),
    ],
)
def test_unnamed_people_act_in_the_place_that_opens_their_sentence(text: str, due: set[tuple[str, str, str]]) -> None:
    assert acts(ELSEWHERE + text) == due


@pytest.mark.parametrize(
    "text",
    [
        "A helicopter crashed in Chile, killing two Peruvians.",
        "Chile warned that the situation in Peru is bad.",
        "Chile's mandate calls for a vote in Peru.",
        "Chile has fears about Peru potentially joining the sanctions.",
        "Chile fears the gap that allowed Peru to win.",
        "It was a wake-up call for Chile and Peru.",
        "Chile fired dozens of missiles.",
        "Chile and Peru have never established ties.",
        "Chile's exports to Peru flattened.",
        "Chile noted that lifting the restrictions is good for Peru.",
        "Levels in Chile are permitted by the rules of Peru.",
        "Chile continues its push for talks in Peru.",
        "Chile, currently holding the chair of the club with Peru, rested.",
        "In Peru, all Chile's hopes provided for by law are gone.",
        "The status quo in Peru offered Chile a chance.",
    ],
)
def test_what_analysts_say_without_an_act_is_none(text: str) -> None:
    assert acts(text) == set()


def test_where_names_the_place_and_not_the_doer() -> None:
    told = acts("Chile and Peru met in Norway, where the envoys agreed to open the pass.")
    assert not {act for act in told if act[0] == "AGREE" and "NOR" in act}

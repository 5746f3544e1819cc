"""Constructions of strangers' news that earlier rules missed: each in a sentence made for the purpose."""

from __future__ import annotations

import pytest

from counterpoise.evidence._actors import find_mentions
from counterpoise.evidence._dates import find_dates
from counterpoise.evidence._events import find_events
from counterpoise.evidence._quantities import find_quantities
from counterpoise.evidence._tables import table
from counterpoise.evidence._text import plain, sentences


def acts(text: str) -> set[tuple[str, str | None, str | None]]:
    simple = plain(text)
    found = find_events(simple, sentences(simple, simple), find_mentions(simple), find_dates(simple, None))
    return {(act.kind, act.actor, act.target) for act in found}


def figures(text: str) -> list[tuple[float, str]]:
    simple = plain(text)
    taken = [(day.start, day.end) for day in find_dates(simple, None)]
    return [(round(item.value, 6), item.unit) for item in find_quantities(simple, taken)]


@pytest.mark.parametrize(
    ("text", "due"),
    [
        (
            "The opening ceremony was attended by the President of Chile Ana Prat, the President of Peru Luis Vega "
            "and the "
            "President of Bolivia Rosa Paz.",
            {("CONSULT", "CHL", "PER"), ("CONSULT", "CHL", "BOL"), ("CONSULT", "PER", "BOL")},
        ),
        (
            "During a dinner hosted by Norway's king, the leaders of Chile, Peru, and Bolivia signed a declaration.",
            {("SUPPORT", "CHL", "PER"), ("SUPPORT", "CHL", "BOL"), ("SUPPORT", "PER", "BOL")},
        ),
        ("The Chile-Peru fishing treaty was signed in Geneva.", {("SUPPORT", "CHL", "PER")}),
        (
            "The ministers of Chile and Peru visited Norway to meet with each other.",
            {("CONSULT", "CHL", "NOR"), ("CONSULT", "PER", "NOR"), ("CONSULT", "CHL", "PER")},
        ),
        (
            "Norway summoned the leaders of Chile and Peru for urgent talks.",
            {("CONSULT", "NOR", "CHL"), ("CONSULT", "NOR", "PER")},
        ),
        ("Norway summoned the Chilean ambassador.", {("ACCUSE", "NOR", "CHL")}),
        ("Peru and Chile, at odds since Norway left, have suspended talks.", {("SANCTION", "PER", "CHL")}),
        ("Chile put its troops on the border with Peru on high alert.", {("MOBILIZE", "CHL", "PER")}),
        (
            "The Peruvian raid wounded two, prompting Chile to threaten Peru with a blockade.",
            {("THREATEN", "CHL", "PER")},
        ),
        (
            "Two Chileans and one Peruvian were among 20 people detained at a march in Norway.",
            {("COERCE", "NOR", "CHL"), ("COERCE", "NOR", "PER")},
        ),
        (
            "Chile agreed to grant visas to Peru, whose army has been guarding the pass for weeks, and Bolivia.",
            {("AGREE", "CHL", "PER"), ("AGREE", "CHL", "BOL")},
        ),
        (
            "Norway has condemned Chile, demanding that Peru release the boats.",
            {("ACCUSE", "NOR", "CHL"), ("REQUEST", "NOR", "PER")},
        ),
        (
            "Peru asked Chile for help. Chilean officials offered Peru food; however, they refused it.",
            {("REJECT", "PER", "CHL")},
        ),
        ("Chile said a Peruvian frigate fired at one of its ships.", {("ASSAULT", "PER", "CHL")}),
        (
            "President Luis Vega of Peru held phone calls with the presidents of Chile and Bolivia.",
            {("CONSULT", "PER", "CHL")},
        ),
        ("Chile joined the sanctions against Peru.", {("SANCTION", "CHL", "PER")}),
        (
            "Gas from Chile was scarce. Chile moved on after Peru's decision to close the border.",
            {("COERCE", "PER", "PER")},
        ),
    ],
)
def test_acts_as_strangers_tell_them(text: str, due: set[tuple[str, str, str]]) -> None:
    assert due <= acts(text)


@pytest.mark.parametrize(
    "text",
    [
        "Chile's economy demonstrated impressive growth.",
        "Chile hopes that its ties with Peru will not be worsened by the vote.",
        "Chile would have to ask Peru for talks.",
        "The pipeline through Chile would be blocked, Peru said.",
        "The number of Chileans travelling to Peru for work fell.",
        "Chile's requests for aid from Peru were not met.",
        "Troops stationed in Chile watched the parade of Peru.",
        "It was a war that killed thousands of Chileans.",
        "Chile's state news agency reported the storm.",
    ],
)
def test_what_only_looks_like_an_act_is_none(text: str) -> None:
    assert acts(text) == set()


def test_a_blow_without_a_doer_is_dropped_where_another_sentence_names_him() -> None:
    text = "Nine Peruvian soldiers were wounded. Chile attacked Peru at dawn."
    assert acts(text) == {("ASSAULT", "CHL", "PER")}


def test_the_dead_of_a_border_fight_fell_to_the_other_side() -> None:
    text = "Chile and Peru accused each other. Two Chilean soldiers were killed on the border."
    assert ("ASSAULT", "PER", "CHL") in acts(text)


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("Two dozen sailors and half a million euros were lost.", [(24.0, "persons"), (5e5, "EUR")]),
        ("Half of the crew left; one in five stayed with the ship.", [(50.0, "%"), (20.0, "%")]),
        ("At least one civilian died and 30 others were injured.", [(1.0, "persons"), (30.0, "persons")]),
        ("Ten were wounded, of which six were servicemen.", [(10.0, "persons"), (6.0, "persons")]),
        ("More than 17 Tajiks and 1,470 Kyrgyz were evacuated.", [(17.0, "persons"), (1470.0, "persons")]),
        ("Two Chilean and Peruvian delegations met.", []),
        ("The two countries, three neighbours and both sides agreed.", []),
        ("Exports rose 7.2 times to $335 million.", [(7.2, "times"), (335e6, "USD")]),
        ("It grew 2.4-fold and met three times a week.", [(2.4, "times")]),
        ("The dam holds a 74 billion-cubic-meter lake.", [(74e9, "m3")]),
        (
            "Some 550 kilometres pass through Chile, 215 through Peru, 105 through Bolivia.",
            [(550.0, "km"), (215.0, "km"), (105.0, "km")],
        ),
        ("Prices rose 3.4% in 2016 and 5.2% in 2017.", [(3.4, "%"), (5.2, "%")]),
        ("Inflation was 43 per cent, down from 53.", [(43.0, "%"), (53.0, "%")]),
        (
            "They hold 54 of 105 seats after 523 votes in favour, 3 against.",
            [(54.0, "seats"), (105.0, "seats"), (523.0, "votes"), (3.0, "votes")],
        ),
        ("Oil cost $50-$60 a barrel and gas 143.7 drams per cubic meter.", [(55.0, "USD/barrel"), (143.7, "AMD/m3")]),
        ("The bank cut its rate to 8.25pc; the hall has 200 square metres.", [(8.25, "%"), (200.0, "m2")]),
        ("Output was $30.5 billion, population 3.7 million.", [(30.5e9, "USD")]),
        ("They built two new police posts and fired 155-millimetre guns.", [(2.0, "posts"), (155.0, "mm")]),
    ],
)
def test_figures_as_strangers_write_them(text: str, due: list[tuple[float, str]]) -> None:
    assert figures(text) == due


def test_verbs_that_ask_for_a_next_word_name_it_and_no_cell_is_empty() -> None:
    for row in table("verbs"):
        for column in ("needs", "bars", "next"):
            assert all(part for part in row[column].split("|")) or not row[column], row

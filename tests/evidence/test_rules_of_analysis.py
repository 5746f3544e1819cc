"""Kinds and hedges of claims in the prose of analysts, dates without a year, and names added to the tables."""

from __future__ import annotations

from datetime import date

import pytest

from counterpoise.evidence._actors import find_mentions
from counterpoise.evidence._claims import find_claims
from counterpoise.evidence._dates import byline_day, find_dates
from counterpoise.evidence._tables import table
from counterpoise.evidence._text import plain, sentences


def claim(text: str) -> tuple[str, bool]:
    simple = plain(text)
    found = find_claims(simple, sentences(simple, simple))
    assert len(found) == 1
    return found[0].kind, found[0].hedged


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The drought has exacerbated the shortage.", "causal"),
        ("Old pipes have created a shortage downstream.", "causal"),
        ("This framework allowed Ankara to return.", "causal"),
        ("The embargo negatively affects growers.", "causal"),
        ("Chief among them is the proposed dam, which is a contentious scheme.", "judgement"),
        ("The valley serves as a crossroads of trade.", "judgement"),
        ("It leads the broadest league and wields unparalleled sway.", "judgement"),
        ("The pact leaves many questions unanswered.", "judgement"),
        ("Oslo seems convinced by assurances that they would not stay.", "judgement"),
        ("Norway would have to align itself with the bloc.", "forecast"),
        ("The council is about to meet.", "forecast"),
        ("The bill endangers its bid and raises significant concerns.", "risk"),
        ("Regional coordination is needed.", "recommendation"),
        ("It is recommended that the talks go on.", "recommendation"),
        ("Oslo underlines the need for wider roads.", "recommendation"),
        ("The fleet sailed north and the crews voted.", "fact"),
        ("Oslo unveiled a plan and signed it.", "fact"),
        ("The council opposes the dam.", "fact"),
        ("The kings sought help from Oslo.", "fact"),
    ],
)
def test_the_kind_of_an_analysts_sentence(text: str, kind: str) -> None:
    assert claim(text)[0] == kind


def test_should_before_any_name_is_a_condition() -> None:
    assert claim("Should Norway persist, Oslo could lose aid.")[0] != "recommendation"
    assert claim("Norway should persist.")[0] == "recommendation"


def test_what_is_only_added_weighs_less() -> None:
    assert claim("The dispute has caused a rift, he said, stating that Norway would pay.")[0] == "causal"


@pytest.mark.parametrize(
    ("text", "hedged"),
    [
        ("The port has the potential to widen trade.", True),
        ("They could not present a single document.", False),
        ("There's no hope of charity here.", False),
        ("The success of a potential pact rests on trade.", False),
        ("It is a potential partner.", True),
        ("Norway may leave.", True),
    ],
)
def test_a_hedge_stands_on_the_main_proposition(text: str, hedged: bool) -> None:
    assert claim(text)[1] is hedged


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("grew in the second quarter, he said", "2025-04/2025-06"),
        ("grew in the fourth quarter, he said", "2024-10/2024-12"),
        ("due by year-end, he said", "2025-12-31"),
        ("on 2025/07/03 they met", "2025-07-03"),
        ("the end-of-August deadline, he said", "2025-08-31"),
        ("Today the court sentenced him.", "2025-07-16"),
    ],
)
def test_dates_of_markets_and_calendars(text: str, value: str) -> None:
    assert [moment.value for moment in find_dates(text, date(2025, 7, 16))] == [value]


def test_today_may_mean_nowadays() -> None:
    assert find_dates("Today, the valley is a crossroads of trade.", date(2025, 7, 16)) == []


def test_a_quarter_takes_the_year_told_before() -> None:
    found = find_dates("In 2024 trade fell; in the third quarter it rose.", date(2025, 7, 16))
    assert [moment.value for moment in found] == ["2024", "2024-07/2024-09"]


_LONG = "Norway said that the treaty was ready and that it would be signed before the end of the year."


@pytest.mark.parametrize(
    ("head", "day"),
    [
        ("OSLO, 18 November 2026 - ", date(2026, 11, 18)),
        ("OSLO, November 18, 2026 (Agency) -- ", date(2026, 11, 18)),
        ("A title\n\nOSLO, Norway, NOVEMBER 18, 2026 \u2014 ", date(2026, 11, 18)),
        ("OSLO (Agency), Nov. 18, 2026: - ", date(2026, 11, 18)),
        ("OSLO, November 18, 2026 /Agency/. ", date(2026, 11, 18)),
        ("A title\nBy A. Writer, November 19, 2026\n\nOSLO, 18 November 2026 - ", date(2026, 11, 19)),
        ("OSLO, November 18 - ", None),
        ("In Oslo, 18 November 2026 was cold - ", None),
        ("OSLO, 18 November 2026, was cold. ", None),
    ],
)
def test_a_dateline_tells_the_day_of_publication(head: str, day: date | None) -> None:
    assert byline_day(plain(head + _LONG)) == day


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("Mukhtar Babayev", "AZE"), ("Ebrahim Azizi", "IRN"), ("Oleg Belozyorov", "RUS"), ("Tanzila Narbaeva", "UZB"),
        ("Arman Tatoyan", "ARM"), ("Öncü Keçeli", "TUR"), ("Stanislav Secrieru", "MDA"), ("Peter Semneby", "EU"),
    ],
)  # fmt: skip
def test_officials_of_the_region_are_known_by_name(name: str, state: str) -> None:
    assert [(item.id, item.text) for item in find_mentions(plain(f"It was so, said {name}."))] == [(state, name)]


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("Moldova voted: the Communist Party and the Liberal Democratic Party won.", ["MDA", "MDA", "MDA"]),
        ("Georgia's Free Democrats lost.", ["GEO", "GEO"]),
        ("China's Xi'an port opened.", ["CHN"]),
        ("Xi's visit ended.", ["CHN"]),
        ("The General Assembly of the railway union met.", []),
    ],
)
def test_a_party_of_a_common_name_is_that_of_the_state_in_question(text: str, due: list[str]) -> None:
    assert [item.state for item in find_mentions(plain(text))] == due


def test_no_cue_and_no_unit_stands_twice() -> None:
    cues = [row["cue"] for row in table("claim_cues")]
    units = [row["text"] for row in table("units")]
    phrases = [row["phrase"] for row in table("qualifiers")]
    holders = [(row["name"], row["office"], row["from"]) for row in table("holders")]
    for rows in (cues, units, phrases, holders):
        assert len(rows) == len(set(rows)), [row for row in rows if rows.count(row) > 1]

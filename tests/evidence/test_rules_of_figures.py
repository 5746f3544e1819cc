"""Rules of figures, one sentence each: units left out, shares, prices, changes, people, qualifiers that are none."""

from __future__ import annotations

import pytest

from counterpoise.evidence._quantities import find_quantities
from counterpoise.evidence._text import plain


def figures(text: str) -> list[tuple[float, str]]:
    return [(round(item.value, 6), item.unit) for item in find_quantities(plain(text))]


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("The death toll rose to 46, from 34.", [(46, "persons"), (34, "persons")]),
        ("Of those killed, 34 were conscripts.", [(34, "persons")]),
        ("They lost 192 troops and Armenia more than 200 in a day.", [(192, "persons"), (200, "persons")]),
        ("It lost 80 killed and 95 wounded.", [(80, "persons"), (95, "persons")]),
        ("They listed 34 dead in the south, and 12 in Osh.", [(34, "persons"), (12, "persons")]),
        ("The 14 who died were miners.", [(14, "persons")]),
        ("Three deaths were told, with 31 being injured.", [(3, "persons"), (31, "persons")]),
        ("The number of forcibly displaced is 9,450.", [(9450, "persons")]),
        ("The number of homes is 21, the number of vehicles is 40.", [(21, "homes"), (40, "vehicles")]),
        ("It has a population of 2.9 million.", [(2.9e6, "persons")]),
        ("The population shrank by 1.3% to 2.4 million.", [(1.3, "%"), (2.4e6, "persons")]),
        ("Of 700 trucks, 230 crossed.", [(700, "trucks"), (230, "trucks")]),
        ("It built 13 plants, of which 12 are small.", [(13, "plants"), (12, "plants")]),
        ("The border has 976 km, but only 504 of them are marked.", [(976, "km"), (504, "km")]),
        ("It had 29 million persons and grew by 82,500 or 0.3%.", [(29e6, "persons"), (82500, "persons"), (0.3, "%")]),
        ("It won 48.2% (924,733) votes, they 27.1% (520,806).",
         [(48.2, "%"), (924733, "votes"), (27.1, "%"), (520806, "votes")]),
        ("More than half of the visitors, some 52,688, came by air.", [(50, "%"), (52688, "persons")]),
        ("Growth was 3.6 percent this year and 2.7 next year.", [(3.6, "%"), (2.7, "%")]),
        ("It won 54 seats, the opposition 40.", [(54, "seats"), (40, "seats")]),
        ("Growth slowed to 12.4 percent, 1.2 points less.", [(12.4, "%"), (1.2, "pp")]),
        ("It has ranges of 300 and 120 kilometers.", [(300, "km"), (120, "km")]),
        ("The plant has four 440-MW units.", [(4, "units"), (440, "MW")]),
        ("A 3,000-strong force came.", [(3000, "persons")]),
        ("Profit was 1.2 billion dollars, against 0.9 billion a year earlier.", [(1.2e9, "USD"), (0.9e9, "USD")]),
        ("Its share fell to a third from half.", [(33.333333, "%"), (50, "%")]),
        ("It pledged 270 million euros over four years, of which 85 million went to roads.",
         [(270e6, "EUR"), (4, "years"), (85e6, "EUR")]),
        ("It pledged $270 million over the next four years, including 85 million for roads.",
         [(270e6, "USD"), (4, "years"), (85e6, "USD")]),
        ("It pledged 270 million euros over four years, of which two were lean.",
         [(270e6, "EUR"), (4, "years"), (2, "years")]),
        ("They fired 106 drones, and another 25 were lost.", [(106, "drones"), (25, "drones")]),
        ("Two ships came back and 14 were missed.", [(2, "ships"), (14, "ships")]),
        ("It has a capacity of 3,780 Megawatts.", [(3780, "MW")]),
        ("It will issue $ 1 Billion worth of bonds.", [(1e9, "USD")]),
        ("Half of the 243 thousand population stayed.", [(50, "%"), (243000, "persons")]),
        ("Six command and control and observation posts fell.", [(6, "posts")]),
        ("Over 200 artillery, missile and mortar launchers burned.", [(200, "launchers")]),
        ("Some 60 customs officers waited.", [(60, "persons")]),
        ("Nearly 900,000 Russians arrived.", [(900000, "persons")]),
        ("It sold 27 million of metric tons.", [(27e6, "t")]),
        ("They signed 15 memoranda and seven agreements.", [(15, "memoranda"), (7, "agreements")]),
        ("Iran holds 4,744.5 kilograms (10,460 pounds).", [(4.7445, "t"), (4.744576, "t")]),
        ("It carried 34,600 TEU (twenty-foot equivalent unit).", [(34600, "TEU")]),
    ],
)  # fmt: skip
def test_a_unit_left_out_is_taken_from_the_sentence(text: str, due: list[tuple[float, str]]) -> None:
    assert figures(text) == due


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("half its exports", 50.0), ("almost half their grain", 50.0), ("a third were children", 100 / 3),
        ("two thirds voted", 200 / 3), ("an eighth of the land", 12.5), ("nine out of ten residents", 90.0),
        ("a quarter more than before", 25.0), ("one in five residents", 20.0),
    ],
)  # fmt: skip
def test_shares_in_words_are_percentages(text: str, due: float) -> None:
    assert figures(f"They said {text}, no more.")[0] == (pytest.approx(due, abs=1e-5), "%")


@pytest.mark.parametrize(
    "text",
    [
        "It fell in the first half of the month.", "In the third quarter of the season it rose.",
        "It is told per 1,000 people.", "A third party came.", "It made a 180-degree turn.",
    ],
)  # fmt: skip
def test_stretches_of_time_and_denominators_are_no_figures(text: str) -> None:
    assert figures(text) == []


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("$165 per 1,000 cubic metre", "USD/1000 m3"), ("$165 for a thousand cubic meters", "USD/1000 m3"),
        ("$165/tcm", "USD/1000 m3"), ("$80/bbl", "USD/barrel"), ("$250 per metric ton", "USD/t"), ("$250/t", "USD/t"),
        ("48 drams per 1 kWh", "AMD/kWh"), ("48 drams per kilowatt hour", "AMD/kWh"),
        ("€45 per megawatt hour", "EUR/MWh"),
        ("$2,000 an ounce", "USD/oz"), ("100-dram-per-cubic-meter", "AMD/m3"),
        ("2.7 US cents per kilowatt hour", "USD/kWh"),
        ("$200 per square meter", "USD/m2"),
        ("100 persons per square kilometer", "persons/km2"), ("$5 per year", "USD"),
    ],
)  # fmt: skip
def test_a_price_names_what_it_is_paid_for(text: str, unit: str) -> None:
    assert [found[1] for found in figures(f"The price is {text} now.")] == [unit]


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("Reserves rose by $120 million to $4.1 billion.", [(120e6, "USD"), (4.1e9, "USD")]),
        ("It will cut costs by 10 to 15 percent.", [(12.5, "%")]),
        ("The price rose from $120 to $163 per thousand cubic meters.", [(120, "USD/1000 m3"), (163, "USD/1000 m3")]),
        ("It went down from the current 146.4 to 139 drams per cubic meter.", [(146.4, "AMD/m3"), (139, "AMD/m3")]),
        ("Exports grew threefold, imports by a factor of 3.", [(3, "times"), (3, "times")]),
        ("It is three times higher, or 5.2x.", [(3, "times"), (5.2, "times")]),
        ("Prices rose (+19% against May).", [(19, "%")]),
        ("It took 48,16% and 3,5 million.", [(48.16, "%")]),
    ],
)  # fmt: skip
def test_changes_and_factors(text: str, due: list[tuple[float, str]]) -> None:
    assert figures(text) == due


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("They agreed to hand over four villages.", None), ("Talks about two prisoners went on.", None),
        ("It lies near three villages.", None), ("They lived under nine months of blockade.", None),
        ("The dispute over 12 islands goes on.", None), ("Sold under two contracts.", None),
        ("Some ~40 percent left.", "about"), ("Only <40% left.", "less than"), ("It held ≥40% then.", "at least"),
        ("five or more people came", "at least"), ("40+ people came", "at least"), ("40 percent or so left", "about"),
        ("Trade nears $60 billion.", "about"), ("costs not exceeding $5 billion", "up to"),
    ],
)  # fmt: skip
def test_a_qualifier_belongs_to_the_number(text: str, due: str | None) -> None:
    assert [item.qualifier for item in find_quantities(plain(text))] == [due]

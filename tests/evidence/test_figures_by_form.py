"""A grammar of figures: every number, unit and qualifier the grammar can write is read back as it was meant."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterpoise.evidence._quantities import find_quantities
from counterpoise.evidence._tables import table
from counterpoise.evidence._text import plain

# (as written, its value)
NUMBERS = [
    ("5", 5.0), ("40", 40.0), ("1,250", 1250.0), ("2.5 million", 2.5e6), ("12bn", 12e9), ("300 billion", 3e11),
    ("7.25", 7.25), ("two hundred", 200.0), ("twenty-five", 25.0), ("a million", 1e6), ("half a million", 5e5),
    ("120 000", 120_000.0), ("1.2 trillion", 1.2e12), ("sixty", 60.0), ("two and a half million", 2.5e6),
]  # fmt: skip
# (as written after the number, base unit, factor)
UNITS = [
    (" percent", "%", 1.0), ("%", "%", 1.0), (" per cent", "%", 1.0), (" percentage points", "pp", 1.0),
    (" basis points", "pp", 0.01), (" dollars", "USD", 1.0), (" U.S. dollars", "USD", 1.0), (" euros", "EUR", 1.0),
    (" drams", "AMD", 1.0), (" Armenian drams", "AMD", 1.0), (" manats", "AZN", 1.0), (" lari", "GEL", 1.0),
    (" lei", "MDL", 1.0), (" Turkish liras", "TRY", 1.0), (" Russian rubles", "RUB", 1.0), (" tenge", "KZT", 1.0),
    (" AMD", "AMD", 1.0), (" GEL", "GEL", 1.0), (" KZT", "KZT", 1.0), (" soums", "UZS", 1.0), (" rials", "IRR", 1.0),
    (" kilometers", "km", 1.0), (" meters", "km", 0.001), (" square kilometers", "km2", 1.0),
    (" hectares", "km2", 0.01),
    (" bcm", "m3", 1e9), (" mcm", "m3", 1e6), (" cubic meters", "m3", 1.0), (" bcf", "m3", 0.0283168e9),
    (" tonnes", "t", 1.0), (" metric tons", "t", 1.0), (" kg", "t", 0.001), (" barrels", "barrels", 1.0),
    (" barrels per day", "barrels/day", 1.0), (" b/d", "barrels/day", 1.0), (" TEU", "TEU", 1.0), (" MW", "MW", 1.0),
    (" GWh", "MWh", 1000.0), (" kilowatt-hours", "MWh", 0.001), (" hours", "hours", 1.0), (" years", "years", 1.0),
    (" people", "persons", 1.0), (" soldiers", "persons", 1.0), (" Russian peacekeepers", "persons", 1.0),
    (" lawmakers", "persons", 1.0), (" trucks", "trucks", 1.0), (" border villages", "villages", 1.0),
    (" seats", "seats", 1.0), (" customs posts", "posts", 1.0), (" UAVs", "UAVs", 1.0), (" aircraft", "aircraft", 1.0),
]  # fmt: skip
MONEY = [("$", "USD"), ("US$", "USD"), ("€", "EUR"), ("£", "GBP"), ("₾", "GEL"), ("₼", "AZN"), ("֏", "AMD"),
         ("₸", "KZT"),
         ("AMD ", "AMD"), ("USD ", "USD"), ("TL ", "TRY"), ("RMB ", "CNY"), ("MDL ", "MDL")]  # fmt: skip
SIGNS = frozenset("~≈<>≤≥")
# Words that need a verb of their own; a sentence of this test has none for them.
APART = {"or so", "short of", "exceed", "exceeds", "exceeded", "does not exceed", "did not exceed", "not to exceed"}
QUALIFIERS = [
    (row["phrase"], row["qualifier"])
    for row in table("qualifiers")
    if row["phrase"] not in APART and row["phrase"] not in SIGNS and row["phrase"] not in {"over", "near"}
]


def one(text: str) -> tuple[float, str, str | None]:
    found = find_quantities(plain(text))
    assert len(found) == 1, (text, found)
    return found[0].value, found[0].unit, found[0].qualifier


@given(st.sampled_from(NUMBERS), st.sampled_from(UNITS), st.sampled_from([*QUALIFIERS, ("", None)]))
@settings(max_examples=400, deadline=None)
def test_every_number_with_a_unit_is_read_back(
    number: tuple[str, float], unit: tuple[str, str, float], qualifier: tuple[str, str | None]
) -> None:
    written, value = number
    lead = f"{qualifier[0]} " if qualifier[0] else ""
    text = f"The plan needs {lead}{written}{unit[0]} to work."
    got = one(text)
    assert got[0] == pytest.approx(value * unit[2])
    assert got[1:] == (unit[1], qualifier[1]), text


@given(st.sampled_from(MONEY), st.integers(1, 999), st.sampled_from(["", " million", "bn", " billion", "m"]))
@settings(max_examples=200, deadline=None)
def test_money_is_read_with_its_sign_before_the_number(money: tuple[str, str], number: int, scale: str) -> None:
    factor = {"": 1.0, " million": 1e6, "bn": 1e9, " billion": 1e9, "m": 1e6}[scale]
    assert one(f"Exports worth {money[0]}{number}{scale} were sold.") == (number * factor, money[1], None)


@given(
    st.integers(1, 400), st.integers(1, 400), st.sampled_from(UNITS),
    st.sampled_from(["between {} and {}{}", "{} to {}{}", "{}-{}{}", "from {} to {}{}"]),
)  # fmt: skip
@settings(max_examples=300, deadline=None)
def test_a_range_has_low_and_high(first: int, more: int, unit: tuple[str, str, float], form: str) -> None:
    low, high = first, first + more
    found = find_quantities(f"The estimate is {form.format(low, high, unit[0])} for now.")
    assert [(item.low, item.high, item.unit) for item in found] == [
        (pytest.approx(low * unit[2]), pytest.approx(high * unit[2]), unit[1])
    ]


@given(st.text(alphabet="0123456789 ,.-$€%abcdenotvlh()/+~:;\n", max_size=80))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_in_order_and_within_itself(text: str) -> None:
    found = find_quantities(plain(text))
    assert [item.start for item in found] == sorted(item.start for item in found)
    assert all(
        0 <= item.start < item.end <= len(text) and plain(text)[item.start : item.end] == item.text for item in found
    )


def test_every_unit_of_the_table_is_read_after_a_number() -> None:
    for row in table("units"):
        if row["text"] in {"pounds of", "won"}:
            continue
        found = find_quantities(f"It has 3 {row['text']} now.")
        assert [(item.unit, round(item.value, 12)) for item in found] == [
            (row["unit"], pytest.approx(3 * float(row["factor"])))
        ], row

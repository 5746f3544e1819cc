"""How numbers are written: digits, words, scales, money, fractions; `_quantities.py` says what each counts."""

from __future__ import annotations

import re

ORDINAL = re.compile(r"(?:st|nd|rd|th)\b|-(?:st|nd|rd|th)\b")
_ONES = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
NUMBER_WORDS: dict[str, float] = {name: number for number, name in enumerate(_ONES.split(), start=1)}
NUMBER_WORDS |= {
    name: 10 * n
    for n, name in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2)
}
_SCALES: dict[str, float] = {
    "hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "dozen": 12.0,
    "mln": 1e6, "mn": 1e6, "bn": 1e9, "bln": 1e9, "tn": 1e12, "trn": 1e12, "m": 1e6, "k": 1e3, "b": 1e9, "K": 1e3,
    "M": 1e6, "B": 1e9, "crore": 1e7, "lakh": 1e5,
}  # fmt: skip
PARTS: dict[str, float] = {
    "half": 50.0,
    "third": 100 / 3,
    "quarter": 25.0,
    "fifth": 20.0,
    "tenth": 10.0,
    "fourth": 25.0,
}
CURRENCY = {
    "$": "USD",
    "US$": "USD",
    "U.S.$": "USD",
    "US $": "USD",
    "€": "EUR",
    "£": "GBP",
    "¥": "JPY",
    "₽": "RUB",
    "C$": "CAD",
    "A$": "AUD",
    "₾": "GEL",
    "₼": "AZN",
    "₸": "KZT",
    "֏": "AMD",
    "₴": "UAH",
    "₺": "TRY",
    "₹": "INR",
    "Rs": "INR",
    "Rs.": "INR",
}
_CODES = {
    "USD",
    "EUR",
    "GBP",
    "RUB",
    "AMD",
    "AZN",
    "GEL",
    "MDL",
    "TRY",
    "UAH",
    "KZT",
    "CNY",
    "CHF",
    "CAD",
    "UZS",
    "KGS",
    "TJS",
    "TMT",
    "INR",
    "IRR",
    "AED",
}

_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_LOWER = sorted(NUMBER_WORDS, key=len, reverse=True)
# A sentence may begin with a number: "Two soldiers".
_WORD = "|".join(f"[{name[0].upper()}{name[0]}]{name[1:]}" for name in _LOWER)
_SCALE = (
    r"(?:hundred|thousand|million|billion|trillion|dozen|crore|lakh|mln|bln|mn|bn|tn|trn)\b|(?:[mkbKMB]\b(?![-'.]?\w))"
)
NUMBER = (
    rf"(?:{_DIGITS})|(?:[Aa]|an|[Hh]alf a)(?= (?:hundred|thousand|million|billion|trillion|dozen|decade)\b)|"
    rf"(?:{_WORD})(?:-(?:{_WORD}))?(?![\w])"
)
MONEY = r"(?:U\.S\.\$|US ?\$|[CA]\$|Rs\.?|[$€£¥₽₾₼₸֏₴₺₹]|(?:" + "|".join(sorted(_CODES)) + r") ?)"
_ON = rf" (?:hundred|thousand) (?:and )?(?:{_WORD})(?:-(?:{_WORD}))?(?![\w-])(?: (?:hundred|thousand|million)\b)?"
_AMOUNT = rf"(?:{NUMBER})(?: and a (?:half|quarter)\b(?: (?:{_SCALE}))?|(?:{_ON})|(?:(?:[ -]|(?<=\d))(?:{_SCALE}))*)"
# "By a third party" is no third.
_NO_SHARE = "million|hour|year|part(?:y|ies)|countr|state|side|person|time|term|round|power"
CANDIDATE = re.compile(
    r"(?<!\w)(?P<part>(?:[Oo]ne|[Tt]wo|[Tt]hree) in (?:three|four|five|six|seven|eight|nine|ten)(?= [A-Za-z]+s?\b)|"
    r"(?:[Aa] |[Aa]n |[Oo]ne[- ]|[Tt]wo[- ]|[Tt]hree[- ]|[Ff]our[- ])?(?:[Hh]alf|thirds?|quarters?|fifths?|tenths?)"
    r"(?= of\b| the\b)|(?<=\bby )(?:a |one |two )?(?:half|thirds?|quarters?|fifths?)"
    rf"(?![\w-]| (?:{_NO_SHARE})))"
    r"|(?<!\w)(?P<fraction>(?:[Oo]ne|[Tt]wo|[Tt]hree|four|five|six|seven|eight|nine)-(?:thirds?|quarters?|fifths?|tenths?))"
    rf"|(?<![\w.,/:+-])(?P<money>{MONEY}) ?(?P<paid>{_AMOUNT})"
    rf"(?P<paidto>(?: ?(?:-|to|and|or) ?)(?:{MONEY})? ?(?:{_AMOUNT}))?"
    rf"|(?<![\w$€£.,/:+])(?<![\w]-)(?P<number>{_AMOUNT})(?:(?P<to> ?(?:-|to|and|or) ?)(?P<second>{_AMOUNT}))?"
)


_AND_PART = re.compile(r"(\S+) and a (half|quarter)(?: (\w+))?")
# "three hundred fifty thousand", "two thousand five hundred": words that go on after a scale.
_COMPOUND = re.compile(
    rf"((?:{_WORD})(?:-(?:{_WORD}))?|a) (hundred|thousand) (?:and )?((?:{_WORD})(?:-(?:{_WORD}))?)"
    r"(?: (hundred|thousand|million))?"
)


def _joined(first: float, second: float, scale: str | None) -> float:
    """`three hundred` and `fifty thousand`: a larger scale at the end holds for both parts."""
    times = _SCALES.get(scale or "", 1.0)
    return (first + second / times) * times if times > first else first + second


def number_of(raw: str) -> float | None:
    """`1,200`, `2.5 million`, `two hundred thousand`, `twenty-one` as a number.

    >>> number_of("2.5 million"), number_of("twenty-one"), number_of("a dozen")
    (2500000.0, 21.0, 12.0)
    """
    total = 0.0
    halved = _AND_PART.fullmatch(raw)
    if halved:
        whole, scale = number_of(halved[1]), number_of(f"a {halved[3]}") if halved[3] else 1.0
        return None if whole is None or scale is None else (whole + PARTS[halved[2]] / 100) * scale
    compound = _COMPOUND.fullmatch(raw)
    if compound:
        thousands = number_of(f"{compound[1]} {compound[2]}")
        rest = number_of(f"{compound[3]} {compound[4] or ''}".strip())
        return None if thousands is None or rest is None else _joined(thousands, rest, compound[4])
    parts = [part for part in re.split(r"[ -]|(?<=\d)(?=[A-Za-z])", raw.strip()) if part]
    for part in parts:
        word = part.lower()
        if part[0].isdigit():
            total += float(part.replace(",", ""))
        elif word in NUMBER_WORDS:
            total += NUMBER_WORDS[word]
        elif word in {"a", "an"}:
            total = total or 1.0
        elif word == "half":
            total = 0.5
        elif part in _SCALES or word in _SCALES:
            total *= _SCALES.get(part, _SCALES.get(word, 1.0))
        else:
            return None
    return total


def share_scale(first: str, second: str, low: float, high: float) -> float:
    """`$1.5-2 billion`: the scale of the second number holds for the first, when the first has none."""
    if re.search(r"[A-Za-z]", first):
        return low
    scale = 1.0
    for part in re.findall(r"[A-Za-z]+", second):
        scale *= _SCALES.get(part, _SCALES.get(part.lower(), 1.0))
    return low * scale if low * scale <= high or scale == 1.0 else low

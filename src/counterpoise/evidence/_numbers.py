"""How numbers are written: digits, words, scales, money, fractions; `_quantities.py` says what each counts."""

from __future__ import annotations

import re

from counterpoise.evidence._tables import words

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
    "sixth": 100 / 6,
    "seventh": 100 / 7,
    "eighth": 12.5,
    "ninth": 100 / 9,
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
    "₪": "ILS",
    "NIS": "ILS",
    "TL": "TRY",
    "RMB": "CNY",
    "Rbs": "RUB",
    "S$": "SGD",
    "HK$": "HKD",
}
# Codes of currencies, before or after the number.
CODES = words("currency code")

# Thousands by comma or space (`120 000`), decimals by point or, before a unit or scale, by comma (`48,16%`).
_DIGITS = (
    r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?: \d{3})+(?![\d.,]\d|\d)|"
    r"\d+,\d{1,2}(?= ?(?:%|percent|per cent|million|billion|trillion|thousand|mln|bln|mn|bn)(?!\w))|\d+(?:\.\d+)?"
)
_LOWER = sorted(NUMBER_WORDS, key=len, reverse=True)
# A sentence may begin with a number: "Two soldiers".
_WORD = "|".join(f"[{name[0].upper()}{name[0]}]{name[1:]}" for name in _LOWER)
_SCALE = (
    r"(?:[Hh]undred|[Tt]housand|[Mm]illion|[Bb]illion|[Tt]rillion|[Dd]ozen|crore|lakh|mln|bln|mn|bn|tn|trn)\b|"
    r"(?:[mkbKMB]\b(?![-'./]?\w))"
)
NUMBER = (
    rf"(?:{_DIGITS})|(?:[Aa]|an|[Hh]alf a)(?= (?:hundred|thousand|million|billion|trillion|dozen|decade)\b)|"
    rf"(?:{_WORD})(?:-(?:{_WORD}))?(?![\w])"
)
MONEY = (
    r"(?:U\.S\.\$|US ?\$|HK\$|[CAS]\$|Rs\.?|Rbs|(?:RMB|NIS|TL) ?|[$€£¥₽₾₼₸֏₴₺₹₪]|(?:"
    + "|".join(sorted(CODES))
    + r") ?)"
)
_ON = rf" (?:hundred|thousand) (?:and )?(?:{_WORD})(?:-(?:{_WORD}))?(?![\w-])(?: (?:hundred|thousand|million)\b)?"
_AMOUNT = (
    rf"(?:{NUMBER})(?:[ -]and[ -]a[ -](?:half|quarter)\b(?: (?:{_SCALE}))?|(?:{_ON})|(?:(?:[ -]|(?<=\d))(?:{_SCALE}))*)"
)
# "By a third party" is no third.
_NO_SHARE = "an?\\b|column|century|million|hour|year|part(?:y|ies)|countr|state|side|person|time|term|round|power"
_SHARES = "thirds?|quarters?|fourths?|fifths?|sixths?|sevenths?|eighths?|ninths?|tenths?"
_FEW = "[Oo]ne|[Tt]wo|[Tt]hree|[Ff]our|[Ff]ive|[Ss]ix|[Ss]even|[Ee]ight|[Nn]ine"
_OUT_OF = "two|three|four|five|six|seven|eight|nine|ten"
# "A third of", "half its", "a quarter more", "a third were": what makes a share of a word that is also an ordinal.
_SHARE_AFTER = (
    r"(?= of\b| the\b| its\b| their\b| his\b| her\b| our\b| all\b| more\b| less\b| fewer\b| lower\b| higher\b|"
    r" smaller\b| were\b| are\b| came\b| live\b| comes?\b)"
)
CANDIDATE = re.compile(
    rf"(?<!\w)(?P<part>(?:{_FEW}) (?:in|out of(?: every)?) (?:{_OUT_OF})(?= [A-Za-z]+s?\b)|"
    rf"(?:[Aa] |[Aa]n |[Oo]ne[- ]|[Tt]wo[- ]|[Tt]hree[- ]|[Ff]our[- ])?(?:[Hh]alf|{_SHARES}){_SHARE_AFTER}|"
    rf"(?:(?<=\bby )|(?<=\bto )|(?<=\bfrom ))(?:a |an |one |two )?(?:half|{_SHARES})(?![\w-]| (?:{_NO_SHARE})))"
    rf"|(?<!\w)(?P<fraction>(?:{_FEW})-(?:{_SHARES})|(?:[Tt]wo|[Tt]hree|[Ff]our) (?:thirds|quarters|fifths))(?!\w)"
    rf"|(?<![\w-])(?P<fold>[Tt]wo|[Tt]hree|[Ff]our|[Ff]ive|[Ss]ix|[Ss]even|[Ee]ight|[Nn]ine|[Tt]en)fold\b"
    rf"|(?<![\w.,/:-])(?<!\w\+)(?P<money>{MONEY}) ?(?P<paid>{_AMOUNT})"
    rf"(?P<paidto>(?: ?(?:-|to|and|or) ?)(?:{MONEY})? ?(?:{_AMOUNT}))?"
    rf"|(?<![\w$€£.,/:])(?<![\w]-)(?<!\w\+)(?P<number>{_AMOUNT})(?:(?P<to> ?(?:-|to|and|or) ?)(?P<second>{_AMOUNT}))?"
)
# "9 billion": a number that ends in its scale.
SCALED = re.compile(r"(?:million|billion|trillion)$")


_SPACED = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")
_COMMA_DECIMAL = re.compile(r"\d+,\d{1,2}")
_AND_PART = re.compile(r"(\S+?)[ -]and[ -]a[ -](half|quarter)(?: (\w+))?")
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
    raw = _SPACED.sub("", raw)
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
            total += float(part.replace(",", "." if _COMMA_DECIMAL.fullmatch(part) else ""))
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

"""Letters of the scripts of the region in Latin: Armenian, Georgian, Cyrillic, Persian, and marked Latin letters.

Tables after the published romanisations: BGN/PCGN for Armenian and Cyrillic, the Georgian national system of 2002, UN
2012 for Persian consonants. Where two renderings are both usual (`г` as g or h, `ё` as yo or e, `ə` as a or e) a letter
has two, and a word gets one spelling of each kind.
"""

from __future__ import annotations


def _table(letters: str, latin: str) -> dict[str, str]:
    """Each letter with its Latin rendering; an underscore stands for none."""
    return {letter: "" if into == "_" else into for letter, into in zip(letters, latin.split(), strict=True)}


ARMENIAN = _table(
    "աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆ",
    "a b g d e z e y t zh i l kh ts k h dz gh ch m y n sh o ch p j r s v t r ts v p k o f",
)
ARMENIAN_PAIRS = {"ու": "u", "եւ": "ev", "և": "ev"}
# At the start of a word these two are read with a glide.
ARMENIAN_FIRST = {"ե": "ye", "ո": "vo", "և": "yev"}

GEORGIAN = _table(
    "აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ",
    "a b g d e v z t i k l m n o p zh r s t u p k gh q sh ch ts dz ts ch kh j h",
)

CYRILLIC = _table(
    "абвгдежзийклмнопрстуфхцчшщыэюя",
    "a b v g d e zh z i y k l m n o p r s t u f kh ts ch sh shch y e yu ya",
) | {"ё": "yo", "ъ": "", "ь": ""}
# Ukrainian, Belarusian, and the Cyrillic of Azerbaijan until 1991.
CYRILLIC |= {"і": "i", "ї": "yi", "є": "ye", "ґ": "g", "ў": "w", "ј": "y", "ә": "a", "ғ": "gh", "ҝ": "g", "ө": "o"}
CYRILLIC |= {"ү": "u", "һ": "h", "ҹ": "j", "қ": "k", "ұ": "u", "ң": "n"}
CYRILLIC_SECOND = {"г": "h", "ё": "e", "ә": "e", "ғ": "g"}

# Short vowels are not written: words of this script are compared by their consonants.
PERSIAN = _table(
    "ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیآأإؤئءةكيىۀ",
    "a b p t s j ch h kh d z r z zh s sh s z t z a gh f q k g l m n v h y a a a v y _ h k y a h",
)

# Letters of Azerbaijani and Turkish that carry a sound of their own; what is not here loses its mark only.
TURKIC = {"ə": "a", "ş": "sh", "ç": "ch", "ğ": "gh", "ı": "i", "ö": "o", "ü": "u", "c": "j", "j": "zh"}
AZERBAIJANI = TURKIC | {"x": "kh", "q": "g"}
TURKIC_MARKS = frozenset("ğış")
AZERBAIJANI_MARKS = frozenset("ə")
# The marks as machine-readable passports and hurried typists drop them.
BARE_LATIN = {"ə": "e", "ı": "i", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe"}
MARKED_LATIN = BARE_LATIN | {"ş": "sh", "ç": "ch", "š": "sh", "ž": "zh", "č": "ch", "ŝ": "shch", "ġ": "gh", "ǰ": "j"}

RANGES = (
    ("armenian", 0x0530, 0x058F),
    ("georgian", 0x10A0, 0x10FF),
    ("georgian", 0x1C90, 0x1CBF),
    ("cyrillic", 0x0400, 0x052F),
    ("persian", 0x0600, 0x06FF),
)


def script_of(word: str) -> str:
    """The script most letters of a word are in: latin, cyrillic, armenian, georgian, persian or other.

    >>> script_of("Հայկ"), script_of("გიორგი"), script_of("Иван"), script_of("علی"), script_of("Əli"), script_of("李")
    ('armenian', 'georgian', 'cyrillic', 'persian', 'latin', 'other')
    """
    if word.isascii():
        return "latin"
    counts: dict[str, int] = {}
    for letter in word:
        name = _script_of_letter(ord(letter))
        counts[name] = counts.get(name, 0) + 1
    return max(counts, key=lambda name: counts[name]) if counts else "latin"


def _script_of_letter(code: int) -> str:
    if code < 0x0250 or 0x1E00 <= code <= 0x1EFF:
        return "latin"
    for name, first, last in RANGES:
        if first <= code <= last:
            return name
    return "other"

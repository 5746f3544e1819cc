"""Names made comparable: any script in Latin, spellings folded to sounds, words that do not tell apart dropped."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from counterpoise.oversight.screening import _scripts as scripts

MAX_TOKENS = 12
# Legal forms, titles and particles stand in one spelling of a name and are missing in the next.


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


LEGAL_FORMS = _listed(
    "llc ltd limited inc incorporated corp corporation co company gmbh ag sa sarl srl spa plc llp lp pte pty bv nv kft "
    "ooo oao zao pao ao jsc ojsc cjsc pjsc tov mmc asc qsc spe shps sti anonim sirketi as pjs the and of"
)
TITLES = _listed("mr mrs ms dr prof sir hon gen general col colonel major capt lt")
PARTICLES = _listed(
    "bin ibn ben bint al el ul ud ol as ad oglu ogly oghlu ughli qizi kizi kyzy gizi kyz gyzy de von van der den"
)
# Written apart or together: `Abdul Rahman`, `Abdulrahman`; the last is Persian, which writes no vowels.
PREFIXES = _listed("abd abdul abdel abdol abdal bd")


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a name: its Latin spelling, the ways it may sound, and whether its vowels are unwritten (Persian)."""

    text: str
    sounds: tuple[str, ...]
    bare: bool = False


@dataclass(frozen=True, slots=True)
class ParsedName:
    """A name as comparable words in their order, with the scripts it is written in and its letters run together."""

    raw: str
    tokens: tuple[Token, ...]
    scripts: tuple[str, ...]
    joined: str


def parse_name(raw: str) -> ParsedName:
    """A name as comparable words: script and marks folded, legal forms, titles and particles dropped.

    >>> [token.text for token in parse_name("ՍԱՐԳՍՅԱՆ, Արմեն").tokens]
    ['sargsyan', 'armen']
    >>> parse_name("Хейдар Алиев").joined == parse_name("Kheydar Aliyev").joined
    True
    """
    words = _words(raw)
    coding = _coding(words)
    tokens = [token for word in words[: MAX_TOKENS * 2] if (token := _token(word, coding)).text]
    dropped = LEGAL_FORMS | TITLES | PARTICLES
    kept = [token for token in _with_prefixes(tokens) if token.text not in dropped] or tokens
    kept = kept[:MAX_TOKENS]
    seen = tuple(dict.fromkeys(scripts.script_of(word) for word in words))
    joined = re.sub(r"(.)\1", r"\1", "".join(token.sounds[0] for token in kept))
    return ParsedName(raw, tuple(kept), seen, joined)


def _words(raw: str) -> list[str]:
    text = unicodedata.normalize("NFKC", raw).replace("İ", "i").casefold()
    # Joiners inside a word, and the many apostrophes of romanisations, carry no letter.
    text = re.sub("[\u200b-\u200f\u0640\u064b-\u0652'`´’‘ʼʻʹʺ\"“”«»]", "", text)
    text = unicodedata.normalize("NFC", text)
    return re.findall(r"[^\W_]+", text)


def _coding(words: list[str]) -> str:
    letters = set().union(*words) if words else set()
    if letters & scripts.AZERBAIJANI_MARKS:
        return "azerbaijani"
    return "turkish" if letters & scripts.TURKIC_MARKS else "latin"


@lru_cache(maxsize=1 << 18)
def _token(word: str, coding: str) -> Token:
    script = scripts.script_of(word)
    if script == "persian":
        stem = word[2:] if word.startswith("ال") and len(word) > 4 else word
        letters = [scripts.PERSIAN.get(letter, "") for letter in stem]
        # Letter by letter: t before h is no `th` where the vowel between them is unwritten.
        text, sound = "".join(letters), _fixed("".join(_LETTERS.sub(_sound_in(_WEST), latin) for latin in letters))
        return Token(text, (sound,) if text else (), bare=True)
    spellings = list(dict.fromkeys(spelling for spelling in _spellings(word, script, coding) if spelling))
    if not spellings:
        return Token("", ())
    # A second spelling of a word with Turkic letters is that word without its marks: read as in the east alone.
    sounds = [sound_of(spelling, _EAST) for spelling in spellings[1:] if coding != "latin" and script == "latin"]
    sounds = [sound for spelling in (spellings[:1] if sounds else spellings) for sound in _sounds(spelling)] + sounds
    return Token(spellings[0], tuple(dict.fromkeys(sound for sound in sounds if sound)) or (spellings[0],))


def _spellings(word: str, script: str, coding: str) -> list[str]:
    """The Latin spellings of a word: first the usual one, then the other one where a letter has two."""
    if script == "armenian":
        return [_armenian(word)]
    if script == "georgian":
        # Capitals of the modern block fold to the same letters.
        return ["".join(scripts.GEORGIAN.get(letter.lower(), "") for letter in word)]
    if script == "cyrillic":
        second = scripts.CYRILLIC | scripts.CYRILLIC_SECOND
        return ["".join(table.get(letter, "") for letter in word) for table in (scripts.CYRILLIC, second)]
    if script == "other":
        # Scripts without a table are compared letter by letter, as written.
        return [word]
    bare = _unmarked(word, scripts.BARE_LATIN)
    if coding == "latin":
        return [_unmarked(word, scripts.MARKED_LATIN), bare]
    table = scripts.AZERBAIJANI if coding == "azerbaijani" else scripts.TURKIC
    return [_unmarked(word, table), bare]


def _armenian(word: str) -> str:
    out, at = [], 0
    while at < len(word):
        pair = word[at : at + 2]
        if at == 0 and word[at] in scripts.ARMENIAN_FIRST and pair not in scripts.ARMENIAN_PAIRS:
            out.append(scripts.ARMENIAN_FIRST[word[at]])
            at += 1
        elif pair in scripts.ARMENIAN_PAIRS:
            out.append(scripts.ARMENIAN_PAIRS[pair])
            at += 2
        else:
            letter = word[at]
            out.append(scripts.ARMENIAN_PAIRS.get(letter) or scripts.ARMENIAN.get(letter, ""))
            at += 1
    return "".join(out)


def _unmarked(word: str, table: dict[str, str]) -> str:
    text = "".join(table.get(letter, letter) for letter in word)
    # A mark that stands on a base letter (a dot, a macron) is cut off; a letter of another script has no base here.
    return "".join(letter for letter in unicodedata.normalize("NFD", text) if letter.isascii() and letter.isalnum())


def _with_prefixes(tokens: list[Token]) -> list[Token]:
    out: list[Token] = []
    at = 0
    while at < len(tokens):
        if tokens[at].text in PREFIXES and at + 1 < len(tokens):
            skip = at + 2 if tokens[at + 1].text in PARTICLES and at + 2 < len(tokens) else at + 1
            last = tokens[skip]
            out.append(Token("abdul" + last.text, tuple("abdul" + sound for sound in last.sounds), last.bare))
            at = skip + 1
        else:
            out.append(tokens[at])
            at += 1
    return out


_SOUND = {
    "schtsch": "S", "chtch": "S", "shch": "S", "tsch": "C", "sch": "S", "tch": "C", "dzh": "J", "sh": "S", "ch": "C",
    "zh": "J", "kh": "h", "gh": "g", "ph": "f", "th": "t", "dh": "d", "dj": "J", "ck": "k", "sz": "s", "cz": "C",
    "tz": "c", "ts": "c", "qu": "k", "ou": "u", "oo": "u", "w": "v", "y": "i",
}  # fmt: skip
# Letters that are read in several ways: in English and French, in Turkic Latin, in German and scholarly spellings.
_WEST = {"x": "ks", "q": "k", "c": "k", "j": "J"}
_EAST = {"x": "h", "q": "g", "c": "J", "j": "J"}
_NORTH = {"x": "h", "q": "k", "c": "c", "j": "i"}
_LETTERS = re.compile("|".join(sorted(map(re.escape, {*_SOUND, *_WEST}), key=len, reverse=True)))
_FIXES = tuple(
    (re.compile(pattern), into)
    for pattern, into in (
        (r"(.)\1+", r"\1"),
        (r"ie", "e"),
        (r"iu", "u"),
        (r"io", "e"),
        (r"(?<=[aeou])i(?=[aeou])", ""),
        (r"ei", "e"),
        (r"(?<=[oe])f$", "v"),
        (r"(?<=[aeiou])h$", ""),
        (r"(.)\1+", r"\1"),
    )
)


def sound_of(text: str, letters: dict[str, str] = _WEST) -> str:
    """How a Latin spelling sounds, in letters of our own: S for sh, C for ch, J for zh and j, c for ts.

    Not a phonetic code: only what romanisations of one name differ in is folded, so that other names stay apart.

    >>> sound_of("yuriy") == sound_of("iouri") == sound_of("yury"), sound_of("khachatryan") == sound_of("hachatrian")
    (True, True)
    """
    # In scholarly spellings `j` before a consonant or at the end is the glide of `Sergej`, not the j of `Javid`.
    text = re.sub(r"j(?![aeiou])", "y", text)
    return _fixed(_LETTERS.sub(_sound_in(letters), text))


def _sound_in(letters: dict[str, str]) -> Callable[[re.Match[str]], str]:
    return lambda found: _SOUND.get(found[0]) or letters[found[0]]


def _fixed(text: str) -> str:
    for pattern, into in _FIXES:
        text = pattern.sub(into, text)
    return text


def _sounds(spelling: str) -> tuple[str, ...]:
    if not re.search(r"[xqj]|c(?!h)", spelling):
        return (sound_of(spelling),)
    return tuple(dict.fromkeys(sound_of(spelling, letters) for letters in (_WEST, _EAST, _NORTH)))


_BLUR = str.maketrans("ghdbJeS", "kktpCas")
_UNWRITTEN = re.compile(r"[aeiouv]")


def blurred(sound: str) -> str:
    """The sound with g, h, d, b and j folded to k, k, t, p and ch, e to a, and sh to s.

    Western and Eastern Armenian differ in the first, names that came through Russian in g and h, renderings of the
    Azerbaijani ə in the second, and a ş that has lost its mark in the third.

    >>> blurred(sound_of("sarkis")) == blurred(sound_of("sargis")), blurred("aliev") == blurred("eliav")
    (True, True)
    """
    return sound.translate(_BLUR)


def consonants(sound: str) -> str:
    """What Persian writes of a word: a mark for a vowel at its start and the consonants, with k and g as one.

    >>> consonants(sound_of("rouhani")), consonants(parse_name("روحانی").tokens[0].sounds[0])
    ('rhn', 'rhn')
    >>> consonants(sound_of("ali")), consonants(parse_name("علی").tokens[0].sounds[0])
    ('Al', 'Al')
    """
    start = "A" if sound[:1] in tuple("aeiou") else ""
    return start + _UNWRITTEN.sub("", sound).replace("g", "k").removesuffix("h")


def vowels_fit(bare: str, full: str) -> bool:
    """Whether a sound has the long vowels that its Persian writing shows: an inner ی is some i or e, an inner ا some a.

    The last letter is left out, since a final ی is also read as a (Mostafa).

    >>> vowels_fit(parse_name("حسین").tokens[0].sounds[0], sound_of("hosein"))
    True
    >>> vowels_fit(parse_name("حسین").tokens[0].sounds[0], sound_of("hasan"))
    False
    """
    # Our sounds fold `iu` (Dariush) to u, which leaves no i to ask for.
    inner = bare[:-1].replace("iv", "v")
    return ("i" not in inner or bool({"i", "e"} & set(full))) and ("a" not in inner or bool({"a", "o"} & set(full)))

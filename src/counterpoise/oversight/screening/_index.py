"""Which names of a list may be meant by which names asked: no pair that could reach the threshold is lost.

Every word asked is compared with every word listed, once (rapidfuzz, compiled); a sparse product then gives each pair
of names the sum of its words' likeness, an upper bound of its score.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from counterpoise.oversight.screening._names import ParsedName, Token, blurred, consonants, vowels_fit

EXACT, SOUND, SKELETON, INITIAL, GENDER = 1.0, 0.97, 0.9, 0.68, 0.75
# Below this share of equal letters two words are other words.
LEAST_LIKENESS = 0.75
# Letters often confused (g and k, g and h, e and a, s and sh) count as this share of a differing letter: where nothing
# else differs in a word, and where other letters do.
CONFUSION_ALONE, CONFUSION = 0.35, 0.7
# A slip of the pen seldom takes the first letter, while other names often differ in it.
LETTER_COST, FIRST_LETTER_COST = 1.25, 2.0
EXTRA_WORD_COST = 0.06
# Pairs of names that share an alike word are looked at in blocks of about this many, so that memory stays bounded.
BLOCK = 1_000_000


@dataclass
class Vocabulary:
    """The different words of many names, each with a number."""

    tokens: list[Token] = field(default_factory=list)
    place: dict[Token, int] = field(default_factory=dict)

    def rows(self, names: Sequence[ParsedName]) -> csr_array:
        """Names by words, `[name, word]`: how often the word stands in the name."""
        starts, columns = [0], []
        for name in names:
            columns += [self._number(token) for token in name.tokens]
            starts.append(len(columns))
        shape = (len(names), len(self.tokens))
        matrix = csr_array((np.ones(len(columns), np.float32), np.array(columns), np.array(starts)), shape=shape)
        matrix.sum_duplicates()
        return matrix

    def _number(self, token: Token) -> int:
        number = self.place.setdefault(token, len(self.tokens))
        if number == len(self.tokens):
            self.tokens.append(token)
        return number


def likeness(asked: Sequence[Token], listed: Sequence[Token], *, workers: int = 2) -> csr_array:
    """How alike words are, `[asked, listed]`, in [0, 1]: 1 one spelling, 0.97 one sound, less with letters that differ.

    Words of fewer than 75 % equal letters are not alike (0).
    """
    found: dict[tuple[int, int], float] = {}
    _equal(asked, listed, found)
    _near(asked, listed, found, workers)
    _initials(asked, listed, found)
    pairs = np.array(list(found), dtype=np.int64).reshape(-1, 2)
    values = np.array(list(found.values()), dtype=np.float32)
    return csr_array((values, (pairs[:, 0], pairs[:, 1])), shape=(len(asked), len(listed)))


def _keep_best(found: dict[tuple[int, int], float], pair: tuple[int, int], value: float) -> None:
    if value > found.get(pair, 0.0):
        found[pair] = value


def _equal(asked: Sequence[Token], listed: Sequence[Token], found: dict[tuple[int, int], float]) -> None:
    """Words with one spelling, one sound, or one row of consonants where a script leaves vowels unwritten."""
    by_text: dict[tuple[str, bool], list[int]] = {}
    by_sound: dict[str, list[int]] = {}
    by_bones: dict[str, list[int]] = {}
    for place, token in enumerate(listed):
        by_text.setdefault((token.text, token.bare), []).append(place)
        for sound in token.sounds:
            by_sound.setdefault(sound, []).append(place)
            if len(bones := consonants(sound)) > 1:
                by_bones.setdefault(bones, []).append(place)
    for row, token in enumerate(asked):
        for place in by_text.get((token.text, token.bare), ()):
            _keep_best(found, (row, place), EXACT)
        for sound in token.sounds:
            for place in by_sound.get(sound, ()):
                _keep_best(found, (row, place), SOUND)
            for place in by_bones.get(consonants(sound), ()):
                if _same_bones(token, listed[place]):
                    _keep_best(found, (row, place), SKELETON)


def _same_bones(token: Token, other: Token) -> bool:
    """Whether words with the same consonants may be one: one leaves vowels unwritten, and those written fit."""
    if token.bare == other.bare:
        return token.bare
    bare, full = (token, other) if token.bare else (other, token)
    return any(vowels_fit(bare.sounds[0], sound) for sound in full.sounds)


def _near(asked: Sequence[Token], listed: Sequence[Token], found: dict[tuple[int, int], float], workers: int) -> None:
    """Words of which a few letters differ, by optimal string alignment; letters often confused count less."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    ours, theirs = _spoken(asked), _spoken(listed)
    for size, rows in ours.items():
        # Words whose lengths differ by more can never be 75 % alike.
        near = [places for length, places in theirs.items() if LEAST_LIKENESS * max(size, length) <= min(size, length)]
        columns = [place for places in near for place in places]
        if size < 4 or not columns:
            continue
        words = [blurred(sound) for sound, _ in columns]
        for start in range(0, len(rows), 1000):
            part = rows[start : start + 1000]
            scores = process.cdist(
                [blurred(sound) for sound, _ in part], words, scorer=OSA.normalized_similarity,
                score_cutoff=LEAST_LIKENESS, workers=workers, dtype=np.float32,
            )  # fmt: skip
            for at, to in zip(*np.nonzero(scores), strict=True):
                (sound, row), (other, place) = part[at], columns[to]
                pair = (row, place)
                if found.get(pair, 0.0) < SOUND:
                    _keep_best(found, pair, _spread(sound, other, float(scores[at, to])))


def _spoken(tokens: Sequence[Token]) -> dict[int, list[tuple[str, int]]]:
    by_length: dict[int, list[tuple[str, int]]] = {}
    for place, token in enumerate(tokens):
        if not token.bare:
            for sound in token.sounds:
                by_length.setdefault(len(sound), []).append((sound, place))
    return by_length


def _spread(sound: str, other: str, blurred_score: float) -> float:
    """From the share of equal letters to a likeness, the lower the more letters differ."""
    from rapidfuzz.distance import OSA

    if _gender(sound, other):
        return GENDER
    longest = max(len(sound), len(other))
    truly = round((1 - blurred_score) * longest)
    confused = OSA.distance(sound, other) - truly
    differing = truly + confused * (CONFUSION if truly else CONFUSION_ALONE)
    score = 1 - differing / longest
    cost = LETTER_COST if blurred(sound[0]) == blurred(other[0]) else FIRST_LETTER_COST
    return max(0.0, min(SOUND, 1 - cost * (1 - score)))


def _gender(sound: str, other: str) -> bool:
    """Whether two words differ in a final `a` alone: Petrov and Petrova, Aleksandr and Aleksandra are two persons."""
    short, long = sorted((sound, other), key=len)
    return long == short + "a"


def _initials(asked: Sequence[Token], listed: Sequence[Token], found: dict[tuple[int, int], float]) -> None:
    """A single letter may stand for any word that begins with it."""
    for flip, short, long in ((False, asked, listed), (True, listed, asked)):
        by_first: dict[str, list[int]] = {}
        for place, token in enumerate(long):
            if len(token.text) > 1:
                by_first.setdefault(token.text[0], []).append(place)
        for row, token in enumerate(short):
            for place in by_first.get(token.text, ()) if len(token.text) == 1 else ():
                _keep_best(found, (place, row) if flip else (row, place), INITIAL)


@dataclass(frozen=True)
class Pairs:
    """Pairs of names that may reach the threshold: places of the names asked and listed."""

    asked: NDArray[Any]
    listed: NDArray[Any]


class Candidates:
    """The words of a list and of the names asked, compared; gives the pairs of names worth a closer look."""

    def __init__(self, asked: Sequence[ParsedName], listed: Sequence[ParsedName], *, workers: int = 2) -> None:
        self.asked, self.listed = asked, listed
        ours, theirs = Vocabulary(), Vocabulary()
        self._ours = ours.rows(asked)
        self._theirs = csr_array(theirs.rows(listed).T)
        self.ours, self.theirs = ours, theirs
        self.alike = likeness(ours.tokens, theirs.tokens, workers=workers)

    def pairs(self, least: float) -> Iterator[Pairs]:
        """Pairs whose score can be `least` or more, by chunks of the names asked."""
        sizes = np.array([len(name.tokens) for name in self.listed], dtype=np.float32)
        lengths = np.array([len(name.tokens) for name in self.asked], dtype=np.float32)
        for start, end in self._blocks():
            total = ((self._ours[start:end] @ self.alike) @ self._theirs).tocoo()
            mine, other = lengths[start + total.row], sizes[total.col]
            short = np.minimum(mine, other)
            bound = total.data / np.maximum(short, 1) - EXTRA_WORD_COST * np.abs(mine - other)
            # One word of several proves nothing: `Ivanov` is never paired with `Pyotr Ivanov`.
            keep = (bound >= least - 1e-6) & ((short > 1) | (mine == other))
            yield Pairs(total.row[keep] + start, total.col[keep])
        yield from self._run_together()

    def _blocks(self) -> Iterator[tuple[int, int]]:
        """Ranges of the names asked, each with about `BLOCK` pairs at most (one name may have more)."""
        bearers = self._theirs.astype(bool).astype(np.float64).sum(axis=1)
        pairs = self._ours.astype(np.float64) @ (self.alike.astype(bool).astype(np.float64) @ bearers)
        start, held = 0, 0.0
        for row, count in enumerate(pairs.tolist()):
            if held and held + count > BLOCK:
                yield start, row
                start, held = row, 0.0
            held += count
        yield start, len(self.asked)

    def _run_together(self) -> Iterator[Pairs]:
        """Names whose letters agree once spaces are ignored."""
        places: dict[str, list[int]] = {}
        for place, name in enumerate(self.listed):
            if len(name.joined) > 5:
                places.setdefault(name.joined, []).append(place)
        for row, name in enumerate(self.asked):
            if found := places.get(name.joined):
                yield Pairs(np.full(len(found), row), np.array(found))

    def words_alike(self) -> dict[tuple[int, int], float]:
        """The likeness of every pair of words that are alike, by their numbers."""
        alike = self.alike.tocoo()
        keys = zip(alike.row.tolist(), alike.col.tolist(), strict=True)
        return dict(zip(keys, alike.data.tolist(), strict=True))

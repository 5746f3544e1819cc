"""Which claim of the region a sentence makes: by the words and parties they share, and by their place in the text."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from counterpoise.evidence._actors import find_mentions
from counterpoise.evidence._claims import Claim
from counterpoise.evidence._facts import stems
from counterpoise.evidence._text import plain

# Without the document's own paragraphs as witness, only a close likeness counts.
ALONE = 0.52
IN_PARAGRAPH = 0.08
DOCUMENT_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class _Statement:
    id: str
    document: str
    paragraph: int
    features: frozenset[str]


def bind_claims(
    claims: Sequence[Claim], text: str, actors: Sequence[set[str]], rows: Sequence[dict[str, str]]
) -> list[list[str]]:
    """For each sentence the ids of the region's claims that it makes, the likest first.

    Likeness is the weighted share of common words (rare words weigh more) and parties. When most claims of a document
    find their likest sentence in their own paragraph, the article is that document, and each claim goes to the likest
    sentence of its paragraph; otherwise only a likeness of 0.52 or more binds.
    """
    statements = [
        _Statement(row["id"], row["document"], int(row["paragraph"] or 0), _features(row["statement"])) for row in rows
    ]
    bound: list[list[tuple[float, str]]] = [[] for _ in claims]
    if not claims or not statements:
        return [[] for _ in claims]
    sentences = [
        stems(text[claim.start : claim.end]) | {f"@{actor}" for actor in named}
        for claim, named in zip(claims, actors, strict=True)
    ]
    likeness = _likeness(statements, sentences)
    own = _documents(statements, claims, likeness)
    for statement, scores in zip(statements, likeness, strict=True):
        at_home = statement.document in own
        places = [place for place in scores if not at_home or claims[place].paragraph == statement.paragraph]
        if places:
            place = max(places, key=lambda place: (scores[place], -place))
            if scores[place] >= (IN_PARAGRAPH if at_home else ALONE):
                bound[place].append((scores[place], statement.id))
    return [[name for _, name in sorted(found, key=lambda item: (-item[0], item[1]))] for found in bound]


@lru_cache(maxsize=4096)
def _features(statement: str) -> frozenset[str]:
    text = plain(statement)
    return stems(text) | {f"@{mention.id}" for mention in find_mentions(text)}


def _likeness(statements: Sequence[_Statement], sentences: Sequence[frozenset[str]]) -> list[dict[int, float]]:
    """For each statement the sentences that share a word with it, and the weighted cosine of the two, in (0, 1]."""
    texts = [*sentences, *(statement.features for statement in statements)]
    counts = Counter(word for words in texts for word in words)
    weights = {word: math.log(1 + len(texts) / count) ** 2 for word, count in counts.items()}
    sizes = [math.sqrt(sum(weights[word] for word in words)) for words in sentences]
    where: dict[str, list[int]] = {}
    for place, words in enumerate(sentences):
        for word in words:
            where.setdefault(word, []).append(place)
    found: list[dict[int, float]] = []
    for statement in statements:
        shared: dict[int, float] = {}
        for word in statement.features:
            for place in where.get(word, ()):
                shared[place] = shared.get(place, 0.0) + weights[word]
        size = math.sqrt(sum(weights[word] for word in statement.features))
        found.append({place: total / (size * sizes[place]) for place, total in shared.items()})
    return found


def _documents(statements: Sequence[_Statement], claims: Sequence[Claim], likeness: list[dict[int, float]]) -> set[str]:
    """The documents that this article is: most of their claims are likest to a sentence of their own paragraph."""
    hits: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for statement, scores in zip(statements, likeness, strict=True):
        total[statement.document] += 1
        if scores:
            place = max(scores, key=lambda place: (scores[place], -place))
            hits[statement.document] += scores[place] > 0.1 and claims[place].paragraph == statement.paragraph
    return {name for name, count in total.items() if count >= 5 and hits[name] / count >= DOCUMENT_SHARE}

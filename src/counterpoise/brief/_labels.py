"""Placing labels on a map so that none covers another: greedy, the most important first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from counterpoise.brief._projection import Point
from counterpoise.brief._svg import CHARACTER

# Where a centred label is tried, in its lengths to the right and its sizes downward.
CENTRED = ((0.0, 0.0), (0.0, -1.2), (0.0, 1.2), (0.0, 2.4), (0.0, -2.4), (-0.4, 0.8), (0.4, -0.8))
GAP = 7.0
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Label:
    """A text that wants a place near a point; `order` says how much (lower first), `centred` puts it on the point."""

    words: str
    at: Point
    kind: str
    size: float
    order: int
    centred: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """A label with the start (or middle) of its baseline; `always`: there is room for it on a phone as well."""

    label: Label
    at: Point
    anchor: str
    always: bool = False


def place_labels(labels: Iterable[Label], width: float, height: float, *, phone: float = 1.0) -> list[Placed]:
    """The labels that find room, each beside its point; of those, the ones that keep it on a small screen are marked.

    `phone` is how much larger, in units of the map, texts are drawn there. Labels of one order keep theirs.
    """
    taken: list[Box] = []
    larger: list[Box] = []
    placed = []
    for label in sorted(labels, key=lambda label: label.order):
        free = []
        for x, y, anchor in _candidates(label):
            box = _box(label, x, y, anchor, 1.0)
            inside = box[0] >= 2 and box[1] >= 2 and box[2] <= width - 2 and box[3] <= height - 2
            if inside and not any(_meet(box, other) for other in taken):
                big = _box(label, x, y, anchor, phone)
                free.append((not any(_meet(big, other) for other in larger), box, big, Placed(label, (x, y), anchor)))
        if not free:
            continue
        # A name that stands on its land moves a little to be read on a phone too; one beside its mark does not.
        always, box, big, found = next((one for one in free if one[0]), free[0]) if label.centred else free[0]
        taken.append(box)
        larger += [big] if always else []
        placed.append(replace(found, always=always))
    return placed


def _candidates(label: Label) -> Iterable[tuple[float, float, str]]:
    """Baselines to try: for a centred label on and around its point, for another right, left, above and below it."""
    x, y = label.at
    if label.centred:
        for right, down in CENTRED:
            yield x + right * _length(label), y + down * label.size + label.size / 3, "middle"
        return
    yield x + GAP, y + label.size / 3, "start"
    yield x - GAP, y + label.size / 3, "end"
    yield x, y - GAP, "middle"
    yield x, y + GAP + label.size * 0.8, "middle"


def _length(label: Label) -> float:
    # Capitals are drawn bold and spaced.
    return len(label.words) * label.size * (0.82 if label.words.isupper() else CHARACTER)


def _box(label: Label, x: float, y: float, anchor: str, scale: float) -> Box:
    """What a label covers when drawn at a scale."""
    long, size = _length(label) * scale, label.size * scale
    left = {"start": x, "end": x - long, "middle": x - long / 2}[anchor]
    return left - 1, y - size * 0.95, left + long + 1, y + size * 0.3


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]

"""Fitting a table to a terminal: numbers stay whole, long texts are cut, what finds no room goes below its row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_FIGURE = r"[-+]?[\d.,]+(?:e[-+]?\d+)?"
# A number, alone or with the range behind it: `0.53`, `-12`, `1e+09`, `5.2 (2.1 to 15)`.
_NUMBER = re.compile(rf"{_FIGURE}(?: \({_FIGURE} to {_FIGURE}\))?")
# A day, month, year or period, which is kept whole as numbers are: `2026`, `2024-01/2024-12`.
_DAY = re.compile(r"\d{4}(?:-\d\d){0,2}(?:/\d{4}(?:-\d\d){0,2})?")
# What a terminal would obey instead of showing.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
# The fewest places that the first column (which names the row) and a text are cut to, tried in this order; the last
# two only for a table that already is down to its first seven columns.
FLOORS = ((24, 16), (20, 12), (16, 8), (16, 6))
CORE = 7
# A sentence (a column with a text this long) says nothing in a few places: it keeps so many or leaves.
SENTENCE, LEAST_SENTENCE = 60, 30
# A table of so few rows wraps its texts; a longer one cuts them, so that a row is a line.
FEW = 12
NO_NUMBER = {"", "unknown", "none", "inf", "-inf"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column that found room: its name, its width in places, whether it holds bare numbers, its cells."""

    name: str
    width: int
    bare: bool
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Fitted:
    """A table that fits: its columns, the names of those that stand below the rows, whether a text was cut."""

    columns: list[Column]
    left_out: list[str]
    cut: bool


def fit(names: Sequence[str], rows: Sequence[Sequence[str]], width: int, *, gap: int = 2) -> Fitted:
    """Columns whose widths, with gaps between them, add up to at most `width` places.

    Columns without a single value go first. Then texts give way, the longest most (a sentence keeps 30 places), and
    the range of a number moves to a line below it; then columns are left out from the right, never the
    first two, and stand below the row (`beneath`).
    Numbers and days are never cut.

    >>> fitted = fit(["id", "share", "text"], [["a1", "0.5 (0.1 to 0.9)", "word " * 20]] * 20, 54)
    >>> [column.width for column in fitted.columns], fitted.cut, fitted.columns[2].cells[0]
    ([2, 16, 32], True, 'word word word word word word w…')
    """
    cells = {name: [_CONTROL.sub(" ", row[k]).strip() for row in rows] for k, name in enumerate(names)}
    kept = [name for k, name in enumerate(names) if k == 0 or any(cells[name])]
    empty = [name for name in names if name not in kept]
    whole = {name: all(map(_is_whole, cells[name])) for name in kept}
    while True:
        room = width - gap * (len(kept) - 1)
        widths = _widths(kept, cells, whole, room)
        if sum(widths.values()) <= room or len(kept) <= 2:
            break
        kept.pop()
    cut = False
    columns = []
    for name in kept:
        shown = cells[name]
        if not whole[name] and len(rows) > FEW:
            shown = [_cut(cell, widths[name]) for cell in shown]
            cut = cut or shown != cells[name]
        if whole[name] and max(map(_places, shown)) > widths[name]:
            shown = [_part(cell) for cell in shown]
        bare = whole[name] and all(cell in NO_NUMBER or re.fullmatch(_FIGURE, cell) for cell in shown)
        columns.append(Column(name, widths[name], bare, shown))
    left_out = [name for name in names if name not in kept and name not in empty]
    return Fitted(columns, left_out, cut)


def beneath(names: Sequence[str], row: Sequence[str], left_out: Sequence[str], *, whole: bool) -> tuple[str, bool]:
    """What stands below a row: its values that found no room, each after the name of its column, and if one was cut.

    Unless `whole`, texts (never numbers) are cut, so that a row of a long table stays short.

    >>> beneath(["id", "share", "note"], ["a1", "0.5", ""], ["share", "note"], whole=True)
    ('share: 0.5', False)
    """
    values = {name: _CONTROL.sub(" ", cell).strip() for name, cell in zip(names, row, strict=True)}
    shown = {
        name: values[name] if whole or _is_whole(values[name]) else _cut(values[name], SENTENCE) for name in left_out
    }
    said = "; ".join(f"{name}: {shown[name]}" for name in left_out if shown[name])
    return said, any(shown[name] != values[name] for name in left_out)


def _widths(names: Sequence[str], cells: dict[str, list[str]], whole: dict[str, bool], room: int) -> dict[str, int]:
    """The width of each column: with every range on its line if texts leave it room, else below its number."""
    floors = FLOORS if len(names) <= CORE else FLOORS[:2]
    widths: dict[str, int] = {}
    for parted, (first, text) in [(False, FLOORS[0]), *((True, floor) for floor in floors)]:
        natural, least = {}, {}
        for k, name in enumerate(names):
            head = max(map(_places, name.split() or [""]))
            pieces = cells[name]
            if parted and whole[name]:
                pieces = [piece for cell in pieces for piece in _part(cell).split("\n")]
            natural[name] = max(head, *map(_places, pieces))
            wanted = LEAST_SENTENCE if natural[name] > SENTENCE and len(names) > 2 else text if k else first
            floor = max(head, min(natural[name], wanted))
            least[name] = natural[name] if whole[name] else floor
        widths = _share(natural, least, room)
        if sum(widths.values()) <= room:
            break
    return widths


def _is_whole(cell: str) -> bool:
    return cell in NO_NUMBER or bool(_NUMBER.fullmatch(cell) or _DAY.fullmatch(cell))


def _part(cell: str) -> str:
    """A number with its range on a line below."""
    return cell.replace(" (", "\n(", 1)


def _share(natural: dict[str, int], least: dict[str, int], room: int) -> dict[str, int]:
    """Widths within a room: the widest column that can still give way does so, place by place."""
    widths = dict(natural)
    over = sum(widths.values()) - room
    while over > 0:
        name = max(widths, key=lambda one: (widths[one] > least[one], widths[one]))
        if widths[name] <= least[name]:
            break
        widths[name] -= 1
        over -= 1
    return widths


def _places(text: str) -> int:
    from rich.cells import cell_len

    return cell_len(text)


def _cut(text: str, width: int) -> str:
    """The beginning of a text that takes at most `width` places, with an ellipsis where something is left out."""
    from rich.cells import set_cell_size

    return text if _places(text) <= width else f"{set_cell_size(text, width - 1).rstrip()}…"

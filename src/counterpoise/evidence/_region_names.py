"""Names that a region's own table of actors adds to the reader's: `actors.csv`, names and aliases."""

from __future__ import annotations

import re
from collections.abc import Iterable

from counterpoise.evidence._gazetteer import Entry, first_word, gazetteer
from counterpoise.evidence._tables import cells
from counterpoise.evidence._text import plain

# Kinds of `actors.csv` and how the reader sorts them; groups (`Armenian forces`) are described, not named.
_SORTS = {
    "state": "state",
    "de facto entity": "de facto",
    "firm": "firm",
    "party": "party",
    "organisation": "bloc",
    "bloc": "bloc",
}
# A line on the map is no actor, though a region may list it as one.
_ROUTE = re.compile(r"(?i)\b(?:corridor|pipeline|railway|route|line)\b|\bBaku[\u2013-]")
_OWNED = re.compile(r"'s ")


def names_of_region(rows: Iterable[dict[str, str]]) -> dict[str, list[Entry]]:
    """Entries by first word, longest first, for the names that no table of the reader knows already.

    A single word of an organisation counts only in capitals (`SCC`): `World` or `European` are everyday words.
    """
    known = gazetteer()
    found: dict[str, list[Entry]] = {}
    for row in rows:
        sort = _SORTS.get(row.get("kind", ""))
        names = [row.get("name", ""), *cells(row.get("aliases", ""))] if sort else []
        for name in [plain(part.strip()) for part in names]:
            key = first_word(name)
            if not key or not name[0].isupper() or _ROUTE.search(name) or _OWNED.search(name):
                continue
            if sort == "bloc" and " " not in name and not name.isupper():
                continue
            if any(entry.name == name for entry in known.by_word.get(key, ())):
                continue
            state = row["id"] if sort == "state" else None
            found.setdefault(key, []).append(Entry(name, row["id"], state, str(sort)))
    for entries in found.values():
        entries.sort(key=lambda entry: -len(entry.name))
    return found

"""`counterpoise screen`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from counterpoise.cli._run import show


def screen(
    names: Path,
    /,
    *,
    sanctions: Annotated[Path, Parameter(name="--list")],
    programme: str | None = None,
    threshold: float = 0.85,
    json: bool = False,
) -> int:
    """Say which names may be on a sanction list, with a score and the reasons; a match is a reason to look, no proof.

    Example: counterpoise screen partners.csv --list sdn.xml --programme US-GLOMAG

    Parameters
    ----------
    names
        CSV with the column name and, if known, id, aliases, birth_date, countries and kind (values separated by ;).
    sanctions
        The list: followthemoney JSON lines, OpenSanctions CSV, OFAC SDN.XML, SDN.CSV (with ALT.CSV beside), plain CSV.
    programme
        Screen only entries under this programme; US-GLOMAG is Global Magnitsky.
    threshold
        The least score of a match, 0.5 to 1.
    json
        Print one JSON document.
    """
    from counterpoise.oversight.screening.screen import screen_names

    result = screen_names(names, sanctions, programme=programme, threshold=threshold)
    if not json:
        matched = len({match.asked.line for match in result.matches})
        names_asked = f"{result.asked:,} name{'' if result.asked == 1 else 's'}"
        entries = f"{result.entries:,} entr{'y' if result.entries == 1 else 'ies'}"
        print(f"{matched:,} of {names_asked} may be among {entries}.", file=sys.stderr)
    return show(result, as_json=json, title=f"Names that may be on the list, score {threshold} or more")

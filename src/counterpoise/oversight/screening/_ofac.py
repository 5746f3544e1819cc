"""OFAC's list of specially designated nationals: SDN.XML, and SDN.CSV with ALT.CSV and ADD.CSV beside it.

Layouts after OFAC's data specification (12 columns without a header, `-0-` for no value, aliases and addresses linked
by the number of the entry).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from counterpoise._errors import InputError, fault
from counterpoise.oversight.screening._lists import Draft, ListedName, csv_rows

NOTHING = "-0-"
# OFAC's entries are five levels deep, with some hundreds of elements; more would only fill the memory.
MAX_DEPTH, MAX_ELEMENTS = 50, 100_000
_FIRST_ROW = re.compile(r'"?\d+"?\s*,')
_BIRTH = re.compile(r"\bDOB ([^;.]+)")
_STATE = re.compile(r"\b(?:nationality|citizen) ([^;.]+)")
_WEAK = re.compile(r"\ba\.k\.a\. '([^']+)'")


def is_sdn_csv(start: str) -> bool:
    """Whether a file begins like SDN.CSV: no header, a number first.

    >>> is_sdn_csv('36,"AEROCARIBBEAN AIRLINES","-0-","CUBA",'), is_sdn_csv("id,name")
    (True, False)
    """
    return bool(_FIRST_ROW.match(start))


def files_beside(path: Path) -> dict[str, Path]:
    """ALT.CSV (aliases) and ADD.CSV (addresses) in the folder of SDN.CSV, whatever the case of their names."""
    wanted = {"alt.csv": "aliases", "add.csv": "addresses"}
    lying = sorted(path.resolve().parent.iterdir())
    return {wanted[file.name.casefold()]: file for file in lying if file.name.casefold() in wanted and file.is_file()}


def read_csv(path: Path, beside: dict[str, Path]) -> Iterator[Draft]:
    """The entries of SDN.CSV; birth dates, nationalities and weak aliases are read from its remarks."""
    aliases = _linked(beside.get("aliases"), 3, 5)
    states = _linked(beside.get("addresses"), 4, 6)
    for _, cells in csv_rows(path, {12}):
        number, name, kind, programmes, remarks = cells[0], cells[1], cells[2], cells[3], cells[11]
        names = [ListedName(_known(name)), *(ListedName(alias, "alias") for alias in aliases.get(number, ()))]
        names += [ListedName(alias, "weak alias") for alias in _WEAK.findall(remarks)]
        yield Draft(
            number,
            names,
            _known(kind) or "entity",
            [text.strip() for text in _BIRTH.findall(remarks)],
            [text.strip() for text in _STATE.findall(remarks)] + states.get(number, []),
            [text for text in re.split(r"\]\s*\[|[\[\]]", _known(programmes)) if text],
        )


def _linked(path: Path | None, column: int, width: int) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for _, cells in csv_rows(path, {width}) if path else ():
        if _known(cells[column]):
            found.setdefault(cells[0], []).append(cells[column])
    return found


def _known(cell: str) -> str:
    return "" if cell == NOTHING else cell


def read_xml(path: Path) -> Iterator[Draft]:
    """The entries of SDN.XML, read as a stream; entities, document types and foreign roots are refused.

    Raises `InputError`: `E820` XML of another kind, `E821` broken XML or XML with a document type (which can hold
    bombs and references to other files).
    """
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError, iterparse

    root: Any = None
    depth = held = 0
    try:
        with path.open("rb") as stream:
            for event, element in iterparse(stream, events=("start", "end"), forbid_dtd=True):
                if root is None:
                    root = element
                    _check_root(path, _local(root))
                if event == "start":
                    depth, held = depth + 1, held + 1
                    if depth > MAX_DEPTH or held > MAX_ELEMENTS:
                        raise InputError([_broken(path, "elements nested or repeated beyond any entry of a list")])
                    continue
                depth -= 1
                if depth == 1:
                    if _local(element) == "sdnEntry":
                        yield _draft(element)
                    # What is done is let go, so that memory does not grow with the file.
                    root.clear()
                    held = 0
    except ParseError as error:
        raise InputError([_broken(path, f"not well-formed: {error}")]) from None
    except DefusedXmlException as error:
        raise InputError([_broken(path, f"refused for safety: {type(error).__name__}")]) from None
    except (ValueError, LookupError) as error:
        raise InputError([_broken(path, f"an encoding that is not known: {error}")]) from None


def _broken(path: Path, found: str) -> Any:
    rule = "SDN.XML is well-formed XML without a document type"
    return fault("E821", where=str(path), found=found, rule=rule, fix="download the file again from its publisher")


def _check_root(path: Path, name: str) -> None:
    if name != "sdnList":
        rule = "the XML that is read is OFAC's SDN.XML (root element sdnList)"
        fix = "download SDN.XML or CONSOLIDATED.XML; the advanced format (root Sanctions) is not read"
        raise InputError([fault("E820", where=str(path), found=f"the root element {name!r}", rule=rule, fix=fix)])


def _local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _draft(entry: Any) -> Draft:
    draft = Draft(_text(entry, "uid"), [ListedName(_full_name(entry))], _text(entry, "sdnType"))
    for alias in _inside(entry, "akaList"):
        kind = "weak alias" if _text(alias, "category") == "weak" else "alias"
        draft.names.append(ListedName(_full_name(alias), kind))
    draft.births = [_text(item, "dateOfBirth") for item in _inside(entry, "dateOfBirthList")]
    for group in ("nationalityList", "citizenshipList", "addressList"):
        draft.countries += [_text(item, "country") for item in _inside(entry, group)]
    draft.programmes = [(item.text or "").strip() for item in _inside(entry, "programList")]
    return draft


def _inside(element: Any, group: str) -> Iterator[Any]:
    for child in element:
        if _local(child) == group:
            yield from child


def _text(element: Any, name: str) -> str:
    return next(((child.text or "").strip() for child in element if _local(child) == name), "")


def _full_name(element: Any) -> str:
    last, first = _text(element, "lastName"), _text(element, "firstName")
    return f"{last}, {first}" if first else last

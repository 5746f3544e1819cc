"""Reading IATI activity files 1.0x and 2.0x as a stream: one activity at a time, nothing expanded, nothing fetched."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from counterpoise._errors import InputError, fault
from counterpoise.oversight.dates import day_of
from counterpoise.oversight.files import DEEPEST, Recoded, is_utf8, too_large, unreadable
from counterpoise.oversight.iati.rulesets.validate import Validation

LARGEST = 12 << 20  # one activity: elements take far more memory than their text
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Codes of 1.0x -> those of 2.0x (IATI codelist TransactionType).
OLD_TYPES = {
    "IF": "1",
    "C": "2",
    "D": "3",
    "E": "4",
    "IR": "5",
    "LR": "6",
    "R": "7",
    "QP": "8",
    "QS": "9",
    "CG": "10",
}


@dataclass(frozen=True, slots=True)
class Transaction:
    """One transaction: type as in 2.0x, ISO day or `None`, amount in its currency, who paid whom."""

    kind: str
    day: str | None
    amount: float
    currency: str
    provider: str
    receiver: str
    ref: str
    country: str = ""


@dataclass(slots=True)
class Activity:
    """What an audit needs of an activity."""

    name: str
    title: str = ""
    status: str = ""
    currency: str = ""
    hierarchy: str = ""
    start: str | None = None
    end: str | None = None
    updated: str | None = None
    parents: list[str] = field(default_factory=list)
    documents: list[str] = field(default_factory=list)
    transactions: list[Transaction] = field(default_factory=list)
    budgets: list[tuple[str, float]] = field(default_factory=list)
    implementers: list[str] = field(default_factory=list)
    places: list[tuple[str, float | None]] = field(default_factory=list)
    broken: dict[str, int] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Header:
    """What a file says about itself, and what was odd about it."""

    version: str | None = None
    generated: str | None = None
    encoding: str = "utf-8"
    warnings: list[str] = field(default_factory=list)


def text_of(element: Element | None) -> str:
    """The text of an element, in 2.0x that of its first narrative, blanks folded."""
    if element is None:
        return ""
    narrative = element.find("narrative")
    chosen = element if narrative is None else narrative
    return " ".join("".join(chosen.itertext()).split())


def open_xml(path: Path, header: Header) -> BinaryIO:
    """The file as UTF-8 bytes, from the encoding that its first bytes or its declaration name."""
    with path.open("rb") as stream:
        head = stream.read(1024)
    encoding = next((name for mark, name in BOMS if head.startswith(mark)), None)
    if encoding is None and head[:4] in {b"<\0?\0", b"\0<\0?"}:
        encoding = "utf-16-le" if head[0] else "utf-16-be"
    if encoding is None:
        declared = re.match(rb"\s*<\?xml[^>]*encoding\s*=\s*[\"']([A-Za-z0-9._:-]+)[\"']", head)
        encoding = declared.group(1).decode() if declared else "utf-8"
        try:
            encoding = codecs.lookup(encoding).name
        except LookupError:
            header.warnings.append(f"unknown encoding {encoding}: read as UTF-8")
            encoding = "utf-8"
        if encoding.startswith(("utf-16", "utf-32")):
            # Declared so, and yet its first bytes are single ones.
            encoding = "utf-8"
    if encoding == "utf-8" and not is_utf8(path):
        header.warnings.append("says UTF-8 but is not: read as windows-1252")
        encoding = "windows-1252"
    header.encoding = encoding
    stream = path.open("rb")
    if encoding == "utf-8":
        return stream
    text = io.TextIOWrapper(stream, encoding=encoding, errors="strict", newline="\n")
    return Recoded(text)  # type: ignore[return-value]


class _Guarded:
    """A stream that refuses to give more than one activity may take."""

    def __init__(self, stream: BinaryIO, path: Path) -> None:
        self._stream, self._path, self.since = stream, path, 0

    def read(self, size: int = -1) -> bytes:
        block = self._stream.read(size)
        self.since += len(block)
        if self.since > LARGEST:
            raise too_large(self._path, f"an activity of more than {LARGEST >> 20} MB")
        return block


def read_activities(path: Path, header: Header, validation: Validation | None = None) -> Iterator[Activity]:
    """Each activity of a file; `header` is filled on the way, and so is a `validation` where one is given.

    Raises `InputError`: `E801` no IATI activities, `E802` an activity too large or too deep, `E803` entities declared.
    """
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import DefusedXMLParser, iterparse

    parser = DefusedXMLParser(target=TreeBuilder(), encoding="utf-8", forbid_entities=True, forbid_external=True)
    with open_xml(path, header) as raw:
        stream = _Guarded(raw, path)
        try:
            yield from _walk(iterparse(stream, ("start", "end"), parser), stream, path, header, validation)
        except DefusedXmlException as error:
            rule = "an IATI file declares no entities and points to no outside files"
            found, fix = f"refused: {type(error).__name__}", "remove the DOCTYPE with its entities"
            raise InputError([fault("E803", where=str(path), found=found, rule=rule, fix=fix)]) from None
        except (ParseError, UnicodeError) as error:
            raise unreadable(path, f"no XML: {error}", "mend the file at that place") from error


def _walk(
    events: Any, stream: _Guarded, path: Path, header: Header, validation: Validation | None
) -> Iterator[Activity]:
    depth, root, inside = 0, None, 0
    seen = 0
    for event, element in events:
        if event == "start":
            depth += 1
            if depth > DEEPEST:
                raise too_large(path, "nested too deep")
            if root is None:
                root = element
                _read_root(root, header, path)
            if element.tag == "iati-activity":
                inside += 1
            continue
        depth -= 1
        if element.tag == "iati-activity":
            inside -= 1
            seen += 1
            activity = read_activity(element, seen)
            if validation is not None and not (header.version or "2").startswith("1"):
                activity.broken = validation.add(activity.name, element)
            yield activity
            element.clear()
            stream.since = 0
        if not inside and depth <= 1 and root is not None and element is not root:
            root.clear()
    if not seen:
        if root is not None and root.tag not in {"iati-activities", "iati-activity"}:
            detail = f"the root is <{root.tag}> and holds no iati-activity"
            raise unreadable(path, detail, "give an activity file; organisation files hold no activities")
        header.warnings.append("no activity in the file")


def _read_root(root: Element, header: Header, path: Path) -> None:
    header.version = root.get("version")
    header.generated = root.get("generated-datetime")
    if root.tag == "iati-activity":
        header.warnings.append("a lone activity, without iati-activities around it")
    elif root.tag != "iati-activities":
        header.warnings.append(f"the root is <{root.tag}>, not <iati-activities>")
    if header.version is None:
        header.warnings.append("no version: codes of 1.0x and 2.0x are told apart by their form")


def read_activity(element: Element, place: int) -> Activity:
    """An activity; what cannot be read of it is named in `unread`, never guessed."""
    name = text_of(element.find("iati-identifier"))
    activity = Activity(name or f"#{place}", title=text_of(element.find("title"))[:200])
    if not name:
        activity.unread.append("iati-identifier")
    status = element.find("activity-status")
    activity.status = _status(status)
    activity.currency = (element.get("default-currency") or "").upper()
    activity.hierarchy = element.get("hierarchy") or ""
    activity.updated = element.get("last-updated-datetime")
    dates = {one.get("type") or "": one.get("iso-date") or text_of(one) for one in element.findall("activity-date")}
    activity.start = _iso(dates.get("2") or dates.get("start-actual"))
    activity.end = _iso(dates.get("4") or dates.get("end-actual"))
    activity.parents = [one.get("ref") or "" for one in element.findall("related-activity") if one.get("type") == "1"]
    for link in element.findall("document-link"):
        kinds = [one.get("code") or "" for one in link.findall("category")]
        activity.documents.append(",".join(kinds))
    roles = {"4", "Implementing"}
    activity.implementers = [_organisation(o) for o in element.findall("participating-org") if o.get("role") in roles]
    activity.places = _places(element)
    for one in element.findall("transaction"):
        _read_transaction(one, activity)
    for budget in _final_budgets(element):
        amount = _amount(budget.find("value"))
        if amount is not None:
            activity.budgets.append((_currency(budget.find("value"), activity), amount))
    return activity


def _status(element: Element | None) -> str:
    if element is None:
        return ""
    words = {"pipeline/identification": "1", "implementation": "2", "completion": "3", "post-completion": "4"}
    return element.get("code") or words.get(text_of(element).casefold(), "")


def _final_budgets(element: Element) -> list[Element]:
    """Revised budgets take the place of the original ones of the same period."""
    chosen: dict[tuple[str, str], Element] = {}
    for budget in element.findall("budget"):
        ends = [budget.find(tag) for tag in ("period-start", "period-end")]
        period = tuple((end.get("iso-date") or "") if end is not None else "" for end in ends)
        key = (period[0], period[1])
        if key not in chosen or budget.get("type") in {"2", "Revised"}:
            chosen[key] = budget
    return list(chosen.values())


def _read_transaction(element: Element, activity: Activity) -> None:
    kind = element.find("transaction-type")
    code = ((kind.get("code") or "") if kind is not None else "").strip()
    value, date = element.find("value"), element.find("transaction-date")
    amount = _amount(value)
    if amount is None:
        activity.unread.append("transaction/value")
        return
    day = _iso((date.get("iso-date") or text_of(date)) if date is not None else None)
    if day is None and value is not None:
        day = _iso(value.get("value-date"))
    if day is None:
        activity.unread.append("transaction/transaction-date")
    activity.transactions.append(
        Transaction(
            OLD_TYPES.get(code.upper(), code),
            day,
            amount,
            _currency(value, activity),
            _organisation(element.find("provider-org")),
            _organisation(element.find("receiver-org")),
            element.get("ref") or "",
            _code(element.find("recipient-country")) or _code(element.find("recipient-region")),
        )
    )


def _code(element: Element | None) -> str:
    return "" if element is None else (element.get("code") or "").strip()


def _places(element: Element) -> list[tuple[str, float | None]]:
    """Countries and regions of an activity with their shares (0-1), `None` where a share is not told."""
    found = []
    for tag in ("recipient-country", "recipient-region"):
        for one in element.findall(tag):
            if tag == "recipient-country" or one.get("vocabulary") in {None, "1"}:
                share = re.fullmatch(r"\s*(\d+(\.\d*)?)\s*", one.get("percentage") or "")
                found.append((_code(one) or "unknown", float(share.group(1)) / 100 if share else None))
    return found


def _organisation(element: Element | None) -> str:
    return "" if element is None else (element.get("ref") or text_of(element))


def _currency(value: Element | None, activity: Activity) -> str:
    return ((value.get("currency") if value is not None else None) or activity.currency or "?").upper()


def _amount(value: Element | None) -> float | None:
    """A decimal number; thousands may be separated by commas or blanks, as publishers of 1.0x wrote them."""
    text = re.sub(r"[\s,\u00a0]", "", text_of(value))
    return float(text) if re.fullmatch(r"[+-]?\d+(\.\d*)?|[+-]?\.\d+", text) else None


def _iso(text: str | None) -> str | None:
    day = day_of(text)
    return day.isoformat() if day else None

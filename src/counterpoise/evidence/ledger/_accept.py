"""Letting a proposal into a region: all of it or nothing, by a named person, once, whatever stops the machine."""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from counterpoise._errors import InputError, RegionError, fault
from counterpoise._result import Meta, Result
from counterpoise.evidence._facts import actor_ids
from counterpoise.evidence.ledger._propose import lacking, needed, now, own_folder, summary_of
from counterpoise.evidence.ledger._store import Ledger, append, ledger_path, writing

# A run of this many words of the document in a statement is a quotation, and no note in one's own words.
QUOTED_WORDS = 8
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class DecisionResult(Result):
    """What became of a proposal: accepted (with the ids of its rows) or rejected, by whom and when."""

    decision: dict[str, Any]
    repeated: bool
    meta: Meta = field(default_factory=Meta)

    def body(self) -> dict[str, Any]:
        return {**self.decision, "repeated": self.repeated}

    def table(self) -> list[dict[str, Any]]:
        return [{name: str(value) for name, value in self.body().items() if name != "record"}]


def accept_proposal(
    name: str, *, region: str, by: str, changes: dict[str, str] | None = None, credibility: int = 6
) -> DecisionResult:
    """Turn a proposal into a row of a region folder, with the source it rests on.

    `changes` completes or corrects cells (`{"statement": "..."}`); `credibility` is the Admiralty grade 1 to 6 (6: it
    cannot be judged). The region is checked before and, on a copy, after: a fault changes nothing (`E806`, `E807`).
    To accept again what was accepted returns the same rows. A kill at any moment leaves either no row or the whole row,
    and the next call finishes or forgets it.

    Raises `E805` (built-in region), `E808` (no such proposal, or rejected), `E809` (a cell is missing or quotes).
    """
    folder = own_folder(region)
    path = ledger_path(folder)
    if not by.strip():
        raise InputError([_fault("E809", name, "no name", "who accepts is on record", "give --by NAME")])
    with writing(path) as ledger:
        _finish(ledger, folder)
        proposal = _find(ledger, name, path)
        name = str(proposal["id"])
        if ledger.status(name) == "accepted":
            return DecisionResult(ledger.decisions[name], True)
        if ledger.status(name) == "rejected":
            rule, fix = "a rejected proposal stays rejected", "propose the article anew after changing the row by hand"
            raise InputError([_fault("E808", name, "it was rejected", rule, fix)])
        cells = _cells(proposal, changes or {}, credibility, by, actor_ids(region))
        _check_region(folder, "E806", "before the row")
        rows = {"sources": [proposal["document"]["source"]], proposal["table"]: [cells]}
        files = _written(folder, rows)
        _try_on_copy(folder, files)
        decision = {
            "record": "accepted", "id": name, "by": by.strip(), "at": now(), "table": proposal["table"],
            "rows": [cells["id"]], "source": proposal["document"]["source"]["id"], "start": proposal["start"],
            "end": proposal["end"], "sha256": proposal["document"]["sha256"],
            "changed": sorted(changes or {}),
        }  # fmt: skip
        append(path, [{**decision, "record": "intent"}])
        for table in ("sources", proposal["table"]):
            if f"{table}.csv" in files:
                _replace(folder / f"{table}.csv", files[f"{table}.csv"])
        if "datapackage.json" in files:
            _replace(folder / "datapackage.json", files["datapackage.json"])
        append(path, [decision])
    return DecisionResult(decision, False)


def reject_proposal(name: str, *, region: str, by: str, why: str = "") -> DecisionResult:
    """Set a proposal aside, by name and with a reason; the region does not change. `E808` if it was accepted."""
    path = ledger_path(own_folder(region))
    with writing(path) as ledger:
        _finish(ledger, path.parent)
        name = str(_find(ledger, name, path)["id"])
        if ledger.status(name) == "rejected":
            return DecisionResult(ledger.decisions[name], True)
        if ledger.status(name) == "accepted":
            rule, fix = "an accepted row is corrected by a new row with `supersedes`", "see docs/region.md"
            raise InputError([_fault("E808", name, "it was accepted", rule, fix)])
        decision = {"record": "rejected", "id": name, "by": by.strip(), "at": now(), "why": why}
        append(path, [decision])
    return DecisionResult(decision, False)


def cells_given(texts: list[str]) -> dict[str, str]:
    """`COLUMN=VALUE` texts as cells; `E809` for one without an equals sign.

    >>> cells_given(["quantity=gdp", "note=a=b"])
    {'quantity': 'gdp', 'note': 'a=b'}
    """
    bad = [text for text in texts if "=" not in text]
    if bad:
        raise InputError(
            [_fault("E809", "--set", text, "a cell is given as COLUMN=VALUE", "--set a=b") for text in bad]
        )
    return {name.strip(): value.strip() for name, _, value in (text.partition("=") for text in texts)}


def _find(ledger: Ledger, name: str, path: Path) -> dict[str, Any]:
    if name in ledger.proposals:
        return ledger.proposals[name]
    near = [other for other in ledger.proposals if name and other.startswith(name)]
    if len(near) == 1:
        return ledger.proposals[near[0]]
    rule = "a decision names one proposal of the ledger, by its id or the beginning of it"
    if near:
        shown = ", ".join(near[:6]) + (" ..." if len(near) > 6 else "")
        found = f"{name!r} is the beginning of {len(near)} ids: {shown}"
        raise InputError([_fault("E808", str(path), found, rule, "give more letters of the id")])
    fix = "see `counterpoise evidence list REGION`; `counterpoise evidence propose` enters proposals"
    raise InputError([_fault("E808", str(path), f"no proposal {name!r}", rule, fix)])


def _finish(ledger: Ledger, folder: Path) -> None:
    """Bring to its end what a kill interrupted: rows that stand in their table were accepted."""
    for name, intent in ledger.intents.items():
        if name not in ledger.decisions and _has(folder / f"{intent['table']}.csv", intent["rows"][0]):
            decision = {**intent, "record": "accepted"}
            append(ledger.path, [decision])
            ledger.decisions[name] = decision


def _has(path: Path, name: str) -> bool:
    if not path.exists():
        return False
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return any(row.get("id") == name for row in csv.DictReader(stream))


def _cells(
    proposal: dict[str, Any], changes: dict[str, str], credibility: int, by: str, actors: dict[str, str]
) -> dict[str, Any]:
    from counterpoise.region._schema import TABLES, columns

    table, document = proposal["table"], proposal["document"]
    names = columns(TABLES[table])
    unknown = sorted(set(changes) - set(names) - {"note"})
    if unknown:
        rule = f"{table}.csv has the columns {', '.join(names)}"
        raise InputError([_fault("E809", proposal["id"], f"no column {unknown[0]!r}", rule, "see `evidence list`")])
    row: dict[str, Any] = {**proposal["row"], **changes}
    missing = needed(table, row)
    if table == "events" and "summary" not in changes:
        row["summary"] = _summary(proposal["row"], row)
    row = {column: row.get(column) for column in names}
    if table == "actors":
        row["id"] = changes.get("id") or proposal["row"]["id"]
    else:
        row["id"] = changes.get("id") or f"{table}:P{proposal['id']}"
    if table == "claims":
        row["document"] = document["source"]["id"]
    elif table != "actors":
        row |= {"source": document["source"]["id"], "credibility": credibility, "known_derived": "no"}
        place = f"characters {proposal['start']}-{proposal['end']} of the document {document['sha256'][:12]}"
        row["note"] = changes.get("note") or f"read from {place}; accepted by {by.strip()} on {now()[:10]}"
    if missing:
        rule = "what the reader cannot know is given by the person who accepts"
        fix = " ".join(f"--set {column}=..." for column in missing)
        fix += " (`--set item=` where the figure is of no item)" if "item" in missing else ""
        raise InputError([_fault("E809", proposal["id"], f"no {', '.join(missing)}", rule, fix)])
    strange = [item for item in lacking(table, row, actors)[1] if item["column"] not in changes]
    if strange:
        rule = "a row names parties that the region knows"
        raise InputError(
            [
                _fault("E809", proposal["id"], f"{item['column']} {item['found']} is {item['why']}", rule, item["fix"])
                for item in strange
            ]
        )
    quoted = next((text for text in map(row.get, ("statement", "summary", "note")) if _quotes(text, document)), None)
    if quoted:
        rule = f"a row holds no run of {QUOTED_WORDS} words of the document"
        raise InputError([_fault("E809", proposal["id"], "a quotation", rule, "say it in your own words")])
    return row


def _summary(proposed: dict[str, Any], row: dict[str, Any]) -> Any:
    """The reader's own summary follows the parties and the kind that a person set; another's words stay as they are."""
    old, new = (summary_of(each.get("actor"), str(each.get("kind")), each.get("target")) for each in (proposed, row))
    return new if old and new and row.get("summary") == old else row.get("summary")


def _quotes(text: Any, document: dict[str, Any]) -> bool:
    """Whether a text repeats a run of words of the document; `False` when the file is no longer there as it was."""
    if not text:
        return False
    from counterpoise.evidence._document import open_document

    try:
        opened = open_document(document["path"])
    except InputError:
        return False
    if opened.sha256 != document["sha256"]:
        return False
    ours, theirs = (_WORD.findall(part.lower()) for part in (str(text), opened.text))
    runs = {tuple(theirs[at : at + QUOTED_WORDS]) for at in range(len(theirs) - QUOTED_WORDS + 1)}
    return any(tuple(ours[at : at + QUOTED_WORDS]) in runs for at in range(len(ours) - QUOTED_WORDS + 1))


def _written(folder: Path, rows: dict[str, list[dict[str, Any]]]) -> dict[str, bytes]:
    """The files that change, by name, with their new bytes: what stood there, then the new rows."""
    from counterpoise.region._schema import TABLES, columns

    files: dict[str, bytes] = {}
    for table, several in rows.items():
        path = folder / f"{table}.csv"
        names = columns(TABLES[table])
        old = path.read_bytes() if path.exists() else (",".join(names) + "\n").encode()
        header = next(csv.reader(io.StringIO(old.decode("utf-8-sig"))))
        fresh = [row for row in several if not _has(path, row["id"])]
        if not fresh:
            continue
        text = io.StringIO()
        writer = csv.DictWriter(text, header, extrasaction="ignore", lineterminator="\n")
        writer.writerows({name: _cell(value) for name, value in row.items()} for row in fresh)
        files[path.name] = old + (b"" if old.endswith(b"\n") else b"\n") + text.getvalue().encode()
    return files


def _cell(value: Any) -> Any:
    return "" if value is None else f"{value:.12g}" if isinstance(value, float) else value


def _check_region(folder: Path, code: str, when: str, meant: Path | None = None) -> None:
    """Refuse a region with faults. `meant` is the folder that a copy stands for: messages name that one."""
    from counterpoise.region.views import check_region

    faults = check_region(folder).faults
    if faults:
        named = str(meant or folder)
        rule = "a row enters a region without faults and leaves it without faults; nothing was changed"
        first = _fault(
            code, named, f"{_counted(len(faults))} {when}", rule, "mend what stands below, or the cells given"
        )
        raise RegionError(
            [first, *(replace(item, where=item.where.replace(str(folder), named)) for item in faults[:20])]
        )


def _counted(number: int) -> str:
    return "1 fault" if number == 1 else f"{number} faults"


def _try_on_copy(folder: Path, files: dict[str, bytes]) -> None:
    """Check the region as it would be, on a copy beside it (hard links where the disk allows); add its description."""
    from counterpoise.region._package import write_package

    with tempfile.TemporaryDirectory(prefix=".evidence-", dir=folder.parent) as place:
        copy = Path(place) / folder.name
        copy.mkdir()
        for item in folder.iterdir():
            if item.name.startswith("."):
                continue
            if item.is_dir():
                shutil.copytree(item, copy / item.name)
            elif item.name not in files:
                _link(item, copy / item.name)
        for name, content in files.items():
            (copy / name).write_bytes(content)
        if any(not (folder / name).exists() for name in files):
            (copy / "datapackage.json").unlink(missing_ok=True)
            files["datapackage.json"] = write_package(copy).read_bytes()
        _check_region(copy, "E807", "with the row", folder)


def _link(item: Path, target: Path) -> None:
    try:
        os.link(item, target)
    except OSError:
        shutil.copy2(item, target)


def _replace(path: Path, content: bytes) -> None:
    """Put new bytes in the place of a file in one step: a reader sees the old file or the new one."""
    spare = path.with_name(f".{path.name}.new")
    with spare.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    spare.replace(path)


def _fault(code: str, where: str, found: str, rule: str, fix: str) -> Any:
    return fault(code, where=where, found=found, rule=rule, fix=fix)

"""The ledger as a file: one JSON record a line, only ever added to, safe against a kill at any byte."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from counterpoise._errors import InputError, fault

# A name with a dot: the region's own check passes over it, and it travels with a copy of the folder.
LEDGER_FILE = ".evidence.jsonl"
FORMAT = "counterpoise-evidence-1"
MAX_BYTES = 64 << 20
RECORDS = ("proposal", "intent", "accepted", "rejected")


@dataclass(slots=True)
class Ledger:
    """The records of a ledger by what they are: proposals, and what became of each, by proposal id."""

    path: Path
    proposals: dict[str, dict[str, Any]]
    intents: dict[str, dict[str, Any]]
    decisions: dict[str, dict[str, Any]]

    def status(self, name: str) -> str:
        """open, accepted or rejected."""
        return str(self.decisions[name]["record"]) if name in self.decisions else "open"


def ledger_path(folder: Path) -> Path:
    """Where the ledger of a region folder lies."""
    return folder / LEDGER_FILE


def read_ledger(path: Path) -> Ledger:
    """Every whole record of a ledger; none when there is no file. A torn last line (a kill while writing) is no record.

    Raises `E804` for a file that is no ledger: another line that is not JSON, or a record of another form.
    """
    ledger = Ledger(path, {}, {}, {})
    if not path.exists():
        return ledger
    if path.stat().st_size > MAX_BYTES:
        raise _broken(path, 0, f"over {MAX_BYTES:,} bytes")
    # What follows the last line end was never finished: the writer was stopped, and the record never counted.
    for number, line in enumerate(path.read_bytes().split(b"\n")[:-1], start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise _broken(path, number, f"not JSON: {error}"[:120]) from None
        if not isinstance(record, dict) or record.get("record") not in RECORDS or not isinstance(record.get("id"), str):
            raise _broken(path, number, "no record of a proposal or a decision")
        _enter(ledger, record)
    return ledger


def _enter(ledger: Ledger, record: dict[str, Any]) -> None:
    name = record["id"]
    if record["record"] == "proposal":
        ledger.proposals.setdefault(name, record)
    elif record["record"] == "intent":
        ledger.intents[name] = record
    else:
        ledger.decisions[name] = record


def _broken(path: Path, line: int, found: str) -> InputError:
    rule = f"a ledger is JSON Lines of the form {FORMAT}, written by `counterpoise evidence` alone"
    fix = "restore the file from a copy; rows already in the region are not touched by it"
    return InputError([fault("E804", where=f"{path}:{line}", found=found, rule=rule, fix=fix)])


@contextmanager
def writing(path: Path) -> Iterator[Ledger]:
    """The ledger while no other process writes it. Waits for its turn; the lock goes with the process."""
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        rule, fix = "the ledger stands in a folder that may be written", "use a region folder of your own"
        raise InputError([fault("E805", where=str(path), found=str(error.strerror), rule=rule, fix=fix)]) from None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield read_ledger(path)
    finally:
        os.close(handle)


def append(path: Path, records: list[dict[str, Any]]) -> None:
    """Add whole lines and wait until they are on the disk. A torn line goes."""
    if not records:
        return
    text = b"".join(json.dumps(record, ensure_ascii=False, allow_nan=False).encode() + b"\n" for record in records)
    with path.open("r+b" if path.exists() else "w+b") as stream:
        end = stream.seek(0, os.SEEK_END)
        if end:
            stream.seek(end - 1)
            if stream.read(1) != b"\n":
                end = _last_line(stream, end)
                stream.truncate(end)
        stream.seek(end)
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())


def _last_line(stream: Any, end: int) -> int:
    """Where the last, unfinished line begins."""
    step = 1 << 16
    while end > 0:
        start = max(0, end - step)
        stream.seek(start)
        block = stream.read(end - start)
        cut = block.rfind(b"\n")
        if cut >= 0:
            return int(start + cut + 1)
        end = start
    return 0

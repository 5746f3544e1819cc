"""Rows and unmerged releases of any number, in bounded memory: a table in memory first, then a temporary file."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterable, Iterator

from counterpoise.oversight.ocds._tree import merge
from counterpoise.oversight.ocds.engine import pack, unpack
from counterpoise.oversight.ocds.parts import Release

IN_MEMORY = 200_000


class Rows:
    """One packed row per process; a process met again adds its findings to the earlier ones."""

    def __init__(self, *, in_memory: int = IN_MEMORY) -> None:
        self._limit = in_memory
        self._rows: dict[str, bytes] = {}
        self._file: sqlite3.Connection | None = None
        self.repeated = 0

    def add(self, rows: Iterable[tuple[str, bytes]]) -> None:
        if self._file is None:
            for ocid, packed in rows:
                known = self._rows.get(ocid)
                if known is not None:
                    self.repeated += 1
                self._rows[ocid] = packed if known is None else _joined(known, packed)
            if len(self._rows) > self._limit:
                self._spill()
            return
        for ocid, packed in rows:
            try:
                self._file.execute("INSERT INTO row VALUES (?, ?)", (ocid, packed))
            except sqlite3.IntegrityError:
                self.repeated += 1
                (known,) = self._file.execute("SELECT packed FROM row WHERE ocid = ?", (ocid,)).fetchone()
                self._file.execute("UPDATE row SET packed = ? WHERE ocid = ?", (_joined(known, packed), ocid))

    def _spill(self) -> None:
        self._file = scratch()
        self._file.execute("CREATE TABLE row (ocid TEXT PRIMARY KEY, packed BLOB) WITHOUT ROWID")
        self._file.executemany("INSERT INTO row VALUES (?, ?)", self._rows.items())
        self._rows = {}

    def __iter__(self) -> Iterator[tuple[str, bytes]]:
        """The rows as they came, or in order of their ocid once there are too many to hold."""
        if self._file is None:
            return iter(self._rows.items())
        return iter(self._file.execute("SELECT ocid, packed FROM row ORDER BY ocid"))


def _joined(known: bytes, packed: bytes) -> bytes:
    found, margin, estimates = unpack(known)
    more, later, others = unpack(packed)
    return pack(({**found, **more}, later or margin, {**estimates, **others}))


class Pending:
    """Releases that wait for the others of their process."""

    def __init__(self) -> None:
        self._file: sqlite3.Connection | None = None

    def add(self, releases: Iterable[tuple[str, bytes]]) -> None:
        for ocid, text in releases:
            if self._file is None:
                self._file = scratch()
                self._file.execute("CREATE TABLE part (ocid TEXT, text BLOB)")
            self._file.execute("INSERT INTO part VALUES (?, ?)", (ocid, text))

    def merged(self) -> Iterator[Release]:
        """One compiled release per process, in the order in which the processes were first met."""
        if self._file is None:
            return
        self._file.execute("CREATE INDEX by_ocid ON part (ocid)")
        for (ocid,) in self._file.execute("SELECT ocid FROM part GROUP BY ocid ORDER BY MIN(rowid)"):
            parts = self._file.execute("SELECT text FROM part WHERE ocid = ? ORDER BY rowid", (ocid,))
            yield merge(json.loads(text) for (text,) in parts)


def scratch() -> sqlite3.Connection:
    """A private database that keeps a few pages in memory and the rest in a file that vanishes with it."""
    connection = sqlite3.connect("", isolation_level=None)
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -32768"):
        with contextlib.suppress(sqlite3.OperationalError):
            connection.execute(f"PRAGMA {pragma}")
    connection.execute("BEGIN")
    return connection

"""Reading OCDS files of any form and size: JSON Lines in parallel, packages as a stream, small files at once."""

from __future__ import annotations

import codecs
import io
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

from counterpoise.oversight.files import DEEPEST, LARGEST, Recoded, is_utf8, too_large, unreadable
from counterpoise.oversight.ocds.engine import Engine, State

BOM = len(codecs.BOM_UTF8)
WHOLE = 16 << 20  # a document up to this size is read at once
CHUNK = 8 << 20
PARALLEL = 24 << 20  # JSON Lines from this size on go to workers


def _refuse_constant(name: str) -> NoReturn:
    raise json.JSONDecodeError(f"{name} is no JSON value", name, 0)


DECODER = json.JSONDecoder(parse_constant=_refuse_constant)


def encoding_of(head: bytes) -> str:
    """The encoding of a JSON file from its first bytes; UTF-8 unless they say otherwise."""
    found = json.detect_encoding(head[:4])
    return "utf-8-sig" if found == "utf-8" and head.startswith(codecs.BOM_UTF8) else found


class Source:
    """An OCDS file in UTF-8, whatever it was written in."""

    def __init__(self, path: Path, encoding: str | None = None) -> None:
        self.path = path
        self.size = path.stat().st_size
        with path.open("rb") as stream:
            head = stream.read(1 << 16)
        self.encoding = encoding or encoding_of(head)
        self.warnings: list[str] = []
        if encoding is None and self.encoding == "utf-8" and not is_utf8(path):
            self.encoding = "windows-1252"
            self.warnings.append("not UTF-8: read as windows-1252; say --encoding NAME if letters look wrong")
        if self.encoding not in {"utf-8", "utf-8-sig"}:
            self.warnings += [f"encoding {self.encoding}"] if not self.warnings else []

    @property
    def plain(self) -> bool:
        """Whether the bytes on disk can be cut at line ends."""
        return self.encoding in {"utf-8", "utf-8-sig"}

    def open(self) -> BinaryIO:
        """The file as UTF-8 bytes without a byte order mark."""
        stream = self.path.open("rb")
        if self.plain:
            if self.encoding == "utf-8-sig":
                stream.seek(3)
            return stream
        text = io.TextIOWrapper(stream, encoding=self.encoding, errors="strict", newline="\n")
        return Recoded(text)  # type: ignore[return-value]


def fold_line(engine: Engine, state: State, line: bytes) -> None:
    """Judge one line of JSON Lines; a line that is no JSON is counted and skipped, as Cardinal does."""
    state.lines += 1
    if line.isspace() or not line:
        return
    try:
        value = DECODER.decode(line.decode("utf-8"))
        engine.fold_value(state, value)
    except RecursionError:
        _skip(state, "nested too deep")
    except UnicodeDecodeError:
        _skip(state, "not UTF-8")
    except ValueError as error:
        _skip(state, str(error)[:120])


def _skip(state: State, why: str) -> None:
    state.count("lines_skipped")
    if len(state.bad_lines) < 100:
        state.bad_lines.append((state.lines, why))


def fold_lines(engine: Engine, stream: BinaryIO) -> Iterator[State]:
    """The lines of a stream, as one state per few megabytes."""
    state, taken = State(), 0
    while line := stream.readline(LARGEST + 1):
        if len(line) > LARGEST:
            _pass_over(stream, line, state)
            continue
        fold_line(engine, state, line)
        taken += len(line)
        if taken > CHUNK:
            yield state
            state, taken = _following(state), 0
    yield state


def fold_range(engine: Engine, path: Path, span: tuple[int, int], state: State) -> State:
    """Add the lines that begin in a range of bytes of a UTF-8 file to a state."""
    start, end = span
    with path.open("rb") as stream:
        stream.seek(start)
        if start > BOM:
            stream.seek(start - 1)
            while (line := stream.readline(CHUNK)) and not line.endswith(b"\n") and stream.tell() < end:
                pass
            if not line.endswith(b"\n"):
                return state
        while stream.tell() < end and (line := stream.readline(LARGEST + 1)):
            if len(line) > LARGEST:
                _pass_over(stream, line, state)
            else:
                fold_line(engine, state, line)
    return state


def _pass_over(stream: BinaryIO, line: bytes, state: State) -> None:
    while line and not line.endswith(b"\n"):
        line = stream.readline(LARGEST)
    state.lines += 1
    _skip(state, f"a line of more than {LARGEST >> 20} MB")


def _following(state: State) -> State:
    """An empty state that knows the main currencies."""
    fresh = State()
    fresh.tally.currency, fresh.market.currency = state.tally.currency, state.market.currency
    return fresh


_worker: dict[str, Any] = {}


def _start_worker(engine: Engine, path: Path, known: State) -> None:
    _worker.update(engine=engine, path=path, known=known)


def _work(span: tuple[int, int]) -> State:
    return fold_range(_worker["engine"], _worker["path"], span, _following(_worker["known"]))


def read_states(engine: Engine, source: Source, *, workers: int | None = None) -> Iterator[State]:
    """States that add up, in order, to the whole file; `workers` is as many as there are processors (8 at most)."""
    try:
        yield from _read_states(engine, source, workers or max(min(os.cpu_count() or 1, 8), 1))
    except UnicodeError as error:
        found = f"not {source.encoding}: {str(error)[:200]}"
        raise unreadable(source.path, found, "give the encoding with --encoding") from error


def _read_states(engine: Engine, source: Source, workers: int) -> Iterator[State]:
    with source.open() as stream:
        first = stream.readline(LARGEST)
        while first.isspace():
            first = stream.readline(LARGEST)
        lone = len(first) < LARGEST and _is_value(first)
        more = stream.read(1) if lone else b""
    if lone and more:
        if source.plain and source.size >= PARALLEL:
            yield from _parallel(engine, source, workers)
        else:
            with source.open() as stream:
                yield from fold_lines(engine, stream)
    elif source.size <= WHOLE:
        yield _fold_whole(engine, source)
    else:
        yield from _fold_stream(engine, source)


def _is_value(line: bytes) -> bool:
    """Whether a line is a JSON value by itself, so that the file may be JSON Lines."""
    try:
        return isinstance(DECODER.decode(line.decode("utf-8")), (dict, list))
    except (ValueError, RecursionError):
        # A broken first line of many: JSON Lines all the same if it starts and ends as an object does.
        text = line.strip()
        return text.startswith(b"{") and text.endswith(b"}")


def _parallel(engine: Engine, source: Source, workers: int) -> Iterator[State]:
    first = BOM if source.encoding == "utf-8-sig" else 0
    spans = [(max(start, first), min(start + CHUNK, source.size)) for start in range(0, source.size, CHUNK)]
    known = State()
    while spans and not engine.settled(known):
        # The main currency is the first one met, so lines are read in order until there is one.
        state = fold_range(engine, source.path, spans.pop(0), _following(known))
        known = _following(state)
        yield state
    if workers == 1:
        yield from (fold_range(engine, source.path, span, _following(known)) for span in spans)
        return
    from concurrent.futures import Future, ProcessPoolExecutor

    with ProcessPoolExecutor(workers, initializer=_start_worker, initargs=(engine, source.path, known)) as pool:
        waiting: list[Future[State]] = []
        for span in spans:
            waiting.append(pool.submit(_work, span))
            if len(waiting) > 2 * workers:
                yield waiting.pop(0).result()
        while waiting:
            yield waiting.pop(0).result()


def _fold_whole(engine: Engine, source: Source) -> State:
    """One document, or several after each other, read at once."""
    state = State()
    with source.open() as stream:
        text = stream.read().decode("utf-8", "strict")
    try:
        place = 0
        while (place := _next_mark(text, place)) < len(text):
            value, place = DECODER.raw_decode(text, place)
            engine.fold_value(state, value)
            del value
    except RecursionError:
        raise too_large(source.path, "nested too deep") from None
    except ValueError as error:
        raise unreadable(source.path, f"no JSON: {str(error)[:200]}", "mend or cut the file at that place") from error
    return state


def _next_mark(text: str, place: int) -> int:
    while place < len(text) and text[place] in " \t\r\n":
        place += 1
    return place


class _Guarded:
    """A stream that refuses to give more than one item may take."""

    def __init__(self, stream: BinaryIO, path: Path) -> None:
        self._stream, self._path = stream, path
        self.since = self._open = 0

    def item_done(self) -> int:
        """Start to count anew; the bytes that the item took."""
        since, self.since, self._open = self.since, 0, 0
        return since

    def read(self, size: int = -1) -> bytes:
        block = self._stream.read(size)
        self.since += len(block)
        # Brackets inside texts count too, so the bound is far above what is nested in earnest.
        self._open += block.count(b"[") + block.count(b"{") - block.count(b"]") - block.count(b"}")
        if self._open > 10 * DEEPEST:
            raise too_large(self._path, "nested too deep")
        if self.since > LARGEST + (1 << 17):
            raise too_large(self._path, f"an item of more than {LARGEST >> 20} MB")
        return block


def _fold_stream(engine: Engine, source: Source) -> Iterator[State]:
    """A package too large to hold: its releases or records one after the other."""
    import ijson

    try:
        prefix = _list_in(source)
        with source.open() as raw:
            stream = _Guarded(raw, source.path)
            state, taken = State(), 0
            for item in ijson.items(stream, prefix, use_float=True):
                taken += stream.item_done()
                engine.fold_value(state, item)
                if taken > CHUNK:
                    yield state
                    state, taken = _following(state), 0
            yield state
    except RecursionError:
        raise too_large(source.path, "nested too deep") from None
    except (ijson.JSONError, UnicodeDecodeError) as error:
        found = f"no JSON: {str(error).splitlines()[0][:200]}"
        raise unreadable(source.path, found, "mend or cut the file at that place") from error


def _list_in(source: Source) -> str:
    """Where the releases or records of a large document lie."""
    import ijson

    with source.open() as raw:
        stream = _Guarded(raw, source.path)
        for prefix, event, _ in ijson.parse(stream):
            if event == "start_array" and prefix in {"", "releases", "records"}:
                return f"{prefix}.item" if prefix else "item"
            if prefix == "ocid" or (prefix == "" and event == "end_map"):
                break
    raise too_large(source.path, f"one release or record of {source.size >> 20} MB")

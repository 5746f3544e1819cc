"""What every audit answers with: the flags raised, those that could not be computed, and a summary."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from counterpoise._errors import InputError, fault
from counterpoise._result import Meta, Result, hash_file, plain

Raised = dict[str, Any]
SHOWN = 200
# What a file of each standard is counted in: plural and singular.
JUDGED = {"processes": "process", "activities": "activity", "records": "record"}
# Reasons why tests are not computed that a terminal lists; more are counted.
MOST_LISTED = 8


@dataclass
class AuditResult(Result):
    """The flags that a file raises, what could not be computed, and Cardinal's results in Cardinal's shape.

    Findings are drawn from `source` each time they are asked for, so that a file with millions fits into memory.
    """

    source: Any
    not_computable: list[dict[str, Any]]
    summary: dict[str, Any]
    meta: Meta
    fail_on: bool = False
    warnings: list[str] = field(default_factory=list)
    # What was asked for beside the flags: key of the document -> its result.
    beside: dict[str, Result] = field(default_factory=dict)

    def flags(self) -> Iterator[Raised]:
        """Each flag with its code, scope, id, value, explanation and reference."""
        yield from self.source.flags()

    def indicators(self) -> Iterator[tuple[str, Iterator[tuple[str, dict[str, float | None]]]]]:
        """Group by group, the results by id and code."""
        yield from self.source.indicators()

    def body(self) -> dict[str, Any]:
        return {
            "flags": list(self.flags()),
            "not_computable": self.not_computable,
            "summary": self.summary,
            "indicators": {group: dict(entries) for group, entries in self.indicators()},
            **{name: result.body() for name, result in self.beside.items()},
            **({"activities": list(self.source.activities())} if hasattr(self.source, "activities") else {}),
        }

    def table(self) -> list[dict[str, Any]]:
        """The first flags, for the terminal; `summary` counts all."""
        rows: list[dict[str, Any]] = []
        for raised in self.flags():
            if len(rows) == SHOWN:
                break
            rows.append({key: raised[key] for key in ("code", "scope", "id", "value", "explanation")})
        return rows

    def said(self) -> list[str]:
        """What stands above the flags in a terminal: how much was judged, and which tests the file cannot have."""
        kind = next((name for name in JUDGED if name in self.summary), "")
        count = int(self.summary.get(kind, 0))
        judged = f"{count:,} {kind if count != 1 else JUDGED[kind]} judged: " if kind else ""
        flags = int(self.summary["flags"])
        lines = [f"{judged}{flags:,} flag{'' if flags == 1 else 's'} raised."]
        lacking: dict[tuple[str, ...], list[str]] = {}
        for row in self.not_computable:
            lacking.setdefault(tuple(row["missing"]), []).append(row["code"])
        if len(lacking) > MOST_LISTED:
            total = len(self.not_computable)
            lines.append(f"{total} flags need fields or settings that are not there; --json names them.")
        else:
            lines += [f"Not computed, {', '.join(codes)}: {_lacks(missing)}." for missing, codes in lacking.items()]
        return lines

    def write_json(self, stream: TextIO) -> None:
        """The document of `to_json`, written piece by piece."""

        encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode

        def dump(value: Any) -> str:
            text = encode(value)
            # Half a surrogate pair in a name would stop the output: it is escaped instead.
            return text if text.isascii() or _printable(text) else json.dumps(value, allow_nan=False)

        stream.write('{"flags": [')
        for number, raised in enumerate(self.flags()):
            stream.write((", " if number else "") + dump(raised))
        stream.write(f'], "not_computable": {dump(self.not_computable)}, "summary": {dump(self.summary)}')
        stream.write(', "indicators": {')
        for place, (group, entries) in enumerate(self.indicators()):
            stream.write((", " if place else "") + dump(group) + ": {")
            for number, (name, values) in enumerate(entries):
                stream.write((", " if number else "") + f"{dump(name)}: {dump(values)}")
            stream.write("}")
        stream.write("}")
        for name, result in self.beside.items():
            stream.write(f", {dump(name)}: {dump(plain(result.body()))}")
        if hasattr(self.source, "activities"):
            stream.write(', "activities": [')
            for place, entry in enumerate(self.source.activities()):
                stream.write((", " if place else "") + dump(entry))
            stream.write("]")
        stream.write(f', "meta": {dump(self.meta.to_dict())}}}\n')

    @property
    def exit_code(self) -> int:
        return 1 if self.fail_on else 0


def _lacks(missing: tuple[str, ...]) -> str:
    """What a test lacks, in words.

    >>> _lacks(("column of role date", "setting [L04] threshold"))
    'no column of dates, no setting [L04] threshold'
    """
    words = (name.replace("column of role ", "column of ") for name in missing)
    return ", ".join(f"no {name}{'s' if name.startswith('column of ') else ''}" for name in words)


def _printable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def number(value: float) -> float | None:
    """A plain JSON number, `null` for what is none (a division by nothing)."""
    return value if math.isfinite(value) else None


def chosen(flags: str | None, known: tuple[str, ...], where: str = "--flags") -> frozenset[str]:
    """The codes in a list with commas between; `all` is every code. Raises `E204` with each unknown one."""
    import difflib

    names = [name.strip().upper() for name in (flags or "all").split(",") if name.strip()]
    if names in (["ALL"], ["ANY"]):
        return frozenset(known)
    faults = []
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            fix = f"did you mean {near[0]}?" if near else f"known flags: {', '.join(known)}"
            faults.append(fault("E204", where=where, found=repr(name), rule="a flag has a known code", fix=fix))
    if faults or not names:
        rule = "flags are codes with commas between, or all"
        empty = fault("E204", where=where, found=repr(flags), rule=rule, fix="for example R003,R018")
        raise InputError(faults or [empty])
    return frozenset(names)


def inputs(*paths: Path | None) -> dict[str, str]:
    """Each input with the SHA-256 of its bytes."""
    return {str(path): hash_file(path) for path in paths if path is not None}

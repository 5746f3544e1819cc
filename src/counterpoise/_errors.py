"""Errors that say what, where, why and what next, all faults of an input at once.

Each code (`E101`) has a page in `docs/errors/` and a test that provokes it. Ranges: E1xx regions, E2xx files and
arguments, E3xx trade, E4xx transit, E5xx bargaining and games, E6xx leverage and claims, E7xx briefs,
E8xx evidence and oversight, E9xx elections, scenarios, play and history.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with an input: where it stands, what was found, the rule it breaks and how to mend it."""

    code: str
    where: str
    found: str
    rule: str
    fix: str

    def to_dict(self) -> dict[str, str]:
        return asdict(self)

    def __str__(self) -> str:
        return f"{self.code} {self.where}: {self.found}\n  rule: {self.rule}\n  fix:  {self.fix}"


class CounterpoiseError(Exception):
    """The root of every error raised on purpose; `faults` holds each fault found, never only the first.

    >>> error = CounterpoiseError([Fault("E201", "a.csv", "no such file", "the file exists", "check the path")])
    >>> error.code, len(error.faults)
    ('E201', 1)
    """

    def __init__(self, faults: Iterable[Fault], message: str | None = None) -> None:
        self.faults = tuple(faults)
        if not self.faults:
            raise ValueError("an error carries at least one fault")
        self.code = self.faults[0].code
        count = len(self.faults)
        self.message = message or (self.faults[0].found if count == 1 else f"{count} faults found")
        super().__init__(self.message)

    def to_dict(self) -> dict[str, object]:
        return {"code": self.code, "message": self.message, "faults": [fault.to_dict() for fault in self.faults]}

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)


class InputError(CounterpoiseError):
    """A file or an argument cannot be read as what it should be."""


class RegionError(CounterpoiseError):
    """A region folder breaks its format."""


class SolveError(CounterpoiseError):
    """An engine refuses an input that has no meaningful answer, or did not reach one."""


def fault(code: str, *, where: str, found: str, rule: str, fix: str) -> Fault:
    """A fault by keyword, so that call sites read as sentences."""
    return Fault(code=code, where=where, found=found, rule=rule, fix=fix)

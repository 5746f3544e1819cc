"""Talk on stderr while a run goes on: what happens, how far it is, how long it will take."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


def tell(text: str) -> None:
    """A line for people, never among the data."""
    print(text, file=sys.stderr)


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar with the time left; where stderr is no terminal, a line at every tenth."""
    if not sys.stderr.isatty():
        told: list[int] = []

        def report(done: int, total: int) -> None:
            tenth = 10 * done // max(1, total)
            if tenth not in told:
                told.append(tenth)
                tell(f"{what}: {done} of {total} blocks")

        yield report
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(f"{what}, blocks")
        yield lambda done, total: bar.update(task, completed=done, total=total)

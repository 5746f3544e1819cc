"""Talk on stderr while claims are judged: what is being done, how far it is, how long it has taken."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """A line with the time that has passed, and a bar once the work reports how much of it is done.

    Where stderr is no terminal, one line at the beginning and one at every quarter that is reported.
    """
    if not sys.stderr.isatty():
        print(f"{what} ...", file=sys.stderr)
        told = [0]

        def report(done: int, total: int) -> None:
            quarter = 4 * done // max(1, total)
            if quarter > told[-1]:
                told.append(quarter)
                print(f"{what}: {done} of {total}", file=sys.stderr)

        yield report
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)

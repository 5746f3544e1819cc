"""Running a command: data to stdout, talk to stderr, every failure as one clear error with an exit code."""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from counterpoise._errors import CounterpoiseError, Fault
from counterpoise._register import EXTRAS
from counterpoise._result import Result, plain

DONE, FINDINGS, MISUSE, OUR_BUG = 0, 1, 2, 3
# Between these a number is written whole, where four digits and an exponent would hide what it is.
LARGE, HUGE = 1e4, 1e15
# Beyond a few processes the start of another costs more than it saves.
MOST_WORKERS = 4


def workers() -> int:
    """How many processes a command may share its work among: one a processor, four at most.

    A program read from standard input cannot be started anew in another process, so it keeps its work to itself.
    """
    program = getattr(sys.modules["__main__"], "__file__", None)
    if program is None or not Path(program).exists():
        return 1
    return min(MOST_WORKERS, os.cpu_count() or 1)


def run(app: Any, arguments: list[str]) -> int:
    """Dispatch `arguments` to a command of `app`; the command returns its exit code."""
    from cyclopts import CycloptsError

    as_json = "--json" in arguments
    try:
        code = app(arguments, exit_on_error=False, print_error=False, result_action="return_value")
        sys.stdout.flush()
        return code if isinstance(code, int) else DONE
    except CounterpoiseError as error:
        _report(error, as_json)
        return MISUSE
    except CycloptsError as error:
        _report(_misuse(error), as_json)
        return MISUSE
    except ModuleNotFoundError as error:
        library = (error.name or "").partition(".")[0]
        _report(_lacks_extra(library) if library in EXTRAS else _our_bug(error, arguments), as_json)
        return MISUSE if library in EXTRAS else OUR_BUG
    except KeyboardInterrupt:
        print("Stopped; nothing half-written was kept.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader (`| head`) has gone: not an error of ours. Silence the flush at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as error:
        _report(_our_bug(error, arguments), as_json)
        return OUR_BUG


def show(result: Result, *, as_json: bool, title: str = "") -> int:
    """Print a result as one JSON document or as a table, and return its exit code."""
    if as_json:
        print(result.to_json())
    else:
        print_rows(result.table(), title=title)
    return result.exit_code


def print_rows(rows: list[dict[str, Any]], *, title: str = "") -> None:
    """Rows as a table fitted to the terminal (see `fit`), or as tab-separated text when stdout is a pipe."""
    if not rows:
        print("(no rows)", file=sys.stderr)
        return
    columns = list(dict.fromkeys(name for row in rows for name in row))
    terminal = sys.stdout.isatty()
    cells = [[_cell(row.get(name), grouped=terminal) for name in columns] for row in rows]
    if terminal:
        _print_table(columns, cells, title)
        return
    print("\t".join(columns))
    for line in cells:
        print("\t".join(line))


def _print_table(names: list[str], cells: list[list[str]], title: str) -> None:
    from rich import box
    from rich.console import Console
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    from counterpoise.cli._table import FEW, beneath, fit

    console = Console(highlight=False)
    fitted = fit(names, cells, console.width)
    lines = list(zip(*(column.cells for column in fitted.columns), strict=True))

    def table(rows: Sequence[Sequence[str]], *, head: bool) -> Table:
        drawn = Table(title=(title or None) if head else None, title_justify="left", header_style="bold")
        drawn.box, drawn.show_header = box.SIMPLE_HEAD, head
        drawn.show_edge, drawn.pad_edge, drawn.padding = False, False, (0, 1, 0, 0)
        for column in fitted.columns:
            justify: Literal["left", "right"] = "right" if column.bare else "left"
            drawn.add_column(Text(column.name), width=column.width, overflow="fold", justify=justify)
        for line in rows:
            drawn.add_row(*map(Text, line))
        return drawn

    cut = fitted.cut
    if not fitted.left_out:
        console.print(table(lines, head=True))
    else:
        # What finds no room beside the others stands below its row, under its name.
        console.print(table([], head=True))
        for line, row in zip(lines, cells, strict=True):
            console.print(table([line], head=False))
            below, short = beneath(names, row, fitted.left_out, whole=len(lines) <= FEW)
            cut = cut or short
            if below:
                console.print(Padding(Text(below), (0, 0, 0, 2), expand=False))
    if cut:
        print("(long texts are cut: --json and a pipe give everything)", file=sys.stderr)


@contextmanager
def busy(what: str) -> Iterator[Callable[[str], None]]:
    """Say on stderr what takes long; what is yielded says what comes next. A terminal shows the seconds beside it."""
    if not sys.stderr.isatty():
        print(f"  {what}", file=sys.stderr)
        yield lambda text: print(f"  {text}", file=sys.stderr)
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda text: bar.update(task, description=text)


def _cell(value: Any, *, grouped: bool) -> str:
    """A value in a table: numbers to four digits, large ones whole, thousands `grouped` for people alone.

    >>> _cell(389333.3, grouped=True), _cell(389333.3, grouped=False), _cell(0.12345, grouped=True)
    ('389,333', '389333', '0.1235')
    """
    value = plain(value)
    if value is None:
        return ""
    if isinstance(value, float):
        if LARGE <= abs(value) < HUGE:
            return f"{value:,.0f}" if grouped else f"{value:.0f}"
        return f"{value:.4g}"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text.replace("\t", " ").replace("\n", " ")


def _our_bug(error: Exception, arguments: list[str]) -> CounterpoiseError:
    traceback.print_exception(error)
    return CounterpoiseError(
        [
            Fault(
                "E999",
                where=" ".join(["counterpoise", *arguments]),
                found=f"{type(error).__name__}: {error}",
                rule="a command ends with an answer or a named error",
                fix="this is our bug: please report it with the lines above",
            )
        ]
    )


def _misuse(error: Any) -> CounterpoiseError:
    found = " ".join(str(error).split()) or type(error).__name__
    return CounterpoiseError(
        [
            Fault(
                "E200",
                where="command line",
                found=found,
                rule="the arguments are those that the command's help names",
                fix="see `counterpoise COMMAND --help`",
            )
        ]
    )


def _lacks_extra(library: str) -> CounterpoiseError:
    return CounterpoiseError(
        [
            Fault(
                "E205",
                where="this installation",
                found=f"the library {library!r} is not installed",
                rule=f"this command needs the extra {EXTRAS[library]!r}; the core install leaves it out",
                fix=f"run `make install` in the checkout, or `pip install -e '.[{EXTRAS[library]}]'` there",
            )
        ]
    )


def _report(error: CounterpoiseError, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"error": error.to_dict()}, ensure_ascii=False))
    else:
        print(f"error: {error}", file=sys.stderr)

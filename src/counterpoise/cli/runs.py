"""`counterpoise runs`: the ledger of runs."""

from __future__ import annotations

from dataclasses import asdict

from cyclopts import App

app = App(
    name="runs",
    help="The ledger of runs: list, show, explain, compare, remove.\n\nExample: counterpoise runs list",
    help_format="plaintext",
)


@app.command(name="list")
@app.default
def list_runs(*, json: bool = False) -> int:
    """Every run on this machine, newest first.

    Parameters
    ----------
    json
        Print one JSON document.
    """
    from counterpoise.cli._run import print_rows
    from counterpoise.play.ledger import Ledger

    lines = [asdict(line) for line in Ledger().lines()]
    if json:
        _print({"runs": lines})
    else:
        shown = ("id", "state", "scenario", "against", "members", "until", "seed", "started", "seconds")
        print_rows([{name: line[name] for name in shown} for line in lines], title="Runs")
    return 0


@app.command
def show(run: str, /, *, json: bool = False) -> int:
    """One run: what it was asked, what it rests on, where its files lie.

    Parameters
    ----------
    run
        The id of the run, or enough of its beginning.
    json
        Print one JSON document.
    """
    from counterpoise.cli._run import print_rows
    from counterpoise.play.ledger import Ledger

    line = asdict(Ledger().find(run))
    if json:
        _print({"run": line})
    else:
        print_rows([{"field": name, "value": value} for name, value in line.items()], title=f"Run {line['id']}")
    return 0


@app.command
def why(run: str, member: int, /, *, json: bool = False) -> int:
    """What moved one member of a run: its steps beside the terms of the law that pulled it, largest steps first.

    Parameters
    ----------
    run
        The id of the run, or enough of its beginning.
    member
        The number of the member, from 0.
    json
        Print one JSON document with every quarter.
    """
    from counterpoise.cli._run import show as show_result
    from counterpoise.play import explain

    return show_result(explain(run, member), as_json=json, title=f"Member {member} of run {run}")


@app.command
def diff(a: str, b: str, /, *, json: bool = False) -> int:
    """What two runs were asked and read differently, and how their answers differ; exit code 1 where they do.

    Parameters
    ----------
    a
        The first run.
    b
        The second run.
    json
        Print one JSON document.
    """
    from counterpoise.cli._run import print_rows
    from counterpoise.play.ledger import Ledger, answers_apart, differences

    ledger = Ledger()
    one, other = ledger.find(a), ledger.find(b)
    rows, answers = differences(one, other), answers_apart(one, other)
    if json:
        _print({"a": one.id, "b": other.id, "inputs": rows, "answers": answers})
    else:
        print_rows([*rows, *answers], title=f"{one.id} and {other.id}")
    return 1 if rows or answers else 0


@app.command
def rm(run: str, /, *, json: bool = False) -> int:
    """Take a run out of the ledger and delete the files that it wrote.

    Parameters
    ----------
    run
        The id of the run, or enough of its beginning.
    json
        Print one JSON document.
    """
    from counterpoise.play._progress import tell
    from counterpoise.play.ledger import Ledger

    line = Ledger().remove(run)
    tell(f"removed run {line.id} from {line.folder}")
    if json:
        _print({"removed": line.id})
    return 0


def _print(body: dict[str, object]) -> None:
    from json import dumps

    from counterpoise._result import plain

    print(dumps(plain(body), ensure_ascii=False))

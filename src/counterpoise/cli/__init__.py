"""The command line: thin, with no logic that a notebook cannot call. Commands load when they run."""

from __future__ import annotations

import sys
from collections.abc import Collection, Sequence
from typing import Any

# Name -> (where it lives, its line in the help). Nothing here is imported until the command runs.
COMMANDS: dict[str, tuple[str, str]] = {
    "brief": ("counterpoise.cli.brief:brief", "Write the brief of a region: the main job."),
    "leverage": ("counterpoise.cli.leverage:leverage", "Who can hurt and help whom, and at what cost to themselves."),
    "claims": ("counterpoise.cli.claims:claims", "Each claim with its verdict, evidence and break-even."),
    "facts": ("counterpoise.cli.region:facts", "The sourced, dated figures of a region."),
    "events": ("counterpoise.cli.region:events", "The sourced, dated acts of a region."),
    "region": ("counterpoise.cli.region:app", "Check, show or start a region folder."),
    "transit": ("counterpoise.cli.transit:app", "Who can cut freight off, and the cheapest way for it to go."),
    "bargain": ("counterpoise.cli.bargain:bargain", "Who moves whom on an issue, round by round."),
    "deter": ("counterpoise.cli.deter:deter", "How a game of deterrence or signalling is played by fallible players."),
    "audit": (
        "counterpoise.cli.audit:audit",
        "Red flags in files of public spending: procurement (OCDS) and aid (IATI).",
    ),
    "benford": (
        "counterpoise.cli.benford:benford",
        "How far digits are from Benford's law, and how often honest ones are.",
    ),
    "screen": ("counterpoise.cli.screen:screen", "Which names may be on a sanction list, with score and reasons."),
    "inspect": ("counterpoise.cli.inspect:inspect", "How often to audit whom within a budget, and who is deterred."),
    "monitor": ("counterpoise.cli.monitor:monitor", "Political indicators of a region, with dated alerts."),
    "salvo": ("counterpoise.cli.salvo:salvo", "How a naval exchange of missiles ends, over many draws."),
    "seats": ("counterpoise.cli.seats:seats", "How votes become seats under an electoral law, step by step."),
    "read": ("counterpoise.cli.read:read", "Actors, figures, dates, events and claims of an article."),
    "evidence": (
        "counterpoise.cli.evidence:app",
        "Proposals from documents, who let them in, exports, competing hypotheses.",
    ),
    "play": ("counterpoise.cli.play:play", "What happens next: an ensemble of futures under a scenario."),
    "runs": ("counterpoise.cli.runs:app", "The ledger of runs: list, show, compare, remove."),
    "history": (
        "counterpoise.cli.history:app",
        "Fit the law of motion to history, and score it on years that it has not seen.",
    ),
    "trade": ("counterpoise.cli.trade:trade", "What a change of trade costs does, on a bare file of flows."),
    "pledges": ("counterpoise.cli.pledges:pledges", "What outside powers announced, contracted and paid."),
}


def build_app(asked: Collection[str] = ()) -> Any:
    """The command tree. Commands stay unloaded, those `asked` for apart: their help is their own docstring."""
    from cyclopts import App

    from counterpoise._version import __version__

    app = App(
        name="counterpoise",
        help="Who holds leverage over whom, what a move would change, and which claims the evidence bears out.\n\n"
        "Example: counterpoise brief south-caucasus --out brief",
        version=__version__,
        help_format="plaintext",
    )
    for name, (target, summary) in COMMANDS.items():
        if name in asked:
            app.command(target, name=name)
        else:
            app.command(target, name=name, help=summary)
    return app


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 findings, 2 misuse, 3 our own bug."""
    from counterpoise.cli._run import run

    given = list(sys.argv[1:] if arguments is None else arguments)
    return run(build_app(given[:1]), given)


def reference() -> str:
    """The reference of all commands as Markdown, from their docstrings; `make docs` writes it to docs/cli.md."""
    given, sys.argv = sys.argv, ["counterpoise"]
    try:
        # Cyclopts names a group of commands after the running program; here that must not be the test runner.
        text = build_app(tuple(COMMANDS)).generate_docs(recursive=True, usage_name="counterpoise")
    finally:
        sys.argv = given
    return "\n".join(line.rstrip() for line in text.splitlines()) + "\n"

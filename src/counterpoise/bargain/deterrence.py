"""Solving a game file: quantal-response choices at a lambda, the outcomes they lead to, and exact equilibria."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from counterpoise._errors import InputError, fault
from counterpoise._result import Meta, Result
from counterpoise.bargain.efg import read_efg
from counterpoise.bargain.form import Form, agent_form, implied_strategies, outcome_chances, strategic_form
from counterpoise.bargain.game import Table, Tree
from counterpoise.bargain.nash import (
    QUICK_BASES,
    Profile,
    can_enumerate_mixed,
    can_enumerate_pure,
    mixed_equilibria,
    pure_equilibria,
)
from counterpoise.bargain.nfg import read_nfg
from counterpoise.bargain.qre import Branch, follow
from counterpoise.bargain.tomlgame import read_toml_game

READERS: dict[str, Callable[[Path], Tree | Table]] = {".efg": read_efg, ".nfg": read_nfg, ".toml": read_toml_game}
FORMS = ("strategic", "agent")
CITES = {"strategic": ("mckelvey1995", "turocy2005"), "agent": ("mckelvey1998", "turocy2010")}


@dataclass(frozen=True)
class DeterResult(Result):
    """How likely each player is to choose what, and each outcome to come about, at a given precision of choice.

    `strategies[player]` are (label, chance) pairs, of reduced strategies; in the agent form those that the agents'
    behaviour amounts to, which `behaviour` gives set by set as (player, set, ((action, chance), ...)).
    """

    title: str
    form: str
    rate: float
    players: tuple[str, ...]
    strategies: tuple[tuple[tuple[str, float], ...], ...]
    behaviour: tuple[tuple[str, str, tuple[tuple[str, float], ...]], ...]
    outcomes: tuple[tuple[str, float], ...]
    payoffs: tuple[float, ...]
    folds: tuple[float, ...]
    crossings: tuple[float, ...]
    labels: tuple[tuple[str, ...], ...]
    pure: tuple[Profile, ...] | None
    mixed: tuple[Profile, ...] | None
    meta: Meta

    def body(self) -> dict[str, Any]:
        return {
            "players": [
                {"player": name, "strategies": _pairs(found), "payoff": payoff}
                for name, found, payoff in zip(self.players, self.strategies, self.payoffs, strict=True)
            ],
            "outcomes": _pairs(self.outcomes),
            "title": self.title,
            "form": self.form,
            "lambda": self.rate,
            "folds": list(self.folds),
            "crossings": list(self.crossings),
            "information_sets": [
                {"player": player, "set": name, "actions": _pairs(actions)} for player, name, actions in self.behaviour
            ],
            "equilibria": {"pure": self._profiles(self.pure), "mixed": self._profiles(self.mixed)},
        }

    def table(self) -> list[dict[str, Any]]:
        rows = [
            {"what": f"{name} plays", "label": label, "probability": chance}
            for name, found in zip(self.players, self.strategies, strict=True)
            for label, chance in found
        ]
        return rows + [{"what": "outcome", "label": label, "probability": chance} for label, chance in self.outcomes]

    def plot(self) -> Any:
        """The chance of each outcome as bars; needs the extra `charts`."""
        import altair as alt

        rows = [{"outcome": label, "probability": chance} for label, chance in self.outcomes]
        top = max(self.outcomes, key=lambda pair: pair[1])
        title = f"{top[0]} is the likeliest outcome ({self.form} form, lambda {self.rate:g})"
        x = alt.X("probability:Q", scale=alt.Scale(domain=[0, 1]))
        bars = alt.Chart(alt.Data(values=rows), title=title).mark_bar()
        return bars.encode(x=x, y=alt.Y("outcome:N", sort=None), tooltip=["outcome:N", "probability:Q"])

    def _profiles(self, found: tuple[Profile, ...] | None) -> list[dict[str, dict[str, str]]] | None:
        if found is None:
            return None
        return [
            {
                name: {label: str(chance) for label, chance in zip(labels, mixture, strict=True)}
                for name, labels, mixture in zip(self.players, self.labels, profile, strict=True)
            }
            for profile in found
        ]


def read_game(path: Path) -> Tree | Table:
    """The game in a file, by its suffix: `.efg`, `.nfg` or `.toml`. Raises `InputError`."""
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        rule = f"a game file ends in {', '.join(READERS)}"
        raise InputError([fault("E204", where="GAME", found=str(path), rule=rule, fix="give the file its suffix")])
    return reader(path)


def deter(game: Tree | Table, *, rate: float = 1.0, form: str = "strategic", meta: Meta | None = None) -> DeterResult:
    """The logit quantal-response equilibrium of a game on its principal branch, at lambda = `rate`.

    `rate` is 0 (all options equally likely) or more, in one over the game's payoffs. `form` is `strategic` (players
    choose whole strategies) or `agent` (each information set chooses on its own); the two differ and are never mixed.
    Exact equilibria of the strategic form come along where the game is small enough.

    Raises `InputError` (`E204`, `E511`, `E512`) or `SolveError` (`E512`, `E513`).
    """
    faults = []
    if form not in FORMS:
        rule = f"the forms are {', '.join(FORMS)}"
        faults.append(fault("E204", where="--form", found=repr(form), rule=rule, fix="choose one of them"))
    if not (math.isfinite(rate) and rate >= 0):
        rule = "lambda is a number, 0 or more"
        faults.append(fault("E204", where="--lambda", found=str(rate), rule=rule, fix="choose a larger number"))
    if faults:
        raise InputError(faults)
    whole = strategic_form(game)
    solved = agent_form(game) if form == "agent" else whole
    branch = follow(solved, [rate])
    pure = tuple(pure_equilibria(whole)) if can_enumerate_pure(whole) else None
    mixed = tuple(mixed_equilibria(whole)) if can_enumerate_mixed(whole, limit=QUICK_BASES) else None
    mixture = list(branch.mixtures[0])
    strategies, behaviour = _choices(game, solved, branch)
    known = meta or Meta()
    return DeterResult(
        title=game.title,
        form=form,
        rate=rate,
        players=game.players,
        strategies=strategies,
        behaviour=behaviour,
        outcomes=tuple(outcome_chances(solved, mixture)),
        payoffs=expected_payoffs(solved, mixture),
        folds=branch.folds,
        crossings=branch.crossings,
        labels=whole.labels,
        pure=pure,
        mixed=mixed,
        meta=Meta(known.seed, known.as_of, known.inputs, known.sources, CITES[form]),
    )


def expected_payoffs(form: Form, mixture: list[Any]) -> tuple[float, ...]:
    """What each player expects when the choosers mix so, in the game's own payoffs."""
    reach = form.chance.copy()
    for fit, odds in zip(form.fits, mixture, strict=True):
        reach = reach * (fit @ odds)
    return tuple(float(value) for value in reach @ form.payoffs)


def _choices(game: Tree | Table, form: Form, branch: Branch) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """Strategies by player and, in the agent form, behaviour by information set, both with their chances."""
    mixture = [np.asarray(odds) for odds in branch.mixtures[0]]
    named = [
        tuple((label, float(chance)) for label, chance in zip(labels, odds, strict=True))
        for labels, odds in zip(form.labels, mixture, strict=True)
    ]
    if form.asked is None or isinstance(game, Table):
        return tuple(named), ()
    sets = [
        (form.players[owner], name, found) for owner, name, found in zip(form.owner, form.names, named, strict=True)
    ]
    return tuple(tuple(found) for found in implied_strategies(game, form, mixture)), tuple(sets)


def _pairs(found: Any) -> list[dict[str, Any]]:
    return [{"label": label, "probability": chance} for label, chance in found]

"""A small made-up world for the tests of the play: two clients, two patrons, one rival each, no region behind it."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import numpy as np

from counterpoise.channels.shape import HORIZONS
from counterpoise.play._block import Plan
from counterpoise.play._ground import Ground
from counterpoise.play._parameters import Parameters
from counterpoise.play._quarters import labels
from counterpoise.play._response import Response
from counterpoise.region import CHANNELS

CLIENTS, PATRONS = ("AAA", "BBB"), ("PPP", "QQQ")
DRAWS = 8


def parameter(name: str, low: float, high: float | None = None, mode: float | None = None) -> SimpleNamespace:
    end = low if high is None else high
    return SimpleNamespace(id=name, low=low, mode=mode, high=end, shape="uniform", unit="1", note="made up")


def rows(*, order: tuple[str, ...] = PATRONS, **own: float) -> list[SimpleNamespace]:
    """Assumptions of the made-up region; keywords such as `phi` replace a parameter of the play by one value."""
    place = {"AAA": 0.0, "BBB": 0.2, "PPP": -0.8, "QQQ": 0.9}
    found = [
        parameter(f"play:position:{scale}:{actor}", place[actor])
        for scale in ("voting", "orientation")
        for actor in (*CLIENTS, *order)
    ]
    found += [parameter("security:guarantor_effect", 0.3, 0.6), parameter("security:memory", 0.9)]
    found += [parameter("security:spillover", 0.2), parameter("play:before_turn:AAA", -0.3)]
    return found + [parameter(f"play:{name.replace('__', ':')}", value) for name, value in own.items()]


def ground(*, exposure: float = 10.0, hazard: float = 0.2, order: tuple[str, ...] = PATRONS) -> Ground:
    shape = (DRAWS, len(CLIENTS), len(order), len(CHANNELS), len(HORIZONS))
    rng = np.random.default_rng(5)
    scale = np.array([1.0, 0.4])[[PATRONS.index(name) for name in order]]
    loss = exposure / 4 * (0.5 + rng.random((DRAWS, 1, 1, 1, 1))) * scale[None, None, :, None, None] * np.ones(shape)
    pair = np.ones((DRAWS, len(CLIENTS), len(order)))
    rival = np.ones((DRAWS, len(CLIENTS), 1))
    return Ground(
        CLIENTS,
        order,
        (("RRR",), ("RRR",)),
        date(2026, 11, 22),
        np.array([20_000.0, 40_000.0]),
        Response(loss, loss[..., 0] / 5, loss * 3, ("facts:F1",), ()),
        hazard * rival,
        2.0 * rival,
        0.2 * rival,
        6.0 * rival,
        2 * pair,
        2 * pair,
        pair,
        pair,
        0.5 * pair,
        np.ones((len(CLIENTS), len(order))),
        {},
        ("facts:F1",),
        (),
    )


def region(**own: float) -> SimpleNamespace:
    return SimpleNamespace(rows=lambda table: rows(**own) if table == "assumptions" else [])


def plan(
    *, until: int = 2029, moves: tuple = (), scenario: str = "toy", base: Ground | None = None, **own: float
) -> Plan:
    """A plan on the made-up ground; keywords replace parameters of the play by one value."""
    chosen = ground() if base is None else base
    made = SimpleNamespace(rows=lambda table: rows(order=chosen.patrons, **own) if table == "assumptions" else [])
    return Plan(scenario, chosen, Parameters(made), tuple(labels(chosen.start, until)), moves, {}, {})

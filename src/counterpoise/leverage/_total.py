"""The row `total`: all computed channels in one joint run, what each adds to it, and what is lacking."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from counterpoise.channels.shape import Answer, Ask, Effect, StructuralZero, Unknown
from counterpoise.leverage._cells import Cell, mixed_bound
from counterpoise.leverage._joint import Joint, joint_run


def total(cells: list[Cell], ask: Ask) -> Cell:
    """What all computed channels cost together in the joint run, with each channel's Shapley share of it.

    `physical` has the plain sum of the channels' own figures and the gap from it, the share of each channel
    (`shapley_`) and what it costs alone in the same run (`alone_`). Offers and counter-withdrawals add. A total and a
    counter without a channel that lacks figures are lower bounds.
    """
    effects = {cell.channel: cell.answer for cell in cells if isinstance(cell.answer, Effect)}
    zeros = {cell.channel: cell.answer for cell in cells if isinstance(cell.answer, StructuralZero)}
    names = tuple(cell.channel for cell in cells if cell.channel in effects or cell.channel in zeros)
    without = tuple(cell.channel for cell in cells if isinstance(cell.answer, Unknown))
    counter_without = tuple(cell.channel for cell in cells if isinstance(cell.counter, Unknown))
    answer: Answer
    run = None
    if effects:
        joint = joint_run(effects, ask)
        answer, run = _effect(joint, effects, names, without), joint.run
    elif zeros:
        answer = StructuralZero("; ".join(zero.reason for zero in zeros.values()))
    else:
        needs = tuple(need for cell in cells if isinstance(cell.answer, Unknown) for need in cell.answer.needs)
        answer = Unknown("no channel gives a number", needs)
    offers = [cell.offer for cell in cells if isinstance(cell.offer, Effect)]
    counters = [cell.counter for cell in cells if isinstance(cell.counter, Effect)]
    return Cell(
        ask.client,
        ask.patron,
        "total",
        ask.horizon,
        answer,
        channels=names,
        counted=tuple(effects),
        without=without,
        run=run,
        offer=_add(offers) if offers else None,
        counter=_add(counters, counter_without) if counters else _no_counter(cells),
        counter_without=counter_without,
    )


def _effect(joint: Joint, effects: dict[str, Effect], names: tuple[str, ...], lacking: Sequence[str]) -> Effect:
    parts = list(effects.values())
    plain = np.sum([effect.client for effect in parts], axis=0)
    physical: dict[str, float] = {}
    if len(parts) > 1:
        physical = {
            "plain_sum_median": float(np.median(plain)),
            "gap_median": float(np.median(plain - joint.client)),
            "gap_mean": float(np.mean(plain - joint.client)),
            "share_draws": float(joint.share_draws),
        }
        physical |= {f"shapley_{name}": value for name, value in joint.shares.items()}
        physical |= {f"alone_{name}": value for name, value in joint.alone.items()}
    return Effect(
        joint.client,
        joint.sender,
        *joint.gdp_usd,
        tuple(dict.fromkeys([*_unique(parts, "facts"), *joint.facts])),
        tuple(dict.fromkeys([*_unique(parts, "assumptions"), *joint.assumptions])),
        physical,
        (f"covers {', '.join(names)}", *joint.notes, *_unique(parts, "notes")),
        tuple(dict.fromkeys([*_unique(parts, "cites"), "shapley1953"])),
        mixed_bound([*(effect.bound for effect in parts), *_lacking(lacking)]),
        joint.families,
    )


def _no_counter(cells: list[Cell]) -> Answer | None:
    """Without any number: a structural zero if one is known, else what would fill the counter-withdrawals."""
    answers = [cell.counter for cell in cells if cell.counter is not None]
    zeros = [answer for answer in answers if isinstance(answer, StructuralZero)]
    if not answers:
        return None
    if zeros:
        return StructuralZero("; ".join(zero.reason for zero in zeros))
    needs = tuple(need for answer in answers if isinstance(answer, Unknown) for need in answer.needs)
    return Unknown("no channel gives a number", needs)


def _add(parts: Sequence[Effect], lacking: Sequence[str] = ()) -> Effect:
    first = parts[0]
    return Effect(
        np.sum([part.client for part in parts], axis=0),
        np.sum([part.sender for part in parts], axis=0),
        first.client_gdp_usd,
        first.sender_gdp_usd,
        _unique(parts, "facts"),
        _unique(parts, "assumptions"),
        {},
        _unique(parts, "notes"),
        _unique(parts, "cites"),
        mixed_bound([*(part.bound for part in parts), *_lacking(lacking)]),
        next((part.families for part in parts if part.families), {}),
    )


def _lacking(names: Sequence[str]) -> list[str]:
    """A sum without a channel that lacks figures can only grow by it: a channel stops what it gives."""
    return ["lower"] if names else []


def _unique(effects: Sequence[Effect], name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item for effect in effects for item in getattr(effect, name)))

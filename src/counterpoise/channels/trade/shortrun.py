"""What a withdrawal of trade costs within the first year, from quantities: what cannot be rerouted is lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from counterpoise._errors import Fault, InputError, fault

Array = np.ndarray[Any, np.dtype[Any]]

SETTINGS = ("mild", "central", "severe")
# Argument -> bounds, and which end of its range makes the loss small.
_BOUNDS: dict[str, tuple[float, float, str]] = {
    "flow_removed": (0.0, np.inf, "low"),
    "reroute_share": (0.0, 1.0, "high"),
    "reroute_cost_factor": (1.0, np.inf, "low"),
    "capacity": (0.0, np.inf, "high"),
    "value_added_share": (0.0, 1.0, "low"),
}
_MAY_BE_INFINITE = {"reroute_cost_factor", "capacity"}


@dataclass(frozen=True, slots=True)
class ShortRun:
    """Where a withdrawn flow goes within the year, in its own unit; `loss` is what the withdrawal costs."""

    withdrawn: Array
    rerouted: Array
    extra_cost: Array
    forgone: Array
    loss: Array


def short_run(
    flow_removed: ArrayLike,
    reroute_share: ArrayLike,
    reroute_cost_factor: ArrayLike,
    capacity: ArrayLike,
    value_added_share: ArrayLike,
) -> ShortRun:
    """Part of a withdrawn flow goes through third countries at a higher cost; the rest is lost with its value added.

    `flow_removed` is the yearly value of the flow (zero or more, any unit of money); `reroute_share` [0, 1] is the
    part that third countries could pass on; `capacity` the most they can carry, in the unit of the flow (`inf`: no
    limit); `reroute_cost_factor` >= 1 multiplies the delivered cost of a rerouted unit; `value_added_share` [0, 1] is
    the income lost with a unit that does not move. All broadcast, so each may be drawn.

        rerouted = min(reroute_share * flow, capacity)
        loss     = rerouted * min(cost_factor - 1, value_added_share) + (flow - rerouted) * value_added_share

    Wages, prices and quantities elsewhere stand still. Nobody pays more for a detour than a unit is worth, hence the
    inner minimum. So the loss is never negative, never above `value_added_share * flow`, rises with the flow, the cost
    factor and the value-added share, and falls with the rerouted share and the capacity.

    Raises `InputError` (`E204`) naming each argument out of range.

    >>> answer = short_run(100.0, 0.5, 1.2, 30.0, 0.4)
    >>> float(answer.rerouted), float(answer.loss)
    (30.0, 34.0)
    """
    given = (flow_removed, reroute_share, reroute_cost_factor, capacity, value_added_share)
    arrays = dict(zip(_BOUNDS, (np.asarray(values, dtype=float) for values in given), strict=True))
    faults = [problem for name, values in arrays.items() if (problem := _out_of_range(name, values))]
    if faults:
        raise InputError(faults)
    flow, share, factor, limit, value = arrays.values()
    rerouted = np.minimum(share * flow, limit)
    extra_cost = rerouted * np.minimum(factor - 1.0, value)
    forgone = (flow - rerouted) * value
    return ShortRun(flow, rerouted, extra_cost, forgone, extra_cost + forgone)


def short_run_loss(
    flow_removed: ArrayLike,
    reroute_share: ArrayLike,
    reroute_cost_factor: ArrayLike,
    capacity: ArrayLike,
    value_added_share: ArrayLike,
) -> Array:
    """What the withdrawal of a flow costs within the year, in the unit of the flow; see `short_run`.

    >>> short_run_loss([0.0, 100.0], 0.0, 1.5, np.inf, 0.4)
    array([ 0., 40.])
    """
    return short_run(flow_removed, reroute_share, reroute_cost_factor, capacity, value_added_share).loss


def short_run_settings(
    flow_removed: ArrayLike,
    *,
    reroute_share: tuple[float, float, float],
    reroute_cost_factor: tuple[float, float, float],
    capacity: tuple[float, float, float],
    value_added_share: tuple[float, float, float],
) -> Mapping[str, ShortRun]:
    """The short-run loss at three settings: `mild`, `central` and `severe`.

    Each argument is a range (low, central, high) with its source at the caller. `mild` takes of each the end that
    makes the loss small (much rerouted, cheaply), `severe` the other end, `central` the middle. Losses never fall from
    one setting to the next.

    Raises `InputError` (`E204`) for a range out of order or out of bounds.

    >>> losses = short_run_settings(
    ...     100.0,
    ...     reroute_share=(0.1, 0.4, 0.7),
    ...     reroute_cost_factor=(1.05, 1.15, 1.4),
    ...     capacity=(20.0, 40.0, 80.0),
    ...     value_added_share=(0.3, 0.5, 0.7),
    ... )
    >>> [round(float(losses[name].loss), 9) for name in ("mild", "central", "severe")]
    [12.5, 36.0, 67.0]
    """
    ranges = {
        "reroute_share": reroute_share,
        "reroute_cost_factor": reroute_cost_factor,
        "capacity": capacity,
        "value_added_share": value_added_share,
    }
    faults = []
    for name, ends in ranges.items():
        if len(ends) != 3 or not ends[0] <= ends[1] <= ends[2]:
            rule = "a range is low, central, high, in that order"
            faults.append(fault("E204", where=name, found=str(ends), rule=rule, fix="mend the range"))
    if faults:
        raise InputError(faults)
    answers = {}
    for place, setting in enumerate(SETTINGS):
        picked = {name: ends[place] if _BOUNDS[name][2] == "low" else ends[2 - place] for name, ends in ranges.items()}
        answers[setting] = short_run(flow_removed, **picked)
    return answers


def _out_of_range(name: str, values: Array) -> Fault | None:
    low, high, _ = _BOUNDS[name]
    fine = (values >= low) & (values <= high)
    if name not in _MAY_BE_INFINITE:
        fine &= np.isfinite(values)
    if fine.all():
        return None
    rule = f"{name} is at least {low:g}" if high == np.inf else f"{name} lies between {low:g} and {high:g}"
    return fault("E204", where=name, found=f"{values[~fine].flat[0]:g}", rule=rule, fix="mend the value")

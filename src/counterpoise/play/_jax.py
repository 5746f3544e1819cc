"""The step on JAX (extra `fit`): the same functions, compiled once for a shape and run with 64-bit numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from counterpoise.play._kernel import Table
from counterpoise.play._state import Drive, Noise, Params, Seen, State
from counterpoise.play._step import step

# The last tables and the step compiled for them: every chunk of a run has the same, and compiling takes seconds.
_COMPILED: list[tuple[tuple[Table, Table], Callable[..., tuple[State, Seen]]]] = []


def compiled_step(tables: tuple[Table, Table]) -> Callable[..., tuple[State, Seen]]:
    """A step that takes and gives NumPy arrays, and runs `_step.step` under JAX in between."""
    if not (_COMPILED and _COMPILED[0][0] is tables):
        _COMPILED[:] = [(tables, _compile(tables))]
    return _COMPILED[0][1]


def _compile(tables: tuple[Table, Table]) -> Callable[..., tuple[State, Seen]]:
    import jax
    import jax.numpy as jnp

    @jax.jit
    def advance(state: State, params: Params, drive: Drive, noise: Noise) -> tuple[State, Seen]:
        return step(state, params, drive, noise, tables, xp=jnp)

    def run(state: State, params: Params, drive: Drive, noise: Noise) -> tuple[State, Seen]:
        # Positions are sums of small steps: 32-bit numbers, JAX's usual ones, would part from NumPy's paths.
        with jax.enable_x64(True):
            found: Any = advance(state, params, drive, noise)
            return jax.tree.map(np.asarray, found)

    return run

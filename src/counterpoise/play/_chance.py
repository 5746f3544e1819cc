"""Random numbers by name: member `k` depends on the seed, the name and `k` alone, whatever the block or the worker."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]

# One step of the Philox counter gives four 64-bit words, each of them one uniform number.
_WORDS = 4


def stream(seed: int, name: str, skip: int) -> np.random.Generator:
    """The stream of a name, entered after `skip` steps of its counter."""
    digest = hashlib.sha256(f"{seed}\x1f{name}".encode()).digest()
    bits = np.random.Philox(key=int.from_bytes(digest[:16], "little"))
    bits.advance(skip)
    return np.random.Generator(bits)


def uniforms(seed: int, name: str, start: int, count: int) -> Array:
    """Uniform numbers in [0, 1) of the members `start` to `start + count - 1` for a named draw, shape (count,).

    The stream of a name is that of `region.draws.uniforms`, entered in the middle (Philox, key `salmon2011`).

    >>> bool((uniforms(1, "a", 6, 3) == uniforms(1, "a", 0, 9)[6:]).all())
    True
    """
    skip = start % _WORDS
    return stream(seed, name, start // _WORDS).random(count + skip)[skip:]


class Chance:
    """The random numbers of one block of members: `start` is the number of its first member."""

    def __init__(self, seed: int, start: int, count: int) -> None:
        self.seed, self.start, self.count = seed, start, count

    def uniform(self, name: str) -> Array:
        """Uniform draws in [0, 1) for a name, shape (member,)."""
        return uniforms(self.seed, name, self.start, self.count)

    def grid(self, name: str, *shape: int) -> Array:
        """Uniform draws for a table of things with one name, shape (member, *shape)."""
        size = int(np.prod(shape))
        drawn = np.stack([self.uniform(f"{name}:{index}") for index in range(size)], axis=-1)
        return drawn.reshape(self.count, *shape)

    def table(self, name: str, columns: Sequence[str]) -> Array:
        """Uniform draws of many things under one name, (member, column): member `k` takes the `k`-th row of the stream.

        Columns are counted in the order of their names, so that the order in which they are given changes nothing.
        The numbers of one column lie side by side in memory.
        """
        steps = -(-len(columns) // _WORDS)
        drawn = stream(self.seed, name, self.start * steps).random((self.count, steps * _WORDS))
        place = {column: index for index, column in enumerate(sorted(columns))}
        return np.stack([drawn[:, place[column]] for column in columns]).T

    def pick(self, name: str, options: int) -> Array:
        """One of `options` equally likely indices for each member, shape (member,)."""
        return np.minimum((self.uniform(name) * options).astype(np.int64), options - 1)

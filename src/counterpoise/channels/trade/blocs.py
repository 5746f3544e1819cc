"""Which economies still trade with each other, and how strongly: blocs, thin links, clusters. Bare arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, minimum_spanning_tree

Array = np.ndarray[Any, np.dtype[Any]]

# A link is thin when its trade, both ways, is below this share of the smaller partner's output: rounding of the trade
# inside two groups then blurs the balance between them, which must be computed from the trade between them alone.
THIN = 1e-5


def label_blocs(trades: Array, *, strong: bool = False) -> Array:
    """For each member the number of the bloc of every economy; `trades[member, exporter, importer]` is boolean.

    Economies of one bloc trade with each other, directly or through others, in one direction at least; with `strong`,
    in both.
    """
    count, size, _ = trades.shape
    patterns, which = _unique_patterns(trades)
    labels = np.empty((len(patterns), size), dtype=np.int64)
    for number, pattern in enumerate(patterns):
        _, labels[number] = connected_components(csr_array(pattern), connection="strong" if strong else "weak")
    return labels[which].reshape(count, size)


def same_label(labels: Array) -> Array:
    """`[member, economy, economy]`: 1.0 where two economies carry one label, else 0.0."""
    return (labels[:, :, None] == labels[:, None, :]).astype(float)


def has_thin_links(flow: Array, value: Array, same_bloc: Array) -> Array:
    """Per member: do two or more groups of economies hang together by thin links only?

    A single economy behind thin links does no harm (its own account is exact), so only groups of two or more count.
    `flow` is trade without the domestic part, `value` the output.
    """
    weight = _link_strength(flow, value)
    size = weight.shape[1]
    if size < 4:
        return np.zeros(len(weight), dtype=bool)
    thick = weight > THIN
    # Most worlds have a hub with thick links to all others; the rest are looked at more closely.
    hub = (thick.sum(axis=2) == size - 1).any(axis=1)
    thin = np.zeros(len(weight), dtype=bool)
    rest = np.flatnonzero(~hub)
    if rest.size:
        labels = label_blocs(thick[rest])
        blocs = same_bloc[rest].argmax(axis=2)
        for spot, member in enumerate(rest):
            groups, sizes = np.unique(labels[spot], return_counts=True)
            large = groups[sizes > 1]
            homes = [blocs[spot][labels[spot] == group][0] for group in large]
            thin[member] = len(set(homes)) < len(homes)
    return thin


def cluster_rows(flow: Array, value: Array, same_bloc: Array) -> Array:
    """For each member, the groups of economies whose joint accounts pin down the wages, one row for each economy.

    Groups come from the single-linkage tree of the trade between economies: of the two groups that a link joins, the
    smaller one. The row of the economy left over in each bloc is empty; there the numeraire takes its place.
    """
    weight = _link_strength(flow, value)
    rows = np.zeros(weight.shape)
    for member in range(len(weight)):
        _fill_rows(rows[member], weight[member])
    return rows


def _fill_rows(rows: Array, weight: Array) -> None:
    size = len(weight)
    with np.errstate(divide="ignore"):
        distance = np.where(weight > 0, 1.0 - np.log(np.minimum(weight, 1.0)), 0.0)
    tree = minimum_spanning_tree(csr_array(distance)).tocoo()
    group = [{economy} for economy in range(size)]
    for link in np.argsort(tree.data, kind="stable"):
        one, other = group[tree.row[link]], group[tree.col[link]]
        small, large = (one, other) if len(one) <= len(other) else (other, one)
        # The smallest member of a group stands for it; the one that loses this role gives its row to the new link.
        row = max(min(small), min(large))
        rows[row, list(small)] = 1.0
        large |= small
        for economy in small:
            group[economy] = large


def _link_strength(flow: Array, value: Array) -> Array:
    weight = np.abs(flow)
    weight = weight + weight.transpose(0, 2, 1)
    weight /= np.minimum(value[:, :, None], value[:, None, :])
    return weight


def _unique_patterns(trades: Array) -> tuple[Array, Array]:
    count = len(trades)
    packed = np.packbits(trades.reshape(count, -1), axis=1)
    if (packed == packed[:1]).all():
        return trades[:1], np.zeros(count, dtype=np.int64)
    _, first, which = np.unique(packed, axis=0, return_index=True, return_inverse=True)
    return trades[first], which.reshape(count)

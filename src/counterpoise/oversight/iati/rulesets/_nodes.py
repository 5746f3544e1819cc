"""What expressions of rulesets stand on: nodes, their texts, and XPath's conversions and comparisons."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element


class XPathError(ValueError):
    """An expression outside the part of XPath that rulesets use."""


class Attribute(NamedTuple):
    """An attribute as a node: its element, name and value."""

    owner: Element
    name: str
    value: str


class Text(NamedTuple):
    """The text of an element as a node."""

    owner: Element
    value: str


class Document(NamedTuple):
    """What `/` means: the node above the root."""

    root: Element


Node = Element | Attribute | Text | Document


@dataclass(slots=True)
class Context:
    """Where an expression is evaluated: a node, its place among its siblings, and who is whose parent."""

    node: Node
    position: int
    size: int
    tree: Tree


class Tree:
    """A document whose elements know their parents; the map is made when an expression first asks for it."""

    def __init__(self, root: Element) -> None:
        self.document = Document(root)
        self._parents: dict[Element, Element] | None = None

    def parent(self, node: Node) -> Node | None:
        if isinstance(node, (Attribute, Text)):
            return node.owner
        if isinstance(node, Document):
            return None
        if node is self.document.root:
            return self.document
        if self._parents is None:
            self._parents = {child: parent for parent in self.document.root.iter() for child in parent}
        return self._parents.get(node)


def string_of(node: Node) -> str:
    """The text of a node: of an element, all text in it."""
    if isinstance(node, (Attribute, Text)):
        return node.value
    return "".join((node.root if isinstance(node, Document) else node).itertext())


def to_text(value: Any) -> str:
    if isinstance(value, list):
        return string_of(value[0]) if value else ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return "NaN" if math.isnan(value) else (str(int(value)) if value.is_integer() else repr(value))
    return str(value)


def to_number(value: Any) -> float:
    if isinstance(value, (bool, float)):
        return float(value)
    text = to_text(value).strip()
    return float(text) if re.fullmatch(r"-?(\d+(\.\d*)?|\.\d+)", text) else math.nan


def to_truth(value: Any) -> bool:
    if isinstance(value, float):
        return bool(value) and not math.isnan(value)
    return bool(value)


ORDER: dict[str, Callable[[float, float], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def compare(mark: str, left: Any, right: Any) -> bool:
    """XPath's comparison: of node sets, whether some pair of members holds."""
    if isinstance(left, bool) or isinstance(right, bool):
        left, right = to_truth(left), to_truth(right)
    lefts = [string_of(node) for node in left] if isinstance(left, list) else [left]
    rights = [string_of(node) for node in right] if isinstance(right, list) else [right]
    return any(_holds(mark, one, other) for one in lefts for other in rights)


def _holds(mark: str, one: Any, other: Any) -> bool:
    if mark in ORDER:
        return ORDER[mark](to_number(one), to_number(other))
    if isinstance(one, str) and isinstance(other, str):
        same = one == other
    elif isinstance(one, bool) or isinstance(other, bool):
        same = to_truth(one) == to_truth(other)
    else:
        same = to_number(one) == to_number(other)
    return same if mark == "=" else not same


def node_set(value: Any) -> list[Node]:
    """The value as a set of nodes; a number, a text or a truth is none."""
    if not isinstance(value, list):
        raise XPathError(f"{to_text(value)[:40]!r} is no set of nodes")
    return value

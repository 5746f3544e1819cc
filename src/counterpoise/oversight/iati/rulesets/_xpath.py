"""The part of XPath 1.0 that rulesets are written in, on elements of the standard library: parsed once, bounded.

Axes child, attribute, self, parent, descendant and descendant-or-self; predicates; the operators and the functions on
numbers, texts and node sets. No variables, no namespaces beyond `xml:`, no other axis: those are refused by name.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

from counterpoise.oversight.iati.rulesets._nodes import (
    ORDER,
    Attribute,
    Context,
    Document,
    Node,
    Text,
    Tree,
    XPathError,
    compare,
    node_set,
    string_of,
    to_number,
    to_text,
    to_truth,
)

LONGEST, DEEPEST = 4000, 60
XML = "{http://www.w3.org/XML/1998/namespace}"
TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d*)?|\.\d+)|(?P<text>\"[^\"]*\"|'[^']*')"
    r"|(?P<name>[^\W\d][\w.-]*(?::[^\W\d][\w.-]*)?)|(?P<mark>::|\.\.|//|!=|<=|>=|[()\[\].@,|+\-*=<>/]))"
)
AXES = frozenset({"child", "attribute", "self", "parent", "descendant", "descendant-or-self"})


Expression = Callable[[Context], Any]


class Step(NamedTuple):
    """A step of a path: axis, name (`None` any node, `*` any element or attribute), predicates."""

    axis: str
    name: str | None
    predicates: list[Expression]


def _children(node: Node) -> Iterable[Node]:
    if isinstance(node, Document):
        return (node.root,)
    return node if isinstance(node, Element) else ()


def _descend(node: Node) -> Iterator[Node]:
    yield node
    root = node.root if isinstance(node, Document) else node
    if isinstance(root, Element):
        inside = root.iter()
        if root is node:
            next(inside)
        yield from inside


def _axis(axis: str, node: Node, tree: Tree) -> Iterable[Node]:
    if axis == "child":
        return _children(node)
    if axis == "attribute":
        if not isinstance(node, Element):
            return ()
        return [Attribute(node, name.replace(XML, "xml:"), value) for name, value in node.attrib.items()]
    if axis == "self":
        return (node,)
    if axis == "parent":
        above = tree.parent(node)
        return () if above is None else (above,)
    inside = _descend(node)
    if axis == "descendant":
        next(inside, None)
    return inside


class Parser:
    """Recursive descent over the tokens of one expression; gives a function of a context."""

    def __init__(self, source: str) -> None:
        if len(source) > LONGEST:
            raise XPathError(f"an expression of more than {LONGEST} characters")
        self.tokens: list[tuple[str, str]] = []
        place = 0
        source = source.rstrip()
        while place < len(source):
            found = TOKEN.match(source, place)
            if found is None:
                raise XPathError(f"cannot read {source[place : place + 20]!r}")
            self.tokens.append((str(found.lastgroup), found[str(found.lastgroup)]))
            place = found.end()
        self.place = self.depth = 0

    def peek(self, ahead: int = 0) -> str:
        at = self.place + ahead
        return self.tokens[at][1] if at < len(self.tokens) else ""

    def kind(self) -> str:
        return self.tokens[self.place][0] if self.place < len(self.tokens) else ""

    def take(self, wanted: str | None = None) -> str:
        found = self.peek()
        if not found or (wanted is not None and found != wanted):
            raise XPathError(f"expected {wanted or 'more'}, found {found or 'the end'!r}")
        self.place += 1
        return found

    def whole(self) -> Expression:
        expression = self.either()
        if self.place < len(self.tokens):
            raise XPathError(f"cannot read on at {self.peek()!r}")
        return expression

    def either(self) -> Expression:
        self.depth += 1
        if self.depth > DEEPEST:
            raise XPathError("nested too deep")
        parts = [self.both()]
        while self.peek() == "or":
            self.take()
            parts.append(self.both())
        self.depth -= 1
        return parts[0] if len(parts) == 1 else lambda context: any(to_truth(part(context)) for part in parts)

    def both(self) -> Expression:
        parts = [self.binary(0)]
        while self.peek() == "and":
            self.take()
            parts.append(self.binary(0))
        return parts[0] if len(parts) == 1 else lambda context: all(to_truth(part(context)) for part in parts)

    LEVELS = (("=", "!="), ("<", "<=", ">", ">="), ("+", "-"), ("*", "div", "mod"))

    def binary(self, level: int) -> Expression:
        if level == len(self.LEVELS):
            return self.unary()
        left = self.binary(level + 1)
        while self.kind() in {"mark", "name"} and self.peek() in self.LEVELS[level]:
            left = _operation(self.take(), left, self.binary(level + 1))
        return left

    def unary(self) -> Expression:
        if self.peek() == "-" and self.kind() == "mark":
            self.take()
            inner = self.unary()
            return lambda context: -to_number(inner(context))
        parts = [self.path()]
        while self.peek() == "|":
            self.take()
            parts.append(self.path())
        return (
            parts[0]
            if len(parts) == 1
            else lambda context: _distinct(n for part in parts for n in node_set(part(context)))
        )

    def path(self) -> Expression:
        kind, token = self.kind(), self.peek()
        if kind == "number":
            number = float(self.take())
            return lambda context: number
        if kind == "text":
            text = self.take()[1:-1]
            return lambda context: text
        if token == "(":
            self.take()
            inner = self.either()
            self.take(")")
            return inner
        if kind == "name" and self.peek(1) == "(" and token != "text":
            return self.function()
        return self.location()

    def function(self) -> Expression:
        name = self.take()
        self.take("(")
        given: list[Expression] = []
        while self.peek() != ")":
            if given:
                self.take(",")
            given.append(self.either())
        self.take(")")
        if name not in FUNCTIONS:
            raise XPathError(f"no function {name}(): known are {', '.join(sorted(FUNCTIONS))}")
        least, most, run = FUNCTIONS[name]
        if not least <= len(given) <= most:
            raise XPathError(f"{name}() with {len(given)} arguments")
        return lambda context: run(context, *(part(context) for part in given))

    def location(self) -> Expression:
        steps: list[Step] = []
        absolute = self.peek() in {"/", "//"}
        if not absolute:
            steps.append(self.step())
        while self.peek() in {"/", "//"}:
            if self.take() == "//":
                step = self.step()
                # `//name` as one step: the same nodes, found in one pass. With predicates places would differ.
                short = step.axis == "child" and not step.predicates
                steps += [Step("descendant", *step[1:])] if short else [Step("descendant-or-self", None, []), step]
            elif self.peek():
                steps.append(self.step())
        return lambda context: _walk(steps, context, absolute)

    def step(self) -> Step:
        token = self.peek()
        if token in {".", ".."}:
            self.take()
            return Step("self" if token == "." else "parent", None, self.predicates())
        axis = "child"
        if token == "@":
            self.take()
            axis = "attribute"
        elif self.peek(1) == "::":
            axis = self.take()
            self.take()
            if axis not in AXES:
                raise XPathError(f"no axis {axis}")
        if self.peek() == "*":
            self.take()
            return Step(axis, "*", self.predicates())
        if self.kind() != "name":
            raise XPathError(f"expected a name, found {self.peek() or 'the end'!r}")
        name = self.take()
        if self.peek() == "(":
            self.take()
            self.take(")")
            if name not in {"text", "node"}:
                raise XPathError(f"no node test {name}()")
            return Step(axis if name == "node" else "text", None, self.predicates())
        return Step(axis, name, self.predicates())

    def predicates(self) -> list[Expression]:
        found = []
        while self.peek() == "[":
            self.take()
            found.append(self.either())
            self.take("]")
        return found


def _operation(mark: str, left: Expression, right: Expression) -> Expression:
    if mark in ORDER or mark in {"=", "!="}:
        return lambda context: compare(mark, left(context), right(context))

    def run(context: Context) -> float:
        one, other = to_number(left(context)), to_number(right(context))
        if mark in {"div", "mod"} and other == 0:
            return math.nan
        if mark == "mod":
            return math.fmod(one, other)
        return {"+": one + other, "-": one - other, "*": one * other}[mark] if mark != "div" else one / other

    return run


def _walk(steps: list[Step], context: Context, absolute: bool) -> list[Node]:
    nodes: list[Node] = [context.tree.document if absolute else context.node]
    for step in steps:
        if len(nodes) == 1:
            nodes = _step(step, nodes[0], context)
        elif nodes:
            nodes = _distinct(one for node in nodes for one in _step(step, node, context))
    return nodes


def _step(step: Step, node: Node, context: Context) -> list[Node]:
    axis, name, predicates = step
    group: list[Node]
    if axis == "text":
        texts = [node.text, *(child.tail for child in node)] if isinstance(node, Element) else []
        group = [Text(node, text) for text in texts if text and isinstance(node, Element)]
    elif axis == "attribute" and name not in {None, "*"}:
        called = str(name)
        value = node.get(called.replace("xml:", XML)) if isinstance(node, Element) else None
        group = [] if value is None or not isinstance(node, Element) else [Attribute(node, called, value)]
    elif axis == "descendant" and name not in {None, "*"}:
        root = node.root if isinstance(node, Document) else node
        group = [one for one in root.iter(name) if one is not node] if isinstance(root, Element) else []
    else:
        group = [one for one in _axis(axis, node, context.tree) if name is None or _is_named(one, name)]
    for predicate in predicates:
        group = [one for place, one in enumerate(group, 1) if _kept(predicate, one, place, group, context)]
    return group


def _is_named(node: Node, name: str) -> bool:
    if isinstance(node, Element):
        return name in {"*", node.tag}
    return isinstance(node, Attribute) and name in {"*", node.name}


def _kept(predicate: Expression, node: Node, place: int, group: list[Node], context: Context) -> bool:
    value = predicate(Context(node, place, len(group), context.tree))
    return value == place if isinstance(value, float) else to_truth(value)


def _distinct(nodes: Iterable[Node]) -> list[Node]:
    held: dict[Any, Node] = {}
    for node in nodes:
        held.setdefault((id(node.owner), node[1]) if isinstance(node, (Attribute, Text)) else id(node), node)
    return list(held.values())


def _own(context: Context, value: Any) -> Any:
    return [context.node] if value is None else value


FUNCTIONS: dict[str, tuple[int, int, Callable[..., Any]]] = {
    "count": (1, 1, lambda context, nodes: float(len(node_set(nodes)))),
    "not": (1, 1, lambda context, value: not to_truth(value)),
    "true": (0, 0, lambda context: True),
    "false": (0, 0, lambda context: False),
    "boolean": (1, 1, lambda context, value: to_truth(value)),
    "number": (0, 1, lambda context, value=None: to_number(_own(context, value))),
    "string": (0, 1, lambda context, value=None: to_text(_own(context, value))),
    "sum": (1, 1, lambda context, nodes: math.fsum(to_number(string_of(node)) for node in node_set(nodes))),
    "contains": (2, 2, lambda context, text, part: to_text(part) in to_text(text)),
    "starts-with": (2, 2, lambda context, text, part: to_text(text).startswith(to_text(part))),
    "string-length": (0, 1, lambda context, value=None: float(len(to_text(_own(context, value))))),
    "normalize-space": (0, 1, lambda context, value=None: " ".join(to_text(_own(context, value)).split())),
    "concat": (2, 20, lambda context, *parts: "".join(map(to_text, parts))),
    "position": (0, 0, lambda context: float(context.position)),
    "last": (0, 0, lambda context: float(context.size)),
    "name": (0, 0, lambda context: getattr(context.node, "tag", getattr(context.node, "name", ""))),
    "round": (1, 1, lambda context, value: math.floor(to_number(value) + 0.5) * 1.0),
}


def compile_xpath(source: str) -> Expression:
    """A function of a context; raises `XPathError` for what lies outside the part that is read.

    >>> from xml.etree.ElementTree import fromstring
    >>> from counterpoise.oversight.iati.rulesets._nodes import Tree
    >>> tree = Tree(fromstring('<a><b n="1"/><b n="2"><c>x</c></b></a>'))
    >>> compile_xpath("count(//b[@n > 1]/c) = 1")(Context(tree.document, 1, 1, tree))
    True
    """
    return Parser(source).whole()

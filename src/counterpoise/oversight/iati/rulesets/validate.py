"""Which rules the activities (and organisations) of a file break: one element at a time, whatever the size."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from xml.etree.ElementTree import Element

from counterpoise.oversight.iati.rulesets._language import Rule, judge
from counterpoise.oversight.iati.rulesets._nodes import Context, Tree, XPathError, node_set

SHOWN = 20


@dataclass
class Outcome:
    """How often a rule could be tested, how often it was broken, and the first names that broke it."""

    rule: Rule
    tested: int = 0
    broken: int = 0
    names: list[str] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        return {
            "code": self.rule.code,
            "title": self.rule.title,
            "context": self.rule.context,
            "rule": self.rule.name,
            "tested": self.tested,
            "broken": self.broken,
            "first": self.names,
        }


def broken_rules(rules: Iterable[Rule], element: Element, now: datetime) -> Iterator[tuple[Rule, int, int]]:
    """Each rule with how many selected elements it could be tested on, and how many of those break it."""
    tree = Tree(element)
    top = Context(tree.document, 1, 1, tree)
    for rule in rules:
        try:
            verdicts = [judge(rule, node, tree, now) for node in node_set(rule.select(top))]
        except XPathError:
            # A value that is no node set where one is asked for: the rule says nothing about this element.
            continue
        tested = [verdict for verdict in verdicts if verdict is not None]
        yield rule, len(tested), tested.count(False)


class Validation:
    """Outcomes of all rules over the elements given to it, and the codes that each one broke."""

    def __init__(self, rules: Sequence[Rule], now: datetime) -> None:
        self.now = now
        self.outcomes = [Outcome(rule) for rule in rules]

    def add(self, name: str, element: Element) -> dict[str, int]:
        """Test one element; how many of its parts break each rule, by code."""
        broken: dict[str, int] = {}
        by_rule = {id(outcome.rule): outcome for outcome in self.outcomes}
        for rule, tested, failed in broken_rules([outcome.rule for outcome in self.outcomes], element, self.now):
            outcome = by_rule[id(rule)]
            outcome.tested += tested
            outcome.broken += failed
            if failed:
                broken[rule.code] = broken.get(rule.code, 0) + failed
                if len(outcome.names) < SHOWN:
                    outcome.names.append(name)
        return broken

    def summary(self, source: str, version: str | None) -> dict[str, Any]:
        """What was tested and what broke; `valid` is unknown for a file of 1.0x, whose codes the rules do not know."""
        old = (version or "2").startswith("1")
        return {
            "ruleset": source,
            "now": self.now.isoformat(timespec="seconds"),
            "rules": len(self.outcomes),
            "valid": None if old else self.valid,
            "not_tested": "a file of version 1.0x: the rules are those of 2.0x" if old else None,
            "broken": [outcome.to_dict() for outcome in self.outcomes if outcome.broken],
        }

    @property
    def valid(self) -> bool:
        return not any(outcome.broken for outcome in self.outcomes)


def keeps(rules: Sequence[Rule], root: Element, now: datetime) -> bool:
    """Whether a whole document, held in memory, breaks no rule."""
    return not any(failed for _, _, failed in broken_rules(rules, root, now))

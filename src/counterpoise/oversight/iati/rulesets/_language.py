"""The rules of a ruleset: what each name asks of the elements that a context selects.

Semantics are those of the initiative's own tester for version 2.03 (key `iatirulesets203`): a rule on which nothing can
be said (a date that is absent, a condition that does not hold) is neither kept nor broken. Where that tester would
stop with an error (a percentage that is no number, a date that is none), the rule counts as broken.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from counterpoise.oversight.iati.rulesets._nodes import Context, Node, Tree, node_set, string_of, to_truth
from counterpoise.oversight.iati.rulesets._xpath import Expression, compile_xpath

PATHS = "paths"
# Rule -> the keys that its cases must hold, and those that they may.
RULES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "no_more_than_one": ((PATHS,), ()),
    "atleast_one": ((PATHS,), ()),
    "none_of": ((PATHS,), ()),
    "only_one_of": ((PATHS, "excluded"), ()),
    "one_or_all": (("one", "all"), ()),
    "dependent": ((PATHS,), ()),
    "unique": ((PATHS,), ()),
    "sum": ((PATHS, "sum"), ()),
    "strict_sum": ((PATHS, "sum"), ()),
    "loop": (("foreach", "do", "subs"), ()),
    "date_order": (("less", "more"), ()),
    "date_now": (("date",), ()),
    "time_limit": (("start", "end"), ()),
    "between_dates": (("date", "start", "end"), ()),
    "regex_matches": ((PATHS, "regex"), ()),
    "regex_no_matches": ((PATHS, "regex"), ()),
    "startswith": (("start", PATHS), ()),
    "no_percent": ((PATHS,), ()),
    "positive_decimal": ((PATHS,), ()),
    "evaluates_to_true": (("eval",), ()),
    "if_then": (("if", "then"), ()),
    "range": ((PATHS,), ("min", "max")),
}
COMMON = ("condition", "ruleInfo", "code", "title")
XPATHS = frozenset({"one", "less", "more", "start", "end", "date", "eval", "if", "then", "condition"})
NOW = frozenset({"NOW", "TODAY"})
DATE = re.compile(r"\s*(\d{4,})-(\d{2})-(\d{2})")
ALL_OF = {"lang": ("narrative",), "currency": ("value", "forecast", "loan-status")}


@dataclass(frozen=True)
class Rule:
    """One case of a rule: what it selects, its parsed expressions, and the case as it was written."""

    code: str
    title: str
    context: str
    name: str
    case: dict[str, Any]
    select: Expression
    parts: dict[str, Any]


def parts_of(name: str, case: dict[str, Any]) -> dict[str, Any]:
    """The expressions of a case, parsed; raises `XPathError`, `re.error`, `TypeError` or `InvalidOperation`."""
    parts: dict[str, Any] = {}
    for key, value in case.items():
        if key in {"paths", "excluded"} and name != "loop":
            parts[key] = [compile_xpath(path) for path in value]
        elif key in XPATHS and value not in NOW:
            parts[key] = compile_xpath(value)
        elif key == "regex":
            parts[key] = re.compile(value)
        elif key in {"sum", "min", "max"}:
            parts[key] = Decimal(str(value))
    if name == "loop":
        parts["foreach"] = compile_xpath(case["foreach"])
    return parts


class Bench:
    """One element under one rule, on a day."""

    def __init__(self, rule: Rule, node: Node, tree: Tree, now: datetime) -> None:
        self.rule, self.node, self.tree, self.now = rule, node, tree, now

    def value(self, key: str) -> Any:
        return self.rule.parts[key](Context(self.node, 1, 1, self.tree))

    def groups(self, key: str = PATHS) -> list[list[Node]]:
        here = Context(self.node, 1, 1, self.tree)
        return [node_set(path(here)) for path in self.rule.parts[key]]

    def found(self) -> list[Node]:
        return [node for group in self.groups() for node in group]

    def texts(self) -> list[str]:
        return [string_of(node) for node in self.found()]

    def decimals(self) -> list[Decimal] | None:
        """The numbers of all paths; `None` where one is no number."""
        try:
            return [Decimal(text.strip()) for text in self.texts()]
        except InvalidOperation:
            return None

    def day(self, key: str) -> date | None:
        if self.rule.case[key] in NOW:
            return self.now.date()
        nodes = node_set(self.value(key))
        match = DATE.match(string_of(nodes[0])) if nodes else None
        try:
            return date(*map(int, match.groups())) if match else None
        except ValueError:
            return None


Verdict = bool | None


def _sum(bench: Bench, *, strict: bool) -> Verdict:
    numbers = bench.decimals()
    if numbers is None:
        return False
    return (not numbers and not strict) or sum(numbers) == bench.rule.parts["sum"]


def _only_one_of(bench: Bench) -> Verdict:
    count = len(bench.found())
    return count == 0 if any(bench.groups("excluded")) else count == 1


def _one_or_all(bench: Bench) -> Verdict:
    wanted = bench.rule.case["all"]
    if node_set(bench.value("one")):
        return True
    here = Context(bench.node, 1, 1, bench.tree)
    if wanted == "sector":
        path = "transaction[not(sector)]"
        return not compile_xpath(path)(here)
    names, lack = ALL_OF[wanted], "@xml:lang" if wanted == "lang" else "@currency"
    return not any(compile_xpath(f"descendant::{name}[not({lack})]")(here) for name in names)


def _loop(bench: Bench) -> Verdict:
    case = bench.rule.case
    verdicts: list[Verdict] = []
    for value in sorted({string_of(node) for node in node_set(bench.value("foreach"))}):
        if "'" in value or '"' in value:
            return False
        for name, inner in case["do"].items():
            for one in inner["cases"]:
                filled = {key: _filled(item, value) if key in case["subs"] else item for key, item in one.items()}
                rule = replace(bench.rule, name=name, case=filled, parts=parts_of(name, filled))
                verdicts.append(judge(rule, bench.node, bench.tree, bench.now))
    return None if all(verdict is None for verdict in verdicts) else False not in verdicts


def _filled(item: Any, value: str) -> Any:
    return [_filled(one, value) for one in item] if isinstance(item, list) else item.replace("$1", value)


def _date_order(bench: Bench) -> Verdict:
    less, more = bench.day("less"), bench.day("more")
    return None if less is None or more is None else less <= more


def _date_now(bench: Bench) -> Verdict:
    nodes = node_set(bench.value("date"))
    if not nodes:
        return None
    try:
        moment = datetime.fromisoformat(string_of(nodes[0]).strip()).replace(tzinfo=None)
    except ValueError:
        return False
    return moment < bench.now


def _time_limit(bench: Bench) -> Verdict:
    start, end = bench.day("start"), bench.day("end")
    if start is None or end is None:
        return None
    leap = start.month == 2 and start.day == 29
    return end <= (date(start.year + 1, 2, 28) if leap else start.replace(year=start.year + 1))


def _between_dates(bench: Bench) -> Verdict:
    day, start, end = (bench.day(key) for key in ("date", "start", "end"))
    return None if day is None or start is None or end is None else start < day < end


def _matches(bench: Bench, *, wanted: bool) -> Verdict:
    pattern: re.Pattern[str] = bench.rule.parts["regex"]
    return all((pattern.search(text) is not None) == wanted for text in bench.texts())


def _startswith(bench: Bench) -> Verdict:
    nodes = node_set(bench.value("start"))
    return None if not nodes else all(text.startswith(string_of(nodes[0])) for text in bench.texts())


def _range(bench: Bench) -> Verdict:
    numbers, parts = bench.decimals(), bench.rule.parts
    if numbers is None:
        return False
    return all(parts.get("min", one) <= one <= parts.get("max", one) for one in numbers)


def _dependent(bench: Bench) -> Verdict:
    there = [bool(group) for group in bench.groups()]
    return all(there) or not any(there)


def _positive(bench: Bench) -> Verdict:
    numbers = bench.decimals()
    return numbers is not None and all(number > 0 for number in numbers)


def _unique(bench: Bench) -> Verdict:
    texts = bench.texts()
    return len(texts) == len(set(texts))


JUDGES: dict[str, Callable[[Bench], Verdict]] = {
    "no_more_than_one": lambda bench: len(bench.found()) <= 1,
    "atleast_one": lambda bench: bool(bench.found()),
    "none_of": lambda bench: not bench.found(),
    "only_one_of": _only_one_of,
    "one_or_all": _one_or_all,
    "dependent": _dependent,
    "unique": _unique,
    "sum": lambda bench: _sum(bench, strict=False),
    "strict_sum": lambda bench: _sum(bench, strict=True),
    "loop": _loop,
    "date_order": _date_order,
    "date_now": _date_now,
    "time_limit": _time_limit,
    "between_dates": _between_dates,
    "regex_matches": lambda bench: _matches(bench, wanted=True),
    "regex_no_matches": lambda bench: _matches(bench, wanted=False),
    "startswith": _startswith,
    "no_percent": lambda bench: all("%" not in text for text in bench.texts()),
    "positive_decimal": _positive,
    "evaluates_to_true": lambda bench: to_truth(bench.value("eval")),
    "if_then": lambda bench: to_truth(bench.value("then")) if to_truth(bench.value("if")) else True,
    "range": _range,
}


def judge(rule: Rule, node: Node, tree: Tree, now: datetime) -> Verdict:
    """Whether an element keeps a rule; `None` where the rule says nothing about it."""
    bench = Bench(rule, node, tree, now)
    if "condition" in rule.parts and not to_truth(bench.value("condition")):
        return None
    return JUDGES[rule.name](bench)

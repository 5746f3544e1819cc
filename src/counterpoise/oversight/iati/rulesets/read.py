"""Reading rulesets: JSON in the initiative's own form, every fault at once, nothing evaluated but its XPath."""

from __future__ import annotations

import json
import re
from decimal import InvalidOperation
from functools import lru_cache
from pathlib import Path
from typing import Any

from counterpoise._errors import Fault, InputError, fault
from counterpoise.oversight.iati.rulesets._language import ALL_OF, COMMON, RULES, Rule, parts_of
from counterpoise.oversight.iati.rulesets._xpath import compile_xpath
from counterpoise.region._files import read_text, suggest

MOST = 2000


def read_ruleset(path: Path) -> list[Rule]:
    """The rules of a JSON file; codes `X001` onwards, in order. Raises `E201` unreadable, `E826` no ruleset."""
    try:
        tree = json.loads(read_text(path, max_bytes=4 << 20))
    except (json.JSONDecodeError, RecursionError) as error:
        raise InputError([_bad(str(path), f"no JSON: {str(error)[:120]}", "mend the file at that place")]) from None
    return rules_from(tree, where=str(path))


@lru_cache(maxsize=1)
def standard_rules() -> tuple[Rule, ...]:
    """The rules that this version ships: those of version 2.0x that concern money, dates, shares and names."""
    path = Path(__file__).parent / "standard.json"
    return tuple(rules_from(json.loads(path.read_text(encoding="utf-8")), where=path.name))


def rules_from(tree: Any, *, where: str) -> list[Rule]:
    """The rules of a parsed ruleset; raises `InputError` (`E826`) with every fault."""
    faults: list[Fault] = []
    rules: list[Rule] = []
    if not isinstance(tree, dict):
        raise InputError([_bad(where, "no JSON object", "see docs/engines/audit.md for the form")])
    for context, names in tree.items():
        for name, body in names.items() if isinstance(names, dict) else ():
            cases = body.get("cases") if isinstance(body, dict) else None
            if name not in RULES or not isinstance(cases, list):
                fix = suggest(name, RULES) or "give {rule: {cases: [...]}} with a known rule"
                faults.append(_bad(f"{where}: {context}", f"rule {name!r}", fix))
                continue
            for number, case in enumerate(cases, 1):
                rule = _rule(context, name, case, len(rules) + 1, f"{where}: {context} {name} case {number}", faults)
                rules += [rule] if rule else []
        if not isinstance(names, dict):
            faults.append(_bad(f"{where}: {context}", "no object of rules", "give {rule: {cases: [...]}}"))
    if len(rules) > MOST:
        faults.append(_bad(where, f"{len(rules)} rules", f"give {MOST} rules at most"))
    if faults:
        raise InputError(faults)
    return rules


def _rule(context: str, name: str, case: Any, number: int, where: str, faults: list[Fault]) -> Rule | None:
    before = len(faults)
    needed, allowed = RULES[name]
    if not isinstance(case, dict):
        faults.append(_bad(where, "no object", "give the case as an object"))
        return None
    for key in needed:
        if key not in case:
            faults.append(_bad(where, f"no key {key!r}", f"a case of {name} has {', '.join(needed)}"))
    for key, value in case.items():
        if key not in (*needed, *allowed, *COMMON):
            faults.append(_bad(where, f"unknown key {key!r}", suggest(key, [*needed, *allowed, *COMMON]) or "drop it"))
        elif key in {"paths", "excluded", "subs"} and not _texts(value):
            faults.append(_bad(where, f"{key} is no list of texts", "give a list of XPaths"))
    if name == "one_or_all" and case.get("all") not in {*ALL_OF, "sector"}:
        faults.append(_bad(where, f"all = {case.get('all')!r}", "all is lang, sector or currency"))
    if name == "loop" and not faults:
        _check_loop(case, where, faults)
    if len(faults) > before:
        return None
    try:
        parts, select = parts_of(name, case), compile_xpath(context)
    except (ValueError, TypeError, AttributeError, InvalidOperation, re.error) as error:
        faults.append(_bad(where, str(error) or type(error).__name__, "see the part of XPath that is read"))
        return None
    code, title = str(case.get("code") or f"X{number:03d}"), str(case.get("title") or _sentence(name, case))
    return Rule(code, title, context, name, case, select, parts)


def _check_loop(case: dict[str, Any], where: str, faults: list[Fault]) -> None:
    inner = case["do"] if isinstance(case["do"], dict) else {"": None}
    for name, body in inner.items():
        cases = body.get("cases") if isinstance(body, dict) else None
        if name not in RULES or name == "loop" or not isinstance(cases, list):
            faults.append(_bad(where, f"loop over {name!r}", "do holds {rule: {cases: [...]}}, no loop in a loop"))
            continue
        for one in cases:
            _rule("//*", name, _without_place(one), 0, where, faults)


def _without_place(case: Any) -> Any:
    if isinstance(case, dict):
        return {key: _without_place(value) for key, value in case.items()}
    if isinstance(case, list):
        return [_without_place(value) for value in case]
    return case.replace("$1", "x") if isinstance(case, str) else case


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _sentence(name: str, case: dict[str, Any]) -> str:
    told = ", ".join(f"{key} {json.dumps(value)}" for key, value in case.items() if key not in COMMON)
    return f"{name}: {told}"[:300]


def _bad(where: str, found: str, fix: str) -> Fault:
    rule = "a ruleset is JSON of the form {XPath: {rule: {cases: [...]}}} with rules and keys of the specification"
    return fault("E826", where=where, found=found[:200], rule=rule, fix=fix)

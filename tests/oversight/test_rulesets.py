"""Rulesets: the part of XPath that is read, each rule kept and broken, faults of a file, our own rules."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest

from counterpoise._errors import InputError
from counterpoise.oversight.audit import audit
from counterpoise.oversight.iati.rulesets._language import RULES
from counterpoise.oversight.iati.rulesets._nodes import Context, Tree, XPathError
from counterpoise.oversight.iati.rulesets._xpath import compile_xpath
from counterpoise.oversight.iati.rulesets.read import read_ruleset, rules_from, standard_rules
from counterpoise.oversight.iati.rulesets.validate import keeps
from tests.oversight.test_iati_audit import activity, budget, pay, promise, write

NOW = datetime(2026, 1, 1)
XML = '<r><a n="1" xml:lang="en">x<b>7</b></a><a n="2"><b>8</b><b/></a><c n="10">yes</c></r>'
EXPRESSIONS: dict[str, Any] = {
    "count(//a)": 2.0,
    "count(//b)": 3.0,
    "//a[2]/b[1] = 8": True,
    "count(//a[@n > 1 and b])": 1.0,
    "string(//a[@xml:lang='en']/text())": "x",
    "//a/@n = '2'": True,
    "//a/@n != '2'": True,
    "not(//d)": True,
    "sum(//b[text()])": 15.0,
    "1 + 2 * 3 - 4 div 2": 5.0,
    "7 mod 4 = 3 or false()": True,
    "count(//b/..)": 2.0,
    "count(r/descendant::b)": 3.0,
    "count(//b/parent::a)": 2.0,
    "count(//a | //c)": 3.0,
    "starts-with(//c, 'ye') and contains(//c, 'es')": True,
    "string-length(concat('ab', //c))": 5.0,
    "normalize-space('  a  b ')": "a b",
    "//a[position() = last()]/@n = 2": True,
    "count(/r/*)": 3.0,
    "count(//c/@*)": 1.0,
    "-(2 - 5)": 3.0,
    "number('x') = number('x')": False,
    "boolean(//a) = true()": True,
    "round(2.5)": 3.0,
    "//c[. = 'yes']/@n >= 10": True,
    "name()": "",
}


@pytest.mark.parametrize("expression", sorted(EXPRESSIONS))
def test_an_expression_has_the_value_that_xpath_gives_it(expression: str) -> None:
    tree = Tree(fromstring(XML))
    assert compile_xpath(expression)(Context(tree.document, 1, 1, tree)) == EXPRESSIONS[expression]


@pytest.mark.parametrize(
    "expression",
    ["", "a[", "a]", "$x", "f()", "count()", "a/following::b", "1 +", "(" * 80, "a" * 5000, "comment()", "#"],
)
def test_what_lies_outside_the_part_that_is_read_is_refused(expression: str) -> None:
    with pytest.raises(XPathError):
        compile_xpath(expression)


def test_a_number_is_no_set_of_nodes() -> None:
    tree = Tree(fromstring(XML))
    with pytest.raises(XPathError):
        compile_xpath("count(3)")(Context(tree.document, 1, 1, tree))


# rule: (case, kept by, broken by)
CASES: dict[str, tuple[dict[str, Any], str, str]] = {
    "no_more_than_one": ({"paths": ["t"]}, "<a><t/></a>", "<a><t/><t/></a>"),
    "atleast_one": ({"paths": ["t", "u"]}, "<a><u/></a>", "<a/>"),
    "none_of": ({"paths": ["t"]}, "<a/>", "<a><t/></a>"),
    "only_one_of": ({"paths": ["t"], "excluded": ["u"]}, "<a><t/></a>", "<a><t/><u/></a>"),
    "one_or_all": ({"one": "@c", "all": "currency"}, '<a c="1"><value/></a>', "<a><b><value/></b></a>"),
    "dependent": ({"paths": ["t", "u"]}, "<a><t/><u/></a>", "<a><t/></a>"),
    "unique": ({"paths": ["t"]}, "<a><t>1</t><t>2</t></a>", "<a><t>1</t><t>1</t></a>"),
    "sum": ({"paths": ["t"], "sum": 0.3}, "<a><t>0.1</t><t>0.2</t></a>", "<a><t>ten</t></a>"),
    "strict_sum": ({"paths": ["t"], "sum": 1}, "<a><t>1.0</t></a>", "<a/>"),
    "loop": (
        {"foreach": "t/@v", "do": {"strict_sum": {"cases": [{"paths": ["t[@v='$1']"], "sum": 2}]}}, "subs": ["paths"]},
        '<a><t v="x">2</t><t v="y">1</t><t v="y">1</t></a>',
        '<a><t v="x">2</t><t v="y">1</t></a>',
    ),
    "date_order": ({"less": "@s", "more": "NOW"}, '<a s="2026-01-01"/>', '<a s="2026-01-02"/>'),
    "date_now": ({"date": "@s"}, '<a s="2025-12-31T23:59:59Z"/>', '<a s="yesterday"/>'),
    "time_limit": (
        {"start": "@s", "end": "@e"},
        '<a s="2020-02-29" e="2021-02-28"/>',
        '<a s="2020-02-29" e="2021-03-01"/>',
    ),
    "between_dates": (
        {"date": "@d", "start": "@s", "end": "@e"},
        '<a s="2020-01-01" d="2020-06-01" e="2021-01-01"/>',
        '<a s="2020-01-01" d="2021-01-01" e="2021-01-01"/>',
    ),
    "regex_matches": ({"paths": ["t"], "regex": "^[A-Z]+$"}, "<a><t>AB</t></a>", "<a><t>AB</t><t>a</t></a>"),
    "regex_no_matches": ({"paths": ["t"], "regex": "/"}, "<a><t>AB</t></a>", "<a><t>A/B</t></a>"),
    "startswith": ({"paths": ["t"], "start": "@s"}, '<a s="X"><t>X-1</t></a>', '<a s="X"><t>1-X</t></a>'),
    "no_percent": ({"paths": ["@s"]}, '<a s="3"/>', '<a s="3%"/>'),
    "positive_decimal": ({"paths": ["@s"]}, '<a s="3"/>', '<a s="-3"/>'),
    "evaluates_to_true": ({"eval": "@s > 2"}, '<a s="3"/>', '<a s="2"/>'),
    "if_then": ({"if": "t", "then": "u"}, "<a><t/><u/></a>", "<a><t/></a>"),
    "range": ({"paths": ["@s"], "min": 0}, '<a s="0"/>', '<a s="-0.1"/>'),
}


def test_every_rule_of_the_language_has_a_case() -> None:
    assert set(CASES) == set(RULES)


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_rule_is_kept_and_broken(name: str) -> None:
    case, good, bad = CASES[name]
    rules = rules_from({"//a": {name: {"cases": [case]}}}, where="here")
    assert keeps(rules, fromstring(good), NOW)
    assert not keeps(rules, fromstring(bad), NOW)
    never = rules_from({"//a": {name: {"cases": [{**case, "condition": "nothing"}]}}}, where="here")
    assert keeps(never, fromstring(bad), NOW)


@pytest.mark.parametrize(
    "ruleset",
    [
        [],
        {"//a": []},
        {"//a": {"atleast_none": {"cases": []}}},
        {"//a": {"sum": {"cases": [{"paths": ["t"]}]}}},
        {"//a": {"sum": {"cases": [{"paths": "t", "sum": 1}]}}},
        {"//a": {"sum": {"cases": [{"paths": ["t["], "sum": 1}]}}},
        {"//a": {"sum": {"cases": [{"paths": ["t"], "sum": "much"}]}}},
        {"//a": {"regex_matches": {"cases": [{"paths": ["t"], "regex": "("}]}}},
        {"//a": {"one_or_all": {"cases": [{"one": "t", "all": "u"}]}}},
        {"//a": {"date_now": {"cases": [{"date": "t", "dates": "u"}]}}},
        {"//a[": {"date_now": {"cases": [{"date": "t"}]}}},
        {"//a": {"date_now": {"cases": [7]}}},
        {"//a": {"loop": {"cases": [{"foreach": "t", "subs": [], "do": {"loop": {"cases": []}}}]}}},
    ],
)
def test_a_faulty_ruleset_is_refused_with_the_place(ruleset: Any, tmp_path: Path) -> None:
    path = tmp_path / "rules.json"
    path.write_text(json.dumps(ruleset), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_ruleset(path)
    assert {fault.code for fault in caught.value.faults} == {"E826"}


def test_our_rules_find_what_a_file_breaks_and_a_ruleset_of_one_s_own_takes_their_place(tmp_path: Path) -> None:
    long = budget(10).replace("2020-12-31", "2021-12-31")
    path = write(tmp_path, activity(promise(1), pay(1, "2027-01-01"), long))
    validation = audit(path).summary["validation"]
    titles = {rule["title"]: rule["broken"] for rule in validation["broken"]}
    assert titles["A budget longer than a year"] == 1
    assert titles["A transaction dated in the future"] == 1
    assert validation["valid"] is False
    assert audit(path, fail_on="V31").exit_code == 1
    own = tmp_path / "own.json"
    own.write_text('{"//iati-activity": {"atleast_one": {"cases": [{"paths": ["title"]}]}}}', encoding="utf-8")
    assert audit(path, settings=own).summary["validation"]["valid"] is True
    old = write(tmp_path, activity(long), head='<iati-activities version="1.05">')
    assert audit(old).summary["validation"]["valid"] is None


def test_money_is_summed_by_partner_and_country(tmp_path: Path) -> None:
    to = '<receiver-org ref="GE-1"/>'
    places = '<recipient-country code="GE" percentage="60"/><recipient-country code="AM" percentage="40"/>'
    paid = pay(100).replace("</transaction>", f"{to}</transaction>")
    summary = audit(write(tmp_path, activity(promise(50), paid, places))).summary
    partners = {row["partner"]: (row["commitments"], row["payments"]) for row in summary["by_partner"]}
    assert partners == {"GE-1": (None, 100), "unknown": (50, None)}
    countries = {row["country"]: row["payments"] for row in summary["by_country"]}
    assert countries == {"GE": pytest.approx(60), "AM": pytest.approx(40)}


def test_shares_that_do_not_add_up_leave_the_country_unknown(tmp_path: Path) -> None:
    places = '<recipient-country code="GE" percentage="60"/><recipient-country code="AM"/>'
    summary = audit(write(tmp_path, activity(pay(100), places))).summary
    assert [row["country"] for row in summary["by_country"]] == ["unknown"]


def test_levels_are_summed_side_by_side_and_never_together(tmp_path: Path) -> None:
    child = activity(pay(90), name="XM-1-A", more='hierarchy="2"')
    summary = audit(write(tmp_path, activity(pay(100), more='hierarchy="1"'), child)).summary
    assert {row["level"]: row["payments"] for row in summary["by_level"]} == {"1": 100, "2": 90}


def test_each_of_our_rules_has_a_code_and_a_title() -> None:
    rules = standard_rules()
    assert len({rule.code for rule in rules}) == len(rules) == 42
    assert all(rule.title[0].isupper() for rule in rules)

"""Flags that need many processes to be seen: a buyer, a market, a category or a series beside the others."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from tests.oversight.audit_support import DIRECT, OPEN, award, bid, judge, paper, process, tender, usd, values


def buyers(code: str, odd: dict[str, Any], usual: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    """Five buyers with five processes each; one of the usual buyers and the last one has odd ones."""
    shares = [0, 1, 1, 1, 5]
    return [
        process(f"{buyer}-{n}", buyer={"id": f"B{buyer}"}, **(odd if n < share else usual), **more)
        for buyer, share in enumerate(shares)
        for n in range(5)
    ]


@pytest.mark.parametrize(
    ("code", "odd", "usual"),
    [
        ("R013", {"tender": DIRECT}, {"tender": OPEN}),
        ("R021", {"tender": {"awardCriteria": "ratedCriteria"}}, {"tender": {"awardCriteria": "priceOnly"}}),
        ("R072", {"awards": [award("A", hasSubcontracting=True)]}, {"awards": [award("A", hasSubcontracting=False)]}),
    ],
)
def test_a_buyer_far_above_the_others_is_flagged(
    code: str, odd: dict[str, Any], usual: dict[str, Any], tmp_path: Path
) -> None:
    result = judge(tmp_path, buyers(code, odd, usual), code, f"[{code}]\nminimum_contracting_processes = 5\n")
    assert values(result, code) == {"B4": 1.0}
    stricter = judge(tmp_path, buyers(code, odd, usual), code, f"[{code}]\nminimum_contracting_processes = 6\n")
    assert values(stricter, code) == {}


def test_a_tender_far_from_its_category_is_flagged(tmp_path: Path) -> None:
    def one(ocid: str, amount: float, code: str = "45000000") -> dict[str, Any]:
        return process(ocid, tender={"value": usd(amount), "items": [{"classification": {"id": code}}]})

    usual = [one(str(number), 100 + number) for number in range(20)]
    result = judge(tmp_path, [*usual, one("big", 10_000), one("other", 10_000, "33000000")], "R016")
    assert values(result, "R016") == {"big": 10_000}


def test_markets_and_captive_buyers_are_flagged(tmp_path: Path) -> None:
    def one(number: int, supplier: str) -> dict[str, Any]:
        items = [{"classification": {"id": "45000000"}}]
        given = award(supplier, value=usd(100), items=items)
        return process(str(number), awards=[given], buyer={"id": "B"}, tender=DIRECT)

    processes = [one(number, "S" if number < 8 else f"T{number}") for number in range(10)]
    result = judge(tmp_path, processes, "R040,R050,R051,R055", "[R055]\nthreshold = 800\n")
    assert values(result, "R040") == {"B": 0.8}
    assert values(result, "R050") == {"S": 0.8}
    assert values(result, "R051") == {"45": pytest.approx(0.66)}
    assert values(result, "R055") == {"B": 800}
    few = judge(tmp_path, processes[:9], "R040,R050,R051")
    assert list(few.flags()) == []
    dated = judge(tmp_path, processes, "R055", "[R055]\nthreshold = 800\nstart_date = 2020-01-01\n")
    assert list(dated.flags()) == []


def test_an_entity_with_far_fewer_bidders_than_others_is_flagged(tmp_path: Path) -> None:
    processes = [
        process(f"{entity}-{n}", tender=tender(numberOfTenderers=count, procuringEntity={"id": f"E{entity}"}))
        for entity, count in enumerate([5, 6, 6, 6, 7, 1])
        for n in range(5)
    ]
    assert values(judge(tmp_path, processes, "R019"), "R019") == {"E5": 1.0}
    assert values(judge(tmp_path, processes[:-1], "R019"), "R019") == {}


def test_an_open_tender_without_a_plan_is_no_direct_award_without_one(tmp_path: Path) -> None:
    planned = process("planned", tender=DIRECT, planning={"documents": paper("procurementPlan")})
    unplanned = [process(method, tender={"procurementMethod": method}) for method in ("open", "limited", "direct")]
    assert values(judge(tmp_path, [planned, *unplanned], "R012"), "R012") == {"direct": 1}


def test_a_tender_with_half_the_bidders_of_its_category_is_flagged(tmp_path: Path) -> None:
    def one(ocid: str, count: int, code: str = "45000000", **more: Any) -> dict[str, Any]:
        asked = tender(numberOfTenderers=count, items=[{"classification": {"id": code}}], **more)
        return process(ocid, tender=asked)

    usual = [one(str(number), 6) for number in range(20)]
    few = [one("half", 3), one("most", 4), one("elsewhere", 1, "33000000")]
    direct = one("direct", 1)
    direct["tender"]["procurementMethod"] = "direct"
    assert values(judge(tmp_path, [*usual, *few, direct], "R027"), "R027") == {"half": 3}
    assert values(judge(tmp_path, [*usual[:16], *few], "R027"), "R027") == {}
    assert values(judge(tmp_path, [*[one(str(n), 3) for n in range(20)], one("alone", 1)], "R027"), "R027") == {}
    stricter = judge(tmp_path, [*usual, *few], "R027", "[R027]\nthreshold = 0.7\n")
    assert values(stricter, "R027") == {"half": 3, "most": 4}


def test_prices_that_all_begin_with_one_digit_deviate_from_benford(tmp_path: Path) -> None:
    def one(number: int, amount: float) -> dict[str, Any]:
        return process(str(number), bids=[bid("valid", "A", amount)], buyer={"id": "B"})

    made_up = [one(number, 500 + number / 10) for number in range(300)]
    assert values(judge(tmp_path, made_up, "R029"), "R029") == {"B": pytest.approx(2 * (1 - math.log10(6 / 5)) / 9)}
    natural = [one(number, 1.05**number) for number in range(300)]
    assert values(judge(tmp_path, natural, "R029"), "R029") == {}
    assert values(judge(tmp_path, made_up[1:], "R029"), "R029") == {}


def test_purchases_that_pass_the_threshold_only_together_are_flagged(tmp_path: Path) -> None:
    def one(day: str, amount: float, buyer: str = "B") -> dict[str, Any]:
        items = [{"classification": {"id": "45000000"}}]
        bought = {**DIRECT, "value": usd(amount), "items": items, "tenderPeriod": {"startDate": day}}
        return process(day + buyer, tender=bought, buyer={"id": buyer})

    settings = "[R011]\nthreshold = 100\n"
    near = [one("2020-01-01", 60), one("2020-01-20", 50), one("2020-01-20", 500, "C"), one("2020-01-21", 1, "C")]
    assert values(judge(tmp_path, near, "R011", settings), "R011") == {"B": 110}
    far = [one("2020-01-01", 60), one("2020-03-20", 50)]
    assert values(judge(tmp_path, far, "R011", settings), "R011") == {}
    assert judge(tmp_path, near, "R011").not_computable[0]["missing"] == ["setting [R011] threshold"]


def test_a_supplier_that_grows_from_a_small_first_award_is_flagged(tmp_path: Path) -> None:
    def one(day: str, amount: float, supplier: str) -> dict[str, Any]:
        return process(day + supplier, awards=[award(supplier, value=usd(amount), date=day)], buyer={"id": "B"})

    grown = [one("2020-05-01", 1000, "S"), one("2020-01-01", 50, "S"), one("2020-01-01", 1000, "T")]
    shrunk = [one("2020-05-01", 50, "T")]
    assert values(judge(tmp_path, grown + shrunk, "R052"), "R052") == {"S": 20}


def test_a_unit_price_far_from_its_class_is_flagged(tmp_path: Path) -> None:
    def one(ocid: str, amount: float, code: str = "33141000", name: str = "box") -> dict[str, Any]:
        item = {"id": "1", "classification": {"id": code}, "unit": {"name": name, "value": usd(amount)}}
        return process(ocid, awards=[award("A", items=[item])])

    usual = [one(str(number), 10 + number / 10) for number in range(20)]
    odd = [one("dear", 500), one("other class", 500, "45000000"), one("other unit", 500, name="pallet")]
    assert values(judge(tmp_path, [*usual, *odd], "R017"), "R017") == {"dear": 500}
    assert values(judge(tmp_path, usual[:18] + odd[:1], "R017"), "R017") == {}


def test_a_file_cannot_say_by_itself_that_fees_rose(tmp_path: Path) -> None:
    more: Any = {"fee rise": 9, "('fee rise',)": 9}
    told = process(tender={"participationFees": [{"value": usd(5)}]}, **more)
    assert list(judge(tmp_path, [told], "R009").flags()) == []


def test_a_flag_that_needs_a_threshold_says_so(tmp_path: Path) -> None:
    result = judge(tmp_path, [process(tender={"value": usd(1)})], "R002")
    assert result.not_computable == [{"code": "R002", "missing": ["setting [R002] threshold"]}]

"""Each flag of the guide beyond Cardinal's eleven: a process that raises it, and one that does not."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from counterpoise.oversight._catalogue import FLAGS, SETTINGS, catalogue
from counterpoise.oversight._firms import JUDGES
from counterpoise.oversight._market import CODES as MARKET
from counterpoise.oversight._series import CODES as SERIES
from counterpoise.oversight.cardinal import CODES as ELEVEN
from tests.oversight.audit_support import award, bid, judge, process, usd, values

OPEN: dict[str, Any] = {"procurementMethod": "open"}
DIRECT: dict[str, Any] = {"procurementMethod": "direct"}


def tender(**parts: Any) -> dict[str, Any]:
    return {**OPEN, **parts}


def paper(kind: str) -> list[dict[str, str]]:
    return [{"id": kind, "documentType": kind}]


def parties(**entries: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"id": name, **entry} for name, entry in entries.items()]


def rivals(**entries: dict[str, Any]) -> dict[str, Any]:
    return process(bids=[bid("valid", "A", 1), bid("valid", "B", 2)], parties=parties(**entries), buyer={"id": "X"})


def signed(amount: float, **more: Any) -> dict[str, Any]:
    """A process with one award of 100 and one contract on it."""
    contract = {"id": "c", "awardID": "a", "value": usd(amount), **more}
    return process(awards=[award("A", value=usd(100), date="2020-03-01")], contracts=[contract])


def fees(*amounts: float) -> dict[str, Any]:
    """A record whose releases ask these fees, one after the other."""
    name = "guilty" if amounts[-1] > amounts[0] else "innocent"
    releases = [
        {
            "ocid": name,
            "date": f"2020-01-0{day}",
            "tag": ["tender"],
            "tender": {"participationFees": [{"value": usd(fee)}]},
        }
        for day, fee in enumerate(amounts, 1)
    ]
    return {"ocid": name, "releases": releases}


def cheapest(winner: str) -> dict[str, Any]:
    bids = [bid("valid", "A", 100), bid("valid", "B", 150)]
    return process(tender={"awardCriteria": "priceOnly"}, bids=bids, awards=[award(winner)])


def bought(before: list[tuple[str, float]], after: list[tuple[str, float]]) -> dict[str, Any]:
    """An award with items, and the amended contract on it."""
    items = [[{"id": name, "quantity": amount} for name, amount in group] for group in (before, after)]
    contract = {"id": "c", "awardID": "a", "items": items[1], "amendments": [{"id": "1"}]}
    return process(awards=[award("A", items=items[0])], contracts=[contract])


def ended(documents: list[dict[str, str]]) -> dict[str, Any]:
    contract = {"id": "c", "status": "terminated", "implementation": {"documents": documents}}
    return process(contracts=[contract])


# code: (raised by, value, not raised by, settings)
CASES: dict[str, tuple[dict[str, Any], float, dict[str, Any], str]] = {
    "R001": (process(tender=OPEN), 1, process(tender=OPEN, planning={"documents": paper("needsAssessment")}), ""),
    "R002": (process(tender={"value": usd(96)}), 96, process(tender={"value": usd(100)}), "threshold = 100"),
    "R004": (process(tender=OPEN), 1, process(tender=tender(documents=paper("tenderNotice"))), ""),
    "R005": (process(tender=OPEN), 1, process(tender=tender(documents=paper("biddingDocuments"))), ""),
    "R006": (process(tender=OPEN), 1, process(tender=tender(eligibilityCriteria="all")), ""),
    "R008": (
        process(tender=tender(value=usd(100), participationFees=[{"value": usd(2)}, {"value": usd(3)}])),
        0.05,
        process(tender=tender(value=usd(100), participationFees=[{"value": usd(1)}])),
        "",
    ),
    "R010": (process(tender=DIRECT), 1, process(tender={**DIRECT, "procurementMethodRationale": "flood"}), ""),
    "R012": (
        process(tender=DIRECT, planning={"documents": paper("needsAssessment")}),
        1,
        process(tender=DIRECT, planning={"documents": paper("procurementPlan")}),
        "",
    ),
    "R014": (
        process(tender=tender(tenderPeriod={"startDate": "2020-01-01"}, bidOpening={"date": "2020-01-06T10:00:00Z"})),
        5,
        process(tender=tender(tenderPeriod={"startDate": "2020-01-01"}, bidOpening={"date": "2020-01-11"})),
        "",
    ),
    "R015": (
        process(tender={"bidOpening": {"date": "2020-01-01"}, "awardPeriod": {"startDate": "2020-03-11"}}),
        70,
        process(tender={"bidOpening": {"date": "2020-01-01"}, "awardPeriod": {"startDate": "2020-01-11"}}),
        "",
    ),
    "R020": (process(complaints=[{"id": 1}, {"id": 2}]), 2, process(complaints=[]), ""),
    "R022": (
        process(bids=[bid("valid", "A", 1), bid("valid", "B", 2), bid("valid", "C", 4)]),
        3,
        process(bids=[bid("valid", "A", 1), bid("valid", "B", 2), bid("disqualified", "C", 4)]),
        "",
    ),
    "R023": (
        process(bids=[bid("valid", "A", 100), bid("valid", "B", 110), bid("valid", "C", 121)]),
        1.1,
        process(bids=[bid("valid", "A", 100), bid("valid", "B", 110), bid("valid", "C", 125)]),
        "",
    ),
    "R026": (process(awards=[award("A", "B", "C")]), 3, process(awards=[award("A", "A")]), ""),
    "R031": (
        process(bids=[bid("valid", "A", 99.5)], awards=[award("A")], tender={"value": usd(100)}),
        0.995,
        process(bids=[bid("valid", "A", 90), bid("valid", "B", 99.5)], awards=[award("A")], tender={"value": usd(100)}),
        "",
    ),
    "R032": (
        rivals(A={"beneficialOwners": [{"name": "Ivan"}]}, B={"beneficialOwners": [{"name": "ivan"}, {"id": "2"}]}),
        1,
        rivals(A={"beneficialOwners": [{"id": "1"}, {"id": "1"}]}, B={"beneficialOwners": [{"id": "2"}]}),
        "",
    ),
    "R033": (
        rivals(A={"shareholders": [{"shareholder": {"id": "S"}}]}, B={"shareholders": [{"shareholder": {"id": "S"}}]}),
        1,
        rivals(A={"shareholders": [{"shareholder": {"id": "S"}}]}, B={"shareholders": [{"shareholder": {}}]}),
        "",
    ),
    "R037": (
        process(bids=[bid("disqualified", "A"), bid("valid", "B")]),
        1,
        process(bids=[bid("disqualified", "A", documents=paper("letter"))]),
        "",
    ),
    "R039": (
        process(tender={"status": "complete", "enquiries": [{"date": "2020-01-01"}, {"answer": "x"}]}),
        1,
        process(tender={"status": "active", "enquiries": [{"date": "2020-01-01"}]}),
        "",
    ),
    "R042": (
        rivals(A={"address": {"streetAddress": "P.O. Box 7"}}, B={"address": {"streetAddress": "Main 1"}}),
        1,
        rivals(A={"address": {"streetAddress": "Main 1"}}, B={"address": {"streetAddress": "Main 2"}}),
        "",
    ),
    "R043": (
        rivals(A={"contactPoint": {"email": "x@y.z"}}, X={"contactPoint": {"email": "X@y.z "}}),
        1,
        rivals(A={"contactPoint": {"telephone": "123"}}, X={"contactPoint": {"telephone": "123"}}),
        "",
    ),
    "R044": (
        rivals(A={"contactPoint": {"telephone": "+374 10 123"}}, B={"contactPoint": {"telephone": "37410123"}}),
        2,
        rivals(A={"contactPoint": {"email": "a@b.c"}}, B={"contactPoint": {"email": "d@b.c"}}),
        "",
    ),
    "R046": (
        rivals(A={"name": "Bad Firm"}, B={}),
        1,
        rivals(A={"name": "Good Firm"}, B={}),
        "list = bad firm|Z",
    ),
    "R047": (
        process(awards=[award("A")], parties=parties(A={"contactPoint": {}})),
        1,
        process(awards=[award("A")], parties=parties(A={"contactPoint": {"url": "https://a.example"}})),
        "",
    ),
    "R049": (
        process(tender=DIRECT, awards=[award("A", value=usd(95)), award("B", value=usd(100))]),
        95,
        process(tender=OPEN, awards=[award("A", value=usd(95))]),
        "threshold = 100",
    ),
    "R054": ({**signed(200), "tender": DIRECT}, 2, {**signed(150), "tender": DIRECT}, ""),
    "R059": (signed(80), 0.2, signed(105), ""),
    "R060": (signed(100, dateSigned="2020-06-09"), 100, signed(100, dateSigned="2020-03-09"), ""),
    "R061": (
        process(tender=tender(tenderPeriod={"endDate": "2020-01-01"}), awards=[award("A", date="2020-01-02")]),
        1,
        process(tender=tender(tenderPeriod={"endDate": "2020-01-01"}), awards=[award("A", date="2020-01-20")]),
        "",
    ),
    "R062": (
        process(tender=tender(tenderPeriod={"endDate": "2020-01-01"}), awards=[award("A", date="2020-12-31")]),
        365,
        process(tender=tender(tenderPeriod={"endDate": "2020-01-01"}), awards=[award("A", date="2020-01-20")]),
        "",
    ),
    "R063": (signed(100), 1, signed(100, documents=paper("contractSigned")), ""),
    "R064": (signed(100, amendments=[{"id": 1}, {"id": 2}]), 2, signed(100, amendments=[]), ""),
    "R067": (
        signed(100, milestones=[{"dueDate": "2020-01-01", "dateMet": "2020-01-05"}, {"status": "notMet"}]),
        2,
        signed(100, implementation={"milestones": [{"dueDate": "2020-01-05", "dateMet": "2020-01-05"}]}),
        "",
    ),
    "R068": (
        signed(100, implementation={"transactions": [{"value": usd(60)}, {"value": usd(60)}]}),
        1.2,
        signed(100, implementation={"transactions": [{"value": usd(60)}, {"value": usd(40)}]}),
        "",
    ),
    "R069": (signed(101, amendments=[{"id": 1}]), 1.01, signed(101), ""),
    "R070": (
        process(bids=[bid("valid", "A")], awards=[award("B")], parties=parties(A={"roles": ["subcontractor"]})),
        1,
        process(bids=[bid("valid", "A")], awards=[award("A")], parties=parties(A={"roles": ["subcontractor"]})),
        "",
    ),
    "R071": (
        process(awards=[award("A", subcontracting={"minimumPercentage": 0.9})]),
        0.9,
        process(awards=[award("A", subcontracting={"minimumPercentage": 0.3})]),
        "",
    ),
    "R009": (fees(1, 2, 3), 3, fees(3, 3, 1), ""),
    "R045": (process(bids=[bid("valid", "A", 1), bid("valid", "B", 1)], parties=[]), 1,
             process(bids=[bid("valid", "A", 1)], parties=[]), 'list = A'),
    "R056": (cheapest("B"), 1.5, cheapest("A"), ""),
    "R065": (bought([("x", 2), ("y", 1)], [("x", 1)]), 2, bought([("x", 2)], [("x", 3), ("y", 1)]), ""),
    "R066": (bought([("x", 2)], [("x", 3), ("y", 1)]), 2, bought([("x", 2), ("y", 1)], [("x", 1)]), ""),
    "R073": (ended([]), 1, ended(paper("completionCertificate")), ""),
}  # fmt: skip


@pytest.mark.parametrize("code", sorted(CASES))
def test_a_flag_is_raised_by_its_case_and_not_by_the_other(code: str, tmp_path: Path) -> None:
    guilty, value, innocent, key = CASES[code]
    settings = f"[{code}]\n{key}\n" if key else ""
    result = judge(tmp_path, [{**guilty, "ocid": "guilty"}, {**innocent, "ocid": "innocent"}], code, settings)
    assert values(result, code) == {"guilty": pytest.approx(value)}
    assert result.summary["raised"] == {code: 1}


@pytest.mark.parametrize("code", [code for code in sorted(CASES) if catalogue()[code].gated and code != "R042"])
def test_an_absence_is_no_flag_where_nobody_publishes_the_thing(code: str, tmp_path: Path) -> None:
    result = judge(tmp_path, [CASES[code][0]], code)
    assert list(result.flags()) == []
    assert result.not_computable[0]["code"] == code


def test_no_address_is_no_flag_where_nobody_publishes_streets(tmp_path: Path) -> None:
    without = rivals(A={"address": {}}, B={})
    assert list(judge(tmp_path, [without], "R042").flags()) == []
    with_one = rivals(A={"address": {}}, B={"address": {"streetAddress": "Main 1"}})
    assert values(judge(tmp_path, [with_one], "R042"), "R042") == {"p": 1.0}


def test_every_flag_has_a_case_and_a_full_entry() -> None:
    assert set(JUDGES) == set(CASES)
    assert set(FLAGS) == set(ELEVEN) | set(JUDGES) | set(MARKET) | set(SERIES)
    assert set(SETTINGS) <= set(FLAGS)
    for flag in catalogue().values():
        assert all([flag.title, flag.formula, flag.fields, flag.reference, flag.blind]), flag.code


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

"""Each flag of the guide beyond Cardinal's eleven: a process that raises it, and one that does not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from counterpoise.oversight.ocds.flags.cardinal import CODES as ELEVEN
from counterpoise.oversight.ocds.flags.catalogue import FLAGS, SETTINGS, catalogue
from counterpoise.oversight.ocds.flags.firms import JUDGES
from counterpoise.oversight.ocds.flags.market import CODES as MARKET
from counterpoise.oversight.ocds.flags.series import CODES as SERIES
from tests.oversight.audit_support import DIRECT, OPEN, award, bid, judge, paper, process, tender, usd, values


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

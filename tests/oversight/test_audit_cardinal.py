"""Cardinal's eleven indicators where the shared fixtures are silent: exclusions, fences, several bids, currencies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoise.oversight.ocds.flags._stats import high_fence, low_fence, quantile, quartiles
from tests.oversight.audit_support import award, bid, found, judge, process, usd, values


def contest(ocid: str, winning: float, second: float) -> dict[str, Any]:
    return process(ocid, bids=[bid("valid", "W", winning), bid("valid", "L", second)], awards=[award("W")])


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40), st.floats(0, 1))
def test_a_quantile_lies_within_the_sample_and_grows_with_the_share(sample: list[float], share: float) -> None:
    ordered = sorted(sample)
    assert ordered[0] <= quantile(ordered, share) <= ordered[-1]
    assert quantile(ordered, 0) <= quantile(ordered, share) <= quantile(ordered, 1)


def test_quartiles_are_those_that_the_documentation_prints() -> None:
    first, third = quartiles([100.0, 100.0, 0.0, 100.0, 100.0])
    assert (round(first, 4), third, round(low_fence(first, third), 4)) == (66.6667, 100.0, 16.6667)
    assert high_fence(2.0, 2.0) == 2.0


def test_the_winner_s_lowest_bid_counts_and_consortia_do_not(tmp_path: Path) -> None:
    joint = {**bid("valid", "L", 1.01), "tenderers": [{"id": "L"}, {"id": "M"}]}
    twice = process(
        "p", bids=[bid("valid", "W", 2), bid("valid", "W", 1), joint, bid("valid", "L", 3)], awards=[award("W")]
    )
    assert found(judge(tmp_path, [twice], "R058", "[R058]\nthreshold = 0.5\n"))["OCID"] == {"p": {"R058": 2.0}}


@pytest.mark.parametrize(
    "change",
    [
        {"awards": [award("W"), award("L")]},
        {"awards": [award("W"), award("L", status="pending")]},
        {"awards": [award("W"), {"status": "invalid"}]},
        {"awards": [award("W", "X")]},
        {"awards": [award("L")]},
        {"tender": {"status": "cancelled"}},
        {"ocid": 7},
    ],
)
def test_a_process_outside_the_rules_has_no_margin(change: dict[str, Any], tmp_path: Path) -> None:
    processes = [{**contest("p", 1, 1.01), **change}, contest("q", 1, 9)]
    assert found(judge(tmp_path, processes, "R024", "[R024]\nthreshold = 0.05\n")) == {}


def test_a_final_award_beside_the_active_one_keeps_the_margin(tmp_path: Path) -> None:
    one = {**contest("p", 1, 1.25), "awards": [award("W"), award("L", status="cancelled")]}
    groups = found(judge(tmp_path, [one], "R024", "[R024]\nthreshold = 0.25\n"))
    assert groups == {"OCID": {"p": {"R024": 0.25}}, "Tenderer": {"W": {"R024": 0.0}, "L": {"R024": 0.0}}}


def test_fences_at_nothing_flag_nobody(tmp_path: Path) -> None:
    even = [contest(str(number), 1, 1) for number in range(5)]
    assert found(judge(tmp_path, even, "R024,R058")) == {}


def test_the_main_currency_is_the_first_one_met_or_the_one_set(tmp_path: Path) -> None:
    euro = contest("e", 1, 1.5)
    for one in euro["bids"]["details"]:
        one["value"]["currency"] = "EUR"
    processes = [contest("d", 1, 1.5), euro]
    flags = "[R058]\nthreshold = 0.5\n"
    assert list(found(judge(tmp_path, processes, "R058", flags))["OCID"]) == ["d"]
    assert list(found(judge(tmp_path, processes, "R058", "currency = EUR\n" + flags))["OCID"]) == ["e"]


def test_a_winning_bid_of_nothing_gives_no_number(tmp_path: Path) -> None:
    result = judge(tmp_path, [contest("p", 0, 5), contest("q", 0, 0)], "R058", "[R058]\nthreshold = 1\n")
    assert found(result)["OCID"] == {"p": {"R058": None}}


def test_price_comparison_may_be_allowed_or_forbidden_by_details(tmp_path: Path) -> None:
    tied = [bid("valid", "A", 1), bid("valid", "B", 1)]
    processes = [process(name, bids=tied, tender={"procurementMethodDetails": name}) for name in ("x", "y")]
    processes.append(process("none", bids=tied))
    for settings, left in (
        ("no_price_comparison_procurement_methods = x|z\n", ["y", "none"]),
        ("price_comparison_procurement_methods = x|z\n", ["x"]),
        ("[exclusions]\nprocurement_method_details = x|y\n", ["none"]),
    ):
        assert list(found(judge(tmp_path, processes, "R028", settings))["OCID"]) == left


def test_the_lowest_bid_must_be_out_and_some_valid_bid_priced(tmp_path: Path) -> None:
    def one(ocid: str, *bids: Any, status: str = "active") -> dict[str, Any]:
        return process(ocid, bids=list(bids), awards=[{"status": status}])

    processes = [
        one("flag", bid("disqualified", "D", 1), bid("valid", "V", 2)),
        one("tie", bid("valid", "V", 1), bid("disqualified", "D", 1)),
        one("unpriced", bid("disqualified", "D", 1), bid("valid", "V")),
        one("withdrawn", bid("withdrawn", "X", 0.5), bid("valid", "V", 1), bid("disqualified", "D", 2)),
        one("not awarded", bid("disqualified", "D", 1), bid("valid", "V", 2), status="pending"),
    ]
    assert found(judge(tmp_path, processes, "R036")) == {"OCID": {"flag": {"R036": 1.0}}}


def test_a_tenderer_that_loses_too_often_is_named_once_per_process(tmp_path: Path) -> None:
    lost = [
        process(str(n), bids=[bid("valid", "F"), bid("valid", "F"), bid("valid", str(n))], awards=[award(str(n))])
        for n in range(5)
    ]
    won = process("won", bids=[bid("valid", "F")], awards=[award("F")])
    assert found(judge(tmp_path, [won, *lost], "R025")) == {"Tenderer": {"F": {"R025": 1 / 6}}}
    assert found(judge(tmp_path, [won, *lost], "R025", "[R025]\nthreshold = 0.1\n")) == {}
    assert found(judge(tmp_path, lost, "R025", "[R025]\nthreshold = 0.1\n")) == {"Tenderer": {"F": {"R025": 0.0}}}


def test_the_minimum_of_r038_is_held_against_bids(tmp_path: Path) -> None:
    processes = [process("p", bids=[bid("disqualified", "D"), bid("pending", "E")], buyer={"id": "B"})]
    settings = "[R038]\nthreshold = 0.5\nminimum_contracting_processes = 2\nminimum_submitted_bids = 1\n"
    groups = found(judge(tmp_path, processes, "R038", settings))
    assert groups == {"Buyer": {"B": {"R038": 0.5}}, "Tenderer": {"D": {"R038": 1.0}}}
    assert "Buyer" not in found(judge(tmp_path, processes, "R038", settings.replace("= 2", "= 3")))


def test_variety_counts_classes_and_processes_of_single_suppliers(tmp_path: Path) -> None:
    def supply(ocid: str, suppliers: list[str], *codes: Any) -> dict[str, Any]:
        return process(ocid, awards=[award(*suppliers, items=[{"classification": {"id": code}} for code in codes])])

    processes = [supply("1", ["S"], "10100000", "10200000"), supply("2", ["S"], "20100000", 30)]
    processes.append(supply("3", ["S", "T"], "40100000"))
    settings = "[R048]\nminimum_contracting_processes = 2\nthreshold = 2\n"
    assert found(judge(tmp_path, processes, "R048", settings)) == {"Tenderer": {"S": {"R048": 2.0}}}
    assert found(judge(tmp_path, processes, "R048", settings + "digits = 3\n")) == {"Tenderer": {"S": {"R048": 3.0}}}
    assert found(judge(tmp_path, processes, "R048", "[R048]\nthreshold = 1\n")) == {}


@pytest.mark.parametrize(
    ("start", "end", "short"),
    [
        ("2000-01-01T00:00:00Z", "2000-01-16T00:00:00+01:00", True),
        ("2000-01-01T00:00:00.5Z", "2000-01-16T00:00:00Z", True),
        ("2000-01-01T00:00:00Z", "2000-01-16T00:00:00Z", False),
        ("2000-01-01", "2000-01-02", False),
        ("2000-01-01T00:00:00", "2000-01-02T00:00:00", False),
        ("2000-02-30T00:00:00Z", "2000-03-01T00:00:00Z", False),
        ("2000-01-16T00:00:00Z", "2000-01-01T00:00:00Z", True),
    ],
)
def test_only_date_times_with_a_zone_make_a_submission_period(
    start: str, end: str, short: bool, tmp_path: Path
) -> None:
    one = process(tender={"tenderPeriod": {"startDate": start, "endDate": end}})
    assert bool(found(judge(tmp_path, [one], "R003"))) is short


def test_one_tenderer_is_the_number_one_and_not_true_or_one_point_nought(tmp_path: Path) -> None:
    processes = [
        process(str(count), tender={"numberOfTenderers": count, "procurementMethod": "open"})
        for count in (1, 1.0, True)
    ]
    assert found(judge(tmp_path, processes, "R018")) == {"OCID": {"1": {"R018": 1.0}}}
    assert found(judge(tmp_path, processes, "R018", "[R018]\nprocurement_methods = limited\n")) == {}


def test_data_of_any_shape_are_judged_without_a_fault(tmp_path: Path) -> None:
    odd: list[Any] = [None, 1, "x", [], {}, [None], [1], [[]], {"id": 1}, [{"id": None}], True]
    processes = [
        process(str(number), tender=one, awards=one, buyer=one, parties=one, contracts=one, complaints=one)
        | {"bids": {"details": one}}
        for number, one in enumerate(odd)
    ]
    processes += [
        process(f"b{number}", bids=[one, {"status": one, "tenderers": one, "value": one}])
        for number, one in enumerate(odd)
    ]
    processes += [process("big", bids=[{**bid("valid", "A"), "value": usd(10**400)}], awards=[award("A")])]
    assert judge(tmp_path, processes, "all").summary["processes"] == len(processes)


def test_values_of_a_flag_are_in_the_list_and_in_the_groups(tmp_path: Path) -> None:
    result = judge(tmp_path, [contest("p", 1, 1)], "R028")
    assert values(result, "R028") == {"p": 1.0, "L": 1.0, "W": 1.0}
    flag = next(result.flags())
    assert set(flag) == {"code", "scope", "id", "value", "explanation", "reference"}

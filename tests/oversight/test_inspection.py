"""The inspection game: closed forms, equilibrium conditions, optimality, blanks, and the leakage for `play`."""

from __future__ import annotations

from math import comb
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import scipy.optimize
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from counterpoise._errors import InputError, SolveError
from counterpoise.oversight.inspection import leakage, leakage_band
from counterpoise.oversight.inspection.game import Handlers, announced, unannounced, uniform, visits
from counterpoise.oversight.inspection.plan import plan_inspections
from tests.support import run_json


def handlers(stake: Any, cost: Any, penalty: Any = 1.0, detection: Any = 1.0, recovery: Any = 0.5) -> Handlers:
    size = len(stake)
    full = [
        np.broadcast_to(np.asarray(one, dtype=float), size).copy()
        for one in (stake, penalty, detection, recovery, cost)
    ]
    return Handlers(*full)


drawn = st.lists(
    st.tuples(*(st.floats(low, high) for low, high in ((10, 1000), (0, 2000), (0.2, 1), (0, 1), (1, 200)))),
    min_size=1,
    max_size=7,
).map(lambda rows: Handlers(*np.array(rows).T.copy()))


def test_one_handler_is_audited_at_the_rate_that_makes_diverting_worth_nothing() -> None:
    """r (detection) (stake + penalty) = stake: 100 / (0.8 x 250) = 0.5; unannounced, q = cost / recovery."""
    one = handlers([100.0], 10.0, penalty=150.0, detection=0.8)
    plan = announced(one, 1000)
    assert (plan.rate[0], plan.divert[0], plan.total) == (pytest.approx(0.5), 0, 0)
    hidden = unannounced(one, 1000)
    assert hidden.rate[0] == pytest.approx(0.5)
    assert hidden.divert[0] == pytest.approx(10 / (100 * 0.8 * 0.5))


def test_a_budget_deters_the_handlers_that_it_can_deter_most_cheaply() -> None:
    two = handlers([100.0, 300.0], [10.0, 10.0], penalty=[100.0, 300.0], recovery=0.0)
    plan = announced(two, 5.0)
    assert list(plan.divert) == [1, 0]
    assert plan.total == 100


@settings(max_examples=60, deadline=None)
@given(drawn, st.floats(0, 500))
def test_announced_rates_keep_the_budget_and_lose_no_more_than_the_other_plans(group: Handlers, budget: float) -> None:
    plan = announced(group, budget)
    assert plan.spent <= budget * (1 + 1e-6) + 1e-6
    assert np.all((plan.rate >= 0) & (plan.rate <= 1 + 1e-9))
    for other in (uniform(group, budget), unannounced(group, budget)):
        assert plan.total <= other.total + 1e-6 * (1 + other.total)


@settings(max_examples=40, deadline=None)
@given(drawn, st.floats(0, 300), st.floats(0, 200))
def test_more_money_for_audits_never_means_more_leakage(group: Handlers, budget: float, more: float) -> None:
    assert announced(group, budget + more).total <= announced(group, budget).total + 1e-6


@settings(max_examples=60, deadline=None)
@given(drawn, st.floats(1, 500))
def test_unannounced_rates_are_an_equilibrium(group: Handlers, budget: float) -> None:
    """No handler gains by acting otherwise, and no other spending of the budget recovers more against these chances."""
    plan = unannounced(group, budget)
    gain = group.stake - plan.rate * group.detection * (group.stake + group.penalty)
    tight = 1e-6 * group.stake
    assert np.all((plan.divert <= 0) | (gain >= -tight))
    assert np.all((plan.divert >= 1) | (gain <= tight))
    worth = plan.divert * group.stake * group.detection * group.recovery - group.cost
    best: Any = linprog(-worth, A_ub=group.cost[None, :], b_ub=[budget], bounds=[(0, 1)] * len(worth))
    assert worth @ plan.rate == pytest.approx(-best.fun, abs=1e-6 * (1 + abs(best.fun)))


@pytest.mark.parametrize("periods", range(1, 9))
def test_a_year_of_visits_has_dresher_s_closed_form(periods: int) -> None:
    """Solved backwards by 2 x 2 games, the value is - C(n-1, m) / sum of C(n, i), i = 0..m, and the rate equalises."""
    value: dict[tuple[int, int], float] = {}
    for n in range(periods + 1):
        for m in range(n + 1):
            if m == n:
                value[n, m] = 0.0
            elif m == 0:
                value[n, m] = -1.0
            else:
                spent, kept = value[n - 1, m - 1], value[n - 1, m]
                value[n, m] = (kept + spent) / (2 + kept - spent)
                assert visits(n, m)[1] == pytest.approx(value[n, m])
                rate = visits(n, m)[0]
                assert rate * 1 + (1 - rate) * -1 == pytest.approx(rate * spent + (1 - rate) * kept)
                assert value[n, m] == pytest.approx(-comb(n - 1, m) / sum(comb(n, i) for i in range(m + 1)))
    assert visits(periods, periods) == (1.0, 0.0)
    assert visits(periods, 0) == (0.0, -1.0)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0.05, 1), st.floats(0, 3), st.floats(0, 1))
def test_leakage_falls_with_the_rate_and_stays_a_share(
    low: float, high: float, detection: float, penalty: float, recovery: float
) -> None:
    low, high = sorted((low, high))
    told = {"detection": detection, "penalty_ratio": penalty, "recovery": recovery, "noise": 0.3}
    first, second = leakage([low, high], at_risk=0.1, **told)
    assert 0 <= second <= first + 1e-12 <= 0.1 + 1e-12


def test_leakage_jumps_at_the_deterring_rate_where_handlers_calculate() -> None:
    told: dict[str, float] = {"at_risk": 1.0, "detection": 0.5, "penalty_ratio": 3.0, "recovery": 0.0, "noise": 1e-4}
    assert leakage(0.49, **told) == pytest.approx(1)
    assert leakage(0.51, **told) == pytest.approx(0)
    with pytest.raises(ValueError, match="rate"):
        leakage(1.2, **told)


def test_the_band_of_leakage_is_wide_and_ordered() -> None:
    none, some = leakage_band(0.0), leakage_band(0.5)
    assert none["p05"] < none["p50"] < none["p95"]
    assert some["p50"] < none["p50"]
    assert leakage_band(0.5, seed=1) == leakage_band(0.5, seed=1)


CSV = "id,stake,cost,penalty,detection,recovery\na,100,10,100,1,0.5\nb,400,10,,0.5,0.5\n"


def test_a_file_with_blanks_says_what_it_assumes_and_gives_a_band(tmp_path: Path) -> None:
    path = tmp_path / "h.csv"
    path.write_text(CSV, encoding="utf-8")
    body = plan_inspections(path, budget=8).body()
    assert body["assumed"]["penalty_ratio"]["handlers"] == ["b"]
    assert body["expected_leakage_band"]["p05"] <= body["expected_leakage_band"]["p95"]
    assert body["without_audits"] == 500
    assert body["expected_leakage"] < body["at_one_rate_for_all"] <= 500


def test_toml_and_csv_give_the_same_plan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table, tree = tmp_path / "h.csv", tmp_path / "h.toml"
    table.write_text("id,stake,cost,penalty,detection,recovery\na,100,10,100,1,0.5\n", encoding="utf-8")
    text = 'budget = 5\n[[handler]]\nid = "a"\nstake = 100\ncost = 10\npenalty = 100\ndetection = 1\nrecovery = 0.5\n'
    tree.write_text(text, encoding="utf-8")
    code, first = run_json(capsys, "inspect", str(table), "--budget", "5")
    other = run_json(capsys, "inspect", str(tree))[1]
    assert (code, first["rates"]) == (0, other["rates"])
    assert first["deterred"] == ["a"]
    hidden = run_json(capsys, "inspect", str(tree), "--unannounced")[1]
    assert hidden["expected_leakage"] > first["expected_leakage"]


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("h.csv", "id,stake,cost\na,100,-1\n", "E850"),
        ("h.csv", "id,stake,cost\na,100,ten\n", "E850"),
        ("h.csv", "id,stake,cost\na,100,\n", "E850"),
        ("h.csv", "id,stake,cost\na,1,1\na,1,1\n", "E850"),
        ("h.csv", "id,stake,cost,detection\na,1,1,2\n", "E850"),
        ("h.csv", "id,stake,cost\n", "E850"),
        ("h.csv", "id,stake\na,1\n", "E202"),
        ("h.toml", "budget = true", "E850"),
        ("h.toml", "x = [", "E850"),
        ("h.toml", "[[handler]]\nid = 'a'\nstake = 1\ncost = 1\nprice = 2", "E850"),
        ("h.csv", "id,stake,cost\na,1,1\n", "E851"),
    ],
)
def test_faulty_files_and_a_missing_budget_are_refused(name: str, text: str, code: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        plan_inspections(path)
    assert {fault.code for fault in caught.value.faults} == {code}


def test_a_plan_that_is_not_proven_is_no_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scipy.optimize, "milp", lambda *_, **__: SimpleNamespace(status=1, message="time limit"))
    with pytest.raises(SolveError) as caught:
        announced(handlers([1.0], 1.0), 1)
    assert caught.value.code == "E852"


def test_whom_no_rate_deters_is_told_with_the_penalty_and_the_detection_that_would(tmp_path: Path) -> None:
    """r d (s + p) = s at r = 1: p = s (1 / d - 1) = 900 and d = s / (s + p) = 0.9; either makes the rate exactly 1."""
    path = tmp_path / "handlers.csv"
    path.write_text(
        "id,stake,cost,penalty,detection,recovery\na,900,10,100,0.5,0\nb,900,10,900,1,0\n", encoding="utf-8"
    )
    plan = plan_inspections(path, budget=1)
    (row,) = plan.beyond
    assert (row["id"], row["penalty_needed"], row["detection_needed"]) == ("a", 900, 0.9)
    for change in ({"penalty": 900}, {"detection": 0.9}):
        mended = {"stake": [900.0], "cost": 10.0, "penalty": 100, "detection": 0.5} | change
        assert handlers(mended.pop("stake"), **mended).deterring_rate[0] == pytest.approx(1)
    said = " ".join(plan.said())
    assert "No rate of audits deters 1 of 2 handlers" in said
    assert "a penalty of 900 (now 100), or audits that find 90 per cent of diversions (now 50)" in said
    assert "A budget of 5 would deter the 1 who can be." in said
    assert not plan_inspections(path, budget=5).plan.divert[1]


def test_where_every_handler_can_be_deterred_nothing_is_said_to_be_beyond(tmp_path: Path) -> None:
    path = tmp_path / "handlers.csv"
    path.write_text("id,stake,cost,penalty,detection,recovery\nb,900,10,900,1,0\n", encoding="utf-8")
    plan = plan_inspections(path, budget=100)
    assert plan.beyond == []
    assert len(plan.said()) == 1

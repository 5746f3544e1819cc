"""The short-run quantity method: its arithmetic, its bounds, and what it refuses."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoise._errors import InputError
from counterpoise.channels.trade.shortrun import short_run, short_run_loss, short_run_settings

flows = st.floats(0.0, 1e6)
shares = st.floats(0.0, 1.0)
factors = st.floats(1.0, 10.0)
limits = st.one_of(st.floats(0.0, 1e6), st.just(np.inf))
cases = st.tuples(flows, shares, factors, limits, shares)


def test_what_does_not_fit_through_third_countries_is_lost_at_the_value_added_share() -> None:
    answer = short_run(200.0, 0.5, 1.1, 60.0, 0.4)
    assert float(answer.rerouted) == 60.0  # the capacity binds, not the half
    assert float(answer.extra_cost) == pytest.approx(6.0)
    assert float(answer.forgone) == pytest.approx(56.0)
    assert float(answer.loss) == pytest.approx(62.0)


def test_a_detour_dearer_than_the_value_added_is_not_taken_up_at_a_greater_loss() -> None:
    assert float(short_run_loss(100.0, 1.0, 3.0, np.inf, 0.4)) == pytest.approx(40.0)


@given(cases)
def test_the_loss_lies_between_nothing_and_the_value_added_of_the_flow(case: tuple[float, ...]) -> None:
    loss = float(short_run_loss(*case))
    assert 0.0 <= loss <= case[0] * case[4] * (1.0 + 1e-12)


@given(shares, factors, limits, shares)
def test_no_flow_no_loss(share: float, factor: float, limit: float, value: float) -> None:
    assert float(short_run_loss(0.0, share, factor, limit, value)) == 0.0


@given(cases, cases)
def test_the_loss_rises_with_flow_cost_and_value_added_and_falls_with_rerouting(
    case: tuple[float, ...], other: tuple[float, ...]
) -> None:
    for place, sign in enumerate((1, -1, 1, -1, 1)):
        low, high = sorted((case[place], other[place]))
        ends = [float(short_run_loss(*case[:place], end, *case[place + 1 :])) for end in (low, high)]
        slack = 1e-9 * max(1.0, *ends)
        assert sign * (ends[1] - ends[0]) >= -slack


def test_draws_are_broadcast_and_each_is_its_own() -> None:
    flow, share = np.array([[10.0], [20.0]]), np.array([0.0, 0.5, 1.0])
    loss = short_run_loss(flow, share, 1.2, np.inf, 0.5)
    assert loss.shape == (2, 3)
    assert loss[1, 1] == short_run_loss(20.0, 0.5, 1.2, np.inf, 0.5)


@given(
    flows,
    *(st.lists(shares, min_size=3, max_size=3).map(sorted) for _ in range(2)),
    st.lists(factors, min_size=3, max_size=3).map(sorted),
    st.lists(limits, min_size=3, max_size=3).map(sorted),
)
def test_losses_never_fall_from_mild_to_central_to_severe(
    flow: float, share: list[float], value: list[float], factor: list[float], limit: list[float]
) -> None:
    answers = short_run_settings(
        flow,
        reroute_share=(share[0], share[1], share[2]),
        reroute_cost_factor=(factor[0], factor[1], factor[2]),
        capacity=(limit[0], limit[1], limit[2]),
        value_added_share=(value[0], value[1], value[2]),
    )
    assert list(answers) == ["mild", "central", "severe"]
    losses = [float(answer.loss) for answer in answers.values()]
    assert losses[0] <= losses[1] * (1 + 1e-12) + 1e-12
    assert losses[1] <= losses[2] * (1 + 1e-12) + 1e-12


def test_arguments_out_of_range_are_refused_all_at_once() -> None:
    with pytest.raises(InputError) as caught:
        short_run(-1.0, 1.2, [1.1, 0.9], np.nan, [0.2, 2.0])
    assert [fault.code for fault in caught.value.faults] == ["E204"] * 5
    assert [fault.where for fault in caught.value.faults] == [
        "flow_removed",
        "reroute_share",
        "reroute_cost_factor",
        "capacity",
        "value_added_share",
    ]


def test_an_infinite_flow_is_refused_and_an_infinite_capacity_is_not() -> None:
    with pytest.raises(InputError, match="flow_removed"):
        short_run(np.inf, 0.5, 1.1, 1.0, 0.5)
    assert float(short_run_loss(10.0, 1.0, np.inf, np.inf, 0.5)) == 5.0


def test_a_range_out_of_order_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        short_run_settings(
            1.0,
            reroute_share=(0.5, 0.2, 0.9),
            reroute_cost_factor=(1.0, 1.1, 1.2),
            capacity=(2.0, 1.0, 0.0),
            value_added_share=(0.2, 0.3, 0.4),
        )
    assert [(fault.code, fault.where) for fault in caught.value.faults] == [
        ("E204", "reroute_share"),
        ("E204", "capacity"),
    ]

"""The people channel, arithmetic alone: closed forms by hand, laws over random rules, refusals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoise._errors import InputError
from counterpoise.channels.people.forms import (
    FULL_WITHDRAWAL,
    Rules,
    first_year_loss,
    flow_stopped,
    keep_cost,
    lasting_loss,
    offer_cost,
    offer_gain,
    output_beyond_wages,
    returnees,
    sent_home,
    year_between,
)

share = st.floats(0.0, 1.0)
rules = st.builds(Rules, share, share, share)


def test_a_full_withdrawal_stops_every_transfer_and_spares_only_those_with_the_passport() -> None:
    citizens = np.array([0.0, 0.3, 1.0])
    np.testing.assert_array_equal(flow_stopped(FULL_WITHDRAWAL, citizens), 1.0)
    np.testing.assert_allclose(sent_home(FULL_WITHDRAWAL, citizens), [1.0, 0.7, 0.0])


def test_expulsion_alone_leaves_the_money_of_the_naturalised() -> None:
    """Of 100 people 40 are citizens; all 60 others go, and 40 keep sending."""
    assert float(flow_stopped(Rules(transfers_stopped=0.0), 0.4)) == pytest.approx(0.6)


def test_naturalising_first_saves_people_from_expulsion_but_they_send_less() -> None:
    """Of 60 foreigners 30 get the passport and send half; the other 30 go: 40 + 15 of 100 still come."""
    act = Rules(expelled=1.0, transfers_stopped=0.0, naturalised_now=0.5)
    assert float(sent_home(act, 0.4)) == pytest.approx(0.3)
    assert float(flow_stopped(act, 0.4, 0.5)) == pytest.approx(0.45)


def test_stopping_the_money_alone_sends_nobody_home() -> None:
    act = Rules(expelled=0.0, transfers_stopped=0.7)
    assert float(sent_home(act, 0.4)) == 0.0
    assert float(flow_stopped(act, 0.4)) == pytest.approx(0.7)


def test_doing_nothing_costs_nothing() -> None:
    nothing = Rules(expelled=0.0, transfers_stopped=0.0)
    assert float(flow_stopped(nothing, 0.4)) == pytest.approx(0.0)
    assert float(sent_home(nothing, 0.4)) == 0.0


@given(rules, share, share)
def test_shares_stay_shares_and_no_rule_stops_more_than_the_full_withdrawal(
    act: Rules, citizens: float, sends: float
) -> None:
    assert -1e-12 <= float(flow_stopped(act, citizens, sends)) <= 1 + 1e-12
    assert 0 <= float(sent_home(act, citizens)) <= float(sent_home(FULL_WITHDRAWAL, citizens)) + 1e-12


@given(rules, share, share, share)
def test_expelling_more_never_stops_less_money(act: Rules, more: float, citizens: float, sends: float) -> None:
    harder = Rules(max(act.expelled, more), act.transfers_stopped, act.naturalised_now)
    assert float(flow_stopped(harder, citizens, sends)) >= float(flow_stopped(act, citizens, sends)) - 1e-12


def test_the_yearly_flow_is_triangular_between_two_years_with_its_peak_at_the_newest() -> None:
    """Mean (2 newest + reference) / 3, whichever of the two is larger."""
    draw = (np.arange(200_000) + 0.5) / 200_000
    for newest, reference in ((270.0, 727.0), (900.0, 300.0)):
        flow = year_between(newest, reference, draw)
        assert flow.mean() == pytest.approx((2 * newest + reference) / 3, rel=1e-4)
        assert min(newest, reference) <= flow.min() <= flow.max() <= max(newest, reference)


def test_losses_by_hand() -> None:
    """300 mn: 330 in the first year at 1.1, 180 by year five when 40 % comes by other ways."""
    assert float(first_year_loss(300.0, 1.1)) == pytest.approx(330.0)
    assert float(lasting_loss(300.0, 0.4)) == pytest.approx(180.0)


def test_a_client_that_sends_more_than_it_gets_gains() -> None:
    assert float(first_year_loss(-3.0, 1.2)) < 0
    assert float(lasting_loss(-3.0, 0.5)) < 0


def test_returnees_and_their_keep_by_hand() -> None:
    """50,000 people, 60 % without the passport, half of them back, half of these idle: 7,500 at 2,000 dollars."""
    idle = returnees(50_000, 0.6, 0.5, 0.5)
    assert float(idle) == pytest.approx(7_500)
    assert float(keep_cost(idle, 2_000)) == pytest.approx(15.0)


def test_the_patron_loses_what_workers_make_beyond_their_pay() -> None:
    """330 mn sent home is 30 % of 1,100 mn pay; at a labour share of a half they make as much again; 20 % replaced."""
    assert float(output_beyond_wages(330.0, 0.3, 0.5, 0.2)) == pytest.approx(880.0)


def test_the_patron_loses_nothing_where_labour_takes_all_output_or_everyone_is_replaced() -> None:
    assert float(output_beyond_wages(330.0, 0.3, 1.0, 0.0)) == 0.0
    assert float(output_beyond_wages(330.0, 0.3, 0.5, 1.0)) == 0.0


def test_an_offer_without_services_mirrors_a_withdrawal_for_the_patron() -> None:
    draws = np.array([10.0, 20.0])
    np.testing.assert_allclose(offer_cost(draws, 0.3, 0.5, 0.2, 0.0), -output_beyond_wages(draws, 0.3, 0.5, 0.2))


def test_an_offer_by_hand() -> None:
    """330 mn growing by 40 % is 132, of which a quarter in the first year; pay 440, services 44, output beyond 352."""
    assert float(offer_gain(330.0, 0.4)) == pytest.approx(132.0)
    assert float(offer_gain(330.0, 0.4, 0.25)) == pytest.approx(33.0)
    assert float(offer_cost(132.0, 0.3, 0.5, 0.2, 0.1)) == pytest.approx(44.0 - 352.0)


def test_arguments_out_of_range_are_named_all_at_once_as_e204() -> None:
    with pytest.raises(InputError) as caught:
        output_beyond_wages(-1.0, 0.0, 1.2, 2.0)
    assert caught.value.code == "E204"
    assert [fault.where for fault in caught.value.faults] == [
        "gross_flow",
        "remitted_share",
        "labour_share",
        "replaced_share",
    ]


def test_rules_that_are_no_shares_are_refused() -> None:
    with pytest.raises(InputError) as caught:
        sent_home(Rules(expelled=1.5, transfers_stopped=float("nan")), 0.4)
    assert [fault.where for fault in caught.value.faults] == ["expelled", "transfers_stopped"]

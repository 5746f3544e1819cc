"""The capital channel: closed forms, monotone in every input, and unknown where nothing is on record."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoise.channels.capital import channel
from counterpoise.channels.capital.forms import delivery_rate, lost_capital, sudden_stop
from counterpoise.channels.shape import Ask, Effect, StructuralZero, Unknown
from counterpoise.region import Region
from counterpoise.region.draws import Assumptions

shares = st.floats(0, 1)
money = st.floats(0, 1e6)


def ask(region: Region, patron: str, client: str, horizon: str = "short") -> Ask:
    return Ask(region, patron, client, horizon, Assumptions(region, seed=1, count=200))


@given(money, money, shares)
def test_a_sudden_stop_costs_no_more_than_what_came(inflow: float, aid: float, share: float) -> None:
    loss = sudden_stop(np.array([inflow]), np.array([aid]), np.array([share]))[0]
    assert 0 <= loss <= inflow + aid
    assert sudden_stop(np.array([0.0]), np.array([0.0]), np.array([share]))[0] == 0


@given(money, shares, shares)
def test_lost_capital_lies_between_nothing_and_five_years_of_flow(inflow: float, decay: float, replaced: float) -> None:
    lost = lost_capital(np.array([inflow]), np.array([decay]), np.array([replaced]))[0]
    assert 0 <= lost <= 5 * inflow * (1 + 1e-12)
    assert lost_capital(np.array([inflow]), np.array([decay]), np.array([1.0]))[0] == 0


def test_a_delivery_rate_is_paid_over_announced_and_never_above_one() -> None:
    assert delivery_rate(200, 50) == 0.25
    assert delivery_rate(100, 150) == 1.0
    assert delivery_rate(0, 10) == 0.0


def test_a_pair_without_any_figure_is_unknown_and_says_what_would_fill_it(caucasus: Region) -> None:
    answer = channel.withdraw(ask(caucasus, "CHN", "ARM"))
    assert isinstance(answer, Unknown)
    assert "CHN" in " ".join(answer.needs)


def test_stopping_aid_saves_the_sender_money(caucasus: Region) -> None:
    answer = channel.withdraw(ask(caucasus, "EU", "GEO"))
    assert isinstance(answer, Effect)
    assert np.median(answer.client) > 0
    assert np.median(answer.sender) < 0


def test_the_european_union_counts_what_its_members_give_and_invest(caucasus: Region) -> None:
    answer = channel.withdraw(ask(caucasus, "EU", "ARM"))
    assert isinstance(answer, Effect)
    donors = {
        figure.object for name in answer.facts if (figure := caucasus.figure(name)) and figure.quantity == "oda_net"
    }
    assert {"DEU", "FRA"} <= donors


def test_more_aid_never_means_less_exposure(caucasus: Region) -> None:
    before = channel.withdraw(ask(caucasus, "USA", "ARM"))
    assert isinstance(before, Effect)
    aid = [name for name in before.facts if (figure := caucasus.figure(name)) and figure.quantity == "oda_net"]
    doubled = caucasus.what_if({name: {"value": 2 * caucasus.row(name).value} for name in aid})
    after = channel.withdraw(ask(doubled, "USA", "ARM"))
    assert isinstance(after, Effect)
    assert np.all(after.client >= before.client)


def test_what_is_announced_and_paid_are_told_apart_in_an_offer(caucasus: Region) -> None:
    answer = channel.offer(ask(caucasus, "USA", "ARM", "long"))
    assert isinstance(answer, Effect)
    assert answer.physical["paid_usd_mn"] < answer.physical["pledged_usd_mn"]
    assert 0 < answer.physical["chance"] < 1
    assert np.median(answer.client) > 0
    early = channel.offer(ask(caucasus, "USA", "ARM", "short"))
    assert isinstance(early, Effect)
    assert np.all(early.client == 0)


def test_without_a_pledge_there_is_no_offer(caucasus: Region) -> None:
    assert isinstance(channel.offer(ask(caucasus, "IRN", "GEO")), StructuralZero)


@pytest.mark.parametrize("horizon", ["short", "long"])
def test_a_missing_assumption_leaves_the_cell_unknown(caucasus: Region, horizon: str) -> None:
    asked = ask(caucasus, "RUS", "ARM", horizon)
    asked.assumptions._rows.pop("capital:demand_share")
    assert isinstance(channel.withdraw(asked), Unknown)

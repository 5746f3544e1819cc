"""What protection is worth: numbers by hand, and laws that hold for any draw."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoise._errors import InputError
from counterpoise.channels.security.forms import (
    Rival,
    attack_loss,
    catastrophe,
    expected_loss,
    prevented,
    protection,
    readiness_lost,
    stock_share,
)

SHARE = st.floats(0, 1)


def rival(name: str, hazard: float, loss: float = 4.0, catastrophic: float = 0.1) -> Rival:
    return Rival(name, *(np.array([value]) for value in (hazard, loss, catastrophic, 30.0)))


def test_the_expected_loss_by_hand() -> None:
    """0.1 x 4 x (1 - 0.5) + 0.2 x 4 x (1 - 0) is 1 per cent of GDP a year."""
    rivals = [rival("A", 0.1), rival("B", 0.2)]
    found = expected_loss(rivals, {"A": np.array([0.5]), "B": np.array([0.0])})
    np.testing.assert_allclose(found, [1.0])
    worse = expected_loss(rivals, {"A": np.array([0.5]), "B": np.array([0.0])}, 0.1)
    np.testing.assert_allclose(worse, [1.1])


def test_the_chance_of_catastrophe_by_hand() -> None:
    rivals = [rival("A", 0.1), rival("B", 0.2)]
    found = catastrophe(rivals, {"A": np.array([0.5]), "B": np.array([0.0])})
    np.testing.assert_allclose(found, [1 - (1 - 0.005) * (1 - 0.02)])


def test_guarantors_together_prevent_no_more_than_all_attacks() -> None:
    np.testing.assert_allclose(prevented([np.array([0.7]), np.array([0.6])], 1), [1.0])
    np.testing.assert_allclose(prevented([], 2), [0.0, 0.0])


@given(SHARE, SHARE, SHARE)
def test_a_promise_never_invites_attack_and_a_vaguer_one_protects_less(
    belief: float, effect: float, ambiguity: float
) -> None:
    firm, vague = protection(belief, effect, 0.0), protection(belief, effect, ambiguity)
    assert 0 <= float(vague) <= float(firm) <= 1


def test_the_loss_of_an_attack_is_the_mean_over_the_rungs() -> None:
    shares = {"onset": 0.5, "fatal": 0.4, "territorial": 0.1}
    losses = {"onset": 0.1, "fatal": 1.0, "territorial": 20.0}
    assert float(attack_loss(shares, losses)) == pytest.approx(2.45)


def test_old_deliveries_count_less_than_new_ones() -> None:
    assert float(stock_share([1.0, 0.0], 0.9)) > 0.5 > float(stock_share([0.0, 1.0], 0.9))
    assert float(stock_share([0.3, 0.3, 0.3], 0.8)) == pytest.approx(0.3)
    assert float(stock_share([1.0, 0.0], 1.0)) == 0.5


@given(SHARE, SHARE, SHARE, st.floats(0, 10))
def test_readiness_lost_grows_with_time_and_never_exceeds_the_suppliers_stock(
    stock: float, slow: float, fast: float, years: float
) -> None:
    decay, mix = {"guns": slow, "aircraft": fast}, {"guns": 3.0, "aircraft": 1.0}
    now, later = (float(readiness_lost(stock, decay, mix, span)) for span in (years, years + 1))
    assert 0 <= now <= later + 1e-12 <= stock + 2e-12


def test_shares_out_of_bounds_are_refused_at_once_with_E204() -> None:
    with pytest.raises(InputError) as caught:
        protection(-0.1, 1.1, np.array([0.5, 2.0]))
    assert [fault.code for fault in caught.value.faults] == ["E204"] * 3

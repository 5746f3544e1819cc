"""Single promises, the exposure of arms transfers, and the guard of a corridor."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from counterpoise._errors import InputError
from counterpoise.channels.security.channel import withdraw
from counterpoise.channels.security.fault_tree import Gate, chance, events, importance, minimal_cut_sets
from counterpoise.channels.security.value import (
    EXPOSURE,
    GUARD,
    guard_corridor,
    guard_of_region,
    promise_values,
    technology_exposure,
)
from counterpoise.channels.shape import Effect, Unknown
from counterpoise.region.draws import Assumptions
from tests.channels.people_support import ask
from tests.channels.security_support import HALF, promise, security_region
from tests.channels.test_security_region import FIXED

TREE = Gate(
    "top", "any", ("a", Gate("x", "all", ("b", "c", "a")), Gate("y", "all", (Gate("z", "any", ("b", "d")), "c")))
)


def happens(tree: Gate, there: frozenset[str]) -> bool:
    found = [part in there if isinstance(part, str) else happens(part, there) for part in tree.parts]
    return all(found) if tree.kind == "all" else any(found)


def test_every_minimal_cut_set_brings_the_loss_about_and_no_part_of_it_does() -> None:
    cuts = minimal_cut_sets(TREE)
    assert [sorted(cut) for cut in cuts] == [["a"], ["b", "c"], ["c", "d"]]
    for cut in cuts:
        assert happens(TREE, cut)
        assert not any(happens(TREE, cut - {name}) for name in cut)
    for size in range(5):
        for group in combinations(events(TREE), size):
            assert happens(TREE, frozenset(group)) == any(cut <= frozenset(group) for cut in cuts)


def test_the_chance_of_a_tree_by_hand_counts_a_shared_event_once() -> None:
    shares = {name: np.array([0.5]) for name in "abcd"}
    # 1 - (1 - 0.5)(1 - 0.5 x 0.75)
    np.testing.assert_allclose(chance(TREE, shares), [1 - 0.5 * (1 - 0.375)])
    np.testing.assert_allclose(importance(TREE, shares)["a"], [0.6875 - 0.375])


def test_trees_without_chances_or_with_too_many_events_are_refused_with_E446() -> None:
    with pytest.raises(InputError) as caught:
        chance(TREE, {"a": np.array([0.5]), "b": np.array([1.5]), "c": np.array([0.1])})
    assert [fault.code for fault in caught.value.faults] == ["E446"] * 2
    with pytest.raises(InputError, match="E446"):
        minimal_cut_sets(Gate("wide", "any", tuple(f"e{k}" for k in range(19))))


def test_the_exposure_of_arms_names_the_four_pairs_that_must_go_wrong(lakeland: Path) -> None:
    ranges = {f"security:technology:{event}:LKE:STH": 0.5 for event in events(EXPOSURE)}
    region = security_region(lakeland, ranges=ranges)
    found = technology_exposure(region, "LKE", "STH", Assumptions(region, seed=0, count=4))
    assert not isinstance(found, Unknown)
    np.testing.assert_allclose(found.chance, 1 - 0.75**4)
    assert [len(cut) for cut in found.cut_sets] == [2, 2, 2, 2]
    assert isinstance(technology_exposure(region, "LKE", "NRT", Assumptions(region, seed=0, count=4)), Unknown)


def test_a_single_promise_is_worth_what_its_withdrawal_costs(lakeland: Path) -> None:
    restraint = promise("p:2", "STH", "LKE", 0.1).replace("defence pact", "non-aggression")
    promises = (promise("p:1", "NRT", "LKE", 0.25), restraint)
    region = security_region(lakeland, promises=promises, facts=(HALF,), ranges=FIXED)
    question = ask(region, "short")
    found = promise_values(region, "LKE", question.assumptions)
    assert not isinstance(found, Unknown)
    assert [value.commitment for value in found] == ["p:1"]
    answer = withdraw(question)
    assert isinstance(answer, Effect)
    np.testing.assert_allclose(found[0].worth, answer.client)
    np.testing.assert_allclose(found[0].vagueness_costs, found[0].worth / 3)


def test_without_ranges_or_rivals_promises_have_no_known_worth(lakeland: Path) -> None:
    region = security_region(lakeland, ranges={})
    found = promise_values(region, "LKE", Assumptions(region, seed=0, count=4))
    assert isinstance(found, Unknown)
    assert "security:all_disputes:LKE:RIVAL" in found.needs[0]


def test_boats_break_even_where_what_they_save_pays_for_them() -> None:
    guard = guard_corridor(1000.0, 0.1, np.array([0.2, 0.0]), 0.5, 0.3, 1.0)
    saved = 10.0 * (1 - 0.7 ** np.arange(61))
    np.testing.assert_allclose(guard.saved[:, 0], saved)
    assert guard.break_even.tolist() == [9, 0]
    assert guard.best.tolist() == [4, 0]
    with pytest.raises(InputError, match="E204"):
        guard_corridor(1000.0, 1.5, 0.2, 0.5, 0.3, 1.0)


def test_the_first_boat_pays_from_the_hazard_at_which_what_it_saves_is_its_price() -> None:
    """2 USD mn a boat; 1000 x 0.1 x 0.5 x 0.2 = 10 saved for certain interdiction: pays from 0.2 on."""
    for hazard, boats in ((0.19, 0), (0.21, 1)):
        guard = guard_corridor(1000.0, 0.1, hazard, 0.5, 0.2, 2.0)
        assert float(guard.pays_from) == pytest.approx(0.2)
        assert (int(guard.break_even) > 0) == bool(boats)
    never = guard_corridor(1000.0, 0.1, 0.5, 0.5, 0.0, 2.0)
    assert np.isinf(never.pays_from)


def test_a_corridor_of_a_region_is_guarded_from_its_ranges(lakeland: Path) -> None:
    values = dict(zip(GUARD, (1000.0, 0.1, 0.2, 0.5, 0.3, 1.0), strict=True))
    region = security_region(lakeland, ranges={f"security:lake_{name}": value for name, value in values.items()})
    draws = Assumptions(region, seed=0, count=3)
    found = guard_of_region(region, "lake", draws)
    assert not isinstance(found, Unknown)
    assert found.break_even.tolist() == [9, 9, 9]
    assert isinstance(guard_of_region(region, "sea", draws), Unknown)

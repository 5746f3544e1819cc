"""Links opened and closed, plants in and out: exposures change through the engines, and so does what they bring."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from counterpoise.channels.shape import Ask
from counterpoise.channels.transit.channel import offer
from counterpoise.play._block import quarters_of
from counterpoise.play._chance import Chance
from counterpoise.play._plan import BASELINE
from counterpoise.play._response import _with, changes_of, respond_changed, unknown_gains
from counterpoise.play._structures import brought, by_hand
from counterpoise.region import CHANNELS, Region, open_region
from counterpoise.region._scenario import Move
from counterpoise.region.draws import Assumptions
from tests.play import toy

DRAWS = 12


@pytest.fixture(scope="module")
def region() -> Region:
    return open_region("south-caucasus")


def structure(kind: str, **own: Any) -> Move:
    base = {"id": "it", "kind": kind, "date": "2027-02-01", "target": ("ARM",), "judgement": "made up"}
    return Move(**base | own)


def gain(region: Region, *moves: Move, client: str = "ARM") -> np.ndarray:
    changes = tuple(changes_of(region, moves).values())
    steps = [_with(region, changes[: k + 1]) for k in range(len(changes))]
    return brought(region, steps, changes, client, Assumptions(region, seed=0, count=DRAWS))


# --- what the engines say ---------------------------------------------------------------------------------------------


def test_opening_the_turkish_border_brings_what_the_transit_engine_offers(region: Region) -> None:
    found = gain(region, structure("open_link", links=("@arm_tur",)))[:, 0]
    ask = Ask(region, "TUR", "ARM", "short", Assumptions(region, seed=0, count=DRAWS))
    assert np.median(found) == pytest.approx(offer(ask).physical["gain_once_open_pct_gdp"], rel=1e-9)
    assert (found > 0).all()


def test_closing_the_southern_road_costs_and_two_openings_add_up_to_both_together(region: Region) -> None:
    assert (gain(region, structure("close_link", links=("@meghri",)))[:, 0] <= 0).all()
    east, west = (structure("open_link", id=f"to-{tag}", links=(f"@arm_{tag}",)) for tag in ("aze", "tur"))
    one_way, other_way = gain(region, east, west), gain(region, west, east)
    assert one_way.sum(axis=1) == pytest.approx(other_way.sum(axis=1))
    assert (one_way.sum(axis=1) >= np.maximum(one_way[:, 0], other_way[:, 0]) - 1e-12).all()


def test_a_plant_that_goes_raises_the_bill_of_its_own_country_alone(region: Region) -> None:
    out = structure("plant_out", plants=("arm_metsamor",))
    assert (gain(region, out)[:, 0] < 0).all()
    assert (gain(region, out, client="GEO") == 0).all()


def test_a_new_plant_saves_on_bills_and_costs_its_building(region: Region) -> None:
    new = {"name": "A plant", "fuel": "uranium", "supplier": "USA", "unit": "MW"}
    small, large = (gain(region, structure("plant_in", size=size, **new))[:, 0] for size in (100.0, 300.0))
    # American reactors as the region prices them cost more than the gas and power they replace.
    assert (large < small).all()
    wind = gain(region, structure("plant_in", size=100.0, name="A plant", fuel="wind", unit="MW"))
    assert np.isnan(wind).all()


@pytest.mark.slow
def test_a_plant_that_goes_changes_exposures_through_the_energy_engine_and_in_energy_alone(region: Region) -> None:
    from counterpoise.play._response import respond

    base = respond(region, seed=0, draws=DRAWS, workers=1, cache=None)
    out = structure("plant_out", plants=("arm_metsamor",))
    found = respond_changed(region, base, tuple(changes_of(region, [out]).values()), seed=0, draws=DRAWS, cache=None)
    arm, rus = region.settings.clients.index("ARM"), region.settings.patrons.index("RUS")
    energy, others = CHANNELS.index("energy"), [h for h, name in enumerate(CHANNELS) if name != "energy"]
    assert (found.loss[..., others, :] == base.loss[..., others, :])[~np.isnan(base.loss[..., others, :])].all()
    # Without the reactor there is no fuel or service to withhold, and more gas: the sum is another one.
    assert (np.abs(found.loss[:, arm, rus, energy, 1] - base.loss[:, arm, rus, energy, 1]) > 0.1).mean() > 0.9
    assert found.brought.shape == (DRAWS, len(region.settings.clients), 1)


# --- what the play makes of it ----------------------------------------------------------------------------------------


def made(move: Move, worth: float, *, moves: tuple[Move, ...] = (), loss: float = 1.0) -> Any:
    """A plan of the made-up world in which a move brings the first client `worth` per cent of GDP."""
    from counterpoise.play._response import Change

    plan = toy.plan(moves=(move, *moves), weight__benefit=1.0, capital_return=0.1)
    base = plan.ground.response
    channel = {"open_link": "transit", "close_link": "transit"}.get(move.kind, "energy")
    each = np.zeros((toy.DRAWS, len(toy.CLIENTS), 1))
    each[:, 0] = worth
    then = base.loss.copy()
    then[..., CHANNELS.index(channel), :] *= loss
    held = {frozenset({move.id}): replace(base, loss=then, brought=each)}
    return replace(plan, changes={move.id: Change(move.id, channel, (), ())}, responses=held)


@pytest.mark.parametrize("kind", ["open_link", "plant_in"])
def test_what_a_patron_opens_is_a_gain_held_from_it_and_an_offer_before_its_day(kind: str) -> None:
    move = structure(kind, actor="QQQ", target=("AAA",), lead_years=1.0)
    moments = list(quarters_of(made(move, 2.0, loss=0.5), Chance(0, 0, 6)))
    before, after = moments[0], moments[-1]
    assert (before.seen.gain[:, 0, 1] >= 0).all()
    offered = [m.drive.offered[0, 0, 1] for m in moments if m.drive.offered[0, 0, 1] > 0]
    assert offered == sorted(offered)
    assert 0 < offered[-1] < 0.2
    assert after.seen.gain[:, 0, 1] == pytest.approx(0.2)
    assert (after.seen.gain[:, 1] == 0).all()
    assert (after.drive.exposure[:, 0] < before.drive.exposure[:, 0]).all()


@pytest.mark.parametrize("kind", ["close_link", "plant_out"])
def test_what_a_patron_closes_is_withheld_and_what_nobody_closes_is_a_shock(kind: str) -> None:
    by_patron = structure(kind, actor="PPP", target=("AAA",))
    last = list(quarters_of(made(by_patron, -1.5, loss=2.0), Chance(0, 0, 6)))[-1]
    assert last.drive.withheld[:, 0, 0] == pytest.approx(0.15)
    assert (last.seen.shock == 0).all()
    assert (last.drive.exposure[:, 0] > 0).all()
    alone = structure(kind, target=("AAA",))
    last = list(quarters_of(made(alone, -1.5), Chance(0, 0, 6)))[-1]
    assert last.seen.shock[:, 0] == pytest.approx(0.15)
    assert (last.drive.withheld == 0).all()


def test_a_gain_that_the_scenario_states_by_hand_is_not_counted_twice() -> None:
    move = structure("plant_in", actor="QQQ", target=("AAA",))
    gift = Move(
        id="credit",
        kind="carrot",
        date="2027-02-01",
        actor="QQQ",
        target=("AAA",),
        channel="energy",
        size=100,
        unit="USD mn",
        judgement="made up",
    )
    assert by_hand(move, "energy", [gift])
    assert not by_hand(move, "transit", [gift])
    assert not by_hand(move, "energy", [gift.model_copy(update={"actor": "PPP"})])
    assert not by_hand(move, "energy", [gift.model_copy(update={"unit": "USD mn/yr"})])
    last = list(quarters_of(made(move, 2.0, moves=(gift,)), Chance(0, 0, 6)))[-1]
    assert (last.drive.steady == 0).all()


def test_figures_that_lack_are_named_and_count_as_nothing() -> None:
    move = structure("open_link", actor="QQQ", target=("AAA",))
    plan = made(move, np.nan)
    names, held = next(iter(plan.responses.items()))
    assert unknown_gains(names, held) == ["it"]
    assert (list(quarters_of(plan, Chance(0, 0, 6)))[-1].seen.gain == 0).all()
    assert plan.scenario != BASELINE

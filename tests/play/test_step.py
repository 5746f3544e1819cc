"""One quarter: stocks, beliefs, attacks and punishments follow their formulas; names do not matter."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterpoise.channels.security.belief import Belief, updated
from counterpoise.play import law
from counterpoise.play._block import draw_noise, quarters_of, run_chunk
from counterpoise.play._chance import Chance
from counterpoise.play._kernel import ladder
from counterpoise.play._members import draw_members
from counterpoise.play._moves import Script, realise
from counterpoise.play._step import carry, fight, shields, step
from counterpoise.play.questions import guarantee_or_money
from counterpoise.region._scenario import Move
from tests.play import toy


def moment(plan, count=50):
    chance = Chance(2, 0, count)
    members = draw_members(plan.ground, plan.parameters, chance, plan.tables)
    script = Script(
        plan.ground, plan.parameters, chance, members.draw, plan.moves, plan.labels, changes={}, responses={}
    )
    return members.state, members.params, script.drive(1), draw_noise(plan, chance, 1)


def carrot(**own) -> Move:
    base = {"kind": "carrot", "date": "2027-02-01", "actor": "QQQ", "target": ("AAA",), "channel": "energy"}
    return Move(**{"id": "gift", **base, "size": 2.0, "unit": "% GDP", "judgement": "made up", **own})


def test_stocks_decay_by_channel_and_leakage_touches_investment_only():
    plan = toy.plan(leakage=0.25, decay__energy=0.1)
    state, params, drive, _ = moment(plan)
    h = 1
    full = state.stock.copy()
    full[..., h] = 1.0
    inflow, leaks = np.zeros_like(full), np.zeros_like(full)
    inflow[..., h], leaks[..., h] = 0.4, 0.4
    after = carry(full, params, drive._replace(inflow=inflow, leaks=leaks))
    assert after[..., h] == pytest.approx(0.9 + 0.4 * 0.75)
    assert carry(full, params, drive._replace(inflow=inflow, leaks=0 * leaks))[..., h] == pytest.approx(1.3)


def test_a_gift_arrives_after_its_lead_and_fades_by_its_decay():
    move = carrot(lead_years=1.0)
    plan = toy.plan(moves=(move,), decay__energy=0.05, weight__benefit=1.0)
    moments = list(quarters_of(plan, Chance(0, 0, 5)))
    held = np.array([each.after.stock[0, 0, 1, 1] for each in moments])
    first = next(t for t, value in enumerate(held) if value > 0)
    assert plan.labels[first + 1] == "2028Q1"
    assert held[first:] == pytest.approx(0.2 * 0.95 ** np.arange(len(held) - first))
    offered = np.array([each.drive.offered[0, 0, 1] for each in moments])
    assert (offered[:first] > 0).all()
    assert (np.diff(offered[:first]) > 0).all()
    assert (offered[first:] == 0).all()


def test_beliefs_are_updated_as_the_security_channel_updates_them():
    plan = toy.plan(base=toy.ground(hazard=1.0))
    state, params, drive, noise = moment(plan, 400)
    attacked, _, _, _, _, alpha, beta, _ = fight(state, params, drive, noise, np.zeros((400, 2)))
    assert attacked.all()
    start = Belief(params.alpha0, params.beta0)
    now = Belief(state.alpha, state.beta)
    honoured = (noise.honour < state.alpha / (state.alpha + state.beta)).astype(float)
    weight = 1.0 - drive.ambiguity
    expected = updated(now, start, years=0.25, memory=0.9, honoured=honoured, weight=weight)
    others = 0.2 * (weight * honoured)[:, ::-1]
    assert alpha == pytest.approx(expected.alpha + others)
    assert beta == pytest.approx(expected.beta + 0.2 * (weight * (1 - honoured))[:, ::-1])


def test_attacks_come_as_often_as_the_hazard_says_and_keep_the_average_loss():
    plan = toy.plan(until=2030, base=toy.ground(hazard=0.3), attack_quarters=1.0, honour_saves=0.0)
    plan.ground.ally[:] = 0.0
    path = run_chunk(plan, Chance(4, 0, 3000))
    quarterly = law.quarterly(0.3)
    share = path.events["attacked"].mean()
    assert share == pytest.approx(quarterly, abs=4 * np.sqrt(quarterly / path.events["attacked"].size))
    grave = path.events["war or land lost"].sum() / path.events["attacked"].sum()
    assert grave == pytest.approx(0.2, abs=0.02)
    # A year's loss of 2 per cent, borne in one quarter at the rate of 8 per cent a year.
    assert path.loss.mean() == pytest.approx(share * 2.0 * 4, rel=0.05)


def test_a_promise_shields_and_the_shield_falls_with_distance():
    plan = toy.plan()
    state, params, drive, _ = moment(plan)
    far = np.linspace(0.0, -3.0, 20)
    effect = shields(params, drive, state.mean, np.broadcast_to(far, (50, 2, 20)), 1)[:, :, 1]
    assert (np.diff(effect, axis=-1) <= 1e-12).all()
    assert (effect[..., -1] == 0).all()
    none = drive._replace(ambiguity=np.ones_like(drive.ambiguity))
    assert (shields(params, none, state.mean, np.zeros((50, 2, 1)), 1) == 0).all()


def test_renaming_patrons_changes_nothing():
    plans = [
        toy.plan(base=toy.ground(order=order), phi=2.0, phi_zero=0.0, c0=-1.0)
        for order in (("PPP", "QQQ"), ("QQQ", "PPP"))
    ]
    paths = [run_chunk(plan, Chance(1, 0, 60)) for plan in plans]
    assert (paths[0].position == paths[1].position).all()
    assert paths[0].acts == pytest.approx(paths[1].acts[..., ::-1])


@settings(max_examples=10, deadline=None)
@given(size=st.floats(0.01, 30.0), phi=st.floats(0.1, 4.0))
def test_an_offer_never_lowers_what_a_position_is_worth(size, phi):
    plan = toy.plan(phi=phi, phi_zero=0.0)
    state, params, drive, _ = moment(plan, 10)
    target = np.linspace(-1.0, 1.0, 31)
    base = params.patrons[1]
    who = law.Patrons(*base)._replace(
        exposure=drive.exposure[:, 0], benefit=np.zeros((10, 2)), tolerance=np.zeros((10, 2))
    )
    hazard = law.punishment_hazard(who, state.before[:, 0, -1], target[None, None, :])
    offered = who._replace(
        benefit=np.full((10, 2), law.discounted_offers(np.array([size]), np.array([0.4]), np.array([3.0]), 0.1))
    )
    assert (law.pull(offered, hazard, 0.0) >= law.pull(who, hazard, 0.0)).all()


def test_two_positions_and_one_patron_match_the_closed_form():
    """With a walk to either side alone, P(right) / P(left) = exp(phi (U(right) - U(left)))."""
    law_of_two = {"phi": 12.0, "phi_zero": 0.0, "c0": 0.5, "c1": 8.0, "c2": 0.0, "loss_ratio": 1.0}
    plan = toy.plan(**law_of_two, sigma__orientation=0.05, reversion__orientation=0.0)
    state, params, drive, noise = moment(plan, 20_000)
    alone = drive._replace(exposure=np.where(np.arange(2) == 0, 1.0, 0.0) * np.ones_like(drive.exposure))
    safe = params._replace(hazard=0 * params.hazard)
    table = plan.tables[1]
    middle = table.offsets.shape[1] // 2
    masses = np.zeros_like(table.masses)
    masses[..., [middle - 4, middle + 4]] = 0.5
    made = (plan.tables[0], table._replace(masses=masses, ladder=ladder(masses)))
    after, _ = step(state, safe, alone, noise, made)
    right = (after.cell[:, 0, 1] > state.cell[:, 0, 1]).mean()
    stride = 4 * (table.offsets[0, middle + 1] - table.offsets[0, middle]) * table.width
    here = (state.cell[0, 0, 1] + 0.5) * table.width + table.origin
    distance = np.abs(here + np.array([-stride, stride]) + 0.8)
    hazard = params.patrons[1].bandwidth[:, :1] / (1 + np.exp(-(0.5 + 8.0 * (distance - np.abs(here + 0.8)))))
    worth = -hazard * params.patrons[1].loss_ratio[:, :1]
    expected = (1 / (1 + np.exp(12.0 * (worth[:, 0] - worth[:, 1])))).mean()
    assert expected < 0.3
    assert right == pytest.approx(expected, abs=4 * 0.5 / np.sqrt(20_000))


def test_a_guarantee_changes_the_chance_of_attack_and_money_does_not():
    plan = toy.plan(until=2028, base=toy.ground(hazard=0.5))
    rows = guarantee_or_money(plan, 0)
    worth = [row["gain_pct_gdp"]["p50"] for row in rows if "gain_pct_gdp" in row]
    assert min(worth) > 0
    played = {(row["client"], row["instrument"]): row for row in rows if "instrument" in row}
    for client in toy.CLIENTS:
        assert played[client, "guarantee"]["change_of_chance_attacked"]["high"] < 0
        assert played[client, "money"]["change_of_chance_attacked"]["mean"] == 0


def test_moves_before_the_start_are_history():
    move = carrot(date="2026-01/2026-10")
    one = realise(move, Chance(0, 0, 50), date(2026, 11, 22), "2026Q4")
    assert not one.comes.any()
    late = realise(carrot(date="2026-12-05"), Chance(0, 0, 50), date(2026, 11, 22), "2026Q4")
    assert late.comes.all()
    assert (late.date == 1).all()


def test_a_stick_takes_away_what_could_still_be_withdrawn():
    move = Move(
        id="ban",
        kind="stick",
        date="2027-02-01",
        actor="PPP",
        target=("AAA",),
        channel="trade",
        size=1.0,
        unit="share",
        judgement="made up",
    )
    plan = toy.plan(moves=(move,))
    moments = list(quarters_of(plan, Chance(0, 0, 10)))
    before, after = moments[0].drive, moments[-1].drive
    assert (after.exposure[:, 0, 0] < before.exposure[:, 0, 0]).all() or plan.labels[1] == "2027Q1"
    assert (after.withheld[:, 0, 0] > 0).all()
    assert (after.withheld[:, 1] == 0).all()
    untouched = toy.plan()
    free = next(iter(quarters_of(untouched, Chance(0, 0, 10)))).drive
    assert after.exposure[:, 0, 0] + after.withheld[:, 0, 0] == pytest.approx(free.exposure[:, 0, 0])


def test_an_old_ruler_goes_sooner_than_a_young_one():
    shares = []
    for born in (1940.0, 1985.0):
        plan = toy.plan(until=2035, leader_born__AAA=born, leader_since__AAA=2003.0)
        path = run_chunk(plan, Chance(9, 0, 800))
        shares.append(path.events["leader out"][:, :, 0].any(axis=0).mean())
        assert not path.events["leader out"][:, :, 1].any()
    assert shares[0] > shares[1] + 0.2

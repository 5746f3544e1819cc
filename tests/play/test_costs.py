"""What patrons pay: promises kept under attack and moves with a stated cost, in results and in paired differences."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from counterpoise.channels.security.channel import offer
from counterpoise.channels.shape import Ask
from counterpoise.play import run
from counterpoise.play._block import quarters_of, run_block, run_chunk
from counterpoise.play._chance import Chance
from counterpoise.play._costs import HONOUR, KINDS, costs, year_ends
from counterpoise.play._parameters import Parameters
from counterpoise.region import open_region
from counterpoise.region._scenario import Move
from counterpoise.region.draws import Assumptions
from tests.play import toy


def plan(*moves: Move, price: float | None = 200.0, hazard: float = 0.8):
    """The made-up world with a price of honouring a promise, USD mn."""
    made = toy.plan(moves=moves, base=toy.ground(hazard=hazard))
    stated = [toy.parameter(HONOUR, price)] if price is not None else []
    region = SimpleNamespace(rows=lambda table: toy.rows() + stated if table == "assumptions" else [])
    object.__setattr__(made, "parameters", Parameters(region))
    return made


def guarantee(**own: object) -> Move:
    base = {"id": "pact", "kind": "commitment", "date": "2027-02-01", "actor": "QQQ", "target": ("AAA",)}
    return Move(**base | {"form": "formal", "size": 0.0, "unit": "ambiguity", "judgement": "made up"} | own)


def test_a_patron_pays_for_each_promise_kept_by_its_firmness() -> None:
    made = plan()
    kept = np.stack([np.asarray(moment.seen.kept) for moment in quarters_of(made, Chance(1, 0, 50))])
    assert set(np.unique(kept)) == {0.0, 0.5}
    found = costs(made, Chance(1, 0, 50), kept)[KINDS[0]]
    assert found[-1] == pytest.approx(0.2 * kept.sum(axis=0))
    assert len(found) == len(year_ends(made.labels)) == 3


def test_a_guarantee_costs_its_guarantor_and_the_difference_says_so() -> None:
    record = run_block(plan(guarantee()), 1, 0, 300, plan())
    more = record.tallies["difference/cost"].mean[-1]
    assert more[0, 1] > 0.05
    assert abs(more[1]).max() < 0.2 * more[0, 1]
    ours, theirs = (record.tallies[f"{side}cost/{KINDS[0]}"].mean[-1] for side in ("", "against/"))
    assert more == pytest.approx(ours - theirs)


def test_a_cost_that_nobody_states_is_left_out_and_not_nil() -> None:
    assert run_chunk(plan(price=None), Chance(1, 0, 5)).costs == {}


def test_a_move_with_a_stated_cost_is_paid_when_it_comes_and_shared_among_its_clients() -> None:
    gift = Move(
        id="gift",
        kind="carrot",
        date="2028-02-01",
        actor="PPP",
        target=("AAA", "BBB"),
        channel="capital",
        size=10,
        unit="USD mn",
        cost_usd_mn=40,
        judgement="made up",
    )
    paid = run_chunk(plan(gift), Chance(1, 0, 4)).costs[KINDS[1]]
    assert (paid[0] == 0).all()
    assert paid[-1, :, :, 0] == pytest.approx(0.02)
    assert (paid[..., 1] == 0).all()
    never = gift.model_copy(update={"chance": 0.0})
    assert (run_chunk(plan(never), Chance(1, 0, 4)).costs[KINDS[1]] == 0).all()


@pytest.mark.slow
def test_a_guarantee_of_the_region_costs_as_much_as_the_security_channel_says(tmp_path, monkeypatch) -> None:
    """The channel's expected cost of a formal promise, per year, beside what members pay in the play on average."""
    monkeypatch.setenv("COUNTERPOISE_HOME", str(tmp_path))
    region = open_region("south-caucasus")
    result = run(region, "formal-guarantee", against="strategic-ambiguity", members=1024, until=2036)
    rows = {(row["scenario"], row["patron"], row["kind"]): row for row in result.costs() if row["client"] == "ARM"}
    more = [row for row in result.differences() if row.get("patron") == "USA" and row["client"] == "ARM"]
    assert more[0]["low"] > 0
    assert rows["formal-guarantee", "USA", KINDS[0]]["mean"] > rows["strategic-ambiguity", "USA", KINDS[0]]["mean"]
    channel = offer(Ask(region, "USA", "ARM", "long", Assumptions(region, seed=0, count=100)))
    share = next(value for name, value in channel.physical.items() if "formal" in name and "cost" in name)
    yearly = share / 100 * channel.sender_gdp_usd[0] / 1e6
    # The channel's is a median, and the mean of a cost spread over two orders is about twice as large.
    assert 0.5 < rows["formal-guarantee", "USA", KINDS[0]]["mean"] * 1e3 / 10 / yearly < 8

"""Games of a region: its judged positions become a bargain, its promises a game of commitment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pytest

from counterpoise._errors import InputError
from counterpoise.bargain import bargain_over, bargain_over_draws, compare_region_commitments
from counterpoise.bargain.regional import gather_issue, gather_promise, gather_region_promise


@dataclass(frozen=True)
class Judged:
    """A figure as `gather_issue` reads it."""

    quantity: str
    subject: str
    value: float
    low: float | None = None
    high: float | None = None
    item: str | None = "port"
    known: str = "2026-01-01"

    @property
    def id(self) -> str:
        return f"{self.subject}.{self.quantity}.{self.known}"


@dataclass(frozen=True)
class Row:
    """A commitment or a test of one."""

    id: str
    guarantor: str = "USA"
    protege: str = "ARM"
    ambiguity: float = 0.8
    ambiguity_low: float | None = None
    ambiguity_high: float | None = None
    to: str | None = None
    honoured: float = 1.0
    honoured_low: float | None = None
    honoured_high: float | None = None
    weight: float = 1.0
    separate: str = "yes"


def figures(*subjects: str) -> list[Judged]:
    values = {"position": 40.0, "salience": 50.0, "capability": 20.0}
    return [
        Judged(f"bargaining_{kind}", who, value + at, low=value - 5)
        for at, who in enumerate(subjects)
        for kind, value in values.items()
    ]


def test_an_issue_gathers_its_actors_with_their_ranges():
    issue = gather_issue(figures("B", "A"), "port")
    assert issue.table.actors == ("A", "B")
    assert issue.table.salience[:, 0].tolist() == pytest.approx([0.51, 0.5])
    assert issue.table.low[1][:, 0].tolist() == [35.0, 35.0]
    assert issue.table.high[1][:, 0].tolist() == [41.0, 40.0]
    assert gather_issue(figures("A", "B"), "port", percent=True).table.salience[0, 0] == 50.0


def test_the_newest_figure_counts_and_actors_can_be_left_out():
    later = Judged("bargaining_position", "A", 90.0, known="2026-05-01")
    issue = gather_issue([later, *figures("A", "B", "C")], "port", leave_out=["C"])
    assert issue.table.actors == ("A", "B")
    assert issue.table.position[0, 0] == 90.0
    assert later.id in issue.facts


def test_an_actor_without_a_figure_and_an_unknown_issue_are_refused():
    rows = [row for row in figures("A", "B") if row.subject == "A" or row.quantity.endswith("position")]
    with pytest.raises(InputError) as caught:
        gather_issue(rows, "port")
    assert [problem.code for problem in caught.value.faults] == ["E504"] * 2
    with pytest.raises(InputError) as caught:
        gather_issue(figures("A", "B"), "port", leave_out=["C", "A"])
    assert [problem.found for problem in caught.value.faults] == ["no actor C"]
    with pytest.raises(InputError) as caught:
        gather_issue(figures("A"), "bridge")
    assert "port" in caught.value.faults[0].fix


def test_a_promise_takes_its_firmest_row_that_still_stands():
    rows = [Row("old", ambiguity=0.1, to="2020"), Row("new", ambiguity=0.7, ambiguity_low=0.5), Row("x", protege="GEO")]
    found = gather_promise(rows, [], guarantor="USA", protege="ARM", day=date(2026, 1, 1))
    assert found.rows == ("new",)
    assert (found.stakes.ambiguity.low, found.stakes.ambiguity.high) == (0.5, 0.7)
    assert "resolve" in found.assumed
    assert gather_promise(rows, [], guarantor="USA", protege="ARM").rows == ("old",)


def test_a_record_of_broken_promises_lowers_resolve():
    rows = [Row("c")]
    kept, broken = ([Row(f"t{at}", honoured=share) for at in range(6)] for share in (1.0, 0.0))
    high, low = (gather_promise(rows, tests, guarantor="USA", protege="ARM").stakes.resolve for tests in (kept, broken))
    assert high.mode == pytest.approx(7 / 8)
    assert low.mode == pytest.approx(1 / 8)
    assert low.low >= 0.0
    assert high.high <= 1.0
    double = gather_promise(rows, [Row("t", separate="no")], guarantor="USA", protege="ARM")
    assert "resolve" in double.assumed


def test_a_promise_that_was_never_made_is_refused():
    with pytest.raises(InputError) as caught:
        gather_promise([Row("c")], [], guarantor="USA", protege="GEO")
    assert caught.value.code == "E504"


def test_the_corridors_terms_and_the_base_are_bargains_of_the_region(caucasus):
    for issue in ("tripp_terms", "gyumri_base"):
        result = bargain_over(caucasus, issue)
        assert 0 <= float(result.rounds[-1].mean[0]) <= 100
        assert result.meta.sources
        assert {"AZE", "TUR", "RUS", "USA", "IRN", "EU"} <= set(result.actors)
    spread = bargain_over_draws(caucasus, "tripp_terms", seed=1, draws=20, variant="ktab-smp", rounds=3)
    assert spread.to_dict()["draws"] == 20


def test_washingtons_promise_to_armenia_is_a_game_of_the_region(caucasus):
    result = compare_region_commitments(caucasus, guarantor="USA", protege="ARM", seed=1, draws=50)
    assert result.meta.sources
    assert result.drawn["ambiguity"].min() > 0.5


def test_odds_of_winning_come_from_capabilities_on_an_issue(caucasus):
    """Azerbaijan 60 against 22 of the Armenian government: 60 / 82 alone, and 60 / 157 with the 75 of Washington."""
    wanted = {"guarantor": "USA", "protege": "ARM", "issue": "tripp_terms"}
    found = gather_region_promise(caucasus, **wanted, challenger="AZE", voice="ARM_GOV")
    assert found.stakes.win_alone.mode == pytest.approx(60 / 82)
    assert found.stakes.win_joined.mode == pytest.approx(60 / 157)
    assert found.stakes.win_alone.low == pytest.approx(50 / 80)
    assert found.stakes.win_alone.high == pytest.approx(72 / 87)
    assert {"bargaining:BG001.capability", "bargaining:BG005.capability"} <= set(found.rows)
    assert not {"win_alone", "win_joined", "ambiguity", "resolve"} & set(found.assumed)
    with pytest.raises(InputError) as caught:
        gather_region_promise(caucasus, **wanted, challenger="NLD")
    assert [problem.code for problem in caught.value.faults] == ["E504"] * 2


def test_one_game_at_tied_judgements_may_lie_outside_the_draws_around_it(caucasus):
    """Why the command plays draws of a region: the documented case of the corridor's terms."""
    alone = float(bargain_over(caucasus, "tripp_terms").rounds[-1].mean[0])
    ends = bargain_over_draws(caucasus, "tripp_terms", seed=0, draws=60, rounds=20).settled_positions()["mean"]
    assert alone < np.quantile(ends, 0.1)

"""Positions from roll calls: simulated truth, a published case, and no later vote."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from counterpoise._errors import SolveError
from counterpoise.history.ideal_points import estimate_positions
from tests.support import shared_path


def simulate(seed: int = 0, members: int = 40, sessions: int = 6, each: int = 40):
    rng = np.random.default_rng(seed)
    true = rng.normal(0, 1, (members, 1)) + np.cumsum(rng.normal(0, 0.15, (members, sessions)), axis=1)
    session = np.repeat(np.arange(sessions), each)
    slope, threshold = rng.normal(0, 1.2, len(session)), rng.normal(0, 0.7, len(session))
    member, vote = np.meshgrid(np.arange(members), np.arange(len(session)), indexing="ij")
    member, vote = member.ravel(), vote.ravel()
    keep = rng.random(len(member)) > 0.1
    member, vote = member[keep], vote[keep]
    yes = threshold[vote] + slope[vote] * true[member, session[vote]] + rng.standard_normal(len(vote)) > 0
    return true, member, vote, yes, session


def test_simulated_positions_are_found_with_honest_errors():
    true, member, vote, yes, session = simulate()
    found = estimate_positions(member, vote, yes, session, step_variance=0.0225, anchor=int(true.mean(axis=1).argmax()))
    assert np.corrcoef(found.position.ravel(), true.ravel())[0, 1] > 0.95
    assert (found.sd < 1).all()


def test_later_votes_change_no_earlier_estimate_when_they_are_left_out():
    _, member, vote, yes, session = simulate(1)
    early = session[vote] < 4
    part = estimate_positions(member[early], vote[early], yes[early], session[session < 4])
    again = estimate_positions(member[early], vote[early], yes[early], session[:160])
    np.testing.assert_array_equal(part.position, again.position)
    assert part.position.shape[1] == 4


def test_no_votes_are_refused():
    none = np.zeros(0, int)
    with pytest.raises(SolveError) as error:
        estimate_positions(none, none, none.astype(bool), none)
    assert error.value.code == "E970"


@pytest.mark.shared
def test_the_published_case_is_met_to_a_correlation_of_093():
    """Supreme Court, 45 justices and 77 terms: posterior means by simulation, and the peer's variational means."""
    folder = shared_path("cases/dynamic_ideal_points")
    judges = pd.read_csv(folder / "input_justices.csv")
    calls = pd.read_csv(folder / "input_rollcalls_long.csv.gz")
    terms = pd.read_csv(folder / "input_vote_term.csv.gz").sort_values("vote")
    told = pd.read_csv(folder / "expected_mcmc_and_emIRT.csv")
    row = {name: place for place, name in enumerate(judges.justice)}
    found = estimate_positions(
        calls.justice.map(row).to_numpy(),
        calls.vote.to_numpy() - 1,
        calls.y.to_numpy() > 0,
        terms.term.to_numpy(),
        step_variance=0.1,
        prior_mean=judges.prior_mean.to_numpy(),
        prior_variance=judges.prior_var.to_numpy(),
        span=judges[["start", "end"]].to_numpy(),
    )
    parts = told.name.str.extract(r"theta\.(.+)\.t(\d+)$")
    ours = np.array([found.position[row[name], int(term) - 1] for name, term in zip(parts[0], parts[1], strict=True)])
    assert np.isfinite(ours).all()
    assert np.corrcoef(ours, told.mcmc)[0, 1] >= 0.93
    assert np.corrcoef(ours, told.emIRT)[0, 1] >= 0.99

"""The published case of the General Assembly: ranks and correlations of positions, and recovery from simulated votes.

The case has positions and agreement by state and year, no votes: it can check an index of alignment and the names of
states, and the estimator only on votes that are drawn from its positions.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from counterpoise.history.features import implied_position
from counterpoise.history.ideal_points import estimate_positions
from counterpoise.history.importers.states import named
from counterpoise.history.panel import read_panel
from tests.support import shared_path

pytestmark = pytest.mark.shared
LEAST = 0.93


@pytest.fixture(scope="module")
def case():
    told = pd.read_csv(shared_path("cases/un_ideal_points/unvoting.csv.gz"))
    told["iso3"] = named(told.CountryName)
    return told


@pytest.fixture(scope="module")
def panel():
    return read_panel(shared_path("history/dyad_year_1991_2014.parquet"))


def joined(case, panel, value):
    ours = pd.DataFrame(value, index=panel.clients, columns=panel.years).stack().rename("ours")
    keyed = case.dropna(subset=["iso3"]).set_index(["iso3", "Year"])
    return keyed.join(ours.rename_axis(["iso3", "Year"]), how="inner").dropna(subset=["ours", "idealpoint"])


def test_every_state_of_the_case_has_a_code(case):
    assert set(case.CountryName[case.iso3.isna()]) == {"Zanzibar"}


def test_positions_of_the_panel_are_those_of_the_case(case, panel):
    both = joined(case, panel, panel.position)
    assert len(both) > 3900
    assert both.ours.corr(both.idealpoint) >= LEAST
    assert both.ours.corr(both.idealpoint, method="spearman") >= LEAST
    for _, session in both.groupby("Year"):
        assert session.ours.corr(session.idealpoint) >= LEAST
        assert session.ours.corr(session.idealpoint, method="spearman") >= LEAST


def test_positions_that_agreement_with_patrons_implies_are_those_of_the_case(case, panel):
    """Each state's is read off the other states alone, so that its own published position does not enter it."""
    both = joined(case, panel, implied_position(panel.position, panel.pair["agree_3cat"]))
    assert both.ours.corr(both.idealpoint) >= LEAST
    assert both.ours.corr(both.idealpoint, method="spearman") >= LEAST


def test_positions_are_recovered_from_votes_that_they_would_cast(case):
    """Twenty sessions of 60 votes, items drawn as the estimator's prior has them; nothing of the case but positions."""
    rng = np.random.default_rng(0)
    true = case[case.Year.between(1993, 2012)].pivot_table(index="iso3", columns="Year", values="idealpoint")
    sessions = true.shape[1]
    session = np.repeat(np.arange(sessions), 60)
    threshold, slope = rng.normal(0, 1, len(session)), rng.normal(0, 1, len(session))
    member, vote = np.meshgrid(np.arange(len(true)), np.arange(len(session)), indexing="ij")
    member, vote = member.ravel(), vote.ravel()
    value = true.to_numpy()[member, session[vote]]
    cast = np.isfinite(value) & (rng.random(len(member)) > 0.15)
    member, vote, value = member[cast], vote[cast], value[cast]
    yes = threshold[vote] + slope[vote] * value + rng.standard_normal(len(vote)) > 0
    anchor = true.index.get_loc("USA")
    found = estimate_positions(member, vote, yes, session, step_variance=0.02, anchor=anchor)
    both = np.isfinite(found.position) & np.isfinite(true.to_numpy())
    ours, theirs = pd.Series(found.position[both]), pd.Series(true.to_numpy()[both])
    assert ours.corr(theirs) >= LEAST
    assert ours.corr(theirs, method="spearman") >= LEAST

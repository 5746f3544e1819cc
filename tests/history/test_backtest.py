"""The back-test: contract of its JSON, nested models, and nothing after the origin is read."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from counterpoise._errors import InputError
from counterpoise.history import estimate as fitting
from counterpoise.history import groups
from counterpoise.history.origins import forecast_origin
from counterpoise.history.panel import read_panel
from counterpoise.history.rolling import backtest, whole_numbers
from counterpoise.history.targets import make_target
from tests.history.synthetic import PATRONS, make_rows, write_panel
from tests.support import run_json, shared_path

FEW = ("random_walk_gaussian", "random_walk_pooled", "random_walk_empirical", "drift", "ar1")


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A small panel and its back-test, with fewer pairs to a fit than the real one."""
    path = write_panel(tmp_path_factory.mktemp("panel"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fitting.fit_law, "__kwdefaults__", {**fitting.fit_law.__kwdefaults__, "most": 120})
        yield path, backtest(path, first=2004, horizons=(1, 2), baselines=FEW)


def test_every_model_is_scored_on_the_same_cases(small):
    rows = small[1].score_rows()
    assert {row["model"] for row in rows} == {"law", "law_no_pull", *FEW}
    for horizon in (1, 2):
        assert len({row["n"] for row in rows if row["horizon"] == horizon}) == 1
    assert all(np.isfinite([row["crps"], row["mae"], row["log_score"]]).all() for row in rows)


def test_the_document_holds_what_the_contract_names(small):
    import json

    document = json.loads(small[1].to_json())
    assert {"model", "horizon", "n", "crps", "mae", "log_score", "coverage50", "coverage90"} <= set(
        document["scores"][0]
    )
    assert {"against", "horizon", "crps_skill", "low", "high"} <= set(document["skill"][0])
    assert document["origins"] == [2004, 2005, 2006, 2007]
    assert {row["sentence"] for row in document["pull"]} <= {
        "exposures add no measured skill",
        "exposures add skill",
        "exposures take skill away",
    }
    assert any(row["group"] == "contested small states" for row in document["groups"])
    assert document["meta"]["inputs"]
    small[1].plot.to_dict()


def test_series_that_a_peer_could_not_fit_are_counted_and_told(small):
    done = small[1]
    assert done.stand_in_rows() == []
    assert not any("stands in" in said for said in done.caveats())
    scores = done.scores["drift"]
    known = np.isfinite(scores["crps"])
    marked = np.zeros(known.shape, bool)
    marked[:, 1, :3] = True
    again = replace(done, scores={**done.scores, "theta": scores}, stand_ins={"theta": marked})
    rows = {row["horizon"]: row for row in again.stand_in_rows()}
    assert rows[1]["series"] == 0
    assert rows[2]["series"] == int(known[:, 1, :3].sum()) > 0
    assert rows[2]["of"] == int(known[:, 1].sum())
    assert any(f"theta {rows[2]['series']}" in said for said in again.caveats())
    assert again.body()["stand_ins"] == again.stand_in_rows()


@pytest.mark.parametrize(
    "target",
    [
        "ideal_point",
        pytest.param("agreement", marks=pytest.mark.slow),
        pytest.param("orientation", marks=pytest.mark.slow),
    ],
)
def test_poisoned_later_rows_leave_every_forecast_as_it_was(tmp_path, target):
    """All columns after the origin are overwritten with noise; the forecasts are the same bit for bit."""
    rows = make_rows(seed=4)
    poisoned = rows.copy()
    later = poisoned.year > 2004
    rng = np.random.default_rng(9)
    for name in poisoned.columns.drop(["client", "patron", "year", "ip_low_n", "n_votes"]):
        poisoned.loc[later, name] = rng.permutation(poisoned.loc[later, name].to_numpy()) * rng.random()
    for name in ("ip_client", "ip_client_q05", "ip_client_q95"):
        poisoned.loc[later, name] = {"ip_client": 3.0, "ip_client_q05": 2.0, "ip_client_q95": 4.0}[name]
    told = []
    for place, frame in enumerate((rows, poisoned)):
        folder = tmp_path / str(place)
        folder.mkdir()
        here = make_target(read_panel(write_panel(folder, frame)).until(2004), target)
        done = fitting.fit_law(here, np.random.default_rng(0), most=120)
        forecasts = forecast_origin(here, done, (1, 2), FEW)
        told.append([ahead[2].median() for _, ahead in forecasts.values()])
    for ours, theirs in zip(*told, strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_the_command_scores_and_the_pull_can_lose_a_channel(capsys, tmp_path, monkeypatch):
    monkeypatch.setattr(fitting.fit_law, "__kwdefaults__", {**fitting.fit_law.__kwdefaults__, "most": 120})
    path = write_panel(tmp_path)
    code, document = run_json(
        capsys, "history", "backtest", str(path), "--from", "2007", "--horizons", "1", "--clients", "C01,C02",
        "--baselines", "random_walk_pooled", "--without", "trade",
    )  # fmt: skip
    assert code == 0
    assert {row["model"] for row in document["scores"]} == {"law", "law_no_pull", "random_walk_pooled"}
    assert document["scores"][0]["n"] == 2


def test_arguments_that_leave_nothing_to_score_are_named_at_once(tmp_path):
    path = write_panel(tmp_path)
    with pytest.raises(InputError) as error:
        backtest(path, horizons=(0,), baselines=("oracle",), clients=("ATL",))
    assert [one.code for one in error.value.faults] == ["E956"] * 3
    with pytest.raises(InputError) as error:
        backtest(path, first=2020)
    assert error.value.code == "E956"
    with pytest.raises(InputError) as error:
        whole_numbers("1,two")
    assert error.value.code == "E956"
    assert whole_numbers("5, 1,2") == (1, 2, 5)


def test_windows_across_a_shock_hold_the_shock():
    told = groups.windows((2006, 2007, 2008), (1, 2))["across 2008"]
    assert told.tolist() == [[False, True], [True, True], [False, False]]
    home = groups.regions()
    assert home["ARM"] == home["GEO"] == "Northern Africa and Western Asia"
    assert len(home) > 190


def test_a_contested_small_state_is_small_near_and_outside_the_union(tmp_path):
    panel = read_panel(write_panel(tmp_path))
    told = groups.contested(panel)
    assert told[panel.clients.index("C01")].all()
    assert not told[panel.clients.index("DEU")].any()
    assert PATRONS[3] == "RUS"


@pytest.mark.shared
@pytest.mark.slow
def test_the_law_beats_both_random_walks_on_years_it_has_not_seen():
    """Three late origins of the shared panel; the whole table is in docs/engines/history.md."""
    path = shared_path("history/dyad_year_1991_2014.parquet")
    done = backtest(path, first=2010, horizons=(1, 2), baselines=("random_walk_gaussian", "random_walk_pooled"))
    for row in done.skill_rows():
        if row["against"].startswith("random_walk"):
            assert row["crps_skill"] > 0.04, row
    for row in done.score_rows():
        if row["model"] == "law":
            assert 0.86 <= row["coverage90"] <= 0.94

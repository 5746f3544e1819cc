"""The shipped record of the law's forecasts."""

from __future__ import annotations

import math

from counterpoise.history.record import condense, recorded


def test_the_record_names_years_skill_intervals_and_coverage():
    told = recorded()["ideal_point"]
    assert len(told["origins"]) == 10
    law = [row for row in told["scores"] if row["model"] == "law"]
    assert {row["horizon"] for row in law} == {1, 2, 3, 5}
    assert all(0.86 <= row["coverage90"] <= 0.94 for row in law)
    assert all(math.isclose(sum(row["pit"]), 1, abs_tol=2e-3) for row in law)
    assert all(row["low"] <= row["crps_skill"] <= row["high"] for row in told["skill"])
    near = [row for row in told["pull"] if row["horizon"] <= 3]
    assert all(row["sentence"] == "exposures add no measured skill" for row in near)
    # At five years the interval ends at nil from below: whatever the sentence, exposures add nothing there.
    assert all(row["crps_skill"] < 0 for row in told["pull"] if row["horizon"] == 5)


def test_the_record_counts_series_that_a_peer_could_not_fit():
    told = recorded()["ideal_point"]
    rows = told["stand_ins"]
    assert {row["model"] for row in rows} == {"auto_ets", "auto_arima", "theta"}
    assert all(0 <= row["series"] < 0.05 * row["of"] for row in rows)
    missed = any(row["series"] for row in rows)
    assert missed == any("stands in where a peer could not be fitted" in said for said in told["caveats"])


def test_all_models_of_the_record_are_scored_on_the_same_cases():
    for told in recorded().values():
        for horizon in (1, 2, 3, 5):
            assert len({row["n"] for row in told["scores"] if row["horizon"] == horizon}) == 1


def test_condensing_keeps_our_numbers_and_no_path():
    row = {"model": "law", "horizon": 1, "n": 2, "crps": 0.123456, "pit": [0.5, 0.5]}
    document = {name: [] for name in ("skill", "groups", "pull", "caveats")}
    document |= {"target": "agreement", "patron": "USA", "origins": [2001], "scores": [row]}
    document["meta"] = {"inputs": {"/home/someone/panel.parquet": "abc"}, "version": "1"}
    told = condense(document)
    assert told["scores"][0]["crps"] == 0.1235
    assert "someone" not in str(told)


def test_raw_agreement_is_recorded_beside_ideal_points_without_their_look_ahead():
    told = recorded()
    for name in ("agreement USA", "agreement RUS"):
        one = told[name]
        assert one["inputs"] == told["ideal_point"]["inputs"]
        assert one["origins"] == told["ideal_point"]["origins"]
        assert not any("ideal points" in said for said in one["caveats"])
        assert any("all states at once" in said for said in one["caveats"])
        assert all(row["sentence"] == "exposures add no measured skill" for row in one["pull"])


def test_the_law_beats_both_random_walks_on_every_target_recorded():
    for told in recorded().values():
        for row in told["skill"]:
            if row["against"].startswith("random_walk"):
                assert 0 < row["crps_skill"] < row["high"], row

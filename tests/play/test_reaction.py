"""The rule of punishment and the validity of the two scales: cases by rule, recovery, the shipped fit, the pivots."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterpoise._errors import CounterpoiseError
from counterpoise.play.reaction.cases import Case, excess, punishment_cases
from counterpoise.play.reaction.fit import NAMES, draw_prior, fit_punishment, hazard, log_prior
from counterpoise.play.reaction.pivots import pivots, read_ideal_points, validity_table
from counterpoise.play.reaction.rule import FITTED_TO, LEAST_CONTRACTION, punishment_rule, write_rule
from counterpoise.region import Region, open_region
from tests.support import shared_path


@pytest.fixture(scope="module")
def region() -> Region:
    return open_region("south-caucasus")


# --- the hazard -------------------------------------------------------------------------------------------------------


@settings(max_examples=50, deadline=None)
@given(
    c=st.tuples(st.floats(-5, 2), st.floats(0, 15), st.floats(0, 5)),
    step=st.tuples(st.floats(0, 5), st.floats(0, 5)),
    before=st.floats(0, 30),
)
def test_a_larger_step_from_the_same_place_is_never_less_likely_to_be_punished(
    c: tuple[float, float, float], step: tuple[float, float], before: float
) -> None:
    small, large = sorted(step)
    chance = [float(hazard(*map(np.array, (*c, 0.04, size, before + size)))) for size in (small, large)]
    assert 0 <= chance[0] <= chance[1] + 1e-12 <= 1 + 1e-12


def test_the_hazard_is_the_logistic_of_the_method() -> None:
    """c0 + c1 * step + c2 * excess with step 0.04 * 3 and excess 0.04 * 10: by hand."""
    score = -3 + 8 * 0.12 + 2.5 * 0.4
    found = hazard(*map(np.array, (-3.0, 8.0, 2.5, 0.04, 3.0, 10.0)))
    assert float(found) == pytest.approx(1 / (1 + np.exp(-score)))


def test_weights_of_old_steps_fade_with_the_memory_of_the_usual_place() -> None:
    own = [(date(2010, 1, 1), 4.0, "a"), (date(2020, 1, 1), 2.0, "b"), (date(2021, 1, 1), 5.0, "later")]
    assert excess(own, date(2020, 1, 1)) == pytest.approx(2 + 4 * np.exp(-1), rel=1e-3)


# --- the cases --------------------------------------------------------------------------------------------------------


def test_thirty_nine_of_the_seventy_seven_steps_were_punished_within_a_year(region: Region) -> None:
    steps = [case for case in punishment_cases(region) if case.magnitude > 0]
    assert len(steps) == 77
    assert sum(case.punished for case in steps) == 39
    armenia = [case for case in steps if case.state == "ARM"]
    assert (len(armenia), sum(case.punished for case in armenia)) == (14, 12)
    assert all(0 < case.share <= 1 for case in steps)


@pytest.mark.shared
def test_the_rule_gives_the_recorded_outcome_of_every_complete_step(region: Region) -> None:
    with shared_path("facts/security/alignment_steps.csv").open(encoding="utf-8") as stream:
        recorded = {f"alignment_steps:{row['id']}": row for row in csv.DictReader(stream)}
    cases = {case.id: case for case in punishment_cases(region) if case.magnitude > 0}
    complete = {name for name, row in recorded.items() if row["complete_window"] == "yes"}
    assert set(cases) == complete
    for name, case in cases.items():
        assert case.punished == (recorded[name]["punished_political_365"] == "1")
        assert (case.first_act or "").removeprefix("coercive_acts:") == recorded[name]["first_coercion"]


def test_a_case_counts_only_when_its_year_has_passed(region: Region) -> None:
    early = punishment_cases(region.at("2024-06-30"))
    assert all(case.day <= date(2023, 7, 1) for case in early if case.magnitude > 0)
    assert all(case.day.year < 2024 for case in early if case.magnitude == 0)
    assert not any("AL070" in case.id for case in early)


def test_steps_that_one_act_answers_share_one_count(region: Region) -> None:
    shared = [case for case in punishment_cases(region) if case.first_act == "coercive_acts:CO022"]
    assert len(shared) == 2
    assert sum(case.share for case in shared) == pytest.approx(1)


# --- the fit ----------------------------------------------------------------------------------------------------------


def test_priors_and_their_density_agree_on_what_is_possible() -> None:
    draws = draw_prior(np.random.default_rng(0), 1000)
    assert np.isfinite(log_prior(draws)).all()
    draws[:, NAMES.index("c1")] *= -1
    assert not np.isfinite(log_prior(draws)).any()


@pytest.mark.slow
def test_the_fit_recovers_a_rule_from_many_simulated_cases() -> None:
    rng = np.random.default_rng(5)
    cases = []
    for number in range(600):
        magnitude = float(rng.integers(0, 6))
        before = float(rng.uniform(0, 25))
        chance = float(hazard(*map(np.array, (-3.0, 6.0, 2.0, 0.04, magnitude, before + magnitude))))
        cases.append(
            Case(
                str(number),
                f"S{number % 20}",
                date(2010, 1, 1),
                magnitude,
                before + magnitude,
                bool(rng.random() < chance),
                False,
                1.0,
                None,
            )
        )
    fit = fit_punishment(cases, weight=1.0)
    assert max(fit.rhat.values()) < 1.1
    c0, c1, c2, _, _, scale = fit.draws.T
    for found, truth in ((c0, -3.0), (c1 * scale, 0.24), (c2 * scale, 0.08)):
        low, high = np.quantile(found, (0.005, 0.995))
        assert low < truth < high
    assert fit.contraction("c0") > 0.8
    assert abs(fit.contraction("war")) < 0.2


@pytest.mark.slow
def test_the_shipped_fit_is_the_one_the_region_gives(region: Region, tmp_path: Path) -> None:
    from counterpoise.play.reaction import rule

    home = Path(rule.__file__).parent
    paths = write_rule(region, tmp_path)
    for path in paths:
        fresh, shipped = (
            list(csv.DictReader(p.read_text(encoding="utf-8").splitlines())) for p in (path, home / path.name)
        )
        assert [list(row) for row in fresh] == [list(row) for row in shipped]
        for column in fresh[0]:
            for day in FITTED_TO:
                a, b = ([row[column] for row in rows if row["fitted_to"] == day] for rows in (fresh, shipped))
                if column in NAMES:
                    # A walk may part from its twin on another processor, its quantiles do not.
                    quantiles = [np.quantile(np.array(part, float), (0.1, 0.5, 0.9)) for part in (a, b)]
                    assert np.allclose(*quantiles, rtol=0.15, atol=0.3), (day, column)
                elif column in ("p05", "p50", "p95", "prior_p05", "prior_p50", "prior_p95"):
                    assert np.allclose(np.array(a, float), np.array(b, float), rtol=0.15, atol=0.3), (day, column)
                elif column in ("fitted_to", "parameter", "cases", "prior"):
                    assert a == b


def test_a_parameter_that_the_cases_hardly_touch_is_labelled_prior(region: Region) -> None:
    rule = punishment_rule(region)
    assert rule.fitted_to == FITTED_TO[-1]
    for name in NAMES:
        assert (rule.labels[name] == "prior") == (rule.contraction[name] < LEAST_CONTRACTION)
    assert rule.labels["c0"] == "estimated"
    assert rule.labels["c1"] == "prior"
    assert {row["label"] for row in rule.table()} == {"prior", "estimated"}


def test_other_patrons_and_days_before_the_first_fit_have_the_prior(region: Region) -> None:
    assert set(punishment_rule(region, "IRN").labels.values()) == {"prior"}
    assert punishment_rule(region.at("2015-01-01")).fitted_to is None
    assert punishment_rule(region.at("2026-02-12")).fitted_to == "2026-02-12"
    assert punishment_rule(region.at("2026-02-11")).fitted_to == "2021-12-31"


def test_the_kernel_gets_one_joint_draw_for_each_member(region: Region) -> None:
    rule = punishment_rule(region)
    row, own = np.random.default_rng(1).random((2, 400))
    many = rule.kernel(row, own)
    for name, values in rule.kernel(row[:10], own[:10]).items():
        assert np.array_equal(values, many[name][:10])
    assert np.median(many["c0"]) == pytest.approx(-2.2, abs=0.5)
    assert (many["c1"] >= 0).all()
    assert (many["c2"] >= 0).all()


def test_chances_rise_with_the_step_and_stay_wide(region: Region) -> None:
    rule = punishment_rule(region)
    chances = [rule.chance(size) for size in (0, 1, 3, 5)]
    assert [c["p50"] for c in chances] == sorted(c["p50"] for c in chances)
    assert chances[2]["p95"] - chances[2]["p05"] > 0.2
    assert rule.chance(3, war=False)["p50"] < rule.chance(3)["p50"]


def test_a_region_without_steps_is_e908(region: Region) -> None:
    bare = region.what_if({row.id: None for row in region.rows("alignment_steps")})
    with pytest.raises(CounterpoiseError) as caught:
        punishment_cases(bare)
    assert caught.value.code == "E908"


# --- the two scales ---------------------------------------------------------------------------------------------------


def test_every_pivot_names_an_event_of_the_region_on_its_day(region: Region) -> None:
    for pivot in pivots():
        event = region.row(pivot.event)
        assert abs((date.fromisoformat(event.date) - pivot.day).days) <= 1


def test_without_ideal_points_the_voting_scale_says_no_data(region: Region) -> None:
    assert {row["voting position"] for row in validity_table(region).table()} == {"no data"}


def test_a_jump_larger_than_its_error_is_seen_and_one_the_other_way_is_against(region: Region) -> None:
    up = {("UKR", year): (0.0 if year < 2014 else 1.0, -0.1, 0.1) for year in range(2010, 2018)}
    up = {key: (value, value - 0.1, value + 0.1) for key, (value, _, _) in up.items()}
    down = {key: (-value, -value - 0.1, -value + 0.1) for key, (value, _, _) in up.items()}
    flat = dict.fromkeys(up, (0.0, -0.1, 0.1))
    verdicts = [
        {row["pivot"]: row["voting"]["verdict"] for row in validity_table(region, points).body()["pivots"]}["UKR-2014"]
        for points in (up, down, flat)
    ]
    assert verdicts == ["seen", "against", "not seen"]


@pytest.mark.shared
def test_the_table_in_the_docs_is_the_one_the_data_give(region: Region) -> None:
    points = read_ideal_points(shared_path("history/ideal_points_2026_vintage_1946_2014.parquet"))
    found = {
        row["pivot"]: (row["voting"]["verdict"], row["orientation"]["verdict"])
        for row in validity_table(region, points).body()["pivots"]
    }
    assert found == {
        "GEO-2003": ("not seen", "seen"),
        "GEO-2008": ("not seen", "seen"),
        "GEO-2024": ("no data", "not seen"),
        "UKR-2014": ("seen", "seen"),
        "MDA-2020": ("no data", "seen"),
        "ARM-2018": ("no data", "not seen"),
        "ARM-2022": ("no data", "seen"),
        "AZE-2020": ("no data", "seen"),
    }
    page = (Path(__file__).parents[2] / "docs" / "engines" / "alignment.md").read_text(encoding="utf-8")
    lines = {line.split("|")[1].strip(): line.split("|") for line in page.splitlines() if line.startswith("| ")}
    for row in validity_table(region, points).table():
        told = [cell.strip() for cell in lines[row["pivot"]]]
        assert (told[2], told[5]) == (row["voting position"], row["orientation"])


def test_a_file_without_the_columns_is_e909(tmp_path: Path) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    path = tmp_path / "points.parquet"
    parquet.write_table(pa.table({"iso3": ["ARM"], "year": [2000], "ideal_point": [0.1]}), path)
    with pytest.raises(CounterpoiseError) as caught:
        read_ideal_points(path)
    assert caught.value.code == "E909"
    assert "ip_q05" in str(caught.value)

"""The years of Metsamor: closing it raises the need for Russian gas; a new reactor acts only when it runs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from counterpoise._errors import InputError, SolveError
from counterpoise.channels.energy.path import ReactorPath, metsamor_path
from counterpoise.region import Region, open_region
from tests.channels.energy_support import energy_region


@pytest.fixture(scope="module")
def path() -> ReactorPath:
    return metsamor_path(open_region("south-caucasus"), draws=40)


def test_closing_the_reactor_without_replacement_raises_the_need_for_russian_gas(path: ReactorPath) -> None:
    keep, close = path.gas_need["keep"], path.gas_need["close"]
    closed_early = path.old_runs["keep"] & ~path.old_runs["close"]
    assert closed_early.any()
    assert (close >= keep - 1e-6).all()
    # In every draw and year in which it would have run: by hundreds of million m3 on average.
    assert (close[closed_early] > keep[closed_early]).all()
    assert (close - keep)[closed_early].mean() > 200.0
    assert (path.leverage["close"] - path.leverage["keep"])[closed_early].mean() > 0.0


def test_a_new_reactor_cannot_act_before_it_runs(path: ReactorPath) -> None:
    for policy in ("keep", "close"):
        built = f"{policy} and build"
        waiting = ~path.new_runs[built]
        np.testing.assert_array_equal(path.leverage[built][waiting], path.leverage[policy][waiting])
        np.testing.assert_array_equal(path.gas_need[built][waiting], path.gas_need[policy][waiting])
        running = path.new_runs[built]
        assert (path.gas_need[built] <= path.gas_need[policy] + 1e-6).all()
        assert path.leverage[built][running].mean() < path.leverage[policy][running].mean()


def test_no_new_reactor_runs_before_2036(path: ReactorPath) -> None:
    early = np.array(path.years) < 2036
    assert not path.new_runs["keep and build"][early].any()
    assert path.new_runs["keep and build"][-1].any()


def test_the_old_reactor_ends_with_its_licence(path: ReactorPath) -> None:
    runs = path.old_runs["keep"]
    after = np.array(path.years) > 2036
    assert not runs[after].any()
    # Some draws see the extension refused or a long outage before.
    assert 0.5 < runs[np.array(path.years) == 2030].mean() < 1.0
    assert not path.old_runs["close"][np.array(path.years) >= 2027].any()


def test_its_rows_name_policy_and_year(path: ReactorPath) -> None:
    rows = path.rows()
    assert len(rows) == 4 * len(path.years)
    assert path.to_dict()["reactor_path"][0]["policy"] == "keep"
    assert path.to_dict()["meta"]["cites"] == ["huangfu2018"]


def test_a_year_is_the_same_whichever_others_are_asked_about(path: ReactorPath) -> None:
    asked = (2030, 2037, 2045)
    few = metsamor_path(open_region("south-caucasus"), asked, draws=40)
    at = [path.years.index(year) for year in asked]
    for policy in path.leverage:
        for name in ("leverage", "gas_need", "old_runs", "new_runs"):
            np.testing.assert_array_equal(getattr(few, name)[policy], getattr(path, name)[policy][at])
    # The reactor is ordered today, not in the first year asked about.
    assert few.new_runs["keep and build"][-1].mean() > 0.9


@pytest.mark.parametrize("years", [(2020, 2030), (), (2030, 2029), (1990, 1991), (2090, 2101)])
def test_years_that_do_not_rise_are_refused(caucasus: Region, years: tuple[int, ...]) -> None:
    with pytest.raises(InputError, match="E204"):
        metsamor_path(caucasus, years)


def test_a_region_without_a_reactor_is_refused_with_all_that_it_lacks(lakeland: Path) -> None:
    with pytest.raises(SolveError) as caught:
        metsamor_path(energy_region(lakeland), draws=3, client="LKE", builder="NRT")
    assert {fault.code for fault in caught.value.faults} == {"E432"}
    assert len(caught.value.faults) >= 2

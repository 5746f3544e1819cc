"""Competing offers of a new reactor: read from the region, on the same draws, none acting before it runs."""

from __future__ import annotations

import numpy as np
import pytest

from counterpoise._errors import SolveError
from counterpoise.channels.energy.builders import ReactorOffers, compare_reactors
from counterpoise.region import Region, open_region
from tests.channels.energy_support import energy_region


@pytest.fixture(scope="module")
def offers() -> ReactorOffers:
    return compare_reactors(open_region("south-caucasus"), draws=12)


def test_the_offers_on_record_stand_side_by_side_with_ranges(offers: ReactorOffers) -> None:
    assert {one.builder for one in offers.offers} == {"USA", "RUS"}
    assert offers.supplier == "RUS"
    for row in offers.table():
        for name in ("mw", "usd_kw", "first_year", "chance", "cost_usd_mn_a_year"):
            assert 0 < row[name]["p05"] < row[name]["p95"]
    named = {row["builder"]: row for row in offers.table()}
    # The smaller reactor is the dearer one by the unit, and the first of its kind.
    assert named["USA"]["usd_kw"]["p50"] > named["RUS"]["usd_kw"]["p50"]
    assert named["USA"]["premium"]["p50"] > named["RUS"]["premium"]["p50"] >= 1.0
    assert named["USA"]["mw"]["p50"] < named["RUS"]["mw"]["p50"]


def test_no_offer_acts_before_its_reactor_runs(offers: ReactorOffers) -> None:
    for one in offers.offers:
        years = np.array(one.path.years)[:, None]
        waiting = years < one.first_year[None, :]
        np.testing.assert_array_equal(one.path.new_runs["keep and build"], ~waiting)
        with_it, without = (one.path.leverage[policy] for policy in ("keep and build", "keep"))
        np.testing.assert_array_equal(with_it[waiting], without[waiting])


def test_the_paths_without_a_new_reactor_are_the_same_for_all_builders(offers: ReactorOffers) -> None:
    first, *others = offers.offers
    for other in others:
        np.testing.assert_allclose(other.path.leverage["keep"], first.path.leverage["keep"])


def test_a_reactor_of_the_old_supplier_leaves_more_of_its_hold(offers: ReactorOffers) -> None:
    """Per MW that it adds: its fuel and its service end with the gas."""
    left = {one.builder: one.path.leverage["keep and build"][-1] for one in offers.offers}
    without = offers.offers[0].path.leverage["keep"][-1]
    relief = {name: (without - value).mean() for name, value in left.items()}
    size = {one.builder: one.mw.mean() for one in offers.offers}
    assert relief["USA"] / size["USA"] > relief["RUS"] / size["RUS"]


def test_where_nobody_offers_a_reactor_it_is_said(lakeland, caucasus: Region) -> None:
    with pytest.raises(SolveError, match="E432"):
        compare_reactors(energy_region(lakeland), "LKE", draws=3)


def test_the_document_names_client_supplier_and_year(offers: ReactorOffers) -> None:
    body = offers.to_dict()
    assert (body["client"], body["supplier"]) == ("ARM", "RUS")
    assert body["reactor_offers"][0]["year"] == 2045
    assert body["meta"]["sources"]

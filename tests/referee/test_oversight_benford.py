"""Benford beside the published figures of the census of towns, 2009, and beside scipy's chi-square test."""

from __future__ import annotations

import csv
from collections import Counter

import pytest
from scipy.stats import chisquare

from counterpoise.oversight.benford import measure_benford
from counterpoise.oversight.benford.law import expected_shares
from tests.support import shared_path


@pytest.mark.shared
def test_the_census_gives_the_published_chi_square() -> None:
    result = measure_benford(shared_path("samples/benford/census_2009.csv"), column="pop.2009", digits=2)
    assert result.n == 19_482
    assert round(result.chi2) == 108
    assert result.left_out == {"blank": 0, "not positive": 0, "too small": 27}
    assert result.conformity == "close conformity"


@pytest.mark.shared
def test_chi_square_and_p_are_those_of_scipy() -> None:
    path = shared_path("samples/benford/census_2009.csv")
    result = measure_benford(path, column="pop.2009", second=True)
    with path.open(encoding="utf-8", newline="") as stream:
        people = [int(float(row["pop.2009"])) for row in csv.DictReader(stream)]
    counts = Counter(int(str(number)[1]) for number in people if number >= 10)
    shares = expected_shares("second")
    peer = chisquare([counts[digit] for digit in shares], [share * counts.total() for share in shares.values()])
    assert (result.chi2, result.p) == pytest.approx((peer.statistic, peer.pvalue), rel=1e-9)

"""Reading the panel: every fault at once, the named rules, nothing after the wanted year."""

from __future__ import annotations

import numpy as np
import pytest

from counterpoise._errors import InputError
from counterpoise.history.panel import read_panel
from counterpoise.history.rules import FEWEST_VOTES, RULES, TOLD
from counterpoise.history.targets import make_target
from counterpoise.history.ties import measure_ties, members_of_the_union
from tests.history.synthetic import make_rows, write_panel
from tests.support import shared_path


@pytest.fixture(scope="module")
def rows():
    return make_rows()


def codes(error):
    return {one.code for one in error.value.faults}


def test_a_panel_is_read_with_labels_and_unknown_stays_unknown(tmp_path, rows):
    rows = rows.copy()
    rows.loc[(rows.client == "C03") & (rows.patron == "RUS") & (rows.year == 2000), "itpd_export_share"] = np.nan
    panel = read_panel(write_panel(tmp_path, rows))
    assert panel.years == tuple(range(1991, 2009))
    share = panel.pair["itpd_export_share"][panel.patrons.index("RUS"), panel.clients.index("C03")]
    assert np.isnan(share[panel.years.index(2000)])
    assert np.isfinite(share[panel.years.index(2001)])
    assert "client_milex" not in panel.client


def test_years_after_the_wanted_one_are_not_read(tmp_path, rows):
    poisoned = rows.copy()
    poisoned.loc[poisoned.year > 2003, "agree_3cat"] = 99.0
    panel = read_panel(write_panel(tmp_path, poisoned), until=2003)
    assert panel.years[-1] == 2003


def test_cutting_a_panel_equals_reading_less_of_it(tmp_path, rows):
    path = write_panel(tmp_path, rows)
    cut, read = read_panel(path).until(2002), read_panel(path, until=2002)
    np.testing.assert_array_equal(cut.position, read.position)
    np.testing.assert_array_equal(cut.pair["agree_3cat"], read.pair["agree_3cat"])


def test_a_missing_file_and_a_file_of_another_kind_are_e950(tmp_path):
    with pytest.raises(InputError) as error:
        read_panel(tmp_path / "none.parquet")
    assert codes(error) == {"E950"}
    other = tmp_path / "other.parquet"
    other.write_text("client,patron\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_panel(other)
    assert codes(error) == {"E950"}


def test_every_missing_or_mistyped_column_is_named_at_once(tmp_path, rows):
    bad = rows.drop(columns=["ip_patron", "n_common"]).assign(year=rows.year.astype(str))
    with pytest.raises(InputError) as error:
        read_panel(write_panel(tmp_path, bad))
    assert codes(error) == {"E951"}
    assert len(error.value.faults) == 3


def test_every_broken_rule_of_the_rows_is_told_at_once(tmp_path, rows):
    import pandas as pd

    bad = pd.concat([rows, rows.iloc[[0]]])
    bad.loc[bad.client == "C02", "agree_3cat"] = 1.2
    bad.loc[bad.client == "C04", "ip_client_q05"] = 9.0
    with pytest.raises(InputError) as error:
        read_panel(write_panel(tmp_path, bad))
    assert codes(error) == {"E952"}
    assert len(error.value.faults) == 3


def test_a_gap_of_years_or_a_lone_patron_is_e953(tmp_path, rows):
    with pytest.raises(InputError) as error:
        read_panel(write_panel(tmp_path, rows[(rows.year != 1999) & (rows.patron == "USA")]))
    assert codes(error) == {"E953"}
    assert len(error.value.faults) == 2
    with pytest.raises(InputError) as error:
        read_panel(write_panel(tmp_path, rows), until=1980)
    assert codes(error) == {"E953"}


def test_an_unknown_target_or_patron_is_named(tmp_path, rows):
    panel = read_panel(write_panel(tmp_path, rows))
    with pytest.raises(InputError) as error:
        make_target(panel, "weather")
    assert codes(error) == {"E954"}
    with pytest.raises(InputError) as error:
        make_target(panel, "agreement", "ATL")
    assert codes(error) == {"E955"}


def test_a_session_of_few_votes_carries_a_wide_error(tmp_path, rows):
    thin = rows.copy()
    here = (thin.client == "C05") & (thin.year == 1999)
    thin.loc[here, "n_votes"] = FEWEST_VOTES - 1
    plain, marked = read_panel(write_panel(tmp_path, rows)), read_panel(write_panel(tmp_path, thin))
    place = (plain.clients.index("C05"), plain.years.index(1999))
    assert marked.error[place] > plain.error[place]
    assert marked.notes["low_vote_sessions"] == 1
    assert set(marked.notes) == set(RULES) == set(TOLD)


def test_a_zero_among_the_five_largest_partners_is_unknown_and_a_paper_pact_is_none(tmp_path, rows):
    told = rows.assign(wits_top5_export_share_pct=0.0, atop_defense=1.0)
    told["client"] = told.client.replace({"C01": "AZE"})
    panel = read_panel(write_panel(tmp_path, told))
    assert np.isnan(panel.pair["wits_top5_export_share_pct"]).all()
    pact = panel.pair["atop_defense"][panel.patrons.index("RUS")]
    assert pact[panel.clients.index("AZE")].max() == 0
    assert pact[panel.clients.index("C02")].max() == 1


def test_the_union_is_its_members_of_the_year(tmp_path, rows):
    members = members_of_the_union((1994, 1995, 2003, 2004, 2019, 2020))
    assert members["AUT"].tolist() == [False, True, True, True, True, True]
    assert members["POL"].tolist() == [False, False, False, True, True, True]
    assert members["GBR"].tolist() == [True, True, True, True, True, False]
    panel = read_panel(write_panel(tmp_path, rows))
    ties = measure_ties(panel)
    assert ties.patrons == ("USA", "RUS", "CHN", "EU")
    both = [panel.patron_position[panel.patrons.index(name)] for name in ("DEU", "FRA")]
    np.testing.assert_allclose(ties.position[3], np.mean(both, axis=0), rtol=1e-12)
    assert (ties.total() >= ties.total(without="trade") - 1e-12).all()


@pytest.mark.shared
def test_the_shared_panel_is_read_whole():
    panel = read_panel(shared_path("history/dyad_year_1991_2014.parquet"))
    assert (len(panel.clients), len(panel.patrons), panel.years[0], panel.years[-1]) == (195, 33, 1991, 2014)
    assert panel.notes["untrusted_pacts"] == 39

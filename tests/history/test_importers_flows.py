"""Publishers' files of flows and ties: each layout gives the panel's columns, each wrong cell is told."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterpoise._errors import InputError
from counterpoise.history.importers import build, examine, reading
from counterpoise.history.importers.flows import read_baci, read_itpd
from counterpoise.history.importers.reading import Log
from counterpoise.history.importers.states import Correlates, by_name, named, plain
from counterpoise.history.panel import read_panel
from tests.history import publishers
from tests.support import run_json, shared_path

STATES = ("USA", "DEU", "RUS", "ARM", "GEO")
PATRONS = ("USA", "DEU", "RUS")
KEYS = ["client", "patron", "year"]


@pytest.fixture
def folder(tmp_path):
    publishers.write_votes(tmp_path, (2011, 2012), STATES)
    publishers.write_register(tmp_path)
    publishers.write_itpd(tmp_path)
    publishers.write_baci(tmp_path)
    publishers.write_aid(tmp_path)
    publishers.write_others(tmp_path)
    return tmp_path


def at(rows, *key):
    return rows.set_index(KEYS).loc[key]


def test_every_source_gives_its_columns(folder):
    built = build(folder, PATRONS, 2011, 2012)
    row = at(built.rows, "ARM", "RUS", 2011)
    assert row.arms_tiv == 20
    assert row.arms_tiv_total == 22
    assert row.itpd_export_share == pytest.approx(0.4)
    assert row.itpd_import_share == pytest.approx(0.75)
    assert row.shared_igos == 3
    assert row.min_distance_km == 150.5
    assert row.mid_hostlev == 0
    assert row.client_gdp_usd == 1e10
    assert row.patron_gdp_usd == 2e12
    assert row.client_polyarchy == 0.4
    assert row.joint_exercises == 3
    assert at(built.rows, "RUS", "USA", 2011).mid_hostlev == 2
    assert at(built.rows, "ARM", "USA", 2011).oda_net_2022usd_mil == 50
    assert at(built.rows, "ARM", "DEU", 2011).oda_net_2022usd_mil == -2
    assert at(built.rows, "ARM", "RUS", 2012).remittances_usd_mil == 900
    assert at(built.rows, "ARM", "RUS", 2012).min_distance_km == 150.5


def test_what_is_no_state_is_counted_and_never_dropped_in_silence(folder):
    built = build(folder, PATRONS, 2011, 2012)
    assert built.left_out["arms"] == {"House of Representatives (Libya)*": 1, "unknown supplier(s)": 1}
    assert built.left_out["aid"] == {"DPGC": 1, "4EU001": 1}
    assert built.left_out["gdp"] == {"ARB": 1}
    assert built.notes == [
        "distances of 2011 hold for 2012 to 2012",
        "aid is in prices of 2023; the column is named for 2022",
    ]
    assert any(line.startswith("migrants: the people channel is empty") for line in built.lacking)


def test_unknown_stays_unknown_and_nil_is_nil(folder):
    rows = build(folder, PATRONS, 2011, 2012).rows
    assert np.isnan(at(rows, "GEO", "USA", 2011).oda_net_2022usd_mil)
    assert np.isnan(at(rows, "ARM", "RUS", 2012).client_gdp_usd)
    assert at(rows, "GEO", "USA", 2011).arms_tiv == 0
    assert np.isnan(at(rows, "GEO", "USA", 2011).itpd_export_share)
    assert np.isnan(at(rows, "ARM", "RUS", 2012).mid_hostlev)


def test_goods_alone_fill_the_years_that_the_fuller_table_lacks(folder):
    rows = build(folder, PATRONS, 2011, 2012).rows
    assert at(rows, "ARM", "RUS", 2011).itpd_export_share == pytest.approx(0.4)
    assert at(rows, "ARM", "RUS", 2012).itpd_export_share == pytest.approx(0.75)
    assert at(rows, "ARM", "USA", 2012).itpd_export_share == pytest.approx(0.25)


def test_both_layouts_of_the_register_tell_the_same(tmp_path):
    publishers.write_votes(tmp_path, (2011, 2012), STATES)
    publishers.write_register(tmp_path)
    new = build(tmp_path, PATRONS, 2011, 2012).rows
    publishers.write_register(tmp_path, old=True)
    old = build(tmp_path, PATRONS, 2011, 2012).rows
    pd.testing.assert_frame_equal(new, old)


def test_a_workbook_of_migrants_is_read_from_its_sheet_both_sexes_together(tmp_path):
    publishers.write_votes(tmp_path, (2005, 2010), STATES)
    publishers.write_migrants(tmp_path)
    rows = build(tmp_path, PATRONS, 2005, 2010).rows
    assert at(rows, "ARM", "RUS", 2010).emigrant_share == pytest.approx(0.6)
    assert at(rows, "ARM", "USA", 2005).emigrant_stock == 80
    assert np.isnan(at(rows, "ARM", "USA", 2010).emigrant_stock)
    assert at(rows, "GEO", "RUS", 2010).emigrant_share == 1


def test_the_release_with_years_and_tabs_gives_the_same_rows(tmp_path):
    publishers.write_votes(tmp_path, (2011, 2012), STATES)
    old = build(tmp_path, PATRONS, 2011, 2012).rows
    path = tmp_path / "IdealpointestimatesAll_Jun2024.csv"
    names = {"IdealPointAll": "IdealPointFP", "NVotesAll": "NVotesFP", "Q5%All": "Q5%FP", "Q95%All": "Q95%FP"}
    frame = pd.read_csv(path).rename(columns=names)
    path.unlink()
    frame = frame.assign(year=frame.session + 1945).drop(columns="session")
    frame.to_csv(tmp_path / "Idealpointestimates1946-2025.tab", index=False, sep="\t")
    pd.testing.assert_frame_equal(old, build(tmp_path, PATRONS, 2011, 2012).rows)


def test_a_number_that_two_states_have_had_goes_to_the_one_that_sat():
    """Before, the first state of a number kept it for all years: Serbia's votes were lost beside Yugoslavia's."""
    points = pd.DataFrame({"ccode": [345.0, 345.0], "year": [1991, 2008], "iso3": ["YUG", "SRB"]})
    found = Correlates(points.ccode, points.year, points.iso3).of(points.ccode, points.year)
    assert found.tolist() == ["YUG", "SRB"]


def test_every_wrong_cell_is_told_at_once_with_its_line(folder):
    with (folder / "ITPD_E_R02.csv").open("a", encoding="utf-8") as stream:
        stream.write("ARM,x,RUS,2011,1,-5,M,0\nARM,x,RUS,2011,1,many,M,0\n")
    path = folder / "2024_UNVotes.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("66000,2,", "66000,2,7,66\n66001,2,", 1), "utf-8")
    with (folder / "V-Dem-CY-Core-v14.csv").open("a", encoding="utf-8") as stream:
        stream.write("Georgia,GEO,2011,4\n")
    with (folder / "own_exercises.csv").open("a", encoding="utf-8") as stream:
        stream.write("Armenia,RUS,2012,1\n")
    with pytest.raises(InputError) as error:
        build(folder, PATRONS, 2011, 2012)
    told = {one.where.rsplit("/", 1)[1] for one in error.value.faults}
    assert {one.code for one in error.value.faults} == {"E971"}
    assert told == {"ITPD_E_R02.csv:10", "ITPD_E_R02.csv:11", "2024_UNVotes.csv:2", "V-Dem-CY-Core-v14.csv:4",
                    "own_exercises.csv:3"}  # fmt: skip
    assert all(one.rule and one.fix for one in error.value.faults)


def test_many_wrong_cells_are_named_in_part_and_counted_in_full(folder):
    with (folder / "ITPD_E_R02.csv").open("a", encoding="utf-8") as stream:
        stream.write("ARM,x,RUS,2011,1,-5,M,0\n" * 50)
    with pytest.raises(InputError) as error:
        build(folder, PATRONS, 2011, 2012)
    assert len(error.value.faults) == reading.NAMED + 1
    assert "45 more" in error.value.faults[-1].found


def test_a_block_is_smaller_than_the_file_and_changes_nothing(folder, monkeypatch):
    whole = build(folder, PATRONS, 2011, 2012).rows
    monkeypatch.setattr(reading, "BLOCK", 3)
    pd.testing.assert_frame_equal(whole, build(folder, PATRONS, 2011, 2012).rows)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from("ABC"), st.floats(0, 1e6)), min_size=1, max_size=30))
def test_shares_lie_between_nil_and_one_and_sum_to_at_most_one(tmp_path_factory, flows):
    names = {"A": "ARM", "B": "RUS", "C": "USA"}
    rows = [(names[a], names[b], 2011, value) for a, b, value in flows]
    path = tmp_path_factory.mktemp("itpd") / "ITPD.csv"
    pd.DataFrame(rows, columns=["exporter_iso3", "importer_iso3", "year", "trade"]).to_csv(path, index=False)
    told = read_itpd(path, 2011, 2011, ("RUS", "USA"), Log())
    for name in ("itpd_export_share", "itpd_import_share"):
        known = told[name].dropna()
        assert known.between(0, 1 + 1e-12).all()
        assert (told.groupby(["client", "year"])[name].sum() <= 1 + 1e-9).all()


def test_baci_may_name_its_economies_itself(tmp_path):
    publishers.write_baci(tmp_path)
    codes = tmp_path / "country_codes_V202401b.csv"
    codes.write_text("country_code,country_name,country_iso2,country_iso3\n51,A,AM,ARM\n643,R,RU,RUS\n842,U,US,USA\n")
    paths = sorted(tmp_path.glob("BACI*"))
    with_codes = read_baci(paths, codes, 2011, 2012, ("RUS", "USA"), Log())
    pd.testing.assert_frame_equal(with_codes, read_baci(paths, None, 2011, 2012, ("RUS", "USA"), Log()))


def test_names_are_known_whatever_their_accents_and_marks():
    told = named(pd.Series(["Côte d’Ivoire", "RUSSIAN FEDERATION", "Türkiye", "ARM", "Biafra*", None]))
    assert told.tolist()[:4] == ["CIV", "RUS", "TUR", "ARM"]
    assert told.isna().tolist()[4:] == [True, True]
    assert all(plain(name) == name for name in by_name())


def test_the_doctor_says_what_is_lost_and_what_is_wrong(folder, capsys):
    (folder / "ITPD_E_R02.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    told = {row["source"]: row for row in examine(folder).rows}
    assert told["trade"]["state"] == "wrong"
    assert "exporter_iso3" in told["trade"]["what next"]
    assert told["migrants"]["without it"] == "the people channel is empty"
    assert told["alliances"]["publisher"] == "Alliance Treaty Obligations and Provisions"
    code, document = run_json(capsys, "history", "doctor", str(folder))
    assert code == 1
    assert {row["source"] for row in document["sources"]} == set(told)


def test_the_command_builds_and_says_what_it_left_out(folder, capsys):
    out = folder / "panel.parquet"
    code, document = run_json(capsys, "history", "build", str(folder), "--out", str(out), "--patrons", "USA,DEU,RUS",
                              "--from", "2011", "--to", "2012")  # fmt: skip
    assert code == 0
    assert document["rows"] == len(pd.read_parquet(out)) == 2 * (3 * 5 - 3)
    assert "arms" in document["left_out"]
    panel = read_panel(out)
    assert panel.pair["remittances_usd_mil"].shape == (3, 5, 2)


def test_a_workbook_that_is_none_is_refused(tmp_path):
    publishers.write_votes(tmp_path, (2011,), STATES)
    (tmp_path / "undesa_pd_2020_ims_stock.xlsx").write_text("no workbook", encoding="utf-8")
    with pytest.raises(InputError) as error:
        build(tmp_path, PATRONS, 2011, 2011)
    assert error.value.faults[0].code == "E970"


@pytest.mark.shared
@pytest.mark.slow
def test_the_shared_pieces_in_their_publishers_layouts_give_the_shared_panels_columns(tmp_path):
    """Positions, capabilities and disputes go out in the published layouts and come back as the panel has them.

    Roll calls are not among the pieces: votes are invented and agreement is not compared. The panel gives disputes and
    capabilities of Yugoslavia's last year to Serbia, whose number it was: those of Yugoslavia are not compared either.
    """
    panel = pd.read_parquet(shared_path("history/dyad_year_1991_2014.parquet"))
    points = pd.read_parquet(shared_path("history/ideal_points_2026_vintage_1946_2014.parquet"))
    points = points.rename(columns={"iso3": "iso3c", "n_votes": "NVotesFP", "ideal_point": "IdealPointFP",
                                    "ip_q05": "Q5%FP", "ip_q95": "Q95%FP"})  # fmt: skip
    points.to_csv(tmp_path / "Idealpointestimates1946-2025.tab", sep="\t", index=False)
    sat = points[points.year.between(1991, 2014)]
    votes = [
        sat[["ccode", "year"]].assign(rcid=10 * sat.year + call, vote=1 + (sat.ccode + call) % 3) for call in (1, 2)
    ]
    pd.concat(votes).to_csv(tmp_path / "2026_UNVotes.csv", index=False)
    power = pd.read_parquet(shared_path("history/cow_nmc_1946_2014.parquet")).drop(columns="iso3")
    power.fillna(-9).to_csv(tmp_path / "NMC-60-abridged.csv", index=False)
    disputes = pd.read_parquet(shared_path("history/cow_mid5_ddyad_disputes_1946_2014.parquet"))
    disputes.drop(columns=["client", "patron"]).to_csv(tmp_path / "cow_mid5_ddyad.csv", index=False)
    patrons = tuple(sorted(panel.patron.unique()))
    built = build(tmp_path, patrons, 1991, 2014).rows
    both = panel.merge(built, on=KEYS, suffixes=("", " ours"))
    assert len(both) / len(panel) > 0.99
    for name in ("ip_client", "ip_client_q05", "ip_client_q95", "ip_patron", "n_votes", "ip_low_n", "mid_hostlev",
                 "client_milex", "client_milper", "client_cinc"):  # fmt: skip
        by_number = name in {"mid_hostlev", "client_milex", "client_milper", "client_cinc"}
        here = both[both.client != "YUG"] if by_number else both
        theirs, ours = here[name].to_numpy(float), here[f"{name} ours"].to_numpy(float)
        assert np.array_equal(np.isfinite(theirs), np.isfinite(ours)), name
        np.testing.assert_allclose(ours, theirs, rtol=1e-12, equal_nan=True, err_msg=name)

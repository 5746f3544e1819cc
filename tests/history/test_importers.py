"""Building a panel from small files made here in the publishers' formats."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from counterpoise._errors import InputError
from counterpoise.history.importers import build_panel, examine
from counterpoise.history.panel import read_panel
from tests.support import run_json

STATES = {"USA": 2, "RUS": 365, "ARM": 371, "GEO": 372}


@pytest.fixture
def folder(tmp_path):
    rng = np.random.default_rng(0)
    points, votes = [], []
    for session in (66, 67):
        for name, ccode in STATES.items():
            points.append({"ccode": ccode, "session": session, "iso3c": name, "IdealPointAll": rng.normal(),
                           "NVotesAll": 5 if name == "GEO" else 60, "Q5%All": -3.0, "Q95%All": 3.0})  # fmt: skip
    for ccode, cast in {2: (1, 1, 3, 2), 365: (1, 3, 3, 8), 371: (1, 2, 1, 1), 372: (1, 1, 3, 2)}.items():
        for call, vote in enumerate(cast):
            for session in (66, 67):
                votes.append({"rcid": 100 * session + call, "ccode": ccode, "vote": vote, "session": session})
    pd.DataFrame(points).to_csv(tmp_path / "IdealpointestimatesAll_Jun2024.csv", index=False)
    pd.DataFrame(votes).to_csv(tmp_path / "2024_UNVotes.csv", index=False)
    pact = {
        "stateA": 371,
        "stateB": 365,
        "year": 2011,
        "defense": 1,
        "offense": 0,
        "neutral": 0,
        "nonagg": 1,
        "consul": 1,
    }
    pd.DataFrame([pact]).to_csv(tmp_path / "atop5_1ddyr.csv", index=False)
    size = [{"ccode": 371, "year": 2011, "milex": -9, "milper": 50, "cinc": 0.0006}]
    pd.DataFrame(size).to_csv(tmp_path / "NMC-60-abridged.csv", index=False)
    return tmp_path


def test_agreement_counts_an_abstention_as_half(folder):
    rows = build_panel(folder, ("USA", "RUS"), 2011, 2012).set_index(["client", "patron", "year"])
    assert rows.loc[("GEO", "USA", 2011), "agree_3cat"] == 1
    assert rows.loc[("ARM", "USA", 2011), "agree_3cat"] == pytest.approx((1 + 0.5 + 0 + 0.5) / 4)
    assert rows.loc[("ARM", "USA", 2011), "agree_strict"] == pytest.approx(1 / 4)
    assert rows.loc[("ARM", "RUS", 2011), "n_common"] == 3
    assert rows.loc[("ARM", "RUS", 2011), "oppose"] == pytest.approx(1 / 3)


def test_pacts_are_known_to_the_last_year_of_their_file_and_minus_nine_is_unknown(folder):
    rows = build_panel(folder, ("USA", "RUS"), 2011, 2012).set_index(["client", "patron", "year"])
    assert rows.loc[("ARM", "RUS", 2011), "atop_defense"] == 1
    assert rows.loc[("GEO", "RUS", 2011), "atop_defense"] == 0
    assert np.isnan(rows.loc[("ARM", "RUS", 2012), "atop_defense"])
    assert np.isnan(rows.loc[("ARM", "RUS", 2011), "client_milex"])
    assert rows.loc[("ARM", "RUS", 2011), "client_milper"] == 50


def test_a_built_panel_is_a_panel(folder, capsys):
    from counterpoise.cli import main

    out = folder / "panel.parquet"
    assert main(["history", "build", str(folder), "--out", str(out), "--patrons", "USA,RUS", "--from", "2011",
                 "--to", "2012"]) == 0  # fmt: skip
    panel = read_panel(out)
    assert panel.clients == ("ARM", "GEO", "RUS", "USA")
    assert panel.low[panel.clients.index("GEO")].all()


def test_the_doctor_names_what_is_missing_and_where_to_get_it(folder, capsys):
    told = {row["source"]: row for row in examine(folder).rows}
    assert told["alliances"]["state"] == "ready"
    assert told["regimes"]["state"] == "missing"
    assert "v-dem.net" in told["regimes"]["what next"]
    next(folder.glob("Ideal*")).unlink()
    code, document = run_json(capsys, "history", "doctor", str(folder))
    assert code == 1
    assert document["sources"][0]["state"] == "missing"


def test_every_bad_file_is_told_at_once(folder):
    next(folder.glob("Ideal*")).unlink()
    (folder / "2024_UNVotes.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        build_panel(folder, ("USA",), 2011, 2012)
    assert [one.code for one in error.value.faults] == ["E970", "E970"]

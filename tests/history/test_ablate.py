"""Ablations: what a variant is, that cases are the same, and that nothing later is read."""

from __future__ import annotations

import numpy as np
import pytest

from counterpoise._errors import InputError
from counterpoise.history import ablate as ablate_room
from counterpoise.history.ablate import ALL, GEOGRAPHY, NO_PULL, ablate, channels_of, nearness, variants
from counterpoise.history.panel import read_panel
from counterpoise.history.targets import make_target
from counterpoise.history.ties import CHANNELS
from tests.history.synthetic import make_rows, write_panel
from tests.support import run_json


@pytest.fixture(scope="module")
def panel(tmp_path_factory):
    return read_panel(write_panel(tmp_path_factory.mktemp("panel")))


def test_a_channel_left_out_and_the_channel_alone_make_the_whole(panel):
    here = make_target(panel, "ideal_point")
    made = variants(panel, here)
    whole = here.ties.total()
    for name in CHANNELS:
        parts = made[f"without {name}"].ties.total() + made[f"{name} alone"].ties.total()
        np.testing.assert_allclose(parts, whole, atol=1e-12)


def test_geography_has_the_same_mean_strength_and_falls_with_distance(panel):
    here = make_target(panel, "ideal_point")
    made = variants(panel, here)
    russia = here.ties.patrons.index("RUS")
    america = here.ties.patrons.index("USA")
    strength = made["distance"].ties.strength[0]
    assert np.nanmean(strength) == pytest.approx(np.nanmean(here.ties.total()))
    assert np.nanmin(strength[russia]) > np.nanmax(strength[america])
    near = nearness(panel, here.ties)
    assert near is not None
    assert set(np.unique(near["contiguity"][np.isfinite(near["contiguity"])])) <= {0.0, 1.0}


def test_a_channel_that_the_panel_lacks_is_not_asked_about(tmp_path):
    rows = make_rows().drop(columns=["itpd_export_share", "itpd_import_share", "min_distance_km"])
    panel = read_panel(write_panel(tmp_path, rows))
    target = make_target(panel, "ideal_point")
    assert channels_of(target) == ("people", "capital", "security")
    made = variants(panel, target, channels_of(target))
    assert "without trade" not in made
    assert not set(GEOGRAPHY) & set(made)


def test_no_origin_is_e956(tmp_path):
    with pytest.raises(InputError) as error:
        ablate(write_panel(tmp_path), first=2100)
    assert error.value.code == "E956"


@pytest.mark.slow
def test_every_variant_is_scored_on_the_same_cases_and_reads_nothing_later(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(ablate_room, "MOST_PAIRS", 120)
    rows = make_rows(clients=30)
    # Nobody trades with a patron: a channel of nil everywhere is not asked about.
    rows["oda_net_2022usd_mil"] = 0.0
    path = write_panel(tmp_path, rows)
    code, document = run_json(
        capsys, "history", "ablate", str(path), "--from", "2006", "--to", "2007", "--horizons", "1"
    )
    assert code == 0
    counted = {row["n"] for row in document["crps"]}
    assert len(counted) == 1
    told = {row["variant"] for row in document["crps"]}
    assert {ALL, NO_PULL, "without trade", "trade alone", "distance", "contiguity"} <= told
    assert "without capital" not in told
    assert {row["answer"] for row in document["skill"]} <= {"adds", "takes away", "no measured difference"}
    poisoned = rows.copy()
    poisoned.loc[poisoned.year > 2007, "agree_3cat"] = 0.01
    folder = tmp_path / "later"
    folder.mkdir()
    again = ablate(write_panel(folder, poisoned), first=2006, last=2007, horizons=(1,))
    assert again.to_dict()["crps"] == document["crps"]
    assert again.plot.to_dict()["facet"]

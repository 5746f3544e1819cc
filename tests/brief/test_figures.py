"""Charts and map: well-formed, labelled, sourced, dated, with their numbers beside them; the projection is Snyder's."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoise._version import __version__
from counterpoise.brief import BriefResult, write_brief
from counterpoise.brief._labels import Label, place_labels
from counterpoise.brief._map import draw_map
from counterpoise.brief._page import draw_figures
from counterpoise.brief._projection import Conic, centre, clip, fit
from counterpoise.brief._svg import element, plain_text
from counterpoise.region import Region, open_region
from tests.brief.support import whole_brief

SVG = "{http://www.w3.org/2000/svg}"


pytestmark = pytest.mark.xdist_group("brief")


@pytest.fixture(scope="module")
def brief() -> BriefResult:
    return whole_brief()


def test_every_chart_is_a_file_with_title_unit_interval_source_day_and_version(brief: BriefResult) -> None:
    files = sorted((brief.page.parent / "charts").glob("*.svg"))
    names = {path.stem for path in files if not path.stem.startswith("calibration-")}
    assert names == {"claims-chart", "costs-ARM", "costs-AZE", "costs-GEO", "map"}
    figures = {figure.id: figure for figure in draw_figures(brief)}
    for path in files:
        root = ElementTree.fromstring(path.read_text(encoding="utf-8"))
        said = " ".join("".join(node.itertext()) for node in root.iter(f"{SVG}text"))
        figure = figures[path.stem]
        for words in (figure.title, figure.unit, figure.interval, figure.source, __version__, "As of 2026-11-22"):
            assert words in said, (path.stem, words)
        assert root.find(f"{SVG}title") is not None
        assert root.find(f"{SVG}desc") is not None
        if figure.kind != "map":
            assert "var(" not in path.read_text(encoding="utf-8")
        rows = list(csv.reader(io.StringIO(path.with_suffix(".csv").read_text(encoding="utf-8"))))
        assert tuple(rows[0]) == figure.columns
        assert len(rows) - 1 == len(figure.rows) > 0


def test_every_chart_in_the_page_has_a_role_a_title_and_a_description(brief: BriefResult) -> None:
    page = brief.page.read_text(encoding="utf-8")
    charts = re.findall(r'<svg [^>]*id="([\w-]+)"[^>]*role="img" aria-labelledby="([^"]+)"', page)
    assert len([name for name, _ in charts if not name.startswith("calibration-")]) == 5
    for name, labels in charts:
        assert labels == f"{name}-title {name}-desc"
        assert f'<title id="{name}-title">' in page
        assert f'<desc id="{name}-desc">' in page


def test_the_bars_of_a_client_state_the_numbers_of_the_matrix(brief: BriefResult) -> None:
    figures = {figure.id: figure for figure in draw_figures(brief)}
    rows = {row[1:4]: row[5:8] for row in figures["costs-ARM"].rows}
    cell = brief.leverage.at("ARM", "RUS", "trade", "long")
    assert cell is not None
    values = cell.to_dict()["exposure"]
    assert rows["RUS", "trade", "long"] == (values["p05"], values["p50"], values["p95"])


def test_the_map_shows_disputed_areas_in_three_ways_and_says_who_holds_them(caucasus: Region) -> None:
    drawn = draw_map(caucasus)
    assert drawn is not None
    inline = drawn.figure.in_page()
    counts = [inline.count(f'class="{kind}') for kind in ("view-disputed hatched", "view-member land", "view-held ")]
    assert counts[0] == counts[1] == counts[2] >= len(drawn.disputed)
    abkhazia = next(row for row in drawn.disputed if row["name"] == "Abkhazia")
    assert (abkhazia["part_of"], abkhazia["held_by"]) == ("Georgia", "its own authorities")
    assert "Natural Earth, public domain" in drawn.credit
    assert {"ne_map"} <= drawn.sources
    for name in ("Abkhazia", "South Ossetia", "Nagorno-Karabakh", "ARMENIA", "GEORGIA", "AZERBAIJAN"):
        assert f">{name}</text>" in inline


def test_the_map_draws_links_by_their_state_as_known_on_the_day(caucasus: Region) -> None:
    now, before = draw_map(caucasus), draw_map(caucasus.at("2020-01-01"))
    assert now is not None
    assert before is not None
    state = {row["link"]: row["state"] for row in now.links}
    assert state["rail_gyumri_dogukapi"] == "closed"
    assert state["rail_agbend_meghri"] == "planned"
    assert {"open", "suspended", "closed", "planned", "under construction"} <= set(now.states)
    earlier = {row["link"]: row["state"] for row in before.links}
    assert earlier.get("rail_agbend_meghri") != "planned"
    assert {row["source"] for row in now.links} <= {row.id for row in caucasus.rows("sources")}


def test_a_region_without_outlines_or_places_has_no_map_and_its_brief_says_so(lakeland: Path, tmp_path: Path) -> None:
    region = open_region(lakeland)
    assert draw_map(region) is None
    page = write_brief(region, out=tmp_path / "out", members=10).page.read_text(encoding="utf-8")
    assert "no map is drawn" in page


def test_the_projection_is_true_on_its_middle_meridian_and_keeps_angles() -> None:
    conic = Conic(39.0, 43.0, 45.0)
    assert conic.project(45.0, 41.0)[0] == pytest.approx(0)
    step = 1e-5
    for lon, lat in ((40.0, 38.0), (45.0, 41.0), (51.0, 44.0)):
        x, y = conic.project(lon, lat)
        east, north = conic.project(lon + step, lat), conic.project(lon, lat + step)
        across, up = (east[0] - x, east[1] - y), (north[0] - x, north[1] - y)
        assert across[0] * up[0] + across[1] * up[1] == pytest.approx(0, abs=1e-16)


@given(
    st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), min_size=1, max_size=20),
    st.floats(0.1, 1.0),
)
def test_a_window_holds_every_point_it_was_fitted_to(points: list[tuple[float, float]], share: float) -> None:
    window = fit(points, width=960, height=660, share=share)
    assert window is not None
    assert all(window.holds(window.place(lon, lat), 1e-3) for lon, lat in points)


@given(st.lists(st.tuples(st.floats(-100, 200), st.floats(-100, 200)), min_size=3, max_size=3))
def test_a_clipped_triangle_lies_in_the_frame_and_is_no_larger(points: list[tuple[float, float]]) -> None:
    kept = clip(points, 100, 80)
    assert all(-1e-6 <= x <= 100 + 1e-6 and -1e-6 <= y <= 80 + 1e-6 for x, y in kept)
    if len(kept) >= 3:
        assert centre(kept)[1] <= min(100 * 80, centre(points)[1]) + 1e-6


@given(st.lists(st.tuples(st.floats(0, 900), st.floats(0, 600), st.integers(0, 5)), max_size=30))
def test_no_two_labels_overlap_and_none_leaves_the_map(spots: list[tuple[float, float, int]]) -> None:
    labels = [Label("Some place", (x, y), "l", 11.0, order) for x, y, order in spots]
    placed = place_labels(labels, 960, 660)
    assert len(placed) <= len(labels)
    starts = [label.at for label in placed if label.anchor == "start"]
    assert all(0 <= x <= 960 and 0 <= y <= 660 for x, y in starts)
    assert len(set(starts)) == len(starts)


@given(st.text())
def test_any_text_of_a_stranger_becomes_well_formed_xml(words: str) -> None:
    drawn = element("text", {"class": words}, words)
    root = ElementTree.fromstring(str(drawn))
    assert (root.text or "").replace("\n", "") == plain_text(words).replace("\r", "").replace("\n", "")
    assert list(root) == []


def test_the_numbers_of_a_chart_defuse_formulas(lakeland: Path, tmp_path: Path) -> None:
    claims = lakeland / "claims.csv"
    claims.write_text(claims.read_text(encoding="utf-8").replace("A reservoir", "=HYPERLINK(1)"), encoding="utf-8")
    brief = write_brief(open_region(lakeland), out=tmp_path / "out", members=10)
    for path in (tmp_path / "out").rglob("*.csv"):
        for row in csv.reader(io.StringIO(path.read_text(encoding="utf-8"))):
            assert not [cell for cell in row if cell[:1] in {"=", "@"}], path
    assert brief.page.exists()

"""The charts as Vega-Lite: whole specifications, one theme, no reach; fans and calibration on rows made up."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoise.brief import BriefResult, write_brief
from counterpoise.brief._figure import Stamp
from counterpoise.brief._page import draw_figures
from counterpoise.brief._theme import COLOURS, DARK, LIGHT, on_paper, paint
from counterpoise.brief.charts import Chart, calibration_charts, fan_charts
from counterpoise.brief.charts._vega import draw, runtime
from counterpoise.brief.sections import Outlook, Record
from counterpoise.region import open_region
from tests.brief.support import whole_brief

pytestmark = pytest.mark.xdist_group("brief")

ATTACK = "</script><script>alert(1)</script><!-- <img src=x onerror=alert(2)> \u2028 $loss"


def fan_rows(**changes: Any) -> list[dict[str, Any]]:
    """Made-up futures: a median that rises by one a quarter, bands that widen."""
    return [
        {
            "client": "LKE",
            "scenario": scenario,
            "quarter": f"{2026 + k // 4}-Q{k % 4 + 1}",
            "p05": 40.0 - k,
            "p25": 45.0,
            "p50": 50.0 + k,
            "p75": 55.0 + k,
            "p95": 60.0 + 2 * k,
            **changes,
        }
        for scenario in ("baseline", "break")
        for k in range(8)
    ]


def coverage_rows() -> list[dict[str, Any]]:
    return [
        {
            "target": "ideal_point",
            "horizon": h,
            "nominal": n,
            "measured": n - 0.01 * h,
            "n": 100,
            "low": n - 0.1,
            "high": n,
        }
        for h in (1, 2, 5)
        for n in (0.5, 0.9)
    ]


SKILL = [
    {"target": "ideal_point", "against": "random_walk", "horizon": 1, "crps_skill": 0.1, "low": 0.05, "high": 0.14},
    {"target": "ideal_point", "against": "auto_ets", "horizon": 5, "crps_skill": 0.01, "low": -0.02, "high": 0.03},
    {"target": "ideal_point", "against": "drift", "horizon": 5, "crps_skill": -0.1, "low": -0.2, "high": -0.05},
]


@pytest.fixture(scope="module")
def charts() -> list[Chart]:
    return [figure for figure in draw_figures(whole_brief()) if isinstance(figure, Chart)]


def test_a_chart_is_written_with_its_whole_specification(charts: list[Chart]) -> None:
    folder = whole_brief().page.parent / "charts"
    assert {chart.id for chart in charts} >= {"costs-ARM", "costs-AZE", "costs-GEO", "claims-chart"}
    for chart in charts:
        spec = json.loads((folder / f"{chart.id}.vl.json").read_text(encoding="utf-8"))
        assert spec == chart.spec()
        assert spec["description"] == chart.alt
        assert " ".join(spec["title"]["text"]) == chart.title
        assert "url" not in json.dumps([layer.get("data") for layer in spec["layer"]])
        drawn, width, height = draw(json.dumps(spec))
        said = " ".join(re.sub(r"<[^>]+>", " ", str(drawn)).split())
        assert "As of 2026-11-22" in said
        assert width > 0 < height


def test_the_page_holds_the_same_specification_as_the_file(charts: list[Chart]) -> None:
    page = whole_brief().page.read_text(encoding="utf-8")
    for chart in charts:
        block = re.findall(rf'<script type="application/json" id="spec-{chart.id}">(.*?)</script>', page)
        assert [json.loads(text) for text in block] == [chart.spec()]


def test_a_chart_in_the_page_takes_every_colour_from_the_theme_and_a_file_every_colour_from_paper(
    charts: list[Chart],
) -> None:
    for chart in charts:
        drawn = str(chart.drawn()[0])
        assert not re.findall(r"#[0-9a-f]{6}\b", drawn)
        assert "$" not in drawn
        names = set(re.findall(r"var\(--([\w-]+)\)", drawn))
        assert names
        assert names <= set(COLOURS)
        assert set(re.findall(r"#[0-9a-f]{6}\b", on_paper(drawn))) <= {pair[LIGHT] for pair in COLOURS.values()}


def test_a_theme_reads_on_both_papers() -> None:
    """Contrast by WCAG 2 of text and of what must be told apart, on panel and paper, light and dark."""

    def light(colour: str) -> float:
        parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    def contrast(one: str, other: str) -> float:
        bright, dim = sorted((light(one), light(other)), reverse=True)
        return (bright + 0.05) / (dim + 0.05)

    for side in (LIGHT, DARK):
        for ground in ("panel", "paper"):
            for text in ("ink", "soft", "accent", "good", "bad", "mid"):
                assert contrast(COLOURS[text][side], COLOURS[ground][side]) >= 4.5, (text, ground, side)
            for mark in ("loss", "early", "total"):
                assert contrast(COLOURS[mark][side], COLOURS[ground][side]) >= 3.0, (mark, ground, side)


@given(st.text(), st.sampled_from([LIGHT, DARK, None]))
def test_painting_leaves_data_alone(words: str, side: int | None) -> None:
    spec = {"data": {"values": [{"name": words}]}, "mark": {"color": "$ink"}}
    painted = paint(spec, side)
    assert painted["data"] == spec["data"]
    assert painted["mark"]["color"] != "$ink"


def test_no_tag_and_no_comment_can_begin_or_end_in_the_runtime() -> None:
    bundle = runtime()
    assert "drawVega" in bundle
    assert not re.search(r"</script|<!--|<script", bundle, re.IGNORECASE)
    assert 300_000 < len(bundle) < 1_500_000


class Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)


def test_a_strangers_text_in_a_chart_stays_text_in_page_and_file() -> None:
    rows = fan_rows(scenario=ATTACK)
    (chart,) = fan_charts(
        rows, names={"LKE": ATTACK}, measure="alignment", unit="0 to 100", members=10, source=ATTACK, titles={}
    )
    for written in (str(chart.in_page()), chart.standalone()):
        assert set(Tags(written).tags) <= {
            "svg",
            "title",
            "desc",
            "style",
            "g",
            "rect",
            "path",
            "text",
            "tspan",
            "line",
        }
    assert Tags(f"<script>{chart.embedded()}</script>").tags == ["script"]
    assert json.loads(str(chart.embedded())) == chart.spec()


def test_a_fan_states_its_interval_its_futures_and_no_more_than_its_bands_say() -> None:
    charts = fan_charts(
        fan_rows(),
        names={"LKE": "Lakeland"},
        measure="alignment",
        unit="0 to 100",
        members=10_000,
        source="Source: test.",
    )
    assert [chart.id for chart in charts] == ["fan-LKE-baseline", "fan-LKE-break"]
    assert charts[0].title == "Lakeland, baseline: no sure direction by 2027 Q4"
    assert "10,000 futures" in charts[0].interval
    assert "25 to 75" in charts[0].interval
    assert charts[0].encoding["y"]["scale"]["domain"] == charts[1].encoding["y"]["scale"]["domain"] == [33.0, 74.0]
    risen = fan_charts(
        fan_rows(p05=51.0), names={}, measure="alignment", unit="0 to 100", members=10, source="Source: test."
    )
    assert risen[0].title.endswith("very likely up by 2027 Q4")
    bare = fan_charts(
        fan_rows(p25=None), names={}, measure="alignment", unit="0 to 100", members=10, source="Source: test."
    )
    assert "25 to 75" not in bare[0].interval
    assert len(bare[0].layers) == len(charts[0].layers) - 1
    assert fan_charts([], names={}, measure="", unit="", members=1, source="") == []
    for chart in (*charts, *bare):
        assert chart.stamped(Stamp("As of today", 10, 0, "1")).standalone().startswith("<?xml")


def test_a_fan_without_its_interval_is_refused() -> None:
    rows = [{"client": "LKE", "scenario": "s", "quarter": "2026-Q1", "p50": 1.0}]
    with pytest.raises(KeyError):
        fan_charts(rows, names={}, measure="x", unit="y", members=1, source="s")


def test_calibration_says_how_many_outcomes_the_widest_interval_held() -> None:
    (chart,) = calibration_charts(coverage_rows(), source="Source: test.", names={"ideal_point": "Ideal points"})
    assert chart.title == "Ideal points: intervals meant to hold 90 outcomes in 100 held 85 to 89"
    assert len(chart.rows) == 6
    shapes = chart.layers[-1]["encoding"]["shape"]["scale"]
    assert len(set(shapes["range"])) == len(shapes["domain"]) == 3
    assert str(chart.drawn()[0]).count("<path") > 6
    assert calibration_charts([], source="") == []


def test_futures_stand_in_a_brief_only_with_their_numbers_and_a_record_that_is_given_goes_before_the_shipped_one(
    lakeland: Path, tmp_path: Path
) -> None:
    region = open_region(lakeland)
    plain = write_brief(region, out=tmp_path / "plain", members=10)
    text = plain.page.read_text(encoding="utf-8")
    assert 'id="outlook"' not in text
    assert plain.to_dict()["outlook"] is None
    outlook = Outlook(fan_rows(), "alignment", "0 to 100", 10_000, "Source: made up.", notes=(ATTACK,))
    record = Record(coverage_rows(), SKILL, "Source: made up.", f"It was too sure. {ATTACK}")
    whole = write_brief(region, out=tmp_path / "whole", members=10, outlook=outlook, record=record)
    page = whole.page.read_text(encoding="utf-8")
    assert "What happens next" in page
    assert "How wrong this has been" in page
    assert "10,000 draws" in page
    assert [row["words"] for row in record.skill_table()] == ["better", "no sure difference", "worse"]
    assert "no sure difference" in page
    assert "<script>alert(1)" not in page
    names = {path.name for path in (tmp_path / "whole" / "charts").iterdir()}
    assert {"fan-LKE-baseline.svg", "fan-LKE-break.vl.json", "calibration-ideal_point.csv"} <= names
    document = json.loads((tmp_path / "whole" / "brief.json").read_text(encoding="utf-8"))
    assert len(document["outlook"]["rows"]) == 16
    assert document["record"]["skill"] == SKILL


def test_the_headline_table_fits_a_narrow_terminal() -> None:
    brief: BriefResult = whole_brief()
    widths = {name: max(len(name), *(len(str(row[name] or "")) for row in brief.table())) for name in brief.table()[0]}
    assert sum(width + 3 for width in widths.values()) + 1 <= 115, widths

"""The brief: whole files, one offline page, every number traced, hostile text harmless."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from counterpoise._errors import InputError
from counterpoise.brief import BriefResult, write_brief
from counterpoise.brief._assets import page_file
from counterpoise.brief._futures import say_pull
from counterpoise.brief.charts._vega import runtime
from counterpoise.region import open_region
from tests.brief.support import whole_brief
from tests.support import run_json


class Page(HTMLParser):
    """Ids, links, scripts, and the elements that could reach out or run beside the page's own script."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.reaching: list[str] = []
        self.scripts: list[str] = []
        self._in_script = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if name := values.get("id"):
            self.ids.append(name)
        if tag == "a" and (target := values.get("href")):
            self.links.append(target)
        if tag in {"img", "image", "iframe", "link", "object", "embed", "form", "foreignobject", "use", "base"}:
            self.reaching.append(tag)
        if any(name.startswith("on") or name in {"src", "srcset", "xlink:href", "style", "action"} for name in values):
            self.reaching.append(tag)
        self._in_script = tag == "script" and values.get("type") != "application/json"

    def handle_data(self, data: str) -> None:
        if self._in_script:
            self.scripts.append(data)
            self._in_script = False


def own_scripts() -> list[str]:
    return [page_file("brief.js"), runtime(), page_file("charts.js")]


# One worker writes the whole brief; the tests of figures and pages read the same one.
pytestmark = pytest.mark.xdist_group("brief")


@pytest.fixture(scope="module")
def brief() -> BriefResult:
    return whole_brief()


def test_the_brief_is_one_offline_page_with_a_json_twin_and_tables(brief: BriefResult) -> None:
    folder = brief.page.parent
    page = brief.page.read_text(encoding="utf-8")
    assert not Page(page).reaching
    assert Page(page).scripts == own_scripts()
    policy = html.unescape(re.findall(r'Content-Security-Policy" content="([^"]*)"', page)[0])
    assert policy.startswith("default-src 'none'; ")
    digests = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in own_scripts()]
    allowed = " ".join(f"'sha256-{digest}'" for digest in digests)
    assert f"script-src {allowed};" in policy
    assert "unsafe" not in policy
    assert not re.findall(r"@import|url\((?!#)", page_file("style.css") + page_file("map.css") + page_file("frame.css"))
    assert brief.page.stat().st_size < 5_000_000
    document = json.loads((folder / "brief.json").read_text(encoding="utf-8"))
    assert {"meta", "leverage", "claims", "not_computed"} <= set(document)
    for name in ("leverage", "claims", "facts", "assumptions", "sources", "not_computed"):
        assert (folder / "data" / f"{name}.csv").stat().st_size > 0
    assert not list(folder.rglob(".writing-*"))


def test_every_number_is_one_click_from_its_facts_and_these_from_their_source(brief: BriefResult) -> None:
    page = Page(brief.page.read_text(encoding="utf-8"))
    assert len(page.ids) == len(set(page.ids))
    inner = [link[1:] for link in page.links if link.startswith("#")]
    assert set(inner) <= set(page.ids)
    document = brief.to_dict()
    facts = {row["id"]: row for row in document["facts"]}
    assumptions = {row["id"] for row in document["assumptions"]}
    sources = {row["id"] for row in document["sources"]}
    for cell in document["leverage"]:
        assert set(cell["facts"]) <= set(facts)
        assert set(cell["assumptions"]) <= assumptions
    for claim in document["claims"]:
        assert set(claim["evidence"]) <= set(facts)
    assert {row["source"] for row in facts.values()} <= sources
    for cell in document["leverage"]:
        anchor = f"cell-{cell['client']}-{cell['patron']}-{cell['channel']}-{cell['horizon']}"
        assert anchor in page.ids
    linked = set(inner)
    assert {f"fact-{name}" for cell in document["leverage"] for name in cell["facts"]} <= linked
    assert {f"assumption-{name}" for cell in document["leverage"] for name in cell["assumptions"]} <= linked
    assert {f"source-{row['source']}" for row in facts.values()} <= linked


def test_outside_links_are_web_addresses_only(brief: BriefResult) -> None:
    page = Page(brief.page.read_text(encoding="utf-8"))
    outside = [link for link in page.links if not link.startswith("#")]
    assert outside
    assert all(link.startswith(("http://", "https://")) for link in outside)


def test_the_headline_states_an_interval_and_the_count_of_verdicts(brief: BriefResult) -> None:
    page = brief.page.read_text(encoding="utf-8")
    assert re.search(r"per cent of GDP a year by year five", page)
    assert "94 claims" in page


def test_text_of_strangers_stays_text(lakeland: Path, tmp_path: Path) -> None:
    attack = "</title></style></svg><script>alert(1)</script><img src=x onerror=alert(2)>{{ 7 * 7 }}"
    for table, old in (("actors", "Northland"), ("claims", "A reservoir"), ("sources", "Invented yearbook")):
        path = lakeland / f"{table}.csv"
        path.write_text(path.read_text(encoding="utf-8").replace(old, attack), encoding="utf-8")
    sources = lakeland / "sources.csv"
    sources.write_text(
        sources.read_text(encoding="utf-8").replace(",,CC0", ",javascript:alert(3),CC0"), encoding="utf-8"
    )
    result = write_brief(open_region(lakeland), out=tmp_path / "out", members=20)
    page = result.page.read_text(encoding="utf-8")
    assert not Page(page).reaching
    assert Page(page).scripts == own_scripts()
    assert "javascript:" not in "".join(Page(page).links)
    assert "49" not in re.findall(r"onerror=alert\(2\)&gt;(.*?)<", page)


def test_a_spreadsheet_formula_in_a_text_is_defused(lakeland: Path, tmp_path: Path) -> None:
    claims = lakeland / "claims.csv"
    claims.write_text(claims.read_text(encoding="utf-8").replace("A reservoir", "=HYPERLINK(1)"), encoding="utf-8")
    write_brief(open_region(lakeland), out=tmp_path / "out", members=10)
    assert "'=HYPERLINK(1)" in (tmp_path / "out" / "data" / "claims.csv").read_text(encoding="utf-8")


def test_an_unknown_scenario_is_e701_and_an_unwritable_folder_e702(lakeland: Path, tmp_path: Path) -> None:
    region = open_region(lakeland)
    with pytest.raises(InputError) as caught:
        write_brief(region, out=tmp_path / "out", scenarios=["no-such"])
    assert caught.value.code == "E701"
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        write_brief(region, out=tmp_path / "file" / "below", members=5)
    assert caught.value.code == "E702"


def test_a_day_to_compare_with_that_is_none_or_too_late_is_e204(lakeland: Path, tmp_path: Path) -> None:
    region = open_region(lakeland)
    for since in ("2024", "2100-01-01"):
        with pytest.raises(InputError) as caught:
            write_brief(region, out=tmp_path / "out", members=5, since=since)
        assert caught.value.code == "E204"


def test_a_brief_since_a_day_says_what_became_known_and_what_it_moved(lakeland: Path, tmp_path: Path) -> None:
    result = write_brief(open_region(lakeland), out=tmp_path / "out", members=20, since="2024-01-01")
    document = result.to_dict()
    assert document["changes"]["from"] == "2024-01-01"
    assert document["changes"]["moved"]["claims"][0]["id"] == "L1-01"
    page = result.page.read_text(encoding="utf-8")
    assert "What changed since 2024-01-01" in page
    assert 'href="#claim-L1-01"' in page


def test_a_brief_without_a_day_to_compare_with_explains_how_to_name_one(brief: BriefResult) -> None:
    assert brief.to_dict()["changes"] is None
    assert "--since 2026-02-01" in brief.page.read_text(encoding="utf-8")


def test_rows_of_several_tables_with_one_id_keep_anchors_of_their_own(lakeland: Path, tmp_path: Path) -> None:
    for table in ("facts", "sources"):
        path = lakeland / f"{table}.csv"
        path.write_text(path.read_text(encoding="utf-8").replace("example_yearbook", "facts:gdp_lke"), encoding="utf-8")
    for table in ("claims", "trade", "assumptions", "events"):
        path = lakeland / f"{table}.csv"
        if path.exists():
            text = path.read_text(encoding="utf-8").replace("example_yearbook", "facts:gdp_lke")
            path.write_text(text, encoding="utf-8")
    result = write_brief(open_region(lakeland), out=tmp_path / "out", members=10)
    page = Page(result.page.read_text(encoding="utf-8"))
    assert len(page.ids) == len(set(page.ids))


def test_the_command_prints_the_document_of_the_contract(
    capsys: pytest.CaptureFixture[str], lakeland: Path, tmp_path: Path
) -> None:
    code, document = run_json(capsys, "brief", str(lakeland), "--out", str(tmp_path / "b"), "--members", "20")
    assert code == 0
    assert document["meta"]["seed"] == 0
    assert {row["channel"] for row in document["not_computed"]}.isdisjoint(
        row["channel"] for row in document["leverage"]
    )
    header = (tmp_path / "b" / "data" / "not_computed.csv").read_text(encoding="utf-8").splitlines()[0]
    assert header == "client,patron,channel,horizon,reason"
    assert (tmp_path / "b" / "index.html").exists()


def test_what_exposures_add_is_said_with_every_exception():
    row = {"horizon": 1, "sentence": "exposures add no measured skill"}
    worse = {"horizon": 5, "sentence": "exposures take skill away"}
    assert say_pull({"ideal_point": [row, worse], "orientation": [row]}) == (
        "exposures add no measured skill; they take skill away in forecasts of the voting position 5 years ahead"
    )
    assert say_pull({}) == "what exposures add was not measured"

"""The brief: whole files, one offline page, every number traced, hostile text harmless."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from counterpoise._errors import InputError
from counterpoise.brief import BriefResult, write_brief
from counterpoise.region import Region, open_region
from tests.support import run_json


class Page(HTMLParser):
    """Ids, links and the elements that could reach out or run."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.reaching: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if name := values.get("id"):
            self.ids.append(name)
        if tag == "a" and (target := values.get("href")):
            self.links.append(target)
        if tag in {"script", "img", "iframe", "link", "object", "embed", "form"} or values.get("src"):
            self.reaching.append(tag)
        if any(name.startswith("on") for name in values):
            self.reaching.append(tag)


@pytest.fixture(scope="module")
def brief(caucasus: Region, tmp_path_factory: pytest.TempPathFactory) -> BriefResult:
    return write_brief(caucasus, out=tmp_path_factory.mktemp("brief"), members=60)


def test_the_brief_is_one_offline_page_with_a_json_twin_and_tables(brief: BriefResult) -> None:
    folder = brief.page.parent
    page = brief.page.read_text(encoding="utf-8")
    assert not Page(page).reaching
    assert "default-src 'none'" in page
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
    attack = "<script>alert(1)</script><img src=x onerror=alert(2)>{{ 7 * 7 }}"
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
    assert "javascript:" not in "".join(Page(page).links)
    assert "49" not in re.findall(r"onerror=alert\(2\)&gt;(.*?)<", page)


def test_a_spreadsheet_formula_in_a_text_is_defused(lakeland: Path, tmp_path: Path) -> None:
    claims = lakeland / "claims.csv"
    claims.write_text(claims.read_text(encoding="utf-8").replace("A reservoir", "=HYPERLINK(1)"), encoding="utf-8")
    write_brief(open_region(lakeland), out=tmp_path / "out", members=10)
    assert "'=HYPERLINK(1)" in (tmp_path / "out" / "data" / "claims.csv").read_text(encoding="utf-8")


def test_an_unknown_scenario_is_e701_and_an_unwritable_folder_e702(caucasus: Region, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        write_brief(caucasus, out=tmp_path, scenarios=["no-such"])
    assert caught.value.code == "E701"
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        write_brief(caucasus, out=tmp_path / "file" / "below", members=5)
    assert caught.value.code == "E702"


def test_the_command_prints_the_document_of_the_contract(
    capsys: pytest.CaptureFixture[str], lakeland: Path, tmp_path: Path
) -> None:
    code, document = run_json(capsys, "brief", str(lakeland), "--out", str(tmp_path / "b"), "--members", "20")
    assert code == 0
    assert document["meta"]["seed"] == 0
    assert document["not_computed"]
    assert (tmp_path / "b" / "index.html").exists()

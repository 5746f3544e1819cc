"""The article view: each claiming sentence beside its verdict, both values where figures differ, hostile text inert."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoise._errors import InputError
from counterpoise.brief._page import render_article
from counterpoise.brief.article import _paragraphs, margin, open_article, tally
from counterpoise.region import Region, open_region
from tests.brief.support import whole_brief
from tests.brief.test_brief import Page
from tests.support import run_json, shared_path

pytestmark = pytest.mark.xdist_group("brief")

HOSTILE = """</p></main></body><script>alert(1)</script><img src=x onerror=alert(2)>

Russia supplies <b onclick=alert(3)>100 percent</b> of Armenia's gas, {{ 7 * 7 }} {% for x %} "> <svg/onload=alert(4)>.

Roughly 40 percent of Armenia's electricity comes from the Metsamor nuclear plant <style>*{display:none}</style>.

\u202eArmenia will leave the union.\u202c =HYPERLINK("javascript:alert(5)")
"""


@given(st.lists(st.text(alphabet="ab.\n ", max_size=30), max_size=4), st.integers(0, 10), st.integers(1, 12))
def test_paragraphs_keep_every_letter_in_order(parts: list[str], start: int, length: int) -> None:
    text = "\n\n".join(parts)
    spans = [(start, min(start + length, len(text)), 0)] if start < len(text) else []
    paragraphs = _paragraphs(text, spans)
    kept = "".join(words for stretches in paragraphs for words, _ in stretches)
    assert re.sub(r"\s", "", kept) == re.sub(r"\s", "", text)
    assert all(stretches for stretches in paragraphs)


def test_a_hostile_article_stays_text(tmp_path: Path, caucasus: Region) -> None:
    path = tmp_path / "hostile <b>.txt"
    path.write_text(HOSTILE, encoding="utf-8")
    article = open_article(path, caucasus)
    text = render_article(whole_brief(), article)
    page = Page(text)
    assert not page.reaching
    assert page.scripts == []
    assert "script-src &#39;none&#39;" in text
    assert "{{ 7 * 7 }}" in text
    assert all(link.startswith(("#", "index.html")) for link in page.links)
    assert len(page.ids) == len(set(page.ids))
    inner = {link[1:] for link in page.links if link.startswith("#")}
    assert inner <= set(page.ids)


def test_figures_that_differ_stand_with_both_values(tmp_path: Path, caucasus: Region) -> None:
    path = tmp_path / "article.txt"
    path.write_text(
        "Roughly 90 percent of Armenia's electricity comes from the Metsamor nuclear plant.\n", encoding="utf-8"
    )
    article = open_article(path, caucasus)
    (note,) = margin(article, whole_brief())
    assert note["agreement"] == "differs"
    assert note["compared"]["stated"] == "about 90 %"
    assert re.match(r"[23]\d(\.\d+)? %", note["compared"]["known"])
    text = render_article(whole_brief(), article)
    assert "<b>Differs</b>" in text
    assert note["compared"]["known"] in text


def test_a_sentence_that_no_claim_of_the_region_makes_says_so(tmp_path: Path, caucasus: Region) -> None:
    path = tmp_path / "article.txt"
    path.write_text("Armenia will build three spaceports because its neighbours admire astronauts.\n", encoding="utf-8")
    article = open_article(path, caucasus)
    notes = margin(article, whole_brief())
    assert tally(notes)["bound"] == 0
    assert "Unbound: the region holds no claim" in render_article(whole_brief(), article)


@pytest.mark.shared
def test_each_sentence_of_a_known_article_leads_to_its_claims_and_their_evidence(caucasus: Region) -> None:
    seeds = sorted(Path(shared_path("seeds")).glob("*.txt"))
    brief = whole_brief()
    ids = set(Page(brief.page.read_text(encoding="utf-8")).ids)
    for path in seeds:
        article = open_article(path, caucasus)
        document = path.read_text(encoding="utf-8")
        marked = [(words, n) for stretches in article.paragraphs for words, n in stretches if n is not None]
        assert [n for _, n in marked] == list(range(len(article.read.claims)))
        for words, n in marked:
            claim = article.read.claims[n]
            assert words == document[claim["text_start"] : claim["text_end"]]
        notes = margin(article, brief)
        assert tally(notes)["bound"] >= 20
        page = Page(render_article(brief, article))
        outside = [link.partition("#")[2] for link in page.links if link.startswith("index.html#")]
        assert outside
        assert set(outside) <= ids


def test_the_command_writes_the_article_beside_the_brief(
    capsys: pytest.CaptureFixture[str], lakeland: Path, tmp_path: Path
) -> None:
    path = tmp_path / "mine.txt"
    path.write_text("Northland buys half of what Lakeland sells.\n", encoding="utf-8")
    out = tmp_path / "b"
    code, document = run_json(
        capsys, "brief", str(lakeland), "--out", str(out), "--members", "10", "--article", str(path)
    )
    assert code == 0
    assert document["article"]["name"] == "mine.txt"
    assert "Northland buys half" in (out / "article.html").read_text(encoding="utf-8")
    assert 'href="article.html"' in (out / "index.html").read_text(encoding="utf-8")
    assert "Northland buys half" not in (out / "brief.json").read_text(encoding="utf-8")


def test_an_article_that_cannot_be_read_stops_before_the_work(lakeland: Path, tmp_path: Path) -> None:
    from counterpoise.brief import write_brief

    with pytest.raises(InputError) as caught:
        write_brief(open_region(lakeland), out=tmp_path / "b", article=tmp_path / "none.txt")
    assert caught.value.code == "E201"
    assert not (tmp_path / "b" / "index.html").exists()

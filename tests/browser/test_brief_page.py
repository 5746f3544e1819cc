"""The brief in Chromium, opened from disk with the network denied: clicked through, at three widths, light and dark."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.brief.support import whole_brief
from tests.browser.audits import CONTRAST, STUMBLES

CHROMIUM = Path("/usr/bin/chromium")
WIDTHS = (390, 820, 1280)
PATIENCE = 180_000
pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("brief"),
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium at /usr/bin/chromium"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync_api.sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()


class Visit:
    """A page opened from disk; every request beyond it, and every complaint of the browser, is kept."""

    def __init__(self, browser: Any, **options: Any) -> None:
        self.context = browser.new_context(reduced_motion="reduce", offline=True, accept_downloads=True, **options)
        # A shared machine may be ten times slower than a desk: to wait for minutes costs nothing where all goes well.
        self.context.set_default_timeout(PATIENCE)
        self.page = self.context.new_page()
        self.asked: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(whole_brief().page.as_uri())


@pytest.fixture
def visit(browser: Any) -> Iterator[Any]:
    visits = []

    def start(**options: Any) -> Visit:
        visits.append(Visit(browser, **options))
        return visits[-1]

    yield start
    for one in visits:
        one.context.close()


def wake(page: Any, name: str) -> Any:
    """The live chart in its place: brought into view, drawn, and taking the keys."""
    place = page.locator(f"#vega-{name}")
    place.scroll_into_view_if_needed()
    page.locator(f"#vega-{name}[role=group] .live svg").wait_for()
    return place


def target(page: Any, start: str) -> Any:
    """The row that a link has led to, once the page is there."""
    page.wait_for_url(lambda url: f"#{start}" in url)
    row = page.locator(":target")
    row.wait_for()
    return row


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_fits_reads_and_asks_nothing_of_the_network(visit: Any, scheme: str) -> None:
    for width in WIDTHS:
        seen = visit(viewport={"width": width, "height": 900}, color_scheme=scheme)
        page = seen.page
        for place in page.locator(".vega").all():
            still = place.bounding_box()["height"]
            place.scroll_into_view_if_needed()
            place.locator(".live svg").wait_for()
            assert place.bounding_box()["height"] == pytest.approx(still, abs=1), "the page jumps"
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert seen.asked == [whole_brief().page.as_uri()]
        assert seen.complaints == []
        page.evaluate("document.querySelectorAll('details').forEach((part, n) => { part.open = n % 7 === 0; })")
        assert page.evaluate(CONTRAST) == []
        assert page.evaluate(STUMBLES) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_first_screen_has_the_finding_with_its_range_what_it_means_and_the_map(visit: Any) -> None:
    page = visit(viewport={"width": 1280, "height": 900}).page
    for part in (".finding-line", ".meaning", "svg.locator", ".lead .big"):
        box = page.locator(part).first.bounding_box()
        assert box["y"] + min(box["height"], 400) < 900, part
    finding = page.locator(".finding-line")
    assert finding.locator("a").first.inner_text().count(" to ") == 1
    hatched = page.locator("svg.locator .view-disputed").first
    assert hatched.is_visible()
    page.locator("#view-member").check()
    hatched.wait_for(state="hidden")
    phone = visit(viewport={"width": 390, "height": 844}).page
    box = phone.locator(".finding-line").bounding_box()
    assert box["y"] + box["height"] < 844


def test_a_chart_comes_alive_and_tells_its_values_to_pointer_and_keys(visit: Any) -> None:
    seen = visit(viewport={"width": 1280, "height": 900})
    page = seen.page
    place = page.locator("#vega-costs-ARM")
    assert place.locator("svg[data-full]").count() == 1
    wake(page, "costs-ARM")
    assert place.locator("svg").count() == 1
    assert place.locator("svg").get_attribute("aria-labelledby") == "costs-ARM-title costs-ARM-desc"
    place.focus()
    page.keyboard.press("ArrowRight")
    tip = page.locator(".tip")
    tip.wait_for()
    assert tip.get_attribute("role") == "status"
    first = tip.inner_text()
    assert "patron" in first
    assert "% of GDP a year" in first
    page.keyboard.press("ArrowRight")
    assert tip.inner_text() != first
    page.keyboard.press("Escape")
    tip.wait_for(state="hidden")
    bar = place.locator(".mark-rect path").first
    bar.hover()
    tip.wait_for()
    page.mouse.move(1, 1)
    bar.click()
    assert target(page, "cell-ARM-").is_visible()
    assert seen.complaints == []


def test_a_chart_takes_the_colours_of_the_theme(visit: Any) -> None:
    page = visit(color_scheme="light").page
    bar = "getComputedStyle(document.querySelector('#vega-costs-ARM .mark-rect path')).fill"
    still = page.evaluate(bar)
    wake(page, "costs-ARM")
    assert page.evaluate(bar) == still
    page.locator("#theme").click()
    page.wait_for_function(f"{bar} !== '{still}'")


def test_without_script_the_page_still_switches_opens_and_links(visit: Any) -> None:
    page = visit(java_script_enabled=False, viewport={"width": 1280, "height": 900}).page
    assert page.locator(".needs-js:visible").count() == 0
    tile = page.locator(".whole .tile.h-short").first
    assert not tile.is_visible()
    page.locator("#show-short").check()
    assert tile.is_visible()
    page.locator("#view-member").check()
    assert page.locator("#map .view-member").first.is_visible()
    assert not page.locator("#map .view-disputed").first.is_visible()
    tile.click()
    target(page, "cell-ARM-")
    page.locator("#unknown summary").first.click()
    page.locator("#unknown details[open]").wait_for()


def test_a_number_leads_to_its_facts_and_a_fact_to_its_source(visit: Any) -> None:
    for start in (".finding-line a", ".lead .big a"):
        page = visit(viewport={"width": 1280, "height": 900}).page
        page.locator(start).first.click()
        row = target(page, "cell-ARM-")
        assert row.is_visible()
        row.locator("summary").first.click()
        # All channels together lead to the cell of each, year five to the first year, and that to its facts.
        for step in ("long", "short"):
            row.locator("details[open] a[href^='#cell-']").first.click()
            page.wait_for_url(lambda url, step=step: url.endswith(step) and "total" not in url)
            row = target(page, "cell-ARM-")
            row.locator("summary").first.click()
        row.locator("a[href^='#fact-']").first.click()
        fact = target(page, "fact-")
        assert fact.is_visible()
        fact.locator("a[href^='#source-']").click()
        assert target(page, "source-").is_visible()


def test_the_ledger_filters_by_verdict_kind_and_words(visit: Any) -> None:
    page = visit(viewport={"width": 820, "height": 900}).page
    expect = pytest.importorskip("playwright.sync_api").expect
    whole = page.locator(".claim").count()
    assert whole == 94
    count = page.locator("#filter-count")
    page.locator("#only-all").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator("#only-contradicted").is_checked()
    judged = page.locator(".claim:visible").count()
    assert 0 < judged < whole
    expect(count).to_have_text(f"{judged} of {whole} claims")
    page.keyboard.press("ArrowRight")
    assert page.locator(".group:visible").count() == 1
    assert page.locator('.group[data-group="mixed"] .rest .claim').last.is_visible()
    page.locator("#only-all").check()
    assert not page.locator('.group[data-group="mixed"] .rest .claim').last.is_visible()
    page.locator("#filter-words").fill("Azerbaijan")
    named = page.locator(".claim:visible").count()
    assert 0 < named < whole
    expect(count).to_have_text(f"{named} of {whole} claims")
    page.locator("#filter-words").fill("no such words anywhere")
    assert page.locator("#filter-none").is_visible()
    page.locator("#filter-words").fill("")
    page.locator("#filter-kind").select_option("forecast")
    kinds = page.locator(".claim:visible").evaluate_all("nodes => nodes.map((node) => node.dataset.kind)")
    assert set(kinds) == {"forecast"}


def test_the_ledger_is_no_wall_and_a_link_opens_what_is_folded(visit: Any) -> None:
    for width in (390, 1280):
        page = visit(viewport={"width": width, "height": 900}).page
        assert page.locator(".claim:visible").count() <= 40
        height = page.locator("#claims").evaluate("node => node.getBoundingClientRect().height")
        assert height < 6 * 900 + 1000
    folded = page.locator(".rest .claim").last
    assert not folded.is_visible()
    page.locator("#only-contradicted").check()
    name = folded.get_attribute("id")
    page.evaluate("name => { location.hash = name; }", name)
    folded.wait_for(state="visible")


def test_on_a_phone_a_table_shows_more_than_the_column_of_its_names(visit: Any) -> None:
    page = visit(viewport={"width": 390, "height": 844}).page
    page.evaluate("document.querySelectorAll('.all-cells').forEach((part) => { part.open = true; })")
    for table in page.locator(".scroll:visible table").all():
        second = table.locator("tbody tr").first.locator("td").first.bounding_box()
        caption = table.locator("caption span").bounding_box()
        assert second["x"] < 300
        assert caption["x"] + caption["width"] <= 390


def test_without_script_the_ledger_still_filters_by_verdict(visit: Any) -> None:
    page = visit(java_script_enabled=False, viewport={"width": 820, "height": 900}).page
    page.locator("#only-contradicted").check()
    assert page.locator(".group:visible").count() == 1
    assert page.locator('.group[data-group="contradicted"]').is_visible()


def test_a_bound_stands_in_words_beside_its_number_and_a_counter_withdrawal_in_the_cell(visit: Any) -> None:
    page = visit(viewport={"width": 390, "height": 844}).page
    bound = page.locator(".whole .tile .bound:visible").first
    assert bound.inner_text() == "at least"
    bound.click()
    row = target(page, "cell-")
    assert "at least" in row.inner_text()
    row.locator("summary", has_text="counter-withdrawal").click()
    assert "withdrew in return" in row.inner_text()


def test_paper_has_the_brief_and_not_the_rows_of_the_annex(visit: Any) -> None:
    page = visit(color_scheme="dark").page
    written = page.pdf(format="A4")
    assert 5 < written.count(b"/Type /Page\n") + written.count(b"/Type /Page ") < 60


def test_the_theme_changes_by_keyboard_and_paper_stays_light(visit: Any) -> None:
    page = visit(color_scheme="light").page
    paper = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(paper)
    page.locator("#theme").focus()
    page.keyboard.press("Enter")
    assert page.evaluate(paper) != light
    assert page.locator("#theme").inner_text() == "Light page"
    page.emulate_media(media="print")
    assert page.evaluate(paper) in {"rgb(255, 255, 255)", light}
    assert not page.locator("nav.contents").is_visible()


def test_the_theme_button_names_the_other_page_whoever_made_this_one_dark(visit: Any) -> None:
    seen = visit(color_scheme="dark")
    button = seen.page.locator("#theme")
    assert button.inner_text() == "Light page"
    seen.page.emulate_media(color_scheme="light")
    seen.page.wait_for_function("document.getElementById('theme').textContent === 'Dark page'")
    button.click()
    assert button.inner_text() == "Light page"
    # Once the reader has chosen, the system changes neither the page nor what the button says.
    seen.page.emulate_media(color_scheme="dark")
    seen.page.emulate_media(color_scheme="light")
    assert button.inner_text() == "Light page"
    assert button.get_attribute("aria-pressed") is None


def test_the_first_tab_offers_to_skip_to_the_brief(visit: Any) -> None:
    page = visit().page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the brief"
    page.keyboard.press("Enter")
    page.wait_for_url("**#main")


def test_the_map_moves_by_buttons_and_arrow_keys_and_comes_back(visit: Any) -> None:
    page = visit().page
    box = "document.getElementById('map').getAttribute('viewBox')"
    whole = page.evaluate(box)
    page.locator("[data-zoom=in]").click()
    near = page.evaluate(box)
    assert float(near.split()[2]) < float(whole.split()[2])
    page.keyboard.press("ArrowRight")
    assert float(page.evaluate(box).split()[0]) > float(near.split()[0])
    page.locator("[data-zoom=all]").click()
    assert [float(value) for value in page.evaluate(box).split()] == [float(value) for value in whole.split()]
    page.locator("#layer-water").uncheck()
    assert not page.locator("#map .m-water").first.is_visible()


def test_each_chart_is_saved_as_svg_with_its_frame_and_as_csv_with_its_numbers(visit: Any, tmp_path: Path) -> None:
    page = visit().page
    for name in ("costs-ARM", "map", "claims-chart"):
        box = page.locator(f"#box-{name}")
        if name != "map":
            wake(page, name)
        saved = {}
        for kind in ("svg", "csv", *(["json"] if name != "map" else [])):
            with page.expect_download() as waiting:
                box.locator(f"[data-save={kind}]").click()
            target = tmp_path / waiting.value.suggested_filename
            waiting.value.save_as(target)
            saved[kind] = target.read_text(encoding="utf-8")
        root = ElementTree.fromstring(saved["svg"])
        said = " ".join(root.itertext())
        assert "As of 2026-11-22" in said
        assert "Source: " in said or "Natural Earth" in said
        written = (whole_brief().page.parent / "charts" / f"{name}.csv").read_text(encoding="utf-8")
        mine, theirs = (list(csv.reader(io.StringIO(text))) for text in (saved["csv"], written))
        assert mine == theirs
        if "json" in saved:
            spec = (whole_brief().page.parent / "charts" / f"{name}.vl.json").read_text(encoding="utf-8")
            assert json.loads(saved["json"]) == json.loads(spec)
        assert "var(" not in saved["svg"].replace("var(--k)", "")

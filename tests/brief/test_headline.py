"""The first screen: the finding with its ranges, what it means where the numbers bear it, the small map beside it."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import pytest

from counterpoise.brief import _headline, write_brief
from counterpoise.brief._headline import finding, findings, meaning
from counterpoise.brief._locator import STEPS, _step, draw_locator
from counterpoise.brief._words import bounded, top_cell
from counterpoise.region import open_region
from tests.brief.support import whole_brief

pytestmark = pytest.mark.xdist_group("brief")


def spread(low: float, middle: float, high: float) -> dict[str, float]:
    return {"p05": low, "p50": middle, "p95": high}


def row(loss: float, cost: float, offer: float, client: str = "AAA") -> dict[str, Any]:
    keys = {"client": client, "patron": "PPP", "channel": "total", "horizon": "long", "bound": None}
    numbers = {"exposure": spread(loss / 2, loss, 2 * loss), "sender_cost": spread(cost, cost, cost)}
    return {**keys, **numbers, "credible": 0.4, "offer": spread(offer, offer, offer)}


def said_of(monkeypatch: pytest.MonkeyPatch, *rows: dict[str, Any]) -> dict[str, str]:
    """Heading -> sentence of what some rows mean."""
    monkeypatch.setattr(_headline, "_losses", lambda result: list(rows))
    monkeypatch.setattr(_headline, "top_offer", lambda result, client: next(r for r in rows if r["client"] == client))
    names = {"AAA": "Alpha", "BBB": "Beta", "PPP": "United Powers"}
    result: Any = SimpleNamespace(region=SimpleNamespace(actor_names=names))
    return {heading: "".join(words for words, _ in pieces) for heading, pieces in meaning(result)}


def test_the_finding_has_each_loss_with_its_range_and_leads_it_to_its_cell() -> None:
    brief = whole_brief()
    linked = {words: anchor for words, anchor in finding(brief) if anchor}
    for client in brief.region.settings.clients:
        top = top_cell(brief, client)
        assert top is not None
        assert linked[bounded(top.to_dict())] == f"cell-{client}-{top.patron}-total-long"
    assert len(re.findall(r"\d \([\d.]+ to [\d.]+\)", findings(brief))) == len(brief.region.settings.clients)
    page = brief.page.read_text(encoding="utf-8")
    for _, pieces in meaning(brief):
        assert all(f'id="{anchor}"' in page for _, anchor in pieces if anchor)


def test_a_comparison_is_made_only_where_the_numbers_bear_it(monkeypatch: pytest.MonkeyPatch) -> None:
    cheap = said_of(monkeypatch, row(10, 0.1, 1), row(8, 0.2, 1, "BBB"))
    assert list(cheap) == [
        "The senders would pay far less.",
        "A low cost is no intention.",
        "No single offer makes up for it.",
    ]
    assert (
        "The United Powers 0.1 per cent of its own GDP against Alpha and the United Powers 0.2"
        in cheap["The senders would pay far less."]
    )
    dear = said_of(monkeypatch, row(10, 0.1, 6), row(8, 2, 6, "BBB"))
    assert list(dear) == [
        "What the senders would pay.",
        "Whether they would is another matter.",
        "Who could help most.",
    ]
    assert next(iter(said_of(monkeypatch, row(10, 0.1, 1)))) == "The sender would pay far less."
    assert "gains 0.3" in said_of(monkeypatch, row(10, -0.3, 1))["The sender would pay far less."]
    assert said_of(monkeypatch) == {}


def test_the_small_map_says_in_words_what_it_shows() -> None:
    brief = whole_brief()
    located = draw_locator(brief)
    assert located is not None
    root = ElementTree.fromstring(str(located.drawing))
    described = next(node.text or "" for node in root if node.tag == "desc")
    for client in brief.region.settings.clients:
        assert brief.region.actor_names[client] in described
    assert str(located.drawing).count("shade t") >= len(brief.region.settings.clients)
    assert located.shut > 0
    assert located.coming > 0
    assert "Natural Earth" in located.credit


def test_shades_grow_with_the_loss_and_the_largest_is_the_darkest() -> None:
    steps = [_step(share / 20) for share in range(21)]
    assert steps == sorted(steps)
    assert (steps[0], steps[-1]) == (1, STEPS)


def test_a_region_without_outlines_has_no_small_map(lakeland: Path, tmp_path: Path) -> None:
    result = write_brief(open_region(lakeland), out=tmp_path / "out", members=10)
    assert draw_locator(result) is None
    page = result.page.read_text(encoding="utf-8")
    assert 'class="first alone"' in page
    assert "svg.map.locator" in page

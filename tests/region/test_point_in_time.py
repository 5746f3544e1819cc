"""Point in time: rows planted in the future of a day change nothing that is computed as of that day."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path
from typing import Any

import pytest

from counterpoise.claims import judge_claims
from counterpoise.leverage import measure_leverage
from counterpoise.region import open_region
from counterpoise.region._load import locate

DAY = "2026-02-12"
LATER = "2026-10-01"
# Halved together, figures keep their order and their bounds; years are left as they are.
FIGURES = ("value", "low", "high", "honoured", "honoured_low", "honoured_high")


def plant_the_future(folder: Path) -> int:
    """Append to every table with `known` a copy of each of its rows, known later and with other figures."""
    planted = 0
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            reader = csv.DictReader(stream)
            columns = list(reader.fieldnames or [])
            rows = list(reader)
        if "known" not in columns or "id" not in columns or path.stem in {"places", "links", "plants", "lines"}:
            continue
        late = [_late(row) for row in rows]
        planted += len(late)
        with path.open("a", encoding="utf-8", newline="") as stream:
            csv.DictWriter(stream, columns, lineterminator="\n").writerows(late)
    return planted


def _late(row: dict[str, str]) -> dict[str, str]:
    late = {**row, "id": f"late:{row['id']}", "known": LATER}
    for name in FIGURES:
        if late.get(name) and late.get("unit") not in {"year", "1-5"}:
            late[name] = f"{float(late[name]) * 0.5:.6g}"
    return late


def computed(folder: Path) -> dict[str, Any]:
    region = open_region(folder, as_of=DAY)
    leverage = measure_leverage(region, draws=40, seed=2).to_dict()
    claims = judge_claims(region, seed=2).to_dict()
    return {"leverage": leverage["leverage"], "not_computed": leverage["not_computed"], "claims": claims["claims"]}


@pytest.mark.slow
def test_nothing_computed_as_of_a_day_moves_when_the_future_is_planted(tmp_path: Path) -> None:
    folder = tmp_path / "region"
    shutil.copytree(locate("south-caucasus"), folder)
    before = computed(folder)
    assert plant_the_future(folder) > 5000
    after = computed(folder)
    assert after == before
    # The plant is no dud: without the as-of day it moves what is computed.
    assert len(open_region(folder).rows("facts")) > len(open_region(folder, as_of=DAY).rows("facts")) + 5000
    verdicts = {v.id: v.probability for v in judge_claims(open_region(folder), seed=2).verdicts}
    clean = {v.id: v.probability for v in judge_claims(open_region("south-caucasus"), seed=2).verdicts}
    assert verdicts != clean


def test_what_was_said_on_the_day_of_the_article_differs_from_what_is_known_now() -> None:
    then = {v.id: v.verdict for v in judge_claims(open_region("south-caucasus", as_of=DAY)).verdicts}
    now = {v.id: v.verdict for v in judge_claims(open_region("south-caucasus")).verdicts}
    assert then["S000-39"] == "open"
    assert now["S000-39"] == "contradicted"

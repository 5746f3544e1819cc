"""Markup, templates, formulas and scripts in every text of a region: in its brief and charts they stay text."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from xml.etree import ElementTree

import pytest

from counterpoise._errors import CounterpoiseError
from counterpoise.brief import write_brief
from counterpoise.region import open_region
from counterpoise.region._package import write_package
from counterpoise.region._schema import TABLES, columns
from tests.brief.test_brief import Page, own_scripts

ATTACKS = [
    "</title></style></desc></svg></textarea><script>alert(1)</script><img src=x onerror=alert(2)>",
    '"><svg/onload=alert(3)> \' onfocus=alert(4) autofocus x="',
    "{{ 7 * 7 }}{% for x in y %}${7*7}<%= 7*7 %>",
    "=HYPERLINK('http://evil.example','x')",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "]]><!-- --><?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]>&a;&lt;b&gt;",
]
SOURCED = {"known": "2024-06-30", "known_derived": "no", "source": "example_yearbook", "credibility": "2"}


def rows_of(attack: str) -> dict[str, list[dict[str, str]]]:
    """Rows beyond those of the example, so that a map and a ledger with evidence are drawn; each text is the attack."""
    corner = [(11.0, 46.0), (13.0, 46.0), (13.0, 48.0), (11.0, 48.0), (11.0, 46.0)]
    outline = {"ring": "1", "source": "example_yearbook"}
    area = {"kind": "disputed", "administered_by": "NRT", "viewpoint": "LKE"}
    place = {"country": "LKE", "status": "open", "tags": attack, "operator": attack, "note": attack, **SOURCED}
    link = {"from": "a", "to": "b", "mode": attack, "rests_on": "none", "tags": attack, "control": attack, **SOURCED}
    return {
        "outlines": [
            *(
                {
                    **outline,
                    "area": "LKE",
                    "name": attack,
                    "kind": "country",
                    "order": str(n),
                    "lon": str(x),
                    "lat": str(y),
                }
                for n, (x, y) in enumerate(corner)
            ),
            *(
                {
                    **outline,
                    **area,
                    "area": "held",
                    "name": attack,
                    "order": str(n),
                    "lon": str(x / 2 + 6),
                    "lat": str(y),
                }
                for n, (x, y) in enumerate(corner)
            ),
        ],
        "places": [
            {**place, "id": "a", "name": attack, "kind": "city", "lat": "46.5", "lon": "11.5", "evidence": "reported"},
            {**place, "id": "b", "name": attack, "kind": attack, "lat": "47.5", "lon": "12.5", "evidence": "reported"},
        ],
        "links": [
            {**link, "id": "x", "status": "open", "evidence": "reported", "season": attack, "note": attack},
            {**link, "id": "y", "status": "closed", "evidence": "reported", "operator": attack},
        ],
        "events": [
            {
                "id": "e",
                "date": "2024-06-01",
                "actor": "NRT",
                "target": "LKE",
                "kind": "AID",
                "summary": attack,
                **SOURCED,
            }
        ],
    }


def hostile(folder: Path, attack: str) -> Path:
    """The example region with an attack in every text of every table that it has, and in its settings."""
    for table, model in TABLES.items():
        path = folder / f"{table}.csv"
        rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8")))) if path.exists() else []
        texts = ("name", "title", "publisher", "licence", "statement", "note", "waits_for", "aliases")
        rows = [{key: attack if key in texts else value for key, value in row.items()} for row in rows]
        if table == "sources":
            rows = [{**row, "url": f"javascript:alert(5)//{attack}"} for row in rows]
        rows += rows_of(attack).get(table, [])
        if rows:
            with path.open("w", encoding="utf-8", newline="") as stream:
                writer = csv.DictWriter(stream, columns(model), restval="")
                writer.writeheader()
                writer.writerows(rows)
    settings = folder / "region.toml"
    quoted = attack.replace("\\", "\\\\").replace('"', '\\"')[:190]
    text = (
        settings.read_text(encoding="utf-8")
        .replace('"Lakeland"', f'"{quoted}"')
        .replace('"none disputed"', f'"{quoted}"')
    )
    settings.write_text(text, encoding="utf-8")
    write_package(folder)
    return folder


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_in_every_text_stays_text(attack: str, lakeland: Path, tmp_path: Path) -> None:
    region = open_region(hostile(lakeland, attack))
    result = write_brief(region, out=tmp_path / "out", members=10, since="2024-01-01")
    text = result.page.read_text(encoding="utf-8")
    page = Page(text)
    assert not page.reaching
    assert page.scripts == own_scripts()
    assert len(page.ids) == len(set(page.ids))
    assert all(link.startswith("#") for link in page.links)
    assert "javascript:alert(5)" not in "".join(page.links)
    assert ("{{ 7 * 7 }}" in text) == ("{{ 7 * 7 }}" in attack)
    charts = sorted((tmp_path / "out" / "charts").glob("*.svg"))
    assert {"map"} <= {path.stem for path in charts}
    for path in charts:
        root = ElementTree.fromstring(path.read_text(encoding="utf-8"))
        assert {node.tag.partition("}")[2] for node in root.iter()} <= {
            *("svg", "title", "desc", "style", "g", "rect", "path", "text", "defs", "pattern", "clipPath"),
            *("line", "tspan"),
        }
    for path in (tmp_path / "out").rglob("*.csv"):
        for row in csv.reader(io.StringIO(path.read_text(encoding="utf-8"))):
            assert not [cell for cell in row if cell[:1] in {"=", "@", "+"}], path


@pytest.mark.parametrize(
    "parameters", ["__import__('os').system('x')", "a = [", "quantity = 5", 'quantity = "no"', "= 1"]
)
def test_parameters_of_a_claim_are_read_never_run(parameters: str, lakeland: Path, tmp_path: Path) -> None:
    path = lakeland / "claims.csv"
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
    rows[0]["parameters"] = parameters
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    with pytest.raises(CounterpoiseError):
        write_brief(open_region(lakeland), out=tmp_path / "out", members=5)


@pytest.mark.parametrize("check", ["os:system", "subprocess.run", "no-such-check"])
def test_a_check_that_is_not_registered_is_refused(check: str, lakeland: Path, tmp_path: Path) -> None:
    path = lakeland / "claims.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",about,", f",{check},"), encoding="utf-8")
    with pytest.raises(CounterpoiseError):
        write_brief(open_region(lakeland), out=tmp_path / "out", members=5)

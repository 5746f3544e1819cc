"""Evidence for other tools: held to the followthemoney library and to the rules of PROV-JSON."""

from __future__ import annotations

import json
import re
import warnings
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoise._errors import CounterpoiseError
from counterpoise.cli import main
from counterpoise.evidence.exchange import FORMATS, export_region
from counterpoise.evidence.exchange._citations import bibtex_entry, csl_item
from counterpoise.evidence.exchange._ftm import entity_id, import_entities
from counterpoise.evidence.ledger import accept_proposal, add_proposals, propose_rows
from counterpoise.region import open_region
from counterpoise.region._schema import Source
from counterpoise.region.template import write_template

# The terms of the W3C member submission "The PROV-JSON Serialization" (2013), section 3, and what each relation needs.
PROV_RELATIONS = {
    "wasGeneratedBy": {"prov:entity"},
    "used": {"prov:activity"},
    "wasInformedBy": {"prov:informed", "prov:informant"},
    "wasStartedBy": {"prov:activity"},
    "wasEndedBy": {"prov:activity"},
    "wasInvalidatedBy": {"prov:entity"},
    "wasDerivedFrom": {"prov:generatedEntity", "prov:usedEntity"},
    "wasAttributedTo": {"prov:entity", "prov:agent"},
    "wasAssociatedWith": {"prov:activity"},
    "actedOnBehalfOf": {"prov:delegate", "prov:responsible"},
    "wasInfluencedBy": {"prov:influencee", "prov:influencer"},
    "specializationOf": {"prov:specificEntity", "prov:generalEntity"},
    "alternateOf": {"prov:alternate1", "prov:alternate2"},
    "hadMember": {"prov:collection", "prov:entity"},
}
PROV_OF = {"prov:entity": "entity", "prov:activity": "activity", "prov:agent": "agent"}
PROV_OF |= {"prov:generatedEntity": "entity", "prov:usedEntity": "entity"}
QUALIFIED = re.compile(r"([A-Za-z_][\w.-]*):([^\s\"<>{}|\\^`]*)")


@pytest.fixture(scope="module")
def region() -> Any:
    return open_region("south-caucasus")


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return write_template(tmp_path / "region")


def with_one_accepted(own: Path) -> Path:
    article = own.parent / "article.txt"
    article.write_text("Lakeland takes 70 percent of its gas from Northland, the yearbook says.\n", encoding="utf-8")
    found = add_proposals(propose_rows(article, region=str(own), published="2026-02-19"), str(own))
    name = next(item["id"] for item in found.proposals if item["table"] == "facts")
    cells = {"quantity": "gas_import_share", "subject": "LKE", "object": "NRT"}
    accept_proposal(name, region=str(own), by="A. Analyst", changes=cells)
    return own


def prov_faults(document: dict[str, Any]) -> list[str]:
    """What breaks PROV-JSON: unknown terms, names without a declared prefix, missing or dangling ends, wrong values."""
    faults = []
    prefixes = set(document.get("prefix", {})) | {"prov", "xsd", "_"}
    for term, records in document.items():
        if term == "prefix":
            continue
        if term not in PROV_RELATIONS and term not in {"entity", "activity", "agent", "bundle"}:
            faults.append(f"unknown term {term}")
            continue
        for name, record in records.items():
            match = QUALIFIED.fullmatch(name)
            if not match or match[1] not in prefixes:
                faults.append(f"{name} is no qualified name of a declared prefix")
            missing = PROV_RELATIONS.get(term, set()) - set(record)
            faults += [f"{term} {name} lacks {need}" for need in missing]
            for key, value in record.items():
                if key in PROV_OF and term in PROV_RELATIONS and value not in document.get(PROV_OF[key], {}):
                    faults.append(f"{term} {name}: {value} is not in {PROV_OF[key]}")
                if key in {"prov:startTime", "prov:endTime", "prov:time"}:
                    datetime.fromisoformat(value)
                if key.partition(":")[0] not in prefixes:
                    faults.append(f"{name}: the attribute {key} has no declared prefix")
                if isinstance(value, dict) and not ({"$", "type"} >= set(value) and isinstance(value.get("$"), str)):
                    faults.append(f"{name}: {key} is no typed value")
    return faults


def test_the_whole_region_is_valid_prov_json(region: Any) -> None:
    document = json.loads(export_region(region, format="prov").text)
    assert prov_faults(document) == []
    assert len(document["wasDerivedFrom"]) >= len(region.rows("facts"))


def test_an_acceptance_is_an_activity_of_a_person_in_prov(own: Path) -> None:
    document = json.loads(export_region(open_region(str(with_one_accepted(own))), format="prov").text)
    assert prov_faults(document) == []
    (act,) = document["activity"]
    assert any(item["prov:label"] == "A. Analyst" for item in document["agent"].values())
    (made,) = document["wasGeneratedBy"].values()
    assert made["prov:activity"] == act
    assert made["prov:entity"] in document["entity"]


def test_the_rules_of_prov_find_what_is_wrong() -> None:
    bad = {"entity": {"x:a": {}}, "wasDerivedFrom": {"_:1": {"prov:usedEntity": "x:b"}}, "hasFriend": {}}
    assert len(prov_faults(bad)) == 4


def test_every_entity_is_accepted_by_the_followthemoney_model(region: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = pytest.importorskip("followthemoney").model
        made = export_region(region, format="ftm")
        items = [json.loads(line) for line in made.text.splitlines()]
        ids = {item["id"] for item in items}
        assert len(ids) == len(items)
        for item in items:
            entity = model.get_proxy(item, cleaned=False)
            model.get(item["schema"]).validate({"properties": item["properties"]})
            assert entity.to_dict() == item
            for prop in entity.iterprops():
                if prop.type.name == "entity":
                    assert set(entity.get(prop)) <= ids, (item["id"], prop.name)
    assert made.counts["Event"] == len(region.rows("events"))
    assert sum(made.left_out.values()) < 20


def test_entities_of_others_become_proposals_and_rows(own: Path, tmp_path: Path) -> None:
    lines = [
        {"id": "c1", "schema": "Company", "properties": {"name": ["Lakeland Rail"], "alias": ["LR"]}},
        {"id": "s1", "schema": "PublicBody", "properties": {"name": ["Lakeland"]}},
        {"id": "p1", "schema": "Person", "properties": {"name": ["Jane Doe"]}},
        {"id": "e1", "schema": "Event", "properties": {"date": ["2025-03-01T10:00"], "organizer": ["s1"],
         "involved": ["s1", "NRT"], "keywords": ["CONSULT", "talks"]}},
    ]  # fmt: skip
    path = tmp_path / "entities.json"
    path.write_text("\n".join(map(json.dumps, lines)) + "\n", encoding="utf-8")
    found = import_entities(path, region=open_region(str(own)))
    assert found.document["left_out"] == {"PublicBody": 1, "Person": 1}
    firm, event = found.proposals
    assert firm["row"] == {"id": "firm:lakeland-rail", "name": "Lakeland Rail", "aliases": "LR", "kind": "firm"}
    assert (event["row"]["actor"], event["row"]["target"], event["row"]["kind"]) == ("LKE", "NRT", "CONSULT")
    assert event["needs"] == ["summary", "known"]
    add_proposals(found, str(own))
    accept_proposal(firm["id"], region=str(own), by="A")
    assert "firm:lakeland-rail" in {row.id for row in open_region(str(own)).rows("actors")}
    assert main(["evidence", "import", str(path), "--region", str(own), "--json"]) == 0


def test_what_is_no_entity_is_e812_line_by_line(own: Path, tmp_path: Path) -> None:
    path = tmp_path / "entities.json"
    path.write_text('{"id": "a"}\n[1]\nnonsense\n', encoding="utf-8")
    with pytest.raises(CounterpoiseError) as caught:
        import_entities(path, region=open_region(str(own)))
    assert [item.code for item in caught.value.faults] == ["E812"] * 3


def test_csl_and_bibtex_carry_every_source_under_its_own_key(region: Any) -> None:
    items = json.loads(export_region(region, format="csl").text)
    assert len({item["id"] for item in items}) == len(items) == len(region.rows("sources"))
    text = export_region(region, format="bibtex").text
    keys = re.findall(r"^@misc\{([^,\s]+),$", text, re.M)
    assert len(set(keys)) == len(keys) == len(items)
    assert all(key.isascii() for key in keys)


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=60))
def test_any_title_leaves_the_braces_of_a_bibtex_entry_balanced(title: str) -> None:
    row = Source(id="s", title=title if title.strip() else "t", publisher=None, published="2024-05", read=None,
                 url=None, licence=None, reliability="B")  # fmt: skip
    entry = re.sub(r"\\[{}]", "", bibtex_entry(row, set()))
    assert entry.count("{") == entry.count("}")
    assert csl_item(row)["issued"] == {"date-parts": [[2024, 5]]}


def test_a_verdict_becomes_a_claim_review_and_an_open_claim_is_left_out(region: Any) -> None:
    judged = [
        {"id": "S000-01", "document": "S000", "statement": "It was so.", "verdict": "supported", "probability": 0.97},
        {"id": "S000-02", "document": "S000", "statement": "Was it?", "verdict": "open", "probability": None},
        {"id": "X", "document": "none", "statement": "Not so.", "verdict": "contradicted", "probability": 0.01},
    ]
    made = export_region(
        region, format="claimreview", judged=judged, url="https://example.org/r", reviewed="2026-03-01"
    )
    reviews = json.loads(made.text)
    assert [item["reviewRating"]["ratingValue"] for item in reviews] == [5, 1]
    assert made.left_out == {"open": 1}
    first = reviews[0]
    assert (first["@context"], first["@type"], first["url"]) == (
        "https://schema.org", "ClaimReview", "https://example.org/r#S000-01",
    )  # fmt: skip
    assert first["claimReviewed"] == "It was so."
    assert "author" in first["itemReviewed"]
    assert "author" not in reviews[1]["itemReviewed"]


def test_as_of_hides_what_was_published_later() -> None:
    early = open_region("south-caucasus", as_of="2015-01-01")
    assert json.loads(export_region(early, format="prov").text)["entity"]
    titles = {item["id"] for item in json.loads(export_region(early, format="csl").text)}
    assert len(titles) < len(open_region("south-caucasus").rows("sources"))


def test_an_unknown_format_is_e204_and_the_command_writes_files(
    region: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(CounterpoiseError) as caught:
        export_region(region, format="word")
    assert caught.value.code == "E204"
    assert set(FORMATS) == {"ftm", "prov", "claimreview", "csl", "bibtex"}
    out = tmp_path / "sources.bib"
    assert main(["evidence", "export", "south-caucasus", "--format", "bibtex", "--out", str(out)]) == 0
    assert out.read_text().startswith("@misc{")
    capsys.readouterr()
    assert main(["evidence", "export", "south-caucasus", "--format", "csl"]) == 0
    assert json.loads(capsys.readouterr().out)


def test_entity_ids_hold_only_what_the_model_allows() -> None:
    assert re.fullmatch(r"[0-9A-Za-z.-]+", entity_id("firm:Électricité & Co_2"))

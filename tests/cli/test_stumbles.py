"""Where newcomers stumbled: the answer names what they meant to say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from counterpoise.brief.article import open_article
from counterpoise.claims import judge_claims
from counterpoise.cli import main
from counterpoise.region import Region, open_region
from tests.support import run_json


def test_a_bargain_of_a_region_without_an_issue_lists_its_issues(capsys: pytest.CaptureFixture[str]) -> None:
    code, document = run_json(capsys, "bargain", "south-caucasus")
    assert code == 2
    fault = document["error"]["faults"][0]
    assert fault["found"] == "a region without --issue"
    assert "tripp_terms" in fault["fix"]


def test_a_bargain_of_a_region_without_positions_says_what_to_add(
    capsys: pytest.CaptureFixture[str], lakeland: Path
) -> None:
    code, document = run_json(capsys, "bargain", str(lakeland))
    assert code == 2
    assert "bargaining_position" in document["error"]["faults"][0]["fix"]


def test_freight_over_a_region_without_a_network_says_so(capsys: pytest.CaptureFixture[str], lakeland: Path) -> None:
    code, document = run_json(capsys, "transit", "cut", str(lakeland), "--from", "LKE", "--to", "NRT")
    assert code == 2
    assert document["error"]["code"] == "E204"
    assert document["error"]["faults"][0]["found"] == "a region without a freight network"


def test_no_reason_of_an_open_claim_lists_an_input_twice(caucasus: Region) -> None:
    verdicts = judge_claims(caucasus.at("2026-02-13"), document="S003").verdicts
    reasons = [row.reason for row in verdicts if row.reason and row.reason.startswith("inputs missing: ")]
    assert reasons
    for reason in reasons:
        inputs = reason.removeprefix("inputs missing: ").split("; ")
        assert len(inputs) == len(set(inputs)), reason


def test_a_mixed_claim_says_whose_probability_it_shows(caucasus: Region) -> None:
    for row in judge_claims(caucasus, document="S000").table():
        if row["verdict"] == "mixed" and row["probability"] == 0:
            assert "of its weakest part" in row["reason"]


def test_what_takes_long_says_so_on_stderr_and_leaves_stdout_to_the_answer(
    capsys: pytest.CaptureFixture[str], lakeland: Path
) -> None:
    days = ["--from", "2024-01-01", "--to", "2024-12-31", "--json"]
    for arguments in (["region", "diff", str(lakeland), *days], ["leverage", str(lakeland), "--compare", "--json"]):
        assert main(arguments) == 0
        out, err = capsys.readouterr()
        assert json.loads(out)["meta"]
        assert err.startswith("  ")


def test_the_day_of_an_article_dates_what_it_leaves_undated(lakeland: Path, tmp_path: Path) -> None:
    article = tmp_path / "article.txt"
    article.write_text("On 3 March Northland closed the pipeline to Lakeland.\n", encoding="utf-8")
    told = open_article(article, open_region(lakeland), published="2024-05-01").read
    assert [moment["value"] for moment in told.dates] == ["2024-03-03"]
    assert main(["brief", str(lakeland), "--article", str(article), "--published", "May", "--out", str(tmp_path)]) == 2

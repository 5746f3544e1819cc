"""The whole of `read`: the contract's JSON, offsets into the file, the match to a region, and files from strangers."""

from __future__ import annotations

import csv
import json
import time
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from counterpoise._errors import CounterpoiseError
from counterpoise.cli.read import read
from counterpoise.evidence import read_article
from counterpoise.evidence._read import MOST_READ

ARTICLE = """Metsamor keeps running

Armenia's Metsamor nuclear power plant, serviced by Rosatom, generates roughly 40 percent of Armenia's electricity.
On February 9 Vice President JD Vance visited Armenia. He promised up to $9 billion.

Trade with Iran may suffer because of new sanctions.
"""


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "article.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    return path


def test_the_json_has_the_keys_of_the_contract(article: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert read(str(article), published="2026-02-19", json=True) == 0
    body = json.loads(capsys.readouterr().out)
    assert {"id", "state", "text", "start", "end"} <= set(body["actors"][0])
    assert set(body["quantities"][0]) == {"value", "low", "high", "unit", "qualifier", "text", "start", "end", "about"}
    assert set(body["dates"][0]) == {"value", "text", "start", "end"}
    assert set(body["events"][0]) == {"date", "actor", "target", "kind", "text", "start", "end", "confidence"}
    due = {"paragraph", "text_start", "text_end", "kind", "hedged", "facts", "agreement", "values", "bound_to"}
    assert due <= set(body["claims"][0])
    assert "confirm" in body["note"]
    assert str(article) in body["meta"]["inputs"]


def test_people_get_a_table(article: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert read(str(article)) == 0
    assert "up to 9e+09 USD" in capsys.readouterr().out


def test_offsets_point_at_the_text_in_the_file(article: Path) -> None:
    body = read_article(article, published="2026-02-19").body()
    for part in ("actors", "quantities", "dates", "events"):
        for item in body[part]:
            assert ARTICLE[item["start"] : item["end"]] == item["text"]


def test_offsets_of_a_web_page_point_into_its_source(tmp_path: Path) -> None:
    page = (
        "<!DOCTYPE html><html><head><meta charset='utf-8'><title>Iran</title>"
        "<meta property='article:published_time' content='2026-02-19T08:00:00Z'></head><body><nav>Russia</nav>"
        "<script>var a = 'Turkey';</script><article><h1>Visit</h1><p>On&nbsp;Thursday <b>Armenia</b>&#39;s leader paid "
        "$9&nbsp;billion to Azer&shy;baijan &amp; <i>Georgia</i>.</p></article></body></html>"
    )
    path = tmp_path / "page.html"
    path.write_text(page, encoding="utf-8")
    body = read_article(path, region=None).body()
    assert [(item["id"], page[item["start"] : item["end"]]) for item in body["actors"]] == [
        ("ARM", "Armenia"),
        ("GEO", "Georgia"),
    ]
    assert page[body["quantities"][0]["start"] : body["quantities"][0]["end"]] == "$9&nbsp;billion"
    assert body["dates"][0]["value"] == "2026-02-19"
    assert body["published"] == "2026-02-19"


def test_a_figure_that_differs_from_the_facts_is_shown_with_both_values(article: Path) -> None:
    claims = read_article(article, published="2026-02-19").body()["claims"]
    share = next(claim for claim in claims if claim["values"])
    assert share["agreement"] == "differs"
    assert share["values"]["stated"] == 40
    assert 25 < share["values"]["known"] < 40
    assert share["facts"]
    assert claims[-1]["hedged"]
    assert claims[-1]["agreement"] == "no data"


def test_what_became_known_later_is_not_compared(article: Path) -> None:
    claims = read_article(article, published="2026-02-19", as_of="1991-01-01").body()["claims"]
    assert all(claim["agreement"] == "no data" for claim in claims)


@pytest.mark.shared
def test_sentences_of_a_known_document_are_bound_to_its_claims() -> None:
    from tests.support import shared_path

    claims = read_article(shared_path("seeds/000_663a80da0b0ab866.txt"), published="2026-02-19").body()["claims"]
    bound = {name for claim in claims for name in claim["bound"]}
    assert sum(name.startswith("S000-") for name in bound) >= 45
    assert not any(name.startswith("S003-") for name in bound)


def test_an_unrelated_text_is_bound_to_no_claim(tmp_path: Path) -> None:
    path = tmp_path / "other.txt"
    path.write_text(
        "The bakery in our street sells very good bread. It opens at six every morning.\n", encoding="utf-8"
    )
    assert all(claim["bound_to"] is None for claim in read_article(path).body()["claims"])


def refused(path: Path, code: str, **options: str) -> str:
    with pytest.raises(CounterpoiseError) as caught:
        read_article(path, **options)  # type: ignore[arg-type]
    assert caught.value.code == code
    assert len(caught.value.faults) == 1
    return str(caught.value)


@pytest.mark.parametrize(
    "raw", [b"PK\x03\x04rest", b"\x89PNG\r\n", b"text\x00more", b"\x01\x02\x03\x04\x05\x06\x07" * 99]
)
def test_a_binary_file_is_refused_as_e830(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "file.txt"
    path.write_bytes(raw)
    refused(path, "E830")


def test_mixed_encodings_are_refused_as_e831_with_the_place(tmp_path: Path) -> None:
    path = tmp_path / "mixed.txt"
    path.write_bytes("Türkiye".encode() + "Türkiye".encode("latin-1"))
    assert "byte 9" in refused(path, "E831")
    path.write_bytes(b"<html><meta charset='x-unheard-of'><p>Armenia</p>")
    refused(path, "E831")


def test_a_declared_encoding_and_a_marked_one_are_read(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes("<html><meta charset='windows-1252'><p>Türkiye and Iran</p>".encode("cp1252"))
    assert [item["id"] for item in read_article(path, region=None).actors] == ["TUR", "IRN"]
    path = tmp_path / "wide.txt"
    path.write_bytes("Armenia and Iran".encode("utf-16"))
    assert [item["id"] for item in read_article(path, region=None).actors] == ["ARM", "IRN"]


def test_a_text_beyond_the_limit_is_refused_as_e832(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_text("Armenia trades. " * 130_000, encoding="utf-8")
    refused(path, "E832")


def test_a_broken_or_empty_pdf_is_refused_as_e833(tmp_path: Path) -> None:
    path = tmp_path / "broken.pdf"
    path.write_bytes(b"%PDF-1.4\n%nothing here\n")
    refused(path, "E833")


def test_a_pdf_is_read_and_its_offsets_count_in_the_extracted_text(tmp_path: Path) -> None:
    path = tmp_path / "article.pdf"
    path.write_bytes(small_pdf("Russia supplied 85 percent of the gas that Armenia used."))
    body = read_article(path, region=None).body()
    assert [item["id"] for item in body["actors"]] == ["RUS", "ARM"]
    assert body["quantities"][0]["value"] == 85
    assert body["offsets"] == "extracted text"


def small_pdf(line: str) -> bytes:
    """A PDF of one page with one line of text, written by hand."""
    stream = f"BT /F1 12 Tf 72 720 Td ({line}) Tj ET".encode()
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"xref\n0 6\n0000000000 65535 f \n%strailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (
        table,
        len(out),
    )


def test_a_missing_file_is_e201_and_a_wrong_day_e204(tmp_path: Path, article: Path) -> None:
    refused(tmp_path / "none.txt", "E201")
    refused(tmp_path, "E201")
    refused(article, "E204", published="soon")
    refused(article, "E204", as_of="2026-13-40")


def test_a_region_that_is_not_there_is_named(article: Path) -> None:
    refused(article, "E101", region="atlantis")


@pytest.mark.parametrize(
    "text",
    [
        "<html>" + "<div>" * 60_000 + "Armenia" + "</div>" * 60_000,
        "<html><body>" + "<p " * 100_000,
        "<html><p>" + "&amp;" * 100_000,
        "<html><!--" + "-" * 200_000,
        "1" * 200_000,
        "1,000," * 40_000,
        "A. " * 60_000,
        "and the " * 30_000,
        "Armenia, " * 25_000,
        "between 5 and " * 15_000,
        "\u202eأرمينيا وروسيا\u202c Armenia " * 4_000,
        "(" * 200_000,
        "President " * 20_000,
        "Armenian President " * 10_000,
        "A" * 200_000,
        "A-" * 100_000,
        "Aram Bram Cram, a deputy of the " * 6_000,
        "Georgian Dream leader Aram Bram of " * 5_000,
        '"A" ' * 40_000,
    ],
)
def test_hostile_text_costs_bounded_work(tmp_path: Path, text: str) -> None:
    path = tmp_path / "hostile.txt"
    path.write_text(text, encoding="utf-8")
    begun = time.perf_counter()
    body = read_article(path, published="2026-02-19").body()
    assert time.perf_counter() - begun < 5
    for item in body["actors"]:
        assert text[item["start"] : item["end"]] == item["text"]


def test_a_text_longer_than_any_article_is_read_to_its_limit_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    line = "Russia sold gas to Armenia for $165 million in 2024.\n"
    path.write_text(line * 8_000, encoding="utf-8")
    body = read_article(path, published="2026-02-19").body()
    assert body["unread_characters"] > 0
    assert body["unread_characters"] >= len(line) * 8_000 - MOST_READ
    path.write_text(line * 2_200, encoding="utf-8")
    whole = read_article(path, region=None, published="2026-02-19", whole=True).body()
    assert (whole["unread_characters"], len(whole["quantities"])) == (0, 2_200)


def test_a_figure_that_differs_is_shown_with_both_values_their_unit_and_their_date(tmp_path: Path) -> None:
    path = tmp_path / "nuclear.txt"
    path.write_text("In 2025 Armenia got 99 percent of its electricity from its nuclear plant.\n", encoding="utf-8")
    result = read_article(path, published="2026-02-19")
    values = result.claims[0]["values"]
    shown = next(row["read"] for row in result.table() if row["what"] == "claim")
    assert result.claims[0]["agreement"] == "differs"
    assert f"the text has 99 %, the region {values['known']:,.6g} %" in shown
    assert values["quantity"] in shown
    assert str(values["as_of"]) in shown


@pytest.mark.parametrize(
    ("sentence", "agreement", "fact"),
    [
        ("The European Union pledged 270 million euros in aid to Armenia over four years.", "agrees", "H009"),
        ("The European Union pledged 275 million euros in aid to Armenia.", "agrees", "H009"),
        ("The European Union pledged 20 million euros of aid to Armenia.", "agrees", "H013"),
        ("The European Union's peace facility pledged 270 million euros in aid to Armenia.", "differs", "H013"),
    ],
)
def test_of_figures_that_speak_alike_one_that_agrees_is_taken_unless_the_sentence_names_the_item(
    tmp_path: Path, sentence: str, agreement: str, fact: str
) -> None:
    path = tmp_path / "aid.txt"
    path.write_text(sentence + "\n", encoding="utf-8")
    claim = read_article(path, published="2026-02-19").claims[0]
    assert (claim["agreement"], claim["facts"][0]) == (agreement, f"facts:{fact}")


def test_a_sentence_without_an_item_is_compared_with_the_whole_and_not_with_an_item(tmp_path: Path) -> None:
    from counterpoise.evidence._facts import known

    rows = [row for one in known("south-caucasus", None).figures["electricity_generation"]["ARM"] for row in one.rows]
    items = {row["id"]: row["item"] for row in rows}
    hydro = next(row for row in rows if row["item"] == "hydro" and row["as_of"].startswith("2024-01/"))
    path = tmp_path / "hydro.txt"
    for source, item in (("", ""), (" from hydro plants", "hydro")):
        text = f"Armenia's electricity generation{source} was {hydro['value']} GWh in 2024.\n"
        path.write_text(text, encoding="utf-8")
        assert {items[name] for name in read_article(path, published="2026-02-19").claims[0]["facts"]} == {item}


@pytest.fixture
def bound_article(tmp_path: Path) -> Path:
    """An article whose sentences are the region's own paraphrases of three claims, so that each is bound to one."""
    rows = Path(str(resources.files("counterpoise.atlas"))) / "south_caucasus" / "claims.csv"
    with rows.open(encoding="utf-8", newline="") as stream:
        statements = [row["statement"].rstrip(".") for row in csv.DictReader(stream)][:3]
    path = tmp_path / "claims.txt"
    path.write_text("".join(f"{text}.\n\n" for text in statements), encoding="utf-8")
    return path


def test_verdicts_are_attached_on_request_and_only_to_what_a_sentence_is_bound_to(bound_article: Path) -> None:
    result = read_article(bound_article, published="2026-02-19")
    names = result.bound_claims()
    assert names
    rows = [{"id": name, "verdict": "mixed", "probability": 0.5, "reason": None, "break_even": None} for name in names]
    judged = result.with_verdicts([*rows, {"id": "other", "verdict": "supported"}])
    assert all("verdicts" not in claim for claim in result.claims)
    for claim in judged.claims:
        assert [row["id"] for row in claim["verdicts"]] == claim["bound"]
    assert any("mixed" in row["text"] for row in judged.table() if row["what"] == "claim")


@pytest.mark.slow
def test_the_command_judges_what_the_text_is_bound_to_and_says_so(
    bound_article: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from counterpoise.cli import main

    assert main(["read", str(bound_article), "--published", "2026-02-19", "--verdicts", "--json"]) == 0
    told = capsys.readouterr()
    claims = [claim for claim in json.loads(told.out)["claims"] if claim["bound"]]
    assert "judging the" in told.err
    assert claims
    for claim in claims:
        assert {row["id"] for row in claim["verdicts"]} == set(claim["bound"])
        assert all(row["verdict"] in {"supported", "contradicted", "mixed", "open"} for row in claim["verdicts"])


def test_the_command_says_on_stderr_that_no_sentence_is_bound_and_so_nothing_judged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "other.txt"
    path.write_text("The bakery in our street sells very good bread.\n", encoding="utf-8")
    assert read(str(path), verdicts=True, json=True) == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["claims"][0]["bound"] == []
    assert "no sentence is bound to a claim of the region" in told.err
    assert read(str(path), json=True) == 0
    assert capsys.readouterr().err == ""


def test_the_command_says_on_stderr_how_much_of_a_long_text_was_not_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from counterpoise.cli import main

    path = tmp_path / "long.txt"
    path.write_text("Russia sold gas to Armenia for $165 million in 2024.\n" * 2_200, encoding="utf-8")
    assert main(["read", str(path), "--json"]) == 0
    told = capsys.readouterr()
    unread = json.loads(told.out)["unread_characters"]
    assert unread > 0
    assert f"{unread:,} characters at the end were not read" in told.err


PIECES = (
    *("Armenia", "U.S.", "Nagorno-Karabakh", "President", "Vance", "’s", "said", "signed", "attacked", "by", "who"),
    *("$5", "billion", "%", "half", "of", "3.5", "1,000", "9", "between", "to", "from", "and"),
    *("-", "—", "“", ".", "not", "2020", "May", "February", "last", "year", "ago", "will", "&amp;", "<p>"),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.one_of(
            st.sampled_from(
                PIECES
            ),
            st.sampled_from(["\n", "\n\n"]),
            st.text(max_size=6),
        ),
        max_size=60,
    )
)  # fmt: skip
def test_any_text_is_read_without_a_fault_and_spans_hold(tmp_path: Path, parts: list[str]) -> None:
    text = " ".join(parts).replace("\x00", "").replace("\r", "")
    path = tmp_path / "any.txt"
    path.write_text(text, encoding="utf-8", errors="ignore", newline="")
    controls = sum(char < " " and char not in "\t\n\r\f\v\x1b" for char in text)
    assume(controls <= 8 and "\ufffd" not in text)
    body = read_article(path, region=None, published="2026-02-19").body()
    if body["offsets"] == "file" and "<" not in text and "&" not in text:
        source = path.read_bytes().decode("utf-8")
        for part in ("actors", "quantities", "dates", "events"):
            for item in body[part]:
                assert source[item["start"] : item["end"]] == item["text"]
    assert all(item["start"] < item["end"] for part in ("actors", "quantities", "dates") for item in body[part])

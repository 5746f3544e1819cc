"""Files made to hurt: pages without end, bombs, loops, marks that turn the text round: one error, bounded work."""

from __future__ import annotations

import json
import subprocess
import sys
import zlib
from itertools import pairwise
from pathlib import Path

import pytest

from counterpoise._errors import CounterpoiseError
from counterpoise.evidence import read_article
from counterpoise.evidence._document import MAX_PAGES
from counterpoise.evidence.ledger import add_proposals, list_proposals, propose_rows
from counterpoise.region.template import write_template

# Reading is measured in a process of its own: its seconds of processor time and the most memory it held (VmHWM: what
# `getrusage` calls the maximum counts the parent that started the process).
PROBE = """
import json, re, resource, sys
from pathlib import Path
from counterpoise._errors import CounterpoiseError
from counterpoise.evidence import read_article
try:
    body = read_article(sys.argv[1], region=None, published="2026-02-19").body()
    told = {"code": None, "actors": len(body["actors"]), "unread": body["unread_characters"]}
except CounterpoiseError as error:
    told = {"code": error.code, "faults": len(error.faults)}
used = resource.getrusage(resource.RUSAGE_SELF)
most = re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())
print(json.dumps({**told, "seconds": used.ru_utime + used.ru_stime, "megabytes": int(most[1]) / 1024}))
"""


def probe(path: Path) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-c", PROBE, str(path)], capture_output=True, text=True, timeout=60, check=True
    )
    return dict(json.loads(done.stdout))


def pdf(*objects: bytes) -> bytes:
    """A PDF of the given objects, numbered from 1; the first is its catalogue."""
    out, places = b"%PDF-1.4\n", []
    for number, part in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    tail = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table) + tail


CATALOG, PAGES = b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
@pytest.mark.parametrize(
    "text",
    [
        "<html><p>Armenia</p>" + "<!" * 100_000,
        "<html><p>Armenia</p>" + "<?" * 100_000,
        "<html><p>Armenia</p>" + "<![CDATA[" * 60_000,
        "<html><p>Armenia</p>" + "<p a='" * 60_000,
        "<html><p>Armenia" + "<" * 300_000,
        "<html><p>Armenia</p>" + "<nav>" * 200_000,
        "<html><p>Armenia</p>" + "<script>" * 100_000,
        f"<html><p title='{'x' * 3_000_000}'>Armenia</p>",
        "<html><p>Armenia</p>" + "<meta property='published_time' " * 8_000,
        "Armenia" + " " * 1_500_000 + "Russia",
        "Armenia" + "\n" * 1_500_000,
        "Armenia" + "\u0301" * 300_000,
    ],
)
def test_markup_and_blanks_without_end_cost_little_and_hide_nothing_before_them(tmp_path: Path, text: str) -> None:
    path = tmp_path / "bomb.html"
    path.write_text(text, encoding="utf-8")
    told = probe(path)
    assert told["code"] is None
    assert told["actors"] == 1 or "\u0301" in text
    assert told["seconds"] < 8
    assert told["megabytes"] < 400


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
@pytest.mark.parametrize(
    ("piece", "times"),
    [("a&amp;", 5_000_000), ("<b>x</b>", 3_900_000), ("<i></i>", 4_500_000)],
)
def test_a_page_of_pieces_without_end_is_refused_as_e832_in_bounded_memory(
    tmp_path: Path, piece: str, times: int
) -> None:
    path = tmp_path / "pieces.html"
    path.write_text("<html><p>" + piece * times, encoding="utf-8")
    told = probe(path)
    assert (told["code"], told["faults"]) == ("E832", 1)
    assert told["megabytes"] < 400


def test_entities_of_a_document_type_are_never_expanded(tmp_path: Path) -> None:
    letters = "abcdefghijklmnopqrst"
    chain = "".join(f"<!ENTITY {b} '&{a};&{a};&{a};&{a};'>" for a, b in pairwise(letters))
    path = tmp_path / "laughs.html"
    path.write_text(f"<!DOCTYPE html [<!ENTITY a 'Armenia'>{chain}]><html><p>&t; Russia</p>", encoding="utf-8")
    assert [item["id"] for item in read_article(path, region=None).actors] == ["RUS"]


@pytest.mark.parametrize(
    "content",
    [
        pdf(CATALOG, b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>"),
        pdf(CATALOG, b"<< /Type /Pages /Kids [] /Count 999999999 >>"),
        pdf(CATALOG, PAGES, PAGE, b"<< /Length 300000 >>\nstream\n" + b"[" * 300_000 + b"\nendstream", FONT),
        pdf(CATALOG, PAGES, PAGE, b"<< /Length 9 /Filter /FlateDecode >>\nstream\nnonsense!\nendstream", FONT),
        pdf(CATALOG, PAGES, PAGE, b"<< /Length 20 >>\nstream\nBT (Armenia) Tj ET\nendstream", FONT)[:-160],
        b"%PDF-1.7\n" + bytes(range(256)) * 2_000,
        b"%PDF-",
    ],
)
def test_a_pdf_that_loops_lies_or_breaks_off_is_refused_as_e833(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.pdf"
    path.write_bytes(content)
    with pytest.raises(CounterpoiseError) as caught:
        read_article(path, region=None)
    assert (caught.value.code, len(caught.value.faults)) == ("E833", 1)


def test_a_pdf_of_more_pages_than_any_article_is_refused_as_e832(tmp_path: Path) -> None:
    kids = b" ".join(b"%d 0 R" % number for number in range(3, MAX_PAGES + 4))
    pages = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, MAX_PAGES + 1)
    blank = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"
    path = tmp_path / "pages.pdf"
    path.write_bytes(pdf(CATALOG, pages, *[blank] * (MAX_PAGES + 1)))
    with pytest.raises(CounterpoiseError) as caught:
        read_article(path, region=None)
    assert caught.value.code == "E832"
    assert f"{MAX_PAGES + 1:,} pages" in caught.value.faults[0].found


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
def test_a_pdf_that_unpacks_without_end_is_refused_in_bounded_memory(tmp_path: Path) -> None:
    packed = zlib.compress(b"BT /F1 12 Tf 72 720 Td (Armenia) Tj ET " * 6_000_000, 9)
    stream = b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed)
    path = tmp_path / "bomb.pdf"
    path.write_bytes(pdf(CATALOG, PAGES, PAGE, stream, FONT))
    assert len(packed) < 1_000_000
    told = probe(path)
    assert (told["code"], told["faults"]) == ("E833", 1)
    assert told["megabytes"] < 500


def test_direction_marks_move_no_offset_and_hide_no_name(tmp_path: Path) -> None:
    text = "\u202e\u202dArmenia\u202c and \u2066Russia\u2069 signed \u200fa deal worth \u202a$5 billion\u202c.\n"
    path = tmp_path / "turned.txt"
    path.write_text(text, encoding="utf-8")
    body = read_article(path, region=None, published="2026-02-19").body()
    assert [item["id"] for item in body["actors"]] == ["ARM", "RUS"]
    assert [item["value"] for item in body["quantities"]] == [5e9]
    for part in ("actors", "quantities"):
        assert all(text[item["start"] : item["end"]] == item["text"] for item in body[part])


def test_a_listed_excerpt_carries_no_control_or_direction_mark_to_the_terminal(tmp_path: Path) -> None:
    region = write_template(tmp_path / "region")
    path = tmp_path / "article.txt"
    path.write_text("The plant, \x1b[31m\u202eit was said, could lose 70 percent of its gas.\n", encoding="utf-8")
    add_proposals(propose_rows(path, region=str(region), published="2026-02-19"), str(region))
    excerpts = [item["excerpt"] for item in list_proposals(str(region)).proposals]
    assert any("<U+001B>" in text and "<U+202E>" in text for text in excerpts)
    assert all(text.isprintable() for text in excerpts)


@pytest.mark.parametrize(
    ("raw", "place"),
    [
        ("Türkiye said.\n".encode() * 9 + "Türkiye".encode("cp1254"), "byte 136"),
        (b"<html><meta charset='utf-8'><p>T\xfcrkiye</p>", "byte 32"),
        ("\ufeffArmenia".encode() + b"\xff\xfe", "byte 7"),
        ("Armenia".encode("utf-16") + b"\x00", "UTF-16"),
    ],
)
def test_a_second_encoding_in_a_file_is_refused_with_its_place(tmp_path: Path, raw: bytes, place: str) -> None:
    path = tmp_path / "mixed.txt"
    path.write_bytes(raw)
    with pytest.raises(CounterpoiseError) as caught:
        read_article(path, region=None)
    assert caught.value.code == "E831"
    assert place in caught.value.faults[0].found

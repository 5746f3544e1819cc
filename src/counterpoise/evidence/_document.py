"""Opening an article of any kind: plain text, HTML or PDF, from strangers, with bounded work and one clear error."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from counterpoise._errors import InputError, fault
from counterpoise.evidence import _html

MAX_BYTES = 32 << 20
MAX_TEXT = 2_000_000
MAX_PAGES = 500
_SIGNATURES = {
    b"PK\x03\x04": "a zip archive (such as a Word document)", b"\xd0\xcf\x11\xe0": "an old Office document",
    b"\x89PNG": "an image", b"\xff\xd8\xff": "an image", b"GIF8": "an image", b"\x1f\x8b": "a gzip archive",
    b"\x7fELF": "a program", b"MZ\x90": "a program", b"Rar!": "an archive", b"7z\xbc\xaf": "an archive",
    b"PAR1": "a Parquet file", b"SQLite format": "a database", b"{\\rtf": "a rich-text document",
    b"OggS": "a sound file",
}  # fmt: skip
_ENCODINGS = frozenset(
    [
        "utf-8",
        "utf8",
        "us-ascii",
        "ascii",
        "iso-8859-1",
        "latin1",
        "latin-1",
        "iso-8859-2",
        "iso-8859-9",
        "iso-8859-15",
        "windows-1250",
        "windows-1251",
        "windows-1252",
        "windows-1253",
        "windows-1254",
        "windows-1256",
        "cp1250",
        "cp1251",
        "cp1252",
        "cp1254",
        "koi8-r",
        "koi8-u",
        "utf-16",
        "utf-16le",
        "utf-16be",
        "gb2312",
        "gbk",
        "gb18030",
        "big5",
        "shift_jis",
        "euc-jp",
        "euc-kr",
    ]
)


@dataclass(frozen=True, slots=True)
class Document:
    """An article as text. `origin` maps text to file; for a PDF, offsets count in the extracted text itself."""

    text: str
    kind: str
    sha256: str
    page: _html.Page | None
    stated_day: str | None
    lead: int

    def place(self, start: int, end: int) -> tuple[int, int]:
        """The offsets in the file (as UTF-8 text) of a stretch of the text."""
        if self.page is None:
            return start + self.lead, end + self.lead
        return self.page.source(start) + self.lead, self.page.source(end, end=True) + self.lead


def open_document(path: str | Path) -> Document:
    """The text of an article file. Raises `E201` (missing, unreadable, too large), `E830` (not a text), `E831`
    (broken encoding), `E832` (too long a text), `E833` (a PDF without readable text)."""
    place = Path(path)
    raw = _bytes(place)
    digest = hashlib.sha256(raw).hexdigest()
    if raw[:1024].lstrip()[:5] == b"%PDF-":
        return Document(_bounded(place, _pdf_text(place, raw)), "pdf", digest, None, None, 0)
    text, lead = _decode(place, raw)
    if _html.looks_like_html(text):
        page = _html.read_page(text, most=MAX_TEXT)
        if not page.whole:
            found = f"a page of {len(text):,} characters with more text or markup than any article"
            rule = f"an article has at most {MAX_TEXT:,} characters of text, a million tags and half a million pieces"
            raise _refuse("E832", place, found, rule, "save the article alone, as text or HTML")
        return Document(_bounded(place, page.text), "html", digest, page, _html.published_day(text), lead)
    return Document(_bounded(place, text), "text", digest, None, None, lead)


def _bytes(path: Path) -> bytes:
    problem, fix = "", "check the path"
    try:
        if not path.is_file():
            problem = "no such file" if not path.exists() else "not a regular file"
        elif (size := path.stat().st_size) > MAX_BYTES:
            problem, fix = f"{size:,} bytes, over the limit of {MAX_BYTES:,}", "split the file into articles"
        else:
            return path.read_bytes()
    except OSError as error:
        problem, fix = f"cannot be read: {error.strerror}", "check the path and its permissions"
    except ValueError as error:
        problem = f"not a path: {error}"
    rule = "an article is a readable file within the size limit"
    raise InputError([fault("E201", where=str(path), found=problem, rule=rule, fix=fix)])


def _refuse(code: str, path: Path, found: str, rule: str, fix: str) -> InputError:
    return InputError([fault(code, where=str(path), found=found, rule=rule, fix=fix)])


def _decode(path: Path, raw: bytes) -> tuple[str, int]:
    """The bytes as text with plain line ends counted as they stand, and 1 where a byte-order mark came first."""
    for signature, name in _SIGNATURES.items():
        if raw.startswith(signature):
            raise _refuse("E830", path, name, "an article is plain text, HTML or PDF", "export it as text, HTML or PDF")
    encoding, lead = "utf-8", 0
    if raw.startswith(b"\xef\xbb\xbf"):
        raw, lead = raw[3:], 1
    elif raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif b"\x00" in raw:
        found = f"a NUL byte at {raw.index(0):,}"
        raise _refuse("E830", path, found, "an article is plain text, HTML or PDF", "export it as text, HTML or PDF")
    else:
        encoding = _declared(path, raw)
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        found = f"byte {error.start:,} (0x{raw[error.start]:02x}) is not {encoding.upper()}"
        rule = "a file is in one encoding: UTF-8, UTF-16 with a mark, or the one that its HTML head names"
        raise _refuse("E831", path, found, rule, "save the file as UTF-8") from None
    sample = text[:20_000]
    strange = sum(1 for char in sample if (char < " " and char not in "\t\n\r\f\v\x1b") or char == "\ufffd")
    if sample and strange > 8 + len(sample) // 50:
        found = f"{strange} control characters in the first {len(sample):,}"
        raise _refuse("E830", path, found, "an article is plain text, HTML or PDF", "export it as text, HTML or PDF")
    return text, lead


def _declared(path: Path, raw: bytes) -> str:
    named = _html.declared_charset(raw)
    if named is None or named in {"utf-8", "utf8"}:
        return "utf-8"
    if named not in _ENCODINGS:
        rule = "the encoding that a page names is a known one"
        raise _refuse("E831", path, f"the page says charset={named}", rule, "save the file as UTF-8")
    try:
        raw.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError:
        return named


def _bounded(path: Path, text: str) -> str:
    if len(text) > MAX_TEXT:
        found = f"{len(text):,} characters of text"
        rule = f"an article has at most {MAX_TEXT:,} characters of text"
        raise _refuse("E832", path, found, rule, "split the file into articles")
    return text


def _pdf_text(path: Path, raw: bytes) -> str:
    """The text of a PDF, page by page. `pypdf` is loaded here alone; its complaints become one error."""
    import io
    import logging

    try:
        from pypdf import PdfReader
    except ModuleNotFoundError:
        rule = "reading PDF needs the extra `evidence`"
        raise _refuse("E833", path, "pypdf is not installed", rule, "install counterpoise[evidence]") from None

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    rule = "a PDF has readable text: no password, no mere scan, intact"
    try:
        reader = PdfReader(io.BytesIO(raw))
        if reader.is_encrypted and not reader.decrypt(""):
            raise _refuse("E833", path, "the PDF is locked by a password", rule, "save an unlocked copy")
        if len(reader.pages) > MAX_PAGES:
            raise _refuse("E832", path, f"{len(reader.pages):,} pages", f"at most {MAX_PAGES} pages", "split the file")
        parts: list[str] = []
        for page in reader.pages:
            parts.append(page.extract_text() or "")
            if sum(map(len, parts)) > MAX_TEXT:
                break
    except InputError:
        raise
    except Exception as error:  # pypdf raises many unrelated types on broken files
        found = f"the PDF cannot be read: {type(error).__name__}: {error}"[:200]
        raise _refuse("E833", path, found, rule, "open it and save it anew, or export its text") from None
    text = "\n".join(parts)
    if not text.strip():
        raise _refuse("E833", path, "no text in the PDF", rule, "run text recognition on the scan first")
    return text

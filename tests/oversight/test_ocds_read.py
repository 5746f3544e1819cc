"""OCDS in every form and encoding: the same processes give the same answer, and damage is named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from counterpoise._errors import InputError
from counterpoise.oversight.audit import audit
from counterpoise.oversight.ocds import read as reading
from counterpoise.oversight.ocds._tree import latest, merge
from counterpoise.oversight.ocds.audit import audit_ocds
from counterpoise.oversight.ocds.engine import pack, unpack
from counterpoise.oversight.ocds.flags.settings import Settings
from counterpoise.oversight.ocds.store import Rows
from tests.oversight.audit_support import found, process, write_lines
from tests.support import shared_path

SINGLE = {"numberOfTenderers": 1, "procurementMethod": "open"}
ONE = process("ocds-é-1", tender=SINGLE)
WANTED = {"OCID": {"ocds-é-1": {"R018": 1.0}}}
FIRST = {
    "ocid": "ocds-é-1",
    "id": "1",
    "date": "2020-01-01T00:00:00Z",
    "tag": ["tender"],
    "tender": {"numberOfTenderers": 4},
}
SECOND = {"ocid": "ocds-é-1", "id": "2", "date": "2020-02-01T00:00:00Z", "tag": ["tenderUpdate"], "tender": SINGLE}
VERSIONED = {
    "ocid": "ocds-é-1",
    "tender": {
        "numberOfTenderers": [
            {"releaseID": "1", "releaseDate": "2020-01-01T00:00:00Z", "releaseTag": ["tender"], "value": 4},
            {"releaseID": "2", "releaseDate": "2020-02-01T00:00:00Z", "releaseTag": ["tender"], "value": 1},
        ],
        "procurementMethod": [
            {"releaseID": "1", "releaseDate": "2020-01-01T00:00:00Z", "releaseTag": [], "value": "open"}
        ],
    },
}
FORMS: dict[str, Any] = {
    "release": ONE,
    "list": [ONE],
    "release package": {"uri": "u", "releases": [ONE]},
    "record": {"ocid": "ocds-é-1", "compiledRelease": ONE},
    "record package": {"records": [{"ocid": "ocds-é-1", "releases": [SECOND, FIRST]}]},
    "releases to merge": {"releases": [SECOND, FIRST]},
    "versioned release": VERSIONED,
    "versioned record": {"records": [{"ocid": "ocds-é-1", "versionedRelease": VERSIONED}]},
}


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("form", sorted(FORMS))
def test_each_form_of_ocds_gives_the_same_answer(form: str, indent: int | None, tmp_path: Path) -> None:
    path = tmp_path / "data.json"
    path.write_text(json.dumps(FORMS[form], indent=indent), encoding="utf-8")
    assert found(audit(path, flags="R018")) == WANTED
    lines = write_lines(tmp_path / "data.jsonl", [FORMS[form], {"ocid": "other"}])
    assert found(audit(lines, flags="R018")) == WANTED


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "windows-1252"])
@pytest.mark.parametrize("count", [1, 3])
def test_the_encoding_is_found(encoding: str, count: int, tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    path.write_bytes(
        (json.dumps(ONE, ensure_ascii=False) + "\n").encode(encoding)
        if count == 1
        else "".join(json.dumps({**ONE, "ocid": f"é{n}"}, ensure_ascii=False) + "\n" for n in range(count)).encode(
            encoding
        )
    )
    names = list(found(audit(path, flags="R018"))["OCID"])
    assert names == (["ocds-é-1"] if count == 1 else ["é0", "é1", "é2"])


def test_an_encoding_that_is_named_is_used(tmp_path: Path) -> None:
    path = tmp_path / "data.json"
    path.write_bytes(json.dumps({**ONE, "ocid": "Ереван"}, ensure_ascii=False).encode("windows-1251"))
    assert list(found(audit(path, flags="R018", encoding="windows-1251"))["OCID"]) == ["Ереван"]
    with pytest.raises(InputError) as caught:
        audit(path, encoding="klingon")
    assert caught.value.code == "E204"


def test_merging_goes_by_date_by_id_and_drops_what_is_null() -> None:
    first = {"date": "2020-01-01", "tender": {"title": "a", "items": [{"id": 1, "quantity": 1}]}, "buyer": {"id": "B"}}
    second = {"date": "2020-02-01", "tender": {"title": None, "items": [{"id": 1, "unit": "t"}, {"id": 2}]}}
    merged = merge([second, first])
    assert merged["tender"] == {"items": [{"id": 1, "quantity": 1, "unit": "t"}, {"id": 2}]}
    assert merged["buyer"] == {"id": "B"}


def test_the_latest_version_of_a_field_holds() -> None:
    assert latest(VERSIONED)["tender"] == SINGLE


@pytest.mark.shared
@pytest.mark.parametrize(
    "name",
    [
        "ocds-213czf-000-00001.json",
        "record/ocds-213czf-000-00001.json",
        "record/ocds-213czf-000-00001-withversions.json",
    ],
)
def test_the_standard_s_own_example_reads_the_same_in_each_form(name: str) -> None:
    result = audit(shared_path(f"samples/ocds/fictional_1.1/{name}"))
    assert result.summary["processes"] == 1
    assert result.summary["raised"] == {"R005": 1}


@pytest.mark.shared
def test_a_published_package_is_read() -> None:
    result = audit(shared_path("samples/ocds/colombia-2021-03-03.json"))
    assert (result.summary["processes"], result.summary["left_out"]) == (100, 4)


def test_lines_that_are_no_json_are_skipped_and_named(tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    path.write_text(
        f'{json.dumps(ONE)}\n{{"ocid": \n\n{{"ocid": NaN}}\n' + '{"ocid":"d","x":' + "[" * 5000 + "\n", encoding="utf-8"
    )
    result = audit(path, flags="R018")
    assert found(result) == WANTED
    assert result.summary["lines_skipped"] == 3
    assert [text.split(" skipped")[0] for text in result.summary["warnings"]] == ["line 2", "line 4", "line 5"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("no json", "E801"),
        ("{}", "E801"),
        ('{"releases": []}', "E801"),
        ('{"ocid": ', "E801"),
        ("[" * 5000, "E802"),
        ("", "E201"),
    ],
)
def test_what_is_no_ocds_is_refused_with_one_error(text: str, code: str, tmp_path: Path) -> None:
    path = tmp_path / "data.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        audit(path)
    assert [fault.code for fault in caught.value.faults] == [code]


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.json", tmp_path):
        with pytest.raises(InputError) as caught:
            audit(path)
        assert caught.value.code == "E201"


def test_records_that_only_link_are_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "data.json"
    path.write_text('{"records": [{"ocid": "a", "releases": [{"url": "https://example.org/1"}]}]}', encoding="utf-8")
    assert "link" in audit(path).summary["warnings"][0]


def test_large_packages_are_streamed_and_large_items_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "WHOLE", 10)
    path = tmp_path / "data.json"
    for form in ("list", "release package", "record package", "releases to merge"):
        path.write_text(json.dumps(FORMS[form]), encoding="utf-8")
        assert found(audit(path, flags="R018")) == WANTED
    for text, what in (('{"releases": [{"a": ' + '"x"', "E801"), (json.dumps(ONE), "E802"), ("[" * 20_000, "E802")):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(InputError) as caught:
            audit(path)
        assert caught.value.code == what
    monkeypatch.setattr(reading, "LARGEST", 1 << 18)
    path.write_text(json.dumps({"releases": [{**ONE, "x": "y" * (1 << 19)}]}), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        audit(path)
    assert caught.value.code == "E802"


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_workers_and_chunks_change_nothing(bom: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tied = [
        {"status": "valid", "tenderers": [{"id": name}], "value": {"amount": 5, "currency": "EUR"}} for name in "AB"
    ]
    processes = [
        process(f"p{n}", tender=SINGLE if n % 3 else {}, bids=tied if n % 2 else [], buyer={"id": "B"})
        for n in range(200)
    ]
    path = write_lines(tmp_path / "data.jsonl", processes)
    path.write_bytes(bom + path.read_bytes() + b'{"broken\n{"ocid": "last"}')
    whole = audit_ocds(path, workers=1)
    monkeypatch.setattr(reading, "PARALLEL", 0)
    monkeypatch.setattr(reading, "CHUNK", 1000)
    for workers in (1, 2):
        split = audit_ocds(path, workers=workers)
        assert split.to_dict() == whole.to_dict()


def test_a_line_over_the_limit_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LARGEST", 500)
    path = write_lines(
        tmp_path / "data.jsonl", [ONE, {"ocid": "long", "x": "y" * 5000}, {"ocid": "z", "tender": SINGLE}]
    )
    for parallel in (1 << 30, 0):
        monkeypatch.setattr(reading, "PARALLEL", parallel)
        result = audit_ocds(path, flags="R018", workers=1)
        assert list(found(result)["OCID"]) == ["ocds-é-1", "z"]
        assert result.summary["lines_skipped"] == 1


def test_rows_beyond_memory_go_to_a_file_and_repeated_ones_are_joined() -> None:
    row = pack(({"R003": 1.0}, None, {}))
    for limit in (2, 100):
        rows = Rows(in_memory=limit)
        rows.add((f"p{n}", row) for n in range(5))
        rows.add([("p1", pack(({"R018": 1.0}, (0.5, "W", "L"), {})))])
        kept = dict(rows)
        assert (len(kept), rows.repeated) == (5, 1)
        assert unpack(kept["p1"]) == ({"R003": 1.0, "R018": 1.0}, (0.5, "W", "L"), {})


def test_settings_are_empty_by_default() -> None:
    assert Settings().get("R003", "threshold", 15) == 15

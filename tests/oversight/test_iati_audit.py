"""IATI activities: sums by year, each flag with a case and a counter-case, old and broken files, bombs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from counterpoise._errors import InputError
from counterpoise.cli.audit import audit as command
from counterpoise.oversight.audit import audit
from counterpoise.oversight.iati import _read
from counterpoise.oversight.iati.audit import iati_catalogue
from tests.oversight.audit_support import values
from tests.support import shared_path


def pay(amount: float | str, day: str = "2020-03-01", kind: str = "3", currency: str = "", extra: str = "") -> str:
    unit = f' currency="{currency}"' if currency else ""
    return (
        f'<transaction {extra}><transaction-type code="{kind}"/><transaction-date iso-date="{day}"/>'
        f'<value{unit} value-date="{day}">{amount}</value></transaction>'
    )


def promise(amount: float, currency: str = "") -> str:
    return pay(amount, "2020-01-01", "2", currency)


def activity(*parts: str, name: str = "XM-1", status: str = "2", documents: str = "A08", more: str = "") -> str:
    link = (
        f'<document-link url="https://example.org"><category code="{documents}"/></document-link>' if documents else ""
    )
    return (
        f'<iati-activity default-currency="USD" {more}><iati-identifier>{name}</iati-identifier>'
        f'<title><narrative>Road</narrative></title><activity-status code="{status}"/>{"".join(parts)}{link}'
        "</iati-activity>"
    )


def write(folder: Path, *activities: str, head: str = '<iati-activities version="2.03">') -> Path:
    path = folder / "activities.xml"
    path.write_text(f"{head}{''.join(activities)}</iati-activities>", encoding="utf-8")
    return path


def dates(start: str, end: str) -> str:
    return f'<activity-date type="2" iso-date="{start}"/><activity-date type="4" iso-date="{end}"/>'


def budget(amount: float, kind: str = "1") -> str:
    period = '<period-start iso-date="2020-01-01"/><period-end iso-date="2020-12-31"/>'
    return f'<budget type="{kind}">{period}<value value-date="2020-01-01">{amount}</value></budget>'


FOUR = ["2020-02-01", "2020-03-01", "2020-04-01"]
# code: (raised by, value, not raised by)
CASES: dict[str, tuple[str, float, str]] = {
    "I01": (activity(promise(100), pay(80), pay(40)), 1.2, activity(promise(100), pay(60), pay(40))),
    "I02": (activity(pay(80), pay(40, kind="4")), 120, activity(promise(100, "EUR"), pay(80))),
    "I03": (
        activity(promise(1000), *[pay(10, day) for day in FOUR], pay(70, "2020-12-20")),
        0.7,
        activity(promise(1000), *[pay(10, day) for day in FOUR], pay(20, "2020-12-20")),
    ),
    "I04": (activity(pay(5), pay(5), pay(5)), 2, activity(pay(5, extra='ref="1"'), pay(5, extra='ref="2"'))),
    "I05": (
        activity(*[pay(1000 * n + 1000, f"2020-03-{n + 1:02d}") for n in range(10)]),
        1,
        activity(*[pay(1003 * n + 1000, f"2020-03-{n + 1:02d}") for n in range(10)]),
    ),
    "I06": (activity(documents=""), 1, activity(status="1", documents="")),
    "I07": (activity(status="4", documents="A11"), 1, activity(status="4", documents="A07")),
    "I08": (
        activity(budget(100), budget(50, "2"), pay(60)),
        1.2,
        activity(budget(50), budget(100, "2"), pay(60)),
    ),
    "I09": (
        activity(dates("2020-02-01", "2020-06-30"), pay(1, "2020-01-31"), pay(1, "2020-07-01")),
        2,
        activity(dates("2020-02-01", "2020-06-30"), pay(1, "2020-02-01"), pay(1, "2020-06-30")),
    ),
    "I10": (
        activity(pay(1, "2021-01-01"), more='last-updated-datetime="2020-12-31T00:00:00Z"'),
        1,
        activity(pay(1, "2020-12-31"), more='last-updated-datetime="2020-12-31T00:00:00Z"'),
    ),
    "I11": (activity(pay(-5)), 1, activity(pay(0))),
    "I12": (
        activity(pay(100)) + activity(pay(60), '<related-activity type="1" ref="XM-1"/>', name="XM-1-A"),
        0.6,
        activity(pay(100)) + activity(pay(98), '<related-activity type="1" ref="XM-1"/>', name="XM-1-A"),
    ),
    "I13": (activity(promise(100), status="3"), 0, activity(promise(100), pay(60), status="3")),
    "I14": (
        activity(status="4", documents="A07") + activity(status="4", documents="B06", name="XM-2"),
        1,
        activity(status="2", documents="A07") + activity(status="4", documents="B07", name="XM-2"),
    ),
}


@pytest.mark.parametrize("code", sorted(CASES))
def test_a_flag_is_raised_by_its_case_and_not_by_the_other(code: str, tmp_path: Path) -> None:
    guilty, value, innocent = CASES[code]
    result = audit(write(tmp_path, guilty), flags=code)
    assert values(result, code) == {"XM-1": pytest.approx(value)}
    assert result.to_dict()["indicators"] == {"Activity": {"XM-1": {code: pytest.approx(value)}}}
    assert list(audit(write(tmp_path, innocent), flags=code).flags()) == []


def test_every_flag_has_a_case_and_a_full_entry() -> None:
    assert set(iati_catalogue()) == set(CASES)
    assert all(all(row.values()) for row in iati_catalogue().values())


def test_promises_and_payments_are_summed_by_activity_currency_and_year(tmp_path: Path) -> None:
    one = activity(promise(100), pay(30), pay(20, "2021-05-01", "4"), pay(7, currency="EUR"))
    result = audit(write(tmp_path, one, activity(pay(5), name="XM-2"))).to_dict()
    assert result["activities"][0] == {
        "id": "XM-1",
        "title": "Road",
        "by_year": {
            "USD": {
                "2020": {"commitments": 100, "disbursements": 30, "payments": 30},
                "2021": {"expenditure": 20, "payments": 20},
            },
            "EUR": {"2020": {"disbursements": 7, "payments": 7}},
        },
    }
    assert result["summary"]["by_year"]["USD"]["2020"] == {"commitments": 100, "disbursements": 35, "payments": 35}


def test_version_one_is_read_with_its_letters_texts_and_numbers(tmp_path: Path) -> None:
    old = (
        '<iati-activity default-currency="usd"><iati-identifier> A-1 </iati-identifier><title>Old</title>'
        "<activity-status>Implementation</activity-status>"
        '<transaction><transaction-type code="C"/><value value-date="2010-01-01">1,000.50</value></transaction>'
        '<transaction><transaction-type code="d">Disbursement</transaction-type><transaction-date>2010-02-01'
        "</transaction-date><value>2 000</value></transaction></iati-activity>"
    )
    result = audit(write(tmp_path, old, head='<iati-activities version="1.03">'))
    assert result.summary["by_year"]["USD"]["2010"] == {"commitments": 1000.5, "disbursements": 2000, "payments": 2000}
    assert {"I01", "I06"} == set(result.summary["raised"])


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        (f"<iati-activities>{activity(pay(1))}</iati-activities>", "no version"),
        (activity(pay(1)), "a lone activity"),
        (f"<result>{activity(pay(1))}</result>", "the root is <result>"),
        (f"<r><iati-activities>{activity(pay(1))}</iati-activities></r>", "the root is <r>"),
        ("<iati-activities/>", "no activity"),
        ('<iati-activities version="2.03"><iati-activity/></iati-activities>', "1 times unread: iati-identifier"),
        (activity("<transaction><value>many</value></transaction>"), "1 times unread: transaction/value"),
        (activity("<transaction><value>1</value></transaction>"), "1 times unread: transaction/transaction-date"),
    ],
)
def test_odd_files_are_read_with_a_warning(text: str, warning: str, tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(text, encoding="utf-8")
    assert any(warning in line for line in audit(path).summary["warnings"])


UNICODE = ["utf-8", "utf-8-sig", "utf-16", "utf-32"]
DECLARED = [*UNICODE, "iso-8859-1", "windows-1251", "gb18030"]


@pytest.mark.parametrize(
    ("encoding", "declared"), [(name, True) for name in DECLARED] + [(name, False) for name in UNICODE]
)
def test_the_encoding_of_xml_is_found(encoding: str, declared: bool, tmp_path: Path) -> None:
    title = {"iso-8859-1": "Straße", "gb18030": "道路"}.get(encoding, "Дорога")
    head = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>' if declared else ""
    path = tmp_path / "a.xml"
    path.write_bytes(
        f"{head}<iati-activities>{activity(pay(1)).replace('Road', title)}</iati-activities>".encode(encoding)
    )
    assert audit(path).to_dict()["activities"][0]["title"] == title


def test_bytes_that_belie_their_declaration_are_read_with_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(activity(pay(1)).replace("Road", "Straße").encode("windows-1252"))
    result = audit(path)
    assert result.to_dict()["activities"][0]["title"] == "Straße"
    assert "read as windows-1252" in result.summary["warnings"][0]
    path.write_bytes(b'<?xml version="1.0" encoding="klingon"?>' + activity(pay(1)).encode())
    assert "unknown encoding" in audit(path).summary["warnings"][0]


LAUGHS = "".join(f'<!ENTITY b{n} "{f"&b{n - 1};" * 10 if n else "ha"}">' for n in range(10))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"<!DOCTYPE a [{LAUGHS}]><iati-activities>&b9;</iati-activities>", "E803"),
        (f'<!DOCTYPE a [<!ENTITY x "{"y" * 9999}">]><iati-activities>{"&x;" * 99}</iati-activities>', "E803"),
        ('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><iati-activities>&x;</iati-activities>', "E803"),
        ('<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1/x"> %x;]><iati-activities/>', "E803"),
        ("<a>" * 5000, "E802"),
        ("<iati-activities><iati-activity>", "E801"),
        ("<iati-organisations/>", "E801"),
        ("<html><body>sorry</body></html>", "E801"),
        ("<", "E801"),
    ],
)
def test_bombs_and_what_is_no_activity_file_are_refused_with_one_error(text: str, code: str, tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        audit(path)
    assert [fault.code for fault in caught.value.faults] == [code]


def test_an_activity_over_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_read, "LARGEST", 200_000)
    path = write(tmp_path, *[activity(pay(1), name=f"XM-{number}") for number in range(2000)])
    assert audit(path).summary["activities"] == 2000
    path = write(tmp_path, activity(*[pay(1)] * 2000))
    with pytest.raises(InputError) as caught:
        audit(path)
    assert caught.value.code == "E802"


def test_settings_are_refused_and_json_is_no_xml(tmp_path: Path) -> None:
    path = write(tmp_path, activity(pay(1)))
    for given, code in (({"settings": path}, "E204"), ({"flags": "R003"}, "E204"), ({"standard": "ocds"}, "E801")):
        arguments: dict[str, Any] = given
        with pytest.raises(InputError) as caught:
            audit(path, **arguments)
        assert caught.value.code == code


def test_two_activities_of_one_id_are_both_judged(tmp_path: Path) -> None:
    result = audit(write(tmp_path, activity(pay(1)), activity(pay(2))), flags="I02")
    assert values(result, "I02") == {"XM-1": 1, "XM-1 (#2)": 2}


def test_the_command_prints_the_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, activity(promise(1), pay(5)))
    assert command(path, json=True, fail_on="I01") == 1
    assert json.loads(capsys.readouterr().out) == audit(path).to_dict()


@pytest.mark.shared
def test_the_standard_s_own_example_is_read_without_a_warning() -> None:
    result = audit(shared_path("samples/iati/activity-standard-example-annotated.xml"))
    assert (result.summary["version"], result.summary["activities"], result.summary["warnings"]) == ("2.03", 1, [])


@pytest.mark.shared
def test_every_activity_file_of_the_standard_s_tests_is_read_or_named() -> None:
    for path in sorted(shared_path("samples/iati").rglob("*.xml")):
        text = path.read_bytes()
        if b"<iati-activit" in text:
            audit(path).to_dict()
        else:
            with pytest.raises(InputError) as caught:
                audit(path)
            assert caught.value.code == "E801", path

"""Audits of where public money went: red flags of procurement (OCDS), of aid (IATI) and of ledgers."""

from __future__ import annotations

import codecs
from pathlib import Path

from counterpoise._errors import InputError, fault
from counterpoise.oversight.findings import AuditResult

# Endings by which a table of payments is told from OCDS and IATI.
TABLES = frozenset({".csv", ".tsv", ".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"})


def audit(
    path: Path,
    *,
    standard: str = "auto",
    flags: str | None = None,
    settings: Path | None = None,
    fail_on: str | None = None,
    encoding: str | None = None,
    index: bool = False,
    network: Path | None = None,
) -> AuditResult:
    """Judge a file of public spending by published red flags.

    `standard` is `ocds`, `iati`, `ledger` (a table of payments) or `auto`. `flags` is `all` or codes with commas
    between; without it the sections of the settings file choose, else all flags run. `fail_on` (`any` or codes) makes
    raised flags findings (exit code 1). `index` adds the corruption risk index of procurement data, `network` its
    network of bidders and buyers, exported into that folder.

    Raises `InputError`: `E201` unreadable, `E204` an unknown code or standard, `E800` settings, `E801` no OCDS and no
    IATI, `E802` too large or too deep, `E803` XML that declares entities; for ledgers see `audit_ledger`.
    """
    path = Path(path)
    check_file(path)
    found = _audit(path, standard, flags=flags, settings=settings, fail_on=fail_on, encoding=encoding)
    if (index or network) and found.summary["standard"] != "ocds":
        option, fix = "--index" if index else "--network", "leave the option out"
        rule = "the risk index and the network are drawn from procurement data (OCDS)"
        raise InputError([fault("E204", where=option, found=found.summary["standard"], rule=rule, fix=fix)])
    if index or network:
        from counterpoise.oversight.procurement.beside import look_beside

        found.beside = look_beside(path, settings, encoding=encoding, index=index, network=network)
    return found


def _audit(
    path: Path, standard: str, *, flags: str | None, settings: Path | None, fail_on: str | None, encoding: str | None
) -> AuditResult:
    if encoding is not None:
        _check_encoding(encoding)
    if standard not in {"auto", "ocds", "iati", "ledger"}:
        rule, fix = "the standard is auto, ocds, iati or ledger", "choose one of the four"
        raise InputError([fault("E204", where="--standard", found=repr(standard), rule=rule, fix=fix)])
    if standard == "ledger" or (standard == "auto" and path.suffix.lower() in TABLES):
        from counterpoise.oversight.ledger.audit import audit_ledger

        return audit_ledger(path, flags=flags, settings=settings, fail_on=fail_on)
    if standard == "iati" or (standard == "auto" and looks_like_xml(path)):
        from counterpoise.oversight.iati.audit import audit_iati

        return audit_iati(path, flags=flags, settings=settings, fail_on=fail_on)
    from counterpoise.oversight.ocds.audit import audit_ocds

    return audit_ocds(path, flags=flags, settings=settings, fail_on=fail_on, encoding=encoding)


def check_file(path: Path) -> None:
    """Refuse what is missing, no regular file, empty or not readable (`E201`)."""
    found, fix = "", "check the path"
    try:
        if not path.exists():
            found = "no such file"
        elif not path.is_file():
            found = "not a regular file"
        elif path.stat().st_size == 0:
            found, fix = "an empty file", "give a file with data"
        else:
            with path.open("rb") as stream:
                stream.read(1)
            return
    except OSError as error:
        found, fix = f"cannot be read: {error.strerror}", "check the path and its permissions"
    rule = "an input is a readable file"
    raise InputError([fault("E201", where=str(path), found=found, rule=rule, fix=fix)])


def _check_encoding(name: str) -> None:
    try:
        codecs.lookup(name)
    except LookupError:
        rule, fix = "an encoding has a name that Python knows", "for example utf-8, windows-1251 or utf-16"
        raise InputError([fault("E204", where="--encoding", found=repr(name), rule=rule, fix=fix)]) from None


def looks_like_xml(path: Path) -> bool:
    """Whether the first character of a file, in any Unicode encoding, opens an XML document."""
    with path.open("rb") as stream:
        head = stream.read(4096)
    for mark in (codecs.BOM_UTF8, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        head = head.removeprefix(mark)
    return head.replace(b"\0", b"").lstrip()[:1] == b"<"

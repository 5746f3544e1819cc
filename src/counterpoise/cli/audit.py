"""`counterpoise audit`: red flags in files of public spending."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Literal


def audit(
    file: Path,
    /,
    *,
    standard: Literal["auto", "ocds", "iati", "ledger"] = "auto",
    flags: str | None = None,
    settings: Path | None = None,
    fail_on: str | None = None,
    encoding: str | None = None,
    index: bool = False,
    network: Path | None = None,
    json: bool = False,
) -> int:
    """Judge procurement (OCDS), aid (IATI) or a ledger by published red flags: what to look at, never proof.

    Example: counterpoise audit prepared.jsonl --flags R018,R036 --settings settings.ini --json

    Parameters
    ----------
    file
        An OCDS release, record or package, JSON Lines of any of these, an IATI activity file, or a ledger (CSV, XLSX).
    standard
        auto looks at the ending and the first character.
    flags
        Codes with commas between, or all. Without it, the sections of the settings choose, else all.
    settings
        OCDS: Cardinal's keys, in TOML or its own INI. IATI: a ruleset, JSON. A ledger: columns and bounds, TOML.
    fail_on
        any, or codes: end with code 1 if one of them is raised.
    encoding
        The encoding of an OCDS file, where it is not what its first bytes say.
    index
        OCDS: add the corruption risk index by contract, buyer, supplier and year.
    network
        OCDS: add bidders that meet too often or share contacts; write them as followthemoney entities to this folder.
    json
        Print one JSON document.
    """
    from counterpoise.cli._run import print_rows
    from counterpoise.oversight.audit import audit as judge
    from counterpoise.oversight.findings import SHOWN

    told: Any = {"flags": flags, "settings": settings, "fail_on": fail_on, "encoding": encoding}
    result = judge(file, standard=standard, index=index, network=network, **told)
    for warning in result.summary["warnings"]:
        print(f"warning: {warning}", file=sys.stderr)
    if json:
        result.write_json(sys.stdout)
        return result.exit_code
    for line in result.said():
        print(line, file=sys.stderr)
    if result.summary["flags"] > SHOWN:
        print(f"{result.summary['flags']} flags, the first {SHOWN} shown; --json gives all", file=sys.stderr)
    for name, beside in result.beside.items():
        print_rows(beside.table(), title=name)
    if result.summary["flags"]:
        print_rows(result.table(), title="Red flags")
    return result.exit_code

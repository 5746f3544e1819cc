"""`counterpoise audit`: red flags in files of public spending."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal


def audit(
    file: Path,
    /,
    *,
    standard: Literal["auto", "ocds", "iati"] = "auto",
    flags: str | None = None,
    settings: Path | None = None,
    fail_on: str | None = None,
    encoding: str | None = None,
    json: bool = False,
) -> int:
    """Judge procurement (OCDS) or aid (IATI) data by published red flags: what to look at, never proof.

    Example: counterpoise audit prepared.jsonl --flags R018,R036 --settings settings.ini --json

    Parameters
    ----------
    file
        An OCDS release, record or package, JSON Lines of any of these, or an IATI activity file.
    standard
        auto looks at the first character.
    flags
        Codes with commas between, or all. Without it, the sections of the settings choose, else all.
    settings
        Cardinal's keys, in TOML or in its own INI.
    fail_on
        any, or codes: end with code 1 if one of them is raised.
    encoding
        The encoding of an OCDS file, where it is not what its first bytes say.
    json
        Print one JSON document.
    """
    from counterpoise.cli._run import show
    from counterpoise.oversight.audit import SHOWN
    from counterpoise.oversight.audit import audit as judge

    result = judge(file, standard=standard, flags=flags, settings=settings, fail_on=fail_on, encoding=encoding)
    for warning in result.summary["warnings"]:
        print(f"warning: {warning}", file=sys.stderr)
    if json:
        result.write_json(sys.stdout)
        return result.exit_code
    if result.summary["flags"] > SHOWN:
        print(f"{result.summary['flags']} flags, the first {SHOWN} shown; --json gives all", file=sys.stderr)
    return show(result, as_json=False, title="Red flags")

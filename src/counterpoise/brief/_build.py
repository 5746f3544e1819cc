"""Putting a brief together: leverage, claims and everything they rest on, written as HTML, JSON and CSV."""

from __future__ import annotations

import csv
import io
import json
import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from counterpoise._errors import InputError, fault
from counterpoise._result import Meta, Result, plain
from counterpoise.brief._page import render_page
from counterpoise.brief._provenance import Provenance, trace
from counterpoise.claims import ClaimsResult, judge_claims
from counterpoise.leverage import LeverageResult, measure_leverage
from counterpoise.region import Region


@dataclass
class BriefResult(Result):
    """A brief: its parts as data, and where its page was written."""

    region: Region
    leverage: LeverageResult
    claims: ClaimsResult
    provenance: Provenance
    page: Path
    meta: Meta

    def body(self) -> dict[str, Any]:
        settings = self.region.settings
        return {
            "region": {"id": settings.id, "title": settings.title, "viewpoint": settings.viewpoint},
            **self.leverage.body(),
            **self.claims.body(),
            "facts": self.provenance.facts,
            "assumptions": self.provenance.assumptions,
            "sources": self.provenance.sources,
            "path": str(self.page),
        }

    def table(self) -> list[dict[str, Any]]:
        """The headline table: the computed channels together, in the long run, most exposed first."""
        rows = [cell for cell in self.leverage.cells if cell.channel == "total" and cell.horizon == "long"]
        rows.sort(key=lambda cell: (cell.client, cell.rank["position"] if cell.rank else 99))
        return [row for cell in rows for row in LeverageResult([cell], [], self.meta).table()]


def write_brief(
    region: Region,
    *,
    out: Path,
    members: int = 500,
    seed: int = 0,
    scenarios: Sequence[str] = (),
    progress: Callable[[str], None] | None = None,
) -> BriefResult:
    """Write the brief of a region to a folder: `index.html` (one offline file), `brief.json` and `data/*.csv`.

    `members` is the number of draws. Each file is put in place whole or not at all. Raises `InputError`: `E701` for a
    scenario that the region does not have, `E702` where the folder cannot be written.
    """
    say = progress or (lambda text: None)
    _check_scenarios(region, scenarios)
    say("leverage: asking every channel about every pair")
    leverage = measure_leverage(region, draws=members, seed=seed)
    say("claims: judging each against the evidence")
    claims = judge_claims(region, seed=seed)
    say("brief: tracing every number to its source")
    provenance = trace(region, leverage, claims)
    cites = [*leverage.meta.cites, *claims.meta.cites]
    meta = region.meta(seed=seed, sources=[row["id"] for row in provenance.sources], cites=cites)
    result = BriefResult(region, leverage, claims, provenance, out / "index.html", meta)
    _write_all(out, _files(result, members))
    return result


def _check_scenarios(region: Region, scenarios: Sequence[str]) -> None:
    known = sorted(path.stem for path in (region.path / "scenarios").glob("*.toml"))
    unknown = [name for name in scenarios if name not in known]
    if unknown:
        rule = f"a scenario is one of the region's: {', '.join(known) or 'it has none yet'}"
        fix = "leave --scenario out, or add scenarios/ID.toml to the region"
        raise InputError([fault("E701", where="--scenario", found=repr(name), rule=rule, fix=fix) for name in unknown])


def _files(result: BriefResult, members: int) -> dict[str, str]:
    document = result.to_dict()
    return {
        "index.html": render_page(result, members=members),
        "brief.json": json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n",
        "data/leverage.csv": _csv(result.leverage.table()),
        "data/not_computed.csv": _csv(document["not_computed"]),
        "data/claims.csv": _csv(result.claims.table()),
        "data/facts.csv": _csv(document["facts"]),
        "data/assumptions.csv": _csv(document["assumptions"]),
        "data/sources.csv": _csv(document["sources"]),
    }


def _csv(rows: list[dict[str, Any]]) -> str:
    stream = io.StringIO()
    columns = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.DictWriter(stream, columns, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _cell(plain(value)) for name, value in row.items()})
    return stream.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False)
    # A leading =, +, - or @ in a text cell would run as a formula in a spreadsheet.
    return f"'{value}" if isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t"} else value


def _write_all(out: Path, files: dict[str, str]) -> None:
    try:
        (out / "data").mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            target = out / name
            handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".writing-")
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as stream:
                    stream.write(text)
                Path(temporary).chmod(0o644)
                Path(temporary).replace(target)
            except BaseException:
                Path(temporary).unlink(missing_ok=True)
                raise
    except OSError as error:
        rule = "the brief is written to a folder that can be made and written"
        found = f"{error.filename or out}: {error.strerror}"
        fix = "name another folder with --out"
        raise InputError([fault("E702", where="--out", found=found, rule=rule, fix=fix)]) from None

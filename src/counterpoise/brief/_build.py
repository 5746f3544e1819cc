"""Putting a brief together: leverage, claims and everything they rest on, written as HTML, JSON and CSV."""

from __future__ import annotations

import csv
import io
import json
import os
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from counterpoise._errors import InputError, fault
from counterpoise._result import Meta, Result, plain
from counterpoise.brief._figure import Figure, defuse
from counterpoise.brief._futures import look_ahead, look_back
from counterpoise.brief._map import RegionMap, draw_map
from counterpoise.brief._page import draw_figures, render_article, render_page
from counterpoise.brief._provenance import Provenance, trace
from counterpoise.brief._words import spread
from counterpoise.brief.article import Article, open_article
from counterpoise.brief.changes import ChangesResult, compare_days
from counterpoise.brief.charts import Chart
from counterpoise.brief.charts._vega import runtime
from counterpoise.brief.sections import Outlook, Record
from counterpoise.claims import ClaimsResult, claims_jobs, gather_claims
from counterpoise.leverage import LeverageResult, gather_leverage, leverage_jobs, share_out
from counterpoise.region import Region

# Draws for telling changes; a median needs no more, and the matrix is run twice.
MOST_COMPARED = 200
NOT_COMPUTED = ("client", "patron", "channel", "horizon", "reason")


@dataclass
class BriefResult(Result):
    """A brief: its parts as data, and where its page was written."""

    region: Region
    leverage: LeverageResult
    claims: ClaimsResult
    provenance: Provenance
    map: RegionMap | None
    changes: ChangesResult | None
    members: int
    last_day: str
    page: Path
    meta: Meta
    outlook: Outlook | None = None
    record: Record | None = None
    article: Article | None = None

    def body(self) -> dict[str, Any]:
        settings = self.region.settings
        return {
            "region": {"id": settings.id, "title": settings.title, "viewpoint": settings.viewpoint},
            **self.leverage.body(),
            **self.claims.body(),
            "facts": self.provenance.facts,
            "assumptions": self.provenance.assumptions,
            "sources": self.provenance.sources,
            "changes": self.changes.body() if self.changes else None,
            "outlook": self.outlook.body() if self.outlook else None,
            "record": self.record.body() if self.record else None,
            "article": self.article.body() if self.article else None,
            "path": str(self.page),
        }

    def table(self) -> list[dict[str, Any]]:
        """The headline table: the computed channels together, by year five, most exposed first."""
        rows = [cell for cell in self.leverage.cells if cell.channel == "total" and cell.horizon == "long"]
        rows.sort(key=lambda cell: (cell.client, cell.rank["position"] if cell.rank else 99))
        return [_headline_row(cell.to_dict()) for cell in rows]


def _headline_row(row: dict[str, Any]) -> dict[str, Any]:
    """A row that fits a terminal of 80 columns; what a partial sum leaves out is told below the table."""
    lacking = "none" if row["state"] == "structural zero" else "unknown"
    loss, cost, offer = (spread(row[name]) if row[name] else None for name in ("exposure", "sender_cost", "offer"))
    return {
        "client": row["client"],
        "patron": row["patron"],
        "loss, % GDP": loss or lacking,
        "sender pays, %": cost,
        "credible": None if row["credible"] is None else round(row["credible"], 2),
        "offer, % GDP": offer,
    }


def write_brief(
    region: Region,
    *,
    out: Path,
    members: int = 400,
    seed: int = 0,
    scenarios: Sequence[str] = (),
    since: str | None = None,
    article: Path | None = None,
    published: str | None = None,
    workers: int = 1,
    outlook: Outlook | None = None,
    record: Record | None = None,
    progress: Callable[[str], None] | None = None,
) -> BriefResult:
    """Write the brief of a region: `index.html` (one offline file), `brief.json`, `data/*.csv`, `charts/*`.

    `members` is the number of draws; `workers` above 1 shares the work among processes (see `share_out`);
    `since` a day from which changes are told, up to the as-of day or the last day that the region knows of. `article`
    is a file of the reader's, whose sentences `article.html` sets beside the evidence; `published` its day, by which
    bare dates are read. `scenarios` are played for what happens next, unless an `outlook` is given; `record` is the
    shipped one of history unless given. Each file is put in place whole or not at all.

    Raises `InputError`: `E204` for a day that is none or not before that end, `E701` for a scenario that the region
    does not have, `E702` where the folder cannot be written, and those of `read_article`.
    """
    say = progress or (lambda text: None)
    _check_scenarios(region, scenarios)
    end = _last_day(region)
    if since is not None:
        _check_since(region, since, end)
    _make_folder(out)
    read = open_article(article, region, published=published) if article else None
    # The runtime of the charts is bundled beside the work of the channels, which needs none of it.
    with ThreadPoolExecutor(1) as beside:
        bundled = beside.submit(runtime)
        say("leverage and claims: asking every channel about every pair, judging each claim against the evidence")
        pairs, rows = leverage_jobs(region, draws=members, seed=seed), claims_jobs(region, seed=seed)
        # Shared out together: who is done with the pairs goes on to the claims.
        answers = share_out(region, [*pairs, *rows], workers)
        leverage = gather_leverage(region, answers[: len(pairs)], seed)
        claims = gather_claims(region, answers[len(pairs) :], seed)
    bundled.result()
    changes = None
    if since is not None:
        say(f"changes: what became known since {since}, and what it moved")
        changes = compare_days(region, since, end, draws=min(members, MOST_COMPARED), seed=seed, workers=workers)
    outlook = outlook or look_ahead(region, scenarios, seed=seed, workers=workers, say=say)
    record = record or look_back()
    say("brief: drawing, and tracing every number to its source")
    drawn = draw_map(region)
    provenance = trace(region, leverage, claims, drawn=drawn.sources if drawn else (), named=read.facts if read else ())
    cites = [*leverage.meta.cites, *claims.meta.cites]
    meta = region.meta(seed=seed, sources=[row["id"] for row in provenance.sources], cites=cites)
    page = out / "index.html"
    result = BriefResult(
        region, leverage, claims, provenance, drawn, changes, members, end, page, meta, outlook, record, read
    )
    _write_all(out, _files(result))
    return result


def _last_day(region: Region) -> str:
    """The end of what the brief knows: its as-of day, else the later of base date and newest row."""
    if region.as_of is not None:
        return region.as_of.isoformat()
    known = (getattr(row, "known", None) or "" for table in region.tables for row in region.rows(table))
    return max(region.settings.base_date, *known)


def _check_since(region: Region, since: str, end: str) -> None:
    region.at(since)
    if since >= end:
        rule = f"changes are told from a day before the last that the brief knows of, {end}"
        raise InputError([fault("E204", where="--since", found=since, rule=rule, fix="name an earlier day")])


def _check_scenarios(region: Region, scenarios: Sequence[str]) -> None:
    known = sorted(path.stem for path in (region.path / "scenarios").glob("*.toml"))
    unknown = [name for name in scenarios if name not in known]
    if unknown:
        rule = f"a scenario is one of the region's: {', '.join(known) or 'it has none yet'}"
        fix = "leave --scenario out, or add scenarios/ID.toml to the region"
        raise InputError([fault("E701", where="--scenario", found=repr(name), rule=rule, fix=fix) for name in unknown])


def _files(result: BriefResult) -> dict[str, str]:
    figures = draw_figures(result)
    # Vega draws beside the tables, and keeps what it has drawn for the page.
    with ThreadPoolExecutor(1) as beside:
        drawing = [beside.submit(figure.drawn) for figure in figures if isinstance(figure, Chart)]
        files = _data_files(result)
    for drawn in drawing:
        drawn.result()
    files["index.html"] = render_page(result, figures)
    if result.article:
        files["article.html"] = render_article(result, result.article)
    for figure in figures:
        files |= _chart_files(figure)
    return files


def _data_files(result: BriefResult) -> dict[str, str]:
    document = result.to_dict()
    return {
        "brief.json": json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n",
        "data/leverage.csv": _csv(result.leverage.table()),
        "data/not_computed.csv": _csv(document["not_computed"], NOT_COMPUTED),
        "data/claims.csv": _csv(result.claims.table()),
        "data/facts.csv": _csv(document["facts"]),
        "data/assumptions.csv": _csv(document["assumptions"]),
        "data/sources.csv": _csv(document["sources"]),
    }


def _chart_files(figure: Figure) -> dict[str, str]:
    files = {f"charts/{figure.id}.svg": figure.standalone(), f"charts/{figure.id}.csv": figure.csv()}
    return files | ({f"charts/{figure.id}.vl.json": figure.json()} if isinstance(figure, Chart) else {})


def _csv(rows: list[dict[str, Any]], least: Sequence[str] = ()) -> str:
    """Rows as CSV under all their columns; `least` stand there even when there is no row."""
    stream = io.StringIO()
    columns = list(dict.fromkeys([*least, *(name for row in rows for name in row)]))
    writer = csv.DictWriter(stream, columns, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _cell(plain(value)) for name, value in row.items()})
    return stream.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False)
    return defuse(value)


def _write_all(out: Path, files: dict[str, str]) -> None:
    try:
        for name, text in files.items():
            target = out / name
            target.parent.mkdir(parents=True, exist_ok=True)
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
        raise _unwritable(out, error) from None


def _make_folder(out: Path) -> None:
    """Make the folder before the work begins, so that nobody waits for a brief that cannot be written."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass
    except OSError as error:
        raise _unwritable(out, error) from None


def _unwritable(out: Path, error: OSError) -> InputError:
    rule = "the brief is written to a folder that can be made and written"
    found = f"{error.filename or out}: {error.strerror}"
    return InputError([fault("E702", where="--out", found=found, rule=rule, fix="name another folder with --out")])

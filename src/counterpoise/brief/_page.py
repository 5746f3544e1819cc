"""The page of a brief: one HTML file, its style and script inside, every text escaped, every number led home."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from counterpoise._version import __version__
from counterpoise.brief import _headline, _ledger, _matrix, _words
from counterpoise.brief._assets import page_file
from counterpoise.brief._figure import Figure, Stamp
from counterpoise.brief._locator import draw_locator
from counterpoise.brief._map import map_style, page_legend
from counterpoise.brief._map_land import VIEWS
from counterpoise.brief._theme import dark_style
from counterpoise.brief.article import Article, margin, tally, weakest
from counterpoise.brief.charts import Chart, claims_chart, cost_charts
from counterpoise.brief.charts._vega import runtime
from counterpoise.evidence._read import NOTE

if TYPE_CHECKING:
    from counterpoise.brief._build import BriefResult

# Rows that became known, shown in the page; the rest are counted there and stand in brief.json.
MOST_NEWS = 200
# Keys of a part's numbers that say how the others are to be read.
NO_FIGURES = {"unit"}


def draw_figures(result: BriefResult) -> list[Figure]:
    """The figures of the brief, stamped: costs by client, the map, the claims, and what else stands in it."""
    region = result.region
    names = region.actor_names
    charts: list[Figure] = [*cost_charts(result.leverage, names, region.settings.clients, source_line(result))]
    if result.map:
        charts.append(result.map.figure)
    verdicts = [verdict.to_dict() for verdict in result.claims.verdicts]
    stated = [row for row in verdicts if _ledger.group_of(row) != _ledger.ADVICE]
    if chart := claims_chart(stated, _claims_source(result)):
        charts.append(chart)
    charts = [figure.stamped(Stamp(as_of(result), result.members, result.meta.seed, __version__)) for figure in charts]
    if result.outlook:
        stamp = Stamp(as_of(result), result.outlook.members, result.meta.seed, __version__)
        charts += [figure.stamped(stamp) for figure in result.outlook.charts(names)]
    if result.record:
        charts += [figure.stamped(Stamp(as_of(result), None, None, __version__)) for figure in result.record.charts()]
    return charts


def render_page(result: BriefResult, figures: list[Figure]) -> str:
    """The brief as one HTML document that opens from disk with the network cable out."""
    map_sheet, style = map_style(), dark_style() + page_file("style.css")
    region, provenance = result.region, result.provenance
    charts = {figure.id: figure for figure in figures}
    scripts = [page_file("brief.js")]
    if any(isinstance(figure, Chart) for figure in figures):
        scripts += [runtime(), page_file("charts.js")]
    verdicts = [verdict.to_dict() for verdict in result.claims.verdicts]
    return (
        environment()
        .get_template("brief.html")
        .render(
            policy=policy(styles=[map_sheet, style], scripts=scripts),
            map_style=Markup(map_sheet),
            style=Markup(style),
            scripts=[Markup(script) for script in scripts],
            version=__version__,
            title=region.settings.title,
            viewpoint=region.settings.viewpoint,
            as_of=as_of(result),
            members=result.members,
            seed=result.meta.seed,
            names=region.actor_names,
            patrons=region.settings.patrons,
            leads=_leads(result),
            claims_sentence=_words.about_claims(result),
            grids=_matrix.grids(result),
            bands=_matrix.bands(),
            cells=_matrix.cells_by_client(result),
            cost_charts=[chart for chart in figures if chart.id.startswith("costs-")],
            map=result.map,
            map_figure=charts.get("map"),
            legend=page_legend(result.map.states) if result.map else {},
            views=VIEWS,
            claims_figure=charts.get("claims-chart"),
            article=result.article,
            outlook=result.outlook,
            outlook_charts=[chart for chart in figures if chart.id.startswith("fan-")],
            record=result.record,
            record_charts=[chart for chart in figures if chart.id.startswith("calibration-")],
            groups=_ledger.groups(verdicts),
            claims_count=len(verdicts),
            counts=result.claims.counts(),
            finding=_headline.finding(result),
            meaning=_headline.meaning(result),
            locator=draw_locator(result),
            leverage_source=source_line(result),
            stamp=Stamp(as_of(result), result.members, result.meta.seed, __version__),
            runs=_words.RUNS,
            bounds=_words.BOUNDS,
            kinds=sorted({row["kind"] for row in verdicts}),
            documents=sorted({row["document"] for row in verdicts}),
            changes=_changes(result),
            missing=_matrix.channels_missing(result),
            unknown=_matrix.unknown_cells(result),
            notes=_matrix.method_notes(result),
            facts=provenance.facts,
            assumptions=provenance.assumptions,
            sources=provenance.sources,
            cited=Counter(row["source"] for row in [*provenance.facts, *provenance.assumptions] if row.get("source")),
            source_ids={row["id"]: _source_name(row) for row in provenance.sources},
            titles={row["id"]: row["title"] for row in provenance.sources},
            fact_ids={row["id"] for row in provenance.facts},
            assumption_ids={row["id"] for row in provenance.assumptions},
        )
    )


def render_article(result: BriefResult, article: Article) -> str:
    """The article view as a page of its own beside the brief; it holds no script at all."""
    style = map_style() + dark_style() + page_file("style.css")
    notes = margin(article, result)
    return (
        environment()
        .get_template("article.html")
        .render(
            policy=policy(styles=[style], scripts=[]),
            style=Markup(style),
            version=__version__,
            title=result.region.settings.title,
            as_of=as_of(result),
            article=article,
            notes=notes,
            note=NOTE,
            tally=tally(notes),
            fact_ids={row["id"] for row in result.provenance.facts},
        )
    )


def as_of(result: BriefResult) -> str:
    """The day of the brief's knowledge, in words."""
    everything = "" if result.meta.as_of else " (all that the region knows)"
    return f"As of {result.last_day}{everything}"


def source_line(result: BriefResult) -> str:
    """How many facts of whom the leverage rests on, with the three publishers most drawn on."""
    names = {name for cell in result.leverage.cells for name in cell.to_dict()["facts"]}
    rows = [row for row in result.provenance.facts if row["id"] in names]
    titles = {row["id"]: row["publisher"] or row["title"] for row in result.provenance.sources}
    count = Counter(titles.get(row["source"], row["source"]) for row in rows)
    if not count:
        return "Source: named assumptions only."
    most = [name for name, _ in count.most_common(3)]
    among = f", most from {_words.listed(most)}" if len(count) > len(most) else f": {_words.listed(most)}"
    return f"Source: {_words.count_of(len(rows), 'fact')} of {_words.count_of(len(count), 'publisher')}{among}."


def environment() -> Environment:
    """The templates of the page: every text is escaped, an unknown name is an error."""
    made = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=FunctionLoader(page_file),
    )
    made.filters |= {
        "number": _words.number,
        "about": _words.about,
        "chance": _words.chance,
        "of": _words.count_of,
        "sentence": _words.sentence,
        "percent": _words.percent,
        "money": _words.money,
        "figure": _words.figure,
        "precise": _words.precise,
        "anchor": _words.anchor,
        "label": _words.label,
        "spread": _words.spread,
        "web": _web,
        "numbers": _numbers,
        "weakest": weakest,
    }
    return made


def policy(*, styles: list[str], scripts: list[str]) -> str:
    """A content security policy that lets in the page's own styles and scripts by their hashes, and nothing else."""
    style, script = (" ".join(_hash(text) for text in texts) or "'none'" for texts in (styles, scripts))
    return f"default-src 'none'; style-src {style}; script-src {script}; base-uri 'none'; form-action 'none'"


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _leads(result: BriefResult) -> list[dict[str, Any]]:
    """The headline by client: the number that stands large, and the sentences below it."""
    leads = []
    for client in result.region.settings.clients:
        top = _words.top_cell(result, client)
        lead: dict[str, Any] = {"client": client, "points": _words.points(result, client), "row": None}
        if top is not None:
            lead["row"] = top.to_dict()
            lead["ties"] = _words.ties(result, top)
            lead["bound"] = _words.BOUNDS.get(lead["row"]["bound"] or "", "")
            lead["patron"] = _words.in_sentence(result.region.actor_names[top.patron])
            lead["anchor"] = _matrix.anchor_of(lead["row"])
        leads.append(lead)
    return leads


def _source_name(row: dict[str, Any]) -> str:
    """How a source is named in a table: its publisher (else its title) and when it was published."""
    name = row["publisher"] or row["title"]
    when = (row["published"] or "")[:4]
    return f"{name}, {when}" if when else str(name)


def _claims_source(result: BriefResult) -> str:
    evidence = {name for verdict in result.claims.verdicts for part in verdict.parts for name in part.evidence}
    documents = {verdict.document for verdict in result.claims.verdicts}
    return (
        f"Source: claims of {_words.count_of(len(documents), 'article')}, "
        f"judged on {_words.count_of(len(evidence), 'sourced row')}."
    )


def _changes(result: BriefResult) -> dict[str, Any] | None:
    if result.changes is None:
        return None
    news = result.changes.became_known
    tables = Counter(row["table"] for row in news)
    newest = list(reversed(news))[:MOST_NEWS]
    statements = {verdict.id: verdict.statement for verdict in result.claims.verdicts}
    claims = [{**row, "statement": statements.get(row["id"], "")} for row in result.changes.claims]
    # A verdict that turned is more news than one that was open for want of rows.
    claims.sort(key=lambda row: (row["before"] == "open", row["id"]))
    moved = sorted(result.changes.leverage, key=lambda row: (row["channel"] != "total", row["horizon"] != "long"))
    cells = [{**row, "anchor": _matrix.anchor_of(row)} for row in moved]
    first, last = result.changes.start, result.changes.end
    return {"from": first, "to": last, "tables": tables, "newest": newest, "cells": cells, "claims": claims}


def _web(address: str | None) -> str:
    """A web address that may become a link; anything else (a script, a file) becomes nothing."""
    return address if address and address.lower().startswith(("https://", "http://")) else ""


def _numbers(values: dict[str, Any]) -> str:
    """The figures that a part compared, in one line, each under its name."""
    unit = f" {values['unit']}" if values.get("unit") else ""
    said = []
    for name, value in values.items():
        if name not in NO_FIGURES:
            said.append(f"{name} {_value(value)}")
    return f"{'; '.join(said)}{' (' + unit.strip() + ')' if unit and said else ''}"


def _value(value: Any) -> str:
    if isinstance(value, dict):
        if {"p05", "p50", "p95"} <= set(value):
            return _words.spread(value)
        return ", ".join(f"{key} {_value(item)}" for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(_value(item) for item in value) or "none"
    return _words.precise(value)

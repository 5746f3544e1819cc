"""The page of a brief: one HTML file, styles inside, every text escaped, every number one click from its source."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, StrictUndefined

from counterpoise._version import __version__
from counterpoise.brief._words import headline, label

if TYPE_CHECKING:
    from counterpoise.brief._build import BriefResult


def render_page(result: BriefResult, *, members: int) -> str:
    """The brief as one HTML document that opens from disk with the network cable out."""
    files = resources.files("counterpoise.brief") / "page"
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["number"] = _number
    environment.filters["anchor"] = _anchor
    environment.filters["web"] = _web
    template = environment.from_string((files / "brief.html").read_text(encoding="utf-8"))
    region = result.region
    return template.render(
        style=(files / "style.css").read_text(encoding="utf-8"),
        version=__version__,
        title=region.settings.title,
        viewpoint=region.settings.viewpoint,
        base_date=region.settings.base_date,
        as_of=result.meta.as_of,
        members=members,
        seed=result.meta.seed,
        headline=headline(result),
        names={**region.actor_names},
        clients=region.settings.clients,
        matrix=_matrix(result),
        verdicts=[verdict.to_dict() for verdict in result.claims.verdicts],
        counts=result.claims.counts(),
        missing=_missing(result),
        facts=result.provenance.facts,
        assumptions=result.provenance.assumptions,
        sources=result.provenance.sources,
        source_ids={row["id"] for row in result.provenance.sources},
        fact_ids={row["id"] for row in result.provenance.facts},
        label=label,
    )


def _matrix(result: BriefResult) -> dict[str, list[dict[str, Any]]]:
    """Cells by client, ordered by patron, channel and horizon; bars share one scale over the page."""
    rows = [cell.to_dict() for cell in result.leverage.cells]
    tops = [row[name]["p95"] for row in rows for name in ("exposure", "sender_cost") if row[name]]
    scale = max([*tops, 1e-9])
    for row in rows:
        row["bars"] = {
            name: {key: max(0.0, 100 * value / scale) for key, value in row[name].items()}
            for name in ("exposure", "sender_cost")
            if row[name]
        }
    return {client: [row for row in rows if row["client"] == client] for client in result.region.settings.clients}


def _missing(result: BriefResult) -> list[dict[str, str]]:
    """Channels that no cell was computed for, with the reason, once each."""
    reasons = {(row["channel"], row["reason"]) for row in result.leverage.not_computed}
    return [{"channel": channel, "reason": reason} for channel, reason in sorted(reasons)]


def _number(value: Any) -> str:
    """A number for people: two decimals below ten, two digits below a tenth, thousands grouped, a dash for unknown."""
    if value is None:
        return "—"
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return str(value)
    size = abs(value)
    if size >= 1000:
        return f"{value:,.0f}"
    if size >= 10:
        return f"{value:.1f}"
    return f"{value:.2f}" if size >= 0.1 or size == 0 else f"{value:.2g}"


def _anchor(name: str) -> str:
    return "row-" + "".join(letter if letter.isalnum() else "-" for letter in name)


def _web(address: str | None) -> str:
    """A web address that may become a link; anything else (a script, a file) becomes nothing."""
    return address if address and address.lower().startswith(("https://", "http://")) else ""

"""The headline of a brief in words, drawn from its numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from counterpoise.brief._build import BriefResult

LABELS = {
    "trade": "trade",
    "energy": "energy",
    "transit": "transit",
    "people": "people",
    "capital": "capital",
    "security": "security",
    "total": "all computed channels",
    "short": "first year",
    "long": "year five",
}


def label(name: str) -> str:
    """The word that people read for an id of the house."""
    return LABELS.get(name, name.replace("_", " "))


def in_sentence(name: str) -> str:
    """A name as it stands in running text: unions and kingdoms take the article."""
    return f"the {name}" if name.startswith(("United ", "European ")) else name


def headline(result: BriefResult) -> list[str]:
    """One sentence per client: who could hurt it most over the computed channels, at what cost, and how surely."""
    names = result.region.actor_names
    sentences = []
    for client in result.region.settings.clients:
        cells = [
            cell
            for cell in result.leverage.cells
            if cell.client == client and cell.channel == "total" and cell.horizon == "long" and cell.rank
        ]
        if not cells:
            sentences.append(f"For {names[client]} no channel could be computed from what is known.")
            continue
        top = min(cells, key=lambda cell: cell.rank["position"] if cell.rank else 99)
        row = top.to_dict()
        exposure, cost = row["exposure"], row["sender_cost"]
        holds = row["rank"]["holds"]
        channels, patron = ", ".join(row["channels"]), in_sentence(names[top.patron])
        sentences.append(
            f"{names[client]} has most to lose from {patron} ({channels}): a full withdrawal would cost it "
            f"{_range(exposure)} per cent of GDP a year by year five, and {patron} {_range(cost)} per "
            f"cent of its own. It ranks first in {100 * holds:.0f} per cent of draws."
        )
    counts = result.claims.counts()
    total = sum(counts.values())
    sentences.append(
        f"Of {total} claims in the articles read, {total - counts['open']} have a computed verdict: "
        f"{counts['supported']} supported, {counts['mixed']} mixed, {counts['contradicted']} contradicted. "
        f"{counts['open']} stand open."
    )
    return sentences


def _range(values: dict[str, float]) -> str:
    """A median with its range from 5 to 95 per cent of draws, to two digits."""
    low, middle, high = (f"{values[key]:.2g}" for key in ("p05", "p50", "p95"))
    return f"{middle} ({low} to {high})"

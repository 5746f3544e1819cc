"""The first screen in words: the finding with its intervals, and what it means, each number with the cell behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counterpoise.brief._words import anchor_of, bounded, in_sentence, listed, number, spread, top_cell, top_offer

if TYPE_CHECKING:
    from counterpoise.brief._build import BriefResult

# Words, and the anchor of the cell that a number comes from ("" for words alone).
Piece = tuple[str, str]
UNIT = "per cent of GDP a year by year five"
# A sender's cost below this share of the smallest loss is called far less, an offer's gain likewise small beside it.
FAR = 0.1


def findings(result: BriefResult) -> str:
    """The brief in a sentence or two: from whom each client has most to lose, how much, and in which range."""
    return "".join(words for words, _ in finding(result))


def finding(result: BriefResult) -> list[Piece]:
    """The words of `findings`, each number with the cell that it comes from; nothing where nothing was computed."""
    names = result.region.actor_names
    by_patron: dict[str, list[dict[str, Any]]] = {}
    for row in _losses(result):
        by_patron.setdefault(row["patron"], []).append(row)
    said: list[Piece] = []
    for patron, rows in by_patron.items():
        clients = [names[row["client"]] for row in rows]
        verb, whom = ("has", "it") if len(rows) == 1 else ("have", "them")
        said.append(
            (f"{' ' if said else ''}{listed(clients)} {verb} most to lose from {in_sentence(names[patron])}: ", "")
        )
        first = patron == next(iter(by_patron))
        said += [(f"a full withdrawal would cost {whom} ", "")] if first else []
        said += _listed([[(bounded(row), anchor_of(row))] for row in rows])
        said.append((f" {UNIT}." if first else ".", ""))
    return said


def meaning(result: BriefResult) -> list[tuple[str, list[Piece]]]:
    """What the finding means: what the senders would pay, how credible it is, and what help there is beside the harm.

    A heading and a sentence each, from medians; a comparison is made only where the numbers bear it.
    """
    rows = _losses(result)
    costs = [row for row in rows if row["sender_cost"]]
    little = bool(costs) and max(row["sender_cost"]["p50"] for row in costs) < FAR * min(
        row["exposure"]["p50"] for row in costs
    )
    return [
        *_costs(result, costs, little),
        *_credibility(result, [row for row in rows if row["credible"] is not None], little),
        *_help(result, [(row, offer) for row in rows if (offer := top_offer(result, row["client"]))]),
    ]


def _costs(result: BriefResult, rows: list[dict[str, Any]], little: bool) -> list[tuple[str, list[Piece]]]:
    if not rows:
        return []
    names = result.region.actor_names
    unit = " per cent of its own GDP"
    said = [
        [
            (f"{in_sentence(names[row['patron']])} ", ""),
            (_cost(row), anchor_of(row)),
            (f"{'' if place else unit} against {names[row['client']]}", ""),
        ]
        for place, row in enumerate(rows)
    ]
    said[0][0] = (said[0][0][0][:1].upper() + said[0][0][0][1:], "")
    senders = "The sender" if len(rows) == 1 else "The senders"
    head = f"{senders} would pay far less." if little else f"What {senders.lower()} would pay."
    return [(head, [*_listed(said), (".", "")])]


def _credibility(result: BriefResult, rows: list[dict[str, Any]], little: bool) -> list[tuple[str, list[Piece]]]:
    if not rows:
        return []
    names = result.region.actor_names
    said = [
        [
            (f"{100 * row['credible']:.0f}", anchor_of(row)),
            (f"{'' if place else ' per cent of draws'} against {names[row['client']]}", ""),
        ]
        for place, row in enumerate(rows)
    ]
    head = "A low cost is no intention." if little else "Whether they would is another matter."
    words = "The cost lies below what the sender is taken to have at stake, an assumption, in "
    return [(head, [(words, ""), *_listed(said), (".", "")])]


def _help(result: BriefResult, rows: list[tuple[dict[str, Any], dict[str, Any]]]) -> list[tuple[str, list[Piece]]]:
    if not rows:
        return []
    names = result.region.actor_names
    said = [
        [
            (f"{names[row['client']]} ", ""),
            (spread(offer["offer"]), anchor_of(offer)),
            (f"{'' if place else ' per cent of GDP'} from {in_sentence(names[offer['patron']])}", ""),
        ]
        for place, (row, offer) in enumerate(rows)
    ]
    small = all(offer["offer"]["p95"] < row["exposure"]["p05"] for row, offer in rows)
    head = "No single offer makes up for it." if small else "Who could help most."
    return [(head, [("The best would bring ", ""), *_listed(said), (", expected.", "")])]


def _losses(result: BriefResult) -> list[dict[str, Any]]:
    tops = (top_cell(result, client) for client in result.region.settings.clients)
    return [top.to_dict() for top in tops if top]


def _cost(row: dict[str, Any]) -> str:
    middle = row["sender_cost"]["p50"]
    return f"gains {number(-middle)}" if middle < 0 else number(middle)


def _listed(pieces: list[list[Piece]]) -> list[Piece]:
    """Runs of pieces in a row, as `listed` has words."""
    joined: list[Piece] = []
    for place, run in enumerate(pieces):
        if place:
            joined.append((" and " if place == len(pieces) - 1 else ", ", ""))
        joined += run
    return joined

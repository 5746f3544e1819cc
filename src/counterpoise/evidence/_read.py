"""Reading an article into actors, figures, dates, acts and claims, each claim matched to what the region knows."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from counterpoise._errors import InputError, fault
from counterpoise._result import Meta, Result
from counterpoise.evidence._actors import Mention, find_mentions, in_office, office_of
from counterpoise.evidence._binding import bind_claims
from counterpoise.evidence._claims import find_claims
from counterpoise.evidence._dates import byline_day, find_dates
from counterpoise.evidence._document import Document, open_document
from counterpoise.evidence._events import find_events
from counterpoise.evidence._facts import Match, known, match_claim, names_in
from counterpoise.evidence._quantities import find_quantities
from counterpoise.evidence._text import plain, sentences

NOTE = "Suggestions by rule, for a person to confirm; nothing here has entered a region."
# Longer than any article (some 17,000 words), and read well within a second; what lies beyond is counted, not read.
MOST_READ = 100_000
_OF_A_VERDICT = ("id", "verdict", "probability", "reason", "break_even")
_Spanned = TypeVar("_Spanned", bound=Any)


@dataclass(frozen=True, slots=True)
class ArticleResult(Result):
    """An article as read: every list in the order of the text, offsets in characters of the file."""

    actors: list[dict[str, Any]]
    quantities: list[dict[str, Any]]
    dates: list[dict[str, Any]]
    events: list[dict[str, Any]]
    claims: list[dict[str, Any]]
    published: str | None
    offsets: str
    unread: int
    meta: Meta = field(default_factory=Meta)

    def body(self) -> dict[str, Any]:
        return {
            "actors": self.actors, "quantities": self.quantities, "dates": self.dates, "events": self.events,
            "claims": self.claims, "published": self.published, "offsets": self.offsets,
            "unread_characters": self.unread, "note": NOTE,
        }  # fmt: skip

    def table(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        for item in self.quantities:
            shown = f"{item['qualifier'] or ''} {item['value']:g} {item['unit']}".strip()
            rows.append({"what": "quantity", "read": shown, "text": item["text"], "start": item["start"]})
        for item in self.dates:
            rows.append({"what": "date", "read": item["value"], "text": item["text"], "start": item["start"]})
        for item in self.events:
            shown = f"{item['actor']} {item['kind']} {item['target']}"
            rows.append({"what": "event", "read": shown, "text": item["text"], "start": item["start"]})
        for item in self.claims:
            shown = f"{'hedged ' if item['hedged'] else ''}{item['kind']}, {_compared(item)}"
            judged = {row["id"]: row["verdict"] for row in item.get("verdicts", ())}
            bound = f"{item['bound_to']} {judged.get(item['bound_to'], '')}" if item["bound_to"] else ""
            text = f"paragraph {item['paragraph']} {bound}".strip()
            rows.append({"what": "claim", "read": shown, "text": text, "start": item["text_start"]})
        for item in self.actors:
            rows.append({"what": "actor", "read": item["id"], "text": item["text"], "start": item["start"]})
        return rows

    def bound_claims(self) -> list[str]:
        """The ids of the region's claims that sentences of this article are bound to, once each."""
        return list(dict.fromkeys(name for item in self.claims for name in item["bound"]))

    def with_verdicts(self, judged: Sequence[Mapping[str, Any]]) -> ArticleResult:
        """The same article with the verdict of every claim that a sentence is bound to.

        `judged` are the rows of `counterpoise claims`; of each the id, verdict, probability, reason and break-even are
        taken. This room computes no verdict.
        """
        known_rows = {row["id"]: {name: row.get(name) for name in _OF_A_VERDICT} for row in judged}
        claims = [
            {**item, "verdicts": [known_rows[name] for name in item["bound"] if name in known_rows]}
            for item in self.claims
        ]
        return replace(self, claims=claims)

    def unread_note(self) -> str | None:
        """A line that says how much of a long text was left out, and how to have it read; `None` if nothing was."""
        if not self.unread:
            return None
        return f"{self.unread:,} characters at the end were not read; --whole reads the text to its end"


def _compared(item: Mapping[str, Any]) -> str:
    """`agrees` or `no data`; where a figure differs, both values with the unit, the quantity and its date."""
    values = item["values"]
    if item["agreement"] != "differs" or not values:
        return str(item["agreement"])
    unit = values["unit"]
    dated = f", {values['as_of']}" if values.get("as_of") else ""
    stated, found = f"{values['stated']:,.6g} {unit}", f"{values['known']:,.6g} {unit}"
    return f"differs: the text has {stated}, the region {found} ({values['quantity']}{dated})"


def read_article(
    path: str | Path,
    *,
    region: str | None = "south-caucasus",
    as_of: str | None = None,
    published: str | None = None,
    whole: bool = False,
) -> ArticleResult:
    """The actors, figures, dates, acts and claims of an article in plain text, HTML or PDF, by rules that can be read.

    `published` (an ISO day) resolves relative dates; without it the day stated in the page or its byline is taken, and
    relative dates stay unresolved when there is none. `region` is a built-in id, a folder, or `None` for no matching;
    only facts known on `as_of` are compared. Of a long text the first 100,000 characters are read and the rest counted;
    `whole` reads it to its end (about 0.5 s for each 100,000). Offsets count characters of the file as text (of the
    extracted text for a PDF). Raises `InputError`: `E201`, `E204`, `E830` to `E833`.
    """
    day, cut = _day("--published", published), _day("--as-of", as_of)
    document = open_document(path)
    read = document.text if whole else document.text[: _reach(document.text)]
    text = plain(read)
    if day is None:
        stated = document.stated_day
        day = date.fromisoformat(stated) if stated and _is_day(stated) else byline_day(text)
    cuts = sentences(read, text)
    mentions = find_mentions(text, names_in(region) if region is not None else None)
    moments = find_dates(text, day)
    amounts = find_quantities(text, [(moment.start, moment.end) for moment in moments])
    events = find_events(text, cuts, mentions, moments)
    claims = find_claims(text, cuts)
    # `as_of` bounds what may be seen, so an office or a fact of a later day is never shown.
    when = min(filter(None, (day.isoformat() if day else None, cut.isoformat() if cut else None)), default=None)
    inputs = {str(path): document.sha256}
    rows: list[dict[str, Any]] = []
    matches: list[tuple[Match, list[str]]] = [(Match(), [])] * len(claims)
    if region is not None and claims:
        facts = known(region, cut.isoformat() if cut else None)
        named = [{item.state or item.id for item in _within(mentions, claim.start, claim.end)} for claim in claims]
        bound = bind_claims(claims, text, named, facts.claims)
        matches = [
            (
                match_claim(
                    claim,
                    text,
                    parties,
                    _within(amounts, claim.start, claim.end),
                    _within(moments, claim.start, claim.end),
                    _within(events, claim.start, claim.end),
                    facts,
                ),
                names,
            )
            for claim, parties, names in zip(claims, named, bound, strict=True)
        ]
        inputs |= {f"{region}/{name}": facts.hashes[name] for name in facts.hashes}
    for claim, (match, names) in zip(claims, matches, strict=True):
        start, end = document.place(claim.start, claim.end)
        rows.append(
            {
                "paragraph": claim.paragraph,
                "text_start": start,
                "text_end": end,
                "kind": claim.kind,
                "hedged": claim.hedged,
                "facts": list(match.facts),
                "agreement": match.agreement,
                "values": match.values,
                "bound_to": names[0] if names else None,
                "bound": names,
            }
        )
    return ArticleResult(
        actors=[_actor(mention, document, when) for mention in mentions],
        quantities=[
            {
                "value": item.value,
                "low": item.low,
                "high": item.high,
                "unit": item.unit,
                "qualifier": item.qualifier,
                **_span(document, item.start, item.end),
                "about": item.about,
            }
            for item in amounts
        ],
        dates=[{"value": item.value, **_span(document, item.start, item.end)} for item in moments],
        events=[
            {
                "date": item.date,
                "actor": item.actor,
                "target": item.target,
                "kind": item.kind,
                **_span(document, item.start, item.end),
                "confidence": item.confidence,
            }
            for item in events
        ],
        claims=rows,
        published=day.isoformat() if day else None,
        offsets="extracted text" if document.kind == "pdf" else "file",
        unread=len(document.text) - len(read),
        meta=Meta(as_of=cut.isoformat() if cut else None, inputs=inputs),
    )


def _reach(text: str) -> int:
    """How far a text is read: all of it, or to the last line end within the limit."""
    if len(text) <= MOST_READ:
        return len(text)
    return max(text.rfind("\n", MOST_READ // 2, MOST_READ), 0) or MOST_READ


def _actor(mention: Mention, document: Document, when: str | None) -> dict[str, Any]:
    term = office_of(mention, when) if mention.person else None
    row = {"id": mention.id, "state": mention.state, **_span(document, mention.start, mention.end)}
    if term:
        row |= {"person": mention.person, "office": term.office, "in_office": in_office(term, when)}
    elif mention.person:
        row["person"] = mention.person
    return row


def _span(document: Document, start: int, end: int) -> dict[str, Any]:
    first, last = document.place(start, end)
    return {"text": document.text[start:end], "start": first, "end": last}


def _within(items: Sequence[_Spanned], start: int, end: int) -> list[_Spanned]:
    """The items (in order of their start) that begin within a stretch of text."""
    low = bisect_left(items, start, key=lambda item: item.start)
    high = bisect_left(items, end, key=lambda item: item.start)
    return list(items[low:high])


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _day(name: str, text: str | None) -> date | None:
    if text is None:
        return None
    if len(text) == 10 and _is_day(text):
        return date.fromisoformat(text)
    rule, fix = "a day is written YYYY-MM-DD", f"write {name} 2026-02-19"
    raise InputError([fault("E204", where=name, found=text, rule=rule, fix=fix)])

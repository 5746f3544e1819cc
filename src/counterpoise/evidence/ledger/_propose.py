"""What a document would add to a region: facts, events and claims as proposals, each with its place in the document."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from counterpoise._errors import InputError, fault
from counterpoise._result import Meta, Result
from counterpoise.evidence._facts import actor_ids, folder_of, known, to_region_unit
from counterpoise.evidence._read import ArticleResult, read_article
from counterpoise.evidence.ledger._store import append, ledger_path, writing

# The person who accepts must give these, unless the reader found them.
NEEDED = {
    "facts": ("quantity", "subject", "value", "unit", "known"),
    "events": ("date", "actor", "target", "kind", "summary", "known"),
    "claims": ("paragraph", "kind", "statement"),
    "actors": ("id", "name", "kind"),
}
# Cells that name a row of `actors.csv`; the region's own check refuses another id (E107).
PARTIES = {"facts": ("subject", "object"), "events": ("actor", "target")}
_WORDS = {
    "AGREE": "promises {target} something", "CONSULT": "meets {target}", "SUPPORT": "backs or signs with {target}",
    "CONCEDE": "gives way to {target}", "COOPERATE": "works or trades with {target}", "AID": "helps {target}",
    "RETREAT": "withdraws or releases before {target}", "REQUEST": "asks {target} for something",
    "ACCUSE": "accuses {target}", "REJECT": "refuses {target}", "THREATEN": "threatens {target}",
    "PROTEST": "protests at {target}", "SANCTION": "sanctions {target}", "MOBILIZE": "mobilises against {target}",
    "COERCE": "coerces {target}", "ASSAULT": "attacks {target}",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ProposalsResult(Result):
    """The proposals of one document; `stored` tells how many of them the ledger did not have yet."""

    proposals: list[dict[str, Any]]
    document: dict[str, Any]
    ledger: str | None
    stored: int
    meta: Meta = field(default_factory=Meta)

    def body(self) -> dict[str, Any]:
        return {
            "proposals": self.proposals, "document": self.document, "ledger": self.ledger, "stored": self.stored,
            "ready": sum(not item["needs"] for item in self.proposals),
            "note": "Proposals only: no row enters the region before a person accepts it.",
        }  # fmt: skip

    def table(self) -> list[dict[str, Any]]:
        return [
            {
                "id": item["id"],
                "table": item["table"],
                "row": ", ".join(f"{name} {value}" for name, value in item["row"].items() if value not in (None, "")),
                "needs": " ".join(item["needs"]),
                "to mend": to_mend(item["needs"], item["lacks"]),
                "start": item["start"],
                "end": item["end"],
            }
            for item in self.proposals
        ]


def propose_rows(
    article: str | Path, *, region: str = "south-caucasus", published: str | None = None, as_of: str | None = None,
    source: dict[str, str] | None = None,
) -> ProposalsResult:  # fmt: skip
    """The rows that an article would add to a region, none of them added.

    Figures that differ from the region's, or that it lacks; acts it does not have; claims. A row holds codes, numbers
    and dates; words of the article are never copied. What the reader cannot know stands in `needs`. `source` gives
    title, publisher, url and reliability of the publication. The same article gives the same proposal ids. Where
    a figure differs from several items of the region and its sentence names none, `item` is open and in `needs`.
    """
    read = read_article(article, region=region, as_of=as_of, published=published)
    return ProposalsResult(
        build_proposals(read, article, region, source or {}), _document(read, article, source or {}), None, 0, read.meta
    )


def add_proposals(found: ProposalsResult, region: str) -> ProposalsResult:
    """Enter proposals into the ledger of a region folder; those it has already stay as they are.

    Raises `E805` for a built-in region: its folder belongs to the installation.
    """
    path = ledger_path(own_folder(region))
    with writing(path) as ledger:
        fresh = [item for item in found.proposals if item["id"] not in ledger.proposals]
        append(path, fresh)
    return ProposalsResult(found.proposals, found.document, str(path), len(fresh), found.meta)


def own_folder(region: str) -> Path:
    """The folder of a region that may be written; `E805` with the way to copy a built-in one."""
    from counterpoise.region._load import BUILT_IN

    if region in BUILT_IN:
        place = folder_of(region)
        rule = "rows are accepted into a region folder of your own; the built-in one belongs to the installation"
        fix = f"copy it, `cp -r {place} my-region`, or start one with `counterpoise region new my-region`"
        raise InputError([fault("E805", where=region, found="a built-in region", rule=rule, fix=fix)])
    return folder_of(region)


def _document(read: ArticleResult, article: str | Path, source: dict[str, str]) -> dict[str, Any]:
    digest = read.meta.inputs[str(article)]
    return {
        "path": str(Path(article).absolute()), "sha256": digest, "published": read.published,
        "offsets": read.offsets, "source": source_row(digest, read.published, article, source),
    }  # fmt: skip


def source_row(digest: str, published: str | None, article: str | Path, given: dict[str, str]) -> dict[str, str]:
    """The row of `sources.csv` for a document. Reliability is F (cannot be judged) unless a person grades it."""
    return {
        "id": given.get("id") or f"document_{digest[:12]}",
        "title": given.get("title") or Path(article).name,
        "publisher": given.get("publisher", ""),
        "published": published or "",
        "read": date.today().isoformat(),
        "url": given.get("url", ""),
        "licence": given.get("licence", ""),
        "reliability": given.get("reliability") or "F",
    }


def build_proposals(
    read: ArticleResult, article: str | Path, region: str, source: dict[str, str]
) -> list[dict[str, Any]]:
    """Every proposal of a read article, in the order of the text."""
    document = _document(read, article, source)
    made: list[dict[str, Any]] = []
    facts = _known_rows(region)
    actors = actor_ids(region)
    for claim in read.claims:
        span = (claim["text_start"], claim["text_end"])
        if claim["values"] and claim["agreement"] == "differs":
            twin = facts.get(claim["facts"][0], {})
            items = {facts[name]["item"] for name in claim["facts"] if name in facts}
            value, unit = to_region_unit(claim["values"]["stated"], claim["values"]["unit"], twin.get("unit", ""))
            day = next((item["value"] for item in read.dates if span[0] <= item["start"] < span[1]), None)
            row = {
                "quantity": twin.get("quantity"), "subject": twin.get("subject"), "object": twin.get("object") or "",
                "item": None if len(items) > 1 else twin.get("item") or "", "value": value, "low": None, "high": None,
                "unit": unit, "as_of": day or "", "known": read.published, "kind": "reported",
            }  # fmt: skip
            made.append(_proposal("facts", row, span, document, claim["facts"], actors))
        if claim["bound_to"] is None:
            row = {"paragraph": claim["paragraph"], "kind": claim["kind"], "statement": None}
            made.append(_proposal("claims", row, span, document, claim["facts"], actors))
    seen = [(claim["text_start"], claim["text_end"]) for claim in read.claims if claim["values"]]
    for amount in read.quantities:
        if not any(start <= amount["start"] < end for start, end in seen):
            row = {
                "quantity": None, "subject": None, "object": "", "item": "", "value": amount["value"],
                "low": amount["low"], "high": amount["high"], "unit": amount["unit"], "as_of": "",
                "known": read.published, "kind": "reported",
            }  # fmt: skip
            made.append(_proposal("facts", row, (amount["start"], amount["end"]), document, [], actors))
    for event in read.events:
        kind, actor, target = event["kind"], event["actor"], event["target"]
        day = event["date"] if event["date"] and re.fullmatch(r"\d{4}-\d\d-\d\d", event["date"]) else None
        row = {
            "date": day, "actor": actor, "target": target, "kind": kind,
            "summary": summary_of(actor, kind, target),
            "known": read.published,
        }  # fmt: skip
        made.append(_proposal("events", row, (event["start"], event["end"]), document, [], actors))
    unique = {item["id"]: item for item in made}
    return sorted(unique.values(), key=lambda item: (item["start"], item["table"], item["id"]))


def summary_of(actor: str | None, kind: str, target: str | None) -> str | None:
    """An act in a few plain words; `None` when a party is not known or the kind is none of the reader's.

    >>> summary_of("RUS", "THREATEN", "ARM")
    'RUS threatens ARM'
    """
    return f"{actor} {_WORDS[kind].format(target=target)}" if actor and target and kind in _WORDS else None


def needed(name: str, row: dict[str, Any]) -> list[str]:
    """The cells of a row that a person must still give. An item of `None` is one not known; an empty one is none."""
    needs = [column for column in NEEDED[name] if row.get(column) in (None, "")]
    return [*needs, "item"] if name == "facts" and row.get("item", "") is None else needs


def lacking(name: str, row: dict[str, Any], actors: dict[str, str]) -> tuple[list[str], list[dict[str, str]]]:
    """The cells that a person must still give, and for each party that the region does not name why and what to do."""
    needs = needed(name, row)
    lacks = []
    for column in PARTIES.get(name, ()):
        unknown = [
            code for code in str(row.get(column) or "").split(";") if code.strip() and code.strip() not in actors
        ]
        if unknown:
            lacks.append(
                {
                    "column": column,
                    "found": ";".join(unknown),
                    "why": "not an id of this region's actors.csv",
                    "fix": f"--set {column}=ID with an id of actors.csv, or first add a row {unknown[0]} to it",
                }
            )
    return [*needs, *(item["column"] for item in lacks if item["column"] not in needs)], lacks


def to_mend(needs: list[str], lacks: list[dict[str, str]]) -> str:
    """What `accept` has to be told, in a line; empty when the row is complete."""
    told = {item["column"]: f"{item['column']}: {item['found']} is {item['why']}" for item in lacks}
    plain = [f"--set {column}=..." for column in needs if column not in told]
    return "; ".join([*([" ".join(plain)] if plain else []), *told.values()])


def _known_rows(region: str) -> dict[str, dict[str, str]]:
    figures = known(region, None).figures
    return {
        row["id"]: row for by_subject in figures.values() for several in by_subject.values() for s in several
        for row in s.rows
    }  # fmt: skip


def _proposal(
    table: str,
    row: dict[str, Any],
    span: tuple[int, int],
    document: dict[str, Any],
    against: list[str],
    actors: dict[str, str],
) -> dict[str, Any]:
    needs, lacks = lacking(table, row, actors)
    label = f"{document['sha256']} {table} {span[0]} {span[1]} {sorted(row.items(), key=str)}"
    return {
        "record": "proposal",
        "id": hashlib.sha256(label.encode()).hexdigest()[:12],
        "table": table,
        "row": row,
        "needs": needs,
        "lacks": lacks,
        "start": span[0],
        "end": span[1],
        "document": document,
        "against": list(against),
        "by": "reader",
        "at": now(),
    }


def now() -> str:
    """This moment in UTC to the second, as ISO text."""
    return datetime.now(UTC).isoformat(timespec="seconds")

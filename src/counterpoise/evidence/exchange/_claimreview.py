"""Verdicts for others to find: schema.org ClaimReview, from judged claims given as plain data."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from counterpoise._result import Meta
from counterpoise._version import __version__
from counterpoise.evidence.exchange import ExportResult

# Ratings run from 1 (contradicted) to 5 (supported); an open claim has no rating and is left out.
RATINGS = {"contradicted": 1, "mixed": 3, "supported": 5}


def export_reviews(
    region: Any, *, judged: Sequence[dict[str, Any]] = (), url: str = "", reviewer: str = "", reviewed: str = ""
) -> ExportResult:
    """Judged claims as a JSON-LD list of ClaimReview; `judged` are the claims of `counterpoise claims --json`.

    `url` is where the reviews will stand, `reviewer` who publishes them, `reviewed` the day (ISO). Open claims are left
    out and counted: the scheme has no word for them. `claimReviewed` is our paraphrase, not a quotation.
    """
    documents = {row.id: row for row in region.rows("sources")}
    made = [review(claim, documents, url, reviewer, reviewed) for claim in judged if claim["verdict"] in RATINGS]
    left = Counter(claim["verdict"] for claim in judged if claim["verdict"] not in RATINGS)
    text = json.dumps(made, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    day = region.as_of.isoformat() if region.as_of else None
    return ExportResult("claimreview", text, {"reviews": len(made)}, dict(left), Meta(as_of=day))


def review(claim: dict[str, Any], documents: dict[str, Any], url: str, reviewer: str, reviewed: str) -> dict[str, Any]:
    """One judged claim as a ClaimReview."""
    source = documents.get(claim["document"])
    item: dict[str, Any] = {"@type": "Claim", "identifier": claim["id"]}
    if source is not None:
        item["author"] = {"@type": "Organization", "name": source.publisher or source.title}
        work = {"@type": "CreativeWork", "name": source.title}
        if source.url:
            work["url"] = source.url
        item["appearance"] = work
        if source.published:
            item["datePublished"] = source.published.split("/")[0]
    body: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "claimReviewed": claim["statement"],
        "itemReviewed": item,
        "author": {"@type": "Organization", "name": reviewer or f"Counterpoise {__version__}"},
        "reviewRating": {
            "@type": "Rating", "ratingValue": RATINGS[claim["verdict"]], "bestRating": 5, "worstRating": 1,
            "alternateName": claim["verdict"],
        },
    }  # fmt: skip
    chance = claim.get("probability")
    if chance is not None:
        body["reviewRating"]["ratingExplanation"] = f"share of draws in which the statement holds: {chance:.2f}"
    if url:
        body["url"] = f"{url.rstrip('/')}#{claim['id']}"
    if reviewed:
        body["datePublished"] = reviewed
    return body

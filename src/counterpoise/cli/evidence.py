"""`counterpoise evidence`: what documents would add to a region, who let it in, and evidence for other tools."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from counterpoise.cli._run import show

app = App(
    name="evidence",
    help="Proposals from documents, their acceptance, exports, and competing hypotheses.\n\n"
    "Example: counterpoise evidence propose article.txt --region my-region",
)


@app.command
def propose(
    article: str,
    /,
    *,
    region: str,
    published: str | None = None,
    title: str = "",
    publisher: str = "",
    url: str = "",
    reliability: str = "F",
    endpoint: str | None = None,
    model: str = "",
    key_from: str = "",
    out: Path | None = None,
    json: bool = False,
) -> int:
    """Read an article into proposals and enter them into the region's ledger; no row enters the region.

    Example: counterpoise evidence propose article.txt --region my-region --published 2026-02-19

    Parameters
    ----------
    article
        A file of plain text, HTML or PDF.
    region
        The path of a region folder; a built-in id only together with --out.
    published
        The day of publication (YYYY-MM-DD).
    title
        The title of the publication; else the name of the file.
    publisher
        Who published it.
    url
        Where it stands.
    reliability
        The Admiralty grade of the source, A to F (F: cannot be judged).
    endpoint
        The address of a language model (chat-completions form) that proposes instead of the rules. Off unless given.
    model
        The model's name there.
    key_from
        The environment variable that holds the key for the endpoint.
    out
        Write the proposals to this file as JSON instead of entering them.
    json
        Print one JSON document.
    """
    import os

    from counterpoise.evidence.exchange import save
    from counterpoise.evidence.ledger import add_proposals, propose_rows

    source = {"title": title, "publisher": publisher, "url": url, "reliability": reliability}
    if endpoint:
        from counterpoise.evidence.ledger._model import ask_model

        key = os.environ.get(key_from) if key_from else None
        found = ask_model(
            article, endpoint=endpoint, model=model, region=region, published=published, key=key, source=source
        )
    else:
        found = propose_rows(article, region=region, published=published, source=source)
    if out is None:
        return show(add_proposals(found, region), as_json=json)
    save(found.to_json(indent=1) + "\n", out)
    return show(found, as_json=json)


@app.command(name="list")
def list_(region: str, /, *, status: str = "open", json: bool = False) -> int:
    """List the proposals of a region's ledger: what each would add, what it lacks, and who decided on it.

    Example: counterpoise evidence list my-region --status all

    Parameters
    ----------
    region
        The path of a region folder.
    status
        open, accepted, rejected or all.
    json
        Print one JSON document.
    """
    from counterpoise.evidence.ledger import list_proposals

    return show(list_proposals(region, status=status), as_json=json)


@app.command
def accept(
    proposal: str,
    /,
    *,
    region: str,
    by: str,
    set_: Annotated[list[str] | None, Parameter(name="--set")] = None,
    credibility: int = 6,
    json: bool = False,
) -> int:
    """Turn a proposal into a row of the region, all or nothing; the region is checked before and after.

    Example: counterpoise evidence accept 3f2a9c01d4e5 --by "A. Analyst" --region my-region --set quantity=gdp

    Parameters
    ----------
    proposal
        The id of the proposal, or as much of its beginning as no other shares.
    region
        The path of a region folder.
    by
        Who accepts.
    set_
        A cell to complete or correct, COLUMN=VALUE; may be given several times.
    credibility
        The Admiralty grade of the row, 1 to 6 (6: cannot be judged).
    json
        Print one JSON document.
    """
    from counterpoise.evidence.ledger import accept_proposal
    from counterpoise.evidence.ledger._accept import cells_given

    changes = cells_given(set_ or [])
    return show(accept_proposal(proposal, region=region, by=by, changes=changes, credibility=credibility), as_json=json)


@app.command
def reject(proposal: str, /, *, region: str, by: str, why: str = "", json: bool = False) -> int:
    """Set a proposal aside; the region does not change.

    Example: counterpoise evidence reject 3f2a9c01d4e5 --by "A. Analyst" --region my-region --why "misread"

    Parameters
    ----------
    proposal
        The id of the proposal, or as much of its beginning as no other shares.
    region
        The path of a region folder.
    by
        Who rejects.
    why
        The reason.
    json
        Print one JSON document.
    """
    from counterpoise.evidence.ledger import reject_proposal

    return show(reject_proposal(proposal, region=region, by=by, why=why), as_json=json)


@app.command
def export(
    region: str,
    /,
    *,
    format: str,
    as_of: str | None = None,
    out: Path | None = None,
    url: str = "",
    reviewer: str = "",
    reviewed: str = "",
    seed: int = 0,
    json: bool = False,
) -> int:
    """Write a region's evidence in a format of others: ftm, prov, claimreview, csl or bibtex.

    Example: counterpoise evidence export south-caucasus --format csl --out sources.json

    Parameters
    ----------
    region
        A built-in id or the path of a folder.
    format
        ftm, prov, claimreview, csl or bibtex.
    as_of
        Use only what was known on this day.
    out
        The file to write; without it the text goes to stdout.
    url
        For claimreview: where the reviews will stand.
    reviewer
        For claimreview: who publishes them.
    reviewed
        For claimreview: the day of the review (YYYY-MM-DD).
    seed
        For claimreview: the seed of the verdicts.
    json
        Print one JSON document with the text and the counts.
    """
    from counterpoise.evidence.exchange import export_region, save
    from counterpoise.region import open_region

    opened = open_region(region, as_of=as_of)
    given = {}
    if format == "claimreview":
        from counterpoise.claims import judge_claims
        from counterpoise.cli._run import workers

        judged = judge_claims(opened, seed=seed, workers=workers()).to_dict()["claims"]
        given = {"judged": judged, "url": url, "reviewer": reviewer, "reviewed": reviewed}
    made = export_region(opened, format=format, **given)
    if out is not None:
        save(made.text, out)
    elif not json:
        print(made.text, end="")
        return made.exit_code
    return show(made, as_json=json)


@app.command(name="import")
def import_(
    file: str, /, *, region: str, title: str = "", publisher: str = "", url: str = "", reliability: str = "F",
    json: bool = False,
) -> int:  # fmt: skip
    """Enter the followthemoney entities of a file as proposals for actors and events.

    Example: counterpoise evidence import entities.ftm.json --region my-region

    Parameters
    ----------
    file
        One entity a line, as followthemoney writes them.
    region
        The path of a region folder.
    title
        The title of the data set; else the name of the file.
    publisher
        Who published it.
    url
        Where it stands.
    reliability
        The Admiralty grade of the source, A to F.
    json
        Print one JSON document.
    """
    from counterpoise.evidence.exchange._ftm import import_entities
    from counterpoise.evidence.ledger import add_proposals
    from counterpoise.region import open_region

    source = {"title": title, "publisher": publisher, "url": url, "reliability": reliability}
    found = import_entities(file, region=open_region(region), source=source)
    return show(add_proposals(found, region), as_json=json)


@app.command
def ach(table: str, /, *, region: str | None = None, as_of: str | None = None, json: bool = False) -> int:
    """Rank competing hypotheses by the evidence against them; only inconsistency counts.

    Example: counterpoise evidence ach hypotheses.csv --region south-caucasus

    Parameters
    ----------
    table
        A CSV file: a column `evidence`, optional grades, and a column for each hypothesis with CC, C, N, I or II.
    region
        A region whose rows the evidence names by id, for their grades.
    as_of
        Use only what was known on this day.
    json
        Print one JSON document.
    """
    from counterpoise.evidence._ach import compare_hypotheses

    opened = None
    if region is not None:
        from counterpoise.region import open_region

        opened = open_region(region, as_of=as_of)
    return show(compare_hypotheses(table, region=opened), as_json=json)

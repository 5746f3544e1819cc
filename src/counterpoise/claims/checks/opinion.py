"""Checks on polls: does an answer reach a share, and did a vote fall short of the polls before it?"""

from __future__ import annotations

from typing import Any

import numpy as np

from counterpoise.claims._measure import Study, chance, flip_points, spread
from counterpoise.claims._verdict import Part


def ahead_in_polls(
    study: Study, *, subject: str, first: list[str], others: list[str], statement: str, since: str | None = None
) -> list[Part]:
    """Are some answers to a poll question each more common than the others, in the newest poll that has them?

    `first` and `others` are items of `poll_share` of the subject (`AZE.political-threat`). The poll has all of the
    first and at least one of the others; a caveat names those that it leaves out.
    """
    found = {
        item: study.region.find("poll_share", subject=subject, item=item, since=since) for item in [*first, *others]
    }
    lacks = tuple(f"poll_share of {subject}: {item}" for item in first if not found[item])
    if lacks:
        return [Part(statement, None, lacks=lacks)]
    whole = set.intersection(*({row.as_of for row in found[item]} for item in first))
    days = whole & {row.as_of for item in others for row in found[item]}
    if not days:
        return [Part(statement, None, lacks=(f"one poll of {subject} with answers to compare",))]
    day = max(str(one) for one in days)
    asked = {item: [row for row in rows if str(row.as_of) == day] for item, rows in found.items()}
    newest = {item: rows[0] for item, rows in asked.items() if rows}
    absent = [item for item in others if item not in newest]
    low = np.min([study.figure(newest[item]) for item in first], axis=0)
    high = np.max([study.figure(newest[item]) for item in others if item in newest], axis=0)
    numbers = {"least of the first": spread(low), "most of the others": spread(high), "unit": "%", "poll": day}
    flip = flip_points(low, lambda values: values > high, name="least of the first answers", unit="%")
    evidence = tuple(row.id for row in newest.values())
    caveats = (f"the poll of {day} has no figure for {', '.join(absent)}",) if absent else ()
    return [Part(statement, chance(low > high), numbers, flip, evidence, caveats=caveats)]


def fell_short(
    study: Study, *, result: str, poll: dict[str, str], rivals: list[str], short_by: list[float], statement: str
) -> list[Part]:
    """Did a party get less at the ballot than the last poll gave it among those who named a party?

    `result` is the fact of its share of votes; `poll` names `subject item since` of its poll share, `rivals` the items
    of the other parties in the same poll. The statement holds if the result lies below by the range `short_by` points.
    """
    subject = poll["subject"]
    ballot = study.region.row(result)
    rows = study.region.find("poll_share", subject=subject, item=poll["item"], since=poll.get("since"))
    others = [study.region.find("poll_share", subject=subject, item=item, since=poll.get("since")) for item in rivals]
    if ballot is None or not rows or not all(others):
        return [Part(statement, None, lacks=("the result, and the last poll with all parties",))]
    votes = next(f for f in study.region.find("vote_share", subject=subject) if f.id == result)
    last = rows[-1]
    named = study.figure(last) + np.sum([study.figure(found[-1]) for found in others], axis=0)
    share = 100 * study.figure(last) / named
    counted = study.figure(votes)
    bar = study.between(f"short:{statement}", short_by[0], short_by[1])

    def holds(values: np.ndarray) -> np.ndarray:
        return share - values >= bar

    numbers: dict[str, Any] = {
        "poll, of those who named a party": spread(share),
        "result": spread(counted),
        "needed shortfall": {"low": short_by[0], "high": short_by[1]},
        "unit": "% and points",
    }
    flip = flip_points(counted, holds, name="result", unit="%")
    caveats = (
        "a result above the polls shows no net loss; what it would have been without the campaigns is not observed",
        "polls with a third undecided err by more than their sampling error",
    )
    evidence = (votes.id, last.id, *(found[-1].id for found in others))
    return [Part(statement, chance(holds(counted)), numbers, flip, evidence, caveats=caveats)]

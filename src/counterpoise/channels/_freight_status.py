"""The state of a link or place on a day: dated statuses as known by then, and the seasons that shut it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from counterpoise.channels._freight_rows import LinkRow, StatusRow
from counterpoise.region._dates import bounds

CARRYING = frozenset({"open", "restricted"})
NOT_YET = "not yet open"
_MONTHS = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"]
_MONTH = "|".join(_MONTHS)
_WINDOW = re.compile(rf"(?:(\d{{1,2}})\s+)?({_MONTH})\s*(?:-|–|to)\s*(?:(\d{{1,2}})\s+)?({_MONTH})")
_UNTIL = re.compile(rf"before ({_MONTH}) (\d{{4}})")


def state_on(
    status: str,
    status_from: str | None,
    row_known: str | None,
    changes: Iterable[StatusRow],
    day: date,
    as_of: date | None,
) -> str:
    """The state in force on a day, by what was known on the as-of day (`None`: everything).

    A row's own status counts from `status_from`; dated changes count from `since`, once known; the latest wins. Before
    the first dated state a link that was later suspended, closed or restricted is open, and one that was later opened,
    planned or built is `not yet open`. A status without a date holds where no dated change is visible.
    """
    dated = []
    if status_from:
        known = bounds(row_known)[1] if row_known else bounds(status_from)[0]
        dated.append((bounds(status_from)[0], known, status))
    for change in changes:
        since = bounds(change.since)[0]
        if change.state:
            dated.append((since, bounds(change.known)[1] if change.known else since, change.state))
    visible = [(since, known, state) for since, known, state in dated if as_of is None or known <= as_of]
    if not visible:
        return _before(min(dated)[2]) if dated else status
    past = [entry for entry in visible if entry[0] <= day]
    if past:
        return max(past, key=lambda entry: entry[:2])[2]
    return _before(min(visible)[2])


def _before(first_state: str) -> str:
    return "open" if first_state in {"suspended", "closed", "restricted"} else NOT_YET


@dataclass(frozen=True, slots=True)
class Season:
    """What a season says of a day: `shut`, or `at risk` (often shut, not for the whole window), or neither."""

    shut: bool = False
    at_risk: bool = False


def season_on(text: str | None, day: date) -> Season:
    """Read a season such as `open 26 March-3 December` or `shut in snow, November to April` for a day.

    `open A-B` and `A-B only` shut the link outside the window, `closed A-B` within it; any other text that names a
    window is a risk within it, and one that names none a risk all year. `before December 2024 ...` ends then.

    >>> season_on("open about 26 March-3 December", date(2026, 1, 15)).shut
    True
    >>> season_on("storms; port shut about half of November-December", date(2026, 11, 22))
    Season(shut=False, at_risk=True)
    """
    if not text:
        return Season()
    words = text.lower()
    if until := _UNTIL.search(words):
        if day >= date(int(until[2]), _MONTHS.index(until[1]) + 1, 1):
            return Season()
        words = words[until.end() :]
    window = _WINDOW.search(words)
    if not window:
        return Season(at_risk=True)
    inside = _within(window, day)
    lead, tail = words[: window.start()], words[window.end() :]
    if re.search(r"\bopen\b", lead) or re.match(r"\s*only\b", tail):
        return Season(shut=not inside)
    if re.search(r"\bclosed( from)?\s*$", lead):
        return Season(shut=inside)
    return Season(at_risk=inside)


def _within(window: re.Match[str], day: date) -> bool:
    """Whether a day lies in a window of the year, which may run over New Year; a month without a day is whole."""
    first = (_MONTHS.index(window[2]) + 1, int(window[1] or 1))
    last = (_MONTHS.index(window[4]) + 1, int(window[3] or 31))
    today = (day.month, day.day)
    return first <= today <= last if first <= last else today >= first or today <= last


def link_state(link: LinkRow, changes: Iterable[StatusRow], day: date, as_of: date | None) -> str:
    """The state of a link on a day; a season told of the time `before` its opening says that it was open then."""
    state = state_on(link.status, link.status_from, link.known, changes, day, as_of)
    return "open" if state == NOT_YET and _UNTIL.search((link.season or "").lower()) else state

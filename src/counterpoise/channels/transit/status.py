"""The state of a link or place on a day: dated statuses as known by then, and the seasons that shut it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from counterpoise.channels.transit.rows import LinkRow, StatusRow
from counterpoise.region._dates import bounds

CARRYING = frozenset({"open", "restricted"})
NOT_YET = "not yet open"
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = rf"({'|'.join(_MONTHS)})[a-z]*"
_WINDOW = re.compile(rf"(?:(\d{{1,2}})\s+)?\b{_MONTH}\s*(?:-|–|to)\s*(?:(\d{{1,2}})\s+)?{_MONTH}")
_BEFORE = re.compile(rf"\bbefore {_MONTH} (\d{{4}})")
_UNTIL = re.compile(r"\buntil (\d{4})-(\d{2})")


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
    """Read a season such as `26 Mar-3 Dec` or `shut in snow, November to April` for a day.

    A window alone, `open A-B` and `A-B only` shut the link outside it, `closed A-B` within it. Any other text that
    names a window is a risk within it, and one that names none a risk all year. `A-B until 2024-11` and `before
    December 2024 A-B only` end then.

    >>> season_on("open about 26 March-3 December", date(2026, 1, 15)).shut
    True
    >>> season_on("Nov-Dec: about half the days lost to storms", date(2026, 11, 22))
    Season(shut=False, at_risk=True)
    """
    if not text or ((end := season_end(text)) is not None and day >= end):
        return Season()
    words = _BEFORE.sub("", text.lower())
    window = _WINDOW.search(words)
    if not window:
        return Season(at_risk=True)
    inside = _within(window, day)
    lead, tail = words[: window.start()].strip(), words[window.end() :].strip()
    if re.search(r"\bclosed( from)?$", lead):
        return Season(shut=inside)
    if re.search(r"\bopen\b", lead) or re.match(r"(only\b|until \d{4}-\d{2})", tail) or not lead + tail:
        return Season(shut=not inside)
    return Season(at_risk=inside)


def season_end(text: str) -> date | None:
    """The first day on which a season that once held no longer does; `None` where it still holds."""
    if found := _BEFORE.search(text.lower()):
        return date(int(found[2]), _MONTHS.index(found[1]) + 1, 1)
    if found := _UNTIL.search(text.lower()):
        month = int(found[1]) * 12 + int(found[2])
        return date(month // 12, month % 12 + 1, 1) if 1 <= int(found[2]) <= 12 else None
    return None


def _within(window: re.Match[str], day: date) -> bool:
    """Whether a day lies in a window of the year, which may run over New Year; a month without a day is whole."""
    first = (_MONTHS.index(window[2]) + 1, int(window[1] or 1))
    last = (_MONTHS.index(window[4]) + 1, int(window[3] or 31))
    today = (day.month, day.day)
    return first <= today <= last if first <= last else today >= first or today <= last


def link_state(link: LinkRow, changes: Iterable[StatusRow], day: date, as_of: date | None) -> str:
    """The state of a link on a day; one told of a season that has ended was open in that season."""
    state = state_on(link.status, link.status_from, link.known, changes, day, as_of)
    return "open" if state == NOT_YET and link.season and season_end(link.season) else state

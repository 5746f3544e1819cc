"""When: dates and intervals as ISO text, relative ones resolved against the day of publication."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from counterpoise.evidence._date_forms import (
    BYLINE,
    COUNT,
    DATELINE,
    DAYS,
    MONTH,
    MONTH_NAME,
    PATTERN,
    SEASON,
    SMALL,
    YEAR,
)

_AHEAD = re.compile(
    r"(?i)\b(?:(?:will|would|scheduled|upcoming|due|planned|plans? to|aims? to|hopes? to|to be held|expected|ahead of|"
    r"forthcoming|slated|deadline|expires?|no later than|set (?:for|to))\b[^.;]{0,50}$|(?:by|until|next) (?:\w+ )?$)"
)
_AHEAD_AFTER = re.compile(r" (?:will|would|could|may|might|is (?:due|set|expected|likely))\b")
# A year of the sentence before tells that of a bare month only in accounts of the past, and a comparison tells none.
LONG_AGO = 2
_SENTENCE_END = re.compile(r"[.!?][\"')]* ")
_COMPARED = re.compile(r"(?:than in|compared (?:with|to)(?: in)?|since|until|by|from) $")
# A vote or a summit may lie before or after publication: the nearer year is meant.
_DONE_IN = re.compile(
    r"\b(?:[a-z]{3,}ed|said|told|met|was|were|had|held|began|made|came|went|took|fell|rose|spoke|won) (?:back )?in $"
)
_DONE_TODAY = re.compile(
    r"[^.;\n]*?\b(?:[a-z]{3,}ed|said|told|met|was|were|had|held|began|made|came|went|took|fell|rose|spoke|won|will|would|has|"
    r"have|[ap]\.?m\b|morning|evening|afternoon)\b"
)
_WOULD = re.compile(r"[^.;\n]{0,120}\bwould\b[^.;\n]{0,60}")
_EITHER = re.compile(
    r"(?i)\b(?:elections?|votes?|polls?|referendum|summit|ballot|run-?off) (?:in|on|of|for) (?:\w+ )?$"
)
# A year stands as one only after such a word, as an adjective before a noun, or alone in brackets.
_NO_YEAR_BEFORE = re.compile(
    r"(?:[$€£#]|[A-Z]-|No\. ?|Resolution |Article |about |some |nearly |over |than |least |roughly )$"
)
_NO_YEAR_AFTER = re.compile(
    r" ?(?:%|percent|per cent|km|kilomet|miles|met(?:er|re)|MW|GW|MWh|GWh|tons?\b|tonnes|people|persons|troops|"
    r"soldiers|GMT|UTC|hours|local time|Moscow time|\(\d{4} (?:GMT|UTC)|"
    r"million|billion|thousand|dollars|euros|cubic|hectares|trucks|vehicles|families|refugees|prisoners|square)"
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A date or interval: `value` is an ISO day, month, year or `A/B`; `None` where no publication day resolves it."""

    value: str | None
    text: str
    start: int
    end: int


def find_dates(text: str, published: date | None) -> list[Moment]:
    """Every date of a plain text in order. A day without a year takes that of its sentence, else the nearest."""
    found: list[Moment] = []
    context: tuple[int, int] | None = None
    value: str | None
    for match in PATTERN.finditer(text):
        form = match.lastgroup or ""
        start, end = match.span()
        raw = match.group()
        if form == "year" and not _is_year(text, start, end):
            continue
        if form in {"bare"} and not _is_month(text, start):
            continue
        if form == "day" and raw == "Today" and not _DONE_TODAY.match(text, end):
            continue  # "Today, the valley is a crossroads": nowadays, no day.
        start, raw = _bare_start(form, start, raw)
        if raw.endswith("'s"):
            raw, end = raw[:-2], end - 2
        while raw.endswith((".", ",")) and form != "iso":
            raw, end = raw[:-1], end - 1
        if context and context[1] < text.rfind("\n", 0, start):
            context = None
        ahead = _looks_ahead(text, start, end)
        near = context[0] if context and start - context[1] < 140 and not ahead else None
        if (
            near
            and context
            and published
            and published.year - near < LONG_AGO
            and _SENTENCE_END.search(text, context[1], start)
        ):
            near = None
        base = found[-1].value if found and start - found[-1].end < 200 else None
        if form == "other" or (form == "ago" and raw.endswith("earlier")):
            value = _from_base(raw.lower(), base, published)
        elif form == "bare" and published and near is None and _EITHER.search(text, max(0, start - 30), start):
            value = _nearer(MONTH[raw[-9:].split(" ")[-1][:3].lower()], published)
        else:
            value = _value(form, raw, published, near, ahead)
            then = found[-1].value if found and ahead else None
            if (
                form == "bare"
                and then
                and len(then) >= 7
                and published
                and _WOULD.fullmatch(text, found[-1].end, start)
            ):
                # "on December 28 it announced that it would stop from January": the January after that day.
                month = MONTH[raw[-9:].split(" ")[-1][:3].lower()]
                value = f"{int(then[:4]) + (month < int(then[5:7]))}-{month:02d}"
            if form == "bare" and value and published and value > published.isoformat() and not ahead:
                # "assured in October": what was done was done before publication.
                done = _DONE_IN.search(text, max(0, start - 40), start)
                value = f"{int(value[:4]) - 1}{value[4:]}" if done else value
        if (
            form in {"year", "my", "part", "span", "iso", "mmy", "md", "dm", "dotted"}
            and (years := re.findall(YEAR, raw))
            and (form != "year" or text[max(0, start - 3) : start].lower() == "in ")
            and not _COMPARED.search(text, max(0, start - 16), start)
        ):
            context = (int(years[-1]), end)
        found.append(Moment(value, raw, start, end))
    return found


def _bare_start(form: str, start: int, raw: str) -> tuple[int, str]:
    """Drop the words around a date that belong to the sentence, such as `on` before a weekday."""
    for lead in ("from ", "On ", "on ", "Earlier ", "earlier ") if form in {"mdmd", "weekday"} else ():
        if raw.startswith(lead):
            return start + len(lead), raw[len(lead) :]
    return start, raw


def _is_year(text: str, start: int, end: int) -> bool:
    return not (_NO_YEAR_BEFORE.search(text[max(0, start - 12) : start]) or _NO_YEAR_AFTER.match(text, end))


def _is_month(text: str, start: int) -> bool:
    before = text[max(0, start - 18) : start].lower()
    return (
        re.search(
            r"\b(?:in|since|by|until|of|from|during|last|next|this|for|before|after|through|to|and|mid-?|early|late|,)\s*$",
            before,
        )
        is not None
        or text[start].islower()
        or (before[-1:] in {" ", "("} and not text[start:].startswith(("March", "August")))
    )


def _looks_ahead(text: str, start: int, end: int) -> bool:
    return _AHEAD.search(text, max(0, start - 60), start) is not None or _AHEAD_AFTER.match(text, end) is not None


def _nearer(month: int, published: date) -> str:
    """The month of the year that puts it nearest to publication, before or after."""
    index = published.year * 12 + published.month
    year = min((published.year + shift for shift in (-1, 0, 1)), key=lambda year: abs(year * 12 + month - index))
    return f"{year}-{month:02d}"


def _from_base(word: str, base: str | None, published: date | None) -> str | None:
    """`a day earlier`, `the next day`: counted from the date named before, else from publication."""
    from_day = base is not None and len(base) == 10
    day = date.fromisoformat(base) if from_day and base else published
    if word.startswith("the "):
        shift = {"previous": -1, "before": -1, "following": 1, "next": 1, "same": 0}
        step = next(shift[part] for part in word.split(" ") if part in shift)
        return (day + timedelta(days=step)).isoformat() if day else None
    if base is not None and len(base) == 7 and "month" in word:
        return _ago(word, date(int(base[:4]), int(base[5:]), 15))
    if base is not None and not from_day:
        return _ago(word, date(int(base[:4]), 7, 1))[:4]
    return _ago(word, day) if day else None


def _value(form: str, raw: str, published: date | None, near: int | None, ahead: bool) -> str | None:
    if form == "iso":
        return raw.replace("/", "-")
    if form == "dotted":
        day, month, year = (int(part) for part in raw.split("."))
        return _day(year, month, day)
    numbers = [int(re.sub(r"\D", "", part)) for part in re.findall(r"\d+(?:st|nd|rd|th)?", raw)]
    months = [MONTH[part[:3].lower()] for part in re.findall(MONTH_NAME, raw)]
    years = [number for number in numbers if number > 1000]
    days = [number for number in numbers if number <= 31]
    if form in {"md", "dm", "mdd", "ddm", "mdmd", "dmdm"}:
        return _days(months, days, years, published, near, ahead)
    if form == "mymy":
        return "/".join(f"{year}-{month:02d}" for year, month in zip(years, months, strict=True))
    if form in {"my", "mmy"}:
        return "/".join(f"{years[-1]}-{month:02d}" for month in months)
    if form in {"quarter", "half", "season"}:
        year_meant = years[-1] if years else published.year + _shift(raw.lower()) if published else None
        if form == "quarter" and "year" not in raw and published and not years:
            # "In the second quarter": of the year told just before, else the last one that had begun.
            begun = int(_stretch(form, raw, published.year)[5:7]) <= published.month
            year_meant = near or published.year - (not begun and not ahead)
        return _stretch(form, raw, year_meant) if year_meant else None
    if form == "span":
        low, _, high = re.sub(r"\D+", "-", raw).partition("-")
        return f"{low}/{high if len(high) == 4 else low[:2] + high}"
    if form == "decade":
        return _decade(raw)
    if form == "year":
        return str(years[0])
    if form in {"mm", "mmthis"}:
        year_meant = _nearest_year(months[-1], 1, published, near, ahead)
        if form == "mmthis":
            year_meant = published.year + _shift(raw.lower()) if published else None
        return f"{year_meant}-{months[0]:02d}/{year_meant}-{months[-1]:02d}" if year_meant else None
    if form == "holiday":
        month, of_month = (1, 1) if "Day" in raw and "Year" in raw else (12, 31) if "Year" in raw else (12, 25)
        year_meant = years[-1] if years else _nearest_year(month, of_month, published, near, ahead)
        return _day(year_meant, month, of_month - ("Christmas Eve" in raw)) if year_meant else None
    return _relative(form, raw, published, near, ahead, months, days, years)


def _days(
    months: list[int], days: list[int], years: list[int], published: date | None, near: int | None, ahead: bool
) -> str | None:
    year = years[-1] if years else _nearest_year(months[-1], days[-1], published, near, ahead)
    if year is None:
        return None
    first = _day(years[0] if len(years) > 1 else year, months[0], days[0])
    if len(days) == 1:
        return first
    last = _day(year, months[-1], days[-1])
    return f"{first}/{last}" if first and last else None


def _day(year: int, month: int, day: int) -> str | None:
    return f"{year}-{month:02d}-{day:02d}" if 1 <= day <= monthrange(year, month)[1] else None


def _nearest_year(month: int, day: int, published: date | None, near: int | None, ahead: bool) -> int | None:
    """The year of a day named without one: that of its sentence, else the one nearest to publication."""
    if near is not None and (published is None or near <= published.year):
        return near
    if published is None:
        return None
    day = min(day, monthrange(2024, month)[1], 28)
    choices = [date(published.year + shift, month, day) for shift in (-1, 0, 1)]
    if ahead:
        later = [choice for choice in choices if choice >= published - timedelta(days=3)]
        if later and (later[0] - published).days < 330:
            return later[0].year
    slack = timedelta(days=75)
    past = [choice for choice in choices if choice <= published + slack]
    return past[-1].year


def _stretch(form: str, raw: str, year: int) -> str:
    word = raw.lower()
    if form == "quarter":
        part = next(
            (n for n, name in enumerate(("first", "second", "third", "fourth"), 1) if name in word),
            4 * ("last quarter" in word),
        )
        part = part or int(re.findall(r"q([1-4])", word)[0])
        return f"{year}-{3 * part - 2:02d}/{year}-{3 * part:02d}"
    if form == "half":
        return (
            f"{year}-07/{year}-12" if "second" in word or "latter" in word or "h2" in word else f"{year}-01/{year}-06"
        )
    return _season(word, year)


def _season(word: str, year: int) -> str:
    for name, (low, high) in SEASON.items():
        if name in word:
            return f"{year}-{low:02d}/{year}-{high:02d}"
    return f"{year}-12/{year + 1}-02"


def _decade(raw: str) -> str:
    year = int(re.findall(r"\d{4}", raw)[0])
    low, high = year, year + 9
    if "early" in raw:
        high = year + 3
    elif "late" in raw:
        low = year + 6
    elif "mid" in raw:
        low, high = year + 4, year + 6
    return f"{low}/{high}"


def _relative(
    form: str, raw: str, published: date | None, near: int | None, ahead: bool,
    months: list[int], days: list[int], years: list[int],
) -> str | None:  # fmt: skip
    word = raw.lower()
    if form == "end" and years:
        return f"{years[0]}-12-31"
    if form == "part" and years:
        return str(years[0])
    if form == "bare" and (published or near):
        year = _nearest_year(months[0], 1, published, near, ahead)
        return f"{year}-{months[0]:02d}" if year else None
    if published is None:
        return None
    shift = _shift(word)
    if form == "mrel":
        return f"{published.year + shift}-{months[0]:02d}"
    if word == "the weekend":
        shift = -1 if published.weekday() < 5 else 0
    if form == "day":
        return (published + timedelta(days=word.startswith("tomorrow") - word.startswith("yesterday"))).isoformat()
    if form == "weekday":
        return _weekday(word, published, shift, ahead)
    if form == "ago":
        return _ago(word, published)
    if form == "relmonth":
        return _relmonth(months[0], days, published, shift)
    if form == "relseason":
        year = published.year + shift
        if shift < 0 and (published.month > 8 or ("summer" in word and published.month > 8)):
            year = published.year
        return _season(word, year)
    if form == "end":
        return _end(word, published, shift, months)
    return _unit(word, published, shift)


def _shift(word: str) -> int:
    # "The last quarter of the year" is no quarter of last year.
    word = word.replace("last quarter", "")
    return -1 if re.search(r"last|previous|past", word) else 1 if re.search(r"next|coming|following", word) else 0


def _weekday(word: str, published: date, shift: int, ahead: bool) -> str:
    index = next(number for number, name in enumerate(DAYS) if name.lower() in word)
    back = (published.weekday() - index) % 7
    if shift > 0 or (ahead and shift == 0):
        return (published + timedelta(days=(index - published.weekday()) % 7 or 7)).isoformat()
    return (published - timedelta(days=back or (7 if shift < 0 else 0))).isoformat()


def _ago(word: str, published: date) -> str:
    number = re.search(COUNT + r"(?= (?:year|month|week|day|decade))", word)
    count = int(number.group()) if number and number.group().isdigit() else SMALL[number.group()] if number else 1
    if "decade" in word:
        return str(published.year - 10 * count)
    if "year" in word:
        return str(published.year - count)
    if "month" in word:
        return _month(published, -count)
    return (published - timedelta(days=count * (7 if "week" in word else 1))).isoformat()


def _month(published: date, shift: int) -> str:
    index = published.year * 12 + published.month - 1 + shift
    return f"{index // 12}-{index % 12 + 1:02d}"


def _relmonth(month: int, days: list[int], published: date, shift: int) -> str | None:
    year = published.year
    if shift < 0 and month >= published.month:
        year -= 1
    if shift > 0 and month <= published.month:
        year += 1
    return _day(year, month, days[0]) if days else f"{year}-{month:02d}"


def _end(word: str, published: date, shift: int, months: list[int]) -> str:
    if months:
        year = _nearest_year(months[0], 28, published, None, True) or published.year
        return f"{year}-{months[0]:02d}-{monthrange(year, months[0])[1]:02d}"
    return f"{published.year + shift}-12-31"


def _unit(word: str, published: date, shift: int) -> str:
    if "year" in word:
        return str(published.year + shift)
    if "month" in word:
        return _month(published, shift)
    monday = published - timedelta(days=published.weekday()) + timedelta(days=7 * shift)
    first = monday + timedelta(days=5) if "weekend" in word else monday
    return f"{first.isoformat()}/{(monday + timedelta(days=6)).isoformat()}"


def byline_day(text: str) -> date | None:
    """The day in a short line (a byline) or a dateline among the first 1,500 characters, the earlier if both."""
    head = text[:1500]
    lines = [found for found in BYLINE.finditer(head) if _is_byline(found.group().strip())]
    for match in sorted([*lines, *DATELINE.finditer(head)], key=lambda found: found.start()):
        moments = find_dates(match.group(1).title(), None)
        if moments and moments[0].value and len(moments[0].value) == 10:
            return date.fromisoformat(moments[0].value)
    return None


def _is_byline(line: str) -> bool:
    return len(line) < 70 and not line.endswith((".", "?"))

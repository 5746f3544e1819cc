"""When: dates and intervals as ISO text, relative ones resolved against the day of publication."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_MONTH = {name[:3].lower(): number for number, name in enumerate(_MONTHS, start=1)}
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_M = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\b\.?)"
)
_D = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?!\d|,\d|\.\d)"
_Y = r"(?:1[5-9]\d\d|20\d\d)"
_TO = r"(?: ?(?:-|to|until|through|and) ?)"
_SMALL = {
    name: number
    for number, name in enumerate(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"], start=1
    )
}
_SMALL |= {"a": 1, "an": 1, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30}
_COUNT = r"(?:\d{1,3}|" + "|".join(_SMALL) + ")"
_SEASON = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "fall": (9, 11)}
_PART = (
    r"(?:[Ee]arly|[Mm]id|[Ll]ate|(?:[Tt]he )?(?:beginning|start|middle) of|(?:[Tt]he )?[Ee]nd of|"
    r"(?:[Tt]he )?turn of)[- ]?(?:the )?"
)
_LATELY = r"(?:[Ll]ast|[Nn]ext|[Tt]his|[Ee]arlier this|[Ll]ater this|[Tt]he previous|[Tt]he following|[Tt]he current)"
_ROUGH = r"(?:(?:about|some|nearly|almost|just|more than|over|around|roughly) )?"
# "May" alone is a month only after a word that asks for one.
_MAY = "|".join(
    f"(?<={lead} )" for lead in ("in", "In", "by", "By", "of", "since", "until", "late", "Late", "early", "Early")
)

# Each form once, most specific first; the name of the group says which rule of `_value` reads it.
_FORMS = (
    ("iso", rf"{_Y}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])\b"),
    ("mdmd", rf"(?:from )?{_M} {_D}(?:,? {_Y})?{_TO}{_M} {_D}(?:,? {_Y})?"),
    ("dmdm", rf"{_D} {_M}(?:,? {_Y})?{_TO}{_D} {_M}(?:,? {_Y})?"),
    ("mdd", rf"{_M} {_D}{_TO}{_D}(?! (?:percent|per|million|billion|%|countries))(?:,? {_Y})?"),
    ("ddm", rf"{_D}{_TO}{_D} {_M}(?:,? {_Y})?"),
    ("md", rf"{_M} {_D}(?:,? {_Y})?"),
    ("dm", rf"{_D} (?:of )?{_M}(?:,? {_Y})?"),
    ("mmy", rf"{_M}{_TO}{_M},? (?:of )?{_Y}"),
    ("my", rf"(?:(?:{_PART}))?{_M},? (?:of )?{_Y}"),
    ("quarter", rf"(?:Q[1-4],? (?:of )?{_Y}|(?:[Tt]he )?(?:first|second|third|fourth) quarter of {_Y}|{_Y}[- ]Q[1-4])"),
    ("half", rf"(?:[Tt]he )?(?:first|second) half of {_Y}|H[12] {_Y}"),
    ("season", rf"(?:[Tt]he )?(?:spring|summer|autumn|fall|winter)(?: of|,)? {_Y}"),
    ("span", rf"{_Y}(?:-(?:{_Y}|\d\d)\b| (?:to|until|through) {_Y}|(?<=[Bb]etween \d{{4}}) and {_Y})(?!-?\d)"),
    ("decade", r"(?:[Tt]he )?(?:(?:early|mid|late)[- ])?(?:1[5-9]|20)\d0s\b"),
    ("end", rf"(?:[Tt]he )?(?:end|close) of (?:the year )?(?:{_Y}|the year|this year|last year|next year|{_M})(?!\w)"),
    ("part", rf"{_PART}(?:{_Y}|this year|last year|next year|this month|last month|next month)\b"),
    ("day", r"(?:[Tt]oday|[Yy]esterday|[Tt]omorrow|[Tt]onight)\b"),
    (
        "weekday",
        rf"(?:(?:[Ll]ast|[Nn]ext|[Tt]his|[Oo]n|[Ee]arlier) )?(?:{'|'.join(_DAYS)})\b(?! and (?:{'|'.join(_DAYS)}))",
    ),
    ("relmonth", rf"(?:[Ll]ast|[Nn]ext|[Tt]his|[Tt]his past|[Tt]his coming) {_M}(?: {_D})?(?! \d{{4}})"),
    ("relseason", r"(?:[Ll]ast|[Nn]ext|[Tt]his) (?:spring|summer|autumn|fall|winter)\b"),
    (
        "rel",
        rf"{_LATELY} (?:year|month|week|weekend)(?! of\b)\b",
    ),
    (
        "ago",
        rf"{_ROUGH}{_COUNT} (?:years?|months?|weeks?|days?|decades?) (?:ago|earlier)\b",
    ),
    (
        "bare",
        rf"(?:{_PART})?(?:January|February|March(?= )|April|(?:{_MAY})May|June|July|August|September|October|November|"
        r"December)\b",
    ),
    ("year", rf"{_Y}(?:'s)?\b(?!-)"),
)
_PATTERN = re.compile("(?<![\\w$.,/])(?:" + "|".join(f"(?P<{name}>{form})" for name, form in _FORMS) + ")")
_AHEAD = re.compile(
    r"(?i)\b(?:(?:will|scheduled|upcoming|due|planned|expected|ahead of|forthcoming|slated|"
    r"set (?:for|to))\b[^.;]{0,50}$|(?:by|until|next) (?:\w+ )?$)"
)
# A year stands as one only after such a word, as an adjective before a noun, or alone in brackets.
_NO_YEAR_BEFORE = re.compile(
    r"(?:[$€£#]|[A-Z]-|No\. ?|Resolution |Article |about |some |nearly |over |than |least |roughly )$"
)
_NO_YEAR_AFTER = re.compile(
    r" ?(?:%|percent|per cent|km|kilomet|miles|met(?:er|re)|MW|GW|MWh|GWh|tons?\b|tonnes|people|persons|troops|"
    r"soldiers|million|billion|thousand|dollars|euros|cubic|hectares|trucks|vehicles|families|refugees|prisoners|square)"
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
    for match in _PATTERN.finditer(text):
        form = match.lastgroup or ""
        start, end = match.span()
        raw = match.group()
        if form == "year" and not _is_year(text, start, end):
            continue
        if form in {"bare"} and not _is_month(text, start):
            continue
        start, raw = _bare_start(form, start, raw)
        if raw.endswith("'s"):
            raw, end = raw[:-2], end - 2
        while raw.endswith((".", ",")) and form != "iso":
            raw, end = raw[:-1], end - 1
        if context and context[1] < text.rfind("\n", 0, start):
            context = None
        ahead = _looks_ahead(text, start)
        near = context[0] if context and start - context[1] < 140 and not ahead else None
        base = found[-1].value if found and start - found[-1].end < 200 else None
        if form == "ago" and raw.endswith("earlier") and base:
            value: str | None = _ago(raw.lower(), date(int(base[:4]), 7, 1))[:4]
        else:
            value = _value(form, raw, published, near, ahead)
        if (
            form in {"year", "my", "part", "span", "iso", "mmy", "md", "dm"}
            and (years := re.findall(_Y, raw))
            and (form != "year" or text[max(0, start - 3) : start].lower() == "in ")
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


def _looks_ahead(text: str, start: int) -> bool:
    return _AHEAD.search(text, max(0, start - 60), start) is not None


def _value(form: str, raw: str, published: date | None, near: int | None, ahead: bool) -> str | None:
    if form == "iso":
        return raw
    numbers = [int(re.sub(r"\D", "", part)) for part in re.findall(r"\d+(?:st|nd|rd|th)?", raw)]
    months = [_MONTH[part[:3].lower()] for part in re.findall(_M, raw)]
    years = [number for number in numbers if number > 1000]
    days = [number for number in numbers if number <= 31]
    if form in {"md", "dm", "mdd", "ddm", "mdmd", "dmdm"}:
        return _days(months, days, years, published, near, ahead)
    if form in {"my", "mmy"}:
        return "/".join(f"{years[-1]}-{month:02d}" for month in months)
    if form in {"quarter", "half", "season"}:
        return _stretch(form, raw, years[-1])
    if form == "span":
        low, _, high = re.sub(r"\D+", "-", raw).partition("-")
        return f"{low}/{high if len(high) == 4 else low[:2] + high}"
    if form == "decade":
        return _decade(raw)
    if form == "year":
        return str(years[0])
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
        part = next((n for n, name in enumerate(("first", "second", "third", "fourth"), 1) if name in word), 0)
        part = part or int(re.findall(r"q([1-4])", word)[0])
        return f"{year}-{3 * part - 2:02d}/{year}-{3 * part:02d}"
    if form == "half":
        return f"{year}-07/{year}-12" if "second" in word or "h2" in word else f"{year}-01/{year}-06"
    return _season(word, year)


def _season(word: str, year: int) -> str:
    for name, (low, high) in _SEASON.items():
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
    shift = -1 if re.search(r"last|previous|past", word) else 1 if re.search(r"next|coming|following", word) else 0
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


def _weekday(word: str, published: date, shift: int, ahead: bool) -> str:
    index = next(number for number, name in enumerate(_DAYS) if name.lower() in word)
    back = (published.weekday() - index) % 7
    if shift > 0 or (ahead and shift == 0):
        return (published + timedelta(days=(index - published.weekday()) % 7 or 7)).isoformat()
    return (published - timedelta(days=back or (7 if shift < 0 else 0))).isoformat()


def _ago(word: str, published: date) -> str:
    number = re.search(_COUNT + r"(?= (?:year|month|week|day|decade))", word)
    count = int(number.group()) if number and number.group().isdigit() else _SMALL[number.group()] if number else 1
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


# A line that is only a date, among the first lines of a page, tells when it was published.
_BYLINE = re.compile(
    rf"(?im)^[^\n]{{0,60}}?\b((?:{_M} {_D},? {_Y})|(?:{_D} {_M},? {_Y})|(?:{_Y}-\d\d-\d\d))\b[^\n]{{0,40}}$"
)


def byline_day(text: str) -> date | None:
    """The day in a short line among the first 1,500 characters (a byline or dateline), if there is one."""
    for match in _BYLINE.finditer(text[:1500]):
        line = match.group().strip()
        if len(line) < 70 and not line.endswith((".", "?")):
            moments = find_dates(match.group(1), None)
            if moments and moments[0].value and len(moments[0].value) == 10:
                return date.fromisoformat(moments[0].value)
    return None

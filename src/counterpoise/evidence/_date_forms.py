"""How dates are written: every form once, the most specific first; `_dates.py` says what each means."""

from __future__ import annotations

import re

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
MONTH = {name[:3].lower(): number for number, name in enumerate(_MONTHS, start=1)}
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
MONTH_NAME = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\b\.?)"
)
DAY = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?!\d|,\d|\.\d)"
YEAR = r"(?:1[5-9]\d\d|20\d\d)"
_TO = r"(?: ?(?:-|to|until|through|and) ?)"
SMALL = {
    name: number
    for number, name in enumerate(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"], start=1
    )
}
SMALL |= {"a": 1, "an": 1, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30}
COUNT = r"(?:\d{1,3}|" + "|".join(SMALL) + ")"
SEASON = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "fall": (9, 11)}
_PART = (
    r"(?:[Ee]arly|[Mm]id|[Ll]ate|(?:[Tt]he )?(?:beginning|start|middle) of|(?:[Tt]he )?[Ee]nd of|"
    r"(?:[Tt]he )?turn of)[- ]?(?:the )?"
)
_LATELY = r"(?:[Ll]ast|[Nn]ext|[Tt]his|[Ee]arlier this|[Ll]ater this|[Tt]he previous|[Tt]he following|[Tt]he current)"
_THAT_YEAR = r"(?:the year|the current year|the present year|this year|last year|next year)"
_ROUGH = r"(?:(?:about|some|nearly|almost|just|more than|over|around|roughly) )?"
# "May" alone is a month only after a word that asks for one.
_MAY = "|".join(
    f"(?<={lead} )" for lead in ("in", "In", "by", "By", "of", "since", "until", "late", "Late", "early", "Early")
)

_W = rf"(?:(?:{'|'.join(DAYS)}),? )?"
# Each form once, most specific first; the name of the group says which rule of `_value` reads it.
_FORMS = (
    ("iso", rf"(?:{YEAR}-(?:0[1-9]|1[0-2])-|{YEAR}/(?:0[1-9]|1[0-2])/)(?:0[1-9]|[12]\d|3[01])\b"),
    ("mdmd", rf"(?:from )?{MONTH_NAME} {DAY}(?:,? {YEAR})?{_TO}{MONTH_NAME} {DAY}(?:,? {YEAR})?"),
    ("dmdm", rf"{DAY} {MONTH_NAME}(?:,? {YEAR})?{_TO}{DAY} {MONTH_NAME}(?:,? {YEAR})?"),
    ("mdd", rf"{MONTH_NAME} {DAY}{_TO}{DAY}(?! (?:percent|per|million|billion|%|countries))(?:,? {YEAR})?"),
    ("ddm", rf"{DAY}{_TO}{DAY} {MONTH_NAME}(?:,? {YEAR})?"),
    ("dotted", r"(?:[12]\d|3[01]|0?[1-9])\.(?:0?[1-9]|1[0-2])\.(?:19|20)\d\d\b"),
    ("md", rf"{_W}{MONTH_NAME} {DAY}(?:(?:, ?| ){YEAR})?"),
    ("dm", rf"{_W}{DAY} (?:of )?{MONTH_NAME}(?:,? {YEAR})?"),
    ("mrel", rf"(?:{_PART})?{MONTH_NAME},?(?: of)? (?:last|this|next) year\b"),
    ("mmthis", rf"{MONTH_NAME} ?(?:-|to|through|until|and) ?{MONTH_NAME},?(?: of)? (?:this|last|next) year\b"),
    ("mmy", rf"{MONTH_NAME}{_TO}{MONTH_NAME},? (?:of )?{YEAR}"),
    (
        "mm",
        rf"{MONTH_NAME} ?(?:-|to|through) ?{MONTH_NAME}\b(?! \d)|"
        rf"(?<=[Bb]etween ){MONTH_NAME} and {MONTH_NAME}\b(?! \d)",
    ),
    ("mymy", rf"{MONTH_NAME},? (?:of )?{YEAR}{_TO}{MONTH_NAME},? (?:of )?{YEAR}"),
    ("my", rf"(?:(?:{_PART}))?{MONTH_NAME},? (?:of )?{YEAR}"),
    (
        "quarter",
        rf"(?:Q[1-4],? (?:of )?{YEAR}|(?:[Tt]he )?(?:first|second|third|fourth|last) "
        rf"quarter(?: of|,)? (?:{YEAR}|{_THAT_YEAR})|{YEAR}[- ]Q[1-4]|"
        rf"(?<=[Ii]n )the (?:first|second|third|fourth) quarter(?! of\b))",
    ),
    ("half", rf"(?:[Tt]he )?(?:first|second|latter) half(?: of|,)? (?:{YEAR}|{_THAT_YEAR})|H[12] {YEAR}"),
    ("season", rf"(?:[Tt]he )?(?:spring|summer|autumn|fall|winter)(?: of|,)? {YEAR}"),
    (
        "span",
        rf"{YEAR}(?:[-/](?:{YEAR}|\d\d)\b| (?:to|until|through) {YEAR}(?<!\bin \d{{4}} to \d{{4}})|"
        rf"(?<=[Bb]etween \d{{4}}) and {YEAR})(?!-?\d)",
    ),
    ("decade", r"(?:[Tt]he )?(?:(?:early|mid|late)[- ])?(?:1[5-9]|20)\d0s\b"),
    (
        "end",
        rf"(?:[Tt]he )?(?:(?:end|close) of (?:the year )?|end-of-)"
        rf"(?:{YEAR}|{_THAT_YEAR}|{MONTH_NAME})(?!\w)|(?<=by )(?:the )?year[- ]end\b|(?<=by )the year's end\b",
    ),
    ("part", rf"{_PART}(?:{YEAR}|the year|this year|last year|next year|this month|last month|next month)\b"),
    ("holiday", rf"(?:New Year's (?:Day|Eve)|Christmas(?: Day| Eve)?)(?:,? {YEAR})?\b"),
    ("other", r"[Tt]he (?:previous|following|next|same) day\b|[Tt]he day before\b"),
    ("day", r"(?:[Tt]oday|[Yy]esterday|[Tt]omorrow|[Tt]onight)\b"),
    (
        "weekday",
        rf"(?:(?:[Ll]ast|[Nn]ext|[Tt]his|[Oo]n|[Ee]arlier) )?(?:{'|'.join(DAYS)})\b(?! and (?:{'|'.join(DAYS)}))",
    ),
    ("relmonth", rf"(?:[Ll]ast|[Nn]ext|[Tt]his|[Tt]his past|[Tt]his coming) {MONTH_NAME}(?: {DAY})?(?! \d{{4}})"),
    ("relseason", r"(?:[Ll]ast|[Nn]ext|[Tt]his) (?:spring|summer|autumn|fall|winter)\b"),
    (
        "rel",
        rf"{_LATELY} (?:year|month|week|weekend)(?! of\b)\b|(?<=[Oo]ver )the weekend\b",
    ),
    (
        "ago",
        rf"{_ROUGH}{COUNT} (?:years?|months?|weeks?|days?|decades?) (?:ago|earlier)\b",
    ),
    (
        "bare",
        rf"(?:{_PART})?(?:January|February|March(?= )|April|(?:{_MAY})May|June|July|August|September|October|November|"
        r"December)\b",
    ),
    ("year", rf"(?:FY ?)?{YEAR}(?:'s)?\b(?!-)"),
)
_WHOLE_DAY = rf"((?:{MONTH_NAME} {DAY},? {YEAR})|(?:{DAY} {MONTH_NAME},? {YEAR})|(?:{YEAR}-\d\d-\d\d))"
# A line that is only a date, among the first lines of a page, tells when it was published.
BYLINE = re.compile(rf"(?im)^[^\n]{{0,60}}?\b{_WHOLE_DAY}\b[^\n]{{0,40}}$")
# "OSLO, 18 November 2026 - The king ...", "OSLO, Norway, November 18, 2026 (Agency) -- The king ...".
_AGENCY = r" ?[(/\[][^)/\]\n]{2,40}[)/\]]"
DATELINE = re.compile(
    rf"(?m)^ *[^\W\d_a-z](?:[^\W\d_a-z]|[' .-]){{2,30}}(?:, [^\W\d_a-z][\w' .-]{{2,30}})?(?:{_AGENCY})?, "
    rf"(?i:{_WHOLE_DAY})(?:{_AGENCY}[.:]|(?:{_AGENCY})?[.,:]? ?(?:-{{1,2}}|[\u2013-\u2015])) *(?=\S)"
)
PATTERN = re.compile("(?<![\\w$.,/])(?:" + "|".join(f"(?P<{name}>{form})" for name, form in _FORMS) + ")")

"""The words of a brief, drawn from its numbers: names, numbers for people, the headline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counterpoise.leverage._cells import Cell

if TYPE_CHECKING:
    from counterpoise.brief._build import BriefResult

VERDICT_ORDER = ("contradicted", "mixed", "supported", "open")
# What a bound says before a number: a figure is missing, so that the whole can only be larger (or smaller).
BOUNDS = {"lower": "at least", "upper": "at most", "mixed": "about"}
RUNS = {"market": "one market for all channels", "accounts": "one account of the year"}
LABELS = {
    "total": "all computed channels",
    "short": "first year",
    "long": "year five",
}


def label(name: str) -> str:
    """The word that people read for an id of the house."""
    return LABELS.get(name, name.replace("_", " "))


def in_sentence(name: str) -> str:
    """A name as it stands in running text: unions and kingdoms take the article."""
    return f"the {name}" if name.startswith(("United ", "European ")) else name


def anchor(name: str, kind: str) -> str:
    """The anchor of a row (`fact`, `assumption`, `source`, `claim`) in the page; ids hold no blanks, so it is one word.

    >>> anchor("gdp:ARM_2023", "fact")
    'fact-gdp:ARM_2023'
    """
    return f"{kind}-{name}"


def anchor_of(row: dict[str, Any]) -> str:
    """The anchor of a cell's row among all cells."""
    return f"cell-{row['client']}-{row['patron']}-{row['channel']}-{row['horizon']}"


def number(value: Any) -> str:
    """A number for people: two digits, whole from ten, thousands grouped, a dash for unknown; texts as they are.

    >>> number(5.234), number(24.1), number(0.0631), number(12345.6), number(None), number(416.0)
    ('5.2', '24', '0.063', '12,346', '—', '416')
    """
    if value is None:
        return "—"
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return str(value)
    size = abs(value)
    if size >= 1000:
        return f"{value:,.0f}"
    if size >= 10 or value == 0:
        return f"{value:.0f}"
    return f"{value:.2g}" if size >= 1e-4 else f"{value:.1e}"


def about(value: float, floor: float = 0.01) -> str:
    """A number at a glance: what is too small to matter there is written as less than a floor.

    >>> about(0.53), about(0.0004), about(0.0004, 0.001)
    ('0.53', '<0.01', '<0.001')
    """
    return f"<{floor:g}" if 0 < abs(value) < floor else number(value)


def chance(share: float) -> str:
    """A probability to two decimals; what rounds to 0 or 1 without being it says so.

    >>> chance(0.853), chance(0.00075), chance(0.9996), chance(1.0)
    ('0.85', '<0.01', '>0.99', '1')
    """
    if 0 < share < 0.005:
        return "<0.01"
    return ">0.99" if 0.995 <= share < 1 else f"{share:.2g}" if share in (0, 1) else f"{share:.2f}"


def percent(share: float) -> str:
    """A share in per cent to one decimal; what rounds to zero has no sign.

    >>> percent(0.1142), percent(-0.0002)
    ('11.4', '0.0')
    """
    return f"{round(100 * share, 1) + 0.0:.1f}"


def sentence(words: str) -> str:
    """Words as a sentence: a capital at the start, a stop at the end.

    >>> sentence("exposures add no skill"), sentence("It is so.")
    ('Exposures add no skill.', 'It is so.')
    """
    return f"{words[:1].upper()}{words[1:]}{'' if words.endswith(('.', '!', '?')) else '.'}"


def figure(value: Any) -> str:
    """A sourced figure for people: as many digits as it has, up to four decimals, thousands grouped.

    >>> figure(367.551911), figure(11.0), figure(0.0022), figure(2016)
    ('367.5519', '11', '0.0022', '2016')
    """
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return number(value)
    if abs(value) >= 10_000:
        return f"{value:,.0f}"
    return f"{value:.4f}".rstrip("0").rstrip(".") if abs(value) >= 1e-3 or value == 0 else f"{value:.2g}"


def precise(value: Any) -> str:
    """A computed threshold for people: four digits, thousands grouped.

    >>> precise(1693.9183), precise(8.955), precise(9.0), precise(0.52341)
    ('1,694', '8.955', '9', '0.5234')
    """
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return number(value)
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def money(dollars: float | None) -> str:
    """A sum of dollars for people: two digits and a word for its size.

    >>> money(2_384_908_408.5), money(-41_300_000.0), money(5_320.0), money(0.0)
    ('2.4 billion', '-41 million', '5.3 thousand', '0')
    """
    if dollars is None:
        return number(None)
    for size, words in ((1e9, "billion"), (1e6, "million"), (1e3, "thousand")):
        # What two digits round up to the next size is told in that size.
        if abs(dollars) >= 0.995 * size:
            return f"{number(dollars / size)} {words}"
    return number(dollars)


# How an engine's names end, and the unit in words.
UNITS = {
    "_usd_mn": "million dollars",
    "_mcm": "million m³",
    "_gwh": "GWh",
    "_pct_gdp": "% of GDP",
    "_pct": "%",
    "_kteu_year": "thousand TEU a year",
}


# How the names of a joint run begin: what each channel adds to the whole (Shapley), and what it costs alone.
OPENINGS = {"shapley_": "part due to ", "alone_": "alone: "}


def in_the_world(name: str, value: Any, names: dict[str, str]) -> str:
    """What a withdrawal does beside money, in words: an engine's name for it, its value and its unit.

    >>> in_the_world("RUS-ARM.gas_lost_mcm", 2293.4, {"RUS": "Russia", "ARM": "Armenia"})
    'Russia to Armenia gas lost 2,293 million m³'
    >>> in_the_world("arm_m_lost_gwh", 129.0, {"arm_m": "Metsamor"}), in_the_world("asset_loss_pct_gdp", 0.2, {})
    ('Metsamor lost 129 GWh', 'asset loss 0.2 % of GDP')
    """
    end = next((end for end in UNITS if name.endswith(end)), "")
    chunks = [_in_words(chunk, names) for chunk in name.removesuffix(end).split(".")]
    return f"{' '.join(chunks)} {number(value)}{' ' + UNITS[end] if end else ''}"


def _in_words(chunk: str, names: dict[str, str]) -> str:
    """A part of an engine's name: ids by their names, a pair of them as a way, low lines as blanks."""
    for start, said in OPENINGS.items():
        if chunk.startswith(start):
            return said + label(chunk.removeprefix(start))
    ends = chunk.split("-")
    if all(one in names for one in ends):
        return " to ".join(names[one] for one in ends)
    words = chunk.split("_")
    for cut in range(len(words) - 1, 0, -1):
        head, tail = "_".join(words[:cut]), "_".join(words[cut:])
        if head in names or tail in names:
            return f"{names.get(head, label(head))} {names.get(tail, label(tail))}"
    return label(chunk)


def spread(values: dict[str, float]) -> str:
    """A median with its range from 5 to 95 per cent of draws, to two digits.

    >>> spread({"p05": 2.07, "p50": 5.2, "p95": 15.4})
    '5.2 (2.1 to 15)'
    """
    low, middle, high = (f"{values[key]:.2g}" for key in ("p05", "p50", "p95"))
    return f"{middle} ({low} to {high})"


def bounded(row: dict[str, Any], name: str = "exposure") -> str:
    """The spread of a row's numbers after the word of its bound.

    >>> bounded({"bound": "lower", "exposure": {"p05": 2.07, "p50": 5.2, "p95": 15.4}})
    'at least 5.2 (2.1 to 15)'
    """
    word = BOUNDS.get(row["bound"] or "", "")
    return f"{word} {spread(row[name])}".strip()


def listed(names: list[str]) -> str:
    """Names in a row: `a, b and c`.

    >>> listed(["trade", "transit", "people"])
    'trade, transit and people'
    """
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def count_of(number: int, noun: str) -> str:
    """So many of a thing, in the singular or the plural.

    >>> count_of(1, "row"), count_of(1234, "row")
    ('1 row', '1,234 rows')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def top_cell(result: BriefResult, client: str) -> Cell | None:
    """The patron that could hurt a client most: first by median over the computed channels, by year five."""
    cells = [
        cell
        for cell in result.leverage.cells
        if cell.client == client and cell.channel == "total" and cell.horizon == "long" and cell.rank
    ]
    return min(cells, key=lambda cell: cell.rank["position"] if cell.rank else 99) if cells else None


def top_offer(result: BriefResult, client: str) -> dict[str, Any] | None:
    """The row of the patron whose offer would help a client most, by median and year five; `None` if none gains it."""
    rows = [
        row
        for cell in result.leverage.cells
        if cell.client == client and cell.channel == "total" and cell.horizon == "long"
        if (row := cell.to_dict())["offer"] and row["offer"]["p50"] > 0
    ]
    return max(rows, key=lambda row: row["offer"]["p50"]) if rows else None


def headline(result: BriefResult) -> list[str]:
    """Who could hurt each client most, at what cost and how surely, who could help it most, and the claims."""
    sentences = [text for client in result.region.settings.clients for text in about_client(result, client)]
    return [*sentences, about_claims(result)]


def about_client(result: BriefResult, client: str) -> list[str]:
    """One sentence on the patron that could hurt a client most, and one on the offer that would help it most."""
    names = result.region.actor_names
    top = top_cell(result, client)
    if top is None:
        return [f"For {names[client]} no channel could be computed from what is known."]
    row = top.to_dict()
    patron, holds = in_sentence(names[top.patron]), row["rank"]["holds"]
    sentences = [
        f"{names[client]} has most to lose from {patron} ({listed(row['channels'])}): a full withdrawal would cost it "
        f"{bounded(row)} per cent of GDP a year by year five, and {patron} {spread(row['sender_cost'])} per "
        f"cent of its own. It ranks first in {100 * holds:.0f} per cent of draws."
    ]
    if offer := top_offer(result, client):
        helper = in_sentence(names[offer["patron"]])
        sentences.append(
            f"The offer that would help {names[client]} most is open to {helper}: an expected gain of "
            f"{spread(offer['offer'])} per cent of GDP a year by year five."
        )
    return sentences


def points(result: BriefResult, client: str) -> list[tuple[str, str]]:
    """What stands below the large number of a client: a heading and a sentence each."""
    top = top_cell(result, client)
    if top is None:
        return [("Not known", about_client(result, client)[0])]
    row = top.to_dict()
    cost = f"{spread(row['sender_cost'])} per cent of its own GDP"
    if row["credible"] is not None:
        cost += f"; less than its stake in {100 * row['credible']:.0f} % of draws"
    rank = f"First of {row['rank']['of']} patrons in {100 * row['rank']['holds']:.0f} % of draws."
    return [("What the sender would pay", f"{cost}."), ("How sure the order is", rank)]


def ties(result: BriefResult, top: Cell) -> list[dict[str, Any]]:
    """The channels of a pair by median loss; what is none or unknown among them is said, never dropped."""
    cells = [
        cell
        for cell in result.leverage.cells
        if (cell.client, cell.patron, cell.horizon) == (top.client, top.patron, top.horizon) and cell.channel != "total"
    ]
    rows = [cell.to_dict() for cell in cells]
    known = sorted((row for row in rows if row["state"] == "number"), key=lambda row: -row["exposure"]["p50"])
    return known + [row for state in ("structural zero", "unknown") for row in rows if row["state"] == state]


def about_claims(result: BriefResult) -> str:
    """How many claims have a verdict, by verdict."""
    counts = result.claims.counts()
    total = sum(counts.values())
    advice = sum(result.claims.counts(recommendations=True).values())
    judged = total - counts["open"]
    apart = f"; {count_of(advice, 'recommendation')} {'is' if advice == 1 else 'are'} judged apart" if advice else ""
    by_verdict = f"{counts['supported']} supported, {counts['mixed']} mixed, {counts['contradicted']} contradicted"
    if total and not counts["open"]:
        whole = "The one claim" if total == 1 else f"All {count_of(total, 'claim')}"
        return f"{whole} in the articles read {_has(total)} a computed verdict: {by_verdict}{apart}."
    waits = f"{counts['open']} {'waits' if counts['open'] == 1 else 'wait'} for evidence"
    return (
        f"Of {count_of(total, 'claim')} in the articles read, {judged} {_has(judged)} a computed verdict: "
        f"{by_verdict}; {waits}{apart}."
    )


def _has(count: int) -> str:
    return "has" if count == 1 else "have"


def partial_sums(result: BriefResult) -> list[str]:
    """The totals of the headline that lack a channel, each with what it lacks."""
    names = result.region.actor_names
    said: dict[str, list[str]] = {}
    for cell in result.leverage.cells:
        row = cell.to_dict()
        if cell.channel == "total" and cell.horizon == "long" and row["state"] == "number" and row["reason"]:
            said.setdefault(row["reason"], []).append(f"{names[cell.patron]} on {names[cell.client]}")
    return [f"{reason[:1].upper()}{reason[1:]}: {listed(pairs)}." for reason, pairs in said.items()]

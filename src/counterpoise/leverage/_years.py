"""Leverage by year, and which figures moved it between two years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np

from counterpoise._errors import Fault, InputError, fault
from counterpoise._register import load
from counterpoise._result import Meta, Result
from counterpoise.channels.shape import HORIZONS, Ask, Effect, Unknown
from counterpoise.leverage._cells import Cell
from counterpoise.leverage._measure import check_arguments, engines, measure_pair, spread
from counterpoise.leverage._past import CALENDAR, DATED, group_of, in_year
from counterpoise.region import CHANNELS, Region
from counterpoise.region.draws import Assumptions

EARLIEST = 1991
# A part of a change below this, in points of GDP, is rounding.
LEAST = 1e-9


@dataclass
class LeverageYears(Result):
    """Exposure by year, channel and horizon, and for each step between years what moved it, in points of GDP."""

    cells: list[tuple[int, Cell]]
    changes: list[dict[str, Any]]
    meta: Meta

    def body(self) -> dict[str, Any]:
        years = [{"year": year, **cell.to_dict()} for year, cell in self.cells]
        return {"leverage_by_year": years, "changes": self.changes}

    def table(self) -> list[dict[str, Any]]:
        rows = []
        for year, cell in self.cells:
            row = cell.to_dict()
            moved = next((c for c in self.changes if _key(c) == (year, cell.channel, cell.horizon)), None)
            rows.append(
                {
                    "year": year,
                    "channel": cell.channel,
                    "horizon": cell.horizon,
                    "state": cell.state,
                    "exposure %GDP": spread(row["exposure"]),
                    "sender's cost %GDP": spread(row["sender_cost"]),
                    "moved by": _moved(moved) if moved else None,
                    "reason": row["reason"],
                }
            )
        return rows


def leverage_by_year(
    region: Region,
    client: str,
    patron: str,
    years: Sequence[int],
    *,
    channel: str | None = None,
    draws: int = 200,
    seed: int = 0,
) -> LeverageYears:
    """What a withdrawal would have cost in each year, from the figures that describe it, and what moved it since.

    Each year sees what describes that year or earlier, as it is known today (figures are revised; for what was known
    at the time open the region with an as-of day). Behaviour keeps its ranges and random numbers, so years differ by
    their figures alone. Between two years in which a channel is a number, each quantity's part is the mean of
    exchanging it alone first and alone last, in points of GDP of the mean exposure; `together` is what is left. The
    step of `total` is split by the channels' Shapley shares.

    `channel` keeps to one of them (`total` needs all). Raises `InputError`: `E204` for names, draws and years out of
    range, `E610` for a state that is no client, `E611` for years after the region's figures.
    """
    years = tuple(int(year) for year in years)
    check_arguments(region, client, patron, draws, more=_year_faults(region, years, channel))
    regions = {year: in_year(region, year) for year in years}
    found = {
        year: {
            (cell.channel, cell.horizon): cell for cell in _cells(regions[year], client, patron, channel, seed, draws)
        }
        for year in years
    }
    changes = []
    for one, other in pairwise(years):
        pairs = [(cell, found[other][key]) for key, cell in found[one].items()]
        pairs = [pair for pair in pairs if all(isinstance(cell.answer, Effect) for cell in pair)]
        for name in dict.fromkeys(pair[0].channel for pair in pairs):
            own = [pair for pair in pairs if pair[0].channel == name]
            moved = _by_channel(own) if name == "total" else _by_figure(region, (one, other), own, seed, draws)
            for (cell, _), part in zip(own, moved, strict=True):
                changes.append({"from": one, "to": other, "channel": name, "horizon": cell.horizon, **part})
    cells = [(year, cell) for year in years for cell in found[year].values()]
    answers = [cell.answer for _, cell in cells if not isinstance(cell.answer, Unknown)]
    facts = {name for answer in answers for name in answer.facts}
    cites = [cite for answer in answers if isinstance(answer, Effect) for cite in answer.cites]
    return LeverageYears(cells, changes, region.meta(seed=seed, sources=region.sources_of(facts), cites=cites))


def over_years(
    region: Region,
    client: str | None,
    patron: str | None,
    years: str | Sequence[int],
    *,
    channel: str | None = None,
    draws: int = 200,
    seed: int = 0,
) -> Result:
    """Leverage of one patron over one client in past years, or in energy along the dated path of a reactor.

    `years` may be text, as on the command line: `2016,2019,2023` or `2026-2045`. Years after the region's figures are
    a path, which only `energy` has: of a reactor that the patron supplies, kept, closed or followed by a new one.
    Raises `InputError` as `leverage_by_year` does, and `E611` where the patron supplies no reactor.
    """
    asked = parse_years(years) if isinstance(years, str) else tuple(years)
    if client is None or patron is None:
        rule, fix = "leverage by year is asked of one pair", "name both, as in `--client ARM --patron RUS`"
        raise InputError([fault("E204", where="--client, --patron", found="left out", rule=rule, fix=fix)])
    if channel != "energy" or not asked or asked[-1] <= _last_year(region):
        return leverage_by_year(region, client, patron, asked, channel=channel, draws=draws, seed=seed)
    check_arguments(region, client, patron, draws)
    if not any(row.country == client and row.supplier_country == patron for row in region.rows("plants")):
        rule = "only a reactor that the patron supplies has a dated path"
        fix = f"ask for years up to {_last_year(region)}"
        raise InputError([fault("E611", where="--years", found=f"no reactor of {client}", rule=rule, fix=fix)])
    from counterpoise.channels.energy.path import metsamor_path

    return metsamor_path(region, asked, draws, seed=seed, client=client)


def parse_years(text: str) -> tuple[int, ...]:
    """The years of a text: single ones and spans, by commas. Raises `InputError` (`E204`).

    >>> parse_years("2016,2019-2021")
    (2016, 2019, 2020, 2021)
    """
    found: list[int] = []
    for part in text.split(","):
        ends = part.strip().split("-")
        if not all(end.isdecimal() and len(end) == 4 for end in ends) or len(ends) > 2:
            rule = "years are four digits, by commas, or a first and a last year with a hyphen"
            fix = "write 2016,2019,2023 or 2026-2045"
            raise InputError([fault("E204", where="--years", found=repr(part[:40]), rule=rule, fix=fix)])
        found += range(int(ends[0]), int(ends[-1]) + 1)
    return tuple(found)


def _last_year(region: Region) -> int:
    return date.fromisoformat(region.settings.base_date).year


def _cells(region: Region, client: str, patron: str, channel: str | None, seed: int, draws: int) -> list[Cell]:
    if channel is None or channel == "total":
        cells = measure_pair(region, client, patron, seed, draws)
        return [cell for cell in cells if channel is None or cell.channel == channel]
    engine = dict(engines())[channel]
    asks = [Ask(region, patron, client, horizon, Assumptions(region, seed=seed, count=draws)) for horizon in HORIZONS]
    return [Cell(client, patron, channel, ask.horizon, load(engine).withdraw(ask)) for ask in asks]


def _mean(region: Region, like: Cell, seed: int, draws: int) -> float | None:
    """The mean exposure of one cell in another state of the region; `None` where it is no number there."""
    ask = Ask(region, like.patron, like.client, like.horizon, Assumptions(region, seed=seed, count=draws))
    answer = load(dict(engines())[like.channel]).withdraw(ask)
    return float(answer.client.mean()) if isinstance(answer, Effect) else None


Pairs = list[tuple[Cell, Cell]]


def _by_figure(region: Region, years: tuple[int, int], pairs: Pairs, seed: int, draws: int) -> list[dict[str, Any]]:
    """Which quantities moved a channel from one year to the next: exchanged alone before, and alone after."""
    used = {name for pair in pairs for cell in pair for name in _effect(cell).facts}
    rows = [(table, row) for table in DATED for row in region.rows(table) if row.id in used]
    groups = [*sorted({group_of(table, row) for table, row in rows}), CALENDAR]
    tables = {table for table in DATED if table != "facts"}
    parts: list[list[dict[str, Any]]] = [[] for _ in pairs]
    for group in groups:
        alone = in_year(region, years[0], later={group}, later_year=years[1])
        rest = in_year(region, years[0], later=({*groups} | tables) - {group}, later_year=years[1])
        for (first, last), own in zip(pairs, parts, strict=True):
            before, after = _mean(alone, first, seed, draws), _mean(rest, last, seed, draws)
            steps = [] if before is None else [before - _level(first)]
            steps += [] if after is None else [_level(last) - after]
            if steps and abs(points := float(np.mean(steps))) > LEAST:
                own.append({"what": group, "points": points, "facts": _moved_facts(rows, group, (first, last))})
    return [_step(pair, own) for pair, own in zip(pairs, parts, strict=True)]


def _by_channel(pairs: Pairs) -> list[dict[str, Any]]:
    """The step of the total by channel, from the Shapley shares of the two years."""
    steps = []
    for first, last in pairs:
        before, after = _shares(first), _shares(last)
        names = [name for name in CHANNELS if name in before or name in after]
        parts = [{"what": n, "points": after.get(n, 0.0) - before.get(n, 0.0), "facts": {}} for n in names]
        steps.append({**_step((first, last), parts), "without": sorted({*first.without, *last.without})})
    return steps


def _step(pair: tuple[Cell, Cell], parts: list[dict[str, Any]]) -> dict[str, Any]:
    """A change of the mean exposure with its parts, the largest first, and what they leave."""
    start, end = (_level(cell) for cell in pair)
    parts = sorted(parts, key=lambda part: -abs(part["points"]))
    together = end - start - sum(part["points"] for part in parts)
    return {"before": start, "after": end, "points": end - start, "parts": parts, "together": together}


def _moved_facts(rows: list[tuple[str, Any]], group: str, pair: tuple[Cell, Cell]) -> dict[str, list[str]]:
    """The ids of a group that the answers of the two years rest on, those that both share left out."""
    own = {row.id for table, row in rows if group_of(table, row) == group}
    before, after = (own & {*_effect(cell).facts} for cell in pair)
    return {"before": sorted(before - after), "after": sorted(after - before)}


def _effect(cell: Cell) -> Effect:
    assert isinstance(cell.answer, Effect)
    return cell.answer


def _level(cell: Cell) -> float:
    return float(_effect(cell).client.mean())


def _shares(cell: Cell) -> dict[str, float]:
    """Mean Shapley shares by channel; a total of one channel is all that channel's."""
    physical = _effect(cell).physical
    named = {name.removeprefix("shapley_"): part for name, part in physical.items() if name.startswith("shapley_")}
    return named or {name: _level(cell) for name in cell.counted}


def _year_faults(region: Region, years: tuple[int, ...], channel: str | None) -> list[Fault]:
    faults = []
    last = _last_year(region)
    if not years or any(a >= b for a, b in pairwise(years)) or years[0] < EARLIEST:
        rule = f"years rise, from {EARLIEST} on"
        faults.append(fault("E204", where="--years", found=str(list(years)[:5]), rule=rule, fix="2016,2019,2023"))
    elif years[-1] > last:
        rule = f"the figures of the region end with {last}"
        fix = "ask for earlier years, or for `--channel energy` alone, whose reactors have dated paths"
        faults.append(fault("E611", where="--years", found=str(years[-1]), rule=rule, fix=fix))
    names = [name for name, _ in engines()]
    if channel is not None and channel not in (*names, "total"):
        rule, fix = "a channel is one of those built, or total", f"one of {', '.join([*names, 'total'])}"
        faults.append(fault("E204", where="--channel", found=repr(channel), rule=rule, fix=fix))
    return faults


def _key(change: dict[str, Any]) -> tuple[int, str, str]:
    return change["to"], change["channel"], change["horizon"]


def _moved(change: dict[str, Any]) -> str:
    parts = [f"{part['what']} {part['points']:+.2g}" for part in change["parts"][:3]]
    return "; ".join([f"{change['points']:+.2g} since {change['from']}", *parts])

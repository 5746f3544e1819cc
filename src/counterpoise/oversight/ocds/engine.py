"""From one OCDS value of any form to judged processes: the step that runs over lines, packages and workers alike."""

from __future__ import annotations

import json
import marshal
import math
from array import array
from dataclasses import dataclass, field
from typing import Any

from counterpoise.oversight.ocds._tree import from_record, is_compiled, is_versioned, latest
from counterpoise.oversight.ocds.flags import cardinal
from counterpoise.oversight.ocds.flags.cardinal import Cardinal, Tally
from counterpoise.oversight.ocds.flags.catalogue import catalogue
from counterpoise.oversight.ocds.flags.firms import JUDGES
from counterpoise.oversight.ocds.flags.market import Market, MarketJudge
from counterpoise.oversight.ocds.flags.process import Process
from counterpoise.oversight.ocds.flags.series import Series, SeriesJudge
from counterpoise.oversight.ocds.flags.settings import Settings
from counterpoise.oversight.ocds.parts import Release

# Flags of the guide that compare amounts over processes, in one currency.
MAIN_CURRENCY = frozenset({"R011", "R016", "R017", "R050", "R051", "R052", "R055"})
# A row of a process: its findings, its margin (ratio, winner, runner-up) and what is judged against all others.
Row = tuple[dict[str, float], tuple[float, str, str] | None, dict[str, tuple[str, float]]]


def pack(row: Row) -> bytes:
    return marshal.dumps(row)


def unpack(packed: bytes) -> Row:
    row: Row = marshal.loads(packed)
    return row


@dataclass(slots=True)
class State:
    """What has been read so far: sums, rows of processes with something to tell, and counts; states add in order."""

    tally: Tally = field(default_factory=Tally)
    market: Market = field(default_factory=Market)
    series: Series = field(default_factory=Series)
    rows: list[tuple[str, bytes]] = field(default_factory=list)
    ratios: array[float] = field(default_factory=lambda: array("d"))
    pending: list[tuple[str, bytes]] = field(default_factory=list)
    present: set[str] = field(default_factory=set)
    counts: dict[str, int] = field(default_factory=dict)
    lines: int = 0
    bad_lines: list[tuple[int, str]] = field(default_factory=list)

    def count(self, what: str, number: int = 1) -> None:
        self.counts[what] = self.counts.get(what, 0) + number

    def add(self, other: State) -> None:
        """Add what follows; its rows and pending releases are taken by the store, not kept here."""
        self.tally.add(other.tally)
        self.market.add(other.market)
        self.series.add(other.series)
        self.ratios.extend(other.ratios)
        self.present |= other.present
        for what, number in other.counts.items():
            self.count(what, number)
        self.bad_lines += [(self.lines + line, why) for line, why in other.bad_lines][: 100 - len(self.bad_lines)]
        self.lines += other.lines


class Engine:
    """The flags that are asked for, applied to each value read."""

    def __init__(self, settings: Settings, codes: frozenset[str]) -> None:
        self.codes = codes
        self.settings = settings
        self.cardinal = Cardinal(settings, codes)
        # A judge runs where the parts of a process that it reads are there; planning is what R001 misses.
        self.judges = [
            (code, JUDGES[code], {path.partition("/")[0] for path in catalogue()[code].fields} - {"planning"})
            for code in sorted(codes & set(JUDGES))
        ]
        self.market = MarketJudge(settings, codes)
        self.series = SeriesJudge(settings, codes)
        self.guided = bool(self.judges or self.market.codes or self.series.codes)
        wanted = {path for code in codes for path in (*catalogue()[code].fields, *catalogue()[code].gated)}
        self.paths: dict[str, list[tuple[str, tuple[str, ...], str | None]]] = {}
        for path in sorted(wanted):
            keys, _, value = path.partition("=")
            steps = tuple(keys.split("/"))
            self.paths.setdefault(steps[0], []).append((path, steps[1:], value or None))

    def settled(self, state: State) -> bool:
        """Whether the rest of a file can be read in any order with the same outcome."""
        tally = state.tally.currency is not None or not self.codes & cardinal.PRICED
        market = state.market.currency is not None or not self.codes & MAIN_CURRENCY
        return tally and market

    def fold_value(self, state: State, value: Any) -> None:
        """Read one JSON value: a release, a record, a package of either, or a list of them."""
        if isinstance(value, list):
            for item in value:
                self.fold_value(state, item)
        elif not isinstance(value, dict):
            state.count("not_ocds")
        elif isinstance(value.get("records"), list):
            for item in value["records"]:
                self.fold_value(state, item)
        elif isinstance(value.get("releases"), list) and "ocid" not in value:
            for item in value["releases"]:
                self.fold_value(state, item)
        elif "compiledRelease" in value or "versionedRelease" in value or isinstance(value.get("releases"), list):
            self._fold_record(state, value)
        elif isinstance(value.get("ocid"), str):
            self._fold_release(state, value)
        else:
            state.count("not_ocds")

    def _fold_record(self, state: State, record: Release) -> None:
        release = from_record(record)
        if release is None:
            state.count("records_with_linked_releases_only")
        elif not isinstance(release.get("ocid"), str):
            state.count("not_ocds")
        else:
            self.fold_process(state, release)

    def _fold_release(self, state: State, release: Release) -> None:
        if is_versioned(release):
            self.fold_process(state, latest(release))
        elif is_compiled(release):
            self.fold_process(state, release)
        else:
            state.count("releases_to_merge")
            state.pending.append((release["ocid"], json.dumps(release).encode()))

    def fold_process(self, state: State, release: Release) -> None:
        """Judge one compiled release."""
        # Half a surrogate pair, which JSON lets through, can be neither stored nor printed.
        ocid = release["ocid"].encode("utf-8", "replace").decode()
        state.count("processes")
        if self.cardinal.left_out(release):
            state.count("left_out")
            return
        self._note_fields(state, release)
        found: dict[str, float] = {}
        estimates: dict[str, tuple[str, float]] = {}
        margin = self.cardinal.fold(state.tally, release, found)
        if self.guided:
            process = Process(release)
            for code, judge, parts in self.judges:
                if parts <= release.keys() and (value := judge(process, self.settings)) is not None:
                    found[code] = value
            if self.market.codes:
                self.market.fold(state.market, process, estimates)
            if self.series.codes:
                self.series.fold(state.series, process, state.market.is_main)
        if found or margin or estimates:
            if margin and not math.isnan(margin.ratio):
                state.ratios.append(margin.ratio)
            kept = (margin.ratio, margin.winner, margin.runner_up) if margin else None
            state.rows.append((ocid, pack((found, kept, estimates))))

    def _note_fields(self, state: State, release: Release) -> None:
        for top, paths in self.paths.items():
            if top in release:
                for path, steps, value in paths:
                    if path not in state.present and holds(release[top], steps, value):
                        state.present.add(path)


def holds(value: Any, steps: tuple[str, ...], wanted: str | None) -> bool:
    """Whether a path leads to something, in any member of the lists on its way."""
    if isinstance(value, list):
        return any(holds(item, steps, wanted) for item in value)
    if steps:
        return isinstance(value, dict) and steps[0] in value and holds(value[steps[0]], steps[1:], wanted)
    return value == wanted if wanted is not None else value is not None and value not in ("", {})

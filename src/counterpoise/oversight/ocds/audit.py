"""Procurement: red flags of OCDS releases, records and packages, streamed from files of any size."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from counterpoise._result import Meta
from counterpoise.oversight.files import too_large, unreadable
from counterpoise.oversight.findings import AuditResult, Raised, chosen, inputs, number
from counterpoise.oversight.ocds.engine import Engine, State, unpack
from counterpoise.oversight.ocds.flags import cardinal
from counterpoise.oversight.ocds.flags.catalogue import FLAGS, catalogue
from counterpoise.oversight.ocds.flags.market import Finding
from counterpoise.oversight.ocds.flags.settings import Settings, read_settings
from counterpoise.oversight.ocds.read import Source, read_states
from counterpoise.oversight.ocds.store import Pending, Rows

GROUPS = ("OCID", "Buyer", "ProcuringEntity", "Tenderer")
# Settings without which a flag cannot be computed at all.
NEEDED_SETTINGS = {
    "R002": "threshold",
    "R011": "threshold",
    "R045": "list",
    "R046": "list",
    "R049": "threshold",
    "R055": "threshold",
}


class Findings:
    """What a file raised: one row per process, results per organisation, and the fences that close them."""

    def __init__(self, engine: Engine, rows: Rows, state: State, shown: frozenset[str], gated: frozenset[str]) -> None:
        self.rows, self._gated, self._shown = rows, gated, shown
        ratios = _ordered(state.ratios if not rows.repeated else self._margins())
        self.groups, self.fences, self._margin_fences = engine.cardinal.close(state.tally, ratios)
        market, self._bounds = engine.market.close(state.market)
        self._market: list[Finding] = [*market, *engine.series.close(state.series)]
        for scope, name, code, value in self._market:
            if scope in self.groups and code in shown:
                self.groups[scope].setdefault(name, {})[code] = value
        self.raised: dict[str, int] = {}
        self._close_margins()

    def _margins(self) -> array[float]:
        margins = (unpack(packed)[1] for _, packed in self.rows)
        return array("d", (margin[0] for margin in margins if margin and not math.isnan(margin[0])))

    def _close_margins(self) -> None:
        """Flag the organisations behind the outliers, and count what each code raised."""
        for _, codes, margin in self._processes():
            for code in codes:
                self.raised[code] = self.raised.get(code, 0) + 1
            if margin and "R024" in codes:
                for name in margin[1:]:
                    self.groups["Tenderer"].setdefault(name, {})["R024"] = 0.0
            if margin and "R058" in codes:
                self.groups["Tenderer"].setdefault(margin[1], {})["R058"] = 0.0
        for code in sorted(code for _, _, code, _ in self._organisations()):
            self.raised[code] = self.raised.get(code, 0) + 1

    def _processes(self) -> Iterator[tuple[str, dict[str, float], tuple[float, str, str] | None]]:
        low, high = self._margin_fences.get("R024"), self._margin_fences.get("R058")
        for ocid, packed in self.rows:
            found, margin, estimates = unpack(packed)
            codes = {code: value for code, value in found.items() if code not in self._gated}
            if margin and low is not None and margin[0] <= low:
                codes["R024"] = margin[0]
            if margin and high is not None and margin[0] >= high:
                codes["R058"] = margin[0]
            for code, (kind, value) in estimates.items():
                bounds = self._bounds.get(kind)
                if bounds and not bounds[0] <= math.log(value) <= bounds[1]:
                    # Unit prices carry their class behind the code.
                    codes[code.partition(" ")[0]] = value
            if codes:
                yield ocid, codes, margin

    def _organisations(self) -> Iterator[tuple[str, str, str, float]]:
        for group, entries in self.groups.items():
            for name, codes in entries.items():
                for code, value in codes.items():
                    yield group, name, code, value
        for scope, name, code, value in self._market:
            if scope not in self.groups or code not in self._shown:
                yield scope, name, code, value

    def flags(self) -> Iterator[Raised]:
        for ocid, codes, _ in self._processes():
            for code, value in sorted(codes.items()):
                yield raised("OCID", ocid, code, value)
        for scope, name, code, value in self._organisations():
            yield raised(scope, name, code, value)

    def indicators(self) -> Iterator[tuple[str, Iterator[tuple[str, dict[str, float | None]]]]]:
        """Groups in Cardinal's order; a group in which nothing was found is absent, as in Cardinal."""
        processes = (
            (ocid, kept)
            for ocid, codes, _ in self._processes()
            if (kept := {code: number(value) for code, value in sorted(codes.items()) if code in self._shown})
        )
        if any(code in self._shown for _, codes, _ in self._processes() for code in codes):
            yield "OCID", processes
        for group in GROUPS[1:]:
            if self.groups[group]:
                yield (
                    group,
                    ((name, {k: number(v) for k, v in codes.items()}) for name, codes in self.groups[group].items()),
                )


def _ordered(values: array[float]) -> Sequence[float]:
    """The values in ascending order; many of them without a Python object for each."""
    if len(values) < 100_000:
        return sorted(values)
    import numpy as np

    return array("d", np.sort(np.frombuffer(values, dtype=np.float64)).tobytes())


def raised(scope: str, name: str, code: str, value: float) -> Raised:
    """A flag with its explanation: what it says, the value, the rule that raised it."""
    flag = catalogue()[code]
    figure = f"{value:.6g}" if math.isfinite(value) else "infinite"
    explanation = f"{flag.title}: {figure}. Rule: {flag.formula}."
    return {
        "code": code,
        "scope": scope,
        "id": name,
        "value": number(value),
        "explanation": explanation,
        "reference": flag.reference,
    }


def audit_ocds(
    path: Path,
    *,
    flags: str | None = None,
    settings: Path | None = None,
    fail_on: str | None = None,
    encoding: str | None = None,
    workers: int | None = None,
) -> AuditResult:
    """Judge OCDS data by Cardinal's eleven red flags and those of the guide that its fields allow."""
    told = read_settings(settings) if settings is not None else Settings()
    if flags is None and told.flags:
        codes = frozenset(told.flags)
    else:
        codes = chosen(flags, FLAGS)
    failing = chosen(fail_on, FLAGS, "--fail-on") if fail_on else frozenset()
    engine = Engine(told, codes)
    source = Source(path, encoding)
    total, rows, pending = State(), Rows(), Pending()
    for state in read_whole(engine, source, pending, total, workers):
        rows.add(state.rows)
        state.rows = []
        total.add(state)
    if not total.counts.get("processes") and not total.counts.get("records_with_linked_releases_only"):
        detail = total.bad_lines[0][1] if total.bad_lines else "no release and no record in it"
        raise unreadable(path, f"nothing of OCDS: {detail}", "give releases with an ocid, records, or packages")
    shown = codes if flags not in (None, "all") else codes & frozenset(cardinal.CODES)
    gated = frozenset(code for code in codes if not total.present.issuperset(catalogue()[code].gated))
    findings = Findings(engine, rows, total, shown, gated)
    return AuditResult(
        source=findings,
        not_computable=_not_computable(codes, told, total.present),
        summary=_summary(findings, total, rows, told, source, codes),
        meta=Meta(inputs=inputs(path, settings), cites=tuple(sorted({catalogue()[code].reference for code in codes}))),
        fail_on=any(code in failing for code in findings.raised),
    )


def read_whole(engine: Engine, source: Source, pending: Pending, total: State, workers: int | None) -> Iterator[State]:
    """The states of the file, then one with the processes whose releases had to be merged."""
    for state in read_states(engine, source, workers=workers):
        pending.add(state.pending)
        state.pending = []
        yield state
    merged = State()
    merged.tally.currency, merged.market.currency = total.tally.currency, total.market.currency
    try:
        for release in pending.merged():
            merged.count("merged")
            engine.fold_process(merged, release)
    except RecursionError:
        raise too_large(source.path, "nested too deep") from None
    yield merged


def _not_computable(codes: frozenset[str], told: Settings, present: set[str]) -> list[dict[str, Any]]:
    out = []
    for code in sorted(codes):
        missing = [name for name in (*catalogue()[code].fields, *catalogue()[code].gated) if name not in present]
        key = NEEDED_SETTINGS.get(code)
        if key and told.get(code, key) is None:
            missing.append(f"setting [{code}] {key}")
        if missing:
            out.append({"code": code, "missing": list(dict.fromkeys(missing))})
    return out


def _summary(
    findings: Findings, total: State, rows: Rows, told: Settings, source: Source, codes: frozenset[str]
) -> dict[str, Any]:
    warnings = [*source.warnings, *told.warnings]
    warnings += [f"line {line} skipped: {why}" for line, why in total.bad_lines[:20]]
    if total.counts.get("lines_skipped", 0) > 20:
        warnings.append(f"{total.counts['lines_skipped']} lines skipped in all")
    if linked := total.counts.get("records_with_linked_releases_only"):
        warnings.append(f"{linked} records only link to their releases: give the releases or a compiled release")
    if rows.repeated:
        warnings.append(f"{rows.repeated} processes stand on several lines: their findings are joined")
    return {
        "standard": "ocds",
        "processes": total.counts.get("processes", 0),
        "left_out": total.counts.get("left_out", 0),
        "merged": total.counts.get("merged", 0),
        "not_ocds": total.counts.get("not_ocds", 0),
        "lines_skipped": total.counts.get("lines_skipped", 0),
        "flags": sum(findings.raised.values()),
        "raised": {code: findings.raised[code] for code in sorted(findings.raised)},
        "computed": sorted(codes),
        "currency": total.tally.currency or total.market.currency,
        "fences": {
            code: kept
            for code, fences in sorted(findings.fences.items())
            if (kept := {name: round(value, 4) for name, value in fences.items() if math.isfinite(value)})
        },
        "cannot_see": {code: catalogue()[code].blind for code in sorted(findings.raised)},
        "encoding": source.encoding,
        "warnings": warnings,
    }

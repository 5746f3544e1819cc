"""`inspect`: from a file of handlers and a budget to rates of audits, who is deterred, and the expected leakage."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from counterpoise._errors import Fault, InputError, fault
from counterpoise._result import Meta, Result, hash_file
from counterpoise.oversight.inspection.game import Handlers, Plan, announced, unannounced, uniform
from counterpoise.oversight.inspection.leakage import draws, judgement
from counterpoise.region._files import read_rows, read_text, suggest

COLUMNS = ("id", "stake", "cost")
OPTIONAL = ("name", "penalty", "detection", "recovery")
SHARES = frozenset({"detection", "recovery"})
MOST = 2000
DRAWS = 200
Array = NDArray[np.float64]


@dataclass(frozen=True)
class InspectionResult(Result):
    """Rates of audits within a budget, beside the same budget spread evenly and beside no audit at all."""

    ids: tuple[str, ...]
    handlers: Handlers
    budget: float
    told: bool
    plan: Plan
    even: Plan
    band: dict[str, float] | None
    assumed: dict[str, list[str]]
    meta: Meta

    def body(self) -> dict[str, Any]:
        return {
            "budget": self.budget,
            "announced": self.told,
            "spent": self.plan.spent,
            "expected_leakage": self.plan.total,
            "expected_leakage_band": self.band,
            "without_audits": float(self.handlers.stake.sum()),
            "at_one_rate_for_all": self.even.total,
            "beyond_deterrence": self.beyond,
            "budget_that_deters_all_it_can": self.enough,
            "deterred": [name for name, chance in zip(self.ids, self.plan.divert, strict=True) if chance == 0],
            "rates": self.table(),
            "assumed": {
                name: {
                    "handlers": who,
                    **{key: judgement()[f"{name}"][key] for key in ("low", "mode", "high", "reason")},
                }
                for name, who in self.assumed.items()
            },
        }

    @property
    def beyond(self) -> list[dict[str, Any]]:
        """Handlers whom no rate of audits deters, and what would: a penalty, or a chance that an audit finds it."""
        group = self.handlers
        return [
            {
                "id": name,
                "penalty": float(group.penalty[k]),
                "penalty_needed": float(group.stake[k] * (1 / group.detection[k] - 1)),
                "detection": float(group.detection[k]),
                "detection_needed": float(group.stake[k] / (group.stake[k] + group.penalty[k])),
            }
            for k, name in enumerate(self.ids)
            if group.deterring_rate[k] > 1
        ]

    @property
    def enough(self) -> float:
        """The budget that audits everyone who can be deterred at the rate that deters."""
        need = self.handlers.deterring_rate
        return float((self.handlers.cost * need)[need <= 1].sum())

    def said(self) -> list[str]:
        """The plan in sentences: what leaks, who cannot be deterred and what would, what more money would do."""
        count, able = len(self.ids), len(self.ids) - len(self.beyond)
        lines = [
            f"Expected leakage {self.plan.total:,.0f} of {float(self.handlers.stake.sum()):,.0f} at stake; "
            f"{self.even.total:,.0f} at one rate for all."
        ]
        if self.beyond:
            who = "any of them" if not able else f"{count - able} of {count} handlers"
            one = max(self.beyond, key=lambda row: row["detection_needed"])
            lines.append(
                f"No rate of audits deters {who}: even a certain audit leaves diverting worth its risk. "
                f"What would, for {one['id']}: a penalty of {one['penalty_needed']:,.0f} "
                f"(now {one['penalty']:,.0f}), or audits that find {100 * one['detection_needed']:.0f} per cent "
                f"of diversions (now {100 * one['detection']:.0f})."
            )
        if able and self.enough > self.budget * (1 + 1e-9):
            whom = "all" if able == count else f"the {able} who can be"
            lines.append(f"A budget of {self.enough:,.0f} would deter {whom}.")
        for name, who_blank in self.assumed.items():
            noun = "handler" if len(who_blank) == 1 else "handlers"
            kept = judgement()[name]
            lines.append(
                f"Assumed (judgement) for {len(who_blank)} {noun}: {name.replace('_', ' ')} {kept['mode']:g} "
                f"({kept['low']:g} to {kept['high']:g})."
            )
        return lines

    def table(self) -> list[dict[str, Any]]:
        """One row per handler: rate, the rate that deters, chance to divert, expected leakage."""
        need = self.handlers.deterring_rate
        return [
            {
                "id": name,
                "rate": float(self.plan.rate[k]),
                "deterring_rate": float(need[k]) if need[k] <= 1 else None,
                "diverts": float(self.plan.divert[k]),
                "leakage": float(self.plan.leakage[k]),
                "stake": float(self.handlers.stake[k]),
                "cost": float(self.handlers.cost[k]),
            }
            for k, name in enumerate(self.ids)
        ]


def plan_inspections(
    path: Path, *, budget: float | None = None, announce: bool = True, seed: int = 0
) -> InspectionResult:
    """How often to audit whom within a budget, who is deterred, and how much is expected to leak.

    The file is CSV (`id,stake,cost` and, if known, `penalty,detection,recovery`; stake, cost and penalty in one
    currency) or TOML (`budget`, and a `[[handler]]` for each). What is blank is taken from the table of judgement: the
    plan uses the mode, and the leakage of that plan is given over the ranges. Raises `InputError`: `E850` the file,
    `E851` no budget; `SolveError` `E852`.
    """
    rows, told = _read(path)
    budget = told if budget is None else budget
    if budget is None or not np.isfinite(budget) or budget < 0:
        rule, fix = (
            "a plan needs what may be spent on audits, zero or more",
            "say --budget, or budget = ... in the TOML",
        )
        raise InputError([fault("E851", where=str(path), found=repr(budget), rule=rule, fix=fix)])
    ids = tuple(str(row["id"]) for row in rows)
    assumed = {
        name: who
        for name, key in (("penalty_ratio", "penalty"), ("detection", "detection"), ("recovery", "recovery"))
        if (who := [str(row["id"]) for row in rows if row.get(key) is None])
    }
    handlers = _handlers(rows, {name: row["mode"] for name, row in judgement().items()})
    solve = announced if announce else unannounced
    plan = solve(handlers, budget)
    band = _band(rows, plan, seed) if assumed else None
    meta = Meta(seed=seed, inputs={str(path): hash_file(path)}, cites=("avenhaus2002",))
    return InspectionResult(
        ids, handlers, float(budget), announce, plan, uniform(handlers, budget), band, assumed, meta
    )


def _handlers(rows: list[dict[str, Any]], assumed: dict[str, float]) -> Handlers:
    def column(name: str, blank: Any) -> Array:
        return np.array([blank(row) if row.get(name) is None else row[name] for row in rows], dtype=float)

    return Handlers(
        stake=column("stake", None),
        penalty=column("penalty", lambda row: row["stake"] * assumed["penalty_ratio"]),
        detection=column("detection", lambda row: assumed["detection"]),
        recovery=column("recovery", lambda row: assumed["recovery"]),
        cost=column("cost", None),
    )


def _band(rows: list[dict[str, Any]], plan: Plan, seed: int) -> dict[str, float]:
    """The leakage of the plan as it stands, were the blanks other than their modes."""
    drawn = draws(seed, DRAWS)
    totals = []
    for k in range(DRAWS):
        handlers = _handlers(rows, {name: float(values[k]) for name, values in drawn.items()})
        divert = np.where(plan.rate >= handlers.deterring_rate, np.minimum(plan.divert, 1.0), 1.0)
        lost = divert * handlers.stake * (1 - handlers.detection * plan.rate * handlers.recovery)
        totals.append(float(lost.sum()))
    low, middle, high = np.quantile(totals, [0.05, 0.5, 0.95])
    return {"p05": float(low), "p50": float(middle), "p95": float(high)}


def _read(path: Path) -> tuple[list[dict[str, Any]], float | None]:
    faults: list[Fault] = []
    told: Any = None
    if path.suffix.lower() == ".toml":
        try:
            tree = tomllib.loads(read_text(path, max_bytes=4 << 20))
        except tomllib.TOMLDecodeError as error:
            raise InputError([_bad(str(path), str(error), "mend the line")]) from None
        told, given = tree.pop("budget", None), tree.pop("handler", [])
        if told is not None and (isinstance(told, bool) or not isinstance(told, (int, float))):
            faults.append(_bad(f"{path}: budget", repr(told)[:60], "give a number"))
        for key in tree:
            faults.append(_bad(f"{path}: {key}", "unknown key", suggest(key, ["budget", "handler"]) or "drop it"))
        entries = given if isinstance(given, list) else []
        lines = [
            (f"{path}: handler {k}", entry if isinstance(entry, dict) else {}) for k, entry in enumerate(entries, 1)
        ]
    else:
        found = read_rows(path, required=COLUMNS, optional=OPTIONAL)
        lines = [(f"{path}:{line.number}", {k: v for k, v in line.cells.items() if v}) for line in found]
    rows = [_row(cells, where, faults) for where, cells in lines]
    names = [row["id"] for row in rows]
    for name in sorted({name for name in names if names.count(name) > 1} if len(names) <= MOST else set()):
        faults.append(_bad(str(path), f"handler {name!r} twice", "give each handler an id of its own"))
    if not rows or len(rows) > MOST:
        faults.append(_bad(str(path), f"{len(rows)} handlers", f"give 1 to {MOST}"))
    if faults:
        raise InputError(faults)
    return rows, None if told is None else float(told)


def _row(cells: dict[str, Any], where: str, faults: list[Fault]) -> dict[str, Any]:
    row: dict[str, Any] = {"id": str(cells.get("id", ""))}
    for key in cells:
        if key not in (*COLUMNS, *OPTIONAL):
            faults.append(_bad(where, f"unknown key {key!r}", suggest(key, [*COLUMNS, *OPTIONAL]) or "drop it"))
    for key in COLUMNS:
        if key not in cells:
            faults.append(_bad(where, f"no {key}", f"a handler has {', '.join(COLUMNS)}"))
    for key in ("stake", "cost", "penalty", "detection", "recovery"):
        if key not in cells:
            continue
        try:
            row[key] = float(cells[key])
        except (TypeError, ValueError):
            row[key] = float("nan")
        least = 1e-9 if key in {"stake", "cost", "detection"} else 0.0
        if not (least <= row[key] <= (1.0 if key in SHARES else 1e15)):
            bound = "between 0 and 1" if key in SHARES else "a positive number"
            faults.append(_bad(where, f"{key} {cells[key]!r}", f"{key} is {bound}; leave unknown cells blank"))
    return row


def _bad(where: str, found: str, fix: str) -> Fault:
    rule = "a file of handlers has id, stake and cost of an audit, and penalty, detection, recovery where known"
    return fault("E850", where=where, found=found, rule=rule, fix=fix)

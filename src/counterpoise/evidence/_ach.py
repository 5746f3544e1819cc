"""Analysis of competing hypotheses: which explanation the evidence contradicts least, and which evidence decides it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from counterpoise._errors import Fault, InputError, fault
from counterpoise._result import Meta, Result, hash_file

# How strongly a piece of evidence speaks against a hypothesis; what is consistent with it proves nothing and counts 0.
MARKS = {"CC": 0.0, "C": 0.0, "N": 0.0, "NA": 0.0, "": 0.0, "I": 1.0, "II": 2.0}
# Weight of an Admiralty grade: judgement, not measurement. A1 is 1; what cannot be judged (F, 6) counts half.
RELIABILITY = {"A": 1.0, "B": 0.8, "C": 0.6, "D": 0.4, "E": 0.2, "F": 0.5}
CREDIBILITY = {"1": 1.0, "2": 0.8, "3": 0.6, "4": 0.4, "5": 0.2, "6": 0.5}
OWN = ("evidence", "statement", "reliability", "credibility", "weight")
MOST_HYPOTHESES = 40
LIMITS = (
    "Only inconsistency counts: evidence that fits every hypothesis, however much of it, moves nothing.",
    "The marks are a person's; the method does not check them, and trials found little gain in accuracy.",
    "Evidence is added up as if independent: one event told five times counts five times.",
    "A hypothesis that is not in the table cannot win, and a vague one is hard to contradict.",
    "Weights of grades are judgement; see whether the order without weights is the same.",
)


@dataclass(frozen=True, slots=True)
class HypothesesResult(Result):
    """Hypotheses from least to most contradicted, the evidence that tells them apart, and how firm the order is."""

    hypotheses: list[dict[str, Any]]
    evidence: list[dict[str, Any]]
    sensitivity: list[dict[str, Any]]
    firm: bool
    meta: Meta = field(default_factory=Meta)

    def body(self) -> dict[str, Any]:
        return {
            "hypotheses": self.hypotheses, "evidence": self.evidence, "sensitivity": self.sensitivity,
            "firm": self.firm, "limits": list(LIMITS),
        }  # fmt: skip

    def table(self) -> list[dict[str, Any]]:
        return self.hypotheses


def compare_hypotheses(path: str | Path, *, region: Any = None) -> HypothesesResult:
    """Rank the hypotheses of a table by the weighted evidence against them (Heuer 1999, key `heuer1999`).

    The table has one row a piece of evidence: `evidence` (an id or words), optionally `statement`, `reliability` (A-F),
    `credibility` (1-6) or `weight` (0 to 1), and one column a hypothesis with CC, C, N, I, II, NA or blank. An opened
    `region` fills the grades of evidence that is named by the id of one of its rows. Score: the sum of weight times 1
    for I and 2 for II. `sensitivity` leaves out each piece of evidence in turn; `firm` says that no single one changes
    the first place. Raises `E813` with every fault of the table.
    """
    place = Path(path)
    names, rows = _read(place)
    grades = _grades(region) if region is not None else {}
    weights = [_weight(row, grades) for row in rows]
    marks = [[MARKS[row[name].upper()] for name in names] for row in rows]
    scores = _scores(marks, weights, len(names))
    plain = _scores(marks, [1.0] * len(rows), len(names))
    ranks, bare = _ranks(scores), _ranks(plain)
    hypotheses = [
        {
            "hypothesis": name, "rank": ranks[place], "against": _tidy(scores[place]), "rank_unweighted": bare[place],
            "against_unweighted": _tidy(plain[place]), "inconsistent": sum(row[place] > 0 for row in marks),
            "consistent": sum(row[name].upper() in {"C", "CC"} for row in rows),
        }
        for place, name in enumerate(names)
    ]  # fmt: skip
    evidence = [
        {
            "evidence": row["evidence"], "weight": weight, "marks": {name: row[name].upper() or "NA" for name in names},
            "diagnostic": _tidy(weight * (max(line) - min(line))),
        }
        for row, weight, line in zip(rows, weights, marks, strict=True)
    ]  # fmt: skip
    first = _leaders(names, scores)
    sensitivity = []
    for left_out in range(len(rows)):
        kept = [number for number in range(len(rows)) if number != left_out]
        other = _scores([marks[number] for number in kept], [weights[number] for number in kept], len(names))
        now = _leaders(names, other)
        sensitivity.append({"without": rows[left_out]["evidence"], "first": now, "changes_first": now != first})
    day = region.as_of.isoformat() if region is not None and region.as_of else None
    return HypothesesResult(
        sorted(hypotheses, key=lambda item: (item["rank"], item["hypothesis"])),
        sorted(evidence, key=lambda item: -item["diagnostic"]),
        sensitivity,
        not any(item["changes_first"] for item in sensitivity),
        Meta(as_of=day, inputs={str(path): hash_file(place)}, cites=("heuer1999",)),
    )


def _read(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    """The hypotheses and the rows of a table, every fault at once."""
    import csv
    import io

    from counterpoise.region._files import read_text

    reader = csv.DictReader(io.StringIO(read_text(path, max_bytes=4 << 20)))
    header = [name.strip() for name in reader.fieldnames or []]
    names = [name for name in header if name not in OWN]
    faults: list[Fault] = []
    if "evidence" not in header or not 2 <= len(names) <= MOST_HYPOTHESES or len(set(header)) != len(header):
        rule = f"a table has a column `evidence` and 2 to {MOST_HYPOTHESES} further columns, one a hypothesis"
        raise InputError([_fault(f"{path}:1", f"columns {', '.join(header)[:120]}", rule)])
    rows: list[dict[str, str]] = []
    try:
        for number, raw in enumerate(reader, start=2):
            row = {name.strip(): (raw[name] or "").strip() for name in reader.fieldnames or []}
            faults += _row_faults(f"{path}:{number}", row, names, ragged=None in raw)
            rows.append(row)
    except csv.Error as error:
        faults.append(_fault(f"{path}:{reader.line_num}", str(error), "the file is CSV"))
    if not rows and not faults:
        faults.append(_fault(str(path), "no evidence", "a table has at least one row"))
    if faults:
        raise InputError(faults[:50])
    return names, rows


def _row_faults(where: str, row: dict[str, str], names: Sequence[str], *, ragged: bool) -> list[Fault]:
    found = [
        _fault(where, f"{name} = {row[name]!r}", "a mark is CC, C, N, I, II, NA or blank")
        for name in names
        if row[name].upper() not in MARKS
    ]
    if ragged:
        found.append(_fault(where, "more cells than columns", "each row has one cell for each column"))
    if not row["evidence"]:
        found.append(_fault(where, "no evidence named", "the column `evidence` names an id or says what it is"))
    if row.get("reliability") and row["reliability"].upper() not in RELIABILITY:
        found.append(_fault(where, f"reliability = {row['reliability']!r}", "a reliability is a letter from A to F"))
    if row.get("credibility") and row["credibility"] not in CREDIBILITY:
        found.append(_fault(where, f"credibility = {row['credibility']!r}", "a credibility is a number from 1 to 6"))
    if row.get("weight"):
        try:
            fits = 0 <= float(row["weight"]) <= 1
        except ValueError:
            fits = False
        if not fits:
            found.append(_fault(where, f"weight = {row['weight']!r}", "a weight is a number from 0 to 1"))
    return found


def _grades(region: Any) -> dict[str, tuple[str, str]]:
    """Row id -> reliability of its source and its own credibility."""
    reliability = {row.id: row.reliability for row in region.rows("sources")}
    return {
        row.id: (reliability.get(row.source, "F"), str(row.credibility))
        for table in ("facts", "events", "projects", "commitments")
        for row in region.rows(table)
    }


def _weight(row: dict[str, str], grades: dict[str, tuple[str, str]]) -> float:
    """The weight of a piece of evidence: its own, else that of its grades, else 1."""
    if row.get("weight"):
        return float(row["weight"])
    known = grades.get(row["evidence"], ("", ""))
    reliability = RELIABILITY.get((row.get("reliability") or known[0]).upper(), 1.0)
    return _tidy(reliability * CREDIBILITY.get(row.get("credibility") or known[1], 1.0))


def _scores(marks: Sequence[Sequence[float]], weights: Sequence[float], count: int) -> list[float]:
    return [sum(weight * row[place] for row, weight in zip(marks, weights, strict=True)) for place in range(count)]


def _ranks(scores: Sequence[float]) -> list[int]:
    """Place of each score, the lowest first; equal scores share a place."""
    return [1 + sum(other < score - 1e-9 for other in scores) for score in scores]


def _leaders(names: Sequence[str], scores: Sequence[float]) -> list[str]:
    return [name for name, rank in zip(names, _ranks(scores), strict=True) if rank == 1]


def _tidy(value: float) -> float:
    return float(f"{value:.6g}")


def _fault(where: str, found: str, rule: str) -> Fault:
    return fault("E813", where=where, found=found, rule=rule, fix="correct the table; see docs/engines/evidence.md")

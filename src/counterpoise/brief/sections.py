"""Two sections that stand in a brief only when their numbers do: what happens next, and how wrong this has been."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from counterpoise.brief.charts import Chart, calibration_charts, fan_charts


@dataclass(frozen=True, slots=True)
class Outlook:
    """Ensembles of futures as rows of quantiles, by client, scenario and quarter (`2027-Q1`).

    `rows` hold `client`, `scenario`, `quarter`, `p05`, `p50`, `p95` and, where known, `p25` and `p75`, of `measure` in
    `unit`; `members` counts the futures of each scenario. `titles` are the words for scenarios, `source` the source
    line, `notes` what a reader must know of the play, one sentence each.
    """

    rows: Sequence[dict[str, Any]]
    measure: str
    unit: str
    members: int
    source: str
    titles: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def body(self) -> dict[str, Any]:
        return {
            "rows": [dict(row) for row in self.rows],
            "measure": self.measure,
            "unit": self.unit,
            "members": self.members,
            "notes": list(self.notes),
        }

    def charts(self, names: dict[str, str]) -> list[Chart]:
        return fan_charts(
            self.rows,
            names=names,
            measure=self.measure,
            unit=self.unit,
            members=self.members,
            source=self.source,
            titles=self.titles,
        )


@dataclass(frozen=True, slots=True)
class Record:
    """How forecasts fared on years that they had not seen.

    `coverage` holds `target`, `horizon` (years), `nominal` and `measured` (shares in [0, 1]), `n`, and where known
    `low` and `high` of the measured share. `skill` holds `target`, `against` (a baseline), `horizon`, `crps_skill` and
    its `low` and `high` (fractions; above 0 is better than the baseline). `names` are the words for targets and
    baselines; `sentence` says in words what the record shows.
    """

    coverage: Sequence[dict[str, Any]]
    skill: Sequence[dict[str, Any]]
    source: str
    sentence: str
    names: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def body(self) -> dict[str, Any]:
        return {
            "coverage": [dict(row) for row in self.coverage],
            "skill": [dict(row) for row in self.skill],
            "sentence": self.sentence,
            "notes": list(self.notes),
        }

    def charts(self) -> list[Chart]:
        return calibration_charts(self.coverage, source=self.source, names=self.names)

    def skill_table(self) -> list[dict[str, Any]]:
        """Skill rows in words: better or worse than the baseline, or not to be told apart from it."""
        said = []
        for row in self.skill:
            words = "better" if row["low"] > 0 else "worse" if row["high"] < 0 else "no sure difference"
            target, against = (self.names.get(row[key], row[key].replace("_", " ")) for key in ("target", "against"))
            said.append({**row, "target": target, "against": against, "words": words})
        return said

"""The result of a play: quantiles by client and quarter, chances of events by year, who holds what, differences."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from counterpoise._result import Meta, Result
from counterpoise.play._costs import KINDS, year_ends
from counterpoise.play._ground import SCALES
from counterpoise.play._record import Record

QUANTILES = {"p05": 0.05, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p95": 0.95}
EVENTS = ("attacked", "attacked without help", "war or land lost", "turn reversed", "leader out")
MIXTURE = (
    "Effects of moves are drawn from a mixture: in half of the members, or as `play:phi_zero` says, exposures do not "
    "move alignment at all. Fitted coefficients are associations, not causes."
)
# Words for the terminal where the name of an event could be misread.
WORDS = {"attacked": "attacked, small clashes included"}
NO_SKILL = "exposures add no measured skill"


@dataclass
class PlayResult(Result):
    """Futures of a region under a scenario, as quantiles and chances over members, read from `record`."""

    run: str
    scenario: str
    against: str | None
    clients: tuple[str, ...]
    patrons: tuple[str, ...]
    labels: tuple[str, ...]
    record: Record
    titles: dict[str, str] = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    answers: list[dict[str, Any]] = field(default_factory=list)
    folder: str | None = None
    meta: Meta = field(default_factory=Meta)

    @property
    def members(self) -> int:
        return self.record.members

    def body(self) -> dict[str, Any]:
        body: dict[str, Any] = {
            "run": self.run,
            "scenario": self.scenario,
            "against": self.against,
            "titles": self.titles,
            "members": self.members,
            "quarters": list(self.labels),
            "quantiles": self.quantiles(),
            "probabilities": self.probabilities(),
            "held": self.held(),
            "losses": self.losses(),
            "costs": self.costs(),
            "edge": self.edge(),
        }
        if self.against is not None:
            body["differences"] = self.differences()
        if self.answers:
            body["answers"] = self.answers
        return body | {"parameters": self.parameters, "notes": list(self.notes)}

    def quantiles(self, *, against: bool = False) -> list[dict[str, Any]]:
        """Position of each client on each scale by quarter, the start included."""
        rows = []
        for scale in SCALES:
            found = self._tally(f"position/{scale}", against).quantiles(*QUANTILES.values())
            for c, client in enumerate(self.clients):
                for t, quarter in enumerate(self.labels):
                    values = dict(zip(QUANTILES, _rounded(found[:, t, c]), strict=True))
                    rows.append({"client": client, "scale": scale, "quarter": quarter, **values})
        return rows

    def probabilities(self, *, against: bool = False) -> list[dict[str, Any]]:
        """The chance that each event has happened by the end of each year, with the error of the simulation.

        `low` and `high` are the 95 per cent Wilson interval of so many members (key `wilson1927`); what is not known of
        the parameters is inside `p`.
        """
        rows = []
        ends = [(t, quarter[:4]) for t, quarter in enumerate(self.labels[1:]) if quarter.endswith("Q4")]
        prefix = "against/" if against else ""
        for c, client in enumerate(self.clients):
            for event in EVENTS:
                counts = self.record.counts[f"{prefix}by/{event}"][:, c]
                if event in ("turn reversed", "leader out") and not counts.any():
                    continue
                rows += [{"client": client, "event": event, "by": by, **self._chance(counts[t])} for t, by in ends]
            for p, patron in enumerate(self.patrons):
                counts = self.record.counts[f"{prefix}by/coerced"][:, c, p]
                event = f"coerced by {patron}"
                rows += [{"client": client, "event": event, "by": by, **self._chance(counts[t])} for t, by in ends]
        return rows

    def held(self, *, against: bool = False) -> list[dict[str, Any]]:
        """Who holds what: gains from what a patron has delivered or promised, and what it could still withdraw."""
        rows = []
        tallies = {name: self._tally(name, against) for name in ("gain", "exposure")}
        found = {name: tally.quantiles(0.05, 0.5, 0.95) for name, tally in tallies.items()}
        for t, quarter in enumerate(self.labels[1:]):
            if not quarter.endswith("Q4"):
                continue
            for c, client in enumerate(self.clients):
                for p, patron in enumerate(self.patrons):
                    row: dict[str, Any] = {"client": client, "patron": patron, "quarter": quarter}
                    for name, values in found.items():
                        three = dict(zip(("p05", "p50", "p95"), _rounded(values[:, t, c, p]), strict=True))
                        row[name] = three | {"mean": _rounded(tallies[name].mean[t, c, p])}
                    rows.append(row | {"unit": "% GDP a year"})
        return rows

    def losses(self, *, against: bool = False) -> list[dict[str, Any]]:
        """Mean and 95th percentile of yearly losses by year's end: punishments, scripted sticks, attacks and shocks."""
        rows = []
        prefix = "against/" if against else ""
        for name, label in (("acts", "punishment"), ("withheld", "scripted withdrawal"), ("loss", "attack and shock")):
            tally = self.record.tallies[prefix + name]
            mean, high = tally.mean, tally.quantiles(0.95)[0]
            for t, quarter in enumerate(self.labels[1:]):
                if not quarter.endswith("Q4"):
                    continue
                for c, client in enumerate(self.clients):
                    given: list[tuple[str | None, Any, Any]] = (
                        [(None, mean[t, c], high[t, c])] if name == "loss" else []
                    )
                    if name != "loss":
                        given = [(p, mean[t, c, k], high[t, c, k]) for k, p in enumerate(self.patrons)]
                    rows += [
                        {"client": client, "patron": patron, "kind": label, "quarter": quarter}
                        | {"mean": _rounded(average), "p95": _rounded(upper), "unit": "% GDP a year"}
                        for patron, average, upper in given
                        if average > 0
                    ]
        return rows

    def costs(self) -> list[dict[str, Any]]:
        """What each patron has paid by each year's end: for promises honoured, and for moves; USD bn."""
        ends = [self.labels[t] for t in year_ends(self.labels)]
        rows = []
        for scenario, prefix in ((self.scenario, ""), *(((self.against, "against/"),) if self.against else ())):
            for kind in KINDS:
                tally = self.record.tallies.get(f"{prefix}cost/{kind}")
                if tally is None:
                    continue
                mean, (low, middle, high) = tally.mean, tally.quantiles(0.05, 0.5, 0.95)
                for t, c, p in zip(*np.nonzero(mean), strict=True):
                    ranges = {"p05": low[t, c, p], "p50": middle[t, c, p], "p95": high[t, c, p], "mean": mean[t, c, p]}
                    head = {"scenario": scenario, "client": self.clients[c], "patron": self.patrons[p], "kind": kind}
                    values = {name: _rounded(value) for name, value in ranges.items()}
                    rows.append(head | {"quarter": ends[t]} | values | {"unit": "USD bn"})
        return rows

    def differences(self) -> list[dict[str, Any]]:
        """What the scenario changes against the other, member by member on common random numbers."""
        rows = []
        for scale in SCALES:
            tally = self.record.tallies[f"difference/position/{scale}"]
            rows += self._differences(tally, 0, {"scale": scale})
        rows += self._differences(self.record.tallies["difference/net"], 1, {"quantity": "net gain, % GDP a year"})
        rows += self._costs_apart()
        for c, client in enumerate(self.clients):
            for event in EVENTS:
                ours = self.record.counts[f"only/{event}"][-1, c]
                theirs = self.record.counts[f"only against/{event}"][-1, c]
                change = (ours - theirs) / self.members
                error = np.sqrt(max(ours + theirs - (ours - theirs) ** 2 / self.members, 0.0)) / self.members
                row = {"client": client, "quarter": self.labels[-1], "event": event, "change": _rounded(change)}
                rows.append(row | {"low": _rounded(change - 1.96 * error), "high": _rounded(change + 1.96 * error)})
        return rows

    def _costs_apart(self) -> list[dict[str, Any]]:
        """What the scenario costs each patron more than the other by the last quarter, USD bn."""
        tally = self.record.tallies.get("difference/cost")
        if tally is None:
            return []
        found, mean = tally.quantiles(*QUANTILES.values())[:, -1], tally.mean[-1]
        error = np.sqrt(np.maximum(tally.squares[-1] / self.members - mean**2, 0.0) / self.members) * 1.96
        rows = []
        for c, p in zip(*np.nonzero(tally.squares[-1]), strict=True):
            head = {"client": self.clients[c], "patron": self.patrons[p], "quarter": self.labels[-1]}
            values = dict(zip(QUANTILES, _rounded(found[:, c, p]), strict=True)) | {"mean": _rounded(mean[c, p])}
            ends = {"low": _rounded(mean[c, p] - error[c, p]), "high": _rounded(mean[c, p] + error[c, p])}
            rows.append(head | {"quantity": "cost to the patron, USD bn"} | values | ends)
        return rows

    def _differences(self, tally: Any, offset: int, name: dict[str, str]) -> list[dict[str, Any]]:
        found, mean = tally.quantiles(*QUANTILES.values()), tally.mean
        deviation = np.sqrt(np.maximum(tally.squares / self.members - mean**2, 0.0))
        rows = []
        for t, quarter in enumerate(self.labels[offset:]):
            if not quarter.endswith("Q4") and t + offset + 1 < len(self.labels):
                continue
            for c, client in enumerate(self.clients):
                values = dict(zip(QUANTILES, _rounded(found[:, t, c]), strict=True))
                error = 1.96 * deviation[t, c] / np.sqrt(self.members)
                row = {"client": client, "quarter": quarter, **name, **values, "mean": _rounded(mean[t, c])}
                rows.append(row | {"low": _rounded(mean[t, c] - error), "high": _rounded(mean[t, c] + error)})
        return rows

    def edge(self) -> dict[str, float]:
        """The largest share of members in an edge cell of each scale in any quarter: there the walk is not free."""
        counts = self.record.counts["edge"]
        return {scale: _rounded(counts[..., k].max() / self.members) for k, scale in enumerate(SCALES)}

    def table(self) -> list[dict[str, Any]]:
        """The last quarter of each year in five and the chances by then, for the terminal."""
        ends = [q for q in self.labels if q.endswith("Q4") and int(q[:4]) % 5 == 0] or [self.labels[-1]]
        rows: list[dict[str, Any]] = [
            {
                "client": row["client"],
                "what": f"{row['scale']} position",
                "by": row["quarter"],
                "median": row["p50"],
                "5 to 95 per cent": f"{row['p05']:.2f} to {row['p95']:.2f}",
            }
            for row in self.quantiles()
            if row["quarter"] in (self.labels[0], *ends)
        ]
        rows += [
            {
                "client": row["client"],
                "what": f"chance: {WORDS.get(row['event'], row['event'])}",
                "by": row["by"],
                "median": row["p"],
                "5 to 95 per cent": f"error of simulation {row['low']:.3f} to {row['high']:.3f}",
            }
            for row in self.probabilities()
            if row["by"] in {q[:4] for q in ends}
        ]
        return [*rows, *(self._changed() if self.against is not None else [])]

    def _changed(self) -> list[dict[str, Any]]:
        """What the scenario changes by the last quarter against the other, for the terminal."""
        rows = []
        for row in self.differences():
            if row["quarter"] != self.labels[-1]:
                continue
            what = row.get("event") or row.get("quantity") or f"{row['scale']} position"
            what = f"{what} ({row['patron']})" if "patron" in row else what
            low, middle, high = (
                row[key] for key in (("low", "change", "high") if "event" in row else ("p05", "p50", "p95"))
            )
            rows.append(
                {
                    "client": row["client"],
                    "what": f"against {self.against}: {what}",
                    "by": row["quarter"],
                    "median": middle,
                    "5 to 95 per cent": f"{low:.3g} to {high:.3g}",
                }
            )
        return rows

    def plot(self, kind: str = "fan") -> Any:
        """A chart: `fan` of positions, `held` who holds what, `events` a raster of chances (extra `charts`)."""
        from counterpoise.play._plot import plot_play

        return plot_play(self, kind)

    def _tally(self, name: str, against: bool) -> Any:
        return self.record.tallies[f"against/{name}" if against else name]

    def _chance(self, count: int) -> dict[str, float]:
        low, high = wilson(int(count), self.members)
        return {"p": _rounded(count / self.members), "low": _rounded(low), "high": _rounded(high)}


def wilson(count: int, size: int, z: float = 1.959963984540054) -> tuple[float, float]:
    """The score interval of a share (key `wilson1927`).

    >>> [round(end, 4) for end in wilson(0, 10)]
    [0.0, 0.2775]
    """
    share, scale = count / size, 1 + z * z / size
    centre = (share + z * z / (2 * size)) / scale
    half = z * np.sqrt(share * (1 - share) / size + z * z / (4 * size * size)) / scale
    return max(0.0, float(centre - half)), min(1.0, float(centre + half))


def _rounded(value: Any) -> Any:
    """Numbers to five decimals, beyond which a simulation says nothing."""
    rounded = np.round(np.asarray(value, dtype=float), 5) + 0.0
    return rounded.tolist()

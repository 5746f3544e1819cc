"""What happens next and how wrong this has been: runs of play and the shipped record of history as plain rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from counterpoise.brief.sections import Outlook, Record
from counterpoise.history.record import recorded
from counterpoise.play import run
from counterpoise.region import Region

MEMBERS = 2000
UNTIL = 2035
TARGETS = {"ideal_point": "voting position", "agreement USA": "agreement with the United States"}
TARGETS |= {"agreement RUS": "agreement with Russia", "orientation": "orientation"}
MODELS = {
    "random_walk_gaussian": "a random walk, state by state",
    "random_walk_pooled": "one random walk for all",
    "random_walk_empirical": "past changes of all states",
    "drift": "drift",
    "ar1": "AR(1)",
    "auto_ets": "exponential smoothing",
    "auto_arima": "ARIMA",
    "theta": "Theta",
    "law_no_pull": "the law without interests",
}


def look_ahead(
    region: Region, scenarios: Sequence[str], *, seed: int, workers: int, say: Callable[[str], None]
) -> Outlook | None:
    """The scenarios played to 2035 on the scale of orientation, 2,000 members each; `None` without scenarios."""
    if not scenarios:
        return None
    rows: list[dict[str, Any]] = []
    titles: dict[str, str] = {}
    notes: dict[str, None] = {}
    sources: dict[str, None] = {}
    for scenario in scenarios:
        say(f"play: {MEMBERS:,} futures under {scenario}")
        played = run(region, scenario, until=UNTIL, members=MEMBERS, seed=seed, workers=workers)
        titles |= {played.scenario: played.titles[played.scenario]}
        notes |= dict.fromkeys(played.notes)
        sources |= dict.fromkeys(played.meta.sources)
        rows += [
            {
                **{key: row[key] for key in ("client", "p05", "p25", "p50", "p75", "p95")},
                "scenario": played.scenario,
                "quarter": row["quarter"].replace("Q", "-Q"),
            }
            for row in played.quantiles()
            if row["scale"] == "orientation"
        ]
    return Outlook(
        rows,
        "orientation in security and institutions",
        "scale from -1, Moscow's side, to 1, the West's",
        MEMBERS,
        f"Counterpoise, ensembles of play over {len(sources)} sources of the region and its named assumptions",
        titles,
        tuple(notes),
    )


def look_back() -> Record:
    """The shipped record of back-tests: how often intervals held, and the skill over each baseline."""
    coverage: list[dict[str, Any]] = []
    skill: list[dict[str, Any]] = []
    notes: dict[str, None] = {}
    spans: list[int] = []
    for target, found in recorded().items():
        spans += found["origins"]
        for row in found["scores"]:
            if row["model"] == "law":
                coverage += [
                    {
                        "target": target,
                        "horizon": row["horizon"],
                        "nominal": nominal,
                        "measured": row[f"coverage{100 * nominal:.0f}"],
                        "n": row["n"],
                    }
                    for nominal in (0.5, 0.9)
                ]
        skill += [{"target": target, **{key: row[key] for key in SKILL_KEYS}} for row in found["skill"]]
        notes |= dict.fromkeys(found["caveats"])
    return Record(
        coverage,
        skill,
        f"Counterpoise, back-tests with forecasts made at the end of {min(spans)} to {max(spans)}",
        say_pull({target: found["pull"] for target, found in recorded().items()}),
        {**TARGETS, **MODELS},
        tuple(notes),
    )


def say_pull(pulls: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    """What exposures add to skill over all targets and horizons: what holds for most, then each exception."""
    said = {(target, row["horizon"]): row["sentence"] for target, rows in pulls.items() for row in rows}
    if not said:
        return "what exposures add was not measured"
    most, _ = Counter(said.values()).most_common(1)[0]
    others = [
        f"they {sentence.removeprefix('exposures ')} in forecasts of {_ahead(target, horizon)}"
        for (target, horizon), sentence in said.items()
        if sentence != most
    ]
    return "; ".join([most, *others])


def _ahead(target: str, horizon: int) -> str:
    """A target and how far ahead it is forecast: `the voting position 5 years ahead`."""
    return f"the {TARGETS.get(target, target)} {horizon} year{'' if horizon == 1 else 's'} ahead"


SKILL_KEYS = ("against", "horizon", "crps_skill", "low", "high")

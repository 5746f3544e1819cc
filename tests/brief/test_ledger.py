"""The claims for a reader: grouped by verdict, few in sight, each once; recommendations apart; the chart of all."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from counterpoise.brief._headline import findings
from counterpoise.brief._ledger import ADVICE, IN_SIGHT, group_of, groups, short
from counterpoise.brief._matrix import unknown_cells
from counterpoise.brief._words import bounded, chance, top_cell
from counterpoise.brief.charts import claims_chart
from tests.brief.support import whole_brief


def row(n: int, probabilities: list[float], kind: str = "fact") -> dict[str, Any]:
    words = ["supported" if p >= 0.9 else "contradicted" if p <= 0.1 else "mixed" for p in probabilities]
    verdict = "open" if not words else words[0] if len(set(words)) == 1 else "mixed"
    return {
        "id": f"C{n:03}",
        "kind": kind,
        "verdict": verdict,
        "statement": f"Claim {n} says so.",
        "probability": min(probabilities, default=None),
        "parts": [
            {"statement": f"part {k}", "probability": p, "verdict": words[k]} for k, p in enumerate(probabilities)
        ],
    }


chances = st.lists(st.floats(0, 1), max_size=3)
claims = st.lists(st.tuples(chances, st.sampled_from(["fact", ADVICE])), max_size=60).map(
    lambda made: [row(n, probabilities, kind) for n, (probabilities, kind) in enumerate(made)]
)


@given(claims)
def test_every_claim_stands_once_in_its_group_and_few_are_in_sight(rows: list[dict[str, Any]]) -> None:
    made = groups(rows)
    names = [one["id"] for group in made for one in [*group["sight"], *group["rest"]]]
    assert sorted(names) == sorted(one["id"] for one in rows)
    for group in made:
        assert group["count"] == len(group["sight"]) + len(group["rest"]) > 0
        assert len(group["sight"]) <= IN_SIGHT + 2
        assert {group_of(one) for one in [*group["sight"], *group["rest"]]} == {group["name"]}


@given(claims)
def test_the_chart_has_a_mark_for_each_judged_claim_inside_its_axes_and_none_on_another(
    rows: list[dict[str, Any]],
) -> None:
    chart = claims_chart(rows, "Source: test.")
    judged = [one for one in rows if one["probability"] is not None]
    if chart is None:
        assert not judged
        return
    marks = chart.layers[3]["data"]["values"]
    assert sorted(mark["claim"] for mark in marks) == sorted(one["id"] for one in judged)
    assert len({(mark["x"], mark["y"]) for mark in marks}) == len(marks)
    assert all(0 <= mark["x"] <= 1 and 0 < mark["y"] < chart.height for mark in marks)
    assert chart.title.startswith(f"{sum(one['verdict'] == 'supported' for one in judged)} of the {len(judged)} claims")


def test_the_chart_says_what_few_contradicted_claims_state_and_tells_disagreement_from_doubt() -> None:
    chart = claims_chart([row(1, [0.02]), row(2, [0.5]), row(3, [0.0, 0.95]), row(4, [0.99])], "Source: test.")
    assert chart is not None
    marks = {mark["claim"]: mark for mark in chart.layers[3]["data"]["values"]}
    assert marks["C001"]["name"] == "Claim 1 says so"
    assert [marks[name]["mark"] for name in ("C002", "C003")] == ["mixed: undecided", "mixed: parts disagree"]
    assert {line[2] for line in chart.rows} == {f"Claim {n} says so." for n in (1, 2, 3, 4)}


@given(st.text(max_size=120), st.integers(10, 80))
def test_a_short_statement_has_no_more_than_its_room(words: str, room: int) -> None:
    assert len(short(words, room)) <= room


def test_a_bound_is_said_before_its_number() -> None:
    spread = {"p05": 1.0, "p50": 2.0, "p95": 3.0}
    said = [bounded({"bound": bound, "exposure": spread}) for bound in (None, "lower", "upper")]
    assert said == ["2 (1 to 3)", "at least 2 (1 to 3)", "at most 2 (1 to 3)"]


@given(st.floats(0, 1))
def test_a_chance_reads_as_certain_only_where_it_is(share: float) -> None:
    assert (chance(share) == "1") == (share == 1)
    assert (chance(share) == "0") == (share == 0)


def test_the_findings_name_each_client_and_the_patron_it_has_most_to_lose_from() -> None:
    brief = whole_brief()
    said = findings(brief)
    for client in brief.region.settings.clients:
        top = top_cell(brief, client)
        assert top is not None
        assert brief.region.actor_names[client] in said
        assert brief.region.actor_names[top.patron] in said


def test_one_gap_of_many_pairs_is_told_once_with_every_pair() -> None:
    brief = whole_brief()
    cells = {
        (cell.client, cell.patron, cell.channel)
        for cell in brief.leverage.cells
        if cell.state == "unknown" and cell.channel != "total"
    }
    told = unknown_cells(brief)
    assert sum(gap["count"] for gap in told) == len(cells)
    assert len(told) < len(cells)

"""The chart of the claims: the probability of each part of each claim that could be computed, claims by verdict."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from counterpoise.brief._figure import Figure
from counterpoise.brief._svg import element, line, mark, text
from counterpoise.brief._words import anchor
from counterpoise.claims._verdict import CONTRADICTED_TO, SUPPORTED_FROM

WIDTH, LEFT, RIGHT = 380.0, 62.0, 10.0
ROW, HEAD, TOP = 12.5, 22.0, 4.0
# Verdict of a part -> its mark; the shapes differ, so that colour is not the only cue.
SHAPES = {"supported": "circle", "mixed": "diamond", "contradicted": "cross"}


def claims_chart(verdicts: list[dict[str, Any]], counts: dict[str, int], source: str) -> Figure | None:
    """A line per claim from its weakest to its strongest part; `None` where no claim could be computed."""
    judged = [row for row in verdicts if row["probability"] is not None]
    if not judged:
        return None
    body, y = _rows(judged)
    height = y + 6
    behind = [_zone(0, CONTRADICTED_TO, height, "z-bad"), _zone(SUPPORTED_FROM, 1, height, "z-good")]
    behind.append(line(LEFT, height, WIDTH - RIGHT, height, "c-zero"))
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        body.append(text(_at(tick), height + 15, f"{tick:g}", "c-tick", anchor="middle"))
    body.append(text(LEFT, height + 32, "probability that a part of the claim holds", "c-tick"))
    x = LEFT + 4
    for verdict, shape in SHAPES.items():
        body += [mark(shape, x, height + 48, f"v-{verdict}"), text(x + 9, height + 52, f"part {verdict}", "c-tick")]
        x += 42 + 6.2 * len(verdict)
    total = sum(counts.values())
    said = ", ".join(f"{count} {verdict}" for verdict, count in counts.items() if verdict != "open")
    return Figure(
        id="claims-chart",
        title=f"{counts['supported']} of the {len(judged)} claims that could be computed are supported",
        unit=f"Each line is a claim, each mark one of its parts. {total - len(judged)} of {total} claims are open.",
        interval="A line reaches from the weakest part to the strongest: where they disagree, the claim is mixed.",
        source=source,
        alt=f"Claims by verdict along the probability of their parts from 0 to 1: {said}.",
        width=WIDTH,
        height=height + 60,
        body=Markup("").join([*behind, *body]),
        columns=("claim", "verdict", "part", "probability"),
        rows=[(row["id"], row["verdict"], part["statement"], part["probability"]) for row, part in _parts(judged)],
        anchors=[anchor(row["id"], "claim") for row, _ in _parts(judged)],
        kind="chart",
    )


def _parts(judged: list[dict[str, Any]]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    return [(row, part) for row in judged for part in row["parts"]]


def _rows(judged: list[dict[str, Any]]) -> tuple[list[Markup], float]:
    """A row per claim under the head of its verdict, and where the rows end."""
    body: list[Markup] = []
    y = TOP
    for verdict in SHAPES:
        mine = sorted((row for row in judged if row["verdict"] == verdict), key=lambda row: -row["probability"])
        if not mine:
            continue
        body.append(text(0, y + 15, f"{verdict.capitalize()}: {len(mine)}", "c-name"))
        y += HEAD
        for row in mine:
            chances = [part["probability"] for part in row["parts"]]
            body.append(text(LEFT - 8, y + 9.5, row["id"], "c-id", anchor="end"))
            body.append(line(_at(min(chances)), y + 6, _at(max(chances)), y + 6, "c-range"))
            body += [
                mark(SHAPES[part["verdict"]], _at(part["probability"]), y + 6, f"v-{part['verdict']}")
                for part in row["parts"]
            ]
            y += ROW
    return body, y


def _at(probability: float) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * probability


def _zone(start: float, end: float, height: float, kind: str) -> Markup:
    box: dict[str, object] = {"x": _at(start), "y": TOP, "width": _at(end) - _at(start), "height": height - TOP}
    return element("rect", {"class": kind, **box})

"""How well `read` reads: scores on the seed articles labelled by hand, and on coded sentences by half.

python -m tests.evidence.measure seeds
python -m tests.evidence.measure gold [tune|report]
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from counterpoise.evidence import read_article
from counterpoise.evidence._actors import find_mentions
from counterpoise.evidence._events import Event, find_events
from counterpoise.evidence._text import plain, sentences
from tests.support import shared_path

HERE = Path(__file__).parent
# The coded sentences carry categories of PLOVER 0.5; those of 2021 merged four of them.
OLD_KINDS = {"DEMAND": "REQUEST", "DISAPPROVE": "ACCUSE", "FIGHT": "ASSAULT", "INVESTIGATE": "ACCUSE"}
# The file writes every international organisation as IGO, and misspells three codes.
ORGANISATIONS = frozenset(
    ["EU", "NATO", "UN", "CSTO", "EAEU", "OSCE", "IAEA", "ICRC", "AU", "IMF", "ECOWAS", "ASEAN", "OAS", "G7"]
) | {
    "ARAB LEAGUE",
    "WORLD BANK",
}
MISSPELT = {"JAP": "JPN", "ITL": "ITA", "VTN": "VNM"}


def f1(hits_said: int, said: int, hits_due: int, due: int) -> float:
    """The harmonic mean of precision and recall; 1 when nothing was due and nothing said."""
    if not said and not due:
        return 1.0
    precision, recall = hits_said / said if said else 0.0, hits_due / due if due else 0.0
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def lenient_f1(said: list[Any], labels: list[Any], fits: Any) -> float:
    """Many-to-one: a said item is right if it fits any label; optional labels are neither demanded nor punished."""
    due = [label for label in labels if not label.get("optional")]
    must = [item for item in said if not any(label.get("optional") and fits(item, label) for label in labels)]
    must += [item for item in said if item not in must and any(fits(item, label) for label in due)]
    right = sum(any(fits(item, label) for label in due) for item in must)
    found = sum(any(fits(item, label) for item in said) for label in due)
    return f1(right, len(must), found, len(due))


def overlap(item: dict[str, Any], label: dict[str, Any]) -> bool:
    return item["start"] < label["end"] and label["start"] < item["end"]


def fits_actor(item: dict[str, Any], label: dict[str, Any]) -> bool:
    return overlap(item, label) and (label["id"] is None or label["id"] in {item["id"], item["state"]})


def fits_quantity(item: dict[str, Any], label: dict[str, Any]) -> bool:
    near = abs(item["value"] - label["value"]) <= 1e-9 * abs(label["value"])
    return overlap(item, label) and near and item["unit"] == label["unit"]


def fits_date(item: dict[str, Any], label: dict[str, Any]) -> bool:
    return overlap(item, label) and item["value"] in {label["value"], *label["value_alt"]}


def fits_event(item: dict[str, Any], label: dict[str, Any]) -> bool:
    return (
        item["kind"] in {label["kind"], *label["kind_alt"]}
        and item["actor"] == label["actor"]
        and item["target"] in {label["target"], *label["target_alt"]}
    )


def measure_seed(name: str) -> tuple[dict[str, float], list[tuple[str, str, bool, bool]]]:
    """The scores of one seed article, and for each labelled claim (kind due, kind said, hedged due, hedged said)."""
    labels = json.loads((HERE / f"labels_{name}.json").read_text(encoding="utf-8"))
    body = read_article(shared_path(f"seeds/{labels['article']}"), region=None, published=labels["published"]).body()
    pairs = []
    for label in labels["claims"]:
        said = next(
            (
                claim
                for claim in body["claims"]
                if claim["text_start"] < label["end"] and label["start"] < claim["text_end"]
            ),
            None,
        )
        kind = said["kind"] if said else "none"
        fair = label["kind"] if kind in label["kind_alt"] else kind
        pairs.append((label["kind"], fair, label["hedged"], bool(said and said["hedged"])))
    scores = {
        "actors": lenient_f1(body["actors"], labels["actors"], fits_actor),
        "quantities": lenient_f1(body["quantities"], labels["quantities"], fits_quantity),
        "dates": lenient_f1(body["dates"], labels["dates"], fits_date),
        "events": lenient_f1(body["events"], labels["events"], fits_event),
    }
    return scores, pairs


def macro_f1(pairs: Iterable[tuple[str, str]]) -> float:
    """The mean F1 over the kinds that are due; a fair alternative counts as the kind due."""
    pairs = list(pairs)
    kinds = sorted({due for due, _ in pairs})
    scores = []
    for kind in kinds:
        hits = sum(due == said == kind for due, said in pairs)
        scores.append(f1(hits, sum(said == kind for _, said in pairs), hits, sum(due == kind for due, _ in pairs)))
    return sum(scores) / len(scores)


def hedge_f1(pairs: Iterable[tuple[bool, bool]]) -> float:
    pairs = list(pairs)
    hits = sum(due and said for due, said in pairs)
    return f1(hits, sum(said for _, said in pairs), hits, sum(due for due, _ in pairs))


def gold_half(half: str) -> list[dict[str, Any]]:
    """The coded sentences of a half: `tune` has the even places of the file, `report` the odd ones."""
    records = json.loads(shared_path("samples/gold/plover_gsr_half.json").read_text(encoding="utf-8"))["records"]
    return records[0::2] if half == "tune" else records[1::2]


def _codes(side: Any) -> set[str]:
    if not isinstance(side, list):
        return set()
    return {MISSPELT.get(actor["code"], actor["code"]) for actor in side if actor.get("code")}


def _party(code: str | None) -> str | None:
    if code in ORGANISATIONS:
        return "IGO"
    return "IMG" if code and code.startswith("group:") else code


def leading(events: list[Event]) -> list[Event]:
    """The surest act of a sentence (the first, at equal confidence), once for each pair of parties."""
    if not events:
        return []
    first = min(events, key=lambda event: (-event.confidence, event.start))
    return [event for event in events if event.start == first.start and event.kind == first.kind]


def measure_gold(half: str) -> tuple[dict[str, float], Counter[tuple[str, str]]]:
    """Shares of coded sentences whose leading act has the right kind, source, target, and all three.

    A side with several parties is right when one of them is; a sentence without a coded target is right when the act
    is domestic or stays among the sources.
    """
    totals: Counter[str] = Counter()
    confusion: Counter[tuple[str, str]] = Counter()
    records = gold_half(half)
    for record in records:
        text = plain(record["text"])
        acts = leading(find_events(text, sentences(text, text), find_mentions(text), []))
        sources, targets = _codes(record.get("source")), _codes(record.get("target"))
        due = OLD_KINDS.get(record["event"], record["event"])
        said = acts[0].kind if acts else "none"
        actors, goals = {_party(act.actor) for act in acts}, {_party(act.target) for act in acts}
        right = {
            "category": said == due,
            "source": bool(actors & sources) if sources else actors <= {None},
            "target": bool(goals & targets) if targets else goals <= sources | {None},
        }
        right["all three"] = all(right.values())
        totals.update(name for name, hit in right.items() if hit)
        confusion[due, said] += 1
    names = ("category", "source", "target", "all three")
    return {name: totals[name] / len(records) for name in names}, confusion


def print_confusion(counts: Counter[tuple[str, str]]) -> None:
    """Rows are what was due, columns what was said, as a Markdown table."""
    rows = sorted({due for due, _ in counts})
    columns = sorted({said for _, said in counts})
    print("| due \\ said | " + " | ".join(columns) + " |")
    print("|---|" + "---|" * len(columns))
    for row in rows:
        print(f"| {row} | " + " | ".join(str(counts[row, column] or "") for column in columns) + " |")


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["gold"]:
        for half in arguments[1:] or ["tune", "report"]:
            scores, confusion = measure_gold(half)
            print(f"{half}: " + ", ".join(f"{name} {share:.1%}" for name, share in scores.items()))
            print_confusion(confusion)
        return
    everything: list[tuple[str, str, bool, bool]] = []
    for name in ("000", "003"):
        scores, pairs = measure_seed(name)
        everything += pairs
        print(name, ", ".join(f"{part} {score:.3f}" for part, score in scores.items()))
    kinds = [(due, said) for due, said, _, _ in everything]
    hedges = [(due, said) for _, _, due, said in everything]
    print(f"claim kinds (macro) {macro_f1(kinds):.3f}, hedges {hedge_f1(hedges):.3f}")
    print_confusion(Counter(kinds))


if __name__ == "__main__":
    main(sys.argv[1:])

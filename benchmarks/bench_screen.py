"""Screening: speed at 100,000 names against 20,000 entries, and precision and recall on a labelled world of names.

Run `python benchmarks/bench_screen.py` for speed and `python benchmarks/bench_screen.py quality` for the error rates.
"""

from __future__ import annotations

import csv
import resource
import sys
import tempfile
import time
import unicodedata
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from counterpoise.oversight.screening.screen import screen_names
from tests.oversight.screen_world import World, draw_world


def write_world(world: World, folder: Path) -> tuple[Path, Path]:
    """The names asked and the list, as the files that the command reads."""
    names, sanctions = folder / "names.csv", folder / "list.csv"
    with names.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["name", "birth_date", "country"])
        writer.writerows((query.name, query.birth, query.country) for query in world.queries)
    with sanctions.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["id", "name", "birth_date", "country", "programme"])
        writer.writerows((str(number), *row, "US-GLOMAG") for number, row in enumerate(world.listed))
    return names, sanctions


def run() -> list[dict[str, Any]]:
    """100,000 names against 20,000 entries, files read and results written, against its limit of 60 s."""
    world = draw_world(1, entries=20_000, queries=100_000, listed_share=0.02, coined=0.8)
    with tempfile.TemporaryDirectory() as folder:
        names, sanctions = write_world(world, Path(folder))
        start = time.perf_counter()
        result = screen_names(names, sanctions)
        result.to_json()
        spent = time.perf_counter() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    note = f"{len(result.matches):,} matches, at most {memory:,.0f} MB"
    row = {"name": "screen, 100,000 names by 20,000", "ours_s": spent, "note": note}
    peer = _peer_seconds(world)
    return [
        row | {"peer": "limit", "peer_s": 60.0, "ratio": spent / 60},
        row | {"peer": "rapidfuzz token_sort_ratio, every pair", "peer_s": peer, "ratio": spent / peer},
    ]


def _peer_seconds(world: World, sample: int = 2000) -> float:
    """Seconds that rapidfuzz alone would take for every pair, from a sample of the names."""
    start = time.perf_counter()
    peer_scores([query.name for query in world.queries[:sample]], [row[0] for row in world.listed])
    return (time.perf_counter() - start) * len(world.queries) / sample


def peer_scores(names: list[str], listed: list[str]) -> Any:
    """The usual front: lower case, marks cut off, words sorted, share of equal letters."""
    from rapidfuzz import fuzz, process, utils

    plain = [[utils.default_process(_unmarked(text)) for text in texts] for texts in (names, listed)]
    return process.cdist(*plain, scorer=fuzz.token_sort_ratio, score_cutoff=50, workers=2, dtype="uint8")


def _unmarked(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))


def peer_quality(seed: int = 2026) -> list[dict[str, Any]]:
    """Precision and recall of rapidfuzz alone on the same world, by its own threshold."""
    world = draw_world(seed, entries=3000, queries=6000, coined=0.8)
    scores = peer_scores([query.name for query in world.queries], [row[0] for row in world.listed])
    truth = [(number, query.truth) for number, query in enumerate(world.queries) if query.truth is not None]
    rows = []
    for cut in (60, 70, 80, 90):
        said = int((scores >= cut).sum())
        right = sum(bool(scores[number, entry] >= cut) for number, entry in truth)
        rows.append({"what": f"token_sort_ratio {cut}", "precision": right / said, "recall": right / len(truth)})
    return rows


def quality(seed: int = 2026, *, entries: int = 3000, queries: int = 6000) -> list[dict[str, Any]]:
    """Precision and recall by threshold, and recall at 0.85 by what was done to the name and by culture.

    `apart` is the precision once namesakes are set aside: other persons with the same given and family name, whom no
    comparison of names can tell apart. `dated` is the precision among pairs with a birth date on both sides.
    """
    world = draw_world(seed, entries=entries, queries=queries, coined=0.8)
    with tempfile.TemporaryDirectory() as folder:
        names, sanctions = write_world(world, Path(folder))
        matches = screen_names(names, sanctions, threshold=0.8).matches
    pairs = [(match.asked.line - 2, int(match.entry.id), match.score) for match in matches]
    truth = {number: query.truth for number, query in enumerate(world.queries) if query.truth is not None}
    rows: list[dict[str, Any]] = []
    for threshold in (0.8, 0.85, 0.9, 0.95):
        said = [(asked, entry) for asked, entry, score in pairs if score >= threshold - 1e-9]
        right = sum(truth.get(asked) == entry for asked, entry in said)
        namesakes = sum(truth.get(asked) != entry and _namesakes(world, asked, entry) for asked, entry in said)
        dated = [truth.get(asked) == entry for asked, entry in said if _dated(world, asked, entry)]
        row = {"what": f"threshold {threshold}", "n": len(truth), "recall": right / len(truth)}
        row |= {"precision": right / len(said), "apart": right / (len(said) - namesakes)}
        rows.append(row | {"dated": sum(dated) / len(dated)})
    found = {asked for asked, entry, score in pairs if score >= 0.85 - 1e-9 and truth.get(asked) == entry}
    for label in ("changes", "culture"):
        groups: dict[str, list[bool]] = {}
        for number in truth:
            value = getattr(world.queries[number], label)
            for key in value if isinstance(value, tuple) else (value,):
                groups.setdefault(key, []).append(number in found)
        rows += [{"what": key, "n": len(hits), "recall": sum(hits) / len(hits)} for key, hits in sorted(groups.items())]
    return rows


def _namesakes(world: World, asked: int, entry: int) -> bool:
    mine, other = world.queries[asked].person.words, world.persons[entry].words
    return (mine[0], mine[-1]) == (other[0], other[-1])


def _dated(world: World, asked: int, entry: int) -> bool:
    return bool(world.queries[asked].birth and world.listed[entry][1])


if __name__ == "__main__":
    for row in [*quality(), *peer_quality()] if "quality" in sys.argv else run():
        print(row)

"""Every kind of act in the verbs and turns that news English has for it, each in a sentence made for the purpose.

The sentences stand in `acts_of_every_kind.csv`; an act at home has its state on both sides.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from counterpoise.evidence._actors import find_mentions
from counterpoise.evidence._events import find_events
from counterpoise.evidence._text import plain, sentences

TABLE = Path(__file__).parent / "acts_of_every_kind.csv"
ROWS = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))
KINDS = {
    "ACCUSE", "AGREE", "AID", "ASSAULT", "COERCE", "CONCEDE", "CONSULT", "COOPERATE", "MOBILIZE", "PROTEST", "REJECT",
    "REQUEST", "RETREAT", "SANCTION", "SUPPORT", "THREATEN",
}  # fmt: skip


def acts(text: str) -> set[tuple[str, str | None, str | None]]:
    simple = plain(text)
    found = find_events(simple, sentences(simple, simple), find_mentions(simple), [])
    return {(act.kind, act.actor, act.target) for act in found}


@pytest.mark.parametrize("row", ROWS, ids=[row["text"] for row in ROWS])
def test_the_act_has_its_kind_its_doer_and_its_target(row: dict[str, str]) -> None:
    assert (row["kind"], row["actor"], row["target"]) in acts(row["text"])


def test_every_kind_of_the_codebook_is_there() -> None:
    assert {row["kind"] for row in ROWS} == KINDS

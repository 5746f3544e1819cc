"""Small games that several tests read, as the files hold them."""

from __future__ import annotations

from pathlib import Path

from counterpoise.bargain.deterrence import read_game
from counterpoise.bargain.game import Table, Tree

PENNIES = 'NFG 1 R "pennies" { "a" "b" } { 2 2 }\n\n1 -1 -1 1 -1 1 1 -1\n'
STAG = 'NFG 1 R "stag" { "a" "b" } { 2 2 }\n\n9 9 8 0 0 8 7 7\n'
# A branch with two folds, found among random games and confirmed with Gambit.
FOLDED = """NFG 1 R "folded" { "a" "b" } { 4 3 }

2 4 8 8 1 4 1 1 6 5 4 5 7 8 9 7 3 9 2 4 0 8 0 6
"""
SEXES = 'NFG 1 R "sexes" { "a" "b" } { 2 2 }\n\n2 1 0 0 0 0 1 2\n'
OUTCOMES = """NFG 1 R "named" { "Ann" "Bob" }

{ { "up" "down" } { "left" "right" } }
"a comment"

{ { "good" 3, 2 } { "bad" 0, 1/2 } { "" 0.5 1e-1 } }
1 2 0 3
"""
ENTRY_EFG = """EFG 2 R "entry" { "entrant" "incumbent" }
"A comment"

p "" 1 1 "entry" { "enter" "stay out" } 0
p "" 2 1 "answer" { "fight" "share" } 0
t "" 1 "war" { -1, -1 }
t "" 2 "shared market" { 1, 1 }
t "" 3 "peace" { 0, 2 }
"""
ENTRY_TOML = """
title = "entry"
players = ["entrant", "incumbent"]
start = "entry"

[node.entry]
player = "entrant"
moves = { enter = "answer", "stay out" = "peace" }

[node.answer]
player = "incumbent"
moves = { fight = "war", share = "shared market" }

[outcome.war]
payoffs = { entrant = -1, incumbent = -1 }
[outcome."shared market"]
payoffs = { entrant = 1, incumbent = "2/2" }
[outcome.peace]
payoffs = { entrant = 0, incumbent = 2.0 }
"""


def read_text_game(folder: Path, text: str, suffix: str) -> Tree | Table:
    path = folder / f"game{suffix}"
    path.write_text(text, encoding="utf-8")
    return read_game(path)

"""Networks of bidders and buyers: who meets too often, who shares an address or an owner, and what chance does."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np

from counterpoise._result import Meta, Result
from counterpoise.oversight.findings import inputs
from counterpoise.oversight.ocds.flags.settings import Settings
from counterpoise.oversight.ocds.store import scratch
from counterpoise.oversight.procurement._cobidding import MOST_BIDDERS, Slots, shuffled, unusual_pairs
from counterpoise.oversight.procurement._rows import Row, Rows, collect

# Bids that are held at once; of a larger file every second, third ... process is taken, and that is said.
MOST_SLOTS = 2_000_000
MOST_PAIRS = 4_000_000
# A contact that more organisations share than this is a business centre or a portal.
MOST_SHARING = 12
MOST_FINDINGS = 2000
MEMBERS = 20
# One always before the other in seven processes happens by chance in 1 of 64 pairs.
FEWEST_IN_ORDER = 7
# A pair is reported where fewer than this many are expected among shuffled bidders.
MOST_INNOCENT = 1.0


@dataclass(frozen=True, slots=True)
class Finding:
    """Organisations that stand out together, the reason in words, and what chance would give."""

    kind: str
    members: tuple[str, ...]
    reason: str
    processes: int
    expected: float | None
    innocent: float | None

    def to_dict(self, names: dict[str, str]) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "members": [{"id": member, "name": names.get(member, member)} for member in self.members],
            "reason": self.reason,
            "processes": self.processes,
            "expected": self.expected,
            "innocent": self.innocent,
        }


@dataclass
class NetworkResult(Result):
    """What stands out in a network of bidders and buyers, the rarest among shuffled bidders first."""

    findings: list[Finding]
    links: list[tuple[str, str, str]]
    names: dict[str, str]
    buyers: set[str]
    counts: dict[str, Any]
    notes: tuple[str, ...]
    meta: Meta = field(default_factory=Meta)

    def body(self) -> dict[str, Any]:
        return {
            "findings": [one.to_dict(self.names) for one in self.findings],
            "counts": self.counts,
            "notes": list(self.notes),
        }

    def table(self) -> list[dict[str, Any]]:
        """One row per finding: who, why, how often by chance."""
        return [
            {
                "kind": one.kind,
                "members": "; ".join(self.names.get(member, member) for member in one.members),
                "processes": one.processes,
                "expected": one.expected,
                "innocent": one.innocent,
                "reason": one.reason,
            }
            for one in self.findings
        ]

    def export(self, folder: Path) -> list[Path]:
        """Write `entities.ftm.json` (followthemoney, one entity a line) and `findings.csv` into a folder."""
        from counterpoise.oversight.procurement._export import write_network

        return write_network(self, folder)


class _Names:
    def __init__(self) -> None:
        self.codes: dict[str, int] = {}

    def code(self, name: str) -> int:
        return self.codes.setdefault(name, len(self.codes))


def find_network(
    path: Path,
    *,
    settings: Settings | None = None,
    encoding: str | None = None,
    members: int = MEMBERS,
    seed: int = 0,
    rows: Rows | None = None,
) -> NetworkResult:
    """Bidders that meet more often than chance, take turns or always lose to one, share contacts or owners.

    Chance is measured by dealing the bids of each market (first two digits of the items' category) out anew `members`
    times, each bidder keeping its number of bids. Raises `E801`, `E802` as the audit does.
    """
    rows = rows or collect(path, settings or Settings(), encoding=encoding)
    slots, bidders, left = _slots(rows)
    names, buyers, contacts = _contacts(rows)
    pairs, innocent = unusual_pairs(slots, max(len(bidders), 1), members=members, seed=seed)
    known = list(bidders)
    rare = np.flatnonzero(innocent < MOST_INNOCENT)[:MOST_FINDINGS]
    often = {(known[pairs.first[k]], known[pairs.other[k]]): int(k) for k in rare}
    edges = _edges(contacts)
    story = _stories(rows, {*often, *((a, b) for a, b, _ in edges)})
    findings = [
        _met(pair, int(pairs.meetings[k]), float(pairs.expected[k]), float(innocent[k]), story.get(pair))
        for pair, k in often.items()
    ]
    shared, rate = _shared(edges, story, slots, bidders, members, seed)
    findings += [*shared, *_with_buyers(edges, buyers, rows), *_clusters(edges, buyers, story)]
    findings.sort(key=lambda one: (one.innocent if one.innocent is not None else 1.0, -one.processes, one.members))
    used = {member for one in findings for member in one.members}
    return NetworkResult(
        findings[:MOST_FINDINGS],
        [edge for edge in edges if edge[0] in used and edge[1] in used],
        {name: names[name] for name in used if name in names},
        buyers & used,
        {
            "processes": rows.processes,
            "bids": len(slots.process),
            "bidders": len(bidders),
            "pairs_that_met_3_times": len(pairs.first),
            "shared_contacts": len(edges),
            "co_bidding_pairs_that_share_a_contact": rate,
            "members": members,
            **left,
        },
        _notes(left),
        Meta(seed=seed, inputs=inputs(path), cites=("ocpflags2024", "followthemoney2024")),
    )


def _notes(left: dict[str, int]) -> tuple[str, ...]:
    notes = []
    if left["taken_one_in"] > 1:
        notes.append(f"one process in {left['taken_one_in']} was taken: the file has more bids than are held")
    if left["too_many_bidders"]:
        notes.append(f"{left['too_many_bidders']} processes of more than {MOST_BIDDERS} bidders are left out of pairs")
    return tuple(notes)


def _slots(rows: Rows) -> tuple[Slots, dict[str, int], dict[str, int]]:
    """The bids of processes with two bidders or more, thinned evenly where there are too many."""
    sizes = [len(row.tenderers) for row in rows if 2 <= len(row.tenderers) <= MOST_BIDDERS]
    pairs = sum(size * (size - 1) // 2 for size in sizes)
    step = max(-(-sum(sizes) // MOST_SLOTS), -(-pairs // MOST_PAIRS), 1)
    process, bidder, market = array("q"), array("q"), array("q")
    bidders, markets = _Names(), _Names()
    count = crowded = 0
    for row in rows:
        crowded += len(row.tenderers) > MOST_BIDDERS
        if not 2 <= len(row.tenderers) <= MOST_BIDDERS or crc32(row.ocid.encode()) % step:
            continue
        kind = markets.code(row.market)
        for name in row.tenderers:
            process.append(count)
            bidder.append(bidders.code(name))
            market.append(kind)
        count += 1
    arrays = (np.array(one, dtype=np.int64) for one in (process, bidder, market))
    return Slots(*arrays), bidders.codes, {"taken_one_in": step, "too_many_bidders": crowded}


def _contacts(rows: Rows) -> tuple[dict[str, str], set[str], Any]:
    """Names, buyers, and a scratch table of who has which contact."""
    table = scratch()
    table.execute("CREATE TABLE held (key TEXT, org TEXT, PRIMARY KEY (key, org)) WITHOUT ROWID")
    names: dict[str, str] = {}
    buyers: set[str] = set()
    for row in rows:
        for party in row.parties:
            names.setdefault(party.id, party.name)
            if party.buys:
                buyers.add(party.id)
            table.executemany("INSERT OR IGNORE INTO held VALUES (?, ?)", [(key, party.id) for key in party.keys])
    return names, buyers, table


def _edges(contacts: Any) -> list[tuple[str, str, str]]:
    """Pairs of organisations that share a contact or an owner that few others have."""
    query = "SELECT key FROM held GROUP BY key HAVING COUNT(*) BETWEEN 2 AND ? ORDER BY key LIMIT 100000"
    edges = []
    for (key,) in contacts.execute(query, (MOST_SHARING,)).fetchall():
        held = sorted(org for (org,) in contacts.execute("SELECT org FROM held WHERE key = ?", (key,)))
        edges += [(one, other, key) for one, other in combinations(held, 2)]
    return edges


@dataclass(slots=True)
class Story:
    """What two bidders did in the processes where both bid: who won, in order."""

    winners: list[str] = field(default_factory=list)
    together: int = 0
    dated: int = 0
    first: int = 0


def _stories(rows: Rows, pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Story]:
    wanted: dict[str, set[str]] = defaultdict(set)
    ordered: dict[tuple[str, str], tuple[str, str]] = {}
    for one, other in pairs:
        wanted[one].add(other)
        wanted[other].add(one)
        ordered[one, other] = ordered[other, one] = (one, other)
    found: dict[tuple[str, str], Story] = {}
    for row in rows:
        there = [name for name in row.tenderers if name in wanted]
        for one, other in combinations(there, 2):
            if other in wanted[one]:
                story = found.setdefault(ordered[one, other], Story())
                story.together += 1
                if row.dated:
                    story.dated += 1
                    # The order of `there` is that of the bids.
                    story.first += one == ordered[one, other][0]
                both = [name for name in row.winners if name in (one, other)]
                if len(row.winners) == 1:
                    story.winners.append(both[0] if both else "")
    return found | {(b, a): story for (a, b), story in found.items()}


def _met(pair: tuple[str, str], meetings: int, expected: float, innocent: float, story: Story | None) -> Finding:
    wins = Counter(story.winners if story else ())
    told = [wins[pair[0]], wins[pair[1]]]
    reason = f"met in {meetings} processes, {expected:.2g} by chance; won {told[0]} and {told[1]}, others {wins['']}"
    kind = "co-bidding"
    known = sum(wins.values())
    if known >= 5 and max(told) >= 0.8 * known and min(told) == 0:
        kind, reason = "same recurrent winner", f"{reason}: one of the two wins, the other never does"
    elif story and story.dated >= FEWEST_IN_ORDER and story.first in {0, story.dated}:
        kind = "bids in the same order"
        reason = f"{reason}: in all {story.dated} with dated bids one of the two came first"
    elif story and min(told) >= 3:
        turns = [name for name in story.winners if name]
        changes = sum(1 for before, after in pairwise(turns) if before != after)
        usual = 2 * told[0] * told[1] / (told[0] + told[1])
        if changes >= 0.8 * (len(turns) - 1):
            kind, reason = "bid rotation", f"{reason}: the winner changed {changes} times, {usual:.2g} by chance"
    return Finding(kind, pair, reason, meetings, expected, innocent)


def _shared(
    edges: list[tuple[str, str, str]],
    story: dict[tuple[str, str], Story],
    slots: Slots,
    bidders: dict[str, int],
    members: int,
    seed: int,
) -> tuple[list[Finding], dict[str, float]]:
    """Rivals that share a contact, and how many such pairs meet among shuffled bidders."""
    keys: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one, other, key in edges:
        keys[one, other].append(key)
    rivals = {pair: shared for pair, shared in keys.items() if pair in story}
    marks = {
        (min(a, b), max(a, b))
        for one, other in keys
        if (a := bidders.get(one)) is not None and (b := bidders.get(other)) is not None
    }
    base = float(
        np.mean([_meeting(shuffled(slots, np.random.default_rng([seed, 1, k])), marks) for k in range(members)])
        if members and marks
        else 0.0
    )
    found = [
        Finding(
            "rivals share a contact",
            pair,
            f"bid against each other {story[pair].together} times and share {', '.join(sorted(shared)[:5])}",
            story[pair].together,
            None,
            base / max(len(rivals), 1),
        )
        for pair, shared in rivals.items()
    ]
    return found, {"observed": float(len(rivals)), "by_chance": base}


def _meeting(slots: Slots, marks: set[tuple[int, int]]) -> int:
    """How many of the marked pairs meet in some process."""
    involved = np.isin(slots.bidder, list({one for pair in marks for one in pair}))
    met: set[tuple[int, int]] = set()
    group: list[int] = []
    last = -1
    for process, bidder in zip(slots.process[involved].tolist(), slots.bidder[involved].tolist(), strict=True):
        if process != last:
            group, last = [], process
        met |= {pair for other in group if (pair := (min(bidder, other), max(bidder, other))) in marks}
        group.append(bidder)
    return len(met)


def _with_buyers(edges: list[tuple[str, str, str]], buyers: set[str], rows: Iterable[Row]) -> Iterator[Finding]:
    """A buyer and a firm that share a contact, where the buyer buys from the firm."""
    keys: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one, other, key in edges:
        if (one in buyers) != (other in buyers):
            keys[(one, other) if one in buyers else (other, one)].append(key)
    sales: Counter[tuple[str, str]] = Counter()
    if keys:
        for row in rows:
            official = [party.id for party in row.parties if party.buys]
            sales.update(pair for buyer in official for firm in row.winners if (pair := (buyer, firm)) in keys)
    for pair, count in sales.items():
        reason = f"the buyer awarded {count} contracts to the firm; they share {', '.join(sorted(keys[pair])[:5])}"
        yield Finding("buyer and supplier share a contact", pair, reason, count, None, None)


def _clusters(
    edges: list[tuple[str, str, str]], buyers: set[str], story: dict[tuple[str, str], Story]
) -> Iterator[Finding]:
    """Three firms or more tied by contacts or owners, of which some bid against each other."""
    above: dict[str, str] = {}

    def top(name: str) -> str:
        while above.get(name, name) != name:
            above[name] = above.get(above[name], above[name])
            name = above[name]
        return name

    firms = [(one, other) for one, other, _ in edges if one not in buyers and other not in buyers]
    for one, other in firms:
        above[top(one)] = top(other)
    groups: dict[str, set[str]] = defaultdict(set)
    for pair in firms:
        groups[top(pair[0])].update(pair)
    for group in groups.values():
        rivals = sum(story[pair].together for pair in combinations(sorted(group), 2) if pair in story)
        if len(group) >= 3 and rivals and len(group) <= 50:
            reason = f"{len(group)} firms tied by shared contacts or owners met each other as rivals {rivals} times"
            yield Finding("tied firms", tuple(sorted(group)), reason, rivals, None, None)

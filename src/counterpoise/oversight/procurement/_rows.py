"""One compact row per contracting process, drawn from OCDS files of any size by the readers of the audit."""

from __future__ import annotations

import marshal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from counterpoise.oversight.dates import day_of, days_between
from counterpoise.oversight.files import unreadable
from counterpoise.oversight.ocds.engine import Engine, State
from counterpoise.oversight.ocds.flags.firms import contacts
from counterpoise.oversight.ocds.flags.market import category
from counterpoise.oversight.ocds.flags.process import Process
from counterpoise.oversight.ocds.flags.settings import Settings
from counterpoise.oversight.ocds.parts import Release, ids, listed, part, price, single
from counterpoise.oversight.ocds.read import Source
from counterpoise.oversight.ocds.store import Pending, scratch

# Bids in these states were never made.
NOT_MADE = frozenset({"invited", "withdrawn"})
MOST_KEYS = 40


class Contract(NamedTuple):
    """A process with an active award, as raw values; `None` is unknown."""

    buyer: str | None
    supplier: str | None
    year: int | None
    amount: float | None
    currency: str | None
    method: str | None
    notice: bool
    advertised: int | None
    decided: int | None
    bidders: int | None
    criteria: str | None


class Party(NamedTuple):
    """An organisation of a process: its name, whether it buys, and what it could share with another."""

    id: str
    name: str
    buys: bool
    keys: tuple[str, ...]


class Row(NamedTuple):
    """What a process gives to the index and to the network."""

    ocid: str
    contract: Contract | None
    market: str
    tenderers: tuple[str, ...]
    winners: tuple[str, ...]
    # Whether the tenderers stand in the order in which their bids came, every one dated.
    dated: bool
    parties: tuple[Party, ...]


def contract_of(process: Process) -> Contract | None:
    """The raw values of the first active award of a process; `None` where nothing was awarded."""
    award = next(iter(process.active_awards), None)
    if award is None:
        return None
    tender, period = process.tender, part(process.tender, "tenderPeriod")
    offer, day = price(award), day_of(award.get("date"))
    count = tender.get("numberOfTenderers")
    if type(count) is not int or count < 1:
        made = {name for bid in process.bids if bid.get("status") not in NOT_MADE for name in _tenderers(bid)}
        count = len(made) or None
    buyer, criteria = part(process.release, "buyer").get("id"), tender.get("awardCriteria")
    return Contract(
        _safe(buyer) if isinstance(buyer, str) else None,
        _safe(supplier) if (supplier := single(listed(award, "suppliers"))) else None,
        day.year if day else None,
        offer[0] if offer else None,
        _safe(offer[1]) if offer else None,
        _safe(process.method) if process.method else None,
        "tenderNotice" in process.documents,
        days_between(period.get("startDate"), period.get("endDate")),
        days_between(period.get("endDate"), award.get("date")),
        count,
        _safe(criteria) if isinstance(criteria, str) else None,
    )


def _tenderers(bid: Release) -> list[str]:
    return ids(listed(bid, "tenderers"))


def shared_keys(party: Release) -> tuple[str, ...]:
    """What a party could share with another: e-mail, telephone, street, contact person, owners, shareholders."""
    found = set(contacts(party))
    person = part(party, "contactPoint").get("name")
    if isinstance(person, str) and len(person.split()) > 1:
        found.add(f"person:{' '.join(person.casefold().split())}")
    for owner in listed(party, "beneficialOwners") or []:
        name = owner.get("id") or owner.get("name")
        found |= {f"owner:{str(name).casefold()}"} if name else set()
    for entry in listed(party, "shareholders") or []:
        name = part(entry, "shareholder").get("id")
        found |= {f"owner:{str(name).casefold()}"} if name else set()
    return tuple(sorted(found))[:MOST_KEYS]


def row_of(release: Release) -> Row:
    """The compact row of a compiled release."""
    process = Process(release)
    official = {part(release, "buyer").get("id"), part(process.tender, "procuringEntity").get("id")}
    parties = tuple(
        Party(
            _safe(name), _safe(str(party.get("name") or name)), name in official, tuple(map(_safe, shared_keys(party)))
        )
        for name, party in process.parties.items()
    )
    bids = [bid for bid in process.bids if bid.get("status") not in NOT_MADE and _tenderers(bid)]
    stamps = [bid.get("date") for bid in bids]
    dated = len(bids) > 1 and len({stamp for stamp in stamps if isinstance(stamp, str)}) == len(bids)
    if dated:
        bids.sort(key=lambda bid: str(bid["date"]))
    tenderers = dict.fromkeys(
        [*(name for bid in bids for name in _tenderers(bid)), *ids(listed(process.tender, "tenderers"))]
    )
    winners = dict.fromkeys(name for award in process.active_awards for name in ids(listed(award, "suppliers")))
    market = category(listed(process.tender, "items"), 2) or next(
        (kind for award in process.active_awards if (kind := category(listed(award, "items"), 2))), ""
    )
    contract = contract_of(process)
    return Row(
        _safe(release["ocid"]),
        contract,
        _safe(market),
        tuple(map(_safe, tenderers)),
        tuple(map(_safe, winners)),
        dated,
        parties,
    )


def _safe(text: str) -> str:
    # Half a surrogate pair, which JSON lets through, can be neither stored nor printed.
    return text.encode("utf-8", "replace").decode()


class Collector(Engine):
    """The reader's engine with no flags: each process becomes a row."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings, frozenset())

    def fold_process(self, state: State, release: Release) -> None:
        state.count("processes")
        if self.cardinal.left_out(release):
            state.count("left_out")
            return
        row = row_of(release)
        packed: Any = (
            row.ocid,
            row.contract and tuple(row.contract),
            *row[2:6],
            tuple(tuple(one) for one in row.parties),
        )
        state.rows.append((row.ocid, marshal.dumps(packed)))


@dataclass
class Rows:
    """The rows of a file, in a scratch file that vanishes with this object; a process met again replaces itself."""

    table: Any
    processes: int
    left_out: int

    def __iter__(self) -> Iterator[Row]:
        for (packed,) in self.table.execute("SELECT packed FROM row ORDER BY rowid"):
            ocid, contract, market, tenderers, winners, dated, parties = marshal.loads(packed)
            held = Contract(*contract) if contract else None
            yield Row(ocid, held, market, tenderers, winners, dated, tuple(Party(*one) for one in parties))


def collect(path: Path, settings: Settings, *, encoding: str | None = None, workers: int | None = None) -> Rows:
    """The rows of an OCDS file; raises as the audit does (`E801`, `E802`)."""
    from counterpoise.oversight.ocds.audit import read_whole

    engine, source, total, pending = Collector(settings), Source(path, encoding), State(), Pending()
    table = scratch()
    table.execute("CREATE TABLE row (ocid TEXT PRIMARY KEY, packed BLOB)")
    for state in read_whole(engine, source, pending, total, workers):
        table.executemany("INSERT OR REPLACE INTO row VALUES (?, ?)", state.rows)
        state.rows = []
        total.add(state)
    if not total.counts.get("processes"):
        raise unreadable(path, "nothing of OCDS in it", "give releases with an ocid, records, or packages")
    return Rows(table, total.counts.get("processes", 0), total.counts.get("left_out", 0))

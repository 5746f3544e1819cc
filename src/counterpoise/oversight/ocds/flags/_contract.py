"""The red flags of the guide about the contract: its signature, its changes, its delivery and what was paid."""

from __future__ import annotations

from counterpoise.oversight.dates import days_between
from counterpoise.oversight.ocds.flags.process import CERTIFICATES, JUDGES, Process, count_or_none, judge
from counterpoise.oversight.ocds.flags.settings import Settings
from counterpoise.oversight.ocds.parts import Release, listed, part, price

__all__ = ["JUDGES"]


def _contract_shares(process: Process, *, amended: bool = False) -> list[float]:
    """Contract value over the value of its award, for each pair in one currency."""
    shares = []
    for contract in process.contracts:
        if amended and not contract.get("amendments"):
            continue
        award = process.award_of(contract)
        signed, given = price(contract), price(award) if award else None
        if signed and given and signed[1] == given[1] and given[0] > 0:
            shares.append(signed[0] / given[0])
    return shares


@judge("R054")
def grown_direct_award(process: Process, settings: Settings) -> float | None:
    most = max(_contract_shares(process), default=0.0) if process.method == "direct" else 0.0
    return most if most > settings.get("R054", "threshold", 1.5) else None


@judge("R059")
def contract_differs(process: Process, settings: Settings) -> float | None:
    most = max((abs(share - 1) for share in _contract_shares(process)), default=0.0)
    return most if most > settings.get("R059", "threshold", 0.1) else None


@judge("R060")
def slow_signature(process: Process, settings: Settings) -> float | None:
    pairs = [(process.award_of(contract), contract.get("dateSigned")) for contract in process.contracts]
    days = [gap for award, signed in pairs if award and (gap := days_between(award.get("date"), signed)) is not None]
    most = max(days, default=0)
    return float(most) if most > settings.get("R060", "threshold", 60) else None


def _decision_days(process: Process) -> list[int]:
    end = part(process.tender, "tenderPeriod").get("endDate")
    return [gap for award in process.active_awards if (gap := days_between(end, award.get("date"))) is not None]


@judge("R061")
def quick_decision(process: Process, settings: Settings) -> float | None:
    days = _decision_days(process) if process.competitive else []
    return float(min(days)) if days and min(days) < settings.get("R061", "threshold", 3) else None


@judge("R062")
def slow_decision(process: Process, settings: Settings) -> float | None:
    most = max(_decision_days(process), default=0)
    return float(most) if most > settings.get("R062", "threshold", 180) else None


@judge("R063")
def unpublished_contract(process: Process, settings: Settings) -> float | None:
    def published(contract: Release) -> bool:
        return any(one.get("documentType") == "contractSigned" for one in listed(contract, "documents") or [])

    return count_or_none(sum(1 for contract in process.contracts if not published(contract)))


@judge("R064")
def amended(process: Process, settings: Settings) -> float | None:
    return count_or_none(sum(len(listed(contract, "amendments") or []) for contract in process.contracts))


@judge("R067")
def not_delivered(process: Process, settings: Settings) -> float | None:
    stones = [
        stone
        for contract in process.contracts
        for holder in (contract, part(contract, "implementation"))
        for stone in listed(holder, "milestones") or []
    ]

    def failed(stone: Release) -> bool:
        late = days_between(stone.get("dueDate"), stone.get("dateMet"))
        return stone.get("status") == "notMet" or (late is not None and late > 0)

    return count_or_none(sum(1 for stone in stones if failed(stone)))


@judge("R068")
def overpaid(process: Process, settings: Settings) -> float | None:
    most = 0.0
    for contract in process.contracts:
        signed = price(contract)
        paid = [
            offer for one in listed(part(contract, "implementation"), "transactions") or [] if (offer := price(one))
        ]
        if signed and signed[0] > 0:
            most = max(most, sum(amount for amount, currency in paid if currency == signed[1]) / signed[0])
    # A cent of rounding is no over-payment.
    return most if most > 1 + 1e-9 else None


@judge("R069")
def amended_upwards(process: Process, settings: Settings) -> float | None:
    most = max(_contract_shares(process, amended=True), default=0.0)
    return most if most > 1 + 1e-9 else None


@judge("R071")
def subcontracted(process: Process, settings: Settings) -> float | None:
    shares = [
        float(share)
        for award in process.awards
        for key in ("minimumPercentage", "maximumPercentage")
        if isinstance(share := part(award, "subcontracting").get(key), (int, float))
    ]
    most = max(shares, default=0.0)
    return most if most >= settings.get("R071", "threshold", 0.8) else None


def _items_changed(process: Process, *, fewer: bool) -> float | None:
    """Items of awards that amended contracts hold in smaller (or larger) quantity, or not at all (or beside them)."""
    changed = 0
    for contract in process.contracts:
        award = process.award_of(contract) if contract.get("amendments") else None
        before, after = _quantities(award), _quantities(contract)
        if before and after:
            first, second = (before, after) if fewer else (after, before)
            changed += sum(1 for name, amount in first.items() if second.get(name, 0.0) < amount)
    return count_or_none(changed)


def _quantities(holder: Release | None) -> dict[str, float]:
    """Quantity by id of item; an item without a quantity counts as one."""
    found: dict[str, float] = {}
    for item in listed(holder, "items") or []:
        amount = item.get("quantity", 1)
        if item.get("id") is not None and isinstance(amount, (int, float)) and amount > 0:
            found[str(item["id"])] = found.get(str(item["id"]), 0.0) + amount
    return found


@judge("R065")
def items_reduced(process: Process, settings: Settings) -> float | None:
    return _items_changed(process, fewer=True)


@judge("R066")
def items_added(process: Process, settings: Settings) -> float | None:
    return _items_changed(process, fewer=False)


@judge("R073")
def no_certificate(process: Process, settings: Settings) -> float | None:
    def certified(contract: Release) -> bool:
        papers = listed(part(contract, "implementation"), "documents") or []
        return any(one.get("documentType") in CERTIFICATES for one in papers)

    ended = [contract for contract in process.contracts if contract.get("status") == "terminated"]
    return count_or_none(sum(1 for contract in ended if not certified(contract)))

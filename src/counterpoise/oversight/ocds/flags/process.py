"""A contracting process, and the red flags of the guide that its plan, tender and award can raise by themselves."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from itertools import pairwise

from counterpoise.oversight.dates import days_between
from counterpoise.oversight.ocds._tree import FEE_RISE
from counterpoise.oversight.ocds.flags.settings import Settings
from counterpoise.oversight.ocds.parts import Release, ids, listed, part, price

OPEN = frozenset({"open", "selective"})
CLOSED = frozenset({"direct", "limited"})
PRICE_ONLY = frozenset({"priceOnly", "lowestCost"})
CERTIFICATES = frozenset({"completionCertificate", "finalAudit", "physicalProgressReport"})


class Process:
    """One contracting process, its parts read once."""

    def __init__(self, release: Release) -> None:
        self.release = release
        self.tender = part(release, "tender")
        method = self.tender.get("procurementMethod")
        self.method = method if isinstance(method, str) else None
        self.competitive = self.method in OPEN

    @cached_property
    def awards(self) -> list[Release]:
        return listed(self.release, "awards") or []

    @cached_property
    def active_awards(self) -> list[Release]:
        return [award for award in self.awards if award.get("status") == "active"]

    @cached_property
    def contracts(self) -> list[Release]:
        return listed(self.release, "contracts") or []

    @cached_property
    def bids(self) -> list[Release]:
        return listed(part(self.release, "bids"), "details") or []

    @cached_property
    def valid_amounts(self) -> list[float]:
        """Amounts of the valid bids in ascending order; empty when they are in several currencies."""
        offers = [offer for bid in self.bids if bid.get("status") == "valid" and (offer := price(bid))]
        return sorted(amount for amount, _ in offers) if len({currency for _, currency in offers}) == 1 else []

    @cached_property
    def parties(self) -> dict[str, Release]:
        return {
            party["id"]: party for party in listed(self.release, "parties") or [] if isinstance(party.get("id"), str)
        }

    @cached_property
    def tenderers(self) -> list[str]:
        """Ids of the tenderers, each once, in order."""
        listed_there = ids(listed(self.tender, "tenderers"))
        return list(
            dict.fromkeys([*(name for bid in self.bids for name in ids(listed(bid, "tenderers"))), *listed_there])
        )

    @cached_property
    def documents(self) -> set[str]:
        kinds = (document.get("documentType") for document in listed(self.tender, "documents") or [])
        return {kind for kind in kinds if isinstance(kind, str)}

    def award_of(self, contract: Release) -> Release | None:
        name = contract.get("awardID")
        return next((award for award in self.awards if name is not None and str(award.get("id")) == str(name)), None)


Judge = Callable[[Process, Settings], float | None]
JUDGES: dict[str, Judge] = {}


def judge(code: str) -> Callable[[Judge], Judge]:
    def keep(function: Judge) -> Judge:
        JUDGES[code] = function
        return function

    return keep


def count_or_none(number: int) -> float | None:
    return float(number) if number else None


@judge("R001")
def no_planning_documents(process: Process, settings: Settings) -> float | None:
    return 1.0 if process.tender and not part(process.release, "planning").get("documents") else None


@judge("R002")
def below_threshold(process: Process, settings: Settings) -> float | None:
    limit, offer = settings.get("R002", "threshold"), price(process.tender)
    if limit is None or offer is None:
        return None
    return offer[0] if (1 - settings.get("R002", "margin", 0.05)) * limit <= offer[0] < limit else None


@judge("R004")
def not_advertised(process: Process, settings: Settings) -> float | None:
    return 1.0 if process.competitive and "tenderNotice" not in process.documents else None


@judge("R005")
def no_key_documents(process: Process, settings: Settings) -> float | None:
    key = {"biddingDocuments", "technicalSpecifications", "evaluationCriteria"}
    return 1.0 if process.competitive and not key & process.documents else None


@judge("R006")
def no_eligibility(process: Process, settings: Settings) -> float | None:
    return 1.0 if process.competitive and not process.tender.get("eligibilityCriteria") else None


@judge("R008")
def high_fee(process: Process, settings: Settings) -> float | None:
    offer = price(process.tender)
    fees = [fee for item in listed(process.tender, "participationFees") or [] if (fee := price(item))]
    if offer is None or offer[0] <= 0:
        return None
    share = sum(amount for amount, currency in fees if currency == offer[1]) / offer[0]
    return share if share > settings.get("R008", "threshold", 0.01) else None


@judge("R010")
def no_rationale(process: Process, settings: Settings) -> float | None:
    return 1.0 if process.method in CLOSED and not process.tender.get("procurementMethodRationale") else None


@judge("R012")
def direct_without_plan(process: Process, settings: Settings) -> float | None:
    papers = listed(part(process.release, "planning"), "documents") or []
    planned = any(one.get("documentType") == "procurementPlan" for one in papers)
    return 1.0 if process.method == "direct" and not planned else None


@judge("R014")
def short_advertising(process: Process, settings: Settings) -> float | None:
    start = part(process.tender, "tenderPeriod").get("startDate")
    days = days_between(start, part(process.tender, "bidOpening").get("date"))
    if not process.competitive or days is None:
        return None
    return float(days) if days < settings.get("R014", "threshold", 10) else None


@judge("R015")
def slow_evaluation(process: Process, settings: Settings) -> float | None:
    opening = part(process.tender, "bidOpening").get("date")
    days = days_between(opening, part(process.tender, "awardPeriod").get("startDate"))
    return float(days) if days is not None and days > settings.get("R015", "threshold", 60) else None


@judge("R020")
def complaints(process: Process, settings: Settings) -> float | None:
    return count_or_none(len(listed(process.release, "complaints") or []))


@judge("R022")
def wide_prices(process: Process, settings: Settings) -> float | None:
    amounts = process.valid_amounts
    if len(amounts) < 3 or amounts[0] <= 0:
        return None
    spread = (amounts[-1] - amounts[0]) / amounts[0]
    return spread if spread >= settings.get("R022", "threshold", 2.0) else None


@judge("R023")
def fixed_multiple(process: Process, settings: Settings) -> float | None:
    amounts = process.valid_amounts
    if len(amounts) < 3 or amounts[0] <= 0 or amounts[0] == amounts[-1]:
        return None
    pairs = list(pairwise(amounts))
    near = settings.get("R023", "tolerance", 0.001)
    for steps in ([after / before for before, after in pairs], [after - before for before, after in pairs]):
        if min(steps) > 0 and max(steps) - min(steps) <= near * min(steps):
            return amounts[1] / amounts[0]
    return None


@judge("R026")
def consortium(process: Process, settings: Settings) -> float | None:
    most = max((len(set(ids(listed(award, "suppliers")))) for award in process.active_awards), default=0)
    return float(most) if most >= 2 else None


@judge("R031")
def near_estimate(process: Process, settings: Settings) -> float | None:
    estimate = price(process.tender)
    if estimate is None or estimate[0] <= 0 or len(process.active_awards) != 1:
        return None
    suppliers = set(ids(listed(process.active_awards[0], "suppliers")))
    won = [
        offer[0]
        for bid in process.bids
        if bid.get("status") == "valid" and suppliers & set(ids(listed(bid, "tenderers")))
        if (offer := price(bid)) and offer[1] == estimate[1]
    ]
    share = min(won) / estimate[0] if won else 0.0
    return share if share >= 1 - settings.get("R031", "threshold", 0.01) else None


@judge("R037")
def undocumented(process: Process, settings: Settings) -> float | None:
    return count_or_none(
        sum(1 for bid in process.bids if bid.get("status") == "disqualified" and not bid.get("documents"))
    )


@judge("R039")
def unanswered(process: Process, settings: Settings) -> float | None:
    if process.tender.get("status") in {"planned", "active"}:
        return None
    return count_or_none(sum(1 for one in listed(process.tender, "enquiries") or [] if not one.get("answer")))


@judge("R049")
def direct_below_threshold(process: Process, settings: Settings) -> float | None:
    limit = settings.get("R049", "threshold")
    if limit is None or process.method != "direct":
        return None
    low = (1 - settings.get("R049", "margin", 0.1)) * limit
    near = [offer[0] for award in process.active_awards if (offer := price(award)) and low <= offer[0] < limit]
    return max(near) if near else None


@judge("R009")
def fees_raised(process: Process, settings: Settings) -> float | None:
    # Noted while the releases of a process were merged; one release alone has no history.
    return process.release.get(FEE_RISE)


@judge("R056")
def dearer_bid_won(process: Process, settings: Settings) -> float | None:
    amounts = process.valid_amounts
    if process.tender.get("awardCriteria") not in PRICE_ONLY or len(process.active_awards) != 1 or not amounts:
        return None
    suppliers = set(ids(listed(process.active_awards[0], "suppliers")))
    won = [
        offer[0]
        for bid in process.bids
        if bid.get("status") == "valid" and suppliers & set(ids(listed(bid, "tenderers"))) and (offer := price(bid))
    ]
    return min(won) / amounts[0] if won and amounts[0] > 0 and min(won) > amounts[0] * (1 + 1e-9) else None

"""Reading parts of an OCDS tree from strangers: what is of another type than it should be counts as absent."""

from __future__ import annotations

from typing import Any, NamedTuple

Release = dict[str, Any]


def part(tree: Any, key: str) -> dict[str, Any]:
    """The object under a key, or an empty one."""
    value = tree.get(key) if isinstance(tree, dict) else None
    return value if isinstance(value, dict) else {}


def listed(tree: Any, key: str) -> list[dict[str, Any]] | None:
    """The objects in the list under a key, or `None` where there is no list."""
    value = tree.get(key) if isinstance(tree, dict) else None
    return [item if isinstance(item, dict) else {} for item in value] if isinstance(value, list) else None


def ids(parties: list[dict[str, Any]] | None) -> list[str]:
    """The ids of organisation references that have one."""
    return [party["id"] for party in parties or () if isinstance(party.get("id"), str)]


def price(holder: dict[str, Any]) -> tuple[float, str] | None:
    """Amount and currency of a bid, both needed."""
    value = holder.get("value")
    if not isinstance(value, dict):
        return None
    amount, currency = value.get("amount"), value.get("currency")
    # `True` is an int to Python and no number to JSON.
    if not isinstance(amount, (int, float)) or isinstance(amount, bool) or not isinstance(currency, str):
        return None
    try:
        return float(amount), currency
    except OverflowError:
        return None


def single(parties: list[dict[str, Any]] | None) -> str | None:
    """The id of the only organisation in a list."""
    if parties is None or len(parties) != 1:
        return None
    name = parties[0].get("id")
    return name if isinstance(name, str) else None


class Bid(NamedTuple):
    """A bid read once: `lone` is its tenderer where it has exactly one."""

    status: str | None
    tenderers: list[str]
    lone: str | None
    offer: tuple[float, str] | None
    date: str | None


def read_bids(details: list[dict[str, Any]]) -> list[Bid]:
    """The bids of a process."""
    bids = []
    for one in details:
        parties = listed(one, "tenderers")
        names = ids(parties)
        lone = names[0] if parties is not None and len(parties) == 1 and names else None
        status, date = one.get("status"), one.get("date")
        bids.append(
            Bid(
                status if isinstance(status, str) else None,
                names,
                lone,
                price(one),
                date if isinstance(date, str) else None,
            )
        )
    return bids

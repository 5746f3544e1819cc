"""The red flags of the guide that look at who the bidders are: owners, addresses, contacts, roles, lists."""

from __future__ import annotations

from collections.abc import Callable

from counterpoise.oversight.ocds.flags._contract import JUDGES
from counterpoise.oversight.ocds.flags.process import Process, count_or_none, judge
from counterpoise.oversight.ocds.flags.settings import Settings
from counterpoise.oversight.ocds.parts import Release, ids, listed, part

# Importing this module completes the table of judges: `_process` begins it and `_contract` goes on.
__all__ = ["JUDGES", "contacts"]


def _shared(process: Process, keys_of: Callable[[Release], set[str]]) -> float | None:
    """How many keys two or more tenderers of a process have in common."""
    owners: dict[str, int] = {}
    for name in process.tenderers:
        for key in keys_of(process.parties.get(name, {})):
            owners[key] = owners.get(key, 0) + 1
    return count_or_none(sum(1 for count in owners.values() if count > 1))


def contacts(party: Release) -> set[str]:
    """E-mail, telephone (digits only, six or more) and street of a party, folded for comparison."""
    point, address = part(party, "contactPoint"), part(party, "address")
    found = set()
    email, telephone, street = point.get("email"), point.get("telephone"), address.get("streetAddress")
    if isinstance(email, str) and email.strip():
        found.add(f"email:{email.strip().casefold()}")
    digits = "".join(filter(str.isdigit, telephone)) if isinstance(telephone, str) else ""
    if len(digits) >= 6:
        found.add(f"telephone:{digits}")
    if isinstance(street, str) and len(street.strip()) > 5:
        found.add(f"street:{' '.join(street.casefold().split())}:{str(address.get('locality', '')).casefold()}")
    return found


@judge("R032")
def shared_owner(process: Process, settings: Settings) -> float | None:
    def owners(party: Release) -> set[str]:
        people = listed(party, "beneficialOwners") or []
        return {str(person.get("id") or person.get("name")).casefold() for person in people} - {"none", ""}

    return _shared(process, owners)


@judge("R033")
def shared_shareholder(process: Process, settings: Settings) -> float | None:
    def holders(party: Release) -> set[str]:
        entries = (part(entry, "shareholder").get("id") for entry in listed(party, "shareholders") or [])
        return {str(name) for name in entries if name}

    return _shared(process, holders)


@judge("R042")
def abnormal_address(process: Process, settings: Settings) -> float | None:
    def abnormal(party: Release) -> bool:
        street = part(party, "address").get("streetAddress")
        text = street.casefold().replace(".", "").strip() if isinstance(street, str) else ""
        return not text or text.startswith(
            ("po box", "p o box", "post box", "apartado", "casilla", "а/я", "boite postale")
        )

    return count_or_none(
        sum(1 for name in process.tenderers if name in process.parties and abnormal(process.parties[name]))
    )


@judge("R043")
def contact_of_buyer(process: Process, settings: Settings) -> float | None:
    officials = {part(process.release, "buyer").get("id"), part(process.tender, "procuringEntity").get("id")}
    theirs = {key for name in officials if isinstance(name, str) for key in contacts(process.parties.get(name, {}))}
    bidders = [name for name in process.tenderers if name not in officials]
    return count_or_none(sum(1 for name in bidders if contacts(process.parties.get(name, {})) & theirs))


@judge("R044")
def shared_contacts(process: Process, settings: Settings) -> float | None:
    own = {name: contacts(process.parties.get(name, {})) for name in process.tenderers}
    return count_or_none(
        sum(1 for name, keys in own.items() if any(keys & other for rival, other in own.items() if rival != name))
    )


@judge("R046")
def debarred(process: Process, settings: Settings) -> float | None:
    names = {name.casefold() for name in settings.get("R046", "list", frozenset())}
    called = (
        {key.casefold(), str(process.parties.get(key, {}).get("name")).casefold()} for key in process.tenderers if names
    )
    return count_or_none(sum(1 for both in called if both & names))


@judge("R045")
def unregistered(process: Process, settings: Settings) -> float | None:
    known = {name.casefold() for name in settings.get("R045", "list", frozenset())}
    return count_or_none(sum(1 for name in process.tenderers if known and name.casefold() not in known))


@judge("R047")
def no_web_trace(process: Process, settings: Settings) -> float | None:
    suppliers = {name for award in process.active_awards for name in ids(listed(award, "suppliers"))}
    known = [process.parties[name] for name in suppliers if name in process.parties]
    return count_or_none(sum(1 for party in known if not part(party, "contactPoint").get("url")))


@judge("R070")
def loser_hired(process: Process, settings: Settings) -> float | None:
    winners = {name for award in process.active_awards for name in ids(listed(award, "suppliers"))}
    losers = [name for name in process.tenderers if name not in winners]
    roles = (process.parties.get(name, {}).get("roles") for name in losers)
    return count_or_none(sum(1 for held in roles if isinstance(held, list) and "subcontractor" in held))

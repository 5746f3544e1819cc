"""Elections of `elections.toml`: which vote is held when, under which law, and who governs as it comes."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from counterpoise._errors import Fault, fault
from counterpoise.region._columns import Credibility, Id, Kind
from counterpoise.region._dates import check_day
from counterpoise.region._files import MAX_FAULTS, suggest
from counterpoise.region._settings import Shown

DayText = Annotated[str, AfterValidator(check_day)]


class Election(BaseModel):
    """A vote for parliament: its day, its law, the list that governs as it comes, and since when the day is known."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    id: Id
    country: Id
    date: DayText
    law: Id
    governs: Id | None = None
    known: DayText
    source: Id
    credibility: Credibility
    kind: Kind
    note: Annotated[Shown, Field(max_length=400)] = ""


def read_elections(items: list[dict[str, Any]], where: str, faults: list[Fault]) -> dict[str, Election]:
    """The elections of a file by id; those that break the format are faults (`E905`)."""
    read: dict[str, Election] = {}
    for number, item in enumerate(items, start=1):
        place = f"{where}, [[election]] {number}"
        try:
            election = Election.model_validate({key: _text(value) for key, value in item.items()})
        except ValidationError as error:
            for problem in error.errors(include_url=False)[:MAX_FAULTS]:
                key = ".".join(str(part) for part in problem["loc"])
                fix = suggest(key, Election.model_fields) or f"set {key!r} as docs/engines/seats.md describes"
                rule = problem["msg"].removeprefix("Value error, ")
                faults.append(
                    fault("E905", where=place, found=f"{key} = {problem['input']!r}"[:120], rule=rule, fix=fix)
                )
            continue
        if election.id in read:
            rule, fix = "an election's id stands once", "give it its own id"
            faults.append(fault("E905", where=place, found=f"{election.id!r} twice", rule=rule, fix=fix))
        read[election.id] = election
    return read


def _text(value: Any) -> Any:
    """A day of TOML as the text of an ISO day; anything else as it is."""
    return value.isoformat() if hasattr(value, "isoformat") else value

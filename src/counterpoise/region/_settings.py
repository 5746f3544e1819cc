"""`region.toml`: what the region is called, its base date, and who is a client and who a patron in it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from counterpoise._errors import Fault, InputError, fault
from counterpoise.region._dates import check_day
from counterpoise.region._files import read_toml

ActorId = Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[\w.:+-]+$")]


class Settings(BaseModel):
    """The settings of a region; `viewpoint` names whose map the region draws where names or borders are disputed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]+$", max_length=60)]
    title: Annotated[str, Field(min_length=1, max_length=200)]
    base_date: Annotated[str, AfterValidator(check_day)]
    clients: Annotated[tuple[ActorId, ...], Field(min_length=1)]
    patrons: Annotated[tuple[ActorId, ...], Field(min_length=1)]
    currency_year: Annotated[int, Field(ge=1900, le=2100)]
    default_scenarios: tuple[ActorId, ...] = ()
    viewpoint: Annotated[str, Field(min_length=1, max_length=200)]
    licence: Annotated[str, Field(max_length=200)] = ""


def read_settings(folder: Path, faults: list[Fault]) -> Settings | None:
    """The settings, or `None` with the faults appended."""
    path = folder / "region.toml"
    try:
        return Settings.model_validate(read_toml(path))
    except InputError as error:
        faults += [Fault("E113", path.name, item.found, item.rule, item.fix) for item in error.faults]
    except ValidationError as error:
        for item in error.errors(include_url=False):
            place = ".".join(str(part) for part in item["loc"])
            rule = item["msg"].removeprefix("Value error, ")
            fix = f"set {place!r} as docs/region.md describes"
            faults.append(
                fault("E113", where=path.name, found=f"{place} = {item['input']!r}"[:120], rule=rule, fix=fix)
            )
    return None

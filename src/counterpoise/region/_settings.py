"""`region.toml`: what the region is called, its base date, and who is a client and who a patron in it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from counterpoise._errors import Fault, InputError, fault
from counterpoise.region._dates import check_day
from counterpoise.region._files import read_toml

ActorId = Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[\w.:+-]+$")]


def _printable(text: str) -> str:
    """The text if it can be shown as it is, else `ValueError`: nothing hidden, nothing that commands a terminal."""
    if not text.isprintable():
        raise ValueError("the text holds a character that cannot be printed")
    return text


def _distinct(names: tuple[str, ...]) -> tuple[str, ...]:
    """The names if each stands once, else `ValueError`."""
    if len(set(names)) < len(names):
        raise ValueError("a name stands twice")
    return names


Shown = Annotated[str, AfterValidator(_printable)]
Actors = Annotated[tuple[ActorId, ...], Field(min_length=1, max_length=500), AfterValidator(_distinct)]


class Settings(BaseModel):
    """The settings of a region; `viewpoint` names whose map the region draws where names or borders are disputed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]+$", max_length=60)]
    title: Annotated[Shown, Field(min_length=1, max_length=200)]
    base_date: Annotated[str, AfterValidator(check_day)]
    clients: Actors
    patrons: Actors
    currency_year: Annotated[int, Field(ge=1900, le=2100)]
    default_scenarios: tuple[ActorId, ...] = ()
    viewpoint: Annotated[Shown, Field(min_length=1, max_length=200)]
    licence: Annotated[Shown, Field(max_length=200)] = ""


def read_settings(folder: Path, faults: list[Fault]) -> Settings | None:
    """The settings, or `None` with the faults appended."""
    path = folder / "region.toml"
    if path.is_symlink():
        rule = "the settings are a file of the region"
        fix = "put a copy of the file in the folder"
        faults.append(fault("E113", where=path.name, found="a symbolic link", rule=rule, fix=fix))
        return None
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

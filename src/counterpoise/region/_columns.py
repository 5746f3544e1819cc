"""What columns hold: the types of cells, and the two kinds of row that every table is made of.

A blank cell is *unknown* (`None`), never zero. Text columns of lists separate their items with `;`.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from counterpoise.region._dates import check_day, check_period

MAX_TEXT = 2000


def blank_to_none(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


def _split(value: Any) -> Any:
    if value is None or (isinstance(value, str) and not value.strip()):
        return ()
    return tuple(part.strip() for part in value.split(";")) if isinstance(value, str) else value


Id = Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[\w.:+-]+$")]
Words = Annotated[str, Field(min_length=1, max_length=MAX_TEXT)]
Figure = Annotated[float, Field(allow_inf_nan=False)]
Day = Annotated[str, AfterValidator(check_day)]
_Period = Annotated[str, AfterValidator(check_period)]
_Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
_Positive = Annotated[float, Field(ge=0, allow_inf_nan=False)]

# A blank cell of these columns is unknown.
Key = Annotated[Id | None, BeforeValidator(blank_to_none)]
Text = Annotated[Words | None, BeforeValidator(blank_to_none)]
Number = Annotated[Figure | None, BeforeValidator(blank_to_none)]
Share = Annotated[_Share | None, BeforeValidator(blank_to_none)]
Positive = Annotated[_Positive | None, BeforeValidator(blank_to_none)]
Count = Annotated[Annotated[int, Field(ge=0)] | None, BeforeValidator(blank_to_none)]
Latitude = Annotated[Annotated[float, Field(ge=-90, le=90)] | None, BeforeValidator(blank_to_none)]
Longitude = Annotated[Annotated[float, Field(ge=-180, le=180)] | None, BeforeValidator(blank_to_none)]
OptionalDay = Annotated[Day | None, BeforeValidator(blank_to_none)]
Period = Annotated[_Period | None, BeforeValidator(blank_to_none)]

# Cells that list several, separated by `;`; blank is an empty list.
Ids = Annotated[tuple[Id, ...], BeforeValidator(_split)]
Names = Annotated[tuple[str, ...], BeforeValidator(_split)]

Credibility = Annotated[int, Field(ge=1, le=6)]
Kind = Literal["measured", "reported", "judgement"]
YesNo = Literal["yes", "no"]

Status = Literal["open", "restricted", "suspended", "closed", "planned", "under construction"]
Channel = Literal["trade", "energy", "transit", "people", "capital", "security"]
CHANNELS: tuple[str, ...] = ("trade", "energy", "transit", "people", "capital", "security")

# The sixteen event kinds of PLOVER 2021 (Halterman et al. 2023), upper case as in its codebook.
PloverKind = Literal[
    "AGREE",
    "CONSULT",
    "SUPPORT",
    "CONCEDE",
    "COOPERATE",
    "AID",
    "RETREAT",
    "REQUEST",
    "ACCUSE",
    "REJECT",
    "THREATEN",
    "PROTEST",
    "SANCTION",
    "MOBILIZE",
    "COERCE",
    "ASSAULT",
]


class Row(BaseModel):
    """One row of a table. `line` is where it stands in its file."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, populate_by_name=True)

    table: ClassVar[str]
    needed: ClassVar[bool] = False
    key: ClassVar[tuple[str, ...]] = ("id",)
    # The column that says since when the thing stands, where rows are standing things (a port, a plant).
    stands_from: ClassVar[str | None] = None
    # Column -> table whose ids it names; `actors` cells may list several.
    refers: ClassVar[dict[str, str]] = {}

    @property
    def available(self) -> date | None:
        """The day from which the row may be seen, `None` when it is timeless."""
        known = getattr(self, "known", None)
        return date.fromisoformat(known) if known else None


class Sourced(Row):
    """A row with the day it became public, its source and its Admiralty credibility."""

    known: Day
    known_derived: YesNo
    source: Id
    credibility: Credibility


class Judged(Sourced):
    """A sourced row that says whether it was measured or judged, with room for a note; both stand last in its file."""

    kind: Kind
    note: Text

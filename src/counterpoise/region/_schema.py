"""The tables of a region: one pydantic model per table, one field per column, in the order of the file.

A blank cell is *unknown* (`None`), never zero. Text columns of lists separate their items with `;`.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from counterpoise.region._dates import check_day, check_period

MAX_TEXT = 2000


def _blank_to_none(value: Any) -> Any:
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
Key = Annotated[Id | None, BeforeValidator(_blank_to_none)]
Text = Annotated[Words | None, BeforeValidator(_blank_to_none)]
Number = Annotated[Figure | None, BeforeValidator(_blank_to_none)]
Share = Annotated[_Share | None, BeforeValidator(_blank_to_none)]
Positive = Annotated[_Positive | None, BeforeValidator(_blank_to_none)]
Count = Annotated[Annotated[int, Field(ge=0)] | None, BeforeValidator(_blank_to_none)]
Latitude = Annotated[Annotated[float, Field(ge=-90, le=90)] | None, BeforeValidator(_blank_to_none)]
Longitude = Annotated[Annotated[float, Field(ge=-180, le=180)] | None, BeforeValidator(_blank_to_none)]
OptionalDay = Annotated[Day | None, BeforeValidator(_blank_to_none)]
Period = Annotated[_Period | None, BeforeValidator(_blank_to_none)]

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


class Source(Row):
    table = "sources"
    needed = True
    id: Id
    title: Words
    publisher: Text
    published: Period
    read: OptionalDay
    url: Text
    licence: Text
    reliability: Literal["A", "B", "C", "D", "E", "F"]


class Actor(Row):
    table = "actors"
    needed = True
    refers: ClassVar = {"member_of": "actors"}
    id: Id
    name: Words
    aliases: Names
    kind: Literal["state", "bloc", "organisation", "firm", "party", "de facto entity", "group", "former state"]
    lat: Latitude
    lon: Longitude
    member_of: Ids


class Fact(Sourced):
    table = "facts"
    needed = True
    refers: ClassVar = {"subject": "actors", "object": "actors", "source": "sources"}
    id: Id
    quantity: Id
    subject: Id
    object: Key
    item: Key
    value: Figure
    low: Number
    high: Number
    unit: Words
    as_of: Period
    kind: Kind
    supersedes: Key
    note: Text


class Event(Sourced):
    table = "events"
    refers: ClassVar = {"actor": "actors", "target": "actors", "source": "sources"}
    id: Id
    date: Day
    actor: Ids
    target: Ids
    kind: PloverKind
    magnitude: Number
    summary: Words
    note: Text


class Commitment(Sourced):
    table = "commitments"
    refers: ClassVar = {"guarantor": "actors", "protege": "actors", "source": "sources"}
    id: Id
    guarantor: Ids
    protege: Ids
    instrument: Words
    form: Words
    from_: OptionalDay = Field(alias="from")
    to: OptionalDay
    ambiguity: Share
    ambiguity_low: Share
    ambiguity_high: Share
    kind: Kind
    note: Text


class CommitmentTest(Sourced):
    table = "commitment_tests"
    refers: ClassVar = {"guarantor": "actors", "protege": "actors", "source": "sources"}
    id: Id
    date: Day
    guarantor: Ids
    protege: Ids
    honoured: Share
    honoured_low: Share
    honoured_high: Share
    weight: Share
    weight_low: Share
    weight_high: Share
    separate: YesNo
    kind: Kind
    note: Text


class ProjectStage(Sourced):
    """One stage of an investment; announced, contracted and disbursed are rows apart, each with its own source."""

    table = "projects"
    refers: ClassVar = {"sponsor": "actors", "host": "actors", "source": "sources"}
    id: Id
    project: Id
    name: Words
    sponsor: Ids
    host: Ids
    sector: Words
    stage: Literal["announced", "contracted", "disbursed", "in_service", "cancelled", "stock"]
    value: Number
    low: Number
    high: Number
    unit: Text
    as_of: Period
    in_service: Period
    life_years: Positive
    concession_years: Positive
    kind: Kind
    note: Text


class Plant(Sourced):
    table = "plants"
    stands_from = "commissioned"
    refers: ClassVar = {"country": "actors", "source": "sources"}
    id: Id
    name: Words
    country: Id
    fuel: Words
    capacity_mw: Positive
    capacity_low_mw: Positive
    capacity_high_mw: Positive
    owner: Text
    owner_country: Key
    operator: Text
    fuel_supplier: Text
    supplier_country: Key
    commissioned: Period
    licence_end: Period
    lat: Latitude
    lon: Longitude
    kind: Kind
    note: Text


class FuelContract(Sourced):
    table = "fuel"
    refers: ClassVar = {"buyer": "actors", "seller": "actors", "source": "sources"}
    id: Id
    buyer: Id
    seller: Id
    fuel: Words
    volume: Number
    volume_low: Number
    volume_high: Number
    volume_unit: Text
    price: Number
    price_low: Number
    price_high: Number
    price_unit: Text
    from_: Period = Field(alias="from")
    to: Period
    kind: Kind
    note: Text


class PowerLine(Sourced):
    table = "lines"
    stands_from = "in_service"
    refers: ClassVar = {"from": "actors", "to": "actors", "source": "sources"}
    id: Id
    from_: Id = Field(alias="from")
    to: Id
    name: Words
    capacity_mw: Positive
    capacity_low_mw: Positive
    capacity_high_mw: Positive
    status: Status
    in_service: Period
    kind: Kind
    note: Text


class TradeFlow(Sourced):
    table = "trade"
    refers: ClassVar = {"exporter": "actors", "importer": "actors", "source": "sources"}
    key = ("exporter", "importer", "year", "sector")
    exporter: Id
    importer: Id
    year: Annotated[int, Field(ge=1900, le=2100)]
    sector: Words
    value: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    low: Positive
    high: Positive
    unit: Words
    kind: Kind

    @property
    def id(self) -> str:
        """`trade:ARM-RUS-2016`, with the sector behind it where it is not `all`."""
        sector = "" if self.sector == "all" else f"-{self.sector}"
        return f"trade:{self.exporter}-{self.importer}-{self.year}{sector}"


class Place(Sourced):
    table = "places"
    stands_from = "status_from"
    refers: ClassVar = {"source": "sources"}
    id: Id
    name: Words
    country: Key
    kind: Words
    lat: Latitude
    lon: Longitude
    gauge: Text
    handling_hours: Positive
    handling_usd_teu: Positive
    crossing_hours_rail: Positive
    crossing_usd_rail: Positive
    crossing_hours_road: Positive
    crossing_usd_road: Positive
    gauge_change_hours: Positive
    gauge_change_usd: Positive
    queue_days_low: Positive
    queue_days_high: Positive
    queue_mode: Text
    queue_date: Period
    throughput: Text
    throughput_year: Period
    capacity_mt_year: Positive
    capacity_kteu_year: Positive
    operator: Text
    status: Status
    status_from: Period
    evidence: Kind
    tags: Names
    note: Text


class Link(Sourced):
    table = "links"
    stands_from = "status_from"
    refers: ClassVar = {"from": "places", "to": "places", "source": "sources"}
    id: Id
    from_: Id = Field(alias="from")
    to: Id
    mode: Words
    distance_km: Positive
    hours_moving: Positive
    usd_per_teu: Positive
    capacity_kteu_year: Positive
    capacity_mt_year: Positive
    gauge: Text
    cargo: Names
    control: Names
    control_de_facto: Names
    operator: Text
    season: Text
    status: Status
    status_from: Period
    tags: Names
    evidence: Kind
    rests_on: Literal["document", "dataset", "none"]
    note: Text


class LinkStatus(Sourced):
    """A dated change of a link's state, or (state blank) a dated note that changes none."""

    table = "link_status"
    refers: ClassVar = {"link": "links", "source": "sources"}
    id: Id
    link: Id
    state: Annotated[Status | None, BeforeValidator(_blank_to_none)]
    since: Day
    note: Text


class CapacityGroup(Sourced):
    table = "capacity_groups"
    refers: ClassVar = {"source": "sources"}
    id: Id
    name: Words
    members: Ids
    capacity_mt_year: Positive
    capacity_kteu_year: Positive
    date: Period
    note: Text


class Fleet(Sourced):
    table = "fleets"
    refers: ClassVar = {"owner": "actors", "source": "sources"}
    id: Id
    owner: Id
    ship_class: Words = Field(alias="class")
    number: Positive
    number_low: Positive
    number_high: Positive
    salvo: Positive
    salvo_low: Positive
    salvo_high: Positive
    defence: Positive
    defence_low: Positive
    defence_high: Positive
    staying_power: Positive
    staying_low: Positive
    staying_high: Positive
    kind: Kind
    note: Text


class Party(Sourced):
    table = "parties"
    refers: ClassVar = {"country": "actors", "source": "sources"}
    id: Id
    country: Id
    name: Words
    party_kind: Words
    orientation: Number
    orientation_low: Number
    orientation_high: Number
    kind: Kind
    note: Text


class Poll(Sourced):
    table = "polls"
    refers: ClassVar = {"country": "actors", "source": "sources"}
    id: Id
    country: Id
    election: OptionalDay
    question: Words
    item: Words
    party: Key
    pollster: Words
    field_start: OptionalDay
    field_end: OptionalDay
    sample_size: Count
    value: Figure
    low: Number
    high: Number
    unit: Words
    kind: Kind
    note: Text


class ElectionResult(Sourced):
    table = "results"
    refers: ClassVar = {"country": "actors", "source": "sources"}
    id: Id
    country: Id
    election: Day
    party: Key
    name: Words
    party_kind: Words
    votes: Count
    share: Number
    seats: Count
    kind: Kind
    note: Text


class Claim(Row):
    table = "claims"
    refers: ClassVar = {"document": "sources"}
    id: Id
    document: Id
    paragraph: Count
    kind: Literal["fact", "causal", "forecast", "judgement", "recommendation", "risk"]
    statement: Words
    check: Key
    parameters: Text
    waits_for: Text


class Assumption(Row):
    """A named range that stands where no figure does; always labelled, never styled as measurement."""

    table = "assumptions"
    refers: ClassVar = {"subject": "actors", "object": "actors", "source": "sources"}
    id: Id
    channel: Annotated[Channel | None, BeforeValidator(_blank_to_none)]
    name: Words
    subject: Key
    object: Key
    low: Figure
    mode: Number
    high: Figure
    shape: Literal["uniform", "triangular", "loguniform"]
    unit: Words
    source: Key
    kind: Kind
    note: Text


TABLES: dict[str, type[Row]] = {
    model.table: model
    for model in (
        Source,
        Actor,
        Fact,
        Event,
        Commitment,
        CommitmentTest,
        ProjectStage,
        Plant,
        FuelContract,
        PowerLine,
        TradeFlow,
        Place,
        Link,
        LinkStatus,
        CapacityGroup,
        Fleet,
        Party,
        Poll,
        ElectionResult,
        Claim,
        Assumption,
    )
}


def columns(model: type[Row]) -> list[str]:
    """The column names of a table, in the order of its file: own columns first, provenance last.

    >>> columns(LinkStatus)
    ['id', 'link', 'state', 'since', 'known', 'known_derived', 'source', 'credibility', 'note']
    """
    names = [info.alias or name for name, info in model.model_fields.items()]
    if not issubclass(model, Sourced):
        return names
    provenance = ["known", "known_derived", "source", "credibility"]
    own = [name for name in names if name not in provenance]

    tail = [name for name in ("kind", "note") if name in own]
    return [name for name in own if name not in tail] + provenance + tail

"""Tables of things, goods and acts: plants, contracts, lines, trade, freight, fleets, outlines, steps, coercion."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field

from counterpoise.region._columns import (
    Day,
    Id,
    Ids,
    Judged,
    Key,
    Kind,
    Latitude,
    Longitude,
    Names,
    Number,
    OptionalDay,
    Period,
    Positive,
    Row,
    Sourced,
    Status,
    Text,
    Words,
    blank_to_none,
)


class Plant(Judged):
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


class FuelContract(Judged):
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


class PowerLine(Judged):
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
    state: Annotated[Status | None, BeforeValidator(blank_to_none)]
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


class Fleet(Judged):
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


class Outline(Row):
    """A vertex of the simplified outline of a country or of a disputed area; a ring ends where it began.

    `viewpoint` is the state that a disputed area is part of by United Nations membership, `administered_by` who
    holds it.
    """

    table = "outlines"
    key = ("area", "ring", "order")
    refers: ClassVar = {"source": "sources"}
    area: Id
    name: Words
    kind: Literal["country", "disputed"]
    administered_by: Key
    viewpoint: Key
    ring: Annotated[int, Field(ge=1)]
    order: Annotated[int, Field(ge=0)]
    lon: Annotated[float, Field(ge=-180, le=180)]
    lat: Annotated[float, Field(ge=-90, le=90)]
    source: Id


class AlignmentStep(Judged):
    """A dated step of a state away from a patron's order; `magnitude` 1 to 5 is a judgement of its weight."""

    table = "alignment_steps"
    refers: ClassVar = {"event": "events", "state": "actors", "source": "sources"}
    id: Id
    event: Id
    state: Id
    date: Day
    magnitude: Annotated[float, Field(ge=0, le=5)]


class CoerciveAct(Judged):
    """A dated act of coercion, what set it off, how hard it was (1 to 5, judged) and what it cost the target."""

    table = "coercive_acts"
    refers: ClassVar = {"event": "events", "sender": "actors", "target": "actors", "source": "sources"}
    id: Id
    event: Id
    sender: Id
    target: Ids
    date: Day
    to: OptionalDay
    instrument: Words
    trigger_day: OptionalDay
    trigger: Literal["west_move", "security", "political_dispute", "commercial", "none_known"]
    severity: Annotated[float, Field(ge=0, le=5)]
    cost_usd_mn: Number
    cost_low_usd_mn: Number
    cost_high_usd_mn: Number

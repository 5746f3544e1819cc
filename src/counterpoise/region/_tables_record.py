"""Tables of what is said and promised: sources, actors, facts, events, commitments, projects, votes, claims."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field

from counterpoise.region._columns import (
    Channel,
    Count,
    Day,
    Figure,
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
    PloverKind,
    Positive,
    Row,
    Share,
    Sourced,
    Text,
    Words,
    YesNo,
    blank_to_none,
)


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


class Commitment(Judged):
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


class CommitmentTest(Judged):
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


class ProjectStage(Judged):
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


class Party(Judged):
    table = "parties"
    refers: ClassVar = {"country": "actors", "source": "sources"}
    id: Id
    country: Id
    name: Words
    party_kind: Words
    orientation: Number
    orientation_low: Number
    orientation_high: Number


class Poll(Judged):
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


class ElectionResult(Judged):
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
    channel: Annotated[Channel | None, BeforeValidator(blank_to_none)]
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

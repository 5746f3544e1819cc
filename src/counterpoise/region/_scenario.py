"""Scenarios: dated moves with sizes, chances and sources, and what is wrong with them by themselves."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from counterpoise.region._columns import Channel, Id
from counterpoise.region._dates import bounds, check_day, check_period
from counterpoise.region._settings import Shown

MoveKind = Literal[
    "carrot",
    "stick",
    "commitment",
    "shock",
    "election",
    "open_link",
    "close_link",
    "plant_in",
    "plant_out",
    "visit",
]
Unit = Literal[
    "USD mn",
    "USD mn/yr",
    "% GDP",
    "share",
    "ambiguity",
    "hazard factor",
    "volatility factor",
    "MW",
    "rank",
]


def _as_text(value: Any) -> Any:
    """A day of TOML as the text of an ISO day; anything else as it is."""
    return value.isoformat() if isinstance(value, datetime.date) else value


Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=80)]
Sentence = Annotated[Shown, Field(min_length=1, max_length=600)]
# A row id, an actor, a link, or `@tag`; whether it exists is checked against the region.
Reference = Annotated[str, Field(min_length=1, max_length=160)]
References = Annotated[tuple[Reference, ...], Field(max_length=200)]
Finite = Annotated[float, Field(allow_inf_nan=False)]
Chance = Annotated[float, Field(ge=0, le=1)]
Years = Annotated[float, Field(ge=0, le=200)]
Cost = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Range = tuple[float, float, float]

# What the size of each kind is counted in; a kind that is not here has no size.
UNITS: dict[str, tuple[str, ...]] = {
    "carrot": ("USD mn", "USD mn/yr", "% GDP", "share"),
    "stick": ("share", "% GDP", "USD mn/yr"),
    "commitment": ("ambiguity",),
    "shock": ("% GDP", "hazard factor", "volatility factor"),
    "plant_in": ("MW",),
    "plant_out": ("MW",),
    "visit": ("rank",),
}
# What each kind cannot do without.
NEEDS: dict[str, tuple[str, ...]] = {
    "carrot": ("actor", "target", "channel", "size"),
    "stick": ("actor", "target", "channel", "size"),
    "commitment": ("actor", "target", "form", "size"),
    "shock": ("target", "size"),
    "election": ("target", "election", "winner"),
    "open_link": ("links",),
    "close_link": ("links",),
    "plant_in": ("target",),
    "plant_out": ("target",),
    "visit": ("actor", "target", "size"),
}
# Fields that belong to some kinds only.
ONLY: dict[str, tuple[str, ...]] = {
    "form": ("commitment",),
    "election": ("election",),
    "winner": ("election",),
    "links": ("open_link", "close_link"),
    "plants": ("plant_in", "plant_out"),
    "name": ("plant_in",),
    "fuel": ("plant_in",),
    "supplier": ("plant_in",),
    "size": tuple(UNITS),
    "unit": tuple(UNITS),
}
# Unit -> (least, most) of a size.
BOUNDS: dict[str, tuple[float, float]] = {
    "USD mn": (0, 1e7),
    "USD mn/yr": (0, 1e7),
    "% GDP": (-100, 100),
    "share": (0, 1),
    "ambiguity": (0, 1),
    "hazard factor": (0, 1000),
    "volatility factor": (0, 1000),
    "MW": (0, 1e6),
    "rank": (1, 5),
}
RANGES = {
    "size": ("low", "size", "high"),
    "chance": ("chance_low", "chance", "chance_high"),
    "lead": ("lead_low", "lead_years", "lead_high"),
    "lasts": ("lasts_low", "lasts_years", "lasts_high"),
    "cost": ("cost_low", "cost_usd_mn", "cost_high"),
}


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Move(_Part):
    """A dated act of an actor: what, towards whom, how large, how likely, how soon, how long, and on what it rests."""

    id: Name
    kind: MoveKind
    date: Annotated[str, BeforeValidator(_as_text), AfterValidator(check_period)]
    actor: Id | None = None
    target: Annotated[tuple[Id, ...], Field(max_length=50)] = ()
    channel: Channel | None = None
    size: Finite | None = None
    low: Finite | None = None
    high: Finite | None = None
    unit: Unit | None = None
    chance: Chance = 1.0
    chance_low: Chance | None = None
    chance_high: Chance | None = None
    lead_years: Years = 0.0
    lead_low: Years | None = None
    lead_high: Years | None = None
    lasts_years: Years | None = None
    lasts_low: Years | None = None
    lasts_high: Years | None = None
    cost_usd_mn: Cost | None = None
    cost_low: Cost | None = None
    cost_high: Cost | None = None
    form: Literal["formal", "political", "presence", "withdrawn"] | None = None
    election: Reference | None = None
    winner: Reference | None = None
    links: References = ()
    plants: References = ()
    name: Sentence | None = None
    fuel: Annotated[str, Field(max_length=80)] | None = None
    supplier: Id | None = None
    evidence: References = ()
    sources: References = ()
    judgement: Sentence | None = None

    @property
    def first(self) -> datetime.date:
        """The first day on which the move may come."""
        return bounds(self.date)[0]

    @property
    def last(self) -> datetime.date:
        """The last day on which the move may come."""
        return bounds(self.date)[1]

    @property
    def size_range(self) -> Range | None:
        return self._range("size")

    @property
    def chance_range(self) -> Range:
        return self._range("chance") or (1.0, 1.0, 1.0)

    @property
    def lead_range(self) -> Range:
        """Years from the date to the effect."""
        return self._range("lead") or (0.0, 0.0, 0.0)

    @property
    def lasts_range(self) -> Range | None:
        """Years of the effect; `None`: as the channel's stock decays, or to the end of the run."""
        return self._range("lasts")

    @property
    def cost_range(self) -> Range | None:
        """Cost to the actor in USD mn; `None` where it is the size or unknown."""
        return self._range("cost")

    def _range(self, what: str) -> Range | None:
        low, middle, high = (getattr(self, name) for name in RANGES[what])
        if middle is None:
            return None
        return (middle if low is None else low, middle, middle if high is None else high)

    @property
    def is_judgement(self) -> bool:
        """Whether size, chance or time rests on judgement and must be shown so."""
        return self.judgement is not None


class Assumed(_Part):
    """A range that stands in for a row of the assumptions, or for a parameter of the play, in one scenario."""

    name: Reference
    low: Finite
    mode: Finite | None = None
    high: Finite
    unit: Annotated[str, Field(min_length=1, max_length=60)]
    sources: References = ()
    judgement: Sentence | None = None


class Scenario(_Part):
    """A named list of moves and assumptions; `moves` begins with those of its base."""

    id: Name
    title: Sentence
    summary: Sentence
    known: Annotated[str, BeforeValidator(_as_text), AfterValidator(check_day)]
    base: Name | None = None
    drops: Annotated[tuple[Name, ...], Field(max_length=200)] = ()
    assume: Annotated[tuple[Assumed, ...], Field(max_length=200)] = ()
    moves: Annotated[tuple[Move, ...], Field(max_length=500, alias="move")] = ()

    @property
    def rests_on(self) -> tuple[str, ...]:
        """The ids of every row and source that its moves and assumptions name, each once."""
        named = [name for move in self.moves for name in (*move.evidence, *move.sources)]
        return tuple(dict.fromkeys([*named, *(name for item in self.assume for name in item.sources)]))


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault of a scenario before it is placed in a file: the code, the part, and what is wrong with it."""

    code: str
    part: str
    found: str
    rule: str
    fix: str


def shape_problems(scenario: Scenario) -> Iterator[Problem]:
    """What is wrong with a scenario by itself: kinds that lack what they need, ranges out of order, no reason given."""
    seen: set[str] = set()
    for move in scenario.moves:
        part = f"move {move.id}"
        if move.id in seen:
            yield Problem("E913", part, "the id twice", "a move's id stands once in its file", "give it its own id")
        seen.add(move.id)
        yield from _lacking(part, move)
        yield from _misordered(part, move, RANGES)
        yield from _unbounded(part, move)
        if not (move.evidence or move.sources or move.judgement):
            fix = 'add evidence = ["events:..."], sources = [...] or judgement = "reason"'
            yield Problem("E914", part, "no evidence, source or judgement", "each move says what it rests on", fix)
    for item in scenario.assume:
        part = f"assume {item.name}"
        yield from _misordered(part, item, {"range": ("low", "mode", "high")})
        if not (item.sources or item.judgement):
            fix = 'add sources = [...] or judgement = "reason"'
            yield Problem("E914", part, "no source or judgement", "each assumption says what it rests on", fix)


def _lacking(part: str, move: Move) -> Iterator[Problem]:
    for name in NEEDS[move.kind]:
        if getattr(move, name) in (None, ()):
            rule = f"a move of kind {move.kind!r} has {', '.join(NEEDS[move.kind])}"
            yield Problem("E912", part, f"no {name}", rule, f"add {name}")
    for name, kinds in ONLY.items():
        if move.kind not in kinds and getattr(move, name) not in (None, ()):
            rule = f"{name!r} belongs to moves of kind {', '.join(kinds)}"
            yield Problem("E912", part, f"{name} in a move of kind {move.kind!r}", rule, f"take {name} out")
    if move.kind in UNITS and move.size is not None and move.unit not in UNITS[move.kind]:
        rule = f"the size of a {move.kind} is counted in {', '.join(UNITS[move.kind])}"
        yield Problem("E912", part, f"unit = {move.unit!r}", rule, "give the size in one of these")
    if move.kind in ("plant_in", "plant_out") and not (move.plants or move.name):
        yield Problem("E912", part, "no plant", "the move names plants of plants.csv or a new one", "add plants")
    if move.name is not None and (move.size is None or move.fuel is None):
        yield Problem("E912", part, "a new plant without size or fuel", "a new plant has both", "add size and fuel")
    if move.kind == "commitment" and move.channel not in (None, "security"):
        rule = "a commitment belongs to the channel security"
        yield Problem("E912", part, f"channel = {move.channel!r}", rule, "leave the channel out")


def _misordered(part: str, item: BaseModel, triples: dict[str, tuple[str, str, str]]) -> Iterator[Problem]:
    for low, middle, high in triples.values():
        named = [(name, getattr(item, name)) for name in (low, middle, high)]
        given = [value for _, value in named if value is not None]
        text = ", ".join(f"{name} = {value:g}" for name, value in named if value is not None)
        if given != sorted(given):
            yield Problem("E913", part, text, f"{low} <= {middle} <= {high}", "put the three in order")
        elif named[1][1] is None and given and middle != "mode":
            yield Problem("E913", part, text, f"a range has its middle, {middle}", f"add {middle}")


def _unbounded(part: str, move: Move) -> Iterator[Problem]:
    if move.unit is None or move.unit not in UNITS.get(move.kind, ()):
        return
    least, most = BOUNDS[move.unit]
    for name in ("low", "size", "high"):
        value = getattr(move, name)
        if value is not None and not least <= value <= most:
            rule = f"a size in {move.unit!r} lies from {least:g} to {most:g}"
            yield Problem("E913", part, f"{name} = {value:g} {move.unit}", rule, "correct the figure or its unit")


def fields_of(part: str) -> list[str]:
    """The keys that a part of a scenario file may have, for `did you mean`."""
    model: Any = {"move": Move, "assume": Assumed}.get(part, Scenario)
    return [info.alias or name for name, info in model.model_fields.items()]

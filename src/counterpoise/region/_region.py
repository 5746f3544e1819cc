"""An opened region: its rows as of a day, figures in canonical units, and the named rules that pick among them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from counterpoise._errors import InputError, RegionError, fault
from counterpoise._register import VERBS, load
from counterpoise._result import Meta, hash_file
from counterpoise.region._check import check_folder
from counterpoise.region._columns import Row, Sourced
from counterpoise.region._dates import bounds
from counterpoise.region._election import Election
from counterpoise.region._files import suggest
from counterpoise.region._load import Folder, locate, read_folder
from counterpoise.region._scenario import Scenario
from counterpoise.region._schema import TABLES, Fact
from counterpoise.region._settings import Settings
from counterpoise.region._tables_things import TradeFlow
from counterpoise.region.units import factor
from counterpoise.region.vocabulary import vocabulary


@dataclass(frozen=True, slots=True)
class Figure:
    """A fact in the unit of its quantity; what the source printed stays beside it in `stated`."""

    id: str
    quantity: str
    subject: str
    object: str | None
    item: str | None
    value: float
    low: float | None
    high: float | None
    unit: str
    as_of: str | None
    known: str
    known_derived: bool
    source: str
    credibility: int
    kind: str
    stated: tuple[float, str]
    note: str | None

    @classmethod
    def of(cls, row: Sourced, **own: Any) -> Figure:
        """The figure that a row of any sourced table gives: its provenance, and what the table calls by other names."""
        return cls(
            known=row.known,
            known_derived=row.known_derived == "yes",
            source=row.source,
            credibility=row.credibility,
            kind=getattr(row, "kind", "reported"),
            note=getattr(row, "note", None),
            **own,
        )

    @property
    def period_end(self) -> date:
        """The last day the figure describes; its known day when the period is unknown."""
        return bounds(self.as_of)[1] if self.as_of else date.fromisoformat(self.known)


@dataclass(frozen=True, slots=True)
class Pick:
    """What a rule chose among conflicting figures: a value with its spread, the figures used and those left aside."""

    value: float
    low: float
    high: float
    unit: str
    rule: str
    used: tuple[Figure, ...]
    left: tuple[Figure, ...]

    @property
    def facts(self) -> tuple[str, ...]:
        return tuple(figure.id for figure in self.used)


class Region:
    """The fact base of a region on a day: nothing that became known later is in it.

    Open one with `open_region`. Rows are immutable; `at(day)` gives the same region seen from another day.
    """

    def __init__(self, folder: Folder, settings: Settings, as_of: date | None) -> None:
        self._folder = folder
        self.settings = settings
        self.as_of = as_of

    def __reduce__(self) -> tuple[Any, ...]:
        """What another process needs to have the same region: its rows and its day, no derived tables."""
        return Region, (self._folder, self.settings, self.as_of)

    @property
    def id(self) -> str:
        return self.settings.id

    @property
    def path(self) -> Path:
        return self._folder.path

    def at(self, as_of: str | date | None) -> Region:
        """The same region with the knowledge of another day; `None` shows everything."""
        return Region(self._folder, self.settings, _as_day(as_of))

    def rows(self, table: str) -> list[Any]:
        """The rows of a table that were known on the as-of day, in file order."""
        return self._visible[table]

    @property
    def tables(self) -> list[str]:
        """The tables that the folder holds, in the order of the format."""
        return [name for name in TABLES if (self.path / f"{name}.csv").exists()]

    @cached_property
    def _visible(self) -> dict[str, list[Row]]:
        if self.as_of is None:
            return self._folder.rows
        seen = {name: [row for row in rows if self._is_known(row)] for name, rows in self._folder.rows.items()}
        used = {getattr(row, "source", None) for rows in seen.values() for row in rows}
        used |= {row.document for row in seen["claims"]}  # type: ignore[attr-defined]
        # A source published later is no part of that day's knowledge, unless a visible row rests on it.
        seen["sources"] = [row for row in seen["sources"] if row.id in used]  # type: ignore[attr-defined]
        return seen

    def _is_known(self, row: Row) -> bool:
        assert self.as_of is not None
        if row.available is None or row.available <= self.as_of:
            return True
        if row.stands_from is None:
            return False
        # Standing things were known to be there before the publication that we happened to read of them.
        since = getattr(row, row.stands_from)
        return since is None or bounds(since)[1] <= self.as_of

    def laws(self) -> list[dict[str, Any]]:
        """The electoral laws known on the as-of day."""
        return [
            law for law in self._folder.laws if self.as_of is None or str(law.get("known")) <= self.as_of.isoformat()
        ]

    @cached_property
    def elections(self) -> dict[str, Election]:
        """The elections by id whose day was known on the as-of day, past ones among them."""
        limit = "9999-12-31" if self.as_of is None else self.as_of.isoformat()
        return {name: election for name, election in self._folder.elections.items() if election.known <= limit}

    @cached_property
    def scenarios(self) -> dict[str, Scenario]:
        """The scenarios by id that could have been written on the as-of day, each with the moves of its base."""
        limit = "9999-12-31" if self.as_of is None else self.as_of.isoformat()
        return {name: scenario for name, scenario in self._folder.scenarios.items() if scenario.known <= limit}

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """Every visible fact that no other visible fact supersedes, in canonical units."""
        facts: list[Fact] = self.rows("facts")
        gone = {fact.supersedes for fact in facts if fact.supersedes}
        flows: list[TradeFlow] = self.rows("trade")
        return tuple(_figure(fact) for fact in facts if fact.id not in gone) + tuple(_flow(flow) for flow in flows)

    @cached_property
    def _by_quantity(self) -> dict[str, list[Figure]]:
        index: dict[str, list[Figure]] = {}
        for figure in self.figures:
            index.setdefault(figure.quantity, []).append(figure)
        return index

    @cached_property
    def _by_id(self) -> dict[str, Figure]:
        return {figure.id: figure for figure in self.figures}

    def figure(self, fact: str) -> Figure | None:
        """One figure by the id of its fact, `None` if it is not visible."""
        return self._by_id.get(fact)

    def find(
        self,
        quantity: str,
        *,
        subject: str | None = None,
        object: str | None = None,
        item: str | None = None,
        since: str | None = None,
        until: str | None = None,
    ) -> list[Figure]:
        """All figures of a quantity that match, conflicting ones side by side, by period then id.

        `item` left out matches every item; `item=""` those figures that name none, the plain total. `since` and
        `until` bound the last day of the figure's period. A quantity that is not in the vocabulary raises
        `InputError` (`E204`): a misspelt name must never read as "no data".
        """
        if quantity not in vocabulary():
            fix = suggest(quantity, vocabulary()) or "see region/vocabulary.csv"
            rule = "a quantity is one of the vocabulary"
            raise InputError([fault("E204", where="quantity", found=repr(quantity), rule=rule, fix=fix)])
        found = [
            figure
            for figure in self._by_quantity.get(quantity, [])
            if (subject is None or figure.subject == subject)
            and (object is None or figure.object == object)
            and (item is None or (figure.item or "") == item)
            and (since is None or figure.period_end >= bounds(since)[0])
            and (until is None or figure.period_end <= bounds(until)[1])
        ]
        return sorted(found, key=lambda figure: (figure.period_end, figure.id))

    def pick(self, figures: Sequence[Figure], *, rule: str = "newest") -> Pick | None:
        """Choose among figures by a named rule (`newest`, `most_credible`, `mean`); `None` when there are none."""
        return RULES[rule](list(figures)) if figures else None

    @cached_property
    def _sourced(self) -> dict[str, Sourced]:
        rows = [row for name in self._folder.rows for row in self.rows(name) if isinstance(row, Sourced)]
        return {str(getattr(row, "id")): row for row in rows}  # noqa: B009 - every sourced table has one

    def row(self, name: str) -> Any:
        """Any visible sourced row (a fact, an event, a project stage, a flow) by its id, `None` if there is none."""
        return self._sourced.get(name)

    def sources_of(self, names: Iterable[str]) -> tuple[str, ...]:
        """The ids of the sources behind rows, sorted; ids without a sourced row are passed over."""
        return tuple(sorted({self._sourced[name].source for name in names if name in self._sourced}))

    def what_if(self, changes: Mapping[str, Mapping[str, Any] | None]) -> Region:
        """The same region with rows changed (`{"facts:B018": {"value": 40}}`) or taken away (`None`).

        For asking what a verdict rests on; nothing is written. An unknown id raises `InputError` (`E204`).
        """
        unknown = [name for name in changes if name not in self._sourced]
        if unknown:
            rule = "what-if changes rows that are visible"
            fix = "see `counterpoise facts REGION`"
            raise InputError([fault("E204", where="what_if", found=repr(n), rule=rule, fix=fix) for n in unknown])
        rows = {
            name: [new for row in table if (new := _changed(row, changes)) is not None]
            for name, table in self._folder.rows.items()
        }
        return Region(replace(self._folder, rows=rows), self.settings, self.as_of)

    @cached_property
    def source_titles(self) -> dict[str, str]:
        return {row.id: row.title for row in self.rows("sources")}

    @cached_property
    def actor_names(self) -> dict[str, str]:
        return {row.id: row.name for row in self.rows("actors")}

    def suggest_actor(self, word: str) -> str:
        """The actor that a wrong id may mean: by name or alias, else the nearest id, else all clients and patrons."""
        named = {name.casefold(): row.id for row in self.rows("actors") for name in (row.name, *row.aliases)}
        if word.casefold() in named:
            return f"did you mean {named[word.casefold()]!r}?"
        pools = (self.settings.clients, self.settings.patrons, self.actor_names)
        near = next((found for pool in pools if (found := suggest(word.upper(), pool))), "") or suggest(word, pools[2])
        return near or f"clients: {', '.join(self.settings.clients)}; patrons: {', '.join(self.settings.patrons)}"

    def meta(self, *, seed: int | None = None, sources: Sequence[str] = (), cites: Sequence[str] = ()) -> Meta:
        """Provenance of a result drawn from this region: hashes of all its files, as-of day, sources used."""
        return Meta(
            seed=seed,
            as_of=self.as_of.isoformat() if self.as_of else None,
            inputs=self._hashes,
            sources=tuple(dict.fromkeys(sources)),
            cites=tuple(dict.fromkeys(cites)),
        )

    @cached_property
    def _hashes(self) -> dict[str, str]:
        files = sorted(path for path in self.path.rglob("*") if path.is_file() and not path.is_symlink())
        return {f"{self.id}/{path.relative_to(self.path).as_posix()}": hash_file(path) for path in files}

    def __getattr__(self, name: str) -> Any:
        """`region.leverage(...)`, `region.claims(...)`: the verbs of the lower rooms, loaded when first used."""
        if name not in VERBS:
            raise AttributeError(f"a region has no {name!r}")
        return partial(load(VERBS[name]), self)


def open_region(region: str | Path, *, as_of: str | date | None = None) -> Region:
    """Open a region by built-in id (`south-caucasus`) or folder, as known on a day (`None`: everything).

    Raises `RegionError` listing every fault of the folder (codes E101 to E115).

    >>> open_region("south-caucasus").settings.clients
    ('ARM', 'AZE', 'GEO')
    """
    folder = read_folder(locate(region))
    if faults := check_folder(folder):
        raise RegionError(faults)
    assert folder.settings is not None
    return Region(folder, folder.settings, _as_day(as_of))


def _changed(row: Row, changes: Mapping[str, Mapping[str, Any] | None]) -> Row | None:
    """The row after the changes: itself, a changed copy, or `None` when it is taken away."""
    name = str(getattr(row, "id", ""))
    if name not in changes:
        return row
    change = changes[name]
    return None if change is None else row.model_copy(update=dict(change))


def _as_day(as_of: str | date | None) -> date | None:
    if as_of is None or isinstance(as_of, date):
        return as_of
    try:
        if len(as_of) != 10:
            raise ValueError(as_of)
        return date.fromisoformat(as_of)
    except ValueError:
        rule = "an as-of date is a real ISO day"
        fix = "write it as 2026-02-09"
        raise InputError([fault("E204", where="--as-of", found=repr(as_of), rule=rule, fix=fix)]) from None


def _figure(row: Fact) -> Figure:
    names: dict[str, Any] = {"quantity": row.quantity, "subject": row.subject, "object": row.object, "item": row.item}
    return _in_unit(row, **names, as_of=row.as_of)


def _flow(row: TradeFlow) -> Figure:
    """A trade flow as a figure of the quantity `trade_flow`: subject exports to object."""
    names: dict[str, Any] = {
        "quantity": "trade_flow",
        "subject": row.exporter,
        "object": row.importer,
        "item": row.sector,
    }
    return _in_unit(row, **names, as_of=str(row.year))


def _in_unit(row: Fact | TradeFlow, *, quantity: str, **names: Any) -> Figure:
    """A row as a figure in the unit of its quantity, with what it was stated in."""
    unit = vocabulary()[quantity].unit
    scale = factor(row.unit, unit)
    low, high = (None if bound is None else bound * scale for bound in (row.low, row.high))
    value, stated = row.value * scale, (row.value, row.unit)
    found = {"id": row.id, "value": value, "low": low, "high": high, "unit": unit, "stated": stated}
    return Figure.of(row, quantity=quantity, **names, **found)


def _one(chosen: Figure, figures: list[Figure], rule: str) -> Pick:
    low = chosen.value if chosen.low is None else chosen.low
    high = chosen.value if chosen.high is None else chosen.high
    left = tuple(figure for figure in figures if figure is not chosen)
    return Pick(chosen.value, low, high, chosen.unit, rule, (chosen,), left)


def _newest(figures: list[Figure]) -> Pick:
    chosen = max(figures, key=lambda figure: (figure.period_end, -figure.credibility, figure.known, figure.id))
    return _one(chosen, figures, "newest")


def _most_credible(figures: list[Figure]) -> Pick:
    chosen = max(figures, key=lambda figure: (-figure.credibility, figure.period_end, figure.known, figure.id))
    return _one(chosen, figures, "most_credible")


def _mean(figures: list[Figure]) -> Pick:
    values = [figure.value for figure in figures]
    low = min(figure.value if figure.low is None else figure.low for figure in figures)
    high = max(figure.value if figure.high is None else figure.high for figure in figures)
    return Pick(sum(values) / len(values), low, high, figures[0].unit, "mean", tuple(figures), ())


# How a value is chosen where sources disagree; the rule and what it left aside travel with the result.
RULES: dict[str, Callable[[list[Figure]], Pick]] = {"newest": _newest, "most_credible": _most_credible, "mean": _mean}

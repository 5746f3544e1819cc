"""A question to the network: names from the command line resolved to rows, every bad one listed at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date

from counterpoise._errors import Fault, InputError, fault
from counterpoise.channels.codes import ISO3, eu_members
from counterpoise.channels.transit.network import NO_ROWS, WATER, Network, Usable, usable
from counterpoise.channels.transit.status import season_on
from counterpoise.region._files import suggest

CARGOES = ("container", "bulk", "oil", "gas")


@dataclass(frozen=True, slots=True)
class Question:
    """From which places to which, on which day, with what shut, avoided and opened: the switches an answer rests on."""

    network: Network
    sources: tuple[int, ...]
    targets: tuple[int, ...]
    day: date
    as_of: date | None
    cargo: str
    modes: tuple[str, ...]
    without: tuple[str, ...]
    avoided: tuple[int, ...]
    opened_links: tuple[int, ...]
    opened_places: tuple[int, ...]
    de_facto: bool
    asked: dict[str, str]

    def usable(self) -> Usable:
        """The places and links that the switches leave."""
        return usable(
            self.network,
            day=self.day,
            as_of=self.as_of,
            cargo=self.cargo,
            modes=frozenset(self.modes),
            without=self.without,
            avoided=self.avoided,
            opened_links=self.opened_links,
            opened_places=self.opened_places,
            de_facto=self.de_facto,
        )

    def switches(self, state: Usable) -> dict[str, object]:
        """The switches as JSON: ends, day, cargo, closures, and which tagged seas stay open to this freight."""
        network = self.network
        water = [index for index, row in enumerate(network.links) if row.mode in WATER and not state.unfit[index]]
        seasonal = [index for index, row in enumerate(network.links) if season_on(row.season, self.day).at_risk]
        return {
            "asked": self.asked,
            "from": [network.places[index].id for index in self.sources],
            "to": [network.places[index].id for index in self.targets],
            "date": self.day.isoformat(),
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "cargo": self.cargo,
            "modes": list(self.modes),
            "without": list(self.without),
            "without_nothing_to_close": [code for code in self.without if code not in network.codes],
            "avoid_links": [network.links[index].id for index in self.avoided],
            "open": [network.links[index].id for index in self.opened_links]
            + [network.places[index].id for index in self.opened_places],
            "control": "de jure and de facto" if self.de_facto else "de jure",
            "seas_open": _tags_of(network, [index for index in water if state.links[index]]),
            "seas_shut": _tags_of(network, [index for index in water if not state.links[index]]),
            "season_at_risk": [network.links[index].id for index in seasonal if state.links[index]],
        }


def ask(
    network: Network,
    *,
    from_: str,
    to: str,
    without: str = "",
    avoid_links: str = "",
    open_: str = "",
    cargo: str = "container",
    modes: str = "",
    day: str | None = None,
    as_of: str | None = None,
    de_facto: bool = False,
) -> Question:
    """Resolve a question's names. Raises `InputError` with all faults: E204 a bad value, E403 an unknown name."""
    names = _Names(network)
    seen = names.day(as_of or network.as_of, "--as-of")
    on = names.day(day, "--date") or seen or date.today()
    links, places = names.links_and_places(open_, "--open")
    question = Question(
        network=network,
        sources=names.places(from_, "--from", on),
        targets=names.places(to, "--to", on),
        day=on,
        as_of=seen,
        cargo=names.cargo(cargo),
        modes=names.modes(modes),
        without=names.codes(without, "--without", on),
        avoided=names.links(avoid_links, "--avoid-links"),
        opened_links=links,
        opened_places=places,
        de_facto=de_facto,
        asked={
            "from": from_,
            "to": to,
            "without": without,
            "avoid_links": avoid_links,
            "open": open_,
            "modes": modes,
        },
    )
    if shared := set(question.sources) & set(question.targets):
        ids = ", ".join(sorted(network.places[index].id for index in shared))
        rule = "origins and destinations are different places"
        fix = "name them apart: a route from a place to itself has no length"
        names.faults.append(fault("E405", where="--from, --to", found=f"in both: {ids[:300]}", rule=rule, fix=fix))
    if names.faults:
        raise InputError(names.faults)
    return question


class _Names:
    """Looks names up in a network and keeps a fault for each that is not there."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.faults: list[Fault] = []

    def day(self, text: str | None, option: str) -> date | None:
        if text is None:
            return None
        try:
            if len(text) != 10:
                raise ValueError(text)
            return date.fromisoformat(text)
        except ValueError:
            rule = "a date is a real ISO day"
            found = repr(text[:40])
            self.faults.append(fault("E204", where=option, found=found, rule=rule, fix="write it as 2026-02-09"))
            return None

    def cargo(self, text: str) -> str:
        known = {*CARGOES, *self.network.cargoes}
        if text not in known:
            rule = f"a cargo is one of {', '.join(sorted(known))}"
            fix = suggest(text, known) or "use one of them"
            self.faults.append(fault("E403", where="--cargo", found=repr(text[:80]), rule=rule, fix=fix))
        return text

    def modes(self, text: str) -> tuple[str, ...]:
        known = {row.mode for row in self.network.links if row.mode}
        tokens = self._tokens(text, "--modes", needed=False)
        for token in tokens:
            if token not in known:
                self._unknown("--modes", token, f"a mode is one of {', '.join(sorted(known)) or 'none'}", known)
        return tuple(dict.fromkeys(tokens))

    def codes(self, text: str, option: str, day: date) -> tuple[str, ...]:
        """Countries; `EU` stands for its members on the day. A real code that holds nothing here closes nothing."""
        found: list[str] = []
        for token in self._tokens(text, option, needed=False):
            if token == "EU":
                found += sorted(eu_members(day))
            if token in self.network.codes or token in ISO3:
                found.append(token)
            elif token != "EU":
                rule = "a country is an ISO alpha-3 code, EU, or a code of the files"
                # Letters in the wrong order are the likeliest slip: RSU for RUS.
                swapped = [code for code in sorted(self.network.codes) if sorted(code) == sorted(token.upper())]
                self._unknown(option, token, rule, swapped or self.network.codes)
        return tuple(dict.fromkeys(found))

    def places(self, text: str, option: str, day: date) -> tuple[int, ...]:
        """Places by id, by `@tag`, or by country; an id that reads like a country is the id."""
        network = self.network

        def look_up(token: str) -> Iterable[int]:
            if token in network.place_index:
                return [network.place_index[token]]
            if token.startswith("@"):
                return network.place_tags.get(token[1:], NO_ROWS).tolist()
            countries = eu_members(day) | {token} if token == "EU" else {token}
            return [index for index, row in enumerate(network.places) if row.country in countries]

        rule = "it names a place, the country of one (ISO alpha-3 or EU), or the @tag of one"
        known = [*network.place_index, *network.countries, *(f"@{tag}" for tag in network.place_tags)]
        return self._all(self._tokens(text, option, needed=True), option, look_up, rule, known)

    def links(self, text: str, option: str) -> tuple[int, ...]:
        network = self.network

        def look_up(token: str) -> Iterable[int]:
            if token in network.link_index:
                return [network.link_index[token]]
            return network.link_tags.get(token[1:], NO_ROWS).tolist() if token.startswith("@") else ()

        rule = "it names a link or the @tag of one"
        known = [*network.link_index, *(f"@{tag}" for tag in network.link_tags)]
        return self._all(self._tokens(text, option, needed=False), option, look_up, rule, known)

    def links_and_places(self, text: str, option: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Links by id or `@tag`, and places by id: a closed border post is a place."""
        tokens = self._tokens(text, option, needed=False)
        named = [token for token in tokens if token in self.network.place_index]
        rest = [token for token in tokens if token not in self.network.place_index]
        return self.links(",".join(rest), option), tuple(self.network.place_index[token] for token in named)

    def _tokens(self, text: str, option: str, *, needed: bool) -> list[str]:
        tokens = [token.strip() for token in text.split(",")] if text.strip() else []
        if "" in tokens or (needed and not tokens):
            rule = "names are separated by single commas" if tokens else "it names at least one place"
            found = repr(text[:80])
            self.faults.append(fault("E204", where=option, found=found, rule=rule, fix="write it as tbilisi,@caspian"))
        return [token for token in tokens if token]

    def _all(
        self,
        tokens: list[str],
        option: str,
        look_up: Callable[[str], Iterable[int]],
        rule: str,
        known: Collection[str],
    ) -> tuple[int, ...]:
        found: dict[int, None] = {}
        for token in tokens:
            rows = list(look_up(token))
            if not rows:
                self._unknown(option, token, rule, known)
            found.update(dict.fromkeys(rows))
        return tuple(found)

    def _unknown(self, option: str, token: str, rule: str, known: Collection[str]) -> None:
        fix = suggest(token, known) or "use a name that stands in the files"
        self.faults.append(fault("E403", where=option, found=repr(token[:80]), rule=rule, fix=fix))


def _tags_of(network: Network, links: Iterable[int]) -> list[str]:
    return sorted({tag for index in links for tag in network.links[index].tags})

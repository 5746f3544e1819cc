"""`counterpoise transit`: who can cut freight off, and the cheapest way for it to go."""

from __future__ import annotations

from typing import Annotated, Literal

from cyclopts import App, Parameter

from counterpoise.cli._run import show

app = App(
    name="transit",
    help="Who can cut freight off, and the cheapest way for it to go.\n\n"
    "Example: counterpoise transit cut south-caucasus --from @central_asia --to @mediterranean --without RUS,IRN",
)

From = Annotated[str, Parameter(name="--from")]
To = Annotated[str, Parameter(name="--to")]
Open = Annotated[str, Parameter(name="--open")]


@app.command
def cut(
    places: str,
    links: str | None = None,
    /,
    *,
    from_: From,
    to: To,
    without: str = "",
    avoid_links: str = "",
    open_: Open = "",
    cargo: str = "container",
    modes: str = "",
    date: str | None = None,
    as_of: str | None = None,
    by: Literal["node", "country"] = "node",
    de_facto: bool = False,
    value_of_time: float = 25.0,
    capacity: bool = False,
    json: bool = False,
) -> int:
    """Say whether freight can pass, which countries every route needs, and the fewest places or countries that stop it.

    Example: counterpoise transit cut places.csv links.csv --from @central_asia --to @mediterranean --without RUS,IRN

    Parameters
    ----------
    places
        A CSV file of places (column `id`), or a region in place of both files.
    links
        A CSV file of links (columns `from` and `to`).
    from_
        Place ids, ISO codes or @tags, separated by commas.
    to
        Place ids, ISO codes or @tags.
    without
        Countries to close: their places, and links with any control by them.
    avoid_links
        Link ids or @tags that freight must not use.
    open_
        Link ids or @tags to open although planned, suspended or closed.
    cargo
        What is carried: container, bulk, oil or gas.
    modes
        Use only these modes, such as rail,sea,ferry; every mode if left out.
    date
        The day whose statuses and seasons hold; the as-of day or else today.
    as_of
        Use only what was known on this day.
    by
        Cut by places (node) or by countries (country).
    de_facto
        Count also those who have shown that they can shut a link.
    value_of_time
        USD per TEU and day, for the route that is shown.
    capacity
        Add the most that published capacities let through.
    json
        Print one JSON document.
    """
    from counterpoise.channels.transit import answers as transit

    network = transit.open_network(places, links, as_of=as_of)
    result = transit.cut(
        network,
        from_=from_,
        to=to,
        by=by,
        value_of_time=value_of_time,
        capacity=capacity,
        without=without,
        avoid_links=avoid_links,
        open_=open_,
        cargo=cargo,
        modes=modes,
        day=date,
        as_of=as_of,
        de_facto=de_facto,
    )
    return show(result, as_json=json, title=f"Can freight pass from {from_} to {to}?")


@app.command
def route(
    places: str,
    links: str | None = None,
    /,
    *,
    from_: From,
    to: To,
    without: str = "",
    avoid_links: str = "",
    open_: Open = "",
    cargo: str = "container",
    modes: str = "",
    date: str | None = None,
    as_of: str | None = None,
    by: Literal["node", "country"] = "node",
    de_facto: bool = False,
    value_of_time: float = 25.0,
    draws: int = 200,
    seed: int = 0,
    json: bool = False,
) -> int:
    """Find the cheapest route for a TEU, money plus time, with the routes that tie with it over the draws.

    Example: counterpoise transit route places.csv links.csv --from altynkol --to poti --without RUS,IRN

    Parameters
    ----------
    places
        A CSV file of places (column `id`), or a region in place of both files.
    links
        A CSV file of links (columns `from` and `to`).
    from_
        Place ids, ISO codes or @tags, separated by commas; the route starts at the best of them.
    to
        Place ids, ISO codes or @tags.
    without
        Countries to close: their places, and links with any control by them.
    avoid_links
        Link ids or @tags that freight must not use.
    open_
        Link ids or @tags to open although planned, suspended or closed.
    cargo
        What is carried: container, bulk, oil or gas.
    modes
        Use only these modes, such as rail,sea,ferry; every mode if left out.
    date
        The day whose statuses and seasons hold; the as-of day or else today.
    as_of
        Use only what was known on this day.
    by
        Accepted as in `transit cut`; a route is the same for both.
    de_facto
        Count also those who have shown that they can shut a link.
    value_of_time
        USD per TEU and day.
    draws
        Draws of prices, times and queues, for ranges and ties; 0 leaves them out.
    seed
        The seed of the draws.
    json
        Print one JSON document.
    """
    from counterpoise.channels.transit import answers as transit

    network = transit.open_network(places, links, as_of=as_of)
    result = transit.route(
        network,
        from_=from_,
        to=to,
        value_of_time=value_of_time,
        draws=draws,
        seed=seed,
        without=without,
        avoid_links=avoid_links,
        open_=open_,
        cargo=cargo,
        modes=modes,
        day=date,
        as_of=as_of,
        de_facto=de_facto,
    )
    return show(result, as_json=json, title=f"Cheapest route from {from_} to {to}")

"""The response surface: what each withdrawal costs and each offer brings, by draw, in every structure that a run meets.

A structure is the base network and power park with some links opened or closed and some plants in or out. Each one is
run through the channel engines once and kept on disk, so that members look their exposures up.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from counterpoise._errors import InputError, fault
from counterpoise._register import CHANNEL_ENGINES, OFFER_ENGINES, load
from counterpoise._version import __version__
from counterpoise.channels.shape import HORIZONS, Answer, Ask, Effect, StructuralZero, Unknown
from counterpoise.leverage._crew import Job, share_out
from counterpoise.play._chance import Array
from counterpoise.play._structures import brought
from counterpoise.region import CHANNELS, Region
from counterpoise.region.draws import Assumptions

# Kind of structural move -> the channel whose engine feels it.
FELT_IN = {"open_link": "transit", "close_link": "transit", "plant_in": "energy", "plant_out": "energy"}
# More moves of one channel than this would mean more structures than anyone waits for.
MOST_MOVES = 8


@dataclass(frozen=True)
class Response:
    """Losses and gains by draw, per cent of the client's GDP a year; NaN where the engine lacks figures.

    `loss` (draw, client, patron, channel, horizon): cost of a full withdrawal. `gain` (draw, client, patron, channel):
    what the engine's own offer brings once it has come. `sender` like `loss`: what the withdrawal costs the patron, USD
    mn a year. `facts`: the rows behind them. `unknown`: cells without a number. `brought` (draw, client, change): what
    each change of this structure brings the client of itself, in the order of their ids (`_structures.brought`).
    """

    loss: Array
    gain: Array
    sender: Array
    facts: tuple[str, ...]
    unknown: tuple[str, ...]
    brought: Array = field(default_factory=lambda: np.zeros((0, 0, 0)))


@dataclass(frozen=True, slots=True)
class Change:
    """One structural move as the channels see it: rows changed, rows taken away, plants added; clients that feel it.

    No `clients` means all of them.
    """

    id: str
    channel: str
    clients: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[str, Any], ...] | None], ...]
    added: tuple[tuple[str, Any], ...] = ()


def respond(region: Region, *, seed: int, draws: int, workers: int, cache: Path | None) -> Response:
    """The response surface of a region as it stands: every client, patron, channel and horizon."""
    key = _key(region, seed, draws, ())
    if (kept := _recall(cache, key)) is not None:
        return kept
    clients, patrons = region.settings.clients, region.settings.patrons
    pairs = [(client, patron) for client in clients for patron in patrons if client != patron]
    loss = np.full((draws, len(clients), len(patrons), len(CHANNELS), len(HORIZONS)), np.nan)
    gain, sender = np.full(loss.shape[:-1], np.nan), loss.copy()
    facts: dict[str, None] = {}
    jobs = [Job(client, _asked, (client, patron, seed, draws)) for client, patron in pairs]
    for (client, patron), answers in zip(pairs, share_out(region, jobs, workers), strict=True):
        for (channel, horizon), (withdrawn, offered) in answers.items():
            at = (slice(None), clients.index(client), patrons.index(patron), CHANNELS.index(channel))
            _write((loss, gain, sender), at, HORIZONS.index(horizon), withdrawn, offered)
            facts |= dict.fromkeys(_facts(withdrawn))
    found = Response(loss, gain, sender, tuple(facts), _unknown(loss, clients, patrons))
    _keep(cache, key, found)
    return found


def _asked(
    region: Region, client: str, patron: str, seed: int, draws: int
) -> dict[tuple[str, str], tuple[Answer, Answer | None]]:
    """What every channel answers about one pair, withdrawal and offer, by channel and horizon."""
    assumptions = Assumptions(region, seed=seed, count=draws)
    answers: dict[tuple[str, str], tuple[Answer, Answer | None]] = {}
    for horizon in HORIZONS:
        ask = Ask(region, patron, client, horizon, assumptions)
        for channel, engine in CHANNEL_ENGINES.items():
            offered = load(OFFER_ENGINES[channel]).offer(ask) if channel in OFFER_ENGINES else None
            answers[channel, horizon] = (load(engine).withdraw(ask), offered)
    return answers


def respond_changed(
    region: Region, base: Response, changes: tuple[Change, ...], *, seed: int, draws: int, cache: Path | None
) -> Response:
    """The response surface after structural changes of one channel: it runs anew, the others stand."""
    key = _key(region, seed, draws, changes)
    if (kept := _recall(cache, key)) is not None:
        return kept
    changed = _with(region, changes)
    clients, patrons = region.settings.clients, region.settings.patrons
    loss, gain, sender = base.loss.copy(), base.gain.copy(), base.sender.copy()
    assumptions = Assumptions(changed, seed=seed, count=draws)
    for channel in sorted({change.channel for change in changes}):
        # A plant feeds its own country; what its neighbours then lose or gain is left out.
        felt = {name for change in changes if change.channel == channel for name in change.clients} or set(clients)
        for client in clients:
            for patron in patrons:
                if client == patron or client not in felt:
                    continue
                at = (slice(None), clients.index(client), patrons.index(patron), CHANNELS.index(channel))
                for index, horizon in enumerate(HORIZONS):
                    ask = Ask(changed, patron, client, horizon, assumptions)
                    answer = load(CHANNEL_ENGINES[channel]).withdraw(ask)
                    # Where the new structure lacks figures that the old one has, the old answer stands.
                    if not isinstance(answer, Unknown):
                        _write((loss, gain, sender), at, index, answer, None)
    steps = [changed if k == len(changes) else _with(region, changes[:k]) for k in range(1, len(changes) + 1)]
    each = [brought(region, steps, changes, client, assumptions) for client in clients]
    found = Response(loss, gain, sender, base.facts, _unknown(loss, clients, patrons), np.stack(each, axis=1))
    _keep(cache, key, found)
    return found


def respond_each(
    region: Region,
    base: Response,
    sets: Sequence[tuple[Change, ...]],
    *,
    seed: int,
    draws: int,
    cache: Path | None,
    workers: int,
) -> list[Response]:
    """The response surface of each of several structures, shared among processes where there is more than one."""
    carry = partial(respond_changed, region, base, seed=seed, draws=draws, cache=cache)
    if workers <= 1 or len(sets) <= 1:
        return [carry(changes) for changes in sets]
    with ProcessPoolExecutor(min(workers, len(sets)), get_context("spawn")) as pool:
        return list(pool.map(carry, sets))


def changes_of(region: Region, moves: Iterable[Any]) -> dict[str, Change]:
    """The structural changes among moves, by the move's id; `E921` where more fall on one channel than can be run."""
    found: dict[str, Change] = {}
    for move in moves:
        if move.kind in ("open_link", "close_link"):
            found[move.id] = _link_change(region, move)
        elif move.kind in ("plant_in", "plant_out"):
            found[move.id] = _plant_change(region, move)
    for channel in sorted({change.channel for change in found.values()}):
        here = [name for name, change in found.items() if change.channel == channel]
        if len(here) > MOST_MOVES:
            rule = f"at most {MOST_MOVES} moves of a scenario change the structure of one channel"
            text = f"{len(here)} on {channel}: {', '.join(here)}"
            fix = "join moves that come together into one with several links or plants"
            raise InputError([fault("E921", where="scenario", found=text, rule=rule, fix=fix)])
    return found


def _link_change(region: Region, move: Any) -> Change:
    opened = move.kind == "open_link"
    tags = {name[1:] for name in move.links if name.startswith("@")}
    rows = [row for row in region.rows("links") if row.id in move.links or tags & set(row.tags)]
    ids = {row.id for row in rows}
    # The engines look at the region's own day: a change without a date holds on it, whatever its day in the run.
    status = (("status", "open" if opened else "closed"), ("status_from", None))
    changed: list[tuple[str, tuple[tuple[str, Any], ...] | None]] = [(name, status) for name in sorted(ids)]
    changed += [(row.id, None) for row in region.rows("link_status") if row.link in ids]
    return Change(move.id, FELT_IN[move.kind], (), tuple(changed))


def _plant_change(region: Region, move: Any) -> Change:
    if move.kind == "plant_out":
        return Change(move.id, FELT_IN[move.kind], move.target, tuple((name, None) for name in move.plants))
    rows = [row for row in region.rows("plants") if row.id in move.plants]
    stands = (("commissioned", None), ("licence_end", None))
    changed = tuple((row.id, stands) for row in rows)
    if move.name is None:
        return Change(move.id, FELT_IN[move.kind], move.target, changed)
    new = {
        "id": f"scenario.{move.id}",
        "name": move.name,
        "country": move.target[0],
        "fuel": move.fuel,
        "capacity_mw": move.size,
        "supplier_country": move.supplier,
    }
    return Change(move.id, FELT_IN[move.kind], move.target, changed, tuple(new.items()))


def _with(region: Region, changes: tuple[Change, ...]) -> Region:
    rows: dict[str, Mapping[str, Any] | None] = {}
    for change in changes:
        rows |= {name: None if values is None else dict(values) for name, values in change.rows}
    changed = region.what_if(rows) if rows else region
    added = [dict(change.added) for change in changes if change.added]
    if not added:
        return changed
    model = type(region.rows("plants")[0])
    blank = dict.fromkeys(model.model_fields) | {"source": "scenario", "credibility": 6, "kind": "judgement"}
    known = (region.as_of or date.fromisoformat(region.settings.base_date)).isoformat()
    new = [model.model_construct(**{**blank, "known": known, "known_derived": "yes", **values}) for values in added]
    folder = changed._folder
    facts = [*folder.rows["facts"], *(fact for plant in new for fact in _of_sister(region, plant))]
    tables = {**folder.rows, "plants": [*folder.rows["plants"], *new], "facts": facts}
    return Region(replace(folder, rows=tables), region.settings, region.as_of)


def _of_sister(region: Region, plant: Any) -> list[Any]:
    """Figures of a standing plant of the same country and fuel (outages, stocks), taken for those of a new one."""
    rows = region.rows("plants")
    sister = next((row.id for row in rows if (row.country, row.fuel) == (plant.country, plant.fuel)), None)
    if sister is None:
        return []
    figures = [fact for fact in region.rows("facts") if (fact.item or "").partition(".")[0] == sister]
    return [
        fact.model_copy(update={"id": f"{plant.id}.{fact.id}", "item": plant.id + (fact.item or "")[len(sister) :]})
        for fact in figures
    ]


def _write(into: tuple[Array, Array, Array], at: Any, horizon: int, answer: Answer, offer: Answer | None) -> None:
    """Put one cell into the arrays; an offer's expected gain is divided by its chance, since scenarios draw that."""
    loss, gain, sender = into
    here = (*at, horizon)
    if isinstance(answer, Effect):
        loss[here], sender[here] = answer.client, answer.sender / 100 * answer.sender_gdp_usd / 1e6
    else:
        loss[here] = sender[here] = 0.0 if isinstance(answer, StructuralZero) else np.nan
    if HORIZONS[horizon] == "long" and isinstance(offer, Effect):
        chance = offer.physical.get("chance")
        gain[at] = offer.client / chance if chance else offer.client


def _facts(answer: Answer) -> tuple[str, ...]:
    return answer.facts if isinstance(answer, (Effect, StructuralZero)) else ()


def _unknown(loss: Array, clients: Sequence[str], patrons: Sequence[str]) -> tuple[str, ...]:
    lacking = np.isnan(loss).any(axis=(0, 4))
    return tuple(
        f"{clients[c]}:{patrons[p]}:{CHANNELS[h]}"
        for c, p, h in zip(*np.nonzero(lacking), strict=True)
        if clients[c] != patrons[p]
    )


def _key(region: Region, seed: int, draws: int, changes: tuple[Change, ...]) -> str:
    """A digest of everything that the surface depends on: rows, day, seed, the engines' own code."""
    rows = hashlib.sha256()
    for name in sorted(region._folder.rows):
        for row in region.rows(name):
            rows.update(row.model_dump_json().encode())
    settings = region.settings.model_dump_json()
    code = code_digest("region", "channels", "leverage", "play/_response.py", "play/_structures.py")
    parts = [__version__, code, rows.hexdigest(), settings, str(region.as_of), seed, draws]
    parts.append([[change.id, repr(change)] for change in changes])
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def unknown_gains(names: frozenset[str], response: Response) -> list[str]:
    """The changes of a structure for which no engine could say what they bring some client."""
    return [name for k, name in enumerate(sorted(names)) if np.isnan(response.brought[..., k]).any()]


def code_digest(*rooms: str) -> str:
    """A digest of the code and tables of some rooms, or of single files in them."""
    digest = hashlib.sha256()
    root = Path(__file__).parent.parent
    for room in rooms:
        for path in sorted((root / room).rglob("*")) or [root / room]:
            if path.suffix in {".py", ".csv"}:
                digest.update(path.relative_to(root).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


def _recall(cache: Path | None, key: str) -> Response | None:
    path = None if cache is None else cache / f"{key}.npz"
    if path is None or not path.is_file():
        return None
    with np.load(path, allow_pickle=False) as held:
        facts, unknown = (tuple(held[name].tolist()) for name in ("facts", "unknown"))
        return Response(held["loss"], held["gain"], held["sender"], facts, unknown, held["brought"])


def _keep(cache: Path | None, key: str, found: Response) -> None:
    if cache is None:
        return
    cache.mkdir(parents=True, exist_ok=True)
    held = io.BytesIO()
    facts, unknown = (np.array(names, dtype=np.str_) for names in (found.facts, found.unknown))
    arrays: dict[str, Any] = {"facts": facts, "unknown": unknown, "brought": found.brought}
    np.savez_compressed(held, loss=found.loss, gain=found.gain, sender=found.sender, **arrays)
    write_whole(cache / f"{key}.npz", held.getvalue())


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all, whenever the process dies."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    with part.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(path)

"""Five questions of the region, answered with numbers and intervals from a run and from what it stands on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import asin, cos, radians, sin, sqrt
from typing import Any

import numpy as np

from counterpoise.channels.shape import HORIZONS
from counterpoise.play._answer import PlayResult
from counterpoise.play._block import Paths, Plan, run_chunk
from counterpoise.play._chance import Array, Chance
from counterpoise.play._costs import HONOUR
from counterpoise.play._ground import Ground
from counterpoise.play._members import draw_members
from counterpoise.play._moves import losses
from counterpoise.play._state import HELD
from counterpoise.region import CHANNELS, Region
from counterpoise.region._scenario import Move

# A capital nearer than this makes a power local; judgement, between Moscow (1,800 km) and Brussels (3,300 km).
LOCAL_KM = 2500.0
# Where a bloc without a capital of its own in the region's table sits.
PLACES: dict[str, tuple[float, float]] = {"EU": (50.85, 4.35)}
# What a patron spends once to compare instruments, and over how many years their gains are added up.
SPEND_USD_MN, YEARS = 100.0, 20
PAIRED = 1000


def answer(region: Region, plan: Plan, result: PlayResult, *, seed: int) -> list[dict[str, Any]]:
    """The five answers, one row for each client, patron or instrument; every number has its 5 to 95 per cent range.

    Lasting influence per dollar; the turn reversed by year; the cost of a break by channel and who bears it; a
    guarantee against money; local against distant powers.
    """
    chance = Chance(seed, 0, PAIRED)
    return [
        *lasting(plan, chance),
        *reversed_by(result),
        *break_costs(plan.ground),
        *guarantee_or_money(plan, seed),
        *local_or_distant(region, plan, result),
    ]


def lasting(plan: Plan, chance: Chance) -> list[dict[str, Any]]:
    """Which instrument's influence lasts longest per dollar: a hundred million spent once, by channel.

    Influence is the gain that the client would lose by breaking with the giver, per cent of GDP times years, added up
    over twenty years without discount: `return (1 - leakage) weight sum (1 - decay)^t` in quarters. `half_gone_years`
    says when half of it is gone; `longest` and `most` are shares of draws in which the channel comes first.
    """
    members = draw_members(plan.ground, plan.parameters, chance, plan.tables)
    decay, weight = members.params.decay, members.params.weight
    returns = plan.parameters.draw("play:capital_return", chance)
    half = np.log(0.5) / np.log1p(-decay) / 4
    kept = (1 - (1 - decay) ** (4 * YEARS)) / (4 * decay)
    rows = []
    for c, client in enumerate(plan.ground.clients):
        gain = 100 * SPEND_USD_MN / plan.ground.gdp_usd_mn[c] * returns * (1 - members.params.leakage[:, c])
        total = gain[:, None] * weight * kept
        count = len(CHANNELS)
        longest, most = (
            np.bincount(values[:, :count].argmax(axis=-1), minlength=count) / chance.count for values in (half, total)
        )
        for h, channel in enumerate(HELD[:count]):
            rows.append(
                _row("lasting influence per dollar", client=client, channel=channel)
                | {"half_gone_years": _range(half[:, h]), "gdp_percent_years": _range(total[:, h])}
                | {"longest": round(float(longest[h]), 4), "most": round(float(most[h]), 4)}
            )
    return rows


def reversed_by(result: PlayResult) -> list[dict[str, Any]]:
    """The chance that the turn is reversed by the end of each year, with the error of the simulation."""
    return [
        _row("turn reversed", client=row["client"]) | {name: row[name] for name in ("by", "p", "low", "high")}
        for row in result.probabilities()
        if row["event"] == "turn reversed"
    ]


def break_costs(ground: Ground) -> list[dict[str, Any]]:
    """The cost of a full break by channel, and who bears it: the client's loss and the patron's own, USD mn a year.

    `borne_by_client` is the client's part of both losses together; unknown cells are left out and named in the notes.
    """
    rows = []
    for c, client in enumerate(ground.clients):
        for p, patron in enumerate(ground.patrons):
            for h, channel in enumerate(CHANNELS):
                for k, horizon in enumerate(HORIZONS):
                    loss, cost = ground.response.loss[:, c, p, h, k], ground.response.sender[:, c, p, h, k]
                    if client == patron or np.isnan(loss).any() or not loss.any():
                        continue
                    dollars = loss / 100 * ground.gdp_usd_mn[c]
                    both = np.maximum(dollars, 0) + np.maximum(cost, 0)
                    part = np.divide(np.maximum(dollars, 0), both, out=np.full_like(both, np.nan), where=both > 0)
                    rows.append(
                        _row("cost of a break", client=client, patron=patron, channel=channel, horizon=horizon)
                        | {"client_pct_gdp": _range(loss), "client_usd_mn": _range(dollars)}
                        | {"patron_usd_mn": _range(cost), "borne_by_client": _range(part[~np.isnan(part)])}
                    )
    return rows


def guarantee_or_money(plan: Plan, seed: int) -> list[dict[str, Any]]:
    """What a formal guarantee would change against what money of the same worth can.

    For each client and each patron that may guard it: the fall in the expected yearly loss from attack where the client
    stands, and the yearly money that is worth as much. The guarantor of the largest expected worth (gain times the
    chance that it offers) is then played both ways on common random numbers: changes of the chances of attack and of
    war by the end, and of the orientation.
    """
    rows = []
    ground = plan.ground
    chance = Chance(seed, 0, PAIRED)
    without = run_chunk(plan, chance)
    firm = {"size": 0.15, "low": 0.05, "high": 0.3}
    for c, client in enumerate(ground.clients):
        worth = {}
        for p, patron in enumerate(ground.patrons):
            if not ground.ally[c, p]:
                continue
            gain, cost = _guarantee_worth(plan, c, p, float(firm["size"]), seed)
            worth[patron] = gain
            rows.append(
                _row("guarantee or money", client=client, patron=patron)
                | {"gain_pct_gdp": _range(gain), "same_in_usd_mn_a_year": _range(gain / 100 * ground.gdp_usd_mn[c])}
                | {"costs_patron_usd_mn_a_year": None if cost is None else _range(cost)}
            )
        if not worth:
            continue
        best = max(worth, key=lambda name: (float(worth[name].mean()) * _likely(plan, name), name))
        day = plan.labels[1].replace("Q", "-0").replace("-01", "-02").replace("-04", "-11")
        base = {"date": day, "actor": best, "target": (client,), "judgement": "a question asked of the model"}
        guarantee = Move(id="question-guarantee", kind="commitment", form="formal", unit="ambiguity", **base, **firm)
        size = float(worth[best].mean())
        money = Move(
            id="question-money", kind="carrot", channel="capital", unit="% GDP", size=size, lasts_years=200, **base
        )
        rows += _played(plan, chance, without, client, c, best, {"guarantee": guarantee, "money": money})
    return rows


def _likely(plan: Plan, patron: str) -> float:
    """The middle of the range of chances that a patron offers a formal guarantee; 1 where nobody states one."""
    name = f"security:offer_chance_formal:{patron}"
    return 1.0 if plan.parameters.missing([name]) else sum(plan.parameters.ends(name)) / 2


def _guarantee_worth(plan: Plan, c: int, p: int, ambiguity: float, seed: int) -> tuple[Array, Array | None]:
    """What a guarantee changes by draw at the client's usual distance: for the client and for the patron.

    The fall in the client's expected yearly loss from attack, per cent of GDP; the rise in what honouring its word
    costs the patron, USD mn a year (attacks that still come, times belief and firmness, times the cost of once);
    `None` where the region does not state that cost.
    """
    g = plan.ground
    credible = g.alpha[:, c] / (g.alpha[:, c] + g.beta[:, c])
    effect = plan.parameters.draw("security:guarantor_effect", Chance(seed, 0, g.draws))
    present = effect[:, None] * (1 - g.ambiguity[:, c]) * g.ally[c] * credible
    promised = present.copy()
    promised[:, p] = np.maximum(present[:, p], effect * (1 - ambiguity) * credible[:, p])
    at_risk = (g.hazard[:, c] * g.harm[:, c]).sum(axis=-1)
    shields = [np.minimum(1.0, part.sum(axis=-1)) for part in (present, promised)]
    gain = np.asarray(at_risk * (shields[1] - shields[0]))
    if plan.parameters.missing([HONOUR]):
        return gain, None
    each = plan.parameters.draw(HONOUR, Chance(seed, 0, g.draws)) * credible[:, p] * g.ally[c, p]
    firm = [1 - g.ambiguity[:, c, p], np.maximum(1 - g.ambiguity[:, c, p], 1 - ambiguity)]
    attacks = [g.hazard[:, c].sum(axis=-1) * (1 - shield) for shield in shields]
    # A promise is tested with its firmness as weight; a duty half meant is called on half as often.
    return gain, np.asarray(each * (attacks[1] * firm[1] - attacks[0] * firm[0]))


def _played(
    plan: Plan, chance: Chance, base: Paths, client: str, c: int, patron: str, moves: dict[str, Move]
) -> list[dict[str, Any]]:
    rows = []
    for name, move in moves.items():
        path = run_chunk(replace(plan, moves=(*plan.moves, move)), chance)
        row = _row("guarantee or money, played", client=client, patron=patron) | {"instrument": name}
        for event in ("attacked", "war or land lost"):
            ours, theirs = (each.events[event][:, :, c].any(axis=0) for each in (path, base))
            row[f"change_of_chance_{event.replace(' ', '_')}"] = _mean(ours.astype(float) - theirs)
        row["change_of_orientation"] = _mean(path.position[-1, :, c, 1] - base.position[-1, :, c, 1])
        rows.append(row)
    return rows


def local_or_distant(region: Region, plan: Plan, result: PlayResult) -> list[dict[str, Any]]:
    """Whether local powers outweigh distant ones: exposures to each group at the start, what each holds at the end.

    Local powers have their capital within 2,500 km of the client's. `local_outweighs` is the share of draws in which
    the exposure to all local powers is larger; exposures are those to full withdrawal, security left out.
    """
    exposure = losses(plan.ground.response).sum(axis=-1)
    rows = []
    for c, client in enumerate(plan.ground.clients):
        near = [_distance(region, client, patron) for patron in plan.ground.patrons]
        if None in near or client in plan.ground.patrons:
            continue
        is_local = np.array([km is not None and km <= LOCAL_KM for km in near])
        local, distant = exposure[:, c, is_local].sum(axis=-1), exposure[:, c, ~is_local].sum(axis=-1)
        end = result.record.tallies
        held = {
            group: float((end["exposure"].mean[-1, c] + end["gain"].mean[-1, c])[mask].sum())
            for group, mask in (("local", is_local), ("distant", ~is_local))
        }
        rows.append(
            _row("local or distant powers", client=client)
            | {"local": [p for p, near_by in zip(plan.ground.patrons, is_local, strict=True) if near_by]}
            | {"local_pct_gdp": _range(local), "distant_pct_gdp": _range(distant)}
            | {"local_outweighs": round(float(np.mean(local > distant)), 4)}
            | {f"{group}_held_at_end_pct_gdp": round(value, 4) for group, value in held.items()}
        )
    return rows


def _distance(region: Region, one: str, other: str) -> float | None:
    """Great-circle distance of two capitals in km; `None` where a place is unknown."""
    places = [PLACES.get(name) for name in (one, other)]
    for row in region.rows("actors"):
        for k, name in enumerate((one, other)):
            if row.id == name and row.lat is not None and row.lon is not None:
                places[k] = (row.lat, row.lon)
    if places[0] is None or places[1] is None:
        return None
    (lat1, lon1), (lat2, lon2) = ([radians(x) for x in place] for place in places if place is not None)
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371.0 * asin(sqrt(half))


def _row(question: str, **keys: str) -> dict[str, Any]:
    return {"question": question, **keys}


def _range(values: Array) -> dict[str, float] | None:
    if not len(values):
        return None
    found = np.quantile(values, (0.05, 0.5, 0.95))
    return dict(zip(("p05", "p50", "p95"), np.round(found, 5).tolist(), strict=True))


def _mean(values: Array | Sequence[float]) -> dict[str, float]:
    """A paired mean with its 95 per cent interval of simulation."""
    array = np.asarray(values, dtype=float)
    mean, error = float(array.mean()), 1.96 * float(array.std(ddof=1)) / sqrt(len(array))
    return {"mean": round(mean, 5), "low": round(mean - error, 5), "high": round(mean + error, 5)}

"""Why a member went where it went: the terms of the law for one future, quarter by quarter."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from counterpoise._errors import InputError, fault
from counterpoise._result import Meta, Result
from counterpoise.play import law
from counterpoise.play._block import Moment, Plan, quarters_of
from counterpoise.play._chance import Chance
from counterpoise.play._ground import SCALES
from counterpoise.play._kernel import class_of, position_of
from counterpoise.play._members import PER_UNIT
from counterpoise.play._step import client_rows, patrons_of, threat_at


@dataclass
class Why(Result):
    """What moved one member: for each client, scale and quarter its step beside the pull of every term.

    Pulls are differences of `phi U` over one sigma: what the term adds to the log chance of a step to the West. They
    are zero where `phi` is zero. `walk` is the part of the step beyond what the mean of the kernel's row explains.
    """

    run: str
    member: int
    rows: list[dict[str, Any]]
    phi: dict[str, float]
    meta: Meta = field(default_factory=Meta)

    def body(self) -> dict[str, Any]:
        return {"run": self.run, "member": self.member, "phi": self.phi, "why": self.rows}

    def table(self) -> list[dict[str, Any]]:
        """The largest steps first."""
        told = sorted(self.rows, key=lambda row: -abs(row["step"]))[:40]
        flat = []
        for row in told:
            terms = sorted(row["pulls"], key=lambda term: -abs(term["pull"]))[:3]
            text = "; ".join(f"{term['term']} {term['patron'] or ''} {term['pull']:+.3f}" for term in terms)
            names = ("client", "scale", "quarter", "from", "step", "expected", "walk")
            flat.append({name: row[name] for name in names} | {"pulls": text, "events": ", ".join(row["events"])})
        return flat


def why(plan: Plan, seed: int, member: int, *, members: int, run: str = "", meta: Meta | None = None) -> Why:
    """The terms of the law that moved one member of a run, computed again from the seed and its number alone.

    Raises `InputError` (`E923`) where the run has no such member.
    """
    if not 0 <= member < members:
        rule, fix = f"members are numbered from 0 to {members - 1:,}", "name one of these"
        raise InputError([fault("E923", where="member", found=str(member), rule=rule, fix=fix)])
    rows, phi = [], {}
    for moment in quarters_of(plan, Chance(seed, member, 1)):
        phi = {scale: float(moment.params.phi[0, k]) for k, scale in enumerate(SCALES)}
        for c, client in enumerate(plan.ground.clients):
            for k, scale in enumerate(SCALES):
                head = {"client": client, "scale": scale, "quarter": plan.labels[moment.t]}
                rows.append(head | _terms(plan, moment, c, k))
    return Why(run, member, rows, phi, meta or Meta(seed=seed))


def _terms(plan: Plan, moment: Moment, c: int, k: int) -> dict[str, Any]:
    params, drive, table = moment.params, moment.drive, plan.tables[k]
    # The long-run mean that the step used: the old one with the shifts of this quarter, which the new one remembers.
    keep = params.memory_of_mean[:, None, None]
    mean = (moment.after.mean - (1 - keep) * moment.seen.position) / keep
    state = moment.before._replace(mean=mean)
    gain, credibility = moment.seen.gain, moment.seen.credibility
    sigma = class_of(table, params.sigma[..., k] * drive.volatility)[:, c]
    all_of_them = patrons_of(params, drive, gain, mean, k)
    who = law.Patrons(*(part[:, min(c, part.shape[1] - 1)] for part in all_of_them))
    start = state.cell[:, c, k]
    row, cells = client_rows(state, params, drive, who, credibility, table, k, c, start, sigma)
    here = float(position_of(table, start)[0])
    there = float(position_of(table, moment.after.cell[:, c, k])[0])
    expected = float((row * position_of(table, cells)).sum() - here)
    stride = float(table.sigma[sigma][0])
    ends = np.array([here - stride / 2, here + stride / 2])
    phi = float(params.phi[0, k])
    hazard = law.punishment_hazard(who, np.array([here]), ends)[0]
    pulls = []
    for p, patron in enumerate(plan.ground.patrons):
        rise = float(hazard[p, 1] - hazard[p, 0])
        feared = -rise * float(who.loss_ratio[0, p] * who.exposure[0, p])
        kept = -rise * float(who.benefit[0, p])
        pulls += [_pull("punishment feared", patron, phi * feared), _pull("gains at risk", patron, phi * kept)]
    threat = threat_at(state, params, drive, credibility, ends[None, :], k, c)[0]
    pulls.append(_pull("threat of attack", None, phi * float(threat[0] - threat[1])))
    strength, centre = float(params.reversion[0, k]), float(mean[0, c, k])
    back = -strength * float((ends[1] - centre) ** 2 - (ends[0] - centre) ** 2)
    pulls.append(_pull("long-run mean", None, back))
    return {
        "from": round(here, 4),
        "step": round(there - here, 4),
        "expected": round(expected, 5),
        "walk": round(there - here - expected - float(drive.jump[0, c, k]), 5),
        "jump": round(float(drive.jump[0, c, k]), 5),
        "pulls": [term for term in pulls if term["pull"] != 0],
        "stakes": [
            {"patron": patron, "exposure": _money(who.exposure[0, p]), "gain": _money(who.benefit[0, p])}
            for p, patron in enumerate(plan.ground.patrons)
        ],
        "events": _events(plan, moment, c),
    }


def _pull(term: str, patron: str | None, value: float) -> dict[str, Any]:
    return {"term": term, "patron": patron, "pull": round(value, 6) + 0.0}


def _money(value: Any) -> float:
    return round(PER_UNIT * float(value), 4) + 0.0


def _events(plan: Plan, moment: Moment, c: int) -> list[str]:
    seen = moment.seen
    found = []
    if seen.attacked[0, c]:
        found.append("attacked, helped" if seen.helped[0, c] else "attacked, not helped")
    if seen.exited[0, c]:
        found.append("leader out")
    found += [f"coerced by {patron}" for p, patron in enumerate(plan.ground.patrons) if seen.acted[0, c, p]]
    return found

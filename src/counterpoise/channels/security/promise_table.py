"""What each promise to a client is worth to it, and what vagueness takes away, as one table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from counterpoise._errors import InputError, fault
from counterpoise._result import Meta, Result
from counterpoise.channels.security.value import PromiseValue, promise_values
from counterpoise.channels.shape import Unknown
from counterpoise.region import Region
from counterpoise.region._files import suggest
from counterpoise.region.draws import Assumptions

LEVELS = {"p05": 5, "p50": 50, "p95": 95}
FIGURES = ("credibility", "worth", "vagueness_costs")
MOST_DRAWS = 100_000


@dataclass(frozen=True)
class PromiseTable(Result):
    """The promises to a client by what they are worth, firmest first; `needs` says what is lacking where none is.

    `worth` and `vagueness_costs` are in per cent of the client's GDP a year, each promise by itself.
    """

    client: str
    promises: tuple[PromiseValue, ...]
    reason: str | None
    needs: tuple[str, ...]
    meta: Meta

    def body(self) -> dict[str, Any]:
        return {
            "client": self.client,
            "promises": [
                {
                    "commitment": one.commitment,
                    "guarantor": one.guarantor,
                    "form": one.form,
                    **{name: _band(getattr(one, name)) for name in FIGURES},
                }
                for one in self.promises
            ],
            "reason": self.reason,
            "needs": list(self.needs),
        }

    def table(self) -> list[dict[str, Any]]:
        text = "{p50:.2g} ({p05:.2g} to {p95:.2g})"
        rows: list[dict[str, Any]] = self.body()["promises"]
        labels = {"credibility": "credibility", "worth": "worth %GDP", "vagueness_costs": "its vagueness takes %GDP"}
        plain = ("guarantor", "form", "commitment")
        return [
            {name: row[name] for name in plain} | {labels[name]: text.format(**row[name]) for name in FIGURES}
            for row in rows
        ]


def table_of_promises(region: Region, client: str, *, draws: int = 500, seed: int = 0) -> PromiseTable:
    """What every standing promise to a client is worth by itself, and what its ambiguity takes away, with intervals.

    Promises are valued one at a time: their sum is more than they are worth together. Raises `InputError` (`E204`)
    for a state that is no client of the region, or draws out of range.
    """
    faults = []
    if client not in (clients := region.settings.clients):
        rule = f"a promise is valued for a client of the region: {', '.join(clients)}"
        fix = suggest(client.upper(), clients) or "name one of them"
        faults.append(fault("E204", where="--protege", found=repr(client), rule=rule, fix=fix))
    if not 1 <= draws <= MOST_DRAWS:
        rule = f"draws lie between 1 and {MOST_DRAWS:,}"
        faults.append(fault("E204", where="--draws", found=str(draws), rule=rule, fix="500 is a good start"))
    if faults:
        raise InputError(faults)
    found = promise_values(region, client, Assumptions(region, seed=seed, count=draws))
    if isinstance(found, Unknown):
        return PromiseTable(client, (), found.reason, found.needs, region.meta(seed=seed))
    rows = {one.commitment for one in found}
    return PromiseTable(client, found, None, (), region.meta(seed=seed, sources=region.sources_of(rows)))


def _band(values: np.ndarray) -> dict[str, float]:
    found = np.percentile(values, list(LEVELS.values()))
    return dict(zip(LEVELS, found.tolist(), strict=True))

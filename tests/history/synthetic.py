"""Small panels made here, with the columns of the real one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

PATRONS = ("CHN", "DEU", "FRA", "RUS", "USA")


def make_rows(seed: int = 0, *, clients: int = 24, first: int = 1991, last: int = 2008) -> pd.DataFrame:
    """Random walks with noise; agreement that follows distance; ties drawn once per state."""
    rng = np.random.default_rng(seed)
    years = np.arange(first, last + 1)
    names = [*PATRONS, *(f"C{number:02d}" for number in range(clients - len(PATRONS)))]
    sigma = rng.uniform(0.03, 0.15, clients)
    true = rng.normal(0, 0.8, (clients, 1)) + np.cumsum(
        sigma[:, None] * rng.standard_t(5, (clients, len(years))), axis=1
    )
    error = rng.uniform(0.05, 0.2, (clients, len(years)))
    seen = true + 0.5 * error * rng.standard_normal(true.shape)
    place = {name: row for row, name in enumerate(names)}
    rows: list[dict[str, Any]] = []
    trade, people = rng.dirichlet(np.ones(len(PATRONS) + 1), clients), rng.dirichlet(np.ones(len(PATRONS)), clients)
    for client, name in enumerate(names):
        for patron, other in enumerate(PATRONS):
            if name == other:
                continue
            for year, when in enumerate(years):
                apart = abs(true[client, year] - true[place[other], year])
                share = float(np.clip(np.exp(-apart / 2) + 0.03 * rng.standard_normal(), 0, 1))
                rows.append(
                    {
                        "client": name,
                        "patron": other,
                        "year": int(when),
                        "ip_client": seen[client, year],
                        "ip_client_q05": seen[client, year] - 1.645 * error[client, year],
                        "ip_client_q95": seen[client, year] + 1.645 * error[client, year],
                        "ip_patron": seen[place[other], year],
                        "n_votes": 70,
                        "ip_low_n": False,
                        "n_common": 65.0,
                        "agree_3cat": share,
                        "itpd_export_share": trade[client, patron],
                        "itpd_import_share": trade[client, patron],
                        "emigrant_share": people[client, patron],
                        "atop_defense": float(apart < 0.2),
                        "shared_igos": 30.0 - 4 * apart,
                        "arms_tiv": 10.0 * trade[client, patron],
                        "arms_tiv_total": 10.0,
                        "joint_exercises": float(rng.poisson(np.exp(-apart))),
                        "min_distance_km": 400.0 if patron == 3 else 3000.0,
                        "client_cinc": 0.001,
                        "client_polyarchy": 0.5,
                        "client_gdp_usd": 1e10,
                        "patron_gdp_usd": 1e12,
                        "oda_net_2022usd_mil": 20.0,
                    }
                )
    return pd.DataFrame(rows)


def write_panel(folder: Path, frame: pd.DataFrame | None = None, **options: Any) -> Path:
    """The rows as a Parquet file."""
    path = folder / "panel.parquet"
    (make_rows(**options) if frame is None else frame).to_parquet(path)
    return path

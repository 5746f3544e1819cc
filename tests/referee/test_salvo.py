"""The salvo equations against published cases (one of them misprinted) and against exact enumeration."""

from __future__ import annotations

import csv
import re

import numpy as np
import pytest

from counterpoise.channels.security.salvo.arithmetic import Side, battle, fire, fire_by_chance, loss_distribution
from counterpoise.region.draws import uniforms
from tests.support import shared_path

pytestmark = pytest.mark.shared
MEMBERS = 40_000


def cases(model: str) -> list[dict[str, str]]:
    with shared_path("facts/security/salvo_cases.csv").open(encoding="utf-8", newline="") as stream:
        return [row for row in csv.DictReader(stream) if row["model"].startswith(model)]


def side(name: str, **parameters: float) -> Side:
    arrays = {key: np.array([[float(value)]]) for key, value in parameters.items()}
    return Side(name, ("ships",), **arrays)


def published(row: dict[str, str]) -> tuple[Side, Side]:
    """Both fleets: scouting and readiness scale the salvo."""
    value = {key: float(row[key]) for key in row if row[key] and re.fullmatch(r"-?\d+(\.\d+)?", row[key])}
    a = side(
        "A",
        number=value["A"],
        salvo=value["alpha"] * value["sigma_a"] * value["tau_a"],
        defence=value["z_def_a"],
        staying=value["stay_a"],
        hit=1,
        intercept=1,
    )
    b = side(
        "B",
        number=value["B"],
        salvo=value["beta"] * value["sigma_b"] * value["tau_b"],
        defence=value["y_def_b"],
        staying=value["stay_b"],
        hit=1,
        intercept=1,
    )
    return a, b


def test_seven_of_eight_published_cases_agree_and_the_eighth_is_the_known_misprint() -> None:
    differing = []
    rows = cases("Hughes")
    assert len(rows) == 8
    for row in rows:
        a, b = published(row)
        on_a, on_b = fire(b, a), fire(a, b)
        assert on_a.potential.item() == pytest.approx(float(row["formula_dA"]), abs=1e-12), row["case"]
        assert on_b.potential.item() == pytest.approx(float(row["formula_dB"]), abs=1e-12), row["case"]
        assert on_a.losses.item() == pytest.approx(float(row["losses_A"]), abs=1e-12), row["case"]
        assert on_b.losses.item() == pytest.approx(float(row["losses_B"]), abs=1e-12), row["case"]
        printed = [(row["published_dA"], on_a.potential), (row["published_dB"], on_b.potential)]
        if any(text and float(text) != found.item() for text, found in printed):
            differing.append(row["case"])
    assert differing == ["MCA-first-salvo2"] == [row["case"] for row in rows if row["agrees"] == "no"]


def test_who_fires_first_is_the_case_with_the_other_sides_salvo_set_to_nothing() -> None:
    row = next(row for row in cases("Hughes") if row["case"] == "MCA-base")
    a, b = published(row)
    fought = battle(a, b, first="A")[0]
    assert fought.after["A"].ships.item() == 2.0
    assert fought.after["B"].ships.item() == 1.0


@pytest.mark.parametrize("case", ["STO-1", "STO-2", "STO-3", "STO-4"])
def test_the_stochastic_form_matches_exact_enumeration_and_its_draws_match_both(case: str) -> None:
    row = next(row for row in cases("stochastic") if row["case"] == case)
    # Four groups: the setting, what is lost, the same without the cap, and the ends.
    setting, capped, net, ends = (
        dict(re.findall(r"([\w()]+(?: \w+\)?)?)=(-?[\d.]+)", group)) for group in row["extra"].split(";")
    )
    missiles, tries, ships = int(setting["missiles"]), int(setting["intercept_tries"]), float(row["A"])
    hit, intercept = float(setting["p"]), float(setting["q"])
    staying = float(row["stay_a"])
    lost, chance = loss_distribution(missiles, hit, tries, intercept, ships, staying)
    mean = float(lost @ chance)
    variance = float(lost**2 @ chance) - mean**2
    assert mean == pytest.approx(float(row["formula_dA"]), abs=1e-9)
    assert variance == pytest.approx(float(capped["var"]), abs=1e-6)
    assert chance[lost == 0].sum() == pytest.approx(float(ends["P(no loss)"]), abs=1e-6)
    assert chance[lost == ships].sum() == pytest.approx(float(ends["P(all lost)"]), abs=1e-6)

    def wide(value: float) -> np.ndarray:
        return np.full((1, MEMBERS), float(value))

    attacker = Side("B", ("x",), wide(1), wide(missiles), wide(0), wide(1), wide(hit), wide(1))
    target = Side("A", ("y",), wide(ships), wide(0), wide(tries / ships), wide(staying), wide(1), wide(intercept))
    drawn = fire_by_chance(attacker, target, lambda name: uniforms(5, name, MEMBERS)).losses[0]
    assert drawn.mean() == pytest.approx(mean, abs=4 * np.sqrt(variance / MEMBERS))
    assert drawn.var() == pytest.approx(variance, rel=0.1)
    assert missiles * hit - tries * intercept == pytest.approx(float(net["net mean"]), abs=1e-6)

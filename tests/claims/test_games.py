"""Claims that games judge: what an open promise deters or risks, and an actor between a friend and a power."""

from __future__ import annotations

import tomllib
from typing import Any

import numpy as np
import pytest

from counterpoise._errors import InputError
from counterpoise.claims._measure import Study
from counterpoise.claims._verdict import Part
from counterpoise.claims.checks.games import left_open, promise_game, torn
from counterpoise.region import Region, open_region

FROM_TEXT = 'guarantor = "USA", protege = "ARM", issue = "tripp_terms", voice = "ARM_GOV", least = [0.005, 0.02]'
GAME: dict[str, Any] = tomllib.loads(f"game = {{ {FROM_TEXT} }}")["game"]
TORN: dict[str, Any] = {
    "actor": "TUR",
    "friend": "AZE",
    "power": "USA",
    "issue": "tripp_terms",
    "swing": [0.05, 0.15],
    "shift": [5, 10],
    "dilemma": "torn",
    "pull": "drawn",
}
OPEN = {"threshold": [0.4, 0.6], "statement": "open", "suits": {"challenger": "AZE", "statement": "suits"}}
US_PROMISE = "commitments:CM014"


def study(region: Region) -> Study:
    return Study(region, seed=0, count=400)


def told(region: Region, *names: str, challenger: str = "AZE", **changes: Any) -> Part:
    part = {"told": list(names), "challenger": challenger, "statement": "told"}
    return promise_game(study(region), **{**GAME, **changes}, parts=[part])[0]


def firmness(share: float) -> dict[str, dict[str, float]]:
    return {US_PROMISE: {"ambiguity": share, "ambiguity_low": share, "ambiguity_high": share}}


def every_part(region: Region) -> list[Part]:
    return [
        *left_open(study(region), **GAME, **OPEN),
        *torn(study(region), **TORN),
        told(region, "formal_risks_confrontation", challenger="RUS"),
        told(region, "no_substitute_for_a_guarantee"),
    ]


def test_every_part_has_sizes_a_break_even_rows_and_the_judgements_it_rests_on(caucasus: Region) -> None:
    for part in every_part(caucasus):
        assert part.probability is not None
        assert 0.0 <= part.probability <= 1.0
        assert part.numbers
        assert part.break_even is not None
        assert {"input", "values", "unit"} <= set(part.break_even)
        assert all(caucasus.row(name) is not None for name in part.evidence)
        assert any("judgement" in text for text in part.caveats)


def test_a_probability_is_the_mean_over_draws_and_over_lambda(caucasus: Region) -> None:
    part = told(caucasus, "no_substitute_for_a_guarantee")
    (shares,) = part.numbers["share by lambda"].values()
    assert list(shares) == [0.5, 1.0, 2.0, 5.0, 10.0, 20.0]
    assert part.probability == pytest.approx(np.mean(list(shares.values())))
    (sizes,) = part.numbers["difference by lambda"].values()
    assert set(sizes[5.0]) == {"p05", "p50", "p95"}


def test_words_only_are_no_motive_and_a_duty_leaves_nothing_open(caucasus: Region) -> None:
    text, suits = left_open(study(caucasus.what_if(firmness(0.0))), **GAME, **OPEN)
    assert text.probability == 0.0
    assert suits.probability is not None
    assert suits.probability < 0.2
    text, _ = left_open(study(caucasus), **GAME, **OPEN)
    assert text.probability == 1.0
    assert text.break_even is not None
    assert 0.4 < text.break_even["nearest"] < 0.6


def test_a_promise_as_firm_as_a_pledge_risks_as_much_and_needs_no_substitute(caucasus: Region) -> None:
    firm = caucasus.what_if(firmness(0.0))
    for name in ("formal_risks_confrontation", "no_substitute_for_a_guarantee"):
        before, after = told(caucasus, name).probability, told(firm, name).probability
        assert before is not None
        assert after is not None
        assert after < 0.1 < before


def test_the_break_even_is_where_the_statement_becomes_as_likely_as_not(caucasus: Region) -> None:
    part = told(caucasus, "formal_risks_confrontation", challenger="TUR")
    assert part.break_even is not None
    (flip,) = part.break_even["of each stake"]["ambiguity"]
    moved = told(caucasus.what_if(firmness(flip)), "formal_risks_confrontation", challenger="TUR")
    assert moved.probability == pytest.approx(0.5, abs=0.1)


def test_statements_that_must_hold_together_are_never_likelier_than_one_alone(caucasus: Region) -> None:
    names = ("substantial_support_deters", "pact_invites_challenge")
    both = told(caucasus, *names).probability
    assert both is not None
    for name in names:
        alone = told(caucasus, name).probability
        assert alone is not None
        assert both <= alone + 1e-12


def test_a_difference_that_weighs_nothing_does_not_count(caucasus: Region) -> None:
    strict = told(caucasus, "support_without_pact_deters").probability
    loose = told(caucasus, "support_without_pact_deters", least=[0.0, 0.0]).probability
    assert strict is not None
    assert loose is not None
    assert strict < loose - 0.2


def test_a_stronger_challenger_makes_american_support_matter_less(caucasus: Region) -> None:
    weak, strong = (
        told(caucasus.what_if({"bargaining:BG005.capability": {"low": size, "value": size, "high": size}}), name)
        for name in ["support_without_pact_deters"]
        for size in (6.0, 600.0)
    )
    assert weak.probability is not None
    assert strong.probability is not None
    assert weak.probability > strong.probability


def test_ankara_beside_washington_has_nothing_to_weigh(caucasus: Region) -> None:
    dilemma, pull = torn(study(caucasus), **TORN)
    assert dilemma.probability is not None
    assert dilemma.probability > 0.5
    assert set(pull.numbers) == {"corrected", "ktab-smp", "points that count"}
    beside = {"bargaining:BG006.position": {"low": 60, "value": 70, "high": 80}}
    dilemma, pull = torn(study(caucasus.what_if(beside)), **TORN)
    assert dilemma.probability == 0.0
    assert pull.probability is not None
    assert pull.probability < 0.3


def test_the_payoff_that_flips_the_dilemma_is_named(caucasus: Region) -> None:
    flip = torn(study(caucasus), **TORN)[0].break_even
    assert flip is not None
    assert flip["now"] < flip["nearest"] < 0.2


def test_a_variant_that_cannot_take_a_position_is_named_not_passed_over(caucasus: Region) -> None:
    beyond = caucasus.what_if({"bargaining:BG006.position": {"low": 150, "value": 300, "high": 450}})
    pull = torn(study(beyond), **TORN)[1]
    assert "TUR" in pull.numbers["ktab-smp"]["not played"]
    assert "share" in pull.numbers["corrected"]


def test_before_there_was_a_promise_the_claims_are_open() -> None:
    early = open_region("south-caucasus", as_of="2024-01-01")
    parts = [
        *left_open(study(early), **GAME, **OPEN),
        told(early, "pact_invites_challenge"),
        *torn(study(early), **TORN),
    ]
    assert [part.probability for part in parts] == [None] * 4
    assert any("USA to ARM" in text for text in parts[0].lacks)
    assert any("bargaining_position of TUR" in text for text in parts[-1].lacks)


def test_a_challenger_without_a_capability_is_missing_and_an_unknown_statement_an_error(caucasus: Region) -> None:
    assert told(caucasus, "pact_invites_challenge", challenger="NLD").lacks == ("tripp_terms: no actor NLD",)
    with pytest.raises(InputError) as caught:
        told(caucasus, "peace")
    assert caught.value.code == "E204"

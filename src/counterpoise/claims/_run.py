"""Carrying out the check that a claim names, with parameters that are data."""

from __future__ import annotations

import tomllib
from inspect import signature
from typing import Any

from counterpoise._errors import InputError, fault
from counterpoise._register import CHECKS, load
from counterpoise.claims._measure import Study
from counterpoise.claims._verdict import Part
from counterpoise.region._files import suggest
from counterpoise.region._schema import Claim

# The word for several checks that judge the parts of one claim.
TOGETHER = "all_of"


def run_check(study: Study, claim: Claim) -> list[Part]:
    """The parts of a claim as its check judges them."""
    return _carry_out(study, claim, str(claim.check), parameters_of(claim))


def parameters_of(claim: Claim) -> dict[str, Any]:
    """What a claim gives its check, from the inside of a TOML inline table; `E602` where it is none."""
    try:
        given: dict[str, Any] = tomllib.loads(f"parameters = {{ {claim.parameters or ''} }}")["parameters"]
    except tomllib.TOMLDecodeError as error:
        raise _misbound(claim, f"parameters of {claim.check}: {error}") from error
    return given


def checks_of(claim: Claim) -> list[tuple[str, dict[str, Any]]]:
    """Every check of a claim with its parameters, those that stand together taken apart."""
    if claim.check is None:
        return []
    given = parameters_of(claim)
    if claim.check != TOGETHER:
        return [(claim.check, given)]
    return [(str(part["check"]), part) for part in given["parts"]]


def _carry_out(study: Study, claim: Claim, name: str, parameters: dict[str, Any]) -> list[Part]:
    """The parts of one check; `all_of` holds several, each with the `check` and the parameters it takes."""
    if name == TOGETHER and set(parameters) == {"parts"} and all("check" in part for part in parameters["parts"]):
        found: list[Part] = []
        for part in parameters["parts"]:
            own = {key: value for key, value in part.items() if key != "check"}
            found += _carry_out(study, claim, str(part["check"]), own)
        return found
    if name not in CHECKS:
        raise _misbound(claim, f"check = {name!r}", suggest(name, [*CHECKS, TOGETHER]))
    check = load(CHECKS[name])
    try:
        signature(check).bind(study, **parameters)
    except TypeError as error:
        raise _misbound(claim, f"parameters of {name}: {error}") from error
    return check(study, **parameters)


def _misbound(claim: Claim, found: str, fix: str | None = None) -> InputError:
    rule = "a claim names a check that exists and gives it the parameters it takes"
    return InputError(
        [fault("E602", where=f"claims.csv: {claim.id}", found=found, rule=rule, fix=fix or "see docs/claims.md")]
    )

"""Checks on promises: which commitments stand, of which form, and how far they were honoured when tested."""

from __future__ import annotations

from typing import Any

import numpy as np

from counterpoise.claims._measure import Study, chance, credibility_flip, flip_points, spread
from counterpoise.claims._verdict import Part
from counterpoise.region._schema import Commitment, CommitmentTest
from counterpoise.region.draws import triangular


def commitments(study: Study, *, parts: list[dict[str, Any]]) -> list[Part]:
    """Does a commitment of a form stand on a day, or does none? Each part has the parameters of `_standing`."""
    return [_standing(study, **part) for part in parts]


def _standing(
    study: Study, *, guarantors: list[str], protege: str, forms: list[str], on: str, statement: str, none: bool = False
) -> Part:
    rows: list[Commitment] = [
        row
        for row in study.region.rows("commitments")
        if set(guarantors) & set(row.guarantor) and protege in row.protege
    ]
    if not rows:
        return Part(statement, None, lacks=(f"commitments of {', '.join(guarantors)} to {protege}",))
    standing = [
        row for row in rows if row.form in forms and (row.from_ or "") <= on and (row.to is None or row.to >= on)
    ]
    exists = study.happened(standing) if standing else 0.0
    # Where none of the form is on record, the doubt is that one was missed: the ledger is as good as its best row.
    missed = 1 - study.happened([min(rows, key=lambda row: row.credibility)])
    probability = (1 - exists if standing else 1 - missed) if none else exists
    return Part(
        statement,
        probability,
        {"on record": len(rows), f"of form {', '.join(forms)}": len(standing), "on": on},
        credibility_flip(study, standing or rows),
        tuple(row.id for row in (standing or rows)),
    )


def honoured(study: Study, *, parts: list[dict[str, Any]]) -> list[Part]:
    """How far were promises honoured between two days? Each part has the parameters of `_tested`."""
    return [_tested(study, **part) for part in parts]


def _tested(
    study: Study,
    *,
    guarantors: list[str],
    protege: str,
    since: str,
    until: str,
    threshold: list[float],
    statement: str,
    below: bool = False,
    weighted: bool = False,
) -> Part:
    """The mean share honoured over the tests, each drawn in its range; `weighted` by how far the treaty covered it."""
    tests: list[CommitmentTest] = [
        row
        for row in study.region.rows("commitment_tests")
        if set(guarantors) & set(row.guarantor)
        and protege in row.protege
        and since <= row.date <= until
        and row.separate == "yes"
        and row.honoured is not None
    ]
    if not tests:
        return Part(statement, None, lacks=(f"tests of {', '.join(guarantors)} towards {protege}",))
    draws = np.array([_share(study, row) for row in tests])
    weights = np.array([row.weight if weighted and row.weight is not None else 1.0 for row in tests])
    mean = weights @ draws / weights.sum()
    bar = study.between(f"honoured:{statement}", *threshold)

    def holds(values: np.ndarray) -> np.ndarray:
        return values < bar if below else values >= bar

    return Part(
        statement,
        chance(holds(mean)),
        {"share honoured": spread(mean), "threshold": {"low": threshold[0], "high": threshold[1], "below": below}},
        flip_points(mean, holds, name="share honoured", unit="share"),
        tuple(row.id for row in tests),
        caveats=("shares honoured are judgements of one coder about public acts",),
    )


def _share(study: Study, row: CommitmentTest) -> np.ndarray:
    value = row.honoured or 0.0
    low = value if row.honoured_low is None else row.honoured_low
    high = value if row.honoured_high is None else row.honoured_high
    return triangular(study.uniforms(row.id), low, value, high)

"""Compiled releases out of releases, records and versioned releases.

Merging follows the Open Contracting Data Standard 1.1 (key `ocds11`): releases of one process in order of their dates,
objects field by field, lists of objects by `id`, other lists as a whole, `null` removes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

# Lists that the standard replaces as a whole (`wholeListMerge`).
WHOLE = frozenset({"tag", "roles", "additionalProcurementCategories", "submissionMethod", "lots", "linkedReleases"})
# Where a merged release keeps by how much its fees rose: no key of JSON, so that no file can set it.
FEE_RISE: Any = ("fee rise",)
VERSION_KEYS = frozenset({"releaseID", "releaseDate", "releaseTag", "value"})


def is_compiled(release: dict[str, Any]) -> bool:
    """Whether a release stands for its whole process: tagged `compiled`, or with no tag at all."""
    tag = release.get("tag")
    return not tag or "compiled" in tag


def merge(releases: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """One compiled release from the releases of a process, oldest first by `date`."""
    merged: dict[str, Any] = {}
    ordered = sorted(releases, key=lambda one: str(one.get("date") or ""))
    for release in ordered:
        _merge_object(merged, {key: value for key, value in release.items() if key not in {"tag", "id"}})
    merged["tag"] = ["compiled"]
    fees = [fee for release in ordered if (fee := _fees(release))]
    if fees and max(fees) > fees[0]:
        merged[FEE_RISE] = max(fees) / fees[0]
    return merged


def _fees(release: dict[str, Any]) -> float:
    """What the participation fees of a release add up to; what is no number counts as nothing."""
    tender = release.get("tender")
    listed = tender.get("participationFees") if isinstance(tender, dict) else None
    values = [fee.get("value") for fee in listed if isinstance(fee, dict)] if isinstance(listed, list) else []
    amounts = [value.get("amount") for value in values if isinstance(value, dict)]
    return float(sum(one for one in amounts if isinstance(one, (int, float)) and 0 < one < 1e15))


def _merge_object(target: dict[str, Any], change: dict[str, Any]) -> None:
    for key, value in change.items():
        old = target.get(key)
        if value is None:
            target.pop(key, None)
        elif isinstance(value, dict) and isinstance(old, dict):
            _merge_object(old, value)
        elif isinstance(value, dict):
            target[key] = {}
            _merge_object(target[key], value)
        elif isinstance(value, list) and key not in WHOLE and _has_ids(value):
            target[key] = _merge_list(old if isinstance(old, list) else [], value)
        else:
            target[key] = value


def _has_ids(items: list[Any]) -> bool:
    return bool(items) and all(isinstance(item, dict) and "id" in item for item in items)


def _merge_list(old: list[Any], new: list[dict[str, Any]]) -> list[Any]:
    merged = list(old)
    place = {str(item["id"]): item for item in merged if isinstance(item, dict) and "id" in item}
    for item in new:
        known = place.get(str(item["id"]))
        if known is None:
            known = place[str(item["id"])] = {}
            merged.append(known)
        _merge_object(known, item)
    return merged


def is_versioned(release: dict[str, Any]) -> bool:
    """Whether a release keeps the history of its fields instead of their values."""
    return any(_is_history(value) for value in release.values()) or any(
        _is_history(value)
        for part in ("tender", "planning", "buyer")
        if isinstance(release.get(part), dict)
        for value in release[part].values()
    )


def _is_history(value: Any) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(item, dict) and "releaseDate" in item and VERSION_KEYS.issuperset(item) for item in value)
    )


def latest(value: Any) -> Any:
    """A versioned release with each history replaced by its latest value; a field removed last is absent."""
    if _is_history(value):
        return max(value, key=lambda item: str(item["releaseDate"])).get("value")
    if isinstance(value, list):
        return [latest(item) for item in value]
    if isinstance(value, dict):
        kept = {key: latest(item) for key, item in value.items()}
        return {key: item for key, item in kept.items() if item is not None}
    return value


def from_record(record: dict[str, Any]) -> dict[str, Any] | None:
    """The compiled release of a record: given, or its latest version, or merged; `None` if all is linked away."""
    for key, read in (("compiledRelease", lambda part: part), ("versionedRelease", latest)):
        part = record.get(key)
        if isinstance(part, dict) and part:
            return {"ocid": record.get("ocid"), **read(part)}
    releases = record.get("releases")
    embedded = (
        [one for one in releases if isinstance(one, dict) and "ocid" in one] if isinstance(releases, list) else []
    )
    return merge(embedded) if embedded else None

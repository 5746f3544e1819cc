"""Small OCDS processes and IATI activities to audit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from counterpoise.oversight.audit import audit
from counterpoise.oversight.findings import AuditResult


def bid(status: str, tenderer: str, amount: float | None = None, **more: Any) -> dict[str, Any]:
    """A bid in dollars."""
    value = {} if amount is None else {"value": {"amount": amount, "currency": "USD"}}
    return {"status": status, "tenderers": [{"id": tenderer}], **value, **more}


def award(*suppliers: str, status: str = "active", **more: Any) -> dict[str, Any]:
    return {"id": "a", "status": status, "suppliers": [{"id": name} for name in suppliers], **more}


def usd(amount: float) -> dict[str, Any]:
    return {"amount": amount, "currency": "USD"}


def process(ocid: str = "p", *, bids: list[Any] | None = None, **parts: Any) -> dict[str, Any]:
    """A compiled release."""
    return {"ocid": ocid, **({"bids": {"details": bids}} if bids is not None else {}), **parts}


def write_lines(path: Path, processes: list[Any]) -> Path:
    path.write_text("".join(json.dumps(one) + "\n" for one in processes), encoding="utf-8")
    return path


def judge(folder: Path, processes: list[Any], flags: str | None, settings: str = "", **more: Any) -> AuditResult:
    """Audit processes as JSON Lines, with settings in Cardinal's INI."""
    told = folder / "settings.ini"
    told.write_text(settings, encoding="utf-8")
    path = write_lines(folder / "processes.jsonl", processes)
    return audit(path, flags=flags, settings=told if settings else None, **more)


def found(result: AuditResult) -> dict[str, Any]:
    """The results in Cardinal's shape."""
    groups: dict[str, Any] = result.to_dict()["indicators"]
    return groups


def values(result: AuditResult, code: str) -> dict[str, float]:
    """Id -> value of one flag."""
    return {flag["id"]: flag["value"] for flag in result.flags() if flag["code"] == code}


OPEN: dict[str, Any] = {"procurementMethod": "open"}
DIRECT: dict[str, Any] = {"procurementMethod": "direct"}


def tender(**parts: Any) -> dict[str, Any]:
    return {**OPEN, **parts}


def paper(kind: str) -> list[dict[str, str]]:
    return [{"id": kind, "documentType": kind}]

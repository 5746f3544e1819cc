"""The risk index and the network: definitions, unknown is not zero, calibration, planted rings against honest files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoise._errors import InputError
from counterpoise.oversight.audit import audit
from counterpoise.oversight.procurement import network as module
from counterpoise.oversight.procurement._cobidding import Chance, Slots, meetings_of, shuffled
from counterpoise.oversight.procurement._components import NAMES, Periods
from counterpoise.oversight.procurement.index import RiskIndex, index_of, measure_index
from counterpoise.oversight.procurement.network import NetworkResult, find_network
from tests.oversight.audit_support import process, usd, write_lines
from tests.support import run_json

Parts = tuple[float | None, ...]


def contract(number: int, bidders: int = 3, days: int = 30, method: str = "open", **more: Any) -> dict[str, Any]:
    """A process with one award: advertised from 1 March, closed after `days`, decided ten days later."""
    tender: dict[str, Any] = {
        "procurementMethod": method,
        "numberOfTenderers": bidders,
        "awardCriteria": more.get("criteria", "priceOnly"),
        "tenderPeriod": {
            "startDate": "2021-03-01T00:00:00Z",
            "endDate": f"2021-{3 + days // 31:02d}-{days % 31 + 1:02d}",
        },
        "documents": [{"documentType": "tenderNotice"}] if more.get("notice", True) else [],
    }
    award = {
        "id": "a",
        "status": "active",
        "date": "2021-05-20T00:00:00Z",
        "suppliers": [{"id": more.get("supplier", f"S{number % 7}")}],
        "value": usd(more.get("amount", 100.0)),
    }
    return process(f"p{number}", buyer={"id": more.get("buyer", "B")}, tender=tender, awards=[award])


def measured(folder: Path, contracts: list[dict[str, Any]]) -> RiskIndex:
    return measure_index(write_lines(folder / "c.jsonl", contracts))


def test_the_components_of_a_contract_follow_their_definitions(tmp_path: Path) -> None:
    worst = contract(1, bidders=1, days=5, method="selective", criteria="qualityOnly", notice=False)
    direct = contract(2, method="direct", criteria="somethingElse")
    found = {row["id"]: row for row in measured(tmp_path, [worst, direct]).contracts()}
    assert [found["p1"][name] for name in NAMES] == [1.0, 1.0, 0.5, 1.0, 0.0, 1.0, None]
    assert [found["p2"][name] for name in NAMES] == [None, 0.0, 1.0, 0.0, 0.0, None, None]
    assert found["p1"]["index"] == pytest.approx(4.5 / 6)


@given(st.lists(st.one_of(st.none(), st.floats(0, 1)), min_size=7, max_size=7).map(tuple))
def test_the_index_lies_between_its_bounds_and_unknown_is_not_zero(parts: Parts) -> None:
    index = index_of(parts)
    if index is None:
        assert sum(value is not None for value in parts) < 3
        return
    middle, low, high = index
    assert 0 <= low <= middle + 1e-12
    assert middle - 1e-12 <= high <= 1 + 1e-12
    more = index_of(tuple(value if value is not None else middle for value in parts))
    assert more is not None
    assert more[0] == pytest.approx(middle)


def test_no_call_is_unknown_where_the_file_publishes_no_calls_at_all(tmp_path: Path) -> None:
    result = measured(tmp_path, [contract(k, notice=False) for k in range(3)])
    assert all(row["no_call"] is None for row in result.contracts())


def test_cut_offs_are_calibrated_on_single_bids(tmp_path: Path) -> None:
    """Single bids are common below ten days only: those classes carry risk, the others none."""
    rng = np.random.default_rng(5)
    contracts = []
    for k in range(1200):
        days = int(rng.integers(2, 60))
        contracts.append(contract(k, 1 if rng.random() < (0.6 if days < 10 else 0.1) else 4, days))
    classes = measured(tmp_path, contracts).body()["calibration"]["advertisement"]
    assert all(one["risk"] == (1.0 if one["high"] < 12 else 0.0) for one in classes)
    assert sum(one["contracts"] for one in classes) == 1200


def test_without_a_relation_few_classes_are_called_risky_and_few_contracts_calibrate_nothing() -> None:
    risky = total = 0
    for seed in range(40):
        rng, periods = np.random.default_rng(seed), Periods()
        for days in rng.integers(1, 60, 600):
            periods.note(int(days), bool(rng.random() < 0.3))
        classes = periods.classes()
        assert classes is not None
        risky += sum(one["risk"] for one in classes)
        total += len(classes)
    assert risky / total < 0.06
    few = Periods()
    few.note(3, True)
    assert few.classes() is None


def test_dependence_is_the_share_of_what_the_buyer_awarded_in_the_year(tmp_path: Path) -> None:
    contracts = [contract(k, supplier="X", amount=50) for k in range(9)] + [contract(9, supplier="Y", amount=550)]
    rows = {row["id"]: row for row in measured(tmp_path, contracts).contracts()}
    assert rows["p0"]["dependence"] == pytest.approx(0.45)
    assert all(row["dependence"] is None for row in measured(tmp_path, contracts[:9]).contracts())


def test_a_buyer_of_risky_contracts_stands_first_with_its_error(tmp_path: Path) -> None:
    honest = [contract(k, buyer=f"B{k % 5}") for k in range(100)]
    risky = [contract(200 + k, 1, 5, "selective", buyer="BAD", notice=False) for k in range(20)]
    body = measured(tmp_path, honest + risky).body()
    assert body["buyers"][0]["id"] == "BAD"
    assert body["buyers"][0]["standard_errors_above"] > 3
    assert body["years"][0]["year"] == 2021
    assert body["contracts"] == 120


def bids(number: int, *names: str, winner: str | None = None, parties: Any = ()) -> dict[str, Any]:
    details = [{"id": str(k), "status": "valid", "tenderers": [{"id": name}]} for k, name in enumerate(names)]
    award = {"id": "a", "status": "active", "suppliers": [{"id": winner or names[0]}]}
    return process(f"n{number}", bids=details, awards=[award], parties=list(parties), buyer={"id": "B"})


def market(count: int = 300, firms: int = 40, seed: int = 2) -> list[dict[str, Any]]:
    rng = np.random.default_rng(seed)
    return [bids(k, *(f"F{one}" for one in rng.choice(firms, 3, replace=False))) for k in range(count)]


def network(folder: Path, processes: list[dict[str, Any]]) -> NetworkResult:
    return find_network(write_lines(folder / "n.jsonl", processes))


def kinds(result: NetworkResult) -> dict[str, set[str]]:
    return {one.kind: set(one.members) for one in reversed(result.findings)}


def test_an_honest_market_gives_hardly_a_finding(tmp_path: Path) -> None:
    assert sum(len(network(tmp_path, market(seed=seed)).findings) for seed in range(5)) <= 8


def test_a_ring_that_always_loses_to_one_stands_first(tmp_path: Path) -> None:
    ring = [bids(1000 + k, "RING1", "RING2", f"F{k}", winner="RING1") for k in range(12)]
    result = network(tmp_path, market() + ring)
    first = result.findings[0]
    assert (first.kind, set(first.members)) == ("same recurrent winner", {"RING1", "RING2"})
    assert first.innocent is not None
    assert first.innocent < 0.1
    assert first.expected is not None
    assert first.expected < 1 < first.processes


def test_winners_that_take_turns_are_a_rotation(tmp_path: Path) -> None:
    ring = [bids(1000 + k, "R1", "R2", f"F{k}", winner=f"R{k % 2 + 1}") for k in range(12)]
    assert kinds(network(tmp_path, market() + ring))["bid rotation"] == {"R1", "R2"}


def test_bids_that_always_come_in_one_order_are_told(tmp_path: Path) -> None:
    ring = [bids(1000 + k, "R1", "R2", f"F{k}", winner=f"F{k}") for k in range(12)]
    for k, one in enumerate(ring):
        for place, entry in enumerate(one["bids"]["details"]):
            entry["date"] = f"2021-01-{k + 1:02d}T10:0{place}:00Z"
    assert kinds(network(tmp_path, market() + ring))["bids in the same order"] == {"R1", "R2"}


def test_shared_contacts_and_owners_tie_rivals_buyers_and_clusters(tmp_path: Path) -> None:
    def party(name: str, **more: Any) -> dict[str, Any]:
        return {"id": name, "name": f"Firm {name}", **more}

    phone = {"contactPoint": {"telephone": "+374 10 555 555"}}
    owner = {"beneficialOwners": [{"id": "boss", "name": "A. Boss"}]}
    parties = [
        party("X", **phone, **owner),
        party("Y", **owner),
        party("Z", **phone),
        party("B", contactPoint={"email": "a@b"}),
    ]
    parties.append(party("W", contactPoint={"email": "A@b "}))
    tied = [bids(1, "X", "Y", parties=parties), bids(2, "X", "Z", parties=parties), bids(3, "W", "Q", parties=parties)]
    found = kinds(network(tmp_path, market(60) + tied))
    assert found["tied firms"] == {"X", "Y", "Z"}
    assert found["rivals share a contact"] in ({"X", "Y"}, {"X", "Z"})
    assert found["buyer and supplier share a contact"] == {"B", "W"}


def test_entities_are_followthemoney_with_links_between_them(tmp_path: Path) -> None:
    from followthemoney import model

    owner = [{"id": "boss", "name": "A. Boss"}]
    parties = [{"id": name, "name": f"=Firm {name}", "beneficialOwners": owner} for name in ("X", "Y")]
    result = network(tmp_path, [bids(k, "X", "Y", parties=parties) for k in range(4)])
    written = result.export(tmp_path / "out")
    entities = [model.get_proxy(json.loads(line)) for line in written[0].read_text(encoding="utf-8").splitlines()]
    schemata = [entity.schema.name for entity in entities]
    assert schemata.count("Company") == 2
    assert schemata.count("Ownership") == 2
    assert "UnknownLink" in schemata
    ids = {entity.id for entity in entities}
    assert all(end in ids for entity in entities for end in entity.get("asset", quiet=True))
    assert ",'=Firm X; =Firm Y," in written[1].read_text(encoding="utf-8")


def test_a_large_file_is_thinned_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_PAIRS", 300)
    result = network(tmp_path, market(300))
    assert result.counts["taken_one_in"] == 3
    assert 150 < result.counts["bids"] < 450
    assert "one process in 3" in result.notes[0]


def test_crowded_processes_are_left_out_of_pairs_and_counted(tmp_path: Path) -> None:
    crowd = bids(999, *(f"C{k}" for k in range(31)))
    assert network(tmp_path, [*market(5), crowd]).counts["too_many_bidders"] == 1


def slots(rng: np.random.Generator, processes: int, firms: int, size: int) -> Slots:
    bidder = np.concatenate([rng.choice(firms, size, replace=False) for _ in range(processes)])
    return Slots(np.repeat(np.arange(processes), size), bidder, np.repeat(np.arange(processes) % 2, size))


def test_the_expected_meetings_are_those_of_shuffled_bidders() -> None:
    rng = np.random.default_rng(0)
    one = slots(rng, 400, 8, 2)
    pairs = Chance(one, 8).pairs(*meetings_of(one, 8))
    total = np.zeros(64)
    for _ in range(100):
        keys, counts = meetings_of(shuffled(one, rng), 8)
        total[keys] += counts
    mean = total[pairs.first * 8 + pairs.other] / 100
    assert np.allclose(mean, pairs.expected, rtol=0.08)


def test_shuffling_keeps_how_often_each_bids_in_each_market() -> None:
    rng = np.random.default_rng(1)
    one = slots(rng, 100, 10, 3)
    other = shuffled(one, rng)
    for kind in (0, 1):
        assert np.array_equal(
            np.bincount(one.bidder[one.market == kind]), np.bincount(other.bidder[other.market == kind])
        )


def test_the_command_gives_index_and_network_beside_the_flags(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_lines(tmp_path / "c.jsonl", [contract(k) for k in range(12)])
    folder = tmp_path / "net"
    code, document = run_json(capsys, "audit", str(path), "--index", "--network", str(folder))
    assert code == 0
    assert document["risk_index"]["contracts"] == 12
    assert document["network"]["findings"] == []
    assert (folder / "entities.ftm.json").exists()
    aid = tmp_path / "a.xml"
    aid.write_text("<iati-activities><iati-activity/></iati-activities>", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        audit(aid, index=True)
    assert caught.value.code == "E204"

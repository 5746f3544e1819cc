"""The ledger: nothing enters a region unaccepted, an acceptance is whole or nothing, and nothing is lost on a kill."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counterpoise._errors import CounterpoiseError
from counterpoise.cli import main
from counterpoise.evidence.ledger import _accept, accept_proposal, add_proposals, propose_rows, reject_proposal
from counterpoise.evidence.ledger import list_proposals as listed
from counterpoise.evidence.ledger._store import LEDGER_FILE, append, read_ledger
from counterpoise.region.template import write_template
from counterpoise.region.views import check_region

TEXT = (
    "Lakeland takes 70 percent of its gas from Northland, the yearbook says.\n\n"
    "On February 9, 2026 Vice President JD Vance visited Armenia and pledged $9 billion for a reactor.\n"
)
CELLS = {"quantity": "gas_import_share", "subject": "LKE", "object": "NRT", "as_of": "2025"}


@pytest.fixture
def region(tmp_path: Path) -> Path:
    return write_template(tmp_path / "region")


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "article.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.fixture
def proposals(region: Path, article: Path) -> list[dict[str, Any]]:
    found = propose_rows(article, region=str(region), published="2026-02-19")
    return add_proposals(found, str(region)).proposals


def table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def one(proposals: list[dict[str, Any]], table: str) -> str:
    return str(next(item["id"] for item in proposals if item["table"] == table))


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.suffix in {".csv", ".json"}}


def code_of(call: Any) -> str:
    with pytest.raises(CounterpoiseError) as caught:
        call()
    return str(caught.value.code)


def test_to_propose_changes_no_table_and_twice_adds_nothing(region: Path, article: Path) -> None:
    before = content(region)
    found = propose_rows(article, region=str(region), published="2026-02-19")
    assert add_proposals(found, str(region)).stored == len(found.proposals) > 3
    again = propose_rows(article, region=str(region), published="2026-02-19")
    assert add_proposals(again, str(region)).stored == 0
    assert content(region) == before
    assert not check_region(region).faults


def test_a_proposal_has_its_place_in_the_document_and_no_words_of_it(proposals: list[dict[str, Any]]) -> None:
    for item in proposals:
        assert 0 <= item["start"] < item["end"] <= len(TEXT)
        assert len(item["document"]["sha256"]) == 64
        for value in item["row"].values():
            assert not isinstance(value, str) or len(value.split()) < 8
    fact = next(item for item in proposals if item["table"] == "facts")
    assert TEXT[fact["start"] : fact["end"]] == "70 percent"
    assert fact["needs"] == ["quantity", "subject"]


def test_an_accepted_fact_stands_in_the_table_with_who_when_and_where(
    region: Path, proposals: list[dict[str, Any]]
) -> None:
    before = content(region)
    made = accept_proposal(one(proposals, "facts"), region=str(region), by="A. Analyst", changes=CELLS).decision
    assert not check_region(region).faults
    row = next(row for row in table(region, "facts") if row["id"] == made["rows"][0])
    assert (row["quantity"], row["value"], row["unit"], row["known"]) == ("gas_import_share", "70", "%", "2026-02-19")
    assert "A. Analyst" in row["note"]
    assert made["sha256"][:12] in row["note"]
    source = next(item for item in table(region, "sources") if item["id"] == row["source"])
    assert (source["published"], source["reliability"]) == ("2026-02-19", "F")
    after = content(region)
    assert after["facts.csv"].startswith(before["facts.csv"])
    assert {name for name in after if after[name] != before[name]} == {"facts.csv", "sources.csv"}


def test_to_accept_twice_is_to_accept_once(region: Path, proposals: list[dict[str, Any]]) -> None:
    name = one(proposals, "facts")
    first = accept_proposal(name, region=str(region), by="A", changes=CELLS)
    after = content(region)
    second = accept_proposal(name, region=str(region), by="B", changes={"value": "1"})
    assert (second.repeated, second.decision) == (True, first.decision)
    assert content(region) == after


def test_a_table_that_was_not_there_is_made_and_described(region: Path, proposals: list[dict[str, Any]]) -> None:
    name = one(proposals, "events")
    changes = {"actor": "NRT", "target": "LKE", "summary": "Northland's deputy leader calls on Lakeland"}
    accept_proposal(name, region=str(region), by="A", changes=changes)
    assert (region / "events.csv").exists()
    assert not check_region(region).faults


def test_a_row_that_would_fault_the_region_is_refused_as_e807_and_changes_nothing(
    region: Path, proposals: list[dict[str, Any]]
) -> None:
    before = content(region)
    name = one(proposals, "facts")
    bad = {**CELLS, "subject": "NOBODY"}
    assert code_of(lambda: accept_proposal(name, region=str(region), by="A", changes=bad)) == "E807"
    assert content(region) == before
    assert listed(str(region)).counts == {"open": len(proposals)}
    assert not list(region.parent.glob(".evidence-*"))


def test_a_region_with_faults_takes_no_row_e806(region: Path, proposals: list[dict[str, Any]]) -> None:
    (region / "facts.csv").write_text((region / "facts.csv").read_text().replace(",LKE,", ",GONE,", 1))
    before = content(region)
    name = one(proposals, "facts")
    assert code_of(lambda: accept_proposal(name, region=str(region), by="A", changes=CELLS)) == "E806"
    assert content(region) == before


def test_the_built_in_region_is_refused_as_e805_with_the_way_to_copy_it(article: Path) -> None:
    found = propose_rows(article, published="2026-02-19")
    with pytest.raises(CounterpoiseError) as caught:
        add_proposals(found, "south-caucasus")
    assert caught.value.code == "E805"
    assert "cp -r" in caught.value.faults[0].fix


def test_a_proposal_says_at_once_which_party_the_region_does_not_name_and_how_to_mend_it(
    region: Path, proposals: list[dict[str, Any]]
) -> None:
    event = next(item for item in proposals if item["table"] == "events")
    assert {"actor", "target"} <= set(event["needs"])
    assert [item["column"] for item in event["lacks"]] == ["actor", "target"]
    assert all("--set" in item["fix"] and "actors.csv" in item["why"] for item in event["lacks"])
    shown = listed(str(region)).table()
    assert any("not an id of this region's actors.csv" in row["to mend"] for row in shown)
    with pytest.raises(CounterpoiseError) as caught:
        accept_proposal(event["id"], region=str(region), by="A")
    assert caught.value.code == "E809"
    assert all("--set" in item.fix for item in caught.value.faults)


def test_a_party_that_the_region_has_learned_since_is_no_longer_lacking(
    region: Path, proposals: list[dict[str, Any]]
) -> None:
    event = next(item for item in proposals if item["table"] == "events")
    actors = region / "actors.csv"
    columns = actors.read_text(encoding="utf-8").splitlines()[0].split(",")
    cells = {"id": event["row"]["actor"], "name": "A state", "kind": "state"}
    with actors.open("a", encoding="utf-8") as stream:
        stream.write(",".join(cells.get(column, "") for column in columns) + "\n")
    now = next(item for item in listed(str(region)).proposals if item["id"] == event["id"])
    assert [item["column"] for item in now["lacks"]] == ["target"]


def test_a_figure_near_several_items_of_the_region_leaves_the_item_to_a_person(region: Path, tmp_path: Path) -> None:
    path = tmp_path / "aid.txt"
    path.write_text("The European Union pledged 150 million euros in aid to Armenia.\n", encoding="utf-8")
    found = propose_rows(path, published="2026-02-19")
    fact = next(item for item in found.proposals if item["table"] == "facts")
    assert (fact["row"]["quantity"], fact["row"]["item"]) == ("assistance_pledged_eur", None)
    assert fact["needs"] == ["item"]
    assert len(fact["against"]) > 1
    assert next(row["to mend"] for row in found.table() if row["id"] == fact["id"]) == "--set item=..."
    row = {**fact["row"], "quantity": "gas_import_share", "subject": "LKE", "object": "NRT", "unit": "%", "value": 7}
    append(region / LEDGER_FILE, [{**fact, "row": row}])
    accept = {"region": str(region), "by": "A"}
    assert code_of(lambda: accept_proposal(fact["id"], **accept, changes={"as_of": "2025"})) == "E809"
    accept_proposal(fact["id"], **accept, changes={"as_of": "2025", "item": ""})
    assert table(region, "facts")[-1]["item"] == ""


def test_what_was_set_stands_in_the_list_of_the_accepted_and_nothing_is_needed_any_more(
    region: Path, proposals: list[dict[str, Any]]
) -> None:
    accept_proposal(one(proposals, "facts"), region=str(region), by="A", changes={**CELLS, "value": "71"})
    shown = listed(str(region), status="accepted").proposals[0]
    assert {name: shown["row"][name] for name in CELLS} == CELLS
    assert (shown["row"]["value"], shown["row"]["low"], shown["needs"], shown["lacks"]) == (71, None, [], [])
    event = next(item for item in proposals if item["table"] == "events" and item["row"]["summary"])
    parties = {"actor": "NRT", "target": "LKE"}
    made = accept_proposal(event["id"], region=str(region), by="A", changes=parties).decision
    row = next(item for item in table(region, "events") if item["id"] == made["rows"][0])
    assert row["summary"].startswith("NRT ")
    assert row["summary"].endswith(event["row"]["summary"].partition(" ")[2].replace(event["row"]["target"], "LKE"))
    shown = next(item for item in listed(str(region), status="accepted").proposals if item["id"] == event["id"])
    assert {**parties, "summary": row["summary"]}.items() <= shown["row"].items()
    assert shown["needs"] == []
    still = {item["id"]: item["needs"] for item in listed(str(region)).proposals}
    assert "statement" in still[one(proposals, "claims")]


def test_a_summary_in_other_words_than_the_readers_is_kept(region: Path, proposals: list[dict[str, Any]]) -> None:
    event = next(item for item in proposals if item["table"] == "events" and item["row"]["summary"])
    changes = {"actor": "NRT", "target": "LKE", "summary": "The deputy leader of Northland came"}
    accept_proposal(event["id"], region=str(region), by="A", changes=changes)
    assert table(region, "events")[-1]["summary"] == changes["summary"]
    other = {**event, "id": "ab12", "row": {**event["row"], "summary": "A visit took place"}}
    append(region / LEDGER_FILE, [other])
    accept_proposal("ab12", region=str(region), by="A", changes={"actor": "NRT", "target": "LKE"})
    assert table(region, "events")[-1]["summary"] == "A visit took place"


def test_an_id_may_be_cut_to_a_beginning_that_no_other_shares(region: Path, proposals: list[dict[str, Any]]) -> None:
    name = one(proposals, "facts")
    others = [item["id"] for item in proposals if item["id"] != name]
    short = next(name[:size] for size in range(1, 13) if not any(item.startswith(name[:size]) for item in others))
    made = accept_proposal(short, region=str(region), by="A", changes=CELLS)
    assert made.decision["id"] == name
    assert accept_proposal(short, region=str(region), by="B").repeated
    assert listed(str(region), status="accepted").proposals[0]["id"] == name


def test_a_beginning_that_several_ids_share_is_refused_with_all_of_them(region: Path) -> None:
    record = {"record": "proposal", "table": "facts", "row": {}, "needs": [], "start": 0, "end": 1, "against": []}
    append(region / LEDGER_FILE, [{**record, "id": "ab12"}, {**record, "id": "ab34"}])
    for call in (accept_proposal, reject_proposal):
        with pytest.raises(CounterpoiseError) as caught:
            call("ab", region=str(region), by="A")
        assert caught.value.code == "E808"
        assert "ab12, ab34" in caught.value.faults[0].found
        assert code_of(lambda call=call: call("", region=str(region), by="A")) == "E808"


def test_a_fault_found_on_the_copy_is_told_of_the_region_itself(region: Path, proposals: list[dict[str, Any]]) -> None:
    with pytest.raises(CounterpoiseError) as caught:
        accept_proposal(one(proposals, "facts"), region=str(region), by="A", changes={**CELLS, "subject": "NOBODY"})
    assert caught.value.code == "E807"
    assert ".evidence-" not in str(caught.value)
    assert caught.value.faults[0].where == str(region)
    assert caught.value.faults[0].found == "1 fault with the row"


def test_no_such_proposal_and_decisions_against_each_other_are_e808(
    region: Path, proposals: list[dict[str, Any]]
) -> None:
    fact, event = one(proposals, "facts"), one(proposals, "events")
    assert code_of(lambda: accept_proposal("0" * 12, region=str(region), by="A")) == "E808"
    reject_proposal(event, region=str(region), by="A", why="misread")
    assert reject_proposal(event, region=str(region), by="B").repeated
    assert code_of(lambda: accept_proposal(event, region=str(region), by="A")) == "E808"
    accept_proposal(fact, region=str(region), by="A", changes=CELLS)
    assert code_of(lambda: reject_proposal(fact, region=str(region), by="A")) == "E808"
    states = {item["id"]: item["status"] for item in listed(str(region), status="all").proposals}
    assert (states[fact], states[event]) == ("accepted", "rejected")


@pytest.mark.parametrize(
    ("where", "changes"),
    [
        ("facts", {}),
        ("facts", {**CELLS, "colour": "red"}),
        ("claims", {"statement": "Lakeland takes 70 percent of its gas from Northland, the yearbook says."}),
    ],
)
def test_missing_cells_unknown_columns_and_quotations_are_e809(
    region: Path, proposals: list[dict[str, Any]], where: str, changes: dict[str, str]
) -> None:
    name = one(proposals, where)
    assert code_of(lambda: accept_proposal(name, region=str(region), by="A", changes=changes)) == "E809"


def test_who_accepts_must_be_named_and_a_cell_has_an_equals_sign(region: Path, proposals: list[dict[str, Any]]) -> None:
    assert code_of(lambda: accept_proposal(one(proposals, "facts"), region=str(region), by=" ")) == "E809"
    assert code_of(lambda: _accept.cells_given(["quantity"])) == "E809"


def test_a_file_that_is_no_ledger_is_e804(region: Path) -> None:
    (region / LEDGER_FILE).write_text('{"record": "proposal", "id": "a"}\nnonsense\n{}\n')
    assert code_of(lambda: listed(str(region))) == "E804"
    assert code_of(lambda: listed(str(region), status="some")) == "E204"


@given(
    names=st.lists(st.text("abcdef", min_size=1, max_size=4), min_size=1, max_size=8),
    cut=st.integers(min_value=0, max_value=400),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_ledger_cut_anywhere_keeps_every_whole_record_and_takes_new_ones(
    tmp_path: Path, names: list[str], cut: int
) -> None:
    path = tmp_path / LEDGER_FILE
    path.unlink(missing_ok=True)
    append(path, [{"record": "proposal", "id": name} for name in names])
    whole = path.read_bytes()[:cut]
    path.write_bytes(whole)
    kept = {json.loads(line)["id"] for line in whole.split(b"\n")[:-1]}
    assert set(read_ledger(path).proposals) == kept
    append(path, [{"record": "proposal", "id": "new"}])
    assert set(read_ledger(path).proposals) == kept | {"new"}


@pytest.mark.parametrize("stop_after", [0, 1, 2, 3])
def test_a_stop_between_any_two_steps_leaves_no_row_or_the_whole_row(
    region: Path, proposals: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch, stop_after: int
) -> None:
    name, steps = one(proposals, "facts"), iter(range(9))
    put, add = _accept._replace, _accept.append

    def stop(call: Any) -> Any:
        def step(*given: Any) -> None:
            if next(steps) == stop_after:
                raise KeyboardInterrupt
            call(*given)

        return step

    monkeypatch.setattr(_accept, "_replace", stop(put))
    monkeypatch.setattr(_accept, "append", stop(add))
    with pytest.raises(KeyboardInterrupt):
        accept_proposal(name, region=str(region), by="A", changes=CELLS)
    monkeypatch.undo()
    assert not check_region(region).faults
    made = accept_proposal(name, region=str(region), by="A", changes=CELLS).decision
    rows = [row["id"] for row in table(region, "facts")]
    assert rows.count(made["rows"][0]) == 1
    assert listed(str(region)).counts["accepted"] == 1
    assert not check_region(region).faults


@pytest.mark.slow
def test_a_process_killed_while_accepting_loses_nothing(region: Path, proposals: list[dict[str, Any]]) -> None:
    name = one(proposals, "facts")
    given_ = [f"--set={column}={value}" for column, value in CELLS.items()]
    command = [sys.executable, "-m", "counterpoise", "evidence", "accept", name, "--region", str(region), "--by", "A"]
    for wait in (0.3, 0.6, 0.9):
        process = subprocess.Popen([*command, *given_], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(wait)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        assert not check_region(region).faults
        assert {item["id"] for item in listed(str(region), status="all").proposals} == {
            item["id"] for item in proposals
        }
    accept_proposal(name, region=str(region), by="A", changes=CELLS)
    rows = [row["id"] for row in table(region, "facts")]
    assert rows.count(f"facts:P{name}") == 1


def test_the_commands_do_the_same(region: Path, article: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = ["--region", str(region)]
    assert main(["evidence", "propose", str(article), *place, "--published", "2026-02-19", "--json"]) == 0
    proposed = json.loads(capsys.readouterr().out)
    name = one(proposed["proposals"], "facts")
    cells = [part for column, value in CELLS.items() for part in ("--set", f"{column}={value}")]
    assert main(["evidence", "accept", name, *place, "--by", "A", *cells, "--credibility", "2", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["rows"] == [f"facts:P{name}"]
    other = one(proposed["proposals"], "claims")
    assert main(["evidence", "reject", other, *place, "--by", "A", "--json"]) == 0
    capsys.readouterr()
    assert main(["evidence", "list", str(region), "--status", "all", "--json"]) == 0
    body = json.loads(capsys.readouterr().out)
    assert body["counts"]["accepted"] == body["counts"]["rejected"] == 1
    fact = next(item for item in body["proposals"] if item["id"] == name)
    assert fact["excerpt"] == "70 percent"
    assert main(["evidence", "list", str(region)]) == 0
    assert "70 percent" not in capsys.readouterr().out
    out = region.parent / "made.json"
    assert main(["evidence", "propose", str(article), "--region", "south-caucasus", "--out", str(out)]) == 0
    assert json.loads(out.read_text())["stored"] == 0
    assert main(["evidence", "propose", str(article), "--region", "south-caucasus", "--out", str(region)]) == 2

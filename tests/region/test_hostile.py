"""A region from a stranger: every fault in one list, memory bounded, nothing evaluated, nothing read from elsewhere."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counterpoise._errors import CounterpoiseError, RegionError
from counterpoise.region import open_region
from counterpoise.region._check import MOST_FAULTS, _loops
from counterpoise.region._schema import TABLES, columns
from counterpoise.region.template import write_template
from counterpoise.region.views import check_region

FACT = "facts:{id},gdp,LKE,,,{value},,,USD bn,2023,{supersedes},2024-06-30,no,example_yearbook,2,reported,\n"


def append(folder: Path, table: str, *lines: str) -> None:
    with (folder / f"{table}.csv").open("a", encoding="utf-8") as stream:
        stream.writelines(lines)


def write(name: str, content: bytes) -> Callable[[Path], None]:
    """A breakage: one file of the folder holds these bytes."""

    def change(folder: Path) -> None:
        (folder / name).write_bytes(content)

    return change


def edit(name: str, old: str, new: str) -> Callable[[Path], None]:
    """A breakage: a text of a file is another one."""

    def change(folder: Path) -> None:
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new), encoding="utf-8")

    return change


def package(change: Callable[[dict[str, object]], object]) -> Callable[[Path], None]:
    """A breakage: the descriptor says something else."""

    def apply(folder: Path) -> None:
        path = folder / "datapackage.json"
        document = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(json.dumps(change(document)), encoding="utf-8")

    return apply


def resource(**values: object) -> Callable[[Path], None]:
    return package(lambda document: {**document, "resources": [{**document["resources"][0], **values}]})  # type: ignore[index]


def link(name: str) -> Callable[[Path], None]:
    """A breakage: a file of the folder is a link to one outside of it, which holds a secret."""

    def apply(folder: Path) -> None:
        secret = folder.parent / "secret.txt"
        secret.write_text("secret-column,root:x:0:0\nsecret-cell,1\n", encoding="utf-8")
        (folder / name).unlink(missing_ok=True)
        (folder / name).symlink_to(secret)

    return apply


def scenario(name: str, target: str | None) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        (folder / "scenarios").mkdir()
        if target:
            (folder / "scenarios" / name).symlink_to(target)
        else:
            (folder / "scenarios" / name).write_text("x", encoding="utf-8")

    return apply


def circle_of_facts(folder: Path) -> None:
    append(folder, "facts", FACT.format(id="a", value=1, supersedes="facts:b"))
    append(folder, "facts", FACT.format(id="b", value=1, supersedes="facts:a"))


# The corpus: what is wrong, how the folder is broken, the code that must be among its faults.
CORPUS: dict[str, tuple[Callable[[Path], None], str]] = {
    "a word for a number": (edit("facts.csv", ",20,", ",twenty,"), "E105"),
    "a formula for a number": (edit("facts.csv", ",20,", ",=1+1,"), "E105"),
    "infinity": (edit("facts.csv", ",20,", ",inf,"), "E105"),
    "not a number": (edit("facts.csv", ",20,", ",nan,"), "E105"),
    "a number past all bounds": (edit("facts.csv", ",20,", f",{'9' * 5000},"), "E105"),
    "a day that never was": (edit("facts.csv", "2024-06-30", "2024-02-30"), "E105"),
    "the thirteenth month": (edit("facts.csv", ",2023,", ",2023-13,"), "E105"),
    "the year nought": (edit("facts.csv", ",2023,", ",0000,"), "E105"),
    "an id with a path": (edit("facts.csv", "facts:gdp_lke", "../../etc/passwd"), "E105"),
    "an id with markup": (edit("facts.csv", "facts:gdp_lke", "<script>"), "E105"),
    "a grade off the scale": (edit("facts.csv", "example_yearbook,2", "example_yearbook,7"), "E105"),
    "a command for the terminal": (edit("actors.csv", "Northland", "North\x1b[2Jland"), "E105"),
    "writing turned round": (edit("actors.csv", "Northland", "North\u202eland"), "E105"),
    "an id twice": (lambda folder: append(folder, "actors", "LKE,Again,,state,,,\n"), "E106"),
    "a bloc in itself": (edit("actors.csv", "state,47.0,12.0,", "state,47.0,12.0,LKE"), "E114"),
    "blocs in each other": (
        lambda folder: append(folder, "actors", "A,A,,bloc,,,B\n", "B,B,,bloc,,,C\n", "C,C,,bloc,,,A\n"),
        "E114",
    ),
    "facts that correct each other": (circle_of_facts, "E114"),
    "a column nobody knows": (edit("facts.csv", "quantity", "__class__"), "E202"),
    "a key nobody knows": (edit("region.toml", "viewpoint", "__init__"), "E113"),
    "a client twice": (edit("region.toml", '["LKE"]', '["LKE", "LKE"]'), "E113"),
    "a title that commands the terminal": (edit("region.toml", '"Lakeland"', '"\\u001b[2J"'), "E113"),
    "settings of another type": (edit("region.toml", "2023", '"2023-x"'), "E113"),
    "settings without end": (write("region.toml", b"a = " + b"[" * 100_000), "E113"),
    "UTF-16": (write("facts.csv", "id,quantity\n".encode("utf-16")), "E201"),
    "Latin 1": (write("actors.csv", "id,name\nX,Türkiye\n".encode("latin-1")), "E201"),
    "a NUL": (write("actors.csv", b"id\x00,name\n"), "E201"),
    "an open quote": (write("actors.csv", b'id,"name\n' + b"x" * 200_000), "E203"),
    "a cell without end": (write("actors.csv", b"id,name\nA," + b"x" * 100_000 + b"\n"), "E203"),
    "an empty file": (write("actors.csv", b""), "E202"),
    "a folder for a file": (lambda folder: (folder / "events.csv").mkdir(), "E201"),
    "a pipe for a file": (lambda folder: os.mkfifo(folder / "events.csv"), "E201"),
    "a file nobody knows": (write("evil.py", b"raise SystemExit('run')"), "E103"),
    "a file with a command in its name": (write("\x1b[2J.csv", b""), "E103"),
    "a table that is a link": (link("events.csv"), "E115"),
    "a needed table that is a link": (link("facts.csv"), "E115"),
    "settings that are a link": (link("region.toml"), "E115"),
    "a descriptor that is a link": (link("datapackage.json"), "E115"),
    "laws that are a link": (link("elections.toml"), "E115"),
    "a scenario that is a link": (scenario("a.toml", "/etc/hostname"), "E115"),
    "a scenario that is code": (scenario("a.py", None), "E103"),
    "a resource out of the folder": (resource(path="../../../etc/passwd"), "E112"),
    "a resource on the network": (resource(path="http://example.com/x.csv"), "E112"),
    "a resource without a name of its own": (resource(name=5), "E112"),
    "a resource named by a list": (resource(name=["facts"]), "E112"),
    "resources that are a text": (package(lambda document: {"resources": "facts.csv"}), "E112"),
    "a descriptor that is a list": (package(lambda document: [document]), "E112"),
    "a descriptor without end": (write("datapackage.json", b"[" * 1_000_000), "E112"),
    "a number of a million digits": (write("datapackage.json", b'{"resources": ' + b"9" * 1_000_000 + b"}"), "E112"),
    "laws of another shape": (write("elections.toml", b"law = 5\n"), "E105"),
}


@pytest.mark.parametrize("name", CORPUS)
def test_a_broken_folder_gives_one_error_with_every_fault_and_reads_nothing_else(name: str, lakeland: Path) -> None:
    breaks, code = CORPUS[name]
    breaks(lakeland)
    faults = check_region(lakeland).faults
    assert code in {item.code for item in faults}
    with pytest.raises(RegionError) as caught:
        open_region(lakeland)
    assert list(caught.value.faults) == faults
    said = json.dumps([item.to_dict() for item in faults], ensure_ascii=False)
    assert all(item.rule and item.fix and item.found and item.where for item in faults)
    assert "secret-" not in said
    assert "root:x:0:0" not in said
    assert said.isprintable()


def test_several_breakages_are_all_told_in_one_error(lakeland: Path) -> None:
    wanted = set()
    for name in ("a formula for a number", "an id twice", "facts that correct each other", "a client twice"):
        breaks, code = CORPUS[name]
        breaks(lakeland)
        wanted.add(code)
    write("evil.py", b"")(lakeland)
    resource(path="../x.csv")(lakeland)
    with pytest.raises(RegionError) as caught:
        open_region(lakeland)
    assert wanted | {"E103", "E112"} <= {item.code for item in caught.value.faults}


def test_a_chain_of_a_hundred_thousand_memberships_is_followed_without_recursion() -> None:
    chain = {str(n): (str(n + 1),) for n in range(100_000)}
    assert list(_loops(chain)) == []
    assert [len(loop) for loop in _loops({**chain, "100000": ("0",)})] == [100_001]


def test_a_folder_of_nothing_but_faults_lists_a_thousand_and_says_that_there_are_more(lakeland: Path) -> None:
    append(lakeland, "facts", *(FACT.format(id=f"x{n}", value=1, supersedes=f"facts:gone{n}") for n in range(3_000)))
    faults = check_region(lakeland).faults
    assert len(faults) == MOST_FAULTS + 1
    assert "more faults" in faults[-1].found


# Run apart, so that the peak is of this folder alone; prints the codes and the peak in MB.
MEASURE = """
import resource, sys
from counterpoise.region.views import check_region
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
codes = {item.code for item in check_region(sys.argv[1]).faults}
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print((peak - before) // 1024, *sorted(codes))
"""


def sparse(folder: Path) -> None:
    with (folder / "facts.csv").open("wb") as stream:
        stream.truncate(1 << 40)


def blank_rows(folder: Path) -> None:
    header = ",".join(columns(TABLES["capacity_groups"]))
    row = "," * header.count(",") + "\n"
    (folder / "capacity_groups.csv").write_text(header + "\n" + row * 1_100_000, encoding="utf-8")


def wrong_rows(folder: Path) -> None:
    append(folder, "facts", *["x" + "," * 16 + "\n"] * 200_000)


@pytest.mark.parametrize(("breaks", "code"), [(sparse, "E201"), (blank_rows, "E201"), (wrong_rows, "E105")])
def test_a_huge_file_is_refused_in_bounded_memory(breaks: Callable[[Path], None], code: str, lakeland: Path) -> None:
    breaks(lakeland)
    command = [sys.executable, "-c", MEASURE, str(lakeland)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    peak, *codes = done.stdout.split()
    assert code in codes
    assert int(peak) < 500


FILES = ["actors.csv", "claims.csv", "facts.csv", "sources.csv", "trade.csv", "region.toml", "datapackage.json"]
CELLS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["", "nan", "1e999", "-0", "=1+1", "<b>", "{{7*7}}", "${x}", "a;b", "NRT;NRT", "2024-02-30", "LKE"]
    ),
)


@given(name=st.sampled_from(FILES), junk=st.binary(max_size=200), place=st.floats(0, 1), cut=st.integers(0, 40))
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_in_any_file_give_a_region_or_an_error_never_a_crash(
    tmp_path_factory: pytest.TempPathFactory, name: str, junk: bytes, place: float, cut: int
) -> None:
    folder = write_template(tmp_path_factory.mktemp("region") / "x")
    whole = (folder / name).read_bytes()
    at = int(place * len(whole))
    (folder / name).write_bytes(whole[:at] + junk + whole[at + cut :])
    check_or_open(folder)


@given(table=st.sampled_from(sorted(TABLES)), data=st.data())
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_cells_in_any_table_give_a_region_or_an_error_never_a_crash(
    tmp_path_factory: pytest.TempPathFactory, table: str, data: st.DataObject
) -> None:
    folder = write_template(tmp_path_factory.mktemp("region") / "x")
    names = columns(TABLES[table])
    rows = data.draw(st.lists(st.lists(CELLS, min_size=len(names), max_size=len(names)), max_size=3))
    lines = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in [names, *rows]]
    (folder / f"{table}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8", errors="surrogatepass")
    check_or_open(folder)


def check_or_open(folder: Path) -> None:
    """Either no fault and a region that opens, or faults and the error that lists the same ones."""
    faults = check_region(folder).faults
    if not faults:
        open_region(folder)
        return
    with pytest.raises(CounterpoiseError) as caught:
        open_region(folder)
    assert list(caught.value.faults) == faults
